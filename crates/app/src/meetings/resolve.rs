//! What a meeting agrees: a problem that is handed over at once, a matter to be decided by a day, or
//! something an office does and reports.

use gangmu_domain::liaison::Bond;
use gangmu_domain::library::ProjectId;
use gangmu_domain::meetings::MeetingState;
use gangmu_domain::problems::{Act, Origin, Party};
use gangmu_store::Tx;
use gangmu_store::approvals;
use gangmu_store::liaison::{self, MadeAt, ResolutionFilter};
use gangmu_store::meetings::{self as rows, MeetingRow};
use jiff::civil::Date;
use serde_json::json;

use super::agenda::retitled;
use super::minutes::Minutes;
use super::prepared;
use super::tell::Told;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::liaison::ResolveInput;
use crate::problems::{RaiseInput, StepInput, title_of};
use crate::{Actor, App};

const MOST_SUMMARY: usize = 8_000;
const MOST_ATTENDEES: usize = 500;

/// What a resolution becomes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Becomes {
    /// Something the office does and reports.
    Task,
    /// A problem of the ledger, handed over to the office.
    Problem,
    /// The decision of a matter of the project's case: its code.
    Matter(String),
}

/// A resolution as a meeting makes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MeetingResolve {
    /// The project on the agenda; none for what is about no project.
    pub project: Option<ProjectId>,
    /// What it becomes.
    pub becomes: Becomes,
    /// What is to be done.
    pub body: String,
    /// Who does it; for a matter, the office that has it when nobody is named.
    pub party: Option<Party>,
    /// Until when.
    pub due: Date,
}

impl App {
    /// Writes down a resolution of a meeting; what it becomes is made in the same transaction.
    ///
    /// # Errors
    /// [`AppError::State`] once the meeting was held; [`AppError::Invalid`] with what is wrong;
    /// [`AppError::NotFound`] for a project that is not on the agenda, or a matter it has not.
    pub async fn meeting_resolve(
        &self,
        actor: &Actor,
        meeting: i64,
        input: &MeetingResolve,
    ) -> Result<i64, AppError> {
        let tx = self.db.begin().await?;
        let row = prepared(&tx, actor, meeting).await?;
        if let Some(project) = input.project {
            let agenda = rows::agenda_list(&tx, meeting).await?;
            let on_it = |one: &rows::AgendaRow| one.item.project == project && !one.dropped;
            agenda
                .iter()
                .any(on_it)
                .then_some(())
                .or_not_found("project")?;
        }
        let what = self.what(&tx, actor, &row, input).await?;
        let place = (MadeAt::Meeting(meeting), input.project, &row.unit);
        let id = self.resolve_within(&tx, actor, place, &what).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Makes what it becomes, and says what is asked of whom.
    async fn what(
        &self,
        tx: &Tx,
        actor: &Actor,
        meeting: &MeetingRow,
        input: &MeetingResolve,
    ) -> Result<ResolveInput, AppError> {
        let of_project = || {
            let missing = || AppError::invalid("meetings.refused.needs_project", "project");
            input.project.ok_or_else(missing)
        };
        let nobody = || AppError::invalid("field.missing", "unit");
        let of = |party: Option<Party>, bond| {
            Ok(ResolveInput {
                body: input.body.clone(),
                party: party.ok_or_else(nobody)?,
                due: input.due,
                bond,
            })
        };
        match &input.becomes {
            Becomes::Task => of(input.party.clone(), Bond::Free),
            Becomes::Matter(code) => {
                let items = approvals::item_list(tx, of_project()?).await?;
                let found = items.into_iter().find(|one| one.item == *code);
                let item = found.or_not_found("matter")?;
                let office = Party::Office {
                    unit: item.unit,
                    department: Some(item.department),
                };
                let party = input.party.clone().unwrap_or(office);
                of(Some(party), Bond::Matter(code.clone()))
            }
            Becomes::Problem => {
                let raised = RaiseInput {
                    body: input.body.clone(),
                    origin: Origin::Meeting(meeting.id),
                    ..RaiseInput::new(of_project()?, &title_of(&input.body))
                };
                let what = of(input.party.clone(), Bond::Free)?;
                let problem = self.raise_within(tx, actor, &raised).await?;
                self.hand_on(tx, actor, problem, &what).await?;
                Ok(ResolveInput {
                    bond: Bond::Problem(problem),
                    ..what
                })
            }
        }
    }

    /// Takes the problem in and hands it to whoever the meeting named, until the day it named.
    async fn hand_on(
        &self,
        tx: &Tx,
        actor: &Actor,
        problem: i64,
        what: &ResolveInput,
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let kind = reference.problems.kind_of(&what.body);
        let accept = Act::Accept {
            kind: kind.map(|one| one.code.clone()).unwrap_or_default(),
            grade: reference.meetings.grade.clone(),
        };
        let hand_over = Act::HandOver {
            to: what.party.clone(),
            assisting: Vec::new(),
            due_on: Some(what.due),
            demand: what.body.clone(),
        };
        for act in [accept, hand_over] {
            let step = StepInput::new(None, act);
            self.step_within(tx, actor, problem, &step).await?;
        }
        Ok(())
    }

    /// Records that a meeting was held: who was there and what was said. Its minutes stand then.
    ///
    /// # Errors
    /// [`AppError::Changed`] when somebody else changed it; [`AppError::Invalid`] without who was
    /// there, or before its day.
    pub async fn meeting_hold(
        &self,
        actor: &Actor,
        meeting: i64,
        version: i64,
        on: Option<Date>,
        (attendees, summary): (&str, &str),
    ) -> Result<(), AppError> {
        let on = on.unwrap_or(self.today());
        let mut messages = Vec::new();
        if attendees.trim().is_empty() {
            messages.push(Message::new("field.missing", "attendees", []));
        }
        for (field, text, most) in [
            ("attendees", attendees, MOST_ATTENDEES),
            ("summary", summary, MOST_SUMMARY),
        ] {
            if text.chars().count() > most {
                messages.push(Message::new("field.too_long", field, [most.to_string()]));
            }
        }
        if on > self.today() {
            messages.push(Message::new("liaison.refused.in_future", "on", []));
        }
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        let tx = self.db.begin().await?;
        let mut row = prepared(&tx, actor, meeting).await?;
        row.version = version;
        row.title = retitled(&row, on);
        row.on = on;
        let stands = self.meeting_shown(&tx, actor, &row).await?;
        row.minutes = Minutes::of(&stands).kept();
        row.state = MeetingState::Held;
        row.attendees = attendees.trim().to_owned();
        row.summary = summary.trim().to_owned();
        if !rows::meeting_update(&tx, &row).await? {
            return Err(AppError::Changed { what: "meeting" });
        }
        let agreed = ResolutionFilter {
            made_at: Some(vec![MadeAt::Meeting(meeting)]),
            limit: 500,
            ..ResolutionFilter::default()
        };
        let agreed = liaison::resolution_list(&tx, &agreed).await?;
        let about: Vec<Option<ProjectId>> = agreed.iter().map(|one| one.project).collect();
        self.meeting_told(&tx, actor, &row, Told::Minutes, &about)
            .await?;
        let subject = format!("meeting:{meeting}");
        let detail = json!({ "on": on.to_string() }).to_string();
        audit(&tx, actor, self.now(), "meeting_hold", &subject, &detail).await?;
        Ok(tx.commit().await?)
    }
}
