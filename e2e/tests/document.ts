// Makes a Word document with one table, as small as one can be: a container that packs nothing. Reads
// what an exported workbook or document says.
import { execFileSync } from "node:child_process";
import { crc32 } from "node:zlib";

const READ = `
import re, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as file:
    for name in sorted(file.namelist()):
        if re.fullmatch(r"xl/(sharedStrings|worksheets/sheet\\d+)\\.xml|word/document\\.xml", name):
            print("\\n".join(re.findall(r"<(?:w:)?t(?: [^>]*)?>([^<]*)<", file.read(name).decode())))
`;

/** All texts of a workbook or document, one a line. */
export function textsOf(path: string): string {
  return execFileSync("python3", ["-c", READ, path], { encoding: "utf8" });
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** A document whose table has these rows of cells. */
export function documentWithTable(rows: string[][]): Buffer {
  const cell = (text: string) => `<w:tc><w:p><w:r><w:t>${escaped(text)}</w:t></w:r></w:p></w:tc>`;
  const table = rows.map((cells) => `<w:tr>${cells.map(cell).join("")}</w:tr>`).join("");
  const main = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
  const text = `<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="${main}"><w:body><w:tbl>${table}</w:tbl></w:body></w:document>`;
  return stored("word/document.xml", Buffer.from(text));
}

/** A ZIP container with one part that is stored as it is. */
function stored(name: string, content: Buffer): Buffer {
  const title = Buffer.from(name);
  const head = (signature: number, extra: number) => {
    const bytes = Buffer.alloc(extra);
    bytes.writeUInt32LE(signature, 0);
    return bytes;
  };
  const common = (bytes: Buffer, at: number) => {
    bytes.writeUInt16LE(20, at);
    bytes.writeUInt16LE(0x21, at + 8);
    bytes.writeUInt32LE(crc32(content), at + 10);
    bytes.writeUInt32LE(content.length, at + 14);
    bytes.writeUInt32LE(content.length, at + 18);
    bytes.writeUInt16LE(title.length, at + 22);
  };
  const local = head(0x04034b50, 30);
  common(local, 4);
  const entry = head(0x02014b50, 46);
  entry.writeUInt16LE(20, 4);
  common(entry, 6);
  const end = head(0x06054b50, 22);
  const before = local.length + title.length + content.length;
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(entry.length + title.length, 12);
  end.writeUInt32LE(before, 16);
  return Buffer.concat([local, title, content, entry, title, end]);
}
