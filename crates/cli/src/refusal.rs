//! What a use case refused, in the words the pages use.
//!
//! Chinese, as everything the commands print; `GANGMU_LANGUAGE=en` gives English.

use gangmu_app::AppError;
use gangmu_web::i18n::{Lang, Texts};
use gangmu_web::server::refusal_lines;

/// Returns the lines to print when a refusal stands behind an error.
pub(crate) fn lines(error: &anyhow::Error) -> Option<Vec<String>> {
    let refused = error
        .chain()
        .find_map(|cause| cause.downcast_ref::<AppError>())?;
    let lang = std::env::var("GANGMU_LANGUAGE")
        .ok()
        .and_then(|tag| Lang::from_tag(&tag))
        .unwrap_or_default();
    refusal_lines(&Texts::load(lang).ok()?, refused)
}
