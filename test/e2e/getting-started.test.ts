/** `docs/getting-started.md`, as a new user would follow it: for each build tool an empty folder, the packed package, the page's own files and commands. */
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ROOT } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

const run = promisify(execFile);

interface Step {
  /** File name, or undefined for commands. */
  readonly file: string | undefined;
  readonly text: string;
}

const PAGE = readFileSync(join(ROOT, "docs", "getting-started.md"), "utf8");

/** By heading. Fences name their file: ```ts src/shop.ts */
const SECTIONS: ReadonlyMap<string, readonly Step[]> = new Map(
  PAGE.split(/^##+ /m).slice(1).map((section) => {
    const steps = [...section.matchAll(/^```(\w+)(?: (\S+))?[^\n]*\n([^]*?)^```$/gm)].map(([, language, file, text = ""]) => ({ file: language === "sh" ? undefined : file, text }));
    return [section.slice(0, section.indexOf("\n")), steps];
  }),
);

const BUILT = "dist/hotfix.manifest.json";
const LOADED = "hotfix.manifest.json";

/** With the fixture whose packages are taken before ours. */
const TOOLS: readonly (readonly [tool: string, manifest: string, other: string | undefined])[] = [
  ...["Vite", "webpack", "Rspack", "esbuild", "Rolldown", "Rollup", "TypeScript 6 and 5.9"].map((tool) => [tool, BUILT, undefined] as const),
  ["Node.js without a build", LOADED, undefined],
  ["tsx", LOADED, undefined],
  ["TypeScript 7", LOADED, "typescript-7"],
];

let packed: string;

beforeAll(async () => {
  packed = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-started-")));
  await run("npm", ["pack", "--silent", "--ignore-scripts", "--pack-destination", packed], { cwd: ROOT, env: { ...process.env, PATH: [join(ROOT, "node_modules", ".bin"), process.env["PATH"]].join(delimiter) } });
  await install();
});
afterAll(() => rmSync(packed, { recursive: true, force: true }));

test("every section with commands is followed", () => {
  const followed = new Set([...TOOLS.map(([tool]) => tool), "The fix"]);
  expect([...SECTIONS].filter(([name, steps]) => steps.some(({ file }) => file === undefined) && !followed.has(name))).toEqual([]);
});

describe.concurrent("from an empty folder to a fixed server", () => {
  test.each(TOOLS)("%s", async (tool, manifest, other) => {
    const folder = join(packed, tool.replaceAll(/\W+/g, "-"));
    if (other !== undefined) linkAll(join(ROOT, "fixtures", other, "node_modules"), folder);
    const commands: string[] = [];
    for (const step of [...stepsOf("The server"), ...stepsOf(tool)]) {
      if (step.file !== undefined) writeFiles(folder, { [step.file]: step.text });
      else commands.push(...step.text.trim().split("\n"));
    }
    const start = commands.pop()?.replace(/ &$/, "") ?? "";
    for (const command of commands) await follow(folder, command);
    const [executable = "", ...argv] = start.split(" ");
    const server = spawn(executable, argv, { cwd: folder, env: environment(folder, { PORT: "0" }), stdio: ["ignore", "pipe", "inherit"] });
    try {
      const [origin] = (await once(createInterface({ input: server.stdout }), "line")) as [string];
      const buy = async (quantity: number): Promise<unknown> => await (await fetch(`${origin}/?quantity=${quantity}`)).json();
      expect(await buy(-10)).toEqual({ gold: 1050 });
      while (!existsSync(join(folder, manifest))) await sleep(20);
      const [change, fix, rollback] = stepsOf("The fix");
      writeFiles(folder, { [change?.file ?? ""]: change?.text ?? "" });
      for (const command of fix?.text.trim().split("\n") ?? []) await follow(folder, command.replace(BUILT, manifest));
      expect([await buy(-10), await buy(10)]).toEqual([{ gold: 1050 }, { gold: 1000 }]);
      if (tool !== "esbuild") return; // the same for all
      await follow(folder, rollback?.text.trim() ?? "");
      expect(await buy(-10)).toEqual({ gold: 1050 });
    } finally {
      server.kill();
    }
  }, 120_000);
});

function stepsOf(name: string): readonly Step[] {
  const steps = SECTIONS.get(name);
  if (steps === undefined || steps.length === 0) throw new Error(`the page has no section ${name}`);
  return steps;
}

/** The package as it is packed; all others are linked from here, and not downloaded. Once, above the folders of all tools. */
async function install(): Promise<void> {
  const own = join(packed, "node_modules", "ts-hotfix");
  mkdirSync(own, { recursive: true });
  mkdirSync(join(packed, "node_modules", ".bin"));
  const tarball = readdirSync(packed).find((file) => file.endsWith(".tgz")) ?? "";
  await run("tar", ["xzf", join(packed, tarball), "--strip-components=1", "-C", own]);
  symlinkSync(join("..", "ts-hotfix", "bin", "ts-hotfix.js"), join(packed, "node_modules", ".bin", "ts-hotfix"));
  linkAll(join(ROOT, "node_modules"), packed);
}

function linkAll(from: string, folder: string): void {
  const to = join(folder, "node_modules");
  mkdirSync(join(to, ".bin"), { recursive: true });
  for (const name of [...readdirSync(from), ...readdirSync(join(from, ".bin")).map((each) => join(".bin", each))]) {
    if (!name.endsWith(".bin") && !existsSync(join(to, name))) symlinkSync(join(from, name), join(to, name));
  }
}

async function follow(folder: string, command: string): Promise<void> {
  const [word = "", ...words] = command.split(" ");
  if (word === "npm") {
    // what it names is there, or the page names what nobody needs
    for (const name of words.slice(1)) expect(existsSync(join(packed, "node_modules", name.replace(/(?<=.)@.*/, ""))), name).toBe(true);
    return;
  }
  const [executable = "", ...argv] = word === "npx" ? words : [word, ...words];
  try {
    await run(executable, argv, { cwd: folder, env: environment(folder) });
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${command}\n${stdout}${stderr}`, { cause: error });
  }
}

function environment(folder: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  return { ...process.env, ...more, PATH: [join(folder, "node_modules", ".bin"), join(packed, "node_modules", ".bin"), process.env["PATH"]].join(delimiter), NODE_COMPILE_CACHE: join(packed, "v8") };
}
