//! Units, users and posts, reference data.

use axum::extract::State;
use axum::http::StatusCode;
use gangmu_app::domain::organisation::{Role, UserId};
use gangmu_app::organisation::UnitNode;
use gangmu_app::{AppError, KeepPassword, ReferenceKind, UserView};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Asked, At, Body, Reply};
use crate::server::{Failure, Person, WebState};

pub fn routes() -> OpenApiRouter<WebState> {
    OpenApiRouter::new()
        .routes(routes!(units))
        .routes(routes!(users, user_add))
        .routes(routes!(user_disable))
        .routes(routes!(user_password))
        .routes(routes!(post_give))
        .routes(routes!(post_take))
        .routes(routes!(reference_import))
}

/// The tree of units one may look into
#[utoipa::path(get, path = "/api/v1/units", tag = "organisation",
    responses((status = 200, description = "The top unit with those below it", body = UnitNode)))]
async fn units(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<UnitNode>, Failure> {
    Reply::ok(state.app.unit_tree(&actor).await?)
}

/// All users with their posts
#[utoipa::path(get, path = "/api/v1/users", tag = "organisation",
    responses((status = 200, description = "The users by login", body = Vec<UserView>)))]
async fn users(
    State(state): State<WebState>,
    Person(actor): Person,
) -> Result<Reply<Vec<UserView>>, Failure> {
    Reply::ok(state.app.user_list(&actor).await?)
}

/// A new user.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUser {
    /// Letters, digits and `-_.@`.
    login: String,
    display_name: String,
    /// To be changed at the first log-in; at least 10 characters.
    password: String,
}

/// The number of what was made.
#[derive(Serialize, ToSchema)]
struct MadeUser {
    user_id: i64,
}

/// Add a user
#[utoipa::path(post, path = "/api/v1/users", tag = "organisation", request_body = NewUser,
    responses((status = 201, description = "Added", body = MadeUser)))]
async fn user_add(
    State(state): State<WebState>,
    Person(actor): Person,
    Body(new): Body<NewUser>,
) -> Result<Reply<MadeUser>, Failure> {
    let id = state
        .app
        .user_add(&actor, &new.login, &new.display_name, &new.password)
        .await?;
    Reply::created(MadeUser { user_id: id.0 })
}

/// Whether an account is out of use.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Disabled {
    disabled: bool,
}

/// Put an account out of use, or into use again
#[utoipa::path(patch, path = "/api/v1/users/{user}", tag = "organisation", params(("user" = i64, Path)),
    request_body = Disabled, responses((status = 204, description = "Done")))]
async fn user_disable(
    State(state): State<WebState>,
    Person(actor): Person,
    At(user): At<i64>,
    Body(typed): Body<Disabled>,
) -> Result<StatusCode, Failure> {
    state
        .app
        .user_set_disabled(&actor, UserId(user), typed.disabled)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A password set for somebody else.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SetPassword {
    password: String,
}

/// Set somebody's password, to be changed at the next log-in
#[utoipa::path(put, path = "/api/v1/users/{user}/password", tag = "organisation", params(("user" = i64, Path)),
    request_body = SetPassword, responses((status = 204, description = "Set; all their sessions ended")))]
async fn user_password(
    State(state): State<WebState>,
    Person(actor): Person,
    At(user): At<i64>,
    Body(typed): Body<SetPassword>,
) -> Result<StatusCode, Failure> {
    let keep = KeepPassword::MustChange;
    state
        .app
        .user_set_password(&actor, UserId(user), &typed.password, keep)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A post to be given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPost {
    role: String,
    /// The unit's code.
    unit: String,
    /// The department's code or name; absent for all.
    department: Option<String>,
}

/// Give a user a post
#[utoipa::path(post, path = "/api/v1/users/{user}/posts", tag = "organisation", params(("user" = i64, Path)),
    request_body = NewPost, responses((status = 204, description = "Given")))]
async fn post_give(
    State(state): State<WebState>,
    Person(actor): Person,
    At(user): At<i64>,
    Body(new): Body<NewPost>,
) -> Result<StatusCode, Failure> {
    let role = Role::from_word(&new.role).ok_or_else(|| unknown("role", &new.role))?;
    state
        .app
        .post_give(
            &actor,
            UserId(user),
            role,
            &new.unit,
            new.department.as_deref(),
        )
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Take a post away
#[utoipa::path(delete, path = "/api/v1/posts/{post}", tag = "organisation", params(("post" = i64, Path)),
    responses((status = 204, description = "Taken away")))]
async fn post_take(
    State(state): State<WebState>,
    Person(actor): Person,
    At(post): At<i64>,
) -> Result<StatusCode, Failure> {
    state.app.post_take(&actor, post).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// From when a file applies.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ValidFrom {
    /// The first day it applies, for policies; today when absent.
    #[param(value_type = Option<String>, format = Date)]
    valid_from: Option<jiff::civil::Date>,
}

/// Load a reference file or a policy
///
/// The body is the file's text: CSV or TOML as in the product's `data` folder.
#[utoipa::path(put, path = "/api/v1/reference/{kind}", tag = "organisation",
    params(("kind" = String, Path, description = "regions, departments, industries, calendar, gates, lights, groupings, dispatch, admission, synonyms"), ValidFrom),
    request_body(content = String, content_type = "text/plain"),
    responses((status = 204, description = "Loaded")))]
async fn reference_import(
    State(state): State<WebState>,
    Person(actor): Person,
    At(kind): At<String>,
    Asked(asked): Asked<ValidFrom>,
    text: String,
) -> Result<StatusCode, Failure> {
    let kind = ReferenceKind::from_word(&kind).ok_or(AppError::NotFound { what: "page" })?;
    let from = asked.valid_from.unwrap_or(state.app.today());
    state
        .app
        .reference_import(&actor, kind, &text, from)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A word that is not on its list.
pub(super) fn unknown(field: &str, found: &str) -> AppError {
    AppError::Invalid {
        messages: vec![gangmu_app::Message::new(
            "field.unknown_word",
            field,
            [found.to_owned()],
        )],
    }
}
