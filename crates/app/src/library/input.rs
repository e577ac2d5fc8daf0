//! Reading what people and programs type into fields.

use gangmu_domain::Yuan;
use gangmu_domain::library::{Field, FieldProblem, Kind, ProjectCode, Value};
use jiff::civil::Date;

use crate::Reference;
use crate::error::Message;

/// The unit money is typed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoneyUnit {
    /// Whole yuan, as the API has it.
    Yuan,
    /// 万元 with up to four decimals, as tables and forms have it.
    TenThousand,
}

/// Reads a typed text as a field's value; an empty text clears the field.
///
/// # Errors
/// A message beside the field that says what was found and what is expected.
pub fn parse_field(
    reference: &Reference,
    field: Field,
    text: &str,
    unit: MoneyUnit,
) -> Result<Option<Value>, Message> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let bad = |code: &str| Message::new(code, field.word(), [text.to_owned()]);
    let value = match field.kind() {
        Kind::Line(_) | Kind::Lines(_) => Value::Text(text.replace("\r\n", "\n")),
        Kind::Money => Value::Money(parse_money(text, unit).ok_or_else(|| bad("field.not_money"))?),
        Kind::Date => Value::Date(parse_date(text).ok_or_else(|| bad("field.not_a_date"))?),
        Kind::Year => Value::Number(text.parse().map_err(|_| bad("field.not_a_year"))?),
        Kind::Quantity => Value::Number(
            decimal(&text.replace([',', '，'], ""), 0)
                .ok_or_else(|| bad("field.not_a_quantity"))?,
        ),
        Kind::Degrees(_) => {
            Value::Number(decimal(text, 6).ok_or_else(|| bad("field.not_degrees"))?)
        }
        Kind::ProjectCode => Value::Code(
            ProjectCode::parse(text)
                .map_err(|_| bad("field.not_a_project_code"))?
                .as_str()
                .to_owned(),
        ),
        Kind::Choice(_) => Value::Code(text.to_owned()),
        Kind::Unit => Value::Code(
            reference
                .unit_by_any_name(text)
                .ok_or_else(|| bad("field.unknown_unit"))?
                .code
                .clone(),
        ),
        Kind::Department => Value::Code(
            reference
                .department_by_any_name(text)
                .ok_or_else(|| bad("field.unknown_department"))?
                .code
                .clone(),
        ),
        Kind::Industry => Value::Code(
            reference
                .industry_by_any_name(text)
                .ok_or_else(|| bad("field.unknown_industry"))?
                .code
                .clone(),
        ),
        Kind::Tags | Kind::Units => Value::Tags(
            text.split([',', '，', '、', ';', '；'])
                .map(|tag| tag.trim().to_owned())
                .collect(),
        ),
        // These have forms and import columns of their own, one amount each.
        Kind::Funding | Kind::Benefits => return Err(bad("field.not_a_text")),
    };
    Ok(Some(value))
}

/// Says what is wrong with a value that names a unit, department or industry nobody knows.
pub(super) fn unknown_reference(
    field: Field,
    value: Option<&Value>,
    reference: &Reference,
) -> Option<Message> {
    let missing =
        |code: &str, text: &str| Some(Message::new(code, field.word(), [text.to_owned()]));
    // An empty code clears the field.
    let value = value.filter(|v| !matches!(v, Value::Code(code) if code.trim().is_empty()))?;
    match (field.kind(), value) {
        (Kind::Unit, Value::Code(code)) if reference.unit_by_code(code).is_none() => {
            missing("field.unknown_unit", code)
        }
        (Kind::Units, Value::Tags(codes)) => codes
            .iter()
            .find(|code| reference.unit_by_code(code).is_none())
            .and_then(|code| missing("field.unknown_unit", code)),
        (Kind::Department, Value::Code(code))
            if reference.department_by_any_name(code).is_none() =>
        {
            missing("field.unknown_department", code)
        }
        (Kind::Industry, Value::Code(code)) if reference.industry(code).is_none() => {
            missing("field.unknown_industry", code)
        }
        _ => None,
    }
}

/// Turns a field's problem into a message.
pub(super) fn message(problem: &FieldProblem) -> Message {
    let params = match problem {
        FieldProblem::TooLong { limit, .. } => vec![limit.to_string()],
        FieldProblem::NotAllowed { found, .. } => vec![found.clone()],
        FieldProblem::Contradicts { other, .. } => vec![other.word().to_owned()],
        FieldProblem::WrongKind { .. } | FieldProblem::Missing { .. } => Vec::new(),
    };
    Message::new(
        format!("field.{}", problem.code()),
        problem.field().word(),
        params,
    )
}

/// Reads an amount of money exactly; separators of thousands are allowed.
pub(crate) fn parse_money(text: &str, unit: MoneyUnit) -> Option<Yuan> {
    let text: String = text
        .chars()
        .filter(|c| !matches!(c, ',' | '，' | ' '))
        .collect();
    let decimals = match unit {
        MoneyUnit::Yuan => 0,
        MoneyUnit::TenThousand => 4,
    };
    decimal(&text, decimals).map(Yuan)
}

/// Reads a decimal number as an integer of units of 10^-`decimals`; more decimals are refused.
pub(crate) fn decimal(text: &str, decimals: u32) -> Option<i64> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let plain = |s: &str| s.chars().all(|c| c.is_ascii_digit());
    let part = part.trim_end_matches('0');
    if (whole.is_empty() && part.is_empty()) || !plain(whole) || !plain(part) {
        return None;
    }
    let missing = decimals.checked_sub(u32::try_from(part.len()).ok()?)?;
    let whole: i64 = if whole.is_empty() {
        0
    } else {
        whole.parse().ok()?
    };
    let part: i64 = if part.is_empty() {
        0
    } else {
        part.parse().ok()?
    };
    let value = whole
        .checked_mul(10_i64.checked_pow(decimals)?)?
        .checked_add(part.checked_mul(10_i64.checked_pow(missing)?)?)?;
    Some(if negative { -value } else { value })
}

/// Reads a date: 2025-07-18, 2025.7.18, 2025年7月18日, or a month, which means its first day.
pub(crate) fn parse_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text
        .split(['-', '.', '/', '年', '月', '日'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    let number = |at: usize| parts.get(at).map_or(Some(1), |p| p.parse::<i16>().ok());
    if parts.len() < 2 || parts.len() > 3 || parts.first()?.len() != 4 {
        return None;
    }
    let month = i8::try_from(number(1)?).ok()?;
    let day = i8::try_from(number(2)?).ok()?;
    Date::new(number(0)?, month, day).ok()
}
