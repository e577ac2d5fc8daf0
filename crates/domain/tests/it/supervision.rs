//! Rounds, proposed states, who may report and verify, the figures of a bulletin, letters.

use gangmu_calendar::{Calendar, Holidays};
use gangmu_domain::Period;
use gangmu_domain::organisation::UserId;
use gangmu_domain::plans::{Direction, Indicator, Quantity, Source, Step, UnitOfMeasure};
use gangmu_domain::supervision::{
    Act, Course, Doing, Event, Ground, LetterAct, LetterCourse, LetterEvent, LetterRefused,
    LetterState, Moved, Proposal, Refused, Reporting, Rhythm, Round, Rules, State, propose,
    propose_whole, ranks, shares,
};
use jiff::civil::Date;

const CALENDAR: &str = include_str!("../../../../data/calendar/cn.csv");

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn period(text: &str) -> Period {
    text.parse().unwrap()
}

fn calendar() -> Calendar {
    Calendar::new("cn", &Holidays::parse(CALENDAR).unwrap()).unwrap()
}

fn rules() -> Rules {
    Rules {
        day: 25,
        moved: Moved::Before,
        opens: 10,
        ahead_above: 105,
        behind_below: 95,
        reply_within: 5,
        rungs: Vec::new(),
    }
}

#[test]
fn the_25th_moves_to_a_working_day_by_rule() {
    // 25 January 2026 is a Sunday, 25 December 2025 a Thursday.
    for (moved, month, due) in [
        (Moved::Before, "2026-01", "2026-01-23"),
        (Moved::After, "2026-01", "2026-01-26"),
        (Moved::Before, "2025-12", "2025-12-25"),
        (Moved::After, "2025-12", "2025-12-25"),
    ] {
        let rules = Rules { moved, ..rules() };
        let round = rules.round(&calendar(), period(month)).unwrap();
        assert_eq!(round.due_on, day(due), "{moved:?} {month}");
    }
    let round = rules().round(&calendar(), period("2026-01")).unwrap();
    assert_eq!(round.opens_on, day("2026-01-13"));
}

#[test]
fn rounds_come_in_their_rhythm_and_open_before_they_are_due() {
    let listed = |rhythm: Rhythm, today: &str| -> Vec<String> {
        let span = (period("2025-02"), period("2025-12"));
        let rounds = rules()
            .rounds(&calendar(), |period| rhythm.has(period), span, day(today))
            .unwrap();
        rounds.iter().map(|one| one.period.to_string()).collect()
    };
    assert_eq!(
        listed(Rhythm::Monthly, "2025-04-14"),
        ["2025-02", "2025-03"]
    );
    assert_eq!(listed(Rhythm::Monthly, "2025-04-15").len(), 3);
    assert_eq!(listed(Rhythm::Quarterly, "2026-06-01").len(), 4);
    assert!(listed(Rhythm::Monthly, "2025-01-31").is_empty());
}

fn indicator(unit: &str, target: i64, direction: Direction) -> Indicator {
    Indicator {
        key: 2,
        name: "完成投资".to_owned(),
        unit: UnitOfMeasure(unit.to_owned()),
        baseline: None,
        target: Quantity(target),
        due: day("2026-12-31"),
        direction,
        weight: 10,
        source: Source::Reported,
        takes_over: None,
        shares: Vec::new(),
        steps: Vec::new(),
    }
}

#[test]
fn a_state_is_proposed_by_what_should_be_reached_on_that_day() {
    let (from, end) = (day("2026-01-01"), day("2026-12-31"));
    // A straight line of 364 days: after 91 days a quarter, here 250.
    let quarter = day("2026-04-02");
    let up = indicator("个", 1_000, Direction::Up);
    let down = indicator("个", 1_000, Direction::Down);
    let share = indicator("%", 950_000, Direction::Up);
    let mut stepped = up.clone();
    stepped.steps = vec![Step {
        period: period("2026-03"),
        quantity: Quantity(100),
    }];
    for (one, value, on, state, ground) in [
        (&up, 262, quarter, State::OnTrack, Ground::Course),
        (&up, 263, quarter, State::Ahead, Ground::Course),
        (&up, 238, quarter, State::OnTrack, Ground::Course),
        (&up, 237, quarter, State::Behind, Ground::Course),
        (&up, 0, from, State::OnTrack, Ground::Course),
        (&up, -1, from, State::Behind, Ground::Course),
        (&up, 1_000, quarter, State::Completed, Ground::Target),
        (&up, 999, end, State::Behind, Ground::Due),
        (&stepped, 100, quarter, State::OnTrack, Ground::Course),
        (&stepped, 94, quarter, State::Behind, Ground::Course),
        (
            &stepped,
            0,
            day("2026-02-10"),
            State::OnTrack,
            Ground::Course,
        ),
        (&down, 250, quarter, State::OnTrack, Ground::Course),
        (&down, 237, quarter, State::Ahead, Ground::Course),
        (&down, 264, quarter, State::Behind, Ground::Course),
        (&down, 900, end, State::Completed, Ground::Target),
        (&share, 950_000, quarter, State::Ahead, Ground::Target),
        (&share, 900_000, quarter, State::Other, Ground::NoCourse),
        (&share, 950_000, end, State::Completed, Ground::Target),
    ] {
        let found = propose(&rules(), one, from, Some(Quantity(value)), on);
        assert_eq!(found, Some(Proposal { state, ground }), "{value} on {on}");
    }
    assert_eq!(propose(&rules(), &up, from, None, quarter), None);
    assert_eq!(propose_whole(end, end), None);
    let late = propose_whole(end, day("2027-01-01")).unwrap();
    assert_eq!((late.state, late.ground), (State::Behind, Ground::Due));
}

fn doing(by: i64) -> Doing {
    Doing {
        by: UserId(by),
        round: Round {
            period: period("2026-01"),
            opens_on: day("2026-01-13"),
            due_on: day("2026-01-23"),
        },
        closed: false,
        today: day("2026-01-20"),
    }
}

fn report(state: State, proposed: Option<State>, reason: &str) -> Act {
    Act::Report {
        state,
        proposed: proposed.map(|state| Proposal {
            state,
            ground: Ground::Course,
        }),
        value: "80 亿元".to_owned(),
        expected: "90 亿元".to_owned(),
        text: "已开工三项".to_owned(),
        reason: reason.to_owned(),
    }
}

fn verify(state: State, reason: &str) -> Act {
    Act::Verify {
        state,
        note: "查阅台账".to_owned(),
        reason: reason.to_owned(),
    }
}

fn course(acts: &[(i64, Act)]) -> Course {
    let event = |(seq, (user, act)): (i64, &(i64, Act))| Event {
        seq,
        on: day("2026-01-20"),
        at: seq,
        user: UserId(*user),
        act: act.clone(),
    };
    Course::of((1..).zip(acts).map(event).collect())
}

#[test]
fn whoever_reports_confirms_or_says_why_and_somebody_else_verifies() {
    use State::{Behind, OnTrack, Other};
    let judge =
        |before: &[(i64, Act)], act: &Act, by| rules().judge(&course(before), act, doing(by));
    let fine = report(OnTrack, Some(OnTrack), "");
    assert_eq!(judge(&[], &fine, 1), Ok(()));
    assert_eq!(judge(&[], &report(Other, None, ""), 1), Ok(()));
    let against = report(OnTrack, Some(Behind), " ");
    assert_eq!(judge(&[], &against, 1), Err(Refused::Missing("reason")));
    assert_eq!(
        judge(&[], &report(OnTrack, Some(Behind), "设备未计"), 1),
        Ok(())
    );
    assert_eq!(
        judge(&[], &verify(OnTrack, ""), 2),
        Err(Refused::NotReported)
    );
    let reported = [(1, fine.clone())];
    assert_eq!(
        judge(&reported, &verify(OnTrack, ""), 1),
        Err(Refused::OwnReport)
    );
    assert_eq!(judge(&reported, &verify(OnTrack, ""), 2), Ok(()));
    let other = judge(&reported, &verify(Behind, ""), 2);
    assert_eq!(other, Err(Refused::Missing("reason")));
    let verified = [(1, fine.clone()), (2, verify(Behind, "现场未见"))];
    assert_eq!(judge(&verified, &fine, 1), Err(Refused::Verified));
    let check = Act::SpotCheck {
        sound: false,
        findings: "未见设备".to_owned(),
    };
    assert_eq!(judge(&reported, &check, 1), Err(Refused::OwnReport));
    assert_eq!(judge(&[], &check, 2), Ok(()));
    let mut after = doing(1);
    after.closed = true;
    let closed = rules().judge(&course(&[]), &fine, after);
    assert_eq!(closed, Err(Refused::Closed));
    let mut before = doing(1);
    before.today = day("2026-01-12");
    let early = rules().judge(&course(&[]), &fine, before);
    assert_eq!(early, Err(Refused::NotOpen(day("2026-01-13"))));
    let found = course(&verified);
    assert_eq!((found.state(), found.overruled()), (Some(Behind), true));
    assert_eq!(found.reported_on(), Some(day("2026-01-20")));
    assert_eq!(course(&[]).state(), None);
}

/// 金寨县 2025 上半年：145 项工作分解为 222 个具体内容，欠进度 17 个占 7.7 %.
#[test]
fn shares_add_up_as_printed_and_say_which_was_fitted() {
    use State::{Ahead, Behind, Completed, OnTrack, Other};
    let counts = [
        (Ahead, 10),
        (OnTrack, 162),
        (Behind, 17),
        (Completed, 24),
        (Other, 9),
    ];
    let states = counts.iter().flat_map(|(state, n)| vec![*state; *n]);
    let found = shares(states);
    let tenths: Vec<(State, i64, bool)> = found
        .iter()
        .map(|one| (one.state, one.tenths, one.fitted))
        .collect();
    // 9 of 222 are 4.05 %: nearest 4.1, which would make 100.1 with the others.
    assert_eq!(
        tenths,
        [
            (Ahead, 45, false),
            (OnTrack, 730, false),
            (Behind, 77, false),
            (Completed, 108, false),
            (Other, 40, true),
        ]
    );
    assert_eq!(found.iter().map(|one| one.count).sum::<i64>(), 222);
    assert_eq!(found.iter().map(|one| one.tenths).sum::<i64>(), 1_000);
    assert!(shares([]).iter().all(|one| one.tenths == 0 && !one.fitted));
    for n in 1..40_usize {
        let states = (0..n).map(|at| State::ALL[at * at % 5]);
        let sum: i64 = shares(states).iter().map(|one| one.tenths).sum();
        assert_eq!(sum, 1_000, "{n} items");
    }
}

#[test]
fn those_who_are_alike_share_a_rank() {
    let offices = [(1, 2, 0), (3, 3, 0), (2, 4, 0), (1, 2, 1), (0, 5, 0)];
    assert_eq!(ranks(&offices), [2, 1, 2, 4, 5]);
}

#[test]
fn a_letter_is_answered_and_looked_at_again_by_another_until_it_is_settled() {
    let today = day("2026-02-01");
    let reply = LetterAct::Reply {
        text: "已补报".to_owned(),
    };
    let recheck = |settled, reply_by: Option<&str>| LetterAct::Recheck {
        settled,
        note: "仍缺台账".to_owned(),
        reply_by: reply_by.map(day),
    };
    let course = |acts: &[(i64, LetterAct)]| {
        let event = |(seq, (user, act)): (i64, &(i64, LetterAct))| LetterEvent {
            seq,
            on: today,
            at: seq,
            user: UserId(*user),
            act: act.clone(),
        };
        let events: Vec<LetterEvent> = (1..).zip(acts).map(event).collect();
        LetterCourse::of(day("2026-01-30"), &events)
    };
    let sent = course(&[]);
    assert_eq!(sent.state, LetterState::Awaiting);
    let early = sent.judge(&recheck(true, None), UserId(2), today);
    assert_eq!(early, Err(LetterRefused::NotNow(LetterState::Awaiting)));
    let nothing = LetterAct::Reply {
        text: " ".to_owned(),
    };
    let found = sent.judge(&nothing, UserId(1), today);
    assert_eq!(found, Err(LetterRefused::Missing("text")));
    assert_eq!(sent.judge(&reply, UserId(1), today), Ok(()));
    let replied = course(&[(1, reply.clone())]);
    let own = replied.judge(&recheck(true, None), UserId(1), today);
    assert_eq!(own, Err(LetterRefused::OwnReply));
    let without = replied.judge(&recheck(false, None), UserId(2), today);
    assert_eq!(without, Err(LetterRefused::Missing("reply_by")));
    let past = replied.judge(&recheck(false, Some("2026-02-01")), UserId(2), today);
    assert_eq!(past, Err(LetterRefused::ReplyBy));
    let again = course(&[(1, reply.clone()), (2, recheck(false, Some("2026-02-09")))]);
    assert_eq!(
        (again.state, again.reply_by),
        (LetterState::Awaiting, day("2026-02-09"))
    );
    let settled = course(&[(1, reply.clone()), (2, recheck(true, None))]);
    assert_eq!((settled.state, settled.version), (LetterState::Settled, 2));
    let after = settled.judge(&reply, UserId(1), today);
    assert_eq!(after, Err(LetterRefused::NotNow(LetterState::Settled)));
}

#[test]
fn what_was_completed_needs_no_report_and_what_nobody_reported_is_other() {
    let (none, reported) = (course(&[]), course(&[(1, report(State::Behind, None, ""))]));
    let verified = course(&[
        (1, report(State::Completed, None, "")),
        (2, verify(State::OnTrack, "验收未完成")),
    ]);
    for (course, before, due_passed, state, reporting) in [
        (&none, None, false, State::Other, Reporting::Open),
        (
            &none,
            Some(State::Ahead),
            true,
            State::Other,
            Reporting::Missing,
        ),
        (
            &none,
            Some(State::Completed),
            true,
            State::Completed,
            Reporting::Carried,
        ),
        (
            &reported,
            Some(State::Completed),
            true,
            State::Behind,
            Reporting::Reported,
        ),
        (&verified, None, false, State::OnTrack, Reporting::Verified),
    ] {
        assert_eq!(course.standing(before, due_passed), (state, reporting));
    }
}
