//! The rolling pipeline (滚动接续): moving projects, and the year's programme.

mod carry;
mod inherit;
mod overview;
mod programme;

use std::collections::BTreeMap;

use gangmu_domain::Yuan;
use gangmu_domain::library::{EventKind, Field, ProjectId, Value};
use gangmu_domain::metrics::Carried;
use gangmu_domain::organisation::Action;
use gangmu_domain::pipeline::{
    AttachmentKind, CannotMove, Exit, Gate, GateFacts, OpenMatters, ProgrammeChangeKind, Stage,
    Unmet,
};
use gangmu_store::Tx;
use gangmu_store::library::{self, Project};
use jiff::civil::Date;

use crate::change::{Because, Work};
use crate::error::{AppError, Message, OrNotFound as _};
use crate::library::{Edits, Place, ProjectEdit, locked};
use crate::position::{Deltas, Periods};
use crate::{Actor, App, Reference};

use carry::{Reached, carry_over, shares};
pub(crate) use inherit::{newest_from, pass_on};
pub use overview::{
    FlowView, PipelineView, StageView, StartTargetView, ToStartTotalView, ToStartView,
};
use programme::Taken;
pub(crate) use programme::{Listing, put_entries};

pub use programme::{BridgeChangeView, BridgeLineView, BridgeView, NewEntry, TallyView};

/// A move with its explanation.
#[derive(Clone, Debug)]
pub struct Move {
    /// The day it counts from; today when absent.
    pub on: Option<Date>,
    /// Why.
    pub reason: String,
    /// The document that says so (文号).
    pub document_no: String,
}

/// One part of a split: its name and its share. Shares of all parts are the whole.
#[derive(Clone, Debug)]
pub struct Part {
    /// The name of the new project.
    pub name: String,
    /// Its share of the total investment.
    pub total: Yuan,
    /// Its share of what was invested since the start of building.
    pub since_start: Yuan,
    /// Its share of what was invested since January; of the above.
    pub year_to_date: Yuan,
    /// Its share of the year's plan, when the project is on the list.
    pub plan: Yuan,
}

impl App {
    /// Moves a project to another stage: forward through the gate, or one back for a reason.
    ///
    /// # Errors
    /// [`AppError::Invalid`] with every unmet condition and who can meet it.
    pub async fn stage_move(
        &self,
        actor: &Actor,
        id: ProjectId,
        to: Stage,
        mv: &Move,
    ) -> Result<(), AppError> {
        self.stages_move(actor, &[(id, to)], mv).await
    }

    /// Moves several projects; all of them or none.
    ///
    /// # Errors
    /// As [`App::stage_move`] for the first that cannot be moved.
    pub async fn stages_move(
        &self,
        actor: &Actor,
        moves: &[(ProjectId, Stage)],
        mv: &Move,
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        let on = self.day_of(mv)?;
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let mut moves = moves.to_vec();
        // One order of locks, so that two moves of several cannot wait for each other.
        moves.sort_by_key(|(id, _)| *id);
        let mut moved = Vec::with_capacity(moves.len());
        for (id, to) in &moves {
            let before = locked(work.tx, actor, Action::MoveStage, *id).await?;
            let mut after = before.clone();
            after.stage = next_stage(self, work.tx, &reference, &before, *to, on, mv).await?;
            after.stage_since = on;
            moved.push((before, after));
        }
        let because = because(EventKind::StageMoved, on, mv);
        work.save_all(&mut moved, &because).await?;
        let prepared = moved.iter().map(|(_, after)| after);
        let prepared: Vec<_> = prepared
            .filter(|after| after.stage == Stage::Preparation)
            .cloned()
            .collect();
        crate::approvals::cases_for_preparation(self, &mut work, prepared).await?;
        begun.commit().await
    }

    /// Lists what a project's next gate still asks for, without moving it.
    ///
    /// # Errors
    /// When the project may not be seen.
    pub async fn gate_check(&self, actor: &Actor, id: ProjectId) -> Result<Vec<Unmet>, AppError> {
        let reference = self.reference().await?;
        let project = self.visible(actor, Action::Read, id).await?;
        let Some(next) = project.stage.next() else {
            return Ok(Vec::new());
        };
        let facts = gate_facts(self, &self.db, &project, self.today()).await?;
        let gate = gate_to(&reference, next);
        Ok(gate
            .pass(facts.borrow(&project), self.today())
            .err()
            .unwrap_or_default())
    }

    /// Takes a project out of the pipeline (取消、调出), and off the lists it is on.
    ///
    /// # Errors
    /// When it has left already, or no reason is given.
    pub async fn withdraw(
        &self,
        actor: &Actor,
        id: ProjectId,
        exit: Exit,
        mv: &Move,
    ) -> Result<(), AppError> {
        let on = self.day_of(mv)?;
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let before = locked(work.tx, actor, Action::MoveStage, id).await?;
        let mut after = before.clone();
        after.stage = before
            .stage
            .leave(exit, &mv.reason)
            .map_err(|e| cannot(&e))?;
        after.stage_since = on;
        after.suspended = false;
        programme::drop_entries(&mut work, &after, ProgrammeChangeKind::Removed, on, mv).await?;
        let because = because(EventKind::Withdrawn, on, mv);
        work.save(&before, &mut after, &because).await?;
        self.problems_close(work.tx, actor, &after, on).await?;
        begun.commit().await
    }

    /// Suspends a project (暂缓), or takes it up again (恢复).
    ///
    /// # Errors
    /// When it is so already, has left the pipeline, or no reason is given.
    pub async fn set_suspended(
        &self,
        actor: &Actor,
        id: ProjectId,
        suspended: bool,
        mv: &Move,
    ) -> Result<(), AppError> {
        let kind = if suspended {
            EventKind::Suspended
        } else {
            EventKind::Resumed
        };
        self.with_project(
            actor,
            Action::MoveStage,
            id,
            mv,
            kind,
            async |_, project| {
                if !project.stage.is_active() {
                    return Err(cannot(&CannotMove::Left {
                        stage: project.stage,
                    }));
                }
                if mv.reason.trim().is_empty() {
                    return Err(cannot(&CannotMove::NoReason));
                }
                if project.suspended == suspended {
                    return Err(AppError::state("pipeline.suspended_already"));
                }
                project.suspended = suspended;
                Ok(())
            },
        )
        .await
    }

    /// Splits a project into parts that keep its place, stage and totals (拆分).
    ///
    /// # Errors
    /// When the parts do not add up to the whole, or there are fewer than two.
    pub async fn split(
        &self,
        actor: &Actor,
        id: ProjectId,
        parts: &[Part],
        mv: &Move,
    ) -> Result<Vec<ProjectId>, AppError> {
        let reference = self.reference().await?;
        let on = self.day_of(mv)?;
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let before = locked(work.tx, actor, Action::MoveStage, id).await?;
        let reached = Reached::read(&work, &before).await?;
        check_parts(&before, &reached.newest(), parts, mv)?;
        let entries = programme::current_entries(&work, &before).await?;
        if let Some((_, entry)) = entries.first() {
            let plan: Yuan = parts.iter().map(|part| part.plan).sum();
            if plan != entry.plan {
                return Err(AppError::invalid("pipeline.parts_plan_not_whole", "parts"));
            }
        }
        let mut after = before.clone();
        after.stage = Stage::Split;
        after.stage_since = on;
        programme::drop_entries(&mut work, &after, ProgrammeChangeKind::Split, on, mv).await?;
        work.save(&before, &mut after, &because(EventKind::Split, on, mv))
            .await?;
        let place = Place::of(&before);
        let mut ids = Vec::new();
        let totals: Vec<Yuan> = parts.iter().map(|part| part.total).collect();
        let years: Vec<i16> = entries.iter().map(|(year, _)| *year).collect();
        let reached = reached.share_out(parts, &years);
        for (at, (part, mut reached)) in parts.iter().zip(reached).enumerate() {
            let edit = part_edit(&before, part, part.since_start - reached.since_start());
            let why = because(EventKind::SplitFrom, on, mv);
            let project = crate::library::enter(&reference, &mut work, &edit, &place, &why).await?;
            library::link_insert(work.tx, project.id, id, EventKind::SplitFrom, work.now).await?;
            library::link_insert(work.tx, id, project.id, EventKind::Split, work.now).await?;
            for (nth, (year, entry)) in entries.iter().enumerate() {
                // Of the year's plan people say the shares; later lists follow the totals.
                let plan = match nth {
                    0 => part.plan,
                    _ => shares(entry.plan, &totals)[at],
                };
                let new = NewEntry {
                    category: entry.category,
                    plan,
                    monthly_plan: None,
                    carried: carry_over(&work, &project, *year, &mut reached).await?,
                };
                let kind = ProgrammeChangeKind::Split;
                programme::put_entry(&mut work, &project, *year, &new, kind, on, mv).await?;
            }
            self.problems_pass_on(work.tx, actor, id, project.id, on)
                .await?;
            ids.push(project.id);
        }
        self.problems_close(work.tx, actor, &after, on).await?;
        begun.commit().await?;
        Ok(ids)
    }

    /// Merges projects into one of them, which takes their totals and plans over (合并).
    ///
    /// # Errors
    /// When they stand in different units, or one of them has left the pipeline.
    pub async fn merge(
        &self,
        actor: &Actor,
        into: ProjectId,
        others: &[ProjectId],
        mv: &Move,
    ) -> Result<(), AppError> {
        let mut ids = others.to_vec();
        ids.push(into);
        ids.sort();
        ids.dedup();
        if others.is_empty() || ids.len() != others.len() + 1 {
            return Err(AppError::invalid("pipeline.nothing_to_merge", "others"));
        }
        if mv.reason.trim().is_empty() {
            return Err(cannot(&CannotMove::NoReason));
        }
        let on = self.day_of(mv)?;
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let mut held = BTreeMap::new();
        // One order of locks, so that two mergers cannot wait for each other.
        for id in ids {
            held.insert(id, locked(work.tx, actor, Action::MoveStage, id).await?);
        }
        let target = held.remove(&into).or_not_found("project")?;
        if !target.stage.is_active() {
            return Err(cannot(&CannotMove::Left {
                stage: target.stage,
            }));
        }
        let mut taken = Taken {
            total: target.total(),
            plans: BTreeMap::new(),
            reached: Reached::default(),
        };
        for (id, before) in held {
            if !before.stage.is_active() {
                return Err(cannot(&CannotMove::Left {
                    stage: before.stage,
                }));
            }
            if before.unit != target.unit {
                return Err(AppError::state("pipeline.merge_across_units"));
            }
            taken.total += before.total();
            taken.reached.add(&Reached::read(&work, &before).await?);
            for (year, entry) in programme::current_entries(&work, &before).await? {
                let place = taken.plans.entry(year);
                place.or_insert((entry.category, Yuan::ZERO)).1 += entry.plan;
            }
            let mut after = before.clone();
            after.stage = Stage::Merged;
            after.stage_since = on;
            programme::drop_entries(&mut work, &after, ProgrammeChangeKind::Merged, on, mv).await?;
            work.save(&before, &mut after, &because(EventKind::Merged, on, mv))
                .await?;
            self.problems_pass_on(work.tx, actor, id, into, on).await?;
            self.problems_close(work.tx, actor, &after, on).await?;
            library::link_insert(work.tx, into, id, EventKind::MergedFrom, work.now).await?;
            library::link_insert(work.tx, id, into, EventKind::Merged, work.now).await?;
        }
        let listed = programme::take_over(&mut work, &target, &mut taken, on, mv).await?;
        let mut after = target.clone();
        let record = &mut after.record;
        let total = Some(Value::Money(taken.total));
        record.restore(Field::TotalInvestment, total);
        if !listed && !programme::keep_for_list(&work, &target, &taken.reached).await? {
            // No list counts what the others had reached, so the record says it.
            let before = record.money(Field::InvestedBefore).unwrap_or_default();
            let all = before + taken.reached.since_start();
            record.restore(Field::InvestedBefore, Some(Value::Money(all)));
        }
        work.save(&target, &mut after, &because(EventKind::MergedFrom, on, mv))
            .await?;
        begun.commit().await
    }

    pub(crate) fn work<'a>(
        &self,
        tx: &'a Tx,
        actor: &'a Actor,
        periods: &'a Periods,
        deltas: &'a mut Deltas,
    ) -> Work<'a> {
        Work {
            tx,
            actor,
            now: self.now(),
            periods,
            deltas,
        }
    }

    /// Returns the day a move counts from, which has come.
    fn day_of(&self, mv: &Move) -> Result<Date, AppError> {
        let on = mv.on.unwrap_or(self.today());
        if on > self.today() {
            return Err(AppError::invalid("pipeline.date_in_future", "on"));
        }
        Ok(on)
    }

    /// Locks a project, lets `change` decide, and saves.
    async fn with_project(
        &self,
        actor: &Actor,
        action: Action,
        id: ProjectId,
        mv: &Move,
        kind: EventKind,
        change: impl AsyncFnOnce(&Tx, &mut Project) -> Result<(), AppError>,
    ) -> Result<(), AppError> {
        let on = self.day_of(mv)?;
        let mut begun = self.begin(actor).await?;
        let mut work = begun.work();
        let before = locked(work.tx, actor, action, id).await?;
        let mut after = before.clone();
        change(work.tx, &mut after).await?;
        work.save(&before, &mut after, &because(kind, on, mv))
            .await?;
        begun.commit().await
    }
}

/// Decides a move: one back for a reason, else forward through the gate.
async fn next_stage(
    app: &App,
    tx: &Tx,
    reference: &Reference,
    project: &Project,
    to: Stage,
    on: Date,
    mv: &Move,
) -> Result<Stage, AppError> {
    if project.suspended {
        return Err(cannot(&CannotMove::Suspended));
    }
    let stage = project.stage;
    if stage.previous() == Some(to) {
        return stage.step_back(to, &mv.reason).map_err(|e| cannot(&e));
    }
    // Before the gate: nobody gathers what a stage asks for that is not next.
    adjacent(stage, to)?;
    let facts = gate_facts(app, tx, project, on).await?;
    let passed = gate_to(reference, to)
        .pass(facts.borrow(project), on)
        .map_err(unmet)?;
    stage.advance(&passed).map_err(|e| cannot(&e))
}

fn adjacent(from: Stage, to: Stage) -> Result<(), AppError> {
    if !from.is_active() {
        return Err(cannot(&CannotMove::Left { stage: from }));
    }
    if from.next() != Some(to) {
        return Err(cannot(&CannotMove::NotAdjacent { from, to }));
    }
    Ok(())
}

fn because<'a>(kind: EventKind, on: Date, mv: &'a Move) -> Because<'a> {
    Because {
        kind,
        on,
        reason: &mv.reason,
        document_no: &mv.document_no,
    }
}

/// What a gate looks at besides the record.
struct Counts {
    photos: u32,
    documents: u32,
    matters: Option<OpenMatters>,
}

impl Counts {
    fn borrow<'a>(&self, project: &'a Project) -> GateFacts<'a> {
        GateFacts {
            record: &project.record,
            photos: self.photos,
            documents: self.documents,
            matters: self.matters,
        }
    }
}

async fn gate_facts(
    app: &App,
    conn: &impl gangmu_store::Conn,
    project: &Project,
    on: Date,
) -> Result<Counts, AppError> {
    let counts = library::attachment_counts(conn, project.id).await?;
    let of = |kind| counts.get(&kind).copied().unwrap_or(0);
    Ok(Counts {
        photos: of(AttachmentKind::Photo),
        documents: of(AttachmentKind::Document),
        matters: app.open_matters(conn, project.id, on).await?,
    })
}

/// A stage without conditions of its own has a gate that is open.
fn gate_to(reference: &Reference, to: Stage) -> Gate {
    let found = reference.gates.iter().find(|gate| gate.to == to);
    found.cloned().unwrap_or(Gate {
        to,
        conditions: Vec::new(),
    })
}

fn unmet(unmet: Vec<Unmet>) -> AppError {
    AppError::Invalid {
        messages: unmet
            .into_iter()
            .map(|condition| {
                let field = condition.fields.first().map_or("", |f| f.word());
                let code = format!("gate.{}", condition.code);
                Message::new(code, field, [condition.who.word().to_owned()])
            })
            .collect(),
    }
}

fn cannot(problem: &CannotMove) -> AppError {
    match problem {
        CannotMove::NotAdjacent { from, to } => AppError::State {
            code: "pipeline.not_adjacent",
            params: vec![from.word().to_owned(), to.word().to_owned()],
        },
        CannotMove::Left { stage } => AppError::State {
            code: "pipeline.left",
            params: vec![stage.word().to_owned()],
        },
        CannotMove::Suspended => AppError::state("pipeline.suspended"),
        CannotMove::NoReason => AppError::invalid("pipeline.reason_missing", "reason"),
    }
}

fn check_parts(
    whole: &Project,
    reached: &Carried,
    parts: &[Part],
    mv: &Move,
) -> Result<(), AppError> {
    if !whole.stage.is_active() {
        return Err(cannot(&CannotMove::Left { stage: whole.stage }));
    }
    let mut messages = Vec::new();
    if mv.reason.trim().is_empty() {
        messages.push(Message::new("pipeline.reason_missing", "reason", []));
    }
    if parts.len() < 2 {
        messages.push(Message::new("pipeline.too_few_parts", "parts", []));
    }
    let mut whole_of = |code: &str, shares: Yuan, all: Yuan| {
        if shares != all {
            let params = [shares.to_string(), all.to_string()];
            messages.push(Message::new(code, "parts", params));
        }
    };
    let total = parts.iter().map(|part| part.total).sum();
    whole_of("pipeline.parts_total_not_whole", total, whole.total());
    let since = parts.iter().map(|part| part.since_start).sum();
    whole_of(
        "pipeline.parts_invested_not_whole",
        since,
        reached.since_start,
    );
    let year = parts.iter().map(|part| part.year_to_date).sum();
    whole_of("pipeline.parts_year_not_whole", year, reached.year_to_date);
    if messages.is_empty() {
        Ok(())
    } else {
        Err(AppError::Invalid { messages })
    }
}

/// A part inherits everything but the code, which is one project's for life.
///
/// What lists carry over stands there; the record has only what was invested before.
fn part_edit(whole: &Project, part: &Part, invested_before: Yuan) -> ProjectEdit {
    let mut fields: Edits = whole
        .record
        .iter()
        .filter(|(field, _)| field.editable() && *field != Field::Code && *field != Field::Funding)
        .map(|(field, value)| (field, Some(value.clone())))
        .collect();
    fields.insert(Field::Name, Some(Value::Text(part.name.clone())));
    fields.insert(
        Field::ParentName,
        Some(Value::Text(whole.name().to_owned())),
    );
    fields.insert(Field::TotalInvestment, Some(Value::Money(part.total)));
    fields.insert(Field::InvestedBefore, Some(Value::Money(invested_before)));
    ProjectEdit {
        fields,
        not_a_twin: true,
        ..ProjectEdit::default()
    }
}
