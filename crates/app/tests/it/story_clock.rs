//! A demonstration goes on from the last day of its story, on every server that opens it.

use std::sync::Arc;

use gangmu_app::{App, FixedClock};
use gangmu_store::{Db, policies};

use crate::support::{Tried, day};

#[tokio::test]
async fn a_demonstration_goes_on_from_the_last_day_of_its_story() -> Tried<()> {
    let folder = tempfile::tempdir()?;
    let address = format!("sqlite://{}", folder.path().join("demo.db").display());
    let clock = Arc::new(FixedClock::at(day("2026-11-26")));
    let open = async || App::open(&address, folder.path(), Arc::clone(&clock) as _).await;
    let app = open().await?;
    assert!(!app.is_demo().await?);
    assert_eq!(app.today(), day("2026-11-26"));
    app.close().await?;

    let mark = async |body: &str| -> Tried<()> {
        let db = Db::open(&address).await?;
        let tx = db.begin().await?;
        policies::reference_put(&tx, "setting", "demo", body, 0).await?;
        tx.commit().await?;
        Ok(db.close().await?)
    };
    // Told in the evening of the 20th, which in the region is the 21st.
    mark("2026-02-04 2026-11-20T16:30:00Z").await?;
    let app = open().await?;
    assert!(app.is_demo().await?);
    assert_eq!(app.today(), day("2026-02-09"), "five days since");
    let (now, seconds) = (app.now(), 12 * 3_600);
    clock.advance(seconds);
    assert_eq!(
        app.now() - now,
        seconds * 1_000,
        "hours last as long as ever"
    );
    assert_eq!(app.today(), day("2026-02-10"));
    assert_eq!(
        app.standing_at(day("2025-03-01")).today(),
        day("2025-03-01")
    );
    app.close().await?;

    // One that was made before this was written down stands at the real day.
    mark("1").await?;
    let app = open().await?;
    assert!(app.is_demo().await?);
    assert_eq!(app.today(), day("2026-11-27"));
    Ok(app.close().await?)
}
