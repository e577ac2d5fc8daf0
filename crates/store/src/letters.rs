//! The numbers of letters (发文字号): one after the other within a series, a unit and a year.

use gangmu_domain::organisation::UnitPath;

use crate::conn::sequence_take;
use crate::{StoreError, Tx};

/// Takes the next number. Of two who write at once, the second waits for the first.
pub(crate) async fn number_take(
    tx: &Tx,
    series: &str,
    (unit, year): (&UnitPath, i16),
) -> Result<i64, StoreError> {
    let counter = format!("{series}:{}:{year}", unit.as_str());
    sequence_take(tx, &counter, 1).await
}
