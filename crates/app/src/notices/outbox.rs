//! The outbox: copies of notices are sent by whichever server claims them.
//!
//! What one would get wrong: a message cannot be taken back, so a copy is claimed in one
//! transaction, sent outside any, and ended in another. A server that dies in between leaves its
//! claim to another after a while; mail then bears the same Message-ID, so that it can be seen to
//! be the same.
//!
//! Before a copy is sent, what its reader wants and whether it is for them is looked at again: much may
//! have changed since it was written, and quiet hours hold for second attempts and for what waited for a
//! mail server to come back.

use std::collections::HashMap;

use gangmu_domain::notices::{Channel, Dispatched, again_at};
use gangmu_domain::organisation::{Action, UserId};
use gangmu_store::accounts;
use gangmu_store::notices::{self, Copy};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

use super::preferences::preference_of;
use super::tell::{Addressed, send_from};
use super::{NoticeView, mail, robot};
use crate::change::audit;
use crate::clock::{civil_of, instant_of};
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App};

/// What goes into one message; the words are the web's.
#[derive(Clone, Debug)]
pub struct Outgoing {
    /// What carries it.
    pub channel: Channel,
    /// The language of whoever gets it: `zh-CN`, `en`, or empty for the house's.
    pub locale: String,
    /// Whether names of people and what people wrote may stand in it.
    pub personal: bool,
    /// The longest text, in bytes; `None` for any length.
    pub most_bytes: Option<usize>,
    /// Where the pages are, without a slash at the end; empty when there shall be no links.
    pub home: String,
    /// The notices, oldest first; never none.
    pub notices: Vec<NoticeView>,
}

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Worded {
    /// The subject, one line; robots have none.
    pub subject: String,
    /// The text, lines.
    pub text: String,
}

/// Finds words for a message.
pub type Wording<'a> = dyn Fn(&Outgoing) -> Worded + Send + Sync + 'a;

/// Why a message did not go out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// It never will: whoever carries it says no.
    ForGood(String),
    /// Not now.
    Later(String),
    /// Not now, and nothing else that goes this way either.
    Down(String),
}

/// What a round of sending came to, in messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Posted {
    /// Sent.
    pub sent: usize,
    /// To be tried again.
    pub put_off: usize,
    /// Given up.
    pub failed: usize,
    /// Not wanted any more.
    pub dropped: usize,
}

/// How the outbox stands, for the administrator: nothing of what copies say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutboxPage {
    /// Whether there is a mail server to send by.
    pub has_mail: bool,
    /// The names of the robots, with the units whose notices they repeat.
    pub robots: Vec<RobotView>,
    /// How many copies stand where.
    pub tally: OutboxTallyView,
    /// The copies, newest first, 50 on a page.
    pub rows: Vec<OutboxRowView>,
    /// This page, from 1.
    pub page: i64,
    /// Whether older ones follow on the next page.
    pub more: bool,
}

/// A robot as it is set up; its keys are not shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RobotView {
    /// Its name.
    pub name: String,
    /// The code of the unit.
    pub unit: String,
    /// Whether names of people and what people wrote may go there.
    pub personal: bool,
}

/// How many copies stand where.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutboxTallyView {
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

/// A copy in the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OutboxRowView {
    /// Its number.
    pub outbox_id: i64,
    /// What carries it: `mail`, `robot`.
    pub channel: String,
    /// The person's or the robot's name.
    pub recipient: String,
    /// What kind of notice it is.
    pub kind: String,
    /// Where it stands: `waiting`, `sending`, `sent`, `failed`, `dropped`.
    pub state: String,
    /// When it was written, in milliseconds since 1970.
    pub created_at: i64,
    /// When it is to be sent, or tried next, in milliseconds since 1970.
    pub not_before_at: i64,
    /// How often it was tried.
    pub attempts: i64,
    /// When it was sent, given up or dropped, in milliseconds since 1970.
    pub ended_at: Option<i64>,
    /// What went wrong last, in the words of whoever carries it; empty for nothing.
    pub last_error: String,
}

/// How long a server may be at a message before another takes it for dead, in milliseconds: far
/// longer than all the patience with a mail server together.
const STALE: i64 = 10 * 60 * 1_000;
const PAGE: i64 = 50;

impl App {
    /// Sends what is due; call it every minute. Several servers may do so at once.
    ///
    /// # Errors
    /// When the database fails; what was claimed is sent later.
    pub async fn outbox_send(&self, wording: &Wording<'_>) -> Result<Posted, AppError> {
        let mut posted = Posted::default();
        let mut skip = self.channels.mail.is_none().then_some(Channel::Mail);
        loop {
            let claim = random_hex();
            let tx = self.db.begin().await?;
            let now = self.now();
            let stale = now.saturating_sub(STALE);
            let copies = notices::outbox_claim(&tx, &claim, skip, now, stale).await?;
            tx.commit().await?;
            if copies.is_empty() {
                return Ok(posted);
            }
            let copies = self.still_wanted(&claim, copies, &mut posted).await?;
            if copies.is_empty() {
                continue;
            }
            let done = self.deliver(&copies, wording).await?;
            if matches!(done, Done::Trouble(Trouble::Down(_))) {
                skip = Some(Channel::Mail);
            }
            self.note(&claim, &copies, &done, &mut posted).await?;
        }
    }

    /// Keeps of what was claimed what is wanted now: the rest is put off, or dropped.
    async fn still_wanted(
        &self,
        claim: &str,
        copies: Vec<Copy>,
        posted: &mut Posted,
    ) -> Result<Vec<Copy>, AppError> {
        let Some(first) = copies.first() else {
            return Ok(copies);
        };
        let user = UserId(first.recipient.parse().unwrap_or(0));
        let preference = match first.channel {
            Channel::Robot => {
                let robot = self.channels.robot(&first.recipient);
                robot.map(|robot| robot.preference.clone())
            }
            Channel::Mail => {
                let rows = notices::preference_list_of(&self.db, &[user]).await?;
                rows.first().map(preference_of)
            }
        };
        let Some(preference) = preference else {
            return Ok(copies);
        };
        let (reference, now) = (self.reference().await?, self.now());
        let quiet = preference.quiet_until(civil_of(now)).map(instant_of);
        let mut kept = Vec::with_capacity(copies.len());
        let (mut unwanted, mut later) = (Vec::new(), Vec::new());
        for copy in copies {
            let from = send_from(&preference, &copy.notice);
            let hears = match copy.channel {
                Channel::Robot => true,
                Channel::Mail => {
                    let addressed = Addressed::read(&self.db, &copy.notice).await?;
                    addressed.users(&reference).contains(&user)
                }
            };
            match from.filter(|_| hears).map(|from| quiet.unwrap_or(from)) {
                None => unwanted.push(copy.outbox_id),
                Some(at) if at > now => later.push((copy.outbox_id, at)),
                Some(_) => kept.push(copy),
            }
        }
        let tx = self.db.begin().await?;
        notices::outbox_drop(&tx, claim, &unwanted, now).await?;
        for (copy, at) in &later {
            notices::outbox_put_off(&tx, claim, &[*copy], *at).await?;
        }
        tx.commit().await?;
        posted.dropped += usize::from(!unwanted.is_empty());
        posted.put_off += usize::from(!later.is_empty());
        Ok(kept)
    }

    async fn deliver(&self, copies: &[Copy], wording: &Wording<'_>) -> Result<Done, AppError> {
        let Some(first) = copies.first() else {
            return Ok(Done::Unwanted);
        };
        let sent = match first.channel {
            Channel::Mail => {
                let Some((address, locale)) = self.mail_of(&first.recipient).await? else {
                    return Ok(Done::Unwanted);
                };
                let Some(server) = &self.channels.mail else {
                    return Ok(Done::Trouble(Trouble::Down("no mail server".to_owned())));
                };
                let message = self.outgoing(copies, locale, true, None).await?;
                let id = message_id(copies);
                let (worded, patience) = (wording(&message), self.channels.patience);
                mail::send(server, &address, &id, self.now(), &worded, patience).await
            }
            Channel::Robot => match self.channels.robot(&first.recipient) {
                Some(to) => {
                    let (locale, most) = (to.locale.clone(), Some(to.kind.most_bytes()));
                    let message = self.outgoing(copies, locale, to.personal, most).await?;
                    let (text, patience) = (wording(&message).text, self.channels.patience);
                    robot::send(to, self.now(), &text, patience).await
                }
                None => Err(Trouble::ForGood(
                    "no robot of this name is set up".to_owned(),
                )),
            },
        };
        Ok(sent.map_or_else(Done::Trouble, |()| Done::Sent))
    }

    /// Where a person's mail goes and in which language; nothing when they want none any more.
    async fn mail_of(&self, user: &str) -> Result<Option<(String, String)>, AppError> {
        let user = UserId(user.parse().unwrap_or(0));
        let account = accounts::user_get(&self.db, user).await?;
        let rows = notices::preference_list_of(&self.db, &[user]).await?;
        Ok(account
            .filter(|account| account.disabled == 0)
            .zip(rows.into_iter().next())
            .filter(|(_, row)| !row.address.is_empty())
            .map(|(account, row)| (row.address, account.locale)))
    }

    async fn outgoing(
        &self,
        copies: &[Copy],
        locale: String,
        personal: bool,
        most_bytes: Option<usize>,
    ) -> Result<Outgoing, AppError> {
        let reference = self.reference().await?;
        let names = match personal {
            true => self.user_names().await?,
            false => HashMap::new(),
        };
        let projects = match personal {
            true => {
                self.projects_named(copies.iter().map(|one| &one.notice))
                    .await?
            }
            false => HashMap::new(),
        };
        let view =
            |copy: &Copy| NoticeView::new(&reference, (&names, &projects), copy.notice.clone());
        Ok(Outgoing {
            channel: copies.first().map_or(Channel::Mail, |copy| copy.channel),
            locale,
            personal,
            most_bytes,
            home: self.channels.home.clone(),
            notices: copies.iter().map(view).collect(),
        })
    }

    async fn note(
        &self,
        claim: &str,
        copies: &[Copy],
        done: &Done,
        posted: &mut Posted,
    ) -> Result<(), AppError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let (state, error, counter) = match done {
            Done::Sent => (Dispatched::Sent, "", &mut posted.sent),
            Done::Unwanted => (Dispatched::Dropped, "", &mut posted.dropped),
            Done::Trouble(Trouble::ForGood(error)) => {
                (Dispatched::Failed, error.as_str(), &mut posted.failed)
            }
            Done::Trouble(Trouble::Later(error) | Trouble::Down(error)) => {
                let mut left = false;
                for copy in copies {
                    match again_at(copy.attempts, copy.due_since, now) {
                        Some(at) => {
                            notices::outbox_later(&tx, claim, copy.outbox_id, at, error).await?;
                        }
                        None => left = true,
                    }
                }
                // What has been tried for too long still is the claim's and is given up.
                let counter = match left {
                    true => &mut posted.failed,
                    false => &mut posted.put_off,
                };
                (Dispatched::Failed, error.as_str(), counter)
            }
        };
        notices::outbox_end(&tx, claim, state, error, now).await?;
        tx.commit().await?;
        *counter += 1;
        Ok(())
    }

    /// Shows how the outbox stands.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor looks after the channels.
    pub async fn outbox_page(
        &self,
        actor: &Actor,
        state: Option<Dispatched>,
        page: i64,
    ) -> Result<OutboxPage, AppError> {
        actor.grant(Action::ManageChannels)?;
        let page = page.max(1);
        let offset = (page - 1).saturating_mul(PAGE);
        let mut rows = notices::outbox_list(&self.db, state, offset, PAGE + 1).await?;
        let most = usize::try_from(PAGE).unwrap_or_default();
        let more = rows.len() > most;
        rows.truncate(most);
        let names = self.user_names().await?;
        let tally = notices::outbox_tally(&self.db).await?;
        let name = |channel: &str, recipient: String| {
            let user = (channel == Channel::Mail.word())
                .then(|| recipient.parse().ok())
                .flatten();
            let known = user.and_then(|id| names.get(&UserId(id)).cloned());
            known.unwrap_or(recipient)
        };
        Ok(OutboxPage {
            has_mail: self.sends_mail(),
            robots: self
                .channels
                .robots
                .iter()
                .map(|robot| RobotView {
                    name: robot.name.clone(),
                    unit: robot.unit.clone(),
                    personal: robot.personal,
                })
                .collect(),
            tally: OutboxTallyView {
                waiting: tally.waiting,
                troubled: tally.troubled,
                sending: tally.sending,
                sent: tally.sent,
                failed: tally.failed,
                dropped: tally.dropped,
            },
            rows: rows
                .into_iter()
                .map(|row| OutboxRowView {
                    outbox_id: row.outbox_id,
                    recipient: name(&row.channel, row.recipient),
                    channel: row.channel,
                    kind: row.kind,
                    state: row.state,
                    created_at: row.created_at,
                    not_before_at: row.not_before_at,
                    attempts: row.attempts,
                    ended_at: row.ended_at,
                    last_error: row.last_error,
                })
                .collect(),
            page,
            more,
        })
    }

    /// Lets a copy that was given up, or waits for another attempt, be tried at once.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor looks after the channels; [`AppError::NotFound`] when
    /// there is no such copy to try.
    pub async fn outbox_again(&self, actor: &Actor, copy: i64) -> Result<(), AppError> {
        actor.grant(Action::ManageChannels)?;
        let tx = self.db.begin().await?;
        let found = notices::outbox_again(&tx, copy, self.now()).await?;
        found.then_some(()).or_not_found("copy")?;
        let subject = format!("outbox:{copy}");
        audit(&tx, actor, self.now(), "outbox_again", &subject, "{}").await?;
        Ok(tx.commit().await?)
    }
}

/// What became of a claim.
enum Done {
    Sent,
    Unwanted,
    Trouble(Trouble),
}

/// The same for the same copies, whoever sends them and however often.
fn message_id(copies: &[Copy]) -> String {
    let numbers: Vec<String> = copies
        .iter()
        .map(|copy| copy.outbox_id.to_string())
        .collect();
    let digest = Sha256::digest(numbers.join(",").as_bytes());
    let short: String = digest
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("gangmu-{short}")
}

/// 256 random bits in hexadecimal: a name nobody else has and nobody guesses.
pub(super) fn random_hex() -> String {
    let bytes: [u8; 32] = rand::random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// An error with its causes in one line, not longer than a page shows.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        text += &format!(": {next}");
        cause = next.source();
    }
    text.chars().filter(|c| *c != '\0').take(400).collect()
}
