//! Roll-ups as rows for reading: every row has its name, leads one step down and to its projects.
//! Home and the roll-up table share it, so the same figure never has two addresses.

use gangmu_app::library::UnitView;
use gangmu_app::metrics::{LightLine, Rollup, RollupRow};

use crate::i18n::{Message, Texts};
use crate::pages::common::{self, FigureRow};
use crate::view::Query;

/// The rows of a roll-up; `here` is the page's address, which drilling down keeps.
pub fn rows(texts: &Texts, rollup: &Rollup, here: &Query) -> Vec<FigureRow> {
    rollup
        .rows
        .iter()
        .map(|row| {
            let own = rollup.by == "unit" && row.key == rollup.unit.code;
            let drill = if rollup.by == "unit" && !own {
                here.with("unit", &row.key).href()
            } else {
                String::new()
            };
            FigureRow::new(
                texts,
                row,
                row_name(texts, rollup, row),
                projects(rollup, row).href(),
                drill,
            )
        })
        .collect()
}

/// The total of a roll-up.
pub fn total(texts: &Texts, rollup: &Rollup) -> FigureRow {
    let name = common::unit_name(texts.lang(), &rollup.unit);
    FigureRow::new(
        texts,
        &rollup.total,
        name,
        listed(rollup).href(),
        String::new(),
    )
}

/// The projects behind the total: those on the list in the period.
pub fn listed(rollup: &Rollup) -> Query {
    Query::new(
        "/projects",
        &[
            ("on_list", "1"),
            ("period", &rollup.period),
            ("unit", &rollup.unit.code),
        ],
    )
}

fn projects(rollup: &Rollup, row: &RollupRow) -> Query {
    let query = listed(rollup);
    // An empty key stands for those without the mark, which an address has to name.
    let word = if row.key.is_empty() { "none" } else { &row.key };
    match rollup.by {
        "unit" if row.key == rollup.unit.code => query.with("own", "1"),
        by => query.with(by, word),
    }
}

fn row_name(texts: &Texts, rollup: &Rollup, row: &RollupRow) -> String {
    member(
        texts,
        (rollup.by, &rollup.unit),
        (&row.key, &row.name, &row.name_en),
    )
}

/// The name of a row in the history of lights.
pub fn named(texts: &Texts, by: &str, unit: &UnitView, line: &LightLine) -> String {
    member(texts, (by, unit), (&line.key, &line.name, &line.name_en))
}

/// The name of a member of a cut of a unit: key, Chinese and English name.
fn member(texts: &Texts, (by, of): (&str, &UnitView), (key, zh, en): (&str, &str, &str)) -> String {
    if key.is_empty() {
        return texts.message(&Message::new("rollup.unassigned"));
    }
    let words = match by {
        "category" => "category.",
        "investor" => "investor.",
        "stage" => "stage.",
        _ if zh.is_empty() => return key.to_owned(),
        "unit" if key == of.code => {
            let unit = common::unit_name(texts.lang(), of);
            return texts.message(&Message::new("rollup.own").with("unit", unit));
        }
        _ => return common::name(texts.lang(), zh, en),
    };
    common::worded(texts, words, key)
}
