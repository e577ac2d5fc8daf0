//! An assignment in words, in the reader's language.

use gangmu_app::domain::liaison::Duty;
use gangmu_app::liaison::{AssignmentView, HolderView};
use serde::Serialize;

use crate::i18n::Texts;
use crate::pages::common::unit_name;
use crate::pages::problems::party;
use crate::view::Query;

/// An assignment.
#[derive(Clone, Debug, Serialize)]
pub struct Held {
    pub id: i64,
    pub duty: String,
    pub unit: String,
    pub who: String,
    /// The projects of the same person; empty for who cannot log in.
    pub href: String,
    pub from: String,
    pub to: Option<String>,
    pub standing: bool,
    pub reason: String,
    pub set_by: String,
    pub ended_by: Option<String>,
    /// The hand-over it came from; empty for none.
    pub handover: String,
}

/// Words an assignment.
pub fn held(texts: &Texts, view: &AssignmentView) -> Held {
    Held {
        id: view.assignment_id,
        duty: view.duty.to_owned(),
        unit: unit_name(texts.lang(), &view.unit),
        who: who(texts, &view.holder),
        href: href(&view.holder),
        from: view.from.clone(),
        to: view.to.clone(),
        standing: view.standing,
        reason: view.reason.clone(),
        set_by: view.set_by.clone(),
        ended_by: view.ended_by.clone(),
        handover: view
            .handover_id
            .map_or_else(String::new, |id| format!("/handovers/{id}")),
    }
}

/// How a holder is named.
pub fn who(texts: &Texts, view: &HolderView) -> String {
    match &view.office {
        Some(office) => party(texts, office),
        None => view.name.clone(),
    }
}

/// The list of what a person holds.
pub fn href(view: &HolderView) -> String {
    view.user_id.map_or_else(String::new, |id| {
        Query::new("/liaison", &[("user", &id.to_string())]).href()
    })
}

/// Assignments by duty, in the order of duties; a duty nobody holds has none.
pub fn held_by_duty(texts: &Texts, standing: &[AssignmentView]) -> Vec<(String, Vec<Held>)> {
    let of = |duty: &Duty| {
        let own = standing.iter().filter(|one| one.duty == duty.word());
        own.map(|one| held(texts, one)).collect()
    };
    let all = Duty::ALL.iter();
    all.map(|duty| (duty.word().to_owned(), of(duty))).collect()
}
