//! Proving that the copies lists are made of are what the acts say.

use gangmu_domain::library::ProjectId;
use gangmu_domain::winter::Course;
use gangmu_store::winter;

use super::act::copy;
use crate::App;
use crate::doctor::Fault;
use crate::error::AppError;

const PART: i64 = 500;

impl App {
    /// Folds the acts of every winter afresh and compares.
    pub(crate) async fn check_winters(&self) -> Result<Vec<Fault>, AppError> {
        let mut faults = Vec::new();
        let mut after = (ProjectId(i64::MIN), i16::MIN);
        loop {
            let part = winter::winter_after(&self.db, after, PART).await?;
            let Some(last) = part.last() else {
                return Ok(faults);
            };
            after = (last.project, last.season);
            for stored in part {
                let (project, season) = (stored.project, stored.season);
                let events = winter::winter_event_list(&self.db, project, season).await?;
                let computed = copy(project, season, stored.version, &Course::of(&events));
                let acts = i64::try_from(events.len()).unwrap_or(i64::MAX);
                if computed != stored || stored.version != acts {
                    faults.push(Fault {
                        what: "winter",
                        place: format!("{project} {season}"),
                        stored: format!("{stored:?}"),
                        computed: format!("{computed:?} after {acts} acts"),
                    });
                }
            }
        }
    }
}
