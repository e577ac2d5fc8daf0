//! Pieces that tables of lists are made of: cells, numbered rows, a list read to its end.
//!
//! What a reader would get wrong: a list is refused by its length before its second page is read,
//! so that one that is too long costs one page.

use std::future::Future;

use gangmu_domain::money::div_round;
use gangmu_exchange::MoneyUnit;
use gangmu_exchange::write::{CellFormat, CellValue, RowSpec, RowStyle};

use crate::error::AppError;

/// Amounts in 万元 without decimals, as tables print them.
pub(crate) const WAN: CellFormat = CellFormat::Money {
    unit: MoneyUnit::TenThousand,
    decimals: 0,
};

/// An amount in 万元, as the text of letters says it.
pub(crate) fn wan(yuan: i64) -> String {
    div_round(i128::from(yuan), 10_000).map_or_else(String::new, |wan| wan.to_string())
}

/// A cell that says this.
pub(crate) fn text(text: &str) -> CellValue {
    CellValue::Text(text.to_owned())
}

/// A cell that counts this many.
pub(crate) fn count(n: usize) -> CellValue {
    CellValue::Integer(i64::try_from(n).unwrap_or(i64::MAX))
}

/// A row of a list.
pub(crate) fn detail(cells: Vec<CellValue>) -> RowSpec {
    RowSpec {
        style: RowStyle::Detail,
        level: 0,
        cells,
    }
}

/// The rows of a list, each with its number in front.
pub(crate) fn numbered<'a, T: 'a>(
    all: impl IntoIterator<Item = &'a T>,
    cells: impl Fn(&'a T) -> Vec<CellValue>,
) -> Vec<RowSpec> {
    let row = |(one, at)| {
        let number = std::iter::once(CellValue::Integer(at));
        detail(number.chain(cells(one)).collect())
    };
    all.into_iter().zip(1..).map(row).collect()
}

/// Reads a list of so many rows at most, page by page; `keep` takes what it needs of each and says
/// how many rows there are on all.
pub(crate) async fn each_page<Page, Reading>(
    most: i64,
    page_size: i64,
    read: impl Fn(i64) -> Reading,
    mut keep: impl FnMut(Page) -> i64,
) -> Result<(), AppError>
where
    Reading: Future<Output = Result<Page, AppError>>,
{
    for at in 1.. {
        let rows = keep(read(at).await?);
        short_enough(rows, most)?;
        if at.saturating_mul(page_size) >= rows {
            break;
        }
    }
    Ok(())
}

/// Refuses a list that is too long for a workbook: such a list belongs into the API.
pub(crate) fn short_enough(rows: i64, most: i64) -> Result<(), AppError> {
    if rows <= most {
        return Ok(());
    }
    Err(AppError::State {
        code: "export.too_long",
        params: vec![rows.to_string(), most.to_string()],
    })
}
