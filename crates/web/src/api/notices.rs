//! Notices to one's unit, and how far one has read.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::notices::{NoticePage, NoticesOf};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, Body, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(notices))
        .routes(routes!(notices_seen))
}

/// Which notices.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Which {
    /// Those to all units of one's scope, not only to one's own.
    #[serde(default)]
    all_units: bool,
    /// Pages of 50, from 1.
    page: Option<i64>,
}

/// The notices to one's unit, newest first
#[utoipa::path(get, path = "/api/v1/notices", tag = "dispatch", params(Which),
    responses((status = 200, description = "A page of notices", body = NoticePage)))]
async fn notices(
    State(state): State<WebState>,
    Person(actor): Person,
    Asked(which): Asked<Which>,
) -> Result<Reply<NoticePage>, Failure> {
    let of = if which.all_units {
        NoticesOf::AllUnits
    } else {
        NoticesOf::OwnUnit
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
#[utoipa::path(put, path = "/api/v1/notices/seen", tag = "dispatch", request_body = SeenNotice,
    responses((status = 204, description = "Noted; a smaller number than before changes nothing")))]
async fn notices_seen(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(seen): Body<SeenNotice>,
) -> Result<StatusCode, Failure> {
    state.app.notices_seen(&actor, seen.notice_id).await?;
    Ok(StatusCode::NO_CONTENT)
}
