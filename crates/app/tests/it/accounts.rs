//! Log-in, lock-out, passwords, posts and sessions.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gangmu_app::domain::organisation::{Role, UserId};
use gangmu_app::{Actor, App, AppError, Clock, LogIn, NewPassword};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};
use jiff::Timestamp;
use object_store::memory::InMemory;

use crate::support::{BANNER, ELSEWHERE, LEAGUE, REGION, Tried, World, said};

each_engine!(
    five_wrong_passwords_lock_for_a_quarter_of_an_hour,
    a_wrong_log_in_says_the_same_of_everybody,
    a_password_is_changed_by_who_knows_it,
    sessions_end_when_the_password_or_the_account_changes,
    a_user_is_added_with_everything_right_or_not_at_all,
    a_post_gives_its_scope_and_no_more,
    users_are_managed_within_the_unit_of_the_post,
);

const PASSWORD: &str = "十个字的口令一二三四";

/// A clock that goes minute by minute.
struct Minutes(AtomicI64);

impl Clock for Minutes {
    fn now(&self) -> Timestamp {
        let start = Timestamp::from_second(1_736_136_000).expect("2025-01-06");
        start + jiff::SignedDuration::from_mins(self.0.load(Ordering::Relaxed))
    }
}

struct Office {
    app: App,
    clock: Arc<Minutes>,
    system: Actor,
    user: UserId,
}

impl Office {
    async fn new(db: &Db) -> Tried<Self> {
        let clock = Arc::new(Minutes(AtomicI64::new(0)));
        let app = App::new(
            db.clone(),
            Arc::new(InMemory::new()),
            Arc::clone(&clock) as _,
        );
        app.reference_load_shipped().await?;
        let system = app.system().await?;
        let user = app
            .user_add(&system, "clerk", "科尔沁区发改委填报员", PASSWORD)
            .await?;
        Ok(Self {
            app,
            clock,
            system,
            user,
        })
    }

    async fn log_in(&self, login: &str, password: &str) -> Result<UserId, AppError> {
        let typed = LogIn {
            login: login.to_owned(),
            password: password.to_owned(),
        };
        self.app.log_in(typed).await
    }
}

async fn five_wrong_passwords_lock_for_a_quarter_of_an_hour(db: &Db) -> Outcome {
    let o = Office::new(db).await?;
    // A right one in between begins the count afresh.
    for _ in 0..4 {
        assert_eq!(said(&o.log_in("clerk", "wrong").await), "not_logged_in");
    }
    assert_eq!(o.log_in(" clerk ", PASSWORD).await?, o.user);
    for _ in 0..5 {
        assert_eq!(said(&o.log_in("clerk", "wrong").await), "not_logged_in");
    }
    let locked = o.log_in("clerk", PASSWORD).await;
    let Err(AppError::Locked { until }) = locked else {
        panic!("{}", said(&locked));
    };
    assert_eq!(until, o.app.now() + 15 * 60_000);
    assert!(o.app.user_list(&o.system).await?[0].locked);
    o.clock.0.store(14, Ordering::Relaxed);
    assert_eq!(said(&o.log_in("clerk", PASSWORD).await), "locked");
    o.clock.0.store(15, Ordering::Relaxed);
    assert!(!o.app.user_list(&o.system).await?[0].locked);
    assert_eq!(o.log_in("clerk", PASSWORD).await?, o.user);
    Ok(())
}

async fn a_wrong_log_in_says_the_same_of_everybody(db: &Db) -> Outcome {
    let o = Office::new(db).await?;
    let off = o
        .app
        .user_add(&o.system, "off", "已停用账号", PASSWORD)
        .await?;
    o.app.user_set_disabled(&o.system, off, true).await?;
    let long = "x".repeat(2_000);
    let rows = [
        ("clerk", "wrong password"),
        ("clerk", ""),
        ("clerk", long.as_str()),
        ("nobody", PASSWORD),
        ("off", PASSWORD),
        ("off", "wrong password"),
        ("", ""),
        ("' OR 1=1 --", PASSWORD),
    ];
    for (login, password) in rows {
        let told = o.log_in(login, password).await;
        assert!(
            matches!(told, Err(AppError::NotLoggedIn)),
            "{login}: {}",
            said(&told)
        );
    }
    assert_eq!(said(&o.app.actor(off).await), "not_logged_in");
    o.app.user_set_disabled(&o.system, off, false).await?;
    assert_eq!(o.log_in("off", PASSWORD).await?, off);
    Ok(())
}

async fn a_password_is_changed_by_who_knows_it(db: &Db) -> Outcome {
    let o = Office::new(db).await?;
    let actor = o.app.actor(o.user).await?;
    assert!(actor.must_change_password);
    let change = async |old: &str, new: &str| {
        let change = NewPassword {
            old: old.to_owned(),
            new: new.to_owned(),
        };
        said(&o.app.password_change(&actor, change).await)
    };
    let long = "x".repeat(1_025);
    let rows = [
        (
            "wrong password",
            "another password",
            "account.wrong_password at old",
        ),
        (PASSWORD, PASSWORD, "account.same_password at new"),
        (PASSWORD, "nine char", "account.short_password at new (10)"),
        (
            PASSWORD,
            long.as_str(),
            "account.short_password at new (10)",
        ),
        (PASSWORD, "another password", "ok"),
        (
            PASSWORD,
            "a third password",
            "account.wrong_password at old",
        ),
    ];
    for (old, new, wanted) in rows {
        assert_eq!(change(old, new).await, wanted);
    }
    assert!(!o.app.actor(o.user).await?.must_change_password);
    assert_eq!(said(&o.log_in("clerk", PASSWORD).await), "not_logged_in");
    assert_eq!(o.log_in("clerk", "another password").await?, o.user);
    for (locale, wanted) in [
        ("en", "ok"),
        ("zh-CN", "ok"),
        ("../../etc", "account.unknown_locale at locale"),
    ] {
        let chosen = o.app.locale_choose(&actor, locale).await;
        assert_eq!(said(&chosen), wanted);
    }
    assert_eq!(o.app.actor(o.user).await?.locale, "zh-CN");
    Ok(())
}

async fn sessions_end_when_the_password_or_the_account_changes(db: &Db) -> Outcome {
    let o = Office::new(db).await?;
    let actor = o.app.actor(o.user).await?;
    let other = o
        .app
        .user_add(&o.system, "other", "另一填报员", PASSWORD)
        .await?;
    let until = o.app.now() + 3_600_000;
    let begin = async || -> Tried<()> {
        for (id, user) in [("one", o.user), ("two", o.user), ("third", other)] {
            o.app.session_save(id, user, "{}", until).await?;
        }
        Ok(())
    };
    let alive = async || -> Tried<Vec<&str>> {
        let mut alive = Vec::new();
        for id in ["one", "two", "third"] {
            if o.app.session_load(id).await?.is_some() {
                alive.push(id);
            }
        }
        Ok(alive)
    };
    begin().await?;
    assert_eq!(alive().await?, ["one", "two", "third"]);
    o.app.session_end("one").await?;
    assert_eq!(alive().await?, ["two", "third"]);
    begin().await?;
    let change = NewPassword {
        old: PASSWORD.to_owned(),
        new: "another password".to_owned(),
    };
    o.app.password_change(&actor, change).await?;
    assert_eq!(alive().await?, ["third"]);
    begin().await?;
    let must = gangmu_app::KeepPassword::MustChange;
    o.app
        .user_set_password(&o.system, o.user, "a third password", must)
        .await?;
    assert_eq!(alive().await?, ["third"]);
    assert!(o.app.actor(o.user).await?.must_change_password);
    begin().await?;
    o.app.user_set_disabled(&o.system, o.user, true).await?;
    assert_eq!(alive().await?, ["third"]);
    o.clock.0.store(60, Ordering::Relaxed);
    assert_eq!(alive().await?, [""; 0], "a session ends with its time");
    Ok(())
}

async fn a_user_is_added_with_everything_right_or_not_at_all(db: &Db) -> Outcome {
    let o = Office::new(db).await?;
    let rows = [
        (
            "bad login",
            " ",
            "short",
            "account.bad_login at login; \
          field.missing at display_name; account.short_password at password (10)",
        ),
        ("", "某人", PASSWORD, "account.bad_login at login"),
        ("名字", "某人", PASSWORD, "account.bad_login at login"),
        ("clerk", "某人", PASSWORD, "exists"),
        ("new.clerk@dev-reform", "开鲁县发改委填报员", PASSWORD, "ok"),
    ];
    for (login, name, password, wanted) in rows {
        let added = o.app.user_add(&o.system, login, name, password).await;
        assert_eq!(said(&added), wanted, "{login}");
    }
    assert_eq!(o.app.user_list(&o.system).await?.len(), 2);
    let clerk = o.app.actor(o.user).await?;
    let refused = o.app.user_add(&clerk, "x", "某人", PASSWORD).await;
    assert_eq!(
        said(&refused),
        "refused manage_users: security_administrator"
    );
    Ok(())
}

async fn a_post_gives_its_scope_and_no_more(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let user = w.person(Role::Leader, BANNER, "").await?.user;
    let give = async |role, unit: &str, department: Option<&str>| {
        let given = w.app.post_give(&w.system, user, role, unit, department);
        said(&given.await)
    };
    let rows = [
        (
            Role::Officer,
            LEAGUE,
            None,
            "account.officer_needs_department at department",
        ),
        (Role::Clerk, "999999", None, "field.unknown_unit at unit"),
        (
            Role::Officer,
            LEAGUE,
            Some("海洋局"),
            "field.unknown_department at department",
        ),
        (Role::Officer, LEAGUE, Some("能源局"), "ok"),
        (Role::Officer, LEAGUE, Some("water"), "ok"),
    ];
    for (role, unit, department, wanted) in rows {
        assert_eq!(give(role, unit, department).await, wanted);
    }
    let actor = w.app.actor(user).await?;
    assert_eq!(actor.posts().len(), 3);
    let edit = actor.grant(gangmu_app::domain::organisation::Action::EditProject)?;
    let gangmu_app::domain::organisation::DepartmentSet::Only(ids) = &edit.scope.departments else {
        panic!("an officer of everything");
    };
    assert_eq!(ids.len(), 2, "both departments of one unit");
    let nobody = w
        .app
        .post_give(&w.system, crate::support::NOBODY, Role::Clerk, BANNER, None);
    assert_eq!(said(&nobody.await), "no such user");
    let listed = w.app.user_list(&w.system).await?;
    let post = listed[0].posts[0].post_id;
    w.app.post_take(&w.system, post).await?;
    let again = w.app.post_take(&w.system, post).await;
    assert_eq!(said(&again), "no such post");
    assert_eq!(w.app.actor(user).await?.posts().len(), 2);
    Ok(())
}

async fn users_are_managed_within_the_unit_of_the_post(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let security = w.person(Role::SecurityAdministrator, LEAGUE, "").await?;
    let below = w.clerk(BANNER).await?.user;
    let above = w.clerk(REGION).await?.user;
    let beside = w.clerk(ELSEWHERE).await?.user;
    let keep = gangmu_app::KeepPassword::Keep;
    for (user, wanted) in [
        (below, "ok"),
        (above, "no such user"),
        (beside, "no such user"),
    ] {
        let set = w.app.user_set_password(&security, user, PASSWORD, keep);
        assert_eq!(said(&set.await), wanted);
        let off = w.app.user_set_disabled(&security, user, false).await;
        assert_eq!(said(&off), wanted);
        let given = w
            .app
            .post_give(&security, user, Role::Leader, LEAGUE, None)
            .await;
        assert_eq!(said(&given), wanted);
    }
    let higher = w
        .app
        .post_give(&security, security.user, Role::Clerk, REGION, None)
        .await;
    assert_eq!(said(&higher), "field.unknown_unit at unit");
    let logins: Vec<String> = w
        .app
        .user_list(&security)
        .await?
        .into_iter()
        .map(|user| user.login)
        .collect();
    assert_eq!(logins, ["150500security_administrator", "150502clerk"]);
    let all = w.app.user_list(&w.system).await?;
    let region = all.iter().find(|user| user.user_id == above.0);
    let post = region.expect("the region's clerk").posts[0].post_id;
    let taken = w.app.post_take(&security, post).await;
    assert_eq!(said(&taken), "no such post");
    Ok(())
}
