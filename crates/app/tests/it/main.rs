//! The use cases, on SQLite and on PostgreSQL, as a page, the API or the command line calls them.
//!
//! A body is an `async fn name(db: &Db) -> Outcome`; `each_engine!` makes two tests of it. After
//! what changes figures, `World::sound` proves that the totals still are what the entries say.

mod accounts;
mod approval_changes;
mod approval_counts;
mod approval_rules;
mod approvals;
mod closing;
mod correcting;
mod demo;
mod dispatch;
mod generate;
mod handover;
mod histories;
mod imports;
mod ledgers;
mod liaison;
mod library;
mod lights;
mod meetings;
mod metrics;
mod naive;
mod naive_lists;
mod notices;
mod permission;
mod pipeline;
mod plans;
mod plans_import;
mod problems;
mod programme;
mod rearranging;
mod receivers;
mod record;
mod reference_import;
mod round_trip;
mod rounds;
mod steps;
mod story_clock;
mod supervision;
mod support;
mod together;
mod visits;
mod winter;
