//! The use cases, on SQLite and on PostgreSQL, as a page, the API or the command line calls them.
//!
//! A body is an `async fn name(db: &Db) -> Outcome`; `each_engine!` makes two tests of it. After
//! what changes figures, `World::sound` proves that the totals still are what the entries say.

mod dispatch;
mod library;
mod support;
