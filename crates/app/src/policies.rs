//! Policy files: what a region decides for itself, read into the types of the domain.
//!
//! A file is taken whole or refused whole: an unknown key is a problem, never ignored, because a
//! misspelt threshold would otherwise silently not apply. The files shipped stand in
//! `data/policies`; an administrator replaces them, and each version stays with its date.

mod approvals;
mod benchmarks;
mod block;
mod dispatch;
mod grouping;
mod light;
mod meetings;
mod plans;
mod problems;
mod reader;
mod supervision;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_approvals;
#[cfg(test)]
mod tests_problems;
mod versions;
mod winter;

use std::collections::{BTreeMap, BTreeSet};

use gangmu_domain::Yuan;
use gangmu_domain::library::{Field, InvestorType, Kind};
use gangmu_domain::organisation::Role;
use gangmu_domain::pipeline::{AttachmentKind, Condition, Gate, Matters, Need, Stage};
use jiff::civil::Date;

pub use approvals::parse_approvals;
pub use benchmarks::{Benchmark, Benchmarks, parse_benchmarks};
pub use block::MatterBlock;
pub use dispatch::{CutOffs, DispatchPolicy, LockOut, Uploads, parse_dispatch};
pub use grouping::{Grouping, IndustryGroup, parse_groupings};
pub use light::{LightPolicies, parse_lights};
pub use meetings::parse_meetings;
pub use plans::parse_plans;
pub use problems::parse_problems;
pub use reader::{PolicyProblem, Wrong};
pub use supervision::parse_supervision;
pub use versions::PolicyVersionView;
pub use winter::parse_winter;

use reader::{Entry, document};

/// What every policy file says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicyHead {
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The first day it applies on.
    pub valid_from: Date,
    /// Where it comes from.
    pub source: String,
}

/// What people read of a gate's condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConditionText {
    /// In Chinese.
    pub text: String,
    /// In English.
    pub text_en: String,
    /// Where the condition comes from.
    pub source: String,
}

/// What makes a project a major one, by place (入库标准).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmissionPolicies {
    /// The code of the preset in use.
    pub active: String,
    /// All presets, in the order of the file.
    pub policies: Vec<AdmissionPolicy>,
}

/// The classes of one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmissionPolicy {
    /// Its word, such as `neimenggu-2025`.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// Where it was published.
    pub source: String,
    /// The classes.
    pub classes: Vec<AdmissionClass>,
}

/// One class of projects and the least they cost.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdmissionClass {
    /// Its word, unique within the policy.
    pub code: String,
    /// What people call it.
    pub text: String,
    /// The same in English.
    pub text_en: String,
    /// The least total investment.
    pub least: Yuan,
    /// The investment type it is for; `None` where a person chooses the class.
    pub investor: Option<InvestorType>,
}

/// Reads what any policy file says about itself, whatever else it holds.
///
/// # Errors
/// All problems of the head.
pub fn parse_head(text: &str) -> Result<PolicyHead, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        top.take_rest();
        head
    })
}

/// Reads the gates of the pipeline.
///
/// # Errors
/// All problems of the file.
pub fn parse_gates(text: &str) -> Result<Vec<Gate>, Vec<PolicyProblem>> {
    Ok(read_gates(text)?.0)
}

/// Reads what people see of the gates' conditions, by the condition's code.
///
/// # Errors
/// All problems of the file, the same as [`parse_gates`] finds.
pub fn parse_gate_texts(text: &str) -> Result<BTreeMap<String, ConditionText>, Vec<PolicyProblem>> {
    Ok(read_gates(text)?.1)
}

/// Reads the admission thresholds.
///
/// # Errors
/// All problems of the file.
pub fn parse_admission(text: &str) -> Result<AdmissionPolicies, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let policies = each(top, "preset", read_admission);
        unique(top, policies.iter().map(|policy| &policy.code));
        let active = read_active(top, policies.iter().map(|policy| &policy.code));
        head?;
        Some(AdmissionPolicies {
            active: active?,
            policies,
        })
    })
}

impl AdmissionPolicies {
    /// Returns the preset in use.
    #[must_use]
    pub fn active(&self) -> Option<&AdmissionPolicy> {
        self.policies.iter().find(|p| p.code == self.active)
    }
}

impl AdmissionPolicy {
    /// Returns the least total investment for an investment type, where the policy goes by it.
    #[must_use]
    pub fn least(&self, investor: InvestorType) -> Option<Yuan> {
        let class = self.classes.iter().find(|c| c.investor == Some(investor))?;
        Some(class.least)
    }

    /// Returns the condition a gate would ask for; `None` where a person chooses the class.
    #[must_use]
    pub fn need(&self) -> Option<Need> {
        Some(Need::Threshold {
            government: self.least(InvestorType::Government)?,
            enterprise: self.least(InvestorType::Enterprise)?,
        })
    }
}

type GatesRead = (Vec<Gate>, BTreeMap<String, ConditionText>);

fn read_gates(text: &str) -> Result<GatesRead, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let mut texts = BTreeMap::new();
        let gates = each(top, "gate", |entry| read_gate(entry, &mut texts));
        unique(top, gates.iter().map(|gate| gate.to.word()));
        head?;
        Some((gates, texts))
    })
}

fn read_gate(entry: &mut Entry<'_>, texts: &mut BTreeMap<String, ConditionText>) -> Option<Gate> {
    let to = entry.word("to", &Stage::ACTIVE, Stage::word);
    let source = entry.text("source");
    let conditions = each(entry, "condition", |entry| {
        let (condition, text) = read_condition(entry)?;
        // One code, one text: a refusal is shown by its code alone.
        if texts.insert(condition.code.clone(), text).is_some() {
            entry.refuse(Wrong::Repeated(condition.code.clone()));
        }
        Some(condition)
    });
    source?;
    Some(Gate {
        to: to?,
        conditions,
    })
}

fn read_condition(entry: &mut Entry<'_>) -> Option<(Condition, ConditionText)> {
    let code = entry.text("code");
    let text = entry.text("text");
    let text_en = entry.text("text_en");
    let source = entry.text("source");
    let who = entry.word("who", Role::ALL, Role::word);
    let need = read_need(entry);
    let condition = Condition {
        code: code?,
        need: need?,
        who: who?,
    };
    let text = ConditionText {
        text: text?,
        text_en: text_en?,
        source: source?,
    };
    Some((condition, text))
}

fn read_need(entry: &mut Entry<'_>) -> Option<Need> {
    const NEEDS: [&str; 7] = [
        "any_of",
        "reached",
        "photos",
        "documents",
        "threshold",
        "case_from",
        "matters",
    ];
    let asked: Vec<&str> = NEEDS.into_iter().filter(|key| entry.has(key)).collect();
    match asked.as_slice() {
        ["any_of"] => entry
            .list("any_of", "fields of a project", Field::from_word)
            .map(Need::AnyOf),
        ["reached"] => {
            let dates: Vec<Field> = Field::ALL
                .iter()
                .copied()
                .filter(|field| field.kind() == Kind::Date)
                .collect();
            entry
                .word("reached", &dates, Field::word)
                .map(Need::Reached)
        }
        ["photos"] => read_count(entry, "photos", AttachmentKind::Photo),
        ["documents"] => read_count(entry, "documents", AttachmentKind::Document),
        ["threshold"] => read_threshold(entry),
        ["case_from"] => entry.date("case_from").map(Need::Case),
        ["matters"] => {
            let word = |which| match which {
                Matters::Main => "main",
                Matters::All => "all",
            };
            let found = entry.word("matters", &[Matters::Main, Matters::All], word);
            found.map(Need::Matters)
        }
        _ => {
            // They are taken so that they are not refused a second time as unknown.
            entry.take(&NEEDS);
            entry.refuse(Wrong::Contradiction(format!(
                "a condition asks for exactly one of {}",
                NEEDS.join(", ")
            )));
            None
        }
    }
}

fn read_count(entry: &mut Entry<'_>, key: &str, kind: AttachmentKind) -> Option<Need> {
    let number = u32::try_from(entry.number(key, 1..=100)?).ok()?;
    Some(Need::Attachments(kind, number))
}

fn read_threshold(entry: &mut Entry<'_>) -> Option<Need> {
    let mut amounts = entry.entry("threshold")?;
    let government = read_yuan(&mut amounts, "government");
    let enterprise = read_yuan(&mut amounts, "enterprise");
    amounts.finish();
    Some(Need::Threshold {
        government: government?,
        enterprise: enterprise?,
    })
}

fn read_admission(entry: &mut Entry<'_>) -> Option<AdmissionPolicy> {
    let code = entry.text("code");
    let name = entry.text("name");
    let name_en = entry.text("name_en");
    let source = entry.text("source");
    let classes = each(entry, "class", |entry| {
        let code = entry.text("code");
        let text = entry.text("text");
        let text_en = entry.text("text_en");
        let least = read_yuan(entry, "least");
        let investor = entry
            .has("investor")
            .then(|| entry.word("investor", InvestorType::ALL, InvestorType::word));
        Some(AdmissionClass {
            code: code?,
            text: text?,
            text_en: text_en?,
            least: least?,
            investor: investor.flatten(),
        })
    });
    unique(entry, classes.iter().map(|class| &class.code));
    let investors = classes.iter().filter_map(|class| class.investor);
    unique(entry, investors.map(InvestorType::word));
    Some(AdmissionPolicy {
        code: code?,
        name: name?,
        name_en: name_en?,
        source: source?,
        classes,
    })
}

/// Reads a positive amount of money in yuan.
fn read_yuan(entry: &mut Entry<'_>, key: &str) -> Option<Yuan> {
    entry.number(key, 1..=1_000_000_000_000_000).map(Yuan)
}

fn read_head(top: &mut Entry<'_>) -> Option<PolicyHead> {
    let name = top.text("name");
    let name_en = top.text("name_en");
    let valid_from = top.date("valid_from");
    let source = top.text("source");
    Some(PolicyHead {
        name: name?,
        name_en: name_en?,
        valid_from: valid_from?,
        source: source?,
    })
}

/// Reads which preset is in use and sees that there is one of that code.
fn read_active<'a>(top: &mut Entry<'_>, codes: impl Iterator<Item = &'a String>) -> Option<String> {
    let codes: Vec<&String> = codes.collect();
    let words: Vec<&str> = codes.iter().map(|code| code.as_str()).collect();
    let wanted = format!("the code of a preset: {}", words.join(", "));
    top.text_such_that("active", &wanted, |code| words.contains(&code))
}

/// Reads every table of a list and refuses what is left in it.
fn each<'n, T>(
    parent: &mut Entry<'n>,
    key: &str,
    mut read: impl FnMut(&mut Entry<'n>) -> Option<T>,
) -> Vec<T> {
    let mut all = Vec::new();
    for mut entry in parent.entries(key) {
        all.extend(read(&mut entry));
        entry.finish();
    }
    all
}

/// Refuses a code that stands twice.
fn unique(entry: &Entry<'_>, codes: impl Iterator<Item = impl AsRef<str>>) {
    let mut seen = BTreeSet::new();
    for code in codes {
        let code = code.as_ref().to_owned();
        if !seen.insert(code.clone()) {
            entry.refuse(Wrong::Repeated(code));
        }
    }
}
