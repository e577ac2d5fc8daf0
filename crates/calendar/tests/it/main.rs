//! All tests of the calendar kernel, one binary.
//!
//! A test here reads the shipped `data/calendar/cn.csv`: it proves data and
//! code together, so a failing row may mean that the file was edited.

mod clock;
mod clock_property;
mod faults;
mod holidays;
mod naive;
mod office;
mod reference;
mod refusals;
mod shipped;

use std::sync::LazyLock;

use gangmu_calendar::{Calendar, Holidays, Overrides};
use jiff::civil::Date;

const SHIPPED: &str = include_str!("../../../../data/calendar/cn.csv");

fn china() -> &'static Calendar {
    static CHINA: LazyLock<Calendar> =
        LazyLock::new(|| Calendar::new("cn", &Holidays::parse(SHIPPED).unwrap()).unwrap());
    &CHINA
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The shipped calendar with single days changed, rows as `2026-07-06,off`.
fn china_with(rows: &[&str]) -> Calendar {
    let rows: String = rows.iter().map(|row| format!("{row},地方\n")).collect();
    let overrides = Overrides::parse(&format!("date,kind,name\n{rows}")).unwrap();
    china().with_overrides(&overrides)
}
