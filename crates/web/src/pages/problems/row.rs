//! A problem in words: what a row of the ledger or a card prints of it, in the reader's language.

use gangmu_app::problems::{HeldView, NamedView, PartyView, ProblemRowView, SeatView};
use serde::Serialize;

use crate::i18n::{Lang, Message, Texts};
use crate::pages::approvals::department;
use crate::pages::common::{keyed, name, unit_name};

/// A problem.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: i64,
    pub version: i64,
    pub href: String,
    pub title: String,
    pub kind: String,
    pub grade: String,
    pub level: String,
    pub coordinator: String,
    /// Who has to solve it; empty while nobody has it.
    pub party: String,
    pub phase: String,
    pub tone: &'static str,
    pub light: String,
    pub origin: String,
    pub raised_on: String,
    pub due_on: Option<String>,
    pub ended_on: Option<String>,
    /// Working days left until the due date.
    pub left: Option<i64>,
    /// Working days since it was raised.
    pub days: u32,
    pub held: Vec<Held>,
    /// Further projects that the reader may not see.
    pub elsewhere: usize,
    /// In yuan.
    pub investment: i64,
}

/// A project that is held up.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub name: String,
    pub href: String,
    pub unit: String,
    /// In yuan.
    pub investment: i64,
    /// The code of the matter; empty for the project as a whole.
    pub matter: String,
}

impl Row {
    /// Words a row.
    pub fn new(texts: &Texts, view: &ProblemRowView) -> Self {
        let lang = texts.lang();
        Self {
            id: view.problem_id,
            version: view.version,
            href: format!("/problems/{}", view.problem_id),
            title: view.title.clone(),
            kind: named(lang, &view.kind),
            grade: view
                .grade
                .as_ref()
                .map_or_else(String::new, |one| named(lang, one)),
            level: named(lang, &view.seat.level),
            coordinator: unit_name(lang, &view.seat.unit),
            party: view
                .party
                .as_ref()
                .map_or_else(String::new, |one| party(texts, one)),
            tone: tone(&view.phase),
            phase: view.phase.clone(),
            light: view.light.clone(),
            origin: view.origin.clone(),
            raised_on: view.raised_on.clone(),
            due_on: view.due_on.clone().filter(|_| view.ended_on.is_none()),
            ended_on: view.ended_on.clone(),
            left: view.left,
            days: view.days,
            held: view.held.iter().map(|one| held(lang, one)).collect(),
            elsewhere: view.held_elsewhere,
            investment: view.investment,
        }
    }
}

fn held(lang: Lang, view: &HeldView) -> Held {
    Held {
        name: view.project_name.clone(),
        href: match view.matter.is_empty() {
            true => format!("/projects/{}", view.project_id),
            false => format!(
                "/projects/{}/approvals#matter-{}",
                view.project_id, view.matter
            ),
        },
        unit: unit_name(lang, &view.unit),
        investment: view.total_investment,
        matter: view.matter.clone(),
    }
}

/// A code's words in the reader's language.
pub fn named(lang: Lang, view: &NamedView) -> String {
    name(lang, &view.name, &view.name_en)
}

/// Who has to solve a problem.
pub fn party(texts: &Texts, view: &PartyView) -> String {
    let lang = texts.lang();
    let unit = view
        .unit
        .as_ref()
        .map_or_else(String::new, |one| unit_name(lang, one));
    match (view.party, &view.department) {
        ("owner", _) => texts.message(&Message::new("problems.party.owner")),
        (_, Some(one)) => texts.message(
            &Message::new("problems.party.office")
                .with("unit", unit)
                .with("department", department(lang, one)),
        ),
        _ => texts.message(&Message::new("problems.party.commission").with("unit", unit)),
    }
}

/// Who coordinates: the rung and the unit.
pub fn seat(texts: &Texts, view: &SeatView) -> String {
    let lang = texts.lang();
    texts.message(
        &keyed("problems.", "seat_of")
            .with("unit", unit_name(lang, &view.unit))
            .with("level", named(lang, &view.level)),
    )
}

/// How a phase feels.
pub fn tone(phase: &str) -> &'static str {
    match phase {
        "struck_off" => "good",
        "raised" | "accepted" => "warn",
        "handed_over" | "answered" | "verified" => "wait",
        _ => "",
    }
}
