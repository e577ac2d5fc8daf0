//! Connections: one writer and several readers on SQLite, a pool on PostgreSQL.
//!
//! On SQLite every transaction begins IMMEDIATE: a deferred one that reads and then writes can
//! fail in a way no waiting cures.

use std::str::FromStr;
use std::time::{Duration, Instant};

use sea_orm::sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sea_orm::sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbErr, FromQueryResult, QueryResult,
    SqliteTransactionMode, SqlxPostgresConnector, SqlxSqliteConnector, Statement,
    TransactionOptions, TransactionTrait, Value,
};
use sea_orm_migration::MigratorTrait;

use crate::dialect::Engine;
use crate::migration::Migrator;

/// What can go wrong between the program and the database.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The address is neither `sqlite://PATH` nor `postgres://…`.
    #[error("`{0}` is not a database address; use sqlite://PATH or postgres://USER@HOST/NAME")]
    BadAddress(String),
    /// The engine refused or could not be reached.
    #[error("the database failed to {attempted}")]
    Engine {
        /// What was being done.
        attempted: &'static str,
        /// Why it failed.
        #[source]
        source: DbErr,
    },
    /// The pool could not be set up.
    #[error("the database could not be opened")]
    Open(#[source] sea_orm::SqlxError),
    /// A stored value cannot be read back: the database was changed by something else.
    #[error("a stored {what} cannot be read: `{found}`")]
    Corrupt {
        /// What was to be read.
        what: &'static str,
        /// What stood there.
        found: String,
    },
    /// A text holds a NUL character, which PostgreSQL cannot store and SQLite cuts off at.
    #[error("a text with a NUL character was given to {attempted}")]
    Nul {
        /// What was being done.
        attempted: &'static str,
    },
    /// A folder could not be made.
    #[error("the folder `{path}` cannot be made")]
    Folder {
        /// Which.
        path: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The engine brings its own tool for this.
    #[error("use {tool} for this database")]
    OtherTool {
        /// The tool's name.
        tool: &'static str,
    },
    /// Something with this key exists already.
    #[error("{what} exists already")]
    Exists {
        /// What was to be added.
        what: &'static str,
    },
}

impl StoreError {
    /// Says whether the storage itself gave out: a full disk, a read-only folder.
    #[must_use]
    pub fn is_storage_full(&self) -> bool {
        let text = match self {
            Self::Engine { source, .. } => source.to_string(),
            Self::Open(source) => source.to_string(),
            _ => return false,
        };
        text.contains("disk is full") || text.contains("No space left") || text.contains("disk I/O")
    }
}

/// A database that is open and migrated.
#[derive(Clone, Debug)]
pub struct Db {
    reader: DatabaseConnection,
    writer: DatabaseConnection,
    engine: Engine,
}

/// A transaction. Dropped without [`Tx::commit`] it leaves nothing behind.
pub struct Tx {
    inner: DatabaseTransaction,
    engine: Engine,
}

/// Something queries can run on: the database for reads, or a transaction.
pub trait Conn: sealed::Raw + Sync {}

impl Conn for Db {}
impl Conn for Tx {}

pub(crate) mod sealed {
    use super::{ConnectionTrait, DatabaseConnection, DatabaseTransaction, Db, Engine, Tx};

    pub trait Raw {
        type Inner: ConnectionTrait;
        fn raw(&self) -> &Self::Inner;
        fn engine(&self) -> Engine;
    }

    impl Raw for Db {
        type Inner = DatabaseConnection;
        fn raw(&self) -> &DatabaseConnection {
            &self.reader
        }
        fn engine(&self) -> Engine {
            self.engine
        }
    }

    impl Raw for Tx {
        type Inner = DatabaseTransaction;
        fn raw(&self) -> &DatabaseTransaction {
            &self.inner
        }
        fn engine(&self) -> Engine {
            self.engine
        }
    }
}

impl Db {
    /// Opens the database at `sqlite://PATH` or `postgres://…` and brings its schema up to date.
    ///
    /// # Errors
    /// When the address is wrong, the database cannot be reached, or its schema is newer.
    pub async fn open(address: &str) -> Result<Self, StoreError> {
        let db = if let Some(path) = address.strip_prefix("sqlite://") {
            open_sqlite(path).await?
        } else if address.starts_with("postgres://") || address.starts_with("postgresql://") {
            open_postgres(address).await?
        } else {
            return Err(StoreError::BadAddress(address.to_owned()));
        };
        db.migrate().await?;
        Ok(db)
    }

    /// Migrates in one transaction that no other program can be in at the same time: whole or not
    /// at all, and once.
    async fn migrate(&self) -> Result<(), StoreError> {
        let failed = failed("bring the schema up to date");
        let tx = self.begin().await?;
        let lock = self.engine.lock_schema();
        tx.inner.execute_unprepared(lock).await.map_err(&failed)?;
        Migrator::up(&tx.inner, None).await.map_err(&failed)?;
        tx.commit().await
    }

    /// Returns the engine behind the database.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Closes all connections; clones of this database can no longer be used.
    ///
    /// # Errors
    /// When the engine fails while closing.
    pub async fn close(self) -> Result<(), StoreError> {
        let close = failed("close");
        self.reader.close().await.map_err(&close)?;
        if self.engine == Engine::Sqlite {
            self.writer.close().await.map_err(&close)?;
        }
        Ok(())
    }

    /// Begins a transaction that may write.
    ///
    /// # Errors
    /// When the database cannot be reached or stays locked.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let options = TransactionOptions {
            sqlite_transaction_mode: (self.engine == Engine::Sqlite)
                .then_some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let inner = self
            .writer
            .begin_with_options(options)
            .await
            .map_err(failed("begin a transaction"))?;
        Ok(Tx {
            inner,
            engine: self.engine,
        })
    }
}

impl Tx {
    /// Makes the changes durable.
    ///
    /// # Errors
    /// When they cannot be written; nothing of them is kept then.
    pub async fn commit(self) -> Result<(), StoreError> {
        self.inner.commit().await.map_err(failed("commit"))
    }
}

/// What the writing connection keeps of the file in memory, in KiB with the sign SQLite wants: room
/// for what a workbook of many thousand rows changes.
const WRITER_CACHE: &str = "-32768";
/// What each reading connection keeps. The operating system keeps the file in memory once for all;
/// mapping it into each connection made nothing faster and every copy count.
const READER_CACHE: &str = "-16384";

async fn open_sqlite(path: &str) -> Result<Db, StoreError> {
    // Not parsed as a URL: `%` and `?` in a path are what they are.
    let options = SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // Full: what was acknowledged survives a power cut, not only a crash of the program.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(30))
        .statement_cache_capacity(400);
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .acquire_timeout(Duration::from_secs(60))
        .connect_with(options.clone().pragma("cache_size", WRITER_CACHE))
        .await
        .map_err(StoreError::Open)?;
    let readers = SqlitePoolOptions::new()
        .max_connections(4)
        .acquire_timeout(Duration::from_secs(60))
        .connect_with(options.pragma("cache_size", READER_CACHE))
        .await
        .map_err(StoreError::Open)?;
    Ok(Db {
        reader: SqlxSqliteConnector::from_sqlx_sqlite_pool(readers),
        writer: SqlxSqliteConnector::from_sqlx_sqlite_pool(writer),
        engine: Engine::Sqlite,
    })
}

async fn open_postgres(address: &str) -> Result<Db, StoreError> {
    let options = PgConnectOptions::from_str(address).map_err(StoreError::Open)?;
    let pool = PgPoolOptions::new()
        .max_connections(16)
        .acquire_timeout(Duration::from_secs(60))
        .connect_with(options)
        .await
        .map_err(StoreError::Open)?;
    let pool = SqlxPostgresConnector::from_sqlx_postgres_pool(pool);
    Ok(Db {
        reader: pool.clone(),
        writer: pool,
        engine: Engine::Postgres,
    })
}

/// Names what was attempted when the engine fails.
pub(crate) fn failed(attempted: &'static str) -> impl Fn(DbErr) -> StoreError {
    move |source| StoreError::Engine { attempted, source }
}

/// Makes a list of bind values.
macro_rules! values {
    ($($value:expr),* $(,)?) => { vec![$(sea_orm::Value::from($value)),*] };
}
pub(crate) use values;

/// Binds values. A NUL character is refused here, so that both engines hold the same texts.
fn statement<C: Conn>(
    conn: &C,
    attempted: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<Statement, StoreError> {
    let has_nul = |value: &Value| matches!(value, Value::String(Some(text)) if text.contains('\0'));
    if values.iter().any(has_nul) {
        return Err(StoreError::Nul { attempted });
    }
    let backend = conn.engine().backend();
    Ok(Statement::from_sql_and_values(backend, sql, values))
}

/// A statement that takes longer is told in the journal.
const SLOW: Duration = Duration::from_secs(1);

/// Tells, when a statement ends, that it was slow.
struct Watch {
    attempted: &'static str,
    begun: Instant,
}

impl Watch {
    fn new(attempted: &'static str) -> Self {
        let begun = Instant::now();
        Self { attempted, begun }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let took = self.begun.elapsed();
        if took > SLOW {
            let milliseconds = took.as_millis();
            tracing::warn!(attempted = self.attempted, milliseconds, "slow statement");
        }
    }
}

/// Runs a statement and returns how many rows it touched.
pub(crate) async fn execute(
    tx: &Tx,
    attempted: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<u64, StoreError> {
    use sealed::Raw as _;
    let _watch = Watch::new(attempted);
    tx.raw()
        .execute_raw(statement(tx, attempted, sql, values)?)
        .await
        .map(|result| result.rows_affected())
        .map_err(failed(attempted))
}

/// Reads all rows of a query as `T`.
pub(crate) async fn fetch_all<T: FromQueryResult>(
    conn: &impl Conn,
    attempted: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<T>, StoreError> {
    let rows = fetch_rows(conn, attempted, sql, values).await?;
    rows.iter()
        .map(|row| T::from_query_result(row, "").map_err(failed(attempted)))
        .collect()
}

/// Reads the first row of a query as `T`.
pub(crate) async fn fetch_one<T: FromQueryResult>(
    conn: &impl Conn,
    attempted: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<Option<T>, StoreError> {
    let _watch = Watch::new(attempted);
    let row = conn
        .raw()
        .query_one_raw(statement(conn, attempted, sql, values)?)
        .await
        .map_err(failed(attempted))?;
    row.map(|row| T::from_query_result(&row, "").map_err(failed(attempted)))
        .transpose()
}

#[derive(FromQueryResult)]
struct Count {
    n: i64,
}

/// Reads the one number of a query, its column `n`.
pub(crate) async fn fetch_count(
    conn: &impl Conn,
    attempted: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<i64, StoreError> {
    let row: Option<Count> = fetch_one(conn, attempted, sql, values).await?;
    Ok(row.map_or(0, |row| row.n))
}

/// Reads all rows of a query.
pub(crate) async fn fetch_rows(
    conn: &impl Conn,
    attempted: &'static str,
    sql: &str,
    values: Vec<Value>,
) -> Result<Vec<QueryResult>, StoreError> {
    let _watch = Watch::new(attempted);
    conn.raw()
        .query_all_raw(statement(conn, attempted, sql, values)?)
        .await
        .map_err(failed(attempted))
}

#[derive(FromQueryResult)]
struct Next {
    next: i64,
}

/// Takes `n` numbers of a sequence and returns the first.
pub(crate) async fn sequence_take(tx: &Tx, name: &str, n: i64) -> Result<i64, StoreError> {
    let sql = "INSERT INTO sequence (name, next) VALUES ($1, 1 + $2) \
               ON CONFLICT (name) DO UPDATE SET next = sequence.next + $2 \
               RETURNING next";
    let row: Option<Next> = fetch_one(tx, "take a number", sql, values![name, n]).await?;
    row.map(|row| row.next - n).ok_or(StoreError::Corrupt {
        what: "sequence",
        found: name.to_owned(),
    })
}
