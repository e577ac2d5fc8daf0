//! Plans from a draft to a version in force, the plans under them, and what their indicators come to.

use gangmu_app::domain::library::Field;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::{Category, Exit};
use gangmu_app::domain::plans::{PlanId, PlanKind};
use gangmu_app::notices::NoticesOf;
use gangmu_app::plans::{
    Adoption, IndicatorInput, NewPlan, OfficeInput, Parts, PlanQuery, PlanView, SourceInput,
    SourceView, StepsBy, TaskInput, ValueInput,
};
use gangmu_app::{Actor, AppError};
use gangmu_store::Db;
use gangmu_store::plans as store;
use gangmu_testkit::{Outcome, each_engine};

use gangmu_app::domain::metrics::Measure;

use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, REGION, SISTER, Tried, World, change, code, day, draft, period,
    said, wan, why, with,
};

each_engine!(
    a_plan_comes_into_force_and_changes_only_by_a_version_with_a_reason,
    the_level_below_takes_tasks_over_and_the_cover_says_what_is_missing,
    a_linked_indicator_computes_itself_and_is_never_typed,
    a_target_is_measured_within_its_own_time,
    what_is_linked_to_the_library_is_narrowed_as_its_link_says,
    the_librarys_past_months_are_told_from_what_happened_since,
    a_derived_indicator_has_the_months_of_what_it_is_made_of,
    a_duty_is_done_once_every_indicator_is_at_its_target,
    an_indicator_whose_metric_disappears_says_so,
    a_target_is_broken_down_and_always_adds_up,
    who_is_charged_hears_of_a_plan_adopted_revised_and_withdrawn,
    completion_is_weighed_and_what_nothing_measures_is_named,
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
    assert_eq!(told[0].source_after, None, "only a source has its parts");
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
    // A league that may not open its neighbour's plan reads the same figures.
    let other = w.clerk(ELSEWHERE).await?;
    let hidden = w.app.plan_view(&other, id, None).await;
    assert_eq!(said(&hidden), "no such plan");
    let seen = w.app.plan_cover(&other, top).await?;
    assert_eq!(
        (seen.plans_below, seen.below.len(), seen.without_plan.len()),
        (1, 0, 1)
    );
    assert_eq!(seen.indicators[0].axes[0].claimed, "1000");
    let answer = &seen.tasks[0].answers[0];
    assert_eq!(
        (answer.cover, answer.opens, answer.tasks.len()),
        ("taken", false, 0)
    );
    let answer = &seen.tasks[1].answers[0];
    assert_eq!((answer.cover, answer.reason.as_str()), ("left_out", ""));
    assert!(cover.tasks[1].answers[0].opens, "the region opens it");
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
    w.app.plan_revise(&w.system, id, None).await?;
    let other = linked("完成投资", "万元", "3,000", "annual_plan");
    let put = w
        .app
        .plan_indicator_put(&w.system, id, None, keys[0], Some(indicator), &other);
    put.await?;
    let changed = w.app.plan_compare(&w.system, id, 2, 3).await?;
    let source = |one: &Option<SourceView>| one.as_ref().map(|one| one.metric.clone());
    let sources: Vec<_> = changed
        .iter()
        .map(|one| {
            (
                one.field,
                source(&one.source_before),
                source(&one.source_after),
            )
        })
        .collect();
    let word = |word: &str| Some(word.to_owned());
    assert_eq!(
        sources,
        [("source", word("year_to_date"), word("annual_plan"))]
    );
    w.app.plan_drop(&w.system, id, None).await?;
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

async fn a_target_is_measured_within_its_own_time(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let project = w.enter(&draft("甲")).await?;
    for year in [2025, 2026] {
        w.adopt(year, &[(project, Category::Continuing, 6_000)])
            .await?;
    }
    let (id, keys, _) = region_plan(&w).await?;
    w.app.plan_revise(&w.system, id, None).await?;
    let mut stock = linked("在库项目", "个", "1", "library_projects");
    stock.due = Some(day("2025-11-30"));
    let counted = w
        .app
        .plan_indicator_put(&w.system, id, None, keys[1], None, &stock)
        .await?;
    let mut twice = target("两倍", "个", "2");
    twice.due = Some(day("2025-10-31"));
    twice.source.kind = "derived".to_owned();
    twice.source.formula = format!("#{counted} * 2");
    w.app
        .plan_indicator_put(&w.system, id, None, keys[1], None, &twice)
        .await?;
    assert_eq!(adopt(&w, &w.system, id, "补充指标").await, "ok");
    let mut next = new_plan("下一年实施方案", OfficeInput::unit(REGION), None);
    next.from = Some(day("2026-01-01"));
    next.until = Some(day("2026-12-31"));
    let next = w.app.plan_create(&w.system, &next).await?;
    let mut one = task("谋划储备", OfficeInput::unit(REGION));
    one.due = Some(day("2026-12-31"));
    let key = w
        .app
        .plan_task_put(&w.system, next, None, None, &one)
        .await?;
    let one = linked("完成投资", "万元", "5,000", "year_to_date");
    w.app
        .plan_indicator_put(&w.system, next, None, key, None, &one)
        .await?;

    w.on("2025-12-20");
    w.open("2025-12").await?;
    w.submit("2025-12", project, 450).await?;
    let stands = async |plan, task: usize| -> Tried<_> {
        let view = w.app.plan_view(&w.system, plan, None).await?;
        let one = view.tasks[task].indicators[0].reading.clone();
        Ok((one.value.unwrap_or_default(), one.blank, one.on))
    };
    assert_eq!(
        stands(next, 0).await?,
        (String::new(), "nothing", "2025-12-20".to_owned()),
        "this year's investment is none of the next year's"
    );
    w.close("2025-12").await?;
    w.on("2026-02-10");
    w.open("2026-01").await?;
    w.submit("2026-01", project, 100).await?;
    w.enter(&draft("乙")).await?;
    assert_eq!(
        stands(id, 0).await?,
        ("450".to_owned(), "", "2025-12-31".to_owned()),
        "what January brings is of the next target"
    );
    assert_eq!(
        stands(id, 1).await?,
        ("1".to_owned(), "", "2025-11-30".to_owned()),
        "what came into the library later does not count either"
    );
    assert_eq!(
        stands(next, 0).await?,
        ("100".to_owned(), "", "2026-01-31".to_owned())
    );
    let view = w.app.plan_view(&w.system, id, None).await?;
    let twice = &view.tasks[1].indicators[1].reading;
    assert_eq!(
        (twice.value.as_deref(), twice.on.as_str(), twice.method),
        (Some("2"), "2025-10-31", "reached"),
        "a derived one is measured within its time, too"
    );
    let duties = w.app.plan_duties(&w.system, 1).await?.rows;
    let done = |title: &str, plan: PlanId| {
        let found = duties
            .iter()
            .find(|one| one.title == title && one.plan_id == plan.0);
        found.map(|one| one.standing)
    };
    assert_eq!(done("谋划储备", id), Some("open"), "450 of 3,000");
    assert_eq!(done("要素保障", id), Some("done"), "one of one, in time");
    assert_eq!(done("谋划储备", next), None, "a draft charges nobody");
    Ok(())
}

async fn what_is_linked_to_the_library_is_narrowed_as_its_link_says(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let first = w.enter(&draft("甲")).await?;
    w.enter(&draft("乙")).await?;
    let public = with(draft("丙"), Field::InvestorType, code("government"));
    let public = with(public, Field::Industry, code("48"));
    w.enter(&with(public, Field::TotalInvestment, wan(700)))
        .await?;
    w.adopt(2025, &[(first, Category::Continuing, 6_000)])
        .await?;
    w.open("2025-01").await?;
    let (id, keys, _) = region_plan(&w).await?;
    w.app.plan_revise(&w.system, id, None).await?;
    let cases = [
        ("library_projects", "个", "", "", "3"),
        ("library_projects", "个", "investor", "enterprise", "2"),
        ("library_projects", "个", "investor", "government", "1"),
        (
            "library_investment",
            "万元",
            "investor",
            "government",
            "700",
        ),
        ("library_projects", "个", "industry", "44", "2"),
        ("library_projects", "个", "industry", "E", "1"),
        ("library_projects", "个", "category", "continuing", "1"),
        ("library_projects", "个", "stage", "implementation", "0"),
    ];
    for (metric, unit, cut, member, _) in cases {
        let mut one = linked("在库", unit, "10", metric);
        one.source.cut = cut.to_owned();
        one.source.member = member.to_owned();
        let put = w
            .app
            .plan_indicator_put(&w.system, id, None, keys[1], None, &one);
        put.await?;
    }
    let view = w.app.plan_view(&w.system, id, Some(2)).await?;
    for (one, (metric, _, cut, member, wanted)) in view.tasks[1].indicators.iter().zip(cases) {
        let value = one.reading.value.as_deref();
        assert_eq!(value, Some(wanted), "{metric} of {cut} {member}");
    }
    Ok(())
}

/// What an indicator's course says, as `2025-01 2, 2025-02 3`.
fn course(view: &PlanView, task: usize, at: usize) -> String {
    let reading = &view.tasks[task].indicators[at].reading;
    let points = reading.course.iter();
    let points = points.map(|point| format!("{} {}", point.period, point.value));
    points.collect::<Vec<_>>().join(", ")
}

async fn the_librarys_past_months_are_told_from_what_happened_since(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let first = w.enter(&draft("甲")).await?;
    let second = w.enter(&draft("乙")).await?;
    let (id, keys, _) = region_plan(&w).await?;
    w.on("2025-03-05");
    w.build(first).await?;
    let public = with(draft("丙"), Field::InvestorType, code("government"));
    let third = w
        .enter(&with(public, Field::TotalInvestment, wan(700)))
        .await?;
    w.on("2025-04-30");
    let away = change(Field::Unit, code(ELSEWHERE));
    w.app.project_edit(&w.system, second, None, &away).await?;
    let dearer = change(Field::TotalInvestment, wan(900));
    w.app.project_edit(&w.system, third, None, &dearer).await?;
    w.on("2025-05-01");
    let gone = why("投资方退出");
    w.app
        .withdraw(&w.system, third, Exit::Cancelled, &gone)
        .await?;
    w.on("2025-06-10");
    w.app.plan_revise(&w.system, id, None).await?;
    let cases = [
        (
            ("library_projects", "个", REGION, "", ""),
            "2025-01 2, 2025-02 2, 2025-03 3, 2025-04 3, 2025-05 2, 2025-06 2",
        ),
        (
            ("library_projects", "个", LEAGUE, "", ""),
            "2025-01 2, 2025-02 2, 2025-03 3, 2025-04 2, 2025-05 1, 2025-06 1",
        ),
        (
            ("library_projects", "个", ELSEWHERE, "", ""),
            "2025-04 1, 2025-05 1, 2025-06 1",
        ),
        (
            (
                "library_investment",
                "万元",
                REGION,
                "investor",
                "government",
            ),
            "2025-03 700, 2025-04 900, 2025-05 0, 2025-06 0",
        ),
        (
            ("library_projects", "个", REGION, "stage", "implementation"),
            "2025-03 1, 2025-04 1, 2025-05 1, 2025-06 1",
        ),
        (
            ("library_projects", "个", REGION, "stage", "concept"),
            "2025-01 2, 2025-02 2, 2025-03 2, 2025-04 2, 2025-05 1, 2025-06 1",
        ),
        (
            ("library_projects", "个", REGION, "industry", "48"),
            "2025-06 0",
        ),
    ];
    for ((metric, measure, unit, cut, member), _) in cases {
        let mut one = linked("在库", measure, "10", metric);
        one.source.unit = unit.to_owned();
        one.source.cut = cut.to_owned();
        one.source.member = member.to_owned();
        let put = w
            .app
            .plan_indicator_put(&w.system, id, None, keys[1], None, &one);
        put.await?;
    }
    let view = w.app.plan_view(&w.system, id, Some(2)).await?;
    for (at, (case, wanted)) in cases.iter().enumerate() {
        assert_eq!(&course(&view, 1, at), wanted, "{case:?}");
    }
    let told = |at: usize| {
        let reading = &view.tasks[1].indicators[at].reading;
        (reading.forecast.as_deref(), reading.method)
    };
    assert_eq!(told(0), (Some("2"), "trend"), "two in January, two in June");
    assert_eq!(told(1), (Some("0"), "trend"), "one less in five months");
    assert_eq!(told(2), (Some("1"), "level"), "two months are no trend");
    Ok(())
}

async fn a_derived_indicator_has_the_months_of_what_it_is_made_of(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let first = w.enter(&draft("甲")).await?;
    let (id, keys, _) = region_plan(&w).await?;
    w.app.plan_revise(&w.system, id, None).await?;
    let count = linked("在库项目", "个", "10", "library_projects");
    let put = |one: IndicatorInput| {
        let (app, system, key) = (&w.app, &w.system, keys[1]);
        async move {
            let put = app.plan_indicator_put(system, id, None, key, None, &one);
            put.await
        }
    };
    let counted = put(count).await?;
    let reported = put(target("在谈项目", "个", "10")).await?;
    let mut share = target("在库占比", "%", "60");
    share.source.kind = "derived".to_owned();
    share.source.formula = format!("#{counted} / (#{counted} + #{reported}) * 100");
    let share = put(share).await?;
    let mut half = target("一半", "%", "30");
    half.source.kind = "derived".to_owned();
    half.source.formula = format!("#{share} / 2");
    put(half).await?;
    assert_eq!(adopt(&w, &w.system, id, "补充指标").await, "ok");
    for (on, value) in [("2025-02-10", "1"), ("2025-04-20", "4")] {
        w.on(on);
        let input = ValueInput {
            on: Some(day(on)),
            value: value.to_owned(),
            evidence: "台账".to_owned(),
            ..ValueInput::default()
        };
        w.app.plan_value_put(&w.system, id, reported, input).await?;
    }
    w.on("2025-03-10");
    w.enter(&draft("乙")).await?;
    w.on("2025-05-10");
    let view = look(&w, &w.system, id).await?;
    assert_eq!(
        course(&view, 1, 2),
        "2025-02 50, 2025-03 66.67, 2025-04 33.33, 2025-05 33.33",
        "what was handed in stands until something else is; in January nothing was"
    );
    assert_eq!(
        course(&view, 1, 3),
        "2025-02 25, 2025-03 33.33, 2025-04 16.67, 2025-05 16.67"
    );
    w.app
        .withdraw(&w.system, first, Exit::Cancelled, &why("重复入库"))
        .await?;
    let view = look(&w, &w.system, id).await?;
    assert_eq!(
        course(&view, 1, 2),
        "2025-02 50, 2025-03 66.67, 2025-04 33.33, 2025-05 20",
        "the past is what it was"
    );
    Ok(())
}

async fn a_duty_is_done_once_every_indicator_is_at_its_target(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let input = new_plan("任务清单", OfficeInput::unit(LEAGUE), None);
    let id = w.app.plan_create(&league, &input).await?;
    let mut first = task("签约", OfficeInput::unit(LEAGUE));
    first.due = Some(day("2025-03-31"));
    let first = w.app.plan_task_put(&league, id, None, None, &first).await?;
    let later = task("开工", OfficeInput::unit(LEAGUE));
    w.app.plan_task_put(&league, id, None, None, &later).await?;
    let mut keys = Vec::new();
    let mut least = target("差错", "个", "2");
    least.direction = "down".to_owned();
    for one in [target("签约项目", "个", "10"), least] {
        let put = w
            .app
            .plan_indicator_put(&league, id, None, first, None, &one);
        keys.push(put.await?);
    }
    assert_eq!(adopt(&w, &league, id, "").await, "ok");
    let standing = async || -> Tried<Vec<(String, &'static str)>> {
        let rows = w.app.plan_duties(&league, 1).await?.rows;
        Ok(rows
            .into_iter()
            .map(|one| (one.title, one.standing))
            .collect())
    };
    let said = |all: &[(&str, &'static str)]| -> Vec<(String, &'static str)> {
        all.iter()
            .map(|(title, word)| ((*title).to_owned(), *word))
            .collect()
    };
    let value = |value: &str| ValueInput {
        value: value.to_owned(),
        evidence: "台账".to_owned(),
        ..ValueInput::default()
    };
    w.on("2025-03-01");
    w.app
        .plan_value_put(&league, id, keys[0], value("12"))
        .await?;
    w.app
        .plan_value_put(&league, id, keys[1], value("0"))
        .await?;
    assert_eq!(
        standing().await?,
        said(&[("签约", "open"), ("开工", "open")]),
        "what is to stay low can still rise"
    );
    w.on("2025-04-01");
    w.app
        .plan_value_put(&league, id, keys[1], value("1"))
        .await?;
    assert_eq!(
        standing().await?,
        said(&[("开工", "open"), ("签约", "done")]),
        "what is done comes last, overdue or not"
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
    // Departments carry the whole, too, and neither line moves the other.
    let industry = OfficeInput::department(REGION, "industry");
    let both = Parts::ByHand(vec![
        share(LEAGUE, "1,000"),
        share(ELSEWHERE, "2,000"),
        (industry, "3,000".to_owned()),
    ]);
    w.app
        .plan_shares_put(&w.system, id, None, indicator, &both)
        .await?;
    w.app
        .plan_shares_put(&w.system, id, None, indicator, &by)
        .await?;
    let put = w.app.plan_view(&w.system, id, Some(2)).await?;
    let put = &put.tasks[0].indicators[0].shares;
    let put: Vec<_> = put
        .iter()
        .map(|share| (share.office.department.is_some(), share.amount.as_str()))
        .collect();
    assert_eq!(put, [(true, "3000"), (false, "3000")]);
    let steps: Vec<_> = one.steps.iter().map(|step| step.amount.as_str()).collect();
    assert_eq!((steps.len(), steps[0], steps[11]), (12, "250", "3000"));
    // By quarter, each by itself or evenly: what is to be reached by each one's end.
    let put = async |by: StepsBy| {
        let put = w.app.plan_steps_put(&w.system, id, None, indicator, &by);
        said(&put.await)
    };
    let steps = async || -> Tried<Vec<(String, String)>> {
        let view = w.app.plan_view(&w.system, id, Some(2)).await?;
        let steps = view.tasks[0].indicators[0].steps.clone().into_iter();
        Ok(steps.map(|step| (step.period, step.amount)).collect())
    };
    let ends = |amounts: [&str; 4]| -> Vec<(String, String)> {
        let months = ["2025-03", "2025-06", "2025-09", "2025-12"];
        let pairs = months.iter().zip(amounts);
        pairs
            .map(|(month, amount)| ((*month).to_owned(), amount.to_owned()))
            .collect()
    };
    assert_eq!(put(StepsBy::EvenQuarters).await, "ok");
    assert_eq!(steps().await?, ends(["750", "1500", "2250", "3000"]));
    let typed = |last: &str| {
        let amounts = [("2025-01", "300"), ("2025-05", "1,200"), ("2025-12", last)];
        let amounts = amounts.map(|(month, amount)| (period(month), amount.to_owned()));
        StepsBy::QuartersByHand(amounts.to_vec())
    };
    assert_eq!(
        put(typed("1,499.99")).await,
        "plans.quarters_do_not_add_up at steps (2999.99, 3000)"
    );
    assert_eq!(put(typed("1,500")).await, "ok");
    assert_eq!(steps().await?, ends(["300", "1500", "1500", "3000"]));
    let outside = StepsBy::QuartersByHand(vec![(period("2026-01"), "3,000".to_owned())]);
    assert_eq!(put(outside).await, "plans.outside_plan at steps (2026-01)");

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
         plans.flaw.departments_do_not_add_up at 1 谋划储备 · 完成投资 (3000, 4000); \
         plans.flaw.steps_end at 1 谋划储备 · 完成投资 (3000, 4000)"
    );
    Ok(())
}

async fn who_is_charged_hears_of_a_plan_adopted_revised_and_withdrawn(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let league = w.clerk(LEAGUE).await?;
    let sister = w.clerk(SISTER).await?;
    let (id, keys, _) = region_plan(&w).await?;
    let heard = async |who: &Actor| -> Tried<Vec<(String, Option<i64>)>> {
        let page = w.app.notice_page(who, NoticesOf::Inbox, 1).await?;
        let plans = page.rows.into_iter().filter(|one| one.kind == "plan");
        Ok(plans
            .map(|one| (one.act.unwrap_or_default(), one.late))
            .collect())
    };
    let told = |act: &str, n| (act.to_owned(), Some(n));
    assert_eq!(heard(&league).await?, [told("adopted", 2)]);
    assert_eq!(heard(&sister).await?, [], "no task charges it");
    // The second version charges the league once, and the other league no more.
    w.app.plan_revise(&w.system, id, None).await?;
    let mut first = task("谋划储备", OfficeInput::unit(REGION));
    first.cooperating = vec![OfficeInput::unit(LEAGUE)];
    let put = w
        .app
        .plan_task_put(&w.system, id, None, Some(keys[0]), &first);
    put.await?;
    w.app.plan_task_remove(&w.system, id, None, keys[1]).await?;
    assert_eq!(adopt(&w, &w.system, id, "年中调整").await, "ok");
    assert_eq!(
        heard(&league).await?,
        [told("revised", 1), told("adopted", 2)]
    );
    let elsewhere = w.clerk(ELSEWHERE).await?;
    w.app
        .plan_withdraw(&w.system, id, None, "任务已完成")
        .await?;
    assert_eq!(heard(&league).await?[0], told("withdrawn", 1));
    assert_eq!(
        heard(&elsewhere).await?,
        [],
        "whoever comes later hears nothing"
    );
    Ok(())
}

async fn completion_is_weighed_and_what_nothing_measures_is_named(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let (id, keys, _) = region_plan(&w).await?;
    w.app.plan_revise(&w.system, id, None).await?;
    let view = w.app.plan_view(&w.system, id, Some(2)).await?;
    let bare: Vec<_> = view.unmeasured.iter().map(|one| one.number).collect();
    assert_eq!(bare, [2], "the draft names the task nothing measures");
    let mut signed = target("签约项目", "个", "10");
    signed.weight = 30;
    let put = w
        .app
        .plan_indicator_put(&w.system, id, None, keys[0], None, &signed);
    let signed = put.await?;
    assert_eq!(adopt(&w, &w.system, id, "增加指标").await, "ok");
    let value = ValueInput {
        value: "8".to_owned(),
        evidence: "台账".to_owned(),
        ..ValueInput::default()
    };
    w.app.plan_value_put(&w.system, id, signed, value).await?;
    let view = look(&w, &w.system, id).await?;
    let done = &view.completion;
    let rate = done.rate.as_ref().map(|rate| (rate.num, rate.den));
    assert_eq!(
        (rate, done.points, done.indicators, done.unknown),
        (Some((240_000, 400_000)), 40, 2, 1),
        "24 of 40 points; the investment of 10 has no figures yet"
    );
    assert_eq!(view.tasks[0].completion, view.completion);
    assert_eq!(view.tasks[1].completion.rate, None);
    let cover = w.app.plan_cover(&w.system, id).await?;
    let measured: Vec<_> = cover.tasks.iter().map(|one| one.measured).collect();
    assert_eq!(measured, [true, false]);
    // Who may not see a figure cannot be told what is made of it.
    let league = w.clerk(LEAGUE).await?;
    let seen = look(&w, &league, id).await?;
    assert_eq!(seen.completion.rate, None);
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
