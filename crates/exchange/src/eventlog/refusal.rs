//! Why a whole event log is turned away.
//!
//! Nothing of a refused log was used. People see [`LogRefusal::message`], never `Display`.

use crate::text::Language;

/// The reason a log was refused, with the figures a message needs.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LogRefusal {
    #[error("log is empty")]
    Empty,
    #[error("log has {found} bytes, at most {limit}")]
    TooLarge { found: usize, limit: usize },
    #[error("log unpacks to more than {limit} bytes")]
    UnpacksTooLarge { limit: usize },
    #[error("log unpacks to more than {limit} times its size")]
    UnpackRatio { limit: usize },
    #[error("log declares a document type at byte {at}")]
    Doctype { at: u64 },
    #[error("elements nest deeper than {limit} at byte {at}")]
    TooDeep { at: u64, limit: usize },
    #[error("one piece is longer than {limit} bytes at byte {at}")]
    PieceTooLong { at: u64, limit: usize },
    #[error("log holds more than can be numbered")]
    TooMany,
    #[error("log is damaged at byte {at}: {detail}")]
    Damaged { at: u64, detail: String },
    #[error("root element is {found}, not log")]
    NotALog { found: String },
    #[error("column {column} is missing")]
    MissingColumn { column: String, found: String },
    #[error("file is of an unsupported kind: {kind}")]
    Unsupported { kind: String },
    #[error("text is in no known encoding")]
    Encoding,
    #[error("line {line} is no part of an object log: {detail}")]
    Object { line: usize, detail: String },
}

impl LogRefusal {
    /// The stable word under which the message is found.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "log_empty",
            Self::TooLarge { .. } => "log_too_large",
            Self::UnpacksTooLarge { .. } => "log_unpacks_too_large",
            Self::UnpackRatio { .. } => "log_unpack_ratio",
            Self::Doctype { .. } => "log_doctype",
            Self::TooDeep { .. } => "log_too_deep",
            Self::PieceTooLong { .. } => "log_piece_too_long",
            Self::TooMany => "log_too_many",
            Self::Damaged { .. } => "log_damaged",
            Self::NotALog { .. } => "log_not_a_log",
            Self::MissingColumn { .. } => "log_missing_column",
            Self::Unsupported { .. } => "log_unsupported",
            Self::Encoding => "log_encoding",
            Self::Object { .. } => "log_object",
        }
    }

    /// What was found and how to mend it, for people.
    #[must_use]
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Empty => "日志文件是空的。请选择有内容的 XES 或 CSV 文件。".into(),
            Self::TooLarge { found, limit } => {
                format!("日志文件有 {found} 字节，上限为 {limit} 字节。请按年度拆分后再读入。")
            }
            Self::UnpacksTooLarge { limit } => {
                format!("日志解压后超过 {limit} 字节，已停止读取。请按年度拆分后再读入。")
            }
            Self::UnpackRatio { limit } => format!(
                "日志解压后超过原大小的 {limit} 倍，疑似压缩炸弹，已停止读取。请改用未压缩的文件。"
            ),
            Self::Doctype { at } => format!(
                "第 {at} 字节处有文档类型声明（DOCTYPE）。XES 不需要它，为防实体炸弹不予读取。请删去后再读入。"
            ),
            Self::TooDeep { at, limit } => {
                format!("第 {at} 字节处元素嵌套超过 {limit} 层，已停止读取。请检查导出程序。")
            }
            Self::PieceTooLong { at, limit } => {
                format!("第 {at} 字节处有超过 {limit} 字节的单个值，已停止读取。请缩短后再读入。")
            }
            Self::TooMany => "日志的事件或属性多得无法编号。请按年度拆分后再读入。".into(),
            Self::Damaged { at, detail } => {
                format!("日志在第 {at} 字节处损坏或被截断（{detail}）。请重新导出或下载。")
            }
            Self::NotALog { found } => format!(
                "根元素是“{found}”，不是“log”，这不是 XES 日志。请选择由流程系统导出的 XES 文件。"
            ),
            Self::MissingColumn { column, found } => format!(
                "CSV 日志缺少“{column}”列，现有列：{found}。请把列名改为 case:concept:name、concept:name、time:timestamp。"
            ),
            Self::Unsupported { kind } => {
                format!("不支持的文件类型：{kind}。请选择 .xes、.xes.gz 或 .csv 文件。")
            }
            Self::Encoding => "无法识别文字编码。请另存为 UTF-8 或 GB18030 编码。".into(),
            Self::Object { line, detail } => {
                format!("OCEL 日志第 {line} 行有误（{detail}）。请检查导出程序后重新导出。")
            }
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Empty => "The log is empty. Choose a XES or CSV file with content.".into(),
            Self::TooLarge { found, limit } => {
                format!("The log has {found} bytes; the limit is {limit}. Split it by year.")
            }
            Self::UnpacksTooLarge { limit } => format!(
                "The log unpacks to more than {limit} bytes; reading stopped. Split it by year."
            ),
            Self::UnpackRatio { limit } => format!(
                "The log unpacks to more than {limit} times its size, as a compression bomb does; reading stopped. Use the uncompressed file."
            ),
            Self::Doctype { at } => format!(
                "A document type (DOCTYPE) stands at byte {at}. XES needs none, and entity bombs need one: delete it and try again."
            ),
            Self::TooDeep { at, limit } => format!(
                "Elements nest deeper than {limit} levels at byte {at}; reading stopped. Check the program that wrote the log."
            ),
            Self::PieceTooLong { at, limit } => format!(
                "One value at byte {at} is longer than {limit} bytes; reading stopped. Shorten it and try again."
            ),
            Self::TooMany => {
                "The log has more events or attributes than can be numbered. Split it by year."
                    .into()
            }
            Self::Damaged { at, detail } => format!(
                "The log is damaged or cut off at byte {at} ({detail}). Export or download it again."
            ),
            Self::NotALog { found } => format!(
                "The root element is “{found}”, not “log”: this is no XES log. Choose the XES file a process system exported."
            ),
            Self::MissingColumn { column, found } => format!(
                "The CSV log has no column “{column}”; it has: {found}. Name the columns case:concept:name, concept:name, time:timestamp."
            ),
            Self::Unsupported { kind } => {
                format!("Unsupported kind of file: {kind}. Choose a .xes, .xes.gz or .csv file.")
            }
            Self::Encoding => "The text encoding is unknown. Save it as UTF-8 or GB18030.".into(),
            Self::Object { line, detail } => format!(
                "The OCEL log is wrong in line {line} ({detail}). Check the program that wrote it."
            ),
        }
    }
}
