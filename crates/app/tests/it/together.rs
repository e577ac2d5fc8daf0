//! Two people at once: one gets through, the other is told, and the totals stay what the entries
//! say. Both really run at the same time, several rounds each, because one round proves little.

use std::time::Duration;

use gangmu_app::dispatch::{Filing, TypedReturn};
use gangmu_app::domain::Yuan;
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::metrics::Edition;
use gangmu_app::domain::pipeline::Category;
use gangmu_app::{Actor, AppError};
use gangmu_store::Db;
use gangmu_testkit::{Outcome, each_engine};

use crate::dispatch::to_date;
use crate::naive::region;
use crate::support::{
    BANNER, ELSEWHERE, LEAGUE, Tried, World, change, draft, figures, period, said, wan, why,
};

each_engine!(
    of_two_who_edit_one_return_one_is_told,
    of_many_who_file_together_each_has_their_own_answer,
    of_many_who_file_one_return_together_one_gets_through,
    of_two_who_review_one_return_one_is_told,
    a_return_is_reviewed_or_taken_back_into_hand_not_both,
    a_month_closing_over_a_draft_loses_nothing_it_acknowledged,
    of_two_closings_one_is_told,
    of_two_mergers_of_one_project_one_is_told,
    of_two_mergers_of_each_other_one_is_told,
    an_edit_while_a_month_opens_or_closes_is_in_it_or_not,
);

const ROUNDS: usize = 6;

/// So many projects in one banner, on the list of 2025, with January open.
async fn january(w: &World, n: usize) -> Tried<Vec<ProjectId>> {
    let mut ids = Vec::new();
    for at in 0..n {
        ids.push(w.enter(&draft(&format!("项目{at}"))).await?);
    }
    let list: Vec<_> = ids
        .iter()
        .map(|id| (*id, Category::Continuing, 1_200))
        .collect();
    w.adopt(2025, &list).await?;
    w.open("2025-01").await?;
    Ok(ids)
}

/// What both were told, the better news first.
fn told<A, B>(one: &Result<A, AppError>, other: &Result<B, AppError>) -> [String; 2] {
    let mut told = [said(one), said(other)];
    told.sort_by_key(|word| word != "ok");
    told
}

async fn of_two_who_edit_one_return_one_is_told(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let month = period("2025-01");
    for id in january(&w, ROUNDS).await? {
        let typed = |wan| w.typed("2025-01", id, figures("2025-01", wan));
        let (one, other) = (typed(100).await?, typed(70).await?);
        let (one, other) = tokio::join!(
            w.app.return_save(&w.system, month, one),
            w.app
                .returns_file(&w.system, month, vec![other], Filing::Submit),
        );
        assert_eq!(told(&one, &other), ["ok", "return changed"]);
        let kept = w.filed("2025-01", id).await?.filed.figures.month;
        let wanted = if one.is_ok() { 100 } else { 70 };
        assert_eq!(kept, Some(Yuan::wan(wanted)), "whoever got through stands");
    }
    w.sound().await
}

/// Lets many file while somebody else writes, so that they come to wait together where there is
/// one writer; tells what each was answered, in their order.
async fn file_together(w: &World, asked: Vec<(Actor, TypedReturn)>) -> Tried<Vec<String>> {
    let writing = w.db.begin().await?;
    let mut filing = Vec::new();
    for (actor, typed) in asked {
        let app = w.app.clone();
        filing.push(tokio::spawn(async move {
            let month = period("2025-01");
            let filed = app.returns_file(&actor, month, vec![typed], Filing::Submit);
            said(&filed.await)
        }));
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    drop(writing);
    let mut told = Vec::new();
    for one in filing {
        told.push(one.await?);
    }
    Ok(told)
}

async fn of_many_who_file_together_each_has_their_own_answer(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = january(&w, 12).await?;
    let stranger = w.clerk(ELSEWHERE).await?;
    let (not_seen, too_much) = (1, 3);
    let mut asked = Vec::new();
    for (at, id) in ids.iter().enumerate() {
        let wan = if at == too_much { 1_000_000 } else { 10 };
        let actor = if at == not_seen { &stranger } else { &w.system };
        let typed = w.typed("2025-01", *id, figures("2025-01", wan)).await?;
        asked.push((actor.clone(), typed));
    }
    let told = file_together(&w, asked).await?;
    for (at, told) in told.iter().enumerate() {
        let status = w.filed("2025-01", ids[at]).await?.filed.status.word();
        let wrong = [not_seen, too_much].contains(&at);
        let wanted = if wrong { "due" } else { "submitted" };
        assert_eq!(status, wanted, "{at}: {told}");
        assert_eq!(told == "ok", !wrong, "{at}: {told}");
    }
    w.sound().await
}

async fn of_many_who_file_one_return_together_one_gets_through(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    for id in january(&w, 2).await? {
        let mut asked = Vec::new();
        for wan in [10, 20, 30, 40, 50] {
            let typed = w.typed("2025-01", id, figures("2025-01", wan)).await?;
            asked.push((w.system.clone(), typed));
        }
        let mut told = file_together(&w, asked).await?;
        told.sort();
        let changed = "return changed";
        assert_eq!(told, ["ok", changed, changed, changed, changed]);
        assert_eq!(w.filed("2025-01", id).await?.filed.version, 2);
        let events = w
            .app
            .return_events(&w.system, period("2025-01"), id)
            .await?;
        assert_eq!(events.len(), 1, "handed in once");
    }
    w.sound().await
}

async fn of_two_who_review_one_return_one_is_told(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let month = period("2025-01");
    let (banner, league) = (w.clerk(BANNER).await?, w.clerk(LEAGUE).await?);
    for id in january(&w, ROUNDS).await? {
        w.submit("2025-01", id, 100).await?;
        let seen = [(id, w.filed("2025-01", id).await?.filed.version)];
        let (passed, back) = tokio::join!(
            w.app.returns_review(&banner, month, &seen),
            w.app.return_send_back(&league, month, seen[0], "单位有误"),
        );
        assert_eq!(told(&passed, &back), ["ok", "return changed"]);
        let events = w.app.return_events(&w.system, month, id).await?;
        assert_eq!(events.len(), 2, "handed in, and one decision");
    }
    w.sound().await
}

/// The reviewer sends it back; the reporter, who saw it submitted, cannot have written over it.
async fn a_return_is_reviewed_or_taken_back_into_hand_not_both(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let month = period("2025-01");
    let league = w.clerk(LEAGUE).await?;
    for id in january(&w, ROUNDS).await? {
        let draft = w.typed("2025-01", id, figures("2025-01", 100)).await?;
        w.app.return_save(&w.system, month, draft).await?;
        // One hands the draft in and another goes on typing, while it is already looked at.
        let typed = |wan| w.typed("2025-01", id, figures("2025-01", wan));
        let (submitted, edited) = (typed(100).await?, typed(130).await?);
        let seen = [(id, submitted.version + 1)];
        let (submitted, edited, reviewed) = tokio::join!(
            w.app
                .returns_file(&w.system, month, vec![submitted], Filing::Submit),
            w.app.return_save(&w.system, month, edited),
            w.app.returns_review(&league, month, &seen),
        );
        assert_eq!(told(&submitted, &edited), ["ok", "return changed"]);
        let row = w.filed("2025-01", id).await?;
        let status = row.filed.status.word();
        let what = format!("{status}, the reviewer was told {}", said(&reviewed));
        if submitted.is_ok() {
            assert_eq!(row.filed.figures.month, Some(Yuan::wan(100)), "{what}");
            assert_eq!(status, "submitted", "{what}");
        } else {
            assert_eq!(row.filed.figures.month, Some(Yuan::wan(130)), "{what}");
            assert_eq!(status, "draft", "{what}");
            assert!(reviewed.is_err(), "nobody reviews a draft: {what}");
        }
    }
    w.sound().await
}

async fn a_month_closing_over_a_draft_loses_nothing_it_acknowledged(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = january(&w, 3).await?;
    let mut month = period("2025-01");
    for round in 0..ROUNDS {
        let name = month.to_string();
        let draft = w.typed(&name, ids[0], figures(&name, 100)).await?;
        w.app.return_save(&w.system, month, draft).await?;
        let typed = |id: ProjectId, wan| w.typed(&name, id, figures(&name, wan));
        let open = typed(ids[0], 120).await?;
        let handed_in = vec![typed(ids[1], 10).await?, typed(ids[2], 10).await?];
        let (saved, filed, closed) = tokio::join!(
            w.app.return_save(&w.system, month, open),
            w.app
                .returns_file(&w.system, month, handed_in, Filing::Submit),
            w.app.period_close(&w.system, month, None),
        );
        assert_eq!(said(&closed), "ok");
        let closed = format!("dispatch.period_closed ({name})");
        let kept = w.filed(&name, ids[0]).await?.filed;
        assert_eq!(kept.status.word(), "missing", "round {round}");
        let wanted = match said(&saved).as_str() {
            "ok" => 120,
            other => {
                assert_eq!(other, closed);
                100
            }
        };
        assert_eq!(kept.figures.month, Some(Yuan::wan(wanted)));
        // What was acknowledged before the closing is published, what was refused is not.
        let status = w.filed(&name, ids[1]).await?.filed.status.word();
        match said(&filed).as_str() {
            "ok" => assert_eq!(status, "submitted"),
            other => assert_eq!((other, status), (closed.as_str(), "missing")),
        }
        let (now, published) = to_date(&w, &name).await?;
        assert_eq!(now, published, "{name}");
        month = month.next();
        w.open(&month.to_string()).await?;
    }
    w.sound().await
}

async fn of_two_closings_one_is_told(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = january(&w, 1).await?;
    let league = w.clerk(LEAGUE).await?;
    let mut month = period("2025-01");
    for _ in 0..ROUNDS {
        let name = month.to_string();
        w.submit(&name, ids[0], 10).await?;
        let already = format!("dispatch.period_closed ({name})");
        let (one, other) = tokio::join!(
            w.app.period_close(&league, month, None),
            w.app.period_close(&league, month, None),
        );
        assert_eq!(told(&one, &other), ["ok", &already]);
        let (one, other) = tokio::join!(
            w.app.period_close(&w.system, month, None),
            w.app.period_close(&w.system, month, None),
        );
        assert_eq!(told(&one, &other), ["ok", &already]);
        let (now, published) = to_date(&w, &name).await?;
        assert_eq!(now, published, "published once");
        month = month.next();
        w.open(&month.to_string()).await?;
    }
    w.sound().await
}

async fn of_two_mergers_of_one_project_one_is_told(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = january(&w, 3 * ROUNDS).await?;
    for id in &ids {
        w.submit("2025-01", *id, 10).await?;
    }
    let before = region(&w, period("2025-01"), Edition::Current).await?;
    for three in ids.chunks(3) {
        let (because, third) = (why("合并实施"), [three[2]]);
        let (one, other) = tokio::join!(
            w.app.merge(&w.system, three[0], &third, &because),
            w.app.merge(&w.system, three[1], &third, &because),
        );
        assert_eq!(told(&one, &other), ["ok", "pipeline.left (merged)"]);
    }
    let after = region(&w, period("2025-01"), Edition::Current).await?;
    for kept in [1, 2, 4, 5] {
        assert_eq!(after[kept], before[kept], "figure {kept} is counted once");
    }
    w.sound().await
}

/// Each waits for what the other holds, unless they take it in one order.
async fn of_two_mergers_of_each_other_one_is_told(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = january(&w, 2 * ROUNDS).await?;
    for two in ids.chunks(2) {
        let because = why("合并实施");
        let (first, second) = ([two[0]], [two[1]]);
        let (one, other) = tokio::join!(
            w.app.merge(&w.system, two[0], &second, &because),
            w.app.merge(&w.system, two[1], &first, &because),
        );
        assert_eq!(told(&one, &other), ["ok", "pipeline.left (merged)"]);
    }
    w.sound().await
}

async fn an_edit_while_a_month_opens_or_closes_is_in_it_or_not(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let ids = january(&w, 4).await?;
    let mut month = period("2025-01");
    for round in 0..ROUNDS {
        let total = 20_000 + i64::try_from(round)? * 1_000;
        let edit = |total| change(Field::TotalInvestment, wan(total));
        let (first, second) = (edit(total), edit(total + 500));
        let (edited, closed) = tokio::join!(
            w.app.project_edit(&w.system, ids[round % 4], None, &first),
            w.app.period_close(&w.system, month, None),
        );
        edited?;
        closed?;
        let now = region(&w, month, Edition::Current).await?;
        let published = region(&w, month, Edition::Published).await?;
        assert_eq!(now, published, "a closed month does not move: {month}");
        let (edited, opened) = tokio::join!(
            w.app.project_edit(&w.system, ids[round % 4], None, &second),
            w.app.period_open(&w.system, month.next()),
        );
        edited?;
        opened?;
        month = month.next();
        let row = w.filed(&month.to_string(), ids[round % 4]).await?;
        let wanted = Yuan::wan(total + 500);
        assert_eq!(row.position.entry.total, wanted, "an open month follows");
    }
    w.sound().await
}
