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
    shows(&short, 422, &["The parts add up to 99, the target is 100"]);
    let whole = format!("edit=3&key=2&way=hand&share:{BANNER}=100");
    let whole = league.form(&format!("{at}/shares"), &whole).await;
    shows(&followed(&league, whole).await, 200, &["By office (1)"]);
    let adopted = act("adopt", "edit=4&document_no=1号").await;
    shows(&adopted, 200, &["In force", "Version 1, adopted"]);

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

    let draft = act("revise", "edit=5").await;
    shows(&draft, 200, &["Draft of version 2"]);
    let edited = format!("edit=6&title=推动项目建设提速&lead={LEAGUE}&due=2025-11-30");
    league.form(&format!("{at}/edit"), &edited).await;
    act("adopt", "edit=7&reason=年中调整").await;
    let compared = league.get(&format!("{plan}/compare")).await;
    shows(
        &compared,
        200,
        &["推动项目建设提速", "2025-11-30", "Helping offices"],
    );
    for path in ["table.xlsx", "cover.xlsx"] {
        let file = league.get(&format!("{plan}/{path}")).await;
        assert_eq!(file.status, 200, "{path}: {}", file.text);
    }
    let list = league.get("/plans").await;
    shows(&list, 200, &["通辽市方案", "科尔沁区方案"]);
}
