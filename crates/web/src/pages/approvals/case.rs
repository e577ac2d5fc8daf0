//! The case of a project: how far it is, its lanes, and each matter with its clocks and what may be
//! done with it. What one would get wrong: with `as_of` it shows the past, and nothing may be done
//! in the past.

use axum::extract::Path;
use axum::{Form as Posted, http::StatusCode};
use gangmu_app::AppError;
use gangmu_app::approvals::{CaseInput, CaseView, ShelfView};
use gangmu_app::domain::approvals::Route;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Action;
use jiff::civil::Date;
use serde::Serialize;

use super::form::{ActForm, acts};
use super::lanes::Lanes;
use super::matter::{Agreed, MatterRow, Names, Wording, named};
use crate::i18n::{Lang, Texts};
use crate::pages::common::{form_errors, name, unit_name};
use crate::pages::project::day;
use crate::pages::work::{Sent, instant, sent};
use crate::server::{Answer, Failure, Visit};
use crate::view::{Form, Link, Rate};

/// The case of a project, or the button that makes it.
#[derive(Clone, Debug, Serialize)]
pub struct CasePage {
    pub project_id: i64,
    pub project_name: String,
    pub project_code: String,
    pub unit: String,
    /// Whether the project's card is there for the person.
    pub card: bool,
    pub today: String,
    pub case: Option<Head>,
    pub lanes: Lanes,
    pub matters: Vec<MatterRow>,
    /// Matters the project does not need.
    pub not_needed: Vec<MatterRow>,
    pub moves: Vec<Moved>,
    pub form: Option<ActForm>,
    pub typed: Form,
    pub may_create: bool,
    /// Whether the person may raise a problem from a matter.
    pub may_raise: bool,
    /// Whether the person may fit the case.
    pub may_fit: bool,
    /// What lies on the project's shelf, today.
    pub shelf: Option<Shelf>,
}

/// The shelf in short.
#[derive(Clone, Debug, Serialize)]
pub struct Shelf {
    /// How many papers lie there.
    pub papers: usize,
    /// Papers nobody had to hand in again, of those needed so far.
    pub saved: Rate,
    /// Each paper that was saved, with the matters it was saved in.
    pub served: Vec<(String, Vec<String>)>,
}

/// The head figures.
#[derive(Clone, Debug, Serialize)]
pub struct Head {
    pub route: String,
    pub as_of: String,
    pub past: bool,
    pub created_on: String,
    pub closed_on: Option<String>,
    pub planned_start_on: Option<String>,
    pub due_for_start: Option<String>,
    pub expected_on: Option<String>,
    /// Whether it is expected after it is due.
    pub late: bool,
    pub beyond_calendar: Option<String>,
    pub needed: i64,
    pub decided: i64,
    pub not_needed: i64,
    pub to_clarify: i64,
    /// 手续办结率 of this project.
    pub through: Rate,
    /// Working days.
    pub plan_length: u32,
    pub critical: Vec<String>,
    pub catalogue_is_current: bool,
}

/// A due date that moved without anybody acting.
#[derive(Clone, Debug, Serialize)]
pub struct Moved {
    pub matter: String,
    pub from: Option<String>,
    pub to: Option<String>,
    pub reason: String,
    /// RFC 3339.
    pub at: String,
}

/// The form that is open and what was typed into it.
pub struct Opened {
    pub matter: String,
    pub word: String,
    pub typed: Form,
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let opened = match (visit.here.get("matter"), visit.here.get("do")) {
        (Some(matter), Some(word)) => Some(Opened {
            matter: matter.to_owned(),
            word: word.to_owned(),
            typed: Form::default(),
        }),
        _ => None,
    };
    let as_of = day(&visit.here)?;
    let page = CasePage::load(&visit, ProjectId(id), as_of, opened).await?;
    visit.page(&page).await
}

pub async fn create(visit: Visit, Path(id): Path<i64>, Posted(form): Posted<Sent>) -> Answer {
    let route = Route::from_word(sent(&form, "route"));
    let input = CaseInput { route };
    match visit
        .app
        .case_create(&visit.actor, ProjectId(id), input)
        .await
    {
        Ok(()) => {
            let done = crate::i18n::Message::new("approvals.created");
            visit.done(done, &format!("/projects/{id}/approvals")).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let page = CasePage {
                typed: Form {
                    errors,
                    ..Form::default()
                },
                ..CasePage::load(&visit, ProjectId(id), None, None).await?
            };
            let mut answer = visit.page(&page).await?;
            *answer.status_mut() = StatusCode::UNPROCESSABLE_ENTITY;
            Ok(answer)
        }
    }
}

impl CasePage {
    /// Gathers the case; `opened` names the form to show.
    pub async fn load(
        visit: &Visit,
        id: ProjectId,
        as_of: Option<Date>,
        opened: Option<Opened>,
    ) -> Result<Self, Failure> {
        let view = match visit.app.case_view(&visit.actor, id, as_of).await {
            Ok(view) => view,
            Err(AppError::NotFound { what: "case" }) => return Self::without(visit, id).await,
            Err(error) => return Err(error.into()),
        };
        let (texts, reference) = (visit.texts()?, visit.app.reference().await?);
        let (matters, materials) = names(visit, texts.lang(), &view).await?;
        let wording = Wording {
            texts,
            project: id.0,
            matters: &matters,
            materials: &materials,
            critical: &view.critical,
        };
        let past = view.as_of != visit.app.today().to_string();
        let (form, typed) = match opened {
            Some(one) => {
                let what = (one.matter.as_str(), one.word.as_str());
                let form = ActForm::open(visit, &view, &wording, what).await;
                // What was typed is told even when the act is no longer among those offered.
                match form {
                    Ok(form) => (Some(form), one.typed),
                    Err(_) if !one.typed.errors.is_empty() => (None, one.typed),
                    Err(error) => return Err(error),
                }
            }
            None => (None, Form::default()),
        };
        let mut page = Self {
            lanes: Lanes::draw(&view, &reference, texts.lang()),
            card: visit.app.project_view(&visit.actor, id, None).await.is_ok(),
            form,
            typed,
            ..Self::of(&view, &wording, past)
        };
        page.today = visit.app.today().to_string();
        page.show_problems(visit, id, as_of).await?;
        page.may_raise = page.card && !past && visit.may(Action::RaiseProblem);
        if !past {
            page.show_agreed(visit, id).await?;
            let shelf = visit.app.case_shelf(&visit.actor, id).await?;
            page.shelf = Some(Shelf::new(texts.lang(), &matters, &shelf));
        }
        Ok(page)
    }

    /// Puts the open problems beside the matters they hold up, for whoever sees the project.
    async fn show_problems(
        &mut self,
        visit: &Visit,
        id: ProjectId,
        as_of: Option<Date>,
    ) -> Result<(), Failure> {
        let problems = match visit.app.problems_of_project(&visit.actor, id, as_of).await {
            Err(AppError::NotFound { .. } | AppError::Refused { .. }) => Vec::new(),
            other => other?,
        };
        let day = as_of.map_or_else(String::new, |day| format!("?as_of={day}"));
        for row in problems.iter().filter(|row| row.ended_on.is_none()) {
            let of_here = row.held.iter().filter(|one| one.project_id == id.0);
            for held in of_here {
                let mut matters = self.matters.iter_mut();
                if let Some(matter) = matters.find(|one| one.code == held.matter) {
                    let href = format!("/problems/{}{day}", row.problem_id);
                    matter.problems.push(Link::new(row.title.clone(), href));
                }
            }
        }
        Ok(())
    }

    /// Puts what was agreed beside the matters it is about, as far as the person may see it.
    async fn show_agreed(&mut self, visit: &Visit, id: ProjectId) -> Result<(), Failure> {
        let agreed = match visit.app.resolutions_of_case(&visit.actor, id).await {
            Err(AppError::Refused { .. }) => Vec::new(),
            other => other?,
        };
        for one in agreed {
            let Some(about) = &one.matter else { continue };
            let mut matters = self.matters.iter_mut();
            if let Some(matter) = matters.find(|row| row.code == about.code) {
                matter.agreed.push(Agreed {
                    words: one.body,
                    due_on: one.due_on,
                    href: format!("/resolutions/{}", one.resolution_id),
                });
            }
        }
        Ok(())
    }

    /// The page of a project that has no case, for whoever may see the project.
    async fn without(visit: &Visit, id: ProjectId) -> Result<Self, Failure> {
        let project = visit.app.project_view(&visit.actor, id, None).await?;
        Ok(Self {
            project_id: id.0,
            project_name: project.name,
            project_code: project.code.unwrap_or_default(),
            unit: unit_name(visit.lang, &project.unit),
            card: true,
            today: visit.app.today().to_string(),
            case: None,
            lanes: Lanes::default(),
            matters: Vec::new(),
            not_needed: Vec::new(),
            moves: Vec::new(),
            form: None,
            typed: Form::default(),
            may_create: visit.may(Action::ManageCase),
            may_raise: false,
            may_fit: false,
            shelf: None,
        })
    }

    /// Words a case.
    pub fn of(view: &CaseView, wording: &Wording<'_>, past: bool) -> Self {
        let rows = view.items.iter().map(|item| {
            let acts = if past { Vec::new() } else { acts(view, item) };
            wording.matter(item, &acts)
        });
        let (not_needed, matters) = rows.partition(|row| row.phase == "not_needed");
        let moved = |one: &gangmu_app::approvals::MoveView| Moved {
            matter: named(wording.matters, &one.item),
            from: one.from_on.clone(),
            to: one.to_on.clone(),
            reason: one.reason.clone(),
            at: instant(one.at),
        };
        Self {
            project_id: view.project_id,
            project_name: view.project_name.clone(),
            project_code: view.project_code.clone(),
            unit: unit_name(wording.texts.lang(), &view.unit),
            card: true,
            today: view.as_of.clone(),
            case: Some(Head::new(view, wording.matters, past)),
            lanes: Lanes::default(),
            matters,
            not_needed,
            moves: view.moves.iter().map(moved).collect(),
            form: None,
            typed: Form::default(),
            may_create: false,
            may_raise: false,
            may_fit: view.may_manage && !past,
            shelf: None,
        }
    }
}

impl Shelf {
    fn new(lang: Lang, matters: &Names, view: &ShelfView) -> Self {
        let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
        let mut served: Vec<(String, Vec<String>)> = Vec::new();
        for need in view.needs.iter().filter(|one| one.saved) {
            let paper = name(lang, &need.material.name, &need.material.name_en);
            let matter = named(matters, &need.item);
            match served.iter_mut().find(|one| one.0 == paper) {
                Some(one) => one.1.push(matter),
                None => served.push((paper, vec![matter])),
            }
        }
        Self {
            papers: view.papers.len(),
            saved: Rate {
                num: count(view.saved),
                den: count(view.needed),
            },
            served,
        }
    }
}

impl Head {
    fn new(view: &CaseView, matters: &Names, past: bool) -> Self {
        let count = |phases: &[&str]| {
            let found = view
                .items
                .iter()
                .filter(|one| phases.contains(&one.phase.as_str()));
            i64::try_from(found.count()).unwrap_or(i64::MAX)
        };
        let needed = view
            .items
            .iter()
            .filter(|one| one.standing == "needed")
            .count();
        Self {
            route: view.route.clone(),
            as_of: view.as_of.clone(),
            past,
            created_on: view.created_on.clone(),
            closed_on: view.closed_on.clone(),
            planned_start_on: view.planned_start_on.clone(),
            due_for_start: view.due_for_start.clone(),
            // ISO dates order as texts do.
            late: match (&view.expected_on, &view.due_for_start) {
                (Some(expected), Some(due)) => expected > due,
                _ => false,
            },
            expected_on: view.expected_on.clone(),
            beyond_calendar: view.beyond_calendar.clone(),
            needed: i64::try_from(needed).unwrap_or(i64::MAX),
            decided: count(&["granted", "refused"]),
            not_needed: count(&["not_needed"]),
            to_clarify: count(&["to_clarify"]),
            through: Rate {
                num: view.done,
                den: view.total,
            },
            plan_length: view.plan_length,
            critical: view
                .critical
                .iter()
                .map(|code| named(matters, code))
                .collect(),
            catalogue_is_current: view.catalogue_is_current,
        }
    }
}

/// Names of the case's matters and of the catalogue's materials, in the reader's language.
async fn names(visit: &Visit, lang: Lang, view: &CaseView) -> Result<(Names, Names), AppError> {
    let catalogue = visit.app.approval_catalogue().await?;
    let matters = view.items.iter();
    let materials = catalogue.materials.into_iter();
    Ok((
        matters
            .map(|one| (one.code.clone(), name(lang, &one.name, &one.name_en)))
            .collect(),
        materials
            .map(|one| (one.code, name(lang, &one.name, &one.name_en)))
            .collect(),
    ))
}

/// Wording without names of materials, for samples.
pub fn plain<'a>(texts: &'a Texts, names: &'a (Names, Names), view: &'a CaseView) -> Wording<'a> {
    Wording {
        texts,
        project: view.project_id,
        matters: &names.0,
        materials: &names.1,
        critical: &view.critical,
    }
}
