//! `gangmu plans`: the plans there are, and a table of tasks handed in for one.
//!
//! Without `--adopt` an import only shows what adopting would make of the draft.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use gangmu_app::domain::plans::PlanId;
use gangmu_app::plans::{ImportNote, PlanImportView, PlanQuery};
use gangmu_app::{AppError, Message};

use super::import::{MOST_LINES, read};
use super::{open, print, print_json};
use crate::Place;
use crate::table::{Align, render};

/// List plans, or import a table of tasks into the draft of one.
#[derive(Args)]
pub(crate) struct Plans {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List the plans.
    List {
        /// Only plans of this unit or below: its code.
        #[arg(long)]
        unit: Option<String>,
        /// Which page of 50.
        #[arg(long, default_value_t = 1)]
        page: i64,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Read a table of tasks (.docx, .xlsx, .xls, .csv) and show what adopting it would change.
    Import {
        /// The table.
        table: std::path::PathBuf,
        /// The number of the plan.
        #[arg(long)]
        plan: i64,
        /// Write it into the draft, all of it or nothing.
        #[arg(long)]
        adopt: bool,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

pub(crate) async fn run(place: &Place, args: Plans) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let actor = app.system().await?;
    match args.what {
        What::List { unit, page, json } => {
            let query = PlanQuery {
                unit,
                page,
                ..PlanQuery::default()
            };
            let found = app.plan_page(&actor, &query).await?;
            if json {
                print_json(&found)?;
                return Ok(ExitCode::SUCCESS);
            }
            let rows: Vec<Vec<String>> = found
                .rows
                .into_iter()
                .map(|row| {
                    vec![
                        row.plan_id.to_string(),
                        row.title,
                        row.office.unit.name,
                        row.version.to_string(),
                        row.tasks.to_string(),
                    ]
                })
                .collect();
            let headings = [
                ("编号", Align::Right),
                ("方案", Align::Left),
                ("单位", Align::Left),
                ("版本", Align::Right),
                ("任务", Align::Right),
            ];
            print(render(&headings, &rows).trim_end());
            Ok(ExitCode::SUCCESS)
        }
        What::Import {
            table,
            plan,
            adopt,
            json,
        } => {
            let plan = PlanId(plan);
            let preview = app.plan_import_preview(&actor, plan, read(&table)?).await?;
            match (json, adopt) {
                (true, false) => print_json(&preview)?,
                (true, true) => {}
                (false, _) => show(&preview),
            }
            if adopt {
                let edit = Some(preview.edit);
                let done = app
                    .plan_import_adopt(&actor, plan, preview.import, edit)
                    .await?;
                match json {
                    true => print_json(&done)?,
                    false => print(format_args!(
                        "已写入修订稿：新增 {}，变更 {}，不变 {}",
                        done.new, done.changed, done.unchanged
                    )),
                }
            }
            Ok(match preview.counts.refused {
                0 => ExitCode::SUCCESS,
                _ => ExitCode::FAILURE,
            })
        }
    }
}

fn show(preview: &PlanImportView) {
    let counts = preview.counts;
    print(format_args!(
        "{}：新增 {}，变更 {}，不变 {}，不能导入 {}",
        preview.file_name, counts.new, counts.changed, counts.unchanged, counts.refused
    ));
    let notes = preview.tasks.iter().flat_map(|task| &task.notes);
    for note in notes.chain(&preview.notes).take(MOST_LINES) {
        tell(note);
    }
}

/// Prints a note in the words the pages use.
fn tell(note: &ImportNote) {
    let message = Message::new(note.code, "", note.params.clone());
    let said = AppError::Invalid {
        messages: vec![message],
    };
    let kind = if note.is_error { "error" } else { "info" };
    for line in crate::refusal::lines(&said.into()).unwrap_or_default() {
        print(format_args!("{kind} {} {line}", note.place));
    }
}
