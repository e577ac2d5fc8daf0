// Entry of the dispatch grid bundle: `<div data-grid data-returns="URL" data-account="ID">` with its
// configuration (texts, sources of funds, site statuses) in a JSON script inside.
import { apiFor, loadSheet } from "./grid/api";
import { editColumns } from "./grid/columns";
import { Texts } from "./grid/dom";
import { GridModel } from "./grid/model";
import { Saver } from "./grid/saver";
import { GridView } from "./grid/view";

interface Config {
  texts: Record<string, string>;
  funds: { value: string; label: string }[];
  site_statuses: { value: string; label: string }[];
}

async function start(root: HTMLElement): Promise<void> {
  const config = JSON.parse(root.querySelector("script[type='application/json']")?.textContent ?? "{}") as Config;
  const texts = new Texts(config.texts);
  const { returns = "", account = "", sprite = "" } = root.dataset;
  const sheet = await loadSheet(returns).catch(() => null);
  if (!sheet || sheet.rows.length === 0) {
    root.textContent = texts.get(sheet ? "grid.empty" : "grid.not_loaded");
    return;
  }
  let view: GridView | null = null;
  const saver = new Saver({
    api: apiFor(sheet.period, document.body.dataset.csrf ?? ""),
    store: localStorage,
    prefix: `gangmu.grid.${account}.${sheet.period}`,
    delay: 800,
    retry: 10_000,
    later: (run, after) => setTimeout(run, after),
    cancel: (handle) => clearTimeout(handle as number),
    changed: (project) => view?.rowChanged(project),
  });
  const columns = editColumns({ funds: config.funds, siteStatuses: config.site_statuses });
  view = new GridView(root, new GridModel(sheet, columns, saver), saver, texts, sprite);
  addEventListener("online", () => void saver.flush());
  document.addEventListener("visibilitychange", () => document.hidden && void saver.flush());
  addEventListener("beforeunload", (event) => {
    if (!saver.isSettled()) event.preventDefault();
  });
}

document.addEventListener("DOMContentLoaded", () => {
  for (const root of document.querySelectorAll<HTMLElement>("[data-grid]")) void start(root);
});
