//! Reads an act as it was typed, for the page's form and for the API alike. What one would get
//! wrong: nothing is judged here; what is missing or no number is gathered and told all at once.

use gangmu_app::approvals::{ActInput, NewPaper};
use gangmu_app::domain::approvals::{Act, ActKind, Budget, clock_from_word, procedure_from_word};
use gangmu_app::domain::library::{Field, Value};
use gangmu_app::domain::organisation::DepartmentId;
use gangmu_app::library::{MoneyUnit, parse_field};
use gangmu_app::{AppError, Message as AppMessage, Reference};
use jiff::civil::Date;

use crate::pages::work::{Sent, sent};

/// Reads an act of a kind from a form.
///
/// # Errors
/// [`AppError::Invalid`] with everything that is missing or cannot be read.
pub fn read(reference: &Reference, kind: ActKind, form: &Sent) -> Result<ActInput, AppError> {
    let mut reading = Reading {
        form,
        reference,
        wrong: Vec::new(),
    };
    let on = reading.day("on");
    let act = reading.act(kind);
    Ok(ActInput {
        version: sent(form, "version").parse().ok(),
        on,
        act: reading.done(act)?,
        papers: papers(form, kind),
    })
}

/// The papers ticked, and the file given to what the act brings or makes.
fn papers(form: &Sent, kind: ActKind) -> Vec<NewPaper> {
    let attachment = sent(form, "attachment").parse().ok();
    let paper = |code: &str| NewPaper {
        code: code.to_owned(),
        document_no: String::new(),
        attachment,
    };
    match kind {
        ActKind::Receive => {
            let ticked = form.iter().filter(|(name, _)| name == "papers");
            ticked.map(|(_, code)| paper(code)).collect()
        }
        ActKind::HandIn => vec![paper(sent(form, "material"))],
        // The paper a decision makes is known by the matter; only the file is looked at.
        ActKind::Grant if attachment.is_some() => vec![paper("")],
        _ => Vec::new(),
    }
}

/// What was typed, with what is wrong with it gathered on the way.
struct Reading<'a> {
    form: &'a Sent,
    reference: &'a Reference,
    wrong: Vec<AppMessage>,
}

impl Reading<'_> {
    fn text(&self, name: &str) -> String {
        sent(self.form, name).to_owned()
    }

    fn missing(&mut self, name: &str) {
        self.wrong.push(AppMessage::new("field.missing", name, []));
    }

    fn day(&mut self, name: &str) -> Option<Date> {
        let like = Field::PlannedStart;
        match parse_field(self.reference, like, sent(self.form, name), MoneyUnit::Yuan) {
            Ok(Some(Value::Date(day))) => Some(day),
            Ok(_) => None,
            Err(mut message) => {
                name.clone_into(&mut message.field);
                self.wrong.push(message);
                None
            }
        }
    }

    /// Reads a number of days; none when nothing was typed.
    fn days(&mut self, name: &str) -> Option<u32> {
        let text = self.text(name);
        if text.is_empty() {
            return None;
        }
        let days = text.parse().ok().filter(|days| (1..=3660).contains(days));
        if days.is_none() {
            self.wrong
                .push(AppMessage::new("approvals.days_bad", name, [text]));
        }
        days
    }

    /// Reads something chosen from a list; says that it is missing when it is none of it.
    fn chosen<T>(&mut self, name: &str, read: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = read(sent(self.form, name));
        if found.is_none() {
            self.missing(name);
        }
        found
    }

    /// Reads the act; none when something it needs is missing, which is noted.
    fn act(&mut self, kind: ActKind) -> Option<Act> {
        use ActKind as K;
        Some(match kind {
            // The app notes the hour itself.
            K::Receive => Act::Receive {
                after_cut_off: false,
            },
            K::Forward => Act::Forward {
                after_cut_off: false,
            },
            K::Correct => Act::Correct,
            K::Accept => Act::Accept,
            K::Resume => Act::Resume,
            K::Deliver => Act::Deliver,
            K::AskCorrection => Act::AskCorrection {
                defects: lines(&self.text("defects")),
            },
            K::AcceptDeferred => self.deferred()?,
            K::HandIn => Act::HandIn {
                material: self.chosen("material", |text| {
                    (!text.is_empty()).then(|| text.to_owned())
                })?,
            },
            K::Suspend => self.suspend()?,
            K::Extend => self.extend()?,
            K::Preliminary => Act::Preliminary {
                document_no: self.text("document_no"),
            },
            K::Grant => Act::Grant {
                document_no: self.text("document_no"),
            },
            K::Refuse => Act::Refuse {
                ground: self.text("ground"),
                document_no: self.text("document_no"),
            },
            K::VoidPreliminary => Act::VoidPreliminary {
                reason: self.text("reason"),
            },
            K::Exempt => Act::Exempt {
                reason: self.text("reason"),
            },
            K::Require => Act::Require {
                reason: self.text("reason"),
            },
            K::Adjust => Act::Adjust {
                department: self.text("department").parse().ok().map(DepartmentId),
                promised: self.days("days").map(Budget::working),
                reason: self.text("reason"),
            },
            K::Strike => Act::Strike {
                seq: self.chosen("seq", |text| text.parse().ok())?,
                reason: self.text("reason"),
            },
        })
    }

    fn deferred(&mut self) -> Option<Act> {
        let ticked = self.form.iter().filter(|(name, _)| name == "missing");
        let missing: Vec<String> = ticked.map(|(_, code)| code.clone()).collect();
        if missing.is_empty() {
            self.missing("missing");
        }
        let promised_on = self.day("promised_on");
        if promised_on.is_none() && sent(self.form, "promised_on").is_empty() {
            self.missing("promised_on");
        }
        Some(Act::AcceptDeferred {
            missing,
            promised_on: promised_on?,
            promise: self.text("promise"),
        })
    }

    /// Reads `expert_review working 60`: the procedure with the bound the applicant is told.
    fn suspend(&mut self) -> Option<Act> {
        let procedure = self.chosen("procedure", |text| {
            let mut words = text.split(' ');
            let kind = procedure_from_word(words.next()?)?;
            let working = words.next()? == "working";
            Some((kind, working, words.next()?.parse::<u32>().ok()?))
        });
        let typed = self.days("days");
        let (procedure, working, longest) = procedure?;
        let days = typed.unwrap_or(longest);
        let bound = if working {
            Budget::working(days)
        } else {
            Budget::calendar(days)
        };
        Some(Act::Suspend { procedure, bound })
    }

    fn extend(&mut self) -> Option<Act> {
        let limit = self.chosen("limit", clock_from_word);
        let days = self.days("days");
        if days.is_none() && sent(self.form, "days").is_empty() {
            self.missing("days");
        }
        Some(Act::Extend {
            limit: limit?,
            days: days?,
            approver: self.text("approver"),
            reason: self.text("reason"),
        })
    }

    /// Refuses with everything found wrong, or goes on.
    fn done(self, act: Option<Act>) -> Result<Act, AppError> {
        match act {
            Some(act) if self.wrong.is_empty() => Ok(act),
            _ => Err(AppError::Invalid {
                messages: self.wrong,
            }),
        }
    }
}

/// One defect per line.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    lines
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
        .collect()
}
