//! Reference data: units, departments, industries, the calendar, and policies.
//!
//! What ships in `data/` is loaded into an empty database once; from then on the database is the
//! truth and an administrator replaces it file by file. Reading keeps a copy in memory, which is
//! compared with the database's version at most once a second: several processes may share one
//! database, and what is loaded in one holds in the others a second later.

mod load;
mod table;

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use gangmu_calendar::{Calendar, Holidays};
use gangmu_domain::Period;
use gangmu_domain::organisation::{
    DepartmentId, UnitLevel, UnitPath, department_name, department_name_below,
};
use gangmu_store::organisation::{Department, Industry, Unit};
use gangmu_store::{organisation, policies};
use jiff::civil::Date;

use crate::App;
use crate::error::AppError;
use crate::policies::{AdmissionPolicies, DispatchPolicy, Grouping, IndustryGroup, LightPolicies};
use gangmu_domain::metrics::LightPolicy;
use gangmu_domain::pipeline::Gate;

pub use load::ReferenceKind;
pub(crate) use load::parsed;

/// How long a copy is used without asking the database whether it is still the newest, in
/// milliseconds.
const UNASKED: i64 = 1_000;

/// The copy in memory.
#[derive(Debug)]
pub(crate) struct Kept {
    reference: Arc<Reference>,
    /// The database's version it was read at, or an older one.
    version: i64,
    /// When the database was last asked, in milliseconds since 1970.
    asked_at: AtomicI64,
}

impl Kept {
    /// Says whether it is time to ask the database again, and whether that is the caller's turn.
    ///
    /// One asks while the others go on with what they have: a caller may be in a transaction, and
    /// if all of those asked, they could use up the connections that they wait for.
    fn must_ask(&self, now: i64) -> bool {
        let asked_at = self.asked_at.load(Ordering::Acquire);
        now.abs_diff(asked_at) >= UNASKED.unsigned_abs()
            && self
                .asked_at
                .compare_exchange(asked_at, now, Ordering::AcqRel, Ordering::Acquire)
                .is_ok()
    }
}

/// Everything small that use cases look things up in.
#[derive(Debug)]
pub struct Reference {
    /// All units in official order.
    pub units: Vec<Unit>,
    /// All departments in official order.
    pub departments: Vec<Department>,
    /// Sections and divisions in official order.
    pub industries: Vec<Industry>,
    /// The working-day calendar.
    pub calendar: Calendar,
    /// The gates of the pipeline.
    pub gates: Vec<Gate>,
    /// The light policies and which one applies.
    pub lights: LightPolicies,
    /// The preset in use by what ships.
    light_shipped: LightPolicy,
    /// That of each version that was loaded, with the day it applies from, oldest first.
    light_loaded: Vec<(Date, LightPolicy)>,
    /// Ways of grouping industries in reports.
    pub groupings: Vec<Grouping>,
    /// Due dates and bounds.
    pub dispatch: DispatchPolicy,
    /// What makes a project a major one, by place.
    pub admission: AdmissionPolicies,
    /// How problems are handled.
    pub problems: gangmu_domain::problems::Rules,
    /// How winters are built through.
    pub winter: gangmu_domain::winter::Rules,
    /// How plans are written.
    pub plans: gangmu_domain::plans::Rules,
    /// How supervision works.
    pub supervision: gangmu_domain::supervision::Rules,
    /// How agendas of meetings build themselves.
    pub meetings: gangmu_domain::meetings::AgendaRules,
    /// The day it was read for: policies may change with the day.
    day: Date,
    by_path: HashMap<String, usize>,
    by_code: HashMap<String, usize>,
}

impl Reference {
    /// Returns the light rules that a month is lit by: those in use on its last day, or today's
    /// while that is to come. A rule loaded later does not change what was lit before it.
    #[must_use]
    pub fn light_in(&self, period: Period) -> &LightPolicy {
        let day = period.last_day().min(self.day);
        let mut loaded = self.light_loaded.iter().rev();
        let found = loaded.find(|(from, _)| *from <= day);
        found.map_or(&self.light_shipped, |(_, policy)| policy)
    }

    /// Finds a unit by its path.
    #[must_use]
    pub fn unit(&self, path: &UnitPath) -> Option<&Unit> {
        self.by_path
            .get(path.as_str())
            .and_then(|at| self.units.get(*at))
    }

    /// Finds a unit by its code.
    #[must_use]
    pub fn unit_by_code(&self, code: &str) -> Option<&Unit> {
        self.by_code.get(code).and_then(|at| self.units.get(*at))
    }

    /// Finds a unit by code, full name or short name; names only when they are unique.
    #[must_use]
    pub fn unit_by_any_name(&self, text: &str) -> Option<&Unit> {
        let text = text.trim();
        self.unit_by_code(text).or_else(|| {
            let mut named = self
                .units
                .iter()
                .filter(|unit| unit.name == text || unit.short_name == text);
            named.next().filter(|_| named.next().is_none())
        })
    }

    /// Returns the root of the tree: the first unit without one above it.
    ///
    /// # Errors
    /// When no units are loaded.
    pub fn root(&self) -> Result<&Unit, AppError> {
        self.units
            .iter()
            .find(|unit| unit.path.depth() == 0)
            .ok_or(AppError::NotFound { what: "unit" })
    }

    /// Lists the units directly below one.
    #[must_use]
    pub fn children(&self, path: &UnitPath) -> Vec<&Unit> {
        let depth = path.depth() + 1;
        self.units
            .iter()
            .filter(|unit| path.contains(&unit.path) && unit.path.depth() == depth)
            .collect()
    }

    /// Returns the level of a unit; units nobody knows count as the lowest.
    #[must_use]
    pub fn level(&self, path: &UnitPath) -> UnitLevel {
        self.unit(path).map_or(UnitLevel::Banner, |unit| unit.level)
    }

    /// Returns the short name of a unit, or its last code when it is not known.
    #[must_use]
    pub fn unit_name(&self, path: &UnitPath) -> String {
        self.unit(path).map_or_else(
            || path.codes().last().unwrap_or_default().to_owned(),
            |unit| unit.short_name.clone(),
        )
    }

    /// Finds a department by number.
    #[must_use]
    pub fn department(&self, id: DepartmentId) -> Option<&Department> {
        self.departments.iter().find(|d| d.department_id == id.0)
    }

    /// Finds a department by number, under the names it has at a unit.
    #[must_use]
    pub fn department_at(&self, unit: &UnitPath, id: DepartmentId) -> Option<Department> {
        self.department(id).map(|found| called(unit, found))
    }

    /// Lists the departments of a unit in official order, under the names they have there.
    #[must_use]
    pub fn departments_at(&self, unit: &UnitPath) -> Vec<Department> {
        let all = self.departments.iter();
        all.map(|one| called(unit, one)).collect()
    }

    /// Finds a department by its code or one of its names, at the region's level or below it.
    #[must_use]
    pub fn department_by_any_name(&self, text: &str) -> Option<&Department> {
        let text = text.trim();
        let all = &self.departments;
        let any = |d: &Department, is: fn(&str, &str) -> bool| {
            [&d.name, &d.short_name].iter().any(|name| is(name, text))
        };
        let below = |name: &str, text: &str| department_name_below(name) == text;
        all.iter()
            .find(|d| d.code == text || any(d, |name, text| name == text))
            .or_else(|| all.iter().find(|d| any(d, below)))
    }

    /// Finds an industry by code.
    #[must_use]
    pub fn industry(&self, code: &str) -> Option<&Industry> {
        self.industries.iter().find(|i| i.code == code)
    }

    /// Finds an industry by code or name; a division wins over a section of the same name.
    #[must_use]
    pub fn industry_by_any_name(&self, text: &str) -> Option<&Industry> {
        let text = text.trim();
        self.industry(text).or_else(|| {
            self.industries
                .iter()
                .filter(|i| i.name == text)
                .max_by_key(|i| i.code.len())
        })
    }

    /// Finds a heading of the report grouping in use, the first, by its code.
    #[must_use]
    pub fn heading(&self, code: &str) -> Option<&IndustryGroup> {
        let groups = &self.groupings.first()?.groups;
        groups.iter().find(|group| group.code == code)
    }

    /// Lists the divisions that are printed under a heading; empty for "without one" among them
    /// where the heading takes the rest.
    #[must_use]
    pub fn divisions_under(&self, code: &str) -> Vec<String> {
        let known = self.industries.iter().map(|one| one.code.as_str());
        let under = |division: &&str| {
            let grouping = self.groupings.first();
            let group = grouping.and_then(|one| one.group_of(division));
            group.is_some_and(|group| group.code == code)
        };
        known.chain([""]).filter(under).map(str::to_owned).collect()
    }

    /// Returns the day the returns of a period are due.
    ///
    /// # Errors
    /// When the calendar does not know the year; the message names the file to load.
    pub fn due_on(&self, period: Period) -> Result<Date, AppError> {
        let month = period.next();
        let n = self.dispatch.due;
        self.calendar
            .nth_working_day_of_month(month.year(), month.month(), n)
            .map_err(|problem| AppError::Reference {
                name: "calendar".to_owned(),
                problem: problem.to_string(),
            })
    }
}

/// A department as it is called at a unit; its English name is the same everywhere.
fn called(unit: &UnitPath, department: &Department) -> Department {
    Department {
        name: department_name(unit, &department.name).into_owned(),
        short_name: department_name(unit, &department.short_name).into_owned(),
        ..department.clone()
    }
}

impl App {
    /// Returns the reference data: a copy that is at most a second older than the database's, and
    /// never older than what this process itself has loaded.
    ///
    /// # Errors
    /// When the database fails or a stored file cannot be read.
    pub async fn reference(&self) -> Result<Arc<Reference>, AppError> {
        let (today, now) = (self.today(), self.now());
        let kept = self.reference.read().await.clone();
        if let Some(kept) = kept.filter(|kept| kept.reference.day == today) {
            let fresh =
                !kept.must_ask(now) || policies::reference_version(&self.db).await? == kept.version;
            if fresh {
                return Ok(Arc::clone(&kept.reference));
            }
        }
        // Before the data: what is loaded in between shows as a newer version the next time.
        let version = policies::reference_version(&self.db).await?;
        let reference = Arc::new(self.read_reference().await?);
        let kept = Kept {
            reference: Arc::clone(&reference),
            version,
            asked_at: AtomicI64::new(now),
        };
        *self.reference.write().await = Some(Arc::new(kept));
        Ok(reference)
    }

    /// Forgets the copy in memory; the next use reads afresh.
    pub(crate) async fn forget_reference(&self) {
        *self.reference.write().await = None;
    }

    async fn read_reference(&self) -> Result<Reference, AppError> {
        let units = organisation::unit_list(&self.db).await?;
        let index = |key: fn(&Unit) -> String| {
            let mut map = HashMap::new();
            for (at, unit) in units.iter().enumerate() {
                map.insert(key(unit), at);
            }
            map
        };
        let by_path = index(|unit| unit.path.as_str().to_owned());
        let by_code = index(|unit| unit.code.clone());
        let calendar = self.reference_text("calendar", "cn").await?;
        let today = self.today();
        let lights = load::parsed(
            "lights",
            crate::policies::parse_lights(&self.policy("lights", today).await?),
        )?;
        Ok(Reference {
            departments: organisation::department_list(&self.db).await?,
            industries: organisation::industry_list(&self.db).await?,
            calendar: parse_calendar(&calendar)?,
            gates: load::parsed(
                "gates",
                crate::policies::parse_gates(&self.policy("gates", today).await?),
            )?,
            light_shipped: active_light(load::shipped("lights"))?,
            light_loaded: self.light_loaded().await?,
            lights,
            groupings: load::parsed(
                "groupings",
                crate::policies::parse_groupings(&self.policy("groupings", today).await?),
            )?,
            dispatch: load::parsed(
                "dispatch",
                crate::policies::parse_dispatch(&self.policy("dispatch", today).await?),
            )?,
            admission: load::parsed(
                "admission",
                crate::policies::parse_admission(&self.policy("admission", today).await?),
            )?,
            problems: load::parsed(
                "problems",
                crate::policies::parse_problems(&self.policy("problems", today).await?),
            )?,
            winter: load::parsed(
                "winter",
                crate::policies::parse_winter(&self.policy("winter", today).await?),
            )?,
            plans: load::parsed(
                "plans",
                crate::policies::parse_plans(&self.policy("plans", today).await?),
            )?,
            supervision: load::parsed(
                "supervision",
                crate::policies::parse_supervision(&self.policy("supervision", today).await?),
            )?,
            meetings: load::parsed(
                "meetings",
                crate::policies::parse_meetings(&self.policy("meetings", today).await?),
            )?,
            day: today,
            by_path,
            by_code,
            units,
        })
    }

    /// Reads the light rules of every version that was loaded, by the day it applies from.
    async fn light_loaded(&self) -> Result<Vec<(Date, LightPolicy)>, AppError> {
        let mut loaded = Vec::new();
        // Newest first, and of one day the version loaded last counts.
        for version in policies::policy_list(&self.db).await?.into_iter().rev() {
            if version.kind == "lights"
                && let Ok(from) = version.valid_from.parse::<Date>()
            {
                loaded.push((from, active_light(&version.body)?));
            }
        }
        loaded.sort_by_key(|(from, _)| *from);
        Ok(loaded)
    }

    pub(crate) async fn reference_text(&self, kind: &str, name: &str) -> Result<String, AppError> {
        let stored = policies::reference_get(&self.db, kind, name).await?;
        Ok(stored.unwrap_or_else(|| load::shipped(kind).to_owned()))
    }

    /// Returns the text of the policy that applies on a day, the shipped one before any is loaded.
    pub(crate) async fn policy(&self, kind: &str, day: Date) -> Result<String, AppError> {
        let stored = policies::policy_on(&self.db, kind, day).await?;
        Ok(stored.map_or_else(|| load::shipped(kind).to_owned(), |policy| policy.body))
    }
}

/// Reads a file of light rules and returns the preset in use.
fn active_light(text: &str) -> Result<LightPolicy, AppError> {
    let lights = load::parsed("lights", crate::policies::parse_lights(text))?;
    let active = lights.active().cloned();
    active.ok_or_else(|| AppError::Reference {
        name: "lights".to_owned(),
        problem: format!("no preset is called `{}`", lights.active),
    })
}

pub(crate) fn parse_calendar(text: &str) -> Result<Calendar, AppError> {
    let unreadable = |problem: String| AppError::Reference {
        name: "calendar".to_owned(),
        problem,
    };
    let holidays = Holidays::parse(text).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        unreadable(lines.join("\n"))
    })?;
    Calendar::new("cn", &holidays).map_err(|problem| unreadable(problem.to_string()))
}
