//! Writing a notice: into the inboxes of those it is for, and into the outbox for what goes
//! further, all in the transaction of what it tells of.
//!
//! What one would get wrong: this is the only way to write a notice, which a test checks. The same
//! words about the same thing on one day are one reason, and a reason reaches a person once.

use std::collections::BTreeSet;

use gangmu_domain::notices::{Audience, Channel, Holder, NoticeKind, Preference};
use gangmu_domain::organisation::{DepartmentId, Role, UnitPath, UserId};
use gangmu_store::accounts::{self, Notice, Post};
use gangmu_store::notices::{self, NewCopy};
use gangmu_store::{Conn, Tx, library};
use sha2::{Digest as _, Sha256};

use super::NoticeBody;
use super::preferences::preference_of;
use crate::clock::{civil_of, day_of, instant_of};
use crate::error::AppError;
use crate::{App, Reference};

impl App {
    /// Writes a notice and everything that follows from it.
    pub(crate) async fn notify(&self, tx: &Tx, notice: &Notice) -> Result<(), AppError> {
        let id = accounts::notice_insert(tx, notice).await?;
        let reference = self.reference().await?;
        let addressed = Addressed::read(tx, notice).await?;
        let users: Vec<UserId> = addressed.users(&reference).into_iter().collect();
        let reason = reason(notice);
        let new = notices::inbox_insert(tx, id, &reason, &users).await?;
        let copy = |channel, recipient, not_before| NewCopy {
            channel,
            recipient,
            reason: reason.clone(),
            notice_id: id,
            at: notice.at,
            not_before,
        };
        for row in notices::preference_list_of(tx, &new).await? {
            let from = send_from(&preference_of(&row), notice);
            if let (Some(from), false) = (from, row.address.is_empty()) {
                let copy = copy(Channel::Mail, row.user_id.to_string(), from);
                notices::outbox_insert(tx, &copy).await?;
            }
        }
        for robot in &self.channels.robots {
            let Some(place) = reference.unit_by_code(&robot.unit) else {
                continue;
            };
            // A group hears what its office's clerks hear.
            let group = Holder {
                user: UserId(-1),
                role: Role::Clerk,
                level: reference.level(&place.path),
                unit: &place.path,
                department: None,
            };
            let from = send_from(&robot.preference, notice);
            if let (Some(from), true) = (from, addressed.audience().has(group)) {
                let copy = copy(Channel::Robot, robot.name.clone(), from);
                notices::outbox_insert(tx, &copy).await?;
            }
        }
        Ok(())
    }
}

/// Whom a notice is for, and who holds a post there today.
pub(super) struct Addressed {
    unit: UnitPath,
    department: Option<DepartmentId>,
    role: Option<Role>,
    reporter: Option<Option<UserId>>,
    only: Option<UserId>,
    from: UserId,
    posts: Vec<Post>,
}

impl Addressed {
    /// Reads it from a notice.
    pub(super) async fn read(conn: &impl Conn, notice: &Notice) -> Result<Self, AppError> {
        let body: NoticeBody = serde_json::from_str(&notice.body).unwrap_or_default();
        let unit = UnitPath::from_stored(notice.unit_path.clone());
        let posts = notices::post_list_above(conn, &unit).await?;
        Ok(Self {
            department: body.department.filter(|id| *id != 0).map(DepartmentId),
            role: body.who.as_deref().and_then(Role::from_word),
            reporter: reporter(conn, notice, &posts).await?,
            only: body.user.map(UserId),
            from: UserId(notice.from_user_id),
            unit,
            posts,
        })
    }

    fn audience(&self) -> Audience<'_> {
        Audience {
            unit: &self.unit,
            department: self.department,
            role: self.role,
            reporter: self.reporter,
            only: self.only,
            from: self.from,
        }
    }

    /// Lists the people who hear of it.
    pub(super) fn users(&self, reference: &Reference) -> BTreeSet<UserId> {
        let audience = self.audience();
        let hears = |post: &&Post| {
            audience.has(Holder {
                user: post.user,
                role: post.role,
                level: reference.level(&post.unit),
                unit: &post.unit,
                department: post.department,
            })
        };
        let posts = self.posts.iter().filter(hears);
        posts.map(|post| post.user).collect()
    }
}

/// Who reports for the project a notice is about; asked only when a reporter might hear of it.
async fn reporter(
    conn: &impl Conn,
    notice: &Notice,
    posts: &[Post],
) -> Result<Option<Option<UserId>>, AppError> {
    let Some(project) = notice.project_id else {
        return Ok(None);
    };
    if posts.iter().all(|post| post.role != Role::Reporter) {
        return Ok(Some(None));
    }
    let found = library::project_list_of(conn, &[project]).await?;
    Ok(Some(found.first().and_then(|project| project.reporter)))
}

/// The instant from which a notice may be sent on; `None` when it stays in the inbox.
pub(super) fn send_from(preference: &Preference, notice: &Notice) -> Option<i64> {
    let kind = NoticeKind::of(&notice.kind);
    let from = preference.send_from(kind, civil_of(notice.at))?;
    Some(instant_of(from).max(notice.at))
}

/// What a notice is told for. A chase is one however many returns came in since the last of the
/// day; any other notice is the same when it says the same.
fn reason(notice: &Notice) -> String {
    let says = match NoticeKind::of(&notice.kind) {
        NoticeKind::Chase => "",
        _ => notice.body.as_str(),
    };
    let number = |of: Option<i64>| of.map_or_else(String::new, |n| n.to_string());
    let parts = [
        notice.unit_path.as_str(),
        &number(notice.project_id),
        &number(notice.period),
        says,
    ];
    let digest = Sha256::digest(parts.join("\n").as_bytes());
    let digest: String = digest
        .iter()
        .take(12)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    format!("{} {} {digest}", notice.kind, day_of(notice.at))
}
