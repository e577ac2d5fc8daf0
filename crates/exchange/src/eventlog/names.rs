//! Numbers every different text once: keys, activities, resources, values.
//!
//! What a reader would get wrong: there is no allocation per text. All texts stand one after the
//! other in one string; the table knows hashes only, and texts of the same hash are chained.

use std::collections::HashMap;
use std::collections::hash_map::{Entry, RandomState};
use std::hash::{BuildHasher as _, BuildHasherDefault, Hasher};

const NONE: u32 = u32::MAX;

#[derive(Clone, Default)]
pub(super) struct Names {
    text: String,
    ends: Vec<u32>,
    /// The text numbered before with the same hash.
    chain: Vec<u32>,
    newest: HashMap<u64, u32, BuildHasherDefault<Given>>,
    state: RandomState,
}

impl std::fmt::Debug for Names {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list()
            .entries((0..).take(self.ends.len()).map(|id| self.get(id)))
            .finish()
    }
}

impl Names {
    /// Returns the text of a number; nothing for a number that was never given.
    pub(super) fn get(&self, id: u32) -> &str {
        let at = id as usize;
        let Some(end) = self.ends.get(at) else {
            return "";
        };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start as usize..*end as usize]
    }

    /// Returns the number of a text that was numbered before.
    pub(super) fn find(&self, text: &str) -> Option<u32> {
        let newest = self.newest.get(&self.state.hash_one(text));
        self.search(newest.copied().unwrap_or(NONE), text)
    }

    /// Numbers a text; none when there is no room for another.
    pub(super) fn number(&mut self, text: &str) -> Option<u32> {
        let hash = self.state.hash_one(text);
        let newest = self.newest.get(&hash).copied().unwrap_or(NONE);
        if let Some(id) = self.search(newest, text) {
            return Some(id);
        }
        let id = u32::try_from(self.ends.len())
            .ok()
            .filter(|id| *id != NONE)?;
        let end = u32::try_from(self.text.len() + text.len()).ok()?;
        self.text.push_str(text);
        self.ends.push(end);
        self.chain.push(newest);
        match self.newest.entry(hash) {
            Entry::Occupied(mut entry) => *entry.get_mut() = id,
            Entry::Vacant(entry) => {
                entry.insert(id);
            }
        }
        Some(id)
    }

    fn search(&self, mut id: u32, text: &str) -> Option<u32> {
        while id != NONE {
            if self.get(id) == text {
                return Some(id);
            }
            id = self.chain[id as usize];
        }
        None
    }
}

/// A hash that is one already.
#[derive(Default)]
pub(super) struct Given(u64);

impl Hasher for Given {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, hash: u64) {
        self.0 = hash;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_numbered_once_and_found_again() {
        let mut names = Names::default();
        let texts = ["受理", "", "补正", "受理", "决定", ""];
        let ids: Vec<u32> = texts.iter().map(|t| names.number(t).unwrap()).collect();
        assert_eq!(ids, [0, 1, 2, 0, 3, 1]);
        for (text, id) in texts.iter().zip(ids) {
            assert_eq!((names.get(id), names.find(text)), (*text, Some(id)));
        }
        assert_eq!((names.find("送达"), names.get(9)), (None, ""));
    }

    #[test]
    fn texts_with_the_same_hash_are_told_apart() {
        let mut names = Names::default();
        for text in ["a", "b", "c"] {
            let id = u32::try_from(names.ends.len()).unwrap();
            names.text.push_str(text);
            names.ends.push(id + 1);
            names.chain.push(id.checked_sub(1).unwrap_or(NONE));
        }
        for (id, text) in (0..).zip(["a", "b", "c"]) {
            assert_eq!(names.search(2, text), Some(id));
        }
    }
}
