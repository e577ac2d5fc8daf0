//! Integration tests of the exchange crate, in one binary.
