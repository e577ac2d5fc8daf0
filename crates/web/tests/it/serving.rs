//! Assets and headers, asked through a router as a browser would. The assets may not be built, so
//! only what holds either way is tested here; the built ones are tested in the browser journeys.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use gangmu_web::{assets, headers};
use tower::ServiceExt as _;

#[tokio::test]
async fn an_unknown_asset_is_not_found_and_still_carries_the_security_headers() {
    let router: Router = headers::secure(assets::routes());
    let request = Request::get("/assets/../Cargo.toml")
        .body(Body::empty())
        .expect("request");
    let answer = router.oneshot(request).await.expect("answer");
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
    let policy = answer.headers()["content-security-policy"]
        .to_str()
        .expect("ascii");
    assert!(
        policy.starts_with("default-src 'self'") && !policy.contains("unsafe"),
        "{policy}"
    );
    assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn a_built_asset_is_cached_for_ever_and_revalidated_by_its_tag() {
    let address = assets::Manifest::load().href("app.css");
    let ask = |tag: Option<String>| {
        let mut request = Request::get(&address);
        if let Some(tag) = tag {
            request = request.header("if-none-match", tag);
        }
        assets::routes::<()>().oneshot(request.body(Body::empty()).expect("request"))
    };
    let answer = ask(None).await.expect("answer");
    if answer.status() == StatusCode::NOT_FOUND {
        return; // Not built: `make test` builds first, a bare `cargo test` need not.
    }
    assert_eq!(answer.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(
        answer.headers()["cache-control"],
        "public, max-age=31536000, immutable"
    );
    let tag = answer.headers()["etag"].to_str().expect("ascii").to_owned();
    assert_eq!(
        ask(Some(tag)).await.expect("answer").status(),
        StatusCode::NOT_MODIFIED
    );
}
