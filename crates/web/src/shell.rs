//! The frame around every page: who is signed in, where one is, what can be reached from here.
//! It holds only what was decided elsewhere: an entry that is not in `nav` is not shown.

use serde::{Deserialize, Serialize};

use crate::i18n::{Lang, Message};
use crate::view::Query;

/// Everything `base.html` needs, whatever the page.
#[derive(Clone, Debug, Serialize)]
pub struct Shell {
    pub lang: Lang,
    /// Path and query of this page, to come back to after a change of language.
    pub here: Query,
    pub account: Option<Account>,
    pub csrf_token: String,
    pub nav: Vec<NavGroup>,
    pub notices: Vec<Notice>,
    /// Notices to the person's unit they have not seen; none for those who read no figures.
    pub unread: Option<i64>,
    /// The data is invented, and every page says so: the day the story has come to.
    pub demonstration: Option<String>,
    pub version: &'static str,
}

/// The person at the desk.
#[derive(Clone, Debug, Serialize)]
pub struct Account {
    pub name: String,
    pub post: String,
    pub unit: String,
}

/// Entries under one heading (`nav.group.KEY`).
#[derive(Clone, Debug, Serialize)]
pub struct NavGroup {
    pub key: &'static str,
    pub items: Vec<NavItem>,
}

/// One entry (`nav.KEY`), with the number of things that wait there.
#[derive(Clone, Debug, Serialize)]
pub struct NavItem {
    pub key: &'static str,
    pub href: &'static str,
    pub icon: &'static str,
    pub waiting: i64,
}

/// What just happened, shown once on top of the next page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Notice {
    pub tone: Tone,
    pub message: Message,
}

/// How a notice or status feels.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Good,
    Info,
    Warn,
    Bad,
}

impl Shell {
    /// The frame for somebody not signed in.
    pub fn anonymous(lang: Lang, here: Query) -> Self {
        Self {
            lang,
            here,
            account: None,
            csrf_token: String::new(),
            nav: Vec::new(),
            notices: Vec::new(),
            unread: None,
            demonstration: None,
            version: env!("CARGO_PKG_VERSION"),
        }
    }

    /// A signed-in clerk of the demonstration region, for tests and the gallery.
    pub fn sample(lang: Lang) -> Self {
        let mut nav = full_nav();
        if let Some(item) = nav
            .iter_mut()
            .flat_map(|group| &mut group.items)
            .find(|item| item.key == "reviews")
        {
            item.waiting = 17;
        }
        Self {
            account: Some(Account {
                name: "通辽市发改委调度员".into(),
                post: "重大项目科".into(),
                unit: "通辽市".into(),
            }),
            csrf_token: "sample".into(),
            nav,
            notices: vec![Notice {
                tone: Tone::Good,
                message: Message::new("notice.saved"),
            }],
            unread: Some(2),
            demonstration: Some("2026-02-05".into()),
            ..Self::anonymous(
                lang,
                Query::new("/projects", &[("stage", "implementation")]),
            )
        }
    }
}

/// All entries there are, in their order; the caller drops what the person may not open.
pub fn full_nav() -> Vec<NavGroup> {
    let item = |key, href, icon| NavItem {
        key,
        href,
        icon,
        waiting: 0,
    };
    vec![
        NavGroup {
            key: "work",
            items: vec![
                item("home", "/", "home"),
                item("my", "/my", "user"),
                item("projects", "/projects", "list-details"),
                item("pipeline", "/pipeline", "timeline"),
                item("approvals", "/approvals", "list-check"),
                item("problems", "/problems", "flag"),
                item("plans", "/plans", "report-analytics"),
                item("supervision", "/supervision", "clipboard-data"),
                item("liaison", "/liaison", "users"),
                item("meetings", "/meetings", "speakerphone"),
                item("resolutions", "/resolutions", "clipboard-data"),
                item("dispatch", "/dispatch", "table"),
                item("reviews", "/review", "checks"),
                item("periods", "/periods", "calendar-stats"),
                item("programmes", "/programmes", "clipboard-data"),
                item("winter", "/winter", "building"),
                item("rollup", "/rollup", "chart-bar"),
            ],
        },
        NavGroup {
            key: "data",
            items: vec![
                item("import", "/imports", "file-import"),
                item("export", "/exports", "file-export"),
            ],
        },
        NavGroup {
            key: "manage",
            items: vec![
                item("organisation", "/organisation", "sitemap"),
                item("users", "/users", "users"),
                item("policies", "/policies", "scale"),
                item("outbox", "/outbox", "send"),
                item("audit", "/audit", "history"),
            ],
        },
    ]
}
