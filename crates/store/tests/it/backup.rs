//! Copies of a database, and blank ones.

use gangmu_domain::library::ProjectId;
use gangmu_store::backup::{backup_write, database_is_blank};
use gangmu_store::{Db, Engine, StoreError, dispatch, library};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{day, period, project, save};

each_engine!(
    a_database_is_blank_until_something_is_entered,
    a_copy_holds_what_was_committed_and_replaces_nothing,
    a_closed_database_answers_no_more,
);

async fn a_database_is_blank_until_something_is_entered(db: &Db) -> Outcome {
    assert!(database_is_blank(db).await?);
    let tx = db.begin().await?;
    dispatch::period_insert(&tx, period("2025-12"), day("2026-01-05"), 1).await?;
    assert!(!database_is_blank(&tx).await?);
    drop(tx);
    assert!(database_is_blank(db).await?);
    save(db, &[project(1, "风电")]).await?;
    assert!(!database_is_blank(db).await?);
    Ok(())
}

async fn a_copy_holds_what_was_committed_and_replaces_nothing(db: &Db) -> Outcome {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("备份 100%'.db");
    save(db, &[project(1, "风电")]).await?;
    let open = db.begin().await?;
    library::project_insert(&open, &project(2, "光伏"), 1).await?;
    let written = backup_write(db, &path).await;
    if db.engine() == Engine::Postgres {
        assert!(
            matches!(written, Err(StoreError::OtherTool { .. })),
            "{written:?}"
        );
        return Ok(());
    }
    written?;
    assert!(backup_write(db, &path).await.is_err());
    let copy = Db::open(&format!("sqlite://{}", path.display())).await?;
    assert!(library::project_get(&copy, ProjectId(1)).await?.is_some());
    assert!(library::project_get(&copy, ProjectId(2)).await?.is_none());
    Ok(())
}

async fn a_closed_database_answers_no_more(db: &Db) -> Outcome {
    db.clone().close().await?;
    assert!(database_is_blank(db).await.is_err());
    assert!(db.begin().await.is_err());
    Ok(())
}
