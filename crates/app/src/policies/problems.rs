//! How problems are handled (`problems.toml`): kinds, grades, the ladder of levels, limits.
//!
//! The last kind is for what no words tell, so its list of words alone may be empty.

use gangmu_calendar::WorkingDays;
use gangmu_domain::problems::{Grade, Kind, Level, Rules};

use super::reader::{Entry, PolicyProblem, Wrong, document};
use super::{each, read_head, unique};

/// Reads how problems are handled.
///
/// # Errors
/// All problems of the file.
pub fn parse_problems(text: &str) -> Result<Rules, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let within = read_within(top);
        let escalation = read_escalation(top);
        let yellow = read_yellow(top);
        let grades = each(top, "grade", read_grade);
        unique(top, grades.iter().map(|one| &one.code));
        let levels = each(top, "level", read_level);
        unique(top, levels.iter().map(|one| &one.code));
        if !levels.is_sorted_by_key(|one| one.up) {
            let wrong = "a level stands below the one before it".to_owned();
            top.refuse(Wrong::Contradiction(wrong));
        }
        let kinds = each(top, "kind", read_kind);
        unique(top, kinds.iter().map(|one| &one.code));
        head?;
        let [accept, hand_over, verify, strike_off] = within?;
        let (extensions, escalate_after) = escalation?;
        Some(Rules {
            kinds,
            grades,
            levels,
            accept_within: accept,
            hand_over_within: hand_over,
            verify_within: verify,
            strike_off_within: strike_off,
            extensions,
            escalate_after,
            yellow_within: yellow?,
        })
    })
}

fn days(entry: &mut Entry<'_>, key: &str) -> Option<WorkingDays> {
    let number = entry.number(key, 0..=250)?;
    u32::try_from(number).ok().map(WorkingDays)
}

fn read_within(top: &mut Entry<'_>) -> Option<[WorkingDays; 4]> {
    let mut entry = top.entry("within")?;
    let all = ["accept", "hand_over", "verify", "strike_off"].map(|key| days(&mut entry, key));
    entry.finish();
    let [accept, hand_over, verify, strike_off] = all;
    Some([accept?, hand_over?, verify?, strike_off?])
}

fn read_escalation(top: &mut Entry<'_>) -> Option<(u32, WorkingDays)> {
    let mut entry = top.entry("escalation")?;
    let extensions = entry.number("extensions", 0..=10);
    let after = days(&mut entry, "after");
    entry.finish();
    Some((u32::try_from(extensions?).ok()?, after?))
}

fn read_yellow(top: &mut Entry<'_>) -> Option<WorkingDays> {
    let mut entry = top.entry("light")?;
    let yellow = days(&mut entry, "yellow_within");
    entry.finish();
    yellow
}

fn read_grade(entry: &mut Entry<'_>) -> Option<Grade> {
    let code = entry.text("code");
    let text = entry.text("text");
    let text_en = entry.text("text_en");
    let within = days(entry, "within");
    Some(Grade {
        code: code?,
        text: text?,
        text_en: text_en?,
        within: within?,
    })
}

fn read_level(entry: &mut Entry<'_>) -> Option<Level> {
    let code = entry.text("code");
    let text = entry.text("text");
    let text_en = entry.text("text_en");
    let up = entry.number("up", 0..=5);
    Some(Level {
        code: code?,
        text: text?,
        text_en: text_en?,
        up: usize::try_from(up?).ok()?,
    })
}

fn read_kind(entry: &mut Entry<'_>) -> Option<Kind> {
    let code = entry.text("code");
    let text = entry.text("text");
    let text_en = entry.text("text_en");
    let department = entry.text_or_empty("department");
    let words = entry.texts("words");
    Some(Kind {
        code: code?,
        text: text?,
        text_en: text_en?,
        department: department?,
        words: words?,
    })
}
