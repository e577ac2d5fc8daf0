//! The winter of the demo: some projects build through it, some rest, of some nobody has said
//! anything; by the same use cases as real ones.

use gangmu_domain::winter::{Act, Plan};
use gangmu_domain::{Period, Yuan};
use gangmu_store::library;
use jiff::civil::date;

use super::story::Teller;
use crate::dispatch::TypedReturn;
use crate::error::AppError;
use crate::winter::{WinterInput, is_built};

/// How many projects of each league are told of.
const TOLD: usize = 12;
/// The year the winter begins in.
const SEASON: i16 = 2025;
/// The months of building, and how much of a usual month's investment, in hundredths.
const MONTHS: [(i16, i8, i64); 5] = [
    (2025, 11, 80),
    (2025, 12, 60),
    (2026, 1, 40),
    (2026, 2, 30),
    (2026, 3, 70),
];

/// Plans are written in November, filed by the region, and looked at in December; the cold stops
/// some.
pub(super) async fn winters(teller: &Teller<'_>, usual: Period) -> Result<(), AppError> {
    for (league, clerk) in &teller.clerks {
        let mut built = Vec::new();
        for typed in teller.typed(usual, league) {
            let project = library::project_get(&teller.app.db, typed.project).await?;
            if project.is_some_and(|one| is_built(&one)) {
                built.push(typed);
            }
        }
        for (at, typed) in built.iter().take(TOLD).enumerate() {
            let act = async |on, who, act: Act| {
                teller.clock.set(on);
                let input = WinterInput {
                    version: None,
                    on: None,
                    act,
                };
                teller
                    .app
                    .winter_act(who, typed.project, SEASON, &input)
                    .await
                    .map(|_| ())
            };
            let (written, filed) = (date(2025, 11, 8), date(2025, 11, 12));
            let month = typed.figures.month.unwrap_or_default();
            match at % 6 {
                // Nobody has said anything.
                5 => {}
                4 => act(written, clerk, rest("too_cold")).await?,
                _ if month.0 < 1_000_000 => act(written, clerk, rest("funds")).await?,
                n => {
                    act(written, clerk, Act::Plan(plan(typed, month))).await?;
                    if n == 3 {
                        continue;
                    }
                    act(written, clerk, Act::Submit).await?;
                    if n == 2 {
                        continue;
                    }
                    act(filed, &teller.region, Act::File).await?;
                    let seen = Act::Inspect {
                        sound: n == 0,
                        files: Vec::new(),
                        findings: match n {
                            0 => "保温、测温、防火措施到位".to_owned(),
                            _ => "测温记录缺两天，已要求补齐".to_owned(),
                        },
                    };
                    act(date(2025, 12, 10), &teller.region, seen).await?;
                    if n == 1 {
                        let stop = Act::Stop {
                            cause: "cold".to_owned(),
                            note: "最低气温低于零下二十五度".to_owned(),
                        };
                        act(date(2025, 12, 22), clerk, stop).await?;
                        let resume = Act::Resume {
                            note: "气温回升，暖棚内恢复施工".to_owned(),
                        };
                        act(date(2025, 12, 29), clerk, resume).await?;
                    }
                }
            }
        }
    }
    Ok(())
}

fn rest(reason: &str) -> Act {
    Act::Rest {
        reason: reason.to_owned(),
        note: String::new(),
    }
}

fn plan(typed: &TypedReturn, usual: Yuan) -> Plan {
    let seed = typed.project.0;
    let months = MONTHS.iter().filter_map(|(year, month, part)| {
        // Whole 万元, as such plans are written.
        let yuan = usual.0 / 1_000_000 * part * 10_000;
        Some((Period::new(*year, *month)?, Yuan(yuan)))
    });
    let measures = [
        "responsible",
        "materials",
        "concrete",
        "temperature",
        "quality",
        "safety",
        "lifting",
        "forecast",
    ];
    Plan {
        from: Some(date(2025, 11, 10)),
        to: Some(date(2026, 3, 31)),
        parts: format!(
            "主体结构：混凝土{}立方米\n钢结构安装：{}吨",
            400 + seed % 9 * 100,
            120 + seed % 7 * 40
        ),
        investment: months.collect(),
        workers: u32::try_from(60 + seed % 11 * 20).ok(),
        measures: measures.map(str::to_owned).into(),
        further: "暖棚养护，夜间专人值守".to_owned(),
        prepared_on: Some(date(2025, 10, 20)),
        supervised_on: Some(date(2025, 10, 28)),
        attachment: None,
    }
}
