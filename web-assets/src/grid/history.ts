// Undo and redo of edits. One entry is what the person did in one go (a paste is one, not one per
// cell), and holds values before and after, so that neither direction has to be computed.

export interface CellEdit {
  project: string;
  field: string;
  before: string;
  after: string;
}

export class History {
  private done: CellEdit[][] = [];
  private undone: CellEdit[][] = [];

  constructor(private readonly limit = 200) {}

  /** Remembers what was just done; edits that changed nothing are left out. */
  push(edits: CellEdit[]): void {
    const real = edits.filter((edit) => edit.before !== edit.after);
    if (real.length === 0) return;
    this.done.push(real);
    this.undone = [];
    if (this.done.length > this.limit) this.done.shift();
  }

  /** What to set to take the last entry back, latest edit first. */
  undo(): CellEdit[] {
    const entry = this.done.pop();
    if (!entry) return [];
    this.undone.push(entry);
    return [...entry].reverse().map((edit) => ({ ...edit, before: edit.after, after: edit.before }));
  }

  /** What to set to do the entry taken back last again. */
  redo(): CellEdit[] {
    const entry = this.undone.pop();
    if (!entry) return [];
    this.done.push(entry);
    return entry;
  }

  /** Forgets a row: its stored state changed under it, so old values no longer apply. */
  forget(project: string): void {
    const without = (stack: CellEdit[][]) =>
      stack.map((entry) => entry.filter((edit) => edit.project !== project)).filter((entry) => entry.length > 0);
    this.done = without(this.done);
    this.undone = without(this.undone);
  }
}
