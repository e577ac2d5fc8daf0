//! A table handed in for a plan: which file, what it would make of the draft, adopt it or leave it.
//! What one would get wrong: a preview changes nothing and is read afresh every time it is shown, so
//! leaving the page is enough. (方案导入)

use axum::Form as Posted;
use axum::extract::{Multipart, Path};
use axum::response::{IntoResponse as _, Redirect};
use gangmu_app::AppError;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::plans::{
    ComparedView, ImportNote, ImportTask, PlanImportCounts, PlanImportRow, PlanImportView, PlanView,
};
use serde::Serialize;

use super::read;
use super::show::{asked, told};
use crate::i18n::Message;
use crate::import_form::HandedIn;
use crate::pages::common::refused;
use crate::pages::work::{self, Sent};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit, words};
use crate::view::{FieldError, Form};

/// The first step: which file.
#[derive(Clone, Debug, Serialize)]
pub struct PlanImportPage {
    pub plan: PlanView,
    pub form: Form,
    pub past: Vec<PlanImportRow>,
    /// When each of the past came in, RFC 3339.
    pub past_at: Vec<String>,
}

/// The second step: what the file would make of the draft.
#[derive(Clone, Debug, Serialize)]
pub struct PlanImportPreview {
    pub import: PlanImportView,
    /// What is to be said of each task, in words.
    pub said: Vec<Vec<Told>>,
    /// What is to be said of the file as a whole.
    pub notes: Vec<Told>,
    /// Only tasks of this status; empty for all.
    pub only: String,
    pub errors: Vec<FieldError>,
}

/// A note in words.
#[derive(Clone, Debug, Serialize)]
pub struct Told {
    pub place: String,
    pub is_error: bool,
    pub message: Message,
}

pub async fn form(visit: Visit, Path(id): Path<i64>) -> Answer {
    let page = PlanImportPage::load(&visit, PlanId(id), Form::default()).await?;
    visit.page(&page).await
}

pub async fn upload(visit: Visit, Path(id): Path<i64>, multipart: Multipart) -> Answer {
    let mut handed = HandedIn::read(multipart).await?;
    let plan = PlanId(id);
    let taken = match (handed.files.pop(), handed.files.is_empty()) {
        (Some(file), true) => {
            visit
                .app
                .plan_import_preview(&visit.actor, plan, file)
                .await
        }
        (Some(_), false) => Err(AppError::invalid("plans.import.one_file", "file")),
        (None, _) => Err(AppError::invalid("import.no_file", "file")),
    };
    match taken {
        Ok(made) => {
            let to = format!("/plans/{id}/imports/{}", made.import);
            Ok(Redirect::to(&to).into_response())
        }
        Err(error) => {
            let errors = work::problems(&visit, error)?;
            let form = Form {
                errors,
                ..Form::default()
            };
            let page = PlanImportPage::load(&visit, plan, form).await?;
            refused(&visit, &page).await
        }
    }
}

pub async fn show(visit: Visit, Path((id, import)): Path<(i64, i64)>) -> Answer {
    let page = PlanImportPreview::load(&visit, PlanId(id), import, Vec::new()).await?;
    visit.page(&page).await
}

pub async fn adopt(
    visit: Visit,
    Path((id, import)): Path<(i64, i64)>,
    Posted(form): Posted<Sent>,
) -> Answer {
    let plan = PlanId(id);
    let edit = read::edit(&form);
    match visit
        .app
        .plan_import_adopt(&visit.actor, plan, import, edit)
        .await
    {
        Ok(done) => {
            let n = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
            let message = Message::new("plans.import.done")
                .with("new", n(done.new))
                .with("changed", n(done.changed))
                .with("unchanged", n(done.unchanged));
            let next = format!("/plans/{id}?version=draft");
            visit.done(message, &next).await
        }
        Err(error) => {
            let (status, errors) = told(&visit, error)?;
            let page = PlanImportPreview::load(&visit, plan, import, errors).await?;
            let mut answer = visit.page(&page).await?;
            *answer.status_mut() = status;
            Ok(answer)
        }
    }
}

impl PlanImportPage {
    async fn load(visit: &Visit, id: PlanId, form: Form) -> Result<Self, Failure> {
        let past = visit.app.plan_import_list(&visit.actor, id).await?;
        let version = match asked(visit, id).await? {
            Some(version) => Some(version),
            None => {
                let now = visit.app.plan_view(&visit.actor, id, None).await?.row;
                now.draft.then_some(now.version + 1)
            }
        };
        Ok(Self {
            plan: visit.app.plan_view(&visit.actor, id, version).await?,
            form,
            past_at: past.iter().map(|one| work::instant(one.at)).collect(),
            past,
        })
    }
}

impl PlanImportPreview {
    async fn load(
        visit: &Visit,
        id: PlanId,
        import: i64,
        errors: Vec<FieldError>,
    ) -> Result<Self, Failure> {
        let import = visit.app.plan_import_get(&visit.actor, id, import).await?;
        let texts = visit.texts()?;
        let told = |note: &ImportNote| Told {
            place: note.place.clone(),
            is_error: note.is_error,
            message: words::message(texts, note.code, &note.params),
        };
        let of_task = |notes: &Vec<ImportNote>| notes.iter().map(told).collect();
        Ok(Self {
            said: import.tasks.iter().map(|one| of_task(&one.notes)).collect(),
            notes: import.notes.iter().map(told).collect(),
            only: visit.here.get("show").unwrap_or_default().to_owned(),
            import,
            errors,
        })
    }
}

impl Page for PlanImportPage {
    const TEMPLATE: &'static str = "pages/plan_import.html";

    fn samples() -> Vec<Self> {
        let row = |import, is_adopted| PlanImportRow {
            import,
            file_name: "通辽市工作方案任务分解表.docx".into(),
            who: "通辽市发改委填报员".into(),
            at: 1_739_500_000_000,
            is_adopted,
        };
        let fresh = Self {
            plan: super::samples::plan(true),
            form: Form::default(),
            past: Vec::new(),
            past_at: Vec::new(),
        };
        let again = Self {
            form: Form::default().error("file", Message::new("import.file_password")),
            past: vec![row(2, false), row(1, true)],
            past_at: vec!["2025-02-14T02:12:00Z".into(), "2025-02-13T02:12:00Z".into()],
            ..fresh.clone()
        };
        vec![fresh, again]
    }
}

impl Page for PlanImportPreview {
    const TEMPLATE: &'static str = "pages/plan_import_preview.html";

    fn samples() -> Vec<Self> {
        let change =
            |indicator: &str, field: &'static str, before: &str, after: &str| ComparedView {
                source_before: None,
                source_after: None,
                kind: if field.is_empty() { "added" } else { "changed" },
                task: 9,
                title: "推动项目建设".into(),
                indicator: indicator.into(),
                field,
                before: before.into(),
                after: after.into(),
            };
        let task = |status, title: &str, changes| ImportTask {
            status,
            place: "表1!B4".into(),
            title: title.into(),
            task: (status != "new").then_some(9),
            changes,
            notes: Vec::new(),
        };
        let told = |is_error, message| Told {
            place: "表1!H6".into(),
            is_error,
            message,
        };
        let unknown = Message::new("plans.import.unknown_office_like")
            .with("0", "市工业局")
            .with("1", "工业和信息化厅、能源局");
        let import = PlanImportView {
            plan_id: 3,
            plan_title: "通辽市重大项目谋划行动工作方案".into(),
            edit: 7,
            has_draft: true,
            import: 2,
            file_name: "通辽市工作方案任务分解表.docx".into(),
            is_adopted: false,
            counts: PlanImportCounts {
                new: 1,
                changed: 1,
                unchanged: 1,
                refused: 1,
            },
            tasks: vec![
                task(
                    "changed",
                    "推动项目建设",
                    vec![
                        change("", "due", "2025-12-31", "2025-11-30"),
                        change("重大项目完成投资", "target", "400 亿元", "420 亿元"),
                    ],
                ),
                task(
                    "new",
                    "谋划储备项目",
                    vec![change("储备项目", "", "", "120 个")],
                ),
                task("unchanged", "保障项目用地", Vec::new()),
                task("refused", "压缩审批时限", Vec::new()),
            ],
            absent: vec!["实行月调度".into()],
            notes: Vec::new(),
        };
        let full = Self {
            said: vec![
                Vec::new(),
                Vec::new(),
                Vec::new(),
                vec![told(true, unknown)],
            ],
            notes: vec![told(
                false,
                Message::new("plans.import.unknown_column").with("0", "督办领导"),
            )],
            only: String::new(),
            import,
            errors: Vec::new(),
        };
        let adopted = Self {
            import: PlanImportView {
                is_adopted: true,
                counts: PlanImportCounts {
                    unchanged: 3,
                    ..PlanImportCounts::default()
                },
                ..full.import.clone()
            },
            ..full.clone()
        };
        vec![full, adopted]
    }
}
