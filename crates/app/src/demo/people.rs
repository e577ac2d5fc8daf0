//! The people of the demo: posts, never persons.

use gangmu_domain::organisation::{Role, UserId};

use super::{DEMO_PASSWORD, DemoUser};
use crate::accounts::{KeepPassword, hash};
use crate::error::AppError;
use crate::{Actor, App};

/// Login, name, role, unit, department.
type Person = (&'static str, &'static str, Role, &'static str, &'static str);

const PEOPLE: &[Person] = &[
    (
        "region",
        "自治区发改委重大项目处",
        Role::Clerk,
        "150000",
        "",
    ),
    ("leader", "自治区包联领导", Role::Leader, "150000", ""),
    (
        "industry",
        "自治区工信厅投资处",
        Role::Officer,
        "150000",
        "industry",
    ),
    ("supervisor", "自治区督查室", Role::Supervisor, "150000", ""),
    ("auditor", "审计员", Role::Auditor, "150000", ""),
    (
        "security",
        "安全保密员",
        Role::SecurityAdministrator,
        "150000",
        "",
    ),
    (
        "system",
        "系统管理员",
        Role::SystemAdministrator,
        "150000",
        "",
    ),
    (
        "hohhot",
        "呼和浩特市发改委填报员",
        Role::Clerk,
        "150100",
        "",
    ),
    ("baotou", "包头市发改委填报员", Role::Clerk, "150200", ""),
    ("wuhai", "乌海市发改委填报员", Role::Clerk, "150300", ""),
    ("chifeng", "赤峰市发改委填报员", Role::Clerk, "150400", ""),
    ("tongliao", "通辽市发改委填报员", Role::Clerk, "150500", ""),
    ("ordos", "鄂尔多斯市发改委填报员", Role::Clerk, "150600", ""),
    (
        "hulunbuir",
        "呼伦贝尔市发改委填报员",
        Role::Clerk,
        "150700",
        "",
    ),
    (
        "bayannur",
        "巴彦淖尔市发改委填报员",
        Role::Clerk,
        "150800",
        "",
    ),
    (
        "ulanqab",
        "乌兰察布市发改委填报员",
        Role::Clerk,
        "150900",
        "",
    ),
    ("hinggan", "兴安盟发改委填报员", Role::Clerk, "152200", ""),
    (
        "xilingol",
        "锡林郭勒盟发改委填报员",
        Role::Clerk,
        "152500",
        "",
    ),
    ("alxa", "阿拉善盟发改委填报员", Role::Clerk, "152900", ""),
    ("horqin", "科尔沁区发改委填报员", Role::Clerk, "150502", ""),
    ("jarud", "扎鲁特旗发改委填报员", Role::Clerk, "150526", ""),
    ("naiman", "奈曼旗发改委填报员", Role::Clerk, "150525", ""),
    (
        "holingol",
        "霍林郭勒市发改委填报员",
        Role::Clerk,
        "150581",
        "",
    ),
    (
        "reporter",
        "科尔沁区项目单位填报人",
        Role::Reporter,
        "150502",
        "",
    ),
];

/// Lists who can log in.
pub(super) fn users() -> Vec<DemoUser> {
    PEOPLE
        .iter()
        .map(|(login, name, role, unit, _)| DemoUser {
            login,
            name,
            role: role.word(),
            unit,
        })
        .collect()
}

/// The league clerks with their units.
pub(super) fn league_clerks() -> impl Iterator<Item = (&'static str, &'static str)> {
    PEOPLE
        .iter()
        .filter(|(_, _, role, unit, _)| {
            *role == Role::Clerk && unit.ends_with("00") && *unit != "150000"
        })
        .map(|(login, _, _, unit, _)| (*login, *unit))
}

/// Enters everybody. The password is hashed once: it is printed anyway.
pub(super) async fn enter(app: &App, actor: &Actor) -> Result<(), AppError> {
    let hash = hash(DEMO_PASSWORD.to_owned(), "password").await?;
    for (login, name, role, unit, department) in PEOPLE {
        let user = app
            .user_enter(actor, login, name, hash.clone(), KeepPassword::Keep)
            .await?;
        let department = Some(*department).filter(|code| !code.is_empty());
        app.post_give(actor, user, *role, unit, department).await?;
    }
    Ok(())
}

/// Returns somebody, ready to act.
pub(super) async fn actor(app: &App, system: &Actor, login: &str) -> Result<Actor, AppError> {
    let user: UserId = app.user_by_login(system, login).await?;
    app.actor(user).await
}
