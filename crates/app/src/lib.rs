//! TODO
pub mod policies;
