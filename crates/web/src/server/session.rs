//! Log-in sessions in the database. What one would get wrong: the database never sees a session's
//! key, only its digest, so a stolen copy of the table opens nothing; and only sessions of people
//! who logged in are kept, so visitors and robots leave no rows behind.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use gangmu_app::domain::organisation::UserId;
use gangmu_app::{Actor, App};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use tower_sessions::cookie::time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{Session, SessionStore};

use super::{Failure, Options};

const USER: &str = "user";
const SINCE: &str = "since";
const SEEN: &str = "seen";
const NOTICES: &str = "notices";
/// A session's last use is written down no more often than this.
const NOTE_EVERY_MILLISECONDS: i64 = 5 * 60 * 1000;

/// Who is logged in with this session, if anybody; notes that it is being used.
///
/// It asks the database itself: the session alone would say whose it is, and two more questions who
/// that is.
pub async fn actor_of(app: &App, session: &Session) -> std::result::Result<Option<Actor>, Failure> {
    let Some(id) = session.id() else {
        return Ok(None);
    };
    let Some((actor, body)) = app.session_actor(&digest(&id)).await? else {
        return Ok(None);
    };
    let body: Value = serde_json::from_str(&body).unwrap_or_default();
    let seen = body.get(SEEN).and_then(Value::as_i64).unwrap_or_default();
    let now = app.now();
    if now - seen > NOTE_EVERY_MILLISECONDS {
        session.insert(SEEN, now).await?;
    }
    Ok(Some(actor))
}

/// Makes this the session of a user, under a new key: one that was known before is worth nothing.
pub async fn start(session: &Session, user: UserId, now: i64) -> std::result::Result<(), Failure> {
    session.cycle_id().await?;
    session.clear().await;
    session.insert(USER, user.0).await?;
    session.insert(SINCE, now).await?;
    session.insert(SEEN, now).await?;
    Ok(())
}

/// Puts something aside for the next page.
pub async fn put_notice(
    session: &Session,
    notice: &crate::shell::Notice,
) -> std::result::Result<(), Failure> {
    Ok(session.insert(NOTICES, [notice]).await?)
}

/// Takes what was put aside for this page.
pub async fn take_notices(
    session: &Session,
) -> std::result::Result<Vec<crate::shell::Notice>, Failure> {
    if session.get_value(NOTICES).await?.is_none() {
        return Ok(Vec::new());
    }
    Ok(session.remove(NOTICES).await?.unwrap_or_default())
}

/// Sessions by way of the use cases.
#[derive(Clone)]
pub struct Sessions {
    app: App,
    options: Arc<Options>,
}

impl Sessions {
    pub fn new(app: App, options: Arc<Options>) -> Self {
        Self { app, options }
    }

    async fn put(&self, record: &Record) -> Result<()> {
        let number = |name: &str| record.data.get(name).and_then(Value::as_i64);
        let Some(user) = number(USER) else {
            return Ok(());
        };
        let now = self.app.now();
        let millis =
            |span: std::time::Duration| i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        let until = now.saturating_add(millis(self.options.idle));
        let latest = number(SINCE)
            .unwrap_or(now)
            .saturating_add(millis(self.options.longest));
        let body = serde_json::to_string(&record.data)
            .map_err(|error| Error::Encode(error.to_string()))?;
        self.app
            .session_save(&digest(&record.id), UserId(user), &body, until.min(latest))
            .await
            .map_err(|error| Error::Backend(error.to_string()))
    }
}

impl fmt::Debug for Sessions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sessions")
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        self.put(record).await
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // A session that was ended while a request was under way stays ended.
        if self.load(&record.id).await?.is_none() {
            return Ok(());
        }
        self.put(record).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let loaded = self
            .app
            .session_load(&digest(id))
            .await
            .map_err(|error| Error::Backend(error.to_string()))?;
        let Some((_, body)) = loaded else {
            return Ok(None);
        };
        let data = serde_json::from_str(&body).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record {
            id: *id,
            data,
            // The database has already left out what has ended.
            expiry_date: OffsetDateTime::from_unix_timestamp(self.app.now() / 1000 + 1)
                .unwrap_or(OffsetDateTime::UNIX_EPOCH),
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        self.app
            .session_end(&digest(id))
            .await
            .map_err(|error| Error::Backend(error.to_string()))
    }
}

fn digest(id: &Id) -> String {
    let hash = Sha256::digest(id.to_string().as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
