//! Lists: in which order, on which page, with which totals.

use gangmu_domain::Yuan;
use gangmu_domain::dispatch::ReturnStatus;
use gangmu_domain::library::{Field, Value};
use gangmu_domain::pipeline::Stage;
use gangmu_store::library::{self, ListBasis, ListFilter, ListSort, ListTotals, Project, SortBy};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{filed, period, project, put, save, scope, unit, with};

each_engine!(
    missing_figures_come_last_in_either_direction,
    names_stand_in_code_point_order,
    pages_follow_each_other_without_gap,
    totals_sum_up_all_rows_not_only_the_page,
    a_month_counts_from_when_it_is_handed_in,
    a_period_places_projects_as_they_were_then,
);

const MONTH: &str = "2025-06";

fn library_basis() -> ListBasis {
    ListBasis::Library(period(MONTH))
}

fn period_basis() -> ListBasis {
    ListBasis::Period(period(MONTH))
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
        (SortBy::Plan, true, [2, 4, 3, 1]),
        (SortBy::Gap, false, [4, 2, 1, 3]),
        (SortBy::Gap, true, [2, 4, 1, 3]),
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
    // All names are equal: only the number of the project keeps the order.
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
    assert_eq!(found, [1, 2, 3, 4, 5, 6, 7]);
    Ok(())
}

async fn totals_sum_up_all_rows_not_only_the_page(db: &Db) -> Outcome {
    let priced = |id, wan| {
        let total = Value::Money(Yuan::wan(wan));
        with(project(id, "风电"), Field::TotalInvestment, total)
    };
    save(db, &[priced(1, 500), priced(2, 700), project(3, "光伏")]).await?;
    put(db, &[filed(1, MONTH), filed(2, MONTH), filed(2, "2025-05")]).await?;
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
    put(db, &[filed(1, MONTH), draft]).await?;
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
