//! Supervision (督查督办): which plans, reports and verifications, bulletins, missed reports, letters,
//! and the ladder that climbs by itself.
//!
//! What a reader would get wrong: whoever reports does not verify, whatever posts they hold. A round
//! stays open until its bulletin is issued; what the bulletin says then stays as it is, and what comes
//! later belongs into the next round.

mod act;
mod check;
mod desk;
mod due;
mod export;
mod letters;
mod lines;
mod list;
mod load;
mod missed;
mod remind;
mod round;
mod show;
mod start;
mod task;

pub use act::{CheckInput, ReportInput, VerifyInput};
pub use desk::{AskedItemView, AskedView};
pub use letters::{
    LetterActInput, LetterBody, LetterDetail, LetterEventView, LetterRowView, LettersPage,
    LettersQuery, NewLetter,
};
pub use lines::{LinesQuery, Wanted};
pub use list::{OpenRoundView, SupervisedPage, SupervisedView};
pub use missed::{MissedPage, MissedQuery, MissedView};
pub use remind::StepView;
pub use round::{BulletinOffice, BulletinView, ItemRowView, ShareView as StateShareView};
pub use show::{FileView, ItemEventView, ItemView};
pub use start::SupervisionInput;
pub use task::{TaskRoundView, TaskSupervisionView};

use gangmu_domain::organisation::{Action, DepartmentSet, Scope};
use gangmu_domain::plans::Office;
use gangmu_store::plans::PlanRow;

use crate::Actor;
use crate::error::{AppError, Message};

/// Says whether a scope is an office's own: this very unit, and its department or all.
fn is_of(scope: &Scope, office: &Office) -> bool {
    scope.unit == office.unit
        && match (&scope.departments, office.department) {
            (DepartmentSet::All, _) => true,
            (DepartmentSet::Only(ids), Some(id)) => ids.contains(&id),
            (DepartmentSet::Only(_), None) => false,
        }
}

/// Says whether a person reports for an office.
fn may_report(actor: &Actor, office: &Office) -> bool {
    let grants = actor.grants(Action::ReportTask);
    grants.iter().any(|grant| is_of(&grant.scope, office))
}

/// Says whether a person supervises a plan: a supervisor of its unit or of one above.
fn may_supervise(actor: &Actor, plan: &PlanRow) -> bool {
    let grants = actor.grants(Action::Supervise);
    let mut scopes = grants.iter().map(|grant| &grant.scope);
    scopes.any(|scope| scope.unit.contains(&plan.office.unit))
}

/// Says what the rules refuse, beside the field where it has one.
fn cannot(refused: gangmu_domain::supervision::Refused) -> AppError {
    use gangmu_domain::supervision::Refused as R;
    match refused {
        R::NotOpen(day) => AppError::State {
            code: "supervision.refused.not_open",
            params: vec![day.to_string()],
        },
        R::Closed => AppError::state("supervision.refused.closed"),
        R::NotReported => AppError::state("supervision.refused.not_reported"),
        R::Verified => AppError::state("supervision.refused.verified"),
        R::OwnReport => AppError::state("supervision.refused.own_report"),
        R::Missing(field) => AppError::invalid("field.missing", field),
    }
}

/// The most characters of a text.
const TEXT: usize = 4_000;

/// Notes texts that are too long.
fn too_long(texts: &[(&str, &str)]) -> Result<(), AppError> {
    let long = texts.iter().filter(|(_, text)| text.chars().count() > TEXT);
    let messages: Vec<Message> = long
        .map(|(field, _)| Message::new("field.too_long", *field, [TEXT.to_string()]))
        .collect();
    match messages.is_empty() {
        true => Ok(()),
        false => Err(AppError::Invalid { messages }),
    }
}
