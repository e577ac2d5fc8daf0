//! Problems, their steps, what they hold up, and who finds them in the ledger.

use gangmu_domain::Yuan;
use gangmu_domain::library::{Field, ProjectId, Value};
use gangmu_domain::organisation::{DepartmentId, DepartmentSet, Scope, UserId};
use gangmu_domain::pipeline::Stage;
use gangmu_domain::problems::{Act, ActKind, Event, Origin, Party, Phase, Seat};
use gangmu_store::library::{self, ListBasis, ListFilter};
use gangmu_store::problems::{
    self, Block, ProblemFilter, ProblemRow, ProblemSpan, ProblemTally, block_list, block_list_of,
    problem_by_origin, problem_count, problem_event_insert, problem_event_list,
    problem_event_list_of, problem_get, problem_insert, problem_list, problem_list_from,
    problem_list_left, problem_lock, problem_pass_on, problem_remind, problem_span_list,
    problem_tally, problem_update, problems_after,
};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, period, project, save, scope, unit, with};

each_engine!(
    a_problem_comes_back_as_it_was,
    every_kind_of_step_comes_back_as_it_was,
    whoever_saves_a_problem_second_is_told,
    a_problem_is_found_by_what_it_holds_up_by_its_office_and_by_who_coordinates,
    what_waits_for_an_office_is_what_it_has_to_do_next,
    each_project_is_counted_once_however_many_problems_it_has,
    open_problems_come_first_and_the_most_urgent_on_top,
    what_has_left_is_held_up_by_nothing,
    open_problems_are_passed_on_once_and_hold_up_from_then,
    from_when_until_when_each_project_was_held_up_is_listed,
    a_reminder_is_claimed_once_for_each_date,
);

fn office(codes: &str, department: i64) -> Party {
    Party::Office {
        unit: unit(codes),
        department: (department != 0).then_some(DepartmentId(department)),
    }
}

fn problem(title: &str, due: Option<&str>) -> ProblemRow {
    ProblemRow {
        id: 0,
        version: 1,
        unit: unit("150500"),
        title: title.to_owned(),
        body: "外部条件".to_owned(),
        origin: Origin::Return(202_501),
        raised_on: day("2025-01-06"),
        raised_by: UserId(3),
        kind: "land".to_owned(),
        grade: "serious".to_owned(),
        seat: Seat {
            level: "meeting".to_owned(),
            unit: unit("150500"),
        },
        party: Some(office("150500", 7)),
        phase: Phase::HandedOver,
        due: due.map(day),
        ended_on: None,
    }
}

fn blocks(ids: &[i64]) -> Vec<Block> {
    let block = |id: &i64| Block {
        project: ProjectId(*id),
        item: String::new(),
        since: None,
    };
    ids.iter().map(block).collect()
}

async fn add(db: &Db, row: &ProblemRow, held: &[i64]) -> Result<i64, StoreError> {
    let tx = db.begin().await?;
    let id = problem_insert(&tx, row, &blocks(held), 77).await?;
    tx.commit().await?;
    Ok(id)
}

async fn found(db: &Db, filter: ProblemFilter) -> Result<Vec<String>, StoreError> {
    let filter = ProblemFilter {
        limit: 100,
        ..filter
    };
    let rows = problem_list(db, &filter).await?;
    let n = problem_count(db, &filter).await?;
    assert_eq!(i64::try_from(rows.len()).ok(), Some(n));
    Ok(rows.into_iter().map(|row| row.title).collect())
}

async fn a_problem_comes_back_as_it_was(db: &Db) -> Outcome {
    save(db, &[project(1, "甲"), project(2, "乙")]).await?;
    let mut row = problem("占地", Some("2025-02-01"));
    row.id = add(db, &row, &[1, 2, 2]).await?;
    assert_eq!(problem_get(db, row.id).await?, Some(row.clone()));
    assert_eq!(problem_get(db, row.id + 1).await?, None);
    assert_eq!(block_list(db, row.id).await?, blocks(&[1, 2]));
    assert_eq!(block_list_of(db, &[row.id, 99]).await?.len(), 1);
    let from = |id| problem_by_origin(db, ProjectId(id), &row.origin);
    assert_eq!(from(1).await?, Some(row.id));
    assert_eq!(from(3).await?, None);
    assert_eq!(
        problem_list_from(db, std::slice::from_ref(&row.origin)).await?,
        [row.clone()]
    );
    let of_others = [Origin::Direct, Origin::Visit(9_999), Origin::Visit(9_998)];
    assert_eq!(problem_list_from(db, &of_others).await?, []);
    let with_others = [Origin::Direct, row.origin.clone(), Origin::Visit(9_999)];
    assert_eq!(problem_list_from(db, &with_others).await?, [row.clone()]);
    assert_eq!(problem_list_from(db, &[]).await?, []);
    assert_eq!(problems_after(db, 0, 10).await?, [row.clone()]);
    assert_eq!(problems_after(db, row.id, 10).await?, []);
    Ok(())
}

async fn every_kind_of_step_comes_back_as_it_was(db: &Db) -> Outcome {
    let text = |text: &str| text.to_owned();
    let to = Some(problem("", None).seat);
    let due_on = Some(day("2025-02-01"));
    let acts = vec![
        Act::Raise {
            kind: text("land"),
            to: to.clone(),
        },
        Act::Accept {
            kind: text("land"),
            grade: text("serious"),
        },
        Act::Decline {
            reason: text("重复"),
        },
        Act::HandOver {
            to: office("150500", 0),
            assisting: vec![office("150500/150502", 7), Party::ProjectOwner],
            due_on,
            demand: text("协调"),
        },
        Act::Progress {
            text: text("已约谈"),
        },
        Act::Answer {
            measures: text("现场办公"),
            result: text("已供地"),
        },
        Act::SendBack {
            reason: text("未见红线图"),
            due_on,
        },
        Act::Verify {
            finding: text("属实"),
        },
        Act::StrikeOff { remark: text("") },
        Act::AskExtension {
            due_on: day("2025-02-01"),
            reason: text("批复未到"),
        },
        Act::Extend {
            due_on: day("2025-02-01"),
            approver: text("分管副主任"),
            reason: text("补偿未谈妥"),
        },
        Act::RefuseExtension {
            reason: text("期限足够"),
        },
        Act::Escalate {
            reason: text("本级解决不了"),
            due_on: None,
            to,
        },
        Act::Wait {
            policy: text("新能源用地政策"),
        },
        Act::Resume { due_on },
        Act::Close {
            reason: text("项目已取消"),
        },
    ];
    let kinds: Vec<ActKind> = acts.iter().map(Act::kind).collect();
    assert_eq!(kinds, ActKind::ALL, "every kind is tried");
    let events: Vec<Event> = (1..)
        .zip(acts)
        .map(|(seq, act)| Event {
            seq,
            on: day("2025-01-07"),
            at: 77,
            user: UserId(3),
            act,
            due: (seq % 2 == 0).then(|| day("2025-02-01")),
        })
        .collect();
    let tx = db.begin().await?;
    for event in &events {
        problem_event_insert(&tx, 5, event).await?;
    }
    let again = problem_event_insert(&tx, 5, &events[0]).await;
    assert!(matches!(again, Err(StoreError::Exists { .. })), "{again:?}");
    tx.commit().await?;
    assert_eq!(problem_event_list(db, 5).await?, events);
    assert_eq!(problem_event_list(db, 6).await?, []);
    assert_eq!(problem_event_list_of(db, &[5, 6]).await?.len(), 1);
    Ok(())
}

async fn whoever_saves_a_problem_second_is_told(db: &Db) -> Outcome {
    let mut row = problem("占地", Some("2025-02-01"));
    row.id = add(db, &row, &[1]).await?;
    let tx = db.begin().await?;
    let mut locked = problem_lock(&tx, row.id).await?.ok_or("a problem")?;
    assert_eq!(locked, row);
    locked.phase = Phase::StruckOff;
    locked.ended_on = Some(day("2025-01-20"));
    locked.party = Some(Party::ProjectOwner);
    assert!(problem_update(&tx, &locked).await?);
    assert!(!problem_update(&tx, &locked).await?);
    tx.commit().await?;
    let now = problem_get(db, row.id).await?.ok_or("a problem")?;
    assert_eq!((now.version, now.phase), (2, Phase::StruckOff));
    assert_eq!(now.party, Some(Party::ProjectOwner));
    let open = ProblemFilter {
        open: true,
        ..ProblemFilter::default()
    };
    assert_eq!(problem_count(db, &open).await?, 0);
    Ok(())
}

async fn a_problem_is_found_by_what_it_holds_up_by_its_office_and_by_who_coordinates(
    db: &Db,
) -> Outcome {
    let mut banner = project(1, "甲");
    banner.unit = unit("150500/150502");
    banner.department = Some(DepartmentId(4));
    banner.reporter = Some(UserId(9));
    save(db, &[banner]).await?;
    add(db, &problem("占地", Some("2025-02-01")), &[1]).await?;
    let seen = |scope: Scope| {
        found(
            db,
            ProblemFilter {
                scope: Some(scope),
                ..ProblemFilter::default()
            },
        )
    };
    let of = |codes: &str, id: i64| Scope {
        departments: DepartmentSet::Only(vec![DepartmentId(id)]),
        ..scope(codes)
    };
    assert_eq!(seen(scope("")).await?.len(), 1, "the region");
    assert_eq!(seen(scope("150500/150502")).await?.len(), 1, "its banner");
    assert_eq!(seen(scope("150200")).await?.len(), 0, "another league");
    assert_eq!(seen(scope("150500/150526")).await?.len(), 0, "a sister");
    assert_eq!(seen(of("150500", 7)).await?.len(), 1, "the office");
    assert_eq!(seen(of("150500", 4)).await?.len(), 1, "its department");
    assert_eq!(seen(of("150500", 5)).await?.len(), 0, "another department");
    let reporter = |user| Scope {
        reporter: Some(UserId(user)),
        ..scope("150500/150502")
    };
    assert_eq!(seen(reporter(9)).await?.len(), 1);
    assert_eq!(seen(reporter(8)).await?.len(), 0);
    let narrow = ProblemFilter {
        unit: Some(unit("150500/150526")),
        ..ProblemFilter::default()
    };
    assert_eq!(found(db, narrow).await?.len(), 0);
    for (filter, n) in [
        (
            ProblemFilter {
                kind: Some("land".into()),
                ..ProblemFilter::default()
            },
            1,
        ),
        (
            ProblemFilter {
                level: Some("unit".into()),
                ..ProblemFilter::default()
            },
            0,
        ),
        (
            ProblemFilter {
                text: Some("占".into()),
                ..ProblemFilter::default()
            },
            1,
        ),
        (
            ProblemFilter {
                titles: vec!["占".into(), "占地".into()],
                ..ProblemFilter::default()
            },
            1,
        ),
        (
            ProblemFilter {
                titles: vec!["占".into()],
                ..ProblemFilter::default()
            },
            0,
        ),
        (
            ProblemFilter {
                text: Some("%".into()),
                ..ProblemFilter::default()
            },
            0,
        ),
        (
            ProblemFilter {
                project: Some(ProjectId(1)),
                ..ProblemFilter::default()
            },
            1,
        ),
        (
            ProblemFilter {
                project: Some(ProjectId(2)),
                ..ProblemFilter::default()
            },
            0,
        ),
        (
            ProblemFilter {
                phases: vec![Phase::Raised],
                ..ProblemFilter::default()
            },
            0,
        ),
    ] {
        assert_eq!(found(db, filter.clone()).await?.len(), n, "{filter:?}");
    }
    Ok(())
}

async fn what_waits_for_an_office_is_what_it_has_to_do_next(db: &Db) -> Outcome {
    let mut own = project(1, "甲");
    own.reporter = Some(UserId(9));
    save(db, &[own]).await?;
    add(db, &problem("占地", Some("2025-02-01")), &[1]).await?;
    let answered = ProblemRow {
        phase: Phase::Answered,
        ..problem("供电", Some("2025-02-01"))
    };
    add(db, &answered, &[1]).await?;
    let owners = ProblemRow {
        party: Some(Party::ProjectOwner),
        ..problem("决策", Some("2025-02-01"))
    };
    add(db, &owners, &[1]).await?;
    let waits = |scope: Scope| {
        found(
            db,
            ProblemFilter {
                waits_for: Some(scope),
                ..ProblemFilter::default()
            },
        )
    };
    let of_office = Scope {
        departments: DepartmentSet::Only(vec![DepartmentId(7)]),
        ..scope("150500")
    };
    let of_owner = Scope {
        reporter: Some(UserId(9)),
        ..scope("150500")
    };
    assert_eq!(waits(of_office).await?, ["占地"]);
    assert_eq!(waits(scope("150500")).await?, ["供电"]);
    assert_eq!(waits(of_owner).await?, ["决策"]);
    assert_eq!(waits(scope("")).await?, Vec::<String>::new());
    Ok(())
}

async fn each_project_is_counted_once_however_many_problems_it_has(db: &Db) -> Outcome {
    let cost = |id, name: &str, wan| {
        let value = Value::Money(Yuan::wan(wan));
        with(project(id, name), Field::TotalInvestment, value)
    };
    save(
        db,
        &[cost(1, "甲", 100), cost(2, "乙", 30), cost(3, "丙", 7)],
    )
    .await?;
    add(db, &problem("占地", None), &[1, 2]).await?;
    add(db, &problem("供电", None), &[1]).await?;
    let tally = problem_tally(db, &ProblemFilter::default()).await?;
    let total = Yuan::wan(130).0;
    let expected = ProblemTally {
        projects: 2,
        total_investment: total,
    };
    assert_eq!(tally, expected);
    let elsewhere = ProblemFilter {
        scope: Some(scope("150200")),
        ..ProblemFilter::default()
    };
    assert_eq!(
        problem_tally(db, &elsewhere).await?,
        ProblemTally::default()
    );
    Ok(())
}

async fn what_has_left_is_held_up_by_nothing(db: &Db) -> Outcome {
    let mut left = project(2, "乙");
    left.stage = Stage::Cancelled;
    save(db, &[project(1, "甲"), left, project(3, "丙")]).await?;
    let listed = async || {
        let filter = ListFilter {
            troubled_only: true,
            ..ListFilter::default()
        };
        let basis = ListBasis::Library(period("2025-01"));
        let ids = library::project_ids(db, &scope(""), basis, &filter).await?;
        let totals = library::project_totals(db, &scope(""), basis, &filter).await?;
        Ok::<_, StoreError>((ids, totals.projects))
    };
    assert_eq!(listed().await?, (vec![], 0));
    let both = add(db, &problem("占地", None), &[1, 2]).await?;
    let alone = add(db, &problem("供电", None), &[2]).await?;
    let of = async |id| problem_list_left(db, ProjectId(id)).await;
    assert_eq!(of(2).await?, [alone]);
    assert_eq!(of(1).await?, [both], "the other has left already");
    let tally = problem_tally(db, &ProblemFilter::default()).await?;
    assert_eq!(tally.projects, 1);
    let mut ended = problem("供电", None);
    ended.id = alone;
    ended.phase = Phase::Closed;
    let tx = db.begin().await?;
    assert!(problem_update(&tx, &ended).await?);
    tx.commit().await?;
    assert_eq!(of(2).await?, Vec::<i64>::new());
    let all = (vec![1], 1);
    assert_eq!(listed().await?, all, "the other has left");
    Ok(())
}

async fn open_problems_are_passed_on_once_and_hold_up_from_then(db: &Db) -> Outcome {
    let mut left = project(1, "甲");
    left.stage = Stage::Merged;
    left.stage_since = day("2025-02-10");
    save(db, &[left, project(2, "乙")]).await?;
    let at = |title: &str| ProblemRow {
        raised_on: day("2025-01-10"),
        ..problem(title, None)
    };
    let open = add(db, &at("占地"), &[1]).await?;
    let ended = ProblemRow {
        phase: Phase::StruckOff,
        ended_on: Some(day("2025-01-20")),
        ..at("供电")
    };
    add(db, &ended, &[1]).await?;
    add(db, &at("道路"), &[1, 2]).await?;
    let pass = async || {
        let tx = db.begin().await?;
        let on = day("2025-02-10");
        let passed = problem_pass_on(&tx, ProjectId(1), ProjectId(2), on).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(passed)
    };
    let (first, again) = (pass().await?, pass().await?);
    assert_eq!(first, [(open, "占地".to_owned())]);
    assert_eq!(again, [], "it holds the heir up already");
    let spans = problem_span_list(db, &ProblemFilter::default()).await?;
    let told: Vec<String> = spans
        .iter()
        .map(|one| {
            let ended = one.ended_on.map_or("-".to_owned(), |day| day.to_string());
            format!("{} {} {ended}", one.project.0, one.raised_on)
        })
        .collect();
    assert_eq!(
        told,
        [
            "1 2025-01-10 2025-02-10",
            "1 2025-01-10 2025-01-20",
            "1 2025-01-10 2025-02-10",
            "2 2025-01-10 -",
            "2 2025-02-10 -",
        ]
    );
    let tally = problem_tally(db, &ProblemFilter::default()).await?;
    assert_eq!(tally.projects, 2, "the one that left, by what ended before");
    Ok(())
}

async fn from_when_until_when_each_project_was_held_up_is_listed(db: &Db) -> Outcome {
    save(db, &[project(1, "甲"), project(2, "乙")]).await?;
    let at = |title: &str, on: &str| ProblemRow {
        raised_on: day(on),
        ..problem(title, None)
    };
    add(db, &at("占地", "2025-01-10"), &[1, 2]).await?;
    let ended = ProblemRow {
        phase: Phase::StruckOff,
        ended_on: Some(day("2025-01-20")),
        ..at("供电", "2025-01-06")
    };
    add(db, &ended, &[1]).await?;
    let declined = ProblemRow {
        phase: Phase::Declined,
        ended_on: Some(day("2025-01-20")),
        ..at("重复", "2025-01-06")
    };
    add(db, &declined, &[2]).await?;
    let span = |project, on: &str, to: Option<&str>| ProblemSpan {
        project: ProjectId(project),
        raised_on: day(on),
        ended_on: to.map(day),
    };
    let all = problem_span_list(db, &ProblemFilter::default()).await?;
    let wanted = [
        span(1, "2025-01-06", Some("2025-01-20")),
        span(1, "2025-01-10", None),
        span(2, "2025-01-10", None),
    ];
    assert_eq!(all, wanted);
    let elsewhere = ProblemFilter {
        scope: Some(scope("150200")),
        ..ProblemFilter::default()
    };
    assert_eq!(problem_span_list(db, &elsewhere).await?, []);
    Ok(())
}

async fn a_reminder_is_claimed_once_for_each_date(db: &Db) -> Outcome {
    let claim = async |step: &str, dues: &[(i64, &str)]| {
        let dues: Vec<_> = dues.iter().map(|(id, due)| (*id, day(due))).collect();
        let tx = db.begin().await?;
        let mut claimed = problem_remind(&tx, step, &dues, 77).await?;
        tx.commit().await?;
        claimed.sort_unstable();
        Ok::<_, StoreError>(claimed)
    };
    let (a, b) = ((1, "2025-01-20"), (2, "2025-01-20"));
    assert_eq!(claim("soon", &[a, b]).await?, [1, 2]);
    assert_eq!(claim("soon", &[a, b]).await?, Vec::<i64>::new());
    assert_eq!(claim("today", &[a]).await?, [1]);
    assert_eq!(claim("soon", &[(1, "2025-02-20"), b]).await?, [1]);
    assert_eq!(claim("today", &[]).await?, Vec::<i64>::new());
    Ok(())
}

async fn open_problems_come_first_and_the_most_urgent_on_top(db: &Db) -> Outcome {
    let ended = |title: &str, on: &str| ProblemRow {
        phase: Phase::StruckOff,
        ended_on: Some(day(on)),
        ..problem(title, None)
    };
    for row in [
        ended("先销", "2025-01-10"),
        ended("后销", "2025-01-20"),
        problem("挂起", None),
        problem("不急", Some("2025-03-01")),
        problem("急", Some("2025-01-08")),
    ] {
        let mut row = row;
        row.id = add(db, &row, &[]).await?;
        let tx = db.begin().await?;
        // `open` is written with the state.
        assert!(problem_update(&tx, &row).await?);
        tx.commit().await?;
    }
    let all = found(db, ProblemFilter::default()).await?;
    assert_eq!(all, ["急", "不急", "挂起", "后销", "先销"]);
    let late = ProblemFilter {
        due_before: Some("2025-01-09".to_owned()),
        ..ProblemFilter::default()
    };
    assert_eq!(found(db, late).await?, ["急"]);
    let ahead = ProblemFilter {
        due_from: Some("2025-01-09".to_owned()),
        ..ProblemFilter::default()
    };
    assert_eq!(found(db, ahead).await?, ["不急"]);
    let second = problems::ProblemFilter {
        offset: 1,
        limit: 1,
        open: true,
        ..ProblemFilter::default()
    };
    let page = problem_list(db, &second).await?;
    assert_eq!(page[0].title, "不急");
    Ok(())
}
