//! What a version says, as it is written: one JSON text. Words that are no longer known stay as they
//! are, so that an old version can always be read.

use gangmu_domain::Period;
use gangmu_domain::organisation::{DepartmentId, UnitPath};
use gangmu_domain::plans::{
    Content, Direction, Indicator, LeftOut, Link, Office, Quantity, Share, Source, Step, Task,
    UnitOfMeasure,
};
use serde_json::{Value as Json, json};

use crate::StoreError;

pub(super) fn content_text(content: &Content) -> String {
    let left_out = content.left_out.iter();
    let left_out = left_out.map(|one| json!({ "task": one.task, "reason": one.reason }));
    json!({
        "next_key": content.next_key,
        "tasks": content.tasks.iter().map(task_json).collect::<Vec<_>>(),
        "left_out": left_out.collect::<Vec<_>>(),
    })
    .to_string()
}

pub(super) fn content_from(text: &str) -> Result<Content, StoreError> {
    let read = || {
        let json: Json = serde_json::from_str(text).ok()?;
        Some(Content {
            tasks: each(json.get("tasks")?, task_from)?,
            left_out: each(json.get("left_out")?, |one| {
                Some(LeftOut {
                    task: key(one, "task")?,
                    reason: string(one, "reason")?,
                })
            })?,
            next_key: key(&json, "next_key")?,
        })
    };
    read().ok_or_else(|| StoreError::Corrupt {
        what: "plan",
        found: text.chars().take(200).collect(),
    })
}

fn office_json(office: &Office) -> Json {
    json!({ "unit": office.unit.as_str(), "department": office.department.map(|one| one.0) })
}

fn office_from(json: &Json) -> Option<Office> {
    Some(Office {
        unit: UnitPath::from_stored(string(json, "unit")?),
        department: json.get("department")?.as_i64().map(DepartmentId),
    })
}

fn task_json(task: &Task) -> Json {
    json!({
        "key": task.key, "group": task.group, "title": task.title, "body": task.body,
        "outcome": task.outcome, "lead": office_json(&task.lead),
        "cooperating": task.cooperating.iter().map(office_json).collect::<Vec<_>>(),
        "due": task.due.to_string(), "takes_over": task.takes_over,
        "indicators": task.indicators.iter().map(indicator_json).collect::<Vec<_>>(),
    })
}

fn task_from(json: &Json) -> Option<Task> {
    Some(Task {
        key: key(json, "key")?,
        group: string(json, "group")?,
        title: string(json, "title")?,
        body: string(json, "body")?,
        outcome: string(json, "outcome")?,
        lead: office_from(json.get("lead")?)?,
        cooperating: each(json.get("cooperating")?, office_from)?,
        due: string(json, "due")?.parse().ok()?,
        takes_over: each(json.get("takes_over")?, number)?,
        indicators: each(json.get("indicators")?, indicator_from)?,
    })
}

fn indicator_json(one: &Indicator) -> Json {
    let share = |share: &Share| json!({ "office": office_json(&share.office), "quantity": share.quantity.0 });
    let step = |step: &Step| json!({ "period": step.period.number(), "quantity": step.quantity.0 });
    json!({
        "key": one.key, "name": one.name, "unit": one.unit.0,
        "baseline": one.baseline.map(|one| one.0), "target": one.target.0,
        "due": one.due.to_string(), "direction": one.direction.word(), "weight": one.weight,
        "source": source_json(&one.source), "takes_over": one.takes_over,
        "shares": one.shares.iter().map(share).collect::<Vec<_>>(),
        "steps": one.steps.iter().map(step).collect::<Vec<_>>(),
    })
}

fn indicator_from(json: &Json) -> Option<Indicator> {
    Some(Indicator {
        key: key(json, "key")?,
        name: string(json, "name")?,
        unit: UnitOfMeasure(string(json, "unit")?),
        baseline: json.get("baseline")?.as_i64().map(Quantity),
        target: Quantity(json.get("target")?.as_i64()?),
        due: string(json, "due")?.parse().ok()?,
        direction: Direction::from_word(json.get("direction")?.as_str()?)?,
        weight: key(json, "weight")?,
        source: source_from(json.get("source")?)?,
        takes_over: number(json.get("takes_over")?),
        shares: each(json.get("shares")?, |one| {
            Some(Share {
                office: office_from(one.get("office")?)?,
                quantity: Quantity(one.get("quantity")?.as_i64()?),
            })
        })?,
        steps: each(json.get("steps")?, |one| {
            let period = i32::try_from(one.get("period")?.as_i64()?).ok()?;
            Some(Step {
                period: Period::from_number(period)?,
                quantity: Quantity(one.get("quantity")?.as_i64()?),
            })
        })?,
    })
}

fn source_json(source: &Source) -> Json {
    match source {
        Source::Reported => json!({ "kind": "reported" }),
        Source::Derived(formula) => json!({ "kind": "derived", "formula": formula }),
        Source::Linked(link) => json!({
            "kind": "linked", "metric": link.metric, "unit": link.unit.as_str(),
            "department": link.department.map(|one| one.0), "cut": link.cut,
            "member": link.member,
        }),
    }
}

fn source_from(json: &Json) -> Option<Source> {
    Some(match json.get("kind")?.as_str()? {
        "reported" => Source::Reported,
        "derived" => Source::Derived(string(json, "formula")?),
        "linked" => Source::Linked(Link {
            metric: string(json, "metric")?,
            unit: UnitPath::from_stored(string(json, "unit")?),
            department: json.get("department")?.as_i64().map(DepartmentId),
            cut: string(json, "cut")?,
            member: string(json, "member")?,
        }),
        _ => return None,
    })
}

fn string(json: &Json, name: &str) -> Option<String> {
    json.get(name)?.as_str().map(str::to_owned)
}

fn number(json: &Json) -> Option<u32> {
    u32::try_from(json.as_u64()?).ok()
}

fn key(json: &Json, name: &str) -> Option<u32> {
    number(json.get(name)?)
}

fn each<T>(json: &Json, read: impl Fn(&Json) -> Option<T>) -> Option<Vec<T>> {
    json.as_array()?.iter().map(read).collect()
}
