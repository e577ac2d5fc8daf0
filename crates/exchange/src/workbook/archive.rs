//! Takes parts out of a ZIP container under the limits, whatever its directory claims about sizes.

use crate::{limits::Limits, refusal::Refusal};
use std::io::{Cursor, Read as _};
use zip::{ZipArchive, read::ZipFile, result::ZipError};

/// Small parts may shrink as they like; a bomb needs size to hurt.
const RATIO_MATTERS_ABOVE: usize = 1 << 20;

pub(super) type Archive<'a> = ZipArchive<Cursor<&'a [u8]>>;

/// Opens a container.
pub(super) fn open(bytes: &[u8]) -> Result<Archive<'_>, Refusal> {
    ZipArchive::new(Cursor::new(bytes)).map_err(refuse)
}

/// Unpacks a part; `left` is what the whole file may still unpack to.
pub(super) fn take(
    part: ZipFile<'_, Cursor<&[u8]>>,
    name: &str,
    left: &mut usize,
    limits: &Limits,
) -> Result<Vec<u8>, Refusal> {
    let packed = usize::try_from(part.compressed_size()).unwrap_or(usize::MAX);
    let by_ratio = packed
        .saturating_mul(limits.unpack_ratio)
        .max(RATIO_MATTERS_ABOVE);
    let allowed = (*left).min(by_ratio);
    let mut content = Vec::with_capacity(
        usize::try_from(part.size())
            .unwrap_or(0)
            .min(allowed)
            .min(16 << 20),
    );
    part.take((allowed as u64).saturating_add(1))
        .read_to_end(&mut content)
        .map_err(|error| super::damaged(&error))?;
    if content.len() > allowed {
        return Err(if allowed == by_ratio {
            Refusal::UnpackRatio {
                part: name.to_owned(),
                limit: limits.unpack_ratio,
            }
        } else {
            Refusal::UnpacksTooLarge {
                limit: limits.unpacked_bytes,
            }
        });
    }
    *left -= content.len();
    Ok(content)
}

/// Why a container is turned away.
pub(super) fn refuse(error: ZipError) -> Refusal {
    match &error {
        ZipError::UnsupportedArchive(detail) if *detail == ZipError::PASSWORD_REQUIRED => {
            Refusal::Password
        }
        error => super::damaged(error),
    }
}
