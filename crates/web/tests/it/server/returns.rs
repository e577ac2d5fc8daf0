//! A month over the API: typing, handing in, reviewing at each level, closing, correcting.

use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;
use serde_json::{Value, json};

use super::{BANNER, LEAGUE, REGION, Server};

fn draft(version: i64, wan: i64) -> Value {
    json!({
        "version": version, "month_investment": wan * 10_000, "funds": {"bank_loans": wan * 10_000},
        "site_status": "working", "image_progress": format!("完成 {wan} 万元的基础工程"),
        "problems": "", "correction_reason": "", "explanations": {},
    })
}

async fn world() -> (Server, ProjectId) {
    let server = Server::new().await;
    let id = server.project("兴固纳米微晶").await;
    server.january(&[id]).await;
    (server, id)
}

#[tokio::test]
async fn the_grid_has_what_the_sheet_needs() {
    let (server, id) = world().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let grid = clerk
        .get("/api/v1/periods/2025-01/returns?unit=150502")
        .await
        .ok();
    assert_eq!(
        grid,
        json!({
            "period": "2025-01", "due_on": grid["due_on"], "closed": false,
            "time_progress": {"num": 1, "den": 12},
            "rows": [{
                "project_id": id.0, "name": "兴固纳米微晶", "code": null, "unit_name": "Horqin District", "unit_name_en": "Horqin District",
                "version": 0, "status": "due", "awaiting": null, "category": "continuing",
                "annual_plan": 120_000_000, "plan_to_date": 10_000_000,
                "total_investment": 1_000_000_000, "before_year": 0, "ytd_before": 0,
                "month_investment": null, "funds": {}, "site_status": "", "started_on": null,
                "finished_on": null, "image_progress": "", "previous_image_progress": "",
                "problems": "", "correction_reason": "", "explanations": {},
                "findings": [],
                "sent_back_reason": null, "editable": true,
            }],
        })
    );
}

#[tokio::test]
async fn a_return_goes_from_draft_through_every_level_and_its_month_is_closed() {
    let (server, id) = world().await;
    let path = format!("/api/v1/projects/{id}/returns/2025-01");
    let banner = server.person(Role::Clerk, BANNER).await;
    let row = banner.put(&path, draft(0, 800)).await.ok();
    assert_eq!(
        (&row["status"], &row["version"]),
        (&json!("draft"), &json!(1))
    );
    let row = banner
        .post(&format!("{path}/submit"), json!({"version": 1}))
        .await
        .ok();
    assert_eq!(row["status"], "submitted");

    let league = server.person(Role::Clerk, LEAGUE).await;
    let region = server.person(Role::Clerk, REGION).await;
    let mut version = row["version"].as_i64().expect("a version");
    let reviews = "/api/v1/periods/2025-01/reviews";
    for reviewer in [&league, &region] {
        let waiting = reviewer.get(reviews).await.ok();
        if waiting["projects"] == 0 {
            continue;
        }
        let passed = json!({"returns": [{"project_id": id.0, "version": version}]});
        reviewer.post(reviews, passed).await.done();
        version = region.get(&path).await.ok()["version"]
            .as_i64()
            .expect("a version");
    }
    assert_eq!(region.get(&path).await.ok()["status"], "accepted");
    region
        .post("/api/v1/periods/2025-01/close", json!({}))
        .await
        .done();
    let rollup = region
        .get("/api/v1/rollup?period=2025-01&edition=published")
        .await
        .ok();
    assert_eq!(rollup["total"]["measures"]["year_to_date"], 8_000_000);

    banner
        .put(&path, draft(version, 900))
        .await
        .refused(422, "dispatch.period_closed");
    let mut figures = draft(version, 900);
    let correct = format!("{path}/correct");
    region
        .post(&correct, figures.clone())
        .await
        .refused(422, "invalid");
    figures["correction_reason"] = json!("发票补录");
    let view = region.post(&correct, figures).await.ok();
    assert_eq!(
        (&view["published"], &view["current"]),
        (&json!(8_000_000), &json!(9_000_000))
    );
    let events = region.get(&format!("{path}/events")).await.ok();
    let last = events
        .as_array()
        .and_then(|all| all.last())
        .expect("events");
    assert_eq!(
        (&last["kind"], &last["at"]),
        (&json!("corrected"), &json!("2025-01-06T04:00:00Z"))
    );
}

#[tokio::test]
async fn a_second_editor_is_told_how_the_row_is_now_and_nothing_is_overwritten() {
    let (server, id) = world().await;
    let path = format!("/api/v1/projects/{id}/returns/2025-01");
    let clerk = server.person(Role::Clerk, BANNER).await;
    clerk.put(&path, draft(0, 800)).await.ok();
    let answer = clerk.put(&path, draft(0, 500)).await;
    answer.refused(409, "changed");
    let current = &answer.body()["current"];
    assert_eq!(
        (&current["version"], &current["month_investment"]),
        (&json!(1), &json!(8_000_000))
    );
    assert_eq!(clerk.get(&path).await.ok()["month_investment"], 8_000_000);
    for act in ["submit", "send-back"] {
        let mut body = json!({"version": 7});
        if act == "send-back" {
            body["reason"] = json!("数字有误");
        }
        let answer = clerk.post(&format!("{path}/{act}"), body).await;
        answer.refused(409, "changed");
        assert_eq!(answer.body()["current"]["version"], 1, "{act}");
    }
}

#[tokio::test]
async fn checks_stop_a_submission_and_say_what_to_do() {
    let (server, id) = world().await;
    let path = format!("/api/v1/projects/{id}/returns/2025-01");
    let clerk = server.person(Role::Clerk, BANNER).await;
    let mut body = draft(0, 200_000);
    body["image_progress"] = json!("");
    clerk.put(&path, body).await.ok();
    let answer = clerk
        .post(&format!("{path}/submit"), json!({"version": 1}))
        .await;
    answer.refused(422, "invalid");
    let findings = answer.body()["findings"].clone();
    let codes: Vec<&str> = findings
        .as_array()
        .expect("findings")
        .iter()
        .filter_map(|one| one["code"].as_str())
        .collect();
    assert!(codes.contains(&"cumulative_above_total"), "{findings}");
    assert_eq!(
        findings[0]["message"],
        "200000 invested since the start is more than the total investment of 100000 (CNY 10,000)"
    );
}

#[tokio::test]
async fn typed_figures_are_checked_all_at_once() {
    let (server, id) = world().await;
    let path = format!("/api/v1/projects/{id}/returns/2025-01");
    let clerk = server.person(Role::Clerk, BANNER).await;
    let body = json!({
        "version": 0, "funds": {"lottery": 1}, "site_status": "asleep", "started_on": "soon",
        "problems": "长".repeat(4001),
    });
    let answer = clerk.put(&path, body).await;
    answer.refused(422, "invalid");
    let messages = answer.body()["messages"].clone();
    let fields: Vec<&str> = messages
        .as_array()
        .expect("messages")
        .iter()
        .filter_map(|one| one["field"].as_str())
        .collect();
    assert_eq!(fields, ["funds", "site_status", "started_on", "problems"]);
}

#[tokio::test]
async fn a_batch_is_filed_whole_or_not_at_all() {
    let server = Server::new().await;
    let (one, two) = (server.project("一期").await, server.project("二期").await);
    server.january(&[one, two]).await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let path = "/api/v1/periods/2025-01/returns";
    let batch = |filing: &str, second: i64| {
        json!({"filing": filing, "returns": [
            {"project_id": one.0, "figures": draft(0, 100)},
            {"project_id": two.0, "figures": draft(second, 100)},
        ]})
    };
    clerk
        .post(path, batch("submit", 5))
        .await
        .refused(409, "changed");
    clerk
        .post(path, batch("someday", 0))
        .await
        .refused(422, "invalid");
    let rows = clerk.get(path).await.ok();
    assert_eq!(rows["rows"][0]["status"], "due");
    clerk.post(path, batch("submit", 0)).await.done();
    let rows = clerk.get(path).await.ok();
    assert_eq!(
        (&rows["rows"][0]["status"], &rows["rows"][1]["status"]),
        (&json!("submitted"), &json!("submitted"))
    );
}

#[tokio::test]
async fn dates_that_are_not_named_stay() {
    let (server, id) = world().await;
    let path = format!("/api/v1/projects/{id}/returns/2025-01");
    let clerk = server.person(Role::Clerk, BANNER).await;
    let mut body = draft(0, 10);
    body["started_on"] = json!("2025-01-05");
    clerk.put(&path, body).await.ok();
    let row = clerk.put(&path, draft(1, 20)).await.ok();
    assert_eq!(row["started_on"], "2025-01-05");
    let mut body = draft(2, 20);
    body["started_on"] = json!(null);
    assert_eq!(clerk.put(&path, body).await.ok()["started_on"], json!(null));
}

#[tokio::test]
async fn who_is_late_is_listed_and_chased() {
    let (server, id) = world().await;
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    let late = clerk.get("/api/v1/periods/2025-01/late").await.ok();
    assert_eq!(late[0]["project_id"], id.0);
    let chased = clerk
        .post("/api/v1/periods/2025-01/chase", json!({}))
        .await
        .ok();
    assert!(chased["notices"].as_i64() > Some(0), "{chased}");
    let progress = clerk.get("/api/v1/periods/2025-01/progress").await.ok();
    assert_eq!(
        (&progress[0]["projects"], &progress[0]["reported"]),
        (&json!(1), &json!(0))
    );
    let periods = clerk.get("/api/v1/periods").await.ok();
    assert_eq!(
        (&periods[0]["period"], &periods[0]["state"]),
        (&json!("2025-01"), &json!("open"))
    );
    clerk
        .post("/api/v1/periods", json!({"period": "2025-02"}))
        .await
        .refused(403, "refused");
    let region = server.person(Role::Clerk, REGION).await;
    let opened = region
        .post("/api/v1/periods", json!({"period": "2025-02"}))
        .await;
    assert_eq!(
        (opened.status.as_u16(), &opened.body()["period"]),
        (201, &json!("2025-02"))
    );
    region
        .post("/api/v1/periods", json!({"period": "2025-02"}))
        .await
        .refused(422, "dispatch.period_not_next");
    region
        .post("/api/v1/periods", json!({"period": "soon"}))
        .await
        .refused(422, "invalid");
}
