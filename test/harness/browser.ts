/** A headless Chromium, where there is one. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium, type Browser } from "playwright-core";

const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

export const CHROMIUM: string | undefined = findChromium();

/** What is said where there is none. */
export const NO_CHROMIUM = "no Chromium was found: `apt-get install chromium`, or name one in CHROMIUM";

export async function launch(): Promise<Browser> {
  if (CHROMIUM === undefined) throw new Error(NO_CHROMIUM);
  // as root, Chromium has no sandbox; what it is shown here is our own
  return await chromium.launch({ executablePath: CHROMIUM, args: process.getuid?.() === 0 ? ["--no-sandbox"] : [], timeout: 120_000 });
}

function findChromium(): string | undefined {
  const named = process.env["CHROMIUM"];
  if (named !== undefined && named !== "") return named;
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  const found = folders.flatMap((folder) => NAMES.map((name) => join(folder, name))).find((path) => existsSync(path));
  const own = chromium.executablePath();
  return found ?? (existsSync(own) ? own : undefined);
}
