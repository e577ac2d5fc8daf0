//! How soon approval matters are decided elsewhere (`benchmarks.toml`).
//!
//! What a reader would get wrong: these are limits that were published, not times that were
//! measured; each says where it comes from and whether it was confirmed. A row for a matter the
//! catalogue does not have is no fault: catalogues differ.

use gangmu_calendar::WorkingDays;

use super::reader::{Entry, PolicyProblem, document};
use super::{each, read_head};

/// What offices elsewhere promise, by matter (外地先进时限).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Benchmarks {
    /// The limits, in the order of the file.
    pub limits: Vec<Benchmark>,
}

/// One published limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benchmark {
    /// The code of the matter.
    pub matter: String,
    /// Where.
    pub place: String,
    /// The same in English.
    pub place_en: String,
    /// How soon, from acceptance; none left over means on the day.
    pub limit: WorkingDays,
    /// Where it was published.
    pub source: String,
    /// Whether the publication itself was seen.
    pub confirmed: bool,
}

impl Benchmarks {
    /// Returns the shortest limit of a matter; of equal ones the first of the file.
    #[must_use]
    pub fn best(&self, matter: &str) -> Option<&Benchmark> {
        let of = self.limits.iter().filter(|one| one.matter == matter);
        of.min_by_key(|one| one.limit)
    }
}

/// Reads the limits elsewhere.
///
/// # Errors
/// All problems of the file.
pub fn parse_benchmarks(text: &str) -> Result<Benchmarks, Vec<PolicyProblem>> {
    document(text, |top| {
        let head = read_head(top);
        let limits = each(top, "limit", read_benchmark);
        head?;
        Some(Benchmarks { limits })
    })
}

fn read_benchmark(entry: &mut Entry<'_>) -> Option<Benchmark> {
    let matter = entry.text("matter");
    let place = entry.text("place");
    let place_en = entry.text("place_en");
    let days = entry.number("working", 0..=1_000);
    let source = entry.text("source");
    let confirmed = entry.flag("confirmed");
    Some(Benchmark {
        matter: matter?,
        place: place?,
        place_en: place_en?,
        limit: WorkingDays(u32::try_from(days?).ok()?),
        source: source?,
        confirmed,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &str = include_str!("../../../../data/policies/benchmarks.toml");

    #[test]
    fn the_shortest_limit_elsewhere_is_the_one_to_reach() {
        let found = parse_benchmarks(SHIPPED).unwrap();
        let best = found.best("A05").unwrap();
        assert_eq!((best.limit, best.confirmed), (WorkingDays(0), true));
        assert_eq!(found.best("A26").unwrap().limit, WorkingDays(15));
        assert_eq!(found.best("A99"), None);
    }

    #[test]
    fn every_matter_named_is_one_of_the_shipped_catalogue() {
        let catalogue = include_str!("../../../../data/policies/approvals.toml");
        let catalogue = super::super::parse_approvals(catalogue).unwrap();
        for limit in parse_benchmarks(SHIPPED).unwrap().limits {
            assert!(catalogue.matter(&limit.matter).is_some(), "{}", limit.matter);
        }
    }

    #[test]
    fn a_misspelt_key_or_a_negative_limit_is_refused() {
        let broken = SHIPPED
            .replacen("working = 0", "working = -1", 1)
            .replacen("place_en", "place_eng", 1);
        let problems = parse_benchmarks(&broken).unwrap_err();
        assert_eq!(problems.len(), 3);
    }
}
