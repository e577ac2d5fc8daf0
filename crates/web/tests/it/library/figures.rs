//! Home, roll-ups, pipeline and programmes: what they show, and that every figure leads to its rows.

use gangmu_app::domain::organisation::Role;

use crate::server::{BANNER, LEAGUE, REGION, Server};
use crate::work::shows;

async fn january() -> Server {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    server.january(&[project]).await;
    server
}

#[tokio::test]
async fn home_shows_the_head_figures_with_links_to_their_rows() {
    let server = january().await;
    let clerk = server.person(Role::Clerk, REGION).await;
    let home = clerk.get("/").await;
    let words = [
        "Inner Mongolia",
        "Jan 2025",
        "120.00",
        "CNY mn",
        "data-chart=\"map\"",
        "data-chart=\"progress\"",
        "?on_list=1&period=2025-01&unit=150000",
        "?unit=150500",
    ];
    shows(&home, 200, &words);
    let league = clerk.get("/?unit=150500&by=industry").await;
    shows(&league, 200, &["Tongliao", "By industry"]);
    assert!(!league.text.contains("data-chart=\"map\""));
}

#[tokio::test]
async fn before_the_first_period_home_says_what_to_do() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    shows(
        &clerk.get("/").await,
        200,
        &["No figures in this period yet"],
    );
}

#[tokio::test]
async fn the_rows_behind_a_figure_are_those_it_counts() {
    let server = january().await;
    server.project("不在计划内的项目").await;
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    let listed = clerk
        .get("/projects?on_list=1&period=2025-01&unit=150500&facet=not_reported")
        .await;
    shows(&listed, 200, &["测试热电联产项目", "All 1"]);
    assert!(!listed.text.contains("不在计划内的项目"));
    let library = clerk.get("/projects").await;
    shows(&library, 200, &["不在计划内的项目", "All 2"]);
}

#[tokio::test]
async fn a_roll_up_is_shown_in_every_cut_and_edition() {
    let server = january().await;
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    for by in [
        "unit",
        "department",
        "industry",
        "group",
        "category",
        "investor",
        "stage",
    ] {
        let page = clerk
            .get(&format!("/rollup?by={by}&sort=-completion"))
            .await;
        shows(&page, 200, &["12,000", "Yinchuan 2025"]);
    }
    let published = clerk.get("/rollup?edition=published").await;
    shows(&published, 200, &["Nothing to roll up"]);
}

#[tokio::test]
async fn words_of_an_address_nobody_knows_are_refused() {
    let server = january().await;
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    for path in [
        "/?period=soon",
        "/?by=colour",
        "/?unit=150600",
        "/rollup?edition=draft",
        "/pipeline?from=soon",
        "/pipeline?unit=150600",
        "/programmes/1999",
        "/programmes/2025?unit=150600",
    ] {
        let answer = clerk.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
    }
    // A list names all of them at once, the same for the page, its export and the API.
    let asked =
        "stage=begun&facet=nice&light=blue&sort=colour&industry=ZZ&department=nobody&tint=red";
    for path in ["/projects", "/projects/export", "/api/v1/projects"] {
        let answer = clerk.get(&format!("{path}?{asked}")).await;
        let words = ["begun", "nice", "blue", "colour", "ZZ", "nobody", "tint"];
        shows(&answer, 422, &words);
    }
    let same = "on_list=1&own=1&unit=150502&stage=concept,reserve&industry=D&department=none&q=甲";
    let reference = server.app.reference().await.expect("reference data");
    let params: Vec<(String, String)> = same
        .split('&')
        .filter_map(|one| one.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let read = gangmu_web::list_query::read(&reference, &params).expect("a question");
    assert!(read.on_list && read.filter.own_only.is_some());
    assert_eq!(read.filter.stages, ["concept", "reserve"]);
    assert!(read.filter.industries.contains(&"44".to_owned()));
    assert_eq!(
        (read.filter.departments, read.filter.text),
        (vec![0], "甲".to_owned())
    );
    // A heading stands for its divisions, and narrows those that are named beside it.
    let divisions = |query: &str| {
        let params: Vec<(String, String)> = query
            .split('&')
            .filter_map(|one| one.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let read = gangmu_web::list_query::read(&reference, &params).expect("a question");
        read.filter.industries.join(" ")
    };
    assert_eq!(divisions("group=energy"), "06 07 44");
    assert_eq!(divisions("industry=44,32&group=energy"), "44");
    assert_eq!(divisions("group=ecology&industry=44"), "-");
    assert!(
        divisions("group=other").split(' ').any(str::is_empty),
        "those without a division"
    );
}

#[tokio::test]
async fn the_pipeline_shows_stages_moves_and_what_must_start() {
    let server = january().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let page = clerk.get("/pipeline").await;
    let words = ["Concept", "Entered", "测试热电联产项目", "To start by"];
    shows(&page, 200, &words);
}

#[tokio::test]
async fn a_programme_is_bridged_line_by_line_between_two_days() {
    let server = january().await;
    let clerk = server.person(Role::Clerk, REGION).await;
    let newest = clerk.get("/programmes").await;
    assert_eq!(newest.header("location"), "/programmes/2025");
    let bridge = clerk.get("/programmes/2025?from=2025-01-01").await;
    let words = [
        "2025年度重大项目清单",
        "测试热电联产项目",
        "年初下达",
        "12,000",
    ];
    shows(&bridge, 200, &words);
    let wrong = clerk
        .get("/programmes/2025?from=2025-02-01&to=2025-01-01")
        .await;
    shows(&wrong, 422, &["data-error-summary"]);
    let unreadable = clerk.get("/programmes/2025?to=soon").await;
    shows(&unreadable, 422, &["“soon” is not a date"]);
}

#[tokio::test]
async fn administrators_without_figures_are_led_to_their_work() {
    let server = january().await;
    let security = server.person(Role::SecurityAdministrator, REGION).await;
    assert_eq!(security.get("/").await.header("location"), "/organisation");
    for path in ["/rollup", "/projects", "/pipeline", "/programmes/2025"] {
        assert_eq!(security.get(path).await.status, 403, "{path}");
    }
}
