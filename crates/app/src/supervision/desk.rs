//! What a leader's page shows of supervision: the tasks the leader answers for that are behind or not
//! reported, and the letters over them that wait for an answer.
//!
//! What a reader would get wrong: an item is behind by the last report; where the round has none yet,
//! it is also named when the figures say so, which is told apart.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::organisation::Action;
use gangmu_domain::plans::PlanId;
use gangmu_domain::supervision::{LetterState, State};
use gangmu_store::supervision::{self, LetterFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::letters::{LetterRowView, listed};
use super::load::{Loaded, load_all};
use super::round::ItemRowView;
use crate::error::AppError;
use crate::{Actor, App, Reference};

/// An item of a task one answers for, and what is asked of those who carry it out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AskedItemView {
    /// The plan.
    pub plan_id: i64,
    /// What it is called.
    pub plan_title: String,
    /// The month of the round, 2026-01.
    pub period: String,
    /// The day the round's reports are due.
    pub due_on: String,
    /// report: a report is missing; `catch_up`: the last report says behind; confirm: the figures say
    /// behind and nobody has reported yet.
    pub asked: &'static str,
    /// The item as bulletins show it.
    pub item: ItemRowView,
}

/// What is asked over the tasks one answers for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AskedView {
    /// Items that are behind or not reported: plan by plan, as the plans print them.
    pub items: Vec<AskedItemView>,
    /// Letters over them that wait for an answer: plan by plan, newest first.
    pub letters: Vec<LetterRowView>,
}

/// So many open letters of a plan are looked through.
const LETTERS: i64 = 200;

impl App {
    /// Gathers what supervision asks over some tasks, in the newest round of each plan.
    ///
    /// # Errors
    /// When nothing may be read. Tasks of plans that may not be seen are left out.
    pub(crate) async fn supervision_asked(
        &self,
        actor: &Actor,
        tasks: &BTreeSet<(PlanId, u32)>,
    ) -> Result<AskedView, AppError> {
        let (reference, today) = (self.reference().await?, self.today());
        let plans: BTreeSet<PlanId> = tasks.iter().map(|(plan, _)| *plan).collect();
        let mut rows = Vec::with_capacity(plans.len());
        for id in plans {
            match self.plan_seen(actor, id).await {
                Err(AppError::NotFound { .. }) => {}
                found => rows.push(found?),
            }
        }
        let scope = actor.grant(Action::Read)?.scope;
        let mut view = AskedView::default();
        for loaded in load_all(&self.db, &reference, today, rows).await? {
            let own = |task: u32| tasks.contains(&(loaded.plan.id, task));
            let items = self.asked_items(actor, &reference, &loaded, own).await?;
            view.items.extend(items);
            let filter = LetterFilter {
                scope: Some(scope.clone()),
                plan: Some(loaded.plan.id),
                state: Some(LetterState::Awaiting),
                limit: LETTERS,
                ..LetterFilter::default()
            };
            let letters = supervision::supervision_letter_list(&self.db, &filter).await?;
            let about = letters
                .iter()
                .filter(|row| listed(row).iter().any(|one| own(one.task)));
            let letter = |row| LetterRowView::new(&reference, row, today);
            view.letters.extend(about.map(letter));
        }
        Ok(view)
    }

    async fn asked_items(
        &self,
        actor: &Actor,
        reference: &Reference,
        loaded: &Loaded,
        own: impl Fn(u32) -> bool,
    ) -> Result<Vec<AskedItemView>, AppError> {
        let (today, Some(round)) = (self.today(), loaded.rounds.last().copied()) else {
            return Ok(Vec::new());
        };
        let stands = match loaded.closed.contains_key(&round.period) {
            true => BTreeMap::new(),
            false => {
                let content = loaded.content();
                self.plan_stands(actor, reference, &loaded.plan, content)
                    .await?
            }
        };
        let mut items = Vec::new();
        for line in loaded.lines(reference, round, today)? {
            if !own(line.task) {
                continue;
            }
            let suggested = loaded.suggested(reference, &stands, line.item(), today);
            let proposed = suggested.proposal.map(|one| one.state);
            // While a report is still wanted, what the round before said holds.
            let last = match line.is_open() {
                true => loaded.before(round.period, line.item()),
                false => Some(line.state()),
            };
            let asked = match last {
                _ if line.is_missing() => "report",
                Some(State::Behind) => "catch_up",
                _ if line.is_open() && proposed == Some(State::Behind) => "confirm",
                _ => continue,
            };
            items.push(AskedItemView {
                plan_id: loaded.plan.id.0,
                plan_title: loaded.plan.title.clone(),
                period: round.period.to_string(),
                due_on: round.due_on.to_string(),
                asked,
                item: ItemRowView::new(reference, actor, &line, suggested),
            });
        }
        Ok(items)
    }
}
