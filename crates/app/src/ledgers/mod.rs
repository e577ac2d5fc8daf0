//! Ledgers read back (台账导入): a proposal row by row, then all of it or nothing.
//!
//! What a reader would get wrong: a ledger can do nothing a person could not do by hand. Every row
//! goes through the use cases of its capability, with the rights of whoever adopts it; what needs a
//! second person, such as striking a problem off, is never taken from a file. The file is kept under
//! its digest and laid over what is there each time it is looked at, so that nothing stale is adopted.

mod line;
mod projects;
mod view;

pub(crate) use line::{Deed, Line};
pub(crate) use projects::{Projects, parts};
pub use view::{
    LedgerCounts, LedgerFileView, LedgerImportView, LedgerNote, LedgerRowView, LedgerStatus,
    LedgerWeight,
};

use gangmu_domain::organisation::Action;
use gangmu_exchange::ledger::{Ledger as Read, Schema, read_ledger};
use gangmu_exchange::{Limits, read_tables};
use gangmu_store::imports::{self, ImportBatch};
use gangmu_store::{Conn, batch};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::imports::{ADOPTED, ADOPTED_ALREADY, ImportFile, Synonymous, blocking, file_refused};
use crate::{Actor, App, liaison, problems, winter};

/// A file is at most so large.
const LIMITS: Limits = Limits {
    bytes: 16 << 20,
    unpacked_bytes: 128 << 20,
    unpack_ratio: 200,
    cells: 1_000_000,
    rows: 20_000,
    columns: 200,
    merges: 20_000,
    sheets: 64,
};
/// The most rows that do something at once; what is there already does not count.
const MOST_DONE: usize = 1_000;
/// How many earlier files are listed.
const MOST_LISTED: i64 = 50;
/// The most characters of a file's name.
const MOST_NAME: usize = 120;

/// A ledger that can be read back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ledger {
    /// Problems (问题台账).
    Problems,
    /// Who answers for which project (包联责任台账).
    Liaison,
    /// What projects do in winter (冬施台账).
    Winter,
}

impl Ledger {
    /// All there are.
    pub const ALL: [Self; 3] = [Self::Problems, Self::Liaison, Self::Winter];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Problems => "problems",
            Self::Liaison => "liaison",
            Self::Winter => "winter",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }

    /// What somebody must be allowed to hand one in.
    #[must_use]
    pub const fn action(self) -> Action {
        match self {
            Self::Problems => Action::RaiseProblem,
            Self::Liaison => Action::Assign,
            Self::Winter => Action::Report,
        }
    }

    const fn schema(self) -> &'static Schema {
        match self {
            Self::Problems => &problems::SCHEMA,
            Self::Liaison => &liaison::SCHEMA,
            Self::Winter => &winter::SCHEMA,
        }
    }

    /// How its columns are headed, for whoever handed in something else.
    fn wants(self) -> &'static str {
        match self {
            Self::Problems => "项目名称、存在问题、提出日期",
            Self::Liaison => "项目名称、包联领导",
            Self::Winter => "项目名称、是否冬施",
        }
    }
}

/// How a ledger is read. `ledger` stands first: batches are listed by it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default)]
pub struct LedgerOptions {
    /// problems, liaison or winter.
    pub ledger: String,
    /// On whose side duties stand whose column names no level: a unit's code; the person's own when
    /// absent.
    pub unit: Option<String>,
    /// Whether whoever holds a duty is relieved by another name.
    pub relieve: bool,
    /// The year the winter begins in; this winter's when absent.
    pub season: Option<i16>,
}

impl LedgerOptions {
    /// Reads a ledger with nothing chosen.
    #[must_use]
    pub fn new(ledger: Ledger) -> Self {
        Self {
            ledger: ledger.word().to_owned(),
            ..Self::default()
        }
    }

    fn ledger(&self) -> Result<Ledger, AppError> {
        Ledger::from_word(&self.ledger).or_not_found("import")
    }
}

/// Whether the options of a batch are those of a ledger.
pub(crate) fn is_of_ledger(options: &str) -> bool {
    options.starts_with("{\"ledger\":")
}

/// A file laid over what is there.
struct Proposal {
    lines: Vec<Line>,
    notes: Vec<LedgerNote>,
}

impl App {
    /// Reads a ledger and shows what adopting it would do. Nothing is changed.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may do by hand what such a ledger does;
    /// [`AppError::Invalid`] when the file is refused or holds no such ledger.
    pub async fn ledger_preview(
        &self,
        actor: &Actor,
        options: &LedgerOptions,
        file: ImportFile,
    ) -> Result<LedgerImportView, AppError> {
        let (batch, read) = self.ledger_keep(actor, options, file).await?;
        let projects = Projects::read(&self.db, actor, options.ledger()?, &read.rows).await?;
        let proposal = self
            .ledger_propose(&self.db, actor, options, &read, &projects)
            .await?;
        show(&batch, options, &proposal)
    }

    /// Reads a ledger and adopts it at once where no row is refused. The second part says what came
    /// of the adoption.
    ///
    /// # Errors
    /// Those of the preview.
    pub async fn ledger_now(
        &self,
        actor: &Actor,
        options: &LedgerOptions,
        file: ImportFile,
    ) -> Result<(LedgerImportView, Result<LedgerCounts, AppError>), AppError> {
        let view = self.ledger_preview(actor, options, file).await?;
        let stamp = Some(view.stamp.as_str());
        let ledger = options.ledger()?;
        let done = self
            .ledger_adopt(actor, ledger, view.import_id, stamp)
            .await;
        Ok((view, done))
    }

    /// Shows a file's proposal against what is there now.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such file of this person.
    pub async fn ledger_import_get(
        &self,
        actor: &Actor,
        ledger: Ledger,
        id: i64,
    ) -> Result<LedgerImportView, AppError> {
        let (batch, options, read) = self.ledger_read(actor, ledger, id).await?;
        let projects = Projects::read(&self.db, actor, ledger, &read.rows).await?;
        let proposal = self
            .ledger_propose(&self.db, actor, &options, &read, &projects)
            .await?;
        show(&batch, &options, &proposal)
    }

    /// Does what a file proposes: all of it or nothing.
    ///
    /// # Errors
    /// [`AppError::Invalid`] while a row is refused; [`AppError::State`] when it was adopted already;
    /// [`AppError::Changed`] when it proposes something else now than what was seen.
    pub async fn ledger_adopt(
        &self,
        actor: &Actor,
        ledger: Ledger,
        id: i64,
        seen: Option<&str>,
    ) -> Result<LedgerCounts, AppError> {
        let (batch, options, read) = self.ledger_read(actor, ledger, id).await?;
        if batch.state == ADOPTED {
            return Err(AppError::state(ADOPTED_ALREADY));
        }
        let mut begun = self.begin(actor).await?;
        let work = begun.work();
        // What two people read of one project they do one after the other.
        let ids = Projects::read(work.tx, actor, ledger, &read.rows)
            .await?
            .ids();
        batch::project_lock_all(work.tx, &ids).await?;
        let projects = Projects::read(work.tx, actor, ledger, &read.rows).await?;
        if projects.ids() != ids {
            // One came to be meant before it was held.
            return Err(AppError::Changed { what: "import" });
        }
        let proposal = self
            .ledger_propose(work.tx, actor, &options, &read, &projects)
            .await?;
        let view = show(&batch, &options, &proposal)?;
        if seen.is_some_and(|stamp| stamp != view.stamp) {
            return Err(AppError::Changed { what: "import" });
        }
        none_refused(&view)?;
        let mut settings = Vec::new();
        for line in proposal.lines {
            match line.deed {
                Deed::Nothing => {}
                Deed::Problem(one) => self.problem_imported(work.tx, actor, *one).await?,
                Deed::Liaison(some) => settings.extend(some),
                Deed::Winter(one) => self.winter_imported(work.tx, actor, *one).await?,
            }
        }
        self.liaison_imported(&work, settings).await?;
        let summary = serde_json::to_string(&view.counts).unwrap_or_default();
        if !imports::import_update(work.tx, id, "previewed", ADOPTED, &summary).await? {
            return Err(AppError::state(ADOPTED_ALREADY));
        }
        let subject = format!("import:{id}");
        let detail = json!({ "ledger": options.ledger, "did": view.counts }).to_string();
        let now = self.now();
        audit(work.tx, actor, now, "ledger_adopt", &subject, &detail).await?;
        begun.commit().await?;
        Ok(view.counts)
    }

    /// Lists the person's newest files of a ledger.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may hand one in.
    pub async fn ledger_import_list(
        &self,
        actor: &Actor,
        ledger: Ledger,
    ) -> Result<Vec<LedgerFileView>, AppError> {
        actor.grant(ledger.action())?;
        let word = ledger.word();
        let found = imports::import_list(&self.db, actor.user.0, word, MOST_LISTED).await?;
        let view = |batch| LedgerFileView::of(batch, ADOPTED);
        Ok(found.into_iter().map(view).collect())
    }

    async fn ledger_keep(
        &self,
        actor: &Actor,
        options: &LedgerOptions,
        file: ImportFile,
    ) -> Result<(ImportBatch, Read), AppError> {
        let ledger = options.ledger()?;
        actor.grant(ledger.action())?;
        if let Some(code) = options.unit.as_deref() {
            let reference = self.reference().await?;
            let known = reference.unit_by_code(code);
            known.ok_or_else(|| AppError::invalid("field.unknown_unit", "unit"))?;
        }
        let read = self.ledger_rows(ledger, &file).await?;
        let sha256 = self.file_put(file.bytes.clone()).await?;
        let mut batch = ImportBatch {
            import_id: 0,
            at: self.now(),
            user_id: actor.user.0,
            file_name: tidy(&file.name),
            sha256,
            state: "previewed".to_owned(),
            summary: "{}".to_owned(),
            options: serde_json::to_string(options).unwrap_or_default(),
        };
        let tx = self.db.begin().await?;
        batch.import_id = imports::import_insert(&tx, &batch).await?;
        let subject = format!("import:{}", batch.import_id);
        let detail = json!({ "ledger": options.ledger }).to_string();
        audit(&tx, actor, self.now(), "ledger_preview", &subject, &detail).await?;
        tx.commit().await?;
        Ok((batch, read))
    }

    async fn ledger_read(
        &self,
        actor: &Actor,
        ledger: Ledger,
        id: i64,
    ) -> Result<(ImportBatch, LedgerOptions, Read), AppError> {
        actor.grant(ledger.action())?;
        let batch = imports::import_get(&self.db, id).await?;
        let own =
            batch.filter(|batch| batch.user_id == actor.user.0 && is_of_ledger(&batch.options));
        let batch = own.or_not_found("import")?;
        let options: LedgerOptions =
            serde_json::from_str(&batch.options).map_err(|_| AppError::state("internal"))?;
        if options.ledger()? != ledger {
            return Err(AppError::NotFound { what: "import" });
        }
        let file = ImportFile {
            name: batch.file_name.clone(),
            bytes: self.file_get(&batch.sha256).await?,
        };
        let read = self.ledger_rows(ledger, &file).await?;
        Ok((batch, options, read))
    }

    /// Reads the rows away from the threads that serve requests.
    async fn ledger_rows(&self, ledger: Ledger, file: &ImportFile) -> Result<Read, AppError> {
        let synonyms = self.synonyms(Synonymous::Ledgers).await?;
        let (name, bytes) = (file.name.clone(), file.bytes.clone());
        blocking(move || {
            let book =
                read_tables(&name, &bytes, &LIMITS).map_err(|refusal| file_refused(&refusal))?;
            let read = read_ledger(book, ledger.schema(), &synonyms);
            match read.rows.is_empty() {
                false => Ok(read),
                true => {
                    let seen = read.passed_over.join("、");
                    let params = [ledger.wants().to_owned(), seen];
                    Err(AppError::Invalid {
                        messages: vec![Message::new("ledgers.no_ledger", "file", params)],
                    })
                }
            }
        })
        .await
    }

    /// Lays the rows over what is there, in a number of queries that does not grow with them.
    async fn ledger_propose(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        options: &LedgerOptions,
        read: &Read,
        projects: &Projects,
    ) -> Result<Proposal, AppError> {
        let lines = match options.ledger()? {
            Ledger::Problems => {
                self.problems_proposed(conn, actor, &read.rows, projects)
                    .await?
            }
            Ledger::Liaison => {
                self.liaison_proposed(conn, actor, options, &read.rows, projects)
                    .await?
            }
            Ledger::Winter => {
                self.winter_proposed(conn, actor, options, &read.rows, projects)
                    .await?
            }
        };
        let done = lines
            .iter()
            .filter(|line| !matches!(line.deed, Deed::Nothing));
        let done = done.count();
        let mut notes = of_file(read);
        if done > MOST_DONE {
            let params = [done.to_string(), MOST_DONE.to_string()];
            notes.push(file_note(LedgerWeight::Error, "ledgers.too_many", params));
        }
        Ok(Proposal { lines, notes })
    }
}

fn none_refused(view: &LedgerImportView) -> Result<(), AppError> {
    let refused = view.counts.refused;
    let mut messages = Vec::new();
    if refused > 0 {
        let n = [refused.to_string()];
        messages.push(Message::new("import.rows_refused", "", n));
    }
    let notes = view.notes.iter();
    let errors = notes.filter(|note| note.weight == LedgerWeight::Error);
    messages.extend(errors.map(|note| Message::new(&note.code, "", note.params.clone())));
    match messages.is_empty() {
        true => Ok(()),
        false => Err(AppError::Invalid { messages }),
    }
}

fn show(
    batch: &ImportBatch,
    options: &LedgerOptions,
    proposal: &Proposal,
) -> Result<LedgerImportView, AppError> {
    let mut counts = LedgerCounts::default();
    proposal
        .lines
        .iter()
        .for_each(|line| counts.add(line.status));
    let rows: Vec<LedgerRowView> = proposal.lines.iter().map(Line::view).collect();
    let stamp = Sha256::digest(serde_json::to_vec(&rows).unwrap_or_default());
    Ok(LedgerImportView {
        import_id: batch.import_id,
        ledger: options.ledger()?.word(),
        file_name: batch.file_name.clone(),
        is_adopted: batch.state == ADOPTED,
        options: options.clone(),
        stamp: stamp
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        counts,
        listed: rows.len(),
        rows,
        page: 1,
        pages: 1,
        notes: proposal.notes.clone(),
    })
}

fn file_note<const N: usize>(weight: LedgerWeight, code: &str, params: [String; N]) -> LedgerNote {
    LedgerNote {
        weight,
        cell: String::new(),
        column: String::new(),
        code: code.to_owned(),
        params: params.to_vec(),
    }
}

/// What is to be said of a file as a whole.
fn of_file(read: &Read) -> Vec<LedgerNote> {
    let told = LedgerWeight::Told;
    let doubts = read.doubts.iter();
    let mut notes: Vec<LedgerNote> = doubts.map(|one| line::fault_note(one, told)).collect();
    notes.extend(read.unknown.iter().map(|column| LedgerNote {
        cell: column.place.clone(),
        ..file_note(told, "ledgers.unknown_column", [column.text.clone()])
    }));
    notes.extend(read.headings.iter().map(|row| LedgerNote {
        cell: row.place.clone(),
        ..file_note(told, "ledgers.heading", [row.text.clone()])
    }));
    let passed = read.passed_over.iter();
    notes.extend(passed.map(|name| file_note(told, "ledgers.passed_over", [name.clone()])));
    notes
}

/// Keeps the last part of a name.
fn tidy(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let seen = last.chars().filter(|c| !c.is_control());
    seen.take(MOST_NAME).collect()
}
