//! What the record of our own cases teaches. The walk of `approvals` ends in [`taught`], so that
//! the figures are those of its hand-computed table.

use gangmu_app::approvals::{
    Among, Asked, By, CaseInput, PartsView, RecordQuery, Spread, TimingRow, View,
};
use gangmu_app::domain::approvals::{Act, MatterGroup};
use gangmu_app::domain::library::{Field, Value};
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::Exit;
use gangmu_app::event_logs::{AnalyseOptions, Drawn, LogFormat, analyse};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::approvals::{Hall, grant, plant, receive};
use crate::support::{BANNER, REGION, Tried, cells, day, said, text, why, with};

each_engine!(
    a_cut_frees_days_on_the_critical_path_and_nowhere_else,
    what_lies_past_its_limit_is_late_before_it_is_decided,
    what_a_closed_case_left_undecided_counts_nowhere_from_that_day_on,
    each_sees_the_record_of_their_own_projects_and_takes_out_what_they_may,
);

/// Total, clock, waiting, suspended, applicant, when there is one matter of a kind.
fn parts(days: PartsView) -> [i64; 5] {
    let one = |spread: Option<Spread>| spread.map_or(-1, |one| one.median);
    [
        one(days.total),
        one(days.clock),
        one(days.waiting),
        one(days.suspended),
        one(days.applicant),
    ]
}

fn row<'r>(rows: &'r [TimingRow], code: &str) -> &'r TimingRow {
    let mut rows = rows.iter();
    rows.find(|one| one.code == code).expect("a row")
}

/// The table of the walk, in working days. 02-15 to 02-23 are off, 02-14 and 02-28 are worked.
///
/// | matter | whole | clock | waiting | suspended | applicant |
/// |---|---|---|---|---|---|
/// | A02 | 01-23 to 02-04 | 8 | | | |
/// | A05 | 01-05 to 01-23: 14 | 9 | 6, 7: 2 | | 8, 9, 12: 3 |
/// | A06 | 01-05 to 02-05: 23 | 6 + 12 | | 14–16, 19, 20: 5 | |
/// | A08 | 01-05 to 02-02: 20 | 17 | 6–8: 3 | | |
/// | A19 | 02-13 to 02-28: 6 | 5 | 02-14: 1 | | |
/// | A24 | 03-09 to 03-18: 7 | 10–12, 18: 4 | | | 13, 16, 17: 3 |
pub async fn taught(h: &Hall) -> Tried<()> {
    let app = &h.w.app;
    let query = RecordQuery::default();
    let timing = app.approval_timing(&h.w.system, &query, By::Matter).await?;
    let table: Vec<(&str, [i64; 5])> = timing
        .rows
        .iter()
        .map(|row| (row.code.as_str(), parts(row.days)))
        .collect();
    let expected = [
        ("A02", [8, 8, 0, 0, 0]),
        ("A05", [14, 9, 2, 0, 3]),
        ("A06", [23, 18, 0, 5, 0]),
        ("A08", [20, 17, 3, 0, 0]),
        ("A17", [4, 4, 0, 0, 0]),
        ("A18", [6, 6, 0, 0, 0]),
        ("A19", [6, 5, 1, 0, 0]),
        ("A20", [4, 4, 0, 0, 0]),
        ("A24", [7, 4, 0, 0, 3]),
    ];
    assert_eq!(table, expected);
    let total = &timing.total;
    assert_eq!((total.decided, total.open, total.refused), (9, 0, 0));
    assert_eq!((total.returned, total.returned_of), (1, 9));
    // Seven of the nine have a limit of the law; all kept it.
    assert_eq!((total.statutory_kept, total.statutory_of), (7, 7));
    assert_eq!(total.days.total.map(|one| one.p80), Some(20));

    // Verification took 8 days where 15 are the best promised elsewhere; the land opinion is
    // given on the day elsewhere, and drawings are looked at in 3 days where we took 4.
    let advanced = |code: &str| row(&timing.rows, code).advanced;
    assert_eq!(advanced("A02"), Some(true));
    assert_eq!(advanced("A05"), Some(false));
    assert_eq!(advanced("A20"), Some(false));
    assert_eq!(advanced("A17"), None);
    let best = row(&timing.rows, "A02").benchmark.as_ref();
    assert_eq!(best.map(|one| one.days), Some(15));

    assert_eq!(offices(h, By::Unit).await?, "内蒙古 1, 科尔沁区 8");
    behind(h).await?;
    processes(h).await?;
    periods(h).await
}

/// Every count of every line opens as many matters, those that took longest first.
async fn behind(h: &Hall) -> Tried<()> {
    let app = &h.w.app;
    let query = RecordQuery::default();
    for by in By::ALL {
        let view = app.approval_timing(&h.w.system, &query, by).await?;
        for row in &view.rows {
            let own = |code: &str| (!code.is_empty()).then(|| code.to_owned());
            let narrowed = RecordQuery {
                item: own(&row.code),
                department: row.department.as_ref().map(|one| one.code.clone()),
                office: row.unit.as_ref().map(|one| one.code.clone()),
                ..query.clone()
            };
            for (among, count) in [
                (Among::All, row.decided + row.open),
                (Among::Decided, row.decided),
                (Among::Refused, row.refused),
                (Among::Open, row.open),
                (Among::OpenLate, row.open_late),
                (Among::PromiseMissed, row.promised_of - row.promised_kept),
                (Among::LawMissed, row.statutory_of - row.statutory_kept),
                (Among::Returned, row.returned),
            ] {
                let page = app
                    .approval_timing_matters(&h.w.system, &narrowed, among, 1)
                    .await?;
                assert_eq!(page.rows.len(), count, "{by:?} {among:?} {row:?}");
                assert_eq!(page.total, i64::try_from(count)?);
            }
        }
    }
    let page = app
        .approval_timing_matters(&h.w.system, &query, Among::All, 1)
        .await?;
    let longest: Vec<(&str, i64)> = page
        .rows
        .iter()
        .map(|row| (row.code.as_str(), row.total))
        .collect();
    assert_eq!(longest[..3], [("A06", 23), ("A08", 20), ("A05", 14)]);
    let parts = page.rows[2].days.expect("decided");
    assert_eq!(
        [parts.clock, parts.waiting, parts.suspended, parts.applicant],
        [9, 2, 0, 3]
    );
    assert!(page.rows[2].returned);
    let beyond = app
        .approval_timing_matters(&h.w.system, &query, Among::All, 2)
        .await?;
    assert_eq!((beyond.rows.len(), beyond.total), (0, 9));
    let nowhere = RecordQuery {
        office: Some("999999".to_owned()),
        ..query.clone()
    };
    let refused = app
        .approval_timing_matters(&h.w.system, &nowhere, Among::All, 1)
        .await;
    assert_eq!(said(&refused), "field.unknown_word at office (999999)");
    let made = app.export_timing(&h.w.system, &query, By::Matter).await?;
    let ending = format!("审批办理时效-分事项-{}.xlsx", page.as_of);
    assert!(made.name.ends_with(&ending), "{}", made.name);
    let sheet = cells(&made, 0)?;
    let mut rows = sheet.iter();
    let land = rows.find(|row| row.get(1).is_some_and(|name| name.contains("用地预审")));
    let land = land.expect("a row");
    // Decided, refused, open, late; whole, clock, waiting, special, applicant: median and P80.
    assert_eq!(
        land[4..19],
        [
            "1", "0", "0", "0", "14", "14", "14", "9", "9", "2", "2", "0", "0", "3", "3"
        ]
    );
    assert_eq!(land[24..27], ["0", "内蒙古某市", "未达到"]);
    Ok(())
}

async fn offices(h: &Hall, by: By) -> Tried<String> {
    let app = &h.w.app;
    let view = app
        .approval_timing(&h.w.system, &RecordQuery::default(), by)
        .await?;
    let lines = view.rows.iter().map(|row| {
        let unit = row.unit.as_ref().map_or("", |unit| &unit.name);
        format!("{unit} {}", row.decided)
    });
    Ok(lines.collect::<Vec<_>>().join(", "))
}

/// What our own reader finds in the log is what the page shows.
async fn processes(h: &Hall) -> Tried<()> {
    let (app, query) = (&h.w.app, RecordQuery::default());
    for (view, format) in [
        (View::Matters, LogFormat::Xes),
        (View::Matters, LogFormat::XesGzip),
        (View::Projects, LogFormat::Xes),
        (View::Matters, LogFormat::Ocel),
    ] {
        let ours = app
            .approval_process(&h.w.system, &query, view, Drawn::Usual)
            .await?;
        let written = app.approval_log(&h.w.system, &query, view, format).await?;
        let options = AnalyseOptions {
            object: Some("matter".to_owned()),
            ..AnalyseOptions::default()
        };
        let found = analyse(&written.bytes, &options)?;
        assert_eq!((found.cases, found.events), (ours.cases, ours.events));
        assert_eq!((written.cases, written.events), (ours.cases, ours.events));
        assert_eq!((found.events_left_out, found.values_left_out), (0, 0));
        let counts = |steps: &[gangmu_app::event_logs::StepView]| -> Vec<usize> {
            steps.iter().map(|step| step.count).collect()
        };
        assert_eq!(counts(&found.graph.steps), counts(&ours.graph.steps));
        assert_eq!(found.graph.backward, 0);
        if (view, format) == (View::Matters, LogFormat::Xes) {
            let deadlines = found.deadlines.expect("deadlines");
            assert_eq!((deadlines.closed, deadlines.late), (9, 0));
        }
    }
    let ours = app
        .approval_process(&h.w.system, &query, View::Matters, Drawn::Usual)
        .await?;
    // Nine matters; the only loop is the application that was mended.
    assert_eq!((ours.cases, ours.events), (9, 34));
    let step = |from: &str, to: &str| {
        let mut steps = ours.graph.steps.iter();
        let found = steps.find(|step| (step.from.as_str(), step.to.as_str()) == (from, to));
        found.map(|step| (step.count, step.gap.median))
    };
    assert_eq!(step("receive", "accept"), Some((6, 0)));
    assert_eq!(step("ask_correction", "correct"), Some((1, 3)));
    assert_eq!(step("suspend", "resume"), Some((1, 5)));
    assert_eq!(step("receive", "forward"), Some((1, 1)));
    Ok(())
}

/// Asked for a time, the record tells what was decided in it, as it stood at its end.
async fn periods(h: &Hall) -> Tried<()> {
    let january = RecordQuery {
        from: Some(day("2026-01-01")),
        until: Some(day("2026-02-01")),
        ..RecordQuery::default()
    };
    let app = &h.w.app;
    let view = app
        .approval_timing(&h.w.system, &january, By::Matter)
        .await?;
    let codes: Vec<&str> = view.rows.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["A02", "A05", "A06", "A08", "A17"]);
    assert_eq!((view.total.decided, view.total.open), (2, 3));
    assert_eq!(view.as_of, "2026-01-31");
    let land = RecordQuery {
        group: Some(MatterGroup::Assessment),
        from: Some(day("2026-02-01")),
        ..RecordQuery::default()
    };
    let view = app.approval_timing(&h.w.system, &land, By::Matter).await?;
    let codes: Vec<&str> = view.rows.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes, ["A06", "A08"]);
    Ok(())
}

/// The plant's matters take 107 working days over A17, A02, A18, A19, A20 and A24; a second plant
/// is planned for so late that nothing holds it up.
async fn a_cut_frees_days_on_the_critical_path_and_nowhere_else(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    let late = with(plant(), Field::Name, text("二期项目"));
    let late = with(late, Field::PlannedStart, Value::Date(day("2026-11-02")));
    let late = h.w.enter(&late).await?;
    h.w.app
        .case_create(&h.w.system, late, CaseInput::default())
        .await?;
    let what_if = async |asked: Option<Asked>| {
        let app = &h.w.app;
        app.approval_what_if(&h.w.system, None, 1, asked.as_ref())
            .await
    };
    let view = what_if(None).await?;
    assert_eq!((view.cases, view.asked.is_none()), (2, true));
    let frees: Vec<(&str, i64)> = view
        .cuts
        .iter()
        .map(|one| (one.change.matter.as_str(), one.days))
        .collect();
    assert_eq!(frees.len(), 9);
    let (first, rest) = frees.split_at(6);
    let mut first = first.to_vec();
    first.sort_unstable();
    let critical = ["A02", "A17", "A18", "A19", "A20", "A24"];
    assert_eq!(first, critical.map(|code| (code, 1)));
    assert!(rest.iter().all(|(_, days)| *days == 0));

    let cut = |matter: &str, days| {
        Some(Asked::Cut {
            matter: matter.to_owned(),
            days,
        })
    };
    let view = what_if(cut("A02", 15)).await?;
    let asked = view.asked.expect("an effect");
    assert_eq!((asked.cases, asked.earlier, asked.days), (2, 1, 15));
    let project = &view.projects[0];
    assert_eq!((project.project_id, project.days), (h.id.0, 15));
    // 107 and 92 working days after 01-05.
    assert_eq!(project.start_on.as_deref(), Some("2026-06-12"));
    assert_eq!(project.then_on.as_deref(), Some("2026-05-22"));

    // Planning permit beside the verification it waits for: it begins 20 days earlier.
    let beside = Asked::Parallel {
        first: "A02".to_owned(),
        second: "A18".to_owned(),
    };
    let view = what_if(Some(beside)).await?;
    assert_eq!(view.asked.map(|one| one.days), Some(20));
    assert_eq!(view.parallels[0].days, 20);
    let refused = what_if(cut("A99", 1)).await;
    assert_eq!(said(&refused), "field.unknown_word at matter (A99)");

    // Nobody is made to wait longer, and by some month one can start that could not before.
    assert!(view.starts.iter().all(|one| one.then >= one.now));
    let months: Vec<(&str, usize, usize)> = view
        .starts
        .iter()
        .map(|one| (one.month.as_str(), one.now, one.then))
        .collect();
    assert_eq!(
        months,
        [("2026-05", 0, 1), ("2026-06", 1, 1), ("2026-11", 2, 2)]
    );
    // A matter of the catalogue that no running project needs frees nothing, and is no mistake.
    let none = what_if(cut("A16", 1)).await?.asked.expect("an effect");
    assert_eq!((none.cases, none.earlier, none.days), (0, 0, 0));
    assert_eq!(none.change.matter, "A16");

    // What is decided frees nothing any more; what runs has only its rest to cut.
    for act in [receive(), Act::Accept] {
        h.act(&h.banner, "A17", act).await?;
    }
    h.w.on("2026-01-09");
    h.act(&h.banner, "A17", grant("维稳评〔2026〕1号")).await?;
    let view = what_if(None).await?;
    let frees = |code: &str| {
        let mut cuts = view.cuts.iter();
        cuts.find(|one| one.change.matter == code)
            .map(|one| (one.cases, one.days))
    };
    assert_eq!(frees("A17"), Some((1, 0)), "only the late plant needs it");
    Ok(())
}

async fn what_lies_past_its_limit_is_late_before_it_is_decided(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for act in [receive(), Act::Accept] {
        h.act(&h.banner, "A05", act).await?;
    }
    let app = &h.w.app;
    let kept = async || {
        let query = RecordQuery::default();
        let view = app.approval_timing(&h.w.system, &query, By::Matter).await?;
        let row = row(&view.rows, "A05");
        let kept = (row.promised_kept, row.promised_of);
        Tried::Ok((row.open, row.open_late, kept, row.days.total))
    };
    // Promised within 10 working days, to 01-19; the law gives 20.
    h.w.on("2026-01-19");
    assert_eq!(kept().await?, (1, 0, (0, 0), None));
    h.w.on("2026-01-20");
    assert_eq!(kept().await?, (1, 1, (0, 1), None));
    Ok(())
}

/// Two matters are under way and one is decided when the project is cancelled on 01-19. From that
/// day on the two are in nobody's hands and never become late; asked about the day before, the
/// record still has them.
async fn what_a_closed_case_left_undecided_counts_nowhere_from_that_day_on(db: &Db) -> Outcome {
    let h = Hall::new(db).await?;
    for item in ["A05", "A06", "A17"] {
        for act in [receive(), Act::Accept] {
            h.act(&h.banner, item, act).await?;
        }
    }
    h.act(&h.banner, "A17", grant("维稳评〔2026〕1号")).await?;
    // It waits to be sent up from 01-05 on, which should have been that day.
    h.act(&h.banner, "A08", receive()).await?;
    let app = &h.w.app;
    h.w.on("2026-01-19");
    app.withdraw(&h.w.system, h.id, Exit::Cancelled, &why("资金不落实"))
        .await?;
    let counted = async |until: Option<&str>| -> Tried<(usize, usize, usize, i64)> {
        let query = RecordQuery {
            until: until.map(day),
            ..RecordQuery::default()
        };
        let total = app.approval_timing(&h.w.system, &query, By::Unit).await?;
        let total = total.total;
        let behind = app
            .approval_timing_matters(&h.w.system, &query, Among::All, 1)
            .await?;
        Ok((total.decided, total.open, total.open_late, behind.total))
    };
    assert_eq!(counted(None).await?, (1, 0, 0, 1));
    h.w.on("2026-03-02");
    assert_eq!(counted(None).await?, (1, 0, 0, 1));
    // At the end of 01-18 three were under way, none of them past a limit for deciding.
    assert_eq!(counted(Some("2026-01-19")).await?, (1, 3, 0, 4));
    // What should have been sent up before the case was closed was late then, and stays it.
    let offices = app
        .approval_timeliness(&h.w.system, day("2026-01-01"), day("2026-02-01"))
        .await?;
    let sent: Vec<(i64, i64)> = offices
        .iter()
        .map(|one| (one.forwarding, one.forwarded_in_time))
        .collect();
    assert_eq!(sent, [(1, 0)]);
    let rates = app.approval_rates(&h.w.system).await?;
    assert_eq!((rates.cases, rates.items, rates.done), (0, 0, 0));
    Ok(())
}

async fn each_sees_the_record_of_their_own_projects_and_takes_out_what_they_may(
    db: &Db,
) -> Outcome {
    let h = Hall::new(db).await?;
    h.act(&h.banner, "A05", receive()).await?;
    let app = &h.w.app;
    let elsewhere = h.w.clerk("150200").await?;
    let query = RecordQuery::default();
    let theirs = app
        .approval_process(&elsewhere, &query, View::Matters, Drawn::Usual)
        .await?;
    assert_eq!(theirs.cases, 0);
    let here = RecordQuery {
        unit: Some(BANNER.to_owned()),
        ..RecordQuery::default()
    };
    let refused = app.approval_timing(&elsewhere, &here, By::Unit).await;
    assert_eq!(said(&refused), "no such unit");
    let ours = h.w.clerk(BANNER).await?;
    let seen = app
        .approval_process(&ours, &here, View::Matters, Drawn::Usual)
        .await?;
    assert_eq!((seen.cases, seen.events), (1, 1));
    let keeper = h.w.person(Role::SystemAdministrator, REGION, "").await?;
    let taken = app
        .approval_log(&keeper, &query, View::Matters, LogFormat::Xes)
        .await;
    assert!(said(&taken).starts_with("refused export"));
    Ok(())
}
