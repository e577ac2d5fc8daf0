//! Problems from the words of a return to the ledger's last line, and who may do what on the way.

use gangmu_app::approvals::CaseInput;
use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::organisation::{DepartmentId, Role};
use gangmu_app::domain::pipeline::Exit;
use gangmu_app::domain::problems::{Act, Origin, Party};
use gangmu_app::notices::NoticesOf;
use gangmu_app::pipeline::Part;
use gangmu_app::problems::{ProblemQuery, ProblemView, RaiseInput, Standing, StepInput};
use gangmu_app::{Actor, AppError};
use gangmu_exchange::Limits;
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, REGION, SISTER, Tried, World, cells, day, draft, figures, lines,
    period, said, text, why, with,
};
use gangmu_app::domain::pipeline::Category;

each_engine!(
    the_words_of_a_return_become_one_problem_that_is_struck_off_by_somebody_else,
    a_problem_left_alone_goes_up_rung_by_rung_and_each_time_once,
    a_deadline_is_extended_once_and_waiting_for_policy_moves_it,
    one_problem_holds_up_several_projects_and_each_sees_its_own,
    the_ledger_is_each_offices_own_and_leaves_as_a_workbook,
    of_two_who_act_at_once_one_is_told,
    a_problem_may_be_looked_at_as_it_stood,
    each_step_that_matters_stands_on_the_timeline_of_every_project_it_holds_up,
    a_second_wish_for_time_takes_the_problem_up_with_the_wish_as_its_reason,
    an_answer_that_does_not_do_is_sent_back_with_a_new_date,
    a_problem_is_handed_only_to_an_office_where_somebody_answers,
    who_raised_coordinates_or_helps_hears_of_the_steps,
    a_next_step_is_reminded_of_before_its_day_and_on_it_once_however_many_servers,
    two_servers_send_a_problem_up_once,
    an_order_says_what_the_step_said_whatever_came_later,
    a_problem_ends_with_the_last_project_it_holds_up,
    a_problem_of_a_matter_says_where_it_came_from,
    days_with_several_problems_hold_a_project_up_once,
);

fn accept() -> Act {
    Act::Accept {
        kind: "utilities".to_owned(),
        grade: "serious".to_owned(),
    }
}

fn hand_over(w: &World, unit: &str, reference: &gangmu_app::Reference) -> Act {
    let _ = w;
    Act::HandOver {
        to: Party::Office {
            unit: reference.unit_by_code(unit).expect("a unit").path.clone(),
            department: None,
        },
        assisting: Vec::new(),
        due_on: None,
        demand: "十日内完成线路核准".to_owned(),
    }
}

fn answer() -> Act {
    Act::Answer {
        measures: "现场办公".to_owned(),
        result: "线路已核准".to_owned(),
    }
}

fn verify() -> Act {
    Act::Verify {
        finding: "现场查看属实".to_owned(),
    }
}

fn strike_off() -> Act {
    Act::StrikeOff {
        remark: String::new(),
    }
}

async fn step(w: &World, who: &Actor, id: i64, act: Act) -> String {
    said(&w.app.problem_act(who, id, &StepInput::new(None, act)).await)
}

async fn look(w: &World, who: &Actor, id: i64) -> Tried<ProblemView> {
    Ok(w.app.problem_view(who, id, None).await?)
}

async fn raised(w: &World, who: &Actor, project: ProjectId) -> Tried<i64> {
    let input = RaiseInput::new(project, "外部供电线路尚未核准");
    Ok(w.app.problem_raise(who, &input).await?)
}

async fn the_words_of_a_return_become_one_problem_that_is_struck_off_by_somebody_else(
    db: &Db,
) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(id, Category::Continuing, 1_200)]).await?;
    w.open("2025-01").await?;
    w.on("2025-02-06");
    let mut typed = figures("2025-01", 10);
    typed.problems = "110 千伏外部供电线路尚未核准；其余正常。".to_owned();
    w.submit_figures("2025-01", id, typed).await?;
    let league = w.clerk(LEAGUE).await?;
    let banner = w.clerk(BANNER).await?;
    let january = period("2025-01");
    let problem = w.app.problem_from_return(&league, id, january).await?;
    let again = w.app.problem_from_return(&banner, id, january).await?;
    assert_eq!(problem, again, "one return, one problem");

    let view = look(&w, &banner, problem).await?;
    assert_eq!(view.row.title, "110 千伏外部供电线路尚未核准");
    assert_eq!(
        (view.row.kind.code.as_str(), view.origin_ref.as_str()),
        ("utilities", "2025-01")
    );
    assert_eq!(
        view.row.due_on.as_deref(),
        Some("2025-02-08"),
        "two working days, one of them a shifted Saturday"
    );
    assert_eq!(view.row.investment, 100_000_000);

    let reference = w.app.reference().await?;
    let act = hand_over(&w, BANNER, &reference);
    let early = step(&w, &banner, problem, act.clone()).await;
    assert_eq!(early, "problems.refused.not_now (hand_over, raised)");
    assert_eq!(step(&w, &banner, problem, accept()).await, "ok");
    assert_eq!(step(&w, &banner, problem, act).await, "ok");
    let other = w.clerk(SISTER).await?;
    assert_eq!(step(&w, &other, problem, answer()).await, "no such problem");
    let told = step(&w, &league, problem, answer()).await;
    assert!(told.starts_with("refused answer_problem"), "{told}");
    assert_eq!(step(&w, &banner, problem, answer()).await, "ok");

    let own = step(&w, &banner, problem, verify()).await;
    assert_eq!(own, "problems.refused.own_answer");
    assert_eq!(look(&w, &banner, problem).await?.offers, ["send_back"]);
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    assert_eq!(step(&w, &leader, problem, verify()).await, "ok");
    let told = step(&w, &leader, problem, strike_off()).await;
    assert!(told.starts_with("refused coordinate_problem"), "{told}");
    let own = step(&w, &banner, problem, strike_off()).await;
    assert_eq!(own, "problems.refused.own_answer");
    assert_eq!(step(&w, &league, problem, strike_off()).await, "ok");
    let view = look(&w, &banner, problem).await?;
    assert_eq!(
        (view.row.phase.as_str(), view.row.light.as_str()),
        ("struck_off", "off")
    );
    assert_eq!(view.steps.len(), 6);
    assert_eq!(view.offers, Vec::<String>::new());
    w.sound().await
}

async fn a_problem_left_alone_goes_up_rung_by_rung_and_each_time_once(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let banner = w.clerk(BANNER).await?;
    let region = w.clerk(REGION).await?;
    let problem = raised(&w, &banner, id).await?;
    assert_eq!(w.app.problems_escalate(&region).await?, 0);
    // Due on 01-08; more than five working days later is 01-16.
    w.on("2025-01-15");
    assert_eq!(w.app.problems_escalate(&region).await?, 0);
    w.on("2025-01-16");
    assert_eq!(w.app.problems_escalate(&region).await?, 1);
    assert_eq!(w.app.problems_escalate(&region).await?, 0, "once");
    let view = look(&w, &banner, problem).await?;
    assert_eq!(view.row.seat.level.code, "office");
    assert_eq!(view.row.due_on.as_deref(), Some("2025-01-23"));
    w.on("2025-02-17");
    assert_eq!(w.app.problems_escalate(&region).await?, 1);
    let view = look(&w, &banner, problem).await?;
    assert_eq!(
        (
            view.row.seat.level.code.as_str(),
            view.row.seat.unit.code.as_str()
        ),
        ("meeting", LEAGUE)
    );
    let told = step(&w, &banner, problem, accept()).await;
    assert!(told.starts_with("refused coordinate_problem"), "{told}");
    let escalate = Act::Escalate {
        reason: "需自治区协调".to_owned(),
        due_on: None,
        to: None,
    };
    assert_eq!(step(&w, &region, problem, escalate.clone()).await, "ok");
    let top = step(&w, &region, problem, escalate).await;
    assert_eq!(top, "problems.refused.at_the_top");
    w.sound().await
}

async fn a_deadline_is_extended_once_and_waiting_for_policy_moves_it(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let banner = w.clerk(BANNER).await?;
    let problem = raised(&w, &banner, id).await?;
    let reference = w.app.reference().await?;
    step(&w, &banner, problem, accept()).await;
    step(&w, &banner, problem, hand_over(&w, BANNER, &reference)).await;
    // Ten working days from 01-06.
    let view = look(&w, &banner, problem).await?;
    assert_eq!(view.row.due_on.as_deref(), Some("2025-01-20"));
    let extend = |due: &str| Act::Extend {
        due_on: day(due),
        approver: "分管副主任".to_owned(),
        reason: "补偿未谈妥".to_owned(),
    };
    let shorter = step(&w, &banner, problem, extend("2025-01-20")).await;
    assert_eq!(
        shorter,
        "problems.refused.not_longer at due_on (2025-01-20)"
    );
    assert_eq!(step(&w, &banner, problem, extend("2025-01-24")).await, "ok");
    let second = step(&w, &banner, problem, extend("2025-01-27")).await;
    assert_eq!(second, "problems.refused.extended_already");
    w.on("2025-01-22");
    let wait = Act::Wait {
        policy: "新能源用地政策".to_owned(),
    };
    assert_eq!(step(&w, &banner, problem, wait).await, "ok");
    let view = look(&w, &banner, problem).await?;
    assert_eq!((view.row.light.as_str(), view.row.due_on), ("paused", None));
    w.on("2025-03-03");
    assert_eq!(
        w.app.problems_escalate(&banner).await?,
        0,
        "what waits is not late"
    );
    assert_eq!(
        step(&w, &banner, problem, Act::Resume { due_on: None }).await,
        "ok"
    );
    // 01-23 and 01-24 were left.
    let view = look(&w, &banner, problem).await?;
    assert_eq!(view.row.due_on.as_deref(), Some("2025-03-05"));
    w.sound().await
}

async fn one_problem_holds_up_several_projects_and_each_sees_its_own(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let first = w.enter(&draft("甲")).await?;
    let mut edit = draft("乙");
    let sister = gangmu_app::domain::library::Value::Code(SISTER.to_owned());
    edit.fields
        .insert(gangmu_app::domain::library::Field::Unit, Some(sister));
    let second = w.enter(&edit).await?;
    let league = w.clerk(LEAGUE).await?;
    let banner = w.clerk(BANNER).await?;
    let input = RaiseInput {
        holds_up: vec![(first, String::new()), (second, String::new())],
        ..RaiseInput::new(first, "外送通道不足")
    };
    let told = said(&w.app.problem_raise(&banner, &input).await);
    assert_eq!(told, "no such project", "of each project or none");
    let problem = w.app.problem_raise(&league, &input).await?;
    let whole = look(&w, &league, problem).await?.row;
    assert_eq!((whole.held.len(), whole.investment), (2, 200_000_000));
    let sister = w.clerk(SISTER).await?;
    let part = look(&w, &sister, problem).await?.row;
    assert_eq!((part.held.len(), part.held_elsewhere), (1, 1));
    assert_eq!(part.held[0].project_name, "乙");
    let elsewhere = w.clerk(ELSEWHERE).await?;
    let told = said(&w.app.problem_view(&elsewhere, problem, None).await);
    assert_eq!(told, "no such problem");
    let of = w.app.problems_of_project(&sister, second, None).await?;
    assert_eq!(of.len(), 1);
    let none = RaiseInput {
        holds_up: Vec::new(),
        ..RaiseInput::new(first, "")
    };
    let told = said(&w.app.problem_raise(&league, &none).await);
    assert_eq!(told, "field.missing at title; field.missing at projects");
    Ok(())
}

async fn an_order_says_what_the_step_said_whatever_came_later(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let owned = with(draft("甲"), Field::Owner, text("某能源公司"));
    let (id, second) = (w.enter(&owned).await?, w.enter(&draft("乙")).await?);
    let (league, banner) = (w.clerk(LEAGUE).await?, w.clerk(BANNER).await?);
    let mut input = RaiseInput::new(id, "外部供电线路尚未核准");
    input.body = "影响设备安装\n外部供电线路尚未核准".to_owned();
    input.holds_up.push((second, String::new()));
    let problem = w.app.problem_raise(&banner, &input).await?;
    assert_eq!(step(&w, &banner, problem, accept()).await, "ok");
    let early = said(&w.app.problem_order(&banner, problem, None).await);
    assert_eq!(early, "problems.refused.not_handed_over");
    let reference = w.app.reference().await?;
    let act = hand_over(&w, BANNER, &reference);
    assert_eq!(step(&w, &banner, problem, act.clone()).await, "ok");
    let made = w.app.problem_order(&banner, problem, None).await?;
    assert_eq!(made.name, format!("问题交办单-{problem}-2025-01-06.docx"));
    let says = lines(&made)?;
    assert_eq!(
        says[..7],
        [
            "重大项目问题交办单".to_owned(),
            format!("科尔沁区问题交办〔2025〕{problem}号"),
            "科尔沁区发展和改革委员会：".to_owned(),
            "现将重大项目推进中的下列问题交由贵单位办理。".to_owned(),
            format!("问题：外部供电线路尚未核准（编号 {problem}，水电路，较重，2025年1月6日提出）"),
            "具体情况：影响设备安装；外部供电线路尚未核准。".to_owned(),
            "受阻项目 2 个，总投资 20000 万元：".to_owned(),
        ]
    );
    assert_eq!(says[12..17], ["1", "甲", "科尔沁区", "10000", "项目整体"]);
    let due = "请于2025年1月20日前办结";
    assert!(
        says.contains(&"办理要求：十日内完成线路核准。".to_owned()),
        "{says:?}"
    );
    assert!(says.iter().any(|line| line.contains(due)), "{says:?}");

    // More time, a renamed project and a problem that went up change no order that was given.
    w.on("2025-01-08");
    let extend = Act::Extend {
        due_on: day("2025-01-24"),
        approver: "分管副主任".to_owned(),
        reason: "同意".to_owned(),
    };
    assert_eq!(step(&w, &banner, problem, extend).await, "ok");
    w.app
        .project_edit(&w.system, id, None, &draft("丙"))
        .await?;
    let later = w.app.problem_order(&banner, problem, None).await?;
    assert!(later.bytes == made.bytes, "{:?}", lines(&later)?);
    let escalate = Act::Escalate {
        reason: "需要上级协调".to_owned(),
        due_on: None,
        to: None,
    };
    for _ in 0..2 {
        assert_eq!(step(&w, &league, problem, escalate.clone()).await, "ok");
    }
    let act = Act::HandOver {
        to: Party::ProjectOwner,
        assisting: vec![Party::Office {
            unit: reference.unit_by_code(BANNER).expect("a unit").path.clone(),
            department: None,
        }],
        due_on: Some(day("2025-02-10")),
        demand: "补齐材料".to_owned(),
    };
    let reporter = w.person(Role::Reporter, BANNER, "").await?;
    for one in [id, second] {
        let reporter = Some(reporter.user);
        w.app.project_assign(&w.system, one, reporter).await?;
    }
    assert_eq!(step(&w, &league, problem, act).await, "ok");
    let newest = w.app.problem_order(&league, problem, None).await?;
    let says = lines(&newest)?;
    assert_eq!(says[1], format!("通辽问题交办〔2025〕{problem}-2号"));
    assert_eq!(says[2], "某能源公司：");
    let signed = "通辽市发展和改革委员会".to_owned();
    assert!(says.contains(&signed), "{says:?}");
    assert!(says.contains(&"丙".to_owned()), "{says:?}");
    assert!(
        says.contains(&"协办单位：科尔沁区发改委。".to_owned()),
        "{says:?}"
    );
    let first = look(&w, &league, problem).await?;
    let first = first.steps.iter().find(|one| one.act == "hand_over");
    let first = first.map(|one| one.seq);
    let again = w.app.problem_order(&league, problem, first).await?;
    assert!(again.bytes == made.bytes, "{:?}", lines(&again)?);
    let no = said(&w.app.problem_order(&league, problem, Some(1)).await);
    assert_eq!(no, "no such problem");
    let sister = w.clerk(SISTER).await?;
    let away = said(&w.app.problem_order(&sister, problem, None).await);
    assert_eq!(away, "no such problem");
    Ok(())
}

async fn the_ledger_is_each_offices_own_and_leaves_as_a_workbook(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let banner = w.clerk(BANNER).await?;
    let problem = raised(&w, &banner, id).await?;
    let part = |standing| ProblemQuery {
        standing,
        ..ProblemQuery::default()
    };
    let n = async |who: &Actor, standing| -> Tried<i64> {
        Ok(w.app.problem_ledger(who, &part(standing)).await?.total)
    };
    assert_eq!(n(&banner, Standing::Mine).await?, 1);
    let league = w.clerk(LEAGUE).await?;
    assert_eq!(n(&league, Standing::Mine).await?, 0);
    assert_eq!(n(&league, Standing::Open).await?, 1);
    w.on("2025-01-09");
    assert_eq!(n(&league, Standing::Late).await?, 1);
    let page = w.app.problem_ledger(&league, &part(Standing::Open)).await?;
    assert_eq!((page.projects, page.total_investment), (1, 100_000_000));
    let row = &page.rows[0];
    assert_eq!(
        (row.light.as_str(), row.left, row.days),
        ("red", Some(-1), 3)
    );
    let elsewhere = ProblemQuery {
        unit: Some(ELSEWHERE.to_owned()),
        ..ProblemQuery::default()
    };
    let told = said(&w.app.problem_ledger(&league, &elsewhere).await);
    assert_eq!(told, "no such unit");
    let made = w.app.export_problems(&league, &part(Standing::All)).await?;
    assert_eq!(made.name, "问题台账-2025-01-09.xlsx");
    let sheet = cells(&made, 0)?;
    let row = sheet.last().expect("a row");
    assert_eq!(row[0], "1", "{sheet:?}");
    assert_eq!(row[3..6], ["甲", "科尔沁区", "10000"], "{sheet:?}");
    let decline = Act::Decline {
        reason: "已另案处理".to_owned(),
    };
    assert_eq!(step(&w, &banner, problem, decline).await, "ok");
    assert_eq!(n(&league, Standing::Open).await?, 0);
    assert_eq!(n(&league, Standing::All).await?, 1);
    Ok(())
}

async fn of_two_who_act_at_once_one_is_told(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let banner = w.clerk(BANNER).await?;
    let problem = raised(&w, &banner, id).await?;
    let seen = look(&w, &banner, problem).await?.row.version;
    let act = |act| StepInput::new(Some(seen), act);
    w.app.problem_act(&banner, problem, &act(accept())).await?;
    let second = w.app.problem_act(&banner, problem, &act(accept())).await;
    assert!(matches!(second, Err(AppError::Changed { .. })));
    let unknown = Act::Accept {
        kind: "weather".to_owned(),
        grade: "serious".to_owned(),
    };
    let other = raised(&w, &banner, id).await?;
    let told = step(&w, &banner, other, unknown).await;
    assert_eq!(told, "problems.refused.unknown_kind at kind");
    let reference = w.app.reference().await?;
    step(&w, &banner, other, accept()).await;
    let upwards = step(&w, &banner, other, hand_over(&w, LEAGUE, &reference)).await;
    assert_eq!(upwards, "problems.not_below at unit");
    let future = StepInput {
        on: Some(day("2025-01-07")),
        ..StepInput::new(None, hand_over(&w, BANNER, &reference))
    };
    let told = said(&w.app.problem_act(&banner, other, &future).await);
    assert_eq!(told, "problems.refused.in_future at on");
    Ok(())
}

/// The kinds of problem events on a project's timeline, oldest first, without what was written.
async fn timeline(w: &World, project: ProjectId) -> Tried<Vec<String>> {
    let card = w.app.project_view(&w.system, project, None).await?;
    let of_problems = card.events.iter().filter(|one| one.kind == "problem");
    let mut acts: Vec<String> = of_problems
        .filter_map(|one| one.reason.split([' ', ':']).nth(1).map(str::to_owned))
        .collect();
    acts.reverse();
    Ok(acts)
}

/// What a person's inbox holds of problems, newest first.
async fn inbox(w: &World, who: &Actor) -> Tried<Vec<String>> {
    let page = w.app.notice_page(who, NoticesOf::Inbox, 1).await?;
    let of_problems = page.rows.into_iter().filter(|one| one.kind == "problem");
    Ok(of_problems.filter_map(|one| one.act).collect())
}

/// A problem of 科尔沁区 that the banner was handed, with the league's clerk and the banner's.
struct Handed {
    w: World,
    problem: i64,
    banner: Actor,
    league: Actor,
}

async fn handed(db: &Db) -> Tried<Handed> {
    let w = World::new(db).await?;
    let project = w.enter(&draft("甲")).await?;
    let banner = w.clerk(BANNER).await?;
    let league = w.clerk(LEAGUE).await?;
    let problem = raised(&w, &banner, project).await?;
    let reference = w.app.reference().await?;
    assert_eq!(step(&w, &league, problem, accept()).await, "ok");
    let act = hand_over(&w, BANNER, &reference);
    assert_eq!(step(&w, &league, problem, act).await, "ok");
    Ok(Handed {
        w,
        problem,
        banner,
        league,
    })
}

async fn each_step_that_matters_stands_on_the_timeline_of_every_project_it_holds_up(
    db: &Db,
) -> Outcome {
    let w = World::new(db).await?;
    let first = w.enter(&draft("甲")).await?;
    let second = w.enter(&draft("乙")).await?;
    let (banner, league) = (w.clerk(BANNER).await?, w.clerk(LEAGUE).await?);
    let input = RaiseInput {
        holds_up: vec![(second, String::new()), (first, String::new())],
        ..RaiseInput::new(second, "外送通道不足")
    };
    let problem = w.app.problem_raise(&banner, &input).await?;
    let reference = w.app.reference().await?;
    let back = Act::SendBack {
        reason: "未见红线图".to_owned(),
        due_on: None,
    };
    let extend = Act::Extend {
        due_on: day("2025-03-24"),
        approver: "分管副主任".to_owned(),
        reason: "补偿未谈妥".to_owned(),
    };
    let escalate = Act::Escalate {
        reason: "需上级协调".to_owned(),
        due_on: None,
        to: None,
    };
    let progress = Act::Progress {
        text: "已约谈".to_owned(),
    };
    let steps = [
        (&league, accept()),
        (&league, hand_over(&w, BANNER, &reference)),
        (&banner, progress),
        (&banner, answer()),
        (&league, back),
        (&league, extend),
        (&league, escalate),
        (&banner, answer()),
        (&league, verify()),
        (&league, strike_off()),
    ];
    for (who, act) in steps {
        assert_eq!(step(&w, who, problem, act).await, "ok");
    }
    let told = [
        "raise",
        "hand_over",
        "answer",
        "send_back",
        "extend",
        "escalate",
        "answer",
        "verify",
        "strike_off",
    ];
    for project in [first, second] {
        assert_eq!(timeline(&w, project).await?, told);
    }
    let card = w.app.project_view(&w.system, first, None).await?;
    let line = card
        .events
        .iter()
        .find(|one| one.reason.contains("send_back"));
    let line = line.map(|one| one.reason.as_str());
    let wanted = format!("{problem} send_back: 外送通道不足（未见红线图）");
    assert_eq!(line, Some(wanted.as_str()));
    w.sound().await
}

async fn a_second_wish_for_time_takes_the_problem_up_with_the_wish_as_its_reason(
    db: &Db,
) -> Outcome {
    let h = handed(db).await?;
    let (w, id) = (&h.w, h.problem);
    let wish = |due: &str| Act::AskExtension {
        due_on: day(due),
        reason: "林地批复未到".to_owned(),
    };
    let told = step(w, &h.league, id, wish("2025-01-24")).await;
    assert!(told.starts_with("refused answer_problem"), "{told}");
    let shorter = step(w, &h.banner, id, wish("2025-01-20")).await;
    assert_eq!(
        shorter,
        "problems.refused.not_longer at due_on (2025-01-20)"
    );
    assert_eq!(step(w, &h.banner, id, wish("2025-01-24")).await, "ok");
    let view = look(w, &h.league, id).await?;
    assert_eq!(view.asked_for.as_deref(), Some("2025-01-24"));
    assert_eq!(
        view.row.due_on.as_deref(),
        Some("2025-01-20"),
        "only a wish"
    );
    let again = step(w, &h.banner, id, wish("2025-01-26")).await;
    assert_eq!(
        again,
        "problems.refused.not_now (ask_extension, handed_over)"
    );
    let no = Act::RefuseExtension {
        reason: "期限足够".to_owned(),
    };
    assert_eq!(step(w, &h.league, id, no).await, "ok");
    assert_eq!(look(w, &h.league, id).await?.asked_for, None);
    // A wish that was refused was not an extension; one that is granted is.
    assert_eq!(step(w, &h.banner, id, wish("2025-01-24")).await, "ok");
    let yes = Act::Extend {
        due_on: day("2025-01-24"),
        approver: "分管副主任".to_owned(),
        reason: "同意".to_owned(),
    };
    assert_eq!(step(w, &h.league, id, yes).await, "ok");
    let view = look(w, &h.league, id).await?;
    assert_eq!(
        (view.row.due_on.as_deref(), view.asked_for.as_deref()),
        (Some("2025-01-24"), None)
    );
    let seat = |view: &ProblemView| view.row.seat.level.code.clone();
    let before = seat(&view);
    assert_eq!(step(w, &h.banner, id, wish("2025-02-10")).await, "ok");
    let view = look(w, &h.league, id).await?;
    assert_eq!((view.escalated, view.asked_for.as_deref()), (1, None));
    assert_ne!(seat(&view), before, "it went up");
    let last = view.steps.last().expect("steps");
    assert_eq!(last.act, "escalate");
    let why = &last.says[0].1;
    assert!(
        why.contains("再次申请延期") && why.contains("林地批复未到"),
        "{why}"
    );
    let version = i64::try_from(view.steps.len())?;
    assert_eq!(view.row.version, version, "each step counts");
    w.sound().await
}

async fn an_answer_that_does_not_do_is_sent_back_with_a_new_date(db: &Db) -> Outcome {
    let h = handed(db).await?;
    let (w, id) = (&h.w, h.problem);
    let back = |due_on: Option<&str>| Act::SendBack {
        reason: "未见核准文件".to_owned(),
        due_on: due_on.map(day),
    };
    let early = step(w, &h.league, id, back(None)).await;
    assert_eq!(early, "problems.refused.not_now (send_back, handed_over)");
    assert_eq!(step(w, &h.banner, id, answer()).await, "ok");
    let past = step(w, &h.league, id, back(Some("2025-01-05"))).await;
    assert_eq!(past, "problems.refused.due_before at due_on");
    w.on("2025-01-10");
    assert_eq!(step(w, &h.league, id, back(None)).await, "ok");
    let view = look(w, &h.banner, id).await?;
    assert_eq!(
        (view.row.phase.as_str(), view.sent_back),
        ("handed_over", 1)
    );
    assert_eq!(
        view.row.due_on.as_deref(),
        Some("2025-01-24"),
        "ten days more"
    );
    assert_eq!(inbox(w, &h.banner).await?[0], "send_back");
    // Whoever answered then may pass nothing; whoever answers now is somebody else's to look at.
    assert_eq!(step(w, &h.banner, id, answer()).await, "ok");
    assert_eq!(step(w, &h.league, id, verify()).await, "ok");
    assert_eq!(step(w, &h.league, id, back(Some("2025-02-05"))).await, "ok");
    assert_eq!(look(w, &h.banner, id).await?.sent_back, 2);
    w.sound().await
}

async fn a_problem_is_handed_only_to_an_office_where_somebody_answers(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let project = w.enter(&draft("甲")).await?;
    let league = w.clerk(LEAGUE).await?;
    let problem = raised(&w, &league, project).await?;
    let reference = w.app.reference().await?;
    assert_eq!(step(&w, &league, problem, accept()).await, "ok");
    let nobody = step(&w, &league, problem, hand_over(&w, BANNER, &reference)).await;
    assert_eq!(nobody, "problems.nobody_there at department (科尔沁区)");
    let owner = Act::HandOver {
        to: Party::ProjectOwner,
        assisting: Vec::new(),
        due_on: None,
        demand: "尽快决策".to_owned(),
    };
    let nobody = step(&w, &league, problem, owner).await;
    assert_eq!(nobody, "problems.no_reporter at party");
    // An officer of a department does not answer for the commission.
    let officer = w.person(Role::Officer, BANNER, "能源局").await?;
    let nobody = step(&w, &league, problem, hand_over(&w, BANNER, &reference)).await;
    assert_eq!(nobody, "problems.nobody_there at department (科尔沁区)");
    let energy = reference.department_by_any_name("能源局").expect("one");
    let to_energy = Act::HandOver {
        to: Party::Office {
            unit: reference.unit_by_code(BANNER).expect("one").path.clone(),
            department: Some(DepartmentId(energy.department_id)),
        },
        assisting: Vec::new(),
        due_on: None,
        demand: "完成核准".to_owned(),
    };
    assert_eq!(step(&w, &league, problem, to_energy).await, "ok");
    assert_eq!(inbox(&w, &officer).await?, ["hand_over"]);
    Ok(())
}

async fn who_raised_coordinates_or_helps_hears_of_the_steps(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let project = w.enter(&draft("甲")).await?;
    let (banner, league) = (w.clerk(BANNER).await?, w.clerk(LEAGUE).await?);
    let helper = w.person(Role::Officer, BANNER, "能源局").await?;
    let reference = w.app.reference().await?;
    let energy = reference.department_by_any_name("能源局").expect("one");
    let unit = reference.unit_by_code(BANNER).expect("one").path.clone();
    let problem = raised(&w, &league, project).await?;
    assert_eq!(inbox(&w, &banner).await?, ["raise"], "the coordinator");
    step(&w, &banner, problem, accept()).await;
    let with_help = Act::HandOver {
        to: Party::Office {
            unit: unit.clone(),
            department: None,
        },
        assisting: vec![Party::Office {
            unit,
            department: Some(DepartmentId(energy.department_id)),
        }],
        due_on: None,
        demand: "完成核准".to_owned(),
    };
    assert_eq!(step(&w, &banner, problem, with_help).await, "ok");
    assert_eq!(inbox(&w, &helper).await?[0], "hand_over", "who helps");
    step(&w, &banner, problem, answer()).await;
    let region = w.clerk(REGION).await?;
    assert_eq!(step(&w, &region, problem, verify()).await, "ok");
    assert_eq!(step(&w, &region, problem, strike_off()).await, "ok");
    assert_eq!(inbox(&w, &league).await?[0], "strike_off", "who raised it");
    let other = raised(&w, &league, project).await?;
    let decline = Act::Decline {
        reason: "已另案处理".to_owned(),
    };
    assert_eq!(step(&w, &banner, other, decline).await, "ok");
    assert_eq!(inbox(&w, &league).await?[0], "decline");
    Ok(())
}

async fn a_next_step_is_reminded_of_before_its_day_and_on_it_once_however_many_servers(
    db: &Db,
) -> Outcome {
    let h = handed(db).await?;
    let (w, system) = (&h.w, &h.w.system);
    let other = w.app.clone();
    let remind = async || -> Tried<usize> {
        let (a, b) = tokio::join!(w.app.problems_remind(system), other.problems_remind(system));
        Ok(a? + b?)
    };
    // Due on Monday, 01-20.
    w.on("2025-01-10");
    assert_eq!(remind().await?, 0, "there is time");
    w.on("2025-01-17");
    assert_eq!(remind().await?, 1);
    assert_eq!(remind().await?, 0, "once");
    w.on("2025-01-20");
    assert_eq!(remind().await?, 1);
    assert_eq!(inbox(w, &h.banner).await?[..2], ["today", "soon"]);
    w.on("2025-01-21");
    assert_eq!(remind().await?, 0, "past its day it goes up instead");
    // Answered, it is the coordinator's to look at, by a date of its own.
    let heard = inbox(w, &h.banner).await?.len();
    assert_eq!(step(w, &h.banner, h.problem, answer()).await, "ok");
    let due = look(w, &h.league, h.problem).await?.row.due_on;
    w.on(&due.expect("a date"));
    assert_eq!(remind().await?, 1);
    assert!(inbox(w, &h.banner).await?.len() > heard, "who coordinates");
    Ok(())
}

async fn two_servers_send_a_problem_up_once(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let project = w.enter(&draft("甲")).await?;
    let banner = w.clerk(BANNER).await?;
    let mut problems = Vec::new();
    for _ in 0..4 {
        problems.push(raised(&w, &banner, project).await?);
    }
    w.on("2025-01-16");
    let other = w.app.clone();
    let (a, b) = tokio::join!(
        w.app.problems_escalate(&w.system),
        other.problems_escalate(&w.system)
    );
    assert_eq!(a? + b?, problems.len(), "each by one server");
    for id in problems {
        let view = look(&w, &banner, id).await?;
        assert_eq!(
            (view.escalated, view.row.seat.level.code.as_str()),
            (1, "office")
        );
    }
    w.sound().await
}

async fn a_problem_ends_with_the_last_project_it_holds_up(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (first, second) = (w.enter(&draft("甲")).await?, w.enter(&draft("乙")).await?);
    let banner = w.clerk(BANNER).await?;
    let both = RaiseInput {
        holds_up: vec![(first, String::new()), (second, String::new())],
        ..RaiseInput::new(first, "外送通道不足")
    };
    let shared = w.app.problem_raise(&banner, &both).await?;
    let own = raised(&w, &banner, first).await?;
    let open = async || -> Tried<(i64, i64)> {
        let page = w
            .app
            .problem_ledger(&banner, &ProblemQuery::default())
            .await?;
        Ok((page.total, page.projects))
    };
    assert_eq!(open().await?, (2, 2));
    w.app
        .withdraw(&w.system, first, Exit::Cancelled, &why("不建了"))
        .await?;
    assert_eq!(open().await?, (1, 1), "the other still holds one up");
    let view = look(&w, &banner, own).await?;
    assert_eq!(view.row.phase, "closed");
    let last = view.steps.last().expect("steps");
    assert_eq!(last.says[0].1, "受阻项目已取消，问题自动终止");
    assert_eq!(timeline(&w, first).await?, ["raise", "raise", "close"]);
    assert_eq!(look(&w, &banner, shared).await?.row.phase, "raised");
    let third = w.enter(&draft("丙")).await?;
    w.app
        .merge(&w.system, third, &[second], &why("并为一个"))
        .await?;
    assert_eq!(look(&w, &banner, shared).await?.row.phase, "raised");
    assert_eq!(
        open().await?,
        (1, 1),
        "it came to whoever took the other in"
    );
    assert_eq!(timeline(&w, third).await?, ["inherit"]);
    w.on("2025-01-20");
    let days = async |id| w.app.project_days_held(&banner, id, None).await;
    assert_eq!(days(third).await?, 10, "since the merger, not before");
    assert_eq!(days(second).await?, 0, "it was merged on the day");
    let part = |name: &str| Part {
        name: name.to_owned(),
        total: Yuan::wan(10_000),
        since_start: Yuan::ZERO,
        year_to_date: Yuan::ZERO,
        plan: Yuan::ZERO,
    };
    let parts = w
        .app
        .split(
            &w.system,
            third,
            &[part("丙一"), part("丙二")],
            &why("分期"),
        )
        .await?;
    assert_eq!(open().await?, (1, 2), "and to all it was split into");
    assert_eq!(days(third).await?, 10, "as long as it was there");
    assert_eq!(days(parts[0]).await?, 0);
    for id in parts {
        w.app
            .withdraw(&w.system, id, Exit::Cancelled, &why("不建了"))
            .await?;
    }
    assert_eq!(look(&w, &banner, shared).await?.row.phase, "closed");
    assert_eq!(open().await?, (0, 0));
    w.on("2025-03-03");
    assert_eq!(
        w.app.problems_escalate(&w.system).await?,
        0,
        "it climbs no more"
    );
    assert_eq!(
        step(&w, &banner, own, accept()).await,
        "problems.refused.not_now (accept, closed)"
    );
    let by_hand = Act::Close {
        reason: "不想办".to_owned(),
    };
    let fourth = w.enter(&draft("丁")).await?;
    let other = raised(&w, &banner, fourth).await?;
    let told = step(&w, &banner, other, by_hand).await;
    assert!(told.starts_with("refused coordinate_problem"), "{told}");
    w.sound().await
}

async fn a_problem_of_a_matter_says_where_it_came_from(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let project = w.enter(&draft("甲")).await?;
    w.app
        .case_create(&w.system, project, CaseInput::default())
        .await?;
    let case = w.app.case_view(&w.system, project, None).await?;
    let matter = case.items[0].code.clone();
    let banner = w.clerk(BANNER).await?;
    let input = RaiseInput {
        holds_up: vec![(project, matter.clone())],
        origin: Origin::Approval(matter.clone()),
        ..RaiseInput::new(project, "核准卡在用地预审")
    };
    let id = w.app.problem_raise(&banner, &input).await?;
    let view = look(&w, &banner, id).await?;
    assert_eq!(
        (
            view.row.origin.as_str(),
            &view.origin_ref,
            &view.row.held[0].matter
        ),
        ("approval", &matter, &matter)
    );
    let unknown = RaiseInput {
        holds_up: vec![(project, "no_such".to_owned())],
        ..input
    };
    let told = said(&w.app.problem_raise(&banner, &unknown).await);
    assert_eq!(told, "no such matter");
    Ok(())
}

async fn days_with_several_problems_hold_a_project_up_once(db: &Db) -> Outcome {
    let h = handed(db).await?;
    let (w, banner) = (&h.w, &h.banner);
    let view = look(w, banner, h.problem).await?;
    let project = ProjectId(view.row.held[0].project_id);
    let days = async |day_: Option<&str>| -> Tried<u32> {
        let as_of = day_.map(day);
        Ok(w.app.project_days_held(banner, project, as_of).await?)
    };
    // From Monday 01-06; a second problem from Wednesday to Monday, the first until Friday.
    w.on("2025-01-08");
    let second = raised(w, banner, project).await?;
    w.on("2025-01-10");
    assert_eq!(step(w, banner, h.problem, answer()).await, "ok");
    assert_eq!(step(w, &h.league, h.problem, verify()).await, "ok");
    assert_eq!(step(w, &h.league, h.problem, strike_off()).await, "ok");
    assert_eq!(
        days(None).await?,
        4,
        "four days, three of them with two problems"
    );
    w.on("2025-01-13");
    assert_eq!(days(None).await?, 5);
    assert_eq!(days(Some("2025-01-07")).await?, 1);
    let third = w.enter(&draft("乙")).await?;
    raised(w, banner, third).await?;
    w.on("2025-01-15");
    let all = ProblemQuery {
        standing: Standing::All,
        ..ProblemQuery::default()
    };
    let page = w.app.problem_ledger(banner, &all).await?;
    assert_eq!(page.days_held, 7 + 2, "of both projects");
    let open = w
        .app
        .problem_ledger(banner, &ProblemQuery::default())
        .await?;
    assert_eq!(open.days_held, 5 + 2, "by what is still open");
    let decline = Act::Decline {
        reason: "不是问题".to_owned(),
    };
    assert_eq!(step(w, banner, second, decline).await, "ok");
    assert_eq!(days(None).await?, 4, "what was declined held nothing up");
    let wait = Act::Wait {
        policy: "新能源用地政策".to_owned(),
    };
    let waits = raised(w, banner, third).await?;
    assert_eq!(step(w, banner, waits, accept()).await, "ok");
    assert_eq!(step(w, banner, waits, wait).await, "ok");
    let waiting = ProblemQuery {
        standing: Standing::Waiting,
        ..ProblemQuery::default()
    };
    let page = w.app.problem_ledger(banner, &waiting).await?;
    assert_eq!((page.total, page.rows[0].problem_id), (1, waits));
    let made = w.app.export_problems(banner, &all).await?;
    let book = gangmu_exchange::read_workbook(&made.name, &made.bytes, &Limits::default())?;
    let names: Vec<&str> = book.sheets.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["问题台账", "受阻项目"]);
    Ok(())
}

async fn a_problem_may_be_looked_at_as_it_stood(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let banner = w.clerk(BANNER).await?;
    let problem = raised(&w, &banner, id).await?;
    w.on("2025-01-08");
    step(&w, &banner, problem, accept()).await;
    let at = |text: &str| Some(day(text));
    let then = w
        .app
        .problem_view(&banner, problem, at("2025-01-07"))
        .await?;
    assert_eq!((then.row.phase.as_str(), then.row.days), ("raised", 1));
    assert_eq!(
        then.offers,
        Vec::<String>::new(),
        "nothing is done in the past"
    );
    let before = w.app.problem_view(&banner, problem, at("2025-01-05")).await;
    assert_eq!(said(&before), "no such problem");
    // So is the list of a project's problems: what was raised by then, as it stood.
    let later = raised(&w, &banner, id).await?;
    let decline = Act::Decline {
        reason: "重复".to_owned(),
    };
    step(&w, &banner, later, decline).await;
    let listed = async |day: &str| -> Tried<Vec<String>> {
        let rows = w.app.problems_of_project(&banner, id, at(day)).await?;
        Ok(rows.into_iter().map(|row| row.phase).collect())
    };
    assert_eq!(listed("2025-01-05").await?, Vec::<String>::new());
    assert_eq!(listed("2025-01-07").await?, ["raised"]);
    assert_eq!(listed("2025-01-08").await?, ["accepted", "declined"]);
    Ok(())
}
