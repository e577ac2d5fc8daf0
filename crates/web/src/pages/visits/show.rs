//! The visits to a project, and one of them with what came of it.

use axum::extract::Path;
use gangmu_app::AppError;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Action;
use gangmu_app::liaison::{VisitQuery, VisitView};
use serde::Serialize;

use crate::api::{DOCX, download};
use crate::pages::imports::workbook;
use crate::pages::problems;
use crate::pages::resolutions;
use crate::pages::work::instant;
use crate::server::{Answer, Visit};

/// The visits to a project.
#[derive(Clone, Debug, Serialize)]
pub struct ProjectVisits {
    pub id: i64,
    pub name: String,
    pub today: String,
    pub rows: Vec<VisitRow>,
    pub may_record: bool,
}

/// One visit.
#[derive(Clone, Debug, Serialize)]
pub struct VisitRow {
    pub id: i64,
    pub href: String,
    pub project: i64,
    pub project_name: String,
    pub kind: String,
    pub on: String,
    pub place: String,
    /// Degrees, as they are printed; empty where there are none.
    pub position: String,
    pub attendees: String,
    pub body: String,
    pub who: String,
    /// RFC 3339.
    pub at: String,
    /// The addresses of its photos.
    pub photos: Vec<String>,
}

/// A visit with what came of it.
#[derive(Clone, Debug, Serialize)]
pub struct VisitPage {
    pub row: VisitRow,
    pub problems: Vec<problems::Row>,
    pub instructions: Vec<resolutions::Row>,
    pub may_export: bool,
}

pub async fn list(visit: Visit, Path(id): Path<i64>) -> Answer {
    let project = ProjectId(id);
    let found = visit.app.visits_of_project(&visit.actor, project).await?;
    let view = visit
        .app
        .responsibility(&visit.actor, project, None)
        .await?;
    let page = ProjectVisits {
        id,
        name: view.project_name,
        today: view.as_of,
        rows: found.into_iter().map(row).collect(),
        may_record: visit.may(Action::RecordVisit),
    };
    visit.page(&page).await
}

pub async fn show(visit: Visit, Path(id): Path<i64>) -> Answer {
    let found = visit.app.visit_view(&visit.actor, id).await?;
    let texts = visit.texts()?;
    let raised = found.problems.iter();
    let told = found.instructions.iter();
    let page = VisitPage {
        problems: raised.map(|one| problems::Row::new(texts, one)).collect(),
        instructions: told.map(|one| resolutions::Row::new(texts, one)).collect(),
        row: row(found.visit),
        may_export: visit.may(Action::Export),
    };
    visit.page(&page).await
}

/// The visits to all projects that may be seen, as a workbook.
pub async fn export(visit: Visit) -> Answer {
    let here = &visit.here;
    let chosen = |name: &str| here.get(name).filter(|text| !text.is_empty());
    let day = |name: &str| {
        let date = || AppError::NotFound { what: "date" };
        let read = |text: &str| text.parse().map_err(|_| date());
        chosen(name).map(read).transpose()
    };
    let query = VisitQuery {
        unit: chosen("unit").map(str::to_owned),
        from: day("from")?,
        until: day("until")?,
    };
    let made = visit.app.export_visits(&visit.actor, &query).await?;
    Ok(workbook(&made.name, made.bytes))
}

/// The record of a visit, to be printed and signed.
pub async fn record(visit: Visit, Path(id): Path<i64>) -> Answer {
    let made = visit.app.visit_sheet(&visit.actor, id).await?;
    Ok(download(&made.name, DOCX, made.bytes))
}

fn row(view: VisitView) -> VisitRow {
    let photo = |seq: &i64| format!("/projects/{}/files/{seq}", view.project_id);
    VisitRow {
        id: view.visit_id,
        href: format!("/visits/{}", view.visit_id),
        project: view.project_id,
        photos: view.photos.iter().map(photo).collect(),
        project_name: view.project_name,
        kind: view.kind.to_owned(),
        on: view.on,
        place: view.place,
        position: view.position.map_or_else(String::new, |(east, north)| {
            format!("{}, {}", degrees(east), degrees(north))
        }),
        attendees: view.attendees,
        body: view.body,
        who: view.who,
        at: instant(view.at),
    }
}

/// Millionths of a degree as degrees with four decimals: ten metres.
fn degrees(millionths: i64) -> String {
    let sign = if millionths < 0 { "-" } else { "" };
    let plain = millionths.abs();
    format!(
        "{sign}{}.{:04}°",
        plain / 1_000_000,
        plain % 1_000_000 / 100
    )
}
