/** Source text → syntax tree, for every language the project takes. */
import { parseSync, type Comment, type Node, type ParseResult, type Program } from "oxc-parser";
import { diagnostic, type Diagnostic } from "../messages/diagnostic.ts";
import { boundNames } from "./bound-names.ts";
import { placeAt } from "./place.ts";
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
    const result = parseAs(file, text, language, sourceType);
    let { program, comments } = result;
    const failures = result.errors.filter((error) => error.severity === "Error");
    if (failures.length === 0) {
      const resolved = language.sourceType ?? (program.sourceType === "module" ? "module" : sourceType === "unambiguous" ? guess(file, program, expected) : sourceType);
      if (resolved === "module" && program.sourceType !== "module" && /\bawait\b/.test(text)) {
        // without import and export, `await /x/g` has been read as a name and two divisions
        const asModule = parseAs(file, text, language, "module");
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

function parseAs(file: string, text: string, language: Language, sourceType: SourceType | "unambiguous"): ParseResult {
  return parseSync(file, text, { lang: dialect(language), sourceType, astType: "ts", range: true, preserveParens: false });
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

/** Code without module syntax: CommonJS where it uses what only CommonJS has, and does not declare itself. */
function guess(file: string, program: Program, expected: SourceType): SourceType {
  if (file.endsWith(".cts")) return "commonjs";
  const own = new Set(program.body.flatMap(declaredNames));
  const isFree = (node: Node, name: string): boolean => {
    const inner = unwrap(node);
    return inner.type === "Identifier" && inner.name === name && !own.has(name);
  };
  let found = false;
  walk(program, {
    enter(node) {
      if (node.type === "CallExpression") found ||= isFree(node.callee, "require");
      else if (node.type === "TSExternalModuleReference") found = true;
      else if (node.type === "MemberExpression") found ||= isFree(node.object, "exports") || isFree(node.object, "require") || (isFree(node.object, "module") && isExports(node));
      return !found && !isTypeOnly(node);
    },
  });
  return found ? "commonjs" : expected;
}

function declaredNames(statement: Node): readonly string[] {
  if (isTypeOnly(statement)) return [];
  if (statement.type === "VariableDeclaration") return statement.declarations.flatMap(({ id }) => boundNames(id));
  return (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") && statement.id ? [statement.id.name] : [];
}

// module.exports, module["exports"]
function isExports({ property, computed }: Extract<Node, { type: "MemberExpression" }>): boolean {
  return computed ? property.type === "Literal" && property.value === "exports" : property.type === "Identifier" && property.name === "exports";
}
