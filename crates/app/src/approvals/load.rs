//! A case out of the database: rows and acts put together under the catalogue it was made under.

use std::collections::BTreeMap;
use std::sync::Arc;

use gangmu_calendar::CalendarError;
use gangmu_domain::approvals::{
    Case, Catalogue, Course, DependencyKind, Event, Graph, Item, Matter, Setup, legs,
};
use gangmu_domain::library::ProjectId;
use gangmu_store::Conn;
use gangmu_store::approvals::{self, CaseRow, ItemRow};
use jiff::civil::Date;

use crate::error::{AppError, OrNotFound};
use crate::{App, Reference};

/// A case with everything that is stored of it.
pub(super) struct Loaded {
    pub case: CaseRow,
    pub catalogue: Arc<Catalogue>,
    pub items: Vec<ItemRow>,
    pub events: BTreeMap<String, Vec<Event>>,
}

impl App {
    /// Reads a case with its matters and acts.
    pub(super) async fn load_case(
        &self,
        conn: &impl Conn,
        project: ProjectId,
    ) -> Result<Loaded, AppError> {
        let case = approvals::case_get(conn, project)
            .await?
            .or_not_found("case")?;
        let loaded = self.load_cases(conn, vec![case]).await?;
        loaded.into_iter().next().or_not_found("case")
    }

    /// Reads the matters and acts of some cases, in their order.
    pub(super) async fn load_cases(
        &self,
        conn: &impl Conn,
        cases: Vec<CaseRow>,
    ) -> Result<Vec<Loaded>, AppError> {
        let ids: Vec<ProjectId> = cases.iter().map(|case| case.project).collect();
        let mut items: BTreeMap<ProjectId, Vec<ItemRow>> = BTreeMap::new();
        for row in approvals::item_list_of(conn, &ids).await? {
            items.entry(row.project).or_default().push(row);
        }
        let mut events: BTreeMap<ProjectId, BTreeMap<String, Vec<Event>>> = BTreeMap::new();
        for ((project, item), acts) in approvals::event_list_of_cases(conn, &ids).await? {
            events.entry(project).or_default().insert(item, acts);
        }
        let mut loaded = Vec::with_capacity(cases.len());
        for case in cases {
            loaded.push(Loaded {
                catalogue: self.catalogue(conn, case.catalogue).await?,
                items: items.remove(&case.project).unwrap_or_default(),
                events: events.remove(&case.project).unwrap_or_default(),
                case,
            });
        }
        Ok(loaded)
    }
}

/// How long a due date of a matter followed from one thing, in milliseconds since 1970.
pub(super) struct Stay {
    pub item: String,
    pub basis: String,
    pub from: i64,
    /// When the next act came; none while it stands.
    pub until: Option<i64>,
}

impl Loaded {
    /// Lists what the due dates of the matters followed from since each act.
    pub fn stays(&self) -> Result<Vec<Stay>, AppError> {
        let mut stays = Vec::new();
        for row in &self.items {
            let setup = self.setup(&self.catalogue, row)?;
            let acts = self.acts(&row.item);
            for (at, act) in acts.iter().enumerate() {
                let course = Course::of(&setup, &acts[..=at]);
                if let Some(basis) = setup.due_basis(&course) {
                    stays.push(Stay {
                        item: row.item.clone(),
                        basis: approvals::basis_text(&basis),
                        from: act.at,
                        until: acts.get(at + 1).map(|next| next.at),
                    });
                }
            }
        }
        Ok(stays)
    }

    /// Finds a matter.
    pub fn item(&self, code: &str) -> Result<&ItemRow, AppError> {
        let found = self.items.iter().find(|one| one.item == code);
        found.or_not_found("matter")
    }

    /// Lists the acts of a matter.
    pub fn acts(&self, code: &str) -> &[Event] {
        self.events.get(code).map_or(&[], Vec::as_slice)
    }

    /// Returns the rules a matter is handled under.
    pub fn setup<'c>(
        &self,
        catalogue: &'c Catalogue,
        row: &ItemRow,
    ) -> Result<Setup<'c>, AppError> {
        setup_of(catalogue, row, self.case.planned_start)
    }

    /// Lists what a matter waits for, and whether that is through.
    pub fn before(&self, code: &str) -> Vec<(String, DependencyKind, bool)> {
        let phases = self.items.iter().map(|row| (row.item.as_str(), row.phase));
        Graph::before_one(&self.catalogue, code, phases)
    }

    /// Puts a changed matter in the place of the one it was.
    pub fn replace(&mut self, row: ItemRow) {
        if let Some(place) = self.items.iter_mut().find(|one| one.item == row.item) {
            *place = row;
        }
    }

    /// Puts the case together and reads every clock as of a day.
    pub fn read<'c>(
        &self,
        catalogue: &'c Catalogue,
        reference: &Reference,
        as_of: Date,
    ) -> Result<Case<'c>, AppError> {
        let items = self
            .items
            .iter()
            .map(|row| {
                let setup = self.setup(catalogue, row)?;
                let course = Course::as_of(&setup, self.acts(&row.item), as_of);
                let reading = setup
                    .read(&course, &reference.calendar, as_of)
                    .map_err(calendar_error)?;
                Ok(Item {
                    code: row.item.clone(),
                    level: row.level,
                    setup,
                    course,
                    reading,
                })
            })
            .collect::<Result<Vec<_>, AppError>>()?;
        Ok(Case::new(catalogue, items))
    }
}

/// Returns the rules a stored matter is handled under.
pub(super) fn setup_of<'c>(
    catalogue: &'c Catalogue,
    row: &ItemRow,
    planned_start: Option<Date>,
) -> Result<Setup<'c>, AppError> {
    let matter: &Matter = catalogue.matter(&row.item).or_not_found("matter")?;
    let variant = usize::try_from(row.variant).unwrap_or(0);
    let promised = matter.limits_of(variant).promised_in(row.own.codes());
    Ok(Setup {
        matter,
        service: &catalogue.service,
        legs: legs(&row.own, row.level, catalogue.service.stepwise),
        variant,
        standing: row.standing,
        promised: promised.map(|one| one.limit),
        planned_start,
    })
}

/// Turns a year without data into the refusal that names the file to load.
pub(crate) fn calendar_error(problem: CalendarError) -> AppError {
    AppError::Reference {
        name: "calendar".to_owned(),
        problem: problem.to_string(),
    }
}

/// Copies into the row what lists are ordered and filtered by.
///
/// The due date is the one that followed from the last act, as of its day, so that it can be
/// proved from the acts alone, whenever that is done.
pub(super) fn project_row(
    row: &mut ItemRow,
    setup: &Setup<'_>,
    course: &Course,
    reference: &Reference,
) -> Result<(), AppError> {
    row.leg = i64::try_from(course.leg()).unwrap_or(0);
    if let Some(leg) = setup.legs.get(course.leg()) {
        row.unit = leg.unit.clone();
    }
    if let Some(department) = course.department {
        row.department = department;
    }
    row.phase = course.phase();
    let undelivered = course.outcome.is_some() && course.delivered_on.is_none();
    row.open = row.phase.is_open() || undelivered;
    let basis = setup.due_basis(course);
    row.due = match &basis {
        Some(basis) => basis.due(&reference.calendar).map_err(calendar_error)?,
        None => None,
    };
    row.basis = basis.as_ref().map(approvals::basis_text);
    let first = course.ledgers.iter().flatten().map(|event| event.on).min();
    row.started_on = first;
    row.decided_on = course.outcome.as_ref().map(|one| one.on);
    Ok(())
}
