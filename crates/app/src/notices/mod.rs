//! Notices: who was chased for what, and what of it a person has not read.
//!
//! A notice is written to a unit and stands in the inbox of everybody who holds a post there and
//! is meant ([`tell`]); copies go out by mail or to a group's robot ([`outbox`]). What one would
//! get wrong: reading is not a change of anything anybody is accountable for, so it is the one
//! write without an audit row.

mod address;
mod config;
mod feed;
mod mail;
mod outbox;
mod preferences;
mod robot;
mod tell;

use std::collections::{BTreeSet, HashMap};

use gangmu_domain::Period;
use gangmu_domain::organisation::{Action, DepartmentId, UnitPath, UserId};
use gangmu_store::accounts::{self, Notice, NoticeReach};
use gangmu_store::library;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::approvals::DepartmentView;
use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App, Reference};

pub use config::{Channels, ChannelsError, MailServer, Robot, RobotKind, Secret, Security};
pub use feed::{DeadlineList, DeadlineView, WordedDeadline};
pub use outbox::{
    OutboxPage, OutboxRowView, OutboxTallyView, Outgoing, Posted, RobotView, Worded, Wording,
};
pub use preferences::PreferenceView;

/// Whose notices are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoticesOf {
    /// Those in one's own inbox.
    #[default]
    Inbox,
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
    /// `letter`, `resolution`, `meeting`, `plan`, `supervision`, `duty`, `winter`.
    pub kind: String,
    /// The period it is about, 2025-12.
    pub period: Option<String>,
    /// The project it is about.
    pub project_id: Option<i64>,
    /// Its name; empty when it is about none.
    pub project_name: String,
    /// How many returns were late, for `chase`; how many winter plans are not filed, for `winter`; how
    /// many projects stand on the agenda, or how much was agreed, for `meeting`; how many things one
    /// answers for, for `duty`.
    pub late: Option<i64>,
    /// The day they were due, for `chase`; the matter's next due date, for `approval`; the last
    /// day for an answer, for `sitting`; the day it is to be done by, for `resolution`; the day of
    /// the meeting.
    pub due_on: Option<String>,
    /// Why, for `reopened`.
    pub reason: Option<String>,
    /// The matter it is about, for `approval`; the title, for `problem`, `sitting` and `meeting`;
    /// what is to be done, for `resolution`; what one answers for where it is one thing, for `duty`.
    pub matter: Option<String>,
    /// The problem it is about, for `problem`.
    pub problem_id: Option<i64>,
    /// The sitting whose department is asked, for `sitting`.
    pub sitting_id: Option<i64>,
    /// What was agreed, for `resolution`.
    pub resolution_id: Option<i64>,
    /// The meeting, for `meeting`; none for an office that does not see it.
    pub meeting_id: Option<i64>,
    /// The plan under supervision, for `supervision`.
    pub plan_id: Option<i64>,
    /// The hand-over to be signed, for `duty`.
    pub handover_id: Option<i64>,
    /// The year the winter begins in, for `winter`.
    pub season: Option<i16>,
    /// The department it goes to: the one that is asked, for `sitting`.
    pub department: Option<DepartmentView>,
    /// The step that was taken, for `problem`, or `soon` and `today` for when its next one is due;
    /// what happened, for `resolution` and `meeting`; the step of the ladder, for `supervision`; the
    /// act, for `winter`, or `soon` and `late` for when plans are to be filed; the duty's word or
    /// `handed_over`, for `duty`.
    pub act: Option<String>,
    /// Whether one has not seen it yet.
    pub unread: bool,
}

/// A page of notices, newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NoticePage {
    /// The notices.
    pub rows: Vec<NoticeView>,
    /// How many in one's own inbox one has not seen.
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
    /// The matter, for `approval`; the title, for `problem`, `sitting` and `meeting`; what is to be
    /// done, for `resolution`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sitting: Option<i64>,
    /// The plan, for `plan`; the one under supervision, for `supervision`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<i64>,
    /// The version of the plan, for `plan`, so that each is told of by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resolution: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meeting: Option<i64>,
    /// The year the winter begins in, for `winter`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub season: Option<i16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub act: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The department it goes to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub department: Option<i64>,
    /// The role it is meant for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub who: Option<String>,
    /// The one person it is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user: Option<i64>,
    /// The hand-over to be signed, for `duty`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handover: Option<i64>,
}

const PAGE: i64 = 50;

impl App {
    /// Lists notices, 50 on a page.
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
        let page = page.max(1);
        let offset = (page - 1).saturating_mul(PAGE);
        let seen = accounts::notice_seen_get(&self.db, actor.user).await?;
        let mut notices = match of {
            NoticesOf::Inbox => {
                accounts::notice_list_inbox(&self.db, actor.user, offset, PAGE + 1).await?
            }
            NoticesOf::AllUnits => {
                let reach = NoticeReach::Subtree(grant.scope.unit);
                accounts::notice_list(&self.db, &reach, offset, PAGE + 1).await?
            }
        };
        let more = notices.len() > usize::try_from(PAGE).unwrap_or_default();
        notices.truncate(usize::try_from(PAGE).unwrap_or_default());
        let (reference, names) = (self.reference().await?, self.user_names().await?);
        let projects = self.projects_named(&notices).await?;
        let view = |notice: Notice| NoticeView {
            unread: of == NoticesOf::Inbox && notice.notice_id > seen,
            ..NoticeView::new(&reference, (&names, &projects), notice)
        };
        Ok(NoticePage {
            rows: notices.into_iter().map(view).collect(),
            unread: accounts::notice_count_unread(&self.db, actor.user).await?,
            page,
            more,
        })
    }

    /// The names of the projects that notices are about.
    async fn projects_named(
        &self,
        notices: impl IntoIterator<Item = &Notice>,
    ) -> Result<HashMap<i64, String>, AppError> {
        let ids: BTreeSet<i64> = notices
            .into_iter()
            .filter_map(|one| one.project_id)
            .collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let projects = library::project_list_of(&self.db, &ids).await?;
        let named = projects
            .into_iter()
            .map(|one| (one.id.0, one.name().to_owned()));
        Ok(named.collect())
    }

    /// Counts the notices in the person's inbox that they have not seen; none for those who read
    /// no figures.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn notices_unread(&self, actor: &Actor) -> Result<i64, AppError> {
        match actor.grant(Action::Read) {
            Ok(_) => Ok(accounts::notice_count_unread(&self.db, actor.user).await?),
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

impl NoticeView {
    /// Shows a notice; whether it is unread is the reader's matter.
    pub(crate) fn new(
        reference: &Reference,
        (names, projects): (&HashMap<UserId, String>, &HashMap<i64, String>),
        notice: Notice,
    ) -> Self {
        let body: NoticeBody = serde_json::from_str(&notice.body).unwrap_or_default();
        let from = UserId(notice.from_user_id);
        let unit = UnitPath::from_stored(notice.unit_path);
        Self {
            unread: false,
            notice_id: notice.notice_id,
            at: notice.at,
            who: names.get(&from).cloned().unwrap_or_default(),
            unit: UnitView::new(reference, &unit),
            kind: notice.kind,
            period: notice.period.and_then(period_word),
            project_name: notice
                .project_id
                .and_then(|id| projects.get(&id).cloned())
                .unwrap_or_default(),
            project_id: notice.project_id,
            late: body.late,
            due_on: body.due_on,
            reason: body.reason,
            matter: body.name,
            problem_id: body.problem,
            sitting_id: body.sitting,
            resolution_id: body.resolution,
            handover_id: body.handover,
            meeting_id: body.meeting,
            plan_id: body.plan,
            season: body.season,
            department: body
                .department
                .filter(|id| *id != 0)
                .map(|id| DepartmentView::new(reference, &unit, DepartmentId(id))),
            act: body.act,
        }
    }
}

fn period_word(number: i64) -> Option<String> {
    let period = Period::from_number(i32::try_from(number).ok()?)?;
    Some(period.to_string())
}
