//! The screen a room reads: one project at a time, in big type and without a menu, with what could
//! be agreed about it. What one would get wrong: an option only fills the form in; nothing is
//! agreed before somebody records it.

use axum::extract::Path;
use gangmu_app::domain::library::ProjectId;
use serde::Serialize;

use super::list::{Meeting, meeting};
use super::meeting::{Item, item};
use crate::i18n::{Message, Texts};
use crate::pages::problems::departments;
use crate::pages::project::ProjectPage;
use crate::pages::{resolutions, work};
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, Form, Link, Query};

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
    /// What could be agreed about the project, each filling the form in.
    pub options: Vec<Link>,
    /// What was agreed about the project.
    pub resolutions: Vec<resolutions::Row>,
    pub may_change: bool,
    pub units: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub typed: Form,
}

/// The most matters that are offered to be pressed for.
const MOST_MATTERS: usize = 4;

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let asked = visit.here.get("at").and_then(|text| text.parse().ok());
    let typed = ["becomes", "matter", "instruction"]
        .into_iter()
        .filter_map(|name| Some((name, visit.here.get(name)?.to_owned())))
        .fold(Form::default(), |form, (name, text)| form.value(name, text));
    let page = MeetingScreen::load(&visit, id, asked.unwrap_or(0), typed).await?;
    visit.page(&page).await
}

impl MeetingScreen {
    /// Gathers the screen at a project of the agenda, from 1, or at its opening.
    pub async fn load(visit: &Visit, id: i64, at: usize, typed: Form) -> Result<Self, Failure> {
        let view = visit.app.meeting_view(&visit.actor, id).await?;
        let reference = visit.app.reference().await?;
        let texts = visit.texts()?;
        let agenda: Vec<Item> = view
            .agenda
            .iter()
            .filter(|one| !one.dropped)
            .map(|one| item(texts, one))
            .collect();
        let at = at.min(agenda.len());
        let href = |at: usize| format!("/meetings/{id}/screen?at={at}");
        let shown = at.checked_sub(1).and_then(|at| agenda.get(at)).cloned();
        let card = match &shown {
            Some(one) => {
                let path = Query::new(format!("/projects/{}", one.id), &[]);
                Some(ProjectPage::load(visit, ProjectId(one.id), &path).await?)
            }
            None => None,
        };
        let rows = |all: &[gangmu_app::liaison::ResolutionView], of: Option<i64>| {
            all.iter()
                .filter(|one| of.is_none() || one.project_id == of)
                .map(|one| resolutions::Row::new(texts, one))
                .collect()
        };
        let options = match (&shown, view.may_change) {
            (Some(one), true) => options(texts, one, &href(at)),
            _ => Vec::new(),
        };
        Ok(Self {
            row: meeting(texts, &view.row),
            at,
            n: agenda.len(),
            previous: at.checked_sub(1).map(href),
            next: (at < agenda.len()).then(|| href(at + 1)),
            earlier: match at {
                0 => rows(&view.earlier, None),
                _ => Vec::new(),
            },
            resolutions: match &shown {
                Some(one) => rows(&view.resolutions, Some(one.id)),
                None => Vec::new(),
            },
            options,
            agenda,
            item: shown,
            card,
            may_change: view.may_change,
            units: work::units(visit).await?,
            departments: departments(visit, &reference),
            typed,
        })
    }
}

/// What could be agreed: an office catches up, something in the way is taken up, a matter is pressed.
fn options(texts: &Texts, item: &Item, here: &str) -> Vec<Link> {
    let option = |label: String, becomes: &str, matter: &str| {
        let filled = Query::new("", &[])
            .with("becomes", becomes)
            .with("matter", matter)
            .with("instruction", &label)
            .href();
        let filled = filled.trim_start_matches('?').to_owned();
        Link::new(label, format!("{here}&{filled}#agree"))
    };
    let said = |key: &str| texts.message(&Message::new(key));
    let mut all = vec![
        option(said("meetings.option.catch_up"), "task", ""),
        option(said("meetings.option.take_up"), "problem", ""),
    ];
    all.extend(item.matters.iter().take(MOST_MATTERS).map(|matter| {
        let press = Message::new("meetings.option.press").with("matter", matter.label.clone());
        option(texts.message(&press), "matter", &matter.value)
    }));
    all
}
