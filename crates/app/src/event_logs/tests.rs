//! The use case on a small log; the kernels and the readers have tests of their own.

use gangmu_exchange::Language;

use super::*;

/// Three permits: one on time, one late after a correction, one open.
const LOG: &str = "\
case:concept:name,case:deadline,case:enddate,concept:name,time:timestamp
A,2026-03-10 18:00:00+08:00,2026-03-09 17:00:00+08:00,受理,2026-03-02 09:00:00+08:00
A,,,决定,2026-03-09 17:00:00+08:00
B,2026-03-10 18:00:00+08:00,2026-03-13 18:00:00+08:00,受理,2026-03-02 09:00:00+08:00
B,,,补正,2026-03-03 09:00:00+08:00
B,,,受理,2026-03-06 09:00:00+08:00
B,,,决定,2026-03-13 18:00:00+08:00
C,someday,,受理,2026-03-02 09:00:00+08:00
C,,,,2026-03-02 09:00:00+08:00
";

fn analysed(options: &AnalyseOptions) -> LogAnalysis {
    analyse(LOG.as_bytes(), options).unwrap()
}

#[test]
fn a_log_is_counted_and_compared_with_its_own_deadlines() {
    let found = analysed(&AnalyseOptions::default());
    assert_eq!(
        (found.cases, found.events, found.events_left_out),
        (3, 7, 1)
    );
    let paths: Vec<String> = found
        .variants
        .iter()
        .map(|v| v.activities.join(">"))
        .collect();
    assert_eq!(paths, ["受理>决定", "受理>补正>受理>决定", "受理"]);
    let again = found.activities.iter().find(|a| a.name == "受理").unwrap();
    assert_eq!((again.events, again.cases, again.rework_cases), (4, 3, 1));
    let deadlines = found.deadlines.unwrap();
    assert_eq!(
        (deadlines.closed, deadlines.open, deadlines.late),
        (2, 1, 1)
    );
    assert_eq!(deadlines.lateness.unwrap().most, 3 * 86_400_000);
    assert_eq!(deadlines.unreadable, 1);
}

#[test]
fn the_map_has_a_box_for_every_activity_and_a_line_for_every_step() {
    let found = analysed(&AnalyseOptions::default());
    let boxes: Vec<(&str, usize)> = found
        .map
        .boxes
        .iter()
        .map(|shape| (shape.name.as_str(), shape.count))
        .collect();
    assert_eq!(
        boxes,
        [("", 3), ("受理", 4), ("决定", 2), ("补正", 1), ("", 3)]
    );
    let course = |from, to| {
        let mut lines = found.map.lines.iter();
        let line = lines
            .find(|line| (line.from.as_str(), line.to.as_str()) == (from, to))
            .unwrap();
        (line.course, line.count, line.gap.is_some())
    };
    assert_eq!(course("受理", "决定"), ("forward", 2, true));
    assert_eq!(course("受理", "补正"), ("forward", 1, true));
    assert_eq!(course("补正", "受理"), ("back", 1, true));
    assert_eq!(course("", "受理"), ("forward", 3, false));
    assert_eq!(found.map.lines.len(), 6);
    assert_eq!(
        (found.map.activities_left_out, found.map.steps_left_out),
        (0, 0)
    );
}

#[test]
fn without_an_end_the_last_event_ends_a_case_and_a_missing_attribute_is_told() {
    let log = LOG.replace("case:enddate", "case:ended");
    let found = analyse(log.as_bytes(), &AnalyseOptions::default()).unwrap();
    let deadlines = found.deadlines.unwrap();
    assert_eq!(
        (deadlines.closed_by, deadlines.closed, deadlines.late),
        (None, 3, 1)
    );
    let options = AnalyseOptions {
        deadline: Some("promised".to_owned()),
        ..AnalyseOptions::default()
    };
    let error = analyse(log.as_bytes(), &options).unwrap_err();
    assert_eq!(error.code(), "log_no_attribute");
    assert!(
        error
            .message(Language::Chinese)
            .contains("concept:name、deadline、ended")
    );
}

#[test]
fn every_kind_a_log_is_written_as_gives_the_same_analysis() {
    let expected = serde_json::to_value(analysed(&AnalyseOptions::default())).unwrap();
    for (name, to) in [
        ("LOG.XES", LogFormat::Xes),
        ("log.xes.gz", LogFormat::XesGzip),
        ("log.jsonocel", LogFormat::Ocel),
    ] {
        assert_eq!(LogFormat::of_name(name), Some(to));
        let written = convert(LOG.as_bytes(), to, None).unwrap();
        let found = analyse(&written.bytes, &AnalyseOptions::default()).unwrap();
        let mut found = serde_json::to_value(found).unwrap();
        // What OCEL cannot hold was left out when it was written.
        if to == LogFormat::Ocel {
            assert_eq!(written.events_left_out, 1);
            found["events_left_out"] = 1.into();
        }
        assert_eq!(found, expected);
    }
    assert_eq!(LogFormat::of_name("log.xlsx"), None);
}

#[test]
fn an_object_log_asks_which_objects_are_cases() {
    let log = r#"{"events": [], "objects": [], "eventTypes": [], "objectTypes": [
        {"name": "project", "attributes": []}, {"name": "matter", "attributes": []}]}"#;
    let error = analyse(log.as_bytes(), &AnalyseOptions::default()).unwrap_err();
    assert_eq!(error.code(), "log_object_type");
    assert!(error.message(Language::English).contains("project, matter"));
    let options = AnalyseOptions {
        object: Some("matter".to_owned()),
        ..AnalyseOptions::default()
    };
    assert_eq!(analyse(log.as_bytes(), &options).unwrap().cases, 0);
}
