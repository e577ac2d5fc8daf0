//! Supervision: plans, acts on items, files, bulletins, letters, steps that fire once.

use gangmu_domain::organisation::{DepartmentId, UserId};
use gangmu_domain::plans::{Content, Office, PlanId, PlanKind, PlanState};
use gangmu_domain::supervision::{
    Act, Event, Ground, Item, LetterAct, LetterEvent, LetterKind, LetterState, Proposal, Rhythm,
    Rhythms, State,
};
use gangmu_store::plans::{
    PlanFilter, PlanRow, VersionRow, plan_insert, plan_list, plan_version_put,
};
use gangmu_store::supervision::{
    ClosedRow, EventRow, FileRow, LetterFilter, LetterKey, LetterRow, SupervisionRow,
    supervision_close, supervision_closed_list, supervision_event_insert, supervision_event_list,
    supervision_file_insert, supervision_file_list, supervision_fire, supervision_fired_list,
    supervision_letter_count, supervision_letter_event_insert, supervision_letter_event_list,
    supervision_letter_file_insert, supervision_letter_file_list, supervision_letter_get,
    supervision_letter_insert, supervision_letter_list, supervision_letter_lock,
    supervision_letter_update, supervision_list, supervision_put,
};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, departments, period, scope, unit};

each_engine!(
    a_plan_is_put_under_supervision_and_changed_on_its_edit,
    acts_come_back_as_they_were_added_and_each_number_is_given_once,
    files_stand_with_the_act_they_came_with,
    a_bulletin_is_issued_once,
    letters_are_numbered_and_their_copies_saved_on_their_version,
    a_step_fires_once,
);

const ITEM: Item = Item {
    task: 2,
    indicator: 3,
};

fn row(plan: i64, edit: i64) -> SupervisionRow {
    SupervisionRow {
        plan: PlanId(plan),
        edit,
        rhythms: Rhythms::all(Rhythm::Monthly),
        since: period("2025-02"),
        until: period("2025-12"),
        user: UserId(3),
        at: 77,
    }
}

async fn a_plan_is_put_under_supervision_and_changed_on_its_edit(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    let plan = PlanRow {
        id: PlanId(0),
        edit: 1,
        kind: PlanKind::Annual,
        office: Office {
            unit: unit("150500"),
            department: None,
        },
        parent: None,
        title: "清单".to_owned(),
        from: day("2025-01-01"),
        until: day("2025-12-31"),
        state: PlanState::Adopted,
        version: 1,
        draft: false,
    };
    let id = plan_insert(&tx, &plan, 77).await?;
    let other = plan_insert(&tx, &plan, 77).await?;
    let version = VersionRow {
        version: 1,
        adopted_on: Some(day("2025-01-03")),
        document_no: String::new(),
        reason: String::new(),
        user: UserId(3),
        at: 77,
        content: Content::default(),
    };
    plan_version_put(&tx, id, &version).await?;
    assert!(supervision_put(&tx, &row(id.0, 0)).await?);
    assert!(!supervision_put(&tx, &row(id.0, 0)).await?, "no longer new");
    let changed = SupervisionRow {
        rhythms: Rhythms {
            usual: Rhythm::Quarterly,
            own: [(
                7,
                vec![
                    (period("2025-03"), Some(Rhythm::Monthly)),
                    (period("2025-06"), None),
                ],
            )]
            .into(),
        },
        ..row(id.0, 1)
    };
    assert!(supervision_put(&tx, &changed).await?);
    tx.commit().await?;
    let found = supervision_list(db, &[id, other]).await?;
    let expected = SupervisionRow { edit: 2, ..changed };
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(id, expected)]);
    let filter = PlanFilter {
        supervised: true,
        limit: 9,
        ..PlanFilter::default()
    };
    let listed = plan_list(db, &filter).await?;
    assert_eq!(listed.iter().map(|one| one.id).collect::<Vec<_>>(), [id]);
    Ok(())
}

fn event(plan: i64, month: &str, item: Item, seq: i64, act: Act) -> EventRow {
    EventRow {
        plan: PlanId(plan),
        period: period(month),
        item,
        event: Event {
            seq,
            on: day("2025-02-24"),
            at: 70 + seq,
            user: UserId(4),
            act,
        },
    }
}

fn report(proposed: Option<Proposal>) -> Act {
    Act::Report {
        state: State::OnTrack,
        proposed,
        value: "80 亿元".to_owned(),
        expected: "90 亿元".to_owned(),
        text: "已开工".to_owned(),
        reason: "设备未计".to_owned(),
    }
}

async fn acts_come_back_as_they_were_added_and_each_number_is_given_once(db: &Db) -> Outcome {
    let proposed = Proposal {
        state: State::Behind,
        ground: Ground::Course,
    };
    let whole = Item {
        task: 9,
        indicator: 0,
    };
    let rows = [
        event(1, "2025-02", ITEM, 1, report(Some(proposed))),
        event(
            1,
            "2025-02",
            ITEM,
            2,
            Act::Verify {
                state: State::Behind,
                note: "查阅台账".to_owned(),
                reason: "现场未见".to_owned(),
            },
        ),
        event(
            1,
            "2025-02",
            ITEM,
            3,
            Act::SpotCheck {
                sound: false,
                findings: "停工".to_owned(),
            },
        ),
        event(1, "2025-02", whole, 1, report(None)),
        event(1, "2025-03", ITEM, 1, report(None)),
        event(2, "2025-02", ITEM, 1, report(None)),
    ];
    let tx = db.begin().await?;
    for row in &rows {
        supervision_event_insert(&tx, row).await?;
    }
    let twice = supervision_event_insert(&tx, &rows[0]).await;
    assert!(matches!(twice, Err(StoreError::Exists { .. })));
    tx.commit().await?;
    let listed = supervision_event_list(db, &[PlanId(1)], period("2025-02")).await?;
    assert_eq!(listed, rows[..4]);
    let all = supervision_event_list(db, &[PlanId(1), PlanId(2)], period("2025-03")).await?;
    assert_eq!(all, rows);
    Ok(())
}

async fn files_stand_with_the_act_they_came_with(db: &Db) -> Outcome {
    let file = |seq, number| FileRow {
        seq,
        number,
        sha256: format!("{seq}{number}"),
        file_name: "佐证.pdf".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 7,
    };
    let at = (period("2025-02"), ITEM);
    let tx = db.begin().await?;
    for file in [file(2, 1), file(1, 2), file(1, 1)] {
        supervision_file_insert(&tx, PlanId(1), at, &file).await?;
    }
    tx.commit().await?;
    let found = supervision_file_list(db, PlanId(1), at).await?;
    assert_eq!(found, [file(1, 1), file(1, 2), file(2, 1)]);
    let other = (period("2025-03"), ITEM);
    assert_eq!(supervision_file_list(db, PlanId(1), other).await?, []);
    let letter = |seq| LetterKey {
        unit: unit("150500"),
        year: 2025,
        seq,
    };
    let tx = db.begin().await?;
    for file in [file(3, 1), file(1, 1)] {
        supervision_letter_file_insert(&tx, &letter(1), &file).await?;
    }
    tx.commit().await?;
    let found = supervision_letter_file_list(db, &letter(1)).await?;
    assert_eq!(found, [file(1, 1), file(3, 1)]);
    assert_eq!(supervision_letter_file_list(db, &letter(2)).await?, []);
    Ok(())
}

async fn a_bulletin_is_issued_once(db: &Db) -> Outcome {
    let row = ClosedRow {
        plan: PlanId(1),
        period: period("2025-02"),
        on: day("2025-02-27"),
        at: 5,
        user: UserId(6),
        body: "[]".to_owned(),
    };
    let tx = db.begin().await?;
    supervision_close(&tx, &row).await?;
    let twice = supervision_close(&tx, &row).await;
    assert!(matches!(twice, Err(StoreError::Exists { .. })));
    tx.commit().await?;
    let found = supervision_closed_list(db, &[PlanId(1), PlanId(2)]).await?;
    let key = (PlanId(1), period("2025-02"));
    assert_eq!(found.into_iter().collect::<Vec<_>>(), [(key, row)]);
    Ok(())
}

fn letter(codes: &str, department: i64) -> LetterRow {
    LetterRow {
        key: LetterKey {
            unit: unit("150500"),
            year: 2025,
            seq: 0,
        },
        kind: LetterKind::Urge,
        plan: PlanId(1),
        period: period("2025-02"),
        office: Office {
            unit: unit(codes),
            department: (department != 0).then_some(DepartmentId(department)),
        },
        written_on: day("2025-02-27"),
        reply_by: day("2025-03-06"),
        body: "[]".to_owned(),
        user: UserId(6),
        at: 5,
        version: 0,
        state: LetterState::Awaiting,
        due: day("2025-03-06"),
    }
}

async fn letters_are_numbered_and_their_copies_saved_on_their_version(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    let mut rows = [
        letter("150500/150502", 0),
        letter("150500", 7),
        letter("150200", 8),
    ];
    for (row, seq) in rows.iter_mut().zip(1..) {
        assert_eq!(supervision_letter_insert(&tx, row).await?, seq);
        row.key.seq = seq;
    }
    let next = LetterRow {
        key: LetterKey {
            year: 2026,
            ..rows[0].key.clone()
        },
        ..letter("150500", 7)
    };
    assert_eq!(supervision_letter_insert(&tx, &next).await?, 1);
    let first = rows[0].key.clone();
    assert_eq!(
        supervision_letter_lock(&tx, &first).await?,
        Some(rows[0].clone())
    );
    let event = |seq, act| LetterEvent {
        seq,
        on: day("2025-03-01"),
        at: seq,
        user: UserId(4),
        act,
    };
    let events = [
        event(
            1,
            LetterAct::Reply {
                text: "已补报".to_owned(),
            },
        ),
        event(
            2,
            LetterAct::Recheck {
                settled: false,
                note: "缺台账".to_owned(),
                reply_by: Some(day("2025-03-20")),
            },
        ),
    ];
    for event in &events {
        supervision_letter_event_insert(&tx, &first, event).await?;
    }
    let twice = supervision_letter_event_insert(&tx, &first, &events[0]).await;
    assert!(matches!(twice, Err(StoreError::Exists { .. })));
    let replied = LetterRow {
        version: 1,
        state: LetterState::Replied,
        due: day("2025-03-20"),
        ..rows[0].clone()
    };
    assert!(supervision_letter_update(&tx, &replied).await?);
    assert!(
        !supervision_letter_update(&tx, &replied).await?,
        "a version was missed"
    );
    tx.commit().await?;
    assert_eq!(
        supervision_letter_get(db, &first).await?,
        Some(replied.clone())
    );
    let keys = [first.clone(), rows[1].key.clone()];
    let found = supervision_letter_event_list(db, &keys).await?;
    assert_eq!(
        found.into_iter().collect::<Vec<_>>(),
        [(first, events.to_vec())]
    );
    let listed = async |filter: LetterFilter| {
        let filter = LetterFilter { limit: 9, ..filter };
        let rows = supervision_letter_list(db, &filter).await?;
        let all = supervision_letter_count(db, &filter).await?;
        assert_eq!(i64::try_from(rows.len()).unwrap_or_default(), all);
        Ok::<_, StoreError>(rows.iter().map(|row| row.key.seq).collect::<Vec<_>>())
    };
    let within = |codes: &str| LetterFilter {
        scope: Some(scope(codes)),
        ..LetterFilter::default()
    };
    assert_eq!(listed(within("150500/150502")).await?, [1]);
    assert_eq!(listed(within("150200")).await?, [3], "where it went");
    let to = |codes: &str| LetterFilter {
        to: Some(unit(codes)),
        ..LetterFilter::default()
    };
    assert_eq!(listed(to("150200")).await?, [3]);
    let region = listed(to("")).await?;
    assert!(region.is_empty(), "the unit itself, none below");
    assert_eq!(listed(within("150500")).await?.len(), 4, "what it wrote");
    let own = LetterFilter {
        scope: Some(departments(&[8])),
        ..LetterFilter::default()
    };
    assert_eq!(
        listed(own).await?.len(),
        4,
        "the region's wrote none, but sees all below"
    );
    let awaiting = LetterFilter {
        state: Some(LetterState::Replied),
        plan: Some(PlanId(1)),
        ..LetterFilter::default()
    };
    assert_eq!(listed(awaiting).await?, [1]);
    Ok(())
}

async fn a_step_fires_once(db: &Db) -> Outcome {
    let reasons = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect::<Vec<_>>();
    let tx = db.begin().await?;
    assert_eq!(
        supervision_fire(&tx, &reasons(&["a", "b"]), 1).await?.len(),
        2
    );
    assert_eq!(
        supervision_fire(&tx, &reasons(&["b", "c"]), 2).await?,
        ["c"]
    );
    assert!(supervision_fire(&tx, &[], 3).await?.is_empty());
    tx.commit().await?;
    let fired = supervision_fired_list(db, &reasons(&["c", "b", "d"])).await?;
    let fired: Vec<_> = fired.iter().map(|row| (&*row.reason, row.at)).collect();
    assert_eq!(fired, [("b", 1), ("c", 2)]);
    assert_eq!(supervision_fired_list(db, &[]).await?, []);
    Ok(())
}
