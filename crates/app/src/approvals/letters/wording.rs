//! What a letter says. Letters are official documents of the region and are written in Chinese,
//! whatever language their writer reads pages in.

use std::collections::BTreeSet;

use gangmu_exchange::letter::{Letter, LetterTable};
use gangmu_store::approvals::LetterRow;

use super::{Late, LetterKind};
use crate::exports::official_day;
use crate::{Reference, letters};

/// The number as it is printed (发文字号).
pub(super) fn number(reference: &Reference, row: &LetterRow) -> String {
    let from = (&row.unit, "联审");
    letters::number(reference, from, kind(row), (row.year, row.seq))
}

fn kind(row: &LetterRow) -> LetterKind {
    LetterKind::from_word(&row.kind).unwrap_or(LetterKind::Urge)
}

/// The letter in full.
pub(super) fn letter(reference: &Reference, row: &LetterRow, matters: &[Late]) -> Letter {
    let verb = letters::verb(kind(row));
    let projects: BTreeSet<i64> = matters.iter().map(|one| one.project).collect();
    let opening = format!(
        "截至{}，贵单位承办的下列{}项审批事项已超过办理时限，涉及重大项目{}个。按照重大项目三级联审联批工作要求，{}",
        official_day(row.written_on),
        matters.len(),
        projects.len(),
        match verb {
            "督办" => "现列入督办，请主要负责同志亲自过问，限期办结。",
            _ => "现予催办，请抓紧办理。",
        }
    );
    let closing = format!(
        "请于{}前书面反馈办理情况：已办结的附批准文件文号；未办结的逐项说明原因、办结时间和责任人。",
        official_day(row.reply_by)
    );
    Letter {
        heading: format!("关于{verb}重大项目审批事项的函"),
        number: number(reference, row),
        addressee: letters::addressee(reference, &row.office, Some(row.department)),
        paragraphs: vec![opening],
        table: table(matters),
        closing: vec![closing, "特此函告。".to_owned()],
        office: format!(
            "{}联审联批工作机制办公室",
            letters::unit(reference, &row.unit)
        ),
        date: official_day(row.written_on),
    }
}

fn table(matters: &[Late]) -> LetterTable {
    let columns = [
        ("序号", 2),
        ("项目", 8),
        ("审批事项", 8),
        ("应办环节", 4),
        ("应办结日期", 6),
        ("超期（工作日）", 4),
        ("影响后续事项", 4),
    ];
    let row = |(at, one): (usize, &Late)| {
        vec![
            (at + 1).to_string(),
            one.project_name.clone(),
            one.name.clone(),
            stage(&one.what).to_owned(),
            one.due_on.to_string(),
            one.over.to_string(),
            format!("{}项", one.holds_up),
        ]
    };
    LetterTable::new(columns, matters.iter().enumerate().map(row).collect())
}

/// What the office had to do by the date.
fn stage(what: &str) -> &'static str {
    match what {
        "forwarding" => "转报上级",
        "acceptance" => "受理告知",
        "promised" => "承诺办结",
        "statutory" => "法定办结",
        "conversion" => "转正式批复",
        "delivery" => "送达决定",
        _ => "办理",
    }
}
