//! `gangmu import --ledger`: a ledger that departments keep, on the command line.
//!
//! Without `--adopt` it only shows what adopting would do.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use gangmu_app::ledgers::{
    LedgerCounts, LedgerImportView, LedgerNote, LedgerOptions, LedgerStatus, LedgerWeight,
};
use gangmu_app::{Actor, App, AppError, Message};

use super::import::{MOST_LINES, read};
use super::{print, print_json};

/// What is asked besides the table.
pub(super) struct Asked<'a> {
    pub tables: &'a [PathBuf],
    pub options: LedgerOptions,
    pub adopt: bool,
    pub json: bool,
}

pub(super) async fn run(app: &App, actor: &Actor, asked: Asked<'_>) -> anyhow::Result<ExitCode> {
    let [table] = asked.tables else {
        bail!("一次导入一份台账");
    };
    let file = read(table)?;
    let (view, done) = match asked.adopt {
        true => {
            let (view, done) = app.ledger_now(actor, &asked.options, file).await?;
            (view, Some(done))
        }
        false => (app.ledger_preview(actor, &asked.options, file).await?, None),
    };
    match (asked.json, asked.adopt) {
        (true, false) => print_json(&view)?,
        (true, true) => {}
        (false, _) => show(&view),
    }
    let refused = view.counts.refused;
    if let Some(done) = done {
        let done = done?;
        match asked.json {
            true => print_json(&done)?,
            false => print(format_args!("已采用：{}", counted(&done))),
        }
    }
    Ok(match refused {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn counted(counts: &LedgerCounts) -> String {
    format!(
        "新增 {}，变更 {}，已有 {}，略过 {}",
        counts.new, counts.changed, counts.unchanged, counts.left_out
    )
}

fn show(view: &LedgerImportView) {
    print(format_args!(
        "{}：{}，不能导入 {}",
        view.file_name,
        counted(&view.counts),
        view.counts.refused
    ));
    let (mut lines, mut left) = (MOST_LINES, 0);
    for note in &view.notes {
        tell("", note);
    }
    for row in &view.rows {
        if row.status == LedgerStatus::Unchanged && row.notes.is_empty() {
            continue;
        }
        match lines.checked_sub(1) {
            Some(fewer) => lines = fewer,
            None => {
                left += 1;
                continue;
            }
        }
        let place = format!("{}!{}", row.sheet, row.row);
        print(format_args!("{place} {} {}", status(row.status), row.name));
        row.notes.iter().for_each(|note| tell("  ", note));
    }
    if left > 0 {
        print(format_args!("另有 {left} 行"));
    }
}

fn status(status: LedgerStatus) -> &'static str {
    match status {
        LedgerStatus::New => "新增",
        LedgerStatus::Changed => "变更",
        LedgerStatus::Unchanged => "已有",
        LedgerStatus::LeftOut => "略过",
        LedgerStatus::Refused => "不能导入",
    }
}

/// Prints a note in the words the pages use.
fn tell(indent: &str, note: &LedgerNote) {
    let said = AppError::Invalid {
        messages: vec![Message::new(&note.code, "", note.params.clone())],
    };
    let kind = match note.weight {
        LedgerWeight::Error => "错误",
        LedgerWeight::Told => "说明",
        LedgerWeight::Does => "",
    };
    let place = format!("{} {}", note.cell, note.column);
    for line in crate::refusal::lines(&said.into()).unwrap_or_default() {
        let line = format!("{kind} {} {line}", place.trim());
        print(format_args!("{indent}{}", line.trim()));
    }
}
