//! Reads tasks and indicators as they were typed into a form. What one would get wrong: nothing is
//! judged here but what is no date or number; the use cases tell everything else at once.

use gangmu_app::domain::Period;
use gangmu_app::domain::metrics::Measure;
use gangmu_app::domain::plans::{PlanId, PlanKind};
use gangmu_app::plans::{
    IndicatorInput, NewPlan, OfficeInput, Parts, SourceInput, StepsBy, TaskInput,
};
use gangmu_app::{AppError, Message as AppMessage};
use jiff::civil::Date;

use crate::pages::work::{Sent, sent};

/// Reads a date; none when nothing was typed.
pub fn day(form: &Sent, name: &str) -> Result<Option<Date>, AppError> {
    match sent(form, name) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| {
            let said = [text.to_owned()];
            AppError::Invalid {
                messages: vec![AppMessage::new("field.not_a_date", name, said)],
            }
        }),
    }
}

/// An office as a box names it: a unit's code, and behind `/` a department's.
pub fn office(text: &str) -> OfficeInput {
    let (unit, department) = text.split_once('/').unwrap_or((text, ""));
    OfficeInput {
        unit: unit.to_owned(),
        department: department.to_owned(),
    }
}

/// The version a form was made of.
pub fn edit(form: &Sent) -> Option<i64> {
    sent(form, "edit").parse().ok()
}

fn each<'a>(form: &'a Sent, name: &'a str) -> impl Iterator<Item = &'a str> {
    let named = form.iter().filter(move |(key, _)| key == name);
    named.map(|(_, value)| value.trim())
}

fn typed_office(form: &Sent, unit: &str, department: &str) -> OfficeInput {
    OfficeInput {
        unit: sent(form, unit).to_owned(),
        department: sent(form, department).to_owned(),
    }
}

/// Reads the head of a plan.
pub fn head(form: &Sent) -> Result<NewPlan, AppError> {
    let kind = PlanKind::from_word(sent(form, "kind")).unwrap_or(PlanKind::Work);
    Ok(NewPlan {
        kind,
        office: typed_office(form, "office", "department"),
        parent: sent(form, "parent").parse().ok().map(PlanId),
        title: sent(form, "title").to_owned(),
        from: day(form, "from")?,
        until: day(form, "until")?,
    })
}

/// Reads a task.
pub fn task(form: &Sent) -> Result<TaskInput, AppError> {
    Ok(TaskInput {
        group: sent(form, "group").to_owned(),
        title: sent(form, "title").to_owned(),
        body: sent(form, "body").to_owned(),
        outcome: sent(form, "outcome").to_owned(),
        lead: typed_office(form, "lead", "lead_department"),
        cooperating: each(form, "cooperating").map(office).collect(),
        due: day(form, "due")?,
        takes_over: each(form, "takes_over")
            .filter_map(|text| text.parse().ok())
            .collect(),
    })
}

/// Reads an indicator. The member is typed as `cut:member`, so that one list offers all.
pub fn indicator(form: &Sent) -> Result<IndicatorInput, AppError> {
    let (cut, member) = sent(form, "member").split_once(':').unwrap_or(("", ""));
    Ok(IndicatorInput {
        name: sent(form, "name").to_owned(),
        unit: sent(form, "unit").to_owned(),
        baseline: sent(form, "baseline").to_owned(),
        target: sent(form, "target").to_owned(),
        due: day(form, "due")?,
        direction: sent(form, "direction").to_owned(),
        weight: number(form, "weight")?,
        source: SourceInput {
            kind: sent(form, "source").to_owned(),
            metric: sent(form, "metric").to_owned(),
            unit: sent(form, "of_unit").to_owned(),
            department: sent(form, "of_department").to_owned(),
            cut: cut.to_owned(),
            member: member.to_owned(),
            formula: sent(form, "formula").to_owned(),
        },
        takes_over: sent(form, "carries").parse().ok(),
    })
}

fn number(form: &Sent, name: &str) -> Result<u32, AppError> {
    match sent(form, name) {
        "" => Ok(0),
        text => text.parse().map_err(|_| AppError::Invalid {
            messages: vec![AppMessage::new("plans.weight", name, [text.to_owned()])],
        }),
    }
}

/// Reads how a target is broken down by office.
pub fn parts(form: &Sent) -> Parts {
    let measure = Measure::from_word(sent(form, "measure")).unwrap_or(Measure::AnnualPlan);
    match sent(form, "way") {
        "units" => Parts::Units(measure),
        "departments" => Parts::Departments(measure),
        "none" => Parts::None,
        _ => Parts::ByHand(
            form.iter()
                .filter_map(|(name, value)| {
                    let of = name.strip_prefix("share:")?;
                    let value = value.trim();
                    (!value.is_empty()).then(|| (office(of), value.to_owned()))
                })
                .collect(),
        ),
    }
}

/// Reads how a target is broken down by month or quarter.
pub fn steps(form: &Sent) -> StepsBy {
    match sent(form, "way") {
        "even" => StepsBy::Even,
        "quarters" => StepsBy::QuartersByHand(of_months(form, "quarter:")),
        "even_quarters" => StepsBy::EvenQuarters,
        "last_year" => StepsBy::LastYear,
        "none" => StepsBy::None,
        _ => StepsBy::ByHand(of_months(form, "step:")),
    }
}

/// What was typed into the fields of months.
fn of_months(form: &Sent, prefix: &str) -> Vec<(Period, String)> {
    form.iter()
        .filter_map(|(name, value)| {
            let period = name.strip_prefix(prefix)?.parse().ok()?;
            let value = value.trim();
            (!value.is_empty()).then(|| (period, value.to_owned()))
        })
        .collect()
}
