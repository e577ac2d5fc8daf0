//! Printing of figures and dates, with values taken from published reports where there are any.

use gangmu_web::dates;
use gangmu_web::i18n::{Lang, Texts};
use gangmu_web::number::{
    TextUnit, grouped, grouped_in, percent, points_between, round_div, wan, wan_exact,
};
use gangmu_web::view::Query;

#[test]
fn money_prints_in_whole_wan_and_in_yi_with_two_decimals() {
    for (yuan, in_wan, in_yi, exact) in [
        (0, "0", "0.00", "0"),
        (4_999, "0", "0.00", "0.4999"),
        (5_000, "1", "0.00", "0.5"),
        (-5_000, "-1", "0.00", "-0.5"),
        (500_000, "50", "0.01", "50"),
        (12_345_678, "1,235", "0.12", "1234.5678"),
        (981_234_000_000, "98,123,400", "9,812.34", "98123400"),
    ] {
        assert_eq!(
            (
                wan(yuan).as_str(),
                TextUnit::Yi.print(yuan).as_str(),
                wan_exact(yuan).as_str()
            ),
            (in_wan, in_yi, exact),
            "{yuan}"
        );
    }
}

#[test]
fn amounts_that_come_with_their_unit_are_grouped_in_the_whole_part_only() {
    for (text, printed) in [
        ("4900 亿元", "4,900 亿元"),
        ("≤12345.6789", "≤12,345.6789"),
        ("-1234567", "-1,234,567"),
        ("999 个", "999 个"),
        ("0.12345", "0.12345"),
        ("0012345", "0012345"),
        ("—", "—"),
        ("", ""),
        (
            "123456789012345678901234567890",
            "123456789012345678901234567890",
        ),
    ] {
        assert_eq!(grouped_in(text), printed);
    }
}

#[test]
fn money_in_text_has_the_unit_its_reader_expects() {
    let zh = Texts::load(Lang::ZhCn).expect("texts");
    let en = Texts::load(Lang::En).expect("texts");
    for (yuan, in_chinese, in_english) in [
        (984_873_210_000, "9,848.73 亿元", "CNY 984.87 bn"),
        (1_000_000_000, "10.00 亿元", "CNY 1.00 bn"),
        (999_995_000, "10.00 亿元", "CNY 1.00 bn"),
        (999_994_999, "10.00 亿元", "CNY 999.99 mn"),
        (50_000_000, "0.50 亿元", "CNY 50.00 mn"),
        (-235_000_000, "-2.35 亿元", "CNY -235.00 mn"),
        (0, "0.00 亿元", "CNY 0.00 mn"),
    ] {
        assert_eq!(zh.money(yuan), in_chinese, "{yuan}");
        assert_eq!(en.money(yuan), in_english, "{yuan}");
    }
}

#[test]
fn rates_round_half_up_and_have_no_value_without_a_denominator() {
    for (num, den, expected) in [
        (147, 175, Some("84.0")),
        (2237, 3095, Some("72.3")),
        (39, 63, Some("61.9")),
        (1315, 1453, Some("90.5")),
        (1, 2000, Some("0.1")),
        (-1, 2000, Some("-0.1")),
        (1, 0, None),
        (i128::MAX, 1, None),
    ] {
        assert_eq!(percent(num, den).as_deref(), expected, "{num}/{den}");
    }
}

#[test]
fn the_distance_to_time_progress_is_taken_before_rounding() {
    for (rate, time, expected) in [
        ((9716, 10_000), (10, 12), "+13.8"),
        ((7041, 10_000), (10, 12), "-12.9"),
        ((44, 100), (5, 12), "+2.3"),
        ((1, 4), (3, 12), "0.0"),
    ] {
        assert_eq!(
            points_between(rate, time).as_deref(),
            Some(expected),
            "{rate:?} {time:?}"
        );
    }
}

#[test]
fn digits_are_grouped_by_three() {
    for (value, decimals, expected) in [
        (0, 0, "0"),
        (999, 0, "999"),
        (1000, 0, "1,000"),
        (-1_234_567, 2, "-12,345.67"),
        (5, 2, "0.05"),
    ] {
        assert_eq!(grouped(value, decimals), expected);
    }
    assert_eq!(round_div(i128::MAX, 2), None);
}

#[test]
fn dates_read_as_people_write_them() {
    let date = dates::parse("2025-12").expect("month");
    assert_eq!(
        (dates::month(date, Lang::ZhCn), dates::month(date, Lang::En)),
        ("2025年12月".into(), "Dec 2025".into())
    );
    let date = dates::parse("2026-02-05").expect("day");
    assert_eq!(
        (dates::day(date, Lang::ZhCn), dates::day(date, Lang::En)),
        ("2026年2月5日".into(), "5 Feb 2026".into())
    );
    assert_eq!(dates::parse("tomorrow"), None);
    assert_eq!(
        dates::instant("2025-12-31T16:05:00Z".parse().expect("instant")),
        "2026-01-01 00:05"
    );
}

#[test]
fn changing_one_filter_keeps_the_others_and_returns_to_the_first_page() {
    let query = Query::new(
        "/projects",
        &[("unit", "150500"), ("q", "煤电 & 1+1"), ("page", "3")],
    );
    assert_eq!(
        query.with("stage", "reserve").href(),
        "/projects?unit=150500&q=%E7%85%A4%E7%94%B5%20%26%201%2B1&stage=reserve"
    );
    assert_eq!(query.with("q", "").href(), "/projects?unit=150500");
}

#[test]
fn turning_one_list_of_a_page_leaves_the_other_where_it_is() {
    let query = Query::new(
        "/approvals/letters",
        &[("page", "2"), ("letters_page", "3")],
    );
    assert_eq!(
        query.turned("letters_page", 4).href(),
        "/approvals/letters?page=2&letters_page=4"
    );
    assert_eq!(
        query.turned("page", 1).href(),
        "/approvals/letters?letters_page=3&page=1"
    );
    let after = Query::new("/audit", &[("after", "77")]);
    assert_eq!(after.turned("page", 2).href(), "/audit?page=2");
}
