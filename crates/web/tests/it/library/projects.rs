//! A project from entering to merging, on pages alone.

use gangmu_app::domain::organisation::Role;

use crate::server::{BANNER, LEAGUE, REGION, Server};
use crate::work::{followed, shows};

const NEW: &str = "name=%E6%96%B0%E9%A1%B9%E7%9B%AE&unit=150502&total_investment=100000\
                   &owner=%E6%9F%90%E5%85%AC%E5%8F%B8&funding.bank_loans=60000";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and what follows";

#[tokio::test]
async fn a_project_is_entered_and_shown_as_a_card() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    shows(&clerk.get("/projects/new").await, 200, &["name=\"name\""]);
    let entered = clerk.form("/projects/new", NEW).await;
    let card = followed(&clerk, entered).await;
    let words = [
        "新项目",
        "CNY bn",
        "60,000",
        "Entered into the library",
        "Still missing",
    ];
    shows(&card, 200, &words);
}

#[tokio::test]
async fn a_likely_twin_is_shown_before_it_is_entered_a_second_time() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    clerk.form("/projects/new", NEW).await;
    let asked = clerk.form("/projects/new", NEW).await;
    let words = [
        "1 similar project is in the library",
        "not_a_twin",
        "value=\"100000\"",
    ];
    shows(&asked, 422, &words);
    let confirmed = clerk
        .form("/projects/new", &format!("{NEW}&not_a_twin=true"))
        .await;
    assert_eq!(confirmed.status, 303, "{}", confirmed.text);
}

#[tokio::test]
async fn everything_wrong_is_said_at_once_beside_its_field() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let wrong = "unit=150502&total_investment=1,2x&planned_start_on=soon&longitude=999\
                 &benefits.0.metric=x&benefits.0.quantity=much";
    let answer = clerk.form("/projects/new", wrong).await;
    let words = [
        "error-name",
        "“1,2x” is not an amount",
        "“soon” is not a date",
        "value=\"1,2x\"",
        "error-benefits.0.quantity",
    ];
    shows(&answer, 422, &words[..4]);
    let nameless = clerk.form("/projects/new", "unit=150502").await;
    shows(&nameless, 422, &["error-name"]);
}

#[tokio::test]
async fn the_second_of_two_editors_is_told_what_changed_and_overwrites_nothing() {
    let server = Server::new().await;
    let id = server.project("测试项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let form = format!("/projects/{id}/edit");
    shows(&clerk.get(&form).await, 200, &["was.total_investment"]);
    let seen = "version=1&was.owner=%E6%9F%90%E8%83%BD%E6%BA%90%E5%85%AC%E5%8F%B8\
                &was.total_investment=100000&was.site=%E5%B7%A5%E4%B8%9A%E5%9B%AD%E5%8C%BA\
                &owner=%E6%9F%90%E8%83%BD%E6%BA%90%E5%85%AC%E5%8F%B8&site=%E5%B7%A5%E4%B8%9A%E5%9B%AD%E5%8C%BA";
    let first = format!("{seen}&total_investment=120000");
    assert_eq!(clerk.form(&form, &first).await.status, 303);
    let second = seen.replace(
        "&site=%E5%B7%A5%E4%B8%9A%E5%9B%AD%E5%8C%BA",
        "&site=elsewhere",
    );
    let late = clerk
        .form(&form, &format!("{second}&total_investment=100000"))
        .await;
    let words = [
        "Somebody else changed this project",
        "120,000",
        "value=\"elsewhere\"",
        "value=\"120000\"",
        "name=\"version\" value=\"2\"",
    ];
    shows(&late, 422, &words);
    // Saving again takes over the site and leaves the other's figure alone.
    let again = "version=2&was.site=%E5%B7%A5%E4%B8%9A%E5%9B%AD%E5%8C%BA&site=elsewhere\
                 &was.total_investment=120000&total_investment=120000";
    let saved = clerk.form(&form, again).await;
    shows(
        &followed(&clerk, saved).await,
        200,
        &["elsewhere", "1.20", "CNY bn"],
    );
}

#[tokio::test]
async fn a_gate_names_every_unmet_condition_and_who_can_meet_it() {
    let server = Server::new().await;
    let id = server.project("测试项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let card = clerk.get(&format!("/projects/{id}?do=advance")).await;
    shows(
        &card,
        200,
        &["To enter Reserve", "Conditions that do not hold yet"],
    );
    let refused = clerk
        .form(&format!("/projects/{id}/act/advance"), "to=reserve")
        .await;
    shows(&refused, 422, &["data-error-summary", "To enter Reserve"]);
}

#[tokio::test]
async fn suspending_asks_for_a_reason_and_resuming_lifts_it() {
    let server = Server::new().await;
    let id = server.project("测试项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let act = |action: &str| format!("/projects/{id}/act/{action}");
    let bare = clerk.form(&act("suspend"), "reason=").await;
    shows(&bare, 422, &["error-reason"]);
    let done = clerk.form(&act("suspend"), "reason=waiting").await;
    let card = followed(&clerk, done).await;
    shows(
        &card,
        200,
        &["The project is suspended", "waiting", "do=resume"],
    );
    assert!(!card.text.contains("do=advance"));
    let resumed = clerk.form(&act("resume"), "reason=go").await;
    assert!(
        !followed(&clerk, resumed)
            .await
            .text
            .contains("The project is suspended")
    );
    assert_eq!(clerk.form(&act("explode"), "reason=x").await.status, 404);
}

#[tokio::test]
async fn a_project_is_split_into_parts_that_add_up_and_merged_again() {
    let server = Server::new().await;
    let id = server.project("测试项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let open = clerk.get(&format!("/projects/{id}?do=split")).await;
    shows(&open, 200, &["name=\"name_1\"", "100000"]);
    let act = format!("/projects/{id}/act/split");
    let uneven = "reason=x&name_1=A&total_1=1&name_2=B&total_2=2";
    shows(
        &clerk.form(&act, uneven).await,
        422,
        &["data-error-summary"],
    );
    let even = "reason=x&name_1=PartA&total_1=60000&name_2=PartB&total_2=40000";
    let card = followed(&clerk, clerk.form(&act, even).await).await;
    shows(&card, 200, &["PartA", "PartB"]);
    let whole = server.project("另一个项目").await;
    let other = server.project("第三个项目").await;
    let open = clerk.get(&format!("/projects/{whole}?do=merge")).await;
    shows(&open, 200, &["第三个项目", "name=\"others\""]);
    let act = format!("/projects/{whole}/act/merge");
    let body = format!("reason=x&others={other}");
    let card = followed(&clerk, clerk.form(&act, &body).await).await;
    shows(&card, 200, &["Merged.", "2.00", "CNY bn"]);
}

#[tokio::test]
async fn a_past_day_is_shown_as_it_stood_and_nothing_can_be_done_there() {
    let server = Server::new().await;
    let id = server.project("测试项目").await;
    server.clock.set(jiff::civil::date(2025, 1, 8));
    let clerk = server.person(Role::Clerk, BANNER).await;
    let form = format!("/projects/{id}/edit");
    clerk
        .form(
            &form,
            "version=1&was.name=%E6%B5%8B%E8%AF%95%E9%A1%B9%E7%9B%AE&name=Renamed",
        )
        .await;
    shows(
        &clerk.get(&format!("/projects/{id}")).await,
        200,
        &["Renamed</h1>"],
    );
    let past = clerk.get(&format!("/projects/{id}?as_of=2025-01-07")).await;
    shows(&past, 200, &["测试项目</h1>", "As it stood on 7 Jan 2025"]);
    assert!(!past.text.contains("do=advance"));
    for day in ["2024-12-31", "soon"] {
        let answer = clerk.get(&format!("/projects/{id}?as_of={day}")).await;
        assert_eq!(answer.status, 404, "{day}");
    }
}

#[tokio::test]
async fn photos_are_added_shown_and_removed() {
    let server = Server::new().await;
    let id = server.project("测试项目").await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let files = format!("/projects/{id}/files");
    let added = clerk.upload(&files, "现场.png", PNG).await;
    shows(&followed(&clerk, added).await, 200, &["现场.png"]);
    let photo = clerk.get(&format!("{files}/1")).await;
    assert_eq!(photo.header("content-type"), "image/png");
    assert!(photo.header("content-disposition").starts_with("inline"));
    let refused = clerk.upload(&files, "x.exe", b"MZ").await;
    shows(&refused, 422, &["role=\"alert\""]);
    let removed = clerk.form(&format!("{files}/1/remove"), "").await;
    shows(
        &followed(&clerk, removed).await,
        200,
        &["No documents or photos yet"],
    );
}

#[tokio::test]
async fn what_a_person_may_not_do_is_not_offered_and_is_refused() {
    let server = Server::new().await;
    let id = server.project("测试项目").await;
    let leader = server.person(Role::Leader, LEAGUE).await;
    let card = leader.get(&format!("/projects/{id}")).await;
    shows(&card, 200, &["测试项目"]);
    for offer in ["/edit\"", "do=advance", "enctype="] {
        assert!(!card.text.contains(offer), "{offer}");
    }
    assert!(!leader.get("/projects").await.text.contains("/projects/new"));
    for path in [format!("/projects/{id}/edit"), "/projects/new".to_owned()] {
        assert_eq!(leader.get(&path).await.status, 403, "{path}");
    }
    let act = format!("/projects/{id}/act/suspend");
    assert_eq!(leader.form(&act, "reason=x").await.status, 403);
    let elsewhere = server.person(Role::Clerk, "150602").await;
    assert_eq!(elsewhere.get(&format!("/projects/{id}")).await.status, 404);
}

#[tokio::test]
async fn the_region_adjusts_a_programme_from_the_card() {
    let server = Server::new().await;
    let id = server.project("测试项目").await;
    server.january(&[id]).await;
    let clerk = server.person(Role::Clerk, REGION).await;
    let open = clerk.get(&format!("/projects/{id}?do=programme")).await;
    shows(&open, 200, &["name=\"annual_plan\""]);
    let act = format!("/projects/{id}/act/programme");
    let bare = clerk
        .form(&act, "year=2025&category=continuing&reason=x")
        .await;
    shows(&bare, 422, &["error-annual_plan"]);
    let body = "year=2025&category=continuing&annual_plan=15000&reason=x&document_no=12";
    let card = followed(&clerk, clerk.form(&act, body).await).await;
    shows(&card, 200, &["15,000", "Programme 2025"]);
}
