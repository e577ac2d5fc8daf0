//! The day's rounds.

use gangmu_store::{Db, rounds};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::day;

each_engine!(a_round_of_a_day_is_given_once_unless_whoever_had_it_died);

async fn a_round_of_a_day_is_given_once_unless_whoever_had_it_died(db: &Db) -> Outcome {
    let claim = async |on: &str, now: i64| {
        let tx = db.begin().await?;
        let mine = rounds::round_claim(&tx, "remind", day(on), now, now - 100).await?;
        tx.commit().await?;
        Ok::<_, gangmu_store::StoreError>(mine)
    };
    assert!(claim("2026-01-05", 1_000).await?);
    assert!(!claim("2026-01-05", 1_100).await?, "somebody is at it");
    assert!(claim("2026-01-06", 1_100).await?, "another day");
    assert!(claim("2026-01-05", 1_101).await?, "too long ago");
    let tx = db.begin().await?;
    rounds::round_done(&tx, "remind", day("2026-01-05"), 1_150).await?;
    tx.commit().await?;
    assert!(!claim("2026-01-05", 9_000).await?, "done for good");
    Ok(())
}
