/** A generated server: an HTTP listener in front of modules with twenty functions each; bundled with our plugin and without. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transformSync } from "oxc-transform";
import { rollup, type Plugin } from "rollup";
import { hotfix } from "../../rollup-plugin/index.ts";

const IN_EACH = 20;

export interface BuiltServer {
  readonly plain: string;
  readonly transformed: string;
}

/** Entries of the two bundles. */
export async function buildServer(folder: string, targets: number): Promise<BuiltServer> {
  mkdirSync(join(folder, "src"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "name": "bench-start", "type": "module" }\n');
  const modules = Math.ceil(targets / IN_EACH);
  for (let index = 0; index < modules; index++) writeFileSync(join(folder, "src", `area${index}.ts`), moduleText(index, Math.min(IN_EACH, targets - index * IN_EACH)));
  writeFileSync(join(folder, "src", "main.ts"), mainText(modules));
  return { plain: await bundle(folder, "plain", []), transformed: await bundle(folder, "transformed", [hotfix({ root: folder, exclude: "src/main.ts" })]) };
}

async function bundle(folder: string, name: string, own: readonly Plugin[]): Promise<string> {
  const strip: Plugin = { name: "strip-types", transform: (code, id) => ({ code: transformSync(id, code, { sourcemap: false }).code, map: null }) };
  const built = await rollup({ input: join(folder, "src", "main.ts"), plugins: [...own, strip], external: /^node:/, onLog() {} });
  await built.write({ dir: join(folder, name), format: "es", entryFileNames: "main.js" });
  await built.close();
  return join(folder, name, "main.js");
}

function moduleText(index: number, functions: number): string {
  const texts = Array.from({ length: functions }, (_, place) => `
export function work${place}(id: string, amount: number): number {
  calls++;
  const before = ledger.get(id) ?? 0;
  const total = (before + amount * ${place + 1}) % 1_000_003;
  if (total > LIMIT && id !== "bank") ledger.delete(id);
  else ledger.set(id, total);
  return total;
}
`);
  return `export const LIMIT = ${900_000 + index};\nconst ledger = new Map<string, number>();\nexport let calls = 0;\n${texts.join("")}`;
}

/** All modules are exported, so that the bundler keeps every function of them; the answer comes from the first. */
function mainText(modules: number): string {
  const exports = Array.from({ length: modules }, (_, index) => `export * as area${index} from "./area${index}.ts";\n`).join("");
  return `${exports}import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { work0 } from "./area0.ts";
export const server = createServer((_, response) => void response.end(String(work0("player", 1))));
export const listening = new Promise<number>((done) => server.listen(0, "127.0.0.1", () => done((server.address() as AddressInfo).port)));
`;
}
