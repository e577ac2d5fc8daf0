//! Acting on a matter: one act, judged by the rules, added to the record, signed and audited.
//!
//! What a reader would get wrong: the version a person saw is compared, so of two officers who
//! decide at once one wins and the other is told; and the case is locked meanwhile, because
//! whether a matter may be decided hangs on the others.

use gangmu_domain::approvals::{Act, Leg, Phase, Refused};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, DepartmentId, UserId};
use gangmu_store::library::Project;
use jiff::civil::Date;

use super::desk::Entered;
use super::load::Loaded;
use crate::error::{AppError, Message};
use crate::{Actor, App};

/// An act as a person asks for it.
#[derive(Clone, Debug)]
pub struct ActInput {
    /// The version of the matter the person saw; `None` for a program that has looked just now.
    pub version: Option<i64>,
    /// The day it counts from; today when absent.
    pub on: Option<Date>,
    /// What is done.
    pub act: Act,
    /// Papers that came with it.
    pub papers: Vec<NewPaper>,
}

/// A paper that comes with an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewPaper {
    /// What it is: a code of the catalogue.
    pub code: String,
    /// Its number; may be empty.
    pub document_no: String,
    /// The attachment of the project that it is.
    pub attachment: Option<i64>,
}

impl ActInput {
    /// An act of today without papers.
    #[must_use]
    pub fn new(version: Option<i64>, act: Act) -> Self {
        Self {
            version,
            on: None,
            act,
            papers: Vec::new(),
        }
    }

    /// The same, counted from a day.
    #[must_use]
    pub fn on(mut self, day: Date) -> Self {
        self.on = Some(day);
        self
    }
}

impl App {
    /// Does something with a matter and returns its new version.
    ///
    /// # Errors
    /// [`AppError::Refused`] for the wrong post; [`AppError::State`] with a code below
    /// `approvals.refused.` for what the rules do not allow now; [`AppError::Changed`] when
    /// somebody else acted meanwhile. Nothing was recorded then.
    pub async fn item_act(
        &self,
        actor: &Actor,
        project: ProjectId,
        code: &str,
        input: &ActInput,
    ) -> Result<i64, AppError> {
        let entered = Entered {
            actor,
            project,
            item: code,
            input,
            by_sitting: false,
        };
        let versions = self.acts_enter(&[entered]).await?;
        Ok(versions.first().copied().unwrap_or_default())
    }
}

/// Notes whether what arrives did so after the hour until which things are forwarded the same
/// day. Of a day in the past nobody knows the hour, and the longer limit holds.
pub(super) fn with_hour(hour: u8, now: i64, today: Date, input: &ActInput) -> Act {
    let past = input.on.is_some_and(|on| on < today);
    let late = || u8::try_from(crate::clock::civil_time(now).hour()).is_ok_and(|at| at >= hour);
    match &input.act {
        Act::Receive { .. } => Act::Receive {
            after_cut_off: past || late(),
        },
        Act::Forward { .. } => Act::Forward {
            after_cut_off: past || late(),
        },
        other => other.clone(),
    }
}

/// Says whether a person holds the post of an office: this very unit, this department or all.
pub(super) fn sits_at(actor: &Actor, leg: &Leg, department: DepartmentId) -> bool {
    actor.grants(Action::HandleMatter).iter().any(|grant| {
        let here = grant.scope.unit == leg.unit || actor.user == UserId(0);
        here && grant.scope.departments.contains(Some(department))
    })
}

/// Says whether a person may see a case: by the project's place, or by handling a matter in it.
pub(super) fn sees_case(actor: &Actor, loaded: &Loaded, project: &Project) -> bool {
    let by_place = actor.grant_on(
        Action::Read,
        &project.unit,
        project.department,
        project.reporter,
    );
    by_place.is_ok()
        || loaded.items.iter().any(|row| {
            if row.phase == Phase::NotNeeded {
                return false;
            }
            let Ok(setup) = loaded.setup(&loaded.catalogue, row) else {
                return false;
            };
            let department = row.department;
            setup.legs.iter().any(|leg| sits_at(actor, leg, department))
        })
}

/// Says what the rules refuse, beside the field where it has one.
pub(super) fn cannot(problem: &Refused) -> AppError {
    match problem {
        Refused::Unexplained { field } => AppError::Invalid {
            messages: vec![Message::new(problem.code(), *field, [])],
        },
        Refused::PromisedOn { .. } => AppError::Invalid {
            messages: vec![Message::new(
                problem.code(),
                "promised_on",
                problem.params(),
            )],
        },
        _ => AppError::State {
            code: problem.code(),
            params: problem.params(),
        },
    }
}
