//! The life of a plan: made, revised, adopted, withdrawn.
//!
//! What a reader would get wrong: a plan hangs under one that is in force, and once it is adopted
//! itself it stays there; so no plan can come to hang under itself, whoever acts at the same time.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::notices::NoticeKind;
use gangmu_domain::organisation::Action;
use gangmu_domain::plans::{Content, Office, PlanId, PlanKind, PlanState, Task};
use gangmu_store::Tx;
use gangmu_store::accounts::Notice;
use gangmu_store::plans::{self, DutyRow, PlanRow, VersionRow};
use jiff::civil::Date;
use serde_json::json;

use super::draft::{Draft, lock};
use super::input::{OfficeInput, Reading};
use super::{may_read, may_write};
use crate::actor::refused;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::notices::NoticeBody;
use crate::{Actor, App};

/// A plan to be written.
#[derive(Clone, Debug)]
pub struct NewPlan {
    /// What kind of paper it is.
    pub kind: PlanKind,
    /// Whose it is.
    pub office: OfficeInput,
    /// The plan it hangs under.
    pub parent: Option<PlanId>,
    /// What it is called.
    pub title: String,
    /// The first day of its time.
    pub from: Option<Date>,
    /// The last day of its time.
    pub until: Option<Date>,
}

/// With what a draft comes into force.
#[derive(Clone, Debug, Default)]
pub struct Adoption {
    /// The day; today when absent.
    pub on: Option<Date>,
    /// The number of the document it is issued with; may be empty.
    pub document_no: String,
    /// Why it differs from the version before; needed from the second on.
    pub reason: String,
}

impl App {
    /// Begins a plan: an empty draft.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor writes plans for that office; [`AppError::Invalid`]
    /// with what is wrong, a plan above that is not in force among it.
    pub async fn plan_create(&self, actor: &Actor, input: &NewPlan) -> Result<PlanId, AppError> {
        let reference = self.reference().await?;
        let office = input.office.read(&reference, "office")?;
        if !may_write(actor, &office) {
            return Err(refused(Action::ManagePlan));
        }
        let tx = self.db.begin().await?;
        let (title, from, until) = self.head(input).await?;
        self.check_parent(&tx, actor, None, input.parent).await?;
        let plan = PlanRow {
            id: PlanId(0),
            edit: 1,
            kind: input.kind,
            office,
            parent: input.parent,
            title,
            from,
            until,
            state: PlanState::Draft,
            version: 0,
            draft: true,
        };
        let id = plans::plan_insert(&tx, &plan, self.now()).await?;
        plans::plan_version_put(&tx, id, &self.draft_of(actor, 1, Content::default())).await?;
        self.plan_audit(
            &tx,
            actor,
            "plan_create",
            id,
            json!({ "kind": input.kind.word() }),
        )
        .await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Changes what a plan is called, its time and, before it was ever adopted, where it hangs.
    ///
    /// # Errors
    /// As [`App::plan_create`]; [`AppError::Changed`] when somebody else wrote meanwhile.
    pub async fn plan_head_put(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        input: &NewPlan,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let mut plan = lock(&tx, actor, id, edit).await?;
        if !plan.draft {
            return Err(AppError::state("plans.no_draft"));
        }
        let (title, from, until) = self.head(input).await?;
        if input.parent != plan.parent {
            self.check_parent(&tx, actor, Some(&plan), input.parent)
                .await?;
        }
        plan.title = title;
        plan.from = from;
        plan.until = until;
        plan.parent = input.parent;
        if !plans::plan_update(&tx, &plan).await? {
            return Err(AppError::Changed { what: "plan" });
        }
        self.plan_audit(&tx, actor, "plan_head", id, json!({}))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    async fn head(&self, input: &NewPlan) -> Result<(String, Date, Date), AppError> {
        let reference = self.reference().await?;
        let mut reading = Reading::new(&reference);
        let title = reading.title(&input.title, "title");
        for (day, field) in [(input.from, "from"), (input.until, "until")] {
            if day.is_none() {
                reading.told("field.missing", field, &[]);
            }
        }
        let span = input.from.zip(input.until);
        if span.is_some_and(|(from, until)| until < from) {
            reading.told("plans.until_before_from", "until", &[]);
        }
        reading.done(span.map(|(from, until)| (title, from, until)))
    }

    /// Sees that a plan may hang where it is to hang.
    async fn check_parent(
        &self,
        tx: &Tx,
        actor: &Actor,
        own: Option<&PlanRow>,
        parent: Option<PlanId>,
    ) -> Result<(), AppError> {
        if own.is_some_and(|own| own.version > 0) {
            return Err(AppError::invalid("plans.parent_fixed", "parent"));
        }
        let Some(parent) = parent else { return Ok(()) };
        if own.is_some_and(|own| own.id == parent) {
            return Err(AppError::invalid("plans.under_itself", "parent"));
        }
        let above = plans::plan_get(tx, parent).await?;
        let above = above.filter(|above| may_read(actor, above));
        match above.or_not_found("plan")?.state {
            PlanState::Adopted => Ok(()),
            _ => Err(AppError::invalid("plans.parent_not_in_force", "parent")),
        }
    }

    fn draft_of(&self, actor: &Actor, version: u32, content: Content) -> VersionRow {
        VersionRow {
            version,
            adopted_on: None,
            document_no: String::new(),
            reason: String::new(),
            user: actor.user,
            at: self.now(),
            content,
        }
    }

    /// Begins the next version of a plan in force, as a copy of what it says.
    ///
    /// # Errors
    /// [`AppError::State`] where one is being written already or the plan is withdrawn.
    pub async fn plan_revise(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let mut plan = lock(&tx, actor, id, edit).await?;
        if plan.state == PlanState::Withdrawn {
            return Err(AppError::state("plans.withdrawn"));
        }
        if plan.draft {
            return Err(AppError::state("plans.draft_already"));
        }
        let now = plans::plan_version_get(&tx, id, plan.version).await?;
        let content = now.or_not_found("plan")?.content;
        let draft = self.draft_of(actor, plan.version + 1, content);
        plans::plan_version_put(&tx, id, &draft).await?;
        plan.draft = true;
        if !plans::plan_update(&tx, &plan).await? {
            return Err(AppError::Changed { what: "plan" });
        }
        self.plan_audit(&tx, actor, "plan_revise", id, json!({}))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Throws a draft away; a plan that was never adopted goes with it.
    ///
    /// # Errors
    /// [`AppError::State`] where nothing is being written.
    pub async fn plan_drop(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let mut plan = lock(&tx, actor, id, edit).await?;
        if !plan.draft {
            return Err(AppError::state("plans.no_draft"));
        }
        if plan.version == 0 {
            plans::plan_remove(&tx, id).await?;
        } else {
            plans::plan_draft_remove(&tx, id).await?;
            plan.draft = false;
            if !plans::plan_update(&tx, &plan).await? {
                return Err(AppError::Changed { what: "plan" });
            }
        }
        self.plan_audit(&tx, actor, "plan_drop", id, json!({ "title": plan.title }))
            .await?;
        tx.commit().await?;
        Ok(())
    }

    /// Brings a draft into force; returns its version.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with everything that stands against it; nothing is changed then.
    pub async fn plan_adopt(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        adoption: &Adoption,
    ) -> Result<u32, AppError> {
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let mut draft = Draft::load(&tx, actor, id, edit).await?;
        let on = adoption.on.unwrap_or(self.today());
        let mut messages: Vec<Message> = draft
            .flaws(&reference)
            .into_iter()
            .map(|flaw| {
                let place = super::show::place_of(&draft.version.content, &flaw);
                let params = flaw.wrong.params().into_iter();
                Message::new(flaw.wrong.code(), place, params)
            })
            .collect();
        let reason = adoption.reason.trim();
        if draft.plan.version > 0 && reason.is_empty() {
            messages.push(Message::new("field.missing", "reason", []));
        }
        if on > self.today() {
            messages.push(Message::new("plans.adopted_later", "on", []));
        }
        if !messages.is_empty() {
            return Err(AppError::Invalid { messages });
        }
        let version = draft.version.version;
        let before = plans::plan_version_get(&tx, id, draft.plan.version).await?;
        let before = before.map(|before| before.content).unwrap_or_default();
        draft.version.adopted_on = Some(on);
        draft.version.document_no = adoption.document_no.trim().to_owned();
        draft.version.reason = reason.to_owned();
        draft.version.user = actor.user;
        draft.version.at = self.now();
        plans::plan_version_put(&tx, id, &draft.version).await?;
        draft.plan.version = version;
        draft.plan.draft = false;
        draft.plan.state = PlanState::Adopted;
        if !plans::plan_update(&tx, &draft.plan).await? {
            return Err(AppError::Changed { what: "plan" });
        }
        let duties = duties(id, &draft.version.content);
        plans::plan_duty_put(&tx, id, &duties).await?;
        let detail = json!({ "version": version, "reason": reason, "on": on.to_string() });
        self.plan_audit(&tx, actor, "plan_adopt", id, detail)
            .await?;
        let (now, before) = (charged(&draft.version.content), charged(&before));
        for office in now.keys().chain(before.keys()).collect::<BTreeSet<_>>() {
            let (told, n) = match now.get(office) {
                Some(n) if version > 1 => ("revised", *n),
                Some(n) => ("adopted", *n),
                None => ("released", 0),
            };
            self.plan_told(&tx, actor, &draft.plan, office, (told, n))
                .await?;
        }
        tx.commit().await?;
        Ok(version)
    }

    /// Takes a plan out of force; plans under it stay as they are.
    ///
    /// # Errors
    /// [`AppError::State`] unless it is in force; [`AppError::Invalid`] without a reason.
    pub async fn plan_withdraw(
        &self,
        actor: &Actor,
        id: PlanId,
        edit: Option<i64>,
        reason: &str,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        let mut plan = lock(&tx, actor, id, edit).await?;
        if plan.state != PlanState::Adopted {
            return Err(AppError::state("plans.not_in_force"));
        }
        if reason.trim().is_empty() {
            return Err(AppError::invalid("field.missing", "reason"));
        }
        plan.state = PlanState::Withdrawn;
        if plan.draft {
            plans::plan_draft_remove(&tx, id).await?;
            plan.draft = false;
        }
        if !plans::plan_update(&tx, &plan).await? {
            return Err(AppError::Changed { what: "plan" });
        }
        plans::plan_duty_put(&tx, id, &[]).await?;
        let detail = json!({ "reason": reason.trim() });
        self.plan_audit(&tx, actor, "plan_withdraw", id, detail)
            .await?;
        let version = plans::plan_version_get(&tx, id, plan.version).await?;
        let content = version.map(|version| version.content).unwrap_or_default();
        for (office, n) in charged(&content) {
            self.plan_told(&tx, actor, &plan, &office, ("withdrawn", n))
                .await?;
        }
        tx.commit().await?;
        Ok(())
    }

    /// Tells an office what became of a plan whose tasks charge it, or did; whoever wrote the plan
    /// knows already.
    async fn plan_told(
        &self,
        tx: &Tx,
        actor: &Actor,
        plan: &PlanRow,
        office: &Office,
        (told, tasks): (&str, i64),
    ) -> Result<(), AppError> {
        if *office == plan.office {
            return Ok(());
        }
        let body = NoticeBody {
            name: Some(plan.title.clone()),
            plan: Some(plan.id.0),
            version: Some(plan.version),
            act: Some(told.to_owned()),
            late: Some(tasks),
            department: office.department.map(|id| id.0),
            ..NoticeBody::default()
        };
        let notice = Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: actor.user.0,
            unit_path: office.unit.as_str().to_owned(),
            project_id: None,
            period: None,
            kind: NoticeKind::Plan.word().to_owned(),
            body: serde_json::to_string(&body).unwrap_or_default(),
        };
        self.notify(tx, &notice).await
    }

    pub(crate) async fn plan_audit(
        &self,
        tx: &Tx,
        actor: &Actor,
        action: &str,
        id: PlanId,
        detail: serde_json::Value,
    ) -> Result<(), AppError> {
        let subject = format!("plan:{}", id.0);
        audit(tx, actor, self.now(), action, &subject, &detail.to_string()).await
    }
}

/// The offices the tasks of a content charge, each with how many.
fn charged(content: &Content) -> BTreeMap<Office, i64> {
    let mut all = BTreeMap::new();
    for office in content.tasks.iter().flat_map(Task::offices) {
        *all.entry(office.clone()).or_default() += 1;
    }
    all
}

/// Which offices the tasks of a content charge.
pub(super) fn duties(plan: PlanId, content: &Content) -> Vec<DutyRow> {
    let of_task = |task: &Task| {
        let duty = |office: &Office, leads: bool| DutyRow {
            plan,
            task: task.key,
            office: office.clone(),
            leads,
            due: task.due,
        };
        let helping = task.cooperating.iter().map(|office| duty(office, false));
        std::iter::once(duty(&task.lead, true))
            .chain(helping)
            .collect::<Vec<_>>()
    };
    content.tasks.iter().flat_map(of_task).collect()
}
