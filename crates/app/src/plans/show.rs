//! One plan with its tasks and what they stand at; two of its versions beside each other.

use std::collections::BTreeMap;

use gangmu_domain::money::div_round;
use gangmu_domain::plans::{
    ChangeKind, Compared, Completion, Content, Direction, Flaw, Indicator, Office, PlanId,
    Quantity, Said, Source, Task, UnitOfMeasure, compare,
};
use gangmu_store::plans::{self, PlanFilter, PlanRow, ValueRow, VersionRow};
use jiff::civil::Date;

use super::draft::{flaws, in_force};
use super::read::{Blank, Stands};
use super::view::{
    ComparedView, CompletionView, EvidenceView, FlawView, IndicatorView, LeftOutView, OfficeView,
    PlanRowView, PlanView, PointView, ReadingView, ShareView, SourceView, StepTargetView, TaskView,
    ValueView, VersionView, printed,
};
use super::{may_read, may_write};
use crate::approvals::DepartmentView;
use crate::error::{AppError, OrNotFound};
use crate::library::UnitView;
use crate::metrics::RatioView;
use crate::problems::NamedView;
use crate::{Actor, App, Reference};

/// Where a flaw stands, in words.
pub(super) fn place_of(content: &Content, flaw: &Flaw) -> String {
    let at = content.tasks.iter().position(|task| task.key == flaw.task);
    let Some((at, task)) = at.and_then(|at| Some((at + 1, content.tasks.get(at)?))) else {
        return String::new();
    };
    let one = task.indicators.iter().find(|one| one.key == flaw.indicator);
    match one {
        Some(one) => format!("{at} {} · {}", task.title, one.name),
        None => format!("{at} {}", task.title),
    }
}

/// What a page of a plan is put into words with.
struct Words<'a> {
    reference: &'a Reference,
    plan: &'a PlanRow,
    upper: Option<&'a Content>,
    stands: &'a BTreeMap<u32, Stands>,
    users: &'a std::collections::HashMap<gangmu_domain::organisation::UserId, String>,
}

/// The version that is shown of a plan: the one in force, or the draft before there is one.
fn newest(plan: &PlanRow) -> u32 {
    plan.version.max(1)
}

impl App {
    /// Reads a plan that may be seen.
    pub(crate) async fn plan_seen(&self, actor: &Actor, id: PlanId) -> Result<PlanRow, AppError> {
        let plan = plans::plan_get(&self.db, id).await?;
        plan.filter(|plan| may_read(actor, plan))
            .or_not_found("plan")
    }

    /// Lists the versions of a plan one may see: those adopted, and the draft of who writes it.
    async fn versions_seen(
        &self,
        actor: &Actor,
        plan: &PlanRow,
    ) -> Result<Vec<VersionRow>, AppError> {
        let writes = may_write(actor, &plan.office);
        let mut versions = plans::plan_version_list(&self.db, plan.id).await?;
        versions.retain(|one| one.adopted_on.is_some() || writes);
        Ok(versions)
    }

    /// Returns what a task is called in the version that [`App::plan_view`] shows, without its figures.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or the plan may not be seen.
    pub(crate) async fn task_title(
        &self,
        actor: &Actor,
        id: PlanId,
        task: u32,
    ) -> Result<String, AppError> {
        let plan = self.plan_seen(actor, id).await?;
        let versions = self.versions_seen(actor, &plan).await?;
        let mut versions = versions.iter();
        let shown = versions.find(|one| one.version == newest(&plan));
        let task = shown.and_then(|one| one.content.task(task));
        Ok(task.or_not_found("task")?.title.clone())
    }

    /// Shows a plan: the version in force, the draft before there is one, or a version by number.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is none, or it may not be seen.
    pub async fn plan_view(
        &self,
        actor: &Actor,
        id: PlanId,
        version: Option<u32>,
    ) -> Result<PlanView, AppError> {
        let plan = self.plan_seen(actor, id).await?;
        let reference = self.reference().await?;
        let versions = self.versions_seen(actor, &plan).await?;
        let wanted = version.unwrap_or(newest(&plan));
        let shown = versions.iter().find(|one| one.version == wanted);
        let shown = shown.or_not_found("version")?;
        let upper = in_force(&self.db, plan.parent).await?;
        let stands = self
            .plan_stands(actor, &reference, &plan, &shown.content)
            .await?;
        let users = self.user_names().await?;
        let words = Words {
            reference: &reference,
            plan: &plan,
            upper: upper.as_ref(),
            stands: &stands,
            users: &users,
        };
        let is_draft = shown.adopted_on.is_none();
        let content = &shown.content;
        let wrong = match is_draft {
            true => flaws(&reference, &plan.office, content, upper.as_ref()),
            false => Vec::new(),
        };
        let above = match plan.parent {
            Some(parent) => plans::plan_get(&self.db, parent).await?,
            None => None,
        };
        let above = above.filter(|above| may_read(actor, above));
        let above: Vec<PlanRow> = above.into_iter().collect();
        let below = self.plans_below(actor, id).await?;
        Ok(PlanView {
            row: self
                .plan_rows(&reference, vec![plan.clone()])
                .await?
                .remove(0),
            above: self.plan_rows(&reference, above).await?.pop(),
            version: words.version(shown),
            is_draft,
            completion: words.completion(content.indicators().map(|(_, one)| one)),
            tasks: words.tasks(content),
            unmeasured: unmeasured(content),
            left_out: words.left_out(content),
            unanswered: words.unanswered(content),
            below: self.plan_rows(&reference, below).await?,
            versions: versions
                .iter()
                .rev()
                .map(|one| words.version(one))
                .collect(),
            flaws: wrong
                .iter()
                .map(|flaw| FlawView {
                    task: flaw.task,
                    indicator: flaw.indicator,
                    place: place_of(content, flaw),
                    code: flaw.wrong.code(),
                    params: flaw.wrong.params(),
                })
                .collect(),
            may_write: may_write(actor, &plan.office),
        })
    }

    /// The plans that hang under one, as far as they may be seen.
    pub(crate) async fn plans_below(
        &self,
        actor: &Actor,
        id: PlanId,
    ) -> Result<Vec<PlanRow>, AppError> {
        let filter = PlanFilter {
            parent: Some(id),
            limit: 1_000,
            ..PlanFilter::default()
        };
        let mut below = plans::plan_list(&self.db, &filter).await?;
        below.retain(|plan| may_read(actor, plan));
        Ok(below)
    }

    /// Puts plans into rows, with how much each holds.
    pub(crate) async fn plan_rows(
        &self,
        reference: &Reference,
        rows: Vec<PlanRow>,
    ) -> Result<Vec<PlanRowView>, AppError> {
        let ids: Vec<PlanId> = rows.iter().map(|plan| plan.id).collect();
        let mut contents = plans::plan_version_in_force(&self.db, &ids).await?;
        let mut views = Vec::with_capacity(rows.len());
        for plan in rows {
            let content = match contents.remove(&plan.id) {
                Some(version) => Some(version.content),
                None => plans::plan_version_get(&self.db, plan.id, 1)
                    .await?
                    .map(|version| version.content),
            };
            let content = content.unwrap_or_default();
            views.push(PlanRowView {
                plan_id: plan.id.0,
                edit: plan.edit,
                kind: plan.kind.word(),
                office: OfficeView::new(reference, &plan.office),
                title: plan.title,
                from: plan.from.to_string(),
                until: plan.until.to_string(),
                state: plan.state.word(),
                version: plan.version,
                draft: plan.draft,
                parent: plan.parent.map(|one| one.0),
                tasks: content.tasks.len(),
                indicators: content.indicators().count(),
            });
        }
        Ok(views)
    }

    /// Lists what changed from one version of a plan to another.
    ///
    /// # Errors
    /// [`AppError::NotFound`] when there is no such plan or version, or it may not be seen.
    pub async fn plan_compare(
        &self,
        actor: &Actor,
        id: PlanId,
        from: u32,
        to: u32,
    ) -> Result<Vec<ComparedView>, AppError> {
        let plan = self.plan_seen(actor, id).await?;
        let reference = self.reference().await?;
        let writes = may_write(actor, &plan.office);
        let read = async |version| {
            let found = plans::plan_version_get(&self.db, id, version).await?;
            let found = found.filter(|one| one.adopted_on.is_some() || writes);
            Ok::<_, AppError>(found.or_not_found("version")?.content)
        };
        let (before, after) = (read(from).await?, read(to).await?);
        let upper = in_force(&self.db, plan.parent).await?;
        let worded = compare(&before, &after);
        let word = |one: &Compared| compared(&reference, upper.as_ref(), one);
        Ok(worded.iter().map(word).collect())
    }
}

impl Words<'_> {
    fn version(&self, one: &VersionRow) -> VersionView {
        VersionView {
            version: one.version,
            adopted_on: one.adopted_on.map(|day| day.to_string()),
            document_no: one.document_no.clone(),
            reason: one.reason.clone(),
            who: self.users.get(&one.user).cloned().unwrap_or_default(),
            at: one.at,
            tasks: one.content.tasks.len(),
        }
    }

    fn tasks(&self, content: &Content) -> Vec<TaskView> {
        let numbered = content.tasks.iter().zip(1..);
        numbered
            .map(|(task, at)| self.task(content, task, at))
            .collect()
    }

    fn task(&self, content: &Content, task: &Task, number: usize) -> TaskView {
        let office = |office: &Office| OfficeView::new(self.reference, office);
        let above = |key: &u32| above(self.upper, *key, "");
        TaskView {
            key: task.key,
            number,
            group: (!task.group.is_empty()).then(|| {
                let (name, name_en) = self.reference.plans.path(&task.group);
                NamedView {
                    code: task.group.clone(),
                    name,
                    name_en,
                }
            }),
            title: task.title.clone(),
            body: task.body.clone(),
            outcome: task.outcome.clone(),
            lead: office(&task.lead),
            cooperating: task.cooperating.iter().map(office).collect(),
            due: task.due.to_string(),
            completion: self.completion(&task.indicators),
            takes_over: task.takes_over.iter().map(above).collect(),
            indicators: task
                .indicators
                .iter()
                .map(|one| self.indicator(content, one))
                .collect(),
        }
    }

    fn indicator(&self, _content: &Content, one: &Indicator) -> IndicatorView {
        let carried = one.takes_over.and_then(|key| self.upper?.indicator(key));
        IndicatorView {
            key: one.key,
            name: one.name.clone(),
            unit: one.unit.0.clone(),
            baseline: one.baseline.map(|amount| one.unit.print(amount)),
            target: one.unit.print(one.target),
            due: one.due.to_string(),
            direction: one.direction.word(),
            weight: one.weight,
            source: SourceView::new(self.reference, &one.source),
            carries: one.takes_over,
            carries_name: carried.map_or_else(String::new, |(_, above)| above.name.clone()),
            shares: one
                .shares
                .iter()
                .map(|share| ShareView {
                    office: OfficeView::new(self.reference, &share.office),
                    amount: one.unit.print(share.quantity),
                })
                .collect(),
            steps: one
                .steps
                .iter()
                .map(|step| StepTargetView {
                    period: step.period.to_string(),
                    amount: one.unit.print(step.quantity),
                })
                .collect(),
            reading: self.reading(one),
        }
    }

    /// How much is done by the points of some indicators.
    fn completion<'a>(&self, all: impl IntoIterator<Item = &'a Indicator>) -> CompletionView {
        let mut hidden = false;
        let stand = |one: &'a Indicator| {
            let value = self.stands.get(&one.key).map(|stands| stands.value);
            hidden |= one.weight > 0 && value == Some(Err(Blank::Hidden));
            (one, value.and_then(Result::ok))
        };
        let sum = Completion::of(all.into_iter().map(stand).collect::<Vec<_>>());
        CompletionView {
            rate: (sum.points > 0 && !hidden).then_some(RatioView {
                num: sum.reached,
                den: sum.points,
            }),
            points: sum.points / Completion::WHOLE,
            indicators: sum.counted,
            unknown: sum.unknown,
        }
    }

    fn reading(&self, one: &Indicator) -> ReadingView {
        let Some(stands) = self.stands.get(&one.key) else {
            return blank(self.plan.from);
        };
        let value = stands.value.ok();
        let expected = one.expected(self.plan.from, stands.on);
        let standing = match (value, expected) {
            (Some(value), _) if one.reaches(value, one.target) => "reached",
            (Some(value), Some(expected)) if one.reaches(value, expected) => "ahead",
            (Some(_), Some(_)) => "behind",
            _ => "",
        };
        // What was handed in is shown as it was typed; what is computed, as it would be printed.
        let print = |amount| match one.source {
            Source::Reported => one.unit.print(amount),
            _ => shown(&one.unit, amount),
        };
        let ahead = stands.forecast.map(|forecast| forecast.quantity);
        ReadingView {
            value: value.map(print),
            blank: stands.value.err().map_or("", Blank::word),
            on: stands.on.to_string(),
            period: stands.period.map(|period| period.to_string()),
            done: value.map(|value| RatioView {
                num: value.0,
                den: one.target.0,
            }),
            completion: value.map(|value| RatioView {
                num: one.completion(value),
                den: Completion::WHOLE,
            }),
            expected: expected.map(|amount| shown(&one.unit, amount)),
            standing,
            forecast: ahead.map(print),
            method: stands
                .forecast
                .map_or("", |forecast| forecast.method.word()),
            will_reach: ahead.map(|ahead| one.reaches(ahead, one.target)),
            course: stands
                .course
                .iter()
                .map(|point| PointView {
                    period: point.period.to_string(),
                    value: print(point.quantity),
                })
                .collect(),
            handed_in: stands
                .handed_in
                .iter()
                .rev()
                .map(|value| self.value(&one.unit, value))
                .collect(),
        }
    }

    fn value(&self, unit: &UnitOfMeasure, value: &ValueRow) -> ValueView {
        ValueView {
            seq: value.seq,
            files: value
                .files
                .iter()
                .map(|file| EvidenceView {
                    seq: file.seq,
                    file_name: file.file_name.clone(),
                    media_type: file.media_type.clone(),
                    size: file.size,
                })
                .collect(),
            on: value.on.to_string(),
            value: unit.print(value.quantity),
            evidence: value.evidence.clone(),
            who: self.users.get(&value.user).cloned().unwrap_or_default(),
            at: value.at,
        }
    }

    fn left_out(&self, content: &Content) -> Vec<LeftOutView> {
        let left = content.left_out.iter();
        left.map(|one| above(self.upper, one.task, &one.reason))
            .collect()
    }

    fn unanswered(&self, content: &Content) -> Vec<LeftOutView> {
        let upper = self.upper.into_iter().flat_map(|upper| &upper.tasks);
        upper
            .filter(|task| task.charges(&self.plan.office))
            .filter(|task| {
                let taken = content.tasks.iter();
                let taken = taken
                    .flat_map(|own| &own.takes_over)
                    .any(|key| *key == task.key);
                !taken && content.left_out.iter().all(|one| one.task != task.key)
            })
            .map(|task| above(self.upper, task.key, ""))
            .collect()
    }
}

/// Prints what was computed: things that are counted whole, anything else with two decimals.
pub(crate) fn shown(unit: &UnitOfMeasure, amount: Quantity) -> String {
    let counted = matches!(
        unit.0.as_str(),
        "个" | "项" | "家" | "户" | "件" | "次" | "人"
    );
    let decimals = if counted { 0 } else { 2 };
    let grain = 10_i64.saturating_pow(unit.decimals().saturating_sub(decimals));
    let rounded = div_round(i128::from(amount.0), i128::from(grain));
    let rounded = rounded.and_then(|whole| whole.checked_mul(grain));
    unit.print(rounded.map_or(amount, Quantity))
}

fn blank(on: Date) -> ReadingView {
    ReadingView {
        value: None,
        blank: "nothing",
        on: on.to_string(),
        period: None,
        done: None,
        completion: None,
        expected: None,
        standing: "",
        forecast: None,
        method: "",
        will_reach: None,
        course: Vec::new(),
        handed_in: Vec::new(),
    }
}

impl SourceView {
    fn new(reference: &Reference, source: &Source) -> Self {
        let base = Self {
            kind: source.word(),
            ..Self::default()
        };
        match source {
            Source::Reported => base,
            Source::Derived(formula) => Self {
                formula: formula.clone(),
                ..base
            },
            Source::Linked(link) => Self {
                metric: link.metric.clone(),
                unit: Some(UnitView::new(reference, &link.unit)),
                department: link
                    .department
                    .map(|id| DepartmentView::new(reference, &link.unit, id)),
                cut: link.cut.clone(),
                member: link.member.clone(),
                ..base
            },
        }
    }
}

/// The tasks of a content that no indicator measures.
fn unmeasured(content: &Content) -> Vec<LeftOutView> {
    let bare = content.tasks.iter();
    let bare = bare.filter(|task| task.indicators.is_empty());
    bare.map(|task| above(Some(content), task.key, ""))
        .collect()
}

/// A task of the plan above.
fn above(upper: Option<&Content>, key: u32, reason: &str) -> LeftOutView {
    let tasks = upper.map_or(&[][..], |upper| &upper.tasks);
    let at = tasks.iter().position(|task| task.key == key);
    LeftOutView {
        task: key,
        number: at.map_or(0, |at| at + 1),
        title: at
            .and_then(|at| tasks.get(at))
            .map_or_else(String::new, |task| task.title.clone()),
        reason: reason.to_owned(),
    }
}

/// An office as the papers print it.
pub(super) fn office_text(reference: &Reference, office: &Office) -> String {
    let unit = reference.unit_name(&office.unit);
    let at = |id| reference.department_at(&office.unit, id);
    match office.department.and_then(at) {
        Some(department) => format!("{unit}{}", department.short_name),
        None => unit,
    }
}

pub(super) fn compared(
    reference: &Reference,
    upper: Option<&Content>,
    one: &Compared,
) -> ComparedView {
    let text = |said: &Said| said_text(reference, upper, one.field, said);
    let source = |said: &Said| match said {
        Said::Source(source) => Some(SourceView::new(reference, source)),
        _ => None,
    };
    let title = match one.field {
        // The task left out is named by its key in the plan above.
        "left_out" => above(upper, one.indicator, "").title,
        _ => one.title.clone(),
    };
    ComparedView {
        kind: match one.kind {
            ChangeKind::Added => "added",
            ChangeKind::Removed => "removed",
            ChangeKind::Changed => "changed",
        },
        task: one.task,
        title,
        indicator: one.name.clone(),
        field: one.field,
        before: text(&one.before),
        after: text(&one.after),
        source_before: source(&one.before),
        source_after: source(&one.after),
    }
}

fn said_text(reference: &Reference, upper: Option<&Content>, field: &str, said: &Said) -> String {
    let offices = |all: &[Office]| {
        let names: Vec<String> = all.iter().map(|one| office_text(reference, one)).collect();
        names.join("、")
    };
    match said {
        Said::Nothing => String::new(),
        Said::Text(text) if field == "group" => reference.plans.path(text).0,
        Said::Text(text) => text.clone(),
        Said::Source(Source::Reported) => "填报".to_owned(),
        Said::Source(Source::Derived(formula)) => formula.clone(),
        Said::Source(Source::Linked(link)) => {
            let of = reference.unit_name(&link.unit);
            format!("{} · {of} {}", link.metric, link.member)
                .trim_end()
                .to_owned()
        }
        Said::Direction(Direction::Up) => "≥".to_owned(),
        Said::Direction(Direction::Down) => "≤".to_owned(),
        Said::Day(day) => day.to_string(),
        Said::Offices(all) => offices(all),
        Said::Amount(amount, unit) => printed(unit, *amount),
        Said::Number(number) => number.to_string(),
        Said::Above(keys) => {
            let titles = keys.iter().map(|key| match field {
                "carries" => upper
                    .and_then(|upper| upper.indicator(*key))
                    .map_or_else(String::new, |(_, one)| one.name.clone()),
                _ => above(upper, *key, "").title,
            });
            titles.collect::<Vec<_>>().join("、")
        }
        Said::Shares(all, unit) => {
            let parts = all.iter().map(|share| {
                let office = office_text(reference, &share.office);
                format!("{office} {}", unit.print(share.quantity))
            });
            parts.collect::<Vec<_>>().join("、")
        }
        Said::Steps(all, unit) => {
            let parts = all
                .iter()
                .map(|step| format!("{} {}", step.period, unit.print(step.quantity)));
            parts.collect::<Vec<_>>().join("、")
        }
    }
}
