//! Carrying a plan out, in the transaction of the adoption.

use gangmu_domain::library::EventKind;
use gangmu_domain::metrics::Carried;
use gangmu_domain::pipeline::ProgrammeChangeKind;
use gangmu_store::Tx;
use gangmu_store::pipeline::{self, Programme};

use super::plan::{Plan, PlanRow, entry_stage};
use super::{ImportOptions, ImportOutcome};
use crate::change::{Because, Work};
use crate::dispatch::TypedReturn;
use crate::error::AppError;
use crate::library::{Edits, Place, ProjectEdit, amend, enter};
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
            for row in plan.rows {
                outcome.count(&row);
                typed.extend(
                    self.apply_row(reference, &mut work, row, options, kind)
                        .await?,
                );
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

    async fn apply_row(
        &self,
        reference: &Reference,
        work: &mut Work<'_>,
        row: PlanRow,
        options: &ImportOptions,
        kind: ProgrammeChangeKind,
    ) -> Result<Vec<(gangmu_domain::Period, TypedReturn)>, AppError> {
        let on = self.today();
        let category = row.entry.as_ref().map(|entry| entry.category);
        let reason = format!("{}!{}", row.sheet, row.row + 1);
        let because = Because {
            kind: EventKind::Imported,
            on,
            reason: &reason,
            document_no: "",
        };
        let fields: Edits = row
            .fields
            .into_iter()
            .map(|planned| (planned.field, Some(planned.after)))
            .collect();
        let edit = ProjectEdit {
            fields,
            not_a_twin: true,
            ..ProjectEdit::default()
        };
        let project = match row.project {
            None => {
                let place = Place {
                    stage: entry_stage(category),
                    ..Place::new(on)
                };
                enter(reference, work, &edit, &place, &because).await?
            }
            Some(project) => {
                if !edit.fields.is_empty() {
                    let seen = Some(project.version);
                    amend(reference, work, project.id, seen, &edit, &because).await?;
                }
                crate::library::stored(work.tx, project.id).await?
            }
        };
        if let (Some(entry), Some(year)) = (row.entry, options.year) {
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
                reason,
                document_no: String::new(),
            };
            put_entry(work, &project, year, &new, kind, on, &mv).await?;
        }
        Ok(row
            .figures
            .into_iter()
            .map(|(period, version, figures)| {
                let typed = TypedReturn {
                    project: project.id,
                    version,
                    figures,
                };
                (period, typed)
            })
            .collect())
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
