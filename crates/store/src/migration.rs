//! Schema migrations: added, never edited once released.

use sea_orm_migration::prelude::*;

use crate::dialect::Engine;

pub(crate) struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![Box::new(FirstSchema), Box::new(NoticeSeen)]
    }
}

struct FirstSchema;

impl MigrationName for FirstSchema {
    fn name(&self) -> &'static str {
        "m0001_first_schema"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for FirstSchema {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, include_str!("schema.sql")).await
    }
}

struct NoticeSeen;

impl MigrationName for NoticeSeen {
    fn name(&self) -> &'static str {
        "m0002_notice_seen"
    }
}

#[async_trait::async_trait]
impl MigrationTrait for NoticeSeen {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, include_str!("notice_seen.sql")).await
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
