//! Dispatch meetings (调度会): series, agendas that build themselves, resolutions, minutes.
//!
//! What a reader would get wrong: a meeting opens with what became of what the meetings before it
//! in the same series agreed; that is read, not carried over.

mod agenda;
mod minutes;
mod put_off;
mod resolve;
mod series;
mod tell;
mod view;

pub use agenda::CandidateProject;
pub use resolve::{Becomes, MeetingResolve};
pub use series::SeriesInput;
pub use view::{AgendaItemView, GroundView, MeetingRowView, MeetingView, MeetingsView, SeriesView};

use gangmu_domain::meetings::MeetingState;
use gangmu_domain::organisation::{Action, DepartmentSet, UnitPath};
use gangmu_store::Tx;
use gangmu_store::meetings::{self as rows, MeetingRow};

use crate::Actor;
use crate::actor::refused;
use crate::error::{AppError, OrNotFound};

/// Whoever may hold meetings at or above a unit holds those of the unit.
fn holds(actor: &Actor, unit: &UnitPath) -> Result<(), AppError> {
    let grants = actor.grants(Action::HoldMeeting);
    match grants.iter().any(|grant| grant.scope.unit.contains(unit)) {
        true => Ok(()),
        false => Err(refused(Action::HoldMeeting)),
    }
}

/// A meeting is seen by whoever sees the whole of its unit, or stands above it.
fn sees(actor: &Actor, unit: &UnitPath) -> bool {
    actor.grants(Action::Read).iter().any(|grant| {
        grant.scope.departments == DepartmentSet::All
            && grant.scope.reporter.is_none()
            && grant.scope.unit.contains(unit)
    })
}

/// Locks a meeting that is being prepared, to be changed by whoever holds it.
async fn prepared(tx: &Tx, actor: &Actor, id: i64) -> Result<MeetingRow, AppError> {
    let row = rows::meeting_lock(tx, id).await?.or_not_found("meeting")?;
    if !sees(actor, &row.unit) {
        return Err(AppError::NotFound { what: "meeting" });
    }
    holds(actor, &row.unit)?;
    match row.state {
        MeetingState::Prepared => Ok(row),
        MeetingState::Held => Err(AppError::state("meetings.refused.held_already")),
        MeetingState::Cancelled => Err(AppError::state("meetings.refused.cancelled")),
    }
}
