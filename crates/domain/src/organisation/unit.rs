//! Reporting units and their place in the tree.

use std::fmt;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}", self.0)
            }
        }
    };
}

id! {
    /// Identifies a reporting unit (填报单位).
    UnitId
}
id! {
    /// Identifies an industry department (行业主管部门).
    DepartmentId
}
id! {
    /// Identifies a person who may log in.
    UserId
}

/// The level a unit works on. Lower numbers stand higher in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitLevel {
    /// The region as a whole (自治区).
    Region,
    /// A league or prefecture-level city (盟市).
    League,
    /// A banner, county, district or zone that reports on its own (旗县).
    Banner,
}

impl UnitLevel {
    /// Returns the stored number: 0 region, 1 league, 2 banner.
    #[must_use]
    pub fn number(self) -> i16 {
        match self {
            Self::Region => 0,
            Self::League => 1,
            Self::Banner => 2,
        }
    }

    /// Reads the stored number.
    #[must_use]
    pub fn from_number(number: i16) -> Option<Self> {
        [Self::Region, Self::League, Self::Banner]
            .into_iter()
            .find(|level| level.number() == number)
    }

    /// Returns the level above, or `None` at the top.
    #[must_use]
    pub fn above(self) -> Option<Self> {
        match self {
            Self::Region => None,
            Self::League => Some(Self::Region),
            Self::Banner => Some(Self::League),
        }
    }
}

/// The codes from the root to a unit, as `/150000/150500/150502/`.
///
/// A subtree is the half-open range from the path to the path with its last `/` replaced by the
/// next character, which an ordinary index answers on both database engines.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnitPath(String);

/// A code or path that cannot stand in the tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` cannot be a unit code: use 1 to 24 letters, digits, `.`, `-` or `_`")]
pub struct BadUnitCode(pub String);

impl UnitPath {
    /// Makes the path of a root unit.
    ///
    /// # Errors
    /// When the code holds anything but letters, digits, `.`, `-`, `_`.
    pub fn root(code: &str) -> Result<Self, BadUnitCode> {
        Self::top().child(code)
    }

    /// Returns the path above every root, which contains all units.
    #[must_use]
    pub fn top() -> Self {
        Self("/".to_owned())
    }

    /// Makes the path of a unit below this one.
    ///
    /// # Errors
    /// When the code holds anything but letters, digits, `.`, `-`, `_`.
    pub fn child(&self, code: &str) -> Result<Self, BadUnitCode> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if code.is_empty() || code.len() > 24 || !code.chars().all(allowed) {
            return Err(BadUnitCode(code.to_owned()));
        }
        Ok(Self(format!("{}{code}/", self.0)))
    }

    /// Reads a stored path.
    #[must_use]
    pub fn from_stored(path: String) -> Self {
        Self(path)
    }

    /// Returns the path as stored.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the first text after every path of the subtree.
    #[must_use]
    pub fn end(&self) -> String {
        let mut end = self.0.clone();
        end.pop();
        // '0' follows '/' in ASCII.
        end.push('0');
        end
    }

    /// Says whether `other` is this unit or stands below it.
    #[must_use]
    pub fn contains(&self, other: &Self) -> bool {
        other.0.starts_with(&self.0)
    }

    /// Returns the codes from the root down to this unit.
    pub fn codes(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').filter(|code| !code.is_empty())
    }

    /// Returns the paths from the root down to this unit, itself included.
    pub fn ancestry(&self) -> impl Iterator<Item = Self> {
        let slashes: Vec<usize> = self.0.match_indices('/').map(|(at, _)| at).collect();
        slashes
            .into_iter()
            .skip(1)
            .filter_map(|at| self.0.get(..=at).map(|path| Self(path.to_owned())))
    }

    /// Returns how many units stand above this one.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.codes().count().saturating_sub(1)
    }
}
