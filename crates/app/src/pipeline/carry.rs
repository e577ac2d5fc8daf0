//! What projects had reached when they were split or merged, and giving it to their heirs.
//!
//! It is kept month by month: where several months are open, a figure of a later one must not
//! show in an earlier, nor one year's in the other's. Then every open month comes to the same as
//! before, whichever is looked at.

use std::collections::BTreeMap;

use gangmu_domain::library::Field;
use gangmu_domain::metrics::Carried;
use gangmu_domain::money::div_round;
use gangmu_domain::{Period, Yuan};
use gangmu_store::library::Project;
use gangmu_store::{dispatch, pipeline};

use super::Part;
use crate::change::Work;
use crate::error::AppError;

/// What was reached by the open months, as entries of their years carry it over.
///
/// The first year carries all there is since the start of building; a later year only what came
/// after the year before it, because positions go on from one another.
#[derive(Clone, Debug, Default)]
pub(super) struct Reached {
    /// Invested before any of the months.
    before: Yuan,
    months: BTreeMap<Period, Carried>,
}

impl Reached {
    /// Reads what a project has reached: by its open returns; where it owes none, by its newest
    /// return or its record.
    pub(super) async fn read(work: &Work<'_>, project: &Project) -> Result<Self, AppError> {
        let mut reached = Self::default();
        let at_hand = work.periods.at_hand();
        if let Some(at_hand) = at_hand {
            let rows = dispatch::return_list_from(work.tx, project.id, at_hand).await?;
            let mut end_of_year = (at_hand.year(), Yuan::ZERO);
            let mut since_start = Yuan::ZERO;
            for row in rows {
                if row.period.year() != end_of_year.0 {
                    end_of_year = (row.period.year(), since_start);
                }
                since_start = row.position.since_start;
                let carried = Carried {
                    year_to_date: row.position.year_to_date,
                    since_start: since_start - end_of_year.1,
                    funds_to_date: row.position.funds_to_date,
                };
                reached.months.insert(row.period, carried);
            }
            if reached.months.is_empty() {
                let newest = dispatch::return_list_before(work.tx, project.id, at_hand, 1).await?;
                if let Some(row) = newest.first() {
                    let this_year = row.period.year() == at_hand.year();
                    let only_now = |yuan| if this_year { yuan } else { Yuan::ZERO };
                    let carried = Carried {
                        year_to_date: only_now(row.position.year_to_date),
                        since_start: row.position.since_start,
                        funds_to_date: only_now(row.position.funds_to_date),
                    };
                    reached.months.insert(at_hand, carried);
                }
            }
        }
        if reached.months.is_empty() {
            let record = &project.record;
            reached.before = record.money(Field::InvestedBefore).unwrap_or_default();
        }
        Ok(reached)
    }

    /// Returns what the newest month shows: from its January, and since the start of building.
    pub(super) fn newest(&self) -> Carried {
        let last = self.months.last_key_value();
        Carried {
            since_start: self.since_start(),
            ..last.map(|(_, carried)| *carried).unwrap_or_default()
        }
    }

    /// Returns everything that was invested.
    pub(super) fn since_start(&self) -> Yuan {
        let mut ends: BTreeMap<i16, Yuan> = BTreeMap::new();
        for (period, carried) in &self.months {
            ends.insert(period.year(), carried.since_start);
        }
        self.before + ends.values().copied().sum()
    }

    /// Adds what another project has reached.
    pub(super) fn add(&mut self, other: &Self) {
        let months = self.months.keys().chain(other.months.keys());
        self.months = months
            .map(|period| (*period, self.own(*period) + other.own(*period)))
            .collect();
        self.before += other.before;
    }

    /// What the month, or the last one before it in the year, says by itself.
    fn own(&self, period: Period) -> Carried {
        self.months
            .range(..=period)
            .next_back()
            .filter(|(month, _)| month.year() == period.year())
            .map(|(_, carried)| *carried)
            .unwrap_or_default()
    }

    /// Takes a year out, with what no list of an earlier year has taken.
    fn take_year(&mut self, year: i16) -> Self {
        let mut taken = std::mem::take(self);
        let Some(january) = Period::new(year, 1) else {
            return taken;
        };
        let this_and_later = taken.months.split_off(&january);
        let before = taken.since_start();
        let (this, later) = this_and_later
            .into_iter()
            .partition(|(period, _)| period.year() == year);
        self.months = later;
        Self {
            before,
            months: this,
        }
    }

    /// Shares it out among the parts of a split, for the lists of some years; the rest of what a
    /// part had invested stands in its record.
    pub(super) fn share_out(&self, parts: &[Part], years: &[i16]) -> Vec<Self> {
        let newest = self.months.last_key_value().map(|(month, _)| month.year());
        let totals: Vec<Yuan> = parts.iter().map(|part| part.total).collect();
        let this_year: Vec<Yuan> = parts.iter().map(|part| part.year_to_date).collect();
        let earlier: Vec<Yuan> = parts
            .iter()
            .map(|part| part.since_start - part.year_to_date)
            .collect();
        let mut shared = vec![Self::default(); parts.len()];
        let listed = |period: &Period| years.contains(&period.year());
        for (period, carried) in self.months.iter().filter(|(period, _)| listed(period)) {
            let weights = if Some(period.year()) == newest {
                &this_year
            } else {
                &earlier
            };
            let to_date = shares(carried.year_to_date, weights);
            let funds = shares(carried.funds_to_date, &totals);
            for ((part, year_to_date), funds_to_date) in shared.iter_mut().zip(to_date).zip(funds) {
                let carried = Carried {
                    year_to_date,
                    since_start: year_to_date,
                    funds_to_date,
                };
                part.months.insert(*period, carried);
            }
        }
        shared
    }
}

/// Notes what a project's entry of a year takes over by each open month.
///
/// Returns what the entry takes over for the year as a whole; the caller puts it there.
pub(super) async fn carry_over(
    work: &Work<'_>,
    heir: &Project,
    year: i16,
    reached: &mut Reached,
) -> Result<Carried, AppError> {
    let taken = reached.take_year(year);
    let before = Carried {
        since_start: taken.before,
        ..Carried::default()
    };
    let by = |period: Option<Period>| {
        let own = period.map(|period| taken.own(period));
        before + own.unwrap_or_default()
    };
    let whole = by(Period::new(year, 12));
    let entry = pipeline::entry_get(work.tx, heir.id, year).await?;
    let kept = entry.map(|entry| entry.carried).unwrap_or_default();
    let noted = pipeline::carried_month_list(work.tx, heir.id).await?;
    for period in work.periods.open_in(year) {
        let noted = noted.get(&period);
        let now = noted.copied().unwrap_or(kept) + by(Some(period));
        if noted.is_some() || now != kept + whole {
            pipeline::carried_month_put(work.tx, heir.id, period, now).await?;
        }
    }
    Ok(whole)
}

/// Shares an amount out by weights; the last takes what rounding leaves.
pub(super) fn shares(whole: Yuan, weights: &[Yuan]) -> Vec<Yuan> {
    let all: Yuan = weights.iter().copied().sum();
    let mut left = whole;
    let mut shares: Vec<Yuan> = weights
        .iter()
        .map(|weight| {
            let product = i128::from(whole.0) * i128::from(weight.0);
            let share = Yuan(div_round(product, i128::from(all.0)).unwrap_or(0));
            left -= share;
            share
        })
        .collect();
    if let Some(last) = shares.last_mut() {
        *last += left;
    }
    shares
}
