//! The bell and the page of notices: what is new, to whom, and that it is new only once.

use gangmu_app::domain::organisation::Role;
use serde_json::json;

use super::shows;
use crate::server::{BANNER, Client, LEAGUE, REGION, Server};

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
    server.user(Role::Clerk, BANNER, None).await;
    let chase = async |league: &Client<'_>| {
        let chased = league.post("/api/v1/periods/2025-01/chase", json!({}));
        chased.await.ok();
    };
    chase(&server.person(Role::Clerk, LEAGUE).await).await;
    // Twice on one day would be one notice; a day later everybody logs in again.
    server.clock.advance(24 * 3_600);
    let league = server.log_in(&format!("clerk@{LEAGUE}")).await;
    chase(&league).await;
    let banner = server.log_in(&format!("clerk@{BANNER}")).await;
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

#[tokio::test]
async fn a_person_chooses_how_to_be_told_and_the_administrator_sees_what_waits() {
    let server = Server::new().await;
    let id = server.project("奈曼旗天然碱").await;
    server.january(&[id]).await;
    let league = server.person(Role::Clerk, LEAGUE).await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let path = "/notices/preferences";
    let page = banner.get(path).await;
    shows(
        &page,
        200,
        &["Notice preferences", "No mail server", "Mail at once"],
    );
    let wrong = banner
        .form(
            path,
            "version=0&address=horqin&quiet_from=20:00&way_chase=digest",
        )
        .await;
    shows(
        &wrong,
        422,
        &[
            "is no mail address",
            "both a beginning and an end",
            "value=\"digest\" selected",
        ],
    );
    let right = "version=0&address=horqin%40example.gov.cn&way_chase=at_once";
    assert_eq!(banner.form(path, right).await.status, 303);
    shows(
        &banner.get(path).await,
        200,
        &["horqin@example.gov.cn", "are saved"],
    );
    let stale = banner.form(path, right).await;
    assert_eq!(stale.status, 409, "{}", stale.text);
    league
        .post("/api/v1/periods/2025-01/chase", json!({}))
        .await
        .ok();
    let keeper = server.person(Role::SystemAdministrator, REGION).await;
    let outbox = keeper.get("/outbox").await;
    let words = ["clerk@150502", "Waiting", "Late returns", "mail waits"];
    shows(&outbox, 200, &words);
    assert!(
        !outbox.text.contains("horqin@"),
        "the address is the person's own"
    );
    shows(
        &keeper.get("/outbox?state=sent").await,
        200,
        &["Nothing in the outbox"],
    );
    assert_eq!(banner.get("/outbox").await.status, 403);
    let page = keeper.get("/api/v1/notices/outbox").await.ok();
    assert_eq!(page["tally"]["waiting"], 1);
    let again = keeper.form("/outbox/1/again", "").await;
    assert_eq!(again.status, 404, "nothing went wrong with it");
}

#[tokio::test]
async fn a_program_reads_and_saves_preferences() {
    let server = Server::new().await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let read = banner.get("/api/v1/notices/preferences").await.ok();
    assert_eq!(read["ways"]["approval"], "at_once");
    let body = json!({"version": 0, "address": "horqin@example.gov.cn", "digest_time": "9:00"});
    banner
        .put("/api/v1/notices/preferences", body.clone())
        .await
        .done();
    let read = banner.get("/api/v1/notices/preferences").await.ok();
    assert_eq!(
        (&read["version"], &read["digest_time"]),
        (&json!(1), &json!("09:00"))
    );
    let again = banner.put("/api/v1/notices/preferences", body).await;
    again.refused(409, "changed");
    let wrong = json!({"version": 1, "ways": {"chase": "loudly"}});
    let wrong = banner.put("/api/v1/notices/preferences", wrong).await;
    wrong.refused(422, "invalid");
}

#[test]
fn what_goes_to_a_group_names_nobody_and_repeats_nothing_people_wrote() {
    use gangmu_app::domain::notices::Channel;
    use gangmu_app::library::UnitView;
    use gangmu_app::notices::{NoticeView, Outgoing};
    let notice = |kind: &str| NoticeView {
        notice_id: 1,
        at: 0,
        who: "某甲".into(),
        unit: UnitView {
            code: BANNER.into(),
            name: "科尔沁区".into(),
            name_en: "Horqin District".into(),
        },
        kind: kind.into(),
        period: Some("2025-01".into()),
        project_id: Some(1),
        project_name: "某丁的厂".into(),
        late: None,
        due_on: Some("2025-02-10".into()),
        reason: Some("某乙填错".into()),
        matter: Some("某丙的房子没有拆".into()),
        problem_id: (kind == "problem").then_some(5),
        sitting_id: None,
        resolution_id: (kind == "resolution").then_some(7),
        meeting_id: (kind == "meeting").then_some(8),
        plan_id: None,
        handover_id: None,
        season: None,
        department: None,
        act: Some("hand_over".into()),
        unread: false,
    };
    let say = gangmu_web::pages::notices::wording(gangmu_web::render::Templates::load().unwrap());
    let outgoing = |channel, personal| Outgoing {
        channel,
        locale: "zh-CN".into(),
        personal,
        most_bytes: Some(2_048),
        home: "https://gangmu.example".into(),
        notices: ["reopened", "problem", "resolution", "meeting"]
            .map(notice)
            .to_vec(),
    };
    let group = say(&outgoing(Channel::Robot, false));
    for word in ["某甲", "某乙", "某丙", "某丁"] {
        assert!(!group.text.contains(word), "{}", group.text);
    }
    for path in ["problems/5", "resolutions/7", "meetings/8"] {
        let link = format!("https://gangmu.example/{path}");
        assert!(group.text.contains(&link), "{}", group.text);
    }
    let mail = say(&outgoing(Channel::Mail, true));
    assert_eq!(mail.subject, "【纲目】4 条通知");
    for word in [
        "某乙",
        "某丙",
        "某丁",
        "https://gangmu.example/notices/preferences",
    ] {
        assert!(mail.text.contains(word), "{}", mail.text);
    }
}

#[tokio::test]
async fn a_calendar_is_read_by_its_secret_address_until_that_is_void() {
    let server = Server::new().await;
    let id = server.project("奈曼旗天然碱").await;
    server.january(&[id]).await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let visitor = server.visitor();
    let open = async || {
        let answer = banner.form("/notices/calendar/open", "").await;
        assert_eq!(answer.status, 303);
        let page = banner.get("/notices/preferences").await;
        let text = page.text.replace("&#x2f;", "/");
        let (_, rest) = text
            .split_once("http://gangmu.example")
            .expect("an address");
        let (path, _) = rest.split_once(".ics").expect("its end");
        format!("{path}.ics")
    };
    let first = open().await;
    let calendar = visitor.get(&first).await;
    assert_eq!(calendar.status, 200);
    assert_eq!(
        calendar.header("content-type"),
        "text/calendar; charset=utf-8"
    );
    assert_eq!(calendar.header("cache-control"), "private, no-store");
    for line in [
        "BEGIN:VCALENDAR\r\n",
        "DTSTART;VALUE=DATE:20250210\r\n",
        "DTEND;VALUE=DATE:20250211\r\n",
        "UID:returns-2025-01-",
        "DTSTAMP:20250106T040000Z\r\n",
    ] {
        assert!(calendar.text.contains(line), "{line}\n{}", calendar.text);
    }
    let again = banner.get("/notices/preferences").await;
    assert!(!again.text.contains(&first), "the address is shown once");
    let second = open().await;
    assert_eq!(visitor.get(&first).await.status, 404);
    assert_eq!(visitor.get(&second).await.status, 200);
    let close = banner.form("/notices/calendar/close", "").await;
    assert_eq!(close.status, 303);
    assert_eq!(visitor.get(&second).await.status, 404);
    assert_eq!(visitor.get("/calendar/x").await.status, 404);
    assert_eq!(banner.form("/notices/calendar/close", "").await.status, 404);
}
