//! Texts, amounts and addresses that try to be something else.

use gangmu_domain::library::{Field, ProjectId, Value};
use gangmu_store::accounts::{self, AuditRow};
use gangmu_store::library;
use gangmu_store::{Db, Engine, StoreError};
use gangmu_testkit::{Empty, Fresh, Outcome, block_on, each_engine};

use crate::support::{project, save, with};

each_engine!(
    hostile_texts_come_back_as_they_were,
    a_text_with_nul_is_refused_on_both_engines,
    the_largest_amount_comes_back,
    opening_again_finds_what_was_saved,
    programs_that_start_at_once_migrate_once,
);

const HOSTILE: &[&str] = &[
    "'; DROP TABLE project; --",
    "O'Brien \"x\" \\ $1 {C} {} %s ?",
    "%_\\%",
    "\u{202e}右到左\u{200b}零宽\u{feff}",
    "𠀀 𡘙 👷🏽‍♀️ e\u{301}",
    "{\"a\": [1]} <script>alert(1)</script>",
    "null",
];

async fn hostile_texts_come_back_as_they_were(db: &Db) -> Outcome {
    for (id, text) in (1..).zip(HOSTILE) {
        let owner = Value::Text((*text).to_owned());
        let wanted = with(project(id, text), Field::Owner, owner);
        save(db, std::slice::from_ref(&wanted)).await?;
        assert_eq!(library::project_get(db, ProjectId(id)).await?, Some(wanted));
        let row = AuditRow {
            at: id,
            user_id: 1,
            action: "edit_project".to_owned(),
            subject: (*text).to_owned(),
            detail: format!("一\n{text}"),
        };
        let tx = db.begin().await?;
        accounts::audit_insert(&tx, &row).await?;
        tx.commit().await?;
        assert_eq!(accounts::audit_list(db, text, 0, 10).await?, [row]);
    }
    Ok(())
}

async fn a_text_with_nul_is_refused_on_both_engines(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    let row = AuditRow {
        at: 1,
        user_id: 1,
        action: "edit_project".to_owned(),
        subject: "project:1".to_owned(),
        detail: "前\0后".to_owned(),
    };
    let refused = accounts::audit_insert(&tx, &row).await;
    assert!(
        matches!(refused, Err(StoreError::Nul { .. })),
        "{refused:?}"
    );
    // Nothing reached the engine, so the transaction is still good.
    let row = AuditRow {
        detail: String::new(),
        ..row
    };
    accounts::audit_insert(&tx, &row).await?;
    let asked = accounts::user_by_login(db, "\0").await;
    assert!(matches!(asked, Err(StoreError::Nul { .. })), "{asked:?}");
    Ok(())
}

async fn the_largest_amount_comes_back(db: &Db) -> Outcome {
    let most = Value::Money(gangmu_domain::Yuan(i64::MAX));
    let wanted = with(project(1, "风电"), Field::TotalInvestment, most);
    save(db, std::slice::from_ref(&wanted)).await?;
    assert_eq!(library::project_get(db, ProjectId(1)).await?, Some(wanted));
    Ok(())
}

async fn opening_again_finds_what_was_saved(db: &Db) -> Outcome {
    let fresh = match db.engine() {
        Engine::Sqlite => Fresh::sqlite().await,
        Engine::Postgres => Fresh::postgres().await,
    };
    save(fresh.db(), &[project(1, "风电")]).await?;
    let again = Db::open(fresh.address()).await?;
    assert!(library::project_get(&again, ProjectId(1)).await?.is_some());
    Ok(())
}

async fn programs_that_start_at_once_migrate_once(db: &Db) -> Outcome {
    let empty = match db.engine() {
        Engine::Sqlite => Empty::sqlite(),
        Engine::Postgres => Empty::postgres().await,
    };
    let open = async || Db::open(empty.address()).await;
    let (a, b, c) = tokio::join!(open(), open(), open());
    for (id, db) in (1..).zip([a?, b?, c?]) {
        save(&db, &[project(id, "风电")]).await?;
    }
    Ok(())
}

#[test]
fn only_the_two_engines_have_addresses() {
    for address in [
        "",
        "mysql://h/d",
        "gangmu.db",
        "sqlite:gangmu.db",
        "SQLITE://x",
    ] {
        let refused = block_on(Db::open(address));
        assert!(
            matches!(refused, Err(StoreError::BadAddress(_))),
            "{address}"
        );
    }
}

#[test]
fn a_path_is_taken_as_it_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["数据 库.db", "100%.db", "a%41.db", "what?.db", "a#b&c=d.db"] {
        let path = folder.path().join(name);
        let opened = block_on(Db::open(&format!("sqlite://{}", path.display())));
        assert!(opened.is_ok(), "{name}: {opened:?}");
        assert!(path.exists(), "{name} was not made");
    }
}
