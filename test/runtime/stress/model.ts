/** What the runtime should be like: a state, a patch beside it, additions that count, and a history. No code of the runtime is used. */
import { decodePatch, encodePatch } from "../../../src/patch/file.ts";
import { guarded, patchOf, type PatchSketch } from "../world.ts";

export const MODULES = ["one", "two", "three"] as const;
export const FUNCTIONS = ["award", "double"] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

/** A patch of the family: which functions of which modules it has depends on its number. */
export interface FamilyPatch {
  readonly number: number;
  readonly id: string;
  readonly sequence: number;
  readonly file: Uint8Array;
  /** `one.award` */
  readonly replaces: ReadonlySet<string>;
}

const PATCHES = 7;

function functionsOf(number: number, module: string): readonly FunctionName[] {
  return FUNCTIONS.filter((name, index) => (number + MODULES.findIndex((each) => each === module) + index) % 3 !== 0);
}

/** @param counts whether the replacements of `award` count in an addition */
export function familyOf(counts: boolean): readonly FamilyPatch[] {
  return Array.from({ length: PATCHES }, (_, number) => {
    const sketches: Record<string, PatchSketch> = {};
    const replaces = new Set<string>();
    for (const module of MODULES) {
      const names = functionsOf(number, module);
      for (const name of names) replaces.add(`${module}.${name}`);
      const code = names.map((name) => guarded(name, "", counts && name === "award" ? `return '${module}.award ${number} ' + ++$s.hits;` : `return '${module}.${name} ${number}';`));
      const isCounting = counts && names.includes("award");
      if (names.length > 0) sketches[keyOf(module)] = { functions: names.join(" "), variables: isCounting ? "=hits@1" : "", code: `${code.join("\n")}${isCounting ? "\nconst init_hits = () => 0;" : ""}` };
    }
    // two patches of one sequence replace each other freely, an older one is refused
    const sequence = 1 + (number >> 1);
    const file = encodePatch(patchOf(sketches, sequence));
    const reading = decodePatch(file);
    if (!reading.ok) throw new Error(JSON.stringify(reading.diagnostics));
    return { number, id: reading.patch.id, sequence, file, replaces };
  });
}

export function keyOf(module: string): string {
  return `app:src/${module}.ts`;
}

interface Kept {
  readonly patch: FamilyPatch;
  /** What it replaced when it was applied. */
  readonly before: string;
}

export type Target = "base" | "previous" | FamilyPatch;

/** What an operation comes to. */
export type Expected = readonly [outcome: string, code?: string];

const HISTORY_LIMIT = 100;

export class Model {
  active: Kept | undefined;
  /** What was active before, if another. */
  other: Kept | undefined;
  readonly loaded = new Set<string>();
  threads = 0;
  /** Calls of counting replacements; the count outlives every patch. */
  readonly #hits = new Map<string, number>();
  readonly history: (readonly [operation: string, outcome: string])[] = [];

  get name(): string {
    return this.active?.patch.id ?? "base";
  }

  get atHand(): readonly string[] {
    return [this.active, this.other].flatMap((kept) => (kept === undefined ? [] : [kept.patch.id]));
  }

  get pending(): readonly string[] {
    const modules = new Set([...(this.active?.patch.replaces ?? [])].map((target) => target.split(".")[0] ?? ""));
    return [...modules].filter((module) => !this.loaded.has(module)).map(keyOf).toSorted();
  }

  /** @param fails whether something throws on the way */
  apply(patch: FamilyPatch, fails: boolean): Expected {
    const expected = this.#judgeApply(patch, fails);
    if (expected[0] === "applied") this.#go({ patch, before: this.name });
    return this.#remember("apply", expected);
  }

  rollback(target: Target, fails: boolean): Expected {
    const wanted = target === "previous" ? (this.active?.before ?? "base") : target === "base" ? "base" : target.id;
    const kept = [this.active, this.other].find((each) => each?.patch.id === wanted);
    if (wanted !== "base" && kept === undefined) return this.#remember("rollback", ["refused", "HF3005"]);
    if (wanted === this.name) return this.#remember("rollback", ["unchanged"]);
    if (fails) return this.#remember("rollback", ["failed"]);
    this.#go(wanted === "base" ? undefined : kept);
    return this.#remember("rollback", ["rolled-back"]);
  }

  /** What a prepared apply would come to, were it not for the second phase. */
  prepare(patch: FamilyPatch): Expected {
    const expected = this.#judgeApply(patch, false);
    return expected[0] === "applied" ? ["prepared"] : this.#remember("apply", expected);
  }

  /** Refused since another operation is under way. */
  busy(operation: string): Expected {
    return this.#remember(operation, ["refused", "HF3001"]);
  }

  /** What a call of the function gives; counts. */
  call(module: string, name: FunctionName, counts: boolean): string {
    const target = `${module}.${name}`;
    if (this.active === undefined || !this.active.patch.replaces.has(target)) return `${target} old`;
    if (!counts || name !== "award") return `${target} ${this.active.patch.number}`;
    const hits = (this.#hits.get(module) ?? 0) + 1;
    this.#hits.set(module, hits);
    return `${target} ${this.active.patch.number} ${hits}`;
  }

  #judgeApply(patch: FamilyPatch, fails: boolean): Expected {
    if (this.active?.patch.id === patch.id) return ["unchanged"];
    if (this.active !== undefined && patch.sequence < this.active.patch.sequence) return ["refused", "HF3003"];
    return fails ? ["failed"] : ["applied"];
  }

  #go(to: Kept | undefined): void {
    if (this.active !== undefined && this.active.patch.id !== to?.patch.id) this.other = this.active;
    else if (to !== undefined && this.other?.patch.id === to.patch.id) this.other = undefined;
    this.active = to;
  }

  #remember(operation: string, expected: Expected): Expected {
    this.history.push([operation, expected[0]]);
    if (this.history.length > HISTORY_LIMIT) this.history.shift();
    return expected;
  }
}
