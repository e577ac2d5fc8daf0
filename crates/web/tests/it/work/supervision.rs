//! Supervision through pages and the API: reports and answers with their files, lists page by page,
//! and what departments are called below the region.

use gangmu_app::domain::organisation::{Role, UserId};
use gangmu_app::domain::plans::PlanKind;
use gangmu_app::plans::{Adoption, NewPlan, OfficeInput, TaskInput};
use jiff::civil::date;
use serde_json::json;

use super::shows;
use crate::server::{BANNER, Client, LEAGUE, Server};

const PDF: &[u8] = b"%PDF-1.4 proof";

/// A league's list with one task that its department of commerce leads, under supervision from
/// February 2025, whose round is due on the 25th and over.
struct List<'a> {
    plan: i64,
    clerk: Client<'a>,
    supervisor: Client<'a>,
}

impl<'a> List<'a> {
    async fn new(server: &'a Server) -> Self {
        let clerk = UserId(server.user(Role::Clerk, LEAGUE, None).await);
        let (app, clerk) = (&server.app, server.app.actor(clerk).await.expect("a clerk"));
        let plan = NewPlan {
            kind: PlanKind::Annual,
            office: OfficeInput::unit(LEAGUE),
            parent: None,
            title: "年度任务清单".to_owned(),
            from: Some(date(2025, 1, 1)),
            until: Some(date(2025, 12, 31)),
        };
        let id = app.plan_create(&clerk, &plan).await.expect("a plan");
        let task = TaskInput {
            title: "招商引资".to_owned(),
            lead: OfficeInput::department(LEAGUE, "commerce"),
            due: Some(date(2025, 12, 31)),
            ..TaskInput::default()
        };
        let put = app.plan_task_put(&clerk, id, None, None, &task);
        put.await.expect("a task");
        let adoption = Adoption::default();
        let adopted = app.plan_adopt(&clerk, id, None, &adoption);
        adopted.await.expect("in force");
        let supervisor = server.person(Role::Supervisor, LEAGUE).await;
        let how = json!({ "rhythm": "monthly", "since": "2025-02" });
        let at = format!("/api/v1/supervision/{}", id.0);
        let put = supervisor.put(&at, how).await;
        assert_eq!(put.status, 204, "{}", put.text);
        server.clock.set(date(2025, 2, 27));
        Self {
            plan: id.0,
            clerk: server.log_in(&format!("clerk@{LEAGUE}")).await,
            supervisor: server.log_in(&format!("supervisor@{LEAGUE}")).await,
        }
    }

    async fn letter(&self, kind: &str) {
        let at = format!("/api/v1/supervision/{}/rounds/2025-02/letters", self.plan);
        let asked = json!({ "kind": kind, "unit": LEAGUE, "department": "commerce" });
        let made = self.supervisor.post(&at, asked).await;
        assert_eq!(made.status, 201, "{}", made.text);
    }
}

#[tokio::test]
async fn an_answer_and_a_report_come_with_their_files_by_page_and_by_program() {
    let server = Server::new().await;
    let list = List::new(&server).await;
    list.letter("urge").await;
    let List {
        plan,
        clerk,
        supervisor,
    } = list;

    let page = format!("/supervision/letters/{LEAGUE}/2025/1");
    let form = clerk.get(&format!("{page}?do=reply")).await;
    shows(&form, 200, &["multipart/form-data", "name=\"file\""]);
    let many: Vec<(&str, &[u8])> = vec![("a.pdf", PDF); 10];
    let refused = clerk
        .hand_in(&format!("{page}/reply"), &many, &[("text", "已补报")])
        .await;
    shows(&refused, 422, &["已补报"]);
    let files: [(&str, &[u8]); 1] = [("补报材料.pdf", PDF)];
    let api = format!("/api/v1/supervision/letters/{LEAGUE}/2025/1");
    let stranger = server.person(Role::Clerk, "150200").await;
    let hidden = stranger
        .hand_in(&format!("{api}/replies"), &files, &[("text", "已补报")])
        .await;
    assert_eq!(hidden.status, 404, "{}", hidden.text);
    let done = clerk
        .hand_in(&format!("{api}/replies"), &files, &[("text", "已补报")])
        .await;
    assert_eq!(
        (done.status.as_u16(), done.text.as_str()),
        (201, "{\"version\":1}")
    );
    let shown = supervisor.get(&api).await;
    shows(&shown, 200, &["补报材料.pdf"]);
    let shown = supervisor.get(&page).await;
    shows(&shown, 200, &["补报材料.pdf", &format!("{page}/files/1/1")]);
    for at in [format!("{api}/files/1/1"), format!("{page}/files/1/1")] {
        let file = supervisor.get(&at).await;
        assert_eq!(
            (file.status.as_u16(), file.text.as_bytes()),
            (200, PDF),
            "{at}"
        );
        assert!(file.header("content-type").starts_with("application/pdf"));
        assert_eq!(stranger.get(&at).await.status, 404, "{at}");
    }
    assert_eq!(
        supervisor.get(&format!("{api}/files/1/2")).await.status,
        404
    );

    let item = format!("/api/v1/supervision/{plan}/rounds/2025-02/items/1/0");
    let fields = [("act", "report"), ("state", "behind"), ("text", "晚一个月")];
    let done = clerk
        .hand_in(&format!("{item}/proofs"), &files, &fields)
        .await;
    assert_eq!(done.status, 201, "{}", done.text);
    let wrong = clerk
        .hand_in(&format!("{item}/proofs"), &files, &[("act", "praise")])
        .await;
    assert_eq!(wrong.status, 422, "{}", wrong.text);
    let fields = [("act", "verify"), ("note", "查阅合同")];
    let done = supervisor
        .hand_in(&format!("{item}/proofs"), &files, &fields)
        .await;
    assert_eq!(done.status, 201, "{}", done.text);
    let file = supervisor.get(&format!("{item}/proofs/2/1")).await;
    assert_eq!((file.status.as_u16(), file.text.as_bytes()), (200, PDF));
    let here = format!("/supervision/{plan}/1/0");
    let form = supervisor.get(&format!("{here}?do=verify")).await;
    shows(&form, 200, &["name=\"file\""]);
    let fields = [
        ("period", "2025-02"),
        ("sound", "no"),
        ("findings", "未见开工"),
    ];
    let checked = supervisor
        .hand_in(&format!("{here}/acts/spot_check"), &[], &fields)
        .await;
    assert_eq!(checked.status, 303, "{}", checked.text);
    let round = clerk.get(&format!("/supervision/{plan}")).await;
    shows(&round, 200, &["spot check: not as reported"]);
    let told = clerk.get("/notices").await;
    shows(&told, 200, &["a spot check found otherwise"]);
    let file = supervisor.get(&format!("{item}/proofs/1/1")).await;
    assert_eq!((file.status.as_u16(), file.text.as_bytes()), (200, PDF));
    assert_eq!(
        stranger.get(&format!("{item}/proofs/1/1")).await.status,
        404
    );
}

#[tokio::test]
async fn letters_are_listed_page_by_page_with_their_total() {
    let server = Server::new().await;
    let list = List::new(&server).await;
    list.letter("urge").await;
    list.letter("supervise").await;
    let supervisor = &list.supervisor;
    let read = async |query: &str| {
        let at = format!("/api/v1/supervision/letters?{query}");
        let answer = supervisor.get(&at).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let found: serde_json::Value = serde_json::from_str(&answer.text).expect("json");
        let rows = found["rows"].as_array().map_or(0, Vec::len);
        (rows, found["total"].as_i64(), found["page"].as_i64())
    };
    assert_eq!(read("").await, (2, Some(2), Some(1)));
    assert_eq!(read("page=2").await, (0, Some(2), Some(2)));
    assert_eq!(read("period=2025-02").await, (2, Some(2), Some(1)));
    assert_eq!(read("period=2025-03").await, (0, Some(0), Some(1)));
    let page = supervisor.get("/supervision/letters").await;
    shows(&page, 200, &["1–2 of 2"]);
}

#[tokio::test]
async fn figures_of_a_round_lead_to_their_items_and_letters_follow_the_bulletin() {
    let server = Server::new().await;
    let list = List::new(&server).await;
    let (plan, supervisor) = (list.plan, &list.supervisor);
    let here = format!("/supervision/{plan}");
    let page = supervisor.get(&format!("{here}?period=2025-02")).await;
    let text = page.text.replace("&#x2f;", "/").replace("&amp;", "&");
    for link in [
        format!("{here}?period=2025-02&state=behind#items"),
        format!("{here}?period=2025-02&reporting=came#items"),
        format!("{here}?period=2025-02&office={LEAGUE}/commerce#items"),
        format!("{here}?period=2025-02&office={LEAGUE}/commerce&reporting=missing#items"),
    ] {
        assert!(text.contains(&link), "{link}\n{text}");
    }
    let missing = format!("{here}?period=2025-02&office={LEAGUE}/commerce&reporting=missing");
    shows(
        &supervisor.get(&missing).await,
        200,
        &["1 of 1 items", "招商引资</a>"],
    );
    let behind = supervisor.get(&format!("{here}?state=behind")).await;
    shows(&behind, 200, &["0 of 1 items"]);
    let nowhere = supervisor.get(&format!("{here}?state=x")).await;
    assert_eq!(nowhere.status, 404);
    let api = format!("/api/v1/supervision/{plan}/rounds/2025-02?reporting=late");
    let found = supervisor.get(&api).await;
    let found: serde_json::Value = serde_json::from_str(&found.text).expect("json");
    assert_eq!(found["items"], 1);
    assert_eq!(found["lines"], json!([]));

    let closed = supervisor
        .form(&format!("{here}/acts/close"), "period=2025-02")
        .await;
    assert_eq!(closed.status, 303, "{}", closed.text);
    let page = supervisor.get(&format!("{here}?period=2025-02")).await;
    shows(&page, 200, &["value=\"supervise\""]);
    let sent = format!(
        "period=2025-02&unit={LEAGUE}&department=commerce&kind=supervise&reply_by=2025-03-06"
    );
    let written = supervisor.form(&format!("{here}/acts/letter"), &sent).await;
    assert_eq!(written.status, 303, "{}", written.text);
}

#[tokio::test]
async fn a_leagues_departments_are_bureaus_on_every_page() {
    let server = Server::new().await;
    let List {
        plan, mut clerk, ..
    } = List::new(&server).await;
    let project = server.project("测试商贸物流园").await;
    clerk.lang = "zh-CN";
    for path in [
        format!("/supervision/{plan}"),
        format!("/supervision/{plan}/1/0?period=2025-02"),
        format!("/plans/{plan}"),
        format!("/plans/{plan}/tasks/1"),
        format!("/plans/{plan}/tasks/1?do=task"),
        "/plans/new".to_owned(),
        "/organisation".to_owned(),
        "/projects".to_owned(),
        "/projects/new".to_owned(),
        format!("/projects/{project}"),
        format!("/projects/{project}/edit"),
        format!("/projects/{project}/visits/new?kind=on_site"),
        "/rollup?by=department".to_owned(),
        "/rollup/lights?by=department".to_owned(),
        "/liaison".to_owned(),
        "/problems/new".to_owned(),
        "/approvals/timing".to_owned(),
        "/approvals/letters".to_owned(),
    ] {
        let page = clerk.get(&path).await;
        assert!(page.status.is_success(), "{path}: {}", page.status);
        assert!(
            !page.text.contains('厅'),
            "{path} names a department of the region"
        );
    }
    let page = clerk.get(&format!("/supervision/{plan}")).await;
    shows(&page, 200, &["通辽商务局"]);
    let mut region = server.person(Role::Clerk, "150000").await;
    region.lang = "zh-CN";
    let page = region.get("/organisation").await;
    shows(&page, 200, &["商务厅", "能源局"]);
    region.lang = "en";
    let page = region.get(&format!("/supervision/{plan}")).await;
    shows(&page, 200, &["Department of Commerce"]);
    let banner = server.person(Role::Clerk, BANNER).await;
    let page = banner.get("/api/v1/projects").await;
    assert!(!page.text.contains('厅'), "{}", page.text);
}

#[tokio::test]
async fn the_calendar_holds_reports_letters_and_resolutions_that_are_due() {
    let server = Server::new().await;
    let list = List::new(&server).await;
    list.letter("urge").await;
    let id = server.project("奈曼旗天然碱").await;
    let told = json!({ "body": "补报用地材料", "unit": LEAGUE, "due_on": "2025-03-10" });
    let visit = json!({ "body": "看了进度", "instructions": [told] });
    let at = format!("/api/v1/projects/{id}/visits");
    let made = list.clerk.post(&at, visit).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let opened = list.clerk.form("/notices/calendar/open", "").await;
    assert_eq!(opened.status, 303);
    let page = list.clerk.get("/notices/preferences").await;
    let text = page.text.replace("&#x2f;", "/");
    let path = super::between(&text, "http://gangmu.example", ".ics");
    let calendar = server.visitor().get(&format!("{path}.ics")).await;
    assert_eq!(calendar.status, 200);
    let plain = calendar.text.replace("\r\n ", "");
    for line in [
        format!("UID:reports-{}-2025-02-", list.plan),
        "DTSTART;VALUE=DATE:20250225\r\n".to_owned(),
        "SUMMARY:2025年2月督查报送：还有 1 项未报\r\n".to_owned(),
        format!("UID:letter-{LEAGUE}-2025-1-"),
        "SUMMARY:回复通辽督查催〔2025〕1号（1 项）\r\n".to_owned(),
        "DTSTART;VALUE=DATE:20250306\r\n".to_owned(),
        "SUMMARY:落实：补报用地材料\r\n".to_owned(),
        "DTSTART;VALUE=DATE:20250310\r\n".to_owned(),
    ] {
        assert!(plain.contains(&line), "{line}\n{plain}");
    }
    valid(&calendar.text);
}

/// What RFC 5545 asks of every calendar: each part is closed, lines end properly and are short, and
/// no two events are called alike.
fn valid(text: &str) {
    let lines: Vec<&str> = text.split_terminator("\r\n").collect();
    assert!(text.ends_with("END:VCALENDAR\r\n") && lines[0] == "BEGIN:VCALENDAR");
    assert!(
        lines
            .iter()
            .all(|line| line.len() <= 75 && !line.contains('\n'))
    );
    let count = |line: &str| lines.iter().filter(|one| **one == line).count();
    let events = count("BEGIN:VEVENT");
    assert!(events > 0 && events == count("END:VEVENT"));
    let whole = text.replace("\r\n ", "");
    let named = |name: &str| -> Vec<&str> {
        let all = whole.split("\r\n");
        all.filter(|line| line.starts_with(name)).collect()
    };
    for name in ["UID:", "DTSTAMP:", "DTSTART;VALUE=DATE:", "SUMMARY:"] {
        assert_eq!(named(name).len(), events, "{name}");
    }
    let mut uids = named("UID:");
    uids.sort_unstable();
    uids.dedup();
    assert_eq!(uids.len(), events, "each event has a name of its own");
}
