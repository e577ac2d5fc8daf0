//! What a changed catalogue would do, before anybody loads it: which matters differ, what the
//! parallel plans become, which projects that have no case yet would get another one.
//!
//! What a reader would get wrong: running cases are counted only to say that they stay as they are.
//! A case keeps the text it was made under (decision 0004); nothing here touches one.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::approvals::{
    Catalogue, Instance, Matter, MatterGroup, Plan, Route, Standing, planned_length,
};
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_store::approvals;
use gangmu_store::library::{self, Project};

use super::catalogue::parse;
use super::fit::PlanView;
use super::make::route_of;
use crate::error::AppError;
use crate::{Actor, App, Reference, ReferenceKind};

/// What a changed catalogue would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CatalogueEffect {
    /// Matters that are added, removed or differ, in the order of the new text.
    pub matters: Vec<MatterChange>,
    /// Whether the rules of service differ.
    pub service: bool,
    /// Each route's plan, all its matters needed.
    pub routes: Vec<RouteEffect>,
    /// Projects without a case whose case would come out differently; the first fifty.
    pub projects: Vec<ProjectEffect>,
    /// How many such projects there are.
    pub differ: usize,
    /// How many projects without a case were looked at.
    pub looked_at: usize,
    /// How many open cases keep the catalogue they were made under.
    pub running: i64,
}

/// A matter that differs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatterChange {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// `added`, `removed`, `changed`.
    pub what: &'static str,
    /// What of it differs, words.
    pub parts: Vec<&'static str>,
}

/// A route's plan before and after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteEffect {
    /// The route, a word.
    pub route: String,
    /// As it is.
    pub before: PlanView,
    /// As it would be.
    pub after: PlanView,
}

/// A project whose case would come out differently.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProjectEffect {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// The plan it would get now, in working days.
    pub before: u32,
    /// The plan it would get then.
    pub after: u32,
    /// Codes of matters it would need then and not now.
    pub more: Vec<String>,
    /// Codes of matters it needs now and would not then.
    pub fewer: Vec<String>,
}

/// So many projects without a case are looked at.
const LOOKED_AT: i64 = 2_000;
/// So many of them are named.
const NAMED: usize = 50;

impl App {
    /// Shows what a catalogue would do if it were loaded, without loading it.
    ///
    /// # Errors
    /// [`AppError::Refused`] unless the actor manages policies; [`AppError::Invalid`] with every
    /// problem of the text: what it names and there is not, matters that wait for each other.
    pub async fn catalogue_preview(
        &self,
        actor: &Actor,
        text: &str,
    ) -> Result<CatalogueEffect, AppError> {
        actor.grant(Action::ManagePolicies)?;
        self.policy_check(ReferenceKind::Approvals, text).await?;
        let reference = self.reference().await?;
        let (now, _) = self.current_catalogue().await?;
        let then = parse(text)?;
        let root = &reference.root()?.path;
        let (mut projects, mut differ) = (Vec::new(), 0);
        let ids = approvals::caseless_list(&self.db, LOOKED_AT).await?;
        let found = library::project_list_of(&self.db, &ids).await?;
        for project in &found {
            let Some(effect) = project_effect(&reference, &now, &then, project) else {
                continue;
            };
            differ += 1;
            if projects.len() < NAMED {
                projects.push(effect);
            }
        }
        let tally = approvals::case_open_count(&self.db).await?;
        Ok(CatalogueEffect {
            matters: matter_changes(&now, &then),
            service: now.service != then.service,
            routes: Route::ALL
                .iter()
                .map(|route| RouteEffect {
                    route: route.word().to_owned(),
                    before: PlanView::new(&route_plan(&now, *route, root)),
                    after: PlanView::new(&route_plan(&then, *route, root)),
                })
                .collect(),
            projects,
            differ,
            looked_at: found.len(),
            running: tally,
        })
    }
}

fn matter_changes(now: &Catalogue, then: &Catalogue) -> Vec<MatterChange> {
    let change = |matter: &Matter, what, parts| MatterChange {
        code: matter.code.clone(),
        name: matter.name.clone(),
        name_en: matter.name_en.clone(),
        what,
        parts,
    };
    let mut changes = Vec::new();
    for matter in &then.matters {
        match now.matter(&matter.code) {
            None => changes.push(change(matter, "added", Vec::new())),
            Some(was) if was != matter => {
                changes.push(change(matter, "changed", parts(was, matter)));
            }
            Some(_) => {}
        }
    }
    let gone = now.matters.iter();
    let gone = gone.filter(|one| then.matter(&one.code).is_none());
    changes.extend(gone.map(|one| change(one, "removed", Vec::new())));
    changes
}

/// Which parts of a matter differ.
fn parts(was: &Matter, is: &Matter) -> Vec<&'static str> {
    let names = (&was.name, &was.name_en) != (&is.name, &is.name_en);
    let asked = (&was.department, &was.consulted) != (&is.department, &is.consulted);
    let papers = (&was.materials, &was.deferrable, &was.produces)
        != (&is.materials, &is.deferrable, &is.produces);
    let limits = (&was.limits, &was.variants, was.starts) != (&is.limits, &is.variants, is.starts);
    let rest = (was.group, was.main_since, &was.source) != (is.group, is.main_since, &is.source);
    [
        ("name", names),
        ("departments", asked),
        ("level", was.level != is.level),
        ("applies", was.applies != is.applies),
        ("order", was.depends != is.depends),
        ("limits", limits),
        ("procedures", was.procedures != is.procedures),
        ("papers", papers),
        ("rest", rest),
    ]
    .into_iter()
    .filter_map(|(part, differs)| differs.then_some(part))
    .collect()
}

/// The plan of a route with all its matters needed, where the region's promises hold.
fn route_plan(catalogue: &Catalogue, route: Route, unit: &UnitPath) -> Plan {
    let codes = catalogue
        .template(route)
        .map_or(&[][..], |one| &one.matters);
    let needed: BTreeMap<&str, usize> = codes.iter().map(|code| (code.as_str(), 0)).collect();
    plan(catalogue, codes, &needed, unit)
}

/// Plans the needed matters, each with its variant, among those of a route.
fn plan(
    catalogue: &Catalogue,
    codes: &[String],
    needed: &BTreeMap<&str, usize>,
    unit: &UnitPath,
) -> Plan {
    let mut lengths = BTreeMap::new();
    for (code, variant) in needed {
        let Some(matter) = catalogue.matter(code) else {
            continue;
        };
        if matter.group == MatterGroup::Acceptance {
            continue;
        }
        let limits = matter.limits_of(*variant);
        let promised = limits.promised_in(unit.codes()).map(|one| one.limit);
        let length = planned_length(limits, promised, &catalogue.service);
        lengths.insert((*code).to_owned(), length);
    }
    let live: BTreeSet<&str> = needed.keys().copied().collect();
    let all: BTreeSet<&str> = codes.iter().map(String::as_str).collect();
    Plan::new(&lengths, &catalogue.edges(&live, &all))
}

/// What a project's case would be under both; none where it would be the same.
fn project_effect(
    reference: &Reference,
    now: &Catalogue,
    then: &Catalogue,
    project: &Project,
) -> Option<ProjectEffect> {
    let route = route_of(project);
    let own = reference.level(&project.unit);
    let of = |catalogue: &Catalogue| -> (Vec<Instance>, Plan) {
        let instances = catalogue.instantiate(route, &project.record, own);
        let codes: Vec<String> = instances.iter().map(|one| one.code.clone()).collect();
        let needed = instances
            .iter()
            .filter(|one| one.standing != Standing::NotNeeded)
            .map(|one| (one.code.as_str(), one.variant))
            .collect();
        let plan = plan(catalogue, &codes, &needed, &project.unit);
        (instances, plan)
    };
    let ((was, before), (is, after)) = (of(now), of(then));
    if was == is && before == after {
        return None;
    }
    let needs = |instances: &[Instance]| -> BTreeSet<String> {
        let needed = instances.iter();
        let needed = needed.filter(|one| one.standing != Standing::NotNeeded);
        needed.map(|one| one.code.clone()).collect()
    };
    let (had, has) = (needs(&was), needs(&is));
    Some(ProjectEffect {
        project_id: project.id.0,
        name: project.name().to_owned(),
        before: before.length,
        after: after.length,
        more: has.difference(&had).cloned().collect(),
        fewer: had.difference(&has).cloned().collect(),
    })
}
