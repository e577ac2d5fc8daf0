//! Programmes, their changes, and the moves between stages.

use gangmu_domain::library::{Field, ProjectId, Value};
use gangmu_domain::metrics::Carried;
use gangmu_domain::organisation::{DepartmentId, Scope, UserId};
use gangmu_domain::pipeline::{Category, ProgrammeChange, ProgrammeChangeKind, Stage, Tally};
use gangmu_domain::{Period, Yuan};
use gangmu_store::library::Project;
use gangmu_store::pipeline::{self, Entry, Flow, Programme, StageCount, StartTarget, ToStartTotal};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, departments, project, save, scope, unit, with};

each_engine!(
    a_year_has_one_programme,
    an_entry_comes_back_and_is_replaced,
    a_tally_counts_what_is_still_on_the_list,
    what_was_taken_over_by_a_month_comes_back,
    changes_are_listed_by_date_within_a_scope,
    moves_between_stages_are_counted_by_span,
    projects_are_counted_by_stage_and_age,
    a_target_of_starts_is_what_the_list_asks_for,
    projects_to_start_are_listed_soonest_first,
    a_reporter_counts_only_their_own,
);

async fn a_year_has_one_programme(db: &Db) -> Outcome {
    let programme = |year| Programme {
        year,
        name: format!("{year}年重大项目清单"),
        adopted_on: day("2025-02-10"),
        document_no: "内政办发〔2025〕3号".to_owned(),
    };
    let tx = db.begin().await?;
    pipeline::programme_insert(&tx, &programme(2024)).await?;
    pipeline::programme_insert(&tx, &programme(2025)).await?;
    let twice = pipeline::programme_insert(&tx, &programme(2025)).await;
    assert!(matches!(twice, Err(StoreError::Exists { .. })), "{twice:?}");
    tx.commit().await?;
    let all = pipeline::programme_list(db).await?;
    assert_eq!(all, [programme(2025), programme(2024)]);
    Ok(())
}

fn entry(plan: i64) -> Entry {
    Entry {
        category: Category::NewStart,
        plan: Yuan::wan(plan),
        total: Yuan::wan(plan * 4),
        monthly_plan: None,
        carried: Carried::default(),
        included: true,
    }
}

async fn an_entry_comes_back_and_is_replaced(db: &Db) -> Outcome {
    let id = ProjectId(1);
    let mut monthly = [Yuan::ZERO; 12];
    monthly[11] = Yuan::wan(100);
    let second = Entry {
        category: Category::Completion,
        monthly_plan: Some(monthly),
        carried: Carried {
            year_to_date: Yuan(1),
            since_start: Yuan(2),
            funds_to_date: Yuan(3),
        },
        included: false,
        ..entry(200)
    };
    let tx = db.begin().await?;
    pipeline::entry_put(&tx, id, 2025, &entry(100)).await?;
    pipeline::entry_put(&tx, id, 2024, &entry(50)).await?;
    pipeline::entry_put(&tx, ProjectId(2), 2025, &entry(1)).await?;
    pipeline::entry_put(&tx, id, 2025, &second).await?;
    tx.commit().await?;
    assert_eq!(
        pipeline::entry_get(db, id, 2025).await?,
        Some(second.clone())
    );
    assert_eq!(pipeline::entry_get(db, id, 2026).await?, None);
    let years = pipeline::entry_list(db, id).await?;
    assert_eq!(years, [(2025, second), (2024, entry(50))]);
    assert_eq!(pipeline::entry_projects(db, 2025).await?, [ProjectId(2)]);
    Ok(())
}

/// Three projects: in the league without department, in a banner with department 4 and a
/// reporter, in another league.
async fn three(db: &Db) -> Result<[Project; 3], StoreError> {
    let projects = [
        project(1, "风电"),
        Project {
            unit: unit("150500/150502"),
            department: Some(DepartmentId(4)),
            reporter: Some(UserId(8)),
            ..project(2, "光伏")
        },
        Project {
            unit: unit("150600"),
            ..project(3, "水库")
        },
    ];
    save(db, &projects).await?;
    Ok(projects)
}

fn reporter() -> Scope {
    Scope {
        reporter: Some(UserId(8)),
        ..scope("")
    }
}

async fn what_was_taken_over_by_a_month_comes_back(db: &Db) -> Outcome {
    let carried = |n: i64| Carried {
        year_to_date: Yuan(n),
        since_start: Yuan(n * 2),
        funds_to_date: Yuan(-n),
    };
    let (first, second) = (Period::new(2025, 12), Period::new(2026, 1));
    let (first, second) = (first.ok_or("a month")?, second.ok_or("a month")?);
    let tx = db.begin().await?;
    for (id, period, n) in [(1, second, 5), (1, first, 7), (2, first, 9), (1, second, 6)] {
        pipeline::carried_month_put(&tx, ProjectId(id), period, carried(n)).await?;
    }
    tx.commit().await?;
    let found = pipeline::carried_month_list(db, ProjectId(1)).await?;
    assert_eq!(found, [(first, carried(7)), (second, carried(6))].into());
    let none = pipeline::carried_month_list(db, ProjectId(3)).await?;
    assert!(none.is_empty());
    Ok(())
}

async fn a_tally_counts_what_is_still_on_the_list(db: &Db) -> Outcome {
    three(db).await?;
    let tx = db.begin().await?;
    for (id, plan) in [(1, 100), (2, 20), (3, 3)] {
        pipeline::entry_put(&tx, ProjectId(id), 2025, &entry(plan)).await?;
    }
    let gone = Entry {
        included: false,
        ..entry(3)
    };
    pipeline::entry_put(&tx, ProjectId(3), 2025, &gone).await?;
    tx.commit().await?;
    assert_eq!(gone.tally(), Tally::default());
    let tally = |projects, plan| Tally {
        projects,
        total: Yuan::wan(plan * 4),
        plan: Yuan::wan(plan),
    };
    for (what, scope, year, wanted) in [
        ("region", scope(""), 2025, tally(2, 120)),
        ("banner", scope("150500/150502"), 2025, tally(1, 20)),
        (
            "the league whose project left",
            scope("150600"),
            2025,
            tally(0, 0),
        ),
        ("department", departments(&[4]), 2025, tally(1, 20)),
        ("no department", departments(&[]), 2025, tally(0, 0)),
        ("another year", scope(""), 2024, tally(0, 0)),
    ] {
        assert_eq!(
            pipeline::entry_tally(db, &scope, year).await?,
            wanted,
            "{what}"
        );
    }
    Ok(())
}

fn change(id: i64, on: &str, kind: ProgrammeChangeKind) -> ProgrammeChange {
    ProgrammeChange {
        project: ProjectId(id),
        on: day(on),
        kind,
        delta: Tally {
            projects: -1,
            total: Yuan::wan(-9),
            plan: Yuan::wan(-2),
        },
        category: Some(Category::Continuing),
        reason: "调整".to_owned(),
        document_no: String::new(),
    }
}

async fn changes_are_listed_by_date_within_a_scope(db: &Db) -> Outcome {
    use ProgrammeChangeKind as K;
    three(db).await?;
    let late = change(1, "2025-07-01", K::Removed);
    let first = change(1, "2025-02-01", K::Adopted);
    let then = change(1, "2025-02-01", K::PlanAdjusted);
    let other = change(2, "2025-03-01", K::Added);
    let tx = db.begin().await?;
    for change in [&late, &first, &then, &other] {
        pipeline::change_insert(&tx, 2025, change, UserId(1), 5).await?;
    }
    tx.commit().await?;
    let all = pipeline::change_list(db, &scope("150500"), 2025).await?;
    assert_eq!(all, [first, then, other.clone(), late]);
    let banner = pipeline::change_list(db, &scope("150500/150502"), 2025).await?;
    assert_eq!(banner, std::slice::from_ref(&other));
    assert_eq!(
        pipeline::change_list(db, &departments(&[4]), 2025).await?,
        [other]
    );
    assert_eq!(pipeline::change_list(db, &scope(""), 2026).await?, []);
    let own = pipeline::change_list_of(db, ProjectId(1)).await?;
    let told: Vec<_> = own
        .iter()
        .map(|one| (one.year, one.at, one.change.kind, one.change.category))
        .collect();
    let told_as = |kind| (2025, 5, kind, Some(Category::Continuing));
    let entered = [K::Removed, K::Adopted, K::PlanAdjusted].map(told_as);
    assert_eq!(told, entered, "in the order they were entered");
    Ok(())
}

async fn moves_between_stages_are_counted_by_span(db: &Db) -> Outcome {
    let [mut first, second, _] = three(db).await?;
    let total = Value::Money(Yuan::wan(30));
    first = with(first, Field::TotalInvestment, total);
    let tx = db.begin().await?;
    let reserve = Some(Stage::Reserve);
    pipeline::stage_move_insert(&tx, &first, None, day("2025-01-01")).await?;
    pipeline::stage_move_insert(&tx, &first, reserve, day("2025-02-01")).await?;
    pipeline::stage_move_insert(&tx, &second, reserve, day("2025-03-01")).await?;
    tx.commit().await?;
    let flow = |from: &str, projects, wan| Flow {
        from_stage: from.to_owned(),
        to_stage: "preparation".to_owned(),
        projects,
        total_investment: Yuan::wan(wan).0,
    };
    let region = scope("");
    for (what, scope, from, to, wanted) in [
        (
            "the year",
            &region,
            "2024-12-31",
            "2025-12-31",
            vec![flow("", 1, 30), flow("reserve", 2, 30)],
        ),
        (
            "the day after",
            &region,
            "2025-01-01",
            "2025-02-01",
            vec![flow("reserve", 1, 30)],
        ),
        (
            "a department",
            &departments(&[4]),
            "2024-12-31",
            "2025-12-31",
            vec![flow("reserve", 1, 0)],
        ),
        ("nothing", &region, "2025-03-01", "2025-12-31", vec![]),
    ] {
        let found = pipeline::stage_flow(db, scope, day(from), day(to)).await?;
        assert_eq!(found, wanted, "{what}");
    }
    Ok(())
}

async fn projects_are_counted_by_stage_and_age(db: &Db) -> Outcome {
    let since = |id, on: &str, suspended| Project {
        stage_since: day(on),
        suspended,
        ..with(
            project(id, "风电"),
            Field::TotalInvestment,
            Value::Money(Yuan::wan(1)),
        )
    };
    save(
        db,
        &[
            since(1, "2024-01-01", false),
            since(2, "2025-01-01", false),
            since(3, "2025-06-01", false),
            since(4, "2025-06-01", true),
            Project {
                stage: Stage::Concept,
                ..since(5, "2023-01-01", false)
            },
        ],
    )
    .await?;
    let counts =
        pipeline::stage_counts(db, &scope("150500"), day("2025-06-01"), day("2025-01-01")).await?;
    let count = |stage: Stage, suspended, projects, older, oldest| StageCount {
        stage: stage.word().to_owned(),
        suspended,
        projects,
        total_investment: Yuan::wan(projects).0,
        older,
        oldest,
    };
    let wanted = [
        count(Stage::Concept, 0, 1, 1, 1),
        count(Stage::Preparation, 0, 3, 2, 1),
        count(Stage::Preparation, 1, 1, 0, 0),
    ];
    assert_eq!(counts, wanted);
    Ok(())
}

async fn a_target_of_starts_is_what_the_list_asks_for(db: &Db) -> Outcome {
    let planned = |id, on: &str, stage| Project {
        stage,
        ..with(
            project(id, "风电"),
            Field::PlannedStart,
            Value::Date(day(on)),
        )
    };
    let building = Stage::Implementation;
    let undated = project(5, "没有日期");
    let projects = [
        planned(1, "2025-05-01", Stage::Preparation),
        planned(2, "2025-06-30", building),
        planned(3, "2025-07-01", Stage::Reserve),
        planned(4, "2025-01-01", Stage::Reserve),
        undated,
        planned(6, "2024-05-01", Stage::Concept),
        planned(7, "2025-05-01", Stage::Concept),
    ];
    save(db, &projects).await?;
    let tx = db.begin().await?;
    for (id, plan) in [(1, 1), (2, 20), (3, 300), (5, 4_000), (6, 50_000)] {
        pipeline::entry_put(&tx, ProjectId(id), 2025, &entry(plan)).await?;
    }
    let continuing = Entry {
        category: Category::Continuing,
        ..entry(600_000)
    };
    pipeline::entry_put(&tx, ProjectId(4), 2025, &continuing).await?;
    let gone = Entry {
        included: false,
        ..entry(7_000_000)
    };
    pipeline::entry_put(&tx, ProjectId(7), 2025, &gone).await?;
    tx.commit().await?;
    let target = |due, missing, plan| StartTarget {
        due,
        missing,
        missing_plan: Yuan::wan(plan).0,
        missing_total: Yuan::wan(plan * 4).0,
    };
    for (until, wanted) in [
        ("2025-06-30", target(3, 2, 50_001)),
        ("2025-09-30", target(4, 3, 50_301)),
        ("2025-12-31", target(5, 4, 54_301)),
        ("2026-03-31", target(0, 0, 0)),
    ] {
        let found = pipeline::start_target(db, &scope(""), day(until)).await?;
        assert_eq!(found, wanted, "{until}");
    }
    let elsewhere = pipeline::start_target(db, &scope("159999"), day("2025-12-31")).await?;
    assert_eq!(elsewhere, target(0, 0, 0));
    Ok(())
}

async fn projects_to_start_are_listed_soonest_first(db: &Db) -> Outcome {
    let planned = |id, on: &str| {
        with(
            project(id, "风电"),
            Field::PlannedStart,
            Value::Date(day(on)),
        )
    };
    let dear = Value::Money(Yuan::wan(5));
    save(
        db,
        &[
            planned(1, "2025-05-01"),
            planned(2, "2025-04-01"),
            with(planned(3, "2025-05-01"), Field::TotalInvestment, dear),
            planned(4, "2025-05-02"),
            Project {
                suspended: true,
                ..planned(5, "2025-04-01")
            },
            Project {
                stage: Stage::Implementation,
                ..planned(6, "2025-04-01")
            },
            project(7, "没有日期"),
        ],
    )
    .await?;
    let starts = pipeline::to_start_list(db, &scope(""), day("2025-05-01"), 10).await?;
    let order: Vec<i64> = starts.iter().map(|start| start.project_id).collect();
    assert_eq!(order, [2, 3, 1]);
    let today = day("2025-04-02");
    let all = pipeline::to_start_total(db, &scope(""), day("2025-05-01"), today).await?;
    let listed: i64 = starts.iter().map(|start| start.total_investment).sum();
    let wanted = ToStartTotal {
        projects: 3,
        total_investment: listed,
        overdue: 1,
    };
    assert_eq!(all, wanted);
    assert_eq!(starts[0].planned_start_on, "2025-04-01");
    assert_eq!(
        pipeline::to_start_list(db, &scope(""), day("2025-05-01"), 1)
            .await?
            .len(),
        1
    );
    Ok(())
}

async fn a_reporter_counts_only_their_own(db: &Db) -> Outcome {
    let projects = three(db).await?;
    let tx = db.begin().await?;
    for project in &projects {
        pipeline::entry_put(&tx, project.id, 2025, &entry(10)).await?;
        let added = change(project.id.0, "2025-02-01", ProgrammeChangeKind::Added);
        pipeline::change_insert(&tx, 2025, &added, UserId(1), 5).await?;
        pipeline::stage_move_insert(&tx, project, None, day("2025-02-01")).await?;
    }
    tx.commit().await?;
    let (from, to) = (day("2025-01-01"), day("2025-12-31"));
    assert_eq!(
        pipeline::entry_tally(db, &reporter(), 2025).await?.projects,
        1
    );
    assert_eq!(pipeline::change_list(db, &reporter(), 2025).await?.len(), 1);
    assert_eq!(
        pipeline::stage_flow(db, &reporter(), from, to).await?[0].projects,
        1
    );
    assert_eq!(
        pipeline::stage_counts(db, &reporter(), from, to).await?[0].projects,
        1
    );
    let planned = |id, reporter| Project {
        reporter,
        ..with(project(id, "风电"), Field::PlannedStart, Value::Date(from))
    };
    save(db, &[planned(11, None), planned(12, Some(UserId(8)))]).await?;
    let starts = pipeline::to_start_list(db, &reporter(), to, 10).await?;
    assert_eq!(
        starts.iter().map(|s| s.project_id).collect::<Vec<_>>(),
        [12]
    );
    Ok(())
}
