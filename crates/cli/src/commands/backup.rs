//! `gangmu backup`: a whole copy of the database while people go on working.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::bail;
use clap::Args;

use super::{open, print};
use crate::Place;

/// Write a copy of the database; the folder of files is copied with the system's own tools.
#[derive(Args)]
pub(crate) struct Backup {
    /// The file to write; it must not exist.
    file: PathBuf,
}

pub(crate) async fn run(place: &Place, args: Backup) -> anyhow::Result<ExitCode> {
    let file = args.file;
    if !place.database.starts_with("sqlite://") {
        print(format!(
            "PostgreSQL 用它自己的工具备份：pg_dump --format=custom --file={} \"$GANGMU_DATABASE\"",
            file.display()
        ));
        return Ok(ExitCode::SUCCESS);
    }
    if file.exists() {
        bail!("{} exists already; choose another name", file.display());
    }
    open(place).await?.backup(&file).await?;
    print(format!(
        "已备份到 {}；附件目录 {} 请另行复制",
        file.display(),
        place.files.display()
    ));
    Ok(ExitCode::SUCCESS)
}
