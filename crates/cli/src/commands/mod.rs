//! The commands, one module each: its arguments and what it prints.

pub(crate) mod approvals;
pub(crate) mod backup;
pub(crate) mod demo;
pub(crate) mod doctor;
pub(crate) mod export;
pub(crate) mod generate;
pub(crate) mod import;
mod ledgers;
pub(crate) mod migrate;
pub(crate) mod period;
pub(crate) mod plans;
pub(crate) mod record;
pub(crate) mod reference;
pub(crate) mod restore;
pub(crate) mod rollup;
pub(crate) mod serve;
pub(crate) mod user;

use std::sync::Arc;

use anyhow::Context as _;
use gangmu_app::notices::Channels;
use gangmu_app::{App, SystemClock};

use crate::Place;

/// Opens the application on the machine's own clock.
pub(crate) async fn open(place: &Place) -> anyhow::Result<App> {
    let channels = match &place.channels {
        Some(path) => Channels::read(path).context("cannot use the channels")?,
        None => Channels::default(),
    };
    let app = App::open(&place.database, &place.files, Arc::new(SystemClock))
        .await
        .context("cannot open the database")?;
    Ok(app.with_channels(channels))
}

/// Prints what a command was asked for, the one place where commands print.
///
/// Whoever reads may stop reading (`gangmu rollup | head`): that is no error.
pub(crate) fn print(text: impl std::fmt::Display) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// Prints a view as JSON.
pub(crate) fn print_json(view: &impl serde::Serialize) -> anyhow::Result<()> {
    print(serde_json::to_string_pretty(view)?);
    Ok(())
}
