/** Reads `messages/*.md` and renders them: TypeScript for the code, Markdown for people. */
import { readFileSync, readdirSync } from "node:fs";

export interface MessageSource {
  readonly code: string;
  readonly slug: string;
  readonly file: string;
  readonly message: string;
  readonly cause: string;
  readonly remedy: string;
  readonly retired: boolean;
}

const SECTION = /^## (HF\d{4}) ([a-z0-9-]+)( \(retired\))?\n+([\s\S]*?)\n+\*\*Cause\.\*\* ([\s\S]*?)\n+\*\*Remedy\.\*\* ([\s\S]*?)\s*$/;

/** Every message, sorted by code. Throws on a malformed section, a duplicate code or a duplicate slug. */
export function readMessages(folder: URL): MessageSource[] {
  const messages: MessageSource[] = [];
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".md") && name !== "README.md").toSorted()) {
    const text = readFileSync(new URL(file, folder), "utf8");
    for (const section of text.split(/^(?=## )/m).slice(1)) {
      const match = SECTION.exec(section);
      if (!match) throw new Error(`messages/${file}: malformed section:\n${section.slice(0, 200)}`);
      const [, code = "", slug = "", retired, message = "", cause = "", remedy = ""] = match;
      messages.push({ code, slug, file, message: unwrap(message), cause: unwrap(cause), remedy: unwrap(remedy), retired: retired !== undefined });
    }
  }
  for (const field of ["code", "slug"] as const) {
    const seen = new Set<string>();
    for (const message of messages) {
      if (seen.has(message[field])) throw new Error(`messages/${message.file}: duplicate ${field} ${message[field]}`);
      seen.add(message[field]);
    }
  }
  return messages.toSorted((a, b) => (a.code < b.code ? -1 : 1));
}

function unwrap(paragraph: string): string {
  return paragraph.trim().replaceAll(/\s*\n\s*/g, " ");
}

function placeholders(message: MessageSource): string[] {
  return [...new Set([...`${message.message} ${message.remedy}`.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? ""))].toSorted();
}

/** `src/messages/catalogue.ts` */
export function renderCatalogue(messages: readonly MessageSource[]): string {
  const live = messages.filter((message) => !message.retired);
  const values = live.map((message) => {
    const names = placeholders(message);
    return `  ${message.code}: ${names.length === 0 ? "Record<never, never>" : `{ ${names.map((name) => `${name}: string | number`).join("; ")} }`};`;
  });
  const entries = live.map(
    (message) => `  ${message.code}: {
    slug: ${JSON.stringify(message.slug)},
    message: ${JSON.stringify(message.message)},
    cause: ${JSON.stringify(message.cause)},
    remedy: ${JSON.stringify(message.remedy)},
  },`,
  );
  return `// Generated from messages/*.md by \`npm run generate\`. Do not edit.

/** The values each message needs, by code. */
export interface MessageValues {
${values.join("\n")}
}

/** Code of a message. Numbers are never reused. */
export type Code = keyof MessageValues;

export interface CatalogueEntry {
  readonly slug: string;
  readonly message: string;
  readonly cause: string;
  readonly remedy: string;
}

export const catalogue: Readonly<Record<Code, CatalogueEntry>> = {
${entries.join("\n")}
};
`;
}

const TITLES: Readonly<Record<string, string>> = {
  "transform.md": "HF0xxx: transforming",
  "cannot-patch.md": "HF1xxx: changes that need a restart",
  "does-not-fit.md": "HF2xxx: manifests and patches that do not fit",
  "apply.md": "HF3xxx: applying and rolling back",
  "manifest.md": "HF2xxx: manifests and patches that do not fit",
  "bug.md": "HF9xxx: our own bugs",
};

/** `docs/refusals.md` */
export function renderReference(messages: readonly MessageSource[]): string {
  const groups = Map.groupBy(messages, (message) => message.code.slice(0, 3));
  const parts = [...groups.values()].map((group) => {
    const title = TITLES[group[0]?.file ?? ""] ?? "";
    const sections = group.map((message) =>
      message.retired
        ? `### ${message.code} ${message.slug}\n\nRetired; the number is not used again.`
        : `### ${message.code} ${message.slug}\n\n> ${message.message}\n\n${message.cause}\n\n**What to do.** ${message.remedy}`,
    );
    return `## ${title}\n\n${sections.join("\n\n")}`;
  });
  return `<!-- Generated from messages/*.md by \`npm run generate\`. Do not edit. -->

# Refusals and errors

Every "no" of ts-hotfix has a code. \`{names}\` in a message stand for what it is about. Exit codes of the CLI: 0 done,
1 error, 2 cannot be patched, 3 nothing changed.

${parts.join("\n\n")}
`;
}
