//! Problems (问题销号): raising them, taking the next step, the ledger, going up by themselves.
//!
//! What a reader would get wrong: who answers and who passes the answer are never the same person.
//! An office answers for what was handed to it; whoever coordinates, raised it or follows the
//! project looks at the answer; only then is it struck off.

mod act;
mod check;
mod export;
mod import;
mod ledger;
mod order;
mod raise;
mod remind;
mod show;
mod tell;
mod view;

pub use act::StepInput;
pub(crate) use export::phase;
pub(crate) use import::{Imported, SCHEMA};
pub use ledger::{LedgerPage, ProblemQuery, Standing};
pub use raise::{RaiseInput, title_of};
pub use view::{
    HeldView, NamedView, PartyView, ProblemRowView, ProblemView, RulesView, SeatView, StepView,
};

use gangmu_domain::organisation::{Action, DepartmentSet, Scope};
use gangmu_domain::problems::{Course, Party, Refused};
use gangmu_store::library::Project;
use gangmu_store::problems::ProblemRow;

use crate::Actor;
use crate::error::{AppError, Message};

/// Says what the rules refuse, beside the field where it has one.
fn cannot(problem: &Refused) -> AppError {
    match problem.field() {
        "" => AppError::State {
            code: problem.code(),
            params: problem.params(),
        },
        field => AppError::Invalid {
            messages: vec![Message::new(problem.code(), field, problem.params())],
        },
    }
}

/// Says whether a person's office is a party: this very unit, and its department or none.
pub(crate) fn is_party(actor: &Actor, party: &Party, projects: &[Project], action: Action) -> bool {
    actor.grants(action).iter().any(|grant| match party {
        Party::Office { unit, department } => {
            let own = match (&grant.scope.departments, department) {
                (DepartmentSet::All, None) => true,
                (DepartmentSet::Only(ids), Some(id)) => ids.contains(id),
                _ => false,
            };
            grant.scope.reporter.is_none() && grant.scope.unit == *unit && own
        }
        Party::ProjectOwner => {
            grant.scope.reporter.is_some()
                && projects.iter().any(|project| covers(&grant.scope, project))
        }
    })
}

fn covers(scope: &Scope, project: &Project) -> bool {
    scope.covers(&project.unit, project.department, project.reporter)
}

/// Says whether a person coordinates a problem: a commission's post at or above the seat.
fn coordinates(actor: &Actor, course: &Course) -> bool {
    actor.grants(Action::CoordinateProblem).iter().any(|grant| {
        grant.scope.departments == DepartmentSet::All
            && grant.scope.unit.contains(course.coordinator())
    })
}

/// Says whether a person has to do with a problem, whatever projects they see.
fn handles(actor: &Actor, row: &ProblemRow, course: &Course, projects: &[Project]) -> bool {
    let mut parties = course.party.iter().chain(&course.assisting);
    row.raised_by == actor.user
        || coordinates(actor, course)
        || parties.any(|party| is_party(actor, party, projects, Action::AnswerProblem))
}

/// Says whether a person sees a project.
fn sees(actor: &Actor, project: &Project) -> bool {
    let (unit, department) = (&project.unit, project.department);
    let grant = actor.grant_on(Action::Read, unit, department, project.reporter);
    grant.is_ok()
}
