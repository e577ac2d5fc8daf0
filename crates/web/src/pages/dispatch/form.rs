//! One return as a form: what the reporter types on the left, what follows from it on the right,
//! and what happened to it so far. What one would get wrong: after a refused save the form shows
//! what was typed, never what is stored; what is stored stands beside it. (月报填报)

use std::collections::BTreeMap;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use gangmu_app::dispatch::{GridRow, ReturnEventView};
use gangmu_app::domain::Period;
use gangmu_app::domain::library::ProjectId;
use gangmu_app::domain::organisation::Action;
use serde::Serialize;

use super::{crumbs, funds, site_statuses};
use crate::i18n::{Message, Texts};
use crate::number;
use crate::pages::{common, work};
use crate::render::Page;
use crate::server::{Answer, Failure, Visit};
use crate::view::{Change, Choice, Event, Form, Link, Rate};

/// One project's return for one month.
#[derive(Clone, Debug, Serialize)]
pub struct ReturnForm {
    pub period: String,
    pub project_id: i64,
    pub name: String,
    pub code: Option<String>,
    pub unit_name: String,
    pub crumbs: Vec<Link>,
    pub due_on: String,
    pub days_left: i64,
    pub closed: bool,
    pub status: &'static str,
    pub tone: &'static str,
    /// The number of the level whose review is next.
    pub awaiting: Option<i16>,
    pub editable: bool,
    pub sent_back_reason: Option<String>,
    pub version: i64,
    pub derived: Derived,
    pub form: Form,
    pub funds: Vec<Choice>,
    /// Some money in place is typed already.
    pub has_funds: bool,
    pub site_statuses: Vec<Choice>,
    pub previous_image_progress: String,
    pub findings: Vec<Finding>,
    pub unexplained: usize,
    /// What somebody else saved meanwhile, field by field.
    pub conflict: Vec<Difference>,
    pub events: Vec<Event>,
    pub may_correct: bool,
}

/// What follows from the month's figure, yuan.
#[derive(Clone, Debug, Serialize)]
pub struct Derived {
    pub annual_plan: i64,
    pub total_investment: i64,
    pub before_year: i64,
    pub ytd_before: i64,
    pub year_to_date: i64,
    pub since_start: i64,
    pub completion: Rate,
    pub time: Rate,
}

/// Something found in the figures, in words.
#[derive(Clone, Debug, Serialize)]
pub struct Finding {
    pub code: String,
    pub severity: &'static str,
    pub field: String,
    pub message: Message,
    pub explained: bool,
    pub explanation: String,
}

/// One field in which two people differ.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// The key of the field's label.
    pub label: Message,
    pub theirs: String,
    pub mine: String,
}

pub(super) async fn show(visit: Visit, Path((period, project)): Path<(String, i64)>) -> Answer {
    let period = work::period(&period)?;
    let page = ReturnForm::load(&visit, period, ProjectId(project)).await?;
    visit.page(&page).await
}

impl ReturnForm {
    /// Reads the return as it is stored.
    pub(crate) async fn load(
        visit: &Visit,
        period: Period,
        id: ProjectId,
    ) -> Result<Self, Failure> {
        let row = visit.app.grid_row(&visit.actor, period, id).await?;
        let events = visit.app.return_events(&visit.actor, period, id).await?;
        let known = visit.app.period_list().await?;
        let known = known.iter().find(|one| one.period == period.to_string());
        let texts = visit.texts()?;
        let closed = known.is_none_or(|one| one.state == "closed");
        let due_on = known.map(|one| one.due_on.clone()).unwrap_or_default();
        Ok(Self {
            period: period.to_string(),
            project_id: row.project_id,
            crumbs: crumbs(visit, &period.to_string())?,
            days_left: work::days_until(visit.app.today(), &due_on),
            due_on,
            closed,
            derived: derived(&row, period),
            form: form_of(&row),
            funds: funds(texts),
            has_funds: !row.funds.is_empty(),
            site_statuses: site_statuses(texts),
            findings: findings(&row),
            unexplained: row.findings.iter().filter(|one| stops(one)).count(),
            conflict: Vec::new(),
            events: events
                .iter()
                .rev()
                .map(|event| timeline(texts, event))
                .collect(),
            may_correct: closed && visit.may(Action::Correct),
            tone: work::tone(row.status),
            status: row.status,
            awaiting: row.awaiting,
            editable: row.editable,
            version: row.version,
            name: row.name,
            code: row.code,
            unit_name: common::name(visit.lang, &row.unit_name, &row.unit_name_en),
            sent_back_reason: row.sent_back_reason,
            previous_image_progress: row.previous_image_progress,
        })
    }

    /// Answers a refused form: with a status that says so.
    pub(super) async fn refused(&self, visit: &Visit, status: StatusCode) -> Answer {
        let page = visit.page(self).await?;
        Ok((status, page).into_response())
    }

    /// Puts what was typed in place of what is stored, and notes where the two differ.
    pub(super) fn retype(&mut self, typed: Form) {
        let stored = std::mem::replace(&mut self.form, typed);
        let names: std::collections::BTreeSet<&String> = stored
            .values
            .keys()
            .chain(self.form.values.keys())
            .collect();
        self.conflict = names
            .into_iter()
            .filter_map(|name| {
                let side = |form: &Form| form.values.get(name).cloned().unwrap_or_default();
                let (theirs, mine) = (side(&stored), side(&self.form));
                (theirs != mine).then(|| Difference {
                    label: label(name),
                    theirs,
                    mine,
                })
            })
            .collect();
    }
}

fn stops(finding: &gangmu_app::dispatch::FindingView) -> bool {
    finding.severity == "error" || !finding.explained
}

/// The text that names a field of the form.
pub(super) fn label(field: &str) -> Message {
    match field.split_once('.') {
        Some(("funds", source)) => Message::new(format!("funding.{source}")),
        Some(("explanations", _)) => Message::new("return.field.explanation"),
        _ => Message::new(["return.field.", field].concat()),
    }
}

fn derived(row: &GridRow, period: Period) -> Derived {
    let year_to_date = row.ytd_before + row.month_investment.unwrap_or(0);
    let time = period.time_progress();
    Derived {
        annual_plan: row.annual_plan,
        total_investment: row.total_investment,
        before_year: row.before_year,
        ytd_before: row.ytd_before,
        year_to_date,
        since_start: row.before_year + year_to_date,
        completion: Rate {
            num: year_to_date,
            den: row.annual_plan,
        },
        time: Rate {
            num: time.numerator,
            den: time.denominator,
        },
    }
}

fn form_of(row: &GridRow) -> Form {
    let wan = |yuan: i64| number::wan_exact(i128::from(yuan));
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut form = Form::default()
        .value(
            "month_investment",
            row.month_investment.map(wan).unwrap_or_default(),
        )
        .value("site_status", row.site_status.unwrap_or_default())
        .value("started_on", text(&row.started_on))
        .value("finished_on", text(&row.finished_on))
        .value("image_progress", row.image_progress.clone())
        .value("problems", row.problems.clone())
        .value("correction_reason", row.correction_reason.clone());
    for (source, amount) in &row.funds {
        form = form.value(&format!("funds.{source}"), wan(*amount));
    }
    for (code, words) in &row.explanations {
        form = form.value(&format!("explanations.{code}"), words.clone());
    }
    form
}

/// Words what was found: amounts in 万元, in the order the text names them.
pub(crate) fn findings(row: &GridRow) -> Vec<Finding> {
    let explanation = |code: &str| row.explanations.get(code).cloned().unwrap_or_default();
    row.findings
        .iter()
        .map(|found| {
            let mut message = Message::new(format!("dispatch.check.{}", found.code));
            for (name, amount) in ["0", "1"].into_iter().zip(&found.amounts) {
                message = message.with(name, number::wan(i128::from(*amount)));
            }
            Finding {
                code: found.code.to_owned(),
                severity: found.severity,
                field: found.field.to_owned(),
                message,
                explained: found.explained,
                explanation: explanation(found.code),
            }
        })
        .collect()
}

fn timeline(texts: &Texts, event: &ReturnEventView) -> Event {
    let say = |key: String| texts.message(&Message::new(key));
    let wan = |yuan: i64| {
        format!(
            "{} {}",
            number::wan(i128::from(yuan)),
            say("unit.wan".into())
        )
    };
    let mut title = say(format!("return.event.{}", event.kind));
    if let Some(level) = event.level {
        title = format!("{} · {title}", say(format!("unit_level.{level}")));
    }
    let changes = (event.month_before != event.month_after).then(|| Change {
        label: say("return.field.month_investment".into()),
        before: event.month_before.map(wan),
        after: event.month_after.map(wan),
    });
    Event {
        at: work::instant(event.at),
        who: event.who.clone(),
        title,
        reason: Some(event.reason.clone()).filter(|reason| !reason.is_empty()),
        changes: changes.into_iter().collect(),
    }
}

impl Page for ReturnForm {
    const TEMPLATE: &'static str = "pages/return_form.html";

    fn samples() -> Vec<Self> {
        let draft = sample();
        let mut wrong = draft.clone();
        wrong.form = wrong.form.value("month_investment", "3,2x0").error(
            "month_investment",
            Message::new("form.not_a_number").with("found", "3,2x0"),
        );
        let mut contested = draft.clone();
        contested.retype(
            draft
                .form
                .clone()
                .value("month_investment", "3200")
                .value("image_progress", "主厂房封顶，设备进场。"),
        );
        let done = Self {
            status: "accepted",
            tone: "good",
            editable: false,
            closed: true,
            days_left: -40,
            sent_back_reason: None,
            findings: Vec::new(),
            unexplained: 0,
            may_correct: true,
            ..draft.clone()
        };
        let waiting = Self {
            status: "submitted",
            tone: "wait",
            awaiting: Some(1),
            editable: false,
            days_left: 0,
            sent_back_reason: None,
            form: Form::default(),
            events: Vec::new(),
            previous_image_progress: String::new(),
            ..draft.clone()
        };
        vec![draft, wrong, contested, done, waiting]
    }
}

fn sample() -> ReturnForm {
    let finding = |code: &str, severity, field: &str| Finding {
        code: code.into(),
        severity,
        field: field.into(),
        message: Message::new(format!("dispatch.check.{code}"))
            .with("0", "320,000")
            .with("1", "3,200"),
        explained: false,
        explanation: String::new(),
    };
    let values: BTreeMap<String, String> = [
        ("month_investment", "320000"),
        ("funds.own_funds", "1200"),
        ("site_status", "working"),
        ("image_progress", "主厂房主体施工至 12 米层。"),
        ("problems", "110 千伏外部供电线路尚未核准。"),
        ("started_on", ""),
        ("finished_on", ""),
        ("correction_reason", ""),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect();
    ReturnForm {
        period: "2025-12".into(),
        project_id: 17,
        name: "霍林郭勒市年产 35 万吨绿色铝项目二期".into(),
        code: Some("2312-150581-04-01-123456".into()),
        unit_name: "霍林郭勒市".into(),
        crumbs: vec![Link::new("2025年12月填报", "/dispatch/2025-12")],
        due_on: "2026-01-08".into(),
        days_left: 3,
        closed: false,
        status: "sent_back",
        tone: "bad",
        awaiting: None,
        editable: true,
        sent_back_reason: Some(
            "本月完成投资疑似按元填写，请核对单位；形象进度请写明完成比例。".into(),
        ),
        version: 4,
        derived: Derived {
            annual_plan: 96_000 * 10_000,
            total_investment: 412_000 * 10_000,
            before_year: 118_400 * 10_000,
            ytd_before: 84_300 * 10_000,
            year_to_date: 87_500 * 10_000,
            since_start: 205_900 * 10_000,
            completion: Rate {
                num: 87_500,
                den: 96_000,
            },
            time: Rate { num: 12, den: 12 },
        },
        form: Form {
            values,
            errors: Vec::new(),
        },
        funds: vec![
            Choice::new("central_budget", "中央预算内"),
            Choice::new("special_bonds", "地方政府专项债"),
            Choice::new("bank_loans", "银行贷款"),
            Choice::new("own_funds", "企业自筹"),
        ],
        has_funds: true,
        site_statuses: vec![
            Choice::new("not_started", "未开工"),
            Choice::new("working", "在建"),
        ],
        previous_image_progress: "主厂房基础完成，开始主体施工。".into(),
        findings: vec![
            finding("cumulative_above_total", "error", "month_investment"),
            finding("unit_slip", "warning", "month_investment"),
            finding("unchanged_text", "warning", "image_progress"),
        ],
        unexplained: 3,
        conflict: Vec::new(),
        events: vec![Event {
            at: "2026-01-05T02:12:00Z".into(),
            who: "通辽市发改委调度员".into(),
            title: "盟市 · 退回".into(),
            reason: Some("本月完成投资疑似按元填写。".into()),
            changes: vec![],
        }],
        may_correct: false,
    }
}
