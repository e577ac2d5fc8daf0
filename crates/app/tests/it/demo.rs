//! The demo region shows what a newspaper printed, and its totals are what its entries say.
//!
//! One test makes the region and asks everything: making it takes most of a minute.

use std::collections::BTreeSet;
use std::sync::Arc;

use gangmu_app::approvals::WorkQuery;
use gangmu_app::demo::DEMO_PASSWORD;
use gangmu_app::domain::Period;
use gangmu_app::domain::metrics::Edition;
use gangmu_app::library::ListQuery;
use gangmu_app::metrics::{By, Rollup, RollupQuery};
use gangmu_app::problems::{ProblemQuery, Standing};
use gangmu_app::{Actor, App, LogIn, SystemClock};
use gangmu_store::library::ListFilter;
use jiff::civil::date;

use super::support::Tried;

const YI: i64 = 100_000_000;

async fn rollup(app: &App, actor: &Actor, unit: &str, by: By, edition: Edition) -> Tried<Rollup> {
    let query = RollupQuery {
        period: Period::new(2025, 12),
        unit: Some(unit.to_owned()),
        by,
        edition,
    };
    Ok(app.rollup(actor, &query).await?)
}

#[tokio::test]
async fn slow_the_demo_region_shows_what_was_printed() -> Tried<()> {
    let temporary = tempfile::tempdir()?;
    // Kept only once it is whole: what an interrupted run leaves has another name.
    let making = kept().map(|kept| kept.with_extension("making"));
    let folder = making.as_deref().unwrap_or(temporary.path());
    for left in making.iter().chain(&kept()).filter(|left| left.exists()) {
        std::fs::remove_dir_all(left)?;
    }
    let address = format!("sqlite://{}", folder.join("demo.db").display());
    let files = folder.join("files");
    let app = App::open(&address, &files, Arc::new(SystemClock)).await?;
    assert!(app.demo().await?.made);
    assert!(!app.demo().await?.made, "a second time it does nothing");
    let actor = app.system().await?;

    region(&app, &actor).await?;
    tongliao(&app, &actor).await?;
    named(&app, &actor).await?;
    bridge(&app, &actor).await?;
    people(&app).await?;
    open_month(&app, &actor).await?;

    problems(&app, &actor).await?;
    meetings(&app).await?;
    offices(&app).await?;
    assert_eq!(app.today(), date(2026, 2, 4), "the day the story ends");

    let check_up = app.check_up().await?;
    assert_eq!(check_up.faults, []);
    assert_eq!(check_up.periods, 25);
    app.close().await?;
    // A server that starts goes on from there, with nothing to send that day.
    let app = App::open(&address, &files, Arc::new(SystemClock)).await?;
    assert!((0..=1).contains(&(app.today().duration_since(date(2026, 2, 4)).as_hours() / 24)));
    let sent = app.approval_remind(&actor).await?;
    assert!(sent < 60, "{sent} reminders at the first start");
    app.close().await?;
    if let (Some(made), Some(kept)) = (making, kept()) {
        std::fs::rename(made, kept)?;
    }
    Ok(())
}

/// The windows that are shown have something to do, in more than one state, little of it late; and
/// sittings are under way.
async fn offices(app: &App) -> Tried<()> {
    let mut late = 0;
    let mut shown = Vec::new();
    for login in ["approver", "approver-league", "approver-region"] {
        let typed = LogIn {
            login: login.to_owned(),
            password: DEMO_PASSWORD.to_owned(),
        };
        let actor = app.actor(app.log_in(typed).await?).await?;
        let page = app.approval_work(&actor, &WorkQuery::default()).await?;
        let phases: BTreeSet<String> = page.rows.iter().map(|row| row.phase.clone()).collect();
        let problems = page.rows.iter().filter(|row| row.problem.is_some());
        let (total, problems) = (page.total, problems.count());
        late += problems;
        let quiet = problems * 2 < page.rows.len();
        let fine = total >= 5 && phases.len() >= 2 && quiet;
        shown.push((login, fine, total, problems, phases));
    }
    eprintln!("{shown:?}");
    assert!(late > 0 && shown.iter().all(|one| one.1), "{shown:#?}");
    let region = app.system().await?;
    let sittings = app.sitting_list(&region).await?;
    let open = sittings.iter().filter(|row| row.closed_on.is_none());
    assert_eq!((sittings.len(), open.count()), (4, 3));
    Ok(())
}

/// Where `make test` wants the region kept, for the browser journeys to copy.
fn kept() -> Option<std::path::PathBuf> {
    std::env::var_os("GANGMU_KEEP_DEMO").map(Into::into)
}

/// 3,343 projects, 9,800 多亿元, about 7 % more than a year before.
async fn region(app: &App, actor: &Actor) -> Tried<()> {
    for edition in [Edition::Published, Edition::Current] {
        let total = rollup(app, actor, "150000", By::Unit, edition).await?.total;
        assert_eq!(total.measures["projects"], 3_343);
        let invested = total.measures["year_to_date"];
        assert!((9_800 * YI..=9_899 * YI).contains(&invested), "{invested}");
        let growth = total
            .year_on_year
            .and_then(|ratio| ratio.ratio().scaled(1_000));
        assert!(matches!(growth, Some(65..=75)), "{growth:?}");
    }
    let leagues = rollup(app, actor, "150000", By::Unit, Edition::Current).await?;
    assert_eq!(leagues.rows.len(), 12);
    for row in &leagues.rows {
        let growth = row
            .year_on_year
            .and_then(|ratio| ratio.ratio().scaled(1_000));
        let plausible = matches!(growth, Some(-50..=200));
        assert!(plausible, "{} grows by {growth:?} per mille", row.name);
    }
    Ok(())
}

/// 233 projects of industry started and 77 completed: sections B, C and D.
async fn tongliao(app: &App, actor: &Actor) -> Tried<()> {
    let rollup = rollup(app, actor, "150500", By::Industry, Edition::Published).await?;
    let industry = rollup
        .rows
        .iter()
        .filter(|row| ("06".."47").contains(&row.key.as_str()));
    let (mut started, mut completed) = (0, 0);
    for row in industry {
        started += row.measures["started"];
        completed += row.measures["completed"];
    }
    assert_eq!((started, completed), (233, 77));
    Ok(())
}

/// The projects that were named, with their printed figures.
async fn named(app: &App, actor: &Actor) -> Tried<()> {
    let printed: [(&str, &[&str]); 7] = [
        (
            "热电联产机组",
            &["\"27\"", "789.12", "36.96", "亿千瓦时/年"],
        ),
        ("扎铝二期35万吨电解铝", &["3000000000", "\"80\"", "近"]),
        (
            "60万吨新型预焙阳极项目一期",
            &["\"60\"", "2025-03-18", "2025-11-26"],
        ),
        (
            "60万吨新型预焙阳极项目二期",
            &["\"60\"", "2026-09-01", "2025-09-10"],
        ),
        ("纳米微晶新材料项目一期2号线", &["2025-11-18", "一窑两线"]),
        ("奈曼旗天然碱", &["20.77", "13.74", "\"500\"", "到2035年"]),
        (
            "高端重型装备制造基地",
            &["36000000000", "\"720\"", "\"85\""],
        ),
    ];
    for (name, figures) in printed {
        let query = ListQuery {
            filter: ListFilter {
                text: name.to_owned(),
                ..ListFilter::default()
            },
            page: 1,
            per_page: 10,
            ..ListQuery::default()
        };
        let page = app.project_list(actor, &query).await?;
        assert_eq!(page.rows.len(), 1, "{name}");
        let id = gangmu_app::domain::library::ProjectId(page.rows[0].row.project_id);
        let project = app.project_view(actor, id, None).await?;
        let card = serde_json::to_string(&project.fields)?;
        for figure in figures {
            assert!(card.contains(figure), "{name}: {figure} in {card}");
        }
    }
    Ok(())
}

/// 3,336 projects in February, 3,352 in July, 3,343 in December, line by line.
async fn bridge(app: &App, actor: &Actor) -> Tried<()> {
    let bridge = app
        .programme_bridge(actor, 2025, None, date(2025, 2, 28), date(2025, 7, 31))
        .await?;
    assert_eq!(
        (bridge.opening.projects, bridge.closing.projects),
        (3_336, 3_352)
    );
    let bridge = app
        .programme_bridge(actor, 2025, None, date(2025, 7, 31), date(2025, 12, 31))
        .await?;
    assert_eq!(
        (bridge.opening.projects, bridge.closing.projects),
        (3_352, 3_343)
    );
    let lines: Vec<String> = bridge
        .lines
        .iter()
        .map(|line| format!("{} {:+}", line.kind, line.delta.projects))
        .collect();
    assert_eq!(lines, ["added +2", "removed -12", "merged -1", "split +2"]);
    Ok(())
}

/// Problems stand in every state from raised to struck off.
async fn problems(app: &App, actor: &Actor) -> Tried<()> {
    let all = ProblemQuery {
        standing: Standing::All,
        ..ProblemQuery::default()
    };
    let mut states = BTreeSet::new();
    for row in app.problem_ledger(actor, &all).await?.rows {
        states.insert(row.phase);
    }
    let states: Vec<String> = states.into_iter().collect();
    assert_eq!(states, ["answered", "handed_over", "raised", "struck_off"]);
    Ok(())
}

/// Everybody can log in and need not choose another password.
async fn people(app: &App) -> Tried<()> {
    for login in ["region", "tongliao", "horqin", "reporter", "auditor"] {
        let typed = LogIn {
            login: login.to_owned(),
            password: DEMO_PASSWORD.to_owned(),
        };
        let actor = app.actor(app.log_in(typed).await?).await?;
        assert!(!actor.must_change_password, "{login}");
    }
    Ok(())
}

/// January 2026 is open, and something is left to type in every league.
async fn open_month(app: &App, actor: &Actor) -> Tried<()> {
    let periods = app.period_list().await?;
    assert_eq!(
        (periods[0].period.as_str(), periods[0].state),
        ("2026-01", "open")
    );
    assert!(periods[1..].iter().all(|period| period.state == "closed"));
    let january = Period::new(2026, 1).ok_or("period")?;
    for unit in app.period_progress(actor, january, None).await? {
        assert!(
            unit.reported > 0 && unit.reported < unit.projects,
            "{unit:?}"
        );
    }
    Ok(())
}

/// Who answers for what, and the meetings, as a reader of the demo sees them.
async fn meetings(app: &App) -> Tried<()> {
    let log_in = async |login: &str| -> Tried<Actor> {
        let typed = LogIn {
            login: login.to_owned(),
            password: DEMO_PASSWORD.to_owned(),
        };
        Ok(app.actor(app.log_in(typed).await?).await?)
    };
    let leader = log_in("leader").await?;
    let desk = app.desk(&leader, 1).await?;
    assert!(!desk.projects.is_empty(), "the leader has projects");
    let tongliao = log_in("tongliao").await?;
    let found = app.meetings(&tongliao).await?;
    let states: Vec<&str> = found.meetings.iter().map(|one| one.state).collect();
    assert_eq!(states, ["prepared", "prepared", "held"]);
    let shown = async |at: usize| {
        app.meeting_view(&tongliao, found.meetings[at].meeting_id)
            .await
    };
    let (chain, next) = (shown(0).await?, shown(1).await?);
    assert!(
        !chain.agenda.is_empty(),
        "the chain has projects to talk of"
    );
    let narrowed: Vec<&str> = found.series.iter().map(|one| one.about).collect();
    assert!(narrowed.contains(&"chain") && narrowed.contains(&"holder"));
    assert_eq!(next.earlier.len(), 3);
    assert!(!next.agenda.is_empty());
    Ok(())
}
