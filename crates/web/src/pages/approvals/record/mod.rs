//! What the record of approvals teaches, on pages: times, what a change of the rules would free, the
//! process as it was, somebody else's log. What one would get wrong: a day named as the last counts
//! whole, while the use cases take the first day that no longer does. (办件分析)

mod found;
mod logs;
mod matters;
mod process;
mod samples;
mod timing;
mod what_if;

pub use logs::{LogsPage, options as log_options, told as log_refused};
pub use matters::TimedMatters;
pub use process::ProcessPage;
pub use timing::TimingPage;
pub use what_if::WhatIfPage;

use axum::Router;
use axum::routing::{get, post};
use gangmu_app::approvals::RecordQuery;
use gangmu_app::domain::approvals::MatterGroup;
use gangmu_app::domain::organisation::{Action, department_name};
use gangmu_app::{AppError, Message as AppMessage};
use jiff::civil::Date;
use serde::Serialize;

use super::list;
use crate::i18n::Texts;
use crate::pages::common::{keyed, name};
use crate::pages::work;
use crate::server::{Failure, Visit, WebState};
use crate::view::{Choice, Link, Query};

/// The addresses of the record.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/approvals/timing", get(timing::show))
        .route("/approvals/timing.xlsx", get(timing::export))
        .route("/approvals/timing/matters", get(matters::show))
        .route("/approvals/what-if", get(what_if::show))
        .route("/approvals/process", get(process::show))
        .route("/approvals/process/log/{ending}", get(process::file))
        .route("/approvals/logs", get(logs::form))
}

/// The address that takes logs.
pub fn upload_routes() -> Router<WebState> {
    Router::new().route("/approvals/logs/analysis", post(logs::analyse))
}

/// What every page of the record has on top, and what its filters choose from.
#[derive(Clone, Debug, Serialize)]
pub struct Frame {
    pub query: Query,
    /// The lists of approvals.
    pub tabs: Vec<Link>,
    /// The pages of the record.
    pub parts: Vec<Link>,
    pub units: Vec<Choice>,
    pub groups: Vec<Choice>,
    pub matters: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub may_export: bool,
}

/// The address of the page that stands for the record among the lists.
pub const FIRST: &str = "/approvals/timing";

impl Frame {
    pub(super) async fn load(visit: &Visit) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let catalogue = visit.app.approval_catalogue().await?;
        let named = |one: &gangmu_app::approvals::MatterView| {
            Choice::new(
                one.code.clone(),
                name(texts.lang(), &one.name, &one.name_en),
            )
        };
        let own = visit.actor.unit();
        let mut departments: Vec<Choice> = Vec::new();
        for matter in &catalogue.matters {
            let one = &matter.department;
            if departments.iter().all(|known| known.value != one.code) {
                let zh = department_name(&own, &one.name);
                let label = name(texts.lang(), &zh, &one.name_en);
                departments.push(Choice::new(one.code.clone(), label));
            }
        }
        Ok(Self {
            query: visit.here.clone(),
            tabs: list::tabs(
                texts,
                visit.may(Action::HandleMatter),
                visit.may(Action::Read),
            ),
            parts: parts(texts),
            units: work::units(visit).await?,
            groups: groups(texts),
            matters: catalogue.matters.iter().map(named).collect(),
            departments,
            may_export: visit.may(Action::Export),
        })
    }
}

fn parts(texts: &Texts) -> Vec<Link> {
    ["timing", "what-if", "process", "logs"]
        .iter()
        .map(|key| {
            let label = texts.message(&keyed("record.part.", key));
            Link::new(label, format!("/approvals/{key}"))
        })
        .collect()
}

fn groups(texts: &Texts) -> Vec<Choice> {
    let group = |one: &MatterGroup| {
        let label = texts.message(&keyed("approvals.group.", one.word()));
        Choice::new(one.word(), label)
    };
    MatterGroup::ALL.iter().map(group).collect()
}

/// What an address says under a name, when it says anything.
fn chosen<'q>(here: &'q Query, name: &str) -> Option<&'q str> {
    here.get(name)
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// Reads which part of the record an address asks for; a word that is none is refused.
fn asked(here: &Query) -> Result<RecordQuery, AppError> {
    let own = |name: &str| chosen(here, name).map(str::to_owned);
    let group = chosen(here, "group")
        .map(|word| MatterGroup::from_word(word).ok_or_else(|| unknown("group", word)));
    let day = |name: &'static str| {
        let read = |text: &str| text.parse::<Date>().map_err(|_| unknown(name, text));
        chosen(here, name).map(read).transpose()
    };
    let (from, to) = (day("from")?, day("to")?);
    if let (Some(from), Some(to)) = (from, to)
        && to < from
    {
        let days = [from.to_string(), to.to_string()];
        return Err(AppError::Invalid {
            messages: vec![AppMessage::new("field.ends_before", "to", days)],
        });
    }
    Ok(RecordQuery {
        unit: own("unit"),
        group: group.transpose()?,
        item: own("matter"),
        department: own("department"),
        office: own("office"),
        from,
        until: to.and_then(|day| day.tomorrow().ok()),
    })
}

fn unknown(field: &'static str, word: &str) -> AppError {
    AppError::Invalid {
        messages: vec![AppMessage::new(
            "field.unknown_word",
            field,
            [word.to_owned()],
        )],
    }
}
