//! Where the two engines must differ. Everything else is one text for both.

use sea_orm::DbBackend;

/// The engine behind a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// SQLite, embedded, one file.
    Sqlite,
    /// PostgreSQL, for several processes.
    Postgres,
}

impl Engine {
    pub(crate) fn backend(self) -> DbBackend {
        match self {
            Self::Sqlite => DbBackend::Sqlite,
            Self::Postgres => DbBackend::Postgres,
        }
    }

    /// The type of texts, which compare by code point whatever locale a database was made with:
    /// SQLite does so anyway.
    pub(crate) fn text(self) -> &'static str {
        match self {
            Self::Sqlite => "TEXT",
            Self::Postgres => "TEXT COLLATE \"C\"",
        }
    }

    /// Keeps a row as it is until the transaction ends. SQLite's one writer needs no such thing.
    pub(crate) fn for_share(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR SHARE",
        }
    }
}
