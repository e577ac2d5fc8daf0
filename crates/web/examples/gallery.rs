//! Serves the component gallery on 127.0.0.1 for looking at, with no database behind it:
//! `cargo run -p gangmu-web --example gallery [PORT]`. `/sample/PAGE/N` shows the
//! Nth sample of a page, for instance `/sample/login/1`.

use std::error::Error;
use std::net::{Ipv4Addr, SocketAddr};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use gangmu_web::i18n::{LANG_COOKIE, Lang};
use gangmu_web::pages::{gallery::Gallery, samples};
use gangmu_web::render::{Page, Templates};
use gangmu_web::shell::Shell;
use gangmu_web::{assets, headers};
use serde::Deserialize;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args()
        .nth(1)
        .map_or(Ok(8099), |text| text.parse())?;
    let router = Router::new()
        .route("/", get(gallery))
        .route("/sample/{page}/{case}", get(sample))
        .route("/language", post(language))
        .merge(assets::routes())
        .with_state(Templates::load()?);
    let listener =
        tokio::net::TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await?;
    axum::serve(listener, headers::secure(router)).await?;
    Ok(())
}

async fn gallery(lang: Lang, State(templates): State<Templates>) -> Response {
    let page = Gallery::samples().into_iter().next();
    page.map_or_else(not_found, |page| {
        match templates.page(&Shell::sample(lang), &page) {
            Ok(html) => html.into_response(),
            Err(error) => fault(&error),
        }
    })
}

async fn sample(
    lang: Lang,
    Path((page, case)): Path<(String, usize)>,
    State(templates): State<Templates>,
) -> Response {
    let template = format!("pages/{page}.html");
    let wanted = samples()
        .into_iter()
        .find(|one| one.template == template && one.case == case);
    let Some(sample) = wanted else {
        return not_found();
    };
    match templates.render(sample.template, &Shell::sample(lang), sample.context) {
        Ok(html) => Html(html).into_response(),
        Err(error) => fault(&error),
    }
}

#[derive(Deserialize)]
struct Choice {
    lang: String,
}

async fn language(Form(choice): Form<Choice>) -> Response {
    let lang = Lang::from_tag(&choice.lang).unwrap_or_default();
    let cookie = format!("{LANG_COOKIE}={}; Path=/; SameSite=Lax", lang.tag());
    ([("set-cookie", cookie)], Redirect::to("/")).into_response()
}

fn not_found() -> Response {
    StatusCode::NOT_FOUND.into_response()
}

fn fault(error: &dyn Error) -> Response {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(&format!("\n{cause}"));
        source = cause.source();
    }
    (StatusCode::INTERNAL_SERVER_ERROR, text).into_response()
}
