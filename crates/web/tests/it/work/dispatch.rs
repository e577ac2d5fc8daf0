//! A month from opening to correction, on pages alone.

use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;

use super::{between, followed, plain, shows};
use crate::server::{BANNER, LEAGUE, REGION, Server};

const RETURN: &str = "version=0&month_investment=800&site_status=working\
                      &image_progress=%E5%9F%BA%E7%A1%80%E5%AE%8C%E6%88%90";

async fn month() -> (Server, ProjectId) {
    let server = Server::new().await;
    let project = server.project("测试热电联产项目").await;
    server.january(&[project]).await;
    (server, project)
}

#[tokio::test]
async fn before_the_first_month_the_dispatch_says_who_opens_it() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    shows(
        &clerk.get("/dispatch").await,
        200,
        &["No period is open yet"],
    );
    shows(
        &clerk.get("/periods").await,
        200,
        &["No period is open yet"],
    );
    assert_eq!(clerk.get("/dispatch/2025-01").await.status, 404);
    assert_eq!(clerk.get("/dispatch/soon").await.status, 404);
    let leaver = server.person(Role::SecurityAdministrator, REGION).await;
    assert_eq!(leaver.get("/periods/2025-01").await.status, 404);
}

#[tokio::test]
async fn a_month_is_shown_as_a_grid_and_as_a_list_without_script() {
    let (server, project) = month().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let grid = followed(&clerk, clerk.get("/dispatch").await).await;
    shows(
        &grid,
        200,
        &["data-grid", "/api/v1/periods/2025-01/returns"],
    );
    let list = clerk.get("/dispatch/2025-01?view=list").await;
    let link = format!("/dispatch/2025-01/{project}");
    shows(&list, 200, &["测试热电联产项目", &link]);
    let none = clerk
        .get("/dispatch/2025-01?view=list&status=accepted")
        .await;
    shows(&none, 200, &["No project matches"]);
}

#[tokio::test]
async fn a_return_is_saved_submitted_and_then_only_read() {
    let (server, project) = month().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let form = format!("/dispatch/2025-01/{project}");
    shows(&clerk.get(&form).await, 200, &["name=\"month_investment\""]);
    let saved = clerk.form(&form, &format!("{RETURN}&do=draft")).await;
    shows(
        &followed(&clerk, saved).await,
        200,
        &["The draft is saved", "value=\"800\""],
    );
    let again = RETURN.replace("version=0", "version=1");
    let submitted = clerk.form(&form, &format!("{again}&do=submit")).await;
    let read = followed(&clerk, submitted).await;
    shows(
        &read,
        200,
        &["Submitted", "cannot be changed while in review"],
    );
    assert!(!read.text.contains("name=\"month_investment\""));
}

#[tokio::test]
async fn what_cannot_be_read_stays_typed_and_is_named_beside_its_field() {
    let (server, project) = month().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let form = format!("/dispatch/2025-01/{project}");
    let wrong = "version=0&month_investment=12%2C3x&started_on=soon&do=draft";
    let answer = clerk.form(&form, wrong).await;
    shows(
        &answer,
        422,
        &[
            "“12,3x” is not an amount",
            "“soon” is not a date",
            "value=\"12,3x\"",
        ],
    );
}

#[tokio::test]
async fn a_warning_asks_for_a_word_and_then_lets_the_return_pass() {
    let (server, project) = month().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let form = format!("/dispatch/2025-01/{project}");
    let bare = "version=0&month_investment=800&site_status=working&do=submit";
    let stopped = clerk.form(&form, bare).await;
    shows(&stopped, 422, &["explanations.money_without_progress"]);
    let kept = clerk.get(&form).await;
    shows(
        &kept,
        200,
        &["value=\"800\"", "name=\"version\" value=\"1\""],
    );
    let explained = "version=1&month_investment=800&site_status=working\
                     &explanations.money_without_progress=%E9%A2%84%E4%BB%98%E6%AC%BE&do=submit";
    let passed = clerk.form(&form, explained).await;
    shows(&followed(&clerk, passed).await, 200, &["Submitted"]);
}

#[tokio::test]
async fn the_second_of_two_people_is_shown_what_the_first_saved() {
    let (server, project) = month().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let form = format!("/dispatch/2025-01/{project}");
    let first = clerk.form(&form, &format!("{RETURN}&do=draft")).await;
    assert_eq!(first.status, 303);
    let second = "version=0&month_investment=900&site_status=working&do=draft";
    let told = clerk.form(&form, second).await;
    shows(
        &told,
        409,
        &[
            "Somebody else saved this return",
            "<td class=\"gm-text\">800</td>",
            "value=\"900\"",
        ],
    );
    let stored = clerk.get(&form).await;
    shows(&stored, 200, &["value=\"800\""]);
}

#[tokio::test]
async fn a_review_passes_on_many_and_sends_back_one_with_a_reason() {
    let (server, project) = month().await;
    let other = server.project("测试风电项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let form = format!("/dispatch/2025-01/{project}");
    assert_eq!(
        clerk
            .form(&form, &format!("{RETURN}&do=submit"))
            .await
            .status,
        303
    );
    assert_eq!(
        clerk
            .get(&format!("/dispatch/2025-01/{other}"))
            .await
            .status,
        404
    );
    let queue = followed(&clerk, clerk.get("/review").await).await;
    shows(&queue, 200, &["测试热电联产项目"]);
    let text = plain(&queue);
    let version = between(&text, &format!("value=\"{project}:"), "\"");
    shows(
        &clerk.form("/review/2025-01", "").await,
        422,
        &["Select the returns"],
    );
    let stale = format!("seen={project}%3A1");
    shows(
        &clerk.form("/review/2025-01", &stale).await,
        422,
        &["nothing was done"],
    );
    let back = format!("/review/2025-01/{project}/send-back");
    let unsaid = clerk
        .form(&back, &format!("version={version}&reason="))
        .await;
    assert_eq!(unsaid.status, 422);
    let sent = clerk
        .form(
            &back,
            &format!("version={version}&reason=%E5%8D%95%E4%BD%8D"),
        )
        .await;
    shows(
        &followed(&clerk, sent).await,
        200,
        &["Nothing waits for review"],
    );
    shows(&clerk.get(&form).await, 200, &["sent back", "单位"]);
    let kept = clerk.get(&form).await;
    let version = between(&kept.text, "name=\"version\" value=\"", "\"").to_owned();
    let again = RETURN.replace("version=0", &format!("version={version}"));
    assert_eq!(
        clerk
            .form(&form, &format!("{again}&do=submit"))
            .await
            .status,
        303
    );
    let queue = clerk.get("/review/2025-01").await;
    let text = plain(&queue);
    let version = between(&text, &format!("value=\"{project}:"), "\"");
    let passed = clerk
        .form("/review/2025-01", &format!("seen={project}%3A{version}"))
        .await;
    shows(
        &followed(&clerk, passed).await,
        200,
        &["1 return was passed on"],
    );
}

#[tokio::test]
async fn who_only_reads_is_told_who_may() {
    let (server, project) = month().await;
    let leader = server.person(Role::Leader, BANNER).await;
    let form = format!("/dispatch/2025-01/{project}");
    let read = leader.get(&form).await;
    shows(&read, 200, &["You may read this return"]);
    let refused = leader.form(&form, &format!("{RETURN}&do=draft")).await;
    assert_eq!(refused.status, 403);
    for path in ["/review/2025-01", "/periods/2025-01/close"] {
        assert_eq!(leader.get(path).await.status, 403, "{path}");
    }
    let chased = leader.form("/periods/2025-01/chase", "unit=").await;
    assert_eq!(chased.status, 403);
}

#[tokio::test]
async fn a_month_is_closed_knowingly_and_then_corrected_with_a_reason() {
    let (server, project) = month().await;
    let region = server.person(Role::Clerk, REGION).await;
    let form = format!("/dispatch/2025-01/{project}");
    assert_eq!(
        region
            .form(&form, &format!("{RETURN}&do=submit"))
            .await
            .status,
        303
    );
    let progress = region.get("/periods/2025-01").await;
    shows(&progress, 200, &["Handed in", "/periods/2025-01/close"]);
    let asked = region.get("/periods/2025-01/close").await;
    shows(&asked, 200, &["cannot be undone", "In review"]);
    let untold = region.form("/periods/2025-01/close", "unit=").await;
    shows(&untold, 422, &["tick the box first"]);
    let closed = region
        .form("/periods/2025-01/close", "unit=&known=true")
        .await;
    shows(
        &followed(&region, closed).await,
        200,
        &["This period was closed"],
    );
    let correct = format!("/periods/2025-01/correct/{project}");
    let asked = region.get(&correct).await;
    shows(&asked, 200, &["Investment to date, published"]);
    let version = between(&asked.text, "name=\"version\" value=\"", "\"").to_owned();
    let unsaid = region
        .form(&correct, &format!("version={version}&month_investment=700"))
        .await;
    assert_eq!(unsaid.status, 422, "{}", unsaid.text);
    let said =
        format!("version={version}&month_investment=700&correction_reason=%E9%87%8D%E5%A4%8D");
    let done = region.form(&correct, &said).await;
    shows(&done, 200, &["from 800 to 700", "-100"]);
    let opened = region.form("/periods/open", "period=2025-02").await;
    shows(
        &followed(&region, opened).await,
        200,
        &["The period is open"],
    );
    let twice = region.form("/periods/open", "period=2025-02").await;
    assert_eq!(twice.status, 422);
}

#[tokio::test]
async fn only_the_region_opens_and_corrects() {
    let (server, project) = month().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let opened = clerk.form("/periods/open", "period=2025-02").await;
    assert_eq!(opened.status, 403);
    let correct = format!("/periods/2025-01/correct/{project}");
    assert_eq!(clerk.get(&correct).await.status, 403);
    let list = clerk.get("/periods").await;
    assert!(!list.text.contains("action=\"/periods/open\""));
}

#[tokio::test]
async fn a_chase_says_how_many_units_it_reached() {
    let (server, _) = month().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let page = clerk.get("/periods/2025-01").await;
    shows(&page, 200, &["/periods/2025-01/chase", "测试热电联产项目"]);
    let chased = clerk.form("/periods/2025-01/chase", "unit=").await;
    shows(&followed(&clerk, chased).await, 200, &["went to 1 unit"]);
}

#[tokio::test]
async fn a_unit_that_closed_too_early_gets_its_month_back_with_the_reason() {
    let (server, _) = month().await;
    let banner = server.person(Role::Clerk, BANNER).await;
    let league = server.person(Role::Clerk, LEAGUE).await;
    let closed = banner
        .form("/periods/2025-01/close", "unit=&known=true")
        .await;
    assert_eq!(closed.status, 303, "{}", closed.text);
    let address = format!("/periods/2025-01/reopen?unit={BANNER}");
    let page = league.get("/periods/2025-01").await;
    shows(&page, 200, &[&address]);
    assert_eq!(banner.get(&address).await.status, 403);
    shows(&league.get(&address).await, 200, &["gets a notice"]);
    let form = format!("unit={BANNER}&reason=");
    let mute = league.form("/periods/2025-01/reopen", &form).await;
    shows(&mute, 422, &["Give a reason"]);
    let form = format!("unit={BANNER}&reason=%E6%BC%8F%E6%8A%A5");
    let done = league.form("/periods/2025-01/reopen", &form).await;
    shows(&followed(&league, done).await, 200, &["open again for"]);
    shows(&banner.get("/notices").await, 200, &["漏报"]);
    let again = league.form("/periods/2025-01/reopen", &form).await;
    shows(&again, 422, &["nothing to reopen"]);
}
