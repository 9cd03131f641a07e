/** Source text → syntax tree, for every language the project takes. */
import type { Comment, Node, Program } from "oxc-parser";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { placeAt } from "./place.ts";
import { parseTree } from "./parser.ts";
import { analyzeScopes, type Reference } from "./scopes.ts";
import { isTypeOnly, unwrap, walk } from "./walk.ts";

export type SourceType = "module" | "commonjs";

/** What the file's name says about it. */
export interface Language {
  /** Types are allowed. */
  readonly typed: boolean;
  readonly jsx: boolean;
  /** Fixed by the ending (`.mts`, `.cjs`), otherwise found in the text. */
  readonly sourceType: SourceType | undefined;
}

export interface Parsed {
  readonly file: string;
  readonly text: string;
  readonly language: Language;
  readonly sourceType: SourceType;
  readonly program: Program;
  readonly comments: readonly Comment[];
}

const LANGUAGES: Readonly<Record<string, Language>> = {
  ".ts": { typed: true, jsx: false, sourceType: undefined },
  ".tsx": { typed: true, jsx: true, sourceType: undefined },
  ".mts": { typed: true, jsx: false, sourceType: "module" },
  ".cts": { typed: true, jsx: false, sourceType: undefined },
  ".js": { typed: false, jsx: true, sourceType: undefined },
  ".jsx": { typed: false, jsx: true, sourceType: undefined },
  ".mjs": { typed: false, jsx: true, sourceType: "module" },
  ".cjs": { typed: false, jsx: true, sourceType: "commonjs" },
};

/** The language of a file by its ending; undefined for one this project does not read (also `.d.ts`). */
export function languageOf(file: string): Language | undefined {
  if (/\.d\.[cm]?ts$/.test(file)) return undefined;
  const ending = /\.[cm]?[jt]sx?$/.exec(file)?.[0];
  return ending === undefined ? undefined : LANGUAGES[ending];
}

/**
 * Parses one file. A text that does not parse gives diagnostics (HF0002), one for each error.
 *
 * @param text without a byte order mark
 * @param expected the source type where the text does not tell (no `import`, `export`, `require`)
 */
export function parse(file: string, text: string, expected: SourceType = "module"): Parsed | readonly Diagnostic[] {
  const language = languageOf(file) ?? { typed: true, jsx: false, sourceType: undefined };
  const attempts = language.sourceType ? [language.sourceType] : (["unambiguous", ...sorted(expected)] as const);
  let errors: readonly Diagnostic[] = [];
  for (const sourceType of attempts) {
    const result = parseTree(file, text, { lang: dialect(language), sourceType });
    let { program, comments } = result;
    const failures = result.errors.filter((error) => error.severity === "Error");
    if (failures.length === 0) {
      const resolved = language.sourceType ?? (program.sourceType === "module" ? "module" : sourceType === "unambiguous" ? guess(program, { file, text, language }, expected) : sourceType);
      if (resolved === "module" && program.sourceType !== "module" && /\bawait\b/.test(text)) {
        // without import and export, `await /x/g` has been read as a name and two divisions
        const asModule = parseTree(file, text, { lang: dialect(language), sourceType: "module" });
        if (!asModule.errors.some((error) => error.severity === "Error")) ({ program, comments } = asModule);
      }
      return { file, text, language, sourceType: resolved === "module" ? "module" : "commonjs", program, comments };
    }
    if (errors.length === 0) {
      errors = failures.map((error) => {
        const label = error.labels[0];
        const place = label ? placeAt(file, text, label.start, label.end) : placeAt(file, text, 0, 0);
        return diagnostic("HF0002", "error", { detail: error.message }, place);
      });
    }
  }
  return errors;
}

export function isParsed(result: Parsed | readonly Diagnostic[]): result is Parsed {
  return "program" in result;
}

function dialect(language: Language): "ts" | "tsx" | "js" | "jsx" {
  if (language.typed) return language.jsx ? "tsx" : "ts";
  return language.jsx ? "jsx" : "js";
}

function sorted(expected: SourceType): readonly SourceType[] {
  return expected === "module" ? ["module", "commonjs"] : ["commonjs", "module"];
}

/** What Node.js gives to CommonJS files alone. */
const COMMONJS = new Set(["require", "exports", "module", "__filename", "__dirname"]);

/** `module` is the name of other things too; these are properties of Node.js's. */
const OF_MODULE = new Set(["exports", "children", "filename", "id", "loaded", "parent", "path", "paths", "require"]);

/** Code without module syntax: CommonJS where it uses what only CommonJS has, and does not declare itself. */
function guess(program: Program, parsed: Pick<Parsed, "file" | "text" | "language">, expected: SourceType): SourceType {
  if (expected === "commonjs" || parsed.file.endsWith(".cts")) return "commonjs";
  let imports = false;
  const names = new Set<number>();
  const modules = new Set<number>();
  walk(program, {
    enter(node) {
      if (node.type === "TSExternalModuleReference") imports = true;
      else if (node.type === "Identifier" && COMMONJS.has(node.name)) names.add(node.start);
      else if (node.type === "MemberExpression" && OF_MODULE.has(propertyOf(node) ?? "")) modules.add(unwrap(node.object).start);
      return !imports && !isTypeOnly(node);
    },
  });
  if (imports) return "commonjs";
  if (names.size === 0) return expected;
  const scopes = analyzeScopes({ ...parsed, program, comments: [], sourceType: "commonjs" });
  const declared = [...COMMONJS].flatMap((name) => (scopes.bindsOutside(name) ? [] : (scopes.module.set.get(name)?.references ?? [])));
  const isMark = ({ identifier: { name, range }, isValueReference }: Reference): boolean => isValueReference && names.has(range[0]) && (name !== "module" || modules.has(range[0]));
  return [...scopes.unresolved, ...declared].some(isMark) ? "commonjs" : expected;
}

// module.exports, module["exports"]
function propertyOf({ property, computed }: Extract<Node, { type: "MemberExpression" }>): string | undefined {
  if (!computed) return property.type === "Identifier" ? property.name : undefined;
  return property.type === "Literal" && typeof property.value === "string" ? property.value : undefined;
}
