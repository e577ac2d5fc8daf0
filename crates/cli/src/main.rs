//! The one binary `gangmu`: reads the command line, opens the application, runs one use case.
//!
//! What one would get wrong: nothing is decided here. A command calls a use case as the system
//! itself and prints what it returns, as a table for people or as JSON.

mod commands;
mod refusal;
mod table;
mod words;

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

/// Gangmu (纲目): a region's major projects, from the idea to the monthly figures.
#[derive(Parser)]
#[command(name = "gangmu", version, about)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Where the data is.
#[derive(Args, Clone)]
pub(crate) struct Place {
    /// The database: `sqlite://PATH` or `postgres://USER@HOST/NAME`.
    #[arg(
        long,
        global = true,
        env = "GANGMU_DATABASE",
        hide_env_values = true,
        default_value = "sqlite://gangmu-data/gangmu.db"
    )]
    pub(crate) database: String,
    /// The folder for attachments and imported workbooks.
    #[arg(
        long,
        global = true,
        env = "GANGMU_FILES",
        default_value = "gangmu-data/files"
    )]
    pub(crate) files: PathBuf,
    /// The file that says how notices leave the house; see docs/notices.md.
    #[arg(long, global = true, env = "GANGMU_CHANNELS")]
    pub(crate) channels: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    Approvals(commands::approvals::Approvals),
    Backup(commands::backup::Backup),
    Demo(commands::demo::Demo),
    Doctor(commands::doctor::Doctor),
    Export(commands::export::Export),
    Generate(commands::generate::Generate),
    Import(commands::import::Import),
    /// Bring the schema up to date and load the reference data that ships.
    Migrate,
    Period(commands::period::Period),
    Plans(commands::plans::Plans),
    Reference(commands::reference::Reference),
    Restore(commands::restore::Restore),
    Rollup(commands::rollup::Rollup),
    Serve(commands::serve::Serve),
    User(commands::user::User),
}

fn main() -> ExitCode {
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("GANGMU_LOG")
                // Slow statements are told by name; with their text they would fill the journal.
                .unwrap_or_else(|_| {
                    tracing_subscriber::EnvFilter::new("warn,gangmu=info,sqlx::query=error")
                }),
        )
        .with_writer(std::io::stderr)
        // A file or a journal shows colours as rubbish.
        .with_ansi(std::io::stderr().is_terminal())
        .init();
    let cli = Cli::parse();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error.into()),
    };
    match runtime.block_on(run(cli)) {
        Ok(code) => code,
        Err(error) => fail(&error),
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let place = &cli.place;
    match cli.command {
        Command::Approvals(args) => commands::approvals::run(place, &args).await,
        Command::Backup(args) => commands::backup::run(place, args).await,
        Command::Demo(args) => commands::demo::run(place, args).await,
        Command::Export(args) => commands::export::run(place, args).await,
        Command::Generate(args) => commands::generate::run(place, args).await,
        Command::Import(args) => commands::import::run(place, args).await,
        Command::Serve(args) => commands::serve::run(place, args).await,
        Command::Doctor(args) => commands::doctor::run(place, args).await,
        Command::Migrate => commands::migrate::run(place).await,
        Command::Period(args) => commands::period::run(place, args).await,
        Command::Plans(args) => commands::plans::run(place, args).await,
        Command::Reference(args) => commands::reference::run(place, args).await,
        Command::Restore(args) => commands::restore::run(place, args).await,
        Command::Rollup(args) => commands::rollup::run(place, args).await,
        Command::User(args) => commands::user::run(place, args).await,
    }
}

/// Prints a refusal in words, and any other error with its causes.
fn fail(error: &anyhow::Error) -> ExitCode {
    match refusal::lines(error) {
        Some(lines) => {
            for line in lines {
                eprintln!("gangmu: {line}");
            }
        }
        None => eprintln!("gangmu: {error:#}"),
    }
    ExitCode::from(2)
}
