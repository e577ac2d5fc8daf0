//! What is shown of meetings: series, a meeting with its agenda, what became of the last.

use std::collections::HashMap;

use gangmu_domain::approvals::Phase;
use gangmu_domain::library::ProjectId;
use gangmu_domain::meetings::{Ground, MeetingState, SeriesAbout};
use gangmu_domain::organisation::Action;
use gangmu_store::liaison::{MadeAt, ResolutionFilter};
use gangmu_store::meetings::{self as rows, MeetingRow, SeriesRow};
use gangmu_store::{Conn, approvals, library};
use serde::Serialize;
use utoipa::ToSchema;

use super::{holds, sees};
use crate::approvals::named;
use crate::error::{AppError, OrNotFound};
use crate::liaison::ResolutionView;
use crate::library::UnitView;
use crate::problems::NamedView;
use crate::{Actor, App};

/// How many earlier meetings of a series are looked at for what they agreed.
const EARLIER: i64 = 12;

/// A series.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeriesView {
    /// Its number.
    pub series_id: i64,
    /// What it is called.
    pub title: String,
    /// Whose meeting it is.
    pub unit: UnitView,
    /// department, chain or holder; empty when it is about all projects of the unit.
    pub about: &'static str,
    /// What that department, chain or person is called.
    pub about_name: String,
    /// The same in English; empty where there is none.
    pub about_name_en: String,
    /// daily, weekly, `ten_day`, monthly, quarterly.
    pub rhythm: &'static str,
    /// The day of the next meeting: today or later.
    pub next_on: String,
    /// How many days of meeting went by without one being prepared.
    pub missed: u32,
    /// Whether it meets no more.
    pub ended: bool,
    /// The meeting that is being prepared.
    pub prepared: Option<i64>,
    /// Whether the person may prepare and hold it.
    pub may_hold: bool,
}

/// A meeting as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeetingRowView {
    /// Its number.
    pub meeting_id: i64,
    /// Its series.
    pub series_id: i64,
    /// Its version, which changes name.
    pub version: i64,
    /// What it is called.
    pub title: String,
    /// Whose meeting it is.
    pub unit: UnitView,
    /// The day.
    pub on: String,
    /// prepared, held or cancelled.
    pub state: &'static str,
    /// Who was there.
    pub attendees: String,
    /// What was said; why it was cancelled.
    pub summary: String,
    /// How many projects something spoke for and the agenda had no room for.
    pub left_off: i64,
    /// Who prepared it.
    pub by: String,
}

/// All series and the newest meetings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeetingsView {
    /// The series, the next to meet first.
    pub series: Vec<SeriesView>,
    /// The meetings, newest first, at most 100.
    pub meetings: Vec<MeetingRowView>,
}

/// Why a project stands on an agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GroundView {
    /// unkept, `red_light`, `overdue_problem`, `late_matter`, `elements_short`, `start_late`,
    /// `start_due`, `by_hand`.
    pub ground: &'static str,
    /// What it is about: what was agreed, a month and how far it is, a problem, matters, a day, a
    /// reason.
    pub about: String,
    /// The same in English, where it is data that has an English name.
    pub about_en: String,
}

/// A project on an agenda.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AgendaItemView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub project_name: String,
    /// Its unit.
    pub unit: UnitView,
    /// Total investment in yuan.
    pub total_investment: i64,
    /// Why it stands here.
    pub grounds: Vec<GroundView>,
    /// The matters of its case that are not decided.
    pub matters: Vec<NamedView>,
    /// Whether somebody dropped it.
    pub dropped: bool,
}

/// A meeting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MeetingView {
    /// As lists show it.
    pub row: MeetingRowView,
    /// The agenda in order, what was dropped last.
    pub agenda: Vec<AgendaItemView>,
    /// What it agreed.
    pub resolutions: Vec<ResolutionView>,
    /// What became of what the earlier meetings of the series agreed.
    pub earlier: Vec<ResolutionView>,
    /// Whether the person may change it: it is being prepared and they hold it.
    pub may_change: bool,
}

/// Parts what several findings of one ground are about.
const PARTED: char = '；';

impl GroundView {
    fn new(names: &HashMap<String, NamedView>, ground: Ground, about: &str) -> Self {
        let in_language = |of: fn(&NamedView) -> &String| match ground {
            Ground::LateMatter => {
                let codes = about.split(PARTED).map(|code| named(names, code));
                let words: Vec<String> = codes.map(|one| of(&one).clone()).collect();
                words.join("；")
            }
            _ => about.to_owned(),
        };
        Self {
            ground: ground.word(),
            about: in_language(|one| &one.name),
            about_en: in_language(|one| &one.name_en),
        }
    }
}

impl App {
    /// Lists the series and meetings within reach.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn meetings(&self, actor: &Actor) -> Result<MeetingsView, AppError> {
        let scope = actor.grant(Action::Read)?.scope;
        let reference = self.reference().await?;
        let mut meetings = rows::meeting_list(&self.db, &scope.unit, None, 100).await?;
        meetings.retain(|row| sees(actor, &row.unit));
        let mut series = rows::series_list(&self.db, &scope.unit).await?;
        series.retain(|row| sees(actor, &row.unit));
        let waiting = |id: i64| {
            let mut found = meetings.iter();
            let found = found.find(|one| one.series == id && one.state == MeetingState::Prepared);
            found.map(|one| one.id)
        };
        let today = self.today();
        let users = self.user_names().await?;
        let view = |row: &SeriesRow| {
            // Of a year whose working days are not known yet, the day of the rhythm is what there is.
            let next = row.rhythm.next(row.next_on, today, &reference.calendar);
            let (next_on, missed) = next.map_or((row.next_on, 0), |next| (next.on, next.missed));
            let (about_name, about_name_en) = match &row.about {
                SeriesAbout::Whole => Default::default(),
                SeriesAbout::Department(id) => reference
                    .department(*id)
                    .map_or_else(Default::default, |one| {
                        (one.short_name.clone(), one.name_en.clone())
                    }),
                SeriesAbout::Chain(code) => reference.chain(code).map_or_else(
                    || (code.clone(), String::new()),
                    |one| (one.name.clone(), one.name_en.clone()),
                ),
                SeriesAbout::Holder(user) => {
                    (users.get(user).cloned().unwrap_or_default(), String::new())
                }
            };
            SeriesView {
                about: row.about.word(),
                about_name,
                about_name_en,
                series_id: row.id,
                title: row.title.clone(),
                unit: UnitView::new(&reference, &row.unit),
                rhythm: row.rhythm.word(),
                next_on: next_on.to_string(),
                missed,
                ended: row.ended,
                prepared: waiting(row.id),
                may_hold: holds(actor, &row.unit).is_ok(),
            }
        };
        let series = series.iter().map(view).collect();
        let mut views = Vec::with_capacity(meetings.len());
        for row in &meetings {
            views.push(self.meeting_row(row).await?);
        }
        Ok(MeetingsView {
            series,
            meetings: views,
        })
    }

    /// Shows a meeting.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none within reach.
    pub async fn meeting_view(&self, actor: &Actor, id: i64) -> Result<MeetingView, AppError> {
        let row = rows::meeting_get(&self.db, id).await?;
        let row = row
            .filter(|row| sees(actor, &row.unit))
            .or_not_found("meeting")?;
        self.meeting_shown(&self.db, actor, &row).await
    }

    /// Shows a meeting as it stands in the database or a transaction.
    pub(super) async fn meeting_shown(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        row: &MeetingRow,
    ) -> Result<MeetingView, AppError> {
        let id = row.id;
        let reference = self.reference().await?;
        let agenda = rows::agenda_list(conn, id).await?;
        let ids: Vec<i64> = agenda.iter().map(|one| one.item.project.0).collect();
        let projects = library::project_list_of(conn, &ids).await?;
        let of: Vec<ProjectId> = projects.iter().map(|one| one.id).collect();
        let mut items = approvals::item_list_of(conn, &of).await?;
        items.retain(|item| !item.phase.is_done() && item.phase != Phase::Refused);
        let names = self.matters_named().await?;
        let mut agenda: Vec<AgendaItemView> = agenda
            .iter()
            .filter_map(|one| {
                let project = projects.iter().find(|p| p.id == one.item.project)?;
                let of = items.iter().filter(|item| item.project == project.id);
                Some(AgendaItemView {
                    project_id: project.id.0,
                    project_name: project.name().to_owned(),
                    unit: UnitView::new(&reference, &project.unit),
                    total_investment: project.total().0,
                    grounds: one
                        .item
                        .grounds
                        .iter()
                        .map(|(ground, about)| GroundView::new(&names, *ground, about))
                        .collect(),
                    matters: of.map(|item| named(&names, &item.item)).collect(),
                    dropped: one.dropped,
                })
            })
            .collect();
        agenda.sort_by_key(|item| item.dropped);
        let own = ResolutionFilter {
            made_at: Some(vec![MadeAt::Meeting(id)]),
            limit: 200,
            ..ResolutionFilter::default()
        };
        let before = rows::meeting_list(conn, &row.unit, Some(row.series), EARLIER + 1).await?;
        let before = before.into_iter().map(|one| one.id).filter(|one| *one < id);
        let earlier = ResolutionFilter {
            made_at: Some(before.map(MadeAt::Meeting).collect()),
            limit: 200,
            ..ResolutionFilter::default()
        };
        let holds = holds(actor, &row.unit).is_ok();
        Ok(MeetingView {
            agenda,
            resolutions: self.resolution_views(conn, actor, &own).await?,
            earlier: self.resolution_views(conn, actor, &earlier).await?,
            may_change: holds && row.state == MeetingState::Prepared,
            row: self.meeting_row(row).await?,
        })
    }

    async fn meeting_row(&self, row: &MeetingRow) -> Result<MeetingRowView, AppError> {
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        Ok(MeetingRowView {
            meeting_id: row.id,
            series_id: row.series,
            version: row.version,
            title: row.title.clone(),
            unit: UnitView::new(&reference, &row.unit),
            on: row.on.to_string(),
            state: row.state.word(),
            attendees: row.attendees.clone(),
            summary: row.summary.clone(),
            left_off: row.left_off,
            by: users.get(&row.user).cloned().unwrap_or_default(),
        })
    }
}
