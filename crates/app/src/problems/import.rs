//! A ledger of problems read back (问题台账导入): what each row would raise, and how far it goes.
//!
//! What a reader would get wrong: a row is never struck off, answered or verified by a file, for those
//! need somebody who did it. What the ledger calls ended is passed over and named. A row with an
//! office and a deadline is taken in and handed over where the person coordinates, and only raised
//! where somebody else does; then the office and the deadline stand in its description.

use std::collections::{BTreeMap, HashMap, HashSet};

use gangmu_domain::organisation::{Action, DepartmentId, UnitPath};
use gangmu_domain::plans::Office;
use gangmu_domain::problems::{Act, Course, Doing, Event, Origin, Party};
use gangmu_exchange::Kind;
use gangmu_exchange::ledger::{LedgerRow, Schema};
use gangmu_store::library::Project;
use gangmu_store::problems::{self, Block, ProblemFilter, ProblemRow};
use gangmu_store::{Conn, Tx};
use jiff::civil::Date;

use super::act::check_party;
use super::raise::{TITLE, check};
use super::{PartyView, RaiseInput, StepInput, cannot, coordinates, title_of};
use crate::error::AppError;
use crate::ledgers::{Deed, LedgerStatus, Line, Projects};
use crate::{Actor, App, Reference, offices};

/// What a ledger of problems has.
pub(crate) const SCHEMA: Schema = Schema {
    columns: &[
        ("ledger.project", Kind::Text),
        ("ledger.code", Kind::Text),
        ("ledger.unit", Kind::Text),
        ("problem.title", Kind::Text),
        ("problem.body", Kind::Text),
        ("problem.number", Kind::Text),
        ("problem.kind", Kind::Text),
        ("problem.grade", Kind::Text),
        ("problem.raised_on", Kind::Date),
        ("problem.raised_by", Kind::Text),
        ("problem.party", Kind::Text),
        ("problem.assisting", Kind::Text),
        ("problem.handed_on", Kind::Date),
        ("problem.due", Kind::Date),
        ("problem.demand", Kind::Text),
        ("problem.progress", Kind::Text),
        ("problem.state", Kind::Text),
        ("problem.ended_on", Kind::Date),
        ("ledger.passed.investment", Kind::Text),
        ("ledger.passed.days", Kind::Text),
        ("ledger.passed.light", Kind::Text),
        ("ledger.passed.level", Kind::Text),
        ("ledger.passed.note", Kind::Text),
    ],
    needs: &[
        &["problem.title", "problem.body"],
        &["ledger.project", "ledger.code"],
        &[
            "problem.kind",
            "problem.raised_on",
            "problem.party",
            "problem.due",
            "problem.demand",
            "problem.progress",
            "problem.state",
        ],
    ],
};

/// A row that becomes a problem.
#[derive(Clone, Debug)]
pub(crate) struct Imported {
    raise: RaiseInput,
    then: Vec<(Date, Act)>,
}

/// The words of a ledger that say a problem is over.
const ENDED: [&str; 22] = [
    "已销号",
    "销号",
    "同意销号",
    "已办结",
    "办结",
    "已解决",
    "解决",
    "已完成",
    "完成",
    "已整改",
    "已整改完成",
    "整改完成",
    "已了结",
    "已关闭",
    "已终止",
    "终止",
    "不予受理",
    "是",
    "yes",
    "struck off",
    "declined",
    "closed",
];
/// The words that say it is not.
const OPEN: [&str; 48] = [
    "待受理",
    "已受理",
    "待交办",
    "已交办",
    "办理中",
    "正在办理",
    "在办",
    "待办",
    "待办理",
    "待办结",
    "待核验",
    "待销号",
    "待解决",
    "待整改",
    "待协调",
    "等待政策",
    "未受理",
    "未交办",
    "未办理",
    "未办结",
    "未销号",
    "未解决",
    "未完成",
    "未整改",
    "未开始",
    "未启动",
    "尚未解决",
    "尚未办结",
    "尚未销号",
    "没有解决",
    "部分解决",
    "推进中",
    "正在推进",
    "持续推进",
    "加快推进",
    "有序推进",
    "进行中",
    "正在进行",
    "处理中",
    "解决中",
    "正在解决",
    "整改中",
    "正在整改",
    "协调中",
    "正在协调",
    "否",
    "no",
    "open",
];
/// Who the owner is called.
const OWNER: [&str; 6] = [
    "项目单位",
    "业主",
    "项目业主",
    "建设单位",
    "企业",
    "项目公司",
];
/// What is asked where the ledger does not say.
const AS_LISTED: &str = "按台账所列时限办理";

/// A problem that is there already.
struct Known {
    row: ProblemRow,
    blocks: Vec<Block>,
}

/// What the rows are laid over.
struct Over<'a> {
    reference: &'a Reference,
    actor: &'a Actor,
    today: Date,
    projects: &'a Projects,
    known: HashMap<String, Vec<Known>>,
    /// Titles with their projects, and the row that said them first.
    said: HashMap<(String, i64), usize>,
    /// Whether an office can be handed something, asked once each.
    offices: BTreeMap<(UnitPath, Option<DepartmentId>), Result<(), Vec<crate::Message>>>,
}

impl App {
    /// Says what each row of a ledger would do.
    pub(crate) async fn problems_proposed(
        &self,
        conn: &impl Conn,
        actor: &Actor,
        rows: &[LedgerRow],
        projects: &Projects,
    ) -> Result<Vec<Line>, AppError> {
        let reference = self.reference().await?;
        let mut over = Over {
            reference: &reference,
            actor,
            today: self.today(),
            projects,
            known: known(conn, actor, rows).await?,
            said: HashMap::new(),
            offices: BTreeMap::new(),
        };
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            lines.push(over.line(conn, row).await?);
        }
        Ok(lines)
    }

    /// Raises what a row says and takes it as far as it goes.
    pub(crate) async fn problem_imported(
        &self,
        tx: &Tx,
        actor: &Actor,
        one: Imported,
    ) -> Result<(), AppError> {
        let id = self.raise_within(tx, actor, &one.raise).await?;
        for (on, act) in one.then {
            let step = StepInput {
                on: Some(on),
                ..StepInput::new(None, act)
            };
            self.step_within(tx, actor, id, &step).await?;
        }
        Ok(())
    }
}

/// The problems the person may see that are called as some row is.
async fn known(
    conn: &impl Conn,
    actor: &Actor,
    rows: &[LedgerRow],
) -> Result<HashMap<String, Vec<Known>>, AppError> {
    let mut titles: Vec<String> = rows.iter().map(|row| texts(row).0).collect();
    titles.sort_unstable();
    titles.dedup();
    let mut found: Vec<ProblemRow> = Vec::new();
    // Posts may reach apart: what any of them sees is there.
    for grant in actor.grants(Action::Read) {
        for titles in titles.chunks(500) {
            let filter = ProblemFilter {
                scope: Some(grant.scope.clone()),
                titles: titles.to_vec(),
                limit: i64::from(i32::MAX),
                ..ProblemFilter::default()
            };
            found.extend(problems::problem_list(conn, &filter).await?);
        }
    }
    let mut seen = HashSet::new();
    found.retain(|row| seen.insert(row.id));
    let ids: Vec<i64> = found.iter().map(|row| row.id).collect();
    let mut blocks = problems::block_list_of(conn, &ids).await?;
    let mut known: HashMap<String, Vec<Known>> = HashMap::new();
    for row in found {
        let blocks = blocks.remove(&row.id).unwrap_or_default();
        let of_title = known.entry(row.title.clone()).or_default();
        of_title.push(Known { row, blocks });
    }
    Ok(known)
}

/// The title of a row, and what it says at length.
fn texts(row: &LedgerRow) -> (String, String) {
    let (title, body) = (row.text("problem.title"), row.text("problem.body"));
    let long = title.chars().count() > TITLE || title.contains('\n');
    match (title, long) {
        ("", _) => (title_of(body), body.to_owned()),
        (title, false) => (title.to_owned(), body.to_owned()),
        (title, true) => {
            let both: Vec<&str> = [title, body]
                .into_iter()
                .filter(|one| !one.is_empty())
                .collect();
            (title_of(title), both.join("\n"))
        }
    }
}

/// Whether a row says its problem is over, or goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Says {
    Open,
    /// Over, as this column says.
    Ended(&'static str),
    /// A state nobody knows.
    Unknown,
}

/// What a row says of where its problem stands: words count whole, never a part of them.
fn says(row: &LedgerRow) -> Says {
    if row.day("problem.ended_on").is_some() {
        return Says::Ended("problem.ended_on");
    }
    let word = |key: &str| {
        let word = row.text(key).trim_end_matches('。').trim();
        word.to_lowercase()
    };
    let state = word("problem.state");
    let progress = word("problem.progress");
    match state.as_str() {
        "" if progress.starts_with('已') && ENDED.contains(&progress.as_str()) => {
            Says::Ended("problem.progress")
        }
        "" => Says::Open,
        state if ENDED.contains(&state) => Says::Ended("problem.state"),
        state if OPEN.contains(&state) => Says::Open,
        _ => Says::Unknown,
    }
}

fn is_ended(row: &LedgerRow) -> bool {
    matches!(says(row), Says::Ended(_))
}

impl Over<'_> {
    async fn line(&mut self, conn: &impl Conn, row: &LedgerRow) -> Result<Line, AppError> {
        let mut line = Line::new(row);
        let (title, body) = texts(row);
        line.name.clone_from(&title);
        if title.is_empty() {
            line.refuse((row, "problem.title"), "ledgers.problems.untitled", &[]);
            return Ok(line.settle(LedgerStatus::Refused, Deed::Nothing));
        }
        if let Some(known) = self.there(row, &title) {
            return Ok(self.same(line, row, known));
        }
        match says(row) {
            Says::Open => {}
            Says::Ended(key) => {
                line.notes.clear();
                line.tell((row, key), "ledgers.problems.ended", &[]);
                return Ok(line.settle(LedgerStatus::LeftOut, Deed::Nothing));
            }
            Says::Unknown => {
                let at = (row, "problem.state");
                let state = row.text("problem.state");
                line.refuse(at, "ledgers.problems.unknown_state", &[state]);
            }
        }
        let held = self.projects.several(self.reference, row, &mut line);
        let held: Vec<Project> = held.into_iter().cloned().collect();
        line.project = held.first().map(|one| one.id);
        for project in &held {
            let key = (title.clone(), project.id.0);
            if let Some(first) = self.said.insert(key, row.row) {
                let first = first.to_string();
                line.refuse((row, "problem.title"), "ledgers.repeated", &[&first]);
            }
        }
        if held.is_empty() {
            return Ok(line.settle(LedgerStatus::Refused, Deed::Nothing));
        }
        let planned = self
            .planned(conn, row, &mut line, (title, body), &held)
            .await?;
        Ok(match planned {
            Some(one) => line.settle(LedgerStatus::New, Deed::Problem(Box::new(one))),
            None => line.settle(LedgerStatus::Refused, Deed::Nothing),
        })
    }

    /// The problem a row is: of this title, by its number or by a project, unless it had ended before
    /// the row's was raised.
    fn there(&self, row: &LedgerRow, title: &str) -> Option<&Known> {
        let known = self.known.get(title)?;
        let number = row.text("problem.number").parse::<i64>().ok();
        if let Some(one) = known.iter().find(|one| Some(one.row.id) == number) {
            return Some(one);
        }
        let possible = self.projects.possible(self.reference, row);
        let raised = raised_on(row).unwrap_or(self.today);
        let ended = is_ended(row);
        known.iter().find(|one| {
            let holds = |block: &Block| possible.iter().any(|other| other.id == block.project);
            let still = one.row.ended_on.is_none_or(|end| ended || raised <= end);
            still && one.blocks.iter().any(holds)
        })
    }

    /// A row whose problem is there.
    fn same(&self, mut line: Line, row: &LedgerRow, known: &Known) -> Line {
        line.notes.clear();
        line.problem = Some(known.row.id);
        // One the person may see: a problem may hold up others too.
        let seen = |block: &&Block| {
            self.projects
                .all()
                .iter()
                .any(|one| one.id == block.project)
        };
        line.project = known.blocks.iter().find(seen).map(|block| block.project);
        if let (Says::Ended(key), true) = (says(row), known.row.phase.is_open()) {
            line.tell((row, key), "ledgers.problems.open_here", &[]);
            return line.settle(LedgerStatus::LeftOut, Deed::Nothing);
        }
        line.settle(LedgerStatus::Unchanged, Deed::Nothing)
    }

    /// What a row raises, judged step by step as it would be by hand.
    async fn planned(
        &mut self,
        conn: &impl Conn,
        row: &LedgerRow,
        line: &mut Line,
        (title, body): (String, String),
        held: &[Project],
    ) -> Result<Option<Imported>, AppError> {
        for one in held {
            let (unit, department) = (&one.unit, one.department);
            let action = Action::RaiseProblem;
            if self
                .actor
                .grant_on(action, unit, department, one.reporter)
                .is_err()
            {
                line.refuse((row, "ledger.project"), "ledgers.not_yours", &[one.name()]);
            }
        }
        let on = raised_on(row).unwrap_or(self.today);
        let kind = self.kind(row, line, (&title, &body));
        let mut input = RaiseInput {
            title,
            body,
            // Said here, so that what the description keeps below does not make it another.
            kind,
            holds_up: held.iter().map(|one| (one.id, String::new())).collect(),
            origin: Origin::Direct,
            on: Some(on),
        };
        let Some(first) = held.first() else {
            return Ok(None);
        };
        let raised = match self.raised(&input, on, first) {
            Ok(event) => event,
            Err(error) => {
                line.refuse_for(row, error, key_of)?;
                return Ok(None);
            }
        };
        line.does(
            (row, "problem.title"),
            "ledgers.problems.does.raise",
            &[&on.to_string()],
        );
        let then = self.then(conn, row, line, held, raised).await?;
        let mut add = |head: &str, text: &str| {
            let between = if input.body.is_empty() { "" } else { "\n" };
            input.body.push_str(&format!("{between}{head}：{text}"));
        };
        for (key, head) in kept_in_words(!then.is_empty()) {
            let text = match row.day(key) {
                Some(day) => day.to_string(),
                None => row.text(key).to_owned(),
            };
            if !text.is_empty() {
                add(head, &text);
            }
        }
        if let Err(error) = check(&input) {
            line.refuse_for(row, error, key_of)?;
        }
        Ok(Some(Imported { raise: input, then }))
    }

    /// The step that raises it.
    fn raised(&self, input: &RaiseInput, on: Date, first: &Project) -> Result<Event, AppError> {
        check(input)?;
        let doing = self.doing(on, first);
        let rules = &self.reference.problems;
        let judged = rules
            .judge_raise(&input.kind, doing, &self.reference.calendar)
            .map_err(|problem| cannot(&problem))?;
        Ok(self.event(1, on, judged))
    }

    fn doing<'d>(&self, on: Date, first: &'d Project) -> Doing<'d> {
        Doing {
            by: self.actor.user,
            on,
            today: self.today,
            unit: &first.unit,
        }
    }

    fn event(&self, seq: u32, on: Date, judged: gangmu_domain::problems::Judged) -> Event {
        Event {
            seq,
            on,
            at: 0,
            user: self.actor.user,
            act: judged.act,
            due: judged.due,
        }
    }

    /// The steps after it was raised: none where the ledger names no office or deadline, or somebody
    /// else coordinates.
    async fn then(
        &mut self,
        conn: &impl Conn,
        row: &LedgerRow,
        line: &mut Line,
        held: &[Project],
        raised: Event,
    ) -> Result<Vec<(Date, Act)>, AppError> {
        let mut events = vec![raised];
        let (Some(first), Some(course)) = (held.first(), Course::of(&events)) else {
            return Ok(Vec::new());
        };
        let named = !offices::split(row.text("problem.party")).is_empty();
        let due = row.day("problem.due").map(|point| point.last_day());
        let due = match (named, due) {
            (true, Some(due)) => due,
            (true, None) => {
                line.tell((row, "problem.party"), "ledgers.problems.no_due", &[]);
                return Ok(Vec::new());
            }
            (false, Some(_)) => {
                line.tell((row, "problem.due"), "ledgers.problems.no_party", &[]);
                return Ok(Vec::new());
            }
            (false, None) => return Ok(Vec::new()),
        };
        // Where somebody else coordinates the office only stands in words, known or not.
        if !coordinates(self.actor, &course) {
            let who = self.reference.unit_name(course.coordinator());
            line.tell(
                (row, "problem.party"),
                "ledgers.problems.only_raised",
                &[&who],
            );
            return Ok(Vec::new());
        }
        let grade = self.grade(row, line);
        let (Some(party), assisting) = self.parties(row, line, first) else {
            return Ok(Vec::new());
        };
        for one in std::iter::once(&party).chain(&assisting) {
            self.may_be_handed(conn, row, line, held, one).await?;
        }
        let on = match row.day("problem.handed_on") {
            Some(day) => day.first_day(),
            None => raised_on(row).unwrap_or(self.today),
        };
        let demand = match row.text("problem.demand") {
            "" => AS_LISTED.to_owned(),
            text => text.to_owned(),
        };
        let accept = Act::Accept {
            kind: course.kind.clone(),
            grade,
        };
        let official = |party: &Party| PartyView::new(self.reference, party).official();
        let to = official(&party);
        let helpers: Vec<String> = assisting.iter().map(official).collect();
        let hand_over = Act::HandOver {
            to: party,
            assisting,
            due_on: Some(due),
            demand,
        };
        let mut steps = vec![(on, accept), (on, hand_over)];
        let progress = row.text("problem.progress");
        if !progress.is_empty() {
            let text = progress.to_owned();
            steps.push((self.today, Act::Progress { text }));
        }
        for (on, act) in &steps {
            let Some(course) = Course::of(&events) else {
                return Ok(Vec::new());
            };
            let (rules, calendar) = (&self.reference.problems, &self.reference.calendar);
            let doing = self.doing(*on, first);
            match rules.judge(&course, doing, act.clone(), calendar) {
                Ok(judged) => {
                    let seq = events.last().map_or(1, |last| last.seq + 1);
                    events.push(self.event(seq, *on, judged));
                }
                Err(refused) => {
                    let key = |field: &str| match field {
                        "on" if row.day("problem.handed_on").is_some() => "problem.handed_on",
                        field => key_of(field),
                    };
                    line.refuse_for(row, cannot(&refused), key)?;
                    return Ok(Vec::new());
                }
            }
        }
        let (on, due) = (on.to_string(), due.to_string());
        line.does(
            (row, "problem.party"),
            "ledgers.problems.does.hand_over",
            &[&to, &on, &due],
        );
        if !helpers.is_empty() {
            let at = (row, head(row, "problem.assisting", "problem.party"));
            let helpers = helpers.join("、");
            line.does(at, "ledgers.problems.does.assist", &[&helpers]);
        }
        if !progress.is_empty() {
            line.does(
                (row, "problem.progress"),
                "ledgers.problems.does.progress",
                &[],
            );
        }
        Ok(steps)
    }

    async fn may_be_handed(
        &mut self,
        conn: &impl Conn,
        row: &LedgerRow,
        line: &mut Line,
        held: &[Project],
        party: &Party,
    ) -> Result<(), AppError> {
        let office = match party {
            Party::Office { unit, department } => Some((unit.clone(), *department)),
            Party::ProjectOwner => None,
        };
        let known = office.as_ref().and_then(|office| self.offices.get(office));
        let answer = match known {
            Some(answer) => answer.clone(),
            None => match check_party(conn, self.reference, self.actor, held, party).await {
                Ok(()) => Ok(()),
                Err(AppError::Invalid { messages }) => Err(messages),
                Err(other) => return Err(other),
            },
        };
        if let Some(office) = office {
            self.offices.insert(office, answer.clone());
        }
        match answer {
            Ok(()) => Ok(()),
            Err(messages) => {
                let key = |_: &str| "problem.party";
                line.refuse_for(row, AppError::Invalid { messages }, key)
            }
        }
    }

    /// The kind a cell names, or the words of the problem tell.
    fn kind(&self, row: &LedgerRow, line: &mut Line, (title, body): (&str, &str)) -> String {
        let text = row.text("problem.kind");
        let at = (row, "problem.kind");
        let rules = &self.reference.problems;
        let of_words = rules.kind_of(&format!("{title}{body}"));
        let code = |kind: Option<&gangmu_domain::problems::Kind>| {
            kind.map(|kind| kind.code.clone()).unwrap_or_default()
        };
        if text.is_empty() {
            if let Some(kind) = of_words {
                let both = [title, &kind.text, &kind.text_en];
                let at = (row, head(row, "problem.kind", "problem.title"));
                line.tell(at, "ledgers.taken_as", &both);
            }
            return code(of_words);
        }
        let bare = text.trim_end_matches("问题").trim_end_matches('类');
        let is = |one: &&gangmu_domain::problems::Kind| {
            [text, bare].iter().any(|name| {
                one.text == *name || one.code == *name || one.text_en.eq_ignore_ascii_case(name)
            })
        };
        if let Some(kind) = rules.kinds.iter().find(is) {
            return kind.code.clone();
        }
        let likely = rules.kind_of(text);
        let likely = likely.filter(|kind| kind.words.iter().any(|word| text.contains(word)));
        match likely {
            Some(kind) => {
                let both = [text, &kind.text, &kind.text_en];
                line.tell(at, "ledgers.taken_as", &both);
                kind.code.clone()
            }
            None => {
                let kinds = rules.kinds.iter();
                let all = kinds.map(|kind| (kind.text.as_str(), kind.text_en.as_str()));
                one_of(line, at, text, all);
                code(of_words)
            }
        }
    }

    /// The grade a cell names; the least where the ledger names none.
    fn grade(&self, row: &LedgerRow, line: &mut Line) -> String {
        let text = row.text("problem.grade");
        let grades = &self.reference.problems.grades;
        let is = |one: &&gangmu_domain::problems::Grade| {
            one.text == text || one.code == text || one.text_en.eq_ignore_ascii_case(text)
        };
        if let Some(grade) = grades.iter().find(is) {
            return grade.code.clone();
        }
        let Some(least) = grades.iter().max_by_key(|grade| grade.within) else {
            return String::new();
        };
        match text.is_empty() {
            true => {
                let both = [least.text.as_str(), least.text_en.as_str()];
                let at = (row, head(row, "problem.grade", "problem.party"));
                line.does(at, "ledgers.problems.does.grade", &both);
            }
            false => {
                let grades = grades.iter();
                let all = grades.map(|grade| (grade.text.as_str(), grade.text_en.as_str()));
                one_of(line, (row, "problem.grade"), text, all);
            }
        }
        least.code.clone()
    }

    /// Who has to solve it and who helps: the first name of the responsible leads, the others help.
    fn parties(
        &self,
        row: &LedgerRow,
        line: &mut Line,
        project: &Project,
    ) -> (Option<Party>, Vec<Party>) {
        let [responsible, mut all] = ["problem.party", "problem.assisting"].map(|key| {
            let mut parties = Vec::new();
            for name in offices::split(row.text(key)) {
                match self.party(project, name) {
                    Some(found) => parties.extend(found),
                    None => {
                        let own = own(project);
                        let likely = offices::likely(self.reference, &own, name);
                        line.refuse_office((row, key), name, &likely);
                    }
                }
            }
            parties
        });
        let mut responsible = responsible.into_iter();
        let Some(first) = responsible.next() else {
            return (None, Vec::new());
        };
        all.splice(0..0, responsible);
        all.retain(|one| *one != first);
        (Some(first), all)
    }

    fn party(&self, project: &Project, name: &str) -> Option<Vec<Party>> {
        if OWNER.contains(&name) {
            return Some(vec![Party::ProjectOwner]);
        }
        let found = offices::find(self.reference, &own(project), name)?;
        let party = |office: Office| Party::Office {
            department: offices::below_commission(self.reference, office.department),
            unit: office.unit,
        };
        Some(found.into_iter().map(party).collect())
    }
}

fn own(project: &Project) -> Office {
    Office {
        unit: project.unit.clone(),
        department: None,
    }
}

/// A column, or another where the ledger has no such one.
fn head(row: &LedgerRow, key: &'static str, other: &'static str) -> &'static str {
    match row.has(key) {
        true => key,
        false => other,
    }
}

/// Keeps a row out for a word that is none of those there are, told in both languages.
fn one_of<'w>(
    line: &mut Line,
    at: (&LedgerRow, &str),
    said: &str,
    all: impl Iterator<Item = (&'w str, &'w str)>,
) {
    let (texts, texts_en): (Vec<&str>, Vec<&str>) = all.unzip();
    let (texts, texts_en) = (texts.join(" / "), texts_en.join(" / "));
    line.refuse(at, "ledgers.cell", &[said, &texts, "", &texts_en, ""]);
}

fn raised_on(row: &LedgerRow) -> Option<Date> {
    Some(row.day("problem.raised_on")?.first_day())
}

/// What no step holds and the description keeps, so that nothing of the ledger is lost.
fn kept_in_words(handed_over: bool) -> &'static [(&'static str, &'static str)] {
    match handed_over {
        true => &[("problem.raised_by", "提出单位")],
        false => &[
            ("problem.raised_by", "提出单位"),
            ("problem.grade", "等级"),
            ("problem.party", "责任单位"),
            ("problem.assisting", "协办单位"),
            ("problem.handed_on", "交办日期"),
            ("problem.due", "办理期限"),
            ("problem.demand", "措施"),
            ("problem.progress", "进展"),
        ],
    }
}

/// The column a field of a form stands in.
fn key_of(field: &str) -> &'static str {
    match field {
        "title" => "problem.title",
        "body" => "problem.body",
        "kind" => "problem.kind",
        "grade" => "problem.grade",
        "on" => "problem.raised_on",
        "due_on" => "problem.due",
        "demand" => "problem.demand",
        "text" => "problem.progress",
        "projects" => "ledger.project",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::{ENDED, OPEN};

    #[test]
    fn no_word_says_both() {
        assert!(ENDED.iter().all(|word| !OPEN.contains(word)));
    }
}
