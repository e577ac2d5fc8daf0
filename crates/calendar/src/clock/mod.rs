//! Clocks of an approval matter, read from a ledger of dated events.
//!
//! Nothing computed here is ever stored: a clock is a budget, a ledger and a
//! calendar, and is read for a day. What a reader would get wrong: **an act
//! takes effect at the end of its day.** The day of acceptance is not counted
//! (民法典 art. 201: 开始的当日不计入), so neither is the first day of a
//! suspension part of the suspension: with acceptance on day a, suspension on s
//! and resumption on r, the counted days are those in `(a, s]` and after r.
//!
//! 1. Acts go into a [`Ledger`] through [`Ledger::record`], which refuses what
//!    the law or plain order does not allow and says why.
//! 2. [`Ledger::read`] gives a [`Reading`] of one [`Clock`] under the [`Terms`]
//!    of the matter, as of any day. Asked about last year, it gives last
//!    year's answer.
//! 3. When the calendar changes, [`CalendarChange::moved`] tells which due
//!    dates move and which days are the reason.

mod change;
mod facts;
mod ledger;
mod reading;
mod span;

pub use change::{CalendarChange, Moved};
pub use ledger::{Act, Event, Ledger, Phase, Refused, SpecialProcedure, Why};
pub use reading::{Clock, Due, Light, Reading, State, Waiting};

use crate::units::{CalendarDays, WorkingDays};

/// How long an act may take, in days of one kind (时限).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Budget {
    /// 行政许可法 art. 82: the limits of that law are working days.
    Working(WorkingDays),
    /// Some laws count every day, as 环境影响评价法 art. 22 does (六十日、三十日).
    /// A limit that would end on a day off ends on the next working day
    /// (民法典 art. 203: 期间的最后一日是法定休假日的，以法定休假日结束的次日为期间的最后一日).
    Calendar(CalendarDays),
}

impl Budget {
    pub const fn working(days: u32) -> Self {
        Self::Working(WorkingDays(days))
    }

    pub const fn calendar(days: u32) -> Self {
        Self::Calendar(CalendarDays(days))
    }

    /// Returns the number of days, whichever kind they are.
    pub const fn days(self) -> u32 {
        match self {
            Self::Working(WorkingDays(days)) | Self::Calendar(CalendarDays(days)) => days,
        }
    }

    const fn extended_by(self, days: u32) -> Self {
        match self {
            Self::Working(WorkingDays(n)) => Self::working(n.saturating_add(days)),
            Self::Calendar(CalendarDays(n)) => Self::calendar(n.saturating_add(days)),
        }
    }
}

/// From which day the statutory and the promised limit run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Starts {
    /// 行政许可法 art. 42: 自受理行政许可申请之日起.
    OnAcceptance,
    /// As 环境影响评价法 art. 22 says: 自收到…之日起. After a correction, the
    /// day on which the papers were complete.
    OnReceipt,
}

/// The rules one matter is handled under: data of a catalogue, dated there.
///
/// None of these numbers has a default in code; the comments name where the
/// usual value comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The limit set by law; 20 working days for a licence where no law says
    /// otherwise (行政许可法 art. 42), 45 for joint handling; none for a matter
    /// that is no licence and has no limit of its own (法定时限).
    pub statutory: Option<Budget>,
    /// The shorter limit the office promised in public (承诺时限).
    pub promised: Option<Budget>,
    pub starts: Starts,
    /// For a matter decided above: how soon it must be sent up, zero meaning
    /// on the working day it came (即来即转).
    pub forwarding: Option<WorkingDays>,
    /// How soon a decision must reach the applicant; 10 (行政许可法 art. 44) (送达).
    pub delivery: Option<WorkingDays>,
    /// After so many working days without a word the application counts as
    /// accepted on the day it was received; 5 (行政许可法 art. 32: 逾期不告知的，
    /// 自收到申请材料之日起即为受理).
    pub silence: WorkingDays,
    /// The longest extension of one limit, in its own days; 10, or 15 for joint
    /// handling (行政许可法 art. 42).
    pub max_extension: u32,
    /// The light turns yellow when no more days than this are left.
    pub warn_when_left: u32,
}
