//! A ledger of winters read back (冬施台账导入): whether each project builds, and by what plan.
//!
//! What a reader would get wrong: a plan comes in as a draft. It is handed in only where the ledger
//! says it was and it is whole, and never put on file: that is somebody else's to do. A blank cell
//! says nothing and leaves what stands there.

use std::collections::{BTreeMap, HashMap};

use gangmu_domain::library::ProjectId;
use gangmu_domain::winter::{Act, Course, Event, Phase, Plan, Season};
use gangmu_domain::{Period, Yuan};
use gangmu_exchange::ledger::{LedgerRow, Schema};
use gangmu_exchange::{Kind, squeeze};
use gangmu_store::library::Project;
use gangmu_store::{Conn, Tx, winter};
use jiff::civil::Date;

use super::WinterInput;
use super::act::{authorise, cannot, is_built, season_at};
use crate::error::AppError;
use crate::ledgers::{Deed, LedgerOptions, LedgerStatus, Line, Projects, parts};
use crate::{Actor, App, Reference};

/// What a ledger of winters has.
pub(crate) const SCHEMA: Schema = Schema {
    columns: &[
        ("ledger.project", Kind::Text),
        ("ledger.code", Kind::Text),
        ("ledger.unit", Kind::Text),
        ("wintering.builds", Kind::Text),
        ("wintering.state", Kind::Text),
        ("wintering.reason", Kind::Text),
        ("wintering.from", Kind::Date),
        ("wintering.to", Kind::Date),
        ("wintering.parts", Kind::Text),
        ("wintering.workers", Kind::Integer),
        ("wintering.total", Kind::Money),
        ("wintering.quarter", Kind::Money),
        ("winter_month.N", Kind::Money),
        ("wintering.measures", Kind::Text),
        ("wintering.prepared_on", Kind::Date),
        ("wintering.supervised_on", Kind::Date),
        ("ledger.passed.investment", Kind::Text),
        ("ledger.passed.light", Kind::Text),
        ("ledger.passed.note", Kind::Text),
    ],
    needs: &[
        &["ledger.project", "ledger.code"],
        &[
            "wintering.builds",
            "wintering.state",
            "wintering.from",
            "wintering.parts",
        ],
    ],
};

/// The months a winter may touch.
const MONTHS: [i8; 12] = [9, 10, 11, 12, 1, 2, 3, 4, 5, 6, 7, 8];
/// How the words begin that say a project builds.
const BUILDS: [&str; 8] = [
    "是",
    "冬施",
    "冬季施工",
    "施工",
    "继续",
    "连续",
    "冬施工程",
    "building",
];
/// How words begin that say it builds although they begin like those that say it rests.
const BUILDS_ON: [&str; 3] = ["不停", "不间断", "不中断"];
/// How the words begin that say it rests.
const RESTS: [&str; 8] = [
    "否",
    "不",
    "停工",
    "越冬",
    "冬休",
    "停建",
    "未冬施",
    "resting",
];
/// The reason for what no other says.
const OTHER: &str = "other";

/// What a ledger says of where a plan stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Nothing,
    Rests,
    Builds,
    HandedIn,
    Filed,
}

/// Acts of a project's winter.
pub(crate) struct Wintered {
    project: Project,
    season: Season,
    acts: Vec<Act>,
}

struct Over<'a> {
    reference: &'a Reference,
    actor: &'a Actor,
    today: Date,
    year: i16,
    events: BTreeMap<ProjectId, Vec<Event>>,
    said: HashMap<ProjectId, usize>,
}

impl App {
    /// Says what each row of a ledger would do.
    pub(crate) async fn winter_proposed(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        options: &LedgerOptions,
        rows: &[LedgerRow],
        projects: &Projects,
    ) -> Result<Vec<Line>, AppError> {
        let reference = self.reference().await?;
        let year = options.season.unwrap_or_else(|| self.winter_of_today());
        let ids: Vec<ProjectId> = projects.all().iter().map(|one| one.id).collect();
        let mut over = Over {
            reference: &reference,
            actor,
            today: self.today(),
            year,
            events: winter::winter_event_list_of(conn, year, &ids).await?,
            said: HashMap::new(),
        };
        let reads = |row| over.line(row, projects);
        rows.iter().map(reads).collect()
    }

    /// Does what a row says of a project's winter.
    pub(crate) async fn winter_imported(
        &self,
        tx: &Tx,
        actor: &Actor,
        one: Wintered,
    ) -> Result<(), AppError> {
        let reference = self.reference().await?;
        for act in one.acts {
            authorise(actor, &one.project, act.kind())?;
            let input = WinterInput {
                version: None,
                on: None,
                act,
            };
            let of = (&one.project, one.season);
            self.winter_act_within(tx, actor, of, &reference, &input)
                .await?;
        }
        Ok(())
    }
}

impl Over<'_> {
    fn line(&mut self, row: &LedgerRow, projects: &Projects) -> Result<Line, AppError> {
        let mut line = Line::new(row);
        row.text("ledger.project").clone_into(&mut line.name);
        let found = projects.of_row(self.reference, row, &mut line);
        let (project, others) = match found.as_slice() {
            [] => return Ok(line.settle(LedgerStatus::Refused, Deed::Nothing)),
            [one, others @ ..] => (*one, others),
        };
        if !others.is_empty() {
            // Of several alike it is the one that says the same already, or nobody knows which.
            for one in &found {
                let (line, acts) = self.acts(Line::new(row), row, one)?;
                if !line.is_refused() && acts.is_empty() && !self.said.contains_key(&one.id) {
                    return self.settled(line, row, one, acts);
                }
            }
            Projects::which(row, &mut line, found.len());
            return Ok(line.settle(LedgerStatus::Refused, Deed::Nothing));
        }
        let (line, acts) = self.acts(line, row, project)?;
        self.settled(line, row, project, acts)
    }

    fn settled(
        &mut self,
        mut line: Line,
        row: &LedgerRow,
        project: &Project,
        acts: Vec<Act>,
    ) -> Result<Line, AppError> {
        project.name().clone_into(&mut line.name);
        line.project = Some(project.id);
        if let Some(first) = self.said.insert(project.id, row.row) {
            let first = first.to_string();
            line.refuse((row, "ledger.project"), "ledgers.repeated", &[&first]);
        }
        if acts.is_empty() {
            return Ok(line.settle(LedgerStatus::Unchanged, Deed::Nothing));
        }
        let before = self
            .events
            .get(&project.id)
            .is_some_and(|one| !one.is_empty());
        let status = match before {
            true => LedgerStatus::Changed,
            false => LedgerStatus::New,
        };
        let season = season_at(self.reference, project, self.year)?;
        let deed = Wintered {
            project: project.clone(),
            season,
            acts,
        };
        Ok(line.settle(status, Deed::Winter(Box::new(deed))))
    }

    /// What a row does beyond what stands there, judged as it would be by hand.
    fn acts(
        &self,
        mut line: Line,
        row: &LedgerRow,
        project: &Project,
    ) -> Result<(Line, Vec<Act>), AppError> {
        let nothing = Vec::new();
        let mut events = self.events.get(&project.id).unwrap_or(&nothing).clone();
        let course = Course::of(&events);
        let Ok(season) = season_at(self.reference, project, self.year) else {
            line.refuse((row, "ledger.project"), "ledgers.winter.no_season", &[]);
            return Ok((line, Vec::new()));
        };
        let said = self.says(row, &mut line);
        let plan = self.plan(row, &mut line, season, &course);
        let said = match said {
            Says::Nothing if !row.text("wintering.reason").is_empty() => Says::Rests,
            Says::Nothing
                if course.plan.as_ref().map_or(&Plan::default(), |plan| plan) != &plan =>
            {
                Says::Builds
            }
            said => said,
        };
        let mut acts = Vec::new();
        match said {
            Says::Nothing => {}
            Says::Rests => acts.extend(self.rest(row, &mut line, (&course, &events))),
            Says::Builds | Says::HandedIn | Says::Filed => {
                let same = course.phase.builds() && course.plan.as_ref() == Some(&plan);
                if !same {
                    let before = course.plan.clone().unwrap_or_default();
                    changes(row, &mut line, &before, &plan);
                    if course.plan.is_some() {
                        self.ticks(row, &mut line, &before, &plan);
                    }
                    acts.push(Act::Plan(plan));
                }
                let hands_in = said != Says::Builds;
                let open = matches!(course.phase, Phase::Draft | Phase::SentBack);
                if hands_in && (!same || open) {
                    acts.push(Act::Submit);
                }
                let on_file = matches!(course.phase, Phase::Filed | Phase::Stopped);
                if said == Says::Filed && !(same && on_file) {
                    line.tell((row, "wintering.state"), "ledgers.winter.not_filed", &[]);
                }
            }
        }
        if acts.is_empty() {
            return Ok((line, acts));
        }
        let on_file = matches!(course.phase, Phase::Submitted | Phase::Filed);
        if on_file && !matches!(acts.as_slice(), [Act::Submit]) {
            line.tell((row, "wintering.state"), "ledgers.winter.files_again", &[]);
        }
        if !is_built(project) {
            line.refuse((row, "ledger.project"), "winter.refused.not_built", &[]);
            return Ok((line, acts));
        }
        for act in &acts {
            if authorise(self.actor, project, act.kind()).is_err() {
                line.refuse((row, "ledger.project"), "ledgers.not_yours", &[]);
                break;
            }
            let course = Course::of(&events);
            let rules = &self.reference.winter;
            let days = (self.today, self.today);
            if let Err(refused) = rules.judge(season, &course, act, self.actor.user, days) {
                line.refuse_for(row, cannot(rules, &refused), key_of)?;
                break;
            }
            events.push(Event {
                seq: events.last().map_or(0, |last| last.seq) + 1,
                on: self.today,
                at: 0,
                user: self.actor.user,
                act: act.clone(),
            });
            let code = match act {
                Act::Rest { .. } => "ledgers.winter.does.rest",
                Act::Plan(_) => "ledgers.winter.does.plan",
                _ => "ledgers.winter.does.submit",
            };
            line.does((row, "wintering.state"), code, &[]);
        }
        Ok((line, acts))
    }

    /// What the two columns say; a row in which they say opposite things is refused.
    fn says(&self, row: &LedgerRow, line: &mut Line) -> Says {
        let builds = row.text("wintering.builds");
        let state = row.text("wintering.state");
        let of_state = match state {
            "" | "未明确" => Some(Says::Nothing),
            "临时停工" | "方案编制中" | "已退回" | "编制中" => Some(Says::Builds),
            "待备案" | "已上报" | "已提交" | "待审查" => Some(Says::HandedIn),
            "已备案" => Some(Says::Filed),
            text => begins(text),
        };
        let of_builds = match builds {
            "" => Some(Says::Nothing),
            text => begins(text),
        };
        for (key, text, said) in [
            ("wintering.state", state, of_state),
            ("wintering.builds", builds, of_builds),
        ] {
            if said.is_none() {
                line.refuse((row, key), "ledgers.winter.unknown_state", &[text]);
            }
        }
        match (
            of_builds.unwrap_or(Says::Nothing),
            of_state.unwrap_or(Says::Nothing),
        ) {
            (said, Says::Nothing) | (Says::Nothing, said) => said,
            (Says::Rests, Says::Rests) => Says::Rests,
            (Says::Rests, _) | (_, Says::Rests) => {
                let at = (row, "wintering.state");
                line.refuse(at, "ledgers.winter.contradicts", &[builds, state]);
                Says::Nothing
            }
            (_, said) => said,
        }
    }

    fn rest(
        &self,
        row: &LedgerRow,
        line: &mut Line,
        (course, events): (&Course, &[Event]),
    ) -> Option<Act> {
        let text = row.text("wintering.reason");
        let resting = course.phase == Phase::Resting;
        if text.is_empty() && resting {
            return None;
        }
        let reasons = &self.reference.winter.reasons;
        let is = |one: &&gangmu_domain::winter::Choice| {
            one.code == text
                || squeeze(&one.text) == squeeze(text)
                || one.text_en.eq_ignore_ascii_case(text)
        };
        let (reason, note) = match reasons.iter().find(is) {
            Some(found) => (found.code.clone(), String::new()),
            None if text.is_empty() => (String::new(), String::new()),
            None => {
                let other = reasons.iter().find(|one| one.code == OTHER);
                if let Some(other) = other {
                    let both = [text, &other.text, &other.text_en];
                    line.tell((row, "wintering.reason"), "ledgers.taken_as", &both);
                }
                (OTHER.to_owned(), text.to_owned())
            }
        };
        // A reason without words of its own leaves those that stand there.
        let last = events.iter().rev().find_map(|event| match &event.act {
            Act::Rest { note, .. } => Some(note.as_str()),
            _ => None,
        });
        let said = note.is_empty() || last == Some(note.as_str());
        let same = resting && reason == course.reason && said;
        (!same).then_some(Act::Rest { reason, note })
    }

    /// The plan that stands with what the row says laid over it.
    fn plan(&self, row: &LedgerRow, line: &mut Line, season: Season, course: &Course) -> Plan {
        let mut plan = course.plan.clone().unwrap_or_default();
        let day = |key: &str| row.day(key);
        plan.from = day("wintering.from")
            .map(|one| one.first_day())
            .or(plan.from);
        plan.to = day("wintering.to").map(|one| one.last_day()).or(plan.to);
        let prepared = day("wintering.prepared_on").map(|one| one.first_day());
        plan.prepared_on = prepared.or(plan.prepared_on);
        let supervised = day("wintering.supervised_on").map(|one| one.first_day());
        plan.supervised_on = supervised.or(plan.supervised_on);
        let parts_said = row.text("wintering.parts");
        if !parts_said.is_empty() {
            parts_said.clone_into(&mut plan.parts);
        }
        if let Some(workers) = row.integer("wintering.workers").filter(|n| *n != 0) {
            match u32::try_from(workers) {
                Ok(workers) => plan.workers = Some(workers),
                Err(_) => line.refuse((row, "wintering.workers"), "ledgers.winter.workers", &[]),
            }
        }
        self.months(row, line, season, &mut plan);
        self.measures(row, &mut plan);
        plan
    }

    fn months(&self, row: &LedgerRow, line: &mut Line, season: Season, plan: &mut Plan) {
        let months = season.months();
        let mut last = None;
        for number in MONTHS {
            let key = format!("winter_month.{number}");
            let Some(yuan) = row.money(&key) else {
                continue;
            };
            let of_season = months.iter().find(|month| month.month() == number);
            match of_season {
                Some(month) if yuan == 0 => {
                    plan.investment.remove(month);
                }
                Some(month) => {
                    plan.investment.insert(*month, Yuan(yuan));
                }
                None if yuan == 0 => {}
                None => line.refuse((row, &key), "ledgers.winter.month", &[&number.to_string()]),
            }
            last = Some(key);
        }
        let first = season.first_quarter();
        let of_quarter = |month: &Period| first.contains(&Some(*month));
        let own = plan
            .investment
            .iter()
            .filter(|(month, _)| of_quarter(month));
        let quarter = own.map(|(_, yuan)| yuan.0).try_fold(0, i64::checked_add);
        let (Some(total), Some(quarter)) = (plan.total().map(|sum| sum.0), quarter) else {
            let key = last.unwrap_or_else(|| "wintering.total".to_owned());
            line.refuse((row, &key), "winter.unmet.amount", &[]);
            return;
        };
        for (key, is) in [("wintering.total", total), ("wintering.quarter", quarter)] {
            let Some(said) = row.money(key).filter(|said| *said != 0 && *said != is) else {
                continue;
            };
            let code = match last.is_some() {
                true => "ledgers.winter.not_the_sum",
                false => "ledgers.winter.needs_months",
            };
            let (said, is) = (Yuan(said).to_string(), Yuan(is).to_string());
            line.refuse((row, key), code, &[&said, &is]);
        }
    }

    /// Says which measures a plan ticks beside those it has.
    fn ticks(&self, row: &LedgerRow, line: &mut Line, before: &Plan, after: &Plan) {
        let measures = self.reference.winter.measures.iter();
        for one in measures.filter(|one| after.measures.contains(&one.code)) {
            if !before.measures.contains(&one.code) {
                let both = [one.text.as_str(), one.text_en.as_str()];
                let at = (row, "wintering.measures");
                line.does(at, "ledgers.winter.does.measure", &both);
            }
        }
    }

    /// Measures that are called as the rules call them are ticked; others stand in words.
    fn measures(&self, row: &LedgerRow, plan: &mut Plan) {
        let text = row.text("wintering.measures");
        let mut further = Vec::new();
        let is = |one: &gangmu_domain::winter::Measure, name: &str| {
            one.code == name
                || squeeze(&one.text) == squeeze(name)
                || one.text_en.eq_ignore_ascii_case(name)
        };
        let measures = &self.reference.winter.measures;
        // Names hold 、 themselves, so they are told apart by ； and lines first.
        for piece in text.split(['；', ';', '\n']).map(str::trim) {
            match measures.iter().find(|one| is(one, piece)) {
                Some(found) => {
                    plan.measures.insert(found.code.clone());
                }
                None => {
                    for name in parts(piece) {
                        match measures.iter().find(|one| is(one, name)) {
                            Some(found) => {
                                plan.measures.insert(found.code.clone());
                            }
                            None => further.push(name),
                        }
                    }
                }
            }
        }
        if !further.is_empty() {
            plan.further = further.join("、");
        }
    }
}

/// Whether words begin as those do that say a project builds, or rests.
fn begins(text: &str) -> Option<Says> {
    let begins = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
    match (begins(&BUILDS) || begins(&BUILDS_ON), begins(&RESTS)) {
        (true, _) => Some(Says::Builds),
        (false, true) => Some(Says::Rests),
        (false, false) => None,
    }
}

/// Says cell by cell what a plan would say otherwise.
fn changes(row: &LedgerRow, line: &mut Line, before: &Plan, after: &Plan) {
    let day = |on: Option<Date>| on.map(|day| day.to_string()).unwrap_or_default();
    let said = vec![
        (
            "wintering.from".to_owned(),
            day(before.from),
            day(after.from),
        ),
        ("wintering.to".to_owned(), day(before.to), day(after.to)),
        (
            "wintering.parts".to_owned(),
            before.parts.clone(),
            after.parts.clone(),
        ),
        (
            "wintering.workers".to_owned(),
            before.workers.map(|n| n.to_string()).unwrap_or_default(),
            after.workers.map(|n| n.to_string()).unwrap_or_default(),
        ),
        (
            "wintering.prepared_on".to_owned(),
            day(before.prepared_on),
            day(after.prepared_on),
        ),
        (
            "wintering.supervised_on".to_owned(),
            day(before.supervised_on),
            day(after.supervised_on),
        ),
        (
            "wintering.measures".to_owned(),
            before.further.clone(),
            after.further.clone(),
        ),
    ];
    for (key, before, after) in said {
        let (_, column) = row.place(&key);
        if before != after && !before.is_empty() && !column.is_empty() {
            let params = [column.as_str(), &before, &after];
            line.does((row, &key), "ledgers.winter.does.change", &params);
        }
    }
    // A column's head names the unit of the table; here amounts are whole yuan.
    for number in MONTHS {
        let of = |plan: &Plan| {
            let mut own = plan.investment.iter();
            let found = own.find(|(month, _)| month.month() == number);
            found.map_or(Yuan(0), |(_, yuan)| *yuan)
        };
        let (before, after) = (of(before), of(after));
        if before != after && before.0 != 0 {
            let key = format!("winter_month.{number}");
            let params = [number.to_string(), before.to_string(), after.to_string()];
            let params = params.each_ref().map(String::as_str);
            line.does((row, &key), "ledgers.winter.does.change_month", &params);
        }
    }
}

/// The column a field of a plan stands in.
fn key_of(field: &str) -> &'static str {
    match field {
        "from" => "wintering.from",
        "to" => "wintering.to",
        "parts" => "wintering.parts",
        "investment" => "wintering.total",
        "workers" => "wintering.workers",
        "measures" => "wintering.measures",
        "prepared_on" => "wintering.prepared_on",
        "supervised_on" => "wintering.supervised_on",
        "reason" | "note" => "wintering.reason",
        _ => "",
    }
}
