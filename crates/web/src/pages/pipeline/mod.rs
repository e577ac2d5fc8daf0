//! The pipeline at a glance: what stands in each stage, what moved, what has waited too long, and
//! what must start next. What one would get wrong: it shows the library as it is today, not the
//! year's list of a period. (滚动接续)

use axum::Router;
use axum::routing::get;
use gangmu_app::pipeline::{FlowView, PipelineView, StageView, ToStartView};
use gangmu_app::{Actor, App, AppError};
use serde::Serialize;
use serde_json::{Value as Json, json};

use super::common::{self, UnitChoice};
use crate::chart;
use crate::i18n::{Message, Texts};
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::{FunnelStage, Link, Query, Rate};

/// The pipeline of a unit.
#[derive(Clone, Debug, Serialize)]
pub struct PipelinePage {
    pub query: Query,
    pub unit: UnitChoice,
    pub as_of: String,
    pub from: String,
    pub spans: Vec<Link>,
    pub funnel: Vec<FunnelStage>,
    pub stages: Vec<Stage>,
    pub left: Vec<Stage>,
    pub flow: Vec<Flow>,
    pub flow_chart: Option<Json>,
    pub quarter_end: String,
    pub to_start: Vec<ToStart>,
    /// All that must start, though only the first are listed: how many, how many of them late, and
    /// what they cost.
    pub to_start_projects: i64,
    pub overdue: i64,
    pub to_start_total: i64,
    /// What the year's list asks to have started by then; none without new starts on it.
    pub target: Option<Target>,
}

/// New starts due by the end of the quarter, and what is missing of them.
#[derive(Clone, Debug, Serialize)]
pub struct Target {
    pub year: i16,
    pub due: i64,
    pub started: Rate,
    pub missing: i64,
    pub missing_plan: i64,
}

/// A stage with its figures.
#[derive(Clone, Debug, Serialize)]
pub struct Stage {
    pub stage: String,
    pub projects: i64,
    pub total_investment: i64,
    pub suspended: i64,
    pub half_year: i64,
    pub full_year: i64,
    pub href: String,
    pub suspended_href: String,
}

/// Projects that moved.
#[derive(Clone, Debug, Serialize)]
pub struct Flow {
    /// Empty when they were entered.
    pub from: String,
    pub to: String,
    pub projects: i64,
    pub total_investment: i64,
    /// Back instead of forward.
    pub back: bool,
}

/// A project that has to start.
#[derive(Clone, Debug, Serialize)]
pub struct ToStart {
    pub name: String,
    pub href: String,
    pub unit: String,
    pub stage: String,
    pub total_investment: i64,
    pub planned_start_on: String,
    pub overdue: bool,
}

/// The address of the page.
pub fn routes() -> Router<WebState> {
    Router::new().route("/pipeline", get(show))
}

async fn show(visit: Visit) -> Answer {
    let query = common::query("/pipeline", visit.here.params.clone());
    let page = PipelinePage::load(&visit.app, &visit.actor, visit.texts()?, query).await?;
    visit.page(&page).await
}

impl PipelinePage {
    /// Asks the app for the pipeline of the address.
    pub async fn load(
        app: &App,
        actor: &Actor,
        texts: &Texts,
        query: Query,
    ) -> Result<Self, AppError> {
        let from = match query.get("from") {
            Some(text) => Some(
                text.parse()
                    .map_err(|_| AppError::NotFound { what: "date" })?,
            ),
            None => None,
        };
        let view = app.pipeline_view(actor, query.get("unit"), from).await?;
        let unit = UnitChoice::load(app, actor, texts.lang(), &query).await?;
        let stage = |one: &StageView| stage(one, &unit.code);
        Ok(Self {
            funnel: view
                .stages
                .iter()
                .map(|one| FunnelStage {
                    stage: one.stage.to_owned(),
                    count: one.projects,
                    investment: one.total_investment,
                    href: stage(one).href,
                })
                .collect(),
            stages: view.stages.iter().map(stage).collect(),
            left: view.left.iter().map(stage).collect(),
            flow: view.flow.iter().map(flow).collect(),
            flow_chart: flow_chart(texts, &view),
            spans: spans(app, texts, &query),
            to_start: view
                .to_start
                .iter()
                .map(|one| to_start(texts, one))
                .collect(),
            to_start_projects: view.to_start_total.projects,
            overdue: view.to_start_total.overdue,
            to_start_total: view.to_start_total.total_investment,
            target: (view.target.due > 0).then_some(Target {
                year: view.target.year,
                due: view.target.due,
                started: Rate {
                    num: view.target.started,
                    den: view.target.due,
                },
                missing: view.target.missing,
                missing_plan: view.target.missing_plan,
            }),
            as_of: view.on,
            from: view.flow_from,
            quarter_end: view.quarter_end,
            unit,
            query,
        })
    }
}

fn stage(view: &StageView, unit: &str) -> Stage {
    let list = Query::new("/projects", &[("unit", unit), ("stage", view.stage)]);
    Stage {
        stage: view.stage.to_owned(),
        projects: view.projects,
        total_investment: view.total_investment,
        suspended: view.suspended,
        half_year: view.half_year,
        full_year: view.full_year,
        href: list.href(),
        suspended_href: list.with("suspended", "1").href(),
    }
}

/// Spans people ask for: this quarter's three months, half a year, a year.
fn spans(app: &App, texts: &Texts, query: &Query) -> Vec<Link> {
    use jiff::ToSpan as _;
    let today = app.today();
    [3_i32, 6, 12]
        .into_iter()
        .map(|months| {
            let from = today.checked_sub(months.months()).unwrap_or(today);
            let label = Message::new("pipeline.months").with("n", i64::from(months));
            Link::new(
                texts.message(&label),
                query.with("from", &from.to_string()).href(),
            )
        })
        .collect()
}

fn flow(view: &FlowView) -> Flow {
    use gangmu_app::domain::pipeline::Stage;
    let at = |word: &str| Stage::ALL.iter().position(|stage| stage.word() == word);
    Flow {
        from: view.from_stage.clone(),
        to: view.to_stage.clone(),
        projects: view.projects,
        total_investment: view.total_investment,
        back: at(&view.from_stage).is_some() && at(&view.to_stage) < at(&view.from_stage),
    }
}

/// Left the stages projects came from, right where they went: two sides, since a step back would
/// otherwise close a circle.
fn flow_chart(texts: &Texts, view: &PipelineView) -> Option<Json> {
    if view.flow.is_empty() {
        return None;
    }
    let word = |stage: &str| match stage {
        "" => texts.message(&Message::new("pipeline.entered")),
        stage => common::worded(texts, "stage.", stage),
    };
    let mut nodes: Vec<String> = Vec::new();
    let mut links = Vec::new();
    for one in &view.flow {
        // The invisible space tells the two sides apart.
        let (from, to) = (
            word(&one.from_stage),
            format!("{}\u{200b}", word(&one.to_stage)),
        );
        for name in [&from, &to] {
            if !nodes.contains(name) {
                nodes.push(name.clone());
            }
        }
        links.push(json!({ "source": from, "target": to, "value": one.projects }));
    }
    let unit = texts.message(&Message::new("unit.projects"));
    Some(chart::flow(&unit, &nodes, links))
}

fn to_start(texts: &Texts, view: &ToStartView) -> ToStart {
    ToStart {
        name: view.name.clone(),
        href: format!("/projects/{}", view.project_id),
        unit: common::unit_name(texts.lang(), &view.unit),
        stage: view.stage.clone(),
        total_investment: view.total_investment,
        planned_start_on: view.planned_start_on.clone(),
        overdue: view.overdue,
    }
}

impl Page for PipelinePage {
    const TEMPLATE: &'static str = "pages/pipeline.html";

    fn samples() -> Vec<Self> {
        const YI: i64 = 100_000_000;
        let stage = Stage {
            stage: "reserve".into(),
            projects: 2184,
            total_investment: 30_150 * YI,
            suspended: 12,
            half_year: 310,
            full_year: 44,
            href: "/projects?stage=reserve".into(),
            suspended_href: "/projects?stage=reserve&suspended=1".into(),
        };
        let full = Self {
            query: Query::new("/pipeline", &[("unit", "150500")]),
            unit: UnitChoice {
                code: "150500".into(),
                name: "通辽".into(),
                trail: vec![Link::new("内蒙古", "/pipeline")],
                choices: Vec::new(),
                has_children: true,
                mapped: false,
            },
            as_of: "2025-12-03".into(),
            from: "2025-09-03".into(),
            spans: vec![Link::new("近 3 个月", "/pipeline?from=2025-09-03")],
            funnel: vec![FunnelStage {
                stage: "reserve".into(),
                count: 2184,
                investment: 30_150 * YI,
                href: "/projects?stage=reserve".into(),
            }],
            left: vec![Stage {
                stage: "merged".into(),
                ..stage.clone()
            }],
            stages: vec![stage],
            flow: vec![
                Flow {
                    from: String::new(),
                    to: "concept".into(),
                    projects: 31,
                    total_investment: 210 * YI,
                    back: false,
                },
                Flow {
                    from: "preparation".into(),
                    to: "reserve".into(),
                    projects: 1,
                    total_investment: YI,
                    back: true,
                },
            ],
            flow_chart: Some(chart::flow(
                "个",
                &["储备".into(), "前期\u{200b}".into()],
                vec![json!({ "source": "储备", "target": "前期\u{200b}", "value": 3 })],
            )),
            quarter_end: "2026-03-31".into(),
            to_start: vec![ToStart {
                name: "低碳产业园".into(),
                href: "/projects/9".into(),
                unit: "科尔沁区".into(),
                stage: "preparation".into(),
                total_investment: 12 * YI,
                planned_start_on: "2025-11-01".into(),
                overdue: true,
            }],
            to_start_projects: 1,
            overdue: 1,
            to_start_total: 12 * YI,
            target: Some(Target {
                year: 2026,
                due: 140,
                started: Rate { num: 118, den: 140 },
                missing: 22,
                missing_plan: 35 * YI,
            }),
        };
        let empty = Self {
            flow: Vec::new(),
            flow_chart: None,
            to_start: Vec::new(),
            left: Vec::new(),
            to_start_projects: 0,
            overdue: 0,
            to_start_total: 0,
            target: None,
            ..full.clone()
        };
        vec![full, empty]
    }
}
