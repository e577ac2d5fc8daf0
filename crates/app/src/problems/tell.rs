//! Who hears of a step of a problem, and its line on the timelines of the projects it holds up.
//!
//! What a reader would get wrong: a notice goes to an office, so whoever raised a problem hears of its
//! end through the offices they hold a post in.

use std::collections::BTreeSet;

use gangmu_domain::library::{EventKind, ProjectId};
use gangmu_domain::organisation::{DepartmentId, UnitPath};
use gangmu_domain::problems::{Act, ActKind, Course, Event, Party};
use gangmu_store::Tx;
use gangmu_store::accounts::{self, Notice};
use gangmu_store::library;
use gangmu_store::problems::ProblemRow;
use serde_json::json;

use super::act::Loaded;
use crate::error::AppError;
use crate::{Actor, App};

/// The most characters of what was written, on a timeline.
const MOST_LINE: usize = 80;

/// An office as notices address it.
pub(super) type Office = (UnitPath, Option<DepartmentId>);

impl App {
    /// Puts a step on the timelines of some projects and tells the offices it matters to.
    pub(super) async fn problem_told(
        &self,
        tx: &Tx,
        actor: &Actor,
        after: &Loaded,
        event: &Event,
        timelines: &[ProjectId],
    ) -> Result<(), AppError> {
        if is_told_of(event.act.kind()) {
            let line = library::Event {
                seq: 0,
                at: event.at,
                on: event.on,
                user: event.user,
                kind: EventKind::Problem,
                reason: line(after.row.id, &after.row.title, &event.act),
                document_no: String::new(),
                changes: Vec::new(),
            };
            for project in timelines {
                library::event_insert(tx, *project, &line).await?;
            }
        }
        let mut offices = hear(&event.act, &after.course, &after.row);
        if matches!(
            event.act.kind(),
            ActKind::Decline | ActKind::StrikeOff | ActKind::Close
        ) {
            let posts = accounts::post_list(tx, Some(after.row.raised_by)).await?;
            offices.extend(posts.into_iter().map(|post| (post.unit, post.department)));
        }
        for office in offices {
            let act = event.act.kind().word();
            let notice = self.problem_notice(actor, after, (act, event.due), &office);
            self.notify(tx, &notice).await?;
        }
        Ok(())
    }

    /// Puts it on an heir's timeline that a problem came with what it was made of.
    pub(super) async fn problem_inherited(
        &self,
        tx: &Tx,
        actor: &Actor,
        (heir, on): (ProjectId, jiff::civil::Date),
        (id, title): (i64, &str),
    ) -> Result<(), AppError> {
        let line = library::Event {
            seq: 0,
            at: self.now(),
            on,
            user: actor.user,
            kind: EventKind::Problem,
            reason: format!("{id} inherit: {title}"),
            document_no: String::new(),
            changes: Vec::new(),
        };
        Ok(library::event_insert(tx, heir, &line).await?)
    }

    /// A notice of what was done with a problem, or that its next step comes due.
    pub(super) fn problem_notice(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        (act, due): (&str, Option<jiff::civil::Date>),
        (unit, department): &Office,
    ) -> Notice {
        let body = json!({
            "name": loaded.row.title, "problem": loaded.row.id, "act": act,
            "due_on": due.map(|day| day.to_string()), "department": department.map(|id| id.0),
        });
        Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: actor.user.0,
            unit_path: unit.as_str().to_owned(),
            project_id: loaded.projects.first().map(|one| one.id.0),
            period: None,
            kind: "problem".to_owned(),
            body: body.to_string(),
        }
    }
}

/// Says whether a step stands on the timelines of what it holds up: all but what only prepares it.
fn is_told_of(kind: ActKind) -> bool {
    !matches!(kind, ActKind::Accept | ActKind::Progress)
}

/// A line of a timeline: `NUMBER ACT: title (what was written)`.
fn line(id: i64, title: &str, act: &Act) -> String {
    let texts = act.texts();
    let said = texts.last().map_or("", |(_, text, _)| text.trim());
    let said: String = said.chars().take(MOST_LINE).collect();
    let act = act.kind().word();
    match said.is_empty() {
        true => format!("{id} {act}: {title}"),
        false => format!("{id} {act}: {title}（{said}）"),
    }
}

/// The offices that hear of a step: whoever has the next one, and who helps.
fn hear(act: &Act, course: &Course, row: &ProblemRow) -> BTreeSet<Office> {
    use ActKind as K;
    let coordinator = || (course.coordinator().clone(), None);
    let party = course.party.as_ref().map(|one| office(one, row));
    match act.kind() {
        K::Raise | K::Escalate | K::Answer | K::AskExtension => [coordinator()].into(),
        K::HandOver => {
            let assisting = course.assisting.iter().map(|one| office(one, row));
            party.into_iter().chain(assisting).collect()
        }
        K::SendBack | K::Extend | K::RefuseExtension => party.into_iter().collect(),
        K::Close => party.into_iter().chain([coordinator()]).collect(),
        _ => BTreeSet::new(),
    }
}

/// Where a party is reached; an owner through the unit the problem was raised in.
pub(super) fn office(party: &Party, row: &ProblemRow) -> Office {
    match party {
        Party::Office { unit, department } => (unit.clone(), *department),
        Party::ProjectOwner => (row.unit.clone(), None),
    }
}
