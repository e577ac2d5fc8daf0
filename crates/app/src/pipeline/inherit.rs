//! Corrections of projects that were merged or split since: what they change goes on to the heirs.
//!
//! A heir counts what was reached when the list was rearranged. When a closed month is corrected
//! afterwards, that is no longer what was reached, and every later month of the heir moves with
//! it, closed ones too, in the edition that stands; what was published stays.

use gangmu_domain::Period;
use gangmu_domain::library::{EventKind, Field, ProjectId, Value};
use gangmu_domain::metrics::{Carried, Position};
use gangmu_domain::pipeline::Stage;
use gangmu_store::dispatch::{self, ReturnRow};
use gangmu_store::library::{self, Project};
use gangmu_store::{batch, pipeline};

use super::carry::shares;
use crate::change::{Because, Work};
use crate::error::{AppError, OrNotFound as _};
use crate::position::{Affected, reposition};

/// Reads a project's newest return from a period on.
pub(crate) async fn newest_from(
    work: &Work<'_>,
    id: ProjectId,
    from: Period,
) -> Result<Option<ReturnRow>, AppError> {
    let mut rows = dispatch::return_list_from(work.tx, id, from).await?;
    Ok(rows.pop())
}

/// Hands on what has changed in a project's newest return since it read `stood`.
pub(crate) async fn pass_on(
    work: &mut Work<'_>,
    project: &Project,
    stood: &ReturnRow,
    because: &Because<'_>,
) -> Result<(), AppError> {
    let kind = match project.stage {
        Stage::Merged => EventKind::Merged,
        Stage::Split => EventKind::Split,
        _ => return Ok(()),
    };
    let Some(now) = newest_from(work, project.id, stood.period).await? else {
        return Ok(());
    };
    let moved = difference(&now.position, &stood.position);
    if now.period != stood.period || moved == Carried::default() {
        return Ok(());
    }
    let mut heirs = Vec::new();
    for link in library::link_list(work.tx, project.id).await? {
        if link.kind == kind.word() {
            let heir = library::project_lock(work.tx, ProjectId(link.other_id)).await?;
            heirs.push(heir.or_not_found("project")?);
        }
    }
    let totals: Vec<_> = heirs.iter().map(Project::total).collect();
    let to_date = shares(moved.year_to_date, &totals);
    let since = shares(moved.since_start, &totals);
    let funds = shares(moved.funds_to_date, &totals);
    for (at, heir) in heirs.iter().enumerate() {
        let share = Carried {
            year_to_date: to_date[at],
            since_start: since[at],
            funds_to_date: funds[at],
        };
        Box::pin(take(work, heir, stood.period, share, because)).await?;
    }
    Ok(())
}

fn difference(now: &Position, stood: &Position) -> Carried {
    Carried {
        year_to_date: now.year_to_date - stood.year_to_date,
        since_start: now.since_start - stood.since_start,
        funds_to_date: now.funds_to_date - stood.funds_to_date,
    }
}

/// Adds a share to what a heir carries over from the month after `last` on.
async fn take(
    work: &mut Work<'_>,
    heir: &Project,
    last: Period,
    share: Carried,
    because: &Because<'_>,
) -> Result<(), AppError> {
    let rows = dispatch::return_list_from(work.tx, heir.id, last.next()).await?;
    let stood = rows.last().cloned();
    let first = rows
        .into_iter()
        .find(|row| row.position.entry.carried != Carried::default());
    let Some(first) = first else {
        return take_into_record(work, heir, share, because).await;
    };
    let year = first.period.year();
    let share = if year == last.year() {
        share
    } else {
        share.before_this_year()
    };
    if let Some(mut entry) = pipeline::entry_get(work.tx, heir.id, year).await? {
        entry.carried = entry.carried + share;
        pipeline::entry_put(work.tx, heir.id, year, &entry).await?;
    }
    for (period, carried) in pipeline::carried_month_list(work.tx, heir.id).await? {
        if period.year() == year && period >= first.period {
            pipeline::carried_month_put(work.tx, heir.id, period, carried + share).await?;
        }
    }
    // Closed months keep their entry as it stood, so it is told here; open ones read it anew.
    let mut told = dispatch::return_list_from(work.tx, heir.id, first.period).await?;
    told.retain(|row| row.period.year() == year);
    for row in &mut told {
        row.position.entry.carried = row.position.entry.carried + share;
    }
    batch::return_put_all(work.tx, &told).await?;
    let affected = [Affected::by_itself(heir)];
    reposition(work.tx, work.periods, first.period, &affected, work.deltas).await?;
    match stood {
        Some(stood) => pass_on(work, heir, &stood, because).await,
        None => Ok(()),
    }
}

/// A heir that is on no list has what was invested in its record.
async fn take_into_record(
    work: &mut Work<'_>,
    heir: &Project,
    share: Carried,
    because: &Because<'_>,
) -> Result<(), AppError> {
    let mut after = heir.clone();
    let before = heir.record.money(Field::InvestedBefore);
    let invested = before.unwrap_or_default() + share.since_start;
    let value = Some(Value::Money(invested));
    after.record.restore(Field::InvestedBefore, value);
    work.save(heir, &mut after, because).await.map(|_| ())
}
