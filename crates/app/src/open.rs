//! Opening the application at addresses: what the command line and tests outside this crate use.
//!
//! Opening brings the schema up to date and gives an empty database the reference data that
//! ships; it never touches the reference data of one that has some.

use std::path::Path;
use std::sync::Arc;

use gangmu_store::{Db, StoreError};
use object_store::local::LocalFileSystem;

use crate::error::AppError;
use crate::{App, Clock};

impl App {
    /// Opens the database at `sqlite://PATH` or `postgres://…` and a folder for files.
    ///
    /// Folders that do not exist are made.
    ///
    /// # Errors
    /// When the address is wrong, or the database or the folder cannot be opened.
    pub async fn open(
        database: &str,
        files: &Path,
        clock: Arc<dyn Clock>,
    ) -> Result<Self, AppError> {
        if let Some(path) = database.strip_prefix("sqlite://")
            && let Some(folder) = Path::new(path).parent()
        {
            make_folder(folder)?;
        }
        make_folder(files)?;
        let db = Db::open(database).await?;
        let files = LocalFileSystem::new_with_prefix(files)?;
        let app = Self::new(db, Arc::new(files), clock);
        app.go_on_from_story().await?;
        app.reference_load_shipped().await?;
        Ok(app)
    }

    /// Writes a copy of the database that is whole at one instant (备份). SQLite only.
    ///
    /// # Errors
    /// When the target exists, cannot be written, or the engine brings its own tool.
    pub async fn backup(&self, to: &Path) -> Result<(), AppError> {
        Ok(gangmu_store::backup::backup_write(&self.db, to).await?)
    }

    /// Says whether nothing has been entered yet: no users, projects or periods.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_blank(&self) -> Result<bool, AppError> {
        Ok(gangmu_store::backup::database_is_blank(&self.db).await?)
    }

    /// Closes the database; clones of the application can no longer use it.
    ///
    /// # Errors
    /// When the engine fails while closing.
    pub async fn close(self) -> Result<(), AppError> {
        Ok(self.db.close().await?)
    }
}

fn make_folder(folder: &Path) -> Result<(), AppError> {
    std::fs::create_dir_all(folder).map_err(|source| {
        AppError::Store(StoreError::Folder {
            path: folder.display().to_string(),
            source,
        })
    })
}
