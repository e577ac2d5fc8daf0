//! The agenda of a meeting: projects with the grounds for which they stand on it.

use std::collections::BTreeMap;

use crate::library::ProjectId;
use crate::words::words;

words! {
    /// Why a project stands on an agenda (上会理由).
    Ground {
        /// What an earlier meeting agreed has not been kept (议定事项未落实).
        Unkept = "unkept",
        /// It has a red light (红灯项目).
        RedLight = "red_light",
        /// A problem is past its date (问题逾期).
        OverdueProblem = "overdue_problem",
        /// An approval matter is past its promise (审批超期).
        LateMatter = "late_matter",
        /// Land, energy, money or another element is short (要素短缺).
        ElementsShort = "elements_short",
        /// It should have started (应开未开).
        StartLate = "start_late",
        /// It is to start soon (即将开工).
        StartDue = "start_due",
        /// Somebody put it there (人工列入).
        ByHand = "by_hand",
    }
}

/// How agendas are built (议程规则).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaRules {
    /// The grounds that count, each with its weight.
    pub rules: Vec<AgendaRule>,
    /// How many projects a meeting can take.
    pub most: usize,
    /// A start that is due within so many days counts.
    pub starts_within: u32,
    /// A problem of one of these kinds that is not struck off says that an element is short: codes of
    /// the rules of problems.
    pub elements: Vec<String>,
    /// How grave a problem is that a meeting makes: a code of the rules of problems.
    pub grade: String,
    /// How many working days before its day an office is reminded of what was agreed.
    pub remind_before: u32,
}

/// One ground with its weight (理由权重).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgendaRule {
    /// The ground.
    pub ground: Ground,
    /// What it weighs; the heavier projects come first.
    pub weight: u32,
}

/// Something found that speaks for a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The project.
    pub project: ProjectId,
    /// The ground.
    pub ground: Ground,
    /// What it is about: a title, a matter, a date.
    pub about: String,
}

/// A project on the agenda (议程项目).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgendaItem {
    /// The project.
    pub project: ProjectId,
    /// Each ground with what it is about, in the order of the rules.
    pub grounds: Vec<(Ground, String)>,
}

/// An agenda as the rules make it (议程).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agenda {
    /// The projects, the weightiest first.
    pub items: Vec<AgendaItem>,
    /// How many more something speaks for than a meeting can take.
    pub left_off: usize,
}

/// Builds an agenda: each project once with all its grounds, the weightiest first, as many as a
/// meeting can take. A ground counts once however often it was found.
#[must_use]
pub fn build(rules: &AgendaRules, found: &[Found]) -> Agenda {
    let mut by_project: BTreeMap<ProjectId, Vec<(Ground, String)>> = BTreeMap::new();
    for rule in &rules.rules {
        for one in found.iter().filter(|one| one.ground == rule.ground) {
            let grounds = by_project.entry(one.project).or_default();
            match grounds.iter_mut().find(|(ground, _)| *ground == one.ground) {
                Some((_, about)) => {
                    about.push('；');
                    about.push_str(&one.about);
                }
                None => grounds.push((one.ground, one.about.clone())),
            }
        }
    }
    let weight = |item: &AgendaItem| -> u32 {
        let of = |ground: Ground| {
            let rule = rules.rules.iter().find(|rule| rule.ground == ground);
            rule.map_or(0, |rule| rule.weight)
        };
        item.grounds.iter().map(|(ground, _)| of(*ground)).sum()
    };
    let mut items: Vec<AgendaItem> = by_project
        .into_iter()
        .map(|(project, grounds)| AgendaItem { project, grounds })
        .collect();
    items.sort_by_key(|item| (std::cmp::Reverse(weight(item)), item.project));
    let left_off = items.len().saturating_sub(rules.most);
    items.truncate(rules.most);
    Agenda { items, left_off }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(most: usize) -> AgendaRules {
        let rule = |ground, weight| AgendaRule { ground, weight };
        AgendaRules {
            rules: vec![
                rule(Ground::Unkept, 5),
                rule(Ground::RedLight, 3),
                rule(Ground::OverdueProblem, 3),
            ],
            most,
            starts_within: 30,
            elements: Vec::new(),
            grade: "serious".to_owned(),
            remind_before: 3,
        }
    }

    fn found(project: i64, ground: Ground, about: &str) -> Found {
        Found {
            project: ProjectId(project),
            ground,
            about: about.to_owned(),
        }
    }

    #[test]
    fn a_project_stands_once_with_all_its_grounds_and_the_weightiest_comes_first() {
        let all = [
            found(3, Ground::OverdueProblem, "占地"),
            found(1, Ground::RedLight, "-12"),
            found(3, Ground::OverdueProblem, "供电"),
            found(3, Ground::RedLight, "-20"),
            found(2, Ground::Unkept, "月底前交地"),
            found(9, Ground::StartDue, "not in the rules"),
        ];
        let items = build(&rules(9), &all).items;
        let order: Vec<i64> = items.iter().map(|item| item.project.0).collect();
        assert_eq!(order, [3, 2, 1], "6, 5, 3; what no rule names is left out");
        assert_eq!(
            items[0].grounds,
            [
                (Ground::RedLight, "-20".to_owned()),
                (Ground::OverdueProblem, "占地；供电".to_owned()),
            ]
        );
        let short = build(&rules(1), &all);
        assert_eq!((short.items.len(), short.left_off), (1, 2));
        let none = build(&rules(9), &[]);
        assert_eq!((none.items.len(), none.left_off), (0, 0));
    }
}
