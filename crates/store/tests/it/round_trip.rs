//! Whatever the record takes comes back equal, and so does every earlier state of it.

use gangmu_domain::Yuan;
use gangmu_domain::library::{
    Benefit, EventKind, Field, FundingSource, Kind, LARGEST_QUANTITY, ProjectId, ProjectRecord,
    Value, record_as_of,
};
use gangmu_domain::organisation::UserId;
use gangmu_store::Db;
use gangmu_store::library::{self, Event, Project};
use gangmu_testkit::{Outcome, each_engine};
use jiff::civil::Date;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, TestRunner};

use crate::support::{day, project};

each_engine!(
    any_record_comes_back_equal,
    any_earlier_record_is_reached_by_undoing_events,
);

fn dates() -> impl Strategy<Value = Date> {
    (-9_999_i16..=9_999, 1_i8..=12, 1_i8..=28)
        .prop_map(|(year, month, day)| Date::constant(year, month, day))
}

fn benefits() -> impl Strategy<Value = Benefit> {
    (
        any::<String>(),
        any::<i64>(),
        any::<u32>(),
        any::<String>(),
        any::<String>(),
    )
        .prop_map(|(metric, quantity, decimals, unit, note)| Benefit {
            metric,
            quantity,
            decimals,
            unit,
            note,
        })
}

/// Any value the field's kind allows.
fn values(field: Field) -> BoxedStrategy<Value> {
    let sources = select(FundingSource::ALL);
    let money = || (0..=i64::MAX).prop_map(Yuan);
    match field.kind() {
        Kind::Line(_) => "[^\\p{Cc}]{0,30}".prop_map(Value::Text).boxed(),
        Kind::Lines(_) => "([^\\p{Cc}]|[\\n\\t'\"\\\\]){0,30}"
            .prop_map(Value::Text)
            .boxed(),
        Kind::Money => money().prop_map(Value::Money).boxed(),
        Kind::Date => dates().prop_map(Value::Date).boxed(),
        Kind::Quantity => (0..=LARGEST_QUANTITY).prop_map(Value::Number).boxed(),
        Kind::Year => (1949_i64..2200).prop_map(Value::Number).boxed(),
        Kind::Degrees(limit) => (-limit * 1_000_000..=limit * 1_000_000)
            .prop_map(Value::Number)
            .boxed(),
        // Unique across projects, so each case makes its own.
        Kind::ProjectCode => "25(0[1-9]|1[0-2])-[0-9]{6}-[0-9]{2}-[0-9]{2}-[0-9]{6}"
            .prop_map(Value::Code)
            .boxed(),
        Kind::Choice(words) => select(words)
            .prop_map(|word| Value::Code(word.to_owned()))
            .boxed(),
        Kind::Unit | Kind::Department | Kind::Industry => {
            "[^\\p{Cc}]{0,15}".prop_map(Value::Code).boxed()
        }
        Kind::Units | Kind::Tags => vec(any::<String>(), 0..4).prop_map(Value::Tags).boxed(),
        Kind::Funding => btree_map(sources, money(), 0..4)
            .prop_map(Value::Funding)
            .boxed(),
        Kind::Benefits => vec(benefits(), 0..3).prop_map(Value::Benefits).boxed(),
    }
}

fn records() -> impl Strategy<Value = ProjectRecord> {
    let fields: Vec<_> = Field::ALL
        .iter()
        .map(|field| option::of(values(*field)))
        .collect();
    fields.prop_map(|values| {
        let mut record = ProjectRecord::default();
        for (field, value) in Field::ALL.iter().zip(values) {
            record
                .set(*field, value)
                .expect("a value of the field's kind");
        }
        record
    })
}

/// Runs a property whose body needs the database.
fn check<S: Strategy>(
    cases: u32,
    strategy: &S,
    body: impl AsyncFn(S::Value) -> Outcome,
) -> Outcome {
    let config = Config {
        cases,
        failure_persistence: None,
        ..Config::default()
    };
    let outcome = TestRunner::new(config).run(strategy, |value| {
        let handle = tokio::runtime::Handle::current();
        let outcome = tokio::task::block_in_place(|| handle.block_on(body(value)));
        outcome.map_err(|error| TestCaseError::fail(error.to_string()))
    });
    Ok(outcome.map_err(|error| error.to_string())?)
}

fn equal<T: PartialEq + std::fmt::Debug>(found: &T, wanted: &T) -> Outcome {
    if found == wanted {
        Ok(())
    } else {
        Err(format!("found {found:?}, wanted {wanted:?}").into())
    }
}

async fn any_record_comes_back_equal(db: &Db) -> Outcome {
    check(48, &(records(), dates()), async |(record, stage_since)| {
        // The transaction is dropped: a code can come again.
        let tx = db.begin().await?;
        let id = library::project_new_ids(&tx, 1).await?;
        let wanted = Project {
            id,
            record,
            stage_since,
            ..project(0, "")
        };
        library::project_insert(&tx, &wanted, 1).await?;
        let found = library::project_get(&tx, id).await?;
        equal(&found, &Some(wanted))
    })
}

async fn any_earlier_record_is_reached_by_undoing_events(db: &Db) -> Outcome {
    check(12, &vec(records(), 2..5), async |states| {
        let tx = db.begin().await?;
        let id = ProjectId(1);
        for pair in states.windows(2) {
            let event = Event {
                seq: 0,
                at: 1,
                on: day("2025-01-01"),
                user: UserId(1),
                kind: EventKind::Edited,
                reason: String::new(),
                document_no: String::new(),
                changes: pair[0].diff(&pair[1]),
            };
            library::event_insert(&tx, id, &event).await?;
        }
        let events = library::event_list(&tx, id).await?;
        let newest = states.last().cloned().unwrap_or_default();
        for (undone, wanted) in states.iter().rev().enumerate() {
            let later = events.iter().take(undone).map(|event| &event.changes[..]);
            equal(&record_as_of(newest.clone(), later), wanted)?;
        }
        Ok(())
    })
}
