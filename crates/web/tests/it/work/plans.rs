//! A plan written, adopted, taken over below, revised and compared, on pages alone.

use gangmu_app::domain::organisation::Role;

use super::{followed, shows};
use crate::server::{BANNER, LEAGUE, Server};

#[tokio::test]
async fn a_plan_is_written_adopted_taken_over_below_and_revised() {
    let server = Server::new().await;
    let league = server.person(Role::Clerk, LEAGUE).await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let form = league.get("/plans/new").await;
    shows(&form, 200, &["Write a plan", "Under no plan"]);
    let head = |title: &str, unit: &str, parent: &str| {
        format!(
            "title={title}&kind=work&office={unit}&parent={parent}&from=2025-01-01&until=2025-12-31"
        )
    };
    let untitled = league.form("/plans", &head("", LEAGUE, "")).await;
    assert_eq!(untitled.status, 422, "{}", untitled.text);
    let made = league.form("/plans", &head("通辽市方案", LEAGUE, "")).await;
    let plan = made.header("location").to_owned();
    shows(
        &followed(&league, made).await,
        200,
        &["通辽市方案", "No tasks yet"],
    );
    let hidden = banner.get(&plan).await;
    assert_eq!(hidden.status, 404, "a draft is its office's own");
    let act = async |word: &str, body: &str| {
        let answer = league.form(&format!("{plan}/acts/{word}"), body).await;
        followed(&league, answer).await
    };
    let empty = league.form(&format!("{plan}/acts/adopt"), "edit=1").await;
    shows(&empty, 422, &["The plan has no tasks"]);
    let form = league.get(&format!("{plan}?do=task")).await;
    shows(&form, 200, &["name=\"cooperating\"", "Critical tasks"]);
    let task = format!(
        "edit=1&title=推动项目建设&group=critical&lead={LEAGUE}&cooperating={BANNER}&due=2025-12-31"
    );
    let added = act("task", &task).await;
    shows(&added, 200, &["推动项目建设", "Add an indicator"]);
    let late = league.form(&format!("{plan}/acts/task"), &task).await;
    shows(&late, 409, &["Somebody else changed this plan"]);
    let at = format!("{plan}/tasks/1");
    let form = league
        .get(&format!("{at}?version=draft&do=indicator"))
        .await;
    shows(
        &form,
        200,
        &["Investment in the year to date", "If derived"],
    );
    let indicator = |edit: u32, unit: &str| {
        format!(
            "edit={edit}&name=完成投资&unit={unit}&target=100&weight=10&source=linked&metric=year_to_date"
        )
    };
    let bare = league
        .form(&format!("{at}/indicator"), &indicator(2, ""))
        .await;
    assert_eq!(bare.status, 422, "{}", bare.text);
    let put = league
        .form(&format!("{at}/indicator"), &indicator(2, "亿元"))
        .await;
    shows(
        &followed(&league, put).await,
        200,
        &["完成投资", "No figures yet"],
    );
    let short = format!("edit=3&key=2&way=hand&share:{BANNER}=99");
    let short = league.form(&format!("{at}/shares"), &short).await;
    shows(
        &short,
        422,
        &["The parts of the units add up to 99, the target is 100"],
    );
    let whole = format!("edit=3&key=2&way=hand&share:{BANNER}=100");
    let whole = league.form(&format!("{at}/shares"), &whole).await;
    shows(&followed(&league, whole).await, 200, &["By office (1)"]);
    let form = league
        .get(&format!("{at}?version=draft&do=steps&key=2"))
        .await;
    shows(
        &form,
        200,
        &[
            "Q1 2025",
            "name=\"quarter:2025-10\"",
            "name=\"step:2025-12\"",
        ],
    );
    let short = "edit=4&key=2&way=quarters&quarter:2025-01=40&quarter:2025-10=50";
    let short = league.form(&format!("{at}/steps"), short).await;
    shows(
        &short,
        422,
        &["The quarters add up to 90, the target is 100"],
    );
    let whole = "edit=4&key=2&way=quarters&quarter:2025-01=40&quarter:2025-10=60";
    let whole = league.form(&format!("{at}/steps"), whole).await;
    shows(&followed(&league, whole).await, 200, &["By month (4)"]);
    let adopted = act("adopt", "edit=5&document_no=1号").await;
    shows(
        &adopted,
        200,
        &["In force", "Version 1, adopted", "Weighted completion"],
    );
    let told = banner.get("/notices").await;
    shows(&told, 200, &["Plan in force: 通辽市方案", "1 task charges"]);

    let duties = banner.get("/plans/duties").await;
    shows(&duties, 200, &["推动项目建设", "Helps"]);
    let parent = plan.trim_start_matches("/plans/");
    let made = banner
        .form("/plans", &head("科尔沁区方案", BANNER, parent))
        .await;
    let below = made.header("location").to_owned();
    shows(
        &followed(&banner, made).await,
        200,
        &["Tasks above without an answer"],
    );
    let left = banner
        .form(
            &format!("{below}/acts/leave_out"),
            "edit=1&task=1&reason=无此职能",
        )
        .await;
    shows(
        &followed(&banner, left).await,
        200,
        &["Explicitly not taken over", "无此职能"],
    );
    let task = format!("edit=2&title=落实&lead={BANNER}&due=2025-12-31");
    banner.form(&format!("{below}/acts/task"), &task).await;
    banner.form(&format!("{below}/acts/adopt"), "edit=3").await;
    let cover = league.get(&format!("{plan}/cover")).await;
    shows(
        &cover,
        200,
        &["1 → 0", "Left out", "无此职能", "Nothing carried"],
    );

    let draft = act("revise", "edit=6").await;
    shows(&draft, 200, &["Draft of version 2"]);
    let edited = format!("edit=7&title=推动项目建设提速&lead={LEAGUE}&due=2025-11-30");
    league.form(&format!("{at}/edit"), &edited).await;
    let other = indicator(8, "亿元").replace("year_to_date", "annual_plan&key=2");
    league.form(&format!("{at}/indicator"), &other).await;
    act("adopt", "edit=9&reason=年中调整").await;
    let compared = league.get(&format!("{plan}/compare")).await;
    shows(
        &compared,
        200,
        &[
            "推动项目建设提速",
            "2025-11-30",
            "Helping offices",
            "<del>Linked: Investment in the year to date",
        ],
    );
    assert!(!compared.text.contains("year_to_date"), "{}", compared.text);
    for path in ["table.xlsx", "table.docx", "cover.xlsx"] {
        let file = league.get(&format!("{plan}/{path}")).await;
        assert_eq!(file.status, 200, "{path}: {}", file.text);
    }
    let list = league.get("/plans").await;
    shows(
        &list,
        200,
        &["通辽市方案", "科尔沁区方案", "/plans/ledger.xlsx"],
    );
    for path in ["/plans/ledger.xlsx?kind=work", "/plans/duties.xlsx"] {
        let file = league.get(path).await;
        assert_eq!(file.status, 200, "{path}: {}", file.text);
    }
    assert_eq!(league.get("/plans/ledger.xlsx?kind=x").await.status, 404);
}

const TABLE: &str = "\u{feff}序号,重点任务,量化指标,目标值（亿元）,完成时限,牵头单位,督办领导\n\
一,关键任务,,,,,\n\
1,推动项目建设,完成投资,≥400,年底前,市发改委,副市长\n\
,,前期费,2,9月底前,,\n";

#[tokio::test]
async fn a_table_is_handed_in_seen_adopted_and_changes_nothing_once_more() {
    let server = Server::new().await;
    let league = server.person(Role::Clerk, LEAGUE).await;
    let head = format!("title=工作方案&kind=work&office={LEAGUE}&from=2025-01-01&until=2025-12-31");
    let made = league.form("/plans", &head).await;
    let plan = made.header("location").to_owned();
    shows(
        &league.get(&plan).await,
        200,
        &["Import a table", "/import"],
    );
    let page = league.get(&format!("{plan}/import")).await;
    shows(
        &page,
        200,
        &["enctype=\"multipart/form-data\"", "≥4900亿元"],
    );
    let files = format!("{plan}/imports");
    let none = league.hand_in(&files, &[], &[]).await;
    shows(&none, 422, &["Choose a file to import"]);
    let bad = league
        .upload(&files, "方案.docx", b"<html><body></body></html>")
        .await;
    shows(&bad, 422, &["This is a web page"]);
    let wrong = TABLE
        .replace("市发改委", "市发展局")
        .replace("≥400", "四百");
    let wrong = league.upload(&files, "任务.csv", wrong.as_bytes()).await;
    shows(
        &followed(&league, wrong).await,
        200,
        &["1 task cannot be adopted", "四百", "市发展局", "disabled"],
    );
    let refused = league
        .form(&format!("{plan}/imports/1/adopt"), "edit=1")
        .await;
    shows(
        &refused,
        422,
        &["1 tasks cannot be adopted; nothing was written"],
    );

    let right = league.upload(&files, "任务.csv", TABLE.as_bytes()).await;
    let preview = right.header("location").to_owned();
    let seen = followed(&league, right).await;
    shows(
        &seen,
        200,
        &[
            "推动项目建设",
            "完成投资",
            "400 亿元",
            "2 亿元",
            "督办领导",
            "is not known",
        ],
    );
    shows(
        &league.get(&format!("{preview}?show=changed")).await,
        200,
        &["Changed"],
    );
    let adopted = league.form(&format!("{preview}/adopt"), "edit=1").await;
    shows(
        &followed(&league, adopted).await,
        200,
        &["推动项目建设", "Critical tasks"],
    );
    let twice = league.form(&format!("{preview}/adopt"), "edit=2").await;
    assert_eq!(twice.status, 422, "{}", twice.text);
    let again = league.upload(&files, "任务.csv", TABLE.as_bytes()).await;
    shows(
        &followed(&league, again).await,
        200,
        &["there is nothing to adopt"],
    );
    shows(
        &league.get(&format!("{plan}/import")).await,
        200,
        &["任务.csv", "Adopted"],
    );

    league.form(&format!("{plan}/acts/adopt"), "edit=2").await;
    let task = format!("{plan}/tasks/1");
    let form = league.get(&format!("{task}?do=value&key=2")).await;
    shows(
        &form,
        200,
        &["name=\"file\"", "At most 4".to_lowercase().as_str()],
    );
    let value = format!("{task}/value");
    let bare = [("key", "2"), ("value", "12")];
    let bare = league.hand_in(&value, &[], &bare).await;
    shows(&bare, 422, &["name=\"evidence\""]);
    let file: (&str, &[u8]) = ("月报.pdf", b"%PDF-1.7");
    let proved = [("key", "2"), ("value", "12"), ("evidence", "统计月报")];
    let proved = league.hand_in(&value, &[file], &proved).await;
    shows(
        &followed(&league, proved).await,
        200,
        &["月报.pdf", "统计月报"],
    );
    let address = format!("{plan}/evidence/2/1/1");
    let banner = server.person(Role::Clerk, BANNER).await;
    let taken = banner.get(&address).await;
    assert_eq!(
        (taken.status.as_u16(), taken.text.as_str()),
        (200, "%PDF-1.7")
    );
    assert!(
        taken
            .header("content-disposition")
            .starts_with("attachment")
    );
    let closed = banner.get(&format!("{plan}/import")).await;
    assert_eq!(closed.status, 403, "{}", closed.text);
}
