//! Preparing a meeting: what speaks for which project is found, and the rules make an agenda of it.
//!
//! What a reader would get wrong: an agenda that is built again keeps what somebody put on it and
//! what somebody dropped.

use std::collections::BTreeSet;

use gangmu_domain::dispatch::PeriodState;
use gangmu_domain::library::ProjectId;
use gangmu_domain::meetings::{AgendaItem, Found, Ground, MeetingState, SeriesAbout, build};
use gangmu_domain::metrics::Light;
use gangmu_domain::organisation::{Action, Scope, UnitPath};
use gangmu_store::approvals::{self, WorkFilter};
use gangmu_store::dispatch;
use gangmu_store::liaison::{self, ResolutionFilter};
use gangmu_store::library::{self, DutyFilter, Held, ListBasis, ListFilter, SortBy};
use gangmu_store::meetings::{self as rows, AgendaRow, MeetingRow};
use gangmu_store::problems::{self, ProblemFilter};
use gangmu_store::{Conn, Tx};
use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::json;

use super::tell::Told;
use super::{holds, prepared, sees};
use crate::approvals::calendar_error;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::library::{ListQuery, UnitView};
use crate::{Actor, App, Reference};

/// The most of each ground that is looked at.
const MOST: i64 = 500;
/// The most projects that somebody may have meant.
const MOST_CANDIDATES: i64 = 20;
/// The most characters of what somebody writes beside a project.
const MOST_NOTE: usize = 200;

/// The same of a series about some of a unit's projects only: what speaks for others is left out
/// after it was read.
const MOST_NARROWED: i64 = 20_000;

/// Which projects a series is about.
struct Range {
    unit: UnitPath,
    filter: ListFilter,
    /// None for all of the unit.
    projects: Option<BTreeSet<ProjectId>>,
    /// The most of each ground that is looked at.
    most: i64,
}

/// A project that somebody may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CandidateProject {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its 24-character code; empty while it has none.
    pub code: String,
    /// Its unit.
    pub unit: UnitView,
}

impl App {
    /// Prepares the next meeting of a series: builds its agenda and returns its number.
    ///
    /// # Errors
    /// [`AppError::State`] `meetings.refused.prepared_already` while one waits to be held,
    /// `meetings.refused.series_ended` when the series has ended.
    pub async fn meeting_prepare(&self, actor: &Actor, series: i64) -> Result<i64, AppError> {
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let mut row = rows::series_lock(&tx, series)
            .await?
            .or_not_found("series")?;
        if !sees(actor, &row.unit) {
            return Err(AppError::NotFound { what: "series" });
        }
        holds(actor, &row.unit)?;
        if row.ended {
            return Err(AppError::state("meetings.refused.series_ended"));
        }
        let last = rows::meeting_list(&tx, &row.unit, Some(series), 1).await?;
        if last.iter().any(|one| one.state == MeetingState::Prepared) {
            return Err(AppError::state("meetings.refused.prepared_already"));
        }
        let calendar = &reference.calendar;
        let next = row.rhythm.next(row.next_on, self.today(), calendar);
        let next = next.map_err(calendar_error)?;
        let meeting = MeetingRow {
            id: 0,
            series,
            version: 1,
            unit: row.unit.clone(),
            title: titled(&row.title, next.on),
            on: next.on,
            state: MeetingState::Prepared,
            attendees: String::new(),
            summary: String::new(),
            minutes: String::new(),
            left_off: 0,
            user: actor.user,
            at: self.now(),
        };
        let id = rows::meeting_insert(&tx, &meeting).await?;
        let mut meeting = MeetingRow { id, ..meeting };
        let about = self
            .agenda_build(&tx, actor, &reference, &row.about, &mut meeting)
            .await?;
        self.meeting_told(&tx, actor, &meeting, Told::Agenda, &about)
            .await?;
        let after = next.on.tomorrow().unwrap_or(next.on);
        let then = row.rhythm.next(next.step, after, calendar);
        row.next_on = then.map_err(calendar_error)?.step;
        rows::series_update(&tx, &row).await?;
        let subject = format!("meeting:{id}");
        let detail = json!({ "series": series }).to_string();
        audit(&tx, actor, self.now(), "meeting_prepare", &subject, &detail).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Builds the agenda of a meeting that is being prepared again, with what speaks for which project
    /// today; what somebody put on it or dropped stays so.
    ///
    /// # Errors
    /// [`AppError::State`] once it was held or cancelled.
    pub async fn agenda_rebuild(&self, actor: &Actor, meeting: i64) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let tx = self.db.begin().await?;
        let mut row = prepared(&tx, actor, meeting).await?;
        let series = rows::series_lock(&tx, row.series).await?;
        let about = series.or_not_found("series")?.about;
        self.agenda_build(&tx, actor, &reference, &about, &mut row)
            .await?;
        let subject = format!("meeting:{meeting}");
        audit(&tx, actor, self.now(), "agenda_rebuild", &subject, "{}").await?;
        Ok(tx.commit().await?)
    }

    /// Puts on an agenda what the rules make of what is found today, and returns the projects.
    async fn agenda_build(
        &self,
        tx: &Tx,
        actor: &Actor,
        reference: &Reference,
        about: &SeriesAbout,
        row: &mut MeetingRow,
    ) -> Result<Vec<Option<ProjectId>>, AppError> {
        let before = rows::agenda_list(tx, row.id).await?;
        let range = self.series_range(tx, reference, about, &row.unit).await?;
        let found = self.grounds(tx, actor, reference, &range).await?;
        let agenda = build(&reference.meetings, &found);
        row.left_off = i64::try_from(agenda.left_off).unwrap_or(i64::MAX);
        let mut items = agenda.items;
        for old in &before {
            let by_hand = |(ground, _): &&(Ground, String)| *ground == Ground::ByHand;
            let by_hand = old.item.grounds.iter().find(by_hand).cloned();
            let again = items.iter_mut().find(|one| one.project == old.item.project);
            match (by_hand, again) {
                (Some(ground), Some(item)) => item.grounds.push(ground),
                (Some(ground), None) => items.push(AgendaItem {
                    project: old.item.project,
                    grounds: vec![ground],
                }),
                (None, _) => {}
            }
        }
        rows::agenda_clear(tx, row.id).await?;
        let dropped = |id: ProjectId| {
            before
                .iter()
                .any(|old| old.dropped && old.item.project == id)
        };
        let mut about = Vec::new();
        for (item, position) in items.into_iter().zip(1..) {
            let dropped = dropped(item.project);
            if !dropped {
                about.push(Some(item.project));
            }
            let put = AgendaRow {
                position,
                item,
                dropped,
            };
            rows::agenda_put(tx, row.id, &put).await?;
        }
        if !rows::meeting_update(tx, row).await? {
            return Err(AppError::Changed { what: "meeting" });
        }
        row.version += 1;
        Ok(about)
    }

    /// Says which projects a series is about.
    async fn series_range(
        &self,
        conn: &impl Conn,
        reference: &Reference,
        about: &SeriesAbout,
        unit: &UnitPath,
    ) -> Result<Range, AppError> {
        let filter = match about {
            SeriesAbout::Whole => {
                return Ok(Range {
                    unit: unit.clone(),
                    filter: ListFilter::default(),
                    projects: None,
                    most: MOST,
                });
            }
            SeriesAbout::Department(id) => ListFilter {
                departments: vec![id.0],
                ..ListFilter::default()
            },
            SeriesAbout::Chain(code) => {
                let divisions = reference.chain(code).map(|one| one.divisions.clone());
                let industries = divisions.unwrap_or_default();
                if industries.is_empty() {
                    // A chain that is no more, or has no industries, has no projects, not all of them.
                    return Ok(Range {
                        unit: unit.clone(),
                        filter: ListFilter::default(),
                        projects: Some(BTreeSet::new()),
                        most: MOST,
                    });
                }
                ListFilter {
                    industries,
                    ..ListFilter::default()
                }
            }
            SeriesAbout::Holder(user) => ListFilter {
                duty: Some(DutyFilter {
                    day: self.today().to_string(),
                    duty: None,
                    held: Held::By(*user),
                }),
                ..ListFilter::default()
            },
        };
        let basis = ListBasis::Library(self.period_or_newest(None).await?);
        let scope = Scope::subtree(unit.clone());
        let ids = library::project_ids(conn, &scope, basis, &filter).await?;
        Ok(Range {
            unit: unit.clone(),
            filter,
            projects: Some(ids.into_iter().map(ProjectId).collect()),
            most: MOST_NARROWED,
        })
    }

    /// Finds everything that speaks for a project a series is about.
    async fn grounds(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        reference: &Reference,
        range: &Range,
    ) -> Result<Vec<Found>, AppError> {
        let (unit, most) = (&range.unit, range.most);
        let scope = Scope::subtree(unit.clone());
        let today = self.today();
        let mut found = self.red_lights(actor, range).await?;
        let open = ProblemFilter {
            scope: Some(scope.clone()),
            open: true,
            limit: most,
            ..ProblemFilter::default()
        };
        let late = ProblemFilter {
            due_before: Some(today.to_string()),
            ..open.clone()
        };
        found.extend(held_up(conn, &late, Ground::OverdueProblem).await?);
        for kind in &reference.meetings.elements {
            let short = ProblemFilter {
                kind: Some(kind.clone()),
                ..open.clone()
            };
            found.extend(held_up(conn, &short, Ground::ElementsShort).await?);
        }
        let matters = WorkFilter {
            projects: Some(scope.clone()),
            open: true,
            due_before: Some(today.to_string()),
            limit: most,
            ..WorkFilter::default()
        };
        for row in approvals::work_list(conn, &matters).await? {
            found.push(Found {
                project: row.item.project,
                ground: Ground::LateMatter,
                about: row.item.item,
            });
        }
        let days = i64::from(reference.meetings.starts_within);
        let until = today.checked_add(days.days()).unwrap_or(today);
        for (project, on) in rows::starts_due(conn, &scope, until).await? {
            found.push(Found {
                project,
                ground: match on < today {
                    true => Ground::StartLate,
                    false => Ground::StartDue,
                },
                about: on.to_string(),
            });
        }
        let unkept = ResolutionFilter {
            scope: Some(scope),
            due_before: Some(today.to_string()),
            limit: most,
            ..ResolutionFilter::default()
        };
        for row in liaison::resolution_list(conn, &unkept).await? {
            if let Some(project) = row.project {
                found.push(Found {
                    project,
                    ground: Ground::Unkept,
                    about: row.body,
                });
            }
        }
        // What another unit's project came by through a problem of ours stays theirs.
        if let Some(meant) = &range.projects {
            found.retain(|one| meant.contains(&one.project));
            return Ok(found);
        }
        let ids: BTreeSet<i64> = found.iter().map(|one| one.project.0).collect();
        let ids: Vec<i64> = ids.into_iter().collect();
        let own = library::project_list_of(conn, &ids).await?;
        let own = own.iter().filter(|project| unit.contains(&project.unit));
        let own: BTreeSet<ProjectId> = own.map(|project| project.id).collect();
        found.retain(|one| own.contains(&one.project));
        Ok(found)
    }

    /// The lights of the newest month that is closed: in an open one whoever has not reported yet
    /// looks late.
    async fn red_lights(&self, actor: &Actor, range: &Range) -> Result<Vec<Found>, AppError> {
        let code = range.unit.codes().last().unwrap_or_default().to_owned();
        let months = dispatch::period_list(&self.db).await?;
        let closed = months.iter().find(|row| row.state == PeriodState::Closed);
        let query = ListQuery {
            period: closed.map(|row| row.period),
            on_list: true,
            unit: Some(code),
            filter: range.filter.clone(),
            light: Some(Light::Red),
            sort: SortBy::Gap,
            page: 1,
            per_page: MOST,
            ..ListQuery::default()
        };
        let page = self.project_list(actor, &query).await?;
        let found = page.rows.into_iter().map(|row| {
            let (num, den) = (row.completion.num, row.completion.den);
            let percent = i128::from(num) * 100 / i128::from(den.max(1));
            Found {
                project: ProjectId(row.row.project_id),
                ground: Ground::RedLight,
                about: format!("{} {percent}%", page.period),
            }
        });
        Ok(found.collect())
    }

    /// Puts a project on the agenda of a meeting that is being prepared, for a reason, or takes it
    /// up again.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the project does not belong to the unit; [`AppError::Invalid`]
    /// without a reason.
    pub async fn agenda_add(
        &self,
        actor: &Actor,
        meeting: i64,
        project: ProjectId,
        reason: &str,
    ) -> Result<(), AppError> {
        let found = self.visible(actor, Action::Read, project).await?;
        let tx = self.db.begin().await?;
        let row = prepared(&tx, actor, meeting).await?;
        let reason = reason.trim();
        if reason.is_empty() {
            return Err(AppError::invalid("field.missing", "reason"));
        }
        let reason: String = reason.chars().take(MOST_NOTE).collect();
        row.unit
            .contains(&found.unit)
            .then_some(())
            .or_not_found("project")?;
        let agenda = rows::agenda_list(&tx, meeting).await?;
        let last = agenda.iter().map(|one| one.position).max().unwrap_or(0);
        let mut item = agenda
            .into_iter()
            .find(|one| one.item.project == project)
            .unwrap_or(AgendaRow {
                position: last + 1,
                item: AgendaItem {
                    project,
                    grounds: Vec::new(),
                },
                dropped: false,
            });
        item.dropped = false;
        item.item
            .grounds
            .retain(|(ground, _)| *ground != Ground::ByHand);
        item.item.grounds.push((Ground::ByHand, reason));
        rows::agenda_put(&tx, meeting, &item).await?;
        self.agenda_noted(&tx, actor, meeting, project, "agenda_add")
            .await?;
        Ok(tx.commit().await?)
    }

    /// Finds the projects of a meeting's unit that somebody may mean by a code, a name or a part of
    /// one: the one whose code or name it is, else all that hold it, at most 20.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such meeting within reach; [`AppError::Invalid`]
    /// `meetings.refused.no_such_project` when none is meant.
    pub async fn agenda_candidates(
        &self,
        actor: &Actor,
        meeting: i64,
        text: &str,
    ) -> Result<Vec<CandidateProject>, AppError> {
        if text.trim().is_empty() {
            return Err(AppError::invalid("field.missing", "named"));
        }
        let row = rows::meeting_get(&self.db, meeting).await?;
        let row = row
            .filter(|row| sees(actor, &row.unit))
            .or_not_found("meeting")?;
        let unit = row.unit.codes().last().map(str::to_owned);
        self.projects_meant(actor, unit, text).await
    }

    /// Finds the projects within reach, or of a unit, that somebody may mean by a code, a name or a
    /// part of one: the one whose code or name it is, else all that hold it, at most 20.
    ///
    /// # Errors
    /// [`AppError::Invalid`] `meetings.refused.no_such_project` when none is meant.
    pub async fn projects_meant(
        &self,
        actor: &Actor,
        unit: Option<String>,
        text: &str,
    ) -> Result<Vec<CandidateProject>, AppError> {
        let text = text.trim();
        let query = ListQuery {
            unit,
            filter: ListFilter {
                text: text.to_owned(),
                ..ListFilter::default()
            },
            page: 1,
            per_page: MOST_CANDIDATES,
            ..ListQuery::default()
        };
        let found = self.project_list(actor, &query).await?;
        let all: Vec<CandidateProject> = found
            .rows
            .into_iter()
            .map(|one| CandidateProject {
                project_id: one.row.project_id,
                name: one.row.name,
                code: one.row.code.unwrap_or_default(),
                unit: one.unit,
            })
            .collect();
        if all.is_empty() {
            let told = Message::new(
                "meetings.refused.no_such_project",
                "named",
                [text.to_owned()],
            );
            return Err(AppError::Invalid {
                messages: vec![told],
            });
        }
        let mut exact = all
            .iter()
            .filter(|one| one.name == text || one.code == text);
        match (exact.next(), exact.next()) {
            (Some(only), None) => Ok(vec![only.clone()]),
            _ => Ok(all),
        }
    }

    /// Drops a project from the agenda of a meeting that is being prepared.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when it is not on it.
    pub async fn agenda_drop(
        &self,
        actor: &Actor,
        meeting: i64,
        project: ProjectId,
    ) -> Result<(), AppError> {
        let tx = self.db.begin().await?;
        prepared(&tx, actor, meeting).await?;
        let agenda = rows::agenda_list(&tx, meeting).await?;
        let found = agenda.into_iter().find(|one| one.item.project == project);
        let mut item = found.or_not_found("project")?;
        item.dropped = true;
        rows::agenda_put(&tx, meeting, &item).await?;
        self.agenda_noted(&tx, actor, meeting, project, "agenda_drop")
            .await?;
        Ok(tx.commit().await?)
    }

    async fn agenda_noted(
        &self,
        tx: &Tx,
        actor: &Actor,
        meeting: i64,
        project: ProjectId,
        action: &str,
    ) -> Result<(), AppError> {
        let subject = format!("meeting:{meeting}");
        let detail = json!({ "project": project.0 }).to_string();
        audit(tx, actor, self.now(), action, &subject, &detail).await
    }
}

/// The projects that some problems hold up, for a ground.
async fn held_up(
    conn: &impl Conn,
    filter: &ProblemFilter,
    ground: Ground,
) -> Result<Vec<Found>, AppError> {
    let listed = problems::problem_list(conn, filter).await?;
    let ids: Vec<i64> = listed.iter().map(|row| row.id).collect();
    let blocks = problems::block_list_of(conn, &ids).await?;
    let found = listed.iter().flat_map(|row| {
        let blocks = blocks.get(&row.id).into_iter().flatten();
        blocks.map(|block| Found {
            project: block.project,
            ground,
            about: row.title.clone(),
        })
    });
    Ok(found.collect())
}

/// What a meeting of a series is called on its day.
pub(super) fn titled(series: &str, on: Date) -> String {
    format!("{series}（{on}）")
}

/// What a meeting is called once its day is another.
pub(super) fn retitled(row: &MeetingRow, on: Date) -> String {
    match row.title.strip_suffix(&titled("", row.on)) {
        Some(series) => titled(series, on),
        None => row.title.clone(),
    }
}
