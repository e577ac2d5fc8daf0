//! Logging in and out, changing the password, choosing the language: what works without a post.

use axum::extract::{Query as AxumQuery, State};
use axum::http::header::SET_COOKIE;
use axum::http::{StatusCode, Uri};
use axum::response::{AppendHeaders, IntoResponse as _, Redirect};
use axum::routing::{get, post};
use axum::{Form, Router};
use gangmu_app::{Actor, AppError, LogIn, NewPassword};
use serde::Deserialize;
use tower_sessions::Session;

use super::person::{frame, here, texts};
use super::{Answer, Failure, SignedIn, WebState, session, words};
use crate::dates;
use crate::i18n::{LANG_COOKIE, Lang, Message};
use crate::pages::login::Login;
use crate::pages::password::Password;
use crate::shell::{Notice, Tone};
use crate::view::{FieldError, Form as TypedForm};

/// The routes.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/login", get(ask).post(enter))
        .route("/logout", post(leave))
        .route("/language", post(choose_language))
        .route("/account/password", get(ask_password).post(change_password))
}

/// Checks a log-in and makes the session that person's.
///
/// # Errors
/// [`AppError::NotLoggedIn`] or [`AppError::Locked`], as a failure.
pub async fn sign_in(state: &WebState, session: &Session, typed: LogIn) -> Result<Actor, Failure> {
    let user = state.app.log_in(typed).await?;
    session::start(session, user, state.app.now()).await?;
    Ok(state.app.actor(user).await?)
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    next: String,
}

async fn ask(
    State(state): State<WebState>,
    lang: Lang,
    session: Session,
    uri: Uri,
    AxumQuery(asked): AxumQuery<Asked>,
) -> Answer {
    if session::actor_of(&state.app, &session).await?.is_some() {
        return Ok(Redirect::to(local(&asked.next)).into_response());
    }
    let shell = frame(&state, None, lang, here(&uri)).await;
    let page = Login {
        form: TypedForm::default(),
        next: local(&asked.next).to_owned(),
        accounts: state.options.demo_accounts.clone(),
    };
    Ok(state.templates.page(&shell, &page)?.into_response())
}

#[derive(Deserialize)]
struct Entry {
    user: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn enter(
    State(state): State<WebState>,
    lang: Lang,
    session: Session,
    Form(entry): Form<Entry>,
) -> Answer {
    let typed = LogIn {
        login: entry.user.clone(),
        password: entry.password,
    };
    let failure = match sign_in(&state, &session, typed).await {
        Ok(actor) => {
            let lang = Lang::from_tag(&actor.locale);
            let next = Redirect::to(local(&entry.next));
            let cookies = AppendHeaders(lang.map(|lang| (SET_COOKIE, language_cookie(lang))));
            return Ok((cookies, next).into_response());
        }
        Err(failure) => failure,
    };
    let message = match failure.app() {
        Some(AppError::NotLoggedIn) => Message::new("login.wrong"),
        Some(AppError::Locked { until }) => {
            let until = jiff::Timestamp::from_millisecond(*until).unwrap_or_default();
            Message::new("error.locked_hint").with("until", dates::instant(until))
        }
        _ => return Err(failure),
    };
    let shell = frame(&state, None, lang, crate::view::Query::new("/login", &[])).await;
    let page = Login {
        form: TypedForm::default()
            .value("user", entry.user)
            .error("user", message),
        next: local(&entry.next).to_owned(),
        accounts: state.options.demo_accounts.clone(),
    };
    let html = state.templates.page(&shell, &page)?;
    Ok((failure.status(), html).into_response())
}

async fn leave(session: Session) -> Answer {
    session.flush().await?;
    Ok(Redirect::to("/login").into_response())
}

#[derive(Deserialize)]
struct Choice {
    lang: String,
    #[serde(default)]
    next: String,
}

async fn choose_language(
    State(state): State<WebState>,
    session: Session,
    Form(choice): Form<Choice>,
) -> Answer {
    let lang = Lang::from_tag(&choice.lang).unwrap_or_default();
    if let Some(actor) = session::actor_of(&state.app, &session).await? {
        state.app.locale_choose(&actor, lang.tag()).await?;
    }
    let cookie = [(SET_COOKIE, language_cookie(lang))];
    Ok((cookie, Redirect::to(local(&choice.next))).into_response())
}

async fn ask_password(
    State(state): State<WebState>,
    lang: Lang,
    SignedIn(actor): SignedIn,
) -> Answer {
    password_page(&state, lang, &actor, TypedForm::default(), StatusCode::OK).await
}

#[derive(Deserialize)]
struct PasswordEntry {
    old: String,
    new: String,
    again: String,
}

async fn change_password(
    State(state): State<WebState>,
    lang: Lang,
    session: Session,
    SignedIn(actor): SignedIn,
    Form(entry): Form<PasswordEntry>,
) -> Answer {
    let texts = texts(&state, lang)?;
    let wrong = |errors: Vec<FieldError>| TypedForm {
        errors,
        ..TypedForm::default()
    };
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if entry.new != entry.again {
        let form = TypedForm::default().error("again", Message::new("account.passwords_differ"));
        return password_page(&state, lang, &actor, form, status).await;
    }
    let change = NewPassword {
        old: entry.old,
        new: entry.new,
    };
    match state.app.password_change(&actor, change).await {
        Ok(()) => {}
        Err(AppError::Invalid { messages }) => {
            let errors = messages
                .iter()
                .map(|m| words::field_error(texts, m))
                .collect();
            return password_page(&state, lang, &actor, wrong(errors), status).await;
        }
        Err(error) => return Err(error.into()),
    }
    // The change ended all sessions, this one too.
    session::start(&session, actor.user, state.app.now()).await?;
    let notice = Notice {
        tone: Tone::Good,
        message: Message::new("password.changed"),
    };
    session::put_notice(&session, &notice).await?;
    Ok(Redirect::to("/").into_response())
}

async fn password_page(
    state: &WebState,
    lang: Lang,
    actor: &Actor,
    form: TypedForm,
    status: StatusCode,
) -> Answer {
    let here = crate::view::Query::new("/account/password", &[]);
    let shell = frame(state, Some(actor), lang, here).await;
    let page = Password {
        form,
        due: actor.must_change_password,
    };
    Ok((status, state.templates.page(&shell, &page)?).into_response())
}

/// Remembers the language for a year.
fn language_cookie(lang: Lang) -> String {
    let tag = lang.tag();
    format!("{LANG_COOKIE}={tag}; Path=/; SameSite=Lax; HttpOnly; Max-Age=31536000")
}

/// Keeps a way onward inside this server; anything else leads to the home page.
fn local(next: &str) -> &str {
    let inside = next.starts_with('/')
        && !next.starts_with("//")
        && !next.contains('\\')
        && !next.chars().any(char::is_control);
    if inside { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn a_way_onward_never_leads_to_another_server() {
        for (next, expected) in [
            ("/projects?unit=150500", "/projects?unit=150500"),
            ("", "/"),
            ("projects", "/"),
            ("//elsewhere.example", "/"),
            ("/\\elsewhere.example", "/"),
            ("https://elsewhere.example", "/"),
            ("/a\r\nset-cookie: x", "/"),
        ] {
            assert_eq!(local(next), expected, "{next:?}");
        }
    }
}
