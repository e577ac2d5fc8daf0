//! The demo region: a made-up library with two years of returns, entered through the same use
//! cases as real ones, at the days on which real ones would have been entered.
//!
//! What one would get wrong: nothing here writes a figure that is derived. Sketches say what
//! happens to each project; positions, totals and lists come out of the use cases.

mod card;
mod cases;
mod changes;
pub(crate) mod course;
mod duties;
pub(crate) mod facts;
mod liaison;
mod meetings;
mod named;
mod people;
mod plans;
mod region;
mod sittings;
mod sketch;
mod story;
mod supervision;
pub(crate) mod trades;
mod winters;

use std::sync::Arc;

use gangmu_domain::Period;
use gangmu_store::policies;
use jiff::Timestamp;
use jiff::civil::{Date, date};
use serde::Serialize;

use crate::clock::StoryClock;
use crate::error::{AppError, OrNotFound};
use crate::{App, FixedClock};

/// The password of every demo account.
pub const DEMO_PASSWORD: &str = "gangmu-demo-2026";

/// Somebody who can log in to the demo.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoUser {
    /// The login.
    pub login: &'static str,
    /// The name shown.
    pub name: &'static str,
    /// The role's word.
    pub role: &'static str,
    /// The unit's code.
    pub unit: &'static str,
}

/// What `gangmu demo` found or made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoView {
    /// Whether it was made now; it is never made twice.
    pub made: bool,
    /// Who can log in, all with [`DEMO_PASSWORD`].
    pub users: Vec<DemoUser>,
}

/// Lists who can log in to the demo.
#[must_use]
pub fn demo_users() -> Vec<DemoUser> {
    people::users()
}

impl App {
    /// Says whether this database holds the demo region.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_demo(&self) -> Result<bool, AppError> {
        let mark = policies::reference_get(&self.db, "setting", MARK).await?;
        Ok(mark.is_some())
    }

    /// Sets the clock to go on from the last day of the demo's story, where there is one.
    pub(crate) async fn go_on_from_story(&self) -> Result<(), AppError> {
        let mark = policies::reference_get(&self.db, "setting", MARK).await?;
        if let Some((last, told)) = mark.as_deref().and_then(read_mark) {
            self.clock.go_on_from(last, told);
        }
        Ok(())
    }

    /// Makes the demo region in a blank database; does nothing where it is already.
    ///
    /// # Errors
    /// [`AppError::State`] `demo.not_blank` where anything else has been entered.
    pub async fn demo(&self) -> Result<DemoView, AppError> {
        let made = !self.is_demo().await?;
        if made {
            if !self.is_blank().await? {
                return Err(AppError::state("demo.not_blank"));
            }
            self.demo_make().await?;
        }
        Ok(DemoView {
            made,
            users: people::users(),
        })
    }

    async fn demo_make(&self) -> Result<(), AppError> {
        self.reference_load_shipped().await?;
        let clock = Arc::new(FixedClock::at(date(2024, 1, 2)));
        let app = Self {
            clock: StoryClock::new(clock.clone()),
            reference: Arc::default(),
            ..self.clone()
        };
        let system = app.system().await?;
        people::enter(&app, &system).await?;
        let reference = app.reference().await?;
        let first = Period::new(2024, 1).or_not_found("period")?;
        let sketches = region::sketches(&reference, first);
        story::tell(&app, &clock, &system, sketches).await?;
        let mark = format!("{} {}", app.today(), self.clock.real());
        let tx = self.db.begin().await?;
        policies::reference_put(&tx, "setting", MARK, &mark, app.now()).await?;
        tx.commit().await?;
        self.forget_reference().await;
        self.go_on_from_story().await
    }
}

/// The setting that marks a database as the demo. It holds the day on which the story ends and the
/// instant at which it was told, `2026-02-05 2026-11-26T08:30:00Z`: from there a server's clock goes
/// on. Nothing but `demo` writes it.
const MARK: &str = "demo";

/// Reads the mark; none in a demo that was made before it said so, which stands at the real day.
fn read_mark(mark: &str) -> Option<(Date, Timestamp)> {
    let (last, told) = mark.split_once(' ')?;
    Some((last.parse().ok()?, told.parse().ok()?))
}
