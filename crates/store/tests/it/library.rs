//! Projects, events, links, attachments.

use std::collections::BTreeMap;

use gangmu_domain::Yuan;
use gangmu_domain::library::{Change, DuplicateKey, EventKind, Field, ProjectId, Value};
use gangmu_domain::organisation::{DepartmentId, UserId};
use gangmu_domain::pipeline::{AttachmentKind, Stage};
use gangmu_store::library::{self, Attachment, Event, Link, Project};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, project, save, unit, with};

each_engine!(
    numbers_of_projects_are_taken_in_blocks,
    several_projects_are_read_in_order_of_entry,
    a_project_comes_back_as_it_was_saved,
    a_stale_version_is_refused_and_changes_nothing,
    a_code_belongs_to_one_project_and_is_released,
    twins_share_a_code_or_a_normalised_name,
    a_locked_project_is_read_as_the_other_left_it,
    events_are_numbered_by_project_and_listed_newest_first,
    links_are_kept_once,
    attachments_are_numbered_counted_and_removed_once,
    where_projects_stood_is_read_of_a_unit_and_of_those_that_left_it,
    what_is_not_committed_leaves_nothing,
);

const CODE: &str = "2501-150502-04-01-123456";
const OTHER_CODE: &str = "2501-150502-04-01-654321";

fn coded(id: i64, name: &str, code: &str) -> Project {
    with(project(id, name), Field::Code, Value::Code(code.to_owned()))
}

async fn numbers_of_projects_are_taken_in_blocks(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    assert_eq!(library::project_new_ids(&tx, 3).await?, ProjectId(1));
    assert_eq!(library::project_new_ids(&tx, 1).await?, ProjectId(4));
    tx.commit().await?;
    let tx = db.begin().await?;
    assert_eq!(library::project_new_ids(&tx, 1).await?, ProjectId(5));
    Ok(())
}

async fn several_projects_are_read_in_order_of_entry(db: &Db) -> Outcome {
    // More than one batch of identities.
    let projects: Vec<Project> = (1..=600).map(|id| project(id, "风电")).collect();
    save(db, &projects).await?;
    let wanted: Vec<i64> = (1..=700).rev().collect();
    assert_eq!(library::project_list_of(db, &wanted).await?, projects);
    assert_eq!(library::project_list_of(db, &[]).await?, []);
    Ok(())
}

async fn a_project_comes_back_as_it_was_saved(db: &Db) -> Outcome {
    let bare = project(1, "风电");
    let full = Project {
        department: Some(DepartmentId(4)),
        reporter: Some(UserId(9)),
        stage: Stage::Implementation,
        suspended: true,
        unit: unit("150500/150502"),
        ..with(
            coded(2, "科尔沁区 500 兆瓦风电", CODE),
            Field::TotalInvestment,
            Value::Money(Yuan::yi(30)),
        )
    };
    save(db, &[bare.clone(), full.clone()]).await?;
    assert_eq!(library::project_get(db, ProjectId(1)).await?, Some(bare));
    assert_eq!(library::project_get(db, ProjectId(2)).await?, Some(full));
    assert_eq!(library::project_get(db, ProjectId(3)).await?, None);
    Ok(())
}

async fn a_stale_version_is_refused_and_changes_nothing(db: &Db) -> Outcome {
    let first = coded(1, "风电", CODE);
    save(db, std::slice::from_ref(&first)).await?;
    let second = Project {
        version: 2,
        ..with(
            first.clone(),
            Field::Owner,
            Value::Text("甲公司".to_owned()),
        )
    };
    let late = coded(1, "光伏", OTHER_CODE);
    let tx = db.begin().await?;
    assert!(library::project_update(&tx, &first, &second, 2).await?);
    assert!(!library::project_update(&tx, &first, &late, 3).await?);
    tx.commit().await?;
    assert_eq!(library::project_get(db, ProjectId(1)).await?, Some(second));
    // The codes too: a late save must not give the code away.
    assert_eq!(
        library::project_by_code(db, CODE).await?,
        Some(ProjectId(1))
    );
    assert_eq!(library::project_by_code(db, OTHER_CODE).await?, None);
    Ok(())
}

async fn a_code_belongs_to_one_project_and_is_released(db: &Db) -> Outcome {
    let first = coded(1, "风电", CODE);
    save(db, std::slice::from_ref(&first)).await?;
    let refused = save(db, &[coded(2, "光伏", CODE)]).await;
    assert!(
        matches!(refused, Err(StoreError::Exists { .. })),
        "{refused:?}"
    );
    let recoded = Project {
        version: 2,
        ..coded(1, "风电", OTHER_CODE)
    };
    let tx = db.begin().await?;
    assert!(library::project_update(&tx, &first, &recoded, 2).await?);
    tx.commit().await?;
    assert_eq!(library::project_by_code(db, CODE).await?, None);
    save(db, &[coded(2, "光伏", CODE)]).await?;
    assert_eq!(
        library::project_by_code(db, CODE).await?,
        Some(ProjectId(2))
    );
    let stolen = coded(2, "光伏", OTHER_CODE);
    let tx = db.begin().await?;
    let refused = library::project_update(&tx, &coded(2, "光伏", CODE), &stolen, 3).await;
    assert!(
        matches!(refused, Err(StoreError::Exists { .. })),
        "{refused:?}"
    );
    Ok(())
}

async fn twins_share_a_code_or_a_normalised_name(db: &Db) -> Outcome {
    save(
        db,
        &[
            project(1, "科尔沁区(一期)风电项目"),
            project(2, "科尔沁区（一期）风电"),
            coded(3, "光伏", CODE),
            project(4, "水库"),
        ],
    )
    .await?;
    for (name, code, wanted) in [
        ("科尔沁区 一期 风电工程", None, vec![1, 2]),
        ("科尔沁区一期风电", Some(CODE), vec![1, 2, 3]),
        ("光伏", Some(CODE), vec![3]),
        ("别的", Some(OTHER_CODE), vec![]),
    ] {
        let key = DuplicateKey::of(&project(9, name).record);
        let twins = library::project_twins(db, code, &key).await?;
        let ids: Vec<i64> = twins.iter().map(|twin| twin.project_id).collect();
        assert_eq!(ids, wanted, "{name} {code:?}");
    }
    Ok(())
}

async fn a_locked_project_is_read_as_the_other_left_it(db: &Db) -> Outcome {
    let before = project(1, "风电");
    save(db, std::slice::from_ref(&before)).await?;
    let first = db.begin().await?;
    library::project_lock(&first, ProjectId(1)).await?;
    let second = async {
        let tx = db.begin().await?;
        let seen = library::project_lock(&tx, ProjectId(1)).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(seen.map(|project| project.version))
    };
    let change = async {
        // Gives the other time to come and wait; it cannot come too early.
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        let after = Project {
            version: 2,
            ..before.clone()
        };
        assert!(library::project_update(&first, &before, &after, 2).await?);
        first.commit().await
    };
    let (seen, changed) = tokio::join!(second, change);
    changed?;
    assert_eq!(seen?, Some(2));
    let tx = db.begin().await?;
    assert_eq!(library::project_lock(&tx, ProjectId(5)).await?, None);
    Ok(())
}

fn event(kind: EventKind, changes: Vec<Change>) -> Event {
    Event {
        seq: 0,
        at: 1_700_000_000_000,
        on: day("2025-03-01"),
        user: UserId(3),
        kind,
        reason: "依据会议纪要".to_owned(),
        document_no: "内发改〔2025〕12号".to_owned(),
        changes,
    }
}

async fn events_are_numbered_by_project_and_listed_newest_first(db: &Db) -> Outcome {
    let edited = event(
        EventKind::Edited,
        vec![Change {
            field: Field::Owner,
            before: None,
            after: Some(Value::Text("甲公司".to_owned())),
        }],
    );
    let tx = db.begin().await?;
    library::event_insert(&tx, ProjectId(1), &event(EventKind::Created, vec![])).await?;
    library::event_insert(&tx, ProjectId(1), &edited).await?;
    library::event_insert(&tx, ProjectId(2), &event(EventKind::Created, vec![])).await?;
    tx.commit().await?;
    let wanted = [
        Event { seq: 2, ..edited },
        Event {
            seq: 1,
            ..event(EventKind::Created, vec![])
        },
    ];
    assert_eq!(library::event_list(db, ProjectId(1)).await?, wanted);
    assert_eq!(library::event_list(db, ProjectId(2)).await?.len(), 1);
    Ok(())
}

async fn links_are_kept_once(db: &Db) -> Outcome {
    save(
        db,
        &[project(1, "整体"), project(2, "一期"), project(3, "二期")],
    )
    .await?;
    let tx = db.begin().await?;
    for other in [3, 2, 2] {
        let (whole, part) = (ProjectId(1), ProjectId(other));
        library::link_insert(&tx, whole, part, EventKind::Split, other).await?;
    }
    tx.commit().await?;
    let link = |other_id, name: &str| Link {
        other_id,
        name: name.to_owned(),
        kind: "split".to_owned(),
        at: other_id,
    };
    let links = library::link_list(db, ProjectId(1)).await?;
    assert_eq!(links, [link(2, "一期"), link(3, "二期")]);
    assert_eq!(library::link_list(db, ProjectId(2)).await?, []);
    Ok(())
}

async fn attachments_are_numbered_counted_and_removed_once(db: &Db) -> Outcome {
    let attachment = |kind: AttachmentKind, file: &str| Attachment {
        seq: 0,
        kind: kind.word().to_owned(),
        sha256: "0f".repeat(32),
        file_name: file.to_owned(),
        media_type: "image/jpeg".to_owned(),
        size: 5_000_000_000,
        user_id: 3,
        added_at: 8,
    };
    let photo = attachment(AttachmentKind::Photo, "现场 (1).jpg");
    let paper = attachment(AttachmentKind::Document, "批复.pdf");
    let id = ProjectId(1);
    let tx = db.begin().await?;
    assert_eq!(library::attachment_insert(&tx, id, &photo).await?, 1);
    assert_eq!(library::attachment_insert(&tx, id, &paper).await?, 2);
    assert!(library::attachment_remove(&tx, id, 1, 9).await?);
    assert!(!library::attachment_remove(&tx, id, 1, 9).await?);
    assert_eq!(library::attachment_insert(&tx, id, &photo).await?, 3);
    assert_eq!(library::attachment_insert(&tx, id, &photo).await?, 4);
    tx.commit().await?;
    let files = library::attachment_list(db, id).await?;
    assert_eq!(files.iter().map(|a| a.seq).collect::<Vec<_>>(), [2, 3, 4]);
    assert_eq!(files[0], Attachment { seq: 2, ..paper });
    let counts = library::attachment_counts(db, id).await?;
    let wanted = BTreeMap::from([(AttachmentKind::Document, 1), (AttachmentKind::Photo, 2)]);
    assert_eq!(counts, wanted);
    Ok(())
}

async fn what_is_not_committed_leaves_nothing(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    library::project_insert(&tx, &coded(1, "风电", CODE), 1).await?;
    assert!(library::project_get(&tx, ProjectId(1)).await?.is_some());
    assert!(library::project_get(db, ProjectId(1)).await?.is_none());
    drop(tx);
    assert!(library::project_get(db, ProjectId(1)).await?.is_none());
    save(db, &[coded(2, "风电", CODE)]).await?;
    Ok(())
}

async fn where_projects_stood_is_read_of_a_unit_and_of_those_that_left_it(db: &Db) -> Outcome {
    let moved = |field, before: &str, after: &str| Change {
        field,
        before: Some(Value::Code(before.to_owned())),
        after: Some(Value::Code(after.to_owned())),
    };
    let event = |at, changes: &[Change]| Event {
        seq: 0,
        at,
        on: day("2025-03-01"),
        user: UserId(1),
        kind: EventKind::Edited,
        reason: String::new(),
        document_no: String::new(),
        changes: changes.to_vec(),
    };
    let entered = Change {
        field: Field::Name,
        before: None,
        after: Some(Value::Text("风电".to_owned())),
    };
    let stage = moved(Field::Stage, "reserve", "preparation");
    let name = Change {
        field: Field::Remark,
        before: None,
        after: Some(Value::Text("说明".to_owned())),
    };
    let left = moved(Field::Unit, "150500", "150600");
    let gone = Project {
        unit: unit("150600"),
        ..project(2, "光伏")
    };
    save(db, &[project(1, "风电"), gone, project(3, "供热")]).await?;
    let tx = db.begin().await?;
    for (id, at, changes) in [
        (1, 100, vec![entered.clone()]),
        (1, 200, vec![stage.clone()]),
        (1, 300, vec![name]),
        (2, 50, vec![entered.clone()]),
        (2, 150, vec![stage.clone()]),
        (2, 250, vec![left.clone()]),
        (3, 40, vec![entered]),
    ] {
        library::event_insert(&tx, ProjectId(id), &event(at, &changes)).await?;
    }
    tx.commit().await?;
    let all = library::place_history(db, &unit("150500"), 90).await?;
    let told = |one: &library::Moved| {
        let events = one.events.iter();
        let events = events.map(|event| (event.at, event.changes.clone()));
        (one.id.0, one.now.unit.clone(), events.collect::<Vec<_>>())
    };
    assert_eq!(
        all.iter().map(told).collect::<Vec<_>>(),
        [
            (
                1,
                unit("150500"),
                vec![(200, Some(vec![stage.clone()])), (100, None)]
            ),
            (
                2,
                unit("150600"),
                vec![(250, Some(vec![left])), (150, Some(vec![stage]))]
            ),
        ],
        "what was entered before, and a remark, move nothing"
    );
    assert_eq!(all[0].now.stage, Stage::Preparation);
    let later = library::place_history(db, &unit("150500"), 251).await?;
    assert_eq!(later, [], "whoever had left before is not the unit's");
    Ok(())
}
