//! How alike two names are: for saying what a name nobody knows may have been meant for.

use std::collections::BTreeSet;

/// Names less alike than this, in percent, are not worth naming.
const LEAST: u32 = 40;
/// How many likely names are named.
const MOST: usize = 3;

/// How many percent of their pairs of neighbouring characters two texts share.
pub(crate) fn like(one: &str, other: &str) -> u32 {
    let pairs =
        |text: &str| -> BTreeSet<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (one, other) = (pairs(one), pairs(other));
    let shared = one.intersection(&other).count();
    let all = one.len() + other.len();
    match all {
        0 => 0,
        _ => u32::try_from(shared * 200 / all).unwrap_or(0),
    }
}

/// The names a text is most like, best first.
///
/// How a name begins and ends counts too, so that a slip in a name of three characters is found.
pub(crate) fn nearest<'a>(text: &str, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
    let whole = |text: &str| format!("^{text}$");
    let wanted = whole(text.trim());
    let mut scored: BTreeSet<(std::cmp::Reverse<u32>, &str)> = BTreeSet::new();
    for name in names {
        let score = like(&wanted, &whole(name));
        if score >= LEAST {
            scored.insert((std::cmp::Reverse(score), name));
        }
    }
    scored
        .into_iter()
        .take(MOST)
        .map(|(_, name)| name)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{like, nearest};

    #[test]
    fn the_likest_names_come_first_and_strangers_not_at_all() {
        assert!(like("工业和信息化局", "工业和信息化厅") > like("工业和信息化局", "财政厅"));
        assert_eq!(like("", ""), 0);
        let names = [
            "奈曼旗",
            "库伦旗",
            "科尔沁区",
            "科尔沁左翼中旗",
            "科尔沁左翼后旗",
        ];
        let near = |text: &str| nearest(text, names.into_iter());
        assert_eq!(near("奈蔓旗"), ["奈曼旗"]);
        assert_eq!(
            near("科尔沁左旗"),
            ["科尔沁左翼中旗", "科尔沁左翼后旗", "科尔沁区"]
        );
        assert_eq!(near("朝阳区"), Vec::<&str>::new());
        assert_eq!(near(""), Vec::<&str>::new());
    }
}
