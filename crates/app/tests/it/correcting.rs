//! What a correction takes back is taken back from every month that had it from there.

use gangmu_app::domain::Yuan;
use gangmu_app::domain::dispatch::{Figures, SiteStatus};
use gangmu_app::domain::library::{Field, ProjectId, Value};
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::metrics::{By, RollupQuery};
use gangmu_app::pipeline::Part;
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::dispatch::to_date;
use crate::support::{Tried, World, change, day, draft, figures, period, why};

each_engine!(
    a_start_taken_back_is_taken_back_from_later_closed_months,
    a_start_that_the_record_still_dates_stays_in_later_closed_months,
    a_completion_taken_back_is_taken_back_from_later_closed_months,
    a_correction_of_a_merged_project_reaches_the_one_it_went_into,
    a_correction_of_a_split_project_reaches_its_parts,
);

/// Started and completed, as it stands or as it was published.
async fn counted(w: &World, month: &str, edition: Edition) -> Tried<(i64, i64)> {
    let query = RollupQuery {
        period: Some(period(month)),
        unit: None,
        by: By::Unit,
        edition,
    };
    let total = w.app.rollup(&w.system, &query).await?.total.measures;
    Ok((total["started"], total["completed"]))
}

fn site(month: &str, status: SiteStatus) -> Figures {
    Figures {
        site_status: Some(status),
        ..figures(month, 100)
    }
}

/// A new start that begins in January, rests in February and March and owes April; the first
/// three are closed.
async fn begun_and_resting(w: &World) -> Tried<ProjectId> {
    let id = w.enter(&draft("甲")).await?;
    w.adopt(2025, &[(id, Category::NewStart, 1_200)]).await?;
    w.open("2025-01").await?;
    let started = Figures {
        started_on: Some(day("2025-01-15")),
        ..site("2025-01", SiteStatus::Working)
    };
    w.submit_figures("2025-01", id, started).await?;
    w.close("2025-01").await?;
    for month in ["2025-02", "2025-03"] {
        w.open(month).await?;
        let resting = site(month, SiteStatus::Stopped);
        w.submit_figures(month, id, resting).await?;
        w.close(month).await?;
    }
    w.open("2025-04").await?;
    Ok(id)
}

async fn correct(w: &World, month: &str, id: ProjectId, figures: Figures) -> Tried<()> {
    let version = w.filed(month, id).await?.filed.version;
    let figures = Figures {
        correction_reason: "核实更正".to_owned(),
        ..figures
    };
    w.app
        .return_correct(&w.system, period(month), (id, version), figures)
        .await?;
    Ok(())
}

async fn a_start_taken_back_is_taken_back_from_later_closed_months(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = begun_and_resting(&w).await?;
    correct(&w, "2025-01", id, site("2025-01", SiteStatus::NotStarted)).await?;
    for month in ["2025-01", "2025-02", "2025-03", "2025-04"] {
        let now = counted(&w, month, Edition::Current).await?;
        assert_eq!(now, (0, 0), "{month} follows");
    }
    for month in ["2025-01", "2025-02", "2025-03"] {
        let then = counted(&w, month, Edition::Published).await?;
        assert_eq!(then, (1, 0), "what was published of {month} stays");
    }
    let record = w.project(id).await?.record;
    let date = record.date(Field::ActualStart);
    assert_eq!(date, None, "the record takes the date back too");
    w.sound().await?;
    // Put right again, it counts again from there on.
    let started = Figures {
        started_on: Some(day("2025-02-10")),
        ..site("2025-02", SiteStatus::Working)
    };
    correct(&w, "2025-02", id, started).await?;
    let mut now = Vec::new();
    for month in ["2025-01", "2025-02", "2025-03", "2025-04"] {
        now.push(counted(&w, month, Edition::Current).await?.0);
    }
    assert_eq!(now, [0, 1, 1, 1]);
    w.sound().await
}

async fn a_start_that_the_record_still_dates_stays_in_later_closed_months(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = begun_and_resting(&w).await?;
    let date = Value::Date(day("2025-02-03"));
    let edit = change(Field::ActualStart, date);
    w.app.project_edit(&w.system, id, None, &edit).await?;
    correct(&w, "2025-01", id, site("2025-01", SiteStatus::NotStarted)).await?;
    let mut now = Vec::new();
    for month in ["2025-01", "2025-02", "2025-03", "2025-04"] {
        now.push(counted(&w, month, Edition::Current).await?.0);
    }
    assert_eq!(now, [0, 1, 1, 1]);
    w.sound().await
}

async fn a_completion_taken_back_is_taken_back_from_later_closed_months(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let id = begun_and_resting(&w).await?;
    let finished = Figures {
        finished_on: Some(day("2025-02-20")),
        ..site("2025-02", SiteStatus::Completed)
    };
    correct(&w, "2025-02", id, finished).await?;
    assert_eq!(counted(&w, "2025-03", Edition::Current).await?, (1, 1));
    correct(&w, "2025-02", id, site("2025-02", SiteStatus::Working)).await?;
    for month in ["2025-02", "2025-03", "2025-04"] {
        let now = counted(&w, month, Edition::Current).await?;
        assert_eq!(now, (1, 0), "{month} follows");
    }
    assert_eq!(w.project(id).await?.record.date(Field::ActualFinish), None);
    w.sound().await
}

/// Two projects with 100 万元 each in a closed January; February is open, with 50 each.
async fn two_in_february(w: &World) -> Tried<[ProjectId; 2]> {
    let ids = [w.enter(&draft("甲")).await?, w.enter(&draft("乙")).await?];
    let list = ids.map(|id| (id, Category::Continuing, 1_200));
    w.adopt(2025, &list).await?;
    w.open("2025-01").await?;
    for id in ids {
        w.submit("2025-01", id, 100).await?;
    }
    w.close("2025-01").await?;
    w.open("2025-02").await?;
    for id in ids {
        w.submit("2025-02", id, 50).await?;
    }
    Ok(ids)
}

/// February is closed, then March, and April is open; January is corrected from 100 to 130.
async fn correct_january(w: &World, id: ProjectId) -> Tried<()> {
    w.close("2025-02").await?;
    w.open("2025-03").await?;
    w.close("2025-03").await?;
    w.open("2025-04").await?;
    for month in ["2025-02", "2025-03"] {
        assert_eq!(to_date(w, month).await?, (300, 300));
    }
    correct(w, "2025-01", id, figures("2025-01", 130)).await?;
    assert_eq!(to_date(w, "2025-01").await?, (230, 200));
    for month in ["2025-02", "2025-03"] {
        let now = to_date(w, month).await?;
        assert_eq!(now, (330, 300), "{month}: as it stands, as published");
    }
    assert_eq!(to_date(w, "2025-04").await?.0, 330);
    w.sound().await
}

async fn a_correction_of_a_merged_project_reaches_the_one_it_went_into(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [target, other] = two_in_february(&w).await?;
    w.app
        .merge(&w.system, target, &[other], &why("合并实施"))
        .await?;
    correct_january(&w, other).await?;
    let april = w.filed("2025-04", target).await?.position;
    assert_eq!(april.since_start, Yuan::wan(330));
    Ok(())
}

async fn a_correction_of_a_split_project_reaches_its_parts(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let [whole, _] = two_in_february(&w).await?;
    let part = |name: &str, total, invested, plan| Part {
        name: name.to_owned(),
        total: Yuan::wan(total),
        since_start: Yuan::wan(invested),
        year_to_date: Yuan::wan(invested),
        plan: Yuan::wan(plan),
    };
    let parts = [part("一期", 5_000, 90, 700), part("二期", 5_000, 60, 500)];
    let ids = w.app.split(&w.system, whole, &parts, &why("分期")).await?;
    correct_january(&w, whole).await?;
    let mut reached = Vec::new();
    for id in ids {
        reached.push(w.filed("2025-04", id).await?.position.year_to_date);
    }
    assert_eq!(reached, [Yuan::wan(105), Yuan::wan(75)]);
    Ok(())
}
