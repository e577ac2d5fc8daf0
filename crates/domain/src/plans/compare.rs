//! Two versions of a plan beside each other, task by task and field by field.

use jiff::civil::Date;

use super::{
    Content, Direction, Indicator, Office, Quantity, Share, Source, Step, Task, UnitOfMeasure,
};

/// What happened to a task or indicator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChangeKind {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// It says something else.
    Changed,
}

/// A field's value, left to the reader to word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing.
    Nothing,
    /// A text as written.
    Text(String),
    /// A word of a direction or a source, with what belongs to it.
    Source(Source),
    /// Which way is better.
    Direction(Direction),
    /// A day.
    Day(Date),
    /// Offices.
    Offices(Vec<Office>),
    /// An amount.
    Amount(Quantity, UnitOfMeasure),
    /// A plain number.
    Number(u32),
    /// Tasks or indicators of the plan above: their keys.
    Above(Vec<u32>),
    /// The target by office.
    Shares(Vec<Share>, UnitOfMeasure),
    /// The target by month.
    Steps(Vec<Step>, UnitOfMeasure),
}

/// One difference (版本差异).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Compared {
    /// What happened.
    pub kind: ChangeKind,
    /// The task's key; zero where a task of the plan above is left out or no longer.
    pub task: u32,
    /// The task's title, the newer one.
    pub title: String,
    /// The indicator's key; zero for the task itself.
    pub indicator: u32,
    /// The indicator's name, the newer one.
    pub name: String,
    /// The field's word; empty for the whole.
    pub field: &'static str,
    /// What it said.
    pub before: Said,
    /// What it says.
    pub after: Said,
}

/// Lists what changed from one content to another, in the order of the newer one.
#[must_use]
pub fn compare(before: &Content, after: &Content) -> Vec<Compared> {
    let mut all = Vec::new();
    for task in &after.tasks {
        match before.task(task.key) {
            None => {
                all.push(whole(ChangeKind::Added, task, None));
                all.extend(
                    task.indicators
                        .iter()
                        .map(|one| whole(ChangeKind::Added, task, Some(one))),
                );
            }
            Some(old) => compare_task(old, task, &mut all),
        }
    }
    let gone = before.tasks.iter();
    let gone = gone.filter(|task| after.task(task.key).is_none());
    all.extend(gone.map(|task| whole(ChangeKind::Removed, task, None)));
    compare_left_out(before, after, &mut all);
    all
}

fn whole(kind: ChangeKind, task: &Task, one: Option<&Indicator>) -> Compared {
    let amount = one.map_or(Said::Nothing, |one| {
        Said::Amount(one.target, one.unit.clone())
    });
    let (before, after) = match kind {
        ChangeKind::Removed => (amount, Said::Nothing),
        _ => (Said::Nothing, amount),
    };
    Compared {
        kind,
        task: task.key,
        title: task.title.clone(),
        indicator: one.map_or(0, |one| one.key),
        name: one.map_or_else(String::new, |one| one.name.clone()),
        field: "",
        before,
        after,
    }
}

fn compare_task(old: &Task, new: &Task, all: &mut Vec<Compared>) {
    let fields = task_fields(old).into_iter().zip(task_fields(new));
    for ((field, before), (_, after)) in fields {
        if before != after {
            all.push(changed(new, None, field, before, after));
        }
    }
    for one in &new.indicators {
        let Some(was) = old.indicators.iter().find(|was| was.key == one.key) else {
            all.push(whole(ChangeKind::Added, new, Some(one)));
            continue;
        };
        let fields = indicator_fields(was).into_iter().zip(indicator_fields(one));
        for ((field, before), (_, after)) in fields {
            if before != after {
                all.push(changed(new, Some(one), field, before, after));
            }
        }
    }
    let gone = old.indicators.iter();
    let gone = gone.filter(|was| new.indicators.iter().all(|one| one.key != was.key));
    all.extend(gone.map(|was| whole(ChangeKind::Removed, new, Some(was))));
}

fn changed(
    task: &Task,
    one: Option<&Indicator>,
    field: &'static str,
    before: Said,
    after: Said,
) -> Compared {
    Compared {
        field,
        before,
        after,
        ..whole(ChangeKind::Changed, task, one)
    }
}

fn text(text: &str) -> Said {
    match text.trim() {
        "" => Said::Nothing,
        said => Said::Text(said.to_owned()),
    }
}

fn task_fields(task: &Task) -> [(&'static str, Said); 8] {
    [
        ("group", text(&task.group)),
        ("title", text(&task.title)),
        ("body", text(&task.body)),
        ("outcome", text(&task.outcome)),
        ("lead", Said::Offices(vec![task.lead.clone()])),
        ("cooperating", Said::Offices(task.cooperating.clone())),
        ("due", Said::Day(task.due)),
        ("takes_over", Said::Above(task.takes_over.clone())),
    ]
}

fn indicator_fields(one: &Indicator) -> [(&'static str, Said); 11] {
    let amount = |quantity| Said::Amount(quantity, one.unit.clone());
    [
        ("name", text(&one.name)),
        ("unit", text(&one.unit.0)),
        ("baseline", one.baseline.map_or(Said::Nothing, amount)),
        ("target", amount(one.target)),
        ("due", Said::Day(one.due)),
        ("direction", Said::Direction(one.direction)),
        ("weight", Said::Number(one.weight)),
        ("source", Said::Source(one.source.clone())),
        ("carries", Said::Above(one.takes_over.into_iter().collect())),
        ("shares", Said::Shares(one.shares.clone(), one.unit.clone())),
        ("steps", Said::Steps(one.steps.clone(), one.unit.clone())),
    ]
}

fn compare_left_out(before: &Content, after: &Content, all: &mut Vec<Compared>) {
    let reason = |content: &Content, task: u32| {
        let found = content.left_out.iter().find(|one| one.task == task);
        found.map_or(Said::Nothing, |one| text(&one.reason))
    };
    let mut keys: Vec<u32> = before
        .left_out
        .iter()
        .chain(&after.left_out)
        .map(|one| one.task)
        .collect();
    keys.sort_unstable();
    keys.dedup();
    for key in keys {
        let (was, is) = (reason(before, key), reason(after, key));
        if was != is {
            all.push(Compared {
                kind: ChangeKind::Changed,
                task: 0,
                title: String::new(),
                indicator: key,
                name: String::new(),
                field: "left_out",
                before: was,
                after: is,
            });
        }
    }
}
