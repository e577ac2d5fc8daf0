//! What is read and written for a batch is what would be read and written for each of it.

use std::collections::BTreeMap;

use gangmu_domain::Yuan;
use gangmu_domain::library::{EventKind, ProjectId};
use gangmu_domain::metrics::Carried;
use gangmu_domain::organisation::UserId;
use gangmu_domain::pipeline::{Category, ProgrammeChange, ProgrammeChangeKind, Tally};
use gangmu_store::dispatch::{Published, ReturnRow};
use gangmu_store::library::Event;
use gangmu_store::pipeline::Entry;
use gangmu_store::{Db, batch, dispatch, library, pipeline};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, filed, period, project, put, save, scope};

each_engine!(
    projects_are_locked_together_in_order_of_entry,
    returns_around_a_month_come_by_project,
    returns_at_once_replace_what_was_there,
    what_was_published_is_what_the_first_correction_found,
    entries_at_once_replace_what_was_there,
    what_was_taken_over_is_read_for_many,
    events_and_changes_count_on_by_project,
);

fn ids(numbers: &[i64]) -> Vec<ProjectId> {
    numbers.iter().copied().map(ProjectId).collect()
}

async fn projects_are_locked_together_in_order_of_entry(db: &Db) -> Outcome {
    let projects: Vec<_> = (1..=3).map(|id| project(id, "风电")).collect();
    save(db, &projects).await?;
    let tx = db.begin().await?;
    let locked = batch::project_lock_all(&tx, &ids(&[3, 9, 1])).await?;
    assert_eq!(locked, [projects[0].clone(), projects[2].clone()]);
    assert_eq!(batch::project_lock_all(&tx, &[]).await?, []);
    Ok(())
}

async fn returns_around_a_month_come_by_project(db: &Db) -> Outcome {
    save(
        db,
        &[project(1, "风电"), project(2, "光伏"), project(3, "铝")],
    )
    .await?;
    let months = ["2024-11", "2024-12", "2025-01", "2025-03", "2025-04"];
    let mut rows: Vec<ReturnRow> = months.iter().map(|month| filed(1, month)).collect();
    rows.push(filed(2, "2025-04"));
    rows.push(filed(3, "2024-12"));
    put(db, &rows).await?;
    let around = async |of: &[i64], from: &str, n| {
        let rows = batch::return_list_around(db, &ids(of), period(from), n).await?;
        let names = rows
            .iter()
            .map(|row| format!("{} {}", row.project, row.period));
        Ok::<Vec<String>, gangmu_store::StoreError>(names.collect())
    };
    assert_eq!(
        around(&[2, 1], "2025-03", 1).await?,
        ["1 2025-01", "1 2025-03", "1 2025-04", "2 2025-04"]
    );
    assert_eq!(
        around(&[1, 3], "2025-02", 2).await?,
        [
            "1 2024-12",
            "1 2025-01",
            "1 2025-03",
            "1 2025-04",
            "3 2024-12"
        ]
    );
    assert_eq!(around(&[3], "2025-02", 6).await?, ["3 2024-12"]);
    assert_eq!(around(&[], "2025-02", 6).await?.len(), 0);
    Ok(())
}

/// More than one statement takes.
const MANY: i64 = 600;

async fn returns_at_once_replace_what_was_there(db: &Db) -> Outcome {
    put(db, &[filed(1, "2025-01"), filed(2, "2025-02")]).await?;
    let mut rows: Vec<ReturnRow> = (1..=MANY).map(|id| filed(id, "2025-01")).collect();
    rows[0].filed.version = 9;
    rows[0].filed.figures.month = None;
    rows[0].position.month.investment = Yuan::ZERO;
    rows[0].submitted_at = None;
    let tx = db.begin().await?;
    batch::return_put_all(&tx, &rows).await?;
    batch::return_put_all(&tx, &[]).await?;
    tx.commit().await?;
    for wanted in [&rows[0], &rows[599]] {
        let found = dispatch::return_get(db, wanted.project, wanted.period).await?;
        assert_eq!(found.as_ref(), Some(wanted));
    }
    let gone: Vec<_> = (2..=MANY)
        .map(|id| (ProjectId(id), period("2025-01")))
        .collect();
    let tx = db.begin().await?;
    batch::return_delete_all(&tx, &gone).await?;
    tx.commit().await?;
    let left = dispatch::return_page(db, period("2025-01"), ProjectId(0), 10).await?;
    assert_eq!(left, [rows[0].clone()]);
    let other = dispatch::return_get(db, ProjectId(2), period("2025-02")).await?;
    assert_eq!(other, Some(filed(2, "2025-02")), "another month's stays");
    Ok(())
}

fn entry(plan: i64) -> Entry {
    Entry {
        category: Category::Continuing,
        plan: Yuan::wan(plan),
        total: Yuan::wan(500),
        monthly_plan: Some([Yuan::wan(10); 12]),
        carried: Carried::default(),
        included: true,
    }
}

async fn entries_at_once_replace_what_was_there(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    batch::entry_put_all(
        &tx,
        2025,
        &[(ProjectId(1), entry(100)), (ProjectId(2), entry(50))],
    )
    .await?;
    batch::entry_put_all(&tx, 2024, &[(ProjectId(1), entry(7))]).await?;
    let gone = Entry {
        included: false,
        monthly_plan: None,
        ..entry(120)
    };
    batch::entry_put_all(&tx, 2025, &[(ProjectId(1), gone.clone())]).await?;
    tx.commit().await?;
    let found = batch::entry_list_of(db, &ids(&[1, 2, 3]), 2025).await?;
    let wanted = BTreeMap::from([
        (ProjectId(1), BTreeMap::from([(2025, gone.clone())])),
        (ProjectId(2), BTreeMap::from([(2025, entry(50))])),
    ]);
    assert_eq!(found, wanted);
    let found = batch::entry_list_of(db, &ids(&[1]), 2024).await?;
    let years = BTreeMap::from([(2024, entry(7)), (2025, gone)]);
    assert_eq!(found, BTreeMap::from([(ProjectId(1), years)]));
    Ok(())
}

async fn what_was_taken_over_is_read_for_many(db: &Db) -> Outcome {
    let carried = |wan| Carried {
        year_to_date: Yuan::wan(wan),
        since_start: Yuan::wan(wan + 1),
        funds_to_date: Yuan::wan(wan + 2),
    };
    let tx = db.begin().await?;
    for (id, month, wan) in [
        (1, "2025-02", 4),
        (1, "2025-01", 3),
        (2, "2025-01", 5),
        (4, "2025-01", 6),
    ] {
        pipeline::carried_month_put(&tx, ProjectId(id), period(month), carried(wan)).await?;
    }
    tx.commit().await?;
    let found = batch::carried_month_list_of(db, &ids(&[2, 1, 3])).await?;
    let first = BTreeMap::from([
        (period("2025-01"), carried(3)),
        (period("2025-02"), carried(4)),
    ]);
    let second = BTreeMap::from([(period("2025-01"), carried(5))]);
    assert_eq!(
        found,
        BTreeMap::from([(ProjectId(1), first), (ProjectId(2), second)])
    );
    Ok(())
}

async fn events_and_changes_count_on_by_project(db: &Db) -> Outcome {
    save(db, &[project(1, "风电"), project(2, "光伏")]).await?;
    let event = |at| Event {
        seq: 0,
        at,
        on: day("2025-01-10"),
        user: UserId(7),
        kind: EventKind::Programme,
        reason: "2025 added".to_owned(),
        document_no: String::new(),
        changes: Vec::new(),
    };
    let change = |id, plan| ProgrammeChange {
        project: ProjectId(id),
        on: day("2025-01-10"),
        kind: ProgrammeChangeKind::Added,
        delta: Tally {
            projects: 1,
            total: Yuan::wan(5),
            plan: Yuan::wan(plan),
        },
        category: None,
        reason: "补充纳入".to_owned(),
        document_no: String::new(),
    };
    let tx = db.begin().await?;
    batch::event_insert_all(&tx, &[(ProjectId(1), event(5))]).await?;
    batch::event_insert_all(&tx, &[(ProjectId(1), event(6)), (ProjectId(2), event(6))]).await?;
    batch::change_insert_all(&tx, 2025, &[change(2, 1)], UserId(7), 5).await?;
    batch::change_insert_all(&tx, 2025, &[change(1, 2), change(2, 3)], UserId(7), 6).await?;
    tx.commit().await?;
    let numbers = async |id| {
        let events = library::event_list(db, ProjectId(id)).await?;
        let numbers = events.iter().map(|event| (event.seq, event.at));
        Ok::<Vec<(i64, i64)>, gangmu_store::StoreError>(numbers.collect())
    };
    assert_eq!(numbers(1).await?, [(2, 6), (1, 5)]);
    assert_eq!(numbers(2).await?, [(1, 6)]);
    let changes = pipeline::change_list(db, &scope(""), 2025).await?;
    assert_eq!(changes, [change(1, 2), change(2, 1), change(2, 3)]);
    let tx = db.begin().await?;
    let twice = [change(1, 2), change(1, 3)];
    let twice = batch::change_insert_all(&tx, 2025, &twice, UserId(7), 5).await;
    assert!(twice.is_err(), "one call takes one line of a project");
    Ok(())
}

async fn what_was_published_is_what_the_first_correction_found(db: &Db) -> Outcome {
    save(db, &[project(1, "风电"), project(2, "光伏")]).await?;
    let at = |id, month, wan, at_work| {
        let mut row = filed(id, month);
        row.position.year_to_date = Yuan::wan(wan);
        row.position.month.at_work = at_work;
        row
    };
    let rounds = [
        [at(1, "2025-01", 100, false), at(2, "2025-01", 7, true)],
        [at(1, "2025-01", 300, true), at(1, "2025-02", 300, true)],
    ];
    for rows in &rounds {
        let tx = db.begin().await?;
        let rows: Vec<&ReturnRow> = rows.iter().collect();
        batch::return_published_keep(&tx, &rows).await?;
        batch::return_published_keep(&tx, &[]).await?;
        tx.commit().await?;
    }
    let said = |wan, at_work| Published {
        year_to_date: Yuan::wan(wan),
        at_work,
    };
    let kept = dispatch::return_published_list(db, ProjectId(1)).await?;
    let first = [
        (period("2025-01"), said(100, false)),
        (period("2025-02"), said(300, true)),
    ];
    assert_eq!(kept, BTreeMap::from(first));
    let of_month = dispatch::return_published_of(db, &[1, 3], period("2025-02")).await?;
    assert_eq!(of_month, BTreeMap::from([(ProjectId(1), said(300, true))]));
    let of_others = dispatch::return_published_of(db, &[3], period("2025-02")).await?;
    assert!(of_others.is_empty());
    assert_eq!(
        dispatch::return_published_list(db, ProjectId(3))
            .await?
            .len(),
        0
    );
    Ok(())
}
