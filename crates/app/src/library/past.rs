//! What had been reported of a project by a past day: whatever was handed in, sent back or corrected
//! later is taken back from its month and from the sums of the months after it.

use gangmu_domain::dispatch::{ReturnEventKind, ReturnStatus};
use gangmu_domain::organisation::UnitLevel;
use gangmu_domain::pipeline::Tally;
use gangmu_domain::{Period, Yuan};
use gangmu_store::dispatch::{ReturnEvent, ReturnRow};
use gangmu_store::pipeline::{Entry, EntryChange};
use jiff::civil::Date;

/// What the sums of a month hold beyond what had been reported.
#[derive(Default)]
struct Later {
    year_to_date: Yuan,
    since_start: Yuan,
    funds_to_date: Yuan,
}

/// Returns a project's returns as they stood at the end of a day; what nobody had handed in by then
/// is not among them.
///
/// `rows` come oldest first, `events` by month and in their order.
pub(super) fn returns_as_of(
    rows: Vec<ReturnRow>,
    events: &[(Period, ReturnEvent)],
    day: Date,
) -> Vec<ReturnRow> {
    let mut stood = Vec::with_capacity(rows.len());
    let mut later = Later::default();
    let mut year = None;
    for mut row in rows {
        if year.replace(row.period.year()) != Some(row.period.year()) {
            later.year_to_date = Yuan::ZERO;
            later.funds_to_date = Yuan::ZERO;
        }
        let (investment, funds) = (row.position.month.investment, row.position.month.funds);
        let was_there = take_back(&mut row, events, day);
        let month = row.position.month;
        later.year_to_date += investment - month.investment;
        later.since_start += investment - month.investment;
        later.funds_to_date += funds - month.funds;
        let position = &mut row.position;
        position.year_to_date -= later.year_to_date;
        position.since_start -= later.since_start;
        position.funds_to_date -= later.funds_to_date;
        stood.extend(was_there.then_some(row));
    }
    stood
}

/// Returns a project's places on years' lists as they stood at the end of a day: whatever was entered
/// of them later is taken back.
pub(super) fn entries_as_of(
    entries: Vec<(i16, Entry)>,
    changes: &[EntryChange],
    day: Date,
) -> Vec<(i16, Entry)> {
    let stood = |(year, now): (i16, Entry)| {
        let own = || changes.iter().filter(|one| one.year == year);
        if own().next().is_none() {
            // Taken over without a history of its own.
            return Some((year, now));
        }
        let mut entry = None;
        let mut sum = Tally::default();
        for one in own().filter(|one| crate::clock::day_of(one.at) <= day) {
            let before: &Entry = entry.as_ref().unwrap_or(&now);
            let category = one.change.category.unwrap_or(before.category);
            sum += one.change.delta;
            let included = sum.projects > 0;
            // Of one that was let go the plan is shown that it had until then.
            let last = sum + -one.change.delta;
            let shown = if included { sum } else { last };
            entry = Some(Entry {
                category,
                plan: shown.plan,
                total: shown.total,
                included,
                ..now.clone()
            });
        }
        Some((year, entry?))
    };
    entries.into_iter().filter_map(stood).collect()
}

/// Puts a return and its month back to a day; says whether anything had been handed in by then.
fn take_back(row: &mut ReturnRow, events: &[(Period, ReturnEvent)], day: Date) -> bool {
    let own = || events.iter().filter(|(period, _)| *period == row.period);
    let past = |at| crate::clock::day_of(at) <= day;
    if own().next().is_none() && row.submitted_at.is_some_and(past) {
        // Taken over without a history of its own.
        return true;
    }
    let last = own().rfind(|(_, event)| past(event.at));
    let figures = last
        .map(|(_, event)| event.after.clone())
        .unwrap_or_default();
    row.filed.status = last.map_or(ReturnStatus::Due, |(_, event)| status_after(event));
    row.filed.figures = figures;
    let counts = row.filed.counts();
    let (figures, month) = (&row.filed.figures, &mut row.position.month);
    month.investment = figures.month.filter(|_| counts).unwrap_or(Yuan::ZERO);
    month.funds = if counts {
        figures.funds_total()
    } else {
        Yuan::ZERO
    };
    month.reported = counts;
    month.accepted = row.filed.status == ReturnStatus::Accepted;
    last.is_some()
}

/// Where a return stood after something was done to it.
fn status_after(event: &ReturnEvent) -> ReturnStatus {
    match event.kind {
        ReturnEventKind::Submitted => ReturnStatus::Submitted,
        ReturnEventKind::Reviewed if event.level == Some(UnitLevel::Region) => {
            ReturnStatus::Accepted
        }
        ReturnEventKind::Reviewed => ReturnStatus::Submitted,
        ReturnEventKind::SentBack => ReturnStatus::SentBack,
        ReturnEventKind::Recalled => ReturnStatus::Draft,
        ReturnEventKind::Corrected => ReturnStatus::Accepted,
    }
}
