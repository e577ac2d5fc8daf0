//! Amounts, percentages and whole numbers, exactly.
//!
//! No arithmetic on floats: a numeric cell is turned into its shortest decimal text
//! first, so 0.1 is one tenth and 1234.565 万元 is 12,345,650 yuan.

use super::{Reading, is_placeholder};
use crate::{normalise::squeeze, problem::Code, workbook::Cell};

/// The unit that a column of money is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MoneyUnit {
    One,
    Thousand,
    TenThousand,
    Million,
    HundredMillion,
}

impl MoneyUnit {
    /// How many base units one of these is.
    pub fn factor(self) -> i64 {
        match self {
            Self::One => 1,
            Self::Thousand => 1_000,
            Self::TenThousand => 10_000,
            Self::Million => 1_000_000,
            Self::HundredMillion => 100_000_000,
        }
    }

    /// The word in a Chinese header.
    pub fn word(self) -> &'static str {
        match self {
            Self::One => "元",
            Self::Thousand => "千元",
            Self::TenThousand => "万元",
            Self::Million => "百万元",
            Self::HundredMillion => "亿元",
        }
    }

    /// The unit that a text such as `总投资（万元）` or `单位：亿元` names.
    pub fn find(text: &str) -> Option<Self> {
        let text = squeeze(text);
        let units = [
            Self::HundredMillion,
            Self::Million,
            Self::TenThousand,
            Self::Thousand,
        ];
        if let Some(unit) = units.into_iter().find(|unit| text.contains(unit.word())) {
            return Some(unit);
        }
        let bare = ["(元)", "单位:元", "单位:人民币元", "/元"];
        bare.iter()
            .any(|word| text.contains(word))
            .then_some(Self::One)
    }
}

/// How numbers are written in text cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NumberStyle {
    /// `54,583.00`
    #[default]
    Plain,
    /// `54.583,00`
    European,
}

/// An exact decimal: mantissa ÷ 10^scale.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decimal {
    mantissa: i128,
    scale: u32,
}

impl Decimal {
    /// The value times a factor, rounded half away from zero.
    fn times(self, factor: i64) -> Option<i64> {
        let product = self.mantissa.checked_mul(i128::from(factor))?;
        let divisor = 10_i128.checked_pow(self.scale)?;
        let half = divisor / 2 * product.signum();
        i64::try_from(product.checked_add(half)? / divisor).ok()
    }

    fn whole(self) -> Option<i64> {
        let divisor = 10_i128.checked_pow(self.scale)?;
        (self.mantissa % divisor == 0)
            .then(|| i64::try_from(self.mantissa / divisor).ok())
            .flatten()
    }
}

/// Reads an amount in a unit as whole base units.
pub fn read_money(cell: &Cell, unit: MoneyUnit, style: NumberStyle) -> Reading<i64> {
    match cell {
        Cell::Text(text) => text_money(text, unit, style),
        Cell::Number(number) => match number_money(*number, unit) {
            Some(amount) => Reading::plain(amount),
            None => Reading::unreadable(Code::NumberOutOfRange),
        },
        other => not_a_number(other),
    }
}

/// Reads an amount that was written as text.
fn text_money(text: &str, unit: MoneyUnit, style: NumberStyle) -> Reading<i64> {
    let text = squeeze(text);
    if is_placeholder(&text) {
        return Reading::BLANK;
    }
    let (digits, own_unit) = split_unit(&text);
    let read = match parse_decimal(digits, style) {
        Ok(decimal) => decimal.times(own_unit.unwrap_or(unit).factor()),
        Err(code) => return Reading::unreadable(code),
    };
    match (read, own_unit) {
        (None, _) => Reading::unreadable(Code::NumberOutOfRange),
        (Some(amount), Some(own)) if own != unit => Reading::noted(amount, Code::UnitInCell),
        (Some(amount), _) => Reading::noted(amount, Code::NumberAsText),
    }
}

/// Reads a share as hundredths of a percent. `points` says that bare numbers are
/// percentage points (35.6), not fractions (0.356).
pub fn read_percent(cell: &Cell, points: bool, style: NumberStyle) -> Reading<i64> {
    let factor = if points { 100 } else { 10_000 };
    let read = match cell {
        Cell::Number(number) => exact(*number).and_then(|decimal| decimal.times(factor)),
        Cell::Text(text) => {
            let text = squeeze(text);
            if is_placeholder(&text) {
                return Reading::BLANK;
            }
            let (digits, factor) = match text.strip_suffix('%') {
                Some(digits) => (digits, 100),
                None => (text.as_str(), factor),
            };
            parse_decimal(digits, style)
                .ok()
                .and_then(|decimal| decimal.times(factor))
        }
        other => return not_a_number(other),
    };
    read.map_or(Reading::unreadable(Code::PercentUnreadable), Reading::plain)
}

/// Reads a whole number; `13个` and `13项` count as 13.
pub fn read_integer(cell: &Cell, style: NumberStyle) -> Reading<i64> {
    match cell {
        Cell::Number(number) => exact(*number)
            .and_then(Decimal::whole)
            .map_or(Reading::unreadable(Code::IntegerUnreadable), Reading::plain),
        Cell::Text(text) => {
            let text = squeeze(text);
            if is_placeholder(&text) {
                return Reading::BLANK;
            }
            let digits = text.trim_end_matches(['个', '项', '家', '人']);
            match parse_decimal(digits, style).map(Decimal::whole) {
                Ok(Some(number)) => Reading::noted(number, Code::NumberAsText),
                _ => Reading::unreadable(Code::IntegerUnreadable),
            }
        }
        other => not_a_number(other),
    }
}

/// Whether a text is a number and nothing else.
pub(crate) fn is_numeric_text(text: &str) -> bool {
    let text = squeeze(text);
    let text = text.strip_suffix('%').unwrap_or(&text);
    parse_decimal(text, NumberStyle::Plain).is_ok()
}

fn not_a_number<T>(cell: &Cell) -> Reading<T> {
    match cell {
        Cell::Empty => Reading::BLANK,
        Cell::Error(_) => Reading::unreadable(Code::CellError),
        _ => Reading::unreadable(Code::NumberUnreadable),
    }
}

fn number_money(number: f64, unit: MoneyUnit) -> Option<i64> {
    // Whole numbers below 2^53 are exact as they are; most cells are such.
    if number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0 {
        return (number as i64).checked_mul(unit.factor());
    }
    exact(number)?.times(unit.factor())
}

/// The shortest decimal that stands for this float.
fn exact(number: f64) -> Option<Decimal> {
    if !number.is_finite() || number.abs() >= 1e18 {
        return None;
    }
    if number.abs() < 1e-9 {
        return Some(Decimal {
            mantissa: 0,
            scale: 0,
        });
    }
    parse_decimal(&number.to_string(), NumberStyle::Plain).ok()
}

fn split_unit(text: &str) -> (&str, Option<MoneyUnit>) {
    let units = [
        ("百万元", MoneyUnit::Million),
        ("万元", MoneyUnit::TenThousand),
        ("亿元", MoneyUnit::HundredMillion),
        ("千元", MoneyUnit::Thousand),
        ("万", MoneyUnit::TenThousand),
        ("亿", MoneyUnit::HundredMillion),
        ("元", MoneyUnit::One),
    ];
    units
        .into_iter()
        .find_map(|(word, unit)| Some((text.strip_suffix(word)?, Some(unit))))
        .unwrap_or((text, None))
}

/// Parses a number without blanks or unit, exactly.
fn parse_decimal(text: &str, style: NumberStyle) -> Result<Decimal, Code> {
    let (text, negative) = split_sign(text);
    let (group, point) = match style {
        NumberStyle::Plain => (',', '.'),
        NumberStyle::European => ('.', ','),
    };
    let (whole, fraction) = text.split_once(point).unwrap_or((text, ""));
    if whole.is_empty() && fraction.is_empty() {
        return Err(Code::NumberUnreadable);
    }
    let grouped = whole.contains(group);
    let mut digits = String::with_capacity(text.len());
    for (index, part) in whole.split(group).enumerate() {
        let well_formed = match (grouped, index) {
            (false, _) => true,
            (true, 0) => (1..=3).contains(&part.len()),
            (true, _) => part.len() == 3,
        };
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Code::NumberUnreadable);
        }
        if !well_formed {
            return Err(Code::NumberAmbiguous);
        }
        digits.push_str(part);
    }
    if fraction.contains(group) {
        return Err(Code::NumberAmbiguous);
    }
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Code::NumberUnreadable);
    }
    // Beyond twelve decimals nothing can change a yuan, even in 亿元.
    let fraction = fraction.get(..fraction.len().min(12)).unwrap_or_default();
    digits.push_str(fraction);
    if digits.trim_start_matches('0').len() > 30 {
        return Err(Code::NumberOutOfRange);
    }
    let mantissa: i128 = digits.parse().map_err(|_| Code::NumberOutOfRange)?;
    Ok(Decimal {
        mantissa: if negative { -mantissa } else { mantissa },
        scale: u32::try_from(fraction.len()).unwrap_or(0),
    })
}

/// Takes off a sign, a currency mark or the brackets of accountants.
fn split_sign(text: &str) -> (&str, bool) {
    let text = text.trim_start_matches(['¥', '￥', '$', '€']);
    if let Some(inner) = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'))
    {
        return (inner, true);
    }
    match text.strip_prefix('-') {
        Some(rest) => (rest.trim_start_matches(['¥', '￥', '$', '€']), true),
        None => (text.strip_prefix('+').unwrap_or(text), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact_in_yuan() {
        let money = |text: &str| text_money(text, MoneyUnit::TenThousand, NumberStyle::Plain).value;
        for (text, yuan) in [
            ("54,583.00", Some(545_830_000)),
            ("５４，５８３．００", Some(545_830_000)),
            ("0.00005", Some(1)),
            ("0.00004", Some(0)),
            ("-0.00005", Some(-1)),
            ("(1,234)", Some(-12_340_000)),
            ("3.5亿元", Some(350_000_000)),
            ("1,2", None),
            ("约3000", None),
            ("—", None),
            ("12345678901234567890", None),
        ] {
            assert_eq!(money(text), yuan, "{text}");
        }
        let european = |text: &str| text_money(text, MoneyUnit::One, NumberStyle::European).value;
        assert_eq!(european("114.000.000"), Some(114_000_000));
        assert_eq!(european("1.234,56"), Some(1_235));
        for (number, yuan) in [
            (1234.565, 12_345_650),
            (0.1 + 0.2, 3_000),
            (5000.0, 50_000_000),
        ] {
            let cell = Cell::Number(number);
            let read = read_money(&cell, MoneyUnit::TenThousand, NumberStyle::Plain);
            assert_eq!(read, Reading::plain(yuan), "{number}");
        }
    }

    #[test]
    fn units_are_found_in_headers_and_notes() {
        for (text, unit) in [
            ("总投资（万元）", Some(MoneyUnit::TenThousand)),
            ("单位：个、亿元", Some(MoneyUnit::HundredMillion)),
            ("单位：元", Some(MoneyUnit::One)),
            ("投资(百万元)", Some(MoneyUnit::Million)),
            ("单元名称", None),
        ] {
            assert_eq!(MoneyUnit::find(text), unit, "{text}");
        }
    }
}
