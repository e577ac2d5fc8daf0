//! Users, posts, log-in and sessions.
//!
//! Passwords are hashed with argon2id; a wrong log-in says the same whether or not the user
//! exists, takes the same time, and five in a row lock the account for a quarter of an hour.

use std::collections::HashMap;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use gangmu_domain::organisation::{Action, DepartmentId, Role, UserId};
use gangmu_store::accounts::{self, LoginSession, Post, User};
use serde::Serialize;

use crate::App;
use crate::actor::{Actor, HeldPost};
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};

/// What somebody types to log in.
#[derive(Clone)]
pub struct LogIn {
    /// The login.
    pub login: String,
    /// The password.
    pub password: String,
}

/// A change of one's own password.
#[derive(Clone)]
pub struct NewPassword {
    /// The password until now.
    pub old: String,
    /// The password from now on; at least 10 characters.
    pub new: String,
}

/// A user as administrators see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UserView {
    /// Their number.
    pub user_id: i64,
    /// Their login.
    pub login: String,
    /// Their name.
    pub display_name: String,
    /// Whether the account is out of use.
    pub disabled: bool,
    /// Whether it is locked after wrong passwords.
    pub locked: bool,
    /// Their posts.
    pub posts: Vec<PostView>,
}

/// A post as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PostView {
    /// Its number.
    pub post_id: i64,
    /// The role's word.
    pub role: &'static str,
    /// The unit's name.
    pub unit: String,
    /// The unit's code.
    pub unit_code: String,
    /// The department's name.
    pub department: Option<String>,
}

const MOST_FAILURES: i64 = 5;
const LOCK_MILLISECONDS: i64 = 15 * 60 * 1000;
const LEAST_PASSWORD: usize = 10;
/// What a log-in for nobody is checked against, so that it takes as long as one for somebody.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$Z2FuZ211LW5vYm9keQ$\
                      AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

impl App {
    /// Checks a log-in and returns who it is.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`] for a wrong login or password; [`AppError::Locked`] while locked.
    pub async fn log_in(&self, typed: LogIn) -> Result<UserId, AppError> {
        let now = self.now();
        let user = accounts::user_by_login(&self.db, typed.login.trim()).await?;
        let hash = user
            .as_ref()
            .map_or_else(|| NOBODY.to_owned(), |user| user.password_hash.clone());
        if let Some(user) = &user
            && user.locked_until_at > now
        {
            return Err(AppError::Locked {
                until: user.locked_until_at,
            });
        }
        let right = verify(typed.password, hash).await;
        let Some(mut user) = user.filter(|user| user.disabled == 0) else {
            return Err(AppError::NotLoggedIn);
        };
        let tx = self.db.begin().await?;
        if right {
            user.failed_logins = 0;
            user.locked_until_at = 0;
        } else {
            // Count on the row as it is now: two wrong guesses at once count twice.
            let fresh = accounts::user_get(&tx, UserId(user.user_id)).await?;
            user.failed_logins = fresh.map_or(0, |u| u.failed_logins) + 1;
            if user.failed_logins >= MOST_FAILURES {
                user.failed_logins = 0;
                user.locked_until_at = now + LOCK_MILLISECONDS;
            }
        }
        accounts::user_update(&tx, &user).await?;
        let who = self.actor_of(&user, Vec::new());
        let action = if right { "log_in" } else { "log_in_failed" };
        audit(
            &tx,
            &who,
            now,
            action,
            &format!("user:{}", user.user_id),
            "{}",
        )
        .await?;
        tx.commit().await?;
        if right {
            Ok(UserId(user.user_id))
        } else {
            Err(AppError::NotLoggedIn)
        }
    }

    /// Returns a user with their posts, ready to act.
    ///
    /// # Errors
    /// [`AppError::NotLoggedIn`] when there is no such user any more.
    pub async fn actor(&self, user: UserId) -> Result<Actor, AppError> {
        let reference = self.reference().await?;
        let user = accounts::user_get(&self.db, user)
            .await?
            .filter(|user| user.disabled == 0)
            .ok_or(AppError::NotLoggedIn)?;
        let posts = accounts::post_list(&self.db, Some(UserId(user.user_id))).await?;
        let held = posts
            .into_iter()
            .map(|post| HeldPost {
                role: post.role,
                level: reference.level(&post.unit),
                unit: post.unit,
                department: post.department,
            })
            .collect();
        Ok(self.actor_of(&user, held))
    }

    fn actor_of(&self, user: &User, posts: Vec<HeldPost>) -> Actor {
        Actor::new(
            UserId(user.user_id),
            user.display_name.clone(),
            user.locale.clone(),
            user.must_change_password != 0,
            posts,
        )
    }

    /// Returns the system itself, acting at the root.
    ///
    /// # Errors
    /// When no units are loaded.
    pub async fn system(&self) -> Result<Actor, AppError> {
        let reference = self.reference().await?;
        Ok(Actor::system(reference.root()?.path.clone()))
    }

    /// Changes one's own password and ends one's sessions.
    ///
    /// # Errors
    /// When the old password is wrong or the new one too short.
    pub async fn password_change(
        &self,
        actor: &Actor,
        change: NewPassword,
    ) -> Result<(), AppError> {
        let mut user = accounts::user_get(&self.db, actor.user)
            .await?
            .or_not_found("user")?;
        if !verify(change.old.clone(), user.password_hash.clone()).await {
            return Err(AppError::invalid("account.wrong_password", "old"));
        }
        if change.new == change.old {
            return Err(AppError::invalid("account.same_password", "new"));
        }
        user.password_hash = hash(change.new).await?;
        user.must_change_password = 0;
        let tx = self.db.begin().await?;
        accounts::user_update(&tx, &user).await?;
        accounts::session_delete_of(&tx, actor.user).await?;
        let subject = format!("user:{}", actor.user);
        audit(&tx, actor, self.now(), "password_change", &subject, "{}").await?;
        Ok(tx.commit().await?)
    }

    /// Remembers the language somebody chose.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn locale_choose(&self, actor: &Actor, locale: &str) -> Result<(), AppError> {
        let mut user = accounts::user_get(&self.db, actor.user)
            .await?
            .or_not_found("user")?;
        locale.clone_into(&mut user.locale);
        let tx = self.db.begin().await?;
        accounts::user_update(&tx, &user).await?;
        Ok(tx.commit().await?)
    }

    /// Adds a user who must change the password at first log-in.
    ///
    /// # Errors
    /// When the login is taken or the password too short.
    pub async fn user_add(
        &self,
        actor: &Actor,
        login: &str,
        display_name: &str,
        password: &str,
    ) -> Result<UserId, AppError> {
        actor.grant(Action::ManageUsers)?;
        let hash = hash(password.to_owned()).await?;
        self.user_enter(actor, login, display_name, hash, KeepPassword::MustChange)
            .await
    }

    /// Adds a user with a password that is hashed already.
    pub(crate) async fn user_enter(
        &self,
        actor: &Actor,
        login: &str,
        display_name: &str,
        password_hash: String,
        keep: KeepPassword,
    ) -> Result<UserId, AppError> {
        actor.grant(Action::ManageUsers)?;
        let login = login.trim();
        let mut messages = Vec::new();
        let fits = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
        if login.is_empty() || login.len() > 64 || !login.chars().all(fits) {
            messages.push(Message::new("account.bad_login", "login", []));
        }
        if display_name.trim().is_empty() {
            messages.push(Message::new("field.missing", "display_name", []));
        }
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        let user = User {
            user_id: 0,
            login: login.to_owned(),
            display_name: display_name.trim().to_owned(),
            password_hash,
            locale: String::new(),
            failed_logins: 0,
            locked_until_at: 0,
            must_change_password: i64::from(keep == KeepPassword::MustChange),
            disabled: 0,
        };
        let tx = self.db.begin().await?;
        let id = accounts::user_insert(&tx, &user).await?;
        let subject = format!("user:{id}");
        audit(&tx, actor, self.now(), "user_add", &subject, "{}").await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Sets somebody's password; they must change it at the next log-in unless `keep` says so.
    ///
    /// # Errors
    /// When there is no such user or the password is too short.
    pub async fn user_set_password(
        &self,
        actor: &Actor,
        user: UserId,
        password: &str,
        keep: KeepPassword,
    ) -> Result<(), AppError> {
        self.change_user(actor, user, "user_set_password", {
            let hash = hash(password.to_owned()).await?;
            move |user: &mut User| {
                user.password_hash = hash;
                user.must_change_password = i64::from(keep == KeepPassword::MustChange);
                user.failed_logins = 0;
                user.locked_until_at = 0;
            }
        })
        .await
    }

    /// Puts an account out of use, or into use again.
    ///
    /// # Errors
    /// When there is no such user.
    pub async fn user_set_disabled(
        &self,
        actor: &Actor,
        user: UserId,
        disabled: bool,
    ) -> Result<(), AppError> {
        self.change_user(actor, user, "user_set_disabled", move |user| {
            user.disabled = i64::from(disabled);
        })
        .await
    }

    async fn change_user(
        &self,
        actor: &Actor,
        user: UserId,
        action: &str,
        change: impl FnOnce(&mut User),
    ) -> Result<(), AppError> {
        actor.grant(Action::ManageUsers)?;
        let tx = self.db.begin().await?;
        let mut stored = accounts::user_get(&tx, user).await?.or_not_found("user")?;
        change(&mut stored);
        accounts::user_update(&tx, &stored).await?;
        accounts::session_delete_of(&tx, user).await?;
        let subject = format!("user:{user}");
        audit(&tx, actor, self.now(), action, &subject, "{}").await?;
        Ok(tx.commit().await?)
    }

    /// Gives a user a post.
    ///
    /// # Errors
    /// When there is no such user, unit or department.
    pub async fn post_give(
        &self,
        actor: &Actor,
        user: UserId,
        role: Role,
        unit_code: &str,
        department: Option<&str>,
    ) -> Result<(), AppError> {
        actor.grant(Action::ManageUsers)?;
        let reference = self.reference().await?;
        let unit = reference
            .unit_by_code(unit_code)
            .ok_or_else(|| AppError::invalid("field.unknown_unit", "unit"))?;
        let department = department
            .filter(|text| !text.is_empty())
            .map(|text| {
                reference
                    .department_by_any_name(text)
                    .map(|d| DepartmentId(d.department_id))
                    .ok_or_else(|| AppError::invalid("field.unknown_department", "department"))
            })
            .transpose()?;
        if role == Role::Officer && department.is_none() {
            return Err(AppError::invalid(
                "account.officer_needs_department",
                "department",
            ));
        }
        let tx = self.db.begin().await?;
        accounts::user_get(&tx, user).await?.or_not_found("user")?;
        let post = Post {
            id: 0,
            user,
            unit: unit.path.clone(),
            department,
            role,
        };
        accounts::post_insert(&tx, &post).await?;
        let subject = format!("user:{user}");
        audit(&tx, actor, self.now(), "post_give", &subject, "{}").await?;
        Ok(tx.commit().await?)
    }

    /// Takes a post away.
    ///
    /// # Errors
    /// When there is no such post.
    pub async fn post_take(&self, actor: &Actor, post: i64) -> Result<(), AppError> {
        actor.grant(Action::ManageUsers)?;
        let tx = self.db.begin().await?;
        if !accounts::post_delete(&tx, post).await? {
            return Err(AppError::NotFound { what: "post" });
        }
        audit(
            &tx,
            actor,
            self.now(),
            "post_take",
            &format!("post:{post}"),
            "{}",
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Lists all users with their posts.
    ///
    /// # Errors
    /// When the actor may not manage users.
    pub async fn user_list(&self, actor: &Actor) -> Result<Vec<UserView>, AppError> {
        actor.grant(Action::ManageUsers)?;
        let reference = self.reference().await?;
        let now = self.now();
        let mut posts: HashMap<UserId, Vec<PostView>> = HashMap::new();
        for post in accounts::post_list(&self.db, None).await? {
            posts.entry(post.user).or_default().push(PostView {
                post_id: post.id,
                role: post.role.word(),
                unit: reference.unit_name(&post.unit),
                unit_code: post.unit.codes().last().unwrap_or_default().to_owned(),
                department: post
                    .department
                    .and_then(|id| reference.department(id))
                    .map(|d| d.short_name.clone()),
            });
        }
        let users = accounts::user_list(&self.db).await?;
        Ok(users
            .into_iter()
            .map(|user| UserView {
                posts: posts.remove(&UserId(user.user_id)).unwrap_or_default(),
                user_id: user.user_id,
                login: user.login,
                display_name: user.display_name,
                disabled: user.disabled != 0,
                locked: user.locked_until_at > now,
            })
            .collect())
    }

    /// Finds a user's number by login, for the command line.
    ///
    /// # Errors
    /// When there is none, or the actor may not manage users.
    pub async fn user_by_login(&self, actor: &Actor, login: &str) -> Result<UserId, AppError> {
        actor.grant(Action::ManageUsers)?;
        let user = accounts::user_by_login(&self.db, login)
            .await?
            .or_not_found("user")?;
        Ok(UserId(user.user_id))
    }

    /// Returns the names behind user numbers.
    pub(crate) async fn user_names(&self) -> Result<HashMap<UserId, String>, AppError> {
        let users = accounts::user_list(&self.db).await?;
        Ok(users
            .into_iter()
            .map(|user| (UserId(user.user_id), user.display_name))
            .collect())
    }

    /// Reads a session's body and user by the digest of its key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_load(&self, id: &str) -> Result<Option<(UserId, String)>, AppError> {
        let session = accounts::session_get(&self.db, id, self.now()).await?;
        Ok(session.map(|s| (UserId(s.user_id), s.body)))
    }

    /// Saves a session under the digest of its key until an instant.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_save(
        &self,
        id: &str,
        user: UserId,
        body: &str,
        expires_at: i64,
    ) -> Result<(), AppError> {
        let session = LoginSession {
            session_id: id.to_owned(),
            user_id: user.0,
            body: body.to_owned(),
            expires_at,
        };
        let tx = self.db.begin().await?;
        accounts::session_put(&tx, &session, self.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_end(&self, id: &str) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        accounts::session_delete(&tx, id).await?;
        Ok(tx.commit().await?)
    }
}

/// Whether a set password may stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepPassword {
    /// The user chooses another at the next log-in.
    MustChange,
    /// It stays: demonstration accounts.
    Keep,
}

/// Hashes a password, away from the threads that serve requests.
pub(crate) async fn hash(password: String) -> Result<String, AppError> {
    if password.chars().count() < LEAST_PASSWORD || password.len() > 1024 {
        return Err(AppError::Invalid {
            messages: vec![Message::new(
                "account.short_password",
                "new",
                [LEAST_PASSWORD.to_string()],
            )],
        });
    }
    let hashed = tokio::task::spawn_blocking(move || {
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
    })
    .await;
    match hashed {
        Ok(Ok(hash)) => Ok(hash),
        _ => Err(AppError::state("internal")),
    }
}

async fn verify(password: String, hash: String) -> bool {
    if password.len() > 1024 {
        return false;
    }
    tokio::task::spawn_blocking(move || {
        PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        })
    })
    .await
    .unwrap_or(false)
}
