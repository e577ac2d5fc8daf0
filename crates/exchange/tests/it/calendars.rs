//! Calendars that programs subscribe to, read back by rules of RFC 5545 written down here.

use gangmu_exchange::icalendar::{Calendar, Deadline, write_calendar};
use jiff::civil::{Date, date};
use proptest::prelude::*;

fn calendar(deadlines: Vec<Deadline>) -> Calendar {
    Calendar {
        name: "我的期限".to_owned(),
        at: "2026-01-05T04:00:00Z".parse().unwrap(),
        deadlines,
    }
}

fn deadline(summary: &str, on: Date) -> Deadline {
    Deadline {
        uid: "matter-17-A05@gangmu.example".to_owned(),
        on,
        summary: summary.to_owned(),
        description: String::new(),
        url: "https://gangmu.example/projects/17".to_owned(),
    }
}

#[test]
fn a_deadline_is_a_whole_day_that_takes_nobodys_time() {
    let one = Deadline {
        description: "法定办结\n通辽市; 能源局, 二科".to_owned(),
        ..deadline(
            "用地预审：通辽100万千瓦风电项目的承诺办结期限，请在期限内办结并送达",
            date(2026, 12, 31),
        )
    };
    insta::assert_snapshot!(write_calendar(&calendar(vec![one])).replace("\r\n", "\n"), @r#"
    BEGIN:VCALENDAR
    VERSION:2.0
    PRODID:-//Gangmu//Gangmu//ZH
    CALSCALE:GREGORIAN
    METHOD:PUBLISH
    X-WR-CALNAME:我的期限
    X-WR-TIMEZONE:Asia/Shanghai
    BEGIN:VEVENT
    UID:matter-17-A05@gangmu.example
    DTSTAMP:20260105T040000Z
    DTSTART;VALUE=DATE:20261231
    DTEND;VALUE=DATE:20270101
    SUMMARY:用地预审：通辽100万千瓦风电项目的承诺办结期限
     ，请在期限内办结并送达
    DESCRIPTION:法定办结\n通辽市\; 能源局\, 二科
    URL:https://gangmu.example/projects/17
    TRANSP:TRANSPARENT
    END:VEVENT
    END:VCALENDAR
    "#);
}

/// Unfolded lines, after seeing that each is well formed.
fn lines(text: &str) -> Vec<String> {
    assert!(text.ends_with("\r\n"));
    let mut lines: Vec<String> = Vec::new();
    for line in text.split_terminator("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "{line:?}");
        match (line.strip_prefix(' '), lines.last_mut()) {
            (Some(rest), Some(before)) => before.push_str(rest),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn unescaped(text: &str) -> String {
    let mut out = String::new();
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('n' | 'N') => out.push('\n'),
                Some(other) => out.push(other),
                None => panic!("a text ends in a backslash: {text}"),
            },
            ';' | ',' => panic!("{c} is not escaped: {text}"),
            _ => out.push(c),
        }
    }
    out
}

proptest! {
    #[test]
    fn any_text_comes_back_and_breaks_no_line(summary in "\\PC{0,120}", more in "[a-z\\\\;,\n\"：汉字👷]{0,90}") {
        let one = Deadline { description: more.clone(), ..deadline(&summary, date(2026, 1, 5)) };
        let text = write_calendar(&calendar(vec![one]));
        let lines = lines(&text);
        let of = |name: &str| {
            let line = lines.iter().find_map(|line| line.strip_prefix(name));
            line.map(unescaped)
        };
        prop_assert_eq!(of("SUMMARY:"), Some(summary));
        prop_assert_eq!(of("DESCRIPTION:").unwrap_or_default(), more);
        let known = ["BEGIN", "VERSION", "PRODID", "CALSCALE", "METHOD", "X-WR-CALNAME",
            "X-WR-TIMEZONE", "UID", "DTSTAMP", "DTSTART", "DTEND", "SUMMARY", "DESCRIPTION", "URL",
            "TRANSP", "END"];
        for line in &lines {
            let name = line.split([':', ';']).next().unwrap_or_default();
            prop_assert!(known.contains(&name), "{}", line);
        }
    }
}
