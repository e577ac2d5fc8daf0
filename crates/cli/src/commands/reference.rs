//! `gangmu reference`: lists reference data, and loads a file in its place.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use clap::{Args, Subcommand};
use gangmu_app::ReferenceKind;
use jiff::civil::Date;

use super::{open, print, print_json};
use crate::Place;
use crate::table::{Align, render};

/// Look at reference data, or load a file.
#[derive(Args)]
pub(crate) struct Reference {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// List what is loaded.
    List {
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Load a file: units, departments and industries are added or renamed, policies become a
    /// new version.
    Import {
        /// What the file holds.
        #[arg(value_parser = kinds())]
        kind: ReferenceKind,
        /// The file.
        file: PathBuf,
        /// The day a policy applies from; today when absent.
        #[arg(long)]
        valid_from: Option<Date>,
    },
}

/// The kinds by their words, so that the help names all there are.
fn kinds() -> impl TypedValueParser<Value = ReferenceKind> {
    let words = ReferenceKind::ALL.map(ReferenceKind::word);
    PossibleValuesParser::new(words)
        .try_map(|word| ReferenceKind::from_word(&word).ok_or("no such kind"))
}

pub(crate) async fn run(place: &Place, args: Reference) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    match args.what {
        What::List { json } => {
            let reference = app.reference().await?;
            let counts = [
                ("regions", "填报单位", reference.units.len()),
                ("departments", "部门", reference.departments.len()),
                ("industries", "行业", reference.industries.len()),
                ("gates", "准入条件", reference.gates.len()),
                ("groupings", "报告分组", reference.groupings.len()),
            ];
            if json {
                let map: serde_json::Map<String, serde_json::Value> = counts
                    .iter()
                    .map(|(kind, _, n)| ((*kind).to_owned(), (*n).into()))
                    .collect();
                print_json(&map)?;
            } else {
                let rows: Vec<Vec<String>> = counts
                    .iter()
                    .map(|(kind, name, n)| {
                        vec![(*kind).to_owned(), (*name).to_owned(), n.to_string()]
                    })
                    .collect();
                let headings = [
                    ("KIND", Align::Left),
                    ("名称", Align::Left),
                    ("条数", Align::Right),
                ];
                print(render(&headings, &rows).trim_end());
            }
        }
        What::Import {
            kind,
            file,
            valid_from,
        } => {
            let text = std::fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", file.display()))?;
            let actor = app.system().await?;
            let from = valid_from.unwrap_or(app.today());
            app.reference_import(&actor, kind, &text, from).await?;
            print(format!("已导入 {}", kind.word()));
        }
    }
    Ok(ExitCode::SUCCESS)
}
