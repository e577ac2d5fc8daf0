//! Project codes in both shapes, and names typed differently by different people.

use gangmu_domain::library::{CodeRule, ProjectCode, normalise_name};
use proptest::prelude::*;

#[test]
fn both_shapes_are_read_and_told_apart() {
    let rows = [
        ("2509-320193-89-01-544060", CodeRule::New, "320193"),
        ("2018-150502-44-03-012345", CodeRule::Old, "150502"),
        ("2020-150502-44-02-012345", CodeRule::Old, "150502"),
        ("2012-150500-04-01-123456", CodeRule::New, "150500"),
        ("2101-310052-04-01-12345X", CodeRule::New, "310052"),
    ];
    for (text, rule, region) in rows {
        let code = ProjectCode::parse(text).unwrap();
        assert_eq!(
            (code.as_str(), code.rule(), code.region()),
            (text, rule, region)
        );
        assert_eq!(text.len(), 24);
    }
}

#[test]
fn what_people_type_differently_is_the_same_code() {
    let same = [
        "　２５０９－３２０１９３－８９－０１－５４４０６０　",
        "2509 - 320193 - 89 - 01 - 544060",
        "2509–320193—89‐01−544060",
        "2509-320193-89-01-544060\n",
    ];
    for text in same {
        let code = ProjectCode::parse(text).unwrap();
        assert_eq!(code.as_str(), "2509-320193-89-01-544060", "{text}");
    }
    let small = ProjectCode::parse("2509-320193-89-01-54406x").unwrap();
    assert_eq!(small.as_str(), "2509-320193-89-01-54406X");
}

#[test]
fn everything_else_is_refused() {
    let refused = [
        "",
        "项目",
        "无",
        "2509-320193-89-01-54406项",
        "2509-320193-é-01-544060",
        "2513-320193-89-01-544060",
        "2500-320193-89-01-544060",
        "2021-320193-89-01-544060",
        "2509-320193-89-01",
        "2509-320193-89-01-544060-1",
        "2509-320193-89-0A-544060",
        "2509-32019X-89-01-544060",
        "250932019389015440601234",
    ];
    for text in refused {
        assert!(ProjectCode::parse(text).is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_code_panic(text in "\\PC{0,30}", head in "[0-9-项é]{20,26}") {
        for text in [text, head] {
            if let Ok(code) = ProjectCode::parse(&text) {
                prop_assert_eq!(ProjectCode::parse(code.as_str()), Ok(code));
            }
        }
    }

    #[test]
    fn normalising_twice_of_a_plain_name_is_normalising_once(name in "[一-龥Ａ-Ｚａ-ｚ（）★ ]{0,12}厂") {
        let once = normalise_name(&name);
        prop_assert_eq!(normalise_name(&once), once);
    }
}

#[test]
fn names_that_differ_in_marks_and_closing_words_are_one() {
    let rows = [
        ("★扎铝二期３５万吨项目", "扎铝二期35万吨"),
        ("扎铝二期 35 万吨", "扎铝二期35万吨"),
        (
            "国家电投通辽2×350MW热电联产（一期）建设项目",
            "国家电投通辽2350mw热电联产一期",
        ),
        (
            "国家电投通辽2×350mw热电联产(一期)工程",
            "国家电投通辽2350mw热电联产一期",
        ),
        ("项目", "项目"),
        ("★★", ""),
        ("", ""),
    ];
    for (name, key) in rows {
        assert_eq!(normalise_name(name), key, "{name}");
    }
}
