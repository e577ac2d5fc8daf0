//! A sample region with people and projects, so that a test says only what it is about.
//!
//! People are made in the store, without a password, because hashing one takes longer than most
//! tests; everything else goes through the use cases.

use std::error::Error;
use std::io::{Cursor, Read as _};
use std::sync::Arc;

use gangmu_app::approvals::ActInput;
use gangmu_app::dispatch::{Filing, TypedReturn};
use gangmu_app::domain::approvals::Act;
use gangmu_app::domain::dispatch::{Figures, SiteStatus};
use gangmu_app::domain::library::{Field, FundingSource, ProjectId, Value};
use gangmu_app::domain::metrics::Carried;
use gangmu_app::domain::organisation::{DepartmentId, Role, UserId};
use gangmu_app::domain::pipeline::{Category, Stage};
use gangmu_app::domain::{Period, Yuan};
use gangmu_app::exports::ExportFile;
use gangmu_app::library::{ProjectEdit, Upload};
use gangmu_app::pipeline::{Move, NewEntry};
use gangmu_app::{Actor, App, AppError, FixedClock};
use gangmu_exchange::{Cell, Limits, read_workbook};
use gangmu_store::Db;
use gangmu_store::accounts::{self, Post, User};
use gangmu_store::dispatch::{ReturnRow, return_get};
use gangmu_store::library::{Project, project_get};
use jiff::civil::Date;
use object_store::memory::InMemory;

/// The region.
pub const REGION: &str = "150000";
/// A league, 通辽市.
pub const LEAGUE: &str = "150500";
/// A banner of the league, 科尔沁区.
pub const BANNER: &str = "150502";
/// Another banner of the league, 扎鲁特旗.
pub const SISTER: &str = "150526";
/// Another league, 包头市.
pub const ELSEWHERE: &str = "150200";

/// Either a value or any error.
pub type Tried<T> = Result<T, Box<dyn Error>>;

/// An application on a fresh database, with the shipped region, at noon of 2025-01-06.
pub struct World {
    pub app: App,
    pub db: Db,
    pub clock: Arc<FixedClock>,
    /// The region's clerk, who is also the administrators.
    pub system: Actor,
}

impl World {
    pub async fn new(db: &Db) -> Tried<Self> {
        let (app, clock) = app(db);
        app.reference_load_shipped().await?;
        let system = app.system().await?;
        Ok(Self {
            app,
            db: db.clone(),
            clock,
            system,
        })
    }

    /// Moves the clock to noon of a day.
    pub fn on(&self, text: &str) {
        self.clock.set(day(text));
    }

    /// Makes a person with one post; `department` by code, empty for all.
    pub async fn person(&self, role: Role, unit: &str, department: &str) -> Tried<Actor> {
        let reference = self.app.reference().await?;
        let name = format!("{}{}{department}", unit, role.word());
        let user = User {
            user_id: 0,
            login: name.clone(),
            display_name: name,
            password_hash: "none".to_owned(),
            locale: String::new(),
            failed_logins: 0,
            locked_until_at: 0,
            must_change_password: 0,
            disabled: 0,
        };
        let tx = self.db.begin().await?;
        let id = accounts::user_insert(&tx, &user).await?;
        let post = Post {
            id: 0,
            user: id,
            unit: reference.unit_by_code(unit).expect("a unit").path.clone(),
            department: (!department.is_empty()).then(|| {
                let found = reference.department_by_any_name(department);
                DepartmentId(found.expect("a department").department_id)
            }),
            role,
        };
        accounts::post_insert(&tx, &post).await?;
        tx.commit().await?;
        Ok(self.app.actor(id).await?)
    }

    /// The clerk of a unit.
    pub async fn clerk(&self, unit: &str) -> Tried<Actor> {
        self.person(Role::Clerk, unit, "").await
    }

    /// Enters a project; the region's clerk does it.
    pub async fn enter(&self, edit: &ProjectEdit) -> Tried<ProjectId> {
        Ok(self.app.project_create(&self.system, edit).await?)
    }

    /// Takes a project through the gates until it is being built.
    pub async fn build(&self, id: ProjectId) -> Tried<()> {
        let own = FundingSource::OwnFunds;
        let fields = [
            (Field::Owner, text("某公司")),
            (Field::Scale, text("两台机组")),
            (
                Field::Funding,
                Value::Funding([(own, Yuan::wan(10_000))].into()),
            ),
            (Field::ApprovalDocument, text("备案〔2024〕1号")),
            (Field::Park, text("科尔沁园区")),
            (Field::Code, code(&format!("2401-150502-04-01-{:06}", id.0))),
            (Field::PlannedStart, Value::Date(day("2024-03-01"))),
            (Field::DutyPerson, text("科尔沁区发改委项目科科长")),
            (Field::ContractDocument, text("合同")),
            (Field::ActualStart, Value::Date(day("2024-03-10"))),
        ];
        let edit = fields
            .into_iter()
            .fold(ProjectEdit::default(), |edit, (field, value)| {
                with(edit, field, value)
            });
        self.app.project_edit(&self.system, id, None, &edit).await?;
        let photo = Upload {
            file_name: "现场.jpg".to_owned(),
            bytes: b"\xff\xd8\xff".as_slice().into(),
        };
        self.app.attachment_add(&self.system, id, photo).await?;
        for stage in [Stage::Reserve, Stage::Preparation, Stage::Implementation] {
            if stage == Stage::Implementation {
                self.exempt(id).await?;
            }
            self.app
                .stage_move(&self.system, id, stage, &why(""))
                .await?;
        }
        Ok(())
    }

    /// Adopts a year's list: projects with category and plan in 万元.
    pub async fn adopt(&self, year: i16, list: &[(ProjectId, Category, i64)]) -> Tried<()> {
        let entries: Vec<(ProjectId, NewEntry)> = list
            .iter()
            .map(|(id, category, plan)| (*id, entry(*category, *plan)))
            .collect();
        let name = format!("{year}年度重大项目清单");
        let why = why("年初下达");
        self.app
            .programme_adopt(&self.system, year, &name, &entries, &why)
            .await?;
        Ok(())
    }

    pub async fn open(&self, month: &str) -> Tried<()> {
        Ok(self.app.period_open(&self.system, period(month)).await?)
    }

    /// Closes a month for the whole region.
    pub async fn close(&self, month: &str) -> Tried<()> {
        self.app
            .period_close(&self.system, period(month), None)
            .await?;
        Ok(())
    }

    /// Hands a return in: so many 万元, at work.
    pub async fn submit(&self, month: &str, id: ProjectId, wan: i64) -> Tried<()> {
        self.submit_figures(month, id, figures(month, wan)).await
    }

    pub async fn submit_figures(&self, month: &str, id: ProjectId, figures: Figures) -> Tried<()> {
        let typed = self.typed(month, id, figures).await?;
        let batch = vec![typed];
        self.app
            .returns_file(&self.system, period(month), batch, Filing::Submit)
            .await?;
        Ok(())
    }

    /// Figures typed into a return as it stands now.
    pub async fn typed(&self, month: &str, id: ProjectId, figures: Figures) -> Tried<TypedReturn> {
        Ok(TypedReturn {
            project: id,
            version: self.filed(month, id).await?.filed.version,
            figures,
            kept: gangmu_app::dispatch::KeptDates::default(),
        })
    }

    /// The stored return.
    pub async fn filed(&self, month: &str, id: ProjectId) -> Tried<ReturnRow> {
        let row = return_get(&self.db, id, period(month)).await?;
        row.ok_or_else(|| format!("no return of {id} for {month}").into())
    }

    /// The stored project.
    pub async fn project(&self, id: ProjectId) -> Tried<Project> {
        let project = project_get(&self.db, id).await?;
        project.ok_or_else(|| format!("no project {id}").into())
    }

    /// Declares the main matters of a project's case not needed, as far as they are not through.
    pub async fn exempt(&self, id: ProjectId) -> Tried<()> {
        let view = self.app.case_view(&self.system, id, None).await?;
        for item in view.items {
            let open = matches!(item.phase.as_str(), "not_received" | "to_clarify");
            if open && item.main_since.is_some() {
                let reason = "依法豁免".to_owned();
                let input = ActInput::new(Some(item.version), Act::Exempt { reason });
                self.app
                    .item_act(&self.system, id, &item.code, &input)
                    .await?;
            }
        }
        Ok(())
    }

    /// Proves that the totals are what the entries say.
    pub async fn sound(&self) -> Tried<()> {
        let check_up = self.app.check_up().await?;
        assert_eq!(check_up.faults, vec![], "what the check-up found");
        Ok(())
    }
}

/// An application on a database at noon of 2025-01-06, with nothing loaded.
pub fn app(db: &Db) -> (App, Arc<FixedClock>) {
    let clock = Arc::new(FixedClock::at(day("2025-01-06")));
    let files = Arc::new(InMemory::new());
    (App::new(db.clone(), files, Arc::clone(&clock) as _), clock)
}

/// A project of 科尔沁区 with a total of 10,000 万元, of enterprises, in industry 44.
pub fn draft(name: &str) -> ProjectEdit {
    let edit = ProjectEdit::default();
    let edit = with(edit, Field::Name, Value::Text(name.to_owned()));
    let edit = with(edit, Field::Unit, code(BANNER));
    let edit = with(edit, Field::Industry, code("44"));
    let edit = with(edit, Field::InvestorType, code("enterprise"));
    with(edit, Field::TotalInvestment, wan(10_000))
}

/// The same with another value.
pub fn with(mut edit: ProjectEdit, field: Field, value: Value) -> ProjectEdit {
    edit.fields.insert(field, Some(value));
    edit
}

/// A change of one field.
pub fn change(field: Field, value: Value) -> ProjectEdit {
    with(ProjectEdit::default(), field, value)
}

pub fn code(text: &str) -> Value {
    Value::Code(text.to_owned())
}

pub fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

/// So many 万元.
pub fn wan(n: i64) -> Value {
    Value::Money(Yuan::wan(n))
}

/// A day, as `2025-12-31`.
pub fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

/// A period, as `2025-12`.
pub fn period(text: &str) -> Period {
    text.parse().expect("a period")
}

/// An entry with a plan in 万元.
pub fn entry(category: Category, plan: i64) -> NewEntry {
    NewEntry {
        category,
        plan: Yuan::wan(plan),
        monthly_plan: None,
        carried: Carried::default(),
    }
}

/// A move of today for a reason.
pub fn why(reason: &str) -> Move {
    Move {
        on: None,
        reason: reason.to_owned(),
        document_no: String::new(),
    }
}

/// A month's figures: so many 万元, at work, with a progress text of its own.
pub fn figures(month: &str, wan: i64) -> Figures {
    Figures {
        month: Some(Yuan::wan(wan)),
        site_status: Some(SiteStatus::Working),
        image_progress: format!("{month}主体施工"),
        ..Figures::default()
    }
}

/// What a person is told, in one line: `ok`, or codes with fields and values.
pub fn said<T>(result: &Result<T, AppError>) -> String {
    let Err(error) = result else {
        return "ok".to_owned();
    };
    match error {
        AppError::Invalid { messages } => {
            let lines: Vec<String> = messages
                .iter()
                .map(|m| {
                    let params = m.params.join(", ");
                    match params.is_empty() {
                        true => format!("{} at {}", m.code, m.field),
                        false => format!("{} at {} ({params})", m.code, m.field),
                    }
                })
                .collect();
            lines.join("; ")
        }
        AppError::State { code, params } if params.is_empty() => (*code).to_owned(),
        AppError::State { code, params } => format!("{code} ({})", params.join(", ")),
        AppError::Refused { action, who } => {
            let who: Vec<&str> = who.iter().map(|role| role.word()).collect();
            format!("refused {}: {}", action.word(), who.join(", "))
        }
        AppError::NotFound { what } => format!("no such {what}"),
        AppError::Changed { what } => format!("{what} changed"),
        AppError::Reference { name, problem } => format!("reference {name}: {problem}"),
        other => other.code().to_owned(),
    }
}

/// The cells of a sheet of a workbook, as text.
pub fn cells(made: &ExportFile, sheet: usize) -> Tried<Vec<Vec<String>>> {
    let book = read_workbook(&made.name, &made.bytes, &Limits::default())?;
    let text = |cell: &Cell| match cell {
        Cell::Number(number) => number.to_string(),
        other => other.as_text().unwrap_or_default().to_owned(),
    };
    let rows = book.sheets.get(sheet).expect("the sheet").rows.iter();
    Ok(rows.map(|row| row.iter().map(text).collect()).collect())
}

/// What a document says, a line for each paragraph, those of its tables among them.
pub fn lines(made: &ExportFile) -> Tried<Vec<String>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(&made.bytes))?;
    let mut document = String::new();
    let mut part = archive.by_name("word/document.xml")?;
    part.read_to_string(&mut document)?;
    let paragraphs = document.split("</w:p>").map(|paragraph| {
        let runs = paragraph.split("<w:t ").skip(1);
        let texts = runs.filter_map(|run| run.split_once('>')?.1.split_once("</w:t>"));
        texts.map(|(text, _)| text).collect::<String>()
    });
    Ok(paragraphs.filter(|line| !line.is_empty()).collect())
}

/// Nobody: a user number that no account has.
pub const NOBODY: UserId = UserId(9_999);
