//! What is built in the demo region: industries with their departments, products and words.

/// How the progress of a kind of works is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Works {
    Plant,
    Power,
    Line,
    Land,
    House,
}

/// One industry of the demo.
#[derive(Debug)]
pub(crate) struct Trade {
    /// GB/T 4754 division.
    pub industry: &'static str,
    /// Code of the department.
    pub department: &'static str,
    /// How often it comes.
    pub weight: i64,
    /// Government projects in a thousand.
    pub government: i64,
    /// Size against the usual, percent.
    pub size: i64,
    pub works: Works,
    /// What is built.
    pub products: &'static [&'static str],
}

impl Trade {
    /// Mining, manufacturing, and supply of power, heat, gas and water (sections B, C, D).
    pub(crate) fn is_industrial(&self) -> bool {
        ("06".."47").contains(&self.industry)
    }
}

macro_rules! trades {
    ($($industry:literal $department:literal $weight:literal $government:literal $size:literal
        $works:ident [$($product:literal),* $(,)?];)*) => {
        /// All of them.
        pub(crate) const TRADES: &[Trade] = &[$(Trade {
            industry: $industry,
            department: $department,
            weight: $weight,
            government: $government,
            size: $size,
            works: Works::$works,
            products: &[$($product),*],
        }),*];
    };
}

trades! {
    "01" "agriculture" 70 700 40 Land ["高标准农田建设项目", "设施农业产业园项目", "玉米单产提升工程项目", "节水灌溉示范项目", "马铃薯种薯繁育基地项目"];
    "03" "agriculture" 60 150 45 Plant ["万头奶牛牧场项目", "肉牛育肥基地项目", "肉羊标准化养殖项目", "现代化生猪养殖项目"];
    "06" "energy" 35 50 160 Plant ["露天煤矿智能化改造项目", "选煤厂项目", "矿井接续工程项目", "煤矿瓦斯治理项目"];
    "09" "industry" 20 0 110 Plant ["铅锌矿采选扩建项目", "铜钼矿深部开采项目", "银多金属矿采选项目"];
    "10" "industry" 18 0 100 Plant ["萤石矿采选项目", "石墨矿采选项目", "石灰石矿绿色开采项目"];
    "13" "industry" 40 50 60 Plant ["玉米深加工项目", "肉牛屠宰加工项目", "杂粮加工项目", "饲料加工项目", "马铃薯淀粉加工项目"];
    "14" "industry" 22 0 90 Plant ["乳制品智能工厂项目", "奶粉生产线项目", "预制菜加工项目"];
    "25" "industry" 14 0 260 Plant ["煤制烯烃项目", "焦化升级改造项目", "煤基新材料项目"];
    "26" "industry" 55 0 190 Plant ["精细化工项目", "生物发酵项目", "绿氢制绿氨项目", "电子级化学品项目", "聚乙烯醇项目"];
    "27" "industry" 18 0 80 Plant ["原料药生产基地项目", "蒙中药饮片项目", "兽用疫苗项目"];
    "30" "industry" 45 0 110 Plant ["负极材料项目", "石墨电极项目", "新型建材项目", "预焙阳极项目", "玻璃纤维项目"];
    "31" "industry" 15 0 210 Plant ["特钢升级改造项目", "稀土钢板材项目", "铁合金矿热炉改造项目"];
    "32" "industry" 38 0 200 Plant ["高端铝合金项目", "铝板带箔项目", "稀土永磁材料项目", "铜箔项目"];
    "35" "industry" 26 0 100 Plant ["矿山机械制造项目", "新能源重卡项目", "风电塔筒制造项目"];
    "38" "industry" 42 0 150 Plant ["风电主机制造项目", "储能电池项目", "光伏组件项目", "叶片制造项目", "变压器制造项目"];
    "39" "industry" 20 0 230 Plant ["单晶硅拉晶项目", "半导体级多晶硅项目", "电容器用电极箔项目"];
    "42" "industry" 14 50 60 Plant ["固废综合利用项目", "退役风机叶片回收项目", "粉煤灰综合利用项目"];
    "44" "energy" 120 50 240 Power ["风电基地项目", "光伏治沙项目", "源网荷储一体化项目", "独立储能电站项目", "热电联产项目", "500千伏输变电工程", "分散式风电项目"];
    "45" "housing" 12 300 50 Line ["天然气长输管道项目", "燃气管网延伸项目"];
    "46" "water" 22 700 50 Line ["工业园区供水工程", "城镇供水水源工程", "再生水回用项目"];
    "48" "housing" 25 600 60 House ["园区标准化厂房项目", "园区基础设施配套项目"];
    "53" "transport" 14 500 300 Line ["铁路专用线项目", "铁路扩能改造项目"];
    "54" "transport" 70 900 140 Line ["高速公路项目", "国道改扩建项目", "农村公路提升项目", "口岸公路项目"];
    "59" "commerce" 32 150 70 House ["智慧物流园项目", "冷链仓储项目", "口岸仓储加工区项目"];
    "65" "industry" 26 100 170 House ["绿色算力中心项目", "大数据灾备中心项目", "智算集群项目"];
    "76" "water" 52 950 80 Land ["灌区现代化改造项目", "中小河流治理项目", "水库除险加固工程", "引水工程"];
    "77" "forestry" 62 950 60 Land ["沙地综合治理项目", "草原生态修复项目", "黄河流域生态治理项目", "矿山生态修复项目", "防沙治沙林草工程"];
    "78" "housing" 85 900 50 Line ["老旧管网改造项目", "污水处理厂提标改造项目", "供热管网改造项目", "城市内涝治理项目"];
    "83" "education" 46 900 35 House ["中学新建项目", "职业教育实训基地项目", "幼儿园新建项目", "学校改扩建项目"];
    "84" "health" 42 900 50 House ["人民医院综合楼项目", "中蒙医院迁建项目", "疾控中心能力提升项目", "医养结合中心项目"];
    "88" "culture_tourism" 34 500 55 House ["文化艺术中心项目", "草原旅游度假区项目", "博物馆新建项目", "自驾游营地项目"];
    "89" "culture_tourism" 14 800 40 House ["全民健身中心项目", "冰雪运动基地项目"];
}

/// Made-up names of owners.
pub(crate) const BRANDS: &[&str] = &[
    "绿源",
    "天河",
    "北辰",
    "蒙远",
    "恒泰",
    "瑞丰",
    "金草原",
    "鸿源",
    "众诚",
    "新牧",
    "华景",
    "润北",
    "宏图",
    "盛达",
    "祥云",
    "青峰",
    "长青",
    "中远",
    "佳禾",
    "博远",
    "昌盛",
    "腾飞",
    "安和",
    "同创",
    "丰泽",
    "泰和",
    "东源",
    "西岭",
    "兴业",
    "晟华",
    "星原",
    "沃野",
    "凯达",
    "国润",
    "永兴",
    "联创",
    "信合",
    "明川",
    "科元",
    "云岭",
];

/// What stands after a name to tell one from another.
pub(crate) const PHASES: &[&str] = &["", "一期", "二期", "（扩建）", "三期", "（迁建）"];

/// What goes wrong.
pub(crate) const PROBLEMS: &[&str] = &[
    "建设用地指标尚未落实，请盟市协调解决",
    "主要设备到货延迟约20天，已派员驻厂催交",
    "送出线路与接入系统方案待批",
    "银行贷款审批偏慢，资金到位不足",
    "环评批复正在办理，影响后续标段招标",
    "征拆尾留3户未签约",
    "冬季低温，室外作业面减少",
    "用水指标需自治区统筹",
];

const PLANT: [&str; 5] = [
    "场地平整完成，正在进行桩基施工",
    "厂房基础施工，地下管网同步推进",
    "主厂房钢结构吊装，围护结构施工",
    "主要工艺设备安装，电气仪表敷设",
    "单机调试，准备联动试车",
];
const POWER: [&str; 5] = [
    "进场道路完成，风机（支架）基础开挖",
    "基础浇筑，升压站土建施工",
    "机组（组件）吊装，集电线路架设",
    "升压站电气安装，送出线路施工",
    "机组调试，分批并网",
];
const LINE: [&str; 5] = [
    "清表完成，进行路基（管沟）开挖",
    "路基（管沟）填筑，桥涵下部施工",
    "桥梁上部及路面基层（管道敷设）施工",
    "路面面层（泵站设备）施工",
    "交安设施及附属工程收尾",
];
const LAND: [&str; 5] = [
    "作业设计交底，地块清理",
    "土方工程与渠系（沙障）施工",
    "田间工程、管道及栽植施工",
    "机电井设备安装，补植补造",
    "管护设施完善，准备验收",
];
const HOUSE: [&str; 5] = [
    "基坑支护与土方开挖",
    "基础及地下室施工",
    "主体结构施工",
    "二次结构、外立面与机电安装",
    "内装与室外配套收尾",
];

impl Works {
    /// Tells how far the works are when so many of a thousand parts of the money are spent.
    pub(crate) fn progress(self, per_mille: i64) -> &'static str {
        let words = match self {
            Self::Plant => &PLANT,
            Self::Power => &POWER,
            Self::Line => &LINE,
            Self::Land => &LAND,
            Self::House => &HOUSE,
        };
        let at = match per_mille {
            i64::MIN..80 => 0,
            80..300 => 1,
            300..600 => 2,
            600..880 => 3,
            _ => 4,
        };
        words[at]
    }
}
