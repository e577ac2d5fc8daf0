//! How the agenda of a meeting builds itself (`meetings.toml`): grounds with their weights, limits.

use gangmu_domain::meetings::{AgendaRule, AgendaRules, Ground};

use super::reader::{Entry, PolicyProblem, document};
use super::{each, read_head, unique};

/// Reads how agendas are built.
///
/// # Errors
/// All problems of the file.
pub fn parse_meetings(text: &str) -> Result<AgendaRules, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let most = top.number("most", 1..=500);
        let starts_within = top.number("starts_within", 1..=366);
        let elements = top.texts("elements");
        let grade = top.text("grade");
        let remind_before = top.number("remind_before", 0..=60);
        let rules = each(top, "ground", read_rule);
        unique(top, rules.iter().map(|rule| rule.ground.word()));
        head?;
        Some(AgendaRules {
            rules,
            most: usize::try_from(most?).ok()?,
            starts_within: u32::try_from(starts_within?).ok()?,
            elements: elements?,
            grade: grade?,
            remind_before: u32::try_from(remind_before?).ok()?,
        })
    })
}

fn read_rule(entry: &mut Entry<'_>) -> Option<AgendaRule> {
    let ground = entry.word("ground", Ground::ALL, Ground::word);
    let weight = entry.number("weight", 0..=1_000);
    Some(AgendaRule {
        ground: ground?,
        weight: u32::try_from(weight?).ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../data/policies/meetings.toml");

    #[test]
    fn the_shipped_rules_name_every_ground_that_can_be_found_and_a_grade_there_is() {
        let rules = parse_meetings(SHIPPED).unwrap();
        let named: Vec<Ground> = rules.rules.iter().map(|rule| rule.ground).collect();
        for ground in Ground::ALL {
            let found = *ground != Ground::ByHand;
            assert_eq!(named.contains(ground), found, "{ground:?}");
        }
        let problems = include_str!("../../../../data/policies/problems.toml");
        let problems = super::super::parse_problems(problems).unwrap();
        assert!(problems.grade(&rules.grade).is_some());
        for kind in &rules.elements {
            assert!(problems.kind(kind).is_some(), "{kind}");
        }
    }

    #[test]
    fn a_ground_nobody_knows_or_twice_is_refused() {
        for (from, to) in [
            ("ground = \"unkept\"", "ground = \"weather\""),
            ("ground = \"unkept\"", "ground = \"red_light\""),
            ("most = 30", "most = 0"),
        ] {
            let broken = SHIPPED.replace(from, to);
            assert!(parse_meetings(&broken).is_err(), "{to}");
        }
    }
}
