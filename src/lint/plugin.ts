/**
 * `ts-hotfix/eslint-plugin`: marks code that a patch could not change, for ESLint 9 and newer and for oxlint.
 *
 * @example
 * import hotfix from "ts-hotfix/eslint-plugin";
 * export default [{ files: ["src/logic/**"], ...hotfix.configs.recommended }];
 */
import "../node/require-node.ts";
import type { Diagnostic } from "../messages/diagnostic.ts";
import { VERSION } from "../transform/version.ts";
import { findProblems, type LintOptions, type Problems } from "./problems.ts";

/** What a rule needs of its linter; the contexts of ESLint and oxlint have it. */
export interface RuleContext {
  readonly filename: string;
  /** Has the file's `text`; of a language without any, ESLint hands over something else. */
  readonly sourceCode: object;
  readonly options: readonly unknown[];
  readonly settings: Readonly<Record<string, unknown>>;
  report(problem: { readonly message: string; readonly loc: ReportedPlace }): void;
}

export interface ReportedPlace {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

export interface LintRule {
  readonly meta: {
    readonly type: "suggestion";
    readonly docs: { readonly description: string; readonly url: string };
    readonly schema: object[];
  };
  create(context: RuleContext): { Program(): void };
}

export interface LintConfig {
  readonly name: string;
  readonly plugins: { readonly "ts-hotfix": HotfixPlugin };
  readonly rules: Readonly<Record<`ts-hotfix/${RuleName}`, "error" | "warn">>;
}

export type RuleName = "patchable" | "live-code" | "init";

export interface HotfixPlugin {
  readonly meta: { readonly name: "ts-hotfix"; readonly version: string };
  readonly rules: Record<RuleName, LintRule>;
  readonly configs: {
    /** `patchable` as errors, `live-code` and `init` as warnings. Spread it beside `files`. */
    readonly recommended: LintConfig;
  };
}

const SCHEMA = {
  type: "object",
  properties: {
    lift: { anyOf: [{ type: "boolean" }, { type: "object", properties: { classes: { type: "boolean" }, objects: { type: "boolean" } }, additionalProperties: false }] },
    targets: { enum: ["all", "tagged"] },
  },
  additionalProperties: false,
};

/** Of the file that was asked about last, by options: its rules ask one after the other. */
let latest: { readonly filename: string; readonly text: string; readonly byOptions: Map<string, Problems> } | undefined;

function rule(description: string, read: (problems: Problems) => readonly Diagnostic[]): LintRule {
  return {
    meta: { type: "suggestion", docs: { description, url: "https://www.npmjs.com/package/ts-hotfix" }, schema: [SCHEMA] },
    create: (context) => ({
      Program() {
        const text = textOf(context.sourceCode);
        for (const problem of read(problemsOf(context, text))) context.report({ message: `${problem.code}: ${problem.message} ${problem.remedy}`, loc: placeOf(problem, text) });
      },
    }),
  };
}

/** The rule's own options go before `settings["ts-hotfix"]`. */
function problemsOf({ filename, options: [own], settings }: RuleContext, text: string): Problems {
  const options = { ...(settings["ts-hotfix"] as LintOptions | undefined), ...(own as LintOptions | undefined) };
  if (latest?.filename !== filename || latest.text !== text) latest = { filename, text, byOptions: new Map() };
  const key = JSON.stringify(options);
  const problems = latest.byOptions.get(key) ?? findProblems(filename, text, options);
  latest.byOptions.set(key, problems);
  return problems;
}

function textOf(sourceCode: object): string {
  return "text" in sourceCode && typeof sourceCode.text === "string" ? sourceCode.text : "";
}

/** The first line of what is meant: a whole method underlined would hide what else there is to say of it. */
function placeOf({ place }: Diagnostic, text: string): ReportedPlace {
  const { line = 1, column = 1, endLine = 1, endColumn = 1 } = place ?? {};
  const length = text.split(/\r\n|[\n\r\u2028\u2029]/)[line - 1]?.length ?? 0;
  return { start: { line, column: column - 1 }, end: { line, column: endLine === line ? endColumn - 1 : Math.max(length, column) } };
}

const plugin: HotfixPlugin = {
  meta: { name: "ts-hotfix", version: VERSION },
  rules: {
    patchable: rule("Logic stands in functions that a patch can replace", ({ patchable }) => patchable),
    "live-code": rule("No closure or loop goes on with old code after a patch", ({ liveCode }) => liveCode),
    init: rule("Top-level statements only call functions", ({ init }) => init),
  },
  configs: {
    get recommended(): LintConfig {
      return { name: "ts-hotfix/recommended", plugins: { "ts-hotfix": plugin }, rules: { "ts-hotfix/patchable": "error", "ts-hotfix/live-code": "warn", "ts-hotfix/init": "warn" } };
    },
  },
};

export default plugin;
