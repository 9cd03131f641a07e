/** Through TypeScript with ts-patch: each source is replaced by the JavaScript that `tspc` makes of it, under its own name. */
import { execFile } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { getTsconfig } from "get-tsconfig";
import { strippedName } from "../src/transform/strip.ts";
import type { SuiteOptions } from "./options.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** What changes the meaning of code, taken over from the package's own settings. */
const KEPT = ["experimentalDecorators", "emitDecoratorMetadata", "useDefineForClassFields", "paths", "baseUrl", "jsxImportSource", "verbatimModuleSyntax"] as const;

export async function compileInPlace(folder: string, files: readonly string[], { init, lift }: Pick<SuiteOptions, "init" | "lift">): Promise<void> {
  const own: Readonly<Record<string, unknown>> = { ...getTsconfig(folder)?.config.compilerOptions };
  const out = join(folder, ".suite-out");
  const config = join(folder, "tsconfig.suite.json");
  const compilerOptions = {
    ...Object.fromEntries(KEPT.flatMap((name) => (own[name] === undefined ? [] : [[name, own[name]]]))),
    target: "esnext", module: "esnext", moduleResolution: "bundler", moduleDetection: "auto", ignoreDeprecations: "6.0",
    allowJs: true, jsx: "preserve", noCheck: true, skipLibCheck: true, types: [], noEmitOnError: false, strict: false,
    rootDir: folder, outDir: out, declaration: false, removeComments: false, resolveJsonModule: true,
    plugins: [{ transform: join(ROOT, "dist/transformer/index.js"), init, lift, include: files.map((file) => file.replaceAll(/[$()*+?[\\\]^{|}!]/g, "\\$&")) }],
  };
  writeFileSync(config, JSON.stringify({ compilerOptions, files }));
  const { stdout } = await promisify(execFile)(process.execPath, [join(ROOT, "node_modules/ts-patch/bin/tspc.js"), "-p", config], { cwd: ROOT, maxBuffer: 1 << 26 }).catch((error: { readonly stdout: string }) => error);
  for (const file of files) {
    const emitted = join(out, strippedName(file));
    if (!existsSync(emitted)) throw new Error(`tspc made nothing of ${file}\n${stdout.slice(0, 4000)}`);
    writeFileSync(join(folder, file), readFileSync(emitted));
  }
  rmSync(out, { recursive: true });
  rmSync(config);
}
