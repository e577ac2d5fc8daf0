// Saving drafts: a moment after the last keystroke, one request per row at a time, each naming the
// version it was based on. What is not yet on the server is kept in local storage, so neither a lost
// connection nor a closed tab loses a figure. No DOM in here.
import { type Draft, draftOf, type Finding, type Row } from "./types";

export type Saved =
  | { kind: "saved"; row: Row }
  | { kind: "conflict"; current: Row }
  | { kind: "invalid"; findings: Finding[] }
  | { kind: "offline" }
  | { kind: "refused"; message: string };

export interface Api {
  save(project: string, version: number, draft: Draft): Promise<Saved>;
  submit(project: string, version: number): Promise<Saved>;
}

export type State = "clean" | "waiting" | "saving" | "offline" | "conflict" | "refused";

export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

export interface Settings {
  api: Api;
  store: Store;
  /** The part of local storage keys that tells sheets and people apart. */
  prefix: string;
  delay: number;
  retry: number;
  later: (run: () => void, after: number) => unknown;
  cancel: (handle: unknown) => void;
  /** Called whenever a row or its state changed here. */
  changed: (project: string) => void;
}

interface Entry {
  row: Row;
  state: State;
  /** Grows with every edit: an answer to an older one must not overwrite a newer text. */
  edits: number;
  timer: unknown;
  theirs: Row | null;
  message: string;
}

export class Saver {
  private readonly entries = new Map<string, Entry>();

  constructor(private readonly settings: Settings) {}

  /** Takes a row from the server, and a draft that an earlier visit could not save. */
  adopt(row: Row): void {
    const entry: Entry = { row, state: "clean", edits: 0, timer: null, theirs: null, message: "" };
    this.entries.set(row.project_id, entry);
    const kept = this.kept(row.project_id);
    if (!kept) return;
    if (kept.version === row.version) {
      Object.assign(row, kept.draft);
      this.edited(row.project_id);
    } else {
      entry.theirs = { ...row };
      Object.assign(row, kept.draft);
      entry.state = "conflict";
    }
  }

  state(project: string): State {
    return this.entries.get(project)?.state ?? "clean";
  }

  message(project: string): string {
    return this.entries.get(project)?.message ?? "";
  }

  /** The row as somebody else saved it, while the choice is open. */
  theirs(project: string): Row | null {
    return this.entries.get(project)?.theirs ?? null;
  }

  /** Everything typed is on the server. */
  isSettled(): boolean {
    return [...this.entries.values()].every((entry) => entry.state === "clean");
  }

  /** To be called after the row's draft was changed in place. */
  edited(project: string): void {
    const entry = this.entries.get(project);
    if (!entry) return;
    entry.edits += 1;
    this.keep(entry);
    // A conflict waits for the person; saving goes on once they chose.
    if (entry.state === "conflict") return;
    if (entry.state !== "saving") entry.state = "waiting";
    this.schedule(entry, this.settings.delay);
    this.settings.changed(project);
  }

  /** Saves now what waits, for instance before submitting or when the page is left. */
  async flush(): Promise<void> {
    const waiting = [...this.entries.values()].filter((entry) => entry.state === "waiting" || entry.state === "offline");
    await Promise.all(waiting.map((entry) => this.save(entry)));
  }

  /** Ends a conflict: keep what I typed on top of theirs, or take theirs. */
  resolve(project: string, choice: "mine" | "theirs"): void {
    const entry = this.entries.get(project);
    if (!entry?.theirs) return;
    const mine = draftOf(entry.row);
    Object.assign(entry.row, entry.theirs);
    entry.theirs = null;
    entry.state = "clean";
    if (choice === "mine") {
      Object.assign(entry.row, mine);
      this.edited(project);
    } else {
      this.drop(project);
      this.settings.changed(project);
    }
  }

  /** Submits a saved row; its findings come back when they forbid it. */
  async submit(project: string): Promise<void> {
    const entry = this.entries.get(project);
    if (!entry || entry.state !== "clean") return;
    entry.state = "saving";
    this.settings.changed(project);
    const answer = await this.settings.api.submit(project, entry.row.version);
    // A submission is the person's own act: it is not retried behind their back.
    if (answer.kind === "offline") {
      entry.state = "clean";
      entry.message = "offline";
    } else {
      this.take(entry, answer, true);
      if (answer.kind === "invalid") entry.state = "clean";
    }
    this.settings.changed(project);
  }

  private schedule(entry: Entry, after: number): void {
    this.settings.cancel(entry.timer);
    entry.timer = this.settings.later(() => void this.save(entry), after);
  }

  private async save(entry: Entry): Promise<void> {
    this.settings.cancel(entry.timer);
    if (entry.state === "saving") {
      this.schedule(entry, this.settings.delay);
      return;
    }
    if (entry.state === "clean" || entry.state === "conflict") return;
    const { project_id: project, version } = entry.row;
    const edits = entry.edits;
    entry.state = "saving";
    this.settings.changed(project);
    const answer = await this.settings.api.save(project, version, draftOf(entry.row));
    this.take(entry, answer, entry.edits === edits);
    this.settings.changed(project);
  }

  /** `whole`: nothing was typed since the request left. */
  private take(entry: Entry, answer: Saved, whole: boolean): void {
    const project = entry.row.project_id;
    entry.message = "";
    switch (answer.kind) {
      case "saved": {
        const typed = draftOf(entry.row);
        Object.assign(entry.row, answer.row);
        if (whole) {
          entry.state = "clean";
          this.drop(project);
        } else {
          Object.assign(entry.row, typed);
          entry.state = "waiting";
          this.keep(entry);
          this.schedule(entry, this.settings.delay);
        }
        return;
      }
      case "conflict":
        entry.theirs = answer.current;
        entry.state = "conflict";
        return;
      case "invalid":
        entry.row.findings = answer.findings;
        entry.state = "refused";
        return;
      case "offline":
        entry.state = "offline";
        this.schedule(entry, this.settings.retry);
        return;
      case "refused":
        entry.state = "refused";
        entry.message = answer.message;
    }
  }

  private key(project: string): string {
    return `${this.settings.prefix}.${project}`;
  }

  private keep(entry: Entry): void {
    const text = JSON.stringify({ version: entry.theirs ? -1 : entry.row.version, draft: draftOf(entry.row) });
    try {
      this.settings.store.setItem(this.key(entry.row.project_id), text);
    } catch {
      // Full or forbidden: the draft still goes to the server, only a crash would lose it.
    }
  }

  private kept(project: string): { version: number; draft: Draft } | null {
    try {
      const text = this.settings.store.getItem(this.key(project));
      return text === null ? null : (JSON.parse(text) as { version: number; draft: Draft });
    } catch {
      return null;
    }
  }

  private drop(project: string): void {
    try {
      this.settings.store.removeItem(this.key(project));
    } catch {
      // Nothing kept, nothing to drop.
    }
  }
}
