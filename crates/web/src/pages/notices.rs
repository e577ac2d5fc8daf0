//! Notices to one's unit, newest first: who was chased for what, with the way to do it. What one
//! would get wrong: the page shows what is new and notes it as seen; opening it again shows it as
//! read. (催报)

use axum::Router;
use axum::routing::get;
use gangmu_app::notices::{NoticeView, NoticesOf};
use serde::Serialize;

use super::{common, work};
use crate::i18n::{Message, Texts};
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::{Link, Query};

/// The address of the page.
pub fn routes() -> Router<WebState> {
    Router::new().route("/notices", get(show))
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
        NoticesOf::OwnUnit
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
        text: text(texts, &notice, &unit),
        href: href(&notice),
        who: notice.who,
        unit,
        unread: notice.unread,
    }
}

fn text(texts: &Texts, notice: &NoticeView, unit: &str) -> String {
    let day = |text: &str| {
        crate::dates::parse(text).map_or_else(
            || text.to_owned(),
            |day| crate::dates::day(day, texts.lang()),
        )
    };
    let month = notice.period.as_deref().and_then(crate::dates::parse);
    let month = month.map(|day| crate::dates::month(day, texts.lang()));
    let message = match (notice.kind.as_str(), notice.late) {
        ("chase", Some(late)) => Message::new("notices.chase")
            .with("n", late)
            .with("due", day(notice.due_on.as_deref().unwrap_or_default())),
        ("reopened", _) => Message::new("notices.reopened")
            .with("reason", notice.reason.clone().unwrap_or_default()),
        ("approval", _) => Message::new("notices.approval")
            .with("matter", notice.matter.clone().unwrap_or_default())
            .with("due", day(notice.due_on.as_deref().unwrap_or_default())),
        ("sitting", _) => sitting(texts, notice, day),
        ("letter", _) => Message::new("notices.letter")
            .with("title", notice.matter.clone().unwrap_or_default())
            .with("n", notice.late.unwrap_or_default())
            .with("due", day(notice.due_on.as_deref().unwrap_or_default())),
        ("problem", _) => problem(texts, notice, day),
        _ => Message::new("notices.other"),
    };
    let message = message.with("unit", unit.to_owned());
    texts.message(&message.with("month", month.unwrap_or_default()))
}

/// Which department a sitting asks, and until when its silence is no agreement yet.
fn sitting(texts: &Texts, notice: &NoticeView, day: impl Fn(&str) -> String) -> Message {
    let asked = notice.department.as_ref();
    let asked = asked.map(|one| common::name(texts.lang(), &one.name, &one.name_en));
    Message::new("notices.sitting")
        .with("title", notice.matter.clone().unwrap_or_default())
        .with("department", asked.unwrap_or_default())
        .with("due", day(notice.due_on.as_deref().unwrap_or_default()))
}

/// What was done with a problem, and until when the next step is due.
fn problem(texts: &Texts, notice: &NoticeView, day: impl Fn(&str) -> String) -> Message {
    let act = crate::server::words::word(
        texts,
        "problems.act.",
        notice.act.as_deref().unwrap_or_default(),
    );
    Message::new("notices.problem")
        .with("act", act)
        .with("title", notice.matter.clone().unwrap_or_default())
        .with("due", day(notice.due_on.as_deref().unwrap_or_default()))
}

/// Where the work is: the project's return, the month, its returns not handed in, or the project.
fn href(notice: &NoticeView) -> Option<String> {
    if let Some(problem) = notice.problem_id {
        return Some(format!("/problems/{problem}"));
    }
    if let Some(sitting) = notice.sitting_id {
        return Some(format!("/approvals/sittings/{sitting}"));
    }
    match (&notice.period, notice.project_id) {
        (Some(period), None) if notice.kind != "chase" => {
            let path = format!("/dispatch/{period}");
            Some(Query::new(path, &[("unit", &notice.unit.code)]).href())
        }
        (Some(period), Some(project)) => Some(format!("/dispatch/{period}/{project}")),
        (Some(period), None) => {
            let unit = notice.unit.code.as_str();
            let late = [
                ("on_list", "1"),
                ("period", period.as_str()),
                ("unit", unit),
                ("facet", "not_reported"),
            ];
            Some(Query::new("/projects", &late).href())
        }
        (None, Some(project)) if notice.kind == "approval" => {
            Some(format!("/projects/{project}/approvals"))
        }
        (None, Some(project)) => Some(format!("/projects/{project}")),
        (None, None) if notice.kind == "letter" => Some("/approvals/letters#letters".to_owned()),
        (None, None) => None,
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
                Link::new("发给本单位", "/notices"),
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
