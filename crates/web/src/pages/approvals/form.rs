//! The form of one act: what may be chosen in it. One form is open at a time, named in the address,
//! so that everything works without a script.

use std::collections::BTreeSet;

use gangmu_app::AppError;
use gangmu_app::approvals::{CaseView, ItemView};
use serde::Serialize;

use super::matter::{Names, Past, Wording, budget, named};
use crate::pages::common::name;
use crate::pages::problems::departments;
use crate::server::{Failure, Visit, words};
use crate::view::Choice;

/// The form of one act.
#[derive(Clone, Debug, Serialize)]
pub struct ActForm {
    pub matter: String,
    pub name: String,
    pub word: String,
    pub post: String,
    /// The version of the matter that was looked at.
    pub version: i64,
    /// Papers that may come later.
    pub deferrable: Vec<Choice>,
    /// Papers that were promised and have not come.
    pub outstanding: Vec<Choice>,
    /// Procedures whose time is not counted, each with its bound.
    pub procedures: Vec<Choice>,
    pub limits: Vec<Choice>,
    pub departments: Vec<Choice>,
    /// The project's files; empty when the person may not see them.
    pub files: Vec<Choice>,
    pub papers: Vec<Paper>,
    /// The act that would be struck out.
    pub last: Option<Past>,
}

/// A paper the matter needs.
#[derive(Clone, Debug, Serialize)]
pub struct Paper {
    pub code: String,
    pub name: String,
    /// It lies on the shelf and is not asked for.
    pub lies: bool,
}

impl ActForm {
    /// Opens the form of an act on a matter.
    ///
    /// # Errors
    /// When there is no such matter or act.
    pub async fn open(
        visit: &Visit,
        case: &CaseView,
        wording: &Wording<'_>,
        (matter, word): (&str, &str),
    ) -> Result<Self, Failure> {
        let item = case.items.iter().find(|one| one.code == matter);
        let item = item.ok_or(AppError::NotFound { what: "matter" })?;
        if !acts(case, item).iter().any(|one| one == word) {
            return Err(AppError::NotFound { what: "action" }.into());
        }
        let reference = visit.app.reference().await?;
        let departments = departments(visit, &reference);
        let files = files(visit, case.project_id).await;
        Ok(Self::of(case, item, wording, word, departments, files))
    }

    fn of(
        case: &CaseView,
        item: &ItemView,
        wording: &Wording<'_>,
        word: &str,
        departments: Vec<Choice>,
        files: Vec<Choice>,
    ) -> Self {
        let texts = wording.texts;
        let outstanding = item.deferred.as_ref().map(|one| one.outstanding.as_slice());
        Self {
            matter: item.code.clone(),
            name: name(texts.lang(), &item.name, &item.name_en),
            word: word.to_owned(),
            post: format!(
                "/projects/{}/approvals/{}/{word}",
                case.project_id, item.code
            ),
            version: item.version,
            deferrable: choices(wording.materials, &item.deferrable),
            outstanding: choices(wording.materials, outstanding.unwrap_or_default()),
            procedures: item
                .procedures
                .iter()
                .map(|(kind, bound)| {
                    let kind_text = words::word(texts, "approvals.procedure.", kind);
                    let value = format!("{kind} {bound}");
                    Choice::new(value, format!("{kind_text} ≤ {}", budget(texts, bound)))
                })
                .collect(),
            limits: limits(item, wording),
            departments,
            files,
            papers: item
                .papers
                .iter()
                .map(|(code, lies)| Paper {
                    code: code.clone(),
                    name: named(wording.materials, code),
                    lies: *lies,
                })
                .collect(),
            last: last(item).map(|event| wording.past(event)),
        }
    }
}

/// The words of what the person may do with a matter: at the office that has it, or because the
/// case is theirs to keep.
pub fn acts(case: &CaseView, item: &ItemView) -> Vec<String> {
    let mut acts = item.offers.clone();
    if acts.is_empty() && case.may_manage {
        let kept: &[&str] = match item.phase.as_str() {
            "not_needed" => &["require"],
            "to_clarify" => &["require", "exempt"],
            "not_received" => &["exempt", "adjust"],
            _ => &["adjust"],
        };
        acts = kept.iter().map(|one| (*one).to_owned()).collect();
    }
    let mut seen = BTreeSet::new();
    acts.retain(|one| seen.insert(one.clone()));
    acts
}

/// The last act that stands; strikes themselves are not struck out.
pub fn last(item: &ItemView) -> Option<&gangmu_app::approvals::EventView> {
    let mut events = item.events.iter().rev();
    events.find(|one| !one.struck && one.act != "strike")
}

fn choices(names: &Names, codes: &[String]) -> Vec<Choice> {
    let choice = |code: &String| Choice::new(code.clone(), named(names, code));
    codes.iter().map(choice).collect()
}

fn limits(item: &ItemView, wording: &Wording<'_>) -> Vec<Choice> {
    let leg = item.legs.get(item.leg);
    let clocks = leg.map_or(&[][..], |leg| leg.clocks.as_slice());
    let clocks = clocks
        .iter()
        .filter(|one| matches!(one.clock.as_str(), "statutory" | "promised"));
    clocks
        .map(|one| {
            let label = words::word(wording.texts, "approvals.clock.", &one.clock);
            Choice::new(one.clock.clone(), label)
        })
        .collect()
}

/// The project's files, for those who may see its card.
async fn files(visit: &Visit, project: i64) -> Vec<Choice> {
    let id = gangmu_app::domain::library::ProjectId(project);
    let Ok(view) = visit.app.project_view(&visit.actor, id, None).await else {
        return Vec::new();
    };
    let file = |one: &gangmu_app::library::AttachmentView| {
        Choice::new(one.seq.to_string(), one.file_name.clone())
    };
    view.attachments.iter().map(file).collect()
}
