/** The manifest as a file: what it holds, who may read it, and what is said of one that is not whole. */
import { execFileSync } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test } from "vitest";
import { buildPatch } from "../../src/builder/build.ts";
import { readManifest, writeManifest } from "../../src/manifest/file.ts";
import type { Manifest } from "../../src/manifest/manifest.ts";
import { diagnostic, HotfixError } from "../../src/messages/diagnostic.ts";
import type { TransformOptions } from "../../src/transform/options.ts";
import { openProject } from "../../src/transform/project.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

let stage: Stage;
let file: string;

beforeEach(() => {
  stage = makeStage("manifest");
  file = stage.path("hotfix.manifest.json");
  writeFiles(stage.folder, {
    "package.json": '{ "name": "app", "type": "module" }',
    "src/a.ts": 'import { b } from "./b.js";\nexport let count = 0;\nexport function a(n: number) { count += n; return b(n); }\nconsole.log(await import(`./${a(1)}.js`));\n',
    "src/b.ts": "export const b = (n: number) => n;\n",
    "src/c.ts": "export const b = (n: number) => n;\n",
  });
});

afterEach(() => stage.remove());

function write(options: TransformOptions = {}): Manifest {
  return openProject("test", { ...options }, stage.folder).writeManifest(file, ["src/a.ts", "src/b.ts", "src/c.ts"].map((each) => stage.path(each)));
}

/** The code of the error that reading it throws. */
function codeOf(action: () => unknown): string {
  try {
    action();
    return "none";
  } catch (error) {
    return error instanceof HotfixError ? error.code : String(error);
  }
}

test("what was written is what is read; the file is its owner's, and JSON", () => {
  const written = write();
  const read = readManifest(file);
  expect([...read.modules].map(([key, { text, facts }]) => [key, text, facts])).toEqual([...written.modules].map(([key, { text, facts }]) => [key, text, facts]));
  expect({ ...read, modules: undefined }).toEqual({ ...written, modules: undefined });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, "utf8"))).toMatchObject({ schema: 2, build: written.build, package: "app" });
});

test("facts are what was emitted and where specifiers lead, computed ones as such", () => {
  write();
  const { facts } = readManifest(file).modules.get("app:src/a.ts") ?? {};
  expect(facts).toMatchObject({
    format: "esm", readAs: "module", scope: ["count", "a", "b"], mutable: ["count"], importMeta: "url", init: [],
    targets: [{ name: "a", slot: "$a", form: "declaration", kind: "sync", parameters: { handling: "stay", count: 1 } }],
    specifiers: [{ specifier: "./b.js", how: ["import"], answer: { is: "module", key: "app:src/b.ts" } }],
    computed: [{ line: 4, call: "import", pattern: "./*.js" }],
  });
});

test("a text that two modules have stands there once", () => {
  const { modules } = (write(), JSON.parse(readFileSync(file, "utf8")) as { index: { modules: Record<string, readonly unknown[]> } }).index;
  expect(modules["app:src/b.ts"]?.[3]).toEqual(modules["app:src/c.ts"]?.[3]);
});

test("HF2101: a byte that was changed is found when its part is read, or it means nothing", () => {
  const written = [...write().modules].map(([key, { text, facts }]) => [key, text, facts]);
  const whole = readFileSync(file, "utf8");
  const readAll = (): void => {
    const found = [...readManifest(file).modules].map(([key, { text, facts }]) => [key, text, facts]);
    // bits of the last letter of base64 that stand for nothing
    if (JSON.stringify(found) === JSON.stringify(written)) throw new HotfixError(diagnostic("HF2101", "error", { file, detail: "the same" }));
  };
  for (let at = 0; at < whole.length - 4; at += 7) {
    const flipped = String.fromCharCode(whole.charCodeAt(at) ^ 1);
    writeFileSync(file, whole.slice(0, at) + flipped + whole.slice(at + 1));
    // what names the build and its versions says so itself
    expect(["HF2101", "HF2104", "HF2105"], `offset ${at}, ${JSON.stringify(whole.slice(at - 10, at + 10))}`).toContain(codeOf(readAll));
  }
});

test("HF2104: a manifest of the first schema is refused with the way to go on", () => {
  writeFileSync(file, '{"schema":1,"build":"x","package":"app","modules":{}}\n');
  expect(() => readManifest(file)).toThrow(/HF2104.*schema 1/s);
  expect(codeOf(() => buildPatch({ base: file, source: stage.folder }))).toBe("HF2104");
});

test("HF2105: a host that would not understand the patch is refused", () => {
  const manifest = write();
  writeManifest(file, { ...manifest, versions: { form: 99, patch: 1 } });
  expect(() => readManifest(file)).toThrow(/HF2105.*form 99/s);
});

test('sources: "git" names the blobs of what is committed; the patch is built from the repository', () => {
  const git = (...args: readonly string[]): string => execFileSync("git", ["-c", "user.name=a", "-c", "user.email=a@b", ...args], { cwd: stage.folder, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  git("init", "-q");
  git("add", "src");
  git("commit", "-q", "-m", "base");
  writeFiles(stage.folder, { "src/c.ts": "export const b = (n: number) => n + 0;\n" });
  const { modules } = (write({ sources: "git" }), readManifest(file));
  expect(modules.get("app:src/b.ts")).toMatchObject({ text: undefined, blob: git("rev-parse", "HEAD:src/b.ts").trim() });
  // not as it was committed
  expect(modules.get("app:src/c.ts")).toMatchObject({ text: "export const b = (n: number) => n + 0;\n", blob: undefined });
  writeFiles(stage.folder, { "src/b.ts": "export const b = (n: number) => n + 1;\n" });
  const result = buildPatch({ base: file, source: stage.folder });
  expect(result.outcome === "built" && result.replaced).toEqual(["src/b.ts#b"]);
  const { modules: known, ...head } = readManifest(file);
  writeManifest(file, { ...head, modules: new Map([...known].map(([key, module]) => [key, { ...module, fingerprint: module.fingerprint, content: module.content, facts: module.facts, named: module.named, text: module.text, blob: module.blob && "0".repeat(40) }])) });
  expect(codeOf(() => buildPatch({ base: file, source: stage.folder }))).toBe("HF2106");
});
