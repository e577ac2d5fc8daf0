//! The monthly dispatch: from opening a month to correcting it after it was closed.

use gangmu_app::AppError;
use gangmu_app::dispatch::{Filing, GridRow};
use gangmu_app::domain::Yuan;
use gangmu_app::domain::dispatch::{Figures, SiteStatus};
use gangmu_app::domain::library::{Field, FundingSource, ProjectId};
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::library::ProjectEdit;
use gangmu_app::metrics::{By, RollupQuery};
use gangmu_store::Db;
use gangmu_store::accounts::{self, NoticeReach};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, LEAGUE, REGION, SISTER, Tried, World, change, code, day, draft, figures, period, said,
    wan, with,
};

each_engine!(
    a_month_opens_with_returns_due_on_a_working_day,
    a_return_passes_the_levels_one_by_one,
    a_return_is_sent_back_with_a_reason,
    the_second_editor_is_told_and_overwrites_nothing,
    errors_stop_and_warnings_ask_for_a_word,
    a_batch_is_taken_whole_or_not_at_all,
    reported_dates_reach_the_record,
    the_late_are_listed_and_chased,
    money_counts_from_the_moment_it_is_handed_in,
);

/// Two projects in one banner, one in another, all continuing with a plan of 1,200 万元.
pub async fn listed(w: &World) -> Tried<[ProjectId; 3]> {
    let a = w.enter(&draft("甲")).await?;
    let b = w.enter(&draft("乙")).await?;
    let c = w
        .enter(&with(draft("丙"), Field::Unit, code(SISTER)))
        .await?;
    let list = [a, b, c].map(|id| (id, Category::Continuing, 1_200));
    w.adopt(2025, &list).await?;
    Ok([a, b, c])
}

/// Investment from January, in 万元, as it stands and as it was published.
pub async fn to_date(w: &World, month: &str) -> Tried<(i64, i64)> {
    let mut found = Vec::new();
    for edition in [Edition::Current, Edition::Published] {
        let query = RollupQuery {
            period: Some(period(month)),
            unit: None,
            by: By::Unit,
            edition,
        };
        let rollup = w.app.rollup(&w.system, &query).await?;
        found.push(rollup.total.measures["year_to_date"] / 10_000);
    }
    Ok((found[0], found[1]))
}

pub async fn row(w: &World, month: &str, id: ProjectId) -> Tried<GridRow> {
    Ok(w.app.grid_row(&w.system, period(month), id).await?)
}

async fn a_month_opens_with_returns_due_on_a_working_day(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    listed(&w).await?;
    w.open("2025-01").await?;
    let again = w.app.period_open(&w.system, period("2025-01")).await;
    assert_eq!(said(&again), "dispatch.period_not_next");
    let earlier = w.app.period_open(&w.system, period("2024-12")).await;
    assert_eq!(said(&earlier), "dispatch.period_not_next");
    w.open("2025-02").await?;
    w.open("2025-03").await?;
    // The fifth working day of the month after, over 春节 with its shifted days and 清明.
    let due: Vec<(String, String)> = w
        .app
        .period_list()
        .await?
        .into_iter()
        .map(|p| (p.period, p.due_on))
        .collect();
    let wanted = [
        ("2025-03", "2025-04-08"),
        ("2025-02", "2025-03-07"),
        ("2025-01", "2025-02-10"),
    ];
    assert_eq!(due, wanted.map(|(p, d)| (p.to_owned(), d.to_owned())));
    let grid = w
        .app
        .grid(&w.system, period("2025-01"), None, &Default::default())
        .await?;
    assert_eq!(grid.rows.len(), 3);
    assert!(grid.rows.iter().all(|r| r.status == "due" && r.editable));
    w.on("2025-02-10");
    assert!(w.app.period_list().await?.iter().all(|p| !p.overdue));
    w.on("2025-02-11");
    let overdue: Vec<bool> = w
        .app
        .period_list()
        .await?
        .iter()
        .map(|p| p.overdue)
        .collect();
    assert_eq!(overdue, vec![false, false, true]);
    w.sound().await
}

async fn a_return_passes_the_levels_one_by_one(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, b, _] = listed(&w).await?;
    w.open("2025-01").await?;
    let month = period("2025-01");
    let reporter = w.person(Role::Reporter, BANNER, "").await?;
    w.app
        .project_assign(&w.system, a, Some(reporter.user))
        .await?;
    let clerks = [
        w.clerk(BANNER).await?,
        w.clerk(LEAGUE).await?,
        w.clerk(REGION).await?,
    ];

    let typed = w.typed("2025-01", a, figures("2025-01", 100)).await?;
    let saved = w.app.return_save(&reporter, month, typed).await?;
    assert_eq!((saved.status, saved.version), ("draft", 1));
    let typed = w.typed("2025-01", a, figures("2025-01", 100)).await?;
    w.app
        .returns_file(&reporter, month, vec![typed], Filing::Submit)
        .await?;
    let refused = w.app.returns_review(&reporter, month, &[(a, 3)]).await;
    assert_eq!(said(&refused), "refused review: clerk, officer");

    let mut steps = vec![state(&w, a).await?];
    for clerk in &clerks {
        let version = w.filed("2025-01", a).await?.filed.version;
        w.app.returns_review(clerk, month, &[(a, version)]).await?;
        steps.push(state(&w, a).await?);
    }
    assert_eq!(
        steps,
        ["submitted 2", "submitted 1", "submitted 0", "accepted -"]
    );
    let version = w.filed("2025-01", a).await?.filed.version;
    let again = w
        .app
        .returns_review(&clerks[2], month, &[(a, version)])
        .await;
    assert_eq!(said(&again), "dispatch.in_status (accepted)");

    // Whoever stands higher may review first; whoever stands lower then has no turn any more.
    w.submit("2025-01", b, 100).await?;
    let version = w.filed("2025-01", b).await?.filed.version;
    w.app
        .returns_review(&clerks[1], month, &[(b, version)])
        .await?;
    let late = w
        .app
        .returns_review(&clerks[0], month, &[(b, version + 1)])
        .await;
    assert_eq!(said(&late), "dispatch.not_your_turn (0)");

    let kinds: Vec<String> = w
        .app
        .return_events(&w.system, month, a)
        .await?
        .into_iter()
        .map(|e| format!("{} {} {:?}", e.kind, e.who, e.level))
        .collect();
    assert_eq!(
        kinds,
        [
            "submitted 150502reporter None",
            "reviewed 150502clerk Some(2)",
            "reviewed 150500clerk Some(1)",
            "reviewed 150000clerk Some(0)"
        ]
    );
    w.sound().await
}

/// A return's status and the number of the level it waits for.
pub async fn state(w: &World, id: ProjectId) -> Tried<String> {
    let row = row(w, "2025-01", id).await?;
    let awaiting = row.awaiting.map_or("-".to_owned(), |n| n.to_string());
    Ok(format!("{} {awaiting}", row.status))
}

async fn a_return_is_sent_back_with_a_reason(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, ..] = listed(&w).await?;
    w.open("2025-01").await?;
    let month = period("2025-01");
    w.submit("2025-01", a, 100).await?;
    let (banner, league) = (w.clerk(BANNER).await?, w.clerk(LEAGUE).await?);
    let version = w.filed("2025-01", a).await?.filed.version;
    let mute = w.app.return_send_back(&league, month, (a, version), " ");
    assert_eq!(said(&mute.await), "dispatch.reason_missing at reason");
    w.app
        .return_send_back(&league, month, (a, version), "金额单位有误")
        .await?;
    let back = row(&w, "2025-01", a).await?;
    assert_eq!(back.status, "sent_back");
    assert_eq!(back.sent_back_reason.as_deref(), Some("金额单位有误"));
    assert_eq!(back.month_investment, Some(1_000_000));
    assert!(back.editable);
    assert_eq!(to_date(&w, "2025-01").await?.0, 0, "it counts no more");
    // It stays marked while it is mended, and goes through the levels afresh.
    let mended = w.typed("2025-01", a, figures("2025-01", 90)).await?;
    let mended = w.app.return_save(&banner, month, mended).await?;
    assert_eq!(mended.status, "sent_back");
    w.submit("2025-01", a, 90).await?;
    assert_eq!(state(&w, a).await?, "submitted 2");
    assert_eq!(row(&w, "2025-01", a).await?.sent_back_reason, None);
    assert_eq!(to_date(&w, "2025-01").await?.0, 90);
    w.sound().await
}

async fn the_second_editor_is_told_and_overwrites_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, b, _] = listed(&w).await?;
    w.open("2025-01").await?;
    let month = period("2025-01");
    let first = w.typed("2025-01", a, figures("2025-01", 100)).await?;
    let second = w.typed("2025-01", a, figures("2025-01", 70)).await?;
    let beside = w.typed("2025-01", b, figures("2025-01", 50)).await?;
    w.app.return_save(&w.system, month, first.clone()).await?;
    let late = w.app.return_save(&w.system, month, second.clone()).await;
    assert_eq!(said(&late), "return changed");
    for filing in [Filing::Draft, Filing::Submit] {
        let batch = vec![beside.clone(), second.clone()];
        let late = w.app.returns_file(&w.system, month, batch, filing).await;
        assert_eq!(said(&late), "return changed");
    }
    assert_eq!(w.filed("2025-01", a).await?.filed.figures, first.figures);
    assert_eq!(w.filed("2025-01", b).await?.filed.version, 0);
    // A reviewer who looked at an older state is told as well.
    w.submit("2025-01", a, 100).await?;
    let stale = w.app.returns_review(&w.system, month, &[(a, 1)]).await;
    assert_eq!(said(&stale), "return changed");
    let stale = w.app.return_send_back(&w.system, month, (a, 1), "x").await;
    assert_eq!(said(&stale), "return changed");
    // The same project twice in one batch is two editors too.
    let once = w.typed("2025-01", b, figures("2025-01", 50)).await?;
    let twice = w
        .app
        .returns_file(&w.system, month, vec![once.clone(), once], Filing::Draft)
        .await;
    assert_eq!(said(&twice), "return changed");
    w.sound().await
}

async fn errors_stop_and_warnings_ask_for_a_word(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(id, Category::NewStart, 1_200)]).await?;
    w.open("2025-01").await?;
    let plain = figures("2025-01", 100);
    let started = Figures {
        started_on: Some(day("2025-01-15")),
        ..plain.clone()
    };
    let spent = |wan| Figures {
        month: Some(Yuan::wan(wan)),
        ..started.clone()
    };
    let rows = [
        (Figures::default(), "month_missing month_investment"),
        (plain, "start_date_missing started_on"),
        (
            spent(-5),
            "cumulative_negative month_investment, negative_without_reason correction_reason",
        ),
        (
            spent(20_000),
            "cumulative_above_total month_investment, sudden_jump month_investment",
        ),
        (spent(400), "sudden_jump month_investment"),
        (spent(5_000), "sudden_jump month_investment"),
        (
            Figures {
                month: Some(Yuan(100)),
                ..started.clone()
            },
            "unit_slip month_investment",
        ),
        (
            Figures {
                image_progress: String::new(),
                ..started.clone()
            },
            "money_without_progress image_progress",
        ),
        (
            Figures {
                site_status: Some(SiteStatus::Completed),
                started_on: Some(day("2025-02-01")),
                image_progress: String::new(),
                ..started.clone()
            },
            "finish_date_missing finished_on, date_after_period started_on, \
             money_without_progress image_progress",
        ),
    ];
    for (figures, wanted) in rows {
        let typed = w.typed("2025-01", id, figures.clone()).await?;
        let batch = vec![typed];
        let refused = w
            .app
            .returns_file(&w.system, period("2025-01"), batch, Filing::Submit)
            .await;
        assert_eq!(checks(&refused, id), sorted(wanted), "{figures:?}");
        assert_eq!(state(&w, id).await?, "due -", "nothing was kept");
    }
    // A draft takes anything and says what is found; a word lets a warning pass.
    let mut jump = spent(400);
    let typed = w.typed("2025-01", id, jump.clone()).await?;
    let shown = w
        .app
        .return_save(&w.system, period("2025-01"), typed)
        .await?;
    assert_eq!(shown.findings[0].code, "sudden_jump");
    assert_eq!(shown.findings[0].severity, "warning");
    assert!(!shown.findings[0].explained);
    jump.explanations
        .insert("sudden_jump".to_owned(), "设备集中到货".to_owned());
    w.submit_figures("2025-01", id, jump).await?;
    assert!(row(&w, "2025-01", id).await?.findings[0].explained);
    // Against the months before: the same words, and less than was ever spent.
    w.open("2025-02").await?;
    let february = Figures {
        month: Some(Yuan::wan(-500)),
        image_progress: "2025-01主体施工".to_owned(),
        correction_reason: "核减".to_owned(),
        ..Figures::default()
    };
    let typed = w.typed("2025-02", id, february).await?;
    let refused = w
        .app
        .returns_file(&w.system, period("2025-02"), vec![typed], Filing::Submit)
        .await;
    let wanted = "cumulative_negative month_investment, unchanged_text image_progress";
    assert_eq!(checks(&refused, id), sorted(wanted));
    w.sound().await
}

/// The checks that stopped a submission, each with its field, in alphabetical order.
pub fn checks(refused: &Result<(), AppError>, id: ProjectId) -> String {
    let Err(AppError::Invalid { messages }) = refused else {
        return said(refused);
    };
    let found: Vec<String> = messages
        .iter()
        .map(|m| {
            let code = m.code.trim_start_matches("dispatch.check.");
            let field = m.field.trim_start_matches(&format!("{id}."));
            format!("{code} {field}")
        })
        .collect();
    sorted(&found.join(", "))
}

fn sorted(list: &str) -> String {
    let mut items: Vec<&str> = list.split(", ").collect();
    items.sort_unstable();
    items.join(", ")
}

async fn a_batch_is_taken_whole_or_not_at_all(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, b, c] = listed(&w).await?;
    w.open("2025-01").await?;
    let month = period("2025-01");
    let batch = async |wan: [i64; 3]| -> Tried<_> {
        Ok(vec![
            w.typed("2025-01", a, figures("2025-01", wan[0])).await?,
            w.typed("2025-01", b, figures("2025-01", wan[1])).await?,
            w.typed("2025-01", c, figures("2025-01", wan[2])).await?,
        ])
    };
    let typed = batch([100, -1, 20_000]).await?;
    let refused = w
        .app
        .returns_file(&w.system, month, typed, Filing::Submit)
        .await;
    let Err(AppError::Invalid { messages }) = &refused else {
        panic!("{}", said(&refused));
    };
    let named: Vec<(&str, &str)> = messages
        .iter()
        .map(|m| {
            (
                m.field.split_once('.').map_or("", |f| f.0),
                m.params[0].as_str(),
            )
        })
        .collect();
    let (of_b, of_c) = (b.to_string(), c.to_string());
    assert!(named.contains(&(&of_b, "乙")) && named.contains(&(&of_c, "丙")));
    assert!(
        messages.len() >= 4,
        "everything of every project: {messages:?}"
    );
    assert_eq!(to_date(&w, "2025-01").await?.0, 0);
    assert_eq!(w.filed("2025-01", a).await?.filed.version, 0);

    let sister = w.clerk(SISTER).await?;
    let typed = batch([100, 100, 100]).await?;
    let foreign = w.app.returns_file(&sister, month, typed, Filing::Submit);
    assert_eq!(said(&foreign.await), "no such project");
    assert_eq!(w.filed("2025-01", c).await?.filed.version, 0);

    let typed = batch([100, 110, 120]).await?;
    w.app
        .returns_file(&w.system, month, typed, Filing::Submit)
        .await?;
    assert_eq!(to_date(&w, "2025-01").await?.0, 330);
    // Reviews likewise: one stale version stops all.
    let seen = [(a, 2), (b, 1)];
    let stale = w.app.returns_review(&w.system, month, &seen).await;
    assert_eq!(said(&stale), "return changed");
    assert_eq!(w.filed("2025-01", a).await?.filed.version, 2);
    w.sound().await
}

async fn reported_dates_reach_the_record(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(id, Category::NewStart, 1_200)]).await?;
    w.open("2025-01").await?;
    let started = Figures {
        started_on: Some(day("2025-01-15")),
        ..figures("2025-01", 100)
    };
    let typed = w.typed("2025-01", id, started.clone()).await?;
    w.app
        .return_save(&w.system, period("2025-01"), typed)
        .await?;
    let record = w.project(id).await?.record;
    assert_eq!(
        record.date(Field::ActualStart),
        None,
        "a draft says nothing yet"
    );
    w.submit_figures("2025-01", id, started).await?;
    let record = w.project(id).await?.record;
    assert_eq!(record.date(Field::ActualStart), Some(day("2025-01-15")));
    let view = w.app.project_view(&w.system, id, None).await?;
    assert_eq!(
        (
            view.events[0].kind,
            view.events[0].on.as_str(),
            view.events[0].reason.as_str()
        ),
        ("reported", "2025-01-31", "2025-01")
    );
    w.open("2025-02").await?;
    let finished = Figures {
        site_status: Some(SiteStatus::Completed),
        finished_on: Some(day("2025-02-20")),
        ..figures("2025-02", 100)
    };
    w.submit_figures("2025-02", id, finished).await?;
    let record = w.project(id).await?.record;
    assert_eq!(record.date(Field::ActualFinish), Some(day("2025-02-20")));
    let query = RollupQuery {
        period: Some(period("2025-02")),
        unit: None,
        by: By::Unit,
        edition: Edition::Current,
    };
    let total = w.app.rollup(&w.system, &query).await?.total.measures;
    assert_eq!((total["started"], total["completed"]), (1, 1));
    // A finish before the start the record knows is told, not stored.
    w.open("2025-03").await?;
    let early = Figures {
        site_status: Some(SiteStatus::Completed),
        finished_on: Some(day("2025-01-10")),
        ..figures("2025-03", 100)
    };
    let typed = w.typed("2025-03", id, early).await?;
    let refused = w
        .app
        .returns_file(&w.system, period("2025-03"), vec![typed], Filing::Submit)
        .await;
    assert_eq!(checks(&refused, id), "finish_before_start finished_on");
    w.sound().await
}

async fn the_late_are_listed_and_chased(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, b, c] = listed(&w).await?;
    w.open("2025-01").await?;
    let month = period("2025-01");
    w.submit("2025-01", a, 100).await?;
    let league = w.clerk(LEAGUE).await?;
    let late: Vec<i64> = w
        .app
        .late_list(&league, month, None)
        .await?
        .iter()
        .map(|l| l.project_id)
        .collect();
    assert_eq!(late, vec![b.0, c.0]);
    assert_eq!(w.app.chase(&league, month, None).await?, 2, "one per unit");
    assert_eq!(w.app.chase(&league, month, Some(SISTER)).await?, 1);
    let reference = w.app.reference().await?;
    let sister = reference.unit_by_code(SISTER).expect("a unit").path.clone();
    let notices = accounts::notice_list(db, &NoticeReach::Unit(sister), 0, 10).await?;
    assert_eq!(notices.len(), 2);
    assert!(
        notices[0].body.contains("\"late\":1"),
        "{}",
        notices[0].body
    );
    assert!(notices[0].body.contains("2025-02-10"));
    let leader = w.person(Role::Leader, LEAGUE, "").await?;
    let refused = w.app.chase(&leader, month, None).await;
    assert_eq!(said(&refused), "refused chase: clerk, officer, supervisor");
    let unknown = w.app.chase(&league, period("2025-07"), None).await;
    assert_eq!(said(&unknown), "no such period");
    Ok(())
}

async fn money_counts_from_the_moment_it_is_handed_in(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let before = ProjectEdit {
        ..with(draft("甲"), Field::InvestedBefore, wan(3_000))
    };
    let id = w.enter(&before).await?;
    w.adopt(2025, &[(id, Category::Continuing, 1_200)]).await?;
    w.open("2025-01").await?;
    let mut typed = figures("2025-01", 100);
    typed.funds = [
        (FundingSource::BankLoans, Yuan::wan(60)),
        (FundingSource::OwnFunds, Yuan::wan(30)),
    ]
    .into();
    let position = async |month: &str| -> Tried<_> {
        let p = w.filed(month, id).await?.position;
        let wan = |yuan: Yuan| yuan.0 / 10_000;
        Ok((
            wan(p.year_to_date),
            wan(p.since_start),
            wan(p.funds_to_date),
        ))
    };
    let draft = w.typed("2025-01", id, typed.clone()).await?;
    w.app
        .return_save(&w.system, period("2025-01"), draft)
        .await?;
    assert_eq!(position("2025-01").await?, (0, 3_000, 0));
    w.submit_figures("2025-01", id, typed).await?;
    assert_eq!(position("2025-01").await?, (100, 3_100, 90));
    w.open("2025-02").await?;
    assert_eq!(position("2025-02").await?, (100, 3_100, 90));
    let shown = row(&w, "2025-02", id).await?;
    assert_eq!(
        (shown.ytd_before, shown.before_year),
        (1_000_000, 30_000_000)
    );
    // Money before the first month follows the record while that month is open.
    let edit = change(Field::InvestedBefore, wan(2_000));
    w.app.project_edit(&w.system, id, None, &edit).await?;
    assert_eq!(position("2025-02").await?, (100, 2_100, 90));
    w.sound().await
}
