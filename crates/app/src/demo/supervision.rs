//! Supervision in the demo: the region's plan and that of its industry department report quarter by
//! quarter through 2025; Tongliao's list has its first round in January 2026, which is still open.
//!
//! What offices report is invented; what the figures propose is not: it comes out of the returns.

use gangmu_domain::Period;
use gangmu_domain::plans::{PlanId, PlanKind, PlanState};
use gangmu_domain::supervision::{Item, LetterAct, LetterKind, Rhythm, State};
use jiff::civil::{Date, date};

use super::people;
use super::story::Teller;
use crate::error::{AppError, OrNotFound};
use crate::plans::{OfficeInput, PlanQuery};
use crate::supervision::{
    CheckInput, ItemRowView, LetterActInput, LettersQuery, NewLetter, ReportInput,
    SupervisionInput, VerifyInput,
};
use crate::{Actor, App};

const TONGLIAO: &str = "150500";

/// Reports and looks on behalf of the offices of one plan.
struct Desk<'a> {
    app: &'a App,
    plan: PlanId,
    period: Period,
    reporter: &'a Actor,
    supervisor: &'a Actor,
}

impl Desk<'_> {
    async fn items(&self) -> Result<Vec<ItemRowView>, AppError> {
        let period = Some(self.period);
        let view = self
            .app
            .supervision_round(self.supervisor, self.plan, period);
        Ok(view.await?.lines)
    }

    /// Reports what the figures propose, or what the office says.
    async fn report(
        &self,
        row: &ItemRowView,
        said: Option<State>,
        text: &str,
    ) -> Result<(), AppError> {
        let at = (self.period, item(row));
        let view = self
            .app
            .supervision_item(self.reporter, self.plan, at.1, Some(self.period))
            .await?;
        let proposed = view.row.proposed.and_then(State::from_word);
        let state = said.or(proposed).unwrap_or(State::OnTrack);
        let against = proposed.is_some_and(|proposed| proposed != state);
        let input = ReportInput {
            version: Some(view.version),
            plan_version: Some(view.plan_version),
            state,
            text: text.to_owned(),
            reason: match against {
                true => "冬季停工期，按年度安排二季度起集中推进（演示）".to_owned(),
                false => String::new(),
            },
            files: Vec::new(),
        };
        self.app
            .supervision_report(self.reporter, self.plan, at, input)
            .await
            .map(|_| ())
    }

    async fn verify(
        &self,
        row: &ItemRowView,
        state: Option<State>,
        reason: &str,
    ) -> Result<(), AppError> {
        let input = VerifyInput {
            version: None,
            state,
            note: "查阅台账和佐证材料".to_owned(),
            reason: reason.to_owned(),
            files: Vec::new(),
        };
        let at = (self.period, item(row));
        self.app
            .supervision_verify(self.supervisor, self.plan, at, input)
            .await
            .map(|_| ())
    }
}

fn act(act: LetterAct) -> LetterActInput {
    LetterActInput {
        version: None,
        act,
        files: Vec::new(),
    }
}

fn item(row: &ItemRowView) -> Item {
    Item {
        task: row.task,
        indicator: row.indicator,
    }
}

/// The plan of a kind that an office has.
async fn plan_of(
    app: &App,
    who: &Actor,
    (unit, department): (&str, &str),
    kind: PlanKind,
) -> Result<PlanId, AppError> {
    let mut page = 1;
    loop {
        let query = PlanQuery {
            unit: Some(unit.to_owned()),
            kind: Some(kind),
            state: Some(PlanState::Adopted),
            page,
            ..PlanQuery::default()
        };
        let found = app.plan_page(who, &query).await?;
        let own = found.rows.iter().find(|row| {
            let of = row.office.department.as_ref();
            row.office.unit.code == unit && of.map_or("", |one| one.code.as_str()) == department
        });
        if let Some(row) = own {
            return Ok(PlanId(row.plan_id));
        }
        (!found.rows.is_empty())
            .then_some(())
            .or_not_found("plan")?;
        page += 1;
    }
}

/// February 2025: two of the region's plans are put under supervision.
pub(super) async fn begin(teller: &Teller<'_>) -> Result<(), AppError> {
    let app = teller.app;
    let supervisor = people::actor(app, &teller.system, "supervisor").await?;
    for (department, kind) in [("", PlanKind::Implementation), ("industry", PlanKind::Work)] {
        let plan = plan_of(app, &teller.region, ("150000", department), kind).await?;
        let input = SupervisionInput {
            edit: None,
            rhythm: Rhythm::Quarterly,
            since: Period::new(2025, 3).or_not_found("period")?,
            until: None,
        };
        app.supervision_put(&supervisor, plan, input).await?;
    }
    Ok(())
}

/// A quarter of 2025: reported by the 20th, verified in part, and told to everybody.
pub(super) async fn quarter(teller: &Teller<'_>, period: Period) -> Result<(), AppError> {
    let app = teller.app;
    let supervisor = people::actor(app, &teller.system, "supervisor").await?;
    let industry = people::actor(app, &teller.system, "industry").await?;
    let day = |day| Date::new(period.year(), period.month(), day).unwrap_or(period.first_day());
    for (department, kind, reporter) in [
        ("", PlanKind::Implementation, &teller.region),
        ("industry", PlanKind::Work, &industry),
    ] {
        let desk = Desk {
            app,
            plan: plan_of(app, &teller.region, ("150000", department), kind).await?,
            period,
            reporter,
            supervisor: &supervisor,
        };
        teller.clock.set(day(20));
        let rows = desk.items().await?;
        for (at, row) in rows.iter().enumerate() {
            if row.reporting != "open" {
                continue;
            }
            // The last quarter completes what nothing measures, the first leaves some behind.
            let said = match (row.indicator, period.month(), at % 7) {
                (0, 12, n) if n != 3 => Some(State::Completed),
                (0, 3, 2) | (0, 6, 5) => Some(State::Behind),
                (0, _, 4) => Some(State::Ahead),
                _ => None,
            };
            desk.report(row, said, "按方案推进，阶段工作已完成（演示）")
                .await?;
        }
        teller.clock.set(day(23));
        for row in rows.iter().filter(|row| row.reporting == "open").step_by(2) {
            desk.verify(row, None, "").await?;
        }
        teller.clock.set(day(28));
        app.supervision_close(&supervisor, desk.plan, period)
            .await?;
    }
    Ok(())
}

/// The day the list's first round is due, which is the day it came into force.
const DUE: Date = date(2026, 1, 26);

/// 26 January 2026: Tongliao's list is put under supervision, and its offices report; one is missing,
/// one comes late.
pub(super) async fn list(teller: &Teller<'_>) -> Result<(), AppError> {
    let app = teller.app;
    let (supervisor, clerk, desk_plan) = of_list(teller).await?;
    let period = Period::of(DUE).or_not_found("period")?;
    let input = SupervisionInput {
        edit: None,
        rhythm: Rhythm::Monthly,
        since: period,
        until: None,
    };
    app.supervision_put(&supervisor, desk_plan, input).await?;
    for number in [8, 9, 17] {
        super::liaison::task_leader(teller, &clerk, desk_plan, number).await?;
    }
    let desk = Desk {
        app,
        plan: desk_plan,
        period,
        reporter: &clerk,
        supervisor: &supervisor,
    };
    for row in &desk.items().await? {
        let (said, text) = match (row.number, row.indicator) {
            // Its office reports after it was pressed for it, and the ninth not at all.
            (2 | 9, _) => continue,
            (3, 0) => (Some(State::Ahead), "两条产业链延链项目提前签约"),
            (8 | 17, 0) => (Some(State::Behind), "设计变更未批复，晚于计划一个月"),
            (16, 0) => (Some(State::Completed), "试点旗县延包合同已全部签订"),
            (18, 0) => (Some(State::Completed), "年度培训已全部完成"),
            (20, 0) => (Some(State::Other), "整治清单待上级下达"),
            (_, 0) => (None, "工作专班已组建，年度方案已印发"),
            _ => (None, "按序时推进，数据取自调度和审批"),
        };
        desk.report(row, said, &format!("{text}（演示）")).await?;
    }
    Ok(())
}

/// What happens to the list's first round on the days after.
pub(super) async fn follow(teller: &Teller<'_>, day: Date) -> Result<(), AppError> {
    let (written, answered, looked) = (date(2026, 1, 28), date(2026, 1, 29), date(2026, 1, 30));
    if ![written, answered, looked].contains(&day) {
        return Ok(());
    }
    let app = teller.app;
    let (supervisor, clerk, plan) = of_list(teller).await?;
    let desk = Desk {
        app,
        plan,
        period: Period::of(DUE).or_not_found("period")?,
        reporter: &clerk,
        supervisor: &supervisor,
    };
    let rows = desk.items().await?;
    let row = |number: usize| {
        let mut of_task = rows.iter();
        of_task
            .find(|row| row.number == number)
            .or_not_found("item")
    };
    let letters = async || {
        let query = LettersQuery {
            plan: Some(plan),
            ..LettersQuery::default()
        };
        let letters = app.supervision_letters(&supervisor, &query);
        letters.await?.rows.pop().or_not_found("letter")
    };
    if day == written {
        let letter = NewLetter {
            plan,
            period: desk.period,
            kind: LetterKind::Urge,
            office: OfficeInput::department(TONGLIAO, "commerce"),
            reply_by: Some(date(2026, 1, 30)),
        };
        app.supervision_letter_write(&supervisor, &letter).await?;
        for n in [1, 3, 5, 7, 11] {
            for row in rows.iter().filter(|row| row.number == n) {
                desk.verify(row, None, "").await?;
            }
        }
    } else if day == answered {
        let text = "招商引资进展已补报，专班已指定专人按月报送（演示）";
        desk.report(row(2)?, Some(State::OnTrack), text).await?;
        let one = letters().await?;
        let reply = LetterAct::Reply {
            text: text.to_owned(),
        };
        let number = (one.year, one.seq);
        app.supervision_letter_act(&clerk, &one.from, number, act(reply))
            .await?;
    } else {
        let check = CheckInput {
            version: None,
            sound: false,
            findings: "抽查两个苏木，合同尚有一成未签（演示）".to_owned(),
            files: Vec::new(),
        };
        let at = (desk.period, item(row(16)?));
        app.supervision_check(&supervisor, plan, at, check).await?;
        let reason = "抽查发现合同未全部签订（演示）";
        desk.verify(row(16)?, Some(State::OnTrack), reason).await?;
        desk.verify(row(2)?, None, "").await?;
        let one = letters().await?;
        let recheck = LetterAct::Recheck {
            settled: true,
            note: "补报属实（演示）".to_owned(),
            reply_by: None,
        };
        let number = (one.year, one.seq);
        app.supervision_letter_act(&supervisor, &one.from, number, act(recheck))
            .await?;
    }
    Ok(())
}

async fn of_list(teller: &Teller<'_>) -> Result<(Actor, Actor, PlanId), AppError> {
    let app = teller.app;
    let supervisor = people::actor(app, &teller.system, "supervisor-tongliao").await?;
    let clerk = people::actor(app, &teller.system, "tongliao").await?;
    let plan = plan_of(app, &clerk, (TONGLIAO, ""), PlanKind::Annual).await?;
    Ok((supervisor, clerk, plan))
}
