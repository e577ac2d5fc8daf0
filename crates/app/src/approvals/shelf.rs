//! The shelf of a project's papers: what was handed in or produced once is offered everywhere.
//!
//! What a reader would get wrong: nobody ticks "already handed in". When an application comes in,
//! each paper it needs is looked for on the shelf first; what lies there counts as saved, the rest
//! was handed in now and lies there from then on.

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::approvals::{Act, ActKind, Event, Phase, Setup};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_store::approvals::{self, MaterialRow};
use serde::Serialize;
use utoipa::ToSchema;

use super::act::{ActInput, NewPaper, sees_case};
use super::catalogue::MaterialView;
use super::load::Loaded;
use crate::error::AppError;
use crate::library::stored;
use crate::{Actor, App};

/// A project's shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShelfView {
    /// The papers that lie on it.
    pub papers: Vec<ShelfRow>,
    /// What matters needed so far, and whether it lay there.
    pub needs: Vec<NeedView>,
    /// What matters that are not decided need and what does not lie there yet.
    pub missing: Vec<MissingView>,
    /// How many papers were needed so far.
    pub needed: usize,
    /// How many of them nobody had to hand in again.
    pub saved: usize,
}

/// A paper on the shelf.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShelfRow {
    /// What it is.
    pub material: MaterialView,
    /// The matter it came with, or that produced it.
    pub item: String,
    /// Whether a matter produced it.
    pub produced: bool,
    /// The day.
    pub on: String,
    /// Its number.
    pub document_no: String,
    /// The attachment of the project that it is.
    pub attachment: Option<i64>,
    /// The matters it serves: those that need it, but for the one it came with.
    pub serves: Vec<String>,
}

/// What a matter still needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct MissingView {
    /// The matter.
    pub item: String,
    /// Where it stands, a word.
    pub phase: String,
    /// How many papers it needs.
    pub needs: usize,
    /// Those that do not lie on the shelf, each with the matter that makes it, if one does.
    pub missing: Vec<(MaterialView, Option<String>)>,
}

/// A paper a matter needed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct NeedView {
    /// The matter.
    pub item: String,
    /// What it needed.
    pub material: MaterialView,
    /// Whether the shelf had it.
    pub saved: bool,
}

impl App {
    /// Shows a project's shelf.
    ///
    /// # Errors
    /// When the case may not be seen.
    pub async fn case_shelf(
        &self,
        actor: &Actor,
        project: ProjectId,
    ) -> Result<ShelfView, AppError> {
        let loaded = self.load_case(&self.db, project).await?;
        let tx = self.db.begin().await?;
        let found = stored(&tx, project).await?;
        drop(tx);
        if !sees_case(actor, &loaded, &found) {
            return Err(AppError::NotFound { what: "project" });
        }
        let material = |code: &str| {
            loaded.catalogue.material(code).map_or_else(
                || MaterialView {
                    code: code.to_owned(),
                    name: code.to_owned(),
                    name_en: code.to_owned(),
                },
                MaterialView::new,
            )
        };
        let papers = lying(&loaded, approvals::material_list(&self.db, project).await?);
        let needs = approvals::need_list(&self.db, project).await?;
        let asks = asks(&loaded)?;
        let serves = |row: &MaterialRow| {
            let others = asks.iter().filter(|(item, _)| *item != row.item);
            let such = others.filter(|(_, codes)| codes.contains(&row.code));
            such.map(|(item, _)| item.clone()).collect()
        };
        let there: BTreeSet<&str> = papers.iter().map(|row| row.code.as_str()).collect();
        let missing = missing(&loaded, &asks, &there, &material);
        Ok(ShelfView {
            missing,
            papers: papers
                .into_iter()
                .map(|row| ShelfRow {
                    serves: serves(&row),
                    material: material(&row.code),
                    item: row.item,
                    produced: row.produced,
                    on: row.on.to_string(),
                    document_no: row.document_no,
                    attachment: row.attachment,
                })
                .collect(),
            needed: needs.len(),
            saved: needs.iter().filter(|one| one.2).count(),
            needs: needs
                .into_iter()
                .map(|(item, code, saved)| NeedView {
                    item,
                    material: material(&code),
                    saved,
                })
                .collect(),
        })
    }

    /// Counts the papers that matters in the actor's scope needed, and those that were saved.
    ///
    /// # Errors
    /// When the actor may not read.
    pub async fn documents_saved(&self, actor: &Actor) -> Result<(i64, i64), AppError> {
        let grant = actor.grant(Action::Read)?;
        Ok(approvals::documents_saved(&self.db, &grant.scope).await?)
    }
}

/// What each matter the project needs asks for, in the order of the case.
fn asks(loaded: &Loaded) -> Result<Vec<(String, Vec<String>)>, AppError> {
    let rows = loaded.items.iter();
    rows.filter(|row| row.phase != Phase::NotNeeded)
        .map(|row| {
            let setup = loaded.setup(&loaded.catalogue, row)?;
            Ok((row.item.clone(), needed(loaded, &setup)))
        })
        .collect()
}

/// What matters that are not decided need, and of that what does not lie on the shelf.
fn missing(
    loaded: &Loaded,
    asks: &[(String, Vec<String>)],
    there: &BTreeSet<&str>,
    material: &impl Fn(&str) -> MaterialView,
) -> Vec<MissingView> {
    let maker = |code: &str| {
        let mut matters = loaded.catalogue.matters.iter();
        let found = matters.find(|one| one.produces.as_deref() == Some(code));
        found.map(|one| one.code.clone())
    };
    let mut list = Vec::new();
    for (item, codes) in asks {
        let Ok(row) = loaded.item(item) else { continue };
        if row.phase.is_done() || row.phase == Phase::Refused {
            continue;
        }
        let absent = codes.iter().filter(|code| !there.contains(code.as_str()));
        list.push(MissingView {
            item: item.clone(),
            phase: row.phase.word().to_owned(),
            needs: codes.len(),
            missing: absent.map(|code| (material(code), maker(code))).collect(),
        });
    }
    list
}

/// The papers whose act has not been struck out since.
pub(super) fn lying(loaded: &Loaded, rows: Vec<MaterialRow>) -> Vec<MaterialRow> {
    let struck = struck(loaded);
    let lies = |row: &MaterialRow| !struck.contains(&(row.item.as_str(), row.event_seq));
    rows.into_iter().filter(lies).collect()
}

/// The acts that were struck out since.
fn struck(loaded: &Loaded) -> BTreeSet<(&str, i64)> {
    let all = loaded
        .events
        .iter()
        .flat_map(|(item, events)| events.iter().map(move |event| (item.as_str(), event)));
    all.filter_map(|(item, event)| match &event.act {
        Act::Strike { seq, .. } => Some((item, i64::from(*seq))),
        _ => None,
    })
    .collect()
}

/// Lists the codes of what a matter needs: a paper made by a matter that this project does not
/// need is not asked for.
pub(super) fn needed(loaded: &Loaded, setup: &Setup<'_>) -> Vec<String> {
    let absent = |code: &String| {
        let mut makers = loaded.catalogue.matters.iter();
        let maker = makers.find(|one| one.produces.as_ref() == Some(code));
        maker.is_some_and(|maker| match loaded.item(&maker.code) {
            Ok(row) => row.phase == Phase::NotNeeded,
            Err(_) => true,
        })
    };
    let materials = setup.matter.materials.iter();
    materials.filter(|code| !absent(code)).cloned().collect()
}

/// The shelf of a case while acts are entered: what lies on it, and what they put there.
#[derive(Default)]
pub(super) struct Papers {
    rows: Vec<MaterialRow>,
    /// How many of the rows lay there before.
    before: usize,
    /// By matter and paper, whether it was saved.
    needs: BTreeMap<(String, String), bool>,
}

impl Papers {
    /// A shelf as stored.
    pub fn on(rows: Vec<MaterialRow>) -> Self {
        Self {
            before: rows.len(),
            rows,
            needs: BTreeMap::new(),
        }
    }

    /// Says whether an act looks at the shelf or puts anything on it.
    pub fn touches(input: &ActInput) -> bool {
        let kind = input.act.kind();
        let looks = matches!(kind, ActKind::Receive | ActKind::HandIn | ActKind::Grant);
        looks || !input.papers.is_empty()
    }

    /// Lists what was put there.
    pub fn added(&self) -> impl Iterator<Item = &MaterialRow> {
        self.rows.iter().skip(self.before)
    }

    /// Lists what was needed: by matter and paper, whether it was saved.
    pub fn needs(
        &self,
        project: ProjectId,
    ) -> impl Iterator<Item = (ProjectId, String, String, bool)> {
        let needs = self.needs.iter();
        needs.map(move |((item, code), saved)| (project, item.clone(), code.clone(), *saved))
    }

    /// Puts what an act brings or makes onto the shelf, and notes what was needed.
    pub fn keep(&mut self, loaded: &Loaded, setup: &Setup<'_>, event: &Event, papers: &[NewPaper]) {
        let of = (setup.matter.code.as_str(), event);
        match &event.act {
            Act::Receive { .. } => self.receive(loaded, setup, event, papers),
            Act::HandIn { material } => {
                let given = papers.iter().find(|one| one.code == *material);
                self.put(of, material, false, given);
            }
            Act::Grant { document_no } => {
                if let Some(code) = &setup.matter.produces {
                    let paper = NewPaper {
                        code: code.clone(),
                        document_no: document_no.clone(),
                        attachment: papers.first().and_then(|one| one.attachment),
                    };
                    self.put(of, code, true, Some(&paper));
                }
            }
            _ => {
                for paper in papers {
                    self.put(of, &paper.code, false, Some(paper));
                }
            }
        }
    }

    /// What lies on the shelf is taken from it. What does not was handed in now, unless papers
    /// were named: then only those were, and the rest is missing.
    fn receive(&mut self, loaded: &Loaded, setup: &Setup<'_>, event: &Event, papers: &[NewPaper]) {
        let struck = struck(loaded);
        let of = (setup.matter.code.as_str(), event);
        for code in needed(loaded, setup) {
            let lies = |row: &MaterialRow| {
                row.code == code && !struck.contains(&(row.item.as_str(), row.event_seq))
            };
            let saved = self.rows.iter().any(lies);
            let given = papers.iter().find(|one| one.code == code);
            if !saved && (papers.is_empty() || given.is_some()) {
                self.put(of, &code, false, given);
            }
            self.needs.insert((of.0.to_owned(), code), saved);
        }
    }

    fn put(
        &mut self,
        (item, event): (&str, &Event),
        code: &str,
        produced: bool,
        paper: Option<&NewPaper>,
    ) {
        let same = self.rows.iter().filter(|row| row.code == code);
        let last = same.map(|row| row.seq).max().unwrap_or(0);
        self.rows.push(MaterialRow {
            project: ProjectId(0),
            code: code.to_owned(),
            seq: last + 1,
            item: item.to_owned(),
            event_seq: i64::from(event.seq),
            produced,
            on: event.on,
            document_no: paper.map_or_else(String::new, |one| one.document_no.clone()),
            attachment: paper.and_then(|one| one.attachment),
            user: event.user,
        });
    }
}
