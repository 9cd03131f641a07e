/** A generated project: as many modules and lines as asked for, of the kinds of code that servers have. Deterministic. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { openProject } from "../../src/transform/project.ts";

export interface TreeSize {
  readonly modules: number;
  readonly lines: number;
}

/** Lines of the one part that a module is made of several times. */
const PART_LINES = partText(1, 1, true).split("\n").length - 1;
/** Lines of what stands above the parts, imports aside. */
const HEAD_LINES = 6;
const FOLDER = 25;

export class GeneratedTree {
  readonly folder: string;
  readonly lines: number;
  readonly files: readonly string[];
  readonly #parts: number;

  /** @param parent folder that its own folder is made in */
  constructor({ modules, lines }: TreeSize, parent: string) {
    this.folder = mkdtempSync(join(parent, "tree-"));
    this.#parts = Math.max(1, Math.ceil((lines / modules - HEAD_LINES) / PART_LINES));
    writeFileSync(join(this.folder, "package.json"), '{ "name": "bench", "type": "module" }\n');
    writeFileSync(join(this.folder, "tsconfig.json"), '{ "compilerOptions": { "module": "nodenext", "target": "es2022", "strict": true }, "include": ["src"] }\n');
    const files: string[] = [];
    let written = 0;
    for (let index = 0; index < modules; index++) {
      const file = join(this.folder, pathOf(index));
      mkdirSync(dirname(file), { recursive: true });
      const text = this.#module(index);
      writeFileSync(file, text);
      files.push(file);
      written += text.split("\n").length - 1;
    }
    this.files = files;
    this.lines = written;
  }

  get manifest(): string {
    return join(this.folder, "dist", "hotfix.manifest.json");
  }

  /** What a build of the tree writes down. */
  writeManifest(): void {
    openProject("bench", {}, this.folder).writeManifest(this.manifest, this.files);
  }

  /** One line of one function, another one each time. */
  fix(round: number): string {
    const index = Math.floor(this.files.length / 2);
    const file = this.files[index] ?? "";
    writeFileSync(file, this.#module(index).replace("total += amount;", `total += amount + ${round + 1};`));
    return `${pathOf(index)}#grant0`;
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #module(index: number): string {
    const others = [1, 7, 31].map((step) => index - step).filter((other) => other >= 0);
    const imports = others.map((other, place) => `import { grant0 as grantOf${place}, LIMIT as LIMIT${place} } from "${specifier(index, other)}";\n`).join("");
    const limits = others.map((_, place) => ` + LIMIT${place}`).join("");
    return `${imports}export const LIMIT = ${index + 100};
const ledger = new Map<string, number>();
let requests = 0;
/** What module ${index} knows of its players. */
export interface Account${index} { readonly id: string; gold: number; readonly items: string[] }
export function limits(): number { return LIMIT${limits}; }
${Array.from({ length: this.#parts }, (_, part) => partText(index, part, others.length > 0)).join("")}`;
  }
}

function partText(index: number, part: number, hasOthers: boolean): string {
  return `
export function grant${part}(account: Account${index}, amount: number): number {
  requests++;
  if (amount > LIMIT || !Number.isFinite(amount)) throw new RangeError(\`\${amount} is more than \${LIMIT}\`);
  let total = ledger.get(account.id) ?? 0;
  total += amount;
  ledger.set(account.id, total);
  account.gold = total;
  return ${hasOthers ? "Math.min(total, limits() + grantOf0.length)" : "total"};
}

const rank${part} = (account: Account${index}): string => {
  const worth = account.items.map((item) => item.length * ${part + 2}).reduce((sum, each) => sum + each, account.gold);
  return worth > LIMIT ? "rich" : requests > 10 ? "busy" : "poor";
};

export class Shop${part} {
  readonly #stock = new Map<string, number>();
  sell(account: Account${index}, item: string): boolean {
    this.#stock.set(item, (this.#stock.get(item) ?? 0) - 1);
    return grant${part}(account, item.length) > 0 && rank${part}(account) !== "poor";
  }
}
`;
}

function pathOf(index: number): string {
  return `src/area${Math.floor(index / FOLDER)}/module${index}.ts`;
}

function specifier(from: number, to: number): string {
  return `../area${Math.floor(to / FOLDER)}/module${to}.js`.replace(Math.floor(from / FOLDER) === Math.floor(to / FOLDER) ? /^\.\.\/area\d+/ : /^$/, ".");
}
