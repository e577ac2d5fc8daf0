//! One user: posts given and taken, the password set, the account put out of use.

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use gangmu_app::domain::organisation::{Role, UserId};
use gangmu_app::{AppError, KeepPassword};
use serde::Serialize;

use super::{User, user};
use crate::i18n::Message;
use crate::pages::common::name;
use crate::pages::work::{self, Sent, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, FieldError, Form};

/// One user.
#[derive(Clone, Debug, Serialize)]
pub struct Person {
    pub user: User,
    /// It is the administrator's own account, which they cannot put out of use.
    pub own: bool,
    pub roles: Vec<&'static str>,
    pub units: Vec<Choice>,
    pub departments: Vec<Choice>,
    pub form: Form,
}

pub(super) async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let page = Person::load(&visit, id, Form::default()).await?;
    visit.page(&page).await
}

pub(super) async fn give(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    let (role, unit) = (sent(&form, "role"), sent(&form, "unit"));
    let department = sent(&form, "department");
    let typed = Form::default()
        .value("role", role)
        .value("unit", unit)
        .value("department", department);
    let Some(known) = Role::from_word(role) else {
        let wrong = typed.error("role", Message::new("field.missing"));
        return refused(&visit, id, wrong).await;
    };
    let given = visit
        .app
        .post_give(&visit.actor, UserId(id), known, unit, Some(department))
        .await;
    answer(&visit, id, given, "users.post_given", typed).await
}

pub(super) async fn take(visit: Visit, Path((id, post)): Path<(i64, i64)>) -> Answer {
    // The post has to be this user's: an address made by hand takes nobody else's.
    let person = Person::load(&visit, id, Form::default()).await?;
    if !person.user.posts.iter().any(|own| own.post_id == post) {
        return Err(AppError::NotFound { what: "post" }.into());
    }
    let taken = visit.app.post_take(&visit.actor, post).await;
    answer(&visit, id, taken, "users.post_taken", Form::default()).await
}

pub(super) async fn password(
    visit: Visit,
    Path(id): Path<i64>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let typed = form
        .iter()
        .find(|(key, _)| key == "new")
        .map_or("", |(_, value)| value.as_str());
    let set = visit
        .app
        .user_set_password(&visit.actor, UserId(id), typed, KeepPassword::MustChange)
        .await;
    answer(&visit, id, set, "users.password_set", Form::default()).await
}

pub(super) async fn disabled(
    visit: Visit,
    Path(id): Path<i64>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let disabled = sent(&form, "disabled") == "true";
    if disabled && visit.actor.user == UserId(id) {
        let wrong = Form::default().error("", Message::new("users.not_oneself"));
        return refused(&visit, id, wrong).await;
    }
    let set = visit
        .app
        .user_set_disabled(&visit.actor, UserId(id), disabled)
        .await;
    let key = if disabled {
        "users.now_disabled"
    } else {
        "users.now_active"
    };
    answer(&visit, id, set, key, Form::default()).await
}

async fn answer(
    visit: &Visit,
    id: i64,
    done: Result<(), AppError>,
    key: &str,
    typed: Form,
) -> Answer {
    match done {
        Ok(()) => visit.done(Message::new(key), &format!("/users/{id}")).await,
        Err(error) => {
            let errors: Vec<FieldError> = work::problems(visit, error)?;
            refused(visit, id, Form { errors, ..typed }).await
        }
    }
}

async fn refused(visit: &Visit, id: i64, form: Form) -> Answer {
    let html = visit.page(&Person::load(visit, id, form).await?).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

impl Person {
    async fn load(visit: &Visit, id: i64, form: Form) -> Result<Self, Failure> {
        let all = visit.app.user_list(&visit.actor).await?;
        let found = all.into_iter().find(|user| user.user_id == id);
        let found = found.ok_or(AppError::NotFound { what: "user" })?;
        let reference = visit.app.reference().await?;
        let all = reference.departments_at(&visit.actor.unit()).into_iter();
        let departments = all.map(|one| {
            let label = name(visit.lang, &one.name, &one.name_en);
            Choice::new(one.code, label)
        });
        Ok(Self {
            own: visit.actor.user == UserId(id),
            user: user(found),
            roles: Role::ALL.iter().map(|role| role.word()).collect(),
            units: work::units(visit).await?,
            departments: departments.collect(),
            form,
        })
    }
}

impl Page for Person {
    const TEMPLATE: &'static str = "pages/user.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            user: User::sample(),
            own: false,
            roles: Role::ALL.iter().map(|role| role.word()).collect(),
            units: vec![
                Choice::new("150500", "通辽市"),
                Choice::new("150502", "　科尔沁区"),
            ],
            departments: vec![Choice::new("energy", "能源局")],
            form: Form::default(),
        };
        let refused = Self {
            user: User {
                state: "disabled",
                tone: "",
                posts: Vec::new(),
                ..User::sample()
            },
            own: true,
            form: Form::default().value("role", "officer").error(
                "department",
                Message::new("account.officer_needs_department"),
            ),
            ..full.clone()
        };
        vec![full, refused]
    }
}
