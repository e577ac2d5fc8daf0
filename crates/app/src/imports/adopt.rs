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
use crate::dispatch::TypedReturn;
use crate::error::{AppError, OrNotFound};
use crate::library::{Edits, Place, ProjectEdit, amend, enter_all};
use crate::pipeline::{Move, NewEntry, put_entry};
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
            for row in plan.rows {
                let project = match row.project {
                    None => added.next().or_not_found("project")?,
                    Some(ref known) => self.amend_known(reference, &mut work, known, &row).await?,
                };
                self.list_row(&mut work, &project, &row, options, kind)
                    .await?;
                let figures = row.figures.into_iter();
                typed.extend(figures.map(|(period, version, figures)| {
                    let project = project.id;
                    (
                        period,
                        TypedReturn {
                            project,
                            version,
                            figures,
                        },
                    )
                }));
            }
            for (period, batch) in by_period(typed) {
                self.file_batch(&mut work, period, batch, crate::dispatch::Filing::Draft)
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

    async fn amend_known(
        &self,
        reference: &Reference,
        work: &mut Work<'_>,
        known: &Project,
        row: &PlanRow,
    ) -> Result<Project, AppError> {
        if row.fields.is_empty() {
            return Ok(known.clone());
        }
        let reason = row.cell_name();
        let because = imported(self.today(), &reason);
        let seen = Some(known.version);
        amend(reference, work, known.id, seen, &edit_of(row), &because).await?;
        crate::library::stored(work.tx, known.id).await
    }

    /// Gives a row's project its place on the year's list.
    async fn list_row(
        &self,
        work: &mut Work<'_>,
        project: &Project,
        row: &PlanRow,
        options: &ImportOptions,
        kind: ProgrammeChangeKind,
    ) -> Result<(), AppError> {
        let (Some(entry), Some(year)) = (&row.entry, options.year) else {
            return Ok(());
        };
        let on = self.today();
        let kind = match &entry.before {
            Some(before) if before.included => ProgrammeChangeKind::PlanAdjusted,
            _ => kind,
        };
        let new = NewEntry {
            category: entry.category,
            plan: entry.plan,
            monthly_plan: None,
            carried: Carried::default(),
        };
        let mv = Move {
            on: Some(on),
            reason: row.cell_name(),
            document_no: String::new(),
        };
        put_entry(work, project, year, &new, kind, on, &mv).await
    }
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
