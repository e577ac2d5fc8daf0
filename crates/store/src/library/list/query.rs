//! The conditions of a list and the tables it is read from.
//!
//! What one would get wrong: the table that the place is not taken from is joined only where a
//! condition, the order or a figure asks for it, so that most lists are read from one index.

use gangmu_domain::metrics::{Basis, LitRange};
use gangmu_domain::organisation::{DepartmentSet, Scope};
use sea_orm::Value;

use super::super::LEFT;
use super::{DutyFilter, Facet, Held, ListBasis, ListFilter, Road, SortBy};
use crate::dialect::Engine;
use crate::excuses::NOT_EXCUSED;

/// The month's figure from the moment it counts: a draft's would not add up to the totals.
pub(super) const COUNTED_MONTH: &str =
    "CASE WHEN r.status IN ('submitted', 'accepted') THEN r.month_investment END";

/// A query under construction. The returns are `r`, the projects `p`, the place is taken from one.
pub(super) struct Query {
    basis: ListBasis,
    pub(super) place: &'static str,
    pub(super) conditions: Vec<String>,
    pub(super) values: Vec<Value>,
    /// Whether the table that the place is not taken from is looked at.
    pub(super) other: bool,
}

impl Query {
    pub(super) fn new(basis: ListBasis, scope: &Scope, filter: &ListFilter) -> Self {
        let (place, period) = match basis {
            ListBasis::Library(period) => ("p", period),
            ListBasis::Period(period) => ("r", period),
        };
        let conditions = match basis {
            ListBasis::Library(_) => Vec::new(),
            ListBasis::Period(_) => vec!["r.period = $1".to_owned()],
        };
        let mut query = Self {
            basis,
            place,
            conditions,
            values: vec![Value::from(i64::from(period.number()))],
            other: false,
        };
        query.restrict(scope, filter);
        query.other = query.looks_elsewhere();
        query
    }

    /// Says whether a condition is about the table that the place is not taken from.
    fn looks_elsewhere(&self) -> bool {
        let elsewhere = match self.basis {
            ListBasis::Period(_) => "p.",
            ListBasis::Library(_) => "r.",
        };
        let names = |text: &String| {
            text.split([' ', '('])
                .any(|word| word.starts_with(elsewhere))
        };
        self.conditions.iter().any(names)
    }

    /// Names the tables to read on a road, and ties them together.
    pub(super) fn source(&mut self, engine: Engine, road: Road) -> String {
        let period = matches!(self.basis, ListBasis::Period(_));
        let other = if !self.other {
            ""
        } else if period {
            " JOIN project p ON p.project_id = r.project_id"
        } else {
            " LEFT JOIN monthly_return r ON r.project_id = p.project_id AND r.period = $1"
        };
        match road {
            Road::Place if period => {
                format!(
                    "monthly_return r{}{other}",
                    engine.by_index("monthly_return_listed")
                )
            }
            Road::Place => format!("project p{}{other}", engine.by_index("project_listed")),
            Road::Projects(index) => {
                let along = index.map_or(engine.by_no_index().to_owned(), |i| engine.by_index(i));
                // A condition on the return leaves out who has none. Left to itself, SQLite finds
                // that out, begins with the returns and sorts them all.
                if period || self.looks_elsewhere() {
                    self.conditions.extend(
                        ["r.period = $1", "r.project_id = p.project_id"].map(str::to_owned),
                    );
                    format!("project p{along} CROSS JOIN monthly_return r")
                } else {
                    format!("project p{along}{other}")
                }
            }
            Road::Elsewhere => {
                self.conditions.extend(
                    [
                        "p.elsewhere_until > 0",
                        "p.elsewhere_until >= $1",
                        "r.project_id = p.project_id",
                        "r.period = $1",
                    ]
                    .map(str::to_owned),
                );
                let along = engine.by_index("project_elsewhere");
                format!("project p{along} CROSS JOIN monthly_return r")
            }
            Road::Returns(index) => {
                let along = engine.by_index(index);
                if period {
                    format!("monthly_return r{along}{other}")
                } else {
                    self.conditions.push("r.period = $1".to_owned());
                    self.conditions
                        .push("p.project_id = r.project_id".to_owned());
                    format!("monthly_return r{along} CROSS JOIN project p")
                }
            }
        }
    }

    /// Takes in the table a column to sort by stands in.
    pub(super) fn need_for(&mut self, by: SortBy) {
        let of_project = matches!(by, SortBy::Name | SortBy::Completeness);
        let of_return = matches!(by, SortBy::Plan | SortBy::YearToDate | SortBy::Gap);
        self.other |= match self.basis {
            ListBasis::Period(_) => of_project,
            ListBasis::Library(_) => of_return,
        };
    }

    /// Leaves out rows without the figure to sort by.
    pub(super) fn present(&mut self, by: SortBy) {
        if by == SortBy::Gap {
            self.conditions.push("r.gap_to_time IS NOT NULL".to_owned());
        }
    }

    pub(super) fn bind(&mut self, value: impl Into<Value>) -> String {
        self.values.push(value.into());
        format!("${}", self.values.len())
    }

    fn restrict(&mut self, scope: &Scope, filter: &ListFilter) {
        let place = self.place;
        let from = self.bind(scope.unit.as_str());
        let to = self.bind(scope.unit.end());
        self.conditions.push(format!(
            "{place}.unit_path >= {from} AND {place}.unit_path < {to}"
        ));
        if let DepartmentSet::Only(ids) = &scope.departments {
            let ids = ids.iter().map(|id| id.0).collect::<Vec<_>>();
            self.one_of(&format!("{place}.department_id"), &ids);
        }
        if let Some(reporter) = scope.reporter {
            let bound = self.bind(reporter.0);
            self.conditions.push(format!("p.reporter_id = {bound}"));
        }
        self.filter_words(filter);
        self.filter_rest(filter);
    }

    fn filter_words(&mut self, filter: &ListFilter) {
        let place = self.place;
        let columns = [
            (format!("{place}.stage"), &filter.stages),
            ("r.category".to_owned(), &filter.categories),
            (format!("{place}.industry"), &filter.industries),
            (format!("{place}.investor"), &filter.investors),
            ("r.status".to_owned(), &filter.statuses),
        ];
        for (column, words) in columns {
            if !words.is_empty() {
                self.one_of(&column, words);
            }
        }
        if !filter.departments.is_empty() {
            self.one_of(
                &format!("COALESCE({place}.department_id, 0)"),
                &filter.departments,
            );
        }
    }

    fn filter_rest(&mut self, filter: &ListFilter) {
        for facet in &filter.facets {
            self.conditions.push(facet_condition(*facet).to_owned());
        }
        if let Some(range) = filter.light {
            let conditions = is_lit(range, &mut self.values);
            self.conditions.extend(conditions);
        }
        if let Some(duty) = &filter.duty {
            let condition = held(duty, self.place, &mut self.values);
            self.conditions.push(condition);
        }
        let text = filter.text.to_lowercase();
        let blank = |c: char| c.is_whitespace() || c.is_control();
        for word in text.split(blank).filter(|w| !w.is_empty()).take(8) {
            let word: String = word.chars().take(LONGEST_WORD).collect();
            let escaped = word
                .replace('\\', "\\\\")
                .replace('%', "\\%")
                .replace('_', "\\_");
            let bound = self.bind(format!("%{escaped}%"));
            self.conditions
                .push(format!("p.search_text LIKE {bound} ESCAPE '\\'"));
        }
        if let Some(unit) = &filter.own_only {
            let bound = self.bind(unit.as_str());
            self.conditions
                .push(format!("{}.unit_path = {bound}", self.place));
        }
        if filter.suspended_only {
            self.conditions.push("p.suspended = 1".to_owned());
        }
        if filter.troubled_only {
            self.conditions.push(format!(
                "EXISTS (SELECT 1 FROM problem_block k JOIN problem q \
                 ON q.problem_id = k.problem_id \
                 WHERE k.project_id = p.project_id AND q.open = 1) AND p.stage NOT IN ({LEFT})"
            ));
        }
    }

    fn one_of<T: Clone + Into<Value>>(&mut self, column: &str, values: &[T]) {
        // An empty list admits nothing: a department officer without departments sees no project.
        if values.is_empty() {
            self.conditions.push("1 = 0".to_owned());
            return;
        }
        let bound: Vec<String> = values.iter().map(|v| self.bind(v.clone())).collect();
        self.conditions
            .push(format!("{column} IN ({})", bound.join(", ")));
    }
}

/// Characters of a searched word that are looked at: more than any name has, and few enough for
/// SQLite, which refuses long patterns.
const LONGEST_WORD: usize = 1_000;

/// Writes that what a month's returns `r` say gives a light, and that nothing lifts it.
pub(crate) fn is_lit(range: LitRange, values: &mut Vec<Value>) -> Vec<String> {
    let column = match range.basis {
        Basis::GapToTime => "r.gap_to_time",
        Basis::RatioToTime => "r.ratio_to_time",
        Basis::RatioToPlan => "r.ratio_to_plan",
        Basis::MonthsLate => MONTHS_LATE,
    };
    let mut conditions = vec![format!("{column} IS NOT NULL")];
    for (bound, sign) in [(range.band.from, ">="), (range.band.below, "<")] {
        if let Some(bound) = bound {
            values.push(bound.into());
            conditions.push(format!("{column} {sign} ${}", values.len()));
        }
    }
    if range.exemptible {
        conditions.push(NOT_EXCUSED.to_owned());
    }
    conditions
}

/// Writes that somebody, somebody certain or nobody holds a duty in a project on a day.
fn held(filter: &DutyFilter, place: &str, values: &mut Vec<Value>) -> String {
    let mut bind = |value: Value| {
        values.push(value);
        format!("${}", values.len())
    };
    let day = bind(filter.day.as_str().into());
    let mut held = format!("a.from_on <= {day} AND (a.to_on IS NULL OR a.to_on >= {day})");
    if let Some(duty) = filter.duty {
        held += &format!(" AND a.duty = {}", bind(duty.word().into()));
    }
    let not = match filter.held {
        Held::By(user) => {
            held += &format!(" AND a.holder_user = {}", bind(user.0.into()));
            ""
        }
        Held::Somebody => "",
        Held::Nobody => "NOT ",
    };
    format!("{place}.project_id {not}IN (SELECT a.project_id FROM assignment a WHERE {held})")
}

/// What `metrics::months_late` says of a new start; nothing of other projects.
const MONTHS_LATE: &str = "CASE WHEN r.category <> 'new_start' THEN NULL \
     WHEN r.at_work = 1 OR COALESCE(r.start_due, r.period / 100 * 100 + 12) > r.period THEN 0 \
     ELSE (r.period / 100 - COALESCE(r.start_due, r.period) / 100) * 12 \
     + r.period % 100 - COALESCE(r.start_due, r.period) % 100 + 1 END";

fn facet_condition(facet: Facet) -> &'static str {
    match facet {
        Facet::Started => "r.category = 'new_start' AND r.at_work = 1",
        Facet::StartOverdue => {
            "r.category = 'new_start' AND r.at_work = 0 \
             AND COALESCE(r.start_due, r.period / 100 * 100 + 12) <= r.period"
        }
        Facet::AtWork => "r.category IN ('continuing', 'completion') AND r.at_work = 1",
        Facet::NotAtWork => "r.category <> 'preparation' AND r.at_work = 0",
        Facet::Completed => "r.completed = 1",
        Facet::NotReported => "r.status IN ('due', 'draft', 'sent_back', 'missing')",
        Facet::AwaitingReview => "r.status = 'submitted'",
    }
}

/// The column a list is sorted by; none for the order of entry, which every order ends with.
pub(super) fn column(by: SortBy, place: &str) -> Option<String> {
    Some(match by {
        SortBy::Entered => return None,
        SortBy::Name => "p.name".to_owned(),
        SortBy::Unit => format!("{place}.unit_path"),
        SortBy::Total => format!("{place}.total_investment"),
        SortBy::Plan => "r.annual_plan".to_owned(),
        SortBy::YearToDate => "r.year_to_date".to_owned(),
        SortBy::Gap => "r.gap_to_time".to_owned(),
        SortBy::Completeness => "p.completeness".to_owned(),
    })
}
