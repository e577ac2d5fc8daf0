//! Plans from a draft to a version in force, the plans under them, and what their indicators come to.

use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::domain::plans::{PlanId, PlanKind};
use gangmu_app::plans::{
    Adoption, IndicatorInput, NewPlan, OfficeInput, Parts, PlanQuery, PlanView, SourceInput,
    StepsBy, TaskInput, ValueInput,
};
use gangmu_app::{Actor, AppError};
use gangmu_store::Db;
use gangmu_store::plans as store;
use gangmu_testkit::{Outcome, each_engine};

use gangmu_app::domain::metrics::Measure;

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, REGION, SISTER, Tried, World, day, draft, period, said,
};

each_engine!(
    a_plan_comes_into_force_and_changes_only_by_a_version_with_a_reason,
    the_level_below_takes_tasks_over_and_the_cover_says_what_is_missing,
    a_linked_indicator_computes_itself_and_is_never_typed,
    an_indicator_whose_metric_disappears_says_so,
    a_target_is_broken_down_and_always_adds_up,
    a_plan_never_comes_to_hang_under_itself,
    of_two_who_write_at_once_one_is_told,
    who_may_write_and_who_may_read,
);

fn new_plan(title: &str, office: OfficeInput, parent: Option<PlanId>) -> NewPlan {
    NewPlan {
        kind: match parent {
            None => PlanKind::Implementation,
            Some(_) => PlanKind::Work,
        },
        office,
        parent,
        title: title.to_owned(),
        from: Some(day("2025-01-01")),
        until: Some(day("2025-12-31")),
    }
}

fn task(title: &str, lead: OfficeInput) -> TaskInput {
    TaskInput {
        title: title.to_owned(),
        lead,
        due: Some(day("2025-12-31")),
        ..TaskInput::default()
    }
}

fn target(name: &str, unit: &str, amount: &str) -> IndicatorInput {
    IndicatorInput {
        name: name.to_owned(),
        unit: unit.to_owned(),
        target: amount.to_owned(),
        weight: 10,
        ..IndicatorInput::default()
    }
}

fn linked(name: &str, unit: &str, amount: &str, metric: &str) -> IndicatorInput {
    IndicatorInput {
        source: SourceInput {
            kind: "linked".to_owned(),
            metric: metric.to_owned(),
            ..SourceInput::default()
        },
        ..target(name, unit, amount)
    }
}

async fn adopt(w: &World, who: &Actor, id: PlanId, reason: &str) -> String {
    let adoption = Adoption {
        document_no: "发〔2025〕6号".to_owned(),
        reason: reason.to_owned(),
        on: None,
    };
    said(&w.app.plan_adopt(who, id, None, &adoption).await)
}

/// The region's plan in force: two tasks that charge a league, the first with a target.
async fn region_plan(w: &World) -> Tried<(PlanId, Vec<u32>, u32)> {
    let input = new_plan("重大项目谋划行动实施方案", OfficeInput::unit(REGION), None);
    let id = w.app.plan_create(&w.system, &input).await?;
    let mut keys = Vec::new();
    for title in ["谋划储备", "要素保障"] {
        let mut one = task(title, OfficeInput::unit(REGION));
        one.cooperating = vec![OfficeInput::unit(LEAGUE), OfficeInput::unit(ELSEWHERE)];
        keys.push(w.app.plan_task_put(&w.system, id, None, None, &one).await?);
    }
    let one = linked("完成投资", "万元", "3,000", "year_to_date");
    let indicator = w
        .app
        .plan_indicator_put(&w.system, id, None, keys[0], None, &one)
        .await?;
    assert_eq!(adopt(w, &w.system, id, "").await, "ok");
    Ok((id, keys, indicator))
}

async fn look(w: &World, who: &Actor, id: PlanId) -> Tried<PlanView> {
    Ok(w.app.plan_view(who, id, None).await?)
}

async fn a_plan_comes_into_force_and_changes_only_by_a_version_with_a_reason(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let input = new_plan("实施方案", OfficeInput::unit(REGION), None);
    let id = w.app.plan_create(&w.system, &input).await?;
    assert_eq!(adopt(&w, &w.system, id, "").await, "plans.flaw.empty at ");
    let bad = TaskInput {
        title: " ".to_owned(),
        lead: OfficeInput::department(REGION, "不存在的厅"),
        group: "none".to_owned(),
        ..TaskInput::default()
    };
    let told = said(&w.app.plan_task_put(&w.system, id, None, None, &bad).await);
    assert_eq!(
        told,
        "field.missing at title; plans.unknown_department at lead (不存在的厅); \
         plans.unknown_group at group (none); field.missing at due"
    );
    let lead = OfficeInput::department(REGION, "industry");
    let mut good = task("推动项目建设", lead);
    good.group = "critical".to_owned();
    let key = w
        .app
        .plan_task_put(&w.system, id, None, None, &good)
        .await?;
    let bare = target("投资", "", "100");
    let told = said(
        &w.app
            .plan_indicator_put(&w.system, id, None, key, None, &bare)
            .await,
    );
    assert_eq!(told, "field.missing at unit", "a target without unit");
    let one = target("投资", "亿元", "100");
    let indicator = w
        .app
        .plan_indicator_put(&w.system, id, None, key, None, &one)
        .await?;
    assert_eq!(adopt(&w, &w.system, id, "").await, "ok");
    let view = look(&w, &w.system, id).await?;
    assert_eq!(
        (view.row.state, view.row.version, view.is_draft),
        ("adopted", 1, false)
    );
    assert_eq!(
        view.tasks[0].group.as_ref().map(|one| one.name.as_str()),
        Some("关键任务")
    );

    let told = said(
        &w.app
            .plan_task_put(&w.system, id, None, Some(key), &good)
            .await,
    );
    assert_eq!(told, "plans.no_draft", "what is in force does not change");
    w.app.plan_revise(&w.system, id, None).await?;
    assert_eq!(
        said(&w.app.plan_revise(&w.system, id, None).await),
        "plans.draft_already"
    );
    let more = target("投资", "亿元", "120");
    w.app
        .plan_indicator_put(&w.system, id, None, key, Some(indicator), &more)
        .await?;
    assert_eq!(
        look(&w, &w.system, id).await?.tasks[0].indicators[0].target,
        "100"
    );
    assert_eq!(
        adopt(&w, &w.system, id, "").await,
        "field.missing at reason"
    );
    assert_eq!(adopt(&w, &w.system, id, "年中调整").await, "ok");
    let told = w.app.plan_compare(&w.system, id, 1, 2).await?;
    let lines: Vec<_> = told
        .iter()
        .map(|one| (one.field, one.before.as_str(), one.after.as_str()))
        .collect();
    assert_eq!(lines, [("target", "100 亿元", "120 亿元")]);
    let first = w.app.plan_view(&w.system, id, Some(1)).await?;
    assert_eq!(
        first.tasks[0].indicators[0].target, "100",
        "what was adopted stays"
    );
    w.app
        .plan_withdraw(&w.system, id, None, "任务已完成")
        .await?;
    assert_eq!(look(&w, &w.system, id).await?.row.state, "withdrawn");
    let duties = w.app.plan_duties(&w.system, 1).await?.rows;
    assert!(duties.is_empty(), "a plan out of force charges nobody");
    w.sound().await?;
    Ok(())
}

async fn the_level_below_takes_tasks_over_and_the_cover_says_what_is_missing(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (top, keys, indicator) = region_plan(&w).await?;
    let league = w.clerk(LEAGUE).await?;
    let duties = w.app.plan_duties(&league, 1).await?.rows;
    assert_eq!(duties.len(), 2, "tasks that charge the league");

    let input = new_plan("通辽市工作方案", OfficeInput::unit(LEAGUE), Some(top));
    let id = w.app.plan_create(&league, &input).await?;
    let mut first = task("谋划储备项目库", OfficeInput::unit(LEAGUE));
    first.takes_over = vec![keys[0]];
    let own = w.app.plan_task_put(&league, id, None, None, &first).await?;
    first.title = "包装储备项目".to_owned();
    w.app.plan_task_put(&league, id, None, None, &first).await?;
    let mut part = target("完成投资", "万元", "1,000");
    part.takes_over = Some(indicator);
    let in_other = IndicatorInput {
        unit: "个".to_owned(),
        ..part.clone()
    };
    let told = said(
        &w.app
            .plan_indicator_put(&league, id, None, own, None, &in_other)
            .await,
    );
    assert_eq!(told, "plans.flaw.other_unit at carries (万元)");
    w.app
        .plan_indicator_put(&league, id, None, own, None, &part)
        .await?;
    let told = adopt(&w, &league, id, "").await;
    assert_eq!(told, "plans.flaw.not_answered at  (要素保障)");
    let view = look(&w, &league, id).await?;
    assert_eq!(view.unanswered.len(), 1);
    w.app
        .plan_leave_out(&league, id, None, keys[1], "由自治区本级统筹")
        .await?;
    assert_eq!(adopt(&w, &league, id, "").await, "ok");

    let cover = w.app.plan_cover(&w.system, top).await?;
    assert_eq!(
        (cover.tasks.len(), cover.tasks_below, cover.answered),
        (2, 2, 0)
    );
    let answers: Vec<_> = cover.tasks.iter().map(|one| one.answers[0].cover).collect();
    assert_eq!(answers, ["taken", "left_out"]);
    assert_eq!(cover.without_plan.len(), 1, "the other league has no plan");
    let axis = &cover.indicators[0].axes[0];
    assert_eq!(
        (
            axis.axis,
            axis.claimed.as_str(),
            axis.missing.as_str(),
            axis.state
        ),
        ("units", "1000", "2000", "short")
    );
    let file = w.app.export_plan_cover(&w.system, top).await?;
    assert!(file.bytes.starts_with(b"PK"), "a workbook");
    let file = w.app.export_plan(&w.system, id, None).await?;
    assert!(file.name.contains("通辽市工作方案"), "{}", file.name);
    w.sound().await?;
    Ok(())
}

async fn a_linked_indicator_computes_itself_and_is_never_typed(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let project = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(project, Category::Continuing, 6_000)])
        .await?;
    w.open("2025-01").await?;
    let (id, keys, indicator) = region_plan(&w).await?;
    w.app.plan_revise(&w.system, id, None).await?;
    let rate = IndicatorInput {
        source: SourceInput {
            kind: "derived".to_owned(),
            formula: format!("#{indicator} / 6000 * 100"),
            ..SourceInput::default()
        },
        ..target("完成率", "%", "50")
    };
    let derived = w
        .app
        .plan_indicator_put(&w.system, id, None, keys[0], None, &rate)
        .await?;
    let own = IndicatorInput {
        source: SourceInput {
            kind: "derived".to_owned(),
            formula: format!("#{derived} + 1"),
            ..SourceInput::default()
        },
        ..target("环", "%", "50")
    };
    let told = said(
        &w.app
            .plan_indicator_put(&w.system, id, None, keys[0], Some(derived), &own)
            .await,
    );
    assert_eq!(told, "plans.flaw.formula_cycle at formula");
    let typed = target("签约项目", "个", "10");
    let reported = w
        .app
        .plan_indicator_put(&w.system, id, None, keys[1], None, &typed)
        .await?;
    assert_eq!(adopt(&w, &w.system, id, "增加指标").await, "ok");
    w.on("2025-02-06");
    w.submit("2025-01", project, 500).await?;

    let view = look(&w, &w.system, id).await?;
    let reading = &view.tasks[0].indicators[0].reading;
    assert_eq!(
        (reading.value.as_deref(), reading.period.as_deref()),
        (Some("500"), Some("2025-01"))
    );
    assert_eq!(
        (
            reading.forecast.as_deref(),
            reading.method,
            reading.will_reach
        ),
        (Some("6000"), "pace", Some(true))
    );
    assert_eq!(
        reading.standing, "ahead",
        "500 of 3000 after a twelfth of the year"
    );
    let worked = &view.tasks[0].indicators[1].reading;
    assert_eq!(
        (worked.value.as_deref(), worked.forecast.as_deref()),
        (Some("8.33"), Some("100"))
    );
    let value = ValueInput {
        value: "7".to_owned(),
        evidence: "招商台账".to_owned(),
        ..ValueInput::default()
    };
    let told = said(
        &w.app
            .plan_value_put(&w.system, id, indicator, value.clone())
            .await,
    );
    assert_eq!(
        told, "plans.not_reported",
        "a computed value is never typed"
    );
    w.app.plan_value_put(&w.system, id, reported, value).await?;
    let bare = ValueInput {
        value: "x".to_owned(),
        ..ValueInput::default()
    };
    let told = said(&w.app.plan_value_put(&w.system, id, reported, bare).await);
    assert_eq!(
        told,
        "field.missing at evidence; plans.not_an_amount at value (x, 4)"
    );
    let view = look(&w, &w.system, id).await?;
    let last = view.tasks[1].indicators[0].reading.handed_in.first();
    assert_eq!(last.map(|one| one.value.as_str()), Some("7"));

    let banner = w.clerk(BANNER).await?;
    let seen = look(&w, &banner, id).await?;
    let reading = &seen.tasks[0].indicators[0].reading;
    assert_eq!(
        (reading.value.as_deref(), reading.blank),
        (None, "hidden"),
        "the region's figures are not the banner's to see"
    );
    Ok(())
}

async fn an_indicator_whose_metric_disappears_says_so(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (id, _, _) = region_plan(&w).await?;
    w.app.plan_revise(&w.system, id, None).await?;
    let tx = db.begin().await?;
    let mut version = store::plan_version_get(&tx, id, 2).await?.expect("a draft");
    for one in version
        .content
        .tasks
        .iter_mut()
        .flat_map(|task| &mut task.indicators)
    {
        if let gangmu_app::domain::plans::Source::Linked(link) = &mut one.source {
            link.metric = "abolished".to_owned();
        }
    }
    store::plan_version_put(&tx, id, &version).await?;
    tx.commit().await?;
    let view = w.app.plan_view(&w.system, id, Some(2)).await?;
    let reading = &view.tasks[0].indicators[0].reading;
    assert_eq!((reading.value.as_deref(), reading.blank), (None, "gone"));
    let told = adopt(&w, &w.system, id, "年中调整").await;
    assert_eq!(
        told,
        "plans.flaw.unknown_metric at 1 谋划储备 · 完成投资 (abolished)"
    );
    Ok(())
}

async fn a_target_is_broken_down_and_always_adds_up(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (one, other) = (w.enter(&draft("甲")).await?, w.enter(&draft("乙")).await?);
    let list = [
        (one, Category::Continuing, 2_000),
        (other, Category::Continuing, 1_000),
    ];
    w.adopt(2025, &list).await?;
    w.open("2025-01").await?;
    let (id, _, indicator) = region_plan(&w).await?;
    w.app.plan_revise(&w.system, id, None).await?;
    let share = |unit: &str, amount: &str| (OfficeInput::unit(unit), amount.to_owned());
    let short = Parts::ByHand(vec![share(LEAGUE, "1,000"), share(ELSEWHERE, "1,999.5")]);
    let told = said(
        &w.app
            .plan_shares_put(&w.system, id, None, indicator, &short)
            .await,
    );
    assert_eq!(told, "plans.flaw.does_not_add_up at shares (2999.5, 3000)");
    let whole = Parts::ByHand(vec![share(LEAGUE, "1,000"), share(ELSEWHERE, "2,000")]);
    w.app
        .plan_shares_put(&w.system, id, None, indicator, &whole)
        .await?;
    let by = Parts::Units(Measure::AnnualPlan);
    w.app
        .plan_shares_put(&w.system, id, None, indicator, &by)
        .await?;
    w.app
        .plan_steps_put(&w.system, id, None, indicator, &StepsBy::Even)
        .await?;
    let view = w.app.plan_view(&w.system, id, Some(2)).await?;
    let one = &view.tasks[0].indicators[0];
    let shares: Vec<_> = one
        .shares
        .iter()
        .map(|share| (share.office.unit.code.as_str(), share.amount.as_str()))
        .collect();
    assert_eq!(shares, [(LEAGUE, "3000")], "all plans are the league's");
    let steps: Vec<_> = one.steps.iter().map(|step| step.amount.as_str()).collect();
    assert_eq!((steps.len(), steps[0], steps[11]), (12, "250", "3000"));
    let wrong = StepsBy::ByHand(vec![(period("2025-12"), "2,999".to_owned())]);
    let told = said(
        &w.app
            .plan_steps_put(&w.system, id, None, indicator, &wrong)
            .await,
    );
    assert_eq!(told, "plans.flaw.steps_end at steps (2999, 3000)");
    let nothing = said(
        &w.app
            .plan_steps_put(&w.system, id, None, indicator, &StepsBy::LastYear)
            .await,
    );
    assert_eq!(nothing, "plans.nothing_to_go_by at steps");

    // A target that is changed leaves its parts behind, and adopting says so.
    let more = linked("完成投资", "万元", "4,000", "year_to_date");
    let key = view.tasks[0].key;
    w.app
        .plan_indicator_put(&w.system, id, None, key, Some(indicator), &more)
        .await?;
    let told = adopt(&w, &w.system, id, "调高目标").await;
    assert_eq!(
        told,
        "plans.flaw.does_not_add_up at 1 谋划储备 · 完成投资 (3000, 4000); \
         plans.flaw.steps_end at 1 谋划储备 · 完成投资 (3000, 4000)"
    );
    Ok(())
}

async fn a_plan_never_comes_to_hang_under_itself(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (top, _, _) = region_plan(&w).await?;
    let input = new_plan("草案", OfficeInput::unit(REGION), None);
    let id = w.app.plan_create(&w.system, &input).await?;
    let under = |parent| new_plan("草案", OfficeInput::unit(REGION), Some(parent));
    let put = async |plan, parent| {
        said(
            &w.app
                .plan_head_put(&w.system, plan, None, &under(parent))
                .await,
        )
    };
    assert_eq!(put(id, id).await, "plans.under_itself at parent");
    assert_eq!(put(id, top).await, "ok");
    let below = said(&w.app.plan_create(&w.system, &under(id)).await);
    assert_eq!(below, "plans.parent_not_in_force at parent");
    w.app
        .plan_task_put(
            &w.system,
            id,
            None,
            None,
            &task("任务", OfficeInput::unit(REGION)),
        )
        .await?;
    let keys: Vec<u32> = look(&w, &w.system, top)
        .await?
        .tasks
        .iter()
        .map(|t| t.key)
        .collect();
    for key in keys {
        w.app
            .plan_leave_out(&w.system, id, None, key, "另行安排")
            .await?;
    }
    assert_eq!(adopt(&w, &w.system, id, "").await, "ok");
    w.app.plan_revise(&w.system, top, None).await?;
    assert_eq!(
        put(top, id).await,
        "plans.parent_fixed at parent",
        "the upper plan cannot be hung under its own lower one"
    );
    Ok(())
}

async fn of_two_who_write_at_once_one_is_told(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let input = new_plan("草案", OfficeInput::unit(REGION), None);
    let id = w.app.plan_create(&w.system, &input).await?;
    let edit = look(&w, &w.system, id).await?.row.edit;
    let one = task("甲", OfficeInput::unit(REGION));
    let first = w
        .app
        .plan_task_put(&w.system, id, Some(edit), None, &one)
        .await;
    let second = w
        .app
        .plan_task_put(&w.system, id, Some(edit), None, &one)
        .await;
    assert_eq!(said(&first), "ok");
    assert_eq!(said(&second), "plan changed");
    assert_eq!(look(&w, &w.system, id).await?.tasks.len(), 1);
    w.app.plan_drop(&w.system, id, None).await?;
    let gone = w.app.plan_view(&w.system, id, None).await;
    assert!(matches!(gone, Err(AppError::NotFound { .. })));
    Ok(())
}

async fn who_may_write_and_who_may_read(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (top, _, _) = region_plan(&w).await?;
    let league = w.clerk(LEAGUE).await?;
    let sister = w.clerk(SISTER).await?;
    let elsewhere = w.clerk(ELSEWHERE).await?;
    let officer = w.person(Role::Officer, LEAGUE, "energy").await?;
    let leader = w.person(Role::Leader, LEAGUE, "").await?;

    let of_league = new_plan("通辽市草案", OfficeInput::unit(LEAGUE), Some(top));
    let made = w.app.plan_create(&sister, &of_league).await;
    assert!(
        said(&made).starts_with("refused manage_plan"),
        "{}",
        said(&made)
    );
    let made = w.app.plan_create(&officer, &of_league).await;
    assert!(
        said(&made).starts_with("refused manage_plan"),
        "an officer writes for the office"
    );
    let id = w.app.plan_create(&league, &of_league).await?;
    let own = new_plan(
        "能源局方案",
        OfficeInput::department(LEAGUE, "energy"),
        Some(top),
    );
    let of_office = w.app.plan_create(&officer, &own).await?;

    for who in [&sister, &elsewhere, &leader] {
        let seen = w.app.plan_view(who, id, None).await;
        assert_eq!(said(&seen), "no such plan", "a draft is its office's own");
        assert_eq!(said(&w.app.plan_view(who, top, None).await), "ok");
    }
    assert_eq!(said(&w.app.plan_view(&league, of_office, None).await), "ok");
    let told = said(&w.app.plan_revise(&league, top, None).await);
    assert!(told.starts_with("refused manage_plan"), "{told}");
    let all = w.app.plan_page(&league, &PlanQuery::default()).await?;
    let titles: Vec<_> = all.rows.iter().map(|row| row.title.as_str()).collect();
    assert_eq!(
        titles,
        ["重大项目谋划行动实施方案", "通辽市草案", "能源局方案"]
    );
    let all = w.app.plan_page(&leader, &PlanQuery::default()).await?;
    assert_eq!(all.total, 1);
    Ok(())
}
