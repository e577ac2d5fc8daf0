//! The screen a room reads: one project at a time, in big type, with the next and the one before.

use axum::extract::Path;
use gangmu_app::domain::library::ProjectId;
use serde::Serialize;

use super::list::{Meeting, meeting};
use super::meeting::{Item, item};
use crate::pages::problems::departments;
use crate::pages::project::ProjectPage;
use crate::pages::{resolutions, work};
use crate::server::{Answer, Visit};
use crate::view::{Choice, Query};

/// The screen.
#[derive(Clone, Debug, Serialize)]
pub struct MeetingScreen {
    pub row: Meeting,
    /// From 1; zero for the page that opens the meeting.
    pub at: usize,
    pub n: usize,
    pub previous: Option<String>,
    pub next: Option<String>,
    /// What became of the last, on the page that opens the meeting.
    pub earlier: Vec<resolutions::Row>,
    pub agenda: Vec<Item>,
    pub item: Option<Item>,
    pub card: Option<ProjectPage>,
    /// What was agreed about the project.
    pub resolutions: Vec<resolutions::Row>,
    pub may_change: bool,
    pub units: Vec<Choice>,
    pub departments: Vec<Choice>,
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let view = visit.app.meeting_view(&visit.actor, id).await?;
    let reference = visit.app.reference().await?;
    let texts = visit.texts()?;
    let agenda: Vec<Item> = view
        .agenda
        .iter()
        .filter(|one| !one.dropped)
        .map(|one| item(texts, one))
        .collect();
    let asked = visit.here.get("at").and_then(|text| text.parse().ok());
    let at: usize = asked.unwrap_or(0).min(agenda.len());
    let href = |at: usize| format!("/meetings/{id}/screen?at={at}");
    let shown = at.checked_sub(1).and_then(|at| agenda.get(at)).cloned();
    let card = match &shown {
        Some(one) => {
            let path = Query::new(format!("/projects/{}", one.id), &[]);
            Some(ProjectPage::load(&visit, ProjectId(one.id), &path).await?)
        }
        None => None,
    };
    let of = shown.as_ref().map(|one| one.id);
    let own = view.resolutions.iter();
    let own = own.filter(|one| of.is_some() && one.project_id == of);
    let page = MeetingScreen {
        row: meeting(texts, &view.row),
        at,
        n: agenda.len(),
        previous: at.checked_sub(1).map(href),
        next: (at < agenda.len()).then(|| href(at + 1)),
        earlier: match at {
            0 => view
                .earlier
                .iter()
                .map(|one| resolutions::Row::new(texts, one))
                .collect(),
            _ => Vec::new(),
        },
        resolutions: own.map(|one| resolutions::Row::new(texts, one)).collect(),
        agenda,
        item: shown,
        card,
        may_change: view.may_change,
        units: work::units(&visit).await?,
        departments: departments(&reference, texts.lang()),
    };
    visit.page(&page).await
}
