//! Who does the day's rounds: several servers ask, one gets each.

use jiff::civil::Date;

use crate::conn::{execute, values};
use crate::{StoreError, Tx};

/// Claims a round of a day; returns whether it is the caller's.
///
/// One that was claimed before `stale_before` and is not done is given again: whoever had it died.
/// Times are milliseconds since 1970.
///
/// # Errors
/// When the database fails.
pub async fn round_claim(
    tx: &Tx,
    round: &str,
    on: Date,
    now: i64,
    stale_before: i64,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO daily_round (round, on_date, claimed_at) VALUES ($1, $2, $3) \
               ON CONFLICT (round, on_date) DO UPDATE SET claimed_at = excluded.claimed_at \
               WHERE daily_round.done_at IS NULL AND daily_round.claimed_at < $4";
    let values = values![round, on.to_string(), now, stale_before];
    Ok(execute(tx, "claim a round", sql, values).await? == 1)
}

/// Notes that a round of a day is done.
///
/// # Errors
/// When the database fails.
pub async fn round_done(tx: &Tx, round: &str, on: Date, now: i64) -> Result<(), StoreError> {
    let sql = "UPDATE daily_round SET done_at = $3 WHERE round = $1 AND on_date = $2";
    execute(tx, "end a round", sql, values![round, on.to_string(), now]).await?;
    Ok(())
}
