//! A joint sitting as shown: the agenda and what every department says.
//!
//! Words are stable keys; their texts stand in the locales. Every day is `2025-12-31`.

use serde::Serialize;
use utoipa::ToSchema;

use super::view::DepartmentView;
use crate::library::UnitView;

/// A sitting as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SittingView {
    /// Its number.
    pub sitting_id: i64,
    /// The version, to be named when it is closed.
    pub version: i64,
    /// What it is called.
    pub title: String,
    /// The unit that holds it.
    pub unit: UnitView,
    /// The day opinions were asked for.
    pub called_on: String,
    /// The day its decisions were taken over.
    pub closed_on: Option<String>,
    /// The agenda, by project and matter.
    pub agenda: Vec<AgendaView>,
}

/// One matter on the agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgendaView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// The matter.
    pub item: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Where it stands, a word.
    pub phase: String,
    /// The version of the matter.
    pub version: i64,
    /// What the departments say.
    pub opinions: Vec<OpinionView>,
    /// Whether nobody objects and nobody can still answer.
    pub agreed: bool,
}

/// What a department says of a matter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpinionView {
    /// The department.
    pub department: DepartmentView,
    /// `asked`, `agree`, `conditional`, `object`, or `silent` for who agrees by saying nothing.
    pub stance: String,
    /// The opinion.
    pub body: String,
    /// The day it was asked.
    pub asked_on: String,
    /// The last day for an answer; absent beyond the calendar.
    pub answer_by: Option<String>,
    /// The day it answered.
    pub answered_on: Option<String>,
}
