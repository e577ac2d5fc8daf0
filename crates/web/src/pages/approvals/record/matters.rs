//! The matters behind a line of the times. What one would get wrong: the filters of the table come
//! along, and what the line itself is about is three more of them, each removable. (办理时效明细)

use gangmu_app::approvals::{Among, DaysView, TimedView};
use gangmu_app::domain::approvals::MatterGroup;
use serde::Serialize;

use super::{Frame, asked, chosen, unknown};
use crate::i18n::{Message, Texts};
use crate::pages::approvals::matter::{department, tone};
use crate::pages::common::{keyed, name, unit_name};
use crate::pages::work;
use crate::server::{Answer, Visit};
use crate::view::{Choice, Pager};

/// A page of matters.
#[derive(Clone, Debug, Serialize)]
pub struct TimedMatters {
    pub frame: Frame,
    pub as_of: String,
    /// The way back to the table.
    pub back: String,
    pub amongs: Vec<Choice>,
    pub chips: Vec<Chip>,
    pub rows: Vec<Row>,
    pub pager: Pager,
}

/// A filter that is set, to be removed.
#[derive(Clone, Debug, Serialize)]
pub struct Chip {
    pub name: &'static str,
    pub label: String,
}

/// A matter of a project. Days are working days.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub project: String,
    pub unit: String,
    pub name: String,
    pub department: String,
    pub office: String,
    pub phase: String,
    pub tone: &'static str,
    pub came_on: Option<String>,
    pub decided_on: Option<String>,
    pub total: i64,
    pub days: Option<DaysView>,
    pub promise_kept: Option<bool>,
    pub law_kept: Option<bool>,
    pub returned: bool,
}

pub async fn show(visit: Visit) -> Answer {
    let read = |word: &str| Among::from_word(word).ok_or_else(|| unknown("among", word));
    let among = chosen(&visit.here, "among").map(read).transpose()?;
    let query = asked(&visit.here)?;
    let at = work::page(&visit.here);
    let app = &visit.app;
    let found = app
        .approval_timing_matters(&visit.actor, &query, among.unwrap_or_default(), at)
        .await?;
    let texts = visit.texts()?;
    let frame = Frame::load(&visit).await?;
    let pages = (found.total + found.page_size - 1) / found.page_size.max(1);
    let mut back = visit.here.with("among", "");
    super::FIRST.clone_into(&mut back.path);
    for name in ["matter", "department", "office"] {
        back = back.with(name, "");
    }
    let page = TimedMatters {
        as_of: found.as_of.clone(),
        back: back.href(),
        amongs: amongs(texts),
        chips: chips(&visit, &frame).await?,
        rows: found.rows.iter().map(|row| Row::new(texts, row)).collect(),
        pager: work::pager(&visit.here, found.page, pages, found.page_size, found.total),
        frame,
    };
    visit.page(&page).await
}

/// Which of the matters, as choices; without one, all.
pub fn amongs(texts: &Texts) -> Vec<Choice> {
    Among::ALL
        .iter()
        .skip(1)
        .map(|one| {
            Choice::new(
                one.word(),
                texts.message(&keyed("record.among.", one.word())),
            )
        })
        .collect()
}

/// What narrows the list besides the choice of the matters.
async fn chips(visit: &Visit, frame: &Frame) -> Result<Vec<Chip>, crate::server::Failure> {
    let texts = visit.texts()?;
    let reference = visit.app.reference().await?;
    let unit = |code: &str| {
        let found = reference.unit_by_code(code);
        found.map_or_else(
            || code.to_owned(),
            |unit| name(texts.lang(), &unit.short_name, &unit.name_en),
        )
    };
    let mut chips = Vec::new();
    for key in [
        "matter",
        "group",
        "department",
        "office",
        "unit",
        "from",
        "to",
    ] {
        let Some(word) = chosen(&visit.here, key) else {
            continue;
        };
        let label = match key {
            "matter" => work::chosen(&frame.matters, word),
            "group" => MatterGroup::from_word(word).map_or_else(String::new, |one| {
                texts.message(&keyed("approvals.group.", one.word()))
            }),
            "department" => work::chosen(&frame.departments, word),
            "office" | "unit" => unit(word),
            _ => crate::dates::parse(word)
                .map_or_else(String::new, |day| crate::dates::day(day, texts.lang())),
        };
        let message = keyed("record.chip.", key).with("what", label);
        chips.push(Chip {
            name: key,
            label: texts.message(&message),
        });
    }
    Ok(chips)
}

impl Row {
    /// Words a matter.
    pub fn new(texts: &Texts, row: &TimedView) -> Self {
        let lang = texts.lang();
        Self {
            href: format!("/projects/{}/approvals#matter-{}", row.project_id, row.code),
            project: row.project_name.clone(),
            unit: unit_name(lang, &row.unit),
            name: name(lang, &row.name, &row.name_en),
            department: department(lang, &row.department),
            office: unit_name(lang, &row.office),
            phase: texts.message(&Message::new(format!("approvals.phase.{}", row.phase))),
            tone: tone(&row.phase),
            came_on: row.came_on.clone(),
            decided_on: row.decided_on.clone(),
            total: row.total,
            days: row.days,
            promise_kept: row.promise_kept,
            law_kept: row.law_kept,
            returned: row.returned,
        }
    }
}
