//! The timeline: what changed, by whom, why, with each field before and after.

use gangmu_app::Reference;
use gangmu_app::library::{ChangeView, EventView, ProjectView};

use super::Event;
use super::field::text_of;
use crate::i18n::{Message, Texts};
use crate::pages::common::worded;
use crate::view::Change;

/// All events of the view, newest first.
pub(super) fn events(texts: &Texts, reference: &Reference, view: &ProjectView) -> Vec<Event> {
    view.events
        .iter()
        .map(|event| Event {
            at: instant(event.at),
            on: event.on.clone(),
            who: if event.who.is_empty() {
                texts.message(&Message::new("project.system"))
            } else {
                event.who.clone()
            },
            kind: event.kind.to_owned(),
            reason: reason(texts, event),
            document_no: event.document_no.clone(),
            changes: changes(texts, reference, &event.changes),
            as_of: format!("/projects/{}?as_of={}", view.project_id, event.on),
        })
        .collect()
}

/// Fields before and after, in words.
pub fn changes(texts: &Texts, reference: &Reference, changes: &[ChangeView]) -> Vec<Change> {
    changes
        .iter()
        .map(|one| Change {
            label: worded(texts, "project.field.", one.field),
            before: text_of(
                texts,
                reference,
                one.field,
                one.kind,
                &one.before,
                one.before_label.as_deref(),
            ),
            after: text_of(
                texts,
                reference,
                one.field,
                one.kind,
                &one.after,
                one.after_label.as_deref(),
            ),
        })
        .collect()
}

/// Changes of a year's list are recorded as `YEAR KIND: reason`; the kind gets its words here.
fn reason(texts: &Texts, event: &EventView) -> String {
    if event.kind != "programme" {
        return event.reason.clone();
    }
    let (head, why) = event.reason.split_once(": ").unwrap_or((&event.reason, ""));
    let Some((year, kind)) = head.split_once(' ') else {
        return event.reason.clone();
    };
    let what = Message::new("project.programme_event")
        .with("year", year)
        .with("change", worded(texts, "programme.change.", kind));
    let what = texts.message(&what);
    if why.is_empty() {
        what
    } else {
        let colon = texts.message(&Message::new("punctuation.colon"));
        format!("{what}{colon}{why}")
    }
}

fn instant(milliseconds: i64) -> String {
    jiff::Timestamp::from_millisecond(milliseconds)
        .unwrap_or_default()
        .to_string()
}
