//! Plans of the demo: the region's implementation plan with the plans of 22 departments and 12
//! leagues under it, and Tongliao's list of ten regular and ten critical tasks with two banners'.
//!
//! The wording of Tongliao's tasks follows the communiqué of 8 January 2026 in short form; who
//! leads, and until when, was not published and is invented, as are the tasks of the region's plan.

use gangmu_domain::Period;
use gangmu_domain::metrics::Measure;
use gangmu_domain::organisation::DepartmentId;
use gangmu_domain::plans::{PlanId, PlanKind};
use jiff::civil::{Date, date};

use super::people;
use super::story::Teller;
use crate::error::{AppError, OrNotFound};
use crate::metrics::{By, RollupQuery};
use crate::plans::{
    Adoption, IndicatorInput, NewPlan, OfficeInput, Parts, PlanView, SourceInput, StepsBy,
    TaskInput,
};
use crate::{Actor, App};
use gangmu_domain::metrics::Edition;

const REGION: &str = "150000";
const TONGLIAO: &str = "150500";

/// Group, title and the departments that help, of the region's plan.
const REGION_TASKS: [(&str, &str, &[&str]); 21] = [
    (
        "reserve",
        "健全横向到边、纵向到底的三级联动谋划体系",
        &["statistics"],
    ),
    (
        "reserve",
        "做好“十五五”重大工程项目谋划",
        &["industry", "transport", "water", "energy"],
    ),
    (
        "reserve",
        "谋划产业链延链补链强链项目",
        &["industry", "energy", "agriculture"],
    ),
    (
        "reserve",
        "谋划基础设施补短板项目",
        &["transport", "water", "housing"],
    ),
    ("reserve", "谋划生态保护修复项目", &["forestry", "ecology"]),
    (
        "reserve",
        "谋划民生和社会事业项目",
        &["education", "health", "civil_affairs"],
    ),
    (
        "reserve",
        "谋划文化旅游和消费项目",
        &["culture_tourism", "commerce"],
    ),
    ("reserve", "谋划科技创新平台项目", &["science"]),
    ("reserve", "建好用好国家重大建设项目库", &["statistics"]),
    ("elements", "保障项目用地", &["natural_resources"]),
    ("elements", "保障项目用林用草", &["forestry"]),
    ("elements", "保障项目用能和环境容量", &["energy", "ecology"]),
    ("elements", "争取和用好政府投资资金", &["finance"]),
    (
        "elements",
        "引导国有资本和社会资本投入",
        &["state_assets", "finance"],
    ),
    (
        "service",
        "开展三级联审联批",
        &["government_services", "natural_resources"],
    ),
    (
        "service",
        "压缩审批时限、精简要件",
        &["government_services", "market"],
    ),
    (
        "service",
        "推进项目开复工和冬季施工",
        &["housing", "transport"],
    ),
    ("service", "落实专人负责和领导包联", &[]),
    (
        "service",
        "加强在建项目安全和质量监管",
        &["emergency", "housing"],
    ),
    ("service", "实行月调度、季分析", &["statistics"]),
    ("service", "开展项目谋划质量评估", &["development_reform"]),
];

/// What measures the tasks of the region's plan that no figure of the system measures: the task's
/// place, name, unit and target.
const REGION_AIMS: [(usize, &str, &str, &str); 17] = [
    (0, "三级联动谋划机制覆盖率", "%", "100"),
    (1, "列入“十五五”规划的重大工程", "项", "200"),
    (2, "产业链谋划项目", "个", "400"),
    (3, "基础设施谋划项目", "个", "300"),
    (4, "生态保护修复谋划项目", "个", "120"),
    (5, "民生和社会事业谋划项目", "个", "200"),
    (6, "文化旅游和消费谋划项目", "个", "150"),
    (7, "科技创新平台谋划项目", "个", "60"),
    (9, "用地组卷报批办结率", "%", "90"),
    (10, "林草手续办结率", "%", "90"),
    (11, "能评环评办结率", "%", "95"),
    (12, "争取中央预算内投资", "亿元", "300"),
    (13, "引导社会资本投入", "亿元", "1,500"),
    (15, "审批时限压减幅度", "%", "50"),
    (17, "重大项目包联率", "%", "100"),
    (18, "安全质量隐患整改率", "%", "100"),
    (20, "开展质量评估的谋划项目", "个", "500"),
];

/// Group, title, content and the leading department of Tongliao's list.
const LIST: [(&str, &str, &str, &str); 20] = [
    (
        "regular",
        "一以贯之推动项目建设",
        "加强项目策划储备，提升项目落地服务，积极争取项目资金支持",
        "development_reform",
    ),
    (
        "regular",
        "千方百计加强招商引资",
        "保证招商投入，注重招商创新，保持招商专注",
        "commerce",
    ),
    (
        "regular",
        "坚持不懈培育主导产业",
        "定位错位卡位培育产业优势，集中集约集聚构建产业生态，延链补链强链",
        "industry",
    ),
    (
        "regular",
        "深入挖掘消费潜力",
        "落实城乡居民增收计划，创新多元化消费场景，实施提振消费专项行动",
        "commerce",
    ),
    (
        "regular",
        "主动谋划落实“双碳”战略",
        "做好碳排放双控规划，推动传统产业降碳改造，加快新型电力系统建设",
        "energy",
    ),
    (
        "regular",
        "因地制宜强化创新驱动",
        "加强关键核心技术攻关，推动科技创新与产业创新深度融合",
        "science",
    ),
    (
        "regular",
        "下大力气完善基础设施",
        "集中推进交通、水利、电力、通讯、园区等重大基础设施项目",
        "transport",
    ),
    (
        "regular",
        "系统发力推进新型城镇化",
        "增强产业发展竞争力、公共服务供给力、市政基础设施支撑力",
        "housing",
    ),
    (
        "regular",
        "用情用力促进就业创业",
        "以产业发展带动就业扩容，强化培训提升就业能力",
        "civil_affairs",
    ),
    (
        "regular",
        "坚定不移优化营商环境",
        "落实“营商环境质量提升年”行动，评估排名稳居全区第一方阵",
        "government_services",
    ),
    (
        "critical",
        "坚决完成科尔沁沙地歼灭战年度任务",
        "推进重点工程建设，强化成果管护，打造治沙示范区",
        "forestry",
    ),
    (
        "critical",
        "加快建设千万亩节水高产高效现代农业示范区",
        "建设高标准农田，整市推进玉米单产提升行动",
        "agriculture",
    ),
    (
        "critical",
        "推动肉牛产业第一镇建设取得重大进展",
        "做强终端市场，拉长产业链条，夯实养殖基础",
        "agriculture",
    ),
    (
        "critical",
        "服务业高质量发展三年行动收官",
        "抓好生产性服务业转型升级、生活性服务业创新发展",
        "commerce",
    ),
    (
        "critical",
        "集中推动零碳园区培育建设",
        "统筹规划、明确路径、设定目标、积极创建",
        "industry",
    ),
    (
        "critical",
        "稳妥有序推进二轮土地延包试点",
        "加强政策研究，规范工作流程，守牢稳定底线",
        "agriculture",
    ),
    (
        "critical",
        "加快推进重大引调水配套工程建设",
        "推动净水厂、配套供水管网和调蓄设施建设",
        "water",
    ),
    (
        "critical",
        "开展普通话推广教学提质增效行动",
        "注重示范引领，加强校际合作，推进教育数字化",
        "education",
    ),
    (
        "critical",
        "抓好公立医院改革与高质量发展示范项目",
        "持续深化改革、加强能力建设、抓好组织推进",
        "health",
    ),
    (
        "critical",
        "坚决完成安全生产治本攻坚三年行动收官任务",
        "健全重大隐患排查治理和本质安全提升体系",
        "emergency",
    ),
];

fn task(group: &str, title: &str, lead: OfficeInput, due: Date) -> TaskInput {
    TaskInput {
        group: group.to_owned(),
        title: title.to_owned(),
        lead,
        due: Some(due),
        ..TaskInput::default()
    }
}

fn linked(name: &str, unit: &str, target: &str, metric: &str) -> IndicatorInput {
    IndicatorInput {
        name: name.to_owned(),
        unit: unit.to_owned(),
        target: target.to_owned(),
        weight: 20,
        source: SourceInput {
            kind: "linked".to_owned(),
            metric: metric.to_owned(),
            ..SourceInput::default()
        },
        ..IndicatorInput::default()
    }
}

/// Puts a plan together and brings it into force.
struct Writer<'a> {
    app: &'a App,
    who: &'a Actor,
    id: PlanId,
}

impl<'a> Writer<'a> {
    async fn begin(
        app: &'a App,
        who: &'a Actor,
        kind: PlanKind,
        office: OfficeInput,
        parent: Option<PlanId>,
        (title, year): (String, i16),
    ) -> Result<Self, AppError> {
        let input = NewPlan {
            kind,
            office,
            parent,
            title,
            from: Some(date(year, 1, 1)),
            until: Some(date(year, 12, 31)),
        };
        let id = app.plan_create(who, &input).await?;
        Ok(Self { app, who, id })
    }

    async fn task(&self, input: &TaskInput) -> Result<u32, AppError> {
        let put = self.app.plan_task_put(self.who, self.id, None, None, input);
        put.await
    }

    async fn indicator(&self, task: u32, input: &IndicatorInput) -> Result<u32, AppError> {
        let (who, id) = (self.who, self.id);
        let put = self
            .app
            .plan_indicator_put(who, id, None, task, None, input);
        put.await
    }

    async fn adopt(&self, document_no: &str) -> Result<(), AppError> {
        let adoption = Adoption {
            document_no: document_no.to_owned(),
            ..Adoption::default()
        };
        let adopted = self.app.plan_adopt(self.who, self.id, None, &adoption);
        adopted.await.map(|_| ())
    }
}

/// February 2025: the implementation plan and the 34 plans under it.
pub(super) async fn region(teller: &Teller<'_>) -> Result<(), AppError> {
    let (app, who) = (teller.app, &teller.region);
    let reference = app.reference().await?;
    let due = date(2025, 12, 31);
    let title = ("自治区重大项目谋划行动实施方案（演示）".to_owned(), 2025);
    let own = OfficeInput::unit(REGION);
    let plan = Writer::begin(app, who, PlanKind::Implementation, own, None, title).await?;
    let lead = || OfficeInput::department(REGION, "development_reform");
    let mut keys = Vec::new();
    for (group, title, departments) in REGION_TASKS {
        let mut one = task(group, title, lead(), due);
        let helping = departments
            .iter()
            .map(|code| OfficeInput::department(REGION, code));
        one.cooperating = helping.collect();
        let leagues = teller
            .clerks
            .iter()
            .map(|(unit, _)| OfficeInput::unit(unit));
        one.cooperating.extend(leagues);
        keys.push(plan.task(&one).await?);
    }
    let at = |n: usize| keys.get(n).copied().unwrap_or_default();
    // The figure of the region's list of 2025: about one 万亿元.
    let invested = linked("重大项目完成投资", "亿元", "10,000", "year_to_date");
    let target = plan.indicator(at(16), &invested).await?;
    for (task, name, unit, amount, metric) in [
        (8, "入库项目", "个", "3,343", "library_projects"),
        (14, "手续办结率", "%", "90", "matters_rate"),
        (16, "开复工率", "%", "95", "at_work_rate"),
        (16, "新建项目开工", "个", "1,400", "started"),
    ] {
        plan.indicator(at(task), &linked(name, unit, amount, metric))
            .await?;
    }
    for (task, name, unit, amount) in REGION_AIMS {
        let aim = IndicatorInput {
            source: SourceInput {
                kind: "reported".to_owned(),
                ..SourceInput::default()
            },
            ..linked(name, unit, amount, "")
        };
        plan.indicator(at(task), &aim).await?;
    }
    let half = IndicatorInput {
        source: SourceInput {
            kind: "derived".to_owned(),
            formula: format!("#{target} / 12"),
            ..SourceInput::default()
        },
        ..linked("月均完成投资", "亿元", "800", "")
    };
    plan.indicator(at(19), &half).await?;
    let parts = Parts::Units(Measure::AnnualPlan);
    app.plan_shares_put(who, plan.id, None, target, &parts)
        .await?;
    app.plan_steps_put(who, plan.id, None, target, &StepsBy::LastYear)
        .await?;
    plan.adopt("内政发〔2025〕6号").await?;
    let view = app.plan_view(who, plan.id, None).await?;
    for (unit, clerk) in &teller.clerks {
        league(app, clerk, &view, unit, target).await?;
    }
    for department in &reference.departments {
        let name = (
            department.department_id,
            &*department.code,
            &*department.short_name,
        );
        office(app, who, &view, name, target).await?;
    }
    Ok(())
}

/// A league takes every task over; Ordos makes 27 of the 21, Alxa leaves one out.
async fn league(
    app: &App,
    who: &Actor,
    above: &PlanView,
    unit: &str,
    target: u32,
) -> Result<(), AppError> {
    let reference = app.reference().await?;
    let name = &reference.unit_by_code(unit).or_not_found("unit")?.name;
    let title = (format!("{name}重大项目谋划行动工作方案（演示）"), 2025);
    let parent = Some(PlanId(above.row.plan_id));
    let own = || OfficeInput::unit(unit);
    let plan = Writer::begin(app, who, PlanKind::Work, own(), parent, title).await?;
    let carried = above.tasks.iter().flat_map(|task| &task.indicators);
    let carried = carried.clone().find(|one| one.key == target);
    let share = carried.and_then(|one| {
        let mut shares = one.shares.iter();
        shares.find(|share| share.office.unit.code == unit)
    });
    for one in &above.tasks {
        if unit == "152900" && one.number == 8 {
            let reason = "无新建科技创新平台条件，由自治区统筹";
            app.plan_leave_out(who, plan.id, None, one.key, reason)
                .await?;
            continue;
        }
        let group = one.group.as_ref().map_or("", |group| group.code.as_str());
        let mut own_task = task(group, &one.title, own(), date(2025, 12, 31));
        own_task.takes_over = vec![one.key];
        let key = plan.task(&own_task).await?;
        if unit == "150600" && one.number <= 6 {
            own_task.title = format!("{}：旗区分解落实", one.title);
            plan.task(&own_task).await?;
        }
        let carries = one.indicators.iter().any(|own| own.key == target);
        if let Some(share) = share.filter(|_| carries) {
            let part = IndicatorInput {
                takes_over: Some(target),
                ..linked("重大项目完成投资", "亿元", &share.amount, "year_to_date")
            };
            plan.indicator(key, &part).await?;
        }
    }
    plan.adopt("").await
}

/// A department takes over what charges it; the one of industry carries a target of its own.
async fn office(
    app: &App,
    who: &Actor,
    above: &PlanView,
    (id, code, name): (i64, &str, &str),
    target: u32,
) -> Result<(), AppError> {
    let title = (
        format!("自治区{name}重大项目谋划行动工作方案（演示）"),
        2025,
    );
    let own = || OfficeInput::department(REGION, code);
    let parent = Some(PlanId(above.row.plan_id));
    let plan = Writer::begin(app, who, PlanKind::Work, own(), parent, title).await?;
    let charged = above.tasks.iter().filter(|task| {
        let offices = std::iter::once(&task.lead).chain(&task.cooperating);
        offices
            .filter_map(|office| office.department.as_ref())
            .any(|one| DepartmentId(one.department_id) == DepartmentId(id))
    });
    let mut first = None;
    for one in charged {
        let group = one.group.as_ref().map_or("", |group| group.code.as_str());
        let mut own_task = task(group, &one.title, own(), date(2025, 12, 31));
        own_task.takes_over = vec![one.key];
        let key = plan.task(&own_task).await?;
        first = first.or(Some(key));
    }
    let first = match first {
        Some(first) => first,
        None => {
            let title = "配合做好重大项目谋划";
            plan.task(&task("service", title, own(), date(2025, 12, 31)))
                .await?
        }
    };
    if code == "industry" {
        // 工业重大项目投资 4,900 亿元, as that department published in April 2025.
        let mut part = linked("工业重大项目完成投资", "亿元", "4,900", "year_to_date");
        part.takes_over = Some(target);
        part.source.department = code.to_owned();
        plan.indicator(first, &part).await?;
    }
    plan.adopt("").await
}

/// January 2026: Tongliao's list, and what two banners make of it.
pub(super) async fn list(
    teller: &Teller<'_>,
    system: &Actor,
    period: Period,
) -> Result<(), AppError> {
    let app = teller.app;
    let found = teller.clerks.iter().find(|(unit, _)| *unit == TONGLIAO);
    let (_, who) = found.or_not_found("unit")?;
    let title = (
        "通辽市2026年十项常态化工作和十项关键任务清单（演示）".to_owned(),
        2026,
    );
    let own = OfficeInput::unit(TONGLIAO);
    let plan = Writer::begin(app, who, PlanKind::Annual, own, None, title).await?;
    let banners = [("150502", "horqin"), ("150581", "holingol")];
    let mut first = None;
    for (group, title, body, department) in LIST {
        let lead = OfficeInput::department(TONGLIAO, department);
        let mut one = task(group, title, lead, date(2026, 12, 31));
        one.body = body.to_owned();
        let all = banners.iter().map(|(unit, _)| OfficeInput::unit(unit));
        one.cooperating = all.collect();
        let key = plan.task(&one).await?;
        first = first.or(Some(key));
    }
    let first = first.or_not_found("task")?;
    let yi = planned(app, who, TONGLIAO, period).await?;
    let invested = linked("重大项目完成投资", "亿元", &yi, "year_to_date");
    let target = plan.indicator(first, &invested).await?;
    for (name, unit, amount, metric) in [
        ("开复工率", "%", "95", "at_work_rate"),
        ("手续办结率", "%", "95", "matters_rate"),
    ] {
        plan.indicator(first, &linked(name, unit, amount, metric))
            .await?;
    }
    let mut reserve = linked("储备库在库项目", "个", "300", "library_projects");
    reserve.source.cut = "stage".to_owned();
    reserve.source.member = "reserve".to_owned();
    plan.indicator(first, &reserve).await?;
    let parts = Parts::Units(Measure::AnnualPlan);
    app.plan_shares_put(who, plan.id, None, target, &parts)
        .await?;
    app.plan_steps_put(who, plan.id, None, target, &StepsBy::LastYear)
        .await?;
    plan.adopt("").await?;
    let above = app.plan_view(who, plan.id, None).await?;
    for (unit, login) in banners {
        let clerk = people::actor(app, system, login).await?;
        banner(app, &clerk, &above, unit, target).await?;
    }
    Ok(())
}

async fn banner(
    app: &App,
    who: &Actor,
    above: &PlanView,
    unit: &str,
    target: u32,
) -> Result<(), AppError> {
    let reference = app.reference().await?;
    let name = &reference.unit_by_code(unit).or_not_found("unit")?.name;
    let title = (format!("{name}2026年重点任务落实方案（演示）"), 2026);
    let own = || OfficeInput::unit(unit);
    let parent = Some(PlanId(above.row.plan_id));
    let plan = Writer::begin(app, who, PlanKind::Work, own(), parent, title).await?;
    for one in &above.tasks {
        if one.number == 17 && unit == "150581" {
            let reason = "不在引调水工程受水范围";
            app.plan_leave_out(who, plan.id, None, one.key, reason)
                .await?;
            continue;
        }
        let group = one.group.as_ref().map_or("", |group| group.code.as_str());
        let mut own_task = task(group, &one.title, own(), date(2026, 12, 31));
        own_task.takes_over = vec![one.key];
        let key = plan.task(&own_task).await?;
        let carried = one.indicators.iter().find(|own| own.key == target);
        let mut shares = carried.map(|own| own.shares.iter()).into_iter().flatten();
        if let Some(share) = shares.find(|share| share.office.unit.code == unit) {
            let mut part = linked("重大项目完成投资", "亿元", &share.amount, "year_to_date");
            part.takes_over = Some(target);
            plan.indicator(key, &part).await?;
        }
    }
    plan.adopt("").await
}

/// The annual plan of a unit in 亿元, in whole ones.
async fn planned(app: &App, who: &Actor, unit: &str, period: Period) -> Result<String, AppError> {
    let query = RollupQuery {
        period: Some(period),
        unit: Some(unit.to_owned()),
        by: By::Unit,
        edition: Edition::Current,
    };
    let total = app.rollup(who, &query).await?.total;
    let yuan = total.measures.get("annual_plan").copied().unwrap_or(0);
    Ok((yuan / 100_000_000).max(1).to_string())
}
