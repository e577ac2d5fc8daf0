//! Visits and meetings of the demo: a weekly series of a league with one meeting held and one
//! prepared, a monthly one of the region, a leader who was on the site.

use gangmu_domain::Period;
use gangmu_domain::liaison::{Bond, KeepAct, Visit, VisitKind};
use gangmu_domain::library::ProjectId;
use gangmu_domain::meetings::Rhythm;
use gangmu_domain::problems::Party;
use jiff::civil::Date;

use super::people;
use super::story::{PICTURE, Teller, following};
use crate::Actor;
use crate::error::{AppError, OrNotFound};
use crate::liaison::{LiaisonQuery, ResolveInput, VisitInput};
use crate::library::Upload;
use crate::meetings::{Becomes, MeetingResolve, SeriesInput};

/// A leader goes to the site, the league meets twice, the region prepares its month.
pub(super) async fn hold(teller: &Teller<'_>, period: Period) -> Result<(), AppError> {
    let app = teller.app;
    let mut clerks = teller.clerks.iter();
    let found = clerks.find(|(league, _)| *league == "150500");
    let (league, clerk) = found.or_not_found("user")?;
    teller.clock.set(following(period, 10));
    visits(teller, period).await?;

    teller.clock.set(following(period, 12));
    let title = "通辽市重大项目周调度";
    let weekly = series(teller, clerk, (league, ""), title, Rhythm::Weekly).await?;
    let first = app.meeting_prepare(clerk, weekly).await?;
    let view = app.meeting_view(clerk, first).await?;
    for (at, item) in view.agenda.iter().take(3).enumerate() {
        let becomes = match at {
            0 => Becomes::Problem,
            _ => Becomes::Task,
        };
        let project = ProjectId(item.project_id);
        let due = following(period, if at == 1 { 16 } else { 30 });
        let words = match at {
            0 => "市发改委牵头，月底前协调解决影响施工的问题",
            1 => "一周内理清滞后原因，提出赶工计划",
            _ => "补报未完成的审批手续清单",
        };
        let what = told(teller, &item.unit.code, words, due).await?;
        let input = MeetingResolve {
            project: Some(project),
            becomes,
            body: what.body,
            party: Some(what.party),
            due: what.due,
        };
        app.meeting_resolve(clerk, first, &input).await?;
    }
    let attendees = "市发改委、有关旗县市区发改委、市直有关部门、项目单位";
    let summary = "会议听取了上周重大项目推进情况，逐个调度了上会项目。\n\
                   会议要求压实责任，议定事项按期办结，下次会议首先通报落实情况。";
    let version = view.row.version;
    app.meeting_hold(clerk, first, version, None, (attendees, summary))
        .await?;
    teller.clock.set(following(period, 19));
    app.meeting_prepare(clerk, weekly).await?;
    let title = "自治区重大项目月调度";
    let region = ("150000", "");
    let monthly = series(teller, &teller.region, region, title, Rhythm::Monthly).await?;
    app.meeting_prepare(&teller.region, monthly).await?;
    // One of a chain, and one of what a leader answers for.
    let title = "铝基新材料产业链旬调度";
    let chain = (*league, "chain:aluminium");
    let chain = series(teller, clerk, chain, title, Rhythm::TenDay).await?;
    app.meeting_prepare(clerk, chain).await?;
    let leader = people::actor(app, &teller.system, "leader-tongliao").await?;
    let leader = format!("holder:{}", leader.user.0);
    let title = "通辽市包联项目季调度";
    let leader = (*league, leader.as_str());
    series(teller, clerk, leader, title, Rhythm::Quarterly).await?;
    Ok(())
}

async fn series(
    teller: &Teller<'_>,
    clerk: &Actor,
    (unit, about): (&str, &str),
    title: &str,
    rhythm: Rhythm,
) -> Result<i64, AppError> {
    let input = SeriesInput {
        title: title.to_owned(),
        unit: unit.to_owned(),
        about: about.to_owned(),
        rhythm,
        first: None,
    };
    teller.app.series_add(clerk, &input).await
}

/// Something an office of a unit does until a day.
async fn told(
    teller: &Teller<'_>,
    unit: &str,
    words: &str,
    due: Date,
) -> Result<ResolveInput, AppError> {
    let reference = teller.app.reference().await?;
    let unit = reference.unit_by_code(unit).or_not_found("unit")?;
    Ok(ResolveInput {
        body: words.to_owned(),
        party: Party::Office {
            unit: unit.path.clone(),
            department: None,
        },
        due,
        bond: Bond::Free,
    })
}

/// Leaders go to their largest projects: a note with a photo, and a dispatch on the site.
async fn visits(teller: &Teller<'_>, period: Period) -> Result<(), AppError> {
    for login in ["leader", "leader-tongliao", "leader-horqin"] {
        let leader = people::actor(teller.app, &teller.system, login).await?;
        let query = LiaisonQuery {
            user: Some(leader.user),
            page: 1,
            per_page: 3,
            ..LiaisonQuery::default()
        };
        let mine = teller.app.liaison_page(&leader, &query).await?;
        for (at, one) in mine.rows.iter().enumerate() {
            let project = ProjectId(one.project.row.project_id);
            let input = visit(teller, period, at, &one.project.unit.code).await?;
            let id = teller.app.visit_record(&leader, project, input).await?;
            if at == 1 {
                report(teller, &leader, id, period).await?;
            }
        }
    }
    Ok(())
}

async fn visit(
    teller: &Teller<'_>,
    period: Period,
    at: usize,
    unit: &str,
) -> Result<VisitInput, AppError> {
    let photo = Upload {
        file_name: "走访现场（演示）.png".to_owned(),
        bytes: bytes::Bytes::from_static(PICTURE),
    };
    let (kind, words) = match at {
        0 => (VisitKind::Note, "现场人员到位，塔吊已就位，冬季防护到位。"),
        1 => (
            VisitKind::OnSite,
            "现场调度：设备基础完成七成；外部供电线路进度偏慢，请属地协调。",
        ),
        _ => (VisitKind::Visit, "与项目单位座谈，了解资金到位和用工情况。"),
    };
    let instructions = match kind {
        VisitKind::OnSite => {
            let due = following(period, 25);
            vec![told(teller, unit, "协调外部供电线路，书面反馈进展", due).await?]
        }
        _ => Vec::new(),
    };
    Ok(VisitInput {
        visit: Visit {
            kind,
            on: teller.app.today(),
            place: String::new(),
            position: None,
            attendees: match kind {
                VisitKind::OnSite => "包联领导、属地发改委、项目单位".to_owned(),
                _ => String::new(),
            },
            body: words.to_owned(),
        },
        photos: vec![photo],
        problems: match kind {
            VisitKind::OnSite => vec!["外部供电线路进度偏慢".to_owned()],
            _ => Vec::new(),
        },
        instructions,
    })
}

/// The commission of the place says what it did, so that there is something to confirm.
async fn report(
    teller: &Teller<'_>,
    leader: &Actor,
    visit: i64,
    period: Period,
) -> Result<(), AppError> {
    teller.clock.set(following(period, 11));
    let record = teller.app.visit_view(leader, visit).await?;
    for one in &record.instructions {
        let unit = one
            .party
            .unit
            .as_ref()
            .map_or("", |unit| unit.code.as_str());
        if unit == "150502" {
            let office = people::actor(teller.app, &teller.system, "horqin").await?;
            let words = "已会同供电公司现场办公，线路月底前贯通";
            teller
                .app
                .resolution_act(&office, one.resolution_id, None, KeepAct::Report, words)
                .await?;
        }
    }
    teller.clock.set(following(period, 10));
    Ok(())
}
