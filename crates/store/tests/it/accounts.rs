//! Users, posts, sessions, audit, notices.

use std::time::Duration;

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{DepartmentId, Role, UserId};
use gangmu_store::accounts::{self, AuditRow, LoginSession, Notice, NoticeReach, Post, User};
use gangmu_store::{Db, StoreError, library};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{project, save, unit};

each_engine!(
    a_user_is_found_by_login_and_keeps_what_is_saved,
    a_login_is_given_once,
    users_are_listed_by_login_in_code_point_order,
    a_post_is_given_once_and_taken_away,
    a_session_ends_at_its_instant,
    a_session_is_read_with_its_user_and_their_posts,
    saving_a_session_forgets_those_that_have_ended,
    sessions_end_one_by_one_or_all_of_a_user,
    the_audit_trail_is_read_newest_first,
    nobody_waits_for_the_audit_trail,
    a_notice_reaches_the_units_above,
);

fn user(login: &str) -> User {
    User {
        user_id: 0,
        login: login.to_owned(),
        display_name: "科尔沁区发改委填报员".to_owned(),
        password_hash: "hash".to_owned(),
        locale: "zh-CN".to_owned(),
        failed_logins: 0,
        locked_until_at: 0,
        must_change_password: 1,
        disabled: 0,
    }
}

async fn add(db: &Db, logins: &[&str]) -> Result<Vec<UserId>, StoreError> {
    let tx = db.begin().await?;
    let mut ids = Vec::new();
    for login in logins {
        ids.push(accounts::user_insert(&tx, &user(login)).await?);
    }
    tx.commit().await?;
    Ok(ids)
}

async fn a_user_is_found_by_login_and_keeps_what_is_saved(db: &Db) -> Outcome {
    let ids = add(db, &["clerk", "leader"]).await?;
    assert_eq!(ids, [UserId(1), UserId(2)]);
    let changed = User {
        user_id: 2,
        failed_logins: 3,
        locked_until_at: 99,
        disabled: 1,
        must_change_password: 0,
        ..user("leader")
    };
    let tx = db.begin().await?;
    accounts::user_update(&tx, &changed).await?;
    tx.commit().await?;
    assert_eq!(
        accounts::user_by_login(db, "leader").await?,
        Some(changed.clone())
    );
    assert_eq!(accounts::user_get(db, UserId(2)).await?, Some(changed));
    assert_eq!(accounts::user_by_login(db, "Leader").await?, None);
    assert_eq!(accounts::user_get(db, UserId(3)).await?, None);
    Ok(())
}

async fn a_login_is_given_once(db: &Db) -> Outcome {
    add(db, &["clerk"]).await?;
    let refused = add(db, &["clerk"]).await;
    assert!(
        matches!(refused, Err(StoreError::Exists { .. })),
        "{refused:?}"
    );
    Ok(())
}

async fn users_are_listed_by_login_in_code_point_order(db: &Db) -> Outcome {
    add(db, &["zhao", "Wang", "阿", "li", "_x", "安"]).await?;
    let users = accounts::user_list(db).await?;
    let logins: Vec<&str> = users.iter().map(|user| user.login.as_str()).collect();
    assert_eq!(logins, ["Wang", "_x", "li", "zhao", "安", "阿"]);
    Ok(())
}

async fn a_post_is_given_once_and_taken_away(db: &Db) -> Outcome {
    let ids = add(db, &["clerk", "officer"]).await?;
    let post = |user, department: Option<i64>, role| Post {
        id: 0,
        user,
        unit: unit("150500"),
        department: department.map(DepartmentId),
        role,
    };
    let tx = db.begin().await?;
    for _ in 0..2 {
        accounts::post_insert(&tx, &post(ids[0], None, Role::Clerk)).await?;
    }
    accounts::post_insert(&tx, &post(ids[1], Some(4), Role::Officer)).await?;
    tx.commit().await?;
    let all = accounts::post_list(db, None).await?;
    assert_eq!(all.len(), 2);
    let own = accounts::post_list(db, Some(ids[1])).await?;
    assert_eq!(own.len(), 1);
    let given = post(ids[1], Some(4), Role::Officer);
    assert_eq!(
        own[0],
        Post {
            id: own[0].id,
            ..given
        }
    );
    let tx = db.begin().await?;
    assert!(accounts::post_delete(&tx, own[0].id).await?);
    assert!(!accounts::post_delete(&tx, own[0].id).await?);
    tx.commit().await?;
    assert_eq!(accounts::post_list(db, Some(ids[1])).await?, []);
    Ok(())
}

fn session(id: &str, user_id: i64, expires_at: i64) -> LoginSession {
    LoginSession {
        session_id: id.to_owned(),
        user_id,
        body: "{}".to_owned(),
        expires_at,
    }
}

async fn a_session_ends_at_its_instant(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    accounts::session_put(&tx, &session("digest", 7, 1_000), 10).await?;
    tx.commit().await?;
    for (now, there) in [(10, true), (999, true), (1_000, false), (1_001, false)] {
        let found = accounts::session_get(db, "digest", now).await?;
        assert_eq!(found.is_some(), there, "at {now}");
    }
    Ok(())
}

async fn a_session_is_read_with_its_user_and_their_posts(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    let user = accounts::user_insert(&tx, &user("clerk")).await?;
    let idle = accounts::user_insert(&tx, &self::user("idle")).await?;
    let post = |user, code| Post {
        id: 0,
        user,
        unit: unit(code),
        department: Some(DepartmentId(4)),
        role: Role::Clerk,
    };
    for code in ["150500", "150600"] {
        accounts::post_insert(&tx, &post(user, code)).await?;
    }
    for (id, whose) in [("a", user.0), ("b", idle.0), ("c", 98)] {
        accounts::session_put(&tx, &session(id, whose, 1_000), 0).await?;
    }
    tx.commit().await?;
    for (id, whose) in [("a", user), ("b", idle)] {
        let found = accounts::access_get(db, id, 999).await?.expect("a session");
        assert_eq!(Some(found.session), accounts::session_get(db, id, 0).await?);
        assert_eq!(Some(found.user), accounts::user_get(db, whose).await?);
        assert_eq!(found.posts, accounts::post_list(db, Some(whose)).await?);
    }
    assert_eq!(accounts::access_get(db, "a", 1_000).await?, None, "ended");
    assert_eq!(accounts::access_get(db, "c", 0).await?, None, "nobody's");
    assert_eq!(accounts::access_get(db, "d", 0).await?, None, "unknown");
    Ok(())
}

async fn saving_a_session_forgets_those_that_have_ended(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    accounts::session_put(&tx, &session("old", 7, 100), 10).await?;
    accounts::session_put(&tx, &session("new", 0, 500), 100).await?;
    accounts::session_put(&tx, &session("new", 7, 600), 101).await?;
    tx.commit().await?;
    assert_eq!(accounts::session_get(db, "old", 0).await?, None);
    assert_eq!(
        accounts::session_get(db, "new", 0).await?,
        Some(session("new", 7, 600))
    );
    Ok(())
}

async fn sessions_end_one_by_one_or_all_of_a_user(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    for (id, user) in [("a", 1), ("b", 1), ("c", 1), ("d", 2)] {
        accounts::session_put(&tx, &session(id, user, 1_000), 0).await?;
    }
    accounts::session_delete(&tx, "a").await?;
    assert!(accounts::session_get(&tx, "a", 0).await?.is_none());
    assert!(accounts::session_get(&tx, "b", 0).await?.is_some());
    accounts::session_delete_of(&tx, UserId(1)).await?;
    assert!(accounts::session_get(&tx, "b", 0).await?.is_none());
    assert!(accounts::session_get(&tx, "d", 0).await?.is_some());
    tx.commit().await?;
    Ok(())
}

async fn the_audit_trail_is_read_newest_first(db: &Db) -> Outcome {
    let row = |at, subject: &str| AuditRow {
        at,
        user_id: 1,
        action: "edit_project".to_owned(),
        subject: subject.to_owned(),
        detail: "{\"字段\":\"名称\"}".to_owned(),
    };
    let tx = db.begin().await?;
    for (at, subject) in [(1, "project:17"), (2, "project:1"), (3, "project:17")] {
        accounts::audit_insert(&tx, &row(at, subject)).await?;
    }
    tx.commit().await?;
    let instants = async |subject, offset, limit| {
        let rows = accounts::audit_list(db, subject, offset, limit).await?;
        Ok::<_, StoreError>(rows.iter().map(|row| row.at).collect::<Vec<_>>())
    };
    assert_eq!(instants("", 0, 10).await?, [3, 2, 1]);
    assert_eq!(instants("", 1, 1).await?, [2]);
    assert_eq!(instants("project:17", 0, 10).await?, [3, 1]);
    assert_eq!(
        accounts::audit_list(db, "project:1", 0, 9).await?,
        [row(2, "project:1")]
    );
    Ok(())
}

async fn nobody_waits_for_the_audit_trail(db: &Db) -> Outcome {
    save(db, &[project(1, "风电"), project(2, "光伏")]).await?;
    let row = AuditRow {
        at: 1,
        user_id: 1,
        action: "edit_project".to_owned(),
        subject: String::new(),
        detail: String::new(),
    };
    // One saves a second project after it has written the trail; the other holds that project and
    // writes the trail last. Were the trail's numbers locked, each would wait for the other.
    let many = async {
        let tx = db.begin().await?;
        library::project_lock(&tx, ProjectId(1)).await?;
        accounts::audit_insert(&tx, &row).await?;
        tokio::time::sleep(Duration::from_millis(100)).await;
        library::project_lock(&tx, ProjectId(2)).await?;
        accounts::audit_insert(&tx, &row).await?;
        tx.commit().await
    };
    let one = async {
        let tx = db.begin().await?;
        library::project_lock(&tx, ProjectId(2)).await?;
        tokio::time::sleep(Duration::from_millis(200)).await;
        accounts::audit_insert(&tx, &row).await?;
        tx.commit().await
    };
    let (many, one) = tokio::join!(many, one);
    many.and(one)?;
    assert_eq!(accounts::audit_list(db, "", 0, 10).await?.len(), 3);
    Ok(())
}

fn below(path: &str) -> NoticeReach {
    NoticeReach::Subtree(unit(path))
}

async fn a_notice_reaches_the_units_above(db: &Db) -> Outcome {
    let notice = |to: &str, project_id| Notice {
        notice_id: 0,
        at: 5,
        from_user_id: 1,
        unit_path: unit(to).as_str().to_owned(),
        project_id,
        period: Some(202_512),
        kind: "chase".to_owned(),
        body: "请于5日前报送".to_owned(),
    };
    let tx = db.begin().await?;
    accounts::notice_insert(&tx, &notice("150500/150502", Some(17))).await?;
    accounts::notice_insert(&tx, &notice("150600", None)).await?;
    tx.commit().await?;
    let league = accounts::notice_list(db, &below("150500"), 0, 10).await?;
    assert_eq!(league.len(), 1);
    assert_eq!(
        league[0],
        Notice {
            notice_id: 1,
            ..notice("150500/150502", Some(17))
        }
    );
    let region = accounts::notice_list(db, &below(""), 0, 10).await?;
    assert_eq!(
        region.iter().map(|n| n.notice_id).collect::<Vec<_>>(),
        [2, 1]
    );
    assert_eq!(accounts::notice_list(db, &below(""), 0, 1).await?.len(), 1);
    let second = accounts::notice_list(db, &below(""), 1, 10).await?;
    assert_eq!(second, league);
    let own = NoticeReach::Unit(unit("150500"));
    assert_eq!(accounts::notice_list(db, &own, 0, 10).await?, []);
    assert_eq!(
        accounts::notice_list(db, &below("150600/150602"), 0, 10).await?,
        []
    );
    Ok(())
}
