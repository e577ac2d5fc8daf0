//! The ledger of winters (冬施台账): every project that is being built, what it does in winter, why
//! it rests.

use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_domain::winter::Phase;
use gangmu_store::winter::{self, WinterFilter, WinterRow};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::AppError;
use crate::library::UnitView;
use crate::{Actor, App, Reference};

/// What part of the ledger to show.
#[derive(Clone, Debug, Default)]
pub struct WinterQuery {
    /// The year the season begins in; this winter's when absent.
    pub season: Option<i16>,
    /// Only projects of this unit or below: its code.
    pub unit: Option<String>,
    /// Only these; empty for all.
    pub phases: Vec<Phase>,
    /// Only those that rest for this reason; empty for all.
    pub reason: String,
    /// Only those whose name holds this; empty for all.
    pub text: String,
    /// Only those that had neither a plan on file nor a reason to rest by the day plans are to be filed.
    pub late: bool,
    /// The page, from 1.
    pub page: i64,
}

/// A page of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterPage {
    /// The year the season begins in.
    pub season: i16,
    /// The projects, by what is to be invested in winter, the most first.
    pub rows: Vec<WinterRowView>,
    /// How many there are on all pages.
    pub total: i64,
    /// This page, from 1.
    pub page: i64,
    /// Rows on a page.
    pub page_size: i64,
}

/// A project of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct WinterRowView {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: UnitView,
    /// Its total investment in yuan.
    pub total_investment: i64,
    /// Where it stands: undecided, resting, draft, submitted, `sent_back`, filed, stopped.
    pub state: String,
    /// Why it rests, a word; empty when it does not.
    pub reason: String,
    /// The same in words.
    pub reason_text: String,
    /// The same in English.
    pub reason_text_en: String,
    /// The first day of building in winter.
    pub from_on: Option<String>,
    /// The last day.
    pub to_on: Option<String>,
    /// People on site.
    pub workers: i64,
    /// What is to be invested in winter, in yuan.
    pub planned: i64,
    /// What of it falls into the first quarter, in yuan.
    pub first_quarter: i64,
}

pub(super) const PAGE: i64 = 50;

impl App {
    /// Lists a page of 50 of the ledger.
    ///
    /// # Errors
    /// When nothing may be read, or the unit lies outside what may be seen.
    pub async fn winter_ledger(
        &self,
        actor: &Actor,
        query: &WinterQuery,
    ) -> Result<WinterPage, AppError> {
        let page = query.page.max(1);
        let mut filter = self.winter_filter(actor, query).await?;
        filter.limit = PAGE;
        filter.offset = (page - 1).saturating_mul(PAGE);
        let rows = winter::winter_list(&self.db, &filter).await?;
        let reference = self.reference().await?;
        Ok(WinterPage {
            season: filter.season,
            total: winter::winter_total(&self.db, &filter).await?,
            rows: rows
                .into_iter()
                .map(|row| WinterRowView::new(&reference, row))
                .collect(),
            page,
            page_size: PAGE,
        })
    }

    pub(super) async fn winter_filter(
        &self,
        actor: &Actor,
        query: &WinterQuery,
    ) -> Result<WinterFilter, AppError> {
        let scope = self
            .scope_in(actor, Action::Read, query.unit.as_deref())
            .await?;
        let season = query.season.unwrap_or_else(|| self.winter_of_today());
        let unfiled_in = match query.late {
            false => None,
            true => Some(self.units_past_filing(season).await?),
        };
        Ok(WinterFilter {
            phases: query.phases.clone(),
            reason: query.reason.clone(),
            text: query.text.trim().to_owned(),
            unfiled_in,
            limit: PAGE,
            ..WinterFilter::all(scope, season)
        })
    }

    /// The units where the day plans are to be filed by has passed.
    async fn units_past_filing(&self, year: i16) -> Result<Vec<UnitPath>, AppError> {
        let (reference, today) = (self.reference().await?, self.today());
        let past = |path: &UnitPath| {
            let season = reference.winter.season(path, year);
            season.is_some_and(|season| today > season.file_by)
        };
        let units = reference.units.iter().map(|unit| &unit.path);
        Ok(units.filter(|path| past(path)).cloned().collect())
    }
}

impl WinterQuery {
    /// Narrows to what a word of the ledger's filter stands for: a phase, a group that figures are made
    /// of, or `late`; `None` when it stands for nothing.
    #[must_use]
    pub fn of(self, word: &str) -> Option<Self> {
        let late = word == "late";
        let phases = match late {
            true => Vec::new(),
            false => phases_of(word)?,
        };
        Some(Self {
            phases,
            late,
            ..self
        })
    }
}

fn phases_of(word: &str) -> Option<Vec<Phase>> {
    let of = |wanted: fn(Phase) -> bool| {
        let all = Phase::ALL.iter().copied();
        Some(all.filter(|phase| wanted(*phase)).collect())
    };
    match word {
        "builds" => of(Phase::builds),
        "on_file" => of(|phase| matches!(phase, Phase::Filed | Phase::Stopped)),
        "counted" => of(Phase::counts),
        "drafted" => of(|phase| phase.builds() && !phase.counts()),
        one => Some(vec![Phase::from_word(one)?]),
    }
}

impl WinterRowView {
    pub(super) fn new(reference: &Reference, row: WinterRow) -> Self {
        let reason = reference
            .winter
            .reasons
            .iter()
            .find(|one| one.code == row.reason);
        Self {
            project_id: row.project_id,
            name: row.name,
            unit: UnitView::new(reference, &UnitPath::from_stored(row.unit_path)),
            total_investment: row.total_investment,
            state: row.state,
            reason_text: reason.map_or_else(|| row.reason.clone(), |one| one.text.clone()),
            reason_text_en: reason.map_or_else(|| row.reason.clone(), |one| one.text_en.clone()),
            reason: row.reason,
            from_on: row.from_on,
            to_on: row.to_on,
            workers: row.workers,
            planned: row.planned,
            first_quarter: row.first_quarter,
        }
    }
}
