//! What may be done with a project, and the form each thing asks for. One form is open at a time,
//! named in the address, so that everything works without a script.

use gangmu_app::AppError;
use gangmu_app::domain::metrics::ExcuseKind;
use gangmu_app::library::{ListQuery, ProjectView};
use serde::Serialize;

use super::ActionLink;
use crate::i18n::Message;
use crate::list_query::CATEGORIES;
use crate::pages::common::worded;
use crate::server::{Failure, Visit};
use crate::view::{Choice, Query};

/// The form of one action.
#[derive(Clone, Debug, Serialize)]
pub struct ActionForm {
    pub word: String,
    pub post: String,
    /// For moves: the stage it leads to.
    pub to: Option<String>,
    pub reason_required: bool,
    /// For exits: how it leaves.
    pub exits: Vec<Choice>,
    /// For the year's list.
    pub years: Vec<Choice>,
    pub categories: Vec<Choice>,
    /// For splits: what the parts have to add up to, yuan.
    pub whole: Option<Whole>,
    /// For reasons of being late: their kinds.
    pub kinds: Vec<Choice>,
    /// For taking one back: its number.
    pub excuse: String,
    /// For mergers: projects of the same unit.
    pub candidates: Vec<MergeChoice>,
    pub find: String,
}

/// What the parts of a split have to add up to.
#[derive(Clone, Debug, Serialize)]
pub struct Whole {
    pub total: i64,
    pub since_start: i64,
    pub year_to_date: i64,
    pub plan: i64,
}

/// A project that might be merged into this one.
#[derive(Clone, Debug, Serialize)]
pub struct MergeChoice {
    pub id: i64,
    pub name: String,
    pub stage: String,
    pub total_investment: i64,
}

/// What the person may do, in the order of the buttons.
pub fn links(view: &ProjectView) -> Vec<ActionLink> {
    let of_project = |(word, _): &(&str, &str)| *word != "end_excuse";
    allowed(view)
        .into_iter()
        .filter(of_project)
        .map(|(word, icon)| ActionLink {
            word,
            href: format!("/projects/{}?do={word}#action", view.project_id),
            icon,
        })
        .collect()
}

fn allowed(view: &ProjectView) -> Vec<(&'static str, &'static str)> {
    let may = |word: &str| view.as_of.is_none() && view.may.contains(&word);
    let active = view.next_stage.is_some() || view.stage == "completed";
    let mut list = Vec::new();
    let mut offer = |yes: bool, word, icon| {
        if yes {
            list.push((word, icon));
        }
    };
    let moves = may("move_stage") && active;
    offer(
        moves && !view.suspended && view.next_stage.is_some(),
        "advance",
        "arrow-right",
    );
    offer(
        moves && !view.suspended && view.previous_stage.is_some(),
        "back",
        "arrow-back-up",
    );
    offer(moves && view.suspended, "resume", "player-play");
    offer(
        may("manage_programme") && active,
        "programme",
        "clipboard-data",
    );
    let excuses = may("excuse_lateness");
    offer(excuses && !view.returns.is_empty(), "excuse", "clock");
    let standing = view.excuses.iter().any(|one| one.taken_back.is_none());
    offer(excuses && standing, "end_excuse", "arrow-back-up");
    offer(moves && !view.suspended, "suspend", "player-pause");
    offer(moves, "withdraw", "logout");
    offer(moves, "split", "sitemap");
    offer(moves, "merge", "git-merge");
    list
}

impl ActionForm {
    /// Opens the form of an action; `None` for one that may not be done now.
    pub async fn open(
        visit: &Visit,
        view: &ProjectView,
        word: &str,
        query: &Query,
    ) -> Result<Option<Self>, Failure> {
        if !allowed(view).iter().any(|(one, _)| *one == word) {
            return Ok(None);
        }
        let texts = visit.texts()?;
        let mut form = Self {
            word: word.to_owned(),
            post: format!("/projects/{}/act/{word}", view.project_id),
            to: None,
            reason_required: word != "advance",
            exits: Vec::new(),
            years: Vec::new(),
            categories: Vec::new(),
            whole: None,
            kinds: Vec::new(),
            excuse: query.get("excuse").unwrap_or_default().to_owned(),
            candidates: Vec::new(),
            find: query.get("find").unwrap_or_default().to_owned(),
        };
        match word {
            "advance" => form.to = view.next_stage.map(str::to_owned),
            "back" => form.to = view.previous_stage.map(str::to_owned),
            "withdraw" => {
                form.exits = ["cancelled", "moved_out"]
                    .iter()
                    .map(|exit| Choice::new(*exit, worded(texts, "stage.", exit)))
                    .collect();
            }
            "programme" => {
                let years = visit.app.programme_years(&visit.actor).await?;
                form.years = years
                    .into_iter()
                    .map(|one| Choice::new(one.year.to_string(), one.year.to_string()))
                    .collect();
                form.categories = CATEGORIES
                    .iter()
                    .map(|word| Choice::new(*word, worded(texts, "category.", word)))
                    .chain([Choice::new(
                        "removed",
                        texts.message(&Message::new("project.leave_list")),
                    )])
                    .collect();
            }
            "excuse" => {
                form.kinds = ExcuseKind::ALL
                    .iter()
                    .map(|kind| {
                        let word = kind.word();
                        Choice::new(word, worded(texts, "excuse.kind.", word))
                    })
                    .collect();
            }
            "split" => form.whole = Some(whole(view)),
            "merge" => form.candidates = candidates(visit, view, &form.find).await?,
            _ => {}
        }
        Ok(Some(form))
    }
}

fn whole(view: &ProjectView) -> Whole {
    let amount = |field: &str| {
        view.fields
            .iter()
            .find(|one| one.field == field)
            .and_then(|one| one.value.as_i64())
            .unwrap_or_default()
    };
    let newest = view.returns.first();
    let year = newest.and_then(|one| one.period.get(..4));
    let entry = view
        .programmes
        .iter()
        .filter(|entry| entry.included)
        .find(|entry| year.is_none_or(|year| entry.year.to_string() == year));
    Whole {
        total: amount("total_investment"),
        since_start: newest.map_or_else(|| amount("invested_before"), |one| one.since_start),
        year_to_date: newest.map_or(0, |one| one.year_to_date),
        plan: entry.map_or(0, |entry| entry.annual_plan),
    }
}

async fn candidates(
    visit: &Visit,
    view: &ProjectView,
    find: &str,
) -> Result<Vec<MergeChoice>, AppError> {
    let mut list = ListQuery {
        unit: Some(view.unit.code.clone()),
        per_page: 50,
        ..ListQuery::default()
    };
    find.clone_into(&mut list.filter.text);
    list.filter.stages = gangmu_app::domain::pipeline::Stage::ACTIVE
        .iter()
        .map(|stage| stage.word().to_owned())
        .collect();
    let found = visit.app.project_list(&visit.actor, &list).await?;
    Ok(found
        .rows
        .into_iter()
        .filter(|one| one.row.project_id != view.project_id)
        .map(|one| MergeChoice {
            id: one.row.project_id,
            name: one.row.name,
            stage: one.row.stage,
            total_investment: one.row.total_investment,
        })
        .collect())
}
