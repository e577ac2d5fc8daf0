// Draws every `<div data-chart="KIND"><script type="application/json">SPEC</script></div>`.
// The page carries data, never code, so the content security policy needs no exception; and the
// spec is ours (charts/spec.ts), so that all charts look alike and a library upgrade stays here.
import { BarChart, FunnelChart, LineChart, MapChart, SankeyChart } from "echarts/charts";
import {
  AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent,
} from "echarts/components";
import { type ECharts, init, registerMap, use } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { optionsFor } from "./charts/options";
import { palette } from "./charts/palette";
import type { Spec } from "./charts/spec";

use([
  AriaComponent, BarChart, CanvasRenderer, FunnelChart, GridComponent, LegendComponent, LineChart, MapChart,
  MarkLineComponent, SankeyChart, TooltipComponent, VisualMapComponent,
]);

const begun = new WeakSet<HTMLElement>();
const drawn = new Map<HTMLElement, { chart: ECharts; spec: Spec }>();
const maps = new Map<string, Promise<void>>();

function drawAll(part: ParentNode): void {
  for (const holder of part.querySelectorAll<HTMLElement>("[data-chart]")) {
    if (begun.has(holder)) continue;
    begun.add(holder);
    void draw(holder);
  }
}

async function draw(holder: HTMLElement): Promise<void> {
  const json = holder.querySelector("script[type='application/json']")?.textContent;
  if (!json) return;
  const spec = { kind: holder.dataset.chart, ...JSON.parse(json) } as Spec;
  if (spec.kind === "map") await loadMap(spec.map, holder.dataset.mapSrc ?? "");
  const canvas = document.createElement("div");
  canvas.className = "gm-chart-canvas";
  canvas.setAttribute("aria-hidden", "true");
  holder.append(canvas);
  holder.classList.add("gm-chart-drawn");
  const chart = init(canvas, null, { renderer: "canvas" });
  chart.setOption(optionsFor(spec, palette(), canvas.clientWidth));
  chart.on("click", (event) => {
    const data = event.data as { href?: string } | undefined;
    if (data?.href) location.assign(data.href);
  });
  drawn.set(holder, { chart, spec });
  new ResizeObserver(() => chart.resize()).observe(canvas);
}

function loadMap(name: string, url: string): Promise<void> {
  let loading = maps.get(name);
  if (!loading) {
    loading = fetch(url)
      .then((answer) => {
        if (!answer.ok) throw new Error(`map ${name}: HTTP ${answer.status}`);
        return answer.json();
      })
      .then((shapes) => registerMap(name, shapes));
    maps.set(name, loading);
  }
  return loading;
}

document.addEventListener("gangmu:theme", () => {
  for (const [holder, { chart, spec }] of drawn) {
    chart.setOption(optionsFor(spec, palette(), holder.clientWidth), { notMerge: true });
  }
});
document.addEventListener("htmx:load", (event) => {
  const part = (event as CustomEvent<{ elt?: HTMLElement }>).detail?.elt;
  if (part) drawAll(part);
});
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => drawAll(document));
else drawAll(document);
