//! Who answers for a project, a leader's page, a meeting from its series to its minutes: on pages.

use gangmu_app::domain::organisation::Role;

use super::{between, followed, shows};
use crate::server::{BANNER, LEAGUE, REGION, Server};

#[tokio::test]
async fn somebody_is_set_for_ticked_projects_and_shown_on_the_card() {
    let server = Server::new().await;
    let (one, other) = (server.project("甲厂").await, server.project("乙厂").await);
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    let leader = server.person(Role::Leader, LEAGUE).await;
    shows(
        &clerk.get("/liaison?held=vacant").await,
        200,
        &["甲厂", "乙厂"],
    );
    let form = clerk
        .get(&format!("/liaison/new?project={one}&project={other}"))
        .await;
    shows(&form, 200, &["甲厂", "乙厂", "leader@150500"]);
    let nobody = format!("project={one}&duty=leader&unit={LEAGUE}");
    shows(&clerk.form("/liaison", &nobody).await, 422, &["Who"]);
    let set = format!("project={one}&project={other}&duty=leader&unit={LEAGUE}&named=包联领导甲");
    let done = clerk.form("/liaison", &set).await;
    shows(
        &followed(&clerk, done).await,
        200,
        &["Set for 2 projects", "包联领导甲"],
    );
    shows(
        &clerk.form("/liaison", &set).await,
        422,
        &["甲厂: somebody holds this duty already"],
    );
    shows(
        &clerk.get(&format!("/projects/{one}")).await,
        200,
        &["包联领导甲"],
    );
    shows(&clerk.get("/liaison/load").await, 200, &["包联领导甲"]);
    let history = clerk.get(&format!("/projects/{one}/responsibility")).await;
    shows(&history, 200, &["包联领导甲", "End"]);
    let number = between(&history.text, "/responsibility/", "/end").to_owned();
    let address = format!("/projects/{one}/responsibility/{number}/end");
    shows(
        &clerk.form(&address, "to=2025-01-05").await,
        422,
        &["cannot lie before"],
    );
    let ended = clerk.form(&address, "to=2025-01-06").await;
    shows(
        &followed(&clerk, ended).await,
        200,
        &["The last day is set"],
    );
    assert_eq!(clerk.get("/liaison/ledger.xlsx").await.status, 200);
    assert_eq!(clerk.get("/liaison?held=someday").await.status, 404);
    let page = leader.get("/liaison").await;
    shows(&page, 200, &["甲厂"]);
    assert!(
        !page.text.contains("data-check-all"),
        "a reader ticks nothing"
    );
    assert_eq!(leader.form("/liaison", &set).await.status, 403);
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    assert_eq!(keeper.get("/liaison").await.status, 403);
}

#[tokio::test]
async fn a_note_is_taken_on_the_way_and_a_dispatch_tells_an_office_what_to_do() {
    let server = Server::new().await;
    let project = server.project("甲厂").await;
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let leader = server.person(Role::Leader, LEAGUE).await;
    shows(
        &leader.get("/my").await,
        200,
        &["You answer for no project"],
    );
    let candidates = clerk.get(&format!("/liaison/new?project={project}")).await;
    let before = candidates
        .text
        .split("\">leader@150500")
        .next()
        .expect("the leader");
    let user = before.rsplit("value=\"").next().expect("a number");
    let set = format!("project={project}&duty=leader&unit={LEAGUE}&user={user}");
    clerk.form("/liaison", &set).await;
    shows(
        &leader.get("/my").await,
        200,
        &["甲厂", "Responsibility set"],
    );
    shows(
        &leader
            .get(&format!("/projects/{project}/visits/new?kind=note"))
            .await,
        200,
        &["甲厂"],
    );
    let address = format!("/projects/{project}/visits");
    let picture: &[u8] = b"\x89PNG\r\n\x1a\nrest";
    let fields = [("kind", "note"), ("body", "塔吊已就位"), ("next", "/my")];
    let noted = leader
        .hand_in(&address, &[("a.png", picture)], &fields)
        .await;
    assert_eq!(noted.header("location"), "/my");
    let blank = leader
        .hand_in(&address, &[], &[("kind", "note"), ("body", "")])
        .await;
    assert_eq!(blank.status, 422, "{}", blank.text);
    let fields = [
        ("kind", "on_site"),
        ("body", "现场调度"),
        ("on", "2025-01-06"),
        ("longitude", "122.26"),
        ("latitude", "43.62"),
        ("problem", "供电线路未核准\n占地未批"),
        ("instruction-1", "协调供电线路"),
        ("unit-1", BANNER),
        ("due_on-1", "2025-01-31"),
    ];
    let made = leader.hand_in(&address, &[], &fields).await;
    let shown = followed(&leader, made).await;
    shows(
        &shown,
        200,
        &["122.2600°", "供电线路未核准", "占地未批", "协调供电线路"],
    );
    let record = between(&shown.text.replace("&#x2f;", "/"), "href=\"/visits/", "\"").to_owned();
    assert!(record.ends_with("/record.docx"), "{record}");
    assert_eq!(leader.get(&format!("/visits/{record}")).await.status, 200);
    shows(
        &leader.get("/liaison").await,
        200,
        &["/visits/ledger.xlsx", "/liaison/ledger.xlsx"],
    );
    for (path, status) in [
        ("/visits/ledger.xlsx", 200),
        (
            "/visits/ledger.xlsx?unit=150502&from=2025-01-01&until=2025-01-31",
            200,
        ),
        ("/visits/ledger.xlsx?from=someday", 404),
        ("/visits/999/record.docx", 404),
        ("/resolutions/ledger.xlsx", 200),
        ("/resolutions/ledger.xlsx?part=all", 200),
        ("/resolutions/ledger.xlsx?part=someday", 404),
        ("/liaison/load.xlsx?duty=resident", 200),
        ("/liaison/load.xlsx?duty=someday", 404),
        ("/liaison/chains.xlsx?unit=150502", 200),
        ("/liaison/chains.xlsx?unit=150200", 404),
    ] {
        assert_eq!(leader.get(path).await.status, status, "{path}");
    }
    for path in ["/resolutions", "/liaison/load", "/liaison/chains"] {
        shows(&leader.get(path).await, 200, &["Export to Excel"]);
    }
    shows(
        &leader.get(&address).await,
        200,
        &["塔吊已就位", "现场调度"],
    );
    shows(
        &banner.get("/resolutions?part=mine").await,
        200,
        &["协调供电线路"],
    );
    let plain = shown.text.replace("&#x2f;", "/");
    let one = between(&plain, "href=\"/resolutions/", "\"").to_owned();
    let step = format!("/resolutions/{one}/report");
    shows(
        &banner.form(&step, "version=1&text=").await,
        422,
        &["协调供电线路"],
    );
    let reported = banner.form(&step, "version=1&text=线路已核准").await;
    shows(
        &followed(&banner, reported).await,
        200,
        &["To be confirmed", "线路已核准"],
    );
    shows(&leader.get("/my").await, 200, &["Reports to confirm (1)"]);
    let confirmed = leader
        .form(&format!("/resolutions/{one}/confirm"), "version=2&text=")
        .await;
    shows(&followed(&leader, confirmed).await, 200, &["Done"]);
    let seen = leader.form("/my/seen", "at=1736136000000").await;
    shows(&followed(&leader, seen).await, 200, &["Noted as seen"]);
}

#[tokio::test]
async fn a_meeting_is_prepared_resolved_held_and_its_minutes_are_handed_out() {
    let server = Server::new().await;
    server.project("乙厂").await;
    let project = server.project("甲厂").await;
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    let leader = server.person(Role::Leader, LEAGUE).await;
    shows(
        &clerk.form("/meetings", "title=").await,
        422,
        &["How often"],
    );
    let series = format!("title=周调度&unit={LEAGUE}&rhythm=weekly");
    let added = clerk.form("/meetings", &series).await;
    let page = followed(&clerk, added).await;
    shows(&page, 200, &["周调度", "Weekly", "Prepare"]);
    let number = between(&page.text, "/meetings/series/", "/prepare").to_owned();
    let prepared = clerk
        .form(&format!("/meetings/series/{number}/prepare"), "")
        .await;
    let address = prepared.header("location").to_owned();
    shows(
        &followed(&clerk, prepared).await,
        200,
        &["No project needs to be on the agenda"],
    );
    let again = clerk
        .form(&format!("/meetings/series/{number}/prepare"), "")
        .await;
    shows(&again, 422, &["has not been held"]);
    let built = clerk.form(&format!("{address}/rebuild"), "").await;
    shows(&followed(&clerk, built).await, 200, &["was built again"]);
    let moved = format!("{address}/move");
    for (form, said) in [
        ("version=3&moved_on=", "To which day"),
        ("version=3&moved_on=2020-01-06", "a day that is past"),
        ("version=2&moved_on=2031-01-06", "has just changed"),
    ] {
        shows(&clerk.form(&moved, form).await, 422, &[said]);
    }
    let put_off = clerk.form(&moved, "version=3&moved_on=2031-01-06").await;
    shows(&followed(&clerk, put_off).await, 200, &["2031"]);
    let called_off = clerk
        .form(&format!("{address}/cancel"), "version=4&why=")
        .await;
    shows(&called_off, 422, &["Why it is cancelled"]);
    let paper = clerk.get(&format!("{address}/agenda.docx")).await;
    assert_eq!(paper.status, 200);
    let agenda = format!("{address}/agenda");
    let put = async |form: &str| {
        clerk
            .form(&agenda, &format!("{form}&reason=领导点名"))
            .await
    };
    shows(&put("named=没有的").await, 422, &["There is no project"]);
    shows(
        &put("named=厂").await,
        422,
        &["Several projects match", "乙厂"],
    );
    let put = put(&format!("named=厂&chosen={project}")).await;
    shows(
        &followed(&clerk, put).await,
        200,
        &["甲厂", "Put on by hand", "领导点名"],
    );
    let screen = clerk.get(&format!("{address}/screen?at=1")).await;
    shows(&screen, 200, &["甲厂", "1 of 1", "Put on by hand"]);
    shows(
        &clerk.get(&format!("{address}/screen")).await,
        200,
        &["agreed nothing so far"],
    );
    // Somebody there has to answer for it.
    server.user(Role::Clerk, BANNER, None).await;
    let what = format!(
        "project={project}&becomes=problem&instruction=月底前交地&unit={BANNER}&due_on=2025-01-31&back=1"
    );
    let resolved = clerk.form(&format!("{address}/resolutions"), &what).await;
    assert_eq!(
        resolved.header("location"),
        format!("{address}/screen?at=1")
    );
    shows(
        &followed(&clerk, resolved).await,
        200,
        &["月底前交地", "Being solved"],
    );
    shows(
        &clerk.get("/problems").await,
        200,
        &["月底前交地", "Being solved"],
    );
    let early = clerk.get(&format!("{address}/minutes.docx")).await;
    assert_eq!(early.status, 422);
    shows(
        &clerk
            .form(&format!("{address}/hold"), "version=9&attendees=甲")
            .await,
        422,
        &["Somebody else"],
    );
    let held = clerk
        .form(
            &format!("{address}/hold"),
            "version=4&attendees=市发改委&summary=听取汇报",
        )
        .await;
    shows(
        &followed(&clerk, held).await,
        200,
        &["Held", "听取汇报", "Minutes"],
    );
    let minutes = leader.get(&format!("{address}/minutes.docx")).await;
    assert_eq!(minutes.status, 200);
    shows(&leader.get(&address).await, 200, &["月底前交地"]);
    assert_eq!(
        leader
            .form(&format!("{address}/hold"), "version=5&attendees=甲")
            .await
            .status,
        403
    );
    let away = server.person(Role::Clerk, "150200").await;
    assert_eq!(away.get(&address).await.status, 404);
}

#[tokio::test]
async fn a_post_with_open_work_goes_only_after_it_was_handed_over() {
    let server = Server::new().await;
    let project = server.project("甲厂").await;
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    let old = server.user(Role::Leader, LEAGUE, None).await;
    let new = server.user(Role::Supervisor, LEAGUE, None).await;
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    let set = format!("project={project}&duty=leader&unit={LEAGUE}&user={old}&from=2025-01-01");
    clerk.form("/liaison", &set).await;
    let off = keeper
        .form(&format!("/users/{old}/disabled"), "disabled=true")
        .await;
    shows(&off, 422, &["1 assignments or projects"]);
    shows(
        &clerk.form("/handovers", "unit=").await,
        422,
        &["Hands over", "Takes over"],
    );
    let over = format!("from_user={old}&to_user={new}&unit={LEAGUE}&reason=轮岗");
    let made = clerk.form("/handovers", &over).await;
    let address = made.header("location").to_owned();
    shows(
        &followed(&clerk, made).await,
        200,
        &["甲厂", "not signed", "轮岗"],
    );
    shows(&clerk.get("/handovers").await, 200, &["To be signed"]);
    let paper = clerk.get(&format!("{address}/list.docx")).await;
    assert_eq!(paper.status, 200);
    let signed_later = paper.header("content-disposition");
    assert!(signed_later.contains(".docx"), "{signed_later}");
    assert_eq!(clerk.form(&format!("{address}/sign"), "").await.status, 403);
    let taker = server.log_in(&format!("supervisor@{LEAGUE}")).await;
    let signed = taker.form(&format!("{address}/sign"), "").await;
    shows(&followed(&taker, signed).await, 200, &["Signed."]);
    let off = keeper
        .form(&format!("/users/{old}/disabled"), "disabled=true")
        .await;
    assert_eq!(off.status, 303, "{}", off.text);
}
