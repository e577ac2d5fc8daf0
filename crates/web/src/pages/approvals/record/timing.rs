//! How long matters take, line by line. What one would get wrong: a rate counts what is past its
//! limit undecided as late, so it may have matters where nothing is decided yet. (办理时效)

use gangmu_app::approvals::{BenchmarkView, By, PartsView, Spread, TimingRow};
use serde::Serialize;

use super::{Frame, asked, chosen, unknown};
use crate::i18n::{Message, Texts};
use crate::pages::approvals::matter::department;
use crate::pages::common::{keyed, name, unit_name};
use crate::pages::imports::workbook;
use crate::server::{Answer, Visit};
use crate::view::{Choice, Query, Rate};

/// The table with its choices.
#[derive(Clone, Debug, Serialize)]
pub struct TimingPage {
    pub frame: Frame,
    pub unit: String,
    pub from: Option<String>,
    pub as_of: String,
    pub by: String,
    pub bys: Vec<Choice>,
    pub total: Row,
    pub rows: Vec<Row>,
    /// Limits elsewhere with where they were published, of the matters shown.
    pub sources: Vec<Source>,
}

/// A line of it. Days are working days.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub name: String,
    /// Who, where a line is a matter of an office; else empty.
    pub office: String,
    pub decided: i64,
    pub refused: i64,
    pub open: i64,
    pub open_late: i64,
    pub days: Parts,
    pub promised_limit: String,
    pub promised: Rate,
    pub statutory_limit: String,
    pub statutory: Rate,
    pub returned: Rate,
    pub best: Option<i64>,
    pub best_place: String,
    pub advanced: Option<bool>,
    /// The matters behind it.
    pub matters: Query,
}

/// How the days spread, part by part.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Parts {
    pub total: Option<Spread>,
    pub clock: Option<Spread>,
    pub waiting: Option<Spread>,
    pub suspended: Option<Spread>,
    pub applicant: Option<Spread>,
}

/// A limit published elsewhere.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    pub matter: String,
    pub days: i64,
    pub place: String,
    pub source: String,
    pub confirmed: bool,
}

pub async fn show(visit: Visit) -> Answer {
    let by = by(&visit.here)?;
    let query = asked(&visit.here)?;
    let view = visit.app.approval_timing(&visit.actor, &query, by).await?;
    let texts = visit.texts()?;
    let word = |row: &TimingRow| Row::new(texts, &visit.here, by, row);
    let mut rows: Vec<Row> = view.rows.iter().map(word).collect();
    sort(&mut rows, chosen(&visit.here, "sort").unwrap_or_default());
    let page = TimingPage {
        frame: Frame::load(&visit).await?,
        unit: unit_name(visit.lang, &view.unit),
        from: view.from.clone(),
        as_of: view.as_of.clone(),
        by: view.by.clone(),
        bys: bys(texts),
        total: Row {
            name: texts.message(&Message::new("record.total")),
            ..Row::new(texts, &visit.here, By::Unit, &view.total)
        },
        rows,
        sources: sources(texts, &view.rows),
    };
    visit.page(&page).await
}

pub async fn export(visit: Visit) -> Answer {
    let (by, query) = (by(&visit.here)?, asked(&visit.here)?);
    let made = visit.app.export_timing(&visit.actor, &query, by).await?;
    Ok(workbook(&made.name, made.bytes))
}

fn by(here: &Query) -> Result<By, gangmu_app::AppError> {
    let read = |word: &str| By::from_word(word).ok_or_else(|| unknown("by", word));
    let by = chosen(here, "by").map(read).transpose()?;
    Ok(by.unwrap_or_default())
}

/// What lines are, as choices.
pub fn bys(texts: &Texts) -> Vec<Choice> {
    By::ALL
        .iter()
        .map(|by| Choice::new(by.word(), texts.message(&keyed("record.by.", by.word()))))
        .collect()
}

impl Row {
    /// Words a line; `here` is the address of the table.
    pub fn new(texts: &Texts, here: &Query, by: By, row: &TimingRow) -> Self {
        let lang = texts.lang();
        let who = row.department.as_ref().map(|one| department(lang, one));
        let place = row.unit.as_ref().map(|one| unit_name(lang, one));
        let (name, office) = match by {
            By::Matter => (name(lang, &row.name, &row.name_en), String::new()),
            By::Department => (who.unwrap_or_default(), String::new()),
            By::Unit => (place.unwrap_or_default(), String::new()),
            By::Office => {
                let office = [place, who].into_iter().flatten().collect::<Vec<_>>();
                (name(lang, &row.name, &row.name_en), office.join(" · "))
            }
        };
        let rate = |num, den| Rate {
            num: count(num),
            den: count(den),
        };
        Self {
            name,
            office,
            decided: count(row.decided),
            refused: count(row.refused),
            open: count(row.open),
            open_late: count(row.open_late),
            days: Parts::from(row.days),
            promised_limit: limit(texts, &row.promised_limit),
            promised: rate(row.promised_kept, row.promised_of),
            statutory_limit: limit(texts, &row.statutory_limit),
            statutory: rate(row.statutory_kept, row.statutory_of),
            returned: rate(row.returned, row.returned_of),
            best: row.benchmark.as_ref().map(|one| i64::from(one.days)),
            best_place: row
                .benchmark
                .as_ref()
                .map_or_else(String::new, |one| place_of(texts, one)),
            advanced: row.advanced,
            matters: behind(here, row),
        }
    }
}

/// The address of the matters behind a line, under the filters of the table.
fn behind(here: &Query, row: &TimingRow) -> Query {
    let mut query = Query {
        path: "/approvals/timing/matters".to_owned(),
        params: here.params.clone(),
    };
    for name in ["by", "sort"] {
        query = query.with(name, "");
    }
    let department = row.department.as_ref().map(|one| one.code.as_str());
    let office = row.unit.as_ref().map(|one| one.code.as_str());
    for (name, narrowed) in [
        (
            "matter",
            Some(row.code.as_str()).filter(|code| !code.is_empty()),
        ),
        ("department", department),
        ("office", office),
    ] {
        if let Some(code) = narrowed {
            query = query.with(name, code);
        }
    }
    query
}

impl From<PartsView> for Parts {
    fn from(days: PartsView) -> Self {
        Self {
            total: days.total,
            clock: days.clock,
            waiting: days.waiting,
            suspended: days.suspended,
            applicant: days.applicant,
        }
    }
}

/// A limit such as `working 20` in the reader's words; empty for none.
pub fn limit(texts: &Texts, text: &str) -> String {
    let Some((kind, days)) = text.split_once(' ') else {
        return String::new();
    };
    let days: i64 = days.parse().unwrap_or_default();
    let message = match (kind, days) {
        ("working", 0) => Message::new("record.on_the_day"),
        ("working", days) => Message::new("approvals.days.working").with("n", days),
        (_, days) => Message::new("approvals.days.calendar").with("n", days),
    };
    texts.message(&message)
}

fn sources(texts: &Texts, rows: &[TimingRow]) -> Vec<Source> {
    let mut codes: Vec<&str> = Vec::new();
    let mut sources = Vec::new();
    for row in rows {
        let Some(best) = &row.benchmark else {
            continue;
        };
        if codes.contains(&row.code.as_str()) {
            continue;
        }
        codes.push(&row.code);
        sources.push(Source {
            matter: name(texts.lang(), &row.name, &row.name_en),
            days: i64::from(best.days),
            place: place_of(texts, best),
            source: best.source.clone(),
            confirmed: best.confirmed,
        });
    }
    sources
}

fn place_of(texts: &Texts, one: &BenchmarkView) -> String {
    name(texts.lang(), &one.place, &one.place_en)
}

fn count(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// Sorts by the column an address names; the official order without one. Lines without a value
/// come last either way.
fn sort(rows: &mut [Row], word: &str) {
    let (column, descending) = match word.strip_prefix('-') {
        Some(rest) => (rest, true),
        None => (word, false),
    };
    let key = |row: &Row| -> Option<i64> {
        let rate = |rate: Rate| {
            let share = crate::number::permille(rate.num.into(), rate.den.into());
            share.and_then(|share| i64::try_from(share).ok())
        };
        let p80 = |spread: Option<Spread>| spread.map(|one| one.p80);
        match column {
            "decided" => Some(row.decided),
            "open" => Some(row.open),
            "total" => p80(row.days.total),
            "clock" => p80(row.days.clock),
            "waiting" => p80(row.days.waiting),
            "suspended" => p80(row.days.suspended),
            "applicant" => p80(row.days.applicant),
            "promised" => rate(row.promised),
            "statutory" => rate(row.statutory),
            "returned" => rate(row.returned),
            "best" => row.best,
            _ => None,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_without_a_value_come_last_whichever_way_one_sorts() {
        let row = |name: &str, num, den| Row {
            name: name.to_owned(),
            promised: Rate { num, den },
            ..Row::new(
                &Texts::load(crate::i18n::Lang::En).unwrap(),
                &Query::default(),
                By::Matter,
                &TimingRow::default(),
            )
        };
        let mut rows = [row("none", 0, 0), row("half", 1, 2), row("all", 2, 2)];
        let names =
            |rows: &[Row]| -> Vec<String> { rows.iter().map(|row| row.name.clone()).collect() };
        sort(&mut rows, "promised");
        assert_eq!(names(&rows), ["half", "all", "none"]);
        sort(&mut rows, "-promised");
        assert_eq!(names(&rows), ["all", "half", "none"]);
        sort(&mut rows, "name");
        assert_eq!(names(&rows), ["all", "half", "none"]);
    }
}
