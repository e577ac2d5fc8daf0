//! Editing the catalogue of matters: its text, what a change of it would do, and saving it as a
//! version with a first day. What one would get wrong: saving goes through the rules' own door, so
//! what cannot be loaded there cannot be saved here, and running cases stay as they are. (审批事项目录)

use axum::Form as Posted;
use axum::http::StatusCode;
use gangmu_app::approvals::{CatalogueEffect, PlanView, ProjectEffect, RouteEffect};
use gangmu_app::domain::organisation::Action;
use gangmu_app::{AppError, ReferenceKind};
use serde::Serialize;

use super::catalogue_matter::{self, MatterForm};
use super::matter::{Names, named};
use crate::i18n::{Lang, Message};
use crate::pages::common::name;
use crate::pages::policies;
use crate::pages::work::{Sent, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit};
use crate::view::{Choice, Form};

/// The text of the catalogue, and what its change would do.
#[derive(Clone, Debug, Serialize)]
pub struct CataloguePage {
    pub today: String,
    pub text: String,
    pub preview: Option<Preview>,
    /// Matters that can be opened in a form.
    pub matters: Vec<Choice>,
    /// The one that is.
    pub matter: Option<MatterForm>,
    pub form: Form,
    /// Lines that are wrong with the text.
    pub lines: Vec<String>,
}

/// What a change would do.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    pub matters: Vec<Matter>,
    pub service: bool,
    pub routes: Vec<Route>,
    pub projects: Vec<Project>,
    pub differ: usize,
    pub looked_at: usize,
    pub running: i64,
}

/// A matter that differs.
#[derive(Clone, Debug, Serialize)]
pub struct Matter {
    pub code: String,
    pub name: String,
    pub what: &'static str,
    pub parts: Vec<&'static str>,
}

/// A route's plan before and after, in working days.
#[derive(Clone, Debug, Serialize)]
pub struct Route {
    pub route: String,
    pub before: u32,
    pub after: u32,
    pub critical_before: Vec<String>,
    pub critical_after: Vec<String>,
}

/// A project whose case would come out differently.
#[derive(Clone, Debug, Serialize)]
pub struct Project {
    pub href: String,
    pub name: String,
    pub before: u32,
    pub after: u32,
    pub more: Vec<String>,
    pub fewer: Vec<String>,
}

pub async fn show(visit: Visit) -> Answer {
    let page = CataloguePage::load(&visit).await?;
    visit.page(&page).await
}

/// Shows what the text would do, or saves it.
pub async fn change(visit: Visit, Posted(form): Posted<Sent>) -> Answer {
    // Forms end lines as the network does.
    let text = sent(&form, "text").replace("\r\n", "\n");
    if sent(&form, "do") == "save" {
        let from = sent(&form, "valid_from");
        let saved = policies::loaded(
            &visit,
            ReferenceKind::Approvals.word(),
            from,
            text.clone().into_bytes(),
        );
        match saved.await {
            Ok(()) => {
                let done = Message::new("policies.loaded");
                return visit.done(done, "/policies").await;
            }
            Err(error) => return wrong(&visit, text, form, error).await,
        }
    }
    if sent(&form, "do") == "open" {
        return match catalogue_matter::opened(&text, sent(&form, "matter")) {
            Ok(typed) => shown(&visit, text, typed, None).await,
            Err(error) => wrong(&visit, text, form, error).await,
        };
    }
    let changed = match sent(&form, "do") {
        "apply" => catalogue_matter::applied(&text, &form),
        _ => Ok(text.clone()),
    };
    let text = match changed {
        Ok(text) => text,
        Err(error) => return wrong(&visit, text, form, error).await,
    };
    match visit.app.catalogue_preview(&visit.actor, &text).await {
        Ok(effect) => shown(&visit, text, form, Some(effect)).await,
        Err(error) => wrong(&visit, text, form, error).await,
    }
}

/// Shows the page with a text, what is typed, and what it would do where that was asked.
async fn shown(visit: &Visit, text: String, form: Sent, effect: Option<CatalogueEffect>) -> Answer {
    let mut page = CataloguePage::load(visit).await?;
    if let Some(effect) = effect {
        let names = names(visit).await?;
        page.preview = Some(Preview::new(visit.lang, &names, &effect));
    }
    page.text = text;
    page.typed(visit, form).await?;
    visit.page(&page).await
}

async fn wrong(visit: &Visit, text: String, form: Sent, error: AppError) -> Answer {
    let (errors, lines) = policies::problems(visit, error)?;
    let mut page = CataloguePage::load(visit).await?;
    page.text = text;
    page.typed(visit, form).await?;
    page.form.errors = errors;
    page.lines = lines;
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(answer)
}

async fn names(visit: &Visit) -> Result<Names, Failure> {
    let catalogue = visit.app.approval_catalogue().await?;
    let matters = catalogue.matters.into_iter();
    Ok(matters
        .map(|one| (one.code, name(visit.lang, &one.name, &one.name_en)))
        .collect())
}

impl CataloguePage {
    async fn load(visit: &Visit) -> Result<Self, Failure> {
        visit.actor.grant(Action::ManagePolicies)?;
        let kind = ReferenceKind::Approvals;
        Ok(Self {
            today: visit.app.today().to_string(),
            text: visit.app.policy_text(&visit.actor, kind).await?,
            preview: None,
            matters: catalogue_matter::matters(
                visit.texts()?,
                &visit.app.approval_catalogue().await?,
            ),
            matter: None,
            form: Form::default(),
            lines: Vec::new(),
        })
    }

    /// Keeps what is typed on the page, with the matter that is open.
    async fn typed(&mut self, visit: &Visit, form: Sent) -> Result<(), Failure> {
        if !sent(&form, "code").is_empty() {
            self.matter = Some(MatterForm::load(visit, &form).await?);
        }
        self.form.values = form.into_iter().collect();
        Ok(())
    }
}

impl Preview {
    fn new(lang: Lang, names: &Names, view: &CatalogueEffect) -> Self {
        let mut names = names.clone();
        for one in &view.matters {
            let title = name(lang, &one.name, &one.name_en);
            names.entry(one.code.clone()).or_insert(title);
        }
        Self {
            matters: view
                .matters
                .iter()
                .map(|one| Matter {
                    code: one.code.clone(),
                    name: name(lang, &one.name, &one.name_en),
                    what: one.what,
                    parts: one.parts.clone(),
                })
                .collect(),
            service: view.service,
            routes: view
                .routes
                .iter()
                .map(|one| Route::new(&names, one))
                .collect(),
            projects: view
                .projects
                .iter()
                .map(|one| Project::new(&names, one))
                .collect(),
            differ: view.differ,
            looked_at: view.looked_at,
            running: view.running,
        }
    }
}

fn all(names: &Names, codes: &[String]) -> Vec<String> {
    codes.iter().map(|code| named(names, code)).collect()
}

impl Route {
    fn new(names: &Names, view: &RouteEffect) -> Self {
        let critical = |plan: &PlanView| all(names, &plan.critical);
        Self {
            route: view.route.clone(),
            before: view.before.length,
            after: view.after.length,
            critical_before: critical(&view.before),
            critical_after: critical(&view.after),
        }
    }
}

impl Project {
    fn new(names: &Names, view: &ProjectEffect) -> Self {
        Self {
            href: format!("/projects/{}", view.project_id),
            name: view.name.clone(),
            before: view.before,
            after: view.after,
            more: all(names, &view.more),
            fewer: all(names, &view.fewer),
        }
    }
}

impl Page for CataloguePage {
    const TEMPLATE: &'static str = "pages/approvals_catalogue.html";

    fn samples() -> Vec<Self> {
        let names = |all: &[&str]| all.iter().map(|one| (*one).to_owned()).collect();
        let empty = Self {
            today: "2026-01-27".into(),
            text: "name = \"投资项目审批事项目录\"\n".into(),
            preview: None,
            matters: vec![
                Choice::new("A02", "A02 企业投资项目核准"),
                Choice::new("A05", "A05 用地预审与选址意见书"),
            ],
            matter: None,
            form: Form::default(),
            lines: Vec::new(),
        };
        let shown = Self {
            preview: Some(Preview {
                matters: vec![
                    Matter {
                        code: "A05".into(),
                        name: "用地预审与选址意见书".into(),
                        what: "changed",
                        parts: vec!["limits", "order"],
                    },
                    Matter {
                        code: "A27".into(),
                        name: "供电方案答复".into(),
                        what: "added",
                        parts: Vec::new(),
                    },
                ],
                service: true,
                routes: vec![Route {
                    route: "verification".into(),
                    before: 107,
                    after: 97,
                    critical_before: names(&["社会稳定风险评估", "核准", "施工许可"]),
                    critical_after: names(&["核准", "施工许可"]),
                }],
                projects: vec![Project {
                    href: "/projects/17".into(),
                    name: "年产 35 万吨绿色铝项目二期".into(),
                    before: 107,
                    after: 97,
                    more: names(&["供电方案答复"]),
                    fewer: Vec::new(),
                }],
                differ: 12,
                looked_at: 40,
                running: 2_310,
            }),
            ..empty.clone()
        };
        let same = Self {
            preview: Some(Preview {
                matters: Vec::new(),
                service: false,
                routes: Vec::new(),
                projects: Vec::new(),
                differ: 0,
                looked_at: 40,
                running: 2_310,
            }),
            ..empty.clone()
        };
        let wrong = Self {
            form: Form::default().error("text", Message::new("policies.bad_file")),
            lines: vec!["matters wait for each other: A05 → A02 → A05".into()],
            ..empty.clone()
        };
        let open = Self {
            matter: Some(MatterForm::sample()),
            form: Form::default()
                .value("code", "A05")
                .value("name", "用地预审与选址意见书")
                .value("name_en", "Preliminary review of land")
                .value("group", "land_planning")
                .value("department", "natural_resources")
                .value("level", "project")
                .value("statutory_days", "20")
                .value("source", "法定未核实")
                .error(
                    "statutory_days",
                    Message::new("field.not_allowed").with("0", "二十"),
                ),
            ..empty.clone()
        };
        vec![empty, shown, same, wrong, open]
    }
}
