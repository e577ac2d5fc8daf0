//! Raising a problem: a form, or one click beside the words of a return. What one would get wrong:
//! the words of one return make one problem, so a second click leads to the first one's.

use axum::Form as Posted;
use axum::extract::Path;
use gangmu_app::AppError;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::problems::Origin;
use gangmu_app::meetings::CandidateProject;
use gangmu_app::problems::RaiseInput;
use serde::Serialize;

use super::row::named;
use crate::i18n::Message;
use crate::pages::common::{form_errors, refused};
use crate::pages::meetings::candidate;
use crate::pages::work::{self, Sent, sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, Form};

/// The form of a new problem.
#[derive(Clone, Debug, Serialize)]
pub struct NewProblem {
    /// The projects it holds up.
    pub projects: Vec<Project>,
    /// What a name that was typed may mean, to be ticked.
    pub candidates: Vec<Choice>,
    /// The matter of the first project's case; empty for the project as a whole.
    pub matter: String,
    pub matters: Vec<Choice>,
    pub kinds: Vec<Choice>,
    pub typed: Form,
}

/// A project that is held up.
#[derive(Clone, Debug, Serialize)]
pub struct Project {
    pub id: i64,
    pub name: String,
    pub unit: String,
}

pub async fn form(visit: Visit) -> Answer {
    let ids: Vec<i64> = visit
        .here
        .params
        .iter()
        .filter(|(name, _)| name == "project")
        .filter_map(|(_, value)| value.parse().ok())
        .collect();
    let matter = visit.here.get("matter").unwrap_or_default().to_owned();
    let page = NewProblem::load(&visit, &ids, matter, Form::default()).await?;
    visit.page(&page).await
}

pub async fn raise(visit: Visit, Posted(mut form): Posted<Sent>) -> Answer {
    let matter = sent(&form, "matter").to_owned();
    let (candidates, outcome) = match name_projects(&visit, &mut form).await {
        Ok(open) if open.is_empty() => {
            let raised = visit.app.problem_raise(&visit.actor, &input(&form)).await;
            (open, raised)
        }
        Ok(open) => (
            open,
            Err(AppError::invalid("problems.which_projects", "named")),
        ),
        Err(error) => (Vec::new(), Err(error)),
    };
    match outcome {
        Ok(id) => {
            let next = format!("/problems/{id}");
            visit.done(Message::new("problems.raised"), &next).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let ids = projects(&form);
            let typed = Form {
                values: form.into_iter().collect(),
                errors,
            };
            let texts = visit.texts()?;
            let page = NewProblem {
                candidates: candidates.iter().map(|one| candidate(texts, one)).collect(),
                ..NewProblem::load(&visit, &ids, matter, typed).await?
            };
            refused(&visit, &page).await
        }
    }
}

/// Puts the projects that were named, a line each, among those of the form, and returns those that
/// the other lines may mean.
async fn name_projects(visit: &Visit, form: &mut Sent) -> Result<Vec<CandidateProject>, AppError> {
    let named = sent(form, "named").to_owned();
    let mut open = Vec::new();
    let mut clear = Vec::new();
    for line in named.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let meant = visit.app.projects_meant(&visit.actor, None, line).await?;
        match meant.as_slice() {
            [only] => clear.push(("project".to_owned(), only.project_id.to_string())),
            _ => open.extend(meant),
        }
    }
    form.retain(|(name, _)| name != "named");
    form.extend(clear);
    Ok(open)
}

pub async fn from_return(visit: Visit, Path((project, period)): Path<(i64, String)>) -> Answer {
    let period = work::period(&period)?;
    let project = ProjectId(project);
    let id = visit
        .app
        .problem_from_return(&visit.actor, project, period)
        .await?;
    let next = format!("/problems/{id}");
    visit.done(Message::new("problems.raised"), &next).await
}

/// The projects of a form, by number, each once: those it came with and those ticked.
fn projects(form: &Sent) -> Vec<i64> {
    let mut ids: Vec<i64> = Vec::new();
    for (_, value) in form.iter().filter(|(name, _)| name == "project") {
        match value.parse() {
            Ok(id) if !ids.contains(&id) => ids.push(id),
            _ => {}
        }
    }
    ids
}

fn input(form: &Sent) -> RaiseInput {
    let matter = sent(form, "matter");
    let ids = projects(form);
    RaiseInput {
        title: sent(form, "title").to_owned(),
        body: sent(form, "body").to_owned(),
        kind: sent(form, "kind").to_owned(),
        holds_up: ids
            .into_iter()
            .enumerate()
            .map(|(at, id)| {
                let item = if at == 0 { matter } else { "" };
                (ProjectId(id), item.to_owned())
            })
            .collect(),
        origin: match matter {
            "" => Origin::Direct,
            code => Origin::Approval(code.to_owned()),
        },
        on: None,
    }
}

impl NewProblem {
    async fn load(
        visit: &Visit,
        ids: &[i64],
        matter: String,
        typed: Form,
    ) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let rules = visit.app.problem_rules().await?;
        let mut projects = Vec::with_capacity(ids.len());
        for id in ids {
            let view = visit
                .app
                .project_view(&visit.actor, ProjectId(*id), None)
                .await?;
            projects.push(Project {
                id: *id,
                unit: crate::pages::common::unit_name(texts.lang(), &view.unit),
                name: view.name,
            });
        }
        let kind = |one: &gangmu_app::problems::NamedView| {
            Choice::new(one.code.clone(), named(texts.lang(), one))
        };
        Ok(Self {
            projects,
            candidates: Vec::new(),
            matters: matters(visit, ids).await?,
            matter,
            kinds: rules.kinds.iter().map(kind).collect(),
            typed,
        })
    }
}

/// The matters of the first project's case; none where it has no case.
async fn matters(visit: &Visit, ids: &[i64]) -> Result<Vec<Choice>, Failure> {
    let Some(id) = ids.first() else {
        return Ok(Vec::new());
    };
    let case = visit
        .app
        .case_view(&visit.actor, ProjectId(*id), None)
        .await;
    match case {
        Ok(case) => {
            let lang = visit.texts()?.lang();
            let open = case
                .items
                .into_iter()
                .filter(|one| one.phase != "not_needed");
            Ok(open
                .map(|one| {
                    let name = crate::pages::common::name(lang, &one.name, &one.name_en);
                    Choice::new(one.code, name)
                })
                .collect())
        }
        Err(AppError::NotFound { .. }) => Ok(Vec::new()),
        Err(other) => Err(other.into()),
    }
}
