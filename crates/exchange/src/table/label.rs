//! What the label of a row says: total, group, how many.
//!
//! Works on squeezed text, so `合  计` and `（一）` need no special care.

use super::RowKind;

/// What was understood from a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    pub kind: RowKind,
    pub name: String,
    pub claimed: Option<i64>,
}

const TOTALS: [&str; 8] = [
    "合计",
    "总计",
    "共计",
    "总合计",
    "累计",
    "合计数",
    "total",
    "grandtotal",
];
const WHOLE: [&str; 12] = [
    "全市",
    "全区",
    "全盟",
    "全旗",
    "全县",
    "全省",
    "全州",
    "全国",
    "全自治区",
    "总",
    "各项目",
    "项目",
];

/// Understands the label of a total, subtotal, breakdown or marked group.
pub fn understand(text: &str) -> Option<Label> {
    let (name, claimed) = split_count(text);
    let label = |kind, name: &str| {
        Some(Label {
            kind,
            name: tidy(name),
            claimed,
        })
    };
    let lower = name.to_lowercase();
    let lower = lower.trim_end_matches(':');
    if TOTALS.contains(&lower) {
        return label(RowKind::Total, name);
    }
    if lower == "小计" {
        return label(RowKind::Subtotal, name);
    }
    if let Some(rest) = name.strip_prefix("其中") {
        return label(RowKind::Breakdown, rest.trim_start_matches(':'));
    }
    if let Some((level, rest)) = split_marker(name) {
        return label(RowKind::Group { level }, rest);
    }
    for ending in ["合计", "总计"] {
        if let Some(region) = name.strip_suffix(ending) {
            return if WHOLE.contains(&region) {
                label(RowKind::Total, name)
            } else {
                label(RowKind::Group { level: 0 }, region)
            };
        }
    }
    None
}

/// The level of a serial that is a Chinese numeral: `一` or `（一）`.
pub fn numeral_level(text: &str) -> Option<u8> {
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    let (digits, level) = match inner {
        Some(inner) => (inner, 2),
        None => (text.trim_end_matches(['、', '.']), 1),
    };
    is_numeral(digits).then_some(level)
}

/// Takes `（100项）`, `37个` off the end of a label.
pub fn split_count(text: &str) -> (&str, Option<i64>) {
    let bare = text.trim_end_matches([')', '）']);
    let bare = bare.strip_suffix("项目").unwrap_or(bare);
    let Some(bare) = bare.strip_suffix(['个', '项', '家']) else {
        return (text, None);
    };
    let before = bare.trim_end_matches(|character: char| character.is_ascii_digit());
    let digits = bare.get(before.len()..).unwrap_or_default();
    let Ok(count) = digits.parse() else {
        return (text, None);
    };
    let before = before.trim_end_matches(['(', '（', '共', ',', '，', ':']);
    (before, Some(count))
}

/// Whether a text is a count and nothing else: `13个`.
pub fn is_bare_count(text: &str) -> bool {
    matches!(split_count(text), ("", Some(_)))
}

/// A group's name as a classification: without marker and without `项目` at its end.
pub fn tidy(name: &str) -> String {
    match name.strip_suffix("项目") {
        Some(short) if !short.is_empty() => short.to_owned(),
        _ => name.to_owned(),
    }
}

/// Splits `一、交通` and `（一）工业` into level and name.
fn split_marker(text: &str) -> Option<(u8, &str)> {
    if let Some(inner) = text.strip_prefix('(') {
        let (digits, rest) = inner.split_once(')')?;
        return is_numeral(digits).then_some((2, rest));
    }
    let (digits, rest) = text.split_once(['、', '.', ',', '，'])?;
    is_numeral(digits).then_some((1, rest))
}

fn is_numeral(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|character| "一二三四五六七八九十百".contains(character))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalise::squeeze;

    #[test]
    fn labels_of_the_papers_are_understood() {
        let show = |text: &str| match understand(&squeeze(text)) {
            None => "-".to_owned(),
            Some(label) => format!(
                "{:?} {} {}",
                label.kind,
                label.name,
                label
                    .claimed
                    .map_or_else(String::new, |count| count.to_string())
            ),
        };
        for (text, label) in [
            ("合  计", "Total 合计 "),
            ("合计（100项）", "Total 合计 100"),
            ("合计37个", "Total 合计 37"),
            ("龙海市合计14个", "Group { level: 0 } 龙海市 14"),
            ("一、交通5项", "Group { level: 1 } 交通 5"),
            ("（一）工业项目82个", "Group { level: 2 } 工业 82"),
            ("一、市本级（48项）", "Group { level: 1 } 市本级 48"),
            ("其中：在建重点项目（90项）", "Breakdown 在建重点 90"),
            ("小计", "Subtotal 小计 "),
            ("一期工程", "-"),
            ("十里堡水库", "-"),
        ] {
            assert_eq!(show(text), label, "{text}");
        }
    }
}
