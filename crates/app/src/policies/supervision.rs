//! How supervision works (`supervision.toml`): rhythm, thresholds, the ladder.

use gangmu_domain::organisation::Role;
use gangmu_domain::supervision::{Ladder, Moved, Place, Rules, Rung};

use super::reader::{Entry, PolicyProblem, Wrong, document};
use super::{each, read_head, unique};

/// Reads how supervision works.
///
/// # Errors
/// All problems of the file.
pub fn parse_supervision(text: &str) -> Result<Rules, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let rhythm = read_rhythm(top);
        let state = read_state(top);
        let letter = read_letter(top);
        let rungs = each(top, "rung", read_rung);
        unique(top, rungs.iter().map(|one| &one.code));
        head?;
        let (day, moved, opens) = rhythm?;
        let (ahead_above, behind_below) = state?;
        Some(Rules {
            day,
            moved,
            opens,
            ahead_above,
            behind_below,
            reply_within: letter?,
            rungs,
        })
    })
}

fn read_rhythm(top: &mut Entry<'_>) -> Option<(i8, Moved, u32)> {
    let mut entry = top.entry("rhythm")?;
    // Every month has a 28th.
    let day = entry.number("day", 1..=28);
    let moved = entry.word("moved", Moved::ALL, Moved::word);
    let opens = entry.number("opens", 0..=31);
    entry.finish();
    Some((
        i8::try_from(day?).ok()?,
        moved?,
        u32::try_from(opens?).ok()?,
    ))
}

fn read_state(top: &mut Entry<'_>) -> Option<(i64, i64)> {
    let mut entry = top.entry("state")?;
    let ahead = entry.number("ahead_above", 1..=1_000);
    let behind = entry.number("behind_below", 1..=1_000);
    let (ahead, behind) = (ahead?, behind?);
    if behind > ahead {
        let wrong = "what is behind would be ahead as well".to_owned();
        entry.refuse(Wrong::Contradiction(wrong));
    }
    entry.finish();
    Some((ahead, behind))
}

fn read_letter(top: &mut Entry<'_>) -> Option<u32> {
    let mut entry = top.entry("letter")?;
    let days = entry.number("reply_within", 1..=250);
    entry.finish();
    u32::try_from(days?).ok()
}

fn read_rung(entry: &mut Entry<'_>) -> Option<Rung> {
    let code = entry.text("code");
    let of = entry.word("of", Ladder::ALL, Ladder::word);
    let after = entry.number("after", -60..=250);
    let who = entry.text_or_empty("who");
    let at = entry.word("at", Place::ALL, Place::word);
    let text = entry.text("text");
    let text_en = entry.text("text_en");
    let who = who?;
    let role = Role::from_word(&who);
    if role.is_none() && !who.is_empty() {
        let words: Vec<&str> = Role::ALL.iter().map(|role| role.word()).collect();
        entry.refuse(Wrong::NotA {
            key: "who".to_owned(),
            wanted: format!("empty or one of {}", words.join(", ")),
        });
        return None;
    }
    Some(Rung {
        code: code?,
        of: of?,
        after: i32::try_from(after?).ok()?,
        who: role,
        at: at?,
        text: text?,
        text_en: text_en?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../data/policies/supervision.toml");

    #[test]
    fn the_file_that_ships_is_whole() {
        let rules = parse_supervision(SHIPPED).expect("the shipped file");
        assert_eq!((rules.day, rules.moved), (25, Moved::After));
        assert_eq!((rules.ahead_above, rules.behind_below), (105, 95));
        for of in Ladder::ALL {
            let days: Vec<i32> = rules
                .rungs
                .iter()
                .filter(|rung| rung.of == *of)
                .map(|rung| rung.after)
                .collect();
            assert!(days.len() > 2 && days.is_sorted(), "{of:?}: {days:?}");
        }
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (from, to) in [
            ("day = 25", "day = 30"),
            ("moved = \"after\"", "moved = \"never\""),
            ("behind_below = 95", "behind_below = 106"),
            ("who = \"leader\"", "who = \"king\""),
            ("code = \"due\"", "code = \"soon\""),
            ("of = \"letter\"", "of = \"visit\""),
        ] {
            let broken = SHIPPED.replacen(from, to, 1);
            assert_ne!(broken, SHIPPED, "{from}");
            assert!(parse_supervision(&broken).is_err(), "{to}");
        }
    }
}
