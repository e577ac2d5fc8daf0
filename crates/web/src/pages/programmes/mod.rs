//! A year's list and how it changed: the bridge between two dates, line by line, each line with its
//! projects, reasons and documents. What one would get wrong: the opening stands at the end of the
//! first day, so that day's own changes are in it. (年度计划)

mod samples;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use gangmu_app::domain::organisation::Action;
use gangmu_app::library::ListQuery;
use gangmu_app::pipeline::{BridgeLineView, BridgeView, TallyView};
use gangmu_app::{AppError, Message as AppMessage};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value as Json;

use super::common::{self, UnitChoice};
use crate::chart;
use crate::i18n::Texts;
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{FieldError, Form, Link, Query};

/// Changes shown under a line at most.
const MOST_CHANGES: usize = 100;

/// A year's list; without a year when none was adopted yet.
#[derive(Clone, Debug, Serialize)]
pub struct ProgrammePage {
    pub query: Query,
    pub years: Vec<Link>,
    pub year: Option<i16>,
    pub name: String,
    pub adopted_on: String,
    pub document_no: String,
    pub unit: UnitChoice,
    pub from: String,
    pub to: String,
    pub opening: Tally,
    pub closing: Tally,
    pub lines: Vec<Line>,
    pub projects_chart: Option<Json>,
    pub plan_chart: Option<Json>,
    pub listed: String,
    pub may_adjust: bool,
    pub find: String,
    pub found: Vec<Found>,
    pub form: Form,
}

/// How many, with how much.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub struct Tally {
    pub projects: i64,
    pub total_investment: i64,
    pub annual_plan: i64,
}

impl From<TallyView> for Tally {
    fn from(view: TallyView) -> Self {
        Self {
            projects: view.projects,
            total_investment: view.total_investment,
            annual_plan: view.annual_plan,
        }
    }
}

/// All changes of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub kind: String,
    pub delta: Tally,
    pub count: i64,
    pub changes: Vec<Change>,
    /// How many more there are than shown.
    pub more: i64,
}

/// One change of one project.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub name: String,
    pub href: String,
    pub on: String,
    pub delta: Tally,
    pub reason: String,
    pub document_no: String,
}

/// A project that may be taken in, changed or let go.
#[derive(Clone, Debug, Serialize)]
pub struct Found {
    pub name: String,
    pub unit: String,
    pub stage: String,
    pub total_investment: i64,
    pub href: String,
}

/// The addresses of the lists.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/programmes", get(newest))
        .route("/programmes/{year}", get(show))
}

async fn newest(visit: Visit) -> Answer {
    let years = visit.app.programme_years(&visit.actor).await?;
    match years.first() {
        Some(one) => Ok(Redirect::to(&format!("/programmes/{}", one.year)).into_response()),
        None => visit.page(&ProgrammePage::none(&visit).await?).await,
    }
}

async fn show(visit: Visit, Path(year): Path<i16>) -> Answer {
    let path = format!("/programmes/{year}");
    let query = common::query(&path, visit.here.params.clone());
    let page = ProgrammePage::load(&visit, year, query).await?;
    if page.form.errors.is_empty() {
        visit.page(&page).await
    } else {
        common::refused(&visit, &page).await
    }
}

impl ProgrammePage {
    /// Asks the app for the bridge of the address.
    pub async fn load(visit: &Visit, year: i16, query: Query) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let years = visit.app.programme_years(&visit.actor).await?;
        let programme = years
            .iter()
            .find(|one| one.year == year)
            .ok_or(AppError::NotFound { what: "programme" })?;
        let unit = UnitChoice::load(&visit.app, &visit.actor, visit.lang, &query).await?;
        let mut form = Form::default();
        let last = Date::new(year, 12, 31).unwrap_or(visit.app.today());
        let from = day(texts, &query, "from", programme.adopted_on, &mut form);
        let to = day(texts, &query, "to", visit.app.today().min(last), &mut form);
        let to = if query.get("to").is_none() {
            to.max(from)
        } else {
            to
        };
        let asked = visit
            .app
            .programme_bridge(&visit.actor, year, query.get("unit"), from, to);
        let bridge = match asked.await {
            Ok(bridge) => bridge,
            Err(error) => {
                form.errors.extend(common::form_errors(visit, error)?);
                let asked =
                    visit
                        .app
                        .programme_bridge(&visit.actor, year, query.get("unit"), from, from);
                asked.await?
            }
        };
        let may_adjust = visit.may(Action::ManageProgramme);
        let find = query.get("find").unwrap_or_default().to_owned();
        Ok(Self {
            years: years
                .iter()
                .map(|one| Link::new(one.year.to_string(), format!("/programmes/{}", one.year)))
                .collect(),
            year: Some(year),
            name: programme.name.clone(),
            adopted_on: programme.adopted_on.to_string(),
            document_no: programme.document_no.clone(),
            from: from.to_string(),
            to: to.to_string(),
            opening: bridge.opening.into(),
            closing: bridge.closing.into(),
            lines: bridge.lines.iter().map(line).collect(),
            projects_chart: waterfall(texts, &bridge, projects_unit, |tally| tally.projects),
            plan_chart: waterfall(texts, &bridge, chart::Unit::money, |tally| {
                tally.annual_plan
            }),
            listed: listed(year, &unit.code),
            found: if may_adjust && !find.is_empty() {
                found(visit, &find).await?
            } else {
                Vec::new()
            },
            may_adjust,
            find,
            form,
            unit,
            query,
        })
    }

    async fn none(visit: &Visit) -> Result<Self, Failure> {
        let query = Query::new("/programmes", &[]);
        Ok(Self {
            years: Vec::new(),
            year: None,
            name: String::new(),
            adopted_on: String::new(),
            document_no: String::new(),
            unit: UnitChoice::load(&visit.app, &visit.actor, visit.lang, &query).await?,
            from: String::new(),
            to: String::new(),
            opening: Tally::default(),
            closing: Tally::default(),
            lines: Vec::new(),
            projects_chart: None,
            plan_chart: None,
            listed: String::new(),
            may_adjust: visit.may(Action::ManageProgramme),
            find: String::new(),
            found: Vec::new(),
            form: Form::default(),
            query,
        })
    }
}

/// Reads a day of the address; one that cannot be read is told beside its field.
fn day(texts: &Texts, query: &Query, name: &str, otherwise: Date, form: &mut Form) -> Date {
    let Some(text) = query.get(name) else {
        return otherwise;
    };
    text.parse().unwrap_or_else(|_| {
        let message = AppMessage::new("field.not_a_date", name, [text.to_owned()]);
        let FieldError { field, message } = crate::server::words::field_error(texts, &message);
        form.errors.push(FieldError { field, message });
        otherwise
    })
}

fn line(view: &BridgeLineView) -> Line {
    let count = i64::try_from(view.changes.len()).unwrap_or(i64::MAX);
    let changes: Vec<Change> = view
        .changes
        .iter()
        .take(MOST_CHANGES)
        .map(|one| Change {
            name: one.name.clone(),
            href: format!("/projects/{}", one.project_id),
            on: one.on.clone(),
            delta: one.delta.into(),
            reason: one.reason.clone(),
            document_no: one.document_no.clone(),
        })
        .collect();
    Line {
        kind: view.kind.to_owned(),
        delta: view.delta.into(),
        more: count - i64::try_from(changes.len()).unwrap_or_default(),
        count,
        changes,
    }
}

/// The bridge as a picture; none where nothing moved in this figure.
fn waterfall(
    texts: &Texts,
    bridge: &BridgeView,
    unit: impl Fn(&Texts, std::array::IntoIter<i64, 2>) -> chart::Unit,
    of: impl Fn(&TallyView) -> i64,
) -> Option<Json> {
    let steps: Vec<Json> = bridge
        .lines
        .iter()
        .filter(|line| of(&line.delta) != 0)
        .map(|line| {
            let name = common::worded(texts, "programme.change.", line.kind);
            let href = format!("#line-{}", line.kind);
            chart::item(&name, Some(of(&line.delta)), &href)
        })
        .collect();
    if steps.is_empty() {
        return None;
    }
    let end = |day: &str, tally: &TallyView| {
        let name = crate::dates::parse(day).map_or_else(
            || day.to_owned(),
            |day| crate::dates::day(day, texts.lang()),
        );
        chart::item(&name, Some(of(tally)), "")
    };
    let ends = [of(&bridge.opening), of(&bridge.closing)];
    Some(chart::bridge(
        &unit(texts, ends.into_iter()),
        end(&bridge.from, &bridge.opening),
        steps,
        end(&bridge.to, &bridge.closing),
    ))
}

fn projects_unit(texts: &Texts, _: std::array::IntoIter<i64, 2>) -> chart::Unit {
    chart::Unit::projects(texts)
}

/// The projects on the list: by the year's last month, or the newest there is.
fn listed(year: i16, unit: &str) -> String {
    let period = format!("{year}-12");
    Query::new(
        "/projects",
        &[("on_list", "1"), ("period", &period), ("unit", unit)],
    )
    .href()
}

async fn found(visit: &Visit, find: &str) -> Result<Vec<Found>, AppError> {
    let mut list = ListQuery {
        per_page: 20,
        ..ListQuery::default()
    };
    find.clone_into(&mut list.filter.text);
    let page = visit.app.project_list(&visit.actor, &list).await?;
    Ok(page
        .rows
        .into_iter()
        .map(|one| Found {
            unit: common::unit_name(visit.lang, &one.unit),
            href: format!("/projects/{}?do=programme#action", one.row.project_id),
            name: one.row.name,
            stage: one.row.stage,
            total_investment: one.row.total_investment,
        })
        .collect())
}

impl Page for ProgrammePage {
    const TEMPLATE: &'static str = "pages/programme.html";

    fn samples() -> Vec<Self> {
        samples::all()
    }
}
