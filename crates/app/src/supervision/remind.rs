//! The ladder of supervision: reminders before, at and after the day a report or an answer is due.
//!
//! What a reader would get wrong: several servers may run this at once, and any of them may stop
//! half-way. Each step is claimed by its reason in the transaction that sends its notice, so it fires
//! exactly once. A step that comes before the due day is not sent when that day is past.

use std::collections::{BTreeSet, HashMap};

use gangmu_domain::organisation::Action;
use gangmu_domain::plans::{Office, PlanId};
use gangmu_domain::supervision::{Ladder, LetterState, Place, Round, Rung};
use gangmu_store::accounts::Notice;
use gangmu_store::plans::{self, PlanFilter, PlanRow};
use gangmu_store::supervision::{self, LetterFilter, LetterKey};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::{Line, Loaded, load_all};
use crate::approvals::fires_on;
use crate::error::AppError;
use crate::notices::NoticeBody;
use crate::{Actor, App, Reference};

/// So many days after it was due nobody is reminded of a report any more.
const FORGOTTEN: i64 = 92;
const MOST: i64 = 5_000;

/// What may be claimed, by its reason.
type Claims = HashMap<String, Notice>;

impl App {
    /// Sends what the ladder says is to be sent today, each step exactly once, and returns how many
    /// notices that were.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may chase.
    pub async fn supervision_remind(&self, actor: &Actor) -> Result<usize, AppError> {
        let scope = actor.grant(Action::Chase)?.scope;
        let (reference, today) = (self.reference().await?, self.today());
        let filter = PlanFilter {
            unit: Some(scope.unit.clone()),
            supervised: true,
            limit: MOST,
            ..PlanFilter::default()
        };
        let rows = plans::plan_list(&self.db, &filter).await?;
        let mut claims = Claims::new();
        let mut offices: HashMap<i64, PlanRow> = HashMap::new();
        for loaded in load_all(&self.db, &reference, today, rows).await? {
            self.of_reports(actor, &reference, &loaded, &mut claims)?;
            offices.insert(loaded.plan.id.0, loaded.plan);
        }
        let filter = LetterFilter {
            scope: Some(scope),
            state: Some(LetterState::Awaiting),
            limit: MOST,
            ..LetterFilter::default()
        };
        for row in supervision::supervision_letter_list(&self.db, &filter).await? {
            let Some(plan) = offices.get(&row.plan.0) else {
                continue;
            };
            let (key, due) = (&row.key, row.due);
            for rung in rungs(&reference, Ladder::Letter, due, today) {
                let reason = letter_reason(key, due, rung);
                let body = NoticeBody {
                    late: Some(1),
                    due_on: Some(due.to_string()),
                    name: Some(plan.title.clone()),
                    plan: Some(row.plan.0),
                    act: Some(rung.code.clone()),
                    ..NoticeBody::default()
                };
                let (unit, body) = addressed(rung, &row.office, &plan.office, body);
                let notice = self.supervision_notice(actor, &unit, row.period, &body);
                claims.insert(reason, notice);
            }
        }
        let mut reasons: Vec<String> = claims.keys().cloned().collect();
        reasons.sort_unstable();
        let tx = self.db.begin().await?;
        let claimed = supervision::supervision_fire(&tx, &reasons, self.now()).await?;
        for reason in &claimed {
            if let Some(notice) = claims.get(reason) {
                self.notify(&tx, notice).await?;
            }
        }
        tx.commit().await?;
        Ok(claimed.len())
    }

    /// Notes what is to be sent about reports that have not come.
    fn of_reports(
        &self,
        actor: &Actor,
        reference: &Reference,
        loaded: &Loaded,
        claims: &mut Claims,
    ) -> Result<(), AppError> {
        let today = self.today();
        for round in &loaded.rounds {
            let over = round.due_on.checked_add(FORGOTTEN.days());
            let forgotten = over.is_ok_and(|day| day < today);
            if forgotten || loaded.closed.contains_key(&round.period) {
                continue;
            }
            let due = round.due_on;
            let mut lines = loaded.lines(reference, *round, today)?;
            lines.retain(Line::is_open);
            for office in Loaded::offices(&lines) {
                let own = lines.iter().filter(|line| line.office() == office).count();
                for rung in rungs(reference, Ladder::Report, due, today) {
                    let reason = report_reason(loaded.plan.id, *round, &office, rung);
                    let body = NoticeBody {
                        late: i64::try_from(own).ok(),
                        due_on: Some(due.to_string()),
                        name: Some(loaded.plan.title.clone()),
                        plan: Some(loaded.plan.id.0),
                        act: Some(rung.code.clone()),
                        ..NoticeBody::default()
                    };
                    let (unit, body) = addressed(rung, &office, &loaded.plan.office, body);
                    let notice = self.supervision_notice(actor, &unit, round.period, &body);
                    claims.insert(reason, notice);
                }
            }
        }
        Ok(())
    }
}

/// What a step over reports of an office in a round is claimed by.
fn report_reason(plan: PlanId, round: Round, office: &Office, rung: &Rung) -> String {
    format!(
        "report {} {} {} {} {} {}",
        plan.0,
        round.period,
        round.due_on,
        office.unit.as_str(),
        office.department.map_or(0, |id| id.0),
        rung.code
    )
}

/// What a step over a letter that is to be answered by a day is claimed by.
fn letter_reason(key: &LetterKey, due: Date, rung: &Rung) -> String {
    let unit = key.unit.as_str();
    format!("letter {unit} {} {} {due} {}", key.year, key.seq, rung.code)
}

/// A step of the ladder that fired.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionStepView)]
pub struct StepView {
    /// Its code in the rules: soon, due, missed, `letter_late` and so on.
    pub code: String,
    /// Whom it was meant for: a role; none for the office as a whole.
    pub who: Option<&'static str>,
    /// When, in milliseconds since 1970.
    pub at: i64,
}

impl App {
    /// The steps that fired over reports of an office in a round, oldest first.
    pub(super) async fn steps_of_report(
        &self,
        reference: &Reference,
        plan: PlanId,
        round: Round,
        office: &Office,
    ) -> Result<Vec<StepView>, AppError> {
        let all = ladder(reference, Ladder::Report);
        let reasons = all.map(|rung| (report_reason(plan, round, office, rung), rung));
        self.steps_fired(reasons.collect()).await
    }

    /// The steps that fired over a letter that was to be answered by some days, oldest first.
    pub(super) async fn steps_of_letter(
        &self,
        reference: &Reference,
        key: &LetterKey,
        dues: &BTreeSet<Date>,
    ) -> Result<Vec<StepView>, AppError> {
        let all = ladder(reference, Ladder::Letter);
        let of_due = all.flat_map(|rung| {
            dues.iter()
                .map(move |due| (letter_reason(key, *due, rung), rung))
        });
        self.steps_fired(of_due.collect()).await
    }

    async fn steps_fired(&self, rungs: HashMap<String, &Rung>) -> Result<Vec<StepView>, AppError> {
        let reasons: Vec<String> = rungs.keys().cloned().collect();
        let mut fired = supervision::supervision_fired_list(&self.db, &reasons).await?;
        let order = |reason: &String| rungs.get(reason).map_or(0, |rung| rung.after);
        fired.sort_by_key(|row| (row.at, order(&row.reason)));
        let step = |row: supervision::FiredRow| {
            let rung = rungs.get(&row.reason)?;
            Some(StepView {
                code: rung.code.clone(),
                who: rung.who.map(|role| role.word()),
                at: row.at,
            })
        };
        Ok(fired.into_iter().filter_map(step).collect())
    }
}

/// The steps of a ladder.
fn ladder(reference: &Reference, of: Ladder) -> impl Iterator<Item = &Rung> {
    let all = reference.supervision.rungs.iter();
    all.filter(move |rung| rung.of == of)
}

/// The steps that are to be sent today for something that is due on a day.
fn rungs(reference: &Reference, of: Ladder, due: Date, today: Date) -> impl Iterator<Item = &Rung> {
    ladder(reference, of).filter(move |rung| {
        let come = fires_on(&reference.calendar, due, rung.after).is_some_and(|day| day <= today);
        come && (rung.after > 0 || today <= due)
    })
}

/// The unit a step is sent to, and its notice with whom it is for.
fn addressed(rung: &Rung, lead: &Office, plan: &Office, body: NoticeBody) -> (String, NoticeBody) {
    let office = match rung.at {
        Place::Lead => lead,
        Place::Plan => plan,
    };
    let body = NoticeBody {
        department: office.department.map(|id| id.0),
        who: rung.who.map(|role| role.word().to_owned()),
        ..body
    };
    (office.unit.as_str().to_owned(), body)
}
