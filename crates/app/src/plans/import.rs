//! Importing a plan from a table (.docx, .xlsx, .xls, .csv): a proposal against the draft, then all of
//! it or nothing.
//!
//! What a reader would get wrong: the file is kept under its digest, and the proposal is made afresh
//! against the draft each time it is looked at, so nothing stale is ever adopted. What a table does
//! not hold stays as it is: where an indicator's value comes from, its weight, how its target is broken
//! down, and whatever the file does not name. The same file twice changes nothing.

mod merge;
mod piece;
mod view;

pub use view::{
    ImportNote, ImportTask, PlanImportCounts, PlanImportOutcome, PlanImportRow, PlanImportView,
};

use gangmu_domain::organisation::Action;
use gangmu_domain::plans::{Content, PlanId};
use gangmu_exchange::tasks::{TaskTables, read_tasks};
use gangmu_exchange::{Limits, read_tables};
use gangmu_store::plans::{self, ImportRow};
use serde_json::json;

use super::draft::{Draft, in_force, lock};
use super::may_write;
use crate::actor::refused;
use crate::error::{AppError, Message, OrNotFound};
use crate::imports::{ADOPTED_ALREADY, ImportFile, Synonymous, blocking, file_refused};
use crate::{Actor, App, Reference};

/// A file is at most so large: a table of 500 tasks has far less.
const LIMITS: Limits = Limits {
    bytes: 16 << 20,
    unpacked_bytes: 128 << 20,
    unpack_ratio: 200,
    cells: 500_000,
    rows: 20_000,
    columns: 200,
    merges: 20_000,
    sheets: 64,
};
/// How many earlier files are listed.
const MOST_LISTED: i64 = 50;

/// What a file would make of a draft.
struct Proposal {
    content: Content,
    tasks: Vec<merge::Proposed>,
    /// Titles of tasks that the file does not name.
    absent: Vec<String>,
    notes: Vec<ImportNote>,
}

impl App {
    /// Reads a table of tasks and shows what adopting it would make of the draft. Nothing of the
    /// draft is changed.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when the file is refused or holds no table of tasks; [`AppError::State`]
    /// where nothing is being written; [`AppError::Refused`] unless the actor writes the plan.
    pub async fn plan_import_preview(
        &self,
        actor: &Actor,
        id: PlanId,
        file: ImportFile,
    ) -> Result<PlanImportView, AppError> {
        let plan = self.plan_seen(actor, id).await?;
        if !may_write(actor, &plan.office) {
            return Err(refused(Action::ManagePlan));
        }
        let tables = self.plan_tables(&file).await?;
        let sha256 = self.file_put(file.bytes.clone()).await?;
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let draft = Draft::load(&tx, actor, id, None).await?;
        let row = ImportRow {
            seq: 0,
            file_name: tidy(&file.name),
            sha256,
            user: actor.user,
            at: self.now(),
            is_adopted: false,
        };
        let row = ImportRow {
            seq: plans::plan_import_insert(&tx, id, &row).await?,
            ..row
        };
        let detail = json!({ "import": row.seq, "file": row.file_name });
        self.plan_audit(&tx, actor, "plan_import_preview", id, detail)
            .await?;
        tx.commit().await?;
        let proposal = propose(&reference, &draft, &tables);
        Ok(view::show(&reference, &draft, &row, &proposal))
    }

    /// Shows a file's proposal against the draft as it is now.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the plan may not be seen;
    /// [`AppError::Refused`] unless the actor writes it.
    pub async fn plan_import_get(
        &self,
        actor: &Actor,
        id: PlanId,
        seq: i64,
    ) -> Result<PlanImportView, AppError> {
        let plan = self.plan_seen(actor, id).await?;
        if !may_write(actor, &plan.office) {
            return Err(refused(Action::ManagePlan));
        }
        let (row, tables) = self.plan_import_read(id, seq).await?;
        let reference = self.reference().await?;
        // Without a draft the proposal is made against what is in force: there is nothing to write.
        let wanted = plan.version + u32::from(plan.draft);
        let version = plans::plan_version_get(&self.db, id, wanted).await?;
        let draft = Draft {
            upper: in_force(&self.db, plan.parent).await?,
            version: version.or_not_found("plan")?,
            plan,
        };
        let proposal = propose(&reference, &draft, &tables);
        Ok(view::show(&reference, &draft, &row, &proposal))
    }

    /// Writes what a file says into the draft: all of it or nothing.
    ///
    /// # Errors
    /// [`AppError::Invalid`] while any task is refused; [`AppError::State`] when it was adopted
    /// already; [`AppError::Changed`] when somebody else wrote meanwhile.
    pub async fn plan_import_adopt(
        &self,
        actor: &Actor,
        id: PlanId,
        seq: i64,
        edit: Option<i64>,
    ) -> Result<PlanImportOutcome, AppError> {
        // Who may not write learns nothing of the files.
        {
            let tx = self.db.begin().await?;
            lock(&tx, actor, id, None).await?;
        }
        let (row, tables) = self.plan_import_read(id, seq).await?;
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let mut draft = Draft::load(&tx, actor, id, edit).await?;
        if row.is_adopted || !plans::plan_import_adopt(&tx, id, seq).await? {
            return Err(AppError::state(ADOPTED_ALREADY));
        }
        let proposal = propose(&reference, &draft, &tables);
        let counts = view::counts(&proposal);
        if counts.refused > 0 {
            return Err(AppError::Invalid {
                messages: vec![Message::new(
                    "plans.import.refused",
                    "",
                    [counts.refused.to_string()],
                )],
            });
        }
        if proposal.content != draft.version.content {
            draft.version.content = proposal.content;
            self.draft_save(&tx, actor, &mut draft, "import").await?;
        }
        let outcome = PlanImportOutcome {
            new: counts.new,
            changed: counts.changed,
            unchanged: counts.unchanged,
        };
        let detail = json!({ "import": seq, "new": counts.new, "changed": counts.changed });
        self.plan_audit(&tx, actor, "plan_import_adopt", id, detail)
            .await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Lists the files that were handed in for a plan, newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the plan may not be seen; [`AppError::Refused`] unless the actor
    /// writes it.
    pub async fn plan_import_list(
        &self,
        actor: &Actor,
        id: PlanId,
    ) -> Result<Vec<PlanImportRow>, AppError> {
        let plan = self.plan_seen(actor, id).await?;
        if !may_write(actor, &plan.office) {
            return Err(refused(Action::ManagePlan));
        }
        let users = self.user_names().await?;
        let rows = plans::plan_import_list(&self.db, id, MOST_LISTED).await?;
        let view = |row: ImportRow| PlanImportRow {
            import: row.seq,
            file_name: row.file_name,
            who: users.get(&row.user).cloned().unwrap_or_default(),
            at: row.at,
            is_adopted: row.is_adopted,
        };
        Ok(rows.into_iter().map(view).collect())
    }

    async fn plan_import_read(
        &self,
        id: PlanId,
        seq: i64,
    ) -> Result<(ImportRow, TaskTables), AppError> {
        let row = plans::plan_import_get(&self.db, id, seq).await?;
        let row = row.or_not_found("import")?;
        let file = ImportFile {
            name: row.file_name.clone(),
            bytes: self.file_get(&row.sha256).await?,
        };
        let tables = self.plan_tables(&file).await?;
        Ok((row, tables))
    }

    /// Reads the tables of tasks away from the threads that serve requests.
    async fn plan_tables(&self, file: &ImportFile) -> Result<TaskTables, AppError> {
        let synonyms = self.synonyms(Synonymous::Tasks).await?;
        let (name, bytes) = (file.name.clone(), file.bytes.clone());
        blocking(move || {
            let book =
                read_tables(&name, &bytes, &LIMITS).map_err(|refusal| file_refused(&refusal))?;
            let tables = read_tasks(&book, &synonyms);
            match tables.tasks.is_empty() {
                false => Ok(tables),
                true => Err(no_tasks(&tables)),
            }
        })
        .await
    }
}

/// What a file without tasks is told: which tables were looked at.
fn no_tasks(tables: &TaskTables) -> AppError {
    let seen: Vec<&str> = tables.passed_over.iter().map(String::as_str).collect();
    AppError::Invalid {
        messages: vec![Message::new(
            "plans.import.no_tasks",
            "file",
            [seen.join("、")],
        )],
    }
}

/// Lays what a file says over a draft.
fn propose(reference: &Reference, draft: &Draft, tables: &TaskTables) -> Proposal {
    let mut proposal = merge::merge(reference, draft, tables);
    let note = |code: &'static str, place: &str, params: Vec<String>| ImportNote {
        place: place.to_owned(),
        code,
        params,
        is_error: false,
    };
    if !tables.has_targets {
        proposal
            .notes
            .push(note("plans.import.no_targets", "", Vec::new()));
    }
    for column in &tables.unknown {
        let text = vec![column.text.clone()];
        proposal
            .notes
            .push(note("plans.import.unknown_column", &column.place, text));
    }
    for name in &tables.passed_over {
        let text = vec![name.clone()];
        proposal
            .notes
            .push(note("plans.import.passed_over", name, text));
    }
    proposal
}

/// Keeps the last part of a name, at most 120 characters.
fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars().filter(|c| !c.is_control()).take(120).collect()
}
