//! Whether tasks in force are done: by what supervision found last, else by their indicators.
//!
//! What a reader would get wrong: nothing of this is stored, and a task that nothing measures and
//! nobody supervises is never done by itself.

use std::collections::BTreeMap;

use gangmu_domain::plans::{PlanId, Task};
use gangmu_store::plans::{PlanRow, VersionRow};
use jiff::civil::Date;

use super::read::{Blank, Measured, Stands};
use crate::error::AppError;
use crate::{Actor, App, Reference};

/// Whether a task is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// It is.
    Done,
    /// It is not, as far as anybody knows.
    Open,
    /// It is measured by figures the person may not see.
    Hidden,
}

impl Standing {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Open => "open",
            Self::Hidden => "hidden",
        }
    }
}

impl App {
    /// Says of all tasks of some plans in force whether they are done.
    pub(super) async fn tasks_standing(
        &self,
        actor: &Actor,
        reference: &Reference,
        rows: Vec<PlanRow>,
        versions: &BTreeMap<PlanId, VersionRow>,
    ) -> Result<BTreeMap<(PlanId, u32), Standing>, AppError> {
        let begins: BTreeMap<PlanId, Date> = rows.iter().map(|row| (row.id, row.from)).collect();
        let supervised = self.supervision_completed(reference, rows).await?;
        let measured = versions.iter().filter_map(|(plan, version)| {
            let from = *begins
                .get(plan)
                .filter(|_| !supervised.contains_key(plan))?;
            Some(Measured {
                plan: *plan,
                from,
                content: &version.content,
            })
        });
        let measured: Vec<Measured<'_>> = measured.collect();
        let stands = self.plans_stand(actor, reference, &measured).await?;
        let mut all = BTreeMap::new();
        for (plan, version) in versions {
            for task in &version.content.tasks {
                let standing = match (supervised.get(plan), stands.get(plan)) {
                    (Some(completed), _) if completed.contains(&task.key) => Standing::Done,
                    (None, Some(stands)) => by_figures(task, stands),
                    _ => Standing::Open,
                };
                all.insert((*plan, task.key), standing);
            }
        }
        Ok(all)
    }
}

/// Says whether every indicator of a task is at its target.
fn by_figures(task: &Task, stands: &BTreeMap<u32, Stands>) -> Standing {
    let mut standing = match task.indicators.is_empty() {
        true => Standing::Open,
        false => Standing::Done,
    };
    for one in &task.indicators {
        let found = stands.get(&one.key).map(|found| (found.value, found.on));
        match found {
            Some((Ok(value), on)) if one.is_done(value, on) => {}
            Some((Err(Blank::Hidden), _)) => standing = Standing::Hidden,
            _ => return Standing::Open,
        }
    }
    standing
}
