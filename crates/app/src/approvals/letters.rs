//! Letters that press for what is late (催办函、督办函), drawn from the ladder of reminders.
//!
//! What a reader would get wrong: which letter a matter goes into is the step of the ladder its
//! lateness has reached, read from the calendar today: where a supervisor is told, the office is
//! pressed; where the leader is told, the matter is put under supervision. A letter lists what was
//! late on its day and stays as it was written, however the matters go on.

use std::collections::BTreeMap;

use gangmu_calendar::Calendar;
use gangmu_domain::approvals::{Catalogue, DueFor};
use gangmu_domain::organisation::{Action, DepartmentId, Role, UnitPath};
use gangmu_domain::supervision::LetterKind;
use gangmu_exchange::letter::write_letter;
use gangmu_store::accounts::Notice;
use gangmu_store::approvals::{self, LetterRow, WithActs, WorkFilter};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::agenda::nearby;
use super::queue::ReadRow;
use super::remind::fires_on;
use super::view::{DepartmentView, left};
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::library::UnitView;
use crate::notices::NoticeBody;
use crate::{Actor, App, Reference};

mod wording;

/// A letter to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterCall {
    /// What it does.
    pub kind: LetterKind,
    /// The code of the unit of the office that is late.
    pub office: String,
    /// The department that is late.
    pub department: DepartmentId,
    /// By when an answer is asked for.
    pub reply_by: Date,
}

/// An office with something late, and the letters that were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterDesk {
    /// A page of the offices, those with most under supervision first.
    pub offices: Vec<LateOffice>,
    /// How many offices there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// How many offices, and how many letters, a page has at most.
    pub page_size: i64,
    /// A page of the letters one's unit and those below wrote or received, newest first.
    pub letters: Vec<LetterView>,
    /// How many letters there are on all pages.
    pub letters_total: i64,
    /// This page of letters, from 1.
    pub letters_page: i64,
    /// A usual last day for an answer; none beyond the calendar.
    pub reply_by: Option<String>,
    /// Whether the person may write letters.
    pub may_write: bool,
}

/// An office that is late.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LateOffice {
    /// Its unit.
    pub unit: UnitView,
    /// Its department.
    pub department: DepartmentView,
    /// How many matters are late enough to be pressed for, and no more.
    pub urge: usize,
    /// How many are late enough to be supervised.
    pub supervise: usize,
    /// When it was last written to.
    pub last_on: Option<String>,
}

/// A letter in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LetterView {
    /// The code of the unit that wrote.
    pub from: UnitView,
    /// The year of its number.
    pub year: i16,
    /// Its number.
    pub seq: i64,
    /// The number as it is printed (发文字号).
    pub number: String,
    /// What it does, a word.
    pub kind: String,
    /// The unit it goes to.
    pub unit: UnitView,
    /// The department it goes to.
    pub department: DepartmentView,
    /// How many matters it lists.
    pub matters: usize,
    /// The day it was written.
    pub written_on: String,
    /// By when an answer was asked for.
    pub reply_by: String,
}

/// One matter in a letter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Late {
    project: i64,
    project_name: String,
    item: String,
    name: String,
    what: String,
    due_on: Date,
    /// Working days past the due date.
    over: i64,
    /// How many matters wait for it.
    holds_up: usize,
}

/// Offices on a page, and letters.
const PAGE: i64 = 50;
/// A usual number of working days for an answer.
const REPLY_WITHIN: u32 = 5;

/// Late matters by office and by the letter they go into.
type ByOffice = BTreeMap<(UnitPath, i64), BTreeMap<LetterKind, Vec<Late>>>;

impl App {
    /// Lists a page of the offices that are late, of the projects one presses for, and a page of the
    /// letters written.
    ///
    /// # Errors
    /// When the actor may not read, or the database fails.
    pub async fn letter_desk(
        &self,
        actor: &Actor,
        (page, letters_page): (i64, i64),
    ) -> Result<LetterDesk, AppError> {
        let own = actor.grant(Action::Read)?.scope.unit;
        let reference = self.reference().await?;
        let late = match actor.may(Action::Chase) {
            true => self.late_by_office(actor, &reference).await?,
            false => ByOffice::new(),
        };
        let letters_page = letters_page.max(1);
        let before = (letters_page - 1).saturating_mul(PAGE);
        let rows = approvals::letter_list(&self.db, &own, (PAGE, before)).await?;
        let written = approvals::letter_last(&self.db, &own).await?;
        let last = |unit: &UnitPath, id: i64| {
            let day = written.get(&(unit.clone(), DepartmentId(id)));
            day.map(ToString::to_string)
        };
        let mut offices: Vec<LateOffice> = late
            .iter()
            .map(|((unit, id), kinds)| {
                let count = |kind| kinds.get(&kind).map_or(0, Vec::len);
                LateOffice {
                    unit: UnitView::new(&reference, unit),
                    department: DepartmentView::new(&reference, unit, DepartmentId(*id)),
                    urge: count(LetterKind::Urge),
                    supervise: count(LetterKind::Supervise),
                    last_on: last(unit, *id),
                }
            })
            .collect();
        offices.sort_by_key(|one| std::cmp::Reverse((one.supervise, one.urge)));
        let within = gangmu_calendar::WorkingDays(REPLY_WITHIN);
        let reply_by = reference.calendar.add_working_days(self.today(), within);
        let total = i64::try_from(offices.len()).unwrap_or(i64::MAX);
        let page = page.max(1);
        let many = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
        let passed = many((page - 1).saturating_mul(PAGE));
        let offices = offices.into_iter().skip(passed).take(many(PAGE));
        Ok(LetterDesk {
            offices: offices.collect(),
            total,
            page,
            page_size: PAGE,
            letters: rows.iter().map(|row| listed(&reference, row)).collect(),
            letters_total: approvals::letter_count(&self.db, &own).await?,
            letters_page,
            reply_by: reply_by.ok().map(|day| day.to_string()),
            may_write: actor.may(Action::Chase),
        })
    }

    /// Writes a letter to an office over everything of it that is late enough, numbers and keeps
    /// it, and lets the office know. Returns the unit's code, the year and the number.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor may press; [`AppError::Invalid`] when the answer is
    /// asked for before tomorrow; [`AppError::State`] when nothing is late enough, or the office
    /// was written such a letter today.
    pub async fn letter_write(
        &self,
        actor: &Actor,
        call: &LetterCall,
    ) -> Result<(String, i16, i64), AppError> {
        let grant = actor.grant(Action::Chase)?;
        let today = self.today();
        if call.reply_by <= today {
            return Err(AppError::Invalid {
                messages: vec![Message::new(
                    "approvals.letter.reply_by",
                    "reply_by",
                    [today.to_string()],
                )],
            });
        }
        let reference = self.reference().await?;
        let office = reference.unit_by_code(&call.office).or_not_found("unit")?;
        let key = (office.path.clone(), call.department.0);
        let mut late = self.late_by_office(actor, &reference).await?;
        let of_kind = late.remove(&key).and_then(|mut all| all.remove(&call.kind));
        let Some(matters) = of_kind else {
            return Err(AppError::state("approvals.letter.nothing"));
        };
        let body = serde_json::to_string(&matters).unwrap_or_default();
        let mut letter = LetterRow {
            unit: grant.scope.unit.clone(),
            year: today.year(),
            seq: 0,
            kind: call.kind.word().to_owned(),
            office: office.path.clone(),
            department: call.department,
            written_on: today,
            reply_by: call.reply_by,
            body,
            user: actor.user,
        };
        let tx = self.db.begin().await?;
        // Taking the number holds the unit's counter: of two who write at once, the second sees
        // the first's letter below.
        letter.seq = approvals::letter_insert(&tx, &letter, self.now()).await?;
        let to = approvals::letter_list_to(&tx, &letter.office, letter.department, today).await?;
        let same = |one: &LetterRow| {
            one.unit == letter.unit && one.kind == letter.kind && one.seq != letter.seq
        };
        if to.iter().any(same) {
            return Err(AppError::state("approvals.letter.today"));
        }
        let number = wording::number(&reference, &letter);
        let notice = Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: actor.user.0,
            unit_path: letter.office.as_str().to_owned(),
            project_id: None,
            period: None,
            kind: "letter".to_owned(),
            body: serde_json::to_string(&NoticeBody {
                name: Some(number),
                late: i64::try_from(matters.len()).ok(),
                due_on: Some(letter.reply_by.to_string()),
                department: Some(letter.department.0),
                ..NoticeBody::default()
            })
            .unwrap_or_default(),
        };
        self.notify(&tx, &notice).await?;
        let code = grant.scope.unit.codes().last().unwrap_or_default();
        let unit = reference.unit(&letter.unit).map(|one| one.code.clone());
        let unit = unit.unwrap_or_else(|| code.to_owned());
        let subject = format!("letter:{unit}:{}:{}", letter.year, letter.seq);
        let detail = serde_json::json!({
            "kind": letter.kind, "office": call.office, "department": letter.department.0,
            "matters": matters.len(),
        });
        let detail = detail.to_string();
        audit(&tx, actor, self.now(), "letter_write", &subject, &detail).await?;
        tx.commit().await?;
        Ok((unit, letter.year, letter.seq))
    }

    /// Returns a letter as .docx with the name of its file; the same bytes each time.
    ///
    /// # Errors
    /// When there is none, or the actor reads neither where it was written nor where it went.
    pub async fn letter_file(
        &self,
        actor: &Actor,
        unit: &str,
        (year, seq): (i16, i64),
    ) -> Result<(String, Vec<u8>), AppError> {
        let reference = self.reference().await?;
        let from = reference.unit_by_code(unit).or_not_found("letter")?;
        let row = approvals::letter_get(&self.db, &from.path, year, seq)
            .await?
            .or_not_found("letter")?;
        if nearby(actor, &row.unit).is_err() && nearby(actor, &row.office).is_err() {
            return Err(AppError::NotFound { what: "letter" });
        }
        let letter = wording::letter(&reference, &row, &listed_matters(&row));
        let bytes = write_letter(&letter).map_err(|problem| AppError::Reference {
            name: "letter".to_owned(),
            problem: problem.to_string(),
        })?;
        Ok((format!("{}.docx", letter.number), bytes))
    }

    /// Gathers what is late by the office that has it and the letter it goes into.
    async fn late_by_office(
        &self,
        actor: &Actor,
        reference: &Reference,
    ) -> Result<ByOffice, AppError> {
        let today = self.today();
        let scope = actor.grant(Action::Chase)?.scope;
        let own = scope.unit.clone();
        let filter = WorkFilter {
            projects: Some(scope),
            open: true,
            due_before: Some(today.to_string()),
            acts: WithActs::All,
            limit: i64::MAX,
            ..WorkFilter::default()
        };
        let rows = approvals::work_list(&self.db, &filter).await?;
        let mut found = ByOffice::new();
        for read in &self.read_rows(reference, &rows).await? {
            let row = read.row;
            // Nobody presses an office above their own.
            if !own.contains(&row.item.unit) {
                continue;
            }
            let catalogue = self.catalogue(&self.db, row.catalogue).await?;
            let Some((kind, late)) = late(reference, &catalogue, read, today) else {
                continue;
            };
            let department = read.read.course.department.unwrap_or(row.item.department);
            let office = found
                .entry((row.item.unit.clone(), department.0))
                .or_default();
            office.entry(kind).or_default().push(late);
        }
        Ok(found)
    }
}

/// The letter a matter goes into today, if it is late enough for one. Papers that were promised are
/// the applicant's to bring: no office is pressed for them.
fn late(
    reference: &Reference,
    catalogue: &Catalogue,
    read: &ReadRow<'_>,
    today: Date,
) -> Option<(LetterKind, Late)> {
    let (due, what) = read.read.reading.due?;
    if what == DueFor::Papers {
        return None;
    }
    let kind = step(&reference.calendar, catalogue, due, today)?;
    let row = read.row;
    let late = Late {
        project: row.item.project.0,
        project_name: row.project_name.clone(),
        item: row.item.item.clone(),
        name: read.read.name.clone(),
        what: what.word().to_owned(),
        due_on: due,
        over: left(reference, today, due).map_or(0, |days| -days),
        holds_up: read.holds_up().len(),
    };
    Some((kind, late))
}

/// The letter of the highest step of the ladder that has come.
fn step(calendar: &Calendar, catalogue: &Catalogue, due: Date, today: Date) -> Option<LetterKind> {
    let come = |rung: &&gangmu_domain::approvals::Rung| {
        fires_on(calendar, due, rung.after).is_some_and(|day| day <= today)
    };
    let rungs = catalogue.service.rungs.iter().filter(come);
    rungs
        .filter_map(|rung| match rung.who {
            Role::Supervisor => Some(LetterKind::Urge),
            Role::Leader => Some(LetterKind::Supervise),
            _ => None,
        })
        .max()
}

fn listed_matters(row: &LetterRow) -> Vec<Late> {
    serde_json::from_str(&row.body).unwrap_or_default()
}

fn listed(reference: &Reference, row: &LetterRow) -> LetterView {
    LetterView {
        from: UnitView::new(reference, &row.unit),
        year: row.year,
        seq: row.seq,
        number: wording::number(reference, row),
        kind: row.kind.clone(),
        unit: UnitView::new(reference, &row.office),
        department: DepartmentView::new(reference, &row.office, row.department),
        matters: listed_matters(row).len(),
        written_on: row.written_on.to_string(),
        reply_by: row.reply_by.to_string(),
    }
}
