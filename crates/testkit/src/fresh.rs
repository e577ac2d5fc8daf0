//! Databases of a test's own, gone when they are dropped.
//!
//! Dropping takes the database away even while pools still hold connections to it, so keep the
//! value until the test is over.

use gangmu_store::Db;
use tempfile::TempDir;

use crate::postgres::{self, Database};

/// A migrated database of a test's own, without a row in it.
pub struct Fresh {
    db: Db,
    // Dropped after `db`: taken away last.
    empty: Empty,
}

/// A database of a test's own that nobody has opened yet.
pub struct Empty {
    address: String,
    _keep: Keep,
}

#[expect(dead_code, reason = "held for what happens when they are dropped")]
enum Keep {
    Folder(TempDir),
    Database(Database),
}

impl Fresh {
    /// Makes a database in a file of its own.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn sqlite() -> Self {
        Self::open(Empty::sqlite()).await
    }

    /// Makes a database on the PostgreSQL for tests.
    ///
    /// # Panics
    /// When there is no PostgreSQL; the message says what to install.
    pub async fn postgres() -> Self {
        let database = postgres::database(postgres::From::Template).await;
        Self::open(Empty::on(database)).await
    }

    async fn open(empty: Empty) -> Self {
        let db = Db::open(&empty.address).await.expect("a fresh database");
        Self { db, empty }
    }

    /// Returns the database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Returns the address under which further connections can be opened.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.empty.address
    }
}

impl Empty {
    /// Names a file that is not there yet.
    ///
    /// # Panics
    /// When there is no folder for it.
    #[must_use]
    pub fn sqlite() -> Self {
        // In memory where there is such a folder: the store waits until every commit is on disk.
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .expect("a temporary folder");
        Self {
            address: format!("sqlite://{}", folder.path().join("gangmu.db").display()),
            _keep: Keep::Folder(folder),
        }
    }

    /// Makes a database without a table on the PostgreSQL for tests.
    ///
    /// # Panics
    /// When there is no PostgreSQL; the message says what to install.
    pub async fn postgres() -> Self {
        Self::on(postgres::database(postgres::From::Nothing).await)
    }

    fn on(database: Database) -> Self {
        Self {
            address: database.address().to_owned(),
            _keep: Keep::Database(database),
        }
    }

    /// Returns the address to open it at.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}
