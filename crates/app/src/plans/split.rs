//! Breaking a target down: by office and by month, by hand or in proportion to a figure, so that the
//! parts always add up.

use gangmu_domain::Period;
use gangmu_domain::metrics::{Cut, Edition, Measure};
use gangmu_domain::organisation::{Action, DepartmentId, Scope, UnitPath};
use gangmu_domain::plans::{
    Axis, Indicator, Office, PlanId, Quantity, Share, Step, Wrong, apportion,
};

use super::input::{OfficeInput, Reading};
use crate::error::{AppError, Message, OrNotFound};
use crate::{Actor, App, Reference};

/// How a target is broken down by office (分解方式).
#[derive(Clone, Debug)]
pub enum Parts {
    /// By hand: all offices with amounts as typed, units and departments each the whole target.
    ByHand(Vec<(OfficeInput, String)>),
    /// Among the units below in proportion to a measure of the newest period; departments keep theirs.
    Units(Measure),
    /// Among the departments of the plan's unit likewise; units keep theirs.
    Departments(Measure),
    /// Not at all.
    None,
}

/// How a target is broken down by month.
#[derive(Clone, Debug)]
pub enum StepsBy {
    /// By hand: what is to be reached by the end of months, as typed.
    ByHand(Vec<(Period, String)>),
    /// In equal steps from the first month of the plan to the month it is due.
    Even,
    /// By hand, quarter by quarter: a month of each and how much comes in it, as typed.
    QuartersByHand(Vec<(Period, String)>),
    /// Over quarters, each by how many of its months lie in the plan.
    EvenQuarters,
    /// As investment came in in the year before.
    LastYear,
    /// Not at all.
    None,
}

impl App {
    /// Breaks a target down by office.
    ///
    /// # Errors
    /// [`AppError::Invalid`] `plans.flaw.does_not_add_up` when amounts typed do not add up to the
    /// target, and what else is wrong; nothing is changed then.
    pub async fn plan_shares_put(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        indicator: u32,
        parts: &Parts,
    ) -> Result<(), AppError> {
        self.draft_change(actor, id, edit, "shares", async |_, reference, draft| {
            let unit = draft.plan.office.unit.clone();
            let one = found(&mut draft.version.content.tasks, indicator)?;
            match parts {
                Parts::None => one.shares.clear(),
                Parts::ByHand(typed) => one.shares = shares_typed(reference, one, typed)?,
                Parts::Units(measure) => {
                    let weights = self.unit_weights(actor, reference, &unit, *measure).await?;
                    put_along(one, Axis::Units, shares_of(one, weights)?);
                }
                Parts::Departments(measure) => {
                    let weights = self
                        .department_weights(actor, reference, &unit, *measure)
                        .await?;
                    put_along(one, Axis::Departments, shares_of(one, weights)?);
                }
            }
            refuse_parts(one, "shares")
        })
        .await
    }

    /// Breaks a target down by month.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the last month's amount is not the target, and what else is wrong.
    pub async fn plan_steps_put(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        indicator: u32,
        by: &StepsBy,
    ) -> Result<(), AppError> {
        self.draft_change(actor, id, edit, "steps", async |_, reference, draft| {
            let (from, unit) = (draft.plan.from, draft.plan.office.unit.clone());
            let one = found(&mut draft.version.content.tasks, indicator)?;
            let months = months(from, one.due);
            one.steps = match by {
                StepsBy::None => Vec::new(),
                StepsBy::ByHand(typed) => steps_typed(reference, one, typed)?,
                StepsBy::Even => {
                    let weights = vec![1; months.len()];
                    steps_of(one, &months, &weights)?
                }
                StepsBy::QuartersByHand(typed) => quarters_typed(reference, one, &months, typed)?,
                StepsBy::EvenQuarters => {
                    let quarters = quarters(&months);
                    let ends: Vec<Period> = quarters.iter().map(|(end, _)| *end).collect();
                    let weights: Vec<i64> = quarters.iter().map(|(_, months)| *months).collect();
                    steps_of(one, &ends, &weights)?
                }
                StepsBy::LastYear => {
                    let weights = self.last_year(actor, &unit, &months).await?;
                    steps_of(one, &months, &weights)?
                }
            };
            refuse_parts(one, "steps")
        })
        .await
    }

    async fn unit_weights(
        &self,
        actor: &Actor,
        reference: &Reference,
        unit: &UnitPath,
        measure: Measure,
    ) -> Result<Vec<(Office, i64)>, AppError> {
        let scope = figures_of(actor, unit)?;
        let period = self.period_or_newest(None).await?;
        let children = reference.children(unit);
        let paths: Vec<UnitPath> = children.iter().map(|one| one.path.clone()).collect();
        let cells = self
            .cells(&scope, Edition::Current, period, Cut::Total, &paths)
            .await?;
        let weight = |path: &UnitPath| {
            let cell = cells.get(&(path.as_str().to_owned(), String::new()));
            cell.map_or(0, |measures| measures.get(measure))
        };
        let weighed = paths.iter().map(|path| {
            let office = Office {
                unit: path.clone(),
                department: None,
            };
            (office, weight(path))
        });
        Ok(weighed.collect())
    }

    async fn department_weights(
        &self,
        actor: &Actor,
        reference: &Reference,
        unit: &UnitPath,
        measure: Measure,
    ) -> Result<Vec<(Office, i64)>, AppError> {
        let scope = figures_of(actor, unit)?;
        let period = self.period_or_newest(None).await?;
        let cells = self
            .cells_by_department(&scope, Edition::Current, period)
            .await?;
        let weighed = reference.departments.iter().map(|one| {
            let office = Office {
                unit: unit.clone(),
                department: Some(DepartmentId(one.department_id)),
            };
            let cell = cells.get(&one.department_id);
            (office, cell.map_or(0, |measures| measures.get(measure)))
        });
        Ok(weighed.collect())
    }

    /// What came in in each of these months a year before.
    async fn last_year(
        &self,
        actor: &Actor,
        unit: &UnitPath,
        months: &[Period],
    ) -> Result<Vec<i64>, AppError> {
        let scope = figures_of(actor, unit)?;
        let mut weights = Vec::with_capacity(months.len());
        for month in months {
            let measures = self
                .total(&scope, month.year_before(), Edition::Current)
                .await?;
            weights.push(measures.get(Measure::MonthInvestment).max(0));
        }
        Ok(weights)
    }
}

/// The figures of a unit, as far as a person may see them.
fn figures_of(actor: &Actor, unit: &UnitPath) -> Result<Scope, AppError> {
    let scope = actor.grant(Action::Read)?.scope;
    scope.within(unit).or_not_found("unit")
}

fn found(tasks: &mut [gangmu_domain::plans::Task], key: u32) -> Result<&mut Indicator, AppError> {
    let mut all = tasks.iter_mut().flat_map(|task| &mut task.indicators);
    all.find(|one| one.key == key).or_not_found("indicator")
}

fn shares_typed(
    reference: &Reference,
    one: &Indicator,
    typed: &[(OfficeInput, String)],
) -> Result<Vec<Share>, AppError> {
    let mut reading = Reading::new(reference);
    let mut shares = Vec::with_capacity(typed.len());
    for (office, text) in typed {
        let office = reading.office(office, "shares");
        let quantity = reading.quantity(&one.unit, text, "shares");
        if let (Some(office), Some(quantity)) = (office, quantity) {
            shares.push(Share { office, quantity });
        }
    }
    reading.done(Some(shares))
}

/// Puts parts in the place of those along the same line; the other line keeps its own.
fn put_along(one: &mut Indicator, axis: Axis, shares: Vec<Share>) {
    one.shares.retain(|share| Axis::of(&share.office) != axis);
    one.shares.extend(shares);
}

/// Shares a target out; who has no weight gets no part.
fn shares_of(one: &Indicator, mut weights: Vec<(Office, i64)>) -> Result<Vec<Share>, AppError> {
    if !one.adds_up() {
        return Err(AppError::invalid("plans.share_of_a_share", "shares"));
    }
    weights.retain(|(_, weight)| *weight > 0);
    let plain: Vec<i64> = weights.iter().map(|(_, weight)| *weight).collect();
    let parts = apportion_units(one, one.target, &plain);
    let parts = parts.ok_or_else(|| AppError::invalid("plans.nothing_to_go_by", "shares"))?;
    Ok(weights
        .into_iter()
        .zip(parts)
        .map(|((office, _), quantity)| Share { office, quantity })
        .collect())
}

/// Shares a target out in grains people would write: whole units where the target is whole, else
/// hundredths of a unit.
fn apportion_units(one: &Indicator, target: Quantity, weights: &[i64]) -> Option<Vec<Quantity>> {
    let unit = one.unit.grains();
    let coarse = [unit, (unit / 100).max(1), 1];
    let grain = coarse.into_iter().find(|grain| target.0 % grain == 0)?;
    let parts = apportion(target.0 / grain, weights)?;
    let quantities = parts
        .into_iter()
        .map(|part| part.checked_mul(grain).map(Quantity));
    quantities.collect()
}

fn months(from: jiff::civil::Date, due: jiff::civil::Date) -> Vec<Period> {
    let (Some(mut at), Some(last)) = (Period::of(from), Period::of(due)) else {
        return Vec::new();
    };
    let mut months = Vec::new();
    // Ten years of months are more than any plan has.
    while at <= last && months.len() < 120 {
        months.push(at);
        at = at.next();
    }
    months
}

fn quarter_of(month: Period) -> (i16, i8) {
    (month.year(), (month.month() - 1) / 3)
}

/// The quarters that months lie in: the last of its months, and how many there are.
fn quarters(months: &[Period]) -> Vec<(Period, i64)> {
    let mut all: Vec<(Period, i64)> = Vec::new();
    for month in months {
        match all.last_mut() {
            Some((end, n)) if quarter_of(*end) == quarter_of(*month) => {
                *end = *month;
                *n += 1;
            }
            _ => all.push((*month, 1)),
        }
    }
    all
}

/// Adds up what was typed for each quarter; all of it has to be the target, to the grain.
fn quarters_typed(
    reference: &Reference,
    one: &Indicator,
    months: &[Period],
    typed: &[(Period, String)],
) -> Result<Vec<Step>, AppError> {
    if !one.adds_up() {
        return Err(AppError::invalid("plans.quarters_of_a_share", "steps"));
    }
    let mut reading = Reading::new(reference);
    let all = quarters(months);
    let mut amounts = vec![Quantity(0); all.len()];
    for (month, text) in typed {
        let mut ends = all.iter().map(|(end, _)| *end);
        let at = ends.position(|end| quarter_of(end) == quarter_of(*month));
        match at.and_then(|at| amounts.get_mut(at)) {
            None => reading.told("plans.outside_plan", "steps", &[&month.to_string()]),
            Some(amount) => {
                if let Some(quantity) = reading.quantity(&one.unit, text, "steps") {
                    *amount = quantity;
                }
            }
        }
    }
    let amounts = reading.done(Some(amounts))?;
    let sum = Quantity::sum(amounts.iter().copied());
    if sum != Some(one.target) {
        let printed = sum.map_or_else(|| "—".to_owned(), |sum| one.unit.print(sum));
        return Err(AppError::Invalid {
            messages: vec![Message::new(
                "plans.quarters_do_not_add_up",
                "steps",
                [printed, one.unit.print(one.target)],
            )],
        });
    }
    Ok(added_up(0, all.into_iter().map(|(end, _)| end), amounts))
}

/// What is to be reached by the end of each month, from where it starts.
fn added_up(
    start: i64,
    months: impl Iterator<Item = Period>,
    parts: impl IntoIterator<Item = Quantity>,
) -> Vec<Step> {
    let mut sum = start;
    let steps = months.zip(parts).map(|(period, part)| {
        sum = sum.saturating_add(part.0);
        Step {
            period,
            quantity: Quantity(sum),
        }
    });
    steps.collect()
}

/// Adds parts up to what is to be reached by the end of each month, from the baseline on for a
/// share, from nothing on for an amount.
fn steps_of(one: &Indicator, months: &[Period], weights: &[i64]) -> Result<Vec<Step>, AppError> {
    let start = match one.adds_up() {
        true => Quantity(0),
        false => one.baseline.unwrap_or_default(),
    };
    let whole = Quantity(one.target.0 - start.0);
    let parts = apportion_units(one, whole, weights);
    let parts = parts.ok_or_else(|| AppError::invalid("plans.nothing_to_go_by", "steps"))?;
    Ok(added_up(start.0, months.iter().copied(), parts))
}

fn steps_typed(
    reference: &Reference,
    one: &Indicator,
    typed: &[(Period, String)],
) -> Result<Vec<Step>, AppError> {
    let mut reading = Reading::new(reference);
    let mut steps: Vec<Step> = Vec::with_capacity(typed.len());
    for (period, text) in typed {
        if let Some(quantity) = reading.quantity(&one.unit, text, "steps") {
            steps.push(Step {
                period: *period,
                quantity,
            });
        }
    }
    steps.sort_by_key(|step| step.period);
    steps.dedup_by_key(|step| step.period);
    reading.done(Some(steps))
}

/// Refuses parts by office or by month that do not add up; the other ones are not what was typed.
fn refuse_parts(one: &Indicator, field: &str) -> Result<(), AppError> {
    let messages: Vec<Message> = one
        .parts_flaws()
        .into_iter()
        .filter(|wrong| matches!(wrong, Wrong::StepsEnd { .. }) == (field == "steps"))
        .map(|wrong| Message::new(wrong.code(), field, wrong.params()))
        .collect();
    match messages.is_empty() {
        true => Ok(()),
        false => Err(AppError::Invalid { messages }),
    }
}
