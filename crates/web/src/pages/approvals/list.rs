//! Lists of matters across cases: an officer's work, what was sent up, the three ledgers. What one
//! would get wrong: the use case orders and filters; here rows are only put into words. (三本台账)

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect};
use gangmu_app::approvals::{LedgerKind, WorkPage, WorkQuery, WorkRowView};
use gangmu_app::domain::approvals::{DecisionLevel, LIGHTS, Phase, light_from_word, light_word};
use gangmu_app::domain::organisation::{Action, DepartmentId};
use gangmu_app::{AppError, Message as AppMessage};
use jiff::civil::Date;
use serde::Serialize;

use super::matter::{self, Act, Clock, Due, Names, act_href, department, named, tone};
use crate::i18n::Texts;
use crate::pages::common::{keyed, name, unit_name};
use crate::pages::work;
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, Link, Pager, Query};

/// Working days before the due date from which a matter counts as soon due, as the shipped
/// catalogue warns.
const SOON: u32 = 3;

/// A list of matters.
#[derive(Clone, Debug, Serialize)]
pub struct MatterList {
    /// `work`, `forwarding`, or a ledger: `region`, `nation`, `problems`.
    pub kind: String,
    pub query: Query,
    pub tabs: Vec<Link>,
    pub today: String,
    /// Counts on top, each a link to its rows; only of one's own work.
    pub counts: Vec<Count>,
    pub phases: Vec<Choice>,
    pub levels: Vec<Choice>,
    pub lights: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub rows: Vec<Row>,
    pub pager: Pager,
}

/// A count with the rows behind it.
#[derive(Clone, Debug, Serialize)]
pub struct Count {
    pub key: &'static str,
    pub n: i64,
    pub href: String,
}

/// A matter of a project.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub project_name: String,
    pub project_code: String,
    pub unit: String,
    pub total_investment: i64,
    pub planned_start_on: Option<String>,
    pub code: String,
    pub name: String,
    pub department: String,
    pub office: String,
    pub duty: String,
    pub level: String,
    pub phase: String,
    pub tone: &'static str,
    pub light: String,
    pub problem: Option<String>,
    pub due: Option<Due>,
    pub clocks: Vec<Clock>,
    pub waits_for: Vec<String>,
    pub holds_up: Vec<String>,
    pub acts: Vec<Act>,
}

pub async fn work(visit: Visit) -> Answer {
    if !visit.may(Action::HandleMatter) && visit.may(Action::Read) {
        return Ok(Redirect::to("/approvals/forwarding").into_response());
    }
    let query = work_query(&visit)?;
    let list = visit.app.approval_work(&visit.actor, &query).await?;
    let mut page = MatterList::new(&visit, "work", list).await?;
    page.counts = counts(&visit).await?;
    let open = Phase::ALL.iter().filter(|phase| phase.is_open());
    let texts = visit.texts()?;
    page.phases = open
        .map(|phase| {
            let label = texts.message(&keyed("approvals.phase.", phase.word()));
            Choice::new(phase.word(), label)
        })
        .collect();
    let decided_by = DecisionLevel::ALL.iter().skip(2);
    page.levels = decided_by
        .map(|level| {
            let label = texts.message(&keyed("approvals.level.", level.word()));
            Choice::new(level.word(), label)
        })
        .collect();
    page.lights = LIGHTS
        .into_iter()
        .map(|light| {
            let label = texts.message(&keyed("approvals.light.", light_word(light)));
            Choice::new(light_word(light), label)
        })
        .collect();
    page.departments = departments(&visit).await?;
    visit.page(&page).await
}

/// The departments whose matters the person handles, where there are several.
async fn departments(visit: &Visit) -> Result<Vec<Choice>, AppError> {
    let reference = visit.app.reference().await?;
    let handled = visit.actor.grant(Action::HandleMatter)?.scope.departments;
    let all = reference.departments_at(&visit.actor.unit()).into_iter();
    let such = all.filter(|one| handled.contains(Some(DepartmentId(one.department_id))));
    Ok(such
        .map(|one| {
            let label = name(visit.lang, &one.short_name, &one.name_en);
            Choice::new(one.department_id.to_string(), label)
        })
        .collect())
}

pub async fn forwarding(visit: Visit) -> Answer {
    let at = work::page(&visit.here);
    let list = visit.app.approval_forwarding(&visit.actor, at).await?;
    let page = MatterList::new(&visit, "forwarding", list).await?;
    visit.page(&page).await
}

pub async fn ledgers() -> Redirect {
    Redirect::to("/approvals/ledgers/region")
}

pub async fn ledger(visit: Visit, Path(word): Path<String>) -> Answer {
    let kind = LedgerKind::from_word(&word).ok_or(AppError::NotFound { what: "page" })?;
    let at = work::page(&visit.here);
    let list = visit.app.approval_ledger(&visit.actor, kind, at).await?;
    let page = MatterList::new(&visit, kind.word(), list).await?;
    visit.page(&page).await
}

/// Reads the filters of the address; a word that is none is refused, not ignored.
fn work_query(visit: &Visit) -> Result<WorkQuery, AppError> {
    let here = &visit.here;
    let unknown = |what, text: &str| AppError::Invalid {
        messages: vec![AppMessage::new(
            "field.unknown_word",
            what,
            [text.to_owned()],
        )],
    };
    let phase = |word: &str| Phase::from_word(word).ok_or_else(|| unknown("phase", word));
    let level =
        |word: String| DecisionLevel::from_word(&word).ok_or_else(|| unknown("level", &word));
    let light = |word: String| light_from_word(&word).ok_or_else(|| unknown("light", &word));
    let department = |id: String| {
        let id = id.parse().map(DepartmentId);
        id.map_err(|_| unknown("department", here.get("department").unwrap_or_default()))
    };
    let day = |text: &str| {
        text.parse::<Date>()
            .map_err(|_| unknown("due_before", text))
    };
    let chosen = |name: &str| {
        here.get(name)
            .filter(|text| !text.is_empty())
            .map(str::to_owned)
    };
    Ok(WorkQuery {
        below: chosen("below").is_some(),
        phases: chosen("phase")
            .map(|word| phase(&word))
            .transpose()?
            .into_iter()
            .collect(),
        items: chosen("matter").into_iter().collect(),
        level: chosen("level").map(level).transpose()?,
        department: chosen("department").map(department).transpose()?,
        due_before: chosen("due_before").map(|text| day(&text)).transpose()?,
        light: chosen("light").map(light).transpose()?,
        page: work::page(here),
    })
}

/// Counts what is open, past its date, and soon due, at one's own offices.
async fn counts(visit: &Visit) -> Result<Vec<Count>, Failure> {
    let today = visit.app.today();
    let below = visit.here.get("below").is_some_and(|text| !text.is_empty());
    let base = Query::new("/approvals", &[]).with("below", if below { "1" } else { "" });
    let soon = after_working_days(visit, today, SOON + 1).await?;
    let mut counts = Vec::new();
    for (key, day) in [("open", None), ("overdue", Some(today)), ("soon", soon)] {
        if key == "soon" && day.is_none() {
            continue;
        }
        let query = WorkQuery {
            below,
            due_before: day,
            page: 1,
            ..WorkQuery::default()
        };
        let list = visit.app.approval_work(&visit.actor, &query).await?;
        let text = day.map(|day| day.to_string()).unwrap_or_default();
        counts.push(Count {
            key,
            n: list.total,
            href: base.with("due_before", &text).href(),
        });
    }
    Ok(counts)
}

/// The so-manieth working day after a day; none beyond the calendar.
async fn after_working_days(
    visit: &Visit,
    from: Date,
    days: u32,
) -> Result<Option<Date>, AppError> {
    let reference = visit.app.reference().await?;
    let (mut day, mut left) = (from, days);
    while left > 0 {
        let Ok(next) = day.tomorrow() else {
            return Ok(None);
        };
        day = next;
        match reference.calendar.is_working_day(day) {
            Ok(true) => left -= 1,
            Ok(false) => {}
            Err(_) => return Ok(None),
        }
    }
    Ok(Some(day))
}

impl MatterList {
    async fn new(visit: &Visit, kind: &str, list: WorkPage) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let catalogue = visit.app.approval_catalogue().await?;
        let names: Names = catalogue
            .matters
            .into_iter()
            .map(|one| (one.code, name(texts.lang(), &one.name, &one.name_en)))
            .collect();
        let pages = (list.total + list.page_size - 1) / list.page_size.max(1);
        Ok(Self {
            kind: kind.to_owned(),
            query: visit.here.clone(),
            tabs: tabs(
                texts,
                visit.may(Action::HandleMatter),
                visit.may(Action::Read),
            ),
            today: visit.app.today().to_string(),
            counts: Vec::new(),
            phases: Vec::new(),
            levels: Vec::new(),
            lights: Vec::new(),
            departments: Vec::new(),
            rows: list
                .rows
                .iter()
                .map(|row| Row::new(texts, &names, row))
                .collect(),
            pager: work::pager(&visit.here, list.page, pages, list.page_size, list.total),
        })
    }
}

/// The lists there are, those the person may open.
pub fn tabs(texts: &Texts, handles: bool, reads: bool) -> Vec<Link> {
    let all = [
        ("work", "/approvals", handles),
        ("forwarding", "/approvals/forwarding", reads),
        ("sittings", "/approvals/sittings", reads),
        ("region", "/approvals/ledgers/region", reads),
        ("nation", "/approvals/ledgers/nation", reads),
        ("problems", "/approvals/ledgers/problems", reads),
        ("letters", "/approvals/letters", reads),
        ("record", super::record::FIRST, reads),
    ];
    let mine = all.into_iter().filter(|one| one.2);
    mine.map(|(key, href, _)| Link::new(texts.message(&keyed("approvals.list.", key)), href))
        .collect()
}

impl Row {
    /// Words a row; `names` are those of the matters.
    pub fn new(texts: &Texts, names: &Names, row: &WorkRowView) -> Self {
        let lang = texts.lang();
        let waits = row.before.iter().filter(|one| !one.done);
        let act = |word: &String| Act {
            word: word.clone(),
            href: act_href(row.project_id, &row.code, word),
        };
        Self {
            href: format!("/projects/{}/approvals#matter-{}", row.project_id, row.code),
            project_name: row.project_name.clone(),
            project_code: row.project_code.clone(),
            unit: unit_name(lang, &row.unit),
            total_investment: row.total_investment,
            planned_start_on: row.planned_start_on.clone(),
            code: row.code.clone(),
            name: name(lang, &row.name, &row.name_en),
            department: department(lang, &row.department),
            office: unit_name(lang, &row.office),
            duty: row.duty.clone(),
            level: row.level.clone(),
            phase: row.phase.clone(),
            tone: tone(&row.phase),
            light: row.light.clone(),
            problem: row.problem.clone(),
            due: row.due.as_ref().map(Due::new),
            clocks: matter::clocks(texts, &row.clocks),
            waits_for: waits.map(|one| named(names, &one.code)).collect(),
            holds_up: row.holds_up.iter().map(|code| named(names, code)).collect(),
            acts: row.offers.iter().map(act).collect(),
        }
    }
}
