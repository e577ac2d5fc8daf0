//! Proper reasons for being late: kept, ended once, found by project, month and scope.

use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::{Excuse, ExcuseKind, ExcuseSaid, TakenBack};
use gangmu_domain::organisation::UserId;
use gangmu_store::{Db, excuses};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{departments, filed, period, project, put, save, scope};

each_engine!(
    an_excuse_is_kept_and_ends_once,
    excuses_are_found_by_month_and_place
);

fn excuse(seq: i64, from: &str, to: &str) -> Excuse {
    Excuse {
        seq,
        said: ExcuseSaid {
            kind: ExcuseKind::Season,
            reason: "封冻期\n停工".to_owned(),
            document_no: "1号".to_owned(),
            from: period(from),
            to: period(to),
        },
        at: 100 + seq,
        user: UserId(4),
        taken_back: None,
    }
}

async fn an_excuse_is_kept_and_ends_once(db: &Db) -> Outcome {
    let id = ProjectId(1);
    let (first, second) = (
        excuse(1, "2025-01", "2025-02"),
        excuse(2, "2025-04", "2025-04"),
    );
    let tx = db.begin().await?;
    excuses::excuse_insert(&tx, id, &first).await?;
    excuses::excuse_insert(&tx, id, &second).await?;
    let end = TakenBack {
        at: 200,
        user: UserId(5),
        reason: "查无此事".to_owned(),
    };
    assert!(excuses::excuse_take_back(&tx, id, 1, &end).await?);
    assert!(
        !excuses::excuse_take_back(&tx, id, 1, &end).await?,
        "it ended"
    );
    assert!(!excuses::excuse_take_back(&tx, id, 9, &end).await?, "none");
    tx.commit().await?;
    let ended = Excuse {
        taken_back: Some(end),
        ..first
    };
    assert_eq!(excuses::excuse_list(db, id).await?, [ended, second]);
    let tx = db.begin().await?;
    let twice = excuses::excuse_insert(&tx, id, &excuse(2, "2025-05", "2025-05")).await;
    assert!(twice.is_err(), "a number is given once");
    Ok(())
}

async fn excuses_are_found_by_month_and_place(db: &Db) -> Outcome {
    save(db, &[project(1, "风电"), project(2, "光伏")]).await?;
    put(db, &[filed(1, "2025-02"), filed(2, "2025-02")]).await?;
    let tx = db.begin().await?;
    for id in [1, 2] {
        excuses::excuse_insert(&tx, ProjectId(id), &excuse(id, "2025-01", "2025-02")).await?;
    }
    tx.commit().await?;
    let of = async |ids: &[i64], month: &str| -> Result<Vec<i64>, gangmu_store::StoreError> {
        let found = excuses::excuse_list_of(db, ids, period(month)).await?;
        Ok(found.into_iter().map(|(id, _)| id.0).collect())
    };
    assert_eq!(of(&[1, 2, 3], "2025-02").await?, [1, 2]);
    assert_eq!(of(&[2], "2025-01").await?, [2]);
    assert_eq!(of(&[1], "2025-03").await?, Vec::<i64>::new());
    assert_eq!(of(&[], "2025-02").await?, Vec::<i64>::new());
    let month = period("2025-02");
    let all = excuses::excuse_list_in(db, &scope(""), month).await?;
    assert_eq!(all.len(), 2);
    let own = excuses::excuse_list_in(db, &scope("150500"), month).await?;
    assert_eq!(own.len(), 2);
    let sister = excuses::excuse_list_in(db, &scope("150200"), month).await?;
    assert!(sister.is_empty());
    let office = excuses::excuse_list_in(db, &departments(&[77]), month).await?;
    assert!(office.is_empty());
    let unreported = excuses::excuse_list_in(db, &scope(""), period("2025-01")).await?;
    assert!(unreported.is_empty(), "no returns, no place");
    Ok(())
}
