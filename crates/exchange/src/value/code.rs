//! The 24-character project code: its shape, and nothing beyond its shape.
//!
//! The check digit's algorithm is not published, so a code is never refused for it.

use super::{Reading, is_placeholder};
use crate::{normalise::squeeze, problem::Code, workbook::Cell};

/// A code of one of the two published shapes (项目代码).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProjectCode {
    pub text: String,
    pub shape: CodeShape,
}

/// Which rule a code follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeShape {
    /// `YYMM-RRRRRR-DD-TT-NNNNNC`, since November 2020.
    New,
    /// `YYYY-RRRRRR-II-TT-SSSSSS`, before.
    Old,
    /// Neither; kept as it was written.
    Unknown,
}

/// Reads a code; one of neither shape is kept and noted.
pub fn read_code(cell: &Cell) -> Reading<ProjectCode> {
    let text = match cell {
        Cell::Empty => return Reading::BLANK,
        Cell::Error(_) => return Reading::unreadable(Code::CellError),
        other => squeeze(&other.display()).replace('—', "-"),
    };
    if is_placeholder(&text) {
        return Reading::BLANK;
    }
    let shape = shape_of(&text);
    let code = ProjectCode { text, shape };
    match shape {
        CodeShape::Unknown => Reading::noted(code, Code::CodeShape),
        _ => Reading::plain(code),
    }
}

fn shape_of(text: &str) -> CodeShape {
    let parts: Vec<&str> = text.split('-').collect();
    let lengths: Vec<usize> = parts.iter().map(|part| part.len()).collect();
    let digits = parts
        .iter()
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
    let last_may_be_letter = parts
        .iter()
        .rev()
        .skip(1)
        .all(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
        && parts
            .last()
            .is_some_and(|part| part.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    if lengths != [4, 6, 2, 2, 6] || !(digits || last_may_be_letter) {
        return CodeShape::Unknown;
    }
    let head = parts.first().copied().unwrap_or_default();
    let number = |range: std::ops::Range<usize>| {
        head.get(range)
            .and_then(|digits| digits.parse::<u32>().ok())
            .unwrap_or(0)
    };
    // The platform began in 2016, so 2001…2012 can only be year and month.
    match (number(0..4), number(2..4)) {
        (2013..=2020, _) => CodeShape::Old,
        (_, 1..=12) => CodeShape::New,
        _ => CodeShape::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_shape_of_a_code_is_checked() {
        for (text, shape) in [
            ("2509-320193-89-01-544060", CodeShape::New),
            ("2509－320193－89－01－544061", CodeShape::New),
            ("2017-150502-44-03-012345", CodeShape::Old),
            ("2012-310052-04-01-123456", CodeShape::New),
            ("2599-320193-89-01-544060", CodeShape::Unknown),
            ("J51B21002940006", CodeShape::Unknown),
        ] {
            let read = read_code(&Cell::Text(text.into()));
            assert_eq!(read.value.map(|code| code.shape), Some(shape), "{text}");
        }
    }
}
