//! Dispatch meetings: series, one meeting with its agenda and resolutions, the screen a room reads,
//! minutes. What one would get wrong: the screen shows one project at a time and walks by links, so
//! that it works without a script and can be left at any point. (调度会)

mod list;
mod meeting;
mod samples;
mod screen;

pub use list::{MeetingList, read as series_of};
pub use meeting::{MeetingPage, candidate, read as resolution_of};
pub use screen::MeetingScreen;

use axum::Router;
use axum::routing::{get, post};

use crate::server::WebState;

/// The addresses of meetings.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/meetings", get(list::show).post(list::add))
        .route("/meetings/series/{series}/prepare", post(list::prepare))
        .route("/meetings/series/{series}/end", post(list::end))
        .route("/meetings/{id}", get(meeting::show))
        .route("/meetings/{id}/screen", get(screen::show))
        .route("/meetings/{id}/agenda.docx", get(meeting::agenda))
        .route("/meetings/{id}/minutes.docx", get(meeting::minutes))
        .route("/meetings/{id}/rebuild", post(meeting::rebuild))
        .route("/meetings/{id}/move", post(meeting::put_off))
        .route("/meetings/{id}/cancel", post(meeting::cancel))
        .route("/meetings/{id}/agenda", post(meeting::agenda_add))
        .route(
            "/meetings/{id}/agenda/{project}/drop",
            post(meeting::agenda_drop),
        )
        .route("/meetings/{id}/resolutions", post(meeting::resolve))
        .route("/meetings/{id}/hold", post(meeting::hold))
}
