//! Reminders are sent by themselves, each once, however many servers look after it.

use std::sync::Arc;

use gangmu_app::domain::approvals::Act;
use gangmu_app::rounds::Round;
use gangmu_app::{App, FixedClock};
use gangmu_store::Db;
use gangmu_testkit::{Fresh, Outcome};
use object_store::memory::InMemory;

use crate::approvals::{Hall, receive};
use crate::support::{Tried, day};

#[test]
fn of_two_servers_one_makes_each_round_of_the_day_on_sqlite() {
    gangmu_testkit::block_on(async {
        two_servers(&Fresh::sqlite().await).await.expect("a body");
    });
}

#[test]
fn of_two_servers_one_makes_each_round_of_the_day_on_postgres() {
    gangmu_testkit::block_on(async {
        two_servers(&Fresh::postgres().await).await.expect("a body");
    });
}

/// Another server on the same database, with a pool of its own.
async fn server(fresh: &Fresh, clock: &Arc<FixedClock>) -> Tried<App> {
    let db = Db::open(fresh.address()).await?;
    Ok(App::new(
        db,
        Arc::new(InMemory::new()),
        Arc::clone(clock) as _,
    ))
}

async fn two_servers(fresh: &Fresh) -> Outcome {
    let h = Hall::new(fresh.db()).await?;
    for act in [receive(), Act::Accept] {
        assert_eq!(h.tell("A05", act).await, "ok");
    }
    let one = server(fresh, &h.w.clock).await?;
    let two = server(fresh, &h.w.clock).await?;
    // Promised for 01-19; the first step fires three working days before.
    for (date, sent) in [("2026-01-13", 0), ("2026-01-14", 1), ("2026-01-15", 0)] {
        h.w.clock.set(day(date));
        let mut made = Vec::new();
        for _ in 0..3 {
            let (a, b) = tokio::join!(one.rounds_make(), two.rounds_make());
            made.extend(a?);
            made.extend(b?);
        }
        assert_eq!(made.len(), Round::ALL.len(), "{date}: {made:?}");
        let reminders = made.iter().find(|one| one.round == Round::Remind);
        assert_eq!(reminders.map(|one| one.count), Some(sent), "{date}");
    }
    h.w.clock.set(day("2026-01-16"));
    h.w.clock.advance(-10 * 3_600);
    assert_eq!(one.rounds_make().await?.len(), 0, "it is two at night");
    for app in [one, two] {
        app.close().await?;
    }
    Ok(())
}
