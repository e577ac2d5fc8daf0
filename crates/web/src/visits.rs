//! Reads a visit, and what was agreed, as they were typed: for the pages' forms and the API alike.
//! What one would get wrong: instructions are numbered rows of a form; a row without words is none.

use gangmu_app::domain::liaison::{Bond, Visit, VisitKind};
use gangmu_app::domain::organisation::DepartmentId;
use gangmu_app::domain::problems::Party;
use gangmu_app::liaison::{ResolveInput, VisitInput};
use gangmu_app::{AppError, Message as AppMessage, Reference};
use jiff::civil::Date;

use crate::assignments::day;
use crate::pages::work::{Sent, sent};

/// The rows for instructions on a form.
pub const ROWS: usize = 3;

/// Reads a visit without its photos.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is missing or cannot be read.
pub fn read(reference: &Reference, form: &Sent, today: Date) -> Result<VisitInput, AppError> {
    let mut wrong = Vec::new();
    let kind = match sent(form, "kind") {
        "" => Some(VisitKind::Note),
        word => VisitKind::from_word(word),
    };
    if kind.is_none() {
        wrong.push(AppMessage::new("field.missing", "kind", []));
    }
    let on = day(form, "on", &mut wrong).unwrap_or(today);
    let position = position(form, &mut wrong);
    let rows = 1..=ROWS.max(rows_of(form));
    let instructions: Vec<ResolveInput> = rows
        .filter_map(|n| resolution(reference, form, &format!("-{n}"), &mut wrong))
        .collect();
    let problems = form.iter().filter(|(name, _)| name == "problem");
    let problems = problems
        .flat_map(|(_, text)| text.lines())
        .map(str::trim)
        .filter(|line| !line.is_empty());
    match kind {
        Some(kind) if wrong.is_empty() => Ok(VisitInput {
            visit: Visit {
                kind,
                on,
                place: sent(form, "place").to_owned(),
                position,
                attendees: sent(form, "attendees").to_owned(),
                body: sent(form, "body").to_owned(),
            },
            photos: Vec::new(),
            problems: problems.map(str::to_owned).collect(),
            instructions,
        }),
        _ => Err(AppError::Invalid { messages: wrong }),
    }
}

/// The highest number of a row that was sent.
fn rows_of(form: &Sent) -> usize {
    let numbers = form.iter().filter_map(|(name, _)| {
        let number = name.strip_prefix("instruction-")?;
        number.parse::<usize>().ok()
    });
    numbers.max().unwrap_or(0).min(100)
}

/// Reads what was agreed from fields whose names end alike; none when no words were typed.
pub fn resolution(
    reference: &Reference,
    form: &Sent,
    end: &str,
    wrong: &mut Vec<AppMessage>,
) -> Option<ResolveInput> {
    let field = |name: &str| format!("{name}{end}");
    let body = sent(form, &field("instruction")).to_owned();
    if body.is_empty() {
        return None;
    }
    let party = party(reference, form, end);
    if party.is_none() {
        wrong.push(AppMessage::new("field.missing", field("unit"), []));
    }
    let due = day(form, &field("due_on"), wrong);
    if due.is_none() && sent(form, &field("due_on")).is_empty() {
        wrong.push(AppMessage::new("field.missing", field("due_on"), []));
    }
    Some(ResolveInput {
        body,
        party: party?,
        due: due?,
        bond: Bond::Free,
    })
}

/// Who is to do it, from fields whose names end alike; none when nobody was named.
pub fn party(reference: &Reference, form: &Sent, end: &str) -> Option<Party> {
    let field = |name: &str| format!("{name}{end}");
    let unit = reference.unit_by_code(sent(form, &field("unit")));
    match (sent(form, &field("party")), unit) {
        ("owner", _) => Some(Party::ProjectOwner),
        (_, Some(unit)) => Some(Party::Office {
            unit: unit.path.clone(),
            department: sent(form, &field("department"))
                .parse()
                .ok()
                .map(DepartmentId),
        }),
        (_, None) => None,
    }
}

/// Longitude and latitude, both or neither.
fn position(form: &Sent, wrong: &mut Vec<AppMessage>) -> Option<(i64, i64)> {
    let (east, north) = (sent(form, "longitude"), sent(form, "latitude"));
    if east.is_empty() && north.is_empty() {
        return None;
    }
    let read = millionths(east).zip(millionths(north));
    if read.is_none() {
        let code = "liaison.refused.no_such_place";
        wrong.push(AppMessage::new(code, "position", []));
    }
    read
}

/// Degrees with at most six decimals that count, as millionths; a telephone gives more.
fn millionths(text: &str) -> Option<i64> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let part: String = part.chars().take(6).collect();
    let whole: i64 = whole.parse().ok()?;
    let part: i64 = format!("{part:0<6}").parse().ok()?;
    Some(sign * (whole * 1_000_000 + part))
}

#[cfg(test)]
mod tests {
    use super::millionths;

    #[test]
    fn degrees_are_read_exactly_or_not_at_all() {
        for (typed, expected) in [
            ("122.26", Some(122_260_000)),
            ("-43.6200001", Some(-43_620_000)),
            ("7", Some(7_000_000)),
            ("", None),
            (".5", None),
            ("1222.1", None),
            ("12,5", None),
            ("１２", None),
        ] {
            assert_eq!(millionths(typed), expected, "{typed:?}");
        }
    }
}
