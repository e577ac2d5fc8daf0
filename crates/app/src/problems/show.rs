//! One problem with its steps, and the problems of one project.

use std::collections::BTreeMap;

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_domain::problems::{ActKind, Course, Event};
use gangmu_store::library::{self, Project};
use gangmu_store::problems::{self, Block, ProblemFilter, ProblemRow};
use jiff::civil::Date;

use super::act::{Loaded, load, may, visible};
use super::view::{self, HeldView, PartyView, ProblemRowView, ProblemView, RulesView, SeatView};
use super::{StepView, handles, sees};
use crate::approvals::calendar_error;
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::{Actor, App, Reference};

impl App {
    /// Shows a problem; `as_of` shows it as it stood at the end of a past day.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, it may not be seen, or it was not raised then.
    pub async fn problem_view(
        &self,
        actor: &Actor,
        id: i64,
        as_of: Option<Date>,
    ) -> Result<ProblemView, AppError> {
        let row = problems::problem_get(&self.db, id).await?;
        let mut loaded = load(&self.db, row.or_not_found("problem")?).await?;
        if !visible(actor, &loaded) {
            return Err(AppError::NotFound { what: "problem" });
        }
        if let Some(day) = as_of {
            loaded.events.retain(|event| event.on <= day);
            loaded.course = Course::of(&loaded.events).or_not_found("problem")?;
        }
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let blocks = problems::block_list(&self.db, id).await?;
        let day = as_of.unwrap_or(self.today());
        let seen = Seen {
            actor,
            reference: &reference,
            day,
        };
        let offers = match as_of {
            Some(_) => Vec::new(),
            None => self.offers(actor, &reference, &loaded),
        };
        let step = |event: &Event| {
            let who = users.get(&event.user).cloned().unwrap_or_default();
            StepView::new(&reference, who, event)
        };
        let course = &loaded.course;
        Ok(ProblemView {
            row: seen.row(&loaded.row, course, &blocks, &loaded.projects)?,
            body: loaded.row.body.clone(),
            origin_ref: origin_ref(&loaded.row),
            raised_by: users
                .get(&loaded.row.raised_by)
                .cloned()
                .unwrap_or_default(),
            demand: course.demand.clone(),
            assisting: course
                .assisting
                .iter()
                .map(|one| PartyView::new(&reference, one))
                .collect(),
            escalated: course.escalated,
            sent_back: course.sent_back,
            asked_for: course.asked.map(|day| day.to_string()),
            steps: loaded.events.iter().map(step).collect(),
            offers,
        })
    }

    fn offers(&self, actor: &Actor, reference: &Reference, loaded: &Loaded) -> Vec<String> {
        let passes = |kind: &ActKind| {
            let own = loaded.course.is_own_answer(actor.user);
            !(own && matches!(kind, ActKind::Verify | ActKind::StrikeOff))
        };
        let offers = reference.problems.offers(&loaded.course, &loaded.row.unit);
        offers
            .into_iter()
            .filter(|kind| may(actor, loaded, *kind) && passes(kind))
            .map(|kind| kind.word().to_owned())
            .collect()
    }

    /// Lists the problems that hold up a project, open ones first; `as_of` shows those raised by a
    /// past day as they stood at its end.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the project may not be seen.
    pub async fn problems_of_project(
        &self,
        actor: &Actor,
        project: ProjectId,
        as_of: Option<Date>,
    ) -> Result<Vec<ProblemRowView>, AppError> {
        self.visible(actor, Action::Read, project).await?;
        let filter = ProblemFilter {
            project: Some(project),
            limit: 200,
            ..ProblemFilter::default()
        };
        let rows = problems::problem_list(&self.db, &filter).await?;
        let mut views = self.problem_rows_on(actor, rows, as_of).await?;
        views.sort_by_key(|row| row.ended_on.is_some());
        Ok(views)
    }

    /// Says which kinds, grades and levels there are.
    ///
    /// # Errors
    /// When the reference data cannot be read.
    pub async fn problem_rules(&self) -> Result<RulesView, AppError> {
        Ok(RulesView::new(&self.reference().await?.problems))
    }

    /// Puts rows into words, read from their steps as of today.
    pub(crate) async fn problem_rows(
        &self,
        actor: &Actor,
        rows: Vec<ProblemRow>,
    ) -> Result<Vec<ProblemRowView>, AppError> {
        self.problem_rows_on(actor, rows, None).await
    }

    /// Puts rows into words, read from their steps as of a day, today when none is named; what was
    /// raised later is left out.
    async fn problem_rows_on(
        &self,
        actor: &Actor,
        rows: Vec<ProblemRow>,
        as_of: Option<Date>,
    ) -> Result<Vec<ProblemRowView>, AppError> {
        let reference = self.reference().await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.id).collect();
        let mut events = problems::problem_event_list_of(&self.db, &ids).await?;
        let mut blocks = problems::block_list_of(&self.db, &ids).await?;
        let mut held: Vec<i64> = blocks.values().flatten().map(|one| one.project.0).collect();
        held.sort_unstable();
        held.dedup();
        let projects = library::project_list_of(&self.db, &held).await?;
        let by_id: BTreeMap<ProjectId, &Project> =
            projects.iter().map(|one| (one.id, one)).collect();
        let seen = Seen {
            actor,
            reference: &reference,
            day: as_of.unwrap_or(self.today()),
        };
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let events = events.remove(&row.id).unwrap_or_default();
            let course = match as_of {
                None => Some(Course::of(&events).or_not_found("problem")?),
                Some(day) => Course::as_of(&events, day),
            };
            let Some(course) = course else {
                continue;
            };
            let blocks = blocks.remove(&row.id).unwrap_or_default();
            let own = blocks.iter().filter_map(|one| by_id.get(&one.project));
            let own: Vec<Project> = own.map(|one| (*one).clone()).collect();
            views.push(seen.row(&row, &course, &blocks, &own)?);
        }
        Ok(views)
    }
}

/// What a period or a code the problem came from is called.
fn origin_ref(row: &ProblemRow) -> String {
    use gangmu_domain::problems::Origin;
    match &row.origin {
        Origin::Return(number) => gangmu_domain::Period::from_number(*number)
            .map_or_else(String::new, |period| period.to_string()),
        other => other.reference(),
    }
}

/// Who looks, and as of which day.
struct Seen<'a> {
    actor: &'a Actor,
    reference: &'a Reference,
    day: Date,
}

impl Seen<'_> {
    fn row(
        &self,
        row: &ProblemRow,
        course: &Course,
        blocks: &[Block],
        projects: &[Project],
    ) -> Result<ProblemRowView, AppError> {
        let (reference, rules) = (self.reference, &self.reference.problems);
        let reading = rules
            .read(course, &reference.calendar, self.day)
            .map_err(calendar_error)?;
        let all = handles(self.actor, row, course, projects);
        let held: Vec<HeldView> = blocks
            .iter()
            .filter_map(|block| {
                let project = projects.iter().find(|one| one.id == block.project)?;
                (all || sees(self.actor, project)).then(|| held(reference, project, &block.item))
            })
            .collect();
        Ok(ProblemRowView {
            problem_id: row.id,
            version: row.version,
            title: row.title.clone(),
            kind: view::kind(rules, &course.kind),
            grade: view::grade_of(rules, course),
            seat: SeatView::new(reference, &course.seat),
            party: course
                .party
                .as_ref()
                .map(|one| PartyView::new(reference, one)),
            phase: course.phase.word().to_owned(),
            origin: row.origin.word().to_owned(),
            raised_on: course.raised_on.to_string(),
            due_on: course.due.map(|day| day.to_string()),
            ended_on: course.ended_on.map(|day| day.to_string()),
            days: reading.days,
            left: reading.left,
            light: gangmu_domain::approvals::light_word(reading.light).to_owned(),
            held_elsewhere: blocks.len().saturating_sub(held.len()),
            investment: view::total(&held),
            held,
        })
    }
}

fn held(reference: &Reference, project: &Project, matter: &str) -> HeldView {
    HeldView {
        project_id: project.id.0,
        project_name: project.name().to_owned(),
        unit: UnitView::new(reference, &project.unit),
        total_investment: project.total().0,
        matter: matter.to_owned(),
    }
}
