//! What is written at once reads back like what is written singly.

use gangmu_domain::library::{EventKind, Field, ProjectId, ProjectRecord, Value};
use gangmu_domain::metrics::Carried;
use gangmu_domain::pipeline::{Category, ProgrammeChangeKind};
use gangmu_domain::{Period, Yuan};
use gangmu_store::library::Project;
use gangmu_store::pipeline::Entry;
use gangmu_store::{Db, bulk, dispatch, library, pipeline};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, filed, period, project, scope, with};

each_engine!(
    projects_at_once_have_codes_events_and_stages,
    a_list_at_once_has_its_lines_of_the_bridge,
    returns_at_once_read_back_and_replace_nothing,
);

/// More than one statement takes.
const MANY: i64 = 1_700;

async fn projects_at_once_have_codes_events_and_stages(db: &Db) -> Outcome {
    let code = |id: i64| format!("2501-150502-04-01-{id:06}");
    let projects: Vec<Project> = (1..=MANY)
        .map(|id| with(project(id, "风电"), Field::Code, Value::Code(code(id))))
        .collect();
    let tx = db.begin().await?;
    bulk::project_insert_all(&tx, &projects, day("2025-01-10"), 5).await?;
    bulk::project_insert_all(&tx, &[], day("2025-01-10"), 5).await?;
    tx.commit().await?;
    for wanted in [&projects[0], &projects[1_699]] {
        let found = library::project_get(db, wanted.id).await?;
        assert_eq!(found.as_ref(), Some(wanted));
        let by_code = library::project_by_code(db, &code(wanted.id.0)).await?;
        assert_eq!(by_code, Some(wanted.id));
        let events = library::event_list(db, wanted.id).await?;
        assert_eq!(events.len(), 1);
        assert_eq!((events[0].kind, events[0].at), (EventKind::Created, 5));
        let all = ProjectRecord::default().diff(&wanted.record);
        assert_eq!(events[0].changes, all);
    }
    let flow = pipeline::stage_flow(db, &scope(""), day("2025-01-01"), day("2025-12-31")).await?;
    assert_eq!(flow.iter().map(|flow| flow.projects).sum::<i64>(), MANY);
    let tx = db.begin().await?;
    let again = bulk::project_insert_all(&tx, &projects[..1], day("2025-01-10"), 5).await;
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
    bulk::project_insert_all(&tx, &projects, day("2025-01-10"), 5).await?;
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
