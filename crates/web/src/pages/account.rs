//! One's own account: posts and what they allow, language, password. (我的账号)

use axum::Router;
use axum::routing::get;
use gangmu_app::domain::organisation::Action;
use serde::Serialize;

use super::common;
use crate::render::Page;
use crate::server::{Answer, Visit, WebState};

/// The address of the page; changing the password has its own.
pub fn routes() -> Router<WebState> {
    Router::new().route("/account", get(show))
}

/// Who one is here.
#[derive(Clone, Debug, Serialize)]
pub struct OwnAccount {
    pub name: String,
    pub posts: Vec<OwnPost>,
    /// The words of what the posts allow together.
    pub may: Vec<&'static str>,
}

/// A post one holds.
#[derive(Clone, Debug, Serialize)]
pub struct OwnPost {
    pub role: &'static str,
    pub unit: String,
    pub department: Option<String>,
}

async fn show(visit: Visit) -> Answer {
    let reference = visit.app.reference().await?;
    let posts = visit.actor.posts().iter().map(|post| OwnPost {
        role: post.role.word(),
        unit: reference.unit(&post.unit).map_or_else(
            || reference.unit_name(&post.unit),
            |unit| common::name(visit.lang, &unit.short_name, &unit.name_en),
        ),
        department: post
            .department
            .and_then(|id| reference.department_at(&post.unit, id))
            .map(|one| common::name(visit.lang, &one.short_name, &one.name_en)),
    });
    let page = OwnAccount {
        name: visit.actor.name.clone(),
        posts: posts.collect(),
        may: Action::ALL
            .iter()
            .filter(|action| visit.may(**action))
            .map(|action| action.word())
            .collect(),
    };
    visit.page(&page).await
}

impl Page for OwnAccount {
    const TEMPLATE: &'static str = "pages/account.html";

    fn samples() -> Vec<Self> {
        let full = Self {
            name: "通辽市发改委调度员".into(),
            posts: vec![OwnPost {
                role: "clerk",
                unit: "通辽市".into(),
                department: None,
            }],
            may: vec!["read", "report", "review", "chase"],
        };
        let none = Self {
            posts: Vec::new(),
            may: Vec::new(),
            ..full.clone()
        };
        vec![full, none]
    }
}
