//! Everything that knows SQL: the schema, its migrations, and the queries on SQLite and PostgreSQL.
//!
//! No SeaORM type leaves this crate. Reads take any [`Conn`]; writes take a [`Tx`], so a change
//! outside a transaction does not compile. One portable SQL text serves both engines; what must
//! differ stands in `dialect.rs`.
//!
//! To add a table: a statement in a new migration, a module function named `noun_verb`, and a
//! test of it in `tests/it`, which runs on both engines.

mod condition;
mod conn;
mod dialect;
mod letters;
mod migration;
mod wire;

pub mod accounts;
pub mod approvals;
pub mod backup;
pub mod batch;
pub mod bulk;
pub mod dispatch;
pub mod excuses;
pub mod imports;
pub mod liaison;
pub mod library;
pub mod meetings;
pub mod metrics;
pub mod notices;
pub mod organisation;
pub mod pipeline;
pub mod plans;
pub mod policies;
pub mod problems;
pub mod rounds;
pub mod supervision;
pub mod winter;

pub use conn::{Conn, Db, StoreError, Tx};
pub use dialect::Engine;
