/** What a test of test262 says about itself: the part of YAML that its front matter uses. */

export interface FrontMatter {
  readonly flags: ReadonlySet<string>;
  readonly includes: readonly string[];
  readonly features: readonly string[];
  readonly negative: Negative | undefined;
}

export interface Negative {
  readonly phase: string;
  readonly type: string;
}

/** Undefined: the file has none and is no test. */
export function readFrontMatter(text: string): FrontMatter | undefined {
  const yaml = /\/\*---([^]*?)---\*\//.exec(text)?.[1]?.replace(/\r\n?/g, "\n");
  if (yaml === undefined) return undefined;
  const negative = blockOf(yaml, "negative");
  return {
    flags: new Set(listOf(yaml, "flags")),
    includes: listOf(yaml, "includes"),
    features: listOf(yaml, "features"),
    negative: negative === undefined ? undefined : { phase: fieldOf(negative, "phase"), type: fieldOf(negative, "type") },
  };
}

/** What stands behind `key:`, with the indented lines below it. */
function blockOf(yaml: string, key: string): string | undefined {
  return new RegExp(`^${key}:(.*(?:\n[ \t]+.*|\n(?=[ \t\n]))*)`, "m").exec(yaml)?.[1];
}

// flags: [module, async]
// includes:
//   - compareArray.js
function listOf(yaml: string, key: string): readonly string[] {
  const block = blockOf(yaml, key);
  if (block === undefined) return [];
  const inline = /\[([^\]]*)\]/.exec(block)?.[1];
  const entries = inline === undefined ? [...block.matchAll(/^\s*-\s*(.+)$/gm)].map((match) => match[1] ?? "") : inline.split(",");
  return entries.map((entry) => entry.replace(/#.*$/, "").trim().replace(/^(['"])(.*)\1$/, "$2")).filter((entry) => entry !== "");
}

function fieldOf(block: string, key: string): string {
  return new RegExp(`\\b${key}:\\s*([\\w$]+)`).exec(block)?.[1] ?? "";
}
