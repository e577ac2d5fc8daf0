//! Series, meetings, agendas, and the starts that are due.

use gangmu_domain::library::{Field, ProjectId, Value};
use gangmu_domain::meetings::{AgendaItem, Ground, MeetingState, Rhythm, SeriesAbout};
use gangmu_domain::organisation::UserId;
use gangmu_store::Db;
use gangmu_store::meetings::{
    AgendaRow, MeetingRow, SeriesRow, agenda_clear, agenda_list, agenda_put, meeting_get,
    meeting_insert, meeting_list, meeting_lock, meeting_update, series_insert, series_list,
    series_lock, series_update, starts_due,
};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, project, save, scope, unit, with};

each_engine!(
    a_series_comes_back_as_it_was_and_ended_ones_come_last,
    a_meeting_comes_back_as_it_was_and_whoever_saves_second_is_told,
    a_project_stands_on_an_agenda_once_and_is_dropped_without_going_away,
    a_start_is_due_up_to_a_day_while_it_is_prepared,
);

fn series(title: &str, codes: &str, next_on: &str) -> SeriesRow {
    SeriesRow {
        id: 0,
        version: 1,
        title: title.to_owned(),
        unit: unit(codes),
        about: match codes {
            "150500" => SeriesAbout::Whole,
            "150200" => SeriesAbout::Holder(UserId(3)),
            _ => SeriesAbout::Chain("aluminium".to_owned()),
        },
        rhythm: Rhythm::TenDay,
        next_on: day(next_on),
        ended: false,
    }
}

async fn a_series_comes_back_as_it_was_and_ended_ones_come_last(db: &Db) -> Outcome {
    let mut rows = vec![
        series("周调度", "150500", "2025-02-01"),
        series("旬调度", "150500/150502", "2025-01-11"),
        series("月调度", "150200", "2025-01-01"),
    ];
    let tx = db.begin().await?;
    for row in &mut rows {
        row.id = series_insert(&tx, row).await?;
    }
    assert_eq!(series_lock(&tx, rows[0].id).await?, Some(rows[0].clone()));
    assert_eq!(series_lock(&tx, 999).await?, None);
    tx.commit().await?;
    let [week, ten, _] = rows.as_slice() else {
        return Err("three".into());
    };
    assert_eq!(
        series_list(db, &unit("150500")).await?,
        [ten.clone(), week.clone()]
    );
    let tx = db.begin().await?;
    let mut ended = ten.clone();
    ended.ended = true;
    ended.next_on = day("2025-01-21");
    assert!(series_update(&tx, &ended).await?);
    assert!(!series_update(&tx, &ended).await?, "its version has passed");
    tx.commit().await?;
    ended.version = 2;
    assert_eq!(
        series_list(db, &unit("150500")).await?,
        [week.clone(), ended]
    );
    Ok(())
}

fn meeting(series: i64, codes: &str, on: &str) -> MeetingRow {
    MeetingRow {
        id: 0,
        series,
        version: 1,
        unit: unit(codes),
        title: "周调度".to_owned(),
        on: day(on),
        state: MeetingState::Prepared,
        attendees: String::new(),
        summary: String::new(),
        minutes: String::new(),
        left_off: 0,
        user: UserId(3),
        at: 77,
    }
}

async fn a_meeting_comes_back_as_it_was_and_whoever_saves_second_is_told(db: &Db) -> Outcome {
    let mut first = meeting(1, "150500", "2025-01-06");
    let mut second = meeting(2, "150500/150502", "2025-01-13");
    let tx = db.begin().await?;
    first.id = meeting_insert(&tx, &first).await?;
    second.id = meeting_insert(&tx, &second).await?;
    tx.commit().await?;
    assert_eq!(meeting_get(db, first.id).await?, Some(first.clone()));
    assert_eq!(meeting_get(db, 999).await?, None);
    let listed = async |codes: &str, series| meeting_list(db, &unit(codes), series, 9).await;
    assert_eq!(
        listed("150500", None).await?,
        [second.clone(), first.clone()]
    );
    assert_eq!(listed("150500", Some(1)).await?, [first.clone()]);
    assert_eq!(listed("150200", None).await?, []);
    let tx = db.begin().await?;
    let mut held = meeting_lock(&tx, first.id).await?.expect("a meeting");
    held.state = MeetingState::Held;
    held.attendees = "市发改委".to_owned();
    held.summary = "听取汇报".to_owned();
    assert!(meeting_update(&tx, &held).await?);
    assert!(!meeting_update(&tx, &held).await?);
    tx.commit().await?;
    held.version = 2;
    assert_eq!(meeting_get(db, first.id).await?, Some(held));
    Ok(())
}

async fn a_project_stands_on_an_agenda_once_and_is_dropped_without_going_away(db: &Db) -> Outcome {
    let row = |project, position, dropped| AgendaRow {
        position,
        item: AgendaItem {
            project: ProjectId(project),
            grounds: vec![(Ground::RedLight, "完成 61%".to_owned())],
        },
        dropped,
    };
    let tx = db.begin().await?;
    agenda_put(&tx, 5, &row(9, 1, false)).await?;
    agenda_put(&tx, 5, &row(4, 2, false)).await?;
    agenda_put(&tx, 6, &row(9, 1, false)).await?;
    agenda_put(&tx, 5, &row(9, 7, true)).await?;
    tx.commit().await?;
    assert_eq!(
        agenda_list(db, 5).await?,
        [row(9, 1, true), row(4, 2, false)]
    );
    assert_eq!(agenda_list(db, 7).await?, []);
    let tx = db.begin().await?;
    agenda_clear(&tx, 5).await?;
    tx.commit().await?;
    assert_eq!(agenda_list(db, 5).await?, []);
    assert_eq!(
        agenda_list(db, 6).await?.len(),
        1,
        "another meeting's stays"
    );
    Ok(())
}

async fn a_start_is_due_up_to_a_day_while_it_is_prepared(db: &Db) -> Outcome {
    let starts = |id, on: &str| {
        let planned = Value::Date(day(on));
        with(project(id, "甲"), Field::PlannedStart, planned)
    };
    let mut built = starts(4, "2025-01-10");
    built.stage = gangmu_domain::pipeline::Stage::Implementation;
    let all = [
        starts(1, "2025-01-10"),
        starts(2, "2025-02-05"),
        starts(3, "2025-02-06"),
        built,
    ];
    save(db, &all).await?;
    let due = async |codes: &str| starts_due(db, &scope(codes), day("2025-02-05")).await;
    assert_eq!(
        due("150500").await?,
        [
            (ProjectId(1), day("2025-01-10")),
            (ProjectId(2), day("2025-02-05")),
        ]
    );
    assert_eq!(due("150200").await?, []);
    Ok(())
}
