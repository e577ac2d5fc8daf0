//! What does not go by plan: the list of 2025 from 3,336 over 3,352 to 3,343 projects, and an open
//! month that is only half filled in.

use gangmu_domain::library::ProjectId;
use gangmu_domain::pipeline::Exit;
use gangmu_domain::{Period, Yuan};

use super::liaison;
use super::sketch::{Life, Sketch};
use super::story::{Teller, entry, explained, following};
use crate::dispatch::Filing;
use crate::error::{AppError, OrNotFound};
use crate::pipeline::Part;
use crate::{Actor, App};

/// Makes the changes of a month, while it is open.
pub(super) async fn make(teller: &mut Teller<'_>, period: Period) -> Result<(), AppError> {
    teller.clock.set(following(period.previous(), 26));
    match (period.year(), period.month()) {
        (2025, 2) => liaison::begin(teller).await?,
        (2025, 7) => liaison::rotate(teller).await?,
        (2025, 3) => {
            take_in(teller, period).await?;
            for at in pick(teller, period, Life::Prepared, 4) {
                let words = explained(
                    "前期工作不具备条件，调出年度计划",
                    "演示发改投资函〔2025〕3号",
                );
                let_go(teller, period, at, &words).await?;
            }
        }
        (2025, 6) => adjust_plans(teller, period).await?,
        (2025, 9) => {
            let words = explained("建设单位调整投资方向", "演示发改投资函〔2025〕9号");
            for (n, at) in pick(teller, period, Life::Waits, 7).into_iter().enumerate() {
                match n {
                    0..=2 => leave(teller, period, at, Exit::MovedOut, &words).await?,
                    3..=4 => leave(teller, period, at, Exit::Cancelled, &words).await?,
                    _ => let_go(teller, period, at, &words).await?,
                }
            }
            split(teller, period).await?;
        }
        (2025, 10) => suspend(teller).await?,
        (2025, 11) => {
            take_in(teller, period).await?;
            let words = explained("年内不具备开工条件", "演示发改投资函〔2025〕11号");
            for at in pick(teller, period, Life::Waits, 5) {
                let_go(teller, period, at, &words).await?;
            }
            merge(teller, period).await?;
        }
        _ => {}
    }
    Ok(())
}

/// Says whether a sketch may be rearranged: not Tongliao's, whose counts are printed.
fn ordinary(sketch: &Sketch, period: Period) -> bool {
    !sketch.fixed
        && !sketch.unit.starts_with("1505")
        && sketch.on_list(period)
        && sketch.on_from.is_none()
        && sketch.missing.is_empty()
        && sketch.id.is_some()
}

fn pick(teller: &Teller<'_>, period: Period, life: Life, n: usize) -> Vec<usize> {
    let fits = |(_, sketch): &(usize, &Sketch)| sketch.life == life && ordinary(sketch, period);
    let all = teller.all.iter().enumerate().filter(fits);
    all.map(|(at, _)| at).step_by(3).take(n).collect()
}

async fn take_in(teller: &Teller<'_>, period: Period) -> Result<(), AppError> {
    let words = explained(
        "新开工条件成熟，补充纳入年度计划",
        "演示发改投资函〔2025〕2号",
    );
    for sketch in teller.all.iter().filter(|s| s.on_from == Some(period)) {
        if let (Some(id), Some(entry)) = (sketch.id, entry(sketch, 1)) {
            let app = teller.app;
            app.programme_adjust(&teller.region, 2025, id, Some(&entry), &words)
                .await?;
        }
    }
    Ok(())
}

async fn let_go(
    teller: &mut Teller<'_>,
    period: Period,
    at: usize,
    words: &crate::pipeline::Move,
) -> Result<(), AppError> {
    let id = off(teller, period, at)?;
    let app = teller.app;
    app.programme_adjust(&teller.region, 2025, id, None, words)
        .await
}

async fn leave(
    teller: &mut Teller<'_>,
    period: Period,
    at: usize,
    exit: Exit,
    words: &crate::pipeline::Move,
) -> Result<(), AppError> {
    let id = off(teller, period, at)?;
    teller.app.withdraw(&teller.region, id, exit, words).await
}

fn off(teller: &mut Teller<'_>, period: Period, at: usize) -> Result<ProjectId, AppError> {
    let sketch = teller.all.get_mut(at).or_not_found("project")?;
    sketch.off_from = Some(period);
    sketch.id.or_not_found("project")
}

async fn adjust_plans(teller: &mut Teller<'_>, period: Period) -> Result<(), AppError> {
    let words = explained("根据实际进度调整年度投资计划", "演示发改投资函〔2025〕6号");
    for at in pick(teller, period, Life::Goes, 15) {
        let sketch = teller.all.get_mut(at).or_not_found("project")?;
        sketch.plans[1] = sketch.plans[1] * 93 / 100;
        if let (Some(id), Some(entry)) = (sketch.id, entry(sketch, 1)) {
            let app = teller.app;
            app.programme_adjust(&teller.region, 2025, id, Some(&entry), &words)
                .await?;
        }
    }
    Ok(())
}

async fn suspend(teller: &Teller<'_>) -> Result<(), AppError> {
    let words = explained("规划调整，暂缓推进", "");
    let ideas = teller.all.iter().filter(|s| s.life == Life::Idea);
    let still = ideas.filter(|s| s.moves.is_empty() && s.id.is_some());
    for sketch in still.step_by(9).take(32) {
        if let Some(id) = sketch.id {
            teller
                .app
                .set_suspended(&teller.region, id, true, &words)
                .await?;
        }
    }
    Ok(())
}

/// One large project becomes three: two more on the list.
async fn split(teller: &mut Teller<'_>, period: Period) -> Result<(), AppError> {
    let at = pick(teller, period, Life::Goes, 40)
        .into_iter()
        .max_by_key(|at| teller.all.get(*at).map(|s| s.total))
        .or_not_found("project")?;
    let id = off(teller, period, at)?;
    let whole = teller.all.get(at).cloned().or_not_found("project")?;
    let parts = parts(&whole, period);
    let shares: Vec<Part> = parts
        .iter()
        .map(|part| Part {
            name: part.name.clone(),
            total: Yuan::wan(part.total),
            since_start: Yuan::wan(part.since_start(period.previous())),
            year_to_date: Yuan::wan(passed(part, period)),
            plan: Yuan::wan(part.plans[1]),
        })
        .collect();
    let words = explained(
        "按标段分项管理，拆分为三个项目",
        "演示发改投资函〔2025〕8号",
    );
    let ids = teller
        .app
        .split(&teller.region, id, &shares, &words)
        .await?;
    for (mut part, id) in parts.into_iter().zip(ids) {
        part.id = Some(id);
        teller.all.push(part);
    }
    Ok(())
}

/// What was invested this year before a month.
fn passed(sketch: &Sketch, period: Period) -> i64 {
    let months = sketch.months.range(period.january()..period);
    months.map(|(_, amount)| amount).sum()
}

/// Shares everything out: two parts by percent, the last takes what is left.
fn parts(whole: &Sketch, period: Period) -> Vec<Sketch> {
    let mut left = whole.clone();
    let mut parts = Vec::new();
    for (n, percent) in [40, 35, 100].into_iter().enumerate() {
        let share = |left: i64, all: i64| {
            if percent == 100 {
                left
            } else {
                all * percent / 100
            }
        };
        let mut part = whole.clone();
        part.name = format!(
            "{}{}标段（演示）",
            whole.name.replace("（演示）", ""),
            n + 1
        );
        part.total = share(left.total, whole.total);
        part.before = share(left.before, whole.before);
        for (month, amount) in &mut part.months {
            *amount = share(left.month(*month), *amount);
        }
        for (plan, (rest, all)) in part
            .plans
            .iter_mut()
            .zip(left.plans.into_iter().zip(whole.plans))
        {
            *plan = share(rest, all);
        }
        left.total -= part.total;
        left.before -= part.before;
        for (month, amount) in &mut left.months {
            *amount -= part.month(*month);
        }
        for (rest, plan) in left.plans.iter_mut().zip(part.plans) {
            *rest -= plan;
        }
        part.id = None;
        part.on_from = Some(period);
        part.off_from = None;
        parts.push(part);
    }
    parts
}

/// Two projects of one banner become one: one less on the list.
async fn merge(teller: &mut Teller<'_>, period: Period) -> Result<(), AppError> {
    let candidates: Vec<usize> = (0..teller.all.len())
        .filter(|at| {
            let sketch = teller.all.get(*at);
            sketch.is_some_and(|s| s.life == Life::Goes && ordinary(s, period))
        })
        .collect();
    let unit_of = |at: usize| teller.all.get(at).map(|s| s.unit.clone());
    let (into, other) = candidates
        .iter()
        .enumerate()
        .find_map(|(n, into)| {
            let twin = candidates
                .iter()
                .skip(n + 1)
                .find(|at| unit_of(**at) == unit_of(*into))?;
            Some((*into, *twin))
        })
        .or_not_found("project")?;
    let gone_id = off(teller, period, other)?;
    let gone = teller.all.get(other).cloned().or_not_found("project")?;
    let target = teller.all.get_mut(into).or_not_found("project")?;
    let id = target.id.or_not_found("project")?;
    target.total += gone.total;
    target.before += gone.before;
    for (month, amount) in &gone.months {
        *target.months.entry(*month).or_default() += amount;
    }
    for (plan, taken) in target.plans.iter_mut().zip(gone.plans) {
        *plan += taken;
    }
    let words = explained("同一园区、同一业主，合并管理", "演示发改投资函〔2025〕10号");
    teller
        .app
        .merge(&teller.region, id, &[gone_id], &words)
        .await
}

/// Gives the demo's reporter some projects of the open list.
pub(super) async fn assign_reporter(teller: &Teller<'_>, system: &Actor) -> Result<(), AppError> {
    let app: &App = teller.app;
    let reporter = app.user_by_login(system, "reporter").await?;
    let period = Period::new(2026, 1).or_not_found("period")?;
    let own = |s: &&Sketch| s.unit == "150502" && s.on_list(period) && s.id.is_some();
    for sketch in teller.all.iter().filter(own).take(8) {
        if let Some(id) = sketch.id {
            app.project_assign(&teller.region, id, Some(reporter))
                .await?;
        }
    }
    Ok(())
}

/// Fills the open month in part: some handed in and reviewed, some drafts, some sent back, some
/// not begun.
pub(super) async fn file_in_part(teller: &Teller<'_>, period: Period) -> Result<(), AppError> {
    let app = teller.app;
    for (n, (league, clerk)) in teller.clerks.iter().enumerate() {
        teller.clock.set(following(period, 3));
        let mut submitted = Vec::new();
        let mut drafts = Vec::new();
        for (at, typed) in teller.typed(period, league).into_iter().enumerate() {
            match (at * 7 + n * 3) % 20 {
                0..=11 => submitted.push(typed),
                12..=13 => drafts.push(typed),
                _ => {}
            }
        }
        let seen: Vec<_> = submitted.iter().map(|typed| (typed.project, 2)).collect();
        app.returns_file(clerk, period, submitted, Filing::Submit)
            .await?;
        app.returns_file(clerk, period, drafts, Filing::Draft)
            .await?;
        teller.clock.set(following(period, 4));
        let (reviewed, waiting) = seen.split_at(seen.len() / 2);
        app.returns_review(clerk, period, reviewed).await?;
        for back in waiting.iter().step_by(25) {
            app.return_send_back(clerk, period, *back, "形象进度与投资额不符，请核实")
                .await?;
        }
    }
    Ok(())
}
