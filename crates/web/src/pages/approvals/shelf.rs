//! The shelf of a project's papers: what lies there, where it serves, what is still missing. What
//! one would get wrong: nobody ticks a paper as handed in here; it comes with an act of a matter,
//! and a file is first added to the project. (一套材料)

use axum::extract::Path;
use gangmu_app::approvals::{MaterialView, MissingView, ShelfRow, ShelfView};
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Action;
use serde::Serialize;

use super::matter::{Names, named, tone};
use crate::i18n::Lang;
use crate::pages::common::name;
use crate::render::Page;
use crate::server::{Answer, Visit};
use crate::view::Rate;

/// The papers of a project.
#[derive(Clone, Debug, Serialize)]
pub struct ShelfPage {
    pub project_id: i64,
    pub project_name: String,
    pub today: String,
    pub papers: Vec<Lying>,
    pub missing: Vec<Missing>,
    /// Papers nobody had to hand in again, of those needed so far, in this project.
    pub saved: Rate,
    /// The same over everything the person sees; none for who does not read.
    pub saved_in_unit: Option<Rate>,
    /// Whether the person may add files to the project.
    pub may_attach: bool,
}

/// A paper on the shelf.
#[derive(Clone, Debug, Serialize)]
pub struct Lying {
    pub name: String,
    pub from: String,
    pub produced: bool,
    pub on: String,
    pub document_no: String,
    /// The address of its file; empty when there is none.
    pub file: String,
    pub serves: Vec<String>,
}

/// A matter and what it still needs.
#[derive(Clone, Debug, Serialize)]
pub struct Missing {
    pub code: String,
    pub name: String,
    pub phase: String,
    pub tone: &'static str,
    pub needs: usize,
    /// Each with the matter that makes it; empty where people hand it in.
    pub papers: Vec<(String, String)>,
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let project = ProjectId(id);
    let shelf = visit.app.case_shelf(&visit.actor, project).await?;
    let case = visit.app.case_view(&visit.actor, project, None).await?;
    let items = case.items.iter();
    let names = items
        .map(|one| (one.code.clone(), name(visit.lang, &one.name, &one.name_en)))
        .collect();
    let mut page = ShelfPage::of(visit.lang, (id, &case.project_name), &names, &shelf);
    page.today = case.as_of;
    if visit.may(Action::Read) {
        let (den, num) = visit.app.documents_saved(&visit.actor).await?;
        page.saved_in_unit = Some(Rate { num, den });
    }
    page.may_attach = visit.may(Action::Report)
        && visit
            .app
            .project_view(&visit.actor, project, None)
            .await
            .is_ok();
    visit.page(&page).await
}

impl ShelfPage {
    fn of(lang: Lang, (id, project): (i64, &str), names: &Names, view: &ShelfView) -> Self {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let missing = view.missing.iter();
        Self {
            project_id: id,
            project_name: project.to_owned(),
            today: String::new(),
            papers: view
                .papers
                .iter()
                .map(|one| Lying::new(lang, id, names, one))
                .collect(),
            missing: missing.map(|one| Missing::new(lang, names, one)).collect(),
            saved: Rate {
                num: count(view.saved),
                den: count(view.needed),
            },
            saved_in_unit: None,
            may_attach: false,
        }
    }
}

impl Lying {
    fn new(lang: Lang, project: i64, names: &Names, view: &ShelfRow) -> Self {
        let file = |seq: i64| format!("/projects/{project}/attachments/{seq}");
        Self {
            name: material(lang, &view.material),
            from: named(names, &view.item),
            produced: view.produced,
            on: view.on.clone(),
            document_no: view.document_no.clone(),
            file: view.attachment.map(file).unwrap_or_default(),
            serves: view.serves.iter().map(|code| named(names, code)).collect(),
        }
    }
}

impl Missing {
    fn new(lang: Lang, names: &Names, view: &MissingView) -> Self {
        let maker = |code: &Option<String>| {
            let named = code.as_ref().map(|code| named(names, code));
            named.unwrap_or_default()
        };
        Self {
            code: view.item.clone(),
            name: named(names, &view.item),
            phase: view.phase.clone(),
            tone: tone(&view.phase),
            needs: view.needs,
            papers: view
                .missing
                .iter()
                .map(|(paper, by)| (material(lang, paper), maker(by)))
                .collect(),
        }
    }
}

fn material(lang: Lang, view: &MaterialView) -> String {
    name(lang, &view.name, &view.name_en)
}

impl Page for ShelfPage {
    const TEMPLATE: &'static str = "pages/approvals_shelf.html";

    fn samples() -> Vec<Self> {
        let paper = |code: &str, name: &str| MaterialView {
            code: code.into(),
            name: name.into(),
            name_en: String::new(),
        };
        let row = |produced, attachment| ShelfRow {
            material: paper("land_opinion", "用地预审与选址意见书"),
            item: "A05".into(),
            produced,
            on: "2026-01-23".into(),
            document_no: "用字第1505022026001号".into(),
            attachment,
            serves: vec!["A02".into(), "A18".into()],
        };
        let view = ShelfView {
            papers: vec![row(true, Some(1)), row(false, None)],
            missing: vec![MissingView {
                item: "A24".into(),
                phase: "not_received".into(),
                needs: 9,
                missing: vec![
                    (paper("drawings", "施工图审查合格书"), Some("A20".into())),
                    (paper("contract", "施工合同"), None),
                ],
            }],
            needs: Vec::new(),
            needed: 14,
            saved: 5,
        };
        let names = [
            ("A05", "用地预审与选址"),
            ("A20", "施工图审查"),
            ("A24", "施工许可"),
        ];
        let names = names.map(|(code, name)| (code.to_owned(), name.to_owned()));
        let project = (17, "年产 35 万吨绿色铝项目二期");
        let full = Self {
            today: "2026-02-05".into(),
            saved_in_unit: Some(Rate { num: 120, den: 900 }),
            may_attach: true,
            ..Self::of(Lang::ZhCn, project, &names.into(), &view)
        };
        let empty = Self {
            papers: Vec::new(),
            missing: Vec::new(),
            saved: Rate { num: 0, den: 0 },
            saved_in_unit: None,
            may_attach: false,
            ..full.clone()
        };
        vec![full, empty]
    }
}
