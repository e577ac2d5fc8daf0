//! Periods, returns and their events.

use std::collections::BTreeMap;
use std::time::Duration;

use gangmu_domain::Yuan;
use gangmu_domain::dispatch::{Figures, PeriodState, ReturnEventKind, ReturnStatus, SiteStatus};
use gangmu_domain::library::{FundingSource, ProjectId};
use gangmu_domain::metrics::{Carried, MonthFacts, Position};
use gangmu_domain::organisation::{DepartmentId, UnitLevel, UserId};
use gangmu_store::dispatch::{self, PeriodRow, ReturnEvent, ReturnRow};
use gangmu_store::{Db, StoreError, batch};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, filed, period, put, unit};

each_engine!(
    a_period_opens_once_and_closes_once,
    closing_marks_what_was_not_handed_in,
    closing_waits_for_a_return_being_saved,
    months_change_only_while_nobody_holds_them,
    a_unit_closes_its_month_once,
    a_return_comes_back_with_its_position,
    returns_are_found_by_project_and_by_period,
    a_return_can_be_dropped,
    what_was_done_to_a_return_is_listed_in_order,
);

async fn open(db: &Db, month: &str) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    dispatch::period_insert(&tx, period(month), day("2026-01-05"), 10).await?;
    tx.commit().await
}

async fn a_period_opens_once_and_closes_once(db: &Db) -> Outcome {
    open(db, "2025-11").await?;
    open(db, "2025-12").await?;
    let twice = open(db, "2025-12").await;
    assert!(matches!(twice, Err(StoreError::Exists { .. })), "{twice:?}");
    let tx = db.begin().await?;
    assert!(dispatch::period_close(&tx, period("2025-11"), UserId(1), 99).await?);
    assert!(!dispatch::period_close(&tx, period("2025-11"), UserId(1), 99).await?);
    assert!(!dispatch::period_close(&tx, period("2025-10"), UserId(1), 99).await?);
    tx.commit().await?;
    let row = |month, state, closed_at| PeriodRow {
        period: period(month),
        state,
        due_on: day("2026-01-05"),
        closed_at,
    };
    let december = row("2025-12", PeriodState::Open, None);
    let november = row("2025-11", PeriodState::Closed, Some(99));
    assert_eq!(
        dispatch::period_list(db).await?,
        [december, november.clone()]
    );
    assert_eq!(
        dispatch::period_get(db, period("2025-11")).await?,
        Some(november)
    );
    assert_eq!(dispatch::period_get(db, period("2025-10")).await?, None);
    Ok(())
}

async fn closing_marks_what_was_not_handed_in(db: &Db) -> Outcome {
    use ReturnStatus as S;
    open(db, "2025-12").await?;
    let cases = [
        (1, "2025-12", S::Due, S::Missing),
        (2, "2025-12", S::Draft, S::Missing),
        (3, "2025-12", S::SentBack, S::Missing),
        (4, "2025-12", S::Submitted, S::Submitted),
        (5, "2025-12", S::Accepted, S::Accepted),
        (6, "2025-11", S::Draft, S::Draft),
    ];
    for (id, month, status, _) in cases {
        let mut row = filed(id, month);
        row.filed.status = status;
        put(db, &[row]).await?;
    }
    let tx = db.begin().await?;
    dispatch::period_close(&tx, period("2025-12"), UserId(1), 99).await?;
    tx.commit().await?;
    for (id, month, before, after) in cases {
        let row = dispatch::return_get(db, ProjectId(id), period(month)).await?;
        let filed = row.expect("a return").filed;
        assert_eq!(filed.status, after, "from {before:?}");
        assert_eq!(filed.version, if before == after { 1 } else { 2 });
    }
    Ok(())
}

async fn closing_waits_for_a_return_being_saved(db: &Db) -> Outcome {
    open(db, "2025-12").await?;
    let saving = db.begin().await?;
    let row = dispatch::period_get(&saving, period("2025-12")).await?;
    assert_eq!(row.map(|row| row.state), Some(PeriodState::Open));
    let close = async {
        let tx = db.begin().await?;
        let closed = dispatch::period_close(&tx, period("2025-12"), UserId(1), 99).await?;
        tx.commit().await?;
        Ok::<_, StoreError>(closed)
    };
    let save = async {
        // Gives the other time to come and wait; it cannot come too early.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let mut draft = filed(1, "2025-12");
        draft.filed.status = ReturnStatus::Draft;
        batch::return_put_all(&saving, &[draft]).await?;
        saving.commit().await
    };
    let (closed, saved) = tokio::join!(close, save);
    saved?;
    assert!(closed?);
    let row = dispatch::return_get(db, ProjectId(1), period("2025-12")).await?;
    assert_eq!(row.map(|row| row.filed.status), Some(ReturnStatus::Missing));
    Ok(())
}

async fn a_unit_closes_its_month_once(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    for (codes, month, first) in [
        ("150600", "2025-12", true),
        ("150500", "2025-12", true),
        ("150600", "2025-12", false),
        ("150600", "2025-11", true),
    ] {
        let closed =
            dispatch::unit_closing_insert(&tx, period(month), &unit(codes), UserId(1), 5).await?;
        assert_eq!(closed, first, "{codes} {month}");
    }
    tx.commit().await?;
    let closed = dispatch::unit_closing_list(db, period("2025-12")).await?;
    assert_eq!(closed, [unit("150500"), unit("150600")]);
    let tx = db.begin().await?;
    for (codes, was_closed) in [("150500", true), ("150500", false), ("150700", false)] {
        let gone = dispatch::unit_closing_delete(&tx, period("2025-12"), &unit(codes)).await?;
        assert_eq!(gone, was_closed, "{codes}");
    }
    tx.commit().await?;
    let closed = dispatch::unit_closing_list(db, period("2025-12")).await?;
    assert_eq!(closed, [unit("150600")]);
    let other = dispatch::unit_closing_list(db, period("2025-11")).await?;
    assert_eq!(other, [unit("150600")], "the other month stays");
    Ok(())
}

async fn months_change_only_while_nobody_holds_them(db: &Db) -> Outcome {
    open(db, "2025-11").await?;
    let holding = db.begin().await?;
    dispatch::periods_hold(&holding).await?;
    let before = dispatch::period_list(&holding).await?.len();
    let change = async {
        let tx = db.begin().await?;
        dispatch::periods_change(&tx).await?;
        dispatch::period_insert(&tx, period("2025-12"), day("2026-01-08"), 1).await?;
        tx.commit().await
    };
    let hold = async {
        // Gives the other time to come and wait; it cannot come too early.
        tokio::time::sleep(Duration::from_millis(100)).await;
        let after = dispatch::period_list(&holding).await?.len();
        holding.commit().await?;
        Ok::<_, StoreError>(after)
    };
    let (changed, after) = tokio::join!(change, hold);
    changed?;
    assert_eq!(after?, before, "none came while they were held");
    assert_eq!(dispatch::period_list(db).await?.len(), before + 1);
    Ok(())
}

async fn a_return_comes_back_with_its_position(db: &Db) -> Outcome {
    let bare = {
        let mut row = filed(1, "2025-12");
        row.filed.status = ReturnStatus::Due;
        row.filed.figures = Figures::default();
        row.position.month = MonthFacts::default();
        row.submitted_at = None;
        row
    };
    let full = {
        let mut row = filed(2, "2025-12");
        row.filed.version = 4;
        row.filed.status = ReturnStatus::Accepted;
        row.filed.awaiting = Some(UnitLevel::League);
        row.filed.figures = Figures {
            month: Some(Yuan(-123_456_789)),
            funds: BTreeMap::from([
                (FundingSource::BankLoans, Yuan(7)),
                (FundingSource::TreasuryBonds, Yuan::yi(3)),
            ]),
            site_status: Some(SiteStatus::Stopped),
            started_on: Some(day("2025-12-01")),
            finished_on: Some(day("2025-12-31")),
            image_progress: "第一行\n\"第二行\"".to_owned(),
            problems: "用地手续".to_owned(),
            correction_reason: "误报".to_owned(),
            explanations: BTreeMap::from([("jump".to_owned(), "集中支付".to_owned())]),
        };
        let mut entry = row.position.entry.clone();
        entry.coordinates.department = Some(DepartmentId(4));
        entry.start_due = Some(period("2025-06"));
        entry.invested_before = Yuan::yi(1);
        entry.carried = Carried {
            year_to_date: Yuan(1),
            since_start: Yuan(2),
            funds_to_date: Yuan(3),
        };
        let month = MonthFacts {
            investment: Yuan(-123_456_789),
            funds: row.filed.figures.funds_total(),
            at_work: true,
            completed: true,
            reported: true,
            accepted: true,
        };
        row.position = Position::after(None, entry, month, row.period);
        row
    };
    for row in [bare, full] {
        put(db, std::slice::from_ref(&row)).await?;
        let found = dispatch::return_get(db, row.project, row.period).await?;
        assert_eq!(found.as_ref(), Some(&row));
        // Saved again, it replaces itself.
        let again = ReturnRow {
            submitted_at: Some(1),
            ..row
        };
        put(db, std::slice::from_ref(&again)).await?;
        let found = dispatch::return_get(db, again.project, again.period).await?;
        assert_eq!(found, Some(again));
    }
    Ok(())
}

async fn returns_are_found_by_project_and_by_period(db: &Db) -> Outcome {
    let months = ["2024-12", "2025-01", "2025-02", "2025-03"];
    let mut rows: Vec<ReturnRow> = months.iter().map(|month| filed(1, month)).collect();
    // More than one batch of identities.
    rows.extend((2..=600).map(|id| filed(id, "2025-03")));
    put(db, &rows).await?;
    let id = ProjectId(1);
    let names = |rows: Vec<ReturnRow>| -> Vec<String> {
        rows.iter().map(|row| row.period.to_string()).collect()
    };
    let from = dispatch::return_list_from(db, id, period("2025-01")).await?;
    assert_eq!(names(from), ["2025-01", "2025-02", "2025-03"]);
    let before = dispatch::return_list_before(db, id, period("2025-03"), 2).await?;
    assert_eq!(names(before), ["2025-02", "2025-01"]);
    let wanted: Vec<i64> = (1..=700).collect();
    let of = dispatch::return_list_of(db, &wanted, period("2025-03")).await?;
    assert_eq!(
        of.iter().map(|row| row.project.0).collect::<Vec<_>>(),
        (1..=600).collect::<Vec<_>>()
    );
    assert_eq!(
        dispatch::return_list_of(db, &[], period("2025-03")).await?,
        []
    );
    let page = dispatch::return_page(db, period("2025-03"), ProjectId(598), 10).await?;
    assert_eq!(
        page.iter().map(|row| row.project.0).collect::<Vec<_>>(),
        [599, 600]
    );
    let page = dispatch::return_page(db, period("2025-03"), ProjectId(0), 1).await?;
    assert_eq!(page, [filed(1, "2025-03")]);
    Ok(())
}

async fn a_return_can_be_dropped(db: &Db) -> Outcome {
    put(db, &[filed(1, "2025-11"), filed(1, "2025-12")]).await?;
    let tx = db.begin().await?;
    batch::return_delete_all(&tx, &[(ProjectId(1), period("2025-12"))]).await?;
    tx.commit().await?;
    let left = dispatch::return_list_from(db, ProjectId(1), period("2025-01")).await?;
    assert_eq!(left, [filed(1, "2025-11")]);
    Ok(())
}

async fn what_was_done_to_a_return_is_listed_in_order(db: &Db) -> Outcome {
    let (id, month) = (ProjectId(1), period("2025-12"));
    let submitted = ReturnEvent {
        seq: 1,
        at: 5,
        user: UserId(3),
        kind: ReturnEventKind::Submitted,
        level: None,
        reason: String::new(),
        before: Figures::default(),
        after: Figures {
            month: Some(Yuan::wan(10)),
            problems: "无".to_owned(),
            ..Figures::default()
        },
    };
    let sent_back = ReturnEvent {
        seq: 2,
        at: 6,
        kind: ReturnEventKind::SentBack,
        level: Some(UnitLevel::Banner),
        reason: "请核实本月完成投资".to_owned(),
        before: submitted.after.clone(),
        ..submitted.clone()
    };
    let tx = db.begin().await?;
    let earlier = (id, period("2025-11"), submitted.clone());
    let events = [(id, month, submitted.clone()), earlier];
    batch::return_event_insert_all(&tx, &events).await?;
    let again = [(id, month, sent_back.clone())];
    batch::return_event_insert_all(&tx, &again).await?;
    tx.commit().await?;
    let events = dispatch::return_event_list(db, id, month).await?;
    assert_eq!(events, [submitted.clone(), sent_back.clone()]);
    let first = ReturnEvent {
        seq: 1,
        ..submitted.clone()
    };
    let all = dispatch::return_event_list_of(db, id).await?;
    let wanted = [
        (period("2025-11"), first),
        (month, submitted),
        (month, sent_back),
    ];
    assert_eq!(all, wanted);
    Ok(())
}
