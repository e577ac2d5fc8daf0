//! Workbooks going out: lists as they stand, the return template, and the official monthly tables.
//!
//! Titles, headers and words are Chinese: these are the papers of Chinese offices whatever the
//! language of the pages. Figures of the official tables are rounded so that they add up on
//! paper; lists and templates carry exact amounts.

mod list;
mod monthly;
mod piece;
mod template;

use bytes::Bytes;
use gangmu_exchange::letter::{Letter, write_letter};
use gangmu_exchange::write::{TableSpec, write_tables};
use jiff::civil::Date;

use crate::error::AppError;
use crate::imports::blocking;

pub use monthly::MonthlyTable;
pub(crate) use piece::{WAN, count, detail, each_page, numbered, short_enough, text, wan};

/// A file to hand out.
#[derive(Clone, Debug)]
pub struct ExportFile {
    /// Its name.
    pub name: String,
    /// Its content: a workbook or a document.
    pub bytes: Bytes,
}

pub(crate) async fn workbook(name: String, tables: Vec<TableSpec>) -> Result<ExportFile, AppError> {
    let bytes = blocking(move || write_tables(&tables)).await?;
    Ok(ExportFile {
        name,
        bytes: Bytes::from(bytes),
    })
}

pub(crate) async fn document(name: String, letter: Letter) -> Result<ExportFile, AppError> {
    let bytes = blocking(move || write_letter(&letter)).await?;
    Ok(ExportFile {
        name,
        bytes: Bytes::from(bytes),
    })
}

/// The Chinese words of lists, as the official tables print them.
mod words {
    /// Names a stage.
    pub(super) fn stage(word: &str) -> &'static str {
        match word {
            "concept" => "谋划",
            "reserve" => "储备",
            "preparation" => "前期",
            "implementation" => "实施",
            "completed" => "竣工投产",
            "cancelled" => "取消",
            "moved_out" => "调出",
            "merged" => "合并",
            "split" => "拆分",
            _ => "",
        }
    }

    /// Names a year's category.
    pub(super) fn category(word: &str) -> &'static str {
        match word {
            "new_start" => "新开工",
            "continuing" => "续建",
            "preparation" => "前期",
            "completion" => "竣工",
            _ => "",
        }
    }

    /// Names an investor type.
    pub(super) fn investor(word: &str) -> &'static str {
        match word {
            "government" => "政府投资",
            "enterprise" => "企业投资",
            _ => "未注明",
        }
    }

    /// Names a light.
    pub(super) fn light(word: &str) -> &'static str {
        match word {
            "red" => "红灯",
            "yellow" => "黄灯",
            "green" => "绿灯",
            "ahead" => "超前",
            _ => "",
        }
    }

    /// Names a return's status.
    pub(super) fn status(word: &str) -> &'static str {
        match word {
            "due" => "待填报",
            "draft" => "草稿",
            "submitted" => "待审核",
            "sent_back" => "已退回",
            "accepted" => "已审定",
            "missing" => "未报",
            _ => "",
        }
    }

    /// Names what goes on at the site; the order is that of the drop-down list.
    pub(super) const SITE: [(&str, &str); 4] = [
        ("not_started", "未开工"),
        ("working", "在建"),
        ("stopped", "停工"),
        ("completed", "竣工投产"),
    ];

    /// Names a source of money.
    pub(super) fn source(word: &str) -> &'static str {
        match word {
            "central_budget" => "中央预算内",
            "treasury_bonds" => "超长期特别国债",
            "special_bonds" => "地方政府专项债",
            "local_fiscal" => "地方财政",
            "bank_loans" => "银行贷款",
            "own_funds" => "企业自筹",
            "foreign" => "利用外资",
            _ => "其他资金",
        }
    }
}

/// A day as official papers print it.
pub(crate) fn official_day(day: Date) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

/// The same of a day that is shown already; what is none stands for itself.
pub(crate) fn official(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), official_day)
}
