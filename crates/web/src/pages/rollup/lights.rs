//! The history of lights: a unit's own, month by month with reasons, and those of what it is broken
//! down by. What one would get wrong: a closed month is lit by what was published and by the rules
//! of its day, not by today's. (亮灯历史)

use gangmu_app::metrics::{LightHistory, LightLine, LightView, MonthLit};
use gangmu_app::{Actor, App, AppError};
use serde::Serialize;

use super::{asked, periods, tabs};
use crate::i18n::Texts;
use crate::pages::common::{self, LightMark, UnitChoice};
use crate::pages::rollup::rows;
use crate::render::Page;
use crate::server::{Answer, Visit};
use crate::view::{Choice, Light, Link, Query, Rate};

/// The history of a unit's lights.
#[derive(Clone, Debug, Serialize)]
pub struct LightsPage {
    pub query: Query,
    pub unit: UnitChoice,
    /// The newest month shown.
    pub period: String,
    pub periods: Vec<Choice>,
    pub by: String,
    pub tabs: Vec<Link>,
    /// The unit's own months, newest first.
    pub own: Vec<Month>,
    /// The heads of the table below, oldest first.
    pub heads: Vec<String>,
    pub rows: Vec<Line>,
    /// Whether the rules of any month look at monthly targets.
    pub targets: bool,
}

/// One of the unit's own months.
#[derive(Clone, Debug, Serialize)]
pub struct Month {
    pub period: String,
    /// The roll-up of the month.
    pub href: String,
    pub closed: bool,
    pub completion: Rate,
    pub progress: LightMark,
    pub target: Option<LightMark>,
    pub corrected: Option<LightMark>,
    pub policy: String,
}

/// The lights of one row.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub name: String,
    /// The history of a unit below; empty where there is none.
    pub drill: String,
    pub months: Vec<Option<LightMark>>,
}

pub(super) async fn show(visit: Visit) -> Answer {
    let query = common::query("/rollup/lights", visit.here.params.clone());
    let page = LightsPage::load(&visit.app, &visit.actor, visit.texts()?, query).await?;
    visit.page(&page).await
}

impl LightsPage {
    async fn load(app: &App, actor: &Actor, texts: &Texts, query: Query) -> Result<Self, AppError> {
        let asked = asked(&query)?;
        let unit = UnitChoice::load(app, actor, texts.lang(), &query).await?;
        let history = app.light_history(actor, &asked.query).await?;
        let newest = history.months.last();
        let own = own(texts, &history, &query);
        Ok(Self {
            period: newest.map(|month| month.period.clone()).unwrap_or_default(),
            periods: periods(app, texts).await?,
            by: asked.by.word().to_owned(),
            tabs: tabs(texts, &query),
            targets: own.iter().any(|month| month.target.is_some()),
            own,
            heads: history.months.iter().map(|m| m.period.clone()).collect(),
            rows: history
                .rows
                .iter()
                .map(|line| row(texts, &history, line, &query))
                .collect(),
            unit,
            query,
        })
    }
}

/// The unit's own months, newest first.
fn own(texts: &Texts, history: &LightHistory, query: &Query) -> Vec<Month> {
    let months = history.months.iter().zip(&history.total.months).rev();
    let rollup = Query {
        path: "/rollup".into(),
        params: query.params.clone(),
    };
    let month = |(month, lit): (&gangmu_app::metrics::LightMonth, &Option<MonthLit>)| {
        let lit = lit.as_ref()?;
        let mark = |light: &LightView| common::light_mark(texts, light);
        Some(Month {
            period: month.period.clone(),
            href: rollup.with("period", &month.period).href(),
            closed: month.state == "closed",
            completion: lit.completion.into(),
            progress: common::light_mark_without(texts, &lit.progress, lit.excused),
            target: lit.target.as_ref().map(|light| target(texts, light)),
            corrected: lit.corrected.as_ref().map(mark),
            policy: common::name(texts.lang(), &month.policy, &month.policy_en),
        })
    };
    months.filter_map(month).collect()
}

/// A light of monthly targets counts months missed, not months late.
fn target(texts: &Texts, light: &LightView) -> LightMark {
    common::light_mark_as(texts, light, "target")
}

fn row(texts: &Texts, history: &LightHistory, line: &LightLine, query: &Query) -> Line {
    let own = line.key == history.unit.code;
    let drills = history.by == "unit" && !own && !line.key.is_empty();
    Line {
        name: rows::named(texts, history.by, &history.unit, line),
        drill: if drills {
            query.with("unit", &line.key).href()
        } else {
            String::new()
        },
        months: line
            .months
            .iter()
            .map(|lit| {
                lit.as_ref()
                    .map(|lit| common::light_mark_without(texts, &lit.progress, lit.excused))
            })
            .collect(),
    }
}

impl Page for LightsPage {
    const TEMPLATE: &'static str = "pages/lights.html";

    fn samples() -> Vec<Self> {
        let mark = |light, reason: &str| LightMark {
            light,
            reason: reason.into(),
        };
        let yellow = mark(Light::Yellow, "完成率与序时进度差 -12.30 个百分点");
        let green = mark(Light::Green, "完成率与序时进度差 1.20 个百分点");
        let month = |period: &str, closed, progress: &LightMark| Month {
            period: period.into(),
            href: format!("/rollup?period={period}"),
            closed,
            completion: Rate { num: 66, den: 100 },
            progress: progress.clone(),
            target: Some(mark(Light::Red, "连续 2 个月未达月度目标")),
            corrected: closed.then(|| green.clone()),
            policy: "银川 2025".into(),
        };
        let full = Self {
            query: Query::new("/rollup/lights", &[("unit", "150500")]),
            unit: UnitChoice {
                code: "150500".into(),
                name: "通辽".into(),
                trail: vec![Link::new("内蒙古", "/rollup/lights")],
                choices: vec![Choice::new("150500", "通辽")],
                has_children: true,
                mapped: false,
            },
            period: "2025-12".into(),
            periods: vec![Choice::new("2025-12", "2025年12月 · 填报中")],
            by: "unit".into(),
            tabs: vec![Link::new("按地区", "/rollup/lights?unit=150500")],
            own: vec![
                month("2025-12", false, &yellow),
                month("2025-11", true, &green),
            ],
            heads: vec!["2025-11".into(), "2025-12".into()],
            rows: vec![Line {
                name: "科尔沁区".into(),
                drill: "/rollup/lights?unit=150502".into(),
                months: vec![None, Some(yellow)],
            }],
            targets: true,
        };
        let empty = Self {
            own: Vec::new(),
            heads: Vec::new(),
            rows: Vec::new(),
            period: String::new(),
            periods: Vec::new(),
            targets: false,
            ..full.clone()
        };
        vec![full, empty]
    }
}
