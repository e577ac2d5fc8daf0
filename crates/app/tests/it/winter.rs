//! Winters: the plan of a project, who may do what, the ledger, what it adds to the first quarter.

use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::{Category, Exit};
use gangmu_app::domain::winter::{Act, Phase, Plan};
use gangmu_app::notices::{DeadlineView, NoticesOf};
use gangmu_app::winter::{WinterInput, WinterQuery};
use gangmu_app::{Actor, AppError};
use gangmu_store::Db;
use gangmu_store::winter::{winter_lock, winter_put};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{BANNER, LEAGUE, SISTER, Tried, World, day, draft, period, said, why};

each_engine!(
    a_plan_is_filed_by_another_and_counts_towards_the_first_quarter,
    what_cannot_be_done_is_said_with_everything_that_is_missing,
    two_who_act_at_once_do_not_both_win,
    a_copy_that_is_wrong_is_found,
    the_roll_up_is_of_the_scope_whatever_rows_the_ledger_shows,
    what_is_suspended_or_has_left_counts_nowhere_and_nothing_is_done_with_it,
    a_plan_names_only_files_of_its_project,
    who_has_the_next_act_is_told_and_units_are_reminded_once,
);

fn plan() -> Plan {
    let measures = [
        "responsible",
        "materials",
        "concrete",
        "temperature",
        "safety",
        "lifting",
        "forecast",
    ];
    Plan {
        from: Some(day("2024-11-01")),
        to: Some(day("2025-03-20")),
        parts: "主厂房基础：混凝土1200立方米".to_owned(),
        investment: [
            (period("2024-12"), Yuan::wan(200)),
            (period("2025-01"), Yuan::wan(100)),
            (period("2025-02"), Yuan::wan(300)),
        ]
        .into(),
        workers: Some(40),
        measures: measures.map(str::to_owned).into(),
        further: String::new(),
        prepared_on: Some(day("2024-10-20")),
        supervised_on: Some(day("2024-10-22")),
        attachment: None,
    }
}

struct Site {
    w: World,
    id: ProjectId,
    clerk: Actor,
    league: Actor,
}

impl Site {
    async fn new(db: &Db) -> Tried<Self> {
        let w = World::new(db).await?;
        let id = w.enter(&draft("奈曼旗天然碱")).await?;
        w.build(id).await?;
        let clerk = w.clerk(BANNER).await?;
        let league = w.clerk(LEAGUE).await?;
        Ok(Self {
            w,
            id,
            clerk,
            league,
        })
    }

    async fn tell(&self, who: &Actor, act: Act) -> Result<i64, AppError> {
        self.tell_at(who, None, act).await
    }

    async fn tell_at(&self, who: &Actor, version: Option<i64>, act: Act) -> Result<i64, AppError> {
        let input = WinterInput {
            version,
            on: None,
            act,
        };
        self.w.app.winter_act(who, self.id, 2024, &input).await
    }
}

async fn the_roll_up_is_of_the_scope_whatever_rows_the_ledger_shows(db: &Db) -> Outcome {
    let s = Site::new(db).await?;
    s.tell(&s.clerk, Act::Plan(plan())).await?;
    s.tell(&s.clerk, Act::Submit).await?;
    let whole = s.w.app.winter_rollup(&s.league, &query(LEAGUE)).await?;
    let season = whole.season;
    let quarters = s.w.app.winter_quarters(&s.league, season, Some(LEAGUE));
    let quarters: Vec<_> = quarters
        .await?
        .into_iter()
        .map(|one| (one.unit.code, one.planned, one.all, one.forecast))
        .collect();
    let same: Vec<_> = whole
        .units
        .iter()
        .map(|one| {
            let code = one.unit.code.clone();
            (
                code,
                one.quarter_planned,
                one.quarter_all,
                one.quarter_forecast,
            )
        })
        .collect();
    assert_eq!(quarters, same, "the roll-ups' months say the same");
    assert_eq!(
        (whole.units[0].builds, whole.units[0].planned),
        (1, 6_000_000)
    );
    for narrow in [
        WinterQuery {
            text: "没有这样的项目".to_owned(),
            ..query(LEAGUE)
        },
        query(LEAGUE).of("undecided").expect("a word"),
        query(LEAGUE).of("late").expect("a word"),
    ] {
        let sums = s.w.app.winter_rollup(&s.league, &narrow).await?;
        assert_eq!(sums, whole);
    }
    // The groups that figures are made of lead to their rows.
    let n = async |word: &str| -> Tried<i64> {
        let query = query(LEAGUE).of(word).expect("a word");
        Ok(s.w.app.winter_ledger(&s.league, &query).await?.total)
    };
    for (word, rows) in [
        ("builds", 1),
        ("counted", 1),
        ("on_file", 0),
        ("drafted", 0),
        ("late", 1),
        ("resting", 0),
    ] {
        assert_eq!(n(word).await?, rows, "{word}");
    }
    assert!(query(LEAGUE).of("someday").is_none());
    s.tell(&s.league, Act::File).await?;
    assert_eq!((n("on_file").await?, n("late").await?), (1, 0));
    Ok(())
}

async fn what_is_suspended_or_has_left_counts_nowhere_and_nothing_is_done_with_it(
    db: &Db,
) -> Outcome {
    let s = Site::new(db).await?;
    s.tell(&s.clerk, Act::Plan(plan())).await?;
    s.tell(&s.clerk, Act::Submit).await?;
    s.w.adopt(2025, &[(s.id, Category::Continuing, 1_000)])
        .await?;
    s.w.open("2025-01").await?;
    s.w.submit("2025-01", s.id, 50).await?;
    let figures = async || -> Tried<(i64, i64, i64, i64, i64)> {
        let sums = s.w.app.winter_rollup(&s.league, &query(LEAGUE)).await?;
        let page = s.w.app.winter_ledger(&s.league, &query(LEAGUE)).await?;
        let unit = &sums.units[0];
        let (planned, actual) = (unit.planned / 10_000, unit.quarter_actual / 10_000);
        Ok((page.total, unit.projects, unit.workers, planned, actual))
    };
    let counted = (1, 1, 40, 600, 50);
    assert_eq!(figures().await?, counted);
    let system = &s.w.system;
    let because = why("资金链断裂");
    s.w.app.set_suspended(system, s.id, true, &because).await?;
    assert_eq!(figures().await?, (0, 0, 0, 0, 0), "suspended");
    let file = said(&s.tell(&s.league, Act::File).await);
    assert_eq!(file, "winter.refused.not_built");
    let view = s.w.app.winter_view(&s.league, s.id, Some(2024)).await?;
    assert_eq!((view.offers.len(), view.late), (0, false));
    s.w.app.set_suspended(system, s.id, false, &because).await?;
    assert_eq!(figures().await?, counted, "taken up again");
    s.w.app
        .withdraw(system, s.id, Exit::Cancelled, &because)
        .await?;
    assert_eq!(figures().await?, (0, 0, 0, 0, 0), "cancelled");
    let file = said(&s.tell(&s.league, Act::File).await);
    assert_eq!(file, "winter.refused.not_built");
    let idea = s.w.enter(&draft("谋划中的项目")).await?;
    let rest = WinterInput {
        version: None,
        on: None,
        act: Act::Rest {
            reason: "funds".to_owned(),
            note: String::new(),
        },
    };
    let rests = s.w.app.winter_act(&s.clerk, idea, 2024, &rest).await;
    assert_eq!(said(&rests), "winter.refused.not_built");
    s.w.sound().await
}

async fn a_plan_names_only_files_of_its_project(db: &Db) -> Outcome {
    let s = Site::new(db).await?;
    let with_file = |seq| {
        Act::Plan(Plan {
            attachment: Some(seq),
            ..plan()
        })
    };
    let made_up = said(&s.tell(&s.clerk, with_file(7)).await);
    assert_eq!(made_up, "winter.unmet.attachment at attachment");
    assert_eq!(said(&s.tell(&s.clerk, with_file(1)).await), "ok");
    s.w.app.attachment_remove(&s.w.system, s.id, 1).await?;
    let gone = said(&s.tell(&s.clerk, with_file(1)).await);
    assert_eq!(gone, "winter.unmet.attachment at attachment");
    Ok(())
}

async fn who_has_the_next_act_is_told_and_units_are_reminded_once(db: &Db) -> Outcome {
    let s = Site::new(db).await?;
    let app = &s.w.app;
    let told = async |who: &Actor| -> Tried<Vec<String>> {
        let page = app.notice_page(who, NoticesOf::Inbox, 1).await?;
        let of_winter = page.rows.into_iter().filter(|one| one.kind == "winter");
        Ok(of_winter.filter_map(|one| one.act).collect())
    };
    s.tell(&s.clerk, Act::Plan(plan())).await?;
    s.tell(&s.clerk, Act::Submit).await?;
    assert_eq!(told(&s.league).await?, ["submit"]);
    assert_eq!(told(&s.clerk).await?, Vec::<String>::new());
    let back = Act::SendBack {
        reason: "缺测温".to_owned(),
    };
    s.tell(&s.league, back).await?;
    assert_eq!(told(&s.clerk).await?, ["send_back"]);
    // The plans of 2024 were to be filed by November: their unit hears of it once.
    let other = app.clone();
    let (a, b) = tokio::join!(
        app.winter_remind(&s.w.system),
        other.winter_remind(&s.w.system)
    );
    assert_eq!(a? + b?, 1, "once, however many servers there are");
    assert_eq!(told(&s.clerk).await?, ["late", "send_back"]);
    s.w.on("2025-01-07");
    assert_eq!(app.winter_remind(&s.w.system).await?, 0);
    let filing = async || -> Tried<Vec<(i16, i64)>> {
        let secret = app.calendar_open(&s.clerk).await?;
        let calendar = app.calendar_read(&secret).await?;
        let filing = calendar.deadlines.into_iter().filter_map(|one| match one {
            DeadlineView::Winter { season, n, .. } => Some((season, n)),
            _ => None,
        });
        Ok(filing.collect())
    };
    assert_eq!(filing().await?, [(2024, 1)], "in the calendar");
    let rest = Act::Rest {
        reason: "funds".to_owned(),
        note: String::new(),
    };
    s.tell(&s.clerk, rest).await?;
    assert_eq!(filing().await?, []);
    // Before the day of the next winter they are told that it comes.
    let season = app.winter_view(&s.clerk, s.id, Some(2025)).await?.season;
    let by: jiff::civil::Date = season.file_by.parse()?;
    s.w.clock.set(by.yesterday()?);
    assert_eq!(app.winter_remind(&s.w.system).await?, 1);
    assert_eq!(told(&s.clerk).await?[0], "soon");
    Ok(())
}

fn query(unit: &str) -> WinterQuery {
    WinterQuery {
        season: Some(2024),
        unit: Some(unit.to_owned()),
        ..WinterQuery::default()
    }
}

async fn a_plan_is_filed_by_another_and_counts_towards_the_first_quarter(db: &Db) -> Outcome {
    let s = Site::new(db).await?;
    let view = s.w.app.winter_view(&s.clerk, s.id, None).await?;
    assert_eq!((view.season.year, view.state.as_str()), (2024, "undecided"));
    assert!(view.late, "it was to be filed by November");
    assert_eq!(view.offers, ["rest", "plan"]);
    s.tell(&s.clerk, Act::Plan(plan())).await?;
    // A draft stands apart: it adds nothing to what is expected.
    let quarter = async || -> Tried<(i64, i64, i64)> {
        let sums = s.w.app.winter_rollup(&s.league, &query(LEAGUE)).await?;
        let league = &sums.units[0];
        assert_eq!(league.planned > 0, league.quarter_planned > 0);
        Ok((
            league.quarter_drafted / 10_000,
            league.quarter_planned / 10_000,
            league.quarter_forecast / 10_000,
        ))
    };
    assert_eq!(quarter().await?, (400, 0, 0), "still being written");
    s.tell(&s.clerk, Act::Submit).await?;
    assert_eq!(quarter().await?, (0, 400, 400), "handed in");
    let own = s.tell(&s.clerk, Act::File).await;
    assert_eq!(said(&own), "winter.refused.own_plan");
    assert_eq!(s.tell(&s.league, Act::File).await?, 3);
    let view = s.w.app.winter_view(&s.clerk, s.id, Some(2024)).await?;
    assert_eq!((view.state.as_str(), view.late), ("filed", false));
    let shown = view.plan.expect("a plan");
    let wan = 10_000;
    assert_eq!((shown.planned, shown.first_quarter), (600 * wan, 400 * wan));
    // Nobody has opened the first quarter: the forecast is what the plans say.
    let sums = s.w.app.winter_rollup(&s.league, &query(LEAGUE)).await?;
    let league = &sums.units[0];
    assert_eq!((league.builds, league.filed, league.workers), (1, 1, 40));
    assert_eq!(
        (league.planned, league.quarter_planned),
        (600 * wan, 400 * wan)
    );
    assert_eq!(
        (league.quarter_forecast, league.quarter_all),
        (400 * wan, 0)
    );
    let months: Vec<(&str, i64)> = league
        .months
        .iter()
        .map(|one| (one.period.as_str(), one.planned / wan))
        .collect();
    assert_eq!(
        months,
        [("2024-12", 200), ("2025-01", 100), ("2025-02", 300)]
    );
    let banner = sums.units.iter().find(|unit| unit.unit.code == BANNER);
    assert_eq!(banner.map(|unit| unit.quarter_planned), Some(400 * wan));
    let sister = sums.units.iter().find(|unit| unit.unit.code == SISTER);
    assert_eq!(sister.map(|unit| unit.planned), Some(0));
    // January is opened, and 500 are invested by the project and 50 by one that has no plan.
    let other = s.w.enter(&draft("另一个")).await?;
    let list = [
        (s.id, Category::Continuing, 12_000),
        (other, Category::Continuing, 1_000),
    ];
    s.w.adopt(2025, &list).await?;
    s.w.open("2025-01").await?;
    s.w.submit("2025-01", s.id, 500).await?;
    s.w.submit("2025-01", other, 50).await?;
    let sums = s.w.app.winter_rollup(&s.league, &query(LEAGUE)).await?;
    let league = &sums.units[0];
    assert_eq!(sums.reported, ["2025-01"]);
    assert_eq!(
        (league.quarter_actual, league.quarter_all),
        (500 * wan, 550 * wan)
    );
    assert_eq!(
        league.quarter_forecast,
        (550 + 300) * wan,
        "January as it was, February as planned"
    );
    // The ledger and its workbook.
    let page = s.w.app.winter_ledger(&s.league, &query(BANNER)).await?;
    assert_eq!((page.total, page.rows[0].planned), (1, 600 * wan));
    let made = s.w.app.export_winter(&s.league, &query(LEAGUE)).await?;
    assert!(made.bytes.starts_with(b"PK"), "a workbook");
    // It rests after all: nothing counts any more, and the reason is in the ledger.
    let rest = Act::Rest {
        reason: "funds".to_owned(),
        note: String::new(),
    };
    s.tell(&s.clerk, rest).await?;
    let sums = s.w.app.winter_rollup(&s.league, &query(LEAGUE)).await?;
    assert_eq!((sums.units[0].resting, sums.units[0].planned), (1, 0));
    let resting = WinterQuery {
        phases: vec![Phase::Resting],
        ..query(LEAGUE)
    };
    let page = s.w.app.winter_ledger(&s.league, &resting).await?;
    assert_eq!(page.rows[0].reason_text, "资金未到位");
    // Each act stands on the project's timeline.
    let card = s.w.app.project_view(&s.clerk, s.id, None).await?;
    let lines = card.events.iter().filter(|one| one.kind == "wintered");
    let mut acts: Vec<&str> = lines
        .filter_map(|one| one.reason.split([' ', ':']).nth(1))
        .collect();
    acts.reverse();
    assert_eq!(acts, ["plan", "submit", "file", "rest"]);
    s.w.sound().await
}

async fn what_cannot_be_done_is_said_with_everything_that_is_missing(db: &Db) -> Outcome {
    let s = Site::new(db).await?;
    let sister = s.w.clerk(SISTER).await?;
    let leader = s.w.person(Role::Leader, LEAGUE, "").await?;
    let plan_by = async |who: &Actor| said(&s.tell(who, Act::Plan(plan())).await);
    assert_eq!(plan_by(&sister).await, "no such project");
    assert_eq!(
        plan_by(&leader).await,
        "refused report: reporter, clerk, officer"
    );
    let submit = said(&s.tell(&s.clerk, Act::Submit).await);
    assert_eq!(submit, "winter.refused.not_now (undecided)");
    let half = Plan {
        workers: None,
        supervised_on: None,
        measures: ["safety".to_owned()].into(),
        ..plan()
    };
    s.tell(&s.clerk, Act::Plan(half)).await?;
    let submit = said(&s.tell(&s.clerk, Act::Submit).await);
    assert!(
        submit.starts_with("field.missing at workers; field.missing at supervised_on; "),
        "{submit}"
    );
    assert_eq!(
        submit.matches("winter.unmet.measure at measures").count(),
        6,
        "{submit}"
    );
    let wrong = Plan {
        from: Some(day("2024-07-01")),
        investment: [(period("2025-07"), Yuan::wan(1))].into(),
        ..plan()
    };
    assert_eq!(
        said(&s.tell(&s.clerk, Act::Plan(wrong)).await),
        "winter.unmet.out_of_season at from; winter.unmet.month at investment (2025-07)"
    );
    let odd = Act::Rest {
        reason: "lazy".to_owned(),
        note: String::new(),
    };
    assert_eq!(
        said(&s.tell(&s.clerk, odd).await),
        "field.missing at reason"
    );
    let view = s.w.app.winter_view(&leader, s.id, Some(2024)).await?;
    assert_eq!(
        (view.version, view.offers.len()),
        (1, 0),
        "nothing half done"
    );
    let none = s.w.app.winter_view(&sister, s.id, None).await;
    assert_eq!(said(&none), "no such project");
    Ok(())
}

async fn two_who_act_at_once_do_not_both_win(db: &Db) -> Outcome {
    let s = Site::new(db).await?;
    let (a, b) = tokio::join!(
        s.tell_at(&s.clerk, Some(0), Act::Plan(plan())),
        s.tell_at(&s.league, Some(0), Act::Plan(Plan::default())),
    );
    let mut both = [said(&a), said(&b)];
    both.sort();
    assert_eq!(both, ["ok", "winter_plan changed"]);
    let again = s.tell_at(&s.clerk, Some(0), Act::Submit).await;
    assert_eq!(said(&again), "winter_plan changed");
    s.w.sound().await
}

async fn a_copy_that_is_wrong_is_found(db: &Db) -> Outcome {
    let s = Site::new(db).await?;
    s.tell(&s.clerk, Act::Plan(plan())).await?;
    s.w.sound().await?;
    let tx = db.begin().await?;
    let mut copy = winter_lock(&tx, s.id, 2024).await?.expect("a copy");
    copy.months.insert(period("2025-03"), Yuan::wan(9));
    assert!(winter_put(&tx, &copy).await?);
    tx.commit().await?;
    let faults = s.w.app.check_up().await?.faults;
    let found: Vec<&str> = faults.iter().map(|fault| fault.what).collect();
    assert_eq!(found, ["winter"]);
    Ok(())
}
