//! When a sending that failed is tried again, and when it is given up.

/// How long a copy is tried before it is given up, in hours: a long weekend without the mail
/// server's keeper.
pub const PATIENCE_HOURS: i64 = 96;

const MINUTE: i64 = 60_000;

/// Returns when to try again after so many attempts; `None` when it has been tried long enough.
///
/// All times are milliseconds since 1970; `since` is when the copy was first due. The wait doubles
/// from one minute to an hour.
#[must_use]
pub fn again_at(attempts: i64, since: i64, now: i64) -> Option<i64> {
    let doubled = u32::try_from(attempts.clamp(1, 7) - 1).unwrap_or(0);
    let wait = (MINUTE << doubled).min(60 * MINUTE);
    let again = now.saturating_add(wait);
    (again.saturating_sub(since) <= PATIENCE_HOURS * 60 * MINUTE).then_some(again)
}
