//! Integration tests of the exchange crate, in one binary.

mod layouts;
mod support;
