//! Every route of the API × every role, as a text file that anybody can read: `routes.txt`. A route
//! without a line fails the test; a right that was widened shows as a difference.
//!
//! Bodies are well formed but name versions nobody has, so that whoever may is told "changed" and
//! the small region stays as it is; the few that do change something come last.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use axum::body::Body;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;
use serde_json::{Value, json};

use super::{BANNER, Client, LEAGUE, REGION, Server};

const PEOPLE: &[(&str, Role, &str, Option<&str>)] = &[
    ("reporter", Role::Reporter, BANNER, None),
    ("clerk, banner", Role::Clerk, BANNER, None),
    ("clerk, league", Role::Clerk, LEAGUE, None),
    ("clerk, region", Role::Clerk, REGION, None),
    ("clerk elsewhere", Role::Clerk, "150200", None),
    ("officer", Role::Officer, LEAGUE, Some("能源局")),
    ("leader", Role::Leader, LEAGUE, None),
    ("supervisor", Role::Supervisor, LEAGUE, None),
    ("supervisor, region", Role::Supervisor, REGION, None),
    ("auditor", Role::Auditor, REGION, None),
    ("approver", Role::Approver, BANNER, None),
    (
        "security administrator",
        Role::SecurityAdministrator,
        REGION,
        None,
    ),
    (
        "system administrator",
        Role::SystemAdministrator,
        REGION,
        None,
    ),
];

/// What each route is asked, in this order.
fn asked() -> Vec<(&'static str, &'static str, &'static str, Value)> {
    let because = json!({"reason": "测试"});
    let typed = json!({"version": 99, "month_investment": 0, "correction_reason": "测试"});
    let entry = json!({"category": "continuing", "annual_plan": 1});
    let returns = "/api/v1/projects/{project}/returns/{period}";
    vec![
        ("get", "/api/v1/me", "", json!(null)),
        ("get", "/api/v1/units", "", json!(null)),
        ("get", "/api/v1/projects", "", json!(null)),
        (
            "post",
            "/api/v1/projects/twins",
            "",
            json!({"fields": {"name": "一期"}}),
        ),
        ("get", "/api/v1/projects/{project}", "", json!(null)),
        ("get", "/api/v1/projects/{project}/gate", "", json!(null)),
        (
            "get",
            "/api/v1/projects/{project}/attachments/{seq}",
            "",
            json!(null),
        ),
        (
            "get",
            "/api/v1/projects/{project}/approvals",
            "",
            json!(null),
        ),
        (
            "get",
            "/api/v1/projects/{project}/approvals/shelf",
            "",
            json!(null),
        ),
        ("get", "/api/v1/approvals", "", json!(null)),
        ("get", "/api/v1/approvals/forwarding", "", json!(null)),
        ("get", "/api/v1/approvals/ledgers/{ledger}", "", json!(null)),
        ("get", "/api/v1/approvals/rates", "", json!(null)),
        ("get", "/api/v1/approvals/sittings", "", json!(null)),
        (
            "get",
            "/api/v1/approvals/sittings/{sitting}",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/approvals/sittings",
            "",
            json!({"title": "", "unit": BANNER, "projects": []}),
        ),
        (
            "post",
            "/api/v1/approvals/sittings/{sitting}/opinions",
            "",
            json!({"project_id": 0, "matter": "A01", "department_id": 0, "stance": "object"}),
        ),
        (
            "post",
            "/api/v1/approvals/sittings/{sitting}/close",
            "",
            json!({"version": 99}),
        ),
        ("get", "/api/v1/approvals/timing", "", json!(null)),
        ("get", "/api/v1/approvals/timing/matters", "", json!(null)),
        ("get", "/api/v1/approvals/timing.xlsx", "", json!(null)),
        ("get", "/api/v1/approvals/process", "", json!(null)),
        ("get", "/api/v1/approvals/what-if", "", json!(null)),
        ("get", "/api/v1/approvals/logs/{format}", "", json!(null)),
        ("post", "/api/v1/approvals/logs/analysis", "", json!("file")),
        ("get", "/api/v1/approvals/catalogue", "", json!(null)),
        (
            "post",
            "/api/v1/projects/{project}/approvals",
            "",
            json!({}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/approvals/{matter}/acts",
            "",
            json!({"act": "receive", "version": 99}),
        ),
        ("get", "/api/v1/problems", "", json!(null)),
        ("get", "/api/v1/problems/ledger.xlsx", "", json!(null)),
        (
            "get",
            "/api/v1/problems/{problem}/order.docx",
            "",
            json!(null),
        ),
        ("get", "/api/v1/problems/rules", "", json!(null)),
        ("get", "/api/v1/problems/{problem}", "", json!(null)),
        (
            "get",
            "/api/v1/projects/{project}/problems",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/problems",
            "",
            json!({"title": "", "holds_up": [{"project_id": 0}]}),
        ),
        (
            "post",
            "/api/v1/problems/{problem}/acts",
            "",
            json!({"act": "accept", "version": 99, "kind": "land", "grade": "general"}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/returns/{period}/problem",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/projects/{project}/excuses",
            "",
            json!({"kind": "other", "reason": "", "from": "2025-01", "to": "2025-01"}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/excuses/{seq}/end",
            "",
            json!({"reason": ""}),
        ),
        ("get", "/api/v1/winter", "", json!(null)),
        ("get", "/api/v1/winter/rollup", "", json!(null)),
        ("get", "/api/v1/winter/ledger.xlsx", "", json!(null)),
        ("get", "/api/v1/winter/rules", "", json!(null)),
        ("get", "/api/v1/projects/{project}/winter", "", json!(null)),
        (
            "post",
            "/api/v1/projects/{project}/winter/acts",
            "",
            json!({"act": "plan", "version": 99}),
        ),
        ("get", "/api/v1/plans", "", json!(null)),
        ("get", "/api/v1/plans/duties", "", json!(null)),
        ("get", "/api/v1/plans/duties.xlsx", "", json!(null)),
        ("get", "/api/v1/plans/ledger.xlsx", "", json!(null)),
        ("get", "/api/v1/plans/{plan}", "", json!(null)),
        ("get", "/api/v1/plans/{plan}/cover", "", json!(null)),
        ("get", "/api/v1/plans/{plan}/table.xlsx", "", json!(null)),
        ("get", "/api/v1/plans/{plan}/table.docx", "", json!(null)),
        (
            "get",
            "/api/v1/plans/{plan}/versions/{from}/{to}",
            "",
            json!(null),
        ),
        ("post", "/api/v1/plans", "", plan_begun()),
        (
            "post",
            "/api/v1/plans/{plan}/acts",
            "",
            json!({"act": "revise", "edit": 99}),
        ),
        ("post", "/api/v1/plans/{plan}/tasks", "", plan_task()),
        ("put", "/api/v1/plans/{plan}/tasks/{task}", "", plan_task()),
        (
            "delete",
            "/api/v1/plans/{plan}/tasks/{task}",
            "?edit=99",
            json!(null),
        ),
        (
            "post",
            "/api/v1/plans/{plan}/tasks/{task}/indicators",
            "",
            json!({"edit": 99, "name": "", "unit": "", "target": ""}),
        ),
        (
            "put",
            "/api/v1/plans/{plan}/tasks/{task}/indicators/{indicator}",
            "",
            json!({"edit": 99, "name": "", "unit": "", "target": ""}),
        ),
        (
            "delete",
            "/api/v1/plans/{plan}/tasks/{task}/indicators/{indicator}",
            "?edit=99",
            json!(null),
        ),
        (
            "put",
            "/api/v1/plans/{plan}/indicators/{indicator}/shares",
            "",
            json!({"edit": 99, "way": "none"}),
        ),
        (
            "put",
            "/api/v1/plans/{plan}/indicators/{indicator}/steps",
            "",
            json!({"edit": 99, "way": "even"}),
        ),
        (
            "post",
            "/api/v1/plans/{plan}/indicators/{indicator}/values",
            "",
            json!({"value": "", "evidence": ""}),
        ),
        ("get", "/api/v1/supervision", "", json!(null)),
        ("get", "/api/v1/supervision/missed", "", json!(null)),
        ("get", "/api/v1/supervision/missed.xlsx", "", json!(null)),
        ("get", "/api/v1/supervision/letters", "", json!(null)),
        (
            "put",
            "/api/v1/supervision/{plan}",
            "",
            json!({"edit": 99, "rhythm": "monthly", "since": "2025-01"}),
        ),
        (
            "put",
            "/api/v1/supervision/{plan}/tasks/{task}",
            "",
            json!({"edit": 99, "rhythm": "quarterly"}),
        ),
        (
            "get",
            "/api/v1/supervision/{plan}/rounds/{period}",
            "",
            json!(null),
        ),
        (
            "get",
            "/api/v1/supervision/{plan}/rounds/{period}/table.xlsx",
            "",
            json!(null),
        ),
        (
            "get",
            "/api/v1/supervision/{plan}/rounds/{period}/bulletin.docx",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/supervision/{plan}/rounds/{period}/close",
            "",
            json!(null),
        ),
        (
            "get",
            "/api/v1/supervision/{plan}/rounds/{period}/items/{task}/{indicator}",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/supervision/{plan}/rounds/{period}/items/{task}/{indicator}/acts",
            "",
            json!({"act": "report", "version": 99, "state": "on_track", "text": ""}),
        ),
        (
            "post",
            "/api/v1/supervision/{plan}/rounds/{period}/letters",
            "",
            json!({"kind": "urge", "unit": BANNER, "reply_by": "2024-01-01"}),
        ),
        (
            "get",
            "/api/v1/supervision/letters/{unit}/{year}/{seq}",
            "",
            json!(null),
        ),
        (
            "get",
            "/api/v1/supervision/letters/{unit}/{year}/{seq}/letter.docx",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/supervision/letters/{unit}/{year}/{seq}/acts",
            "",
            json!({"act": "reply", "version": 99, "text": ""}),
        ),
        (
            "post",
            "/api/v1/supervision/letters/{unit}/{year}/{seq}/replies",
            "",
            json!("file"),
        ),
        (
            "get",
            "/api/v1/supervision/letters/{unit}/{year}/{seq}/files/{act}/{file}",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/supervision/{plan}/rounds/{period}/items/{task}/{indicator}/proofs",
            "",
            json!("report with a file"),
        ),
        (
            "get",
            "/api/v1/supervision/{plan}/rounds/{period}/items/{task}/{indicator}/proofs/{act}/{file}",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/plans/{plan}/indicators/{indicator}/proofs",
            "",
            json!("file"),
        ),
        (
            "get",
            "/api/v1/plans/{plan}/indicators/{indicator}/proofs/{value}/{file}",
            "",
            json!(null),
        ),
        ("get", "/api/v1/plans/{plan}/imports", "", json!(null)),
        (
            "get",
            "/api/v1/plans/{plan}/imports/{import}",
            "",
            json!(null),
        ),
        ("post", "/api/v1/plans/{plan}/imports", "", json!("file")),
        (
            "post",
            "/api/v1/plans/{plan}/imports/{import}/adopt",
            "",
            json!({"edit": 99}),
        ),
        ("get", "/api/v1/liaison", "", json!(null)),
        ("get", "/api/v1/liaison/ledger.xlsx", "", json!(null)),
        ("get", "/api/v1/liaison/load", "", json!(null)),
        ("get", "/api/v1/liaison/load.xlsx", "", json!(null)),
        ("get", "/api/v1/liaison/chains", "", json!(null)),
        ("get", "/api/v1/liaison/chains.xlsx", "", json!(null)),
        (
            "post",
            "/api/v1/liaison/about/{about}",
            "",
            json!({"duty": "leader", "unit": BANNER, "named": "链长", "from": "2025-02-01", "to": "2025-01-01"}),
        ),
        (
            "post",
            "/api/v1/liaison/about/{about}/{assignment}/end",
            "",
            json!({"to": "2024-01-01"}),
        ),
        (
            "get",
            "/api/v1/projects/{project}/assignments",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/liaison",
            "",
            json!({"projects": [], "duty": "leader", "unit": BANNER, "named": "包联领导"}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/assignments/{assignment}/end",
            "",
            json!({"to": "2024-01-01"}),
        ),
        ("get", "/api/v1/desk", "", json!(null)),
        ("post", "/api/v1/desk/seen", "", json!({"at": 0})),
        ("get", "/api/v1/projects/{project}/visits", "", json!(null)),
        (
            "post",
            "/api/v1/projects/{project}/visits",
            "",
            json!({"body": ""}),
        ),
        ("get", "/api/v1/visits/ledger.xlsx", "", json!(null)),
        ("get", "/api/v1/visits/{visit}", "", json!(null)),
        ("get", "/api/v1/visits/{visit}/record.docx", "", json!(null)),
        ("get", "/api/v1/resolutions", "", json!(null)),
        ("get", "/api/v1/resolutions/ledger.xlsx", "", json!(null)),
        ("get", "/api/v1/resolutions/{resolution}", "", json!(null)),
        (
            "post",
            "/api/v1/resolutions/{resolution}/acts",
            "",
            json!({"act": "report", "version": 99, "text": "已办"}),
        ),
        ("get", "/api/v1/meetings", "", json!(null)),
        (
            "post",
            "/api/v1/meetings",
            "",
            json!({"title": "", "unit": BANNER, "rhythm": "weekly"}),
        ),
        ("get", "/api/v1/meetings/{meeting}", "", json!(null)),
        (
            "get",
            "/api/v1/meetings/{meeting}/minutes.docx",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/meetings/{meeting}/agenda",
            "",
            json!({"project_id": 0, "reason": ""}),
        ),
        (
            "delete",
            "/api/v1/meetings/{meeting}/agenda/{project}",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/meetings/{meeting}/resolutions",
            "",
            json!({"body": "交地", "unit": BANNER, "due_on": "2024-01-01"}),
        ),
        (
            "get",
            "/api/v1/meetings/{meeting}/agenda.docx",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/meetings/{meeting}/rebuild",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/meetings/{meeting}/move",
            "",
            json!({ "version": 0, "on": "2031-01-06" }),
        ),
        (
            "post",
            "/api/v1/meetings/{meeting}/cancel",
            "",
            json!({ "version": 0, "reason": "领导出差" }),
        ),
        (
            "post",
            "/api/v1/meetings/{meeting}/hold",
            "",
            json!({"version": 99, "attendees": "市发改委"}),
        ),
        (
            "post",
            "/api/v1/meetings/series/{series}/prepare",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/meetings/series/{series}/end",
            "",
            json!(null),
        ),
        ("get", "/api/v1/handovers", "", json!(null)),
        (
            "post",
            "/api/v1/handovers",
            "",
            json!({"from_user_id": 99, "to_user_id": 99, "unit": BANNER}),
        ),
        ("get", "/api/v1/handovers/{handover}", "", json!(null)),
        (
            "get",
            "/api/v1/handovers/{handover}/list.docx",
            "",
            json!(null),
        ),
        ("post", "/api/v1/handovers/{handover}/sign", "", json!(null)),
        ("get", "/api/v1/pipeline", "", json!(null)),
        ("get", "/api/v1/programmes", "", json!(null)),
        (
            "get",
            "/api/v1/programmes/{year}/bridge",
            "?from=2025-01-01&to=2025-01-31",
            json!(null),
        ),
        ("get", "/api/v1/rollup", "", json!(null)),
        (
            "get",
            "/api/v1/rollup/course",
            "?period=2025-01",
            json!(null),
        ),
        ("get", "/api/v1/rollup/lights", "", json!(null)),
        ("get", "/api/v1/periods", "", json!(null)),
        ("get", "/api/v1/periods/{period}/returns", "", json!(null)),
        ("get", "/api/v1/periods/{period}/progress", "", json!(null)),
        ("get", "/api/v1/periods/{period}/late", "", json!(null)),
        ("get", returns, "", json!(null)),
        (
            "get",
            "/api/v1/projects/{project}/returns/{period}/events",
            "",
            json!(null),
        ),
        ("get", "/api/v1/periods/{period}/reviews", "", json!(null)),
        ("get", "/api/v1/notices", "", json!(null)),
        ("put", "/api/v1/notices/seen", "", json!({"notice_id": 0})),
        ("get", "/api/v1/notices/preferences", "", json!(null)),
        (
            "put",
            "/api/v1/notices/preferences",
            "",
            json!({"version": 99}),
        ),
        ("get", "/api/v1/notices/outbox", "", json!(null)),
        (
            "post",
            "/api/v1/notices/outbox/{copy}/again",
            "",
            json!(null),
        ),
        ("get", "/api/v1/imports", "", json!(null)),
        ("get", "/api/v1/ledgers/{table}/imports", "", json!(null)),
        (
            "get",
            "/api/v1/ledgers/{table}/imports/{import}",
            "",
            json!(null),
        ),
        ("get", "/api/v1/imports/{import}", "", json!(null)),
        ("get", "/api/v1/imports/{import}/annotated", "", json!(null)),
        ("get", "/api/v1/exports/list", "", json!(null)),
        ("get", "/api/v1/exports/{kind}", "", json!(null)),
        ("get", "/api/v1/users", "", json!(null)),
        ("get", "/api/v1/audit", "", json!(null)),
        ("put", returns, "", typed.clone()),
        (
            "post",
            "/api/v1/projects/{project}/returns/{period}/submit",
            "",
            json!({"version": 99}),
        ),
        (
            "post",
            "/api/v1/periods/{period}/returns",
            "",
            json!({"filing": "draft", "returns": [{"project_id": 0, "figures": typed}]}),
        ),
        (
            "post",
            "/api/v1/periods/{period}/reviews",
            "",
            json!({"returns": [{"project_id": 0, "version": 99}]}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/returns/{period}/send-back",
            "",
            json!({"version": 99, "reason": "测试"}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/returns/{period}/correct",
            "",
            typed,
        ),
        ("post", "/api/v1/imports", "", json!("file")),
        ("post", "/api/v1/ledgers/{table}/imports", "", json!("file")),
        (
            "post",
            "/api/v1/ledgers/{table}/imports/{import}/adopt",
            "",
            json!({"stamp": "0"}),
        ),
        ("post", "/api/v1/imports/{import}/adopt", "", json!(null)),
        ("post", "/api/v1/periods", "", json!({"period": "2024-01"})),
        ("post", "/api/v1/periods/{period}/chase", "", json!({})),
        (
            "post",
            "/api/v1/projects",
            "",
            json!({"fields": {"name": "新项目", "unit": BANNER, "department": "能源局"}}),
        ),
        (
            "patch",
            "/api/v1/projects/{project}",
            "",
            json!({"version": 99, "fields": {"remark": "x"}}),
        ),
        (
            "put",
            "/api/v1/projects/{project}/reporter",
            "",
            json!({"user_id": 1}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/attachments",
            "",
            json!("file"),
        ),
        (
            "delete",
            "/api/v1/projects/{project}/attachments/{seq}",
            "",
            json!(null),
        ),
        (
            "post",
            "/api/v1/projects/{project}/stage",
            "",
            json!({"to": "reserve", "because": because}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/split",
            "",
            json!({"parts": [], "because": because}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/merge",
            "",
            json!({"others": [0], "because": because}),
        ),
        (
            "post",
            "/api/v1/projects/{project}/resume",
            "",
            because.clone(),
        ),
        (
            "post",
            "/api/v1/projects/{project}/suspend",
            "",
            because.clone(),
        ),
        (
            "post",
            "/api/v1/projects/{project}/withdraw",
            "",
            json!({"exit": "cancelled", "because": because}),
        ),
        (
            "post",
            "/api/v1/programmes",
            "",
            json!({"year": 2025, "name": "x", "entries": []}),
        ),
        (
            "put",
            "/api/v1/programmes/{year}/projects/{project}",
            "",
            json!({"entry": entry, "because": because}),
        ),
        ("put", "/api/v1/reference/{kind}", "", json!("text")),
        (
            "post",
            "/api/v1/users",
            "",
            json!({"login": "", "display_name": "", "password": ""}),
        ),
        (
            "patch",
            "/api/v1/users/{user}",
            "",
            json!({"disabled": false}),
        ),
        (
            "put",
            "/api/v1/users/{user}/password",
            "",
            json!({"password": "a long enough phrase"}),
        ),
        (
            "post",
            "/api/v1/users/{user}/posts",
            "",
            json!({"role": "leader", "unit": LEAGUE}),
        ),
        ("delete", "/api/v1/posts/{post}", "", json!(null)),
        (
            "post",
            "/api/v1/periods/{period}/close",
            "?unit=150502",
            json!({}),
        ),
        (
            "post",
            "/api/v1/periods/{period}/reopen",
            "",
            json!({"unit": "150502", "reason": ""}),
        ),
        (
            "post",
            "/api/v1/me/password",
            "",
            json!({"old": "", "new": ""}),
        ),
        ("delete", "/api/v1/session", "", json!(null)),
    ]
}

fn plan_begun() -> Value {
    json!({
        "kind": "work", "office": {"unit": LEAGUE}, "title": "",
        "from": "2025-01-01", "until": "2025-12-31",
    })
}

fn plan_task() -> Value {
    json!({"edit": 99, "title": "", "lead": {"unit": LEAGUE}, "due": "2025-12-31"})
}

async fn documented(server: &Server) -> BTreeSet<(String, String)> {
    let document = server.visitor().get("/api/v1/openapi.json").await.ok();
    let mut routes = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            assert_ne!(
                operation["summary"],
                json!(null),
                "{method} {path} has no summary"
            );
            assert_ne!(
                operation["responses"]["default"],
                json!(null),
                "{method} {path}"
            );
            routes.insert((method.clone(), path.clone()));
        }
    }
    routes
}

#[tokio::test]
async fn every_route_is_documented_once_and_stands_in_the_matrix() {
    let server = Server::new().await;
    let mut listed: BTreeSet<(String, String)> = asked()
        .into_iter()
        .map(|(method, path, _, _)| (method.to_owned(), path.to_owned()))
        .collect();
    let public = gangmu_web::api::PUBLIC.iter();
    listed.extend(public.map(|(method, path)| ((*method).to_owned(), (*path).to_owned())));
    assert_eq!(documented(&server).await, listed);

    // A handler that is written but not registered would be in no document.
    let mut handlers = 1; // The document's own route.
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/api");
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let source = std::fs::read_to_string(entry.expect("an entry").path()).expect("a source");
        handlers += source.matches("#[utoipa::path(").count();
    }
    assert_eq!(handlers, listed.len());
}

#[tokio::test]
async fn every_route_but_the_public_ones_wants_a_session() {
    let server = Server::new().await;
    assert_eq!(
        gangmu_web::api::PUBLIC,
        [("post", "/api/v1/session"), ("get", "/api/v1/openapi.json")]
    );
    let visitor = server.visitor();
    for (method, path, query, body) in asked() {
        let answer = ask(&visitor, method, path, query, &body, &Known::default()).await;
        assert_eq!(answer.status, 401, "{method} {path}: {}", answer.text);
        answer.refused(401, "not_logged_in");
    }
}

/// What the region holds.
#[derive(Default)]
struct Known {
    project: i64,
    other: i64,
    attachment: i64,
    sitting: i64,
    department: i64,
    import: i64,
    ledger_import: i64,
    user: i64,
    post: i64,
    problem: i64,
    plan: i64,
    assignment: i64,
    visit: i64,
    resolution: i64,
    handover: i64,
    series: i64,
    meeting: i64,
}

async fn ask(
    client: &Client<'_>,
    method: &str,
    path: &str,
    query: &str,
    body: &Value,
    known: &Known,
) -> super::Answer {
    let address = path
        .replace("{project}", &known.project.to_string())
        .replace("{unit}", REGION)
        .replace("{about}", "chain:aluminium")
        // Both the project's first attachment and the region's first letter.
        .replace("{seq}", &known.attachment.to_string())
        .replace("{user}", &known.user.to_string())
        .replace("{problem}", &known.problem.to_string())
        .replace("{plan}", &known.plan.to_string())
        .replace("{task}", "1")
        .replace("{indicator}", "2")
        .replace("{from}/{to}", "1/1")
        .replace("proofs/{value}/{file}", "proofs/1/1")
        .replace("{act}/{file}", "1/1")
        .replace("{assignment}", &known.assignment.to_string())
        .replace("{visit}", &known.visit.to_string())
        .replace("{handover}", &known.handover.to_string())
        .replace("{series}", &known.series.to_string())
        .replace("{meeting}", &known.meeting.to_string())
        .replace("{resolution}", &known.resolution.to_string())
        .replace("{post}", &known.post.to_string())
        .replace("{period}", "2025-01")
        .replace(
            "{table}/imports/{import}",
            &format!("problems/imports/{}", known.ledger_import),
        )
        .replace("{table}", "problems")
        .replace("{import}", &known.import.to_string())
        .replace("{year}", "2025")
        .replace("/exports/{kind}", "/exports/details")
        .replace("/logs/{format}", "/logs/xes")
        .replace("{ledger}", "region")
        .replace("{sitting}", &known.sitting.to_string())
        .replace("{matter}", "A01")
        .replace("{copy}", "1")
        .replace("{kind}", "departments")
        + query;
    match body.as_str() {
        Some("report with a file") => {
            let report = [("act", "report"), ("state", "behind"), ("text", "晚一个月")];
            let file: (&str, &[u8]) = ("x.pdf", b"%PDF-1.7 another");
            return client.hand_in(&address, &[file], &report).await;
        }
        Some("file") => return client.upload(&address, "x.bin", b"%PDF-1.7 another").await,
        Some(text) => {
            let request = client.request(&method.to_uppercase(), &address);
            let request = request.header("content-type", "text/plain");
            return client.send(request.body(Body::from(text.to_owned()))).await;
        }
        None => {}
    }
    let text = body.to_string().replace(
        "\"project_id\":0",
        &format!("\"project_id\":{}", known.project),
    );
    let text = text.replace("\"others\":[0]", &format!("\"others\":[{}]", known.other));
    let text = text.replace(
        "\"department_id\":0",
        &format!("\"department_id\":{}", known.department),
    );
    let body = serde_json::from_str(&text).unwrap_or_default();
    client.json(&method.to_uppercase(), &address, body).await
}

/// A small region of one person's own: what they change shows to nobody else.
async fn region(role: Role, unit: &str, department: Option<&str>) -> (Server, Known) {
    let server = Server::new().await;
    let user = server.user(role, unit, department).await;
    let other = server.user(Role::Leader, REGION, None).await;
    let project = server.project("一期").await;
    let second = server.project("二期").await;
    server.january(&[project]).await;
    let system = server.app.system().await.expect("the system");
    let mut edit = gangmu_app::library::ProjectEdit::default();
    let energy = gangmu_app::domain::library::Value::Code("能源局".to_owned());
    edit.fields
        .insert(gangmu_app::domain::library::Field::Department, Some(energy));
    server
        .app
        .project_edit(&system, project, None, &edit)
        .await
        .expect("a department");
    if role == Role::Reporter {
        let reporter = Some(gangmu_app::domain::organisation::UserId(user));
        server
            .app
            .project_assign(&system, project, reporter)
            .await
            .expect("a reporter");
    }
    let upload = gangmu_app::library::Upload {
        file_name: "a.pdf".into(),
        bytes: b"%PDF-1.7".to_vec().into(),
    };
    let input = gangmu_app::approvals::CaseInput::default();
    let made = server.app.case_create(&system, project, input).await;
    made.expect("a case");
    let (sitting, department) = sitting(&server, project).await;
    let attachment = server
        .app
        .attachment_add(&system, project, upload)
        .await
        .expect("a paper");
    let users = server.app.user_list(&system).await.expect("users");
    let post = users
        .iter()
        .find(|one| one.user_id == other)
        .map(|one| one.posts[0].post_id);
    let import = own_import(&server, user).await;
    let ledger_import = own_ledger(&server, user).await;
    let raised = gangmu_app::problems::RaiseInput::new(project, "外部供电线路尚未核准");
    let problem = server.app.problem_raise(&system, &raised).await;
    let (assignment, visit, resolution) = liaison(&server, project).await;
    let handover = handed_over(&server, second).await;
    let (series, meeting) = meeting(&server, project).await;
    let plan = plan(&server).await;
    supervised(&server, plan, (role, unit)).await;
    let known = Known {
        plan,
        import,
        ledger_import,
        assignment,
        visit,
        resolution,
        handover,
        series,
        meeting,
        problem: problem.expect("a problem"),
        project: project.0,
        other: second.0,
        attachment,
        sitting,
        department,
        user: other,
        post: post.expect("a post"),
    };
    (server, known)
}

/// The region's plan in force, its one task with a reported indicator.
async fn plan(server: &Server) -> i64 {
    use gangmu_app::plans::{Adoption, IndicatorInput, NewPlan, OfficeInput, TaskInput};
    let app = &server.app;
    let clerk = app.system().await.expect("the system");
    let day = |text: &str| text.parse().ok();
    let input = NewPlan {
        kind: gangmu_app::domain::plans::PlanKind::Implementation,
        office: OfficeInput::unit(REGION),
        parent: None,
        title: "实施方案".into(),
        from: day("2025-01-01"),
        until: day("2025-12-31"),
    };
    let id = app.plan_create(&clerk, &input).await.expect("a plan");
    let task = TaskInput {
        title: "谋划".into(),
        lead: OfficeInput::unit(REGION),
        due: day("2025-12-31"),
        ..TaskInput::default()
    };
    let key = app.plan_task_put(&clerk, id, None, None, &task).await;
    let indicator = IndicatorInput {
        name: "签约".into(),
        unit: "个".into(),
        target: "10".into(),
        ..IndicatorInput::default()
    };
    let key = key.expect("a task");
    let put = app.plan_indicator_put(&clerk, id, None, key, None, &indicator);
    assert_eq!(put.await.expect("an indicator"), 2);
    let table = gangmu_app::imports::ImportFile {
        name: "任务.csv".into(),
        bytes: "任务,牵头单位,完成时限\n谋划,内蒙古,年底前\n".into(),
    };
    let made = app.plan_import_preview(&clerk, id, table).await;
    assert_eq!(made.expect("a table").import, 1);
    let adopted = app.plan_adopt(&clerk, id, None, &Adoption::default()).await;
    adopted.expect("in force");
    let value = gangmu_app::plans::ValueInput {
        value: "1".into(),
        files: vec![gangmu_app::library::Upload {
            file_name: "台账.pdf".into(),
            bytes: b"%PDF-1.7 list".to_vec().into(),
        }],
        ..gangmu_app::plans::ValueInput::default()
    };
    let handed = app.plan_value_put(&clerk, id, 2, value).await;
    assert_eq!(handed.expect("a value"), 1);
    id.0
}

/// Puts the region's plan under supervision: its indicator was reported to be behind, a letter was
/// written over it, and the region's office answered; each with a file.
async fn supervised(server: &Server, plan: i64, there: (Role, &str)) {
    use gangmu_app::domain::plans::PlanId;
    use gangmu_app::domain::supervision::{Item, LetterAct, LetterKind, Rhythm, State};
    use gangmu_app::plans::OfficeInput;
    use gangmu_app::supervision::{LetterActInput, NewLetter, ReportInput, SupervisionInput};
    let app = &server.app;
    let clerk = app.system().await.expect("the system");
    // A letter goes only to where somebody could answer.
    for role in [Role::Supervisor, Role::Clerk] {
        if there != (role, REGION) {
            server.user(role, REGION, None).await;
        }
    }
    let login = format!("{}@{REGION}", Role::Supervisor.word());
    let users = app.user_list(&clerk).await.expect("users");
    let found = users.iter().find(|one| one.login == login);
    let user = found.expect("a supervisor").user_id;
    let user = gangmu_app::domain::organisation::UserId(user);
    let supervisor = app.actor(user).await.expect("a supervisor");
    let (plan, period) = (PlanId(plan), "2025-01".parse().expect("a month"));
    let input = SupervisionInput {
        edit: None,
        rhythm: Rhythm::Monthly,
        since: period,
        until: None,
    };
    let put = app.supervision_put(&supervisor, plan, input).await;
    put.expect("under supervision");
    // The round takes reports, and is shown, from ten days before it is due.
    server.clock.set(jiff::civil::date(2025, 1, 16));
    let file = |name: &str| gangmu_app::library::Upload {
        file_name: name.into(),
        bytes: b"%PDF-1.7 proof".to_vec().into(),
    };
    let input = ReportInput {
        version: None,
        plan_version: None,
        state: State::Behind,
        text: "签约一个".into(),
        reason: "年初签约少".into(),
        files: vec![file("报送.pdf")],
    };
    let item = Item {
        task: 1,
        indicator: 2,
    };
    let reported = app.supervision_report(&clerk, plan, (period, item), input);
    reported.await.expect("a report");
    let letter = NewLetter {
        plan,
        period,
        kind: LetterKind::Urge,
        office: OfficeInput::unit(REGION),
        reply_by: None,
    };
    let written = app.supervision_letter_write(&supervisor, &letter).await;
    let (unit, year, seq) = written.expect("a letter");
    assert_eq!((unit.as_str(), year, seq), (REGION, 2025, 1));
    let input = LetterActInput {
        version: None,
        act: LetterAct::Reply {
            text: "已约谈".into(),
        },
        files: vec![file("回函.pdf")],
    };
    let replied = app.supervision_letter_act(&clerk, &unit, (year, seq), input);
    replied.await.expect("an answer");
}

/// A series of the banner with a meeting that is being prepared, a project on its agenda.
async fn meeting(server: &Server, project: ProjectId) -> (i64, i64) {
    let system = server.app.system().await.expect("the system");
    let input = gangmu_app::meetings::SeriesInput {
        title: "周调度".to_owned(),
        about: String::new(),
        unit: BANNER.to_owned(),
        rhythm: gangmu_app::domain::meetings::Rhythm::Weekly,
        first: None,
    };
    let series = server.app.series_add(&system, &input).await;
    let series = series.expect("a series");
    let meeting = server.app.meeting_prepare(&system, series).await;
    let meeting = meeting.expect("a meeting");
    let added = server.app.agenda_add(&system, meeting, project, "领导点名");
    added.await.expect("on the agenda");
    (series, meeting)
}

/// What one clerk of the banner held went to another.
async fn handed_over(server: &Server, project: ProjectId) -> i64 {
    use gangmu_app::domain::liaison::{Duty, Holder};
    use gangmu_app::liaison::{AssignInput, HandoverInput, Instead};
    let system = server.app.system().await.expect("the system");
    let mut posts = Vec::new();
    for login in ["old", "new"] {
        let added = server
            .app
            .user_add(&system, login, login, super::PASSWORD)
            .await;
        let user = added.expect("a user");
        let given = server
            .app
            .post_give(&system, user, Role::Clerk, BANNER, None)
            .await;
        given.expect("a post");
        posts.push(user);
    }
    let input = AssignInput {
        projects: vec![project],
        duty: Duty::Resident,
        unit: BANNER.to_owned(),
        holder: Holder::User(posts[0]),
        from: Some(jiff::civil::date(2025, 1, 1)),
        to: None,
        instead: Instead::Stay,
        reason: String::new(),
    };
    server.app.assign(&system, &input).await.expect("one set");
    let input = HandoverInput {
        from: posts[0],
        to: posts[1],
        unit: BANNER.to_owned(),
        on: None,
        reason: String::new(),
    };
    server
        .app
        .hand_over(&system, &input)
        .await
        .expect("a hand-over")
}

/// Somebody of the banner answers for a project, was there, and told the banner's office something.
async fn liaison(server: &Server, project: ProjectId) -> (i64, i64, i64) {
    use gangmu_app::domain::liaison::{Bond, Duty, Holder, Visit, VisitKind};
    use gangmu_app::domain::problems::Party;
    use gangmu_app::liaison::{AssignInput, Instead, ResolveInput, VisitInput};
    let system = server.app.system().await.expect("the system");
    let assigned = AssignInput {
        projects: vec![project],
        duty: Duty::Leader,
        unit: BANNER.to_owned(),
        holder: Holder::Named("包联领导".to_owned()),
        from: None,
        to: None,
        instead: Instead::Stay,
        reason: String::new(),
    };
    server
        .app
        .assign(&system, &assigned)
        .await
        .expect("one set");
    let view = server.app.responsibility(&system, project, None).await;
    let assignment = view.expect("who answers").standing[0].assignment_id;
    let reference = server.app.reference().await.expect("reference data");
    let told = ResolveInput {
        body: "协调供电线路".to_owned(),
        party: Party::Office {
            unit: reference.unit_by_code(BANNER).expect("a unit").path.clone(),
            department: None,
        },
        due: server.app.today(),
        bond: Bond::Free,
    };
    let input = VisitInput {
        visit: Visit {
            kind: VisitKind::OnSite,
            on: server.app.today(),
            place: String::new(),
            position: None,
            attendees: String::new(),
            body: "现场调度".to_owned(),
        },
        photos: Vec::new(),
        problems: Vec::new(),
        instructions: vec![told],
    };
    let visit = server.app.visit_record(&system, project, input).await;
    let visit = visit.expect("a visit");
    let record = server.app.visit_view(&system, visit).await;
    let told = record.expect("the visit").instructions[0].resolution_id;
    (assignment, visit, told)
}

/// A joint sitting of the banner, and a department that is asked there.
async fn sitting(server: &Server, project: ProjectId) -> (i64, i64) {
    use gangmu_app::approvals::{ActInput, SittingCall};
    let system = server.app.system().await.expect("the system");
    let received = gangmu_app::domain::approvals::Act::Receive {
        after_cut_off: false,
    };
    let input = ActInput::new(None, received);
    let acted = server.app.item_act(&system, project, "A01", &input).await;
    acted.expect("an application");
    let reference = server.app.reference().await.expect("reference data");
    let call = SittingCall {
        title: "联审会".into(),
        unit: reference.unit_by_code(BANNER).expect("a unit").path.clone(),
        projects: vec![project],
    };
    let called = server.app.sitting_call(&system, &call).await;
    let sitting = called.expect("a sitting");
    let view = server.app.sitting_view(&system, sitting).await;
    let asked = view.expect("the sitting").agenda[0].opinions[0].clone();
    (sitting, asked.department.department_id)
}

/// A table of one's own, if one may import; its row cannot be adopted.
async fn own_import(server: &Server, user: i64) -> i64 {
    let user = gangmu_app::domain::organisation::UserId(user);
    let actor = server.app.actor(user).await.expect("somebody");
    let file = gangmu_app::imports::ImportFile {
        name: "计划.csv".into(),
        bytes: "项目名称,总投资（万元）\n新厂,待定吧\n".into(),
    };
    let options = gangmu_app::imports::ImportOptions::default();
    let preview = server.app.import_preview(&actor, vec![file], &options);
    preview.await.map_or(0, |preview| preview.import_id)
}

/// A ledger of one's own, if one may hand one in; its row cannot be adopted.
async fn own_ledger(server: &Server, user: i64) -> i64 {
    use gangmu_app::ledgers::{Ledger, LedgerOptions};
    let user = gangmu_app::domain::organisation::UserId(user);
    let actor = server.app.actor(user).await.expect("somebody");
    let file = gangmu_app::imports::ImportFile {
        name: "台账.csv".into(),
        bytes: "项目名称,存在问题,提出日期\n没有的项目,线路未核准,\n".into(),
    };
    let options = LedgerOptions::new(Ledger::Problems);
    let preview = server.app.ledger_preview(&actor, &options, file);
    preview.await.map_or(0, |preview| preview.import_id)
}

#[tokio::test]
async fn slow_what_each_role_may_is_what_the_matrix_says() {
    let routes = asked();
    let mut cells: Vec<Vec<&str>> = vec![Vec::new(); routes.len()];
    for (_, role, unit, department) in PEOPLE {
        let (server, known) = region(*role, unit, *department).await;
        let person = server.log_in(&format!("{}@{unit}", role.word())).await;
        for (line, (method, path, query, body)) in cells.iter_mut().zip(&routes) {
            let answer = ask(&person, method, path, query, body, &known).await;
            line.push(match answer.status.as_u16() {
                200..300 | 409 | 422 => "yes",
                403 => "-",
                404 => "hidden",
                other => panic!("{} {method} {path}: {other} {}", role.word(), answer.text),
            });
        }
    }
    let mut table = String::from(
        "Who may call what under /api/v1.\n\
         yes: may; -: is refused and told who may; hidden: is told that there is no such thing.\n\n",
    );
    for (at, (name, ..)) in PEOPLE.iter().enumerate() {
        let _ = writeln!(table, "{:2} {name}", at + 1);
    }
    let _ = write!(table, "\n{:66}", "");
    for at in 1..=PEOPLE.len() {
        let _ = write!(table, "{at:<7}");
    }
    table = table.trim_end().to_owned() + "\n";
    for ((method, path, _, _), line) in routes.iter().zip(&cells) {
        let path = path.trim_start_matches("/api/v1");
        let _ = write!(table, "{:7}{path:58} ", method.to_uppercase());
        for cell in line {
            let _ = write!(table, "{cell:7}");
        }
        table = table.trim_end().to_owned() + "\n";
    }
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/routes.txt");
    if std::env::var_os("GANGMU_UPDATE_GOLDEN").is_some() {
        std::fs::write(&golden, &table).expect("a golden file");
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    assert!(
        table == expected,
        "the matrix changed; run with GANGMU_UPDATE_GOLDEN=1 and look at the difference:\n{table}"
    );
}
