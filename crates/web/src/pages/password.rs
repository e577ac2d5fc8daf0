//! Changing one's own password; for new users it stands before everything else.

use serde::Serialize;

use crate::i18n::Message;
use crate::render::Page;
use crate::view::Form;

/// The form for a new password.
#[derive(Clone, Debug, Serialize)]
pub struct Password {
    pub form: Form,
    /// It has to be changed before anything else.
    pub due: bool,
}

impl Page for Password {
    const TEMPLATE: &'static str = "pages/password.html";

    fn samples() -> Vec<Self> {
        let due = Self {
            form: Form::default(),
            due: true,
        };
        let wrong = Self {
            form: Form::default().error("old", Message::new("account.wrong_password")),
            due: false,
        };
        vec![due, wrong]
    }
}
