//! Winters: acts, copies, the ledger, sums by unit.

use gangmu_domain::Yuan;
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentSet, Scope, UserId};
use gangmu_domain::pipeline::Stage;
use gangmu_domain::winter::{Act, Event, Phase, Plan};
use gangmu_store::winter::{self, WinterCopy, WinterFilter};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, period, project, save, unit};

each_engine!(
    acts_come_back_as_they_were_added_and_each_number_is_given_once,
    copies_are_saved_on_the_version_they_were_made_of,
    the_ledger_begins_with_the_projects_that_are_built,
    what_is_planned_adds_up_by_unit_and_month,
    what_was_suspended_or_has_left_is_in_no_ledger_and_no_sum,
    what_is_not_filed_is_found_by_unit_and_reminded_of_once,
);

fn plan() -> Plan {
    Plan {
        from: Some(day("2025-11-01")),
        to: None,
        parts: "基础\n吊装".to_owned(),
        investment: [
            (period("2025-12"), Yuan::wan(100)),
            (period("2026-02"), Yuan::wan(300)),
        ]
        .into(),
        workers: Some(40),
        measures: ["safety".to_owned()].into(),
        further: String::new(),
        prepared_on: Some(day("2025-10-20")),
        supervised_on: None,
        attachment: Some(3),
    }
}

fn event(seq: i64, act: Act) -> Event {
    Event {
        seq,
        on: day("2025-11-01"),
        at: seq,
        user: UserId(4),
        act,
    }
}

async fn acts_come_back_as_they_were_added_and_each_number_is_given_once(db: &Db) -> Outcome {
    let text = |text: &str| text.to_owned();
    let acts = [
        Act::Rest {
            reason: text("funds"),
            note: text("等待拨款"),
        },
        Act::Plan(Plan::default()),
        Act::Plan(plan()),
        Act::Submit,
        Act::SendBack {
            reason: text("缺测温"),
        },
        Act::File,
        Act::Inspect {
            sound: false,
            findings: text("无记录"),
            files: vec![3, 5],
        },
        Act::Stop {
            cause: text("cold"),
            note: String::new(),
        },
        Act::Resume { note: text("x") },
    ];
    let events: Vec<Event> = (1..).zip(acts).map(|(seq, act)| event(seq, act)).collect();
    let tx = db.begin().await?;
    for event in &events {
        winter::winter_event_insert(&tx, ProjectId(7), 2025, event).await?;
    }
    winter::winter_event_insert(&tx, ProjectId(7), 2024, &event(1, Act::Submit)).await?;
    let twice = winter::winter_event_insert(&tx, ProjectId(7), 2025, &events[0]).await;
    assert!(matches!(twice, Err(StoreError::Exists { .. })), "{twice:?}");
    tx.commit().await?;
    assert_eq!(
        winter::winter_event_list(db, ProjectId(7), 2025).await?,
        events
    );
    assert_eq!(winter::winter_event_list(db, ProjectId(8), 2025).await?, []);
    let ids = [ProjectId(8), ProjectId(7)];
    let all = winter::winter_event_list_of(db, 2025, &ids).await?;
    assert_eq!(all, [(ProjectId(7), events)].into());
    Ok(())
}

fn copy(id: i64, phase: Phase) -> WinterCopy {
    let plan = phase.builds().then(plan);
    WinterCopy {
        project: ProjectId(id),
        season: 2025,
        version: 0,
        phase,
        reason: if phase == Phase::Resting { "funds" } else { "" }.to_owned(),
        from: plan.as_ref().and_then(|plan| plan.from),
        to: None,
        workers: if plan.is_some() { 40 } else { 0 },
        months: plan.map(|plan| plan.investment).unwrap_or_default(),
    }
}

async fn put(db: &Db, copy: &WinterCopy) -> Result<bool, StoreError> {
    let tx = db.begin().await?;
    let saved = winter::winter_put(&tx, copy).await?;
    tx.commit().await?;
    Ok(saved)
}

async fn copies_are_saved_on_the_version_they_were_made_of(db: &Db) -> Outcome {
    let first = copy(7, Phase::Draft);
    assert!(put(db, &first).await?);
    assert!(!put(db, &first).await?, "somebody was first");
    let second = WinterCopy {
        version: 1,
        ..copy(7, Phase::Resting)
    };
    assert!(put(db, &second).await?);
    assert!(put(db, &copy(9, Phase::Filed)).await?);
    let stored = |copy: WinterCopy| WinterCopy {
        version: copy.version + 1,
        ..copy
    };
    let tx = db.begin().await?;
    let held = winter::winter_lock(&tx, ProjectId(7), 2025).await?;
    assert_eq!(held, Some(stored(second.clone())));
    assert_eq!(winter::winter_lock(&tx, ProjectId(7), 2024).await?, None);
    drop(tx);
    let all = winter::winter_after(db, (ProjectId(0), 0), 10).await?;
    assert_eq!(all, [stored(second), stored(copy(9, Phase::Filed))]);
    let rest = winter::winter_after(db, (ProjectId(7), 2025), 10).await?;
    assert_eq!(rest.len(), 1);
    Ok(())
}

/// Four projects being built, two of them elsewhere, and one that is not.
async fn region(db: &Db) -> Result<(), StoreError> {
    let places = [
        (1, "150500/150502", Stage::Implementation),
        (2, "150500/150502", Stage::Implementation),
        (3, "150500/150526", Stage::Implementation),
        (4, "150200", Stage::Implementation),
        (5, "150500/150502", Stage::Reserve),
    ];
    for (id, place, stage) in places {
        let mut one = project(id, &format!("项目{id}"));
        one.unit = unit(place);
        one.stage = stage;
        save(db, &[one]).await?;
    }
    for copy in [
        copy(1, Phase::Filed),
        copy(2, Phase::Resting),
        copy(3, Phase::Draft),
    ] {
        put(db, &copy).await?;
    }
    Ok(())
}

fn filter(place: &str) -> WinterFilter {
    let scope = Scope {
        unit: unit(place),
        departments: DepartmentSet::All,
        reporter: None,
    };
    WinterFilter {
        limit: 10,
        ..WinterFilter::all(scope, 2025)
    }
}

async fn what_was_suspended_or_has_left_is_in_no_ledger_and_no_sum(db: &Db) -> Outcome {
    for (id, stage, suspended) in [
        (1, Stage::Implementation, false),
        (2, Stage::Implementation, true),
        (3, Stage::Cancelled, false),
        (4, Stage::Merged, false),
        (5, Stage::Completed, false),
        (6, Stage::Preparation, false),
    ] {
        let mut one = project(id, &format!("项目{id}"));
        one.stage = stage;
        one.suspended = suspended;
        save(db, &[one]).await?;
        put(db, &copy(id, Phase::Filed)).await?;
    }
    let rows = winter::winter_list(db, &filter("")).await?;
    let mut ids: Vec<i64> = rows.iter().map(|row| row.project_id).collect();
    ids.sort_unstable();
    assert_eq!(ids, [1, 5]);
    let counted: i64 = winter::winter_count(db, &filter(""))
        .await?
        .iter()
        .map(|row| row.projects)
        .sum();
    assert_eq!(counted, 2);
    let sums = winter::winter_month_sum(db, &filter("").scope, 2025).await?;
    let december: i64 = sums
        .iter()
        .filter(|row| row.period == 202_512)
        .map(|row| row.amount)
        .sum();
    assert_eq!(december, 2_000_000);
    Ok(())
}

async fn what_is_not_filed_is_found_by_unit_and_reminded_of_once(db: &Db) -> Outcome {
    region(db).await?;
    let ids = async |units: &[&str]| {
        let filter = WinterFilter {
            unfiled_in: Some(units.iter().map(|one| unit(one)).collect()),
            ..filter("")
        };
        let rows = winter::winter_list(db, &filter).await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.project_id).collect();
        Ok::<_, StoreError>(ids)
    };
    // The first is on file, the second rests; the third is being written, of the fourth nobody said.
    let all = ["150500/150502", "150500/150526", "150200"];
    assert_eq!(ids(&all).await?, [3, 4]);
    assert_eq!(ids(&all[..1]).await?, Vec::<i64>::new());
    assert_eq!(ids(&[]).await?, Vec::<i64>::new());
    let tx = db.begin().await?;
    for (place, step, first) in [
        ("150500", "soon", true),
        ("150500", "soon", false),
        ("150500", "late", true),
        ("150200", "soon", true),
    ] {
        let claimed = winter::winter_remind(&tx, &unit(place), 2025, step, 5).await?;
        assert_eq!(claimed, first, "{place} {step}");
    }
    assert!(winter::winter_remind(&tx, &unit("150500"), 2026, "soon", 5).await?);
    tx.commit().await?;
    Ok(())
}

async fn the_ledger_begins_with_the_projects_that_are_built(db: &Db) -> Outcome {
    region(db).await?;
    let ids = async |filter: WinterFilter| {
        let rows = winter::winter_list(db, &filter).await?;
        let total = winter::winter_total(db, &filter).await?;
        assert_eq!(i64::try_from(rows.len()).unwrap_or(-1), total);
        let ids: Vec<i64> = rows.iter().map(|row| row.project_id).collect();
        Ok::<_, StoreError>(ids)
    };
    assert_eq!(ids(filter("")).await?, [1, 3, 2, 4]);
    assert_eq!(ids(filter("150500/150502")).await?, [1, 2]);
    let phases = |phases: &[Phase]| WinterFilter {
        phases: phases.to_vec(),
        ..filter("")
    };
    assert_eq!(ids(phases(&[Phase::Undecided])).await?, [4]);
    assert_eq!(ids(phases(&[Phase::Filed, Phase::Draft])).await?, [1, 3]);
    let funds = WinterFilter {
        reason: "funds".to_owned(),
        ..filter("")
    };
    assert_eq!(ids(funds).await?, [2]);
    let named = WinterFilter {
        text: "目3".to_owned(),
        ..filter("")
    };
    assert_eq!(ids(named).await?, [3]);
    let another = WinterFilter {
        season: 2024,
        ..filter("150500")
    };
    assert_eq!(ids(another).await?, [1, 2, 3], "nobody had said anything");
    let rows = winter::winter_list(db, &filter("150500/150502")).await?;
    assert_eq!((rows[0].state.as_str(), rows[0].workers), ("filed", 40));
    let wan = 10_000;
    assert_eq!(
        (rows[0].planned, rows[0].first_quarter),
        (400 * wan, 300 * wan)
    );
    assert_eq!((rows[1].reason.as_str(), rows[1].planned), ("funds", 0));
    Ok(())
}

async fn what_is_planned_adds_up_by_unit_and_month(db: &Db) -> Outcome {
    region(db).await?;
    let league = filter("150500");
    let counts = winter::winter_count(db, &league).await?;
    let banner = unit("150500/150502");
    let found: Vec<_> = counts
        .iter()
        .filter(|row| row.unit_path == banner.as_str())
        .map(|row| (row.state.as_str(), row.projects, row.workers))
        .collect();
    assert_eq!(found, [("filed", 1, 40), ("resting", 1, 0)]);
    let sums = winter::winter_month_sum(db, &league.scope, 2025).await?;
    let found: Vec<_> = sums
        .iter()
        .map(|row| (row.period, row.state.as_str(), row.amount))
        .collect();
    let december = |state| (202_512, state, 1_000_000);
    let february = |state| (202_602, state, 3_000_000);
    assert_eq!(
        found,
        [
            december("filed"),
            february("filed"),
            december("draft"),
            february("draft"),
        ]
    );
    let span = (period("2026-01"), period("2026-03"));
    let actual = winter::winter_actual_sum(db, &league.scope, 2025, span).await?;
    assert_eq!(actual, [], "no returns yet");
    Ok(())
}
