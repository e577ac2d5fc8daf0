//! Who answers for a project: set for many at once, overlapping refused, relieved, ended, listed.

use gangmu_app::domain::liaison::{Duty, Holder};
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::organisation::{DepartmentId, Role, UserId};
use gangmu_app::domain::pipeline::Category;
use gangmu_app::liaison::{AssignInput, HeldWord, Instead, LiaisonQuery, ResponsibilityView};
use gangmu_app::{Actor, AppError};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, REGION, SISTER, Tried, World, cells, change, day, draft, said, text,
};

each_engine!(
    a_duty_has_one_holder_of_a_unit_and_whoever_follows_relieves_them,
    many_projects_are_set_at_once_or_none_and_each_is_told_why,
    nobody_is_set_beyond_ones_own_units_nor_without_a_post_there,
    of_two_who_set_somebody_at_once_one_is_told,
    the_list_and_the_load_agree_and_leave_as_a_workbook,
    an_assignment_stands_in_front_of_the_record_and_a_past_day_shows_who_it_was,
);

fn input(projects: &[ProjectId], unit: &str, holder: Holder) -> AssignInput {
    AssignInput {
        projects: projects.to_vec(),
        duty: Duty::Leader,
        unit: unit.to_owned(),
        holder,
        from: None,
        to: None,
        instead: Instead::Stay,
        reason: String::new(),
    }
}

fn named(name: &str) -> Holder {
    Holder::Named(name.to_owned())
}

async fn look(w: &World, who: &Actor, id: ProjectId) -> Tried<ResponsibilityView> {
    Ok(w.app.responsibility(who, id, None).await?)
}

/// The standing holders: duty, unit, name, first day.
fn standing(view: &ResponsibilityView) -> Vec<String> {
    let all = view.standing.iter();
    all.map(|one| {
        let (duty, unit) = (one.duty, &one.unit.code);
        format!("{duty} {unit} {} {}", one.holder.name, one.from)
    })
    .collect()
}

async fn a_duty_has_one_holder_of_a_unit_and_whoever_follows_relieves_them(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let clerk = w.clerk(LEAGUE).await?;
    let first = w.person(Role::Leader, LEAGUE, "").await?;
    let leader = Holder::User(first.user);
    let set = |one: AssignInput| {
        let (app, clerk) = (&w.app, &clerk);
        async move { said(&app.assign(clerk, &one).await) }
    };
    assert_eq!(set(input(&[id], LEAGUE, leader)).await, "ok");
    // The banner's own leader disturbs nobody; the league's second one does.
    assert_eq!(set(input(&[id], BANNER, named("区包联领导"))).await, "ok");
    let second = input(&[id], LEAGUE, named("新任包联领导"));
    let clash = set(second.clone()).await;
    assert_eq!(clash, "liaison.refused.overlaps at from (2025-01-06, 甲)");
    let same_day = AssignInput {
        instead: Instead::Relieve,
        ..second.clone()
    };
    let told = set(same_day.clone()).await;
    assert_eq!(told, "liaison.refused.began_later at from (2025-01-06, 甲)");

    w.on("2025-03-03");
    assert_eq!(set(same_day).await, "ok");
    let view = look(&w, &clerk, id).await?;
    assert_eq!(
        standing(&view),
        [
            "leader 150500 新任包联领导 2025-03-03",
            "leader 150502 区包联领导 2025-01-06",
        ]
    );
    let past = &view.others[0];
    assert_eq!(past.to.as_deref(), Some("2025-03-02"));
    assert_eq!(past.holder.user_id, Some(first.user.0));
    assert_eq!(past.ended_by.as_deref(), Some(clerk.name.as_str()));

    let own = view.standing[1].assignment_id;
    let end = |id: ProjectId, one, last: &'static str| {
        let (app, clerk) = (&w.app, &clerk);
        async move { said(&app.assignment_end(clerk, id, one, Some(day(last))).await) }
    };
    let told = end(id, own, "2025-01-05").await;
    assert_eq!(told, "liaison.refused.ends_before at to");
    assert_eq!(end(id, own, "2025-03-02").await, "ok");
    assert_eq!(end(id, own, "2025-03-02").await, "no such assignment");
    assert_eq!(look(&w, &clerk, id).await?.standing.len(), 1);
    let events = w.app.project_view(&clerk, id, None).await?.events;
    let told = events.iter().filter(|event| event.kind == "assigned");
    let told: Vec<&str> = told.map(|event| event.reason.as_str()).collect();
    assert_eq!(told.len(), 4, "three set, one ended: {told:?}");
    assert!(told.contains(&"包联领导（通辽）：新任包联领导"), "{told:?}");
    w.sound().await
}

async fn many_projects_are_set_at_once_or_none_and_each_is_told_why(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let mut ids = Vec::new();
    for name in ["甲", "乙", "丙"] {
        ids.push(w.enter(&draft(name)).await?);
    }
    let clerk = w.clerk(LEAGUE).await?;
    let one = input(&ids[1..2], LEAGUE, named("原包联领导"));
    w.app.assign(&clerk, &one).await?;
    let all = input(&ids, LEAGUE, named("包联领导"));
    let told = said(&w.app.assign(&clerk, &all).await);
    assert_eq!(told, "liaison.refused.overlaps at from (2025-01-06, 乙)");
    for id in [ids[0], ids[2]] {
        assert_eq!(
            look(&w, &clerk, id).await?.standing,
            [],
            "nothing half done"
        );
    }
    let beside = AssignInput {
        duty: Duty::Resident,
        ..all
    };
    assert_eq!(w.app.assign(&clerk, &beside).await?, 3);
    let none = said(&w.app.assign(&clerk, &input(&[], LEAGUE, named("甲"))).await);
    assert_eq!(none, "field.missing at projects");
    let office = Holder::Office {
        unit: w
            .app
            .reference()
            .await?
            .unit_by_code(LEAGUE)
            .expect("a unit")
            .path
            .clone(),
        department: Some(DepartmentId(9_999)),
    };
    let unknown = AssignInput {
        duty: Duty::LeadUnit,
        ..input(&ids, LEAGUE, office)
    };
    let told = said(&w.app.assign(&clerk, &unknown).await);
    assert_eq!(told, "liaison.refused.no_office at holder");
    w.sound().await
}

async fn nobody_is_set_beyond_ones_own_units_nor_without_a_post_there(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let banner = w.clerk(BANNER).await?;
    let leader = w.person(Role::Leader, REGION, "").await?;
    let set = |who: &Actor, one: AssignInput| {
        let (app, who) = (w.app.clone(), who.clone());
        async move { said(&app.assign(&who, &one).await) }
    };
    let up = set(&banner, input(&[id], LEAGUE, named("包联领导"))).await;
    assert!(up.starts_with("refused assign"), "{up}");
    let beside = set(&banner, input(&[id], SISTER, named("包联领导"))).await;
    assert!(beside.starts_with("refused assign"), "{beside}");
    let elsewhere = w.clerk(ELSEWHERE).await?;
    let hidden = set(&elsewhere, input(&[id], ELSEWHERE, named("包联领导"))).await;
    assert_eq!(hidden, "no such project");
    let own = set(&leader, input(&[id], REGION, Holder::User(leader.user))).await;
    assert!(own.starts_with("refused assign"), "{own}");

    let away = set(&banner, input(&[id], BANNER, Holder::User(leader.user))).await;
    assert_eq!(away, "liaison.refused.no_post at holder");
    let nobody = set(&banner, input(&[id], BANNER, Holder::User(UserId(9_999)))).await;
    assert_eq!(nobody, "liaison.refused.no_user at holder");
    let region = w.clerk(REGION).await?;
    assert_eq!(
        set(&region, input(&[id], SISTER, named("包联领导"))).await,
        "liaison.refused.not_above at unit (甲)"
    );
    assert_eq!(
        set(&region, input(&[id], REGION, Holder::User(leader.user))).await,
        "ok"
    );
    let view = look(&w, &banner, id).await?;
    let theirs = view.standing[0].assignment_id;
    let told = said(&w.app.assignment_end(&banner, id, theirs, None).await);
    assert!(told.starts_with("refused assign"), "{told}");
    Ok(())
}

async fn of_two_who_set_somebody_at_once_one_is_told(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let clerk = w.clerk(LEAGUE).await?;
    let region = w.clerk(REGION).await?;
    let (one, other) = (
        input(&[id], LEAGUE, named("甲领导")),
        input(&[id], LEAGUE, named("乙领导")),
    );
    let (first, second) = tokio::join!(w.app.assign(&clerk, &one), w.app.assign(&region, &other));
    let told = [said(&first), said(&second)];
    let clash = "liaison.refused.overlaps at from (2025-01-06, 甲)";
    assert!(told.contains(&"ok".to_owned()), "{told:?}");
    assert!(told.contains(&clash.to_owned()), "{told:?}");
    assert_eq!(look(&w, &clerk, id).await?.standing.len(), 1);
    Ok(())
}

async fn the_list_and_the_load_agree_and_leave_as_a_workbook(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let mut ids = Vec::new();
    for name in ["甲", "乙", "丙"] {
        ids.push(w.enter(&draft(name)).await?);
    }
    w.adopt(2025, &[(ids[0], Category::Continuing, 1_200)])
        .await?;
    w.open("2025-01").await?;
    let clerk = w.clerk(LEAGUE).await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    let own = input(&ids[..2], LEAGUE, Holder::User(leader.user));
    w.app.assign(&clerk, &own).await?;
    let listed = async |query: LiaisonQuery| -> Tried<Vec<String>> {
        let page = w.app.liaison_page(&clerk, &query).await?;
        assert_eq!(usize::try_from(page.projects)?, page.rows.len());
        let mut names: Vec<String> = page.rows.into_iter().map(|r| r.project.row.name).collect();
        names.sort();
        Ok(names)
    };
    let of = |held| LiaisonQuery {
        held,
        ..LiaisonQuery::default()
    };
    assert_eq!(listed(of(HeldWord::All)).await?.len(), 3);
    assert_eq!(listed(of(HeldWord::Held)).await?, ["乙", "甲"]);
    assert_eq!(listed(of(HeldWord::Vacant)).await?, ["丙"]);
    let mine = LiaisonQuery {
        user: Some(leader.user),
        ..LiaisonQuery::default()
    };
    assert_eq!(listed(mine).await?, ["乙", "甲"]);

    let load = w.app.leader_load(&clerk, None, Duty::Leader).await?;
    let [row] = load.rows.as_slice() else {
        return Err(format!("{load:?}").into());
    };
    assert_eq!((row.projects, row.total_investment), (2, 200_000_000));
    assert_eq!(row.holder.user_id, Some(leader.user.0));
    let none = w
        .app
        .leader_load(&clerk, Some(SISTER), Duty::Leader)
        .await?;
    assert_eq!(none.rows, []);

    let book = w.app.export_liaison(&clerk, &of(HeldWord::All)).await?;
    assert!(book.name.contains("包联责任台账-2025-01-06"));
    let sheet = cells(&book, 0)?;
    let names = sheet.iter().filter_map(|row| row.get(1));
    let names: Vec<&str> = names.map(String::as_str).collect();
    assert_eq!(names[names.len() - 3..], ["丙", "乙", "甲"], "{sheet:?}");
    let book = w.app.export_load(&clerk, None, Duty::Leader).await?;
    assert_eq!(book.name, "包联负荷-包联领导-2025-01-06.xlsx");
    let sheet = cells(&book, 0)?;
    let row = sheet.last().expect("a row");
    assert_eq!(row[2..], ["通辽", "2", "20000", "0", "0", "0"], "{sheet:?}");
    let away = w.app.export_load(&clerk, Some(ELSEWHERE), Duty::Leader);
    assert_eq!(said(&away.await), "no such unit");
    let elsewhere = w.clerk(ELSEWHERE).await?;
    let away = w.app.liaison_page(&elsewhere, &of(HeldWord::All)).await?;
    assert_eq!(away.projects, 0);
    let keeper = w.person(Role::SecurityAdministrator, REGION, "").await?;
    let told = said(&w.app.liaison_page(&keeper, &of(HeldWord::All)).await);
    assert!(told.starts_with("refused read"), "{told}");
    Ok(())
}

async fn an_assignment_stands_in_front_of_the_record_and_a_past_day_shows_who_it_was(
    db: &Db,
) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let written = change(Field::ContactLeaderLeague, text("资料卡上的领导"));
    w.app.project_edit(&w.system, id, None, &written).await?;
    let clerk = w.clerk(LEAGUE).await?;
    assert_eq!(look(&w, &clerk, id).await?.covered, Vec::<&str>::new());
    w.app
        .assign(&clerk, &input(&[id], LEAGUE, named("甲领导")))
        .await?;
    assert_eq!(
        look(&w, &clerk, id).await?.covered,
        ["contact_leader_league"]
    );
    w.on("2025-06-02");
    let next = AssignInput {
        instead: Instead::Relieve,
        ..input(&[id], LEAGUE, named("乙领导"))
    };
    w.app.assign(&clerk, &next).await?;
    for (on, expected) in [
        ("2025-01-05", vec![]),
        ("2025-01-06", vec!["leader 150500 甲领导 2025-01-06"]),
        ("2025-06-01", vec!["leader 150500 甲领导 2025-01-06"]),
        ("2025-06-02", vec!["leader 150500 乙领导 2025-06-02"]),
    ] {
        let view = w.app.responsibility(&clerk, id, Some(day(on))).await?;
        assert_eq!(standing(&view), expected, "{on}");
        assert!(!view.may_assign, "nothing is done in the past");
    }
    let candidates = w.app.assign_candidates(&clerk).await?;
    assert!(candidates.iter().any(|one| one.user_id == clerk.user.0));
    let gone: Result<_, AppError> = w.app.responsibility(&clerk, ProjectId(999), None).await;
    assert_eq!(said(&gone), "no such project");
    Ok(())
}
