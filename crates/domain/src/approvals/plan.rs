//! The parallel plan of a case: what can run at once, how long the whole takes, what it hangs on.
//!
//! What a reader would get wrong: lengths are working days, so a limit in calendar days enters as
//! five sevenths of it, rounded up; the dates of a running case come from `forecast`, which asks
//! the calendar.

use std::collections::BTreeMap;

use gangmu_calendar::clock::Budget;

use super::catalogue::{DependencyKind, Limits, Service};
use super::instantiate::Edges;

/// One matter in the plan, in working days from the start of the case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The matter.
    pub code: String,
    /// How long it takes.
    pub length: u32,
    /// When it can start.
    pub start: u32,
    /// When it is decided.
    pub finish: u32,
    /// How many days later it may be decided without moving the end.
    pub slack: u32,
}

/// The plan of a case (并联审批计划).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The matters by earliest start, then by code.
    pub slots: Vec<Slot>,
    /// How long the whole takes, in working days.
    pub length: u32,
}

impl Plan {
    /// Plans matters of given lengths. Edges to matters without a length are left out.
    ///
    /// Matters that wait for each other, which a checked catalogue has none of, are left out too.
    #[must_use]
    pub fn new(lengths: &BTreeMap<String, u32>, edges: &Edges) -> Self {
        let order = order(lengths, edges);
        let mut finish: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
        for code in &order {
            let length = lengths.get(*code).copied().unwrap_or_default();
            let (mut start, mut not_before) = (0, 0);
            for (before, kind) in edges.get(*code).into_iter().flatten() {
                let Some((_, end)) = finish.get(before.as_str()) else {
                    continue;
                };
                match kind {
                    DependencyKind::Finish => start = start.max(*end),
                    DependencyKind::Promise => not_before = not_before.max(*end),
                }
            }
            let end = not_before.max(start.saturating_add(length));
            finish.insert(code, (start, end));
        }
        let length = finish.values().map(|(_, end)| *end).max().unwrap_or(0);
        let latest = latest(&order, lengths, edges, length);
        let mut slots: Vec<Slot> = finish
            .into_iter()
            .map(|(code, (start, end))| Slot {
                code: code.to_owned(),
                length: lengths.get(code).copied().unwrap_or_default(),
                start,
                finish: end,
                slack: latest.get(code).map_or(0, |late| late.saturating_sub(end)),
            })
            .collect();
        slots.sort_by(|a, b| (a.start, &a.code).cmp(&(b.start, &b.code)));
        Self { slots, length }
    }

    /// Lists the matters that move the end when they are late, in the order they come (关键路径).
    pub fn critical(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.slack == 0)
    }

    /// Finds a matter.
    #[must_use]
    pub fn slot(&self, code: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.code == code)
    }
}

/// Returns the length a plan supposes: what was promised, else the law's limit, else the default.
#[must_use]
pub fn planned_length(limits: &Limits, promised: Option<Budget>, service: &Service) -> u32 {
    if limits.immediate {
        return 0;
    }
    match promised.or(limits.statutory) {
        Some(Budget::Working(days)) => days.0,
        Some(Budget::Calendar(days)) => in_working_days(days.0),
        None => service.default_limit.0,
    }
}

/// Five days of seven, rounded up.
fn in_working_days(calendar_days: u32) -> u32 {
    let days = (u64::from(calendar_days) * 5).div_ceil(7);
    u32::try_from(days).unwrap_or(u32::MAX)
}

/// The latest day each matter may be decided without moving the end.
fn latest<'a>(
    order: &[&'a str],
    lengths: &BTreeMap<String, u32>,
    edges: &Edges,
    length: u32,
) -> BTreeMap<&'a str, u32> {
    let mut latest: BTreeMap<&str, u32> = order.iter().map(|code| (*code, length)).collect();
    for code in order.iter().rev() {
        let end = latest.get(code).copied().unwrap_or(length);
        let own = lengths.get(*code).copied().unwrap_or_default();
        for (before, kind) in edges.get(*code).into_iter().flatten() {
            let bound = match kind {
                DependencyKind::Finish => end.saturating_sub(own),
                DependencyKind::Promise => end,
            };
            if let Some(late) = latest.get_mut(before.as_str()) {
                *late = bound.min(*late);
            }
        }
    }
    latest
}

/// Matters in an order in which everything stands after what it waits for.
pub(super) fn order<'a>(lengths: &'a BTreeMap<String, u32>, edges: &Edges) -> Vec<&'a str> {
    let mut waiting: BTreeMap<&str, usize> = BTreeMap::new();
    let mut after: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for code in lengths.keys() {
        let before = edges.get(code).into_iter().flatten();
        let mut n = 0;
        for (before, _) in before.filter(|(before, _)| lengths.contains_key(before)) {
            n += 1;
            if let Some((before, _)) = lengths.get_key_value(before) {
                after.entry(before.as_str()).or_default().push(code);
            }
        }
        waiting.insert(code, n);
    }
    let mut ready: Vec<&str> = waiting
        .iter()
        .filter(|(_, n)| **n == 0)
        .map(|(code, _)| *code)
        .collect();
    let mut order = Vec::new();
    while let Some(code) = ready.pop() {
        order.push(code);
        for next in after.get(code).into_iter().flatten() {
            if let Some(n) = waiting.get_mut(next) {
                *n -= 1;
                if *n == 0 {
                    ready.push(next);
                }
            }
        }
    }
    order
}
