// Colours come from the stylesheet, so that charts follow the theme and print like the page.

export interface Palette {
  text: string;
  muted: string;
  line: string;
  surface: string;
  primary: string;
  series: string[];
  ramp: string[];
  /** Areas of a light; lighter than the same light as text. */
  fill: Record<"green" | "yellow" | "red" | "undefined", string>;
  font: string;
  /** How large the page's type is against the usual: a room reads larger type. */
  scale: number;
}

export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string) => style.getPropertyValue(name).trim();
  return {
    text: read("--gm-ink"),
    muted: read("--gm-ink-muted"),
    line: read("--gm-line"),
    surface: read("--gm-surface"),
    primary: read("--gm-chart-1"),
    series: [1, 2, 3, 4, 5, 6].map((n) => read(`--gm-chart-${n}`)),
    ramp: [1, 2, 3, 4].map((n) => read(`--gm-ramp-${n}`)),
    fill: {
      green: read("--gm-fill-green"),
      yellow: read("--gm-fill-yellow"),
      red: read("--gm-fill-red"),
      undefined: read("--gm-ink-muted"),
    },
    font: getComputedStyle(document.body).fontFamily,
    scale: Number.parseFloat(style.fontSize) / 16 || 1,
  };
}
