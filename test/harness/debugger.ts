/** A debugger for a child process, over its inspector: breakpoints by source positions, as editors set them. */
import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { allGeneratedPositionsFor, originalPositionFor, TraceMap } from "@jridgewell/trace-mapping";

interface Script {
  readonly scriptId: string;
  readonly url: string;
  readonly sourceMapURL: string;
}

interface Location {
  readonly scriptId: string;
  readonly lineNumber: number;
  readonly columnNumber: number;
}

type Message = { readonly id?: number; readonly method?: string; readonly params?: unknown; readonly result?: unknown; readonly error?: { readonly message: string } };

export class Debugger {
  readonly #socket: WebSocket;
  readonly #scripts = new Map<string, Script>();
  readonly #asked = new Map<number, { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }>();
  #count = 0;
  /** Where the program stopped, by source position; it goes on at once. */
  readonly hits: string[] = [];

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener("message", ({ data }) => this.#hear(JSON.parse(String(data)) as Message));
  }

  /** Of a child that was started with `--inspect` and has a pipe for what it says of it. */
  static async attach(child: ChildProcess): Promise<Debugger> {
    const ready = new Promise<void>((resolve) => void child.once("message", () => resolve()));
    const url = await new Promise<string>((resolve) => {
      let said = "";
      child.stderr?.on("data", (chunk: Buffer) => {
        said += String(chunk);
        const found = /ws:\/\/\S+/.exec(said);
        if (found) resolve(found[0]);
      });
    });
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener("open", resolve);
      socket.addEventListener("error", reject);
    });
    const own = new Debugger(socket);
    await ready;
    await own.#ask("Debugger.enable");
    return own;
  }

  close(): void {
    this.#socket.close();
  }

  /** Gives the place that hits of it are told with. Waits for a script whose map leads there; the protocol tells of them late. */
  async breakAt(isMeant: (script: Script) => boolean, source: string, line: number): Promise<string> {
    for (const end = Date.now() + 30_000; Date.now() < end; await setTimeout(20)) {
      const location = [...this.#scripts.values()].filter(isMeant).flatMap((script) => generatedStart(script, source, line) ?? [])[0];
      if (location === undefined) continue;
      const { actualLocation } = (await this.#ask("Debugger.setBreakpoint", { location })) as { readonly actualLocation: Location };
      return this.#placeOf(actualLocation);
    }
    throw new Error(`no script has ${source}:${line}: ${[...this.#scripts.values()].filter(isMeant).map(({ url, sourceMapURL }) => `${url} ${sourceMapURL.slice(0, 60)}`).join(", ")}`);
  }

  #placeOf({ scriptId, lineNumber, columnNumber }: Location): string {
    const script = this.#scripts.get(scriptId);
    const map = script && mapOf(script);
    const found = map && originalPositionFor(map, { line: lineNumber + 1, column: columnNumber });
    return `${script?.url.split(":")[0] ?? "?"} ${String(found?.source?.replace(/^.*src\//, "src/"))}:${String(found?.line)}`;
  }

  #ask(method: string, params: object = {}): Promise<unknown> {
    const id = ++this.#count;
    const answer = new Promise((resolve, reject) => this.#asked.set(id, { resolve, reject }));
    this.#socket.send(JSON.stringify({ id, method, params }));
    return answer;
  }

  #hear({ id, method, params, result, error }: Message): void {
    if (id !== undefined) {
      const asked = this.#asked.get(id);
      this.#asked.delete(id);
      if (error) asked?.reject(new Error(error.message));
      else asked?.resolve(result);
    } else if (method === "Debugger.scriptParsed") {
      const script = params as Script;
      this.#scripts.set(script.scriptId, script);
    } else if (method === "Debugger.paused") {
      const { callFrames } = params as { readonly callFrames: readonly { readonly location: Location }[] };
      if (callFrames[0]) this.hits.push(this.#placeOf(callFrames[0].location));
      void this.#ask("Debugger.resume");
    }
  }
}

/** Where the code of a source's line begins. */
function generatedStart(script: Script, source: string, line: number): Location | undefined {
  const map = mapOf(script);
  const name = map?.sources.find((each) => each?.endsWith(source));
  if (map === undefined || name == null) return undefined;
  const [first] = Array.from({ length: 200 }, (_, column) => column).flatMap((column) => allGeneratedPositionsFor(map, { source: name, line, column }));
  return first === undefined || first.line === null ? undefined : { scriptId: script.scriptId, lineNumber: first.line - 1, columnNumber: first.column };
}

function mapOf({ url, sourceMapURL }: Script): TraceMap | undefined {
  const data = /^data:application\/json;(?:charset=[\w-]+;)?base64,(.*)$/.exec(sourceMapURL)?.[1];
  if (data !== undefined) return new TraceMap(Buffer.from(data, "base64").toString("utf8"));
  return sourceMapURL === "" || !url.startsWith("file:") ? undefined : new TraceMap(readFileSync(fileURLToPath(new URL(sourceMapURL, url)), "utf8"));
}
