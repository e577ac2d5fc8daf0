//! What a leader's page shows of supervision: the tasks the leader answers for, and those below that
//! take them over, that are behind or not reported, and the letters over them that wait for an answer.
//!
//! What a reader would get wrong: an item is behind by the last report; where the round has none yet,
//! it is also named when the figures say so, which is told apart. A report is missing in every round
//! whose bulletin is not out; after that nothing can be handed in any more.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::Period;
use gangmu_domain::organisation::Action;
use gangmu_domain::plans::PlanId;
use gangmu_domain::supervision::{LetterState, Round, State};
use gangmu_store::plans;
use gangmu_store::supervision::{self, LetterFilter};
use serde::Serialize;
use utoipa::ToSchema;

use super::letters::{LetterRowView, listed};
use super::load::{Line, Loaded, Suggested, load_all};
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
    /// report: a report is missing; missed: it was missing when the bulletin came out; `catch_up`: the
    /// last report says behind; confirm: the figures say behind and nobody has reported yet.
    pub asked: &'static str,
    /// Whether it is a task below that takes over what one answers for.
    pub below: bool,
    /// The item as bulletins show it.
    pub item: ItemRowView,
}

/// What is asked over the tasks one answers for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct AskedView {
    /// Items that are behind or not reported: one's own first, plan by plan, as the plans print them.
    pub items: Vec<AskedItemView>,
    /// Letters over them that wait for an answer: plan by plan, newest first.
    pub letters: Vec<LetterRowView>,
}

/// So many open letters of a plan are looked through.
const LETTERS: i64 = 200;

impl App {
    /// Gathers what supervision asks over some tasks and those below that take them over.
    ///
    /// # Errors
    /// When nothing may be read. Tasks of plans that may not be seen are left out.
    pub(crate) async fn supervision_asked(
        &self,
        actor: &Actor,
        tasks: &BTreeSet<(PlanId, u32)>,
    ) -> Result<AskedView, AppError> {
        let (reference, today) = (self.reference().await?, self.today());
        let all = self.taken_over(actor, tasks).await?;
        let mut rows = Vec::new();
        for id in all.iter().map(|(plan, _)| *plan).collect::<BTreeSet<_>>() {
            match self.plan_seen(actor, id).await {
                Err(AppError::NotFound { .. }) => {}
                found => rows.push(found?),
            }
        }
        let scope = actor.grant(Action::Read)?.scope;
        let mut view = AskedView::default();
        for loaded in load_all(&self.db, &reference, today, rows).await? {
            let plan = loaded.plan.id;
            let wanted = |task: u32| all.contains(&(plan, task));
            let mut items = self.asked_items(actor, &reference, &loaded, wanted).await?;
            for one in &mut items {
                one.below = !tasks.contains(&(plan, one.item.task));
            }
            view.items.extend(items);
            let filter = LetterFilter {
                scope: Some(scope.clone()),
                plan: Some(plan),
                state: Some(LetterState::Awaiting),
                limit: LETTERS,
                ..LetterFilter::default()
            };
            let letters = supervision::supervision_letter_list(&self.db, &filter).await?;
            let about = letters
                .iter()
                .filter(|row| listed(row).iter().any(|one| wanted(one.task)));
            let letter = |row| LetterRowView::new(&reference, row, today);
            view.letters.extend(about.map(letter));
        }
        view.items.sort_by_key(|one| one.below);
        Ok(view)
    }

    /// Adds to some tasks those of plans below that take them over, down to the last.
    async fn taken_over(
        &self,
        actor: &Actor,
        tasks: &BTreeSet<(PlanId, u32)>,
    ) -> Result<BTreeSet<(PlanId, u32)>, AppError> {
        let mut all = tasks.clone();
        let mut above = tasks.clone();
        while !above.is_empty() {
            let mut found = BTreeSet::new();
            for id in above.iter().map(|(plan, _)| *plan).collect::<BTreeSet<_>>() {
                let below = self.plans_below(actor, id).await?;
                let ids: Vec<PlanId> = below.iter().map(|one| one.id).collect();
                for (plan, row) in plans::plan_version_in_force(&self.db, &ids).await? {
                    let takes = |key: &u32| above.contains(&(id, *key));
                    let taking = row.content.tasks.iter();
                    let taking = taking.filter(|task| task.takes_over.iter().any(takes));
                    found.extend(taking.map(|task| (plan, task.key)));
                }
            }
            // What was there before is not looked at again: the search comes to an end.
            above = found.difference(&all).copied().collect();
            all.extend(&above);
        }
        Ok(all)
    }

    async fn asked_items(
        &self,
        actor: &Actor,
        reference: &Reference,
        loaded: &Loaded,
        wanted: impl Fn(u32) -> bool,
    ) -> Result<Vec<AskedItemView>, AppError> {
        let today = self.today();
        let open = |round: &Round| !loaded.closed.contains_key(&round.period);
        let content = loaded.content();
        let stands = match loaded.rounds.iter().any(open) {
            false => BTreeMap::new(),
            true => {
                self.plan_stands_now(actor, reference, &loaded.plan, content)
                    .await?
            }
        };
        let view = |asked, round: Round, line: &Line, suggested| AskedItemView {
            plan_id: loaded.plan.id.0,
            plan_title: loaded.plan.title.clone(),
            period: round.period.to_string(),
            due_on: round.due_on.to_string(),
            asked,
            below: false,
            item: ItemRowView::new(reference, actor, line, suggested),
        };
        // Each task's own newest round, and the earlier ones that still want a report: read from the
        // newest back, each round once.
        let tasks = content.tasks.iter().map(|task| task.key);
        let tasks: BTreeSet<u32> = tasks.filter(|task| wanted(*task)).collect();
        let mut newest_of: BTreeMap<u32, Period> = BTreeMap::new();
        let mut read: Vec<(Round, Line)> = Vec::new();
        for round in loaded.rounds.iter().rev() {
            if newest_of.len() == tasks.len() && !open(round) {
                continue;
            }
            let mut lines = loaded.lines(reference, *round, today)?;
            lines.retain(|line| tasks.contains(&line.task));
            for line in &lines {
                newest_of.entry(line.task).or_insert(round.period);
            }
            read.splice(0..0, lines.into_iter().map(|line| (*round, line)));
        }
        let is_newest =
            |(round, line): &(Round, Line)| newest_of.get(&line.task) == Some(&round.period);
        let (last, earlier): (Vec<_>, Vec<_>) = read.into_iter().partition(is_newest);
        let mut items: Vec<AskedItemView> = earlier
            .iter()
            .filter(|(round, line)| open(round) && line.is_missing())
            .map(|(round, line)| view("report", *round, line, Suggested::default()))
            .collect();
        for (newest, line) in last {
            let suggested = match open(&newest) {
                true => loaded.suggested(reference, &stands, line.item(), today),
                false => Suggested::default(),
            };
            let proposed = suggested.proposal.map(|one| one.state);
            // While a report is still wanted, what the round before said holds.
            let last = match line.is_open() {
                true => loaded.before(newest.period, line.item()),
                false => Some(line.state()),
            };
            let asked = match last {
                _ if line.is_missing() && open(&newest) => "report",
                _ if line.is_missing() => "missed",
                Some(State::Behind) => "catch_up",
                _ if line.is_open() && proposed == Some(State::Behind) => "confirm",
                _ => continue,
            };
            items.push(view(asked, newest, &line, suggested));
        }
        Ok(items)
    }
}
