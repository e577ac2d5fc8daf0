//! Documents and photos: content-addressed, bounded in size and type.
//!
//! The type is found by looking at the content; the name and the browser's word are not believed.

use bytes::Bytes;
use gangmu_domain::library::{EventKind, ProjectId};
use gangmu_domain::organisation::Action;
use gangmu_domain::pipeline::AttachmentKind;
use gangmu_store::library::{self, Attachment};
use object_store::ObjectStoreExt as _;
use object_store::path::Path;
use sha2::{Digest as _, Sha256};

use super::locked;
use crate::change::{Because, Work};
use crate::error::{AppError, OrNotFound};
use crate::{Actor, App};

/// A file as it came in.
#[derive(Clone, Debug)]
pub struct Upload {
    /// Its name; only for showing.
    pub file_name: String,
    /// Its content.
    pub bytes: Bytes,
}

impl App {
    /// Adds a document or photo to a project; pictures become photos.
    ///
    /// # Errors
    /// [`AppError::Invalid`] when it is empty, too large, or of a type that is not taken.
    pub async fn attachment_add(
        &self,
        actor: &Actor,
        id: ProjectId,
        upload: Upload,
    ) -> Result<i64, AppError> {
        let seqs = self.attachment_add_to(actor, &[id], upload).await?;
        seqs.first().copied().or_not_found("project")
    }

    /// Adds one document or photo to several projects; to all of them or none.
    pub(crate) async fn attachment_add_to(
        &self,
        actor: &Actor,
        ids: &[ProjectId],
        upload: Upload,
    ) -> Result<Vec<i64>, AppError> {
        for id in ids {
            self.visible(actor, Action::Report, *id)
                .await
                .or(self.visible(actor, Action::EditProject, *id).await)?;
        }
        let attachment = self.attachment_prepare(actor, upload).await?;
        let mut begun = self.begin(actor).await?;
        let work = begun.work();
        let mut seqs = Vec::with_capacity(ids.len());
        for id in ids {
            library::project_lock(work.tx, *id)
                .await?
                .or_not_found("project")?;
            seqs.push(self.attach_within(&work, *id, &attachment).await?);
        }
        begun.commit().await?;
        Ok(seqs)
    }

    /// Sees whether a file is taken and keeps its content; it belongs to no project yet.
    pub(crate) async fn attachment_prepare(
        &self,
        actor: &Actor,
        upload: Upload,
    ) -> Result<Attachment, AppError> {
        if upload.bytes.is_empty() {
            return Err(AppError::invalid("attachment.empty", "file"));
        }
        let most = self.reference().await?.dispatch.uploads.attachment_bytes;
        let size = u64::try_from(upload.bytes.len()).unwrap_or(u64::MAX);
        if size > most {
            return Err(AppError::invalid("attachment.too_large", "file"));
        }
        let (kind, media_type) = recognise(&upload.bytes)
            .ok_or_else(|| AppError::invalid("attachment.type_not_taken", "file"))?;
        let sha256 = self.file_put(upload.bytes.clone()).await?;
        Ok(Attachment {
            seq: 0,
            kind: kind.word().to_owned(),
            sha256,
            file_name: tidy_name(&upload.file_name),
            media_type: media_type.to_owned(),
            size: i64::try_from(size).unwrap_or(i64::MAX),
            user_id: actor.user.0,
            added_at: self.now(),
        })
    }

    /// Adds a prepared file to a project that is locked, and returns its number there.
    pub(crate) async fn attach_within(
        &self,
        work: &Work<'_>,
        id: ProjectId,
        attachment: &Attachment,
    ) -> Result<i64, AppError> {
        let bounds = self.reference().await?.dispatch.uploads.clone();
        let most = usize::try_from(bounds.attachments_per_project).unwrap_or(usize::MAX);
        if library::attachment_list(work.tx, id).await?.len() >= most {
            return Err(AppError::invalid("attachment.too_many", "file"));
        }
        let seq = library::attachment_insert(work.tx, id, attachment).await?;
        self.attachment_event(work, id, EventKind::Attached, &attachment.file_name)
            .await?;
        Ok(seq)
    }

    /// Takes an attachment off the project; its content and the event remain.
    ///
    /// # Errors
    /// When there is none, or the project may not be edited.
    pub async fn attachment_remove(
        &self,
        actor: &Actor,
        id: ProjectId,
        seq: i64,
    ) -> Result<(), AppError> {
        let mut begun = self.begin(actor).await?;
        let work = begun.work();
        locked(work.tx, actor, Action::EditProject, id).await?;
        let name = library::attachment_list(work.tx, id)
            .await?
            .into_iter()
            .find(|a| a.seq == seq)
            .or_not_found("attachment")?
            .file_name;
        library::attachment_remove(work.tx, id, seq, self.now()).await?;
        self.attachment_event(&work, id, EventKind::Detached, &name)
            .await?;
        begun.commit().await
    }

    /// Reads an attachment.
    ///
    /// # Errors
    /// When there is none, or the project may not be seen.
    pub async fn attachment_read(
        &self,
        actor: &Actor,
        id: ProjectId,
        seq: i64,
    ) -> Result<(Attachment, Bytes), AppError> {
        self.visible(actor, Action::Read, id).await?;
        let attachment = library::attachment_list(&self.db, id)
            .await?
            .into_iter()
            .find(|a| a.seq == seq)
            .or_not_found("attachment")?;
        let bytes = self.file_get(&attachment.sha256).await?;
        Ok((attachment, bytes))
    }

    /// Keeps content under its digest and returns the digest.
    pub(crate) async fn file_put(&self, bytes: Bytes) -> Result<String, AppError> {
        let digest = Sha256::digest(&bytes);
        let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        self.files.put(&file_path(&hex), bytes.into()).await?;
        Ok(hex)
    }

    /// Reads content by its digest.
    pub(crate) async fn file_get(&self, sha256: &str) -> Result<Bytes, AppError> {
        Ok(self.files.get(&file_path(sha256)).await?.bytes().await?)
    }

    async fn attachment_event(
        &self,
        work: &Work<'_>,
        id: ProjectId,
        kind: EventKind,
        name: &str,
    ) -> Result<(), AppError> {
        let project = library::project_get(work.tx, id)
            .await?
            .or_not_found("project")?;
        let because = Because {
            kind,
            on: self.today(),
            reason: name,
            document_no: "",
        };
        work.event(&project, &because, Vec::new()).await
    }
}

fn file_path(sha256: &str) -> Path {
    let (head, _) = sha256.split_at(sha256.len().min(2));
    Path::from(format!("{head}/{sha256}"))
}

/// Keeps the last part of a name, without control characters, at most 120 characters.
fn tidy_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let tidy: String = last.chars().filter(|c| !c.is_control()).take(120).collect();
    if tidy.is_empty() {
        "file".to_owned()
    } else {
        tidy
    }
}

/// Recognises the types that are taken by their first bytes.
fn recognise(bytes: &[u8]) -> Option<(AttachmentKind, &'static str)> {
    use AttachmentKind::{Document, Photo};
    const ZIP: &str = "application/vnd.openxmlformats-officedocument";
    let types: [(&[u8], AttachmentKind, &str); 6] = [
        (b"%PDF-", Document, "application/pdf"),
        (b"\xff\xd8\xff", Photo, "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", Photo, "image/png"),
        (b"PK\x03\x04", Document, ZIP),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            Document,
            "application/x-ole-storage",
        ),
        (b"%!OFD", Document, "application/ofd"),
    ];
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return Some((Photo, "image/webp"));
    }
    types
        .into_iter()
        .find(|(magic, ..)| bytes.starts_with(magic))
        .map(|(_, kind, media_type)| (kind, media_type))
}
