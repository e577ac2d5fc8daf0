//! Who is asking. A handler that takes [`Person`] or [`Visit`] is never run for somebody who is not
//! logged in, nor for somebody who has to change the password first.

use axum::extract::{FromRequestParts, Query as AxumQuery};
use axum::http::Uri;
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Redirect};
use gangmu_app::domain::organisation::Action;
use gangmu_app::{Actor, App, AppError};
use tower_sessions::Session;

use super::{Answer, Failure, WebState, session, words};
use crate::i18n::{Lang, Message, Texts};
use crate::pages::common::name;
use crate::render::Page;
use crate::shell::{Account, NavGroup, Notice, Shell, Tone, full_nav};
use crate::view::Query;

/// Somebody logged in, whatever else they have to do first.
pub struct SignedIn(pub Actor);

/// Somebody logged in who may go on: what handlers of the API take.
pub struct Person(pub Actor);

/// A visit to a page by somebody logged in: who, in which language, and the frame around it.
pub struct Visit {
    /// The use cases.
    pub app: App,
    /// Who.
    pub actor: Actor,
    /// In which language.
    pub lang: Lang,
    /// The address asked for: path and parameters.
    pub here: Query,
    state: WebState,
    session: Session,
}

impl Visit {
    /// Answers with a page.
    ///
    /// # Errors
    /// When the page cannot be rendered.
    pub async fn page<P: Page>(&self, page: &P) -> Answer {
        let mut shell = frame(&self.state, Some(&self.actor), self.lang, self.here.clone()).await;
        shell.notices = session::take_notices(&self.session).await?;
        Ok(self.state.templates.page(&shell, page)?.into_response())
    }

    /// Answers a form that did its work: goes to a page that begins with a word about it.
    ///
    /// # Errors
    /// When the session cannot be saved.
    pub async fn done(&self, message: Message, next: &str) -> Answer {
        let notice = Notice {
            tone: Tone::Good,
            message,
        };
        session::put_notice(&self.session, &notice).await?;
        Ok(Redirect::to(next).into_response())
    }

    /// The texts of the visit's language.
    ///
    /// # Errors
    /// Never in a built binary: both languages are loaded at the start.
    pub fn texts(&self) -> Result<&Texts, Failure> {
        texts(&self.state, self.lang)
    }

    /// Says whether any of the person's posts allows an action: whether to show the button.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        self.actor.may(action)
    }

    /// What is wrong with a form, ready to stand beside its fields; any other error goes on.
    ///
    /// # Errors
    /// What is not about the form's fields.
    pub fn field_errors(&self, error: AppError) -> Result<Vec<crate::view::FieldError>, Failure> {
        match error {
            AppError::Invalid { messages } => {
                let texts = self.texts()?;
                Ok(messages
                    .iter()
                    .map(|m| words::field_error(texts, m))
                    .collect())
            }
            other => Err(other.into()),
        }
    }
}

impl FromRequestParts<WebState> for SignedIn {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let session = session_of(parts)?;
        let actor = session::actor_of(&state.app, &session).await?;
        Ok(Self(actor.ok_or(AppError::NotLoggedIn)?))
    }
}

impl FromRequestParts<WebState> for Person {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let SignedIn(actor) = SignedIn::from_request_parts(parts, state).await?;
        if actor.must_change_password {
            return Err(Failure::password_due());
        }
        Ok(Self(actor))
    }
}

impl FromRequestParts<WebState> for Visit {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &WebState) -> Result<Self, Failure> {
        let Person(actor) = Person::from_request_parts(parts, state).await?;
        Ok(Self {
            app: state.app.clone(),
            actor,
            lang: Lang::from_headers(&parts.headers),
            here: here(&parts.uri),
            state: state.clone(),
            session: session_of(parts)?,
        })
    }
}

/// Returns the frame around a page.
pub(super) async fn frame(
    state: &WebState,
    actor: Option<&Actor>,
    lang: Lang,
    here: Query,
) -> Shell {
    let demonstration = state.options.demonstration;
    let mut shell = Shell {
        demonstration: demonstration.then(|| state.app.today().to_string()),
        ..Shell::anonymous(lang, here)
    };
    if let Some(actor) = actor {
        shell.account = Some(account(state, actor, lang).await);
        if !actor.must_change_password {
            shell.nav = nav_of(actor);
            if actor.may(Action::Read) {
                // The frame of a page must not fail for the sake of a number beside a bell.
                shell.unread = state.app.notices_unread(actor).await.ok();
            }
        }
    }
    shell
}

/// Reads the address asked for.
pub(super) fn here(uri: &Uri) -> Query {
    let params = AxumQuery::<Vec<(String, String)>>::try_from_uri(uri);
    Query {
        path: uri.path().to_owned(),
        params: params.map(|AxumQuery(params)| params).unwrap_or_default(),
    }
}

pub(super) fn texts(state: &WebState, lang: Lang) -> Result<&Texts, Failure> {
    state
        .templates
        .texts(lang)
        .ok_or_else(|| AppError::state("internal").into())
}

fn session_of(parts: &Parts) -> Result<Session, Failure> {
    parts
        .extensions
        .get::<Session>()
        .cloned()
        .ok_or_else(|| AppError::state("internal").into())
}

async fn account(state: &WebState, actor: &Actor, lang: Lang) -> Account {
    let first = actor.posts().first();
    let unit = match (first, state.app.reference().await) {
        (Some(post), Ok(reference)) => reference.unit(&post.unit).map_or_else(
            || reference.unit_name(&post.unit),
            |unit| name(lang, &unit.short_name, &unit.name_en),
        ),
        _ => String::new(),
    };
    let post = match (first, texts(state, lang)) {
        (Some(post), Ok(texts)) => words::word(texts, "role.", post.role.word()),
        _ => String::new(),
    };
    Account {
        name: actor.name.clone(),
        post,
        unit,
    }
}

/// Keeps the entries the person may open.
fn nav_of(actor: &Actor) -> Vec<NavGroup> {
    let may = |key: &str| match key {
        "my" => actor.may(Action::RecordVisit),
        "reviews" => actor.may(Action::Review),
        "import" => actor.may(Action::Import),
        "export" => actor.may(Action::Export),
        "users" => actor.may(Action::ManageUsers),
        "organisation" => [Action::Read, Action::ManageUsers, Action::ManageReference]
            .iter()
            .any(|action| actor.may(*action)),
        "policies" => actor.may(Action::ManagePolicies) || actor.may(Action::ManageReference),
        "outbox" => actor.may(Action::ManageChannels),
        "audit" => actor.may(Action::ReadAudit),
        _ => actor.may(Action::Read),
    };
    let mut groups = full_nav();
    for group in &mut groups {
        group.items.retain(|item| may(item.key));
    }
    groups.retain(|group| !group.items.is_empty());
    groups
}
