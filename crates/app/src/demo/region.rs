//! Who has how many projects of which course: the counts that must come out, and the money.

use std::collections::HashSet;

use gangmu_domain::Period;
use gangmu_domain::pipeline::Stage;
use jiff::civil::Date;

use super::named;
use super::sketch::{Life, Sketch, draw_course};
use super::trades::{BRANDS, PHASES, TRADES, Trade};
use crate::Reference;
use crate::random::Draw;

/// Projects on the list of 2025 when it was adopted.
pub(super) const ADOPTED: usize = 3_336;
/// Taken in later: in March and in November.
pub(super) const ADDED: [usize; 2] = [20, 2];
/// Investment of 2024 and of 2025 to reach, 万元: 985,000,000,000 yuan and 7 % less.
const TARGETS: [i64; 2] = [92_056_000, 98_500_000];

/// The leagues in official order with their weight, how far they reach their plans in percent, and
/// how much more than the year before they invest, per mille, before the whole is made to fit.
const LEAGUES: [(&str, i64, i64, i64); 12] = [
    ("150100", 90, 103, 62),
    ("150200", 105, 106, 94),
    ("150300", 35, 97, -12),
    ("150400", 115, 101, 71),
    ("150500", 0, 105, 118),
    ("150600", 150, 108, 83),
    ("150700", 80, 92, 35),
    ("150800", 85, 99, 58),
    ("150900", 95, 104, 102),
    ("152200", 65, 95, 21),
    ("152500", 75, 100, 76),
    ("152900", 45, 88, -8),
];
const TONGLIAO: &str = "150500";

/// Courses of Tongliao's industry on the list of 2025, named projects included: 233 started, 77
/// completed.
const TONGLIAO_INDUSTRY: [(Life, usize); 8] = [
    (Life::QuickSecond, 30),
    (Life::StartsSecond, 203),
    (Life::EndsSecond, 27),
    (Life::FirstToSecond, 20),
    (Life::Goes, 20),
    (Life::StartsFirst, 26),
    (Life::Waits, 8),
    (Life::Prepared, 10),
];
/// The others of Tongliao.
const TONGLIAO_OTHER: usize = 112;
/// How often each course comes elsewhere.
const COURSES: [(Life, i64); 8] = [
    (Life::QuickSecond, 55),
    (Life::StartsSecond, 270),
    (Life::EndsSecond, 115),
    (Life::FirstToSecond, 90),
    (Life::Goes, 165),
    (Life::StartsFirst, 175),
    (Life::Waits, 40),
    (Life::Prepared, 90),
];
/// Projects of the first year's list only, those that wait for the third, and ideas.
const FIRST_ONLY: usize = 1_150;
const NEXT: usize = 380;
const IDEAS: usize = 820;
/// The banner whose window the demo shows, 科尔沁区, and what it has in hand besides.
const BUSY: &str = "150502";
const IN_HAND: usize = 26;
const IN_HAND_OF_LEAGUE: usize = 18;

/// Makes the whole region up.
pub(super) fn sketches(reference: &Reference, first: Period) -> Vec<Sketch> {
    let mut maker = Maker {
        first,
        draw: Draw::new(0x6761_6E67_6D75),
        reference,
        names: HashSet::new(),
    };
    let mut all = named::sketches(first);
    for sketch in &all {
        maker.names.insert(sketch.name.clone());
    }
    maker.tongliao_industry(&mut all);
    maker.fill(&mut all);
    maker.changes(&mut all);
    for _ in 0..NEXT {
        let place = maker.place(None);
        all.push(maker.sketch(Life::Next, &place, None));
    }
    for _ in 0..IDEAS {
        let place = maker.place(None);
        let idea = maker.idea(&place);
        all.push(idea);
    }
    balance_second(&mut all);
    let missing = missing_in_first(&all);
    maker.first_only(&mut all, &missing);
    balance_first(&mut all, &missing);
    maker.plan(&mut all);
    maker.gaps(&mut all);
    all.extend(maker.in_hand());
    all
}

struct Maker<'a> {
    first: Period,
    draw: Draw,
    reference: &'a Reference,
    names: HashSet<String>,
}

struct Place {
    code: String,
    name: String,
}

impl Maker<'_> {
    /// Draws a banner, of a league if one is named.
    fn place(&mut self, league: Option<&str>) -> Place {
        let weights: Vec<i64> = LEAGUES.iter().map(|(_, weight, ..)| *weight).collect();
        let league = league.unwrap_or_else(|| LEAGUES[self.draw.weighted(&weights)].0);
        let children = self
            .reference
            .unit_by_code(league)
            .map(|unit| self.reference.children(&unit.path))
            .unwrap_or_default();
        if children.is_empty() {
            return Place {
                code: league.to_owned(),
                name: String::new(),
            };
        }
        let unit = *self.draw.pick(&children);
        Place {
            code: unit.code.clone(),
            name: unit.short_name.clone(),
        }
    }

    fn trade(&mut self, industrial: Option<bool>) -> &'static Trade {
        let fits = |trade: &&Trade| industrial.is_none_or(|want| trade.is_industrial() == want);
        let trades: Vec<&'static Trade> = TRADES.iter().filter(fits).collect();
        let weights: Vec<i64> = trades.iter().map(|trade| trade.weight).collect();
        trades[self.draw.weighted(&weights)]
    }

    fn sketch(&mut self, life: Life, place: &Place, industrial: Option<bool>) -> Sketch {
        let trade = self.trade(industrial);
        let (name, owner) = self.name(place, trade);
        let draw = &mut self.draw;
        let mut sketch = Sketch {
            id: None,
            name,
            owner,
            unit: place.code.clone(),
            unit_name: place.name.clone(),
            trade,
            government: draw.chance(trade.government),
            life,
            slips: false,
            rests: draw.chance(350),
            total: 0,
            before: 0,
            months: std::collections::BTreeMap::new(),
            plans: [0; 3],
            started: None,
            finished: None,
            planned_start: Date::constant(2024, 1, 1),
            planned_finish: Date::constant(2026, 12, 20),
            benefits: Vec::new(),
            scale: String::new(),
            on_from: None,
            off_from: None,
            missing: Vec::new(),
            entered: months_after(self.first, entered(life)),
            moves: Vec::new(),
            fixed: false,
        };
        // What slips is decided before the dates are drawn; Tongliao's industry keeps its word.
        let firm = industrial == Some(true);
        let ends = matches!(life, Life::EndsSecond | Life::FirstToSecond);
        sketch.slips = ends && !firm && draw.chance(120);
        draw_course(draw, &mut sketch);
        sketch
    }

    fn name(&mut self, place: &Place, trade: &Trade) -> (String, String) {
        let brand = *self.draw.pick(BRANDS);
        let product = *self.draw.pick(trade.products);
        let phase = PHASES[self.draw.weighted(&[60, 14, 12, 8, 3, 3])];
        let owner = format!("{}{brand}建设发展有限公司（演示）", place.name);
        let mut name = format!("{}{brand}{product}{phase}（演示）", place.name);
        let mut n = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{}{brand}{product}{phase}{n}号（演示）", place.name);
            n += 1;
        }
        (name, owner)
    }

    fn tongliao_industry(&mut self, all: &mut Vec<Sketch>) {
        for (life, wanted) in TONGLIAO_INDUSTRY {
            let there = all.iter().filter(|sketch| sketch.life == life).count();
            for _ in there..wanted {
                let place = self.place(Some(TONGLIAO));
                let sketch = self.sketch(life, &place, Some(true));
                all.push(sketch);
            }
        }
        for _ in 0..TONGLIAO_OTHER {
            let place = self.place(Some(TONGLIAO));
            let life = self.course();
            let sketch = self.sketch(life, &place, Some(false));
            all.push(sketch);
        }
    }

    fn course(&mut self) -> Life {
        let weights: Vec<i64> = COURSES.iter().map(|(_, weight)| *weight).collect();
        COURSES[self.draw.weighted(&weights)].0
    }

    fn fill(&mut self, all: &mut Vec<Sketch>) {
        while all.len() < ADOPTED {
            let place = self.place(None);
            let life = self.course();
            let sketch = self.sketch(life, &place, None);
            all.push(sketch);
        }
    }

    /// Adds what the list of 2025 takes in later. What it lets go is chosen when the time comes.
    fn changes(&mut self, all: &mut Vec<Sketch>) {
        for (count, month) in ADDED.into_iter().zip([3, 11]) {
            for _ in 0..count {
                let place = self.place(None);
                let mut sketch = self.sketch(Life::StartsSecond, &place, None);
                sketch.on_from = Period::new(2025, month);
                // Its year counts from the month it comes in: it starts then, not before.
                if let Some(from) = sketch.on_from {
                    let first = from.first_day();
                    sketch.months.retain(|period, _| *period >= from);
                    if sketch.started.is_some_and(|day| day < first) {
                        sketch.started = Some(first);
                    }
                }
                all.push(sketch);
            }
        }
    }

    /// Adds what was on the first year's list only, where money of that year is missing.
    fn first_only(&mut self, all: &mut Vec<Sketch>, missing: &[i64; 12]) {
        for _ in 0..FIRST_ONLY {
            let (league, ..) = LEAGUES[self.draw.weighted(missing)];
            let place = self.place(Some(league));
            let life = if self.draw.chance(700) {
                Life::EndsFirst
            } else {
                Life::QuickFirst
            };
            let sketch = self.sketch(life, &place, None);
            all.push(sketch);
        }
    }

    /// What one banner and its league have in hand on the last day, so that their windows have
    /// something to do. Drawn last: nothing else changes by it.
    fn in_hand(&mut self) -> Vec<Sketch> {
        let Some(unit) = self.reference.unit_by_code(BUSY) else {
            return Vec::new();
        };
        let place = Place {
            code: unit.code.clone(),
            name: unit.short_name.clone(),
        };
        let mut sketches = Vec::new();
        for _ in 0..IN_HAND {
            let mut sketch = self.sketch(Life::Next, &place, None);
            sketch.entered = months_after(self.first, 22);
            sketches.push(sketch);
        }
        // The government's own, small enough for the league, which decides on their site first.
        for _ in 0..IN_HAND_OF_LEAGUE {
            let place = self.place(Some(TONGLIAO));
            let mut sketch = self.sketch(Life::Next, &place, None);
            sketch.entered = months_after(self.first, 23);
            sketch.government = true;
            sketch.total = sketch.total.min(60_000);
            sketches.push(sketch);
        }
        self.plan(&mut sketches);
        sketches
    }

    fn idea(&mut self, place: &Place) -> Sketch {
        let mut idea = self.sketch(Life::Idea, place, None);
        let at = self.draw.between(0, 22);
        idea.entered = months_after(self.first, at);
        let reach = self.draw.weighted(&[42, 34, 24]);
        let mut when = at;
        for stage in [Stage::Reserve, Stage::Preparation].into_iter().take(reach) {
            when += self.draw.between(1, 7);
            if when <= 23 {
                idea.moves.push((months_after(self.first, when), stage));
            }
        }
        idea
    }

    /// Sets each year's plan so that leagues reach theirs more or less.
    fn plan(&mut self, all: &mut [Sketch]) {
        for sketch in all {
            let reach = LEAGUES
                .iter()
                .find(|(code, ..)| sketch.is_in(code))
                .map_or(100, |(_, _, reach, _)| *reach);
            for (at, year) in (2024_i16..).take(2).enumerate() {
                let noise = self.draw.between(-14, 12);
                let spent = sketch.year_sum(year);
                sketch.plans[at] = match sketch.life {
                    Life::Waits => sketch.total * 15 / 100,
                    Life::Prepared => sketch.total / 100,
                    _ => spent * 100 / (reach + noise),
                } / 10
                    * 10;
            }
            let left = sketch.total - sketch.since_start(months_after(self.first, 23));
            let share = self.draw.between(30, 60);
            sketch.plans[2] = (left * share / 100).max(0) / 10 * 10;
            let months = if sketch.started.is_some() {
                left / 60
            } else {
                0
            };
            if let Some(january) = Period::new(2026, 1) {
                sketch.months.insert(january, months.max(0));
            }
        }
    }

    /// Leaves some returns out; the next month makes up for them.
    fn gaps(&mut self, all: &mut [Sketch]) {
        for sketch in all.iter_mut().filter(|sketch| !sketch.fixed) {
            let months: Vec<Period> = sketch.months.keys().copied().collect();
            for pair in months.windows(2) {
                let (period, next) = (pair[0], pair[1]);
                let eventful = [sketch.started, sketch.finished].iter().any(|day| {
                    day.is_some_and(|day| [Some(period), Some(next)].contains(&Period::of(day)))
                });
                let same_year = period.year() == next.year();
                let free = period.next() == next && same_year && !eventful;
                if free && sketch.on_from.is_none() && self.draw.chance(9) {
                    let amount = sketch.months.remove(&period).unwrap_or(0);
                    *sketch.months.entry(next).or_default() += amount;
                    sketch.missing.push(period);
                    break;
                }
            }
        }
    }
}

/// How many months after the first it is entered.
fn entered(life: Life) -> i64 {
    match life {
        Life::QuickSecond | Life::StartsSecond | Life::Waits | Life::Prepared => 11,
        Life::Next => 18,
        _ => 0,
    }
}

/// The month so many months after a first one.
fn months_after(first: Period, n: i64) -> Period {
    (0..n).fold(first, |period, _| period.next())
}

fn is_first_only(sketch: &Sketch) -> bool {
    matches!(sketch.life, Life::EndsFirst | Life::QuickFirst)
}

fn year_sum<'a>(sketches: impl Iterator<Item = &'a Sketch>, year: i16) -> i64 {
    sketches.map(|sketch| sketch.year_sum(year)).sum()
}

/// Scales money so that the second year reaches what was printed.
fn balance_second(all: &mut [Sketch]) {
    let fixed = year_sum(all.iter().filter(|s| s.fixed), 2025);
    let raw = year_sum(all.iter().filter(|s| !s.fixed), 2025);
    for sketch in all.iter_mut().filter(|s| !s.fixed) {
        sketch.scale_money(TARGETS[1] - fixed, raw);
    }
}

/// What each league still lacks in the first year, so that it grows as it should and the region
/// reaches what was printed.
fn missing_in_first(all: &[Sketch]) -> [i64; 12] {
    let of = |code, year| year_sum(all.iter().filter(|s| s.is_in(code)), year);
    let wished = LEAGUES.map(|(code, _, _, growth)| of(code, 2025) * 1_000 / (1_000 + growth));
    let sum: i64 = wished.iter().sum();
    let mut at = 0;
    LEAGUES.map(|(code, ..)| {
        let target = i128::from(wished[at]) * i128::from(TARGETS[0]) / i128::from(sum.max(1));
        at += 1;
        (i64::try_from(target).unwrap_or(0) - of(code, 2024)).max(1)
    })
}

/// Scales the projects of the first year only to what was missing in each league.
fn balance_first(all: &mut [Sketch], missing: &[i64; 12]) {
    for ((code, ..), target) in LEAGUES.into_iter().zip(missing) {
        let own = |s: &Sketch| is_first_only(s) && s.is_in(code);
        let raw = year_sum(all.iter().filter(|s| own(s)), 2024);
        for sketch in all.iter_mut().filter(|s| own(s)) {
            sketch.scale_money(*target, raw);
        }
    }
}
