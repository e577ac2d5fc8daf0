//! Gathering the card: from the app's view to words and figures.

use gangmu_app::domain::Period;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Action;
use gangmu_app::library::{AttachmentView, FieldView, ProjectView, ReturnSummary};
use gangmu_app::metrics::ExcuseView;
use gangmu_app::{AppError, Reference};
use serde_json::Value as Json;

use super::action::{self, ActionForm};
use super::field::{Line, text_of};
use super::{
    Admission, Benefit, ExcuseRow, File, Gate, Group, Money, ProgrammeRow, ProjectPage, Related,
    ReturnRow, Step, Unmet, day, story,
};
use crate::chart;
use crate::dates;
use crate::i18n::{Message, Texts};
use crate::pages::common::{self, LightMark};
use crate::pages::liaison::held_by_duty;
use crate::pages::problems::of_project;
use crate::pages::{winter, work};
use crate::server::{Failure, Visit, words};
use crate::view::{Form, Light, Link, Query, Rate};

/// The people of the card's head, in the order of the levels.
const PEOPLE: [&str; 9] = [
    "owner",
    "duty_unit",
    "duty_person",
    "person_region",
    "person_league",
    "person_banner",
    "contact_leader_league",
    "contact_leader_banner",
    "department",
];
const GROUPS: [&str; 7] = [
    "identity",
    "place",
    "content",
    "schedule",
    "money",
    "responsibility",
    "documents",
];

impl ProjectPage {
    /// Gathers the card of the address; `do` opens the form of an action.
    pub async fn load(visit: &Visit, id: ProjectId, query: &Query) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let reference = visit.app.reference().await?;
        let view = visit
            .app
            .project_view(&visit.actor, id, day(query)?)
            .await?;
        let gate = gate(visit, texts, &view, id).await?;
        let form = match query.get("do") {
            Some(word) => ActionForm::open(visit, &view, word, query).await?,
            None => None,
        };
        let may = |word: &str| view.may.contains(&word);
        let (problems, days_held) = of_project(visit, id.0, day(query)?).await?;
        let responsible = visit
            .app
            .responsibility(&visit.actor, id, day(query)?)
            .await?;
        Ok(Self {
            trail: trail(texts, &view),
            unit: common::unit_name(texts.lang(), &view.unit),
            steps: steps(&view),
            people: lines(texts, &reference, &view, |f| {
                PEOPLE.contains(&f.field) && !responsible.covered.contains(&f.field)
            }),
            duties: held_by_duty(texts, &responsible.standing),
            may_assign: responsible.may_assign,
            today: visit.app.today().to_string(),
            money: money(texts, &view),
            chart: returns_chart(texts, &view.returns),
            returns: view.returns.iter().map(|r| return_row(texts, r)).collect(),
            excuses: view.excuses.iter().map(|one| excuse(&view, one)).collect(),
            programmes: view
                .programmes
                .iter()
                .map(|entry| ProgrammeRow {
                    year: entry.year,
                    category: entry.category.to_owned(),
                    annual_plan: entry.annual_plan,
                    included: entry.included,
                })
                .collect(),
            completeness: view.completeness.into(),
            admission: view.admission.as_ref().map(|found| Admission {
                policy: common::name(texts.lang(), &found.policy, &found.policy_en),
                least: found.least,
                met: found.met,
            }),
            missing: view.missing.iter().map(|word| (*word).to_owned()).collect(),
            groups: groups(texts, &reference, &view, &responsible.covered),
            benefits: benefits(texts, &view),
            actions: action::links(&view),
            typed: Form::default(),
            files: view
                .attachments
                .iter()
                .map(|one| file(&view, one))
                .collect(),
            links: view
                .links
                .iter()
                .map(|link| Related {
                    name: link.name.clone(),
                    href: format!("/projects/{}", link.project_id),
                    kind: link.kind.clone(),
                })
                .collect(),
            events: story::events(texts, &reference, &view),
            may_edit: may("edit_project"),
            may_attach: may("edit_project") || may("report"),
            may_report: may("report"),
            problems,
            days_held,
            winter: match view.as_of {
                None => winter::of_project(visit, view.project_id).await?,
                Some(_) => None,
            },
            may_raise: visit.may(Action::RaiseProblem) && view.as_of.is_none(),
            id: view.project_id,
            name: view.name,
            code: view.code,
            department: view.department.map(|zh| {
                let known = reference.department_by_any_name(&zh);
                let en = known.map_or("", |one| one.name_en.as_str());
                common::name(texts.lang(), &zh, en)
            }),
            stage: view.stage.to_owned(),
            stage_since: view.stage_since,
            suspended: view.suspended,
            as_of: view.as_of,
            gate,
            form,
        })
    }
}

fn trail(texts: &Texts, view: &ProjectView) -> Vec<Link> {
    let mut trail = vec![Link::new(
        texts.message(&Message::new("nav.projects")),
        "/projects",
    )];
    trail.extend(view.above.iter().skip(1).chain([&view.unit]).map(|unit| {
        let href = Query::new("/projects", &[("unit", &unit.code)]).href();
        Link::new(common::unit_name(texts.lang(), unit), href)
    }));
    trail
}

fn steps(view: &ProjectView) -> Vec<Step> {
    use gangmu_app::domain::pipeline::Stage;
    let here = Stage::ACTIVE.iter().position(|s| s.word() == view.stage);
    let Some(here) = here else {
        return Vec::new();
    };
    Stage::ACTIVE
        .iter()
        .enumerate()
        .map(|(at, stage)| Step {
            stage: stage.word().to_owned(),
            state: match at.cmp(&here) {
                std::cmp::Ordering::Less => "done",
                std::cmp::Ordering::Equal => "here",
                std::cmp::Ordering::Greater => "ahead",
            },
        })
        .collect()
}

fn lines(
    texts: &Texts,
    reference: &Reference,
    view: &ProjectView,
    wanted: impl Fn(&FieldView) -> bool,
) -> Vec<Line> {
    view.fields
        .iter()
        .filter(|one| wanted(one))
        .filter_map(|one| {
            let label = one.label.as_deref();
            let text = text_of(texts, reference, one.field, one.kind, &one.value, label)?;
            Some(Line {
                field: one.field.to_owned(),
                text,
            })
        })
        .collect()
}

/// All filled fields by group; what stands in the head or in a card of its own is left out, and so
/// is what an assignment stands in front of.
fn groups(
    texts: &Texts,
    reference: &Reference,
    view: &ProjectView,
    covered: &[&'static str],
) -> Vec<Group> {
    GROUPS
        .iter()
        .map(|group| Group {
            group: (*group).to_owned(),
            lines: lines(texts, reference, view, |one| {
                let elsewhere = one.kind == "benefits" || one.field == "name";
                one.group == *group && !elsewhere && !covered.contains(&one.field)
            }),
        })
        .filter(|group| !group.lines.is_empty())
        .collect()
}

fn benefits(texts: &Texts, view: &ProjectView) -> Vec<Benefit> {
    let Some(Json::Array(list)) = value(view, "benefits") else {
        return Vec::new();
    };
    let part = |one: &Json, name: &str| -> String {
        one.get(name)
            .and_then(Json::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    list.iter()
        .map(|one| Benefit {
            metric: common::worded(texts, "benefit.", &part(one, "metric")),
            quantity: part(one, "quantity"),
            unit: part(one, "unit"),
            note: part(one, "note"),
        })
        .collect()
}

fn value<'a>(view: &'a ProjectView, field: &str) -> Option<&'a Json> {
    view.fields
        .iter()
        .find(|one| one.field == field)
        .map(|one| &one.value)
}

fn money(texts: &Texts, view: &ProjectView) -> Money {
    let funding = match value(view, "funding") {
        Some(Json::Object(parts)) => parts
            .iter()
            .filter_map(|(source, yuan)| {
                Some((common::worded(texts, "funding.", source), yuan.as_i64()?))
            })
            .collect(),
        _ => Vec::new(),
    };
    let newest = view.returns.first();
    let time = newest
        .and_then(|one| one.period.parse::<Period>().ok())
        .map_or(Rate { num: 0, den: 12 }, |period| Rate {
            num: i64::from(period.month()),
            den: 12,
        });
    Money {
        total_investment: value(view, "total_investment").and_then(Json::as_i64),
        funding,
        period: newest.map(|one| one.period.clone()),
        annual_plan: newest.map_or(0, |one| one.annual_plan),
        month_investment: newest.and_then(|one| one.month_investment),
        year_to_date: newest.map_or(0, |one| one.year_to_date),
        since_start: newest
            .map(|one| one.since_start)
            .or_else(|| value(view, "invested_before").and_then(Json::as_i64)),
        completion: newest.map_or(Rate { num: 0, den: 0 }, |one| one.completion.into()),
        time,
        light: newest.map_or_else(
            || LightMark {
                light: Light::Undefined,
                reason: String::new(),
            },
            |one| common::light_mark(texts, &one.light),
        ),
        light_start: newest
            .and_then(|one| one.light_start.as_ref())
            .map(|light| common::light_mark_as(texts, light, "start")),
        image_progress: newest.map_or_else(String::new, |one| one.image_progress.clone()),
        problems: newest.map_or_else(String::new, |one| one.problems.clone()),
    }
}

fn return_row(texts: &Texts, one: &ReturnSummary) -> ReturnRow {
    ReturnRow {
        period: one.period.clone(),
        status: one.status.to_owned(),
        month_investment: one.month_investment,
        year_to_date: one.year_to_date,
        since_start: one.since_start,
        completion: one.completion.into(),
        light: common::light_mark(texts, &one.light),
        light_published: one
            .light_published
            .as_ref()
            .map(|light| common::light_mark(texts, light)),
        light_start: one
            .light_start
            .as_ref()
            .map(|light| common::light_mark_as(texts, light, "start")),
        image_progress: one.image_progress.clone(),
        problems: one.problems.clone(),
    }
}

fn excuse(view: &ProjectView, one: &ExcuseView) -> ExcuseRow {
    let may = view.as_of.is_none() && view.may.contains(&"excuse_lateness");
    let (id, seq) = (view.project_id, one.seq);
    ExcuseRow {
        kind: one.kind,
        reason: one.reason.clone(),
        document_no: one.document_no.clone(),
        from: one.from.clone(),
        to: one.to.clone(),
        at: work::instant(one.at),
        who: one.who.clone(),
        end: one
            .taken_back
            .as_ref()
            .map(|end| (work::instant(end.at), end.who.clone(), end.reason.clone())),
        take_back: if may && one.taken_back.is_none() {
            format!("/projects/{id}?do=end_excuse&excuse={seq}#action")
        } else {
            String::new()
        },
    }
}

/// The months of the last two years: what each brought, and where the year stood.
fn returns_chart(texts: &Texts, returns: &[ReturnSummary]) -> Option<Json> {
    let shown: Vec<&ReturnSummary> = returns.iter().take(24).rev().collect();
    if shown.is_empty() {
        return None;
    }
    let months: Vec<String> = shown.iter().map(|one| one.period.clone()).collect();
    let line = |name: &str, draw: &str, value: &dyn Fn(&ReturnSummary) -> Option<i64>| {
        let items = shown
            .iter()
            .map(|one| chart::item(&one.period, value(one), ""))
            .collect();
        chart::series(&texts.message(&Message::new(name)), draw, false, items)
    };
    let series = vec![
        line("measure.month_investment", "bar", &|one| {
            one.month_investment
        }),
        line("measure.year_to_date", "line", &|one| {
            Some(one.year_to_date)
        }),
    ];
    let amounts = shown.iter();
    let amounts = amounts.flat_map(|one| [one.year_to_date, one.month_investment.unwrap_or(0)]);
    let unit = chart::Unit::money(texts, amounts);
    Some(chart::course(&unit, &months, series))
}

async fn gate(
    visit: &Visit,
    texts: &Texts,
    view: &ProjectView,
    id: ProjectId,
) -> Result<Gate, AppError> {
    let next = view.next_stage.filter(|_| view.as_of.is_none());
    let unmet = match next {
        Some(_) => visit.app.gate_check(&visit.actor, id).await?,
        None => Vec::new(),
    };
    Ok(Gate {
        next: next.map(str::to_owned),
        unmet: unmet
            .iter()
            .map(|one| Unmet {
                text: texts.message(&words::message(
                    texts,
                    &format!("gate.{}", one.code),
                    &[one.who.word().to_owned()],
                )),
                href: match one.fields.first() {
                    Some(field) if view.may.contains(&"edit_project") => {
                        format!("/projects/{}/edit#field-{}", id.0, field.word())
                    }
                    None if one.in_case => format!("/projects/{}/approvals", id.0),
                    None => "#files".to_owned(),
                    Some(_) => String::new(),
                },
            })
            .collect(),
    })
}

fn file(view: &ProjectView, one: &AttachmentView) -> File {
    let href = format!("/projects/{}/files/{}", view.project_id, one.seq);
    let at = jiff::Timestamp::from_millisecond(one.added_at).unwrap_or_default();
    File {
        seq: one.seq,
        photo: one.kind == "photo",
        name: one.file_name.clone(),
        size: size(one.size),
        who: one.who.clone(),
        added_at: dates::instant(at),
        remove: if view.may.contains(&"edit_project") {
            format!("{href}/remove")
        } else {
            String::new()
        },
        href,
    }
}

/// Bytes as people read them.
fn size(bytes: i64) -> String {
    match bytes {
        0..1_024 => format!("{bytes} B"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        _ => format!("{} MB", megabytes(bytes)),
    }
}

fn megabytes(bytes: i64) -> String {
    crate::number::round_div(i128::from(bytes) * 10, 1_048_576)
        .map_or_else(String::new, |tenths| crate::number::grouped(tenths, 1))
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_are_printed_in_the_unit_that_fits() {
        for (bytes, printed) in [
            (0, "0 B"),
            (1_023, "1023 B"),
            (2_048, "2 KB"),
            (1_572_864, "1.5 MB"),
        ] {
            assert_eq!(size(bytes), printed);
        }
    }
}
