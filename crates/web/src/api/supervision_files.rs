//! Files of supervision: what proves a report, a verification, a check on the spot or an answer to a
//! letter.
//!
//! What one would get wrong: a file never comes alone. It is handed in together with the act it
//! proves, in one form; the act's number then leads back to it.

use axum::extract::{FromRequest as _, Multipart, Request, State};
use axum::response::Response;
use gangmu_app::AppError;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::domain::supervision::{Item, LetterAct, State as Stands};
use gangmu_app::library::Upload;
use gangmu_app::supervision::{CheckInput, LetterActInput, ReportInput, VerifyInput};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::attachments::download;
use super::organisation::unknown;
use super::{At, Reply};
use crate::pages::work::{Sent, period, sent, with_files};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(file))
        .routes(routes!(letter_file))
}

/// The routes that take files.
pub fn upload_routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(prove))
        .routes(routes!(reply))
}

/// A report, a verification or a check on the spot with the files that prove it.
#[derive(ToSchema)]
#[schema(as = SupervisionProof)]
#[expect(dead_code, reason = "documents the form")]
struct ProofForm {
    /// report, verify or `spot_check`.
    act: String,
    /// How many acts there were when it was read; not compared when absent.
    version: Option<i64>,
    /// For `report`: the version of the plan that was read; not compared when absent.
    plan_version: Option<u32>,
    /// For `report` and `verify`: ahead, `on_track`, behind, completed or other; for `verify` as it was
    /// reported when absent.
    state: Option<String>,
    /// For `report`: what was done.
    text: Option<String>,
    /// For `report`: why it is another state than the figures propose; for `verify`: than was reported.
    reason: Option<String>,
    /// For `verify`: what was looked at.
    note: Option<String>,
    /// For `spot_check`: whether all was as reported, true or false.
    sound: Option<bool>,
    /// For `spot_check`: what was found.
    findings: Option<String>,
    /// PDF, pictures, Word, Excel and OFD files; repeat the field, nine at most.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// An answer to a letter with the files that prove it.
#[derive(ToSchema)]
#[schema(as = SupervisionReply)]
#[expect(dead_code, reason = "documents the form")]
struct ReplyForm {
    /// How many acts there were when it was read; not compared when absent.
    version: Option<i64>,
    /// The answer.
    text: String,
    /// PDF, pictures, Word, Excel and OFD files; repeat the field, nine at most.
    #[schema(value_type = Vec<String>, format = Binary)]
    file: Vec<Vec<u8>>,
}

/// The act that was added.
#[derive(Serialize, ToSchema)]
#[schema(as = SupervisionProved)]
struct Proved {
    /// Its number, which is how many acts there are now.
    version: i64,
}

/// Reads a form with files.
async fn handed_in(request: Request, state: &WebState) -> Result<(Sent, Vec<Upload>), Failure> {
    with_files(Multipart::from_request(request, state).await?).await
}

/// A value of a form; none when it is absent or left empty.
fn parsed<T: std::str::FromStr>(form: &Sent, name: &'static str) -> Result<Option<T>, AppError> {
    match sent(form, name) {
        "" => Ok(None),
        text => Ok(Some(text.parse().map_err(|_| unknown(name, text))?)),
    }
}

/// Report on an item, verify it or record a check on the spot, together with the files that prove it
#[utoipa::path(post, path = "/api/v1/supervision/{plan}/rounds/{period}/items/{task}/{indicator}/proofs", tag = "supervision",
    params(("plan" = i64, Path), ("period" = String, Path), ("task" = u32, Path), ("indicator" = u32, Path)),
    request_body(content = ProofForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Done", body = Proved), (status = 413, description = "Too large")))]
async fn prove(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, month, task, indicator)): At<(i64, String, u32, u32)>,
    request: Request,
) -> Result<Reply<Proved>, Failure> {
    let (form, files) = handed_in(request, &state).await?;
    let (app, plan) = (&state.app, PlanId(plan));
    let at = (period(&month)?, Item { task, indicator });
    let text = |name: &str| sent(&form, name).to_owned();
    let version = parsed(&form, "version")?;
    let version = match sent(&form, "act") {
        "report" => {
            let word = sent(&form, "state");
            let input = ReportInput {
                version,
                plan_version: parsed(&form, "plan_version")?,
                state: Stands::from_word(word).ok_or_else(|| unknown("state", word))?,
                text: text("text"),
                reason: text("reason"),
                files,
            };
            app.supervision_report(&actor, plan, at, input).await?
        }
        "verify" => {
            let state = match sent(&form, "state") {
                "" => None,
                word => Some(Stands::from_word(word).ok_or_else(|| unknown("state", word))?),
            };
            let input = VerifyInput {
                version,
                state,
                note: text("note"),
                reason: text("reason"),
                files,
            };
            app.supervision_verify(&actor, plan, at, input).await?
        }
        "spot_check" => {
            let input = CheckInput {
                version,
                sound: parsed(&form, "sound")?.unwrap_or_default(),
                findings: text("findings"),
                files,
            };
            app.supervision_check(&actor, plan, at, input).await?
        }
        other => return Err(unknown("act", other).into()),
    };
    Reply::created(Proved { version })
}

/// A file that proves a report or a check
#[utoipa::path(get, path = "/api/v1/supervision/{plan}/rounds/{period}/items/{task}/{indicator}/proofs/{act}/{file}", tag = "supervision",
    params(("plan" = i64, Path), ("period" = String, Path), ("task" = u32, Path), ("indicator" = u32, Path),
        ("act" = i64, Path), ("file" = i64, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
async fn file(
    State(state): State<WebState>,
    Person(actor): Person,
    At((plan, month, task, indicator, act, file)): At<(i64, String, u32, u32, i64, i64)>,
) -> Result<Response, Failure> {
    let at = (period(&month)?, Item { task, indicator });
    let found = state
        .app
        .supervision_file(&actor, PlanId(plan), at, (act, file));
    let (name, media_type, bytes) = found.await?;
    Ok(download(&name, &media_type, bytes))
}

/// Answer a letter together with the files that prove it
#[utoipa::path(post, path = "/api/v1/supervision/letters/{unit}/{year}/{seq}/replies", tag = "supervision",
    params(("unit" = String, Path), ("year" = i16, Path), ("seq" = i64, Path)),
    request_body(content = ReplyForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Answered", body = Proved), (status = 413, description = "Too large")))]
async fn reply(
    State(state): State<WebState>,
    Person(actor): Person,
    At((unit, year, seq)): At<(String, i16, i64)>,
    request: Request,
) -> Result<Reply<Proved>, Failure> {
    let (form, files) = handed_in(request, &state).await?;
    let input = LetterActInput {
        version: parsed(&form, "version")?,
        act: LetterAct::Reply {
            text: sent(&form, "text").to_owned(),
        },
        files,
    };
    let done = state
        .app
        .supervision_letter_act(&actor, &unit, (year, seq), input);
    Reply::created(Proved {
        version: done.await?,
    })
}

/// A file that came with an act on a letter
#[utoipa::path(get, path = "/api/v1/supervision/letters/{unit}/{year}/{seq}/files/{act}/{file}", tag = "supervision",
    params(("unit" = String, Path), ("year" = i16, Path), ("seq" = i64, Path), ("act" = i64, Path), ("file" = i64, Path)),
    responses((status = 200, description = "The file", content_type = "application/octet-stream")))]
async fn letter_file(
    State(state): State<WebState>,
    Person(actor): Person,
    At((unit, year, seq, act, file)): At<(String, i16, i64, i64, i64)>,
) -> Result<Response, Failure> {
    let found = state
        .app
        .supervision_letter_evidence(&actor, &unit, (year, seq), (act, file));
    let (name, media_type, bytes) = found.await?;
    Ok(download(&name, &media_type, bytes))
}
