//! Reviews: what waits for one's level, passing it on, sending it back.
//!
//! Every return is named with the version that was looked at: nobody passes on what they have not
//! seen.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::dispatch::ReviewQuery;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::library::ListPage;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::returns::explained;
use super::wire::period;
use super::{Asked, At, Body, Reply};
use crate::i18n::Lang;
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(review_queue, review_batch))
        .routes(routes!(send_back))
}

/// Which returns to review.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ToReview {
    /// The unit's code; the whole of one's scope when absent.
    unit: Option<String>,
    /// From 1.
    page: Option<i64>,
}

/// The returns that wait for one's review
#[utoipa::path(get, path = "/api/v1/periods/{period}/reviews", tag = "dispatch", params(("period" = String, Path), ToReview),
    responses((status = 200, description = "A page of 50", body = ListPage)))]
async fn review_queue(
    State(state): State<WebState>,
    Person(actor): Person,
    At(at): At<String>,
    Asked(asked): Asked<ToReview>,
) -> Result<Reply<ListPage>, Failure> {
    let query = ReviewQuery {
        period: period(&at)?,
        unit: asked.unit,
        page: asked.page.unwrap_or(1),
        per_page: 50,
    };
    Reply::ok(state.app.review_queue(&actor, &query).await?)
}

/// The returns that pass.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Passed {
    returns: Vec<SeenReturn>,
}

/// A return in the version that was looked at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SeenReturn {
    project_id: i64,
    version: i64,
}

/// Pass returns on, all of them or none
#[utoipa::path(post, path = "/api/v1/periods/{period}/reviews", tag = "dispatch", params(("period" = String, Path)),
    request_body = Passed, responses((status = 204, description = "Passed on"), (status = 409, description = "One was changed meanwhile; none was passed on")))]
async fn review_batch(
    State(state): State<WebState>,
    Person(actor): Person,
    At(at): At<String>,
    Body(passed): Body<Passed>,
) -> Result<StatusCode, Failure> {
    let seen: Vec<(ProjectId, i64)> = passed
        .returns
        .iter()
        .map(|one| (ProjectId(one.project_id), one.version))
        .collect();
    state
        .app
        .returns_review(&actor, period(&at)?, &seen)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Why a return goes back.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SentBack {
    version: i64,
    reason: String,
}

/// Send a return back to its reporter
#[utoipa::path(post, path = "/api/v1/projects/{project}/returns/{period}/send-back", tag = "dispatch",
    params(("project" = i64, Path), ("period" = String, Path)), request_body = SentBack,
    responses((status = 204, description = "Sent back"), (status = 409, description = "Changed meanwhile; `current` is the row as it is now")))]
async fn send_back(
    State(state): State<WebState>,
    lang: Lang,
    Person(actor): Person,
    At((project, at)): At<(i64, String)>,
    Body(typed): Body<SentBack>,
) -> Result<StatusCode, Failure> {
    let (period, id) = (period(&at)?, ProjectId(project));
    let seen = (id, typed.version);
    let sent = state
        .app
        .return_send_back(&actor, period, seen, &typed.reason)
        .await;
    match sent {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(error) => Err(explained(&state, lang, &actor, period, id, error).await),
    }
}
