//! Words for failures: a page for people, problem+json (RFC 9457) for programs. Faults of ours are
//! logged here, once, and show nothing of themselves but the request's number.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, Method, StatusCode, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};
use gangmu_app::AppError;
use serde::Serialize;
use serde_json::{Map, Value};
use tower_http::csrf::ProtectionError;
use tower_sessions::Session;
use utoipa::ToSchema;

use super::failure::{Carried, Failure, Kind};
use super::person::{frame, here};
use super::{RequestId, WebState, session, words};
use crate::i18n::{Lang, Message, Texts};
use crate::pages::refusal::Refusal;
use crate::view::{Link, Query};

/// A failure as the API has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem {
    /// A stable name of this kind of problem.
    #[serde(rename = "type")]
    pub kind: String,
    /// What went wrong, in the language asked for.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The word for this kind of problem, for programs.
    pub code: String,
    /// What was found and what to do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// All that is wrong, field by field.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub messages: Vec<ProblemMessage>,
    /// The roles that may do it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub who_may: Vec<String>,
    /// The number of the request, to be given to the administrator.
    pub request_id: String,
    #[serde(flatten)]
    #[schema(ignore)]
    members: Map<String, Value>,
}

/// One thing that is wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemMessage {
    /// Its word.
    pub code: String,
    /// The field to point at; empty for the whole.
    pub field: String,
    /// What the text was made of.
    pub params: Vec<String>,
    /// What to tell a person, in the language asked for.
    pub text: String,
}

/// An address that leads nowhere.
pub async fn no_such_page() -> Failure {
    AppError::NotFound { what: "page" }.into()
}

struct Asked {
    api: bool,
    method: Method,
    uri: Uri,
    lang: Lang,
    id: String,
    session: Option<Session>,
}

/// Finds words for every failure that comes out of the handlers and layers inside.
pub async fn word_failures(
    State(state): State<WebState>,
    request: Request,
    next: Next,
) -> Response {
    let asked = Asked {
        api: request.uri().path().starts_with("/api/"),
        method: request.method().clone(),
        uri: request.uri().clone(),
        lang: Lang::from_headers(request.headers()),
        id: request
            .extensions()
            .get::<RequestId>()
            .map(|id| id.0.clone())
            .unwrap_or_default(),
        session: request.extensions().get::<Session>().cloned(),
    };
    let mut answer = next.run(request).await;
    let carried = answer.extensions_mut().remove::<Carried>();
    let foreign = answer.extensions().get::<ProtectionError>().is_some();
    let status = answer.status();
    match carried {
        Some(Carried(failure)) => worded(&state, &asked, &failure).await,
        None if foreign => {
            let failure = Failure::from(Kind::CrossSite);
            worded(&state, &asked, &failure).await
        }
        // Layers and extractors that know nothing of ours answer with plain text.
        None if (status.is_client_error() || status.is_server_error()) && !is_ours(&answer) => {
            let failure = Failure::unreadable(status, Vec::new());
            let mut worded = worded(&state, &asked, &failure).await;
            if let Some(allow) = answer.headers_mut().remove("allow") {
                worded.headers_mut().insert("allow", allow);
            }
            worded
        }
        None => answer,
    }
}

fn is_ours(answer: &Response) -> bool {
    answer
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|kind| kind.starts_with("text/html") || kind.contains("json"))
}

async fn worded(state: &WebState, asked: &Asked, failure: &Failure) -> Response {
    let status = failure.status();
    if status.is_server_error() {
        log(failure, asked);
    }
    if asked.api {
        return problem(state, asked, failure);
    }
    match &*failure.kind {
        Kind::App(AppError::NotLoggedIn) => Redirect::to(&log_in_address(asked)).into_response(),
        Kind::PasswordDue => Redirect::to("/account/password").into_response(),
        _ => page(state, asked, failure).await,
    }
}

/// After log-in a person comes back to what they asked for, if asking again changes nothing.
fn log_in_address(asked: &Asked) -> String {
    let wanted = here(&asked.uri).href();
    if asked.method == Method::GET && wanted != "/" {
        Query::new("/login", &[("next", &wanted)]).href()
    } else {
        "/login".to_owned()
    }
}

fn log(failure: &Failure, asked: &Asked) {
    let id = asked.id.as_str();
    let path = asked.uri.path();
    match &*failure.kind {
        Kind::App(error) => tracing::error!(id, path, error = words::chain(error), "failed"),
        Kind::Render(error) => tracing::error!(id, path, error = words::chain(error), "failed"),
        Kind::Session(error) => tracing::error!(id, path, error = words::chain(error), "failed"),
        Kind::Unreadable { status, .. } => {
            tracing::error!(id, path, status = status.as_u16(), "failed");
        }
        Kind::PasswordDue | Kind::CrossSite => {}
    }
}

fn code(failure: &Failure) -> &'static str {
    match &*failure.kind {
        Kind::App(error) => error.code(),
        Kind::PasswordDue => "password_due",
        Kind::CrossSite => "cross_site",
        Kind::Unreadable { status, .. } => match status.as_u16() {
            404 => "not_found",
            405 => "method_not_allowed",
            413 => "too_large",
            415 => "media_type",
            504 => "too_slow",
            400..=499 => "unreadable",
            _ => "internal",
        },
        Kind::Render(_) | Kind::Session(_) => "internal",
    }
}

/// The sentence under the title, if there is one.
fn detail(texts: &Texts, failure: &Failure) -> Option<Message> {
    let code = code(failure);
    match &*failure.kind {
        Kind::App(AppError::NotFound { what } | AppError::Changed { what }) => {
            let thing = words::word(texts, "thing.", what);
            Some(Message::new(format!("error.{code}_hint")).with("what", thing))
        }
        Kind::App(AppError::State { code, params }) if *code != "internal" => {
            Some(words::message(texts, code, params))
        }
        Kind::App(AppError::Locked { until }) => {
            let at = jiff::Timestamp::from_millisecond(*until).unwrap_or_default();
            Some(Message::new("error.locked_hint").with("until", crate::dates::instant(at)))
        }
        _ => Some(Message::new(format!("error.{code}_hint"))),
    }
}

/// Refusals by the state of things share one title; the sentence says what it is.
fn title(failure: &Failure) -> Message {
    match &*failure.kind {
        Kind::App(AppError::State { code, .. }) if *code != "internal" => {
            Message::new("error.state")
        }
        _ => Message::new(format!("error.{}", code(failure))),
    }
}

/// All that is wrong with what was sent, one by one.
fn said(failure: &Failure) -> &[gangmu_app::Message] {
    match &*failure.kind {
        Kind::App(AppError::Invalid { messages }) | Kind::Unreadable { messages, .. } => messages,
        _ => &[],
    }
}

fn who_may(texts: &Texts, failure: &Failure) -> Vec<String> {
    match &*failure.kind {
        Kind::App(AppError::Refused { who, .. }) => who
            .iter()
            .map(|role| words::word(texts, "role.", role.word()))
            .collect(),
        _ => Vec::new(),
    }
}

fn problem(state: &WebState, asked: &Asked, failure: &Failure) -> Response {
    let status = failure.status();
    let Some(texts) = state.templates.texts(asked.lang) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let messages = said(failure);
    let code = code(failure);
    let problem = Problem {
        kind: format!("urn:gangmu:problem:{code}"),
        title: texts.message(&title(failure)),
        status: status.as_u16(),
        code: code.to_owned(),
        detail: detail(texts, failure).map(|message| texts.message(&message)),
        messages: messages
            .iter()
            .map(|message| ProblemMessage {
                text: texts.message(&words::message(texts, &message.code, &message.params)),
                code: message.code.clone(),
                field: message.field.clone(),
                params: message.params.clone(),
            })
            .collect(),
        who_may: who_may(texts, failure),
        request_id: asked.id.clone(),
        members: failure.members.clone(),
    };
    let mut answer = (status, Json(problem)).into_response();
    answer.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    answer
}

async fn page(state: &WebState, asked: &Asked, failure: &Failure) -> Response {
    let status = failure.status();
    let Some(texts) = state.templates.texts(asked.lang) else {
        return status.into_response();
    };
    let person = match &asked.session {
        Some(session) if status != StatusCode::INTERNAL_SERVER_ERROR => {
            session::actor_of(&state.app, session).await.ok().flatten()
        }
        _ => None,
    };
    let shell = frame(state, person.as_ref(), asked.lang, back(asked)).await;
    let mut lines: Vec<Message> = detail(texts, failure).into_iter().collect();
    let mut links = Vec::new();
    if let Kind::App(AppError::Invalid { messages }) = &*failure.kind {
        if asked.method == Method::GET {
            // Nobody sent a form: what is wrong stands in the address.
            lines = vec![Message::new("error.invalid_address_hint")];
            let clear = texts.message(&Message::new("filter.clear"));
            links.push(Link::new(clear, asked.uri.path()));
        }
        lines.extend(
            messages
                .iter()
                .map(|m| words::message(texts, &m.code, &m.params)),
        );
    }
    let refusal = Refusal {
        title: title(failure),
        lines,
        who_may: who_may(texts, failure),
        links,
        request_number: status.is_server_error().then(|| asked.id.clone()),
    };
    match state.templates.page(&shell, &refusal) {
        Ok(html) => (status, html).into_response(),
        Err(error) => {
            tracing::error!(id = asked.id, error = words::chain(&error), "failed twice");
            status.into_response()
        }
    }
}

/// Where a change of language on the page leads: not to an address that only takes posts.
fn back(asked: &Asked) -> Query {
    if asked.method == Method::GET {
        here(&asked.uri)
    } else {
        Query::new("/", &[])
    }
}
