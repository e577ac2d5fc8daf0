//! The history of lights: what was lit at the end of each month, by which rule and for which value.
//!
//! What one would get wrong: a closed month speaks by what was published and by the rule in use on
//! its last day, so that neither a correction nor a new rule rewrites it; what the figures say by
//! now stands beside it.

use std::collections::BTreeMap;

use gangmu_domain::dispatch::PeriodState;
use gangmu_domain::metrics::{
    Dimension, Edition, LightPolicy, Measure, Measures, Rates, months_missed,
};
use gangmu_domain::organisation::{Action, Scope};
use gangmu_domain::{Period, Yuan};
use gangmu_store::dispatch::{self, PeriodRow};
use serde::Serialize;
use utoipa::ToSchema;

use super::excuse::MonthExcuses;
use super::{By, Excused, Late, LightView, RatioView, RollupQuery, RowContext};
use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App, Reference};

/// So many months are shown.
const SHOWN: usize = 12;

/// So many months before them are read where a rule counts months running.
const RUNNING: usize = 12;

/// A month of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LightMonth {
    /// The month, 2025-12.
    pub period: String,
    /// `open` or `closed`.
    pub state: &'static str,
    /// The name of the rules that were in use.
    pub policy: String,
    /// The same in English.
    pub policy_en: String,
}

/// What was lit in a month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MonthLit {
    /// Completion of the annual plan; as published where the month is closed.
    pub completion: RatioView,
    /// Completion less time progress, hundredths of a point.
    pub gap: Option<i64>,
    /// How many projects the light leaves out because they are late for a proper reason.
    pub excused: i64,
    /// The light of progress.
    pub progress: LightView,
    /// The light of monthly targets, reached or missed; null where the rules name none.
    pub target: Option<LightView>,
    /// The light of progress by the figures as they stand, where corrections have changed it.
    pub corrected: Option<LightView>,
}

/// A unit's or another member's lights, month by month.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LightLine {
    /// The member's code, as in a roll-up; empty for the total.
    pub key: String,
    /// Its name; words of lists have none and take theirs from the locales.
    pub name: String,
    /// Its English name; empty when there is none.
    pub name_en: String,
    /// What was lit, in the order of the months; null where there was nothing.
    pub months: Vec<Option<MonthLit>>,
}

/// The lights of a unit and of what it is broken down by (亮灯历史).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LightHistory {
    /// The unit.
    pub unit: UnitView,
    /// What it is broken down by.
    pub by: &'static str,
    /// The months, oldest first.
    pub months: Vec<LightMonth>,
    /// The unit itself.
    pub total: LightLine,
    /// What it is made of, in the order of the newest month's roll-up.
    pub rows: Vec<LightLine>,
}

/// What a month says of a unit: its total and the members of a cut.
type Said = (Measures, BTreeMap<String, Measures>);

/// A month twice: as it is shown, and as its figures stand.
struct Figures {
    month: PeriodRow,
    shown: Said,
    now: Said,
    /// What is late for a proper reason, by what had been recorded and as it stands.
    excused: [Excused; 2],
}

impl App {
    /// Returns the lights of the last twelve months up to a period, by the same cuts as a roll-up.
    ///
    /// # Errors
    /// When nothing may be read, the unit is outside the scope, or the database fails.
    pub async fn light_history(
        &self,
        actor: &Actor,
        query: &RollupQuery,
    ) -> Result<LightHistory, AppError> {
        let reference = self.reference().await?;
        let scope = self
            .scope_in(actor, Action::Read, query.unit.as_deref())
            .await?;
        let last = self.period_or_newest(query.period).await?;
        let mut periods = dispatch::period_list(&self.db).await?;
        periods.retain(|row| row.period <= last);
        let counts_running = |row: &PeriodRow| has_target(reference.light_in(row.period));
        let running = periods.iter().take(SHOWN).any(counts_running);
        periods.truncate(SHOWN + if running { RUNNING } else { 0 });
        // Newest first, so that the order of the newest month is the order of the rows.
        let mut keys: Vec<String> = Vec::new();
        let mut figures = Vec::with_capacity(periods.len());
        for (at, month) in periods.into_iter().enumerate() {
            let one = self
                .figures(&reference, &scope, month, at < SHOWN, query.by, &mut keys)
                .await?;
            figures.push(one);
        }
        let context = |period| RowContext {
            reference: &reference,
            period,
            by: query.by,
            unit: &scope.unit,
        };
        let row = |key: &String| {
            let (name, name_en) = context(last).name(key);
            LightLine {
                months: months(
                    &figures,
                    &context,
                    |said| said.1.get(key),
                    |all| all.of(key),
                ),
                key: key.clone(),
                name,
                name_en,
            }
        };
        let unit = reference.unit(&scope.unit);
        Ok(LightHistory {
            unit: UnitView::new(&reference, &scope.unit),
            by: query.by.word(),
            months: figures
                .iter()
                .take(SHOWN)
                .rev()
                .map(|figures| month_view(&reference, &figures.month))
                .collect(),
            total: LightLine {
                key: String::new(),
                name: reference.unit_name(&scope.unit),
                name_en: unit.map(|unit| unit.name_en.clone()).unwrap_or_default(),
                months: months(&figures, &context, |said| Some(&said.0), |all| all.total),
            },
            rows: keys.iter().map(row).collect(),
        })
    }

    /// Reads a month by a cut; members not met before are added to the keys.
    ///
    /// Of single projects no published totals are kept, so that a reporter sees current ones.
    async fn figures(
        &self,
        reference: &Reference,
        scope: &Scope,
        month: PeriodRow,
        shown: bool,
        by: By,
        keys: &mut Vec<String>,
    ) -> Result<Figures, AppError> {
        let (total, members) = self
            .members(reference, scope, month.period, Edition::Current, by)
            .await?;
        let now: Said = (total, members.iter().cloned().collect());
        let frozen = month.state == PeriodState::Closed && scope.reporter.is_none();
        // Months before those shown only count for what runs on from them.
        let excuses = match shown {
            true => self.month_excuses(reference, scope, month.period).await?,
            false => MonthExcuses::none(month.period),
        };
        let excused_now = excuses.sum(reference, scope, by, None);
        let excused = match month.closed_at.filter(|_| frozen) {
            Some(at) => excuses.sum(reference, scope, by, Some(at)),
            None => excused_now.clone(),
        };
        let (total, members) = if frozen {
            self.members(reference, scope, month.period, Edition::Published, by)
                .await?
        } else {
            (total, members)
        };
        for (key, _) in &members {
            if !keys.contains(key) {
                keys.push(key.clone());
            }
        }
        Ok(Figures {
            month,
            shown: (total, members.into_iter().collect()),
            now,
            excused: [excused, excused_now],
        })
    }
}

/// Lights one member in the months shown, oldest first; the figures come newest first.
fn months<'a>(
    figures: &[Figures],
    context: &impl Fn(Period) -> RowContext<'a>,
    of: impl Fn(&Said) -> Option<&Measures>,
    late: impl Fn(&Excused) -> Late,
) -> Vec<Option<MonthLit>> {
    let lit = |(at, one): (usize, &Figures)| {
        let measures = of(&one.shown).filter(|found| !found.is_zero())?;
        let context = context(one.month.period);
        let rates = Rates::of(measures, one.month.period);
        let [excused, excused_now] = one.excused.each_ref().map(&late);
        let progress = context.progress(measures, excused);
        let running = figures.iter().skip(at).map_while(|one| of(&one.shown));
        let now = of(&one.now).map(|found| context.progress(found, excused_now));
        Some(MonthLit {
            completion: rates.completion().into(),
            gap: rates.gap(),
            excused: excused.projects,
            progress,
            target: target(context.reference.light_in(context.period), running),
            corrected: now.filter(|now| *now != progress),
        })
    };
    let mut months: Vec<_> = figures.iter().enumerate().take(SHOWN).map(lit).collect();
    months.reverse();
    months
}

fn target<'a>(
    policy: &LightPolicy,
    running: impl Iterator<Item = &'a Measures>,
) -> Option<LightView> {
    let reached = |m: &Measures| {
        let money = |measure| Yuan(m.get(measure));
        (money(Measure::YearToDate), money(Measure::PlanToDate))
    };
    has_target(policy).then(|| policy.target(months_missed(running.map(reached))).into())
}

fn has_target(policy: &LightPolicy) -> bool {
    let mut rules = policy.rules.iter();
    rules.any(|rule| rule.dimension == Dimension::Target)
}

fn month_view(reference: &Reference, month: &PeriodRow) -> LightMonth {
    let policy = reference.light_in(month.period);
    LightMonth {
        period: month.period.to_string(),
        state: month.state.word(),
        policy: policy.name.clone(),
        policy_en: policy.name_en.clone(),
    }
}
