//! Which task of the draft a task of the file is, and what the draft becomes.

use gangmu_domain::plans::{ChangeKind, Content, Task, Wrong, compare};
use gangmu_exchange::tasks::{TaskLine, TaskTables};

use super::super::draft::{Draft, flaws};
use super::super::{draft, export};
use super::Proposal;
use super::piece::{Piece, plain};
use super::view::ImportNote;
use crate::Reference;
use crate::likeness::like;

/// A task of the file and what becomes of it.
pub struct Proposed {
    /// new, changed, unchanged or refused.
    pub status: &'static str,
    pub place: String,
    pub title: String,
    /// Its key in the content proposed; none for a refused one.
    pub key: Option<u32>,
    pub notes: Vec<ImportNote>,
}

/// How many percent two titles of one number must share to be the same task renamed.
const RENAMED: u32 = 50;

/// Lays the tasks of a file over a draft.
pub fn merge(reference: &Reference, draft: &Draft, tables: &TaskTables) -> Proposal {
    let before = &draft.version.content;
    let same = pair(before, &tables.tasks);
    let mut content = before.clone();
    let mut tasks = Vec::new();
    let mut notes = Vec::new();
    // New tasks stand behind the one that stands before them in the file.
    let mut at = 0;
    for (line, old) in tables.tasks.iter().zip(&same) {
        let old = old.and_then(|at| before.tasks.get(at));
        let mut piece = Piece::new(reference, draft);
        let mut task = piece.task(line, old, old.map_or(0, |old| old.key));
        if task.indicators.len() > draft::MOST_INDICATORS {
            let most = draft::MOST_INDICATORS.to_string();
            piece.notes.push(ImportNote {
                place: line.title.place.clone(),
                code: "plans.import.many_indicators",
                params: vec![most],
                is_error: true,
            });
        }
        let refused = piece.is_refused();
        tasks.push(Proposed {
            status: if refused { "refused" } else { "" },
            place: line.title.place.clone(),
            title: line.name.replace('\n', " "),
            key: None,
            notes: piece.notes,
        });
        if refused {
            continue;
        }
        if old.is_none() {
            task.key = content.take_key();
        }
        for one in task.indicators.iter_mut().filter(|one| one.key == 0) {
            one.key = content.take_key();
        }
        if let Some(proposed) = tasks.last_mut() {
            proposed.key = Some(task.key);
        }
        let place = content.tasks.iter().position(|one| one.key == task.key);
        at = match place.and_then(|at| Some((at, content.tasks.get_mut(at)?))) {
            Some((at, old)) => {
                *old = task;
                at + 1
            }
            None => {
                let at = at.min(content.tasks.len());
                content.tasks.insert(at, task);
                at + 1
            }
        };
    }
    if content.tasks.len() > draft::MOST_TASKS {
        notes.push(ImportNote {
            place: String::new(),
            code: "plans.too_many_tasks",
            params: Vec::new(),
            is_error: true,
        });
        for task in &mut tasks {
            task.status = "refused";
        }
    }
    settle(reference, draft, &content, &mut tasks);
    let absent = before.tasks.iter().enumerate();
    let absent = absent.filter(|(at, _)| !same.contains(&Some(*at)));
    Proposal {
        absent: absent.map(|(_, task)| task.title.clone()).collect(),
        content,
        tasks,
        notes,
    }
}

/// Says what became of each task, and what stands against it as it would be.
fn settle(reference: &Reference, draft: &Draft, content: &Content, tasks: &mut [Proposed]) {
    let changes = compare(&draft.version.content, content);
    let all = flaws(reference, &draft.plan.office, content, draft.upper.as_ref());
    for task in tasks.iter_mut().filter(|task| task.status.is_empty()) {
        let own = changes.iter().filter(|one| Some(one.task) == task.key);
        let mut own = own.map(|one| (one.kind, one.indicator));
        task.status = match own.next() {
            None => "unchanged",
            Some((ChangeKind::Added, 0)) => "new",
            Some(_) => "changed",
        };
        if task.status == "unchanged" {
            continue;
        }
        for flaw in all.iter().filter(|flaw| Some(flaw.task) == task.key) {
            // The parts of a changed target are typed elsewhere and may lag behind for a while.
            let is_error = !matches!(
                flaw.wrong,
                Wrong::DoesNotAddUp { .. } | Wrong::StepsEnd { .. } | Wrong::ShareTwice
            );
            task.notes.push(ImportNote {
                place: task.place.clone(),
                code: flaw.wrong.code(),
                params: flaw.wrong.params(),
                is_error,
            });
        }
        if task.notes.iter().any(|note| note.is_error) {
            task.status = "refused";
        }
    }
}

/// Says whether a task of the draft, with its place there, is a task of the file.
type IsSame<'a> = dyn Fn(&Task, &TaskLine, usize) -> bool + 'a;

/// For each task of the file the place of the task of the draft that it is.
fn pair(before: &Content, lines: &[TaskLine]) -> Vec<Option<usize>> {
    let mut free: Vec<usize> = (0..before.tasks.len()).collect();
    let mut same = vec![None; lines.len()];
    let printed = |task: &Task, line: &TaskLine| {
        export::title_text(&task.title, &task.body) == line.title.text
    };
    let titled = |task: &Task, line: &TaskLine| {
        let title = line.name.split(['。', '\n']).next().unwrap_or_default();
        plain(&task.title) == plain(title)
    };
    let renamed = |task: &Task, line: &TaskLine, at: usize| {
        let number = line.number.and_then(|number| usize::try_from(number).ok());
        number == Some(at + 1) && like(&task.title, &line.name) >= RENAMED
    };
    let passes: [&IsSame<'_>; 3] = [
        &|task, line, _| printed(task, line),
        &|task, line, _| titled(task, line),
        &renamed,
    ];
    for fits in passes {
        for (line, place) in lines.iter().zip(&mut same) {
            if place.is_some() {
                continue;
            }
            let found = free.iter().position(|at| {
                let task = before.tasks.get(*at);
                task.is_some_and(|task| fits(task, line, *at))
            });
            *place = found.map(|found| free.remove(found));
        }
    }
    same
}
