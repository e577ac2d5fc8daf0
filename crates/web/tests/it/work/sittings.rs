//! A joint sitting on pages alone: called, answered, closed; who is refused.

use gangmu_app::approvals::{ActInput, CaseInput};
use gangmu_app::domain::approvals::Act;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;
use jiff::civil::date;

use super::{between, followed, shows};
use crate::server::{BANNER, Client, LEAGUE, Server};

/// A project whose first matter came in and asks two departments.
async fn received(server: &Server, name: &str) -> ProjectId {
    let project = server.project(name).await;
    let system = server.app.system().await.expect("the system");
    let made = server
        .app
        .case_create(&system, project, CaseInput::default())
        .await;
    made.expect("a case");
    let receive = Act::Receive {
        after_cut_off: false,
    };
    for act in [receive, Act::Accept] {
        let input = ActInput::new(None, act);
        let acted = server.app.item_act(&system, project, "A01", &input).await;
        acted.expect("an act");
    }
    project
}

async fn called(clerk: &Client<'_>, projects: &[ProjectId]) -> String {
    let ids: Vec<String> = projects.iter().map(|id| format!("&project={id}")).collect();
    let body = format!("title=Third&unit={BANNER}{}", ids.concat());
    let answer = clerk.form("/approvals/sittings/new", &body).await;
    assert_eq!(answer.status, 303, "{}", answer.text);
    answer.header("location").to_owned()
}

#[tokio::test]
async fn a_sitting_over_two_projects_is_called_answered_and_closed() {
    let server = Server::new().await;
    let (one, two) = (
        received(&server, "甲项目").await,
        received(&server, "乙项目").await,
    );
    let clerk = server.person(Role::Clerk, BANNER).await;
    let offered = clerk.get("/approvals/sittings/new").await;
    shows(&offered, 200, &["甲项目", "乙项目", "(asks 2)"]);
    let nothing = clerk
        .form("/approvals/sittings/new", &format!("title=&unit={BANNER}"))
        .await;
    assert_eq!(nothing.status, 422, "{}", nothing.text);
    server.user(Role::Approver, BANNER, Some("industry")).await;
    let officer = server.log_in(&format!("approver@{BANNER}")).await;
    let sitting = called(&clerk, &[one, two]).await;
    shows(
        &officer.get("/notices").await,
        200,
        &["The sitting “Third” asks", "to answer by"],
    );
    shows(
        &officer.get("/approvals/sittings").await,
        200,
        &["Third", "2 wait for you"],
    );
    let page = officer.get(&sitting).await;
    shows(&page, 200, &["甲项目", "乙项目", "Answer", "answer by"]);
    let department = between(&page.text, "name=\"department\" value=\"", "\"").to_owned();
    let say = format!("{sitting}/opinions");
    let about = |project: ProjectId, rest: &str| {
        format!("project={project}&matter=A01&department={department}&{rest}")
    };
    let mute = officer.form(&say, &about(one, "stance=object&body=")).await;
    assert_eq!(mute.status, 422, "{}", mute.text);
    let against = about(two, "stance=object&body=Against+the+plan");
    let said = followed(&officer, officer.form(&say, &against).await).await;
    shows(
        &said,
        200,
        &["The opinion has been recorded", "Against the plan"],
    );

    // Nobody else says anything for seven working days.
    server.clock.set(date(2025, 1, 16));
    let clerk = server.log_in(&format!("clerk@{BANNER}")).await;
    let officer = server.log_in(&format!("approver@{BANNER}")).await;
    let closing = clerk.get(&sitting).await;
    shows(
        &closing,
        200,
        &["no answer by", "Record decisions and close"],
    );
    assert!(closing.text.contains(&format!("decision-{one}-A01")));
    assert!(
        !closing.text.contains(&format!("decision-{two}-A01")),
        "a department objects"
    );
    let late = officer.form(&say, &about(one, "stance=agree&body=")).await;
    shows(&late, 422, &["agree"]);
    let close = format!("{sitting}/close");
    let decided = format!("version=1&decision-{one}-A01=grant&document-{one}-A01=No.+7");
    let done = followed(&clerk, clerk.form(&close, &decided).await).await;
    shows(
        &done,
        200,
        &["its decisions stand with the matters", "Closed on"],
    );
    let case = clerk.get(&format!("/projects/{one}/approvals")).await;
    shows(&case, 200, &["No. 7"]);
    let shelf = clerk.get(&format!("/projects/{one}/approvals/shelf")).await;
    shows(&shelf, 200, &["came with", "produced by", "Still missing"]);
    let sheet = clerk.get(&format!("{sitting}/sheet")).await;
    shows(&sheet, 200, &["Signature", "Against the plan"]);
    assert_eq!(clerk.form(&close, &decided).await.status, 422);
}

#[tokio::test]
async fn who_keeps_no_cases_neither_calls_nor_closes_and_elsewhere_there_is_no_sitting() {
    let server = Server::new().await;
    let project = received(&server, "甲项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let sitting = called(&clerk, &[project]).await;
    let leader = server.person(Role::Leader, LEAGUE).await;
    shows(&leader.get(&sitting).await, 200, &["甲项目"]);
    let close = format!("{sitting}/close");
    assert_eq!(leader.form(&close, "version=1").await.status, 403);
    assert_eq!(leader.get("/approvals/sittings/new").await.status, 403);
    let elsewhere = server.person(Role::Clerk, "150200").await;
    assert_eq!(elsewhere.get(&sitting).await.status, 404);
    let shelf = format!("/projects/{project}/approvals/shelf");
    assert_eq!(elsewhere.get(&shelf).await.status, 404);
    assert_eq!(elsewhere.form(&close, "version=1").await.status, 404);
    shows(
        &elsewhere.get("/approvals/sittings").await,
        200,
        &["No joint sitting yet"],
    );
}
