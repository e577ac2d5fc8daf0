//! Proper reasons for being late: recording one, and taking it back. The project shows them.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::metrics::{ExcuseKind, ExcuseSaid};
use gangmu_app::{AppError, Message};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{At, Body, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(add))
        .routes(routes!(take_back))
}

/// A proper reason for being late.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewExcuse {
    /// force_majeure, season, policy_change, authority_above, other.
    kind: String,
    /// The reason in words.
    reason: String,
    /// The document that proves it.
    #[serde(default)]
    document_no: String,
    /// The first month it counts in, 2025-07.
    from: String,
    /// The last month it counts in; at most twelve in all.
    to: String,
}

/// The number of what was recorded.
#[derive(Serialize, ToSchema)]
struct MadeExcuse {
    seq: i64,
}

/// Reads an excuse as forms and programs say it.
///
/// # Errors
/// [`AppError::Invalid`] with everything that cannot be read.
pub(crate) fn read(
    kind: &str,
    reason: &str,
    document_no: &str,
    [from, to]: [&str; 2],
) -> Result<ExcuseSaid, AppError> {
    let mut messages = Vec::new();
    let mut month = |field: &str, text: &str| {
        let period = text.trim().parse().ok();
        if period.is_none() {
            let param = [text.trim().to_owned()];
            messages.push(Message::new("excuse.not_a_month", field, param));
        }
        period
    };
    let months = (month("from", from), month("to", to));
    let known = ExcuseKind::from_word(kind.trim());
    if known.is_none() {
        messages.push(match kind.trim() {
            "" => Message::new("field.missing", "kind", []),
            word => Message::new("field.unknown_word", "kind", [word.to_owned()]),
        });
    }
    match (known, months) {
        (Some(kind), (Some(from), Some(to))) => Ok(ExcuseSaid {
            kind,
            reason: reason.trim().to_owned(),
            document_no: document_no.trim().to_owned(),
            from,
            to,
        }),
        _ => Err(AppError::Invalid { messages }),
    }
}

/// Record why a project is late for a proper reason; it lifts its red and yellow lights where the
/// rules of the month say so
#[utoipa::path(post, path = "/api/v1/projects/{project}/excuses", tag = "metrics", params(("project" = i64, Path)),
    request_body = NewExcuse, responses((status = 201, description = "Recorded", body = MadeExcuse)))]
async fn add(
    State(state): State<WebState>,
    Person(actor): Person,
    At(project): At<i64>,
    Body(new): Body<NewExcuse>,
) -> Result<Reply<MadeExcuse>, Failure> {
    let months = [new.from.as_str(), new.to.as_str()];
    let said = read(&new.kind, &new.reason, &new.document_no, months)?;
    let seq = state.app.excuse_add(&actor, ProjectId(project), &said);
    Reply::created(MadeExcuse { seq: seq.await? })
}

/// Why it ends.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TakeBack {
    reason: String,
}

/// Take a reason back: it counts no more; what was published under it stays
#[utoipa::path(post, path = "/api/v1/projects/{project}/excuses/{seq}/end", tag = "metrics",
    params(("project" = i64, Path), ("seq" = i64, Path)), request_body = TakeBack,
    responses((status = 204, description = "Taken back"), (status = 409, description = "Somebody else has taken it back")))]
async fn take_back(
    State(state): State<WebState>,
    Person(actor): Person,
    At((project, seq)): At<(i64, i64)>,
    Body(end): Body<TakeBack>,
) -> Result<StatusCode, Failure> {
    let id = ProjectId(project);
    state
        .app
        .excuse_take_back(&actor, id, seq, &end.reason)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
