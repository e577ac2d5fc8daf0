//! The course of one matter: its acts folded into where it stands, and the next act judged.
//!
//! What a reader would get wrong: a struck act is skipped, not undone; the fold runs over what
//! still stands. And a matter has one clock ledger per office it passes through, all of which
//! start afresh when a refused application is made again.

use gangmu_calendar::clock::{self, Budget, Ledger, SpecialProcedure, Starts, Terms, Why};
use gangmu_calendar::{Calendar, WorkingDays};
use jiff::civil::Date;

use super::act::{Act, ActKind, Event, Refused};
use super::catalogue::{DependencyKind, Limits, Matter, Service};
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
        let mut course = Self::blank(setup);
        for event in standing_events(events) {
            course.add(event);
        }
        course
    }

    /// Folds the acts up to and including a day.
    #[must_use]
    pub fn as_of(setup: &Setup<'_>, events: &[Event], day: Date) -> Self {
        let until: Vec<Event> = events.iter().filter(|one| one.on <= day).cloned().collect();
        Self::of(setup, &until)
    }

    fn blank(setup: &Setup<'_>) -> Self {
        Self {
            standing: setup.standing,
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
    fn clock_acts(&self, act: &Act, on: Date) -> Vec<clock::Act> {
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

/// The acts that have not been struck out, in order.
fn standing_events(events: &[Event]) -> Vec<&Event> {
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

    /// Lists the acts that may be done next, whatever they say; [`Setup::judge`] has the last word.
    #[must_use]
    pub fn offers(&self, course: &Course) -> Vec<ActKind> {
        use ActKind as K;
        let forwards = self
            .legs
            .get(course.leg())
            .is_some_and(|leg| leg.duty != LegDuty::Decides);
        let mut offers = match course.phase() {
            Phase::NotNeeded => vec![K::Require],
            Phase::ToClarify => vec![K::Require, K::Exempt],
            Phase::NotReceived => vec![K::Receive, K::Exempt],
            Phase::InReview if forwards => vec![K::Forward, K::AskCorrection],
            Phase::InReview => vec![
                K::Accept,
                K::AskCorrection,
                K::AcceptDeferred,
                K::Grant,
                K::Refuse,
            ],
            Phase::Correcting => vec![K::Correct],
            Phase::Running if forwards => vec![K::Forward],
            Phase::Running => vec![K::Grant, K::Refuse, K::Suspend, K::Extend],
            Phase::Suspended => vec![K::Resume],
            Phase::Deferred => vec![K::HandIn, K::VoidPreliminary, K::Refuse],
            Phase::Converting => vec![K::Grant, K::Refuse, K::VoidPreliminary],
            Phase::Outside => vec![K::Grant, K::Refuse],
            Phase::Granted | Phase::Refused => Vec::new(),
        };
        if matches!(course.phase(), Phase::Granted | Phase::Refused)
            && course.delivered_on.is_none()
        {
            offers.push(K::Deliver);
        }
        if course.phase() == Phase::Refused {
            offers.push(K::Receive);
        }
        let waits = course
            .deferred
            .as_ref()
            .is_some_and(|one| !one.outstanding().is_empty());
        if course.phase() == Phase::Running && waits {
            offers.extend([K::HandIn, K::Preliminary]);
        }
        if self.matter.procedures.is_empty() {
            offers.retain(|kind| *kind != K::Suspend);
        }
        if self.matter.deferrable.is_empty() {
            offers.retain(|kind| *kind != K::AcceptDeferred);
        }
        offers.push(K::Adjust);
        if course.last_seq > 0 {
            offers.push(K::Strike);
        }
        offers
    }

    /// Judges an act: returns the office it is done at, or why it cannot be done.
    ///
    /// `before` says of the matters that come first whether they are decided.
    ///
    /// # Errors
    /// The first reason that stands in the way; nothing was recorded.
    pub fn judge(
        &self,
        events: &[Event],
        before: &[(String, DependencyKind, bool)],
        on: Date,
        act: &Act,
        calendar: &Calendar,
        today: Date,
    ) -> Result<u32, Refused> {
        let course = Course::of(self, events);
        check_day(&course, on, act, calendar, today)?;
        if let Some(field) = act.unexplained() {
            return Err(Refused::Unexplained { field });
        }
        self.check_standing(&course, act)?;
        self.check_content(&course, on, act)?;
        check_before(before, act)?;
        let leg = course.leg();
        self.check_clock(&course, leg, on, act, calendar, today)?;
        Ok(u32::try_from(leg).unwrap_or(0))
    }

    fn check_standing(&self, course: &Course, act: &Act) -> Result<(), Refused> {
        let not_now = Err(Refused::NotNow { act: act.kind() });
        match (act, course.phase()) {
            (Act::Strike { seq, .. }, _) if *seq != course.last_seq || *seq == 0 => {
                Err(Refused::NotTheLast {
                    last: course.last_seq,
                })
            }
            (Act::Strike { .. } | Act::Adjust { .. }, _) => Ok(()),
            (Act::Exempt { .. }, Phase::NotReceived | Phase::ToClarify) => Ok(()),
            (Act::Require { .. }, Phase::NotNeeded | Phase::ToClarify) => Ok(()),
            (Act::Exempt { .. } | Act::Require { .. }, _) => not_now,
            (_, Phase::NotNeeded) => Err(Refused::NotNeeded),
            (_, Phase::ToClarify) => Err(Refused::ToClarify),
            (Act::Receive { .. }, Phase::Refused) => Ok(()),
            (Act::VoidPreliminary { .. }, Phase::Deferred | Phase::Converting) => Ok(()),
            (Act::VoidPreliminary { .. }, _) => not_now,
            (Act::Preliminary { .. }, Phase::Running) if course.deferred.is_some() => Ok(()),
            (Act::Preliminary { .. }, _) => not_now,
            (Act::HandIn { .. }, Phase::Running | Phase::Suspended | Phase::Deferred)
                if course.deferred.is_some() =>
            {
                Ok(())
            }
            (Act::HandIn { .. }, _) => not_now,
            (Act::Resume, Phase::Deferred) => not_now,
            _ => Ok(()),
        }
    }

    fn check_content(&self, course: &Course, on: Date, act: &Act) -> Result<(), Refused> {
        match act {
            Act::Suspend { procedure, bound } => self.check_procedure(*procedure, *bound),
            Act::AcceptDeferred {
                missing,
                promised_on,
                ..
            } => self.check_deferral(missing, *promised_on, on),
            Act::HandIn { material } => {
                let deferred = course.deferred.as_ref();
                let outstanding = deferred.map_or_else(Vec::new, Deferred::outstanding);
                match outstanding.contains(material) {
                    true => Ok(()),
                    false => Err(Refused::NotDeferrable {
                        materials: vec![material.clone()],
                    }),
                }
            }
            Act::Grant { .. } => match course.deferred.as_ref().map(Deferred::outstanding) {
                Some(materials) if !materials.is_empty() => Err(Refused::Outstanding { materials }),
                _ => Ok(()),
            },
            Act::Adjust { promised, .. } => {
                let law = self.limits().statutory;
                let longer = |promised: &Budget| match (promised, law) {
                    (Budget::Working(a), Some(Budget::Working(b))) => *a > b,
                    (Budget::Calendar(a), Some(Budget::Calendar(b))) => *a > b,
                    _ => false,
                };
                match promised.as_ref().is_some_and(longer) {
                    true => Err(Refused::LongerThanLaw),
                    false => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn check_procedure(&self, kind: SpecialProcedure, bound: Budget) -> Result<(), Refused> {
        let Some(procedure) = self.matter.procedure(kind) else {
            return Err(Refused::NoSuchProcedure);
        };
        let longest = procedure.bound.days();
        let same_kind = std::mem::discriminant(&procedure.bound) == std::mem::discriminant(&bound);
        if !same_kind || bound.days() == 0 || bound.days() > longest {
            return Err(Refused::ProcedureTooLong { longest });
        }
        Ok(())
    }

    /// 缺项不得影响安全、合法用地、环保判断: only what the catalogue lets be deferred; 开工前补齐.
    fn check_deferral(
        &self,
        missing: &[String],
        promised_on: Date,
        on: Date,
    ) -> Result<(), Refused> {
        let deferrable = |code: &&String| self.matter.deferrable.contains(code);
        let materials: Vec<String> = missing
            .iter()
            .filter(|one| !deferrable(one))
            .cloned()
            .collect();
        if missing.is_empty() || !materials.is_empty() {
            return Err(Refused::NotDeferrable { materials });
        }
        let to = self
            .planned_start
            .filter(|start| *start >= on)
            .unwrap_or(Date::MAX);
        if promised_on < on || promised_on > to {
            return Err(Refused::PromisedOn { from: on, to });
        }
        Ok(())
    }

    fn check_clock(
        &self,
        course: &Course,
        leg: usize,
        on: Date,
        act: &Act,
        calendar: &Calendar,
        today: Date,
    ) -> Result<(), Refused> {
        let refused = |why| Refused::Clock {
            act: act.kind(),
            why,
        };
        let again = matches!(act, Act::Receive { .. }) && course.phase() == Phase::Refused;
        let decides_above = matches!(
            act,
            Act::Grant { .. } | Act::Refuse { .. } | Act::Accept | Act::AcceptDeferred { .. }
        ) && self
            .legs
            .get(leg)
            .is_some_and(|one| one.duty == LegDuty::Forwards);
        let forwards_own = matches!(act, Act::Forward { .. })
            && self
                .legs
                .get(leg)
                .is_none_or(|one| one.duty == LegDuty::Decides);
        if decides_above || forwards_own {
            return Err(Refused::NotNow { act: act.kind() });
        }
        if again {
            return Ok(());
        }
        let here = course.ledgers.get(leg).map_or(&[][..], |one| one);
        let replayed = Ledger::replay(here.iter().cloned());
        let mut ledger = replayed.map_err(|error| refused(error.why))?;
        let terms = self.terms(leg, course);
        for clock_act in course.clock_acts(act, on) {
            let event = clock::Event::new(on, clock_act);
            ledger
                .record(event, &terms, calendar, today)
                .map_err(|error| refused(error.why))?;
        }
        Ok(())
    }
}

/// What holds for every act, whether or not a clock hears of it.
fn check_day(
    course: &Course,
    on: Date,
    act: &Act,
    calendar: &Calendar,
    today: Date,
) -> Result<(), Refused> {
    let refused = |why| {
        Err(Refused::Clock {
            act: act.kind(),
            why,
        })
    };
    if on > today {
        return refused(Why::InFuture { today });
    }
    if let Some(last) = course.last_on.filter(|last| on < *last) {
        return refused(Why::BeforeLast {
            last,
            act: "last act",
        });
    }
    match calendar.day(on) {
        Ok(_) => Ok(()),
        Err(error) => refused(Why::Calendar(error)),
    }
}

/// A matter is accepted after what must be finished, unless its paper was deferred; it is granted
/// after everything that comes first.
fn check_before(before: &[(String, DependencyKind, bool)], act: &Act) -> Result<(), Refused> {
    let waits = |promises: bool| {
        let such = before
            .iter()
            .filter(|(_, kind, done)| !done && (promises || *kind == DependencyKind::Finish));
        such.map(|(code, _, _)| code.clone()).collect::<Vec<_>>()
    };
    let before = match act {
        Act::Accept => waits(false),
        Act::Grant { .. } | Act::Preliminary { .. } => waits(true),
        _ => Vec::new(),
    };
    match before.is_empty() {
        true => Ok(()),
        false => Err(Refused::WaitsFor { before }),
    }
}
