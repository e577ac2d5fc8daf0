//! One item in a round: what the figures say, what was reported and found, what may be done next.

use std::collections::HashMap;

use bytes::Bytes;
use gangmu_domain::Period;
use gangmu_domain::organisation::UserId;
use gangmu_domain::plans::PlanId;
use gangmu_domain::supervision::{Act, ActKind, Course, Item, Round};
use gangmu_store::supervision::{self, FileRow};
use serde::Serialize;
use utoipa::ToSchema;

use super::load::Loaded;
use super::remind::StepView;
use super::round::ItemRowView;
use super::{may_report, may_supervise};
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App};

/// An item in a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionItemView)]
pub struct ItemView {
    /// The plan.
    pub plan_id: i64,
    /// What it is called.
    pub plan_title: String,
    /// The version of the plan, which a report names.
    pub plan_version: u32,
    /// The month of the round.
    pub period: String,
    /// The months of all rounds so far, newest first.
    pub periods: Vec<String>,
    /// The first day reports are taken.
    pub opens_on: String,
    /// The day they are due.
    pub due_on: String,
    /// Whether the bulletin is out.
    pub closed: bool,
    /// As lists show it.
    pub row: ItemRowView,
    /// What the task is at length.
    pub body: String,
    /// How many acts there are; an act names the number it was decided on.
    pub version: i64,
    /// What should be reached today, with its unit.
    pub expected_now: String,
    /// The day of the figure.
    pub value_on: Option<String>,
    /// Why the figures propose what they do: target, course, due, `no_course`; empty where they
    /// propose nothing.
    pub ground: &'static str,
    /// Why there is no figure: nothing, gone, hidden, `not_workable`; empty where there is one or
    /// nothing is measured.
    pub blank: &'static str,
    /// What was done in this round, oldest first.
    pub events: Vec<ItemEventView>,
    /// The steps of the ladder that fired over reports of its office in this round, oldest first.
    pub steps: Vec<StepView>,
    /// What the person may do next: report, verify, `spot_check`.
    pub offers: Vec<&'static str>,
}

/// Something that was done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionEventView)]
pub struct ItemEventView {
    /// Counts from 1.
    pub seq: i64,
    /// The day.
    pub on: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub who: String,
    /// report, verify or `spot_check`.
    pub act: &'static str,
    /// The state it says; none for a check.
    pub state: Option<&'static str>,
    /// What the figures proposed then, for a report.
    pub proposed: Option<&'static str>,
    /// What was reached then, with its unit.
    pub value: String,
    /// What should have been reached then, with its unit.
    pub expected: String,
    /// What was done, looked at, or found.
    pub text: String,
    /// Why the state is another than was proposed or reported.
    pub reason: String,
    /// Whether all was as reported, for a check.
    pub sound: Option<bool>,
    /// Its files.
    pub files: Vec<FileView>,
}

/// A file of an act.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionFileView)]
pub struct FileView {
    /// Its number among the files of the act.
    pub number: i64,
    /// What it is called.
    pub file_name: String,
    /// Bytes.
    pub size: i64,
}

impl FileView {
    pub(super) fn new(file: &FileRow) -> Self {
        Self {
            number: file.number,
            file_name: file.file_name.clone(),
            size: file.size,
        }
    }
}

impl App {
    /// Shows an item in a round; the newest round when no month is named.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such item or round, or the plan may not be seen.
    pub async fn supervision_item(
        &self,
        actor: &Actor,
        id: PlanId,
        item: Item,
        period: Option<Period>,
    ) -> Result<ItemView, AppError> {
        let reference = self.reference().await?;
        let loaded = self.supervised(actor, &reference, id).await?;
        let named = |round: &Round| period.is_none_or(|period| round.period == period);
        let round = loaded.rounds_of(item.task).find(named);
        let round = round.or_not_found("round")?;
        let lines = loaded.lines(&reference, round, self.today())?;
        let line = lines.iter().find(|line| line.item() == item);
        let line = line.or_not_found("item")?;
        let content = loaded.content();
        let stands = self
            .plan_stands_now(actor, &reference, &loaded.plan, content)
            .await?;
        let closed = loaded.closed.contains_key(&round.period);
        let found = loaded.suggested(&reference, &stands, item, self.today());
        let course = loaded.course(round.period, item);
        let at = (round.period, item);
        let files = supervision::supervision_file_list(&self.db, id, at).await?;
        let users = self.user_names().await?;
        let events = course.events.iter();
        Ok(ItemView {
            plan_id: id.0,
            plan_title: loaded.plan.title.clone(),
            plan_version: loaded.plan.version,
            period: round.period.to_string(),
            periods: {
                let months = loaded.rounds_of(item.task);
                months.map(|one| one.period.to_string()).collect()
            },
            opens_on: round.opens_on.to_string(),
            due_on: round.due_on.to_string(),
            closed,
            body: content
                .task(item.task)
                .map_or_else(String::new, |task| task.body.clone()),
            version: course.version(),
            expected_now: found.expected.clone(),
            value_on: found.on.map(|day| day.to_string()),
            ground: found.proposal.map_or("", |one| one.ground.word()),
            blank: found.blank,
            events: events
                .map(|event| ItemEventView::new(&users, event, &files))
                .collect(),
            steps: self
                .steps_of_report(&reference, id, round, &line.office())
                .await?,
            offers: match closed {
                true => Vec::new(),
                false => offers(actor, &loaded, item, &course),
            },
            row: ItemRowView::new(&reference, actor, line, found),
        })
    }

    /// Reads a file of an act: its name, what it is, its content.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the plan may not be seen.
    pub async fn supervision_file(
        &self,
        actor: &Actor,
        id: PlanId,
        (period, item): (Period, Item),
        file: (i64, i64),
    ) -> Result<(String, String, Bytes), AppError> {
        self.plan_seen(actor, id).await?;
        let files = supervision::supervision_file_list(&self.db, id, (period, item)).await?;
        self.file_among(files, file).await
    }

    /// Reads one of some files, by the number of its act and its own among those of the act.
    pub(super) async fn file_among(
        &self,
        files: Vec<FileRow>,
        (seq, number): (i64, i64),
    ) -> Result<(String, String, Bytes), AppError> {
        let mut files = files.into_iter();
        let file = files.find(|one| (one.seq, one.number) == (seq, number));
        let file = file.or_not_found("attachment")?;
        let bytes = self.file_get(&file.sha256).await?;
        Ok((file.file_name, file.media_type, bytes))
    }
}

/// What a person may do next, as far as that can be said without knowing what they would say.
fn offers(actor: &Actor, loaded: &Loaded, item: Item, course: &Course) -> Vec<&'static str> {
    let task = loaded.content().task(item.task);
    let reports = task.is_some_and(|task| may_report(actor, &task.lead));
    let own = course.report().map(|(event, _)| event.user) == Some(actor.user);
    let supervises = may_supervise(actor, &loaded.plan) && !own;
    let open = |kind: &ActKind| match kind {
        ActKind::Report => reports && course.verdict().is_none(),
        ActKind::Verify => supervises && course.report().is_some(),
        ActKind::SpotCheck => supervises,
    };
    let all = ActKind::ALL.iter().filter(|kind| open(kind));
    all.map(|kind| kind.word()).collect()
}

impl ItemEventView {
    fn new(
        users: &HashMap<UserId, String>,
        event: &gangmu_domain::supervision::Event,
        files: &[FileRow],
    ) -> Self {
        let of_act = files.iter().filter(|file| file.seq == event.seq);
        let base = Self {
            seq: event.seq,
            on: event.on.to_string(),
            at: event.at,
            who: users.get(&event.user).cloned().unwrap_or_default(),
            act: event.act.kind().word(),
            state: event.act.state().map(|state| state.word()),
            files: of_act.map(FileView::new).collect(),
            ..Self::default()
        };
        match event.act.clone() {
            Act::Report {
                proposed,
                value,
                expected,
                text,
                reason,
                ..
            } => Self {
                proposed: proposed.map(|one| one.state.word()),
                value,
                expected,
                text,
                reason,
                ..base
            },
            Act::Verify { note, reason, .. } => Self {
                text: note,
                reason,
                ..base
            },
            Act::SpotCheck { sound, findings } => Self {
                text: findings,
                sound: Some(sound),
                ..base
            },
        }
    }
}
