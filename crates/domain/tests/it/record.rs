//! The record takes only what fits, and every change can be taken back.

use gangmu_domain::Yuan;
use gangmu_domain::library::{
    Change, Field, FieldProblem, FundingSource, Kind, ProjectRecord, Value, record_as_of, undo,
};
use jiff::ToSpan;
use proptest::prelude::*;

use crate::day;

/// A value that fits the field's kind.
fn value(field: Field) -> BoxedStrategy<Value> {
    match field.kind() {
        Kind::Line(_) | Kind::Lines(_) => "[a-z工程]{1,8}".prop_map(Value::Text).boxed(),
        Kind::Money => (0_i64..1_000_000_000)
            .prop_map(|n| Value::Money(Yuan(n)))
            .boxed(),
        Kind::Date => (0_i32..3_000)
            .prop_map(|n| Value::Date(day("2020-01-01").saturating_add(n.days())))
            .boxed(),
        Kind::Quantity => (0_i64..=1_000_000_000_000_000)
            .prop_map(Value::Number)
            .boxed(),
        Kind::Year => (1949_i64..2200).prop_map(Value::Number).boxed(),
        Kind::Degrees(limit) => (-limit * 1_000_000..=limit * 1_000_000)
            .prop_map(Value::Number)
            .boxed(),
        Kind::ProjectCode => "25(0[1-9]|1[0-2])-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}"
            .prop_map(Value::Code)
            .boxed(),
        Kind::Choice(words) => prop::sample::select(words)
            .prop_map(|word| Value::Code(word.to_owned()))
            .boxed(),
        Kind::Unit | Kind::Department | Kind::Industry => {
            "[0-9]{2,6}".prop_map(Value::Code).boxed()
        }
        Kind::Units | Kind::Tags => prop::collection::vec("[ a-z★]{0,3}", 0..4)
            .prop_map(Value::Tags)
            .boxed(),
        Kind::Funding => prop::collection::btree_map(
            prop::sample::select(FundingSource::ALL),
            (0_i64..3).prop_map(Yuan),
            0..4,
        )
        .prop_map(Value::Funding)
        .boxed(),
        Kind::Benefits => Just(Value::Benefits(Vec::new())).boxed(),
    }
}

fn edits() -> impl Strategy<Value = Vec<(Field, Option<Value>)>> {
    let edit = prop::sample::select(Field::ALL)
        .prop_flat_map(|field| (Just(field), prop::option::weighted(0.8, value(field))));
    prop::collection::vec(edit, 0..12)
}

fn edited(mut record: ProjectRecord, edits: Vec<(Field, Option<Value>)>) -> ProjectRecord {
    for (field, value) in edits {
        record.set(field, value).unwrap();
    }
    record
}

proptest! {
    #[test]
    fn undoing_the_differences_gives_the_record_before(first in edits(), second in edits()) {
        let before = edited(ProjectRecord::default(), first);
        let after = edited(before.clone(), second);
        let mut back = after.clone();
        undo(&mut back, &before.diff(&after));
        prop_assert_eq!(&back, &before);
        prop_assert!(after.diff(&after).is_empty());
    }

    #[test]
    fn any_past_state_is_reached_from_the_present(history in prop::collection::vec(edits(), 1..6)) {
        let mut states = vec![ProjectRecord::default()];
        let mut events: Vec<Vec<Change>> = Vec::new();
        for edits in history {
            let before = states[states.len() - 1].clone();
            let after = edited(before.clone(), edits);
            events.push(before.diff(&after));
            states.push(after);
        }
        for (at, state) in states.iter().enumerate() {
            let later = events[at..].iter().rev().map(Vec::as_slice);
            let past = record_as_of(states[states.len() - 1].clone(), later);
            prop_assert_eq!(&past, state);
        }
    }

    #[test]
    fn no_number_makes_a_record_panic(n: i64) {
        for field in Field::ALL {
            for value in [Value::Number(n), Value::Money(Yuan(n))] {
                let mut record = ProjectRecord::default();
                let taken = record.set(*field, Some(value)).is_ok();
                prop_assert_eq!(taken, record.get(*field).is_some());
            }
        }
    }
}

#[test]
fn extreme_degrees_are_refused_and_tags_are_trimmed() {
    let mut record = ProjectRecord::default();
    for n in [i64::MIN, 180_000_001] {
        let refused = record.set(Field::Longitude, Some(Value::Number(n)));
        assert!(matches!(refused, Err(FieldProblem::NotAllowed { .. })));
    }
    let tags = [" ★ ", "★", " ", "民生"].map(str::to_owned).to_vec();
    record.set(Field::Tags, Some(Value::Tags(tags))).unwrap();
    let tidy = Value::Tags(vec!["★".to_owned(), "民生".to_owned()]);
    assert_eq!(record.get(Field::Tags), Some(&tidy));
}

#[test]
fn every_contradiction_is_told_at_once() {
    let mut record = ProjectRecord::default();
    let pairs = [
        (Field::PlannedStart, "2025-05-01"),
        (Field::PlannedFinish, "2025-04-30"),
        (Field::ActualStart, "2025-05-01"),
        (Field::ActualFinish, "2025-04-30"),
    ];
    for (field, date) in pairs {
        record.set(field, Some(Value::Date(day(date)))).unwrap();
    }
    record
        .set(Field::StartYear, Some(Value::Number(2025)))
        .unwrap();
    record
        .set(Field::EndYear, Some(Value::Number(2024)))
        .unwrap();
    let told: Vec<(&str, &str)> = record
        .problems()
        .iter()
        .map(|p| (p.code(), p.field().word()))
        .collect();
    assert_eq!(
        told,
        [
            ("missing", "name"),
            ("missing", "unit"),
            ("contradicts", "end_year"),
            ("contradicts", "planned_finish_on"),
            ("contradicts", "actual_finish_on"),
        ]
    );
}

#[test]
fn completeness_counts_only_the_fields_that_matter() {
    let mut record = ProjectRecord::default();
    let whole = record.completeness().denominator;
    assert_eq!(record.completeness().numerator, 0);
    let mut filled = 0;
    for field in Field::ALL {
        record.restore(*field, Some(Value::Text("有".to_owned())));
        filled += i64::from(field.counts_for_completeness());
        assert_eq!(record.completeness().numerator, filled, "{}", field.word());
    }
    assert_eq!(filled, whole);
    assert_eq!(record.completeness().percent(0).as_deref(), Some("100"));
}
