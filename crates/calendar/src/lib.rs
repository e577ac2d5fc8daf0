//! Working days of a country or region and the clocks that count them.
//!
//! The kernel is pure: it reads text that someone else loaded, never asks for
//! the time and never guesses. What a reader would get wrong: a Saturday can be
//! a working day (调休) and a Wednesday a holiday, so nothing here may be
//! computed from weekdays alone, and a year whose data is not loaded has no
//! working days at all, only an error that names it.
//!
//! 1. [`Holidays::parse`] reads a file such as `data/calendar/cn.csv`; a later
//!    year is added with [`Holidays::extended_by`].
//! 2. [`Calendar::new`] turns it into prefix sums; [`Calendar::with_overrides`]
//!    lays a region's own days on top.
//! 3. Every question about a day is then answered in constant time.
//! 4. [`clock`] reads the limits of a matter from its dated acts; [`OfficeHours`]
//!    measures limits shorter than a day.

mod calendar;
pub mod clock;
mod holidays;
mod office;
mod units;

pub use calendar::{Calendar, CalendarError, Day, DayChange, DayKind};
pub use holidays::{Expected, Holidays, Overrides, Problem};
pub use office::{OfficeHours, OfficeHoursError, day_of_receipt};
pub use units::{CalendarDays, WorkingDays, WorkingHours};
