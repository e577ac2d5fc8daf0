//! Every stable word and every code that the layers below can say has a text in each language. The
//! words come from the enumerations, the codes from the sources, so a new one cannot be forgotten.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use gangmu_app::ReferenceKind;
use gangmu_app::approvals::{self, LedgerKind, Stance};
use gangmu_app::domain::approvals::{
    ActKind, DecisionLevel, DependencyKind, DueFor, LegDuty, MatterGroup, PROCEDURES, Phase,
    Problem, Refused, Route, Standing,
};
use gangmu_app::domain::dispatch::{PeriodState, ReturnEventKind, ReturnStatus, SiteStatus};
use gangmu_app::domain::library::{EventKind, Field, FundingSource, Group, InvestorType, Kind};
use gangmu_app::domain::metrics::{Basis, Cut, Dimension, Edition, ExcuseKind, Light, Measure};
use gangmu_app::domain::notices::{Channel, Dispatched, NoticeKind, Way};
use gangmu_app::domain::organisation::{Action, Role};
use gangmu_app::domain::pipeline::{AttachmentKind, Category, Exit, ProgrammeChangeKind, Stage};
use gangmu_app::domain::{liaison, meetings, plans, problems, supervision, winter};
use gangmu_app::ledgers::{Ledger, LedgerStatus};
use gangmu_app::liaison::{HeldWord, ResolutionPart};
use gangmu_app::metrics::By;
use gangmu_app::problems::Standing as LedgerPart;
use gangmu_web::i18n::{Lang, Texts};
use gangmu_web::server::words;

use super::Server;

fn check(keys: impl IntoIterator<Item = String>) {
    let keys: BTreeSet<String> = keys.into_iter().collect();
    for lang in Lang::ALL {
        let texts = Texts::load(lang).expect("texts");
        let missing: Vec<&String> = keys.iter().filter(|key| !texts.has(key)).collect();
        assert_eq!(missing, Vec::<&String>::new(), "in {}", lang.tag());
    }
}

macro_rules! family {
    ($family:literal, $kind:ty) => {
        <$kind>::ALL
            .iter()
            .map(|one| format!(concat!($family, "{}"), one.word()))
            .collect::<Vec<_>>()
    };
}

#[test]
fn every_word_of_every_enumeration_has_a_text() {
    check(
        [
            family!("approvals.act.", ActKind),
            family!("approvals.dependency.", DependencyKind),
            family!("approvals.due.", DueFor),
            family!("approvals.duty.", LegDuty),
            family!("approvals.group.", MatterGroup),
            family!("approvals.ledger.", LedgerKind),
            family!("approvals.level.", DecisionLevel),
            family!("approvals.phase.", Phase),
            family!("approvals.problem.", Problem),
            family!("approvals.route.", Route),
            family!("approvals.stance.", Stance),
            family!("approvals.standing.", Standing),
            family!("attachment.kind.", AttachmentKind),
            family!("by.", By),
            family!("record.by.", approvals::By),
            family!("category.", Category),
            family!("cut.", Cut),
            family!("edition.", Edition),
            family!("excuse.kind.", ExcuseKind),
            family!("exit.", Exit),
            family!("funding.", FundingSource),
            family!("investor.", InvestorType),
            family!("ledgers.of.", Ledger),
            family!("ledgers.status.", LedgerStatus),
            family!("ledgers.title.", Ledger),
            family!("liaison.duty.", liaison::Duty),
            family!("liaison.held.", HeldWord),
            family!("light.", Light),
            family!("light.basis.", Basis),
            family!("light.subject.", Dimension),
            family!("measure.", Measure),
            family!("meetings.ground.", meetings::Ground),
            family!("meetings.rhythm.", meetings::Rhythm),
            family!("meetings.state.", meetings::MeetingState),
            family!("period.state.", PeriodState),
            family!("notices.kind.", NoticeKind),
            family!("outbox.channel.", Channel),
            family!("outbox.state.", Dispatched),
            family!("permission.", Action),
            family!("preferences.way.", Way),
            family!("plans.direction.", plans::Direction),
            family!("plans.kind.", plans::PlanKind),
            family!("plans.method.", plans::ForecastMethod),
            family!("plans.state.", plans::PlanState),
            family!("problems.act.", problems::ActKind),
            family!("problems.phase.", problems::Phase),
            family!("programme.change.", ProgrammeChangeKind),
            family!("project.event.", EventKind),
            family!("project.field.", Field),
            family!("project.group.", Group),
            family!("reference.kind.", ReferenceKind),
            family!("resolutions.act.", liaison::KeepAct),
            family!("resolutions.stands.", liaison::Kept),
            family!("resolutions.part.", ResolutionPart),
            family!("return.event.", ReturnEventKind),
            family!("return.status.", ReturnStatus),
            family!("role.", Role),
            family!("site_status.", SiteStatus),
            family!("stage.", Stage),
            family!("supervision.about.", supervision::ActKind),
            family!("supervision.about.", supervision::LetterActKind),
            family!("supervision.act.", supervision::ActKind),
            family!("supervision.act.", supervision::LetterActKind),
            family!("supervision.done.", supervision::ActKind),
            family!("supervision.done.", supervision::LetterActKind),
            family!("supervision.ground.", supervision::Ground),
            family!("supervision.letter_kind.", supervision::LetterKind),
            family!("supervision.letter_state.", supervision::LetterState),
            family!("supervision.reporting.", supervision::Reporting),
            family!("supervision.rhythm.", supervision::Rhythm),
            family!("supervision.state.", supervision::State),
            family!("winter.about.", winter::ActKind),
            family!("winter.act.", winter::ActKind),
            family!("winter.done.", winter::ActKind),
            family!("winter.state.", winter::Phase),
            family!("visits.kind.", liaison::VisitKind),
        ]
        .concat(),
    );
    check((0..3).map(|level| format!("unit_level.{level}")));
    check(PROCEDURES.map(|(word, _)| format!("approvals.procedure.{word}")));
    check(Refused::CODES.iter().map(|code| (*code).to_owned()));
    check(liaison::Refused::CODES.map(str::to_owned));
    check(liaison::VisitRefused::CODES.map(str::to_owned));
    check(liaison::KeepRefused::CODES.map(str::to_owned));
    check(problems::Refused::CODES.map(str::to_owned));
    check(plans::Wrong::CODES.map(str::to_owned));
    check(plans::Source::WORDS.map(|word| format!("plans.source.{word}")));
    let metrics = plans::Metric::all().into_iter();
    check(metrics.map(|one| format!("plans.metric.{}", one.word())));
    check(problems::Origin::WORDS.map(|word| format!("problems.origin.{word}")));
    check(LedgerPart::ALL.map(|one| format!("problems.standing.{}", one.word())));
    let lights = ["off", "green", "paused", "yellow", "red"];
    check(lights.map(|word| format!("approvals.light.{word}")));
    let clocks = ["statutory", "promised", "forwarding", "delivery"];
    check(clocks.map(|word| format!("approvals.clock.{word}")));
    check(["asked", "silent"].map(|word| format!("approvals.stance.{word}")));
}

#[test]
fn every_choice_of_every_field_has_a_text() {
    let choices = Field::ALL.iter().flat_map(|field| match field.kind() {
        Kind::Choice(choices) => choices
            .iter()
            .map(|word| format!("{}{word}", words::choice_family(*field)))
            .collect(),
        _ => Vec::new(),
    });
    check(choices);
}

/// The quoted parts of all sources of a folder or file.
fn quoted(place: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    collect(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join(place),
        &mut found,
    );
    assert!(!found.is_empty(), "nothing in {place}");
    found
}

fn collect(path: &Path, into: &mut BTreeSet<String>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder") {
            collect(&entry.expect("an entry").path(), into);
        }
    } else {
        let source = fs::read_to_string(path).expect("a source");
        into.extend(source.split('"').skip(1).step_by(2).map(str::to_owned));
    }
}

fn is_word(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b"._".contains(&b))
}

#[test]
fn every_code_the_use_cases_can_say_has_a_text() {
    let families = [
        "account.",
        "approvals.",
        "attachment.",
        "dispatch.",
        "excuse.",
        "field.",
        "import.",
        "notices.",
        "pipeline.",
        "problems.",
        "reference.",
        "supervision.",
        "winter.",
        "liaison.",
        "meetings.",
        "pipeline.",
        "problems.",
        "reference.",
        "resolutions.",
    ];
    check(quoted("../app/src").into_iter().filter(|text| {
        let known = families.iter().any(|family| text.starts_with(family));
        known && is_word(text) && !text.ends_with('.') && !text.ends_with(".rs")
    }));
    check(
        [
            "wrong_kind",
            "too_long",
            "not_allowed",
            "contradicts",
            "missing",
        ]
        .map(|code| format!("field.{code}")),
    );
}

#[test]
fn every_check_of_a_return_has_a_text() {
    let fields = [
        "month_investment",
        "correction_reason",
        "funds",
        "image_progress",
        "started_on",
        "finished_on",
        "site_status",
        "error",
        "warning",
    ];
    let codes = quoted("../domain/src/dispatch/check.rs");
    let codes = codes
        .into_iter()
        .filter(|text| is_word(text) && !fields.contains(&text.as_str()));
    check(codes.map(|code| format!("dispatch.check.{code}")));
}

#[tokio::test]
async fn every_condition_of_the_shipped_gates_has_a_text() {
    let server = Server::new().await;
    let reference = server.app.reference().await.expect("reference data");
    let conditions = reference.gates.iter().flat_map(|gate| &gate.conditions);
    check(conditions.map(|condition| format!("gate.{}", condition.code)));
}

#[test]
fn every_error_has_a_title_and_says_what_to_do() {
    let codes = [
        "changed",
        "cross_site",
        "exists",
        "internal",
        "invalid",
        "locked",
        "media_type",
        "method_not_allowed",
        "not_found",
        "not_logged_in",
        "password_due",
        "reference",
        "refused",
        "storage_full",
        "too_large",
        "too_slow",
        "unreadable",
    ];
    let named = quoted("../app/src/error.rs");
    let unknown: Vec<&String> = named
        .iter()
        .filter(|text| is_word(text) && !text.contains('.') && !codes.contains(&text.as_str()))
        .collect();
    assert_eq!(unknown, Vec::<&String>::new(), "a new code?");
    check(
        codes
            .iter()
            .flat_map(|code| [format!("error.{code}"), format!("error.{code}_hint")]),
    );
}

#[test]
fn every_thing_that_may_be_missing_has_a_name() {
    let mut things = BTreeSet::new();
    let mut read = |source: &str| {
        for before in ["what: \"", "or_not_found(\""] {
            for rest in source.split(before).skip(1) {
                things.insert(rest.split('"').next().unwrap_or_default().to_owned());
            }
        }
    };
    let mut open = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../app/src")];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let entries = fs::read_dir(&path).expect("a folder");
            open.extend(entries.map(|entry| entry.expect("an entry").path()));
        } else {
            read(&fs::read_to_string(&path).expect("a source"));
        }
    }
    check(things.into_iter().map(|thing| format!("thing.{thing}")));
}

#[test]
fn words_and_amounts_in_messages_are_readable() {
    let texts = Texts::load(Lang::En).expect("texts");
    let said = |code: &str, params: &[&str]| {
        let params: Vec<String> = params.iter().map(|one| (*one).to_owned()).collect();
        texts.message(&words::message(&texts, code, &params))
    };
    assert_eq!(
        said(
            "dispatch.check.sudden_jump",
            &["兴固二期", "123456789", "10000"]
        ),
        "兴固二期: 12345.6789 this month is far from the usual 1 (CNY 10,000)"
    );
    assert_eq!(
        words::finding(&texts, "cumulative_negative", &[-50_000]),
        "The figure since the start is negative (-5, in CNY 10,000)"
    );
    assert_eq!(
        said("pipeline.not_adjacent", &["concept", "implementation"]),
        "It cannot go from “Concept” to “Implementation” directly"
    );
    assert_eq!(
        said("gate.our_own_rule", &["clerk"]),
        "The condition “our_own_rule” is not met (Commission clerk can meet it)"
    );
}
