//! The catalogue of approval matters: what there is to decide, by whom, how soon and after what.
//!
//! It is data of a region, versioned and dated (`data/policies/approvals.toml`); nothing of it is
//! code. What a reader would get wrong: a limit in it is no promise to one project. A case keeps
//! the version it was made under, so that a changed catalogue never moves a running clock.

use gangmu_calendar::WorkingDays;
use gangmu_calendar::clock::{Budget, SpecialProcedure, Starts};
use jiff::civil::Date;

use super::condition::{Choice, Condition, Verdict};
use crate::library::ProjectRecord;
use crate::organisation::Role;
use crate::words::words;

words! {
    /// How a project is approved as a project (立项方式).
    Route {
        /// Government investment: proposal, feasibility, design are approved (审批).
        Approval = "approval",
        /// Enterprise investment on the list of the government (核准).
        Verification = "verification",
        /// Other enterprise investment: filed, not examined (备案).
        Filing = "filing",
    }
}

words! {
    /// The part of the way a matter belongs to (事项阶段).
    MatterGroup {
        /// The project is set up (立项).
        Initiation = "initiation",
        /// Land and planning (用地规划).
        LandPlanning = "land_planning",
        /// Assessments of single effects (专项评价).
        Assessment = "assessment",
        /// Planning and building permits (工程建设).
        Construction = "construction",
        /// Acceptance of the finished works (竣工验收).
        Acceptance = "acceptance",
    }
}

words! {
    /// How a matter waits for another (前后置关系).
    DependencyKind {
        /// It starts when the other is decided (完成后开始).
        Finish = "finish",
        /// It may start on a promise, but is not decided before the other (容缺并行).
        Promise = "promise",
    }
}

words! {
    /// The level that decides a matter (审批层级).
    DecisionLevel {
        /// The unit of the project itself (属地).
        Own = "own",
        /// The level on whose list the project stands; its own unit where it is on none (同项目级别).
        Project = "project",
        /// The banner (旗县级审批).
        Banner = "banner",
        /// The league (盟市级审批).
        League = "league",
        /// The region (自治区级审批).
        Region = "region",
        /// The State Council and its departments, outside the tree of units (国家级审批).
        Nation = "nation",
    }
}

/// Everything a case is made from, as it applies from one day on (审批事项目录).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Catalogue {
    /// The matters, in the order tables print them.
    pub matters: Vec<Matter>,
    /// One per route.
    pub templates: Vec<Template>,
    /// What is handed in and what is produced.
    pub materials: Vec<Material>,
    /// How quickly the offices answer each other.
    pub service: Service,
}

/// One thing to be decided before or after a project is built (审批事项).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matter {
    /// Its code, stable for good: `A06`.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The part of the way it belongs to.
    pub group: MatterGroup,
    /// The code of the department that leads.
    pub department: String,
    /// The codes of departments that are asked.
    pub consulted: Vec<String>,
    /// Who decides.
    pub level: LevelRule,
    /// When a project needs it.
    pub applies: Condition,
    /// What it waits for.
    pub depends: Vec<Dependency>,
    /// How soon it is decided.
    pub limits: Limits,
    /// Other limits for some projects: the first choice that fits replaces the limits above.
    pub variants: Vec<(Choice, Limits)>,
    /// From which day the limits run.
    pub starts: Starts,
    /// Procedures whose time is not counted, each with its own bound.
    pub procedures: Vec<Procedure>,
    /// Codes of the materials an application consists of.
    pub materials: Vec<String>,
    /// Of these, those that may be handed in later on a promise (容缺).
    pub deferrable: Vec<String>,
    /// The code of the material its decision is.
    pub produces: Option<String>,
    /// The first year in which it counts among the main matters; none where it never did.
    pub main_since: Option<i16>,
    /// Where the row comes from and what of it is not confirmed.
    pub source: String,
}

/// How soon a matter is decided (时限).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// By law; none where no law sets a limit (法定时限).
    pub statutory: Option<Budget>,
    /// Promised in public; the unit deepest in the tree wins (承诺时限).
    pub promised: Vec<Promised>,
    /// Decided on the day it comes (即来即办).
    pub immediate: bool,
}

/// Which level decides: the first rule that fits, else the last word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LevelRule {
    /// Tried in order.
    Choose {
        /// Rules.
        rules: Vec<(Choice, DecisionLevel)>,
        /// Where no rule fits.
        otherwise: DecisionLevel,
    },
    /// The level of the first of these matters that the case has (同立项层级).
    Like(Vec<String>),
}

/// A matter that comes before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dependency {
    /// Its code.
    pub on: String,
    /// How it is waited for.
    pub kind: DependencyKind,
}

/// A limit promised in public by a unit (承诺时限).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Promised {
    /// The code of the unit whose offices promised it, with all below.
    pub unit: String,
    /// The limit.
    pub limit: Budget,
    /// Where it was published.
    pub source: String,
}

/// A procedure whose time is not counted, up to its bound (特别程序).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// Which.
    pub kind: SpecialProcedure,
    /// The longest it may take.
    pub bound: Budget,
}

/// The matters of one route (项目类型模板).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// The route.
    pub route: Route,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
    /// The codes of its matters.
    pub matters: Vec<String>,
}

/// A document handed in or produced (申报材料).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Material {
    /// Its code.
    pub code: String,
    /// What people call it.
    pub name: String,
    /// The same in English.
    pub name_en: String,
}

/// How quickly the offices answer each other, and who is told when (服务标准).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Service {
    /// What is received before this hour is forwarded the same day (24-hour clock).
    pub forward_before_hour: u8,
    /// What comes later is forwarded within so many working days (即来即转).
    pub forward_within: WorkingDays,
    /// Whether every level between forwards, one after the other.
    pub stepwise: bool,
    /// So long without a word, and an application counts as accepted.
    pub silence: WorkingDays,
    /// So long without a word, and a consulted department counts as agreeing.
    pub consult_silence: WorkingDays,
    /// So soon after the last deferred document the formal decision follows.
    pub convert_within: WorkingDays,
    /// So soon a decision reaches the applicant.
    pub delivery: WorkingDays,
    /// The longest extension of a limit, in its own days.
    pub max_extension: u32,
    /// The light turns yellow when no more days than this are left.
    pub warn_when_left: u32,
    /// What a plan supposes where nothing limits a matter.
    pub default_limit: WorkingDays,
    /// By when the matters of projects that start in a part of the year should be through.
    pub starts: Vec<StartRule>,
    /// Who is told when.
    pub rungs: Vec<Rung>,
}

/// Projects that start in these months should have all matters by this day (应批尽批).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StartRule {
    /// First month.
    pub from_month: i8,
    /// Last month.
    pub to_month: i8,
    /// The month of the day.
    pub month: i8,
    /// The day.
    pub day: i8,
}

/// One step of the ladder of reminders (催办阶梯).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rung {
    /// Its word, stable: a step fires once.
    pub code: String,
    /// Working days after the due date; negative before it.
    pub after: i32,
    /// Who is told.
    pub who: Role,
}

/// The words of the procedures whose time is not counted.
pub const PROCEDURES: [(&str, SpecialProcedure); 12] = [
    ("hearing", SpecialProcedure::Hearing),
    ("tender", SpecialProcedure::Tender),
    ("auction", SpecialProcedure::Auction),
    ("inspection", SpecialProcedure::Inspection),
    ("testing", SpecialProcedure::Testing),
    ("quarantine", SpecialProcedure::Quarantine),
    ("appraisal", SpecialProcedure::Appraisal),
    ("expert_review", SpecialProcedure::ExpertReview),
    (
        "commissioned_assessment",
        SpecialProcedure::CommissionedAssessment,
    ),
    ("public_notice", SpecialProcedure::PublicNotice),
    ("higher_level", SpecialProcedure::HigherLevel),
    ("deferred_documents", SpecialProcedure::DeferredDocuments),
];

/// Returns the stable word of a procedure.
#[must_use]
pub fn procedure_word(procedure: SpecialProcedure) -> &'static str {
    PROCEDURES
        .iter()
        .find(|(_, one)| *one == procedure)
        .map_or("", |(word, _)| word)
}

/// Reads the stable word of a procedure.
#[must_use]
pub fn procedure_from_word(word: &str) -> Option<SpecialProcedure> {
    let found = PROCEDURES.iter().find(|(one, _)| *one == word)?;
    Some(found.1)
}

impl Catalogue {
    /// Finds a matter by its code.
    #[must_use]
    pub fn matter(&self, code: &str) -> Option<&Matter> {
        self.matters.iter().find(|matter| matter.code == code)
    }

    /// Finds the template of a route.
    #[must_use]
    pub fn template(&self, route: Route) -> Option<&Template> {
        self.templates.iter().find(|one| one.route == route)
    }

    /// Finds a material by its code.
    #[must_use]
    pub fn material(&self, code: &str) -> Option<&Material> {
        self.materials.iter().find(|one| one.code == code)
    }
}

impl Matter {
    /// Returns the limits of a variant, counted from one; zero is the ordinary case.
    #[must_use]
    pub fn limits_of(&self, variant: usize) -> &Limits {
        let chosen = variant.checked_sub(1).and_then(|at| self.variants.get(at));
        chosen.map_or(&self.limits, |(_, limits)| limits)
    }

    /// Returns which variant a project falls under; the ordinary case where that is not known.
    #[must_use]
    pub fn variant_for(&self, record: &ProjectRecord) -> usize {
        let fits = |(choice, _): &(Choice, Limits)| choice.verdict(record) == Verdict::Yes;
        self.variants.iter().position(fits).map_or(0, |at| at + 1)
    }

    /// Returns the procedure of this kind, if the matter may use it.
    #[must_use]
    pub fn procedure(&self, kind: SpecialProcedure) -> Option<Procedure> {
        self.procedures.iter().copied().find(|one| one.kind == kind)
    }
}

impl Limits {
    /// Returns the limit promised to projects of a unit, given the codes from the root down to it.
    ///
    /// The unit deepest in the tree that promised anything wins.
    #[must_use]
    pub fn promised_in<'a>(&self, codes: impl IntoIterator<Item = &'a str>) -> Option<&Promised> {
        codes
            .into_iter()
            .filter_map(|code| self.promised.iter().find(|one| one.unit == code))
            .last()
    }
}

impl Service {
    /// Returns the day by which the matters of a project with this planned start should be through.
    ///
    /// 上半年开工项目 3 月底前应批尽批，下半年开工 8 月底前应批尽批 is the shipped rule.
    #[must_use]
    pub fn due_for_start(&self, planned_start: Date) -> Option<Date> {
        let month = planned_start.month();
        let rule = self
            .starts
            .iter()
            .find(|rule| (rule.from_month..=rule.to_month).contains(&month))?;
        Date::new(planned_start.year(), rule.month, rule.day).ok()
    }
}
