//! The use cases: authorise, load, decide, save, audit, in one transaction.
//!
//! Pages, the JSON API, the command line and the tests all call these functions; there is no
//! second way to change a figure. Deciding is `gangmu-domain`'s, storing is `gangmu-store`'s.
//! What comes back are plain views that serialise; what goes wrong is an [`AppError`] with a code
//! whose text for people stands in the locales.

mod accounts;
mod actor;
mod audit;
mod change;
mod clock;
mod error;
mod letters;
mod likeness;
mod offices;
mod open;
mod position;
mod random;
mod reference;

pub mod approvals;
pub mod demo;
pub mod dispatch;
pub mod doctor;
pub mod event_logs;
pub mod exports;
pub mod generate;
pub mod imports;
pub mod ledgers;
pub mod liaison;
pub mod library;
pub mod meetings;
pub mod metrics;
pub mod notices;
pub mod organisation;
pub mod pipeline;
pub mod plans;
pub mod policies;
pub mod problems;
pub mod rounds;
pub mod supervision;
pub mod winter;

use std::sync::Arc;

use gangmu_store::Db;
use object_store::ObjectStore;
use tokio::sync::RwLock;

pub use accounts::{KeepPassword, LogIn, NewPassword, PostView, UserView};
pub use actor::{Actor, Grant};
pub use audit::AuditView;
use clock::StoryClock;
pub use clock::{Clock, FixedClock, SystemClock};
pub use error::{AppError, Message};
pub use gangmu_domain as domain;
pub use gangmu_exchange::Language;
use reference::Kept;
pub use reference::{Reference, ReferenceKind};

/// The application: a database, a place for files, and a clock.
#[derive(Clone)]
pub struct App {
    db: Db,
    files: Arc<dyn ObjectStore>,
    clock: StoryClock,
    reference: Arc<RwLock<Option<Arc<Kept>>>>,
    catalogues: approvals::KeptCatalogues,
    group: Arc<dispatch::Group>,
    channels: Arc<notices::Channels>,
}

impl App {
    /// Puts an application together.
    #[must_use]
    pub fn new(db: Db, files: Arc<dyn ObjectStore>, clock: Arc<dyn Clock>) -> Self {
        Self {
            db,
            files,
            clock: StoryClock::new(clock),
            reference: Arc::default(),
            catalogues: Arc::default(),
            group: Arc::default(),
            channels: Arc::default(),
        }
    }

    /// Says how notices leave the house; without it all stay in the inboxes.
    #[must_use]
    pub fn with_channels(self, channels: notices::Channels) -> Self {
        Self {
            channels: Arc::new(channels),
            ..self
        }
    }

    /// Returns the same application with a clock that stands at noon of a day.
    #[must_use]
    pub fn standing_at(&self, day: jiff::civil::Date) -> Self {
        Self {
            clock: StoryClock::new(Arc::new(FixedClock::at(day))),
            ..self.clone()
        }
    }

    /// Returns the instant, in milliseconds since 1970.
    #[must_use]
    pub fn now(&self) -> i64 {
        self.clock.now().as_millisecond()
    }

    /// Returns today's date where the region lies.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        clock::civil_date(self.clock.now())
    }
}
