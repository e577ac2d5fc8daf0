//! The pages of the record of approvals: times and the matters behind them, what-if; who sees what
//! and what a nonsensical address gets.

use gangmu_app::approvals::CaseInput;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;

use super::shows;
use crate::server::{BANNER, REGION, Server};

/// A project with a case, one matter of which has come in.
async fn recorded() -> (Server, ProjectId) {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    let system = server.app.system().await.expect("the system");
    let made = server
        .app
        .case_create(&system, project, CaseInput::default());
    made.await.expect("a case");
    let officer = server.person(Role::Approver, BANNER).await;
    let received = format!("/projects/{project}/approvals/A01/receive");
    let answer = officer.form(&received, "version=1").await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    (server, project)
}

#[tokio::test]
async fn times_are_shown_line_by_line_and_every_count_opens_its_matters() {
    let (server, project) = recorded().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let page = clerk.get("/approvals/timing").await;
    let matters = "/approvals/timing/matters?matter=A01";
    shows(
        &page,
        200,
        &["how long approvals take", "Best in the country", matters],
    );
    let opened = clerk.get(&format!("{matters}&among=open")).await;
    let case = format!("/projects/{project}/approvals#matter-A01");
    shows(&opened, 200, &["测试热电联产项目", &case, "Matter: "]);
    let decided = clerk.get(&format!("{matters}&among=decided")).await;
    shows(&decided, 200, &["No matter matches"]);
    for by in ["department", "unit", "office"] {
        let page = clerk
            .get(&format!("/approvals/timing?by={by}&sort=-open"))
            .await;
        shows(&page, 200, &["/approvals/timing/matters?"]);
    }
    let none = clerk.get("/approvals/timing?to=2020-01-01").await;
    shows(&none, 200, &["Nothing was decided or is open here"]);
    let sheet = clerk.get("/approvals/timing.xlsx?by=office").await;
    assert_eq!(sheet.status, 200);
    assert!(sheet.header("content-disposition").contains(".xlsx"));
}

#[tokio::test]
async fn an_address_that_makes_no_sense_is_refused_and_says_why() {
    let (server, _) = recorded().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    for (address, why) in [
        ("/approvals/timing?by=moon", "is not on the list"),
        ("/approvals/timing?from=soon", "is not on the list"),
        ("/approvals/timing?group=moon", "is not on the list"),
        ("/approvals/timing?department=moon", "is not on the list"),
        (
            "/approvals/timing?from=2026-02-01&to=2026-01-01",
            "is before the first day",
        ),
        ("/approvals/timing/matters?among=some", "is not on the list"),
        ("/approvals/timing/matters?office=1", "is not on the list"),
        ("/approvals/what-if?matter=A99", "is not on the list"),
        ("/approvals/what-if?matter=A05&days=0", "is not on the list"),
        (
            "/approvals/what-if?matter=A05&beside=A05",
            "Choose two different matters",
        ),
    ] {
        shows(&clerk.get(address).await, 422, &[why]);
    }
    assert_eq!(clerk.get("/approvals/timing?unit=150200").await.status, 404);
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    for address in [
        "/approvals/timing",
        "/approvals/timing/matters",
        "/approvals/timing.xlsx",
        "/approvals/what-if",
    ] {
        assert_eq!(keeper.get(address).await.status, 403, "{address}");
    }
}

#[tokio::test]
async fn what_if_ranks_tries_and_says_when_nothing_changes() {
    let (server, project) = recorded().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    shows(
        &clerk.get("/approvals/what-if").await,
        200,
        &[
            "Each cut by one working day",
            "matter=A18&days=1#tried",
            "free nothing when cut",
        ],
    );
    let tried = clerk.get("/approvals/what-if?matter=A18&days=3").await;
    let case = format!("/projects/{project}/approvals");
    shows(
        &tried,
        200,
        &[
            "cut by 3 working days",
            "Projects that would start earlier",
            &case,
        ],
    );
    let idle = clerk.get("/approvals/what-if?matter=A26&days=3").await;
    shows(&idle, 200, &["Nothing would change"]);
    assert!(!idle.text.contains("Projects that would start earlier"));
    let elsewhere = server.person(Role::Clerk, "150200").await;
    let none = elsewhere.get("/approvals/what-if").await;
    shows(&none, 200, &["No project waits for approvals"]);
}

#[tokio::test]
async fn the_process_is_drawn_and_told_in_tables_and_leaves_as_a_log() {
    let (server, _) = recorded().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let page = clerk.get("/approvals/process").await;
    shows(
        &page,
        200,
        &[
            "how cases really went",
            "class=\"gm-map-box gm-map-activity\"",
            "<title>start → Receive · once</title>",
            "Nothing was done a second time",
            "/approvals/process/log/jsonocel",
        ],
    );
    let drawn = clerk.get("/approvals/process?view=projects&rare=20").await;
    shows(&drawn, 200, &["Nothing was decided or is open here"]);
    for (ending, begins) in [("xes", "<?xml"), ("jsonocel", "{")] {
        let file = clerk.get(&format!("/approvals/process/log/{ending}")).await;
        assert_eq!(file.status, 200, "{}", file.text);
        assert!(file.text.starts_with(begins), "{}", file.text);
        assert!(file.header("content-disposition").contains(ending));
    }
    let elsewhere = server.person(Role::Clerk, "150200").await;
    let theirs = elsewhere.get("/approvals/process/log/xes").await;
    assert!(!theirs.text.contains("测试热电联产项目"), "{}", theirs.text);
    for (address, status) in [
        ("/approvals/process?view=moon", 422),
        ("/approvals/process?rare=often", 422),
        ("/approvals/process?rare=101", 422),
        ("/approvals/process/log/doc", 404),
        ("/approvals/process?unit=150200", 404),
    ] {
        assert_eq!(clerk.get(address).await.status, status, "{address}");
    }
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    for address in ["/approvals/process", "/approvals/process/log/xes"] {
        assert_eq!(keeper.get(address).await.status, 403, "{address}");
    }
}

const LOG: &str = "\
case:concept:name,case:deadline,case:enddate,concept:name,time:timestamp
A,2026-03-10 18:00:00Z,2026-03-09 17:00:00Z,Receipt,2026-03-02 09:00:00Z
A,,,Decision,2026-03-09 17:00:00Z
B,2026-03-10 18:00:00Z,2026-03-13 18:00:00Z,Receipt,2026-03-02 09:00:00Z
";

#[tokio::test]
async fn somebody_elses_log_is_analysed_and_nothing_of_it_is_kept() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    shows(&clerk.get("/approvals/logs").await, 200, &["Hand a log in"]);
    let post = "/approvals/logs/analysis";
    let found = clerk.upload(post, "permits.csv", LOG.as_bytes()).await;
    shows(
        &found,
        200,
        &[
            "permits.csv",
            "Receipt → Decision",
            "50.0%",
            "<dd>2</dd>",
            "<dd>1</dd>",
        ],
    );
    let bomb = "<!DOCTYPE log [<!ENTITY a \"aaaa\">]><log/>";
    let refused = clerk.upload(post, "bomb.xes", bomb.as_bytes()).await;
    shows(&refused, 422, &["DOCTYPE", "href=\"#field-file\""]);
    let empty = clerk.upload(post, "", b"").await;
    assert_eq!(empty.status, 422, "{}", empty.text);
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    assert_eq!(keeper.get("/approvals/logs").await.status, 403);
    let refused = keeper.upload(post, "permits.csv", LOG.as_bytes()).await;
    assert_eq!(refused.status, 403, "{}", refused.text);
}
