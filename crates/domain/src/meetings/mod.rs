//! Dispatch meetings (调度会): how often, and how an agenda builds itself.
//!
//! What a reader would get wrong: an agenda is a proposal. Whoever prepares the meeting adds and
//! drops projects; the grounds the rules found stay beside them.

mod about;
mod agenda;
mod rhythm;

pub use about::SeriesAbout;
pub use agenda::{Agenda, AgendaItem, AgendaRule, AgendaRules, Found, Ground, build};
pub use rhythm::{MeetingState, NextMeeting, Rhythm};
