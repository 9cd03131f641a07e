/**
 * `node scripts/keep-host.ts`: builds the host that `fixtures/host` keeps. Later builders patch it as it is, so it is made anew only when
 * the emitted form or the schema of patches has a new version: a runtime of that time would not understand them.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readManifest } from "../src/manifest/file.ts";
import { HotfixError } from "../src/messages/diagnostic.ts";

const ROOT = fileURLToPath(new URL("../", import.meta.url));
const HOST = join(ROOT, "fixtures", "host");

/** Whether the host that is there would still understand a patch. */
function isCurrent(file: string): boolean {
  try {
    return readManifest(file).modules.size > 0;
  } catch (error) {
    if (error instanceof HotfixError) return false;
    throw error;
  }
}

const manifest = join(HOST, "built", "hotfix.manifest.json");
if (existsSync(manifest) && isCurrent(manifest)) {
  console.error("The host understands patches of this version: it stays as it is.");
  process.exitCode = 1;
} else {
  const modules = join(HOST, "node_modules");
  mkdirSync(modules, { recursive: true });
  symlinkSync(ROOT, join(modules, "ts-hotfix"), "dir");
  symlinkSync(join(ROOT, "node_modules", "@types"), join(modules, "@types"), "dir");
  try {
    rmSync(join(HOST, "built"), { recursive: true, force: true });
    execFileSync(process.execPath, [join(ROOT, "node_modules", "ts-patch", "bin", "tspc.js"), "-p", HOST], { stdio: "inherit" });
  } finally {
    rmSync(modules, { recursive: true });
  }
}
