//! What is shown of assignments: plain views that serialise.

use std::collections::HashMap;

use gangmu_domain::liaison::Holder;
use gangmu_domain::organisation::UserId;
use gangmu_domain::problems::Party;
use gangmu_store::liaison::AssignmentRow;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use crate::Reference;
use crate::library::UnitView;
use crate::problems::PartyView;

/// Who holds a duty.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HolderView {
    /// user, office, named.
    pub holder: &'static str,
    /// How a person or team is named; empty for an office.
    pub name: String,
    /// The person, where they can log in.
    pub user_id: Option<i64>,
    /// The office.
    pub office: Option<PartyView>,
}

impl HolderView {
    pub(super) fn new(
        reference: &Reference,
        users: &HashMap<UserId, String>,
        holder: &Holder,
    ) -> Self {
        let (name, user_id, office) = match holder {
            Holder::User(id) => (users.get(id).cloned().unwrap_or_default(), Some(id.0), None),
            Holder::Named(name) => (name.clone(), None, None),
            Holder::Office { unit, department } => {
                let party = Party::Office {
                    unit: unit.clone(),
                    department: *department,
                };
                let office = PartyView::new(reference, &party);
                (String::new(), None, Some(office))
            }
        };
        Self {
            holder: holder.word(),
            name,
            user_id,
            office,
        }
    }

    /// How tables name who it is.
    pub(super) fn official(&self) -> String {
        match &self.office {
            Some(office) => office.official(),
            None => self.name.clone(),
        }
    }
}

/// An assignment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AssignmentView {
    /// Its number.
    pub assignment_id: i64,
    /// leader, `lead_unit`, resident, `owner_contact`, `service_team`.
    pub duty: &'static str,
    /// On whose side it stands.
    pub unit: UnitView,
    /// Who.
    pub holder: HolderView,
    /// The first day.
    pub from: String,
    /// The last day; none while it stands.
    pub to: Option<String>,
    /// Whether it stands on the day asked for.
    pub standing: bool,
    /// Why, or the document that says so.
    pub reason: String,
    /// Who set it.
    pub set_by: String,
    /// When, in milliseconds since 1970.
    pub at: i64,
    /// Who ended it.
    pub ended_by: Option<String>,
    /// The hand-over it came from.
    pub handover_id: Option<i64>,
}

impl AssignmentView {
    pub(super) fn new(
        reference: &Reference,
        users: &HashMap<UserId, String>,
        row: &AssignmentRow,
        day: Date,
    ) -> Self {
        let ended = row.says.term.to.is_some();
        Self {
            assignment_id: row.id,
            duty: row.says.duty.word(),
            unit: UnitView::new(reference, &row.says.unit),
            holder: HolderView::new(reference, users, &row.says.holder),
            from: row.says.term.from.to_string(),
            to: row.says.term.to.map(|day| day.to_string()),
            standing: row.says.term.holds_on(day),
            reason: row.reason.clone(),
            set_by: users.get(&row.set_by).cloned().unwrap_or_default(),
            at: row.at,
            ended_by: ended.then(|| users.get(&row.ended_by).cloned()).flatten(),
            handover_id: (row.handover != 0).then_some(row.handover),
        }
    }
}
