//! Reviews at each level, and corrections of closed months.

use gangmu_domain::Period;
use gangmu_domain::dispatch::{Figures, PeriodState, ReturnEventKind, ReturnStatus};
use gangmu_domain::library::{EventKind, ProjectId};
use gangmu_domain::metrics::{Edition, Measure};
use gangmu_domain::organisation::{Action, Scope};
use gangmu_store::dispatch::{self, PeriodRow, ReturnEvent};
use gangmu_store::library::{Facet, ListFilter, Project};
use gangmu_store::{batch, bulk};
use serde::Serialize;
use utoipa::ToSchema;

use super::desk::{Desk, RECENT};
use super::file::errors;
use super::{cannot, not_closed_for, report_dates, with_corrected_dates};
use crate::change::{Because, audit, audit_row};
use crate::error::{AppError, OrNotFound};
use crate::library::{ListPage, ListQuery, locked};
use crate::pipeline::{newest_from, pass_on};
use crate::position::{Affected, Refiled, reposition};
use crate::{Actor, App};

/// Which returns to review.
#[derive(Clone, Debug)]
pub struct ReviewQuery {
    /// The period.
    pub period: Period,
    /// The unit to look into.
    pub unit: Option<String>,
    /// Pages from 1.
    pub page: i64,
    /// Rows on a page.
    pub per_page: i64,
}

/// What a correction changed in the published figures.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CorrectionView {
    /// The period corrected.
    pub period: String,
    /// The month's investment before, yuan.
    pub month_before: Option<i64>,
    /// The month's investment after, yuan.
    pub month_after: Option<i64>,
    /// The region's investment to date as published, yuan.
    pub published: i64,
    /// The region's investment to date as it stands, yuan.
    pub current: i64,
    /// Every published figure, of this month and of later ones, that is not as it stands now.
    pub moved: Vec<MovedFigure>,
}

/// A published figure that is not as it stands any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MovedFigure {
    /// The month it was published for.
    pub period: String,
    /// The measure's word.
    pub measure: &'static str,
    /// As published; yuan or a number of projects.
    pub published: i64,
    /// As it stands; yuan or a number of projects.
    pub current: i64,
}

impl App {
    /// Lists returns that wait for the actor's level, those of lower levels included.
    ///
    /// # Errors
    /// When the actor may not review.
    pub async fn review_queue(
        &self,
        actor: &Actor,
        query: &ReviewQuery,
    ) -> Result<ListPage, AppError> {
        actor.grant(Action::Review)?;
        let list = ListQuery {
            period: Some(query.period),
            on_list: true,
            unit: query.unit.clone(),
            filter: ListFilter {
                facets: vec![Facet::AwaitingReview],
                ..ListFilter::default()
            },
            page: query.page,
            per_page: query.per_page,
            ..ListQuery::default()
        };
        self.project_list(actor, &list).await
    }

    /// Passes returns on to the next level; all of them or none.
    ///
    /// `seen` names each return with the version that was looked at.
    ///
    /// # Errors
    /// When one has changed meanwhile, is not submitted, or waits for a higher level.
    pub async fn returns_review(
        &self,
        actor: &Actor,
        period: Period,
        seen: &[(ProjectId, i64)],
    ) -> Result<(), AppError> {
        self.decide(actor, period, seen, Decision::PassOn).await
    }

    /// Sends one return back to its reporter with a reason.
    ///
    /// # Errors
    /// When there is no reason, it has changed meanwhile, or waits for a higher level.
    pub async fn return_send_back(
        &self,
        actor: &Actor,
        period: Period,
        seen: (ProjectId, i64),
        reason: &str,
    ) -> Result<(), AppError> {
        self.decide(actor, period, &[seen], Decision::SendBack(reason))
            .await
    }

    async fn decide(
        &self,
        actor: &Actor,
        period: Period,
        seen: &[(ProjectId, i64)],
        decision: Decision<'_>,
    ) -> Result<(), AppError> {
        let mut seen = seen.to_vec();
        seen.sort();
        let ids: Vec<ProjectId> = seen.iter().map(|(id, _)| *id).collect();
        let mut begun = self.begin(actor).await?;
        let work = begun.work();
        let desk = Desk::read(work.tx, work.periods, [period].into(), &ids).await?;
        desk.still_open(period)?;
        let mut steps: Vec<Step<'_>> = Vec::with_capacity(seen.len());
        for (id, version) in seen {
            if steps.last().is_some_and(|step| step.project.id == id) {
                return Err(AppError::Changed { what: "return" });
            }
            steps.push(decide(
                &desk,
                actor,
                period,
                (id, version),
                decision,
                work.now,
            )?);
        }
        let mut audits = Vec::with_capacity(steps.len());
        let mut events = Vec::with_capacity(steps.len());
        let mut affected = Vec::with_capacity(steps.len());
        for step in steps {
            let id = step.project.id;
            let (action, subject) = (step.event.kind.word(), format!("return:{id}:{period}"));
            audits.push(audit_row(actor, work.now, action, &subject, "{}"));
            events.push((id, period, step.event));
            affected.push(Affected {
                project: step.project,
                refiled: Some(step.refiled),
            });
        }
        batch::return_event_insert_all(work.tx, &events).await?;
        bulk::audit_insert_all(work.tx, &audits).await?;
        desk.ground
            .settle(work.tx, work.periods, &affected, work.deltas)
            .await?;
        begun.commit().await
    }

    /// Corrects a return of a closed month; the published figures stay on record (更正).
    ///
    /// # Errors
    /// When the month is open, there is no reason, or somebody else changed it meanwhile.
    pub async fn return_correct(
        &self,
        actor: &Actor,
        period: Period,
        seen: (ProjectId, i64),
        mut figures: Figures,
    ) -> Result<CorrectionView, AppError> {
        let reason = figures.correction_reason.trim().to_owned();
        if reason.is_empty() {
            return Err(AppError::invalid(
                "dispatch.reason_missing",
                "correction_reason",
            ));
        }
        let (id, version) = seen;
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let project = locked(work.tx, actor, Action::Correct, id).await?;
        let state = dispatch::period_get(work.tx, period)
            .await?
            .or_not_found("period")?
            .state;
        if state != PeriodState::Closed {
            return Err(AppError::state("dispatch.period_open"));
        }
        let row = dispatch::return_get(work.tx, id, period)
            .await?
            .or_not_found("return")?;
        if row.filed.version != version {
            return Err(AppError::Changed { what: "return" });
        }
        let mut before = dispatch::return_list_before(work.tx, id, period, RECENT).await?;
        before.reverse();
        let errors = errors(&project, &row, &before, &figures);
        if !errors.is_empty() {
            return Err(AppError::Invalid { messages: errors });
        }
        let mut filed = row.filed.clone();
        filed.version += 1;
        filed.status = ReturnStatus::Accepted;
        filed.awaiting = None;
        figures.explanations = row.filed.figures.explanations.clone();
        filed.figures = figures;
        let event = ReturnEvent {
            seq: 0,
            at: self.now(),
            user: actor.user,
            kind: ReturnEventKind::Corrected,
            level: None,
            reason,
            before: row.filed.figures.clone(),
            after: filed.figures.clone(),
        };
        let events = [(id, period, event)];
        batch::return_event_insert_all(work.tx, &events).await?;
        let [(_, _, event)] = events;
        let (month_before, month_after) = (row.filed.figures.month, filed.figures.month);
        let stood = newest_from(&work, id, period).await?;
        let after = with_corrected_dates(&project, &row.filed.figures, &filed.figures);
        let affected = [Affected {
            project: &after,
            refiled: Some(Refiled {
                period,
                filed,
                submitted_at: row.submitted_at,
            }),
        }];
        reposition(work.tx, work.periods, period, &affected, work.deltas).await?;
        report_dates(&mut work, &project, after, period).await?;
        if let Some(stood) = stood {
            let because = Because {
                kind: EventKind::Reported,
                on: period.last_day(),
                reason: &event.reason,
                document_no: "",
            };
            pass_on(&mut work, &project, &stood, &because).await?;
        }
        let subject = format!("return:{id}:{period}");
        audit(work.tx, actor, self.now(), "return_correct", &subject, "{}").await?;
        begun.commit().await?;
        let scope = self.scope_in(actor, Action::Correct, None).await?;
        let to_date = async |edition| {
            let total = self.total(&scope, period, edition).await?;
            Ok::<i64, AppError>(total.get(Measure::YearToDate))
        };
        Ok(CorrectionView {
            period: period.to_string(),
            month_before: month_before.map(|yuan| yuan.0),
            month_after: month_after.map(|yuan| yuan.0),
            published: to_date(Edition::Published).await?,
            current: to_date(Edition::Current).await?,
            moved: self.moved_figures(&scope, period).await?,
        })
    }

    /// Compares what was published of the closed months from one on with what stands.
    async fn moved_figures(
        &self,
        scope: &Scope,
        from: Period,
    ) -> Result<Vec<MovedFigure>, AppError> {
        let mut moved = Vec::new();
        let periods = dispatch::period_list(&self.db).await?;
        let closed = |row: &&PeriodRow| row.period >= from && row.state == PeriodState::Closed;
        for row in periods.iter().rev().filter(closed) {
            let published = self.total(scope, row.period, Edition::Published).await?;
            let current = self.total(scope, row.period, Edition::Current).await?;
            for measure in Measure::ALL {
                let (published, current) = (published.get(*measure), current.get(*measure));
                if published != current {
                    moved.push(MovedFigure {
                        period: row.period.to_string(),
                        measure: measure.word(),
                        published,
                        current,
                    });
                }
            }
        }
        Ok(moved)
    }
}

#[derive(Clone, Copy)]
enum Decision<'a> {
    PassOn,
    SendBack(&'a str),
}

/// What is decided about one return, before anything is written.
struct Step<'a> {
    project: &'a Project,
    refiled: Refiled,
    event: ReturnEvent,
}

/// Decides on one return, if it is the actor's level's turn.
fn decide<'a>(
    desk: &'a Desk<'_>,
    actor: &Actor,
    period: Period,
    (id, version): (ProjectId, i64),
    decision: Decision<'_>,
    now: i64,
) -> Result<Step<'a>, AppError> {
    let closings = desk.still_open(period)?;
    let project = desk.project(actor, Action::Review, id)?;
    let (unit, department) = (&project.unit, project.department);
    let grant = actor.grant_on(Action::Review, unit, department, project.reporter)?;
    // Whoever stands above a closed unit may still review what it handed in.
    let above: Vec<_> = closings
        .iter()
        .filter(|closed| closed.contains(&grant.scope.unit))
        .cloned()
        .collect();
    not_closed_for(&above, unit)?;
    let (_, row) = desk.seen(id, period, version)?;
    let level = grant.level;
    let (filed, kind, reason) = match decision {
        Decision::PassOn => (row.filed.review(level), ReturnEventKind::Reviewed, ""),
        Decision::SendBack(reason) => {
            let filed = row.filed.send_back(level, reason);
            (filed, ReturnEventKind::SentBack, reason)
        }
    };
    let filed = filed.map_err(cannot)?;
    Ok(Step {
        project,
        event: ReturnEvent {
            seq: 0,
            at: now,
            user: actor.user,
            kind,
            level: Some(level),
            reason: reason.to_owned(),
            before: row.filed.figures.clone(),
            after: filed.figures.clone(),
        },
        refiled: Refiled {
            period,
            filed,
            submitted_at: row.submitted_at,
        },
    })
}
