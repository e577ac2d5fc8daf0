//! Reminders of the next step of a problem: when it comes due, and on its day.
//!
//! What a reader would get wrong: past its day nobody is reminded any more; a problem that is left
//! alone then goes up (`act.rs`).

use std::collections::BTreeSet;

use gangmu_domain::organisation::Action;
use gangmu_domain::problems::{Course, Phase};
use gangmu_store::problems::{self, ProblemFilter, ProblemRow};
use jiff::civil::Date;

use super::act::load;
use super::tell::{Office, office};
use crate::approvals::calendar_error;
use crate::error::AppError;
use crate::{Actor, App};

/// How many are looked at together.
const PART: i64 = 500;

/// The steps of reminding; their words stand in `notices.problem_told`.
const SOON: &str = "soon";
const TODAY: &str = "today";

impl App {
    /// Reminds whoever has the next step of a problem, before its day and on it, each time once, and
    /// returns how many reminders were sent.
    ///
    /// Several servers may run this at once: each step is claimed in the transaction that tells.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor coordinates problems.
    pub async fn problems_remind(&self, actor: &Actor) -> Result<usize, AppError> {
        let grant = actor.grant(Action::CoordinateProblem)?;
        let reference = self.reference().await?;
        let (today, ahead) = (self.today(), reference.problems.yellow_within);
        let last = reference.calendar.add_working_days(today, ahead);
        let until = last.map_err(calendar_error)?.tomorrow();
        let mut filter = ProblemFilter {
            scope: Some(grant.scope),
            open: true,
            due_from: Some(today.to_string()),
            due_before: until.ok().map(|day| day.to_string()),
            limit: PART,
            ..ProblemFilter::default()
        };
        let mut sent = 0;
        loop {
            let found = problems::problem_list(&self.db, &filter).await?;
            let dues = found.iter().filter_map(|row| Some((row.id, row.due?)));
            let (now, soon): (Vec<_>, Vec<_>) = dues.partition(|(_, due)| *due == today);
            for (step, dues) in [(TODAY, now), (SOON, soon)] {
                sent += self.remind_of_problems(actor, step, &dues).await?;
            }
            if found.len() < usize::try_from(PART).unwrap_or(usize::MAX) {
                return Ok(sent);
            }
            filter.offset += PART;
        }
    }

    async fn remind_of_problems(
        &self,
        actor: &Actor,
        step: &str,
        dues: &[(i64, Date)],
    ) -> Result<usize, AppError> {
        if dues.is_empty() {
            return Ok(0);
        }
        let tx = self.db.begin().await?;
        let claimed = problems::problem_remind(&tx, step, dues, self.now()).await?;
        for id in &claimed {
            let Some(row) = problems::problem_get(&tx, *id).await? else {
                continue;
            };
            let loaded = load(&tx, row).await?;
            for office in has_next(&loaded.course, &loaded.row) {
                let due = loaded.course.due;
                let notice = self.problem_notice(actor, &loaded, (step, due), &office);
                self.notify(&tx, &notice).await?;
            }
        }
        tx.commit().await?;
        Ok(claimed.len())
    }
}

/// The offices that have the next step: whoever has to solve it, else who coordinates.
fn has_next(course: &Course, row: &ProblemRow) -> BTreeSet<Office> {
    match (course.phase, &course.party) {
        (Phase::HandedOver, Some(party)) => [office(party, row)].into(),
        _ => [(course.coordinator().clone(), None)].into(),
    }
}
