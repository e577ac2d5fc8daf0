//! What tests of several crates share: fresh databases on both engines.
//!
//! For tests only, so it panics where a program would report. The PostgreSQL half of a test never
//! passes without a PostgreSQL: it takes the one in `GANGMU_TEST_POSTGRES`, else starts a private
//! one, else fails and says what to install. `tools/with-postgres` shares one among all tests.

mod fresh;
mod postgres;

pub use fresh::{Empty, Fresh};

/// What a test's body returns, so that it can use `?`.
pub type Outcome = Result<(), Box<dyn std::error::Error>>;

/// Turns each named `async fn name(db: &Db) -> Outcome` into two tests, `name::sqlite` and
/// `name::postgres`. One that is left out shows as unused code.
#[macro_export]
macro_rules! each_engine {
    ($($name:ident),+ $(,)?) => { $(
        mod $name {
            #[test]
            fn sqlite() {
                $crate::on_sqlite(super::$name);
            }

            #[test]
            fn postgres() {
                $crate::on_postgres(super::$name);
            }
        }
    )+ };
}

/// Runs a body on a fresh SQLite database.
///
/// # Panics
/// When the body fails, or there is no database to be had.
pub fn on_sqlite(body: impl AsyncFnOnce(&gangmu_store::Db) -> Outcome) {
    on(Fresh::sqlite, body);
}

/// Runs a body on a fresh PostgreSQL database.
///
/// # Panics
/// When the body fails, or there is no PostgreSQL to be had.
pub fn on_postgres(body: impl AsyncFnOnce(&gangmu_store::Db) -> Outcome) {
    on(Fresh::postgres, body);
}

fn on(fresh: impl AsyncFnOnce() -> Fresh, body: impl AsyncFnOnce(&gangmu_store::Db) -> Outcome) {
    block_on(async {
        let fresh = fresh().await;
        if let Err(error) = body(fresh.db()).await {
            panic!("{error}: {error:?}");
        }
    });
}

/// Runs a future to its end on a runtime of its own, for tests that need no database.
///
/// # Panics
/// When the runtime cannot be made.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the test")
        .block_on(future)
}
