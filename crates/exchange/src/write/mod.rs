//! Tables, annotated workbooks and CSV going out.
//!
//! Whatever a text begins with, it is written as text: nothing we export executes.

/// Name of the sheet that lists problems in an annotated workbook; import skips it.
pub const SUMMARY_SHEET: &str = "导入问题";
