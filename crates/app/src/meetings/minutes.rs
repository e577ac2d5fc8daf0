//! The minutes of a meeting as .docx (会议纪要), in the form of an official letter.

use bytes::Bytes;
use gangmu_domain::organisation::Action;
use gangmu_exchange::letter::{Letter, LetterTable, write_letter};

use super::view::MeetingView;
use crate::error::AppError;
use crate::exports::{ExportFile, official};
use crate::imports::blocking;
use crate::liaison::ResolutionView;
use crate::problems::PartyView;
use crate::{Actor, App};

impl App {
    /// Writes the minutes of a meeting that was held.
    ///
    /// # Errors
    /// [`AppError::State`] `meetings.refused.not_held` before; when the actor may not export.
    pub async fn meeting_minutes(&self, actor: &Actor, id: i64) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.meeting_view(actor, id).await?;
        if view.row.state != "held" {
            return Err(AppError::state("meetings.refused.not_held"));
        }
        let name = format!("会议纪要-{}.docx", view.row.on);
        let letter = letter(&view);
        let bytes = blocking(move || write_letter(&letter)).await?;
        Ok(ExportFile {
            name,
            bytes: Bytes::from(bytes),
        })
    }
}

fn letter(view: &MeetingView) -> Letter {
    let row = &view.row;
    let items: Vec<&str> = view
        .agenda
        .iter()
        .filter(|one| !one.dropped)
        .map(|one| one.project_name.as_str())
        .collect();
    let mut paragraphs = vec![
        format!("时间：{}", official(&row.on)),
        format!("参加：{}", row.attendees),
        format!(
            "会议调度 {} 个项目：{}。",
            items.len(),
            match items.is_empty() {
                true => "无".to_owned(),
                false => items.join("、"),
            }
        ),
    ];
    let kept = view
        .earlier
        .iter()
        .filter(|one| one.stands == "done")
        .count();
    if !view.earlier.is_empty() {
        let unkept = view.earlier.iter().filter(|one| one.unkept).count();
        paragraphs.push(format!(
            "此前议定事项 {} 项，已落实 {kept} 项，逾期未落实 {unkept} 项。",
            view.earlier.len()
        ));
    }
    let lines = row.summary.lines().map(str::trim);
    paragraphs.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
    if !view.resolutions.is_empty() {
        paragraphs.push("会议议定以下事项：".to_owned());
    }
    let columns = [
        ("序号", 1),
        ("项目", 3),
        ("议定事项", 5),
        ("责任单位", 3),
        ("期限", 2),
    ];
    let table = match view.resolutions.is_empty() {
        true => LetterTable::default(),
        false => LetterTable {
            columns: columns
                .map(|(head, share)| (head.to_owned(), share))
                .to_vec(),
            rows: view.resolutions.iter().zip(1..).map(line).collect(),
        },
    };
    Letter {
        heading: format!("{}会议纪要", row.title),
        number: String::new(),
        addressee: "各有关单位".to_owned(),
        paragraphs,
        table,
        closing: vec!["请责任单位按期办理并反馈落实情况。".to_owned()],
        office: format!("{}发展和改革委员会", row.unit.name),
        date: official(&row.on),
    }
}

fn line((view, at): (&ResolutionView, usize)) -> Vec<String> {
    vec![
        at.to_string(),
        view.project_name.clone(),
        view.body.clone(),
        party(&view.party),
        view.due_on.clone(),
    ]
}

fn party(view: &PartyView) -> String {
    let unit = view.unit.as_ref().map_or("", |one| one.name.as_str());
    match (&view.department, view.party) {
        (_, "owner") => "项目单位".to_owned(),
        (Some(department), _) => format!("{unit}{}", department.name),
        (None, _) => format!("{unit}发改委"),
    }
}
