//! Schema migrations: added, never edited once released.

use sea_orm_migration::prelude::*;

use crate::dialect::Engine;

/// The steps from an empty database to today's schema. A new one goes to the end.
const STEPS: &[Step] = &[
    Step("m0001_first_schema", include_str!("schema.sql")),
    Step("m0002_carried_month", include_str!("carried_month.sql")),
    Step("m0003_notice_seen", include_str!("notice_seen.sql")),
    Step("m0004_approvals", include_str!("approvals.sql")),
    Step("m0005_matter_counts", include_str!("matter_counts.sql")),
    Step("m0006_daily_round", include_str!("daily_round.sql")),
    Step("m0007_problems", include_str!("problems.sql")),
    Step("m0008_lists", include_str!("lists.sql")),
    Step("m0009_elsewhere", include_str!("elsewhere.sql")),
    Step("m0011_cases", include_str!("cases.sql")),
    Step("m0012_open_matters", include_str!("open_matters.sql")),
    Step("m0014_plans", include_str!("plans.sql")),
    Step("m0016_liaison", include_str!("liaison.sql")),
    Step("m0017_meetings", include_str!("meetings.sql")),
    Step("m0018_notices", include_str!("notices.sql")),
    Step("m0019_winter", include_str!("winter.sql")),
    Step("m0020_supervision", include_str!("supervision.sql")),
    Step("m0021_plan_files", include_str!("plan_files.sql")),
    Step("m0022_reminders", include_str!("reminders.sql")),
    Step("m0024_published", include_str!("published.sql")),
    Step("m0025_charges", include_str!("charges.sql")),
    Step("m0026_letter_files", include_str!("letter_files.sql")),
    Step("m0028_excuses", include_str!("excuses.sql")),
    Step("m0029_past_lists", include_str!("past_lists.sql")),
    Step("m0030_dues", include_str!("dues.sql")),
    Step("m0031_duty_reminders", include_str!("duty_reminders.sql")),
    Step("m0032_minutes", include_str!("minutes.sql")),
    Step("m0033_handed_reports", include_str!("handed_reports.sql")),
    Step("m0034_task_rhythms", include_str!("task_rhythms.sql")),
    Step("m0035_series_about", include_str!("series_about.sql")),
    Step("m0036_problem_heirs", include_str!("problem_heirs.sql")),
];

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        STEPS
            .iter()
            .map(|step| Box::new(*step) as Box<dyn MigrationTrait>)
            .collect()
    }
}

/// A name, kept in the database, and a portable text.
#[derive(Clone, Copy)]
struct Step(&'static str, &'static str);

impl MigrationName for Step {
    fn name(&self) -> &str {
        self.0
    }
}

#[async_trait::async_trait]
impl MigrationTrait for Step {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, self.1).await
    }
}

/// Runs a portable text, statement by statement.
async fn run(manager: &SchemaManager<'_>, sql: &str) -> Result<(), DbErr> {
    let engine = match manager.get_database_backend() {
        sea_orm::DbBackend::Postgres => Engine::Postgres,
        _ => Engine::Sqlite,
    };
    let without_comments: String = sql
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .collect::<Vec<_>>()
        .join("\n");
    let typed = without_comments
        .replace("BIGINT", engine.number())
        .replace("TEXT", engine.text())
        .replace("COUNTED", engine.counted())
        .replace("\n);", &format!("\n){};", engine.strict()));
    for statement in typed.split(';') {
        if !statement.trim().is_empty() {
            manager
                .get_connection()
                .execute_unprepared(statement)
                .await?;
        }
    }
    Ok(())
}
