/** `ts-hotfix audit [PATH]` */
import { relative } from "node:path";
import { InvalidArgumentError, Option, type Command } from "commander";
import { auditTree, fixedIn, shareOf, type Audit, type FileAudit } from "../audit/audit.ts";
import { writePage } from "../audit/page.ts";
import { shorten } from "./build.ts";
import { jsonOption } from "./host-options.ts";
import { count } from "./result.ts";
import { concluding, printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";
import { writeOutput } from "./write-output.ts";

interface AuditFlags {
  readonly html?: string;
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly min?: number;
  readonly lift?: boolean;
  readonly json?: boolean;
}

const FILES_SHOWN = 30;
const SPOTS_SHOWN = 10;
const LIVE_SHOWN = 10;

export function addAudit(program: Command, terminal: Terminal): void {
  program
    .command("audit")
    .description("Tell how much of a source tree a patch could change, and what stands in the way.")
    .argument("[path]", "a project with a tsconfig.json, or a folder of sources", ".")
    .addOption(new Option("--include <glob>", "look at these files only; repeatable").argParser(append))
    .addOption(new Option("--exclude <glob>", "leave these files out, such as tests; repeatable").argParser(append))
    .option("--html <file>", "write the report as one HTML page too, with every source line")
    .addOption(new Option("--min <percent>", "exit with code 1 if less can be patched").argParser(percentage))
    .option("--lift", "as if the build lifted methods and functions in object literals")
    .addOption(jsonOption())
    .addHelpText("after", "\nExample:\n  $ ts-hotfix audit --exclude 'test/**' --html audit.html --min 80")
    .action((path: string, flags: AuditFlags) =>
      concluding(terminal, "audit", flags.json === true, async () => {
        const { include, exclude, lift } = flags;
        const audit = auditTree(path, { ...(include === undefined ? {} : { include }), ...(exclude === undefined ? {} : { exclude }), ...(lift === undefined ? {} : { lift }) });
        if (flags.html !== undefined) writeOutput(flags.html, writePage(audit));
        const isBelow = flags.min !== undefined && shareOf(audit.total) < flags.min;
        if (flags.json === true) printJson(terminal, "audit", { result: resultOf(audit), ...(flags.html === undefined ? {} : { file: flags.html }) });
        else printAudit(terminal, audit, flags);
        return (isBelow || audit.errors.length > 0 ? 1 : 0) satisfies ExitCode;
      }),
    );
}

/** Without sources and lines: those are for the page. */
function resultOf({ root, total, files, errors }: Audit): object {
  return {
    root,
    total: { ...total, share: shareOf(total) },
    files: files.map(({ file, statements, patchable, targets, spots, live }) => ({ file, statements, patchable, share: shareOf({ statements, patchable }), targets, spots, live })),
    errors,
  };
}

function printAudit(terminal: Terminal, audit: Audit, { html, min }: AuditFlags): void {
  const { print, complain, paint } = terminal;
  printDiagnostics(terminal, audit.errors.map(shorten));
  printFiles(terminal, audit);
  printSpots(terminal, audit);
  printLive(terminal, audit);
  const { total } = audit;
  const share = shareOf(total);
  print(paint.bold(`${share} % of ${count(total.statements, "statement")} in ${count(total.files, "file")} can be patched; ${count(total.targets, "function")}, ${count(total.live, "place")} where old code would live on.`));
  if (html !== undefined) print(`Wrote ${html}.`);
  if (min !== undefined && share < min) complain(paint.red(`That is less than ${min} %.`));
}

function printFiles({ print, paint }: Terminal, { files }: Audit): void {
  const shown = files.slice(0, FILES_SHOWN);
  const width = Math.max(4, ...shown.map((each) => each.file.length));
  print(paint.dim(`${"file".padEnd(width)}  statements  not patchable  patchable  live`));
  for (const each of shown) {
    const share = shareOf(each);
    const colour = share >= 80 ? paint.green : share >= 50 ? paint.yellow : paint.red;
    const live = each.live.length === 0 ? paint.dim("     -") : paint.yellow(String(each.live.length).padStart(6));
    print(`${each.file.padEnd(width)}  ${String(each.statements).padStart(10)}  ${String(fixedIn(each)).padStart(13)}  ${colour(`${share.toFixed(1)} %`.padStart(9))}${live}`);
  }
  if (files.length > FILES_SHOWN) print(paint.dim(`and ${count(files.length - FILES_SHOWN, "file")} more`));
  print("");
}

function printSpots({ print, paint }: Terminal, { root, files }: Audit): void {
  const spots = files.flatMap((file) => file.spots.map((spot) => ({ ...spot, file }))).toSorted((a, b) => b.statements - a.statements);
  if (spots.length === 0) return;
  print(paint.bold("Most statements that cannot be patched"));
  for (const { statements, refusal, file } of spots.slice(0, SPOTS_SHOWN)) {
    print(`  ${String(statements).padStart(4)}  ${paint.cyan(placeOf(refusal.place, file, root))} ${paint.bold(refusal.code)}: ${refusal.message}`);
    print(`        ${paint.dim(refusal.remedy)}`);
  }
  print("");
}

function printLive({ print, paint }: Terminal, { root, files }: Audit): void {
  const live = files.flatMap((file) => file.live.map((each) => ({ ...each, file })));
  if (live.length === 0) return;
  print(paint.bold("Where old code would live on"));
  for (const { file, place, code, message } of live.slice(0, LIVE_SHOWN)) print(`  ${paint.cyan(placeOf(place, file, root))} ${paint.bold(code)}: ${message}`);
  if (live.length > LIVE_SHOWN) print(paint.dim(`  and ${live.length - LIVE_SHOWN} more`));
  print(paint.dim("  The remedy is one line: let such a function only call a top-level function (docs/live-code.md)."));
  print("");
}

function placeOf(place: { readonly file: string; readonly line: number } | undefined, file: FileAudit, root: string): string {
  return place === undefined ? file.file : `${relative(root, place.file)}:${place.line}`;
}

function append(glob: string, before: readonly string[] = []): readonly string[] {
  return [...before, glob];
}

function percentage(text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !(value >= 0 && value <= 100)) throw new InvalidArgumentError("It must be a number from 0 to 100.");
  return value;
}
