//! The project list: what stands behind every figure of a dashboard, and the way to any project.
//! What one would get wrong: with `on_list=1` it holds the projects of a period as they stood
//! then, without it the library as it is today. (项目库)

pub mod form;
pub mod form_page;
mod samples;

use axum::Router;
use axum::routing::get;
use gangmu_app::domain::organisation::{Action, UnitPath};
use gangmu_app::library::{ListPage, ListRowView};
use gangmu_app::{Actor, App, AppError, Reference};
use serde::Serialize;

use super::common::{self, LightMark, UnitChoice};
use super::imports::workbook;
use super::rollup;
use crate::i18n::{Message, Texts};
use crate::list_query;
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::{Choice, Link, Pager, Query, Rate};

/// A page of the list with its filters and totals.
#[derive(Clone, Debug, Serialize)]
pub struct Projects {
    pub query: Query,
    pub unit: UnitChoice,
    pub filters: Filters,
    pub chips: Vec<Chip>,
    pub on_list: bool,
    pub period: String,
    pub as_of: String,
    pub time: Rate,
    pub rows: Vec<Row>,
    pub totals: Totals,
    pub pager: Pager,
    pub tabs: Vec<Link>,
    pub export: String,
    pub may_create: bool,
    pub may_import: bool,
}

/// The choices of the filter bar.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Filters {
    pub periods: Vec<Choice>,
    pub stages: Vec<Choice>,
    pub categories: Vec<Choice>,
    pub industries: Vec<Choice>,
    /// Headings of the report grouping, named by chips only.
    pub groups: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub investors: Vec<Choice>,
    pub lights: Vec<Choice>,
    pub statuses: Vec<Choice>,
    pub facets: Vec<Choice>,
}

/// A filter in force that can be taken away.
#[derive(Clone, Debug, Serialize)]
pub struct Chip {
    pub name: String,
    pub label: String,
}

/// What all rows of all pages come to.
#[derive(Clone, Debug, Serialize)]
pub struct Totals {
    pub projects: i64,
    pub total_investment: i64,
    pub annual_plan: i64,
    pub month_investment: i64,
    pub year_to_date: i64,
    pub completion: Rate,
}

/// One project.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub code: String,
    pub owner: String,
    pub unit: String,
    pub industry: String,
    pub stage: String,
    pub suspended: bool,
    pub category: Option<String>,
    pub total_investment: i64,
    pub annual_plan: Option<i64>,
    pub month_investment: Option<i64>,
    pub year_to_date: Option<i64>,
    pub completion: Rate,
    pub light: LightMark,
    pub status: Option<String>,
    pub completeness: i64,
    pub matters: Rate,
}

/// The addresses of the list.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/projects", get(list))
        .route("/projects/export", get(export))
        .merge(form_page::routes())
}

async fn list(visit: Visit) -> Answer {
    let query = common::query("/projects", visit.here.params.clone());
    let page = Projects::load(&visit.app, &visit.actor, visit.texts()?, query).await?;
    visit.page(&page).await
}

async fn export(visit: Visit) -> Answer {
    let query = common::query("/projects", visit.here.params.clone());
    let reference = visit.app.reference().await?;
    let wanted = list_query::read(&reference, &query.params)?;
    let made = visit.app.export_projects(&visit.actor, &wanted).await?;
    Ok(workbook(&made.name, made.bytes))
}

impl Projects {
    /// Asks the app for the rows the address names.
    pub async fn load(
        app: &App,
        actor: &Actor,
        texts: &Texts,
        query: Query,
    ) -> Result<Self, AppError> {
        let reference = app.reference().await?;
        let wanted = list_query::read(&reference, &query.params)?;
        let list = app.project_list(actor, &wanted).await?;
        let period: gangmu_app::domain::Period = list
            .period
            .parse()
            .map_err(|_| AppError::NotFound { what: "period" })?;
        let asked = query
            .get("unit")
            .and_then(|code| reference.unit_by_code(code));
        let place = asked.map_or_else(|| actor.unit(), |unit| unit.path.clone());
        let filters = filters(app, texts, (&reference, &place)).await?;
        let export = Query {
            path: "/projects/export".into(),
            params: query.params.clone(),
        };
        Ok(Self {
            unit: UnitChoice::load(app, actor, texts.lang(), &query).await?,
            chips: chips(texts, &filters, &query),
            on_list: wanted.on_list,
            as_of: rollup::as_of(&list.period),
            time: Rate {
                num: i64::from(period.month()),
                den: 12,
            },
            rows: list.rows.iter().map(|row| self::row(texts, row)).collect(),
            totals: totals(&list),
            pager: pager(&list, wanted.per_page, &query),
            tabs: tabs(texts, &query),
            export: export.href(),
            may_create: actor.may(Action::EditProject),
            may_import: actor.may(Action::Import),
            period: list.period,
            filters,
            query,
        })
    }
}

/// The library as it is, or the year's list as it stood.
fn tabs(texts: &Texts, query: &Query) -> Vec<Link> {
    [("projects.library", ""), ("projects.on_list", "1")]
        .into_iter()
        .map(|(key, value)| {
            Link::new(
                texts.message(&Message::new(key)),
                query.with("on_list", value).href(),
            )
        })
        .collect()
}

fn row(texts: &Texts, view: &ListRowView) -> Row {
    let row = &view.row;
    Row {
        href: format!("/projects/{}", row.project_id),
        name: row.name.clone(),
        code: row.code.clone().unwrap_or_default(),
        owner: row.owner.clone(),
        unit: common::unit_name(texts.lang(), &view.unit),
        industry: view.industry_name.clone().unwrap_or_default(),
        stage: row.stage.clone(),
        suspended: row.suspended,
        category: row.category.clone(),
        total_investment: row.total_investment,
        annual_plan: row.annual_plan,
        month_investment: row.month_investment,
        year_to_date: row.year_to_date,
        completion: view.completion.into(),
        light: common::light_mark(texts, &view.light),
        status: row.status.clone(),
        completeness: row.completeness,
        matters: view.matters.into(),
    }
}

fn totals(list: &ListPage) -> Totals {
    Totals {
        projects: list.projects,
        total_investment: list.total_investment,
        annual_plan: list.annual_plan,
        month_investment: list.month_investment,
        year_to_date: list.year_to_date,
        completion: list.completion.into(),
    }
}

fn pager(list: &ListPage, per_page: i64, query: &Query) -> Pager {
    let before = (list.page - 1).saturating_mul(per_page);
    let rows = i64::try_from(list.rows.len()).unwrap_or_default();
    let at = |page: i64| {
        let mut query = query.with("page", "");
        query.params.push(("page".into(), page.to_string()));
        query.href()
    };
    Pager {
        total: list.projects,
        first: if rows == 0 { 0 } else { before + 1 },
        last: before + rows,
        previous: (list.page > 1).then(|| at(list.page - 1)),
        next: (list.page < list.pages).then(|| at(list.page + 1)),
    }
}

async fn filters(
    app: &App,
    texts: &Texts,
    (reference, own): (&Reference, &UnitPath),
) -> Result<Filters, AppError> {
    let lang = texts.lang();
    let words = |prefix: &str, words: &[&str]| -> Vec<Choice> {
        words
            .iter()
            .map(|word| Choice::new(*word, common::worded(texts, prefix, word)))
            .collect()
    };
    let none = || Choice::new("none", texts.message(&Message::new("rollup.unassigned")));
    let departments = reference
        .departments_at(own)
        .into_iter()
        .map(|d| Choice::new(d.code, common::name(lang, &d.short_name, &d.name_en)));
    let industries = reference.industries.iter().map(|i| {
        let name = common::name(lang, &i.name, &i.name_en);
        Choice::new(i.code.clone(), format!("{} {name}", i.code))
    });
    let grouping = reference.groupings.first();
    let headings = grouping.iter().flat_map(|one| &one.groups);
    let headings = headings.map(|group| {
        let name = common::name(lang, &group.name, &group.name_en);
        Choice::new(group.code.clone(), name)
    });
    Ok(Filters {
        periods: rollup::periods(app, texts).await?,
        stages: words("stage.", list_query::STAGES),
        categories: words("category.", list_query::CATEGORIES),
        investors: words("investor.", list_query::INVESTORS),
        lights: words("light.", list_query::LIGHTS),
        statuses: words("return.status.", list_query::STATUSES),
        facets: words("facet.", list_query::FACETS),
        industries: industries.chain([none()]).collect(),
        groups: headings.collect(),
        departments: departments.chain([none()]).collect(),
    })
}

/// Names the filters in force that the bar itself may hide.
fn chips(texts: &Texts, filters: &Filters, query: &Query) -> Vec<Chip> {
    let mut chips = Vec::new();
    let lists = [
        ("stage", &filters.stages),
        ("category", &filters.categories),
        ("industry", &filters.industries),
        ("group", &filters.groups),
        ("department", &filters.departments),
        ("investor", &filters.investors),
        ("light", &filters.lights),
        ("status", &filters.statuses),
        ("facet", &filters.facets),
    ];
    for (name, choices) in lists {
        let Some(value) = query.get(name) else {
            continue;
        };
        let label = choices
            .iter()
            .find(|choice| choice.value == value)
            .map_or_else(|| value.to_owned(), |choice| choice.label.clone());
        chips.push(Chip {
            name: name.to_owned(),
            label,
        });
    }
    for (name, key) in [
        ("own", "projects.own_only"),
        ("suspended", "projects.suspended_only"),
        ("troubled", "projects.troubled_only"),
    ] {
        if query.get(name).is_some() {
            chips.push(Chip {
                name: name.to_owned(),
                label: texts.message(&Message::new(key)),
            });
        }
    }
    if let Some(text) = query.get("q") {
        chips.push(Chip {
            name: "q".to_owned(),
            label: text.to_owned(),
        });
    }
    chips
}

impl Page for Projects {
    const TEMPLATE: &'static str = "pages/projects.html";

    fn samples() -> Vec<Self> {
        samples::all()
    }
}
