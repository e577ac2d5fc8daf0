// Turns our spec into chart options. Tooltips are drawn on the canvas (`richText`): the HTML ones
// carry style attributes, which the content security policy refuses.
import type { EChartsCoreOption } from "echarts/core";
import { formatAxis, formatValue } from "./format";
import type { Palette } from "./palette";
import type { BridgeSpec, FlowSpec, Format, Item, MapSpec, ProgressSpec, SeriesSpec, Spec } from "./spec";

type Part = Record<string, unknown>;
interface Hover {
  name: string;
  seriesName?: string;
  value: unknown;
  data?: { name?: string; value?: number | null; shown?: number; step?: boolean; source?: string; target?: string };
}

/** The complete options of one chart for the given colours and width. */
export function optionsFor(spec: Spec, colours: Palette, width: number): EChartsCoreOption {
  const base: Part = {
    animationDuration: 300,
    color: colours.series,
    textStyle: { fontFamily: colours.font, color: colours.text },
  };
  switch (spec.kind) {
    case "series":
      return { ...base, ...series(spec, colours, width) };
    case "progress":
      return { ...base, ...progress(spec, colours) };
    case "map":
      return { ...base, ...map(spec, colours, width) };
    case "bridge":
      return { ...base, ...bridge(spec, colours) };
    case "flow":
      return { ...base, ...flow(spec, colours) };
  }
}

function tooltip(colours: Palette, formatter: (hover: Hover | Hover[]) => string, trigger = "item"): Part {
  return {
    trigger,
    renderMode: "richText",
    confine: true,
    backgroundColor: colours.surface,
    borderColor: colours.line,
    textStyle: { color: colours.text, fontSize: 13 * colours.scale, fontFamily: colours.font },
    axisPointer: { type: "shadow", shadowStyle: { opacity: 0.25 } },
    formatter,
  };
}

function valueAxis(colours: Palette, format: Format, unit: string): Part {
  return {
    type: "value",
    name: unit,
    nameTextStyle: { color: colours.muted, align: "left", fontSize: 12 * colours.scale },
    axisLabel: { color: colours.muted, fontSize: 12 * colours.scale, formatter: (value: number) => formatAxis(value, format) },
    splitLine: { lineStyle: { color: colours.line } },
  };
}

function categoryAxis(colours: Palette, categories: string[], extra: Part = {}): Part {
  return {
    type: "category",
    data: categories,
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colours.line } },
    axisLabel: { color: colours.muted, fontSize: 12 * colours.scale, ...extra },
  };
}

const GRID = { left: 8, right: 16, top: 36, bottom: 8, containLabel: true };

function series(spec: SeriesSpec, colours: Palette, width: number): Part {
  const many = spec.categories.length > 8;
  return {
    // On a phone the legend has a line of its own, above the unit.
    grid: { ...GRID, top: (width < 500 && spec.series.length > 1 ? 58 : GRID.top) * colours.scale },
    legend: spec.series.length > 1 ? { top: 0, right: 0, icon: "roundRect", itemHeight: 8, textStyle: { color: colours.text, fontSize: 12 * colours.scale } } : undefined,
    tooltip: tooltip(colours, (hover) => {
      const all = Array.isArray(hover) ? hover : [hover];
      const lines = all.map((h) => `${h.seriesName}  ${formatValue(h.data?.value, spec.format)} ${spec.unit}`);
      return [all[0]?.name ?? "", ...lines].join("\n");
    }, "axis"),
    xAxis: categoryAxis(colours, spec.categories, many && width < 500 ? { interval: Math.ceil(spec.categories.length / 4) - 1 } : {}),
    yAxis: valueAxis(colours, spec.format, spec.unit),
    series: spec.series.map((one, index) => ({
      name: one.name,
      type: one.draw,
      data: one.items,
      // What is only foreseen is drawn from point to point.
      connectNulls: one.dashed ?? false,
      barMaxWidth: 26,
      itemStyle: { borderRadius: one.draw === "bar" ? [3, 3, 0, 0] : 0 },
      lineStyle: { width: 2.5, type: one.dashed ? "dashed" : "solid" },
      symbolSize: 6,
      color: colours.series[index % colours.series.length],
    })),
  };
}

function progress(spec: ProgressSpec, colours: Palette): Part {
  const items = [...spec.items].reverse();
  return {
    grid: { ...GRID, top: 28, right: 24 },
    tooltip: tooltip(colours, (hover) => {
      const h = hover as Hover;
      return `${h.data?.name ?? h.name}\n${formatValue(h.data?.value, "permille")} ${spec.unit}\n${spec.line.name}  ${formatValue(spec.line.value, "permille")} ${spec.unit}`;
    }),
    // In January every bar is short of the line; the axis must still reach it.
    xAxis: { ...valueAxis(colours, "permille", ""), min: 0, max: (range: { max: number }) => niceCeil(Math.max(range.max, spec.line.value)) },
    yAxis: categoryAxis(colours, items.map((item) => `${item.name}  ${formatValue(item.value, "permille")}`), { color: colours.text }),
    series: [{
      type: "bar",
      barMaxWidth: 16,
      data: items.map((item) => ({
        ...item,
        itemStyle: { color: item.light ? colours.fill[item.light] : colours.primary, borderRadius: [0, 3, 3, 0] },
      })),
      markLine: {
        symbol: "none",
        silent: true,
        lineStyle: { color: colours.text, type: "dashed", width: 1.5 },
        label: { formatter: `${spec.line.name} ${formatValue(spec.line.value, "permille")}`, color: colours.text, position: "end" },
        data: [{ xAxis: spec.line.value }],
      },
    }],
  };
}

function map(spec: MapSpec, colours: Palette, width: number): Part {
  const values = spec.items.map((item) => item.value ?? 0);
  // Regions are told apart by their differences; a scale from zero would paint them all alike.
  const highest = Math.max(1, ...values);
  const smallest = Math.min(highest, ...values);
  const lowest = Math.min(smallest, Math.max(0, smallest - (highest - smallest) / 2));
  return {
    tooltip: tooltip(colours, (hover) => {
      const h = hover as Hover;
      return `${h.name}\n${spec.name}  ${formatValue(h.data?.value, spec.format)} ${spec.unit}`;
    }),
    visualMap: {
      type: "continuous",
      min: lowest,
      max: highest,
      left: 0,
      top: 0,
      itemHeight: 90,
      itemWidth: 12,
      calculable: false,
      // The darkest step would hide the names that stand on it.
      inRange: { color: colours.ramp.slice(0, -1) },
      textStyle: { color: colours.muted },
      text: [`${formatAxis(highest, spec.format)} ${spec.unit}`, `${formatAxis(lowest, spec.format)} ${spec.unit}`],
      formatter: (value: number) => formatAxis(value, spec.format),
    },
    series: [{
      type: "map",
      map: spec.map,
      nameMap: spec.names,
      name: spec.name,
      data: spec.items,
      selectedMode: false,
      // The region is three times as wide as high; without this it would be drawn squashed.
      aspectScale: 0.8,
      left: 8, right: 8, top: 8, bottom: 8,
      itemStyle: { areaColor: colours.line, borderColor: colours.surface, borderWidth: 1 },
      label: { show: true, color: colours.text, fontSize: width < 400 ? 9 : 11, formatter: (h: Hover) => h.name.replace(/(市|盟| City| League)$/, ""),
        textBorderColor: colours.surface, textBorderWidth: 2 },
      labelLayout: { hideOverlap: true },
      emphasis: { itemStyle: { areaColor: colours.series[2] }, label: { color: colours.text } },
    }],
  };
}

function bridge(spec: BridgeSpec, colours: Palette): Part {
  let running = spec.start.value ?? 0;
  const bars: { item: Item; base: number; height: number; colour: string | undefined }[] = [
    { item: spec.start, base: 0, height: running, colour: colours.primary },
  ];
  for (const step of spec.steps) {
    const delta = step.value ?? 0;
    bars.push({
      item: step,
      base: Math.min(running, running + delta),
      height: Math.abs(delta),
      colour: delta < 0 ? colours.fill.red : colours.fill.green,
    });
    running += delta;
  }
  const lowest = Math.min(...bars.slice(1).map((bar) => bar.base), spec.start.value ?? 0);
  const highest = Math.max(...bars.map((bar) => bar.base + bar.height));
  // Small steps between two large totals would be hairlines: then the axis starts above zero.
  const floor = highest - lowest < highest / 4 ? Math.max(0, lowest - 2 * (highest - lowest)) : 0;
  bars.push({ item: spec.end, base: 0, height: spec.end.value ?? 0, colour: colours.primary });
  return {
    grid: GRID,
    tooltip: tooltip(colours, (hover) => {
      const h = hover as Hover;
      return `${h.name}\n${formatValue(h.data?.shown, spec.format)} ${spec.unit}`;
    }),
    xAxis: categoryAxis(colours, bars.map((bar) => bar.item.name), { interval: 0 }),
    yAxis: { ...valueAxis(colours, spec.format, spec.unit), min: niceFloor(floor) },
    series: [
      { type: "bar", stack: "bridge", silent: true, itemStyle: { color: "transparent" }, data: bars.map((bar) => bar.base) },
      {
        type: "bar",
        stack: "bridge",
        barMaxWidth: 40,
        label: { show: true, position: "top", color: colours.text, formatter: (h: Hover) => signed(h, spec.format) },
        data: bars.map((bar) => ({
          value: bar.height, shown: bar.item.value ?? 0, step: bar.colour !== colours.primary, href: bar.item.href, itemStyle: { color: bar.colour, borderRadius: 2 },
        })),
      },
    ],
  };
}

function signed(hover: Hover, format: Format): string {
  const text = formatValue(hover.data?.shown, format);
  return hover.data?.step && (hover.data.shown ?? 0) > 0 ? `+${text}` : text;
}

function niceCeil(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.ceil((value * 1.02) / (5 * unit)) * 5 * unit;
}

function niceFloor(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, value))) - 1);
  return Math.floor(value / unit) * unit;
}

function flow(spec: FlowSpec, colours: Palette): Part {
  return {
    tooltip: tooltip(colours, (hover) => {
      const h = hover as Hover;
      const name = h.data?.source ? `${h.data.source} → ${h.data.target}` : h.name;
      return `${name}\n${formatValue(h.data?.value ?? (h.value as number), spec.format)} ${spec.unit}`;
    }),
    series: [{
      type: "sankey",
      data: spec.nodes.map((name) => ({ name })),
      links: spec.links,
      left: 8, right: 90, top: 12, bottom: 12,
      nodeWidth: 14,
      draggable: false,
      label: { color: colours.text },
      lineStyle: { color: "gradient", opacity: 0.35 },
    }],
  };
}
