//! Doing something with a project: reads the action's form, asks the app, and shows the form again
//! with everything that is wrong with it.

use std::collections::BTreeMap;

use axum::Form as Typed;
use axum::extract::Path;
use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::{Field, ProjectId, Value};
use gangmu_app::domain::metrics::Carried;
use gangmu_app::domain::pipeline::{Category, Exit, Stage};
use gangmu_app::library::{MoneyUnit, parse_field};
use gangmu_app::pipeline::{Move, NewEntry, Part};
use gangmu_app::{AppError, Message as AppMessage, Reference};

use super::ProjectPage;
use crate::api::excuses;
use crate::pages::common::{form_errors, keyed, refused};
use crate::server::{Answer, Visit};
use crate::view::{Form, Query};

/// The most parts a project is split into at once.
const MOST_PARTS: usize = 6;

/// What was typed, with what is wrong with it gathered on the way.
struct Reading<'a> {
    values: &'a BTreeMap<String, String>,
    reference: &'a Reference,
    wrong: Vec<AppMessage>,
}

/// Takes the form of an action.
pub async fn act(
    visit: Visit,
    Path((id, action)): Path<(i64, String)>,
    Typed(pairs): Typed<Vec<(String, String)>>,
) -> Answer {
    let id = ProjectId(id);
    match perform(&visit, id, &action, &pairs).await {
        Ok(next) => {
            let done = keyed("project.done.", &action);
            visit.done(done, &next).await
        }
        Err(error) => {
            let errors = form_errors(&visit, error)?;
            let query = Query::new(format!("/projects/{}", id.0), &[("do", &action)]);
            let mut page = ProjectPage::load(&visit, id, &query).await?;
            page.typed = Form {
                values: pairs.into_iter().collect(),
                errors,
            };
            refused(&visit, &page).await
        }
    }
}

async fn perform(
    visit: &Visit,
    id: ProjectId,
    action: &str,
    pairs: &[(String, String)],
) -> Result<String, AppError> {
    let values: BTreeMap<String, String> = pairs.iter().cloned().collect();
    let reference = visit.app.reference().await?;
    let mut reading = Reading {
        values: &values,
        reference: &reference,
        wrong: Vec::new(),
    };
    let mv = Move {
        on: reading.day("on"),
        reason: reading.text("reason").to_owned(),
        document_no: reading.text("document_no").to_owned(),
    };
    let (app, actor) = (&visit.app, &visit.actor);
    let here = format!("/projects/{}", id.0);
    match action {
        "advance" | "back" => {
            let to = Stage::from_word(reading.text("to"));
            let to = to.ok_or(AppError::NotFound { what: "stage" })?;
            reading.done()?;
            app.stage_move(actor, id, to, &mv).await?;
        }
        "suspend" | "resume" => {
            reading.done()?;
            app.set_suspended(actor, id, action == "suspend", &mv)
                .await?;
        }
        "withdraw" => {
            let exit = Exit::from_word(reading.text("exit"));
            if exit.is_none() {
                reading.missing("exit");
            }
            reading.done()?;
            if let Some(exit) = exit {
                app.withdraw(actor, id, exit, &mv).await?;
            }
        }
        "programme" => {
            let (year, entry) = reading.entry();
            reading.done()?;
            app.programme_adjust(actor, year, id, entry.as_ref(), &mv)
                .await?;
        }
        "split" => {
            let parts = reading.parts();
            reading.done()?;
            app.split(actor, id, &parts, &mv).await?;
        }
        "excuse" => {
            let [kind, reason, document_no] =
                ["kind", "reason", "document_no"].map(|name| reading.text(name));
            let months = ["from", "to"].map(|name| reading.text(name));
            let said = excuses::read(kind, reason, document_no, months)?;
            app.excuse_add(actor, id, &said).await?;
        }
        "end_excuse" => {
            let seq = reading.text("excuse").parse().unwrap_or_default();
            app.excuse_take_back(actor, id, seq, &mv.reason).await?;
        }
        "merge" => {
            let others: Vec<ProjectId> = pairs
                .iter()
                .filter(|(name, _)| name == "others")
                .filter_map(|(_, value)| value.parse().ok().map(ProjectId))
                .collect();
            reading.done()?;
            app.merge(actor, id, &others, &mv).await?;
        }
        _ => return Err(AppError::NotFound { what: "action" }),
    }
    Ok(here)
}

impl Reading<'_> {
    fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |text| text.trim())
    }

    fn missing(&mut self, name: &str) {
        self.wrong.push(AppMessage::new("field.missing", name, []));
    }

    /// Reads a date; none when nothing was typed.
    fn day(&mut self, name: &str) -> Option<jiff::civil::Date> {
        match self.parsed(Field::PlannedStart, name)? {
            Value::Date(day) => Some(day),
            _ => None,
        }
    }

    /// Reads an amount in 万元; nothing typed is nothing.
    fn money(&mut self, name: &str) -> Yuan {
        match self.parsed(Field::TotalInvestment, name) {
            Some(Value::Money(yuan)) => yuan,
            _ => Yuan::ZERO,
        }
    }

    /// Reads what was typed as a field of the record would, so that both take the same forms.
    fn parsed(&mut self, like: Field, name: &str) -> Option<Value> {
        let text = self.text(name).to_owned();
        match parse_field(self.reference, like, &text, MoneyUnit::TenThousand) {
            Ok(value) => value,
            Err(mut message) => {
                message.field = name.to_owned();
                self.wrong.push(message);
                None
            }
        }
    }

    fn entry(&mut self) -> (i16, Option<NewEntry>) {
        let year = self.text("year").parse().unwrap_or_default();
        if year == 0 {
            self.missing("year");
        }
        let word = self.text("category").to_owned();
        if word == "removed" {
            return (year, None);
        }
        let Some(category) = Category::from_word(&word) else {
            self.missing("category");
            return (year, None);
        };
        if self.text("annual_plan").is_empty() {
            self.missing("annual_plan");
        }
        let entry = NewEntry {
            category,
            plan: self.money("annual_plan"),
            monthly_plan: None,
            carried: Carried::default(),
        };
        (year, Some(entry))
    }

    fn parts(&mut self) -> Vec<Part> {
        let mut parts = Vec::new();
        for at in 1..=MOST_PARTS {
            let name = self.text(&format!("name_{at}")).to_owned();
            if name.is_empty() {
                continue;
            }
            parts.push(Part {
                name,
                total: self.money(&format!("total_{at}")),
                since_start: self.money(&format!("since_{at}")),
                year_to_date: self.money(&format!("year_{at}")),
                plan: self.money(&format!("plan_{at}")),
            });
        }
        parts
    }

    /// Refuses with everything found wrong, or goes on.
    fn done(&mut self) -> Result<(), AppError> {
        if self.wrong.is_empty() {
            return Ok(());
        }
        Err(AppError::Invalid {
            messages: std::mem::take(&mut self.wrong),
        })
    }
}
