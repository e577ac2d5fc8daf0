//! The history of lights: closed months stay lit as they were published, by the rules of their day.

use gangmu_app::ReferenceKind;
use gangmu_app::domain::dispatch::{Figures, SiteStatus};
use gangmu_app::domain::library::{Field, Value};
use gangmu_app::domain::metrics::{ExcuseKind, ExcuseSaid, Light};
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::library::ListQuery;
use gangmu_app::metrics::{By, LightHistory, LightView, MonthLit, RollupQuery};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use gangmu_app::domain::metrics::Edition;

use crate::support::{BANNER, LEAGUE, Tried, World, day, draft, figures, period, said, with};

each_engine!(
    a_closed_month_keeps_its_light_whatever_is_corrected_or_ruled_later,
    missed_targets_running_light_a_unit,
    a_start_that_is_overdue_lights_the_project,
    a_proper_reason_lifts_lights_until_it_is_taken_back,
    a_proper_reason_lifts_nothing_where_the_rules_know_none,
);

async fn history(w: &World, unit: Option<&str>, by: By) -> Tried<LightHistory> {
    let query = RollupQuery {
        period: None,
        unit: unit.map(str::to_owned),
        by,
        edition: Edition::Current,
    };
    Ok(w.app.light_history(&w.system, &query).await?)
}

/// Loads the shipped rules with another preset in use from a day on.
async fn rule(w: &World, preset: &str, from: &str) -> Tried<()> {
    let shipped = include_str!("../../../../data/policies/lights.toml");
    let text = shipped.replace(
        "active = \"yinchuan-2025\"",
        &format!("active = \"{preset}\""),
    );
    w.app
        .reference_import(&w.system, ReferenceKind::Lights, &text, day(from))
        .await?;
    Ok(())
}

/// A month's figures with a word for whatever is noticed about them.
fn explained(month: &str, wan: i64) -> Figures {
    let mut typed = figures(month, wan);
    let checks = ["working_without_money", "sudden_jump"];
    typed.explanations = checks
        .map(|check| (check.to_owned(), "属实".to_owned()))
        .into();
    typed
}

fn told(light: &LightView) -> String {
    format!("{} {} {:?}", light.light, light.basis, light.value)
}

fn progress(months: &[Option<MonthLit>]) -> Vec<String> {
    let lit = |one: &Option<MonthLit>| one.as_ref().map_or("-".to_owned(), |m| told(&m.progress));
    months.iter().map(lit).collect()
}

async fn a_closed_month_keeps_its_light_whatever_is_corrected_or_ruled_later(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(id, Category::Continuing, 1_200)]).await?;
    // A twelfth of the plan in January, nothing after.
    for (month, wan) in [("2025-01", 100), ("2025-02", 0), ("2025-03", 0)] {
        w.open(month).await?;
        w.submit_figures(month, id, explained(month, wan)).await?;
        w.close(month).await?;
    }
    let january = "green gap_to_time Some(0)";
    let february = "undefined gap_to_time Some(-833)";
    let march = "yellow gap_to_time Some(-1667)";
    let before = history(&w, None, By::Unit).await?;
    assert_eq!(progress(&before.total.months), [january, february, march]);
    assert_eq!(before.months[2].policy, "银川 2025");

    let version = w.filed("2025-02", id).await?.filed.version;
    let corrected = Figures {
        correction_reason: "核实更正".to_owned(),
        ..figures("2025-02", 100)
    };
    w.app
        .return_correct(&w.system, period("2025-02"), (id, version), corrected)
        .await?;
    w.on("2025-04-05");
    rule(&w, "wuhan", "2025-04-01").await?;
    w.open("2025-04").await?;
    w.submit_figures("2025-04", id, explained("2025-04", 0))
        .await?;

    let after = history(&w, None, By::Unit).await?;
    let names: Vec<&str> = after.months.iter().map(|m| m.policy.as_str()).collect();
    assert_eq!(names, ["银川 2025", "银川 2025", "银川 2025", "武汉"]);
    // By April a third of the year has passed and a sixth of the plan is done.
    let april = "red ratio_to_time Some(5000)";
    let shown = [january, february, march, april];
    assert_eq!(progress(&after.total.months), shown);
    let now: Vec<Option<String>> = after
        .total
        .months
        .iter()
        .map(|month| month.as_ref()?.corrected.as_ref().map(told))
        .collect();
    let green = Some("green gap_to_time Some(0)".to_owned());
    let silent = Some("undefined gap_to_time Some(-833)".to_owned());
    assert_eq!(now, [None, green, silent, None]);
    // The same for whatever it is broken down by.
    for by in By::ALL {
        let unit = (by == By::Unit).then_some("150500");
        let broken = history(&w, unit, by).await?;
        let rows: Vec<Vec<String>> = broken.rows.iter().map(|r| progress(&r.months)).collect();
        assert_eq!(rows, [shown], "{by:?}");
    }
    // The card says both, and the roll-up of March is lit by the rules of March.
    let card = w.app.project_view(&w.system, id, None).await?;
    let months: Vec<(String, Option<String>)> = card
        .returns
        .iter()
        .map(|one| (told(&one.light), one.light_published.as_ref().map(told)))
        .collect();
    let (zero, behind) = (
        "green gap_to_time Some(0)",
        "undefined gap_to_time Some(-833)",
    );
    assert_eq!(
        months,
        [
            (april.to_owned(), None),
            (behind.to_owned(), Some(march.to_owned())),
            (zero.to_owned(), Some(february.to_owned())),
            (zero.to_owned(), None),
        ]
    );
    w.sound().await
}

async fn missed_targets_running_light_a_unit(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    rule(&w, "sanya-2022", "2025-01-01").await?;
    let id = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(id, Category::Continuing, 1_200)]).await?;
    for (month, wan) in [
        ("2025-01", 100),
        ("2025-02", 0),
        ("2025-03", 150),
        ("2025-04", 150),
    ] {
        w.open(month).await?;
        w.submit_figures(month, id, explained(month, wan)).await?;
        w.close(month).await?;
    }
    let seen = history(&w, Some(BANNER), By::Category).await?;
    let targets: Vec<String> = seen.rows[0]
        .months
        .iter()
        .flatten()
        .map(|month| told(month.target.as_ref().expect("a rule for targets")))
        .collect();
    assert_eq!(
        targets,
        [
            "undefined months_late Some(0)",
            "yellow months_late Some(1)",
            "red months_late Some(2)",
            "undefined months_late Some(0)",
        ]
    );
    w.sound().await
}

async fn a_start_that_is_overdue_lights_the_project(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let planned = with(
        draft("甲"),
        Field::PlannedStart,
        Value::Date(day("2025-01-20")),
    );
    let id = w.enter(&planned).await?;
    w.adopt(2025, &[(id, Category::NewStart, 1_200)]).await?;
    for month in ["2025-01", "2025-02", "2025-03", "2025-04"] {
        w.open(month).await?;
        let started = month == "2025-04";
        let typed = Figures {
            site_status: Some(match started {
                true => SiteStatus::Working,
                false => SiteStatus::NotStarted,
            }),
            started_on: started.then(|| day("2025-04-02")),
            ..explained(month, i64::from(started))
        };
        w.submit_figures(month, id, typed).await?;
        w.close(month).await?;
    }
    let card = w.app.project_view(&w.system, id, None).await?;
    let starts: Vec<String> = card
        .returns
        .iter()
        .rev()
        .map(|one| told(one.light_start.as_ref().expect("a rule for starts")))
        .collect();
    assert_eq!(
        starts,
        [
            "yellow months_late Some(1)",
            "yellow months_late Some(2)",
            "red months_late Some(3)",
            "green months_late Some(0)",
        ]
    );
    Ok(())
}

fn excuse(from: &str, to: &str) -> ExcuseSaid {
    ExcuseSaid {
        kind: ExcuseKind::ForceMajeure,
        reason: "汛期断路停工".to_owned(),
        document_no: "通发改〔2025〕3号".to_owned(),
        from: period(from),
        to: period(to),
    }
}

/// The light of each month of the whole, and how many projects it leaves out.
fn whole(history: &LightHistory) -> Vec<String> {
    let lit = |one: &Option<MonthLit>| {
        let lit = one.as_ref().expect("a month");
        let now = lit.corrected.as_ref().map_or("-", |now| now.light);
        format!("{} {} {now}", lit.progress.light, lit.excused)
    };
    history.total.months.iter().map(lit).collect()
}

async fn yellow(w: &World, month: &str) -> Tried<Vec<String>> {
    let query = ListQuery {
        period: Some(period(month)),
        on_list: true,
        light: Some(Light::Yellow),
        per_page: 50,
        ..ListQuery::default()
    };
    let page = w.app.project_list(&w.system, &query).await?;
    Ok(page.rows.into_iter().map(|row| row.row.name).collect())
}

async fn a_proper_reason_lifts_lights_until_it_is_taken_back(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let late = w.enter(&draft("甲")).await?;
    let sound = w.enter(&draft("乙")).await?;
    let list = [late, sound].map(|id| (id, Category::Continuing, 1_200));
    w.adopt(2025, &list).await?;
    for month in ["2025-01", "2025-02", "2025-03"] {
        w.open(month).await?;
        w.submit_figures(month, late, explained(month, 0)).await?;
        w.submit_figures(month, sound, explained(month, 100))
            .await?;
        if month != "2025-03" {
            w.close(month).await?;
        }
    }
    assert_eq!(yellow(&w, "2025-03").await?, ["甲"]);
    let before = history(&w, None, By::Unit).await?;
    assert_eq!(
        whole(&before),
        ["undefined 0 -", "undefined 0 -", "yellow 0 -"]
    );

    // Whoever is late does not excuse itself, and words are needed.
    let banner = w.clerk(BANNER).await?;
    let march = excuse("2025-03", "2025-03");
    let own = said(&w.app.excuse_add(&banner, late, &march).await);
    assert!(own.starts_with("refused excuse_lateness"), "{own}");
    let wordless = ExcuseSaid {
        reason: " ".to_owned(),
        ..excuse("2025-04", "2025-03")
    };
    let wordless = said(&w.app.excuse_add(&league, late, &wordless).await);
    assert!(wordless.contains("field.missing at reason"), "{wordless}");
    assert!(wordless.contains("excuse.reversed at to"), "{wordless}");

    // A month that is closed stays as it was published; what it is by now stands beside it.
    w.on("2025-04-02");
    let seq = w
        .app
        .excuse_add(&league, late, &excuse("2025-02", "2025-03"))
        .await?;
    let again = excuse("2025-03", "2025-04");
    let again = said(&w.app.excuse_add(&league, late, &again).await);
    assert!(again.contains("excuse.overlaps"), "{again}");
    assert_eq!(yellow(&w, "2025-03").await?, Vec::<String>::new());
    let excused = history(&w, None, By::Unit).await?;
    assert_eq!(
        whole(&excused),
        ["undefined 0 -", "undefined 0 green", "green 1 -"]
    );
    // The same for whatever the project is counted under.
    for by in By::ALL {
        let unit = (by == By::Unit).then_some(LEAGUE);
        let broken = history(&w, unit, by).await?;
        let march: Vec<i64> = broken
            .rows
            .iter()
            .filter_map(|row| Some(row.months.last()?.as_ref()?.excused))
            .collect();
        assert_eq!(march, [1], "{by:?}");
        let query = RollupQuery {
            period: Some(period("2025-03")),
            unit: unit.map(str::to_owned),
            by,
            edition: Edition::Current,
        };
        let rollup = w.app.rollup(&w.system, &query).await?;
        let row = &rollup.rows[0];
        assert_eq!((row.light.light, row.excused), ("green", 1), "{by:?}");
        assert_eq!(row.measures["year_to_date"], 3_000_000, "sums stay");
    }
    let card = w.app.project_view(&w.system, late, None).await?;
    let march = &card.returns[0];
    assert!(march.light.excused);
    assert_eq!(
        (march.light.light, march.light.value),
        ("undefined", Some(-2500))
    );
    let february = card.returns[1]
        .light_published
        .as_ref()
        .map(|one| one.light);
    assert_eq!(february, Some("yellow"), "as it was published");
    let line = &card.events[0];
    assert_eq!(line.kind, "excused");
    assert_eq!(line.reason, "2025-02–2025-03 force_majeure: 汛期断路停工");

    // Taken back after March is closed: March stays as published, all else is lit again.
    w.close("2025-03").await?;
    w.on("2025-05-02");
    let no_words = w.app.excuse_take_back(&league, late, seq, " ").await;
    assert!(said(&no_words).contains("field.missing at reason"));
    w.app
        .excuse_take_back(&league, late, seq, "查明并未断路")
        .await?;
    let twice = w.app.excuse_take_back(&league, late, seq, "再撤").await;
    assert_eq!(said(&twice), "excuse changed");
    assert_eq!(yellow(&w, "2025-03").await?, ["甲"]);
    let after = history(&w, None, By::Unit).await?;
    assert_eq!(
        whole(&after),
        ["undefined 0 -", "undefined 0 -", "green 1 yellow"]
    );
    let card = w.app.project_view(&w.system, late, None).await?;
    assert_eq!(card.returns[0].light.light, "yellow");
    let published = card.returns[0].light_published.as_ref();
    assert!(published.is_some_and(|light| light.excused));
    let past = w
        .app
        .project_view(&w.system, late, Some(day("2025-04-03")))
        .await?;
    assert!(past.returns[0].light.excused, "as it stood then");
    assert_eq!(past.excuses[0].taken_back, None);
    assert_eq!(
        card.excuses[0].taken_back.as_ref().map(|end| &*end.reason),
        Some("查明并未断路")
    );

    // Of single projects nothing was published, so that nothing is left out of it either.
    let reporter = w.person(Role::Reporter, BANNER, "").await?;
    w.app
        .project_assign(&w.system, late, Some(reporter.user))
        .await?;
    let query = RollupQuery {
        period: Some(period("2025-03")),
        unit: None,
        by: By::Unit,
        edition: Edition::Published,
    };
    let own = w.app.rollup(&reporter, &query).await?.total;
    assert_eq!((own.light.light, own.excused), ("undefined", 0));
    let all = w.app.rollup(&w.system, &query).await?.total;
    assert_eq!((all.light.light, all.excused), ("green", 1));
    Ok(())
}

async fn a_proper_reason_lifts_nothing_where_the_rules_know_none(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    rule(&w, "wuhan", "2025-01-01").await?;
    let late = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(late, Category::Continuing, 1_200)])
        .await?;
    w.open("2025-01").await?;
    w.submit_figures("2025-01", late, explained("2025-01", 0))
        .await?;
    w.app
        .excuse_add(&w.system, late, &excuse("2025-01", "2025-01"))
        .await?;
    let lit = history(&w, None, By::Unit).await?;
    assert_eq!(whole(&lit), ["red 0 -"]);
    let card = w.app.project_view(&w.system, late, None).await?;
    assert_eq!(card.returns[0].light.light, "red");
    Ok(())
}
