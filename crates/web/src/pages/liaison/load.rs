//! How much each leader carries; every figure leads to its rows. (包联负荷)

use gangmu_app::AppError;
use gangmu_app::domain::liaison::Duty;
use gangmu_app::domain::organisation::Action;
use gangmu_app::liaison::LoadRowView;
use serde::Serialize;

use super::row::who;
use crate::i18n::Texts;
use crate::pages::common::unit_name;
use crate::pages::imports::workbook;
use crate::pages::work;
use crate::server::{Answer, Visit, words};
use crate::view::{Choice, Query};

/// The load of each holder of a duty.
#[derive(Clone, Debug, Serialize)]
pub struct LoadPage {
    pub query: Query,
    pub duty: String,
    pub duties: Vec<Choice>,
    pub units: Vec<Choice>,
    pub today: String,
    pub period: String,
    pub rows: Vec<Carries>,
    pub may_export: bool,
}

/// What one of them carries.
#[derive(Clone, Debug, Serialize)]
pub struct Carries {
    pub who: String,
    pub unit: String,
    pub projects: i64,
    /// In yuan.
    pub investment: i64,
    pub red: i64,
    pub troubled: i64,
    /// Chains and tasks.
    pub charges: i64,
    /// The projects; empty for who cannot log in.
    pub href: String,
    pub red_href: String,
    pub troubled_href: String,
}

/// Reads the filters of the address; a word that is none is refused, not ignored.
fn asked(here: &Query) -> Result<(Option<&str>, Duty), AppError> {
    let chosen = |name: &str| here.get(name).filter(|text| !text.is_empty());
    let duty = match chosen("duty") {
        None => Duty::Leader,
        Some(word) => Duty::from_word(word).ok_or(AppError::NotFound { what: "page" })?,
    };
    Ok((chosen("unit"), duty))
}

pub async fn export(visit: Visit) -> Answer {
    let (unit, duty) = asked(&visit.here)?;
    let made = visit.app.export_load(&visit.actor, unit, duty).await?;
    Ok(workbook(&made.name, made.bytes))
}

pub async fn show(visit: Visit) -> Answer {
    let here = &visit.here;
    let (unit, duty) = asked(here)?;
    let found = visit.app.leader_load(&visit.actor, unit, duty).await?;
    let texts = visit.texts()?;
    let choice = |duty: &Duty| {
        let label = words::word(texts, "liaison.duty.", duty.word());
        Choice::new(duty.word(), label)
    };
    let unit = unit.unwrap_or_default();
    let page = LoadPage {
        query: here.clone(),
        duty: duty.word().to_owned(),
        duties: Duty::ALL.iter().map(choice).collect(),
        units: work::units(&visit).await?,
        today: found.day,
        period: found.period,
        rows: found
            .rows
            .iter()
            .map(|row| carries(texts, row, duty, unit))
            .collect(),
        may_export: visit.may(Action::Export),
    };
    visit.page(&page).await
}

fn carries(texts: &Texts, row: &LoadRowView, duty: Duty, unit: &str) -> Carries {
    let rows = |name: &str, value: &str| match row.holder.user_id {
        None => String::new(),
        Some(id) => Query::new("/liaison", &[("user", &id.to_string())])
            .with("duty", duty.word())
            .with("unit", unit)
            .with(name, value)
            .href(),
    };
    Carries {
        who: who(texts, &row.holder),
        unit: unit_name(texts.lang(), &row.unit),
        projects: row.projects,
        investment: row.total_investment,
        red: row.red,
        troubled: row.troubled,
        charges: row.charges,
        href: rows("light", ""),
        red_href: rows("light", "red"),
        troubled_href: rows("troubled", "1"),
    }
}
