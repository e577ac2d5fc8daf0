//! What waits to leave the house, for the system administrator: where it stands and what went
//! wrong, and nothing of what it says. (发送队列)

use axum::Router;
use axum::extract::Path;
use axum::routing::{get, post};
use gangmu_app::domain::notices::{Dispatched, NoticeKind};
use gangmu_app::notices::{OutboxPage, OutboxRowView, RobotView};
use serde::Serialize;

use crate::i18n::Message;
use crate::pages::work;
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::Query;

pub(super) fn routes() -> Router<WebState> {
    Router::new()
        .route("/outbox", get(show))
        .route("/outbox/{copy}/again", post(again))
}

/// The outbox.
#[derive(Clone, Debug, Serialize)]
pub struct Outbox {
    /// All, and each state with how many copies stand there.
    pub tabs: Vec<Tab>,
    pub troubled: i64,
    pub has_mail: bool,
    pub robots: Vec<RobotView>,
    pub rows: Vec<Row>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// One state of copies.
#[derive(Clone, Debug, Serialize)]
pub struct Tab {
    /// The state's word; empty for all.
    pub state: &'static str,
    pub n: i64,
    pub href: String,
    pub current: bool,
}

/// One copy.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub outbox_id: i64,
    pub channel: String,
    pub recipient: String,
    pub kind: String,
    pub state: String,
    pub tone: &'static str,
    /// RFC 3339.
    pub created_at: String,
    /// When it is tried next, or when it ended.
    pub at: String,
    pub attempts: i64,
    pub error: String,
    /// Whether it can be tried again.
    pub again: bool,
}

async fn show(visit: Visit) -> Answer {
    let page = work::page(&visit.here);
    let state = visit.here.get("state").and_then(Dispatched::from_word);
    let found = visit.app.outbox_page(&visit.actor, state, page).await?;
    let to = |page: i64| visit.here.with("page", &page.to_string()).href();
    let shown = Outbox {
        tabs: tabs(&found, state),
        troubled: found.tally.troubled,
        has_mail: found.has_mail,
        newer: (page > 1).then(|| to(page - 1)),
        older: found.more.then(|| to(page + 1)),
        robots: found.robots,
        rows: found.rows.into_iter().map(row).collect(),
    };
    visit.page(&shown).await
}

async fn again(visit: Visit, Path(copy): Path<i64>) -> Answer {
    visit.app.outbox_again(&visit.actor, copy).await?;
    visit.done(Message::new("outbox.trying"), "/outbox").await
}

fn tabs(found: &OutboxPage, chosen: Option<Dispatched>) -> Vec<Tab> {
    let tally = &found.tally;
    let of = |state| match state {
        Dispatched::Waiting => tally.waiting + tally.troubled,
        Dispatched::Sending => tally.sending,
        Dispatched::Sent => tally.sent,
        Dispatched::Failed => tally.failed,
        Dispatched::Dropped => tally.dropped,
    };
    let tab = |state: Option<Dispatched>| Tab {
        state: state.map_or("", Dispatched::word),
        n: state.map_or_else(|| Dispatched::ALL.iter().map(|one| of(*one)).sum(), of),
        href: Query::new("/outbox", &[])
            .with("state", state.map_or("", Dispatched::word))
            .href(),
        current: state == chosen,
    };
    let states = Dispatched::ALL.iter().map(|state| Some(*state));
    std::iter::once(None).chain(states).map(tab).collect()
}

fn row(copy: OutboxRowView) -> Row {
    let troubled = copy.state == "waiting" && !copy.last_error.is_empty();
    Row {
        tone: match copy.state.as_str() {
            "sent" => "good",
            "failed" => "bad",
            "waiting" if troubled => "warn",
            "waiting" | "sending" => "wait",
            _ => "",
        },
        again: troubled || copy.state == "failed",
        outbox_id: copy.outbox_id,
        channel: copy.channel,
        recipient: copy.recipient,
        kind: NoticeKind::of(&copy.kind).word().to_owned(),
        state: copy.state,
        created_at: work::instant(copy.created_at),
        at: work::instant(copy.ended_at.unwrap_or(copy.not_before_at)),
        attempts: copy.attempts,
        error: copy.last_error,
    }
}

impl Page for Outbox {
    const TEMPLATE: &'static str = "pages/outbox.html";

    fn samples() -> Vec<Self> {
        let copy = |outbox_id, state: &str, error: &str| OutboxRowView {
            outbox_id,
            channel: if outbox_id % 2 == 0 { "robot" } else { "mail" }.into(),
            recipient: "科尔沁区发改委填报员".into(),
            kind: "chase".into(),
            state: state.into(),
            created_at: 1_767_600_000_000,
            not_before_at: 1_767_603_600_000,
            attempts: 3,
            ended_at: (state == "sent").then_some(1_767_603_700_000),
            last_error: error.into(),
        };
        let found = OutboxPage {
            has_mail: false,
            robots: vec![RobotView {
                name: "通辽重大项目群".into(),
                unit: "150500".into(),
                personal: false,
            }],
            tally: gangmu_app::notices::OutboxTallyView {
                waiting: 2,
                troubled: 1,
                sent: 40,
                failed: 1,
                ..Default::default()
            },
            rows: vec![
                copy(1, "waiting", ""),
                copy(2, "waiting", "connection refused"),
                copy(3, "sent", ""),
                copy(4, "failed", "310000 sign not match"),
            ],
            page: 1,
            more: true,
        };
        let full = Self {
            tabs: tabs(&found, None),
            troubled: 1,
            has_mail: found.has_mail,
            robots: found.robots,
            rows: found.rows.into_iter().map(row).collect(),
            newer: None,
            older: Some("/outbox?page=2".into()),
        };
        let empty = Self {
            rows: Vec::new(),
            robots: Vec::new(),
            troubled: 0,
            has_mail: true,
            older: None,
            ..full.clone()
        };
        vec![full, empty]
    }
}
