//! `gangmu export`: the workbooks that go out, written to a folder.
//!
//! What one would get wrong: an argument that a kind does not take is refused and not passed over,
//! so that nobody holds a table of the whole region for one of a unit.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, anyhow, bail};
use clap::{Args, ValueEnum};
use gangmu_app::domain::Period;
use gangmu_app::domain::liaison::Duty;
use gangmu_app::domain::plans::PlanId;
use gangmu_app::exports::{ExportFile, MonthlyTable};
use gangmu_app::liaison::{LiaisonQuery, ResolutionPart, VisitQuery};
use gangmu_app::library::ListQuery;
use gangmu_app::plans::PlanQuery;
use gangmu_app::problems::{ProblemQuery, Standing};
use gangmu_app::supervision::MissedQuery;
use gangmu_app::winter::WinterQuery;
use gangmu_app::{Actor, App};

use super::{open, print};
use crate::Place;

/// Write a workbook: a list, the return template, or an official table.
#[derive(Args)]
pub(crate) struct Export {
    /// What to write.
    #[arg(value_enum)]
    kind: Kind,
    /// The month, 2025-12.
    #[arg(long)]
    period: Option<Period>,
    /// The unit's code; the whole region when absent.
    #[arg(long)]
    unit: Option<String>,
    /// The number of the plan, as `gangmu plans list` says it.
    #[arg(long)]
    plan: Option<i64>,
    /// The year the winter begins in; this winter's when absent.
    #[arg(long)]
    season: Option<i16>,
    /// The folder to write into.
    #[arg(long, default_value = ".")]
    folder: PathBuf,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Kind {
    /// All projects of the library (项目清单).
    Projects,
    /// The return template of a month (月报填报表).
    Template,
    /// Every project with its figures (明细表).
    Details,
    /// Summed by unit, industry, category, … (汇总表).
    Summaries,
    /// Every project month by month (进度一览表).
    Progress,
    /// All problems, those struck off last (问题台账).
    Problems,
    /// Every project being built and its winter (冬施台账).
    Winter,
    /// Who answers for which project (包联责任台账).
    Liaison,
    /// How much each leader carries (包联负荷).
    Load,
    /// The industrial chains and who answers for each (产业链责任台账).
    Chains,
    /// The visits to projects, of a month or all (调研记录).
    Visits,
    /// All that was agreed at visits and in meetings (议定事项台账).
    Resolutions,
    /// The plans there are (方案清单).
    Plans,
    /// One plan's tasks (任务分解表).
    PlanTable,
    /// Who covers what of one plan (承接情况).
    PlanCover,
    /// A round of one plan's supervision, the newest when no month is named (督查情况月报表).
    Supervision,
    /// Reports that are missing or came late (漏报迟报).
    Missed,
}

/// An argument that not every kind takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Word {
    Period,
    Unit,
    Plan,
    Season,
}

impl Word {
    const ALL: [Self; 4] = [Self::Period, Self::Unit, Self::Plan, Self::Season];

    /// How it is written, with an example.
    const fn example(self) -> &'static str {
        match self {
            Self::Period => "--period 2025-12（月份）",
            Self::Unit => "--unit 150500（地区代码）",
            Self::Plan => "--plan 3（方案编号，见 gangmu plans list）",
            Self::Season => "--season 2025（入冬年份）",
        }
    }

    fn given(self, args: &Export) -> bool {
        match self {
            Self::Period => args.period.is_some(),
            Self::Unit => args.unit.is_some(),
            Self::Plan => args.plan.is_some(),
            Self::Season => args.season.is_some(),
        }
    }
}

impl Kind {
    /// What must be named, and what may be.
    const fn takes(self) -> (&'static [Word], &'static [Word]) {
        use Word::{Period, Plan, Season, Unit};
        match self {
            Self::Projects | Self::Visits => (&[], &[Period, Unit]),
            Self::Template | Self::Details | Self::Summaries | Self::Progress => {
                (&[Period], &[Unit])
            }
            Self::Problems | Self::Liaison | Self::Load | Self::Chains | Self::Plans => {
                (&[], &[Unit])
            }
            Self::Winter => (&[], &[Unit, Season]),
            Self::Resolutions => (&[], &[]),
            Self::PlanTable | Self::PlanCover => (&[Plan], &[]),
            Self::Supervision => (&[Plan], &[Period]),
            Self::Missed => (&[], &[Plan, Period]),
        }
    }

    fn name(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    /// Says what is wanting.
    fn needs(self, word: Word) -> anyhow::Error {
        anyhow!("{} 需要指明 {}", self.name(), word.example())
    }

    /// Refuses what is wanting, and what this kind does not take.
    fn check(self, args: &Export) -> anyhow::Result<()> {
        let (needs, may) = self.takes();
        for word in Word::ALL {
            let needed = needs.contains(&word);
            match word.given(args) {
                false if needed => return Err(self.needs(word)),
                true if !needed && !may.contains(&word) => {
                    bail!("{} 不按 {} 导出，请去掉", self.name(), word.example());
                }
                _ => {}
            }
        }
        Ok(())
    }
}

pub(crate) async fn run(place: &Place, args: Export) -> anyhow::Result<ExitCode> {
    args.kind.check(&args)?;
    let app = open(place).await?;
    let file = made(&app, &app.system().await?, &args).await?;
    std::fs::create_dir_all(&args.folder)
        .with_context(|| format!("cannot make {}", args.folder.display()))?;
    let path = args.folder.join(&file.name);
    std::fs::write(&path, &file.bytes)
        .with_context(|| format!("cannot write {}", path.display()))?;
    print(path.display());
    Ok(ExitCode::SUCCESS)
}

async fn made(app: &App, actor: &Actor, args: &Export) -> anyhow::Result<ExportFile> {
    let (unit, period) = (args.unit.as_deref(), args.period);
    let month = || period.ok_or_else(|| args.kind.needs(Word::Period));
    let plan = || {
        let id = args.plan.map(PlanId);
        id.ok_or_else(|| args.kind.needs(Word::Plan))
    };
    let monthly = async |table| anyhow::Ok(app.export_monthly(actor, table, month()?, unit).await?);
    Ok(match args.kind {
        Kind::Projects => {
            let query = ListQuery {
                period,
                unit: args.unit.clone(),
                ..ListQuery::default()
            };
            app.export_projects(actor, &query).await?
        }
        Kind::Template => app.export_template(actor, month()?, unit).await?,
        Kind::Details => monthly(MonthlyTable::Details).await?,
        Kind::Summaries => monthly(MonthlyTable::Summaries).await?,
        Kind::Progress => monthly(MonthlyTable::Progress).await?,
        Kind::Problems => {
            let query = ProblemQuery {
                standing: Standing::All,
                unit: args.unit.clone(),
                ..ProblemQuery::default()
            };
            app.export_problems(actor, &query).await?
        }
        Kind::Winter => {
            let query = WinterQuery {
                season: args.season,
                unit: args.unit.clone(),
                ..WinterQuery::default()
            };
            app.export_winter(actor, &query).await?
        }
        Kind::Liaison => {
            let query = LiaisonQuery {
                unit: args.unit.clone(),
                ..LiaisonQuery::default()
            };
            app.export_liaison(actor, &query).await?
        }
        Kind::Load => app.export_load(actor, unit, Duty::Leader).await?,
        Kind::Chains => app.export_chains(actor, unit).await?,
        Kind::Visits => {
            let query = VisitQuery {
                unit: args.unit.clone(),
                ..period.map_or_else(VisitQuery::default, VisitQuery::of_month)
            };
            app.export_visits(actor, &query).await?
        }
        Kind::Resolutions => {
            let part = ResolutionPart::All;
            app.export_resolutions(actor, part).await?
        }
        Kind::Plans => {
            let query = PlanQuery {
                unit: args.unit.clone(),
                ..PlanQuery::default()
            };
            app.export_plan_list(actor, &query).await?
        }
        Kind::PlanTable => app.export_plan(actor, plan()?, None).await?,
        Kind::PlanCover => app.export_plan_cover(actor, plan()?).await?,
        Kind::Supervision => app.export_supervision(actor, plan()?, period).await?,
        Kind::Missed => {
            let query = MissedQuery {
                plan: args.plan.map(PlanId),
                period,
            };
            app.export_supervision_missed(actor, query).await?
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_kind_needs_what_it_only_may_take() {
        for kind in Kind::value_variants() {
            let (needs, may) = kind.takes();
            assert!(needs.iter().all(|word| !may.contains(word)), "{kind:?}");
        }
    }
}
