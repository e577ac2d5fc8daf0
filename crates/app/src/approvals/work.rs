//! What happens to matters without anybody acting: due dates after a calendar change, and the
//! proof that the copies for lists are what the acts say. And the rates (手续办结率).
//!
//! What a reader would get wrong: several servers may run this at once; fitting a due date twice
//! changes nothing.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::approvals::{Course, MatterGroup};
use gangmu_domain::dispatch::PeriodState;
use gangmu_domain::library::ProjectId;
use gangmu_domain::metrics::MatterCounts;
use gangmu_domain::organisation::Action;
use gangmu_domain::pipeline::OpenMatters;
use gangmu_store::approvals::{self, CaseRow, ItemRow, MoveRow};
use gangmu_store::dispatch;
use serde::Serialize;
use utoipa::ToSchema;

use super::load::{Loaded, project_row};
use super::make::tally;
use crate::change::audit;
use crate::doctor::Fault;
use crate::error::AppError;
use crate::{Actor, App, Reference};

/// How far the cases of a scope are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RatesView {
    /// Projects with a case.
    pub cases: i64,
    /// Of these, with every matter before the start through (项目口径).
    pub through: i64,
    /// Matters before the start.
    pub items: i64,
    /// Of these, granted or not needed (手续口径).
    pub done: i64,
}

const PART: i64 = 2_000;

impl App {
    /// Counts how far the cases in the actor's scope are (手续办结率).
    ///
    /// # Errors
    /// When the actor may not read.
    pub async fn approval_rates(&self, actor: &Actor) -> Result<RatesView, AppError> {
        let grant = actor.grant(Action::Read)?;
        let tally = approvals::case_tally(&self.db, &grant.scope).await?;
        Ok(RatesView {
            cases: tally.cases,
            through: tally.through,
            items: tally.items,
            done: tally.done,
        })
    }

    /// Counts what a project's case still asks for; none when there is no case.
    pub(crate) async fn open_matters(
        &self,
        conn: &impl gangmu_store::Conn,
        project: ProjectId,
        on: jiff::civil::Date,
    ) -> Result<Option<OpenMatters>, AppError> {
        let Some(case) = approvals::case_get(conn, project).await? else {
            return Ok(None);
        };
        let catalogue = self.catalogue(conn, case.catalogue).await?;
        let mut open = OpenMatters::default();
        for row in approvals::item_list(conn, project).await? {
            let matter = catalogue.matter(&row.item);
            let Some(matter) = matter.filter(|_| !row.phase.is_done()) else {
                continue;
            };
            if matter.group != MatterGroup::Acceptance {
                open.all += 1;
                open.main += u32::from(matter.main_since.is_some_and(|since| since <= on.year()));
            }
        }
        Ok(Some(open))
    }

    /// Reads every due date again under today's calendar, notes those that moved with the reason,
    /// and returns how many did. Run it after a calendar was loaded; running it twice is harmless.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may load calendars.
    pub async fn approval_dues_move(&self, actor: &Actor, reason: &str) -> Result<usize, AppError> {
        actor.grant(Action::ManageReference)?;
        let reference = self.reference().await?;
        let mut moved = 0;
        let mut after = (ProjectId(i64::MIN), String::new());
        loop {
            let part = approvals::items_open_after(&self.db, (after.0, &after.1), PART).await?;
            let Some(last) = part.last() else { break };
            after = (last.project, last.item.clone());
            moved += self.move_part(&reference, &part, reason).await?;
        }
        let tx = self.db.begin().await?;
        let detail = serde_json::json!({ "moved": moved, "reason": reason }).to_string();
        audit(
            &tx,
            actor,
            self.now(),
            "approval_dues_move",
            "calendar",
            &detail,
        )
        .await?;
        tx.commit().await?;
        Ok(moved)
    }

    async fn move_part(
        &self,
        reference: &Reference,
        part: &[ItemRow],
        reason: &str,
    ) -> Result<usize, AppError> {
        let projected = self.projected(part, reference).await?;
        let tx = self.db.begin().await?;
        let mut moved = 0;
        for (row, fresh) in part.iter().zip(projected) {
            if fresh.due == row.due {
                continue;
            }
            moved += 1;
            approvals::item_due_put(&tx, row.project, &row.item, fresh.due).await?;
            let noted = MoveRow {
                project: row.project,
                item: row.item.clone(),
                from: row.due.map(|(day, _)| day),
                to: fresh.due.map(|(day, _)| day),
                reason: reason.to_owned(),
                at: self.now(),
            };
            approvals::move_insert(&tx, &noted).await?;
        }
        tx.commit().await?;
        Ok(moved)
    }

    /// Reads a case without its matters and acts.
    async fn load_head(&self, project: ProjectId) -> Result<Loaded, AppError> {
        use crate::error::OrNotFound as _;
        let case = approvals::case_get(&self.db, project)
            .await?
            .or_not_found("case")?;
        Ok(Loaded {
            catalogue: self.catalogue(&self.db, case.catalogue).await?,
            items: Vec::new(),
            events: std::collections::BTreeMap::new(),
            case,
        })
    }

    /// Proves that the copies lists are ordered by are what the acts say.
    pub(crate) async fn check_approvals(&self) -> Result<Vec<Fault>, AppError> {
        let reference = self.reference().await?;
        let mut faults = Vec::new();
        let mut after = (ProjectId(i64::MIN), String::new());
        loop {
            let part = approvals::items_open_after(&self.db, (after.0, &after.1), PART).await?;
            let Some(last) = part.last() else { break };
            after = (last.project, last.item.clone());
            faults.extend(self.check_part(&reference, &part).await?);
        }
        faults.extend(self.check_counts().await?);
        Ok(faults)
    }

    /// Proves that what each case counts is what its matters say, and that the open months have it.
    async fn check_counts(&self) -> Result<Vec<Fault>, AppError> {
        let open: Vec<Period> = dispatch::period_list(&self.db)
            .await?
            .into_iter()
            .filter(|row| row.state == PeriodState::Open)
            .map(|row| row.period)
            .collect();
        let mut faults = Vec::new();
        let mut after = ProjectId(i64::MIN);
        loop {
            let cases = approvals::case_list_after(&self.db, after, PART).await?;
            let Some(last) = cases.last() else { break };
            after = last.project;
            let ids: Vec<ProjectId> = cases.iter().map(|case| case.project).collect();
            let mut items: BTreeMap<ProjectId, Vec<ItemRow>> = BTreeMap::new();
            for row in approvals::item_list_of(&self.db, &ids).await? {
                items.entry(row.project).or_default().push(row);
            }
            for case in &cases {
                let catalogue = self.catalogue(&self.db, case.catalogue).await?;
                let rows = items.remove(&case.project).unwrap_or_default();
                let computed = tally(&catalogue, &rows);
                if (case.total, case.done) != computed {
                    faults.push(Fault {
                        what: "case",
                        place: case.project.to_string(),
                        stored: format!("{}/{}", case.done, case.total),
                        computed: format!("{}/{}", computed.1, computed.0),
                    });
                }
            }
            for period in &open {
                faults.extend(self.check_counts_in(*period, &cases).await?);
            }
        }
        Ok(faults)
    }

    async fn check_counts_in(
        &self,
        period: Period,
        cases: &[CaseRow],
    ) -> Result<Vec<Fault>, AppError> {
        let by_project: BTreeMap<i64, MatterCounts> = cases
            .iter()
            .map(|case| {
                let counts = MatterCounts {
                    all: case.total,
                    done: case.done,
                };
                (case.project.0, counts)
            })
            .collect();
        let ids: Vec<i64> = by_project.keys().copied().collect();
        let returns = dispatch::return_list_of(&self.db, &ids, period).await?;
        let astray = returns.into_iter().filter_map(|row| {
            let computed = *by_project.get(&row.project.0)?;
            let stored = row.position.entry.matters;
            (stored != computed).then(|| Fault {
                what: "matter_counts",
                place: format!("{period} {}", row.project),
                stored: format!("{}/{}", stored.done, stored.all),
                computed: format!("{}/{}", computed.done, computed.all),
            })
        });
        Ok(astray.collect())
    }

    async fn check_part(
        &self,
        reference: &Reference,
        part: &[ItemRow],
    ) -> Result<Vec<Fault>, AppError> {
        let projected = self.projected(part, reference).await?;
        let mut faults = Vec::new();
        for (row, computed) in part.iter().zip(projected) {
            if computed != *row {
                faults.push(fault(row, &computed));
            }
        }
        Ok(faults)
    }

    /// What the copies of some matters would be if they were made from the acts now, in order.
    async fn projected(
        &self,
        part: &[ItemRow],
        reference: &Reference,
    ) -> Result<Vec<ItemRow>, AppError> {
        let keys: Vec<(ProjectId, &str)> = part
            .iter()
            .map(|row| (row.project, row.item.as_str()))
            .collect();
        let acts = approvals::event_list_of(&self.db, &keys).await?;
        let mut case: Option<Loaded> = None;
        let mut projected = Vec::with_capacity(part.len());
        for row in part {
            let loaded = match case.take().filter(|one| one.case.project == row.project) {
                Some(loaded) => loaded,
                None => self.load_head(row.project).await?,
            };
            let setup = loaded.setup(&loaded.catalogue, row)?;
            let events = acts.get(&(row.project, row.item.clone()));
            let course = Course::of(&setup, events.map_or(&[][..], |one| one));
            let mut fresh = row.clone();
            project_row(&mut fresh, &setup, &course, reference)?;
            projected.push(fresh);
            case = Some(loaded);
        }
        Ok(projected)
    }
}

fn fault(row: &ItemRow, computed: &ItemRow) -> Fault {
    let words = |row: &ItemRow| format!("{} {} {:?}", row.phase.word(), row.unit.as_str(), row.due);
    Fault {
        what: "matter",
        place: format!("{} {}", row.project, row.item),
        stored: words(row),
        computed: words(computed),
    }
}
