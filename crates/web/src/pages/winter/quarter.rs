//! What a winter adds to the first quarter, beside the roll-ups of its months. (开门红)

use std::collections::BTreeMap;

use gangmu_app::domain::Period;
use gangmu_app::winter::WinterQuery;
use gangmu_app::{Actor, App, AppError};
use serde::Serialize;

use super::list::{UnitRow, season_name};
use crate::i18n::Lang;

/// A winter's first quarter.
#[derive(Clone, Debug, Serialize)]
pub struct Quarter {
    /// The winter, 2025–2026.
    pub season: String,
    /// The year whose first quarter it is.
    pub year: i16,
    /// The code of the unit as a whole.
    pub unit: String,
    /// The unit as a whole and those directly below it, by their codes.
    pub units: BTreeMap<String, UnitRow>,
}

impl Quarter {
    /// Reads the winter a month belongs to; none from April to September, when nobody plans one yet.
    pub async fn of_month(
        app: &App,
        actor: &Actor,
        lang: Lang,
        month: Period,
        unit: Option<&str>,
    ) -> Result<Option<Self>, AppError> {
        let season = match month.month() {
            1..=3 => month.year().saturating_sub(1),
            10.. => month.year(),
            _ => return Ok(None),
        };
        let query = WinterQuery {
            season: Some(season),
            unit: unit.map(str::to_owned),
            ..WinterQuery::default()
        };
        let rollup = app.winter_rollup(actor, &query).await?;
        let whole = rollup.units.first().map(|one| one.unit.code.clone());
        let Some(unit) = whole else {
            return Ok(None);
        };
        let row = |view: gangmu_app::winter::WinterUnitView| {
            let code = view.unit.code.clone();
            (code, UnitRow::new(lang, season, view, &[]))
        };
        Ok(Some(Self {
            season: season_name(season),
            year: season.saturating_add(1),
            unit,
            units: rollup.units.into_iter().map(row).collect(),
        }))
    }
}
