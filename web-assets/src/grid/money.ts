// Money as people type it and as we keep it: 万元 with up to four decimals outside, whole yuan
// inside. BigInt on the way, so that no digit is lost; JSON carries plain integers.

export type Parsed = { yuan: number | null } | { problem: "not_a_number" | "too_precise" | "too_large" };

/** What a JSON number can carry exactly, and far more than any project costs. */
const LARGEST = BigInt(Number.MAX_SAFE_INTEGER);

/**
 * Reads an amount in 万元. Accepts grouping (half and full width), full-width digits, a leading
 * sign, surrounding space and the unit itself ("1,234.5 万元", "1.2亿元"); an empty text is no figure.
 */
export function parseWan(text: string): Parsed {
  const plain = text.normalize("NFKC").replace(/[−–]/g, "-").replace(/[,\s'’]/g, "");
  if (plain === "" || plain === "-" || plain === "—") return { yuan: null };
  const found = /^([+-]?)(\d*)(?:\.(\d*))?(万元?|亿元?|元)?$/.exec(plain);
  if (!found || (!found[2] && !found[3])) return { problem: "not_a_number" };
  const [, sign, whole = "", fraction = "", unit = "万元"] = found;
  const places = unit.startsWith("亿") ? 8 : unit.startsWith("万") ? 4 : 0;
  const kept = fraction.replace(/0+$/, "");
  if (kept.length > places) return { problem: "too_precise" };
  const yuan = BigInt((whole || "0") + kept.padEnd(places, "0"));
  if (yuan > LARGEST) return { problem: "too_large" };
  return { yuan: Number(sign === "-" ? -yuan : yuan) };
}

/** Prints yuan in 万元 exactly, without grouping: what an input field shows. */
export function wanExact(yuan: number | null): string {
  if (yuan === null) return "";
  const digits = String(Math.abs(yuan)).padStart(5, "0");
  const fraction = digits.slice(-4).replace(/0+$/, "");
  return (yuan < 0 ? "-" : "") + digits.slice(0, -4) + (fraction ? `.${fraction}` : "");
}

/** Prints yuan in 万元 for reading: grouped, exact. */
export function wanShown(yuan: number | null): string {
  const text = wanExact(yuan);
  if (text === "") return "";
  const [whole = "", fraction] = text.replace("-", "").split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return (yuan !== null && yuan < 0 ? "-" : "") + grouped + (fraction ? `.${fraction}` : "");
}

/** Divides and rounds half away from zero (四舍五入), as the server does. */
export function roundDiv(num: bigint, den: bigint): bigint | null {
  if (den === 0n) return null;
  if (den < 0n) return roundDiv(-num, -den);
  const magnitude = ((num < 0n ? -num : num) * 2n + den) / (den * 2n);
  return num < 0n ? -magnitude : magnitude;
}

/** Tenths as text with one decimal: 625 is "62.5". */
export function tenthsShown(tenths: bigint): string {
  const digits = String(tenths < 0n ? -tenths : tenths).padStart(2, "0");
  return `${tenths < 0n ? "-" : ""}${digits.slice(0, -1).replace(/\B(?=(\d{3})+$)/g, ",")}.${digits.slice(-1)}`;
}
