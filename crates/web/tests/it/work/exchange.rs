//! The import wizard and what can be taken out.

use gangmu_app::domain::organisation::Role;

use super::{followed, shows};
use crate::server::{BANNER, REGION, Server};

const TABLE: &str =
    "项目名称,总投资（万元）,建设地点,所属旗县\n测试铝业二期,43000,工业园区,科尔沁区\n";

#[tokio::test]
async fn a_table_is_previewed_adopted_and_changes_nothing_the_second_time() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    shows(&clerk.get("/imports").await, 200, &["name=\"file\""]);
    let uploaded = clerk
        .upload("/imports/new", "计划.csv", TABLE.as_bytes())
        .await;
    let place = uploaded.header("location").to_owned();
    let preview = followed(&clerk, uploaded).await;
    shows(
        &preview,
        200,
        &["Nothing has been changed yet", "测试铝业二期", "43,000"],
    );
    let adopted = clerk.form(&format!("{place}/adopt"), "").await;
    shows(&followed(&clerk, adopted).await, 200, &["Adopted: 1 new"]);
    let twice = clerk.form(&format!("{place}/adopt"), "").await;
    assert_eq!(twice.status, 422);
    let again = clerk
        .upload("/imports/new", "计划.csv", TABLE.as_bytes())
        .await;
    shows(
        &followed(&clerk, again).await,
        200,
        &["there is nothing to adopt"],
    );
}

#[tokio::test]
async fn a_column_mapped_by_hand_is_read_again_and_kept_under_a_name() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let table = TABLE.replace("建设地点", "甲乙丙丁");
    let uploaded = clerk
        .upload("/imports/new", "计划.csv", table.as_bytes())
        .await;
    let place = uploaded.header("location").to_owned();
    let mapped = "column.A=name&column.B=total_investment&column.C=site&profile_name=mine";
    let again = clerk.form(&format!("{place}/columns"), mapped).await;
    assert_ne!(again.header("location"), place);
    shows(&followed(&clerk, again).await, 200, &["by profile"]);
    shows(&clerk.get("/imports").await, 200, &["value=\"mine\""]);
}

#[tokio::test]
async fn a_file_that_is_no_table_is_refused_in_words() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let html = clerk
        .upload("/imports/new", "表.xls", b"<html><table></table></html>")
        .await;
    shows(&html, 422, &["This is a web page, not a workbook"]);
    let empty = clerk.upload("/imports/new", "表.xlsx", b"").await;
    shows(&empty, 422, &["The file is empty"]);
    assert_eq!(clerk.get("/imports/99").await.status, 404);
    let leader = server.person(Role::Leader, BANNER).await;
    assert_eq!(leader.get("/imports").await.status, 403);
}

#[tokio::test]
async fn tables_are_taken_out_by_those_who_may() {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    shows(
        &clerk.get("/exports").await,
        200,
        &["No period is open yet"],
    );
    server.january(&[project]).await;
    let page = clerk.get("/exports").await;
    for kind in [
        "details",
        "summaries",
        "progress",
        "projects",
        "return_template",
    ] {
        let link = format!("/exports/{kind}.xlsx?period=2025-01");
        shows(&page, 200, &[&link]);
        let file = clerk.get(&link).await;
        assert_eq!(file.status, 200, "{kind}");
        assert!(
            file.header("content-type").contains("spreadsheetml"),
            "{kind}"
        );
        assert!(file.text.starts_with("PK"), "{kind}");
    }
    assert_eq!(
        clerk
            .get("/exports/secrets.xlsx?period=2025-01")
            .await
            .status,
        404
    );
    assert_eq!(
        clerk
            .get("/exports/details.xlsx?period=2031-01")
            .await
            .status,
        404
    );
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    assert_eq!(keeper.get("/exports").await.status, 403);
}

const LEDGER: &str = "项目名称,存在问题,提出日期,督办领导\n测试热电联产项目,外部供电线路尚未核准,2025-01-03,某领导\n没有的项目,用地指标不足,2025-01-03,\n";

#[tokio::test]
async fn a_ledger_is_looked_at_row_by_row_and_adopted_as_a_whole() {
    let server = Server::new().await;
    server.project("测试热电联产项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    for (page, table) in [
        ("/problems", "problems"),
        ("/liaison", "liaison"),
        ("/winter", "winter"),
    ] {
        let link = format!("/ledgers/{table}/import");
        shows(&clerk.get(page).await, 200, &[&link]);
        shows(&clerk.get(&link).await, 200, &["name=\"file\""]);
    }
    let to = "/ledgers/problems/imports";
    let uploaded = clerk.upload(to, "台账.csv", LEDGER.as_bytes()).await;
    let place = uploaded.header("location").to_owned();
    let words = [
        "Raise it as of 2025-01-03",
        "There is no project “没有的项目”",
        "A3 项目名称",
        "The column “督办领导” is not known",
        "1 row cannot be adopted",
    ];
    shows(&followed(&clerk, uploaded).await, 200, &words);
    let refused = clerk.form(&format!("{place}/adopt"), "stamp=").await;
    shows(&refused, 422, &["1 rows cannot be adopted"]);

    let good: String = LEDGER
        .lines()
        .take(2)
        .map(|line| format!("{line}\n"))
        .collect();
    let uploaded = clerk.upload(to, "台账.csv", good.as_bytes()).await;
    let place = uploaded.header("location").to_owned();
    let stale = clerk.form(&format!("{place}/adopt"), "stamp=0").await;
    shows(&stale, 409, &["the result is another now"]);
    let adopted = clerk.form(&format!("{place}/adopt"), "stamp=").await;
    let words = ["Adopted: 1 new", "外部供电线路尚未核准"];
    shows(&followed(&clerk, adopted).await, 200, &words);
    shows(
        &clerk.get("/ledgers/problems/import").await,
        200,
        &["1 new"],
    );
    let none = clerk.upload(to, "台账.csv", b"").await;
    shows(&none, 422, &["The file is empty"]);
    assert_eq!(clerk.get("/ledgers/secrets/import").await.status, 404);
    let auditor = server.person(Role::Auditor, REGION).await;
    assert_eq!(auditor.get("/ledgers/problems/import").await.status, 403);
}
