//! Whole cases for generated regions: made and acted on in memory by the same rules as real ones,
//! then written at once.
//!
//! What a reader would get wrong: nothing here is shorter than real work but the writing. Every act
//! is judged on what stands after the one before it. There is no audit row, as there is none for
//! anything else of a generated region.

use std::collections::BTreeMap;

use gangmu_domain::approvals::Act;
use gangmu_store::Tx;
use gangmu_store::approvals::{self, MaterialRow};
use gangmu_store::library::Project;
use jiff::civil::Date;

use super::act::ActInput;
use super::desk::{Desk, Entered, Room};
use super::load::Loaded;
use super::make::{Made, new_rows, route_of};
use crate::error::AppError;
use crate::{Actor, App};

/// A case that is made up.
pub(crate) struct InventedCase {
    /// The project.
    pub project: Project,
    /// The day it is made.
    pub made_on: Date,
    /// What is done, in order: the matter's code, the day, and the act.
    pub acts: Vec<(String, Date, Act)>,
}

impl App {
    /// Makes cases with their acts as they stand on a day, and returns how many matters are open.
    ///
    /// Nothing is counted into returns: the projects must be on no list of an open month.
    ///
    /// # Errors
    /// For the first act the rules refuse, and for a project that has a case already.
    pub(crate) async fn cases_invent(
        &self,
        tx: &Tx,
        actor: &Actor,
        invented: Vec<InventedCase>,
        today: Date,
    ) -> Result<usize, AppError> {
        let reference = self.reference().await?;
        let (_, text) = self.current_catalogue().await?;
        let version = self.keep_catalogue(tx, &text).await?;
        let catalogue = self.catalogue(tx, version).await?;
        let room = Room {
            reference: &reference,
            now: self.now(),
            today,
        };
        let (mut cases, mut items, mut events) = (Vec::new(), Vec::new(), Vec::new());
        let (mut needs, mut materials) = (Vec::new(), Vec::new());
        for InventedCase {
            project,
            made_on,
            acts,
        } in invented
        {
            let (id, route) = (project.id, route_of(&project));
            let rows = new_rows(&reference, &catalogue, &project, route)?;
            let made = Made {
                by: actor.user,
                on: made_on,
                version,
            };
            let loaded = Loaded {
                case: made.case(&catalogue, &project, route, &rows),
                catalogue: catalogue.clone(),
                items: rows,
                events: BTreeMap::new(),
            };
            let mut desk = Desk::new(project, loaded, Vec::new());
            for (item, on, act) in acts {
                let input = ActInput::new(None, act).on(on);
                let entered = Entered {
                    actor,
                    project: id,
                    item: &item,
                    input: &input,
                    by_sitting: false,
                };
                desk.act(&room, &entered, &mut Vec::new())?;
            }
            needs.extend(desk.papers.needs(id));
            materials.extend(desk.papers.added().map(|row| MaterialRow {
                project: id,
                ..row.clone()
            }));
            events.append(&mut desk.events);
            cases.push(desk.loaded.case);
            items.append(&mut desk.loaded.items);
        }
        approvals::case_insert_all(tx, &cases, room.now).await?;
        approvals::item_insert_all(tx, &items).await?;
        approvals::event_insert_all(tx, &events).await?;
        approvals::need_put_all(tx, &needs).await?;
        approvals::material_insert_all(tx, &materials, room.now).await?;
        Ok(items.iter().filter(|row| row.open).count())
    }
}
