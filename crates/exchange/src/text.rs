//! The words of every problem in both languages, in one table.
//!
//! zh-CN is the source language. `{detail}` and `{column}` are filled by the problem.

use crate::problem::Code;

/// The languages of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    #[default]
    Chinese,
    English,
}

/// The words for one code.
pub struct Words {
    pub code: &'static str,
    expected: [&'static str; 2],
    mend: [&'static str; 2],
}

impl Words {
    pub fn expected(&self, language: Language) -> &'static str {
        pick(&self.expected, language)
    }

    pub fn mend(&self, language: Language) -> &'static str {
        pick(&self.mend, language)
    }
}

fn pick(pair: &[&'static str; 2], language: Language) -> &'static str {
    let [chinese, english] = pair;
    match language {
        Language::Chinese => chinese,
        Language::English => english,
    }
}

const fn words(code: &'static str, expected: [&'static str; 2], mend: [&'static str; 2]) -> Words {
    Words {
        code,
        expected,
        mend,
    }
}

const A_NUMBER: [&str; 2] = ["数字", "a number"];
const A_DATE: [&str; 2] = [
    "日期，如 2025-07-18、2025.7 或 2025年7月",
    "a date such as 2025-07-18, 2025.7 or 2025年7月",
];
const A_PERIOD: [&str; 2] = [
    "起止年月，如 2024.3-2026.12 或 2024-",
    "first and last month such as 2024.3-2026.12 or 2024-",
];

/// Returns the words for a code.
pub fn of(code: Code) -> Words {
    header_words(code).unwrap_or_else(|| cell_words(code))
}

fn header_words(code: Code) -> Option<Words> {
    Some(match code {
        Code::FileMisnamed => words(
            "file_misnamed",
            [
                "与内容相符的扩展名（{detail}）",
                "an ending that fits the content ({detail})",
            ],
            [
                "已按内容读取，无需处理。",
                "It was read by its content; nothing to do.",
            ],
        ),
        Code::SheetWithoutTable => words(
            "sheet_without_table",
            ["有表头的表格", "a table with headers"],
            ["该工作表未导入。", "This sheet was not imported."],
        ),
        Code::HeaderMissing => words(
            "header_missing",
            ["列名{detail}", "the name of the column{detail}"],
            [
                "请在栏目对应中确认该列的含义。",
                "Confirm what the column means in the column mapping.",
            ],
        ),
        Code::HeaderDuplicate => words(
            "header_duplicate",
            [
                "不重复的列名（{detail}）",
                "column names that differ ({detail})",
            ],
            [
                "按位置区分，请确认栏目对应。",
                "They are told apart by position; confirm the mapping.",
            ],
        ),
        Code::HeaderUnmapped => words(
            "header_unmapped",
            ["已知的列名", "a known column name"],
            [
                "该列未导入；需要时请在栏目对应中指定。",
                "The column is not imported; map it if it is needed.",
            ],
        ),
        Code::HeaderAmbiguous => words(
            "header_ambiguous",
            ["只有一列是“{detail}”", "a single column for “{detail}”"],
            [
                "请在栏目对应中指定用哪一列。",
                "Choose the column to use in the column mapping.",
            ],
        ),
        Code::UnitAssumed => words(
            "unit_assumed",
            ["注明的金额单位", "a stated unit of money"],
            [
                "已按“{detail}”读取，请确认。",
                "It was read as {detail}; confirm it.",
            ],
        ),
        _ => return None,
    })
}

fn cell_words(code: Code) -> Words {
    match code {
        Code::NumberAsText => words(
            "number_as_text",
            ["数字格式", "a number, not text"],
            [
                "已按数字读取，无需处理。",
                "It was read as a number; nothing to do.",
            ],
        ),
        Code::NumberUnreadable => words(
            "number_unreadable",
            A_NUMBER,
            [
                "请只填数字，单位写在表头。",
                "Enter digits only; the unit belongs in the header.",
            ],
        ),
        Code::NumberAmbiguous => words(
            "number_ambiguous",
            [
                "分隔符含义明确的数字",
                "a number whose separators have one meaning",
            ],
            [
                "请去掉千位分隔符后重填。",
                "Enter it again without thousands separators.",
            ],
        ),
        Code::NumberOutOfRange => words(
            "number_out_of_range",
            ["范围以内的数字", "a number within range"],
            ["请检查位数和单位。", "Check the digits and the unit."],
        ),
        Code::UnitInCell => words(
            "unit_in_cell",
            ["以“{detail}”为单位的数字", "a number in {detail}"],
            [
                "已按单元格内的单位读取，请确认。",
                "It was read with the unit in the cell; confirm it.",
            ],
        ),
        Code::DateUnreadable => words(
            "date_unreadable",
            A_DATE,
            ["请按所示格式重填。", "Enter it in one of the forms shown."],
        ),
        Code::DateAmbiguousMonth => words(
            "date_ambiguous_month",
            [
                "写明月份的日期（1 月或 10 月）",
                "a date that shows whether it is month 1 or month 10",
            ],
            [
                "已按 1 月读取；如为 10 月请改为 2010-10 的形式。",
                "It was read as January; write 2010-10 if October is meant.",
            ],
        ),
        Code::DateTwoDigitYear => words(
            "date_two_digit_year",
            ["四位年份", "a year of four digits"],
            [
                "已按 1950—2049 年读取，请确认。",
                "It was read as a year from 1950 to 2049; confirm it.",
            ],
        ),
        Code::PeriodUnreadable => words(
            "period_unreadable",
            A_PERIOD,
            ["请按所示格式重填。", "Enter it in one of the forms shown."],
        ),
        Code::PeriodAmbiguous => words(
            "period_ambiguous",
            A_PERIOD,
            [
                "无法区分年和月，请写全四位年份。",
                "Year and month cannot be told apart; write years with four digits.",
            ],
        ),
        Code::PeriodReversed => words(
            "period_reversed",
            [
                "结束不早于开始的起止年月",
                "an end that is not before the start",
            ],
            ["请检查起止年月。", "Check the first and the last month."],
        ),
        Code::PercentUnreadable => words(
            "percent_unreadable",
            ["百分数", "a percentage"],
            [
                "请填写数字，如 35.6 或 35.6%。",
                "Enter a number such as 35.6 or 35.6%.",
            ],
        ),
        Code::IntegerUnreadable => words(
            "integer_unreadable",
            ["整数", "a whole number"],
            ["请填写不带小数的数字。", "Enter a number without decimals."],
        ),
        Code::CodeShape => words(
            "code_shape",
            [
                "24 位项目代码，如 2509-320193-89-01-544060",
                "a code of 24 characters such as 2509-320193-89-01-544060",
            ],
            [
                "请与审批监管平台核对。",
                "Compare it with the approval platform.",
            ],
        ),
        Code::PartyMixed => words(
            "party_mixed",
            [
                "单位和人员分列（{detail}）",
                "organisation and person in columns of their own ({detail})",
            ],
            [
                "如拆分正确，请在栏目对应中确认。",
                "Confirm the split in the mapping if it is right.",
            ],
        ),
        Code::CellError => words(
            "cell_error",
            ["有结果的公式", "a formula with a result"],
            [
                "请修正公式或直接填写数值。",
                "Repair the formula or enter the value.",
            ],
        ),
        Code::LookupUnknown => words(
            "lookup_unknown",
            ["以下之一：{detail}", "one of: {detail}"],
            ["请改为所列名称之一。", "Use one of the names listed."],
        ),
        Code::UnitUnknown => words(
            "unit_unknown",
            [
                "区划中有的单位名称或代码",
                "the name or code of a unit in the tree",
            ],
            [
                "区划中没有这个单位，请核对写法{detail}。",
                "There is no such unit in the tree; check how it is written{detail}.",
            ],
        ),
        Code::NameUnknown => words(
            "name_unknown",
            ["已登记的名称或代码", "a registered name or code"],
            [
                "没有登记这个名称，请核对写法，或由管理员补充{detail}。",
                "No such name is registered: check how it is written, or have it added{detail}.",
            ],
        ),
        Code::ValueRefused => words(
            "value_refused",
            ["{detail}", "{detail}"],
            ["请改正后重新导入。", "Mend it and import again."],
        ),
        Code::ValueMissing => words(
            "value_missing",
            [
                "“{column}”栏的内容（必填）",
                "something under “{column}” (required)",
            ],
            [
                "请补填后重新导入{detail}。",
                "Fill it in and import again{detail}.",
            ],
        ),
        Code::ColumnMissing => words(
            "column_missing",
            ["“{column}”一栏（必填）", "a column “{column}” (required)"],
            [
                "表中没有这一栏：请加上，或在栏目对应中指定是哪一列{detail}。",
                "The table has no such column: add it, or choose it in the column mapping{detail}.",
            ],
        ),
        Code::PlaceMissing => words(
            "place_missing",
            [
                "“{column}”栏或分组行写明的地区（必填）",
                "a unit under “{column}” or in the row that heads the group (required)",
            ],
            [
                "请写明地区，或在导入时选定这些行所属的地区。{detail}",
                "Name the unit, or choose one for such rows when importing. {detail}",
            ],
        ),
        Code::OutOfScope => words(
            "out_of_scope",
            ["本人管辖范围内的{detail}", "a {detail} within your scope"],
            [
                "请核对；确属他处的，由所属地区或上级导入。",
                "Check it; what belongs elsewhere is imported there or by the level above.",
            ],
        ),
        Code::RowRepeated => words(
            "row_repeated",
            [
                "每个项目一行（与 {detail} 是同一项目）",
                "one row a project ({detail} is the same project)",
            ],
            [
                "请合并或删去重复的行，或更正项目代码。",
                "Merge or delete the row that repeats it, or correct the code.",
            ],
        ),
        Code::FiguresNotDue => words(
            "figures_not_due",
            [
                "{detail} 有待填月报的项目",
                "a project whose return for {detail} can be filled in",
            ],
            [
                "该行的月度数据没有采用。",
                "The monthly figures of this row are not taken.",
            ],
        ),
        Code::ReturnFiled => words(
            "return_filed",
            [
                "{detail} 月报尚未上报的项目",
                "a project whose return for {detail} is not handed in yet",
            ],
            [
                "月报已上报，请先退回，或删去该行的月度数据。",
                "It was handed in: have it sent back, or leave the monthly figures out.",
            ],
        ),
        Code::JoinUnmatched => words(
            "join_unmatched",
            ["{detail} 中的对应行", "a matching row in {detail}"],
            [
                "请检查两个文件的关键列。",
                "Check the key columns of both files.",
            ],
        ),
        Code::TotalMismatch => words(
            "total_mismatch",
            ["明细之和 {detail}", "the sum of its rows, {detail}"],
            [
                "请核对合计与明细；系统不作更改。",
                "Compare the total with its rows; nothing was changed.",
            ],
        ),
        Code::TotalNotCheckable => words(
            "total_not_checkable",
            [
                "能读取的数字；{detail} 无法读取，未能勾稽",
                "figures that can be read; {detail} cannot, so the total was not checked",
            ],
            [
                "请先改正所指单元格，再重新导入。",
                "Mend the cells named, then import again.",
            ],
        ),
        _ => words(
            "count_mismatch",
            ["明细行数 {detail}", "the number of its rows, {detail}"],
            [
                "请核对项目个数与明细；系统不作更改。",
                "Compare the count with the rows; nothing was changed.",
            ],
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::{Code, Language, of};

    const ALL: [Code; 38] = [
        Code::FileMisnamed,
        Code::SheetWithoutTable,
        Code::HeaderMissing,
        Code::HeaderDuplicate,
        Code::HeaderUnmapped,
        Code::HeaderAmbiguous,
        Code::UnitAssumed,
        Code::NumberAsText,
        Code::NumberUnreadable,
        Code::NumberAmbiguous,
        Code::NumberOutOfRange,
        Code::UnitInCell,
        Code::DateUnreadable,
        Code::DateAmbiguousMonth,
        Code::DateTwoDigitYear,
        Code::PeriodUnreadable,
        Code::PeriodAmbiguous,
        Code::PeriodReversed,
        Code::PercentUnreadable,
        Code::IntegerUnreadable,
        Code::CodeShape,
        Code::PartyMixed,
        Code::CellError,
        Code::LookupUnknown,
        Code::UnitUnknown,
        Code::NameUnknown,
        Code::ValueRefused,
        Code::ValueMissing,
        Code::ColumnMissing,
        Code::PlaceMissing,
        Code::OutOfScope,
        Code::RowRepeated,
        Code::FiguresNotDue,
        Code::ReturnFiled,
        Code::JoinUnmatched,
        Code::TotalNotCheckable,
        Code::TotalMismatch,
        Code::CountMismatch,
    ];

    /// The words of a text without its examples and what a problem fills in.
    fn bare(text: &str) -> String {
        ["{detail}", "{column}", "2025年7月"]
            .iter()
            .fold(text.to_owned(), |text, example| text.replace(example, ""))
    }

    #[test]
    fn no_text_mixes_the_languages() {
        for code in ALL {
            let words = of(code);
            for pick in [super::Words::expected, super::Words::mend] {
                let chinese = bare(pick(&words, Language::Chinese));
                let english = bare(pick(&words, Language::English));
                let latin = |c: char| c.is_ascii_alphabetic();
                assert!(!chinese.contains(latin), "{}: {chinese}", words.code);
                assert!(
                    !english.contains(|c: char| ('一'..='龥').contains(&c)),
                    "{}: {english}",
                    words.code
                );
            }
        }
    }
}
