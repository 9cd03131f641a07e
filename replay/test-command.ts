/** `vitest src/**\/*.test.ts` → which test API the tests are written for, and which files hold them. */

export type TestApi = "vitest" | "jest" | "mocha" | "node";

export interface TestCommand {
  readonly api: TestApi;
  /** Globs of test files, relative to the package. */
  readonly files: readonly string[];
}

const DEFAULT_FILES: Readonly<Record<TestApi, readonly string[]>> = {
  vitest: ["**/*.{test,spec}.{ts,tsx,mts,js,jsx,mjs}"],
  jest: ["**/__tests__/**/*.{ts,tsx,js,jsx}", "**/*.{test,spec}.{ts,tsx,js,jsx}"],
  mocha: ["test/*.{ts,js,mjs}"],
  node: [],
};

/** The command, or what is wrong with it. `npx` and `run` are understood and mean nothing. */
export function parseTestCommand(text: string): TestCommand | string {
  const [first, ...rest] = text.split(/\s+/).map((word) => word.replace(/^(['"])(.*)\1$/, "$2")).filter((word) => word !== "" && word !== "npx");
  if (first === undefined || !isApi(first)) return `It must begin with ${Object.keys(DEFAULT_FILES).join(", ")}.`;
  const option = rest.find((word) => word.startsWith("-"));
  if (option !== undefined) return `Options of the test runner are not understood: ${option}.`;
  const files = rest.filter((word) => word !== "run");
  if (first === "node" && files.length === 0) return "Name the test programs.";
  return { api: first, files: files.length > 0 ? files : DEFAULT_FILES[first] };
}

function isApi(word: string): word is TestApi {
  return Object.hasOwn(DEFAULT_FILES, word);
}
