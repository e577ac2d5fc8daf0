//! Proving that the copies lists are ordered by are what the steps say.

use gangmu_domain::problems::Course;
use gangmu_store::problems::{self, ProblemRow};

use super::act::copy;
use crate::App;
use crate::doctor::Fault;
use crate::error::AppError;

const PART: i64 = 500;

impl App {
    /// Folds the steps of every problem afresh and compares.
    pub(crate) async fn check_problems(&self) -> Result<Vec<Fault>, AppError> {
        let mut faults = Vec::new();
        let mut after = i64::MIN;
        loop {
            let part = problems::problems_after(&self.db, after, PART).await?;
            let Some(last) = part.last() else {
                return Ok(faults);
            };
            after = last.id;
            let ids: Vec<i64> = part.iter().map(|row| row.id).collect();
            let events = problems::problem_event_list_of(&self.db, &ids).await?;
            for row in &part {
                let events = events.get(&row.id).map_or(&[][..], Vec::as_slice);
                faults.extend(compare(row, Course::of(events).as_ref()));
            }
        }
    }
}

fn compare(row: &ProblemRow, course: Option<&Course>) -> Option<Fault> {
    let mut computed = row.clone();
    if let Some(course) = course {
        copy(&mut computed, course);
        computed.raised_on = course.raised_on;
        computed.raised_by = course.raised_by;
    }
    let agrees = course.is_some() && computed == *row;
    (!agrees).then(|| Fault {
        what: "problem",
        place: row.id.to_string(),
        stored: format!("{row:?}"),
        computed: course.map_or_else(|| "no steps".to_owned(), |course| format!("{course:?}")),
    })
}
