//! Units, users, rules, the audit trail and one's own account.

use axum::body::Body;
use gangmu_app::domain::organisation::Role;

use super::{followed, shows};
use crate::server::{Answer, BANNER, Client, REGION, Server};

#[tokio::test]
async fn the_tree_of_units_is_open_to_whoever_reads() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, REGION).await;
    let page = clerk.get("/organisation").await;
    shows(&page, 200, &["150502", "Industry departments"]);
    assert!(!page.text.contains("/policies#load"));
}

#[tokio::test]
async fn the_security_administrator_adds_a_user_and_gives_a_post() {
    let server = Server::new().await;
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    let wrong = keeper
        .form("/users", "login=%E5%90%8D&display_name=&new=short")
        .await;
    shows(&wrong, 422, &["Letters, digits"]);
    let added = keeper
        .form(
            "/users",
            "login=horqin&display_name=Horqin+desk&new=a+long+enough+one",
        )
        .await;
    let place = added.header("location").to_owned();
    shows(
        &followed(&keeper, added).await,
        200,
        &["give them a post", "Horqin desk"],
    );
    let twice = keeper
        .form(
            "/users",
            "login=horqin&display_name=Other&new=a+long+enough+one",
        )
        .await;
    shows(&twice, 422, &["This user name is taken"]);
    let posts = format!("{place}/posts");
    let unnamed = keeper
        .form(&posts, &format!("role=officer&unit={BANNER}&department="))
        .await;
    assert_eq!(unnamed.status, 422);
    let given = keeper
        .form(&posts, &format!("role=clerk&unit={BANNER}&department="))
        .await;
    let page = followed(&keeper, given).await;
    shows(&page, 200, &["The post is given"]);
    let take = page
        .text
        .split("action=\"")
        .filter_map(|rest| rest.split('"').next())
        .find(|action| action.ends_with("/take"))
        .expect("a post to take")
        .to_owned();
    let taken = keeper.form(&take, "").await;
    shows(&followed(&keeper, taken).await, 200, &["No post yet"]);
    let gone = keeper.form(&take, "").await;
    assert_eq!(gone.status, 404);
    let disabled = keeper
        .form(&format!("{place}/disabled"), "disabled=true")
        .await;
    shows(&followed(&keeper, disabled).await, 200, &["Enable account"]);
    let short = keeper.form(&format!("{place}/password"), "new=short").await;
    assert_eq!(short.status, 422);
}

#[tokio::test]
async fn nobody_else_manages_users() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, REGION).await;
    for path in ["/users", "/users/1"] {
        assert_eq!(clerk.get(path).await.status, 403, "{path}");
    }
    let added = clerk
        .form("/users", "login=x&display_name=x&new=a+long+enough+one")
        .await;
    assert_eq!(added.status, 403);
    let keeper = server.person(Role::SecurityAdministrator, REGION).await;
    assert_eq!(keeper.get("/users/99").await.status, 404);
}

async fn load(client: &Client<'_>, kind: &str, text: &str) -> Answer {
    let body = format!(
        "--gangmu\r\ncontent-disposition: form-data; name=\"kind\"\r\n\r\n{kind}\r\n\
         --gangmu\r\ncontent-disposition: form-data; name=\"file\"; filename=\"f.toml\"\r\n\r\n\
         {text}\r\n--gangmu--\r\n"
    );
    let request = client
        .request("POST", "/policies/load")
        .header("content-type", "multipart/form-data; boundary=gangmu");
    client.send(request.body(Body::from(body))).await
}

#[tokio::test]
async fn a_rule_file_is_taken_whole_or_refused_line_by_line() {
    let server = Server::new().await;
    let keeper = server.person(Role::SystemAdministrator, REGION).await;
    let page = keeper.get("/policies").await;
    shows(&page, 200, &["Lights", "In use", "Upload a new version"]);
    let text = keeper.get("/policies/dispatch.toml").await;
    assert_eq!(text.status, 200);
    let wrong = load(
        &keeper,
        "dispatch",
        &text.text.replace("working_day", "workday"),
    )
    .await;
    shows(&wrong, 422, &["nothing was changed", "line ", "workday"]);
    let right = load(
        &keeper,
        "dispatch",
        &text.text.replace("region = 8", "region = 9"),
    )
    .await;
    let page = followed(&keeper, right).await;
    shows(&page, 200, &["The new version is in use", "working day 9"]);
    let clerk = server.person(Role::Clerk, REGION).await;
    let read = clerk.get("/policies").await;
    shows(
        &read,
        200,
        &["Gates", "Admission thresholds", "5,000", "Government"],
    );
    assert!(!read.text.contains("/policies/load"));
    assert_eq!(load(&clerk, "dispatch", &text.text).await.status, 403);
    assert_eq!(keeper.get("/policies/secrets.toml").await.status, 404);
}

#[tokio::test]
async fn the_audit_trail_is_the_auditors() {
    let server = Server::new().await;
    let auditor = server.person(Role::Auditor, REGION).await;
    shows(
        &auditor.get("/audit").await,
        200,
        &["Logged in", "Added a user"],
    );
    let none = auditor.get("/audit?subject=project%3A99").await;
    shows(&none, 200, &["Nothing on record"]);
    let clerk = server.person(Role::Clerk, REGION).await;
    assert_eq!(clerk.get("/audit").await.status, 403);
}

#[tokio::test]
async fn everybody_sees_what_their_posts_allow() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    shows(
        &clerk.get("/account").await,
        200,
        &["Change password", "Posts"],
    );
    assert_eq!(server.visitor().get("/account").await.status, 303);
}
