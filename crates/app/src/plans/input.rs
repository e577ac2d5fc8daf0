//! Tasks and indicators as a person types them, read into the domain with everything that is wrong
//! told at once.

use gangmu_domain::plans::{
    Direction, Indicator, Link, Office, Quantity, Source, Task, UnitOfMeasure,
};
use jiff::civil::Date;

use super::view::OfficeView;
use crate::Reference;
use crate::error::{AppError, Message};

/// The most characters of a title or name, and of a text.
const TITLE: usize = 200;
const TEXT: usize = 4_000;

/// An office as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfficeInput {
    /// The unit: a code or a name that is unique.
    pub unit: String,
    /// The department: a code or name; empty for the unit as a whole.
    pub department: String,
}

impl OfficeInput {
    /// A unit as a whole.
    #[must_use]
    pub fn unit(code: &str) -> Self {
        Self {
            unit: code.to_owned(),
            department: String::new(),
        }
    }

    /// A unit's department.
    #[must_use]
    pub fn department(code: &str, department: &str) -> Self {
        Self {
            unit: code.to_owned(),
            department: department.to_owned(),
        }
    }

    /// Says whether an office as shown is the one whose codes these are.
    #[must_use]
    pub fn is(&self, office: &OfficeView) -> bool {
        let department = office.department.as_ref();
        self.unit == office.unit.code
            && self.department == department.map_or("", |one| one.code.as_str())
    }

    /// Finds the office.
    ///
    /// # Errors
    /// [`AppError::Invalid`] at the field when there is no such unit or department.
    pub(crate) fn read(&self, reference: &Reference, field: &str) -> Result<Office, AppError> {
        let mut reading = Reading::new(reference);
        let office = reading.office(self, field);
        reading.done(office)
    }
}

/// A task as typed.
#[derive(Clone, Debug, Default)]
pub struct TaskInput {
    /// The group's code; empty for none.
    pub group: String,
    /// What is to be done.
    pub title: String,
    /// At length.
    pub body: String,
    /// What there will be to show for it.
    pub outcome: String,
    /// Who leads.
    pub lead: OfficeInput,
    /// Who helps.
    pub cooperating: Vec<OfficeInput>,
    /// By when.
    pub due: Option<Date>,
    /// Tasks of the plan above that it takes over: their keys.
    pub takes_over: Vec<u32>,
}

/// An indicator as typed.
#[derive(Clone, Debug, Default)]
pub struct IndicatorInput {
    /// What it is called.
    pub name: String,
    /// What it is counted in.
    pub unit: String,
    /// What it stood at; empty when unknown.
    pub baseline: String,
    /// What is to be reached.
    pub target: String,
    /// By when; the task's day when absent.
    pub due: Option<Date>,
    /// `up` or `down`; up when empty.
    pub direction: String,
    /// Points, 0–100.
    pub weight: u32,
    /// Where its value comes from.
    pub source: SourceInput,
    /// The indicator of the plan above it carries a part of: its key.
    pub takes_over: Option<u32>,
}

/// Where a value comes from, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceInput {
    /// linked, derived or reported; reported when empty.
    pub kind: String,
    /// The metric's word.
    pub metric: String,
    /// The unit it is taken of; the plan's own when empty.
    pub unit: String,
    /// The department; all when empty.
    pub department: String,
    /// industry, category, investor or stage; empty for nothing.
    pub cut: String,
    /// The member along the cut.
    pub member: String,
    /// The formula.
    pub formula: String,
}

/// Reads what was typed, gathering what is wrong.
pub(super) struct Reading<'a> {
    reference: &'a Reference,
    wrong: Vec<Message>,
}

impl<'a> Reading<'a> {
    pub(super) const fn new(reference: &'a Reference) -> Self {
        Self {
            reference,
            wrong: Vec::new(),
        }
    }

    /// Returns what was read, or everything that is wrong.
    pub(super) fn done<T>(self, read: Option<T>) -> Result<T, AppError> {
        match read {
            Some(read) if self.wrong.is_empty() => Ok(read),
            _ => Err(AppError::Invalid {
                messages: self.wrong,
            }),
        }
    }

    pub(super) fn told(&mut self, code: &str, field: &str, params: &[&str]) {
        let params = params.iter().map(|text| (*text).to_owned());
        self.wrong.push(Message::new(code, field, params));
    }

    /// Reads a text of at most so many characters.
    pub(super) fn text(&mut self, text: &str, field: &str, needed: bool, most: usize) -> String {
        let text = text.trim().to_owned();
        if needed && text.is_empty() {
            self.told("field.missing", field, &[]);
        }
        if text.chars().count() > most {
            self.told("field.too_long", field, &[&most.to_string()]);
        }
        text
    }

    pub(super) fn title(&mut self, text: &str, field: &str) -> String {
        self.text(text, field, true, TITLE)
    }

    pub(super) fn office(&mut self, input: &OfficeInput, field: &str) -> Option<Office> {
        let text = input.unit.trim();
        if text.is_empty() {
            self.told("field.missing", field, &[]);
            return None;
        }
        let Some(unit) = self.reference.unit_by_any_name(text) else {
            self.told("plans.unknown_unit", field, &[text]);
            return None;
        };
        let department = input.department.trim();
        if department.is_empty() {
            return Some(Office {
                unit: unit.path.clone(),
                department: None,
            });
        }
        let Some(found) = self.reference.department_by_any_name(department) else {
            self.told("plans.unknown_department", field, &[department]);
            return None;
        };
        Some(Office {
            unit: unit.path.clone(),
            department: Some(gangmu_domain::organisation::DepartmentId(
                found.department_id,
            )),
        })
    }

    pub(super) fn quantity(
        &mut self,
        unit: &UnitOfMeasure,
        text: &str,
        field: &str,
    ) -> Option<Quantity> {
        if text.trim().is_empty() {
            self.told("field.missing", field, &[]);
            return None;
        }
        let read = unit.read(text.trim());
        if read.is_none() {
            let decimals = unit.decimals().to_string();
            self.told("plans.not_an_amount", field, &[text.trim(), &decimals]);
        }
        read
    }

    /// Reads a task; its indicators come from where they stand.
    pub(super) fn task(&mut self, key: u32, input: &TaskInput) -> Option<Task> {
        let title = self.title(&input.title, "title");
        let body = self.text(&input.body, "body", false, TEXT);
        let outcome = self.text(&input.outcome, "outcome", false, TITLE);
        let lead = self.office(&input.lead, "lead");
        let cooperating = input.cooperating.iter();
        let cooperating: Vec<Option<Office>> = cooperating
            .map(|office| self.office(office, "cooperating"))
            .collect();
        let group = input.group.trim().to_owned();
        let groups = &self.reference.plans.groups;
        if !group.is_empty() && groups.iter().all(|one| one.code != group) {
            self.told("plans.unknown_group", "group", &[&group]);
        }
        if input.due.is_none() {
            self.told("field.missing", "due", &[]);
        }
        let lead = lead?;
        let mut offices: Vec<Office> = cooperating.into_iter().collect::<Option<_>>()?;
        // Who leads need not be said to help, and naming somebody twice says nothing more.
        offices.retain(|office| *office != lead);
        let mut seen = std::collections::BTreeSet::new();
        offices.retain(|office| seen.insert(office.clone()));
        let mut takes_over = input.takes_over.clone();
        takes_over.sort_unstable();
        takes_over.dedup();
        Some(Task {
            key,
            group,
            title,
            body,
            outcome,
            lead,
            cooperating: offices,
            due: input.due?,
            takes_over,
            indicators: Vec::new(),
        })
    }

    /// Reads an indicator of a task; its parts come from where they stand.
    pub(super) fn indicator(
        &mut self,
        key: u32,
        task_due: Date,
        office: &Office,
        input: &IndicatorInput,
    ) -> Option<Indicator> {
        let name = self.title(&input.name, "name");
        let unit = UnitOfMeasure(self.text(&input.unit, "unit", true, 20));
        let target = match unit.is_empty() {
            true => None,
            false => self.quantity(&unit, &input.target, "target"),
        };
        let baseline = match input.baseline.trim() {
            "" => None,
            text => self.quantity(&unit, text, "baseline"),
        };
        let direction = match input.direction.as_str() {
            "" => Some(Direction::Up),
            word => Direction::from_word(word),
        };
        if direction.is_none() {
            self.told("plans.unknown_word", "direction", &[&input.direction]);
        }
        if input.weight > 100 {
            self.told("plans.weight", "weight", &[&input.weight.to_string()]);
        }
        let source = self.source(office, &input.source);
        Some(Indicator {
            key,
            name,
            unit,
            baseline,
            target: target?,
            due: input.due.unwrap_or(task_due),
            direction: direction?,
            weight: input.weight,
            source: source?,
            takes_over: input.takes_over,
            shares: Vec::new(),
            steps: Vec::new(),
        })
    }

    fn source(&mut self, office: &Office, input: &SourceInput) -> Option<Source> {
        match input.kind.as_str() {
            "" | "reported" => Some(Source::Reported),
            "derived" => {
                let formula = self.text(&input.formula, "formula", true, 400);
                Some(Source::Derived(formula))
            }
            "linked" => {
                let metric = self.text(&input.metric, "metric", true, 40);
                let unit = match input.unit.trim() {
                    "" => Some(office.unit.clone()),
                    code => self
                        .office(&OfficeInput::unit(code), "of_unit")
                        .map(|one| one.unit),
                };
                let department = match input.department.trim() {
                    "" => None,
                    code => {
                        let of = OfficeInput {
                            unit: office.unit.codes().last().unwrap_or_default().to_owned(),
                            department: code.to_owned(),
                        };
                        self.office(&of, "of_department")?.department
                    }
                };
                Some(Source::Linked(Link {
                    metric,
                    unit: unit?,
                    department,
                    cut: input.cut.trim().to_owned(),
                    member: input.member.trim().to_owned(),
                }))
            }
            other => {
                self.told("plans.unknown_word", "source", &[other]);
                None
            }
        }
    }
}
