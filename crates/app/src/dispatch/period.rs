//! Opening and closing months, and who is late.

use std::collections::BTreeMap;

use gangmu_domain::Period;
use gangmu_domain::dispatch::PeriodState;
use gangmu_domain::metrics::{Cut, Edition, Measure};
use gangmu_domain::organisation::{Action, UnitLevel, UnitPath};
use gangmu_store::accounts::Notice;
use gangmu_store::library::{Facet, ListBasis, ListFilter, ListSort, SortBy};
use gangmu_store::{dispatch, library, metrics, pipeline};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::view::LateView;
use super::{not_closed_for, still_open};
use crate::change::audit;
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::notices::NoticeBody;
use crate::position::{Affected, Deltas, Periods, reposition};
use crate::{Actor, App};

/// A period as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PeriodView {
    /// 2025-12.
    pub period: String,
    /// `open` or `closed`.
    pub state: &'static str,
    /// The day returns are due.
    pub due_on: String,
    /// Whether that day has passed while the period is open.
    pub overdue: bool,
    /// When it was closed, in milliseconds since 1970.
    pub closed_at: Option<i64>,
}

/// How far a unit is with a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitProgress {
    /// The unit.
    pub unit: UnitView,
    /// Projects on the list.
    pub projects: i64,
    /// Returns handed in.
    pub reported: i64,
    /// Returns that passed every level.
    pub accepted: i64,
    /// Whether the unit, or one above it, has closed the month.
    pub closed: bool,
    /// Whether the closing is the unit's own, which a level above can take back.
    pub closed_itself: bool,
}

impl App {
    /// Lists the periods, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn period_list(&self) -> Result<Vec<PeriodView>, AppError> {
        let today = self.today();
        let rows = dispatch::period_list(&self.db).await?;
        Ok(rows
            .into_iter()
            .map(|row| PeriodView {
                period: row.period.to_string(),
                state: row.state.word(),
                due_on: row.due_on.to_string(),
                overdue: row.state == PeriodState::Open && row.due_on < today,
                closed_at: row.closed_at,
            })
            .collect())
    }

    /// Opens a month: every project on the year's list owes a return.
    ///
    /// # Errors
    /// When it is open already, a later month exists, or the calendar does not know the year.
    pub async fn period_open(&self, actor: &Actor, period: Period) -> Result<(), AppError> {
        actor.grant(Action::OpenPeriod)?;
        let reference = self.reference().await?;
        let due_on = reference.due_on(period)?;
        let tx = self.db.begin().await?;
        dispatch::periods_change(&tx).await?;
        let known = dispatch::period_list(&tx).await?;
        if known.iter().any(|row| row.period >= period) {
            return Err(AppError::state("dispatch.period_not_next"));
        }
        dispatch::period_insert(&tx, period, due_on, self.now()).await?;
        let periods = Periods::read(&tx).await?;
        let mut deltas = Deltas::default();
        let ids = pipeline::entry_projects(&tx, period.year()).await?;
        for part in ids.chunks(1_000) {
            let ids: Vec<i64> = part.iter().map(|id| id.0).collect();
            let projects = library::project_list_of(&tx, &ids).await?;
            let affected: Vec<_> = projects.iter().map(Affected::by_itself).collect();
            reposition(&tx, &periods, period, &affected, &mut deltas).await?;
        }
        deltas.apply(&tx).await?;
        let subject = format!("period:{period}");
        audit(&tx, actor, self.now(), "period_open", &subject, "{}").await?;
        Ok(tx.commit().await?)
    }

    /// Closes a month for the actor's unit and all units below; for the region, for good.
    ///
    /// Closing the region freezes the figures as published; what nobody handed in is marked
    /// missing. A unit's closing only keeps its own people from changing anything more.
    ///
    /// # Errors
    /// When an earlier month is still open, or it is closed already.
    pub async fn period_close(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
    ) -> Result<(), AppError> {
        let scope = self.scope_in(actor, Action::ClosePeriod, unit).await?;
        let reference = self.reference().await?;
        let whole = reference.level(&scope.unit) == UnitLevel::Region && scope.unit.depth() == 0;
        let now = self.now();
        let tx = self.db.begin().await?;
        dispatch::periods_change(&tx).await?;
        if whole {
            let known = dispatch::period_list(&tx).await?;
            known
                .iter()
                .find(|row| row.period == period)
                .or_not_found("period")?;
            let earlier_open = known
                .iter()
                .any(|row| row.period < period && row.state == PeriodState::Open);
            if earlier_open {
                return Err(AppError::state("dispatch.earlier_period_open"));
            }
            if !dispatch::period_close(&tx, period, actor.user, now).await? {
                return Err(AppError::State {
                    code: "dispatch.period_closed",
                    params: vec![period.to_string()],
                });
            }
            metrics::cell_publish(&tx, period).await?;
        } else {
            let row = dispatch::period_get(&tx, period)
                .await?
                .or_not_found("period")?;
            let fresh = row.state == PeriodState::Open
                && dispatch::unit_closing_insert(&tx, period, &scope.unit, actor.user, now).await?;
            if !fresh {
                return Err(AppError::State {
                    code: "dispatch.period_closed",
                    params: vec![period.to_string()],
                });
            }
        }
        let subject = format!("period:{period}");
        let detail = json!({ "unit": code_of(&scope.unit) }).to_string();
        audit(&tx, actor, now, "period_close", &subject, &detail).await?;
        Ok(tx.commit().await?)
    }

    /// Gives a month that a unit has closed for itself back to its people, and tells the unit.
    ///
    /// That is for a level above the unit. The region's own closing is for good: what is wrong
    /// after it is corrected.
    ///
    /// # Errors
    /// When there is no reason, the unit is not below the actor's, it has not closed the month,
    /// a unit above it has closed it too, or the region has.
    pub async fn period_reopen(
        &self,
        actor: &Actor,
        period: Period,
        unit: &str,
        reason: &str,
    ) -> Result<(), AppError> {
        let scope = self
            .scope_in(actor, Action::ReopenPeriod, Some(unit))
            .await?;
        let own = actor.grant(Action::ReopenPeriod)?.scope.unit;
        if own == scope.unit {
            return Err(AppError::state("dispatch.reopen_own"));
        }
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(AppError::invalid("dispatch.reason_missing", "reason"));
        }
        let now = self.now();
        let tx = self.db.begin().await?;
        dispatch::periods_change(&tx).await?;
        let closings = still_open(&tx, period).await?;
        if !dispatch::unit_closing_delete(&tx, period, &scope.unit).await? {
            return Err(AppError::State {
                code: "dispatch.unit_not_closed",
                params: vec![unit.to_owned()],
            });
        }
        let above: Vec<_> = closings
            .into_iter()
            .filter(|closed| *closed != scope.unit)
            .collect();
        not_closed_for(&above, &scope.unit)?;
        let body = NoticeBody {
            reason: Some(reason.to_owned()),
            ..NoticeBody::default()
        };
        let notice = Notice {
            notice_id: 0,
            at: now,
            from_user_id: actor.user.0,
            unit_path: scope.unit.as_str().to_owned(),
            project_id: None,
            period: Some(i64::from(period.number())),
            kind: "reopened".to_owned(),
            body: serde_json::to_string(&body).unwrap_or_default(),
        };
        self.notify(&tx, &notice).await?;
        let subject = format!("period:{period}");
        let detail = json!({ "unit": unit, "reason": reason }).to_string();
        audit(&tx, actor, now, "period_reopen", &subject, &detail).await?;
        Ok(tx.commit().await?)
    }

    /// Shows how far the units directly below are with a period.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn period_progress(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
    ) -> Result<Vec<UnitProgress>, AppError> {
        let scope = self.scope_in(actor, Action::Read, unit).await?;
        let reference = self.reference().await?;
        let closings = dispatch::unit_closing_list(&self.db, period).await?;
        let mut paths: Vec<UnitPath> = vec![scope.unit.clone()];
        paths.extend(
            reference
                .children(&scope.unit)
                .iter()
                .map(|u| u.path.clone()),
        );
        let cells = self
            .cells(&scope, Edition::Current, period, Cut::Total, &paths)
            .await?;
        Ok(paths
            .iter()
            .filter_map(|path| {
                let key = (path.as_str().to_owned(), String::new());
                cells.get(&key).map(|measures| UnitProgress {
                    unit: UnitView::new(&reference, path),
                    projects: measures.get(Measure::Projects),
                    reported: measures.get(Measure::Reported),
                    accepted: measures.get(Measure::Accepted),
                    closed: closings.iter().any(|closed| closed.contains(path)),
                    closed_itself: closings.contains(path),
                })
            })
            .collect())
    }

    /// Lists the projects whose return has not been handed in.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn late_list(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
    ) -> Result<Vec<LateView>, AppError> {
        let scope = self.scope_in(actor, Action::Read, unit).await?;
        let reference = self.reference().await?;
        let filter = ListFilter {
            facets: vec![Facet::NotReported],
            ..ListFilter::default()
        };
        let sort = ListSort {
            by: SortBy::Unit,
            limit: 5_000,
            ..ListSort::default()
        };
        let basis = ListBasis::Period(period);
        let rows = library::project_list(&self.db, &scope, basis, &filter, sort).await?;
        Ok(rows
            .into_iter()
            .map(|row| LateView::new(&reference, row))
            .collect())
    }

    /// Sends a chase notice to every unit with late returns; one per unit (一键催报).
    ///
    /// Returns how many units were chased.
    ///
    /// # Errors
    /// When the actor may not chase.
    pub async fn chase(
        &self,
        actor: &Actor,
        period: Period,
        unit: Option<&str>,
    ) -> Result<usize, AppError> {
        let scope = self.scope_in(actor, Action::Chase, unit).await?;
        let due_on = dispatch::period_get(&self.db, period)
            .await?
            .or_not_found("period")?
            .due_on;
        let filter = ListFilter {
            facets: vec![Facet::NotReported],
            ..ListFilter::default()
        };
        let sort = ListSort {
            limit: 100_000,
            ..ListSort::default()
        };
        let basis = ListBasis::Period(period);
        let rows = library::project_list(&self.db, &scope, basis, &filter, sort).await?;
        let mut by_unit: BTreeMap<String, usize> = BTreeMap::new();
        for row in rows {
            *by_unit.entry(row.unit_path).or_default() += 1;
        }
        let tx = self.db.begin().await?;
        for (unit_path, n) in &by_unit {
            let body = NoticeBody {
                late: i64::try_from(*n).ok(),
                due_on: Some(due_on.to_string()),
                ..NoticeBody::default()
            };
            let notice = Notice {
                notice_id: 0,
                at: self.now(),
                from_user_id: actor.user.0,
                unit_path: unit_path.clone(),
                project_id: None,
                period: Some(i64::from(period.number())),
                kind: "chase".to_owned(),
                body: serde_json::to_string(&body).unwrap_or_default(),
            };
            self.notify(&tx, &notice).await?;
        }
        let subject = format!("period:{period}");
        let detail = format!("{{\"units\":{}}}", by_unit.len());
        audit(&tx, actor, self.now(), "chase", &subject, &detail).await?;
        tx.commit().await?;
        Ok(by_unit.len())
    }
}

fn code_of(unit: &UnitPath) -> &str {
    unit.codes().last().unwrap_or_default()
}
