//! What indicators stand at: linked ones read from the totals, derived ones worked out, reported
//! ones as they were handed in; their course and where they are going.
//!
//! What a reader would get wrong: nothing here is stored. What a link named and no longer exists
//! gives no number and says so; what lies outside what a person may see gives none either.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;

use gangmu_domain::metrics::{Cut, Edition, Measures};
use gangmu_domain::organisation::{Action, DepartmentSet, Scope};
use gangmu_domain::pipeline::Stage;
use gangmu_domain::plans::{
    Content, Forecast, ForecastMethod, Formula, Fraction, Growth, Indicator, Link, Metric, PlanId,
    Point, Quantity, Source, forecast,
};
use gangmu_domain::{Period, Yuan};
use gangmu_store::library::{self, ListBasis, ListFilter, Moved};
use gangmu_store::plans::{PlanRow, ValueRow};
use gangmu_store::{dispatch, plans};
use jiff::civil::Date;

use super::history::{Held, Part, held_at_ends};
use super::is_known;
use crate::clock::instant_of;
use crate::error::AppError;
use crate::{Actor, App, Reference};

/// How many months back a course is shown: this year and the one before.
const MONTHS: usize = 24;

/// Why an indicator has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Blank {
    /// Nothing was handed in yet, or there are no figures.
    Nothing,
    /// The metric, or what it is narrowed to, does not exist any more.
    Gone,
    /// It is made of figures the person may not see.
    Hidden,
    /// A formula cannot be worked out: a value is missing, or something is divided by zero.
    NotWorkable,
}

impl Blank {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Gone => "gone",
            Self::Hidden => "hidden",
            Self::NotWorkable => "not_workable",
        }
    }
}

/// What an indicator stands at.
#[derive(Clone, Debug)]
pub(crate) struct Stands {
    pub value: Result<Quantity, Blank>,
    /// The day it was true.
    pub on: Date,
    /// The month it belongs to, where it is one of the dispatch.
    pub period: Option<Period>,
    /// Values at the end of months, oldest first.
    pub course: Vec<Point>,
    pub forecast: Option<Forecast>,
    /// What was handed in, oldest first.
    pub handed_in: Vec<ValueRow>,
}

/// A plan's version whose indicators are read.
pub(super) struct Measured<'a> {
    pub plan: PlanId,
    /// Since when the plan runs.
    pub from: Date,
    pub content: &'a Content,
}

impl<'a> Measured<'a> {
    fn new(plan: &PlanRow, content: &'a Content) -> Self {
        Self {
            plan: plan.id,
            from: plan.from,
            content,
        }
    }
}

type CellKey = (String, Option<i64>, Cut, Period);

/// Reads values, each total once.
struct Figures<'a> {
    app: &'a App,
    actor: &'a Actor,
    reference: &'a Reference,
    periods: Vec<Period>,
    reach: Reach,
    cells: BTreeMap<CellKey, BTreeMap<String, Measures>>,
    /// By unit and the month from whose end on.
    moved: BTreeMap<(String, Period), Vec<Moved>>,
}

/// How far back the figures of the dispatch are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    /// All months a course is shown of.
    Course,
    /// The newest month with any.
    Newest,
}

impl App {
    /// Reads what every indicator of several plans' versions in force stands at now, without course
    /// and forecast.
    pub(super) async fn plans_stand(
        &self,
        actor: &Actor,
        reference: &Reference,
        plans: &[Measured<'_>],
    ) -> Result<BTreeMap<PlanId, BTreeMap<u32, Stands>>, AppError> {
        let mut figures = self.plan_figures(actor, reference, Reach::Newest).await?;
        let mut all = BTreeMap::new();
        for one in plans {
            all.insert(one.plan, figures.of_plan(one).await?);
        }
        Ok(all)
    }

    /// Reads what every indicator of a content stands at.
    pub(crate) async fn plan_stands(
        &self,
        actor: &Actor,
        reference: &Reference,
        plan: &PlanRow,
        content: &Content,
    ) -> Result<BTreeMap<u32, Stands>, AppError> {
        let mut figures = self.plan_figures(actor, reference, Reach::Course).await?;
        figures.of_plan(&Measured::new(plan, content)).await
    }

    /// The same without course and forecast.
    pub(crate) async fn plan_stands_now(
        &self,
        actor: &Actor,
        reference: &Reference,
        plan: &PlanRow,
        content: &Content,
    ) -> Result<BTreeMap<u32, Stands>, AppError> {
        let mut figures = self.plan_figures(actor, reference, Reach::Newest).await?;
        figures.of_plan(&Measured::new(plan, content)).await
    }

    async fn plan_figures<'a>(
        &'a self,
        actor: &'a Actor,
        reference: &'a Reference,
        reach: Reach,
    ) -> Result<Figures<'a>, AppError> {
        Ok(Figures {
            app: self,
            actor,
            reference,
            periods: self.periods_with_figures().await?,
            reach,
            cells: BTreeMap::new(),
            moved: BTreeMap::new(),
        })
    }

    /// The periods there are figures of, newest first.
    async fn periods_with_figures(&self) -> Result<Vec<Period>, AppError> {
        let rows = dispatch::period_list(&self.db).await?;
        Ok(rows.iter().map(|row| row.period).collect())
    }
}

impl Figures<'_> {
    async fn of_plan(
        &mut self,
        measured: &Measured<'_>,
    ) -> Result<BTreeMap<u32, Stands>, AppError> {
        let today = self.app.today();
        let content = measured.content;
        let mut handed_in = plans::plan_value_list(&self.app.db, measured.plan).await?;
        let mut all = BTreeMap::new();
        for (_, one) in content.indicators() {
            let stands = match &one.source {
                Source::Linked(link) => self.linked(one, link, measured.from).await?,
                Source::Reported => {
                    let values = handed_in.remove(&one.key).unwrap_or_default();
                    reported(values, today)
                }
                // They wait until the others are there.
                Source::Derived(_) => continue,
            };
            all.insert(one.key, stands);
        }
        for (_, one) in content.indicators() {
            if matches!(one.source, Source::Derived(_)) {
                let stands = derived(one, content, &all, today);
                all.insert(one.key, stands);
            }
        }
        Ok(all)
    }

    /// Reads a linked indicator up to the month it is due: what comes after is of the next target.
    async fn linked(
        &mut self,
        one: &Indicator,
        link: &Link,
        from: Date,
    ) -> Result<Stands, AppError> {
        let today = self.app.today();
        let blank = |why| Stands {
            value: Err(why),
            on: today,
            period: None,
            course: Vec::new(),
            forecast: None,
            handed_in: Vec::new(),
        };
        let Some(metric) = Metric::from_word(&link.metric) else {
            return Ok(blank(Blank::Gone));
        };
        if !is_known(self.reference, link) {
            return Ok(blank(Blank::Gone));
        }
        let Some(scope) = seen(self.actor, link) else {
            return Ok(blank(Blank::Hidden));
        };
        let (Some(due), Some(from)) = (Period::of(one.due), Period::of(from)) else {
            return Ok(blank(Blank::Nothing));
        };
        let course = match metric.is_of_library() {
            true => self.library_course(&scope, metric, link, due).await?,
            false => self.dispatch_course(&scope, metric, link, due).await?,
        };
        // What grows from each January says nothing of a plan that was not there yet.
        let counts = |point: &&Point| metric.growth() != Growth::Yearly || point.period >= from;
        let Some(last) = course.last().filter(counts).copied() else {
            return Ok(Stands {
                course,
                ..blank(Blank::Nothing)
            });
        };
        // Once a later month is open, nothing is to come of the one it was due in.
        let settled = today > one.due && self.periods.iter().any(|period| *period > due);
        let mut ahead = forecast(&course, due, metric.growth());
        if let Some(ahead) = &mut ahead
            && ahead.method == ForecastMethod::Reached
            && today < one.due
        {
            ahead.method = ForecastMethod::Level;
        }
        Ok(Stands {
            value: Ok(last.quantity),
            on: match settled {
                true => one.due,
                false => last.period.last_day().min(today),
            },
            period: Some(last.period).filter(|_| !metric.is_of_library()),
            forecast: ahead,
            course,
            handed_in: Vec::new(),
        })
    }

    /// What the dispatch has of a metric, month by month.
    async fn dispatch_course(
        &mut self,
        scope: &Scope,
        metric: Metric,
        link: &Link,
        due: Period,
    ) -> Result<Vec<Point>, AppError> {
        let mut course = Vec::new();
        let within = self.periods.iter().filter(|period| **period <= due);
        for period in within.copied().take(MONTHS).collect::<Vec<_>>() {
            let measures = self.measures(scope, link, period).await?;
            if let Some(quantity) = metric.of(&measures, period).filter(|_| !measures.is_zero()) {
                course.push(Point { period, quantity });
                if self.reach == Reach::Newest {
                    break;
                }
            }
        }
        course.reverse();
        Ok(course)
    }

    async fn measures(
        &mut self,
        scope: &Scope,
        link: &Link,
        period: Period,
    ) -> Result<Measures, AppError> {
        let cut = Cut::from_word(&link.cut).unwrap_or(Cut::Total);
        let department = link.department.map(|id| id.0);
        let key = (link.unit.as_str().to_owned(), department, cut, period);
        if !self.cells.contains_key(&key) {
            let units = [scope.unit.clone()];
            let read = self
                .app
                .cells(scope, Edition::Current, period, cut, &units)
                .await?;
            let mut members: BTreeMap<String, Measures> = BTreeMap::new();
            for ((_, member), measures) in read {
                *members.entry(member).or_default() += measures;
            }
            self.cells.insert(key.clone(), members);
        }
        let members = self.cells.get(&key);
        let mut sum = Measures::default();
        for member in self::members(self.reference, link) {
            let found = members.and_then(|members| members.get(&member));
            sum += found.copied().unwrap_or_default();
        }
        Ok(sum)
    }
}

/// The part of the figures a link names, if a person may see all of it.
fn seen(actor: &Actor, link: &Link) -> Option<Scope> {
    let grants = actor.grants(Action::Read);
    let covering = grants.iter().any(|grant| {
        let departments = match (&grant.scope.departments, link.department) {
            (DepartmentSet::All, _) => true,
            (DepartmentSet::Only(ids), Some(id)) => ids.contains(&id),
            (DepartmentSet::Only(_), None) => false,
        };
        departments && grant.scope.reporter.is_none() && grant.scope.unit.contains(&link.unit)
    });
    covering.then(|| Scope {
        unit: link.unit.clone(),
        departments: match link.department {
            None => DepartmentSet::All,
            Some(id) => DepartmentSet::Only(vec![id]),
        },
        reporter: None,
    })
}

impl Figures<'_> {
    /// Counts the library's projects as they stand, narrowed as a link says; without a stage, those
    /// that are still in the pipeline.
    async fn library_now(&self, scope: &Scope, link: &Link) -> Result<Held, AppError> {
        let period = self.app.period_or_newest(None).await?;
        self.library_held(scope, link, ListBasis::Library(period))
            .await
    }

    async fn library_held(
        &self,
        scope: &Scope,
        link: &Link,
        basis: ListBasis,
    ) -> Result<Held, AppError> {
        let filter = narrowed(self.reference, link);
        let totals = library::project_totals(&self.app.db, scope, basis, &filter).await?;
        Ok(Held {
            projects: totals.projects,
            total: Yuan(totals.total_investment),
        })
    }

    /// What the library held at the ends of months, and holds today.
    async fn library_course(
        &mut self,
        scope: &Scope,
        metric: Metric,
        link: &Link,
        due: Period,
    ) -> Result<Vec<Point>, AppError> {
        let Some(this_month) = Period::of(self.app.today()) else {
            return Ok(Vec::new());
        };
        let now = self.library_now(scope, link).await?;
        let mut held = Vec::new();
        if this_month <= due {
            held.push((this_month, now));
        }
        if self.reach == Reach::Course || held.is_empty() {
            let before = |month: &Period| Some(month.previous());
            let months = iter::successors(Some(this_month.previous().min(due)), before);
            let most = match self.reach {
                Reach::Course => MONTHS - 1,
                Reach::Newest => 1,
            };
            let months: Vec<Period> = months.take(most).collect();
            let past = if Cut::from_word(&link.cut) == Some(Cut::Category) {
                self.listed_at_ends(scope, link, &months).await?
            } else {
                let reference = self.reference;
                let moved = self.moved(scope, &months).await?;
                let filter = &narrowed(reference, link);
                let part = Part { scope, filter };
                held_at_ends(reference, &part, now, moved, &months)
            };
            held.extend(past.into_iter().filter(|(month, _)| *month <= due));
        }
        held.reverse();
        // The library was not kept here yet.
        let nothing = |(_, held): &&(Period, Held)| held.projects == 0;
        let empty = held.iter().take_while(nothing).count();
        let empty = empty.min(held.len().saturating_sub(1));
        let points = held.into_iter().skip(empty).filter_map(|(period, held)| {
            let quantity = amount_of(metric, held)?;
            Some(Point { period, quantity })
        });
        Ok(points.collect())
    }

    /// What a category's part of the year's list held: a project has one in the months of the list
    /// only.
    async fn listed_at_ends(
        &self,
        scope: &Scope,
        link: &Link,
        months: &[Period],
    ) -> Result<Vec<(Period, Held)>, AppError> {
        let mut all = Vec::new();
        for month in months.iter().filter(|month| self.periods.contains(month)) {
            let held = self.library_held(scope, link, ListBasis::Period(*month));
            all.push((*month, held.await?));
        }
        Ok(all)
    }

    /// The projects of a unit that moved since the end of the earliest month.
    async fn moved(&mut self, scope: &Scope, months: &[Period]) -> Result<&[Moved], AppError> {
        let Some(first) = months.last() else {
            return Ok(&[]);
        };
        let unit = (scope.unit.as_str().to_owned(), *first);
        if !self.moved.contains_key(&unit) {
            let since = instant_of(first.next().first_day().at(0, 0, 0, 0));
            let read = library::place_history(&self.app.db, &scope.unit, since).await?;
            self.moved.insert(unit.clone(), read);
        }
        Ok(self.moved.get(&unit).map_or(&[], Vec::as_slice))
    }
}

fn amount_of(metric: Metric, held: Held) -> Option<Quantity> {
    metric.amount(match metric {
        Metric::LibraryInvestment => held.total.0,
        _ => held.projects,
    })
}

/// The list of projects a link names, within its unit and department.
fn narrowed(reference: &Reference, link: &Link) -> ListFilter {
    let active = Stage::ACTIVE.map(|stage| stage.word().to_owned()).to_vec();
    let mut filter = ListFilter {
        stages: active,
        ..ListFilter::default()
    };
    let members = members(reference, link);
    match Cut::from_word(&link.cut) {
        Some(Cut::Stage) => filter.stages = members,
        Some(Cut::Category) => filter.categories = members,
        Some(Cut::Investor) => filter.investors = members,
        Some(Cut::Industry) => filter.industries = members,
        // A link without a cut; `is_known` lets no other through.
        _ => {}
    }
    filter
}

/// The members a link is narrowed to; a section of industries stands for its divisions.
fn members(reference: &Reference, link: &Link) -> Vec<String> {
    let mut all = vec![link.member.clone()];
    if Cut::from_word(&link.cut) == Some(Cut::Industry) {
        let within = reference.industries.iter();
        let within = within.filter(|one| one.parent_code == link.member);
        all.extend(within.map(|one| one.code.clone()));
    }
    all
}

/// What was handed in, up to today.
fn reported(values: Vec<ValueRow>, today: Date) -> Stands {
    let mut course: Vec<Point> = Vec::new();
    for value in values.iter().filter(|value| value.on <= today) {
        let Some(period) = Period::of(value.on) else {
            continue;
        };
        course.retain(|point| point.period != period);
        course.push(Point {
            period,
            quantity: value.quantity,
        });
    }
    let last = values.iter().rfind(|value| value.on <= today);
    Stands {
        value: last.map(|value| value.quantity).ok_or(Blank::Nothing),
        on: last.map_or(today, |value| value.on),
        period: None,
        course,
        forecast: None,
        handed_in: values,
    }
}

/// Works a formula out over what the others stand at.
fn derived(
    one: &Indicator,
    content: &Content,
    others: &BTreeMap<u32, Stands>,
    today: Date,
) -> Stands {
    let mut on = today;
    let mut hidden = false;
    let now = |key: u32| others.get(&key)?.value.ok();
    let value = work_out(one.key, content, &now, &mut BTreeSet::new());
    for key in named(one) {
        if let Some(stands) = others.get(&key) {
            on = on.min(stands.on);
            hidden |= stands.value == Err(Blank::Hidden);
        }
    }
    let ahead = |key: u32| {
        let stands = others.get(&key)?;
        let ahead = stands.forecast.map(|one| one.quantity);
        ahead.or(stands.value.ok())
    };
    let told = others.values().any(|stands| stands.forecast.is_some());
    let method = named(one)
        .iter()
        .find_map(|key| others.get(key)?.forecast.map(|forecast| forecast.method));
    let to_come = work_out(one.key, content, &ahead, &mut BTreeSet::new()).filter(|_| told);
    let mut course = derived_course(one, content, others);
    let due = Period::of(one.due);
    course.retain(|point| due.is_some_and(|due| point.period <= due));
    if let (Some(due), Some(now), Some(last)) = (due, Period::of(today), course.last().copied())
        && now > due
    {
        // What comes after its day is of the next target.
        return Stands {
            value: Ok(last.quantity),
            on: one.due,
            period: None,
            course,
            forecast: Some(Forecast {
                quantity: last.quantity,
                method: ForecastMethod::Reached,
            }),
            handed_in: Vec::new(),
        };
    }
    Stands {
        value: value.ok_or(match hidden {
            true => Blank::Hidden,
            false => Blank::NotWorkable,
        }),
        on,
        period: None,
        course,
        forecast: to_come
            .zip(method)
            .map(|(quantity, method)| Forecast { quantity, method }),
        handed_in: Vec::new(),
    }
}

/// Works a formula out over what the others stood at, for each month of which all it takes is known.
/// What was handed in stands until something else is; what is computed has its own months.
fn derived_course(
    one: &Indicator,
    content: &Content,
    others: &BTreeMap<u32, Stands>,
) -> Vec<Point> {
    let stood = |key: u32, period: Period| {
        let (_, part) = content.indicator(key)?;
        let course = &others.get(&key)?.course;
        let point = match part.source {
            Source::Reported => course.iter().rfind(|point| point.period <= period),
            _ => course.iter().find(|point| point.period == period),
        };
        point.map(|point| point.quantity)
    };
    let mut made_of = BTreeSet::new();
    parts(one, content, &mut made_of);
    let months: BTreeSet<Period> = made_of
        .iter()
        .filter_map(|key| others.get(key))
        .flat_map(|stands| stands.course.iter().map(|point| point.period))
        .collect();
    let worked = months.into_iter().filter_map(|period| {
        let then = |key: u32| stood(key, period);
        let quantity = work_out(one.key, content, &then, &mut BTreeSet::new())?;
        Some(Point { period, quantity })
    });
    worked.collect()
}

/// Gathers what a formula is made of in the end.
fn parts(one: &Indicator, content: &Content, all: &mut BTreeSet<u32>) {
    for key in named(one) {
        if all.insert(key)
            && let Some((_, part)) = content.indicator(key)
        {
            parts(part, content, all);
        }
    }
}

fn named(one: &Indicator) -> Vec<u32> {
    let Source::Derived(text) = &one.source else {
        return Vec::new();
    };
    let formula = Formula::parse(text).ok();
    formula.map_or_else(Vec::new, |formula| {
        formula.indicators().into_iter().collect()
    })
}

/// Works a derived indicator out; `open` holds those being worked out, so that a formula that comes
/// back to itself, which no adopted plan has, gives nothing.
fn work_out(
    key: u32,
    content: &Content,
    now: &impl Fn(u32) -> Option<Quantity>,
    open: &mut BTreeSet<u32>,
) -> Option<Quantity> {
    let (_, one) = content.indicator(key)?;
    let Source::Derived(text) = &one.source else {
        return now(key);
    };
    if !open.insert(key) {
        return None;
    }
    let formula = Formula::parse(text).ok()?;
    let mut values: BTreeMap<u32, Fraction> = BTreeMap::new();
    for part in formula.indicators() {
        let quantity = work_out(part, content, now, open)?;
        let (_, of) = content.indicator(part)?;
        values.insert(part, Fraction::of(quantity, &of.unit)?);
    }
    open.remove(&key);
    let value = formula.value(&|part| values.get(&part).copied())?;
    value.quantity(&one.unit)
}
