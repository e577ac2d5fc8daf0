//! The rules of a region for its plans: what tasks are grouped under.

/// The rules plans are written by (方案规则).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// What tasks are grouped under, each after the group it belongs to.
    pub groups: Vec<Group>,
}

/// What tasks are grouped under (任务分组).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// Its code.
    pub code: String,
    /// The code of the group it belongs to; empty at the top.
    pub parent: String,
    /// In Chinese.
    pub text: String,
    /// In English.
    pub text_en: String,
}

impl Rules {
    /// Finds a group.
    #[must_use]
    pub fn group(&self, code: &str) -> Option<&Group> {
        self.groups.iter().find(|one| one.code == code)
    }

    /// Says whether a group is another, or belongs to it however far down.
    #[must_use]
    pub fn is_within(&self, code: &str, outer: &str) -> bool {
        let mut at = code;
        // A group stands after its parent, so this ends.
        for _ in 0..=self.groups.len() {
            if at == outer {
                return !at.is_empty();
            }
            match self.group(at) {
                Some(group) => at = &group.parent,
                None => return false,
            }
        }
        false
    }

    /// Returns the names from the top down to a group, in Chinese and in English; the code itself
    /// where the rules no longer have it.
    #[must_use]
    pub fn path(&self, code: &str) -> (String, String) {
        let mut names: Vec<(&str, &str)> = Vec::new();
        let mut at = code;
        // A group stands after its parent, so this ends.
        while let Some(group) = self.group(at).filter(|_| names.len() < self.groups.len()) {
            names.push((&group.text, &group.text_en));
            at = &group.parent;
        }
        names.reverse();
        if names.is_empty() {
            return (code.to_owned(), code.to_owned());
        }
        let (texts, english): (Vec<&str>, Vec<&str>) = names.into_iter().unzip();
        (texts.join(" · "), english.join(" · "))
    }
}
