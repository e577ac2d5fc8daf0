//! Users, posts, log-in and sessions.
//!
//! Passwords are hashed with argon2id; a wrong log-in says the same whether or not the user
//! exists, takes the same time, and several in a row lock the account for a while, as the dispatch
//! policy says. Whoever manages users does so within the unit of the post, never above it.

use std::collections::{HashMap, HashSet};

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use gangmu_domain::organisation::{Action, DepartmentId, Role, Scope, UserId};
use gangmu_store::accounts::{self, LoginSession, Post, User};
use gangmu_store::{Tx, liaison};
use serde::Serialize;
use utoipa::ToSchema;

use crate::actor::{Actor, HeldPost};
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::{App, Reference};

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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
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

const LEAST_PASSWORD: usize = 10;
const MOST_PASSWORD: usize = 1024;
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
        let rule = self.reference().await?.dispatch.lock_out;
        let found = accounts::user_by_login(&self.db, typed.login.trim()).await?;
        let hash = found
            .as_ref()
            .map_or_else(|| NOBODY.to_owned(), |user| user.password_hash.clone());
        not_locked(found.as_ref(), now)?;
        let right = verify(typed.password, hash.clone()).await;
        let Some(found) = found else {
            return Err(AppError::NotLoggedIn);
        };
        let tx = self.db.begin().await?;
        // As it is now: two wrong guesses at once count twice, and what an administrator set while
        // the password was compared is not undone.
        let fresh = accounts::user_get(&tx, UserId(found.user_id)).await?;
        not_locked(fresh.as_ref(), now)?;
        let same = |user: &User| user.disabled == 0 && user.password_hash == hash;
        let Some(mut user) = fresh.filter(same) else {
            return Err(AppError::NotLoggedIn);
        };
        if right {
            user.failed_logins = 0;
            user.locked_until_at = 0;
        } else {
            user.failed_logins += 1;
            if user.failed_logins >= i64::from(rule.failures) {
                user.failed_logins = 0;
                user.locked_until_at = now + i64::from(rule.minutes) * 60_000;
            }
        }
        accounts::user_update(&tx, &user).await?;
        let who = actor_of(user.clone(), Vec::new());
        let action = if right { "log_in" } else { "log_in_failed" };
        let subject = format!("user:{}", user.user_id);
        audit(&tx, &who, now, action, &subject, "{}").await?;
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
        Ok(actor_of(user, held(&reference, posts)))
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
        let known = user.password_hash;
        let hash = hash(change.new, "new").await?;
        let tx = self.db.begin().await?;
        // An administrator may have set another while the old one was compared.
        user = accounts::user_get(&tx, actor.user)
            .await?
            .filter(|user| user.password_hash == known)
            .ok_or(AppError::Changed { what: "user" })?;
        user.password_hash = hash;
        user.must_change_password = 0;
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
        if !["", "zh-CN", "en"].contains(&locale) {
            return Err(AppError::invalid("account.unknown_locale", "locale"));
        }
        let tx = self.db.begin().await?;
        let mut user = accounts::user_get(&tx, actor.user)
            .await?
            .or_not_found("user")?;
        locale.clone_into(&mut user.locale);
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
        let mut messages = unfit_names(login.trim(), display_name);
        messages.extend(unfit(password, "password"));
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        let hash = hash(password.to_owned(), "password").await?;
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
        let messages = unfit_names(login, display_name);
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
            let hash = hash(password.to_owned(), "password").await?;
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
    /// When there is no such user; [`AppError::State`] `account.open_work` when the person answers
    /// for projects: that is handed over first.
    pub async fn user_set_disabled(
        &self,
        actor: &Actor,
        user: UserId,
        disabled: bool,
    ) -> Result<(), AppError> {
        let scope = actor.grant(Action::ManageUsers)?.scope;
        let tx = self.db.begin().await?;
        // Nobody is charged with anything meanwhile.
        liaison::assignment_turn(&tx).await?;
        let mut stored = accounts::user_get(&tx, user).await?.or_not_found("user")?;
        let posts = accounts::post_list(&tx, None).await?;
        let (own, others): (Vec<&Post>, Vec<&Post>) =
            posts.iter().partition(|post| post.user == user);
        reach(&scope, own.iter().copied())?;
        if disabled {
            self.nothing_open(&tx, user, None).await?;
            for post in &own {
                self.somebody_stays(&tx, post, &others).await?;
            }
        }
        stored.disabled = i64::from(disabled);
        self.user_changed(&tx, actor, &stored, "user_set_disabled")
            .await?;
        Ok(tx.commit().await?)
    }

    async fn change_user(
        &self,
        actor: &Actor,
        user: UserId,
        action: &str,
        change: impl FnOnce(&mut User),
    ) -> Result<(), AppError> {
        let scope = actor.grant(Action::ManageUsers)?.scope;
        let tx = self.db.begin().await?;
        let mut stored = accounts::user_get(&tx, user).await?.or_not_found("user")?;
        let posts = accounts::post_list(&tx, Some(user)).await?;
        reach(&scope, &posts)?;
        change(&mut stored);
        self.user_changed(&tx, actor, &stored, action).await?;
        Ok(tx.commit().await?)
    }

    /// Saves an account; whoever is logged in with it logs in again.
    async fn user_changed(
        &self,
        tx: &Tx,
        actor: &Actor,
        user: &User,
        action: &str,
    ) -> Result<(), AppError> {
        accounts::user_update(tx, user).await?;
        accounts::session_delete_of(tx, UserId(user.user_id)).await?;
        let subject = format!("user:{}", user.user_id);
        audit(tx, actor, self.now(), action, &subject, "{}").await
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
        let scope = actor.grant(Action::ManageUsers)?.scope;
        let reference = self.reference().await?;
        let unit = reference
            .unit_by_code(unit_code)
            .filter(|unit| scope.unit.contains(&unit.path))
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
        // Nobody hands out posts to somebody above them either: the account would not be theirs.
        reach(&scope, &accounts::post_list(&tx, Some(user)).await?)?;
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
    /// When there is no such post; [`AppError::State`] `account.open_work` when it is the last one
    /// in a unit on whose side the person answers for projects or reports for them: that is handed
    /// over first; `account.last_of_office` when problems or matters wait for an office that nobody
    /// else can act for: somebody else is given a post first.
    pub async fn post_take(&self, actor: &Actor, post: i64) -> Result<(), AppError> {
        let scope = actor.grant(Action::ManageUsers)?.scope;
        let tx = self.db.begin().await?;
        // Nobody is charged with anything meanwhile.
        liaison::assignment_turn(&tx).await?;
        let posts = accounts::post_list(&tx, None).await?;
        let held = posts.iter().find(|held| held.id == post);
        let held = held
            .filter(|held| scope.unit.contains(&held.unit))
            .or_not_found("post")?;
        let same = |other: &&Post| other.user == held.user && other.unit == held.unit;
        if posts.iter().filter(same).count() == 1 {
            self.nothing_open(&tx, held.user, Some(&held.unit)).await?;
        }
        let others: Vec<&Post> = posts.iter().filter(|one| one.id != post).collect();
        self.somebody_stays(&tx, held, &others).await?;
        accounts::post_delete(&tx, post).await?;
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

    /// Lists the users within reach with their posts.
    ///
    /// # Errors
    /// When the actor may not manage users.
    pub async fn user_list(&self, actor: &Actor) -> Result<Vec<UserView>, AppError> {
        let scope = actor.grant(Action::ManageUsers)?.scope;
        let reference = self.reference().await?;
        let now = self.now();
        let mut posts: HashMap<UserId, Vec<PostView>> = HashMap::new();
        let mut beyond = HashSet::new();
        for post in accounts::post_list(&self.db, None).await? {
            if !scope.unit.contains(&post.unit) {
                beyond.insert(post.user.0);
            }
            posts.entry(post.user).or_default().push(PostView {
                post_id: post.id,
                role: post.role.word(),
                unit: reference.unit_name(&post.unit),
                unit_code: post.unit.codes().last().unwrap_or_default().to_owned(),
                department: post
                    .department
                    .and_then(|id| reference.department_at(&post.unit, id))
                    .map(|d| d.short_name),
            });
        }
        let users = accounts::user_list(&self.db).await?;
        Ok(users
            .into_iter()
            .filter(|user| !beyond.contains(&user.user_id))
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

    /// Returns who is logged in with a session, with what the web layer keeps in it.
    ///
    /// The database is asked every time, so that a log-out, a lock or a post taken away holds from
    /// the next request on, in whichever process it was done.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn session_actor(&self, id: &str) -> Result<Option<(Actor, String)>, AppError> {
        let reference = self.reference().await?;
        let access = accounts::access_get(&self.db, id, self.now()).await?;
        Ok(access
            .filter(|access| access.user.disabled == 0)
            .map(|access| {
                let actor = actor_of(access.user, held(&reference, access.posts));
                (actor, access.session.body)
            }))
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

/// Says at which levels posts are held.
fn held(reference: &Reference, posts: Vec<Post>) -> Vec<HeldPost> {
    let posts = posts.into_iter().map(|post| HeldPost {
        role: post.role,
        level: reference.level(&post.unit),
        unit: post.unit,
        department: post.department,
    });
    posts.collect()
}

fn actor_of(user: User, posts: Vec<HeldPost>) -> Actor {
    Actor::new(
        UserId(user.user_id),
        user.display_name,
        user.locale,
        user.must_change_password != 0,
        posts,
    )
}

/// Whether a set password may stay.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeepPassword {
    /// The user chooses another at the next log-in.
    MustChange,
    /// It stays: demonstration accounts.
    Keep,
}

/// A person whose posts reach further than the scope is out of it.
fn reach<'a>(scope: &Scope, posts: impl IntoIterator<Item = &'a Post>) -> Result<(), AppError> {
    let mut posts = posts.into_iter();
    let inside = posts.all(|post| scope.unit.contains(&post.unit));
    inside.then_some(()).or_not_found("user")
}

fn not_locked(user: Option<&User>, now: i64) -> Result<(), AppError> {
    match user.map(|user| user.locked_until_at) {
        Some(until) if until > now => Err(AppError::Locked { until }),
        _ => Ok(()),
    }
}

/// Says why a login or a name cannot be taken.
fn unfit_names(login: &str, display_name: &str) -> Vec<Message> {
    let mut messages = Vec::new();
    let fits = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    if login.is_empty() || login.len() > 64 || !login.chars().all(fits) {
        messages.push(Message::new("account.bad_login", "login", []));
    }
    if display_name.trim().is_empty() {
        messages.push(Message::new("field.missing", "display_name", []));
    }
    messages
}

/// Says why a password cannot be taken.
fn unfit(password: &str, field: &str) -> Option<Message> {
    let params = [LEAST_PASSWORD.to_string()];
    (password.chars().count() < LEAST_PASSWORD || password.len() > MOST_PASSWORD)
        .then(|| Message::new("account.short_password", field, params))
}

/// Hashes a password, away from the threads that serve requests.
pub(crate) async fn hash(password: String, field: &str) -> Result<String, AppError> {
    if let Some(message) = unfit(&password, field) {
        return Err(AppError::Invalid {
            messages: vec![message],
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
    if password.len() > MOST_PASSWORD {
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

#[cfg(test)]
mod tests {
    use super::{NOBODY, PasswordHash};

    #[test]
    fn a_log_in_for_nobody_is_compared_with_a_hash_of_the_same_cost() {
        let nobody = PasswordHash::new(NOBODY).expect("a hash that can be compared with");
        let parts: Vec<String> = nobody
            .params
            .iter()
            .map(|(k, v)| format!("{k}={v}"))
            .collect();
        assert_eq!(nobody.algorithm.as_str(), "argon2id");
        assert_eq!(parts.join(","), argon2_parts());
        assert!(nobody.hash.is_some(), "without one nothing is computed");
    }

    fn argon2_parts() -> String {
        let cost = argon2::Params::DEFAULT;
        let (m, t, p) = (cost.m_cost(), cost.t_cost(), cost.p_cost());
        format!("m={m},t={t},p={p}")
    }
}
