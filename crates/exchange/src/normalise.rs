//! Makes texts comparable: width, blanks, brackets, years.
//!
//! Only for comparing. The text that is kept and shown is always the original.

/// Full-width forms and exotic blanks become their plain ASCII sisters.
pub fn fold_width(text: &str) -> String {
    text.chars().map(fold_char).collect()
}

/// The plain sister of a full-width character.
pub(crate) fn fold_char(character: char) -> char {
    match character {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(character as u32 - 0xFEE0).unwrap_or(character),
        '\u{3000}' | '\u{A0}' | '\u{2002}'..='\u{200A}' => ' ',
        '【' | '〔' | '〖' => '[',
        '】' | '〕' | '〗' => ']',
        '−' | '‐' | '‑' | '–' => '-',
        '∼' | '〜' => '~',
        _ => character,
    }
}

/// Folded text without any blank or invisible character.
pub fn squeeze(text: &str) -> String {
    text.chars()
        .map(fold_char)
        .filter(|character| !is_blank(*character))
        .collect()
}

fn is_blank(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(character, '\u{200B}'..='\u{200F}' | '\u{FEFF}')
}

/// The form under which a header is looked up: no blanks, quotes, unit brackets or
/// years, month spans as `1-n月`, letters in lower case.
///
/// `至2009年底累计完成投资（万元）` and `至 2023 年底累计完成投资` are the same header.
pub fn header_key(text: &str) -> String {
    let text = squeeze(text).to_lowercase();
    let text = strip_unit_brackets(&text);
    let text: String = text
        .chars()
        .filter(|character| !matches!(character, '"' | '“' | '”' | '\'' | '‘' | '’' | ':' | '*'))
        .collect();
    let text = text.replace("<yyyy>", "2000").replace("<m>", "12");
    let text = strip_years(&text);
    fold_month_span(&text)
}

const UNIT_WORDS: [&str; 22] = [
    "万元",
    "亿元",
    "元",
    "千元",
    "百万元",
    "%",
    "个",
    "项",
    "人",
    "亩",
    "平方米",
    "公顷",
    "吨",
    "万",
    "亿",
    "单位万元",
    "单位亿元",
    "单位元",
    "单位个",
    "单位个、亿元",
    "个、亿元",
    "个、万元",
];

/// Drops brackets that hold a unit and nothing else.
fn strip_unit_brackets(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find(['(', '[']) {
        let (before, from_open) = rest.split_at(open);
        kept.push_str(before);
        let inner = from_open.get(1..).unwrap_or_default();
        match inner.find([')', ']']) {
            Some(close) => {
                let word: String = inner
                    .get(..close)
                    .unwrap_or_default()
                    .chars()
                    .filter(|character| *character != ':')
                    .collect();
                let end = open_end(from_open, close);
                if !UNIT_WORDS.contains(&word.as_str()) {
                    kept.push_str(from_open.get(..end).unwrap_or_default());
                }
                rest = from_open.get(end..).unwrap_or_default();
            }
            None => {
                kept.push_str(from_open);
                rest = "";
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// End of a bracket that opens at 0 and closes at `close` of its inner text.
fn open_end(from_open: &str, close: usize) -> usize {
    (close + 2).min(from_open.len())
}

/// `2010年`, `2010年度` vanish; `2009年底` keeps its `年底`.
fn strip_years(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut kept = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(character) = chars.get(at) {
        let digits = chars
            .iter()
            .skip(at)
            .take_while(|digit| digit.is_ascii_digit())
            .count();
        if digits == 0 {
            kept.push(*character);
            at += 1;
            continue;
        }
        let number: String = chars.iter().skip(at).take(digits).collect();
        at += digits;
        let is_year = digits == 4 && (number.starts_with("19") || number.starts_with("20"));
        if is_year && chars.get(at) == Some(&'年') {
            match chars.get(at + 1) {
                Some('底' | '末') => {}
                Some('度') => at += 2,
                _ => at += 1,
            }
        } else {
            kept.push_str(&number);
        }
    }
    kept
}

/// `1-7月`, `1~7月`, `1至7月`, `1-月`, `1~ 月` all become `1-n月`.
fn fold_month_span(text: &str) -> String {
    let Some((before, months, after)) = find_month_span(text) else {
        return text.to_owned();
    };
    let _ = months;
    format!("{before}1-n月{after}")
}

/// Splits a text around a span of months that begins in January, with its last month
/// (none when the form leaves it blank).
pub(crate) fn find_month_span(text: &str) -> Option<(&str, Option<u8>, &str)> {
    for (at, _) in text.match_indices('1') {
        let before = text.get(..at)?;
        if before.ends_with(|character: char| character.is_ascii_digit()) {
            continue;
        }
        let rest = text.get(at + 1..)?;
        let rest = rest.strip_prefix('月').unwrap_or(rest);
        let Some(dash) = rest
            .chars()
            .next()
            .filter(|character| matches!(character, '-' | '~' | '—' | '至' | '到'))
        else {
            continue;
        };
        let rest = rest.get(dash.len_utf8()..)?;
        let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let last = rest.get(..digits)?;
        if let Some(after) = rest.get(digits..)?.strip_prefix('月') {
            return Some((before, last.parse().ok(), after));
        }
    }
    None
}

/// The first year written with four digits and `年`.
pub(crate) fn find_year(text: &str) -> Option<i16> {
    text.match_indices('年').find_map(|(at, _)| {
        let before = text.get(..at)?;
        let year: String = before
            .chars()
            .rev()
            .take_while(char::is_ascii_digit)
            .collect::<Vec<_>>()
            .into_iter()
            .rev()
            .collect();
        (year.len() == 4)
            .then(|| year.parse().ok())
            .flatten()
            .filter(|year| (1900..=2100).contains(year))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_different_years_and_units_have_one_key() {
        for (header, key) in [
            ("总投资（万元）", "总投资"),
            ("至2009年底累计完成投资（万元）", "至年底累计完成投资"),
            ("2010年1-7月完成投资（万元）", "1-n月完成投资"),
            ("1～ 月完成投资(万元)", "1-n月完成投资"),
            ("1-月累计完成投资", "1-n月累计完成投资"),
            ("<yyyy>年1-<M>月完成投资", "1-n月完成投资"),
            ("2010年度计划投资额", "计划投资额"),
            ("完成投资占年计划(%)", "完成投资占年计划"),
            ("“十二五”规划投资（万元）", "十二五规划投资"),
            ("项 目\n名　称", "项目名称"),
            (
                "分级管理项目（考核类、跟踪服务类）",
                "分级管理项目(考核类、跟踪服务类)",
            ),
            ("8月至12月计划投资额", "8月至12月计划投资额"),
            ("（", "("),
        ] {
            assert_eq!(header_key(header), key, "{header}");
        }
    }
}
