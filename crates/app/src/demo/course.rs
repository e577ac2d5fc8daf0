//! When each matter of an invented case came in, was corrected, suspended, sent up and decided.
//!
//! What one would get wrong: a course is only a wish. The acts are entered through the same use
//! case as real ones, which judges each; so a course keeps to what the rules allow: a matter is
//! accepted after what comes first, and within the days after which silence would accept it.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_calendar::{Calendar, WorkingDays};
use gangmu_domain::approvals::{
    Act, Budget, Catalogue, DependencyKind, Edges, Instance, Leg, LegDuty, Matter, MatterGroup,
    Standing, legs, planned_length,
};
use gangmu_domain::organisation::UnitPath;
use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::random::Draw;

/// An act that is to be entered when its day has come.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub on: Date,
    pub item: String,
    /// The department's code.
    pub department: String,
    /// The office's unit.
    pub unit: UnitPath,
    pub act: Act,
}

/// What the courses of one case hang on.
pub(crate) struct Ground<'a> {
    pub catalogue: &'a Catalogue,
    pub calendar: &'a Calendar,
    pub unit: &'a UnitPath,
    pub planned_start: Date,
    /// How long offices let things lie, in working days.
    pub slack: i64,
    /// Number for documents.
    pub number: i64,
    /// The matter that is never decided.
    pub stuck: Option<&'a str>,
}

/// The course of a whole case from a day on: its acts, and the day the last matter before the
/// start is through; none while a matter is to be clarified.
pub(crate) fn of_case(
    ground: &Ground<'_>,
    instances: &[Instance],
    from: Date,
    draw: &mut Draw,
) -> (Vec<Wish>, Option<Date>) {
    let live: BTreeSet<&str> = instances
        .iter()
        .filter(|one| one.standing != Standing::NotNeeded)
        .map(|one| one.code.as_str())
        .collect();
    let all = instances.iter().map(|one| one.code.as_str()).collect();
    let edges = ground.catalogue.edges(&live, &all);
    let mut through: BTreeMap<&str, Option<Date>> = BTreeMap::new();
    let mut wishes = Vec::new();
    for instance in in_order(instances, &edges) {
        let Some(matter) = ground.catalogue.matter(&instance.code) else {
            continue;
        };
        if instance.standing == Standing::NotNeeded || matter.group == MatterGroup::Acceptance {
            continue;
        }
        let before = edges.get(&instance.code).map_or(&[][..], Vec::as_slice);
        let ready = ready_on(before, &through, DependencyKind::Finish, from);
        let not_before = ready_on(before, &through, DependencyKind::Promise, from);
        // The way of each matter is drawn even if it is not walked, so that the others' stay.
        let mut own = Draw::new(u64::try_from(draw.between(0, i64::MAX - 1)).unwrap_or(0));
        let end = match (instance.standing, ready, not_before) {
            (Standing::Needed, Some(ready), Some(not_before)) => {
                let mut way = Way::new(ground, matter, instance, &mut own);
                let end = way.walk(ready, not_before, &mut own);
                wishes.append(&mut way.wishes);
                end
            }
            _ => None,
        };
        through.insert(&instance.code, end);
    }
    let last = through.values().copied().collect::<Option<Vec<Date>>>();
    let end = last.map(|days| days.into_iter().max().unwrap_or(from));
    (wishes, end)
}

/// The acceptance at the end of the works, done by a day.
pub(super) fn of_acceptance(
    ground: &Ground<'_>,
    instances: &[Instance],
    by: Date,
    draw: &mut Draw,
) -> Vec<Wish> {
    let mut wishes = Vec::new();
    for instance in instances {
        let Some(matter) = ground.catalogue.matter(&instance.code) else {
            continue;
        };
        let wanted = instance.standing == Standing::Needed;
        if !wanted || matter.group != MatterGroup::Acceptance {
            continue;
        }
        let mut way = Way::new(ground, matter, instance, draw);
        way.plain = true;
        let from = by.checked_sub(24.days()).unwrap_or(by);
        way.walk(from, from, draw);
        wishes.append(&mut way.wishes);
    }
    wishes
}

/// When everything of a kind that comes first is through; none when something never is.
fn ready_on(
    before: &[(String, DependencyKind)],
    through: &BTreeMap<&str, Option<Date>>,
    kind: DependencyKind,
    from: Date,
) -> Option<Date> {
    let mut ready = from;
    for (code, _) in before.iter().filter(|(_, one)| *one == kind) {
        ready = ready.max((*through.get(code.as_str())?)?);
    }
    Some(ready)
}

/// Matters after what they wait for.
fn in_order<'i>(instances: &'i [Instance], edges: &Edges) -> Vec<&'i Instance> {
    let mut left: Vec<&Instance> = instances.iter().collect();
    let mut order: Vec<&Instance> = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let waits = |one: &&Instance| {
            let before = edges.get(&one.code).into_iter().flatten();
            before
                .into_iter()
                .any(|(code, _)| left.iter().any(|other| other.code == *code))
        };
        let (later, now): (Vec<&Instance>, Vec<&Instance>) = left.iter().copied().partition(waits);
        if now.is_empty() {
            break;
        }
        order.extend(now);
        left = later;
    }
    order
}

/// The way of one matter through its offices.
struct Way<'a> {
    ground: &'a Ground<'a>,
    matter: &'a Matter,
    instance: &'a Instance,
    legs: Vec<Leg>,
    length: i64,
    /// Nothing goes wrong.
    plain: bool,
    wishes: Vec<Wish>,
}

impl<'a> Way<'a> {
    fn new(
        ground: &'a Ground<'a>,
        matter: &'a Matter,
        instance: &'a Instance,
        draw: &mut Draw,
    ) -> Self {
        let limits = matter.limits_of(instance.variant);
        let promised = limits.promised_in(ground.unit.codes()).map(|one| one.limit);
        let service = &ground.catalogue.service;
        let length = i64::from(planned_length(limits, promised, service));
        Self {
            ground,
            matter,
            instance,
            legs: legs(ground.unit, instance.level, service.stepwise),
            length,
            plain: draw.chance(380),
            wishes: Vec::new(),
        }
    }

    /// Walks it and returns the day it was granted; none beyond the calendar.
    fn walk(&mut self, ready: Date, not_before: Date, draw: &mut Draw) -> Option<Date> {
        let mut day = self.later(ready, draw.between(0, self.ground.slack))?;
        // Of a day that has passed nobody knows the hour: the use case notes the longer limit.
        let after_cut_off = true;
        self.wish(day, 0, Act::Receive { after_cut_off });
        for leg in 0..self.legs.len().saturating_sub(1) {
            let wait = [0, 1, 2, 4][draw.weighted(&[620, 310, 45, 25])];
            day = self.later(day, wait)?;
            self.wish(day, leg, Act::Forward { after_cut_off });
        }
        let last = self.legs.len().saturating_sub(1);
        if self.legs.last().map(|leg| leg.duty) == Some(LegDuty::ForwardsOutside) {
            day = self.later(day, draw.between(1, 2))?;
            self.wish(day, last, Act::Forward { after_cut_off });
            day = self.later(day, draw.between(30, 60))?;
        } else {
            day = self.handle(day, last, draw)?;
        }
        if self.ground.stuck == Some(self.instance.code.as_str()) {
            return None;
        }
        let granted = self.later(day.max(not_before), 0)?;
        let document_no = self.number("批", granted);
        self.wish(granted, last, Act::Grant { document_no });
        let delivered = self.later(granted, [0, 1, 3, 8][draw.weighted(&[500, 350, 120, 30])])?;
        self.wish(delivered, last, Act::Deliver);
        Some(granted)
    }

    /// From arrival at the office that decides to the day of the decision.
    fn handle(&mut self, arrived: Date, leg: usize, draw: &mut Draw) -> Option<Date> {
        if self.matter.limits_of(self.instance.variant).immediate {
            return self.later(arrived, [0, 1, 2][draw.weighted(&[880, 90, 30])]);
        }
        let mut day = arrived;
        if !self.plain && draw.chance(170) {
            day = self.later(day, draw.between(1, 4))?;
            let defects = vec![DEFECTS[draw.weighted(&[1; DEFECTS.len()])].to_owned()];
            self.wish(day, leg, Act::AskCorrection { defects });
            day = self.later(day, draw.between(2, 9))?;
            self.wish(day, leg, Act::Correct);
        }
        day = self.later(day, draw.between(0, 2))?;
        let missing = self.deferred(day, draw);
        match missing {
            Some((code, promised_on)) => {
                let promise = self.number("容缺承诺", day);
                self.wish(
                    day,
                    leg,
                    Act::AcceptDeferred {
                        missing: vec![code.clone()],
                        promised_on,
                        promise,
                    },
                );
                day = self.later(day, draw.between(1, 4))?;
                self.wish(day, leg, Act::HandIn { material: code });
            }
            None => self.wish(day, leg, Act::Accept),
        }
        if !self.plain && draw.chance(260) && !self.matter.procedures.is_empty() {
            day = self.suspend(day, leg, draw)?;
        }
        let days = match draw.weighted(&[820, 110, 70]) {
            0 => self.length * draw.between(25, 80) / 100,
            1 => self.length,
            _ if self.plain => self.length * 85 / 100,
            _ => self.length * draw.between(115, 150) / 100,
        };
        self.later(day, days.max(1))
    }

    /// 容缺: which paper comes later, and by when; only where the catalogue lets it.
    fn deferred(&self, on: Date, draw: &mut Draw) -> Option<(String, Date)> {
        let code = self.matter.deferrable.first()?;
        let promised_on = on.checked_add(15.days()).ok()?;
        let before_start = promised_on <= self.ground.planned_start;
        (!self.plain && before_start && draw.chance(200)).then(|| (code.clone(), promised_on))
    }

    fn suspend(&mut self, day: Date, leg: usize, draw: &mut Draw) -> Option<Date> {
        let procedure = *draw.pick(&self.matter.procedures);
        let begun = self.later(day, draw.between(1, 2))?;
        let bound = procedure.bound;
        self.wish(
            begun,
            leg,
            Act::Suspend {
                procedure: procedure.kind,
                bound,
            },
        );
        let longest = match bound {
            Budget::Working(days) => i64::from(days.0),
            Budget::Calendar(days) => i64::from(days.0) * 5 / 7,
        };
        let took = if draw.chance(70) {
            longest + 3
        } else {
            longest * draw.between(30, 80) / 100
        };
        let ended = self.later(begun, took.max(1))?;
        self.wish(ended, leg, Act::Resume);
        Some(ended)
    }

    fn later(&self, day: Date, working_days: i64) -> Option<Date> {
        let calendar = self.ground.calendar;
        let from = calendar.working_day_from(day).ok()?;
        let days = WorkingDays(u32::try_from(working_days).unwrap_or(0));
        calendar.add_working_days(from, days).ok()
    }

    fn number(&self, what: &str, on: Date) -> String {
        let kind: String = self.matter.name.chars().take(4).collect();
        format!("演示{kind}{what}〔{}〕{}号", on.year(), self.ground.number)
    }

    fn wish(&mut self, on: Date, leg: usize, act: Act) {
        let unit = self.legs.get(leg).map_or(self.ground.unit, |leg| &leg.unit);
        self.wishes.push(Wish {
            on,
            item: self.instance.code.clone(),
            department: self.matter.department.clone(),
            unit: unit.clone(),
            act,
        });
    }
}

const DEFECTS: [&str; 5] = [
    "申请表缺建设单位盖章",
    "勘测定界图坐标系与国土空间规划不一致",
    "报告缺专家签字页",
    "资金来源证明与申请额不一致",
    "附图比例不符合要求",
];
