//! Letters of supervisors (催办函、督办函) over items that are missing or behind: written, answered,
//! looked at again until they are settled.
//!
//! What a reader would get wrong: a letter lists what was so on its day and stays as it was written.
//! An office where nobody could answer gets none: it would stay unanswered for ever.

use std::collections::{BTreeSet, HashMap};

use bytes::Bytes;
use gangmu_calendar::WorkingDays;
use gangmu_domain::Period;
use gangmu_domain::organisation::{Action, DepartmentId, UserId};
use gangmu_domain::plans::PlanId;
use gangmu_domain::supervision::{
    LetterAct, LetterCourse, LetterEvent, LetterKind, LetterRefused, LetterState, State,
};
use gangmu_exchange::letter::{Letter, LetterTable, write_letter};
use gangmu_store::supervision::{self, FileRow, LetterFilter, LetterKey, LetterRow};
use gangmu_store::{StoreError, Tx, plans};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use super::load::Line;
use super::remind::StepView;
use super::show::FileView;
use super::{is_of, may_report, may_supervise, too_long};
use crate::actor::refused;
use crate::approvals::left;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::exports::official_day;
use crate::library::Upload;
use crate::notices::NoticeBody;
use crate::organisation::somebody_may;
use crate::plans::{OfficeInput, OfficeView, may_read};
use crate::{Actor, App, Reference, letters as common};

/// A letter to be written.
#[derive(Clone, Debug)]
pub struct NewLetter {
    /// The plan.
    pub plan: PlanId,
    /// The month of the round.
    pub period: Period,
    /// What it does.
    pub kind: LetterKind,
    /// The office that is to answer.
    pub office: OfficeInput,
    /// By when an answer is asked for; the usual day when absent.
    pub reply_by: Option<Date>,
}

/// What a letter lists.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = SupervisionLetterItem)]
pub struct LetterBody {
    /// The task's key.
    pub task: u32,
    /// The indicator's key; zero for the task itself.
    pub indicator: u32,
    /// The task.
    pub title: String,
    /// The indicator; empty for the task itself.
    pub name: String,
    /// missing or behind.
    pub why: String,
    /// What was reached, with its unit.
    pub value: String,
    /// What should have been reached, with its unit.
    pub expected: String,
    /// Working days the report was missing for.
    pub late: i64,
}

/// A letter in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionLetterRow)]
pub struct LetterRowView {
    /// The code of the unit that wrote.
    pub from: String,
    /// The year of its number.
    pub year: i16,
    /// Its number.
    pub seq: i64,
    /// The number as it is printed.
    pub number: String,
    /// urge or supervise.
    pub kind: &'static str,
    /// The plan.
    pub plan_id: i64,
    /// The month of the round.
    pub period: String,
    /// The office it goes to.
    pub office: OfficeView,
    /// How many items it lists.
    pub items: usize,
    /// The day it was written.
    pub written_on: String,
    /// By when an answer is asked for.
    pub reply_by: String,
    /// awaiting, replied or settled.
    pub state: &'static str,
    /// Working days past that day; zero when it is not past or an answer came.
    pub late: i64,
}

/// A letter with what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionLetterView)]
pub struct LetterDetail {
    /// As lists show it.
    pub row: LetterRowView,
    /// What the plan is called.
    pub plan_title: String,
    /// What it lists.
    pub items: Vec<LetterBody>,
    /// How many acts there are; an act names the number it was decided on.
    pub version: i64,
    /// What came of it, oldest first.
    pub events: Vec<LetterEventView>,
    /// The steps of the ladder that fired over it, oldest first.
    pub steps: Vec<StepView>,
    /// What the person may do next: reply, recheck.
    pub offers: Vec<&'static str>,
}

/// Something that was done with a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionLetterEvent)]
pub struct LetterEventView {
    /// Counts from 1.
    pub seq: i64,
    /// The day.
    pub on: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who.
    pub who: String,
    /// reply or recheck.
    pub act: &'static str,
    /// What was written.
    pub text: String,
    /// Whether it is settled, for a recheck.
    pub settled: Option<bool>,
    /// By when another answer is asked for.
    pub reply_by: Option<String>,
    /// What came with it.
    pub files: Vec<FileView>,
}

/// The next act on a letter.
#[derive(Clone, Debug)]
pub struct LetterActInput {
    /// How many acts on it the person saw; `None` for a program that has looked just now.
    pub version: Option<i64>,
    /// The answer, or what looking again found.
    pub act: LetterAct,
    /// What proves it: photos and papers, nine at most.
    pub files: Vec<Upload>,
}

/// Which letters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LettersQuery {
    /// Only about this plan.
    pub plan: Option<PlanId>,
    /// Only about a round of this month.
    pub period: Option<Period>,
    /// Only where they stand so.
    pub state: Option<LetterState>,
    /// From 1.
    pub page: i64,
}

/// A page of letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = SupervisionLettersPage)]
pub struct LettersPage {
    /// The letters, newest first.
    pub rows: Vec<LetterRowView>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// Rows on a page.
    pub page_size: i64,
}

/// Letters on a page.
const PAGE: i64 = 50;
/// So many letters of a plan are looked through for one that is open.
const LISTED: i64 = 500;

impl App {
    /// Lists a page of 50 letters one's unit and those below wrote or got, newest first.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn supervision_letters(
        &self,
        actor: &Actor,
        query: &LettersQuery,
    ) -> Result<LettersPage, AppError> {
        let reference = self.reference().await?;
        let page = query.page.max(1);
        let filter = LetterFilter {
            scope: Some(actor.grant(Action::Read)?.scope),
            to: None,
            plan: query.plan,
            period: query.period,
            state: query.state,
            limit: PAGE,
            offset: (page - 1).saturating_mul(PAGE),
        };
        let rows = supervision::supervision_letter_list(&self.db, &filter).await?;
        let today = self.today();
        Ok(LettersPage {
            rows: rows
                .iter()
                .map(|row| LetterRowView::new(&reference, row, today))
                .collect(),
            total: supervision::supervision_letter_count(&self.db, &filter).await?,
            page,
            page_size: PAGE,
        })
    }

    /// Returns the day a letter of today usually asks an answer by; none beyond the calendar.
    ///
    /// # Errors
    /// When the reference data cannot be read.
    pub async fn supervision_reply_by(&self) -> Result<Option<Date>, AppError> {
        let reference = self.reference().await?;
        let days = WorkingDays(reference.supervision.reply_within);
        let day = reference.calendar.add_working_days(self.today(), days);
        Ok(day.ok())
    }

    /// Writes a letter to an office over everything of it that is missing or behind in a round,
    /// numbers and keeps it, and lets the office know.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor supervises the plan; [`AppError::State`] below
    /// `supervision.letter.`: nothing to write about, nobody there to answer, one still open;
    /// [`AppError::Invalid`] when the answer is asked for before tomorrow.
    pub async fn supervision_letter_write(
        &self,
        actor: &Actor,
        input: &NewLetter,
    ) -> Result<(String, i16, i64), AppError> {
        let reference = self.reference().await?;
        let (today, period) = (self.today(), input.period);
        let usual = self.supervision_reply_by().await?;
        let tx = self.db.begin().await?;
        let loaded = self
            .supervised_lock(&tx, actor, &reference, input.plan)
            .await?;
        if !may_supervise(actor, &loaded.plan) {
            return Err(refused(Action::Supervise));
        }
        let reply_by = input.reply_by.or(usual);
        let reply_by = reply_by.ok_or_else(|| AppError::invalid("field.missing", "reply_by"))?;
        if reply_by <= today {
            let day = [today.to_string()];
            return Err(AppError::Invalid {
                messages: vec![Message::new("approvals.letter.reply_by", "reply_by", day)],
            });
        }
        let office = input.office.read(&reference, "office")?;
        let round = loaded.round(Some(period))?;
        let lines = loaded.lines(&reference, round, today)?;
        let items: Vec<LetterBody> = lines
            .iter()
            .filter(|line| line.office() == office)
            .filter_map(LetterBody::of)
            .collect();
        if items.is_empty() {
            return Err(AppError::state("supervision.letter.nothing"));
        }
        let speaks = |held: Option<DepartmentId>| held.is_none() || held == office.department;
        let asked = (&office.unit, Action::ReportTask);
        if !somebody_may(&tx, &reference, asked, speaks).await? {
            let params = vec![common::addressee(
                &reference,
                &office.unit,
                office.department,
            )];
            let code = "supervision.letter.nobody";
            return Err(AppError::State { code, params });
        }
        let unit = actor.grant(Action::Supervise)?.scope.unit;
        let mut row = LetterRow {
            key: LetterKey {
                unit,
                year: today.year(),
                seq: 0,
            },
            kind: input.kind,
            plan: input.plan,
            period,
            office,
            written_on: today,
            reply_by,
            body: serde_json::to_string(&items).unwrap_or_default(),
            user: actor.user,
            at: self.now(),
            version: 0,
            state: LetterState::Awaiting,
            due: reply_by,
        };
        // The plan is held, so of two who write at once the second sees the first's letter.
        let filter = LetterFilter {
            plan: Some(input.plan),
            period: Some(period),
            limit: LISTED,
            ..LetterFilter::default()
        };
        let earlier = supervision::supervision_letter_list(&tx, &filter).await?;
        let open = |one: &LetterRow| {
            one.office == row.office && one.kind == row.kind && one.state != LetterState::Settled
        };
        if let Some(one) = earlier.iter().find(|one| open(one)) {
            return Err(AppError::State {
                code: "supervision.letter.open",
                params: vec![number(&reference, one)],
            });
        }
        row.key.seq = supervision::supervision_letter_insert(&tx, &row).await?;
        let told = NoticeBody {
            name: Some(number(&reference, &row)),
            plan: Some(row.plan.0),
            act: Some(row.kind.word().to_owned()),
            late: i64::try_from(items.len()).ok(),
            due_on: Some(reply_by.to_string()),
            department: row.office.department.map(|id| id.0),
            ..NoticeBody::default()
        };
        let to = row.office.unit.as_str();
        let notice = self.supervision_notice(actor, to, period, &told);
        self.notify(&tx, &notice).await?;
        let (code, year, seq) = called(&row.key);
        let detail = json!({
            "kind": row.kind.word(), "plan": row.plan.0, "period": period.to_string(),
            "office": row.office.unit.as_str(), "items": items.len(),
        });
        let subject = format!("supervision_letter:{code}:{year}:{seq}");
        let detail = detail.to_string();
        let action = "supervision_letter";
        audit(&tx, actor, self.now(), action, &subject, &detail).await?;
        tx.commit().await?;
        Ok((code, year, seq))
    }

    /// Shows a letter with what came of it.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or it may not be seen.
    pub async fn supervision_letter(
        &self,
        actor: &Actor,
        unit: &str,
        (year, seq): (i16, i64),
    ) -> Result<LetterDetail, AppError> {
        let reference = self.reference().await?;
        let row = self
            .letter_seen(actor, &reference, unit, (year, seq))
            .await?;
        let keys = [row.key.clone()];
        let mut events = supervision::supervision_letter_event_list(&self.db, &keys).await?;
        let events = events.remove(&row.key).unwrap_or_default();
        let files = supervision::supervision_letter_file_list(&self.db, &row.key).await?;
        let plan = plans::plan_get(&self.db, row.plan).await?;
        let course = LetterCourse::of(row.reply_by, &events);
        let users = self.user_names().await?;
        let mut dues = BTreeSet::from([row.reply_by, row.due]);
        dues.extend(events.iter().filter_map(|event| match &event.act {
            LetterAct::Recheck { reply_by, .. } => *reply_by,
            LetterAct::Reply { .. } => None,
        }));
        Ok(LetterDetail {
            steps: self.steps_of_letter(&reference, &row.key, &dues).await?,
            plan_title: plan
                .as_ref()
                .map_or_else(String::new, |plan| plan.title.clone()),
            items: listed(&row),
            version: row.version,
            events: events
                .iter()
                .map(|event| LetterEventView::new(&users, event, &files))
                .collect(),
            offers: match course.state {
                LetterState::Awaiting if may_report(actor, &row.office) => vec!["reply"],
                LetterState::Replied
                    if plan.is_some_and(|plan| may_supervise(actor, &plan))
                        && course.replied_by != Some(actor.user) =>
                {
                    vec!["recheck"]
                }
                _ => Vec::new(),
            },
            row: LetterRowView::new(&reference, &row, self.today()),
        })
    }

    /// Does the next act on a letter; returns how many there are afterwards.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor reports for the office, for a reply, or supervises the
    /// plan, for a recheck; [`AppError::Changed`] when somebody else acted; [`AppError::State`] below
    /// `supervision.letter.`.
    pub async fn supervision_letter_act(
        &self,
        actor: &Actor,
        unit: &str,
        number: (i16, i64),
        input: LetterActInput,
    ) -> Result<i64, AppError> {
        let LetterActInput {
            version,
            act,
            files,
        } = input;
        match &act {
            LetterAct::Reply { text } => too_long(&[("text", text)])?,
            LetterAct::Recheck { note, .. } => too_long(&[("note", note)])?,
        }
        let reference = self.reference().await?;
        let seen = self.letter_seen(actor, &reference, unit, number).await?;
        let files = self.evidence(actor, files).await?;
        let tx = self.db.begin().await?;
        let mut row = supervision::supervision_letter_lock(&tx, &seen.key)
            .await?
            .or_not_found("letter")?;
        let plan = plans::plan_get(&tx, row.plan).await?.or_not_found("plan")?;
        let (allowed, action) = match &act {
            LetterAct::Reply { .. } => (may_report(actor, &row.office), Action::ReportTask),
            LetterAct::Recheck { .. } => (may_supervise(actor, &plan), Action::Supervise),
        };
        if !allowed {
            return Err(refused(action));
        }
        if version.is_some_and(|version| version != row.version) {
            return Err(AppError::Changed { what: "letter" });
        }
        let keys = [row.key.clone()];
        let mut events = supervision::supervision_letter_event_list(&tx, &keys).await?;
        let mut events = events.remove(&row.key).unwrap_or_default();
        let course = LetterCourse::of(row.reply_by, &events);
        course
            .judge(&act, actor.user, self.today())
            .map_err(not_now)?;
        let event = LetterEvent {
            seq: course.version + 1,
            on: self.today(),
            at: self.now(),
            user: actor.user,
            act,
        };
        match supervision::supervision_letter_event_insert(&tx, &row.key, &event).await {
            Err(StoreError::Exists { .. }) => return Err(AppError::Changed { what: "letter" }),
            other => other?,
        }
        for file in files {
            let file = FileRow {
                seq: event.seq,
                ..file
            };
            supervision::supervision_letter_file_insert(&tx, &row.key, &file).await?;
        }
        events.push(event.clone());
        copy(&mut row, &events);
        if !supervision::supervision_letter_update(&tx, &row).await? {
            return Err(AppError::Changed { what: "letter" });
        }
        self.letter_told(&tx, actor, &reference, &row, &event)
            .await?;
        let (code, year, seq) = called(&row.key);
        let subject = format!("supervision_letter:{code}:{year}:{seq}");
        let detail = json!({ "act": event.act.kind().word(), "seq": event.seq }).to_string();
        let action = "supervision_letter_act";
        audit(&tx, actor, self.now(), action, &subject, &detail).await?;
        tx.commit().await?;
        Ok(row.version)
    }

    /// Lets whoever has to go on know: who wrote the letter of an answer, the office of a recheck.
    async fn letter_told(
        &self,
        tx: &Tx,
        actor: &Actor,
        reference: &Reference,
        row: &LetterRow,
        event: &LetterEvent,
    ) -> Result<(), AppError> {
        let (act, unit, department, who) = match &event.act {
            LetterAct::Reply { .. } => ("replied", &row.key.unit, None, Some("supervisor")),
            LetterAct::Recheck { settled, .. } => {
                let word = if *settled { "settled" } else { "again" };
                (word, &row.office.unit, row.office.department, None)
            }
        };
        let body = NoticeBody {
            name: Some(number(reference, row)),
            plan: Some(row.plan.0),
            act: Some(act.to_owned()),
            due_on: Some(row.due.to_string()),
            department: department.map(|id| id.0),
            who: who.map(str::to_owned),
            ..NoticeBody::default()
        };
        let notice = self.supervision_notice(actor, unit.as_str(), row.period, &body);
        self.notify(tx, &notice).await
    }

    /// Returns a letter as .docx with the name of its file; the same bytes each time.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or it may not be seen.
    pub async fn supervision_letter_file(
        &self,
        actor: &Actor,
        unit: &str,
        number: (i16, i64),
    ) -> Result<(String, Vec<u8>), AppError> {
        let reference = self.reference().await?;
        let row = self.letter_seen(actor, &reference, unit, number).await?;
        let plan = plans::plan_get(&self.db, row.plan).await?;
        let title = plan.map_or_else(String::new, |plan| plan.title);
        let letter = worded(&reference, &row, &title);
        Ok((format!("{}.docx", letter.number), write_letter(&letter)?))
    }

    /// Reads a file that came with an act on a letter: its name, what it is, its content.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the letter may not be seen.
    pub async fn supervision_letter_evidence(
        &self,
        actor: &Actor,
        unit: &str,
        letter: (i16, i64),
        file: (i64, i64),
    ) -> Result<(String, String, Bytes), AppError> {
        let reference = self.reference().await?;
        let row = self.letter_seen(actor, &reference, unit, letter).await?;
        let files = supervision::supervision_letter_file_list(&self.db, &row.key).await?;
        self.file_among(files, file).await
    }

    /// Reads a letter that may be seen: by those of the unit that wrote, of its plan, and of the
    /// office it went to.
    async fn letter_seen(
        &self,
        actor: &Actor,
        reference: &Reference,
        unit: &str,
        (year, seq): (i16, i64),
    ) -> Result<LetterRow, AppError> {
        let from = reference.unit_by_code(unit).or_not_found("letter")?;
        let key = LetterKey {
            unit: from.path.clone(),
            year,
            seq,
        };
        let row = supervision::supervision_letter_get(&self.db, &key).await?;
        let row = row.or_not_found("letter")?;
        let grants = actor.grants(Action::Read);
        let near = grants.iter().any(|grant| {
            grant.scope.unit.contains(&row.key.unit)
                || grant.scope.unit.contains(&row.office.unit)
                || is_of(&grant.scope, &row.office)
        });
        let plan = plans::plan_get(&self.db, row.plan).await?;
        let of_plan =
            plan.is_some_and(|plan| may_read(actor, &plan) && may_supervise(actor, &plan));
        Some(row).filter(|_| near || of_plan).or_not_found("letter")
    }
}

/// Copies into the row what lists are filtered by.
pub(super) fn copy(row: &mut LetterRow, events: &[LetterEvent]) {
    let course = LetterCourse::of(row.reply_by, events);
    row.version = course.version;
    row.state = course.state;
    row.due = course.reply_by;
}

fn not_now(refused: LetterRefused) -> AppError {
    match refused {
        LetterRefused::NotNow(state) => AppError::State {
            code: "supervision.letter.not_now",
            params: vec![state.word().to_owned()],
        },
        LetterRefused::OwnReply => AppError::state("supervision.letter.own_reply"),
        LetterRefused::Missing(field) => AppError::invalid("field.missing", field),
        LetterRefused::ReplyBy => AppError::invalid("supervision.letter.reply_by", "reply_by"),
    }
}

fn called(key: &LetterKey) -> (String, i16, i64) {
    let code = key.unit.codes().last().unwrap_or_default().to_owned();
    (code, key.year, key.seq)
}

fn number(reference: &Reference, row: &LetterRow) -> String {
    let (key, from) = (&row.key, (&row.key.unit, "督查"));
    common::number(reference, from, row.kind, (key.year, key.seq))
}

pub(super) fn listed(row: &LetterRow) -> Vec<LetterBody> {
    serde_json::from_str(&row.body).unwrap_or_default()
}

impl LetterBody {
    /// What a letter says of a line, if it is one to write about.
    fn of(line: &Line) -> Option<Self> {
        let why = match (line.is_missing(), line.state()) {
            (true, _) => "missing",
            (false, State::Behind) => "behind",
            _ => return None,
        };
        Some(Self {
            task: line.task,
            indicator: line.indicator,
            title: line.title.clone(),
            name: line.name.clone(),
            why: why.to_owned(),
            value: line.value.clone(),
            expected: line.expected.clone(),
            late: line.late,
        })
    }
}

impl LetterRowView {
    pub(super) fn new(reference: &Reference, row: &LetterRow, today: Date) -> Self {
        let (from, year, seq) = called(&row.key);
        let over = match row.state {
            LetterState::Awaiting => left(reference, today, row.due).map_or(0, |days| -days),
            _ => 0,
        };
        Self {
            from,
            year,
            seq,
            number: number(reference, row),
            kind: row.kind.word(),
            plan_id: row.plan.0,
            period: row.period.to_string(),
            office: OfficeView::new(reference, &row.office),
            items: listed(row).len(),
            written_on: row.written_on.to_string(),
            reply_by: row.due.to_string(),
            state: row.state.word(),
            late: over.max(0),
        }
    }
}

impl LetterEventView {
    fn new(users: &HashMap<UserId, String>, event: &LetterEvent, files: &[FileRow]) -> Self {
        let (text, settled, reply_by) = match &event.act {
            LetterAct::Reply { text } => (text, None, None),
            LetterAct::Recheck {
                settled,
                note,
                reply_by,
            } => (note, Some(*settled), reply_by.map(|day| day.to_string())),
        };
        Self {
            seq: event.seq,
            on: event.on.to_string(),
            at: event.at,
            who: users.get(&event.user).cloned().unwrap_or_default(),
            act: event.act.kind().word(),
            text: text.clone(),
            settled,
            reply_by,
            files: files
                .iter()
                .filter(|file| file.seq == event.seq)
                .map(FileView::new)
                .collect(),
        }
    }
}

/// The letter in full.
fn worded(reference: &Reference, row: &LetterRow, plan: &str) -> Letter {
    let verb = common::verb(row.kind);
    let items = listed(row);
    let count = |why: &str| items.iter().filter(|one| one.why == why).count();
    let opening = format!(
        "贵单位承办的《{plan}》{}年{}月督查事项中，截至{}，下列{}项未按要求落实，其中未按时报送{}项、欠进度{}项。{}",
        row.period.year(),
        row.period.month(),
        official_day(row.written_on),
        items.len(),
        count("missing"),
        count("behind"),
        match row.kind {
            LetterKind::Supervise => "现列入督办，请主要负责同志亲自过问，限期落实。",
            LetterKind::Urge => "现予催办，请抓紧落实。",
        }
    );
    let columns = [
        ("序号", 2),
        ("任务", 9),
        ("督查事项", 7),
        ("情况", 4),
        ("应完成", 5),
        ("已完成", 5),
    ];
    let line = |(one, at): (&LetterBody, usize)| {
        let why = match one.why.as_str() {
            "missing" => format!("未报，逾期{}个工作日", one.late),
            _ => "欠进度".to_owned(),
        };
        vec![
            at.to_string(),
            one.title.clone(),
            one.name.clone(),
            why,
            one.expected.clone(),
            one.value.clone(),
        ]
    };
    let closing = format!(
        "请于{}前书面回复：已落实的附佐证材料；未落实的逐项说明原因、整改措施、完成时限和责任人。我们将对回复情况进行复查。",
        official_day(row.reply_by)
    );
    Letter {
        heading: format!("关于{verb}重点任务落实情况的函"),
        number: number(reference, row),
        addressee: common::addressee(reference, &row.office.unit, row.office.department),
        paragraphs: vec![opening],
        table: LetterTable::new(columns, items.iter().zip(1..).map(line).collect()),
        closing: vec![closing, "特此函告。".to_owned()],
        office: format!("{}督查室", common::unit(reference, &row.key.unit)),
        date: official_day(row.written_on),
    }
}
