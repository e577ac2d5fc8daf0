//! Inboxes, preferences, calendars, and copies on their way out.

use gangmu_domain::notices::{Channel, Dispatched};
use gangmu_domain::organisation::{DepartmentId, Role, UserId};
use gangmu_store::accounts::{self, Notice, Post, User};
use gangmu_store::notices::{self, Copy, NewCopy, OutboxTally, PreferenceRow};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::unit;

each_engine!(
    a_reason_stands_once_in_each_inbox,
    the_posts_above_a_unit_are_found_without_closed_accounts,
    preferences_are_saved_on_the_version_they_were_read_at,
    a_calendar_has_one_secret_address,
    a_copy_goes_to_a_recipient_once_for_a_reason,
    all_that_is_due_for_one_recipient_is_claimed_together_and_once,
    a_failed_copy_waits_and_is_given_up_or_tried_again,
    what_is_asked_for_too_early_or_by_nobody_is_no_attempt,
);

async fn write(db: &Db, to: &str) -> Result<i64, StoreError> {
    let notice = Notice {
        notice_id: 0,
        at: 5,
        from_user_id: 1,
        unit_path: unit(to).as_str().to_owned(),
        project_id: Some(17),
        period: None,
        kind: "chase".to_owned(),
        body: "{}".to_owned(),
    };
    let tx = db.begin().await?;
    let id = accounts::notice_insert(&tx, &notice).await?;
    tx.commit().await?;
    Ok(id)
}

async fn a_reason_stands_once_in_each_inbox(db: &Db) -> Outcome {
    let (one, two) = (UserId(1), UserId(2));
    let mut ids = Vec::new();
    for (reason, to, new) in [
        ("chase:a", vec![one, two], vec![one, two]),
        ("chase:a", vec![one, UserId(3)], vec![UserId(3)]),
        ("chase:b", vec![one], vec![one]),
    ] {
        let id = write(db, "150500").await?;
        let tx = db.begin().await?;
        assert_eq!(notices::inbox_insert(&tx, id, reason, &to).await?, new);
        tx.commit().await?;
        ids.push(id);
    }
    let inbox = accounts::notice_list_inbox(db, one, 0, 10).await?;
    let found: Vec<i64> = inbox.iter().map(|notice| notice.notice_id).collect();
    assert_eq!(found, [ids[2], ids[0]], "newest first");
    let second = accounts::notice_list_inbox(db, one, 1, 10).await?;
    assert_eq!(second.len(), 1);
    assert_eq!(accounts::notice_seen_get(db, one).await?, 0);
    assert_eq!(accounts::notice_count_unread(db, one).await?, 2);
    let tx = db.begin().await?;
    accounts::notice_seen_put(&tx, one, ids[0]).await?;
    accounts::notice_seen_put(&tx, one, 0).await?;
    tx.commit().await?;
    assert_eq!(accounts::notice_seen_get(db, one).await?, ids[0]);
    assert_eq!(accounts::notice_count_unread(db, one).await?, 1);
    assert_eq!(accounts::notice_count_unread(db, two).await?, 1);
    Ok(())
}

async fn the_posts_above_a_unit_are_found_without_closed_accounts(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    let mut users = Vec::new();
    for login in ["league", "banner", "sister", "closed"] {
        let user = User {
            user_id: 0,
            login: login.to_owned(),
            display_name: login.to_owned(),
            password_hash: "hash".to_owned(),
            locale: String::new(),
            failed_logins: 0,
            locked_until_at: 0,
            must_change_password: 0,
            disabled: 0,
        };
        users.push(accounts::user_insert(&tx, &user).await?);
    }
    let places = ["150500", "150500/150502", "150500/150526", "150500/150502"];
    for (user, place) in users.iter().zip(places) {
        let post = Post {
            id: 0,
            user: *user,
            unit: unit(place),
            department: (place == "150500").then_some(DepartmentId(3)),
            role: Role::Officer,
        };
        accounts::post_insert(&tx, &post).await?;
    }
    let mut closed = accounts::user_get(&tx, users[3]).await?.expect("a user");
    closed.disabled = 1;
    accounts::user_update(&tx, &closed).await?;
    tx.commit().await?;
    let above = notices::post_list_above(db, &unit("150500/150502")).await?;
    let found: Vec<_> = above
        .iter()
        .map(|post| (post.user, post.department))
        .collect();
    assert_eq!(found, [(users[0], Some(DepartmentId(3))), (users[1], None)]);
    Ok(())
}

async fn preferences_are_saved_on_the_version_they_were_read_at(db: &Db) -> Outcome {
    let row = PreferenceRow {
        user_id: 7,
        version: 0,
        address: "horqin@example.gov.cn".to_owned(),
        ways: "chase=digest".to_owned(),
        quiet_from: Some(1200),
        quiet_to: None,
        digest_at: 510,
    };
    let put = async |row: &PreferenceRow| {
        let tx = db.begin().await?;
        let saved = notices::preference_put(&tx, row).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(saved)
    };
    let early = PreferenceRow {
        version: 1,
        ..row.clone()
    };
    assert!(
        !put(&early).await?,
        "nothing was saved that it could follow"
    );
    assert!(put(&row).await?);
    assert!(!put(&row).await?, "somebody saved first");
    let second = PreferenceRow {
        version: 1,
        ways: String::new(),
        quiet_from: None,
        ..row
    };
    assert!(put(&second).await?);
    let read = notices::preference_list_of(db, &[UserId(7), UserId(8)]).await?;
    let expected = PreferenceRow {
        version: 2,
        ..second
    };
    assert_eq!(read, [expected]);
    assert_eq!(notices::preference_list_of(db, &[]).await?, []);
    Ok(())
}

async fn a_calendar_has_one_secret_address(db: &Db) -> Outcome {
    let (one, two) = (UserId(1), UserId(2));
    let tx = db.begin().await?;
    notices::calendar_feed_put(&tx, one, "aa", 5).await?;
    notices::calendar_feed_put(&tx, two, "bb", 6).await?;
    notices::calendar_feed_put(&tx, one, "cc", 7).await?;
    tx.commit().await?;
    assert_eq!(notices::calendar_feed_user(db, "aa").await?, None);
    assert_eq!(notices::calendar_feed_user(db, "cc").await?, Some(one));
    assert_eq!(notices::calendar_feed_get(db, one).await?, Some(7));
    let tx = db.begin().await?;
    assert!(notices::calendar_feed_delete(&tx, one).await?);
    assert!(!notices::calendar_feed_delete(&tx, one).await?);
    tx.commit().await?;
    assert_eq!(notices::calendar_feed_user(db, "cc").await?, None);
    assert_eq!(notices::calendar_feed_get(db, one).await?, None);
    assert_eq!(notices::calendar_feed_user(db, "bb").await?, Some(two));
    Ok(())
}

fn copy(channel: Channel, recipient: &str, reason: &str, notice: i64, not_before: i64) -> NewCopy {
    NewCopy {
        channel,
        recipient: recipient.to_owned(),
        reason: reason.to_owned(),
        notice_id: notice,
        at: 10,
        not_before,
    }
}

async fn put(db: &Db, copies: &[NewCopy]) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    for copy in copies {
        notices::outbox_insert(&tx, copy).await?;
    }
    tx.commit().await
}

async fn claim(
    db: &Db,
    claim: &str,
    skip: Option<Channel>,
    now: i64,
) -> Result<Vec<Copy>, StoreError> {
    let tx = db.begin().await?;
    let found = notices::outbox_claim(&tx, claim, skip, now, now - 100).await?;
    tx.commit().await?;
    Ok(found)
}

async fn a_copy_goes_to_a_recipient_once_for_a_reason(db: &Db) -> Outcome {
    let notice = write(db, "150500").await?;
    let again = write(db, "150500").await?;
    let mail = |reason, notice| copy(Channel::Mail, "7", reason, notice, 10);
    put(db, &[mail("a", notice)]).await?;
    put(db, &[mail("a", again), mail("b", again)]).await?;
    put(db, &[copy(Channel::Robot, "7", "a", notice, 10)]).await?;
    let tally = notices::outbox_tally(db).await?;
    assert_eq!(tally.waiting, 3);
    let found = claim(db, "x", None, 10).await?;
    let numbers: Vec<i64> = found.iter().map(|copy| copy.notice.notice_id).collect();
    assert_eq!(numbers, [notice, again]);
    Ok(())
}

async fn all_that_is_due_for_one_recipient_is_claimed_together_and_once(db: &Db) -> Outcome {
    let notice = write(db, "150500").await?;
    put(
        db,
        &[
            copy(Channel::Mail, "7", "a", notice, 20),
            copy(Channel::Robot, "通辽", "a", notice, 15),
            copy(Channel::Mail, "8", "a", notice, 18),
            copy(Channel::Mail, "7", "b", notice, 17),
            copy(Channel::Mail, "7", "c", notice, 99),
        ],
    )
    .await?;
    assert_eq!(claim(db, "early", None, 14).await?, []);
    let told = |found: &[Copy]| -> Vec<(Channel, String, i64)> {
        let one = |c: &Copy| (c.channel, c.recipient.clone(), c.due_since);
        found.iter().map(one).collect()
    };
    // Whoever has waited longest comes first, with all that is due for them.
    let robot = claim(db, "1", None, 30).await?;
    assert_eq!(told(&robot), [(Channel::Robot, "通辽".to_owned(), 15)]);
    let seven = claim(db, "2", None, 30).await?;
    let expected = [20, 17].map(|since| (Channel::Mail, "7".to_owned(), since));
    assert_eq!(told(&seven), expected);
    assert_eq!(seven[0].notice.project_id, Some(17));
    assert_eq!(claim(db, "3", Some(Channel::Mail), 30).await?, []);
    let eight = claim(db, "3", None, 30).await?;
    assert_eq!(told(&eight), [(Channel::Mail, "8".to_owned(), 18)]);
    assert_eq!(claim(db, "4", None, 30).await?, [], "all is somebody's");
    // Whoever had the robot's died; the others ended theirs.
    let tx = db.begin().await?;
    for (claim, n) in [("2", 2), ("3", 1), ("nobody's", 0)] {
        let sent = notices::outbox_end(&tx, claim, Dispatched::Sent, "", 31).await?;
        assert_eq!(sent, n, "{claim}");
    }
    tx.commit().await?;
    assert_eq!(
        claim(db, "5", None, 130).await?.len(),
        1,
        "the one left for later"
    );
    let taken_over = claim(db, "6", None, 131).await?;
    assert_eq!(told(&taken_over), told(&robot));
    assert_eq!(taken_over[0].attempts, 2);
    // The first server comes back to life: what it had is not its any more.
    let tx = db.begin().await?;
    let late = notices::outbox_end(&tx, "1", Dispatched::Sent, "", 132).await?;
    tx.commit().await?;
    assert_eq!(late, 0);
    Ok(())
}

async fn a_failed_copy_waits_and_is_given_up_or_tried_again(db: &Db) -> Outcome {
    let notice = write(db, "150500").await?;
    put(db, &[copy(Channel::Mail, "7", "a", notice, 20)]).await?;
    let first = claim(db, "1", None, 20).await?[0].outbox_id;
    let tx = db.begin().await?;
    notices::outbox_later(&tx, "1", first, 50, "refused").await?;
    tx.commit().await?;
    assert_eq!(claim(db, "2", None, 49).await?, []);
    let tally = notices::outbox_tally(db).await?;
    let troubled = OutboxTally {
        troubled: 1,
        ..OutboxTally::default()
    };
    assert_eq!(tally, troubled);
    assert_eq!(claim(db, "3", None, 50).await?[0].attempts, 2);
    let tx = db.begin().await?;
    notices::outbox_end(&tx, "3", Dispatched::Failed, "no such mailbox", 51).await?;
    assert!(notices::outbox_again(&tx, first, 60).await?);
    assert!(!notices::outbox_again(&tx, first + 1, 60).await?);
    tx.commit().await?;
    let rows = notices::outbox_list(db, Some(Dispatched::Waiting), 0, 10).await?;
    assert_eq!(rows.len(), 1);
    let row = &rows[0];
    assert_eq!(
        (
            row.kind.as_str(),
            row.channel.as_str(),
            row.recipient.as_str()
        ),
        ("chase", "mail", "7")
    );
    assert_eq!((row.not_before_at, row.ended_at), (60, None));
    assert_eq!(row.last_error, "no such mailbox");
    assert_eq!(
        notices::outbox_list(db, Some(Dispatched::Sent), 0, 10).await?,
        []
    );
    assert_eq!(claim(db, "4", None, 60).await?.len(), 1);
    let tx = db.begin().await?;
    notices::outbox_end(&tx, "4", Dispatched::Sent, "", 61).await?;
    assert!(!notices::outbox_again(&tx, first, 70).await?, "it was sent");
    tx.commit().await?;
    let all = notices::outbox_list(db, None, 0, 10).await?;
    assert_eq!((all[0].state.as_str(), all[0].ended_at), ("sent", Some(61)));
    Ok(())
}

async fn what_is_asked_for_too_early_or_by_nobody_is_no_attempt(db: &Db) -> Outcome {
    let notice = write(db, "150500").await?;
    let to = |reason| copy(Channel::Mail, "7", reason, notice, 20);
    put(db, &[to("a"), to("b"), to("c")]).await?;
    let claimed = claim(db, "1", None, 20).await?;
    let ids: Vec<i64> = claimed.iter().map(|one| one.outbox_id).collect();
    let tx = db.begin().await?;
    notices::outbox_put_off(&tx, "1", &ids[..1], 90).await?;
    notices::outbox_put_off(&tx, "another's", &ids[1..], 90).await?;
    notices::outbox_drop(&tx, "1", &ids[1..2], 21).await?;
    notices::outbox_end(&tx, "1", Dispatched::Sent, "", 22).await?;
    tx.commit().await?;
    let rows = notices::outbox_list(db, None, 0, 10).await?;
    let mut states: Vec<_> = rows
        .iter()
        .map(|row| (row.outbox_id, row.state.as_str(), row.attempts))
        .collect();
    states.sort_unstable();
    let wanted = [
        (ids[0], "waiting", 0),
        (ids[1], "dropped", 1),
        (ids[2], "sent", 1),
    ];
    assert_eq!(states, wanted);
    assert_eq!(claim(db, "2", None, 89).await?, []);
    assert_eq!(claim(db, "3", None, 90).await?[0].attempts, 1);
    Ok(())
}
