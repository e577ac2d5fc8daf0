//! Logging in and out: what a session is worth, and when it ends.

use gangmu_app::domain::organisation::Role;
use gangmu_web::server::Options;
use jiff::civil::date;
use serde_json::json;

use super::{BANNER, PASSWORD, Server};

const LOGIN: &str = "clerk@150502";

#[tokio::test]
async fn who_is_not_logged_in_is_led_to_the_log_in_and_back() {
    let server = Server::new().await;
    server.user(Role::Clerk, BANNER, None).await;
    let visitor = server.visitor();
    let answer = visitor.get("/account/password").await;
    assert_eq!(answer.status, 303);
    assert_eq!(
        answer.header("location"),
        "/login?next=%2Faccount%2Fpassword"
    );
    let page = visitor.get(answer.header("location")).await;
    assert!(
        page.text.contains("value=\"&#x2f;account&#x2f;password\""),
        "{}",
        page.text
    );
    let form = format!(
        "user={LOGIN}&password={}&next=/account/password",
        PASSWORD.replace(' ', "+")
    );
    let answer = visitor.form("/login", &form).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/account/password")
    );
    let mut person = server.visitor();
    person.cookie = answer.session();
    assert_eq!(person.get("/account/password").await.status, 200);
    assert_eq!(person.get("/login").await.header("location"), "/");
}

#[tokio::test]
async fn a_session_cookie_is_for_this_site_and_not_for_scripts() {
    let https = Options {
        secure: true,
        ..Options::default()
    };
    for (options, secure) in [(Options::default(), ""), (https, " Secure;")] {
        let server = Server::with(options).await;
        server.user(Role::Clerk, BANNER, None).await;
        let body = json!({"login": LOGIN, "password": PASSWORD});
        let answer = server.visitor().post("/api/v1/session", body).await;
        let key = answer.session().expect("a session");
        let rest = answer.header("set-cookie").replace(&key, "KEY");
        assert_eq!(
            rest,
            format!("gangmu_session=KEY; HttpOnly; SameSite=Lax;{secure} Path=/")
        );
    }
}

#[tokio::test]
async fn a_key_known_before_log_in_is_worth_nothing_after() {
    let server = Server::new().await;
    server.user(Role::Clerk, BANNER, None).await;
    let body = || json!({"login": LOGIN, "password": PASSWORD});
    let mut fixed = server.visitor();
    fixed.cookie = Some("AAAAAAAAAAAAAAAAAAAAAA".to_owned());
    let answer = fixed.post("/api/v1/session", body()).await;
    let first = answer.session().expect("a session");
    assert_ne!(Some(&first), fixed.cookie.as_ref());
    fixed.get("/api/v1/me").await.refused(401, "not_logged_in");

    // Logging in again over a session of one's own changes the key too.
    let mut own = server.visitor();
    own.cookie = Some(first.clone());
    let second = own.post("/api/v1/session", body()).await.session();
    assert_ne!(second.as_ref(), Some(&first));
    own.get("/api/v1/me").await.refused(401, "not_logged_in");
}

#[tokio::test]
async fn logging_out_ends_the_session_on_the_server() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    clerk.get("/api/v1/me").await.ok();
    assert_eq!(
        clerk
            .json("DELETE", "/api/v1/session", json!({}))
            .await
            .status,
        204
    );
    clerk.get("/api/v1/me").await.refused(401, "not_logged_in");

    let again = server.log_in(LOGIN).await;
    assert_eq!(again.form("/logout", "").await.header("location"), "/login");
    again.get("/api/v1/me").await.refused(401, "not_logged_in");
}

#[tokio::test]
async fn a_session_ends_when_idle_and_after_its_longest_time() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    clerk.get("/api/v1/me").await.ok();
    server.clock.set(date(2025, 1, 7));
    clerk.get("/api/v1/me").await.refused(401, "not_logged_in");

    let days = |n: u64| std::time::Duration::from_secs(n * 24 * 60 * 60);
    let patient = Options {
        idle: days(2),
        longest: days(3),
        ..Options::default()
    };
    let server = Server::with(patient).await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    for day in [7, 8] {
        server.clock.set(date(2025, 1, day));
        clerk.get("/api/v1/me").await.ok();
    }
    server.clock.set(date(2025, 1, 10));
    clerk.get("/api/v1/me").await.refused(401, "not_logged_in");
}

#[tokio::test]
async fn five_wrong_passwords_lock_the_account_and_say_until_when() {
    let server = Server::new().await;
    server.user(Role::Clerk, BANNER, None).await;
    let visitor = server.visitor();
    for _ in 0..5 {
        let page = visitor
            .form("/login", &format!("user={LOGIN}&password=guess"))
            .await;
        assert_eq!(page.status, 401);
        assert!(
            page.text.contains("User name or password is wrong"),
            "{}",
            page.text
        );
    }
    let body = json!({"login": LOGIN, "password": PASSWORD});
    let answer = visitor.post("/api/v1/session", body).await;
    answer.refused(423, "locked");
    assert_eq!(
        answer.body()["detail"],
        "Too many wrong passwords: the account is locked until 2025-01-06 12:15. \
         Try again then, or ask the security administrator."
    );
    let page = visitor
        .form("/login", &format!("user={LOGIN}&password=guess"))
        .await;
    assert_eq!(page.status, 423);
    assert!(
        page.text.contains("locked until 2025-01-06 12:15"),
        "{}",
        page.text
    );
}

#[tokio::test]
async fn a_first_password_has_to_be_changed_before_anything_else() {
    let server = Server::new().await;
    let system = server.app.system().await.expect("the system");
    let added = server.app.user_add(&system, "new", "新人", PASSWORD).await;
    added.expect("a user");
    let person = server.log_in("new").await;
    person
        .get("/api/v1/projects")
        .await
        .refused(403, "password_due");
    let me = person.get("/api/v1/me").await.ok();
    assert_eq!(me["must_change_password"], true);

    let old = PASSWORD.replace(' ', "+");
    for (form, expected) in [
        (
            "old=wrong&new=another+long+phrase&again=another+long+phrase".to_owned(),
            "The old password is wrong",
        ),
        (
            format!("old={old}&new=short&again=short"),
            "A password has at least 10 characters",
        ),
        (
            format!("old={old}&new={old}&again={old}"),
            "must differ from the old one",
        ),
        (
            format!("old={old}&new=another+long+phrase&again=no"),
            "are not the same",
        ),
    ] {
        let page = person.form("/account/password", &form).await;
        assert_eq!(page.status, 422);
        assert!(page.text.contains(expected), "{expected}: {}", page.text);
    }
    let form = format!("old={old}&new=another+long+phrase&again=another+long+phrase");
    let answer = person.form("/account/password", &form).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("location")),
        (303, "/")
    );
    person.get("/api/v1/me").await.refused(401, "not_logged_in");
    let mut fresh = server.visitor();
    fresh.cookie = answer.session();
    assert_eq!(
        fresh.get("/api/v1/me").await.ok()["must_change_password"],
        false
    );
}

#[tokio::test]
async fn a_chosen_language_is_remembered_with_the_account() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let answer = clerk
        .form("/language", "lang=zh-CN&next=//elsewhere.example")
        .await;
    assert_eq!(answer.header("location"), "/");
    assert!(
        answer
            .header("set-cookie")
            .starts_with("gangmu_lang=zh-CN;")
    );
    assert_eq!(clerk.get("/api/v1/me").await.ok()["locale"], "zh-CN");
}

#[tokio::test]
async fn only_the_digest_of_a_session_key_is_kept() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let key = clerk.cookie.expect("a key");
    let loaded = server.app.session_load(&key).await.expect("the database");
    assert_eq!(loaded, None);
}

#[tokio::test]
async fn a_request_that_never_ends_is_ended_and_told_so() {
    use std::io::{Read as _, Write as _};
    let server = Server::new().await;
    let options = Options {
        patience: std::time::Duration::from_millis(50),
        ..Options::default()
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a port");
    let address = listener.local_addr().expect("an address");
    let ever = std::future::pending::<()>();
    let app = server.app.clone();
    let serving = tokio::spawn(gangmu_web::server::serve(app, options, listener, ever));
    let asked = tokio::task::spawn_blocking(move || {
        let mut client = std::net::TcpStream::connect(address)?;
        // Ninety-nine of the hundred bytes that are promised never come.
        client.write_all(
            b"POST /api/v1/session HTTP/1.1\r\nHost: gangmu.example\r\nAccept-Language: en\r\n\
              Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{",
        )?;
        let mut answer = Vec::new();
        let mut part = [0; 4096];
        loop {
            let read = client.read(&mut part)?;
            answer.extend_from_slice(part.get(..read).unwrap_or_default());
            let text = String::from_utf8_lossy(&answer).into_owned();
            if read == 0 || text.ends_with('}') {
                return std::io::Result::Ok(text);
            }
        }
    });
    let answer = asked.await.expect("a client").expect("an answer");
    serving.abort();
    assert!(answer.starts_with("HTTP/1.1 504 "), "{answer}");
    assert!(answer.contains("\"code\":\"too_slow\""), "{answer}");
}
