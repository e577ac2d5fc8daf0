//! Reads a step of a problem as it was typed, for the page's form and for the API alike. What one
//! would get wrong: nothing is judged here; what is missing or no date is gathered and told at once.

use gangmu_app::domain::organisation::DepartmentId;
use gangmu_app::domain::problems::{Act, ActKind, Party};
use gangmu_app::problems::StepInput;
use gangmu_app::{AppError, Message as AppMessage, Reference};
use jiff::civil::Date;

use crate::pages::work::{Sent, sent};

/// Reads a step of a kind from a form.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is missing or cannot be read.
pub fn read(reference: &Reference, kind: ActKind, form: &Sent) -> Result<StepInput, AppError> {
    let mut reading = Reading {
        form,
        reference,
        wrong: Vec::new(),
    };
    let on = reading.day("on");
    let act = reading.act(kind);
    match act {
        Some(act) if reading.wrong.is_empty() => Ok(StepInput {
            version: sent(form, "version").parse().ok(),
            on,
            act,
        }),
        _ => Err(AppError::Invalid {
            messages: reading.wrong,
        }),
    }
}

struct Reading<'a> {
    form: &'a Sent,
    reference: &'a Reference,
    wrong: Vec<AppMessage>,
}

impl Reading<'_> {
    fn text(&self, name: &str) -> String {
        sent(self.form, name).to_owned()
    }

    fn told(&mut self, code: &str, name: &str) {
        self.wrong.push(AppMessage::new(code, name, []));
    }

    /// Reads a date; none when nothing was typed.
    fn day(&mut self, name: &str) -> Option<Date> {
        let text = sent(self.form, name);
        let day = text.parse().ok();
        if day.is_none() && !text.is_empty() {
            let said = [text.to_owned()];
            self.wrong
                .push(AppMessage::new("field.not_a_date", name, said));
        }
        day
    }

    fn party(&mut self) -> Option<Party> {
        if sent(self.form, "party") == "owner" {
            return Some(Party::ProjectOwner);
        }
        let unit = self.reference.unit_by_code(sent(self.form, "unit"));
        if unit.is_none() {
            self.told("field.missing", "unit");
        }
        let unit = unit?.path.clone();
        let department = self.department("department", sent(self.form, "department"));
        Some(Party::Office { unit, department })
    }

    fn department(&mut self, name: &str, text: &str) -> Option<DepartmentId> {
        if text.is_empty() {
            return None;
        }
        let id = text.parse().ok().map(DepartmentId);
        let known = id.filter(|id| self.reference.department(*id).is_some());
        if known.is_none() {
            self.told("field.missing", name);
        }
        known
    }

    /// Departments of the same unit that help.
    fn assisting(&mut self, of: &Party) -> Vec<Party> {
        let Party::Office { unit, .. } = of else {
            return Vec::new();
        };
        let form = self.form;
        let ticked = form.iter().filter(|(name, _)| name == "assisting");
        ticked
            .filter_map(|(_, text)| self.department("assisting", text))
            .map(|department| Party::Office {
                unit: unit.clone(),
                department: Some(department),
            })
            .collect()
    }

    /// Reads the step; none when something it needs is missing, which is noted.
    fn act(&mut self, kind: ActKind) -> Option<Act> {
        use ActKind as K;
        Some(match kind {
            K::Raise | K::Close => return None,
            K::Accept => Act::Accept {
                kind: self.text("kind"),
                grade: self.text("grade"),
            },
            K::Decline => Act::Decline {
                reason: self.text("reason"),
            },
            K::HandOver => {
                let to = self.party()?;
                Act::HandOver {
                    assisting: self.assisting(&to),
                    to,
                    due_on: self.day("due_on"),
                    demand: self.text("demand"),
                }
            }
            K::Progress => Act::Progress {
                text: self.text("text"),
            },
            K::Answer => Act::Answer {
                measures: self.text("measures"),
                result: self.text("result"),
            },
            K::SendBack => Act::SendBack {
                reason: self.text("reason"),
                due_on: self.day("due_on"),
            },
            K::Verify => Act::Verify {
                finding: self.text("finding"),
            },
            K::StrikeOff => Act::StrikeOff {
                remark: self.text("remark"),
            },
            K::AskExtension => {
                let due_on = self.day("due_on");
                if due_on.is_none() {
                    self.told("field.missing", "due_on");
                }
                Act::AskExtension {
                    due_on: due_on?,
                    reason: self.text("reason"),
                }
            }
            K::RefuseExtension => Act::RefuseExtension {
                reason: self.text("reason"),
            },
            K::Extend => {
                let due_on = self.day("due_on");
                if due_on.is_none() {
                    self.told("field.missing", "due_on");
                }
                Act::Extend {
                    due_on: due_on?,
                    approver: self.text("approver"),
                    reason: self.text("reason"),
                }
            }
            K::Escalate => Act::Escalate {
                reason: self.text("reason"),
                due_on: self.day("due_on"),
                to: None,
            },
            K::Wait => Act::Wait {
                policy: self.text("policy"),
            },
            K::Resume => Act::Resume {
                due_on: self.day("due_on"),
            },
        })
    }
}
