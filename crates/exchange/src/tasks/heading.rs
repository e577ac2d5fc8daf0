//! Numbers before a text: `一、`, `（一）`, `1.`, `（1）`, `①`.

use crate::normalise::fold_width;

const NUMERALS: &str = "一二三四五六七八九十百";

/// Splits the number off a text: how deep it heads (1 for 一、, 2 for （一）, 3 for digits), and the
/// rest. A text without a number is level 0.
pub fn split(text: &str) -> (u8, &str) {
    let text = text.trim();
    let mut signs = text.char_indices();
    let Some((_, first)) = signs.next() else {
        return (0, text);
    };
    if matches!(first, '①'..='⑳') {
        return (3, rest_of(text, first.len_utf8()));
    }
    let opened = matches!(first, '(' | '（');
    let start = if opened { first.len_utf8() } else { 0 };
    let body = text.get(start..).unwrap_or_default();
    let end = body
        .find(|sign: char| !(NUMERALS.contains(sign) || is_digit(sign)))
        .unwrap_or(body.len());
    let (number, after) = body.split_at(end);
    if number.is_empty() {
        return (0, text);
    }
    let in_words = number.chars().all(|sign| NUMERALS.contains(sign));
    if !in_words && !number.chars().all(is_digit) {
        return (0, text);
    }
    let mut after_signs = after.chars();
    let Some(mark) = after_signs.next() else {
        return (0, text);
    };
    let next_is_digit = after_signs.next().is_some_and(is_digit);
    let ends = match (opened, mark) {
        (true, ')' | '）') => true,
        (false, '、' | '．') => true,
        // 3.6 is a number, not the third task.
        (false, '.') => !next_is_digit,
        _ => false,
    };
    if !ends {
        return (0, text);
    }
    let level = match (in_words, opened) {
        (true, false) => 1,
        (true, true) => 2,
        (false, _) => 3,
    };
    (level, rest_of(text, start + end + mark.len_utf8()))
}

fn rest_of(text: &str, at: usize) -> &str {
    text.get(at..).unwrap_or_default().trim_start()
}

fn is_digit(sign: char) -> bool {
    sign.is_ascii_digit() || matches!(sign, '０'..='９')
}

/// The number in a cell that counts the tasks.
pub fn number(text: &str) -> Option<u32> {
    fold_width(text.trim())
        .trim_end_matches(['.', '、'])
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::split;

    #[test]
    fn numbers_are_split_off_and_their_level_is_known() {
        for (text, level, rest) in [
            ("一、谋划储备强基", 1, "谋划储备强基"),
            ("十一、其他", 1, "其他"),
            ("（一）建好项目库", 2, "建好项目库"),
            ("(二) 做实前期", 2, "做实前期"),
            ("1.开展评估", 3, "开展评估"),
            ("12、开展评估", 3, "开展评估"),
            ("（3）开展评估", 3, "开展评估"),
            ("①开展评估", 3, "开展评估"),
            ("一期工程开工", 0, "一期工程开工"),
            ("3.6万亿元投资", 0, "3.6万亿元投资"),
            ("十五五规划", 0, "十五五规划"),
            ("", 0, ""),
        ] {
            assert_eq!(split(text), (level, rest), "{text}");
        }
    }
}
