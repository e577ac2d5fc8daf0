//! The shelf of a project's papers: what was handed in or produced once is offered everywhere.
//!
//! What a reader would get wrong: nobody ticks "already handed in". When an application comes in,
//! each paper it needs is looked for on the shelf first; what lies there counts as saved, the rest
//! was handed in now and lies there from then on.

use std::collections::BTreeSet;

use gangmu_domain::approvals::{Act, Event, Phase, Setup};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::Action;
use gangmu_store::approvals::{self, MaterialRow};
use serde::Serialize;
use utoipa::ToSchema;

use super::act::{Ground, NewPaper, sees_case};
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
        Ok(ShelfView {
            papers: papers
                .into_iter()
                .map(|row| ShelfRow {
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

/// The papers whose act has not been struck out since.
pub(super) fn lying(loaded: &Loaded, rows: Vec<MaterialRow>) -> Vec<MaterialRow> {
    let struck: BTreeSet<(&str, i64)> = loaded
        .events
        .iter()
        .flat_map(|(item, events)| events.iter().map(move |event| (item.as_str(), event)))
        .filter_map(|(item, event)| match &event.act {
            Act::Strike { seq, .. } => Some((item, i64::from(*seq))),
            _ => None,
        })
        .collect();
    let lies = |row: &MaterialRow| !struck.contains(&(row.item.as_str(), row.event_seq));
    rows.into_iter().filter(lies).collect()
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

/// Puts what an act brings or makes onto the shelf, and notes what was needed.
pub(super) async fn keep_papers(
    ground: &Ground<'_>,
    loaded: &Loaded,
    setup: &Setup<'_>,
    event: &Event,
    papers: &[NewPaper],
) -> Result<(), AppError> {
    let keeper = Keeper {
        ground,
        setup,
        event,
    };
    match &event.act {
        Act::Receive { .. } => keeper.receive(loaded, papers).await?,
        Act::HandIn { material } => {
            let given = papers.iter().find(|one| one.code == *material);
            keeper.put(material, false, given).await?;
        }
        Act::Grant { document_no } => {
            if let Some(code) = &setup.matter.produces {
                let paper = NewPaper {
                    code: code.clone(),
                    document_no: document_no.clone(),
                    attachment: papers.first().and_then(|one| one.attachment),
                };
                keeper.put(code, true, Some(&paper)).await?;
            }
        }
        _ => {
            for paper in papers {
                keeper.put(&paper.code, false, Some(paper)).await?;
            }
        }
    }
    Ok(())
}

struct Keeper<'a> {
    ground: &'a Ground<'a>,
    setup: &'a Setup<'a>,
    event: &'a Event,
}

impl Keeper<'_> {
    /// What lies on the shelf is taken from it. What does not was handed in now, unless papers
    /// were named: then only those were, and the rest is missing.
    async fn receive(&self, loaded: &Loaded, papers: &[NewPaper]) -> Result<(), AppError> {
        let (tx, project) = (self.ground.tx, self.ground.project.id);
        let rows = approvals::material_list(tx, project).await?;
        let shelf: BTreeSet<String> = lying(loaded, rows)
            .into_iter()
            .map(|row| row.code)
            .collect();
        for code in needed(loaded, self.setup) {
            let saved = shelf.contains(&code);
            approvals::need_put(tx, project, &self.setup.matter.code, &code, saved).await?;
            let given = papers.iter().find(|one| one.code == code);
            if !saved && (papers.is_empty() || given.is_some()) {
                self.put(&code, false, given).await?;
            }
        }
        Ok(())
    }

    async fn put(
        &self,
        code: &str,
        produced: bool,
        paper: Option<&NewPaper>,
    ) -> Result<(), AppError> {
        let row = MaterialRow {
            project: self.ground.project.id,
            code: code.to_owned(),
            seq: 0,
            item: self.setup.matter.code.clone(),
            event_seq: i64::from(self.event.seq),
            produced,
            on: self.event.on,
            document_no: paper.map_or_else(String::new, |one| one.document_no.clone()),
            attachment: paper.and_then(|one| one.attachment),
            user: self.ground.actor.user,
        };
        Ok(approvals::material_insert(self.ground.tx, &row, self.ground.now).await?)
    }
}
