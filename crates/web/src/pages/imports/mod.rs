//! The import wizard: hand a workbook in, see what adopting it would change, adopt or leave it.
//! What one would get wrong: a preview changes nothing and is read afresh every time it is shown,
//! so there is nothing to cancel; leaving the page is enough. (导入)

mod preview;
mod upload;

use axum::Router;
use axum::routing::{get, post};
use gangmu_app::domain::pipeline::Category;
use serde::Serialize;

pub use preview::Preview;
pub(crate) use preview::workbook;

use super::work;
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{Choice, Form};

/// The addresses of the wizard but for the one that takes files.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/imports", get(show))
        .route("/imports/{id}", get(preview::show))
        .route("/imports/{id}/adopt", post(preview::adopt))
        .route("/imports/{id}/columns", post(preview::columns))
        .route("/imports/{id}/annotated.xlsx", get(preview::annotated))
}

/// The address that takes files.
pub fn upload_routes() -> Router<WebState> {
    Router::new().route("/imports/new", post(upload::upload))
}

/// The first step: which file, and how it is to be read.
#[derive(Clone, Debug, Serialize)]
pub struct Imports {
    pub form: Form,
    pub units: Vec<Choice>,
    pub profiles: Vec<String>,
    pub categories: Vec<&'static str>,
    pub periods: Vec<Choice>,
    pub past: Vec<Past>,
    /// The newest month, for the pre-filled template.
    pub template_period: Option<String>,
}

/// An import there was.
#[derive(Clone, Debug, Serialize)]
pub struct Past {
    pub import_id: i64,
    /// RFC 3339.
    pub at: String,
    pub file_name: String,
    pub adopted: bool,
    pub new: usize,
    pub changed: usize,
    pub unchanged: usize,
}

async fn show(visit: Visit) -> Answer {
    let page = Imports::load(&visit, Form::default()).await?;
    visit.page(&page).await
}

impl Imports {
    pub(super) async fn load(visit: &Visit, mut form: Form) -> Result<Self, Failure> {
        let past = visit.app.import_list(&visit.actor).await?;
        let periods = work::periods(visit).await?;
        let units = work::units(visit).await?;
        // The person's own unit is where most workbooks belong.
        if let Some(own) = units.first()
            && !form.values.contains_key("unit")
        {
            form = form.value("unit", own.value.clone());
        }
        Ok(Self {
            form,
            units,
            profiles: visit.app.profile_names().await?,
            categories: Category::ALL
                .iter()
                .map(|category| category.word())
                .collect(),
            template_period: periods.first().map(|period| period.value.clone()),
            periods,
            past: past
                .into_iter()
                .map(|import| {
                    let done = import.outcome.unwrap_or_default();
                    Past {
                        import_id: import.import_id,
                        at: work::instant(import.at),
                        file_name: import.file_name,
                        adopted: import.outcome.is_some(),
                        new: done.new,
                        changed: done.changed,
                        unchanged: done.unchanged,
                    }
                })
                .collect(),
        })
    }
}

impl Page for Imports {
    const TEMPLATE: &'static str = "pages/imports.html";

    fn samples() -> Vec<Self> {
        let past = |import_id, file_name: &str, adopted| Past {
            import_id,
            at: "2026-01-05T02:12:00Z".into(),
            file_name: file_name.into(),
            adopted,
            new: 3,
            changed: 112,
            unchanged: 17,
        };
        let fresh = Self {
            form: Form::default(),
            units: vec![
                Choice::new("150500", "通辽市"),
                Choice::new("150502", "　科尔沁区"),
            ],
            profiles: vec!["pnrr".into(), "worldbank".into()],
            categories: Category::ALL
                .iter()
                .map(|category| category.word())
                .collect(),
            periods: vec![Choice::new("2025-12", "2025-12")],
            past: Vec::new(),
            template_period: Some("2025-12".into()),
        };
        let again = Self {
            form: Form::default()
                .value("year", "2025")
                .error("file", crate::i18n::Message::new("import.file_password")),
            past: vec![
                past(12, "通辽市2025年重大项目计划表.xlsx", true),
                past(11, "12月月报.xls", false),
            ],
            ..fresh.clone()
        };
        vec![fresh, again]
    }
}
