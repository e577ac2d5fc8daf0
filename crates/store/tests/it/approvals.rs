//! Cases, matters, acts, the shelf, sittings.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_calendar::WorkingDays;
use gangmu_calendar::clock::{self, Clock, SpecialProcedure, Starts, Terms};
use gangmu_domain::approvals::{
    Act, ActKind, Budget, DecisionLevel, DueBasis, DueFor, Event, Phase, Route, Standing,
    clock_from_word, procedure_from_word,
};
use gangmu_domain::library::{Field, ProjectId};
use gangmu_domain::metrics::MatterCounts;
use gangmu_domain::organisation::{DepartmentId, DepartmentSet, Scope, UserId};
use gangmu_store::approvals::{
    self, CaseRow, DueMove, DueRow, ItemRow, LetterRow, MaterialRow, OpenPart, OpinionRow,
    ReminderDue, ReminderRow, ReminderStep, SittingRow, WithActs, WorkFilter, WorkRow,
};
use gangmu_store::{Db, StoreError, dispatch};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, filed, period, project, put, save, scope, unit};

each_engine!(
    a_case_and_its_matters_come_back_as_they_were,
    many_cases_come_back_as_they_were_and_are_saved_only_with_a_higher_version,
    acts_and_documents_of_many_cases_come_back_as_they_were,
    how_far_matters_are_is_kept_with_the_returns_of_a_month,
    a_project_has_one_case_and_a_case_each_matter_once,
    whoever_saves_a_matter_second_is_told,
    every_kind_of_act_comes_back_as_it_was,
    the_same_catalogue_is_kept_once,
    the_most_urgent_matters_come_first_and_each_officer_sees_their_own,
    a_record_holds_the_acts_of_the_matters_of_its_list_and_no_others,
    open_matters_are_gone_through_in_parts,
    a_case_that_is_closed_is_on_no_list_of_work,
    lists_tell_apart_what_is_a_problem_what_was_sent_up_and_what_is_through,
    cases_are_counted_by_where_their_projects_stand,
    a_document_handed_in_once_is_counted_as_saved_where_it_is_needed_again,
    a_step_of_the_ladder_fires_once,
    a_step_is_looked_for_in_all_matters_of_a_due_date,
    due_dates_come_back_with_what_they_follow_from,
    matters_that_share_a_due_date_move_together_and_the_reason_stays,
    a_matter_names_another_due_date_only_at_its_version,
    sittings_and_opinions_come_back_as_they_were,
    letters_are_numbered_by_unit_and_year_and_come_back_as_they_were,
);

fn case(id: i64) -> CaseRow {
    CaseRow {
        project: ProjectId(id),
        version: 1,
        route: Route::Filing,
        catalogue: 1,
        unit: unit("150500/150502"),
        planned_start: Some(day("2025-06-01")),
        created_on: day("2025-01-06"),
        created_by: UserId(3),
        closed_on: None,
        total: 3,
        done: 1,
    }
}

fn item(id: i64, code: &str, due: Option<&str>) -> ItemRow {
    ItemRow {
        project: ProjectId(id),
        item: code.to_owned(),
        version: 1,
        position: 1,
        standing: Standing::Needed,
        because: BTreeSet::from([Field::LandArea, Field::EarthVolume]),
        level: DecisionLevel::League,
        level_unsure: BTreeSet::from([Field::EnergyUse]),
        variant: 1,
        own: unit("150500/150502"),
        leg: 1,
        unit: unit("150500"),
        department: DepartmentId(7),
        phase: Phase::Running,
        open: due.is_some(),
        due: due.map(|text| (day(text), DueFor::Promised)),
        basis: due.map(|text| approvals::basis_text(&promised(text))),
        started_on: Some(day("2025-01-07")),
        decided_on: None,
    }
}

/// What a promised day follows from.
fn promised(text: &str) -> DueBasis {
    DueBasis::Within {
        what: DueFor::Promised,
        days: WorkingDays(0),
        of: day(text),
    }
}

fn event(seq: u32, act: Act) -> Event {
    Event {
        seq,
        leg: 0,
        on: day("2025-01-07"),
        at: 77,
        user: UserId(3),
        act,
    }
}

async fn a_case_and_its_matters_come_back_as_they_were(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    approvals::case_insert(&tx, &case(1), 5).await?;
    approvals::item_insert(&tx, &item(1, "A07", Some("2025-02-01"))).await?;
    approvals::item_insert(&tx, &item(1, "A01", None)).await?;
    tx.commit().await?;
    assert_eq!(approvals::case_get(db, ProjectId(1)).await?, Some(case(1)));
    assert_eq!(approvals::case_get(db, ProjectId(2)).await?, None);
    let listed = approvals::item_list(db, ProjectId(1)).await?;
    assert_eq!(
        listed,
        [item(1, "A01", None), item(1, "A07", Some("2025-02-01"))]
    );
    Ok(())
}

async fn many_cases_come_back_as_they_were_and_are_saved_only_with_a_higher_version(
    db: &Db,
) -> Outcome {
    let ids = [ProjectId(1), ProjectId(2), ProjectId(3)];
    let tx = db.begin().await?;
    approvals::case_insert_all(&tx, &[case(1), case(2)], 5).await?;
    let again = approvals::case_insert_all(&tx, &[case(2), case(3)], 5).await;
    assert!(matches!(again, Err(StoreError::Exists { what: "case" })));
    drop(tx);
    let tx = db.begin().await?;
    approvals::case_insert_all(&tx, &[case(1), case(2)], 5).await?;
    let items = [item(1, "A01", None), item(2, "A01", Some("2025-02-01"))];
    approvals::item_insert_all(&tx, &items).await?;
    tx.commit().await?;
    assert_eq!(approvals::case_list_of(db, &ids).await?, [case(1), case(2)]);
    let after = approvals::case_list_after(db, ProjectId(1), 9).await?;
    assert_eq!(after, [case(2)]);
    assert_eq!(approvals::item_list_of(db, &ids).await?, items);
    let counts = approvals::counts_of(db, &ids).await?;
    let one = MatterCounts { all: 3, done: 1 };
    assert_eq!(counts, BTreeMap::from([(ids[0], one), (ids[1], one)]));

    let tx = db.begin().await?;
    let held = approvals::case_lock_all(&tx, &ids).await?;
    assert_eq!(held, [case(1), case(2)]);
    let through = CaseRow {
        version: 2,
        done: 3,
        ..case(1)
    };
    assert!(approvals::case_put_all(&tx, std::slice::from_ref(&through)).await?);
    assert!(
        !approvals::case_put_all(&tx, &[through.clone(), case(2)]).await?,
        "no version went up"
    );
    let granted = ItemRow {
        version: 3,
        phase: Phase::Granted,
        open: false,
        due: None,
        ..item(2, "A01", None)
    };
    assert!(approvals::item_put_all(&tx, std::slice::from_ref(&granted)).await?);
    assert!(!approvals::item_put_all(&tx, std::slice::from_ref(&granted)).await?);
    tx.commit().await?;
    assert_eq!(approvals::case_list_of(db, &ids).await?, [through, case(2)]);
    let now = approvals::item_list_of(db, &ids).await?;
    assert_eq!(now, [item(1, "A01", None), granted]);
    Ok(())
}

async fn acts_and_documents_of_many_cases_come_back_as_they_were(db: &Db) -> Outcome {
    save(db, &[project(1, "一"), project(2, "二")]).await?;
    let ids = [ProjectId(1), ProjectId(2)];
    let act = |id: i64, seq, act| (ProjectId(id), "A05".to_owned(), event(seq, act));
    let acts = [act(1, 1, Act::Accept), act(2, 1, Act::Accept)];
    let paper = |id: i64, seq: i64| MaterialRow {
        project: ProjectId(id),
        code: "application".to_owned(),
        seq,
        item: "A05".to_owned(),
        event_seq: 1,
        produced: seq == 2,
        on: day("2025-01-07"),
        document_no: String::new(),
        attachment: None,
        user: UserId(3),
    };
    let papers = [paper(1, 1), paper(1, 2), paper(2, 1)];
    let need = |id: i64, saved| {
        let (item, code) = ("A05".to_owned(), "application".to_owned());
        (ProjectId(id), item, code, saved)
    };
    let tx = db.begin().await?;
    approvals::event_insert_all(&tx, &acts).await?;
    approvals::material_insert_all(&tx, &papers, 9).await?;
    approvals::need_put_all(&tx, &[need(1, false), need(2, false)]).await?;
    approvals::need_put_all(&tx, &[need(1, true)]).await?;
    tx.commit().await?;
    let found = approvals::event_list_of_cases(db, &ids).await?;
    let (key, wanted) = (
        (ProjectId(2), "A05".to_owned()),
        vec![event(1, Act::Accept)],
    );
    assert_eq!((found.len(), found.get(&key)), (2, Some(&wanted)));
    assert_eq!(approvals::material_list_of(db, &ids).await?, papers);
    assert_eq!(approvals::documents_saved(db, &scope("")).await?, (2, 1));
    let tx = db.begin().await?;
    let again = approvals::event_insert_all(&tx, &[act(1, 1, Act::Correct)]).await;
    assert!(matches!(again, Err(StoreError::Exists { what: "act" })));
    let again = approvals::material_insert_all(&tx, &[paper(2, 1)], 9).await;
    assert!(matches!(
        again,
        Err(StoreError::Exists { what: "document" })
    ));
    Ok(())
}

async fn how_far_matters_are_is_kept_with_the_returns_of_a_month(db: &Db) -> Outcome {
    put(
        db,
        &[
            filed(1, "2025-01"),
            filed(1, "2025-02"),
            filed(2, "2025-02"),
        ],
    )
    .await?;
    let counts = |all, done| MatterCounts { all, done };
    let tx = db.begin().await?;
    let noted = [(ProjectId(1), counts(21, 20)), (ProjectId(9), counts(1, 1))];
    dispatch::return_matters_put(&tx, period("2025-02"), &noted).await?;
    dispatch::return_matters_put(&tx, period("2025-02"), &[]).await?;
    tx.commit().await?;
    let read = async |month: &str| -> Result<Vec<MatterCounts>, StoreError> {
        let rows = dispatch::return_list_of(db, &[1, 2, 9], period(month)).await?;
        Ok(rows.iter().map(|row| row.position.entry.matters).collect())
    };
    assert_eq!(read("2025-01").await?, [counts(0, 0)]);
    assert_eq!(read("2025-02").await?, [counts(21, 20), counts(0, 0)]);
    Ok(())
}

async fn a_project_has_one_case_and_a_case_each_matter_once(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    approvals::case_insert(&tx, &case(1), 5).await?;
    approvals::item_insert(&tx, &item(1, "A07", None)).await?;
    approvals::event_insert(&tx, ProjectId(1), "A07", &event(1, Act::Accept)).await?;
    let again = approvals::case_insert(&tx, &case(1), 5).await;
    assert!(matches!(again, Err(StoreError::Exists { what: "case" })));
    let again = approvals::item_insert(&tx, &item(1, "A07", None)).await;
    assert!(matches!(again, Err(StoreError::Exists { what: "matter" })));
    let again = approvals::event_insert(&tx, ProjectId(1), "A07", &event(1, Act::Correct)).await;
    assert!(matches!(again, Err(StoreError::Exists { what: "act" })));
    Ok(())
}

async fn whoever_saves_a_matter_second_is_told(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    approvals::case_insert(&tx, &case(1), 5).await?;
    approvals::item_insert(&tx, &item(1, "A07", None)).await?;
    let locked = approvals::case_lock(&tx, ProjectId(1)).await?;
    assert_eq!(locked, Some(case(1)));
    let decided = ItemRow {
        phase: Phase::Granted,
        decided_on: Some(day("2025-01-20")),
        leg: 0,
        unit: unit("150500/150502"),
        ..item(1, "A07", None)
    };
    assert!(approvals::item_update(&tx, &decided).await?);
    assert!(
        !approvals::item_update(&tx, &decided).await?,
        "version 1 is past"
    );
    let closed = CaseRow {
        closed_on: Some(day("2025-03-01")),
        done: 3,
        ..case(1)
    };
    assert!(approvals::case_update(&tx, &closed).await?);
    assert!(
        !approvals::case_update(&tx, &closed).await?,
        "version 1 is past"
    );
    tx.commit().await?;
    let now = approvals::item_list(db, ProjectId(1)).await?;
    assert_eq!(
        now,
        [ItemRow {
            version: 2,
            ..decided
        }]
    );
    let now = approvals::case_get(db, ProjectId(1)).await?;
    assert_eq!(
        now,
        Some(CaseRow {
            version: 2,
            ..closed
        })
    );
    Ok(())
}

/// One act of every kind, with texts that need escaping.
fn acts() -> Vec<Act> {
    let text = || "“引号”\\ and 'ticks',\ttabs\r\nand lines".to_owned();
    let procedure = procedure_from_word("expert_review").expect("a procedure");
    let promised = clock_from_word("promised").expect("a clock");
    vec![
        Act::Receive {
            after_cut_off: true,
        },
        Act::AskCorrection {
            defects: vec![text(), "缺少图纸".to_owned()],
        },
        Act::Correct,
        Act::Accept,
        Act::AcceptDeferred {
            missing: vec!["owner_licence".to_owned()],
            promised_on: day("2025-03-01"),
            promise: text(),
        },
        Act::HandIn {
            material: "owner_licence".to_owned(),
        },
        Act::Suspend {
            procedure,
            bound: Budget::calendar(30),
        },
        Act::Resume,
        Act::Extend {
            limit: promised,
            days: 10,
            approver: text(),
            reason: text(),
        },
        Act::Forward {
            after_cut_off: false,
        },
        Act::Preliminary {
            document_no: text(),
        },
        Act::Grant {
            document_no: String::new(),
        },
        Act::Refuse {
            ground: text(),
            document_no: text(),
        },
        Act::Deliver,
        Act::VoidPreliminary { reason: text() },
        Act::Exempt { reason: text() },
        Act::Require { reason: text() },
        Act::Adjust {
            department: Some(DepartmentId(4)),
            promised: Some(Budget::working(9)),
            reason: text(),
        },
        Act::Adjust {
            department: None,
            promised: None,
            reason: text(),
        },
        Act::Strike {
            seq: 18,
            reason: text(),
        },
    ]
}

async fn every_kind_of_act_comes_back_as_it_was(db: &Db) -> Outcome {
    let kinds: BTreeSet<ActKind> = acts().iter().map(Act::kind).collect();
    assert_eq!(kinds.len(), ActKind::ALL.len(), "a kind is not among them");
    let events: Vec<Event> = (1..)
        .zip(acts())
        .map(|(seq, act)| event(seq, act))
        .collect();
    fill(db).await?;
    let tx = db.begin().await?;
    for event in &events {
        approvals::event_insert(&tx, ProjectId(1), "A07", event).await?;
    }
    approvals::event_insert(&tx, ProjectId(1), "A01", &event(1, Act::Correct)).await?;
    approvals::event_insert(&tx, ProjectId(2), "A01", &event(1, Act::Accept)).await?;
    tx.commit().await?;
    let of_matter = approvals::item_event_list(db, ProjectId(1), "A07").await?;
    assert_eq!(of_matter, events);
    let of_case = approvals::event_list(db, ProjectId(1)).await?;
    assert_eq!(of_case["A07"], events);
    assert_eq!(of_case["A01"], [event(1, Act::Correct)]);
    let listed = WorkFilter {
        items: vec!["A07".to_owned()],
        acts: WithActs::All,
        limit: 10,
        ..WorkFilter::default()
    };
    let listed = approvals::work_list(db, &listed).await?;
    let of_list = listed
        .iter()
        .find(|row| row.item.project == ProjectId(1))
        .map(|row| row.acts.as_slice());
    assert_eq!(of_list, Some(events.as_slice()));
    let of_all = approvals::event_list_between(db, ProjectId(1), ProjectId(2)).await?;
    assert_eq!(of_all.len(), 3);
    assert_eq!(
        of_all[&(ProjectId(2), "A01".to_owned())],
        [event(1, Act::Accept)]
    );
    Ok(())
}

async fn the_same_catalogue_is_kept_once(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    let first = approvals::catalogue_keep(&tx, "aa", "正文一", 1).await?;
    let second = approvals::catalogue_keep(&tx, "bb", "正文二", 2).await?;
    let again = approvals::catalogue_keep(&tx, "aa", "正文一", 3).await?;
    tx.commit().await?;
    assert_eq!((first, second, again), (1, 2, 1));
    let body = approvals::catalogue_get(db, 2).await?;
    assert_eq!(body.as_deref(), Some("正文二"));
    assert_eq!(approvals::catalogue_get(db, 3).await?, None);
    Ok(())
}

async fn fill(db: &Db) -> Outcome {
    let mut elsewhere = project(3, "包头项目");
    elsewhere.unit = unit("150200");
    save(db, &[project(1, "通辽一"), project(2, "通辽二"), elsewhere]).await?;
    let tx = db.begin().await?;
    for (id, code, due, at, department) in [
        (1, "A07", Some("2025-02-10"), "150500", 7),
        (1, "A08", None, "150500", 7),
        (2, "A06", Some("2025-02-01"), "", 8),
        (2, "A07", Some("2025-02-03"), "150500/150502", 7),
        (3, "A07", Some("2025-01-20"), "150200", 7),
    ] {
        if approvals::case_get(&tx, ProjectId(id)).await?.is_none() {
            approvals::case_insert(&tx, &case(id), 5).await?;
        }
        let row = ItemRow {
            unit: unit(at),
            department: DepartmentId(department),
            ..item(id, code, due)
        };
        approvals::item_insert(&tx, &row).await?;
    }
    Ok(tx.commit().await?)
}

fn shown(rows: &[approvals::WorkRow]) -> String {
    let lines: Vec<String> = rows
        .iter()
        .map(|row| format!("{} {}", row.project_name, row.item.item))
        .collect();
    lines.join(", ")
}

async fn the_most_urgent_matters_come_first_and_each_officer_sees_their_own(db: &Db) -> Outcome {
    fill(db).await?;
    let of = |codes: &str, ids: &[i64]| Scope {
        departments: DepartmentSet::Only(ids.iter().map(|id| DepartmentId(*id)).collect()),
        ..scope(codes)
    };
    let all = || WorkFilter {
        limit: 10,
        ..WorkFilter::default()
    };
    let open = || WorkFilter {
        open: true,
        ..all()
    };
    for (filter, wanted) in [
        (open(), "包头项目 A07, 通辽二 A06, 通辽二 A07, 通辽一 A07"),
        (
            all(),
            "包头项目 A07, 通辽二 A06, 通辽二 A07, 通辽一 A07, 通辽一 A08",
        ),
        (
            WorkFilter {
                office: Some(of("150500", &[7])),
                ..open()
            },
            "通辽二 A07, 通辽一 A07",
        ),
        (
            WorkFilter {
                office: Some(of("150500", &[7])),
                exact: true,
                ..open()
            },
            "通辽一 A07",
        ),
        (
            WorkFilter {
                office: Some(of("", &[8])),
                exact: true,
                ..open()
            },
            "通辽二 A06",
        ),
        (
            WorkFilter {
                office: Some(of("", &[])),
                ..open()
            },
            "",
        ),
        (
            WorkFilter {
                projects: Some(scope("150500")),
                items: vec!["A07".to_owned()],
                ..all()
            },
            "通辽二 A07, 通辽一 A07",
        ),
        (
            WorkFilter {
                due_before: Some("2025-02-03".to_owned()),
                ..open()
            },
            "包头项目 A07, 通辽二 A06",
        ),
        (
            WorkFilter {
                offset: 1,
                limit: 2,
                ..open()
            },
            "通辽二 A06, 通辽二 A07",
        ),
        (
            WorkFilter {
                phases: vec![Phase::Granted],
                ..all()
            },
            "",
        ),
        (
            WorkFilter {
                level: Some("nation".to_owned()),
                ..all()
            },
            "",
        ),
    ] {
        let rows = approvals::work_list(db, &filter).await?;
        assert_eq!(shown(&rows), wanted);
        if filter.limit == 10 {
            let count = approvals::work_count(db, &filter).await?;
            assert_eq!(usize::try_from(count)?, rows.len());
        }
    }
    Ok(())
}

async fn a_record_holds_the_acts_of_the_matters_of_its_list_and_no_others(db: &Db) -> Outcome {
    fill(db).await?;
    let tx = db.begin().await?;
    for (id, item) in [(1, "A07"), (1, "A08"), (2, "A06"), (3, "A07")] {
        for seq in [1, 2] {
            approvals::event_insert(&tx, ProjectId(id), item, &event(seq, Act::Accept)).await?;
        }
    }
    let rows = approvals::item_list(&tx, ProjectId(1)).await?;
    let mut decided = rows.into_iter().find(|one| one.item == "A08").expect("it");
    decided.decided_on = Some(day("2025-02-20"));
    decided.phase = Phase::Granted;
    assert!(approvals::item_update(&tx, &decided).await?);
    tx.commit().await?;
    let with = async |acts, decided: &str, limit| -> Result<String, StoreError> {
        let filter = WorkFilter {
            projects: Some(scope("150500")),
            lead: Some(DepartmentId(7)),
            not_decided_before: Some(decided.to_owned()),
            acts,
            limit,
            ..WorkFilter::default()
        };
        let rows = approvals::work_list(db, &filter).await?;
        let line = |row: &WorkRow| {
            format!(
                "{} {} {}",
                row.item.project.0,
                row.item.item,
                row.acts.len()
            )
        };
        Ok(rows.iter().map(line).collect::<Vec<_>>().join(", "))
    };
    let (none, some, all) = (WithActs::None, WithActs::Unfinished, WithActs::All);
    assert_eq!(
        with(all, "2025-02-20", 9).await?,
        "2 A07 0, 1 A07 2, 1 A08 2"
    );
    assert_eq!(with(all, "2025-02-20", 2).await?, "2 A07 0, 1 A07 2");
    assert_eq!(with(all, "2025-02-21", 9).await?, "2 A07 0, 1 A07 2");
    assert_eq!(
        with(some, "2025-02-20", 9).await?,
        "2 A07 0, 1 A07 2, 1 A08 0"
    );
    assert_eq!(
        with(none, "2025-02-20", 9).await?,
        "2 A07 0, 1 A07 0, 1 A08 0"
    );
    // Whoever goes through all of them gets them case by case, and the same ones.
    let filter = WorkFilter {
        projects: Some(scope("150500")),
        lead: Some(DepartmentId(7)),
        acts: some,
        limit: 1,
        ..WorkFilter::default()
    };
    let mut all = approvals::work_list_all(db, &filter).await?;
    let places: Vec<i64> = all.iter().map(|row| row.item.project.0).collect();
    assert_eq!(places, [1, 1, 2]);
    let listed = WorkFilter { limit: 9, ..filter };
    let mut sorted = approvals::work_list(db, &listed).await?;
    let key = |row: &WorkRow| (row.item.project, row.item.item.clone());
    all.sort_by_key(key);
    sorted.sort_by_key(key);
    assert_eq!(all, sorted);
    Ok(())
}

async fn open_matters_are_gone_through_in_parts(db: &Db) -> Outcome {
    fill(db).await?;
    let tx = db.begin().await?;
    for (id, code) in [(1, "A07"), (1, "A08"), (2, "A07")] {
        approvals::event_insert(&tx, ProjectId(id), code, &event(1, Act::Accept)).await?;
    }
    tx.commit().await?;
    let mut after = (ProjectId(0), String::new());
    let mut seen = Vec::new();
    let mut n_acts = 0;
    loop {
        let asked = OpenPart {
            after: (after.0, &after.1),
            kept: false,
            limit: 2,
        };
        let part = approvals::open_list_after(db, asked).await?;
        let Some(last) = part.last() else { break };
        after = (last.item.project, last.item.item.clone());
        for row in part {
            assert_eq!(
                (row.catalogue, row.planned_start),
                (1, Some(day("2025-06-01")))
            );
            let alone = approvals::item_event_list(db, row.item.project, &row.item.item).await?;
            assert_eq!(row.acts, alone);
            n_acts += row.acts.len();
            seen.push(format!("{} {}", row.item.project, row.item.item));
        }
    }
    assert_eq!(seen, ["1 A07", "2 A06", "2 A07", "3 A07"]);
    assert_eq!(n_acts, 2, "of what is open only");
    let kept = OpenPart {
        after: (ProjectId(0), ""),
        kept: true,
        limit: 9,
    };
    assert_eq!(approvals::open_list_after(db, kept).await?, []);
    Ok(())
}

async fn a_case_that_is_closed_is_on_no_list_of_work(db: &Db) -> Outcome {
    save(db, &[project(1, "甲")]).await?;
    let tx = db.begin().await?;
    approvals::case_insert(&tx, &case(1), 5).await?;
    approvals::item_insert(&tx, &item(1, "A07", Some("2025-02-01"))).await?;
    tx.commit().await?;
    let filter = WorkFilter {
        open: true,
        limit: 10,
        ..WorkFilter::default()
    };
    assert_eq!(approvals::work_count(db, &filter).await?, 1);
    for day_of in ["2025-03-01", "2025-03-02"] {
        let tx = db.begin().await?;
        approvals::case_close(&tx, ProjectId(1), day(day_of)).await?;
        approvals::case_close(&tx, ProjectId(2), day(day_of)).await?;
        tx.commit().await?;
    }
    assert_eq!(approvals::work_count(db, &filter).await?, 0);
    let closed = approvals::case_get(db, ProjectId(1)).await?;
    let closed = closed.expect("a case");
    assert_eq!(
        (closed.closed_on, closed.version),
        (Some(day("2025-03-01")), 2),
        "closing twice changes nothing"
    );
    let everything = WorkFilter {
        limit: 10,
        ..WorkFilter::default()
    };
    assert_eq!(approvals::work_count(db, &everything).await?, 1);
    // Of three projects one has a case that is closed, one an open one, one none.
    save(db, &[project(2, "乙"), project(3, "丙")]).await?;
    let tx = db.begin().await?;
    approvals::case_insert(&tx, &case(2), 5).await?;
    tx.commit().await?;
    assert_eq!(approvals::caseless_list(db, 10).await?, [3]);
    assert_eq!(approvals::caseless_list(db, 0).await?, [0; 0]);
    assert_eq!(approvals::case_open_count(db).await?, 1);
    Ok(())
}

async fn lists_tell_apart_what_is_a_problem_what_was_sent_up_and_what_is_through(
    db: &Db,
) -> Outcome {
    fill(db).await?;
    let tx = db.begin().await?;
    for (id, code, phase, leg) in [
        (1, "A08", Phase::Refused, 0),
        (2, "A06", Phase::Granted, 1),
        (3, "A07", Phase::ToClarify, 0),
    ] {
        let row = approvals::item_list(&tx, ProjectId(id)).await?;
        let mut row = row.into_iter().find(|one| one.item == code).expect("it");
        row.phase = phase;
        row.leg = leg;
        row.open = false;
        row.started_on = row.started_on.filter(|_| code != "A06");
        assert!(approvals::item_update(&tx, &row).await?);
    }
    let through = CaseRow { done: 3, ..case(3) };
    assert!(approvals::case_update(&tx, &through).await?);
    tx.commit().await?;
    let all = || WorkFilter {
        limit: 10,
        ..WorkFilter::default()
    };
    for (filter, wanted) in [
        (
            WorkFilter {
                problem_on: Some("2025-02-04".to_owned()),
                ..all()
            },
            "包头项目 A07, 通辽二 A07, 通辽一 A08",
        ),
        (
            WorkFilter {
                sent_up: true,
                items: vec!["A06".to_owned(), "A08".to_owned()],
                ..all()
            },
            "通辽二 A06",
        ),
        (
            WorkFilter {
                unfinished: true,
                items: vec!["A06".to_owned()],
                ..all()
            },
            "",
        ),
        (
            WorkFilter {
                came: true,
                ..all()
            },
            "包头项目 A07, 通辽二 A07, 通辽一 A07, 通辽一 A08",
        ),
        (
            WorkFilter {
                waiting: true,
                items: vec!["A07".to_owned()],
                ..all()
            },
            "通辽二 A07, 通辽一 A07",
        ),
        (
            WorkFilter {
                started_from: Some("2025-01-08".to_owned()),
                ..all()
            },
            "",
        ),
        (
            WorkFilter {
                started_before: Some("2025-01-07".to_owned()),
                ..all()
            },
            "",
        ),
    ] {
        assert_eq!(shown(&approvals::work_list(db, &filter).await?), wanted);
    }
    let phases = approvals::phase_list_of(db, &[ProjectId(1), ProjectId(3)]).await?;
    assert_eq!(phases.len(), 2);
    assert_eq!(
        phases[&ProjectId(3)],
        [("A07".to_owned(), Phase::ToClarify)]
    );
    Ok(())
}

async fn cases_are_counted_by_where_their_projects_stand(db: &Db) -> Outcome {
    fill(db).await?;
    let tally = approvals::case_tally(db, &scope("150500")).await?;
    assert_eq!(
        (tally.cases, tally.through, tally.items, tally.done),
        (2, 0, 6, 2)
    );
    let tally = approvals::case_tally(db, &scope("150900")).await?;
    assert_eq!(
        (tally.cases, tally.through, tally.items, tally.done),
        (0, 0, 0, 0)
    );
    Ok(())
}

async fn a_document_handed_in_once_is_counted_as_saved_where_it_is_needed_again(
    db: &Db,
) -> Outcome {
    save(db, &[project(1, "一")]).await?;
    let paper = MaterialRow {
        project: ProjectId(1),
        code: "owner_licence".to_owned(),
        seq: 1,
        item: "A05".to_owned(),
        event_seq: 2,
        produced: false,
        on: day("2025-01-07"),
        document_no: "证号".to_owned(),
        attachment: Some(4),
        user: UserId(3),
    };
    let tx = db.begin().await?;
    approvals::material_insert(&tx, &paper, 9).await?;
    approvals::material_insert(
        &tx,
        &MaterialRow {
            seq: 2,
            produced: true,
            ..paper.clone()
        },
        9,
    )
    .await?;
    approvals::need_put(&tx, ProjectId(1), "A05", "owner_licence", false).await?;
    approvals::need_put(&tx, ProjectId(1), "A18", "owner_licence", false).await?;
    approvals::need_put(&tx, ProjectId(1), "A18", "owner_licence", true).await?;
    tx.commit().await?;
    let second = MaterialRow {
        seq: 2,
        produced: true,
        ..paper.clone()
    };
    assert_eq!(
        approvals::material_list(db, ProjectId(1)).await?,
        [paper, second]
    );
    let needs = approvals::need_list(db, ProjectId(1)).await?;
    let reused: Vec<(&str, bool)> = needs.iter().map(|one| (one.0.as_str(), one.2)).collect();
    assert_eq!(reused, [("A05", false), ("A18", true)]);
    assert_eq!(approvals::documents_saved(db, &scope("")).await?, (2, 1));
    assert_eq!(
        approvals::documents_saved(db, &scope("150200")).await?,
        (0, 0)
    );
    Ok(())
}

async fn a_step_of_the_ladder_fires_once(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    let due = day("2025-02-10");
    let step = |item: &str, due_on, rung: &str| ReminderRow {
        project: ProjectId(1),
        item: item.to_owned(),
        due_on,
        rung: rung.to_owned(),
    };
    let first = [step("A07", due, "before"), step("A08", due, "before")];
    assert_eq!(approvals::reminder_claim(&tx, &first, 5).await?, first);
    let late = step("A07", due, "late");
    let again = [first[0].clone(), late.clone(), first[1].clone()];
    assert_eq!(approvals::reminder_claim(&tx, &again, 6).await?, [late]);
    // Another due date, another ladder.
    let moved = [step("A07", day("2025-02-11"), "before")];
    assert_eq!(approvals::reminder_claim(&tx, &moved, 6).await?, moved);
    Ok(())
}

async fn a_step_is_looked_for_in_all_matters_of_a_due_date(db: &Db) -> Outcome {
    fill(db).await?;
    let tx = db.begin().await?;
    let version = approvals::catalogue_keep(&tx, "sum", "text", 5).await?;
    tx.commit().await?;
    assert_eq!(approvals::catalogue_list_running(db).await?, [version]);
    let dues = approvals::due_list_open(db, day("2025-02-02")).await?;
    let days: Vec<String> = dues
        .iter()
        .map(|row| row.due.expect("a day").0.to_string())
        .collect();
    assert_eq!(days, ["2025-01-20", "2025-02-01"]);
    let steps: Vec<ReminderStep> = dues
        .iter()
        .map(|row| ReminderStep {
            due_id: row.id,
            catalogue: version,
            due_on: day("2025-02-03"),
            rung: "late".to_owned(),
        })
        .collect();
    let region = scope("");
    let words = |found: &[ReminderDue]| {
        let mut words: Vec<String> = found
            .iter()
            .map(|one| format!("{} {} {}", one.claim.project, one.claim.item, one.step))
            .collect();
        words.sort();
        words.join(", ")
    };
    let found = approvals::reminder_due_list(db, &region, &steps, 9).await?;
    assert_eq!(words(&found), "2 A06 1, 3 A07 0");
    assert_eq!(found[0].claim.due_on, day("2025-02-03"));
    let first = approvals::reminder_due_list(db, &region, &steps, 1).await?;
    assert_eq!(first.len(), 1);
    let tx = db.begin().await?;
    let claims: Vec<ReminderRow> = found
        .iter()
        .filter(|one| one.step == 0)
        .map(|one| one.claim.clone())
        .collect();
    assert_eq!(approvals::reminder_claim(&tx, &claims, 6).await?, claims);
    tx.commit().await?;
    let left = approvals::reminder_due_list(db, &region, &steps, 9).await?;
    assert_eq!(words(&left), "2 A06 1", "what has fired is not found again");
    let nowhere = approvals::reminder_due_list(db, &scope("150100"), &steps, 9).await?;
    assert_eq!(nowhere, []);
    let of_another = ReminderStep {
        catalogue: version + 1,
        ..steps[1].clone()
    };
    let found = approvals::reminder_due_list(db, &region, &[of_another], 9).await?;
    assert_eq!(found, [], "each catalogue has its own ladder");
    Ok(())
}

/// The clocks of an office with everything that can stand in them.
fn clocks() -> DueBasis {
    let act = |on: &str, act| clock::Event::new(day(on), act);
    DueBasis::Clocks {
        terms: Terms {
            statutory: Some(Budget::calendar(60)),
            promised: Some(Budget::working(5)),
            starts: Starts::OnReceipt,
            forwarding: Some(WorkingDays(1)),
            delivery: None,
            silence: WorkingDays(5),
            max_extension: 0,
            warn_when_left: 0,
        },
        acts: vec![
            act("2025-01-07", clock::Act::Received),
            act("2025-01-08", clock::Act::CorrectionAsked),
            act("2025-01-09", clock::Act::Corrected),
            act("2025-01-09", clock::Act::Accepted),
            act("2025-01-10", DueBasis::extended(Clock::Promised, 3)),
            act(
                "2025-01-13",
                clock::Act::Suspended {
                    procedure: SpecialProcedure::Hearing,
                    bound: Budget::working(10),
                },
            ),
            act("2025-01-14", clock::Act::Resumed),
            act("2025-01-15", clock::Act::Forwarded),
            act("2025-01-16", clock::Act::Decided),
            act("2025-01-17", clock::Act::Delivered),
        ],
        on: day("2025-01-17"),
    }
}

async fn due_dates_come_back_with_what_they_follow_from(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    approvals::case_insert(&tx, &case(1), 5).await?;
    let bare = DueBasis::Clocks {
        terms: Terms {
            statutory: None,
            promised: None,
            starts: Starts::OnAcceptance,
            forwarding: None,
            delivery: None,
            silence: WorkingDays(5),
            max_extension: 0,
            warn_when_left: 0,
        },
        acts: Vec::new(),
        on: day("2025-01-07"),
    };
    let papers = DueBasis::Papers {
        on: day("2025-03-01"),
    };
    let due = Some((day("2025-03-01"), DueFor::Papers));
    let bases = [clocks(), bare, papers, promised("2025-02-01")];
    for (at, basis) in (1..).zip(&bases) {
        let row = ItemRow {
            due: due.filter(|_| at > 2),
            basis: Some(approvals::basis_text(basis)),
            open: true,
            ..item(1, &format!("A{at:02}"), None)
        };
        approvals::item_insert(&tx, &row).await?;
    }
    tx.commit().await?;
    let listed = approvals::due_list(db, day("2025-03-01")).await?;
    let read: Vec<DueBasis> = listed.iter().filter_map(|row| row.basis.clone()).collect();
    assert_eq!(read, bases);
    let days: Vec<bool> = listed.iter().map(|row| row.due.is_some()).collect();
    assert_eq!(days, [false, false, true, true]);
    let later = approvals::due_list(db, day("2025-03-02")).await?;
    assert_eq!(later.len(), 2, "what has no day, and nothing that is past");
    Ok(())
}

async fn matters_that_share_a_due_date_move_together_and_the_reason_stays(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    approvals::case_insert(&tx, &case(1), 5).await?;
    for code in ["A07", "A08", "A09"] {
        let row = ItemRow {
            open: code != "A09",
            ..item(1, code, Some("2025-02-10"))
        };
        approvals::item_insert(&tx, &row).await?;
    }
    approvals::item_insert(&tx, &item(1, "A10", Some("2025-02-13"))).await?;
    tx.commit().await?;
    let listed = approvals::due_list(db, day("2025-02-10")).await?;
    assert_eq!(listed.len(), 2, "one for the three that share it");
    let to = |text: &str| Some((day(text), DueFor::Promised));
    let first = DueMove {
        was: listed[0].clone(),
        to: to("2025-02-11"),
    };
    let tx = db.begin().await?;
    let moved = approvals::due_move_all(&tx, std::slice::from_ref(&first), "日历调整", 5).await?;
    assert_eq!(moved, [listed[0].id]);
    assert_eq!(
        approvals::due_count(&tx, &moved).await?,
        2,
        "of open matters"
    );
    let again = approvals::due_move_all(&tx, &[first], "日历调整", 6).await?;
    assert!(again.is_empty(), "another has moved it already");
    let beyond = DueMove {
        was: DueRow {
            due: to("2025-02-11"),
            ..listed[0].clone()
        },
        to: None,
    };
    let moved = approvals::due_move_all(&tx, &[beyond], "年度未载入", 7).await?;
    assert_eq!(moved, [listed[0].id]);
    tx.commit().await?;
    let rows = approvals::item_list(db, ProjectId(1)).await?;
    let dues: Vec<_> = rows.iter().map(|row| (row.due, row.version)).collect();
    let last = (to("2025-02-13"), 1);
    assert_eq!(dues, [(None, 1), (None, 1), (None, 1), last]);
    let asked = BTreeSet::from([approvals::basis_text(&promised("2025-02-10"))]);
    let record = approvals::due_moves_of(db, &asked).await?;
    let lines: Vec<String> = record
        .iter()
        .map(|one| format!("{:?} {:?} {} {}", one.from, one.to, one.reason, one.at))
        .collect();
    assert_eq!(
        lines,
        [
            "Some(2025-02-10) Some(2025-02-11) 日历调整 5",
            "Some(2025-02-11) None 年度未载入 7",
        ]
    );
    assert_eq!(approvals::due_moves_of(db, &BTreeSet::new()).await?, []);
    Ok(())
}

async fn a_matter_names_another_due_date_only_at_its_version(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    approvals::case_insert(&tx, &case(1), 5).await?;
    approvals::item_insert(&tx, &item(1, "A07", Some("2025-02-10"))).await?;
    let other = item(1, "A07", Some("2025-02-12"));
    let past = ItemRow {
        version: 7,
        ..other.clone()
    };
    let put = approvals::item_basis_put_all(&tx, &[&past]).await?;
    assert_eq!(put, [], "somebody has acted since");
    let put = approvals::item_basis_put_all(&tx, &[&other]).await?;
    assert_eq!(put, [(ProjectId(1), "A07".to_owned())]);
    tx.commit().await?;
    assert_eq!(approvals::item_list(db, ProjectId(1)).await?, [other]);
    Ok(())
}

async fn sittings_and_opinions_come_back_as_they_were(db: &Db) -> Outcome {
    let sitting = SittingRow {
        id: 1,
        version: 1,
        unit: unit("150500"),
        title: "第一次联审会".to_owned(),
        called_on: day("2025-02-10"),
        held_on: None,
        closed_on: None,
        user: UserId(3),
    };
    let opinion = |department: i64, stance: &str| OpinionRow {
        sitting: 1,
        project: ProjectId(1),
        item: "A02".to_owned(),
        department: DepartmentId(department),
        asked_on: day("2025-02-10"),
        answered_on: (stance != "asked").then(|| day("2025-02-12")),
        stance: stance.to_owned(),
        body: String::new(),
        user: UserId(4),
        on_behalf: stance == "object",
    };
    let tx = db.begin().await?;
    assert_eq!(approvals::sitting_insert(&tx, &sitting, 5).await?, 1);
    for one in [
        opinion(7, "asked"),
        opinion(8, "asked"),
        opinion(7, "object"),
    ] {
        approvals::opinion_put(&tx, &one, 5).await?;
    }
    let held = SittingRow {
        held_on: Some(day("2025-02-20")),
        ..sitting.clone()
    };
    assert!(approvals::sitting_update(&tx, &held).await?);
    assert!(
        !approvals::sitting_update(&tx, &held).await?,
        "version 1 is past"
    );
    tx.commit().await?;
    let held = SittingRow { version: 2, ..held };
    assert_eq!(approvals::sitting_get(db, 1).await?, Some(held.clone()));
    assert_eq!(approvals::sitting_list(db, &unit(""), 5).await?, [held]);
    assert_eq!(approvals::sitting_list(db, &unit("150200"), 5).await?, []);
    let opinions = approvals::opinion_list(db, 1).await?;
    assert_eq!(opinions, [opinion(7, "object"), opinion(8, "asked")]);
    Ok(())
}

async fn letters_are_numbered_by_unit_and_year_and_come_back_as_they_were(db: &Db) -> Outcome {
    let letter = |from: &str, on: &str, to: &str| LetterRow {
        unit: unit(from),
        year: day(on).year(),
        seq: 0,
        kind: "urge".to_owned(),
        office: unit(to),
        department: DepartmentId(7),
        written_on: day(on),
        reply_by: day("2026-02-06"),
        body: "[]".to_owned(),
        user: UserId(3),
    };
    let written = [
        (letter("150500", "2025-12-31", "150500/150502"), 1),
        (letter("150500", "2026-01-05", "150500/150502"), 1),
        (letter("150500", "2026-01-06", ""), 2),
        (letter("150600", "2026-01-07", "150600"), 1),
    ];
    let tx = db.begin().await?;
    for (one, seq) in &written {
        assert_eq!(approvals::letter_insert(&tx, one, 5).await?, *seq);
    }
    tx.commit().await?;
    let kept = |at: usize| LetterRow {
        seq: written[at].1,
        ..written[at].0.clone()
    };
    let found = approvals::letter_get(db, &unit("150500"), 2026, 2).await?;
    assert_eq!(found, Some(kept(2)));
    assert_eq!(
        approvals::letter_get(db, &unit("150600"), 2026, 2).await?,
        None
    );
    let league = unit("150500");
    let all = approvals::letter_list(db, &league, (9, 0)).await?;
    assert_eq!(all, [kept(2), kept(1), kept(0)]);
    let second = approvals::letter_list(db, &league, (1, 1)).await?;
    assert_eq!(second, [kept(1)], "the second page of one");
    let banner = unit("150500/150502");
    let got = approvals::letter_list(db, &banner, (9, 0)).await?;
    assert_eq!(got, [kept(1), kept(0)], "what it received");
    assert_eq!(approvals::letter_count(db, &league).await?, 3);
    assert_eq!(approvals::letter_count(db, &banner).await?, 2);
    let last = approvals::letter_last(db, &league).await?;
    let expected = [
        ((unit(""), DepartmentId(7)), day("2026-01-06")),
        ((banner, DepartmentId(7)), day("2026-01-05")),
    ];
    assert_eq!(last.into_iter().collect::<Vec<_>>(), expected);
    let (office, seven) = (unit("150500/150502"), DepartmentId(7));
    let since = approvals::letter_list_to(db, &office, seven, day("2026-01-01")).await?;
    assert_eq!(since, [kept(1)]);
    let eight = approvals::letter_list_to(db, &office, DepartmentId(8), day("2025-01-01")).await?;
    assert_eq!(eight, []);
    Ok(())
}
