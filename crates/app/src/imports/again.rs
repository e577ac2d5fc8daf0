//! Reading the files of an import once more, in another way: after columns were mapped by hand.

use super::{ImportOptions, ImportPreview};
use crate::error::AppError;
use crate::{Actor, App};

impl App {
    /// Reads the files of an import again with other options, as a new import; the old one stays.
    ///
    /// # Errors
    /// When there is no such import of this person, or the options cannot be used.
    pub async fn import_again(
        &self,
        actor: &Actor,
        id: i64,
        options: &ImportOptions,
    ) -> Result<ImportPreview, AppError> {
        let batch = self.import_batch(actor, id).await?;
        let files = self.import_files(&batch).await?;
        self.import_preview(actor, files, options).await
    }
}
