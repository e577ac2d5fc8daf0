//! Builders with defaults, so that a test says only what it is about.

use gangmu_domain::dispatch::{Figures, Return, ReturnStatus, SiteStatus};
use gangmu_domain::library::{Field, ProjectId, ProjectRecord, Value};
use gangmu_domain::metrics::{
    Carried, Coordinates, EntryFacts, MatterCounts, MonthFacts, Position,
};
use gangmu_domain::organisation::{DepartmentId, DepartmentSet, Scope, UnitPath};
use gangmu_domain::pipeline::{Category, Stage};
use gangmu_domain::{Period, Yuan};
use gangmu_store::dispatch::ReturnRow;
use gangmu_store::library::{self, Project};
use gangmu_store::{Db, StoreError, batch};
use jiff::civil::Date;

/// The region all tests play in.
pub const REGION: &str = "150000";

/// A unit by the codes above it, such as `150500/150502` below the region.
pub fn unit(codes: &str) -> UnitPath {
    let region = UnitPath::root(REGION).expect("a root");
    codes
        .split('/')
        .filter(|code| !code.is_empty())
        .fold(region, |path, code| path.child(code).expect("a code"))
}

/// A scope of everything below a unit.
pub fn scope(codes: &str) -> Scope {
    Scope::subtree(unit(codes))
}

/// A scope of some departments of the region.
pub fn departments(ids: &[i64]) -> Scope {
    Scope {
        departments: DepartmentSet::Only(ids.iter().map(|id| DepartmentId(*id)).collect()),
        ..scope("")
    }
}

/// A day, as `2025-12-31`.
pub fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// A period, as `2025-12`.
pub fn period(text: &str) -> Period {
    text.parse().expect("a period")
}

/// A project of the league 150500, in preparation, with nothing but a name.
pub fn project(id: i64, name: &str) -> Project {
    let mut record = ProjectRecord::default();
    record
        .set(Field::Name, Some(Value::Text(name.to_owned())))
        .expect("a name");
    Project {
        id: ProjectId(id),
        version: 1,
        record,
        unit: unit("150500"),
        department: None,
        reporter: None,
        stage: Stage::Preparation,
        stage_since: day("2025-01-10"),
        suspended: false,
    }
}

/// The same project with another value.
pub fn with(mut project: Project, field: Field, value: Value) -> Project {
    project.record.set(field, Some(value)).expect("a value");
    project
}

/// Saves new projects.
pub async fn save(db: &Db, projects: &[Project]) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    for project in projects {
        library::project_insert(&tx, project, 1).await?;
    }
    tx.commit().await
}

/// Saves returns.
pub async fn put(db: &Db, rows: &[ReturnRow]) -> Result<(), StoreError> {
    let tx = db.begin().await?;
    batch::return_put_all(&tx, rows).await?;
    tx.commit().await
}

/// A submitted return of a new start in the league 150500: plan 120 万元, 10 in the month.
pub fn filed(id: i64, month: &str) -> ReturnRow {
    let mut figures = Figures {
        month: Some(Yuan::wan(10)),
        site_status: Some(SiteStatus::Working),
        ..Figures::default()
    };
    figures.image_progress = "主体结构封顶".to_owned();
    let period = period(month);
    let entry = EntryFacts {
        coordinates: Coordinates {
            unit: unit("150500"),
            department: None,
            industry: "44".to_owned(),
            category: Category::NewStart,
            investor: "enterprise".to_owned(),
            stage: Stage::Preparation,
        },
        total: Yuan::wan(500),
        plan: Yuan::wan(120),
        plan_to_date: Yuan::wan(20),
        start_due: None,
        invested_before: Yuan::ZERO,
        carried: Carried::default(),
        matters: MatterCounts::default(),
    };
    let facts = MonthFacts {
        investment: Yuan::wan(10),
        at_work: true,
        reported: true,
        ..MonthFacts::default()
    };
    ReturnRow {
        project: ProjectId(id),
        period,
        filed: Return {
            version: 1,
            status: ReturnStatus::Submitted,
            awaiting: None,
            figures,
        },
        position: Position::after(None, entry, facts, period),
        submitted_at: Some(77),
    }
}
