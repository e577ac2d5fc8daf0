//! What is shown of problems: plain views that serialise.

use gangmu_domain::library::ProjectId;
use gangmu_domain::problems::{Act, Course, Event, Party, Rules, Seat};
use serde::Serialize;
use utoipa::ToSchema;

use crate::Reference;
use crate::approvals::DepartmentView;
use crate::library::UnitView;

/// A code with its words in two languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct NamedView {
    /// The code.
    pub code: String,
    /// In Chinese; the code itself where the rules no longer have it.
    pub name: String,
    /// In English.
    pub name_en: String,
}

impl NamedView {
    pub(super) fn new(code: &str, words: Option<(&str, &str)>) -> Self {
        let (name, name_en) = words.unwrap_or((code, code));
        Self {
            code: code.to_owned(),
            name: name.to_owned(),
            name_en: name_en.to_owned(),
        }
    }
}

/// Who has to solve a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PartyView {
    /// `office` or `owner`.
    pub party: &'static str,
    /// The office's unit.
    pub unit: Option<UnitView>,
    /// The office's department; none for the commission.
    pub department: Option<DepartmentView>,
}

impl PartyView {
    pub(crate) fn new(reference: &Reference, party: &Party) -> Self {
        match party {
            Party::ProjectOwner => Self {
                party: "owner",
                unit: None,
                department: None,
            },
            Party::Office { unit, department } => Self {
                party: "office",
                unit: Some(UnitView::new(reference, unit)),
                department: department.map(|id| DepartmentView::new(reference, unit, id)),
            },
        }
    }

    /// How tables and letters name it.
    pub(crate) fn official(&self) -> String {
        let unit = self.unit.as_ref().map_or("", |one| one.name.as_str());
        match (&self.department, self.party) {
            (_, "owner") => "项目单位".to_owned(),
            (Some(department), _) => format!("{unit}{}", department.name),
            (None, _) => format!("{unit}发改委"),
        }
    }
}

/// Who coordinates a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeatView {
    /// The rung of the ladder.
    pub level: NamedView,
    /// The unit.
    pub unit: UnitView,
}

impl SeatView {
    pub(super) fn new(reference: &Reference, seat: &Seat) -> Self {
        Self {
            level: level(&reference.problems, &seat.level),
            unit: UnitView::new(reference, &seat.unit),
        }
    }
}

/// A project that is held up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HeldView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// Its unit.
    pub unit: UnitView,
    /// Its total investment in yuan.
    pub total_investment: i64,
    /// The matter of its case that is held up: a code; empty for the project as a whole.
    pub matter: String,
}

/// A problem as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemRowView {
    /// Its number.
    pub problem_id: i64,
    /// Its version, which the next step names.
    pub version: i64,
    /// What it is.
    pub title: String,
    /// What kind it is.
    pub kind: NamedView,
    /// How grave it is; none until it is accepted.
    pub grade: Option<NamedView>,
    /// Who coordinates.
    pub seat: SeatView,
    /// Who has to solve it.
    pub party: Option<PartyView>,
    /// Where it stands: raised, accepted, `handed_over`, answered, verified, waiting, `struck_off`, declined.
    pub phase: String,
    /// Where it came from: direct, return, approval, visit, meeting.
    pub origin: String,
    /// The day it was raised.
    pub raised_on: String,
    /// By when the next step is due.
    pub due_on: Option<String>,
    /// The day it was struck off or declined.
    pub ended_on: Option<String>,
    /// Working days since it was raised, until it ended.
    pub days: u32,
    /// Working days left until the due date, negative past it.
    pub left: Option<i64>,
    /// off, paused, green, yellow, red.
    pub light: String,
    /// The projects it holds up that the person may see.
    pub held: Vec<HeldView>,
    /// How many more it holds up.
    pub held_elsewhere: usize,
    /// The total investment of those shown, each project once, in yuan.
    pub investment: i64,
}

/// A problem with its steps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProblemView {
    /// As lists show it.
    pub row: ProblemRowView,
    /// What it is, at length.
    pub body: String,
    /// What it points at: the period of a return, the code of a matter, a number.
    pub origin_ref: String,
    /// Who raised it.
    pub raised_by: String,
    /// What was asked of who has it.
    pub demand: String,
    /// Who helps.
    pub assisting: Vec<PartyView>,
    /// How often it went up.
    pub escalated: u32,
    /// How often an answer was sent back.
    pub sent_back: u32,
    /// The deadline whoever has it asks for, while nobody has said yes or no.
    pub asked_for: Option<String>,
    /// Its steps, oldest first.
    pub steps: Vec<StepView>,
    /// What the person may do next: words of steps.
    pub offers: Vec<String>,
}

/// A step on record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProblemStepView)]
pub struct StepView {
    /// Counts the steps from 1.
    pub seq: u32,
    /// The day it counts from.
    pub on: String,
    /// When it was recorded, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub who: String,
    /// What, a word.
    pub act: String,
    /// By when the next step is due.
    pub due_on: Option<String>,
    /// What was written: the field and the text.
    pub says: Vec<(String, String)>,
    /// Who it was handed to.
    pub party: Option<PartyView>,
    /// Who coordinates from then on.
    pub seat: Option<SeatView>,
    /// The kind, where the step says it.
    pub kind: Option<NamedView>,
    /// The grade, where the step says it.
    pub grade: Option<NamedView>,
}

impl StepView {
    pub(super) fn new(reference: &Reference, who: String, event: &Event) -> Self {
        let rules = &reference.problems;
        let texts = event.act.texts().into_iter();
        let (party, seat, named) = match &event.act {
            Act::HandOver { to, .. } => (Some(to), None, (None, None)),
            Act::Raise { kind, to } => (None, to.as_ref(), (Some(kind), None)),
            Act::Escalate { to, .. } => (None, to.as_ref(), (None, None)),
            Act::Accept { kind, grade } => (None, None, (Some(kind), Some(grade))),
            _ => (None, None, (None, None)),
        };
        Self {
            seq: event.seq,
            on: event.on.to_string(),
            at: event.at,
            who,
            act: event.act.kind().word().to_owned(),
            due_on: event.due.map(|day| day.to_string()),
            says: texts
                .filter(|(_, text, _)| !text.trim().is_empty())
                .map(|(field, text, _)| (field.to_owned(), text.to_owned()))
                .collect(),
            party: party.map(|one| PartyView::new(reference, one)),
            seat: seat.map(|one| SeatView::new(reference, one)),
            kind: named.0.map(|code| kind(rules, code)),
            grade: named.1.map(|code| grade(rules, code)),
        }
    }
}

/// The rules a person chooses from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ProblemRulesView)]
pub struct RulesView {
    /// The kinds.
    pub kinds: Vec<NamedView>,
    /// The grades, with the working days each gives.
    pub grades: Vec<(NamedView, u32)>,
    /// The ladder, lowest rung first.
    pub levels: Vec<NamedView>,
    /// How often a deadline may be made longer on one level.
    pub extensions: u32,
    /// Working days past the due date after which a problem goes up by itself.
    pub escalate_after: u32,
}

impl RulesView {
    pub(super) fn new(rules: &Rules) -> Self {
        Self {
            kinds: rules
                .kinds
                .iter()
                .map(|one| kind(rules, &one.code))
                .collect(),
            grades: rules
                .grades
                .iter()
                .map(|one| (grade(rules, &one.code), one.within.0))
                .collect(),
            levels: rules
                .levels
                .iter()
                .map(|one| level(rules, &one.code))
                .collect(),
            extensions: rules.extensions,
            escalate_after: rules.escalate_after.0,
        }
    }
}

pub(super) fn kind(rules: &Rules, code: &str) -> NamedView {
    let found = rules.kind(code);
    NamedView::new(
        code,
        found.map(|one| (one.text.as_str(), one.text_en.as_str())),
    )
}

pub(super) fn grade(rules: &Rules, code: &str) -> NamedView {
    let found = rules.grade(code);
    NamedView::new(
        code,
        found.map(|one| (one.text.as_str(), one.text_en.as_str())),
    )
}

fn level(rules: &Rules, code: &str) -> NamedView {
    let found = rules.level(code);
    NamedView::new(
        code,
        found.map(|one| (one.text.as_str(), one.text_en.as_str())),
    )
}

pub(super) fn grade_of(rules: &Rules, course: &Course) -> Option<NamedView> {
    let code = course.grade.as_str();
    (!code.is_empty()).then(|| grade(rules, code))
}

pub(super) fn total(held: &[HeldView]) -> i64 {
    let mut seen = std::collections::BTreeSet::new();
    held.iter()
        .filter(|one| seen.insert(ProjectId(one.project_id)))
        .map(|one| one.total_investment)
        .sum()
}
