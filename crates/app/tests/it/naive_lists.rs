//! Lists beside a sum made by hand: what all pages come to is what their rows come to, of the
//! library and of every month, however far back.

use std::collections::BTreeMap;

use gangmu_app::domain::Period;
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::organisation::UnitPath;
use gangmu_app::library::{ListPage, ListQuery};
use gangmu_store::dispatch::ReturnRow;
use gangmu_store::library::{ListFilter, Project};

use crate::naive::{Snapshot, sums};
use crate::support::{Tried, World};

/// Projects, total, plan, month, year to date.
type Totals = [i64; 5];

/// What a list may ask of a project's place; nothing stands for anything.
#[derive(Clone, Copy, Debug)]
struct Wanted {
    stage: Option<&'static str>,
    industry: Option<&'static str>,
    category: Option<&'static str>,
    status: Option<&'static str>,
}

const WANTED: [Wanted; 6] = [
    Wanted::any(),
    Wanted {
        stage: Some("preparation"),
        ..Wanted::any()
    },
    Wanted {
        stage: Some("implementation"),
        ..Wanted::any()
    },
    Wanted {
        stage: Some("preparation"),
        industry: Some("44"),
        ..Wanted::any()
    },
    Wanted {
        category: Some("new_start"),
        ..Wanted::any()
    },
    Wanted {
        stage: Some("preparation"),
        status: Some("accepted"),
        ..Wanted::any()
    },
];

impl Wanted {
    const fn any() -> Self {
        Self {
            stage: None,
            industry: None,
            category: None,
            status: None,
        }
    }

    fn filter(self) -> ListFilter {
        let words = |word: Option<&str>| word.map(str::to_owned).into_iter().collect();
        ListFilter {
            stages: words(self.stage),
            industries: words(self.industry),
            categories: words(self.category),
            statuses: words(self.status),
            ..ListFilter::default()
        }
    }

    fn admits(self, place: &Place<'_>, row: Option<&ReturnRow>) -> bool {
        let of_row = |word: Option<&str>, of: fn(&ReturnRow) -> &'static str| {
            word.is_none_or(|word| row.is_some_and(|row| of(row) == word))
        };
        self.stage.is_none_or(|stage| place.stage == stage)
            && self.industry.is_none_or(|code| place.industry == code)
            && of_row(self.category, |row| {
                row.position.entry.coordinates.category.word()
            })
            && of_row(self.status, |row| row.filed.status.word())
    }
}

/// Where a project counts in a list.
struct Place<'a> {
    unit: &'a UnitPath,
    stage: &'static str,
    industry: &'a str,
    total: i64,
}

impl<'a> Place<'a> {
    fn today(project: &'a Project) -> Self {
        Self {
            unit: &project.unit,
            stage: project.stage.word(),
            industry: project.record.text(Field::Industry).unwrap_or_default(),
            total: project.total().0,
        }
    }

    fn then(row: &'a ReturnRow) -> Self {
        let place = &row.position.entry.coordinates;
        Self {
            unit: &place.unit,
            stage: place.stage.word(),
            industry: &place.industry,
            total: row.position.entry.total.0,
        }
    }
}

/// Every list of every month, and of the month before the first.
pub async fn check_lists(
    w: &World,
    all: &Snapshot,
    by_project: &BTreeMap<ProjectId, Vec<&ReturnRow>>,
) -> Tried<()> {
    let months = all.periods.iter().map(|row| row.period);
    let before_all = all.periods.last().map(|row| row.period.previous());
    let reference = w.app.reference().await?;
    for period in months.chain(before_all) {
        for on_list in [false, true] {
            for unit in [None, Some("150500"), Some("150502")] {
                let top = match unit {
                    Some(code) => &reference.unit_by_code(code).expect("a unit").path,
                    None => &reference.root()?.path,
                };
                for wanted in WANTED {
                    let by_hand = by_hand(all, by_project, period, on_list, top, wanted);
                    let page = page(w, period, on_list, unit, wanted).await?;
                    let said = format!("{period} {on_list} {unit:?} {wanted:?}");
                    assert_eq!(totals(&page), by_hand, "the totals: {said}");
                    assert_eq!(of_rows(&page), by_hand, "the rows: {said}");
                }
            }
        }
    }
    Ok(())
}

fn by_hand(
    all: &Snapshot,
    by_project: &BTreeMap<ProjectId, Vec<&ReturnRow>>,
    period: Period,
    on_list: bool,
    top: &UnitPath,
    wanted: Wanted,
) -> Totals {
    let mut totals = Totals::default();
    for project in &all.projects {
        let rows = by_project.get(&project.id).map_or(&[][..], Vec::as_slice);
        let row = rows.iter().copied().find(|row| row.period == period);
        let place = match (on_list, row) {
            (true, Some(row)) => Place::then(row),
            (true, None) => continue,
            (false, _) => Place::today(project),
        };
        if top.contains(place.unit) && wanted.admits(&place, row) {
            let [_, _, plan, month, year_to_date, ..] =
                row.map(|row| sums(rows, row)).unwrap_or_default();
            let one = [1, place.total, plan, month, year_to_date];
            totals = std::array::from_fn(|i| totals[i] + one[i]);
        }
    }
    totals
}

async fn page(
    w: &World,
    period: Period,
    on_list: bool,
    unit: Option<&str>,
    wanted: Wanted,
) -> Tried<ListPage> {
    let query = ListQuery {
        period: Some(period),
        on_list,
        unit: unit.map(str::to_owned),
        filter: wanted.filter(),
        page: 1,
        per_page: 500,
        ..ListQuery::default()
    };
    Ok(w.app.project_list(&w.system, &query).await?)
}

fn totals(page: &ListPage) -> Totals {
    [
        page.projects,
        page.total_investment,
        page.annual_plan,
        page.month_investment,
        page.year_to_date,
    ]
}

fn of_rows(page: &ListPage) -> Totals {
    let rows = page.rows.iter().map(|row| &row.row);
    rows.fold(Totals::default(), |sum, row| {
        let one = [
            1,
            row.total_investment,
            row.annual_plan.unwrap_or(0),
            row.month_investment.unwrap_or(0),
            row.year_to_date.unwrap_or(0),
        ];
        std::array::from_fn(|i| sum[i] + one[i])
    })
}
