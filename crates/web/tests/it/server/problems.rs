//! Bad requests of every kind: what they get, in which form, and that it names no inner part.

use axum::body::Body;
use gangmu_app::domain::organisation::Role;
use serde_json::json;

use super::{BANNER, REGION, Server};

#[tokio::test]
async fn a_problem_document_says_what_where_and_who_may() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let answer = clerk.get("/api/v1/users").await;
    answer.refused(403, "refused");
    assert_eq!(
        answer.body(),
        json!({
            "type": "urn:gangmu:problem:refused",
            "title": "You may not do this",
            "status": 403,
            "code": "refused",
            "detail": "It is outside what your post covers.",
            "who_may": ["Security administrator"],
            "request_id": "[id]",
        })
    );
    let body = json!({"fields": {"unit": "nowhere", "total_investment": "much", "colour": "red"}});
    let answer = clerk.post("/api/v1/projects", body).await;
    answer.refused(422, "invalid");
    assert_eq!(
        answer.body()["messages"],
        json!([
            {"code": "field.unknown", "field": "colour", "params": ["colour"], "text": "There is no field “colour”"},
            {"code": "field.not_money", "field": "total_investment", "params": ["much"], "text": "“much” is not an amount of money"},
            {"code": "field.unknown_unit", "field": "unit", "params": ["nowhere"], "text": "There is no unit “nowhere”"},
        ])
    );
}

#[tokio::test]
async fn problems_are_worded_in_the_language_asked_for() {
    let server = Server::new().await;
    let mut visitor = server.visitor();
    visitor.lang = "zh-CN";
    let answer = visitor.get("/api/v1/me").await;
    assert_eq!(answer.body()["title"], "请先登录");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_as_a_problem() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let raw = |body: &'static str, kind: &'static str| {
        let request = clerk.request("POST", "/api/v1/projects");
        clerk.send(request.header("content-type", kind).body(Body::from(body)))
    };
    raw("{\"fields\": ", "application/json")
        .await
        .refused(400, "unreadable");
    raw("{\"fields\": {}, \"colour\": 1}", "application/json")
        .await
        .refused(422, "invalid");
    raw("fields=1", "application/x-www-form-urlencoded")
        .await
        .refused(415, "media_type");
    for (method, path, status, code) in [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", "/api/v1/projects/abc", 404, "not_found"),
        (
            "GET",
            "/api/v1/projects/999999999999999999999",
            404,
            "not_found",
        ),
        ("GET", "/api/v1/periods/2025-13/returns", 404, "not_found"),
        ("PUT", "/api/v1/projects", 405, "method_not_allowed"),
        ("GET", "/api/v1/projects?colour=red", 422, "invalid"),
        ("GET", "/api/v1/projects?stage=finished", 422, "invalid"),
        ("GET", "/api/v1/projects?page=0", 422, "invalid"),
        ("GET", "/api/v1/projects?per_page=9999", 422, "invalid"),
        ("GET", "/api/v1/projects?unit=150200", 404, "not_found"),
        ("GET", "/api/v1/rollup?by=colour", 422, "invalid"),
        ("GET", "/api/v1/rollup?colour=red", 422, "invalid"),
        (
            "GET",
            "/api/v1/programmes/2025/bridge?from=yesterday&to=2025-01-01",
            422,
            "invalid",
        ),
    ] {
        let answer = clerk.json(method, path, json!({})).await;
        assert_eq!(
            answer.status.as_u16(),
            status,
            "{method} {path}: {}",
            answer.text
        );
        assert_eq!(
            answer.body()["code"],
            code,
            "{method} {path}: {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn what_does_not_fit_is_told_in_the_language_asked_for() {
    let server = Server::new().await;
    let mut clerk = server.person(Role::Clerk, BANNER).await;
    let sent = [
        ("POST", "/api/v1/projects", "{\"fields\": "),
        ("POST", "/api/v1/projects", "{\"fields\": 7}"),
        (
            "POST",
            "/api/v1/projects",
            "{\"fields\": {}, \"colour\": 1}",
        ),
        ("GET", "/api/v1/rollup?page=many", ""),
        ("GET", "/api/v1/projects/1?as_of=soon", ""),
    ];
    let mut told = Vec::new();
    for (method, path, body) in sent {
        for lang in ["zh-CN", "en"] {
            clerk.lang = lang;
            let request = clerk.request(method, path);
            let request = request.header("content-type", "application/json");
            let said = clerk.send(request.body(Body::from(body))).await.body();
            let (field, text) = (&said["messages"][0]["field"], &said["messages"][0]["text"]);
            let text = text.as_str().unwrap_or_default();
            told.push(format!("{} {field} {text}", said["status"]));
        }
    }
    let wanted = [
        "400 \"\" 内容不是完整的 JSON：读到第 1 行第 11 个字符为止",
        "400 \"\" The content is not complete JSON: it can be read up to line 1, character 11",
        "422 \"fields\" “7”不是对象",
        "422 \"fields\" “7” is not an object",
        "422 \"colour\" 没有“colour”这一项，可用：fields, reason, document_no, not_a_twin",
        "422 \"colour\" There is no “colour”; known are: fields, reason, document_no, not_a_twin",
        "422 \"page\" 没有“page”这一项，可用：period, unit, by, edition",
        "422 \"page\" There is no “page”; known are: period, unit, by, edition",
        "422 \"as_of\" “soon”不是日期，请写成 2025-07-18",
        "422 \"as_of\" “soon” is not a date; write 2025-07-18",
    ];
    assert_eq!(told, wanted);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused_and_an_upload_may_be_larger() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let id = server.project("大文件").await;
    let megabytes = |n: usize| "x".repeat(n * 1024 * 1024);
    let answer = clerk
        .post("/api/v1/projects", json!({"reason": megabytes(2)}))
        .await;
    answer.refused(413, "too_large");
    let path = format!("/api/v1/projects/{id}/attachments");
    let pdf = format!("%PDF-1.7\n{}", megabytes(2));
    assert_eq!(
        clerk.upload(&path, "批复.pdf", pdf.as_bytes()).await.status,
        201
    );
    let answer = clerk.upload(&path, "a.pdf", megabytes(65).as_bytes()).await;
    answer.refused(413, "too_large");
}

#[tokio::test]
async fn a_post_from_another_site_is_refused() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, REGION).await;
    let post = |path: &'static str, name: &'static str, value: &'static str| {
        let request = clerk.request("POST", path).header(name, value);
        clerk.send(request.body(Body::empty()))
    };
    let foreign = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ];
    for (name, value) in foreign {
        let answer = post("/api/v1/periods/2025-01/chase", name, value).await;
        answer.refused(403, "cross_site");
        let page = post("/logout", name, value).await;
        assert_eq!(page.status, 403);
        assert!(
            page.text.contains("The request came from another site"),
            "{}",
            page.text
        );
    }
    clerk.get("/api/v1/me").await.ok();
    let own = post("/logout", "origin", "http://gangmu.example").await;
    assert_eq!(own.status, 303);
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_its_number() {
    let server = Server::new().await;
    let visitor = server.visitor();
    for path in [
        "/login",
        "/nothing",
        "/api/v1/me",
        "/api/v1/openapi.json",
        "/assets/nothing",
    ] {
        let answer = visitor.get(path).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'self'") && !policy.contains("unsafe"),
            "{path}: {policy}"
        );
        assert!(
            policy.contains("frame-ancestors 'none'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
        assert_ne!(answer.header("x-request-id"), "", "{path}");
    }
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_in_the_frame() {
    let server = Server::new().await;
    let clerk = server.person(Role::Clerk, BANNER).await;
    let page = clerk
        .get("/nothing?q=%3Cscript%3Ealert(1)%3C/script%3E")
        .await;
    assert_eq!(page.status, 404);
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text.contains("There is no such page"), "{}", page.text);
    assert!(page.text.contains("clerk@150502"), "{}", page.text);
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
}

#[tokio::test]
async fn hostile_text_is_escaped_in_pages() {
    let server = Server::new().await;
    let answer = server
        .visitor()
        .form(
            "/login",
            "user=%22%3E%3Cscript%3Ealert(1)%3C/script%3E&password=x&next=/%22%3E%3Cb%3E",
        )
        .await;
    assert_eq!(answer.status, 401);
    assert!(!answer.text.contains("<script>alert"), "{}", answer.text);
    assert!(!answer.text.contains("\"><b>"), "{}", answer.text);
}
