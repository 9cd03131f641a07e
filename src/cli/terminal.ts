/** What a command prints to, and how it ends. */
import { readFileSync } from "node:fs";
import picocolors from "picocolors";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { printable } from "../messages/printable.ts";
import { PLAIN, renderDiagnostics, type Paint } from "../messages/render.ts";

/** 0 done, 1 error, 2 refused, 3 nothing changed. */
export type ExitCode = 0 | 1 | 2 | 3;

export interface Terminal {
  readonly paint: Paint;
  print(text: string): void;
  complain(text: string): void;
  end(code: ExitCode): void;
  /** On a terminal: puts the text in place of what it put there last; nothing, if it is empty. */
  readonly overwrite?: (text: string) => void;
}

/** Version of what `--json` prints; see docs/cli.md. */
export const JSON_SCHEMA = 1;

export function processTerminal(): Terminal {
  for (const stream of [process.stdout, process.stderr]) stream.on("error", endQuietly);
  const coloured = process.stdout.isTTY === true && picocolors.isColorSupported;
  return {
    paint: coloured ? picocolors.createColors(true) : PLAIN,
    print: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    end: (code) => {
      process.exitCode = code;
    },
    ...(process.stderr.isTTY ? { overwrite } : {}),
  };
}

function overwrite(text: string): void {
  process.stderr.write(`\r\u001b[2K${printable(text).slice(0, Math.max(0, process.stderr.columns - 1))}`);
}

/** The reader of a pipe may have seen enough: `ts-hotfix status | head -1`. */
function endQuietly(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}

/** One object, always on standard output, whatever the outcome. */
export function printJson(terminal: Terminal, command: string | null, fields: Readonly<Record<string, unknown>>): void {
  terminal.print(JSON.stringify({ schema: JSON_SCHEMA, command, ...fields }, undefined, 2));
}

export function printDiagnostics(terminal: Terminal, diagnostics: readonly Diagnostic[]): void {
  if (diagnostics.length > 0) terminal.complain(renderDiagnostics(diagnostics, { paint: terminal.paint, readSource }));
}

/** Runs a command's action. What it throws becomes diagnostics and exit code 1. */
export async function concluding(terminal: Terminal, command: string, json: boolean, action: () => Promise<ExitCode>): Promise<void> {
  try {
    terminal.end(await action());
  } catch (error) {
    const diagnostics = error instanceof HotfixError ? error.diagnostics : [internal(error)];
    if (json) printJson(terminal, command, { diagnostics });
    else printDiagnostics(terminal, diagnostics);
    terminal.end(1);
  }
}

function internal(error: unknown): Diagnostic {
  return diagnostic("HF9001", "error", { detail: error instanceof Error ? (error.stack ?? error.message) : String(error) });
}

function readSource(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
