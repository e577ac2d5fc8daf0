//! XES, the event log of IEEE 1849: an XML file, plain or gzip.
//!
//! What a reader would get wrong: `global` values are defaults for attributes that are missing and
//! classifiers are ways to name an activity; both are skipped. An activity is `concept:name`.

mod read;
mod write;

pub(super) use read::{read_gzip, read_plain};
pub use write::{compress, write_xes};
