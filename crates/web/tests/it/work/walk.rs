//! A project from 谋划 to the building permit, as `e2e/walks/plant.json` tells it: with matters side
//! by side, a correction, a suspension, a matter decided above, a paper deferred and a sitting. The
//! browser walks the same file; here every form is posted on a fixed day, and every clock is read
//! through the use case and compared with the hand count.

use gangmu_app::approvals::{CaseView, ClockView};
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;
use jiff::civil::date;
use serde_json::Value;

use super::{followed, shows};
use crate::server::{BANNER, Client, REGION, Server};

const WALK: &str = include_str!("../../../../../e2e/walks/plant.json");

/// Writes fields as a browser sends them.
pub fn posted(fields: &[(&str, &str)]) -> String {
    let encoded = |text: &str| -> String {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
        text.bytes().fold(String::new(), |mut out, byte| {
            match plain(byte) {
                true => out.push(char::from(byte)),
                false => out.push_str(&format!("%{byte:02X}")),
            }
            out
        })
    };
    let pair = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

fn text<'w>(value: &'w Value, key: &str) -> &'w str {
    value[key].as_str().unwrap_or_default()
}

fn pairs(value: &Value) -> Vec<(&str, &str)> {
    let fields = value.as_object().into_iter().flatten();
    fields
        .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()))
        .collect()
}

fn list<'w>(value: &'w Value, key: &str) -> &'w [Value] {
    value[key].as_array().map_or(&[], Vec::as_slice)
}

/// The clock a matter shows where it lies, as the walk writes it.
fn read(case: &CaseView, matter: &str, clock: &str) -> Value {
    let item = case.items.iter().find(|one| one.code == matter);
    let item = item.expect("a matter");
    let leg = item.legs.get(item.leg).expect("an office");
    let found: Option<&ClockView> = leg.clocks.iter().find(|one| one.clock == clock);
    let one = found.expect("a clock");
    serde_json::json!({
        "state": one.state, "limit": one.budget, "used": one.elapsed, "left": one.remaining,
        "due": one.due_on, "light": one.light,
    })
}

async fn entered(clerk: &Client<'_>, walk: &Value) -> ProjectId {
    let made = clerk
        .form("/projects/new", &posted(&pairs(&walk["project"])))
        .await;
    assert_eq!(made.status, 303, "{}", made.text);
    let number = made.header("location").rsplit('/').next();
    let id = number.and_then(|text| text.parse().ok());
    ProjectId(id.expect("a project's number"))
}

#[tokio::test]
async fn a_project_walks_from_an_idea_to_the_building_permit_by_the_hand_counted_table() {
    let walk: Value = serde_json::from_str(WALK).expect("a walk");
    let server = Server::new().await;
    server.clock.set(date(2026, 6, 1));
    let clerk = server.person(Role::Clerk, BANNER).await;
    let window = server.person(Role::Approver, BANNER).await;
    let department = Some("development_reform");
    server.user(Role::Approver, REGION, department).await;
    let region = server.log_in(&format!("approver@{REGION}")).await;
    let system = server.app.system().await.expect("the system");

    let id = entered(&clerk, &walk).await;
    for stage in list(&walk, "stages") {
        let to = posted(&[("to", stage.as_str().unwrap_or_default())]);
        let moved = clerk
            .form(&format!("/projects/{id}/act/advance"), &to)
            .await;
        assert_eq!(moved.status, 303, "{stage}: {}", moved.text);
    }
    let case = async |as_of: Option<&str>| -> CaseView {
        let day = as_of.map(|text| text.parse().expect("a day"));
        let view = server.app.case_view(&system, id, day).await;
        view.expect("a case")
    };
    let made = case(None).await;
    let items = made.items.iter();
    let needed: Vec<Value> = items
        .filter(|one| one.standing == "needed")
        .map(|one| Value::from(one.code.as_str()))
        .collect();
    assert_eq!(needed, list(&walk, "needed"));

    for step in list(&walk, "acts") {
        let who = match text(step, "who") {
            "region" => &region,
            _ => &window,
        };
        let mut fields = pairs(&step["fields"]);
        fields.push(("on", text(step, "on")));
        let (matter, act) = (text(step, "matter"), text(step, "act"));
        let post = format!("/projects/{id}/approvals/{matter}/{act}");
        let done = who.form(&post, &posted(&fields)).await;
        assert_eq!(done.status, 303, "{step}: {}", done.text);
    }

    // The sitting of today: nobody of the asked department holds a post here, so whoever holds the
    // sitting records what it says.
    let sitting = &walk["sitting"];
    let matter = text(sitting, "matter");
    let number = id.to_string();
    let call = posted(&[
        ("title", text(sitting, "title")),
        ("unit", BANNER),
        ("project", &number),
    ]);
    let called = clerk.form("/approvals/sittings/new", &call).await;
    assert_eq!(called.status, 303, "{}", called.text);
    let address = called.header("location").to_owned();
    let reference = server.app.reference().await.expect("reference data");
    for asked in list(sitting, "asked") {
        let asked = asked.as_str().unwrap_or_default();
        let department = reference.department_by_any_name(asked);
        let department = department.expect("a department").department_id.to_string();
        let opinion = posted(&[
            ("project", &number),
            ("matter", matter),
            ("department", &department),
            ("stance", "agree"),
            ("body", ""),
        ]);
        let said = clerk.form(&format!("{address}/opinions"), &opinion).await;
        assert_eq!(said.status, 303, "{asked}: {}", said.text);
    }
    let decision = format!("decision-{id}-{matter}");
    let document = format!("document-{id}-{matter}");
    let closing = posted(&[
        ("version", "1"),
        (&decision, "grant"),
        (&document, text(sitting, "document_no")),
    ]);
    let closed = clerk.form(&format!("{address}/close"), &closing).await;
    shows(&followed(&clerk, closed).await, 200, &["Closed on"]);

    for row in list(&walk, "clocks") {
        let view = case(row["as_of"].as_str()).await;
        let mut shown = read(&view, text(row, "matter"), text(row, "clock"));
        // The last day of what happens today hangs on the day.
        if row["due"].is_null() {
            shown["due"] = Value::Null;
        }
        for key in ["state", "limit", "used", "left", "due", "light"] {
            assert_eq!(shown[key], row[key], "{key} of {row}");
        }
    }
    let done = case(None).await;
    assert_eq!(
        done.done, done.total,
        "every matter before the works is through"
    );
    let unmet = server.app.gate_check(&system, id).await.expect("a gate");
    let unmet: Vec<&str> = unmet.iter().map(|one| one.code.as_str()).collect();
    assert!(
        !unmet.contains(&"case") && !unmet.contains(&"matters"),
        "{unmet:?}"
    );
}
