//! Printing of figures, in integers throughout: 0.05 of a percent decides a ranking, and floats
//! decide it differently on different days. Rounding is half up in magnitude (四舍五入), so
//! -0.05 becomes -0.1.

use crate::i18n::Lang;

/// Divides and rounds half away from zero; `None` when there is nothing to divide by.
pub fn round_div(num: i128, den: i128) -> Option<i128> {
    if den == 0 {
        return None;
    }
    let (num, den) = if den < 0 {
        (num.checked_neg()?, den.checked_neg()?)
    } else {
        (num, den)
    };
    let half = num.checked_abs()?.checked_mul(2)?.checked_add(den)?;
    let magnitude = half / den.checked_mul(2)?;
    Some(if num < 0 { -magnitude } else { magnitude })
}

/// "1,234,567", with as many of the last digits behind the point as `decimals` says.
pub fn grouped(value: i128, decimals: usize) -> String {
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = decimals + 1);
    let (whole, fraction) = digits.split_at(digits.len() - decimals);
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 + 2);
    if value < 0 {
        out.push('-');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index) % 3 == 0 {
            out.push(',');
        }
        out.push(digit);
    }
    if decimals > 0 {
        out.push('.');
        out.push_str(fraction);
    }
    out
}

/// An amount that comes as a text, with its unit or without: "4900 亿元" becomes "4,900 亿元". Only
/// the whole part of a number is grouped; what is no number stays as it is.
pub fn grouped_in(text: &str) -> String {
    let Some(start) = text.find(|c: char| c.is_ascii_digit()) else {
        return text.to_owned();
    };
    let (before, rest) = text.split_at(start);
    let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
    let whole = rest.strip_suffix(after).unwrap_or(rest);
    match whole.parse::<u64>() {
        Ok(number) if !whole.starts_with('0') => {
            format!("{before}{}{after}", grouped(i128::from(number), 0))
        }
        _ => text.to_owned(),
    }
}

/// Yuan in whole 万元, as tables print it.
pub fn wan(yuan: i128) -> String {
    scaled(yuan, 10_000, 0)
}

/// The unit of an amount in text, on tiles and in pictures. Tables and input fields are in 万元 in
/// both languages, digit for digit, so that nobody types a figure a hundredfold because of the
/// language chosen; text follows the reader's habit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextUnit {
    /// 亿元.
    Yi,
    /// CNY bn.
    Billion,
    /// CNY mn.
    Million,
}

impl TextUnit {
    /// Chooses the unit for an amount, or for the largest of several that stand together.
    pub fn of(lang: Lang, yuan: i128) -> Self {
        match lang {
            Lang::ZhCn => Self::Yi,
            // What would round to 1,000.00 millions is a billion.
            Lang::En if yuan.unsigned_abs() >= 999_995_000 => Self::Billion,
            Lang::En => Self::Million,
        }
    }

    /// Returns the word of its texts, `unit.WORD` and `money.WORD`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yi => "yi",
            Self::Billion => "billion",
            Self::Million => "million",
        }
    }

    /// Prints an amount without its unit, with two decimals.
    pub fn print(self, yuan: i128) -> String {
        let unit = match self {
            Self::Yi => 100_000_000,
            Self::Billion => 1_000_000_000,
            Self::Million => 1_000_000,
        };
        scaled(yuan, unit, 2)
    }
}

/// Yuan in 万元 exactly, with only the decimals that are needed (up to four): for input fields.
pub fn wan_exact(yuan: i128) -> String {
    let text = grouped(yuan, 4).replace(',', "");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn scaled(value: i128, unit: i128, decimals: u32) -> String {
    value
        .checked_mul(10_i128.pow(decimals))
        .and_then(|scaled| round_div(scaled, unit))
        .map_or_else(
            || DASH.to_owned(),
            |rounded| grouped(rounded, decimals as usize),
        )
}

/// What stands where there is no figure.
pub const DASH: &str = "—";

/// A rate in percent with one decimal, without the sign: "62.5".
pub fn percent(num: i128, den: i128) -> Option<String> {
    round_div(num.checked_mul(1000)?, den).map(|tenths| grouped(tenths, 1))
}

/// A rate in tenths of a percent: the integer that charts and bars take.
pub fn permille(num: i128, den: i128) -> Option<i128> {
    round_div(num.checked_mul(1000)?, den)
}

/// The difference of two rates in percentage points with its sign: "+13.8".
pub fn points_between(rate: (i128, i128), other: (i128, i128)) -> Option<String> {
    let num = rate
        .0
        .checked_mul(other.1)?
        .checked_sub(other.0.checked_mul(rate.1)?)?;
    let den = rate.1.checked_mul(other.1)?;
    round_div(num.checked_mul(1000)?, den).map(signed_tenths)
}

/// Tenths with a sign in front: "+0.3", "-12.9", and plainly "0.0" for nothing.
pub fn signed_tenths(tenths: i128) -> String {
    let text = grouped(tenths, 1);
    if tenths > 0 { format!("+{text}") } else { text }
}
