//! `gangmu approvals`: what the record of approvals teaches, here from somebody's event log.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, anyhow};
use clap::{Args, Subcommand};
use gangmu_app::Language;
use gangmu_app::event_logs::{
    AnalyseOptions, LengthView, LogAnalysis, LogError, LogFormat, analyse, convert, log_limits,
};
use jiff::civil::Date;

use super::record::{self, Process, RecordExport, Timing, WhatIf};
use super::{open, print, print_json};
use crate::Place;
use crate::table::{Align, render};

/// Analyse the process of approvals.
#[derive(Args)]
pub(crate) struct Approvals {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Analyse(Analyse),
    Convert(Convert),
    Remind(Remind),
    Export(RecordExport),
    Process(Process),
    Timing(Timing),
    WhatIf(WhatIf),
}

/// Send the reminders that are due, each once, and move due dates after a new calendar. A server
/// does both by itself every day; this is for those who schedule it otherwise.
#[derive(Args)]
struct Remind {
    /// The day to look from; today when absent.
    #[arg(long)]
    as_of: Option<Date>,
    /// Print JSON.
    #[arg(long)]
    json: bool,
}

/// Write an event log as another kind: XES (.xes, .xes.gz) or OCEL 2.0 JSON (.jsonocel, .json).
#[derive(Args)]
struct Convert {
    /// The log: XES, XES packed by gzip, CSV, or OCEL 2.0 JSON.
    file: PathBuf,
    /// The file to write; its name says which kind.
    to: PathBuf,
    /// The type of objects that are cases, in an OCEL log.
    #[arg(long)]
    object: Option<String>,
}

/// Analyse an event log: cases, ways they took, times, rework, deadlines.
#[derive(Args)]
struct Analyse {
    /// The log: XES, XES packed by gzip, CSV, or OCEL 2.0 JSON.
    file: PathBuf,
    /// The case attribute with the deadline [default: `deadline` where there is one].
    #[arg(long)]
    deadline: Option<String>,
    /// The case attribute with the end of the case [default: `enddate` where there is one, or the
    /// last event].
    #[arg(long)]
    closed: Option<String>,
    /// The type of objects that are cases, in an OCEL log with several types.
    #[arg(long)]
    object: Option<String>,
    /// How many rows of each table to print.
    #[arg(long, default_value_t = 15)]
    top: usize,
    /// Print JSON, lengths in milliseconds.
    #[arg(long)]
    json: bool,
}

pub(crate) async fn run(place: &Place, args: &Approvals) -> anyhow::Result<ExitCode> {
    match &args.command {
        Command::Remind(args) => run_remind(place, args).await,
        Command::Export(args) => record::export(place, args).await,
        Command::Process(args) => record::process(place, args).await,
        Command::Timing(args) => record::timing(place, args).await,
        Command::WhatIf(args) => record::what_if(place, args).await,
        Command::Analyse(args) => run_analyse(args),
        Command::Convert(args) => run_convert(args),
    }
}

async fn run_remind(place: &Place, args: &Remind) -> anyhow::Result<ExitCode> {
    let app = open(place).await?;
    let app = args.as_of.map_or(app.clone(), |day| app.standing_at(day));
    let system = app.system().await?;
    let moved = app.approval_dues_move(&system, "工作日历已更新").await?;
    let sent = app.approval_remind(&system).await?;
    if args.json {
        print_json(&serde_json::json!({ "due_dates_moved": moved, "reminders_sent": sent }))?;
    } else {
        print(format!("期限变动 {moved} 项，发出提醒 {sent} 条"));
    }
    Ok(ExitCode::SUCCESS)
}

fn run_analyse(args: &Analyse) -> anyhow::Result<ExitCode> {
    let bytes = read(&args.file)?;
    let options = AnalyseOptions {
        deadline: args.deadline.clone(),
        closed: args.closed.clone(),
        object: args.object.clone(),
        ..AnalyseOptions::default()
    };
    let analysis = analyse(&bytes, &options)
        .map_err(told)
        .with_context(|| format!("cannot analyse {}", args.file.display()))?;
    if args.json {
        print_json(&analysis)?;
    } else {
        print(text(&analysis, args.top));
    }
    Ok(ExitCode::SUCCESS)
}

fn run_convert(args: &Convert) -> anyhow::Result<ExitCode> {
    let name = args.to.to_string_lossy();
    let to = LogFormat::of_name(&name)
        .ok_or_else(|| anyhow!("请以 .xes、.xes.gz 或 .jsonocel 结尾命名输出文件：{name}"))?;
    let written = convert(&read(&args.file)?, to, args.object.as_deref())
        .map_err(told)
        .with_context(|| format!("cannot convert {}", args.file.display()))?;
    std::fs::write(&args.to, &written.bytes).with_context(|| format!("cannot write {name}"))?;
    print(format!(
        "{name}：案例 {} 个，事件 {} 条",
        written.cases,
        written.events - written.events_left_out
    ));
    for (count, what) in [
        (written.events_left_out, "缺环节名称或时间的事件"),
        (written.values_left_out, "无法识别的值"),
    ] {
        if count > 0 {
            print(format!("未写入{what} {count} 处"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// The words people read for what went wrong with a log.
fn told(error: LogError) -> anyhow::Error {
    let message = error.message(Language::Chinese);
    match error {
        LogError::ObjectType { .. } => anyhow!("{message}（--object 类型）"),
        LogError::NoAttribute { .. } | LogError::Refused(_) => anyhow!("{message}"),
    }
}

/// Reads a file that is not larger than a log may be.
fn read(path: &Path) -> anyhow::Result<Vec<u8>> {
    let name = || format!("cannot read {}", path.display());
    let size = std::fs::metadata(path).with_context(name)?.len();
    let limit = log_limits().bytes;
    if size > u64::try_from(limit)? {
        return Err(anyhow!("{size} bytes, at most {limit}")).with_context(name);
    }
    std::fs::read(path).with_context(name)
}

/// The whole analysis for people.
fn text(analysis: &LogAnalysis, top: usize) -> String {
    let mut parts = vec![summary(analysis)];
    let mut add = |title: &str, headings: &[(&str, Align)], rows: Vec<Vec<String>>| {
        if !rows.is_empty() {
            let left = rows.len().saturating_sub(top);
            let shown = render(headings, &rows[..rows.len() - left]);
            let more = match left {
                0 => String::new(),
                left => format!("（另有 {left} 行，--top 可多显示）\n"),
            };
            parts.push(format!("{title}\n{shown}{more}"));
        }
    };
    add("一、环节", ACTIVITIES, activities(analysis));
    add("二、直接后续", STEPS, steps(analysis));
    add("三、路径", VARIANTS, variants(analysis));
    add("四、返工", REWORK, rework(analysis));
    parts.join("\n")
}

fn summary(analysis: &LogAnalysis) -> String {
    let mut lines = vec![format!(
        "案例 {} 个，事件 {} 条，环节 {} 种，路径 {} 种，直接后续 {} 种",
        analysis.cases,
        analysis.events,
        analysis.activities.len(),
        analysis.variants.len(),
        analysis.graph.steps.len()
    )];
    if let Some(length) = analysis.duration {
        lines.push(format!(
            "首末事件间隔：中位 {}，P80 {}，最长 {}",
            days(length.median),
            days(length.p80),
            days(length.most)
        ));
    }
    if let Some(found) = &analysis.deadlines {
        lines.push(format!(
            "期限（{}，办结以{}为准）：已办结 {}，未办结 {}；有期限的已办结 {} 个中超期 {} 个，按期率 {}",
            found.deadline,
            found.closed_by.as_deref().unwrap_or("最后事件"),
            found.closed,
            found.open,
            found.with_deadline,
            found.late,
            found.on_time_per_mille.map_or("–".to_owned(), per_cent)
        ));
        if let Some(length) = found.lateness {
            lines.push(format!(
                "超期时长：中位 {}，P80 {}，最长 {}",
                days(length.median),
                days(length.p80),
                days(length.most)
            ));
        }
    }
    lines.extend(left_out(analysis));
    lines.join("\n") + "\n"
}

/// What was not used, so that nobody takes a part for the whole.
fn left_out(analysis: &LogAnalysis) -> Vec<String> {
    let mut lines = Vec::new();
    if analysis.events_left_out > 0 {
        let count = analysis.events_left_out;
        lines.push(format!("缺环节名称或时间的事件 {count} 条，未计入"));
    }
    if analysis.graph.backward > 0 {
        let count = analysis.graph.backward;
        lines.push(format!("时间倒置的后续 {count} 处，间隔按 0 计"));
    }
    if let Some(found) = &analysis.deadlines
        && found.unreadable > 0
    {
        lines.push(format!("无法识别的期限或办结时间 {} 处", found.unreadable));
    }
    if analysis.values_left_out > 0 {
        lines.push(format!("无法识别的值 {} 处：", analysis.values_left_out));
        let problems = analysis.problems.iter();
        lines.extend(problems.map(|problem| format!("  {}", problem.message(Language::Chinese))));
    }
    lines
}

const ACTIVITIES: &[(&str, Align)] = &[
    ("环节", Align::Left),
    ("事件", Align::Right),
    ("案例", Align::Right),
    ("作为终点", Align::Right),
    ("等待中位", Align::Right),
    ("等待 P80", Align::Right),
];

fn activities(analysis: &LogAnalysis) -> Vec<Vec<String>> {
    let row = |a: &gangmu_app::event_logs::ActivityView| {
        let [median, p80] = lengths(a.wait);
        let counts = [a.events, a.cases, a.ends].map(|count| count.to_string());
        let [events, cases, ends] = counts;
        vec![a.name.clone(), events, cases, ends, median, p80]
    };
    analysis.activities.iter().map(row).collect()
}

const STEPS: &[(&str, Align)] = &[
    ("前", Align::Left),
    ("后", Align::Left),
    ("次数", Align::Right),
    ("间隔中位", Align::Right),
    ("间隔 P80", Align::Right),
];

fn steps(analysis: &LogAnalysis) -> Vec<Vec<String>> {
    let row = |step: &gangmu_app::event_logs::StepView| {
        let [median, p80] = lengths(Some(step.gap));
        let (from, to) = (step.from.clone(), step.to.clone());
        vec![from, to, step.count.to_string(), median, p80]
    };
    analysis.graph.steps.iter().map(row).collect()
}

const VARIANTS: &[(&str, Align)] = &[
    ("案例", Align::Right),
    ("占比", Align::Right),
    ("时长中位", Align::Right),
    ("路径", Align::Left),
];

fn variants(analysis: &LogAnalysis) -> Vec<Vec<String>> {
    let row = |variant: &gangmu_app::event_logs::VariantView| {
        vec![
            variant.count.to_string(),
            per_cent(variant.per_mille),
            days(variant.duration.median),
            variant.activities.join(" → "),
        ]
    };
    analysis.variants.iter().map(row).collect()
}

const REWORK: &[(&str, Align)] = &[
    ("环节", Align::Left),
    ("返工案例", Align::Right),
    ("重复", Align::Right),
    ("紧接重复", Align::Right),
    ("首末间隔中位", Align::Right),
];

fn rework(analysis: &LogAnalysis) -> Vec<Vec<String>> {
    let mut again: Vec<_> = analysis
        .activities
        .iter()
        .filter(|a| a.repeats > 0)
        .collect();
    again.sort_by_key(|a| std::cmp::Reverse((a.rework_cases, a.repeats)));
    let row = |a: &gangmu_app::event_logs::ActivityView| {
        let [median, _] = lengths(a.rework);
        let counts = [a.rework_cases, a.repeats, a.at_once].map(|count| count.to_string());
        let [cases, repeats, at_once] = counts;
        vec![a.name.clone(), cases, repeats, at_once, median]
    };
    again.into_iter().map(row).collect()
}

fn lengths(length: Option<LengthView>) -> [String; 2] {
    length.map_or(["–".to_owned(), "–".to_owned()], |length| {
        [days(length.median), days(length.p80)]
    })
}

fn per_cent(per_mille: usize) -> String {
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

/// A length in the largest unit that gives more than one: days, hours, minutes, seconds.
fn days(milliseconds: i64) -> String {
    const UNITS: [(i64, &str); 3] = [(86_400_000, "天"), (3_600_000, "时"), (60_000, "分")];
    for (unit, word) in UNITS {
        if milliseconds >= unit {
            let tenths = milliseconds / (unit / 10);
            return format!("{}.{} {word}", tenths / 10, tenths % 10);
        }
    }
    format!("{}.{} 秒", milliseconds / 1000, milliseconds % 1000 / 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_is_told_in_the_unit_people_would_use() {
        let told: Vec<String> = [0, 950, 61_000, 5_400_000, 1_234_567_890]
            .map(days)
            .to_vec();
        assert_eq!(told, ["0.0 秒", "0.9 秒", "1.0 分", "1.5 时", "14.2 天"]);
    }
}
