//! Lists: in which order, on which page, with which totals.

use std::collections::BTreeMap;

use gangmu_domain::Yuan;
use gangmu_domain::dispatch::ReturnStatus;
use gangmu_domain::library::{Field, Value};
use gangmu_domain::metrics::{CellKey, Measures, MonthFacts};
use gangmu_domain::organisation::{DepartmentId, UserId};
use gangmu_domain::pipeline::{Category, Stage};
use gangmu_store::dispatch::{self, ReturnRow};
use gangmu_store::library::{
    self, Facet, ListBasis, ListFilter, ListRow, ListSort, ListTotals, Project, SortBy,
};
use gangmu_store::{Db, StoreError, metrics};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, departments, filed, period, project, put, save, scope, unit, with};

each_engine!(
    missing_figures_come_last_in_either_direction,
    names_stand_in_code_point_order,
    pages_follow_each_other_without_gap,
    totals_sum_up_all_rows_not_only_the_page,
    a_month_counts_from_when_it_is_handed_in,
    a_period_places_projects_as_they_were_then,
    a_page_is_the_same_rows_on_every_road,
    totals_of_the_library_are_the_sum_of_its_rows_in_any_month,
    a_return_elsewhere_than_its_project_is_found_unless_noted,
);

const MONTH: &str = "2025-06";

fn library_basis() -> ListBasis {
    ListBasis::Library(period(MONTH))
}

fn period_basis() -> ListBasis {
    ListBasis::Period(period(MONTH))
}

/// Puts new returns and counts them in the cube, as the use cases do.
async fn put_counted(db: &Db, rows: &[ReturnRow]) -> Result<(), StoreError> {
    put(db, rows).await?;
    let mut cells: BTreeMap<CellKey, Measures> = BTreeMap::new();
    for row in rows {
        for cell in row.position.entry.coordinates.cells(row.period) {
            *cells.entry(cell).or_default() += row.position.measures(row.period);
        }
    }
    let tx = db.begin().await?;
    metrics::cell_add(&tx, &cells).await?;
    tx.commit().await
}

async fn sorted(db: &Db, sort: ListSort) -> Result<Vec<i64>, StoreError> {
    let filter = ListFilter::default();
    let rows = library::project_list(db, &scope(""), library_basis(), &filter, sort).await?;
    Ok(rows.iter().map(|row| row.project_id).collect())
}

fn by(by: SortBy, descending: bool) -> ListSort {
    ListSort {
        by,
        descending,
        offset: 0,
        limit: 100,
    }
}

async fn missing_figures_come_last_in_either_direction(db: &Db) -> Outcome {
    let projects: Vec<Project> = (1..=4).map(|id| project(id, "风电")).collect();
    save(db, &projects).await?;
    let planned = |id, plan, done| {
        let mut row = filed(id, MONTH);
        row.position.entry.plan = Yuan::wan(plan);
        row.position.year_to_date = Yuan::wan(done);
        row
    };
    // 1 has no return; 3 has one, but no plan to measure against.
    put(
        db,
        &[planned(2, 100, 80), planned(3, 0, 0), planned(4, 100, 20)],
    )
    .await?;
    for (column, descending, wanted) in [
        (SortBy::Plan, false, [3, 2, 4, 1]),
        (SortBy::Plan, true, [4, 2, 3, 1]),
        (SortBy::Gap, false, [4, 2, 1, 3]),
        (SortBy::Gap, true, [2, 4, 3, 1]),
        (SortBy::YearToDate, true, [2, 4, 3, 1]),
        (SortBy::Entered, true, [4, 3, 2, 1]),
    ] {
        let found = sorted(db, by(column, descending)).await?;
        assert_eq!(found, wanted, "{column:?} descending {descending}");
    }
    Ok(())
}

async fn names_stand_in_code_point_order(db: &Db) -> Outcome {
    // Neither pinyin nor strokes nor a locale: one order on both engines.
    let names = ["中", "a", "B", "阿", "丁", "Ä", "1", "乙", "_"];
    let mut projects: Vec<Project> = (1..)
        .zip(names)
        .map(|(id, name)| project(id, name))
        .collect();
    projects[1].unit = unit("150600");
    projects[2] = with(
        projects[2].clone(),
        Field::TotalInvestment,
        Value::Money(Yuan(7)),
    );
    projects[3] = with(
        projects[3].clone(),
        Field::Site,
        Value::Text("镇".to_owned()),
    );
    projects[3] = with(
        projects[3].clone(),
        Field::Owner,
        Value::Text("甲公司".to_owned()),
    );
    save(db, &projects).await?;
    let filter = ListFilter::default();
    let sort = by(SortBy::Name, false);
    let rows = library::project_list(db, &scope(""), library_basis(), &filter, sort).await?;
    let found: Vec<&str> = rows.iter().map(|row| row.name.as_str()).collect();
    let mut wanted = names;
    wanted.sort_unstable();
    assert_eq!(found, wanted);
    for (column, wanted) in [
        (SortBy::Unit, 2),
        (SortBy::Total, 3),
        (SortBy::Completeness, 4),
    ] {
        assert_eq!(
            sorted(db, by(column, true)).await?.first(),
            Some(&wanted),
            "{column:?}"
        );
    }
    Ok(())
}

async fn pages_follow_each_other_without_gap(db: &Db) -> Outcome {
    // All names are equal: only the number of the project keeps the order, turned round with it.
    let projects: Vec<Project> = (1..=7).map(|id| project(id, "风电")).collect();
    save(db, &projects).await?;
    let mut found = Vec::new();
    for offset in [0, 3, 6, 9] {
        let page = ListSort {
            offset,
            limit: 3,
            ..by(SortBy::Name, true)
        };
        found.extend(sorted(db, page).await?);
    }
    assert_eq!(found, [7, 6, 5, 4, 3, 2, 1]);
    Ok(())
}

async fn totals_sum_up_all_rows_not_only_the_page(db: &Db) -> Outcome {
    let priced = |id, wan| {
        let total = Value::Money(Yuan::wan(wan));
        with(project(id, "风电"), Field::TotalInvestment, total)
    };
    save(db, &[priced(1, 500), priced(2, 700), project(3, "光伏")]).await?;
    put_counted(db, &[filed(1, MONTH), filed(2, MONTH), filed(2, "2025-05")]).await?;
    let all = ListFilter::default();
    let totals = library::project_totals(db, &scope(""), library_basis(), &all).await?;
    let wanted = ListTotals {
        projects: 3,
        total_investment: Yuan::wan(1_200).0,
        annual_plan: Yuan::wan(240).0,
        month_investment: Yuan::wan(20).0,
        year_to_date: Yuan::wan(20).0,
    };
    assert_eq!(totals, wanted);
    let frozen = library::project_totals(db, &scope(""), period_basis(), &all).await?;
    assert_eq!(frozen.total_investment, Yuan::wan(1_000).0);
    let none = library::project_totals(db, &scope("150600"), library_basis(), &all).await?;
    assert_eq!(none, ListTotals::default());
    Ok(())
}

async fn a_month_counts_from_when_it_is_handed_in(db: &Db) -> Outcome {
    save(db, &[project(1, "风电"), project(2, "光伏")]).await?;
    let mut draft = filed(2, MONTH);
    draft.filed.status = ReturnStatus::Draft;
    draft.position.month = MonthFacts::default();
    put_counted(db, &[filed(1, MONTH), draft]).await?;
    let all = ListFilter::default();
    let sort = by(SortBy::Entered, false);
    for basis in [library_basis(), period_basis()] {
        let rows = library::project_list(db, &scope(""), basis, &all, sort).await?;
        let months: Vec<_> = rows.iter().map(|row| row.month_investment).collect();
        assert_eq!(months, [Some(Yuan::wan(10).0), None], "{basis:?}");
        let totals = library::project_totals(db, &scope(""), basis, &all).await?;
        assert_eq!(totals.month_investment, Yuan::wan(10).0, "{basis:?}");
    }
    Ok(())
}

async fn a_period_places_projects_as_they_were_then(db: &Db) -> Outcome {
    save(
        db,
        &[Project {
            unit: unit("150600"),
            stage: Stage::Completed,
            ..project(1, "风电")
        }],
    )
    .await?;
    put(db, &[filed(1, MONTH)]).await?;
    let all = ListFilter::default();
    let sort = by(SortBy::Entered, false);
    for (basis, league, stage) in [
        (library_basis(), "150600", "completed"),
        (period_basis(), "150500", "preparation"),
    ] {
        let rows = library::project_list(db, &scope(league), basis, &all, sort).await?;
        assert_eq!(rows.len(), 1, "{basis:?}");
        assert_eq!(rows[0].stage, stage);
        assert_eq!(rows[0].year_to_date, Some(Yuan::wan(10).0));
    }
    Ok(())
}

async fn a_page_is_the_same_rows_on_every_road(db: &Db) -> Outcome {
    // Enough rows that a page is walked along an index; every third has no plan, hence no gap.
    let projects: Vec<Project> = (1..=180).map(|id| project(id, "风电")).collect();
    save(db, &projects).await?;
    let rows: Vec<ReturnRow> = (1..=150)
        .map(|id| {
            let mut row = filed(id, MONTH);
            row.position.year_to_date = Yuan::wan(id * 7 % 31);
            row.position.entry.total = Yuan::wan(id * 5 % 17);
            if id % 3 == 0 {
                row.position.entry.plan = Yuan(0);
            }
            row
        })
        .collect();
    put_counted(db, &rows).await?;
    let all = ListFilter::default();
    let columns = [
        SortBy::Entered,
        SortBy::Name,
        SortBy::Unit,
        SortBy::Total,
        SortBy::Plan,
        SortBy::YearToDate,
        SortBy::Gap,
        SortBy::Completeness,
    ];
    for basis in [library_basis(), period_basis()] {
        for column in columns {
            for descending in [false, true] {
                for offset in [0, 4, 98, 148, 178] {
                    let sort = ListSort {
                        offset,
                        limit: 5,
                        ..by(column, descending)
                    };
                    let listed = library::project_list(db, &scope(""), basis, &all, sort).await?;
                    let (page, totals) =
                        library::project_page(db, &scope(""), basis, &all, sort).await?;
                    assert_eq!(page, listed, "{basis:?} {column:?} {descending} {offset}");
                    let counted = library::project_ids(db, &scope(""), basis, &all).await?;
                    assert_eq!(totals.projects, i64::try_from(counted.len())?);
                }
            }
        }
    }
    Ok(())
}

/// A return that stands where the project stands, with its total.
fn standing(project: &Project, month: &str) -> ReturnRow {
    let mut row = filed(project.id.0, month);
    let entry = &mut row.position.entry;
    let text = |field| project.record.text(field).unwrap_or_default().to_owned();
    entry.total = project.total();
    entry.coordinates.unit = project.unit.clone();
    entry.coordinates.department = project.department;
    entry.coordinates.stage = project.stage;
    entry.coordinates.industry = text(Field::Industry);
    entry.coordinates.investor = text(Field::InvestorType);
    row.position.year_to_date = Yuan(project.id.0 * 1_000);
    if project.id.0 % 5 == 0 {
        entry.coordinates.category = Category::Continuing;
        row.filed.status = ReturnStatus::Draft;
        row.position.month = MonthFacts::default();
    }
    row
}

fn scattered(id: i64) -> Project {
    let units = ["150500", "150500/150502", "150500/150526", "150600", ""];
    let code = |project, field, word: &str| with(project, field, Value::Code(word.to_owned()));
    let at = usize::try_from(id).expect("a small number");
    let project = Project {
        unit: unit(units[at % units.len()]),
        department: (id % 3 > 0).then_some(DepartmentId(id % 3)),
        ..project(id, if id % 2 == 0 { "风电" } else { "光伏" })
    };
    let project = code(project, Field::Industry, ["44", "48"][at % 2]);
    let project = code(project, Field::InvestorType, "enterprise");
    with(project, Field::TotalInvestment, Value::Money(Yuan::wan(id)))
}

/// What befell a project once two months were closed.
fn moved(project: &Project) -> Project {
    let mut after = project.clone();
    match project.id.0 {
        id if id % 7 == 0 => after.stage = Stage::Implementation,
        id if id % 11 == 0 => {
            let total = Value::Money(Yuan::wan(10_000 + id));
            after = with(after, Field::TotalInvestment, total);
        }
        id if id % 13 == 0 => after.unit = unit("150600"),
        id if id % 17 == 0 => after.department = None,
        id if id % 19 == 0 => {
            after = with(after, Field::Industry, Value::Code("26".to_owned()));
        }
        // What has no part in the sums leaves no trace.
        id if id % 4 == 0 => {
            after = with(after, Field::Owner, Value::Text("甲公司".to_owned()));
        }
        _ => {}
    }
    after
}

/// Sixty projects with returns in two closed months, moved since, and in one that is open.
async fn a_year_under_way(db: &Db) -> Outcome {
    let projects: Vec<Project> = (1..=60).map(scattered).collect();
    let today: Vec<Project> = projects.iter().map(moved).collect();
    save(db, &projects).await?;
    // One in nine is on no list.
    let listed = |all: &[Project], month: &str| {
        let on_list = all.iter().filter(|project| project.id.0 % 9 != 0);
        let rows: Vec<ReturnRow> = on_list.map(|project| standing(project, month)).collect();
        rows
    };
    for month in ["2025-05", "2025-06"] {
        put_counted(db, &listed(&projects, month)).await?;
        let tx = db.begin().await?;
        dispatch::period_insert(&tx, period(month), day("2025-07-05"), 1).await?;
        dispatch::period_close(&tx, period(month), UserId(1), 2).await?;
        tx.commit().await?;
    }
    let tx = db.begin().await?;
    dispatch::period_insert(&tx, period("2025-07"), day("2025-08-05"), 3).await?;
    for (before, after) in projects.iter().zip(&today) {
        assert!(library::project_update(&tx, before, after, 4).await?);
    }
    tx.commit().await?;
    Ok(put_counted(db, &listed(&today, "2025-07")).await?)
}

async fn totals_of_the_library_are_the_sum_of_its_rows_in_any_month(db: &Db) -> Outcome {
    a_year_under_way(db).await?;
    let words = |word: &str| vec![word.to_owned()];
    let all = ListFilter::default;
    let filters = [
        all(),
        ListFilter {
            stages: words("implementation"),
            ..all()
        },
        ListFilter {
            stages: words("preparation"),
            industries: words("44"),
            ..all()
        },
        ListFilter {
            departments: vec![0, 2],
            ..all()
        },
        ListFilter {
            categories: words("new_start"),
            ..all()
        },
        ListFilter {
            statuses: words("draft"),
            stages: words("preparation"),
            ..all()
        },
        ListFilter {
            facets: vec![Facet::Started],
            ..all()
        },
        ListFilter {
            own_only: Some(unit("150600")),
            ..all()
        },
        ListFilter {
            text: "风电".to_owned(),
            ..all()
        },
        ListFilter {
            suspended_only: true,
            ..all()
        },
        ListFilter {
            troubled_only: true,
            ..all()
        },
    ];
    let scopes = [
        scope(""),
        scope("150500"),
        scope("150500/150502"),
        scope("150600"),
        departments(&[1, 2]),
        departments(&[]),
    ];
    for month in ["2025-04", "2025-05", "2025-06", "2025-07"] {
        let basis = ListBasis::Library(period(month));
        for filter in &filters {
            for scope in &scopes {
                let sort = by(SortBy::Entered, false);
                let rows = library::project_list(db, scope, basis, filter, sort).await?;
                let sum = |of: fn(&ListRow) -> Option<i64>| rows.iter().filter_map(of).sum();
                let wanted = ListTotals {
                    projects: i64::try_from(rows.len())?,
                    total_investment: sum(|row| Some(row.total_investment)),
                    annual_plan: sum(|row| row.annual_plan),
                    month_investment: sum(|row| row.month_investment),
                    year_to_date: sum(|row| row.year_to_date),
                };
                let found = library::project_totals(db, scope, basis, filter).await?;
                assert_eq!(found, wanted, "{month} {filter:?} {scope:?}");
            }
        }
    }
    Ok(())
}

async fn a_return_elsewhere_than_its_project_is_found_unless_noted(db: &Db) -> Outcome {
    a_year_under_way(db).await?;
    assert_eq!(library::elsewhere_unnoted(db, 10).await?, []);
    // A closed month takes no new return that stands elsewhere than its project.
    let astray = Project {
        unit: unit("150600"),
        ..scattered(1)
    };
    put(db, &[standing(&astray, "2025-06")]).await?;
    let found = library::elsewhere_unnoted(db, 10).await?;
    let places: Vec<_> = found.iter().map(|f| (f.project_id, f.period)).collect();
    assert_eq!(places, [(1, 202_506)]);
    assert_eq!(found[0].elsewhere_until, 0);
    Ok(())
}
