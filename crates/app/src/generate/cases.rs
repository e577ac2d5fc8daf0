//! Projects in preparation with their approval cases, each somewhere on its way on the last day.
//!
//! What one would get wrong: these projects are on no year's list and owe no returns, so the totals
//! of the months do not know them; they draw from a seed of their own, so that the projects on the
//! lists stay what they are however many cases there are.

use gangmu_domain::approvals::{Catalogue, Route};
use gangmu_domain::library::{Field, InvestorType, ProjectId, Value};
use gangmu_domain::pipeline::Stage;
use gangmu_store::library::{self, Event, Project};
use gangmu_store::{Tx, bulk};
use jiff::ToSpan as _;
use jiff::civil::Date;

use super::Maker;
use crate::approvals::InventedCase;
use crate::demo::course::{Ground, of_case};
use crate::demo::facts::{self, Traits};
use crate::demo::trades::TRADES;
use crate::error::{AppError, OrNotFound};
use crate::library::Edits;
use crate::random::Draw;
use crate::{Actor, App};

/// Cases written in one transaction: each has some twenty-five matters.
const BATCH: usize = 500;
/// How many days ago a case may have been begun: within these most of what was begun is still open,
/// some three matters a case.
const LONGEST: i64 = 30;

impl App {
    /// Makes cases and returns how many matters are open in them.
    pub(super) async fn generate_cases(
        &self,
        maker: &mut Maker<'_>,
        count: usize,
    ) -> Result<usize, AppError> {
        let actor = self.system().await?;
        let (catalogue, _) = self.current_catalogue().await?;
        let (mut done, mut open) = (0, 0);
        while done < count {
            let part = BATCH.min(count - done);
            let tx = self.db.begin().await?;
            let cases = maker.cases_of(&tx, &catalogue, part).await?;
            open += self.cases_write(&tx, &actor, maker, cases).await?;
            tx.commit().await?;
            done += part;
        }
        Ok(open)
    }

    async fn cases_write(
        &self,
        tx: &Tx,
        actor: &Actor,
        maker: &Maker<'_>,
        cases: Vec<InventedCase>,
    ) -> Result<usize, AppError> {
        let first = *maker.periods.first().or_not_found("period")?;
        let projects: Vec<(Project, Event)> = cases
            .iter()
            .map(|case| (case.project.clone(), maker.created(&case.project, first)))
            .collect();
        bulk::project_insert_all(tx, &projects, maker.now).await?;
        self.cases_invent(tx, actor, cases, maker.last_day()).await
    }
}

impl Maker<'_> {
    /// The day everything that is generated has come to.
    fn last_day(&self) -> Date {
        let last = self.periods.last();
        last.map_or(Date::ZERO, |period| period.last_day())
    }

    async fn cases_of(
        &mut self,
        tx: &Tx,
        catalogue: &Catalogue,
        count: usize,
    ) -> Result<Vec<InventedCase>, AppError> {
        let many = i64::try_from(count).unwrap_or(i64::MAX);
        let start = library::project_new_ids(tx, many).await?;
        let ids = (0..many).map(|n| ProjectId(start.0 + n));
        ids.map(|id| self.case(catalogue, id)).collect()
    }

    /// A project that starts next year, and its case up to the last day.
    fn case(&mut self, catalogue: &Catalogue, id: ProjectId) -> Result<InventedCase, AppError> {
        let until = self.last_day();
        let mut project = self.project(id, until.year() + 1)?;
        let mut draw = Draw::new(self.seed ^ 0x6361_7365 ^ id.0.unsigned_abs());
        prepare(&mut project);
        let begun = until.checked_sub(draw.between(1, LONGEST).days());
        let made_on = begun.unwrap_or(until);
        project.stage = Stage::Preparation;
        project.stage_since = made_on;
        let route = Route::of(&project.record).unwrap_or(Route::Filing);
        let own = self.reference.level(&project.unit);
        let ground = Ground {
            catalogue,
            calendar: &self.reference.calendar,
            unit: &project.unit,
            planned_start: project.record.date(Field::PlannedStart).unwrap_or(until),
            slack: 5,
            number: id.0,
            stuck: None,
        };
        let instances = catalogue.instantiate(route, &project.record, own);
        let (mut wishes, _) = of_case(&ground, &instances, made_on, &mut draw);
        wishes.retain(|wish| wish.on <= until);
        // Stable: acts of one day stay in the order of their course.
        wishes.sort_by_key(|wish| wish.on);
        let acts = wishes.into_iter();
        Ok(InventedCase {
            made_on,
            acts: acts.map(|wish| (wish.item, wish.on, wish.act)).collect(),
            project,
        })
    }
}

/// Turns a running project into one in preparation, with what approving offices ask.
fn prepare(project: &mut Project) {
    let record = &mut project.record;
    let industry = record.text(Field::Industry).unwrap_or_default();
    let trade = TRADES.iter().find(|trade| trade.industry == industry);
    let government = record.text(Field::InvestorType) == Some(InvestorType::Government.word());
    let traits = Traits {
        trade: trade.unwrap_or(&TRADES[0]),
        government,
        total: record
            .money(Field::TotalInvestment)
            .map_or(0, |n| n.0 / 10_000),
        early: false,
    };
    let mut facts = Edits::new();
    let n = usize::try_from(project.id.0).unwrap_or(0);
    facts::put(&traits, n, &mut facts);
    for (field, value) in facts {
        record.restore(field, value);
    }
    let stage = Value::Code(Stage::Preparation.word().to_owned());
    record.restore(Field::Stage, Some(stage));
}
