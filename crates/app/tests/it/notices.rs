//! One inbox per person, and copies that go out once, whatever the mail server and the robots do.

use std::collections::BTreeMap;
use std::time::Duration;

use gangmu_app::domain::notices::{Dispatched, Preference};
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::notices::{
    Channels, MailServer, NoticesOf, Outgoing, Posted, PreferenceView, Robot, RobotKind, Secret,
    Security, Worded,
};
use gangmu_app::{Actor, App};
use gangmu_store::Db;
use gangmu_store::notices::outbox_claim;
use gangmu_testkit::{Outcome, each_engine};

use crate::receivers::{Behaviour, Receiver, free_port, mail_server, robot};
use crate::support::{BANNER, LEAGUE, SISTER, Tried, World, draft, period, said};

each_engine!(
    a_chase_stands_once_in_each_inbox_of_the_office,
    a_mail_server_that_is_down_for_a_day_loses_and_doubles_nothing,
    a_mailbox_that_is_refused_is_given_up_and_tried_again_when_asked,
    a_person_says_what_is_mailed_and_where,
    two_servers_send_one_reminder_once,
    a_server_that_dies_leaves_its_mail_to_another,
    whoever_leaves_or_chooses_otherwise_gets_no_mail_any_more,
    a_robot_is_handed_what_its_house_wants_and_no_names,
    a_robot_that_fails_is_tried_again_and_one_that_leads_elsewhere_is_not_followed,
    only_who_looks_after_the_channels_sees_the_outbox,
    quiet_hours_hold_for_second_attempts_too,
    what_nobody_wants_any_more_is_not_sent,
);

/// A region with a late return, and somebody to be chased.
struct Office {
    w: World,
    app: App,
    clerk: Actor,
}

fn channels(mail_port: Option<u16>, robots: Vec<Robot>) -> Channels {
    Channels {
        home: "https://gangmu.example".to_owned(),
        mail: mail_port.map(|port| MailServer {
            host: "127.0.0.1".to_owned(),
            port,
            security: Security::None,
            user: String::new(),
            password: Secret::default(),
            from: "纲目 <gangmu@example.gov.cn>".to_owned(),
        }),
        robots,
        patience: Duration::from_millis(500),
    }
}

impl Office {
    async fn new(db: &Db, channels: Channels) -> Tried<Self> {
        let w = World::new(db).await?;
        let id = w.enter(&draft("奈曼旗天然碱")).await?;
        w.adopt(2025, &[(id, Category::Continuing, 12_000)]).await?;
        w.open("2025-01").await?;
        let app = w.app.clone().with_channels(channels);
        let clerk = w.clerk(BANNER).await?;
        Ok(Self { w, app, clerk })
    }

    async fn chase(&self) -> Tried<()> {
        let month = period("2025-01");
        let chased = self.app.chase(&self.w.system, month, None).await?;
        assert_eq!(chased, 1);
        Ok(())
    }

    async fn mails(&self, who: &Actor, ways: &[(&str, &str)]) -> Tried<()> {
        let view = preference("horqin@example.gov.cn", ways);
        self.app.notice_preference_save(who, &view).await?;
        Ok(())
    }

    async fn send(&self) -> Tried<Posted> {
        Ok(self.app.outbox_send(&words).await?)
    }

    /// The states of all copies, newest first, with what went wrong.
    async fn outbox(&self) -> Tried<Vec<(String, String)>> {
        let page = self.app.outbox_page(&self.w.system, None, 1).await?;
        let row = |row: gangmu_app::notices::OutboxRowView| (row.state, row.last_error);
        Ok(page.rows.into_iter().map(row).collect())
    }
}

fn preference(address: &str, ways: &[(&str, &str)]) -> PreferenceView {
    let ways = ways
        .iter()
        .map(|(kind, way)| ((*kind).into(), (*way).into()));
    PreferenceView {
        version: 0,
        address: address.to_owned(),
        ways: ways.collect::<BTreeMap<String, String>>(),
        quiet_from: String::new(),
        quiet_to: String::new(),
        digest_time: String::new(),
    }
}

/// Words that show what they were made of.
fn words(outgoing: &Outgoing) -> Worded {
    let line = |notice: &gangmu_app::notices::NoticeView| {
        let (late, reason) = (notice.late, notice.reason.clone());
        let personal = outgoing.personal.then_some((notice.who.clone(), reason));
        format!("{} {late:?} {personal:?}", notice.kind)
    };
    let lines: Vec<String> = outgoing.notices.iter().map(line).collect();
    Worded {
        subject: format!("{} notices", lines.len()),
        text: lines.join("\n"),
    }
}

/// How many notices the subjects of these mails name.
fn subjects(server: &Receiver) -> Vec<String> {
    let subject = |mail: String| {
        let found = mail.lines().find_map(|line| line.strip_prefix("Subject: "));
        found.unwrap_or("none").to_owned()
    };
    server.handed().into_iter().map(subject).collect()
}

fn sent(n: usize) -> Posted {
    Posted {
        sent: n,
        ..Posted::default()
    }
}

async fn a_chase_stands_once_in_each_inbox_of_the_office(db: &Db) -> Outcome {
    let o = Office::new(db, Channels::default()).await?;
    let reporter = o.w.person(Role::Reporter, BANNER, "").await?;
    let sister = o.w.clerk(SISTER).await?;
    let league = o.w.clerk(LEAGUE).await?;
    for _ in 0..3 {
        o.chase().await?;
    }
    for (who, unread) in [(&o.clerk, 1), (&reporter, 1), (&sister, 0), (&league, 0)] {
        assert_eq!(o.app.notices_unread(who).await?, unread, "{}", who.name);
    }
    o.w.on("2025-01-07");
    o.chase().await?;
    let inbox = o.app.notice_page(&o.clerk, NoticesOf::Inbox, 1).await?;
    assert_eq!((inbox.rows.len(), inbox.unread), (2, 2), "another day");
    assert_eq!(inbox.rows[0].late, Some(1));
    o.app
        .notices_seen(&o.clerk, inbox.rows[1].notice_id)
        .await?;
    let inbox = o.app.notice_page(&o.clerk, NoticesOf::Inbox, 1).await?;
    let unread: Vec<bool> = inbox.rows.iter().map(|row| row.unread).collect();
    assert_eq!(unread, [true, false]);
    assert_eq!(o.app.notices_unread(&reporter).await?, 2);
    // Who was chased, and how often, is on record.
    let all = o.app.notice_page(&league, NoticesOf::AllUnits, 1).await?;
    assert_eq!((all.rows.len(), all.unread), (4, 0));
    // Nobody has given an address, and there is no robot.
    assert_eq!(o.outbox().await?, []);
    Ok(())
}

async fn a_mail_server_that_is_down_for_a_day_loses_and_doubles_nothing(db: &Db) -> Outcome {
    let port = free_port();
    let o = Office::new(db, channels(Some(port), Vec::new())).await?;
    let reporter = o.w.person(Role::Reporter, BANNER, "").await?;
    o.mails(&o.clerk, &[]).await?;
    o.mails(&reporter, &[("chase", "digest")]).await?;
    o.chase().await?;
    // Nobody listens. A minute at a time until the next noon, when somebody is chased again.
    let mut tried = 0;
    for minute in 0..24 * 60 {
        let posted = o.send().await?;
        assert_eq!((posted.sent, posted.failed, posted.dropped), (0, 0, 0));
        tried += posted.put_off;
        if minute == 24 * 60 - 1 {
            o.chase().await?;
        }
        o.w.clock.advance(60);
    }
    assert!((10..80).contains(&tried), "{tried} attempts in a day");
    let page = o.app.outbox_page(&o.w.system, Some(Dispatched::Waiting), 1);
    let page = page.await?;
    assert_eq!(page.rows.len(), 4);
    assert_eq!(page.tally.waiting + page.tally.troubled, 4);
    assert!(
        page.rows
            .iter()
            .any(|row| row.attempts > 5 && row.last_error.contains("refused"))
    );
    // It comes back: the clerk gets both notices, the reporter the one of yesterday's digest and,
    // the next morning, the other.
    let server = mail_server(port, "250 fine");
    for _ in 0..24 * 60 {
        let posted = o.send().await?;
        assert_eq!((posted.put_off, posted.failed, posted.dropped), (0, 0, 0));
        o.w.clock.advance(60);
    }
    let mut subjects = subjects(&server);
    subjects.sort_unstable();
    let together: usize = subjects
        .iter()
        .map(|subject| {
            subject
                .split(' ')
                .next()
                .unwrap_or("")
                .parse::<usize>()
                .unwrap_or(99)
        })
        .sum();
    assert_eq!(together, 4, "each notice in one mail: {subjects:?}");
    let states = o.outbox().await?;
    assert_eq!(states, vec![("sent".to_owned(), String::new()); 4]);
    let mail = &server.handed()[0];
    for header in [
        "RCPT TO:<horqin@example.gov.cn>",
        "Auto-Submitted: auto-generated",
        "Message-ID: <gangmu-",
        "Date: ",
        "From: =?utf-8?b?",
    ] {
        assert!(mail.contains(header), "{header}\n{mail}");
    }
    Ok(())
}

async fn a_mailbox_that_is_refused_is_given_up_and_tried_again_when_asked(db: &Db) -> Outcome {
    let port = free_port();
    let o = Office::new(db, channels(Some(port), Vec::new())).await?;
    o.mails(&o.clerk, &[]).await?;
    o.chase().await?;
    {
        let _refusing = mail_server(port, "550 no such mailbox");
        assert_eq!(o.send().await?.failed, 1);
        assert_eq!(o.send().await?, Posted::default());
    }
    let (state, error) = o.outbox().await?.remove(0);
    assert_eq!(state, "failed");
    assert!(error.contains("no such mailbox"), "{error}");
    let copy = o.app.outbox_page(&o.w.system, None, 1).await?.rows[0].outbox_id;
    let again = o.app.outbox_again(&o.clerk, copy).await;
    assert_eq!(
        said(&again),
        "refused manage_channels: system_administrator"
    );
    o.app.outbox_again(&o.w.system, copy).await?;
    {
        let _busy = mail_server(port, "451 come back later");
        assert_eq!(o.send().await?.put_off, 1, "not for good");
    }
    o.w.clock.advance(3_600);
    let server = mail_server(port, "250 fine");
    assert_eq!(o.send().await?, sent(1));
    assert_eq!(server.handed().len(), 1);
    let again = o.app.outbox_again(&o.w.system, copy).await;
    assert_eq!(said(&again), "no such copy", "it was sent");
    Ok(())
}

async fn a_person_says_what_is_mailed_and_where(db: &Db) -> Outcome {
    let o = Office::new(db, channels(None, Vec::new())).await?;
    let first = o.app.notice_preference(&o.clerk).await?;
    assert_eq!((first.version, first.address.as_str()), (0, ""));
    assert_eq!(first.ways["problem"], "at_once");
    let typed = PreferenceView {
        quiet_from: "20:00".to_owned(),
        digest_time: "26:00".to_owned(),
        ..preference("horqin", &[("gossip", "digest"), ("chase", "loudly")])
    };
    let saved = o.app.notice_preference_save(&o.clerk, &typed).await;
    assert_eq!(
        said(&saved),
        "notices.address_bad at address (horqin); notices.time_bad at digest_time (26:00); \
         notices.quiet_half at quiet_to; notices.way_bad at chase (loudly); \
         notices.way_bad at gossip (digest)"
    );
    let typed = PreferenceView {
        quiet_from: "20:00".to_owned(),
        quiet_to: "7:30".to_owned(),
        ..preference(" horqin@example.gov.cn ", &[("chase", "inbox")])
    };
    o.app.notice_preference_save(&o.clerk, &typed).await?;
    let saved = o.app.notice_preference_save(&o.clerk, &typed).await;
    assert_eq!(said(&saved), "preference changed");
    let read = o.app.notice_preference(&o.clerk).await?;
    assert_eq!(
        (read.version, read.address.as_str()),
        (1, "horqin@example.gov.cn")
    );
    assert_eq!(
        (read.quiet_from.as_str(), read.quiet_to.as_str()),
        ("20:00", "07:30")
    );
    assert_eq!(read.digest_time, "08:30");
    o.chase().await?;
    assert_eq!(o.outbox().await?, [], "a chase stays in the inbox");
    assert_eq!(o.app.notices_unread(&o.clerk).await?, 1);
    Ok(())
}

async fn two_servers_send_one_reminder_once(db: &Db) -> Outcome {
    let port = free_port();
    let server = mail_server(port, "250 fine");
    let o = Office::new(db, channels(Some(port), Vec::new())).await?;
    let mut people = vec![o.clerk.clone()];
    for role in [
        Role::Officer,
        Role::Leader,
        Role::Supervisor,
        Role::Approver,
    ] {
        people.push(o.w.person(role, BANNER, "").await?);
    }
    for who in &people {
        o.mails(who, &[]).await?;
    }
    o.chase().await?;
    let other = o.app.clone();
    let (mut one, mut two) = (0, 0);
    for _ in 0..people.len() {
        let (a, b) = tokio::join!(o.app.outbox_send(&words), other.outbox_send(&words));
        one += a?.sent;
        two += b?.sent;
    }
    assert_eq!(one + two, people.len());
    assert_eq!(server.handed().len(), people.len());
    assert!(
        subjects(&server)
            .iter()
            .all(|subject| subject == "1 notices")
    );
    Ok(())
}

async fn a_server_that_dies_leaves_its_mail_to_another(db: &Db) -> Outcome {
    let port = free_port();
    let server = mail_server(port, "250 fine");
    let o = Office::new(db, channels(Some(port), Vec::new())).await?;
    o.mails(&o.clerk, &[]).await?;
    o.chase().await?;
    let tx = o.w.db.begin().await?;
    let claimed = outbox_claim(&tx, "the dead one's", None, o.app.now(), 0).await?;
    tx.commit().await?;
    assert_eq!(claimed.len(), 1);
    o.w.clock.advance(9 * 60);
    assert_eq!(o.send().await?, Posted::default(), "it may still be at it");
    o.w.clock.advance(2 * 60);
    assert_eq!(o.send().await?, sent(1));
    assert_eq!(server.handed().len(), 1);
    Ok(())
}

async fn whoever_leaves_or_chooses_otherwise_gets_no_mail_any_more(db: &Db) -> Outcome {
    let port = free_port();
    let server = mail_server(port, "250 fine");
    let o = Office::new(db, channels(Some(port), Vec::new())).await?;
    let leaving = o.w.person(Role::Officer, BANNER, "").await?;
    for who in [&o.clerk, &leaving] {
        o.mails(who, &[]).await?;
    }
    o.chase().await?;
    let system = &o.w.system;
    o.app.user_set_disabled(system, leaving.user, true).await?;
    let none = PreferenceView {
        version: 1,
        ..preference("", &[])
    };
    o.app.notice_preference_save(&o.clerk, &none).await?;
    assert_eq!(o.send().await?.dropped, 2);
    assert_eq!(server.handed().len(), 0);
    // A closed account is not written to at all.
    o.w.on("2025-01-07");
    o.chase().await?;
    assert_eq!(o.outbox().await?.len(), 2);
    Ok(())
}

async fn quiet_hours_hold_for_second_attempts_too(db: &Db) -> Outcome {
    let port = free_port();
    let o = Office::new(db, channels(Some(port), Vec::new())).await?;
    let quiet = PreferenceView {
        quiet_from: "22:00".to_owned(),
        quiet_to: "7:30".to_owned(),
        ..preference("horqin@example.gov.cn", &[])
    };
    o.app.notice_preference_save(&o.clerk, &quiet).await?;
    o.chase().await?;
    // Nobody listens from noon until two at night.
    let mut attempts = Vec::new();
    for minute in 0..14 * 60 {
        o.send().await?;
        if minute == 10 * 60 || minute == 14 * 60 - 1 {
            let page = o.app.outbox_page(&o.w.system, None, 1).await?;
            attempts.push(page.rows[0].attempts);
        }
        o.w.clock.advance(60);
    }
    assert_eq!(attempts[0], attempts[1], "at night it is not even tried");
    let server = mail_server(port, "250 fine");
    for minute in 0..(5 * 60 + 30) {
        assert_eq!(o.send().await?.sent, 0, "minute {minute} of the night");
        o.w.clock.advance(60);
    }
    assert_eq!(o.send().await?, sent(1), "half past seven");
    assert_eq!(server.handed().len(), 1);
    Ok(())
}

async fn what_nobody_wants_any_more_is_not_sent(db: &Db) -> Outcome {
    let port = free_port();
    let server = mail_server(port, "250 fine");
    let o = Office::new(db, channels(Some(port), Vec::new())).await?;
    let moved = o.w.person(Role::Officer, BANNER, "").await?;
    let digest = o.w.person(Role::Leader, BANNER, "").await?;
    for who in [&o.clerk, &moved, &digest] {
        o.mails(who, &[]).await?;
    }
    o.chase().await?;
    // One chooses the inbox alone, one a digest; one loses the post the notice went to.
    for (who, way) in [(&o.clerk, "inbox"), (&digest, "digest")] {
        let typed = PreferenceView {
            version: 1,
            ..preference("horqin@example.gov.cn", &[("chase", way)])
        };
        o.app.notice_preference_save(who, &typed).await?;
    }
    let posts = gangmu_store::accounts::post_list(db, Some(moved.user)).await?;
    let tx = db.begin().await?;
    gangmu_store::accounts::post_delete(&tx, posts[0].id).await?;
    tx.commit().await?;
    let posted = o.send().await?;
    assert_eq!((posted.sent, posted.dropped, posted.put_off), (0, 2, 1));
    o.w.clock.advance(21 * 3_600);
    assert_eq!(o.send().await?.sent, 1, "the digest");
    assert_eq!(server.handed().len(), 1);
    Ok(())
}

fn group(name: &str, kind: RobotKind, address: String) -> Robot {
    Robot {
        name: name.to_owned(),
        kind,
        unit: BANNER.to_owned(),
        address: Secret::new(address),
        secret: Secret::new("SECthis is secret"),
        preference: Preference::default(),
        personal: false,
        locale: String::new(),
        allow_private: true,
    }
}

async fn a_robot_is_handed_what_its_house_wants_and_no_names(db: &Db) -> Outcome {
    let house = robot(Behaviour::good());
    let to = |path: &str| format!("http://127.0.0.1:{}{path}", house.port);
    let robots = vec![
        group("企业微信群", RobotKind::WeCom, to("/send?key=1")),
        group("钉钉群", RobotKind::DingTalk, to("/send?access_token=2")),
        Robot {
            personal: true,
            ..group("内部群", RobotKind::WeCom, to("/send?key=3"))
        },
        Robot {
            unit: SISTER.to_owned(),
            ..group("邻旗群", RobotKind::WeCom, to("/send?key=4"))
        },
    ];
    let o = Office::new(db, channels(None, robots)).await?;
    o.chase().await?;
    let (system, month) = (&o.w.system, period("2025-01"));
    o.app.period_close(system, month, Some(BANNER)).await?;
    let reason = "王某的数字有误";
    o.app.period_reopen(system, month, BANNER, reason).await?;
    assert_eq!(o.send().await?.sent, 3);
    let mut handed = house.handed();
    handed.sort();
    assert_eq!(handed.len(), 3, "{handed:?}");
    let text = |n: usize| handed[n].lines().nth(1).unwrap_or_default().to_owned();
    let open = r#"{"msgtype":"text","text":{"content":"chase Some(1) None\nreopened None None"}}"#;
    let now = o.app.now();
    let signed = format!("POST /send?access_token=2&timestamp={now}&sign=");
    assert!(handed[0].starts_with(&signed), "{}", handed[0]);
    assert!(
        handed[1].starts_with("POST /send?key=1 HTTP/1.1"),
        "{}",
        handed[1]
    );
    assert_eq!((text(0).as_str(), text(1).as_str()), (open, open));
    assert!(text(2).contains(reason), "{}", text(2));
    Ok(())
}

async fn a_robot_that_fails_is_tried_again_and_one_that_leads_elsewhere_is_not_followed(
    db: &Db,
) -> Outcome {
    let elsewhere = robot(Behaviour::good());
    let to = |receiver: &Receiver| format!("http://127.0.0.1:{}/send", receiver.port);
    let broken = robot(Behaviour::Answer(500, String::new()));
    let hanging = robot(Behaviour::Hang);
    let leading = robot(Behaviour::Redirect(to(&elsewhere)));
    let wecom = |name: &str, address| group(name, RobotKind::WeCom, address);
    let robots = vec![
        wecom("坏的", to(&broken)),
        wecom("不答的", to(&hanging)),
        wecom("转走的", to(&leading)),
        Robot {
            allow_private: false,
            ..wecom("内网的", to(&elsewhere))
        },
        Robot {
            allow_private: false,
            ..wecom(
                "内网名",
                format!("http://localhost:{}/send", elsewhere.port),
            )
        },
        wecom("好的", to(&elsewhere)),
    ];
    let o = Office::new(db, channels(None, robots)).await?;
    o.chase().await?;
    let posted = o.send().await?;
    assert_eq!((posted.sent, posted.put_off, posted.failed), (1, 2, 3));
    assert_eq!(elsewhere.handed().len(), 1, "only the one that is good");
    let page = o.app.outbox_page(&o.w.system, None, 1).await?;
    let of = |name: &str| {
        let row = page
            .rows
            .iter()
            .find(|row| row.recipient == name)
            .expect("a copy");
        (row.state.clone(), row.last_error.clone())
    };
    for (name, state, error) in [
        ("坏的", "waiting", "500"),
        ("不答的", "waiting", "does not answer"),
        ("转走的", "failed", "302"),
        ("内网的", "failed", "private"),
        ("内网名", "failed", "private"),
        ("好的", "sent", ""),
    ] {
        let (found, said) = of(name);
        assert_eq!(found, state, "{name}: {said}");
        assert!(said.contains(error), "{name}: {said}");
    }
    assert_eq!(
        o.send().await?,
        Posted::default(),
        "not before a minute has passed"
    );
    // Four days later those that do not answer are given up, and nothing was doubled.
    o.w.clock.advance(97 * 3_600);
    assert_eq!(o.send().await?.failed, 2);
    assert_eq!(of_state(&o, Dispatched::Failed).await?, 5);
    assert_eq!(elsewhere.handed().len(), 1);
    Ok(())
}

async fn of_state(o: &Office, state: Dispatched) -> Tried<usize> {
    let page = o.app.outbox_page(&o.w.system, Some(state), 1).await?;
    Ok(page.rows.len())
}

async fn only_who_looks_after_the_channels_sees_the_outbox(db: &Db) -> Outcome {
    let o = Office::new(db, Channels::default()).await?;
    let keeper = o.w.person(Role::SystemAdministrator, BANNER, "").await?;
    assert!(o.app.outbox_page(&keeper, None, 1).await.is_ok());
    let seen = o.app.outbox_page(&o.clerk, None, 1).await;
    assert_eq!(said(&seen), "refused manage_channels: system_administrator");
    Ok(())
}
