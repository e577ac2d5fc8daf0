//! The permission table of the domain, asked of the use cases themselves.

use gangmu_app::approvals::{CaseInput, WorkQuery};
use gangmu_app::dispatch::Filing;
use gangmu_app::domain::Period;
use gangmu_app::domain::liaison::{Duty, Holder, Visit, VisitKind};
use gangmu_app::domain::library::{Field, ProjectId};
use gangmu_app::domain::meetings::Rhythm;
use gangmu_app::domain::metrics::{ExcuseKind, ExcuseSaid};
use gangmu_app::domain::organisation::{Action, Role, UnitLevel, allows};
use gangmu_app::domain::pipeline::{Category, Stage};
use gangmu_app::domain::plans::{Content, Office, PlanId, PlanKind, PlanState, Task};
use gangmu_app::domain::problems;
use gangmu_app::domain::supervision::{Item, Rhythm as Reports, Rhythms, State};
use gangmu_app::liaison::{AssignInput, Instead, VisitInput};
use gangmu_app::library::ListQuery;
use gangmu_app::meetings::SeriesInput;
use gangmu_app::plans::{NewPlan, OfficeInput};
use gangmu_app::problems::{RaiseInput, StepInput};
use gangmu_app::supervision::{ReportInput, VerifyInput};
use gangmu_app::{Actor, AppError, ReferenceKind};
use gangmu_store::Db;
use gangmu_store::plans::{
    DutyRow, PlanRow, VersionRow, plan_duty_put, plan_insert, plan_version_put,
};
use gangmu_store::supervision::{SupervisionRow, supervision_put};
use gangmu_testkit::{Outcome, each_engine};

use crate::support::{
    BANNER, LEAGUE, REGION, Tried, World, change, code, day, draft, entry, figures, period, said,
    text, why, with,
};

each_engine!(every_use_case_allows_what_the_table_says);

async fn every_use_case_allows_what_the_table_says(db: &Db) -> Outcome {
    let w = World::new(db).await?;
    let edit = with(draft("甲"), Field::Department, code("energy"));
    let id = w.enter(&edit).await?;
    w.adopt(2025, &[(id, Category::Continuing, 1_200)]).await?;
    w.open("2025-01").await?;
    let made = w.app.case_create(&w.system, id, CaseInput::default());
    made.await?;
    let units = [
        (REGION, UnitLevel::Region),
        (LEAGUE, UnitLevel::League),
        (BANNER, UnitLevel::Banner),
    ];
    let mut asked = 0;
    for role in Role::ALL {
        for (unit, level) in units {
            let department = if *role == Role::Officer { "energy" } else { "" };
            let actor = w.person(*role, unit, department).await?;
            let reporter = (*role == Role::Reporter).then_some(actor.user);
            w.app.project_assign(&w.system, id, reporter).await?;
            for action in Action::ALL {
                let Some(told) = ask(&w, &actor, *action, id).await? else {
                    continue;
                };
                let allowed = allows(*role, level, *action);
                let unseen = [
                    "refused",
                    "no such project",
                    "no such problem",
                    "no such plan",
                ];
                let refused = unseen.iter().any(|start| told.starts_with(start));
                assert_eq!(
                    !refused,
                    allowed,
                    "{} {} {}: {told}",
                    role.word(),
                    unit,
                    action.word()
                );
                asked += 1;
            }
        }
    }
    // Without use cases here: import and export, and reading the audit trail.
    assert_eq!(asked, Role::ALL.len() * 3 * (Action::ALL.len() - 3));
    w.sound().await
}

/// A plan in force of a person's own unit, under supervision, with a task their office leads.
async fn supervised(w: &World, actor: &Actor) -> Tried<(PlanId, (Period, Item))> {
    let post = actor.posts().first().ok_or("a post")?;
    let plan = PlanRow {
        id: PlanId(0),
        edit: 1,
        kind: PlanKind::Work,
        office: Office {
            unit: post.unit.clone(),
            department: None,
        },
        parent: None,
        title: "方案".to_owned(),
        from: day("2025-01-01"),
        until: day("2025-12-31"),
        state: PlanState::Adopted,
        version: 1,
        draft: false,
    };
    let task = Task {
        key: 1,
        group: String::new(),
        title: "任务".to_owned(),
        body: String::new(),
        outcome: String::new(),
        lead: Office {
            unit: post.unit.clone(),
            department: post.department,
        },
        cooperating: Vec::new(),
        due: day("2025-12-31"),
        takes_over: Vec::new(),
        indicators: Vec::new(),
    };
    let tx = w.db.begin().await?;
    let id = plan_insert(&tx, &plan, 1).await?;
    let version = VersionRow {
        version: 1,
        adopted_on: Some(day("2025-01-02")),
        document_no: String::new(),
        reason: String::new(),
        user: w.system.user,
        at: 1,
        content: Content {
            tasks: vec![task],
            left_out: Vec::new(),
            next_key: 1,
        },
    };
    plan_version_put(&tx, id, &version).await?;
    let duty = DutyRow {
        plan: id,
        task: 1,
        office: Office {
            unit: post.unit.clone(),
            department: post.department,
        },
        leads: true,
        due: day("2025-12-31"),
    };
    plan_duty_put(&tx, id, &[duty]).await?;
    let row = SupervisionRow {
        plan: id,
        edit: 0,
        rhythms: Rhythms::all(Reports::Monthly),
        since: period("2025-01"),
        until: period("2025-12"),
        user: w.system.user,
        at: 1,
    };
    supervision_put(&tx, &row).await?;
    tx.commit().await?;
    let item = Item {
        task: 1,
        indicator: 0,
    };
    Ok((id, (period("2025-01"), item)))
}

/// Asks for an action in a way that stops at something else when it is allowed.
///
/// `None` where no use case of this crate asks for it.
async fn ask(w: &World, actor: &Actor, action: Action, id: ProjectId) -> Tried<Option<String>> {
    let app = &w.app;
    let (month, today) = (period("2025-01"), day("2025-01-06"));
    let because = why("");
    let told = match action {
        Action::Read => {
            // Two doors: one project, and lists.
            let list = app.project_list(actor, &ListQuery::default()).await;
            let view = app.project_view(actor, id, None).await;
            assert_eq!(list.is_ok(), view.is_ok(), "{}", said(&list));
            said(&view)
        }
        Action::EditProject => {
            let remark = change(Field::Remark, text(&actor.name));
            said(&app.project_edit(actor, id, None, &remark).await)
        }
        Action::MoveStage => {
            let jump = app.stage_move(actor, id, Stage::Completed, &because).await;
            let merge = app.merge(actor, id, &[ProjectId(99)], &why("并")).await;
            let split = app.split(actor, id, &[], &because).await;
            let suspended = app.set_suspended(actor, id, true, &because).await;
            let exit = gangmu_app::domain::pipeline::Exit::Cancelled;
            let withdrawn = app.withdraw(actor, id, exit, &because).await;
            let first = is_refused(&jump);
            assert_eq!(is_refused(&split), first);
            assert_eq!(is_refused(&suspended), first);
            assert_eq!(is_refused(&withdrawn), first);
            assert!(merge.is_err());
            said(&jump)
        }
        Action::ManageProgramme => {
            let list = entry(Category::Continuing, -1);
            let adopt = app.programme_adopt(actor, 2025, "", &[], &because).await;
            let adjusted = app
                .programme_adjust(actor, 2025, id, Some(&list), &why("调"))
                .await;
            assert_eq!(is_refused(&adopt), is_refused(&adjusted));
            said(&adjusted)
        }
        Action::Report => {
            let mut typed = w.typed("2025-01", id, figures("2025-01", 1)).await?;
            typed.version = 99;
            let batch = vec![typed];
            said(&app.returns_file(actor, month, batch, Filing::Draft).await)
        }
        Action::Review => {
            let back = app.return_send_back(actor, month, (id, 99), "x").await;
            let passed = app.returns_review(actor, month, &[(id, 99)]).await;
            assert_eq!(is_refused(&back), is_refused(&passed));
            said(&passed)
        }
        Action::Chase => said(&app.chase(actor, period("2030-01"), None).await),
        Action::ClosePeriod => said(&app.period_close(actor, period("2030-01"), None).await),
        Action::ReopenPeriod => {
            let month = period("2030-01");
            said(&app.period_reopen(actor, month, BANNER, "").await)
        }
        Action::OpenPeriod => said(&app.period_open(actor, month).await),
        Action::Correct => {
            let mut typed = figures("2025-01", 1);
            typed.correction_reason = "更正".to_owned();
            said(&app.return_correct(actor, month, (id, 99), typed).await)
        }
        Action::ExcuseLateness => {
            let excuse = ExcuseSaid {
                kind: ExcuseKind::Other,
                reason: String::new(),
                document_no: String::new(),
                from: month,
                to: month,
            };
            let back = app.excuse_take_back(actor, id, 9, "").await;
            let added = app.excuse_add(actor, id, &excuse).await;
            assert_eq!(is_refused(&back), is_refused(&added));
            said(&added)
        }
        Action::HandleMatter => said(&app.approval_work(actor, &WorkQuery::default()).await),
        Action::ManageCase => said(&app.case_create(actor, id, CaseInput::default()).await),
        Action::RaiseProblem => {
            let input = RaiseInput::new(id, "外部供电线路尚未核准");
            said(&app.problem_raise(actor, &input).await)
        }
        Action::CoordinateProblem => said(&app.problems_escalate(actor).await),
        Action::AnswerProblem => {
            let problem = handed_over(w, actor, id).await?;
            let (measures, result) = (String::new(), String::new());
            let answer = StepInput::new(None, problems::Act::Answer { measures, result });
            said(&app.problem_act(actor, problem, &answer).await)
        }
        Action::VerifyProblem => {
            let problem = handed_over(w, actor, id).await?;
            let finding = "已解决".to_owned();
            let look = StepInput::new(None, problems::Act::Verify { finding });
            said(&app.problem_act(actor, problem, &look).await)
        }
        Action::ManagePlan => {
            let post = actor.posts().first().ok_or("a post")?;
            let unit = post.unit.codes().last().unwrap_or_default();
            let department = if post.department.is_some() {
                "energy"
            } else {
                ""
            };
            let plan = NewPlan {
                kind: PlanKind::Work,
                office: OfficeInput::department(unit, department),
                parent: None,
                title: String::new(),
                from: None,
                until: None,
            };
            said(&app.plan_create(actor, &plan).await)
        }
        Action::ReportTask => {
            let (plan, at) = supervised(w, actor).await?;
            let input = ReportInput {
                version: None,
                plan_version: None,
                state: State::OnTrack,
                text: "正常推进".to_owned(),
                reason: String::new(),
                files: Vec::new(),
            };
            said(&app.supervision_report(actor, plan, at, input).await)
        }
        Action::Supervise => {
            let (plan, at) = supervised(w, actor).await?;
            let input = VerifyInput {
                version: None,
                state: None,
                note: String::new(),
                reason: String::new(),
                files: Vec::new(),
            };
            said(&app.supervision_verify(actor, plan, at, input).await)
        }
        Action::Assign => {
            let input = AssignInput {
                projects: Vec::new(),
                duty: Duty::Leader,
                unit: BANNER.to_owned(),
                holder: Holder::Named("包联领导".to_owned()),
                from: None,
                to: None,
                instead: Instead::Stay,
                reason: String::new(),
            };
            said(&app.assign(actor, &input).await)
        }
        Action::RecordVisit => {
            let input = VisitInput {
                visit: Visit {
                    kind: VisitKind::Note,
                    on: today,
                    place: String::new(),
                    position: None,
                    attendees: String::new(),
                    body: String::new(),
                },
                photos: Vec::new(),
                problems: Vec::new(),
                instructions: Vec::new(),
            };
            said(&app.visit_record(actor, id, input).await)
        }
        Action::HoldMeeting => {
            let input = SeriesInput {
                title: String::new(),
                about: String::new(),
                unit: BANNER.to_owned(),
                rhythm: Rhythm::Weekly,
                first: None,
            };
            said(&app.series_add(actor, &input).await)
        }
        Action::ManageUsers => said(&app.user_list(actor).await),
        Action::ManagePolicies => {
            let kind = ReferenceKind::Gates;
            said(&app.reference_import(actor, kind, "x", today).await)
        }
        Action::ManageReference => {
            let kind = ReferenceKind::Regions;
            said(&app.reference_import(actor, kind, "x", today).await)
        }
        Action::ManageChannels => said(&app.outbox_page(actor, None, 1).await),
        Action::Import | Action::Export | Action::ReadAudit => return Ok(None),
    };
    Ok(Some(told))
}

/// A problem handed to the person's own office, or to the owner where the person reports.
async fn handed_over(w: &World, actor: &Actor, id: ProjectId) -> Tried<i64> {
    use problems::Act;
    let raised = RaiseInput::new(id, "外部供电线路尚未核准");
    let problem = w.app.problem_raise(&w.system, &raised).await?;
    let post = &actor.posts()[0];
    let to = match post.role {
        Role::Reporter => problems::Party::ProjectOwner,
        _ => problems::Party::Office {
            unit: post.unit.clone(),
            department: post.department,
        },
    };
    let accepted = Act::Accept {
        kind: "utilities".to_owned(),
        grade: "serious".to_owned(),
    };
    let handed = Act::HandOver {
        to,
        assisting: Vec::new(),
        due_on: None,
        demand: "协调核准".to_owned(),
    };
    for act in [accepted, handed] {
        let step = StepInput::new(None, act);
        w.app.problem_act(&w.system, problem, &step).await?;
    }
    Ok(problem)
}

fn is_refused<T>(result: &Result<T, AppError>) -> bool {
    let unseen = AppError::NotFound { what: "project" };
    match result {
        Err(AppError::Refused { .. }) => true,
        Err(error) => error.to_string() == unseen.to_string(),
        Ok(_) => false,
    }
}
