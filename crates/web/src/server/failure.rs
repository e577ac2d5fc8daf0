//! What a handler returns when it cannot answer. It has no words: those are chosen once, by
//! `refusal`, which knows the language and whether a page or JSON was asked for.

use std::sync::Arc;

use axum::extract::multipart::{MultipartError, MultipartRejection};
use axum::extract::rejection::{
    BytesRejection, FormRejection, JsonRejection, PathRejection, QueryRejection,
};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use gangmu_app::{AppError, Message};
use serde_json::{Map, Value};

use crate::render::RenderError;

/// What handlers of pages return.
pub type Answer = Result<Response, Failure>;

/// Why there is no answer.
#[derive(Debug)]
pub struct Failure {
    pub(super) kind: Box<Kind>,
    /// Further members of the problem document, such as the row as it is now.
    pub(super) members: Map<String, Value>,
}

#[derive(Debug)]
pub(super) enum Kind {
    App(AppError),
    Render(RenderError),
    Session(tower_sessions::session::Error),
    /// The password has to be changed before anything else.
    PasswordDue,
    /// The request came from a page of another site.
    CrossSite,
    /// The request itself cannot be read: where the reader stopped, if it can be said.
    Unreadable {
        status: StatusCode,
        messages: Vec<Message>,
    },
}

impl Failure {
    /// Adds a member to the problem document.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl serde::Serialize) -> Self {
        if let Ok(value) = serde_json::to_value(value) {
            self.members.insert(name.to_owned(), value);
        }
        self
    }

    /// Returns what the use case said, if it was one.
    #[must_use]
    pub fn app(&self) -> Option<&AppError> {
        match &*self.kind {
            Kind::App(error) => Some(error),
            _ => None,
        }
    }

    /// The password has to be changed before anything else.
    #[must_use]
    pub fn password_due() -> Self {
        Kind::PasswordDue.into()
    }

    /// The request cannot be read; the messages say where, in so far as that can be told.
    #[must_use]
    pub fn unreadable(status: StatusCode, messages: Vec<Message>) -> Self {
        Kind::Unreadable { status, messages }.into()
    }

    /// Returns the status that answers it.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        let error = match &*self.kind {
            Kind::App(error) => error,
            Kind::PasswordDue | Kind::CrossSite => return StatusCode::FORBIDDEN,
            Kind::Unreadable { status, .. } => return *status,
            Kind::Render(_) | Kind::Session(_) => return StatusCode::INTERNAL_SERVER_ERROR,
        };
        match error {
            AppError::NotFound { .. } => StatusCode::NOT_FOUND,
            AppError::Refused { .. } => StatusCode::FORBIDDEN,
            AppError::State {
                code: "internal", ..
            } => StatusCode::INTERNAL_SERVER_ERROR,
            AppError::State {
                code: gangmu_app::imports::ADOPTED_ALREADY,
                ..
            } => StatusCode::CONFLICT,
            AppError::Invalid { .. } | AppError::State { .. } => StatusCode::UNPROCESSABLE_ENTITY,
            AppError::Changed { .. } => StatusCode::CONFLICT,
            AppError::NotLoggedIn => StatusCode::UNAUTHORIZED,
            AppError::Locked { .. } => StatusCode::LOCKED,
            AppError::Store(_)
            | AppError::Files(_)
            | AppError::Write(_)
            | AppError::Letter(_)
            | AppError::Reference { .. } => match error.code() {
                "storage_full" => StatusCode::INSUFFICIENT_STORAGE,
                "exists" => StatusCode::CONFLICT,
                _ => StatusCode::INTERNAL_SERVER_ERROR,
            },
        }
    }
}

/// A failure on its way through the layers.
#[derive(Clone)]
pub(super) struct Carried(pub Arc<Failure>);

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(Carried(Arc::new(self)));
        response
    }
}

impl From<Kind> for Failure {
    fn from(kind: Kind) -> Self {
        Self {
            kind: Box::new(kind),
            members: Map::new(),
        }
    }
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Kind::App(error).into()
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Kind::Render(error).into()
    }
}

impl From<tower_sessions::session::Error> for Failure {
    fn from(error: tower_sessions::session::Error) -> Self {
        Kind::Session(error).into()
    }
}

macro_rules! unreadable {
    ($($rejection:ty),+) => {$(
        impl From<$rejection> for Failure {
            fn from(rejection: $rejection) -> Self {
                Self::unreadable(rejection.status(), Vec::new())
            }
        }
    )+};
}
unreadable!(
    BytesRejection,
    JsonRejection,
    FormRejection,
    PathRejection,
    QueryRejection,
    MultipartError,
    MultipartRejection
);
