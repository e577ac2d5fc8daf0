//! How plans are written (`plans.toml`): what tasks are grouped under.

use gangmu_domain::plans::{Group, Rules};

use super::reader::{Entry, PolicyProblem, Wrong, document};
use super::{each, read_head, unique};

/// Reads how plans are written.
///
/// # Errors
/// All problems of the file.
pub fn parse_plans(text: &str) -> Result<Rules, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let groups = each(top, "group", read_group);
        unique(top, groups.iter().map(|one| &one.code));
        for (at, group) in groups.iter().enumerate() {
            let above = groups.get(..at).unwrap_or_default();
            let stands =
                group.parent.is_empty() || above.iter().any(|one| one.code == group.parent);
            if !stands {
                let wrong = format!("`{}` does not stand after `{}`", group.code, group.parent);
                top.refuse(Wrong::Contradiction(wrong));
            }
        }
        head?;
        Some(Rules { groups })
    })
}

fn read_group(entry: &mut Entry<'_>) -> Option<Group> {
    let code = entry.text("code");
    let parent = entry.text_or_empty("parent");
    let text = entry.text("text");
    let text_en = entry.text("text_en");
    Some(Group {
        code: code?,
        parent: parent?,
        text: text?,
        text_en: text_en?,
    })
}
