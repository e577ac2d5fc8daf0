//! Builds .xls files byte by byte: no library writes them, and hostile ones least.

/// One record of the workbook stream.
pub fn record(kind: u16, data: &[u8]) -> Vec<u8> {
    let mut bytes = kind.to_le_bytes().to_vec();
    bytes.extend((data.len() as u16).to_le_bytes());
    bytes.extend(data);
    bytes
}

/// Beginning of the globals (5) or of a sheet (16).
pub fn begin(kind: u16) -> Vec<u8> {
    let mut data = 0x0600_u16.to_le_bytes().to_vec();
    data.extend(kind.to_le_bytes());
    data.extend([0; 12]);
    record(0x0809, &data)
}

pub fn end() -> Vec<u8> {
    record(0x000A, &[])
}

fn at(row: u16, column: u16) -> Vec<u8> {
    [row, column, 0]
        .iter()
        .flat_map(|n| n.to_le_bytes())
        .collect()
}

pub fn number(row: u16, column: u16, number: f64) -> Vec<u8> {
    let mut data = at(row, column);
    data.extend(number.to_le_bytes());
    record(0x0203, &data)
}

pub fn label(row: u16, column: u16, text: &str) -> Vec<u8> {
    let units: Vec<u16> = text.encode_utf16().collect();
    let mut data = at(row, column);
    data.extend((units.len() as u16).to_le_bytes());
    data.push(1);
    data.extend(units.iter().flat_map(|unit| unit.to_le_bytes()));
    record(0x0204, &data)
}

/// A merged range: first row, last row, first column, last column.
pub fn merge(area: [u16; 4]) -> Vec<u8> {
    let mut data = 1_u16.to_le_bytes().to_vec();
    data.extend(area.iter().flat_map(|n| n.to_le_bytes()));
    record(0x00E5, &data)
}

/// A workbook of sheets, each given as its cell records.
pub fn workbook(sheets: &[Vec<u8>]) -> Vec<u8> {
    let bound = |position: u32, index: usize| {
        let name: Vec<u8> = format!("S{index}").into_bytes();
        let mut data = position.to_le_bytes().to_vec();
        data.extend([0, 0, name.len() as u8, 0]);
        data.extend(name);
        record(0x0085, &data)
    };
    let size: usize = begin(5).len()
        + end().len()
        + (0..sheets.len())
            .map(|index| bound(0, index).len())
            .sum::<usize>();
    let mut bodies = Vec::new();
    let mut globals = begin(5);
    for (index, cells) in sheets.iter().enumerate() {
        globals.extend(bound((size + bodies.len()) as u32, index));
        bodies.extend(begin(16));
        bodies.extend(cells);
        bodies.extend(end());
    }
    globals.extend(end());
    globals.extend(bodies);
    container(&[("Workbook", globals)])
}

const FREE: u32 = 0xFFFF_FFFF;
const LAST: u32 = 0xFFFF_FFFE;
const TABLE: u32 = 0xFFFF_FFFD;

/// An OLE container with streams, each padded to the size that needs no mini stream.
pub fn container(streams: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let padded: Vec<Vec<u8>> = streams
        .iter()
        .map(|(_, data)| {
            let mut data = data.clone();
            data.resize(data.len().max(4096).next_multiple_of(512), 0);
            data
        })
        .collect();
    let directories = (streams.len() + 1).div_ceil(4);
    let content: usize = padded.iter().map(|data| data.len() / 512).sum();
    let tables = (content + directories + 8).div_ceil(127);
    let mut next: Vec<u32> = vec![TABLE; tables];
    let chain = |next: &mut Vec<u32>, length: usize| {
        let start = next.len() as u32;
        next.extend((1..length as u32).map(|step| start + step));
        next.push(LAST);
        start
    };
    let directory = chain(&mut next, directories);
    let starts: Vec<u32> = padded
        .iter()
        .map(|data| chain(&mut next, data.len() / 512))
        .collect();
    next.resize(tables * 128, FREE);

    let mut bytes = vec![0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];
    bytes.extend([0; 16]);
    for half in [0x3E_u16, 3, 0xFFFE, 9, 6, 0, 0, 0] {
        bytes.extend(half.to_le_bytes());
    }
    for word in [0, tables as u32, directory, 0, 4096, LAST, 0, LAST, 0] {
        bytes.extend(word.to_le_bytes());
    }
    for index in 0..109 {
        let table = if index < tables { index as u32 } else { FREE };
        bytes.extend(table.to_le_bytes());
    }
    bytes.extend(next.iter().flat_map(|word| word.to_le_bytes()));
    let mut entries = entry("Root Entry", 5, LAST, 0);
    for (((name, _), start), data) in streams.iter().zip(&starts).zip(&padded) {
        entries.extend(entry(name, 2, *start, data.len() as u32));
    }
    entries.resize(directories * 512, 0);
    bytes.extend(entries);
    padded.iter().for_each(|data| bytes.extend(data));
    bytes
}

fn entry(name: &str, kind: u8, start: u32, size: u32) -> Vec<u8> {
    let mut bytes: Vec<u8> = name.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let length = bytes.len() as u16 + 2;
    bytes.resize(64, 0);
    bytes.extend(length.to_le_bytes());
    bytes.extend([kind, 1]);
    let child = if kind == 5 { 1_u32 } else { FREE };
    for word in [FREE, FREE, child] {
        bytes.extend(word.to_le_bytes());
    }
    bytes.resize(116, 0);
    bytes.extend(start.to_le_bytes());
    bytes.extend(size.to_le_bytes());
    bytes.extend([0; 4]);
    bytes
}
