//! What a winter adds to the first quarter, beside the roll-ups of its months. (开门红)

use std::collections::BTreeMap;

use gangmu_app::domain::Period;
use gangmu_app::winter::WinterQuarterView;
use gangmu_app::{Actor, App, AppError};
use serde::Serialize;

use crate::view::Query;

/// A winter's first quarter.
#[derive(Clone, Debug, Serialize)]
pub struct Quarter {
    /// The year whose first quarter it is.
    pub year: i16,
    /// The code of the unit as a whole.
    pub unit: String,
    /// The unit as a whole and those directly below it, by their codes.
    pub units: BTreeMap<String, QuarterRow>,
}

/// The first quarter of a unit; amounts are yuan.
#[derive(Clone, Debug, Serialize)]
pub struct QuarterRow {
    /// The winter of this unit.
    pub href: String,
    /// The projects whose plans count.
    pub counted_rows: String,
    pub planned: i64,
    pub all: i64,
    pub forecast: i64,
}

impl Quarter {
    /// Reads the winter a month belongs to; none from April to September, when nobody plans one yet.
    pub async fn of_month(
        app: &App,
        actor: &Actor,
        month: Period,
        unit: Option<&str>,
    ) -> Result<Option<Self>, AppError> {
        let season = match month.month() {
            1..=3 => month.year().saturating_sub(1),
            10.. => month.year(),
            _ => return Ok(None),
        };
        let quarters = app.winter_quarters(actor, season, unit).await?;
        Ok(Self::new(season, quarters))
    }

    pub(super) fn new(season: i16, quarters: Vec<WinterQuarterView>) -> Option<Self> {
        let unit = quarters.first()?.unit.code.clone();
        let row = |one: WinterQuarterView| {
            let code = one.unit.code;
            let year = season.to_string();
            let here = Query::new("/winter", &[("season", &year), ("unit", &code)]);
            let row = QuarterRow {
                href: here.href(),
                counted_rows: here.with("state", "counted").href() + "#rows",
                planned: one.planned,
                all: one.all,
                forecast: one.forecast,
            };
            (code, row)
        };
        Some(Self {
            year: season.saturating_add(1),
            unit,
            units: quarters.into_iter().map(row).collect(),
        })
    }
}
