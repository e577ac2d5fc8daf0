//! What a field can hold.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::Yuan;
use crate::words::words;

/// A field's value. An absent value is an absent key of the record, not a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Free text, trimmed, never empty.
    Text(String),
    /// Money in whole yuan.
    Money(Yuan),
    /// A civil date.
    Date(Date),
    /// A year, or a count.
    Number(i64),
    /// One word of a list or a code of a reference table (unit, department, industry).
    Code(String),
    /// Labels, sorted, without repeats.
    Tags(Vec<String>),
    /// Money by source (资金拼盘).
    Funding(BTreeMap<FundingSource, Yuan>),
    /// Benefits with their units (效益指标).
    Benefits(Vec<Benefit>),
}

impl Value {
    /// Returns a text, a code or a word.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) | Self::Code(text) => Some(text),
            _ => None,
        }
    }

    /// Returns money.
    #[must_use]
    pub fn as_money(&self) -> Option<Yuan> {
        match self {
            Self::Money(yuan) => Some(*yuan),
            _ => None,
        }
    }
}

words! {
    /// Where the money comes from (资金来源), finer than the statistical list.
    FundingSource {
        /// Central budget (中央预算内).
        CentralBudget = "central_budget",
        /// Ultra-long special treasury bonds (超长期特别国债).
        TreasuryBonds = "treasury_bonds",
        /// Local special-purpose bonds (地方政府专项债).
        SpecialBonds = "special_bonds",
        /// Local budgets (地方财政).
        LocalFiscal = "local_fiscal",
        /// Bank loans (银行贷款).
        BankLoans = "bank_loans",
        /// The enterprise's own funds (企业自筹).
        OwnFunds = "own_funds",
        /// Foreign investment (利用外资).
        Foreign = "foreign",
        /// Anything else (其他资金).
        Other = "other",
    }
}

words! {
    /// The primary cut of a region's reports (投资类型).
    InvestorType {
        /// Government investment (政府投资).
        Government = "government",
        /// Enterprise investment (企业投资).
        Enterprise = "enterprise",
    }
}

words! {
    /// The level that lists a project as its own (项目级别).
    ProjectLevel {
        /// The region's list (自治区级).
        Region = "region",
        /// A league's list (盟市级).
        League = "league",
        /// A banner's list (旗县级).
        Banner = "banner",
    }
}

/// One quantified effect of a project, such as coal saved in a year (效益指标).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// What is measured, a word such as `standard_coal_saved`.
    pub metric: String,
    /// The quantity in units of 10^-`decimals` of `unit`.
    pub quantity: i64,
    /// How many decimals the printed figure has.
    pub decimals: u32,
    /// The unit as printed: 万吨/年, 亿千瓦时/年, %.
    pub unit: String,
    /// What the printed figure adds in words (投产后, 到2035年, 近); may be empty.
    pub note: String,
}

impl Benefit {
    /// Prints the quantity without its unit.
    #[must_use]
    pub fn printed(&self) -> String {
        crate::money::fixed(self.quantity, self.decimals)
    }
}
