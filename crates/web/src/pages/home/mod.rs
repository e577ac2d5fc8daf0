//! The first page: how many, how much, how much of the plan, how much more than last year, who is
//! behind. What one would get wrong: every figure is of one period and one unit, both in the
//! address, and each leads to exactly the rows it was made of. (首页)

mod samples;

use axum::Router;
use axum::response::{IntoResponse as _, Redirect};
use axum::routing::get;
use gangmu_app::domain::Period;
use gangmu_app::domain::organisation::Action;
use gangmu_app::metrics::{RollupQuery, RollupRow};
use gangmu_app::{Actor, App, AppError};
use serde::Serialize;
use serde_json::Value as Json;

use super::common::{self, FigureRow, UnitChoice};
use super::rollup::{self, rows};
use super::winter::Quarter;
use crate::chart;
use crate::i18n::{Message, Texts};
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::{Choice, FunnelStage, Light, Link, Query, Rate};

/// The head figures and what stands behind them.
#[derive(Clone, Debug, Serialize)]
pub struct Home {
    pub query: Query,
    pub unit: UnitChoice,
    pub period: String,
    pub periods: Vec<Choice>,
    pub as_of: String,
    /// `open`, `closed`, or empty before the first period.
    pub state: String,
    pub due_on: Option<String>,
    pub by: String,
    pub tabs: Vec<Link>,
    pub time: Rate,
    pub total: FigureRow,
    /// How many projects more or less than a year before.
    pub projects_change: Option<Rate>,
    pub not_reported: i64,
    pub rows: Vec<FigureRow>,
    pub funnel: Vec<FunnelStage>,
    pub lights: Vec<LightCount>,
    pub late: Vec<Late>,
    /// The list of all that is late.
    pub late_href: String,
    pub listed_href: String,
    pub map: Option<Json>,
    pub progress: Option<Json>,
    /// What the winter adds to the first quarter, in its months.
    pub quarter: Option<Quarter>,
    pub course: Json,
    pub course_rows: Vec<CourseRow>,
    pub may_import: bool,
    pub may_chase: bool,
}

/// How many projects a light stands for.
#[derive(Clone, Debug, Serialize)]
pub struct LightCount {
    pub light: Light,
    pub count: i64,
    pub href: String,
}

/// Late returns of one unit.
#[derive(Clone, Debug, Serialize)]
pub struct Late {
    pub name: String,
    pub late: i64,
    pub reported: Rate,
    pub href: String,
}

/// One month of the course of the year.
#[derive(Clone, Debug, Serialize)]
pub struct CourseRow {
    pub month: String,
    pub month_investment: i64,
    pub year_to_date: i64,
    pub before: Option<i64>,
    pub year_on_year: Option<Rate>,
}

/// The address of the first page.
pub fn routes() -> Router<WebState> {
    Router::new().route("/", get(show))
}

async fn show(visit: Visit) -> Answer {
    if !visit.may(Action::Read) {
        return Ok(Redirect::to(elsewhere(&visit)).into_response());
    }
    let query = common::query("/", visit.here.params.clone());
    let page = Home::load(&visit.app, &visit.actor, visit.texts()?, query).await?;
    visit.page(&page).await
}

/// Administrators see no figures; their work lies elsewhere.
fn elsewhere(visit: &Visit) -> &'static str {
    if visit.may(Action::ManageUsers) {
        "/organisation"
    } else if visit.may(Action::ManagePolicies) {
        "/policies"
    } else {
        "/account"
    }
}

impl Home {
    /// Gathers the page for the period and unit of the address.
    pub async fn load(
        app: &App,
        actor: &Actor,
        texts: &Texts,
        query: Query,
    ) -> Result<Self, AppError> {
        let asked = rollup::asked(&query)?;
        let unit = UnitChoice::load(app, actor, texts.lang(), &query).await?;
        let figures = app.rollup(actor, &asked.query).await?;
        let by_unit = app
            .rollup(
                actor,
                &RollupQuery {
                    by: gangmu_app::metrics::By::Unit,
                    ..asked.query.clone()
                },
            )
            .await?;
        let period = figures
            .period
            .parse()
            .map_err(|_| AppError::NotFound { what: "period" })?;
        let course = app.rollup_course(actor, query.get("unit"), period).await?;
        let pipeline = app.pipeline_view(actor, query.get("unit"), None).await?;
        let state = app
            .period_list()
            .await?
            .into_iter()
            .find(|one| one.period == figures.period);
        let units = rows::rows(texts, &by_unit, &query);
        let mut ranked = rows::rows(texts, &figures, &query);
        rollup::sort(&mut ranked, query.get("sort").unwrap_or("-completion"));
        let total = rows::total(texts, &figures);
        let listed = rows::listed(&figures);
        let time: Rate = figures.time_progress.into();
        let map = if unit.mapped {
            Some(league_map(app, texts, &query, &units).await?)
        } else {
            None
        };
        let at = Some(figures.unit.code.as_str());
        let quarter = Quarter::of_month(app, actor, period, at).await?;
        Ok(Self {
            quarter,
            period: figures.period.clone(),
            periods: rollup::periods(app, texts).await?,
            as_of: rollup::as_of(&figures.period),
            due_on: state.as_ref().map(|one| one.due_on.clone()),
            state: state.map(|one| one.state.to_owned()).unwrap_or_default(),
            by: asked.by.word().to_owned(),
            tabs: rollup::tabs(texts, &query),
            projects_change: projects_change(&total),
            not_reported: measure(&total, "projects") - measure(&total, "reported"),
            funnel: funnel(&pipeline, &unit.code),
            lights: lights(app, actor, period, &listed, measure(&total, "projects")).await?,
            late: late(&units),
            late_href: listed.with("facet", "not_reported").href(),
            listed_href: listed.href(),
            progress: progress(texts, time, &units),
            course: course_chart(texts, period.year(), &course, &query),
            course_rows: course_rows(texts, &course),
            may_import: actor.may(Action::Import),
            may_chase: actor.may(Action::Chase),
            time,
            total,
            rows: ranked,
            map,
            unit,
            query,
        })
    }
}

fn measure(row: &FigureRow, word: &str) -> i64 {
    row.measures.get(word).copied().unwrap_or_default()
}

fn projects_change(total: &FigureRow) -> Option<Rate> {
    let before = *total.before.as_ref()?.get("projects")?;
    Some(Rate {
        num: measure(total, "projects") - before,
        den: before,
    })
}

fn funnel(view: &gangmu_app::pipeline::PipelineView, unit: &str) -> Vec<FunnelStage> {
    view.stages
        .iter()
        .map(|stage| FunnelStage {
            stage: stage.stage.to_owned(),
            count: stage.projects,
            investment: stage.total_investment,
            href: Query::new("/projects", &[("unit", unit), ("stage", stage.stage)]).href(),
        })
        .collect()
}

/// Counts the lights by asking for their lists, so that a count and its list cannot differ.
async fn lights(
    app: &App,
    actor: &Actor,
    period: Period,
    listed: &Query,
    projects: i64,
) -> Result<Vec<LightCount>, AppError> {
    let reference = app.reference().await?;
    let mut counts = Vec::new();
    let mut rest = projects;
    for word in ["red", "yellow", "green", "ahead"] {
        let Some(light) = gangmu_app::metrics::light_from_word(word) else {
            continue;
        };
        if reference.light_in(period).progress_range(light).is_none() {
            continue;
        }
        let list = gangmu_app::library::ListQuery {
            period: Some(period),
            on_list: true,
            unit: listed.get("unit").map(ToOwned::to_owned),
            light: Some(light),
            per_page: 1,
            ..gangmu_app::library::ListQuery::default()
        };
        let count = app.project_list(actor, &list).await?.projects;
        rest -= count;
        counts.push(LightCount {
            light: common::light_of(word),
            count,
            href: listed.with("light", word).href(),
        });
    }
    counts.push(LightCount {
        light: Light::Undefined,
        count: rest,
        href: String::new(),
    });
    Ok(counts)
}

/// Units with late returns, the latest first.
fn late(units: &[FigureRow]) -> Vec<Late> {
    let mut late: Vec<Late> = units
        .iter()
        .map(|row| Late {
            name: row.name.clone(),
            late: measure(row, "projects") - measure(row, "reported"),
            reported: row.reported,
            href: format!("{}&facet=not_reported", row.rows),
        })
        .filter(|row| row.late > 0)
        .collect();
    late.sort_by_key(|row| std::cmp::Reverse(row.late));
    late
}

async fn league_map(
    app: &App,
    texts: &Texts,
    query: &Query,
    units: &[FigureRow],
) -> Result<Json, AppError> {
    let reference = app.reference().await?;
    let known = |row: &FigureRow| reference.unit_by_code(&row.key);
    let named = |zh: &str, en: &str| common::name(texts.lang(), zh, en);
    let items = units
        .iter()
        .filter_map(|row| {
            let unit = known(row)?;
            let href = query.with("unit", &row.key).href();
            let rate = chart::tenths(row.completion);
            Some(chart::item(&named(&unit.name, &unit.name_en), rate, &href))
        })
        .collect();
    // Regions without figures have their names on the map too.
    let names = reference
        .children(&reference.root()?.path)
        .into_iter()
        .map(|unit| (unit.name.clone(), named(&unit.name, &unit.name_en)))
        .filter(|(on_map, shown)| on_map != shown)
        .collect();
    let name = texts.message(&Message::new("measure.completion"));
    Ok(chart::rate_map(common::MAPPED_REGION, &name, &names, items))
}

/// Bars of the units that have a plan, the furthest first; none where there is nothing to compare.
fn progress(texts: &Texts, time: Rate, units: &[FigureRow]) -> Option<Json> {
    let mut units: Vec<&FigureRow> = units.iter().filter(|row| row.completion.den > 0).collect();
    units.sort_by_key(|row| std::cmp::Reverse(chart::tenths(row.completion)));
    let items: Vec<Json> = units
        .iter()
        .take(16)
        .map(|row| {
            let href = if row.drill.is_empty() {
                &row.rows
            } else {
                &row.drill
            };
            chart::lit(
                &row.name,
                chart::tenths(row.completion),
                row.light.light,
                href,
            )
        })
        .collect();
    let line = texts.message(&Message::new("figure.time_progress"));
    (!items.is_empty()).then(|| chart::progress(&line, time, items))
}

fn course_chart(texts: &Texts, year: i16, course: &[RollupRow], query: &Query) -> Json {
    let months: Vec<String> = course
        .iter()
        .map(|row| short_month(texts, &row.key))
        .collect();
    let of = |row: &RollupRow, before: bool| {
        let measures = if before {
            row.year_before.as_ref()?
        } else {
            &row.measures
        };
        measures.get("year_to_date").copied()
    };
    let line = |before: bool| {
        course
            .iter()
            .zip(&months)
            .map(|(row, month)| {
                let href = query.with("period", &row.key).href();
                chart::item(month, of(row, before), &href)
            })
            .collect()
    };
    let name =
        |year: i16| texts.message(&Message::new("home.course_year").with("year", year.to_string()));
    let amounts = course
        .iter()
        .flat_map(|row| [of(row, false), of(row, true)]);
    let unit = chart::Unit::money(texts, amounts.flatten());
    let mut series = vec![chart::series(&name(year), "bar", false, line(false))];
    if course.iter().any(|row| row.year_before.is_some()) {
        series.push(chart::series(&name(year - 1), "line", true, line(true)));
    }
    chart::course(&unit, &months, series)
}

fn course_rows(texts: &Texts, course: &[RollupRow]) -> Vec<CourseRow> {
    let figure = |row: &RollupRow, word| row.measures.get(word).copied().unwrap_or_default();
    course
        .iter()
        .map(|row| CourseRow {
            month: short_month(texts, &row.key),
            month_investment: figure(row, "month_investment"),
            year_to_date: figure(row, "year_to_date"),
            before: row
                .year_before
                .as_ref()
                .and_then(|measures| measures.get("year_to_date").copied()),
            year_on_year: row.year_on_year.map(Into::into),
        })
        .collect()
}

fn short_month(texts: &Texts, period: &str) -> String {
    let number = period.split('-').nth(1).unwrap_or(period);
    let number = number.trim_start_matches('0');
    texts.message(&Message::new("home.course_month").with("month", number))
}

impl Page for Home {
    const TEMPLATE: &'static str = "pages/home.html";

    fn samples() -> Vec<Self> {
        samples::all()
    }
}
