//! How requests are read and answers written. What one would get wrong: the views of the use cases
//! hold instants as milliseconds; they become RFC 3339 here, on the way out, wherever they stand.

use std::error::Error;
use std::str::FromStr;

use axum::Json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use gangmu_app::domain::Period;
use gangmu_app::{AppError, Message};
use jiff::civil::Date;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::IntoParams;

use super::unread;
use crate::server::Failure;

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let (parts, body) = request.into_parts();
        let asked = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(asked, state).await?;
        let asked = Request::from_parts(parts, bytes.clone().into());
        let rejection = match Json::<T>::from_request(asked, state).await {
            Ok(Json(body)) => return Ok(Self(body)),
            Err(rejection) => rejection,
        };
        let told = |error: &dyn Error| unread::of_body(&bytes, &sentence(error));
        Err(match &rejection {
            JsonRejection::JsonDataError(error) => invalid(told(error)),
            JsonRejection::JsonSyntaxError(error) => {
                Failure::unreadable(rejection.status(), vec![told(error)])
            }
            _ => rejection.into(),
        })
    }
}

/// What the reader itself said, without what the extractor says before it.
fn sentence(error: &dyn Error) -> String {
    error.source().map_or_else(String::new, ToString::to_string)
}

fn invalid(message: Message) -> Failure {
    let messages = vec![message];
    AppError::Invalid { messages }.into()
}

/// What stands in the path.
pub struct At<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for At<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        match Path::<T>::from_request_parts(parts, state).await {
            Ok(Path(found)) => Ok(Self(found)),
            // A number that is none leads nowhere, like one nobody has.
            Err(_) => Err(AppError::NotFound { what: "page" }.into()),
        }
    }
}

/// What is asked for behind the `?`.
pub struct Asked<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Asked<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(found)) => Ok(Self(found)),
            Err(rejection) => Err(invalid(unread::of_query(&parts.uri, &sentence(&rejection)))),
        }
    }
}

/// An answer in JSON with its status.
pub struct Reply<T>(pub StatusCode, pub T);

impl<T> Reply<T> {
    /// Here it is.
    pub fn ok(view: T) -> Result<Self, Failure> {
        Ok(Self(StatusCode::OK, view))
    }

    /// It was made.
    pub fn created(view: T) -> Result<Self, Failure> {
        Ok(Self(StatusCode::CREATED, view))
    }
}

impl<T: Serialize> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        match serde_json::to_value(self.1) {
            Ok(mut value) => {
                instants(&mut value);
                (self.0, Json(value)).into_response()
            }
            Err(_) => Failure::from(AppError::state("internal")).into_response(),
        }
    }
}

/// Turns milliseconds since 1970 into RFC 3339, by the names instants have.
pub fn instants(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(instants),
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                let instant = names_an_instant(name)
                    .then(|| member.as_i64())
                    .flatten()
                    .and_then(|at| jiff::Timestamp::from_millisecond(at).ok());
                match instant {
                    Some(at) => *member = Value::String(at.to_string()),
                    None => instants(member),
                }
            }
        }
        _ => {}
    }
}

/// Whether a member of this name holds an instant.
pub fn names_an_instant(name: &str) -> bool {
    name == "at" || name.ends_with("_at")
}

/// Reads a period that stands in a path; what is none does not exist.
pub fn period(text: &str) -> Result<Period, Failure> {
    Period::from_str(text).map_err(|_| AppError::NotFound { what: "period" }.into())
}

/// As of when.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOf {
    /// As it stood at this day's end; as it stands now when absent.
    #[param(value_type = Option<String>, format = Date)]
    pub as_of: Option<Date>,
}
