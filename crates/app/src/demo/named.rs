//! The projects a newspaper named, with its printed figures; everything else about them is made up.

use gangmu_domain::Period;
use gangmu_domain::library::Benefit;
use jiff::civil::{Date, date};

use super::sketch::{Life, Sketch, spread};
use super::trades::TRADES;
use crate::random::Draw;

struct Named {
    name: &'static str,
    unit: &'static str,
    unit_name: &'static str,
    industry: &'static str,
    life: Life,
    /// 万元: total, before 2024, in 2024, in 2025.
    money: [i64; 4],
    planned_start: Date,
    started: Date,
    finished: Option<Date>,
    scale: &'static str,
    /// Metric, quantity, decimals, unit, note.
    benefits: &'static [(&'static str, i64, u32, &'static str, &'static str)],
}

const NAMED: &[Named] = &[
    Named {
        name: "国家电投通辽2×350MW智慧热电联产机组",
        unit: "150502",
        unit_name: "科尔沁区",
        industry: "44",
        life: Life::Goes,
        money: [326_000, 48_000, 96_000, 118_000],
        planned_start: date(2023, 6, 1),
        started: date(2023, 6, 20),
        finished: None,
        scale: "2×350MW超超临界直接空冷热电联产机组",
        benefits: &[
            ("standard_coal_saved", 27, 0, "万吨/年", "投产后"),
            ("water_saved", 78_912, 2, "万吨/年", "投产后"),
            ("electricity_output", 3_696, 2, "亿千瓦时/年", "投产后"),
        ],
    },
    Named {
        name: "扎铝二期35万吨电解铝项目",
        unit: "150526",
        unit_name: "扎鲁特旗",
        industry: "32",
        life: Life::StartsFirst,
        money: [300_000, 0, 82_000, 128_000],
        planned_start: date(2024, 5, 1),
        started: date(2024, 5, 12),
        finished: None,
        scale: "年产35万吨电解铝",
        benefits: &[
            ("capacity_aluminium", 35, 0, "万吨/年", ""),
            ("green_power_share", 80, 0, "%", "近"),
        ],
    },
    Named {
        name: "霍都年产60万吨新型预焙阳极项目一期",
        unit: "150581",
        unit_name: "霍林郭勒市",
        industry: "30",
        life: Life::QuickSecond,
        money: [98_000, 0, 0, 96_000],
        planned_start: date(2025, 3, 1),
        started: date(2025, 3, 18),
        finished: Some(date(2025, 11, 26)),
        scale: "年产60万吨新型预焙阳极的一期工程",
        benefits: &[("capacity_anode", 60, 0, "万吨/年", "两期合计")],
    },
    Named {
        name: "霍都年产60万吨新型预焙阳极项目二期",
        unit: "150581",
        unit_name: "霍林郭勒市",
        industry: "30",
        life: Life::StartsSecond,
        money: [112_000, 0, 0, 26_000],
        planned_start: date(2026, 9, 1),
        started: date(2025, 9, 10),
        finished: None,
        scale: "年产60万吨新型预焙阳极的二期工程，提前一年开工",
        benefits: &[("capacity_anode", 60, 0, "万吨/年", "两期合计")],
    },
    Named {
        name: "兴固纳米微晶新材料项目一期2号线",
        unit: "150571",
        unit_name: "通辽经开区",
        industry: "30",
        life: Life::FirstToSecond,
        money: [86_000, 0, 35_000, 50_000],
        planned_start: date(2024, 6, 1),
        started: date(2024, 6, 6),
        finished: Some(date(2025, 11, 18)),
        scale: "国内首创“一窑两线”工艺",
        benefits: &[],
    },
    Named {
        name: "奈曼旗天然碱开发项目",
        unit: "150525",
        unit_name: "奈曼旗",
        industry: "10",
        life: Life::StartsSecond,
        money: [1_180_000, 0, 0, 92_000],
        planned_start: date(2025, 6, 1),
        started: date(2025, 6, 16),
        finished: None,
        scale: "依托天然碱和伴生石盐资源开发",
        benefits: &[
            ("reserve_trona", 2_077, 2, "亿吨", ""),
            ("reserve_halite", 1_374, 2, "亿吨", "伴生"),
            ("output_value", 500, 0, "亿元/年", "到2035年"),
        ],
    },
    Named {
        name: "蒙东（通辽）高端重型装备制造基地",
        unit: "150502",
        unit_name: "科尔沁区",
        industry: "38",
        life: Life::StartsFirst,
        money: [3_600_000, 0, 310_000, 460_000],
        planned_start: date(2024, 4, 1),
        started: date(2024, 4, 22),
        finished: None,
        scale: "重型装备制造基地，规划总投资360亿元",
        benefits: &[
            ("output_value", 720, 0, "亿元/年", "全部达产后"),
            ("local_supply_share", 85, 0, "%", "风电基础元件基地直供"),
        ],
    },
];

/// Makes them up, first in the list.
pub(super) fn sketches(first: Period) -> Vec<Sketch> {
    let mut draw = Draw::new(7);
    NAMED
        .iter()
        .filter_map(|named| sketch(&mut draw, named, first))
        .collect()
}

fn sketch(draw: &mut Draw, named: &Named, first: Period) -> Option<Sketch> {
    let trade = TRADES.iter().find(|t| t.industry == named.industry)?;
    let [total, before, year_one, year_two] = named.money;
    let entered = match named.life {
        Life::QuickSecond | Life::StartsSecond => Period::new(2024, 12).unwrap_or(first),
        _ => first,
    };
    let mut sketch = Sketch {
        id: None,
        name: format!("{}（演示）", named.name),
        owner: format!("{}项目公司（演示）", named.unit_name),
        unit: named.unit.to_owned(),
        unit_name: named.unit_name.to_owned(),
        trade,
        government: false,
        life: named.life,
        slips: false,
        rests: false,
        total,
        before,
        months: std::collections::BTreeMap::new(),
        plans: [0; 3],
        started: Some(named.started),
        finished: named.finished,
        planned_start: named.planned_start,
        planned_finish: named
            .finished
            .unwrap_or(date(2027, 10, 31))
            .max(date(2026, 9, 30)),
        benefits: named.benefits.iter().map(benefit).collect(),
        scale: named.scale.to_owned(),
        on_from: None,
        off_from: None,
        missing: Vec::new(),
        entered,
        moves: Vec::new(),
        fixed: true,
    };
    spread(draw, &mut sketch, 2024, year_one);
    spread(draw, &mut sketch, 2025, year_two);
    Some(sketch)
}

fn benefit((metric, quantity, decimals, unit, note): &(&str, i64, u32, &str, &str)) -> Benefit {
    Benefit {
        metric: (*metric).to_owned(),
        quantity: *quantity,
        decimals: *decimals,
        unit: (*unit).to_owned(),
        note: (*note).to_owned(),
    }
}
