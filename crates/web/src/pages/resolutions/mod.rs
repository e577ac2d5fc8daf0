//! What was agreed at visits and in meetings: the list, one of them, its next step. What one would
//! get wrong: what became a problem or waits for a matter is kept there, not here. (议定、交办事项)

mod samples;

pub use samples::rows as sample_rows;

use axum::extract::Path;
use axum::routing::{get, post};
use axum::{Form as Posted, Router};
use gangmu_app::AppError;
use gangmu_app::domain::liaison::KeepAct;
use gangmu_app::domain::organisation::Action;
use gangmu_app::liaison::{ResolutionPart, ResolutionView};
use serde::Serialize;

use crate::i18n::{Message, Texts};
use crate::pages::common::{form_errors, keyed, name, refused, worded};
use crate::pages::imports::workbook;
use crate::pages::problems::party;
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{FieldError, Form, Pager, Query};

/// The addresses of what was agreed.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/resolutions", get(list))
        .route("/resolutions/ledger.xlsx", get(export))
        .route("/resolutions/{id}", get(show))
        .route("/resolutions/{id}/{act}", post(act))
}

/// The list.
#[derive(Clone, Debug, Serialize)]
pub struct ResolutionList {
    pub query: Query,
    pub part: String,
    pub tabs: Vec<Tab>,
    pub today: String,
    pub rows: Vec<Row>,
    pub pager: Pager,
    pub may_export: bool,
}

/// A part of the list.
#[derive(Clone, Debug, Serialize)]
pub struct Tab {
    pub key: String,
    pub n: i64,
    pub href: String,
}

/// Something agreed.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub id: i64,
    pub version: i64,
    pub href: String,
    pub project: String,
    pub project_href: String,
    /// Where it was made: `visit` or `meeting`.
    pub origin: String,
    pub origin_href: String,
    pub body: String,
    pub party: String,
    pub due_on: String,
    /// The problem it became or the matter it waits for; empty for none.
    pub bound_href: String,
    /// What the matter is called.
    pub matter: String,
    /// Where the problem or matter stands, in words; empty for none.
    pub bound_stands: String,
    pub stands: String,
    pub tone: &'static str,
    pub unkept: bool,
    pub made_on: String,
    pub made_by: String,
    pub report: String,
    pub reported_by: String,
    pub reported_on: Option<String>,
    pub remark: String,
    pub ended_on: Option<String>,
    pub offers: Vec<String>,
}

/// One thing agreed, with the form of its next step.
#[derive(Clone, Debug, Serialize)]
pub struct ResolutionPage {
    pub row: Row,
    pub today: String,
    pub typed: Form,
}

impl Row {
    /// Words a row.
    pub fn new(texts: &Texts, view: &ResolutionView) -> Self {
        let project = view.project_id;
        let matter = view.matter.as_ref();
        let code = matter.map_or("", |one| one.code.as_str());
        let phases = match matter {
            Some(_) => "approvals.phase.",
            None => "problems.phase.",
        };
        Self {
            id: view.resolution_id,
            version: view.version,
            href: format!("/resolutions/{}", view.resolution_id),
            project: view.project_name.clone(),
            project_href: project.map_or_else(String::new, |id| format!("/projects/{id}")),
            origin: view.origin.to_owned(),
            origin_href: format!("/{}s/{}", view.origin, view.origin_id),
            body: view.body.clone(),
            party: party(texts, &view.party),
            due_on: view.due_on.clone(),
            bound_href: match (view.problem_id, project) {
                (Some(id), _) => format!("/problems/{id}"),
                (None, Some(id)) if matter.is_some() => {
                    format!("/projects/{id}/approvals#matter-{code}")
                }
                _ => String::new(),
            },
            matter: matter.map_or_else(String::new, |one| {
                let called = name(texts.lang(), &one.name, &one.name_en);
                format!("{code} {called}")
            }),
            bound_stands: match view.bound_phase {
                "" => String::new(),
                phase => worded(texts, phases, phase),
            },
            stands: view.stands.to_owned(),
            tone: match view.stands {
                "done" => "good",
                "reported" => "wait",
                "open" if view.unkept => "bad",
                _ => "",
            },
            unkept: view.unkept,
            made_on: view.made_on.clone(),
            made_by: view.made_by.clone(),
            report: view.report.clone(),
            reported_by: view.reported_by.clone().unwrap_or_default(),
            reported_on: view.reported_on.clone(),
            remark: view.remark.clone(),
            ended_on: view.ended_on.clone(),
            offers: view.offers.iter().map(|one| (*one).to_owned()).collect(),
        }
    }
}

/// The part the address names; a word that is none is refused, not ignored.
fn part(here: &Query) -> Result<ResolutionPart, AppError> {
    match here.get("part").filter(|word| !word.is_empty()) {
        None => Ok(ResolutionPart::Open),
        Some(word) => ResolutionPart::from_word(word).ok_or(AppError::NotFound { what: "page" }),
    }
}

async fn export(visit: Visit) -> Answer {
    let part = part(&visit.here)?;
    let made = visit.app.export_resolutions(&visit.actor, part).await?;
    Ok(workbook(&made.name, made.bytes))
}

async fn list(visit: Visit) -> Answer {
    let here = &visit.here;
    let part = part(here)?;
    let page = work::page(here);
    let found = visit.app.resolution_page(&visit.actor, part, page).await?;
    let texts = visit.texts()?;
    let pages = (found.total + found.page_size - 1) / found.page_size.max(1);
    let mut tabs = Vec::new();
    for one in ResolutionPart::ALL {
        let word = match one {
            ResolutionPart::Open => "",
            other => other.word(),
        };
        tabs.push(Tab {
            key: one.word().to_owned(),
            n: visit.app.resolution_page(&visit.actor, one, 1).await?.total,
            href: here.with("part", word).href(),
        });
    }
    let page = ResolutionList {
        query: here.clone(),
        part: part.word().to_owned(),
        tabs,
        today: visit.app.today().to_string(),
        rows: found.rows.iter().map(|one| Row::new(texts, one)).collect(),
        pager: work::pager(here, found.page, pages, found.page_size, found.total),
        may_export: visit.may(Action::Export),
    };
    visit.page(&page).await
}

async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let page = ResolutionPage::load(&visit, id, Form::default()).await?;
    visit.page(&page).await
}

async fn act(
    visit: Visit,
    Path((id, word)): Path<(i64, String)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let act = KeepAct::from_word(&word).ok_or(AppError::NotFound { what: "action" })?;
    let version = sent(&form, "version").parse().ok();
    let text = sent(&form, "text").to_owned();
    let done = visit
        .app
        .resolution_act(&visit.actor, id, version, act, &text)
        .await;
    let errors = match done {
        Ok(_) => {
            let next = format!("/resolutions/{id}");
            return visit.done(keyed("resolutions.done.", &word), &next).await;
        }
        Err(AppError::Changed { .. }) => vec![FieldError {
            field: String::new(),
            message: Message::new("problems.changed"),
        }],
        Err(error) => form_errors(&visit, error)?,
    };
    let typed = Form {
        values: form.into_iter().collect(),
        errors,
    };
    let page = ResolutionPage::load(&visit, id, typed).await?;
    refused(&visit, &page).await
}

impl ResolutionPage {
    async fn load(visit: &Visit, id: i64, typed: Form) -> Result<Self, Failure> {
        let view = visit.app.resolution_view(&visit.actor, id).await?;
        Ok(Self {
            row: Row::new(visit.texts()?, &view),
            today: visit.app.today().to_string(),
            typed,
        })
    }
}
