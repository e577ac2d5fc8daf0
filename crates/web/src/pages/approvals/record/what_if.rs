//! What a change of the rules would free, tried out. What one would get wrong: nothing is changed
//! here; a cut of a matter that is on nobody's critical path frees nothing, and the page says so.
//! (流程推演)

use gangmu_app::approvals::{Asked, ChangeView, FreedView, ProjectView, StartsView, WhatIfView};
use gangmu_app::{AppError, Message as AppMessage};
use serde::Serialize;

use super::{Frame, chosen, unknown};
use crate::i18n::{Message, Texts};
use crate::pages::common::{name, unit_name};
use crate::server::{Answer, Visit};
use crate::view::{Query, Rate};

/// The ranking, and what was tried.
#[derive(Clone, Debug, Serialize)]
pub struct WhatIfPage {
    pub frame: Frame,
    pub unit: String,
    pub as_of: String,
    /// Projects that wait for matters before their start.
    pub cases: i64,
    pub tried: Option<Tried>,
    pub projects: Vec<Project>,
    pub starts: Vec<StartsView>,
    pub beyond: i64,
    /// Matters whose cut by a day frees something, the most first.
    pub cuts: Vec<Freed>,
    /// The names of those whose cut frees nothing.
    pub idle: Vec<String>,
    pub parallels: Vec<Freed>,
}

/// What was tried and what it frees.
#[derive(Clone, Debug, Serialize)]
pub struct Tried {
    pub freed: Freed,
    /// The change as a sentence.
    pub said: String,
}

/// What a change frees. Days are working days.
#[derive(Clone, Debug, Serialize)]
pub struct Freed {
    /// What is cut, or no longer waits.
    pub name: String,
    /// What it no longer waits for; empty for a cut.
    pub beside: String,
    pub cases: i64,
    pub earlier: i64,
    pub days: i64,
    /// Yuan.
    pub investment: i64,
    /// Of the most that any change of the list frees.
    pub share: Rate,
    /// The address that tries it.
    pub href: String,
}

/// A project that would start earlier.
#[derive(Clone, Debug, Serialize)]
pub struct Project {
    pub href: String,
    pub name: String,
    pub unit: String,
    /// Yuan.
    pub investment: i64,
    pub start_on: Option<String>,
    pub then_on: Option<String>,
    pub days: i64,
}

/// The most days a matter may be cut by.
const MOST_DAYS: u32 = 365;

pub async fn show(visit: Visit) -> Answer {
    let asked = asked(&visit.here)?;
    let unit = chosen(&visit.here, "unit");
    let view = visit
        .app
        .approval_what_if(&visit.actor, unit, 1, asked.as_ref())
        .await?;
    let frame = Frame::load(&visit).await?;
    let page = WhatIfPage::new(visit.texts()?, frame, &view);
    visit.page(&page).await
}

/// Reads what is to be tried; nothing without a matter.
fn asked(here: &Query) -> Result<Option<Asked>, AppError> {
    let days = chosen(here, "days").unwrap_or("1");
    let days = days
        .parse()
        .ok()
        .filter(|days| (1..=MOST_DAYS).contains(days));
    let days = days.ok_or_else(|| unknown("days", here.get("days").unwrap_or_default()))?;
    let (matter, beside) = (chosen(here, "matter"), chosen(here, "beside"));
    if matter.is_some() && matter == beside {
        return Err(AppError::Invalid {
            messages: vec![AppMessage::new("field.same_matter", "beside", [])],
        });
    }
    Ok(Asked::read(matter, beside, days))
}

impl WhatIfPage {
    /// Words what was reckoned.
    pub fn new(texts: &Texts, frame: Frame, view: &WhatIfView) -> Self {
        let lang = texts.lang();
        let base = frame
            .query
            .with("matter", "")
            .with("beside", "")
            .with("days", "");
        let freed = |list: &[FreedView]| -> Vec<Freed> {
            let most = list.iter().map(|one| one.days).max().unwrap_or_default();
            let some = list.iter().filter(|one| one.days > 0);
            some.map(|one| Freed::new(texts, &base, one, most))
                .collect()
        };
        let idle = view.cuts.iter().filter(|one| one.days == 0);
        Self {
            unit: unit_name(lang, &view.unit),
            as_of: view.as_of.clone(),
            cases: count(view.cases),
            tried: view.asked.as_ref().map(|one| Tried {
                freed: Freed::new(texts, &base, one, one.days),
                said: said(texts, &one.change),
            }),
            projects: view
                .projects
                .iter()
                .map(|one| Project::new(texts, one))
                .collect(),
            starts: view.starts.clone(),
            beyond: count(view.beyond),
            cuts: freed(&view.cuts),
            idle: idle
                .map(|one| name(lang, &one.change.name, &one.change.name_en))
                .collect(),
            parallels: freed(&view.parallels),
            frame,
        }
    }
}

impl Freed {
    fn new(texts: &Texts, base: &Query, one: &FreedView, most: i64) -> Self {
        let (lang, change) = (texts.lang(), &one.change);
        let tried = base.with("matter", &change.matter);
        let tried = match change.beside.as_str() {
            "" => tried.with("days", &change.days.to_string()),
            beside => tried.with("beside", beside),
        };
        Self {
            name: name(lang, &change.name, &change.name_en),
            beside: name(lang, &change.beside_name, &change.beside_name_en),
            cases: count(one.cases),
            earlier: count(one.earlier),
            days: one.days,
            investment: one.investment,
            share: Rate {
                num: one.days,
                den: most,
            },
            href: format!("{}#tried", tried.href()),
        }
    }
}

fn said(texts: &Texts, change: &ChangeView) -> String {
    let lang = texts.lang();
    let matter = name(lang, &change.name, &change.name_en);
    let message = match change.kind.as_str() {
        "cut" => Message::new("record.cut_said").with("n", i64::from(change.days)),
        _ => {
            let beside = name(lang, &change.beside_name, &change.beside_name_en);
            Message::new("record.parallel_said").with("beside", beside)
        }
    };
    texts.message(&message.with("matter", matter))
}

impl Project {
    fn new(texts: &Texts, one: &ProjectView) -> Self {
        Self {
            href: format!("/projects/{}/approvals", one.project_id),
            name: one.name.clone(),
            unit: unit_name(texts.lang(), &one.unit),
            investment: one.investment,
            start_on: one.start_on.clone(),
            then_on: one.then_on.clone(),
            days: one.days,
        }
    }
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}
