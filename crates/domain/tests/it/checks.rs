//! Each check with a return that trips it and one, hardly different, that does not.

use gangmu_domain::Yuan;
use gangmu_domain::dispatch::{CheckContext, Figures, Severity, SiteStatus, check, unexplained};
use gangmu_domain::library::FundingSource;
use gangmu_domain::pipeline::Category;

use crate::{day, period};

/// A sound return: one million of a twelve-million plan, as every month.
fn sound() -> (Figures, CheckContext) {
    let figures = Figures {
        month: Some(Yuan(1_000_000)),
        site_status: Some(SiteStatus::Working),
        image_progress: "主体结构封顶".to_owned(),
        ..Figures::default()
    };
    let context = CheckContext {
        total: Yuan(36_000_000),
        plan: Yuan(12_000_000),
        since_start_before: Yuan(4_000_000),
        recent: vec![Yuan(1_000_000); 4],
        previous_progress: "基础施工".to_owned(),
        category: Some(Category::Continuing),
        known_start: true,
    };
    (figures, context)
}

type Change = fn(&mut Figures, &mut CheckContext);

fn codes(change: Change) -> Vec<&'static str> {
    let (mut figures, mut context) = sound();
    change(&mut figures, &mut context);
    let findings = check(&figures, period("2025-05"), &context);
    findings.iter().map(|finding| finding.code).collect()
}

fn case(code: &str, trips: Change, passes: Change) {
    assert!(codes(trips).contains(&code), "{code}: {:?}", codes(trips));
    assert!(
        !codes(passes).contains(&code),
        "{code}: {:?}",
        codes(passes)
    );
}

#[test]
fn a_sound_return_has_no_findings() {
    assert_eq!(codes(|_, _| {}), [""; 0]);
}

#[test]
fn money_checks_trip_at_their_boundary() {
    case(
        "month_missing",
        |f, _| f.month = None,
        |f, _| f.month = Some(Yuan::ZERO),
    );
    case(
        "negative_without_reason",
        |f, _| f.month = Some(Yuan(-1)),
        |f, _| {
            f.month = Some(Yuan(-1));
            f.correction_reason = "上月多报".to_owned();
        },
    );
    case(
        "negative_without_reason",
        |f, _| {
            f.month = None;
            f.funds.insert(FundingSource::BankLoans, Yuan(-1));
        },
        |f, _| {
            f.funds.insert(FundingSource::BankLoans, Yuan(1));
        },
    );
    case(
        "cumulative_above_total",
        |_, c| c.since_start_before = Yuan(35_000_001),
        |_, c| c.since_start_before = Yuan(35_000_000),
    );
    case(
        "cumulative_negative",
        |f, _| f.month = Some(Yuan(-4_000_001)),
        |f, _| f.month = Some(Yuan(-4_000_000)),
    );
    // Yuan typed where 万元 was asked, and the reverse.
    case(
        "unit_slip",
        |f, _| f.month = Some(Yuan::wan(1_000_000)),
        |f, _| f.month = Some(Yuan::wan(200)),
    );
    case(
        "unit_slip",
        |f, _| f.month = Some(Yuan(100)),
        |f, _| f.month = Some(Yuan::ZERO),
    );
    case(
        "sudden_jump",
        |f, _| f.month = Some(Yuan(3_000_001)),
        |f, _| f.month = Some(Yuan(3_000_000)),
    );
}

#[test]
fn a_slip_says_what_was_probably_meant() {
    let (mut figures, context) = sound();
    figures.month = Some(Yuan(100));
    let findings = check(&figures, period("2025-05"), &context);
    assert_eq!(findings[0].code, "unit_slip");
    assert_eq!(findings[0].amounts, [Yuan(100), Yuan(1_000_000)]);
}

#[test]
fn progress_and_site_checks_trip_at_their_boundary() {
    case(
        "money_without_progress",
        |f, _| f.image_progress = "  ".to_owned(),
        |f, _| {
            f.image_progress = String::new();
            f.month = Some(Yuan::ZERO);
        },
    );
    case(
        "unchanged_text",
        |f, _| f.image_progress = " 基础施工 ".to_owned(),
        |f, _| f.image_progress = "基础施工完成".to_owned(),
    );
    case(
        "start_date_missing",
        |_, c| {
            c.category = Some(Category::NewStart);
            c.known_start = false;
        },
        |_, c| c.category = Some(Category::NewStart),
    );
    case(
        "finish_date_missing",
        |f, _| f.site_status = Some(SiteStatus::Completed),
        |f, _| {
            f.site_status = Some(SiteStatus::Completed);
            f.finished_on = Some(day("2025-05-31"));
        },
    );
    case(
        "date_after_period",
        |f, _| f.started_on = Some(day("2025-06-01")),
        |f, _| f.started_on = Some(day("2025-05-31")),
    );
    case(
        "date_after_period",
        |f, _| f.finished_on = Some(day("2025-06-01")),
        |f, _| f.finished_on = Some(day("2025-05-31")),
    );
    let both: Change = |f, _| {
        f.started_on = Some(day("2025-05-10"));
        f.finished_on = Some(day("2025-05-10"));
    };
    case(
        "finish_before_start",
        |f, _| {
            f.started_on = Some(day("2025-05-10"));
            f.finished_on = Some(day("2025-05-09"));
        },
        both,
    );
    case(
        "working_without_money",
        |f, c| {
            f.month = Some(Yuan::ZERO);
            c.recent = vec![Yuan::ZERO];
        },
        |f, c| {
            f.month = Some(Yuan::ZERO);
            c.recent = vec![Yuan(1)];
        },
    );
}

#[test]
fn everything_is_found_at_once_errors_first() {
    let found = codes(|f, _| {
        f.month = None;
        f.image_progress = "基础施工".to_owned();
        f.started_on = Some(day("2025-06-02"));
        f.finished_on = Some(day("2025-06-01"));
    });
    assert_eq!(
        found,
        [
            "month_missing",
            "date_after_period",
            "date_after_period",
            "finish_before_start",
            "unchanged_text"
        ]
    );
}

#[test]
fn a_word_of_explanation_lets_a_warning_pass_but_no_error() {
    let (mut figures, context) = sound();
    figures.month = Some(Yuan(40_000_000));
    let findings = check(&figures, period("2025-05"), &context);
    let open = |figures: &Figures| -> Vec<&str> {
        let open = unexplained(&findings, figures);
        open.iter().map(|f| f.code).collect()
    };
    assert_eq!(open(&figures), ["cumulative_above_total", "sudden_jump"]);
    for code in ["sudden_jump", "cumulative_above_total"] {
        figures
            .explanations
            .insert(code.to_owned(), "设备集中到货".to_owned());
    }
    assert_eq!(open(&figures), ["cumulative_above_total"]);
    assert_eq!(findings[0].severity, Severity::Error);
    figures
        .explanations
        .insert("sudden_jump".to_owned(), " ".to_owned());
    assert_eq!(open(&figures).len(), 2, "blanks explain nothing");
}
