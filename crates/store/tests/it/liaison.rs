//! Assignments, who holds what, and how much each leader carries.

use gangmu_domain::liaison::{About, Assignment, Bond, Duty, Holder, Kept, Term, Visit, VisitKind};
use gangmu_domain::library::{EventKind, Field, ProjectId, Value};
use gangmu_domain::meetings::{AgendaItem, MeetingState};
use gangmu_domain::metrics::{Band, Basis, Light, LitRange};
use gangmu_domain::organisation::{DepartmentId, DepartmentSet, Scope, UnitPath, UserId};
use gangmu_domain::pipeline::Stage;
use gangmu_domain::plans::PlanId;
use gangmu_domain::problems::{Act, Event as Step, Origin, Party, Phase, Seat};
use gangmu_domain::{Period, Yuan};
use gangmu_store::liaison::{
    AssignmentRow, HandoverRow, HappenedFilter, MadeAt, ResolutionFilter, ResolutionRow,
    VisitFilter, VisitRow, assignment_end, assignment_insert, assignment_list,
    assignment_list_about, assignment_list_handed, assignment_list_held, assignment_list_of,
    assignment_turn, handover_get, handover_insert, handover_list, handover_report_insert,
    handover_report_list, handover_sign, happened_since, happened_tally, leader_load,
    liaison_seen_get, liaison_seen_put, reported_list, resolution_count, resolution_insert,
    resolution_list, resolution_lock, resolution_remind, resolution_update, visit_count, visit_get,
    visit_insert, visit_list,
};
use gangmu_store::library::{
    DutyFilter, Event, Held, ListBasis, ListFilter, Project, event_insert, project_ids,
};
use gangmu_store::meetings::{AgendaRow, MeetingRow, agenda_put, meeting_insert};
use gangmu_store::problems::{
    Block, ProblemFilter, ProblemRow, problem_event_insert, problem_insert, problem_list,
    problem_lock, problem_update,
};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, filed, period, project, put, save, scope, unit, with};

each_engine!(
    an_assignment_comes_back_as_it_was_and_ends_without_going_away,
    what_a_person_holds_is_found_by_unit_and_day,
    a_list_of_projects_is_narrowed_to_who_holds_a_duty_or_nobody_does,
    a_leader_carries_projects_investment_red_lights_and_problems,
    a_visit_comes_back_with_its_photos_and_the_newest_is_first,
    what_others_did_since_a_person_looked_is_told_newest_first,
    a_resolution_comes_back_as_it_was_and_whoever_saves_second_is_told,
    a_resolution_is_found_by_its_project_its_office_and_where_it_was_made,
    what_is_bound_is_open_as_long_as_what_it_is_bound_to,
    a_hand_over_comes_back_with_what_it_moved_and_who_signed,
    who_reports_for_what_is_found_and_what_moved_is_kept,
    a_reminder_is_claimed_once,
    what_is_about_a_chain_or_a_task_stands_beside_projects,
);

/// Nothing that was listed.
const NONE: [i64; 0] = [];

fn row(project: i64, duty: Duty, holder: Holder) -> AssignmentRow {
    AssignmentRow {
        about: About::Project(ProjectId(project)),
        id: 0,
        says: Assignment {
            duty,
            unit: unit("150500"),
            holder,
            term: Term {
                from: day("2025-01-06"),
                to: None,
            },
        },
        reason: "通发改〔2025〕1号".to_owned(),
        set_by: UserId(3),
        at: 77,
        ended_by: UserId(0),
        handover: 0,
    }
}

fn office() -> Holder {
    Holder::Office {
        unit: unit("150500"),
        department: Some(DepartmentId(7)),
    }
}

async fn add(db: &Db, row: &AssignmentRow) -> Result<AssignmentRow, StoreError> {
    let tx = db.begin().await?;
    let id = assignment_insert(&tx, row).await?;
    tx.commit().await?;
    Ok(AssignmentRow { id, ..row.clone() })
}

async fn an_assignment_comes_back_as_it_was_and_ends_without_going_away(db: &Db) -> Outcome {
    let named = Holder::Named("项目专班".to_owned());
    let leader = add(db, &row(1, Duty::Leader, Holder::User(UserId(9)))).await?;
    let lead = add(db, &row(1, Duty::LeadUnit, office())).await?;
    let mut team = row(2, Duty::ServiceTeam, named);
    team.says.term.to = Some(day("2025-03-31"));
    let team = add(db, &team).await?;
    let found = assignment_list_of(db, &[1, 2, 3]).await?;
    assert_eq!(found.len(), 2);
    assert_eq!(found[&ProjectId(1)], [lead.clone(), leader.clone()]);
    assert_eq!(assignment_list(db, ProjectId(2)).await?, [team]);
    let tx = db.begin().await?;
    let first = About::Project(ProjectId(1));
    let end = |id| assignment_end(&tx, &first, id, day("2025-06-30"), UserId(4));
    assert!(end(leader.id).await?);
    assert!(!end(leader.id + 100).await?);
    tx.commit().await?;
    let mut ended = leader;
    ended.says.term.to = Some(day("2025-06-30"));
    ended.ended_by = UserId(4);
    assert_eq!(assignment_list(db, ProjectId(1)).await?, [lead, ended]);
    Ok(())
}

async fn what_a_person_holds_is_found_by_unit_and_day(db: &Db) -> Outcome {
    let mut first = row(1, Duty::Leader, Holder::User(UserId(9)));
    first.says.term.to = Some(day("2025-01-31"));
    let first = add(db, &first).await?;
    let mut below = row(2, Duty::Resident, Holder::User(UserId(9)));
    below.says.unit = unit("150500/150502");
    let below = add(db, &below).await?;
    add(db, &row(3, Duty::Leader, Holder::User(UserId(8)))).await?;
    add(db, &row(4, Duty::LeadUnit, office())).await?;
    let held = |unit, on| assignment_list_held(db, UserId(9), unit, day(on));
    assert_eq!(
        held(None, "2025-01-31").await?,
        [first.clone(), below.clone()]
    );
    assert_eq!(held(None, "2025-02-01").await?, [below]);
    assert_eq!(held(Some(&unit("150500")), "2025-01-01").await?, [first]);
    // No office is a person, though neither has a number.
    assert_eq!(
        assignment_list_held(db, UserId(0), None, day("2025-01-06")).await?,
        []
    );
    Ok(())
}

async fn a_list_of_projects_is_narrowed_to_who_holds_a_duty_or_nobody_does(db: &Db) -> Outcome {
    save(db, &[project(1, "甲"), project(2, "乙"), project(3, "丙")]).await?;
    add(db, &row(1, Duty::Leader, Holder::User(UserId(9)))).await?;
    let mut past = row(2, Duty::Leader, Holder::User(UserId(9)));
    past.says.term.to = Some(day("2025-01-31"));
    add(db, &past).await?;
    add(db, &row(2, Duty::LeadUnit, office())).await?;
    for (duty, held, on, expected) in [
        (
            Some(Duty::Leader),
            Held::By(UserId(9)),
            "2025-01-31",
            vec![1, 2],
        ),
        (
            Some(Duty::Leader),
            Held::By(UserId(9)),
            "2025-02-01",
            vec![1],
        ),
        (None, Held::Somebody, "2025-02-01", vec![1, 2]),
        (Some(Duty::Leader), Held::Nobody, "2025-02-01", vec![2, 3]),
        (None, Held::Nobody, "2025-02-01", vec![3]),
        (None, Held::Nobody, "2025-01-05", vec![1, 2, 3]),
    ] {
        let filter = ListFilter {
            duty: Some(DutyFilter {
                day: on.to_owned(),
                duty,
                held,
            }),
            ..ListFilter::default()
        };
        let basis = ListBasis::Library(period("2025-01"));
        let found = project_ids(db, &scope(""), basis, &filter).await?;
        assert_eq!(found, expected, "{duty:?} {held:?} {on}");
    }
    Ok(())
}

async fn trouble(db: &Db, project: i64) -> Result<i64, StoreError> {
    let tx = db.begin().await?;
    let problem = ProblemRow {
        id: 0,
        version: 1,
        unit: unit("150500"),
        title: "占地".to_owned(),
        body: String::new(),
        origin: Origin::Direct,
        raised_on: day("2025-01-06"),
        raised_by: UserId(3),
        kind: "land".to_owned(),
        grade: String::new(),
        seat: Seat {
            level: "unit".to_owned(),
            unit: unit("150500"),
        },
        party: None,
        phase: Phase::Raised,
        due: None,
        ended_on: None,
    };
    let block = Block {
        project: ProjectId(project),
        item: String::new(),
        since: None,
    };
    let id = problem_insert(&tx, &problem, &[block], 1).await?;
    tx.commit().await?;
    Ok(id)
}

async fn a_leader_carries_projects_investment_red_lights_and_problems(db: &Db) -> Outcome {
    let money = |id, name| {
        let total = Value::Money(Yuan::wan(500));
        with(project(id, name), Field::TotalInvestment, total)
    };
    save(db, &[money(1, "甲"), money(2, "乙"), money(3, "丙")]).await?;
    // 10 of a plan of 120, in January: on time; where twice as much is asked for it is red.
    put(db, &[filed(1, "2025-01")]).await?;
    for id in [1, 2] {
        add(db, &row(id, Duty::Leader, Holder::User(UserId(9)))).await?;
    }
    let named = Holder::Named("包联领导".to_owned());
    add(db, &row(3, Duty::Leader, named.clone())).await?;
    add(db, &row(3, Duty::Resident, Holder::User(UserId(9)))).await?;
    // A chain stands beside the projects, and alone.
    let mut chain = row(0, Duty::Leader, named.clone());
    chain.about = About::Chain("al".to_owned());
    add(db, &chain).await?;
    let alone = Holder::User(UserId(7));
    chain.says.holder = alone.clone();
    add(db, &chain).await?;
    trouble(db, 2).await?;
    trouble(db, 2).await?;
    let band = Band {
        light: Light::Red,
        from: None,
        below: Some(100),
    };
    let load = async |codes: &str, on: &str, red| {
        let month: Period = period("2025-01");
        leader_load(db, &scope(codes), Duty::Leader, day(on), month, red).await
    };
    let red = Some(LitRange {
        basis: Basis::GapToTime,
        band,
        exemptible: false,
    });
    let found = load("", "2025-01-06", red).await?;
    let told: Vec<_> = found
        .iter()
        .map(|row| {
            (
                row.holder.clone(),
                row.projects,
                row.total_investment,
                row.red,
                row.troubled,
                row.charges,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (Holder::User(UserId(9)), 2, 10_000_000, 1, 1, 0),
            (named, 1, 5_000_000, 0, 0, 1),
            (alone, 0, 0, 0, 0, 1),
        ]
    );
    assert_eq!(found[0].unit, unit("150500"));
    assert_eq!(load("", "2025-01-06", None).await?[0].red, 0);
    assert_eq!(load("150200", "2025-01-06", red).await?, []);
    assert_eq!(load("", "2025-01-05", red).await?, []);
    Ok(())
}

fn visit(project: i64, on: &str, photos: &[i64]) -> VisitRow {
    VisitRow {
        project: ProjectId(project),
        id: 0,
        says: Visit {
            kind: VisitKind::OnSite,
            on: day(on),
            place: "一号厂房".to_owned(),
            position: Some((122_260_000, 43_620_000)),
            attendees: "市发改委、项目单位".to_owned(),
            body: "设备基础完成七成".to_owned(),
        },
        user: UserId(9),
        at: 88,
        photos: photos.to_vec(),
    }
}

async fn note(db: &Db, row: &VisitRow) -> Result<VisitRow, StoreError> {
    let tx = db.begin().await?;
    let id = visit_insert(&tx, row).await?;
    tx.commit().await?;
    Ok(VisitRow { id, ..row.clone() })
}

async fn a_visit_comes_back_with_its_photos_and_the_newest_is_first(db: &Db) -> Outcome {
    let first = note(db, &visit(1, "2025-01-06", &[3, 4])).await?;
    let mut plain = visit(2, "2025-02-06", &[]);
    plain.says.position = None;
    plain.says.kind = VisitKind::Note;
    let second = note(db, &plain).await?;
    let third = note(db, &visit(3, "2025-03-06", &[1])).await?;
    assert_eq!(visit_get(db, first.id).await?, Some(first.clone()));
    assert_eq!(visit_get(db, 999).await?, None);
    let all = || VisitFilter {
        limit: 9,
        ..VisitFilter::default()
    };
    let listed = async |filter: VisitFilter| -> Result<Vec<VisitRow>, StoreError> {
        let rows = visit_list(db, &filter).await?;
        let most = usize::try_from(filter.limit).unwrap_or(0);
        let n = visit_count(db, &filter).await?;
        assert_eq!(rows.len(), most.min(usize::try_from(n).unwrap_or(0)));
        Ok(rows)
    };
    let to = |project: i64| VisitFilter {
        project: Some(ProjectId(project)),
        ..all()
    };
    assert_eq!(listed(to(1)).await?, std::slice::from_ref(&first));
    assert_eq!(listed(to(4)).await?, []);
    let newest = VisitFilter { limit: 1, ..all() };
    assert_eq!(listed(newest).await?, std::slice::from_ref(&third));
    let between = VisitFilter {
        from: Some(day("2025-01-06")),
        until: Some(day("2025-02-06")),
        ..all()
    };
    assert_eq!(listed(between).await?, [second.clone(), first.clone()]);
    let february = VisitFilter {
        from: Some(day("2025-01-07")),
        until: Some(day("2025-03-05")),
        ..all()
    };
    assert_eq!(listed(february).await?, [second]);
    let seen = |unit: &str| VisitFilter {
        scope: Some(scope(unit)),
        ..all()
    };
    let elsewhere = Project {
        unit: unit("150200"),
        ..project(3, "丙")
    };
    save(db, &[project(1, "甲"), elsewhere]).await?;
    assert_eq!(listed(seen("150500")).await?, [first]);
    assert_eq!(listed(seen("150200")).await?, [third]);
    Ok(())
}

fn meeting() -> MeetingRow {
    MeetingRow {
        id: 0,
        series: 1,
        version: 1,
        unit: unit("150500"),
        title: "周调度".to_owned(),
        on: day("2025-01-06"),
        state: MeetingState::Prepared,
        attendees: String::new(),
        summary: String::new(),
        minutes: String::new(),
        left_off: 0,
        user: UserId(3),
        at: 75,
    }
}

async fn what_others_did_since_a_person_looked_is_told_newest_first(db: &Db) -> Outcome {
    save(db, &[project(1, "甲"), project(2, "乙")]).await?;
    let event = |at, user| Event {
        seq: 0,
        at,
        on: day("2025-01-06"),
        user: UserId(user),
        kind: EventKind::Edited,
        reason: "调整".to_owned(),
        document_no: String::new(),
        changes: Vec::new(),
    };
    let problem = trouble(db, 1).await?;
    let step = Step {
        seq: 1,
        on: day("2025-01-06"),
        at: 70,
        user: UserId(3),
        act: Act::Progress {
            text: "已协调".to_owned(),
        },
        due: None,
    };
    let tx = db.begin().await?;
    event_insert(&tx, ProjectId(1), &event(60, 3)).await?;
    event_insert(&tx, ProjectId(1), &event(50, 3)).await?;
    event_insert(&tx, ProjectId(1), &event(65, 9)).await?;
    event_insert(&tx, ProjectId(2), &event(99, 3)).await?;
    problem_event_insert(&tx, problem, &step).await?;
    tx.commit().await?;
    let agenda = |project, dropped| AgendaRow {
        position: project,
        item: AgendaItem {
            project: ProjectId(project),
            grounds: Vec::new(),
        },
        dropped,
    };
    let tx = db.begin().await?;
    let meeting = meeting_insert(&tx, &meeting()).await?;
    agenda_put(&tx, meeting, &agenda(1, false)).await?;
    agenda_put(&tx, meeting, &agenda(2, true)).await?;
    tx.commit().await?;
    note(db, &visit(1, "2025-01-06", &[])).await?;
    let mut others = visit(1, "2025-01-06", &[]);
    others.user = UserId(3);
    let others = note(db, &others).await?;
    let of = |projects: &'static [i64]| HappenedFilter {
        projects,
        after: 50,
        but: UserId(9),
    };
    let found = happened_since(db, of(&[1]), (0, 10)).await?;
    let told: Vec<_> = found
        .iter()
        .map(|one| (one.what.as_str(), one.word.as_str(), one.at, one.reference))
        .collect();
    assert_eq!(
        told,
        [
            ("visit", "on_site", 88, others.id),
            ("meeting", "agenda", 75, meeting),
            ("problem", "progress", 70, problem),
            ("event", "edited", 60, 0),
        ]
    );
    let both = happened_since(db, of(&[1, 2]), (0, 9)).await?;
    assert_eq!(happened_since(db, of(&[1, 2]), (0, 2)).await?, both[..2]);
    assert_eq!(happened_since(db, of(&[1, 2]), (2, 2)).await?, both[2..4]);
    assert_eq!(happened_since(db, of(&[]), (0, 2)).await?, []);
    let tally = happened_tally(db, of(&[1, 2])).await?;
    assert_eq!(tally, [(1, 4), (2, 1)].into());
    assert_eq!(happened_tally(db, of(&[])).await?, [].into());

    assert_eq!(liaison_seen_get(db, UserId(9)).await?, 0);
    for (at, expected) in [(70, 70), (60, 70), (80, 80)] {
        let tx = db.begin().await?;
        liaison_seen_put(&tx, UserId(9), at).await?;
        tx.commit().await?;
        assert_eq!(liaison_seen_get(db, UserId(9)).await?, expected);
    }
    Ok(())
}

fn resolution(project: i64, made_at: MadeAt, party: Party) -> ResolutionRow {
    ResolutionRow {
        project: (project != 0).then_some(ProjectId(project)),
        id: 0,
        version: 1,
        made_at,
        unit: unit("150500"),
        body: "月底前完成征地补偿".to_owned(),
        party,
        due: day("2025-01-31"),
        bond: Bond::Free,
        stands: Kept::Open,
        made_by: UserId(3),
        made_on: day("2025-01-06"),
        at: 66,
        reported: None,
        report: String::new(),
        ended: None,
        remark: String::new(),
    }
}

fn commission(codes: &str) -> Party {
    Party::Office {
        unit: unit(codes),
        department: None,
    }
}

async fn agree(db: &Db, row: &ResolutionRow) -> Result<ResolutionRow, StoreError> {
    let tx = db.begin().await?;
    let id = resolution_insert(&tx, row).await?;
    tx.commit().await?;
    Ok(ResolutionRow { id, ..row.clone() })
}

async fn listed(db: &Db, filter: ResolutionFilter) -> Result<Vec<i64>, StoreError> {
    let filter = ResolutionFilter {
        limit: 100,
        ..filter
    };
    let rows = resolution_list(db, &filter).await?;
    let n = resolution_count(db, &filter).await?;
    assert_eq!(i64::try_from(rows.len()).ok(), Some(n));
    Ok(rows.into_iter().map(|row| row.id).collect())
}

async fn a_resolution_comes_back_as_it_was_and_whoever_saves_second_is_told(db: &Db) -> Outcome {
    let row = agree(db, &resolution(1, MadeAt::Visit(5), commission("150500"))).await?;
    let mut owner = resolution(0, MadeAt::Meeting(6), Party::ProjectOwner);
    owner.bond = Bond::Matter("A01".to_owned());
    let owner = agree(db, &owner).await?;
    let tx = db.begin().await?;
    assert_eq!(resolution_lock(&tx, owner.id).await?, Some(owner));
    assert_eq!(resolution_lock(&tx, 999).await?, None);
    let mut after = row.clone();
    after.stands = Kept::Done;
    after.reported = Some((UserId(4), day("2025-01-20")));
    after.report = "已完成".to_owned();
    after.ended = Some((UserId(5), day("2025-01-21")));
    after.remark = "属实".to_owned();
    assert!(resolution_update(&tx, &after).await?);
    assert!(
        !resolution_update(&tx, &after).await?,
        "its version has passed"
    );
    after.version = 2;
    assert_eq!(resolution_lock(&tx, row.id).await?, Some(after));
    tx.commit().await?;
    Ok(())
}

async fn a_resolution_is_found_by_its_project_its_office_and_where_it_was_made(db: &Db) -> Outcome {
    save(db, &[project(1, "甲")]).await?;
    let on_site = agree(db, &resolution(1, MadeAt::Visit(5), commission("150200")))
        .await?
        .id;
    let met = agree(db, &resolution(0, MadeAt::Meeting(6), office_of(7)))
        .await?
        .id;
    let owners = agree(db, &resolution(1, MadeAt::Meeting(7), Party::ProjectOwner))
        .await?
        .id;
    let all = ResolutionFilter::default;
    let seen = |scope: Scope| ResolutionFilter {
        scope: Some(scope),
        ..all()
    };
    assert_eq!(listed(db, all()).await?, [on_site, met, owners]);
    assert_eq!(
        listed(db, seen(scope("150500"))).await?,
        [on_site, met, owners]
    );
    assert_eq!(
        listed(db, seen(scope("150200"))).await?,
        [on_site],
        "its office"
    );
    assert_eq!(listed(db, seen(scope("150100"))).await?, NONE);
    let department = Scope {
        departments: DepartmentSet::Only(vec![DepartmentId(7)]),
        ..scope("150500")
    };
    let party = |scope: Scope| ResolutionFilter {
        party: Some(scope),
        ..all()
    };
    assert_eq!(listed(db, party(department)).await?, [met]);
    assert_eq!(listed(db, party(scope("150200"))).await?, [on_site]);
    let reporter = Scope {
        reporter: Some(UserId(4)),
        ..scope("150500")
    };
    assert_eq!(
        listed(db, party(reporter)).await?,
        NONE,
        "reports for no project"
    );
    for (filter, expected) in [
        (
            ResolutionFilter {
                made_at: Some(vec![MadeAt::Visit(5)]),
                ..all()
            },
            vec![on_site],
        ),
        (
            ResolutionFilter {
                made_at: Some(vec![MadeAt::Meeting(6), MadeAt::Meeting(7)]),
                ..all()
            },
            vec![met, owners],
        ),
        (
            ResolutionFilter {
                made_at: Some(vec![]),
                ..all()
            },
            vec![],
        ),
        (
            ResolutionFilter {
                projects: Some(vec![1]),
                ..all()
            },
            vec![on_site, owners],
        ),
        (
            ResolutionFilter {
                id: Some(met),
                ..all()
            },
            vec![met],
        ),
        (
            ResolutionFilter {
                reported: true,
                ..all()
            },
            vec![],
        ),
        (
            ResolutionFilter {
                due_before: Some("2025-01-31".to_owned()),
                ..all()
            },
            vec![],
        ),
        (
            ResolutionFilter {
                due_before: Some("2025-02-01".to_owned()),
                ..all()
            },
            vec![on_site, met, owners],
        ),
    ] {
        assert_eq!(listed(db, filter.clone()).await?, expected, "{filter:?}");
    }
    Ok(())
}

fn office_of(department: i64) -> Party {
    Party::Office {
        unit: unit("150500"),
        department: Some(DepartmentId(department)),
    }
}

async fn what_is_bound_is_open_as_long_as_what_it_is_bound_to(db: &Db) -> Outcome {
    save(db, &[project(1, "甲")]).await?;
    add(db, &row(1, Duty::Leader, Holder::User(UserId(9)))).await?;
    let problem = trouble(db, 1).await?;
    let mut bound = resolution(1, MadeAt::Meeting(6), commission("150500"));
    bound.bond = Bond::Problem(problem);
    let bound = agree(db, &bound).await?.id;
    let open = || ResolutionFilter {
        open: true,
        ..ResolutionFilter::default()
    };
    assert_eq!(listed(db, open()).await?, [bound]);
    let answers_for = |user, on: &str| ProblemFilter {
        answers_for: Some((UserId(user), on.to_owned())),
        limit: 9,
        ..ProblemFilter::default()
    };
    assert_eq!(
        problem_list(db, &answers_for(9, "2025-01-06")).await?.len(),
        1
    );
    assert_eq!(problem_list(db, &answers_for(9, "2025-01-05")).await?, []);
    assert_eq!(problem_list(db, &answers_for(8, "2025-01-06")).await?, []);
    let tx = db.begin().await?;
    let mut struck = problem_lock(&tx, problem).await?.expect("a problem");
    struck.phase = Phase::StruckOff;
    assert!(problem_update(&tx, &struck).await?);
    tx.commit().await?;
    assert_eq!(listed(db, open()).await?, NONE);
    assert_eq!(listed(db, ResolutionFilter::default()).await?, [bound]);
    Ok(())
}

async fn a_hand_over_comes_back_with_what_it_moved_and_who_signed(db: &Db) -> Outcome {
    let mut row = HandoverRow {
        id: 0,
        from: UserId(8),
        to: UserId(9),
        unit: unit("150500"),
        on: day("2025-07-01"),
        reason: "分工调整".to_owned(),
        by: UserId(3),
        at: 70,
        given_at: 0,
        taken_at: 0,
    };
    let tx = db.begin().await?;
    row.id = handover_insert(&tx, &row).await?;
    let mut moved = self::row(1, Duty::Leader, Holder::User(UserId(9)));
    moved.handover = row.id;
    moved.id = assignment_insert(&tx, &moved).await?;
    assignment_insert(&tx, &self::row(2, Duty::Leader, Holder::User(UserId(9)))).await?;
    tx.commit().await?;
    assert_eq!(handover_get(db, row.id).await?, Some(row.clone()));
    assert_eq!(handover_get(db, row.id + 1).await?, None);
    assert_eq!(assignment_list_handed(db, row.id).await?, [moved]);
    assert_eq!(assignment_list_handed(db, 0).await?, []);
    let listed = async |unit, user| handover_list(db, unit, UserId(user), 9).await;
    let (league, away) = (unit("150500"), unit("150200"));
    assert_eq!(listed(Some(&league), 1).await?, [row.clone()]);
    assert_eq!(listed(Some(&away), 1).await?, []);
    assert_eq!(listed(None, 8).await?, [row.clone()], "one's own");
    assert_eq!(listed(None, 1).await?, []);
    for (user, at, given, taken) in [
        (7, 80, 0, 0),
        (8, 81, 81, 0),
        (8, 82, 81, 0),
        (9, 83, 81, 83),
    ] {
        let tx = db.begin().await?;
        handover_sign(&tx, row.id, UserId(user), at).await?;
        tx.commit().await?;
        let signed = handover_get(db, row.id).await?.expect("the hand-over");
        assert_eq!((signed.given_at, signed.taken_at), (given, taken));
    }
    Ok(())
}

async fn who_reports_for_what_is_found_and_what_moved_is_kept(db: &Db) -> Outcome {
    let reported = |id, user| Project {
        reporter: Some(UserId(user)),
        ..project(id, "甲")
    };
    let mut gone = reported(3, 8);
    gone.stage = Stage::Cancelled;
    save(db, &[reported(1, 8), reported(2, 9), gone]).await?;
    let of = async |user, unit: Option<UnitPath>| {
        let found = reported_list(db, UserId(user), unit.as_ref()).await;
        found.map(|ids| ids.iter().map(|id| id.0).collect::<Vec<i64>>())
    };
    assert_eq!(of(8, None).await?, [1], "what has left is reported no more");
    assert_eq!(of(8, Some(unit("150500"))).await?, [1]);
    assert_eq!(of(8, Some(unit("150200"))).await?, NONE);
    let tx = db.begin().await?;
    for id in [2, 1] {
        handover_report_insert(&tx, 5, ProjectId(id)).await?;
    }
    tx.commit().await?;
    let moved = handover_report_list(db, 5).await?;
    assert_eq!(moved, [ProjectId(1), ProjectId(2)]);
    assert_eq!(handover_report_list(db, 6).await?, []);
    Ok(())
}

async fn a_reminder_is_claimed_once(db: &Db) -> Outcome {
    let claim = async |step: &str, ids: &[i64]| -> Result<Vec<i64>, StoreError> {
        let tx = db.begin().await?;
        let mut claimed = resolution_remind(&tx, step, ids, 5).await?;
        tx.commit().await?;
        claimed.sort_unstable();
        Ok(claimed)
    };
    assert_eq!(claim("due", &[1, 2]).await?, [1, 2]);
    assert_eq!(claim("due", &[2, 3]).await?, [3], "somebody had claimed 2");
    assert_eq!(claim("overdue", &[1]).await?, [1], "another step");
    assert_eq!(claim("due", &[]).await?, NONE);
    let tx = db.begin().await?;
    assert_eq!(resolution_remind(&tx, "due", &[9], 5).await?, [9]);
    drop(tx);
    assert_eq!(
        claim("due", &[9]).await?,
        [9],
        "a claim that did not commit"
    );
    Ok(())
}

async fn what_is_about_a_chain_or_a_task_stands_beside_projects(db: &Db) -> Outcome {
    let chain = About::Chain("al".to_owned());
    let task = About::Task {
        plan: PlanId(12),
        task: 3,
    };
    let of = |about: &About| AssignmentRow {
        about: about.clone(),
        ..row(0, Duty::Leader, Holder::User(UserId(9)))
    };
    let tx = db.begin().await?;
    assignment_turn(&tx).await?;
    assignment_turn(&tx).await?;
    tx.commit().await?;
    let project = add(db, &row(1, Duty::Leader, Holder::User(UserId(9)))).await?;
    let (on_chain, on_task) = (add(db, &of(&chain)).await?, add(db, &of(&task)).await?);
    let about = async |of: &[About]| assignment_list_about(db, of).await;
    assert_eq!(
        about(std::slice::from_ref(&chain)).await?,
        std::slice::from_ref(&on_chain)
    );
    let both = [chain.clone(), task.clone()];
    assert_eq!(about(&both).await?, [on_chain.clone(), on_task.clone()]);
    assert_eq!(about(&[]).await?, []);
    assert_eq!(
        assignment_list_held(db, UserId(9), None, day("2025-01-06")).await?,
        [on_chain.clone(), on_task.clone(), project],
        "a person hands over all of it"
    );
    assert_eq!(assignment_list_of(db, &[0]).await?.len(), 0);
    let tx = db.begin().await?;
    let last = day("2025-06-30");
    assert!(!assignment_end(&tx, &task, on_chain.id, last, UserId(4)).await?);
    assert!(assignment_end(&tx, &chain, on_chain.id, last, UserId(4)).await?);
    tx.commit().await?;
    assert_eq!(about(&[chain]).await?[0].says.term.to, Some(last));
    Ok(())
}
