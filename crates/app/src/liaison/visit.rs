//! Recording a visit: what was seen, photos, what became a problem, and what offices were told.
//!
//! What a reader would get wrong: everything of a visit is saved together. A photo that is not
//! taken, or a problem without a name, and nothing of the visit is there.

use gangmu_domain::liaison::{Visit, VisitRefused};
use gangmu_domain::library::{EventKind, ProjectId};
use gangmu_domain::organisation::Action;
use gangmu_domain::problems::Origin;
use gangmu_store::liaison::{self as rows, MadeAt, ResolutionFilter, VisitFilter, VisitRow};
use gangmu_store::problems;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::resolution::{ResolutionView, ResolveInput};
use crate::change::{Because, audit};
use crate::error::{AppError, Message, OrNotFound};
use crate::library::{Upload, locked};
use crate::problems::{ProblemRowView, RaiseInput};
use crate::{Actor, App};

/// The most photos of one visit.
const MOST_PHOTOS: usize = 9;
/// The most problems and instructions of one visit.
const MOST_RAISED: usize = 20;

/// A visit as a person records it.
#[derive(Clone, Debug)]
pub struct VisitInput {
    /// What was seen and said.
    pub visit: Visit,
    /// Photos.
    pub photos: Vec<Upload>,
    /// Problems that were found: a line each.
    pub problems: Vec<String>,
    /// What offices were told to do.
    pub instructions: Vec<ResolveInput>,
}

/// A visit as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VisitView {
    /// Its number.
    pub visit_id: i64,
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// note, visit, `on_site`.
    pub kind: &'static str,
    /// The day.
    pub on: String,
    /// Where, in words.
    pub place: String,
    /// Longitude and latitude in millionths of a degree.
    pub position: Option<(i64, i64)>,
    /// Who was there.
    pub attendees: String,
    /// What was seen and agreed.
    pub body: String,
    /// Who recorded it.
    pub who: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// The numbers of its photos among the project's attachments.
    pub photos: Vec<i64>,
}

/// A visit with what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VisitRecord {
    /// The visit.
    pub visit: VisitView,
    /// The problems that came of it.
    pub problems: Vec<ProblemRowView>,
    /// What offices were told.
    pub instructions: Vec<ResolutionView>,
}

impl App {
    /// Records a visit with its photos, problems and instructions; all of it or nothing. Returns
    /// its number.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may record visits there; [`AppError::Invalid`] with
    /// everything that is wrong with the form.
    pub async fn visit_record(
        &self,
        actor: &Actor,
        project: ProjectId,
        input: VisitInput,
    ) -> Result<i64, AppError> {
        self.visible(actor, Action::RecordVisit, project).await?;
        check(&input, self.today())?;
        let mut photos = Vec::with_capacity(input.photos.len());
        for upload in input.photos {
            photos.push(self.attachment_prepare(actor, upload).await?);
        }
        let mut begun = self.begin(actor).await?;
        let work = begun.work();
        let found = locked(work.tx, actor, Action::RecordVisit, project).await?;
        let mut seqs = Vec::with_capacity(photos.len());
        for photo in &photos {
            seqs.push(self.attach_within(&work, project, photo).await?);
        }
        let row = VisitRow {
            project,
            id: 0,
            says: input.visit,
            user: actor.user,
            at: self.now(),
            photos: seqs,
        };
        let id = rows::visit_insert(work.tx, &row).await?;
        for title in &input.problems {
            let raised = RaiseInput {
                body: row.says.body.clone(),
                origin: Origin::Visit(id),
                ..RaiseInput::new(project, title)
            };
            self.raise_within(work.tx, actor, &raised).await?;
        }
        for told in &input.instructions {
            let place = (MadeAt::Visit(id), Some(project), &found.unit);
            self.resolve_within(work.tx, actor, place, told).await?;
        }
        let line: String = row.says.body.chars().take(80).collect();
        let because = Because {
            kind: EventKind::Visited,
            on: row.says.on,
            reason: &line,
            document_no: "",
        };
        work.event(&found, &because, Vec::new()).await?;
        let subject = format!("project:{project}");
        let detail = json!({ "visit": id, "kind": row.says.kind.word() }).to_string();
        audit(
            work.tx,
            actor,
            self.now(),
            "visit_record",
            &subject,
            &detail,
        )
        .await?;
        begun.commit().await?;
        Ok(id)
    }

    /// Shows a visit with what came of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the project may not be seen.
    pub async fn visit_view(&self, actor: &Actor, id: i64) -> Result<VisitRecord, AppError> {
        let row = rows::visit_get(&self.db, id).await?.or_not_found("visit")?;
        let seen = self.visible(actor, Action::Read, row.project).await;
        let project = seen.map_err(|_| AppError::NotFound { what: "visit" })?;
        let raised = problems::problem_list_from(&self.db, &[Origin::Visit(id)]).await?;
        let filter = ResolutionFilter {
            made_at: Some(vec![MadeAt::Visit(id)]),
            limit: 100,
            ..ResolutionFilter::default()
        };
        let users = self.user_names().await?;
        let name = users.get(&row.user).cloned().unwrap_or_default();
        Ok(VisitRecord {
            visit: view(row, project.name(), name),
            problems: self.problem_rows(actor, raised).await?,
            instructions: self.resolution_views(&self.db, actor, &filter).await?,
        })
    }

    /// Lists the visits to a project, newest first.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the project may not be seen.
    pub async fn visits_of_project(
        &self,
        actor: &Actor,
        project: ProjectId,
    ) -> Result<Vec<VisitView>, AppError> {
        let found = self.visible(actor, Action::Read, project).await?;
        let users = self.user_names().await?;
        let filter = VisitFilter {
            project: Some(project),
            limit: 200,
            ..VisitFilter::default()
        };
        let rows = rows::visit_list(&self.db, &filter).await?;
        let views = rows.into_iter().map(|row| {
            let name = users.get(&row.user).cloned().unwrap_or_default();
            view(row, found.name(), name)
        });
        Ok(views.collect())
    }
}

fn view(row: VisitRow, project_name: &str, who: String) -> VisitView {
    VisitView {
        visit_id: row.id,
        project_id: row.project.0,
        project_name: project_name.to_owned(),
        kind: row.says.kind.word(),
        on: row.says.on.to_string(),
        place: row.says.place,
        position: row.says.position,
        attendees: row.says.attendees,
        body: row.says.body,
        who,
        at: row.at,
        photos: row.photos,
    }
}

fn check(input: &VisitInput, today: jiff::civil::Date) -> Result<(), AppError> {
    let told = |one: VisitRefused| Message::new(one.code(), one.field(), one.params());
    let mut messages: Vec<Message> = match input.visit.check(today) {
        Ok(()) => Vec::new(),
        Err(wrong) => wrong.into_iter().map(told).collect(),
    };
    let most = |n: usize| [n.to_string()];
    if input.photos.len() > MOST_PHOTOS {
        messages.push(Message::new(
            "liaison.too_many_photos",
            "file",
            most(MOST_PHOTOS),
        ));
    }
    if input.problems.len() + input.instructions.len() > MOST_RAISED {
        messages.push(Message::new(
            "liaison.too_many_raised",
            "problem",
            most(MOST_RAISED),
        ));
    }
    match messages.is_empty() {
        true => Ok(()),
        false => Err(AppError::Invalid { messages }),
    }
}
