//! The real layouts of the papers, header texts exact, rebuilt with invented posts.
//!
//! Each snapshot is what the import wizard would show; read it as a person would.

use crate::support::{layout, report, understand};
use insta::assert_snapshot;

const OWNER: &str =
    "项目业主单位▸业主名称|项目业主单位▸负责人|项目业主单位▸联系人|项目业主单位▸电话";
const DUTY: &str = "市或县挂钩责任单位▸单位名称|市或县挂钩责任单位▸责任人|市或县挂钩责任单位▸联络人|市或县挂钩责任单位▸电话";

#[test]
fn table_1_annual_project_list() {
    let header = format!(
        "序号|项目名称|项目性质|建设内容及规模|建设起止时间|总投资（万元）|至2009年底累计完成投资（万元）|2010年计划投资（万元）|2010年1-7月完成投资（万元）|后五个月项目进度关键节点的安排|大干150天力争完成的投资额（万元）|{OWNER}|{DUTY}|市挂钩领导"
    );
    let book = layout()
        .line("2010年重点项目明细表")
        .header(&header)
        .row("合计|3个||||60000|20000|15000|8000")
        .row("1|★甲河大桥|续建|全长2公里|2007.10-2010.12|54,583.00|20000|10000|5000|年底竣工||交通投资公司|经理|办公室主任|0000|交通局|局长|科长|0001|副市长")
        .row("1●|乙 医院|新开工|床位300张|2010-|5000||3000|2000||")
        .row("3|丙水厂|前期|日供水5万吨|09.10-11.3|417||2000|1000||")
        .bytes();
    let book = gangmu_exchange::read_workbook("表.xlsx", &book, &Default::default()).unwrap();
    assert_snapshot!(report(&book), @r##"
    title Some("2010年重点项目明细表") unit None Some(2010) None
    keys name category scale build_years total_investment invested_before annual_plan year_to_date annual_goal owner owner_head owner_contact owner_phone duty_unit duty_person duty_liaison duty_phone contact_leader
    row 5 []★ name=甲河大桥 category=续建 scale=全长2公里 build_years=2007-10/2010-12 total_investment=¥545830000 invested_before=¥200000000 annual_plan=¥100000000 year_to_date=¥50000000 annual_goal=年底竣工 owner=交通投资公司 owner_head=经理 owner_contact=办公室主任 owner_phone=0 duty_unit=交通局 duty_person=局长 duty_liaison=科长 duty_phone=1 contact_leader=副市长
    row 6 []● name=乙 医院 category=新开工 scale=床位300张 build_years=2010/.. total_investment=¥50000000 annual_plan=¥30000000 year_to_date=¥20000000
    row 7 [] name=丙水厂 category=前期 scale=日供水5万吨 build_years=2009-10/2011-03 total_investment=¥4170000 annual_plan=¥20000000 year_to_date=¥10000000
    check A4 合计  3 3 Match
    check F4 合计 总投资（万元） 60000万元 60000万元 Match
    check G4 合计 至2009年底累计完成投资（万元） 20000万元 20000万元 Match
    check H4 合计 2010年计划投资（万元） 15000万元 15000万元 Match
    check I4 合计 2010年1-7月完成投资（万元） 8000万元 8000万元 Match
    info 表!K2：“大干150天力争完成的投资额（万元）”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!F5：“54,583.00”，应为数字格式。已按数字读取，无需处理。
    info 表!E7：“09.10-11.3”，应为四位年份。已按 1950—2049 年读取，请确认。
    "##);
}

#[test]
fn table_1_by_region_with_nested_groups() {
    let header = "序号|项目名称|项目性质|总投资（万元）|至2009年底累计完成投资|2010年1-7月完成投资（万元）|市或县挂钩领导";
    let book = layout()
        .line("重点项目表（按地区）")
        .header(header)
        .gap()
        .row("合计37个|||700|70|30")
        .row("龙海市合计14个|||300|30|10")
        .row("一|工业||300|30|10")
        .row("1|甲厂|续建|100|10|4|副市长")
        .row("2|乙厂|续建|200|20|6|副市长")
        .row("华安县合计1个|||400|40|20")
        .row("一|交通||400|40|20")
        .row("1|丙路|新开工|400|40|20|副县长")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("重点项目表（按地区）") unit None None None
    keys name category total_investment invested_before year_to_date contact_leader
    row 7 [龙海市/工业] name=甲厂 category=续建 total_investment=¥1000000 invested_before=¥100000 year_to_date=¥40000 contact_leader=副市长
    row 8 [龙海市/工业] name=乙厂 category=续建 total_investment=¥2000000 invested_before=¥200000 year_to_date=¥60000 contact_leader=副市长
    row 11 [华安县/交通] name=丙路 category=新开工 total_investment=¥4000000 invested_before=¥400000 year_to_date=¥200000 contact_leader=副县长
    check A4 合计  37 3 Mismatch
    check D4 合计 总投资（万元） 700万元 700万元 Match
    check E4 合计 至2009年底累计完成投资 70万元 70万元 Match
    check F4 合计 2010年1-7月完成投资（万元） 30万元 30万元 Match
    check A5 龙海市  14 2 Mismatch
    check D5 龙海市 总投资（万元） 300万元 300万元 Match
    check E5 龙海市 至2009年底累计完成投资 30万元 30万元 Match
    check F5 龙海市 2010年1-7月完成投资（万元） 10万元 10万元 Match
    check D6 工业 总投资（万元） 300万元 300万元 Match
    check E6 工业 至2009年底累计完成投资 30万元 30万元 Match
    check F6 工业 2010年1-7月完成投资（万元） 10万元 10万元 Match
    check A9 华安县  1 1 Match
    check D9 华安县 总投资（万元） 400万元 400万元 Match
    check E9 华安县 至2009年底累计完成投资 40万元 40万元 Match
    check F9 华安县 2010年1-7月完成投资（万元） 20万元 20万元 Match
    check D10 交通 总投资（万元） 400万元 400万元 Match
    check E10 交通 至2009年底累计完成投资 40万元 40万元 Match
    check F10 交通 2010年1-7月完成投资（万元） 20万元 20万元 Match
    warning 表!E2：“至2009年底累计完成投资”，应为注明的金额单位。已按“万元”读取，请确认。
    warning 表!A4：“合计 37”，应为明细行数 3。请核对项目个数与明细；系统不作更改。
    warning 表!A5：“龙海市 14”，应为明细行数 2。请核对项目个数与明细；系统不作更改。
    "##);
}

#[test]
fn table_1_by_industry() {
    let book = layout()
        .line("重点项目表（按行业）")
        .header("序号|项目名称|总投资（万元）|2010年力争完成的投资额（万元）|镇挂钩领导")
        .row("总计|131个|350|35")
        .row("（一）工业项目82个||150|15")
        .row("1|甲厂|50|5|副镇长")
        .row("2|乙厂|100|10|副镇长")
        .row("（二）交通项目1个||200|20")
        .row("1|丙路|200|20|副镇长")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("重点项目表（按行业）") unit None None None
    keys name total_investment contact_leader
    row 5 [工业] name=甲厂 total_investment=¥500000 contact_leader=副镇长
    row 6 [工业] name=乙厂 total_investment=¥1000000 contact_leader=副镇长
    row 8 [交通] name=丙路 total_investment=¥2000000 contact_leader=副镇长
    check A3 总计  131 3 Mismatch
    check C3 总计 总投资（万元） 350万元 350万元 Match
    check D3 总计 2010年力争完成的投资额（万元） 35万元 35万元 Match
    check A4 工业  82 2 Mismatch
    check C4 工业 总投资（万元） 150万元 150万元 Match
    check D4 工业 2010年力争完成的投资额（万元） 15万元 15万元 Match
    check A7 交通  1 1 Match
    check C7 交通 总投资（万元） 200万元 200万元 Match
    check D7 交通 2010年力争完成的投资额（万元） 20万元 20万元 Match
    info 表!D2：“2010年力争完成的投资额（万元）”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    warning 表!A3：“总计 131”，应为明细行数 3。请核对项目个数与明细；系统不作更改。
    warning 表!A4：“工业 82”，应为明细行数 2。请核对项目个数与明细；系统不作更改。
    "##);
}

#[test]
fn table_2_months_with_money_and_image_progress() {
    let months = ["8月", "9月", "10月", "11月", "12月"]
        .map(|month| format!("{month}▸当月完成投资额（万元）|{month}▸形象进度"))
        .join("|");
    let header = format!(
        "序号|项目名称|总投资（万元）|{months}|全年完成投资额（万元）|{OWNER}|{DUTY}|市挂钩领导"
    );
    let book = layout()
        .line("战役项目明细表")
        .header(&header)
        .row("1|甲河大桥|5000|100|打桩|200|承台|300|墩身|400|架梁|500|桥面|1500|交通投资公司")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("战役项目明细表") unit None None None
    keys name total_investment month.8 month_image.8 month.9 month_image.9 month.10 month_image.10 month.11 month_image.11 month.12 month_image.12 owner owner_head owner_contact owner_phone duty_unit duty_person duty_liaison duty_phone contact_leader
    row 4 [] name=甲河大桥 total_investment=¥50000000 month.8=¥1000000 month_image.8=打桩 month.9=¥2000000 month_image.9=承台 month.10=¥3000000 month_image.10=墩身 month.11=¥4000000 month_image.11=架梁 month.12=¥5000000 month_image.12=桥面 owner=交通投资公司
    info 表!N2：“全年完成投资额（万元）”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    "##);
}

#[test]
fn table_3_ten_day_columns_under_three_header_rows() {
    let months = ["8月", "9月"]
        .map(|month| {
            ["上旬", "中旬", "下旬", "累计", "形象进度"]
                .map(|part| format!("投资情况（万元）以及形象进度▸{month}▸{part}"))
                .join("|")
        })
        .join("|");
    let book = layout()
        .line("战役项目进度一览表")
        .header(&format!("序号|项目名称|{months}"))
        .row("合计（1项）||10|20|30|60||40|50|60|151")
        .row("1|甲河大桥|10|20|30|60|打桩|40|50|60|150|承台")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("战役项目进度一览表") unit None None None
    keys name tenday.8.1 tenday.8.2 tenday.8.3 month.8 month_image.8 tenday.9.1 tenday.9.2 tenday.9.3 month.9 month_image.9
    row 6 [] name=甲河大桥 tenday.8.1=¥100000 tenday.8.2=¥200000 tenday.8.3=¥300000 month.8=¥600000 month_image.8=打桩 tenday.9.1=¥400000 tenday.9.2=¥500000 tenday.9.3=¥600000 month.9=¥1500000 month_image.9=承台
    check A5 合计  1 1 Match
    check C5 合计 投资情况（万元）以及形象进度 ▸ 8月 ▸ 上旬 10万元 10万元 Match
    check D5 合计 投资情况（万元）以及形象进度 ▸ 8月 ▸ 中旬 20万元 20万元 Match
    check E5 合计 投资情况（万元）以及形象进度 ▸ 8月 ▸ 下旬 30万元 30万元 Match
    check F5 合计 投资情况（万元）以及形象进度 ▸ 8月 ▸ 累计 60万元 60万元 Match
    check H5 合计 投资情况（万元）以及形象进度 ▸ 9月 ▸ 上旬 40万元 40万元 Match
    check I5 合计 投资情况（万元）以及形象进度 ▸ 9月 ▸ 中旬 50万元 50万元 Match
    check J5 合计 投资情况（万元）以及形象进度 ▸ 9月 ▸ 下旬 60万元 60万元 Match
    check K5 合计 投资情况（万元）以及形象进度 ▸ 9月 ▸ 累计 151万元 150万元 Mismatch
    warning 表!K5：“合计 投资情况（万元）以及形象进度 ▸ 9月 ▸ 累计 151万元”，应为明细之和 150万元。请核对合计与明细；系统不作更改。
    "##);
}

#[test]
fn table_3_summary_by_region() {
    let months = ["8月", "9月"]
        .map(|month| {
            ["上旬", "中旬", "下旬", "累计", "完成比例%"]
                .map(|part| format!("投资进度（万元）▸{month}▸{part}"))
                .join("|")
        })
        .join("|");
    let book = layout()
        .line("进度汇总表")
        .header(&format!("序号|所属区域|项目数|{months}"))
        .row("合计||13|30|30|30|90|45|0|0|0|0|0")
        .row("1|芗城区|6|10|10|10|30|30|0|0|0|0|0")
        .row("2|龙文区|7|20|20|20|60|60|0|0|0|0|0")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("进度汇总表") unit None None None
    keys unit project_count tenday.8.1 tenday.8.2 tenday.8.3 month.8 month_rate.8 tenday.9.1 tenday.9.2 tenday.9.3 month.9 month_rate.9
    row 6 [] unit=芗城区 project_count=6 tenday.8.1=¥100000 tenday.8.2=¥100000 tenday.8.3=¥100000 month.8=¥300000 month_rate.8=3000‱ tenday.9.1=¥0 tenday.9.2=¥0 tenday.9.3=¥0 month.9=¥0 month_rate.9=0‱
    row 7 [] unit=龙文区 project_count=7 tenday.8.1=¥200000 tenday.8.2=¥200000 tenday.8.3=¥200000 month.8=¥600000 month_rate.8=6000‱ tenday.9.1=¥0 tenday.9.2=¥0 tenday.9.3=¥0 month.9=¥0 month_rate.9=0‱
    check C5 合计 项目数 13 13 Match
    check D5 合计 投资进度（万元） ▸ 8月 ▸ 上旬 30万元 30万元 Match
    check E5 合计 投资进度（万元） ▸ 8月 ▸ 中旬 30万元 30万元 Match
    check F5 合计 投资进度（万元） ▸ 8月 ▸ 下旬 30万元 30万元 Match
    check G5 合计 投资进度（万元） ▸ 8月 ▸ 累计 90万元 90万元 Match
    check I5 合计 投资进度（万元） ▸ 9月 ▸ 上旬 0万元 0万元 Match
    check J5 合计 投资进度（万元） ▸ 9月 ▸ 中旬 0万元 0万元 Match
    check K5 合计 投资进度（万元） ▸ 9月 ▸ 下旬 0万元 0万元 Match
    check L5 合计 投资进度（万元） ▸ 9月 ▸ 累计 0万元 0万元 Match
    "##);
}

#[test]
fn table_4_ten_day_report_with_unit_line_and_footnote() {
    let book = layout()
        .line("五大战役旬报表")
        .note(12, "计量单位：万元")
        .header("序号|项目名称|项目性质|建设内容及规模|总投资|2010年度计划投资额|8月至12月计划投资额|月完成情况▸月计划投资额|月完成情况▸旬完成投资额|月完成情况▸本旬占月计划投资额（%）|月完成情况▸至旬完成投资额|月完成情况▸占月计划投资（%）|挂钩领导▸市领导|挂钩领导▸县领导|责任单位▸责任单位|责任单位▸责任人|业主单位或筹办单位|目前项目建设形象进度|项目建设中存在问题")
        .row("合  计||||900|90|50|10|5|50|8|80")
        .row("1|甲厂|续建|年产5万吨|900|90|50|10|5|50|8|80|副市长|副县长|经贸局|局长|甲公司|主体完工|用地未批")
        .note(0, "注：项目性质是指当年新开工、竣工或部分竣工、续建、前期工作。")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("五大战役旬报表") unit Some(TenThousand) None None
    keys name category scale total_investment annual_plan month_plan tenday_investment month_investment month_plan_rate contact_leader_league contact_leader_banner duty_unit duty_person owner image_progress problems
    row 6 [] name=甲厂 category=续建 scale=年产5万吨 total_investment=¥9000000 annual_plan=¥900000 month_plan=¥100000 tenday_investment=¥50000 month_investment=¥80000 month_plan_rate=80 contact_leader_league=副市长 contact_leader_banner=副县长 duty_unit=经贸局 duty_person=局长 owner=甲公司 image_progress=主体完工 problems=用地未批
    check E5 合计 总投资 900万元 900万元 Match
    check F5 合计 2010年度计划投资额 90万元 90万元 Match
    check H5 合计 月完成情况 ▸ 月计划投资额 10万元 10万元 Match
    check I5 合计 月完成情况 ▸ 旬完成投资额 5万元 5万元 Match
    check K5 合计 月完成情况 ▸ 至旬完成投资额 8万元 8万元 Match
    info 表!G3：“8月至12月计划投资额”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!J3：“月完成情况 ▸ 本旬占月计划投资额（%）”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    note 2 计量单位：万元
    note 7 注：项目性质是指当年新开工、竣工或部分竣工、续建、前期工作。
    "##);
}

#[test]
fn a_total_over_a_cell_that_cannot_be_read_is_not_checkable_and_names_the_cell() {
    let book = layout()
        .line("重点项目表")
        .header("序号|项目名称|总投资（万元）|年度计划投资（万元）")
        .row("合计||100|约30")
        .row("1|甲厂|100|10")
        .row("2|乙厂|两千万左右|20")
        .row("3|丙路|/|")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("重点项目表") unit None None None
    keys name total_investment annual_plan
    row 4 [] name=甲厂 total_investment=¥1000000 annual_plan=¥100000
    row 5 [] name=乙厂 annual_plan=¥200000
    row 6 [] name=丙路
    check C3 合计 总投资（万元） 100万元 100万元 NotCheckable
    check D3 合计 年度计划投资（万元） 0万元 30万元 NotCheckable
    error 表!C5：“两千万左右”，应为数字。请只填数字，单位写在表头。
    warning 表!C3：“合计 总投资（万元） 100万元”，应为能读取的数字；C5 无法读取，未能勾稽。请先改正所指单元格，再重新导入。
    warning 表!D3：“合计 年度计划投资（万元）”，应为能读取的数字；D3 无法读取，未能勾稽。请先改正所指单元格，再重新导入。
    "##);
    let checks = understand(&book, None, &[]).checks;
    assert_eq!(checks[0].unreadable, ["C5"]);
    assert_eq!(checks[0].computed_text(), "");
    assert_eq!(checks[1].unreadable, ["D3"], "the total's own cell");
    assert_eq!(checks[1].claimed_text(), "");
}

#[test]
fn many_cells_that_cannot_be_read_are_named_up_to_five() {
    let bad = |n: i32| format!("{n}|项目{n}|待定吧");
    let mut book = layout()
        .header("序号|项目名称|总投资（万元）")
        .row("合计||700");
    for n in 1..=7 {
        book = book.row(&bad(n));
    }
    let checks = understand(&book.workbook(), None, &[]).checks;
    assert_eq!(checks[0].cells_to_mend(), "C3 C4 C5 C6 C7 …");
}

#[test]
fn table_7_with_a_missing_header_and_a_false_total() {
    let book = layout()
        .line("加速签约项目目标责任制表")
        .header(&format!(
            "序号||项目性质|总投资（万元）|{OWNER}|{DUTY}|市或县挂钩领导"
        ))
        .row("合计|2个||20000")
        .row("1|甲厂|前期|100000|甲公司")
        .row("2|乙厂|促竣工|47334|乙公司")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("加速签约项目目标责任制表") unit None None None
    keys name category total_investment owner owner_head owner_contact owner_phone duty_unit duty_person duty_liaison duty_phone contact_leader
    row 5 [] name=甲厂 category=前期 total_investment=¥1000000000 owner=甲公司
    row 6 [] name=乙厂 category=促竣工 total_investment=¥473340000 owner=乙公司
    check A4 合计  2 2 Match
    check D4 合计 总投资（万元） 20000万元 147334万元 Mismatch
    warning 表!B2：空白，应为列名“项目名称”。请在栏目对应中确认该列的含义。
    warning 表!D4：“合计 总投资（万元） 20000万元”，应为明细之和 147334万元。请核对合计与明细；系统不作更改。
    "##);
}

#[test]
fn table_8_year_summary() {
    let book = layout()
        .line("2009年度目标及形象进度完成情况汇总表")
        .header("序号|项目名称|建设地点|建设内容及规模|建设年限|项目总投资|开工累计完成投资|年度计划投资|2009年完成情况▸月完成投资|2009年完成情况▸1-月累计完成投资|2009年完成情况▸完成年度投资计划%|2009年完成情况▸1-月工程形象进度|拟开工时间|今年开工时间|拟竣工时间|今年竣工时间|分级管理项目（考核类、跟踪服务类）|省级或市级重点项目|分部门或分县（市、区）项目|业主、法人（责任）单位及负责人|需要省、市协调解决问题|项目挂点领导")
        .row("合计12项|||||900|300|100|10|50|50")
        .row("一、交通5项|||||900|300|100|10|50|50")
        .row("1|甲路|延平区|12公里|2008-2010|900|300|100|10|50|0.5|路基|2008.3|40377|2010年12月||考核类|省级|交通局|甲公路公司      项目科科长|用林|副市长")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("2009年度目标及形象进度完成情况汇总表") unit None Some(2009) None
    keys name site scale build_years total_investment cumulative annual_plan month_investment year_to_date plan_rate image_progress planned_start_on actual_start_on planned_finish_on actual_finish_on project_class level unit owner problems contact_leader
    row 6 [交通] name=甲路 site=延平区 scale=12公里 build_years=2008/2010 total_investment=¥9000000 cumulative=¥3000000 annual_plan=¥1000000 month_investment=¥100000 year_to_date=¥500000 plan_rate=5000‱ image_progress=路基 planned_start_on=2008-03 actual_start_on=2010-07-18 planned_finish_on=2010-12 project_class=考核类 level=省级 unit=交通局 owner=甲公路公司      项目科科长 problems=用林 contact_leader=副市长
    check A4 合计  12 1 Mismatch
    check F4 合计 项目总投资 900万元 900万元 Match
    check G4 合计 开工累计完成投资 300万元 300万元 Match
    check H4 合计 年度计划投资 100万元 100万元 Match
    check I4 合计 2009年完成情况 ▸ 月完成投资 10万元 10万元 Match
    check J4 合计 2009年完成情况 ▸ 1-月累计完成投资 50万元 50万元 Match
    check A5 交通  5 1 Mismatch
    check F5 交通 项目总投资 900万元 900万元 Match
    check G5 交通 开工累计完成投资 300万元 300万元 Match
    check H5 交通 年度计划投资 100万元 100万元 Match
    check I5 交通 2009年完成情况 ▸ 月完成投资 10万元 10万元 Match
    check J5 交通 2009年完成情况 ▸ 1-月累计完成投资 50万元 50万元 Match
    warning 表!F2：“项目总投资、开工累计完成投资、年度计划投资、2009年完成情况 ▸ 月完成投资、2009年完成情况 ▸ 1-月累计完成投资”，应为注明的金额单位。已按“万元”读取，请确认。
    info 表!T6：“甲公路公司      项目科科长”，应为单位和人员分列（甲公路公司 | 项目科科长）。如拆分正确，请在栏目对应中确认。
    warning 表!A4：“合计 12”，应为明细行数 1。请核对项目个数与明细；系统不作更改。
    warning 表!A5：“交通 5”，应为明细行数 1。请核对项目个数与明细；系统不作更改。
    "##);
}

#[test]
fn table_9_monthly_report_with_breakdown_and_placeholders() {
    let book = layout()
        .line("重点项目<yyyy>年1-<M>月月报表（在建、筹建）")
        .header("序号|项目名称|总投资(万元)|开工至上一年度底累计完成投资|2010年计划投资(万元)|2010年实际完成情况▸1-3月实际完成投资(万元)|2010年实际完成情况▸完成投资占年计划%|2010年实际完成情况▸1-3月实际形象进度|建设单位及责任人|挂点领导")
        .row("|合计（3项）|600|60|30|15|50")
        .row("|其中：在建重点项目（2项）|300|30|20|10|50")
        .row("|      预备重点项目（1项）|300|30|10|5|50")
        .row("|一、市本级（3项）|600|60|30|15|50")
        .row("|（一）在建（2项）|300|30|20|10|50")
        .row("1|甲路|100|10|10|5|50|路基|甲公司   科长|副市长")
        .row("2|乙路|200|20|10|5|50")
        .row("|（二）预备（1项）|300|30|10|5|50")
        .row("3|丙路|300|30|10|5|50")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("重点项目<yyyy>年1-<M>月月报表（在建、筹建）") unit None None None
    keys name total_investment invested_before annual_plan year_to_date plan_rate image_progress owner contact_leader
    row 9 [市本级/在建] name=甲路 total_investment=¥1000000 invested_before=¥100000 annual_plan=¥100000 year_to_date=¥50000 plan_rate=5000‱ image_progress=路基 owner=甲公司   科长 contact_leader=副市长
    row 10 [市本级/在建] name=乙路 total_investment=¥2000000 invested_before=¥200000 annual_plan=¥100000 year_to_date=¥50000 plan_rate=5000‱
    row 12 [市本级/预备] name=丙路 total_investment=¥3000000 invested_before=¥300000 annual_plan=¥100000 year_to_date=¥50000 plan_rate=5000‱
    check B4 合计  3 3 Match
    check C4 合计 总投资(万元) 600万元 600万元 Match
    check D4 合计 开工至上一年度底累计完成投资 60万元 60万元 Match
    check E4 合计 2010年计划投资(万元) 30万元 30万元 Match
    check F4 合计 2010年实际完成情况 ▸ 1-3月实际完成投资(万元) 15万元 15万元 Match
    check B7 市本级  3 3 Match
    check C7 市本级 总投资(万元) 600万元 600万元 Match
    check D7 市本级 开工至上一年度底累计完成投资 60万元 60万元 Match
    check E7 市本级 2010年计划投资(万元) 30万元 30万元 Match
    check F7 市本级 2010年实际完成情况 ▸ 1-3月实际完成投资(万元) 15万元 15万元 Match
    check B8 在建  2 2 Match
    check C8 在建 总投资(万元) 300万元 300万元 Match
    check D8 在建 开工至上一年度底累计完成投资 30万元 30万元 Match
    check E8 在建 2010年计划投资(万元) 20万元 20万元 Match
    check F8 在建 2010年实际完成情况 ▸ 1-3月实际完成投资(万元) 10万元 10万元 Match
    check B11 预备  1 1 Match
    check C11 预备 总投资(万元) 300万元 300万元 Match
    check D11 预备 开工至上一年度底累计完成投资 30万元 30万元 Match
    check E11 预备 2010年计划投资(万元) 10万元 10万元 Match
    check F11 预备 2010年实际完成情况 ▸ 1-3月实际完成投资(万元) 5万元 5万元 Match
    warning 表!D2：“开工至上一年度底累计完成投资”，应为注明的金额单位。已按“万元”读取，请确认。
    info 表!I9：“甲公司   科长”，应为单位和人员分列（甲公司 | 科长）。如拆分正确，请在栏目对应中确认。
    "##);
}

#[test]
fn table_10_five_year_plan() {
    let book = layout()
        .line("“十二五”规划重点项目汇总表")
        .header("序号|项目名称|建设内容及规模|建设起止年限|项目总投资（万元）|“十一五”完成投资（万元）|“十二五”规划投资（万元）|2010年项目进展情况|“十二五”工作目标|业主（责任）单位")
        .row("1|甲机场|4C级|2011.01-2012.12|54583|||可研|建成|机场公司")
        .row("2|乙水库|中型|2009-2011|'１２,345.6|100|200|初设|建成|水利局")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("“十二五”规划重点项目汇总表") unit None None None
    keys name scale build_years total_investment image_progress goals owner
    row 3 [] name=甲机场 scale=4C级 build_years=2011-01/2012-12 total_investment=¥545830000 image_progress=可研 goals=建成 owner=机场公司
    row 4 [] name=乙水库 scale=中型 build_years=2009/2011 total_investment=¥123456000 image_progress=初设 goals=建成 owner=水利局
    info 表!F2：““十一五”完成投资（万元）”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!G2：““十二五”规划投资（万元）”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!E4：“１２,345.6”，应为数字格式。已按数字读取，无需处理。
    "##);
}

#[test]
fn table_11_money_by_source() {
    let book = layout()
        .line("项目资金拼盘及到位汇总表")
        .note(8, "单位：万元")
        .header("序号|项目名称|项目总投资|投资主体|资金来源|来源说明|至上年底累计资金到位|年度资金到位|年计划完成投资|年实际完成投资")
        .row("1|甲路|900|国有|银行贷款|省行|100|50|80|40")
        .row("||||地方财政|配套|30|20")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("项目资金拼盘及到位汇总表") unit Some(TenThousand) None None
    keys name total_investment investor funding_source funding_note funded_before funded_this_year annual_plan year_to_date
    row 4 [] name=甲路 total_investment=¥9000000 investor=国有 funding_source=银行贷款 funding_note=省行 funded_before=¥1000000 funded_this_year=¥500000 annual_plan=¥800000 year_to_date=¥400000
    row 5 [] funding_source=地方财政 funding_note=配套 funded_before=¥300000 funded_this_year=¥200000
    note 2 单位：万元
    "##);
}

#[test]
fn table_13_summary_in_hundred_millions() {
    let book = layout()
        .line("重点项目投资完成情况汇总表")
        .note(3, "单位：个、亿元")
        .header("隶属|项目个数|年投资计划|完成投资额|年计划投资完成率")
        .row("合计|316|640.7|474.5|74.1%")
        .row("州直|100|156.4|92|58.8%")
        .row("甲县|216|484.3|382.5|79.0%")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("重点项目投资完成情况汇总表") unit Some(HundredMillion) None None
    keys unit project_count annual_plan year_to_date plan_rate
    row 5 [] unit=州直 project_count=100 annual_plan=¥15640000000 year_to_date=¥9200000000 plan_rate=5880‱
    row 6 [] unit=甲县 project_count=216 annual_plan=¥48430000000 year_to_date=¥38250000000 plan_rate=7900‱
    check B4 合计 项目个数 316 316 Match
    check C4 合计 年投资计划 640.7亿元 640.7亿元 Match
    check D4 合计 完成投资额 474.5亿元 474.5亿元 Match
    note 2 单位：个、亿元
    "##);
}

#[test]
fn table_15_mixed_units() {
    let book = layout()
        .header("项目名称|项目代码|项目工期|责任单位|建设单位|项目类型|总投资（亿元）|年度计划投资（万元）|年度累计完成投资（万元）|年度投资完成率|建设性质")
        .row("甲电厂|2509-320193-89-01-544060|2025-2027|能源局|甲公司|能源|26.5|30000|15000|50%|新建")
        .row("乙电厂|坏代码|未定|能源局|乙公司|能源|三亿|3.5亿|#REF|约一半|新建")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title None unit None None None
    keys name code build_years duty_unit owner project_class total_investment annual_plan year_to_date plan_rate nature
    row 2 [] name=甲电厂 code=2509-320193-89-01-544060(New) build_years=2025/2027 duty_unit=能源局 owner=甲公司 project_class=能源 total_investment=¥2650000000 annual_plan=¥300000000 year_to_date=¥150000000 plan_rate=5000‱ nature=新建
    row 3 [] name=乙电厂 code=坏代码(Unknown) duty_unit=能源局 owner=乙公司 project_class=能源 annual_plan=¥350000000 nature=新建
    warning 表!B3：“坏代码”，应为24 位项目代码，如 2509-320193-89-01-544060。请与审批监管平台核对。
    error 表!C3：“未定”，应为起止年月，如 2024.3-2026.12 或 2024-。请按所示格式重填。
    error 表!G3：“三亿”，应为数字。请只填数字，单位写在表头。
    warning 表!H3：“3.5亿”，应为以“万元”为单位的数字。已按单元格内的单位读取，请确认。
    error 表!I3：“#REF”，应为数字。请只填数字，单位写在表头。
    error 表!J3：“约一半”，应为百分数。请填写数字，如 35.6 或 35.6%。
    "##);
}

#[test]
fn table_12_keeps_columns_of_one_name_apart() {
    let book = layout()
        .line("项目参建单位汇总表")
        .note(14, "单位：万元")
        .header("序号|项目名称|项目业主及负责人|单位类型|参建单位名称|资质等级|承担合同段名称|合同金额(万元)|合同开始时间|合同结束时间|项目经理(总监/设总)|联系电话|参建单位总部地址|邮编|参建单位现场地址|邮编")
        .row("1|甲路|甲公司|施工|乙公司|一级|一标段|100|2010.1|2011.1|项目经理|0000|甲市|'010000|乙县|'028000")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("项目参建单位汇总表") unit Some(TenThousand) None None
    keys name owner
    row 4 [] name=甲路 owner=甲公司
    info 表!D3：“单位类型”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!E3：“参建单位名称”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!F3：“资质等级”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!G3：“承担合同段名称”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!H3：“合同金额(万元)”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!I3：“合同开始时间”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!J3：“合同结束时间”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!K3：“项目经理(总监/设总)”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!L3：“联系电话”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!M3：“参建单位总部地址”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!N3：“邮编”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!N3：“邮编”，应为不重复的列名（N3）。按位置区分，请确认栏目对应。
    info 表!O3：“参建单位现场地址”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!P3：“邮编”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    info 表!P3：“邮编”，应为不重复的列名（P3）。按位置区分，请确认栏目对应。
    note 2 单位：万元
    "##);
}

#[test]
fn hazards_of_real_sheets_are_survived() {
    // A blank header at the end, two columns for one field, a heading over the whole
    // width, merged names in the data, placeholders, an error and a date as an amount.
    let book = layout()
        .line("2025年1-7月重点项目表")
        .note(0, "填报单位：科尔沁区发改委        单位：亿元")
        .header("序号|项目名称|总投资|项目总投资|所属旗县区|存在问题|建设工期||")
        .row("1|2|3|4|5|6|7")
        .line("科尔沁区")
        .row("1|☆ 甲路●|1.5|2.5| |无|2010.5至今")
        .row("2|乙路|—|/|科尔沁区|征拆|2024.3－2026.12")
        .line("开鲁县")
        .row("3|丙路|#N/A||开鲁县||2024——2026")
        .row("4")
        .note(0, "填报人：填报员  审核人：科长")
        .note(1, "数据截至7月底")
        .workbook();
    assert_snapshot!(report(&book), @r##"
    title Some("2025年1-7月重点项目表") unit Some(HundredMillion) Some(2025) Some(7)
    keys name total_investment unit problems build_years
    row 6 [科尔沁区]☆● name=甲路 total_investment=¥150000000 problems=无 build_years=2010-05/..
    row 7 [科尔沁区] name=乙路 unit=科尔沁区 problems=征拆 build_years=2024-03/2026-12
    row 9 [开鲁县] name=丙路 unit=开鲁县 build_years=2024/2026
    info 表!D3：“项目总投资”，应为已知的列名。该列未导入；需要时请在栏目对应中指定。
    warning 表!C3：“C3 D3”，应为只有一列是“总投资”。请在栏目对应中指定用哪一列。
    error 表!C9：“#N/A”，应为数字。请只填数字，单位写在表头。
    note 2 填报单位：科尔沁区发改委        单位：亿元
    note 11 填报人：填报员  审核人：科长
    note 12 数据截至7月底
    "##);
}

#[test]
fn merged_headers_that_a_csv_has_lost_are_guessed_from_the_gaps() {
    let text = "战役项目进度一览表,,,,,\n序号,项目名称,投资情况（万元）,,,,备注\n,,8月,,9月,,\n,,上旬,中旬,上旬,中旬,\n合计（1项）,,1,2,3,4,\n1,甲路,1,2,3,4,好\n";
    let book = gangmu_exchange::read_workbook("a.csv", text.as_bytes(), &Default::default());
    assert_snapshot!(report(&book.unwrap()), @r##"
    title Some("战役项目进度一览表") unit None None None
    keys name tenday.8.1 tenday.8.2 tenday.9.1 tenday.9.2 remark
    row 6 [] name=甲路 tenday.8.1=¥10000 tenday.8.2=¥20000 tenday.9.1=¥30000 tenday.9.2=¥40000 remark=好
    check A5 合计  1 1 Match
    check C5 合计 投资情况（万元） ▸ 8月 ▸ 上旬 1万元 1万元 Match
    check D5 合计 投资情况（万元） ▸ 8月 ▸ 中旬 2万元 2万元 Match
    check E5 合计 投资情况（万元） ▸ 9月 ▸ 上旬 3万元 3万元 Match
    check F5 合计 投资情况（万元） ▸ 9月 ▸ 中旬 4万元 4万元 Match
    "##);
}

#[test]
fn a_project_whose_name_looks_like_a_group_stays_a_project() {
    let book = layout()
        .header("序号|项目名称|总投资（万元）|建设单位|建设地点|项目性质")
        .row("1|一、二期工程|100|甲公司|甲县|续建")
        .row("2|其中村道路|100|乙公司|乙县|续建")
        .row("|新建学校3个|100|丙公司|丙县|续建")
        .row("|（一）标段|100|丙公司|丙县|续建")
        .workbook();
    let report = report(&book);
    for name in ["一、二期工程", "其中村道路", "新建学校3个", "（一）标段"] {
        assert!(report.contains(&format!("name={name}")), "{name}: {report}");
    }
}
