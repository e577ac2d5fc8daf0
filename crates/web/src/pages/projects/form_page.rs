//! Entering a project and changing one. What one would get wrong: a save that came too late is no
//! error of the person's; the form comes back with what they typed and says what changed meanwhile.

use std::collections::BTreeMap;

use axum::Form as Typed;
use axum::Router;
use axum::extract::Path;
use axum::routing::get;
use gangmu_app::AppError;
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::organisation::Action;
use gangmu_app::library::{ProjectEdit, ProjectView, TwinView};
use serde::Serialize;

use super::form::{self, FormGroup};
use crate::i18n::{Message, Texts};
use crate::pages::common::{self, UnitChoice, form_errors, refused};
use crate::pages::project::text_of;
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, WebState};
use crate::view::{Choice, Form, Link, Query};

/// The form, new or of a project that exists.
#[derive(Clone, Debug, Serialize)]
pub struct ProjectForm {
    /// None for a new project.
    pub id: Option<i64>,
    pub name: String,
    pub version: i64,
    pub post: String,
    pub back: String,
    pub crumbs: Vec<Link>,
    pub groups: Vec<FormGroup>,
    pub form: Form,
    pub was: BTreeMap<String, String>,
    pub labels: BTreeMap<String, String>,
    pub metrics: Vec<String>,
    pub twins: Vec<Twin>,
    /// What somebody else changed while this was being typed.
    pub meanwhile: Vec<Meanwhile>,
    pub stale: bool,
}

/// A project that looks like the one being entered.
#[derive(Clone, Debug, Serialize)]
pub struct Twin {
    pub name: String,
    pub code: String,
    pub owner: String,
    pub unit: String,
    pub stage: String,
    /// What is the same: `code`, `name`, `owner`, `unit`.
    pub same: Vec<String>,
    /// Empty when it lies outside what the person may see.
    pub href: String,
}

/// A field as it is now, beside what it was when the form was opened.
#[derive(Clone, Debug, Serialize)]
pub struct Meanwhile {
    pub label: String,
    pub now: String,
    /// The person typed something else into the same field.
    pub conflict: bool,
}

/// The addresses of the form.
pub fn routes() -> Router<WebState> {
    Router::new()
        .route("/projects/new", get(ask_new).post(enter))
        .route("/projects/{id}/edit", get(ask_edit).post(save))
}

async fn ask_new(visit: Visit) -> Answer {
    visit.actor.grant(Action::EditProject)?;
    let mut page = ProjectForm::blank(&visit).await?;
    if let Some(unit) = visit.here.get("unit") {
        page.form.values.insert("unit".into(), unit.to_owned());
    }
    visit.page(&page).await
}

async fn enter(visit: Visit, Typed(typed): Typed<BTreeMap<String, String>>) -> Answer {
    match create(&visit, &typed).await {
        Ok(Created::Done(id)) => {
            let done = Message::new("project.done.created");
            visit.done(done, &format!("/projects/{}", id.0)).await
        }
        Ok(Created::Twins(twins)) => {
            let mut page = ProjectForm::blank(&visit).await?;
            page.twins = twins;
            page.form.values = typed;
            refused(&visit, &page).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let mut page = ProjectForm::blank(&visit).await?;
            page.form = Form {
                values: typed,
                errors,
            };
            refused(&visit, &page).await
        }
    }
}

enum Created {
    Done(ProjectId),
    Twins(Vec<Twin>),
}

async fn create(visit: &Visit, typed: &BTreeMap<String, String>) -> Result<Created, AppError> {
    let edit = read(visit, typed).await?;
    if !edit.not_a_twin {
        let record = form::record(&edit.fields);
        let twins = visit.app.project_twins(&visit.actor, &record, None).await?;
        if !twins.is_empty() {
            return Ok(Created::Twins(
                twins.iter().map(|one| twin(visit, one)).collect(),
            ));
        }
    }
    Ok(Created::Done(
        visit.app.project_create(&visit.actor, &edit).await?,
    ))
}

fn twin(visit: &Visit, view: &TwinView) -> Twin {
    Twin {
        name: view.name.clone(),
        code: view.code.clone().unwrap_or_default(),
        owner: view.owner.clone(),
        unit: common::unit_name(visit.lang, &view.unit),
        stage: view.stage.clone(),
        same: view.same.iter().map(|word| (*word).to_owned()).collect(),
        href: if view.visible {
            format!("/projects/{}", view.project_id)
        } else {
            String::new()
        },
    }
}

async fn read(visit: &Visit, typed: &BTreeMap<String, String>) -> Result<ProjectEdit, AppError> {
    let reference = visit.app.reference().await?;
    let texts = visit.texts().map_err(|_| AppError::state("internal"))?;
    let text = |name: &str| typed.get(name).cloned().unwrap_or_default();
    let fields = form::edits(texts, &reference, typed).map_err(|messages| {
        // What cannot be read keeps the use case from saying what is missing; say both at once.
        let missing = ["name", "unit"].into_iter();
        let missing = missing.filter(|word| text(word).trim().is_empty());
        let missing = missing.map(|word| gangmu_app::Message::new("field.missing", word, []));
        AppError::Invalid {
            messages: missing.chain(messages).collect(),
        }
    })?;
    Ok(ProjectEdit {
        fields,
        reason: text("reason"),
        document_no: text("document_no"),
        not_a_twin: typed.contains_key("not_a_twin"),
    })
}

async fn ask_edit(visit: Visit, Path(id): Path<i64>) -> Answer {
    let view = visit
        .app
        .project_view(&visit.actor, ProjectId(id), None)
        .await?;
    if !view.may.contains(&"edit_project") {
        visit.actor.grant(Action::EditProject)?;
        return Err(AppError::Refused {
            action: Action::EditProject,
            who: vec![gangmu_app::domain::organisation::Role::Clerk],
        }
        .into());
    }
    let page = ProjectForm::of(&visit, &view).await?;
    visit.page(&page).await
}

async fn save(
    visit: Visit,
    Path(id): Path<i64>,
    Typed(typed): Typed<BTreeMap<String, String>>,
) -> Answer {
    let id = ProjectId(id);
    let version = typed.get("version").and_then(|text| text.parse().ok());
    let saved = match read(&visit, &typed).await {
        Ok(edit) => {
            let edited = visit.app.project_edit(&visit.actor, id, version, &edit);
            edited.await.map(|_| ())
        }
        Err(error) => Err(error),
    };
    let error = match saved {
        Ok(()) => {
            let done = Message::new("notice.saved");
            return visit.done(done, &format!("/projects/{}", id.0)).await;
        }
        Err(error) => error,
    };
    let stale = matches!(error, AppError::Changed { .. });
    let errors = if stale {
        Vec::new()
    } else {
        form_errors(&visit, error)?
    };
    let view = visit.app.project_view(&visit.actor, id, None).await?;
    let mut page = ProjectForm::of(&visit, &view).await?;
    page.keep(typed, errors, stale, version);
    page.meanwhile(&visit, &view).await?;
    refused(&visit, &page).await
}

impl ProjectForm {
    async fn blank(visit: &Visit) -> Result<Self, Failure> {
        let texts = visit.texts()?;
        let reference = visit.app.reference().await?;
        let nowhere = Query::new("/projects", &[]);
        let units = UnitChoice::load(&visit.app, &visit.actor, visit.lang, &nowhere).await?;
        Ok(Self {
            id: None,
            name: texts.message(&Message::new("projects.new")),
            version: 0,
            post: "/projects/new".into(),
            back: "/projects".into(),
            crumbs: vec![projects_crumb(texts)],
            groups: form::groups(texts, (&reference, &visit.actor.unit()), &units.choices),
            form: Form::default(),
            was: BTreeMap::new(),
            labels: form::labels(texts),
            metrics: texts
                .under("benefit.")
                .map(|(_, text)| text.to_owned())
                .collect(),
            twins: Vec::new(),
            meanwhile: Vec::new(),
            stale: false,
        })
    }

    async fn of(visit: &Visit, view: &ProjectView) -> Result<Self, Failure> {
        let blank = Self::blank(visit).await?;
        let texts = visit.texts()?;
        let values = form::values(texts, &view.fields);
        let href = format!("/projects/{}", view.project_id);
        let title = Message::new("project.edit_title").with("name", view.name.clone());
        Ok(Self {
            id: Some(view.project_id),
            name: texts.message(&title),
            version: view.version,
            post: format!("{href}/edit"),
            crumbs: vec![
                projects_crumb(texts),
                Link::new(view.name.clone(), href.clone()),
            ],
            back: href,
            form: Form {
                values: values.clone(),
                errors: Vec::new(),
            },
            was: values,
            ..blank
        })
    }

    /// Keeps what was typed. Fields the person left alone take the value they have now.
    fn keep(
        &mut self,
        typed: BTreeMap<String, String>,
        errors: Vec<crate::view::FieldError>,
        stale: bool,
        version: Option<i64>,
    ) {
        let before: BTreeMap<String, String> = typed
            .iter()
            .filter_map(|(name, value)| {
                let name = name.strip_prefix("was.")?;
                Some((name.to_owned(), value.clone()))
            })
            .collect();
        let now = std::mem::take(&mut self.form.values);
        for field in Field::ALL.iter().filter(|field| field.editable()) {
            let touched = form::changed(*field, &typed);
            for name in form::controls(*field) {
                let value = if touched {
                    typed.get(&name)
                } else {
                    now.get(&name)
                };
                if let Some(value) = value {
                    self.form.values.insert(name, value.clone());
                }
            }
        }
        for name in ["reason", "document_no"] {
            if let Some(value) = typed.get(name) {
                self.form.values.insert(name.to_owned(), value.clone());
            }
        }
        self.form.errors = errors;
        self.stale = stale;
        if !stale {
            // Until a save is refused as late, the form stands on what it was opened with.
            self.version = version.unwrap_or(self.version);
            self.was = before;
        } else {
            self.meanwhile = self
                .was
                .iter()
                .filter(|(name, value)| before.get(*name) != Some(value))
                .map(|(name, _)| name.clone())
                .chain(
                    before
                        .iter()
                        .filter(|(name, value)| !value.is_empty() && !self.was.contains_key(*name))
                        .map(|(name, _)| name.clone()),
                )
                .map(|name| Meanwhile {
                    conflict: typed.get(&name).map(|text| text.trim())
                        != before.get(&name).map(|text| text.trim())
                        && typed.contains_key(&name),
                    label: name,
                    now: String::new(),
                })
                .collect();
        }
    }

    /// Words what changed meanwhile: fields by their labels, values as the card prints them.
    async fn meanwhile(&mut self, visit: &Visit, view: &ProjectView) -> Result<(), Failure> {
        let texts = visit.texts()?;
        let reference = visit.app.reference().await?;
        for one in &mut self.meanwhile {
            let field = one.label.split('.').next().unwrap_or_default().to_owned();
            let found = view.fields.iter().find(|f| f.field == field);
            one.now = found
                .and_then(|f| {
                    let label = f.label.as_deref();
                    text_of(texts, &reference, f.field, f.kind, &f.value, label)
                })
                .unwrap_or_default();
            one.label = common::worded(texts, "project.field.", &field);
        }
        self.meanwhile.dedup_by(|a, b| a.label == b.label);
        Ok(())
    }
}

fn projects_crumb(texts: &Texts) -> Link {
    Link::new(texts.message(&Message::new("nav.projects")), "/projects")
}

impl Page for ProjectForm {
    const TEMPLATE: &'static str = "pages/project_form.html";

    fn samples() -> Vec<Self> {
        let field = |name: &str, control, required| form::FormField {
            name: name.into(),
            control,
            required,
            choices: vec![Choice::new("bank_loans", "银行贷款")],
        };
        let new = Self {
            id: None,
            name: "新增项目".into(),
            version: 0,
            post: "/projects/new".into(),
            back: "/projects".into(),
            crumbs: vec![Link::new("项目库", "/projects")],
            groups: vec![FormGroup {
                group: "identity".into(),
                fields: vec![
                    field("name", "text", true),
                    field("unit", "select", true),
                    field("scale", "lines", false),
                    field("total_investment", "money", false),
                    field("planned_start_on", "date", false),
                    field("start_year", "year", false),
                    field("longitude", "degrees", false),
                    field("funding", "funding", false),
                    field("benefits", "benefits", false),
                ],
            }],
            form: Form::default(),
            was: BTreeMap::new(),
            labels: [("name".to_owned(), "项目名称".to_owned())].into(),
            metrics: vec!["年产值".into()],
            twins: Vec::new(),
            meanwhile: Vec::new(),
            stale: false,
        };
        let twins = Self {
            twins: vec![Twin {
                name: "60 万吨预焙阳极项目".into(),
                code: String::new(),
                owner: "某新材料公司".into(),
                unit: "霍林郭勒市".into(),
                stage: "reserve".into(),
                same: vec!["name".into(), "owner".into()],
                href: "/projects/1".into(),
            }],
            form: Form::default().value("name", "60 万吨预焙阳极项目"),
            ..new.clone()
        };
        let stale = Self {
            id: Some(1),
            version: 4,
            stale: true,
            meanwhile: vec![Meanwhile {
                label: "总投资".into(),
                now: "350,000 万元".into(),
                conflict: true,
            }],
            form: Form::default()
                .value("name", "x")
                .error("name", Message::new("form.required")),
            was: [("name".to_owned(), "y".to_owned())].into(),
            ..new.clone()
        };
        vec![new, twins, stale]
    }
}
