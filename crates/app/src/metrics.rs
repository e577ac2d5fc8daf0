//! Roll-ups: any unit, any cut, with rates, lights and the frozen year before.
//!
//! A roll-up reads cells; what it costs depends on the rows it prints. Only projects that are late for a
//! proper reason are read themselves, where the rules of the month know exemptions.

mod excuse;
mod lights;

use std::collections::{BTreeMap, VecDeque};

use gangmu_domain::metrics::{Cut, Edition, Light, Lit, Measure, Measures, Position, Rates};
use gangmu_domain::organisation::{Action, DepartmentId, Scope, UnitPath, department_name};
use gangmu_domain::{Period, Ratio, Yuan};
use gangmu_store::library::{ListBasis, ListFilter};
use gangmu_store::{dispatch, library, metrics};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App, Reference};

use excuse::{Excused, Late};

pub use excuse::{ExcuseEndView, ExcuseView};
pub use lights::{LightHistory, LightLine, LightMonth, MonthLit};

/// What a roll-up is broken down by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The units directly below, and the unit's own projects (本级).
    Unit,
    /// Departments.
    Department,
    /// GB/T 4754 divisions.
    Industry,
    /// Headings that divisions are printed under: the first of the report groupings (报告分组).
    Group,
    /// The year's categories.
    Category,
    /// Investor types.
    Investor,
    /// Stages.
    Stage,
}

impl By {
    /// All, in the order of the choice.
    pub const ALL: [Self; 7] = [
        Self::Unit,
        Self::Department,
        Self::Industry,
        Self::Group,
        Self::Category,
        Self::Investor,
        Self::Stage,
    ];

    /// Returns the stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unit => "unit",
            Self::Department => "department",
            Self::Industry => "industry",
            Self::Group => "group",
            Self::Category => "category",
            Self::Investor => "investor",
            Self::Stage => "stage",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.word() == word)
    }
}

/// A ratio with what it was made from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RatioView {
    /// What was reached.
    pub num: i64,
    /// What was planned; zero means there is no value.
    pub den: i64,
}

impl From<Ratio> for RatioView {
    fn from(ratio: Ratio) -> Self {
        Self {
            num: ratio.numerator,
            den: ratio.denominator,
        }
    }
}

impl RatioView {
    /// Returns the exact ratio.
    #[must_use]
    pub fn ratio(self) -> Ratio {
        Ratio::new(self.num, self.den)
    }
}

/// A light with what lit it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LightView {
    /// The light's word.
    pub light: &'static str,
    /// How the value was measured.
    pub basis: &'static str,
    /// The value in hundredths; null when there was nothing to measure.
    pub value: Option<i64>,
    /// Lowest value of the band, included.
    pub from: Option<i64>,
    /// First value above the band.
    pub below: Option<i64>,
    /// It would be lit red or yellow by that band, but is late for a proper reason (有正当理由).
    pub excused: bool,
}

impl From<Lit> for LightView {
    fn from(lit: Lit) -> Self {
        Self {
            light: lit.light.word(),
            basis: lit.basis.word(),
            value: lit.value,
            from: lit.band.and_then(|band| band.from),
            below: lit.band.and_then(|band| band.below),
            excused: lit.excused,
        }
    }
}

/// One row of a roll-up: measures, rates, light, and the year before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RollupRow {
    /// The member's code: a unit code, a division, a category word; empty for the total.
    pub key: String,
    /// Its name; words of lists have none and take theirs from the locales.
    pub name: String,
    /// Its English name; empty when there is none.
    pub name_en: String,
    /// Place in the ranking by completion rate, from 1; rows without a plan have none.
    pub rank: Option<usize>,
    /// The measures by word, money in yuan.
    pub measures: BTreeMap<&'static str, i64>,
    /// 开复工率.
    pub at_work_rate: RatioView,
    /// 开工率 of all new starts of the year.
    pub started_rate: RatioView,
    /// 开工率 of those due.
    pub started_due_rate: RatioView,
    /// 投资完成率.
    pub completion: RatioView,
    /// Completion less time progress, hundredths of a point.
    pub gap: Option<i64>,
    /// 月计划完成率.
    pub plan_to_date_rate: RatioView,
    /// 竣工率.
    pub completed_rate: RatioView,
    /// 资金到位率.
    pub funds_rate: RatioView,
    /// 报送率.
    pub reported_rate: RatioView,
    /// 手续办结率, 手续口径: not needed or granted ÷ all matters before the start.
    pub matters_rate: RatioView,
    /// 手续办结率, 项目口径: new starts with every matter through ÷ new starts.
    pub matters_through_rate: RatioView,
    /// The light of the completion rate, projects late for a proper reason left out.
    pub light: LightView,
    /// How many projects it leaves out for that.
    pub excused: i64,
    /// The same measures a year before, as published; null when there is no such period.
    pub year_before: Option<BTreeMap<&'static str, i64>>,
    /// Growth of investment to date over the year before: difference over base.
    pub year_on_year: Option<RatioView>,
}

/// A roll-up: a total and the rows it is made of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Rollup {
    /// The period, 2025-12.
    pub period: String,
    /// `current` or `published`.
    pub edition: &'static str,
    /// The unit.
    pub unit: UnitView,
    /// What it is broken down by.
    pub by: &'static str,
    /// The year's share that has passed.
    pub time_progress: RatioView,
    /// The total.
    pub total: RollupRow,
    /// The rows, in official order; those with figures only last year are among them.
    pub rows: Vec<RollupRow>,
}

/// What to roll up.
#[derive(Clone, Debug)]
pub struct RollupQuery {
    /// The period; the newest when absent.
    pub period: Option<Period>,
    /// The unit's code; the top of the scope when absent.
    pub unit: Option<String>,
    /// What to break down by.
    pub by: By,
    /// Which state of the figures.
    pub edition: Edition,
}

/// Keys with their measures, in order of display.
type Members = Vec<(String, Measures)>;

impl App {
    /// Rolls figures up.
    ///
    /// # Errors
    /// When nothing may be read, the unit is outside the scope, or the database fails.
    pub async fn rollup(&self, actor: &Actor, query: &RollupQuery) -> Result<Rollup, AppError> {
        let reference = self.reference().await?;
        let scope = self
            .scope_in(actor, Action::Read, query.unit.as_deref())
            .await?;
        let period = self.period_or_newest(query.period).await?;
        let before = period.year_before();
        let (total, members) = self
            .members(&reference, &scope, period, query.edition, query.by)
            .await?;
        let (total_before, members_before) = self
            .members(&reference, &scope, before, Edition::Published, query.by)
            .await?;
        let known_before = !total_before.is_zero();
        let excused = self
            .excused(&reference, &scope, period, query.edition, query.by)
            .await?;
        let context = RowContext {
            reference: &reference,
            period,
            by: query.by,
            unit: &scope.unit,
        };
        let mut rows: Vec<RollupRow> = side_by_side(members, members_before)
            .iter()
            .map(|(key, now, before)| {
                let before = known_before.then_some(before);
                context.row(key, now, before, excused.of(key))
            })
            .collect();
        rank(&mut rows);
        let total_name = reference.unit(&scope.unit);
        let before = known_before.then_some(&total_before);
        let mut total = context.row("", &total, before, excused.total);
        total.name = reference.unit_name(&scope.unit);
        total.name_en = total_name.map(|u| u.name_en.clone()).unwrap_or_default();
        Ok(Rollup {
            period: period.to_string(),
            edition: query.edition.word(),
            unit: UnitView::new(&reference, &scope.unit),
            by: query.by.word(),
            time_progress: RatioView::from(period.time_progress()),
            total,
            rows,
        })
    }

    /// Returns the total of a scope over the periods of its year up to this one, oldest first.
    ///
    /// # Errors
    /// When nothing may be read or the database fails.
    pub async fn rollup_course(
        &self,
        actor: &Actor,
        unit: Option<&str>,
        period: Period,
    ) -> Result<Vec<RollupRow>, AppError> {
        let reference = self.reference().await?;
        let scope = self.scope_in(actor, Action::Read, unit).await?;
        let mut course = Vec::new();
        let mut at = period.january();
        while at <= period {
            let total = self.total(&scope, at, Edition::Current).await?;
            let before = self
                .total(&scope, at.year_before(), Edition::Published)
                .await?;
            let context = RowContext {
                reference: &reference,
                period: at,
                by: By::Unit,
                unit: &scope.unit,
            };
            let excused = self
                .excused(&reference, &scope, at, Edition::Current, By::Unit)
                .await?;
            let before = (!before.is_zero()).then_some(&before);
            let mut row = context.row("", &total, before, excused.total);
            row.key = at.to_string();
            course.push(row);
            at = at.next();
        }
        Ok(course)
    }

    /// Reads the cells of some units along a cut, keyed by unit path and member.
    ///
    /// Cells know no reporters: who sees only their own projects gets the sum of those returns.
    pub(crate) async fn cells(
        &self,
        scope: &Scope,
        edition: Edition,
        period: Period,
        cut: Cut,
        units: &[UnitPath],
    ) -> Result<BTreeMap<(String, String), Measures>, AppError> {
        let departments = &scope.departments;
        if scope.reporter.is_none() {
            let read = metrics::cell_read(&self.db, edition, period, cut, units, departments);
            return Ok(read.await?);
        }
        let mut cells = BTreeMap::new();
        for position in self.own_positions(scope, edition, period).await? {
            for cell in position.entry.coordinates.cells(period) {
                if cell.cut == cut && cell.department == 0 && units.contains(&cell.unit) {
                    let key = (cell.unit.as_str().to_owned(), cell.member);
                    *cells.entry(key).or_insert_with(Measures::default) +=
                        position.measures(period);
                }
            }
        }
        Ok(cells)
    }

    pub(crate) async fn cells_by_department(
        &self,
        scope: &Scope,
        edition: Edition,
        period: Period,
    ) -> Result<BTreeMap<i64, Measures>, AppError> {
        let (unit, departments) = (&scope.unit, &scope.departments);
        if scope.reporter.is_none() {
            let read = metrics::cell_by_department(&self.db, edition, period, unit, departments);
            return Ok(read.await?);
        }
        let mut cells = BTreeMap::new();
        for position in self.own_positions(scope, edition, period).await? {
            if let Some(department) = position.entry.coordinates.department {
                *cells.entry(department.0).or_insert_with(Measures::default) +=
                    position.measures(period);
            }
        }
        Ok(cells)
    }

    /// Returns the positions a reporter's scope covers. What was published is not kept by project.
    async fn own_positions(
        &self,
        scope: &Scope,
        edition: Edition,
        period: Period,
    ) -> Result<Vec<Position>, AppError> {
        if edition == Edition::Published {
            return Ok(Vec::new());
        }
        let (basis, filter) = (ListBasis::Period(period), ListFilter::default());
        let ids = library::project_ids(&self.db, scope, basis, &filter).await?;
        let rows = dispatch::return_list_of(&self.db, &ids, period).await?;
        Ok(rows.into_iter().map(|row| row.position).collect())
    }

    /// Reads the total of a scope.
    pub(crate) async fn total(
        &self,
        scope: &Scope,
        period: Period,
        edition: Edition,
    ) -> Result<Measures, AppError> {
        let units = [scope.unit.clone()];
        let cells = self
            .cells(scope, edition, period, Cut::Total, &units)
            .await?;
        Ok(cells.into_values().fold(Measures::default(), |a, b| a + b))
    }

    async fn members(
        &self,
        reference: &Reference,
        scope: &Scope,
        period: Period,
        edition: Edition,
        by: By,
    ) -> Result<(Measures, Members), AppError> {
        let total = self.total(scope, period, edition).await?;
        let members = match by {
            By::Unit => {
                self.by_unit(reference, scope, period, edition, &total)
                    .await?
            }
            By::Department => {
                self.by_department(reference, scope, period, edition, &total)
                    .await?
            }
            By::Industry => self.by_cut(scope, period, edition, Cut::Industry).await?,
            By::Group => {
                let divisions = self.by_cut(scope, period, edition, Cut::Industry).await?;
                grouped(reference, divisions)
            }
            By::Category => self.by_cut(scope, period, edition, Cut::Category).await?,
            By::Investor => self.by_cut(scope, period, edition, Cut::Investor).await?,
            By::Stage => self.by_cut(scope, period, edition, Cut::Stage).await?,
        };
        Ok((total, members))
    }

    /// Children in official order; what is left of the total is the unit's own (本级).
    async fn by_unit(
        &self,
        reference: &Reference,
        scope: &Scope,
        period: Period,
        edition: Edition,
        total: &Measures,
    ) -> Result<Members, AppError> {
        let children = reference.children(&scope.unit);
        let paths: Vec<UnitPath> = children.iter().map(|unit| unit.path.clone()).collect();
        let cells = self
            .cells(scope, edition, period, Cut::Total, &paths)
            .await?;
        let mut own = *total;
        let mut members = Vec::new();
        for unit in children {
            let key = (unit.path.as_str().to_owned(), String::new());
            if let Some(measures) = cells.get(&key).filter(|m| !m.is_zero()) {
                own = own - *measures;
                members.push((unit.code.clone(), *measures));
            }
        }
        if !own.is_zero() {
            let code = scope.unit.codes().last().unwrap_or_default().to_owned();
            members.insert(0, (code, own));
        }
        Ok(members)
    }

    /// Departments in official order; what is left of the total has none.
    async fn by_department(
        &self,
        reference: &Reference,
        scope: &Scope,
        period: Period,
        edition: Edition,
        total: &Measures,
    ) -> Result<Members, AppError> {
        let cells = self.cells_by_department(scope, edition, period).await?;
        let mut rest = *total;
        let mut members = Vec::new();
        for department in &reference.departments {
            if let Some(measures) = cells
                .get(&department.department_id)
                .filter(|m| !m.is_zero())
            {
                rest = rest - *measures;
                members.push((department.code.clone(), *measures));
            }
        }
        if !rest.is_zero() {
            members.push((String::new(), rest));
        }
        Ok(members)
    }

    async fn by_cut(
        &self,
        scope: &Scope,
        period: Period,
        edition: Edition,
        cut: Cut,
    ) -> Result<Members, AppError> {
        let units = [scope.unit.clone()];
        let cells = self.cells(scope, edition, period, cut, &units).await?;
        let mut members: Members = cells
            .into_iter()
            .filter(|(_, measures)| !measures.is_zero())
            .map(|((_, member), measures)| (member, measures))
            .collect();
        members.sort_by_key(|(member, _)| order_of(cut, member));
        Ok(members)
    }
}

/// Adds divisions up under their headings, in the order they are printed; what no heading takes
/// comes last.
fn grouped(reference: &Reference, divisions: Members) -> Members {
    let grouping = reference.groupings.first();
    let mut sums: BTreeMap<String, Measures> = BTreeMap::new();
    for (division, measures) in divisions {
        *sums.entry(heading(reference, &division)).or_default() += measures;
    }
    let printed = grouping.iter().flat_map(|one| &one.groups);
    let order = printed
        .map(|group| group.code.clone())
        .chain([String::new()]);
    order
        .filter_map(|key| sums.remove(&key).map(|measures| (key, measures)))
        .collect()
}

/// The code of the heading a division is printed under; empty where none takes it.
fn heading(reference: &Reference, division: &str) -> String {
    let grouping = reference.groupings.first();
    let group = grouping.and_then(|one| one.group_of(division));
    group.map_or_else(String::new, |group| group.code.clone())
}

/// Puts the members of two years beside each other, both in official order. Who had figures only
/// last year has a row too, so that last year's column adds up to its total.
fn side_by_side(now: Members, before: Members) -> Vec<(String, Measures, Measures)> {
    let mut rows = Vec::with_capacity(now.len());
    let mut before: VecDeque<(String, Measures)> = before.into();
    for (key, measures) in now {
        let Some(at) = before.iter().position(|(other, _)| *other == key) else {
            rows.push((key, measures, Measures::default()));
            continue;
        };
        let gone = before.drain(..at);
        rows.extend(gone.map(|(key, old)| (key, Measures::default(), old)));
        let old = before
            .pop_front()
            .map_or_else(Measures::default, |(_, old)| old);
        rows.push((key, measures, old));
    }
    let gone = before.into_iter();
    rows.extend(gone.map(|(key, old)| (key, Measures::default(), old)));
    rows
}

/// Words of lists stand in the list's order, codes in their own; the unknown comes last.
fn order_of(cut: Cut, member: &str) -> (usize, String) {
    use gangmu_domain::pipeline::{Category, Stage};
    let at = match cut {
        Cut::Category => Category::ALL.iter().position(|c| c.word() == member),
        Cut::Stage => Stage::ALL.iter().position(|s| s.word() == member),
        Cut::Industry | Cut::Investor | Cut::Total => (!member.is_empty()).then_some(0),
    };
    (at.unwrap_or(usize::MAX), member.to_owned())
}

struct RowContext<'a> {
    reference: &'a Reference,
    period: Period,
    by: By,
    unit: &'a UnitPath,
}

impl RowContext<'_> {
    fn row(
        &self,
        key: &str,
        measures: &Measures,
        before: Option<&Measures>,
        excused: Late,
    ) -> RollupRow {
        let rates = Rates::of(measures, self.period);
        let (name, name_en) = self.name(key);
        RollupRow {
            key: key.to_owned(),
            name,
            name_en,
            rank: None,
            measures: words(measures),
            at_work_rate: rates.at_work().into(),
            started_rate: rates.started_of_year().into(),
            started_due_rate: rates.started_of_due().into(),
            completion: rates.completion().into(),
            gap: rates.gap(),
            plan_to_date_rate: rates.plan_to_date().into(),
            completed_rate: rates.completed().into(),
            funds_rate: rates.funds().into(),
            reported_rate: rates.reported().into(),
            matters_rate: rates.matters_done().into(),
            matters_through_rate: rates.matters_through().into(),
            light: self.progress(measures, excused),
            excused: excused.projects,
            year_before: before.map(words),
            year_on_year: before.map(|before| rates.year_on_year(before).into()),
        }
    }

    /// Lights the progress of investment by the rules of the month, without what is excused.
    fn progress(&self, measures: &Measures, excused: Late) -> LightView {
        let lit_by = *measures - excused.measures;
        let money = |measure| Yuan(lit_by.get(measure));
        let lit = self.reference.light_in(self.period).progress(
            money(Measure::YearToDate),
            money(Measure::AnnualPlan),
            money(Measure::PlanToDate),
            self.period.time_progress(),
        );
        lit.into()
    }

    fn name(&self, key: &str) -> (String, String) {
        let none = || (String::new(), String::new());
        match self.by {
            By::Unit => self.reference.unit_by_code(key).map_or_else(none, |unit| {
                let own = if unit.path == *self.unit {
                    "本级"
                } else {
                    ""
                };
                (format!("{}{own}", unit.short_name), unit.name_en.clone())
            }),
            By::Department => self
                .reference
                .department_by_any_name(key)
                .map_or_else(none, |d| {
                    let name = department_name(self.unit, &d.short_name);
                    (name.into_owned(), d.name_en.clone())
                }),
            By::Industry => self
                .reference
                .industry(key)
                .map_or_else(none, |i| (i.name.clone(), i.name_en.clone())),
            By::Group => self
                .reference
                .heading(key)
                .map_or_else(none, |group| (group.name.clone(), group.name_en.clone())),
            By::Category | By::Investor | By::Stage => none(),
        }
    }
}

fn words(measures: &Measures) -> BTreeMap<&'static str, i64> {
    Measure::ALL
        .iter()
        .map(|m| (m.word(), measures.get(*m)))
        .collect()
}

/// Ranks by exact completion rate; equal rates share a place.
fn rank(rows: &mut [RollupRow]) {
    let rates: Vec<(i128, i128)> = rows
        .iter()
        .filter(|row| row.completion.den > 0)
        .map(|row| {
            (
                i128::from(row.completion.num),
                i128::from(row.completion.den),
            )
        })
        .collect();
    for row in rows.iter_mut().filter(|row| row.completion.den > 0) {
        let (n, d) = (
            i128::from(row.completion.num),
            i128::from(row.completion.den),
        );
        let ahead = rates.iter().filter(|(a, b)| a * d > n * b).count();
        row.rank = Some(ahead + 1);
    }
}

/// Says which projects a light stands for, for links from a count of lights to its rows.
#[must_use]
pub fn light_from_word(word: &str) -> Option<Light> {
    Light::from_word(word)
}

/// Returns a department's number by its code, for links from a roll-up to its rows.
#[must_use]
pub fn department_number(reference: &Reference, code: &str) -> Option<i64> {
    if code.is_empty() {
        return Some(0);
    }
    reference
        .department_by_any_name(code)
        .map(|d| DepartmentId(d.department_id).0)
}
