//! The ledger of winters, and by unit what they add to the first quarter. (冬施台账、开门红)

use gangmu_app::AppError;
use gangmu_app::domain::organisation::Action;
use gangmu_app::domain::winter::Phase;
use gangmu_app::winter::{WinterPage, WinterQuery, WinterRollup, WinterRowView, WinterUnitView};
use serde::Serialize;

use crate::i18n::Lang;
use crate::pages::common::{name, unit_name, worded};
use crate::pages::imports::workbook;
use crate::pages::work;
use crate::server::{Answer, Visit};
use crate::view::{Choice, Pager, Query};

/// The ledger.
#[derive(Clone, Debug, Serialize)]
pub struct WinterList {
    pub query: Query,
    pub season: i16,
    pub seasons: Vec<Choice>,
    pub today: String,
    pub states: Vec<Choice>,
    pub reasons: Vec<Choice>,
    pub units_choice: Vec<Choice>,
    /// The unit itself first.
    pub units: Vec<UnitRow>,
    /// The months of the winter.
    pub months: Vec<String>,
    /// The months of the first quarter that have been opened for returns.
    pub reported: Vec<String>,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub may_export: bool,
    pub may_import: bool,
}

/// A unit's winter.
#[derive(Clone, Debug, Serialize)]
pub struct UnitRow {
    pub name: String,
    /// The same page of this unit.
    pub href: String,
    /// The rows behind the figures.
    pub all_rows: String,
    pub rows: String,
    pub file_rows: String,
    pub rest_rows: String,
    pub open_rows: String,
    /// Those whose plans count in the sums, and those whose do not yet.
    pub counted_rows: String,
    pub drafted_rows: String,
    pub view: WinterUnitView,
    /// Yuan, one for each month of the winter.
    pub by_month: Vec<i64>,
}

/// A project of the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub href: String,
    pub name: String,
    pub unit: String,
    pub total_investment: i64,
    pub state: String,
    pub tone: &'static str,
    pub reason: String,
    pub from_on: Option<String>,
    pub to_on: Option<String>,
    pub workers: i64,
    pub planned: i64,
    pub first_quarter: i64,
}

/// What the ledger may be narrowed to besides a single state.
const GROUPS: [&str; 5] = ["builds", "on_file", "counted", "drafted", "late"];

pub async fn show(visit: Visit) -> Answer {
    let query = query(&visit)?;
    let found = visit.app.winter_ledger(&visit.actor, &query).await?;
    let rollup = visit.app.winter_rollup(&visit.actor, &query).await?;
    let page = WinterList::new(&visit, found, rollup).await?;
    visit.page(&page).await
}

pub async fn export(visit: Visit) -> Answer {
    let made = visit
        .app
        .export_winter(&visit.actor, &query(&visit)?)
        .await?;
    Ok(workbook(&made.name, made.bytes))
}

/// Reads the filters of the address; a word that is none leads nowhere.
fn query(visit: &Visit) -> Result<WinterQuery, AppError> {
    let here = &visit.here;
    let chosen = |name: &str| here.get(name).filter(|text| !text.is_empty());
    let nowhere = || AppError::NotFound { what: "page" };
    let season = match chosen("season") {
        None => None,
        Some(text) => Some(text.parse().map_err(|_| nowhere())?),
    };
    let query = WinterQuery {
        season,
        unit: chosen("unit").map(str::to_owned),
        reason: chosen("reason").unwrap_or_default().to_owned(),
        text: chosen("q").unwrap_or_default().to_owned(),
        page: work::page(here),
        ..WinterQuery::default()
    };
    match chosen("state") {
        None => Ok(query),
        Some(word) => query.of(word).ok_or_else(nowhere),
    }
}

/// A season as people name it: 2025–2026.
pub fn season_name(year: i16) -> String {
    format!("{year}–{}", year.saturating_add(1))
}

pub(super) fn tone(state: &str) -> &'static str {
    match state {
        "filed" => "good",
        "submitted" => "wait",
        "sent_back" | "stopped" => "bad",
        "undecided" => "warn",
        _ => "",
    }
}

impl WinterList {
    async fn new(
        visit: &Visit,
        found: WinterPage,
        rollup: WinterRollup,
    ) -> Result<Self, crate::server::Failure> {
        let texts = visit.texts()?;
        let rules = visit.app.winter_rules().await?;
        let now = visit.app.winter_of_today();
        let months: Vec<String> = {
            let all = rollup.units.first().map(|unit| &unit.months);
            let months = all.into_iter().flatten();
            months.map(|month| month.period.clone()).collect()
        };
        let pages = (found.total + found.page_size - 1) / found.page_size.max(1);
        let state = |word: &str, key: &str| {
            Choice::new(word, texts.message(&crate::i18n::Message::new(key)))
        };
        let mut states: Vec<Choice> = GROUPS
            .iter()
            .map(|word| Choice::new(*word, worded(texts, "winter.group_of.", word)))
            .collect();
        states.extend(
            Phase::ALL
                .iter()
                .map(|phase| state(phase.word(), &format!("winter.state.{}", phase.word()))),
        );
        Ok(Self {
            query: visit.here.clone(),
            season: found.season,
            seasons: (now - 3..=now + 1)
                .rev()
                .map(|year| Choice::new(year.to_string(), season_name(year)))
                .collect(),
            today: visit.app.today().to_string(),
            states,
            reasons: rules
                .reasons
                .iter()
                .map(|one| Choice::new(&*one.code, name(texts.lang(), &one.text, &one.text_en)))
                .collect(),
            units_choice: work::units(visit).await?,
            units: rollup
                .units
                .into_iter()
                .map(|unit| UnitRow::new(texts.lang(), found.season, unit, &months))
                .collect(),
            months,
            reported: rollup.reported,
            rows: found
                .rows
                .iter()
                .map(|row| Row::new(texts.lang(), found.season, row))
                .collect(),
            pager: work::pager(&visit.here, found.page, pages, found.page_size, found.total),
            may_export: visit.may(Action::Export),
            may_import: visit.may(Action::Report),
        })
    }
}

impl UnitRow {
    pub(super) fn new(lang: Lang, season: i16, view: WinterUnitView, months: &[String]) -> Self {
        // The figures are of the season and the unit alone, and so are the rows behind them.
        let season = season.to_string();
        let here = Query::new("/winter", &[("season", &season), ("unit", &view.unit.code)]);
        let of = |state: &str| here.with("state", state).href() + "#rows";
        let planned = |month: &String| {
            let found = view.months.iter().find(|one| one.period == *month);
            found.map_or(0, |one| one.planned)
        };
        Self {
            name: unit_name(lang, &view.unit),
            href: here.href(),
            all_rows: here.href() + "#rows",
            rows: of("builds"),
            file_rows: of("on_file"),
            rest_rows: of("resting"),
            open_rows: of("undecided"),
            counted_rows: of("counted"),
            drafted_rows: of("drafted"),
            by_month: months.iter().map(planned).collect(),
            view,
        }
    }
}

impl Row {
    pub(super) fn new(lang: Lang, season: i16, row: &WinterRowView) -> Self {
        Self {
            href: format!("/projects/{}/winter?season={season}", row.project_id),
            name: row.name.clone(),
            unit: unit_name(lang, &row.unit),
            total_investment: row.total_investment,
            tone: tone(&row.state),
            state: row.state.clone(),
            reason: name(lang, &row.reason_text, &row.reason_text_en),
            from_on: row.from_on.clone(),
            to_on: row.to_on.clone(),
            workers: row.workers,
            planned: row.planned,
            first_quarter: row.first_quarter,
        }
    }
}
