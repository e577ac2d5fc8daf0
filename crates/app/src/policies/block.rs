//! One `[[matter]]` of a catalogue's text, taken out, changed line by line and put back.
//!
//! What a reader would get wrong: the text is the catalogue, comments and order of lines included,
//! so it is not written anew: what a form does not hold stays letter by letter. What cannot be taken
//! apart safely is left to be edited as text.

use std::fmt::Write as _;

/// A matter's lines: each key with its value as TOML, as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterBlock {
    lines: Vec<(String, String)>,
}

const HEAD: &str = "[[matter]]";

impl MatterBlock {
    /// Takes a matter out of a catalogue's text; none when there is none of this code, or when its
    /// lines are written in a way that cannot be put back as they were.
    #[must_use]
    pub fn of(text: &str, code: &str) -> Option<Self> {
        places(text).find_map(|(from, to)| {
            let block = Self::read(text.get(from..to)?)?;
            (block.text("code") == code).then_some(block)
        })
    }

    /// Puts the matter into a catalogue's text in the place of the one of its code; none when there
    /// is none.
    #[must_use]
    pub fn put_into(&self, text: &str) -> Option<String> {
        let code = self.text("code");
        let (from, to) = places(text).find(|(from, to)| {
            let block = text.get(*from..*to).and_then(Self::read);
            block.is_some_and(|one| one.text("code") == code)
        })?;
        let old = text.get(from..to)?;
        let tail = old.get(old.trim_end().len()..)?;
        let mut new = HEAD.to_owned();
        for (key, value) in &self.lines {
            // Writing to a string cannot fail.
            let _ = write!(new, "\n{key} = {value}");
        }
        Some([text.get(..from)?, &new, tail, text.get(to..)?].concat())
    }

    fn read(block: &str) -> Option<Self> {
        let mut lines: Vec<(String, String)> = Vec::new();
        for line in block.trim_end().lines().skip(1) {
            match line.split_once(" = ").filter(|(key, _)| is_key(key)) {
                Some((key, value)) => lines.push((key.to_owned(), value.to_owned())),
                None => {
                    let (_, value) = lines.last_mut()?;
                    value.push('\n');
                    value.push_str(line);
                }
            }
        }
        let whole = |(_, value): &(String, String)| read_value(value).is_some();
        lines.iter().all(whole).then_some(Self { lines })
    }

    /// Returns the value of a key as TOML; empty when it is not there.
    #[must_use]
    pub fn raw(&self, key: &str) -> &str {
        let found = self.lines.iter().find(|(one, _)| one == key);
        found.map_or("", |(_, value)| value)
    }

    /// Returns a text or a number without its quotes; empty when it is not there.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        match read_value(self.raw(key)) {
            Some(toml::Value::String(text)) => text,
            Some(value) => value.to_string(),
            None => String::new(),
        }
    }

    /// Returns a list of texts; empty when it is not there.
    #[must_use]
    pub fn list(&self, key: &str) -> Vec<String> {
        let value = read_value(self.raw(key));
        let items = value.as_ref().and_then(toml::Value::as_array);
        let texts = items.into_iter().flatten().filter_map(toml::Value::as_str);
        texts.map(str::to_owned).collect()
    }

    /// Returns what a key of an inline table says, such as the days of `{ working = 20 }`.
    #[must_use]
    pub fn number_in(&self, key: &str, inner: &str) -> Option<i64> {
        read_value(self.raw(key))?.get(inner)?.as_integer()
    }

    /// Sets a value as TOML, in its place or at the end; what is empty is taken away. A value that
    /// says the same as before stays as it was written.
    pub fn set_raw(&mut self, key: &str, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            self.lines.retain(|(one, _)| one != key);
            return;
        }
        match self.lines.iter_mut().find(|(one, _)| one == key) {
            Some((_, old)) if read_value(old) == read_value(value) => {}
            Some((_, old)) => value.clone_into(old),
            None => self.lines.push((key.to_owned(), value.to_owned())),
        }
    }

    /// Sets a text; an empty one is taken away.
    pub fn set_text(&mut self, key: &str, text: &str) {
        match text.trim() {
            "" => self.set_raw(key, ""),
            text => self.set_raw(key, &toml::Value::from(text).to_string()),
        }
    }

    /// Sets a list of texts; an empty one is taken away.
    pub fn set_list(&mut self, key: &str, items: &[String]) {
        match items {
            [] => self.set_raw(key, ""),
            items => self.set_raw(key, &toml::Value::from(items.to_vec()).to_string()),
        }
    }
}

fn is_key(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    !text.is_empty() && text.chars().all(plain)
}

/// Reads one value; none when it is none, or more than one.
fn read_value(text: &str) -> Option<toml::Value> {
    let table: toml::Table = toml::from_str(&format!("v = {text}")).ok()?;
    match table.len() {
        1 => table.into_iter().next().map(|(_, value)| value),
        _ => None,
    }
}

/// Where each `[[matter]]` begins and ends: before the next table, or comments that lead to it.
fn places(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    let mut starts = Vec::new();
    for line in text.split_inclusive('\n') {
        starts.push((at, line.trim_end()));
        at += line.len();
    }
    let end = at;
    let ends = move |after: usize| {
        let lines = starts.iter().skip(after);
        let mut stops = lines.filter(|(_, line)| line.starts_with('[') || line.starts_with('#'));
        stops.next().map_or(end, |(at, _)| *at)
    };
    let mut at = 0;
    text.split_inclusive('\n')
        .enumerate()
        .filter_map(move |(n, line)| {
            let from = at;
            at += line.len();
            (line.trim_end() == HEAD).then(|| (from, ends(n + 1)))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../data/policies/approvals.toml");

    fn codes() -> Vec<String> {
        let catalogue = crate::policies::parse_approvals(SHIPPED).unwrap();
        let matters = catalogue.matters.into_iter();
        matters.map(|one| one.code).collect()
    }

    #[test]
    fn a_matter_taken_out_and_put_back_leaves_every_letter_in_its_place() {
        for code in codes() {
            let block = MatterBlock::of(SHIPPED, &code).unwrap();
            assert_eq!(block.put_into(SHIPPED).as_deref(), Some(SHIPPED), "{code}");
        }
        assert_eq!(MatterBlock::of(SHIPPED, "A99"), None);
    }

    #[test]
    fn a_changed_value_changes_its_matter_and_nothing_else() {
        let before = crate::policies::parse_approvals(SHIPPED).unwrap();
        let mut block = MatterBlock::of(SHIPPED, "A08").unwrap();
        assert_eq!(block.number_in("statutory", "working"), Some(20));
        assert_eq!(block.list("consulted"), ["energy", "industry"]);
        assert_eq!(block.text("main_since"), "2022");
        block.set_raw("statutory", "{ working = 15 }");
        block.set_text("name", "节能“审查”\\\"x\"");
        block.set_list("consulted", &["water".to_owned()]);
        block.set_list("after", &["A05".to_owned()]);
        block.set_raw("not_counted", "");
        let text = block.put_into(SHIPPED).unwrap();
        let after = crate::policies::parse_approvals(&text).unwrap();
        let differ: Vec<&str> = (before.matters.iter().zip(&after.matters))
            .filter(|(a, b)| a != b)
            .map(|(a, _)| a.code.as_str())
            .collect();
        assert_eq!(differ, ["A08"]);
        let changed = after.matter("A08").unwrap();
        assert_eq!(changed.name, "节能“审查”\\\"x\"");
        assert_eq!(changed.consulted, ["water"]);
        assert!(changed.procedures.is_empty() && changed.depends.len() == 1);
        assert_eq!(
            (after.templates, after.materials, after.service),
            (before.templates, before.materials, before.service)
        );
    }

    #[test]
    fn what_says_the_same_stays_as_it_was_written() {
        let mut block = MatterBlock::of(SHIPPED, "A02").unwrap();
        let same = block.list("consulted");
        block.set_list("consulted", &same);
        let raw = block.raw("not_counted").replace('\n', " ");
        block.set_raw("not_counted", &raw);
        assert_eq!(block.put_into(SHIPPED).as_deref(), Some(SHIPPED));
    }

    #[test]
    fn what_cannot_be_taken_apart_is_left_to_the_text() {
        for odd in [
            "[[matter]]\ncode = \"X\"\nname = \"\"\"a\nb = c\"\"\"\n",
            "[[matter]]\n# a remark first\ncode = \"X\"\n",
            "[[matter]]\n  code = \"X\"\n",
        ] {
            assert_eq!(MatterBlock::of(odd, "X"), None, "{odd}");
        }
        // A table of its own under the matter is not part of its lines.
        let tabled = "[[matter]]\ncode = \"X\"\n[matter.statutory]\nworking = 3\n";
        let mut block = MatterBlock::of(tabled, "X").unwrap();
        block.set_text("name", "y");
        let put = block.put_into(tabled).unwrap();
        assert_eq!(
            put,
            "[[matter]]\ncode = \"X\"\nname = \"y\"\n[matter.statutory]\nworking = 3\n"
        );
    }
}
