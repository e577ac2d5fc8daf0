//! Gates list everything that is missing, and only a passed gate opens a stage.

use gangmu_domain::Yuan;
use gangmu_domain::library::{Field, ProjectRecord, Value};
use gangmu_domain::organisation::Role;
use gangmu_domain::pipeline::{
    AttachmentKind, Condition, Gate, GateFacts, Matters, Need, OpenMatters, Stage,
};

use crate::day;

fn condition(code: &str, need: Need, who: Role) -> Condition {
    Condition {
        code: code.to_owned(),
        need,
        who,
    }
}

fn gate() -> Gate {
    let threshold = Need::Threshold {
        government: Yuan(50_000_000),
        enterprise: Yuan(100_000_000),
    };
    Gate {
        to: Stage::Implementation,
        conditions: vec![
            condition("name", Need::AnyOf(vec![Field::Name]), Role::Clerk),
            condition(
                "place",
                Need::AnyOf(vec![Field::Site, Field::Park]),
                Role::Clerk,
            ),
            condition("start", Need::Reached(Field::ActualStart), Role::Reporter),
            condition(
                "photo",
                Need::Attachments(AttachmentKind::Photo, 1),
                Role::Reporter,
            ),
            condition(
                "papers",
                Need::Attachments(AttachmentKind::Document, 2),
                Role::Officer,
            ),
            condition("size", threshold, Role::Clerk),
        ],
    }
}

fn record(values: Vec<(Field, Value)>) -> ProjectRecord {
    let mut record = ProjectRecord::default();
    for (field, value) in values {
        record.set(field, Some(value)).unwrap();
    }
    record
}

/// The codes unmet on 2025-06-15.
fn unmet(record: &ProjectRecord, photos: u32, documents: u32) -> Vec<String> {
    let facts = GateFacts {
        record,
        photos,
        documents,
        matters: None,
    };
    match gate().pass(facts, day("2025-06-15")) {
        Ok(passed) => {
            assert_eq!(passed.to(), Stage::Implementation);
            Vec::new()
        }
        Err(unmet) => unmet.into_iter().map(|u| u.code).collect(),
    }
}

#[test]
fn an_empty_record_is_told_every_condition_and_who_can_meet_it() {
    let facts = GateFacts {
        record: &ProjectRecord::default(),
        photos: 0,
        documents: 0,
        matters: None,
    };
    let unmet = gate().pass(facts, day("2025-06-15")).unwrap_err();
    let told: Vec<String> = unmet
        .iter()
        .map(|u| {
            let fields: Vec<&str> = u.fields.iter().map(|f| f.word()).collect();
            format!("{} [{}] {}", u.code, fields.join(" "), u.who.word())
        })
        .collect();
    assert_eq!(
        told,
        [
            "name [name] clerk",
            "place [site park] clerk",
            "start [actual_start_on] reporter",
            "photo [] reporter",
            "papers [] officer",
            "size [total_investment] clerk",
        ]
    );
}

#[test]
fn each_condition_holds_by_itself() {
    let name = (Field::Name, Value::Text("某项目".to_owned()));
    let park = (Field::Park, Value::Text("某园区".to_owned()));
    let start = |on| (Field::ActualStart, Value::Date(day(on)));
    let total = |yuan| (Field::TotalInvestment, Value::Money(Yuan(yuan)));
    let government = (Field::InvestorType, Value::Code("government".to_owned()));

    let full = record(vec![
        name.clone(),
        park.clone(),
        start("2025-06-15"),
        total(100_000_000),
    ]);
    assert_eq!(unmet(&full, 1, 2), [""; 0]);
    assert_eq!(unmet(&full, 0, 1), ["photo", "papers"]);
    let tomorrow = record(vec![
        name.clone(),
        park.clone(),
        start("2025-06-16"),
        total(1),
    ]);
    assert_eq!(unmet(&tomorrow, 1, 2), ["start", "size"]);
    // Where the investment type is unknown, the stricter threshold counts.
    let unknown = record(vec![
        name.clone(),
        park.clone(),
        start("2025-01-01"),
        total(99_999_999),
    ]);
    assert_eq!(unmet(&unknown, 1, 2), ["size"]);
    let public = record(vec![
        name,
        park,
        start("2025-01-01"),
        total(50_000_000),
        government,
    ]);
    assert_eq!(unmet(&public, 1, 2), [""; 0]);
}

#[test]
fn a_case_is_asked_of_whoever_enters_from_a_day_on_and_its_matters_of_whoever_has_one() {
    let gate = Gate {
        to: Stage::Implementation,
        conditions: vec![
            condition("case", Need::Case(day("2025-01-01")), Role::Clerk),
            condition("matters", Need::Matters(Matters::Main), Role::Approver),
        ],
    };
    let record = ProjectRecord::default();
    let told = |matters, on| -> Vec<String> {
        let facts = GateFacts {
            record: &record,
            photos: 0,
            documents: 0,
            matters,
        };
        let unmet = gate.pass(facts, day(on)).err().unwrap_or_default();
        let told = unmet.into_iter();
        told.map(|one| format!("{} {} {}", one.code, one.in_case, one.who.word()))
            .collect()
    };
    let open = |all, main| Some(OpenMatters { all, main });
    assert_eq!(told(None, "2024-12-31"), [""; 0]);
    assert_eq!(told(None, "2025-01-01"), ["case true clerk"]);
    assert_eq!(told(open(3, 1), "2025-01-01"), ["matters true approver"]);
    assert_eq!(told(open(3, 0), "2025-01-01"), [""; 0]);
}
