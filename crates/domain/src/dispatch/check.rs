//! What is wrong or strange with a typed return, with the reason.
//!
//! An error stops the submission. A warning asks for a word of explanation and then lets it pass:
//! strange figures are sometimes true.

use super::{Figures, SiteStatus};
use crate::pipeline::Category;
use crate::{Period, Yuan};

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Stops the submission.
    Error,
    /// Needs an explanation.
    Warning,
}

/// One thing found, to be shown beside its field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The check's word; its text for people is kept under `dispatch.check.<code>`.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// The field to point at.
    pub field: &'static str,
    /// Figures for the text, in the order it names them, in yuan.
    pub amounts: Vec<Yuan>,
}

/// What a return is checked against.
#[derive(Clone, Debug, Default)]
pub struct CheckContext {
    /// Total investment.
    pub total: Yuan,
    /// Annual plan.
    pub plan: Yuan,
    /// Invested from the start up to the month before.
    pub since_start_before: Yuan,
    /// Invested in the months before, newest first, at most six.
    pub recent: Vec<Yuan>,
    /// The progress text of the month before.
    pub previous_progress: String,
    /// What the year expects of the project.
    pub category: Option<Category>,
    /// The start date the record already has.
    pub known_start: bool,
}

/// Checks typed figures against what is known, everything at once.
#[must_use]
pub fn check(figures: &Figures, period: Period, context: &CheckContext) -> Vec<Finding> {
    let mut findings = Vec::new();
    check_money(figures, context, &mut findings);
    check_progress(figures, context, &mut findings);
    check_site(figures, period, context, &mut findings);
    findings.sort_by_key(|f| f.severity);
    findings
}

/// Returns the findings that stop a submission: errors, and warnings without an explanation.
#[must_use]
pub fn unexplained(findings: &[Finding], figures: &Figures) -> Vec<Finding> {
    let explained = |code: &str| {
        figures
            .explanations
            .get(code)
            .is_some_and(|text| !text.trim().is_empty())
    };
    findings
        .iter()
        .filter(|f| f.severity == Severity::Error || !explained(f.code))
        .cloned()
        .collect()
}

fn check_money(figures: &Figures, context: &CheckContext, findings: &mut Vec<Finding>) {
    let mut find = |code, severity, field, amounts: &[Yuan]| {
        findings.push(Finding {
            code,
            severity,
            field,
            amounts: amounts.to_vec(),
        });
    };
    if figures.funds.values().any(|amount| amount.is_negative())
        && figures.correction_reason.trim().is_empty()
    {
        find("negative_without_reason", Severity::Error, "funds", &[]);
    }
    let Some(month) = figures.month else {
        find("month_missing", Severity::Error, "month_investment", &[]);
        return;
    };
    if month.is_negative() && figures.correction_reason.trim().is_empty() {
        find(
            "negative_without_reason",
            Severity::Error,
            "correction_reason",
            &[month],
        );
    }
    let cumulative = context.since_start_before + month;
    if context.total > Yuan::ZERO && cumulative > context.total {
        find(
            "cumulative_above_total",
            Severity::Error,
            "month_investment",
            &[cumulative, context.total],
        );
    }
    if cumulative.is_negative() {
        find(
            "cumulative_negative",
            Severity::Error,
            "month_investment",
            &[cumulative],
        );
    }
    match slip(month, context) {
        Some(meant) => find(
            "unit_slip",
            Severity::Warning,
            "month_investment",
            &[month, meant],
        ),
        None if jumps(month, context) => {
            find(
                "sudden_jump",
                Severity::Warning,
                "month_investment",
                &[month, usual(context)],
            );
        }
        None => {}
    }
}

fn check_progress(figures: &Figures, context: &CheckContext, findings: &mut Vec<Finding>) {
    let progress = figures.image_progress.trim();
    let money_flows = figures.month.is_some_and(|month| month > Yuan::ZERO);
    let mut warn = |code| {
        findings.push(Finding {
            code,
            severity: Severity::Warning,
            field: "image_progress",
            amounts: Vec::new(),
        });
    };
    if money_flows && progress.is_empty() {
        warn("money_without_progress");
    } else if !progress.is_empty() && progress == context.previous_progress.trim() {
        warn("unchanged_text");
    }
}

fn check_site(
    figures: &Figures,
    period: Period,
    context: &CheckContext,
    findings: &mut Vec<Finding>,
) {
    let mut find = |code, severity, field| {
        findings.push(Finding {
            code,
            severity,
            field,
            amounts: Vec::new(),
        });
    };
    let working = matches!(
        figures.site_status,
        Some(SiteStatus::Working | SiteStatus::Completed)
    );
    let new_start = context.category == Some(Category::NewStart);
    if working && new_start && !context.known_start && figures.started_on.is_none() {
        find("start_date_missing", Severity::Error, "started_on");
    }
    if figures.site_status == Some(SiteStatus::Completed) && figures.finished_on.is_none() {
        find("finish_date_missing", Severity::Error, "finished_on");
    }
    let late = |date: Option<jiff::civil::Date>| date.is_some_and(|d| d > period.last_day());
    if late(figures.started_on) {
        find("date_after_period", Severity::Error, "started_on");
    }
    if late(figures.finished_on) {
        find("date_after_period", Severity::Error, "finished_on");
    }
    if let (Some(start), Some(finish)) = (figures.started_on, figures.finished_on)
        && finish < start
    {
        find("finish_before_start", Severity::Error, "finished_on");
    }
    let idle = figures.month == Some(Yuan::ZERO)
        && context.recent.first() == Some(&Yuan::ZERO)
        && figures.site_status == Some(SiteStatus::Working);
    if idle {
        find("working_without_money", Severity::Warning, "site_status");
    }
}

/// The usual month: the mean of recent positive months, else a twelfth of the plan.
fn usual(context: &CheckContext) -> Yuan {
    let positive: Vec<i64> = context
        .recent
        .iter()
        .map(|y| y.0)
        .filter(|y| *y > 0)
        .collect();
    match i64::try_from(positive.len()) {
        Ok(n) if n > 0 => Yuan(positive.iter().fold(0_i64, |a, b| a.saturating_add(*b)) / n),
        _ => Yuan(context.plan.0 / 12),
    }
}

/// Recognises yuan typed where 万元 was asked, or the reverse; returns what was probably meant.
fn slip(month: Yuan, context: &CheckContext) -> Option<Yuan> {
    let usual = usual(context).0;
    if usual <= 0 || month.0 <= 0 {
        return None;
    }
    let near = |amount: i64| amount > usual / 10 && amount < usual.saturating_mul(10);
    if near(month.0) {
        return None;
    }
    let smaller = month.0 / 10_000;
    let larger = month.0.checked_mul(10_000);
    if near(smaller) {
        Some(Yuan(smaller))
    } else {
        larger.filter(|amount| near(*amount)).map(Yuan)
    }
}

/// More than three times the usual month and more than a fifth of the year's plan.
fn jumps(month: Yuan, context: &CheckContext) -> bool {
    let usual = usual(context).0;
    usual > 0 && month.0 > usual.saturating_mul(3) && month.0 > context.plan.0 / 5
}
