//! What several pages make of the app's views: names in the reader's language, the choice of
//! units, rows of figures, lights with their reasons, refusals as messages beside fields.

use std::collections::BTreeMap;

use axum::http::StatusCode;
use gangmu_app::domain::Period;
use gangmu_app::domain::metrics::Measure;
use gangmu_app::library::UnitView;
use gangmu_app::metrics::{LightView, RatioView, RollupRow};
use gangmu_app::organisation::UnitNode;
use gangmu_app::{Actor, App, AppError};
use serde::Serialize;

use crate::i18n::{Lang, Message, Texts};
use crate::number;
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{Choice, FieldError, Light, Link, Query, Rate};

/// The state of a list from its address; parameters left empty by a form are dropped.
pub fn query(path: &str, params: Vec<(String, String)>) -> Query {
    Query {
        path: path.to_owned(),
        params: params
            .into_iter()
            .filter(|(_, value)| !value.trim().is_empty())
            .collect(),
    }
}

/// The period an address names; a word that is none is refused, not ignored.
pub fn period(query: &Query) -> Result<Option<Period>, AppError> {
    query
        .get("period")
        .map(|text| {
            text.parse()
                .map_err(|_| AppError::NotFound { what: "period" })
        })
        .transpose()
}

impl From<RatioView> for Rate {
    fn from(ratio: RatioView) -> Self {
        Self {
            num: ratio.num,
            den: ratio.den,
        }
    }
}

/// The name in the reader's language, else the Chinese one.
pub fn name(lang: Lang, zh: &str, en: &str) -> String {
    match lang {
        Lang::En if !en.is_empty() => en.to_owned(),
        _ => zh.to_owned(),
    }
}

/// A unit's name in the reader's language.
pub fn unit_name(lang: Lang, unit: &UnitView) -> String {
    name(lang, &unit.name, &unit.name_en)
}

/// A text that an administrator may have added to: the key's words, else the word itself.
pub fn worded(texts: &Texts, prefix: &str, word: &str) -> String {
    let key = format!("{prefix}{word}");
    if texts.has(&key) {
        texts.message(&Message::new(key))
    } else {
        word.to_owned()
    }
}

/// The text of a word under a prefix; the prefix stands apart so that texts can be told to be used.
pub fn keyed(prefix: &str, word: &str) -> Message {
    Message::new(format!("{prefix}{word}"))
}

/// The unit looked into, the way down to it, and where one can go from it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct UnitChoice {
    pub code: String,
    pub name: String,
    /// The units above, from the top of what the person may see.
    pub trail: Vec<Link>,
    /// All units that may be looked into, indented by level.
    pub choices: Vec<Choice>,
    /// Whether there are units below.
    pub has_children: bool,
    /// Whether the leagues' map shows the units below.
    pub mapped: bool,
}

impl UnitChoice {
    /// Reads the tree the person may look into; links lead to `query` with another unit.
    pub async fn load(
        app: &App,
        actor: &Actor,
        lang: Lang,
        query: &Query,
    ) -> Result<Self, AppError> {
        let tree = app.unit_tree(actor).await?;
        let wanted = query.get("unit").unwrap_or(&tree.unit.code).to_owned();
        let mut choice = Self::default();
        list_units(&tree, lang, 0, &mut choice.choices);
        let mut way = Vec::new();
        if !find(&tree, &wanted, &mut way) {
            return Err(AppError::NotFound { what: "unit" });
        }
        let Some((here, above)) = way.split_last() else {
            return Err(AppError::NotFound { what: "unit" });
        };
        choice.code.clone_from(&here.unit.code);
        choice.name = unit_name(lang, &here.unit);
        choice.has_children = !here.children.is_empty();
        choice.mapped = here.unit.code == MAPPED_REGION;
        choice.trail = above
            .iter()
            .map(|node| {
                let code = if node.unit.code == tree.unit.code {
                    ""
                } else {
                    &node.unit.code
                };
                Link::new(
                    unit_name(lang, &node.unit),
                    query.with("unit", code).with("own", "").href(),
                )
            })
            .collect();
        Ok(choice)
    }
}

/// The one region whose map ships.
pub const MAPPED_REGION: &str = "150000";

fn list_units(node: &UnitNode, lang: Lang, depth: usize, into: &mut Vec<Choice>) {
    let label = format!("{}{}", "　".repeat(depth), unit_name(lang, &node.unit));
    into.push(Choice::new(node.unit.code.clone(), label));
    for child in &node.children {
        list_units(child, lang, depth + 1, into);
    }
}

fn find<'a>(node: &'a UnitNode, code: &str, way: &mut Vec<&'a UnitNode>) -> bool {
    way.push(node);
    if node.unit.code == code || node.children.iter().any(|child| find(child, code, way)) {
        return true;
    }
    way.pop();
    false
}

/// A light with the rule that lit it, in words.
#[derive(Clone, Debug, Serialize)]
pub struct LightMark {
    pub light: Light,
    pub reason: String,
}

/// Words a light: what was measured, what came out, and the range that it fell into.
pub fn light_mark(texts: &Texts, view: &LightView) -> LightMark {
    light_mark_as(texts, view, view.basis)
}

/// The same, told by the words of another reason than the basis itself.
pub fn light_mark_as(texts: &Texts, view: &LightView, reason: &str) -> LightMark {
    let light = light_of(view.light);
    let Some(value) = view.value else {
        let nothing = Message::new("light.reason.nothing");
        return LightMark {
            light,
            reason: texts.message(&nothing),
        };
    };
    let reason = keyed("light.reason.", reason)
        .with("value", amount(texts, view.basis, value))
        .with("band", band_words(texts, view.basis, view.from, view.below));
    let mut reason = texts.message(&reason);
    if view.excused {
        reason = texts.message(&Message::new("light.excused").with("reason", reason));
    }
    LightMark { light, reason }
}

/// Words a unit's light, which leaves out so many projects that are late for a proper reason.
pub fn light_mark_without(texts: &Texts, view: &LightView, excused: i64) -> LightMark {
    let mut mark = light_mark(texts, view);
    if excused > 0 {
        let without = Message::new("light.without_excused").with("n", excused);
        mark.reason = format!("{} {}", mark.reason, texts.message(&without));
    }
    mark
}

/// Words the range of values that gives a light.
pub fn band_words(texts: &Texts, basis: &str, from: Option<i64>, below: Option<i64>) -> String {
    let shown = |value| amount(texts, basis, value);
    // A bound that a rule states as "up to" is stored one step above.
    let upper = |bound: i64| {
        if counts_months(basis) || bound.rem_euclid(100) == 1 {
            format!("≤ {}", shown(bound - 1))
        } else {
            format!("< {}", shown(bound))
        }
    };
    match (from, below) {
        (Some(from), Some(to)) => format!("≥ {} · {}", shown(from), upper(to)),
        (Some(from), None) => format!("≥ {}", shown(from)),
        (None, Some(to)) => upper(to),
        (None, None) => texts.message(&Message::new("light.reason.no_band")),
    }
}

/// Whether values of a basis are whole months; all others are hundredths of a percent or point.
fn counts_months(basis: &str) -> bool {
    basis == "months_late"
}

/// Prints a value with the unit of its basis.
fn amount(texts: &Texts, basis: &str, value: i64) -> String {
    let unit = texts.message(&keyed("light.unit.", basis));
    let decimals = if counts_months(basis) { 0 } else { 2 };
    format!("{}{unit}", number::grouped(i128::from(value), decimals))
}

/// The light behind a word; unknown words count as undefined.
pub fn light_of(word: &str) -> Light {
    match word {
        "green" => Light::Green,
        "yellow" => Light::Yellow,
        "red" => Light::Red,
        "ahead" => Light::Ahead,
        _ => Light::Undefined,
    }
}

/// A row of figures as tables and tiles print it.
#[derive(Clone, Debug, Serialize)]
pub struct FigureRow {
    pub key: String,
    pub name: String,
    /// One step down, for units; empty where there is none.
    pub drill: String,
    /// The projects behind the row.
    pub rows: String,
    pub rank: Option<usize>,
    pub measures: BTreeMap<String, i64>,
    pub completion: Rate,
    /// Hundredths of a point.
    pub gap: Option<i64>,
    pub at_work: Rate,
    pub started: Rate,
    pub started_due: Rate,
    pub plan_to_date: Rate,
    pub completed: Rate,
    pub funds: Rate,
    pub reported: Rate,
    pub matters: Rate,
    pub matters_through: Rate,
    pub light: LightMark,
    pub before: Option<BTreeMap<String, i64>>,
    /// Difference over the base; none without a year before.
    pub year_on_year: Option<Rate>,
}

impl FigureRow {
    /// Takes a row over; `name` is already in the reader's language.
    pub fn new(texts: &Texts, row: &RollupRow, name: String, rows: String, drill: String) -> Self {
        let named = |measures: &BTreeMap<&'static str, i64>| {
            measures
                .iter()
                .map(|(word, n)| ((*word).to_owned(), *n))
                .collect()
        };
        Self {
            key: row.key.clone(),
            name,
            drill,
            rows,
            rank: row.rank,
            measures: named(&row.measures),
            completion: row.completion.into(),
            gap: row.gap,
            at_work: row.at_work_rate.into(),
            started: row.started_rate.into(),
            started_due: row.started_due_rate.into(),
            plan_to_date: row.plan_to_date_rate.into(),
            completed: row.completed_rate.into(),
            funds: row.funds_rate.into(),
            reported: row.reported_rate.into(),
            matters: row.matters_rate.into(),
            matters_through: row.matters_through_rate.into(),
            light: light_mark_without(texts, &row.light, row.excused),
            before: row.year_before.as_ref().map(named),
            year_on_year: row.year_on_year.map(Into::into),
        }
    }

    /// A row for samples: projects, plan and investment given, the rest in proportion.
    pub fn sample(name: &str, projects: i64, plan: i64, done: i64) -> Self {
        let mut measures: BTreeMap<String, i64> = Measure::ALL
            .iter()
            .map(|measure| (measure.word().to_owned(), projects / 2))
            .collect();
        for (word, value) in [
            ("projects", projects),
            ("total_investment", plan * 4),
            ("annual_plan", plan),
            ("plan_to_date", plan),
            ("month_investment", done / 12),
            ("year_to_date", done),
            ("since_start", done * 2),
            ("funds_to_date", done),
        ] {
            measures.insert(word.to_owned(), value);
        }
        let part = |num| Rate { num, den: projects };
        let completion = Rate {
            num: done,
            den: plan,
        };
        Self {
            key: "150500".into(),
            name: name.into(),
            drill: "/?unit=150500".into(),
            rows: "/projects?unit=150500&on_list=1&period=2025-11".into(),
            rank: (plan > 0).then_some(3),
            before: Some(measures.clone()),
            measures,
            completion,
            gap: (plan > 0).then_some(-412),
            at_work: part(projects - projects / 9),
            started: part(projects / 2),
            started_due: part(projects / 2),
            plan_to_date: completion,
            completed: part(projects / 5),
            funds: completion,
            reported: part(projects - projects / 20),
            matters: Rate {
                num: projects * 17,
                den: projects * 21,
            },
            matters_through: part(projects * 7 / 10),
            light: LightMark {
                light: if plan > 0 {
                    Light::Yellow
                } else {
                    Light::Undefined
                },
                reason: "完成率比序时进度 -4.12 个百分点".into(),
            },
            year_on_year: (plan > 0).then_some(Rate {
                num: done / 14,
                den: done,
            }),
        }
    }
}

/// What a refused form shows beside its fields and on top; refusals that are pages of their own
/// go on.
///
/// # Errors
/// What no form can mend: not found, not allowed, broken.
pub fn form_errors(visit: &Visit, error: AppError) -> Result<Vec<FieldError>, Failure> {
    match error {
        AppError::State { code, params } if code != "internal" => Ok(vec![FieldError {
            field: String::new(),
            message: words::message(visit.texts()?, code, &params),
        }]),
        other => visit.field_errors(other),
    }
}

/// Answers with a page that shows what is wrong with a form.
///
/// # Errors
/// When the page cannot be rendered.
pub async fn refused<P: Page>(visit: &Visit, page: &P) -> Answer {
    let mut answer = visit.page(page).await?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}
