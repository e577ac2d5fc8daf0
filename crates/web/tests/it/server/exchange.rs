//! Importing and exporting through the API: what works, what is refused, and in which words.

use gangmu_app::domain::organisation::Role;
use serde_json::json;

use super::{BANNER, LEAGUE, REGION, Server};

const IMPORTS: &str = "/api/v1/imports";
const TABLE: &str =
    "项目名称,总投资（万元）,建设地点,所属旗县\n测试铝业二期,43000,工业园区,科尔沁区\n";

#[tokio::test]
async fn a_table_is_handed_in_adopted_once_and_then_changes_nothing() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let options = [("year", "2025"), ("category", "new_start")];
    let files = [("计划.csv", TABLE.as_bytes())];
    let made = clerk.hand_in(IMPORTS, &files, &options).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.body();
    assert_eq!(
        made["counts"],
        json!({"new": 1, "changed": 0, "unchanged": 0, "refused": 0})
    );
    assert_eq!(made["options"]["year"], 2025);
    assert_eq!(made["rows"][0]["name"], "测试铝业二期");
    let one = format!("{IMPORTS}/{}", made["import_id"]);
    assert_eq!(clerk.get(&one).await.ok()["state"], "previewed");
    assert_eq!(clerk.get(IMPORTS).await.ok()[0]["outcome"], json!(null));

    let adopt = format!("{one}/adopt");
    let done = clerk.post(&adopt, json!(null)).await.ok();
    assert_eq!(done, json!({"new": 1, "changed": 0, "unchanged": 0}));
    let twice = clerk.post(&adopt, json!(null)).await;
    twice.refused(409, "import.adopted_already");
    assert_eq!(
        twice.body()["detail"],
        "This import has been adopted already"
    );
    let listed = clerk.get(IMPORTS).await.ok();
    assert_eq!(listed[0]["state"], "adopted");
    assert_eq!(listed[0]["outcome"]["new"], 1);
    assert_eq!(listed[0]["at"], "2025-01-06T04:00:00Z");
    let projects = clerk.get("/api/v1/projects").await.ok();
    assert_eq!(projects["rows"][0]["name"], "测试铝业二期");

    let again = clerk.hand_in(IMPORTS, &files, &options).await.body();
    assert_eq!(again["counts"]["unchanged"], 1, "{again}");
}

#[tokio::test]
async fn a_long_preview_is_read_page_by_page() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let mut table = "项目名称,总投资（万元）,所属旗县\n".to_owned();
    for n in 1..=120 {
        let place = if n % 40 == 0 {
            "无此旗"
        } else {
            "科尔沁区"
        };
        table += &format!("测试铝业{n}期,{n},{place}\n");
    }
    let made = clerk.upload(IMPORTS, "计划.csv", table.as_bytes()).await;
    let made = made.body();
    let seen = |preview: &serde_json::Value| {
        let rows = preview["rows"].as_array().expect("rows");
        let row =
            |row: Option<&serde_json::Value>| row.map_or(0, |row| row["row"].as_i64().unwrap_or(0));
        let place = (&preview["listed"], &preview["page"], &preview["pages"]);
        format!(
            "{place:?} {} {}-{}",
            rows.len(),
            row(rows.first()),
            row(rows.last())
        )
        .replace("Number", "")
    };
    assert_eq!(seen(&made), "((120), (1), (2)) 100 2-101");
    let one = format!("{IMPORTS}/{}", made["import_id"]);
    let counts = json!({"new": 117, "changed": 0, "unchanged": 0, "refused": 3});
    for (asked, wanted) in [
        ("", "((120), (1), (2)) 100 2-101"),
        ("?page=2", "((120), (2), (2)) 20 102-121"),
        ("?per_page=50&page=3", "((120), (3), (3)) 20 102-121"),
        ("?show=refused", "((3), (1), (1)) 3 41-121"),
        (
            "?show=new&per_page=100&page=2",
            "((117), (2), (2)) 17 104-120",
        ),
        ("?page=9", "((120), (9), (2)) 0 0-0"),
        ("?show=changed", "((0), (1), (0)) 0 0-0"),
    ] {
        let page = clerk.get(&format!("{one}{asked}")).await.ok();
        assert_eq!(seen(&page), wanted, "{asked}");
        assert_eq!(page["counts"], counts, "of the whole file: {asked}");
    }
    clerk
        .get(&format!("{one}?show=nice"))
        .await
        .refused(422, "invalid");
    clerk
        .get(&format!("{one}?rows=3"))
        .await
        .refused(422, "invalid");
}

#[tokio::test]
async fn an_import_with_a_bad_cell_is_not_adopted_and_comes_back_marked() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let table = TABLE
        .replace("43000", "约四亿")
        .replace("科尔沁区", "无此旗");
    let table = table + "合计,43000,,\n";
    let made = clerk.upload(IMPORTS, "计划.csv", table.as_bytes()).await;
    let made = made.body();
    assert_eq!(made["counts"]["refused"], 1, "{made}");
    let problems = made["rows"][0]["problems"].as_array().expect("problems");
    let of = |code: &str| {
        let found = problems.iter().find(|problem| problem["code"] == code);
        found.unwrap_or_else(|| panic!("no {code} in {made}"))
    };
    assert_eq!(of("number_unreadable")["cell"], "B2");
    assert_eq!(of("unit_unknown")["found"], "无此旗");
    assert_eq!(of("unit_unknown")["expected"], "区划中有的单位名称或代码");
    let missing = |problem: &serde_json::Value| problem["code"] == "value_missing";
    assert!(
        !problems.iter().any(missing),
        "a unit nobody knows is not also missing: {made}"
    );
    let check = &made["checks"][0];
    assert_eq!(check["unreadable"], json!(["B2"]), "{check}");
    assert_eq!(check["matches"], false);
    assert_eq!(check["computed"], "");

    let one = format!("{IMPORTS}/{}", made["import_id"]);
    let adopt = clerk.post(&format!("{one}/adopt"), json!(null)).await;
    adopt.refused(422, "invalid");
    assert_eq!(adopt.body()["messages"][0]["code"], "import.rows_refused");
    let marked = clerk.get(&format!("{one}/annotated")).await;
    assert_eq!(marked.status, 200);
    assert!(marked.header("content-type").contains("spreadsheetml"));
    assert!(
        marked
            .header("content-disposition")
            .contains("-annotated.xlsx")
    );
    assert!(marked.text.starts_with("PK"));
}

#[tokio::test]
async fn an_import_is_its_owners_alone() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let other = server.person(Role::Clerk, LEAGUE).await;
    let made = clerk.upload(IMPORTS, "计划.csv", TABLE.as_bytes()).await;
    let one = format!("{IMPORTS}/{}", made.body()["import_id"]);
    other.get(&one).await.refused(404, "not_found");
    let marked = other.get(&format!("{one}/annotated")).await;
    marked.refused(404, "not_found");
    let adopt = other.post(&format!("{one}/adopt"), json!(null)).await;
    adopt.refused(404, "not_found");
    assert_eq!(other.get(IMPORTS).await.ok(), json!([]));
    clerk
        .get("/api/v1/imports/x")
        .await
        .refused(404, "not_found");
    let leader = server.person(Role::Leader, BANNER).await;
    let refused = leader.upload(IMPORTS, "计划.csv", TABLE.as_bytes()).await;
    refused.refused(403, "refused");
}

#[tokio::test]
async fn a_file_that_is_no_table_is_refused_in_words() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let bomb = bomb();
    let cases: [(&str, &[u8], &str, &str); 4] = [
        (
            "表.xls",
            b"<html><table></table></html>",
            "import.file_html",
            "web page",
        ),
        ("表.xlsx", b"", "import.file_empty", "empty"),
        (
            "表.xlsx",
            &bomb,
            "import.file_unpack_ratio",
            "packed suspiciously tight",
        ),
        (
            "表.xlsx",
            b"PK\x03\x04 broken off",
            "import.file_damaged",
            "damaged",
        ),
    ];
    for (name, bytes, code, words) in cases {
        let answer = clerk.upload(IMPORTS, name, bytes).await;
        answer.refused(422, "invalid");
        let said = &answer.body()["messages"][0];
        assert_eq!(said["code"], code, "{said}");
        let text = said["text"].as_str().unwrap_or_default();
        assert!(text.contains(words), "{text}");
    }
    assert_eq!(clerk.get(IMPORTS).await.ok(), json!([]), "nothing was kept");
}

#[tokio::test]
async fn a_form_with_what_nobody_knows_is_refused() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let one = ("计划.csv", TABLE.as_bytes());
    for (files, fields, code, field) in [
        (vec![one; 5], vec![], "import.too_many_files", "file"),
        (vec![], vec![], "import.no_file", "file"),
        (
            vec![one],
            vec![("year", "今年")],
            "field.not_a_year",
            "year",
        ),
        (
            vec![one],
            vec![("colour", "red")],
            "field.unknown",
            "colour",
        ),
        (
            vec![one],
            vec![("period", "1月")],
            "import.unknown_period",
            "period",
        ),
        (
            vec![one],
            vec![("category", "x")],
            "import.unknown_category",
            "category",
        ),
        (
            vec![one],
            vec![("money_unit", "x")],
            "import.unknown_money_unit",
            "money_unit",
        ),
    ] {
        let answer = clerk.hand_in(IMPORTS, &files, &fields).await;
        answer.refused(422, "invalid");
        let said = &answer.body()["messages"][0];
        assert_eq!(
            (&said["code"], &said["field"]),
            (&json!(code), &json!(field))
        );
    }
    clerk
        .post(IMPORTS, json!({}))
        .await
        .refused(400, "unreadable");
}

#[tokio::test]
async fn tables_are_taken_out_by_those_who_may() {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let export = |what: &str| format!("/api/v1/exports/{what}");
    clerk
        .get(&export("details"))
        .await
        .refused(404, "not_found");
    server.january(&[project]).await;
    for what in [
        "list?stage=concept&sort=-entered",
        "template?period=2025-01",
        "details?period=2025-01&unit=150502",
        "summaries",
        "progress",
    ] {
        let file = clerk.get(&export(what)).await;
        assert_eq!(file.status, 200, "{what}: {}", file.text);
        assert!(
            file.header("content-type").contains("spreadsheetml"),
            "{what}"
        );
        assert!(
            file.header("content-disposition").contains(".xlsx"),
            "{what}"
        );
        assert!(file.text.starts_with("PK"), "{what}");
    }
    for (what, status, code) in [
        ("secrets", 404, "not_found"),
        ("details?period=2031-01", 404, "not_found"),
        ("details?period=spring", 422, "invalid"),
        ("details?colour=red", 422, "invalid"),
        ("list?stage=flying", 422, "invalid"),
        ("list?colour=red", 422, "invalid"),
    ] {
        clerk.get(&export(what)).await.refused(status, code);
    }
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    for what in ["list", "details"] {
        keeper.get(&export(what)).await.refused(403, "refused");
    }
}

/// A workbook that unpacks to thousands of times its size.
fn bomb() -> Vec<u8> {
    use std::io::Write as _;
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, size) in [
        ("xl/workbook.xml", 10),
        ("xl/worksheets/sheet1.xml", 30 << 20),
    ] {
        writer.start_file(name, options).expect("a part");
        writer.write_all(&vec![b' '; size]).expect("its content");
    }
    writer.finish().expect("an archive").into_inner()
}

#[tokio::test]
async fn a_ledger_names_what_was_seen_and_takes_its_choices_from_the_form() {
    let server = Server::new().await;
    server.project("一期").await;
    let clerk = server.person(Role::Clerk, LEAGUE).await;
    let to = "/api/v1/ledgers/liaison/imports";
    let table = "项目名称,包联领导\n一期,市级包联领导\n";
    let files = [("台账.csv", table.as_bytes())];
    let made = clerk.hand_in(to, &files, &[]).await;
    assert_eq!(made.status, 201, "{}", made.text);
    let made = made.body();
    assert_eq!(made["rows"][0]["status"], "new");
    assert_eq!(made["rows"][0]["notes"][0]["weight"], "does");
    let one = format!("{to}/{}", made["import_id"]);
    let adopt = format!("{one}/adopt");
    clerk
        .post(&adopt, json!({"stamp": "0"}))
        .await
        .refused(409, "changed");
    let done = clerk
        .post(&adopt, json!({"stamp": made["stamp"]}))
        .await
        .ok();
    assert_eq!(done["new"], 1);
    let twice = clerk.post(&adopt, json!({"stamp": made["stamp"]})).await;
    twice.refused(409, "import.adopted_already");
    assert_eq!(clerk.get(to).await.ok()[0]["is_adopted"], true);
    let shown = clerk.get(&format!("{one}?show=new")).await.ok();
    assert_eq!(shown["listed"], 0);

    let other = table.replace("市级", "新任");
    let files = [("台账.csv", other.as_bytes())];
    let again = clerk
        .hand_in(to, &files, &[("relieve", "true")])
        .await
        .body();
    // Whoever began today cannot be relieved from today on.
    assert_eq!(again["rows"][0]["status"], "refused");
    assert_eq!(again["options"]["relieve"], true);
    let unknown = clerk.hand_in(to, &files, &[("colour", "red")]).await;
    assert_eq!(unknown.status, 422);
    let place = clerk.hand_in(to, &files, &[("unit", "999999")]).await;
    assert_eq!(place.status, 422);
    let missing = clerk
        .hand_in("/api/v1/ledgers/secrets/imports", &files, &[])
        .await;
    assert_eq!(missing.status, 404);
}
