//! The second step: what adopting would change, cell by cell; what is wrong and how to mend it;
//! what each column was taken for.

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse as _, Redirect};
use gangmu_app::domain::library::Field;
use gangmu_app::domain::organisation::UnitPath;
use gangmu_app::imports::{
    ImportColumn, ImportCounts, ImportOptions, ImportPreview, ImportProblem, ImportRow, RowStatus,
};
use gangmu_app::library::{code_name, kind_word};
use gangmu_app::{AppError, Language, Reference};
use serde::Serialize;
use serde_json::Value;

use crate::i18n::{Lang, Message, Texts};
use crate::import_form::options;
use crate::pages::common::worded;
use crate::pages::project::field::{money, text_of};
use crate::pages::work::{self, Sent, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, FieldError, Pager, Query};

const PER_PAGE: i64 = 100;

/// What adopting an import would do.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    pub import_id: i64,
    pub file_name: String,
    pub adopted: bool,
    pub query: Query,
    pub currency: Option<String>,
    pub counts: Counts,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub checks: Vec<Check>,
    pub checks_total: usize,
    /// How many totals are not what their rows add up to.
    pub checks_wrong: usize,
    /// How many could not be checked.
    pub checks_open: usize,
    pub problems: Vec<Problem>,
    pub columns: Vec<Column>,
    pub keys: Vec<Choice>,
    /// The options of the reading, to be sent along with a changed mapping.
    pub options: Vec<(String, String)>,
    pub errors: Vec<FieldError>,
}

/// How many rows would do what.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Counts {
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub refused: usize,
}

/// One row of the file.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub status: &'static str,
    pub tone: &'static str,
    pub place: String,
    pub name: String,
    pub href: Option<String>,
    pub cells: Vec<Cell>,
    pub problems: Vec<Problem>,
}

/// One cell that changes something.
#[derive(Clone, Debug, Serialize)]
pub struct Cell {
    pub label: String,
    pub cell: String,
    pub before: Option<String>,
    pub after: String,
}

/// Something wrong in one place of the file.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    pub severity: &'static str,
    /// `sheet!cell`.
    pub place: String,
    pub found: String,
    pub expected: String,
    pub mend: String,
    pub count: usize,
}

/// A total that is not what its rows add up to, or of which nobody can say.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    pub place: String,
    pub label: String,
    pub column: String,
    pub claimed: String,
    pub computed: String,
    /// The cells that keep it from being checked; empty when it was.
    pub unreadable: String,
}

/// A column and what it was taken for.
#[derive(Clone, Debug, Serialize)]
pub struct Column {
    pub sheet: String,
    pub letters: String,
    pub label: String,
    pub key: String,
    pub suggested: bool,
    pub source: &'static str,
    pub unit: Option<&'static str>,
}

pub(super) async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let preview = visit.app.import_get(&visit.actor, id).await?;
    visit.page(&Preview::new(&visit, preview).await?).await
}

pub(super) async fn adopt(visit: Visit, Path(id): Path<i64>) -> Answer {
    match visit.app.import_adopt(&visit.actor, id).await {
        Ok(outcome) => {
            let n = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let message = Message::new("imports.adopted")
                .with("new", n(outcome.new))
                .with("changed", n(outcome.changed))
                .with("unchanged", n(outcome.unchanged));
            visit.done(message, "/imports").await
        }
        Err(error) => {
            let errors = work::problems(&visit, error)?;
            refused(&visit, id, errors).await
        }
    }
}

/// Reads the file again with columns as the person mapped them; keeps the mapping when named.
pub(super) async fn columns(
    visit: Visit,
    Path(id): Path<i64>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let options = match options(&form) {
        Ok(options) => options,
        Err(error) => {
            let errors = work::problems(&visit, error)?;
            return refused(&visit, id, errors).await;
        }
    };
    let name = sent(&form, "profile_name");
    if !name.is_empty() {
        let body = profile(name, &options);
        if let Err(error) = visit.app.profile_save(&visit.actor, name, &body).await {
            let errors = work::problems(&visit, error)?;
            return refused(&visit, id, errors).await;
        }
    }
    match visit.app.import_again(&visit.actor, id, &options).await {
        Ok(again) => {
            let to = format!("/imports/{}", again.import_id);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let errors = work::problems(&visit, error)?;
            refused(&visit, id, errors).await
        }
    }
}

pub(super) async fn annotated(visit: Visit, Path(id): Path<i64>) -> Answer {
    let language = match visit.lang {
        Lang::ZhCn => Language::Chinese,
        Lang::En => Language::English,
    };
    let (name, bytes) = visit
        .app
        .import_annotated(&visit.actor, id, language)
        .await?;
    Ok(workbook(&name, bytes))
}

/// Answers with a workbook to be saved under a name.
pub(crate) fn workbook(
    name: &str,
    bytes: impl axum::response::IntoResponse,
) -> axum::response::Response {
    let encoded = Query::new("", &[("", name)]).href();
    let encoded = encoded.trim_start_matches("?=");
    let headers = [
        (
            CONTENT_TYPE,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet".to_owned(),
        ),
        (
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"gangmu.xlsx\"; filename*=UTF-8''{encoded}"),
        ),
    ];
    (headers, bytes).into_response()
}

async fn refused(visit: &Visit, id: i64, errors: Vec<FieldError>) -> Answer {
    let preview = visit.app.import_get(&visit.actor, id).await?;
    let mut page = Preview::new(visit, preview).await?;
    page.errors = errors;
    page.query.path = format!("/imports/{id}");
    let html = visit.page(&page).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

/// Writes a mapping made by hand as a profile file.
fn profile(name: &str, options: &ImportOptions) -> String {
    let text = |text: &str| serde_json::to_string(text).unwrap_or_else(|_| "\"\"".to_owned());
    let mut out = format!("name = {}\ntitle = {}\n", text(name), text(name));
    for (letters, key) in &options.columns {
        out.push_str(&format!("\n[[column]]\nposition = {}\n", text(letters)));
        if !key.is_empty() {
            out.push_str(&format!("key = {}\n", text(key)));
        }
    }
    out
}

impl Preview {
    async fn new(visit: &Visit, preview: ImportPreview) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let reference = visit.app.reference().await?;
        let own = visit.actor.unit();
        let show = match visit.here.get("show") {
            None => None,
            Some(word) => {
                let known = RowStatus::from_word(word);
                Some(known.ok_or(AppError::NotFound { what: "page" })?)
            }
        };
        let preview = preview.paged(show, work::page(&visit.here), PER_PAGE);
        let listed = i64::try_from(preview.listed).unwrap_or(i64::MAX);
        Ok(Self {
            import_id: preview.import_id,
            adopted: preview.state == "adopted",
            query: visit.here.clone(),
            currency: preview.currency.clone(),
            counts: counts(preview.counts),
            rows: preview
                .rows
                .iter()
                .map(|one| row(texts, (&reference, &own), one))
                .collect(),
            pager: work::pager(&visit.here, preview.page, preview.pages, PER_PAGE, listed),
            checks_total: preview.checks.len(),
            checks_wrong: preview
                .checks
                .iter()
                .filter(|check| check.is_wrong())
                .count(),
            checks_open: preview
                .checks
                .iter()
                .filter(|check| check.is_open())
                .count(),
            checks: preview
                .checks
                .iter()
                .filter(|check| !check.matches)
                .map(|check| Check {
                    place: place(&check.sheet, &check.cell),
                    label: check.label.clone(),
                    column: check.column.clone(),
                    claimed: check.claimed.clone(),
                    computed: check.computed.clone(),
                    unreadable: check.unreadable.join(" "),
                })
                .collect(),
            problems: preview
                .problems
                .iter()
                .map(|one| problem(visit.lang, one))
                .collect(),
            columns: preview.columns.iter().map(column).collect(),
            keys: keys(texts),
            options: carried(&preview.options),
            errors: Vec::new(),
            file_name: preview.file_name,
        })
    }
}

fn counts(counts: ImportCounts) -> Counts {
    Counts {
        new: counts.new,
        changed: counts.changed,
        unchanged: counts.unchanged,
        refused: counts.refused,
    }
}

fn place(sheet: &str, cell: &str) -> String {
    if cell.is_empty() {
        sheet.to_owned()
    } else {
        format!("{sheet}!{cell}")
    }
}

fn row(texts: &Texts, at: (&Reference, &UnitPath), row: &ImportRow) -> Row {
    Row {
        status: row.status.word(),
        tone: match row.status {
            RowStatus::New => "good",
            RowStatus::Changed => "wait",
            RowStatus::Unchanged => "",
            RowStatus::Refused => "bad",
        },
        place: place(&row.sheet, &row.row.to_string()),
        name: row.name.clone(),
        href: row.project_id.map(|id| format!("/projects/{id}")),
        cells: row
            .cells
            .iter()
            .map(|cell| Cell {
                label: label(texts, &cell.field),
                cell: cell.cell.clone(),
                before: value(texts, at, &cell.field, &cell.before),
                after: value(texts, at, &cell.field, &cell.after).unwrap_or_default(),
            })
            .collect(),
        problems: row
            .problems
            .iter()
            .map(|one| problem(texts.lang(), one))
            .collect(),
    }
}

fn problem(lang: Lang, problem: &ImportProblem) -> Problem {
    let (expected, mend) = match lang {
        Lang::ZhCn => (&problem.expected, &problem.mend),
        Lang::En => (&problem.expected_en, &problem.mend_en),
    };
    Problem {
        severity: problem.severity,
        place: place(&problem.sheet, &problem.cell),
        found: problem.found.clone(),
        expected: expected.clone(),
        mend: mend.clone(),
        count: problem.count,
    }
}

fn column(column: &ImportColumn) -> Column {
    Column {
        sheet: column.sheet.clone(),
        letters: column.letters.clone(),
        label: column.label.clone(),
        key: column
            .key
            .clone()
            .or_else(|| column.suggestion.clone())
            .unwrap_or_default(),
        suggested: column.key.is_none() && column.suggestion.is_some(),
        source: column.source,
        unit: column.unit,
    }
}

/// Names a field, a place on the year's list or a month's figure.
fn label(texts: &Texts, field: &str) -> String {
    if let Some(period) = field.strip_prefix("return ") {
        return texts.message(&Message::new("imports.month_figure").with("period", period));
    }
    let key = match Field::from_word(field) {
        Some(_) => format!("project.field.{field}"),
        None => ["imports.key.", field].concat(),
    };
    if texts.has(&key) {
        texts.message(&Message::new(key))
    } else {
        field.to_owned()
    }
}

/// Prints a value of a cell; `None` where there was none.
fn value(
    texts: &Texts,
    (reference, own): (&Reference, &UnitPath),
    field: &str,
    value: &Value,
) -> Option<String> {
    match (Field::from_word(field), value) {
        (_, Value::Null) => None,
        (Some(known), _) => {
            let name = value
                .as_str()
                .and_then(|code| code_name(reference, own, known, code));
            text_of(
                texts,
                reference,
                field,
                kind_word(known),
                value,
                name.as_deref(),
            )
        }
        (None, Value::Number(yuan)) => Some(money(texts, yuan.as_i64()?)),
        (None, Value::String(word)) => Some(worded(texts, &[field, "."].concat(), word)),
        (None, other) => Some(other.to_string()),
    }
}

/// What a column can be taken for, besides nothing.
fn keys(texts: &Texts) -> Vec<Choice> {
    const MORE: [&str; 10] = [
        "build_years",
        "category",
        "annual_plan",
        "month_investment",
        "year_to_date",
        "image_progress",
        "problems",
        "site_status",
        "started_on",
        "finished_on",
    ];
    let fields = Field::ALL
        .iter()
        .filter(|field| field.editable())
        .map(|field| field.word());
    fields
        .chain(MORE)
        .map(|key| Choice::new(key, label(texts, key)))
        .collect()
}

/// The options of a reading but for its columns, as hidden fields carry them.
fn carried(options: &Value) -> Vec<(String, String)> {
    [
        "profile",
        "unit",
        "year",
        "category",
        "period",
        "money_unit",
    ]
    .iter()
    .filter_map(|name| {
        let text = match options.get(name)? {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            _ => return None,
        };
        Some(((*name).to_owned(), text))
    })
    .collect()
}

impl Page for Preview {
    const TEMPLATE: &'static str = "pages/import_preview.html";

    fn samples() -> Vec<Self> {
        let full = sample();
        let clean = Self {
            counts: Counts {
                refused: 0,
                ..full.counts.clone()
            },
            rows: full
                .rows
                .iter()
                .filter(|row| row.status != "refused")
                .cloned()
                .collect(),
            checks: Vec::new(),
            checks_wrong: 0,
            checks_open: 0,
            problems: Vec::new(),
            ..full.clone()
        };
        let adopted = Self {
            adopted: true,
            ..clean.clone()
        };
        let nothing = Self {
            counts: Counts::default(),
            rows: Vec::new(),
            pager: Pager {
                total: 0,
                first: 0,
                last: 0,
                previous: None,
                next: None,
            },
            errors: vec![FieldError {
                field: String::new(),
                message: Message::new("import.rows_refused").with("0", 2_i64),
            }],
            ..full.clone()
        };
        vec![full, clean, adopted, nothing]
    }
}

fn sample() -> Preview {
    let problem = Problem {
        severity: "error",
        place: "计划表!F9".into(),
        found: "1.2亿左右".into(),
        expected: "金额数字".into(),
        mend: "只写数字，单位写在表头，例如 12000".into(),
        count: 1,
    };
    let row = |status, tone, place: &str, name: &str, cells: Vec<Cell>| Row {
        status,
        tone,
        place: place.into(),
        name: name.into(),
        href: (status != "new").then(|| "/projects/17".into()),
        cells,
        problems: Vec::new(),
    };
    let cell = |label: &str, cell: &str, before: Option<&str>, after: &str| Cell {
        label: label.into(),
        cell: cell.into(),
        before: before.map(Into::into),
        after: after.into(),
    };
    let mut refused = row("refused", "bad", "计划表!9", "风电制造基地", Vec::new());
    refused.problems = vec![problem.clone()];
    let column = |letters: &str, label: &str, key: &str, source, suggested| Column {
        sheet: "计划表".into(),
        letters: letters.into(),
        label: label.into(),
        key: key.into(),
        suggested,
        source,
        unit: (key == "annual_plan").then_some("万元"),
    };
    Preview {
        import_id: 12,
        file_name: "通辽市2025年重大项目计划表.xlsx".into(),
        adopted: false,
        query: Query::new("/imports/12", &[]),
        currency: None,
        counts: Counts {
            new: 3,
            changed: 112,
            unchanged: 17,
            refused: 1,
        },
        rows: vec![
            row(
                "changed",
                "wait",
                "计划表!7",
                "年产 35 万吨绿色铝项目二期",
                vec![
                    cell("年度计划投资", "F7", Some("120000 万元"), "96000 万元"),
                    cell("责任人", "K7", None, "霍林郭勒市工信局项目科"),
                ],
            ),
            row(
                "new",
                "good",
                "计划表!8",
                "城区集中供热管网改造",
                vec![cell("总投资", "E8", None, "43000 万元")],
            ),
            refused,
            row("unchanged", "", "计划表!10", "园区污水处理厂", Vec::new()),
        ],
        pager: Pager {
            total: 133,
            first: 1,
            last: 100,
            previous: None,
            next: Some("/imports/12?page=2".into()),
        },
        checks: vec![
            Check {
                place: "计划表!F6".into(),
                label: "合计（133项）".into(),
                column: "年度计划投资".into(),
                claimed: "8950000".into(),
                computed: "8926000".into(),
                unreadable: String::new(),
            },
            Check {
                place: "计划表!E6".into(),
                label: "合计（133项）".into(),
                column: "总投资".into(),
                claimed: "43500000".into(),
                computed: String::new(),
                unreadable: "E9".into(),
            },
        ],
        checks_total: 6,
        checks_wrong: 1,
        checks_open: 1,
        problems: vec![problem],
        columns: vec![
            column("B", "项目名称", "name", "synonym", false),
            column("F", "2025年计划投资", "annual_plan", "synonym", false),
            column("L", "责任领导", "duty_person", "none", true),
            column("M", "备注（内部）", "", "none", false),
        ],
        keys: vec![
            Choice::new("name", "项目名称"),
            Choice::new("annual_plan", "年度计划投资"),
            Choice::new("duty_person", "责任人"),
        ],
        options: vec![
            ("unit".into(), "150500".into()),
            ("year".into(), "2025".into()),
        ],
        errors: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::profile;
    use crate::import_form::options;

    #[test]
    fn a_mapping_by_hand_becomes_a_profile_that_quotes_its_words() {
        let form = vec![
            ("column.B".to_owned(), "name".to_owned()),
            ("column.M".to_owned(), String::new()),
        ];
        let text = profile("通辽\"计划\"表", &options(&form).expect("options"));
        assert_eq!(
            text,
            "name = \"通辽\\\"计划\\\"表\"\ntitle = \"通辽\\\"计划\\\"表\"\n\n\
             [[column]]\nposition = \"B\"\nkey = \"name\"\n\n[[column]]\nposition = \"M\"\n"
        );
    }
}
