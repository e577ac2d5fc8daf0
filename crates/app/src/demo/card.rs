//! A sketch as a project card and as a month's return.

use std::collections::BTreeMap;

use gangmu_domain::dispatch::{Figures, SiteStatus};
use gangmu_domain::library::{Field, FundingSource, Value};
use gangmu_domain::pipeline::Stage;
use gangmu_domain::{Period, Yuan};

use super::facts::{self, Traits};
use super::sketch::{Life, Sketch};
use super::trades::PROBLEMS;
use crate::library::{Edits, ProjectEdit};

/// The label every project of the demo carries.
const LABEL: &str = "演示数据";

/// The stage it is taken over in.
pub(super) fn first_stage(sketch: &Sketch) -> Stage {
    match sketch.life {
        Life::EndsFirst | Life::EndsSecond | Life::Goes => Stage::Implementation,
        Life::Idea => Stage::Concept,
        _ => Stage::Preparation,
    }
}

/// Fills in the card; `n` tells projects apart.
pub(super) fn edit(sketch: &Sketch, n: usize) -> ProjectEdit {
    let mut fields = Edits::new();
    let mut text = |field: Field, value: String| {
        fields.insert(field, Some(Value::Text(value)));
    };
    let unit = &sketch.unit_name;
    text(Field::Name, sketch.name.clone());
    text(Field::Site, format!("{unit}工业园区{}号地块", n % 40 + 1));
    text(Field::Owner, sketch.owner.clone());
    text(Field::Scale, scale(sketch));
    text(Field::Basis, "十五五规划纲要重大工程（演示）".to_owned());
    text(
        Field::AnnualGoal,
        "按年度计划推进，形成有效实物工作量".to_owned(),
    );
    text(Field::DutyUnit, format!("{unit}人民政府"));
    text(Field::DutyPerson, format!("{unit}发改委项目股负责人"));
    text(Field::DutyLiaison, format!("{unit}发改委项目股联络员"));
    text(Field::PersonRegion, "自治区发改委重大项目处专员".to_owned());
    text(Field::PersonLeague, "盟市发改委重大项目科专员".to_owned());
    text(Field::PersonBanner, format!("{unit}发改委项目股专员"));
    text(Field::ContactLeaderBanner, format!("{unit}包联旗县级领导"));
    text(Field::Remark, "演示数据，非真实项目进展".to_owned());
    if sketch.life != Life::Idea {
        text(
            Field::ContractDocument,
            format!("演示施工合同〔2024〕{n}号"),
        );
    }
    // Some ideas have no papers yet: that is what their next gate says.
    let bare = sketch.life == Life::Idea && sketch.moves.is_empty() && n.is_multiple_of(3);
    if !bare {
        text(
            Field::ApprovalDocument,
            format!("演示发改审批字〔2024〕{n}号"),
        );
        let code = format!("2401-{}-89-01-{:06}", sketch.unit, n % 1_000_000);
        fields.insert(Field::Code, Some(Value::Code(code)));
    }
    codes(sketch, &mut fields);
    let traits = Traits {
        trade: sketch.trade,
        government: sketch.government,
        total: sketch.total,
        early: matches!(sketch.life, Life::Next | Life::Idea),
    };
    facts::put(&traits, n, &mut fields);
    dates(sketch, &mut fields);
    money(sketch, &mut fields);
    fields.insert(Field::Tags, Some(Value::Tags(vec![LABEL.to_owned()])));
    if !sketch.benefits.is_empty() {
        let benefits = Value::Benefits(sketch.benefits.clone());
        fields.insert(Field::Benefits, Some(benefits));
    }
    ProjectEdit {
        fields,
        reason: "演示数据初始化".to_owned(),
        ..ProjectEdit::default()
    }
}

fn scale(sketch: &Sketch) -> String {
    if sketch.scale.is_empty() {
        let name = sketch.name.replace("（演示）", "");
        format!("{name}，含主体工程、公用工程及配套设施")
    } else {
        sketch.scale.clone()
    }
}

fn codes(sketch: &Sketch, fields: &mut Edits) {
    let investor = if sketch.government {
        "government"
    } else {
        "enterprise"
    };
    let level = if sketch.total >= 100_000 {
        "region"
    } else {
        "league"
    };
    let pairs = [
        (Field::Unit, sketch.unit.as_str()),
        (Field::Industry, sketch.trade.industry),
        (Field::Department, sketch.trade.department),
        (Field::InvestorType, investor),
        (Field::Level, level),
        (Field::Nature, "new_build"),
    ];
    for (field, code) in pairs {
        fields.insert(field, Some(Value::Code(code.to_owned())));
    }
}

fn dates(sketch: &Sketch, fields: &mut Edits) {
    let finish = sketch.planned_finish.max(sketch.planned_start);
    fields.insert(Field::PlannedStart, Some(Value::Date(sketch.planned_start)));
    fields.insert(Field::PlannedFinish, Some(Value::Date(finish)));
    let years = [
        (Field::StartYear, sketch.planned_start.year()),
        (Field::EndYear, finish.year()),
    ];
    for (field, year) in years {
        fields.insert(field, Some(Value::Number(i64::from(year))));
    }
    if first_stage(sketch) == Stage::Implementation
        && let Some(day) = sketch.started
    {
        fields.insert(Field::ActualStart, Some(Value::Date(day)));
    }
}

fn money(sketch: &Sketch, fields: &mut Edits) {
    let total = Yuan::wan(sketch.total);
    fields.insert(Field::TotalInvestment, Some(Value::Money(total)));
    let before = Yuan::wan(sketch.before);
    fields.insert(Field::InvestedBefore, Some(Value::Money(before)));
    let shares = if sketch.government {
        [
            (FundingSource::CentralBudget, 30),
            (FundingSource::SpecialBonds, 40),
        ]
    } else {
        [(FundingSource::OwnFunds, 30), (FundingSource::Other, 0)]
    };
    let rest = if sketch.government {
        FundingSource::LocalFiscal
    } else {
        FundingSource::BankLoans
    };
    let mut parts = BTreeMap::new();
    let mut left = sketch.total;
    for (source, percent) in shares {
        let part = sketch.total * percent / 100;
        left -= part;
        parts.insert(source, Yuan::wan(part));
    }
    parts.insert(rest, Yuan::wan(left));
    fields.insert(Field::Funding, Some(Value::Funding(parts)));
}

/// Types a month's return.
pub(super) fn figures(sketch: &Sketch, period: Period, n: usize) -> Figures {
    let month = sketch.month(period);
    let begun = sketch.started.is_some_and(|day| day <= period.last_day());
    let over = sketch.finished.is_some_and(|day| day <= period.last_day());
    let status = match (begun, over) {
        (_, true) => SiteStatus::Completed,
        (true, false) if month > 0 => SiteStatus::Working,
        (true, false) => SiteStatus::Stopped,
        (false, false) => SiteStatus::NotStarted,
    };
    let reached = sketch.since_start(period) * 1_000 / sketch.total.max(1);
    let in_month = |day: &jiff::civil::Date| Period::of(*day) == Some(period);
    let seed = n
        .wrapping_mul(31)
        .wrapping_add(usize::try_from(period.number()).unwrap_or(0));
    let troubled = status != SiteStatus::Completed && seed.is_multiple_of(17);
    let problem = troubled.then(|| PROBLEMS[seed / 17 % PROBLEMS.len()]);
    let mut figures = Figures {
        month: Some(Yuan::wan(month)),
        funds: funds(sketch, month),
        site_status: Some(status),
        started_on: sketch.started.filter(in_month),
        finished_on: sketch.finished.filter(|_| over),
        image_progress: progress(sketch, period, status, reached),
        problems: problem.unwrap_or_default().to_owned(),
        ..Figures::default()
    };
    let year = usize::try_from(period.year() - 2024).unwrap_or(0);
    let plan = sketch.plans.get(year).copied().unwrap_or(0);
    if month * 6 > plan {
        figures.explanations.insert(
            "sudden_jump".to_owned(),
            "主要设备和材料款集中支付".to_owned(),
        );
        figures
            .explanations
            .insert("unit_slip".to_owned(), "已核对，单位无误".to_owned());
    }
    figures
}

fn funds(sketch: &Sketch, month: i64) -> BTreeMap<FundingSource, Yuan> {
    let (first, second) = if sketch.government {
        (FundingSource::LocalFiscal, FundingSource::SpecialBonds)
    } else {
        (FundingSource::OwnFunds, FundingSource::BankLoans)
    };
    let mut funds = BTreeMap::new();
    if month > 0 {
        funds.insert(first, Yuan::wan(month * 35 / 100));
        funds.insert(second, Yuan::wan(month * 58 / 100));
    }
    funds
}

fn progress(sketch: &Sketch, period: Period, status: SiteStatus, reached: i64) -> String {
    let month = period.month();
    let words = match status {
        SiteStatus::NotStarted => "正在办理前期手续",
        SiteStatus::Stopped => "冬季停工，做好越冬防护和设备订货",
        SiteStatus::Completed => "已竣工投产",
        SiteStatus::Working => sketch.trade.works.progress(reached),
    };
    format!(
        "{month}月：{words}，开工以来累计完成总投资的{}.{}%",
        reached / 10,
        reached % 10
    )
}
