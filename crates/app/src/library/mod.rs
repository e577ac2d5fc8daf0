//! The project library (项目库): entering, editing, finding, and looking back.

mod attachments;
mod input;
mod past;
mod view;

use std::collections::{BTreeMap, HashSet};

use gangmu_domain::dispatch::PeriodState;
use gangmu_domain::library::{
    DuplicateKey, EventKind, Field, FieldProblem, ProjectId, ProjectRecord, Value, record_as_of,
};
use gangmu_domain::organisation::{Action, UserId};
use gangmu_domain::pipeline::Stage;
use gangmu_store::library::{self, Event, Link, Project};
use gangmu_store::{Tx, accounts, batch, dispatch, excuses, pipeline};
use jiff::civil::Date;

use crate::actor::Actor;
use crate::change::{Because, Work};
use crate::error::{AppError, Message, OrNotFound};
use crate::{App, Reference};

pub(crate) use input::decimal;
use view::Excuses;
pub(crate) use view::value_json;

pub use attachments::Upload;
pub use input::{MoneyUnit, parse_field};
pub use view::{
    AdmissionView, AttachmentView, ChangeView, EventView, FieldView, LinkView, ListPage, ListQuery,
    ListRowView, ProgrammeEntryView, ProjectView, ReturnSummary, TwinView, UnitView, code_name,
    facet_from_word, kind_word, sort_from_word,
};

/// Values for fields; `None` clears a field, fields not named stay.
pub type Edits = BTreeMap<Field, Option<Value>>;

/// A new project, or a change of one.
#[derive(Clone, Debug, Default)]
pub struct ProjectEdit {
    /// The fields to set or clear.
    pub fields: Edits,
    /// Why; may be empty for plain edits.
    pub reason: String,
    /// The document that says so; may be empty.
    pub document_no: String,
    /// The person who looked at the likely twins says this is another project.
    pub not_a_twin: bool,
}

impl App {
    /// Enters a project as a concept (谋划入库).
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every problem; [`AppError::State`] `likely_twin` while projects
    /// that look the same exist and nobody has said this is another one.
    pub async fn project_create(
        &self,
        actor: &Actor,
        edit: &ProjectEdit,
    ) -> Result<ProjectId, AppError> {
        let reference = self.reference().await?;
        let on = self.today();
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let because = Because {
            kind: EventKind::Created,
            on,
            reason: &edit.reason,
            document_no: &edit.document_no,
        };
        let project = enter(&reference, &mut work, edit, &Place::new(on), &because).await?;
        begun.commit().await?;
        Ok(project.id)
    }

    /// Enters projects that stand in a stage already, as a library that is taken over does; all of
    /// them or none. Twins were looked for before.
    pub(crate) async fn projects_take_over(
        &self,
        actor: &Actor,
        entries: Vec<(ProjectEdit, Stage)>,
    ) -> Result<Vec<ProjectId>, AppError> {
        let reference = self.reference().await?;
        let on = self.today();
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let mut ids = Vec::with_capacity(entries.len());
        for (mut edit, stage) in entries {
            edit.not_a_twin = true;
            let because = Because {
                kind: EventKind::Created,
                on,
                reason: &edit.reason,
                document_no: &edit.document_no,
            };
            let place = Place {
                stage,
                ..Place::new(on)
            };
            let project = enter(&reference, &mut work, &edit, &place, &because).await?;
            ids.push(project.id);
        }
        begun.commit().await?;
        Ok(ids)
    }

    /// Changes fields of several projects; of all of them or none.
    pub(crate) async fn projects_edit(
        &self,
        actor: &Actor,
        edits: &[(ProjectId, ProjectEdit)],
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let mut amended = Vec::with_capacity(edits.len());
        for (id, edit) in edits {
            let because = Because {
                kind: EventKind::Edited,
                on: self.today(),
                reason: &edit.reason,
                document_no: &edit.document_no,
            };
            amended.extend(amend_record(&reference, &mut work, *id, None, edit, &because).await?);
        }
        work.reposition_all(&amended).await?;
        begun.commit().await
    }

    /// Changes fields of a project.
    ///
    /// `version` is the one the person saw; `None` for imports that have compared already.
    ///
    /// # Errors
    /// [`AppError::Changed`] when somebody else saved meanwhile; [`AppError::Invalid`] with every
    /// problem.
    pub async fn project_edit(
        &self,
        actor: &Actor,
        id: ProjectId,
        version: Option<i64>,
        edit: &ProjectEdit,
    ) -> Result<bool, AppError> {
        let reference = self.reference().await?;
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let because = Because {
            kind: EventKind::Edited,
            on: self.today(),
            reason: &edit.reason,
            document_no: &edit.document_no,
        };
        let changed = amend(&reference, &mut work, id, version, edit, &because).await?;
        begun.commit().await?;
        Ok(changed)
    }

    /// Names the person who reports for a project (项目单位填报人).
    ///
    /// # Errors
    /// When the project may not be edited, or there is no such user.
    pub async fn project_assign(
        &self,
        actor: &Actor,
        id: ProjectId,
        reporter: Option<UserId>,
    ) -> Result<(), AppError> {
        if let Some(user) = reporter {
            accounts::user_get(&self.db, user)
                .await?
                .or_not_found("user")?;
        }
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let before = locked(work.tx, actor, Action::EditProject, id).await?;
        let mut after = Project {
            reporter,
            ..before.clone()
        };
        let because = Because {
            kind: EventKind::Edited,
            on: self.today(),
            reason: "",
            document_no: "",
        };
        work.save(&before, &mut after, &because).await?;
        begun.commit().await
    }

    /// Shows a project with its timeline; `as_of` shows it as it stood at the end of a past day.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or it may not be seen, or it did not exist then.
    pub async fn project_view(
        &self,
        actor: &Actor,
        id: ProjectId,
        as_of: Option<Date>,
    ) -> Result<ProjectView, AppError> {
        let reference = self.reference().await?;
        let project = self.visible(actor, Action::Read, id).await?;
        let events = library::event_list(&self.db, id).await?;
        let mut shown = project.clone();
        if let Some(day) = as_of {
            // By the day of entry, not the day it counts from: what nobody had entered yet did not
            // stand in any record.
            let later = |event: &&Event| crate::clock::day_of(event.at) > day;
            let undone = events.iter().filter(later).map(|e| e.changes.as_slice());
            shown.record = record_as_of(project.record.clone(), undone);
            let moved = |event: &&Event| event.changes.iter().any(|c| c.field == Field::Stage);
            shown.stage_since = events
                .iter()
                .filter(|event| !later(event))
                .find(moved)
                .map(|event| event.on)
                .or_not_found("project")?;
            restore_place(&mut shown, &reference);
        }
        let users = self.user_names().await?;
        let mut attachments = library::attachment_list(&self.db, id).await?;
        if let Some(day) = as_of {
            attachments.retain(|a| crate::clock::day_of(a.added_at) <= day);
        }
        let mut links = library::link_list(&self.db, id).await?;
        let mut entries = pipeline::entry_list(&self.db, id).await?;
        if let Some(day) = as_of {
            let changes = pipeline::change_list_of(&self.db, id).await?;
            entries = past::entries_as_of(entries, &changes, day);
            links = self.links_as_of(links, &events, day).await?;
        }
        let first = gangmu_domain::Period::new(2000, 1).or_not_found("period")?;
        let returns = dispatch::return_list_from(&self.db, id, first).await?;
        let mut excuses = Excuses {
            shown: excuses::excuse_list(&self.db, id).await?,
            closed: BTreeMap::new(),
        };
        let (returns, published) = match as_of {
            None => {
                let months = dispatch::period_list(&self.db).await?;
                let closed = months.iter().filter(|row| row.state == PeriodState::Closed);
                let when = closed.filter_map(|row| Some((row.period, row.closed_at?)));
                excuses.closed = when.collect();
                let published = dispatch::return_published_list(&self.db, id).await?;
                (returns, published)
            }
            Some(day) => {
                excuses.look_back(day);
                let events = dispatch::return_event_list_of(&self.db, id).await?;
                let stood = past::returns_as_of(returns, &events, day);
                (stood, BTreeMap::new())
            }
        };
        Ok(ProjectView::new(
            &reference,
            &users,
            actor,
            &shown,
            as_of,
            &events,
            &attachments,
            &links,
            &entries,
            &returns,
            &published,
            &excuses,
        ))
    }

    /// Keeps the links there were at the end of a day, under the names the others had then.
    async fn links_as_of(
        &self,
        links: Vec<Link>,
        events: &[Event],
        day: Date,
    ) -> Result<Vec<Link>, AppError> {
        let past = |at: i64| crate::clock::day_of(at) <= day;
        let mut stood = Vec::new();
        for mut link in links {
            // Of the oldest links only the timeline says since when they are.
            let told = events.iter().filter(|event| event.kind.word() == link.kind);
            let first = told.map(|event| event.at).min();
            let at = Some(link.at).filter(|at| *at > 0).or(first);
            if !at.is_some_and(past) {
                continue;
            }
            let other = ProjectId(link.other_id);
            if let Some(project) = library::project_get(&self.db, other).await? {
                link.name = self.as_entered(project, past).await?.name().to_owned();
            }
            stood.push(link);
        }
        Ok(stood)
    }

    /// Returns a project as its record stood when only what was entered at these instants had been.
    pub(crate) async fn as_entered(
        &self,
        mut project: Project,
        by_then: impl Fn(i64) -> bool,
    ) -> Result<Project, AppError> {
        let events = library::event_list(&self.db, project.id).await?;
        let later = events.iter().filter(|event| !by_then(event.at));
        let undone = later.map(|event| event.changes.as_slice());
        project.record = record_as_of(project.record, undone);
        restore_place(&mut project, &*self.reference().await?);
        Ok(project)
    }

    /// Lists projects that look like the one being typed (code, then name, owner and place).
    ///
    /// # Errors
    /// When the database fails.
    pub async fn project_twins(
        &self,
        actor: &Actor,
        record: &ProjectRecord,
        except: Option<ProjectId>,
    ) -> Result<Vec<TwinView>, AppError> {
        actor.grant(Action::Read)?;
        let reference = self.reference().await?;
        let twins = twins(&self.db, record, except).await?;
        Ok(twins
            .into_iter()
            .map(|twin| TwinView::new(&reference, actor, record, twin))
            .collect())
    }

    /// Reads a project that the actor may do something with.
    pub(crate) async fn visible(
        &self,
        actor: &Actor,
        action: Action,
        id: ProjectId,
    ) -> Result<Project, AppError> {
        let project = library::project_get(&self.db, id)
            .await?
            .or_not_found("project")?;
        actor.grant_on(action, &project.unit, project.department, project.reporter)?;
        Ok(project)
    }
}

/// Reads a project that is known to exist.
pub(crate) async fn stored(tx: &Tx, id: ProjectId) -> Result<Project, AppError> {
    library::project_get(tx, id).await?.or_not_found("project")
}

/// Locks and reads a project that the actor may do something with.
pub(crate) async fn locked(
    tx: &Tx,
    actor: &Actor,
    action: Action,
    id: ProjectId,
) -> Result<Project, AppError> {
    let project = library::project_lock(tx, id)
        .await?
        .or_not_found("project")?;
    actor.grant_on(action, &project.unit, project.department, project.reporter)?;
    Ok(project)
}

/// Locks and reads projects, in order of entry, that the actor may do something with.
pub(crate) async fn locked_all(
    tx: &Tx,
    actor: &Actor,
    action: Action,
    ids: &[ProjectId],
) -> Result<BTreeMap<ProjectId, Project>, AppError> {
    let projects = batch::project_lock_all(tx, ids).await?;
    let projects: BTreeMap<_, _> = projects.into_iter().map(|p| (p.id, p)).collect();
    for id in ids {
        let project = projects.get(id).or_not_found("project")?;
        actor.grant_on(action, &project.unit, project.department, project.reporter)?;
    }
    Ok(projects)
}

/// Where a project enters the pipeline, and who reports for it.
pub(crate) struct Place {
    pub stage: Stage,
    pub since: Date,
    pub suspended: bool,
    pub reporter: Option<UserId>,
}

impl Place {
    /// A concept from a day on.
    pub(crate) fn new(since: Date) -> Self {
        Self {
            stage: Stage::Concept,
            since,
            suspended: false,
            reporter: None,
        }
    }

    /// The place of another project.
    pub(crate) fn of(project: &Project) -> Self {
        Self {
            stage: project.stage,
            since: project.stage_since,
            suspended: project.suspended,
            reporter: project.reporter,
        }
    }
}

/// Enters one project within a transaction.
pub(crate) async fn enter(
    reference: &Reference,
    work: &mut Work<'_>,
    edit: &ProjectEdit,
    place: &Place,
    because: &Because<'_>,
) -> Result<Project, AppError> {
    let code = edit.fields.get(&Field::Code).and_then(Option::as_ref);
    let taken = match code {
        Some(Value::Code(code)) => code_taken(work.tx, code, None).await?,
        _ => None,
    };
    let mut project = drafted(reference, work.actor, edit, place, taken)?;
    if !edit.not_a_twin {
        let found = twins(work.tx, &project.record, None).await?;
        let same_place = |twin: &library::Twin| twin.unit_path == project.unit.as_str();
        if let Some(twin) = found.iter().find(|twin| same_place(twin)) {
            return Err(AppError::State {
                code: "likely_twin",
                params: vec![twin.project_id.to_string(), twin.name.clone()],
            });
        }
    }
    project.id = library::project_new_ids(work.tx, 1).await?;
    work.create(&mut project, because).await?;
    Ok(project)
}

/// Enters many projects within a transaction, each with the reason it comes for.
///
/// Nobody is asked about likely twins: an import's preview has shown what is new.
pub(crate) async fn enter_all(
    reference: &Reference,
    work: &mut Work<'_>,
    edits: Vec<(ProjectEdit, Place, Because<'_>)>,
) -> Result<Vec<Project>, AppError> {
    let code_of = |edit: &ProjectEdit| match edit.fields.get(&Field::Code) {
        Some(Some(Value::Code(code))) => Some(code.clone()),
        _ => None,
    };
    let codes: Vec<String> = edits.iter().filter_map(|(e, ..)| code_of(e)).collect();
    let mut taken: HashSet<String> = library::project_match(work.tx, &codes, &[])
        .await?
        .iter()
        .filter_map(|project| Some(project.record.text(Field::Code)?.to_owned()))
        .collect();
    let many = i64::try_from(edits.len()).unwrap_or(i64::MAX);
    let mut next = library::project_new_ids(work.tx, many).await?;
    let mut projects = Vec::with_capacity(edits.len());
    for (edit, place, because) in edits {
        let twice = code_of(&edit).filter(|code| !taken.insert(code.clone()));
        let said = twice.map(|code| code_is_taken(&code));
        let mut project = drafted(reference, work.actor, &edit, &place, said)?;
        project.id = next;
        next = ProjectId(next.0 + 1);
        projects.push((project, because));
    }
    work.create_all(projects).await
}

/// Makes the project that an edit asks for, without a number yet, or says all that is wrong.
fn drafted(
    reference: &Reference,
    actor: &Actor,
    edit: &ProjectEdit,
    place: &Place,
    more: Option<Message>,
) -> Result<Project, AppError> {
    let mut record = ProjectRecord::default();
    let mut messages = apply(&mut record, &edit.fields, reference);
    record_messages(&record, &mut messages);
    messages.extend(more);
    let Some(unit) = record
        .text(Field::Unit)
        .and_then(|code| reference.unit_by_code(code))
    else {
        return Err(AppError::Invalid { messages });
    };
    let department = department_of(&record, reference);
    actor.grant_on(Action::EditProject, &unit.path, department, None)?;
    if !messages.is_empty() {
        return Err(AppError::Invalid { messages });
    }
    Ok(Project {
        id: ProjectId(0),
        version: 0,
        unit: unit.path.clone(),
        department,
        reporter: place.reporter,
        stage: place.stage,
        stage_since: place.since,
        suspended: place.suspended,
        record,
    })
}

/// Changes one project within a transaction; says whether anything changed.
pub(crate) async fn amend(
    reference: &Reference,
    work: &mut Work<'_>,
    id: ProjectId,
    version: Option<i64>,
    edit: &ProjectEdit,
    because: &Because<'_>,
) -> Result<bool, AppError> {
    let amended = amend_record(reference, work, id, version, edit, because).await?;
    work.reposition_all(&amended).await?;
    Ok(amended.is_some())
}

/// Changes one project without deriving its positions, which the caller does next; returns it if
/// anything changed.
pub(crate) async fn amend_record(
    reference: &Reference,
    work: &mut Work<'_>,
    id: ProjectId,
    version: Option<i64>,
    edit: &ProjectEdit,
    because: &Because<'_>,
) -> Result<Option<Project>, AppError> {
    let before = locked(work.tx, work.actor, Action::EditProject, id).await?;
    if version.is_some_and(|seen| seen != before.version) {
        return Err(AppError::Changed { what: "project" });
    }
    let mut after = before.clone();
    let mut messages = apply(&mut after.record, &edit.fields, reference);
    record_messages(&after.record, &mut messages);
    if let Some(code) = after.record.text(Field::Code) {
        messages.extend(code_taken(work.tx, code, Some(id)).await?);
    }
    restore_place(&mut after, reference);
    if !messages.is_empty() {
        return Err(AppError::Invalid { messages });
    }
    // Moving a project out of one's own reach is a matter for whoever reaches both places.
    work.actor.grant_on(
        Action::EditProject,
        &after.unit,
        after.department,
        after.reporter,
    )?;
    let saved = work.save_record(&before, &mut after, because).await?;
    Ok(saved.then_some(after))
}

async fn twins(
    conn: &impl gangmu_store::Conn,
    record: &ProjectRecord,
    except: Option<ProjectId>,
) -> Result<Vec<library::Twin>, AppError> {
    let key = DuplicateKey::of(record);
    let mut found = library::project_twins(conn, record.text(Field::Code), &key).await?;
    found.retain(|twin| Some(ProjectId(twin.project_id)) != except);
    Ok(found)
}

/// Sets fields; returns a message for each that cannot be.
fn apply(record: &mut ProjectRecord, edits: &Edits, reference: &Reference) -> Vec<Message> {
    let mut messages = Vec::new();
    for (field, value) in edits {
        if !field.editable() {
            messages.push(Message::new("field.not_editable", field.word(), []));
            continue;
        }
        if let Some(message) = input::unknown_reference(*field, value.as_ref(), reference) {
            messages.push(message);
            continue;
        }
        if let Err(problem) = record.set(*field, value.clone()) {
            messages.push(input::message(&problem));
        }
    }
    messages
}

/// Adds what a record cannot be saved with; a field that could not be set is not missing as well.
fn record_messages(record: &ProjectRecord, messages: &mut Vec<Message>) {
    for problem in record.problems() {
        let message = input::message(&problem);
        let said = messages.iter().any(|m| m.field == message.field);
        if !said || !matches!(problem, FieldProblem::Missing { .. }) {
            messages.push(message);
        }
    }
}

/// Says so beside the code when it is another project's.
async fn code_taken(
    tx: &Tx,
    code: &str,
    id: Option<ProjectId>,
) -> Result<Option<Message>, AppError> {
    let owner = library::project_by_code(tx, code).await?;
    let taken = owner.is_some() && owner != id;
    Ok(taken.then(|| code_is_taken(code)))
}

fn code_is_taken(code: &str) -> Message {
    Message::new("field.code_taken", Field::Code.word(), [code.to_owned()])
}

fn department_of(
    record: &ProjectRecord,
    reference: &Reference,
) -> Option<gangmu_domain::organisation::DepartmentId> {
    record
        .text(Field::Department)
        .and_then(|code| reference.department_by_any_name(code))
        .map(|d| gangmu_domain::organisation::DepartmentId(d.department_id))
}

/// Brings unit, department and stage in step with the record.
fn restore_place(project: &mut Project, reference: &Reference) {
    if let Some(unit) = project
        .record
        .text(Field::Unit)
        .and_then(|code| reference.unit_by_code(code))
    {
        project.unit = unit.path.clone();
    }
    project.department = department_of(&project.record, reference);
    if let Some(stage) = project.record.text(Field::Stage).and_then(Stage::from_word) {
        project.stage = stage;
    }
    project.suspended = project.record.get(Field::Suspended).is_some();
}
