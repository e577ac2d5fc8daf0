//! One task of a file read into the domain, with everything that is wrong told at once.

use gangmu_domain::plans::{Direction, Indicator, Office, Quantity, Source, Task, UnitOfMeasure};
use gangmu_exchange::squeeze;
use gangmu_exchange::tasks::{AimFault, IndicatorLine, Said, TaskLine, read_aim, read_deadline};
use jiff::civil::Date;

use super::super::draft::Draft;
use super::super::export;
use super::view::ImportNote;
use crate::{Reference, offices};

/// The most characters of a title or name, and of a text.
const TITLE: usize = 200;
const TEXT: usize = 4_000;
/// What an indicator counts that a file brings, in points: as the form proposes it.
const WEIGHT: u32 = 10;

/// Reads one task.
pub struct Piece<'a> {
    reference: &'a Reference,
    draft: &'a Draft,
    pub notes: Vec<ImportNote>,
    /// A day that stands where a target should.
    instead_of_target: Option<Date>,
}

impl<'a> Piece<'a> {
    pub const fn new(reference: &'a Reference, draft: &'a Draft) -> Self {
        Self {
            reference,
            draft,
            notes: Vec::new(),
            instead_of_target: None,
        }
    }

    pub fn is_refused(&self) -> bool {
        self.notes.iter().any(|note| note.is_error)
    }

    fn tell(&mut self, is_error: bool, place: &str, code: &'static str, params: &[&str]) {
        self.notes.push(ImportNote {
            place: place.to_owned(),
            code,
            params: params.iter().map(|text| (*text).to_owned()).collect(),
            is_error,
        });
    }

    fn refuse(&mut self, said: &Said, code: &'static str, params: &[&str]) {
        self.tell(true, &said.place, code, params);
    }

    /// Reads a task over the one it becomes; `key` is its key in the draft.
    pub fn task(&mut self, line: &TaskLine, old: Option<&Task>, key: u32) -> Task {
        let (title, body) = self.title(line, old);
        let outcome = match &line.outcome {
            Some(said) => self.short(said, TITLE),
            None => old.map_or_else(String::new, |old| old.outcome.clone()),
        };
        let (lead, cooperating) = self.offices(line, old);
        let group = self.group(line, old);
        let takes_over = self.takes_over(line, old);
        let mut task = Task {
            key,
            group,
            title,
            body,
            outcome,
            lead,
            cooperating,
            due: self.draft.plan.until,
            takes_over,
            indicators: Vec::new(),
        };
        task.due = self.first_day(line).unwrap_or(task.due);
        let mut left: Vec<Indicator> = old.map_or_else(Vec::new, |old| old.indicators.clone());
        for one in &line.indicators {
            let read = self.indicator(one, &task, &mut left);
            task.indicators.extend(read);
        }
        task.due = self.due(line, old, &task);
        // What the file does not name stays.
        task.indicators.extend(left);
        task
    }

    fn short(&mut self, said: &Said, most: usize) -> String {
        if said.text.chars().count() > most {
            self.refuse(said, "field.too_long", &[&most.to_string()]);
        }
        said.text.clone()
    }

    fn title(&mut self, line: &TaskLine, old: Option<&Task>) -> (String, String) {
        let same = old.filter(|old| export::title_text(&old.title, &old.body) == line.title.text);
        if let (Some(old), None) = (same, &line.body) {
            return (old.title.clone(), old.body.clone());
        }
        let (title, rest) = match (&line.body, line.name.split_once(['。', '\n'])) {
            (None, Some((title, rest))) => (title, rest.trim()),
            _ => (line.name.as_str(), ""),
        };
        let title = title.trim().trim_end_matches(['。', '；', ';']).to_owned();
        let body = line.body.as_ref().map_or(rest, |said| said.text.as_str());
        let at = &line.title;
        if title.is_empty() {
            self.refuse(at, "plans.import.untitled", &[]);
        }
        for (text, most) in [(title.as_str(), TITLE), (body, TEXT)] {
            if text.chars().count() > most {
                self.refuse(at, "field.too_long", &[&most.to_string()]);
            }
        }
        (title, body.to_owned())
    }

    /// Who leads and who helps; of several leading offices the first leads.
    fn offices(&mut self, line: &TaskLine, old: Option<&Task>) -> (Office, Vec<Office>) {
        let named = line.lead.as_ref().filter(|said| !said.text.is_empty());
        let old_lead = old.map(|old| std::slice::from_ref(&old.lead));
        let mut leads = match named {
            Some(said) => self.named(said, old_lead),
            None => Vec::new(),
        };
        let lead = match (leads.is_empty(), old, named) {
            (false, ..) => leads.remove(0),
            (true, Some(old), None) => old.lead.clone(),
            (true, None, None) => {
                let place = line.lead.as_ref().unwrap_or(&line.title).place.clone();
                self.tell(false, &place, "plans.import.own_lead", &[]);
                self.draft.plan.office.clone()
            }
            // The name was refused; what stands here is not used.
            (true, _, Some(_)) => self.draft.plan.office.clone(),
        };
        let mut helping = leads;
        match &line.cooperating {
            Some(said) => {
                let old = old.map(|old| old.cooperating.as_slice());
                helping.extend(self.named(said, old));
            }
            None => helping.extend(old.into_iter().flat_map(|old| old.cooperating.clone())),
        }
        // Who leads need not be said to help, and naming somebody twice says nothing more.
        let mut seen = std::collections::BTreeSet::from([lead.clone()]);
        helping.retain(|office| seen.insert(office.clone()));
        (lead, helping)
    }

    /// The offices a cell names; those that stand there already where it reads as they are printed.
    fn named(&mut self, said: &Said, old: Option<&[Office]>) -> Vec<Office> {
        let own = &self.draft.plan.office;
        if let Some(old) = old.filter(|old| export::offices_text(self.reference, old) == said.text)
        {
            return old.to_vec();
        }
        let mut all = Vec::new();
        for name in offices::split(&said.text) {
            match offices::find(self.reference, own, name) {
                Some(found) => all.extend(found),
                None => {
                    let likely = offices::likely(self.reference, own, name).join("、");
                    match likely.as_str() {
                        "" => self.refuse(said, "plans.import.unknown_office", &[name]),
                        like => {
                            self.refuse(said, "plans.import.unknown_office_like", &[name, like])
                        }
                    }
                }
            }
        }
        all
    }

    /// The group that the headings name: the innermost that the rules know.
    fn group(&mut self, line: &TaskLine, old: Option<&Task>) -> String {
        let kept = || old.map_or_else(String::new, |old| old.group.clone());
        let Some(headings) = &line.group else {
            return kept();
        };
        let known = |heading: &String| {
            let wanted = plain(heading);
            let rules = &self.reference.plans;
            let found = rules.groups.iter().find(|group| {
                let (path, path_en) = rules.path(&group.code);
                [&group.text, &group.text_en, &path, &path_en]
                    .into_iter()
                    .any(|name| plain(name) == wanted)
            });
            found.map(|group| group.code.clone())
        };
        if headings.iter().all(|heading| heading == export::NO_GROUP) {
            return String::new();
        }
        if let Some(code) = headings.iter().rev().find_map(known) {
            return code;
        }
        let heading = headings.join(" · ");
        self.tell(
            false,
            &line.title.place,
            "plans.import.unknown_group",
            &[&heading],
        );
        kept()
    }

    fn takes_over(&mut self, line: &TaskLine, old: Option<&Task>) -> Vec<u32> {
        let kept = || old.map_or_else(Vec::new, |old| old.takes_over.clone());
        let Some(said) = &line.takes_over else {
            return kept();
        };
        let tasks = self
            .draft
            .upper
            .as_ref()
            .map_or(&[][..], |upper| &upper.tasks);
        let printed = |keys: &[u32]| export::above_text(tasks, keys);
        if printed(&kept()) == said.text {
            return kept();
        }
        let mut keys = Vec::new();
        for part in said.text.split(['；', ';', '\n']).map(str::trim) {
            if part.is_empty() {
                continue;
            }
            let digits: String = part.chars().take_while(char::is_ascii_digit).collect();
            let by_number = digits.parse::<usize>().ok();
            let by_number = by_number.and_then(|at| tasks.get(at.checked_sub(1)?));
            let title = part.trim_start_matches(|c: char| c.is_ascii_digit() || ".、 ".contains(c));
            let by_title = tasks.iter().find(|task| plain(&task.title) == plain(title));
            match by_title.or(by_number.filter(|_| title.is_empty())) {
                Some(task) => keys.push(task.key),
                None => self.refuse(said, "plans.import.unknown_above", &[part]),
            }
        }
        keys.sort_unstable();
        keys.dedup();
        keys
    }

    /// The day of a task's first row, where it can be read.
    fn first_day(&self, line: &TaskLine) -> Option<Date> {
        let (from, until) = (self.draft.plan.from, self.draft.plan.until);
        read_deadline(&line.due.as_ref()?.text, from, until)
    }

    /// The day a task is due: the latest of its rows, as the table has one column for both.
    fn due(&mut self, line: &TaskLine, old: Option<&Task>, task: &Task) -> Date {
        let said = line.due.as_ref().filter(|said| !said.text.is_empty());
        let rows = task.indicators.iter().map(|one| one.due);
        let latest = rows.chain(self.instead_of_target).max();
        if let Some(old) = old {
            let printed = export::due_text(old);
            if said.is_none_or(|said| said.text == printed) {
                return old.due;
            }
        }
        match said {
            None => latest.unwrap_or(self.draft.plan.until),
            Some(said) => {
                let own = self.day(said);
                latest
                    .into_iter()
                    .chain(own)
                    .max()
                    .unwrap_or(self.draft.plan.until)
            }
        }
    }

    fn day(&mut self, said: &Said) -> Option<Date> {
        let (from, until) = (self.draft.plan.from, self.draft.plan.until);
        let day = read_deadline(&said.text, from, until);
        if day.is_none() && !self.notes.iter().any(|note| note.place == said.place) {
            self.refuse(said, "plans.import.bad_due", &[&said.text]);
        }
        day
    }

    /// Reads an indicator over the one of its name among those left, which is taken out.
    fn indicator(
        &mut self,
        line: &IndicatorLine,
        task: &Task,
        left: &mut Vec<Indicator>,
    ) -> Option<Indicator> {
        let aim = match read_aim(&line.target.text) {
            Ok(aim) => aim,
            // 9月底前 in the place of a target says by when, not how much.
            Err(AimFault::IsDate) if line.name.text.is_empty() => {
                let (at, text) = (line.target.clone(), line.target.text.as_str());
                self.instead_of_target = self.day(&at);
                self.tell(false, &at.place, "plans.import.date_as_due", &[text]);
                return None;
            }
            Err(fault) => {
                let named = line.name.text.as_str();
                let text = line.target.text.as_str();
                let (code, params) = match fault {
                    AimFault::NoNumber if text.is_empty() => ("plans.import.no_target", [named]),
                    AimFault::NoNumber => ("plans.import.target_no_number", [text]),
                    AimFault::ManyNumbers => ("plans.import.target_many_numbers", [text]),
                    AimFault::IsDate => ("plans.import.target_is_date", [text]),
                    AimFault::Decrease => ("plans.import.target_decrease", [text]),
                };
                let at = if line.target.place.is_empty() {
                    &line.name
                } else {
                    &line.target
                };
                self.refuse(at, code, &params);
                return None;
            }
        };
        let name = name_of(line, &aim.said, &task.title);
        let unit = self.unit(line, &aim.unit)?;
        let target = self.amount(&unit, &aim.amount, &line.target)?;
        let at = left.iter().position(|one| plain(&one.name) == plain(&name));
        let old = at.map(|at| left.remove(at));
        let baseline = match &line.baseline {
            None => old.as_ref().and_then(|old| old.baseline),
            Some(said) if said.text.is_empty() => None,
            Some(said) => {
                let plain = said.text.trim_end_matches(unit.0.as_str()).trim();
                Some(self.amount(&unit, plain, said)?)
            }
        };
        let due = match line.due.as_ref().filter(|said| !said.text.is_empty()) {
            Some(said) => self.day(said)?,
            None => old.as_ref().map_or(task.due, |old| old.due),
        };
        let name = match &old {
            Some(old) if plain(&old.name) == plain(&name) => old.name.clone(),
            _ => name,
        };
        if name.chars().count() > TITLE {
            self.refuse(&line.name, "field.too_long", &[&TITLE.to_string()]);
        }
        let carried = match old {
            Some(_) => None,
            None => self.carried(task, &name, &unit, &line.name),
        };
        let same_unit = old.as_ref().filter(|old| old.unit == unit);
        Some(Indicator {
            // A new one gets its key when it is put into the draft.
            key: old.as_ref().map_or(0, |old| old.key),
            shares: same_unit.map_or_else(Vec::new, |old| old.shares.clone()),
            steps: same_unit.map_or_else(Vec::new, |old| old.steps.clone()),
            weight: old.as_ref().map_or(WEIGHT, |old| old.weight),
            takes_over: old.as_ref().map_or(carried, |old| old.takes_over),
            source: old.map_or(Source::Reported, |old| old.source),
            direction: if aim.at_most {
                Direction::Down
            } else {
                Direction::Up
            },
            name,
            unit,
            baseline,
            target,
            due,
        })
    }

    /// The unit beside the number, in its column, or in the head: they must not contradict.
    fn unit(&mut self, line: &IndicatorLine, beside: &str) -> Option<UnitOfMeasure> {
        let column = line.unit.as_ref().map_or("", |said| said.text.trim());
        let column = gangmu_exchange::fold_width(column);
        let unit = match (beside, column.as_str()) {
            ("", "") => {
                self.refuse(&line.target, "plans.import.no_unit", &[&line.target.text]);
                return None;
            }
            (beside, "") => beside,
            ("", column) => column,
            (beside, column) if beside == column => column,
            // 10% under a head of 亿元 is said exactly; a column of units beside it is not.
            (beside, column) => {
                self.refuse(&line.target, "plans.import.two_units", &[beside, column]);
                return None;
            }
        };
        if unit.chars().count() > 20 {
            self.refuse(&line.target, "field.too_long", &["20"]);
            return None;
        }
        Some(UnitOfMeasure(unit.to_owned()))
    }

    fn amount(&mut self, unit: &UnitOfMeasure, text: &str, at: &Said) -> Option<Quantity> {
        let read = unit.read(text);
        if read.is_none() {
            let decimals = unit.decimals().to_string();
            self.refuse(at, "plans.not_an_amount", &[text, &decimals]);
        }
        read
    }

    /// The indicator of the plan above that one of the same name and unit carries a part of.
    fn carried(&mut self, task: &Task, name: &str, unit: &UnitOfMeasure, at: &Said) -> Option<u32> {
        let upper = self.draft.upper.as_ref()?;
        let mut fits = upper
            .indicators()
            .filter(|(above, _)| task.takes_over.contains(&above.key))
            .filter(|(_, one)| plain(&one.name) == plain(name) && one.unit == *unit);
        let (above, one) = fits.next()?;
        if fits.next().is_some() {
            return None;
        }
        let (title, key) = (above.title.clone(), one.key);
        self.tell(false, &at.place, "plans.import.carries", &[name, &title]);
        Some(key)
    }
}

/// What an indicator is called: its own name, what the target says before its number, or the task.
fn name_of(line: &IndicatorLine, said: &str, title: &str) -> String {
    let name = line.name.text.replace('\n', "");
    match (name.as_str(), said) {
        ("", "") => title.to_owned(),
        ("", said) => said.to_owned(),
        // 工业投资 | 增长10%: without the word the target would say something else.
        (name, said) if said.contains("增") && !name.contains("增") => format!("{name}{said}"),
        (name, _) => name.to_owned(),
    }
}

/// A text as it is compared: blanks, width and quotation marks do not matter.
pub fn plain(text: &str) -> String {
    squeeze(text)
        .chars()
        .filter(|c| !matches!(c, '“' | '”' | '"' | '《' | '》' | '·' | '。'))
        .collect()
}
