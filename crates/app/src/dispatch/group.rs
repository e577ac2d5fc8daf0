//! Filing together what comes at the same time: one transaction, and one wait for the disk.
//!
//! Where the engine has one writer, filings wait for each other anyway. Those that wait while a
//! transaction runs are filed by the next one together; whoever gets the turn does it for all.
//! Each is decided by itself and told its own answer, after the commit: a refusal undoes no other,
//! and of two for one return the later in line finds it changed. Where transactions run side by
//! side (PostgreSQL) nothing is gained by holding one up for another, so each goes alone; the
//! server gathers their commits itself.
//!
//! What one would get wrong: the work runs in a task of its own, because whoever has the turn may
//! hang up, and the others still wait for their answers.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use gangmu_domain::Period;
use gangmu_domain::library::ProjectId;
use tokio::sync::oneshot;

use super::file::{Asked, Filed};
use super::{Filing, TypedReturn};
use crate::error::AppError;
use crate::{Actor, App};

/// A transaction takes no more returns than this, unless one person files more at a time.
const MOST_RETURNS: usize = 500;

type Answer = Result<Vec<Filed>, AppError>;

/// Those who wait to file.
#[derive(Default)]
pub(crate) struct Group {
    waiting: Mutex<VecDeque<Waiting>>,
    turn: Arc<tokio::sync::Mutex<()>>,
}

struct Waiting {
    actor: Actor,
    period: Period,
    batch: Vec<TypedReturn>,
    filing: Filing,
    answer: oneshot::Sender<Answer>,
}

impl Waiting {
    fn asked(&self) -> Asked<'_> {
        Asked {
            actor: &self.actor,
            period: self.period,
            batch: &self.batch,
            filing: self.filing,
        }
    }
}

impl Group {
    fn join(&self, waiting: Waiting) {
        let mut queue = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        queue.push_back(waiting);
    }

    /// Takes those who are next, without those who have hung up.
    fn next(&self) -> Vec<Waiting> {
        let mut queue = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut next: Vec<Waiting> = Vec::new();
        let mut returns = 0;
        while let Some(first) = queue.front() {
            returns += first.batch.len();
            if returns > MOST_RETURNS && !next.is_empty() {
                break;
            }
            next.extend(queue.pop_front().filter(|one| !one.answer.is_closed()));
        }
        next
    }
}

impl App {
    /// Files a batch, with those of others where that is of use, and returns what stands then.
    pub(super) async fn filed(
        &self,
        actor: &Actor,
        period: Period,
        batch: Vec<TypedReturn>,
        filing: Filing,
    ) -> Answer {
        let (answer, mut told) = oneshot::channel();
        let waiting = Waiting {
            actor: actor.clone(),
            period,
            batch,
            filing,
            answer,
        };
        if !self.db.engine().has_one_writer() {
            return self.file_alone(&waiting).await;
        }
        self.group.join(waiting);
        loop {
            tokio::select! {
                biased;
                answer = &mut told => {
                    return answer.unwrap_or_else(|_| Err(AppError::state("internal")));
                }
                turn = Arc::clone(&self.group.turn).lock_owned() => {
                    let (app, actor) = (self.clone(), actor.clone());
                    let lead = async move {
                        app.file_next(&actor).await;
                        drop(turn);
                    };
                    // A panic is told by the answer that never comes.
                    let _ = tokio::spawn(lead).await;
                }
            }
        }
    }

    /// Files what those who are next ask for and tells each of them.
    async fn file_next(&self, leader: &Actor) {
        let mut group = Vec::new();
        match self.file_group(leader, &mut group).await {
            Ok(answers) => {
                for (one, answer) in group.into_iter().zip(answers) {
                    // Whoever has hung up meanwhile is not told.
                    let _ = one.answer.send(answer);
                }
            }
            // What the database does not take from one must not undo the others.
            Err(_) => {
                for one in group {
                    let answer = self.file_alone(&one).await;
                    let _ = one.answer.send(answer);
                }
            }
        }
    }

    /// Files a group in one transaction. It takes the group once the transaction has begun: until
    /// then more come.
    async fn file_group(
        &self,
        leader: &Actor,
        group: &mut Vec<Waiting>,
    ) -> Result<Vec<Answer>, AppError> {
        let begun = self.begin(leader).await;
        *group = self.group.next();
        let mut begun = begun?;
        let mut answers: Vec<(usize, Answer)> = Vec::with_capacity(group.len());
        for round in rounds(group) {
            let asked: Vec<Asked<'_>> = round.iter().map(|(_, one)| one.asked()).collect();
            let told = self.file_all(&mut begun.work(), &asked).await?;
            answers.extend(round.iter().map(|(at, _)| *at).zip(told));
        }
        begun.commit().await?;
        answers.sort_by_key(|(at, _)| *at);
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }

    /// Files one batch in a transaction of its own.
    async fn file_alone(&self, one: &Waiting) -> Answer {
        let mut begun = self.begin(&one.actor).await?;
        let answers = self.file_all(&mut begun.work(), &[one.asked()]).await?;
        let filed: Vec<Vec<Filed>> = answers.into_iter().collect::<Result<_, _>>()?;
        begun.commit().await?;
        Ok(filed.into_iter().flatten().collect())
    }
}

/// Sorts a group into rounds, each with its place in line: who files a return that another files
/// too comes a round later, and finds what the other made of it.
fn rounds(group: &[Waiting]) -> Vec<Vec<(usize, &Waiting)>> {
    let mut rounds: Vec<Vec<(usize, &Waiting)>> = Vec::new();
    let mut next: BTreeMap<ProjectId, usize> = BTreeMap::new();
    for (at, one) in group.iter().enumerate() {
        let projects = one.batch.iter().map(|typed| typed.project);
        let round = projects.filter_map(|id| next.get(&id).copied()).max();
        let round = round.unwrap_or_default();
        for typed in &one.batch {
            next.insert(typed.project, round + 1);
        }
        match rounds.get_mut(round) {
            Some(together) => together.push((at, one)),
            None => rounds.push(vec![(at, one)]),
        }
    }
    rounds
}
