//! Report groupings (`groupings.toml`): headings that are sums of GB/T 4754 divisions.
//!
//! A project keeps its division; changing a grouping changes how tables are printed and nothing
//! that is stored.

use super::reader::{Entry, PolicyProblem, Wrong, document};
use super::{each, read_head, unique};

/// A way of grouping industries in reports (报告分组).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grouping {
    /// Its word, such as `neimenggu-2020`.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Where it was published.
    pub source: String,
    /// Whether its groups are industrial chains (产业链), which leaders answer for (链长).
    pub chains: bool,
    /// The groups, in the order they are printed.
    pub groups: Vec<IndustryGroup>,
}

/// One heading and the divisions under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndustryGroup {
    /// Its word, unique within the grouping.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// GB/T 4754 divisions, two digits each.
    pub divisions: Vec<String>,
    /// Takes what no other group names, unknown industries included.
    pub rest: bool,
}

impl Grouping {
    /// Returns the group a division is printed under; `None` when none takes it.
    #[must_use]
    pub fn group_of(&self, division: &str) -> Option<&IndustryGroup> {
        let named = |group: &&IndustryGroup| group.divisions.iter().any(|d| d == division);
        let groups = || self.groups.iter();
        groups().find(named).or(groups().find(|group| group.rest))
    }
}

/// Reads the groupings; the first is the default.
///
/// # Errors
/// All problems of the file.
pub fn parse_groupings(text: &str) -> Result<Vec<Grouping>, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let groupings = each(top, "grouping", read_grouping);
        unique(top, groupings.iter().map(|grouping| &grouping.code));
        head?;
        Some(groupings)
    })
}

fn read_grouping(entry: &mut Entry<'_>) -> Option<Grouping> {
    let code = entry.text("code");
    let name = entry.text("name");
    let name_en = entry.text("name_en");
    let source = entry.text("source");
    let chains = entry.flag("chains");
    let groups = each(entry, "group", read_group);
    unique(entry, groups.iter().map(|group| &group.code));
    unique(entry, groups.iter().flat_map(|group| &group.divisions));
    if groups.iter().filter(|group| group.rest).count() > 1 {
        entry.refuse(Wrong::Repeated("rest".to_owned()));
    }
    Some(Grouping {
        code: code?,
        name: name?,
        name_en: name_en?,
        source: source?,
        chains,
        groups,
    })
}

fn read_group(entry: &mut Entry<'_>) -> Option<IndustryGroup> {
    let code = entry.text("code");
    let name = entry.text("name");
    let name_en = entry.text("name_en");
    let rest = entry.flag("rest");
    let divisions = if rest && !entry.has("divisions") {
        Some(Vec::new())
    } else {
        let wanted = "divisions (\"06\") and ranges (\"13-43\")";
        entry.list("divisions", wanted, read_range)
    };
    Some(IndustryGroup {
        code: code?,
        name: name?,
        name_en: name_en?,
        divisions: divisions?.into_iter().flatten().collect(),
        rest,
    })
}

/// Reads `06` or `13-43`.
fn read_range(text: &str) -> Option<Vec<String>> {
    let division = |text: &str| {
        let two_digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        two_digits.then(|| text.parse::<u8>().ok())?
    };
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let range = division(first)?..=division(last)?;
    (!range.is_empty()).then(|| range.map(|n| format!("{n:02}")).collect())
}
