//! What was agreed at visits and in meetings: made, reported, confirmed, listed.
//!
//! What a reader would get wrong: what became a problem or waits for a matter is never reported
//! here; it is kept when the problem is struck off or the matter decided.

use std::collections::HashMap;

use gangmu_domain::approvals::Phase;
use gangmu_domain::liaison::{self, Bond, KeepAct, KeepRefused, Kept};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, DepartmentSet, UnitPath, UserId};
use gangmu_domain::problems::Party;
use gangmu_store::liaison::{self as rows, MadeAt, ResolutionFilter, ResolutionRow};
use gangmu_store::library::Project;
use gangmu_store::{Conn, Tx, approvals, library, problems};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::remind::Told;
use crate::actor::refused;
use crate::approvals::named;
use crate::change::audit;
use crate::error::{AppError, Message, OrNotFound};
use crate::library::UnitView;
use crate::problems::{NamedView, PartyView, is_party};
use crate::{Actor, App};

const MOST_BODY: usize = 500;
const MOST_REPORT: usize = 2_000;

/// Something agreed, as a person writes it down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResolveInput {
    /// What is to be done.
    pub body: String,
    /// Who does it.
    pub party: Party,
    /// Until when.
    pub due: Date,
    /// What it is bound to.
    pub bond: Bond,
}

/// Which part of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResolutionPart {
    /// What is to be done.
    #[default]
    Open,
    /// What the person's own office has to do.
    Mine,
    /// What is past its day.
    Unkept,
    /// What was reported and waits for somebody to look.
    Reported,
    /// Everything.
    All,
}

impl ResolutionPart {
    /// All, in the order tabs show them.
    pub const ALL: [Self; 5] = [
        Self::Open,
        Self::Mine,
        Self::Unkept,
        Self::Reported,
        Self::All,
    ];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Unkept => "unkept",
            Self::Reported => "reported",
            Self::All => "all",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// Something agreed, as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResolutionView {
    /// Its number.
    pub resolution_id: i64,
    /// Its version, which the next step names.
    pub version: i64,
    /// The project; none for one that is about no project.
    pub project_id: Option<i64>,
    /// Its name.
    pub project_name: String,
    /// visit or meeting.
    pub origin: &'static str,
    /// The number of the visit or meeting.
    pub origin_id: i64,
    /// The unit in which it was made.
    pub unit: UnitView,
    /// What is to be done.
    pub body: String,
    /// Who does it.
    pub party: PartyView,
    /// Until when.
    pub due_on: String,
    /// The problem it became.
    pub problem_id: Option<i64>,
    /// The matter it waits for.
    pub matter: Option<NamedView>,
    /// Where the problem or matter stands that it is bound to: a phase of problems or of matters;
    /// empty when it stands by itself.
    pub bound_phase: &'static str,
    /// open, reported, done, dropped.
    pub stands: &'static str,
    /// Whether its day has passed while it is to be done.
    pub unkept: bool,
    /// The day it was made.
    pub made_on: String,
    /// Who made it.
    pub made_by: String,
    /// What was reported, or what was wanting.
    pub report: String,
    /// Who reported, and when.
    pub reported_by: Option<String>,
    /// The day it was reported.
    pub reported_on: Option<String>,
    /// What was remarked at the end.
    pub remark: String,
    /// The day it was confirmed or dropped.
    pub ended_on: Option<String>,
    /// What the person may do next: report, confirm, `send_back`, drop.
    pub offers: Vec<&'static str>,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ResolutionPage {
    /// What was agreed, the most urgent first.
    pub rows: Vec<ResolutionView>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// Rows on a page.
    pub page_size: i64,
}

const PAGE: i64 = 50;

impl App {
    /// Writes down something agreed, within a transaction.
    pub(crate) async fn resolve_within(
        &self,
        tx: &Tx,
        actor: &Actor,
        (made_at, project, unit): (MadeAt, Option<ProjectId>, &UnitPath),
        input: &ResolveInput,
    ) -> Result<i64, AppError> {
        self.check_resolution(input).await?;
        let mut row = ResolutionRow {
            project,
            id: 0,
            version: 1,
            made_at,
            unit: unit.clone(),
            body: input.body.trim().to_owned(),
            party: input.party.clone(),
            due: input.due,
            bond: input.bond.clone(),
            stands: Kept::Open,
            made_by: actor.user,
            made_on: self.today(),
            at: self.now(),
            reported: None,
            report: String::new(),
            ended: None,
            remark: String::new(),
        };
        let id = rows::resolution_insert(tx, &row).await?;
        row.id = id;
        self.resolution_told(tx, actor.user, &row, (Told::Given, &row.body))
            .await?;
        let (origin, number) = made_at.parts();
        let detail = json!({ "origin": origin, "number": number }).to_string();
        let subject = format!("resolution:{id}");
        audit(tx, actor, self.now(), "resolve", &subject, &detail).await?;
        Ok(id)
    }

    async fn check_resolution(&self, input: &ResolveInput) -> Result<(), AppError> {
        let mut messages = Vec::new();
        if input.body.trim().is_empty() {
            messages.push(Message::new("field.missing", "instruction", []));
        }
        if input.body.chars().count() > MOST_BODY {
            let most = [MOST_BODY.to_string()];
            messages.push(Message::new("field.too_long", "instruction", most));
        }
        if input.due < self.today() {
            messages.push(Message::new("resolutions.refused.due_before", "due_on", []));
        }
        if let Party::Office { unit, department } = &input.party {
            let reference = self.reference().await?;
            let known = reference.unit(unit).is_some()
                && department.is_none_or(|id| reference.department(id).is_some());
            if !known {
                messages.push(Message::new("liaison.refused.no_office", "party", []));
            }
        }
        match messages.is_empty() {
            true => Ok(()),
            false => Err(AppError::Invalid { messages }),
        }
    }

    /// Takes the next step with something agreed and returns its new version.
    ///
    /// # Errors
    /// [`AppError::Refused`] for the wrong post; [`AppError::State`] with a code below
    /// `resolutions.refused.`; [`AppError::Changed`] when somebody else acted meanwhile.
    pub async fn resolution_act(
        &self,
        actor: &Actor,
        id: i64,
        version: Option<i64>,
        act: KeepAct,
        text: &str,
    ) -> Result<i64, AppError> {
        let tx = self.db.begin().await?;
        let mut row = rows::resolution_lock(&tx, id)
            .await?
            .or_not_found("resolution")?;
        let project = match row.project {
            Some(id) => library::project_get(&tx, id).await?,
            None => None,
        };
        if !may(actor, &row, project.as_ref(), act) {
            let seen = visible(actor, &row, project.as_ref());
            return Err(match seen {
                true => refused(action_of(act)),
                false => AppError::NotFound { what: "resolution" },
            });
        }
        if version.is_some_and(|version| version != row.version) {
            return Err(AppError::Changed { what: "resolution" });
        }
        let text = text.trim();
        if text.is_empty() && act != KeepAct::Confirm {
            return Err(AppError::invalid("field.missing", "text"));
        }
        if text.chars().count() > MOST_REPORT {
            let most = [MOST_REPORT.to_string()];
            let messages = vec![Message::new("field.too_long", "text", most)];
            return Err(AppError::Invalid { messages });
        }
        let reported_by = row.reported.map(|(user, _)| user);
        let kept = liaison::keep(row.stands, &row.bond, act, actor.user, reported_by);
        row.stands = kept.map_err(cannot)?;
        let now = Some((actor.user, self.today()));
        match act {
            KeepAct::Report => (row.reported, row.report) = (now, text.to_owned()),
            KeepAct::SendBack => (row.reported, row.report) = (None, text.to_owned()),
            KeepAct::Confirm | KeepAct::Drop => (row.ended, row.remark) = (now, text.to_owned()),
        }
        if !rows::resolution_update(&tx, &row).await? {
            return Err(AppError::Changed { what: "resolution" });
        }
        let said = match text {
            "" => row.body.as_str(),
            text => text,
        };
        self.resolution_told(&tx, actor.user, &row, (Told::Step(act), said))
            .await?;
        let subject = format!("resolution:{id}");
        let detail = json!({ "act": act.word() }).to_string();
        audit(&tx, actor, self.now(), "resolution_act", &subject, &detail).await?;
        tx.commit().await?;
        Ok(row.version + 1)
    }

    /// Lists what was agreed, a page of 50, the most urgent first.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn resolution_page(
        &self,
        actor: &Actor,
        part: ResolutionPart,
        page: i64,
    ) -> Result<ResolutionPage, AppError> {
        let page = page.max(1);
        let mut filter = self.resolution_filter(actor, part)?;
        let total = rows::resolution_count(&self.db, &filter).await?;
        filter.limit = PAGE;
        filter.offset = (page - 1).saturating_mul(PAGE);
        Ok(ResolutionPage {
            rows: self.resolution_views(&self.db, actor, &filter).await?,
            total,
            page,
            page_size: PAGE,
        })
    }

    /// Lists what was agreed about the matters of a project and is still to be done, the first due
    /// first.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn resolutions_of_case(
        &self,
        actor: &Actor,
        project: ProjectId,
    ) -> Result<Vec<ResolutionView>, AppError> {
        let filter = ResolutionFilter {
            projects: Some(vec![project.0]),
            limit: PAGE,
            ..self.resolution_filter(actor, ResolutionPart::Open)?
        };
        let mut found = self.resolution_views(&self.db, actor, &filter).await?;
        found.retain(|one| one.matter.is_some());
        Ok(found)
    }

    /// Shows one thing agreed.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or it may not be seen.
    pub async fn resolution_view(
        &self,
        actor: &Actor,
        id: i64,
    ) -> Result<ResolutionView, AppError> {
        let filter = ResolutionFilter {
            id: Some(id),
            limit: 1,
            ..self.resolution_filter(actor, ResolutionPart::All)?
        };
        let found = self.resolution_views(&self.db, actor, &filter).await?;
        found.into_iter().next().or_not_found("resolution")
    }

    pub(super) fn resolution_filter(
        &self,
        actor: &Actor,
        part: ResolutionPart,
    ) -> Result<ResolutionFilter, AppError> {
        let scope = actor.grant(Action::Read)?.scope;
        let own = match actor.grant(Action::AnswerProblem) {
            Ok(grant) => grant.scope,
            Err(_) => scope.clone(),
        };
        Ok(ResolutionFilter {
            party: (part == ResolutionPart::Mine).then_some(own),
            open: matches!(part, ResolutionPart::Open | ResolutionPart::Mine),
            due_before: (part == ResolutionPart::Unkept).then(|| self.today().to_string()),
            reported: part == ResolutionPart::Reported,
            scope: Some(scope),
            ..ResolutionFilter::default()
        })
    }

    /// Puts rows into words as of today.
    pub(crate) async fn resolution_views(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        filter: &ResolutionFilter,
    ) -> Result<Vec<ResolutionView>, AppError> {
        let rows = rows::resolution_list(conn, filter).await?;
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let mut ids: Vec<i64> = rows.iter().filter_map(|row| Some(row.project?.0)).collect();
        ids.sort_unstable();
        ids.dedup();
        let projects = library::project_list_of(conn, &ids).await?;
        let projects: HashMap<ProjectId, &Project> =
            projects.iter().map(|one| (one.id, one)).collect();
        let matters = match rows.iter().any(|row| matches!(row.bond, Bond::Matter(_))) {
            true => self.matters_named().await?,
            false => HashMap::new(),
        };
        let mut views = Vec::with_capacity(rows.len());
        for row in rows {
            let project = row.project.and_then(|id| projects.get(&id).copied());
            let (stands, bound_phase) = stands(conn, &row).await?;
            let name = |user: UserId| users.get(&user).cloned().unwrap_or_default();
            let (origin, origin_id) = row.made_at.parts();
            let offers = liaison::keep_offers(stands, &row.bond).iter();
            let own = row.reported.is_some_and(|(user, _)| user == actor.user);
            let offered = offers
                .filter(|act| may(actor, &row, project, **act))
                .filter(|act| !(own && **act == KeepAct::Confirm));
            views.push(ResolutionView {
                resolution_id: row.id,
                version: row.version,
                project_id: row.project.map(|id| id.0),
                project_name: project.map_or_else(String::new, |one| one.name().to_owned()),
                origin,
                origin_id,
                unit: UnitView::new(&reference, &row.unit),
                party: PartyView::new(&reference, &row.party),
                due_on: row.due.to_string(),
                problem_id: match row.bond {
                    Bond::Problem(id) => Some(id),
                    _ => None,
                },
                matter: match &row.bond {
                    Bond::Matter(code) => Some(named(&matters, code)),
                    _ => None,
                },
                bound_phase,
                stands: stands.word(),
                unkept: liaison::is_unkept(stands, row.due, self.today()),
                made_on: row.made_on.to_string(),
                made_by: name(row.made_by),
                reported_by: row.reported.map(|(user, _)| name(user)),
                reported_on: row.reported.map(|(_, on)| on.to_string()),
                ended_on: row.ended.map(|(_, on)| on.to_string()),
                offers: offered.map(|act| act.word()).collect(),
                report: row.report,
                remark: row.remark,
                body: row.body,
            });
        }
        Ok(views)
    }
}

/// Where something agreed stands, by itself or by what it is bound to, and the phase of that.
async fn stands(conn: &impl Conn, row: &ResolutionRow) -> Result<(Kept, &'static str), AppError> {
    let (stands, phase) = match (&row.bond, row.project) {
        (Bond::Problem(id), _) => match problems::problem_get(conn, *id).await? {
            Some(found) => (liaison::kept_by_problem(found.phase), found.phase.word()),
            None => (Kept::Open, ""),
        },
        (Bond::Matter(code), Some(project)) => {
            let items = approvals::item_list(conn, project).await?;
            match items.iter().find(|one| one.item == *code) {
                Some(item) => (kept_by_matter(item.phase), item.phase.word()),
                None => (Kept::Open, ""),
            }
        }
        _ => (row.stands, ""),
    };
    Ok(match row.stands {
        Kept::Dropped => (Kept::Dropped, phase),
        _ => (stands, phase),
    })
}

/// A matter that is through keeps what was agreed; one that was refused leaves nothing to do.
const fn kept_by_matter(phase: Phase) -> Kept {
    match phase {
        Phase::Refused => Kept::Dropped,
        phase if phase.is_done() => Kept::Done,
        _ => Kept::Open,
    }
}

fn cannot(problem: KeepRefused) -> AppError {
    AppError::State {
        code: problem.code(),
        params: problem.params(),
    }
}

fn action_of(act: KeepAct) -> Action {
    match act {
        KeepAct::Report => Action::AnswerProblem,
        KeepAct::Confirm | KeepAct::SendBack => Action::VerifyProblem,
        KeepAct::Drop => Action::CoordinateProblem,
    }
}

/// Who did it says so; whoever made it, coordinates where it was made or follows the project
/// looks; whoever made it or coordinates there drops it.
fn may(actor: &Actor, row: &ResolutionRow, project: Option<&Project>, act: KeepAct) -> bool {
    let above = |action| {
        actor.grants(action).iter().any(|grant| {
            grant.scope.departments == DepartmentSet::All && grant.scope.unit.contains(&row.unit)
        })
    };
    let follows = || {
        project.is_some_and(|one| {
            let grants = actor.grants(Action::VerifyProblem);
            let mut scopes = grants.iter().map(|grant| &grant.scope);
            scopes.any(|scope| scope.covers(&one.unit, one.department, one.reporter))
        })
    };
    match act {
        KeepAct::Report => {
            let projects = project.cloned().into_iter().collect::<Vec<_>>();
            is_party(actor, &row.party, &projects, Action::AnswerProblem)
        }
        KeepAct::Confirm | KeepAct::SendBack => {
            row.made_by == actor.user || above(Action::CoordinateProblem) || follows()
        }
        KeepAct::Drop => row.made_by == actor.user || above(Action::CoordinateProblem),
    }
}

fn visible(actor: &Actor, row: &ResolutionRow, project: Option<&Project>) -> bool {
    let reads = |unit: &UnitPath| {
        let grants = actor.grants(Action::Read);
        grants.iter().any(|grant| {
            grant.scope.departments == DepartmentSet::All
                && grant.scope.reporter.is_none()
                && grant.scope.unit.contains(unit)
        })
    };
    let sees = project.is_some_and(|one| {
        let grant = actor.grant_on(Action::Read, &one.unit, one.department, one.reporter);
        grant.is_ok()
    });
    sees || reads(&row.unit)
}
