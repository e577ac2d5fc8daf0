//! Users, their posts, their sessions, notices and the audit trail.

mod notice;

pub use notice::{
    Notice, NoticeReach, notice_count_unread, notice_insert, notice_list, notice_list_inbox,
    notice_seen_get, notice_seen_put,
};

use gangmu_domain::organisation::{DepartmentId, Role, UnitPath, UserId};
use sea_orm::FromQueryResult;

use crate::conn::{execute, failed, fetch_all, fetch_one, fetch_rows, sequence_take, values};
use crate::library::word;
use crate::{Conn, StoreError, Tx};

/// A person who may log in.
#[derive(Clone, PartialEq, Eq, FromQueryResult)]
pub struct User {
    /// Their identity.
    pub user_id: i64,
    /// What they type to log in.
    pub login: String,
    /// How they are named, a post such as 科尔沁区发改委填报员.
    pub display_name: String,
    /// The argon2id hash of the password.
    pub password_hash: String,
    /// `zh-CN` or `en`; empty for the browser's choice.
    pub locale: String,
    /// Wrong passwords since the last right one.
    pub failed_logins: i64,
    /// No log-in before this instant, in milliseconds since 1970.
    pub locked_until_at: i64,
    /// Whether the password must be changed first.
    pub must_change_password: i64,
    /// Whether the account is out of use.
    pub disabled: i64,
}

impl std::fmt::Debug for User {
    /// Leaves the password hash out.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("user_id", &self.user_id)
            .field("login", &self.login)
            .finish_non_exhaustive()
    }
}

/// A role held in a unit, for one department or all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Post {
    /// Its number.
    pub id: i64,
    /// Who holds it.
    pub user: UserId,
    /// The unit.
    pub unit: UnitPath,
    /// The department; `None` for all.
    pub department: Option<DepartmentId>,
    /// The role.
    pub role: Role,
}

#[derive(FromQueryResult)]
struct PostRow {
    post_id: i64,
    user_id: i64,
    unit_path: String,
    department_id: i64,
    role: String,
}

impl PostRow {
    fn read(self) -> Result<Post, StoreError> {
        Ok(Post {
            id: self.post_id,
            user: UserId(self.user_id),
            unit: UnitPath::from_stored(self.unit_path),
            department: (self.department_id != 0).then_some(DepartmentId(self.department_id)),
            role: word("role", &self.role, Role::from_word)?,
        })
    }
}

const USER: &str = "user_id, login, display_name, password_hash, locale, failed_logins, \
                    locked_until_at, must_change_password, disabled";

/// Finds a user by login.
///
/// # Errors
/// When the database fails.
pub async fn user_by_login(conn: &impl Conn, login: &str) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM app_user WHERE login = $1");
    fetch_one(conn, "find a user", &sql, values![login]).await
}

/// Reads a user.
///
/// # Errors
/// When the database fails.
pub async fn user_get(conn: &impl Conn, id: UserId) -> Result<Option<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM app_user WHERE user_id = $1");
    fetch_one(conn, "read a user", &sql, values![id.0]).await
}

/// Lists all users by login.
///
/// # Errors
/// When the database fails.
pub async fn user_list(conn: &impl Conn) -> Result<Vec<User>, StoreError> {
    let sql = format!("SELECT {USER} FROM app_user ORDER BY login");
    fetch_all(conn, "list users", &sql, vec![]).await
}

/// Adds a user; the number it names is ignored, the one returned is theirs.
///
/// # Errors
/// When the login is taken, or the database fails.
pub async fn user_insert(tx: &Tx, user: &User) -> Result<UserId, StoreError> {
    let id = sequence_take(tx, "user", 1).await?;
    let sql = "INSERT INTO app_user (user_id, login, display_name, password_hash, locale, \
               failed_logins, locked_until_at, must_change_password, disabled) \
               VALUES ($1, $2, $3, $4, $5, 0, 0, $6, 0) ON CONFLICT (login) DO NOTHING";
    let u = user.clone();
    let values = values![
        id,
        u.login,
        u.display_name,
        u.password_hash,
        u.locale,
        u.must_change_password
    ];
    match execute(tx, "add a user", sql, values).await? {
        0 => Err(StoreError::Exists {
            what: "a user with this login",
        }),
        _ => Ok(UserId(id)),
    }
}

/// Saves everything of a user but the login.
///
/// # Errors
/// When the database fails.
pub async fn user_update(tx: &Tx, user: &User) -> Result<(), StoreError> {
    let sql = "UPDATE app_user SET display_name = $2, password_hash = $3, locale = $4, \
               failed_logins = $5, locked_until_at = $6, must_change_password = $7, \
               disabled = $8 WHERE user_id = $1";
    let u = user.clone();
    let values = values![
        u.user_id,
        u.display_name,
        u.password_hash,
        u.locale,
        u.failed_logins,
        u.locked_until_at,
        u.must_change_password,
        u.disabled,
    ];
    execute(tx, "save a user", sql, values).await?;
    Ok(())
}

/// Lists the posts of a user, or of everybody.
///
/// # Errors
/// When the database fails.
pub async fn post_list(conn: &impl Conn, user: Option<UserId>) -> Result<Vec<Post>, StoreError> {
    let columns = "post_id, user_id, unit_path, department_id, role";
    let rows: Vec<PostRow> = match user {
        Some(user) => {
            let sql = format!("SELECT {columns} FROM post WHERE user_id = $1 ORDER BY post_id");
            fetch_all(conn, "list posts", &sql, values![user.0]).await?
        }
        None => {
            let sql = format!("SELECT {columns} FROM post ORDER BY post_id");
            fetch_all(conn, "list posts", &sql, vec![]).await?
        }
    };
    rows.into_iter().map(PostRow::read).collect()
}

/// Gives a user a post; giving it twice changes nothing.
///
/// # Errors
/// When the database fails.
pub async fn post_insert(tx: &Tx, post: &Post) -> Result<(), StoreError> {
    let id = sequence_take(tx, "post", 1).await?;
    let sql = "INSERT INTO post (post_id, user_id, unit_path, department_id, role) \
               VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
    let values = values![
        id,
        post.user.0,
        post.unit.as_str(),
        post.department.map_or(0, |id| id.0),
        post.role.word(),
    ];
    execute(tx, "give a post", sql, values).await?;
    Ok(())
}

/// Takes a post away; says whether it was there.
///
/// # Errors
/// When the database fails.
pub async fn post_delete(tx: &Tx, id: i64) -> Result<bool, StoreError> {
    let sql = "DELETE FROM post WHERE post_id = $1";
    Ok(execute(tx, "take a post away", sql, values![id]).await? == 1)
}

/// A browser session; its key is a digest, so a copy of the table logs nobody in.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct LoginSession {
    /// The digest of the cookie.
    pub session_id: String,
    /// Whose it is; zero before log-in.
    pub user_id: i64,
    /// What the web layer keeps in it.
    pub body: String,
    /// When it ends, in milliseconds since 1970.
    pub expires_at: i64,
}

/// Reads a session that has not ended.
///
/// # Errors
/// When the database fails.
pub async fn session_get(
    conn: &impl Conn,
    id: &str,
    now: i64,
) -> Result<Option<LoginSession>, StoreError> {
    let sql = "SELECT session_id, user_id, body, expires_at FROM login_session \
               WHERE session_id = $1 AND expires_at > $2";
    fetch_one(conn, "read a session", sql, values![id, now]).await
}

/// Who a session belongs to, with all their posts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// The session.
    pub session: LoginSession,
    /// Whose it is.
    pub user: User,
    /// What they hold.
    pub posts: Vec<Post>,
}

/// Reads a session that has not ended with its user and their posts: one statement, since every
/// request asks it.
///
/// # Errors
/// When the database fails.
pub async fn access_get(
    conn: &impl Conn,
    id: &str,
    now: i64,
) -> Result<Option<Access>, StoreError> {
    let attempted = "read a session";
    let sql = "SELECT s.session_id, s.body, s.expires_at, u.user_id, u.login, u.display_name, \
               u.password_hash, u.locale, u.failed_logins, u.locked_until_at, \
               u.must_change_password, u.disabled, \
               p.post_id, p.unit_path, p.department_id, p.role \
               FROM login_session s JOIN app_user u ON u.user_id = s.user_id \
               LEFT JOIN post p ON p.user_id = u.user_id \
               WHERE s.session_id = $1 AND s.expires_at > $2 ORDER BY p.post_id";
    let rows = fetch_rows(conn, attempted, sql, values![id, now]).await?;
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let mut posts = Vec::with_capacity(rows.len());
    for row in &rows {
        let post: Option<i64> = row.try_get("", "post_id").map_err(failed(attempted))?;
        if post.is_some() {
            let row = PostRow::from_query_result(row, "").map_err(failed(attempted))?;
            posts.push(row.read()?);
        }
    }
    Ok(Some(Access {
        session: LoginSession::from_query_result(first, "").map_err(failed(attempted))?,
        user: User::from_query_result(first, "").map_err(failed(attempted))?,
        posts,
    }))
}

/// Saves a session and forgets those that have ended.
///
/// # Errors
/// When the database fails.
pub async fn session_put(tx: &Tx, session: &LoginSession, now: i64) -> Result<(), StoreError> {
    execute(
        tx,
        "forget old sessions",
        "DELETE FROM login_session WHERE expires_at <= $1",
        values![now],
    )
    .await?;
    let sql = "INSERT INTO login_session (session_id, user_id, body, expires_at) \
               VALUES ($1, $2, $3, $4) ON CONFLICT (session_id) DO UPDATE SET \
               user_id = excluded.user_id, body = excluded.body, \
               expires_at = excluded.expires_at";
    let s = session.clone();
    let values = values![s.session_id, s.user_id, s.body, s.expires_at];
    execute(tx, "save a session", sql, values).await?;
    Ok(())
}

/// Ends a session.
///
/// # Errors
/// When the database fails.
pub async fn session_delete(tx: &Tx, id: &str) -> Result<(), StoreError> {
    let sql = "DELETE FROM login_session WHERE session_id = $1";
    execute(tx, "end a session", sql, values![id]).await?;
    Ok(())
}

/// Ends all sessions of a user.
///
/// # Errors
/// When the database fails.
pub async fn session_delete_of(tx: &Tx, user: UserId) -> Result<(), StoreError> {
    let sql = "DELETE FROM login_session WHERE user_id = $1";
    execute(tx, "end sessions", sql, values![user.0]).await?;
    Ok(())
}

/// Who did what, when.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AuditRow {
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who; zero for the system itself.
    pub user_id: i64,
    /// What, a stable word.
    pub action: String,
    /// On what, such as `project:17` or `period:2025-12`.
    pub subject: String,
    /// Further facts as JSON.
    pub detail: String,
}

/// Records who did what. Every use case that changes something does.
///
/// # Errors
/// When the database fails.
pub async fn audit_insert(tx: &Tx, row: &AuditRow) -> Result<(), StoreError> {
    let sql = "INSERT INTO audit (at, user_id, action, subject, detail) \
               VALUES ($1, $2, $3, $4, $5)";
    let r = row.clone();
    let values = values![r.at, r.user_id, r.action, r.subject, r.detail];
    execute(tx, "write the audit trail", sql, values).await?;
    Ok(())
}

/// Lists the newest audit rows, of one subject if named.
///
/// # Errors
/// When the database fails.
pub async fn audit_list(
    conn: &impl Conn,
    subject: &str,
    offset: i64,
    limit: i64,
) -> Result<Vec<AuditRow>, StoreError> {
    let sql = "SELECT at, user_id, action, subject, detail FROM audit \
               WHERE $1 = '' OR subject = $1 ORDER BY audit_id DESC LIMIT $2 OFFSET $3";
    fetch_all(
        conn,
        "read the audit trail",
        sql,
        values![subject, limit, offset],
    )
    .await
}
