//! The ledger of problems. What one would get wrong: the use case orders and filters; here rows are
//! only put into words, and the workbook takes the same filters. (问题台账)

use gangmu_app::AppError;
use gangmu_app::domain::organisation::Action;
use gangmu_app::problems::{NamedView, ProblemQuery, Standing};
use jiff::civil::Date;
use serde::Serialize;

use super::row::{Row, named};
use crate::pages::common::keyed;
use crate::pages::imports::workbook;
use crate::pages::work;
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, Pager, Query};

/// The ledger.
#[derive(Clone, Debug, Serialize)]
pub struct ProblemList {
    pub query: Query,
    pub standing: String,
    pub tabs: Vec<Tab>,
    pub today: String,
    pub total: i64,
    /// Projects held up, each counted once.
    pub projects: i64,
    /// Their total investment in yuan.
    pub investment: i64,
    /// Working days, all projects together.
    pub days_held: i64,
    /// The rows behind the figures.
    pub rows_href: String,
    pub kinds: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub units: Vec<Choice>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub may_export: bool,
    pub may_import: bool,
}

/// A part of the ledger with how much is in it.
#[derive(Clone, Debug, Serialize)]
pub struct Tab {
    pub key: String,
    pub n: i64,
    pub href: String,
}

pub async fn show(visit: Visit) -> Answer {
    let query = query(&visit)?;
    let found = visit.app.problem_ledger(&visit.actor, &query).await?;
    let texts = visit.texts()?;
    let rules = visit.app.problem_rules().await?;
    let choice = |one: &NamedView| Choice::new(one.code.clone(), named(texts.lang(), one));
    let pages = (found.total + found.page_size - 1) / found.page_size.max(1);
    let page = ProblemList {
        query: visit.here.clone(),
        standing: query.standing.word().to_owned(),
        tabs: tabs(&visit, &query).await?,
        today: visit.app.today().to_string(),
        total: found.total,
        projects: found.projects,
        investment: found.total_investment,
        days_held: found.days_held,
        rows_href: visit.here.href() + "#rows",
        kinds: rules.kinds.iter().map(choice).collect(),
        levels: rules.levels.iter().map(choice).collect(),
        units: work::units(&visit).await?,
        rows: found.rows.iter().map(|row| Row::new(texts, row)).collect(),
        pager: work::pager(&visit.here, found.page, pages, found.page_size, found.total),
        may_export: visit.may(Action::Export),
        may_import: visit.may(Action::RaiseProblem),
    };
    visit.page(&page).await
}

pub async fn export(visit: Visit) -> Answer {
    let made = visit
        .app
        .export_problems(&visit.actor, &query(&visit)?)
        .await?;
    Ok(workbook(&made.name, made.bytes))
}

/// Reads the filters of the address; a word that is none is refused, not ignored.
fn query(visit: &Visit) -> Result<ProblemQuery, AppError> {
    let here = &visit.here;
    let chosen = |name: &str| here.get(name).filter(|text| !text.is_empty());
    let own = |name: &str| chosen(name).map(str::to_owned);
    let standing = match chosen("standing") {
        None => Standing::Open,
        Some(word) => {
            Standing::from_word(word).ok_or_else(|| AppError::NotFound { what: "page" })?
        }
    };
    Ok(ProblemQuery {
        standing,
        unit: own("unit"),
        kind: own("kind"),
        level: own("level"),
        project: None,
        text: own("q"),
        page: work::page(here),
    })
}

async fn tabs(visit: &Visit, query: &ProblemQuery) -> Result<Vec<Tab>, Failure> {
    let mut tabs = Vec::new();
    for standing in Standing::ALL {
        let query = ProblemQuery {
            standing,
            ..query.clone()
        };
        let word = match standing {
            Standing::Open => "",
            other => other.word(),
        };
        tabs.push(Tab {
            key: standing.word().to_owned(),
            n: visit.app.problem_total(&visit.actor, &query).await?,
            href: visit.here.with("standing", word).href(),
        });
    }
    Ok(tabs)
}

/// The ledger of one project, from its card, and for how many working days it was held up; as of the
/// day the card shows.
pub async fn of_project(
    visit: &Visit,
    project: i64,
    as_of: Option<Date>,
) -> Result<(Vec<Row>, u32), Failure> {
    let id = gangmu_app::domain::library::ProjectId(project);
    let rows = visit
        .app
        .problems_of_project(&visit.actor, id, as_of)
        .await?;
    let texts = visit.texts()?;
    let row = |view| {
        let mut row = Row::new(texts, view);
        if let Some(day) = as_of {
            row.href = format!("{}?as_of={day}", row.href);
        }
        row
    };
    let rows = rows.iter().map(row).collect();
    let days = visit.app.project_days_held(&visit.actor, id, as_of).await?;
    Ok((rows, days))
}

/// The message that a step was recorded.
pub fn done(word: &str) -> crate::i18n::Message {
    keyed("problems.done.", word)
}
