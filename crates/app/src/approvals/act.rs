//! Acting on a matter: one act, judged by the rules, added to the record, signed and audited.
//!
//! What a reader would get wrong: the version a person saw is compared, so of two officers who
//! decide at once one wins and the other is told; and the case is locked meanwhile, because
//! whether a matter may be decided hangs on the others.

use gangmu_domain::approvals::{
    Act, ActKind, Course, Event, Leg, MatterGroup, Phase, Refused, Setup,
};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, DepartmentId, UserId};
use gangmu_store::approvals::{self, CaseRow, ItemRow};
use gangmu_store::library::Project;
use gangmu_store::{StoreError, Tx};
use jiff::civil::Date;
use serde_json::json;

use super::load::{Loaded, project_row};
use super::shelf;
use crate::actor::refused;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::library::stored;
use crate::{Actor, App, Reference};

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

/// What an act is done within.
pub(super) struct Ground<'a> {
    pub tx: &'a Tx,
    pub actor: &'a Actor,
    pub reference: &'a Reference,
    pub project: &'a Project,
    pub now: i64,
    pub today: Date,
    /// Whether a joint sitting decided it: then whoever keeps the case records it.
    pub by_sitting: bool,
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
        let tx = self.db.begin().await?;
        let version = self
            .act_within(&tx, actor, project, code, input, false)
            .await?;
        tx.commit().await?;
        Ok(version)
    }

    /// Does something with a matter within a transaction.
    pub(super) async fn act_within(
        &self,
        tx: &Tx,
        actor: &Actor,
        project: ProjectId,
        code: &str,
        input: &ActInput,
        by_sitting: bool,
    ) -> Result<i64, AppError> {
        let reference = self.reference().await?;
        approvals::case_lock(tx, project)
            .await?
            .or_not_found("case")?;
        let loaded = self.load_case(tx, project).await?;
        let found = stored(tx, project).await?;
        let input = &ActInput {
            act: self.with_hour(&loaded, input),
            ..input.clone()
        };
        let ground = Ground {
            tx,
            actor,
            reference: &reference,
            project: &found,
            now: self.now(),
            today: self.today(),
            by_sitting,
        };
        ground.act(&loaded, code, input).await
    }

    /// Notes whether what arrives did so after the hour until which things are forwarded the same
    /// day. Of a day in the past nobody knows the hour, and the longer limit holds.
    fn with_hour(&self, loaded: &Loaded, input: &ActInput) -> Act {
        let hour = loaded.catalogue.service.forward_before_hour;
        let now = crate::clock::civil_time(self.now());
        let past = input.on.is_some_and(|on| on < self.today());
        let after_cut_off = past || u8::try_from(now.hour()).is_ok_and(|at| at >= hour);
        match &input.act {
            Act::Receive { .. } => Act::Receive { after_cut_off },
            Act::Forward { .. } => Act::Forward { after_cut_off },
            other => other.clone(),
        }
    }
}

impl Ground<'_> {
    async fn act(&self, loaded: &Loaded, code: &str, input: &ActInput) -> Result<i64, AppError> {
        let row = loaded.item(code)?;
        let setup = loaded.setup(&loaded.catalogue, row)?;
        let events = loaded.acts(code);
        let course = Course::of(&setup, events);
        self.authorise(loaded, row, &setup, &course, input.act.kind())?;
        if input.version.is_some_and(|seen| seen != row.version) {
            return Err(AppError::Changed { what: "matter" });
        }
        if loaded.case.closed_on.is_some() {
            return Err(cannot(&Refused::Closed));
        }
        let on = input.on.unwrap_or(self.today);
        let before = loaded.graph().before(code);
        let calendar = &self.reference.calendar;
        let leg = setup
            .judge(events, &before, on, &input.act, calendar, self.today)
            .map_err(|problem| cannot(&problem))?;
        let seq = events.last().map_or(1, |last| last.seq.saturating_add(1));
        let event = Event {
            seq,
            leg,
            on,
            at: self.now,
            user: self.actor.user,
            act: input.act.clone(),
        };
        self.record(loaded, row, &setup, event, input).await
    }

    async fn record(
        &self,
        loaded: &Loaded,
        row: &ItemRow,
        setup: &Setup<'_>,
        event: Event,
        input: &ActInput,
    ) -> Result<i64, AppError> {
        let project = self.project.id;
        match approvals::event_insert(self.tx, project, &row.item, &event).await {
            Err(StoreError::Exists { .. }) => return Err(AppError::Changed { what: "matter" }),
            other => other?,
        }
        let mut events = loaded.acts(&row.item).to_vec();
        events.push(event.clone());
        let course = Course::of(setup, &events);
        let mut after = row.clone();
        project_row(&mut after, setup, &course, self.reference)?;
        if !approvals::item_update(self.tx, &after).await? {
            return Err(AppError::Changed { what: "matter" });
        }
        shelf::keep_papers(self, loaded, setup, &event, &input.papers).await?;
        self.count(loaded, setup, row, &after).await?;
        let subject = format!("project:{project}");
        let detail = json!({
            "matter": row.item, "act": event.act.kind().word(), "on": event.on.to_string(),
            "seq": event.seq,
        });
        let action = "matter_act";
        audit(
            self.tx,
            self.actor,
            self.now,
            action,
            &subject,
            &detail.to_string(),
        )
        .await?;
        Ok(row.version + 1)
    }

    /// Keeps the case's count of what is through.
    async fn count(
        &self,
        loaded: &Loaded,
        setup: &Setup<'_>,
        before: &ItemRow,
        after: &ItemRow,
    ) -> Result<(), AppError> {
        let counts = setup.matter.group != MatterGroup::Acceptance;
        let step = i64::from(after.phase.is_done()) - i64::from(before.phase.is_done());
        if !counts || step == 0 {
            return Ok(());
        }
        let case = CaseRow {
            done: loaded.case.done + step,
            ..loaded.case.clone()
        };
        match approvals::case_update(self.tx, &case).await? {
            true => Ok(()),
            false => Err(AppError::Changed { what: "case" }),
        }
    }

    /// The office that has the matter acts; whether it is needed at all, and who leads, whoever
    /// keeps the case may also say.
    fn authorise(
        &self,
        loaded: &Loaded,
        row: &ItemRow,
        setup: &Setup<'_>,
        course: &Course,
        kind: ActKind,
    ) -> Result<(), AppError> {
        let department = course.department.unwrap_or(row.department);
        let leg = setup.legs.get(course.leg());
        if leg.is_some_and(|leg| sits_at(self.actor, leg, department)) {
            return Ok(());
        }
        let keeps =
            self.by_sitting || matches!(kind, ActKind::Exempt | ActKind::Require | ActKind::Adjust);
        let project = self.project;
        let grant = |action| {
            self.actor
                .grant_on(action, &project.unit, project.department, project.reporter)
        };
        if keeps && grant(Action::ManageCase).is_ok() {
            return Ok(());
        }
        match sees_case(self.actor, loaded, project) {
            true => Err(refused(Action::HandleMatter)),
            false => Err(AppError::NotFound { what: "project" }),
        }
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
