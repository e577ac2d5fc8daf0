//! The list of who answers for which project (包联责任台账), and the load of each leader.

use gangmu_domain::liaison::{Duty, IN_HAND};
use gangmu_domain::metrics::Light;
use gangmu_domain::organisation::{Action, UserId};
use gangmu_store::liaison;
use gangmu_store::library::{DutyFilter, Held, ListFilter, SortBy};
use serde::Serialize;
use utoipa::ToSchema;

use super::view::{AssignmentView, HolderView};
use crate::error::AppError;
use crate::library::{ListPage, ListQuery, ListRowView, UnitView};
use crate::{Actor, App};

/// Which projects.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeldWord {
    /// All in hand.
    #[default]
    All,
    /// Those where somebody holds the duty.
    Held,
    /// Those where nobody does.
    Vacant,
}

impl HeldWord {
    /// All, in the order tabs show them.
    pub const ALL: [Self; 3] = [Self::All, Self::Held, Self::Vacant];

    /// Returns the stable word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Held => "held",
            Self::Vacant => "vacant",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.word() == word)
    }
}

/// What part of the list to show.
#[derive(Clone, Debug, Default)]
pub struct LiaisonQuery {
    /// Held by somebody, by nobody, or both.
    pub held: HeldWord,
    /// The duty that is meant; leaders when absent.
    pub duty: Option<Duty>,
    /// Only what this person holds.
    pub user: Option<UserId>,
    /// Only projects of this unit or below: its code.
    pub unit: Option<String>,
    /// Only names, codes or owners that hold this.
    pub text: Option<String>,
    /// Only this light.
    pub light: Option<Light>,
    /// Only projects that an open problem holds up.
    pub troubled: bool,
    /// From 1.
    pub page: i64,
    /// Rows on a page; 50 when zero.
    pub per_page: i64,
}

/// A project with who answers for it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LiaisonRowView {
    /// The project as lists show it.
    pub project: ListRowView,
    /// Who answers for it today.
    pub standing: Vec<AssignmentView>,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LiaisonPage {
    /// The day it is true for.
    pub day: String,
    /// The period whose figures and lights stand beside, 2025-12.
    pub period: String,
    /// The projects, the largest first.
    pub rows: Vec<LiaisonRowView>,
    /// Projects of all pages.
    pub projects: i64,
    /// Their total investment in yuan.
    pub total_investment: i64,
    /// This page, from 1.
    pub page: i64,
    /// How many there are.
    pub pages: i64,
    /// Rows on a page.
    pub page_size: i64,
}

/// What one holder carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LoadRowView {
    /// Who.
    pub holder: HolderView,
    /// On whose side.
    pub unit: UnitView,
    /// How many projects in hand.
    pub projects: i64,
    /// Their total investment in yuan.
    pub total_investment: i64,
    /// How many of them have a red light.
    pub red: i64,
    /// How many of them are held up by an open problem.
    pub troubled: i64,
    /// How many chains and tasks besides.
    pub charges: i64,
}

/// How much each leader carries.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LoadView {
    /// The day it is true for.
    pub day: String,
    /// The period whose lights are counted, 2025-12.
    pub period: String,
    /// Each holder, by unit, the most loaded of each first.
    pub rows: Vec<LoadRowView>,
}

impl App {
    /// Lists projects in hand with who answers for them.
    ///
    /// # Errors
    /// When nothing may be read, or the unit lies outside what may be seen.
    pub async fn liaison_page(
        &self,
        actor: &Actor,
        query: &LiaisonQuery,
    ) -> Result<LiaisonPage, AppError> {
        let per_page = match query.per_page {
            0 => 50,
            n => n,
        };
        let found = self.liaison_projects(actor, query, per_page).await?;
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let day = self.today();
        let ids: Vec<i64> = found.rows.iter().map(|one| one.row.project_id).collect();
        let mut standing = liaison::assignment_list_of(&self.db, &ids).await?;
        let rows = found.rows.into_iter().map(|project| {
            let id = gangmu_domain::library::ProjectId(project.row.project_id);
            let mut own = standing.remove(&id).unwrap_or_default();
            own.retain(|row| row.says.term.holds_on(day));
            own.sort_by_key(|row| (row.says.duty, row.says.unit.clone()));
            let view = |row| AssignmentView::new(&reference, &users, row, day);
            LiaisonRowView {
                project,
                standing: own.iter().map(view).collect(),
            }
        });
        Ok(LiaisonPage {
            day: day.to_string(),
            period: found.period,
            rows: rows.collect(),
            projects: found.projects,
            total_investment: found.total_investment,
            page: found.page,
            pages: found.pages,
            page_size: per_page,
        })
    }

    async fn liaison_projects(
        &self,
        actor: &Actor,
        query: &LiaisonQuery,
        per_page: i64,
    ) -> Result<ListPage, AppError> {
        let held = match (query.user, query.held) {
            (Some(user), _) => Some(Held::By(user)),
            (None, HeldWord::All) => None,
            (None, HeldWord::Held) => Some(Held::Somebody),
            (None, HeldWord::Vacant) => Some(Held::Nobody),
        };
        // Whatever a person holds is shown; otherwise one duty is meant, the leader's at first.
        let duty = match query.user {
            Some(_) => query.duty,
            None => Some(query.duty.unwrap_or(Duty::Leader)),
        };
        let filter = ListFilter {
            stages: IN_HAND.map(|stage| stage.word().to_owned()).to_vec(),
            text: query.text.clone().unwrap_or_default(),
            duty: held.map(|held| DutyFilter {
                day: self.today().to_string(),
                duty,
                held,
            }),
            troubled_only: query.troubled,
            ..ListFilter::default()
        };
        let list = ListQuery {
            unit: query.unit.clone(),
            filter,
            light: query.light,
            sort: SortBy::Total,
            descending: true,
            page: query.page,
            per_page,
            ..ListQuery::default()
        };
        self.project_list(actor, &list).await
    }

    /// Adds up what each leader carries, or each holder of another duty.
    ///
    /// # Errors
    /// When nothing may be read, or the unit lies outside what may be seen.
    pub async fn leader_load(
        &self,
        actor: &Actor,
        unit: Option<&str>,
        duty: Duty,
    ) -> Result<LoadView, AppError> {
        let scope = self.scope_in(actor, Action::Read, unit).await?;
        let reference = self.reference().await?;
        let users = self.user_names().await?;
        let period = self.period_or_newest(None).await?;
        let red = reference.light_in(period).progress_range(Light::Red);
        let day = self.today();
        let rows = liaison::leader_load(&self.db, &scope, duty, day, period, red).await?;
        Ok(LoadView {
            day: day.to_string(),
            period: period.to_string(),
            rows: rows
                .iter()
                .map(|row| LoadRowView {
                    holder: HolderView::new(&reference, &users, &row.holder),
                    unit: UnitView::new(&reference, &row.unit),
                    projects: row.projects,
                    total_investment: row.total_investment,
                    red: row.red,
                    troubled: row.troubled,
                    charges: row.charges,
                })
                .collect(),
        })
    }
}
