//! The rolling pipeline: gates, steps back, exits, suspension, splitting and merging.

use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::{Field, FundingSource, ProjectId, Value};
use gangmu_app::domain::pipeline::{Category, Exit, Stage};
use gangmu_app::library::Upload;
use gangmu_app::pipeline::Move;
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{Tried, World, change, code, day, draft, said, text, why, with};

each_engine!(
    a_gate_lists_everything_it_asks_for_and_who_can_give_it,
    a_step_back_needs_a_reason,
    who_leaves_is_off_the_lists_and_moves_no_more,
    what_is_suspended_stands_still_until_resumed,
    the_pipeline_counts_stages_and_flow,
);

pub const NO_REASON: &str = "pipeline.reason_missing at reason";

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
    let asked = "gate.owner at owner (clerk); gate.scale at scale (clerk); \
        gate.site at site (clerk); gate.funding at funding (clerk); \
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

    let asked = "gate.project_code at code (clerk); \
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
    let asked = "gate.matters at  (approver); gate.site_photo at  (reporter); \
        gate.started at actual_start_on (reporter)";
    assert_eq!(to(&w, id, Stage::Implementation, "").await, asked);
    w.exempt(id).await?;
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
    let all = &view.to_start_total;
    assert_eq!((all.projects, all.overdue), (1, 1));
    assert_eq!((view.target.year, view.target.due), (2025, 0));
    let first = w.project(ProjectId(1)).await?;
    let list = [(first.id, Category::NewStart, 900)];
    w.adopt(2025, &list).await?;
    let view = w.app.pipeline_view(&w.system, None, None).await?;
    let target = (view.target.due, view.target.started, view.target.missing);
    assert_eq!(target, (1, 0, 1));
    assert_eq!(view.target.missing_plan, 9_000_000);
    Ok(())
}
