//! Notices to one's unit, and how far one has read.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::domain::notices::Dispatched;
use gangmu_app::notices::{NoticePage, NoticesOf, OutboxPage, PreferenceView};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::organisation::unknown;
use super::{Asked, At, Body, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(notices))
        .routes(routes!(notices_seen))
        .routes(routes!(preferences, preferences_save))
        .routes(routes!(outbox))
        .routes(routes!(outbox_again))
}

/// Which notices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Those to all units of one's scope, not only one's inbox.
    #[serde(default)]
    all_units: bool,
    /// Pages of 50, from 1.
    page: Option<i64>,
}

/// The notices in one's inbox, newest first
#[utoipa::path(get, path = "/api/v1/notices", tag = "notices", params(Which),
    responses((status = 200, description = "A page of notices", body = NoticePage)))]
async fn notices(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(which): Asked<Which>,
) -> Result<Reply<NoticePage>, Failure> {
    let of = if which.all_units {
        NoticesOf::AllUnits
    } else {
        NoticesOf::Inbox
    };
    let page = which.page.unwrap_or(1);
    Reply::ok(state.app.notice_page(&actor, of, page).await?)
}

/// The newest notice one has seen.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenNotice {
    notice_id: i64,
}

/// Note that one has seen the notices up to a number
#[utoipa::path(put, path = "/api/v1/notices/seen", tag = "notices", request_body = SeenNotice,
    responses((status = 204, description = "Noted; a smaller number than before changes nothing")))]
async fn notices_seen(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(seen): Body<SeenNotice>,
) -> Result<StatusCode, Failure> {
    state.app.notices_seen(&actor, seen.notice_id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// How one hears of notices
#[utoipa::path(get, path = "/api/v1/notices/preferences", tag = "notices",
    responses((status = 200, description = "One's own choice", body = PreferenceView)))]
async fn preferences(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<PreferenceView>, Failure> {
    Reply::ok(state.app.notice_preference(&actor).await?)
}

/// Choose how to hear of notices
#[utoipa::path(put, path = "/api/v1/notices/preferences", tag = "notices",
    request_body = PreferenceView, responses((status = 204, description = "Saved")))]
async fn preferences_save(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(typed): Body<PreferenceView>,
) -> Result<StatusCode, Failure> {
    state.app.notice_preference_save(&actor, &typed).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which copies.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct WhichCopies {
    /// Only those that stand there: `waiting`, `sending`, `sent`, `failed`, `dropped`.
    state: Option<String>,
    /// Pages of 50, from 1.
    page: Option<i64>,
}

/// What waits to leave the house, newest first; nothing of what it says
#[utoipa::path(get, path = "/api/v1/notices/outbox", tag = "notices", params(WhichCopies),
    responses((status = 200, description = "A page of copies", body = OutboxPage)))]
async fn outbox(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(which): Asked<WhichCopies>,
) -> Result<Reply<OutboxPage>, Failure> {
    let wanted = match which.state.as_deref() {
        None => None,
        Some(word) => {
            let known = Dispatched::from_word(word);
            Some(known.ok_or_else(|| unknown("state", word))?)
        }
    };
    let page = which.page.unwrap_or(1);
    Reply::ok(state.app.outbox_page(&actor, wanted, page).await?)
}

/// Try a copy again that was given up or waits for another attempt
#[utoipa::path(post, path = "/api/v1/notices/outbox/{copy}/again", tag = "notices",
    params(("copy" = i64, Path)), responses((status = 204, description = "It is tried at once")))]
async fn outbox_again(
    State(state): State<WebState>,
    Person(actor): Person,
    At(copy): At<i64>,
) -> Result<StatusCode, Failure> {
    state.app.outbox_again(&actor, copy).await?;
    Ok(StatusCode::NO_CONTENT)
}
