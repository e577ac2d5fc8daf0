//! Who answers for the demo's projects: leaders at three levels, lead offices, residents, and a
//! rotation in July that the history shows.

use gangmu_domain::liaison::{About, Duty, Holder};
use gangmu_domain::library::ProjectId;
use gangmu_domain::organisation::DepartmentId;
use gangmu_domain::plans::PlanId;
use gangmu_store::library::{ListFilter, SortBy};

use super::people;
use super::story::Teller;
use crate::Actor;
use crate::error::{AppError, OrNotFound};
use crate::liaison::{AssignInput, Instead};
use crate::library::{ListPage, ListQuery};

/// How many projects the region's leader takes care of.
const REGION: i64 = 12;
/// How many each league's leader does.
const LEAGUE: i64 = 20;
/// How many a banner's leader does.
const BANNER: i64 = 15;

/// In February everybody is named for the year.
pub(super) async fn begin(teller: &Teller<'_>) -> Result<(), AppError> {
    let words = "演示发改重大字〔2025〕2号";
    let leader = person(teller, "leader").await?;
    let largest = largest(teller, &teller.region, "150000", REGION).await?;
    set(
        teller,
        &teller.region,
        "150000",
        Duty::Leader,
        leader,
        &ids(&largest),
        words,
    )
    .await?;
    for (league, clerk) in &teller.clerks {
        let largest = self::largest(teller, clerk, league, LEAGUE).await?;
        let named = match *league {
            "150500" => Holder::Named("通辽市原包联领导".to_owned()),
            _ => Holder::Named(format!("{}包联领导", largest.unit.name)),
        };
        set(
            teller,
            clerk,
            league,
            Duty::Leader,
            named,
            &ids(&largest),
            words,
        )
        .await?;
        lead_offices(teller, clerk, league, &largest, words).await?;
    }
    let (league, clerk) = tongliao(teller)?;
    let horqin = self::largest(teller, clerk, "150502", BANNER).await?;
    for (chain, login) in [
        ("aluminium", "leader-tongliao"),
        ("new_energy_equipment", "leader-tongliao"),
    ] {
        let input = AssignInput {
            projects: Vec::new(),
            duty: Duty::Leader,
            unit: (*league).to_owned(),
            holder: person(teller, login).await?,
            from: None,
            to: None,
            instead: Instead::Stay,
            reason: words.to_owned(),
        };
        let about = About::Chain(chain.to_owned());
        teller.app.charge(clerk, &about, &input).await?;
    }
    let leader = person(teller, "leader-horqin").await?;
    set(
        teller,
        clerk,
        "150502",
        Duty::Leader,
        leader,
        &ids(&horqin),
        words,
    )
    .await?;
    let resident = person(teller, "horqin").await?;
    set(
        teller,
        clerk,
        "150502",
        Duty::Resident,
        resident,
        &ids(&horqin),
        words,
    )
    .await?;
    let team = Holder::Named("铝基新材料产业链专班".to_owned());
    let some = self::largest(teller, clerk, league, 8).await?;
    set(
        teller,
        clerk,
        league,
        Duty::ServiceTeam,
        team,
        &ids(&some),
        words,
    )
    .await?;
    let contact = Holder::Named("项目公司综合部联络人".to_owned());
    set(
        teller,
        clerk,
        "150502",
        Duty::OwnerContact,
        contact,
        &ids(&horqin),
        words,
    )
    .await
}

/// In July another leader takes over what Tongliao's had.
pub(super) async fn rotate(teller: &Teller<'_>) -> Result<(), AppError> {
    let (league, clerk) = tongliao(teller)?;
    let leader = person(teller, "leader-tongliao").await?;
    let words = "演示发改重大字〔2025〕7号，领导分工调整";
    let taken = teller
        .app
        .liaison_page(
            clerk,
            &crate::liaison::LiaisonQuery {
                held: crate::liaison::HeldWord::Held,
                unit: Some((*league).to_owned()),
                per_page: 500,
                page: 1,
                ..crate::liaison::LiaisonQuery::default()
            },
        )
        .await?;
    let own = taken.rows.iter().filter(|row| {
        let mut standing = row.standing.iter();
        standing.any(|one| one.holder.name == "通辽市原包联领导")
    });
    let own: Vec<ProjectId> = own
        .map(|row| ProjectId(row.project.row.project_id))
        .collect();
    set(teller, clerk, league, Duty::Leader, leader, &own, words).await
}

fn tongliao<'a>(teller: &'a Teller<'_>) -> Result<&'a (&'static str, Actor), AppError> {
    let mut clerks = teller.clerks.iter();
    clerks
        .find(|(league, _)| *league == "150500")
        .or_not_found("user")
}

/// Tongliao's leader answers for a task of its list, counted from 1 as the plan prints it.
pub(super) async fn task_leader(
    teller: &Teller<'_>,
    clerk: &Actor,
    plan: PlanId,
    number: usize,
) -> Result<(), AppError> {
    let view = teller.app.plan_view(clerk, plan, None).await?;
    let task = view.tasks.iter().find(|one| one.number == number);
    let task = task.or_not_found("task")?.key;
    let input = AssignInput {
        projects: Vec::new(),
        duty: Duty::Leader,
        unit: "150500".to_owned(),
        holder: person(teller, "leader-tongliao").await?,
        from: None,
        to: None,
        instead: Instead::Stay,
        reason: "年度清单领导领衔（演示）".to_owned(),
    };
    let about = About::Task { plan, task };
    teller.app.charge(clerk, &about, &input).await
}

async fn person(teller: &Teller<'_>, login: &str) -> Result<Holder, AppError> {
    let found = people::actor(teller.app, &teller.system, login).await?;
    Ok(Holder::User(found.user))
}

/// The largest projects that are prepared or built.
async fn largest(
    teller: &Teller<'_>,
    clerk: &Actor,
    unit: &str,
    n: i64,
) -> Result<ListPage, AppError> {
    let words = ["preparation", "implementation"];
    let query = ListQuery {
        unit: Some(unit.to_owned()),
        filter: ListFilter {
            stages: words.map(str::to_owned).to_vec(),
            ..ListFilter::default()
        },
        sort: SortBy::Total,
        descending: true,
        page: 1,
        per_page: n,
        ..ListQuery::default()
    };
    teller.app.project_list(clerk, &query).await
}

fn ids(page: &ListPage) -> Vec<ProjectId> {
    let rows = page.rows.iter();
    rows.map(|row| ProjectId(row.row.project_id)).collect()
}

/// The department of each project leads it.
async fn lead_offices(
    teller: &Teller<'_>,
    clerk: &Actor,
    league: &str,
    page: &ListPage,
    words: &str,
) -> Result<(), AppError> {
    let reference = teller.app.reference().await?;
    let unit = reference.unit_by_code(league).or_not_found("unit")?;
    let mut departments: Vec<&str> = page
        .rows
        .iter()
        .filter_map(|row| row.department.as_deref())
        .collect();
    departments.sort_unstable();
    departments.dedup();
    for name in departments {
        let found = reference.department_by_any_name(name);
        let office = Holder::Office {
            unit: unit.path.clone(),
            department: found.map(|one| DepartmentId(one.department_id)),
        };
        let led = page
            .rows
            .iter()
            .filter(|row| row.department.as_deref() == Some(name));
        let led: Vec<ProjectId> = led.map(|row| ProjectId(row.row.project_id)).collect();
        set(teller, clerk, league, Duty::LeadUnit, office, &led, words).await?;
    }
    Ok(())
}

async fn set(
    teller: &Teller<'_>,
    clerk: &Actor,
    unit: &str,
    duty: Duty,
    holder: Holder,
    projects: &[ProjectId],
    words: &str,
) -> Result<(), AppError> {
    if projects.is_empty() {
        return Ok(());
    }
    let input = AssignInput {
        projects: projects.to_vec(),
        duty,
        unit: unit.to_owned(),
        holder,
        from: None,
        to: None,
        instead: Instead::Relieve,
        reason: words.to_owned(),
    };
    teller.app.assign(clerk, &input).await.map(|_| ())
}
