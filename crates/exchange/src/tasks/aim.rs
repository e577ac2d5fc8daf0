//! What a cell of targets says: `≥4900亿元`, `增长10%以上`, `≤3`, `完成投资不低于172亿元`.
//!
//! Nothing is guessed: a text with two numbers, or one that speaks of a decrease, is not read.

use crate::normalise::squeeze;

/// A target as written (目标).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Aim {
    /// At most the amount, not at least.
    pub at_most: bool,
    /// Digits with at most one decimal point and a sign.
    pub amount: String,
    /// The unit behind the number; empty when there is none.
    pub unit: String,
    /// What is measured, where the text says it before the number: `完成投资`, `增长`.
    pub said: String,
}

/// Why a target cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AimFault {
    /// There is no number.
    NoNumber,
    /// There are several numbers.
    ManyNumbers,
    /// It is a date or a month.
    IsDate,
    /// It speaks of a decrease, which may mean the amount or the change.
    Decrease,
}

/// Signs and words that say "at least" and "at most", before and behind the number.
const AT_LEAST: [&str; 16] = [
    "不低于",
    "不少于",
    "不小于",
    "大于等于",
    "力争达到",
    "达到",
    "超过",
    "突破",
    "大于",
    "达",
    "超",
    ">=",
    "≥",
    "≧",
    ">",
    "＞",
];
const AT_MOST: [&str; 14] = [
    "不超过",
    "不高于",
    "不多于",
    "不大于",
    "小于等于",
    "控制在",
    "低于",
    "少于",
    "小于",
    "<=",
    "≤",
    "≦",
    "<",
    "＜",
];
const AT_LEAST_BEHIND: [&str; 5] = ["及以上", "以上", "左右", "余", "+"];
const AT_MOST_BEHIND: [&str; 4] = ["及以下", "以下", "以内", "之内"];
const DECREASE: [&str; 5] = ["下降", "降低", "减少", "压减", "压缩"];
/// Words that say nothing about what is measured.
const FILLERS: [&str; 14] = [
    "完成", "实现", "力争", "确保", "争取", "保持", "为", "约", "共", "累计", "全年", "年度",
    "计划", "目标",
];

/// Reads a target.
///
/// # Errors
/// Why it cannot be read.
pub fn read_aim(text: &str) -> Result<Aim, AimFault> {
    let text = squeeze(text);
    let text = text.trim_end_matches(['。', '；', ';']);
    if DECREASE.iter().any(|word| text.contains(word)) {
        return Err(AimFault::Decrease);
    }
    let start = text.find(|c: char| c.is_ascii_digit());
    let start = start.ok_or(AimFault::NoNumber)?;
    let (head, rest) = text.split_at(start);
    let end = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ','));
    let (number, tail) = rest.split_at(end.unwrap_or(rest.len()));
    if tail.contains(|c: char| c.is_ascii_digit()) {
        return Err(match tail.starts_with(['年', '月', '-', '/']) {
            true => AimFault::IsDate,
            false => AimFault::ManyNumbers,
        });
    }
    if tail.starts_with(['年', '月']) {
        return Err(AimFault::IsDate);
    }
    let number = number.trim_end_matches(['.', ',']);
    let mut aim = Aim {
        amount: number.replace(',', ""),
        ..Aim::default()
    };
    if aim.amount.matches('.').count() > 1 {
        return Err(AimFault::ManyNumbers);
    }
    let head = match head.strip_suffix('-') {
        Some(before) => {
            aim.amount.insert(0, '-');
            before
        }
        None => head,
    };
    let (head, before) = signs(head, str::strip_suffix, &AT_LEAST, &AT_MOST);
    let (tail, behind) = signs(tail, str::strip_suffix, &AT_LEAST_BEHIND, &AT_MOST_BEHIND);
    aim.at_most = before || behind;
    aim.unit = tail.to_owned();
    let said = head.trim_end_matches([':', '：']);
    if !FILLERS.contains(&said) {
        aim.said = said.to_owned();
    }
    Ok(aim)
}

/// Takes words off one end of a text; says whether one of them meant "at most".
fn signs<'a>(
    mut text: &'a str,
    strip: fn(&'a str, &'static str) -> Option<&'a str>,
    least: &[&'static str],
    most: &[&'static str],
) -> (&'a str, bool) {
    let mut at_most = false;
    loop {
        // "不超过" ends in "超过", "不低于" in "低于": what leaves least is the word that was meant.
        let least = least.iter().filter_map(|word| strip(text, word));
        let most = most.iter().filter_map(|word| strip(text, word));
        let all = least
            .map(|rest| (rest, false))
            .chain(most.map(|rest| (rest, true)));
        match all.min_by_key(|(rest, _)| rest.len()) {
            None => return (text, at_most),
            Some((rest, most)) => {
                text = rest;
                at_most |= most;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_read_as_they_are_written() {
        let show = |text: &str| match read_aim(text) {
            Ok(aim) => format!(
                "{}{} {} [{}]",
                if aim.at_most { "≤" } else { "" },
                aim.amount,
                aim.unit,
                aim.said
            ),
            Err(fault) => format!("{fault:?}"),
        };
        for (text, read) in [
            ("≥4900亿元", "4900 亿元 []"),
            ("≥ 4,900 亿元", "4900 亿元 []"),
            ("增长10%以上", "10 % [增长]"),
            ("年均增长１０％以上", "10 % [年均增长]"),
            ("完成投资不低于172亿元", "172 亿元 [完成投资]"),
            ("完成4900亿元", "4900 亿元 []"),
            ("≤3", "≤3  []"),
            ("控制在2.5天以内", "≤2.5 天 []"),
            ("不超过20个工作日", "≤20 个工作日 []"),
            ("1398个", "1398 个 []"),
            ("-0.5", "-0.5  []"),
            ("100", "100  []"),
            ("9月底前", "IsDate"),
            ("2025年12月31日", "IsDate"),
            ("2025-12-31", "IsDate"),
            ("项目1398个、投资4900亿元", "ManyNumbers"),
            ("下降3%", "Decrease"),
            ("显著提升", "NoNumber"),
            ("", "NoNumber"),
        ] {
            assert_eq!(show(text), read, "{text}");
        }
    }
}
