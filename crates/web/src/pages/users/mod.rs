//! Users and their posts, for the security administrator. What one would get wrong: a post is a
//! role at a unit, never a list of permissions, and a set password is one to be changed. (用户与岗位)

mod person;

use axum::Form as Posted;
use axum::Router;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::{get, post};
use gangmu_app::UserView;
use serde::Serialize;

pub use person::Person;

use super::work::{self, Sent, sent};
use crate::i18n::Message;
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{Form, Query};

/// The addresses of users.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/users", get(show).post(add))
        .route("/users/{user}", get(person::show))
        .route("/users/{user}/posts", post(person::give))
        .route("/users/{user}/posts/{post}/take", post(person::take))
        .route("/users/{user}/password", post(person::password))
        .route("/users/{user}/disabled", post(person::disabled))
}

/// All users.
#[derive(Clone, Debug, Serialize)]
pub struct Users {
    pub query: Query,
    pub rows: Vec<User>,
    pub total: usize,
    pub form: Form,
}

/// One user.
#[derive(Clone, Debug, Serialize)]
pub struct User {
    pub user_id: i64,
    pub login: String,
    pub name: String,
    /// `active`, `locked` or `disabled`.
    pub state: &'static str,
    pub tone: &'static str,
    pub posts: Vec<Post>,
}

/// One post.
#[derive(Clone, Debug, Serialize)]
pub struct Post {
    pub post_id: i64,
    pub role: &'static str,
    pub unit: String,
    pub department: Option<String>,
}

async fn show(visit: Visit) -> Answer {
    let page = Users::load(&visit, Form::default()).await?;
    visit.page(&page).await
}

async fn add(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let (login, name) = (sent(&form, "login"), sent(&form, "display_name"));
    // A password may begin or end with a blank: it is taken as it was typed.
    let password = form
        .iter()
        .find(|(key, _)| key == "new")
        .map_or("", |(_, value)| value.as_str());
    match visit
        .app
        .user_add(&visit.actor, login, name, password)
        .await
    {
        Ok(user) => {
            visit
                .done(Message::new("users.added"), &format!("/users/{user}"))
                .await
        }
        Err(error) => {
            let typed = Form::default()
                .value("login", login)
                .value("display_name", name);
            let errors = match error {
                gangmu_app::AppError::Store(_) if error.code() == "exists" => {
                    vec![crate::view::FieldError {
                        field: "login".into(),
                        message: Message::new("users.login_taken"),
                    }]
                }
                error => work::problems(&visit, error)?,
            };
            let html = visit
                .page(&Users::load(&visit, Form { errors, ..typed }).await?)
                .await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
        }
    }
}

impl Users {
    async fn load(visit: &Visit, form: Form) -> Result<Self, Failure> {
        let all = visit.app.user_list(&visit.actor).await?;
        let wanted = visit.here.get("q").unwrap_or_default().to_lowercase();
        let total = all.len();
        let rows = all.into_iter().map(user).filter(|user| fits(user, &wanted));
        Ok(Self {
            rows: rows.collect(),
            total,
            query: visit.here.clone(),
            form,
        })
    }
}

fn fits(user: &User, wanted: &str) -> bool {
    let has = |text: &str| text.to_lowercase().contains(wanted);
    has(&user.login) || has(&user.name) || user.posts.iter().any(|post| has(&post.unit))
}

pub(super) fn user(user: UserView) -> User {
    let (state, tone) = match (user.disabled, user.locked) {
        (true, _) => ("disabled", ""),
        (false, true) => ("locked", "warn"),
        (false, false) => ("active", "good"),
    };
    User {
        user_id: user.user_id,
        login: user.login,
        name: user.display_name,
        state,
        tone,
        posts: user
            .posts
            .into_iter()
            .map(|post| Post {
                post_id: post.post_id,
                role: post.role,
                unit: post.unit,
                department: post.department,
            })
            .collect(),
    }
}

impl User {
    pub(super) fn sample() -> Self {
        Self {
            user_id: 4,
            login: "tongliao".into(),
            name: "通辽市发改委调度员".into(),
            state: "active",
            tone: "good",
            posts: vec![
                Post {
                    post_id: 9,
                    role: "clerk",
                    unit: "通辽市".into(),
                    department: None,
                },
                Post {
                    post_id: 10,
                    role: "officer",
                    unit: "通辽市".into(),
                    department: Some("能源局".into()),
                },
            ],
        }
    }
}

impl Page for Users {
    const TEMPLATE: &'static str = "pages/users.html";

    fn samples() -> Vec<Self> {
        let locked = User {
            user_id: 5,
            login: "horqin".into(),
            name: "科尔沁区发改委填报员".into(),
            state: "locked",
            tone: "warn",
            posts: Vec::new(),
        };
        let full = Self {
            query: Query::new("/users", &[]),
            rows: vec![User::sample(), locked],
            total: 2,
            form: Form::default(),
        };
        let none = Self {
            query: Query::new("/users", &[("q", "阿拉善")]),
            rows: Vec::new(),
            form: Form::default()
                .value("login", "通辽")
                .error("login", Message::new("account.bad_login")),
            ..full.clone()
        };
        vec![full, none]
    }
}
