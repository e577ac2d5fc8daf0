//! A ledger handed in as a table: which file, what adopting it would do, adopt it or leave it. One
//! page for all ledgers. What one would get wrong: a proposal changes nothing and is made afresh every
//! time it is shown, so leaving the page is enough. (台账导入)

use axum::Form as Posted;
use axum::Router;
use axum::extract::{Multipart, Path};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::{get, post};
use gangmu_app::AppError;
use gangmu_app::imports::ImportFile;
use gangmu_app::ledgers::{
    Ledger, LedgerCounts, LedgerFileView, LedgerImportView, LedgerNote, LedgerOptions,
    LedgerRowView, LedgerStatus, LedgerWeight,
};
use serde::Serialize;

use super::common::refused;
use super::work::{self, Sent, sent};
use crate::i18n::{Message, Texts};
use crate::import_form::HandedIn;
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState, words};
use crate::view::{Choice, FieldError, Form, Pager, Query};

/// Rows of a proposal on a page.
const PER_PAGE: i64 = 100;

/// The addresses but for the one that takes files.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/ledgers/{table}/import", get(form))
        .route("/ledgers/{table}/imports/{id}", get(show))
        .route("/ledgers/{table}/imports/{id}/adopt", post(adopt))
}

/// The address that takes files.
pub fn upload_routes() -> Router<WebState> {
    Router::new().route("/ledgers/{table}/imports", post(upload))
}

/// The first step: which file.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerImport {
    pub ledger: &'static str,
    /// Where the ledger itself is.
    pub back: String,
    pub form: Form,
    /// On whose side duties may stand; empty where that is no choice.
    pub units: Vec<Choice>,
    /// Which winter; empty where that is no choice.
    pub seasons: Vec<Choice>,
    pub past: Vec<LedgerFileView>,
    /// When each of the past came in, RFC 3339.
    pub past_at: Vec<String>,
}

/// The second step: what the file would do.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerPreview {
    pub ledger: &'static str,
    pub back: String,
    pub query: Query,
    pub import_id: i64,
    pub file_name: String,
    pub is_adopted: bool,
    pub stamp: String,
    pub counts: LedgerCounts,
    /// How many rows adopting does something for.
    pub done: usize,
    pub rows: Vec<Row>,
    pub pager: Pager,
    /// What is to be said of the file as a whole.
    pub notes: Vec<Told>,
    pub errors: Vec<FieldError>,
}

/// A row of the proposal.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub status: &'static str,
    pub tone: &'static str,
    pub place: String,
    pub name: String,
    pub href: Option<String>,
    pub notes: Vec<Told>,
}

/// A note in words.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    /// error, told or does.
    pub weight: &'static str,
    /// The cell and the head of its column.
    pub place: String,
    pub message: Message,
}

fn known(word: &str) -> Result<Ledger, AppError> {
    Ledger::from_word(word).ok_or(AppError::NotFound { what: "page" })
}

/// Where a ledger is looked at.
fn home(ledger: Ledger) -> String {
    match ledger {
        Ledger::Problems => "/problems".to_owned(),
        Ledger::Liaison => "/liaison".to_owned(),
        Ledger::Winter => "/winter".to_owned(),
    }
}

/// Reads the form that hands a ledger in.
///
/// # Errors
/// When there is not exactly one file, or a choice is none.
pub fn read_form(
    ledger: Ledger,
    mut handed: HandedIn,
) -> Result<(LedgerOptions, ImportFile), AppError> {
    let options = options(ledger, &handed.form)?;
    match (handed.files.pop(), handed.files.is_empty()) {
        (Some(file), true) => Ok((options, file)),
        (Some(_), false) => Err(AppError::invalid("plans.import.one_file", "file")),
        (None, _) => Err(AppError::invalid("import.no_file", "file")),
    }
}

/// What was chosen; what cannot be used is refused, never left out.
fn options(ledger: Ledger, form: &Sent) -> Result<LedgerOptions, AppError> {
    let given = |name: &str| Some(sent(form, name)).filter(|text| !text.is_empty());
    let season = given("season").map(|text| {
        let year = text.parse::<i16>();
        year.map_err(|_| AppError::invalid("field.unknown_word", "season"))
    });
    let relieve = match given("relieve") {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(AppError::invalid("field.unknown_word", "relieve")),
    };
    Ok(LedgerOptions {
        unit: given("unit").map(str::to_owned),
        relieve,
        season: season.transpose()?,
        ..LedgerOptions::new(ledger)
    })
}

async fn form(visit: Visit, Path(table): Path<String>) -> Answer {
    let page = LedgerImport::load(&visit, known(&table)?, Form::default()).await?;
    visit.page(&page).await
}

async fn upload(visit: Visit, Path(table): Path<String>, multipart: Multipart) -> Answer {
    let ledger = known(&table)?;
    let handed = HandedIn::read(multipart).await?;
    let kept = kept(&handed.form);
    let made = match read_form(ledger, handed) {
        Ok((options, file)) => {
            let made = visit.app.ledger_preview(&visit.actor, &options, file);
            made.await
        }
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => {
            let to = format!("/ledgers/{table}/imports/{}", made.import_id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let errors = work::problems(&visit, error)?;
            let form = Form { errors, ..kept };
            let page = LedgerImport::load(&visit, ledger, form).await?;
            refused(&visit, &page).await
        }
    }
}

/// This winter first, then those around it.
fn seasons(of_today: i16) -> Vec<Choice> {
    let years = [
        of_today,
        of_today.saturating_add(1),
        of_today.saturating_sub(1),
    ];
    let choice = |year: i16| {
        let label = format!("{year}—{}", year.saturating_add(1));
        Choice::new(year.to_string(), label)
    };
    years.map(choice).into()
}

/// What was chosen besides the file, to be shown again.
fn kept(form: &Sent) -> Form {
    let known = form.iter().filter(|(name, _)| name != "csrf");
    let kept = Form::default();
    known.fold(kept, |kept, (name, value)| kept.value(name, value.clone()))
}

async fn show(visit: Visit, Path((table, id)): Path<(String, i64)>) -> Answer {
    let page = LedgerPreview::load(&visit, known(&table)?, id, Vec::new()).await?;
    visit.page(&page).await
}

async fn adopt(
    visit: Visit,
    Path((table, id)): Path<(String, i64)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let ledger = known(&table)?;
    let stamp = Some(sent(&form, "stamp")).filter(|stamp| !stamp.is_empty());
    match visit
        .app
        .ledger_adopt(&visit.actor, ledger, id, stamp)
        .await
    {
        Ok(done) => {
            let n = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let message = Message::new("ledgers.done")
                .with("new", n(done.new))
                .with("changed", n(done.changed))
                .with("unchanged", n(done.unchanged))
                .with("left_out", n(done.left_out));
            visit.done(message, &home(ledger)).await
        }
        Err(error) => {
            let (status, errors) = match error {
                AppError::Changed { .. } => {
                    let field = String::new();
                    let message = Message::new("ledgers.meanwhile");
                    (StatusCode::CONFLICT, vec![FieldError { field, message }])
                }
                other => {
                    let errors = work::problems(&visit, other)?;
                    (StatusCode::UNPROCESSABLE_ENTITY, errors)
                }
            };
            let mut page = LedgerPreview::load(&visit, ledger, id, errors).await?;
            page.query.path = format!("/ledgers/{table}/imports/{id}");
            let mut answer = visit.page(&page).await?;
            *answer.status_mut() = status;
            Ok(answer)
        }
    }
}

impl LedgerImport {
    async fn load(visit: &Visit, ledger: Ledger, form: Form) -> Result<Self, Failure> {
        let past = visit.app.ledger_import_list(&visit.actor, ledger).await?;
        Ok(Self {
            ledger: ledger.word(),
            back: home(ledger),
            form,
            units: match ledger {
                Ledger::Liaison => work::units(visit).await?,
                _ => Vec::new(),
            },
            seasons: match ledger {
                Ledger::Winter => seasons(visit.app.winter_of_today()),
                _ => Vec::new(),
            },
            past_at: past.iter().map(|one| work::instant(one.at)).collect(),
            past,
        })
    }
}

impl LedgerPreview {
    async fn load(
        visit: &Visit,
        ledger: Ledger,
        id: i64,
        errors: Vec<FieldError>,
    ) -> Result<Self, Failure> {
        let show = match visit.here.get("show").filter(|word| !word.is_empty()) {
            None => None,
            Some(word) => {
                let known = LedgerStatus::from_word(word);
                Some(known.ok_or(AppError::NotFound { what: "page" })?)
            }
        };
        let made = visit
            .app
            .ledger_import_get(&visit.actor, ledger, id)
            .await?;
        let made = made.paged(show, work::page(&visit.here), PER_PAGE);
        let texts = visit.texts()?;
        let listed = i64::try_from(made.listed).unwrap_or(i64::MAX);
        let pager = work::pager(&visit.here, made.page, made.pages, PER_PAGE, listed);
        Ok(Self::new(
            texts,
            ledger,
            made,
            (visit.here.clone(), pager),
            errors,
        ))
    }

    fn new(
        texts: &Texts,
        ledger: Ledger,
        made: LedgerImportView,
        (query, pager): (Query, Pager),
        errors: Vec<FieldError>,
    ) -> Self {
        let note = |one: &LedgerNote| told(texts, one);
        Self {
            ledger: ledger.word(),
            back: home(ledger),
            query,
            import_id: made.import_id,
            file_name: made.file_name,
            is_adopted: made.is_adopted,
            stamp: made.stamp,
            counts: made.counts,
            done: made.counts.new + made.counts.changed,
            rows: made.rows.iter().map(|one| row(texts, one)).collect(),
            pager,
            notes: made.notes.iter().map(note).collect(),
            errors,
        }
    }
}

fn row(texts: &Texts, row: &LedgerRowView) -> Row {
    let problem = row.problem_id.map(|id| format!("/problems/{id}"));
    let project = row.project_id.map(|id| format!("/projects/{id}"));
    Row {
        status: row.status.word(),
        tone: match row.status {
            LedgerStatus::New => "good",
            LedgerStatus::Changed => "wait",
            LedgerStatus::Unchanged | LedgerStatus::LeftOut => "",
            LedgerStatus::Refused => "bad",
        },
        place: format!("{}!{}", row.sheet, row.row),
        name: row.name.clone(),
        href: problem.or(project),
        notes: row.notes.iter().map(|one| told(texts, one)).collect(),
    }
}

fn told(texts: &Texts, note: &LedgerNote) -> Told {
    let place = [note.cell.as_str(), note.column.as_str()];
    let place: Vec<&str> = place.into_iter().filter(|one| !one.is_empty()).collect();
    Told {
        weight: match note.weight {
            LedgerWeight::Error => "error",
            LedgerWeight::Told => "told",
            LedgerWeight::Does => "does",
        },
        place: place.join(" "),
        message: words::message(texts, &note.code, &note.params),
    }
}

impl Page for LedgerImport {
    const TEMPLATE: &'static str = "pages/ledger_import.html";

    fn samples() -> Vec<Self> {
        let file = |import_id, outcome: Option<LedgerCounts>| LedgerFileView {
            import_id,
            at: 1_739_500_000_000,
            file_name: "科尔沁区重大项目问题台账.xlsx".into(),
            is_adopted: outcome.is_some(),
            outcome,
        };
        let done = LedgerCounts {
            new: 12,
            unchanged: 3,
            left_out: 4,
            ..LedgerCounts::default()
        };
        let past = vec![file(2, None), file(1, Some(done))];
        let samples = Ledger::ALL.into_iter().flat_map(|ledger| {
            let fresh = Self {
                ledger: ledger.word(),
                back: home(ledger),
                form: Form::default(),
                units: match ledger {
                    Ledger::Liaison => vec![Choice::new("150500", "通辽市")],
                    _ => Vec::new(),
                },
                seasons: match ledger {
                    Ledger::Winter => seasons(2025),
                    _ => Vec::new(),
                },
                past: Vec::new(),
                past_at: Vec::new(),
            };
            let again = Self {
                form: Form::default().error("file", Message::new("import.file_password")),
                past: past.clone(),
                past_at: vec!["2025-02-14T02:12:00Z".into(); 2],
                ..fresh.clone()
            };
            [fresh, again]
        });
        samples.collect()
    }
}

impl Page for LedgerPreview {
    const TEMPLATE: &'static str = "pages/ledger_import_preview.html";

    fn samples() -> Vec<Self> {
        let told = |weight, place: &str, message| Told {
            weight,
            place: place.into(),
            message,
        };
        let row =
            |(status, tone): (&'static str, &'static str), at: usize, name: &str, notes| Row {
                status,
                tone,
                place: format!("问题台账!{at}"),
                name: name.into(),
                href: None,
                notes,
            };
        let raise = Message::new("ledgers.problems.does.raise").with("0", "2025-01-03");
        let unknown = Message::new("ledgers.unknown_project").with("0", "测试铝业五期");
        let rows = vec![
            row(
                ("new", "good"),
                4,
                "外部供电线路尚未核准",
                vec![told("does", "C4 存在问题", raise)],
            ),
            row(("unchanged", ""), 5, "草原补偿标准没有谈妥", Vec::new()),
            row(
                ("left_out", ""),
                6,
                "取水许可尚未批复",
                vec![told(
                    "told",
                    "J6 状态",
                    Message::new("ledgers.problems.ended"),
                )],
            ),
            row(
                ("refused", "bad"),
                7,
                "用地指标不足",
                vec![told("error", "B7 项目名称", unknown)],
            ),
        ];
        let full = Self {
            ledger: Ledger::Problems.word(),
            back: home(Ledger::Problems),
            query: Query::new("/ledgers/problems/imports/2", &[]),
            import_id: 2,
            file_name: "科尔沁区重大项目问题台账.xlsx".into(),
            is_adopted: false,
            stamp: "5f2c".into(),
            counts: LedgerCounts {
                new: 1,
                changed: 0,
                unchanged: 1,
                left_out: 1,
                refused: 1,
            },
            done: 1,
            rows,
            pager: Pager {
                total: 4,
                first: 1,
                last: 4,
                previous: None,
                next: None,
            },
            notes: vec![told(
                "told",
                "问题台账!L3",
                Message::new("ledgers.unknown_column").with("0", "督办领导"),
            )],
            errors: Vec::new(),
        };
        let adopted = Self {
            is_adopted: true,
            counts: LedgerCounts {
                unchanged: 2,
                left_out: 1,
                ..LedgerCounts::default()
            },
            done: 0,
            ..full.clone()
        };
        let duties = Self {
            ledger: Ledger::Liaison.word(),
            back: home(Ledger::Liaison),
            rows: vec![row(
                ("changed", "wait"),
                4,
                "测试铝业",
                vec![told(
                    "does",
                    "C4 包联领导",
                    Message::new("ledgers.liaison.does.relieve")
                        .with("0", "包联领导")
                        .with("1", "通辽市")
                        .with("2", "市级包联领导")
                        .with("3", "2025-02-06"),
                )],
            )],
            notes: Vec::new(),
            ..full.clone()
        };
        let winters = Self {
            ledger: Ledger::Winter.word(),
            back: home(Ledger::Winter),
            rows: Vec::new(),
            ..full.clone()
        };
        let clean = Self {
            counts: LedgerCounts {
                new: 1,
                ..LedgerCounts::default()
            },
            rows: full.rows.iter().take(1).cloned().collect(),
            notes: Vec::new(),
            ..full.clone()
        };
        vec![full, adopted, clean, duties, winters]
    }
}
