//! Words for what the use cases say. Codes and stable words come in, texts of one language go out;
//! parameters that are stable words or amounts of money are made readable here too.

use std::collections::BTreeMap;
use std::error::Error;

use gangmu_app::Message as AppMessage;
use gangmu_app::domain::library::{Field, Kind, YES_OR_NO};

use crate::i18n::{Message, Texts};
use crate::number;
use crate::pages::common::name;
use crate::view::FieldError;

/// The families of stable words and of message codes. A test proves that every word of every
/// domain enumeration, and every code the use cases can say, has its text in each language.
pub const FAMILIES: &[&str] = &[
    "account.",
    "approvals.",
    "approvals.act.",
    "approvals.clock.",
    "approvals.dependency.",
    "approvals.due.",
    "approvals.duty.",
    "approvals.group.",
    "approvals.ledger.",
    "approvals.level.",
    "approvals.light.",
    "approvals.phase.",
    "approvals.problem.",
    "approvals.procedure.",
    "approvals.refused.",
    "approvals.route.",
    "approvals.stance.",
    "approvals.standing.",
    "approvals.waiting.",
    "attachment.",
    "attachment.kind.",
    "by.",
    "category.",
    "cut.",
    "dispatch.",
    "edition.",
    "error.",
    "excuse.",
    "exit.",
    "field.",
    "funding.",
    "gate.",
    "investor.",
    "import.",
    "library.",
    "ledgers.",
    "ledgers.liaison.",
    "ledgers.problems.",
    "ledgers.winter.",
    "liaison.",
    "liaison.duty.",
    "liaison.held.",
    "liaison.refused.",
    "light.",
    "light.basis.",
    "light.subject.",
    "measure.",
    "meetings.",
    "meetings.as.",
    "meetings.ground.",
    "meetings.refused.",
    "meetings.rhythm.",
    "meetings.state.",
    "period.state.",
    "permission.",
    "pipeline.",
    "plans.",
    "plans.direction.",
    "plans.flaw.",
    "plans.kind.",
    "plans.method.",
    "plans.metric.",
    "plans.source.",
    "plans.state.",
    "programme.change.",
    "problems.",
    "problems.act.",
    "problems.origin.",
    "problems.phase.",
    "problems.refused.",
    "notices.",
    "notices.kind.",
    "problems.standing.",
    "supervision.",
    "supervision.done.",
    "supervision.letter.",
    "supervision.letter_state.",
    "supervision.refused.",
    "supervision.rhythm.",
    "supervision.state.",
    "supervision.told.",
    "winter.refused.",
    "winter.state.",
    "winter.act.",
    "winter.unmet.",
    "project.event.",
    "project.field.",
    "project.group.",
    "project.approval_route.",
    "project.environmental_document.",
    "project.level.",
    "project.nature.",
    "project.project_class.",
    "project.suspended.",
    "project.yes_no.",
    "record.",
    "record.by.",
    "reference.",
    "reference.kind.",
    "resolutions.",
    "resolutions.act.",
    "resolutions.part.",
    "resolutions.refused.",
    "resolutions.stands.",
    "resolutions.told.",
    "return.event.",
    "return.status.",
    "role.",
    "site_status.",
    "stage.",
    "thing.",
    "unit_level.",
    "visits.kind.",
];

/// Returns the text of a stable word: `word(texts, "stage.", "reserve")`.
#[must_use]
pub fn word(texts: &Texts, family: &str, word: &str) -> String {
    texts.t(&format!("{family}{word}"), &BTreeMap::new())
}

/// Returns the family of the words a field chooses from.
#[must_use]
pub fn choice_family(field: Field) -> String {
    match field {
        Field::InvestorType => "investor.".to_owned(),
        Field::Stage => "stage.".to_owned(),
        other if other.kind() == Kind::Choice(YES_OR_NO) => "project.yes_no.".to_owned(),
        other => format!("project.{}.", other.word()),
    }
}

/// Returns the message under a code, its places `{0}`, `{1}`… filled.
#[must_use]
pub fn message(texts: &Texts, code: &str, params: &[String]) -> Message {
    if let Some(check) = code.strip_prefix("dispatch.check.") {
        return stopped(texts, check, params);
    }
    if code.starts_with("gate.") && !texts.has(code) {
        // A condition an administrator added stands for itself.
        let code = code.trim_start_matches("gate.");
        return filled(texts, "gate.other", params).with("code", code);
    }
    if let ("winter.unmet.measure", [text, text_en]) = (code, params) {
        // A measure is data: it comes in both languages.
        let text = name(texts.lang(), text, text_en);
        return filled(texts, code, &[text]);
    }
    if let ("ledgers.cell", [found, expected, mend, expected_en, mend_en]) = (code, params) {
        let expected = name(texts.lang(), expected, expected_en);
        let mend = name(texts.lang(), mend, mend_en);
        return filled(texts, code, &[found.clone(), expected, mend]);
    }
    if let ("ledgers.taken_as", [said, text, text_en]) = (code, params) {
        let text = name(texts.lang(), text, text_en);
        return filled(texts, code, &[said.clone(), text]);
    }
    if let ("ledgers.problems.does.grade" | "ledgers.winter.does.measure", [text, text_en]) =
        (code, params)
    {
        return filled(texts, code, &[name(texts.lang(), text, text_en)]);
    }
    if let (true, [duty, rest @ ..]) = (code.starts_with("ledgers.liaison.does."), params) {
        let duty = word(texts, "liaison.duty.", duty);
        let params: Vec<String> = std::iter::once(duty).chain(rest.iter().cloned()).collect();
        return filled(texts, code, &params);
    }
    if !code.contains('.') {
        // What a use case says under a bare word stands with the library's texts.
        return filled(texts, &format!("library.{code}"), params);
    }
    filled(texts, code, params)
}

/// Returns the text of what a check found in a return, the amounts in yuan.
#[must_use]
pub fn finding(texts: &Texts, check: &str, amounts: &[i64]) -> String {
    let params: Vec<String> = amounts.iter().map(ToString::to_string).collect();
    texts.message(&filled(texts, &format!("dispatch.check.{check}"), &params))
}

/// Returns a message of a use case beside its field.
#[must_use]
pub fn field_error(texts: &Texts, said: &AppMessage) -> FieldError {
    FieldError {
        field: said.field.clone(),
        message: message(texts, &said.code, &said.params),
    }
}

/// What stops one return of several: the project's name comes first, then the amounts.
fn stopped(texts: &Texts, check: &str, params: &[String]) -> Message {
    let (project, amounts) = params.split_first().unzip();
    let key = format!("dispatch.check.{check}");
    let text = filled(texts, &key, amounts.unwrap_or_default());
    Message::new("dispatch.check_of")
        .with("project", project.cloned().unwrap_or_default())
        .with("text", texts.message(&text))
}

fn filled(texts: &Texts, code: &str, params: &[String]) -> Message {
    let mut message = Message::new(code);
    for (at, param) in params.iter().enumerate() {
        message = message.with(&at.to_string(), readable(texts, code, at, param));
    }
    message
}

/// Says what a parameter is: a stable word of a family, an amount in yuan, or itself.
fn readable(texts: &Texts, code: &str, at: usize, param: &str) -> String {
    let family = match (code, at) {
        ("dispatch.in_status", 0) => "return.status.",
        ("dispatch.not_your_turn", 0) => "unit_level.",
        ("field.contradicts", 0) => "project.field.",
        ("problems.refused.not_now", 0) => "problems.act.",
        ("problems.refused.not_now", 1) => "problems.phase.",
        ("resolutions.refused.not_now", 0) => "resolutions.act.",
        ("resolutions.refused.not_now", 1) => "resolutions.stands.",
        ("winter.refused.not_now", 0) => "winter.state.",
        ("supervision.letter.not_now", 0) => "supervision.letter_state.",
        ("pipeline.left", 0) | ("pipeline.not_adjacent", _) => "stage.",
        _ if code.starts_with("gate.") => "role.",
        _ if code.starts_with("dispatch.check.") || code.starts_with("pipeline.parts_") => {
            return param
                .parse()
                .map_or_else(|_| param.to_owned(), number::wan_exact);
        }
        _ => return param.to_owned(),
    };
    word(texts, family, param)
}

/// Returns an error with its causes, for the log.
#[must_use]
pub fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
