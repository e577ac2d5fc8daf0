//! The picture of an indicator: what it came to month by month, where it should be and where it is
//! going.

use std::iter;

use gangmu_app::domain::Period;
use gangmu_app::domain::plans::{Quantity, UnitOfMeasure};
use gangmu_app::plans::{IndicatorView, PlanView};
use serde_json::Value as Json;

use crate::chart;
use crate::i18n::{Message, Texts};

/// How many months to come are drawn one by one.
const MOST_AHEAD: usize = 12;
/// A month alone makes no picture.
const FEWEST: usize = 2;

/// Draws an indicator's course; `None` where there is none to draw.
pub(super) fn drawn(texts: &Texts, plan: &PlanView, one: &IndicatorView) -> Option<Json> {
    if one.reading.course.len() < FEWEST {
        return None;
    }
    let measure = UnitOfMeasure(one.unit.clone());
    let grains = |text: &str| measure.read(text).map(|Quantity(grains)| grains);
    let due = one.due.get(..7).unwrap_or_default();
    let mut months: Vec<String> = one
        .reading
        .course
        .iter()
        .map(|point| point.period.clone())
        .collect();
    let newest: Option<Period> = months.last().and_then(|month| month.parse().ok());
    let due: Option<Period> = due.parse().ok();
    let ahead = one.reading.forecast.as_deref();
    if let (Some(newest), Some(due), true) = (newest, due, ahead.is_some()) {
        months.extend(to_come(newest, due));
    }
    let (newest, due) = (newest?.to_string(), due?.to_string());
    let ahead = ahead.filter(|_| newest < due);
    let line = |value: &dyn Fn(&str) -> Option<i64>| {
        let items = months
            .iter()
            .map(|month| chart::item(month, value(month), ""));
        items.collect::<Vec<Json>>()
    };
    let label = |code| texts.message(&Message::new(code));
    let reached = |month: &str| {
        let point = one.reading.course.iter().find(|one| one.period == month)?;
        grains(&point.value)
    };
    let mut series = vec![chart::series(
        &label("plans.field.value"),
        "bar",
        false,
        line(&reached),
    )];
    // A target is of its own year's months, or of the months its parts are for.
    let from = plan.row.from.get(..7).unwrap_or_default();
    let aimed = |month: &str| match one.steps.is_empty() {
        true => grains(&one.target).filter(|_| month >= from),
        false => {
            let step = one.steps.iter().find(|step| step.period == month)?;
            grains(&step.amount)
        }
    };
    series.push(chart::series(
        &label("plans.field.target"),
        "line",
        false,
        line(&aimed),
    ));
    if let Some(ahead) = ahead {
        let to_come = |month: &str| match month {
            month if month == due => grains(ahead),
            month if month == newest => reached(month),
            _ => None,
        };
        let name = label("plans.forecast");
        series.push(chart::series(&name, "line", true, line(&to_come)));
    }
    let unit = chart::Unit::measure(&measure);
    Some(chart::course(&unit, &months, series))
}

/// The months up to the one something is due in; of a year and more only that one.
fn to_come(newest: Period, due: Period) -> Vec<String> {
    if newest >= due {
        return Vec::new();
    }
    let all = iter::successors(Some(newest.next()), |month| Some(month.next()));
    let all: Vec<String> = all
        .take_while(|month| *month <= due)
        .take(MOST_AHEAD + 1)
        .map(|month| month.to_string())
        .collect();
    match all.len() > MOST_AHEAD {
        true => vec![due.to_string()],
        false => all,
    }
}
