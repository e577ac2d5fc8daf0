//! Everybody's own choice of how to hear of notices.

use std::collections::BTreeMap;

use gangmu_domain::notices::{NoticeKind, Preference, Quiet, Way, minute_from_text, minute_text};
use gangmu_store::notices::{self, PreferenceRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::change::audit;
use crate::error::{AppError, Message};
use crate::{Actor, App};

/// How a person hears of notices, as they see and type it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PreferenceView {
    /// Counts the changes; a change names the one it was made on, zero for none before.
    pub version: i64,
    /// Where mail goes; empty for nowhere.
    #[serde(default)]
    pub address: String,
    /// The way of each kind of notice: `inbox`, `at_once`, `digest`; a kind left out goes at once.
    #[serde(default)]
    pub ways: BTreeMap<String, String>,
    /// The time of day from which nothing is sent, as `20:00`; empty for no quiet hours.
    #[serde(default)]
    pub quiet_from: String,
    /// The time of day from which it is sent again.
    #[serde(default)]
    pub quiet_to: String,
    /// The time of day a digest is sent; half past eight when empty.
    #[serde(default)]
    pub digest_time: String,
}

impl App {
    /// Returns how the person hears of notices.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notice_preference(&self, actor: &Actor) -> Result<PreferenceView, AppError> {
        let rows = notices::preference_list_of(&self.db, &[actor.user]).await?;
        let row = rows.first();
        let preference = row.map(preference_of).unwrap_or_default();
        let quiet = preference.quiet;
        let ways = NoticeKind::ALL.iter().map(|kind| {
            let way = preference.way(*kind);
            (kind.word().to_owned(), way.word().to_owned())
        });
        Ok(PreferenceView {
            version: row.map_or(0, |row| row.version),
            address: row.map(|row| row.address.clone()).unwrap_or_default(),
            ways: ways.collect(),
            quiet_from: quiet.map(|one| minute_text(one.from)).unwrap_or_default(),
            quiet_to: quiet.map(|one| minute_text(one.to)).unwrap_or_default(),
            digest_time: minute_text(preference.digest_at),
        })
    }

    /// Saves how the person wants to hear of notices from now on.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with all that is wrong; [`AppError::Changed`] when they saved
    /// something else meanwhile.
    pub async fn notice_preference_save(
        &self,
        actor: &Actor,
        typed: &PreferenceView,
    ) -> Result<(), AppError> {
        let row = row(actor, typed)?;
        let tx = self.db.begin().await?;
        if !notices::preference_put(&tx, &row).await? {
            return Err(AppError::Changed { what: "preference" });
        }
        let subject = format!("user:{}", actor.user);
        audit(&tx, actor, self.now(), "notice_preference", &subject, "{}").await?;
        Ok(tx.commit().await?)
    }

    /// Returns where people reach the pages, without a slash at the end; empty when nobody said.
    #[must_use]
    pub fn home(&self) -> &str {
        &self.channels.home
    }

    /// Says whether there is a mail server to send by.
    #[must_use]
    pub fn sends_mail(&self) -> bool {
        self.channels.mail.is_some()
    }
}

/// Reads a stored preference; a word nobody knows any more is passed over.
pub(super) fn preference_of(row: &PreferenceRow) -> Preference {
    let minute = |stored: i64| u16::try_from(stored).unwrap_or(0).min(1439);
    let pair = |pair: &str| {
        let (kind, way) = pair.split_once('=')?;
        Some((NoticeKind::from_word(kind)?, Way::from_word(way)?))
    };
    Preference {
        ways: row.ways.split_whitespace().filter_map(pair).collect(),
        quiet: row.quiet_from.zip(row.quiet_to).map(|(from, to)| Quiet {
            from: minute(from),
            to: minute(to),
        }),
        digest_at: minute(row.digest_at),
    }
}

fn row(actor: &Actor, typed: &PreferenceView) -> Result<PreferenceRow, AppError> {
    let mut messages = Vec::new();
    let mut say = |code: &str, field: &str, found: &str| {
        messages.push(Message::new(code, field, [found.to_owned()]));
    };
    let address = typed.address.trim();
    if !address.is_empty() && super::mail::address(address).is_err() {
        say("notices.address_bad", "address", address);
    }
    let mut minute = |field: &str, text: &str| {
        let text = text.trim();
        let read = minute_from_text(text);
        if read.is_none() && !text.is_empty() {
            say("notices.time_bad", field, text);
        }
        read.map(i64::from)
    };
    let quiet_from = minute("quiet_from", &typed.quiet_from);
    let quiet_to = minute("quiet_to", &typed.quiet_to);
    let digest_at = minute("digest_time", &typed.digest_time);
    let half = typed.quiet_from.trim().is_empty() != typed.quiet_to.trim().is_empty();
    if half {
        let field = match typed.quiet_from.trim() {
            "" => "quiet_from",
            _ => "quiet_to",
        };
        say("notices.quiet_half", field, "");
    }
    let mut ways = Vec::new();
    for (kind, way) in &typed.ways {
        match (NoticeKind::from_word(kind), Way::from_word(way)) {
            (Some(kind), Some(way)) => ways.push(format!("{}={}", kind.word(), way.word())),
            _ => say("notices.way_bad", kind, way),
        }
    }
    if !messages.is_empty() {
        return Err(AppError::Invalid { messages });
    }
    let default = Preference::default();
    Ok(PreferenceRow {
        user_id: actor.user.0,
        version: typed.version,
        address: address.to_owned(),
        ways: ways.join(" "),
        quiet_from,
        quiet_to,
        digest_at: digest_at.unwrap_or(i64::from(default.digest_at)),
    })
}
