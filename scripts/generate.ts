/** Writes every generated file; with `--check` only compares and fails naming the stale ones. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { readMessages, renderCatalogue, renderReference } from "./messages.ts";

const root = new URL("../", import.meta.url);
const messages = readMessages(new URL("messages/", root));
const outputs: Readonly<Record<string, string>> = {
  "src/messages/catalogue.ts": renderCatalogue(messages),
  "docs/refusals.md": renderReference(messages),
};

const check = process.argv.includes("--check");
const stale: string[] = [];
for (const [file, text] of Object.entries(outputs)) {
  const url = new URL(file, root);
  if (existsSync(url) && readFileSync(url, "utf8") === text) continue;
  stale.push(file);
  if (!check) writeFileSync(url, text);
}
if (stale.length > 0) console.log(`${check ? "stale" : "written"}: ${stale.join(", ")}`);
if (check && stale.length > 0) {
  console.log("run `npm run generate` and commit the result");
  process.exitCode = 1;
}
