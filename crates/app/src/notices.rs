//! Notices to a unit: who was chased for what, and what of it a person has not read.
//!
//! What one would get wrong: reading is not a change of anything anybody is accountable for, so it
//! is the one write without an audit row.

use gangmu_domain::Period;
use gangmu_domain::organisation::{Action, DepartmentId, UnitLevel, UnitPath};
use gangmu_store::accounts::{self, Notice, NoticeReach};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::actor::Grant;
use crate::approvals::DepartmentView;
use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App};

/// Whose notices are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticesOf {
    /// Those to one's own unit; a banner's are those to its zones too.
    #[default]
    OwnUnit,
    /// Those to all units of one's scope: who was chased.
    AllUnits,
}

/// A notice to a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoticeView {
    /// Its number; a later one is greater.
    pub notice_id: i64,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who sent it.
    pub who: String,
    /// The unit it goes to.
    pub unit: UnitView,
    /// What it is: `chase`, `reopened`, `approval`, `problem`, `sitting`,
    /// `letter`.
    pub kind: String,
    /// The period it is about, 2025-12.
    pub period: Option<String>,
    /// The project it is about.
    pub project_id: Option<i64>,
    /// How many returns were late, for `chase`.
    pub late: Option<i64>,
    /// The day they were due, for `chase`; the matter's next due date, for `approval`; the last
    /// day for an answer, for `sitting`.
    pub due_on: Option<String>,
    /// Why, for `reopened`.
    pub reason: Option<String>,
    /// The matter it is about, for `approval`; the title, for `problem` and `sitting`.
    pub matter: Option<String>,
    /// The problem it is about, for `problem`.
    pub problem_id: Option<i64>,
    /// The sitting whose department is asked, for `sitting`.
    pub sitting_id: Option<i64>,
    /// The department that is asked, for `sitting`.
    pub department: Option<DepartmentView>,
    /// The step that was taken, for `problem`.
    pub act: Option<String>,
    /// Whether one has not seen it yet.
    pub unread: bool,
}

/// A page of notices, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoticePage {
    /// The notices.
    pub rows: Vec<NoticeView>,
    /// How many to one's own unit one has not seen.
    pub unread: i64,
    /// This page, from 1.
    pub page: i64,
    /// Whether older ones follow on the next page.
    pub more: bool,
}

/// What the body of a notice holds, each kind its own part of it.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct NoticeBody {
    /// The matter, for `approval`; the title, for `problem` and `sitting`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sitting: Option<i64>,
    /// The department that is asked, for `sitting`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

const PAGE: i64 = 50;

impl App {
    /// Lists the notices to a unit, 50 on a page.
    ///
    /// # Errors
    /// When nothing may be read or the database fails.
    pub async fn notice_page(
        &self,
        actor: &Actor,
        of: NoticesOf,
        page: i64,
    ) -> Result<NoticePage, AppError> {
        let grant = actor.grant(Action::Read)?;
        let own = own(&grant);
        let reach = match of {
            NoticesOf::OwnUnit => own.clone(),
            NoticesOf::AllUnits => NoticeReach::Subtree(grant.scope.unit.clone()),
        };
        let page = page.max(1);
        let offset = (page - 1).saturating_mul(PAGE);
        let seen = accounts::notice_seen_get(&self.db, actor.user).await?;
        let heard = &grant.scope.departments;
        let mut notices = accounts::notice_list(&self.db, &reach, heard, offset, PAGE + 1).await?;
        let more = notices.len() > usize::try_from(PAGE).unwrap_or_default();
        notices.truncate(usize::try_from(PAGE).unwrap_or_default());
        let (reference, names) = (self.reference().await?, self.user_names().await?);
        let view = |notice: Notice| {
            let body: NoticeBody = serde_json::from_str(&notice.body).unwrap_or_default();
            let from = gangmu_domain::organisation::UserId(notice.from_user_id);
            NoticeView {
                unread: notice.notice_id > seen && from != actor.user,
                notice_id: notice.notice_id,
                at: notice.at,
                who: names.get(&from).cloned().unwrap_or_default(),
                unit: UnitView::new(&reference, &UnitPath::from_stored(notice.unit_path)),
                kind: notice.kind,
                period: notice.period.and_then(period_word),
                project_id: notice.project_id,
                late: body.late,
                due_on: body.due_on,
                reason: body.reason,
                matter: body.name,
                problem_id: body.problem,
                sitting_id: body.sitting,
                department: body
                    .asked
                    .map(|id| DepartmentView::new(&reference, DepartmentId(id))),
                act: body.act,
            }
        };
        Ok(NoticePage {
            rows: notices.into_iter().map(view).collect(),
            unread: accounts::notice_count_unread(&self.db, &own, heard, actor.user).await?,
            page,
            more,
        })
    }

    /// Counts the notices to the person's own unit that they have not seen; none for those who
    /// read no figures.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notices_unread(&self, actor: &Actor) -> Result<i64, AppError> {
        match actor.grant(Action::Read) {
            Ok(grant) => {
                let (reach, heard) = (own(&grant), &grant.scope.departments);
                Ok(accounts::notice_count_unread(&self.db, &reach, heard, actor.user).await?)
            }
            Err(_) => Ok(0),
        }
    }

    /// Notes that a person has seen the notices up to this number.
    ///
    /// # Errors
    /// When nothing may be read or the database fails.
    pub async fn notices_seen(&self, actor: &Actor, newest: i64) -> Result<(), AppError> {
        actor.grant(Action::Read)?;
        let tx = self.db.begin().await?;
        accounts::notice_seen_put(&tx, actor.user, newest).await?;
        tx.commit().await?;
        Ok(())
    }
}

/// A region or league answers for itself, a banner for its zones too.
fn own(grant: &Grant) -> NoticeReach {
    let unit = grant.scope.unit.clone();
    match grant.level {
        UnitLevel::Region | UnitLevel::League => NoticeReach::Unit(unit),
        UnitLevel::Banner => NoticeReach::Subtree(unit),
    }
}

fn period_word(number: i64) -> Option<String> {
    let period = Period::from_number(i32::try_from(number).ok()?)?;
    Some(period.to_string())
}
