//! Which plans are under supervision, and how their newest rounds stand.

use gangmu_domain::organisation::{Action, Scope};
use gangmu_domain::plans::PlanState;
use gangmu_domain::supervision::Round;
use gangmu_store::plans::{self, PlanFilter};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::{Line, Loaded, load_all};
use super::may_supervise;
use super::round::{BulletinView, ShareView};
use crate::error::AppError;
use crate::plans::OfficeView;
use crate::{Actor, App, Reference};

/// Plans under supervision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SupervisedPage {
    /// The plans, those that hang under none first.
    pub rows: Vec<SupervisedView>,
    /// Plans in force the person may put under supervision: number and title.
    pub candidates: Vec<(i64, String)>,
    /// Whether the person supervises anything.
    pub may_supervise: bool,
}

/// A plan under supervision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SupervisedView {
    /// The plan.
    pub plan_id: i64,
    /// What it is called.
    pub title: String,
    /// Whose it is.
    pub office: OfficeView,
    /// monthly or quarterly.
    pub rhythm: &'static str,
    /// The first month with a round.
    pub since: String,
    /// The last one.
    pub until: String,
    /// The edit, which the next change names.
    pub edit: i64,
    /// The month of the newest round; none before the first.
    pub period: Option<String>,
    /// The day its reports are due.
    pub due_on: String,
    /// The day its bulletin was issued; none while it is open.
    pub closed_on: Option<String>,
    /// Items of the plan.
    pub items: usize,
    /// Items that were reported on.
    pub reported: usize,
    /// Reports that are missing.
    pub missing: usize,
    /// Reports a supervisor looked at.
    pub verified: usize,
    /// The five states.
    pub states: Vec<ShareView>,
    /// Rounds before the newest whose bulletin is not out, newest first.
    pub earlier: Vec<OpenRoundView>,
    /// Whether the person supervises it.
    pub may_supervise: bool,
}

/// A round whose bulletin is not out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionOpenRound)]
pub struct OpenRoundView {
    /// Its month.
    pub period: String,
    /// The day its reports were due.
    pub due_on: String,
    /// Reports that are missing.
    pub missing: usize,
}

/// More plans than this nobody supervises on one page.
const MOST: i64 = 500;

impl App {
    /// Lists the plans under supervision that may be seen: those of one's own unit, of the units
    /// below and of those above.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn supervision_page(&self, actor: &Actor) -> Result<SupervisedPage, AppError> {
        let reference = self.reference().await?;
        let today = self.today();
        let rows = plans::plan_list(&self.db, &self.supervised_filter(actor)?).await?;
        let mut views = Vec::new();
        for loaded in load_all(&self.db, &reference, today, rows).await? {
            let supervises = may_supervise(actor, &loaded.plan);
            let round = loaded.rounds.last().copied();
            let lines: Vec<Line> = match round {
                Some(round) => loaded.lines(&reference, round, today)?,
                None => Vec::new(),
            };
            let figures = round
                .map(|round| BulletinView::new(&reference, &loaded, round, &lines, Vec::new()));
            let row = &loaded.row;
            views.push(SupervisedView {
                plan_id: loaded.plan.id.0,
                title: loaded.plan.title.clone(),
                office: OfficeView::new(&reference, &loaded.plan.office),
                rhythm: row.rhythms.usual.word(),
                since: row.since.to_string(),
                until: row.until.to_string(),
                edit: row.edit,
                period: round.map(|round| round.period.to_string()),
                due_on: round.map_or_else(String::new, |round| round.due_on.to_string()),
                closed_on: figures.as_ref().and_then(|one| one.closed_on.clone()),
                items: lines.len(),
                reported: figures.as_ref().map_or(0, |one| one.reported),
                missing: figures.as_ref().map_or(0, |one| one.missing),
                verified: figures.as_ref().map_or(0, |one| one.verified),
                states: figures.map_or_else(Vec::new, |one| one.states),
                earlier: earlier(&reference, &loaded, today)?,
                may_supervise: supervises,
            });
        }
        let may_supervise = actor.may(Action::Supervise);
        let candidates = match may_supervise {
            true => self.supervision_candidates(actor, &views).await?,
            false => Vec::new(),
        };
        Ok(SupervisedPage {
            rows: views,
            candidates,
            may_supervise,
        })
    }

    pub(super) fn supervised_filter(&self, actor: &Actor) -> Result<PlanFilter, AppError> {
        let scope: Scope = actor.grant(Action::Read)?.scope;
        Ok(PlanFilter {
            scope: Some(scope),
            state: Some(PlanState::Adopted),
            supervised: true,
            limit: MOST,
            ..PlanFilter::default()
        })
    }

    async fn supervision_candidates(
        &self,
        actor: &Actor,
        supervised: &[SupervisedView],
    ) -> Result<Vec<(i64, String)>, AppError> {
        let own = actor.grant(Action::Supervise)?.scope.unit;
        let reference = self.reference().await?;
        let code = reference.unit(&own).map(|unit| unit.code.clone());
        let mut titles = self.plan_titles(actor, code).await?;
        titles.retain(|(id, _)| supervised.iter().all(|one| one.plan_id != *id));
        Ok(titles)
    }
}

/// The rounds before the newest that nobody issued a bulletin of.
fn earlier(
    reference: &Reference,
    loaded: &Loaded,
    today: Date,
) -> Result<Vec<OpenRoundView>, AppError> {
    let before = loaded.rounds.iter().rev().skip(1);
    let open = before.filter(|round| !loaded.closed.contains_key(&round.period));
    let view = |round: &Round| {
        let lines = loaded.lines(reference, *round, today)?;
        Ok(OpenRoundView {
            period: round.period.to_string(),
            due_on: round.due_on.to_string(),
            missing: lines.iter().filter(|line| line.is_missing()).count(),
        })
    };
    open.map(view).collect()
}
