//! A refusal in plain lines, for surfaces without pages: the command line.
//!
//! What one would get wrong: pages and API do not come this way; they keep the parts apart.

use gangmu_app::AppError;

use super::words;
use crate::i18n::{Message, Texts};

/// The most lines about what is wrong; the rest is counted.
const MOST_LINES: usize = 20;

/// Words what a use case refused, one line for each thing that is wrong.
///
/// Returns nothing for failures that are no refusals: their causes are for the log.
#[must_use]
pub fn refusal_lines(texts: &Texts, error: &AppError) -> Option<Vec<String>> {
    let say = |code: &str, params: &[String]| texts.message(&words::message(texts, code, params));
    let titled = |code: &str| texts.message(&Message::new(format!("error.{code}")));
    Some(match error {
        AppError::Invalid { messages } => {
            let mut lines: Vec<String> = messages
                .iter()
                .take(MOST_LINES)
                .map(|message| {
                    let text = say(&message.code, &message.params);
                    match message.field.as_str() {
                        "" => text,
                        field => format!("{field}: {text}"),
                    }
                })
                .collect();
            if let Some(more) = messages.len().checked_sub(MOST_LINES).filter(|n| *n > 0) {
                let more = i64::try_from(more).unwrap_or(i64::MAX);
                lines.push(texts.message(&Message::new("error.more_problems").with("n", more)));
            }
            lines
        }
        AppError::State { code, params } if *code != "internal" => vec![say(code, params)],
        AppError::NotFound { what } | AppError::Changed { what } => {
            let thing = words::word(texts, "thing.", what);
            let hint = Message::new(format!("error.{}_hint", error.code())).with("what", thing);
            vec![titled(error.code()), texts.message(&hint)]
        }
        AppError::Refused { who, .. } => {
            let who: Vec<String> = who
                .iter()
                .map(|role| words::word(texts, "role.", role.word()))
                .collect();
            vec![format!("{} ({})", titled(error.code()), who.join(", "))]
        }
        other if other.code() == "storage_full" => {
            let hint = Message::new("error.storage_full_hint");
            vec![titled("storage_full"), texts.message(&hint)]
        }
        _ => return None,
    })
}
