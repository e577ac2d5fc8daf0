//! The next act of a project's winter: judged by the rules, added, copied, audited.

use gangmu_domain::library::{EventKind, ProjectId};
use gangmu_domain::organisation::Action;
use gangmu_domain::pipeline::Stage;
use gangmu_domain::winter::{
    Act, ActKind, Course, Event, Measure, Phase, Refused, Rules, Season, Unmet,
};
use gangmu_store::library::{self, Project};
use gangmu_store::winter::{self, WinterCopy};
use gangmu_store::{StoreError, Tx};
use jiff::civil::Date;
use serde_json::json;

use crate::actor::Grant;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::{Actor, App, Reference};

/// An act as a person asks for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WinterInput {
    /// The version the person saw, zero for none; `None` for a program that has looked just now.
    pub version: Option<i64>,
    /// The day it counts from; today when absent.
    pub on: Option<Date>,
    /// What is done.
    pub act: Act,
}

impl App {
    /// Does the next act of a project's winter and returns the version afterwards.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the project may not be seen, [`AppError::Refused`] when the act
    /// is not the person's, [`AppError::Changed`] when somebody else was first,
    /// [`AppError::Invalid`] or [`AppError::State`] when the rules say no.
    pub async fn winter_act(
        &self,
        actor: &Actor,
        project: ProjectId,
        season: i16,
        input: &WinterInput,
    ) -> Result<i64, AppError> {
        let reference = self.reference().await?;
        let found = library::project_get(&self.db, project).await?;
        let found = found.or_not_found("project")?;
        authorise(actor, &found, input.act.kind())?;
        let season = season_at(&reference, &found, season)?;
        let tx = self.db.begin().await?;
        let version = self
            .winter_act_within(&tx, actor, (&found, season), &reference, input)
            .await?;
        tx.commit().await?;
        Ok(version)
    }

    /// The same within a transaction, for whoever has already been let in.
    pub(crate) async fn winter_act_within(
        &self,
        tx: &Tx,
        actor: &Actor,
        (project, season): (&Project, Season),
        reference: &Reference,
        input: &WinterInput,
    ) -> Result<i64, AppError> {
        // The timeline's lines are numbered one after the other.
        let now = library::project_lock(tx, project.id).await?;
        if !is_built(&now.or_not_found("project")?) {
            return Err(AppError::state("winter.refused.not_built"));
        }
        let held = winter::winter_lock(tx, project.id, season.year).await?;
        let seen = held.map_or(0, |copy| copy.version);
        if input.version.is_some_and(|version| version != seen) {
            return Err(AppError::Changed {
                what: "winter_plan",
            });
        }
        let mut events = winter::winter_event_list(tx, project.id, season.year).await?;
        let course = Course::of(&events);
        let today = self.today();
        let on = input.on.unwrap_or(today);
        reference
            .winter
            .judge(season, &course, &input.act, actor.user, (on, today))
            .map_err(|refused| cannot(&reference.winter, &refused))?;
        let named = input.act.attachments();
        if !named.is_empty() {
            let files = library::attachment_list(tx, project.id).await?;
            let known = |file: &i64| files.iter().any(|one| one.seq == *file);
            if !named.iter().all(known) {
                return Err(AppError::invalid("winter.unmet.attachment", "attachment"));
            }
        }
        let event = Event {
            seq: events.last().map_or(0, |event| event.seq) + 1,
            on,
            at: self.now(),
            user: actor.user,
            act: input.act.clone(),
        };
        match winter::winter_event_insert(tx, project.id, season.year, &event).await {
            Err(StoreError::Exists { .. }) => {
                return Err(AppError::Changed {
                    what: "winter_plan",
                });
            }
            other => other?,
        }
        let detail = json!({
            "act": event.act.kind().word(), "season": season.year, "seq": event.seq,
        });
        let line = library::Event {
            seq: 0,
            at: event.at,
            on: event.on,
            user: event.user,
            kind: EventKind::Wintered,
            reason: format!(
                "{} {}: {}",
                season.year,
                event.act.kind().word(),
                said(&event.act)
            ),
            document_no: String::new(),
            changes: Vec::new(),
        };
        library::event_insert(tx, project.id, &line).await?;
        events.push(event);
        let copy = copy(project.id, season.year, seen, &Course::of(&events));
        if !winter::winter_put(tx, &copy).await? {
            return Err(AppError::Changed {
                what: "winter_plan",
            });
        }
        self.winter_told(tx, actor, (project, season), input.act.kind())
            .await?;
        let subject = format!("project:{}", project.id);
        let now = self.now();
        audit(tx, actor, now, "winter_act", &subject, &detail.to_string()).await?;
        Ok(seen + 1)
    }
}

/// What somebody wrote with an act, for the timeline; most acts say all by their kind.
fn said(act: &Act) -> &str {
    match act {
        Act::Rest { note, .. } | Act::Stop { note, .. } | Act::Resume { note } => note,
        Act::SendBack { reason } => reason,
        Act::Inspect { findings, .. } => findings,
        Act::Plan(plan) => &plan.parts,
        Act::Submit | Act::File => "",
    }
}

/// The copies of what the acts come to.
pub(super) fn copy(project: ProjectId, season: i16, version: i64, course: &Course) -> WinterCopy {
    let plan = course.counted();
    WinterCopy {
        project,
        season,
        version,
        phase: course.phase,
        reason: course.reason.clone(),
        from: plan.and_then(|plan| plan.from),
        to: plan.and_then(|plan| plan.to),
        workers: plan.and_then(|plan| plan.workers).map_or(0, i64::from),
        months: plan.map(|plan| plan.investment.clone()).unwrap_or_default(),
    }
}

/// The winter of a project that begins in a year.
pub(super) fn season_at(
    reference: &Reference,
    project: &Project,
    year: i16,
) -> Result<Season, AppError> {
    reference
        .winter
        .season(&project.unit, year)
        .or_not_found("season")
}

/// Says whether a project is being built: only then there is a winter to build through.
pub(crate) fn is_built(project: &Project) -> bool {
    project.stage == Stage::Implementation && !project.suspended
}

/// What an act asks of whoever does it.
fn action_of(kind: ActKind) -> Action {
    match kind {
        ActKind::File | ActKind::SendBack => Action::Review,
        _ => Action::Report,
    }
}

pub(super) fn authorise(
    actor: &Actor,
    project: &Project,
    kind: ActKind,
) -> Result<Grant, AppError> {
    let action = action_of(kind);
    actor.grant_on(action, &project.unit, project.department, project.reporter)
}

/// The acts a person may do now, as far as that can be said without knowing what they would say.
pub(super) fn offers(actor: &Actor, project: &Project, course: &Course) -> Vec<ActKind> {
    use Phase as P;
    let open = |kind: ActKind| match kind {
        ActKind::Rest | ActKind::Plan => !matches!(course.phase, P::Submitted | P::Stopped),
        ActKind::Submit => matches!(course.phase, P::Draft | P::SentBack),
        ActKind::File => course.phase == P::Submitted && course.submitted_by != Some(actor.user),
        ActKind::SendBack => course.phase == P::Submitted,
        ActKind::Inspect => matches!(course.phase, P::Filed | P::Stopped),
        ActKind::Stop => course.phase == P::Filed,
        ActKind::Resume => course.phase == P::Stopped,
    };
    ActKind::ALL
        .iter()
        .copied()
        .filter(|kind| is_built(project) && open(*kind) && authorise(actor, project, *kind).is_ok())
        .collect()
}

pub(super) fn cannot(rules: &Rules, refused: &Refused) -> AppError {
    match refused {
        Refused::NotNow(phase) => AppError::State {
            code: "winter.refused.not_now",
            params: vec![phase.word().to_owned()],
        },
        Refused::OwnPlan => AppError::state("winter.refused.own_plan"),
        Refused::Day => AppError::invalid("winter.refused.day", "on"),
        Refused::Missing(field) => AppError::invalid("field.missing", field),
        Refused::Unmet(unmet) => AppError::Invalid {
            messages: unmet.iter().map(|one| message(rules, one)).collect(),
        },
    }
}

fn message(rules: &Rules, unmet: &Unmet) -> Message {
    let at = |code: &str, field: &str| Message::new(code, field, []);
    match unmet {
        Unmet::Missing(field) => at("field.missing", field),
        Unmet::OutOfSeason => at("winter.unmet.out_of_season", "from"),
        Unmet::EndsFirst => at("winter.unmet.ends_first", "to"),
        Unmet::Month(month) => {
            Message::new("winter.unmet.month", "investment", [month.to_string()])
        }
        Unmet::Amount => at("winter.unmet.amount", "investment"),
        Unmet::Measure(code) => {
            let known = rules.measures.iter().find(|one| one.code == *code);
            let named = |of: fn(&Measure) -> &String| {
                known.map_or_else(|| code.clone(), |one| of(one).clone())
            };
            let both = [named(|one| &one.text), named(|one| &one.text_en)];
            Message::new("winter.unmet.measure", "measures", both)
        }
        Unmet::UnknownMeasure(code) => {
            Message::new("field.unknown_word", "measures", [code.clone()])
        }
        Unmet::Day(field) => at("winter.unmet.day", field),
    }
}
