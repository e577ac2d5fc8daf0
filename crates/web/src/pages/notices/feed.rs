//! The calendar of one's deadlines: opening and closing it, and what calendar programs fetch. What
//! one would get wrong: programs do not log in; the secret in the address is all they have. (日历订阅)

use axum::Router;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST};
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use gangmu_app::AppError;
use gangmu_app::notices::{DeadlineView, WordedDeadline};

use crate::i18n::{Lang, Message, Texts};
use crate::pages::common::name;
use crate::pages::winter::season_name;
use crate::server::{Answer, Visit, WebState, words};

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/calendar/{secret}", get(fetch))
        .route("/notices/calendar/open", post(open))
        .route("/notices/calendar/close", post(close))
}

async fn open(State(state): State<WebState>, headers: HeaderMap, visit: Visit) -> Answer {
    let secret = visit.app.calendar_open(&visit.actor).await?;
    let home = match visit.app.home() {
        "" => origin(&state, &headers),
        home => home.to_owned(),
    };
    let address = format!("{home}/calendar/{secret}.ics");
    let opened = Message::new("calendar.opened").with("address", address);
    visit.done(opened, "/notices/preferences").await
}

/// Where the person reached us, when nobody has said where the pages are.
fn origin(state: &WebState, headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|value| value.to_str().ok());
    let scheme = if state.options.secure {
        "https"
    } else {
        "http"
    };
    host.map_or_else(String::new, |host| format!("{scheme}://{host}"))
}

async fn close(visit: Visit) -> Answer {
    visit.app.calendar_close(&visit.actor).await?;
    let closed = Message::new("calendar.closed");
    visit.done(closed, "/notices/preferences").await
}

async fn fetch(State(state): State<WebState>, Path(secret): Path<String>) -> Answer {
    let none = || AppError::NotFound { what: "calendar" };
    let secret = secret.strip_suffix(".ics").ok_or_else(none)?;
    let list = state.app.calendar_read(secret).await?;
    let lang = Lang::from_tag(&list.locale).unwrap_or_default();
    let texts = state.templates.texts(lang).ok_or_else(none)?;
    let title = texts.message(&Message::new("calendar.name"));
    let text = state
        .app
        .calendar_write(&list, &title, |one| worded(texts, one));
    let headers = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8"),
        // Who reads it is told by nothing but the address: no cache in between may keep it.
        (CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, text).into_response())
}

fn worded(texts: &Texts, deadline: &DeadlineView) -> WordedDeadline {
    match deadline {
        DeadlineView::Matter {
            project_id,
            project,
            code,
            name: full,
            name_en,
            what,
            ..
        } => WordedDeadline {
            summary: texts.message(
                &Message::new("calendar.matter")
                    .with("matter", name(texts.lang(), full, name_en))
                    .with("what", words::word(texts, "approvals.due.", what))
                    .with("project", project.clone()),
            ),
            description: project.clone(),
            href: format!("/projects/{project_id}/approvals#{code}"),
        },
        DeadlineView::Problem {
            problem_id,
            title,
            phase,
            ..
        } => WordedDeadline {
            summary: texts.message(
                &Message::new("calendar.problem")
                    .with("title", title.clone())
                    .with("phase", words::word(texts, "problems.phase.", phase)),
            ),
            description: title.clone(),
            href: format!("/problems/{problem_id}"),
        },
        DeadlineView::Opinions {
            sitting_id,
            title,
            n,
            ..
        } => WordedDeadline {
            summary: texts.message(
                &Message::new("calendar.opinions")
                    .with("title", title.clone())
                    .with("n", i64::try_from(*n).unwrap_or(i64::MAX)),
            ),
            description: title.clone(),
            href: format!("/approvals/sittings/{sitting_id}"),
        },
        DeadlineView::Winter { season, n, .. } => WordedDeadline {
            summary: texts.message(
                &Message::new("calendar.winter")
                    .with("season", season_name(*season))
                    .with("n", *n),
            ),
            description: String::new(),
            href: format!("/winter?season={season}"),
        },
        DeadlineView::Resolution {
            resolution_id,
            body,
            project,
            ..
        } => WordedDeadline {
            summary: texts.message(&Message::new("calendar.resolution").with("body", body.clone())),
            description: project.clone(),
            href: format!("/resolutions/{resolution_id}"),
        },
        DeadlineView::Reports {
            plan_id,
            plan,
            period,
            n,
            ..
        } => WordedDeadline {
            summary: texts.message(
                &Message::new("calendar.reports")
                    .with("month", crate::dates::month_of(period, texts.lang()))
                    .with("n", *n),
            ),
            description: plan.clone(),
            href: format!("/supervision/{plan_id}?period={period}"),
        },
        DeadlineView::Letter {
            from,
            year,
            seq,
            number,
            items,
            ..
        } => WordedDeadline {
            summary: texts.message(
                &Message::new("calendar.letter")
                    .with("number", number.clone())
                    .with("n", *items),
            ),
            description: String::new(),
            href: format!("/supervision/letters/{from}/{year}/{seq}"),
        },
        DeadlineView::Returns { period, n, .. } => WordedDeadline {
            summary: texts.message(
                &Message::new("calendar.returns")
                    .with("month", crate::dates::month_of(period, texts.lang()))
                    .with("n", *n),
            ),
            description: String::new(),
            href: format!("/dispatch/{period}"),
        },
    }
}
