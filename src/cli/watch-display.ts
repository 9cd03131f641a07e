/** What `watch` shows: on a terminal what happened, and below it one line of what is; elsewhere plain lines, or JSON. */
import type { Diagnostic } from "../messages/diagnostic.ts";
import type { Turn } from "../watch/turn.ts";
import { shorten } from "./build.ts";
import { printAnswers, printSingle } from "./processes.ts";
import { count, functionsOf, shortState } from "./result.ts";
import { JSON_SCHEMA, printDiagnostics, type Terminal } from "./terminal.ts";

export interface WatchDisplay {
  watching(sockets: readonly string[], modules: number): void;
  building(): void;
  turn(turn: Turn, since: number | undefined): void;
  ended(last: Turn | undefined, rolledBack: boolean): void;
}

export function displayOf(terminal: Terminal, json: boolean): WatchDisplay {
  return json ? jsonLines(terminal) : new Lines(terminal);
}

class Lines implements WatchDisplay {
  readonly #terminal: Terminal;
  /** What was said of the last turn that came to nothing: it is not said twice. */
  #before = "";
  /** Notices of the patch before: those that stay are counted, not repeated at every save. */
  #noticed: ReadonlySet<string> = new Set();
  #state = "";

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
  }

  watching(sockets: readonly string[], modules: number): void {
    this.#terminal.print(`Watching ${count(modules, "module")} for ${sockets.join(", ")}. Ctrl-C ends.`);
  }

  building(): void {
    this.#status("Building");
  }

  turn(turn: Turn, since: number | undefined): void {
    this.#terminal.overwrite?.("");
    const same = JSON.stringify(turn);
    if (same === this.#before) this.#terminal.print(this.#terminal.paint.dim(`As before: ${headlineOf(turn)}`));
    else this.#tell(turn, since);
    this.#before = turn.kind === "told" ? "" : same;
    if (turn.kind === "told" && turn.answers.outcome !== "refused") this.#state = shortState(turn.patch);
    this.#status(`Watching${this.#state === "" ? "" : `; at ${this.#state}`}`);
  }

  ended(last: Turn | undefined, rolledBack: boolean): void {
    this.#terminal.overwrite?.("");
    if (last?.kind === "production") return;
    if (rolledBack && last?.kind === "told" && last.operation === "rollback") this.#tell(last, undefined);
    else if (this.#state.startsWith("patch")) this.#terminal.print(`The processes stay at ${this.#state}; \`ts-hotfix rollback\` takes it back.`);
  }

  #status(text: string): void {
    this.#terminal.overwrite?.(text);
  }

  #tell(turn: Turn, since: number | undefined): void {
    const { paint, print, complain } = this.#terminal;
    if (turn.kind === "told") return this.#tellAnswers(turn, since);
    printDiagnostics(this.#terminal, diagnosticsOf(turn).map(shorten));
    if (turn.kind === "as built") print(headlineOf(turn));
    else complain((turn.kind === "away" ? paint.yellow : paint.red)(headlineOf(turn)));
  }

  #tellAnswers({ operation, answers, notices }: Extract<Turn, { kind: "told" }>, since: number | undefined): void {
    const { paint, print } = this.#terminal;
    const all = [...notices, ...answers.answers.flatMap(({ result }) => result?.notices ?? [])];
    const fresh = (each: Diagnostic): boolean => !this.#noticed.has(noticeKey(each));
    const told = { ...answers, answers: answers.answers.map((answer) => (answer.result === undefined ? answer : { ...answer, result: { ...answer.result, notices: answer.result.notices.filter(fresh) } })) };
    if (answers.outcome !== "unchanged") printDiagnostics(this.#terminal, notices.filter(fresh).map(shorten));
    const [only, another] = told.answers;
    if (only !== undefined && another === undefined) printSingle(this.#terminal, operation, only, false);
    else printAnswers(this.#terminal, operation, told, false);
    const repeated = all.filter((each) => !fresh(each)).length;
    if (repeated > 0) print(paint.dim(`  ${count(repeated, "notice")} as before`));
    if (answers.outcome === "done" && since !== undefined) print(paint.dim(`  ${Math.round(since)} ms after the save`));
    this.#noticed = new Set(all.map(noticeKey));
  }
}

/** Its place may move with every save. */
function noticeKey({ code, message }: Diagnostic): string {
  return `${code} ${message}`;
}

function diagnosticsOf(turn: Turn): readonly Diagnostic[] {
  switch (turn.kind) {
    case "failed":
      return turn.errors;
    case "refused":
      return [...turn.notices, ...turn.refusals];
    case "away":
    case "production":
      return turn.diagnostics;
    case "as built":
      return turn.kept;
    case "told":
    case "overtaken":
      return [];
  }
}

function headlineOf(turn: Turn): string {
  switch (turn.kind) {
    case "failed":
      return `${count(turn.errors.length, "error")}; nothing was applied.`;
    case "refused":
      return `${count(turn.refusals.length, "change")} cannot be patched; nothing was applied.`;
    case "away":
      return "Nobody answers; it goes on when somebody does.";
    case "production":
      return "Nothing was applied.";
    case "as built":
      return "The tree means the same as the build.";
    case "told":
    case "overtaken":
      return "";
  }
}

/** One object a line. */
function jsonLines(terminal: Terminal): WatchDisplay {
  const line = (event: string, fields: object): void => terminal.print(JSON.stringify({ schema: JSON_SCHEMA, command: "watch", event, at: new Date().toISOString(), ...fields }));
  return {
    watching: (sockets, modules) => line("watching", { sockets, modules }),
    building: () => {},
    turn: (turn, since) => line(...asJson(turn, since)),
    ended: (last, rolledBack) => {
      if (rolledBack && last?.kind === "told" && last.operation === "rollback") line(...asJson(last, undefined));
      line("ended", {});
    },
  };
}

function asJson(turn: Turn, since: number | undefined): [event: string, fields: object] {
  const ms = since === undefined ? {} : { ms: Math.round(since) };
  if (turn.kind !== "told") {
    const { kind, ...fields } = turn;
    return [kind === "as built" ? "as-built" : kind, { ...ms, ...fields }];
  }
  const { operation, answers, notices, patch } = turn;
  const functions = [...new Set(answers.answers.flatMap(({ result }) => (result === undefined ? [] : functionsOf(result))))];
  return [operation, { ...ms, outcome: answers.outcome, patch, functions, notices, results: answers.answers }];
}
