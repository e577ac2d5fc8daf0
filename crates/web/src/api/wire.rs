//! How requests are read and answers written. What one would get wrong: the views of the use cases
//! hold instants as milliseconds; they become RFC 3339 here, on the way out, wherever they stand.

use std::str::FromStr;

use axum::Json;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use gangmu_app::domain::Period;
use gangmu_app::domain::dispatch::ReturnStatus;
use gangmu_app::domain::library::InvestorType;
use gangmu_app::domain::metrics::Light;
use gangmu_app::domain::pipeline::{Category, Stage};
use gangmu_app::library::{ListQuery, facet_from_word, sort_from_word};
use gangmu_app::{AppError, Message};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::server::Failure;

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        let Json(body) = Json::<T>::from_request(request, state).await?;
        Ok(Self(body))
    }
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
            Err(rejection) => Err(Failure::unreadable(
                StatusCode::UNPROCESSABLE_ENTITY,
                rejection.body_text(),
            )),
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
                let instant = (name == "at" || name.ends_with("_at"))
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

/// Reads a period that stands in a path; what is none does not exist.
pub fn period(text: &str) -> Result<Period, Failure> {
    Period::from_str(text).map_err(|_| AppError::NotFound { what: "period" }.into())
}

/// Reads a list's query: filters, order and page. Repeated names and commas both mean "one of".
///
/// # Errors
/// [`AppError::Invalid`] with every name and word that is not known.
pub fn list_query(params: &[(String, String)]) -> Result<ListQuery, AppError> {
    let mut query = ListQuery {
        page: 1,
        per_page: 50,
        ..ListQuery::default()
    };
    let mut messages = Vec::new();
    for (name, value) in params.iter().filter(|(_, value)| !value.is_empty()) {
        if let Err(code) = read_one(&mut query, name, value) {
            let found = if code == "field.unknown" { name } else { value };
            messages.push(Message::new(code, name.clone(), [found.clone()]));
        }
    }
    if messages.is_empty() {
        Ok(query)
    } else {
        Err(AppError::Invalid { messages })
    }
}

type Code = &'static str;

fn read_one(query: &mut ListQuery, name: &str, value: &str) -> Result<(), Code> {
    let filter = &mut query.filter;
    match name {
        "period" => query.period = Some(value.parse().map_err(|_| "field.unknown_word")?),
        "unit" => query.unit = Some(value.to_owned()),
        "on_list" => query.on_list = yes(value)?,
        "stage" => extend(&mut filter.stages, value, |w| Stage::from_word(w).is_some())?,
        "category" => extend(&mut filter.categories, value, |w| {
            Category::from_word(w).is_some()
        })?,
        "investor" => extend(&mut filter.investors, value, |w| {
            InvestorType::from_word(w).is_some()
        })?,
        "status" => extend(&mut filter.statuses, value, |w| {
            ReturnStatus::from_word(w).is_some()
        })?,
        "industry" => extend(&mut filter.industries, value, |w| w.len() <= 8)?,
        "department" => {
            for one in value.split(',') {
                filter
                    .departments
                    .push(one.parse().map_err(|_| "field.unknown_word")?);
            }
        }
        "facet" => {
            for word in value.split(',') {
                filter
                    .facets
                    .push(facet_from_word(word).ok_or("field.unknown_word")?);
            }
        }
        "light" => query.light = Some(Light::from_word(value).ok_or("field.unknown_word")?),
        "q" => value.trim().clone_into(&mut filter.text),
        "suspended" => filter.suspended_only = yes(value)?,
        "sort" => {
            let (word, descending) = match value.strip_prefix('-') {
                Some(word) => (word, true),
                None => (value, false),
            };
            query.sort = sort_from_word(word).ok_or("field.unknown_word")?;
            query.descending = descending;
        }
        "page" => query.page = number(value, 1_000_000)?,
        "per_page" => query.per_page = number(value, 500)?,
        _ => return Err("field.unknown"),
    }
    Ok(())
}

fn extend(into: &mut Vec<String>, value: &str, known: impl Fn(&str) -> bool) -> Result<(), Code> {
    for word in value.split(',') {
        if !known(word) {
            return Err("field.unknown_word");
        }
        into.push(word.to_owned());
    }
    Ok(())
}

fn yes(value: &str) -> Result<bool, Code> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err("field.unknown_word"),
    }
}

fn number(value: &str, most: i64) -> Result<i64, Code> {
    value
        .parse()
        .ok()
        .filter(|n| (1..=most).contains(n))
        .ok_or("field.unknown_word")
}
