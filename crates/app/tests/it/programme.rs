//! A year's list: adopting, adjusting with explanations, and the bridge between any two dates.

use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::Field;
use gangmu_app::domain::organisation::Scope;
use gangmu_app::domain::pipeline::{Category, Exit};
use gangmu_app::pipeline::{BridgeView, Move, NewEntry, TallyView};
use gangmu_store::{Db, pipeline};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, LEAGUE, SISTER, Tried, World, change, code, day, draft, entry, said, wan, why, with,
};

each_engine!(
    a_list_is_adopted_whole_or_not_at_all,
    an_adjustment_is_explained,
    the_bridge_adds_up_between_any_two_dates,
    lists_of_years_that_are_over_stay_as_they_were,
);

async fn a_list_is_adopted_whole_or_not_at_all(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (a, b) = (w.enter(&draft("甲")).await?, w.enter(&draft("乙")).await?);
    let gone = w.enter(&draft("丙")).await?;
    let exit = Exit::Cancelled;
    w.app.withdraw(&w.system, gone, exit, &why("取消")).await?;
    let months = NewEntry {
        monthly_plan: Some([Yuan::wan(1); 12]),
        ..entry(Category::Continuing, 13)
    };
    let bad = [
        (a, entry(Category::NewStart, 100)),
        (b, entry(Category::NewStart, -1)),
        (gone, entry(Category::Continuing, 100)),
        (a, months.clone()),
    ];
    let adopt = async |year, entries: &[_]| {
        let why = why("年初下达");
        w.app
            .programme_adopt(&w.system, year, "清单", entries, &why)
            .await
    };
    let wanted = format!(
        "pipeline.plan_negative at {b}.annual_plan (乙); pipeline.left at {gone}.stage (丙); \
         pipeline.months_not_whole at {a}.monthly_plan (甲); pipeline.listed_twice at {a} (甲)"
    );
    assert_eq!(said(&adopt(2025, &bad).await), wanted);
    assert_eq!(w.app.programme_years(&w.system).await?, vec![]);
    let good = [
        (a, entry(Category::NewStart, 100)),
        (
            b,
            NewEntry {
                plan: Yuan::wan(12),
                ..months
            },
        ),
    ];
    assert_eq!(said(&adopt(2025, &good).await), "ok");
    assert_eq!(said(&adopt(2025, &good).await), "exists");
    w.open("2025-03").await?;
    let of = async |id| w.filed("2025-03", id).await;
    assert_eq!(of(a).await?.position.entry.plan_to_date, Yuan::wan(25));
    assert_eq!(of(b).await?.position.entry.plan_to_date, Yuan::wan(3));
    w.sound().await
}

async fn an_adjustment_is_explained(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (a, b) = (w.enter(&draft("甲")).await?, w.enter(&draft("乙")).await?);
    w.adopt(2025, &[(a, Category::NewStart, 100)]).await?;
    let adjust = async |year, id, entry: Option<NewEntry>, reason: &str| {
        let why = why(reason);
        let done = w
            .app
            .programme_adjust(&w.system, year, id, entry.as_ref(), &why);
        said(&done.await)
    };
    let plan = |n| Some(entry(Category::NewStart, n));
    let rows = [
        (2025, a, plan(150), "", "pipeline.reason_missing at reason"),
        (2024, a, plan(150), "调整", "no such programme"),
        (2025, b, None, "调出", "no such programme_entry"),
        (
            2025,
            a,
            plan(-1),
            "调整",
            "pipeline.plan_negative at annual_plan (甲)",
        ),
        (2025, a, plan(150), "调整", "ok"),
        (2025, b, plan(10), "新增", "ok"),
        (2025, a, None, "调出", "ok"),
        (2025, a, None, "再调出", "no such programme_entry"),
    ];
    for (year, id, entry, reason, wanted) in rows {
        assert_eq!(adjust(year, id, entry, reason).await, wanted);
        w.sound().await?;
    }
    let view = w.app.project_view(&w.system, a, None).await?;
    let reasons: Vec<&str> = view
        .events
        .iter()
        .filter(|e| e.kind == "programme")
        .map(|e| e.reason.as_str())
        .collect();
    assert_eq!(
        reasons,
        [
            "2025 removed: 调出",
            "2025 plan_adjusted: 调整",
            "2025 adopted: 年初下达"
        ]
    );
    Ok(())
}

async fn the_bridge_adds_up_between_any_two_dates(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let mut ids = Vec::new();
    for (name, unit) in [
        ("甲", BANNER),
        ("乙", BANNER),
        ("丙", SISTER),
        ("丁", BANNER),
    ] {
        ids.push(w.enter(&with(draft(name), Field::Unit, code(unit))).await?);
    }
    let list = [
        (ids[0], Category::NewStart, 100),
        (ids[1], Category::Continuing, 200),
    ];
    w.adopt(2025, &list).await?;
    let adjust = async |id, entry: Option<NewEntry>| {
        let why = why("调整");
        w.app
            .programme_adjust(&w.system, 2025, id, entry.as_ref(), &why)
            .await
    };
    w.on("2025-03-01");
    adjust(ids[2], Some(entry(Category::NewStart, 50))).await?;
    adjust(ids[1], Some(entry(Category::Continuing, 250))).await?;
    w.on("2025-05-01");
    adjust(ids[0], Some(entry(Category::Continuing, 100))).await?;
    let more = change(Field::TotalInvestment, wan(12_000));
    w.app.project_edit(&w.system, ids[0], None, &more).await?;
    w.on("2025-07-01");
    adjust(ids[2], None).await?;
    w.app
        .merge(&w.system, ids[0], &[ids[1]], &why("合并"))
        .await?;
    // Entered later, counted from an earlier day.
    let back = Move {
        on: Some(day("2025-04-01")),
        ..why("补录")
    };
    let late = entry(Category::Preparation, 5);
    w.app
        .programme_adjust(&w.system, 2025, ids[3], Some(&late), &back)
        .await?;

    let dates = [
        "2024-12-31",
        "2025-01-06",
        "2025-03-01",
        "2025-04-01",
        "2025-05-01",
        "2025-07-01",
        "2025-12-31",
    ];
    for unit in [None, Some(LEAGUE), Some(BANNER), Some(SISTER)] {
        for (at, from) in dates.iter().enumerate() {
            for to in &dates[at..] {
                let bridge = bridge(&w, unit, from, to).await?;
                let reached = bridge.lines.iter().fold(bridge.opening, |sum, line| {
                    let changes = line.changes.iter().map(|c| c.delta);
                    let added = changes.fold(nothing(), plus);
                    assert_eq!(added, line.delta, "{} from {from} to {to}", line.kind);
                    plus(sum, added)
                });
                assert_eq!(reached, bridge.closing, "from {from} to {to}");
                let onward = self::bridge(&w, unit, to, to).await?;
                assert_eq!(onward.opening, bridge.closing, "the next one begins there");
            }
        }
        let reference = w.app.reference().await?;
        let top = match unit {
            Some(code) => reference.unit_by_code(code).expect("a unit"),
            None => reference.root()?,
        };
        let scope = Scope::subtree(top.path.clone());
        let stands = pipeline::entry_tally(db, &scope, 2025).await?;
        let last = bridge(&w, unit, "2025-12-31", "2025-12-31").await?;
        assert_eq!(
            last.closing,
            TallyView::from(stands),
            "the list as it stands"
        );
    }
    let bridge = bridge(&w, None, "2025-01-06", "2025-12-31").await?;
    let lines: Vec<String> = bridge
        .lines
        .iter()
        .map(|l| {
            let d = l.delta;
            let wan = |yuan: i64| yuan / 10_000;
            let (total, plan) = (wan(d.total_investment), wan(d.annual_plan));
            format!("{} {} {total} {plan}", l.kind, d.projects)
        })
        .collect();
    assert_eq!(
        lines,
        [
            "added 2 20000 55",
            "removed -1 -10000 -50",
            "plan_adjusted 0 0 50",
            "total_adjusted 0 2000 0",
            "category_changed 0 0 0",
            "merged -1 0 0"
        ]
    );
    let reversed =
        w.app
            .programme_bridge(&w.system, 2025, None, day("2025-02-01"), day("2025-01-01"));
    assert_eq!(said(&reversed.await), "pipeline.dates_reversed at to");
    w.sound().await
}

async fn bridge(w: &World, unit: Option<&str>, from: &str, to: &str) -> Tried<BridgeView> {
    let (from, to) = (day(from), day(to));
    let bridge = w.app.programme_bridge(&w.system, 2025, unit, from, to);
    Ok(bridge.await?)
}

fn nothing() -> TallyView {
    TallyView {
        projects: 0,
        total_investment: 0,
        annual_plan: 0,
    }
}

fn plus(a: TallyView, b: TallyView) -> TallyView {
    TallyView {
        projects: a.projects + b.projects,
        total_investment: a.total_investment + b.total_investment,
        annual_plan: a.annual_plan + b.annual_plan,
    }
}

async fn lists_of_years_that_are_over_stay_as_they_were(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    w.adopt(2024, &[(id, Category::NewStart, 100)]).await?;
    w.adopt(2025, &[(id, Category::Continuing, 200)]).await?;
    w.open("2024-12").await?;
    w.close("2024-12").await?;
    // Between two months, when none is open, the list of 2024 is over all the same.
    let more = change(Field::TotalInvestment, wan(12_000));
    w.app.project_edit(&w.system, id, None, &more).await?;
    let exit = Exit::Cancelled;
    w.app.withdraw(&w.system, id, exit, &why("取消")).await?;
    let of = async |year| pipeline::entry_get(db, id, year).await;
    let (old, new) = (
        of(2024).await?.expect("2024"),
        of(2025).await?.expect("2025"),
    );
    assert_eq!((old.included, old.total), (true, Yuan::wan(10_000)));
    assert_eq!((new.included, new.total), (false, Yuan::wan(12_000)));
    w.sound().await
}
