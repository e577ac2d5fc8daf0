//! Calling a sitting: a unit, a name, the projects; their open matters that ask other departments
//! are the agenda. What one would get wrong: a project without such a matter is not offered, since
//! a sitting over nothing is refused. (召集联审会)

use axum::Form as Posted;
use gangmu_app::AppError;
use gangmu_app::approvals::{CandidateView, SittingCall};
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::{Action, UnitPath};
use serde::Serialize;

use crate::i18n::{Lang, Message};
use crate::pages::common::{form_errors, name, refused, unit_name};
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, Form, Query};

/// The form that calls a sitting.
#[derive(Clone, Debug, Serialize)]
pub struct CallPage {
    pub query: Query,
    pub unit: String,
    pub units: Vec<Choice>,
    pub search: String,
    pub candidates: Vec<Candidate>,
    /// How many there are beside those shown.
    pub more: usize,
    pub form: Form,
}

/// A project that can be taken up.
#[derive(Clone, Debug, Serialize)]
pub struct Candidate {
    pub id: i64,
    pub name: String,
    pub unit: String,
    pub matters: Vec<(String, usize)>,
    pub due_on: Option<String>,
    pub chosen: bool,
}

/// So many projects are offered at once; a search finds the others.
const OFFERED: usize = 60;

pub async fn show(visit: Visit) -> Answer {
    let code = visit.here.get("unit").unwrap_or_default().to_owned();
    let search = visit.here.get("q").unwrap_or_default().trim().to_owned();
    let chosen: Vec<i64> = visit
        .here
        .params
        .iter()
        .filter(|(key, _)| key == "project")
        .filter_map(|(_, id)| id.parse().ok())
        .collect();
    let page = CallPage::load(&visit, &code, search, &chosen).await?;
    visit.page(&page).await
}

pub async fn call(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    let chosen: Vec<i64> = form
        .iter()
        .filter(|(key, _)| key == "project")
        .filter_map(|(_, id)| id.parse().ok())
        .collect();
    let call = SittingCall {
        title: sent(&form, "title").to_owned(),
        unit: unit(&visit, sent(&form, "unit")).await?.1,
        projects: chosen.iter().copied().map(ProjectId).collect(),
    };
    match visit.app.sitting_call(&visit.actor, &call).await {
        Ok(id) => {
            let next = format!("/approvals/sittings/{id}");
            visit.done(Message::new("sitting.called_done"), &next).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let code = sent(&form, "unit").to_owned();
            let mut page = CallPage::load(&visit, &code, String::new(), &chosen).await?;
            page.form = Form {
                values: form.into_iter().collect(),
                errors,
            };
            refused(&visit, &page).await
        }
    }
}

/// The unit of a code, else the one where the person keeps cases.
async fn unit(visit: &Visit, code: &str) -> Result<(String, UnitPath), AppError> {
    let reference = visit.app.reference().await?;
    let own = visit.actor.grant(Action::ManageCase)?.scope.unit;
    let found = match code {
        "" => reference.unit(&own),
        code => reference.unit_by_code(code),
    };
    let found = found.ok_or(AppError::NotFound { what: "unit" })?;
    Ok((found.code.clone(), found.path.clone()))
}

impl CallPage {
    async fn load(
        visit: &Visit,
        code: &str,
        search: String,
        chosen: &[i64],
    ) -> Result<Self, Failure> {
        let (code, path) = unit(visit, code).await?;
        let all = visit.app.sitting_candidates(&visit.actor, &path).await?;
        let mut found: Vec<Candidate> = all
            .iter()
            .filter(|one| search.is_empty() || one.project_name.contains(&search))
            .map(|one| Candidate::new(visit.lang, one, chosen))
            .collect();
        // Those already chosen stay on top, whatever is searched for next.
        found.sort_by_key(|one| !one.chosen);
        let more = found.len().saturating_sub(OFFERED);
        found.truncate(OFFERED);
        Ok(Self {
            query: visit.here.clone(),
            unit: code,
            units: work::units(visit).await?,
            search,
            candidates: found,
            more,
            form: Form::default(),
        })
    }
}

impl Candidate {
    fn new(lang: Lang, view: &CandidateView, chosen: &[i64]) -> Self {
        let matters = view.matters.iter();
        Self {
            id: view.project_id,
            name: view.project_name.clone(),
            unit: unit_name(lang, &view.unit),
            matters: matters
                .map(|(zh, en, asked)| (name(lang, zh, en), *asked))
                .collect(),
            due_on: view.due_on.clone(),
            chosen: chosen.contains(&view.project_id),
        }
    }
}
