//! Policies and reference texts.

use gangmu_domain::organisation::UserId;
use gangmu_store::Db;
use gangmu_store::policies;
use gangmu_testkit::{Outcome, each_engine};

use crate::support::day;

each_engine!(
    every_change_of_reference_data_makes_another_version,
    the_policy_of_a_day_is_the_latest_valid_then,
    a_reference_text_replaces_the_one_before,
);

async fn the_policy_of_a_day_is_the_latest_valid_then(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    for (kind, from, body) in [
        ("lights", "2025-01-01", "一"),
        ("lights", "2025-07-01", "二"),
        ("lights", "2025-07-01", "三"),
        ("gates", "2024-01-01", "四"),
        ("lights", "2025-03-01", "五"),
    ] {
        policies::policy_insert(&tx, kind, day(from), body, UserId(1), 9).await?;
    }
    tx.commit().await?;
    for (kind, on, wanted) in [
        ("lights", "2024-12-31", None),
        ("lights", "2025-01-01", Some("一")),
        ("lights", "2025-06-30", Some("五")),
        ("lights", "2025-07-01", Some("三")),
        ("gates", "2025-07-01", Some("四")),
        ("dispatch", "2025-07-01", None),
    ] {
        let policy = policies::policy_on(db, kind, day(on)).await?;
        let body = policy.as_ref().map(|policy| policy.body.as_str());
        assert_eq!(body, wanted, "{kind} on {on}");
    }
    let all = policies::policy_list(db).await?;
    let order: Vec<(&str, i64)> = all.iter().map(|p| (p.kind.as_str(), p.version)).collect();
    let wanted = [
        ("gates", 1),
        ("lights", 4),
        ("lights", 3),
        ("lights", 2),
        ("lights", 1),
    ];
    assert_eq!(order, wanted);
    Ok(())
}

async fn every_change_of_reference_data_makes_another_version(db: &Db) -> Outcome {
    let mut versions = vec![policies::reference_version(db).await?];
    for committed in [true, false, true] {
        let tx = db.begin().await?;
        policies::reference_changed(&tx).await?;
        if committed {
            tx.commit().await?;
        }
        versions.push(policies::reference_version(db).await?);
    }
    assert!(versions[0] < versions[1] && versions[2] < versions[3]);
    assert_eq!(versions[1], versions[2], "what was not committed is none");
    Ok(())
}

async fn a_reference_text_replaces_the_one_before(db: &Db) -> Outcome {
    assert_eq!(policies::reference_get(db, "calendar", "2025").await?, None);
    let tx = db.begin().await?;
    policies::reference_put(&tx, "calendar", "2025", "元旦", 1).await?;
    policies::reference_put(&tx, "calendar", "2025", "元旦\n春节", 2).await?;
    tx.commit().await?;
    let body = policies::reference_get(db, "calendar", "2025").await?;
    assert_eq!(body.as_deref(), Some("元旦\n春节"));
    assert_eq!(policies::reference_get(db, "calendar", "2026").await?, None);
    Ok(())
}
