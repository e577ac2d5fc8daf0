//! Words for what the use cases say. Codes and stable words come in, texts of one language go out;
//! parameters that are stable words themselves get their words here too.

use std::collections::BTreeMap;
use std::error::Error;

use gangmu_app::Message as AppMessage;

use crate::i18n::{Message, Texts};
use crate::view::FieldError;

/// Returns the text of a stable word: `word(texts, "stage", "reserve")`.
#[must_use]
pub fn word(texts: &Texts, family: &str, word: &str) -> String {
    texts.t(&format!("{family}.{word}"), &BTreeMap::new())
}

/// Returns the message under a code, its places `{0}`, `{1}`… filled.
#[must_use]
pub fn message(texts: &Texts, code: &str, params: &[String]) -> Message {
    let mut message = Message::new(code);
    for (at, param) in params.iter().enumerate() {
        let text = match family(code, at) {
            Some(family) if !param.is_empty() => word(texts, family, param),
            _ => param.clone(),
        };
        message = message.with(&at.to_string(), text);
    }
    message
}

/// Returns a message of a use case beside its field.
#[must_use]
pub fn field_error(texts: &Texts, said: &AppMessage) -> FieldError {
    FieldError {
        field: said.field.clone(),
        message: message(texts, &said.code, &said.params),
    }
}

/// Says which parameters are stable words, and of which family.
fn family(code: &str, at: usize) -> Option<&'static str> {
    match (code, at) {
        ("dispatch.in_status", 0) => Some("return.status"),
        ("dispatch.not_your_turn", 0) => Some("unit_level"),
        ("field.contradicts", 0) => Some("project.field"),
        _ => None,
    }
}

/// Returns an error with its causes, for the log.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
