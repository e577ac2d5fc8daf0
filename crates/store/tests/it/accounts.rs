//! Users, posts, sessions, audit, notices.

use gangmu_store::Db;
use gangmu_store::accounts::{self, LoginSession};
use gangmu_testkit::{Outcome, each_engine};

each_engine!(a_session_ends_at_its_instant);

async fn a_session_ends_at_its_instant(db: &Db) -> Outcome {
    let session = LoginSession {
        session_id: "digest".to_owned(),
        user_id: 7,
        body: "{}".to_owned(),
        expires_at: 1_000,
    };
    let tx = db.begin().await?;
    accounts::session_put(&tx, &session, 10).await?;
    tx.commit().await?;
    assert_eq!(
        accounts::session_get(db, "digest", 999).await?,
        Some(session)
    );
    assert_eq!(accounts::session_get(db, "digest", 1_000).await?, None);
    Ok(())
}
