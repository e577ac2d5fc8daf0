//! The end of a month: closing it for a unit and for the region, and correcting it afterwards.

use gangmu_app::dispatch::Filing;
use gangmu_app::domain::Yuan;
use gangmu_app::domain::dispatch::{Figures, SiteStatus};
use gangmu_app::domain::library::Field;
use gangmu_app::domain::pipeline::{Category, Exit};
use gangmu_app::notices::NoticesOf;
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::dispatch::{checks, listed, row, state, to_date};
use crate::support::{
    BANNER, LEAGUE, REGION, SISTER, World, change, code, day, figures, period, said, wan, why, with,
};

each_engine!(
    a_units_closing_stops_its_people_but_not_those_above,
    a_units_month_is_given_back_by_the_level_above,
    closing_the_region_freezes_marks_missing_and_publishes,
    a_draft_open_while_the_month_closes_is_refused,
    a_correction_keeps_what_was_published,
    a_correction_is_checked_like_a_return,
    a_project_leaving_the_list_owes_no_return,
);

async fn a_units_closing_stops_its_people_but_not_those_above(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, b, c] = listed(&w).await?;
    w.open("2025-01").await?;
    let month = period("2025-01");
    let (banner, league) = (w.clerk(BANNER).await?, w.clerk(LEAGUE).await?);
    w.submit("2025-01", a, 100).await?;
    w.app.period_close(&banner, month, None).await?;
    let twice = w.app.period_close(&banner, month, None).await;
    assert_eq!(said(&twice), "dispatch.period_closed (2025-01)");

    let closed = "dispatch.unit_closed (150502)";
    let typed = w.typed("2025-01", b, figures("2025-01", 100)).await?;
    let late = w.app.return_save(&banner, month, typed.clone()).await;
    assert_eq!(said(&late), closed);
    let version = w.filed("2025-01", a).await?.filed.version;
    let own = w.app.returns_review(&banner, month, &[(a, version)]).await;
    assert_eq!(said(&own), closed);
    w.app
        .returns_review(&league, month, &[(a, version)])
        .await?;
    assert!(!row(&w, "2025-01", b).await?.editable);
    // The sister banner is not concerned, until the league closes.
    w.submit("2025-01", c, 100).await?;
    let progress = w.app.period_progress(&league, month, None).await?;
    let shown: Vec<(&str, i64, i64, bool)> = progress
        .iter()
        .map(|p| (p.unit.code.as_str(), p.projects, p.reported, p.closed))
        .collect();
    assert_eq!(
        shown,
        [
            (LEAGUE, 3, 2, false),
            (BANNER, 2, 1, true),
            (SISTER, 1, 1, false)
        ]
    );
    w.app.period_close(&league, month, None).await?;
    let version = w.filed("2025-01", a).await?.filed.version;
    let own = w.app.returns_review(&league, month, &[(a, version)]).await;
    assert_eq!(said(&own), "dispatch.unit_closed (150500)");
    w.app
        .returns_review(&w.system, month, &[(a, version)])
        .await?;
    assert_eq!(state(&w, a).await?, "accepted -");
    // Only one's own unit.
    let upwards = w.app.period_close(&banner, month, Some(LEAGUE)).await;
    assert_eq!(said(&upwards), "no such unit");
    assert_eq!(w.app.period_list().await?[0].state, "open");
    w.sound().await
}

async fn a_units_month_is_given_back_by_the_level_above(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, ..] = listed(&w).await?;
    w.open("2025-01").await?;
    let month = period("2025-01");
    let (banner, league) = (w.clerk(BANNER).await?, w.clerk(LEAGUE).await?);
    w.app.period_close(&banner, month, None).await?;
    w.app.period_close(&league, month, None).await?;
    let not_closed = "dispatch.unit_not_closed (150526)";
    let rows = [
        (&banner, BANNER, "补报", "refused reopen_period: clerk"),
        (&league, LEAGUE, "补报", "dispatch.reopen_own"),
        (&league, REGION, "补报", "no such unit"),
        (&league, BANNER, " ", "dispatch.reason_missing at reason"),
        (&league, SISTER, "补报", not_closed),
        // The league's own closing stands above the banner's.
        (&w.system, BANNER, "补报", "dispatch.unit_closed (150500)"),
        (&w.system, REGION, "补报", "dispatch.reopen_own"),
    ];
    for (actor, unit, reason, wanted) in rows {
        let told = w.app.period_reopen(actor, month, unit, reason).await;
        assert_eq!(said(&told), wanted, "{unit}");
    }
    w.app
        .period_reopen(&w.system, month, LEAGUE, "漏报两个项目")
        .await?;
    let typed = w.typed("2025-01", a, figures("2025-01", 100)).await?;
    let still = w.app.return_save(&banner, month, typed.clone()).await;
    let closed = "dispatch.unit_closed (150502)";
    assert_eq!(said(&still), closed, "the banner's own closing stays");
    w.app
        .period_reopen(&league, month, BANNER, "请补报")
        .await?;
    w.app.return_save(&banner, month, typed).await?;

    let page = w.app.notice_page(&banner, NoticesOf::Inbox, 1).await?;
    let told: Vec<(&str, Option<&str>)> = page
        .rows
        .iter()
        .map(|notice| (notice.kind.as_str(), notice.reason.as_deref()))
        .collect();
    assert_eq!(told, [("reopened", Some("请补报"))]);
    let subject = gangmu_store::accounts::audit_list(&w.db, "period:2025-01", 0, 9).await?;
    let trail: Vec<String> = subject
        .iter()
        .map(|row| format!("{} {}", row.action, row.detail))
        .collect();
    assert!(
        trail.contains(&"period_reopen {\"reason\":\"请补报\",\"unit\":\"150502\"}".to_owned()),
        "{trail:?}"
    );
    // Closed again, and for good with the region.
    w.app.period_close(&banner, month, None).await?;
    w.close("2025-01").await?;
    let late = w.app.period_reopen(&league, month, BANNER, "补报").await;
    assert_eq!(said(&late), "dispatch.period_closed (2025-01)");
    w.sound().await
}

async fn closing_the_region_freezes_marks_missing_and_publishes(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, b, c] = listed(&w).await?;
    w.open("2025-01").await?;
    w.open("2025-02").await?;
    w.submit("2025-01", a, 100).await?;
    let draft = w.typed("2025-01", b, figures("2025-01", 50)).await?;
    w.app
        .return_save(&w.system, period("2025-01"), draft)
        .await?;
    let early = w.app.period_close(&w.system, period("2025-02"), None).await;
    assert_eq!(said(&early), "dispatch.earlier_period_open");
    assert_eq!(to_date(&w, "2025-01").await?, (100, 0));
    w.close("2025-01").await?;
    let again = w.app.period_close(&w.system, period("2025-01"), None).await;
    assert_eq!(said(&again), "dispatch.period_closed (2025-01)");
    let unknown = w.app.period_close(&w.system, period("2025-03"), None).await;
    assert_eq!(said(&unknown), "no such period");
    let mut states = Vec::new();
    for id in [a, b, c] {
        states.push(row(&w, "2025-01", id).await?.status);
    }
    assert_eq!(states, ["submitted", "missing", "missing"]);
    assert_eq!(to_date(&w, "2025-01").await?, (100, 100));

    // Whatever happens to a project afterwards, the closed month stays.
    let frozen = w.filed("2025-01", a).await?.position;
    let edit = with(
        change(Field::TotalInvestment, wan(20_000)),
        Field::Unit,
        code(SISTER),
    );
    w.app.project_edit(&w.system, a, None, &edit).await?;
    assert_eq!(w.filed("2025-01", a).await?.position, frozen);
    let february = w.filed("2025-02", a).await?.position.entry;
    assert_eq!(february.total, Yuan::wan(20_000));
    assert_eq!(february.coordinates.unit, w.project(c).await?.unit);
    let exit = Exit::MovedOut;
    w.app.withdraw(&w.system, a, exit, &why("移交")).await?;
    assert_eq!(w.filed("2025-01", a).await?.position, frozen);
    assert!(w.filed("2025-02", a).await.is_err());
    w.sound().await
}

async fn a_draft_open_while_the_month_closes_is_refused(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, ..] = listed(&w).await?;
    w.open("2025-01").await?;
    let typed = w.typed("2025-01", a, figures("2025-01", 100)).await?;
    w.app
        .return_save(&w.system, period("2025-01"), typed)
        .await?;
    let open = w.typed("2025-01", a, figures("2025-01", 120)).await?;
    w.close("2025-01").await?;
    for filing in [Filing::Draft, Filing::Submit] {
        let refused = w
            .app
            .returns_file(&w.system, period("2025-01"), vec![open.clone()], filing)
            .await;
        assert_eq!(said(&refused), "dispatch.period_closed (2025-01)");
    }
    let reviewed = w
        .app
        .returns_review(&w.system, period("2025-01"), &[(a, 2)])
        .await;
    assert_eq!(said(&reviewed), "dispatch.period_closed (2025-01)");
    let kept = w.filed("2025-01", a).await?.filed;
    assert_eq!(
        kept.figures.month,
        Some(Yuan::wan(100)),
        "the draft is kept"
    );
    assert!(!row(&w, "2025-01", a).await?.editable);
    w.sound().await
}

async fn a_correction_keeps_what_was_published(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, b, _] = listed(&w).await?;
    w.open("2025-01").await?;
    w.submit("2025-01", a, 100).await?;
    let month = period("2025-01");
    let mut corrected = figures("2025-01", 130);
    let version = w.filed("2025-01", a).await?.filed.version;
    let mute = w
        .app
        .return_correct(&w.system, month, (a, version), corrected.clone());
    assert_eq!(
        said(&mute.await),
        "dispatch.reason_missing at correction_reason"
    );
    corrected.correction_reason = "漏报一笔设备款".to_owned();
    let early = w
        .app
        .return_correct(&w.system, month, (a, version), corrected.clone());
    assert_eq!(said(&early.await), "dispatch.period_open");
    w.close("2025-01").await?;
    w.open("2025-02").await?;
    w.submit("2025-02", a, 100).await?;
    w.close("2025-02").await?;
    w.open("2025-03").await?;
    w.submit("2025-03", a, 100).await?;

    let league = w.clerk(LEAGUE).await?;
    let below = w
        .app
        .return_correct(&league, month, (a, version), corrected.clone());
    assert_eq!(said(&below.await), "refused correct: clerk");
    let stale = w
        .app
        .return_correct(&w.system, month, (a, version - 1), corrected.clone());
    assert_eq!(said(&stale.await), "return changed");
    let done = w
        .app
        .return_correct(&w.system, month, (a, version), corrected.clone())
        .await?;
    assert_eq!(
        (
            done.month_before,
            done.month_after,
            done.published,
            done.current
        ),
        (Some(1_000_000), Some(1_300_000), 1_000_000, 1_300_000)
    );
    let moved: Vec<(&str, &str, i64, i64)> = done
        .moved
        .iter()
        .map(|m| (m.period.as_str(), m.measure, m.published, m.current))
        .collect();
    let (wan, none) = (1_000_000, 0);
    assert_eq!(
        moved,
        [
            ("2025-01", "month_investment", wan, 1_300_000),
            ("2025-01", "year_to_date", wan, 1_300_000),
            ("2025-01", "since_start", wan, 1_300_000),
            ("2025-01", "accepted", none, 1),
            ("2025-02", "year_to_date", 2 * wan, 2_300_000),
            ("2025-02", "since_start", 2 * wan, 2_300_000),
        ]
    );
    // The months after follow in the figures as they stand; what was published stays.
    assert_eq!(to_date(&w, "2025-01").await?, (130, 100));
    assert_eq!(to_date(&w, "2025-02").await?, (230, 200));
    assert_eq!(to_date(&w, "2025-03").await?, (330, 0));
    let events = w.app.return_events(&w.system, month, a).await?;
    let last = events.last().expect("an event");
    assert_eq!(
        (last.kind, last.reason.as_str()),
        ("corrected", "漏报一笔设备款")
    );
    assert_eq!(
        (last.month_before, last.month_after),
        (Some(1_000_000), Some(1_300_000))
    );
    // What was missing can be put in afterwards.
    let version = w.filed("2025-01", b).await?.filed.version;
    w.app
        .return_correct(&w.system, month, (b, version), corrected)
        .await?;
    assert_eq!(row(&w, "2025-01", b).await?.status, "accepted");
    assert_eq!(to_date(&w, "2025-02").await?, (360, 200));
    w.sound().await
}

async fn a_correction_is_checked_like_a_return(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, ..] = listed(&w).await?;
    w.open("2025-01").await?;
    w.submit("2025-01", a, 100).await?;
    w.close("2025-01").await?;
    w.open("2025-02").await?;
    let version = w.filed("2025-01", a).await?.filed.version;
    let rows = [
        (None, "month_missing month_investment"),
        (Some(-1), "cumulative_negative month_investment"),
        (Some(10_001), "cumulative_above_total month_investment"),
    ];
    for (month, wanted) in rows {
        let typed = Figures {
            month: month.map(Yuan::wan),
            correction_reason: "更正".to_owned(),
            ..figures("2025-01", 0)
        };
        let refused = w
            .app
            .return_correct(&w.system, period("2025-01"), (a, version), typed)
            .await
            .map(|_| ());
        assert_eq!(checks(&refused, a), wanted);
    }
    // A jump needs no second word: the reason for the correction is one. Dates reach the record.
    let typed = Figures {
        correction_reason: "更正".to_owned(),
        finished_on: Some(day("2025-01-20")),
        site_status: Some(SiteStatus::Completed),
        ..figures("2025-01", 900)
    };
    w.app
        .return_correct(&w.system, period("2025-01"), (a, version), typed)
        .await?;
    let record = w.project(a).await?.record;
    assert_eq!(record.date(Field::ActualFinish), Some(day("2025-01-20")));
    w.sound().await
}

async fn a_project_leaving_the_list_owes_no_return(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [a, ..] = listed(&w).await?;
    w.open("2025-01").await?;
    w.submit("2025-01", a, 100).await?;
    w.app
        .programme_adjust(&w.system, 2025, a, None, &why("调出"))
        .await?;
    let shown = w.app.grid_row(&w.system, period("2025-01"), a).await;
    assert_eq!(said(&shown), "no such return");
    let typed = gangmu_app::dispatch::TypedReturn {
        project: a,
        version: 2,
        figures: figures("2025-01", 1),
        kept: gangmu_app::dispatch::KeptDates::default(),
    };
    let refused = w.app.return_save(&w.system, period("2025-01"), typed).await;
    assert_eq!(said(&refused), "no such return");
    w.sound().await?;
    // Taken in again, it owes one again, and nothing of the first one's way sticks to it.
    let again = crate::support::entry(Category::Continuing, 1_200);
    w.app
        .programme_adjust(&w.system, 2025, a, Some(&again), &why("恢复"))
        .await?;
    assert_eq!(state(&w, a).await?, "due -");
    w.sound().await
}
