//! Pages and JSON API: turns requests into calls and views into HTML. What one would get wrong:
//! nothing is decided here. A page gets a finished, serialisable view and only lays it out.
//! `server` is what every request passes through, `api` the JSON API, `pages` the pages.
//!
//! To add a page: a context struct in `pages/` that implements [`render::Page`] with samples, its
//! line in `pages::samples`, a template under `templates/pages/` that extends `base.html`, and its
//! texts in both `locales/*.toml`. The tests tell when one of them is missing.

pub mod acts;
pub mod api;
pub mod assets;
mod assignments;
pub mod chart;
pub mod dates;
mod functions;
pub mod headers;
pub mod i18n;
mod import_form;
pub mod list_query;
pub mod number;
pub mod pages;
pub mod render;
pub mod server;
pub mod shell;
mod steps;
pub mod view;
mod visits;
