//! How much of a file we are willing to look at.
//!
//! Every limit is checked before or while unpacking, never afterwards: a file that
//! lies about its size is caught at the byte that passes the limit.

/// Bounds on one uploaded file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Size of the file as uploaded, in bytes.
    pub bytes: usize,
    /// Size of everything that is unpacked from it, in bytes.
    pub unpacked_bytes: usize,
    /// Unpacked size ÷ packed size of any one part above 1 MB.
    pub unpack_ratio: usize,
    /// Cells in the whole workbook, empty ones between filled ones included.
    pub cells: usize,
    /// Rows in one sheet.
    pub rows: usize,
    /// Columns in one sheet.
    pub columns: usize,
    /// Merged ranges in one sheet.
    pub merges: usize,
    /// Sheets in one workbook.
    pub sheets: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 64 << 20,
            unpacked_bytes: 1 << 30,
            unpack_ratio: 200,
            cells: 5_000_000,
            rows: 200_000,
            columns: 2_000,
            merges: 20_000,
            sheets: 256,
        }
    }
}
