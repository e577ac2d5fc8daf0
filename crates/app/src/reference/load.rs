//! Loading reference files: those that ship, and those an administrator brings.

use std::collections::{HashMap, HashSet};

use gangmu_domain::organisation::{Action, UnitLevel, UnitPath};
use gangmu_store::organisation::{Department, Industry, Unit};
use gangmu_store::{Tx, organisation, policies};
use serde::Deserialize;

use super::table::File;
use crate::actor::Actor;
use crate::error::{AppError, Message};
use crate::policies as files;
use crate::{App, change};

/// What a reference file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReferenceKind {
    /// Reporting units: `code,name,parent_code,level,short_name,name_en`.
    Regions,
    /// Departments: `code,name,short_name,name_en`.
    Departments,
    /// Industries: `code,name,parent_code,level,name_en`.
    Industries,
    /// Working-day exceptions: `date,kind,name`.
    Calendar,
    /// Gates of the pipeline, TOML.
    Gates,
    /// Light presets, TOML.
    Lights,
    /// Report groupings, TOML.
    Groupings,
    /// Due dates and bounds, TOML.
    Dispatch,
    /// Admission thresholds, TOML.
    Admission,
    /// The catalogue of approval matters, TOML.
    Approvals,
    /// How soon approval matters are decided elsewhere, TOML.
    Benchmarks,
    /// Kinds, grades, levels and limits of problems, TOML.
    Problems,
    /// Winter seasons, reasons to rest and what plans see to, TOML.
    Winter,
    /// What tasks of plans are grouped under, TOML.
    Plans,
    /// Rhythm, thresholds and ladder of supervision, TOML.
    Supervision,
    /// How agendas of meetings build themselves, TOML.
    Meetings,
    /// Header synonyms of imports, TOML.
    Synonyms,
}

impl ReferenceKind {
    /// All kinds, in the order they are loaded.
    pub const ALL: [Self; 17] = [
        Self::Regions,
        Self::Departments,
        Self::Industries,
        Self::Calendar,
        Self::Gates,
        Self::Lights,
        Self::Groupings,
        Self::Dispatch,
        Self::Admission,
        Self::Approvals,
        Self::Benchmarks,
        Self::Problems,
        Self::Winter,
        Self::Plans,
        Self::Supervision,
        Self::Meetings,
        Self::Synonyms,
    ];

    /// Returns the stable word.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Regions => "regions",
            Self::Departments => "departments",
            Self::Industries => "industries",
            Self::Calendar => "calendar",
            Self::Gates => "gates",
            Self::Lights => "lights",
            Self::Groupings => "groupings",
            Self::Dispatch => "dispatch",
            Self::Admission => "admission",
            Self::Approvals => "approvals",
            Self::Benchmarks => "benchmarks",
            Self::Problems => "problems",
            Self::Winter => "winter",
            Self::Plans => "plans",
            Self::Supervision => "supervision",
            Self::Meetings => "meetings",
            Self::Synonyms => "synonyms",
        }
    }

    /// Reads the stable word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// Says whether it holds rules, which the keeper of policies sets, and not reference data.
    #[must_use]
    pub fn is_policy(self) -> bool {
        matches!(
            self,
            Self::Gates
                | Self::Lights
                | Self::Groupings
                | Self::Dispatch
                | Self::Admission
                | Self::Approvals
                | Self::Benchmarks
                | Self::Problems
                | Self::Winter
                | Self::Plans
                | Self::Supervision
                | Self::Meetings
        )
    }
}

/// Returns the file that ships with the product.
pub(crate) fn shipped(kind: &str) -> &'static str {
    match kind {
        "regions" => include_str!("../../../../data/regions/150000.csv"),
        "departments" => include_str!("../../../../data/departments.csv"),
        "industries" => include_str!("../../../../data/industries.csv"),
        "calendar" => include_str!("../../../../data/calendar/cn.csv"),
        "gates" => include_str!("../../../../data/policies/gates.toml"),
        "lights" => include_str!("../../../../data/policies/lights.toml"),
        "groupings" => include_str!("../../../../data/policies/groupings.toml"),
        "dispatch" => include_str!("../../../../data/policies/dispatch.toml"),
        "admission" => include_str!("../../../../data/policies/admission.toml"),
        "approvals" => include_str!("../../../../data/policies/approvals.toml"),
        "benchmarks" => include_str!("../../../../data/policies/benchmarks.toml"),
        "problems" => include_str!("../../../../data/policies/problems.toml"),
        "winter" => include_str!("../../../../data/policies/winter.toml"),
        "plans" => include_str!("../../../../data/policies/plans.toml"),
        "supervision" => include_str!("../../../../data/policies/supervision.toml"),
        "meetings" => include_str!("../../../../data/policies/meetings.toml"),
        _ => "",
    }
}

/// Turns a policy parser's problems into one error.
pub(crate) fn parsed<T>(
    name: &str,
    result: Result<T, Vec<files::PolicyProblem>>,
) -> Result<T, AppError> {
    result.map_err(|problems| AppError::Reference {
        name: name.to_owned(),
        problem: problems
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
            .join("\n"),
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RegionLine {
    code: String,
    name: String,
    parent_code: String,
    level: String,
    #[serde(default)]
    short_name: String,
    #[serde(default)]
    name_en: String,
}

#[derive(Deserialize)]
struct DepartmentLine {
    code: String,
    name: String,
    short_name: String,
    name_en: String,
}

#[derive(Deserialize)]
struct IndustryLine {
    code: String,
    name: String,
    parent_code: String,
    #[serde(default)]
    name_en: String,
}

impl App {
    /// Loads what ships into an empty database; does nothing to one that has units.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reference_load_shipped(&self) -> Result<(), AppError> {
        if !organisation::unit_list(&self.db).await?.is_empty() {
            return Ok(());
        }
        let tx = self.db.begin().await?;
        for kind in [
            ReferenceKind::Regions,
            ReferenceKind::Departments,
            ReferenceKind::Industries,
        ] {
            self.load_table(&tx, kind, shipped(kind.word())).await?;
        }
        policies::reference_changed(&tx).await?;
        tx.commit().await?;
        self.forget_reference().await;
        Ok(())
    }

    /// Loads a reference file in place of, or in addition to, what there is.
    ///
    /// Units, departments and industries are added or renamed, never removed: figures hang on
    /// them. Policies become a new version from `valid_from` on.
    ///
    /// # Errors
    /// [`AppError::Refused`], or [`AppError::Invalid`] with every problem of the file.
    pub async fn reference_import(
        &self,
        actor: &Actor,
        kind: ReferenceKind,
        text: &str,
        valid_from: jiff::civil::Date,
    ) -> Result<(), AppError> {
        let action = if kind.is_policy() {
            Action::ManagePolicies
        } else {
            Action::ManageReference
        };
        actor.grant(action)?;
        self.policy_check(kind, text).await?;
        let now = self.now();
        let tx = self.db.begin().await?;
        match kind {
            ReferenceKind::Regions | ReferenceKind::Departments | ReferenceKind::Industries => {
                self.load_table(&tx, kind, text).await?;
            }
            ReferenceKind::Calendar => {
                self.keep_calendar(&tx).await?;
                policies::reference_put(&tx, "calendar", "cn", text, now).await?;
            }
            ReferenceKind::Synonyms => {
                policies::reference_put(&tx, "synonyms", "local", text, now).await?;
            }
            _ => {
                policies::policy_insert(&tx, kind.word(), valid_from, text, actor.user, now)
                    .await?;
            }
        }
        policies::reference_changed(&tx).await?;
        change::audit(&tx, actor, now, "reference_import", kind.word(), "{}").await?;
        tx.commit().await?;
        self.forget_reference().await;
        Ok(())
    }

    /// Refuses a text that could not be loaded, with every problem of it.
    pub(crate) async fn policy_check(
        &self,
        kind: ReferenceKind,
        text: &str,
    ) -> Result<(), AppError> {
        check_file(kind, text)?;
        if kind == ReferenceKind::Approvals {
            self.check_catalogue(text).await?;
        }
        Ok(())
    }

    /// Refuses a catalogue that names departments, units, matters or materials there are not.
    async fn check_catalogue(&self, text: &str) -> Result<(), AppError> {
        let catalogue = parsed("approvals", files::parse_approvals(text))?;
        let departments = organisation::department_list(&self.db).await?;
        let units = organisation::unit_list(&self.db).await?;
        let departments = departments.iter().map(|one| one.code.as_str()).collect();
        let units = units.iter().map(|one| one.code.as_str()).collect();
        let problems = catalogue.problems(&departments, &units);
        if problems.is_empty() {
            return Ok(());
        }
        let message = |problem: &dyn std::fmt::Display| {
            let kind = ReferenceKind::Approvals.word();
            Message::new("reference.bad_file", kind, [problem.to_string()])
        };
        Err(AppError::Invalid {
            messages: problems.iter().map(|one| message(one)).collect(),
        })
    }

    async fn load_table(&self, tx: &Tx, kind: ReferenceKind, text: &str) -> Result<(), AppError> {
        match kind {
            ReferenceKind::Regions => load_regions(tx, text).await,
            ReferenceKind::Departments => load_departments(tx, text).await,
            ReferenceKind::Industries => load_industries(tx, text).await,
            _ => Ok(()),
        }
    }
}

fn position(at: usize) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX - 1) + 1
}

/// Numbers follow the file's order while the table is empty, and go on behind it afterwards.
fn free_id(known: &[Department], position: i64) -> i64 {
    known.iter().map(|d| d.department_id).max().unwrap_or(0) + position
}

async fn load_departments(tx: &Tx, text: &str) -> Result<(), AppError> {
    let known = organisation::department_list(tx).await?;
    let mut file = File::<DepartmentLine>::read(text);
    file.check_each(|line| (&line.code, &line.name));
    for (at, (_, line)) in file.rows()?.into_iter().enumerate() {
        let position = position(at);
        let id = known
            .iter()
            .find(|d| d.code == line.code)
            .map_or_else(|| free_id(&known, position), |d| d.department_id);
        let department = Department {
            department_id: id,
            code: line.code,
            name: line.name,
            short_name: line.short_name,
            name_en: line.name_en,
        };
        organisation::department_put(tx, &department, position).await?;
    }
    Ok(())
}

async fn load_industries(tx: &Tx, text: &str) -> Result<(), AppError> {
    let known = organisation::industry_list(tx).await?;
    let mut file = File::<IndustryLine>::read(text);
    file.check_each(|line| (&line.code, &line.name));
    let mut codes: HashSet<String> = known.into_iter().map(|i| i.code).collect();
    codes.extend(file.rows.iter().map(|(_, line)| line.code.clone()));
    codes.insert(String::new());
    file.check(|line| {
        let parent = &line.parent_code;
        (!codes.contains(parent)).then(|| ("reference.unknown_parent", parent.clone()))
    });
    for (at, (_, line)) in file.rows()?.into_iter().enumerate() {
        let industry = Industry {
            code: line.code,
            parent_code: line.parent_code,
            name: line.name,
            name_en: line.name_en,
        };
        organisation::industry_put(tx, &industry, position(at)).await?;
    }
    Ok(())
}

/// Loads units. A tree with a root of its own takes the place of the one there is, as long as
/// nothing hangs on that; there is never a second root.
async fn load_regions(tx: &Tx, text: &str) -> Result<(), AppError> {
    let before = organisation::unit_list(tx).await?;
    let file = File::<RegionLine>::read(text);
    let is_new_root = |line: &RegionLine| {
        line.parent_code.is_empty() && !before.iter().any(|unit| unit.code == line.code)
    };
    if !before.is_empty()
        && file.rows.iter().any(|(_, line)| is_new_root(line))
        && !organisation::unit_clear(tx).await?
    {
        return Err(AppError::invalid("reference.second_root", "regions"));
    }
    let known: HashMap<String, UnitPath> = organisation::unit_list(tx)
        .await?
        .into_iter()
        .map(|unit| (unit.code, unit.path))
        .collect();
    let mut next = organisation::unit_next_position(tx).await?;
    for unit in region_units(text, &known)? {
        organisation::unit_put(tx, &unit, next).await?;
        next += 1;
    }
    Ok(())
}

/// Reads the units of a file, parents before children, in any country's shape.
fn region_units(text: &str, known: &HashMap<String, UnitPath>) -> Result<Vec<Unit>, AppError> {
    let mut paths = known.clone();
    let mut file = File::<RegionLine>::read(text);
    file.check_each(|line| (&line.code, &line.name));
    file.check(|line| {
        let unknown = level_and_kind(&line.level).is_none();
        unknown.then(|| ("reference.unknown_level", line.level.clone()))
    });
    file.check(|line| {
        let path = if line.parent_code.is_empty() {
            UnitPath::root(&line.code)
        } else if let Some(parent) = paths.get(&line.parent_code) {
            parent.child(&line.code)
        } else {
            return Some(("reference.unknown_parent", line.parent_code.clone()));
        };
        match path {
            Ok(path) => {
                // Figures hang on the place: a unit is renamed, never moved.
                let moved = known.get(&line.code).is_some_and(|before| *before != path);
                paths.insert(line.code.clone(), path);
                moved.then(|| ("reference.moved", line.code.clone()))
            }
            Err(bad) => Some(("reference.bad_code", bad.0)),
        }
    });
    let unit = |(_, line): (u64, RegionLine)| {
        let (level, kind) = level_and_kind(&line.level)?;
        let path = paths.get(&line.code)?.clone();
        let short_name = if line.short_name.is_empty() {
            line.name.clone()
        } else {
            line.short_name
        };
        Some(Unit {
            code: line.code,
            path,
            level,
            kind: kind.to_owned(),
            name: line.name,
            short_name,
            name_en: line.name_en,
        })
    };
    Ok(file.rows()?.into_iter().filter_map(unit).collect())
}

fn level_and_kind(word: &str) -> Option<(UnitLevel, &'static str)> {
    Some(match word {
        "region" => (UnitLevel::Region, "division"),
        "league" => (UnitLevel::League, "division"),
        "banner" => (UnitLevel::Banner, "division"),
        "zone" => (UnitLevel::Banner, "zone"),
        _ => return None,
    })
}

/// Reads a file without keeping anything, so that a wrong one changes nothing.
fn check_file(kind: ReferenceKind, text: &str) -> Result<(), AppError> {
    let policy = |result: Result<(), AppError>| match result {
        Err(AppError::Reference { problem, .. }) => Err(AppError::Invalid {
            messages: vec![Message::new("reference.bad_file", kind.word(), [problem])],
        }),
        other => other,
    };
    match kind {
        ReferenceKind::Calendar => policy(super::parse_calendar(text).map(|_| ())),
        ReferenceKind::Gates => policy(parsed("gates", files::parse_gates(text)).map(|_| ())),
        ReferenceKind::Lights => policy(parsed("lights", files::parse_lights(text)).map(|_| ())),
        ReferenceKind::Groupings => {
            policy(parsed("groupings", files::parse_groupings(text)).map(|_| ()))
        }
        ReferenceKind::Dispatch => {
            policy(parsed("dispatch", files::parse_dispatch(text)).map(|_| ()))
        }
        ReferenceKind::Approvals => {
            policy(parsed("approvals", files::parse_approvals(text)).map(|_| ()))
        }
        ReferenceKind::Benchmarks => {
            policy(parsed("benchmarks", files::parse_benchmarks(text)).map(|_| ()))
        }
        ReferenceKind::Plans => policy(parsed("plans", files::parse_plans(text)).map(|_| ())),
        ReferenceKind::Problems => {
            policy(parsed("problems", files::parse_problems(text)).map(|_| ()))
        }
        ReferenceKind::Winter => policy(parsed("winter", files::parse_winter(text)).map(|_| ())),
        ReferenceKind::Supervision => {
            policy(parsed("supervision", files::parse_supervision(text)).map(|_| ()))
        }
        ReferenceKind::Meetings => {
            policy(parsed("meetings", files::parse_meetings(text)).map(|_| ()))
        }
        ReferenceKind::Admission => {
            policy(parsed("admission", files::parse_admission(text)).map(|_| ()))
        }
        ReferenceKind::Synonyms => policy(match text.parse::<toml::Table>() {
            Ok(_) => Ok(()),
            Err(problem) => Err(AppError::Reference {
                name: "synonyms".to_owned(),
                problem: problem.to_string(),
            }),
        }),
        // Tables are checked while they are loaded: their rows depend on what is there.
        ReferenceKind::Regions | ReferenceKind::Departments | ReferenceKind::Industries => Ok(()),
    }
}
