//! What the pages of the monthly work share: words of the address, names in the reader's language,
//! figures of the use cases as the templates take them. What one would get wrong: instants of the
//! use cases are milliseconds, those of templates RFC 3339.

use axum::extract::Multipart;
use gangmu_app::domain::Period;
use gangmu_app::library::Upload;
use gangmu_app::organisation::UnitNode;
use gangmu_app::{AppError, Message as AppMessage};
use jiff::civil::Date;

pub use super::common::unit_name;
use crate::i18n::Lang;
use crate::server::{Failure, Visit, words};
use crate::view::{Choice, FieldError, Pager, Query};

/// A form as it was sent: names may repeat.
pub type Sent = Vec<(String, String)>;

/// The first value sent under a name, trimmed; empty when there is none.
pub fn sent<'a>(form: &'a Sent, name: &str) -> &'a str {
    form.iter()
        .find(|(key, _)| key == name)
        .map_or("", |(_, value)| value.trim())
}

/// Reads a form with files, all under the name `file`; one that was left empty counts for nothing.
///
/// # Errors
/// When the form is broken off or larger than the server takes.
pub async fn with_files(mut parts: Multipart) -> Result<(Sent, Vec<Upload>), Failure> {
    let (mut form, mut files) = (Sent::new(), Vec::new());
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        if name == "file" {
            let file_name = part.file_name().unwrap_or_default().to_owned();
            let bytes = part.bytes().await?;
            if !(file_name.is_empty() && bytes.is_empty()) {
                files.push(Upload { file_name, bytes });
            }
        } else {
            form.push((name, part.text().await?));
        }
    }
    Ok((form, files))
}

/// Reads the period of an address; what is none leads nowhere.
pub fn period(text: &str) -> Result<Period, AppError> {
    text.parse()
        .map_err(|_| AppError::NotFound { what: "period" })
}

/// Milliseconds since 1970 in RFC 3339.
pub fn instant(at: i64) -> String {
    jiff::Timestamp::from_millisecond(at)
        .unwrap_or_default()
        .to_string()
}

/// Days from today to a date, negative when it has passed.
pub fn days_until(today: Date, date: &str) -> i64 {
    date.parse::<Date>()
        .ok()
        .and_then(|date| today.until(date).ok())
        .map_or(0, |span| i64::from(span.get_days()))
}

/// How a return's status feels.
pub fn tone(status: &str) -> &'static str {
    match status {
        "submitted" => "wait",
        "accepted" => "good",
        "sent_back" => "bad",
        "missing" => "warn",
        _ => "",
    }
}

/// All units the person may look into, indented by level.
pub async fn units(visit: &Visit) -> Result<Vec<Choice>, Failure> {
    let tree = visit.app.unit_tree(&visit.actor).await?;
    let mut choices = Vec::new();
    list_units(&tree, visit.lang, 0, &mut choices);
    Ok(choices)
}

fn list_units(node: &UnitNode, lang: Lang, depth: usize, into: &mut Vec<Choice>) {
    let label = format!("{}{}", "　".repeat(depth), unit_name(lang, &node.unit));
    into.push(Choice::new(node.unit.code.clone(), label));
    for child in &node.children {
        list_units(child, lang, depth + 1, into);
    }
}

/// The name behind a unit's code among choices, without its indent.
pub fn chosen(choices: &[Choice], code: &str) -> String {
    choices
        .iter()
        .find(|choice| choice.value == code)
        .or_else(|| choices.first())
        .map(|choice| choice.label.trim_start_matches('　').to_owned())
        .unwrap_or_default()
}

/// The periods, newest first, as choices; months are worded by the template.
pub async fn periods(visit: &Visit) -> Result<Vec<Choice>, Failure> {
    let known = visit.app.period_list().await?;
    Ok(known
        .into_iter()
        .map(|row| Choice::new(row.period.clone(), row.period))
        .collect())
}

/// Reads an amount typed in 万元 as yuan: at most four decimals, separators allowed.
pub fn yuan(text: &str) -> Option<i64> {
    let plain: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' '))
        .collect();
    let (sign, digits) = match plain.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, plain.as_str()),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = part.trim_end_matches('0');
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || part.len() > 4 {
        return None;
    }
    if !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let whole: i64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let part: i64 = format!("{part:0<4}").parse().ok()?;
    let magnitude = whole.checked_mul(10_000)?.checked_add(part)?;
    // Twelve digits of 万元 are more than any budget; beyond, sums would overflow.
    (magnitude < 1_000_000_000_000_000).then_some(sign * magnitude)
}

/// The links of a pager over a list whose page number stands in the address.
pub fn pager(query: &Query, page: i64, pages: i64, per_page: i64, total: i64) -> Pager {
    turned((query, "page"), (page, pages), (per_page, total))
}

/// Where one stands in one of several lists of a page, whose page number has a name of its own.
pub fn pager_of((query, name): (&Query, &str), (page, per_page, total): (i64, i64, i64)) -> Pager {
    let pages = (total + per_page - 1) / per_page.max(1);
    turned((query, name), (page, pages), (per_page, total))
}

fn turned(
    (query, name): (&Query, &str),
    (page, pages): (i64, i64),
    (per_page, total): (i64, i64),
) -> Pager {
    let to = |page: i64| query.turned(name, page).href();
    Pager {
        total,
        first: if total == 0 {
            0
        } else {
            (page - 1) * per_page + 1
        },
        last: (page * per_page).min(total),
        previous: (page > 1).then(|| to(page - 1)),
        next: (page < pages).then(|| to(page + 1)),
    }
}

/// The page number of an address.
pub fn page(query: &Query) -> i64 {
    page_of(query, "page")
}

/// The page number of an address under a name.
pub fn page_of(query: &Query, name: &str) -> i64 {
    query
        .get(name)
        .and_then(|text| text.parse().ok())
        .filter(|page| *page > 0)
        .unwrap_or(1)
}

/// What a refused form shows on top or beside its fields; anything else goes on as a failure.
pub fn problems(visit: &Visit, error: AppError) -> Result<Vec<FieldError>, Failure> {
    let said = match error {
        AppError::State { code, params } if code != "internal" => {
            vec![AppMessage::new(code, "", params)]
        }
        AppError::Invalid { messages } => messages,
        other => return Err(other.into()),
    };
    let texts = visit.texts()?;
    Ok(said
        .iter()
        .map(|message| words::field_error(texts, message))
        .collect())
}

#[cfg(test)]
mod tests {
    use super::{days_until, yuan};
    use jiff::civil::date;

    #[test]
    fn typed_amounts_are_read_exactly_or_not_at_all() {
        for (typed, expected) in [
            ("3200", Some(32_000_000)),
            ("3,200.5", Some(32_005_000)),
            ("-12.3456", Some(-123_456)),
            (".5", Some(5_000)),
            ("1.23450", Some(12_345)),
            ("1.23456", None),
            ("", None),
            ("-", None),
            ("12,3x", None),
            ("１２", None),
            ("99999999999999999999", None),
        ] {
            assert_eq!(yuan(typed), expected, "{typed:?}");
        }
    }

    #[test]
    fn days_are_counted_to_the_due_date_and_past_it() {
        let today = date(2026, 1, 8);
        assert_eq!(days_until(today, "2026-01-10"), 2);
        assert_eq!(days_until(today, "2026-01-08"), 0);
        assert_eq!(days_until(today, "2025-12-31"), -8);
    }
}
