//! One's inbox, newest first: who was chased for what, with the way to do it. What one would get
//! wrong: the page shows what is new and notes it as seen; opening it again shows it as read.
//! (通知)

mod feed;
mod outbox;
mod preferences;
mod words;

use axum::Router;
use axum::routing::get;
use gangmu_app::notices::{NoticeView, NoticesOf};
use serde::Serialize;

pub use outbox::Outbox;
pub use preferences::Preferences;
pub use words::wording;

use super::{common, work};
use crate::i18n::{Message, Texts};
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::{Link, Query};

/// The addresses of the pages.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/notices", get(show))
        .merge(preferences::routes())
        .merge(outbox::routes())
        .merge(feed::routes())
}

/// A page of notices.
#[derive(Clone, Debug, Serialize)]
pub struct Notices {
    pub tabs: Vec<Link>,
    pub all_units: bool,
    pub unread: i64,
    pub rows: Vec<Row>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// One notice.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// RFC 3339.
    pub at: String,
    pub who: String,
    pub unit: String,
    pub text: String,
    pub href: Option<String>,
    pub unread: bool,
}

async fn show(visit: Visit) -> Answer {
    let page = work::page(&visit.here);
    let all_units = visit.here.get("all").is_some();
    let of = if all_units {
        NoticesOf::AllUnits
    } else {
        NoticesOf::Inbox
    };
    let found = visit.app.notice_page(&visit.actor, of, page).await?;
    if let (false, Some(newest)) = (all_units, found.rows.first()) {
        visit
            .app
            .notices_seen(&visit.actor, newest.notice_id)
            .await?;
    }
    let texts = visit.texts()?;
    let to = |page: i64| visit.here.with("page", &page.to_string()).href();
    let shown = Notices {
        tabs: tabs(texts),
        all_units,
        unread: found.unread,
        rows: found.rows.into_iter().map(|one| row(texts, one)).collect(),
        newer: (page > 1).then(|| to(page - 1)),
        older: found.more.then(|| to(page + 1)),
    };
    visit.page(&shown).await
}

fn tabs(texts: &Texts) -> Vec<Link> {
    [("notices.own", ""), ("notices.all", "1")]
        .into_iter()
        .map(|(key, value)| {
            let href = Query::new("/notices", &[]).with("all", value).href();
            Link::new(texts.message(&Message::new(key)), href)
        })
        .collect()
}

fn row(texts: &Texts, notice: NoticeView) -> Row {
    let unit = common::unit_name(texts.lang(), &notice.unit);
    Row {
        at: work::instant(notice.at),
        text: words::text(texts, &notice, &unit, words::Told::InFull),
        href: words::href(&notice),
        who: notice.who,
        unit,
        unread: notice.unread,
    }
}

impl Page for Notices {
    const TEMPLATE: &'static str = "pages/notices.html";

    fn samples() -> Vec<Self> {
        let row = |unread| Row {
            at: "2026-01-06T01:30:00Z".into(),
            who: "通辽市发改委调度员".into(),
            unit: "科尔沁区".into(),
            text: "科尔沁区2025年12月月报还有 7 项未报送，应于2026年1月8日前报送。".into(),
            href: Some("/projects?on_list=1&period=2025-12&unit=150502&facet=not_reported".into()),
            unread,
        };
        let full = Self {
            tabs: vec![
                Link::new("收件箱", "/notices"),
                Link::new("范围内全部", "/notices?all=1"),
            ],
            all_units: false,
            unread: 1,
            rows: vec![row(true), row(false)],
            newer: None,
            older: Some("/notices?page=2".into()),
        };
        let empty = Self {
            all_units: true,
            unread: 0,
            rows: Vec::new(),
            older: None,
            ..full.clone()
        };
        vec![full, empty]
    }
}
