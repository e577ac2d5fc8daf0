//! From a catalogue and a project to the matters of its case.
//!
//! What a reader would get wrong: a matter that is not needed stays in the case, with the reason,
//! because "无需办理" is counted (手续办结率) and can turn out wrong when a fact changes; and what
//! depended on it then waits for what it waited for.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{Catalogue, DecisionLevel, DependencyKind, LevelRule, Matter, Route};
use super::condition::Verdict;
use crate::library::{Field, ProjectRecord};
use crate::organisation::{UnitLevel, UnitPath};
use crate::words::words;

words! {
    /// Whether a project needs a matter (是否需要办理).
    Standing {
        /// It does (需要办理).
        Needed = "needed",
        /// It does not (无需办理).
        NotNeeded = "not_needed",
        /// That hangs on facts that are not known yet (待明确).
        ToClarify = "to_clarify",
    }
}

/// A matter as it applies to one project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// The matter's code.
    pub code: String,
    /// Whether the project needs it.
    pub standing: Standing,
    /// The facts that say so: those that rule it out, or those that are missing.
    pub because: BTreeSet<Field>,
    /// Who decides; never [`DecisionLevel::Own`] or [`DecisionLevel::Project`].
    pub level: DecisionLevel,
    /// Facts not known that could still change the level.
    pub level_unsure: BTreeSet<Field>,
    /// Which limits apply, see [`Matter::limits_of`].
    pub variant: usize,
}

/// One edge of the graph: what is waited for, and how.
pub type Edges = BTreeMap<String, Vec<(String, DependencyKind)>>;

impl Route {
    /// Reads the route of a project; `None` when nobody has said.
    #[must_use]
    pub fn of(record: &ProjectRecord) -> Option<Self> {
        Self::from_word(record.text(Field::ApprovalRoute)?)
    }
}

impl Catalogue {
    /// Lists the matters of a route as they apply to a project, in the order of the template.
    #[must_use]
    pub fn instantiate(
        &self,
        route: Route,
        record: &ProjectRecord,
        own: UnitLevel,
    ) -> Vec<Instance> {
        let codes = self.template(route).map_or(&[][..], |one| &one.matters);
        self.instances(codes, record, own)
    }

    /// Lists some matters as they apply to a project, in their order; codes it does not know are
    /// left out.
    #[must_use]
    pub fn instances(
        &self,
        codes: &[String],
        record: &ProjectRecord,
        own: UnitLevel,
    ) -> Vec<Instance> {
        let levels: BTreeMap<&str, (DecisionLevel, BTreeSet<Field>)> = codes
            .iter()
            .filter_map(|code| self.matter(code))
            .map(|matter| (matter.code.as_str(), level_of(matter, record, own)))
            .collect();
        codes
            .iter()
            .filter_map(|code| self.matter(code))
            .map(|matter| {
                let (standing, because) = standing(matter, record);
                let source = match &matter.level {
                    LevelRule::Choose { .. } => Some(matter.code.as_str()),
                    LevelRule::Like(others) => {
                        let mut others = others.iter().map(String::as_str);
                        others.find(|code| levels.contains_key(code))
                    }
                };
                let found = source.and_then(|code| levels.get(code)).cloned();
                let fallback = || {
                    (
                        settled(DecisionLevel::Project, record, own),
                        BTreeSet::new(),
                    )
                };
                let (level, level_unsure) = found.unwrap_or_else(fallback);
                Instance {
                    code: matter.code.clone(),
                    standing,
                    because,
                    level,
                    level_unsure,
                    variant: matter.variant_for(record),
                }
            })
            .collect()
    }

    /// Returns what each of the `live` matters waits for among them.
    ///
    /// A matter of the case that is not needed hands on what it waited for: it is not waited for,
    /// but the order around it holds. A promise anywhere on the way makes the whole way one. What
    /// is not in the `case` at all, being of another route, hands on nothing.
    #[must_use]
    pub fn edges(&self, live: &BTreeSet<&str>, case: &BTreeSet<&str>) -> Edges {
        live.iter()
            .map(|code| ((*code).to_owned(), self.edges_of(code, live, case)))
            .collect()
    }

    /// Returns what one matter waits for among the `live` ones, see [`Catalogue::edges`].
    #[must_use]
    pub fn edges_of(
        &self,
        code: &str,
        live: &BTreeSet<&str>,
        case: &BTreeSet<&str>,
    ) -> Vec<(String, DependencyKind)> {
        let mut way = Way {
            live,
            case,
            found: BTreeMap::new(),
            seen: BTreeSet::new(),
        };
        self.follow(code, DependencyKind::Finish, &mut way);
        way.found.into_iter().collect()
    }

    fn follow(&self, code: &str, so_far: DependencyKind, way: &mut Way<'_>) {
        let depends = self.matter(code).map_or(&[][..], |one| &one.depends);
        for dependency in depends {
            let on = dependency.on.as_str();
            // `Finish` sorts before `Promise`: the stricter way wins where several lead there.
            let kind = so_far.max(dependency.kind);
            if !way.seen.insert((on.to_owned(), kind)) {
                continue;
            }
            if way.live.contains(on) {
                let known = way.found.entry(on.to_owned()).or_insert(kind);
                *known = (*known).min(kind);
            } else if way.case.contains(on) {
                self.follow(on, kind, way);
            }
        }
    }
}

/// A search for what one matter waits for.
struct Way<'a> {
    live: &'a BTreeSet<&'a str>,
    case: &'a BTreeSet<&'a str>,
    found: BTreeMap<String, DependencyKind>,
    seen: BTreeSet<(String, DependencyKind)>,
}

fn standing(matter: &Matter, record: &ProjectRecord) -> (Standing, BTreeSet<Field>) {
    match matter.applies.verdict(record) {
        Verdict::Yes => (Standing::Needed, BTreeSet::new()),
        Verdict::No(because) => (Standing::NotNeeded, because),
        Verdict::Unknown(fields) => (Standing::ToClarify, fields),
    }
}

fn level_of(
    matter: &Matter,
    record: &ProjectRecord,
    own: UnitLevel,
) -> (DecisionLevel, BTreeSet<Field>) {
    let LevelRule::Choose { rules, otherwise } = &matter.level else {
        return (
            settled(DecisionLevel::Project, record, own),
            BTreeSet::new(),
        );
    };
    let mut unsure = BTreeSet::new();
    for (choice, level) in rules {
        match choice.verdict(record) {
            Verdict::Yes => return (settled(*level, record, own), unsure),
            Verdict::No(_) => {}
            Verdict::Unknown(fields) => unsure.extend(fields),
        }
    }
    (settled(*otherwise, record, own), unsure)
}

/// Turns "own" and "project" into a level; nobody decides below the project's own unit.
fn settled(level: DecisionLevel, record: &ProjectRecord, own: UnitLevel) -> DecisionLevel {
    let asked = match level {
        DecisionLevel::Nation => return DecisionLevel::Nation,
        DecisionLevel::Own => own,
        DecisionLevel::Banner => UnitLevel::Banner,
        DecisionLevel::League => UnitLevel::League,
        DecisionLevel::Region => UnitLevel::Region,
        DecisionLevel::Project => match record.text(Field::Level) {
            Some("region") => UnitLevel::Region,
            Some("league") => UnitLevel::League,
            Some("banner") => UnitLevel::Banner,
            _ => own,
        },
    };
    // Levels sort from the region down.
    match asked.min(own) {
        UnitLevel::Region => DecisionLevel::Region,
        UnitLevel::League => DecisionLevel::League,
        UnitLevel::Banner => DecisionLevel::Banner,
    }
}

/// One office a matter passes through (办理层级).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leg {
    /// The unit.
    pub unit: UnitPath,
    /// What it does with the matter.
    pub duty: LegDuty,
}

words! {
    /// What an office does with a matter that passes through it.
    LegDuty {
        /// Receives and decides (本级办理).
        Decides = "decides",
        /// Receives and sends up (转报上级).
        Forwards = "forwards",
        /// Sends it to the State Council's departments and records their decision (转报国家).
        ForwardsOutside = "forwards_outside",
    }
}

/// Returns the offices a matter passes through, lowest first; the last one closes it.
///
/// The levels of units are told by how deep they stand: region 0, league 1, banner 2.
#[must_use]
pub fn legs(own: &UnitPath, level: DecisionLevel, stepwise: bool) -> Vec<Leg> {
    let wanted = match level {
        DecisionLevel::Nation | DecisionLevel::Region => 0,
        DecisionLevel::League => 1,
        DecisionLevel::Banner => 2,
        DecisionLevel::Own | DecisionLevel::Project => own.depth(),
    };
    let mut way: Vec<UnitPath> = own.ancestry().collect();
    way.retain(|unit| unit.depth() >= wanted.min(own.depth()));
    way.reverse();
    if !stepwise && way.len() > 2 {
        way.drain(1..way.len() - 1);
    }
    let last = way.len().saturating_sub(1);
    way.into_iter()
        .enumerate()
        .map(|(at, unit)| {
            let duty = match level {
                _ if at < last => LegDuty::Forwards,
                DecisionLevel::Nation => LegDuty::ForwardsOutside,
                _ => LegDuty::Decides,
            };
            Leg { unit, duty }
        })
        .collect()
}
