//! How one wants to hear of notices, and the address of one's calendar. (通知设置)

use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::routing::get;
use axum::{Form as Posted, Router};
use gangmu_app::domain::notices::{NoticeKind, Way};
use gangmu_app::notices::PreferenceView;
use serde::Serialize;

use crate::i18n::Message;
use crate::pages::work::{self, Sent, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::Form;

pub(super) fn routes() -> Router<WebState> {
    Router::new().route("/notices/preferences", get(show).post(save))
}

/// How one hears of notices.
#[derive(Clone, Debug, Serialize)]
pub struct Preferences {
    pub form: Form,
    /// The words of the kinds of notices.
    pub kinds: Vec<&'static str>,
    /// The words of the ways.
    pub ways: Vec<&'static str>,
    /// Whether there is a mail server to send by.
    pub has_mail: bool,
    /// Since when one's calendar has its address, RFC 3339; nothing when it has none.
    pub calendar_since: Option<String>,
}

async fn show(visit: Visit) -> Answer {
    let found = visit.app.notice_preference(&visit.actor).await?;
    let page = Preferences::load(&visit, form_of(&found)).await?;
    visit.page(&page).await
}

async fn save(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let ways = NoticeKind::ALL.iter().map(|kind| {
        let way = sent(&form, &format!("way_{}", kind.word()));
        (kind.word().to_owned(), way.to_owned())
    });
    let typed = PreferenceView {
        version: sent(&form, "version").parse().unwrap_or(-1),
        address: sent(&form, "address").to_owned(),
        ways: ways.filter(|(_, way)| !way.is_empty()).collect(),
        quiet_from: sent(&form, "quiet_from").to_owned(),
        quiet_to: sent(&form, "quiet_to").to_owned(),
        digest_time: sent(&form, "digest_time").to_owned(),
    };
    match visit.app.notice_preference_save(&visit.actor, &typed).await {
        Ok(()) => {
            let done = Message::new("preferences.saved");
            visit.done(done, "/notices/preferences").await
        }
        Err(error) => {
            let errors = work::problems(&visit, error)?;
            let form = Form {
                errors,
                ..form_of(&typed)
            };
            refused(&visit, form).await
        }
    }
}

async fn refused(visit: &Visit, form: Form) -> Answer {
    let html = visit.page(&Preferences::load(visit, form).await?).await?;
    Ok::<_, Failure>((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

fn form_of(view: &PreferenceView) -> Form {
    let form = Form::default()
        .value("version", view.version.to_string())
        .value("address", view.address.clone())
        .value("quiet_from", view.quiet_from.clone())
        .value("quiet_to", view.quiet_to.clone())
        .value("digest_time", view.digest_time.clone());
    view.ways.iter().fold(form, |form, (kind, way)| {
        form.value(&format!("way_{kind}"), way.clone())
    })
}

impl Preferences {
    async fn load(visit: &Visit, form: Form) -> Result<Self, Failure> {
        let since = visit.app.calendar_since(&visit.actor).await?;
        Ok(Self {
            form,
            kinds: NoticeKind::ALL.iter().map(|kind| kind.word()).collect(),
            ways: Way::ALL.iter().map(|way| way.word()).collect(),
            has_mail: visit.app.sends_mail(),
            calendar_since: since.map(work::instant),
        })
    }
}

impl Page for Preferences {
    const TEMPLATE: &'static str = "pages/notice_preferences.html";

    fn samples() -> Vec<Self> {
        let form = Form::default()
            .value("version", "3")
            .value("address", "horqin@example.gov.cn")
            .value("quiet_from", "20:00")
            .value("quiet_to", "07:30")
            .value("digest_time", "08:30")
            .value("way_chase", "at_once")
            .value("way_problem", "digest");
        let full = Self {
            form,
            kinds: NoticeKind::ALL.iter().map(|kind| kind.word()).collect(),
            ways: Way::ALL.iter().map(|way| way.word()).collect(),
            has_mail: true,
            calendar_since: Some("2026-01-05T04:00:00Z".into()),
        };
        let wrong = Self {
            form: full.form.clone().error(
                "address",
                Message::new("notices.address_bad").with("0", "horqin"),
            ),
            has_mail: false,
            calendar_since: None,
            ..full.clone()
        };
        vec![full, wrong]
    }
}
