//! Every public function of the store, on SQLite and on PostgreSQL.
//!
//! A body is an `async fn name(db: &Db) -> Outcome`; `each_engine!` makes two tests of it. What is
//! expected stands once, so an engine that differs fails.

mod accounts;
mod approvals;
mod architecture;
mod backup;
mod batch;
mod bulk;
mod dispatch;
mod excuses;
mod filter;
mod hostile;
mod imports;
mod liaison;
mod library;
mod list;
mod meetings;
mod metrics;
mod notices;
mod organisation;
mod pipeline;
mod plans;
mod policies;
mod problems;
mod round_trip;
mod rounds;
mod supervision;
mod support;
mod winter;
