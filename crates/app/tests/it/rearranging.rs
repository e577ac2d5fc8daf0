//! Splitting and merging: the list is rearranged, the figures stay.

use std::collections::BTreeMap;

use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::{Field, FundingSource, ProjectId};
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::{Category, Exit, Stage};
use gangmu_app::metrics::{By, RollupQuery};
use gangmu_app::pipeline::Part;
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::pipeline::NO_REASON;
use crate::support::{
    BANNER, ELSEWHERE, Tried, World, code, day, draft, figures, period, said, wan, why, with,
};

each_engine!(
    a_split_keeps_totals_plan_place_and_history,
    a_split_that_is_not_the_whole_changes_nothing,
    a_split_off_the_list_keeps_what_was_invested,
    a_merger_keeps_totals_plan_and_history,
    with_two_years_open_each_month_keeps_its_own_figures_in_a_merger,
    with_two_years_open_each_month_keeps_its_own_figures_in_a_split,
    a_merger_between_two_years_lists_is_kept_for_the_next,
    a_merger_into_a_project_off_the_list_brings_it_onto_it,
    a_merger_that_cannot_be_changes_nothing,
);

/// What a month comes to in the whole region, in 万元: projects, total, plan, year, start, funds.
async fn sums(w: &World, month: &str) -> Tried<[i64; 6]> {
    let query = RollupQuery {
        period: Some(period(month)),
        unit: None,
        by: By::Unit,
        edition: Edition::Current,
    };
    let m: BTreeMap<_, _> = w.app.rollup(&w.system, &query).await?.total.measures;
    Ok([
        m["projects"],
        m["total_investment"] / 10_000,
        m["annual_plan"] / 10_000,
        m["year_to_date"] / 10_000,
        m["since_start"] / 10_000,
        m["funds_to_date"] / 10_000,
    ])
}

/// Projects with a plan of 1,200 万元, 3,000 before this year, 100 in a closed January and 50 in
/// an open February, 60 of it in place.
async fn under_way(w: &World, names: &[&str]) -> Tried<Vec<ProjectId>> {
    let mut ids = Vec::new();
    for name in names {
        let edit = with(draft(name), Field::InvestedBefore, wan(3_000));
        ids.push(w.enter(&edit).await?);
    }
    let list: Vec<_> = ids
        .iter()
        .map(|id| (*id, Category::Continuing, 1_200))
        .collect();
    w.adopt(2025, &list).await?;
    w.open("2025-01").await?;
    for id in &ids {
        w.submit("2025-01", *id, 100).await?;
    }
    w.close("2025-01").await?;
    w.on("2025-02-20");
    w.open("2025-02").await?;
    for id in &ids {
        let mut typed = figures("2025-02", 50);
        typed.funds = [(FundingSource::BankLoans, Yuan::wan(60))].into();
        w.submit_figures("2025-02", *id, typed).await?;
    }
    Ok(ids)
}

fn part(name: &str, total: i64, since_start: i64, year_to_date: i64, plan: i64) -> Part {
    Part {
        name: name.to_owned(),
        total: Yuan::wan(total),
        since_start: Yuan::wan(since_start),
        year_to_date: Yuan::wan(year_to_date),
        plan: Yuan::wan(plan),
    }
}

async fn a_split_keeps_totals_plan_place_and_history(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = under_way(&w, &["甲"]).await?[0];
    // Next year's list is adopted already.
    w.adopt(2026, &[(id, Category::Completion, 900)]).await?;
    let reporter = w.person(Role::Reporter, BANNER, "").await?;
    w.app
        .project_assign(&w.system, id, Some(reporter.user))
        .await?;
    let january = sums(&w, "2025-01").await?;
    assert_eq!(
        sums(&w, "2025-02").await?,
        [1, 10_000, 1_200, 150, 3_150, 60]
    );

    let parts = [
        part("甲一期", 6_000, 3_060, 100, 700),
        part("甲二期", 4_000, 90, 50, 500),
    ];
    let ids = w.app.split(&w.system, id, &parts, &why("分期建设")).await?;
    assert_eq!(
        sums(&w, "2025-02").await?,
        [2, 10_000, 1_200, 150, 3_150, 60]
    );
    assert_eq!(sums(&w, "2025-01").await?, january, "closed months stay");
    let bridge = w
        .app
        .programme_bridge(&w.system, 2025, None, day("2025-02-19"), day("2025-02-20"))
        .await?;
    assert_eq!(bridge.lines.len(), 1);
    assert_eq!(bridge.lines[0].kind, "split");
    let delta = bridge.lines[0].delta;
    assert_eq!(
        (delta.projects, delta.total_investment, delta.annual_plan),
        (1, 0, 0)
    );
    assert_eq!(bridge.lines[0].changes.len(), 3);
    let next = w
        .app
        .programme_bridge(&w.system, 2026, None, day("2025-01-01"), day("2025-12-31"))
        .await?;
    let closing = (next.closing.projects, next.closing.annual_plan);
    assert_eq!(closing, (2, 9_000_000), "next year's list keeps its plan");

    let first = w.project(ids[0]).await?;
    assert_eq!(first.reporter, Some(reporter.user));
    assert_eq!(first.record.text(Field::ParentName), Some("甲"));
    assert_eq!(
        w.filed("2025-02", ids[0]).await?.position.since_start,
        Yuan::wan(3_060)
    );
    let whole = w.app.project_view(&w.system, id, None).await?;
    assert_eq!((whole.stage, whole.links.len()), ("split", 2));
    assert_eq!(whole.returns.len(), 1, "January is still there");
    let view = w.app.project_view(&w.system, ids[1], None).await?;
    assert_eq!(
        (view.links[0].kind.as_str(), view.links[0].name.as_str()),
        ("split_from", "甲")
    );
    // The parts go on from there.
    w.submit("2025-02", ids[1], 10).await?;
    assert_eq!(
        sums(&w, "2025-02").await?,
        [2, 10_000, 1_200, 160, 3_160, 60]
    );
    w.close("2025-02").await?;
    w.open("2025-03").await?;
    assert_eq!(
        sums(&w, "2025-03").await?,
        [2, 10_000, 1_200, 160, 3_160, 60]
    );
    w.sound().await
}

async fn a_split_that_is_not_the_whole_changes_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = under_way(&w, &["甲"]).await?[0];
    let sound = || part("一", 6_000, 3_000, 100, 700);
    let rows = [
        (
            vec![sound(), part("二", 4_000, 150, 50, 500)],
            "",
            NO_REASON.to_owned(),
        ),
        (
            vec![part("一", 10_000, 3_150, 150, 1_200)],
            "分",
            "pipeline.too_few_parts at parts".to_owned(),
        ),
        (
            vec![sound(), part("二", 3_999, 151, 49, 500)],
            "",
            format!(
                "{NO_REASON}; \
                 pipeline.parts_total_not_whole at parts (99990000, 100000000); \
                 pipeline.parts_invested_not_whole at parts (31510000, 31500000); \
                 pipeline.parts_year_not_whole at parts (1490000, 1500000)"
            ),
        ),
        (
            vec![sound(), part("二", 4_000, 150, 50, 499)],
            "分",
            "pipeline.parts_plan_not_whole at parts".to_owned(),
        ),
        (
            vec![sound(), part("", 4_000, 150, 50, 500)],
            "分",
            "field.missing at name".to_owned(),
        ),
        (
            vec![
                part("一", 11_000, 3_000, 100, 700),
                part("二", -1_000, 150, 50, 500),
            ],
            "分",
            "field.not_allowed at total_investment (-10000000)".to_owned(),
        ),
        (
            vec![
                part("一", 6_000, 3_000, 100, 1_300),
                part("二", 4_000, 150, 50, -100),
            ],
            "分",
            "pipeline.plan_negative at annual_plan (二)".to_owned(),
        ),
    ];
    for (parts, reason, wanted) in rows {
        let split = w.app.split(&w.system, id, &parts, &why(reason)).await;
        assert_eq!(said(&split), wanted);
        assert_eq!(
            sums(&w, "2025-02").await?,
            [1, 10_000, 1_200, 150, 3_150, 60]
        );
        assert_eq!(w.project(id).await?.stage, Stage::Concept);
    }
    w.sound().await
}

async fn a_split_off_the_list_keeps_what_was_invested(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = under_way(&w, &["甲"]).await?[0];
    w.app
        .programme_adjust(&w.system, 2025, id, None, &why("调出"))
        .await?;
    let parts = [
        part("甲一期", 6_000, 3_050, 60, 0),
        part("甲二期", 4_000, 50, 40, 0),
    ];
    let ids = w.app.split(&w.system, id, &parts, &why("分期")).await?;
    let mut invested = Vec::new();
    for id in ids {
        invested.push(w.project(id).await?.record.money(Field::InvestedBefore));
    }
    assert_eq!(invested, [Some(Yuan::wan(3_050)), Some(Yuan::wan(50))]);
    w.sound().await
}

async fn a_merger_keeps_totals_plan_and_history(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = under_way(&w, &["甲", "乙", "丙"]).await?;
    let january = sums(&w, "2025-01").await?;
    assert_eq!(
        sums(&w, "2025-02").await?,
        [3, 30_000, 3_600, 450, 9_450, 180]
    );
    w.app
        .merge(&w.system, ids[1], &[ids[2], ids[0]], &why("合并实施"))
        .await?;
    assert_eq!(
        sums(&w, "2025-02").await?,
        [1, 30_000, 3_600, 450, 9_450, 180]
    );
    assert_eq!(sums(&w, "2025-01").await?, january, "closed months stay");
    let bridge = w
        .app
        .programme_bridge(&w.system, 2025, None, day("2025-02-19"), day("2025-02-20"))
        .await?;
    let lines: Vec<&str> = bridge.lines.iter().map(|line| line.kind).collect();
    assert_eq!(lines, ["merged"], "one line, no empty one beside it");
    let delta = bridge.lines[0].delta;
    assert_eq!(
        (delta.projects, delta.total_investment, delta.annual_plan),
        (-2, 0, 0)
    );
    let remains = w.app.project_view(&w.system, ids[1], None).await?;
    assert_eq!(remains.links.len(), 2);
    assert!(remains.links.iter().all(|link| link.kind == "merged_from"));
    let gone = w.app.project_view(&w.system, ids[0], None).await?;
    assert_eq!((gone.stage, gone.returns.len()), ("merged", 1));
    assert_eq!(gone.links[0].name, "乙");
    w.close("2025-02").await?;
    w.open("2025-03").await?;
    w.submit("2025-03", ids[1], 30).await?;
    assert_eq!(
        sums(&w, "2025-03").await?,
        [1, 30_000, 3_600, 480, 9_480, 180]
    );
    w.sound().await
}

async fn a_merger_into_a_project_off_the_list_brings_it_onto_it(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = under_way(&w, &["甲"]).await?[0];
    let new = w.enter(&draft("乙")).await?;
    w.app.merge(&w.system, new, &[id], &why("合并")).await?;
    assert_eq!(
        sums(&w, "2025-02").await?,
        [1, 20_000, 1_200, 150, 3_150, 60]
    );
    // With no list at all the record keeps what was invested.
    let left = with(draft("丙"), Field::InvestedBefore, wan(70));
    let left = w.enter(&left).await?;
    let right = with(draft("丁"), Field::InvestedBefore, wan(30));
    let right = w.enter(&right).await?;
    w.app.merge(&w.system, left, &[right], &why("合并")).await?;
    let record = w.project(left).await?.record;
    assert_eq!(record.money(Field::InvestedBefore), Some(Yuan::wan(100)));
    assert_eq!(
        record.money(Field::TotalInvestment),
        Some(Yuan::wan(20_000))
    );
    w.sound().await
}

async fn a_merger_that_cannot_be_changes_nothing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = under_way(&w, &["甲", "乙"]).await?;
    let away = w
        .enter(&with(draft("丙"), Field::Unit, code(ELSEWHERE)))
        .await?;
    let left = w.enter(&draft("丁")).await?;
    let exit = Exit::Cancelled;
    w.app.withdraw(&w.system, left, exit, &why("取消")).await?;
    let banner = w.clerk(BANNER).await?;
    let nothing = "pipeline.nothing_to_merge at others";
    let rows = [
        (&w.system, vec![], "并", nothing),
        (&w.system, vec![ids[0]], "并", nothing),
        (&w.system, vec![ids[1]], "", NO_REASON),
        (
            &w.system,
            vec![ids[1], away],
            "并",
            "pipeline.merge_across_units",
        ),
        (
            &w.system,
            vec![ids[1], left],
            "并",
            "pipeline.left (cancelled)",
        ),
        (&w.system, vec![ids[1], ids[1]], "并", nothing),
        (&banner, vec![ids[1], away], "并", "no such project"),
    ];
    for (actor, others, reason, wanted) in rows {
        let merged = w.app.merge(actor, ids[0], &others, &why(reason)).await;
        assert_eq!(said(&merged), wanted);
        assert_eq!(
            sums(&w, "2025-02").await?,
            [2, 20_000, 2_400, 300, 6_300, 120]
        );
        assert_eq!(w.project(ids[1]).await?.stage, Stage::Concept);
    }
    w.sound().await
}

/// Two projects on the lists of both years: 2025-12 and 2026-01 open with 50 and 7 万元 each, after
/// a closed November with 100, and 3,000 before that.
async fn two_years_open(w: &World) -> Tried<Vec<ProjectId>> {
    let mut ids = Vec::new();
    for name in ["甲", "乙"] {
        let edit = with(draft(name), Field::InvestedBefore, wan(3_000));
        ids.push(w.enter(&edit).await?);
    }
    for year in [2025, 2026] {
        let list = ids.iter().map(|id| (*id, Category::Continuing, 1_200));
        w.adopt(year, &list.collect::<Vec<_>>()).await?;
    }
    w.open("2025-11").await?;
    for id in &ids {
        w.submit("2025-11", *id, 100).await?;
    }
    w.close("2025-11").await?;
    w.on("2026-02-03");
    for (month, amount) in [("2025-12", 50), ("2026-01", 7)] {
        w.open(month).await?;
        for id in &ids {
            w.submit(month, *id, amount).await?;
        }
    }
    let mut shown = Vec::new();
    for month in ["2025-12", "2026-01"] {
        shown.push(sums(w, month).await?);
    }
    assert_eq!(
        shown,
        [
            [2, 20_000, 2_400, 300, 6_300, 0],
            [2, 20_000, 2_400, 14, 6_314, 0]
        ]
    );
    Ok(ids)
}

async fn with_two_years_open_each_month_keeps_its_own_figures_in_a_merger(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = two_years_open(&w).await?;
    w.app
        .merge(&w.system, ids[0], &[ids[1]], &why("合并实施"))
        .await?;
    let whole = [1, 20_000, 2_400, 300, 6_300, 0];
    assert_eq!(sums(&w, "2025-12").await?, whole);
    let whole = [1, 20_000, 2_400, 14, 6_314, 0];
    assert_eq!(sums(&w, "2026-01").await?, whole);
    // What comes next goes on from there.
    w.close("2025-12").await?;
    w.close("2026-01").await?;
    w.open("2026-02").await?;
    w.submit("2026-02", ids[0], 3).await?;
    let whole = [1, 20_000, 2_400, 17, 6_317, 0];
    assert_eq!(sums(&w, "2026-02").await?, whole);
    w.sound().await
}

async fn with_two_years_open_each_month_keeps_its_own_figures_in_a_split(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = two_years_open(&w).await?;
    // The newest month shows 7 since January, 3,157 in all.
    let parts = [
        part("甲一期", 6_000, 3_002, 2, 700),
        part("甲二期", 4_000, 155, 5, 500),
    ];
    w.app
        .split(&w.system, ids[0], &parts, &why("分期建设"))
        .await?;
    let whole = [3, 20_000, 2_400, 300, 6_300, 0];
    assert_eq!(sums(&w, "2025-12").await?, whole);
    let whole = [3, 20_000, 2_400, 14, 6_314, 0];
    assert_eq!(sums(&w, "2026-01").await?, whole);
    w.sound().await
}

async fn a_merger_between_two_years_lists_is_kept_for_the_next(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = under_way(&w, &["甲", "乙"]).await?;
    w.close("2025-02").await?;
    for month in 3..=12 {
        let month = format!("2025-{month:02}");
        w.open(&month).await?;
        w.close(&month).await?;
    }
    w.on("2026-01-10");
    w.app
        .merge(&w.system, ids[0], &[ids[1]], &why("合并实施"))
        .await?;
    w.adopt(2026, &[(ids[0], Category::Continuing, 1_000)])
        .await?;
    w.open("2026-01").await?;
    let whole = [1, 20_000, 1_000, 0, 6_300, 0];
    assert_eq!(sums(&w, "2026-01").await?, whole);
    w.sound().await
}
