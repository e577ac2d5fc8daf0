//! The case as swim-lanes: departments below each other, working days to the right. What one would
//! get wrong: the axis counts working days, so a week of holidays takes no room; without expected
//! days (beyond the calendar) it counts from the start of the plan instead and has no today.

use gangmu_app::Reference;
use gangmu_app::approvals::{CaseView, ItemView};
use jiff::civil::Date;
use serde::Serialize;

use super::matter::department;
use crate::i18n::Lang;
use crate::pages::common::name;

/// Room for the lanes' heads, and below the dates, in pixels.
const TOP: u32 = 26;
const HEAD: u32 = 24;
const ROW: u32 = 32;
const LEFT: u32 = 8;
const WIDTH: u32 = 1100;

/// The picture, in pixels.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Lanes {
    pub width: u32,
    pub height: u32,
    /// Where today stands; none on an axis without dates.
    pub today: Option<u32>,
    /// By when everything should be through.
    pub due: Option<u32>,
    pub ticks: Vec<Tick>,
    pub lanes: Vec<Lane>,
    /// Whether the axis has dates; else it counts working days of the plan.
    pub dated: bool,
}

/// A mark on the axis: the first of a month, or a number of working days.
#[derive(Clone, Debug, Serialize)]
pub struct Tick {
    pub x: u32,
    pub label: String,
}

/// The matters of a department.
#[derive(Clone, Debug, Serialize)]
pub struct Lane {
    pub department: String,
    pub y: u32,
    pub bars: Vec<Bar>,
}

/// A matter from its start to its decision.
#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    pub code: String,
    pub name: String,
    pub x: u32,
    pub y: u32,
    pub width: u32,
    /// Where the name stands, and whether it ends there.
    pub text_x: u32,
    pub text_end: bool,
    /// `done`, `open`, `paused`, `ahead`, `late`.
    pub state: &'static str,
    pub phase: String,
    pub critical: bool,
}

/// Where matters start and end, in working days from the axis' first day.
struct Axis<'a> {
    reference: &'a Reference,
    first: Option<Date>,
    days: u32,
}

impl Lanes {
    /// Draws the matters that have a place in time.
    pub fn draw(case: &CaseView, reference: &Reference, lang: Lang) -> Self {
        let shown: Vec<&ItemView> = case.items.iter().filter(|one| one.slot.is_some()).collect();
        let axis = Axis::over(case, &shown, reference);
        let mut drawn = Self {
            width: WIDTH,
            dated: axis.first.is_some(),
            today: axis.day(&case.as_of).map(|day| axis.x(day)),
            due: case
                .due_for_start
                .as_deref()
                .and_then(|day| axis.day(day))
                .map(|day| axis.x(day)),
            ticks: axis.ticks(),
            ..Self::default()
        };
        let mut y = TOP;
        let mut departments: Vec<i64> = Vec::new();
        for item in &shown {
            if !departments.contains(&item.department.department_id) {
                departments.push(item.department.department_id);
            }
        }
        for id in departments {
            let of_it = shown
                .iter()
                .filter(|one| one.department.department_id == id);
            let mut lane = Lane {
                department: String::new(),
                y,
                bars: Vec::new(),
            };
            y += HEAD;
            for item in of_it {
                lane.department = department(lang, &item.department);
                let critical = case.critical.contains(&item.code);
                if let Some(bar) = axis.bar(item, lang, y, critical) {
                    lane.bars.push(bar);
                    y += ROW;
                }
            }
            drawn.lanes.push(lane);
        }
        drawn.height = y + 4;
        drawn
    }
}

/// How many times its own length a case's axis may take so that today is on it.
const MOST_STRETCHED: u32 = 3;

impl<'a> Axis<'a> {
    fn over(case: &CaseView, items: &[&ItemView], reference: &'a Reference) -> Self {
        let expected = || items.iter().filter_map(|one| one.expected.as_ref());
        let days = expected().flat_map(|one| [&one.start_on, &one.finish_on]);
        let mut days: Vec<Date> = days.filter_map(|day| day.parse().ok()).collect();
        days.sort_unstable();
        let mut axis = Self {
            reference,
            first: None,
            days: case.plan_length.max(1),
        };
        let (Some(first), Some(last)) = (days.first(), days.last()) else {
            return axis;
        };
        let between = |from: Date, to: Date| reference.calendar.working_days_between(from, to);
        let Ok(mut span) = between(*first, *last) else {
            return axis;
        };
        axis.first = Some(*first);
        if let Ok(today) = case.as_of.parse::<Date>() {
            let from = today.min(*first);
            // A case long through, or not begun for long, would shrink to nothing before today.
            match between(from, today.max(*last)) {
                Ok(whole) if whole.0 <= MOST_STRETCHED * (span.0 + 1) => {
                    (axis.first, span) = (Some(from), whole);
                }
                _ => {}
            }
        }
        axis.days = span.0 + 1;
        axis
    }

    /// Working days from the axis' first day; none before it, beyond its end or the calendar.
    fn day(&self, day: &str) -> Option<u32> {
        let (first, day) = (self.first?, day.parse::<Date>().ok()?);
        let at = self
            .reference
            .calendar
            .working_days_between(first, day)
            .ok()?
            .0;
        (day >= first && at <= self.days).then_some(at)
    }

    fn x(&self, day: u32) -> u32 {
        LEFT + day.min(self.days) * (WIDTH - 2 * LEFT) / self.days.max(1)
    }

    fn bar(&self, item: &ItemView, lang: Lang, y: u32, critical: bool) -> Option<Bar> {
        let (start, finish) = match (self.first, &item.expected) {
            (Some(_), Some(one)) => (self.day(&one.start_on)?, self.day(&one.finish_on)?),
            _ => item.slot.as_ref().map(|slot| (slot.start, slot.finish))?,
        };
        let x = self.x(start);
        let width = self.x(finish.max(start) + 1).saturating_sub(x).max(5);
        let name = name(lang, &item.name, &item.name_en);
        let text_end = x + room(&name) > WIDTH;
        Some(Bar {
            code: item.code.clone(),
            x,
            y,
            width,
            text_x: if text_end { x + width } else { x },
            text_end,
            state: state(item),
            phase: item.phase.clone(),
            critical,
            name,
        })
    }

    /// The firsts of months, or every so many working days of the plan.
    fn ticks(&self) -> Vec<Tick> {
        let Some(first) = self.first else {
            let step = (self.days / 8).max(1).next_multiple_of(5);
            let marks = (0..=self.days).step_by(usize::try_from(step).unwrap_or(5));
            return marks
                .map(|day| Tick {
                    x: self.x(day),
                    label: day.to_string(),
                })
                .collect();
        };
        let mut ticks: Vec<Tick> = Vec::new();
        let mut month = first.first_of_month();
        while let Ok(next) = month.checked_add(jiff::Span::new().months(1)) {
            month = next;
            let Some(at) = self.day(&month.to_string()) else {
                break;
            };
            let x = self.x(at);
            // A label takes room; months too close to the last one stay unmarked.
            if ticks.last().is_none_or(|tick| x >= tick.x + 80) && x + 60 < WIDTH {
                ticks.push(Tick {
                    x,
                    label: month.to_string(),
                });
            }
        }
        ticks
    }
}

/// How wide a name is, about: Chinese characters are twice as wide as Latin ones.
fn room(name: &str) -> u32 {
    name.chars()
        .map(|c| if c.is_ascii() { 7 } else { 13 })
        .sum()
}

fn state(item: &ItemView) -> &'static str {
    match (item.phase.as_str(), item.light.as_str()) {
        ("granted", _) => "done",
        ("refused", _) | (_, "red") => "late",
        ("suspended" | "correcting" | "deferred", _) => "paused",
        ("not_received" | "to_clarify", _) => "ahead",
        _ => "open",
    }
}
