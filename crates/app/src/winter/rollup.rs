//! What winters add to the first quarter, by unit (开门红).
//!
//! What a reader would get wrong: the forecast of the first quarter takes what was really invested
//! in the months that have been opened for returns, by all projects, and for the months to come
//! what the winter plans say: nobody else builds then. A plan counts once it was handed in and as long
//! as it is not sent back (`Phase::counts`); what is still being written stands apart.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::metrics::{Cut, Edition, Measure};
use gangmu_domain::organisation::UnitPath;
use gangmu_domain::winter::Phase;
use gangmu_store::dispatch;
use gangmu_store::winter::{self, WinterFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::WinterQuery;
use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App};

/// A winter by unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterRollup {
    /// The year the season begins in.
    pub season: i16,
    /// The months of the first quarter that have been opened for returns: 2026-01.
    pub reported: Vec<String>,
    /// The unit itself first, then those directly below it.
    pub units: Vec<WinterUnitView>,
}

/// The winter of a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterUnitView {
    /// The unit.
    pub unit: UnitView,
    /// Projects being built, and those with a plan.
    pub projects: i64,
    /// Of them, those that build through winter.
    pub builds: i64,
    /// Of those, with a plan on file.
    pub filed: i64,
    /// Projects that rest.
    pub resting: i64,
    /// Projects nobody has said anything about.
    pub undecided: i64,
    /// People on site in winter.
    pub workers: i64,
    /// What is to be invested in winter by plans that were handed in, in yuan.
    pub planned: i64,
    /// The same by month.
    pub months: Vec<WinterMonthView>,
    /// What of it falls into the first quarter, in yuan.
    pub quarter_planned: i64,
    /// What plans that are still being written, or were sent back, would invest in the first quarter,
    /// in yuan; it counts nowhere.
    pub quarter_drafted: i64,
    /// What the projects that build in winter really invested in the first quarter, in yuan.
    pub quarter_actual: i64,
    /// What all projects really invested in the first quarter, in yuan.
    pub quarter_all: i64,
    /// What all projects will have invested in the first quarter as far as winter plans tell, in
    /// yuan: what was, and what is planned for the months to come.
    pub quarter_forecast: i64,
}

/// The first quarter of a unit (开门红).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterQuarterView {
    /// The unit.
    pub unit: UnitView,
    /// What winter plans that were handed in invest in the first quarter, in yuan.
    pub planned: i64,
    /// What all projects invested in it, in yuan.
    pub all: i64,
    /// What all projects will have invested in it as far as winter plans tell, in yuan.
    pub forecast: i64,
}

/// An amount in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterMonthView {
    /// 2026-01.
    pub period: String,
    /// Yuan.
    pub planned: i64,
}

impl App {
    /// Shows a winter by unit: one unit, and those directly below it. Of a query it takes the season
    /// and the unit; its other filters choose rows of the ledger and no figure here.
    ///
    /// # Errors
    /// When nothing may be read, or the unit lies outside what may be seen.
    pub async fn winter_rollup(
        &self,
        actor: &Actor,
        query: &WinterQuery,
    ) -> Result<WinterRollup, AppError> {
        let query = WinterQuery {
            season: query.season,
            unit: query.unit.clone(),
            ..WinterQuery::default()
        };
        let filter = self.winter_filter(actor, &query).await?;
        self.winter_sums(&filter, true).await
    }

    /// Shows what a winter adds to the first quarter by unit: one unit, and those directly below it.
    /// Costs as much as there are winter plans, however many projects are built.
    ///
    /// # Errors
    /// As [`Self::winter_rollup`].
    pub async fn winter_quarters(
        &self,
        actor: &Actor,
        season: i16,
        unit: Option<&str>,
    ) -> Result<Vec<WinterQuarterView>, AppError> {
        let query = WinterQuery {
            season: Some(season),
            unit: unit.map(str::to_owned),
            ..WinterQuery::default()
        };
        let filter = self.winter_filter(actor, &query).await?;
        let sums = self.winter_sums(&filter, false).await?;
        let quarter = |one: WinterUnitView| WinterQuarterView {
            unit: one.unit,
            planned: one.quarter_planned,
            all: one.quarter_all,
            forecast: one.quarter_forecast,
        };
        Ok(sums.units.into_iter().map(quarter).collect())
    }

    /// Adds a winter up; `counting` says whether projects are counted and what those that build
    /// really invested is added up, too.
    async fn winter_sums(
        &self,
        filter: &WinterFilter,
        counting: bool,
    ) -> Result<WinterRollup, AppError> {
        let (scope, season) = (&filter.scope, filter.season);
        let reference = self.reference().await?;
        let mut paths: Vec<UnitPath> = vec![scope.unit.clone()];
        let below = reference.children(&scope.unit);
        paths.extend(below.iter().map(|unit| unit.path.clone()));
        let quarter: Vec<Period> = (1..=3)
            .filter_map(|month| Period::new(season.saturating_add(1), month))
            .collect();
        let known = dispatch::period_list(&self.db).await?;
        let reported: Vec<Period> = quarter
            .iter()
            .copied()
            .filter(|month| known.iter().any(|row| row.period == *month))
            .collect();
        let mut units: Vec<WinterUnitView> = paths
            .iter()
            .map(|path| WinterUnitView::none(UnitView::new(&reference, path)))
            .collect();
        let counted = match counting {
            true => winter::winter_count(&self.db, filter).await?,
            false => Vec::new(),
        };
        for row in counted {
            let path = UnitPath::from_stored(row.unit_path.clone());
            for unit in within(&paths, &path, &mut units) {
                unit.count(Phase::from_word(&row.state), row.projects, row.workers);
            }
        }
        for sum in winter::winter_month_sum(&self.db, scope, season).await? {
            let (path, month) = place(&sum.unit_path, sum.period);
            let counts = Phase::from_word(&sum.state).is_some_and(Phase::counts);
            for unit in within(&paths, &path, &mut units) {
                match counts {
                    true => unit.plan(month, sum.amount, &quarter, &reported),
                    false => unit.draft(month, sum.amount, &quarter),
                }
            }
        }
        if let (true, Some(first), Some(last)) = (counting, quarter.first(), quarter.last()) {
            let span = (*first, *last);
            for sum in winter::winter_actual_sum(&self.db, scope, season, span).await? {
                let (path, _) = place(&sum.unit_path, sum.period);
                for unit in within(&paths, &path, &mut units) {
                    unit.quarter_actual = unit.quarter_actual.saturating_add(sum.amount);
                }
            }
        }
        for month in &reported {
            let cells = self
                .cells(scope, Edition::Current, *month, Cut::Total, &paths)
                .await?;
            for (path, unit) in paths.iter().zip(&mut units) {
                let key = (path.as_str().to_owned(), String::new());
                let all = cells
                    .get(&key)
                    .map_or(0, |one| one.get(Measure::MonthInvestment));
                unit.quarter_all = unit.quarter_all.saturating_add(all);
                unit.quarter_forecast = unit.quarter_forecast.saturating_add(all);
            }
        }
        Ok(WinterRollup {
            season,
            reported: reported.iter().map(Period::to_string).collect(),
            units,
        })
    }
}

fn place(unit: &str, period: i64) -> (UnitPath, Option<Period>) {
    let month = i32::try_from(period).ok().and_then(Period::from_number);
    (UnitPath::from_stored(unit.to_owned()), month)
}

/// The units a place belongs to.
fn within<'a>(
    paths: &'a [UnitPath],
    place: &'a UnitPath,
    units: &'a mut [WinterUnitView],
) -> impl Iterator<Item = &'a mut WinterUnitView> {
    let both = paths.iter().zip(units);
    both.filter(|(path, _)| path.contains(place))
        .map(|(_, unit)| unit)
}

impl WinterUnitView {
    fn none(unit: UnitView) -> Self {
        Self {
            unit,
            projects: 0,
            builds: 0,
            filed: 0,
            resting: 0,
            undecided: 0,
            workers: 0,
            planned: 0,
            months: Vec::new(),
            quarter_planned: 0,
            quarter_drafted: 0,
            quarter_actual: 0,
            quarter_all: 0,
            quarter_forecast: 0,
        }
    }

    fn count(&mut self, phase: Option<Phase>, projects: i64, workers: i64) {
        self.projects += projects;
        self.workers = self.workers.saturating_add(workers);
        match phase {
            Some(Phase::Resting) => self.resting += projects,
            Some(Phase::Undecided) | None => self.undecided += projects,
            Some(Phase::Filed | Phase::Stopped) => {
                self.builds += projects;
                self.filed += projects;
            }
            Some(_) => self.builds += projects,
        }
    }

    fn draft(&mut self, month: Option<Period>, amount: i64, quarter: &[Period]) {
        if month.is_some_and(|month| quarter.contains(&month)) {
            self.quarter_drafted = self.quarter_drafted.saturating_add(amount);
        }
    }

    fn plan(
        &mut self,
        month: Option<Period>,
        amount: i64,
        quarter: &[Period],
        reported: &[Period],
    ) {
        self.planned = self.planned.saturating_add(amount);
        let Some(month) = month else { return };
        if quarter.contains(&month) {
            self.quarter_planned = self.quarter_planned.saturating_add(amount);
            if !reported.contains(&month) {
                self.quarter_forecast = self.quarter_forecast.saturating_add(amount);
            }
        }
        let mut months: BTreeMap<String, i64> = std::mem::take(&mut self.months)
            .into_iter()
            .map(|one| (one.period, one.planned))
            .collect();
        let sum = months.entry(month.to_string()).or_default();
        *sum = sum.saturating_add(amount);
        self.months = months
            .into_iter()
            .map(|(period, planned)| WinterMonthView { period, planned })
            .collect();
    }
}
