//! The agenda and the minutes of a meeting as .docx (会议议程、会议纪要), in the form of official letters.
//!
//! What a reader would get wrong: what they list is kept when the meeting is held; what becomes of it
//! later does not change them.

use gangmu_domain::meetings::Ground;
use gangmu_domain::organisation::Action;
use gangmu_exchange::letter::{Letter, LetterTable};
use gangmu_store::meetings as rows;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::view::{AgendaItemView, GroundView, MeetingRowView, MeetingView};
use crate::error::AppError;
use crate::exports::{ExportFile, document, official, wan};
use crate::letters::commission;
use crate::liaison::ResolutionView;
use crate::{Actor, App, Reference};

impl App {
    /// Writes the agenda of a meeting, to be sent or laid on the table before it.
    ///
    /// # Errors
    /// When the actor may not export.
    pub async fn meeting_agenda(&self, actor: &Actor, id: i64) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.meeting_view(actor, id).await?;
        let name = format!("会议议程-{}.docx", view.row.on);
        let reference = self.reference().await?;
        document(name, agenda(&reference, &view, self.today())).await
    }

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
        let stored = rows::meeting_get(&self.db, id).await?;
        let kept = stored.map(|row| row.minutes).unwrap_or_default();
        // Of a meeting held before minutes were kept, today's is what there is.
        let minutes = serde_json::from_str(&kept).unwrap_or_else(|_| Minutes::of(&view));
        let name = format!("会议纪要-{}.docx", view.row.on);
        let reference = self.reference().await?;
        document(name, letter(&reference, &view.row, &minutes)).await
    }
}

/// What the minutes list besides what was said, as it stood when the meeting was held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Minutes {
    /// The projects of the agenda.
    projects: Vec<String>,
    /// How much earlier meetings had agreed, how much of it was kept, how much was past its day.
    earlier: [usize; 3],
    /// What was agreed: project, what, who, until when.
    agreed: Vec<[String; 4]>,
}

impl Minutes {
    /// Takes down a meeting as it stands.
    pub(super) fn of(view: &MeetingView) -> Self {
        let on_it = view.agenda.iter().filter(|one| !one.dropped);
        let kept = view.earlier.iter().filter(|one| one.stands == "done");
        let unkept = view.earlier.iter().filter(|one| one.unkept);
        Self {
            projects: on_it.map(|one| one.project_name.clone()).collect(),
            earlier: [view.earlier.len(), kept.count(), unkept.count()],
            agreed: view.resolutions.iter().map(line).collect(),
        }
    }

    /// Writes them down to be kept.
    pub(super) fn kept(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

fn agenda(reference: &Reference, view: &MeetingView, today: Date) -> Letter {
    let row = &view.row;
    let on_it: Vec<_> = view.agenda.iter().filter(|one| !one.dropped).collect();
    let unkept = view.earlier.iter().filter(|one| one.unkept).count();
    let mut paragraphs = vec![
        format!("时间：{}", official(&row.on)),
        format!(
            "议程：先听取此前议定事项落实情况，再逐项调度 {} 个项目。",
            on_it.len()
        ),
    ];
    if !view.earlier.is_empty() {
        paragraphs.push(format!(
            "此前议定事项 {} 项，逾期未落实 {unkept} 项。",
            view.earlier.len()
        ));
    }
    let columns = [
        ("序号", 2),
        ("项目", 7),
        ("所在地区", 4),
        ("总投资（万元）", 4),
        ("上会理由", 8),
    ];
    let line = |(one, at): (&&AgendaItemView, usize)| {
        let ground = |one: &GroundView| format!("{}：{}", ground_name(one.ground), one.about);
        let grounds: Vec<String> = one.grounds.iter().map(ground).collect();
        vec![
            at.to_string(),
            one.project_name.clone(),
            one.unit.name.clone(),
            wan(one.total_investment),
            grounds.join("；"),
        ]
    };
    Letter {
        heading: format!("{}议程", row.title),
        number: String::new(),
        addressee: "各有关单位".to_owned(),
        paragraphs,
        table: LetterTable::new(columns, on_it.iter().zip(1..).map(line).collect()),
        closing: vec!["请涉及项目的责任单位准备情况和意见。".to_owned()],
        office: commission(reference, &row.unit),
        date: official(&today.to_string()),
    }
}

/// What a ground is called in a letter.
fn ground_name(word: &str) -> &'static str {
    match Ground::from_word(word) {
        Some(Ground::Unkept) => "议定事项未落实",
        Some(Ground::RedLight) => "红灯项目",
        Some(Ground::OverdueProblem) => "问题逾期",
        Some(Ground::LateMatter) => "审批超期",
        Some(Ground::ElementsShort) => "要素短缺",
        Some(Ground::StartLate) => "应开未开",
        Some(Ground::StartDue) => "即将开工",
        Some(Ground::ByHand) | None => "人工列入",
    }
}

fn letter(reference: &Reference, row: &MeetingRowView, minutes: &Minutes) -> Letter {
    let items = &minutes.projects;
    let mut paragraphs = vec![
        format!("时间：{}", official(&row.on)),
        format!("参加：{}", row.attendees),
        match items.is_empty() {
            true => "会议没有逐项调度项目。".to_owned(),
            false => format!("会议调度 {} 个项目：{}。", items.len(), items.join("、")),
        },
    ];
    let [earlier, kept, unkept] = minutes.earlier;
    if earlier > 0 {
        paragraphs.push(format!(
            "此前议定事项 {earlier} 项，已落实 {kept} 项，逾期未落实 {unkept} 项。"
        ));
    }
    let lines = row.summary.lines().map(str::trim);
    paragraphs.extend(lines.filter(|line| !line.is_empty()).map(str::to_owned));
    if !minutes.agreed.is_empty() {
        paragraphs.push("会议议定以下事项：".to_owned());
    }
    let columns = [
        ("序号", 2),
        ("项目", 5),
        ("议定事项", 8),
        ("责任单位", 5),
        ("期限", 4),
    ];
    let numbered = minutes.agreed.iter().zip(1..);
    let rows = numbered.map(|(one, at): (_, usize)| {
        let cells = one.iter().cloned();
        std::iter::once(at.to_string()).chain(cells).collect()
    });
    Letter {
        heading: format!("{}会议纪要", row.title),
        number: String::new(),
        addressee: "各有关单位".to_owned(),
        paragraphs,
        table: LetterTable::new(columns, rows.collect()),
        closing: vec!["请责任单位按期办理并反馈落实情况。".to_owned()],
        office: commission(reference, &row.unit),
        date: official(&row.on),
    }
}

fn line(view: &ResolutionView) -> [String; 4] {
    [
        view.project_name.clone(),
        view.body.clone(),
        view.party.official(),
        view.due_on.clone(),
    ]
}
