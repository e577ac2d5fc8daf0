//! Every public function of the store, on SQLite and on PostgreSQL.
//!
//! A body is an `async fn name(db: &Db) -> Outcome`; `each_engine!` makes two tests of it.

mod accounts;
