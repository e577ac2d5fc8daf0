// The grid's pure parts: what a person types, pastes and takes back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { editColumns, pasteRectangle } from "../src/grid/columns";
import { derive } from "../src/grid/derive";
import { History } from "../src/grid/history";
import { GridModel } from "../src/grid/model";
import { parseWan, tenthsShown, wanExact, wanShown } from "../src/grid/money";
import { type Api, type Saved, Saver } from "../src/grid/saver";
import { at, box, move, step } from "../src/grid/selection";
import { formatTsv, parseTsv } from "../src/grid/tsv";
import type { Row, Sheet } from "../src/grid/types";

test("amounts in 万元 become whole yuan without losing a digit", () => {
  const cases: [string, number | null][] = [
    ["", null], ["  ", null], ["—", null], ["0", 0], ["1234.5", 12_345_000], ["1,234.5678", 12_345_678],
    ["１，２３４．５", 12_345_000], [".5", 5_000], ["-3.2", -32_000], ["−3.2", -32_000], ["1.50000", 15_000],
    ["3200万元", 32_000_000], ["1.2亿元", 120_000_000], ["0.1", 1_000], ["900719925474.0991", 9_007_199_254_740_991],
  ];
  for (const [text, yuan] of cases) assert.deepEqual(parseWan(text), { yuan }, text);
});

test("what is no amount is refused with its reason", () => {
  for (const [text, problem] of [
    ["12x", "not_a_number"], ["1.2.3", "not_a_number"], [".", "not_a_number"], ["1e5", "not_a_number"], ["=1+1", "not_a_number"],
    ["1.23456", "too_precise"], ["0.5元", "too_precise"], ["900719925474.0992", "too_large"],
  ]) assert.deepEqual(parseWan(text ?? ""), { problem }, text);
});

test("amounts print exactly and read back the same", () => {
  for (const yuan of [0, 1, -1, 9_999, 10_000, 12_345_678, -98_123_400_000, 9_007_199_254_740_991]) {
    assert.deepEqual(parseWan(wanExact(yuan)), { yuan });
    assert.deepEqual(parseWan(wanShown(yuan)), { yuan });
  }
  assert.equal(wanShown(12_345_678_901), "1,234,567.8901");
  assert.deepEqual([tenthsShown(-5n), tenthsShown(12_345n)], ["-0.5", "1,234.5"]);
});

test("the clipboard is read as Excel writes it", () => {
  assert.deepEqual(parseTsv("1\t2\r\n3\t4\r\n"), [["1", "2"], ["3", "4"]]);
  assert.deepEqual(parseTsv('a\t"two\nlines ""q"""\r\nb\t'), [["a", 'two\nlines "q"'], ["b", ""]]);
  assert.deepEqual(parseTsv('"open\tquote'), [['"open', "quote"]]);
  assert.deepEqual(parseTsv('"a"b\tc'), [['"a"b', "c"]]);
  assert.deepEqual(parseTsv(""), [[""]]);
  assert.deepEqual(parseTsv("a\r\n\r\nb"), [["a"], [""], ["b"]]);
});

test("copying and pasting changes nothing", () => {
  const pieces = ["", "1", "a b", 'say "x"', "two\nlines", "tab\there", '"'];
  for (let seed = 0; seed < 200; seed += 1) {
    const pick = (n: number) => pieces[(seed * 31 + n * 17 + ((seed * n) % 5)) % pieces.length] ?? "";
    const rows = [0, 1, 2].map((r) => [0, 1].map((c) => pick(r * 2 + c)));
    assert.deepEqual(parseTsv(formatTsv(rows)), rows, JSON.stringify(rows));
  }
});

test("the selection stays inside and Tab leaves at the ends", () => {
  const extent = { rows: 3, columns: 2 };
  assert.deepEqual(move(at(0, 0), -1, 5, extent, false), at(0, 1));
  const extended = move(at(1, 1), 1, -1, extent, true);
  assert.deepEqual(box(extended), { top: 1, left: 0, bottom: 2, right: 1 });
  assert.deepEqual(step(at(0, 1), true, extent), at(1, 0));
  assert.equal(step(at(2, 1), true, extent), null);
  assert.equal(step(at(0, 0), false, extent), null);
});

test("a paste repeats when the selection is a multiple of it", () => {
  assert.deepEqual(pasteRectangle([["1"]], { rows: 2, columns: 2 }), [["1", "1"], ["1", "1"]]);
  assert.deepEqual(pasteRectangle([["1", "2"]], { rows: 3, columns: 1 }), [["1", "2"], ["1", "2"], ["1", "2"]]);
  assert.deepEqual(pasteRectangle([["1"], ["2", "3"]], { rows: 1, columns: 1 }), [["1", ""], ["2", "3"]]);
});

test("undo takes back what was done in one go, redo does it again, a new edit ends redo", () => {
  const history = new History();
  const edit = (before: string, after: string) => ({ project: "p", field: "f", before, after });
  history.push([edit("", "1"), edit("1", "2")]);
  history.push([edit("2", "2")]);
  assert.deepEqual(history.undo().map((one) => one.after), ["1", ""]);
  assert.deepEqual(history.redo().map((one) => one.after), ["1", "2"]);
  history.undo();
  history.push([edit("", "9")]);
  assert.deepEqual(history.redo(), []);
});

function row(change: Partial<Row> = {}): Row {
  return {
    project_id: "p1", name: "扎铝二期", code: null, unit_name: "扎鲁特旗", version: 3, status: "due", annual_plan: 1_200_000_000,
    total_investment: 3_000_000_000, before_year: 500_000_000, ytd_before: 900_000_000, month_investment: null, funds: {},
    site_status: "", image_progress: "", previous_image_progress: "", problems: "", correction_reason: "", explanations: {},
    findings: [], ...change,
  };
}

test("derived columns follow the typed month", () => {
  const time = { num: 11, den: 12 };
  assert.deepEqual(derive(row({ month_investment: 200_000_000 }), time),
    { ytd: "110,000", completion: "91.7%", gap: "0.0", behind: false, total: "160,000", madeOf: "110,000 / 120,000" });
  assert.equal(derive(row(), time).gap, "-16.7");
  assert.equal(derive(row({ annual_plan: 0 }), time).completion, "—");
});

/** A sheet whose server answers as told and whose clock is a list of what is due. */
function desk(answers: Saved[], rows: Row[] = [row()], kept: Record<string, string> = {}) {
  const sent: unknown[] = [];
  const due: (() => void)[] = [];
  const store = new Map(Object.entries(kept));
  const api: Api = {
    save: (project, version, draft) => {
      sent.push({ project, version, month: draft.month_investment });
      return Promise.resolve(answers.shift() ?? { kind: "offline" });
    },
    submit: () => Promise.resolve(answers.shift() ?? { kind: "offline" }),
  };
  const saver = new Saver({
    api, prefix: "k", delay: 1, retry: 2, changed: () => undefined,
    store: { getItem: (key) => store.get(key) ?? null, setItem: (key, value) => void store.set(key, value), removeItem: (key) => void store.delete(key) },
    later: (run) => due.push(run), cancel: () => undefined,
  });
  const sheet: Sheet = { period: "2025-12", due_on: "2026-01-08", closed: false, time_progress: { num: 12, den: 12 }, rows };
  const columns = editColumns({ funds: [{ value: "bank", label: "银行贷款" }], siteStatuses: [{ value: "working", label: "施工中" }] });
  const model = new GridModel(sheet, columns, saver);
  const run = async () => {
    for (const job of due.splice(0)) job();
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { model, saver, sent, store, run };
}

test("a draft is saved with the version it was based on and then no longer kept here", async () => {
  const { model, saver, sent, store, run } = desk([{ kind: "saved", row: row({ version: 4, status: "draft", month_investment: 32_000_000 }) }]);
  assert.deepEqual(model.type([{ row: 0, column: 1, text: "3200" }]), []);
  assert.equal(store.size, 1);
  await run();
  assert.deepEqual(sent, [{ project: "p1", version: 3, month: 32_000_000 }]);
  assert.deepEqual([saver.state("p1"), model.row(0)?.version, store.size], ["clean", 4, 0]);
});

test("what is typed while a save is under way is kept and saved next", async () => {
  const { model, saver, sent, run } = desk([
    { kind: "saved", row: row({ version: 4, month_investment: 10_000 }) }, { kind: "saved", row: row({ version: 5, month_investment: 20_000 }) },
  ]);
  model.type([{ row: 0, column: 1, text: "1" }]);
  const saving = saver.flush();
  model.type([{ row: 0, column: 1, text: "2" }]);
  await saving;
  assert.equal(model.row(0)?.month_investment, 20_000);
  await run();
  assert.deepEqual(sent.map((one) => (one as { version: number }).version), [3, 4]);
  assert.equal(saver.state("p1"), "clean");
});

test("a conflict shows both and saves nothing until somebody chose", async () => {
  const theirs = row({ version: 9, month_investment: 70_000, problems: "资金未到位" });
  const { model, saver, sent, run } = desk([{ kind: "conflict", current: theirs }, { kind: "saved", row: row({ version: 10 }) }]);
  model.type([{ row: 0, column: 1, text: "5" }]);
  await run();
  assert.deepEqual([saver.state("p1"), saver.theirs("p1")?.problems], ["conflict", "资金未到位"]);
  await run();
  assert.equal(sent.length, 1);
  saver.resolve("p1", "mine");
  await run();
  assert.deepEqual(sent[1], { project: "p1", version: 9, month: 50_000 });
});

test("offline drafts outlive the page and are tried again", async () => {
  const first = desk([{ kind: "offline" }]);
  first.model.type([{ row: 0, column: 1, text: "8" }]);
  await first.run();
  assert.deepEqual([first.saver.state("p1"), first.store.size], ["offline", 1]);
  const kept = Object.fromEntries(first.store);
  const second = desk([{ kind: "saved", row: row({ version: 4, month_investment: 80_000 }) }], [row()], kept);
  assert.equal(second.model.row(0)?.month_investment, 80_000);
  await second.run();
  assert.equal(second.saver.state("p1"), "clean");
  const changed = desk([], [row({ version: 7 })], kept);
  assert.equal(changed.saver.state("p1"), "conflict");
});

test("a paste takes what it can, names what it cannot, and is undone in one step", () => {
  const { model } = desk([], [row(), row({ project_id: "p2", status: "accepted" })]);
  const { rejected } = model.paste(at(0, 1), [["3200", "999"], ["17"]]);
  assert.deepEqual(rejected.map((one) => [one.row, one.column, one.problem]), [[0, 2, "read_only"], [1, 1, "read_only"], [1, 2, "read_only"]]);
  assert.equal(model.text({ row: 0, column: 1 }), "3200");
  model.undo();
  assert.equal(model.text({ row: 0, column: 1 }), "");
  model.redo();
  assert.equal(model.text({ row: 0, column: 1 }), "3200");
});

test("a choice takes its word or its value and nothing else", () => {
  const { model } = desk([]);
  const column = model.columns.findIndex((one) => one.key === "site_status");
  assert.deepEqual(model.type([{ row: 0, column, text: "施工中" }]), []);
  assert.equal(model.row(0)?.site_status, "working");
  assert.equal(model.type([{ row: 0, column, text: "在睡觉" }])[0]?.problem, "not_a_choice");
});
