//! Fitting a case, letters over what is late, the catalogue's editor: on pages alone, refused, and
//! given nonsense.

use gangmu_app::approvals::{ActInput, CaseInput};
use gangmu_app::domain::approvals::Act;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;
use jiff::civil::date;

use super::{between, followed, shows};
use crate::server::{BANNER, LEAGUE, REGION, Server};

async fn with_case(server: &Server) -> ProjectId {
    let project = server.project("测试热电联产项目").await;
    let system = server.app.system().await.expect("the system");
    let made = server
        .app
        .case_create(&system, project, CaseInput::default());
    made.await.expect("a case");
    project
}

#[tokio::test]
async fn a_case_is_looked_at_before_it_is_fitted_and_only_by_who_keeps_it() {
    let server = Server::new().await;
    let project = with_case(&server).await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let fit = format!("/projects/{project}/approvals/fit");
    let case = clerk.get(&format!("/projects/{project}/approvals")).await;
    shows(&case, 200, &["Fit the case", "One set of papers"]);
    shows(
        &clerk.get(&fit).await,
        200,
        &["mark-A20", "Show what changes"],
    );
    let looked = clerk
        .form(
            &fit,
            "version=1&do=preview&mark-A20=not_needed&route=filing",
        )
        .await;
    shows(
        &looked,
        200,
        &[
            "Marked by hand",
            "working days",
            "name=\"do\" value=\"adopt\"",
        ],
    );
    let adopt = "version=1&do=adopt&mark-A20=not_needed&route=filing";
    let mute = clerk.form(&fit, adopt).await;
    assert_eq!(mute.status, 422, "{}", mute.text);
    let done = clerk
        .form(&fit, &format!("{adopt}&reason=One+review"))
        .await;
    shows(
        &followed(&clerk, done).await,
        200,
        &["The case has been fitted", "One review"],
    );
    let stale = clerk.form(&fit, &format!("{adopt}&reason=Again")).await;
    shows(&stale, 409, &["Somebody else has just fitted this case"]);
    let twice = "version=2&do=preview&add=A06";
    assert_eq!(clerk.form(&fit, twice).await.status, 422);
    let officer = server.person(Role::Approver, BANNER).await;
    assert_eq!(officer.get(&fit).await.status, 403);
    assert_eq!(officer.form(&fit, adopt).await.status, 403);
    let elsewhere = server.person(Role::Clerk, "150200").await;
    assert_eq!(elsewhere.get(&fit).await.status, 404);
}

#[tokio::test]
async fn a_letter_is_written_with_one_button_and_taken_as_a_document() {
    let server = Server::new().await;
    let project = with_case(&server).await;
    let system = server.app.system().await.expect("the system");
    let receive = Act::Receive {
        after_cut_off: false,
    };
    let input = ActInput::new(None, receive);
    let acted = server.app.item_act(&system, project, "A01", &input).await;
    acted.expect("an act");
    // A filing is decided on the day it comes; five working days later it is for the leader.
    server.clock.set(date(2025, 1, 13));
    let supervisor = server.person(Role::Supervisor, LEAGUE).await;
    let page = supervisor.get("/approvals/letters").await;
    shows(&page, 200, &["Put under supervision", "No letter yet"]);
    let department = between(&page.text, "name=\"department\" value=\"", "\"").to_owned();
    let letter = |rest: &str| format!("unit={BANNER}&department={department}&{rest}");
    for wrong in [
        "kind=supervise&reply_by=soon",
        "kind=supervise&reply_by=2025-01-13",
        "kind=urge&reply_by=2025-01-20",
        "kind=&reply_by=2025-01-20",
    ] {
        let refused = supervisor.form("/approvals/letters", &letter(wrong)).await;
        assert_eq!(refused.status, 422, "{wrong}: {}", refused.text);
    }
    let clerk = server.person(Role::Clerk, BANNER).await;
    let written = letter("kind=supervise&reply_by=2025-01-20");
    let done = supervisor.form("/approvals/letters", &written).await;
    let page = followed(&supervisor, done).await;
    shows(&page, 200, &["通辽联审督〔2025〕1号", "has been numbered"]);
    let twice = supervisor.form("/approvals/letters", &written).await;
    assert_eq!(twice.status, 422, "{}", twice.text);
    let address = format!("/approvals/letters/{LEAGUE}/2025/1");
    let file = supervisor.get(&address).await;
    assert_eq!(file.status, 200);
    assert!(file.header("content-type").contains("wordprocessingml"));
    assert!(file.header("content-disposition").starts_with("attachment"));
    assert_eq!(clerk.get(&address).await.status, 200, "who received it");
    shows(&clerk.get("/notices").await, 200, &["came in over 1 late"]);
    let elsewhere = server.person(Role::Clerk, "150200").await;
    assert_eq!(elsewhere.get(&address).await.status, 404);
    let missing = format!("/approvals/letters/{LEAGUE}/2025/9");
    assert_eq!(supervisor.get(&missing).await.status, 404);
    let leader = server.person(Role::Leader, LEAGUE).await;
    assert_eq!(
        leader.form("/approvals/letters", &written).await.status,
        403
    );
}

#[tokio::test]
async fn the_catalogue_is_tried_out_then_saved_and_a_circle_is_named() {
    let server = Server::new().await;
    let project = with_case(&server).await;
    let keeper = server.person(Role::SystemAdministrator, REGION).await;
    shows(
        &keeper.get("/policies").await,
        200,
        &["Edit the catalogue of matters"],
    );
    let page = keeper.get("/approvals/catalogue").await;
    shows(&page, 200, &["Text of the catalogue", "A26"]);
    let shipped = include_str!("../../../../../data/policies/approvals.toml");
    let encode = |text: &str| super::walk::posted(&[("text", text), ("do", "preview")]);
    let same = keeper.form("/approvals/catalogue", &encode(shipped)).await;
    shows(&same, 200, &["The same as the current catalogue"]);
    let circle = shipped.replace(
        "name = \"建设项目用地预审与选址意见书\"",
        "name = \"建设项目用地预审与选址意见书\"\nafter = [\"A18\"]",
    );
    let refused = keeper.form("/approvals/catalogue", &encode(&circle)).await;
    shows(&refused, 422, &["A02 → A18 → A05 → A02"]);
    let shorter = shipped.replace("default_limit = 20", "default_limit = 10");
    // Browsers end the lines of a form as the network does.
    let shorter = shorter.replace('\n', "\r\n");
    let tried = keeper.form("/approvals/catalogue", &encode(&shorter)).await;
    shows(
        &tried,
        200,
        &[
            "The rules of service change",
            "1 open case keeps",
            "Save as a version",
        ],
    );
    let save = super::walk::posted(&[
        ("text", &shorter),
        ("do", "save"),
        ("valid_from", "2025-01-06"),
    ]);
    let saved = keeper.form("/approvals/catalogue", &save).await;
    shows(&followed(&keeper, saved).await, 200, &["2025"]);
    let clerk = server.person(Role::Clerk, BANNER).await;
    let case = clerk.get(&format!("/projects/{project}/approvals")).await;
    shows(&case, 200, &["the catalogue has changed since"]);
    assert_eq!(clerk.get("/approvals/catalogue").await.status, 403);
    let forced = clerk.form("/approvals/catalogue", &save).await;
    assert_eq!(forced.status, 403);
}

/// The values of the fields of a page's form, as a browser would send them back.
fn typed(page: &str) -> Vec<(String, String)> {
    let page = between(page, "id=\"matter\"", "name=\"do\"");
    let plain = |text: &str| {
        let escaped = [
            ("&quot;", "\""),
            ("&#x27;", "'"),
            ("&#x2f;", "/"),
            ("&lt;", "<"),
            ("&gt;", ">"),
            ("&amp;", "&"),
        ];
        let plainly = |text: String, (from, to): (&str, &str)| text.replace(from, to);
        escaped.into_iter().fold(text.to_owned(), plainly)
    };
    let mut fields = Vec::new();
    for tag in page.split('<').skip(1) {
        let value = |name: &str| {
            let found = tag.split_once(&format!(" {name}=\""))?.1;
            Some(plain(found.split_once('"')?.0))
        };
        if tag.starts_with("input") && (!tag.contains("checkbox") || tag.contains(" checked")) {
            let name = value("name").expect("a name");
            fields.push((name, value("value").unwrap_or_default()));
        } else if tag.starts_with("textarea") {
            let text = tag.split_once('>').expect("its text").1;
            fields.push((value("name").expect("a name"), plain(text)));
        } else if tag.starts_with("select") {
            fields.push((value("name").expect("a name"), String::new()));
        } else if tag.starts_with("option") && tag.contains(" selected") {
            fields.last_mut().expect("a choice").1 = value("value").expect("a value");
        }
    }
    fields
}

#[tokio::test]
async fn a_matter_is_edited_in_a_form_and_what_cannot_be_is_said_in_words() {
    let server = Server::new().await;
    let keeper = server.person(Role::SystemAdministrator, REGION).await;
    let shipped = include_str!("../../../../../data/policies/approvals.toml");
    let post = async |more: &[(String, String)], matter: &str, what: &str| {
        let mut fields = vec![("text", shipped), ("matter", matter), ("do", what)];
        fields.extend(
            more.iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        );
        let form = super::walk::posted(&fields);
        keeper.form("/approvals/catalogue", &form).await
    };
    let open = post(&[], "A02", "open").await;
    shows(
        &open,
        200,
        &["Matter A02", "企业投资项目核准", "Put into the text"],
    );
    let fields = typed(&open.text);
    // Sent back as it came, it changes nothing.
    let same = post(&fields, "A02", "apply").await;
    shows(&same, 200, &["The same as the current catalogue"]);
    let with = |name: &str, value: &str| {
        let mut fields = fields.clone();
        fields.retain(|(one, _)| one != name || name == "after");
        fields.push((name.to_owned(), value.to_owned()));
        fields
    };
    let shorter = post(&with("statutory_days", "12"), "A02", "apply").await;
    shows(
        &shorter,
        200,
        &[
            "statutory = { working = 12 }",
            "Save as a version",
            "limits",
        ],
    );
    let circle = post(&with("after", "A18"), "A02", "apply").await;
    shows(&circle, 422, &["A02 → A18 → A02", "Matter A02"]);
    let nobody = post(&with("department", "moon"), "A02", "apply").await;
    shows(&nobody, 422, &["moon"]);
    let longer = post(
        &with(
            "promised",
            "[{ unit = \"150500\", working = 30, source = \"x\" }]",
        ),
        "A02",
        "apply",
    )
    .await;
    shows(&longer, 422, &["longer than the law"]);
    let word = post(&with("statutory_days", "twenty"), "A02", "apply").await;
    shows(&word, 422, &["“twenty” cannot stand here"]);
    let none = post(&[], "A99", "open").await;
    shows(&none, 422, &["A99 cannot be edited in the form"]);
}
