//! What the record teaches: pure kernels on plain numbers.
//!
//! What a reader would get wrong: nothing in here knows a project, a matter or a law. The
//! application turns its records into ids, days and milliseconds, calls a kernel and turns the
//! answer back into words. Times are instants or lengths in milliseconds, or whole working days
//! where a name says so; all arithmetic is in integers, so that an answer is the same everywhere.
//!
//! - [`process`]: the process as it was, from an event log.
//! - [`deadline`]: which closed cases ended after their deadline.
//! - [`network`]: the process as it will be, from plans of dependent steps, and what-if over them.
//! - [`drawing`]: a directly-follows map laid out as boxes and lines.
//! - [`statistics`]: median, 80th percentile, shares.

pub mod deadline;
pub mod drawing;
pub mod network;
pub mod process;
pub mod statistics;
