//! Supervision on pages: the plans, a round with its figures, an item, missed reports, letters. What one
//! would get wrong: pages show the app's views as they are; one form is open at a time, named in the
//! address, so that everything works without a script. (督查督办)

mod item;
mod letters;
mod list;
mod missed;
mod round;
mod samples;

pub use item::ItemPage;
pub use letters::{LetterList, LetterPage};
pub use list::{SupervisionList, rhythms};
pub use missed::MissedList;
pub use round::RoundPage;
pub use samples::{asked as sample_asked, task as sample_task};

use axum::Router;
use axum::http::StatusCode;
use axum::routing::{get, post};
use gangmu_app::AppError;
use gangmu_app::domain::Period;
use gangmu_app::supervision::StepView;
use serde::Serialize;

use crate::i18n::{Message, Texts};
use crate::pages::common::{form_errors, worded};
use crate::pages::work::instant;
use crate::server::{Failure, Visit, WebState};
use crate::view::{FieldError, Query};

/// The addresses of supervision.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/supervision", get(list::show).post(list::put))
        .route("/supervision/missed", get(missed::show))
        .route("/supervision/missed.xlsx", get(missed::workbook_of_missed))
        .route("/supervision/letters", get(letters::list))
        .route(
            "/supervision/letters/{unit}/{year}/{seq}",
            get(letters::show),
        )
        .route(
            "/supervision/letters/{unit}/{year}/{seq}/letter.docx",
            get(letters::file),
        )
        .route(
            "/supervision/letters/{unit}/{year}/{seq}/files/{act}/{number}",
            get(letters::evidence),
        )
        .route("/supervision/{plan}", get(round::show))
        .route("/supervision/{plan}/table.xlsx", get(round::table))
        .route("/supervision/{plan}/bulletin.docx", get(round::bulletin))
        .route("/supervision/{plan}/acts/{act}", post(round::act))
        .route("/supervision/{plan}/{task}/{indicator}", get(item::show))
        .route(
            "/supervision/{plan}/{task}/{indicator}/files/{period}/{seq}/{number}",
            get(item::file),
        )
}

/// Addresses that take large bodies: reports, checks and answers to letters with their files.
pub fn upload_routes() -> Router<WebState> {
    Router::new()
        .route(
            "/supervision/{plan}/{task}/{indicator}/acts/{act}",
            post(item::act),
        )
        .route(
            "/supervision/letters/{unit}/{year}/{seq}/{act}",
            post(letters::act),
        )
}

/// The round an address names; a word that is none leads nowhere.
pub(super) fn period(here: &Query) -> Result<Option<Period>, AppError> {
    crate::pages::common::period(here)
}

/// What is wrong with a form, and with which status its page is shown again.
pub(super) fn told(
    visit: &Visit,
    error: AppError,
) -> Result<(StatusCode, Vec<FieldError>), Failure> {
    Ok(match error {
        AppError::Changed { .. } => {
            let message = Message::new("supervision.meanwhile");
            let field = String::new();
            (StatusCode::CONFLICT, vec![FieldError { field, message }])
        }
        other => (StatusCode::UNPROCESSABLE_ENTITY, form_errors(visit, other)?),
    })
}

/// A step of the ladder as pages word it; one the rules no longer name stands by its code.
#[derive(Clone, Debug, Serialize)]
pub struct Step {
    pub label: String,
    pub who: Option<&'static str>,
}

/// The steps that fired, newest first, each with its instant.
pub(super) fn steps(texts: &Texts, all: &[StepView]) -> Vec<(String, Step)> {
    let step = |one: &StepView| {
        let label = worded(texts, "supervision.told.", &one.code);
        (
            instant(one.at),
            Step {
                label,
                who: one.who,
            },
        )
    };
    all.iter().rev().map(step).collect()
}
