//! Who hears of a notice, when it is sent, when a failed sending is tried again.

use gangmu_domain::notices::{
    Audience, Holder, NoticeKind, Preference, Quiet, Way, again_at, minute_from_text, minute_text,
};
use gangmu_domain::organisation::{DepartmentId, Role, UnitLevel, UnitPath, UserId};
use jiff::civil::DateTime;
use proptest::prelude::*;

fn unit(codes: &str) -> UnitPath {
    UnitPath::from_stored(format!("/150000/{codes}/"))
}

#[test]
fn a_notice_reaches_the_office_it_goes_to_and_nobody_else() {
    let (league, banner, zone) = (
        unit("150500"),
        unit("150500/150502"),
        unit("150500/150502/Z"),
    );
    let energy = DepartmentId(7);
    let hears = |role, level, of: &UnitPath, department, audience: Audience<'_>| {
        audience.has(Holder {
            user: UserId(1),
            role,
            level,
            unit: of,
            department,
        })
    };
    let to = |unit| Audience {
        unit,
        department: None,
        role: None,
        reporter: None,
        only: None,
        from: UserId(9),
    };
    use Role as R;
    use UnitLevel::{Banner, League};
    // A league answers for itself, a banner for its zones too.
    assert!(hears(R::Clerk, League, &league, None, to(&league)));
    assert!(!hears(R::Clerk, League, &league, None, to(&banner)));
    assert!(hears(R::Clerk, Banner, &banner, None, to(&zone)));
    assert!(!hears(R::Clerk, Banner, &banner, None, to(&league)));
    // Those who read no figures are never written to; who sent it knows.
    assert!(!hears(
        R::SystemAdministrator,
        League,
        &league,
        None,
        to(&league)
    ));
    let own = Audience {
        only: None,
        from: UserId(1),
        ..to(&league)
    };
    assert!(!hears(R::Clerk, League, &league, None, own));
    // What is one department's is not another's; the commission hears of all.
    let of_energy = Audience {
        department: Some(energy),
        role: Some(R::Approver),
        reporter: Some(Some(UserId(2))),
        ..to(&league)
    };
    assert!(hears(R::Approver, League, &league, Some(energy), of_energy));
    assert!(!hears(
        R::Approver,
        League,
        &league,
        Some(DepartmentId(8)),
        of_energy
    ));
    assert!(hears(R::Clerk, League, &league, None, of_energy));
    assert!(!hears(R::Leader, League, &league, None, of_energy));
    let up = Audience {
        role: Some(R::Leader),
        ..of_energy
    };
    assert!(hears(R::Leader, League, &league, None, up));
    // A reporter hears of their own projects only.
    let mine = |reporter| Audience {
        reporter: Some(reporter),
        ..to(&banner)
    };
    assert!(hears(R::Reporter, Banner, &banner, None, to(&banner)));
    assert!(hears(
        R::Reporter,
        Banner,
        &banner,
        None,
        mine(Some(UserId(1)))
    ));
    assert!(!hears(
        R::Reporter,
        Banner,
        &banner,
        None,
        mine(Some(UserId(2)))
    ));
    assert!(!hears(R::Reporter, Banner, &banner, None, mine(None)));
}

fn at(text: &str) -> DateTime {
    text.parse().unwrap()
}

#[test]
fn a_copy_waits_for_the_end_of_quiet_hours_and_a_digest_for_its_hour() {
    let quiet = |from, to| {
        Some(Quiet {
            from: minute_from_text(from).unwrap(),
            to: minute_from_text(to).unwrap(),
        })
    };
    let check = |way, quiet, now: &str, expected: Option<&str>| {
        let preference = Preference {
            ways: [(NoticeKind::Chase, way)].into(),
            quiet,
            ..Preference::default()
        };
        let found = preference.send_from(NoticeKind::Chase, at(now));
        assert_eq!(found, expected.map(at), "{way:?} {quiet:?} {now}");
    };
    let night = quiet("20:00", "7:30");
    check(Way::Inbox, None, "2026-01-05T12:00", None);
    check(
        Way::AtOnce,
        None,
        "2026-01-05T23:10",
        Some("2026-01-05T23:10"),
    );
    check(
        Way::AtOnce,
        night,
        "2026-01-05T19:59",
        Some("2026-01-05T19:59"),
    );
    check(
        Way::AtOnce,
        night,
        "2026-01-05T20:00",
        Some("2026-01-06T07:30"),
    );
    check(
        Way::AtOnce,
        night,
        "2026-01-06T00:10",
        Some("2026-01-06T07:30"),
    );
    check(
        Way::AtOnce,
        night,
        "2026-01-06T07:30",
        Some("2026-01-06T07:30"),
    );
    check(
        Way::Digest,
        None,
        "2026-01-05T08:29",
        Some("2026-01-05T08:30"),
    );
    check(
        Way::Digest,
        None,
        "2026-01-05T08:30",
        Some("2026-01-06T08:30"),
    );
    let morning = quiet("07:00", "09:00");
    check(
        Way::Digest,
        morning,
        "2026-01-05T12:00",
        Some("2026-01-06T09:00"),
    );
    check(
        Way::AtOnce,
        quiet("08:00", "08:00"),
        "2026-01-05T08:00",
        Some("2026-01-05T08:00"),
    );
    assert_eq!(
        Preference::default().send_from(NoticeKind::Problem, at("2026-01-05T12:00")),
        Some(at("2026-01-05T12:00")),
        "a kind nobody chose a way for goes at once"
    );
}

#[test]
fn times_of_day_are_read_and_written() {
    for (text, read) in [
        ("08:30", Some(510)),
        ("8:05", Some(485)),
        ("00:00", Some(0)),
        ("23:59", Some(1439)),
        ("24:00", None),
        ("12:60", None),
        ("12", None),
        ("+1:00", None),
        ("", None),
    ] {
        assert_eq!(minute_from_text(text), read, "{text}");
    }
    assert_eq!(minute_text(485), "08:05");
}

#[test]
fn a_mail_server_that_is_down_is_asked_ever_less_often_and_given_up_after_four_days() {
    let minute = 60_000;
    let waits: Vec<i64> = (1..=9)
        .map(|attempts| again_at(attempts, 0, 0).unwrap() / minute)
        .collect();
    assert_eq!(waits, [1, 2, 4, 8, 16, 32, 60, 60, 60]);
    let (mut now, mut attempts) = (0, 0);
    while let Some(next) = again_at(attempts + 1, 0, now) {
        assert!(next > now);
        (now, attempts) = (next, attempts + 1);
    }
    assert_eq!(now / minute / 60, 95, "the last of {attempts} attempts");
}

proptest! {
    #[test]
    fn nothing_is_sent_in_quiet_hours_nor_before_it_was_written(
        from in 0_u16..1440, to in 0_u16..1440, digest_at in 0_u16..1440, minute in 0_i64..1440,
        digest in any::<bool>(),
    ) {
        let quiet = Quiet { from, to };
        let way = if digest { Way::Digest } else { Way::AtOnce };
        let preference = Preference {
            ways: [(NoticeKind::Problem, way)].into(),
            quiet: Some(quiet),
            digest_at,
        };
        let now = at("2026-01-05T00:00") + jiff::Span::new().minutes(minute);
        let sent = preference.send_from(NoticeKind::Problem, now).unwrap();
        prop_assert!(sent >= now);
        let of_day = u16::try_from(i32::from(sent.hour()) * 60 + i32::from(sent.minute())).unwrap();
        prop_assert!(!quiet.holds(of_day));
        let days = (sent.date() - now.date()).get_days();
        prop_assert!(days <= 2);
    }
}
