//! The timeline: what changed, by whom, why, with each field before and after.

use gangmu_app::Reference;
use gangmu_app::library::{ChangeView, ProjectView};

use super::Event;
use super::field::text_of;
use crate::dates;
use crate::i18n::{Message, Texts};
use crate::pages::common::worded;
use crate::pages::winter::season_name;
use crate::pages::work;
use crate::view::Change;

/// All events of the view, newest first.
pub(super) fn events(texts: &Texts, reference: &Reference, view: &ProjectView) -> Vec<Event> {
    view.events
        .iter()
        .map(|event| Event {
            at: work::instant(event.at),
            on: event.on.clone(),
            who: if event.who.is_empty() {
                texts.message(&Message::new("project.system"))
            } else {
                event.who.clone()
            },
            kind: event.kind.to_owned(),
            reason: reason(texts, event.kind, &event.reason),
            document_no: event.document_no.clone(),
            changes: changes(texts, reference, &event.changes),
            href: href(event.kind, &event.reason),
            as_of: format!("/projects/{}?as_of={}", view.project_id, event.on),
        })
        .collect()
}

/// The page of what an event is about: the problem it names.
fn href(kind: &str, reason: &str) -> String {
    match reason.split_once(' ') {
        Some((id, _)) if kind == "problem" => format!("/problems/{id}"),
        _ => String::new(),
    }
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

/// The reason of an event in words. Some are recorded as stable words and a text, `HEAD: text`: a
/// year's list as `YEAR KIND`, a winter as `YEAR ACT`, a problem as `NUMBER ACT`, what was agreed as
/// `STEP DUE`, being late as `MONTHS KIND`.
pub fn reason(texts: &Texts, kind: &str, reason: &str) -> String {
    let (head, why) = reason.split_once(": ").unwrap_or((reason, ""));
    let Some((first, second)) = head.split_once(' ') else {
        return reason.to_owned();
    };
    let due = |text: &str| {
        let day = dates::parse(text);
        day.map_or_else(|| text.to_owned(), |day| dates::day(day, texts.lang()))
    };
    let what = match kind {
        "programme" => Message::new("project.programme_event")
            .with("year", first)
            .with("change", worded(texts, "programme.change.", second)),
        "wintered" => Message::new("project.winter_event")
            .with(
                "season",
                first.parse().map_or_else(|_| first.to_owned(), season_name),
            )
            .with("act", worded(texts, "winter.act.", second)),
        "problem" => Message::new("project.problem_event")
            .with("number", first)
            .with("act", worded(texts, "problems.act.", second)),
        "resolved" => Message::new("project.resolution_event")
            .with("told", worded(texts, "resolutions.told.", first))
            .with("due", due(second)),
        "excused" | "excuse_taken_back" => Message::new("project.excuse_event")
            .with("months", first)
            .with("kind", worded(texts, "excuse.kind.", second)),
        _ => return reason.to_owned(),
    };
    let what = texts.message(&what);
    match why.trim() {
        "" => what,
        why => {
            let colon = texts.message(&Message::new("punctuation.colon"));
            format!("{what}{colon}{why}")
        }
    }
}
