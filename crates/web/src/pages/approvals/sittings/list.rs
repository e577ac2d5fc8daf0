//! The list of sittings: what each is over, and how many opinions still wait. (联审会列表)

use gangmu_app::domain::organisation::Action;
use serde::Serialize;

use super::super::list::tabs;
use crate::pages::common::unit_name;
use crate::server::{Answer, Visit};
use crate::view::{Link, Query};

/// The sittings of one's unit and those below, newest first.
#[derive(Clone, Debug, Serialize)]
pub struct SittingList {
    pub query: Query,
    pub tabs: Vec<Link>,
    pub today: String,
    pub rows: Vec<Row>,
    pub may_call: bool,
}

/// One sitting.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub title: String,
    pub unit: String,
    pub called_on: String,
    pub closed_on: Option<String>,
    pub projects: usize,
    pub matters: usize,
    pub waiting: usize,
    /// Opinions the reader can give.
    pub mine: usize,
}

pub async fn show(visit: Visit) -> Answer {
    let rows = visit.app.sitting_list(&visit.actor).await?;
    let row = |one: gangmu_app::approvals::SittingRowView| Row {
        href: format!("/approvals/sittings/{}", one.sitting_id),
        title: one.title,
        unit: unit_name(visit.lang, &one.unit),
        called_on: one.called_on,
        closed_on: one.closed_on,
        projects: one.projects,
        matters: one.matters,
        waiting: one.waiting,
        mine: one.mine,
    };
    let page = SittingList {
        query: visit.here.clone(),
        tabs: tabs(
            visit.texts()?,
            visit.may(Action::HandleMatter),
            visit.may(Action::Read),
        ),
        today: visit.app.today().to_string(),
        rows: rows.into_iter().map(row).collect(),
        may_call: visit.may(Action::ManageCase),
    };
    visit.page(&page).await
}
