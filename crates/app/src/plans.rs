//! Plans (1 个实施方案 + N 个工作方案): writing and adopting them, what they come to, and who covers
//! what.
//!
//! What a reader would get wrong: a plan in force never changes; a draft of its next version stands
//! beside it until it is adopted with a reason. Whoever may see the projects of a unit may read the
//! plans of that unit, of the units below and of those above; the value of a linked indicator is
//! shown only to those who may see the figures it is made of.

mod adopt;
mod check;
mod cover;
mod done;
mod draft;
mod export;
mod history;
mod import;
mod input;
mod ledger;
mod list;
mod read;
mod show;
mod split;
mod value;
mod view;

pub use adopt::{Adoption, NewPlan};
pub use cover::{
    AxisView, ClaimView, CoverView, IndicatorCoverView, OfficeAnswerView, TaskCoverView,
};
pub(crate) use export::{file_name, office as office_name};
pub use import::{
    ImportNote, ImportTask, PlanImportCounts, PlanImportOutcome, PlanImportRow, PlanImportView,
};
pub use input::{IndicatorInput, OfficeInput, SourceInput, TaskInput};
pub use list::{DutiesPage, PlanQuery, PlansPage};
pub(crate) use read::Stands;
pub(crate) use show::shown;
pub use split::{Parts, StepsBy};
pub use value::ValueInput;
pub use view::{
    ComparedView, CompletionView, DutyView, EvidenceView, FlawView, IndicatorView, LeftOutView,
    OfficeView, PlanRowView, PlanView, PointView, ReadingView, ShareView, SourceView,
    StepTargetView, TaskView, ValueView, VersionView,
};

use gangmu_domain::organisation::{Action, DepartmentSet, Scope};
use gangmu_domain::plans::{Link, Office, PlanState};
use gangmu_store::plans::PlanRow;

use crate::{Actor, Reference};

/// Says whether a person may write the plans of an office: a post at this very unit, for its
/// department or for all.
fn may_write(actor: &Actor, office: &Office) -> bool {
    actor.grants(Action::ManagePlan).iter().any(|grant| {
        grant.scope.unit == office.unit
            && match (&grant.scope.departments, office.department) {
                (DepartmentSet::All, _) => true,
                (DepartmentSet::Only(ids), Some(id)) => ids.contains(&id),
                (DepartmentSet::Only(_), None) => false,
            }
    })
}

/// Says whether a person may read a plan.
pub(crate) fn may_read(actor: &Actor, plan: &PlanRow) -> bool {
    if may_write(actor, &plan.office) {
        return true;
    }
    let near = |scope: &Scope| {
        scope.unit.contains(&plan.office.unit) || plan.office.unit.contains(&scope.unit)
    };
    let mut grants = actor.grants(Action::Read).into_iter();
    plan.state != PlanState::Draft && grants.any(|grant| near(&grant.scope))
}

/// Says whether what a link names besides its metric still exists.
fn is_known(reference: &Reference, link: &Link) -> bool {
    use gangmu_domain::pipeline::{Category, Stage};
    let member = match link.cut.as_str() {
        "" => link.member.is_empty(),
        "industry" => reference.industry(&link.member).is_some(),
        "category" => Category::from_word(&link.member).is_some(),
        "investor" => gangmu_domain::library::InvestorType::from_word(&link.member).is_some(),
        "stage" => Stage::from_word(&link.member).is_some(),
        _ => false,
    };
    let department = link.department;
    member
        && reference.unit(&link.unit).is_some()
        && department.is_none_or(|id| reference.department(id).is_some())
}
