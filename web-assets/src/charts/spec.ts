// The data a page hands to a chart. Values are integers: yuan, counts, tenths of a percent, or
// ten-thousandths of a measure ("parts");
// `format` says which, and formatting happens here, never in the page.

export type Format = "yi" | "trillion" | "billion" | "million" | "count" | "permille" | "parts";

export interface Item {
  name: string;
  value: number | null;
  /** Where a click leads: every number is a link to the rows behind it. */
  href?: string;
  light?: "green" | "yellow" | "red" | "undefined";
}

export interface Words {
  /** Unit shown on axes and in tooltips ("亿元", "CNY bn", "个", "%"). */
  unit: string;
}

/** Bars or lines over shared categories: months, units, industries. */
export interface SeriesSpec extends Words {
  kind: "series";
  format: Format;
  categories: string[];
  series: { name: string; draw: "bar" | "line"; dashed?: boolean; items: Item[] }[];
}

/** One horizontal bar per unit against a line: completion against time progress. */
export interface ProgressSpec extends Words {
  kind: "progress";
  items: Item[];
  line: { name: string; value: number };
}

/** A map of regions coloured by value; regions match by name. */
export interface MapSpec extends Words {
  kind: "map";
  map: string;
  /** Names of regions in the reader's language by their names on the map; `items` use the former. */
  names?: Record<string, string>;
  format: Format;
  name: string;
  items: Item[];
}

/** A bridge between two totals, line by line. */
export interface BridgeSpec extends Words {
  kind: "bridge";
  format: Format;
  start: Item;
  steps: Item[];
  end: Item;
}

/** Flow between stages over a span. */
export interface FlowSpec extends Words {
  kind: "flow";
  format: Format;
  nodes: string[];
  links: { source: string; target: string; value: number; href?: string }[];
}

export type Spec = SeriesSpec | ProgressSpec | MapSpec | BridgeSpec | FlowSpec;
