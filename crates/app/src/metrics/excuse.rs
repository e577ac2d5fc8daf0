//! Proper reasons for being late (正当理由): recording and taking back, and what of the totals stands
//! under one.
//!
//! What one would get wrong: an excuse lifts a project's light, not the project's share of the
//! totals. Sums stay as they are; only what a unit is lit by leaves out the projects that are late
//! for a proper reason.

use std::collections::{BTreeMap, HashMap};

use gangmu_domain::Period;
use gangmu_domain::library::{EventKind, ProjectId};
use gangmu_domain::metrics::{
    Coordinates, Dimension, Edition, Excuse, ExcuseProblem, ExcuseSaid, Measures, Position,
    TakenBack,
};
use gangmu_domain::organisation::{Action, Scope, UserId};
use gangmu_store::dispatch::{Published, ReturnRow};
use gangmu_store::library::Project;
use gangmu_store::{Tx, dispatch, excuses, library};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::By;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::library::locked;
use crate::{Actor, App, Reference};

/// A proper reason for being late, as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExcuseView {
    /// Its number within the project.
    pub seq: i64,
    /// Its kind's word.
    pub kind: &'static str,
    /// The reason in words.
    pub reason: String,
    /// The document that proves it; empty without one.
    pub document_no: String,
    /// The first month it counts in, 2025-07.
    pub from: String,
    /// The last month it counts in.
    pub to: String,
    /// When it was recorded.
    pub at: i64,
    /// Who recorded it.
    pub who: String,
    /// How it ended; null while it stands.
    pub taken_back: Option<ExcuseEndView>,
}

/// How a proper reason ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ExcuseEndView {
    /// When it was taken back.
    pub at: i64,
    /// Who took it back.
    pub who: String,
    /// Why.
    pub reason: String,
}

impl ExcuseView {
    pub(crate) fn new(users: &HashMap<UserId, String>, excuse: &Excuse) -> Self {
        let name = |user| users.get(&user).cloned().unwrap_or_default();
        let said = &excuse.said;
        Self {
            seq: excuse.seq,
            kind: said.kind.word(),
            reason: said.reason.clone(),
            document_no: said.document_no.clone(),
            from: said.from.to_string(),
            to: said.to.to_string(),
            at: excuse.at,
            who: name(excuse.user),
            taken_back: excuse.taken_back.as_ref().map(|end| ExcuseEndView {
                at: end.at,
                who: name(end.user),
                reason: end.reason.clone(),
            }),
        }
    }
}

impl App {
    /// Records why a project is late for a proper reason; returns the number of the excuse.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the project may not be seen, [`AppError::Refused`] when excusing
    /// it is another's, [`AppError::Invalid`] without words, with months in the wrong order, for
    /// more than a year, or where one stands already.
    pub async fn excuse_add(
        &self,
        actor: &Actor,
        project: ProjectId,
        said: &ExcuseSaid,
    ) -> Result<i64, AppError> {
        let tx = self.db.begin().await?;
        let found = locked(&tx, actor, Action::ExcuseLateness, project).await?;
        let known = excuses::excuse_list(&tx, project).await?;
        let messages: Vec<Message> = said.problems(&known).into_iter().map(message).collect();
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        let excuse = Excuse {
            seq: known.last().map_or(0, |last| last.seq) + 1,
            said: said.clone(),
            at: self.now(),
            user: actor.user,
            taken_back: None,
        };
        excuses::excuse_insert(&tx, project, &excuse).await?;
        let words = said.reason.trim();
        self.excuse_told(&tx, actor, &found, EventKind::Excused, &excuse, words)
            .await?;
        tx.commit().await?;
        Ok(excuse.seq)
    }

    /// Takes an excuse back: from now on it counts no more; what was published under it stays.
    ///
    /// # Errors
    /// As recording; [`AppError::Changed`] when somebody else has taken it back.
    pub async fn excuse_take_back(
        &self,
        actor: &Actor,
        project: ProjectId,
        seq: i64,
        reason: &str,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let found = locked(&tx, actor, Action::ExcuseLateness, project).await?;
        let known = excuses::excuse_list(&tx, project).await?;
        let excuse = known.into_iter().find(|one| one.seq == seq);
        let excuse = excuse.or_not_found("excuse")?;
        if reason.trim().is_empty() {
            return Err(AppError::invalid("field.missing", "reason"));
        }
        let end = TakenBack {
            at: self.now(),
            user: actor.user,
            reason: reason.trim().to_owned(),
        };
        if !excuses::excuse_take_back(&tx, project, seq, &end).await? {
            return Err(AppError::Changed { what: "excuse" });
        }
        let kind = EventKind::ExcuseTakenBack;
        self.excuse_told(&tx, actor, &found, kind, &excuse, &end.reason)
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Puts what was done on the project's timeline and into the audit trail.
    async fn excuse_told(
        &self,
        tx: &Tx,
        actor: &Actor,
        project: &Project,
        kind: EventKind,
        excuse: &Excuse,
        words: &str,
    ) -> Result<(), AppError> {
        let said = &excuse.said;
        let line = library::Event {
            seq: 0,
            at: self.now(),
            on: self.today(),
            user: actor.user,
            kind,
            reason: format!("{}–{} {}: {words}", said.from, said.to, said.kind.word()),
            document_no: said.document_no.clone(),
            changes: Vec::new(),
        };
        library::event_insert(tx, project.id, &line).await?;
        let action = match kind {
            EventKind::ExcuseTakenBack => "excuse_take_back",
            _ => "excuse_add",
        };
        let subject = format!("project:{}", project.id);
        let detail = json!({
            "seq": excuse.seq, "kind": said.kind.word(),
            "from": said.from.to_string(), "to": said.to.to_string(),
        });
        audit(tx, actor, self.now(), action, &subject, &detail.to_string()).await
    }

    /// Returns which of some projects are excused in a month as things stand.
    pub(crate) async fn excused_among(
        &self,
        reference: &Reference,
        projects: &[i64],
        period: Period,
    ) -> Result<Vec<i64>, AppError> {
        if !reference.light_in(period).excuses(Dimension::Progress) {
            return Ok(Vec::new());
        }
        let found = excuses::excuse_list_of(&self.db, projects, period).await?;
        let standing = found.iter().filter(|(_, one)| one.stands(None));
        Ok(standing.map(|(project, _)| project.0).collect())
    }

    /// Reads what may be late for a proper reason in a month; nothing where the rules of the month
    /// know no exemption.
    pub(super) async fn month_excuses(
        &self,
        reference: &Reference,
        scope: &Scope,
        period: Period,
    ) -> Result<MonthExcuses, AppError> {
        let mut excuses = MonthExcuses::none(period);
        if !reference.light_in(period).excuses(Dimension::Progress) {
            return Ok(excuses);
        }
        excuses.found = excuses::excuse_list_in(&self.db, scope, period).await?;
        let ids: Vec<i64> = excuses.found.iter().map(|(id, _)| id.0).collect();
        if !ids.is_empty() {
            excuses.rows = dispatch::return_list_of(&self.db, &ids, period).await?;
            excuses.published = dispatch::return_published_of(&self.db, &ids, period).await?;
        }
        Ok(excuses)
    }

    /// Sums up what a month's light leaves out, as one edition of the figures has it.
    ///
    /// Of single projects nothing was published, and nothing before a month is closed.
    pub(super) async fn excused(
        &self,
        reference: &Reference,
        scope: &Scope,
        period: Period,
        edition: Edition,
        by: By,
    ) -> Result<Excused, AppError> {
        let closed_at = match edition {
            Edition::Current => None,
            Edition::Published => {
                let month = dispatch::period_get(&self.db, period).await?;
                let closed_at = month.and_then(|month| month.closed_at);
                if closed_at.is_none() || scope.reporter.is_some() {
                    return Ok(Excused::default());
                }
                closed_at
            }
        };
        let excuses = self.month_excuses(reference, scope, period).await?;
        Ok(excuses.sum(reference, scope, by, closed_at))
    }
}

/// What may be late for a proper reason in a month, read once for all editions of its figures.
pub(super) struct MonthExcuses {
    period: Period,
    found: Vec<(ProjectId, Excuse)>,
    rows: Vec<ReturnRow>,
    /// What was published of those that were corrected since.
    published: BTreeMap<ProjectId, Published>,
}

impl MonthExcuses {
    /// A month that nothing is excused in.
    pub fn none(period: Period) -> Self {
        Self {
            period,
            found: Vec::new(),
            rows: Vec::new(),
            published: BTreeMap::new(),
        }
    }

    /// Sums up what is late for a proper reason: as things stand, or as it had been recorded and
    /// published when the month was closed, in milliseconds since 1970.
    pub fn sum(
        &self,
        reference: &Reference,
        scope: &Scope,
        by: By,
        closed_at: Option<i64>,
    ) -> Excused {
        let policy = reference.light_in(self.period);
        let time = self.period.time_progress();
        let mut excused = Excused::default();
        for row in &self.rows {
            let stands =
                |(id, one): &(ProjectId, Excuse)| *id == row.project && one.stands(closed_at);
            if !self.found.iter().any(stands) {
                continue;
            }
            let mut position = row.position.clone();
            let published = closed_at.and_then(|_| self.published.get(&row.project));
            if let Some(published) = published {
                position.year_to_date = published.year_to_date;
            }
            let entry = &position.entry;
            let (plan, to_date) = (entry.plan, entry.plan_to_date);
            let lit = policy.progress(position.year_to_date, plan, to_date, time);
            if lit.excused_if(true).excused {
                let key = key_of(reference, scope, by, &entry.coordinates);
                excused.add(key, &position, self.period);
            }
        }
        excused
    }
}

/// What is late for a proper reason: how many projects, and their measures.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Late {
    pub projects: i64,
    pub measures: Measures,
}

/// The same of a unit and of what it is broken down by.
#[derive(Clone, Debug, Default)]
pub(super) struct Excused {
    pub total: Late,
    members: BTreeMap<String, Late>,
}

impl Excused {
    fn add(&mut self, key: String, position: &Position, period: Period) {
        for late in [&mut self.total, self.members.entry(key).or_default()] {
            late.projects += 1;
            late.measures += position.measures(period);
        }
    }

    /// What is excused of a member.
    pub fn of(&self, key: &str) -> Late {
        self.members.get(key).copied().unwrap_or_default()
    }
}

/// The member of a cut that a project counts under, as roll-ups name it.
fn key_of(reference: &Reference, scope: &Scope, by: By, at: &Coordinates) -> String {
    match by {
        By::Unit => {
            let depth = scope.unit.codes().count();
            let below = at.unit.codes().nth(depth);
            let own = || scope.unit.codes().last().unwrap_or_default();
            below.unwrap_or_else(own).to_owned()
        }
        By::Department => at
            .department
            .and_then(|id| reference.department(id))
            .map_or_else(String::new, |department| department.code.clone()),
        By::Industry => at.industry.clone(),
        By::Group => super::heading(reference, &at.industry),
        By::Category => at.category.word().to_owned(),
        By::Investor => at.investor.clone(),
        By::Stage => at.stage.word().to_owned(),
    }
}

fn message(problem: ExcuseProblem) -> Message {
    match problem {
        ExcuseProblem::NoReason => Message::new("field.missing", "reason", []),
        ExcuseProblem::Reversed => Message::new("excuse.reversed", "to", []),
        ExcuseProblem::TooLong => {
            let most = gangmu_domain::metrics::LONGEST_EXCUSE.to_string();
            Message::new("excuse.too_long", "to", [most])
        }
        ExcuseProblem::Overlaps => Message::new("excuse.overlaps", "from", []),
    }
}
