/** `ts-hotfix inspect [--open] [--to SOCKET]` */
import { resolve } from "node:path";
import { Option, type Command } from "commander";
import { ControlClient } from "../control/client.ts";
import type { PageHost } from "../inspect/page-data.ts";
import { writePage } from "../inspect/page.ts";
import { surveyBuild, type Survey, type SurveyOptions } from "../inspect/survey.ts";
import { readManifest } from "../manifest/file.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { diagnostic, HotfixError, type Diagnostic } from "../messages/diagnostic.ts";
import { decodePatch, type Patch } from "../patch/file.ts";
import type { Status } from "../runtime/status.ts";
import { shorten } from "./build.ts";
import { jsonOption, socketsOf, timeoutOption, toOption, type HostOptions } from "./host-options.ts";
import { openInBrowser } from "./open-browser.ts";
import { openPatch } from "./patch-file.ts";
import { count } from "./result.ts";
import { concluding, printDiagnostics, printJson, type ExitCode, type Terminal } from "./terminal.ts";
import { writeOutput } from "./write-output.ts";

interface InspectFlags extends HostOptions {
  readonly base: string;
  readonly source: string;
  readonly patch?: string;
  readonly out?: string;
  readonly open?: boolean;
}

const OUT = "hotfix.inspect.html";

const EXAMPLES = `
Examples:
  $ ts-hotfix inspect --open                         # what a patch could change
  $ ts-hotfix inspect --to run/app.sock --open       # and what is patched there
  $ ts-hotfix inspect --patch fix-1.hotfix --source ../release

The page is one file that loads nothing. The sources are in it: mind whom you give it to.`;

export function addInspect(program: Command, terminal: Terminal): void {
  program
    .command("inspect")
    .description("Write an HTML page: a map of what can be patched, emitted code beside its source, the active patch.")
    .option("--base <manifest>", "manifest of the running build", "dist/hotfix.manifest.json")
    .option("--source <folder>", "the host's package as it was built", ".")
    .addOption(toOption())
    .option("--patch <file>", "a patch file to show; without it, the one that the process has in place")
    .addOption(new Option("--out <file>", `the page to write (default: ${OUT}; with --json: none)`))
    .option("--open", "open the page in the browser")
    .addOption(timeoutOption())
    .addOption(jsonOption())
    .addHelpText("after", EXAMPLES)
    .action((flags: InspectFlags) =>
      concluding(terminal, "inspect", flags.json === true, async () => {
        const survey = surveyBuild(await gather(flags));
        const out = flags.out ?? (flags.json === true && flags.open !== true ? undefined : OUT);
        if (out !== undefined) writeOutput(out, writePage(survey));
        const failure = flags.open === true && out !== undefined ? await openInBrowser(resolve(out)) : undefined;
        const notices = failure === undefined ? [] : [diagnostic("HF0050", "notice", { file: out ?? OUT, detail: failure })];
        return flags.json === true ? printResult(terminal, survey, out, notices) : printForPeople(terminal, survey, out, notices);
      }),
    );
}

async function gather(flags: InspectFlags): Promise<SurveyOptions> {
  const base = readManifest(flags.base);
  const given = flags.patch === undefined ? undefined : await openPatch(flags.patch);
  const asked = (flags.to ?? []).some((path) => path !== "") ? await askHost(flags) : undefined;
  const patch = given ?? asked?.patch;
  const isActive = patch === undefined || asked === undefined || asked.status.state === patch.id;
  return {
    base,
    source: flags.source,
    patch,
    ...(asked === undefined ? {} : { host: hostOf(asked.socket, asked.status), patched: patchedIn(asked.status) }),
    notices: [
      ...(asked === undefined ? [] : strangers(asked.status, base)),
      ...(patch === undefined || patch.payload.bases.some(({ build }) => build === base.build) ? [] : ["The patch is for another build than this manifest's."]),
      ...(isActive ? [] : ["The patch that is shown is not the one that the process has in place."]),
    ],
  };
}

interface AskedHost {
  readonly socket: string;
  readonly status: Status;
  readonly patch: Patch | undefined;
}

async function askHost(flags: InspectFlags): Promise<AskedHost> {
  const { sockets } = socketsOf(flags);
  const [only, another] = sockets;
  if (only === undefined || another !== undefined) throw new HotfixError(diagnostic("HF0006", "error", { detail: `inspect looks at one process, and --to names ${sockets.length}` }));
  const client = new ControlClient(only.path, { timeout: flags.timeout });
  const status = await client.status();
  return { socket: only.path, status, patch: status.state === "base" || flags.patch !== undefined ? undefined : await activePatch(client) };
}

/** Undefined from a host that is too old to tell. */
async function activePatch(client: ControlClient): Promise<Patch | undefined> {
  try {
    const { file } = await client.activePatch();
    const reading = file === null ? undefined : decodePatch(Buffer.from(file, "utf8"));
    if (reading?.ok === false) throw new HotfixError(...reading.diagnostics);
    return reading?.patch;
  } catch (error) {
    if (error instanceof HotfixError && error.code === "HF3013") return undefined;
    throw error;
  }
}

function hostOf(socket: string, { pid, node, nodeEnv, state, since, threads, pending, live, caveats, history }: Status): PageHost {
  return { socket, pid, node, nodeEnv: nodeEnv ?? null, state, since, threads: threads.length, pending, live, caveats, history };
}

function patchedIn({ modules }: Status): ReadonlySet<string> {
  return new Set(modules.flatMap(({ patched }) => patched));
}

/** A module of the host that the manifest does not have is of another build. */
function strangers({ modules }: Status, manifest: Manifest): readonly string[] {
  const unknown = modules.filter(({ key, brought }) => brought !== true && !manifest.modules.has(key));
  return unknown.length === 0 ? [] : [`The process has ${count(unknown.length, "module")} that this manifest does not have: it may be of another build.`];
}

/** Without the code: that is for the page. */
function printResult(terminal: Terminal, { modules, errors, ...rest }: Survey, file: string | undefined, notices: readonly Diagnostic[]): ExitCode {
  const shown = modules.map(({ code, ...module }) => ({ ...module, refusals: code?.refusals ?? [], live: code?.live ?? [] }));
  printJson(terminal, "inspect", { result: { ...rest, notices: [...rest.notices], modules: shown, errors, diagnostics: notices }, ...(file === undefined ? {} : { file }) });
  return errors.length > 0 ? 1 : 0;
}

function printForPeople(terminal: Terminal, { modules, errors, notices: told }: Survey, out: string | undefined, notices: readonly Diagnostic[]): ExitCode {
  const functions = modules.flatMap((module) => module.functions);
  const patched = functions.filter(({ state }) => state !== "patchable").length;
  const spots = modules.reduce((sum, module) => sum + module.spots.length, 0);
  printDiagnostics(terminal, [...errors.map(shorten), ...notices]);
  for (const each of told) terminal.complain(terminal.paint.yellow(each));
  terminal.print(`${count(modules.length, "module")}: ${count(functions.length, "function")}${patched === 0 ? "" : `, ${patched} patched`}; ${count(spots, "place")} where a change needs a restart.`);
  terminal.print(terminal.paint.green(`Wrote ${out ?? ""}.`));
  return errors.length > 0 ? 1 : 0;
}
