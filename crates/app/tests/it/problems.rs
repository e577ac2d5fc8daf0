//! Problems from the words of a return to the ledger's last line, and who may do what on the way.

use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::problems::{Act, Party};
use gangmu_app::problems::{ProblemQuery, ProblemView, RaiseInput, Standing, StepInput};
use gangmu_app::{Actor, AppError};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, REGION, SISTER, Tried, World, day, draft, figures, period, said,
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
    let of = w.app.problems_of_project(&sister, second).await?;
    assert_eq!(of.len(), 1);
    let none = RaiseInput {
        holds_up: Vec::new(),
        ..RaiseInput::new(first, "")
    };
    let told = said(&w.app.problem_raise(&league, &none).await);
    assert_eq!(told, "field.missing at title; field.missing at projects");
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
    assert!(made.bytes.starts_with(b"PK"));
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
    Ok(())
}
