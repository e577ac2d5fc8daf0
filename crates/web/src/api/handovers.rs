//! Hand-overs of what a person answers for, and signing them.
//!
//! What one would get wrong: everything a person holds on a unit's side moves, or nothing does.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use gangmu_app::domain::organisation::UserId;
use gangmu_app::liaison::{HandoverInput, HandoverRowView, HandoverView};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::{DOCX, download};
use super::{At, Body, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(list, hand_over))
        .routes(routes!(handover))
        .routes(routes!(sheet))
        .routes(routes!(sign))
}

/// The hand-overs within reach, newest first
#[utoipa::path(get, path = "/api/v1/handovers", tag = "liaison",
    responses((status = 200, description = "At most 100", body = [HandoverRowView])))]
async fn list(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<Vec<HandoverRowView>>, Failure> {
    Reply::ok(state.app.handovers(&actor).await?)
}

/// A hand-over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHandover {
    from_user_id: i64,
    /// Somebody with a post in the unit.
    to_user_id: i64,
    /// The code of the unit on whose side it is held.
    unit: String,
    /// The first day of whoever takes over; today when absent.
    #[serde(default)]
    #[schema(value_type = Option<String>, format = Date)]
    on: Option<Date>,
    #[serde(default)]
    reason: String,
}

/// The hand-over that was made.
#[derive(Serialize, ToSchema)]
struct HandedOver {
    handover_id: i64,
}

/// Hand over everything a person holds on the side of a unit
#[utoipa::path(post, path = "/api/v1/handovers", tag = "liaison", request_body = NewHandover,
    responses((status = 201, description = "Handed over", body = HandedOver),
        (status = 422, description = "What stands against it; nothing moved")))]
async fn hand_over(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(asked): Body<NewHandover>,
) -> Result<Reply<HandedOver>, Failure> {
    let input = HandoverInput {
        from: UserId(asked.from_user_id),
        to: UserId(asked.to_user_id),
        unit: asked.unit,
        on: asked.on,
        reason: asked.reason,
    };
    let handover_id = state.app.hand_over(&actor, &input).await?;
    Reply::created(HandedOver { handover_id })
}

/// A hand-over with its list
#[utoipa::path(get, path = "/api/v1/handovers/{handover}", tag = "liaison", params(("handover" = i64, Path)),
    responses((status = 200, description = "The hand-over", body = HandoverView)))]
async fn handover(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Reply<HandoverView>, Failure> {
    Reply::ok(state.app.handover_view(&actor, id).await?)
}

/// The list of a hand-over, to be signed on paper
#[utoipa::path(get, path = "/api/v1/handovers/{handover}/list.docx", tag = "liaison", params(("handover" = i64, Path)),
    responses((status = 200, description = "A document", content_type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document")))]
async fn sheet(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<Response, Failure> {
    let made = state.app.handover_sheet(&actor, id).await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

/// Sign a hand-over, by whoever hands over or takes over
#[utoipa::path(post, path = "/api/v1/handovers/{handover}/sign", tag = "liaison", params(("handover" = i64, Path)),
    responses((status = 204, description = "Signed")))]
async fn sign(
    State(state): State<WebState>,
    Person(actor): Person,
    At(id): At<i64>,
) -> Result<StatusCode, Failure> {
    state.app.handover_sign(&actor, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
