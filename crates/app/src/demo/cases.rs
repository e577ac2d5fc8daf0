//! The approval cases of the demo: made when a project is in preparation, worked month by month.
//!
//! What one would get wrong: what is in implementation has passed its gate, so a case that belongs
//! to a start is planned backwards from it; all others are planned forwards from the day they were
//! made and stand wherever the last day of the demo finds them.

use std::collections::HashMap;

use gangmu_domain::Period;
use gangmu_domain::approvals::{Act, Catalogue, Instance, Route, Standing};
use gangmu_domain::library::{Field, ProjectId};
use gangmu_domain::organisation::UnitPath;
use gangmu_domain::pipeline::Stage;
use gangmu_store::library::{self, Project};
use jiff::ToSpan as _;
use jiff::civil::{Date, date};

use super::card;
use super::course::{self, Ground, Wish};
use super::people;
use super::sketch::{Life, Sketch};
use super::story::{Teller, following};
use crate::approvals::{ActInput, CaseInput, Entered};
use crate::error::{AppError, OrNotFound};
use crate::random::Draw;
use crate::{Actor, App, Reference};

/// Whoever acts at each office, and the acts that are still to come.
pub(super) struct Offices {
    catalogue: Catalogue,
    /// Windows that handle everything of a league and its banners, by the league's code.
    windows: HashMap<String, Actor>,
    /// Officers of one department at one unit, by both codes.
    officers: HashMap<(String, String), Actor>,
    wishes: Vec<(ProjectId, Wish)>,
}

impl Offices {
    pub(super) async fn new(app: &App, system: &Actor) -> Result<Self, AppError> {
        let (catalogue, _) = app.current_catalogue().await?;
        let mut windows = HashMap::new();
        for (login, league) in people::windows() {
            windows.insert(league, people::actor(app, system, &login).await?);
        }
        let mut officers = HashMap::new();
        for officer in people::officers() {
            let actor = people::actor(app, system, &officer.login).await?;
            officers.insert((officer.unit, officer.department), actor);
        }
        Ok(Self {
            catalogue,
            windows,
            officers,
            wishes: Vec::new(),
        })
    }

    /// Whoever has a matter of a department at a unit.
    fn who(&self, unit: &UnitPath, department: &str) -> Option<&Actor> {
        let window = || self.windows.get(unit.codes().nth(1)?);
        self.officer(unit, department).or_else(window)
    }

    /// Whoever speaks for a department at a unit, if anybody does.
    pub(super) fn officer(&self, unit: &UnitPath, department: &str) -> Option<&Actor> {
        let own = unit.codes().last().unwrap_or_default();
        let at = |department: &str| self.officers.get(&(own.to_owned(), department.to_owned()));
        at(department).or_else(|| at(""))
    }

    /// Takes off the list the decision a matter waits for next, if that is what comes next.
    pub(super) fn take_grant(&mut self, project: ProjectId, item: &str) -> Option<Act> {
        let mut wishes = self.wishes.iter();
        let at = wishes.position(|(id, wish)| *id == project && wish.item == item)?;
        let next = self.wishes.get(at)?;
        match next.1.act {
            Act::Grant { .. } => Some(self.wishes.remove(at).1.act),
            _ => None,
        }
    }
}

/// Says whether a project of the demo has a case from the day it is entered: of those of the first
/// year a few, when joint approval was being tried.
fn has_case(sketch: &Sketch) -> bool {
    let prepared = card::first_stage(sketch) == Stage::Preparation;
    let late = sketch.entered >= Period::of(date(2024, 12, 1)).unwrap_or(sketch.entered);
    let tried = sketch.started >= Some(date(2024, 6, 1)) && sketch.total % 12 == 0;
    sketch.fixed || prepared && (late || tried)
}

impl Teller<'_> {
    /// Makes the cases of what was entered in a month, and plans their courses.
    pub(super) async fn open_cases(&mut self, period: Period) -> Result<(), AppError> {
        let entered = |sketch: &&Sketch| sketch.entered == period && has_case(sketch);
        let sketches: Vec<Sketch> = self.all.iter().filter(entered).cloned().collect();
        let cases: Vec<(ProjectId, CaseInput)> = sketches
            .iter()
            .filter_map(|sketch| Some((sketch.id?, CaseInput::default())))
            .collect();
        if !cases.is_empty() {
            self.app.cases_create(&self.region, &cases).await?;
        }
        self.plan_cases(&sketches, following(period.previous(), 2))
            .await
    }

    /// Plans the courses of ideas that have become ripe.
    pub(super) async fn plan_ripe(&mut self, period: Period) -> Result<(), AppError> {
        let ripe = |sketch: &&Sketch| {
            sketch.life == Life::Idea && sketch.moves.contains(&(period, Stage::Preparation))
        };
        let sketches: Vec<Sketch> = self.all.iter().filter(ripe).cloned().collect();
        self.plan_cases(&sketches, following(period, 9)).await
    }

    async fn plan_cases(&mut self, sketches: &[Sketch], made_on: Date) -> Result<(), AppError> {
        let reference = self.app.reference().await?;
        let ids: Vec<i64> = sketches.iter().filter_map(|s| Some(s.id?.0)).collect();
        let projects: HashMap<ProjectId, Project> = library::project_list_of(&self.app.db, &ids)
            .await?
            .into_iter()
            .map(|project| (project.id, project))
            .collect();
        for sketch in sketches {
            let project = sketch.id.and_then(|id| projects.get(&id));
            let project = project.or_not_found("project")?;
            let wishes = plan(
                &reference,
                &self.offices.catalogue,
                sketch,
                project,
                made_on,
            );
            let wishes = wishes.into_iter().map(|wish| (project.id, wish));
            self.offices.wishes.extend(wishes);
        }
        Ok(())
    }

    /// Enters what the offices did up to a day.
    pub(super) async fn work_cases(&mut self, until: Date) -> Result<(), AppError> {
        let wishes = std::mem::take(&mut self.offices.wishes);
        let (mut now, later): (Vec<_>, Vec<_>) =
            wishes.into_iter().partition(|(_, wish)| wish.on <= until);
        self.offices.wishes = later;
        // What has left the list is not worked on any more.
        let off: std::collections::HashSet<ProjectId> = self
            .all
            .iter()
            .filter(|sketch| sketch.off_from.is_some_and(|off| off.first_day() <= until))
            .filter_map(|sketch| sketch.id)
            .collect();
        now.retain(|(project, _)| !off.contains(project));
        // Stable: acts of one day stay in the order of their course.
        now.sort_by_key(|(_, wish)| wish.on);
        let inputs: Vec<ActInput> = now
            .iter()
            .map(|(_, wish)| ActInput::new(None, wish.act.clone()).on(wish.on))
            .collect();
        let mut entered = Vec::with_capacity(now.len());
        for ((project, wish), input) in now.iter().zip(&inputs) {
            let actor = self.offices.who(&wish.unit, &wish.department);
            entered.push(Entered {
                actor: actor.or_not_found("user")?,
                project: *project,
                item: &wish.item,
                input,
                by_sitting: false,
            });
        }
        self.app.acts_enter(&entered).await?;
        Ok(())
    }
}

/// Plans the course of one project's case.
fn plan(
    reference: &Reference,
    catalogue: &Catalogue,
    sketch: &Sketch,
    project: &Project,
    made_on: Date,
) -> Vec<Wish> {
    let Some(route) = Route::of(&project.record) else {
        return Vec::new();
    };
    let own = reference.level(&project.unit);
    let instances = catalogue.instantiate(route, &project.record, own);
    let mut draw = Draw::new(0x6361_7365 ^ project.id.0.unsigned_abs());
    let planned = project.record.date(Field::PlannedStart);
    let mut ground = Ground {
        catalogue,
        calendar: &reference.calendar,
        unit: &project.unit,
        planned_start: planned.unwrap_or(sketch.planned_start),
        slack: 3,
        number: project.id.0,
        stuck: None,
    };
    if let Some(started) = sketch.started {
        return backwards(&ground, &instances, started, sketch.finished, &mut draw);
    }
    let stuck = stuck(&instances, sketch.life, &mut draw);
    ground.stuck = stuck.as_deref();
    ground.slack = if sketch.life == Life::Waits { 9 } else { 5 };
    let ahead = match sketch.life {
        Life::Waits => draw.between(20, 110),
        Life::Prepared => draw.between(240, 400),
        // Entered late in the second year: under way on the last day.
        Life::Next if sketch.entered.month() == 12 => draw.between(16, 60),
        Life::Next if sketch.entered.month() == 11 => draw.between(8, 88),
        Life::Next => draw.between(60, 205),
        _ => draw.between(0, 15),
    };
    let from = made_on.checked_add(ahead.days()).unwrap_or(made_on);
    course::of_case(&ground, &instances, from, &mut draw).0
}

/// A course that ends shortly before the works began.
fn backwards(
    ground: &Ground<'_>,
    instances: &[Instance],
    started: Date,
    finished: Option<Date>,
    draw: &mut Draw,
) -> Vec<Wish> {
    let spare = draw.between(3, 25);
    let latest = started.checked_sub(spare.days()).unwrap_or(started);
    let mut from = latest.checked_sub(150.days()).unwrap_or(latest);
    let mut wishes = Vec::new();
    for _ in 0..6 {
        let mut same = draw.clone();
        let (found, end) = course::of_case(ground, instances, from, &mut same);
        wishes = found;
        let Some(end) = end else { break };
        let days = end.duration_since(latest).as_hours() / 24;
        if (-20..=0).contains(&days) {
            break;
        }
        // A later start may end up late again because of a holiday: aim a little earlier.
        from = from.checked_sub((days + 6).days()).unwrap_or(from);
    }
    if let Some(finished) = finished {
        wishes.extend(course::of_acceptance(ground, instances, finished, draw));
    }
    wishes
}

/// What hangs for good: of what should have started long ago, nearly always something.
fn stuck(instances: &[Instance], life: Life, draw: &mut Draw) -> Option<String> {
    let chance = match life {
        Life::Waits => 900,
        Life::Prepared => 200,
        _ => 60,
    };
    if !draw.chance(chance) {
        return None;
    }
    let hangs = ["A12", "A06", "A10", "A11", "A08", "A05", "A07", "A18"];
    let needed = |code: &&str| {
        let mut all = instances.iter();
        all.any(|one| one.code == **code && one.standing == Standing::Needed)
    };
    let candidates: Vec<&str> = hangs.iter().copied().filter(|code| needed(code)).collect();
    if candidates.is_empty() {
        return None;
    }
    Some((*draw.pick(&candidates)).to_owned())
}
