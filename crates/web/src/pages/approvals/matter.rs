//! A matter in words: what a table row or a card prints of it, in the reader's language.

use std::collections::BTreeMap;

use gangmu_app::approvals::{ClockView, DepartmentView, DueView, EventView, ItemView};
use serde::Serialize;

use crate::i18n::{Lang, Texts};
use crate::pages::common::{keyed, name, unit_name};
use crate::pages::work::instant;
use crate::server::words;
use crate::view::Link;

/// Names of matters or materials by their codes.
pub type Names = BTreeMap<String, String>;

/// A matter of a case.
#[derive(Clone, Debug, Serialize)]
pub struct MatterRow {
    pub code: String,
    pub name: String,
    pub group: String,
    pub department: String,
    pub consulted: Vec<String>,
    pub level: String,
    /// Whether facts could still change the level.
    pub level_unsure: bool,
    /// The office that has it, and what it does with it, a word.
    pub office: String,
    pub duty: String,
    pub standing: String,
    /// The facts that say whether it is needed.
    pub because: Vec<String>,
    pub phase: String,
    pub tone: &'static str,
    pub light: String,
    pub problem: Option<String>,
    pub due: Option<Due>,
    pub clocks: Vec<Clock>,
    pub immediate: bool,
    pub critical: bool,
    /// Working days it may be late without moving the end; none where the plan has no place for it.
    pub slack: Option<u32>,
    /// What comes first and is not decided.
    pub waits_for: Vec<String>,
    pub holds_up: Vec<String>,
    /// The open problems that hold it up.
    pub problems: Vec<Link>,
    /// What was agreed about it in a meeting and is still to be done.
    pub agreed: Vec<Agreed>,
    /// Papers it needs, and whether they lie on the shelf.
    pub papers: Vec<(String, bool)>,
    pub promise: Option<Promise>,
    pub outcome: Option<Outcome>,
    pub events: Vec<Past>,
    pub acts: Vec<Act>,
    pub source: String,
}

/// What was agreed about a matter.
#[derive(Clone, Debug, Serialize)]
pub struct Agreed {
    pub words: String,
    pub due_on: String,
    pub href: String,
}

/// What must be done next, until when.
#[derive(Clone, Debug, Serialize)]
pub struct Due {
    pub on: String,
    pub what: String,
    pub left: Option<i64>,
}

/// A clock: used of given, until when.
#[derive(Clone, Debug, Serialize)]
pub struct Clock {
    pub clock: String,
    pub state: String,
    /// Why it does not run, in words; empty while it does.
    pub detail: String,
    pub elapsed: u32,
    pub limit: String,
    pub remaining: i64,
    pub due_on: Option<String>,
    pub beyond: Option<String>,
    pub light: String,
}

/// Papers accepted on a promise.
#[derive(Clone, Debug, Serialize)]
pub struct Promise {
    pub outstanding: Vec<String>,
    pub promised_on: String,
    pub promise: String,
}

/// A decision.
#[derive(Clone, Debug, Serialize)]
pub struct Outcome {
    pub granted: bool,
    pub on: String,
    pub document_no: String,
    pub ground: String,
}

/// An act on record.
#[derive(Clone, Debug, Serialize)]
pub struct Past {
    pub seq: u32,
    pub on: String,
    /// RFC 3339.
    pub at: String,
    pub who: String,
    pub act: String,
    pub says: Vec<String>,
    pub struck: bool,
}

/// Something that may be done next.
#[derive(Clone, Debug, Serialize)]
pub struct Act {
    pub word: String,
    pub href: String,
}

/// Puts matters into words.
pub struct Wording<'a> {
    pub texts: &'a Texts,
    pub project: i64,
    pub matters: &'a Names,
    pub materials: &'a Names,
    pub critical: &'a [String],
}

impl Wording<'_> {
    /// Words a matter; `acts` are the words of what the person may do with it.
    pub fn matter(&self, item: &ItemView, acts: &[String]) -> MatterRow {
        let lang = self.texts.lang();
        let leg = item.legs.get(item.leg);
        let waits = item.before.iter().filter(|one| !one.done);
        let open = |one: &&String| self.matters.contains_key(one.as_str());
        MatterRow {
            name: name(lang, &item.name, &item.name_en),
            code: item.code.clone(),
            group: item.group.clone(),
            department: department(lang, &item.department),
            consulted: item.consulted.iter().map(|d| department(lang, d)).collect(),
            level: item.level.clone(),
            level_unsure: !item.level_unsure.is_empty(),
            office: leg.map_or_else(String::new, |leg| unit_name(lang, &leg.unit)),
            duty: leg.map_or_else(String::new, |leg| leg.duty.clone()),
            standing: item.standing.clone(),
            because: self.fields(&item.because),
            phase: item.phase.clone(),
            tone: tone(&item.phase),
            light: item.light.clone(),
            problem: item.problem.clone(),
            due: item.due.as_ref().map(Due::new),
            clocks: leg.map_or_else(Vec::new, |leg| clocks(self.texts, &leg.clocks)),
            immediate: item.immediate,
            critical: self.critical.contains(&item.code),
            slack: item.slot.as_ref().map(|slot| slot.slack),
            waits_for: waits.map(|one| named(self.matters, &one.code)).collect(),
            holds_up: item
                .holds_up
                .iter()
                .filter(open)
                .map(|code| named(self.matters, code))
                .collect(),
            problems: Vec::new(),
            agreed: Vec::new(),
            papers: item
                .papers
                .iter()
                .map(|(code, lies)| (named(self.materials, code), *lies))
                .collect(),
            promise: item.deferred.as_ref().map(|one| Promise {
                outstanding: self.named_materials(&one.outstanding),
                promised_on: one.promised_on.clone(),
                promise: one.promise.clone(),
            }),
            outcome: item.outcome.as_ref().map(|one| Outcome {
                granted: one.granted,
                on: one.on.clone(),
                document_no: one.document_no.clone(),
                ground: one.ground.clone(),
            }),
            events: item.events.iter().rev().map(|e| self.past(e)).collect(),
            acts: self.links(&item.code, acts),
            source: item.source.clone(),
        }
    }

    /// Words an act on record.
    pub fn past(&self, event: &EventView) -> Past {
        Past {
            seq: event.seq,
            on: event.on.clone(),
            at: instant(event.at),
            who: event.who.clone(),
            act: event.act.clone(),
            says: self.says(event),
            struck: event.struck,
        }
    }

    fn links(&self, code: &str, acts: &[String]) -> Vec<Act> {
        let link = |word: &String| Act {
            word: word.clone(),
            href: act_href(self.project, code, word),
        };
        acts.iter().map(link).collect()
    }

    fn named_materials(&self, codes: &[String]) -> Vec<String> {
        codes.iter().map(|one| named(self.materials, one)).collect()
    }

    fn fields(&self, fields: &[String]) -> Vec<String> {
        let word = |field: &String| words::word(self.texts, "project.field.", field);
        fields.iter().map(word).collect()
    }

    /// What an act says, its stable words made readable.
    fn says(&self, event: &EventView) -> Vec<String> {
        let mut says = event.says.clone();
        let mut word = |at: usize, read: &dyn Fn(&str) -> String| {
            if let Some(one) = says.get_mut(at) {
                *one = read(one);
            }
        };
        match event.act.as_str() {
            "hand_in" => word(0, &|code| named(self.materials, code)),
            "suspend" => {
                word(0, &|kind| {
                    words::word(self.texts, "approvals.procedure.", kind)
                });
                word(1, &|text| budget(self.texts, text));
            }
            "extend" => {
                word(0, &|kind| words::word(self.texts, "approvals.clock.", kind));
                word(1, &|days| budget(self.texts, &format!("plain {days}")));
            }
            "accept_deferred" => {
                for one in &mut says {
                    *one = named(self.materials, one);
                }
            }
            _ => {}
        }
        says.retain(|one| !one.trim().is_empty());
        says
    }
}

impl Due {
    pub fn new(view: &DueView) -> Self {
        Self {
            on: view.on.clone(),
            what: view.what.clone(),
            left: view.left,
        }
    }
}

/// Words the clocks of an office.
pub fn clocks(texts: &Texts, clocks: &[ClockView]) -> Vec<Clock> {
    clocks.iter().map(|one| clock(texts, one)).collect()
}

fn clock(texts: &Texts, view: &ClockView) -> Clock {
    let detail = match (view.state.as_str(), view.detail.as_str()) {
        ("suspended", procedure) => words::word(texts, "approvals.procedure.", procedure),
        (_, "") => String::new(),
        (_, waits) => words::word(texts, "approvals.waiting.", waits),
    };
    Clock {
        clock: view.clock.clone(),
        state: view.state.clone(),
        detail,
        elapsed: view.elapsed,
        limit: budget(texts, &view.budget),
        remaining: view.remaining,
        due_on: view.due_on.clone(),
        beyond: view.beyond_calendar.clone(),
        light: view.light.clone(),
    }
}

/// Words a limit such as `working 20`; empty where there is none.
pub fn budget(texts: &Texts, text: &str) -> String {
    let Some((kind, days)) = text.split_once(' ') else {
        return String::new();
    };
    let days: i64 = days.parse().unwrap_or_default();
    texts.message(&keyed("approvals.days.", kind).with("n", days))
}

/// The address that opens the form of an act.
pub fn act_href(project: i64, code: &str, act: &str) -> String {
    format!("/projects/{project}/approvals?matter={code}&do={act}#act")
}

/// The name of a department in the reader's language.
pub fn department(lang: Lang, view: &DepartmentView) -> String {
    name(lang, &view.name, &view.name_en)
}

/// The name behind a code, else the code.
pub fn named(names: &Names, code: &str) -> String {
    names.get(code).cloned().unwrap_or_else(|| code.to_owned())
}

/// How a phase feels.
pub fn tone(phase: &str) -> &'static str {
    match phase {
        "granted" => "good",
        "refused" => "bad",
        "to_clarify" | "correcting" | "deferred" | "converting" => "warn",
        "in_review" | "running" | "suspended" | "outside" => "wait",
        _ => "",
    }
}
