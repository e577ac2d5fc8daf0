//! Handing over what a person answers for; a post with open work stays until that was done.

use gangmu_app::domain::liaison::{About, Duty, Holder};
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::organisation::{Role, UserId};
use gangmu_app::domain::plans::PlanId;
use gangmu_app::domain::problems::{Act, Party};
use gangmu_app::liaison::{AssignInput, HandoverInput, Instead};
use gangmu_app::notices::NoticesOf;
use gangmu_app::problems::{RaiseInput, StepInput};
use gangmu_app::{Actor, AppError};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, Tried, World, cells, code, day, draft, said, with,
};

each_engine!(
    everything_moves_at_once_and_both_sign_the_list,
    a_post_or_account_with_open_work_stays_until_it_was_handed_over,
    what_somebody_reports_for_is_handed_over_too,
    the_last_of_an_office_stays_while_problems_wait_for_it,
    what_cannot_be_handed_over_moves_nothing,
    a_chain_has_the_projects_of_its_industries_and_a_leader_who_hands_it_over,
);

async fn set(w: &World, clerk: &Actor, ids: &[ProjectId], duty: Duty, who: &Actor) -> Tried<()> {
    let input = AssignInput {
        projects: ids.to_vec(),
        duty,
        unit: LEAGUE.to_owned(),
        holder: Holder::User(who.user),
        from: None,
        to: None,
        instead: Instead::Stay,
        reason: String::new(),
    };
    w.app.assign(clerk, &input).await?;
    Ok(())
}

fn over(from: &Actor, to: UserId) -> HandoverInput {
    HandoverInput {
        from: from.user,
        to,
        unit: LEAGUE.to_owned(),
        on: None,
        reason: "领导分工调整".to_owned(),
    }
}

/// Who holds which duty of a project now.
async fn holds(w: &World, clerk: &Actor, id: ProjectId) -> Tried<Vec<(String, Option<i64>)>> {
    let view = w.app.responsibility(clerk, id, None).await?;
    let all = view.standing.into_iter();
    Ok(all
        .map(|one| (one.duty.to_owned(), one.holder.user_id))
        .collect())
}

async fn everything_moves_at_once_and_both_sign_the_list(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = [w.enter(&draft("甲")).await?, w.enter(&draft("乙")).await?];
    let clerk = w.clerk(LEAGUE).await?;
    let old = w.person(Role::Leader, LEAGUE, "").await?;
    let new = w.person(Role::Supervisor, LEAGUE, "").await?;
    set(&w, &clerk, &ids, Duty::Leader, &old).await?;
    set(&w, &clerk, &ids[..1], Duty::Resident, &old).await?;
    w.app
        .problem_raise(&clerk, &RaiseInput::new(ids[0], "供电线路未核准"))
        .await?;
    w.on("2025-07-01");
    let id = w.app.hand_over(&clerk, &over(&old, new.user)).await?;
    let theirs = Some(new.user.0);
    assert_eq!(
        holds(&w, &clerk, ids[0]).await?,
        [
            ("leader".to_owned(), theirs),
            ("resident".to_owned(), theirs)
        ]
    );
    assert_eq!(
        holds(&w, &clerk, ids[1]).await?,
        [("leader".to_owned(), theirs)]
    );
    let view = w.app.responsibility(&clerk, ids[1], None).await?;
    assert_eq!(view.others[0].to.as_deref(), Some("2025-06-30"));
    assert_eq!(view.standing[0].handover_id, Some(id));

    let sheet = w.app.handover_view(&old, id).await?;
    let lines: Vec<_> = sheet
        .lines
        .iter()
        .map(|one| (one.project_name.as_str(), one.duty, one.problems.len()))
        .collect();
    assert_eq!(
        lines,
        [
            ("甲", "leader", 1),
            ("甲", "resident", 1),
            ("乙", "leader", 0)
        ]
    );
    assert!(sheet.may_sign && w.app.handover_view(&new, id).await?.may_sign);
    let one = sheet.lines[0].total_investment;
    assert_eq!(sheet.total_investment, 2 * one, "甲 stands there twice");
    let paper = w.app.handover_sheet(&old, id).await?;
    assert_eq!(paper.name, "责任交接清单-2025-07-01.docx");
    assert!(paper.bytes.starts_with(b"PK"));
    let told = said(&w.app.handover_sign(&clerk, id).await);
    assert!(told.starts_with("refused assign"), "{told}");
    w.app.handover_sign(&old, id).await?;
    assert!(!w.app.handover_view(&old, id).await?.may_sign);
    w.app.handover_sign(&new, id).await?;
    let row = &w.app.handovers(&clerk).await?[0];
    assert!(row.given_at.is_some() && row.taken_at.is_some());
    assert_eq!(
        w.app.handovers(&new).await?.len(),
        1,
        "one's own is seen without the right"
    );
    let elsewhere = w.clerk(ELSEWHERE).await?;
    assert_eq!(
        said(&w.app.handover_view(&elsewhere, id).await),
        "no such handover"
    );
    assert_eq!(w.app.handovers(&elsewhere).await?, []);
    w.sound().await
}

async fn a_post_or_account_with_open_work_stays_until_it_was_handed_over(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let clerk = w.clerk(LEAGUE).await?;
    let old = w.person(Role::Leader, LEAGUE, "").await?;
    let new = w.person(Role::Supervisor, LEAGUE, "").await?;
    set(&w, &clerk, &[id], Duty::Leader, &old).await?;
    let users = w.app.user_list(&w.system).await?;
    let found = users.iter().find(|one| one.user_id == old.user.0);
    let post = found.expect("the leader").posts[0].post_id;
    let open = "account.open_work (1)";
    assert_eq!(said(&w.app.post_take(&w.system, post).await), open);
    let off = || w.app.user_set_disabled(&w.system, old.user, true);
    assert_eq!(said(&off().await), open);
    // With a second post in the unit the first may go; the last may not.
    w.app
        .post_give(&w.system, old.user, Role::Clerk, LEAGUE, None)
        .await?;
    assert_eq!(said(&w.app.post_take(&w.system, post).await), "ok");
    w.on("2025-01-07");
    w.app.hand_over(&clerk, &over(&old, new.user)).await?;
    assert_eq!(said(&off().await), "ok");
    let users = w.app.user_list(&w.system).await?;
    let found = users.iter().find(|one| one.user_id == old.user.0);
    let last = found.expect("the leader").posts[0].post_id;
    assert_eq!(said(&w.app.post_take(&w.system, last).await), "ok");
    Ok(())
}

async fn what_somebody_reports_for_is_handed_over_too(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = [w.enter(&draft("甲")).await?, w.enter(&draft("乙")).await?];
    let clerk = w.clerk(BANNER).await?;
    let old = w.person(Role::Reporter, BANNER, "").await?;
    let new = w.person(Role::Officer, BANNER, "water").await?;
    for id in ids {
        w.app.project_assign(&clerk, id, Some(old.user)).await?;
    }
    let off = || w.app.user_set_disabled(&w.system, old.user, true);
    assert_eq!(said(&off().await), "account.open_work (2)");
    let stranger = w.app.user_set_disabled(&clerk, old.user, true).await;
    assert!(
        said(&stranger).starts_with("refused manage_users"),
        "learns no figure"
    );
    let input = HandoverInput {
        unit: BANNER.to_owned(),
        ..over(&old, new.user)
    };
    let id = w.app.hand_over(&clerk, &input).await?;
    for project in ids {
        let view = w.app.project_view(&clerk, project, None).await?;
        assert_eq!(view.reporter_id, Some(new.user.0));
    }
    let sheet = w.app.handover_view(&new, id).await?;
    let lines: Vec<_> = sheet
        .lines
        .iter()
        .map(|one| (one.project_name.as_str(), one.duty))
        .collect();
    assert_eq!(lines, [("甲", "reporter"), ("乙", "reporter")]);
    // Both hear that there is a list to sign.
    for who in [&old, &new] {
        let inbox = w.app.notice_page(who, NoticesOf::Inbox, 1).await?;
        let told = &inbox.rows[0];
        assert_eq!((told.kind.as_str(), told.handover_id), ("duty", Some(id)));
    }
    assert_eq!(said(&off().await), "ok");
    w.sound().await
}

async fn the_last_of_an_office_stays_while_problems_wait_for_it(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let clerk = w.clerk(LEAGUE).await?;
    let banner = w.clerk(BANNER).await?;
    let problem = w
        .app
        .problem_raise(&clerk, &RaiseInput::new(id, "供电线路未核准"))
        .await?;
    let reference = w.app.reference().await?;
    let unit = reference.unit_by_code(BANNER).expect("a unit").path.clone();
    let accept = Act::Accept {
        kind: "energy".to_owned(),
        grade: "general".to_owned(),
    };
    let hand_over = Act::HandOver {
        to: Party::Office {
            unit,
            department: None,
        },
        assisting: Vec::new(),
        due_on: Some(day("2025-03-03")),
        demand: "尽快核准".to_owned(),
    };
    for act in [accept, hand_over] {
        let step = StepInput::new(None, act);
        w.app.problem_act(&clerk, problem, &step).await?;
    }
    let post = async |who: &Actor| -> Tried<i64> {
        let users = w.app.user_list(&w.system).await?;
        let found = users.iter().find(|one| one.user_id == who.user.0);
        Ok(found.expect("somebody").posts[0].post_id)
    };
    let of_banner = post(&banner).await?;
    let last = "account.last_of_office (1)";
    assert_eq!(said(&w.app.post_take(&w.system, of_banner).await), last);
    let off = |who: &Actor, off| w.app.user_set_disabled(&w.system, who.user, off);
    assert_eq!(said(&off(&banner, true).await), last);
    // Neither a leader nor an owner's reporter answers for the office; who holds another post there
    // does, unless the account is closed.
    w.person(Role::Leader, BANNER, "").await?;
    w.person(Role::Reporter, BANNER, "").await?;
    assert_eq!(said(&off(&banner, true).await), last);
    let second = w.person(Role::Approver, BANNER, "").await?;
    assert_eq!(said(&off(&second, true).await), "ok");
    assert_eq!(said(&off(&banner, true).await), last);
    assert_eq!(said(&off(&second, false).await), "ok");
    assert_eq!(said(&w.app.post_take(&w.system, of_banner).await), "ok");
    Ok(())
}

async fn what_cannot_be_handed_over_moves_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = [w.enter(&draft("甲")).await?, w.enter(&draft("乙")).await?];
    let clerk = w.clerk(LEAGUE).await?;
    let banner = w.clerk(BANNER).await?;
    let old = w.person(Role::Leader, LEAGUE, "").await?;
    let new = w.person(Role::Supervisor, LEAGUE, "").await?;
    let away = w.person(Role::Leader, ELSEWHERE, "").await?;
    let tried = async |who: &Actor, input: HandoverInput| -> String {
        let done: Result<i64, AppError> = w.app.hand_over(who, &input).await;
        said(&done)
    };
    let nothing = "liaison.refused.nothing_held at from_user";
    assert_eq!(tried(&clerk, over(&old, new.user)).await, nothing);
    set(&w, &clerk, &ids[..1], Duty::Leader, &old).await?;
    w.on("2025-01-08");
    set(&w, &clerk, &ids[1..], Duty::Leader, &old).await?;
    let began = "liaison.refused.began_later at from (2025-01-08, 乙)";
    assert_eq!(tried(&clerk, over(&old, new.user)).await, began);
    for (to, told) in [
        (old.user, "liaison.refused.same_person at to_user"),
        (away.user, "liaison.refused.no_post at to_user"),
        (UserId(9_999), "liaison.refused.no_user at to_user"),
    ] {
        assert_eq!(tried(&clerk, over(&old, to)).await, told);
    }
    let told = tried(&banner, over(&old, new.user)).await;
    assert!(told.starts_with("refused assign"), "{told}");
    for id in ids {
        let theirs = Some(old.user.0);
        assert_eq!(
            holds(&w, &clerk, id).await?,
            [("leader".to_owned(), theirs)]
        );
    }
    assert_eq!(w.app.handovers(&clerk).await?, []);
    Ok(())
}

async fn a_chain_has_the_projects_of_its_industries_and_a_leader_who_hands_it_over(
    db: &Db,
) -> Outcome {
    let w = World::new(db).await?;
    let smelter = with(draft("铝材厂"), Field::Industry, code("32"));
    w.enter(&smelter).await?;
    w.enter(&draft("电厂")).await?;
    w.open("2025-01").await?;
    let (clerk, banner) = (w.clerk(LEAGUE).await?, w.clerk(BANNER).await?);
    let old = w.person(Role::Leader, LEAGUE, "").await?;
    let new = w.person(Role::Supervisor, LEAGUE, "").await?;
    let chain = About::Chain("aluminium".to_owned());
    let input = |who: &Actor| AssignInput {
        projects: Vec::new(),
        duty: Duty::Leader,
        unit: LEAGUE.to_owned(),
        holder: Holder::User(who.user),
        from: None,
        to: None,
        instead: Instead::Stay,
        reason: "链长制".to_owned(),
    };
    let set = async |who: &Actor, about: &About, holder: &Actor| {
        said(&w.app.charge(who, about, &input(holder)).await)
    };
    assert_eq!(set(&clerk, &chain, &old).await, "ok");
    let twice = set(&clerk, &chain, &new).await;
    assert_eq!(
        twice,
        "liaison.refused.overlaps at from (2025-01-06, 铝基新材料)"
    );
    let below = set(&banner, &chain, &old).await;
    assert!(below.starts_with("refused assign"), "{below}");
    let none = About::Chain("weather".to_owned());
    assert_eq!(set(&clerk, &none, &old).await, "no such chain");
    let task = About::Task {
        plan: PlanId(9),
        task: 1,
    };
    assert_eq!(set(&clerk, &task, &old).await, "no such plan");

    let leaders = async || -> Tried<Vec<(i64, String)>> {
        let view = w.app.chains(&clerk, Some(LEAGUE)).await?;
        let chain = view.chains.iter().find(|one| one.chain.code == "aluminium");
        let chain = chain.expect("the chain");
        let held = chain.standing.iter().filter_map(|one| one.holder.user_id);
        Ok(held.map(|id| (chain.projects, id.to_string())).collect())
    };
    assert_eq!(leaders().await?, [(1, old.user.to_string())]);
    let book = w.app.export_chains(&clerk, Some(LEAGUE)).await?;
    assert_eq!(book.name, "产业链责任台账-2025-01-06.xlsx");
    let sheet = cells(&book, 0)?;
    let row = sheet
        .iter()
        .find(|row| row.get(1).is_some_and(|name| name == "铝基新材料"));
    let row = row.expect("the chain");
    assert_eq!(row[2..5], ["1", "10000", "0"], "{sheet:?}");
    let named = w.app.holder_named(&clerk, old.user).await?;
    assert!(row[5].starts_with(&named), "{row:?}");
    let mine = w.app.desk(&old, 1).await?.charges;
    assert_eq!(mine[0].about.name, "铝基新材料");

    w.on("2025-07-01");
    let id = w.app.hand_over(&clerk, &over(&old, new.user)).await?;
    assert_eq!(leaders().await?, [(1, new.user.to_string())]);
    let sheet = w.app.handover_view(&new, id).await?;
    let line = &sheet.lines[0];
    assert_eq!(
        (line.project_id, line.project_name.as_str(), line.duty),
        (None, "铝基新材料", "leader")
    );
    assert!(w.app.desk(&old, 1).await?.charges.is_empty());
    let held = w.app.chains(&clerk, None).await?;
    let number = held.chains.iter().find_map(|one| one.standing.first());
    let number = number.expect("somebody").assignment_id;
    w.app.charge_end(&clerk, &chain, number, None).await?;
    w.on("2025-07-02");
    assert_eq!(leaders().await?, []);
    w.sound().await
}
