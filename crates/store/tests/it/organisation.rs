//! Units, departments, industries.

use gangmu_domain::organisation::UnitLevel;
use gangmu_store::organisation::{self, Department, Industry, Unit};
use gangmu_store::{Db, StoreError};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::unit;

each_engine!(
    units_stand_in_official_order_and_can_be_renamed,
    a_unit_never_moves_in_the_tree,
    units_are_cleared_only_while_nothing_hangs_on_them,
    departments_stand_in_official_order_and_can_be_renamed,
    industries_stand_in_official_order_and_can_be_renamed,
);

fn banner(code: &str, above: &str, name: &str) -> Unit {
    Unit {
        code: code.to_owned(),
        path: unit(&format!("{above}/{code}")),
        level: UnitLevel::Banner,
        kind: "division".to_owned(),
        name: name.to_owned(),
        short_name: name.to_owned(),
        name_en: String::new(),
    }
}

async fn units_stand_in_official_order_and_can_be_renamed(db: &Db) -> Outcome {
    assert_eq!(organisation::unit_next_position(db).await?, 1);
    let tx = db.begin().await?;
    organisation::unit_put(&tx, &banner("150502", "150500", "科尔沁区"), 2).await?;
    organisation::unit_put(&tx, &banner("150581", "150500", "霍林郭勒"), 1).await?;
    // Loading the same file again must do no harm, whatever position it comes with.
    organisation::unit_put(&tx, &banner("150581", "150500", "霍林郭勒市"), 1).await?;
    organisation::unit_put(&tx, &banner("150502", "150500", "科尔沁区"), 9).await?;
    assert_eq!(organisation::unit_next_position(&tx).await?, 3);
    tx.commit().await?;
    let units = organisation::unit_list(db).await?;
    let wanted = [
        banner("150581", "150500", "霍林郭勒市"),
        banner("150502", "150500", "科尔沁区"),
    ];
    assert_eq!(units, wanted);
    Ok(())
}

async fn units_are_cleared_only_while_nothing_hangs_on_them(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    organisation::unit_put(&tx, &banner("150502", "150500", "科尔沁区"), 1).await?;
    assert!(organisation::unit_clear(&tx).await?);
    assert!(organisation::unit_list(&tx).await?.is_empty());
    assert!(
        !organisation::unit_clear(&tx).await?,
        "there was nothing left"
    );
    Ok(())
}

async fn a_unit_never_moves_in_the_tree(db: &Db) -> Outcome {
    let tx = db.begin().await?;
    organisation::unit_put(&tx, &banner("150502", "150500", "科尔沁区"), 1).await?;
    let moved = organisation::unit_put(&tx, &banner("150502", "150600", "科尔沁区"), 2).await;
    assert!(matches!(moved, Err(StoreError::Exists { .. })), "{moved:?}");
    Ok(())
}

async fn departments_stand_in_official_order_and_can_be_renamed(db: &Db) -> Outcome {
    let department = |id, code: &str, name: &str| Department {
        department_id: id,
        code: code.to_owned(),
        name: name.to_owned(),
        short_name: name.to_owned(),
        name_en: String::new(),
    };
    let tx = db.begin().await?;
    organisation::department_put(&tx, &department(1, "energy", "能源局"), 2).await?;
    organisation::department_put(&tx, &department(2, "water", "水利"), 1).await?;
    organisation::department_put(&tx, &department(2, "water", "水利厅"), 3).await?;
    tx.commit().await?;
    let wanted = [
        department(1, "energy", "能源局"),
        department(2, "water", "水利厅"),
    ];
    assert_eq!(organisation::department_list(db).await?, wanted);
    Ok(())
}

async fn industries_stand_in_official_order_and_can_be_renamed(db: &Db) -> Outcome {
    let industry = |code: &str, parent: &str, name: &str| Industry {
        code: code.to_owned(),
        parent_code: parent.to_owned(),
        name: name.to_owned(),
        name_en: String::new(),
    };
    let tx = db.begin().await?;
    organisation::industry_put(&tx, &industry("44", "D", "电力"), 2).await?;
    organisation::industry_put(&tx, &industry("D", "", "电力、热力、燃气"), 1).await?;
    let renamed = industry("44", "D", "电力、热力生产和供应业");
    organisation::industry_put(&tx, &renamed, 2).await?;
    tx.commit().await?;
    let wanted = [industry("D", "", "电力、热力、燃气"), renamed];
    assert_eq!(organisation::industry_list(db).await?, wanted);
    Ok(())
}
