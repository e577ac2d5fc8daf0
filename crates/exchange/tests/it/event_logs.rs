//! Event logs: read, written, read again; and those that mean harm.

use gangmu_exchange::eventlog::{
    EventLog, LogFile, LogRefusal, NAME, TIME, Value, compress, find, read_log, write_xes,
};
use gangmu_exchange::{Language, Limits};
use rstest::rstest;

/// Two cases of a permit, in the shape process systems write them.
pub const SMALL: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand -->
<log xes.version="1.0" xmlns="http://www.xes-standard.org/">
  <extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
  <global scope="trace"><date key="deadline" value="1970-01-01T00:00:00.000+01:00"/></global>
  <classifier name="Activity" keys="concept:name"/>
  <string key="source" value="通辽 &amp; 兴安盟"/>
  <float key="mean" value="4.5"><float key="R1" value="1.0"/><list key="l"><values/></list></float>
  <trace>
    <string key="concept:name" value="施工许可 1"/>
    <date key="deadline" value="2026-03-05T18:00:00+08:00"/>
    <event>
      <string key="concept:name" value="受理"/>
      <date key="time:timestamp" value="2026-03-02T09:00:00.000+08:00"/>
      <int key="pages" value="12"/><boolean key="online" value="true"/><id key="uid" value="e-1"/>
    </event>
    <event>
      <string key="concept:name" value="决定"/>
      <date key="time:timestamp" value="2026-03-06T09:00:00.000+08:00"/>
    </event>
    <date key="enddate" value="2026-03-06T01:00:00Z"/>
  </trace>
  <trace>
    <string key="concept:name" value="施工许可 2"/>
  </trace>
</log>
"#;

fn read(text: &str) -> LogFile {
    read_log(text.as_bytes(), &Limits::default()).unwrap()
}

fn refused(bytes: &[u8]) -> LogRefusal {
    let refusal = read_log(bytes, &Limits::default()).unwrap_err();
    for language in [Language::Chinese, Language::English] {
        assert!(refusal.message(language).len() > 20);
    }
    refusal
}

/// Everything a log holds, in text.
pub fn told(log: &EventLog) -> String {
    let attributes = |attributes: &[gangmu_exchange::eventlog::Attribute]| {
        let told = attributes.iter().map(|attribute| {
            let key = log.text(attribute.key);
            match attribute.value {
                Value::Text(id) => format!("{key}={:?}", log.text(id)),
                Value::Id(id) => format!("{key}=id {:?}", log.text(id)),
                value => format!("{key}={value:?}"),
            }
        });
        told.collect::<Vec<_>>().join(" ")
    };
    let own = attributes(log.attributes());
    let mut told = format!("log {own}").trim_end().to_owned() + "\n";
    for case in 0..log.n_cases() {
        told += &format!("case {}\n", attributes(log.case_attributes(case)));
        for event in log.events(case) {
            told += &format!("  {}\n", attributes(log.event_attributes(event)));
        }
    }
    told
}

#[test]
fn a_log_is_read_with_every_type_and_nested_attributes_are_counted() {
    let file = read(SMALL);
    insta::assert_snapshot!(told(&file.log), @r#"
    log source="通辽 & 兴安盟" mean=Real(4.5)
    case concept:name="施工许可 1" deadline=Time(1772704800000) enddate=Time(1772758800000)
      concept:name="受理" time:timestamp=Time(1772413200000) pages=Whole(12) online=Flag(true) uid=id "e-1"
      concept:name="决定" time:timestamp=Time(1772758800000)
    case concept:name="施工许可 2"
    "#);
    assert_eq!(
        (
            file.notes.n_nested,
            file.notes.n_problems,
            file.notes.n_strange
        ),
        (2, 0, 0)
    );
    assert_eq!(file.log.case_name(1), "施工许可 2");
    assert_eq!(file.log.event_time(0), Some(1_772_413_200_000));
}

#[test]
fn what_is_written_is_read_back_the_same_plain_and_packed() {
    let log = read(SMALL).log;
    let written = write_xes(&log);
    for bytes in [written.clone(), compress(&written)] {
        let again = read_log(&bytes, &Limits::default()).unwrap();
        assert_eq!(told(&again.log), told(&log));
        assert_eq!(again.notes, Default::default());
    }
}

#[test]
fn a_wrong_value_is_told_with_its_place_and_left_out() {
    let file = read(
        r#"<log><trace><string key="concept:name" value="1"/><event>
           <date key="time:timestamp" value="next week"/><int key="n" value="4.5"/>
           <boolean key="b" value="maybe"/><float key="f" value="1e3"/><string value="nameless"/>
           </event></trace></log>"#,
    );
    assert_eq!(file.notes.n_problems, 4);
    let told: Vec<String> = file
        .notes
        .problems
        .iter()
        .map(|problem| problem.message(Language::English))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @"
    case 1, event 1, time:timestamp: “next week”, expected date; the value is left out.
    case 1, event 1, n: “4.5”, expected int; the value is left out.
    case 1, event 1, b: “maybe”, expected boolean; the value is left out.
    case 1, event 1, : “string”, expected key; the value is left out.
    ");
    assert_eq!(
        (file.log.n_events(), file.log.event_attributes(0).len()),
        (1, 1)
    );
}

#[rstest]
#[case::empty("", "log_empty")]
#[case::blank("  \n ", "log_empty")]
#[case::page("<html><body/></html>", "log_not_a_log")]
#[case::json("{\"events\": []}", "log_unsupported")]
#[case::zip("PK\u{3}\u{4}", "log_unsupported")]
#[case::cut_in_a_tag("<log><trace><event><string key=\"a\" val", "log_damaged")]
#[case::cut_between("<log><trace><event>", "log_damaged")]
#[case::crossed("<log><trace></log></trace>", "log_damaged")]
#[case::entity("<log><string key=\"a\" value=\"&lol;\"/></log>", "log_damaged")]
#[case::doctype("<!DOCTYPE log [<!ENTITY a \"b\">]><log/>", "log_doctype")]
#[case::external(
    "<?xml version=\"1.0\"?><!DOCTYPE log SYSTEM \"file:///etc/passwd\"><log/>",
    "log_doctype"
)]
#[case::no_case_column("a,b,c\n1,2,3\n", "log_missing_column")]
fn what_is_no_log_is_refused_with_its_own_reason(#[case] text: &str, #[case] code: &str) {
    assert_eq!(refused(text.as_bytes()).code(), code);
}

#[test]
fn an_entity_bomb_is_refused_at_its_declaration() {
    let mut bomb = String::from("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol \"lol\">");
    for n in 1..10 {
        let inside = format!("&lol{};", n - 1).repeat(10);
        bomb += &format!("<!ENTITY lol{n} \"{inside}\">");
    }
    bomb += "]><log><string key=\"a\" value=\"&lol9;\"/></log>";
    assert_eq!(refused(bomb.as_bytes()), LogRefusal::Doctype { at: 21 });
}

#[test]
fn a_packed_file_that_unpacks_to_much_more_is_refused_while_unpacking() {
    let blanks = format!("<b>{}</b>", " ".repeat(100_000)).repeat(100);
    let text = format!("<log>{blanks}</log>").into_bytes();
    assert_eq!(
        refused(&compress(&text)),
        LogRefusal::UnpackRatio { limit: 200 }
    );
    let limits = Limits {
        unpacked_bytes: 1000,
        ..Limits::default()
    };
    let plain = read_log(&text[..2000], &limits).unwrap_err();
    assert_eq!(plain, LogRefusal::UnpacksTooLarge { limit: 1000 });
}

#[test]
fn a_cut_off_packed_file_is_damaged() {
    let packed = compress(SMALL.as_bytes());
    assert_eq!(refused(&packed[..packed.len() / 2]).code(), "log_damaged");
    assert_eq!(refused(&packed[..packed.len() - 4]).code(), "log_damaged");
}

#[test]
fn depth_and_length_of_one_piece_are_bounded() {
    let deep = format!("<log>{}", "<string key=\"a\" value=\"b\">".repeat(5000));
    assert_eq!(refused(deep.as_bytes()).code(), "log_too_deep");
    let long = format!(
        "<log><string key=\"a\" value=\"{}\"/></log>",
        "x".repeat(2 << 20)
    );
    assert_eq!(refused(long.as_bytes()).code(), "log_piece_too_long");
    let comment = format!("<log><!--{}--></log>", "x".repeat(2 << 20));
    assert_eq!(refused(comment.as_bytes()).code(), "log_piece_too_long");
}

#[test]
fn a_log_is_read_in_the_encoding_it_declares() {
    let expected = told(&read(SMALL).log);
    let text = SMALL.replace("UTF-8", "GB18030");
    let (gb18030, _, _) = encoding_rs::GB18030.encode(&text);
    let text = format!("\u{feff}{}", SMALL.replace("UTF-8", "UTF-16"));
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf8: Vec<u8> = [b"\xEF\xBB\xBF", SMALL.as_bytes()].concat();
    for bytes in [gb18030.as_ref(), &utf16, &utf8, &compress(&gb18030)] {
        let file = read_log(bytes, &Limits::default()).unwrap();
        assert_eq!(told(&file.log), expected);
    }
    let unknown = SMALL.replace("UTF-8", "Martian");
    assert_eq!(refused(unknown.as_bytes()), LogRefusal::Encoding);
}

const TABLE: &str = "\
case:concept:name,case:deadline,concept:name,time:timestamp,org:group
B,2026-03-05 18:00:00+08:00,决定,2026-03-06 09:00:00+08:00,
A,,受理,2026-03-01 09:00:00+08:00,窗口
B,ignored,受理,2026-03-02 09:00:00+08:00,窗口
,,受理,2026-03-02 09:00:00+08:00,窗口
A,,补正,soon,窗口
";

#[test]
fn rows_of_a_table_are_put_into_cases_and_by_their_time() {
    let file = read(TABLE);
    insta::assert_snapshot!(told(&file.log), @r#"
    log
    case concept:name="B" deadline=Time(1772704800000)
      concept:name="受理" org:group="窗口" time:timestamp=Time(1772413200000)
      concept:name="决定" time:timestamp=Time(1772758800000)
    case concept:name="A"
      concept:name="补正" org:group="窗口"
      concept:name="受理" org:group="窗口" time:timestamp=Time(1772326800000)
    "#);
    assert_eq!(file.notes.n_problems, 2);
    let semicolons = TABLE.replace(',', ";");
    assert_eq!(told(&read(&semicolons).log), told(&file.log));
    let written = write_xes(&file.log);
    let again = read_log(&written, &Limits::default()).unwrap();
    assert_eq!(told(&again.log), told(&file.log));
}

#[test]
fn attributes_are_found_by_their_key() {
    let log = read(SMALL).log;
    let (name, time) = (log.key(NAME).unwrap(), log.key(TIME).unwrap());
    let event = log.event_attributes(1);
    let value = find(event, name).and_then(|value| log.text_of(value));
    assert_eq!(value, Some("决定"));
    assert_eq!(find(event, time), Some(Value::Time(1_772_758_800_000)));
    assert_eq!(log.key("no such key"), None);
}
