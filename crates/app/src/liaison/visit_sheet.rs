//! A visit as .docx (调研记录、现场调度记录): what was seen, what was raised, what offices were told.
//!
//! What a reader would get wrong: it says what was recorded then. The project is named as its record
//! stood, and what became of problems and instructions is not in it.

use gangmu_domain::liaison::{Visit, VisitKind};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_exchange::letter::{Letter, LetterTable};
use gangmu_store::liaison as rows;
use gangmu_store::library::{self, Project};
use jiff::civil::Date;

use super::visit::VisitRecord;
use crate::error::{AppError, OrNotFound};
use crate::exports::{ExportFile, document, official, official_day, wan};
use crate::{Actor, App, Reference};

impl App {
    /// Writes the record of a visit.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the project may not be seen; when the actor may
    /// not export.
    pub async fn visit_sheet(&self, actor: &Actor, id: i64) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let record = self.visit_view(actor, id).await?;
        let row = rows::visit_get(&self.db, id).await?.or_not_found("visit")?;
        let project = self.visible(actor, Action::Read, row.project).await?;
        let project = self.as_entered(project, |at| at <= row.at).await?;
        let photos = self.photo_names(row.project, &row.photos).await?;
        let name = format!("{}-{}-{id}.docx", heading(row.says.kind), row.says.on);
        let reference = self.reference().await?;
        let letter = letter(&reference, (&row.says, &record), &project, &photos);
        document(name, letter).await
    }

    async fn photo_names(&self, project: ProjectId, seqs: &[i64]) -> Result<Vec<String>, AppError> {
        if seqs.is_empty() {
            return Ok(Vec::new());
        }
        let all = library::attachment_list(&self.db, project).await?;
        let own = all.into_iter().filter(|one| seqs.contains(&one.seq));
        Ok(own
            .map(|one| format!("{}（附件 {}）", one.file_name, one.seq))
            .collect())
    }
}

const fn heading(kind: VisitKind) -> &'static str {
    match kind {
        VisitKind::Note => "项目随记",
        VisitKind::Visit => "项目调研记录",
        VisitKind::OnSite => "项目现场调度记录",
    }
}

fn letter(
    reference: &Reference,
    (says, record): (&Visit, &VisitRecord),
    project: &Project,
    photos: &[String],
) -> Letter {
    let mut paragraphs = vec![
        format!(
            "项目：{}（{}，总投资 {} 万元）",
            project.name(),
            reference.unit_name(&project.unit),
            wan(project.total().0)
        ),
        format!("时间：{}", official_day(says.on)),
    ];
    let place = [
        says.place.clone(),
        says.position.map_or_else(String::new, degrees),
    ];
    let place: Vec<String> = place.into_iter().filter(|one| !one.is_empty()).collect();
    if !place.is_empty() {
        paragraphs.push(format!("地点：{}", place.join("，")));
    }
    if !says.attendees.is_empty() {
        paragraphs.push(format!("参加人员：{}", says.attendees));
    }
    paragraphs.push("情况记录：".to_owned());
    let lines = says.body.lines().map(str::trim);
    paragraphs.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
    if !record.problems.is_empty() {
        paragraphs.push("现场提出的问题：".to_owned());
    }
    let raised = record.problems.iter().zip(1..);
    paragraphs.extend(
        raised.map(|(one, at)| format!("{at}. {}（问题编号 {}）", one.title, one.problem_id)),
    );
    if !record.instructions.is_empty() {
        paragraphs.push("议定和交办事项：".to_owned());
    }
    let told = record.instructions.iter().zip(1..);
    let told = told.map(|(one, at): (_, usize)| {
        vec![
            at.to_string(),
            one.body.clone(),
            one.party.official(),
            official(&one.due_on),
        ]
    });
    let columns = [("序号", 2), ("事项", 10), ("责任单位", 6), ("完成期限", 6)];
    let mut closing = Vec::new();
    if !photos.is_empty() {
        closing.push(format!("照片 {} 张：{}。", photos.len(), photos.join("、")));
    }
    Letter {
        heading: heading(says.kind).to_owned(),
        number: String::new(),
        addressee: String::new(),
        paragraphs,
        table: LetterTable::new(columns, told.collect()),
        closing,
        office: format!("记录人：{}", record.visit.who),
        date: recorded(record.visit.at, says.on),
    }
}

/// The day it was recorded, which may lie after the visit.
fn recorded(at: i64, on: Date) -> String {
    official_day(crate::clock::day_of(at).max(on))
}

/// A place as papers give it: degrees with four decimals, ten metres.
fn degrees((east, north): (i64, i64)) -> String {
    let of = |millionths: i64, names: [&str; 2]| {
        let [positive, negative] = names;
        let name = if millionths < 0 { negative } else { positive };
        let plain = millionths.unsigned_abs();
        let (whole, part) = (plain / 1_000_000, plain % 1_000_000 / 100);
        format!("{name}{whole}.{part:04}°")
    };
    format!(
        "{}、{}",
        of(east, ["东经", "西经"]),
        of(north, ["北纬", "南纬"])
    )
}
