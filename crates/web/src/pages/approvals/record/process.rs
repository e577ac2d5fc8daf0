//! The process of our own cases as it was. What one would get wrong: a case is one matter of one
//! project, or one project; what was drawn is a part, the tables have all. (办件轨迹)

use gangmu_app::AppError;
use gangmu_app::approvals::{ProcessView, View};
use gangmu_app::event_logs::Drawn;
use serde::Serialize;

use super::found::{Figures, Found, Wording, rarities};
use super::{Frame, asked, chosen, unknown};
use crate::api::download;
use crate::i18n::{Message, Texts};
use crate::pages::approvals::matter::{Names, named};
use crate::pages::common::{keyed, unit_name};
use crate::server::{Answer, Visit};
use crate::view::{Choice, Link, Query};

/// The map with its tables.
#[derive(Clone, Debug, Serialize)]
pub struct ProcessPage {
    pub frame: Frame,
    pub unit: String,
    pub as_of: String,
    pub view: String,
    pub views: Vec<Choice>,
    pub rare: String,
    pub rarities: Vec<Choice>,
    pub found: Found,
    /// The acts as a file, for other tools.
    pub files: Vec<Link>,
}

/// The kinds of file, and the word that names each.
const FILES: [(&str, &str); 3] = [("xes", "xes"), ("xes.gz", "xes_gz"), ("jsonocel", "ocel")];

pub async fn show(visit: Visit) -> Answer {
    let (query, view) = (asked(&visit.here)?, view(&visit.here)?);
    let drawn = drawn(&visit.here)?;
    let app = &visit.app;
    let found = app
        .approval_process(&visit.actor, &query, view, drawn)
        .await?;
    let frame = Frame::load(&visit).await?;
    let page = ProcessPage::new(visit.texts()?, frame, &found);
    visit.page(&page).await
}

/// Hands out the acts as an event log.
pub async fn file(
    visit: Visit,
    axum::extract::Path(ending): axum::extract::Path<String>,
) -> Answer {
    let format = gangmu_app::event_logs::LogFormat::of_name(&format!("log.{ending}"));
    let format = format.ok_or(AppError::NotFound { what: "page" })?;
    let (query, view) = (asked(&visit.here)?, view(&visit.here)?);
    let app = &visit.app;
    let made = app.approval_log(&visit.actor, &query, view, format).await?;
    Ok(download(
        &made.name,
        "application/octet-stream",
        made.bytes.into(),
    ))
}

fn view(here: &Query) -> Result<View, AppError> {
    let read = |word: &str| View::from_word(word).ok_or_else(|| unknown("view", word));
    Ok(chosen(here, "view")
        .map(read)
        .transpose()?
        .unwrap_or_default())
}

/// Reads how rare a step may be that is drawn.
pub fn drawn(here: &Query) -> Result<Drawn, AppError> {
    let Some(text) = chosen(here, "rare") else {
        return Ok(Drawn::Usual);
    };
    let share = text.parse().ok().filter(|share| *share <= 100);
    share
        .map(Drawn::PerCent)
        .ok_or_else(|| unknown("rare", text))
}

impl ProcessPage {
    /// Words what was found.
    pub fn new(texts: &Texts, frame: Frame, view: &ProcessView) -> Self {
        let matters = frame.matters.iter();
        let names: Names = matters
            .map(|one| (one.value.clone(), one.label.clone()))
            .collect();
        let by_matter = view.view == View::Matters.word();
        let name = |word: &str| match by_matter {
            true => texts.message(&keyed("approvals.act.", word)),
            false => named(&names, word),
        };
        let length =
            |days: i64| texts.message(&Message::new("record.length.working").with("n", days));
        let short = |days: i64| texts.message(&Message::new("record.length.short").with("n", days));
        let wording = Wording {
            texts,
            name: &name,
            length: &length,
            short: &short,
        };
        let figures = Figures {
            cases: view.cases,
            events: view.events,
            duration: view.duration,
            map: &view.map,
            graph: &view.graph,
            activities: &view.activities,
            variants: &view.variants,
        };
        Self {
            unit: unit_name(texts.lang(), &view.unit),
            as_of: view.as_of.clone(),
            view: view.view.clone(),
            views: views(texts),
            rare: frame.query.get("rare").unwrap_or_default().to_owned(),
            rarities: rarities(texts),
            found: wording.found(&figures),
            files: files(texts, &frame.query),
            frame,
        }
    }
}

fn views(texts: &Texts) -> Vec<Choice> {
    View::ALL
        .iter()
        .map(|view| {
            let label = texts.message(&keyed("record.view.", view.word()));
            Choice::new(view.word(), label)
        })
        .collect()
}

fn files(texts: &Texts, here: &Query) -> Vec<Link> {
    FILES
        .iter()
        .map(|(ending, word)| {
            let mut query = here.with("rare", "");
            query.path = format!("/approvals/process/log/{ending}");
            let label = texts.message(&keyed("record.file.", word));
            Link::new(label, query.href())
        })
        .collect()
}
