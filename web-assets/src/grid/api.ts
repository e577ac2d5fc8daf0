// The grid's requests. Every answer becomes one of `Saved`, so that callers never see HTTP.
import type { Api, Saved } from "./saver";
import type { Draft, Finding, Row, Sheet } from "./types";

interface Problem {
  title?: string;
  detail?: string;
  current?: Row;
  findings?: Finding[];
}

export async function loadSheet(url: string): Promise<Sheet> {
  const answer = await fetch(url, { headers: { accept: "application/json" }, credentials: "same-origin" });
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return (await answer.json()) as Sheet;
}

export function apiFor(period: string, csrf: string): Api {
  const address = (project: string) =>
    `/api/v1/projects/${encodeURIComponent(project)}/returns/${encodeURIComponent(period)}`;
  const send = async (method: string, url: string, body: unknown): Promise<Saved> => {
    let answer: Response;
    try {
      answer = await fetch(url, {
        method,
        credentials: "same-origin",
        headers: { "content-type": "application/json", accept: "application/json", "x-csrf-token": csrf },
        body: JSON.stringify(body),
      });
    } catch {
      return { kind: "offline" };
    }
    return read(answer);
  };
  return {
    save: (project: string, version: number, draft: Draft) => send("PUT", address(project), { version, ...draft }),
    submit: (project: string, version: number) => send("POST", `${address(project)}/submit`, { version }),
  };
}

async function read(answer: Response): Promise<Saved> {
  // The server is restarting or overloaded: as good as offline, to be tried again.
  if (answer.status === 502 || answer.status === 503 || answer.status === 504) return { kind: "offline" };
  const body = (await answer.json().catch(() => ({}))) as Row & Problem;
  if (answer.ok) return { kind: "saved", row: body };
  if (answer.status === 409 && body.current) return { kind: "conflict", current: body.current };
  if (answer.status === 422 && body.findings) return { kind: "invalid", findings: body.findings };
  return { kind: "refused", message: body.detail ?? body.title ?? `HTTP ${answer.status}` };
}
