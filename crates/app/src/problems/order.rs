//! What hands a problem over as .docx (交办单): to whom, what, which projects, what is asked, until when.
//!
//! What a reader would get wrong: it says what the step said. A deadline that was made longer later, a
//! problem that went up since, or a project that was renamed changes no order that was given.

use std::collections::BTreeMap;

use gangmu_domain::library::{Field, ProjectId};
use gangmu_domain::organisation::Action;
use gangmu_domain::problems::{Act, Course, Event, Party};
use gangmu_exchange::letter::{Letter, LetterTable};
use gangmu_store::library::Project;
use gangmu_store::problems;

use super::act::{load, visible};
use super::view::{SeatView, grade, kind};
use super::{PartyView, handles, sees};
use crate::approvals::named;
use crate::error::{AppError, OrNotFound};
use crate::exports::{ExportFile, document, official_day, wan};
use crate::library::UnitView;
use crate::{Actor, App, Reference, letters};

/// What an order is written from, as it stood when it was given.
struct Order<'a> {
    id: i64,
    title: &'a str,
    body: &'a str,
    course: &'a Course,
    event: &'a Event,
    /// Which time it was handed over, from 1.
    time: usize,
    /// The projects that may be seen, each with what of it is held up.
    held: Vec<(Project, String)>,
    /// How many may not be seen.
    elsewhere: usize,
}

impl App {
    /// Writes what handed a problem over: the newest time, or the step with this number.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such problem or step, or it may not be seen;
    /// [`AppError::State`] `problems.refused.not_handed_over` before it is handed over; when the actor
    /// may not export.
    pub async fn problem_order(
        &self,
        actor: &Actor,
        id: i64,
        step: Option<u32>,
    ) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let row = problems::problem_get(&self.db, id).await?;
        let loaded = load(&self.db, row.or_not_found("problem")?).await?;
        if !visible(actor, &loaded) {
            return Err(AppError::NotFound { what: "problem" });
        }
        let given: Vec<(usize, &Event)> = loaded
            .events
            .iter()
            .enumerate()
            .filter(|(_, event)| matches!(event.act, Act::HandOver { .. }))
            .collect();
        let never = || AppError::state("problems.refused.not_handed_over");
        let found = match step {
            None => given.last().ok_or_else(never)?,
            Some(seq) => {
                let mut own = given.iter().filter(|(_, event)| event.seq == seq);
                own.next().or_not_found("problem")?
            }
        };
        let (at, event) = *found;
        let until = loaded.events.get(..=at).unwrap_or_default();
        let course = Course::of(until).or_not_found("problem")?;
        let time = given.iter().filter(|(other, _)| *other <= at).count();
        let all = handles(actor, &loaded.row, &loaded.course, &loaded.projects);
        let mut blocks = problems::block_list(&self.db, id).await?;
        // What came to be held up later was none of this order's.
        blocks.retain(|block| block.since.is_none_or(|since| since <= event.on));
        let matters = self.matters_named().await?;
        let (mut held, mut later) = (Vec::with_capacity(blocks.len()), 0);
        for block in &blocks {
            let project = loaded.projects.iter().find(|one| one.id == block.project);
            let Some(project) = project.filter(|one| all || sees(actor, one)) else {
                continue;
            };
            let project = self
                .as_entered(project.clone(), |at| at <= event.at)
                .await?;
            if project.record.text(Field::Name).is_none() {
                // It was split off on the same day, after the order.
                later += 1;
                continue;
            }
            let matter = match block.item.as_str() {
                "" => String::new(),
                code => named(&matters, code).name,
            };
            held.push((project, matter));
        }
        let order = Order {
            id,
            title: &loaded.row.title,
            body: &loaded.row.body,
            course: &course,
            event,
            time,
            elsewhere: blocks.len().saturating_sub(held.len() + later),
            held,
        };
        let name = format!("问题交办单-{}-{}.docx", number_of(&order), event.on);
        document(name, letter(&*self.reference().await?, &order)).await
    }
}

/// The problem's number in the ledger; what is handed over again says which time it is.
fn number_of(order: &Order) -> String {
    match order.time {
        1 => order.id.to_string(),
        time => format!("{}-{time}", order.id),
    }
}

fn letter(reference: &Reference, order: &Order) -> Letter {
    let (course, event) = (order.course, order.event);
    let seat = SeatView::new(reference, &course.seat);
    let office = letters::commission(reference, &seat.unit);
    let Act::HandOver {
        to,
        assisting,
        demand,
        ..
    } = &event.act
    else {
        return Letter::default();
    };
    let rules = &reference.problems;
    let mut paragraphs = vec![
        format!("现将重大项目推进中的下列问题交由{}办理。", yours(to)),
        format!(
            "问题：{}（编号 {}，{}，{}，{}提出）",
            order.title,
            order.id,
            kind(rules, &course.kind).name,
            grade(rules, &course.grade).name,
            official_day(course.raised_on),
        ),
    ];
    if !order.body.is_empty() && order.body != order.title {
        paragraphs.push(format!("具体情况：{}。", sentence(order.body)));
    }
    // A project of which several matters are held up stands there once for each.
    let each = order.held.iter().map(|(one, _)| (one.id, one.total().0));
    let projects: BTreeMap<ProjectId, i64> = each.collect();
    paragraphs.push(format!(
        "受阻项目 {} 个，总投资 {} 万元：",
        projects.len(),
        wan(projects.values().sum())
    ));
    let mut closing = Vec::new();
    if order.elsewhere > 0 {
        closing.push(format!("另有 {} 处受阻不在本件列示范围。", order.elsewhere));
    }
    closing.push(format!("办理要求：{}。", sentence(demand)));
    if !assisting.is_empty() {
        let names = assisting.iter();
        let names = names.map(|one| PartyView::new(reference, one).official());
        closing.push(format!(
            "协办单位：{}。",
            names.collect::<Vec<_>>().join("、")
        ));
    }
    let until = event.due.map(|day| format!("于{}前", official_day(day)));
    closing.push(format!(
        "办理期限和反馈：请{}办结，并将采取的措施和结果报{office}（协调层级：{}）。不能按期办结的，请在期限届满前说明原因、提出延期申请。",
        until.unwrap_or_else(|| "抓紧".to_owned()),
        seat.level.name,
    ));
    Letter {
        heading: "重大项目问题交办单".to_owned(),
        number: format!(
            "{}问题交办〔{}〕{}号",
            seat.unit.name,
            event.on.year(),
            number_of(order)
        ),
        addressee: addressee(reference, to, &order.held),
        paragraphs,
        table: table(reference, &order.held),
        closing,
        office,
        date: official_day(event.on),
    }
}

/// Lines as one sentence, without its end.
fn sentence(text: &str) -> String {
    let ends = |c: char| c.is_whitespace() || "。；.;".contains(c);
    let lines = text.lines().map(|line| line.trim_matches(ends));
    let lines: Vec<&str> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("；")
}

const fn yours(to: &Party) -> &'static str {
    match to {
        Party::Office { .. } => "贵单位",
        Party::ProjectOwner => "你单位",
    }
}

/// Whom it is for: an office, or those who own the projects.
fn addressee(reference: &Reference, to: &Party, held: &[(Project, String)]) -> String {
    match to {
        Party::Office {
            unit,
            department: None,
        } => letters::commission(reference, &UnitView::new(reference, unit)),
        Party::Office { unit, department } => letters::addressee(reference, unit, *department),
        Party::ProjectOwner => {
            let owners = held
                .iter()
                .filter_map(|(one, _)| one.record.text(Field::Owner));
            let mut named: Vec<&str> = owners.filter(|owner| !owner.is_empty()).collect();
            named.dedup();
            match named.is_empty() {
                true => "项目单位".to_owned(),
                false => named.join("、"),
            }
        }
    }
}

fn table(reference: &Reference, held: &[(Project, String)]) -> LetterTable {
    let columns = [
        ("序号", 3),
        ("项目", 14),
        ("所在地区", 6),
        ("总投资（万元）", 6),
        ("受阻手续", 7),
    ];
    let row = |((project, matter), at): (&(Project, String), usize)| {
        vec![
            at.to_string(),
            project.name().to_owned(),
            reference.unit_name(&project.unit),
            wan(project.total().0),
            match matter.as_str() {
                "" => "项目整体".to_owned(),
                matter => matter.to_owned(),
            },
        ]
    };
    LetterTable::new(columns, held.iter().zip(1..).map(row).collect())
}
