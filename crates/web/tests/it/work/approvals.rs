//! A case from its making to a decision, on pages alone; the lists; who is refused.

use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;

use super::{between, followed, shows};
use crate::server::{BANNER, REGION, Server};

async fn case() -> (Server, ProjectId) {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    let system = server.app.system().await.expect("the system");
    let input = gangmu_app::approvals::CaseInput::default();
    let made = server.app.case_create(&system, project, input).await;
    made.expect("a case");
    (server, project)
}

#[tokio::test]
async fn a_case_is_made_with_one_button_and_only_once() {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let address = format!("/projects/{project}/approvals");
    shows(
        &clerk.get(&address).await,
        200,
        &["No approval case yet", "Make the case"],
    );
    let made = clerk.form(&address, "route=").await;
    let page = followed(&clerk, made).await;
    shows(
        &page,
        200,
        &["The case has been made", "Critical path", "gm-lane-today"],
    );
    shows(
        &clerk.form(&address, "route=").await,
        422,
        &["has an approval case already"],
    );
}

#[tokio::test]
async fn who_may_not_see_the_project_finds_no_case_and_a_leader_no_button() {
    let (server, project) = case().await;
    let address = format!("/projects/{project}/approvals");
    let elsewhere = server.person(Role::Clerk, "150200").await;
    assert_eq!(elsewhere.get(&address).await.status, 404);
    let leader = server.person(Role::Leader, REGION).await;
    let page = leader.get(&address).await;
    shows(&page, 200, &["Matters needed"]);
    assert!(!page.text.contains("do=receive"));
    let refused = leader
        .form(&format!("{address}/A01/receive"), "version=1")
        .await;
    assert_eq!(refused.status, 403);
}

#[tokio::test]
async fn an_officer_receives_a_matter_and_is_told_what_cannot_be() {
    let (server, project) = case().await;
    let officer = server.person(Role::Approver, BANNER).await;
    let address = format!("/projects/{project}/approvals");
    let page = officer.get(&address).await;
    let plain = page.text.replace("&#x2f;", "/").replace("&amp;", "&");
    let matter = between(&plain, "approvals?matter=", "&do=receive").to_owned();
    let matter = matter
        .rsplit("matter=")
        .next()
        .unwrap_or_default()
        .to_owned();
    let opened = officer
        .get(&format!("{address}?matter={matter}&do=receive"))
        .await;
    shows(&opened, 200, &["name=\"version\" value=\"1\"", "Papers"]);
    let post = format!("{address}/{matter}/receive");
    let future = officer.form(&post, "version=1&on=2031-01-01").await;
    assert_eq!(future.status, 422, "{}", future.text);
    let nonsense = officer.form(&post, "version=1&on=soon").await;
    assert_eq!(nonsense.status, 422, "{}", nonsense.text);
    let received = officer.form(&post, "version=1").await;
    shows(
        &followed(&officer, received).await,
        200,
        &["Recorded: Receive", "In review"],
    );
    let late = officer
        .form(&format!("{address}/{matter}/accept"), "version=1")
        .await;
    shows(&late, 409, &["Somebody else acted on this matter"]);
    shows(
        &officer.get("/approvals").await,
        200,
        &["My work", "测试热电联产项目"],
    );
    assert_eq!(officer.get("/approvals?phase=someday").await.status, 422);
    assert_eq!(officer.get("/approvals?level=moon").await.status, 422);
    let banner = officer.get("/approvals?level=banner").await;
    shows(&banner, 200, &["测试热电联产项目"]);
    let nation = officer.get("/approvals?level=nation").await;
    assert!(!nation.text.contains("测试热电联产项目"));
}

#[tokio::test]
async fn ledgers_and_the_forwarding_board_are_for_whoever_reads() {
    let (server, _) = case().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    shows(
        &clerk.get("/approvals/forwarding").await,
        200,
        &["Forwarding board"],
    );
    for kind in ["region", "nation", "problems"] {
        let page = clerk.get(&format!("/approvals/ledgers/{kind}")).await;
        assert_eq!(page.status, 200, "{kind}: {}", page.text);
    }
    assert_eq!(clerk.get("/approvals/ledgers/other").await.status, 404);
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    assert_eq!(keeper.get("/approvals/forwarding").await.status, 403);
}
