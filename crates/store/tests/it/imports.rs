//! Imports and saved mappings.

use gangmu_store::Db;
use gangmu_store::imports::{self, ImportBatch, Profile};
use gangmu_testkit::{Outcome, each_engine};

each_engine!(
    an_import_is_adopted_once,
    a_user_sees_their_own_newest_imports,
    mappings_are_listed_by_name_in_code_point_order,
);

fn batch(user_id: i64) -> ImportBatch {
    ImportBatch {
        import_id: 0,
        at: 3,
        user_id,
        file_name: "通辽市项目台账(终稿).xlsx".to_owned(),
        sha256: "ab".repeat(32),
        state: "previewed".to_owned(),
        summary: "{}".to_owned(),
        options: "{\"sheet\":\"汇总\"}".to_owned(),
    }
}

async fn an_import_is_adopted_once(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    let id = imports::import_insert(&tx, &batch(1)).await?;
    tx.commit().await?;
    let stored = ImportBatch {
        import_id: id,
        ..batch(1)
    };
    assert_eq!(imports::import_get(db, id).await?, Some(stored.clone()));
    let tx = db.begin().await?;
    for expected in [true, false] {
        let done = imports::import_update(&tx, id, "previewed", "adopted", "{\"新增\":3}").await?;
        assert_eq!(done, expected);
    }
    tx.commit().await?;
    let adopted = ImportBatch {
        state: "adopted".to_owned(),
        summary: "{\"新增\":3}".to_owned(),
        ..stored
    };
    assert_eq!(imports::import_get(db, id).await?, Some(adopted));
    assert_eq!(imports::import_get(db, id + 1).await?, None);
    Ok(())
}

async fn a_user_sees_their_own_newest_imports(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    for user in [1, 2, 1, 1] {
        imports::import_insert(&tx, &batch(user)).await?;
    }
    tx.commit().await?;
    let own = imports::import_list(db, 1, "", 2).await?;
    assert_eq!(own.iter().map(|b| b.import_id).collect::<Vec<_>>(), [4, 3]);
    let tx = db.begin().await?;
    for ledger in ["problems", "liaison"] {
        let options = format!("{{\"ledger\":\"{ledger}\",\"unit\":null}}");
        let of_ledger = ImportBatch {
            options,
            ..batch(1)
        };
        imports::import_insert(&tx, &of_ledger).await?;
    }
    tx.commit().await?;
    for (ledger, wanted) in [
        ("", vec![4, 3, 1]),
        ("problems", vec![5]),
        ("winter", vec![]),
    ] {
        let own = imports::import_list(db, 1, ledger, 9).await?;
        let own: Vec<i64> = own.iter().map(|one| one.import_id).collect();
        assert_eq!(own, wanted, "{ledger}");
    }
    Ok(())
}

async fn mappings_are_listed_by_name_in_code_point_order(db: &Db) -> Outcome {
    let profile = |name: &str, body: &str| Profile {
        name: name.to_owned(),
        body: body.to_owned(),
    };
    let tx = db.begin().await?;
    for (name, body) in [
        ("月报", "甲"),
        ("台账", "乙"),
        ("b", ""),
        ("B", ""),
        ("台账", "丙"),
    ] {
        imports::profile_put(&tx, &profile(name, body), 1, 1).await?;
    }
    tx.commit().await?;
    let wanted = [
        profile("B", ""),
        profile("b", ""),
        profile("台账", "丙"),
        profile("月报", "甲"),
    ];
    assert_eq!(imports::profile_list(db).await?, wanted);
    Ok(())
}
