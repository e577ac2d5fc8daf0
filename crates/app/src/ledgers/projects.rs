//! Which projects the rows of a ledger mean: read at once, found by code, else by name within the
//! unit.
//!
//! What a reader would get wrong: only projects the person may see are looked among. One that may not
//! be seen is not there, as everywhere.

use std::collections::{BTreeSet, HashMap};

use gangmu_domain::library::{DuplicateKey, Field, ProjectCode, ProjectId, normalise_name};
use gangmu_domain::organisation::{Action, UnitPath};
use gangmu_exchange::ledger::LedgerRow;
use gangmu_exchange::squeeze;
use gangmu_store::Conn;
use gangmu_store::library::{self, Project};

use super::Ledger;
use super::line::Line;
use crate::error::{AppError, Message};
use crate::{Actor, Reference};

/// What parts names, and projects in a cell that holds several.
const BETWEEN: [char; 7] = ['、', '，', ',', '；', ';', '\n', '|'];
/// A name that itself holds such a sign has at most so many parts.
const MOST_PARTS: usize = 6;
/// The most names of one cell that are looked for.
const MOST_NAMES: usize = 60;
/// The most names of one file that are looked for.
const MOST_LOOKED_FOR: usize = 50_000;

/// The projects any row could mean.
pub(crate) struct Projects {
    all: Vec<Project>,
    by_code: HashMap<String, usize>,
    by_name: HashMap<String, Vec<usize>>,
}

impl Projects {
    /// Reads them, in a number of queries that does not grow with the rows.
    pub(super) async fn read(
        conn: &impl Conn,
        actor: &Actor,
        ledger: Ledger,
        rows: &[LedgerRow],
    ) -> Result<Self, AppError> {
        let (mut codes, mut names) = (BTreeSet::new(), BTreeSet::new());
        for row in rows {
            codes.extend(row_codes(row));
            let text = row.text("ledger.project");
            match ledger {
                // A problem may hold up several.
                Ledger::Problems => {
                    let spans = spans(text);
                    names.extend(spans.iter().map(|span| normalise_name(span.2)));
                }
                Ledger::Liaison | Ledger::Winter => {
                    names.insert(normalise_name(text));
                }
            }
            if names.len() > MOST_LOOKED_FOR {
                let most = [MOST_LOOKED_FOR.to_string()];
                return Err(AppError::Invalid {
                    messages: vec![Message::new("ledgers.too_many_names", "file", most)],
                });
            }
        }
        names.remove("");
        let codes: Vec<String> = codes.into_iter().collect();
        let names: Vec<String> = names.into_iter().collect();
        let mut all = library::project_match(conn, &codes, &names).await?;
        all.retain(|one| {
            let seen = actor.grant_on(Action::Read, &one.unit, one.department, one.reporter);
            seen.is_ok()
        });
        let (mut by_code, mut by_name) = (HashMap::new(), HashMap::<String, Vec<usize>>::new());
        for (at, project) in all.iter().enumerate() {
            if let Some(code) = project.record.text(Field::Code) {
                by_code.insert(code.to_owned(), at);
            }
            let name = DuplicateKey::of(&project.record).name;
            by_name.entry(name).or_default().push(at);
        }
        Ok(Self {
            all,
            by_code,
            by_name,
        })
    }

    /// All that were found for any row.
    pub(crate) fn all(&self) -> &[Project] {
        &self.all
    }

    /// Their numbers, in order.
    pub(super) fn ids(&self) -> Vec<ProjectId> {
        let mut ids: Vec<ProjectId> = self.all.iter().map(|one| one.id).collect();
        ids.sort_unstable();
        ids
    }

    /// The projects a row of one project may mean: mostly one; none when the line says why.
    pub(crate) fn of_row<'a>(
        &'a self,
        reference: &Reference,
        row: &LedgerRow,
        line: &mut Line,
    ) -> Vec<&'a Project> {
        let Some(units) = units(reference, row, line) else {
            return Vec::new();
        };
        let name = row.text("ledger.project");
        match self.coded_told(row, line) {
            None => return Vec::new(),
            Some(coded) if coded.len() > 1 => {
                let n = coded.len().to_string();
                line.refuse((row, "ledger.code"), "ledgers.several_codes", &[&n]);
                return Vec::new();
            }
            Some(coded) if !coded.is_empty() => {
                let key = normalise_name(name);
                let is = |one: &&Project| DuplicateKey::of(&one.record).name == key;
                if !key.is_empty() && !coded.iter().any(is) {
                    line.refuse((row, "ledger.code"), "ledgers.code_and_name", &[name]);
                    return Vec::new();
                }
                return coded;
            }
            Some(_) => {}
        }
        let found = self.named(name, &units);
        if found.is_empty() {
            self.only(row, line, name, &found);
        }
        found
    }

    /// Says on a line that its name is that of several projects.
    pub(crate) fn which(row: &LedgerRow, line: &mut Line, n: usize) {
        let name = row.text("ledger.project");
        let at = (row, "ledger.project");
        line.refuse(at, "ledgers.ambiguous_project", &[name, &n.to_string()]);
    }

    /// The projects of a row that may hold up several, the first first; says on the line what is
    /// wrong with them.
    pub(crate) fn several<'a>(
        &'a self,
        reference: &Reference,
        row: &LedgerRow,
        line: &mut Line,
    ) -> Vec<&'a Project> {
        let Some(units) = units(reference, row, line) else {
            return Vec::new();
        };
        let text = row.text("ledger.project");
        if parts(text).nth(MOST_NAMES).is_some() {
            let most = MOST_NAMES.to_string();
            line.refuse(
                (row, "ledger.project"),
                "ledgers.too_many_in_cell",
                &[&most],
            );
            return Vec::new();
        }
        let Some(mut projects) = self.coded_told(row, line) else {
            return Vec::new();
        };
        if text.is_empty() {
            if projects.is_empty() {
                line.refuse((row, "ledger.project"), "ledgers.no_project", &[]);
            }
            return projects;
        }
        // What the codes mean is named as well; a name beside them means one more.
        let meant: BTreeSet<String> = projects
            .iter()
            .map(|one| DuplicateKey::of(&one.record).name)
            .collect();
        for name in self.names_in(text) {
            if meant.contains(&normalise_name(name)) {
                continue;
            }
            let found = self.named(name, &units);
            let one = self.only(row, line, name, &found);
            projects.extend(one.filter(|one| projects.iter().all(|other| other.id != one.id)));
        }
        projects
    }

    /// All that the names and codes of a row could mean within its units, also where that is more
    /// than one.
    pub(crate) fn possible(&self, reference: &Reference, row: &LedgerRow) -> Vec<&Project> {
        let mut found = self.coded(row);
        if row_codes(row).next().is_some() {
            return found;
        }
        let Some(units) = units(reference, row, &mut Line::new(row)) else {
            return found;
        };
        for name in self.names_in(row.text("ledger.project")) {
            found.extend(self.named(name, &units));
        }
        found
    }

    fn coded(&self, row: &LedgerRow) -> Vec<&Project> {
        let known = |code: String| self.all.get(*self.by_code.get(&code)?);
        row_codes(row).filter_map(known).collect()
    }

    /// The same; `None` when one of the codes is nobody's, which the line says.
    fn coded_told(&self, row: &LedgerRow, line: &mut Line) -> Option<Vec<&Project>> {
        let mut found = Vec::new();
        for code in row_codes(row) {
            let Some(at) = self.by_code.get(&code) else {
                line.refuse((row, "ledger.code"), "ledgers.unknown_code", &[&code]);
                return None;
            };
            found.extend(self.all.get(*at));
        }
        Some(found)
    }

    /// Splits a cell into names: the longest piece that is a name goes first, for names hold 、 too.
    fn names_in<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let spans = spans(text);
        let known = |span: &&(usize, usize, &'t str)| {
            let key = normalise_name(span.2);
            self.by_name.contains_key(&key)
        };
        let (mut names, mut at) = (Vec::new(), 0);
        loop {
            let here = spans.iter().filter(|span| span.0 == at);
            let longest = here.clone().filter(known).max_by_key(|span| span.1);
            // Nothing fits: the shortest piece is the name nobody knows.
            let Some(span) = longest.or_else(|| here.min_by_key(|span| span.1)) else {
                return names;
            };
            names.push(span.2);
            at = span.1;
        }
    }

    fn named(&self, name: &str, units: &[UnitPath]) -> Vec<&Project> {
        let key = normalise_name(name);
        let at = self.by_name.get(&key).map_or(&[][..], Vec::as_slice);
        let within = |project: &&Project| {
            units.is_empty() || units.iter().any(|unit| unit.contains(&project.unit))
        };
        let found = at.iter().filter_map(|at| self.all.get(*at));
        let mut found: Vec<&Project> = found.filter(within).collect();
        // Written exactly so goes before alike, being carried on before what has left the pipeline.
        for better in [
            |one: &Project, name: &str| squeeze(one.name()) == squeeze(name),
            |one: &Project, _: &str| one.stage.is_active(),
        ] {
            if found.iter().any(|one| better(one, name)) {
                found.retain(|one| better(one, name));
            }
        }
        found
    }

    fn only<'a>(
        &self,
        row: &LedgerRow,
        line: &mut Line,
        name: &str,
        found: &[&'a Project],
    ) -> Option<&'a Project> {
        let at = (row, "ledger.project");
        match found {
            [one] => return Some(one),
            [] if name.is_empty() => line.refuse(at, "ledgers.no_project", &[]),
            [] => line.refuse(at, "ledgers.unknown_project", &[name]),
            many => {
                let n = many.len().to_string();
                line.refuse(at, "ledgers.ambiguous_project", &[name, &n]);
            }
        }
        None
    }
}

/// The units a row names; none where it names none. `None` when one of them is no unit.
fn units(reference: &Reference, row: &LedgerRow, line: &mut Line) -> Option<Vec<UnitPath>> {
    let mut paths = Vec::new();
    for name in parts(row.text("ledger.unit")) {
        let is = |unit: &&gangmu_store::organisation::Unit| {
            unit.name == name || unit.short_name == name || unit.code == name
        };
        let before = paths.len();
        let named = reference.units.iter().filter(is);
        paths.extend(named.map(|unit| unit.path.clone()));
        if paths.len() == before {
            line.refuse((row, "ledger.unit"), "ledgers.unknown_unit", &[name]);
            return None;
        }
    }
    Some(paths)
}

/// The pieces of a cell that names several things.
pub(crate) fn parts(text: &str) -> impl Iterator<Item = &str> {
    let pieces = text.split(BETWEEN).map(str::trim);
    pieces.filter(|piece| !piece.is_empty())
}

/// The codes of a row; what is written there and is no code of a project says nothing.
fn row_codes(row: &LedgerRow) -> impl Iterator<Item = String> {
    parts(row.text("ledger.code")).filter_map(code)
}

fn code(text: &str) -> Option<String> {
    let code = ProjectCode::parse(text).ok()?;
    Some(code.as_str().to_owned())
}

/// Every run of pieces of a cell: from which piece to before which, and the text between.
fn spans(text: &str) -> Vec<(usize, usize, &str)> {
    let mut pieces: Vec<(usize, usize)> = Vec::new();
    let mut start = 0;
    for (at, sign) in text.char_indices().filter(|(_, c)| BETWEEN.contains(c)) {
        pieces.push((start, at));
        start = at + sign.len_utf8();
    }
    pieces.push((start, text.len()));
    pieces.retain(|(from, to)| {
        text.get(*from..*to)
            .is_some_and(|one| !one.trim().is_empty())
    });
    pieces.truncate(MOST_NAMES);
    let mut spans = Vec::new();
    for (at, (from, _)) in pieces.iter().enumerate() {
        for (end, (_, to)) in pieces.iter().enumerate().skip(at).take(MOST_PARTS) {
            let piece = text.get(*from..*to).unwrap_or_default().trim();
            spans.push((at, end + 1, piece));
        }
    }
    spans
}

#[cfg(test)]
mod tests {
    use super::spans;

    #[test]
    fn a_cell_is_taken_apart_in_every_way_that_keeps_the_order() {
        let found: Vec<&str> = spans("甲、乙；丙").into_iter().map(|one| one.2).collect();
        assert_eq!(found, ["甲", "甲、乙", "甲、乙；丙", "乙", "乙；丙", "丙"]);
        assert!(spans(" 、").is_empty());
    }
}
