/** The temporary packages of a run: each build of the program, its patches, and untransformed builds of patched sources. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { buildPatch } from "../../src/builder/build.ts";
import { SALTS, type Build, type Scope } from "./cases.ts";
import { emitProgram } from "./emit.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const SOURCE = readFileSync(new URL("program.ts", import.meta.url), "utf8");
const PEER = 'import { fibLoop } from "./program.js";\nexport const peer = (): unknown => fibLoop;\n';

export class Stage {
  readonly #folder = realpathSync(mkdtempSync(join(tmpdir(), "ts-hotfix-bench-")));
  readonly #made = new Map<string, Promise<string> | string>();

  /** Entry of the transformed program. */
  async transformed(build: Build): Promise<string> {
    return await this.#once(`${build.name}/transformed`, async () => {
      const folder = this.#package(build, "all", 0);
      return await emitProgram({ build, folder, output: join(folder, "out"), manifest: join(folder, "hotfix.manifest.json") });
    });
  }

  /** Entry of the untransformed program with the bodies of a patch; 0 has the program's own. */
  async untransformed(build: Build, scope: Scope, patch: number): Promise<string> {
    return await this.#once(`${build.name}/untransformed/${scope}/${patch}`, async () => {
      const folder = this.#package(build, scope, patch);
      return await emitProgram({ build, folder, output: join(folder, "out-untransformed"), manifest: undefined });
    });
  }

  /**
   * Entry of what babel-plugin-rewire makes of the untransformed program: the nearest thing for calls that can be
   * replaced.
   *
   * @param peers `node_modules` folder with Babel
   */
  async rewired(build: Build, peers: string): Promise<string> {
    const plain = await this.untransformed(build, "all", 0);
    return await this.#once(`${build.name}/rewired`, async () => {
      const requirePeer = createRequire(join(peers, "peers.js"));
      const babel = requirePeer("@babel/core") as { transformSync(text: string, options: object): { readonly code: string } };
      const { code } = babel.transformSync(readFileSync(plain, "utf8"), { babelrc: false, configFile: false, filename: plain, plugins: [requirePeer.resolve("babel-plugin-rewire")] });
      const folder = join(dirname(plain), "..", "out-rewired");
      mkdirSync(folder);
      writeFileSync(join(folder, basename(plain)), code);
      return join(folder, basename(plain));
    });
  }

  /** File of a patch, built from the changed source. */
  async patch(build: Build, scope: Scope, patch: number): Promise<string> {
    await this.transformed(build);
    return await this.#once(`${build.name}/patch/${scope}/${patch}`, async () => {
      const source = this.#package(build, scope, patch);
      const result = buildPatch({ base: join(this.#folderOf(build, "all", 0), "hotfix.manifest.json"), source, sequence: patch });
      if (result.outcome !== "built") throw new Error(`patch ${patch} of ${build.name}: ${JSON.stringify(result, undefined, 1)}`);
      const file = join(source, "fix.hotfix");
      writeFileSync(file, result.bytes);
      return file;
    });
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #once(name: string, make: () => Promise<string>): Promise<string> {
    const made = this.#made.get(name) ?? make();
    this.#made.set(name, made);
    return await made;
  }

  #folderOf(build: Build, scope: Scope, patch: number): string {
    return join(this.#folder, build.name.replaceAll(" ", "-"), `${scope}-${patch}`);
  }

  /** Writes the source of a patch with everything a package needs. */
  #package(build: Build, scope: Scope, patch: number): string {
    const folder = this.#folderOf(build, scope, patch);
    mkdirSync(join(folder, "src"), { recursive: true });
    mkdirSync(join(folder, "node_modules"), { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "bench-call", type: build.format === "cjs" ? "commonjs" : "module" }));
    const source = SALTS[scope].reduce((text, salt) => text.replaceAll(String(salt), String(salt + patch)), SOURCE);
    writeFileSync(join(folder, "src", "program.ts"), build.cycle ? `import "./peer.js";\n${source}` : source);
    if (build.cycle) writeFileSync(join(folder, "src", "peer.ts"), PEER);
    link(ROOT, join(folder, "node_modules", "ts-hotfix"));
    return folder;
  }
}

function link(target: string, path: string): void {
  try {
    symlinkSync(target, path, "dir");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
