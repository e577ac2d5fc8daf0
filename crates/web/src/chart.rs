//! The data behind pictures. Values stay integers (yuan, counts, tenths of a percent); the script
//! that draws them prints them, and never decides a number.

use std::collections::BTreeMap;

use gangmu_app::domain::plans::UnitOfMeasure;
use serde_json::{Value as Json, json};

use crate::i18n::{Message, Texts};
use crate::number::TextUnit;
use crate::view::{Light, Rate};

/// What the figures of a picture are counted in: how the script prints them, and the unit's name.
pub struct Unit {
    pub format: &'static str,
    pub name: String,
}

impl Unit {
    /// Amounts, in the unit that suits the largest of them.
    pub fn money(texts: &Texts, amounts: impl Iterator<Item = i64>) -> Self {
        let largest = amounts.map(|yuan| i128::from(yuan).abs()).max();
        let unit = TextUnit::of(texts.lang(), largest.unwrap_or_default());
        Self {
            format: unit.word(),
            name: texts.money_unit(unit),
        }
    }

    /// Amounts of a measure, in its grains.
    pub fn measure(measure: &UnitOfMeasure) -> Self {
        Self {
            format: match measure.decimals() {
                0 => "count",
                8 => "yi",
                12 => "trillion",
                _ => "parts",
            },
            name: measure.0.clone(),
        }
    }

    /// Counts of projects.
    pub fn projects(texts: &Texts) -> Self {
        Self {
            format: "count",
            name: texts.message(&Message::new("unit.projects")),
        }
    }
}

/// One figure of a picture: a name, a value, and the address of the rows behind it.
pub fn item(name: &str, value: Option<i64>, href: &str) -> Json {
    json!({ "name": name, "value": value, "href": href })
}

/// The same with the colour of its light.
pub fn lit(name: &str, value: Option<i64>, light: Light, href: &str) -> Json {
    json!({ "name": name, "value": value, "light": light, "href": href })
}

/// A rate in tenths of a percent, as charts take it.
pub fn tenths(rate: Rate) -> Option<i64> {
    crate::number::permille(i128::from(rate.num), i128::from(rate.den))
        .and_then(|value| i64::try_from(value).ok())
}

/// A map of regions coloured by a rate. The map knows regions by their full Chinese names; `names`
/// holds those in the reader's language where they differ, and items use the latter.
pub fn rate_map(map: &str, name: &str, names: &BTreeMap<String, String>, items: Vec<Json>) -> Json {
    json!({ "map": map, "format": "permille", "unit": "%", "name": name, "names": names, "items": items })
}

/// Bars per unit against the line where the calendar stands.
pub fn progress(line: &str, time: Rate, items: Vec<Json>) -> Json {
    json!({ "unit": "%", "line": { "name": line, "value": tenths(time) }, "items": items })
}

/// One row of bars or one line over the categories of [`course`].
pub fn series(name: &str, draw: &str, dashed: bool, items: Vec<Json>) -> Json {
    json!({ "name": name, "draw": draw, "dashed": dashed, "items": items })
}

/// Amounts over months.
pub fn course(unit: &Unit, months: &[String], series: Vec<Json>) -> Json {
    json!({ "format": unit.format, "unit": unit.name, "categories": months, "series": series })
}

/// From an opening figure to a closing one.
pub fn bridge(unit: &Unit, start: Json, steps: Vec<Json>, end: Json) -> Json {
    json!({ "format": unit.format, "unit": unit.name, "start": start, "steps": steps, "end": end })
}

/// Projects that went from one stage to another.
pub fn flow(unit: &str, nodes: &[String], links: Vec<Json>) -> Json {
    json!({ "format": "count", "unit": unit, "nodes": nodes, "links": links })
}
