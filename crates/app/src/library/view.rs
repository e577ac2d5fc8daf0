//! What the library shows: plain data that serialises, for pages and the API alike.

use std::collections::{BTreeMap, HashMap};

use gangmu_domain::library::{
    DuplicateKey, Field, InvestorType, ProjectRecord, Value, normalise_name,
};
use gangmu_domain::metrics::{
    Band, Basis, Dimension, Excuse, Light, LightPolicy, LitRange, months_late,
};
use gangmu_domain::organisation::{Action, DepartmentId, UnitPath, UserId, department_name};
use gangmu_domain::pipeline::{Category, Stage};
use gangmu_domain::{Period, Ratio, Yuan};
use gangmu_store::dispatch::{Published, ReturnRow};
use gangmu_store::library::{
    self, Attachment, Event, Facet, Link, ListBasis, ListFilter, ListRow, ListSort, ListTotals,
    Project, SortBy, Twin,
};
use gangmu_store::pipeline::Entry;
use jiff::civil::Date;
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use crate::error::AppError;
use crate::metrics::{ExcuseView, LightView, RatioView};
use crate::{Actor, App, Reference};

/// A unit as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitView {
    /// Its code.
    pub code: String,
    /// The name tables print.
    pub name: String,
    /// The English name, or the same.
    pub name_en: String,
}

impl UnitView {
    pub(crate) fn new(reference: &Reference, path: &UnitPath) -> Self {
        let name = reference.unit_name(path);
        let unit = reference.unit(path);
        Self {
            code: path.codes().last().unwrap_or_default().to_owned(),
            name_en: unit
                .map(|u| u.name_en.clone())
                .filter(|n| !n.is_empty())
                .unwrap_or_else(|| name.clone()),
            name,
        }
    }
}

/// A field with its value in the API's form: yuan, ISO dates, codes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldView {
    /// The field's word.
    pub field: &'static str,
    /// The group's word.
    pub group: &'static str,
    /// How to print it: text, money, date, number, degrees, choice, tags, funding, benefits.
    pub kind: &'static str,
    /// The value; null when it has none.
    #[schema(value_type = serde_json::Value)]
    pub value: Json,
    /// The name behind a code, where there is one.
    pub label: Option<String>,
}

/// One field before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeView {
    /// The field's word.
    pub field: &'static str,
    /// How to print it.
    pub kind: &'static str,
    /// Before.
    #[schema(value_type = serde_json::Value)]
    pub before: Json,
    /// After.
    #[schema(value_type = serde_json::Value)]
    pub after: Json,
    /// The name behind the code before.
    pub before_label: Option<String>,
    /// The name behind the code after.
    pub after_label: Option<String>,
}

/// An entry of the timeline.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct EventView {
    /// Counts the events.
    pub seq: i64,
    /// When it was recorded, in milliseconds since 1970.
    pub at: i64,
    /// The day it counts from.
    pub on: String,
    /// Who.
    pub who: String,
    /// What kind of thing.
    pub kind: &'static str,
    /// Why.
    pub reason: String,
    /// The document that says so.
    pub document_no: String,
    /// The fields that changed.
    pub changes: Vec<ChangeView>,
}

/// An attachment as shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AttachmentView {
    /// Its number.
    pub seq: i64,
    /// `document` or `photo`.
    pub kind: String,
    /// Its name.
    pub file_name: String,
    /// Its media type.
    pub media_type: String,
    /// Bytes.
    pub size: i64,
    /// Who added it.
    pub who: String,
    /// When, in milliseconds since 1970.
    pub added_at: i64,
}

/// What a project came from or went into.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LinkView {
    /// The other project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// How they hang together.
    pub kind: String,
}

/// A project's entry on a year's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProgrammeEntryView {
    /// The year.
    pub year: i16,
    /// The category's word.
    pub category: &'static str,
    /// Annual plan in yuan.
    pub annual_plan: i64,
    /// Whether it is still on the list.
    pub included: bool,
}

/// A return in a project's history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReturnSummary {
    /// The period, 2025-12.
    pub period: String,
    /// The status' word.
    pub status: &'static str,
    /// Investment in the month, yuan.
    pub month_investment: Option<i64>,
    /// Investment from January, yuan.
    pub year_to_date: i64,
    /// Investment since the start, yuan.
    pub since_start: i64,
    /// Annual plan, yuan.
    pub annual_plan: i64,
    /// Completion of the annual plan.
    pub completion: RatioView,
    /// Completion less time progress, hundredths of a point.
    pub gap: Option<i64>,
    /// The light of progress.
    pub light: LightView,
    /// The same as the month was published, where a correction has changed the figures since.
    pub light_published: Option<LightView>,
    /// The light of the start, of projects to start this year; null where the rules name none.
    pub light_start: Option<LightView>,
    /// Progress in words.
    pub image_progress: String,
    /// Problems in words.
    pub problems: String,
}

/// How a project stands to what makes a project a major one (入库标准).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AdmissionView {
    /// The name of the rules in use.
    pub policy: String,
    /// The same in English.
    pub policy_en: String,
    /// The least total investment for its type of investor, yuan.
    pub least: i64,
    /// Whether its total investment is at least that.
    pub met: bool,
}

/// One project, one card (一项目一卡).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProjectView {
    /// Its identity.
    pub project_id: i64,
    /// To be named when saving.
    pub version: i64,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// The accountable unit.
    pub unit: UnitView,
    /// Units above it, root first.
    pub above: Vec<UnitView>,
    /// The department's name.
    pub department: Option<String>,
    /// The stage's word.
    pub stage: &'static str,
    /// Since when.
    pub stage_since: String,
    /// The next stage's word.
    pub next_stage: Option<&'static str>,
    /// The stage before.
    pub previous_stage: Option<&'static str>,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Who reports for it.
    pub reporter: Option<String>,
    /// The reporter's number.
    pub reporter_id: Option<i64>,
    /// The past day it is shown as of.
    pub as_of: Option<String>,
    /// Filled fields of those that matter.
    pub completeness: RatioView,
    /// The fields that matter and are empty.
    pub missing: Vec<&'static str>,
    /// How it stands to the admission thresholds; null where they do not go by the type of investor,
    /// or it or the total investment is not known.
    pub admission: Option<AdmissionView>,
    /// All fields with a value or a form.
    pub fields: Vec<FieldView>,
    /// The timeline, newest first.
    pub events: Vec<EventView>,
    /// Documents and photos.
    pub attachments: Vec<AttachmentView>,
    /// What it came from and went into.
    pub links: Vec<LinkView>,
    /// Years' lists.
    pub programmes: Vec<ProgrammeEntryView>,
    /// Returns, newest first.
    pub returns: Vec<ReturnSummary>,
    /// Proper reasons for being late, newest first.
    pub excuses: Vec<ExcuseView>,
    /// What the person may do here.
    pub may: Vec<&'static str>,
}

impl ProjectView {
    #[expect(
        clippy::too_many_arguments,
        reason = "the parts of one page, put together once"
    )]
    pub(super) fn new(
        reference: &Reference,
        users: &HashMap<UserId, String>,
        actor: &Actor,
        project: &Project,
        as_of: Option<Date>,
        events: &[Event],
        attachments: &[Attachment],
        links: &[Link],
        entries: &[(i16, Entry)],
        returns: &[ReturnRow],
        published: &BTreeMap<Period, Published>,
        excuses: &Excuses,
    ) -> Self {
        let record = &project.record;
        let visible_event =
            |event: &&Event| as_of.is_none_or(|day| crate::clock::day_of(event.at) <= day);
        let may = |action: &&Action| {
            as_of.is_none()
                && actor
                    .grant_on(
                        **action,
                        &project.unit,
                        project.department,
                        project.reporter,
                    )
                    .is_ok()
        };
        Self {
            project_id: project.id.0,
            version: project.version,
            name: project.name().to_owned(),
            code: record.text(Field::Code).map(str::to_owned),
            unit: UnitView::new(reference, &project.unit),
            above: project
                .unit
                .ancestry()
                .filter(|path| *path != project.unit)
                .map(|path| UnitView::new(reference, &path))
                .collect(),
            department: project
                .department
                .and_then(|id| reference.department_at(&project.unit, id))
                .map(|d| d.short_name),
            stage: project.stage.word(),
            stage_since: project.stage_since.to_string(),
            next_stage: project.stage.next().map(Stage::word),
            previous_stage: project.stage.previous().map(Stage::word),
            suspended: project.suspended,
            reporter: project.reporter.and_then(|id| users.get(&id).cloned()),
            reporter_id: project.reporter.map(|id| id.0),
            as_of: as_of.map(|day| day.to_string()),
            completeness: RatioView::from(record.completeness()),
            missing: missing(record),
            admission: admission(reference, record),
            fields: field_views(reference, &project.unit, record),
            events: events
                .iter()
                .filter(visible_event)
                .map(|event| event_view(reference, &project.unit, users, event))
                .collect(),
            attachments: attachments
                .iter()
                .map(|a| attachment_view(users, a))
                .collect(),
            links: links.iter().map(link_view).collect(),
            programmes: entries
                .iter()
                .map(|(year, e)| entry_view(*year, e))
                .collect(),
            returns: returns
                .iter()
                .rev()
                .map(|row| return_summary(reference, row, published.get(&row.period), excuses))
                .collect(),
            excuses: excuses
                .shown
                .iter()
                .rev()
                .map(|one| ExcuseView::new(users, one))
                .collect(),
            may: Action::ALL.iter().filter(may).map(|a| a.word()).collect(),
        }
    }
}

fn admission(reference: &Reference, record: &ProjectRecord) -> Option<AdmissionView> {
    let policy = reference.admission.active()?;
    let investor = InvestorType::from_word(record.text(Field::InvestorType)?)?;
    let least = policy.least(investor)?;
    Some(AdmissionView {
        policy: policy.name.clone(),
        policy_en: policy.name_en.clone(),
        least: least.0,
        met: record.money(Field::TotalInvestment)? >= least,
    })
}

fn missing(record: &ProjectRecord) -> Vec<&'static str> {
    Field::ALL
        .iter()
        .filter(|f| f.counts_for_completeness() && record.get(**f).is_none())
        .map(|f| f.word())
        .collect()
}

/// Shows every field that can be edited, with or without a value, of a project at a unit.
fn field_views(reference: &Reference, at: &UnitPath, record: &ProjectRecord) -> Vec<FieldView> {
    Field::ALL
        .iter()
        .filter(|field| field.editable())
        .map(|field| {
            let value = record.get(*field);
            FieldView {
                field: field.word(),
                group: field.group().word(),
                kind: kind_word(*field),
                value: value.map_or(Json::Null, value_json),
                label: value.and_then(|v| label(reference, at, *field, v)),
            }
        })
        .collect()
}

/// The word of a field's kind, which says how its value is printed.
#[must_use]
pub fn kind_word(field: Field) -> &'static str {
    use gangmu_domain::library::Kind;
    match field.kind() {
        Kind::Line(_) => "line",
        Kind::Lines(_) => "lines",
        Kind::Money => "money",
        Kind::Date => "date",
        Kind::Year => "year",
        Kind::Quantity => "quantity",
        Kind::Degrees(_) => "degrees",
        Kind::ProjectCode => "project_code",
        Kind::Choice(_) => "choice",
        Kind::Unit => "unit",
        Kind::Units => "units",
        Kind::Department => "department",
        Kind::Industry => "industry",
        Kind::Tags => "tags",
        Kind::Funding => "funding",
        Kind::Benefits => "benefits",
    }
}

pub(crate) fn value_json(value: &Value) -> Json {
    match value {
        Value::Text(text) | Value::Code(text) => json!(text),
        Value::Money(yuan) => json!(yuan.0),
        Value::Date(date) => json!(date.to_string()),
        Value::Number(number) => json!(number),
        Value::Tags(tags) => json!(tags),
        Value::Funding(parts) => Json::Object(
            parts
                .iter()
                .map(|(source, yuan)| (source.word().to_owned(), json!(yuan.0)))
                .collect(),
        ),
        Value::Benefits(benefits) => benefits
            .iter()
            .map(|b| {
                json!({"metric": b.metric, "quantity": b.printed(), "unit": b.unit, "note": b.note})
            })
            .collect(),
    }
}

fn label(reference: &Reference, at: &UnitPath, field: Field, value: &Value) -> Option<String> {
    match value {
        Value::Code(code) => code_name(reference, at, field, code),
        _ => None,
    }
}

/// The name behind a code of a unit, department or industry, of a project at a unit; none for other
/// fields.
#[must_use]
pub fn code_name(reference: &Reference, at: &UnitPath, field: Field, code: &str) -> Option<String> {
    use gangmu_domain::library::Kind;
    match field.kind() {
        Kind::Unit => reference.unit_by_code(code).map(|u| u.name.clone()),
        Kind::Department => reference
            .department_by_any_name(code)
            .map(|d| department_name(at, &d.name).into_owned()),
        Kind::Industry => reference.industry(code).map(|i| i.name.clone()),
        _ => None,
    }
}

fn event_view(
    reference: &Reference,
    at: &UnitPath,
    users: &HashMap<UserId, String>,
    event: &Event,
) -> EventView {
    let side = |value: &Option<Value>| value.as_ref().map_or(Json::Null, value_json);
    let label = |field, value: &Option<Value>| {
        let value = value.as_ref()?;
        label(reference, at, field, value)
    };
    EventView {
        seq: event.seq,
        at: event.at,
        on: event.on.to_string(),
        who: users.get(&event.user).cloned().unwrap_or_default(),
        kind: event.kind.word(),
        reason: event.reason.clone(),
        document_no: event.document_no.clone(),
        changes: event
            .changes
            .iter()
            .map(|c| ChangeView {
                field: c.field.word(),
                kind: kind_word(c.field),
                before: side(&c.before),
                after: side(&c.after),
                before_label: label(c.field, &c.before),
                after_label: label(c.field, &c.after),
            })
            .collect(),
    }
}

fn attachment_view(users: &HashMap<UserId, String>, a: &Attachment) -> AttachmentView {
    AttachmentView {
        seq: a.seq,
        kind: a.kind.clone(),
        file_name: a.file_name.clone(),
        media_type: a.media_type.clone(),
        size: a.size,
        who: users.get(&UserId(a.user_id)).cloned().unwrap_or_default(),
        added_at: a.added_at,
    }
}

fn link_view(link: &Link) -> LinkView {
    LinkView {
        project_id: link.other_id,
        name: link.name.clone(),
        kind: link.kind.clone(),
    }
}

fn entry_view(year: i16, entry: &Entry) -> ProgrammeEntryView {
    ProgrammeEntryView {
        year,
        category: entry.category.word(),
        annual_plan: entry.plan.0,
        included: entry.included,
    }
}

fn return_summary(
    reference: &Reference,
    row: &ReturnRow,
    published: Option<&Published>,
    excuses: &Excuses,
) -> ReturnSummary {
    let position = &row.position;
    let time = row.period.time_progress();
    let completion = Ratio::of(position.year_to_date, position.entry.plan);
    let policy = reference.light_in(row.period);
    let (plan, to_date) = (position.entry.plan, position.entry.plan_to_date);
    let lit = |done, excused| {
        let lit = policy.progress(done, plan, to_date, time);
        LightView::from(lit.excused_if(excused))
    };
    let excused = excuses.count(row.period, None);
    let light = lit(position.year_to_date, excused);
    // A closed month was lit by what had been reported, and excused, when it was closed.
    let before = excuses.closed.get(&row.period).map(|at| {
        let done = published.map_or(position.year_to_date, |published| published.year_to_date);
        lit(done, excuses.count(row.period, Some(*at)))
    });
    ReturnSummary {
        period: row.period.to_string(),
        status: row.filed.status.word(),
        // A draft's figure would not fit the cumulative one beside it.
        month_investment: row
            .filed
            .figures
            .month
            .filter(|_| row.filed.counts())
            .map(|y| y.0),
        year_to_date: position.year_to_date.0,
        since_start: position.since_start.0,
        annual_plan: position.entry.plan.0,
        completion: RatioView::from(completion),
        gap: completion.minus_scaled(time, 10_000),
        light,
        light_published: before.filter(|before| *before != light),
        light_start: start_light(policy, row, excused),
        image_progress: row.filed.figures.image_progress.clone(),
        problems: row.filed.figures.problems.clone(),
    }
}

/// Lights the start of a project that is to start in the year; one without a month is due in
/// December.
fn start_light(policy: &LightPolicy, row: &ReturnRow, excused: bool) -> Option<LightView> {
    let entry = &row.position.entry;
    let has_rule = policy
        .rules
        .iter()
        .any(|rule| rule.dimension == Dimension::Start);
    let new_start = entry.coordinates.category == Category::NewStart;
    let december = Period::new(row.period.year(), 12);
    let due = entry
        .start_due
        .or(december)
        .filter(|_| has_rule && new_start)?;
    let late = months_late(due, row.position.month.at_work, row.period);
    Some(policy.start(late).excused_if(excused).into())
}

/// What excuses a project, and when its months were closed.
pub(super) struct Excuses {
    /// All of them, oldest first.
    pub shown: Vec<Excuse>,
    /// When months were closed, in milliseconds since 1970; empty while a past day is shown.
    pub closed: BTreeMap<Period, i64>,
}

impl Excuses {
    /// Takes back what was said of them after a day.
    pub fn look_back(&mut self, day: Date) {
        let past = |at: i64| crate::clock::day_of(at) <= day;
        self.shown.retain(|one| past(one.at));
        for one in &mut self.shown {
            one.taken_back.take_if(|end| !past(end.at));
        }
    }

    /// Says whether one counted in a month at a moment; now without one.
    fn count(&self, period: Period, at: Option<i64>) -> bool {
        self.shown.iter().any(|one| one.counts(period, at))
    }
}

/// A project that looks like the one being typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TwinView {
    /// Its identity.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Its owner.
    pub owner: String,
    /// Its unit.
    pub unit: UnitView,
    /// Its stage's word.
    pub stage: String,
    /// What is the same: `code`, `name`, `owner`, `unit`.
    pub same: Vec<&'static str>,
    /// Whether the person may open it.
    pub visible: bool,
}

impl TwinView {
    pub(super) fn new(
        reference: &Reference,
        actor: &Actor,
        record: &ProjectRecord,
        twin: Twin,
    ) -> Self {
        let path = UnitPath::from_stored(twin.unit_path);
        let unit = UnitView::new(reference, &path);
        let typed = DuplicateKey::of(record);
        let owner = normalise_name(&twin.owner);
        let same = [
            (
                "code",
                twin.code.is_some() && twin.code.as_deref() == record.text(Field::Code),
            ),
            ("name", normalise_name(&twin.name) == typed.name),
            ("owner", !owner.is_empty() && owner == typed.owner),
            ("unit", record.text(Field::Unit) == Some(unit.code.as_str())),
        ];
        Self {
            project_id: twin.project_id,
            name: twin.name,
            code: twin.code,
            owner: twin.owner,
            stage: twin.stage,
            same: same
                .into_iter()
                .filter(|(_, s)| *s)
                .map(|(w, _)| w)
                .collect(),
            visible: actor
                .grant(Action::Read)
                .is_ok_and(|grant| grant.scope.unit.contains(&path)),
            unit,
        }
    }
}

/// What a list asks for. Words that are not known are refused, not ignored.
#[derive(Clone, Debug, Default)]
pub struct ListQuery {
    /// The period whose figures stand beside; the newest when absent.
    pub period: Option<Period>,
    /// Only the projects on the list in the period, placed as they were then.
    pub on_list: bool,
    /// The unit to look into; the whole scope when absent.
    pub unit: Option<String>,
    /// The filter.
    pub filter: ListFilter,
    /// A light to filter by.
    pub light: Option<Light>,
    /// A report grouping's group to filter by: grouping and group.
    pub sort: SortBy,
    /// Largest first.
    pub descending: bool,
    /// Pages from 1.
    pub page: i64,
    /// Rows on a page, at most 500.
    pub per_page: i64,
}

/// A page of a list with the totals of all its pages.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ListPage {
    /// The period, 2025-12.
    pub period: String,
    /// The unit looked into.
    pub unit: UnitView,
    /// The rows.
    pub rows: Vec<ListRowView>,
    /// Rows of all pages.
    pub projects: i64,
    /// Total investment of all pages, yuan.
    pub total_investment: i64,
    /// Annual plan of all pages, yuan.
    pub annual_plan: i64,
    /// Investment in the month, all pages, yuan.
    pub month_investment: i64,
    /// Investment from January, all pages, yuan.
    pub year_to_date: i64,
    /// Completion of all pages.
    pub completion: RatioView,
    /// This page, from 1.
    pub page: i64,
    /// How many there are.
    pub pages: i64,
}

/// A row of a list.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ListRowView {
    /// The stored row.
    #[serde(flatten)]
    pub row: RowFields,
    /// The unit.
    pub unit: UnitView,
    /// The department's short name.
    pub department: Option<String>,
    /// The industry's name.
    pub industry_name: Option<String>,
    /// Completion of the annual plan.
    pub completion: RatioView,
    /// The light.
    pub light: LightView,
    /// Approval matters not needed or granted, of all before the start, at the period's end.
    pub matters: RatioView,
}

/// The plain fields of a row.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RowFields {
    /// The project.
    pub project_id: i64,
    /// Its name.
    pub name: String,
    /// Its code.
    pub code: Option<String>,
    /// Its owner.
    pub owner: String,
    /// Its industry division.
    pub industry: String,
    /// Its investor type's word.
    pub investor: String,
    /// Its stage's word.
    pub stage: String,
    /// Whether it is suspended.
    pub suspended: bool,
    /// Total investment, yuan.
    pub total_investment: i64,
    /// Filled fields in percent.
    pub completeness: i64,
    /// The category's word.
    pub category: Option<String>,
    /// Annual plan, yuan.
    pub annual_plan: Option<i64>,
    /// Investment in the month, yuan.
    pub month_investment: Option<i64>,
    /// Investment from January, yuan.
    pub year_to_date: Option<i64>,
    /// Investment since the start, yuan.
    pub since_start: Option<i64>,
    /// The return's status.
    pub status: Option<String>,
    /// Completion less time progress, hundredths of a point.
    pub gap: Option<i64>,
}

impl App {
    /// Lists projects within the actor's scope.
    ///
    /// # Errors
    /// When nothing may be read, the unit is outside the scope, or the database fails.
    pub async fn project_list(
        &self,
        actor: &Actor,
        query: &ListQuery,
    ) -> Result<ListPage, AppError> {
        let reference = self.reference().await?;
        let scope = self
            .scope_in(actor, Action::Read, query.unit.as_deref())
            .await?;
        let period = self.period_or_newest(query.period).await?;
        let basis = if query.on_list {
            ListBasis::Period(period)
        } else {
            ListBasis::Library(period)
        };
        let filter = with_light(&reference, period, query);
        let per_page = query.per_page.clamp(1, 500);
        let page = query.page.max(1);
        let sort = ListSort {
            by: query.sort,
            descending: query.descending,
            offset: (page - 1).saturating_mul(per_page),
            limit: per_page,
        };
        let (rows, totals) = library::project_page(&self.db, &scope, basis, &filter, sort).await?;
        let ids: Vec<i64> = rows.iter().map(|row| row.project_id).collect();
        let excused = self.excused_among(&reference, &ids, period).await?;
        Ok(page_view(
            &reference,
            period,
            &scope.unit,
            (rows, &excused),
            totals,
            page,
            per_page,
        ))
    }
}

fn with_light(reference: &Reference, period: Period, query: &ListQuery) -> ListFilter {
    let mut filter = query.filter.clone();
    if let Some(light) = query.light {
        filter.light = reference.light_in(period).progress_range(light);
        if filter.light.is_none() {
            // No rule gives this light, so nothing has it.
            filter.light = Some(LitRange {
                basis: Basis::GapToTime,
                band: Band {
                    light,
                    from: Some(0),
                    below: Some(0),
                },
                exemptible: false,
            });
        }
    }
    filter
}

fn page_view(
    reference: &Reference,
    period: Period,
    unit: &UnitPath,
    (rows, excused): (Vec<ListRow>, &[i64]),
    totals: ListTotals,
    page: i64,
    per_page: i64,
) -> ListPage {
    ListPage {
        period: period.to_string(),
        unit: UnitView::new(reference, unit),
        rows: rows
            .into_iter()
            .map(|row| {
                let excused = excused.contains(&row.project_id);
                row_view(reference, period, row, excused)
            })
            .collect(),
        projects: totals.projects,
        total_investment: totals.total_investment,
        annual_plan: totals.annual_plan,
        month_investment: totals.month_investment,
        year_to_date: totals.year_to_date,
        completion: RatioView::from(Ratio::new(totals.year_to_date, totals.annual_plan)),
        page,
        pages: (totals.projects + per_page - 1) / per_page,
    }
}

fn row_view(reference: &Reference, period: Period, row: ListRow, excused: bool) -> ListRowView {
    let done = Yuan(row.year_to_date.unwrap_or(0));
    let plan = Yuan(row.annual_plan.unwrap_or(0));
    let to_date = Yuan(row.plan_to_date.unwrap_or(0));
    let lit = reference
        .light_in(period)
        .progress(done, plan, to_date, period.time_progress())
        .excused_if(excused);
    let unit = UnitPath::from_stored(row.unit_path);
    ListRowView {
        unit: UnitView::new(reference, &unit),
        department: row
            .department_id
            .and_then(|id| reference.department_at(&unit, DepartmentId(id)))
            .map(|d| d.short_name),
        industry_name: reference.industry(&row.industry).map(|i| i.name.clone()),
        completion: RatioView::from(Ratio::of(done, plan)),
        light: LightView::from(lit),
        matters: RatioView {
            num: row.matters_done.unwrap_or(0),
            den: row.matters.unwrap_or(0),
        },
        row: RowFields {
            project_id: row.project_id,
            name: row.name,
            code: row.code,
            owner: row.owner,
            industry: row.industry,
            investor: row.investor,
            stage: row.stage,
            suspended: row.suspended != 0,
            total_investment: row.total_investment,
            completeness: row.completeness,
            category: row.category,
            annual_plan: row.annual_plan,
            month_investment: row.month_investment,
            year_to_date: row.year_to_date,
            since_start: row.since_start,
            status: row.status,
            gap: row.gap_to_time,
        },
    }
}

/// Names for filters that pages and the API use.
#[must_use]
pub fn facet_from_word(word: &str) -> Option<Facet> {
    Some(match word {
        "started" => Facet::Started,
        "start_overdue" => Facet::StartOverdue,
        "at_work" => Facet::AtWork,
        "not_at_work" => Facet::NotAtWork,
        "completed" => Facet::Completed,
        "not_reported" => Facet::NotReported,
        "awaiting_review" => Facet::AwaitingReview,
        _ => return None,
    })
}

/// Names for columns that pages and the API sort by.
#[must_use]
pub fn sort_from_word(word: &str) -> Option<SortBy> {
    Some(match word {
        "entered" => SortBy::Entered,
        "name" => SortBy::Name,
        "unit" => SortBy::Unit,
        "total_investment" => SortBy::Total,
        "annual_plan" => SortBy::Plan,
        "year_to_date" => SortBy::YearToDate,
        "gap" => SortBy::Gap,
        "completeness" => SortBy::Completeness,
        _ => return None,
    })
}
