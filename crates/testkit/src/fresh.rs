//! A migrated, empty database of a test's own, gone when it is dropped.
//!
//! Dropping takes the database away even while pools still hold connections to it, so keep the
//! value until the test is over.

use gangmu_store::Db;
use tempfile::TempDir;

use crate::postgres::{self, Database};

/// A database of a test's own.
pub struct Fresh {
    db: Db,
    address: String,
    // Dropped after `db`: taken away last.
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
        // In memory where there is such a folder: the store waits until every commit is on disk.
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .expect("a temporary folder");
        let address = format!("sqlite://{}", folder.path().join("gangmu.db").display());
        Self::open(address, Keep::Folder(folder)).await
    }

    /// Makes a database on the PostgreSQL for tests.
    ///
    /// # Panics
    /// When there is no PostgreSQL; the message says what to install.
    pub async fn postgres() -> Self {
        let database = postgres::database().await;
        Self::open(database.address().to_owned(), Keep::Database(database)).await
    }

    async fn open(address: String, keep: Keep) -> Self {
        Self {
            db: Db::open(&address).await.expect("a fresh database"),
            address,
            _keep: keep,
        }
    }

    /// Returns the database.
    #[must_use]
    pub fn db(&self) -> &Db {
        &self.db
    }

    /// Returns the address under which further connections can be opened.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }
}
