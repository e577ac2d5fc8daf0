//! A plan under supervision with everything that is stored of it, and what its items come to.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::Period;
use gangmu_domain::plans::{Content, Indicator, Office, PlanId, PlanState, Task};
use gangmu_domain::supervision::{
    Course, Item, Proposal, Reporting, Round, State, propose, propose_whole,
};
use gangmu_store::plans::{self, PlanRow, VersionRow};
use gangmu_store::supervision::{self, ClosedRow, SupervisionRow};
use gangmu_store::{Conn, StoreError};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::approvals::{calendar_error, left};
use crate::error::{AppError, OrNotFound};
use crate::plans::{Stands, shown};
use crate::{Actor, App, Reference};

/// A plan under supervision.
pub(super) struct Loaded {
    pub plan: PlanRow,
    pub version: VersionRow,
    pub row: SupervisionRow,
    /// The rounds that take reports or took them, oldest first.
    pub rounds: Vec<Round>,
    pub courses: BTreeMap<(Period, Item), Course>,
    pub closed: BTreeMap<Period, ClosedRow>,
}

/// A line of a bulletin; kept as it is when the bulletin is issued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Line {
    pub task: u32,
    pub indicator: u32,
    pub number: usize,
    pub title: String,
    /// The indicator's name; empty for the task itself.
    pub name: String,
    /// The unit and department that lead; zero for the unit as a whole.
    pub unit: String,
    pub department: i64,
    pub due: String,
    pub state: String,
    pub reporting: String,
    pub overruled: bool,
    /// Bulletins issued before checks were told apart do not say it.
    #[serde(default)]
    pub unsound: bool,
    pub value: String,
    pub expected: String,
    pub text: String,
    /// Working days the report came after it was due, or is missing since.
    pub late: i64,
}

/// What the figures say of an item today.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Suggested {
    pub proposal: Option<Proposal>,
    pub value: String,
    pub expected: String,
    /// The day of the figure.
    pub on: Option<Date>,
    /// Why there is no figure: nothing, gone, hidden, `not_workable`; empty where there is one or
    /// nothing is measured.
    pub blank: &'static str,
}

impl Line {
    pub(super) fn item(&self) -> Item {
        Item {
            task: self.task,
            indicator: self.indicator,
        }
    }

    pub(super) fn state(&self) -> State {
        State::from_word(&self.state).unwrap_or(State::Other)
    }

    pub(super) fn is_missing(&self) -> bool {
        self.reporting == Reporting::Missing.word()
    }

    /// Whether a report is wanted and has not come.
    pub(super) fn is_open(&self) -> bool {
        self.reporting == Reporting::Open.word() || self.is_missing()
    }

    pub(super) fn office(&self) -> Office {
        let id = (self.department != 0).then_some(self.department);
        Office {
            unit: gangmu_domain::organisation::UnitPath::from_stored(self.unit.clone()),
            department: id.map(gangmu_domain::organisation::DepartmentId),
        }
    }
}

/// Reads plans under supervision: those in force, with everything up to today.
pub(super) async fn load_all(
    conn: &impl Conn,
    reference: &Reference,
    today: Date,
    rows: Vec<PlanRow>,
) -> Result<Vec<Loaded>, AppError> {
    let ids: Vec<PlanId> = rows.iter().map(|plan| plan.id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut supervised = supervision::supervision_list(conn, &ids).await?;
    let mut versions = plans::plan_version_in_force(conn, &ids).await?;
    let until = Period::of(today).or_not_found("period")?.next();
    let events = supervision::supervision_event_list(conn, &ids, until.next()).await?;
    let closed = supervision::supervision_closed_list(conn, &ids).await?;
    let mut found = Vec::new();
    for plan in rows {
        let (Some(row), Some(version)) = (supervised.remove(&plan.id), versions.remove(&plan.id))
        else {
            continue;
        };
        if plan.state != PlanState::Adopted {
            continue;
        }
        let span = (row.since, row.until);
        // A round with reports or a bulletin stays one, whatever becomes of rhythms and tasks.
        let mut told: BTreeSet<Period> = events
            .iter()
            .filter(|one| one.plan == plan.id)
            .map(|one| one.period)
            .collect();
        let issued = closed.iter().filter(|((id, _), _)| *id == plan.id);
        told.extend(issued.map(|((_, period), _)| *period));
        let rounds = reference
            .supervision
            .rounds(
                &reference.calendar,
                |period| told.contains(&period) || row.rhythms.has(&version.content, period),
                span,
                today,
            )
            .map_err(calendar_error)?;
        let mut courses: BTreeMap<(Period, Item), Course> = BTreeMap::new();
        for event in events.iter().filter(|one| one.plan == plan.id) {
            let course = courses.entry((event.period, event.item)).or_default();
            course.events.push(event.event.clone());
        }
        let closed = closed
            .iter()
            .filter(|((id, _), _)| *id == plan.id)
            .map(|((_, period), row)| (*period, row.clone()))
            .collect();
        found.push(Loaded {
            plan,
            version,
            row,
            rounds,
            courses,
            closed,
        });
    }
    Ok(found)
}

impl Loaded {
    /// The round a person means: the one they name, else the last one that is due or open.
    pub(super) fn round(&self, period: Option<Period>) -> Result<Round, AppError> {
        let found = match period {
            Some(period) => self.rounds.iter().find(|one| one.period == period),
            None => self.rounds.last(),
        };
        found.copied().or_not_found("round")
    }

    pub(super) fn content(&self) -> &Content {
        &self.version.content
    }

    pub(super) fn course(&self, period: Period, item: Item) -> Course {
        self.courses
            .get(&(period, item))
            .cloned()
            .unwrap_or_default()
    }

    /// Whether a task is reported on in a month's round: by its bulletin, once that is out; else by
    /// the task's rhythm, or because it was reported on.
    pub(super) fn asks(&self, task: u32, period: Period) -> bool {
        if let Ok(Some(lines)) = self.bulletin(period) {
            return lines.iter().any(|line| line.task == task);
        }
        let item = |indicator| (period, Item { task, indicator });
        let mut acts = self.courses.range(item(0)..=item(u32::MAX));
        self.row.rhythms.of(task, period).has(period) || acts.next().is_some()
    }

    /// The lines of a round's bulletin, as it was issued; `None` while it is not.
    fn bulletin(&self, period: Period) -> Result<Option<Vec<Line>>, AppError> {
        let Some(closed) = self.closed.get(&period) else {
            return Ok(None);
        };
        let read = serde_json::from_str(&closed.body).map(Some);
        read.map_err(|_| {
            AppError::Store(StoreError::Corrupt {
                what: "bulletin",
                found: closed.body.chars().take(80).collect(),
            })
        })
    }

    /// The rounds a task is reported on in, newest first.
    pub(super) fn rounds_of(&self, task: u32) -> impl Iterator<Item = Round> {
        let rounds = self.rounds.iter().rev().copied();
        rounds.filter(move |round| self.asks(task, round.period))
    }

    /// What the last round before one said of an item, if any did.
    pub(super) fn before(&self, period: Period, item: Item) -> Option<State> {
        let mut earlier = self
            .courses
            .range(
                ..(
                    period,
                    Item {
                        task: 0,
                        indicator: 0,
                    },
                ),
            )
            .rev();
        earlier.find_map(|((_, one), course)| (*one == item).then(|| course.state())?)
    }

    /// The lines of a round: as its bulletin was issued, else as they are now.
    pub(super) fn lines(
        &self,
        reference: &Reference,
        round: Round,
        today: Date,
    ) -> Result<Vec<Line>, AppError> {
        if let Some(lines) = self.bulletin(round.period)? {
            return Ok(lines);
        }
        let numbered = self.content().tasks.iter().zip(1..);
        let asked = |(task, _): &(&Task, usize)| self.asks(task.key, round.period);
        let mut lines = Vec::new();
        for (task, number) in numbered.filter(asked) {
            match task.indicators.is_empty() {
                true => lines.push(self.line(reference, round, (task, number), None, today)),
                false => lines.extend(
                    task.indicators
                        .iter()
                        .map(|one| self.line(reference, round, (task, number), Some(one), today)),
                ),
            }
        }
        Ok(lines)
    }

    fn line(
        &self,
        reference: &Reference,
        round: Round,
        (task, number): (&Task, usize),
        one: Option<&Indicator>,
        today: Date,
    ) -> Line {
        use gangmu_domain::supervision::Act;
        let item = Item {
            task: task.key,
            indicator: one.map_or(0, |one| one.key),
        };
        let course = self.course(round.period, item);
        let before = self.before(round.period, item);
        let (state, reporting) = course.standing(before, today > round.due_on);
        let over = |day: Date| left(reference, day, round.due_on).map_or(0, |days| (-days).max(0));
        let late = match (reporting, course.reported_on()) {
            (Reporting::Missing, _) => over(today),
            (_, Some(day)) => over(day),
            _ => 0,
        };
        let (value, expected, text) = match course.report().map(|(event, _)| &event.act) {
            Some(Act::Report {
                value,
                expected,
                text,
                ..
            }) => (value.clone(), expected.clone(), text.clone()),
            _ => Default::default(),
        };
        Line {
            task: item.task,
            indicator: item.indicator,
            number,
            title: task.title.clone(),
            name: one.map_or_else(String::new, |one| one.name.clone()),
            unit: task.lead.unit.as_str().to_owned(),
            department: task.lead.department.map_or(0, |id| id.0),
            due: one.map_or(task.due, |one| one.due).to_string(),
            state: state.word().to_owned(),
            reporting: reporting.word().to_owned(),
            overruled: course.overruled(),
            unsound: course.unsound(),
            value,
            expected,
            text,
            late,
        }
    }

    /// What the figures say of an item today, as far as a person may see them.
    pub(super) fn suggested(
        &self,
        reference: &Reference,
        stands: &BTreeMap<u32, Stands>,
        item: Item,
        today: Date,
    ) -> Suggested {
        let Some(task) = self.content().task(item.task) else {
            return Suggested::default();
        };
        let one = task.indicators.iter().find(|one| one.key == item.indicator);
        let Some(one) = one else {
            return Suggested {
                proposal: propose_whole(task.due, today),
                ..Suggested::default()
            };
        };
        let Some(stands) = stands.get(&one.key) else {
            return Suggested::default();
        };
        let printed = |amount| format!("{} {}", shown(&one.unit, amount), one.unit.0);
        let value = stands.value.ok();
        let expected = one.expected(self.plan.from, stands.on);
        Suggested {
            proposal: propose(
                &reference.supervision,
                one,
                self.plan.from,
                value,
                stands.on,
            ),
            value: value.map(printed).unwrap_or_default(),
            expected: expected
                .filter(|_| value.is_some())
                .map(printed)
                .unwrap_or_default(),
            on: value.map(|_| stands.on),
            blank: stands.value.err().map_or("", |blank| blank.word()),
        }
    }

    /// The offices that answer for items.
    pub(super) fn offices(lines: &[Line]) -> BTreeSet<Office> {
        lines.iter().map(Line::office).collect()
    }
}

impl App {
    /// Reads a plan under supervision that may be seen.
    pub(super) async fn supervised(
        &self,
        actor: &Actor,
        reference: &Reference,
        id: PlanId,
    ) -> Result<Loaded, AppError> {
        let plan = self.plan_seen(actor, id).await?;
        let loaded = load_all(&self.db, reference, self.today(), vec![plan]).await?;
        loaded.into_iter().next().or_not_found("supervision")
    }
}
