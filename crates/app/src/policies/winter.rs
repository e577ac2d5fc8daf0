//! When winter is, why projects rest, what plans see to (`winter.toml`).

use gangmu_domain::winter::{Choice, Measure, Rules, SeasonRule};

use super::reader::{Entry, PolicyProblem, Wrong, document};
use super::{each, read_head, unique};

/// Reads how winters are built through.
///
/// # Errors
/// All problems of the file.
pub fn parse_winter(text: &str) -> Result<Rules, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let seasons = each(top, "season", read_season);
        unique(top, seasons.iter().map(|one| &one.unit));
        let reasons = each(top, "reason", read_choice);
        unique(top, reasons.iter().map(|one| &one.code));
        let measures = each(top, "measure", read_measure);
        unique(top, measures.iter().map(|one| &one.code));
        let causes = each(top, "cause", read_choice);
        unique(top, causes.iter().map(|one| &one.code));
        head?;
        Some(Rules {
            seasons,
            reasons,
            measures,
            causes,
        })
    })
}

fn read_season(entry: &mut Entry<'_>) -> Option<SeasonRule> {
    let unit = entry.text("unit");
    let from = month_day(entry, "from");
    let to = month_day(entry, "to");
    let file_by = month_day(entry, "file_by");
    let source = entry.text("source");
    let (from, to) = (from?, to?);
    if to >= from {
        let wrong = "a winter ends in the year after it began, earlier in the year".to_owned();
        entry.refuse(Wrong::Contradiction(wrong));
        return None;
    }
    Some(SeasonRule {
        unit: unit?,
        from,
        to,
        file_by: file_by?,
        source: source?,
    })
}

/// Reads `10-15`: a day that every year has.
fn month_day(entry: &mut Entry<'_>, key: &str) -> Option<(i8, i8)> {
    let text = entry.text(key)?;
    let read = || {
        let (month, day) = text.split_once('-')?;
        let (month, day) = (month.parse().ok()?, day.parse().ok()?);
        // 2023 is no leap year, so 29 February is none of its days.
        jiff::civil::Date::new(2023, month, day).ok()?;
        Some((month, day))
    };
    let read = read();
    if read.is_none() {
        entry.refuse(Wrong::NotA {
            key: key.to_owned(),
            wanted: "a month and a day of every year, as 10-15".to_owned(),
        });
    }
    read
}

fn read_choice(entry: &mut Entry<'_>) -> Option<Choice> {
    let code = entry.text("code");
    let text = entry.text("text");
    let text_en = entry.text("text_en");
    Some(Choice {
        code: code?,
        text: text?,
        text_en: text_en?,
    })
}

/// Reads a text that may be left out.
fn text_if_any(entry: &mut Entry<'_>, key: &str) -> Option<String> {
    match entry.has(key) {
        true => entry.text(key),
        false => Some(String::new()),
    }
}

const GROUPS: [&str; 6] = [
    "organisation",
    "supplies",
    "technique",
    "quality",
    "safety",
    "weather",
];

fn read_measure(entry: &mut Entry<'_>) -> Option<Measure> {
    let code = entry.text("code");
    let group = entry.text("group");
    let text = entry.text("text");
    let text_en = entry.text("text_en");
    let threshold = text_if_any(entry, "threshold");
    let threshold_en = text_if_any(entry, "threshold_en");
    let required = entry.flag("required");
    let group = group?;
    if !GROUPS.contains(&group.as_str()) {
        entry.refuse(Wrong::NotA {
            key: "group".to_owned(),
            wanted: format!("one of {}", GROUPS.join(", ")),
        });
        return None;
    }
    Some(Measure {
        code: code?,
        group,
        text: text?,
        text_en: text_en?,
        threshold: threshold?,
        threshold_en: threshold_en?,
        required,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../data/policies/winter.toml");

    #[test]
    fn the_file_that_ships_is_whole() {
        let rules = parse_winter(SHIPPED).expect("the shipped file");
        assert_eq!(rules.seasons[0].from, (10, 15));
        assert_eq!((rules.reasons.len(), rules.causes.len()), (7, 8));
        let required = rules.measures.iter().filter(|one| one.required).count();
        assert_eq!((rules.measures.len(), required), (10, 7));
    }

    #[test]
    fn the_thresholds_that_ship_are_those_of_the_standards() {
        let rules = parse_winter(SHIPPED).expect("the shipped file");
        let with = rules
            .measures
            .iter()
            .filter(|one| !one.threshold.is_empty());
        let found: Vec<(&str, &str)> = with
            .map(|one| (one.code.as_str(), one.threshold.as_str()))
            .collect();
        let wanted = [
            (
                "concrete",
                "室外日均气温连续5天稳定低于5℃起按冬期施工（JGJ/T 104）",
            ),
            ("temperature", "2、8、14、20时"),
            ("lifting", "暴雪或6级及以上大风"),
            ("forecast", "敏感工序：日均低于5℃连续5天或最低低于−3℃"),
        ];
        assert_eq!(found, wanted);
        let translated = |one: &Measure| one.threshold.is_empty() == one.threshold_en.is_empty();
        assert!(rules.measures.iter().all(translated));
    }

    #[test]
    fn what_cannot_be_a_winter_is_refused_with_its_line() {
        let broken = SHIPPED
            .replacen("from = \"10-15\"", "from = \"02-29\"", 1)
            .replacen("to = \"04-30\"", "to = \"12-30\"", 1)
            .replacen("group = \"safety\"", "group = \"luck\"", 1)
            .replacen("code = \"wind\"", "code = \"snow\"", 1);
        let problems = parse_winter(&broken).expect_err("four problems");
        let said: Vec<String> = problems.iter().map(ToString::to_string).collect();
        assert_eq!(said.len(), 4, "{said:?}");
    }
}
