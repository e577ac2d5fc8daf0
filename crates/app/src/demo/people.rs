//! The people of the demo: posts, never persons.

use gangmu_domain::organisation::{Role, UserId};

use super::{DEMO_PASSWORD, DemoUser};
use crate::accounts::{KeepPassword, hash};
use crate::error::{AppError, OrNotFound};
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
        "leader-tongliao",
        "通辽市包联领导",
        Role::Leader,
        "150500",
        "",
    ),
    (
        "leader-horqin",
        "科尔沁区包联领导",
        Role::Leader,
        "150502",
        "",
    ),
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
        "approver",
        "科尔沁区政务服务综合窗口",
        Role::Approver,
        "150502",
        "",
    ),
    (
        "approver-league",
        "通辽市自然资源局审批科",
        Role::Approver,
        "150500",
        "natural_resources",
    ),
    (
        "approver-region",
        "自治区自然资源厅审批处",
        Role::Approver,
        "150000",
        "natural_resources",
    ),
    (
        "reporter",
        "科尔沁区项目单位填报人",
        Role::Reporter,
        "150502",
        "",
    ),
    (
        "supervisor-tongliao",
        "通辽市督查室",
        Role::Supervisor,
        "150500",
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

/// Departments that lead matters besides the one whose officers are listed above, with the name of
/// their office in a league.
const LEADING: [(&str, &str); 7] = [
    ("development_reform", "发展改革委"),
    ("ecology", "生态环境局"),
    ("water", "水利局"),
    ("forestry", "林草局"),
    ("housing", "住房城乡建设局"),
    ("transport", "交通运输局"),
    ("culture_tourism", "文化旅游局"),
];

/// An approving officer of one department at one unit.
pub(super) struct Officer {
    pub login: String,
    pub name: String,
    pub unit: String,
    /// Empty for all.
    pub department: String,
}

/// The approving officers of 通辽市, 科尔沁区 and the region.
pub(super) fn officers() -> Vec<Officer> {
    let listed = PEOPLE
        .iter()
        .filter(|(_, _, role, ..)| *role == Role::Approver);
    let mut all: Vec<Officer> = listed
        .map(|(login, name, _, unit, department)| Officer {
            login: (*login).to_owned(),
            name: (*name).to_owned(),
            unit: (*unit).to_owned(),
            department: (*department).to_owned(),
        })
        .collect();
    for (unit, prefix, level) in [
        ("150500", "通辽市", "league"),
        ("150000", "自治区", "region"),
    ] {
        for (department, office) in LEADING {
            all.push(Officer {
                login: format!("approver-{level}-{}", department.replace('_', "-")),
                name: format!("{prefix}{office}审批处（科）"),
                unit: unit.to_owned(),
                department: department.to_owned(),
            });
        }
    }
    all
}

/// The windows that handle everything of a league and its banners: login and the league's code.
pub(super) fn windows() -> impl Iterator<Item = (String, String)> {
    league_clerks().map(|(login, unit)| (format!("{login}-window"), unit.to_owned()))
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
    enter_offices(app, actor, &hash).await
}

/// Approving officers beyond those who are listed, and windows with a post at each of their units.
async fn enter_offices(app: &App, actor: &Actor, hash: &str) -> Result<(), AppError> {
    let enter = async |login: &str, name: &str| {
        app.user_enter(actor, login, name, hash.to_owned(), KeepPassword::Keep)
            .await
    };
    let listed = |login: &str| PEOPLE.iter().any(|(one, ..)| *one == login);
    for officer in officers().iter().filter(|one| !listed(&one.login)) {
        let user = enter(&officer.login, &officer.name).await?;
        let department = Some(officer.department.as_str());
        app.post_give(actor, user, Role::Approver, &officer.unit, department)
            .await?;
    }
    let reference = app.reference().await?;
    for (login, league) in windows() {
        let unit = reference.unit_by_code(&league).or_not_found("unit")?;
        let name = format!("{}政务服务综合窗口（含所辖旗县区）", unit.name);
        let user = enter(&login, &name).await?;
        let below = reference.children(&unit.path).into_iter();
        for place in std::iter::once(unit).chain(below) {
            app.post_give(actor, user, Role::Approver, &place.code, None)
                .await?;
        }
    }
    Ok(())
}

/// Returns somebody, ready to act.
pub(super) async fn actor(app: &App, system: &Actor, login: &str) -> Result<Actor, AppError> {
    let user: UserId = app.user_by_login(system, login).await?;
    app.actor(user).await
}
