//! Reads who is to answer for projects as it was typed, for the page's form and for the API alike.
//! What one would get wrong: nothing is judged here; what cannot be read is told at once.

use gangmu_app::domain::liaison::{Duty, Holder};
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::{DepartmentId, UnitPath, UserId};
use gangmu_app::liaison::{AssignInput, Instead};
use gangmu_app::{AppError, Message as AppMessage, Reference};
use jiff::civil::Date;

use crate::pages::work::{Sent, sent};

/// Reads an assignment from a form.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is missing or cannot be read.
pub fn read(reference: &Reference, form: &Sent) -> Result<AssignInput, AppError> {
    let mut wrong = Vec::new();
    let duty = Duty::from_word(sent(form, "duty"));
    if duty.is_none() {
        wrong.push(AppMessage::new("field.missing", "duty", []));
    }
    let unit = reference.unit_by_code(sent(form, "unit"));
    if unit.is_none() {
        wrong.push(AppMessage::new("field.missing", "unit", []));
    }
    let from = day(form, "from", &mut wrong);
    let to = day(form, "to", &mut wrong);
    match (duty, unit) {
        (Some(duty), Some(unit)) if wrong.is_empty() => Ok(AssignInput {
            projects: projects(form).into_iter().map(ProjectId).collect(),
            duty,
            unit: unit.code.clone(),
            holder: holder(form, duty, &unit.path),
            from,
            to,
            instead: match sent(form, "relieve") {
                "true" => Instead::Relieve,
                _ => Instead::Stay,
            },
            reason: sent(form, "reason").to_owned(),
        }),
        _ => Err(AppError::Invalid { messages: wrong }),
    }
}

/// The projects of a form: numbers, those ticked and those typed.
pub fn projects(form: &Sent) -> Vec<i64> {
    let named = form.iter().filter(|(name, _)| name == "project");
    let mut ids: Vec<i64> = named
        .flat_map(|(_, value)| value.split([',', '，', ' ', '、']))
        .filter_map(|text| text.trim().parse().ok())
        .collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// Reads a date; none when nothing was typed.
pub fn day(form: &Sent, name: &str, wrong: &mut Vec<AppMessage>) -> Option<Date> {
    let text = sent(form, name);
    let day = text.parse().ok();
    if day.is_none() && !text.is_empty() {
        let said = [text.to_owned()];
        wrong.push(AppMessage::new("field.not_a_date", name, said));
    }
    day
}

/// Who: a name that was typed, else the person or office that was chosen.
fn holder(form: &Sent, duty: Duty, unit: &UnitPath) -> Holder {
    let named = sent(form, "named");
    let user = sent(form, "user").parse().ok().map(UserId);
    match user.filter(|_| duty.is_personal()) {
        Some(user) if named.is_empty() => Holder::User(user),
        None if named.is_empty() && !duty.is_personal() => Holder::Office {
            unit: unit.clone(),
            department: sent(form, "department").parse().ok().map(DepartmentId),
        },
        _ => Holder::Named(named.to_owned()),
    }
}
