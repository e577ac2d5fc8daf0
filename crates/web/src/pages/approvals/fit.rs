//! Fitting a case: another route, the current catalogue, matters marked needed or not, matters
//! added; first shown with what it does to the plan, then done. What one would get wrong: the two
//! buttons send one form, so that what is done is what was looked at. (调整审批清单)

use std::collections::{BTreeMap, BTreeSet};

use axum::Form as Posted;
use axum::extract::Path;
use axum::http::StatusCode;
use gangmu_app::AppError;
use gangmu_app::approvals::{
    CaseChange, CasePreview, CaseView, DepartmentView, ItemView, PlanView,
};
use gangmu_app::domain::approvals::Route;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::{Action, department_name};
use serde::Serialize;

use super::matter::{Names, department, named, tone};
use crate::i18n::{Message, Texts};
use crate::pages::common::{form_errors, name};
use crate::pages::work::{Sent, sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{FieldError, Form};

/// The form that fits a case, and what it would do.
#[derive(Clone, Debug, Serialize)]
pub struct FitPage {
    pub project_id: i64,
    pub project_name: String,
    pub today: String,
    /// The version of the case that was looked at.
    pub version: i64,
    pub route: String,
    /// Whether a newer catalogue can be taken over.
    pub newer_catalogue: bool,
    pub rows: Vec<Row>,
    pub addable: Vec<Addable>,
    pub preview: Option<Preview>,
    pub form: Form,
}

/// A matter of the case.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    pub code: String,
    pub name: String,
    pub department: String,
    pub phase: String,
    pub tone: &'static str,
    pub because: Vec<String>,
    /// What it can be marked as, words.
    pub marks: Vec<&'static str>,
}

/// A matter of the catalogue that the case has not.
#[derive(Clone, Debug, Serialize)]
pub struct Addable {
    pub code: String,
    pub name: String,
    pub department: String,
    pub chosen: bool,
}

/// What the change would do.
#[derive(Clone, Debug, Serialize)]
pub struct Preview {
    pub changes: Vec<Change>,
    pub disturbed: Vec<String>,
    pub before: Plan,
    pub after: Plan,
}

/// A matter that would change, in words.
#[derive(Clone, Debug, Serialize)]
pub struct Change {
    pub code: String,
    pub name: String,
    pub what: String,
    pub before: String,
    pub after: String,
}

/// A plan in short.
#[derive(Clone, Debug, Serialize)]
pub struct Plan {
    /// Working days.
    pub length: u32,
    pub matters: usize,
    pub critical: Vec<String>,
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let (page, _) = FitPage::load(&visit, ProjectId(id), &Sent::new()).await?;
    visit.page(&page).await
}

/// Shows what the form would do, or does it.
pub async fn fit(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    let project = ProjectId(id);
    let change = read(&form);
    let done = match sent(&form, "do") {
        "adopt" => {
            let version = sent(&form, "version").parse().unwrap_or_default();
            let fitted = visit
                .app
                .case_fit(&visit.actor, project, version, &change)
                .await;
            match fitted {
                Ok(_) => {
                    let next = format!("/projects/{id}/approvals");
                    return visit.done(Message::new("approvals.fit.done"), &next).await;
                }
                Err(error) => Err(error),
            }
        }
        _ => visit
            .app
            .case_preview(&visit.actor, project, &change)
            .await
            .map(Some),
    };
    let (mut page, names) = FitPage::load(&visit, project, &form).await?;
    let status = match done {
        Ok(preview) => {
            let texts = visit.texts()?;
            page.preview = preview.map(|found| Preview::new(texts, &names, &found));
            StatusCode::OK
        }
        Err(AppError::Changed { .. }) => {
            page.form.errors = vec![FieldError {
                field: String::new(),
                message: Message::new("approvals.fit.changed"),
            }];
            StatusCode::CONFLICT
        }
        Err(error) => {
            page.form.errors = form_errors(&visit, error)?;
            StatusCode::UNPROCESSABLE_ENTITY
        }
    };
    let mut answer = visit.page(&page).await?;
    *answer.status_mut() = status;
    Ok(answer)
}

/// Reads the change; a matter left as it is is not in it.
fn read(form: &Sent) -> CaseChange {
    let marks = form.iter().filter_map(|(field, word)| {
        let code = field.strip_prefix("mark-")?;
        match word.as_str() {
            "needed" => Some((code.to_owned(), true)),
            "not_needed" => Some((code.to_owned(), false)),
            _ => None,
        }
    });
    let added = form.iter().filter(|(field, _)| field == "add");
    CaseChange {
        route: Route::from_word(sent(form, "route")),
        current_catalogue: sent(form, "catalogue") == "true",
        marks: marks.collect(),
        added: added.map(|(_, code)| code.clone()).collect(),
        reason: sent(form, "reason").to_owned(),
    }
}

impl FitPage {
    async fn load(visit: &Visit, id: ProjectId, form: &Sent) -> Result<(Self, Names), Failure> {
        let view = visit.app.case_view(&visit.actor, id, None).await?;
        if !view.may_manage {
            visit.actor.grant(Action::ManageCase)?;
            let closed = "approvals.refused.closed";
            return Err(AppError::State {
                code: closed,
                params: Vec::new(),
            }
            .into());
        }
        let texts = visit.texts()?;
        let lang = texts.lang();
        let catalogue = visit.app.approval_catalogue().await?;
        let chosen = read(form).added;
        let has: BTreeSet<&str> = view.items.iter().map(|one| one.code.as_str()).collect();
        let route = catalogue
            .templates
            .iter()
            .find(|one| one.route == view.route);
        let of_route = |code: &String| route.is_some_and(|one| one.matters.contains(code));
        let others = catalogue.matters.iter();
        let others = others.filter(|one| !has.contains(one.code.as_str()) && !of_route(&one.code));
        let reference = visit.app.reference().await?;
        let own = reference.unit_by_code(&view.unit.code);
        let own = own.map_or_else(|| visit.actor.unit(), |unit| unit.path.clone());
        let called = |one: &DepartmentView| {
            let zh = department_name(&own, &one.name);
            name(lang, &zh, &one.name_en)
        };
        let addable = others
            .map(|one| Addable {
                code: one.code.clone(),
                name: name(lang, &one.name, &one.name_en),
                department: called(&one.department),
                chosen: chosen.contains(&one.code),
            })
            .collect();
        let mut names: Names = catalogue
            .matters
            .iter()
            .map(|one| (one.code.clone(), name(lang, &one.name, &one.name_en)))
            .collect();
        names.extend(
            view.items
                .iter()
                .map(|one| (one.code.clone(), name(lang, &one.name, &one.name_en))),
        );
        let values: BTreeMap<String, String> = form.iter().cloned().collect();
        let mut page = Self::of(texts, &view);
        page.addable = addable;
        page.form.values.extend(values);
        Ok((page, names))
    }

    fn of(texts: &Texts, view: &CaseView) -> Self {
        Self {
            project_id: view.project_id,
            project_name: view.project_name.clone(),
            today: view.as_of.clone(),
            version: view.version,
            route: view.route.clone(),
            newer_catalogue: !view.catalogue_is_current,
            rows: view.items.iter().map(|one| Row::new(texts, one)).collect(),
            addable: Vec::new(),
            preview: None,
            form: Form::default(),
        }
    }
}

impl Row {
    fn new(texts: &Texts, item: &ItemView) -> Self {
        let lang = texts.lang();
        let fields = item.because.iter();
        Self {
            code: item.code.clone(),
            name: name(lang, &item.name, &item.name_en),
            department: department(lang, &item.department),
            phase: item.phase.clone(),
            tone: tone(&item.phase),
            because: fields
                .map(|field| words::word(texts, "project.field.", field))
                .collect(),
            marks: match item.phase.as_str() {
                "not_received" => vec!["not_needed"],
                "not_needed" => vec!["needed"],
                "to_clarify" => vec!["needed", "not_needed"],
                _ => Vec::new(),
            },
        }
    }
}

impl Preview {
    fn new(texts: &Texts, names: &Names, view: &CasePreview) -> Self {
        let all = |codes: &[String]| codes.iter().map(|code| named(names, code)).collect();
        let plan = |plan: &PlanView| Plan {
            length: plan.length,
            matters: plan.matters,
            critical: all(&plan.critical),
        };
        let changes = view.changes.iter();
        Self {
            changes: changes
                .map(|one| Change {
                    code: one.code.clone(),
                    name: named(names, &one.code),
                    what: one.what.clone(),
                    before: standing(texts, &one.before),
                    after: standing(texts, &one.after),
                })
                .collect(),
            disturbed: all(&view.disturbed),
            before: plan(&view.before),
            after: plan(&view.after),
        }
    }
}

/// Words `needed region`; empty where there is nothing.
fn standing(texts: &Texts, text: &str) -> String {
    let Some((standing, level)) = text.split_once(' ') else {
        return String::new();
    };
    let standing = words::word(texts, "approvals.standing.", standing);
    let level = words::word(texts, "approvals.level.", level);
    format!("{standing} · {level}")
}

impl Page for FitPage {
    const TEMPLATE: &'static str = "pages/approvals_fit.html";

    fn samples() -> Vec<Self> {
        let row = |code: &str, title: &str, phase: &str, marks: Vec<&'static str>| Row {
            code: code.into(),
            name: title.into(),
            department: "自然资源局".into(),
            phase: phase.into(),
            tone: tone(phase),
            because: vec!["占用林地面积".into()],
            marks,
        };
        let plan = |length, critical: &[&str]| Plan {
            length,
            matters: 9,
            critical: critical.iter().map(|one| (*one).to_owned()).collect(),
        };
        let empty = Self {
            project_id: 17,
            project_name: "年产 35 万吨绿色铝项目二期".into(),
            today: "2026-01-27".into(),
            version: 2,
            route: "verification".into(),
            newer_catalogue: true,
            rows: vec![
                row("A05", "用地预审与选址意见书", "running", Vec::new()),
                row("A10", "使用林地审核", "not_needed", vec!["needed"]),
                row("A20", "施工图审查", "not_received", vec!["not_needed"]),
                row(
                    "A21",
                    "消防设计审查",
                    "to_clarify",
                    vec!["needed", "not_needed"],
                ),
            ],
            addable: vec![Addable {
                code: "A01".into(),
                name: "企业投资项目备案".into(),
                department: "发改委".into(),
                chosen: false,
            }],
            preview: None,
            form: Form::default(),
        };
        let shown = Self {
            preview: Some(Preview {
                changes: vec![Change {
                    code: "A20".into(),
                    name: "施工图审查".into(),
                    what: "marked".into(),
                    before: "需要办理 · 旗县级".into(),
                    after: "无需办理 · 旗县级".into(),
                }],
                disturbed: vec!["用地预审与选址意见书".into()],
                before: plan(107, &["核准", "施工图审查", "施工许可"]),
                after: plan(87, &["核准", "施工许可"]),
            }),
            ..empty.clone()
        };
        let same = Self {
            preview: Some(Preview {
                changes: Vec::new(),
                disturbed: Vec::new(),
                before: plan(107, &["核准"]),
                after: plan(107, &["核准"]),
            }),
            newer_catalogue: false,
            addable: Vec::new(),
            ..empty.clone()
        };
        let wrong = Self {
            form: Form::default()
                .error("reason", Message::new("approvals.refused.reason_missing"))
                .error("", Message::new("approvals.fit.changed")),
            ..empty.clone()
        };
        vec![empty, shown, same, wrong]
    }
}
