//! Carrying a plan out, in the transaction of the adoption.

use gangmu_domain::library::EventKind;
use gangmu_domain::metrics::Carried;
use gangmu_domain::pipeline::ProgrammeChangeKind;
use gangmu_store::Tx;
use gangmu_store::library::Project;
use gangmu_store::pipeline::{self, Programme};
use jiff::civil::Date;

use super::plan::{Plan, PlanRow, entry_stage};
use super::{ImportOptions, ImportOutcome};
use crate::change::{Because, Work};
use crate::dispatch::{KeptDates, TypedReturn};
use crate::error::{AppError, OrNotFound};
use crate::library::{Edits, Place, ProjectEdit, amend_record, enter_all};
use crate::pipeline::{Listing, NewEntry, put_entries};
use crate::position::{Deltas, Periods};
use crate::{Actor, App, Reference};

impl App {
    pub(super) async fn apply_plan(
        &self,
        tx: &Tx,
        reference: &Reference,
        actor: &Actor,
        plan: Plan,
        options: &ImportOptions,
    ) -> Result<ImportOutcome, AppError> {
        let periods = Periods::read(tx).await?;
        let mut deltas = Deltas::default();
        let mut outcome = ImportOutcome::default();
        let adopted = match options.year {
            Some(year) => self.ensure_programme(tx, year).await?,
            None => false,
        };
        let kind = if adopted {
            ProgrammeChangeKind::Adopted
        } else {
            ProgrammeChangeKind::Added
        };
        let mut typed = Vec::new();
        {
            let mut work = self.work(tx, actor, &periods, &mut deltas);
            let rows = &plan.rows;
            rows.iter().for_each(|row| outcome.count(row));
            let mut added = self
                .enter_new(reference, &mut work, rows)
                .await?
                .into_iter();
            let mut projects = Vec::with_capacity(rows.len());
            let mut amended = Vec::new();
            for row in rows {
                projects.push(match &row.project {
                    None => added.next().or_not_found("project")?,
                    Some(known) => {
                        match self.amend_known(reference, &mut work, row, known).await? {
                            Some(after) => {
                                amended.push(after.clone());
                                after
                            }
                            None => known.clone(),
                        }
                    }
                });
            }
            work.reposition_all(&amended).await?;
            if let Some(year) = options.year {
                let listings = rows.iter().zip(&projects);
                let listings = listings.filter_map(|(row, project)| listing(project, row, kind));
                put_entries(&mut work, year, listings.collect(), self.today(), "").await?;
            }
            for (row, project) in plan.rows.into_iter().zip(projects) {
                let figures = row.figures.into_iter();
                typed.extend(figures.map(|(period, version, figures)| {
                    let project = project.id;
                    (
                        period,
                        TypedReturn {
                            project,
                            version,
                            figures,
                            kept: KeptDates::default(),
                        },
                    )
                }));
            }
            for (period, batch) in by_period(typed) {
                self.file_batch(&mut work, period, &batch, crate::dispatch::Filing::Draft)
                    .await?;
            }
        }
        deltas.apply(tx).await?;
        Ok(outcome)
    }

    /// Opens a year's list when there is none; says whether it did.
    async fn ensure_programme(&self, tx: &Tx, year: i16) -> Result<bool, AppError> {
        let known = pipeline::programme_list(tx).await?;
        if known.iter().any(|programme| programme.year == year) {
            return Ok(false);
        }
        let programme = Programme {
            year,
            name: year.to_string(),
            adopted_on: self.today(),
            document_no: String::new(),
        };
        pipeline::programme_insert(tx, &programme).await?;
        Ok(true)
    }

    /// Enters the rows that are no project yet, in their order.
    async fn enter_new(
        &self,
        reference: &Reference,
        work: &mut Work<'_>,
        rows: &[PlanRow],
    ) -> Result<Vec<Project>, AppError> {
        let on = self.today();
        let new: Vec<&PlanRow> = rows.iter().filter(|row| row.project.is_none()).collect();
        let reasons: Vec<String> = new.iter().map(|row| row.cell_name()).collect();
        let mut edits = Vec::with_capacity(new.len());
        for (row, reason) in new.iter().zip(&reasons) {
            let category = row.entry.as_ref().map(|entry| entry.category);
            let place = Place {
                stage: entry_stage(category),
                ..Place::new(on)
            };
            edits.push((edit_of(row), place, imported(on, reason)));
        }
        enter_all(reference, work, edits).await
    }

    /// Changes what a row says otherwise of a project; returns it if anything changed.
    async fn amend_known(
        &self,
        reference: &Reference,
        work: &mut Work<'_>,
        row: &PlanRow,
        known: &Project,
    ) -> Result<Option<Project>, AppError> {
        if row.fields.is_empty() {
            return Ok(None);
        }
        let reason = row.cell_name();
        let because = imported(self.today(), &reason);
        let seen = Some(known.version);
        amend_record(reference, work, known.id, seen, &edit_of(row), &because).await
    }
}

/// The place of a row's project on the year's list.
fn listing<'a>(
    project: &'a Project,
    row: &PlanRow,
    kind: ProgrammeChangeKind,
) -> Option<Listing<'a>> {
    let entry = row.entry.as_ref()?;
    let known = entry.before.as_ref().is_some_and(|before| before.included);
    Some(Listing {
        project,
        entry: NewEntry {
            category: entry.category,
            plan: entry.plan,
            monthly_plan: None,
            carried: Carried::default(),
        },
        kind: if known {
            ProgrammeChangeKind::PlanAdjusted
        } else {
            kind
        },
        reason: row.cell_name(),
    })
}

fn imported(on: Date, reason: &str) -> Because<'_> {
    Because {
        kind: EventKind::Imported,
        on,
        reason,
        document_no: "",
    }
}

fn edit_of(row: &PlanRow) -> ProjectEdit {
    let fields: Edits = row
        .fields
        .iter()
        .map(|planned| (planned.field, Some(planned.after.clone())))
        .collect();
    ProjectEdit {
        fields,
        not_a_twin: true,
        ..ProjectEdit::default()
    }
}

fn by_period(
    typed: Vec<(gangmu_domain::Period, TypedReturn)>,
) -> std::collections::BTreeMap<gangmu_domain::Period, Vec<TypedReturn>> {
    let mut periods = std::collections::BTreeMap::new();
    for (period, one) in typed {
        periods.entry(period).or_insert_with(Vec::new).push(one);
    }
    periods
}
