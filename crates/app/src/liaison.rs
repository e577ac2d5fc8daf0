//! Who answers for a project (包联、专人负责): setting it for one or many, its history, the load; who
//! answers for a chain or a task; the page of a leader, visits, and what was agreed there.
//!
//! What a reader would get wrong: the record has fields of the same meaning, which workbooks bring.
//! They are what somebody once wrote down; as soon as an assignment stands for the duty, it alone
//! is shown and exported (`covers_field`).

mod assign;
mod charge;
mod desk;
mod export;
mod handover;
mod import;
mod ledger;
mod records;
mod remind;
mod resolution;
mod sheet;
mod show;
mod tell;
mod view;
mod visit;
mod visit_sheet;

pub use assign::{AssignInput, Instead};
pub use charge::{AboutView, ChainSumView, ChainView, ChainsView, ChargeView};
pub use desk::{DeskProjectView, DeskView, HappenedView};
pub use handover::{HandoverInput, HandoverLineView, HandoverRowView, HandoverView};
pub(crate) use import::{SCHEMA, Setting};
pub use ledger::{HeldWord, LiaisonPage, LiaisonQuery, LiaisonRowView, LoadRowView, LoadView};
pub use records::VisitQuery;
pub use resolution::{ResolutionPage, ResolutionPart, ResolutionView, ResolveInput};
pub(crate) use show::Names;
pub use show::{CandidateView, ResponsibilityView};
pub use view::{AssignmentView, HolderView};
pub use visit::{VisitInput, VisitRecord, VisitView};

use gangmu_domain::liaison::{Assignment, Duty, Refused};
use gangmu_domain::library::Field;
use gangmu_domain::organisation::UnitLevel;

use crate::Reference;
use crate::error::{AppError, Message};

/// Says what the rules refuse of a form, beside the field.
fn cannot(problem: &Refused) -> AppError {
    AppError::Invalid {
        messages: vec![Message::new(
            problem.code(),
            problem.field(),
            problem.params(),
        )],
    }
}

/// The field of the record that an assignment stands in front of, if there is one.
#[must_use]
pub fn covers_field(reference: &Reference, says: &Assignment) -> Option<Field> {
    match (says.duty, reference.level(&says.unit)) {
        (Duty::Leader, UnitLevel::League) => Some(Field::ContactLeaderLeague),
        (Duty::Leader, UnitLevel::Banner) => Some(Field::ContactLeaderBanner),
        (Duty::Resident, UnitLevel::Region) => Some(Field::PersonRegion),
        (Duty::Resident, UnitLevel::League) => Some(Field::PersonLeague),
        (Duty::Resident, UnitLevel::Banner) => Some(Field::PersonBanner),
        (Duty::OwnerContact, _) => Some(Field::OwnerContact),
        (Duty::LeadUnit, _) => Some(Field::DutyUnit),
        (Duty::Leader, UnitLevel::Region) | (Duty::ServiceTeam, _) => None,
    }
}

/// The Chinese word of a duty, for what goes on a timeline or into a workbook.
pub(crate) fn duty_word(duty: Duty) -> &'static str {
    match duty {
        Duty::Leader => "包联领导",
        Duty::LeadUnit => "牵头单位",
        Duty::Resident => "驻点干部",
        Duty::OwnerContact => "业主联络人",
        Duty::ServiceTeam => "服务专班",
    }
}
