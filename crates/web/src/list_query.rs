//! The address of a project list as a question to the app: one reader for the page, its export and
//! the API, so that the same words give the same rows. What one would get wrong: words nobody knows
//! are refused, all of them at once, never ignored: a filter that silently does not apply shows
//! wrong figures.

use gangmu_app::library::{ListQuery, facet_from_word, sort_from_word};
use gangmu_app::metrics::{department_number, light_from_word};
use gangmu_app::{AppError, Message, Reference};

/// Stages and exits to filter by.
pub const STAGES: &[&str] = &[
    "concept",
    "reserve",
    "preparation",
    "implementation",
    "completed",
    "cancelled",
    "moved_out",
    "merged",
    "split",
];
/// The year's categories.
pub const CATEGORIES: &[&str] = &["new_start", "continuing", "preparation", "completion"];
/// Investor types.
pub const INVESTORS: &[&str] = &["government", "enterprise", "none"];
/// Lights that a rule may give.
pub const LIGHTS: &[&str] = &["red", "yellow", "green", "ahead"];
/// States of a return.
pub const STATUSES: &[&str] = &[
    "due",
    "draft",
    "submitted",
    "sent_back",
    "accepted",
    "missing",
];
/// Properties of a return.
pub const FACETS: &[&str] = &[
    "started",
    "start_overdue",
    "at_work",
    "not_at_work",
    "completed",
    "not_reported",
    "awaiting_review",
];

const PER_PAGE: i64 = 50;
const MOST_PER_PAGE: i64 = 500;

/// Reads a list's filters, order and page. Repeated names and commas both mean "one of"; `none`
/// asks for those without the mark.
///
/// # Errors
/// [`AppError::Invalid`] with every name and word that is not known.
pub fn read(reference: &Reference, params: &[(String, String)]) -> Result<ListQuery, AppError> {
    let mut reader = Reader {
        reference,
        query: ListQuery {
            page: 1,
            per_page: PER_PAGE,
            ..ListQuery::default()
        },
        own: false,
        grouped: Vec::new(),
    };
    let mut messages = Vec::new();
    for (name, value) in params.iter().filter(|(_, value)| !value.trim().is_empty()) {
        if let Err(code) = reader.one(name, value.trim()) {
            let found = if code == UNKNOWN { name } else { value };
            messages.push(Message::new(code, name.clone(), [found.clone()]));
        }
    }
    if let Err(code) = reader.own_unit() {
        let unit = reader.query.unit.clone().unwrap_or_default();
        messages.push(Message::new(code, "unit", [unit]));
    }
    reader.headings();
    if messages.is_empty() {
        Ok(reader.query)
    } else {
        Err(AppError::Invalid { messages })
    }
}

type Code = &'static str;
const UNKNOWN: Code = "field.unknown";
const UNKNOWN_WORD: Code = "field.unknown_word";

struct Reader<'a> {
    reference: &'a Reference,
    query: ListQuery,
    own: bool,
    /// The divisions under the headings asked for.
    grouped: Vec<String>,
}

impl Reader<'_> {
    fn one(&mut self, name: &str, value: &str) -> Result<(), Code> {
        let query = &mut self.query;
        match name {
            "period" => query.period = Some(value.parse().map_err(|_| UNKNOWN_WORD)?),
            "unit" => query.unit = Some(value.to_owned()),
            "own" => self.own = yes(value)?,
            "on_list" => query.on_list = yes(value)?,
            "light" => query.light = Some(light_from_word(value).ok_or(UNKNOWN_WORD)?),
            "q" => value.clone_into(&mut query.filter.text),
            "suspended" => query.filter.suspended_only = yes(value)?,
            "troubled" => query.filter.troubled_only = yes(value)?,
            "sort" => {
                let word = value.strip_prefix('-');
                query.descending = word.is_some();
                query.sort = sort_from_word(word.unwrap_or(value)).ok_or(UNKNOWN_WORD)?;
            }
            "page" => query.page = number(value, 1_000_000)?,
            "per_page" => query.per_page = number(value, MOST_PER_PAGE)?,
            _ => {
                return value
                    .split(',')
                    .try_for_each(|word| self.one_of(name, word));
            }
        }
        Ok(())
    }

    fn one_of(&mut self, name: &str, word: &str) -> Result<(), Code> {
        let filter = &mut self.query.filter;
        match name {
            "stage" => filter.stages.push(known(word, STAGES)?),
            "category" => filter.categories.push(known(word, CATEGORIES)?),
            "investor" => filter.investors.push(known(word, INVESTORS)?),
            "status" => filter.statuses.push(known(word, STATUSES)?),
            "industry" => filter.industries.extend(divisions(self.reference, word)?),
            "group" => {
                self.reference.heading(word).ok_or(UNKNOWN_WORD)?;
                self.grouped.extend(self.reference.divisions_under(word));
            }
            "department" => {
                let code = if word == "none" { "" } else { word };
                let number = department_number(self.reference, code);
                filter.departments.push(number.ok_or(UNKNOWN_WORD)?);
            }
            "facet" => filter
                .facets
                .push(facet_from_word(word).ok_or(UNKNOWN_WORD)?),
            _ => return Err(UNKNOWN),
        }
        Ok(())
    }

    /// Headings of a report grouping stand for their divisions; with divisions named too, both hold.
    fn headings(&mut self) {
        if self.grouped.is_empty() {
            return;
        }
        let industries = &mut self.query.filter.industries;
        if industries.is_empty() {
            industries.append(&mut self.grouped);
            return;
        }
        industries.retain(|one| self.grouped.contains(one));
        if industries.is_empty() {
            // Nothing is both; a division nobody has finds nothing, no filter would find everything.
            industries.push("-".to_owned());
        }
    }

    /// A unit's own projects (本级): needs the unit, which may stand after it in the address.
    fn own_unit(&mut self) -> Result<(), Code> {
        if self.own {
            let unit = match &self.query.unit {
                Some(code) => self.reference.unit_by_code(code),
                None => self.reference.root().ok(),
            };
            let unit = unit.ok_or("field.unknown_unit")?;
            self.query.filter.own_only = Some(unit.path.clone());
        }
        Ok(())
    }
}

fn known(word: &str, list: &[&str]) -> Result<String, Code> {
    if !list.contains(&word) {
        return Err(UNKNOWN_WORD);
    }
    Ok(if word == "none" { "" } else { word }.to_owned())
}

/// A division alone; a section with all its divisions.
fn divisions(reference: &Reference, code: &str) -> Result<Vec<String>, Code> {
    if code == "none" {
        return Ok(vec![String::new()]);
    }
    let industry = reference.industry(code).ok_or(UNKNOWN_WORD)?;
    let within = reference.industries.iter();
    let within = within.filter(|one| one.parent_code == industry.code);
    let mut codes = vec![industry.code.clone()];
    codes.extend(within.map(|one| one.code.clone()));
    Ok(codes)
}

fn yes(value: &str) -> Result<bool, Code> {
    match value {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(UNKNOWN_WORD),
    }
}

fn number(value: &str, most: i64) -> Result<i64, Code> {
    value
        .parse()
        .ok()
        .filter(|n| (1..=most).contains(n))
        .ok_or(UNKNOWN_WORD)
}
