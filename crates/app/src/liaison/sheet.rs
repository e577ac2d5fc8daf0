//! The list of a hand-over as .docx, for both to sign on paper (责任交接清单).

use gangmu_domain::Yuan;
use gangmu_domain::liaison::Duty;
use gangmu_domain::organisation::Action;
use gangmu_exchange::letter::{Letter, LetterTable};

use super::handover::REPORTER;
use super::{HandoverLineView, HandoverView, duty_word};
use crate::error::AppError;
use crate::exports::{ExportFile, document, official};
use crate::letters::commission;
use crate::{Actor, App, Reference};

impl App {
    /// Writes the list of a hand-over, with a place for each to sign.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none within reach; when the actor may not export.
    pub async fn handover_sheet(&self, actor: &Actor, id: i64) -> Result<ExportFile, AppError> {
        actor.grant(Action::Export)?;
        let view = self.handover_view(actor, id).await?;
        let name = format!("责任交接清单-{}.docx", view.row.on);
        let reference = self.reference().await?;
        document(name, letter(&reference, &view)).await
    }
}

fn letter(reference: &Reference, view: &HandoverView) -> Letter {
    let row = &view.row;
    let columns = [
        ("序号", 2),
        ("项目", 7),
        ("责任", 4),
        ("总投资（元）", 4),
        ("未销号问题", 7),
    ];
    let mut paragraphs = vec![format!(
        "自{}起，{}在{}承担的下列责任移交{}，共 {} 项，总投资 {} 元。",
        official(&row.on),
        row.from,
        row.unit.name,
        row.to,
        view.lines.len(),
        Yuan(view.total_investment),
    )];
    if !row.reason.is_empty() {
        paragraphs.push(format!("依据：{}", row.reason));
    }
    Letter {
        heading: "责任交接清单".to_owned(),
        number: String::new(),
        addressee: format!("{}、{}", row.from, row.to),
        paragraphs,
        table: LetterTable::new(columns, view.lines.iter().zip(1..).map(line).collect()),
        closing: vec![
            "移交人（签字）：　　　　　　　　　　年　　月　　日".to_owned(),
            "接收人（签字）：　　　　　　　　　　年　　月　　日".to_owned(),
            format!("经办人：{}", row.by),
        ],
        office: commission(reference, &row.unit),
        date: official(&row.on),
    }
}

fn line((view, at): (&HandoverLineView, usize)) -> Vec<String> {
    let duty = match view.duty {
        REPORTER => "填报人",
        word => Duty::from_word(word).map_or(word, duty_word),
    };
    vec![
        at.to_string(),
        format!("{}（{}）", view.project_name, view.unit.name),
        duty.to_owned(),
        Yuan(view.total_investment).to_string(),
        view.problems.join("；"),
    ]
}
