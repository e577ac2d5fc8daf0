//! `gangmu approvals export|process|timing|what-if`: what the record of our own cases teaches.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::Args;
use gangmu_app::approvals::{Asked, By, RecordQuery, View, act_name};
use gangmu_app::domain::approvals::ActKind;
use gangmu_app::event_logs::{Drawn, LogFormat};
use jiff::civil::Date;

use super::{open, print, print_json};
use crate::Place;
use crate::table::{Align, render};

/// Say how long matters took.
#[derive(Args)]
pub(crate) struct Timing {
    /// The unit's code; everything when absent.
    #[arg(long)]
    unit: Option<String>,
    /// What a line is: matter, department, unit, office.
    #[arg(long, default_value = "matter")]
    by: String,
    /// The first day that counts.
    #[arg(long)]
    from: Option<Date>,
    /// The first day that no longer does.
    #[arg(long)]
    until: Option<Date>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Say which matter, cut by a day, frees most; or what a change of one's own would free.
#[derive(Args)]
pub(crate) struct WhatIf {
    /// The unit's code; everything when absent.
    #[arg(long)]
    unit: Option<String>,
    /// The code of the matter that is cut, or no longer waits.
    #[arg(long)]
    matter: Option<String>,
    /// By how many working days it is cut.
    #[arg(long, default_value_t = 1)]
    days: u32,
    /// The code of the matter it no longer waits for; then nothing is cut.
    #[arg(long, requires = "matter")]
    beside: Option<String>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Say what followed what in our own cases, how often and after how many working days.
#[derive(Args)]
pub(crate) struct Process {
    /// The unit's code; everything when absent.
    #[arg(long)]
    unit: Option<String>,
    /// One case per project, of decisions, instead of one per matter, of acts.
    #[arg(long)]
    projects: bool,
    /// The first day that counts.
    #[arg(long)]
    from: Option<Date>,
    /// The first day that no longer does.
    #[arg(long)]
    until: Option<Date>,
    /// How many lines to print.
    #[arg(long, default_value_t = 15)]
    top: usize,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Write our own cases as an event log: XES (.xes, .xes.gz) or OCEL 2.0 JSON (.jsonocel, .json).
#[derive(Args)]
pub(crate) struct RecordExport {
    /// The file to write; its name says which kind.
    to: PathBuf,
    /// The unit's code; everything when absent.
    #[arg(long)]
    unit: Option<String>,
    /// In XES, one case per project instead of one per matter.
    #[arg(long)]
    projects: bool,
}

pub(crate) async fn export(place: &Place, args: &RecordExport) -> anyhow::Result<ExitCode> {
    let name = args.to.to_string_lossy();
    let format = LogFormat::of_name(&name)
        .ok_or_else(|| anyhow!("请以 .xes、.xes.gz 或 .jsonocel 结尾命名输出文件：{name}"))?;
    let view = if args.projects {
        View::Projects
    } else {
        View::Matters
    };
    let app = open(place).await?;
    let made = app
        .approval_log(&app.system().await?, &of(args.unit.as_ref()), view, format)
        .await?;
    std::fs::write(&args.to, &made.bytes).with_context(|| format!("cannot write {name}"))?;
    print(format!(
        "{name}：案例 {} 个，事件 {} 条",
        made.cases, made.events
    ));
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn process(place: &Place, args: &Process) -> anyhow::Result<ExitCode> {
    let view = if args.projects {
        View::Projects
    } else {
        View::Matters
    };
    let app = open(place).await?;
    let query = RecordQuery {
        from: args.from,
        until: args.until,
        ..of(args.unit.as_ref())
    };
    let found = app
        .approval_process(&app.system().await?, &query, view, Drawn::Usual)
        .await?;
    if args.json {
        print_json(&found)?;
        return Ok(ExitCode::SUCCESS);
    }
    print(format!("案例 {} 个，事件 {} 条", found.cases, found.events));
    let matters = app.approval_catalogue().await?.matters;
    // An activity is an act's word or a matter's code.
    let name = |word: &str| match ActKind::from_word(word) {
        Some(kind) => act_name(kind).to_owned(),
        None => (matters.iter().find(|one| one.code == word))
            .map_or_else(|| word.to_owned(), |one| one.name.clone()),
    };
    let steps = found.graph.steps.iter().take(args.top);
    let rows: Vec<Vec<String>> = steps
        .map(|step| {
            vec![
                name(&step.from),
                name(&step.to),
                step.count.to_string(),
                step.gap.median.to_string(),
                step.gap.p80.to_string(),
            ]
        })
        .collect();
    let heads = [
        ("前", Align::Left),
        ("后", Align::Left),
        ("次数", Align::Right),
        ("间隔中位（工作日）", Align::Right),
        ("P80", Align::Right),
    ];
    print(render(&heads, &rows));
    Ok(ExitCode::SUCCESS)
}

pub(crate) async fn timing(place: &Place, args: &Timing) -> anyhow::Result<ExitCode> {
    let by = By::from_word(&args.by)
        .ok_or_else(|| anyhow!("--by 请写 matter、department、unit 或 office：{}", args.by))?;
    let app = open(place).await?;
    let query = RecordQuery {
        from: args.from,
        until: args.until,
        ..of(args.unit.as_ref())
    };
    let view = app
        .approval_timing(&app.system().await?, &query, by)
        .await?;
    if args.json {
        print_json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows: Vec<Vec<String>> = view
        .rows
        .iter()
        .map(|row| {
            let clock = row.days.clock;
            let days = |of: Option<i64>| of.map_or("–".to_owned(), |days| days.to_string());
            let place = row.unit.as_ref().map(|unit| unit.name.clone());
            let who = row.department.as_ref().map(|one| one.name.clone());
            let named = Some(row.name.clone()).filter(|name| !name.is_empty());
            let name = [named, place, who].into_iter().flatten();
            vec![
                name.collect::<Vec<_>>().join(" · "),
                row.decided.to_string(),
                days(clock.map(|one| one.median)),
                days(clock.map(|one| one.p80)),
                format!("{}/{}", row.promised_kept, row.promised_of),
                format!("{}/{}", row.statutory_kept, row.statutory_of),
                days(row.benchmark.as_ref().map(|one| one.days.into())),
            ]
        })
        .collect();
    let heads = [
        (heading(by), Align::Left),
        ("已办结", Align::Right),
        ("计时中位", Align::Right),
        ("P80", Align::Right),
        ("承诺按期", Align::Right),
        ("法定按期", Align::Right),
        ("外地最短", Align::Right),
    ];
    print(render(&heads, &rows));
    Ok(ExitCode::SUCCESS)
}

const fn heading(by: By) -> &'static str {
    match by {
        By::Matter => "事项",
        By::Department => "牵头部门",
        By::Unit => "办理地区",
        By::Office => "事项 · 办理机构",
    }
}

pub(crate) async fn what_if(place: &Place, args: &WhatIf) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let asked = Asked::read(args.matter.as_deref(), args.beside.as_deref(), args.days);
    let unit = args.unit.as_deref();
    let view = app
        .approval_what_if(&app.system().await?, unit, 1, asked.as_ref())
        .await?;
    if args.json {
        print_json(&view)?;
        return Ok(ExitCode::SUCCESS);
    }
    if let Some(freed) = &view.asked {
        print(format!(
            "等待它的项目 {} 个，提前 {} 个，共提前 {} 个项目·日，涉及总投资 {} 万元",
            freed.cases,
            freed.earlier,
            freed.days,
            freed.investment / 10_000
        ));
    }
    let rows: Vec<Vec<String>> = view
        .cuts
        .iter()
        .map(|one| {
            vec![
                one.change.name.clone(),
                one.earlier.to_string(),
                one.days.to_string(),
                (one.investment / 10_000).to_string(),
            ]
        })
        .collect();
    let heads = [
        ("压缩 1 个工作日的事项", Align::Left),
        ("提前项目", Align::Right),
        ("提前项目·日", Align::Right),
        ("涉及总投资（万元）", Align::Right),
    ];
    print(render(&heads, &rows));
    Ok(ExitCode::SUCCESS)
}

fn of(unit: Option<&String>) -> RecordQuery {
    RecordQuery {
        unit: unit.cloned(),
        ..RecordQuery::default()
    }
}
