//! The next act on an item in a round: reported, verified, looked at on the spot.
//!
//! What a reader would get wrong: the plan is held meanwhile, so a report cannot slip in while its
//! next version comes into force or its bulletin is issued; of two who report at once one is told.

use gangmu_domain::Period;
use gangmu_domain::organisation::Action;
use gangmu_domain::plans::PlanId;
use gangmu_domain::supervision::{Act, Doing, Event, Item, State};
use gangmu_store::accounts::Notice;
use gangmu_store::plans;
use gangmu_store::supervision::{self, EventRow, FileRow};
use gangmu_store::{StoreError, Tx};
use serde_json::json;

use super::load::{Loaded, load_all};
use super::{cannot, may_report, may_supervise, too_long};
use crate::actor::refused;
use crate::error::{AppError, Message, OrNotFound};
use crate::library::Upload;
use crate::notices::NoticeBody;
use crate::plans::may_read;
use crate::{Actor, App, Reference};

/// The most files of one report or check.
const MOST_FILES: usize = 9;

/// A report as an office hands it in.
#[derive(Clone, Debug)]
pub struct ReportInput {
    /// How many acts on the item the person saw; `None` for a program that has looked just now.
    pub version: Option<i64>,
    /// The version of the plan the person saw; `None` likewise.
    pub plan_version: Option<u32>,
    /// Where the item stands.
    pub state: State,
    /// What was done.
    pub text: String,
    /// Why it is not what the figures propose; empty where it is.
    pub reason: String,
    /// What proves it.
    pub files: Vec<Upload>,
}

/// A verification as a supervisor makes it.
#[derive(Clone, Debug)]
pub struct VerifyInput {
    /// How many acts on the item the person saw; `None` for a program that has looked just now.
    pub version: Option<i64>,
    /// Where the item stands; as it was reported when absent.
    pub state: Option<State>,
    /// What was looked at.
    pub note: String,
    /// Why it is not what was reported; empty where it is.
    pub reason: String,
    /// What was looked at: photos and papers.
    pub files: Vec<Upload>,
}

/// A check on the spot as a supervisor records it.
#[derive(Clone, Debug)]
pub struct CheckInput {
    /// How many acts on the item the person saw; `None` for a program that has looked just now.
    pub version: Option<i64>,
    /// Whether all was as reported.
    pub sound: bool,
    /// What was found.
    pub findings: String,
    /// Photos and papers.
    pub files: Vec<Upload>,
}

impl App {
    /// Reports where an item stands; returns how many acts there are afterwards.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor reports for the office that leads;
    /// [`AppError::Changed`] when somebody else reported or the plan has a newer version;
    /// [`AppError::State`] below `supervision.refused.` when the round takes no reports.
    pub async fn supervision_report(
        &self,
        actor: &Actor,
        id: PlanId,
        (period, item): (Period, Item),
        input: ReportInput,
    ) -> Result<i64, AppError> {
        too_long(&[("text", &input.text), ("reason", &input.reason)])?;
        let reference = self.reference().await?;
        let plan = self.plan_seen(actor, id).await?;
        let files = self.evidence(actor, input.files).await?;
        // What the figures propose is read before the plan is held; it is as of now either way.
        let version = plans::plan_version_get(&self.db, id, plan.version).await?;
        let version = version.or_not_found("plan")?;
        let stands = self
            .plan_stands_now(actor, &reference, &plan, &version.content)
            .await?;
        let tx = self.db.begin().await?;
        let loaded = self.supervised_lock(&tx, actor, &reference, id).await?;
        let seen = input.plan_version.unwrap_or(plan.version);
        if seen != loaded.plan.version {
            return Err(AppError::Changed { what: "plan" });
        }
        let task = loaded.content().task(item.task).or_not_found("item")?;
        if !may_report(actor, &task.lead) {
            return Err(refused(Action::ReportTask));
        }
        let found = loaded.suggested(&reference, &stands, item, self.today());
        let act = Act::Report {
            state: input.state,
            proposed: found.proposal,
            value: found.value,
            expected: found.expected,
            text: input.text.trim().to_owned(),
            reason: input.reason.trim().to_owned(),
        };
        let at = (period, item, input.version);
        let seq = self
            .supervision_add(&tx, actor, &reference, &loaded, at, act)
            .await?;
        self.evidence_put(&tx, id, (period, item), seq, files)
            .await?;
        tx.commit().await?;
        Ok(seq)
    }

    /// Verifies a report, or says what is the case; returns how many acts there are afterwards.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor supervises the plan; [`AppError::State`] below
    /// `supervision.refused.`, their own report among it; [`AppError::Changed`] when somebody else acted.
    pub async fn supervision_verify(
        &self,
        actor: &Actor,
        id: PlanId,
        (period, item): (Period, Item),
        input: VerifyInput,
    ) -> Result<i64, AppError> {
        too_long(&[("note", &input.note), ("reason", &input.reason)])?;
        let reference = self.reference().await?;
        let plan = self.plan_seen(actor, id).await?;
        if !may_supervise(actor, &plan) {
            return Err(refused(Action::Supervise));
        }
        let files = self.evidence(actor, input.files).await?;
        let tx = self.db.begin().await?;
        let loaded = self.supervised_lock(&tx, actor, &reference, id).await?;
        let reported = loaded.course(period, item).report().map(|(_, state)| state);
        // Without a report the rules refuse, whatever the state.
        let state = input.state.or(reported).unwrap_or(State::Other);
        let act = Act::Verify {
            state,
            note: input.note.trim().to_owned(),
            reason: input.reason.trim().to_owned(),
        };
        let at = (period, item, input.version);
        let seq = self
            .supervision_add(&tx, actor, &reference, &loaded, at, act)
            .await?;
        self.evidence_put(&tx, id, (period, item), seq, files)
            .await?;
        if reported != Some(state) {
            let act = format!("overruled_{}", state.word());
            let told = self.found(actor, &loaded, (period, item), act)?;
            self.notify(&tx, &told).await?;
        }
        tx.commit().await?;
        Ok(seq)
    }

    /// Records a check on the spot, and tells the office when not all was as reported; returns how
    /// many acts there are afterwards.
    ///
    /// # Errors
    /// As [`App::supervision_verify`].
    pub async fn supervision_check(
        &self,
        actor: &Actor,
        id: PlanId,
        (period, item): (Period, Item),
        input: CheckInput,
    ) -> Result<i64, AppError> {
        too_long(&[("findings", &input.findings)])?;
        let reference = self.reference().await?;
        let plan = self.plan_seen(actor, id).await?;
        if !may_supervise(actor, &plan) {
            return Err(refused(Action::Supervise));
        }
        let files = self.evidence(actor, input.files).await?;
        let tx = self.db.begin().await?;
        let loaded = self.supervised_lock(&tx, actor, &reference, id).await?;
        let act = Act::SpotCheck {
            sound: input.sound,
            findings: input.findings.trim().to_owned(),
        };
        let at = (period, item, input.version);
        let seq = self
            .supervision_add(&tx, actor, &reference, &loaded, at, act)
            .await?;
        self.evidence_put(&tx, id, (period, item), seq, files)
            .await?;
        if !input.sound {
            let told = self.found(actor, &loaded, (period, item), "unsound".to_owned())?;
            self.notify(&tx, &told).await?;
        }
        tx.commit().await?;
        Ok(seq)
    }

    /// Reads a plan under supervision and keeps it for this transaction alone.
    pub(super) async fn supervised_lock(
        &self,
        tx: &Tx,
        actor: &Actor,
        reference: &Reference,
        id: PlanId,
    ) -> Result<Loaded, AppError> {
        let plan = plans::plan_lock(tx, id).await?;
        let plan = plan.filter(|plan| may_read(actor, plan));
        let plan = plan.or_not_found("plan")?;
        let loaded = load_all(tx, reference, self.today(), vec![plan]).await?;
        loaded.into_iter().next().or_not_found("supervision")
    }

    async fn supervision_add(
        &self,
        tx: &Tx,
        actor: &Actor,
        reference: &Reference,
        loaded: &Loaded,
        (period, item, version): (Period, Item, Option<i64>),
        act: Act,
    ) -> Result<i64, AppError> {
        let known = Item::all_of(loaded.content());
        known.contains(&item).then_some(()).or_not_found("item")?;
        let course = loaded.course(period, item);
        if version.is_some_and(|version| version != course.version()) {
            return Err(AppError::Changed { what: "report" });
        }
        let row = &loaded.row;
        let within = period >= row.since && period <= row.until && loaded.asks(item.task, period);
        within.then_some(()).or_not_found("round")?;
        let round = reference
            .supervision
            .round(&reference.calendar, period)
            .map_err(crate::approvals::calendar_error)?;
        let doing = Doing {
            by: actor.user,
            round,
            closed: loaded.closed.contains_key(&period),
            today: self.today(),
        };
        let rules = &reference.supervision;
        rules.judge(&course, &act, doing).map_err(cannot)?;
        let row = EventRow {
            plan: loaded.plan.id,
            period,
            item,
            event: Event {
                seq: course.version() + 1,
                on: self.today(),
                at: self.now(),
                user: actor.user,
                act,
            },
        };
        match supervision::supervision_event_insert(tx, &row).await {
            Err(StoreError::Exists { .. }) => return Err(AppError::Changed { what: "report" }),
            other => other?,
        }
        let detail = json!({
            "act": row.event.act.kind().word(), "period": period.to_string(),
            "task": item.task, "indicator": item.indicator, "seq": row.event.seq,
        });
        self.plan_audit(tx, actor, "supervision_act", loaded.plan.id, detail)
            .await?;
        Ok(row.event.seq)
    }

    /// Keeps the content of files; they belong to no act yet.
    pub(super) async fn evidence(
        &self,
        actor: &Actor,
        uploads: Vec<Upload>,
    ) -> Result<Vec<FileRow>, AppError> {
        if uploads.len() > MOST_FILES {
            let most = [MOST_FILES.to_string()];
            let messages = vec![Message::new("supervision.too_many_files", "file", most)];
            return Err(AppError::Invalid { messages });
        }
        let mut files = Vec::with_capacity(uploads.len());
        for (upload, number) in uploads.into_iter().zip(1..) {
            let kept = self.attachment_prepare(actor, upload).await?;
            files.push(FileRow {
                seq: 0,
                number,
                sha256: kept.sha256,
                file_name: kept.file_name,
                media_type: kept.media_type,
                size: kept.size,
            });
        }
        Ok(files)
    }

    async fn evidence_put(
        &self,
        tx: &Tx,
        id: PlanId,
        at: (Period, Item),
        seq: i64,
        files: Vec<FileRow>,
    ) -> Result<(), AppError> {
        for file in files {
            let file = FileRow { seq, ..file };
            supervision::supervision_file_insert(tx, id, at, &file).await?;
        }
        Ok(())
    }

    /// Tells the office that a supervisor found something else than it reported.
    fn found(
        &self,
        actor: &Actor,
        loaded: &Loaded,
        (period, item): (Period, Item),
        act: String,
    ) -> Result<Notice, AppError> {
        let task = loaded.content().task(item.task).or_not_found("item")?;
        let body = NoticeBody {
            name: Some(task.title.clone()),
            plan: Some(loaded.plan.id.0),
            act: Some(act),
            department: task.lead.department.map(|id| id.0),
            ..NoticeBody::default()
        };
        Ok(self.supervision_notice(actor, task.lead.unit.as_str(), period, &body))
    }

    pub(super) fn supervision_notice(
        &self,
        actor: &Actor,
        unit: &str,
        period: Period,
        body: &NoticeBody,
    ) -> Notice {
        Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: actor.user.0,
            unit_path: unit.to_owned(),
            project_id: None,
            period: Some(i64::from(period.number())),
            kind: "supervision".to_owned(),
            body: serde_json::to_string(body).unwrap_or_default(),
        }
    }
}
