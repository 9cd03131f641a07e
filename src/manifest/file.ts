/** The manifest as a file. Writing is atomic; reading checks the layout. */
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { digest } from "../syntax/normalise.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { MANIFEST_SCHEMA, type BuildEnvironment, type Manifest, type ModuleRecord } from "./manifest.ts";

export interface ManifestParts {
  readonly package: string;
  readonly packages: Readonly<Record<string, string>>;
  readonly environment: BuildEnvironment;
  readonly outside: ReadonlyMap<string, string>;
  readonly entries: readonly string[];
  readonly contents: ReadonlyMap<string, string>;
  readonly modules: ReadonlyMap<string, ModuleRecord>;
}

/** Puts a manifest together, modules and packages sorted, with its build id. */
export function makeManifest(parts: ManifestParts): Manifest {
  const modules = sorted(parts.modules);
  const packages = sorted(Object.entries(parts.packages));
  const fingerprints = Object.entries(modules).map(([key, record]) => [key, record.fingerprint]);
  const outside = sorted(parts.outside);
  const build = digest(JSON.stringify([parts.package, parts.environment, outside, fingerprints]));
  return { schema: MANIFEST_SCHEMA, build, package: parts.package, packages, environment: parts.environment, outside, entries: parts.entries.toSorted(), contents: sorted(parts.contents), modules };
}

function sorted<T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  return Object.fromEntries([...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** One module a line: diffs of manifests stay readable. */
export function printManifest(manifest: Manifest): string {
  const { modules, ...head } = manifest;
  const lines = Object.entries(modules).map(([key, record]) => `${JSON.stringify(key)}:${JSON.stringify(record)}`);
  return `${JSON.stringify(head).slice(0, -1)},"modules":{\n${lines.join(",\n")}\n}}\n`;
}

export function writeManifest(file: string, manifest: Manifest): void {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(temporary, printManifest(manifest));
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Reads a manifest. Throws HF2101 for a file that is none or of another schema. */
export function readManifest(file: string): Manifest {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new HotfixError(diagnostic("HF2101", "error", { file, detail: (error as Error).message }));
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new HotfixError(diagnostic("HF2101", "error", { file, detail: (error as Error).message }));
  }
  const problem = findProblem(value);
  if (problem) throw new HotfixError(diagnostic("HF2101", "error", { file, detail: problem }));
  return value as Manifest;
}

function findProblem(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return "it is not a JSON object";
  const { schema, build, package: name, modules, packages, environment, outside, entries, contents } = value as Partial<Record<keyof Manifest, unknown>>;
  if (schema !== MANIFEST_SCHEMA) return `its schema is ${JSON.stringify(schema)}, this version reads ${MANIFEST_SCHEMA}`;
  if (typeof build !== "string" || typeof name !== "string") return "`build` and `package` must be strings";
  if (!isRecord(modules) || !isRecord(packages) || !isRecord(environment) || !isRecord(outside) || !isRecord(contents)) {
    return "`modules`, `packages`, `environment`, `outside` and `contents` must be objects";
  }
  if (!Array.isArray(entries)) return "`entries` must be a list";
  if (!isRecord(environment["coverage"])) return "`environment.coverage` must be an object";
  for (const [key, record] of Object.entries(modules)) {
    if (!isRecord(record) || typeof record.fingerprint !== "string") return `the record of ${key} is malformed`;
    for (const list of ["targets", "bindings", "imports", "loads", "order", "dynamic", "exports", "statementVars", "init", "frozen", "held"]) {
      if (!Array.isArray(record[list])) return `the record of ${key} has no list \`${list}\``;
    }
    const { fingerprint, ...body } = record;
    if (fingerprintOf(body as Omit<ModuleRecord, "fingerprint">) !== fingerprint) return `the record of ${key} was changed after it was written`;
  }
  return undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
