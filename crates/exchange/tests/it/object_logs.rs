//! OCEL 2.0: read, written, read again, flattened; and what does not fit together.

use crate::event_logs::{SMALL, told};
use gangmu_exchange::eventlog::ocel::{ObjectLog, flatten, from_cases, read_ocel, write_ocel};
use gangmu_exchange::eventlog::read_log;
use gangmu_exchange::{Language, Limits};
use rstest::rstest;

/// A project with two matters, in the shape of the standard.
const PROJECT: &str = r#"{
  "objectTypes": [
    {"name": "project", "attributes": [{"name": "total", "type": "integer"}]},
    {"name": "matter", "attributes": []}
  ],
  "eventTypes": [
    {"name": "受理", "attributes": [{"name": "pages", "type": "integer"}]},
    {"name": "决定", "attributes": []}
  ],
  "events": [
    {"id": "e2", "type": "决定", "time": "2026-03-06T09:00:00+08:00",
     "relationships": [{"objectId": "m1", "qualifier": "matter"}, {"objectId": "p", "qualifier": "project"}]},
    {"id": "e1", "type": "受理", "time": "2026-03-02T09:00:00Z",
     "attributes": [{"name": "pages", "value": 12}],
     "relationships": [{"objectId": "m1", "qualifier": "matter"}, {"objectId": "m2", "qualifier": "matter"},
                       {"objectId": "p", "qualifier": "project"}, {"objectId": "p", "qualifier": "again"}]}
  ],
  "objects": [
    {"id": "p", "type": "project", "attributes": [
      {"name": "total", "time": "2026-02-01T00:00:00Z", "value": 900},
      {"name": "total", "time": "1970-01-01T00:00:00Z", "value": true}]},
    {"id": "m1", "type": "matter", "relationships": [{"objectId": "p", "qualifier": "of"}]},
    {"id": "m2", "type": "matter"}
  ]
}"#;

fn read(text: &str) -> ObjectLog {
    let (log, problems) = read_ocel(text.as_bytes(), &Limits::default()).unwrap();
    assert_eq!(problems, []);
    log
}

#[test]
fn what_is_written_is_read_back_the_same() {
    let log = read(PROJECT);
    let written = String::from_utf8(write_ocel(&log)).unwrap();
    assert_eq!(read(&written), log);
}

/// What the JSON schema of the standard asks for, checked by hand.
#[test]
fn what_is_written_has_the_shape_the_standard_asks_for() {
    let written: serde_json::Value = serde_json::from_slice(&write_ocel(&read(PROJECT))).unwrap();
    let list = |value: &serde_json::Value, key: &str| value[key].as_array().unwrap().clone();
    let is_text = |value: &serde_json::Value, key: &str| {
        assert!(value[key].is_string(), "{key} in {value}");
    };
    for key in ["eventTypes", "objectTypes"] {
        for kind in list(&written, key) {
            is_text(&kind, "name");
            for attribute in list(&kind, "attributes") {
                is_text(&attribute, "name");
                is_text(&attribute, "type");
            }
        }
    }
    for (key, keys) in [
        ("events", ["id", "type", "time"]),
        ("objects", ["id", "type", "type"]),
    ] {
        for entry in list(&written, key) {
            keys.iter().for_each(|key| is_text(&entry, key));
            for attribute in list(&entry, "attributes") {
                is_text(&attribute, "name");
                is_text(&attribute, "value");
                assert!(key == "events" || attribute["time"].is_string());
            }
            for relation in list(&entry, "relationships") {
                is_text(&relation, "objectId");
                is_text(&relation, "qualifier");
            }
        }
    }
}

#[test]
fn flattened_by_a_type_every_object_is_a_case_with_its_events_by_time() {
    let log = read(PROJECT);
    insta::assert_snapshot!(told(&flatten(&log, "project").unwrap()), @r#"
    log
    case concept:name="p" total="900"
      concept:name="受理" time:timestamp=Time(1772442000000) pages="12"
      concept:name="决定" time:timestamp=Time(1772758800000)
    "#);
    let matters = flatten(&log, "matter").unwrap();
    assert_eq!((matters.n_cases(), matters.n_events()), (2, 3));
    assert_eq!(flatten(&log, "no such type").unwrap().n_cases(), 0);
}

#[test]
fn a_log_of_cases_becomes_objects_and_comes_back_with_the_same_events() {
    let log = read_log(SMALL.as_bytes(), &Limits::default()).unwrap().log;
    let (objects, left_out) = from_cases(&log, "case");
    assert_eq!((left_out, objects.problems()), (0, Vec::new()));
    let back = flatten(
        &read(&String::from_utf8(write_ocel(&objects)).unwrap()),
        "case",
    )
    .unwrap();
    assert_eq!(
        (back.n_cases(), back.n_events()),
        (log.n_cases(), log.n_events())
    );
    for case in 0..log.n_cases() {
        assert_eq!(back.case_name(case), log.case_name(case));
        let times = |log: &gangmu_exchange::eventlog::EventLog| -> Vec<_> {
            log.events(case)
                .map(|event| log.event_time(event))
                .collect()
        };
        assert_eq!(times(&back), times(&log));
    }
}

#[test]
fn cases_with_the_same_name_stay_apart_and_events_without_an_instant_are_told() {
    let text = r#"<log><trace><string key="concept:name" value="a"/></trace>
        <trace><string key="concept:name" value="a"/><event><string key="concept:name" value="x"/></event></trace>
        <trace/></log>"#;
    let log = read_log(text.as_bytes(), &Limits::default()).unwrap().log;
    let (objects, left_out) = from_cases(&log, "case");
    let ids: Vec<&str> = objects
        .objects
        .iter()
        .map(|object| object.id.as_str())
        .collect();
    assert_eq!((ids, left_out), (vec!["a", "a#2", "#3"], 1));
}

#[test]
fn what_does_not_fit_together_is_told_all_at_once() {
    let text = PROJECT
        .replace(
            r#""name": "pages", "value""#,
            r#""name": "sheets", "value""#,
        )
        .replace(
            r#""id": "m2", "type": "matter""#,
            r#""id": "m1", "type": "thing""#,
        );
    let (_, problems) = read_ocel(text.as_bytes(), &Limits::default()).unwrap();
    let told: Vec<String> = problems
        .iter()
        .map(|p| p.message(Language::English))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    event e1: its type declares no attribute “sheets”
    event e1: there is no object “m2”
    object m1: the identifier is used twice
    object m1: the type “thing” is not declared
    ");
    assert!(
        problems
            .iter()
            .all(|p| !p.message(Language::Chinese).is_empty())
    );
}

#[rstest]
#[case::empty(" ", "log_empty")]
#[case::no_json("<log/>", "log_object")]
#[case::cut("{\"events\": [", "log_object")]
#[case::list("[]", "log_object")]
#[case::missing("{\"events\": [], \"objects\": []}", "log_object")]
#[case::wrong_type(
    "{\"events\": 7, \"objects\": [], \"eventTypes\": [], \"objectTypes\": []}",
    "log_object"
)]
#[case::more_behind(
    "{\"events\": [], \"objects\": [], \"eventTypes\": [], \"objectTypes\": []} {}",
    "log_object"
)]
fn what_is_no_object_log_is_refused(#[case] text: &str, #[case] code: &str) {
    let refusal = read_ocel(text.as_bytes(), &Limits::default()).unwrap_err();
    assert_eq!(refusal.code(), code);
    for language in [Language::Chinese, Language::English] {
        assert!(refusal.message(language).len() > 20);
    }
}

#[test]
fn an_instant_that_is_none_and_nesting_without_end_are_refused() {
    let soon = PROJECT.replace("2026-03-02T09:00:00Z", "soon");
    let refusal = read_ocel(soon.as_bytes(), &Limits::default()).unwrap_err();
    assert!(
        refusal
            .message(Language::English)
            .contains("“soon” is no instant")
    );
    for key in ["eventTypes", "more", "value"] {
        let deep = format!("{{\"{key}\": {}", "[".repeat(200_000));
        let refusal = read_ocel(deep.as_bytes(), &Limits::default()).unwrap_err();
        assert_eq!(refusal.code(), "log_object");
    }
    let limits = Limits {
        bytes: 10,
        ..Limits::default()
    };
    let refusal = read_ocel(PROJECT.as_bytes(), &limits).unwrap_err();
    assert_eq!(refusal.code(), "log_too_large");
}
