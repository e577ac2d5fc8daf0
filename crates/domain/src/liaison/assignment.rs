//! Assignments: a duty, the unit on whose side it stands, who holds it, and from when to when.

use jiff::civil::Date;

use crate::library::ProjectId;
use crate::organisation::{DepartmentId, UnitPath, UserId};
use crate::pipeline::Stage;
use crate::plans::PlanId;
use crate::words::words;

words! {
    /// What somebody answers for in a project (责任分工).
    Duty {
        /// The leader who takes care of it (责任领导).
        Leader = "leader",
        /// The office that leads (牵头单位).
        LeadUnit = "lead_unit",
        /// The officer stationed with it, its steward (驻点干部).
        Resident = "resident",
        /// Whom the owner names to talk to (业主联络人).
        OwnerContact = "owner_contact",
        /// The team that serves it (服务专班).
        ServiceTeam = "service_team",
    }
}

impl Duty {
    /// Says whether a person holds it, not an office.
    #[must_use]
    pub const fn is_personal(self) -> bool {
        !matches!(self, Self::LeadUnit | Self::ServiceTeam)
    }
}

/// The stages in which a project needs somebody who answers for it; what is in operation is done.
pub const IN_HAND: [Stage; 4] = [
    Stage::Concept,
    Stage::Reserve,
    Stage::Preparation,
    Stage::Implementation,
];

/// What somebody answers for (责任对象).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum About {
    /// A project.
    Project(ProjectId),
    /// An industrial chain (产业链): the code of a group of industries.
    Chain(String),
    /// A task of a plan: its key there.
    Task {
        /// The plan.
        plan: PlanId,
        /// The task's key.
        task: u32,
    },
}

impl About {
    /// Returns the stable word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Project(_) => "project",
            Self::Chain(_) => "chain",
            Self::Task { .. } => "task",
        }
    }

    /// Returns the project, if it is one.
    #[must_use]
    pub const fn project(&self) -> Option<ProjectId> {
        match self {
            Self::Project(id) => Some(*id),
            _ => None,
        }
    }

    /// Writes it down: `project:7`, `chain:al`, `task:12:3`.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Project(id) => format!("project:{id}"),
            Self::Chain(code) => format!("chain:{code}"),
            Self::Task { plan, task } => format!("task:{}:{task}", plan.0),
        }
    }

    /// Reads what was written down.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let (word, rest) = text.split_once(':')?;
        match word {
            "project" => rest.parse().ok().map(|id| Self::Project(ProjectId(id))),
            "chain" if !rest.is_empty() => Some(Self::Chain(rest.to_owned())),
            "task" => {
                let (plan, task) = rest.split_once(':')?;
                Some(Self::Task {
                    plan: PlanId(plan.parse().ok()?),
                    task: task.parse().ok()?,
                })
            }
            _ => None,
        }
    }
}

/// Who holds a duty (承担者).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// Somebody who can log in.
    User(UserId),
    /// An office: a unit's department, or its commission when no department is named.
    Office {
        /// The unit.
        unit: UnitPath,
        /// The department; `None` for the commission.
        department: Option<DepartmentId>,
    },
    /// A post or team without an account, as it is called.
    Named(String),
}

impl Holder {
    /// Returns the stable word.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Office { .. } => "office",
            Self::Named(_) => "named",
        }
    }
}

/// From which day to which, both counted (起止); without an end while it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The first day.
    pub from: Date,
    /// The last day; `None` while nobody has said.
    pub to: Option<Date>,
}

impl Term {
    /// Says whether it holds on a day.
    #[must_use]
    pub fn holds_on(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }

    /// Says whether two share a day.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        let begins_in_time = |one: &Self, other: &Self| other.to.is_none_or(|to| one.from <= to);
        begins_in_time(self, other) && begins_in_time(other, self)
    }
}

/// Somebody answers for something in a project for some time (责任安排).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assignment {
    /// What for.
    pub duty: Duty,
    /// The unit on whose side it stands: the project's own, or one above it.
    pub unit: UnitPath,
    /// Who.
    pub holder: Holder,
    /// From when to when.
    pub term: Term,
}

/// Why an assignment cannot be made (不能安排的原因).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The unit stands beside or below the project's own.
    NotAbove,
    /// An office cannot hold what a person answers for, nor a person what an office does.
    WrongHolder,
    /// Nobody is named.
    Nameless,
    /// The name or office has more than so many characters.
    TooLong {
        /// The most there may be.
        most: usize,
    },
    /// It ends before it begins.
    EndsBefore,
    /// Somebody of the same unit holds the same duty then.
    Overlaps {
        /// Since when.
        from: Date,
    },
    /// Who is to be relieved began on that day or later.
    BeganLater {
        /// When.
        from: Date,
    },
}

/// The most characters of a name.
const MOST: usize = 60;

impl Refused {
    /// All codes there are.
    pub const CODES: [&'static str; 7] = [
        "liaison.refused.not_above",
        "liaison.refused.wrong_holder",
        "field.missing",
        "field.too_long",
        "liaison.refused.ends_before",
        "liaison.refused.overlaps",
        "liaison.refused.began_later",
    ];

    /// Returns the word under which its text stands.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        let at = match self {
            Self::NotAbove => 0,
            Self::WrongHolder => 1,
            Self::Nameless => 2,
            Self::TooLong { .. } => 3,
            Self::EndsBefore => 4,
            Self::Overlaps { .. } => 5,
            Self::BeganLater { .. } => 6,
        };
        Self::CODES[at]
    }

    /// Returns the field it is about.
    #[must_use]
    pub const fn field(&self) -> &'static str {
        match self {
            Self::NotAbove => "unit",
            Self::WrongHolder | Self::Nameless | Self::TooLong { .. } => "holder",
            Self::EndsBefore => "to",
            Self::Overlaps { .. } | Self::BeganLater { .. } => "from",
        }
    }

    /// Returns the values of its text.
    #[must_use]
    pub fn params(&self) -> Vec<String> {
        match self {
            Self::TooLong { most } => vec![most.to_string()],
            Self::Overlaps { from } | Self::BeganLater { from } => vec![from.to_string()],
            _ => Vec::new(),
        }
    }
}

/// Sees whether an assignment may stand beside those a project has.
///
/// # Errors
/// The first thing that stands against it.
pub fn check(new: &Assignment, project: &UnitPath, others: &[Assignment]) -> Result<(), Refused> {
    if !new.unit.contains(project) {
        return Err(Refused::NotAbove);
    }
    if new.duty.is_personal() && matches!(new.holder, Holder::Office { .. }) {
        return Err(Refused::WrongHolder);
    }
    match &new.holder {
        Holder::User(_) if !new.duty.is_personal() => return Err(Refused::WrongHolder),
        Holder::Named(name) if name.trim().is_empty() => return Err(Refused::Nameless),
        Holder::Named(name) if name.chars().count() > MOST => {
            return Err(Refused::TooLong { most: MOST });
        }
        _ => {}
    }
    if new.term.to.is_some_and(|to| to < new.term.from) {
        return Err(Refused::EndsBefore);
    }
    let clashes = |other: &&Assignment| same_place(new, other) && new.term.overlaps(&other.term);
    match others.iter().find(clashes) {
        Some(other) => Err(Refused::Overlaps {
            from: other.term.from,
        }),
        None => Ok(()),
    }
}

/// Says whether two stand for the same duty on the same side.
fn same_place(one: &Assignment, other: &Assignment) -> bool {
    one.duty == other.duty && one.unit == other.unit
}

/// Returns the term of somebody who is relieved by another from a day on: until the day before.
/// A term that ends earlier stays as it is.
///
/// # Errors
/// [`Refused::BeganLater`] when nothing of it would be left.
pub fn relieved(term: Term, from: Date) -> Result<Term, Refused> {
    let last = from.yesterday().unwrap_or(from);
    if term.from > last {
        return Err(Refused::BeganLater { from: term.from });
    }
    Ok(Term {
        to: Some(term.to.map_or(last, |to| to.min(last))),
        ..term
    })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn unit(codes: &[&str]) -> UnitPath {
        let (root, below) = codes.split_first().unwrap();
        let root = UnitPath::root(root).unwrap();
        below
            .iter()
            .fold(root, |path, code| path.child(code).unwrap())
    }

    fn term(from: i8, to: Option<i8>) -> Term {
        Term {
            from: date(2025, 1, from),
            to: to.map(|day| date(2025, 1, day)),
        }
    }

    fn leader(unit: UnitPath, term: Term) -> Assignment {
        Assignment {
            duty: Duty::Leader,
            unit,
            holder: Holder::User(UserId(7)),
            term,
        }
    }

    #[test]
    fn two_terms_overlap_when_they_share_a_day_and_not_when_they_only_touch() {
        for (one, other, shared) in [
            (term(1, Some(9)), term(10, None), false),
            (term(1, Some(10)), term(10, None), true),
            (term(1, None), term(20, None), true),
            (term(20, None), term(1, Some(19)), false),
            (term(5, Some(6)), term(1, Some(31)), true),
        ] {
            assert_eq!(one.overlaps(&other), shared, "{one:?} {other:?}");
            assert_eq!(other.overlaps(&one), shared, "{other:?} {one:?}");
        }
    }

    #[test]
    fn one_duty_has_one_holder_of_a_unit_at_a_time_and_units_do_not_disturb_each_other() {
        let (region, league) = (unit(&["150000"]), unit(&["150000", "150500"]));
        let standing = [leader(league.clone(), term(1, None))];
        let of = |unit: &UnitPath, from| leader(unit.clone(), term(from, None));
        assert_eq!(check(&of(&region, 5), &league, &standing), Ok(()));
        let clash = Refused::Overlaps {
            from: date(2025, 1, 1),
        };
        assert_eq!(check(&of(&league, 5), &league, &standing), Err(clash));
        let mut resident = of(&league, 5);
        resident.duty = Duty::Resident;
        assert_eq!(check(&resident, &league, &standing), Ok(()));
        let below = unit(&["150000", "150500", "150502"]);
        let wrong = check(&of(&below, 5), &league, &[]);
        assert_eq!(wrong, Err(Refused::NotAbove));
    }

    #[test]
    fn an_office_holds_what_offices_do_and_a_person_what_persons_do() {
        let region = unit(&["150000"]);
        let office = Holder::Office {
            unit: region.clone(),
            department: None,
        };
        let named = |name: &str| Holder::Named(name.to_owned());
        let of = |duty, holder| Assignment {
            duty,
            holder,
            ..leader(region.clone(), term(1, None))
        };
        let said = |one: &Assignment| check(one, &region, &[]);
        assert_eq!(said(&of(Duty::LeadUnit, office.clone())), Ok(()));
        let person = of(Duty::LeadUnit, Holder::User(UserId(1)));
        assert_eq!(said(&person), Err(Refused::WrongHolder));
        assert_eq!(said(&of(Duty::Leader, office)), Err(Refused::WrongHolder));
        assert_eq!(said(&of(Duty::ServiceTeam, named("专班"))), Ok(()));
        assert_eq!(
            said(&of(Duty::Resident, named("  "))),
            Err(Refused::Nameless)
        );
        let long = of(Duty::Resident, named(&"长".repeat(61)));
        assert_eq!(said(&long), Err(Refused::TooLong { most: 60 }));
        let mut backwards = of(Duty::Resident, named("驻点干部"));
        backwards.term = term(9, Some(8));
        assert_eq!(said(&backwards), Err(Refused::EndsBefore));
    }

    #[test]
    fn what_is_answered_for_is_read_as_it_was_written() {
        let task = About::Task {
            plan: PlanId(12),
            task: 3,
        };
        let chain = About::Chain("al".to_owned());
        for about in [About::Project(ProjectId(7)), chain, task] {
            assert_eq!(About::from_text(&about.text()), Some(about.clone()));
            assert!(about.text().starts_with(about.word()));
        }
        for wrong in ["", "chain", "chain:", "task:1", "task:1:x", "unit:1"] {
            assert_eq!(About::from_text(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn whoever_is_relieved_stays_until_the_day_before_and_must_have_begun() {
        let ends = |one: Term, from| relieved(one, date(2025, 1, from));
        assert_eq!(ends(term(1, None), 10), Ok(term(1, Some(9))));
        assert_eq!(ends(term(1, Some(5)), 10), Ok(term(1, Some(5))));
        let later = Refused::BeganLater {
            from: date(2025, 1, 10),
        };
        assert_eq!(ends(term(10, None), 10), Err(later));
    }
}
