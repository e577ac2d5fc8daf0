//! Dispatch rules (`dispatch.toml`): when returns are due, how long reviews may take, what may be
//! uploaded, when a log-in is locked.
//!
//! Days are working days of the month after the period: which dates they are, the calendar says.

use gangmu_calendar::{Calendar, CalendarError, WorkingDays};
use gangmu_domain::Period;
use gangmu_domain::organisation::UnitLevel;
use jiff::civil::Date;

use super::read_head;
use super::reader::{Entry, PolicyProblem, Wrong, document};

/// How the monthly dispatch runs (调度规则).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispatchPolicy {
    /// The working day of the following month on which returns are due.
    pub due: WorkingDays,
    /// When each level's review ends.
    pub cut_offs: CutOffs,
    /// What may be uploaded.
    pub uploads: Uploads,
    /// When a log-in is locked.
    pub lock_out: LockOut,
}

/// The last working day of the following month for each level's review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOffs {
    /// For banners (旗县).
    pub banner: WorkingDays,
    /// For leagues (盟市).
    pub league: WorkingDays,
    /// For the region (自治区).
    pub region: WorkingDays,
}

/// The bounds of what may be uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploads {
    /// The most bytes of a document or photo.
    pub attachment_bytes: u64,
    /// The most bytes of a workbook to import.
    pub workbook_bytes: u64,
    /// The most attachments of a project.
    pub attachments_per_project: u32,
    /// The endings that are taken, in lower case, without the dot.
    pub types: Vec<String>,
}

/// When a log-in is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LockOut {
    /// So many wrong passwords running lock it.
    pub failures: u32,
    /// For so many minutes.
    pub minutes: u32,
}

impl DispatchPolicy {
    /// Returns the day returns for a period are due.
    ///
    /// # Errors
    /// When the calendar does not know the following month.
    pub fn due_on(&self, period: Period, calendar: &Calendar) -> Result<Date, CalendarError> {
        following(period, self.due, calendar)
    }

    /// Returns the last day of a level's review of a period.
    ///
    /// # Errors
    /// When the calendar does not know the following month.
    pub fn review_by(
        &self,
        level: UnitLevel,
        period: Period,
        calendar: &Calendar,
    ) -> Result<Date, CalendarError> {
        let days = match level {
            UnitLevel::Banner => self.cut_offs.banner,
            UnitLevel::League => self.cut_offs.league,
            UnitLevel::Region => self.cut_offs.region,
        };
        following(period, days, calendar)
    }
}

fn following(period: Period, n: WorkingDays, calendar: &Calendar) -> Result<Date, CalendarError> {
    let month = period.next();
    calendar.nth_working_day_of_month(month.year(), month.month(), n)
}

/// Reads the dispatch rules.
///
/// # Errors
/// All problems of the file.
pub fn parse_dispatch(text: &str) -> Result<DispatchPolicy, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let due = section(top, "due", |due| read_day(due, "working_day"));
        let cut_offs = section(top, "cut_offs", |entry| read_cut_offs(entry, due));
        let uploads = section(top, "uploads", read_uploads);
        let lock_out = section(top, "lock_out", |entry| {
            let failures = read_count(entry, "failures", 100);
            let minutes = read_count(entry, "minutes", 1_440);
            Some(LockOut {
                failures: failures?,
                minutes: minutes?,
            })
        });
        head?;
        Some(DispatchPolicy {
            due: due?,
            cut_offs: cut_offs?,
            uploads: uploads?,
            lock_out: lock_out?,
        })
    })
}

fn section<T>(
    top: &mut Entry<'_>,
    key: &str,
    read: impl FnOnce(&mut Entry<'_>) -> Option<T>,
) -> Option<T> {
    let mut entry = top.entry(key)?;
    let source = entry.text("source");
    let value = read(&mut entry);
    entry.finish();
    source.and(value)
}

fn read_cut_offs(entry: &mut Entry<'_>, due: Option<WorkingDays>) -> Option<CutOffs> {
    let banner = read_day(entry, "banner");
    let league = read_day(entry, "league");
    let region = read_day(entry, "region");
    let order: Vec<WorkingDays> = [due, banner, league, region]
        .into_iter()
        .flatten()
        .collect();
    if !order.is_sorted() {
        entry.refuse(Wrong::Contradiction(
            "due, banner, league and region must not end one before the other".to_owned(),
        ));
    }
    Some(CutOffs {
        banner: banner?,
        league: league?,
        region: region?,
    })
}

fn read_uploads(entry: &mut Entry<'_>) -> Option<Uploads> {
    let attachment = read_count(entry, "attachment_mib", 1_024);
    let workbook = read_count(entry, "workbook_mib", 1_024);
    let per_project = read_count(entry, "attachments_per_project", 10_000);
    let types = entry.list("types", "endings in small letters and digits", |text| {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
        (!text.is_empty() && text.bytes().all(plain)).then(|| text.to_owned())
    });
    Some(Uploads {
        attachment_bytes: mib(attachment?),
        workbook_bytes: mib(workbook?),
        attachments_per_project: per_project?,
        types: types?,
    })
}

/// Reads a working day that every month has: even a February with the Spring Festival has 15.
fn read_day(entry: &mut Entry<'_>, key: &str) -> Option<WorkingDays> {
    read_count(entry, key, 15).map(WorkingDays)
}

fn read_count(entry: &mut Entry<'_>, key: &str, most: i64) -> Option<u32> {
    u32::try_from(entry.number(key, 1..=most)?).ok()
}

fn mib(n: u32) -> u64 {
    u64::from(n) * 1_024 * 1_024
}
