//! A round with its figures (督查通报), and issuing its bulletin, which closes it.
//!
//! What a reader would get wrong: a bulletin that was issued is read as it was kept; one that is not
//! is computed from the acts each time it is looked at.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::organisation::Action;
use gangmu_domain::plans::{Office, PlanId};
use gangmu_domain::supervision::{Item, Round, State, ranks, shares};
use gangmu_store::StoreError;
use gangmu_store::supervision::{self, ClosedRow};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::load::{Line, Loaded, Suggested};
use super::{may_report, may_supervise};
use crate::actor::refused;
use crate::error::AppError;
use crate::plans::OfficeView;
use crate::{Actor, App, Reference};

/// A round of a plan with its figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BulletinView {
    /// The plan.
    pub plan_id: i64,
    /// What it is called.
    pub title: String,
    /// Whose it is.
    pub office: OfficeView,
    /// The version of the plan that is supervised.
    pub plan_version: u32,
    /// The month, 2026-01.
    pub period: String,
    /// The months of all rounds so far, newest first.
    pub periods: Vec<String>,
    /// The first day reports are taken.
    pub opens_on: String,
    /// The day they are due.
    pub due_on: String,
    /// The day the bulletin was issued; none while the round is open.
    pub closed_on: Option<String>,
    /// Tasks of the plan (工作任务).
    pub targets: usize,
    /// Items they are broken into (具体内容).
    pub items: usize,
    /// Items that are not reported on in this round; none once the bulletin is out.
    pub not_asked: usize,
    /// The five states: they add up to 100.0 %.
    pub states: Vec<ShareView>,
    /// The offices that lead, the best first.
    pub offices: Vec<BulletinOffice>,
    /// Reports that are missing.
    pub missing: usize,
    /// Reports that came, those of supervisors' interest first to be looked at.
    pub reported: usize,
    /// Of them, those a supervisor looked at.
    pub verified: usize,
    /// The items, as the plan prints them.
    pub lines: Vec<ItemRowView>,
    /// Whether the person may issue the bulletin now.
    pub may_close: bool,
    /// Whether the person supervises the plan.
    pub may_supervise: bool,
}

/// How many items stand so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionShareView)]
pub struct ShareView {
    /// ahead, `on_track`, behind, completed or other.
    pub state: &'static str,
    /// How many.
    pub count: i64,
    /// Their share in percent as printed, with one decimal.
    pub percent: String,
    /// Whether the share is not the nearest, so that all add up.
    pub fitted: bool,
}

/// An office in a bulletin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct BulletinOffice {
    /// The office.
    pub office: OfficeView,
    /// Its rank; those who are alike share one.
    pub rank: usize,
    /// Items it leads.
    pub items: i64,
    /// How many stand how, in the order ahead, `on_track`, behind, completed, other.
    pub counts: Vec<i64>,
    /// Reports that are missing.
    pub missing: i64,
    /// Reports that came late.
    pub late: i64,
}

/// An item in a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionItemRow)]
pub struct ItemRowView {
    /// The task's key.
    pub task: u32,
    /// The indicator's key; zero for the task itself.
    pub indicator: u32,
    /// The task's place in the plan, from 1.
    pub number: usize,
    /// The task.
    pub title: String,
    /// The indicator; empty for the task itself.
    pub name: String,
    /// Who answers for it.
    pub office: OfficeView,
    /// By when it is to be reached.
    pub due: String,
    /// Where it stands: ahead, `on_track`, behind, completed or other.
    pub state: String,
    /// How that is known: open, missing, reported, verified or carried.
    pub reporting: String,
    /// Whether a supervisor found something else than was reported.
    pub overruled: bool,
    /// Whether the last check on the spot found that not all was as reported.
    pub unsound: bool,
    /// What was reached when it was reported, with its unit.
    pub value: String,
    /// What should have been reached then, with its unit.
    pub expected: String,
    /// What was reported.
    pub text: String,
    /// Working days the report came late, or is missing since.
    pub late: i64,
    /// What the figures propose today; none where they say nothing, or the round is closed.
    pub proposed: Option<&'static str>,
    /// What is reached today, with its unit.
    pub value_now: String,
    /// Whether the person reports for it.
    pub mine: bool,
}

impl App {
    /// Shows a round of a plan under supervision; the newest when no month is named.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the plan may not be seen, is not supervised, or has no such round.
    pub async fn supervision_round(
        &self,
        actor: &Actor,
        id: PlanId,
        period: Option<Period>,
    ) -> Result<BulletinView, AppError> {
        let reference = self.reference().await?;
        let loaded = self.supervised(actor, &reference, id).await?;
        let round = loaded.round(period)?;
        let lines = loaded.lines(&reference, round, self.today())?;
        let open = !loaded.closed.contains_key(&round.period);
        let stands = match open {
            true => {
                let content = loaded.content();
                self.plan_stands_now(actor, &reference, &loaded.plan, content)
                    .await?
            }
            false => BTreeMap::new(),
        };
        let suggested = |line: &Line| match open {
            true => loaded.suggested(&reference, &stands, line.item(), self.today()),
            false => Suggested::default(),
        };
        let rows = lines
            .iter()
            .map(|line| ItemRowView::new(&reference, actor, line, suggested(line)))
            .collect();
        let view = BulletinView::new(&reference, &loaded, round, &lines, rows);
        let supervises = may_supervise(actor, &loaded.plan);
        Ok(BulletinView {
            may_close: supervises && open && self.today() > round.due_on,
            may_supervise: supervises,
            ..view
        })
    }

    /// Issues the bulletin of a round, which closes it.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor supervises the plan; [`AppError::State`]
    /// `supervision.refused.before_due` on or before the day reports are due,
    /// `supervision.refused.closed` when it is out already.
    pub async fn supervision_close(
        &self,
        actor: &Actor,
        id: PlanId,
        period: Period,
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let loaded = self.supervised_lock(&tx, actor, &reference, id).await?;
        if !may_supervise(actor, &loaded.plan) {
            return Err(refused(Action::Supervise));
        }
        let round = loaded.round(Some(period))?;
        if self.today() <= round.due_on {
            return Err(AppError::State {
                code: "supervision.refused.before_due",
                params: vec![round.due_on.to_string()],
            });
        }
        let lines = loaded.lines(&reference, round, self.today())?;
        let row = ClosedRow {
            plan: id,
            period,
            on: self.today(),
            at: self.now(),
            user: actor.user,
            body: serde_json::to_string(&lines).unwrap_or_default(),
        };
        match supervision::supervision_close(&tx, &row).await {
            Err(StoreError::Exists { .. }) => {
                return Err(AppError::state("supervision.refused.closed"));
            }
            other => other?,
        }
        let detail = json!({ "period": period.to_string(), "items": lines.len() });
        self.plan_audit(&tx, actor, "supervision_close", id, detail)
            .await?;
        tx.commit().await?;
        Ok(())
    }
}

impl BulletinView {
    pub(super) fn new(
        reference: &Reference,
        loaded: &Loaded,
        round: Round,
        lines: &[Line],
        rows: Vec<ItemRowView>,
    ) -> Self {
        let count = |reporting: &str| {
            lines
                .iter()
                .filter(|one| one.reporting == reporting)
                .count()
        };
        let mut tasks: Vec<u32> = lines.iter().map(|line| line.task).collect();
        tasks.dedup();
        let verified = count("verified");
        Self {
            plan_id: loaded.plan.id.0,
            title: loaded.plan.title.clone(),
            office: OfficeView::new(reference, &loaded.plan.office),
            plan_version: loaded.plan.version,
            period: round.period.to_string(),
            periods: {
                let months = loaded.rounds.iter().rev();
                months.map(|one| one.period.to_string()).collect()
            },
            opens_on: round.opens_on.to_string(),
            due_on: round.due_on.to_string(),
            closed_on: {
                let closed = loaded.closed.get(&round.period);
                closed.map(|one| one.on.to_string())
            },
            targets: tasks.len(),
            items: lines.len(),
            not_asked: match loaded.closed.contains_key(&round.period) {
                true => 0,
                false => {
                    let all = Item::all_of(loaded.content()).len();
                    all.saturating_sub(lines.len())
                }
            },
            states: shares(lines.iter().map(Line::state))
                .into_iter()
                .map(|share| ShareView {
                    state: share.state.word(),
                    count: share.count,
                    percent: gangmu_domain::money::fixed(share.tenths, 1),
                    fitted: share.fitted,
                })
                .collect(),
            offices: offices(reference, lines),
            missing: count("missing"),
            reported: count("reported") + verified,
            verified,
            lines: rows,
            may_close: false,
            may_supervise: false,
        }
    }
}

/// The offices that lead, the best first.
fn offices(reference: &Reference, lines: &[Line]) -> Vec<BulletinOffice> {
    let mut by: BTreeMap<Office, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        by.entry(line.office()).or_default().push(line);
    }
    let size = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let mut rows: Vec<BulletinOffice> = by
        .iter()
        .map(|(office, own)| {
            let count = |wanted: &dyn Fn(&Line) -> bool| {
                size(own.iter().filter(|line| wanted(line)).count())
            };
            BulletinOffice {
                office: OfficeView::new(reference, office),
                rank: 0,
                items: size(own.len()),
                counts: State::ALL
                    .iter()
                    .map(|state| count(&|line| line.state() == *state))
                    .collect(),
                missing: count(&|line| line.is_missing()),
                late: count(&|line| line.late > 0 && !line.is_missing()),
            }
        })
        .collect();
    let figures: Vec<(i64, i64, i64)> = rows
        .iter()
        .map(|row| {
            let of = |state: State| {
                let at = State::ALL.iter().position(|one| *one == state);
                at.and_then(|at| row.counts.get(at)).copied().unwrap_or(0)
            };
            let good = of(State::Ahead) + of(State::OnTrack) + of(State::Completed);
            (good, row.items, row.missing)
        })
        .collect();
    for (row, rank) in rows.iter_mut().zip(ranks(&figures)) {
        row.rank = rank;
    }
    // Offices come in their order; the sort keeps it among those who share a rank.
    rows.sort_by_key(|row| row.rank);
    rows
}

impl ItemRowView {
    pub(super) fn new(
        reference: &Reference,
        actor: &Actor,
        line: &Line,
        suggested: Suggested,
    ) -> Self {
        let office = line.office();
        Self {
            task: line.task,
            indicator: line.indicator,
            number: line.number,
            title: line.title.clone(),
            name: line.name.clone(),
            mine: may_report(actor, &office),
            office: OfficeView::new(reference, &office),
            due: line.due.clone(),
            state: line.state.clone(),
            reporting: line.reporting.clone(),
            overruled: line.overruled,
            unsound: line.unsound,
            value: line.value.clone(),
            expected: line.expected.clone(),
            text: line.text.clone(),
            late: line.late,
            proposed: suggested.proposal.map(|one| one.state.word()),
            value_now: suggested.value,
        }
    }
}
