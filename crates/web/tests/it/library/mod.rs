//! The pages of figures and projects, each opened, refused and given nonsense, through the whole
//! server.

mod figures;
mod projects;
