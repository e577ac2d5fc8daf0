//! `gangmu migrate`: brings the schema up to date; a new database gets the shipped reference data.

use std::process::ExitCode;

use super::{open, print};
use crate::Place;

pub(crate) async fn run(place: &Place) -> anyhow::Result<ExitCode> {
    // Opening is what migrates; every command does it, this one does nothing else.
    let app = open(place).await?;
    let reference = app.reference().await?;
    print(format!(
        "数据库已就绪：填报单位 {} 个，部门 {} 个，行业 {} 个",
        reference.units.len(),
        reference.departments.len(),
        reference.industries.len()
    ));
    Ok(ExitCode::SUCCESS)
}
