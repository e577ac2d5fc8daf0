//! Proving that the copies of plans are what their versions in force say.

use gangmu_domain::plans::PlanState;
use gangmu_store::plans::{self, DutyRow, PlanFilter};

use super::adopt::duties;
use crate::App;
use crate::doctor::Fault;
use crate::error::AppError;

const PAGE: i64 = 200;

impl App {
    /// Compares which tasks charge whom with the versions in force.
    pub(crate) async fn check_plans(&self) -> Result<Vec<Fault>, AppError> {
        let mut faults = Vec::new();
        let mut offset = 0;
        loop {
            let filter = PlanFilter {
                limit: PAGE,
                offset,
                ..PlanFilter::default()
            };
            let rows = plans::plan_list(&self.db, &filter).await?;
            let ids: Vec<_> = rows.iter().map(|plan| plan.id).collect();
            let versions = plans::plan_version_in_force(&self.db, &ids).await?;
            for plan in &rows {
                let version = versions.get(&plan.id);
                let version = version.filter(|_| plan.state == PlanState::Adopted);
                let mut computed: Vec<DutyRow> =
                    version.map_or_else(Vec::new, |one| duties(plan.id, &one.content));
                let mut stored = plans::plan_duty_of(&self.db, plan.id).await?;
                let order = |duty: &DutyRow| (duty.task, duty.office.clone());
                computed.sort_by_key(order);
                stored.sort_by_key(order);
                if computed != stored {
                    faults.push(Fault {
                        what: "plan",
                        place: plan.id.0.to_string(),
                        stored: format!("{stored:?}"),
                        computed: format!("{computed:?}"),
                    });
                }
            }
            if rows.is_empty() {
                return Ok(faults);
            }
            offset += PAGE;
        }
    }
}
