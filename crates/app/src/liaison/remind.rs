//! What offices hear of what was agreed: that it was given to them, comes due, is past its day, was
//! reported or sent back; and its line on the project's timeline.
//!
//! What a reader would get wrong: what became a problem is told of by the problem's own steps, so
//! that nobody hears of it twice.

use gangmu_calendar::WorkingDays;
use gangmu_domain::liaison::{Bond, KeepAct};
use gangmu_domain::library::EventKind;
use gangmu_domain::organisation::{Action, UserId};
use gangmu_domain::problems::Party;
use gangmu_store::Tx;
use gangmu_store::accounts::Notice;
use gangmu_store::liaison::{self as rows, ResolutionFilter, ResolutionRow};
use gangmu_store::library::{self, Event};

use crate::approvals::calendar_error;
use crate::error::AppError;
use crate::notices::NoticeBody;
use crate::{Actor, App};

/// How many are looked at together.
const PART: i64 = 500;
/// The most characters of a line on the timeline.
const MOST_LINE: usize = 80;

/// What happened to something agreed, for notices and timelines (议定事项动态).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// It was given to the office.
    Given,
    /// It comes due.
    Due,
    /// Its day has passed.
    Overdue,
    /// Somebody took a step with it.
    Step(KeepAct),
}

impl Told {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Given => "given",
            Self::Due => "due",
            Self::Overdue => "overdue",
            Self::Step(act) => act.word(),
        }
    }
}

impl App {
    /// Puts what happened to something agreed on the project's timeline and tells whoever has the
    /// next step.
    pub(super) async fn resolution_told(
        &self,
        tx: &Tx,
        by: UserId,
        row: &ResolutionRow,
        (told, text): (Told, &str),
    ) -> Result<(), AppError> {
        if let Some(project) = row.project {
            // Two events of one project take their numbers one after the other.
            library::project_lock(tx, project).await?;
            let line: String = text.chars().take(MOST_LINE).collect();
            let event = Event {
                seq: 0,
                at: self.now(),
                on: self.today(),
                user: by,
                kind: EventKind::Resolved,
                reason: format!("{} {}: {line}", told.word(), row.due),
                document_no: String::new(),
                changes: Vec::new(),
            };
            library::event_insert(tx, project, &event).await?;
        }
        match told {
            Told::Step(KeepAct::Confirm | KeepAct::Drop) => Ok(()),
            _ => self.resolution_notice(tx, by, row, told).await,
        }
    }

    async fn resolution_notice(
        &self,
        tx: &Tx,
        by: UserId,
        row: &ResolutionRow,
        told: Told,
    ) -> Result<(), AppError> {
        if matches!(row.bond, Bond::Problem(_)) {
            return Ok(());
        }
        // A report is looked at where it was agreed; everything else is for whoever does it.
        let (unit, department) = match (&row.party, told) {
            (Party::Office { unit, department }, Told::Given | Told::Due | Told::Overdue)
            | (Party::Office { unit, department }, Told::Step(KeepAct::SendBack)) => {
                (unit, *department)
            }
            _ => (&row.unit, None),
        };
        let body = NoticeBody {
            name: Some(row.body.clone()),
            resolution: Some(row.id),
            act: Some(told.word().to_owned()),
            due_on: Some(row.due.to_string()),
            department: department.map(|id| id.0),
            ..NoticeBody::default()
        };
        let notice = Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: by.0,
            unit_path: unit.as_str().to_owned(),
            project_id: row.project.map(|id| id.0),
            period: None,
            kind: "resolution".to_owned(),
            body: serde_json::to_string(&body).unwrap_or_default(),
        };
        self.notify(tx, &notice).await
    }

    /// Reminds offices of what they have to do, before its day and once it has passed, each time
    /// once, and returns how many reminders were sent.
    ///
    /// Several servers may run this at once: each step is claimed in the transaction that tells.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may chase.
    pub async fn resolutions_remind(&self, actor: &Actor) -> Result<usize, AppError> {
        let grant = actor.grant(Action::Chase)?;
        let reference = self.reference().await?;
        let ahead = WorkingDays(reference.meetings.remind_before);
        let last = reference.calendar.add_working_days(self.today(), ahead);
        let until = last.map_err(calendar_error)?.tomorrow();
        let mut filter = ResolutionFilter {
            scope: Some(grant.scope),
            due_before: until.ok().map(|day| day.to_string()),
            limit: PART,
            ..ResolutionFilter::default()
        };
        let mut sent = 0;
        loop {
            let found = rows::resolution_list(&self.db, &filter).await?;
            let free = |row: &&ResolutionRow| !matches!(row.bond, Bond::Problem(_));
            for told in [Told::Due, Told::Overdue] {
                let late = told == Told::Overdue;
                let of = found.iter().filter(free);
                let of: Vec<&ResolutionRow> =
                    of.filter(|row| (row.due < self.today()) == late).collect();
                sent += self.remind_of(actor, told, &of).await?;
            }
            if found.len() < usize::try_from(PART).unwrap_or(usize::MAX) {
                return Ok(sent);
            }
            filter.offset += PART;
        }
    }

    async fn remind_of(
        &self,
        actor: &Actor,
        told: Told,
        of: &[&ResolutionRow],
    ) -> Result<usize, AppError> {
        if of.is_empty() {
            return Ok(0);
        }
        let ids: Vec<i64> = of.iter().map(|row| row.id).collect();
        let tx = self.db.begin().await?;
        let claimed = rows::resolution_remind(&tx, told.word(), &ids, self.now()).await?;
        for row in of.iter().filter(|row| claimed.contains(&row.id)) {
            self.resolution_notice(&tx, actor.user, row, told).await?;
        }
        tx.commit().await?;
        Ok(claimed.len())
    }
}
