//! The list: projects in hand with who answers for each, those that nobody answers for in a tab of
//! their own. (包联责任台账)

use gangmu_app::AppError;
use gangmu_app::domain::liaison::Duty;
use gangmu_app::domain::organisation::{Action, UserId};
use gangmu_app::liaison::{HeldWord, LiaisonQuery};
use gangmu_app::metrics::light_from_word;
use serde::Serialize;

use super::row::{Held, held_by_duty};
use crate::pages::common::{LightMark, light_mark, unit_name};
use crate::pages::imports::workbook;
use crate::pages::work;
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, Pager, Query};

/// The list.
#[derive(Clone, Debug, Serialize)]
pub struct LiaisonList {
    pub query: Query,
    pub held: String,
    pub tabs: Vec<Tab>,
    pub duty: String,
    pub duties: Vec<Choice>,
    pub units: Vec<Choice>,
    /// The person whose projects alone are shown; empty for all.
    pub of: String,
    pub today: String,
    pub period: String,
    pub total: i64,
    /// In yuan.
    pub investment: i64,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub may_assign: bool,
    pub may_export: bool,
    /// The workbook of the visits to the unit's projects.
    pub visits_href: String,
}

/// A part of the list.
#[derive(Clone, Debug, Serialize)]
pub struct Tab {
    pub key: String,
    pub n: i64,
    pub href: String,
}

/// A project with who answers for it.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: i64,
    pub name: String,
    pub unit: String,
    pub stage: String,
    pub investment: i64,
    pub light: Option<LightMark>,
    pub duties: Vec<(String, Vec<Held>)>,
}

pub async fn show(visit: Visit) -> Answer {
    let query = query(&visit)?;
    let found = visit.app.liaison_page(&visit.actor, &query).await?;
    let texts = visit.texts()?;
    let choice = |duty: &Duty| {
        let label = words::word(texts, "liaison.duty.", duty.word());
        Choice::new(duty.word(), label)
    };
    let row = |one: &gangmu_app::liaison::LiaisonRowView| Row {
        id: one.project.row.project_id,
        name: one.project.row.name.clone(),
        unit: unit_name(texts.lang(), &one.project.unit),
        stage: one.project.row.stage.clone(),
        investment: one.project.row.total_investment,
        light: one
            .project
            .row
            .annual_plan
            .map(|_| light_mark(texts, &one.project.light)),
        duties: held_by_duty(texts, &one.standing),
    };
    let page = LiaisonList {
        query: visit.here.clone(),
        held: query.held.word().to_owned(),
        tabs: tabs(&visit, &query).await?,
        duty: query.duty.unwrap_or(Duty::Leader).word().to_owned(),
        duties: Duty::ALL.iter().map(choice).collect(),
        units: work::units(&visit).await?,
        of: of(&visit, query.user).await?,
        today: found.day.clone(),
        period: found.period.clone(),
        total: found.projects,
        investment: found.total_investment,
        rows: found.rows.iter().map(row).collect(),
        pager: work::pager(
            &visit.here,
            found.page,
            found.pages,
            found.page_size,
            found.projects,
        ),
        may_assign: visit.may(Action::Assign),
        may_export: visit.may(Action::Export),
        visits_href: Query::new("/visits/ledger.xlsx", &[])
            .with("unit", query.unit.as_deref().unwrap_or_default())
            .href(),
    };
    visit.page(&page).await
}

pub async fn export(visit: Visit) -> Answer {
    let query = query(&visit)?;
    let made = visit.app.export_liaison(&visit.actor, &query).await?;
    Ok(workbook(&made.name, made.bytes))
}

/// How the person whose projects are shown is named.
async fn of(visit: &Visit, user: Option<UserId>) -> Result<String, Failure> {
    match user {
        Some(user) => Ok(visit.app.holder_named(&visit.actor, user).await?),
        None => Ok(String::new()),
    }
}

/// Reads the filters of the address; a word that is none is refused, not ignored.
fn query(visit: &Visit) -> Result<LiaisonQuery, AppError> {
    let here = &visit.here;
    let chosen = |name: &str| here.get(name).filter(|text| !text.is_empty());
    let own = |name: &str| chosen(name).map(str::to_owned);
    fn known<T>(
        word: Option<&str>,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, AppError> {
        let page = || AppError::NotFound { what: "page" };
        word.map(|word| read(word).ok_or_else(page)).transpose()
    }
    Ok(LiaisonQuery {
        held: known(chosen("held"), HeldWord::from_word)?.unwrap_or_default(),
        duty: known(chosen("duty"), Duty::from_word)?,
        user: known(chosen("user"), |text| text.parse().ok().map(UserId))?,
        light: known(chosen("light"), light_from_word)?,
        troubled: chosen("troubled").is_some(),
        unit: own("unit"),
        text: own("q"),
        page: work::page(here),
        per_page: 0,
    })
}

async fn tabs(visit: &Visit, query: &LiaisonQuery) -> Result<Vec<Tab>, Failure> {
    let mut tabs = Vec::new();
    for held in HeldWord::ALL.into_iter().filter(|_| query.user.is_none()) {
        let one = LiaisonQuery {
            held,
            page: 1,
            per_page: 1,
            ..query.clone()
        };
        let word = match held {
            HeldWord::All => "",
            other => other.word(),
        };
        tabs.push(Tab {
            key: held.word().to_owned(),
            n: visit.app.liaison_page(&visit.actor, &one).await?.projects,
            href: visit.here.with("held", word).href(),
        });
    }
    Ok(tabs)
}
