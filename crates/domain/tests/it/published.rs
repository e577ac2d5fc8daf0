//! Figures that regions published, recomputed. Two of them are wrong, and are asserted as wrong.

use gangmu_domain::metrics::{Measure, Measures, PublishedRatio, Rates, published_matches};
use gangmu_domain::{Ratio, period::Period};

use crate::period;

const GOLDEN: &str = include_str!("golden_vectors.csv");

struct Row {
    id: &'static str,
    numerator: &'static str,
    denominator: &'static str,
    percent: &'static str,
    check: &'static str,
}

fn rows() -> Vec<Row> {
    let row = |line: &'static str| {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(cells.len(), 7, "{line}");
        Row {
            id: cells[0],
            numerator: cells[1],
            denominator: cells[2],
            percent: cells[3],
            check: cells[5],
        }
    };
    GOLDEN.lines().skip(1).map(row).collect()
}

fn matches(row: &Row) -> bool {
    published_matches(PublishedRatio {
        numerator: row.numerator,
        denominator: row.denominator,
        percent: row.percent,
    })
    .unwrap()
}

#[test]
fn thirty_five_of_thirty_seven_published_ratios_are_what_their_parts_give() {
    let rows = rows();
    for row in &rows {
        assert_eq!(matches(row), row.check == "match", "{}", row.id);
    }
    assert_eq!(rows.len(), 37);
    assert_eq!(rows.iter().filter(|row| matches(row)).count(), 35);
}

#[test]
fn the_two_that_differ_are_a_slip_and_a_truncation() {
    let wrong: Vec<Row> = rows().into_iter().filter(|row| !matches(row)).collect();
    let ids: Vec<&str> = wrong.iter().map(|row| row.id).collect();
    assert_eq!(
        ids,
        ["ordos工业2019-09 投资完成率", "jinzhai2025H1 达进度占比"]
    );
    // 鄂尔多斯: 207.88 of 437.68 is 47.496 %, which rounds to 47.5 and in no way gives 47.6.
    let slip = Ratio::new(20_788, 43_768);
    assert_eq!(slip.percent(1).as_deref(), Some("47.5"));
    assert_eq!(slip.percent(3).as_deref(), Some("47.496"));
    assert_eq!(wrong[0].percent, "47.6");
    // 金寨: 72.973 % was cut to 72.9 so that the shares add up to 100.
    let cut = Ratio::new(162, 222);
    assert_eq!(cut.percent(1).as_deref(), Some("73.0"));
    assert_eq!(cut.percent(3).as_deref(), Some("72.973"));
    assert_eq!(wrong[1].percent, "72.9");
}

#[test]
fn what_is_no_number_or_over_zero_matches_nothing_and_panics_nowhere() {
    let parts = [
        "",
        "-",
        ".",
        "1.+5",
        "百",
        "1,000",
        "99999999999999999999",
        "0",
    ];
    for text in parts {
        let printed = PublishedRatio {
            numerator: "1",
            denominator: text,
            percent: "1",
        };
        assert_eq!(published_matches(printed), None, "{text}");
    }
}

fn completed(done: i64, plan: i64) -> Measures {
    let mut measures = Measures::default();
    measures.set(Measure::YearToDate, done);
    measures.set(Measure::AnnualPlan, plan);
    measures
}

/// Completion, month, the gap in hundredths of a point, and the gap as printed with its decimals.
fn check_gap(done: i64, plan: i64, month: &str, hundredths: i64, printed: (i64, i64), fits: bool) {
    let measures = completed(done, plan);
    let rates = Rates::of(&measures, period(month));
    assert_eq!(rates.gap(), Some(hundredths), "{done}/{plan} {month}");
    let (value, scale) = printed;
    let as_printed = rates
        .completion()
        .minus_scaled(rates.time_progress(), scale * 100);
    assert_eq!(as_printed == Some(value), fits, "{done}/{plan} {month}");
}

#[test]
fn gaps_to_time_progress_are_those_that_cities_printed() {
    // 江门, October (the year is not printed): 629.0 of 647.4, +13.8. Exactly 13.824: whoever
    // subtracts the rounded 83.33 from the rounded 97.16 gets 13.83, so we round once, at the end.
    check_gap(6_290, 6_474, "2021-10", 1_382, (138, 10), true);
    // 江门 2021-03: 313.64 of 1015, +5.90.
    check_gap(31_364, 101_500, "2021-03", 590, (590, 100), true);
    // 三元区 2010-08: 74 %, +7.33.
    check_gap(74, 100, "2010-08", 733, (733, 100), true);
    // 攀枝花, October: 125.64 %, +42.31; 70.41 %, −12.92 (欠进度).
    check_gap(12_564, 10_000, "2021-10", 4_231, (4_231, 100), true);
    check_gap(7_041, 10_000, "2021-10", -1_292, (-1_292, 100), true);
    // 资阳, May: 44 %, +2.3.
    check_gap(44, 100, "2021-05", 233, (23, 10), true);
    // 广东某市 2016-10: 85.1 %, 超均衡进度 1.8.
    check_gap(851, 1_000, "2016-10", 177, (18, 10), true);
    // 河南 2016-04 printed +2.9 for 36.1 %: no straight line gives that.
    check_gap(361, 1_000, "2016-04", 277, (29, 10), false);
}

#[test]
fn both_denominators_of_the_start_rate_are_kept() {
    // 江门: 183 in the year, 140 due by October, 118 started, 11 of them early, 33 overdue.
    let mut m = Measures::default();
    m.set(Measure::NewStarts, 183);
    m.set(Measure::DueToStart, 140);
    m.set(Measure::StartOverdue, 33);
    m.set(Measure::StartedEarly, 11);
    m.set(Measure::Started, 118);
    assert_eq!(
        m.get(Measure::DueToStart) - m.get(Measure::StartOverdue) + m.get(Measure::StartedEarly),
        m.get(Measure::Started)
    );
    let rates = Rates::of(&m, period("2021-10"));
    assert_eq!(rates.started_of_due(), Ratio::new(118, 140));
    assert_eq!(rates.started_of_year(), Ratio::new(118, 183));
}

fn at_work(started: i64, new: i64, resumed: i64, continuing: i64) -> Measures {
    let mut measures = Measures::default();
    measures.set(Measure::Started, started);
    measures.set(Measure::NewStarts, new);
    measures.set(Measure::AtWork, resumed);
    measures.set(Measure::Continuing, continuing);
    measures
}

#[test]
fn the_rate_at_work_adds_started_and_resumed() {
    let month: Period = period("2020-05");
    // 兴安盟 2020-05.
    let measures = at_work(39, 63, 108, 112);
    let rates = Rates::of(&measures, month);
    assert_eq!(rates.at_work(), Ratio::new(147, 175));
    assert_eq!(rates.at_work().percent(0).as_deref(), Some("84"));
    assert_eq!(rates.resumed().percent(2).as_deref(), Some("96.43"));
    assert_eq!(rates.started_of_year().percent(1).as_deref(), Some("61.9"));
    // 鄂尔多斯工业 2019-09: 84 = 33 + 51 of 106 = 43 + 63.
    let measures = at_work(33, 43, 51, 63);
    let rates = Rates::of(&measures, month);
    assert_eq!(rates.at_work(), Ratio::new(84, 106));
    assert_eq!(rates.at_work().percent(1).as_deref(), Some("79.2"));
}

#[test]
fn nothing_to_compare_with_is_no_value_instead_of_zero() {
    let none = Measures::default();
    let rates = Rates::of(&none, period("2025-12"));
    assert_eq!(rates.gap(), None);
    assert_eq!(rates.completion().percent(1), None);
    assert_eq!(rates.year_on_year(&none).percent(1), None);
    let (now, before) = (completed(107, 1), completed(100, 1));
    let rates = Rates::of(&now, period("2025-12"));
    let change = rates.year_on_year(&before);
    assert_eq!(change.percent(1).as_deref(), Some("7.0"));
}
