/**
 * Writes down what has been loaded: servers do not exit, so it is done soon after modules have come, and again when more do.
 * All threads and processes of a program write to one file, one at a time, and each leaves what the others know.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { VERSION } from "../transform/version.ts";
import { hash } from "./cache.ts";
import type { Entry } from "./entry.ts";
import { withLock } from "./lock.ts";
import type { MergedManifest } from "./merge.ts";
import { contentOf, requireLate } from "./modules.ts";
import type { RegisterSettings } from "./settings.ts";
import { holds } from "./stamp.ts";

/** After the last module that was loaded, in milliseconds. */
const QUIET = 50;

/** After the first, at most. */
const LONGEST = 1000;

/** Who makes JavaScript of TypeScript in this process. */
export type Erasure = "node" | "other";

export interface LoadedModule {
  readonly file: string;
  readonly text: string;
  readonly entry: Entry;
}

export class ManifestKeeper {
  readonly #settings: RegisterSettings;
  readonly #whenWritten: () => void;
  readonly #loaded = new Map<string, LoadedModule>();
  /** File → specifier → URL. */
  readonly #answers = new Map<string, Map<string, string>>();
  #erasure: Erasure = "node";
  #timer: NodeJS.Timeout | undefined;
  #since = 0;
  #hasWritten = false;

  /** @param whenWritten called when modules have been written down */
  constructor(settings: RegisterSettings, whenWritten: () => void) {
    this.#settings = settings;
    this.#whenWritten = whenWritten;
    process.on("exit", () => {
      if (this.#timer !== undefined) this.#write();
    });
  }

  /** Node.js found a specifier of a file at this URL. */
  resolved(file: string, specifier: string, url: string): void {
    const known = this.#answers.get(file) ?? new Map<string, string>();
    this.#answers.set(file, known.set(specifier, url));
  }

  add(file: string, text: string, entry: Entry, erasure: Erasure): void {
    this.#loaded.set(entry.key, { file, text, entry });
    if (erasure === "other") this.#erasure = "other";
    const now = Date.now();
    if (this.#timer === undefined) this.#since = now;
    else clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#write(), Math.max(0, Math.min(QUIET, this.#since + LONGEST - now))).unref();
  }

  #write(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    try {
      this.#merge();
      this.#whenWritten();
    } catch (error) {
      process.emitWarning(`HF0007: Cannot write \`${this.#settings.manifest}\`: ${error instanceof Error ? error.message : String(error)}.`);
    }
  }

  #merge(): void {
    const { manifest } = this.#settings;
    const circumstances = this.#circumstances();
    if (this.#isWritten(circumstances)) return;
    const { mergeManifest } = requireLate<{ readonly mergeManifest: MergedManifest }>("./merge");
    withLock(`${manifest}.lock`, () => mergeManifest(this.#settings, [...this.#loaded.values()], { erasure: this.#erasure, answers: this.#answers, isFirst: !this.#hasWritten, circumstances, stamp: this.#stamp() }));
    this.#hasWritten = true;
  }

  /** Whether the file has all that is known here, so that nothing has to be parsed. */
  #isWritten(circumstances: string): boolean {
    const stamp = this.#stamp();
    const { manifest } = this.#settings;
    if (stamp === undefined || !existsSync(manifest) || !holds(stamp, circumstances)) return false;
    const text = readFileSync(manifest, "utf8");
    return [...this.#loaded.values()].every(({ entry: { key, fingerprint, content } }) => text.includes(`${JSON.stringify(key)}:["${fingerprint}","${content}"`));
  }

  /** What the manifest says beside its modules, by what decides it. */
  #circumstances(): string {
    const { root, options, manifest } = this.#settings;
    const files = ["package.json", "tsconfig.json", "package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock"];
    return hash(JSON.stringify([VERSION, options, root, manifest, this.#erasure, files.map((name) => contentOf(join(root, name)))]));
  }

  #stamp(): string | undefined {
    const { cache, manifest } = this.#settings;
    return cache === undefined ? undefined : join(cache, `manifest-${hash(manifest)}`);
  }
}
