//! Visits and what came of them: photos, problems, instructions, and a leader's page.

use gangmu_app::Actor;
use gangmu_app::domain::liaison::{Bond, Duty, Holder, KeepAct, Visit, VisitKind};
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::problems::{Act, Party};
use gangmu_app::liaison::{
    AssignInput, DeskView, Instead, ResolutionPart, ResolveInput, VisitInput, VisitQuery,
};
use gangmu_app::library::Upload;
use gangmu_app::notices::DeadlineView;
use gangmu_app::problems::{RaiseInput, StepInput};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, SISTER, Tried, World, cells, day, draft, lines, period, said,
};

each_engine!(
    a_visit_brings_photos_problems_and_instructions_or_nothing_at_all,
    an_instruction_is_reported_by_its_office_and_confirmed_by_somebody_else,
    a_visit_leaves_as_a_record_that_stays_and_all_visits_as_a_workbook,
    a_leader_sees_own_projects_what_changed_and_what_is_asked,
    who_may_not_record_is_refused_and_who_may_not_see_finds_nothing,
);

const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\nrest";

fn photo(bytes: &'static [u8]) -> Upload {
    Upload {
        file_name: "现场.png".to_owned(),
        bytes: bytes.into(),
    }
}

fn on_site(w: &World) -> VisitInput {
    VisitInput {
        visit: Visit {
            kind: VisitKind::OnSite,
            on: w.app.today(),
            place: "一号厂房".to_owned(),
            position: Some((122_260_000, 43_620_000)),
            attendees: "市发改委、项目单位".to_owned(),
            body: "设备基础完成七成，外部供电线路尚未核准".to_owned(),
        },
        photos: Vec::new(),
        problems: Vec::new(),
        instructions: Vec::new(),
    }
}

async fn told(w: &World, unit: &str, due: &str) -> Tried<ResolveInput> {
    let reference = w.app.reference().await?;
    Ok(ResolveInput {
        body: "月底前完成线路核准".to_owned(),
        party: Party::Office {
            unit: reference.unit_by_code(unit).expect("a unit").path.clone(),
            department: None,
        },
        due: day(due),
        bond: Bond::Free,
    })
}

async fn leads(w: &World, clerk: &Actor, id: ProjectId, leader: &Actor) -> Tried<()> {
    let input = AssignInput {
        projects: vec![id],
        duty: Duty::Leader,
        unit: LEAGUE.to_owned(),
        holder: Holder::User(leader.user),
        from: None,
        to: None,
        instead: Instead::Stay,
        reason: String::new(),
    };
    w.app.assign(clerk, &input).await?;
    Ok(())
}

async fn a_visit_brings_photos_problems_and_instructions_or_nothing_at_all(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    let mut input = on_site(&w);
    input.photos = vec![photo(PICTURE), photo(b"MZ program")];
    input.problems = vec!["外部供电线路尚未核准".to_owned()];
    input.instructions = vec![told(&w, BANNER, "2025-01-31").await?];
    let refused = said(&w.app.visit_record(&leader, id, input.clone()).await);
    assert_eq!(refused, "attachment.type_not_taken at file");
    input.photos.pop();
    let mut late = input.clone();
    late.instructions = vec![told(&w, BANNER, "2025-01-05").await?];
    let refused = said(&w.app.visit_record(&leader, id, late).await);
    assert_eq!(refused, "resolutions.refused.due_before at due_on");
    assert_eq!(
        w.app.visits_of_project(&leader, id).await?,
        [],
        "nothing half done"
    );
    let view = w.app.project_view(&leader, id, None).await?;
    assert_eq!(view.attachments, [], "not even the photo");

    let visit = w.app.visit_record(&leader, id, input).await?;
    let record = w.app.visit_view(&leader, visit).await?;
    assert_eq!(record.visit.photos.len(), 1);
    assert_eq!(record.visit.position, Some((122_260_000, 43_620_000)));
    assert_eq!(record.problems.len(), 1);
    assert_eq!(record.problems[0].origin, "visit");
    let problem = w
        .app
        .problem_view(&leader, record.problems[0].problem_id, None)
        .await?;
    assert_eq!(problem.origin_ref, visit.to_string());
    assert_eq!(record.instructions.len(), 1);
    let instruction = &record.instructions[0];
    assert_eq!((instruction.stands, instruction.unkept), ("open", false));
    let view = w.app.project_view(&leader, id, None).await?;
    assert_eq!(view.attachments.len(), 1);
    let kinds: Vec<&str> = view.events.iter().map(|event| event.kind).collect();
    assert!(
        kinds.contains(&"visited") && kinds.contains(&"attached"),
        "{kinds:?}"
    );

    let mut empty = on_site(&w);
    empty.visit.body = " ".to_owned();
    empty.visit.on = day("2025-01-07");
    let refused = said(&w.app.visit_record(&leader, id, empty).await);
    assert_eq!(
        refused,
        "liaison.refused.in_future at on; field.missing at body"
    );
    w.sound().await
}

async fn an_instruction_is_reported_by_its_office_and_confirmed_by_somebody_else(
    db: &Db,
) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    let banner = w.clerk(BANNER).await?;
    let sister = w.clerk(SISTER).await?;
    let mut input = on_site(&w);
    input.instructions = vec![told(&w, BANNER, "2025-01-31").await?];
    let visit = w.app.visit_record(&leader, id, input).await?;
    let one = w.app.visit_view(&leader, visit).await?.instructions[0].resolution_id;
    let step = async |who: &Actor, version, act, text: &str| {
        said(&w.app.resolution_act(who, one, version, act, text).await)
    };
    use KeepAct as K;
    assert_eq!(
        step(&sister, None, K::Report, "已办").await,
        "no such resolution"
    );
    let told = step(&leader, None, K::Report, "已办").await;
    assert!(told.starts_with("refused answer_problem"), "{told}");
    assert_eq!(
        step(&banner, None, K::Report, " ").await,
        "field.missing at text"
    );
    let early = step(&leader, None, K::Confirm, "").await;
    assert_eq!(early, "resolutions.refused.not_now (confirm, open)");
    let mine = w
        .app
        .resolution_page(&banner, ResolutionPart::Mine, 1)
        .await?;
    assert_eq!(mine.rows[0].offers, ["report", "drop"]);
    w.on("2025-02-03");
    let late = w
        .app
        .resolution_page(&leader, ResolutionPart::Unkept, 1)
        .await?;
    assert!(late.rows[0].unkept);
    assert_eq!(step(&banner, Some(1), K::Report, "线路已核准").await, "ok");
    assert_eq!(
        step(&banner, Some(1), K::Report, "再报").await,
        "resolution changed"
    );
    let own = step(&banner, None, K::Confirm, "").await;
    assert_eq!(own, "resolutions.refused.own_report");
    let desk = w
        .app
        .resolution_page(&leader, ResolutionPart::Reported, 1)
        .await?;
    assert_eq!(desk.rows[0].offers, ["confirm", "send_back"]);
    assert_eq!(step(&leader, None, K::SendBack, "缺核准文件").await, "ok");
    assert_eq!(step(&banner, None, K::Report, "核准文件已报").await, "ok");
    assert_eq!(step(&leader, None, K::Confirm, "属实").await, "ok");
    let view = w.app.resolution_view(&leader, one).await?;
    assert_eq!((view.stands, view.unkept), ("done", false));
    assert_eq!(view.remark, "属实");
    assert_eq!(
        step(&leader, None, K::Drop, "撤").await,
        "resolutions.refused.not_now (drop, done)"
    );
    let made = w
        .app
        .export_resolutions(&leader, ResolutionPart::All)
        .await?;
    assert_eq!(made.name, "议定事项台账-2025-02-03.xlsx");
    let sheet = cells(&made, 0)?;
    assert_eq!(
        sheet.last().expect("a row")[3..],
        [
            "甲",
            "走访",
            "2025-01-06",
            "科尔沁区发改委",
            "2025-01-31",
            "已落实",
            "",
            "",
            "核准文件已报",
            "2025-02-03",
            "2025-02-03",
            "属实"
        ],
        "{sheet:?}"
    );
    let open = ResolutionPart::Open;
    let made = w.app.export_resolutions(&leader, open).await?;
    let left = cells(&made, 0)?.concat();
    assert!(
        !left.contains(&"甲".to_owned()),
        "nothing is to be done: {left:?}"
    );
    Ok(())
}

async fn a_visit_leaves_as_a_record_that_stays_and_all_visits_as_a_workbook(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let other = w.enter(&draft("乙")).await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    let banner = w.clerk(BANNER).await?;
    let mut input = on_site(&w);
    input.photos = vec![photo(PICTURE)];
    input.problems = vec!["外部供电线路尚未核准".to_owned()];
    input.instructions = vec![told(&w, BANNER, "2025-01-31").await?];
    let visit = w.app.visit_record(&leader, id, input).await?;
    let made = w.app.visit_sheet(&leader, visit).await?;
    assert_eq!(
        made.name,
        format!("项目现场调度记录-2025-01-06-{visit}.docx")
    );
    let record = w.app.visit_view(&leader, visit).await?;
    let says = lines(&made)?;
    assert_eq!(
        says[..8],
        [
            "项目现场调度记录",
            "项目：甲（科尔沁区，总投资 10000 万元）",
            "时间：2025年1月6日",
            "地点：一号厂房，东经122.2600°、北纬43.6200°",
            "参加人员：市发改委、项目单位",
            "情况记录：",
            "设备基础完成七成，外部供电线路尚未核准",
            "现场提出的问题：",
        ]
    );
    let problem = record.problems[0].problem_id;
    let found = format!("1. 外部供电线路尚未核准（问题编号 {problem}）");
    assert_eq!(says[8], found);
    assert_eq!(
        says[14..18],
        ["1", "月底前完成线路核准", "科尔沁区发改委", "2025年1月31日"]
    );
    assert!(
        says[18].starts_with("照片 1 张：现场.png（附件 "),
        "{says:?}"
    );
    assert_eq!(says[20], "2025年1月6日");

    // What became of it later, and another name of the project, are not in the record.
    let one = record.instructions[0].resolution_id;
    let report = KeepAct::Report;
    w.app
        .resolution_act(&banner, one, None, report, "已核准")
        .await?;
    w.on("2025-02-03");
    w.app
        .project_edit(&w.system, id, None, &draft("丙"))
        .await?;
    let again = w.app.visit_sheet(&leader, visit).await?;
    assert!(again.bytes == made.bytes, "{:?}", lines(&again)?);

    let mut note = on_site(&w);
    note.visit.kind = VisitKind::Note;
    w.app.visit_record(&leader, other, note).await?;
    let listed = async |who: &Actor, query: &VisitQuery| -> Tried<Vec<[String; 3]>> {
        let made = w.app.export_visits(who, query).await?;
        let sheet = cells(&made, 0)?;
        let head = sheet
            .iter()
            .position(|row| row.first().is_some_and(|head| head == "序号"))
            .expect("a head");
        let rows = sheet[head + 1..].iter();
        let told = |row: &Vec<String>| [row[3].clone(), row[8].clone(), row[9].clone()];
        Ok(rows.map(told).filter(|row| !row[0].is_empty()).collect())
    };
    let of = |name: &str, raised: String, told: &str| [name.to_owned(), raised, told.to_owned()];
    let noted = of("乙", String::new(), "");
    let raised = format!("外部供电线路尚未核准（问题 {problem}）");
    let met = of(
        "丙",
        raised,
        "月底前完成线路核准（科尔沁区发改委，2025-01-31）",
    );
    let all = VisitQuery::default();
    assert_eq!(listed(&leader, &all).await?, [noted.clone(), met.clone()]);
    let february = VisitQuery::of_month(period("2025-02"));
    assert_eq!(listed(&leader, &february).await?, [noted]);
    let january = VisitQuery {
        unit: Some(BANNER.to_owned()),
        ..VisitQuery::of_month(period("2025-01"))
    };
    assert_eq!(listed(&leader, &january).await?, [met]);
    let sister = w.clerk(SISTER).await?;
    let none: [[String; 3]; 0] = [];
    assert_eq!(listed(&sister, &all).await?, none);
    let away = said(&w.app.visit_sheet(&sister, visit).await);
    assert_eq!(away, "no such visit");
    let keeper = w.person(Role::SecurityAdministrator, LEAGUE, "").await?;
    for told in [
        said(&w.app.visit_sheet(&keeper, visit).await),
        said(&w.app.export_visits(&keeper, &all).await),
        said(&w.app.export_resolutions(&keeper, ResolutionPart::All).await),
    ] {
        assert!(told.starts_with("refused export"), "{told}");
    }
    Ok(())
}

async fn desk(w: &World, who: &Actor) -> Tried<DeskView> {
    Ok(w.app.desk(who, 1).await?)
}

async fn a_leader_sees_own_projects_what_changed_and_what_is_asked(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let other = w.enter(&draft("乙")).await?;
    w.open("2025-01").await?;
    let clerk = w.clerk(LEAGUE).await?;
    let banner = w.clerk(BANNER).await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    assert_eq!(desk(&w, &leader).await?.projects, []);
    leads(&w, &clerk, id, &leader).await?;
    let first = desk(&w, &leader).await?;
    let names: Vec<&str> = first
        .projects
        .iter()
        .map(|p| p.project.row.name.as_str())
        .collect();
    assert_eq!(names, ["甲"]);
    assert_eq!(first.projects[0].duties, ["leader"]);
    assert!(first.changes.iter().any(|one| one.word == "assigned"));
    w.on("2025-01-07");
    w.app.desk_seen(&leader, first.now).await?;
    assert_eq!(desk(&w, &leader).await?.changes, [], "looked at");

    w.on("2025-01-08");
    let problem = w
        .app
        .problem_raise(&banner, &RaiseInput::new(id, "供电线路未核准"))
        .await?;
    w.app
        .problem_raise(&banner, &RaiseInput::new(other, "占地"))
        .await?;
    let mut note = on_site(&w);
    note.visit.kind = VisitKind::Note;
    w.app.visit_record(&leader, id, note).await?;
    let seen = desk(&w, &leader).await?;
    let lines: Vec<_> = seen
        .changes
        .iter()
        .map(|one| (one.what.as_str(), one.word.as_str()))
        .collect();
    assert_eq!(
        lines,
        [("problem", "raise")],
        "own notes and others' projects are no news"
    );
    assert_eq!(
        (seen.projects[0].problems, seen.projects[0].changes),
        (1, 1)
    );
    assert_eq!(seen.to_verify, []);

    let reference = w.app.reference().await?;
    let unit = reference.unit_by_code(BANNER).expect("a unit").path.clone();
    for act in [
        Act::Accept {
            kind: "utilities".to_owned(),
            grade: "serious".to_owned(),
        },
        Act::HandOver {
            to: Party::Office {
                unit,
                department: None,
            },
            assisting: Vec::new(),
            due_on: None,
            demand: "核准".to_owned(),
        },
        Act::Answer {
            measures: "对接".to_owned(),
            result: "已核准".to_owned(),
        },
    ] {
        w.app
            .problem_act(&banner, problem, &StepInput::new(None, act))
            .await?;
    }
    let asked = desk(&w, &leader).await?;
    let asked: Vec<i64> = asked.to_verify.iter().map(|one| one.problem_id).collect();
    assert_eq!(asked, [problem]);
    // It stands in the leader's calendar too.
    let secret = w.app.calendar_open(&leader).await?;
    let calendar = w.app.calendar_read(&secret).await?;
    let to_verify = |one: &&DeadlineView| matches!(one, DeadlineView::Problem { problem_id, phase, .. } if *problem_id == problem && phase == "answered");
    assert_eq!(calendar.deadlines.iter().filter(to_verify).count(), 1);
    Ok(())
}

async fn who_may_not_record_is_refused_and_who_may_not_see_finds_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let auditor = w.person(Role::Auditor, LEAGUE, "").await?;
    let refused = said(&w.app.visit_record(&auditor, id, on_site(&w)).await);
    assert!(refused.starts_with("refused record_visit"), "{refused}");
    let elsewhere = w.clerk(ELSEWHERE).await?;
    let hidden = said(&w.app.visit_record(&elsewhere, id, on_site(&w)).await);
    assert_eq!(hidden, "no such project");
    let clerk = w.clerk(BANNER).await?;
    let visit = w.app.visit_record(&clerk, id, on_site(&w)).await?;
    assert_eq!(
        said(&w.app.visit_view(&elsewhere, visit).await),
        "no such visit"
    );
    assert_eq!(
        said(&w.app.visit_view(&clerk, visit + 1).await),
        "no such visit"
    );
    assert_eq!(w.app.visits_of_project(&auditor, id).await?.len(), 1);
    Ok(())
}
