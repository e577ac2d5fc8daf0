//! Plans, their versions, whom their tasks charge, values handed in, and who finds which plan.

use gangmu_domain::organisation::{DepartmentId, DepartmentSet, Scope, UserId};
use gangmu_domain::plans::{
    Content, Direction, Indicator, LeftOut, Link, Office, PlanId, PlanKind, PlanState, Quantity,
    Share, Source, Step, Task, UnitOfMeasure,
};
use gangmu_store::plans::{
    DutyRow, EvidenceRow, ImportRow, PlanFilter, PlanRow, ValueRow, VersionRow, plan_count,
    plan_draft_remove, plan_duty_list, plan_duty_of, plan_duty_put, plan_get, plan_import_adopt,
    plan_import_get, plan_import_insert, plan_import_list, plan_insert, plan_list, plan_lock,
    plan_remove, plan_update, plan_value_insert, plan_value_list, plan_version_get,
    plan_version_in_force, plan_version_list, plan_version_put,
};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, departments, period, scope, unit};

each_engine!(
    a_plan_and_its_versions_come_back_as_they_were,
    what_was_adopted_is_never_written_again,
    a_plan_is_found_by_those_it_concerns,
    an_office_finds_the_tasks_that_charge_it,
    values_are_added_and_never_changed,
    tables_that_were_handed_in_are_kept_and_adopted_once,
);

fn office(codes: &str, department: i64) -> Office {
    Office {
        unit: unit(codes),
        department: (department != 0).then_some(DepartmentId(department)),
    }
}

fn plan(title: &str, owner: Office) -> PlanRow {
    PlanRow {
        id: PlanId(0),
        edit: 1,
        kind: PlanKind::Work,
        office: owner,
        parent: None,
        title: title.to_owned(),
        from: day("2025-01-01"),
        until: day("2025-12-31"),
        state: PlanState::Draft,
        version: 0,
        draft: true,
    }
}

fn version(number: u32, content: Content) -> VersionRow {
    VersionRow {
        version: number,
        adopted_on: None,
        document_no: String::new(),
        reason: String::new(),
        user: UserId(3),
        at: 77,
        content,
    }
}

fn full() -> Content {
    let indicator = |key, source| Indicator {
        key,
        name: "完成投资".to_owned(),
        unit: UnitOfMeasure("亿元".to_owned()),
        baseline: Some(Quantity(-5)),
        target: Quantity(1_000_000_000_000),
        due: day("2025-12-31"),
        direction: Direction::Up,
        weight: 40,
        source,
        takes_over: Some(4),
        shares: vec![Share {
            office: office("150500", 7),
            quantity: Quantity(9),
        }],
        steps: vec![Step {
            period: period("2025-03"),
            quantity: Quantity(8),
        }],
    };
    let link = Link {
        metric: "no_longer".to_owned(),
        unit: unit("150500"),
        department: Some(DepartmentId(7)),
        cut: "industry".to_owned(),
        member: "44".to_owned(),
    };
    Content {
        tasks: vec![Task {
            key: 2,
            group: "critical".to_owned(),
            title: "推动项目建设".to_owned(),
            body: "持续加强项目谋划储备".to_owned(),
            outcome: "清单".to_owned(),
            lead: office("150500", 0),
            cooperating: vec![office("150500", 7), office("150500/150502", 0)],
            due: day("2025-06-30"),
            takes_over: vec![1, 3],
            indicators: vec![
                indicator(3, Source::Linked(link)),
                indicator(4, Source::Derived("#3 / 2".to_owned())),
                indicator(5, Source::Reported),
            ],
        }],
        left_out: vec![LeftOut {
            task: 9,
            reason: "无此职能".to_owned(),
        }],
        next_key: 5,
    }
}

async fn add(db: &Db, row: &PlanRow, content: Content) -> Result<PlanId, StoreError> {
    let tx = db.begin().await?;
    let id = plan_insert(&tx, row, 77).await?;
    plan_version_put(&tx, id, &version(1, content)).await?;
    tx.commit().await?;
    Ok(id)
}

/// Brings a plan into force.
async fn adopt(db: &Db, id: PlanId) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    let mut row = plan_lock(&tx, id).await?.expect("a plan");
    let mut first = plan_version_get(&tx, id, 1).await?.expect("a version");
    first.adopted_on = Some(day("2025-01-10"));
    plan_version_put(&tx, id, &first).await?;
    row.version = 1;
    row.draft = false;
    row.state = PlanState::Adopted;
    assert!(plan_update(&tx, &row).await?);
    tx.commit().await
}

async fn a_plan_and_its_versions_come_back_as_they_were(db: &Db) -> Outcome {
    let mut row = plan("通辽市工作方案", office("150500", 0));
    row.parent = Some(PlanId(99));
    row.id = add(db, &row, full()).await?;
    assert_eq!(plan_get(db, row.id).await?, Some(row.clone()));
    assert_eq!(plan_get(db, PlanId(row.id.0 + 1)).await?, None);
    let first = version(1, full());
    assert_eq!(plan_version_get(db, row.id, 1).await?, Some(first.clone()));
    assert_eq!(plan_version_get(db, row.id, 2).await?, None);
    assert_eq!(plan_version_list(db, row.id).await?, [first]);
    assert!(plan_version_in_force(db, &[row.id]).await?.is_empty());
    let tx = db.begin().await?;
    row.title = "通辽市2025年工作方案".to_owned();
    assert!(plan_update(&tx, &row).await?);
    assert!(
        !plan_update(&tx, &row).await?,
        "whoever saves second is told"
    );
    tx.commit().await?;
    let tx = db.begin().await?;
    plan_remove(&tx, row.id).await?;
    tx.commit().await?;
    assert_eq!(plan_get(db, row.id).await?, None);
    assert_eq!(plan_version_list(db, row.id).await?, []);
    Ok(())
}

async fn what_was_adopted_is_never_written_again(db: &Db) -> Outcome {
    let id = add(db, &plan("方案", office("", 0)), full()).await?;
    adopt(db, id).await?;
    let tx = db.begin().await?;
    let again = plan_version_put(&tx, id, &version(1, Content::default())).await;
    assert!(matches!(again, Err(StoreError::Exists { .. })), "{again:?}");
    plan_version_put(&tx, id, &version(2, Content::default())).await?;
    plan_version_put(&tx, id, &version(2, full())).await?;
    tx.commit().await?;
    assert_eq!(plan_version_list(db, id).await?.len(), 2);
    let in_force = plan_version_in_force(db, &[id, PlanId(99)]).await?;
    assert_eq!((in_force.len(), in_force[&id].version), (1, 1));
    let tx = db.begin().await?;
    plan_draft_remove(&tx, id).await?;
    plan_remove(&tx, PlanId(99)).await?;
    tx.commit().await?;
    assert_eq!(plan_version_list(db, id).await?.len(), 1);
    Ok(())
}

async fn found(db: &Db, filter: PlanFilter) -> Result<Vec<String>, StoreError> {
    let filter = PlanFilter {
        limit: 100,
        ..filter
    };
    let rows = plan_list(db, &filter).await?;
    let n = plan_count(db, &filter).await?;
    assert_eq!(i64::try_from(rows.len()).ok(), Some(n));
    Ok(rows.into_iter().map(|row| row.title).collect())
}

async fn a_plan_is_found_by_those_it_concerns(db: &Db) -> Outcome {
    let top = add(db, &plan("实施方案", office("", 0)), full()).await?;
    adopt(db, top).await?;
    for (title, owner) in [
        ("工信厅方案", office("", 7)),
        ("通辽市方案", office("150500", 0)),
        ("包头市方案", office("150200", 0)),
    ] {
        let mut row = plan(title, owner);
        row.parent = Some(top);
        let id = add(db, &row, full()).await?;
        adopt(db, id).await?;
    }
    add(db, &plan("通辽市草案", office("150500", 0)), full()).await?;
    let seen = |scope: Scope, writes: Option<Scope>| PlanFilter {
        scope: Some(scope),
        writes,
        ..PlanFilter::default()
    };
    let banner = scope("150500/150502");
    assert_eq!(
        found(db, seen(banner, None)).await?,
        ["实施方案", "工信厅方案", "通辽市方案"],
        "those of the units above, no draft of another's"
    );
    let league = scope("150500");
    assert_eq!(
        found(db, seen(league.clone(), Some(league.clone()))).await?,
        ["实施方案", "通辽市草案", "工信厅方案", "通辽市方案"]
    );
    let officer = Scope {
        departments: DepartmentSet::Only(vec![DepartmentId(7)]),
        ..league
    };
    let all = found(db, seen(scope("150500"), Some(officer))).await?;
    assert!(!all.contains(&"通辽市草案".to_owned()), "{all:?}");
    let under = PlanFilter {
        parent: Some(top),
        kind: Some(PlanKind::Work),
        state: Some(PlanState::Adopted),
        unit: Some(unit("150500")),
        text: Some("通辽".to_owned()),
        ..PlanFilter::default()
    };
    assert_eq!(found(db, under).await?, ["通辽市方案"]);
    Ok(())
}

async fn an_office_finds_the_tasks_that_charge_it(db: &Db) -> Outcome {
    let duty = |task, owner: Office, leads, due: &str| DutyRow {
        plan: PlanId(5),
        task,
        office: owner,
        leads,
        due: day(due),
    };
    let duties = vec![
        duty(1, office("150500", 0), true, "2025-12-31"),
        duty(1, office("150500", 7), false, "2025-12-31"),
        duty(2, office("150500", 7), true, "2025-06-30"),
        duty(3, office("150200", 7), true, "2025-06-30"),
    ];
    let tx = db.begin().await?;
    plan_duty_put(&tx, PlanId(5), &duties).await?;
    plan_duty_put(&tx, PlanId(5), &duties).await?;
    tx.commit().await?;
    let mut own = departments(&[7]);
    own.unit = unit("150500");
    let found = plan_duty_list(db, &own).await?;
    assert_eq!(found, [duties[2].clone(), duties[1].clone()]);
    let all = plan_duty_list(db, &scope("150500")).await?;
    assert_eq!(all.len(), 3);
    assert_eq!(plan_duty_of(db, PlanId(5)).await?.len(), 4);
    assert_eq!(plan_duty_of(db, PlanId(6)).await?, []);
    Ok(())
}

async fn values_are_added_and_never_changed(db: &Db) -> Outcome {
    let value = |seq, on: &str, quantity| ValueRow {
        seq,
        on: day(on),
        quantity: Quantity(quantity),
        evidence: "统计月报".to_owned(),
        files: Vec::new(),
        user: UserId(3),
        at: 77,
    };
    let file = |seq, name: &str| EvidenceRow {
        seq,
        file_name: name.to_owned(),
        sha256: "ab12".to_owned(),
        media_type: "application/pdf".to_owned(),
        size: 9,
    };
    let mut proved = value(3, "2025-02-28", 21);
    proved.files = vec![file(1, "月报.pdf"), file(2, "附表.xlsx")];
    let tx = db.begin().await?;
    plan_value_insert(&tx, PlanId(5), 3, &value(0, "2025-02-28", 20)).await?;
    plan_value_insert(&tx, PlanId(5), 3, &value(0, "2025-01-31", 10)).await?;
    assert_eq!(plan_value_insert(&tx, PlanId(5), 3, &proved).await?, 3);
    plan_value_insert(&tx, PlanId(5), 4, &value(0, "2025-01-31", 1)).await?;
    tx.commit().await?;
    let all = plan_value_list(db, PlanId(5)).await?;
    assert_eq!(
        all[&3],
        [
            value(2, "2025-01-31", 10),
            value(1, "2025-02-28", 20),
            proved
        ]
    );
    assert_eq!(all[&4].len(), 1);
    assert!(plan_value_list(db, PlanId(6)).await?.is_empty());
    Ok(())
}

async fn tables_that_were_handed_in_are_kept_and_adopted_once(db: &Db) -> Outcome {
    let table = |seq, name: &str| ImportRow {
        seq,
        file_name: name.to_owned(),
        sha256: "cd34".to_owned(),
        user: UserId(3),
        at: 77,
        is_adopted: false,
    };
    let tx = db.begin().await?;
    for (plan, seq, name) in [(5, 1, "甲.docx"), (5, 2, "乙.xlsx"), (6, 1, "丙.csv")] {
        let made = plan_import_insert(&tx, PlanId(plan), &table(0, name)).await?;
        assert_eq!(made, seq, "{name}");
    }
    assert!(plan_import_adopt(&tx, PlanId(5), 1).await?);
    assert!(!plan_import_adopt(&tx, PlanId(5), 1).await?, "only once");
    assert!(!plan_import_adopt(&tx, PlanId(5), 9).await?, "none of it");
    tx.commit().await?;
    let adopted = ImportRow {
        is_adopted: true,
        ..table(1, "甲.docx")
    };
    assert_eq!(
        plan_import_list(db, PlanId(5), 10).await?,
        [table(2, "乙.xlsx"), adopted.clone()],
        "newest first"
    );
    assert_eq!(plan_import_list(db, PlanId(5), 1).await?.len(), 1);
    assert_eq!(plan_import_get(db, PlanId(5), 1).await?, Some(adopted));
    assert_eq!(plan_import_get(db, PlanId(7), 1).await?, None);
    Ok(())
}
