//! Cells of the cube.

use std::collections::BTreeMap;

use gangmu_domain::Yuan;
use gangmu_domain::metrics::{CellKey, Cut, Edition, Measure, Measures};
use gangmu_domain::organisation::{DepartmentId, DepartmentSet};
use gangmu_store::{Db, StoreError, metrics};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{filed, period, unit};

each_engine!(
    differences_accumulate_and_cancel_out,
    transactions_at_the_same_time_neither_lose_nor_block_each_other,
    cells_are_read_by_unit_cut_and_department,
    a_published_edition_stays_as_it_was,
    a_sum_out_of_range_is_refused_and_spoils_nothing,
);

const MONTH: &str = "2025-12";

/// The cells one project adds to, as saving its return would.
fn deltas(codes: &str, department: Option<i64>, wan: i64) -> BTreeMap<CellKey, Measures> {
    let mut row = filed(1, MONTH);
    row.position.entry.coordinates.unit = unit(codes);
    row.position.entry.coordinates.department = department.map(DepartmentId);
    row.position.year_to_date = Yuan::wan(wan);
    let measures = row.position.measures(row.period);
    let keys = row.position.entry.coordinates.cells(row.period);
    keys.into_iter().map(|key| (key, measures)).collect()
}

async fn add(db: &Db, deltas: &BTreeMap<CellKey, Measures>) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    metrics::cell_add(&tx, deltas).await?;
    tx.commit().await
}

async fn current(db: &Db) -> Result<BTreeMap<CellKey, Measures>, StoreError> {
    metrics::cell_dump(db, Edition::Current, period(MONTH)).await
}

async fn differences_accumulate_and_cancel_out(db: &Db) -> Outcome {
    let first = deltas("150500/150502", Some(4), 30);
    let second = deltas("150500", None, 5);
    add(db, &first).await?;
    assert_eq!(current(db).await?, first);
    add(db, &second).await?;
    let mut both = first.clone();
    for (key, delta) in &second {
        *both.entry(key.clone()).or_default() += *delta;
    }
    assert_eq!(current(db).await?, both);
    let back = first.iter().map(|(key, m)| (key.clone(), -*m)).collect();
    add(db, &back).await?;
    assert_eq!(current(db).await?, second);
    add(db, &BTreeMap::new()).await?;
    assert_eq!(current(db).await?, second);
    Ok(())
}

async fn transactions_at_the_same_time_neither_lose_nor_block_each_other(db: &Db) -> Outcome {
    // More cells than one statement carries, shared in part, given in one order by key.
    let own = |codes: &str| -> BTreeMap<CellKey, Measures> {
        let departments = 1..=9;
        departments
            .flat_map(|department| deltas(codes, Some(department), 1))
            .collect()
    };
    let repeat = async |codes: &str| -> Result<(), StoreError> {
        let deltas = own(codes);
        for _ in 0..8 {
            add(db, &deltas).await?;
        }
        Ok(())
    };
    let (a, b, c) = tokio::join!(
        repeat("150500/150502"),
        repeat("150500/150581"),
        repeat("150600")
    );
    a.and(b).and(c)?;
    let cells = current(db).await?;
    for (codes, wanted) in [
        ("", 24),
        ("150500", 16),
        ("150500/150502", 8),
        ("150600", 8),
    ] {
        for (key, measures) in cells.iter().filter(|(key, _)| key.unit == unit(codes)) {
            assert_eq!(measures.get(Measure::Projects), wanted, "{key:?}");
        }
    }
    Ok(())
}

async fn cells_are_read_by_unit_cut_and_department(db: &Db) -> Outcome {
    for (codes, department, wan) in [
        ("150500/150502", Some(4), 30),
        ("150500", Some(5), 7),
        ("150600", None, 2),
    ] {
        add(db, &deltas(codes, department, wan)).await?;
    }
    let only = |ids: &[i64]| DepartmentSet::Only(ids.iter().map(|id| DepartmentId(*id)).collect());
    let units = [unit(""), unit("150500"), unit("150600")];
    let none: &[(&str, i64)] = &[];
    for (what, departments, wanted) in [
        (
            "all",
            DepartmentSet::All,
            &[("", 39), ("150500", 37), ("150600", 2)][..],
        ),
        ("one", only(&[4]), &[("", 30), ("150500", 30)]),
        ("two", only(&[4, 5]), &[("", 37), ("150500", 37)]),
        ("none", only(&[]), none),
    ] {
        for (cut, member) in [
            (Cut::Total, ""),
            (Cut::Category, "new_start"),
            (Cut::Industry, "44"),
        ] {
            let edition = Edition::Current;
            let cells =
                metrics::cell_read(db, edition, period(MONTH), cut, &units, &departments).await?;
            let found: BTreeMap<_, _> = cells
                .iter()
                .map(|(key, m)| (key.clone(), m.get(Measure::YearToDate)))
                .collect();
            let wanted = wanted
                .iter()
                .map(|(codes, wan)| {
                    let path = unit(codes).as_str().to_owned();
                    ((path, member.to_owned()), Yuan::wan(*wan).0)
                })
                .collect();
            assert_eq!(found, wanted, "{what}, {cut:?}");
        }
    }
    for (departments, wanted) in [
        (DepartmentSet::All, vec![4, 5]),
        (only(&[5]), vec![5]),
        (only(&[]), vec![]),
    ] {
        let edition = Edition::Current;
        let cells =
            metrics::cell_by_department(db, edition, period(MONTH), &unit(""), &departments)
                .await?;
        assert_eq!(cells.keys().copied().collect::<Vec<_>>(), wanted);
    }
    let nothing = metrics::cell_read(
        db,
        Edition::Current,
        period(MONTH),
        Cut::Total,
        &[],
        &only(&[4]),
    )
    .await?;
    assert!(nothing.is_empty());
    Ok(())
}

async fn a_published_edition_stays_as_it_was(db: &Db) -> Outcome {
    let first = deltas("150500", None, 30);
    add(db, &first).await?;
    let mut elsewhere = deltas("150600", None, 1);
    add(db, &elsewhere).await?;
    elsewhere.values_mut().for_each(|m| *m = -*m);
    add(db, &elsewhere).await?;
    let tx = db.begin().await?;
    metrics::cell_publish(&tx, period(MONTH)).await?;
    tx.commit().await?;
    add(db, &deltas("150500", None, 9)).await?;
    let published = metrics::cell_dump(db, Edition::Published, period(MONTH)).await?;
    assert_eq!(published, first);
    assert_eq!(
        metrics::cell_periods(db, Edition::Published).await?,
        [period(MONTH)]
    );
    assert_eq!(
        metrics::cell_periods(db, Edition::Current).await?,
        [period(MONTH)]
    );
    let tx = db.begin().await?;
    assert!(metrics::cell_publish(&tx, period(MONTH)).await.is_err());
    Ok(())
}

async fn a_sum_out_of_range_is_refused_and_spoils_nothing(db: &Db) -> Outcome {
    let first = deltas("150500", None, i64::MAX / 10_000);
    add(db, &first).await?;
    assert!(add(db, &first).await.is_err());
    assert_eq!(current(db).await?, first);
    Ok(())
}
