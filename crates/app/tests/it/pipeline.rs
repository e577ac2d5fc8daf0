//! The rolling pipeline: gates, steps back, exits, suspension, splitting and merging.

use std::collections::BTreeMap;

use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::{Field, FundingSource, ProjectId, Value};
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::{Category, Exit, Stage};
use gangmu_app::library::Upload;
use gangmu_app::metrics::{By, RollupQuery};
use gangmu_app::pipeline::{Move, Part};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, ELSEWHERE, Tried, World, change, code, day, draft, figures, period, said, text, wan,
    why, with,
};

each_engine!(
    a_gate_lists_everything_it_asks_for_and_who_can_give_it,
    a_step_back_needs_a_reason,
    who_leaves_is_off_the_lists_and_moves_no_more,
    what_is_suspended_stands_still_until_resumed,
    a_split_keeps_totals_plan_place_and_history,
    a_split_that_is_not_the_whole_changes_nothing,
    a_split_off_the_list_keeps_what_was_invested,
    a_merger_keeps_totals_plan_and_history,
    a_merger_into_a_project_off_the_list_brings_it_onto_it,
    a_merger_that_cannot_be_changes_nothing,
    the_pipeline_counts_stages_and_flow,
);

const NO_REASON: &str = "pipeline.reason_missing at reason";

async fn to(w: &World, id: ProjectId, stage: Stage, reason: &str) -> String {
    said(&w.app.stage_move(&w.system, id, stage, &why(reason)).await)
}

async fn fill(w: &World, id: ProjectId, values: &[(Field, Value)]) -> Tried<()> {
    for (field, value) in values {
        let edit = change(*field, value.clone());
        w.app.project_edit(&w.system, id, None, &edit).await?;
    }
    Ok(())
}

async fn photo(w: &World, id: ProjectId) -> Tried<()> {
    let upload = Upload {
        file_name: "现场.jpg".to_owned(),
        bytes: b"\xff\xd8\xff".as_slice().into(),
    };
    w.app.attachment_add(&w.system, id, upload).await?;
    Ok(())
}

async fn a_gate_lists_everything_it_asks_for_and_who_can_give_it(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    let asked = "gate.owner at owner (clerk); gate.scale at scale (reporter); \
        gate.site at site (clerk); gate.funding at funding (reporter); \
        gate.proposal at approval_document (officer)";
    assert_eq!(to(&w, id, Stage::Reserve, "").await, asked);
    let codes: Vec<String> = w
        .app
        .gate_check(&w.system, id)
        .await?
        .into_iter()
        .map(|unmet| unmet.code)
        .collect();
    assert_eq!(codes, ["owner", "scale", "site", "funding", "proposal"]);
    let far = "pipeline.not_adjacent (concept, implementation)";
    assert_eq!(to(&w, id, Stage::Implementation, "").await, far);

    let funding = [(FundingSource::OwnFunds, Yuan::wan(10_000))].into();
    let reserve = [
        (Field::Owner, text("某公司")),
        (Field::Scale, text("两台机组")),
        (Field::Funding, Value::Funding(funding)),
        (Field::ApprovalDocument, text("备案〔2025〕1号")),
    ];
    fill(&w, id, &reserve).await?;
    let asked = "gate.site at site (clerk)";
    assert_eq!(to(&w, id, Stage::Reserve, "").await, asked);
    fill(&w, id, &[(Field::Park, text("霍林郭勒园区"))]).await?;
    assert_eq!(to(&w, id, Stage::Reserve, "").await, "ok");

    let asked = "gate.project_code at code (reporter); \
        gate.planned_start at planned_start_on (clerk); gate.duty at duty_unit (clerk)";
    assert_eq!(to(&w, id, Stage::Preparation, "").await, asked);
    let preparation = [
        (Field::Code, code("2501-150502-04-01-123456")),
        (Field::PlannedStart, Value::Date(day("2025-03-01"))),
        (Field::DutyPerson, text("科尔沁区发改委项目科科长")),
    ];
    fill(&w, id, &preparation).await?;
    assert_eq!(to(&w, id, Stage::Preparation, "").await, "ok");

    let start = [
        (Field::ContractDocument, text("合同")),
        (Field::ActualStart, Value::Date(day("2025-03-10"))),
    ];
    fill(&w, id, &start).await?;
    let asked = "gate.site_photo at  (reporter); gate.started at actual_start_on (reporter)";
    assert_eq!(to(&w, id, Stage::Implementation, "").await, asked);
    photo(&w, id).await?;
    let ahead = Move {
        on: Some(day("2025-03-10")),
        ..why("")
    };
    let moved = w
        .app
        .stage_move(&w.system, id, Stage::Implementation, &ahead);
    assert_eq!(said(&moved.await), "pipeline.date_in_future at on");
    w.on("2025-03-10");
    assert_eq!(to(&w, id, Stage::Implementation, "").await, "ok");

    w.on("2025-11-20");
    let finish = [
        (Field::ActualFinish, Value::Date(day("2025-11-15"))),
        (Field::AcceptanceDocument, text("验收意见")),
    ];
    fill(&w, id, &finish).await?;
    let asked = "gate.finish_photo at  (reporter)";
    assert_eq!(to(&w, id, Stage::Completed, "").await, asked);
    photo(&w, id).await?;
    assert_eq!(to(&w, id, Stage::Completed, "").await, "ok");
    assert_eq!(w.app.gate_check(&w.system, id).await?, vec![]);
    let project = w.project(id).await?;
    assert_eq!(project.stage_since, day("2025-11-20"));
    assert_eq!(project.record.text(Field::Stage), Some("completed"));
    w.sound().await
}

async fn a_step_back_needs_a_reason(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = at_reserve(&w, "甲").await?;
    assert_eq!(to(&w, id, Stage::Concept, " ").await, NO_REASON);
    assert_eq!(to(&w, id, Stage::Concept, "选址落空").await, "ok");
    let first = "pipeline.not_adjacent (concept, concept)";
    assert_eq!(to(&w, id, Stage::Concept, "再退").await, first);
    let view = w.app.project_view(&w.system, id, None).await?;
    let event = &view.events[0];
    assert_eq!(
        (event.kind, event.reason.as_str()),
        ("stage_moved", "选址落空")
    );
    assert_eq!(event.changes[0].before, "reserve");
    Ok(())
}

/// A project in reserve with everything that stage asks for.
async fn at_reserve(w: &World, name: &str) -> Tried<ProjectId> {
    let funding = [(FundingSource::OwnFunds, Yuan::wan(10_000))].into();
    let edit = with(draft(name), Field::Owner, text("某公司"));
    let edit = with(edit, Field::Scale, text("规模"));
    let edit = with(edit, Field::Site, text("一号地块"));
    let edit = with(edit, Field::Funding, Value::Funding(funding));
    let edit = with(edit, Field::ApprovalDocument, text("备案"));
    let id = w.enter(&edit).await?;
    w.app
        .stage_move(&w.system, id, Stage::Reserve, &why(""))
        .await?;
    Ok(id)
}

async fn who_leaves_is_off_the_lists_and_moves_no_more(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(id, Category::Continuing, 1_200)]).await?;
    w.adopt(2026, &[(id, Category::Continuing, 600)]).await?;
    w.open("2025-01").await?;
    let app = &w.app;
    let exit = Exit::Cancelled;
    let mute = app.withdraw(&w.system, id, exit, &why("")).await;
    assert_eq!(said(&mute), NO_REASON);
    app.withdraw(&w.system, id, exit, &why("资金不落实"))
        .await?;
    let left = "pipeline.left (cancelled)";
    let again = app
        .withdraw(&w.system, id, Exit::MovedOut, &why("再"))
        .await;
    assert_eq!(said(&again), left);
    assert_eq!(to(&w, id, Stage::Reserve, "再来").await, left);
    let suspended = app.set_suspended(&w.system, id, true, &why("缓")).await;
    assert_eq!(said(&suspended), left);
    let list = crate::support::entry(Category::Continuing, 100);
    let back = app
        .programme_adjust(&w.system, 2025, id, Some(&list), &why("补"))
        .await;
    assert_eq!(said(&back), "pipeline.left at stage (甲)");
    let view = app.project_view(&w.system, id, None).await?;
    assert!(view.programmes.iter().all(|entry| !entry.included));
    assert_eq!(view.programmes.len(), 2);
    w.sound().await
}

async fn what_is_suspended_stands_still_until_resumed(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = at_reserve(&w, "甲").await?;
    let app = &w.app;
    let mute = app.set_suspended(&w.system, id, true, &why("")).await;
    assert_eq!(said(&mute), NO_REASON);
    app.set_suspended(&w.system, id, true, &why("政策调整"))
        .await?;
    let twice = app.set_suspended(&w.system, id, true, &why("又")).await;
    assert_eq!(said(&twice), "pipeline.suspended_already");
    for stage in [Stage::Concept, Stage::Preparation] {
        assert_eq!(to(&w, id, stage, "动").await, "pipeline.suspended");
    }
    // An edit keeps it suspended.
    fill(&w, id, &[(Field::Site, text("二号地块"))]).await?;
    assert!(w.project(id).await?.suspended);
    app.set_suspended(&w.system, id, false, &why("恢复实施"))
        .await?;
    assert_eq!(to(&w, id, Stage::Concept, "退").await, "ok");
    let view = app.project_view(&w.system, id, None).await?;
    let kinds: Vec<&str> = view.events.iter().map(|e| e.kind).take(4).collect();
    assert_eq!(kinds, ["stage_moved", "resumed", "edited", "suspended"]);
    Ok(())
}

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
        (
            &w.system,
            vec![ids[1], ids[1]],
            "并",
            "pipeline.left (merged)",
        ),
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

async fn the_pipeline_counts_stages_and_flow(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let due = with(
        draft("甲"),
        Field::PlannedStart,
        Value::Date(day("2025-05-01")),
    );
    w.enter(&due).await?;
    let moved = at_reserve(&w, "乙").await?;
    let gone = w.enter(&draft("丙")).await?;
    w.on("2025-08-01");
    let slow = why("缓");
    w.app.set_suspended(&w.system, moved, true, &slow).await?;
    let exit = Exit::MovedOut;
    w.app.withdraw(&w.system, gone, exit, &why("移交")).await?;
    let view = w
        .app
        .pipeline_view(&w.system, None, Some(day("2025-01-01")))
        .await?;
    let stages: Vec<(&str, i64, i64, i64)> = view
        .stages
        .iter()
        .chain(&view.left)
        .filter(|s| s.projects > 0)
        .map(|s| (s.stage, s.projects, s.suspended, s.half_year))
        .collect();
    assert_eq!(
        stages,
        [
            ("concept", 1, 0, 1),
            ("reserve", 1, 1, 1),
            ("moved_out", 1, 0, 0)
        ]
    );
    let flow: Vec<String> = view
        .flow
        .iter()
        .map(|f| format!("{}>{} {}", f.from_stage, f.to_stage, f.projects))
        .collect();
    assert_eq!(
        flow,
        [">concept 3", "concept>moved_out 1", "concept>reserve 1"]
    );
    assert_eq!(view.quarter_end, "2025-12-31");
    let starts: Vec<(&str, bool)> = view
        .to_start
        .iter()
        .map(|p| (p.name.as_str(), p.overdue))
        .collect();
    assert_eq!(starts, [("甲", true)]);
    Ok(())
}
