//! Whether an act may be done now, and which acts may be.
//!
//! What a reader would get wrong: the clock has the last word, not the first. What the case, the
//! catalogue and the matters that come first forbid is refused before the clock is asked, so that
//! people are told the reason that lies nearest to them.

use gangmu_calendar::Calendar;
use gangmu_calendar::clock::{self, Budget, Ledger, SpecialProcedure, Why};
use jiff::civil::Date;

use super::act::{Act, ActKind, Event, Refused};
use super::catalogue::DependencyKind;
use super::course::{Course, Deferred, Phase, Setup};
use super::instantiate::LegDuty;

impl Setup<'_> {
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
            Phase::InReview if course.immediate => {
                vec![K::Grant, K::AskCorrection, K::Refuse, K::Accept]
            }
            Phase::InReview => vec![K::Accept, K::AskCorrection, K::AcceptDeferred],
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
            let accepts = clock_act == clock::Act::Accepted;
            let event = clock::Event::new(on, clock_act);
            match ledger.record(event, &terms, calendar, today) {
                // Silence has accepted already: the decision has nothing to accept.
                Err(error)
                    if accepts
                        && matches!(error.why, Why::AcceptedBySilence { .. })
                        && decides(act) => {}
                other => other.map_err(|error| refused(error.why))?,
            }
        }
        Ok(())
    }
}

const fn decides(act: &Act) -> bool {
    matches!(act, Act::Grant { .. } | Act::Refuse { .. })
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
