//! The course of one matter: its acts folded into where it stands, and the next act judged.
//!
//! What a reader would get wrong: a struck act is skipped, not undone; the fold runs over what
//! still stands. And a matter has one clock ledger per office it passes through, all of which
//! start afresh when a refused application is made again.

use gangmu_calendar::WorkingDays;
use gangmu_calendar::clock::{self, Budget, Ledger, SpecialProcedure, Starts, Terms};
use jiff::civil::Date;

use super::act::{Act, Event};
use super::catalogue::{Limits, Matter, Service};
use super::instantiate::{Leg, LegDuty, Standing};
use crate::organisation::DepartmentId;
use crate::words::words;

words! {
    /// Where a matter stands (办理状态).
    Phase {
        /// The project does not need it.
        NotNeeded = "not_needed",
        /// Whether the project needs it hangs on facts that are not known.
        ToClarify = "to_clarify",
        /// Nothing has come in (未收件).
        NotReceived = "not_received",
        /// Received, not accepted yet (审查受理中).
        InReview = "in_review",
        /// The applicant is mending papers (补正中).
        Correcting = "correcting",
        /// Accepted; the clock runs (办理中).
        Running = "running",
        /// A special procedure is going on (已挂起).
        Suspended = "suspended",
        /// Decided but for papers that were promised (待补材料).
        Deferred = "deferred",
        /// All papers came; the formal decision is due (待转正式批复).
        Converting = "converting",
        /// Sent to the State Council's departments (国家审批中).
        Outside = "outside",
        /// Granted (已办结).
        Granted = "granted",
        /// Refused (未准予).
        Refused = "refused",
    }
}

impl Phase {
    /// Says whether the matter is in somebody's hands: received and not decided.
    #[must_use]
    pub const fn is_open(self) -> bool {
        !matches!(
            self,
            Self::NotNeeded | Self::ToClarify | Self::NotReceived | Self::Granted | Self::Refused
        )
    }

    /// Says whether nothing more is needed: granted, or not needed at all.
    #[must_use]
    pub const fn is_done(self) -> bool {
        matches!(self, Self::NotNeeded | Self::Granted)
    }
}

/// The rules one matter of one case is handled under.
#[derive(Clone, Debug)]
pub struct Setup<'c> {
    /// The matter.
    pub matter: &'c Matter,
    /// How the offices answer each other.
    pub service: &'c Service,
    /// The offices it passes through.
    pub legs: Vec<Leg>,
    /// Which limits apply.
    pub variant: usize,
    /// Whether the project needed it when the case was made.
    pub standing: Standing,
    /// The limit promised where the project stands.
    pub promised: Option<Budget>,
    /// When the project is to start, by which deferred papers must be in.
    pub planned_start: Option<Date>,
}

/// Papers accepted on a promise (容缺).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deferred {
    /// Codes of the materials that were missing.
    pub missing: Vec<String>,
    /// By when they were promised.
    pub promised_on: Date,
    /// The promise.
    pub promise: String,
    /// What has come since, and when.
    pub handed: Vec<(String, Date)>,
}

impl Deferred {
    /// Lists what has not come yet.
    #[must_use]
    pub fn outstanding(&self) -> Vec<String> {
        let came = |code: &String| self.handed.iter().any(|(one, _)| one == code);
        self.missing
            .iter()
            .filter(|code| !came(code))
            .cloned()
            .collect()
    }

    /// Returns the day the last paper came, once all have.
    #[must_use]
    pub fn complete_on(&self) -> Option<Date> {
        let last = self.handed.iter().map(|(_, on)| *on).max();
        last.filter(|_| self.outstanding().is_empty())
    }
}

/// A decision (决定).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    /// Whether it was granted.
    pub granted: bool,
    /// The day.
    pub on: Date,
    /// The number of the decision.
    pub document_no: String,
    /// The legal ground of a refusal; empty when granted.
    pub ground: String,
}

/// What the acts of a matter come to (办理过程).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Course {
    /// Whether the project needs it.
    pub standing: Standing,
    /// Decided on the day it comes: a decision then accepts as well.
    pub immediate: bool,
    /// The clock events of each office.
    pub ledgers: Vec<Vec<clock::Event>>,
    /// For each office, whether what it received came after the cut-off.
    pub late: Vec<bool>,
    /// Papers accepted on a promise.
    pub deferred: Option<Deferred>,
    /// When the preliminary opinion was given.
    pub preliminary_on: Option<Date>,
    /// The decision.
    pub outcome: Option<Outcome>,
    /// When it reached the applicant.
    pub delivered_on: Option<Date>,
    /// The department that leads since it was changed.
    pub department: Option<DepartmentId>,
    /// The limit promised since it was changed.
    pub promised: Option<Budget>,
    /// How often it was applied for again.
    pub rounds: u32,
    /// The day of the last act that stands.
    pub last_on: Option<Date>,
    /// The number of the last act that stands; zero for none.
    pub last_seq: u32,
}

impl Course {
    /// Folds the acts, in order, into where the matter stands.
    #[must_use]
    pub fn of(setup: &Setup<'_>, events: &[Event]) -> Self {
        Self::fold(setup, events)
    }

    /// Folds the acts up to and including a day.
    #[must_use]
    pub fn as_of(setup: &Setup<'_>, events: &[Event], day: Date) -> Self {
        Self::fold(setup, events.iter().filter(|one| one.on <= day))
    }

    fn fold<'e>(setup: &Setup<'_>, events: impl IntoIterator<Item = &'e Event>) -> Self {
        let mut course = Self::blank(setup);
        for event in standing_events(events) {
            course.add(event);
        }
        course
    }

    fn blank(setup: &Setup<'_>) -> Self {
        Self {
            standing: setup.standing,
            immediate: setup.limits().immediate,
            ledgers: vec![Vec::new(); setup.legs.len().max(1)],
            late: vec![false; setup.legs.len().max(1)],
            deferred: None,
            preliminary_on: None,
            outcome: None,
            delivered_on: None,
            department: None,
            promised: None,
            rounds: 0,
            last_on: None,
            last_seq: 0,
        }
    }

    fn add(&mut self, event: &Event) {
        let leg = usize::try_from(event.leg).unwrap_or(0);
        for act in self.clock_acts(&event.act, event.on) {
            if let Some(ledger) = self.ledgers.get_mut(leg) {
                ledger.push(clock::Event::new(event.on, act));
            }
        }
        match &event.act {
            Act::Receive { after_cut_off } => {
                if self.outcome.as_ref().is_some_and(|one| !one.granted) {
                    self.restart(event.on);
                }
                self.note_late(leg, *after_cut_off);
            }
            Act::Forward { after_cut_off } => {
                if let Some(above) = self.ledgers.get_mut(leg + 1) {
                    above.push(clock::Event::new(event.on, clock::Act::Received));
                    self.note_late(leg + 1, *after_cut_off);
                }
            }
            Act::AcceptDeferred {
                missing,
                promised_on,
                promise,
            } => {
                self.deferred = Some(Deferred {
                    missing: missing.clone(),
                    promised_on: *promised_on,
                    promise: promise.clone(),
                    handed: Vec::new(),
                });
            }
            Act::HandIn { material } => {
                if let Some(deferred) = &mut self.deferred {
                    deferred.handed.push((material.clone(), event.on));
                }
            }
            Act::Preliminary { .. } => self.preliminary_on = Some(event.on),
            Act::Grant { document_no } => self.decide(true, event.on, document_no, ""),
            Act::Refuse {
                ground,
                document_no,
            } => self.decide(false, event.on, document_no, ground),
            Act::Deliver => self.delivered_on = Some(event.on),
            Act::VoidPreliminary { .. } => self.void(leg, event.on),
            Act::Exempt { .. } => self.standing = Standing::NotNeeded,
            Act::Require { .. } => self.standing = Standing::Needed,
            Act::Adjust {
                department,
                promised,
                ..
            } => {
                self.department = department.or(self.department);
                self.promised = promised.or(self.promised);
            }
            _ => {}
        }
        self.last_on = Some(event.on);
        self.last_seq = event.seq;
    }

    fn decide(&mut self, granted: bool, on: Date, document_no: &str, ground: &str) {
        self.outcome = Some(Outcome {
            granted,
            on,
            document_no: document_no.to_owned(),
            ground: ground.to_owned(),
        });
    }

    /// A refused application is made again: everything starts afresh at the first office.
    fn restart(&mut self, on: Date) {
        for ledger in &mut self.ledgers {
            ledger.clear();
        }
        if let Some(first) = self.ledgers.first_mut() {
            first.push(clock::Event::new(on, clock::Act::Received));
        }
        self.deferred = None;
        self.preliminary_on = None;
        self.outcome = None;
        self.delivered_on = None;
        self.rounds += 1;
    }

    /// 实质影响 → 初审意见作废重办: the office handles what it has afresh from that day.
    fn void(&mut self, leg: usize, on: Date) {
        if let Some(ledger) = self.ledgers.get_mut(leg) {
            *ledger = vec![clock::Event::new(on, clock::Act::Received)];
        }
        self.deferred = None;
        self.preliminary_on = None;
        self.rounds += 1;
    }

    fn note_late(&mut self, leg: usize, late: bool) {
        if let Some(noted) = self.late.get_mut(leg) {
            *noted = late;
        }
    }

    /// What an act means to the clocks of the office it is done at.
    pub(super) fn clock_acts(&self, act: &Act, on: Date) -> Vec<clock::Act> {
        match act {
            Act::Receive { .. } => vec![clock::Act::Received],
            Act::AskCorrection { .. } => vec![clock::Act::CorrectionAsked],
            Act::Correct => vec![clock::Act::Corrected],
            Act::Accept | Act::AcceptDeferred { .. } => vec![clock::Act::Accepted],
            Act::Suspend { procedure, bound } => vec![clock::Act::Suspended {
                procedure: *procedure,
                bound: *bound,
            }],
            Act::Resume => vec![clock::Act::Resumed],
            Act::Extend {
                limit,
                days,
                approver,
                reason,
            } => vec![clock::Act::Extended {
                limit: *limit,
                days: *days,
                approver: approver.clone(),
                reason: reason.clone(),
            }],
            Act::Forward { .. } => vec![clock::Act::Forwarded],
            Act::Preliminary { .. } => vec![clock::Act::Suspended {
                procedure: SpecialProcedure::DeferredDocuments,
                bound: self.deferral(on),
            }],
            Act::HandIn { material } if self.completes(material) => vec![clock::Act::Resumed],
            Act::Grant { .. } | Act::Refuse { .. }
                if self.immediate && self.phase() == Phase::InReview =>
            {
                vec![clock::Act::Accepted, clock::Act::Decided]
            }
            Act::Grant { .. } => vec![clock::Act::Decided],
            Act::Refuse { .. } if self.is_deferred() => {
                vec![clock::Act::Resumed, clock::Act::Decided]
            }
            Act::Refuse { .. } => vec![clock::Act::Decided],
            Act::Deliver => vec![clock::Act::Delivered],
            _ => Vec::new(),
        }
    }

    /// Days of the calendar from the preliminary opinion to the day the papers were promised for:
    /// past it, time counts again.
    fn deferral(&self, on: Date) -> Budget {
        let until = self.deferred.as_ref().map_or(on, |one| one.promised_on);
        let days = until.duration_since(on).as_hours() / 24;
        Budget::calendar(u32::try_from(days).unwrap_or(0))
    }

    fn completes(&self, material: &str) -> bool {
        self.is_deferred()
            && self.deferred.as_ref().is_some_and(|one| {
                let outstanding = one.outstanding();
                outstanding.len() == 1 && outstanding.iter().any(|code| code == material)
            })
    }

    fn is_deferred(&self) -> bool {
        self.phase() == Phase::Deferred
    }

    /// Returns the office that has the matter: the first that has not sent it up.
    #[must_use]
    pub fn leg(&self) -> usize {
        let sent =
            |ledger: &&Vec<clock::Event>| ledger.iter().any(|one| one.act == clock::Act::Forwarded);
        let passed = self.ledgers.iter().take_while(sent).count();
        passed.min(self.ledgers.len().saturating_sub(1))
    }

    /// Returns where the matter stands.
    #[must_use]
    pub fn phase(&self) -> Phase {
        match (self.standing, &self.outcome) {
            (Standing::NotNeeded, _) => return Phase::NotNeeded,
            (Standing::ToClarify, _) => return Phase::ToClarify,
            (_, Some(outcome)) if outcome.granted => return Phase::Granted,
            (_, Some(_)) => return Phase::Refused,
            (Standing::Needed, None) => {}
        }
        let here = self.ledgers.get(self.leg()).map_or(&[][..], |one| one);
        match Ledger::replay(here.iter().cloned()).map(|ledger| ledger.phase(Date::MAX)) {
            Ok(clock::Phase::NotReceived) | Err(_) => Phase::NotReceived,
            Ok(clock::Phase::InReview) => Phase::InReview,
            Ok(clock::Phase::AwaitingCorrection) => Phase::Correcting,
            Ok(clock::Phase::Forwarded) => Phase::Outside,
            Ok(clock::Phase::Suspended) if self.preliminary_on.is_some() => Phase::Deferred,
            Ok(clock::Phase::Suspended) => Phase::Suspended,
            Ok(clock::Phase::Running) if self.preliminary_on.is_some() => Phase::Converting,
            Ok(_) => Phase::Running,
        }
    }
}

/// Lists the acts that have not been struck out, in order.
#[must_use]
pub fn standing_events<'e>(events: impl IntoIterator<Item = &'e Event>) -> Vec<&'e Event> {
    let mut standing: Vec<&Event> = Vec::new();
    for event in events {
        match &event.act {
            Act::Strike { seq, .. } => {
                if standing.last().is_some_and(|last| last.seq == *seq) {
                    standing.pop();
                }
            }
            _ => standing.push(event),
        }
    }
    standing
}

impl Setup<'_> {
    /// Returns the limits that apply.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        self.matter.limits_of(self.variant)
    }

    /// Returns the limit promised to this project, since it was changed or as published.
    #[must_use]
    pub fn promised(&self, course: &Course) -> Option<Budget> {
        course.promised.or(self.promised)
    }

    /// Returns the terms of one office's clocks.
    ///
    /// A matter decided on the day it comes has a promised limit of no days, from receipt.
    #[must_use]
    pub fn terms(&self, leg: usize, course: &Course) -> Terms {
        let duty = self.legs.get(leg).map_or(LegDuty::Decides, |one| one.duty);
        let limits = self.limits();
        let late = course.late.get(leg).copied().unwrap_or_default();
        let forwarding = match late {
            true => self.service.forward_within,
            false => WorkingDays(0),
        };
        let decides = duty == LegDuty::Decides;
        let promised = match self.promised(course) {
            None if limits.immediate => Some(Budget::working(0)),
            promised => promised,
        };
        Terms {
            statutory: limits.statutory.filter(|_| decides),
            promised: promised.filter(|_| decides),
            starts: match limits.immediate {
                true => Starts::OnReceipt,
                false => self.matter.starts,
            },
            forwarding: (!decides).then_some(forwarding),
            delivery: Some(self.service.delivery),
            silence: self.service.silence,
            max_extension: self.service.max_extension,
            warn_when_left: self.service.warn_when_left,
        }
    }
}
