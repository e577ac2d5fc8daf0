//! The roll-up table: any cut of a unit, all rates, ranking and lights. What one would get wrong:
//! the published edition is what the papers printed, the current one holds later corrections.
//! (汇总分析)

pub mod lights;
pub mod rows;

use axum::Router;
use axum::routing::get;
use gangmu_app::domain::Period;
use gangmu_app::domain::metrics::{Edition, Light as DomainLight};
use gangmu_app::metrics::{By, Rollup, RollupQuery};
use gangmu_app::{Actor, App, AppError};
use serde::Serialize;

use super::common::{self, FigureRow, LightMark, UnitChoice};
use super::imports::workbook;
use super::winter::Quarter;
use crate::i18n::Texts;
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::{Choice, Light, Link, Query, Rate};

/// The table with its choices.
#[derive(Clone, Debug, Serialize)]
pub struct RollupPage {
    pub query: Query,
    pub unit: UnitChoice,
    pub period: String,
    pub periods: Vec<Choice>,
    pub as_of: String,
    pub by: String,
    pub tabs: Vec<Link>,
    pub edition: String,
    pub time: Rate,
    pub total: FigureRow,
    pub rows: Vec<FigureRow>,
    /// What the winter adds to the first quarter, in its months and by unit.
    pub quarter: Option<Quarter>,
    pub rules: Vec<Rule>,
    pub policy: String,
    pub source: String,
    pub export: String,
    /// The history of these lights.
    pub history: String,
}

/// One range of the light rule in use.
#[derive(Clone, Debug, Serialize)]
pub struct Rule {
    pub mark: LightMark,
}

/// The address of the table.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/rollup", get(show))
        .route("/rollup/lights", get(lights::show))
        .route("/rollup/export", get(export))
}

async fn show(visit: Visit) -> Answer {
    let query = common::query("/rollup", visit.here.params.clone());
    let page = RollupPage::load(&visit.app, &visit.actor, visit.texts()?, query).await?;
    visit.page(&page).await
}

async fn export(visit: Visit) -> Answer {
    let query = common::query("/rollup", visit.here.params.clone());
    let asked = asked(&query)?;
    let made = visit.app.export_rollup(&visit.actor, &asked.query).await?;
    Ok(workbook(&made.name, made.bytes))
}

/// What a roll-up page is asked for by its address.
pub struct Asked {
    pub by: By,
    pub edition: Edition,
    pub query: RollupQuery,
}

/// Reads period, unit, breakdown and edition; unknown words are refused.
pub fn asked(query: &Query) -> Result<Asked, AppError> {
    let by = match query.get("by") {
        None => By::Unit,
        Some(word) => By::from_word(word).ok_or(AppError::NotFound { what: "breakdown" })?,
    };
    let edition = match query.get("edition") {
        None => Edition::Current,
        Some(word) => Edition::from_word(word).ok_or(AppError::NotFound { what: "edition" })?,
    };
    Ok(Asked {
        by,
        edition,
        query: RollupQuery {
            period: common::period(query)?,
            unit: query.get("unit").map(ToOwned::to_owned),
            by,
            edition,
        },
    })
}

/// The breakdowns as tabs of the same address.
pub fn tabs(texts: &Texts, query: &Query) -> Vec<Link> {
    By::ALL
        .iter()
        .map(|by| {
            let label = texts.message(&common::keyed("rollup.by.", by.word()));
            let word = if *by == By::Unit { "" } else { by.word() };
            Link::new(label, query.with("by", word).href())
        })
        .collect()
}

/// All periods, newest first, as choices.
pub async fn periods(app: &App, texts: &Texts) -> Result<Vec<Choice>, AppError> {
    let list = app.period_list().await?;
    Ok(list
        .into_iter()
        .map(|one| {
            let month = crate::dates::month_of(&one.period, texts.lang());
            let state = texts.message(&common::keyed("period.state.", one.state));
            Choice::new(one.period, format!("{month} · {state}"))
        })
        .collect())
}

/// The last day of a period: the day its figures were true.
pub fn as_of(period: &str) -> String {
    period
        .parse::<gangmu_app::domain::Period>()
        .map_or_else(|_| period.to_owned(), |p| p.last_day().to_string())
}

impl RollupPage {
    /// Asks the app for the table the address names.
    pub async fn load(
        app: &App,
        actor: &Actor,
        texts: &Texts,
        query: Query,
    ) -> Result<Self, AppError> {
        let asked = asked(&query)?;
        let unit = UnitChoice::load(app, actor, texts.lang(), &query).await?;
        let rollup = app.rollup(actor, &asked.query).await?;
        let reference = app.reference().await?;
        let mut rows = rows::rows(texts, &rollup, &query);
        sort(&mut rows, query.get("sort").unwrap_or_default());
        let policy = reference.light_in(period(&rollup)?);
        let at = |path: &str| Query {
            path: path.into(),
            params: query.params.clone(),
        };
        let (export, history) = (at("/rollup/export"), at("/rollup/lights"));
        let quarter = match asked.by {
            By::Unit => {
                let unit = Some(rollup.unit.code.as_str());
                Quarter::of_month(app, actor, period(&rollup)?, unit).await?
            }
            _ => None,
        };
        Ok(Self {
            quarter,
            tabs: tabs(texts, &query),
            periods: periods(app, texts).await?,
            as_of: as_of(&rollup.period),
            by: asked.by.word().to_owned(),
            edition: asked.edition.word().to_owned(),
            time: rollup.time_progress.into(),
            total: rows::total(texts, &rollup),
            rows,
            rules: rules(texts, policy),
            policy: common::name(texts.lang(), &policy.name, &policy.name_en),
            source: policy.source.clone(),
            period: rollup.period.clone(),
            export: export.with("period", &rollup.period).href(),
            history: history.with("edition", "").with("sort", "").href(),
            unit,
            query,
        })
    }
}

/// The month of a roll-up.
fn period(rollup: &Rollup) -> Result<Period, AppError> {
    let month = rollup.period.parse();
    month.map_err(|_| AppError::NotFound { what: "period" })
}

/// The ranges of the rule for progress, for the legend under the table.
fn rules(texts: &Texts, policy: &gangmu_app::domain::metrics::LightPolicy) -> Vec<Rule> {
    DomainLight::ALL
        .iter()
        .filter_map(|light| policy.progress_range(*light).map(|found| (*light, found)))
        .map(|(light, range)| Rule {
            mark: LightMark {
                light: common::light_of(light.word()),
                reason: common::band_words(
                    texts,
                    range.basis.word(),
                    range.band.from,
                    range.band.below,
                ),
            },
        })
        .collect()
}

/// Sorts by the column an address names; the official order without one. Rows without a value
/// come last either way.
pub fn sort(rows: &mut [FigureRow], word: &str) {
    let (column, descending) = match word.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (word, false),
    };
    let key = |row: &FigureRow| -> Option<i128> {
        let rate = |rate: Rate| {
            crate::number::round_div(i128::from(rate.num) * 1_000_000, i128::from(rate.den))
        };
        match column {
            "completion" => rate(row.completion),
            "at_work" => rate(row.at_work),
            "started" => rate(row.started),
            "completed" => rate(row.completed),
            "reported" => rate(row.reported),
            "funds" => rate(row.funds),
            "matters" => rate(row.matters),
            "matters_through" => rate(row.matters_through),
            "plan_to_date" => rate(row.plan_to_date),
            "year_on_year" => row.year_on_year.and_then(rate),
            "gap" => row.gap.map(i128::from),
            "last_year" => {
                let before = row.before.as_ref()?.get("year_to_date");
                before.map(|n| i128::from(*n))
            }
            other => row.measures.get(other).map(|n| i128::from(*n)),
        }
    };
    if column == "name" {
        rows.sort_by(|a, b| a.name.cmp(&b.name));
        if descending {
            rows.reverse();
        }
    } else if !column.is_empty() {
        rows.sort_by_key(|row| match key(row) {
            Some(value) => (false, if descending { -value } else { value }),
            None => (true, 0),
        });
    }
}

impl Page for RollupPage {
    const TEMPLATE: &'static str = "pages/rollup.html";

    fn samples() -> Vec<Self> {
        const WAN: i64 = 10_000;
        let full = Self {
            query: Query::new("/rollup", &[("period", "2025-11"), ("sort", "-completion")]),
            unit: UnitChoice {
                code: "150500".into(),
                name: "通辽".into(),
                trail: vec![Link::new("内蒙古", "/rollup")],
                choices: vec![Choice::new("150500", "通辽")],
                has_children: true,
                mapped: false,
            },
            period: "2025-11".into(),
            periods: vec![Choice::new("2025-11", "2025年11月 · 已关闭")],
            as_of: "2025-11-30".into(),
            by: "unit".into(),
            tabs: vec![
                Link::new("按地区", "/rollup?period=2025-11"),
                Link::new("按部门", "/rollup?period=2025-11&by=department"),
            ],
            edition: "current".into(),
            time: Rate { num: 11, den: 12 },
            total: FigureRow::sample("通辽", 388, 8_950_000 * WAN, 8_412_305 * WAN),
            rows: vec![
                FigureRow::sample("科尔沁区", 120, 3_100_000 * WAN, 2_612_305 * WAN),
                FigureRow::sample("通辽（本级）", 2, 0, 0),
            ],
            quarter: super::winter::sample_quarter(),
            rules: vec![Rule {
                mark: LightMark {
                    light: Light::Red,
                    reason: "< -30.00 个百分点".into(),
                },
            }],
            policy: "银川 2025".into(),
            source: "公开规则".into(),
            export: "/rollup/export?period=2025-11".into(),
            history: "/rollup/lights?period=2025-11".into(),
        };
        vec![
            full.clone(),
            Self {
                rows: Vec::new(),
                edition: "published".into(),
                by: "industry".into(),
                rules: Vec::new(),
                ..full
            },
        ]
    }
}
