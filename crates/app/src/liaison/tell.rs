//! Telling people what they answer for from now on, and what they are to sign.
//!
//! What a reader would get wrong: whoever is set for many projects at once hears of it once.

use gangmu_domain::liaison::Holder;
use gangmu_domain::organisation::{UnitPath, UserId};
use gangmu_store::Tx;
use gangmu_store::accounts::Notice;
use jiff::civil::Date;

use crate::error::AppError;
use crate::notices::NoticeBody;
use crate::{Actor, App};

/// What somebody is told.
pub(super) struct Charged<'a> {
    /// Who.
    pub holder: &'a Holder,
    /// On whose side.
    pub unit: &'a UnitPath,
    /// The duty's word, or `handed_over`.
    pub act: &'static str,
    /// What they answer for, where it is one thing.
    pub name: Option<String>,
    /// How many things.
    pub n: usize,
    /// From which day on.
    pub from: Date,
    /// The hand-over that is to be signed.
    pub handover: Option<i64>,
}

impl App {
    /// Tells the person who holds something, where it is a person with an account.
    pub(super) async fn charged_told(
        &self,
        tx: &Tx,
        actor: &Actor,
        told: Charged<'_>,
    ) -> Result<(), AppError> {
        let Holder::User(UserId(user)) = told.holder else {
            return Ok(());
        };
        let body = NoticeBody {
            name: told.name,
            act: Some(told.act.to_owned()),
            late: i64::try_from(told.n).ok(),
            due_on: Some(told.from.to_string()),
            user: Some(*user),
            handover: told.handover,
            ..NoticeBody::default()
        };
        let notice = Notice {
            notice_id: 0,
            at: self.now(),
            from_user_id: actor.user.0,
            unit_path: told.unit.as_str().to_owned(),
            project_id: None,
            period: None,
            kind: "duty".to_owned(),
            body: serde_json::to_string(&body).unwrap_or_default(),
        };
        self.notify(tx, &notice).await
    }
}
