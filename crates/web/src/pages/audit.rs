//! The audit trail, newest first: who did what, when, on what. (操作记录)

use axum::Router;
use axum::routing::get;
use serde::Serialize;

use super::work;
use crate::i18n::{Message, Texts};
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};
use crate::view::Query;

/// As many lines as the use case returns at once.
const PER_PAGE: usize = 100;

/// The address of the page.
pub fn routes() -> Router<WebState> {
    Router::new().route("/audit", get(show))
}

/// A page of the trail.
#[derive(Clone, Debug, Serialize)]
pub struct Audit {
    pub query: Query,
    pub rows: Vec<Row>,
    pub newer: Option<String>,
    pub older: Option<String>,
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// RFC 3339.
    pub at: String,
    pub who: String,
    pub action: String,
    pub subject: String,
    /// The page of what it was done to, where there is one.
    pub href: Option<String>,
    /// This subject alone.
    pub only: String,
    pub detail: String,
}

async fn show(visit: Visit) -> Answer {
    let page = work::page(&visit.here);
    let subject = visit.here.get("subject").unwrap_or_default().to_owned();
    let lines = visit.app.audit_list(&visit.actor, &subject, page).await?;
    let texts = visit.texts()?;
    let to = |page: i64| visit.here.with("page", &page.to_string()).href();
    let page = Audit {
        newer: (page > 1).then(|| to(page - 1)),
        older: (lines.len() == PER_PAGE).then(|| to(page + 1)),
        query: visit.here.clone(),
        rows: lines
            .into_iter()
            .map(|line| Row {
                at: work::instant(line.at),
                who: if line.user_id == 0 {
                    texts.message(&Message::new("audit.system"))
                } else {
                    line.who
                },
                action: action(texts, &line.action),
                href: href(&line.subject),
                only: Query::new("/audit", &[("subject", &line.subject)]).href(),
                subject: line.subject,
                detail: Some(line.detail)
                    .filter(|text| text != "{}")
                    .unwrap_or_default(),
            })
            .collect(),
    };
    visit.page(&page).await
}

/// The words of an action; one that has none yet shows as itself.
fn action(texts: &Texts, word: &str) -> String {
    let key = ["audit.action.", word].concat();
    if texts.has(&key) {
        texts.message(&Message::new(key))
    } else {
        word.to_owned()
    }
}

/// Where the subject of a line is shown.
fn href(subject: &str) -> Option<String> {
    let (kind, rest) = subject.split_once(':')?;
    match kind {
        "project" => Some(format!("/projects/{rest}")),
        "period" => Some(format!("/periods/{rest}")),
        "import" => Some(format!("/imports/{rest}")),
        "user" => Some(format!("/users/{rest}")),
        "programme" => Some(format!("/programmes/{rest}")),
        "return" => {
            let (project, period) = rest.split_once(':')?;
            Some(format!("/dispatch/{period}/{project}"))
        }
        _ => None,
    }
}

impl Page for Audit {
    const TEMPLATE: &'static str = "pages/audit.html";

    fn samples() -> Vec<Self> {
        let row = |who: &str, action: &str, subject: &str, detail: &str| Row {
            at: "2026-01-05T02:12:00Z".into(),
            who: who.into(),
            action: action.into(),
            subject: subject.into(),
            href: href(subject),
            only: "/audit?subject=return".into(),
            detail: detail.into(),
        };
        let full = Self {
            query: Query::new("/audit", &[]),
            rows: vec![
                row("通辽市发改委调度员", "退回月报", "return:17:2025-12", ""),
                row(
                    "通辽市发改委调度员",
                    "催报",
                    "period:2025-12",
                    "{\"units\":7}",
                ),
                row("系统", "登录", "user:4", ""),
            ],
            newer: None,
            older: Some("/audit?page=2".into()),
        };
        let empty = Self {
            query: Query::new("/audit", &[("subject", "project:99")]),
            rows: Vec::new(),
            older: None,
            ..full.clone()
        };
        vec![full, empty]
    }
}

#[cfg(test)]
mod tests {
    use super::href;

    #[test]
    fn a_line_leads_to_what_it_was_done_to() {
        for (subject, expected) in [
            ("project:17", Some("/projects/17")),
            ("return:17:2025-12", Some("/dispatch/2025-12/17")),
            ("period:2025-12", Some("/periods/2025-12")),
            ("return:17", None),
            ("lights", None),
        ] {
            assert_eq!(href(subject).as_deref(), expected, "{subject}");
        }
    }
}
