//! What happened to a project, and how it stood on any past day.
//!
//! The current record is stored; the past is reached by undoing events from the newest back, so
//! "as it stood then" costs only as much as has changed since.

use super::{Field, ProjectRecord, Value};
use crate::words::words;

/// One field before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The field.
    pub field: Field,
    /// Its value before; `None` when it had none.
    pub before: Option<Value>,
    /// Its value after; `None` when it was cleared.
    pub after: Option<Value>,
}

words! {
    /// What kind of thing happened.
    EventKind {
        /// The project was entered (入库).
        Created = "created",
        /// Fields were edited.
        Edited = "edited",
        /// Fields were changed by adopting an import.
        Imported = "imported",
        /// Fields were changed by a submitted return, such as the start date.
        Reported = "reported",
        /// It moved to another stage.
        StageMoved = "stage_moved",
        /// It left the pipeline: cancelled or moved out (取消、调出).
        Withdrawn = "withdrawn",
        /// It was suspended (暂缓).
        Suspended = "suspended",
        /// It was taken up again (恢复).
        Resumed = "resumed",
        /// It was split into others (拆分).
        Split = "split",
        /// It came out of a split.
        SplitFrom = "split_from",
        /// It was merged into another (合并).
        Merged = "merged",
        /// Others were merged into it.
        MergedFrom = "merged_from",
        /// A year's list took it in, changed it or let it go (年度计划调整).
        Programme = "programme",
        /// A document or photo was added.
        Attached = "attached",
        /// A document or photo was removed.
        Detached = "detached",
        /// Somebody was set to answer for it, or relieved (责任安排).
        Assigned = "assigned",
        /// Somebody was there, or noted something (走访记录).
        Visited = "visited",
        /// Something was agreed about it, or became of what was agreed (议定事项).
        Resolved = "resolved",
        /// Something was done about its winter (冬季施工).
        Wintered = "wintered",
        /// A problem that holds it up took a step (问题办理).
        Problem = "problem",
        /// Being late was found to have a proper reason (正当理由).
        Excused = "excused",
        /// That reason was taken back (撤销正当理由).
        ExcuseTakenBack = "excuse_taken_back",
    }
}

/// Takes one event back: every changed field gets its value before.
pub fn undo(record: &mut ProjectRecord, changes: &[Change]) {
    for change in changes {
        record.restore(change.field, change.before.clone());
    }
}

/// Returns the record as it stood before `later`, the events since, newest first.
#[must_use]
pub fn record_as_of<'a>(
    mut record: ProjectRecord,
    later: impl IntoIterator<Item = &'a [Change]>,
) -> ProjectRecord {
    for changes in later {
        undo(&mut record, changes);
    }
    record
}
