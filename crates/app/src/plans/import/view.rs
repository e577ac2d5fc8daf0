//! What a file would make of a draft, as shown.

use gangmu_domain::plans::{ChangeKind, compare};
use gangmu_store::plans::ImportRow;
use serde::Serialize;
use utoipa::ToSchema;

use super::super::draft::Draft;
use super::super::show::compared;
use super::super::view::ComparedView;
use super::Proposal;
use crate::Reference;

/// A file that was handed in for a plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanImportRow {
    /// Counts the files of the plan.
    pub import: i64,
    /// Its name.
    pub file_name: String,
    /// Who handed it in.
    pub who: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Whether it was written into the draft.
    pub is_adopted: bool,
}

/// What adopting a file would make of the draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanImportView {
    /// The plan.
    pub plan_id: i64,
    /// What it is called.
    pub plan_title: String,
    /// The plan's edit, which the adoption names.
    pub edit: i64,
    /// Whether a draft is being written at all.
    pub has_draft: bool,
    /// Counts the files of the plan.
    pub import: i64,
    /// The file's name.
    pub file_name: String,
    /// Whether it was written into the draft already.
    pub is_adopted: bool,
    /// How many tasks would become what.
    pub counts: PlanImportCounts,
    /// The tasks of the file, in its order.
    pub tasks: Vec<ImportTask>,
    /// Titles of tasks of the draft that the file does not name; they stay.
    pub absent: Vec<String>,
    /// What is to be said of the file as a whole.
    pub notes: Vec<ImportNote>,
}

/// How many tasks of a file would become what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanImportCounts {
    /// Tasks the draft does not have.
    pub new: usize,
    /// Tasks that would say something else.
    pub changed: usize,
    /// Tasks that say the same.
    pub unchanged: usize,
    /// Tasks that cannot be read; while there are any nothing is adopted.
    pub refused: usize,
}

/// What adopting a file did to the draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PlanImportOutcome {
    /// Tasks that were added.
    pub new: usize,
    /// Tasks that say something else now.
    pub changed: usize,
    /// Tasks that said the same.
    pub unchanged: usize,
}

/// A task of a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanImportTask)]
pub struct ImportTask {
    /// new, changed, unchanged or refused.
    pub status: &'static str,
    /// Where it stands in the file: sheet and cell.
    pub place: String,
    /// What is to be done.
    pub title: String,
    /// Its key in the draft; none for a new or refused one.
    pub task: Option<u32>,
    /// What would change, field by field.
    pub changes: Vec<ComparedView>,
    /// What is wrong with it, or was taken as something.
    pub notes: Vec<ImportNote>,
}

/// Something to be said of a place in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlanImportNote)]
pub struct ImportNote {
    /// Sheet and cell; empty for the file as a whole.
    pub place: String,
    /// The code its text stands under.
    pub code: &'static str,
    /// The values its text names.
    pub params: Vec<String>,
    /// Whether the task is refused for it.
    pub is_error: bool,
}

/// Counts what a proposal would do.
pub(super) fn counts(proposal: &Proposal) -> PlanImportCounts {
    let mut counts = PlanImportCounts::default();
    for task in &proposal.tasks {
        *match task.status {
            "new" => &mut counts.new,
            "changed" => &mut counts.changed,
            "unchanged" => &mut counts.unchanged,
            _ => &mut counts.refused,
        } += 1;
    }
    counts
}

/// Puts a proposal into a view.
pub(super) fn show(
    reference: &Reference,
    draft: &Draft,
    row: &ImportRow,
    proposal: &Proposal,
) -> PlanImportView {
    let changes = compare(&draft.version.content, &proposal.content);
    let of_task = |key: Option<u32>| {
        let own = changes.iter().filter(|one| Some(one.task) == key);
        // That a task is new is its status; what it brings are its indicators.
        own.filter(|one| one.kind != ChangeKind::Added || one.indicator != 0)
            .map(|one| compared(reference, draft.upper.as_ref(), one))
            .collect()
    };
    let tasks = proposal.tasks.iter().map(|one| ImportTask {
        status: one.status,
        place: one.place.clone(),
        title: one.title.clone(),
        task: one.key.filter(|_| one.status != "new"),
        changes: of_task(one.key),
        notes: one.notes.clone(),
    });
    PlanImportView {
        plan_id: draft.plan.id.0,
        plan_title: draft.plan.title.clone(),
        edit: draft.plan.edit,
        has_draft: draft.plan.draft,
        import: row.seq,
        file_name: row.file_name.clone(),
        is_adopted: row.is_adopted,
        counts: counts(proposal),
        tasks: tasks.collect(),
        absent: proposal.absent.clone(),
        notes: proposal.notes.clone(),
    }
}
