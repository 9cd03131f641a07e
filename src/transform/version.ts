/** The package's version, read from its package.json. */
import { readFileSync } from "node:fs";

function readVersion(): string {
  // From src/transform in the sources, from dist/src/transform in the package.
  for (const up of ["../../package.json", "../../../package.json"]) {
    try {
      const { name, version } = JSON.parse(readFileSync(new URL(up, import.meta.url), "utf8")) as { name: string; version: string };
      if (name === "ts-hotfix") return version;
    } catch {}
  }
  return "0.0.0";
}

export const VERSION: string = readVersion();
