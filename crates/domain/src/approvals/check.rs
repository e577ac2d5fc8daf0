//! What is wrong with a catalogue as a whole: references that lead nowhere, and circles.
//!
//! A file is taken whole or refused whole, so everything is listed at once. Which departments and
//! units there are, the caller says; a project that waits for itself is found here.

use std::collections::{BTreeMap, BTreeSet};

use super::catalogue::{Catalogue, LevelRule, Matter};

/// One thing wrong with a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum CatalogueProblem {
    /// The same code stands twice.
    #[error("`{0}` stands twice")]
    Repeated(String),
    /// A row names a department that there is not.
    #[error("{matter} names the department `{department}`, which is not known")]
    UnknownDepartment {
        /// The row.
        matter: String,
        /// What it names.
        department: String,
    },
    /// A promise names a unit that there is not.
    #[error("{matter} names the unit `{unit}`, which is not known")]
    UnknownUnit {
        /// The row.
        matter: String,
        /// What it names.
        unit: String,
    },
    /// A row or template names a matter that there is not.
    #[error("{place} names the matter `{matter}`, which is not known")]
    UnknownMatter {
        /// Where.
        place: String,
        /// What it names.
        matter: String,
    },
    /// A row names a material that there is not.
    #[error("{matter} names the material `{material}`, which is not known")]
    UnknownMaterial {
        /// The row.
        matter: String,
        /// What it names.
        material: String,
    },
    /// A row defers a material it does not ask for.
    #[error("{matter} lets `{material}` be handed in later but does not ask for it")]
    NotAskedFor {
        /// The row.
        matter: String,
        /// The material.
        material: String,
    },
    /// A level taken over from a row that itself takes it over.
    #[error("{matter} takes its level from {from}, which takes it from another")]
    LevelOfLevel {
        /// The row.
        matter: String,
        /// The row it takes it from.
        from: String,
    },
    /// Matters that wait for each other.
    #[error("matters wait for each other: {}", .0.join(" → "))]
    Circle(Vec<String>),
}

impl Catalogue {
    /// Lists everything that is wrong with it, given the departments and units there are.
    #[must_use]
    pub fn problems(
        &self,
        departments: &BTreeSet<&str>,
        units: &BTreeSet<&str>,
    ) -> Vec<CatalogueProblem> {
        let mut found = repeated(self.matters.iter().map(|one| &one.code));
        found.extend(repeated(self.materials.iter().map(|one| &one.code)));
        for matter in &self.matters {
            found.extend(self.places(matter, departments, units));
            found.extend(self.papers(matter));
            found.extend(self.others(matter));
        }
        for template in &self.templates {
            let place = template.route.word().to_owned();
            found.extend(self.unknown(&place, template.matters.iter()));
            found.extend(repeated(template.matters.iter()));
        }
        found.extend(self.circle().map(CatalogueProblem::Circle));
        found
    }

    fn places(
        &self,
        matter: &Matter,
        departments: &BTreeSet<&str>,
        units: &BTreeSet<&str>,
    ) -> Vec<CatalogueProblem> {
        let asked = std::iter::once(&matter.department).chain(&matter.consulted);
        let departments = asked
            .filter(|code| !departments.contains(code.as_str()))
            .map(|code| CatalogueProblem::UnknownDepartment {
                matter: matter.code.clone(),
                department: code.clone(),
            });
        let variants = matter.variants.iter().map(|(_, limits)| limits);
        let units = std::iter::once(&matter.limits)
            .chain(variants)
            .flat_map(|limits| &limits.promised)
            .filter(|one| !units.contains(one.unit.as_str()))
            .map(|one| CatalogueProblem::UnknownUnit {
                matter: matter.code.clone(),
                unit: one.unit.clone(),
            });
        departments.chain(units).collect()
    }

    fn papers(&self, matter: &Matter) -> Vec<CatalogueProblem> {
        let named = matter.materials.iter().chain(&matter.produces);
        let unknown = named
            .filter(|code| self.material(code).is_none())
            .map(|code| CatalogueProblem::UnknownMaterial {
                matter: matter.code.clone(),
                material: code.clone(),
            });
        let not_asked = matter
            .deferrable
            .iter()
            .filter(|code| !matter.materials.contains(code))
            .map(|code| CatalogueProblem::NotAskedFor {
                matter: matter.code.clone(),
                material: code.clone(),
            });
        unknown.chain(not_asked).collect()
    }

    fn others(&self, matter: &Matter) -> Vec<CatalogueProblem> {
        let mut found = self.unknown(&matter.code, matter.depends.iter().map(|one| &one.on));
        if let LevelRule::Like(codes) = &matter.level {
            found.extend(self.unknown(&matter.code, codes.iter()));
            let again = codes.iter().filter(|code| {
                let other = self.matter(code);
                other.is_some_and(|other| matches!(other.level, LevelRule::Like(_)))
            });
            found.extend(again.map(|code| CatalogueProblem::LevelOfLevel {
                matter: matter.code.clone(),
                from: code.clone(),
            }));
        }
        found
    }

    fn unknown<'a>(
        &self,
        place: &str,
        codes: impl Iterator<Item = &'a String>,
    ) -> Vec<CatalogueProblem> {
        codes
            .filter(|code| self.matter(code).is_none())
            .map(|code| CatalogueProblem::UnknownMatter {
                place: place.to_owned(),
                matter: code.clone(),
            })
            .collect()
    }

    /// Finds matters that wait for each other, first and last the same; `None` when there are none.
    #[must_use]
    pub fn circle(&self) -> Option<Vec<String>> {
        let edges: BTreeMap<&str, Vec<&str>> = self
            .matters
            .iter()
            .map(|matter| {
                let before = matter.depends.iter().map(|one| one.on.as_str());
                (matter.code.as_str(), before.collect())
            })
            .collect();
        circle(&edges)
    }
}

/// Follows the edges depth first; what is met again while still being followed is a circle.
fn circle(edges: &BTreeMap<&str, Vec<&str>>) -> Option<Vec<String>> {
    let mut done = BTreeSet::new();
    for start in edges.keys() {
        // The way from the start, each with how many of its edges were followed.
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        while let Some((node, followed)) = way.last_mut() {
            let node = *node;
            let next = match edges.get(node) {
                Some(next) if !done.contains(node) => next.get(*followed).copied(),
                _ => None,
            };
            *followed += 1;
            let Some(next) = next else {
                done.insert(node);
                way.pop();
                continue;
            };
            if let Some(at) = way.iter().position(|(one, _)| *one == next) {
                let around = way.iter().skip(at).map(|(one, _)| *one);
                // Edges lead to what comes before; people read them the way work flows.
                let mut names: Vec<String> = around.chain([next]).map(str::to_owned).collect();
                names.reverse();
                return Some(names);
            }
            way.push((next, 0));
        }
    }
    None
}

fn repeated<'a>(codes: impl Iterator<Item = &'a String>) -> Vec<CatalogueProblem> {
    let mut seen = BTreeSet::new();
    codes
        .filter(|code| !seen.insert(code.as_str()))
        .map(|code| CatalogueProblem::Repeated(code.clone()))
        .collect()
}
