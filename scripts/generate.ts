/** Writes every generated file; with `--check` only compares and fails naming the stale ones. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { backEndsOf, emitCase, readCases, stageCase } from "../test/harness/transform-case.ts";
import { renderChanges } from "./changes.ts";
import { renderLiveCode } from "./live-code.ts";
import { renderPageClient } from "./page-client.ts";
import { readMessages, renderCatalogue, renderReference } from "./messages.ts";

const root = new URL("../", import.meta.url);
const messages = readMessages(new URL("messages/", root));
const outputs: Record<string, string> = {
  "src/messages/catalogue.ts": renderCatalogue(messages),
  "docs/refusals.md": renderReference(messages),
  "docs/changes.md": renderChanges(messages),
  "docs/live-code.md": renderLiveCode(),
  "src/inspect/page-client.ts": await renderPageClient(new URL("src/inspect/client/", root)),
  ...(await emitFixtures()),
};

const check = process.argv.includes("--check");
const stale: string[] = [];
for (const [file, text] of Object.entries(outputs)) {
  const url = new URL(file, root);
  if (existsSync(url) && readFileSync(url, "utf8") === text) continue;
  stale.push(file);
  if (!check) writeFileSync(url, text);
}
if (stale.length > 0) console.log(`${check ? "stale" : "written"}: ${stale.slice(0, 10).join(", ")}${stale.length > 10 ? ` and ${stale.length - 10} more` : ""}`);
if (check && stale.length > 0) {
  console.log("run `npm run generate` and commit the result");
  process.exitCode = 1;
}

/** `fixtures/transform/<case>/output.<back end>.js`, for a case of several files with the file's name in between. */
async function emitFixtures(): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const each of readCases()) {
    const stage = stageCase(each);
    try {
      for (const backEnd of backEndsOf(each)) {
        for (const [file, text] of await emitCase(each, stage, backEnd)) {
          const name = file.replace(/\.[cm]?js$/, "");
          files[`fixtures/transform/${each.name}/output.${name === "input" ? "" : `${name}.`}${backEnd}.js`] = text;
        }
      }
    } finally {
      stage.remove();
    }
  }
  return files;
}
