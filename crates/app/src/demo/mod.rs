//! The demo region: a made-up library with two years of returns, entered through the same use
//! cases as real ones, at the days on which real ones would have been entered.
//!
//! What one would get wrong: nothing here writes a figure that is derived. Sketches say what
//! happens to each project; positions, totals and lists come out of the use cases.

mod card;
mod cases;
mod changes;
mod course;
mod duties;
mod facts;
mod liaison;
mod meetings;
mod named;
mod people;
mod plans;
mod region;
mod sketch;
mod story;
pub(crate) mod trades;
mod winters;

use std::sync::Arc;

use gangmu_domain::Period;
use gangmu_store::policies;
use jiff::civil::date;
use serde::Serialize;

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
        let mark = policies::reference_get(&self.db, "setting", "demo").await?;
        Ok(mark.as_deref() == Some("1"))
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
            clock: clock.clone(),
            reference: Arc::default(),
            ..self.clone()
        };
        let system = app.system().await?;
        people::enter(&app, &system).await?;
        let reference = app.reference().await?;
        let first = Period::new(2024, 1).or_not_found("period")?;
        let sketches = region::sketches(&reference, first);
        story::tell(&app, &clock, &system, sketches).await?;
        let tx = self.db.begin().await?;
        policies::reference_put(&tx, "setting", "demo", "1", self.now()).await?;
        tx.commit().await?;
        self.forget_reference().await;
        Ok(())
    }
}
