//! Why a whole file is turned away.
//!
//! A refusal is about the file, not about a cell: nothing of the file was read, so
//! there is nothing to annotate. People see [`Refusal::message`], never `Display`.

use crate::text::Language;

/// The reason a file was refused, with the figures a message needs.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("file is empty")]
    Empty,
    #[error("file has {found} bytes, at most {limit}")]
    TooLarge { found: usize, limit: usize },
    #[error("file unpacks to more than {limit} bytes")]
    UnpacksTooLarge { limit: usize },
    #[error("part {part} unpacks to more than {limit} times its size")]
    UnpackRatio { part: String, limit: usize },
    #[error("workbook has more than {limit} cells")]
    TooManyCells { limit: usize },
    #[error("sheet {sheet} has more than {limit} rows")]
    TooManyRows { sheet: String, limit: usize },
    #[error("sheet {sheet} has more than {limit} columns")]
    TooManyColumns { sheet: String, limit: usize },
    #[error("sheet {sheet} has {found} merged ranges, at most {limit}")]
    TooManyMerges {
        sheet: String,
        found: usize,
        limit: usize,
    },
    #[error("workbook has {found} sheets, at most {limit}")]
    TooManySheets { found: usize, limit: usize },
    #[error("file is damaged or cut off: {detail}")]
    Damaged { detail: String },
    #[error("file is protected by a password")]
    Password,
    #[error("file is an HTML page")]
    Html,
    #[error("file is of an unsupported kind: {kind}")]
    Unsupported { kind: String },
    #[error("text is in no known encoding")]
    Encoding,
    #[error("document has no table")]
    NoTable,
}

impl Refusal {
    /// The stable word under which the message is found.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file_empty",
            Self::TooLarge { .. } => "file_too_large",
            Self::UnpacksTooLarge { .. } => "file_unpacks_too_large",
            Self::UnpackRatio { .. } => "file_unpack_ratio",
            Self::TooManyCells { .. } => "file_too_many_cells",
            Self::TooManyRows { .. } => "file_too_many_rows",
            Self::TooManyColumns { .. } => "file_too_many_columns",
            Self::TooManyMerges { .. } => "file_too_many_merges",
            Self::TooManySheets { .. } => "file_too_many_sheets",
            Self::Damaged { .. } => "file_damaged",
            Self::Password => "file_password",
            Self::Html => "file_html",
            Self::Unsupported { .. } => "file_unsupported",
            Self::Encoding => "file_encoding",
            Self::NoTable => "file_no_table",
        }
    }

    /// The figures of the message, by name.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Empty | Self::Password | Self::Html | Self::Encoding | Self::NoTable => vec![],
            Self::TooLarge { found, limit } | Self::TooManySheets { found, limit } => {
                vec![("found", found.to_string()), ("limit", limit.to_string())]
            }
            Self::UnpacksTooLarge { limit } | Self::TooManyCells { limit } => {
                vec![("limit", limit.to_string())]
            }
            Self::UnpackRatio { part, limit } => {
                vec![("part", part.clone()), ("limit", limit.to_string())]
            }
            Self::TooManyRows { sheet, limit } | Self::TooManyColumns { sheet, limit } => {
                vec![("sheet", sheet.clone()), ("limit", limit.to_string())]
            }
            Self::TooManyMerges {
                sheet,
                found,
                limit,
            } => vec![
                ("sheet", sheet.clone()),
                ("found", found.to_string()),
                ("limit", limit.to_string()),
            ],
            Self::Damaged { detail } => vec![("detail", detail.clone())],
            Self::Unsupported { kind } => vec![("kind", kind.clone())],
        }
    }

    /// What was found and how to mend it, for people.
    pub fn message(&self, language: Language) -> String {
        match language {
            Language::Chinese => self.chinese(),
            Language::English => self.english(),
        }
    }

    fn chinese(&self) -> String {
        match self {
            Self::Empty => "文件是空的。请选择有内容的表格文件。".into(),
            Self::TooLarge { found, limit } => {
                format!("文件有 {found} 字节，上限为 {limit} 字节。请拆分后再导入。")
            }
            Self::UnpacksTooLarge { limit } => {
                format!("文件解压后超过 {limit} 字节，已停止读取。请另存为新文件或拆分。")
            }
            Self::UnpackRatio { part, limit } => format!(
                "文件中的 {part} 解压后超过原大小的 {limit} 倍，疑似压缩炸弹，已停止读取。请在表格软件中另存为新文件。"
            ),
            Self::TooManyCells { limit } => {
                format!("单元格超过 {limit} 个。请删去多余的行列或拆分文件。")
            }
            Self::TooManyRows { sheet, limit } => {
                format!("工作表“{sheet}”超过 {limit} 行。请删去末尾多余的行或拆分文件。")
            }
            Self::TooManyColumns { sheet, limit } => {
                format!("工作表“{sheet}”超过 {limit} 列。请删去右侧多余的列。")
            }
            Self::TooManyMerges {
                sheet,
                found,
                limit,
            } => format!(
                "工作表“{sheet}”有 {found} 处合并单元格，上限为 {limit}。请取消数据区的合并后再导入。"
            ),
            Self::TooManySheets { found, limit } => {
                format!("文件有 {found} 张工作表，上限为 {limit}。请拆分文件。")
            }
            Self::Damaged { detail } => {
                format!("文件已损坏或不完整（{detail}）。请重新下载，或在表格软件中打开后另存。")
            }
            Self::Password => "文件有打开密码。请在表格软件中取消密码后再导入。".into(),
            Self::Html => {
                "文件其实是网页（HTML），不是表格。请在表格软件中打开后另存为 .xlsx。".into()
            }
            Self::Unsupported { kind } => {
                format!("不支持的文件类型：{kind}。请另存为 .xlsx、.xls 或 .csv。")
            }
            Self::Encoding => "无法识别文字编码。请另存为 UTF-8 或 GB18030 编码的 CSV。".into(),
            Self::NoTable => "文档里没有表格。请把任务写成表格，或改用 .xlsx。".into(),
        }
    }

    fn english(&self) -> String {
        match self {
            Self::Empty => "The file is empty. Choose a spreadsheet with content.".into(),
            Self::TooLarge { found, limit } => {
                format!("The file has {found} bytes; the limit is {limit}. Split it and try again.")
            }
            Self::UnpacksTooLarge { limit } => format!(
                "The file unpacks to more than {limit} bytes; reading stopped. Save it as a new file or split it."
            ),
            Self::UnpackRatio { part, limit } => format!(
                "The part {part} unpacks to more than {limit} times its size, as a zip bomb does; reading stopped. Save it as a new file in a spreadsheet program."
            ),
            Self::TooManyCells { limit } => {
                format!("More than {limit} cells. Delete unused rows and columns or split the file.")
            }
            Self::TooManyRows { sheet, limit } => format!(
                "Sheet “{sheet}” has more than {limit} rows. Delete unused rows at the end or split the file."
            ),
            Self::TooManyColumns { sheet, limit } => format!(
                "Sheet “{sheet}” has more than {limit} columns. Delete unused columns at the right."
            ),
            Self::TooManyMerges {
                sheet,
                found,
                limit,
            } => format!(
                "Sheet “{sheet}” has {found} merged ranges; the limit is {limit}. Unmerge the data area and try again."
            ),
            Self::TooManySheets { found, limit } => {
                format!("The file has {found} sheets; the limit is {limit}. Split the file.")
            }
            Self::Damaged { detail } => format!(
                "The file is damaged or incomplete ({detail}). Download it again, or open it in a spreadsheet program and save it anew."
            ),
            Self::Password => {
                "The file opens only with a password. Remove the password in a spreadsheet program and try again.".into()
            }
            Self::Html => {
                "The file is a web page (HTML), not a spreadsheet. Open it in a spreadsheet program and save it as .xlsx.".into()
            }
            Self::Unsupported { kind } => {
                format!("Unsupported kind of file: {kind}. Save it as .xlsx, .xls or .csv.")
            }
            Self::Encoding => {
                "The text encoding is unknown. Save the CSV as UTF-8 or GB18030.".into()
            }
            Self::NoTable => {
                "The document has no table. Put the tasks into a table, or send a .xlsx.".into()
            }
        }
    }
}
