//! Looks into an OLE container just far enough to know that it is safe to open:
//! is it encrypted, and how large are the sheets that it describes.
//!
//! Lengths in the file are never trusted: a chain of sectors is followed at most as
//! many steps as the file has sectors, so a loop ends.

use crate::{limits::Limits, refusal::Refusal};

const END_OF_CHAIN: u32 = 0xFFFF_FFFA; // anything from here up is not a sector
const DIRECTORY_ENTRY: usize = 128;
/// Streams shorter than this live in the mini stream; too short to be dangerous.
const MINI_STREAM_CUTOFF: usize = 4096;

/// Refuses containers that are encrypted, are no workbook, or describe too much.
pub fn measure(bytes: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let container = Container::open(bytes).ok_or_else(|| damaged("OLE"))?;
    let entries = container.directory();
    if entries.is_empty() {
        return Err(damaged("OLE"));
    }
    let named = |name: &str| {
        entries
            .iter()
            .find(|entry| entry.name.eq_ignore_ascii_case(name))
    };
    if named("EncryptedPackage").is_some() || named("EncryptionInfo").is_some() {
        return Err(Refusal::Password);
    }
    let Some(book) = named("Workbook").or_else(|| named("Book")) else {
        let kind = if named("WordDocument").is_some() {
            "DOC"
        } else if named("PowerPoint Document").is_some() {
            "PPT"
        } else {
            "OLE"
        };
        return Err(Refusal::Unsupported { kind: kind.into() });
    };
    if book.size < MINI_STREAM_CUTOFF {
        return Ok(());
    }
    measure_records(&container.stream(book.start), limits)
}

struct Entry {
    name: String,
    start: u32,
    size: usize,
}

struct Container<'a> {
    bytes: &'a [u8],
    sector: usize,
    /// For each sector the one that follows it.
    next: Vec<u32>,
    directory: u32,
}

impl<'a> Container<'a> {
    fn open(bytes: &'a [u8]) -> Option<Self> {
        let shift = u16_at(bytes, 30)?;
        if !(7..=16).contains(&shift) {
            return None;
        }
        let mut container = Self {
            bytes,
            sector: 1 << shift,
            next: Vec::new(),
            directory: u32_at(bytes, 48)?,
        };
        let mut tables: Vec<u32> = (0..109)
            .filter_map(|index| u32_at(bytes, 76 + 4 * index))
            .collect();
        let mut more = u32_at(bytes, 68)?;
        let sectors = bytes.len() / container.sector + 1;
        let per_sector = container.sector / 4 - 1;
        for _ in 0..sectors {
            if more >= END_OF_CHAIN {
                break;
            }
            let Some(data) = container.sector_at(more) else {
                break;
            };
            tables.extend((0..per_sector).filter_map(|index| u32_at(data, 4 * index)));
            more = u32_at(data, 4 * per_sector).unwrap_or(END_OF_CHAIN);
        }
        for table in tables.into_iter().filter(|table| *table < END_OF_CHAIN) {
            if container.next.len() > sectors {
                break;
            }
            if let Some(data) = container.sector_at(table) {
                let entries = (0..container.sector / 4).filter_map(|index| u32_at(data, 4 * index));
                container.next.extend(entries.collect::<Vec<_>>());
            }
        }
        Some(container)
    }

    fn sector_at(&self, index: u32) -> Option<&'a [u8]> {
        let start = (index as usize).checked_add(1)?.checked_mul(self.sector)?;
        let end = start.checked_add(self.sector)?.min(self.bytes.len());
        self.bytes.get(start..end).filter(|data| !data.is_empty())
    }

    /// The bytes of a chain of sectors.
    fn stream(&self, start: u32) -> Vec<u8> {
        let mut data = Vec::new();
        let mut at = start;
        for _ in 0..=self.bytes.len() / self.sector {
            let Some(sector) = self.sector_at(at) else {
                break;
            };
            data.extend_from_slice(sector);
            match self.next.get(at as usize) {
                Some(next) if *next < END_OF_CHAIN => at = *next,
                _ => break,
            }
        }
        data
    }

    fn directory(&self) -> Vec<Entry> {
        self.stream(self.directory)
            .chunks_exact(DIRECTORY_ENTRY)
            .filter_map(|entry| {
                let length = usize::from(u16_at(entry, 64)?).min(64);
                let units: Vec<u16> = (0..(length / 2).saturating_sub(1))
                    .filter_map(|index| u16_at(entry, 2 * index))
                    .collect();
                let name = String::from_utf16_lossy(&units);
                (!name.is_empty()).then_some(Entry {
                    name,
                    start: u32_at(entry, 116)?,
                    size: u32_at(entry, 120)? as usize,
                })
            })
            .collect()
    }
}

/// Walks the BIFF records and adds up what the sheets will cost.
fn measure_records(stream: &[u8], limits: &Limits) -> Result<(), Refusal> {
    let mut at = 0;
    let mut extent = Extent::default();
    let mut total = 0_usize;
    let mut merges = 0_usize;
    while let (Some(kind), Some(length)) = (u16_at(stream, at), u16_at(stream, at + 2)) {
        let data = stream
            .get(at + 4..at + 4 + usize::from(length))
            .unwrap_or_default();
        match kind {
            // FILEPASS: what follows is encrypted.
            0x002F => return Err(Refusal::Password),
            // BOF: a new sheet begins.
            0x0809 | 0x0009 | 0x0209 | 0x0409 => {
                total = total.saturating_add(extent.cells());
                extent = Extent::default();
                merges = 0;
            }
            // BLANK, NUMBER, LABEL, BOOLERR, FORMULA, LABELSST, RK, MULRK, MULBLANK.
            0x0201 | 0x0203 | 0x0204 | 0x0205 | 0x0006 | 0x0206 | 0x0406 | 0x00FD | 0x027E
            | 0x00BD | 0x00BE => extent.include(data, limits)?,
            0x00E5 => {
                merges += usize::from(u16_at(data, 0).unwrap_or(0));
                if merges > limits.merges {
                    return Err(Refusal::TooManyMerges {
                        sheet: String::new(),
                        found: merges,
                        limit: limits.merges,
                    });
                }
            }
            _ => {}
        }
        if total.saturating_add(extent.cells()) > limits.cells {
            return Err(Refusal::TooManyCells {
                limit: limits.cells,
            });
        }
        at += 4 + usize::from(length);
    }
    Ok(())
}

#[derive(Default)]
struct Extent {
    bounds: Option<(usize, usize, usize, usize)>,
}

impl Extent {
    fn include(&mut self, data: &[u8], limits: &Limits) -> Result<(), Refusal> {
        let (Some(row), Some(column)) = (u16_at(data, 0), u16_at(data, 2)) else {
            return Ok(());
        };
        let (row, column) = (usize::from(row), usize::from(column));
        if column >= limits.columns {
            return Err(Refusal::TooManyColumns {
                sheet: String::new(),
                limit: limits.columns,
            });
        }
        let (top, left, bottom, right) = self.bounds.unwrap_or((row, column, row, column));
        self.bounds = Some((
            top.min(row),
            left.min(column),
            bottom.max(row),
            right.max(column),
        ));
        Ok(())
    }

    fn cells(&self) -> usize {
        self.bounds.map_or(0, |(top, left, bottom, right)| {
            (bottom - top + 1) * (right - left + 1)
        })
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let data = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(data.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let data = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(data.try_into().ok()?))
}

fn damaged(detail: &str) -> Refusal {
    Refusal::Damaged {
        detail: detail.into(),
    }
}
