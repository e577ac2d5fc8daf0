//! What is written at once reads back like what is written singly.

use gangmu_domain::library::{DuplicateKey, EventKind, Field, ProjectId, ProjectRecord, Value};
use gangmu_domain::metrics::Carried;
use gangmu_domain::organisation::UserId;
use gangmu_domain::pipeline::{Category, ProgrammeChangeKind};
use gangmu_domain::{Period, Yuan};
use gangmu_store::accounts::AuditRow;
use gangmu_store::library::{Event, Project};
use gangmu_store::pipeline::Entry;
use gangmu_store::{Db, accounts, bulk, dispatch, library, pipeline};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, filed, period, project, scope, with};

each_engine!(
    projects_at_once_have_codes_events_and_stages,
    a_list_at_once_has_its_lines_of_the_bridge,
    returns_at_once_read_back_and_replace_nothing,
    many_projects_are_found_by_code_or_name,
    an_audit_trail_at_once_keeps_its_order,
    indexes_set_aside_come_back_as_they_were,
);

/// Projects with the events that enter them.
fn entered(projects: &[Project]) -> Vec<(Project, Event)> {
    let event = |project: &Project| Event {
        seq: 1,
        at: 5,
        on: day("2025-01-10"),
        user: UserId(7),
        kind: EventKind::Imported,
        reason: format!("表!{}", project.id),
        document_no: String::new(),
        changes: ProjectRecord::default().diff(&project.record),
    };
    projects.iter().map(|p| (p.clone(), event(p))).collect()
}

/// More than one statement takes.
const MANY: i64 = 1_700;

async fn projects_at_once_have_codes_events_and_stages(db: &Db) -> Outcome {
    let code = |id: i64| format!("2501-150502-04-01-{id:06}");
    let projects: Vec<Project> = (1..=MANY)
        .map(|id| with(project(id, "风电"), Field::Code, Value::Code(code(id))))
        .collect();
    let tx = db.begin().await?;
    bulk::project_insert_all(&tx, &entered(&projects), 5).await?;
    bulk::project_insert_all(&tx, &[], 5).await?;
    tx.commit().await?;
    for wanted in [&projects[0], &projects[1_699]] {
        let found = library::project_get(db, wanted.id).await?;
        assert_eq!(found.as_ref(), Some(wanted));
        let by_code = library::project_by_code(db, &code(wanted.id.0)).await?;
        assert_eq!(by_code, Some(wanted.id));
        let events = library::event_list(db, wanted.id).await?;
        let wanted: Vec<Event> = entered(std::slice::from_ref(wanted))
            .into_iter()
            .map(|e| e.1)
            .collect();
        assert_eq!(events, wanted);
    }
    let flow = pipeline::stage_flow(db, &scope(""), day("2025-01-01"), day("2025-12-31")).await?;
    assert_eq!(flow.iter().map(|flow| flow.projects).sum::<i64>(), MANY);
    let tx = db.begin().await?;
    let again = bulk::project_insert_all(&tx, &entered(&projects[..1]), 5).await;
    assert!(again.is_err());
    Ok(())
}

async fn a_list_at_once_has_its_lines_of_the_bridge(db: &Db) -> Outcome {
    let projects: Vec<Project> = (1..=2).map(|id| project(id, "风电")).collect();
    let entry = Entry {
        category: Category::Continuing,
        plan: Yuan::wan(120),
        total: Yuan::wan(500),
        monthly_plan: Some([Yuan::wan(10); 12]),
        carried: Carried::default(),
        included: true,
    };
    let entries = [(ProjectId(1), entry.clone()), (ProjectId(2), entry.clone())];
    let tx = db.begin().await?;
    bulk::project_insert_all(&tx, &entered(&projects), 5).await?;
    bulk::entry_insert_all(&tx, 2025, &entries, day("2025-01-20"), 5).await?;
    tx.commit().await?;
    let found = pipeline::entry_get(db, ProjectId(2), 2025).await?;
    assert_eq!(found, Some(entry.clone()));
    let tally = pipeline::entry_tally(db, &scope(""), 2025).await?;
    assert_eq!((tally.projects, tally.plan), (2, Yuan::wan(240)));
    let changes = pipeline::change_list(db, &scope(""), 2025).await?;
    assert_eq!(changes.len(), 2);
    for change in changes {
        assert_eq!(change.kind, ProgrammeChangeKind::Adopted);
        assert_eq!(change.delta, entry.tally());
    }
    Ok(())
}

async fn returns_at_once_read_back_and_replace_nothing(db: &Db) -> Outcome {
    let rows: Vec<_> = (1..=MANY).map(|id| filed(id, "2025-01")).collect();
    let january: Period = period("2025-01");
    let tx = db.begin().await?;
    bulk::return_insert_all(&tx, &rows).await?;
    tx.commit().await?;
    for wanted in [&rows[0], &rows[1_699]] {
        let found = dispatch::return_get(db, wanted.project, january).await?;
        assert_eq!(found.as_ref(), Some(wanted));
    }
    let page = dispatch::return_page(db, january, ProjectId(0), 5_000).await?;
    assert_eq!(page, rows);
    let tx = db.begin().await?;
    assert!(bulk::return_insert_all(&tx, &rows[..1]).await.is_err());
    Ok(())
}

async fn many_projects_are_found_by_code_or_name(db: &Db) -> Outcome {
    let code = |id: i64| format!("2501-150502-04-01-{id:06}");
    let named = |id| project(id, &format!("第{id}号风电"));
    let projects: Vec<Project> = (1..=MANY)
        .map(|id| with(named(id), Field::Code, Value::Code(code(id))))
        .collect();
    let tx = db.begin().await?;
    bulk::project_insert_all(&tx, &entered(&projects), 5).await?;
    tx.commit().await?;
    let mut codes: Vec<String> = (1..=1_200).map(code).collect();
    let none = "none".to_owned();
    codes.push(none.clone());
    let key = DuplicateKey::of(&projects[1_699].record).name;
    let twice = DuplicateKey::of(&projects[0].record).name;
    let found = library::project_match(db, &codes, &[key, twice, none.clone()]).await?;
    assert_eq!(found.len(), 1_201);
    assert_eq!(found.last(), projects.last());
    assert_eq!(library::project_match(db, &[], &[]).await?, vec![]);
    Ok(())
}

async fn an_audit_trail_at_once_keeps_its_order(db: &Db) -> Outcome {
    let row = |n: i64| AuditRow {
        at: n,
        user_id: 7,
        action: "project_create".to_owned(),
        subject: format!("project:{n}"),
        detail: "{}".to_owned(),
    };
    let rows: Vec<AuditRow> = (1..=5_000).map(row).collect();
    let tx = db.begin().await?;
    bulk::audit_insert_all(&tx, &rows).await?;
    tx.commit().await?;
    let newest = accounts::audit_list(db, "", 0, 2).await?;
    assert_eq!(newest, [row(5_000), row(4_999)]);
    Ok(())
}

async fn indexes_set_aside_come_back_as_they_were(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    let aside = bulk::set_indexes_aside(&tx).await?;
    let nothing_left = bulk::set_indexes_aside(&tx).await?;
    assert_eq!(nothing_left, bulk::SetAside::default());
    bulk::return_insert_all(&tx, &[filed(1, "2025-01")]).await?;
    bulk::make_indexes(&tx, aside).await?;
    let aside = bulk::set_indexes_aside(&tx).await?;
    let made = format!("{aside:?}");
    for name in [
        "monthly_return_listed",
        "monthly_return_by_gap",
        "project_named",
    ] {
        assert!(made.contains(name), "{name} is not in {made}");
    }
    bulk::make_indexes(&tx, aside).await?;
    let again = bulk::set_indexes_aside(&tx).await?;
    assert_eq!(format!("{again:?}"), made);
    Ok(())
}
