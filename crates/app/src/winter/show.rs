//! A project's winter: its plan, what was done, what may be done next.

use std::collections::BTreeMap;

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_domain::winter::{Act, Choice, Course, Event, Plan, Rules, Season};
use gangmu_store::{library, winter};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::act::{is_built, offers, season_at};
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::{Actor, App};

/// A project's winter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// Its unit.
    pub unit: UnitView,
    /// The season.
    pub season: WinterSeasonView,
    /// Counts the acts; an act names the one it was decided on.
    pub version: i64,
    /// Where it stands: undecided, resting, draft, submitted, `sent_back`, filed, stopped.
    pub state: String,
    /// Why it rests, a word; empty when it does not.
    pub reason: String,
    /// The plan as last written.
    pub plan: Option<WinterPlanView>,
    /// The day it was put on file.
    pub filed_on: Option<String>,
    /// Whether it is past the day plans are to be filed by, and it is not.
    pub late: bool,
    /// When work stood still.
    pub spells: Vec<WinterSpellView>,
    /// Days work stood still altogether.
    pub days_stopped: i64,
    /// Inspections.
    pub inspections: usize,
    /// Of them, those that found something.
    pub found_wanting: usize,
    /// What was done, oldest first.
    pub events: Vec<WinterEventView>,
    /// What the person may do next, words.
    pub offers: Vec<String>,
}

/// A winter in a place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterSeasonView {
    /// The year it begins in.
    pub year: i16,
    /// The first day.
    pub from_on: String,
    /// The last day.
    pub to_on: String,
    /// The day by which plans are to be filed.
    pub file_by: String,
    /// Its months: 2025-10.
    pub months: Vec<String>,
}

/// A plan.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterPlanView {
    /// The first day of building in winter.
    pub from_on: Option<String>,
    /// The last day.
    pub to_on: Option<String>,
    /// What is built and how much of it, a line each.
    pub parts: String,
    /// What is to be invested in winter, in yuan, by month.
    pub investment: BTreeMap<String, i64>,
    /// The sum, in yuan.
    pub planned: i64,
    /// What of it falls into the first quarter, in yuan.
    pub first_quarter: i64,
    /// People on site.
    pub workers: Option<u32>,
    /// The measures seen to, words.
    pub measures: Vec<String>,
    /// Measures beyond the list.
    pub further: String,
    /// The day the plan was written.
    pub prepared_on: Option<String>,
    /// The day the supervising engineer agreed.
    pub supervised_on: Option<String>,
    /// The number of the attachment that holds the plan itself.
    pub attachment: Option<i64>,
}

/// A time in which work stood still.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterSpellView {
    /// The first day without work.
    pub from_on: String,
    /// The day work went on; absent while it stands.
    pub to_on: Option<String>,
    /// Why, a word.
    pub cause: String,
    /// More of it.
    pub note: String,
    /// Days, up to today.
    pub days: i64,
}

/// Something that was done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterEventView {
    /// Counts from 1.
    pub seq: i64,
    /// The day it counts from.
    pub on: String,
    /// When it was written, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub who: String,
    /// What: rest, plan, submit, file, `send_back`, inspect, stop, resume.
    pub act: String,
    /// The word that was chosen: a reason or a cause; empty for none.
    pub word: String,
    /// What was written; for a plan, nothing.
    pub note: String,
    /// Photos and papers of an inspection: numbers of the project's attachments.
    pub files: Vec<i64>,
    /// What an inspection found all right; absent for anything else.
    pub sound: Option<bool>,
    /// What the plan puts into winter, in yuan; absent for anything else.
    pub planned: Option<i64>,
}

/// The rules of today.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterRulesView {
    /// Why projects rest.
    pub reasons: Vec<WinterChoiceView>,
    /// What plans see to.
    pub measures: Vec<WinterMeasureView>,
    /// What stops work.
    pub causes: Vec<WinterChoiceView>,
}

/// Something to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterChoiceView {
    /// Its word.
    pub code: String,
    /// What people read.
    pub text: String,
    /// The same in English.
    pub text_en: String,
}

/// Something a plan sees to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterMeasureView {
    /// Its word.
    pub code: String,
    /// What it belongs to, a word.
    pub group: String,
    /// What people read.
    pub text: String,
    /// The same in English.
    pub text_en: String,
    /// The threshold it goes by; empty for none.
    pub threshold: String,
    /// The same in English.
    pub threshold_en: String,
    /// Whether a plan without it cannot be handed in.
    pub required: bool,
}

impl App {
    /// Shows a project's winter; this winter's when no year is named.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the project may not be seen, or the place has no winter.
    pub async fn winter_view(
        &self,
        actor: &Actor,
        project: ProjectId,
        year: Option<i16>,
    ) -> Result<WinterView, AppError> {
        let found = library::project_get(&self.db, project).await?;
        let found = found.or_not_found("project")?;
        actor.grant_on(Action::Read, &found.unit, found.department, found.reporter)?;
        let reference = self.reference().await?;
        let year = year.unwrap_or_else(|| self.winter_of_today());
        let season = season_at(&reference, &found, year)?;
        let events = winter::winter_event_list(&self.db, project, year).await?;
        let course = Course::of(&events);
        let (users, today) = (self.user_names().await?, self.today());
        let spells: Vec<WinterSpellView> = course
            .spells
            .iter()
            .map(|one| WinterSpellView {
                from_on: one.from.to_string(),
                to_on: one.to.map(|day| day.to_string()),
                cause: one.cause.clone(),
                note: one.note.clone(),
                days: one.days_until(today),
            })
            .collect();
        let event = |event: &Event| WinterEventView {
            who: users.get(&event.user).cloned().unwrap_or_default(),
            ..WinterEventView::new(event)
        };
        Ok(WinterView {
            project_id: project.0,
            project_name: found.name().to_owned(),
            unit: UnitView::new(&reference, &found.unit),
            version: i64::try_from(events.len()).unwrap_or(i64::MAX),
            state: course.phase.word().to_owned(),
            reason: course.reason.clone(),
            plan: course
                .plan
                .as_ref()
                .map(|plan| WinterPlanView::new(plan, season)),
            filed_on: day(course.filed_on),
            late: is_built(&found)
                && course.filed_on.is_none()
                && course.phase != gangmu_domain::winter::Phase::Resting
                && today > season.file_by,
            days_stopped: spells.iter().map(|one| one.days).sum(),
            spells,
            inspections: course.inspections.0,
            found_wanting: course.inspections.1,
            events: events.iter().map(event).collect(),
            offers: offers(actor, &found, &course)
                .into_iter()
                .map(|kind| kind.word().to_owned())
                .collect(),
            season: WinterSeasonView::new(season),
        })
    }

    /// Returns the rules of today.
    ///
    /// # Errors
    /// When they cannot be read.
    pub async fn winter_rules(&self) -> Result<WinterRulesView, AppError> {
        Ok(WinterRulesView::new(&self.reference().await?.winter))
    }
}

fn day(on: Option<Date>) -> Option<String> {
    on.map(|day| day.to_string())
}

impl WinterSeasonView {
    fn new(season: Season) -> Self {
        Self {
            year: season.year,
            from_on: season.from.to_string(),
            to_on: season.to.to_string(),
            file_by: season.file_by.to_string(),
            months: season.months().iter().map(ToString::to_string).collect(),
        }
    }
}

impl WinterPlanView {
    fn new(plan: &Plan, season: Season) -> Self {
        let first = plan
            .investment
            .iter()
            .filter(|(month, _)| season.first_quarter().contains(&Some(**month)));
        Self {
            from_on: day(plan.from),
            to_on: day(plan.to),
            parts: plan.parts.clone(),
            investment: plan
                .investment
                .iter()
                .map(|(month, yuan)| (month.to_string(), yuan.0))
                .collect(),
            planned: plan.total().unwrap_or_default().0,
            first_quarter: first.map(|(_, yuan)| yuan.0).sum(),
            workers: plan.workers,
            measures: plan.measures.iter().cloned().collect(),
            further: plan.further.clone(),
            prepared_on: day(plan.prepared_on),
            supervised_on: day(plan.supervised_on),
            attachment: plan.attachment,
        }
    }
}

impl WinterEventView {
    fn new(event: &Event) -> Self {
        let (word, note) = match &event.act {
            Act::Rest { reason, note } => (reason.as_str(), note.as_str()),
            Act::Stop { cause, note } => (cause.as_str(), note.as_str()),
            Act::SendBack { reason } => ("", reason.as_str()),
            Act::Inspect { findings, .. } => ("", findings.as_str()),
            Act::Resume { note } => ("", note.as_str()),
            Act::Plan(_) | Act::Submit | Act::File => ("", ""),
        };
        Self {
            seq: event.seq,
            on: event.on.to_string(),
            at: event.at,
            who: String::new(),
            act: event.act.kind().word().to_owned(),
            word: word.to_owned(),
            note: note.to_owned(),
            files: match &event.act {
                Act::Inspect { files, .. } => files.clone(),
                _ => Vec::new(),
            },
            sound: match &event.act {
                Act::Inspect { sound, .. } => Some(*sound),
                _ => None,
            },
            planned: match &event.act {
                Act::Plan(plan) => plan.total().map(|sum| sum.0),
                _ => None,
            },
        }
    }
}

impl WinterRulesView {
    fn new(rules: &Rules) -> Self {
        let choice = |one: &Choice| WinterChoiceView {
            code: one.code.clone(),
            text: one.text.clone(),
            text_en: one.text_en.clone(),
        };
        Self {
            reasons: rules.reasons.iter().map(choice).collect(),
            measures: rules
                .measures
                .iter()
                .map(|one| WinterMeasureView {
                    code: one.code.clone(),
                    group: one.group.clone(),
                    text: one.text.clone(),
                    text_en: one.text_en.clone(),
                    threshold: one.threshold.clone(),
                    threshold_en: one.threshold_en.clone(),
                    required: one.required,
                })
                .collect(),
            causes: rules.causes.iter().map(choice).collect(),
        }
    }
}
