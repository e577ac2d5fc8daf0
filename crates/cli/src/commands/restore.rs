//! `gangmu restore`: puts a backup in the place of a database in which nothing has been entered.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;

use super::{open, print};
use crate::Place;

/// Put a backup in place; refuses when anything has been entered there.
#[derive(Args)]
pub(crate) struct Restore {
    /// The backup.
    file: PathBuf,
}

pub(crate) async fn run(place: &Place, args: Restore) -> anyhow::Result<ExitCode> {
    let file = args.file;
    let Some(path) = place.database.strip_prefix("sqlite://").map(Path::new) else {
        print(format!(
            "PostgreSQL 用它自己的工具恢复：pg_restore --dbname=\"$GANGMU_DATABASE\" {}",
            file.display()
        ));
        return Ok(ExitCode::SUCCESS);
    };
    check_is_database(&file)?;
    if path.exists() {
        let app = open(place).await?;
        let blank = app.is_blank().await?;
        app.close().await?;
        if !blank {
            bail!(
                "{} holds entries; move it away first, or name another --database",
                path.display()
            );
        }
        for suffix in ["-wal", "-shm"] {
            let beside = PathBuf::from(format!("{}{suffix}", path.display()));
            if beside.exists() {
                std::fs::remove_file(&beside)
                    .with_context(|| format!("cannot remove {}", beside.display()))?;
            }
        }
    } else if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("cannot make {}", folder.display()))?;
    }
    // Renaming is all or nothing: a copy that breaks off leaves what there was.
    let beside = PathBuf::from(format!("{}.restoring", path.display()));
    std::fs::copy(&file, &beside).with_context(|| format!("cannot copy {}", file.display()))?;
    std::fs::rename(&beside, path).with_context(|| format!("cannot write {}", path.display()))?;
    let check_up = open(place).await?.check_up().await?;
    print(format!(
        "已恢复：报告期 {} 个，月报 {} 份，{}",
        check_up.periods,
        check_up.returns,
        if check_up.faults.is_empty() {
            "汇总核对一致"
        } else {
            "汇总核对不一致，请运行 gangmu doctor"
        }
    ));
    Ok(ExitCode::SUCCESS)
}

fn check_is_database(file: &Path) -> anyhow::Result<()> {
    use std::io::Read as _;
    let mut head = [0_u8; 16];
    std::fs::File::open(file)
        .and_then(|mut opened| opened.read_exact(&mut head))
        .with_context(|| format!("cannot read {}", file.display()))?;
    if &head != b"SQLite format 3\0" {
        bail!("{} is not a backup made by gangmu backup", file.display());
    }
    Ok(())
}
