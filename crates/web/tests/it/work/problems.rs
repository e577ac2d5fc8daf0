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
    assert!(!accepted.text.contains("order.docx"), "nothing was ordered");
    let order = format!("{address}/order.docx");
    shows(
        &banner.get(&order).await,
        422,
        &["not been handed over yet"],
    );
    let to = format!("version=2&party=office&unit={BANNER}&demand=协调到位");
    let handed = step(&banner, "hand_over", &to).await;
    let given = format!("href=\"{order}?step=3\"");
    shows(&handed, 200, &["Being solved", "协调到位", &given]);
    for (query, status) in [
        ("", 200),
        ("?step=3", 200),
        ("?step=1", 404),
        ("?step=x", 404),
    ] {
        let paper = banner.get(&format!("{order}{query}")).await;
        assert_eq!(paper.status, status, "{query}");
    }
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

#[tokio::test]
async fn more_time_is_asked_for_and_the_story_leads_to_the_problem() {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let league = server.person(Role::Clerk, LEAGUE).await;
    let system = server.app.system().await.expect("the system");
    let input = gangmu_app::problems::RaiseInput::new(project, "征地补偿未到位");
    let id = server.app.problem_raise(&system, &input).await;
    let address = format!("/problems/{}", id.expect("a problem"));
    let step = async |who: &crate::server::Client<'_>, word: &str, body: &str| {
        let answer = who.form(&format!("{address}/{word}"), body).await;
        followed(who, answer).await
    };
    step(&banner, "accept", "version=1&kind=demolition&grade=serious").await;
    let to = format!("version=2&party=office&unit={BANNER}&demand=协调到位");
    step(&banner, "hand_over", &to).await;
    let form = banner.get(&format!("{address}?do=ask_extension")).await;
    shows(&form, 200, &["The deadline you need"]);
    let wish = "version=3&reason=批复未到&due_on=2025-01-24";
    let asked = step(&banner, "ask_extension", wish).await;
    shows(&asked, 200, &["nobody has decided yet", "Refuse more time"]);
    let yes = "version=4&reason=同意&approver=副主任&due_on=2025-01-24";
    step(&banner, "extend", yes).await;
    let again = "version=5&reason=批复还是未到&due_on=2025-02-20";
    let up = step(&banner, "ask_extension", again).await;
    shows(
        &up,
        200,
        &["escalated once", "再次申请延期，自动升级：批复还是未到"],
    );
    let nobody = "version=7&party=office&unit=150526&demand=协调到位";
    let nobody = league.form(&format!("{address}/hand_over"), nobody).await;
    assert_eq!(nobody.status, 422, "{}", nobody.text);
    let card = banner.get(&format!("/projects/{project}")).await;
    let told = format!("<a href=\"{address}\">");
    shows(&card, 200, &[&told, "Ask for more time", "Escalate"]);
    // Two days later more is known than on that day.
    server.clock.set(jiff::civil::date(2025, 1, 8));
    let banner = server.log_in(&format!("clerk@{BANNER}")).await;
    step(&banner, "progress", "version=7&text=已约谈").await;
    let later = format!("project={project}&title=供电线路未核准");
    followed(&banner, banner.form("/problems", &later).await).await;
    let now = banner.get(&format!("/projects/{project}")).await;
    shows(&now, 200, &["征地补偿未到位", "供电线路未核准"]);
    let then = banner
        .get(&format!("/projects/{project}?as_of=2025-01-06"))
        .await;
    shows(
        &then,
        200,
        &["征地补偿未到位", &format!("{address}?as_of=2025-01-06")],
    );
    assert!(!then.text.contains("供电线路未核准"), "raised later");
    let then = banner.get(&format!("{address}?as_of=2025-01-06")).await;
    shows(&then, 200, &["征地补偿未到位"]);
    assert!(!then.text.contains("已约谈") && !then.text.contains("do=answer"));
    assert_eq!(
        banner
            .get(&format!("{address}?as_of=2025-01-05"))
            .await
            .status,
        404
    );
}

#[tokio::test]
async fn a_problem_is_raised_from_a_matter_and_of_projects_found_by_name() {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    let other = server.project("测试风电项目").await;
    server.project("测试光伏项目一期").await;
    server.project("测试光伏项目二期").await;
    let system = server.app.system().await.expect("the system");
    let case = gangmu_app::approvals::CaseInput::default();
    let made = server.app.case_create(&system, project, case).await;
    made.expect("a case");
    let banner = server.person(Role::Clerk, BANNER).await;
    let case = banner.get(&format!("/projects/{project}/approvals")).await;
    let link = format!("/problems/new?project={project}&matter=A01");
    shows(&case, 200, &[&link]);
    let form = banner.get(&link).await;
    shows(&form, 200, &["value=\"A01\" selected"]);
    let wanted = format!("project={project}&matter=A01&title=核准受阻");
    let unknown = banner
        .form("/problems", &format!("{wanted}&named=没有这个项目"))
        .await;
    assert_eq!(unknown.status, 422, "{}", unknown.text);
    let several = banner
        .form(
            "/problems",
            &format!("{wanted}&named=测试风电项目%0A测试光伏"),
        )
        .await;
    shows(
        &several,
        422,
        &[
            "Several projects fit",
            "测试光伏项目一期",
            "测试光伏项目二期",
        ],
    );
    let clear = format!("name=\"project\" value=\"{other}\"");
    assert!(several.text.contains(&clear), "what was clear stays");
    let raised = banner
        .form("/problems", &format!("{wanted}&named=测试风电项目"))
        .await;
    let page = followed(&banner, raised).await;
    shows(
        &page,
        200,
        &["测试风电项目", "matter A01", "approval matter A01"],
    );
    let case = banner.get(&format!("/projects/{project}/approvals")).await;
    shows(&case, 200, &["核准受阻"]);
    let ledger = banner.get("/problems").await;
    shows(
        &ledger,
        200,
        &["Held up altogether", "/problems#rows", "standing=waiting"],
    );
}
