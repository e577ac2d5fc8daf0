//! The registry of fields of a project record (`domain.md` §3.1).
//!
//! Stage and place in the pipeline are fields too, so that history shows them beside the rest;
//! but only the pipeline's own commands set them, which `editable` says.

use crate::words::words;

words! {
    /// A field of the project record. The word is the key in imports, exports, URLs and events.
    Field {
        /// The project's name (项目名称).
        Name = "name",
        /// The 24-character code (项目代码).
        Code = "code",
        /// A code of another register: a foreign key number, a local one (其他编码).
        OtherCode = "other_code",
        /// The project it is a part of (父项目).
        ParentName = "parent_name",
        /// Whose list it is on (项目级别).
        Level = "level",
        /// The kind of management (考核类 / 跟踪服务类).
        ProjectClass = "project_class",
        /// Labels such as ★ (标签).
        Tags = "tags",
        /// The accountable reporting unit (所属区域).
        Unit = "unit",
        /// Further units it stands in (涉及地区).
        LocatedUnits = "located_units",
        /// Where it is built (建设地点).
        Site = "site",
        /// The development zone it stands in (所属园区).
        Park = "park",
        /// The GB/T 4754 division (所属行业).
        Industry = "industry",
        /// The industry chain it belongs to (产业链).
        Chain = "chain",
        /// The industry department (行业主管部门).
        Department = "department",
        /// Government or enterprise (投资类型).
        InvestorType = "investor_type",
        /// Who invests: state, private, foreign, mixed (投资主体).
        Investor = "investor",
        /// Longitude in millionths of a degree, −180° to 180° (经度).
        Longitude = "longitude",
        /// Latitude in millionths of a degree, −90° to 90° (纬度).
        Latitude = "latitude",
        /// Scale and main content (建设规模及主要建设内容).
        Scale = "scale",
        /// Main goals (主要建设目标).
        Goals = "goals",
        /// Capacity it adds (新增生产能力).
        Capacity = "capacity",
        /// Statistical nature: new, extension, … (建设性质).
        Nature = "nature",
        /// The plan or reason it comes from (谋划依据).
        Basis = "basis",
        /// First year of building (建设起始年).
        StartYear = "start_year",
        /// Last year of building; absent while open (建设终止年).
        EndYear = "end_year",
        /// When it should start (计划开工时间).
        PlannedStart = "planned_start_on",
        /// When it should be finished (计划竣工时间).
        PlannedFinish = "planned_finish_on",
        /// When it started: permanent works broke ground (实际开工时间).
        ActualStart = "actual_start_on",
        /// When it went into operation (实际竣工投产时间).
        ActualFinish = "actual_finish_on",
        /// Total investment (总投资).
        TotalInvestment = "total_investment",
        /// Money by source (资金拼盘).
        Funding = "funding",
        /// Invested before the first year reported here (至上年底累计完成投资).
        InvestedBefore = "invested_before",
        /// The project owner (项目业主).
        Owner = "owner",
        /// The owner's head (负责人).
        OwnerHead = "owner_head",
        /// The owner's contact (联系人).
        OwnerContact = "owner_contact",
        /// The owner's telephone (联系电话).
        OwnerPhone = "owner_phone",
        /// The responsible unit (责任单位).
        DutyUnit = "duty_unit",
        /// The responsible unit's person (责任人).
        DutyPerson = "duty_person",
        /// The responsible unit's liaison (联络人).
        DutyLiaison = "duty_liaison",
        /// The responsible unit's telephone (责任单位电话).
        DutyPhone = "duty_phone",
        /// The named person at the region (自治区级专人).
        PersonRegion = "person_region",
        /// The named person at the league (盟市级专人).
        PersonLeague = "person_league",
        /// The named person at the banner (旗县级专人).
        PersonBanner = "person_banner",
        /// The leader who answers for it, league level (盟市包联领导).
        ContactLeaderLeague = "contact_leader_league",
        /// The leader who answers for it, banner level (旗县包联领导).
        ContactLeaderBanner = "contact_leader_banner",
        /// Benefits with units (效益指标).
        Benefits = "benefits",
        /// The goal for the year in words (年度形象进度目标).
        AnnualGoal = "annual_goal",
        /// Proposal, filing or approval document (立项文件).
        ApprovalDocument = "approval_document",
        /// Construction contract (施工合同).
        ContractDocument = "contract_document",
        /// Acceptance document (竣工验收文件).
        AcceptanceDocument = "acceptance_document",
        /// Remarks (备注).
        Remark = "remark",
        /// How the project is approved as a project: approved, verified or filed (立项方式).
        ApprovalRoute = "approval_route",
        /// Land it takes, in square metres (用地面积).
        LandArea = "land_area",
        /// Earth and stone it moves, in cubic metres (挖填土石方量).
        EarthVolume = "earth_volume",
        /// Whether it takes land that is not building land yet (新增建设用地).
        NewConstructionLand = "new_construction_land",
        /// Energy it uses, in kilograms of standard coal a year (年综合能源消费量).
        EnergyUse = "energy_use",
        /// Electricity it uses, in kilowatt-hours a year (年电力消费量).
        ElectricityUse = "electricity_use",
        /// Water it takes from rivers, lakes or the ground, in cubic metres a year; 0 where it takes none (年取水量).
        WaterIntake = "water_intake",
        /// Forest land it occupies, in square metres; 0 where none (占用林地面积).
        ForestLand = "forest_land",
        /// Grassland it occupies, in square metres; 0 where none (占用草原面积).
        Grassland = "grassland",
        /// The kind of environmental document the catalogue of the law asks for (环评文件类别).
        EnvironmentalDocument = "environmental_document",
        /// Whether it lies over important minerals (压覆重要矿产资源).
        OverMinerals = "over_minerals",
        /// Whether it touches a river, a lake or a flood-storage area (涉河湖或蓄滞洪区).
        NearRiver = "near_river",
        /// Whether cultural relics are known there or the works are so large that they must be looked for (涉文物或大型工程).
        CulturalRelics = "cultural_relics",
        /// Whether it stands where geological hazards or earthquakes must be assessed (地质灾害易发区).
        HazardArea = "hazard_area",
        /// Whether it is housing or municipal works (房屋建筑和市政基础设施工程).
        BuildingWorks = "building_works",
        /// Whether fire protection must be examined (特殊建设工程).
        SpecialFire = "special_fire",
        /// Whether air-raid shelter, lightning or weather approvals are needed (涉人防、防雷或气象).
        CivilDefence = "civil_defence",
        /// Whether the law asks for tenders (依法必须招标).
        MustTender = "must_tender",
        /// Whether it crosses or touches a highway (涉公路).
        AffectsHighway = "affects_highway",
        /// The stage of the pipeline (阶段); moved, not edited.
        Stage = "stage",
        /// Whether it is suspended (暂缓); moved, not edited.
        Suspended = "suspended",
    }
}

words! {
    /// The part of the project card a field is printed in.
    Group {
        /// Identity and code.
        Identity = "identity",
        /// Place and class.
        Place = "place",
        /// What is built.
        Content = "content",
        /// When it is built.
        Schedule = "schedule",
        /// What it costs and who pays.
        Money = "money",
        /// Who answers for it.
        Responsibility = "responsibility",
        /// Documents.
        Documents = "documents",
        /// What decides which approval matters it needs.
        Approvals = "approvals",
        /// Where it stands in the pipeline.
        Pipeline = "pipeline",
    }
}

/// What a field holds, which decides how it is typed, parsed, compared and printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One line, at most this many characters.
    Line(usize),
    /// Several lines, at most this many characters.
    Lines(usize),
    /// Money in yuan, not negative.
    Money,
    /// A civil date.
    Date,
    /// A year, 1949–2199.
    Year,
    /// Millionths of a degree within ± this many degrees.
    Degrees(i64),
    /// A project code.
    ProjectCode,
    /// A word of a closed list.
    Choice(&'static [&'static str]),
    /// A code of the reporting units.
    Unit,
    /// A whole number of the unit the field names, 0 to [`LARGEST_QUANTITY`].
    Quantity,
    /// Several codes of reporting units.
    Units,
    /// A code of the departments.
    Department,
    /// A code of the industries.
    Industry,
    /// Labels.
    Tags,
    /// Money by source.
    Funding,
    /// Benefits.
    Benefits,
}

/// The largest quantity of area, volume, energy or water a field takes: 10^15 of its unit.
pub const LARGEST_QUANTITY: i64 = 1_000_000_000_000_000;

const LEVELS: &[&str] = &["region", "league", "banner"];
const INVESTOR_TYPES: &[&str] = &["government", "enterprise"];
// The statistical list (domain.md §3.5, marked there as unverified): data of a form, not a rule.
const NATURES: &[&str] = &[
    "new_build",
    "extension",
    "renovation",
    "living_facilities",
    "relocation",
    "restoration",
    "purchase_only",
];
const CLASSES: &[&str] = &["assessed", "tracked"];
const STAGES: &[&str] = &[
    "concept",
    "reserve",
    "preparation",
    "implementation",
    "completed",
    "cancelled",
    "moved_out",
    "merged",
    "split",
];
const YES: &[&str] = &["yes"];
/// Unlike a mark that is there or not, these are known to be so or known not to be.
pub const YES_OR_NO: &[&str] = &["yes", "no"];
const APPROVAL_ROUTES: &[&str] = &["approval", "verification", "filing"];
const ENVIRONMENTAL_DOCUMENTS: &[&str] = &["report", "form", "registration"];

impl Field {
    /// Returns what the field holds.
    #[must_use]
    pub fn kind(self) -> Kind {
        use Field as F;
        match self {
            F::Code => Kind::ProjectCode,
            F::Level => Kind::Choice(LEVELS),
            F::ProjectClass => Kind::Choice(CLASSES),
            F::InvestorType => Kind::Choice(INVESTOR_TYPES),
            F::Nature => Kind::Choice(NATURES),
            F::Stage => Kind::Choice(STAGES),
            F::Suspended => Kind::Choice(YES),
            F::ApprovalRoute => Kind::Choice(APPROVAL_ROUTES),
            F::EnvironmentalDocument => Kind::Choice(ENVIRONMENTAL_DOCUMENTS),
            F::NewConstructionLand
            | F::OverMinerals
            | F::NearRiver
            | F::CulturalRelics
            | F::HazardArea
            | F::BuildingWorks
            | F::SpecialFire
            | F::CivilDefence
            | F::MustTender
            | F::AffectsHighway => Kind::Choice(YES_OR_NO),
            F::LandArea
            | F::EarthVolume
            | F::EnergyUse
            | F::ElectricityUse
            | F::WaterIntake
            | F::ForestLand
            | F::Grassland => Kind::Quantity,
            F::Tags => Kind::Tags,
            F::Unit => Kind::Unit,
            F::LocatedUnits => Kind::Units,
            F::Industry => Kind::Industry,
            F::Department => Kind::Department,
            F::Longitude => Kind::Degrees(180),
            F::Latitude => Kind::Degrees(90),
            F::StartYear | F::EndYear => Kind::Year,
            F::PlannedStart | F::PlannedFinish | F::ActualStart | F::ActualFinish => Kind::Date,
            F::TotalInvestment | F::InvestedBefore => Kind::Money,
            F::Funding => Kind::Funding,
            F::Benefits => Kind::Benefits,
            F::Scale | F::Goals | F::Capacity | F::Basis | F::AnnualGoal | F::Remark => {
                Kind::Lines(4_000)
            }
            _ => Kind::Line(1_000),
        }
    }

    /// Returns the part of the project card the field is printed in.
    #[must_use]
    pub fn group(self) -> Group {
        use Field as F;
        match self {
            F::Name
            | F::Code
            | F::OtherCode
            | F::ParentName
            | F::Level
            | F::ProjectClass
            | F::Tags => Group::Identity,
            F::Unit
            | F::LocatedUnits
            | F::Site
            | F::Park
            | F::Industry
            | F::Chain
            | F::Department
            | F::InvestorType
            | F::Investor
            | F::Longitude
            | F::Latitude => Group::Place,
            F::Scale
            | F::Goals
            | F::Capacity
            | F::Nature
            | F::Basis
            | F::AnnualGoal
            | F::Benefits
            | F::Remark => Group::Content,
            F::StartYear
            | F::EndYear
            | F::PlannedStart
            | F::PlannedFinish
            | F::ActualStart
            | F::ActualFinish => Group::Schedule,
            F::TotalInvestment | F::Funding | F::InvestedBefore => Group::Money,
            F::ApprovalDocument | F::ContractDocument | F::AcceptanceDocument => Group::Documents,
            F::Stage | F::Suspended => Group::Pipeline,
            F::ApprovalRoute
            | F::LandArea
            | F::EarthVolume
            | F::NewConstructionLand
            | F::EnergyUse
            | F::ElectricityUse
            | F::WaterIntake
            | F::ForestLand
            | F::Grassland
            | F::EnvironmentalDocument
            | F::OverMinerals
            | F::NearRiver
            | F::CulturalRelics
            | F::HazardArea
            | F::BuildingWorks
            | F::SpecialFire
            | F::CivilDefence
            | F::MustTender
            | F::AffectsHighway => Group::Approvals,
            _ => Group::Responsibility,
        }
    }

    /// Says whether a form or an import may set the field; the pipeline sets the others.
    #[must_use]
    pub fn editable(self) -> bool {
        self.group() != Group::Pipeline
    }

    /// Says whether a record without the field counts as incomplete.
    #[must_use]
    pub fn counts_for_completeness(self) -> bool {
        use Field as F;
        matches!(
            self,
            F::Name
                | F::Code
                | F::Unit
                | F::Site
                | F::Industry
                | F::Department
                | F::InvestorType
                | F::Scale
                | F::Nature
                | F::StartYear
                | F::PlannedStart
                | F::PlannedFinish
                | F::TotalInvestment
                | F::Funding
                | F::Owner
                | F::DutyUnit
                | F::DutyPerson
                | F::PersonRegion
                | F::PersonLeague
                | F::PersonBanner
        )
    }
}
