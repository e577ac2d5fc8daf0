//! Session and oneself: logging in and out, and what one may do.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::domain::organisation::Action;
use gangmu_app::{Actor, LogIn, NewPassword};
use serde::{Deserialize, Serialize};
use tower_sessions::Session;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Body, Reply};
use crate::server::{Failure, SignedIn, WebState, sign_in};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(session_start, session_end))
        .routes(routes!(me))
        .routes(routes!(password_change))
}

/// What somebody types to log in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct LogInBody {
    login: String,
    password: String,
}

/// Who is logged in and what they may do.
#[derive(Serialize, ToSchema)]
struct Me {
    user_id: i64,
    name: String,
    /// `zh-CN`, `en`, or empty for the browser's choice.
    locale: String,
    must_change_password: bool,
    posts: Vec<MyPost>,
    /// The actions that some post allows.
    may: Vec<&'static str>,
}

/// A post one holds.
#[derive(Serialize, ToSchema)]
struct MyPost {
    role: &'static str,
    /// The unit's code.
    unit: String,
    /// 0 region, 1 league, 2 banner.
    level: i16,
    /// The department's number; null for all.
    department: Option<i64>,
}

fn shown(actor: &Actor) -> Me {
    Me {
        user_id: actor.user.0,
        name: actor.name.clone(),
        locale: actor.locale.clone(),
        must_change_password: actor.must_change_password,
        posts: actor
            .posts()
            .iter()
            .map(|post| MyPost {
                role: post.role.word(),
                unit: post.unit.codes().last().unwrap_or_default().to_owned(),
                level: post.level.number(),
                department: post.department.map(|id| id.0),
            })
            .collect(),
        may: Action::ALL
            .iter()
            .filter(|action| actor.may(**action))
            .map(|action| action.word())
            .collect(),
    }
}

/// Log in
///
/// The answer sets the session cookie. Five wrong passwords lock the account for a quarter of an
/// hour.
#[utoipa::path(post, path = "/api/v1/session", tag = "account", request_body = LogInBody,
    responses((status = 200, description = "Logged in", body = Me), (status = 423, description = "Locked")))]
async fn session_start(
    State(state): State<WebState>,
    session: Session,
    Body(typed): Body<LogInBody>,
) -> Result<Reply<Me>, Failure> {
    let typed = LogIn {
        login: typed.login,
        password: typed.password,
    };
    Reply::ok(shown(&sign_in(&state, &session, typed).await?))
}

/// Log out
#[utoipa::path(delete, path = "/api/v1/session", tag = "account",
    responses((status = 204, description = "Logged out")))]
async fn session_end(session: Session, SignedIn(_actor): SignedIn) -> Result<StatusCode, Failure> {
    session.flush().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who am I
#[utoipa::path(get, path = "/api/v1/me", tag = "account",
    responses((status = 200, description = "Oneself", body = Me)))]
async fn me(SignedIn(actor): SignedIn) -> Result<Reply<Me>, Failure> {
    Reply::ok(shown(&actor))
}

/// A change of one's own password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordBody {
    old: String,
    /// At least 10 characters.
    new: String,
}

/// Change one's own password
///
/// All sessions end, this one too.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "account", request_body = PasswordBody,
    responses((status = 204, description = "Changed; log in again")))]
async fn password_change(
    State(state): State<WebState>,
    session: Session,
    SignedIn(actor): SignedIn,
    Body(typed): Body<PasswordBody>,
) -> Result<StatusCode, Failure> {
    let change = NewPassword {
        old: typed.old,
        new: typed.new,
    };
    state.app.password_change(&actor, change).await?;
    session.flush().await?;
    Ok(StatusCode::NO_CONTENT)
}
