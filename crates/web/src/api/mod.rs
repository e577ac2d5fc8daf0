//! The JSON API under `/api/v1`: the same use cases as the pages, one file per resource.
//!
//! Registered means documented: a route and its part of the OpenAPI document come from one line.
//! Money is in whole yuan, dates are ISO dates, instants RFC 3339, rates `{num, den}`; what is not
//! known in a query or a body is refused with 422 or 400, never ignored. Failures are problem+json.

mod account;
mod approvals;
pub(crate) mod attachments;
mod audit;
mod document;
pub(crate) mod excuses;
mod exports;
mod fields;
mod handovers;
mod imports;
mod ledgers;
mod liaison;
mod meetings;
mod notices;
mod organisation;
mod periods;
mod pipeline;
mod plan_files;
mod plans;
mod problem_ledger;
pub mod problems;
mod programmes;
mod projects;
mod record;
mod returns;
mod reviews;
mod rollup;
mod sittings;
mod supervision;
mod supervision_files;
mod unread;
mod visits;
mod winter;
mod wire;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::get;
use utoipa::openapi::OpenApi;
use utoipa_axum::router::OpenApiRouter;

use crate::server::WebState;

pub(crate) use attachments::{DOCX, download};
pub use wire::{AsOf, Asked, At, Body, Reply};

/// The routes that anybody may call.
pub const PUBLIC: &[(&str, &str)] = &[("post", "/api/v1/session"), ("get", "/api/v1/openapi.json")];

/// Returns the ordinary routes, those that take large bodies, and the document of both.
pub fn routes() -> (Router<WebState>, Router<WebState>, OpenApi) {
    let (ordinary, mut document) = OpenApiRouter::new()
        .merge(account::routes())
        .merge(approvals::routes())
        .merge(record::routes())
        .merge(audit::routes())
        .merge(excuses::routes())
        .merge(exports::routes())
        .merge(handovers::routes())
        .merge(imports::routes())
        .merge(ledgers::routes())
        .merge(liaison::routes())
        .merge(meetings::routes())
        .merge(notices::routes())
        .merge(organisation::routes())
        .merge(periods::routes())
        .merge(pipeline::routes())
        .merge(plan_files::routes())
        .merge(plans::routes())
        .merge(problem_ledger::routes())
        .merge(programmes::routes())
        .merge(projects::routes())
        .merge(returns::routes())
        .merge(reviews::routes())
        .merge(rollup::routes())
        .merge(sittings::routes())
        .merge(supervision::routes())
        .merge(supervision_files::routes())
        .merge(winter::routes())
        .merge(visits::routes())
        .split_for_parts();
    let (uploads, of_uploads) = attachments::routes()
        .merge(imports::upload_routes())
        .merge(ledgers::upload_routes())
        .merge(plan_files::upload_routes())
        .merge(record::upload_routes())
        .merge(supervision_files::upload_routes())
        .split_for_parts();
    document.merge(of_uploads);
    let document = document::finished(document);
    let text = document.to_json().unwrap_or_default();
    let ordinary = ordinary.route(
        document::PATH,
        get(move || async move {
            (
                [(axum::http::header::CONTENT_TYPE, "application/json")],
                text.clone(),
            )
        }),
    );
    (
        ordinary.layer(DefaultBodyLimit::max(crate::server::BODY_LIMIT)),
        uploads,
        document,
    )
}
