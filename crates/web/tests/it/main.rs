//! Tests of the web crate in one binary. What one would get wrong: a new file here must be listed.

mod library;
mod numbers;
mod pages;
mod server;
mod serving;
mod texts;
mod work;
