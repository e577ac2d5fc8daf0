//! A generated region is as sound as an entered one, on both engines.

use gangmu_app::domain::metrics::Edition;
use gangmu_app::generate::Size;
use gangmu_app::metrics::{By, RollupQuery};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use super::support::World;

each_engine!(a_generated_region_is_sound);

async fn a_generated_region_is_sound(db: &Db) -> Outcome {
    let world = World::new(db).await?;
    let size = Size {
        projects: 60,
        months: 14,
        cases: 40,
        seed: 7,
    };
    let made = world.app.generate(size).await?;
    assert_eq!((made.projects, made.returns), (60, 60 * 14));
    let rates = world.app.approval_rates(&world.system).await?;
    assert_eq!((made.cases, rates.cases), (40, 40));
    assert!(made.open_matters > 40, "{made:?}");
    assert!(rates.done > 0 && rates.done < rates.items, "{rates:?}");
    let check_up = world.app.check_up().await?;
    assert_eq!(check_up.faults, []);
    assert_eq!((check_up.periods, check_up.returns), (14, 60 * 14));
    let query = RollupQuery {
        period: None,
        unit: None,
        by: By::Industry,
        edition: Edition::Published,
    };
    let total = world.app.rollup(&world.system, &query).await?.total;
    assert_eq!(total.measures["projects"], 60);
    assert!(total.year_on_year.is_some());
    let again = world.app.generate(size).await;
    assert!(again.is_err(), "never into a database that holds something");
    Ok(())
}
