//! Inboxes, preferences, calendars and what waits to go out; the notices themselves are in
//! [`crate::accounts`].

mod outbox;
mod preference;

use gangmu_domain::organisation::{DepartmentId, Role, UnitPath, UserId};
use sea_orm::FromQueryResult;

use crate::accounts::Post;
use crate::conn::{fetch_all, values};
use crate::library::word;
use crate::{Conn, StoreError, Tx};

pub use outbox::{
    Copy, NewCopy, OutboxRow, OutboxTally, outbox_again, outbox_claim, outbox_drop, outbox_end,
    outbox_insert, outbox_later, outbox_list, outbox_put_off, outbox_tally,
};
pub use preference::{
    PreferenceRow, calendar_feed_delete, calendar_feed_get, calendar_feed_put, calendar_feed_user,
    preference_list_of, preference_put,
};

#[derive(FromQueryResult)]
struct Held {
    post_id: i64,
    user_id: i64,
    unit_path: String,
    department_id: i64,
    role: String,
}

/// Lists the posts in a unit and in all units above it, without those of closed accounts.
///
/// # Errors
/// When the database fails.
pub async fn post_list_above(conn: &impl Conn, unit: &UnitPath) -> Result<Vec<Post>, StoreError> {
    let paths: Vec<UnitPath> = unit.ancestry().collect();
    let places: Vec<String> = (1..=paths.len()).map(|at| format!("${at}")).collect();
    let sql = format!(
        "SELECT p.post_id, p.user_id, p.unit_path, p.department_id, p.role FROM post p \
         JOIN app_user u ON u.user_id = p.user_id AND u.disabled = 0 \
         WHERE p.unit_path IN ({}) ORDER BY p.post_id",
        places.join(", ")
    );
    let bound = paths.iter().map(|path| path.as_str().into()).collect();
    let rows: Vec<Held> = fetch_all(conn, "list the posts of a unit", &sql, bound).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Post {
                id: row.post_id,
                user: UserId(row.user_id),
                unit: UnitPath::from_stored(row.unit_path),
                department: (row.department_id != 0).then_some(DepartmentId(row.department_id)),
                role: word("role", &row.role, Role::from_word)?,
            })
        })
        .collect()
}

#[derive(FromQueryResult)]
struct Reader {
    user_id: i64,
}

/// Puts a notice into inboxes and returns whose it is new to: a reason stands once in each.
///
/// # Errors
/// When the database fails.
pub async fn inbox_insert(
    tx: &Tx,
    notice: i64,
    reason: &str,
    users: &[UserId],
) -> Result<Vec<UserId>, StoreError> {
    let mut new = Vec::new();
    for user in users {
        let sql = "INSERT INTO inbox (user_id, notice_id, reason) VALUES ($1, $2, $3) \
                   ON CONFLICT DO NOTHING RETURNING user_id";
        let values = values![user.0, notice, reason];
        let rows: Vec<Reader> = fetch_all(tx, "put into an inbox", sql, values).await?;
        new.extend(rows.into_iter().map(|row| UserId(row.user_id)));
    }
    Ok(new)
}
