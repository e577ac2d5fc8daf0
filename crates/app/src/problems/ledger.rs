//! The ledger of problems (问题台账): whose problems, in what order, and what they hold up.

use std::collections::BTreeMap;

use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::{Action, Scope};
use gangmu_domain::problems::{Phase, held_up};
use gangmu_store::problems::{self, ProblemFilter};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::ProblemRowView;
use crate::approvals::calendar_error;
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App};

/// Which part of the ledger.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Standing {
    /// What still stands in the way.
    #[default]
    Open,
    /// What waits for the person's own office.
    Mine,
    /// What is past its due date.
    Late,
    /// What waits for a policy from above.
    Waiting,
    /// What was struck off.
    StruckOff,
    /// Everything.
    All,
}

impl Standing {
    /// All, in the order tabs show them.
    pub const ALL: [Self; 6] = [
        Self::Open,
        Self::Mine,
        Self::Late,
        Self::Waiting,
        Self::StruckOff,
        Self::All,
    ];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Mine => "mine",
            Self::Late => "late",
            Self::Waiting => "waiting",
            Self::StruckOff => "struck_off",
            Self::All => "all",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What part of the ledger to show.
#[derive(Clone, Debug, Default)]
pub struct ProblemQuery {
    /// Which part.
    pub standing: Standing,
    /// Only those that hold up a project of this unit or below: its code.
    pub unit: Option<String>,
    /// Only those of this kind.
    pub kind: Option<String>,
    /// Only those coordinated on this level.
    pub level: Option<String>,
    /// Only those that hold up this project.
    pub project: Option<ProjectId>,
    /// Only those whose title holds this.
    pub text: Option<String>,
    /// From 1.
    pub page: i64,
}

/// A page of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LedgerPage {
    /// The problems.
    pub rows: Vec<ProblemRowView>,
    /// How many there are on all pages.
    pub total: i64,
    /// How many projects they hold up, each counted once.
    pub projects: i64,
    /// The total investment of those projects in yuan.
    pub total_investment: i64,
    /// For how many working days these problems held them up, days with several problems of a project
    /// counted once, all projects together.
    pub days_held: i64,
    /// This page, from 1.
    pub page: i64,
    /// Rows on a page.
    pub page_size: i64,
}

pub(super) const PAGE: i64 = 50;

impl App {
    /// Lists a page of 50 of the ledger.
    ///
    /// # Errors
    /// When nothing may be read, or the unit lies outside what may be seen.
    pub async fn problem_ledger(
        &self,
        actor: &Actor,
        query: &ProblemQuery,
    ) -> Result<LedgerPage, AppError> {
        let page = query.page.max(1);
        let mut filter = self.problem_filter(actor, query).await?;
        filter.limit = PAGE;
        filter.offset = (page - 1).saturating_mul(PAGE);
        let rows = problems::problem_list(&self.db, &filter).await?;
        let tally = problems::problem_tally(&self.db, &filter).await?;
        let held = self.problem_held_days(&filter, self.today()).await?;
        Ok(LedgerPage {
            rows: self.problem_rows(actor, rows).await?,
            total: problems::problem_count(&self.db, &filter).await?,
            projects: tally.projects,
            total_investment: tally.total_investment,
            days_held: held.values().map(|days| i64::from(*days)).sum(),
            page,
            page_size: PAGE,
        })
    }

    /// Counts the problems of a part of the ledger.
    ///
    /// # Errors
    /// When nothing may be read.
    pub async fn problem_total(
        &self,
        actor: &Actor,
        query: &ProblemQuery,
    ) -> Result<i64, AppError> {
        let filter = self.problem_filter(actor, query).await?;
        Ok(problems::problem_count(&self.db, &filter).await?)
    }

    /// For how many working days the problems of a list held up each project, up to a day.
    pub(super) async fn problem_held_days(
        &self,
        filter: &ProblemFilter,
        as_of: Date,
    ) -> Result<BTreeMap<ProjectId, u32>, AppError> {
        let reference = self.reference().await?;
        let mut spans: BTreeMap<ProjectId, Vec<(Date, Option<Date>)>> = BTreeMap::new();
        for span in problems::problem_span_list(&self.db, filter).await? {
            let of = spans.entry(span.project).or_default();
            of.push((span.raised_on, span.ended_on));
        }
        let days = |spans: &[(Date, Option<Date>)]| held_up(&reference.calendar, spans, as_of);
        spans
            .into_iter()
            .map(|(project, spans)| Ok((project, days(&spans).map_err(calendar_error)?)))
            .collect()
    }

    /// For how many working days problems held up a project, up to a day: today when none is named.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when the project may not be seen.
    pub async fn project_days_held(
        &self,
        actor: &Actor,
        project: ProjectId,
        as_of: Option<Date>,
    ) -> Result<u32, AppError> {
        self.visible(actor, Action::Read, project).await?;
        let filter = ProblemFilter {
            project: Some(project),
            ..ProblemFilter::default()
        };
        let day = as_of.unwrap_or(self.today());
        let held = self.problem_held_days(&filter, day).await?;
        Ok(held.get(&project).copied().unwrap_or_default())
    }

    pub(super) async fn problem_filter(
        &self,
        actor: &Actor,
        query: &ProblemQuery,
    ) -> Result<ProblemFilter, AppError> {
        let scope: Scope = actor.grant(Action::Read)?.scope;
        let reference = self.reference().await?;
        let unit = match query.unit.as_deref().filter(|code| !code.is_empty()) {
            Some(code) => {
                let unit = &reference.unit_by_code(code).or_not_found("unit")?.path;
                scope.within(unit).or_not_found("unit")?;
                Some(unit.clone())
            }
            None => None,
        };
        let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
        let standing = query.standing;
        let waits_for = (standing == Standing::Mine).then(|| own(actor, &scope));
        Ok(ProblemFilter {
            waits_for,
            unit,
            project: query.project,
            open: matches!(standing, Standing::Open | Standing::Late),
            phases: match standing {
                Standing::Waiting => vec![Phase::Waiting],
                Standing::StruckOff => vec![Phase::StruckOff],
                _ => Vec::new(),
            },
            due_before: (standing == Standing::Late).then(|| self.today().to_string()),
            kind: given(&query.kind),
            level: given(&query.level),
            text: given(&query.text),
            scope: Some(scope),
            ..ProblemFilter::default()
        })
    }
}

/// The office whose work it is: the one that answers, else the one that reads.
fn own(actor: &Actor, scope: &Scope) -> Scope {
    match actor.grant(Action::AnswerProblem) {
        Ok(grant) => grant.scope,
        Err(_) => scope.clone(),
    }
}
