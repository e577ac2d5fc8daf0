//! How far matters are (手续办结率) as a measure of the totals: every act moves it, at every level.

use gangmu_app::approvals::{ActInput, CaseChange, CaseInput};
use gangmu_app::domain::approvals::{Act, Route};
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::organisation::Role;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::metrics::{By, RollupQuery};
use gangmu_store::Db;
use gangmu_store::approvals::{self, CaseRow, ItemRow};
use gangmu_testkit::{Outcome, each_engine};

use crate::approvals::{grant, plant, receive};
use crate::support::{BANNER, Tried, World, change, code, draft, period};

each_engine!(
    the_share_of_matters_moves_with_every_act_and_a_closed_month_keeps_its_own,
    counts_a_database_from_before_lacks_are_brought_in_once,
);

/// By project and by matter: new starts through / new starts, matters done / matters.
async fn rates(w: &World, unit: &str, month: &str, edition: Edition) -> Tried<[String; 2]> {
    let query = RollupQuery {
        period: Some(period(month)),
        unit: Some(unit.to_owned()),
        by: By::Unit,
        edition,
    };
    let total = w.app.rollup(&w.system, &query).await?.total;
    let text = |rate: gangmu_app::metrics::RatioView| format!("{}/{}", rate.num, rate.den);
    Ok([text(total.matters_through_rate), text(total.matters_rate)])
}

async fn exempt_all(w: &World, id: ProjectId) -> Tried<()> {
    let view = w.app.case_view(&w.system, id, None).await?;
    for item in view.items {
        if matches!(item.phase.as_str(), "not_received" | "to_clarify") && item.code != "A26" {
            let reason = "依法豁免".to_owned();
            let input = ActInput::new(Some(item.version), Act::Exempt { reason });
            w.app.item_act(&w.system, id, &item.code, &input).await?;
        }
    }
    Ok(())
}

async fn the_share_of_matters_moves_with_every_act_and_a_closed_month_keeps_its_own(
    db: &Db,
) -> Outcome {
    let w = World::new(db).await?;
    w.on("2026-01-05");
    let id = w.enter(&plant()).await?;
    let other = w.enter(&draft("无审批清单的项目")).await?;
    let entries = [
        (id, Category::NewStart, 100),
        (other, Category::NewStart, 100),
    ];
    w.adopt(2026, &entries).await?;
    w.open("2026-01").await?;
    let now = Edition::Current;
    assert_eq!(
        rates(&w, BANNER, "2026-01", now).await?,
        ["0/0", "0/0"],
        "no case says nothing"
    );

    w.app
        .case_create(&w.system, id, CaseInput::default())
        .await?;
    // Of 22 matters before the start eleven are ruled out by the facts of the plant.
    let [_, made] = rates(&w, BANNER, "2026-01", now).await?;
    let (done, all) = made.split_once('/').expect("a ratio");
    assert_eq!(all, "22");
    let done: i64 = done.parse()?;
    let officer = w.person(Role::Approver, BANNER, "").await?;
    for act in [receive(), Act::Accept, grant("稳评〔2026〕1号")] {
        let input = ActInput::new(None, act);
        w.app.item_act(&officer, id, "A17", &input).await?;
    }
    let after = format!("{}/22", done + 1);
    for unit in [BANNER, "150500", "150000"] {
        assert_eq!(
            rates(&w, unit, "2026-01", now).await?,
            ["0/2".to_owned(), after.clone()]
        );
    }
    w.sound().await?;

    w.on("2026-02-09");
    w.open("2026-02").await?;
    w.close("2026-01").await?;
    exempt_all(&w, id).await?;
    assert_eq!(rates(&w, BANNER, "2026-02", now).await?, ["1/2", "22/22"]);
    for edition in [now, Edition::Published] {
        let kept = rates(&w, BANNER, "2026-01", edition).await?;
        assert_eq!(kept, ["0/2".to_owned(), after.clone()], "{edition:?}");
    }
    let strike = |seq| Act::Strike {
        seq,
        reason: "误办".to_owned(),
    };
    let view = w.app.case_view(&w.system, id, None).await?;
    let permit = view.items.iter().find(|one| one.code == "A24");
    let last = permit.and_then(|one| one.events.last()).map(|one| one.seq);
    let input = ActInput::new(None, strike(last.expect("an act")));
    w.app.item_act(&officer, id, "A24", &input).await?;
    assert_eq!(rates(&w, BANNER, "2026-02", now).await?, ["0/2", "21/22"]);
    w.sound().await?;

    // Another route has other matters; and who is moved to another unit takes the counts along.
    let version = w.app.case_view(&w.system, id, None).await?.version;
    let fitted = CaseChange {
        route: Some(Route::Filing),
        current_catalogue: false,
        reason: "改为备案".to_owned(),
        ..CaseChange::default()
    };
    w.app.case_fit(&w.system, id, version, &fitted).await?;
    w.sound().await?;
    let moved = change(Field::Unit, code("150523"));
    w.app.project_edit(&w.system, id, None, &moved).await?;
    assert_eq!(rates(&w, BANNER, "2026-02", now).await?, ["0/0", "0/0"]);
    w.sound().await?;
    Ok(())
}

/// A case that was made before its counts were a measure: what the store has, without the totals.
async fn counts_a_database_from_before_lacks_are_brought_in_once(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    w.on("2026-01-05");
    let (id, older) = (w.enter(&plant()).await?, w.enter(&draft("早期项目")).await?);
    let entries = [
        (id, Category::NewStart, 100),
        (older, Category::NewStart, 100),
    ];
    w.adopt(2026, &entries).await?;
    w.open("2026-01").await?;
    w.app
        .case_create(&w.system, id, CaseInput::default())
        .await?;
    let case = approvals::case_get(db, id).await?.expect("a case");
    let items = approvals::item_list(db, id).await?;
    let copy = |row: &ItemRow| ItemRow {
        project: older,
        ..row.clone()
    };
    let tx = db.begin().await?;
    let case = CaseRow {
        project: older,
        ..case
    };
    approvals::case_insert(&tx, &case, 0).await?;
    let items: Vec<ItemRow> = items.iter().map(copy).collect();
    approvals::item_insert_all(&tx, &items).await?;
    tx.commit().await?;

    let faults = w.app.check_up().await?.faults;
    let what: Vec<&str> = faults.iter().map(|fault| fault.what).collect();
    assert_eq!(what, ["matter_counts"]);
    assert_eq!(w.app.matter_counts_mend(&w.system).await?, 1);
    assert_eq!(w.app.check_up().await?.faults, []);
    let [_, rate] = rates(&w, BANNER, "2026-01", Edition::Current).await?;
    assert!(rate.ends_with("/44"), "{rate}");
    assert_eq!(w.app.matter_counts_mend(&w.system).await?, 0);
    Ok(())
}
