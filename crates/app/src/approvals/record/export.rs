//! Writing our own record as XES and OCEL 2.0.
//!
//! What a reader would get wrong: a XES log has one kind of case, so the view decides what it says;
//! an OCEL log has every act once, bound to its matter, its project and the office that did it, and
//! the view decides nothing but how many cases are reported.

use std::collections::BTreeMap;

use gangmu_calendar::clock::Clock;
use gangmu_domain::approvals::MatterGroup;
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_exchange::eventlog::ocel::{
    Known, KnownSince, Object, ObjectEvent, ObjectLog, Relation, Type, TypeAttribute, write_ocel,
};
use gangmu_exchange::eventlog::{
    EventLog, EventLogBuilder, INSTANCE, LogFull, NAME, TIME, Value, compress, write_xes,
};
use gangmu_store::approvals::WorkRow;
use jiff::civil::Date;

use super::log::{Happened, RecordLog, View, act_name, instants, midnight};
use super::{Record, RecordQuery};
use crate::approvals::load::calendar_error;
use crate::approvals::view::DepartmentView;
use crate::error::AppError;
use crate::event_logs::LogFormat;
use crate::library::UnitView;
use crate::{Actor, App};

impl App {
    /// Writes the acts of the cases one sees as an event log.
    ///
    /// # Errors
    /// When the actor may not export, the unit is not theirs, or a word is not known.
    pub async fn approval_log(
        &self,
        actor: &Actor,
        query: &RecordQuery,
        view: View,
        format: LogFormat,
    ) -> Result<RecordLog, AppError> {
        actor.grant(Action::Export)?;
        let record = self.record(actor, query).await?;
        let day = query.day(self.today());
        let writer = Writer {
            record: &record,
            day,
        };
        let view = match format {
            LogFormat::Ocel => View::Matters,
            LogFormat::Xes | LogFormat::XesGzip => view,
        };
        let cases = record.happened(query.from, day, view)?;
        let (ending, bytes) = match format {
            LogFormat::Xes => ("xes", write_xes(&writer.xes(&cases, view)?)),
            LogFormat::XesGzip => ("xes.gz", compress(&write_xes(&writer.xes(&cases, view)?))),
            LogFormat::Ocel => ("jsonocel", write_ocel(&writer.ocel(&cases))),
        };
        Ok(RecordLog {
            name: format!("{}审批事件日志-{day}.{ending}", record.unit.name),
            bytes,
            cases: cases.len(),
            events: cases.iter().map(Vec::len).sum(),
        })
    }
}

struct Writer<'r> {
    record: &'r Record,
    day: Date,
}

/// A log has at most 4,294,967,295 events.
fn full(_: LogFull) -> AppError {
    AppError::State {
        code: "export.too_long",
        params: Vec::new(),
    }
}

impl Writer<'_> {
    fn xes(&self, cases: &[Vec<Happened<'_>>], view: View) -> Result<EventLog, AppError> {
        let mut build = EventLogBuilder::default();
        for case in cases {
            let Some(first) = case.first() else { continue };
            build.begin_case().map_err(full)?;
            self.case(&mut build, first.row, view)?;
            for (act, at) in case.iter().zip(instants(case)) {
                self.event(&mut build, act, at, view).map_err(full)?;
            }
        }
        Ok(build.finish())
    }

    fn case(&self, build: &mut EventLogBuilder, row: &WorkRow, view: View) -> Result<(), AppError> {
        let name = match view {
            View::Matters => matter_id(row),
            View::Projects => project_id(row),
        };
        let investment = Value::Whole(row.total_investment);
        let texts = |build: &mut EventLogBuilder| {
            build.text(NAME, &name)?;
            build.text("project", &row.project_name)?;
            build.text("project_code", &row.project_code)?;
            build.text("unit", &self.unit(&row.item.own))?;
            build.value("investment", investment)
        };
        texts(build).map_err(full)?;
        if view == View::Projects {
            return Ok(());
        }
        let (due, ended) = self.deadline(row)?;
        let group = self.group(row);
        let more = |build: &mut EventLogBuilder| {
            build.text("matter", &self.matter(row))?;
            build.text("matter_code", &row.item.item)?;
            build.text("group", group)?;
            build.text("level", row.item.level.word())?;
            // A day of a limit ends at midnight; what is done on it is in time.
            for (key, day) in [("deadline", due), ("enddate", ended)] {
                if let Some(day) = day {
                    build.time(key, midnight(day) + 86_399_999)?;
                }
            }
            Ok(())
        };
        more(build).map_err(full)
    }

    /// The last day in time, promised where something was promised, and the day of the decision.
    fn deadline(&self, row: &WorkRow) -> Result<(Option<Date>, Option<Date>), AppError> {
        let handled = self.record.handled(row, self.day)?;
        let (setup, course) = (&handled.setup, &handled.course);
        let calendar = &self.record.reference.calendar;
        let clocks = setup
            .clocks_of(course.leg(), course, calendar, self.day)
            .map_err(calendar_error)?;
        let due = |wanted: Clock| {
            let found = clocks.iter().find(|(clock, _)| *clock == wanted);
            found.and_then(|(_, reading)| reading.due_on())
        };
        let due = due(Clock::Promised).or_else(|| due(Clock::Statutory));
        Ok((due, course.outcome.as_ref().map(|one| one.on)))
    }

    fn event(
        &self,
        build: &mut EventLogBuilder,
        act: &Happened<'_>,
        at: i64,
        view: View,
    ) -> Result<(), LogFull> {
        build.begin_event()?;
        build.text(NAME, &self.activity(act, view))?;
        build.time(TIME, at)?;
        build.text(INSTANCE, &event_id(act))?;
        let office = self.office(act);
        build.text("org:group", &office.unit)?;
        build.text("org:role", &office.department)?;
        build.time("entered", act.event.at)?;
        if view == View::Projects {
            build.text("act", act_name(act.event.act.kind()))?;
        }
        Ok(())
    }

    fn activity(&self, act: &Happened<'_>, view: View) -> String {
        match view {
            View::Matters => act_name(act.event.act.kind()).to_owned(),
            View::Projects => self.matter(act.row),
        }
    }

    fn ocel(&self, cases: &[Vec<Happened<'_>>]) -> ObjectLog {
        let mut log = ObjectLog::default();
        let mut objects: BTreeMap<String, Object> = BTreeMap::new();
        for case in cases {
            for (act, at) in case.iter().zip(instants(case)) {
                let office = self.office(act);
                let (project, matter) = (project_id(act.row), matter_id(act.row));
                let add = |objects: &mut BTreeMap<String, Object>, one: Object| {
                    objects.entry(one.id.clone()).or_insert(one);
                };
                add(&mut objects, self.project_object(act.row));
                add(&mut objects, self.matter_object(act.row));
                log.events.push(ObjectEvent {
                    id: event_id(act),
                    kind: act_name(act.event.act.kind()).to_owned(),
                    at,
                    attributes: vec![Known {
                        name: "seq".to_owned(),
                        value: act.event.seq.to_string(),
                    }],
                    relationships: [
                        (matter, "办理事项"),
                        (project, "所属项目"),
                        (office.id.clone(), "办理机构"),
                    ]
                    .map(|(object, qualifier)| Relation {
                        object,
                        qualifier: qualifier.to_owned(),
                    })
                    .into(),
                });
                add(&mut objects, office.object());
            }
        }
        log.event_types = event_types(&log);
        log.object_types = object_types();
        log.objects = objects.into_values().collect();
        log
    }

    fn project_object(&self, row: &WorkRow) -> Object {
        object(
            project_id(row),
            "project",
            &[
                ("name", row.project_name.clone()),
                ("code", row.project_code.clone()),
                ("unit", self.unit(&row.item.own)),
                ("investment", row.total_investment.to_string()),
            ],
        )
    }

    fn matter_object(&self, row: &WorkRow) -> Object {
        let mut matter = object(
            matter_id(row),
            "matter",
            &[
                ("name", self.matter(row)),
                ("code", row.item.item.clone()),
                ("group", self.group(row).to_owned()),
                ("level", row.item.level.word().to_owned()),
            ],
        );
        matter.relationships.push(Relation {
            object: project_id(row),
            qualifier: "所属项目".to_owned(),
        });
        matter
    }

    /// The office that did an act: the unit of its leg and the department that leads by then.
    fn office(&self, act: &Happened<'_>) -> Office {
        let leg = usize::try_from(act.event.leg).unwrap_or(0);
        let legs = self.record.legs(act.row);
        let unit = legs.get(leg).map_or(&act.row.item.own, |leg| &leg.unit);
        let department = self.record.lead(act.row, act.on);
        let shown = DepartmentView::new(&self.record.reference, unit, department);
        Office {
            id: format!("office-{}-{}", unit.as_str(), shown.code),
            unit: self.unit(unit),
            department: shown.name,
        }
    }

    fn unit(&self, path: &UnitPath) -> String {
        UnitView::new(&self.record.reference, path).name
    }

    fn matter(&self, row: &WorkRow) -> String {
        let catalogue = self.record.catalogues.get(&row.catalogue);
        let matter = catalogue.and_then(|one| one.matter(&row.item.item));
        matter.map_or_else(|| row.item.item.clone(), |one| one.name.clone())
    }

    fn group(&self, row: &WorkRow) -> &'static str {
        let catalogue = self.record.catalogues.get(&row.catalogue);
        let matter = catalogue.and_then(|one| one.matter(&row.item.item));
        matter.map_or("", |one| MatterGroup::word(one.group))
    }
}

struct Office {
    id: String,
    unit: String,
    department: String,
}

impl Office {
    fn object(&self) -> Object {
        let known = [
            ("unit", self.unit.clone()),
            ("department", self.department.clone()),
        ];
        object(self.id.clone(), "office", &known)
    }
}

fn project_id(row: &WorkRow) -> String {
    format!("project-{}", row.item.project.0)
}

fn matter_id(row: &WorkRow) -> String {
    format!("matter-{}-{}", row.item.project.0, row.item.item)
}

fn event_id(act: &Happened<'_>) -> String {
    format!(
        "act-{}-{}-{}",
        act.row.item.project.0, act.row.item.item, act.event.seq
    )
}

fn object(id: String, kind: &str, known: &[(&str, String)]) -> Object {
    let since = |(name, value): &(&str, String)| KnownSince {
        name: (*name).to_owned(),
        value: value.clone(),
        at: 0,
    };
    Object {
        id,
        kind: kind.to_owned(),
        relationships: Vec::new(),
        attributes: known.iter().map(since).collect(),
    }
}

fn attribute(name: &str, kind: &str) -> TypeAttribute {
    TypeAttribute {
        name: name.to_owned(),
        kind: kind.to_owned(),
    }
}

/// The kinds of acts that came up, in the order of their names.
fn event_types(log: &ObjectLog) -> Vec<Type> {
    let mut names: Vec<&String> = log.events.iter().map(|event| &event.kind).collect();
    names.sort_unstable();
    names.dedup();
    let types = names.into_iter().map(|name| Type {
        name: name.clone(),
        attributes: vec![attribute("seq", "integer")],
    });
    types.collect()
}

fn object_types() -> Vec<Type> {
    let texts = |names: &[&str]| -> Vec<TypeAttribute> {
        names.iter().map(|name| attribute(name, "string")).collect()
    };
    let mut project = texts(&["name", "code", "unit"]);
    project.push(attribute("investment", "integer"));
    [
        ("project", project),
        ("matter", texts(&["name", "code", "group", "level"])),
        ("office", texts(&["unit", "department"])),
    ]
    .map(|(name, attributes)| Type {
        name: name.to_owned(),
        attributes,
    })
    .into()
}
