//! The bell and the page of notices: what is new, to whom, and that it is new only once.

use gangmu_app::domain::organisation::Role;
use serde_json::json;

use super::shows;
use crate::server::{BANNER, LEAGUE, REGION, Server};

#[tokio::test]
async fn a_chase_rings_the_bell_of_the_unit_until_it_is_read() {
    let server = Server::new().await;
    let id = server.project("奈曼旗天然碱").await;
    server.january(&[id]).await;
    let league = server.person(Role::Clerk, LEAGUE).await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let elsewhere = server.person(Role::Clerk, "150200").await;
    let quiet = banner.get("/notices").await;
    shows(&quiet, 200, &["No notices"]);
    league
        .post("/api/v1/periods/2025-01/chase", json!({}))
        .await
        .ok();
    let ringing = banner.get("/").await;
    shows(&ringing, 200, &["1<span class=\"visually-hidden\"> unread"]);
    let page = banner.get("/notices").await;
    let late = format!("/projects?on_list=1&period=2025-01&unit={BANNER}&facet=not_reported");
    let words = [
        "one return for Jan 2025 is still missing",
        "10 Feb 2025",
        "clerk@150500",
        "New</span>",
        late.as_str(),
    ];
    shows(&page, 200, &words);
    shows(&banner.get(&late).await, 200, &["奈曼旗天然碱"]);
    let again = banner.get("/notices").await;
    shows(&again, 200, &["0 unread", "still missing"]);
    assert!(!again.text.contains("New</span>"));
    // Who sent it is not told of it; who looks after all units can see who was chased.
    let sent = league.get("/notices").await;
    shows(&sent, 200, &["No notices", "0 unread"]);
    let all = league.get("/notices?all=1").await;
    shows(&all, 200, &["still missing"]);
    let other = elsewhere.get("/notices?all=1").await;
    shows(&other, 200, &["No notices"]);
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    assert_eq!(keeper.get("/notices").await.status, 403);
    assert!(!keeper.get("/organisation").await.text.contains("/notices"));
}

#[tokio::test]
async fn a_program_reads_notices_and_says_how_far_it_came() {
    let server = Server::new().await;
    let id = server.project("奈曼旗天然碱").await;
    server.january(&[id]).await;
    let league = server.person(Role::Clerk, LEAGUE).await;
    let banner = server.person(Role::Clerk, BANNER).await;
    for _ in 0..2 {
        league
            .post("/api/v1/periods/2025-01/chase", json!({}))
            .await
            .ok();
    }
    let page = banner.get("/api/v1/notices").await.ok();
    assert_eq!((&page["unread"], &page["more"]), (&json!(2), &json!(false)));
    let newest = &page["rows"][0];
    assert_eq!(newest["late"], 1);
    assert_eq!(newest["due_on"], "2025-02-10");
    assert!(newest["at"].as_str().is_some_and(|at| at.ends_with('Z')));
    let older = page["rows"][1]["notice_id"].clone();
    let seen = |id| banner.put("/api/v1/notices/seen", json!({ "notice_id": id }));
    seen(older).await.done();
    let page = banner.get("/api/v1/notices").await.ok();
    assert_eq!(page["unread"], 1);
    assert_eq!(page["rows"][1]["unread"], false);
    let all = league.get("/api/v1/notices?all_units=true").await.ok();
    assert_eq!(
        (&all["unread"], &all["rows"][0]["unread"]),
        (&json!(0), &json!(false))
    );
}

#[tokio::test]
async fn a_reopened_month_is_told_to_its_unit_with_the_reason() {
    let server = Server::new().await;
    let id = server.project("奈曼旗天然碱").await;
    server.january(&[id]).await;
    let region = server.person(Role::Clerk, REGION).await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let close = format!("/api/v1/periods/2025-01/close?unit={BANNER}");
    region.post(&close, json!({})).await.done();
    let why = json!({"unit": BANNER, "reason": "数据有误"});
    region
        .post("/api/v1/periods/2025-01/reopen", why)
        .await
        .done();
    let page = banner.get("/notices").await;
    let month = format!("/dispatch/2025-01?unit={BANNER}");
    let words = ["Jan 2025 is open again", "数据有误", month.as_str()];
    shows(&page, 200, &words);
    assert_eq!(banner.get(&month).await.status, 200);
}
