//! Light rules (`lights.toml`): several presets and which one is in use.
//!
//! The file speaks in the printed unit, percent or percentage points; the domain compares whole
//! hundredths, so `to = -10` becomes "below −9.99".

use gangmu_domain::metrics::{Band, Basis, Dimension, Light, LightPolicy, LightRule};

use super::reader::{Entry, PolicyProblem, Wrong, document};
use super::{each, read_active, read_head, unique};

/// The light rules of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LightPolicies {
    /// The code of the preset in use.
    pub active: String,
    /// All presets, in the order of the file.
    pub policies: Vec<LightPolicy>,
}

impl LightPolicies {
    /// Returns the preset in use.
    #[must_use]
    pub fn active(&self) -> Option<&LightPolicy> {
        self.policies.iter().find(|p| p.code == self.active)
    }
}

/// Reads the light rules.
///
/// # Errors
/// All problems of the file.
pub fn parse_lights(text: &str) -> Result<LightPolicies, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let policies = each(top, "preset", read_policy);
        unique(top, policies.iter().map(|policy| &policy.code));
        let active = read_active(top, policies.iter().map(|policy| &policy.code));
        head?;
        Some(LightPolicies {
            active: active?,
            policies,
        })
    })
}

fn read_policy(entry: &mut Entry<'_>) -> Option<LightPolicy> {
    let code = entry.text("code");
    let name = entry.text("name");
    let name_en = entry.text("name_en");
    let source = entry.text("source");
    let rules = each(entry, "rule", read_rule);
    unique(entry, rules.iter().map(|rule| rule.dimension.word()));
    Some(LightPolicy {
        code: code?,
        name: name?,
        name_en: name_en?,
        source: source?,
        rules,
    })
}

fn read_rule(entry: &mut Entry<'_>) -> Option<LightRule> {
    let dimension = entry.word("dimension", Dimension::ALL, Dimension::word);
    let fitting = match dimension {
        Some(Dimension::Progress) => {
            &[Basis::GapToTime, Basis::RatioToTime, Basis::RatioToPlan][..]
        }
        Some(Dimension::Start | Dimension::Target) => &[Basis::MonthsLate],
        None => Basis::ALL,
    };
    let basis = entry.word("basis", fitting, Basis::word);
    let exemptible = entry.flag("exemptible");
    let decimals = match basis {
        Some(Basis::MonthsLate) => 0,
        _ => 2,
    };
    let bands = each(entry, "bands", |band| read_band(band, decimals));
    // One range per light, none twice: a list of what is lit red is one range of values.
    unique(entry, bands.iter().map(|band| band.light.word()));
    let overlapping = |(at, a): (usize, &Band)| bands.iter().skip(at + 1).any(|b| overlap(a, b));
    if bands.iter().enumerate().any(overlapping) {
        entry.refuse(Wrong::Contradiction("two bands overlap".to_owned()));
    }
    Some(LightRule {
        dimension: dimension?,
        basis: basis?,
        bands,
        exemptible,
    })
}

fn overlap(a: &Band, b: &Band) -> bool {
    let starts_before_end = |a: &Band, b: &Band| match (a.from, b.below) {
        (Some(from), Some(below)) => from < below,
        _ => true,
    };
    starts_before_end(a, b) && starts_before_end(b, a)
}

fn read_band(entry: &mut Entry<'_>, decimals: usize) -> Option<Band> {
    // No rule lights "undefined"; it is what is left where no band covers.
    let lights = [Light::Red, Light::Yellow, Light::Green, Light::Ahead];
    let light = entry.word("light", &lights, Light::word);
    // A bound that is there but cannot be read must not be taken for an open one.
    let asked = |entry: &Entry<'_>, keys: [&str; 2]| keys.iter().any(|key| entry.has(key));
    let bounded = (
        asked(entry, ["from", "above"]),
        asked(entry, ["to", "below"]),
    );
    let mut bound = |included: &str, excluded: &str, step: (i64, i64)| {
        let (a, b) = (
            entry.decimal_or_none(included, decimals),
            entry.decimal_or_none(excluded, decimals),
        );
        match (a, b) {
            (Some(_), Some(_)) => {
                let both = format!("`{included}` and `{excluded}` exclude each other");
                entry.refuse(Wrong::Contradiction(both));
                None
            }
            (a, b) => a.map(|n| n + step.0).or(b.map(|n| n + step.1)),
        }
    };
    let from = bound("from", "above", (0, 1));
    let below = bound("to", "below", (1, 0));
    if let (Some(from), Some(below)) = (from, below)
        && from >= below
    {
        entry.refuse(Wrong::Contradiction("the band is empty".to_owned()));
    }
    if bounded != (from.is_some(), below.is_some()) {
        return None;
    }
    Some(Band {
        light: light?,
        from,
        below,
    })
}
