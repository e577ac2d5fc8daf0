//! Importing workbooks: preview as a difference, then adopt all of it or nothing.
//!
//! The uploaded file is kept under its digest; a preview and the adoption read it afresh against
//! the library as it is then, so that nothing stale is ever adopted. Importing the same file
//! twice finds nothing to change.

mod adopt;
mod again;
mod convert;
mod finding;
mod plan;
mod view;

use bytes::Bytes;
use gangmu_domain::Period;
use gangmu_domain::organisation::Action;
use gangmu_domain::pipeline::Category;
use gangmu_exchange::{
    Extract, Extraction, Language, Limits, MoneyUnit, Problem, Profile, Synonyms, Workbook,
    extract, read_by_profile, write,
};
use gangmu_store::imports::{self, ImportBatch};
use gangmu_store::{Tx, policies};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::ledgers::is_of_ledger;
use crate::{Actor, App, Reference};

pub(crate) use view::one_page;
pub use view::{
    ImportCell, ImportCheck, ImportColumn, ImportCounts, ImportOutcome, ImportPreview,
    ImportProblem, ImportRow, ImportView, RowStatus,
};

/// How a file is to be read and where its rows belong.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ImportOptions {
    /// The name of a saved or shipped profile.
    pub profile: Option<String>,
    /// The code of the unit that rows without a place belong to.
    pub unit: Option<String>,
    /// Take the rows onto this year's list.
    pub year: Option<i16>,
    /// The category of rows that name none, a word.
    pub category: Option<String>,
    /// Save monthly figures as drafts of this period, 2025-12.
    pub period: Option<String>,
    /// The unit of money where the file names none: `元`, `万元` or `亿元`; 万元 when absent.
    pub money_unit: Option<String>,
    /// Columns a person has mapped by hand: letters of the column → key; empty leaves it out.
    pub columns: std::collections::BTreeMap<String, String>,
}

impl ImportOptions {
    fn category(&self) -> Result<Option<Category>, AppError> {
        self.category
            .as_deref()
            .filter(|word| !word.is_empty())
            .map(|word| {
                Category::from_word(word)
                    .ok_or_else(|| AppError::invalid("import.unknown_category", "category"))
            })
            .transpose()
    }

    fn period(&self) -> Result<Option<Period>, AppError> {
        self.period
            .as_deref()
            .filter(|text| !text.is_empty())
            .map(|text| {
                text.parse()
                    .map_err(|_| AppError::invalid("import.unknown_period", "period"))
            })
            .transpose()
    }

    fn money_unit(&self) -> Result<MoneyUnit, AppError> {
        match self.money_unit.as_deref().unwrap_or_default() {
            "" => Ok(MoneyUnit::TenThousand),
            word => MoneyUnit::find(word)
                .ok_or_else(|| AppError::invalid("import.unknown_money_unit", "money_unit")),
        }
    }
}

/// A file as it came in.
#[derive(Clone, Debug)]
pub struct ImportFile {
    /// Its name.
    pub name: String,
    /// Its content.
    pub bytes: Bytes,
}

/// The state of an import that was adopted.
pub(crate) const ADOPTED: &str = "adopted";

/// What a second adoption is told; the API answers 409 to it.
pub const ADOPTED_ALREADY: &str = "import.adopted_already";

/// All rows of a plan or none: says how many keep it from being adopted.
fn none_refused(plan: &plan::Plan) -> Result<(), AppError> {
    match plan.refused() {
        0 => Ok(()),
        refused => Err(AppError::Invalid {
            messages: vec![Message::new(
                "import.rows_refused",
                "",
                [refused.to_string()],
            )],
        }),
    }
}

/// What was read of the files of one import.
struct Read {
    workbook: Workbook,
    extract: Extract,
    /// The names its columns were looked up by.
    synonyms: Synonyms,
}

impl App {
    /// Reads files and shows what adopting them would change. Nothing is changed.
    ///
    /// The first file is the table; the others are those its profile joins.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when a file is refused (too large, protected, not a workbook).
    pub async fn import_preview(
        &self,
        actor: &Actor,
        files: Vec<ImportFile>,
        options: &ImportOptions,
    ) -> Result<ImportPreview, AppError> {
        let read = self.import_first_read(actor, &files, options).await?;
        let tx = self.db.begin().await?;
        let batch = self.import_keep(&tx, actor, &files, options).await?;
        tx.commit().await?;
        let reference = self.reference().await?;
        let plan = plan::plan(&self.db, &reference, actor, &read, options).await?;
        Ok(view::preview(&batch, &read, options, &plan))
    }

    /// Reads files and adopts them at once where no row is refused: a preview and its adoption in
    /// one reading and one transaction. The second part says what came of the adoption.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when a file is refused. Refused rows are in the preview; one that was
    /// adopted says how many rows did what and lists none.
    pub async fn import_now(
        &self,
        actor: &Actor,
        files: Vec<ImportFile>,
        options: &ImportOptions,
    ) -> Result<(ImportPreview, Result<ImportOutcome, AppError>), AppError> {
        let read = self.import_first_read(actor, &files, options).await?;
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let batch = self.import_keep(&tx, actor, &files, options).await?;
        let plan = plan::plan(&tx, &reference, actor, &read, options).await?;
        if let Err(refused) = none_refused(&plan) {
            // The preview stays, for the annotated workbook.
            tx.commit().await?;
            let preview = view::preview(&batch, &read, options, &plan);
            return Ok((preview, Err(refused)));
        }
        let preview = view::summary(&batch, &read, options, &plan);
        let adopted = self
            .import_carry_out(&tx, &reference, actor, batch.import_id, plan, options)
            .await?;
        tx.commit().await?;
        Ok((preview, Ok(adopted)))
    }

    /// Reads files before anything of them is kept.
    async fn import_first_read(
        &self,
        actor: &Actor,
        files: &[ImportFile],
        options: &ImportOptions,
    ) -> Result<Read, AppError> {
        actor.grant(Action::Import)?;
        self.read(files, options).await
    }

    /// Keeps the files under their digests, and what is to be done with them.
    async fn import_keep(
        &self,
        tx: &Tx,
        actor: &Actor,
        files: &[ImportFile],
        options: &ImportOptions,
    ) -> Result<ImportBatch, AppError> {
        let mut digests = Vec::new();
        for file in files {
            digests.push((file.name.clone(), self.file_put(file.bytes.clone()).await?));
        }
        let mut batch = ImportBatch {
            import_id: 0,
            at: self.now(),
            user_id: actor.user.0,
            file_name: files.first().map(|f| f.name.clone()).unwrap_or_default(),
            sha256: json(&digests),
            state: "previewed".to_owned(),
            summary: "{}".to_owned(),
            options: json(options),
        };
        batch.import_id = imports::import_insert(tx, &batch).await?;
        let subject = format!("import:{}", batch.import_id);
        audit(tx, actor, self.now(), "import_preview", &subject, "{}").await?;
        Ok(batch)
    }

    /// Writes what a plan says, and that it was adopted.
    async fn import_carry_out(
        &self,
        tx: &Tx,
        reference: &Reference,
        actor: &Actor,
        id: i64,
        plan: plan::Plan,
        options: &ImportOptions,
    ) -> Result<ImportOutcome, AppError> {
        let outcome = self.apply_plan(tx, reference, actor, plan, options).await?;
        if !imports::import_update(tx, id, "previewed", ADOPTED, &json(&outcome)).await? {
            return Err(AppError::state(ADOPTED_ALREADY));
        }
        let (subject, said) = (format!("import:{id}"), json(&outcome));
        audit(tx, actor, self.now(), "import_adopt", &subject, &said).await?;
        Ok(outcome)
    }

    /// Shows a preview again, against the library as it is now.
    ///
    /// # Errors
    /// When there is no such import of this person.
    pub async fn import_get(&self, actor: &Actor, id: i64) -> Result<ImportPreview, AppError> {
        let (batch, read, options) = self.import_read(actor, id).await?;
        let reference = self.reference().await?;
        let plan = plan::plan(&self.db, &reference, actor, &read, &options).await?;
        Ok(view::preview(&batch, &read, &options, &plan))
    }

    /// Adopts an import: every row or none.
    ///
    /// # Errors
    /// [`AppError::Invalid`] while any row is refused; [`AppError::State`] when it was adopted
    /// already.
    pub async fn import_adopt(&self, actor: &Actor, id: i64) -> Result<ImportOutcome, AppError> {
        let (batch, read, options) = self.import_read(actor, id).await?;
        if batch.state == ADOPTED {
            return Err(AppError::state(ADOPTED_ALREADY));
        }
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let plan = plan::plan(&tx, &reference, actor, &read, &options).await?;
        none_refused(&plan)?;
        let outcome = self
            .import_carry_out(&tx, &reference, actor, id, plan, &options)
            .await?;
        tx.commit().await?;
        Ok(outcome)
    }

    /// Returns the workbook with a comment on every bad cell.
    ///
    /// # Errors
    /// When there is no such import of this person.
    pub async fn import_annotated(
        &self,
        actor: &Actor,
        id: i64,
        language: Language,
    ) -> Result<(String, Bytes), AppError> {
        let (batch, read, options) = self.import_read(actor, id).await?;
        let reference = self.reference().await?;
        let plan = plan::plan(&self.db, &reference, actor, &read, &options).await?;
        let mut problems: Vec<Problem> = plan.outside(&read.extract).into_iter().cloned().collect();
        problems.extend(plan.rows.into_iter().flat_map(|row| row.problems));
        let workbook = read.workbook;
        let bytes = blocking(move || write::annotate(&workbook, &problems, language)).await?;
        let stem = batch
            .file_name
            .rsplit_once('.')
            .map_or(batch.file_name.as_str(), |(stem, _)| stem);
        Ok((format!("{stem}-annotated.xlsx"), Bytes::from(bytes)))
    }

    /// Lists the person's newest imports.
    ///
    /// # Errors
    /// When the actor may not import.
    pub async fn import_list(&self, actor: &Actor) -> Result<Vec<ImportView>, AppError> {
        actor.grant(Action::Import)?;
        let batches = imports::import_list(&self.db, actor.user.0, "", 50).await?;
        Ok(batches.into_iter().map(ImportView::of).collect())
    }

    /// Lists the names of all profiles: shipped ones and saved ones.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn profile_names(&self) -> Result<Vec<String>, AppError> {
        let mut names: Vec<String> = SHIPPED.iter().map(|(name, _)| (*name).to_owned()).collect();
        for profile in imports::profile_list(&self.db).await? {
            if !names.contains(&profile.name) {
                names.push(profile.name);
            }
        }
        Ok(names)
    }

    /// Saves a mapping under a name, for the next file of the kind.
    ///
    /// # Errors
    /// When the text is not a profile; the message names the line.
    pub async fn profile_save(
        &self,
        actor: &Actor,
        name: &str,
        body: &str,
    ) -> Result<(), AppError> {
        actor.grant(Action::Import)?;
        if name.trim().is_empty() {
            return Err(AppError::invalid("field.missing", "name"));
        }
        Profile::parse(body).map_err(|problem| AppError::Invalid {
            messages: vec![Message::new(
                "import.bad_profile",
                "body",
                [problem.to_string()],
            )],
        })?;
        let profile = imports::Profile {
            name: name.trim().to_owned(),
            body: body.to_owned(),
        };
        let tx = self.db.begin().await?;
        imports::profile_put(&tx, &profile, actor.user.0, self.now()).await?;
        audit(&tx, actor, self.now(), "profile_save", name, "{}").await?;
        Ok(tx.commit().await?)
    }

    async fn import_batch(&self, actor: &Actor, id: i64) -> Result<ImportBatch, AppError> {
        actor.grant(Action::Import)?;
        imports::import_get(&self.db, id)
            .await?
            .filter(|batch| batch.user_id == actor.user.0 && !is_of_ledger(&batch.options))
            .or_not_found("import")
    }

    async fn import_files(&self, batch: &ImportBatch) -> Result<Vec<ImportFile>, AppError> {
        let digests: Vec<(String, String)> = parse(&batch.sha256)?;
        let mut files = Vec::new();
        for (name, sha256) in digests {
            files.push(ImportFile {
                bytes: self.file_get(&sha256).await?,
                name,
            });
        }
        Ok(files)
    }

    async fn import_read(
        &self,
        actor: &Actor,
        id: i64,
    ) -> Result<(ImportBatch, Read, ImportOptions), AppError> {
        let batch = self.import_batch(actor, id).await?;
        let files = self.import_files(&batch).await?;
        let options: ImportOptions = parse(&batch.options)?;
        let read = self.read(&files, &options).await?;
        Ok((batch, read, options))
    }

    /// Reads the files away from the threads that serve requests.
    async fn read(&self, files: &[ImportFile], options: &ImportOptions) -> Result<Read, AppError> {
        let profile = match options.profile.as_deref().filter(|name| !name.is_empty()) {
            Some(name) => Some(self.profile(name).await?),
            None => None,
        };
        let profile = convert::with_columns(profile, &options.columns);
        let synonyms = self.synonyms(Synonymous::Library).await?;
        let default_unit = options.money_unit()?;
        let files = files.to_vec();
        blocking(move || {
            let limits = Limits::default();
            let mut workbooks = Vec::new();
            for file in &files {
                let book = read_by_profile(&file.name, &file.bytes, profile.as_ref(), &limits)
                    .map_err(|refusal| file_refused(&refusal))?;
                workbooks.push(book);
            }
            let mut workbooks = workbooks.into_iter();
            let Some(workbook) = workbooks.next() else {
                return Err(AppError::invalid("import.no_file", "file"));
            };
            let joined: Vec<Workbook> = workbooks.collect();
            let joined: Vec<&Workbook> = joined.iter().collect();
            let extract = extract(
                &workbook,
                &Extraction {
                    targets: &convert::targets(),
                    synonyms: &synonyms,
                    profile: profile.as_ref(),
                    default_unit,
                    joined: &joined,
                },
            );
            Ok(Read {
                workbook,
                extract,
                synonyms,
            })
        })
        .await
    }

    async fn profile(&self, name: &str) -> Result<Profile, AppError> {
        let saved = imports::profile_list(&self.db).await?;
        let body = saved
            .into_iter()
            .find(|profile| profile.name == name)
            .map(|profile| profile.body)
            .or_else(|| {
                let shipped = SHIPPED.iter().find(|(shipped, _)| *shipped == name);
                shipped.map(|(_, body)| (*body).to_owned())
            })
            .or_not_found("import_profile")?;
        Profile::parse(&body).map_err(|problem| AppError::Reference {
            name: name.to_owned(),
            problem: problem.to_string(),
        })
    }

    /// The shipped synonyms with those an administrator has added.
    pub(crate) async fn synonyms(&self, of: Synonymous) -> Result<Synonyms, AppError> {
        let unreadable = |problem: gangmu_exchange::SynonymsError| AppError::Reference {
            name: "synonyms".to_owned(),
            problem: problem.to_string(),
        };
        let mut synonyms = Synonyms::parse(of.shipped()).map_err(unreadable)?;
        if let Some(text) = policies::reference_get(&self.db, "synonyms", "local").await? {
            let local: std::collections::BTreeMap<String, Vec<String>> = toml::from_str(&text)
                .map_err(|problem| AppError::Reference {
                    name: "synonyms".to_owned(),
                    problem: problem.to_string(),
                })?;
            for (key, names) in local.iter().filter(|(key, _)| of.has(key)) {
                for name in names {
                    synonyms.add(key, name);
                }
            }
        }
        Ok(synonyms)
    }
}

const SHIPPED: [(&str, &str); 2] = [
    ("pnrr", include_str!("../../../../data/profiles/pnrr.toml")),
    (
        "worldbank",
        include_str!("../../../../data/profiles/worldbank.toml"),
    ),
];

/// What the names of columns are looked up for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Synonymous {
    /// Records of the library.
    Library,
    /// Tasks of a plan, whose fields begin with `task.` or `indicator.`.
    Tasks,
    /// Rows of ledgers, whose fields begin with `ledger.` or the name of one.
    Ledgers,
}

impl Synonymous {
    const fn shipped(self) -> &'static str {
        match self {
            Self::Library => include_str!("../../../../data/import/synonyms.toml"),
            Self::Tasks => include_str!("../../../../data/import/tasks.toml"),
            Self::Ledgers => include_str!("../../../../data/import/ledgers.toml"),
        }
    }

    fn has(self, key: &str) -> bool {
        let of = match key.split_once('.').map(|(first, _)| first) {
            Some("task" | "indicator") => Self::Tasks,
            Some("ledger" | "problem" | "duty" | "wintering" | "winter_month") => Self::Ledgers,
            _ => Self::Library,
        };
        of == self
    }
}

/// What a file that is turned away is told.
pub(crate) fn file_refused(refusal: &gangmu_exchange::Refusal) -> AppError {
    let params: Vec<String> = refusal
        .params()
        .into_iter()
        .map(|(_, value)| value)
        .collect();
    AppError::Invalid {
        messages: vec![Message::new(
            format!("import.{}", refusal.code()),
            "file",
            params,
        )],
    }
}

/// Runs something long away from the threads that serve requests.
pub(crate) async fn blocking<T: Send + 'static, E: Into<AppError> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, AppError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result.map_err(Into::into),
        Err(_) => Err(AppError::state("internal")),
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "{}".to_owned())
}

fn parse<T: for<'de> Deserialize<'de>>(text: &str) -> Result<T, AppError> {
    serde_json::from_str(text).map_err(|_| AppError::state("internal"))
}
