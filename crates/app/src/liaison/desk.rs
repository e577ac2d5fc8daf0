//! A leader's page: my projects by light, what changed since I looked, what is asked of me.
//!
//! What a reader would get wrong: looking at the page notes nothing as seen; only saying so does,
//! so that a page that was loaded twice on the way loses nothing.

use std::collections::HashMap;

use gangmu_domain::organisation::{Action, UserId};
use gangmu_domain::plans::PlanId;
use gangmu_domain::problems::Phase;
use gangmu_store::liaison::{self as rows, Happened, HappenedFilter, ResolutionFilter};
use gangmu_store::problems::{self, ProblemFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::{ChargeView, LiaisonQuery, ResolutionView};
use crate::error::AppError;
use crate::library::ListRowView;
use crate::problems::ProblemRowView;
use crate::supervision::AskedView;
use crate::{Actor, App};

/// The most projects on the page.
const MOST_PROJECTS: i64 = 200;
/// The most lines of what is asked.
const MOST_LINES: i64 = 100;
/// So many lines of what changed stand on a page.
const CHANGES: i64 = 30;

/// One of my projects.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DeskProjectView {
    /// As lists show it.
    pub project: ListRowView,
    /// What I answer for in it: words of duties.
    pub duties: Vec<&'static str>,
    /// How many open problems hold it up.
    pub problems: usize,
    /// How much of what changed is of it, on all pages.
    pub changes: i64,
}

/// Something that happened in one of my projects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HappenedView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub who: String,
    /// event, return, problem, approval, visit, meeting.
    pub what: String,
    /// The kind of event, the step, the act: a stable word.
    pub word: String,
    /// The reason, title or matter; may be empty.
    pub text: String,
    /// The number of the problem, visit or meeting; zero for none.
    pub reference: i64,
}

/// A leader's page.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DeskView {
    /// The day it is true for.
    pub day: String,
    /// The period whose lights are shown, 2025-12.
    pub period: String,
    /// The chains and tasks I answer for.
    pub charges: Vec<ChargeView>,
    /// My projects: red ones first, then yellow, then the others, the largest first.
    pub projects: Vec<DeskProjectView>,
    /// How many there are, should there be more than are shown.
    pub total: i64,
    /// How many of each light are shown: red, yellow, green, others.
    pub lights: [usize; 4],
    /// Until when I have looked, in milliseconds since 1970; zero for never.
    pub seen_at: i64,
    /// The instant of this page, to note as seen.
    pub now: i64,
    /// A page of what others did since, newest first.
    pub changes: Vec<HappenedView>,
    /// How much there is on all pages.
    pub changes_total: i64,
    /// This page of it, from 1.
    pub changes_page: i64,
    /// How much a page has at most.
    pub changes_size: i64,
    /// Answers to problems that I may verify.
    pub to_verify: Vec<ProblemRowView>,
    /// What was reported as done and waits for somebody to look.
    pub to_confirm: Vec<ResolutionView>,
    /// What is past its day in my projects.
    pub unkept: Vec<ResolutionView>,
    /// What supervision asks over the tasks I answer for.
    pub supervision: AskedView,
}

impl App {
    /// Gathers a person's projects, what is asked of them, and a page, from 1, of what changed.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn desk(&self, actor: &Actor, changes: i64) -> Result<DeskView, AppError> {
        let query = LiaisonQuery {
            user: Some(actor.user),
            per_page: MOST_PROJECTS,
            ..LiaisonQuery::default()
        };
        let mine = self.liaison_page(actor, &query).await?;
        let ids: Vec<i64> = mine
            .rows
            .iter()
            .map(|one| one.project.row.project_id)
            .collect();
        let names: HashMap<i64, String> = mine
            .rows
            .iter()
            .map(|one| (one.project.row.project_id, one.project.row.name.clone()))
            .collect();
        let open = self.held_problems(actor, &[]).await?;
        let to_verify = self.held_problems(actor, &[Phase::Answered]).await?;
        let seen_at = rows::liaison_seen_get(&self.db, actor.user).await?;
        let since = HappenedFilter {
            projects: &ids,
            after: seen_at,
            but: actor.user,
        };
        let changed = rows::happened_tally(&self.db, since).await?;
        let changes_page = changes.max(1);
        let place = ((changes_page - 1).saturating_mul(CHANGES), CHANGES);
        let happened = rows::happened_since(&self.db, since, place).await?;
        let of = |filter: ResolutionFilter| ResolutionFilter {
            projects: Some(ids.clone()),
            limit: MOST_LINES,
            ..filter
        };
        let reported = of(ResolutionFilter {
            reported: true,
            ..ResolutionFilter::default()
        });
        let unkept = of(ResolutionFilter {
            due_before: Some(self.today().to_string()),
            ..ResolutionFilter::default()
        });
        let mut to_confirm = self.resolution_views(&self.db, actor, &reported).await?;
        to_confirm.retain(|one| one.offers.contains(&"confirm"));
        let mut unkept = self.resolution_views(&self.db, actor, &unkept).await?;
        // What I am asked to confirm stands there, and not a second time.
        let asked: Vec<i64> = to_confirm.iter().map(|one| one.resolution_id).collect();
        unkept.retain(|one| !asked.contains(&one.resolution_id));
        let users = self.user_names().await?;
        let line = |one: Happened| HappenedView {
            project_name: names.get(&one.project_id).cloned().unwrap_or_default(),
            project_id: one.project_id,
            at: one.at,
            who: users.get(&UserId(one.user_id)).cloned().unwrap_or_default(),
            what: one.what,
            word: one.word,
            text: one.text,
            reference: one.reference,
        };
        let changes: Vec<HappenedView> = happened.into_iter().map(line).collect();
        let mut projects: Vec<DeskProjectView> = mine
            .rows
            .into_iter()
            .map(|one| {
                let id = one.project.row.project_id;
                let held = |row: &&ProblemRowView| row.held.iter().any(|h| h.project_id == id);
                let own = one.standing.iter();
                let own = own.filter(|it| it.holder.user_id == Some(actor.user.0));
                DeskProjectView {
                    duties: own.map(|it| it.duty).collect(),
                    problems: open.iter().filter(held).count(),
                    changes: changed.get(&id).copied().unwrap_or_default(),
                    project: one.project,
                }
            })
            .collect();
        projects.sort_by_key(|one| rank(one.project.light.light));
        let mut lights = [0; 4];
        for one in &projects {
            if let Some(n) = lights.get_mut(rank(one.project.light.light)) {
                *n += 1;
            }
        }
        let charges = self.charges_held(actor).await?;
        let task = |one: &ChargeView| Some((PlanId(one.about.plan_id?), one.about.task?));
        let tasks = charges.iter().filter_map(task).collect();
        Ok(DeskView {
            supervision: self.supervision_asked(actor, &tasks).await?,
            charges,
            day: mine.day,
            period: mine.period,
            projects,
            total: mine.projects,
            lights,
            seen_at,
            now: self.now(),
            changes,
            changes_total: changed.values().sum(),
            changes_page,
            changes_size: CHANGES,
            to_verify,
            to_confirm,
            unkept,
        })
    }

    /// The open problems of a person's projects, in some phases or all.
    pub(crate) async fn held_problems(
        &self,
        actor: &Actor,
        phases: &[Phase],
    ) -> Result<Vec<ProblemRowView>, AppError> {
        let filter = ProblemFilter {
            scope: Some(actor.grant(Action::Read)?.scope),
            answers_for: Some((actor.user, self.today().to_string())),
            phases: phases.to_vec(),
            open: true,
            limit: MOST_LINES,
            ..ProblemFilter::default()
        };
        let rows = problems::problem_list(&self.db, &filter).await?;
        self.problem_rows(actor, rows).await
    }

    /// Notes that a person has looked at what changed until an instant of the past.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn desk_seen(&self, actor: &Actor, at: i64) -> Result<(), AppError> {
        actor.grant(Action::Read)?;
        let tx = self.db.begin().await?;
        rows::liaison_seen_put(&tx, actor.user, at.min(self.now())).await?;
        Ok(tx.commit().await?)
    }
}

/// Red first, then yellow, then green or ahead, then what has no light.
fn rank(light: &str) -> usize {
    match light {
        "red" => 0,
        "yellow" => 1,
        "green" | "ahead" => 2,
        _ => 3,
    }
}
