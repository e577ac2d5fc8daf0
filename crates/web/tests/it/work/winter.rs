//! A winter from its plan to the day work goes on again, on pages alone; figures lead to their rows.

use gangmu_app::domain::organisation::Role;

use super::{followed, shows};
use crate::server::{BANNER, Client, LEAGUE, Server};

#[tokio::test]
async fn a_winter_is_planned_filed_inspected_stopped_and_taken_up_again() {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    server.build(project).await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let league = server.person(Role::Clerk, LEAGUE).await;
    let address = format!("/projects/{project}/winter");
    let page = format!("{address}?season=2024");
    let act = async |who: &Client<'_>, word: &str, body: &str| {
        let body = format!("season=2024&{body}");
        let answer = who.form(&format!("{address}/{word}"), &body).await;
        followed(who, answer).await
    };
    let plan = "version=0&from=2024-11-01&to=2025-03-20&parts=主厂房基础&month_2025-01=300\
                &workers=40&measures=responsible&measures=materials&measures=concrete\
                &measures=temperature&measures=safety&measures=lifting&measures=forecast\
                &prepared_on=2024-10-20&supervised_on=2024-10-22&attachment=1";
    shows(&act(&banner, "plan", plan).await, 200, &["现场.jpg"]);
    act(&banner, "submit", "version=1").await;
    let told = league.get("/notices").await;
    shows(&told, 200, &["测试热电联产项目 handed in its winter plan"]);
    act(&league, "file", "version=2").await;
    let form = league.get(&format!("{page}&do=inspect")).await;
    shows(&form, 200, &["Photos and papers", "现场.jpg"]);
    let seen = "version=3&sound=no&findings=测温记录缺两天&files=1";
    let inspected = act(&league, "inspect", seen).await;
    let file = format!("/projects/{project}/files/1");
    shows(&inspected, 200, &["测温记录缺两天", &file]);
    assert_eq!(banner.get(&file).await.status, 200, "the link leads to it");
    let made_up = league
        .form(
            &format!("{address}/inspect"),
            "season=2024&version=4&sound=yes&findings=x&files=9",
        )
        .await;
    shows(&made_up, 422, &["The project has no such attachment"]);
    act(&banner, "stop", "version=4&cause=cold&note=零下三十度").await;
    let silent = banner
        .form(&format!("{address}/resume"), "season=2024&version=5&note=")
        .await;
    assert_eq!(silent.status, 422, "{}", silent.text);
    let resumed = act(&banner, "resume", "version=5&note=气温回升").await;
    shows(&resumed, 200, &["气温回升", "零下三十度"]);
    // Each act stands on the project's timeline, and the ledger's figures lead to its row.
    let card = banner.get(&format!("/projects/{project}")).await;
    shows(&card, 200, &["Winter 2024–2025, "]);
    let ledger = league
        .get(&format!("/winter?season=2024&unit={LEAGUE}&q=没有这样的"))
        .await;
    let rows = format!("/winter?season=2024&unit={BANNER}&state=on_file#rows");
    shows(&ledger, 200, &[&rows, "300"]);
    let rows = league.get(rows.trim_end_matches("#rows")).await;
    shows(&rows, 200, &["测试热电联产项目"]);
    for (state, holds) in [("counted", true), ("late", false), ("drafted", false)] {
        let page = league
            .get(&format!("/winter?season=2024&state={state}"))
            .await;
        assert_eq!(page.text.contains("测试热电联产项目"), holds, "{state}");
    }
    assert_eq!(league.get("/winter?state=someday").await.status, 404);
    let sums = league.get("/api/v1/winter/rollup?season=2024").await.ok();
    assert_eq!(sums["units"][0]["filed"], 1);
}
