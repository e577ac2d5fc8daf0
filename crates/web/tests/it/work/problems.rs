//! A problem from its raising to the ledger's last line, on pages alone; who is refused.

use gangmu_app::domain::organisation::Role;

use super::{followed, shows};
use crate::server::{BANNER, LEAGUE, REGION, Server};

#[tokio::test]
async fn a_problem_is_raised_handed_over_answered_and_struck_off_by_another() {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let league = server.person(Role::Clerk, LEAGUE).await;
    let form = banner
        .get(&format!("/problems/new?project={project}"))
        .await;
    shows(&form, 200, &["Raise a problem", "测试热电联产项目"]);
    let untitled = banner
        .form("/problems", &format!("project={project}&title="))
        .await;
    assert_eq!(untitled.status, 422, "{}", untitled.text);
    let raised = banner
        .form(
            "/problems",
            &format!("project={project}&title=征地补偿未到位"),
        )
        .await;
    let address = raised.header("location").to_owned();
    shows(
        &followed(&banner, raised).await,
        200,
        &["on record", "Acquisition and demolition", "To be accepted"],
    );
    let opened = banner.get(&format!("{address}?do=accept")).await;
    shows(&opened, 200, &["name=\"version\" value=\"1\"", "Serious"]);
    let step = async |who: &crate::server::Client<'_>, word: &str, body: &str| {
        let answer = who.form(&format!("{address}/{word}"), body).await;
        followed(who, answer).await
    };
    let accepted = step(&banner, "accept", "version=1&kind=demolition&grade=serious").await;
    shows(&accepted, 200, &["To be handed over"]);
    let to = format!("version=2&party=office&unit={BANNER}&demand=协调到位");
    let handed = step(&banner, "hand_over", &to).await;
    shows(&handed, 200, &["Being solved", "协调到位"]);
    let bad = banner
        .form(&format!("{address}/answer"), "version=3&measures=&result=")
        .await;
    assert_eq!(bad.status, 422, "{}", bad.text);
    let answered = step(&banner, "answer", "version=3&measures=已拨付&result=已到位").await;
    shows(&answered, 200, &["To be verified"]);
    let own = banner
        .form(&format!("{address}/verify"), "version=4&finding=属实")
        .await;
    shows(&own, 422, &["Whoever answered may not verify"]);
    let late = league
        .form(&format!("{address}/verify"), "version=3&finding=属实")
        .await;
    shows(&late, 409, &["Somebody else has just acted"]);
    step(&league, "verify", "version=4&finding=属实").await;
    let done = step(&league, "strike_off", "version=5&remark=").await;
    shows(&done, 200, &["Struck off", "属实"]);
    shows(
        &banner.get("/problems?standing=struck_off").await,
        200,
        &["征地补偿未到位"],
    );
    shows(
        &banner.get(&format!("/projects/{project}")).await,
        200,
        &["征地补偿未到位"],
    );
}

#[tokio::test]
async fn who_may_not_see_the_project_finds_no_problem_and_a_reader_no_button() {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    let system = server.app.system().await.expect("the system");
    let input = gangmu_app::problems::RaiseInput::new(project, "供电线路未核准");
    let id = server.app.problem_raise(&system, &input).await;
    let address = format!("/problems/{}", id.expect("a problem"));
    let elsewhere = server.person(Role::Clerk, "150200").await;
    assert_eq!(elsewhere.get(&address).await.status, 404);
    let leader = server.person(Role::Leader, REGION).await;
    let page = leader.get(&address).await;
    shows(&page, 200, &["供电线路未核准"]);
    assert!(!page.text.contains("do=accept"));
    let refused = leader
        .form(
            &format!("{address}/accept"),
            "version=1&kind=land&grade=general",
        )
        .await;
    assert_eq!(refused.status, 403);
    assert_eq!(leader.get("/problems?standing=someday").await.status, 404);
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    assert_eq!(keeper.get("/problems").await.status, 403);
    let workbook = leader.get("/problems/ledger.xlsx").await;
    assert_eq!(workbook.status, 200);
}
