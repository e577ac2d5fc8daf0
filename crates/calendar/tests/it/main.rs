//! All tests of the calendar kernel, one binary.
//!
//! A test here reads the shipped `data/calendar/cn.csv`: it proves data and
//! code together, so a failing row may mean that the file was edited.

mod holidays;
mod reference;
mod shipped;

use gangmu_calendar::{Calendar, Holidays};
use jiff::civil::Date;

const SHIPPED: &str = include_str!("../../../../data/calendar/cn.csv");

fn china() -> Calendar {
    Calendar::new("cn", &Holidays::parse(SHIPPED).unwrap()).unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}
