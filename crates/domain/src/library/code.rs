//! The 24-character project code (项目代码), in its two shapes.
//!
//! Only the shape is checked: the check digit's algorithm is not published, and a code is never
//! refused because of it.

use std::fmt;

/// A project code whose shape is right.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProjectCode(String);

/// The rule a code was given under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeRule {
    /// `YYYY-RRRRRR-II-TT-SSSSSS`, until October 2020.
    Old,
    /// `YYMM-RRRRRR-DD-TT-RRRRRC`, 发改委投资〔2020〕1439号 and GB/T 40058-2021.
    New,
}

/// A text that is not a project code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a project code: 24 characters, 4-6-2-2-6 digits joined by hyphens")]
pub struct BadProjectCode(pub String);

impl ProjectCode {
    /// Reads a code, folding full-width characters and case and dropping blanks.
    ///
    /// # Errors
    /// When the shape is neither the old nor the new one.
    pub fn parse(text: &str) -> Result<Self, BadProjectCode> {
        let code: String = text
            .chars()
            .filter(|c| !c.is_whitespace())
            .map(super::duplicate::fold_width)
            .map(|c| match c {
                '‐' | '–' | '—' | '−' => '-',
                other => other.to_ascii_uppercase(),
            })
            .collect();
        if has_shape(&code) {
            Ok(Self(code))
        } else {
            Err(BadProjectCode(text.to_owned()))
        }
    }

    /// Returns the code as written: 24 characters.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the rule the code was given under.
    ///
    /// Years 2001–2012 could be YYMM too, but the platform began in 2016, so they are new.
    #[must_use]
    pub fn rule(&self) -> CodeRule {
        let head: u32 = self.0.get(..4).and_then(|y| y.parse().ok()).unwrap_or(0);
        let month = head % 100;
        if (2016..=2020).contains(&head) && !(1..=12).contains(&month) {
            CodeRule::Old
        } else {
            CodeRule::New
        }
    }

    /// Returns the region segment, which is not always a GB/T 2260 code (310052 exists).
    #[must_use]
    pub fn region(&self) -> &str {
        self.0.get(5..11).unwrap_or_default()
    }
}

impl fmt::Display for ProjectCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn has_shape(code: &str) -> bool {
    // Everything below counts bytes, which only in ASCII are characters.
    if !code.is_ascii() {
        return false;
    }
    let segments: Vec<&str> = code.split('-').collect();
    let lengths = [4, 6, 2, 2, 6];
    let right_lengths =
        segments.len() == lengths.len() && segments.iter().zip(lengths).all(|(s, n)| s.len() == n);
    // The last character may be a check letter; everything before is digits.
    let right_characters = segments.iter().enumerate().all(|(i, s)| {
        let (body, last) = s.split_at(s.len().saturating_sub(1));
        body.chars().all(|c| c.is_ascii_digit())
            && last
                .chars()
                .all(|c| c.is_ascii_digit() || (i == 4 && c.is_ascii_uppercase()))
    });
    right_lengths && right_characters && head_is_a_time(segments[0])
}

fn head_is_a_time(head: &str) -> bool {
    let number: u32 = head.parse().unwrap_or(0);
    (2016..=2020).contains(&number) || (1..=12).contains(&(number % 100))
}
