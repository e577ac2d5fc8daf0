//! Copies of notices on their way out: claimed by one server, tried again, given up, never lost.
//!
//! What a reader would get wrong: a claim takes all that is due for one recipient, so that whoever
//! was asleep, or whose mail server was down, gets one message and not fifty.

use gangmu_domain::notices::{Channel, Dispatched};
use sea_orm::FromQueryResult;

use crate::accounts::Notice;
use crate::conn::{execute, fetch_all, fetch_one, values};
use crate::library::word;
use crate::{Conn, StoreError, Tx};

/// A copy to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCopy {
    /// What carries it.
    pub channel: Channel,
    /// To whom: the number of a user, the name of a robot.
    pub recipient: String,
    /// Why; a reason reaches a recipient once.
    pub reason: String,
    /// The notice.
    pub notice_id: i64,
    /// Now, in milliseconds since 1970.
    pub at: i64,
    /// Not to be sent before this instant.
    pub not_before: i64,
}

/// Writes a copy down for sending; one with a reason the recipient has had is left out.
///
/// # Errors
/// When the database fails.
pub async fn outbox_insert(tx: &Tx, copy: &NewCopy) -> Result<(), StoreError> {
    let sql = "INSERT INTO outbox (channel, recipient, reason, notice_id, state, created_at, \
               not_before_at, due_since_at, attempts, claim, claimed_at, ended_at, last_error) \
               VALUES ($1, $2, $3, $4, 'waiting', $5, $6, $6, 0, '', 0, NULL, '') \
               ON CONFLICT DO NOTHING";
    let c = copy.clone();
    let values = values![
        c.channel.word(),
        c.recipient,
        c.reason,
        c.notice_id,
        c.at,
        c.not_before
    ];
    execute(tx, "write down what is to be sent", sql, values).await?;
    Ok(())
}

/// A claimed copy, with the notice it is of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copy {
    /// Its number.
    pub outbox_id: i64,
    /// What carries it.
    pub channel: Channel,
    /// To whom.
    pub recipient: String,
    /// How often it was tried, this time included.
    pub attempts: i64,
    /// When it was first due, in milliseconds since 1970.
    pub due_since: i64,
    /// The notice.
    pub notice: Notice,
}

#[derive(FromQueryResult)]
struct Claimed {
    outbox_id: i64,
    channel: String,
    recipient: String,
    attempts: i64,
    due_since_at: i64,
    notice_id: i64,
    at: i64,
    from_user_id: i64,
    unit_path: String,
    project_id: Option<i64>,
    period: Option<i64>,
    kind: String,
    body: String,
}

/// The most copies that go into one message.
const MOST: i64 = 200;

/// Claims what is due for one recipient, whoever has waited longest, and returns it oldest first.
///
/// `skip` is a channel that is out of order. What another server claimed before `stale_before` and
/// has not ended is given again: that server died. `claim` must be new each time.
///
/// # Errors
/// When the database fails.
pub async fn outbox_claim(
    tx: &Tx,
    claim: &str,
    skip: Option<Channel>,
    now: i64,
    stale_before: i64,
) -> Result<Vec<Copy>, StoreError> {
    let due = |o: &str| {
        format!(
            "({o}.state = 'waiting' AND {o}.not_before_at <= $1 \
             OR {o}.state = 'sending' AND {o}.claimed_at < $2) AND {o}.channel <> $4"
        )
    };
    let sql = format!(
        "UPDATE outbox SET state = 'sending', claim = $3, claimed_at = $1, \
         attempts = attempts + 1 WHERE outbox_id IN (SELECT o.outbox_id FROM outbox o \
         WHERE (o.channel, o.recipient) = (SELECT f.channel, f.recipient FROM outbox f \
         WHERE {} ORDER BY f.not_before_at, f.outbox_id LIMIT 1) AND {} \
         ORDER BY o.outbox_id LIMIT {MOST}) AND {}",
        due("f"),
        due("o"),
        // Read again after waiting for another server: what that one took is not due any more.
        due("outbox"),
    );
    let skipped = skip.map_or("", Channel::word);
    let values = values![now, stale_before, claim, skipped];
    if execute(tx, "claim what is to be sent", &sql, values).await? == 0 {
        return Ok(Vec::new());
    }
    let sql = "SELECT o.outbox_id, o.channel, o.recipient, o.attempts, o.due_since_at, \
               n.notice_id, n.at, n.from_user_id, n.unit_path, n.project_id, n.period, n.kind, \
               n.body FROM outbox o JOIN notice n ON n.notice_id = o.notice_id \
               WHERE o.state = 'sending' AND o.claim = $1 ORDER BY o.outbox_id";
    let rows: Vec<Claimed> = fetch_all(tx, "read what was claimed", sql, values![claim]).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Copy {
                outbox_id: row.outbox_id,
                channel: word("channel", &row.channel, Channel::from_word)?,
                recipient: row.recipient,
                attempts: row.attempts,
                due_since: row.due_since_at,
                notice: Notice {
                    notice_id: row.notice_id,
                    at: row.at,
                    from_user_id: row.from_user_id,
                    unit_path: row.unit_path,
                    project_id: row.project_id,
                    period: row.period,
                    kind: row.kind,
                    body: row.body,
                },
            })
        })
        .collect()
}

/// Puts claimed copies back that are not wanted before an instant; being asked too early is no attempt.
///
/// # Errors
/// When the database fails.
pub async fn outbox_put_off(
    tx: &Tx,
    claim: &str,
    copies: &[i64],
    not_before: i64,
) -> Result<(), StoreError> {
    for copy in copies {
        let sql = "UPDATE outbox SET state = 'waiting', not_before_at = $3, \
                   attempts = attempts - 1 \
                   WHERE state = 'sending' AND claim = $1 AND outbox_id = $2";
        let values = values![claim, *copy, not_before];
        execute(tx, "put a copy off", sql, values).await?;
    }
    Ok(())
}

/// Ends claimed copies that nobody wants any more.
///
/// # Errors
/// When the database fails.
pub async fn outbox_drop(tx: &Tx, claim: &str, copies: &[i64], now: i64) -> Result<(), StoreError> {
    for copy in copies {
        let sql = "UPDATE outbox SET state = 'dropped', last_error = '', ended_at = $3 \
                   WHERE state = 'sending' AND claim = $1 AND outbox_id = $2";
        execute(tx, "drop a copy", sql, values![claim, *copy, now]).await?;
    }
    Ok(())
}

/// Ends what was claimed: sent, failed for good, or not wanted any more.
///
/// Returns how many copies still were the claim's; another server may have taken a slow one over.
///
/// # Errors
/// When the database fails.
pub async fn outbox_end(
    tx: &Tx,
    claim: &str,
    state: Dispatched,
    error: &str,
    now: i64,
) -> Result<u64, StoreError> {
    let sql = "UPDATE outbox SET state = $2, last_error = $3, ended_at = $4 \
               WHERE state = 'sending' AND claim = $1";
    let values = values![claim, state.word(), error, now];
    execute(tx, "note what became of a sending", sql, values).await
}

/// Puts one claimed copy back, to be tried again from an instant on.
///
/// # Errors
/// When the database fails.
pub async fn outbox_later(
    tx: &Tx,
    claim: &str,
    copy: i64,
    not_before: i64,
    error: &str,
) -> Result<(), StoreError> {
    let sql = "UPDATE outbox SET state = 'waiting', not_before_at = $3, last_error = $4 \
               WHERE state = 'sending' AND claim = $1 AND outbox_id = $2";
    let values = values![claim, copy, not_before, error];
    execute(tx, "put a sending off", sql, values).await?;
    Ok(())
}

/// Lets a copy that failed for good, or waits for another attempt, be tried at once; says whether
/// there was one.
///
/// # Errors
/// When the database fails.
pub async fn outbox_again(tx: &Tx, copy: i64, now: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE outbox SET state = 'waiting', not_before_at = $2, due_since_at = $2, \
               ended_at = NULL WHERE outbox_id = $1 \
               AND (state = 'failed' OR state = 'waiting' AND last_error <> '')";
    Ok(execute(tx, "try a sending again", sql, values![copy, now]).await? == 1)
}

/// A copy as the administrator sees it: nothing of what it says.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct OutboxRow {
    /// Its number.
    pub outbox_id: i64,
    /// What carries it, a word.
    pub channel: String,
    /// To whom.
    pub recipient: String,
    /// What kind of notice it is, a word.
    pub kind: String,
    /// Where it stands, a word.
    pub state: String,
    /// When it was written, in milliseconds since 1970.
    pub created_at: i64,
    /// When it is to be sent, or tried next.
    pub not_before_at: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was sent, given up or dropped.
    pub ended_at: Option<i64>,
    /// What went wrong last; empty for nothing.
    pub last_error: String,
}

/// Lists copies, newest first; of one state, or all.
///
/// # Errors
/// When the database fails.
pub async fn outbox_list(
    conn: &impl Conn,
    state: Option<Dispatched>,
    offset: i64,
    limit: i64,
) -> Result<Vec<OutboxRow>, StoreError> {
    let sql = "SELECT o.outbox_id, o.channel, o.recipient, n.kind, o.state, o.created_at, \
               o.not_before_at, o.attempts, o.ended_at, o.last_error FROM outbox o \
               JOIN notice n ON n.notice_id = o.notice_id WHERE $1 = '' OR o.state = $1 \
               ORDER BY o.outbox_id DESC LIMIT $2 OFFSET $3";
    let word = state.map_or("", Dispatched::word);
    let values = values![word, limit, offset];
    fetch_all(conn, "list what is to be sent", sql, values).await
}

/// How many copies stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct OutboxTally {
    /// Waiting for their time.
    pub waiting: i64,
    /// Waiting for another attempt: something went wrong.
    pub troubled: i64,
    /// About to be sent.
    pub sending: i64,
    /// Sent.
    pub sent: i64,
    /// Given up.
    pub failed: i64,
    /// Not wanted any more.
    pub dropped: i64,
}

/// Counts copies by where they stand.
///
/// # Errors
/// When the database fails.
pub async fn outbox_tally(conn: &impl Conn) -> Result<OutboxTally, StoreError> {
    let sql = "SELECT COUNT(*) FILTER (WHERE state = 'waiting' AND last_error = '') AS waiting, \
               COUNT(*) FILTER (WHERE state = 'waiting' AND last_error <> '') AS troubled, \
               COUNT(*) FILTER (WHERE state = 'sending') AS sending, \
               COUNT(*) FILTER (WHERE state = 'sent') AS sent, \
               COUNT(*) FILTER (WHERE state = 'failed') AS failed, \
               COUNT(*) FILTER (WHERE state = 'dropped') AS dropped FROM outbox";
    let row = fetch_one(conn, "count what is to be sent", sql, vec![]).await?;
    Ok(row.unwrap_or_default())
}
