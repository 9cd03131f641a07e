/** The picture of the inspect page in the README: the game server with its fix. */
import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { globSync } from "tinyglobby";
import { buildPatch } from "../src/builder/build.ts";
import { writePage } from "../src/inspect/page.ts";
import { surveyBuild } from "../src/inspect/survey.ts";
import { decodePatch } from "../src/patch/file.ts";
import { openProject } from "../src/transform/project.ts";
import { launch } from "../test/harness/browser.ts";
import { ROOT, stageCopy } from "../test/harness/stage.ts";

const game = join(ROOT, "fixtures", "game-server");
const stage = stageCopy("screenshot", game);
try {
  const base = openProject("screenshot", {}, stage.folder).manifest(globSync("src/**/*.ts", { cwd: stage.folder, absolute: true }));
  cpSync(join(game, "fix"), stage.folder, { recursive: true });
  const built = buildPatch({ base, source: stage.folder });
  const reading = built.outcome === "built" ? decodePatch(built.bytes) : undefined;
  if (reading?.ok !== true) throw new Error(`no patch: ${built.outcome}`);
  cpSync(join(game, "src"), stage.path("src"), { recursive: true });
  writeFileSync(stage.path("page.html"), writePage(surveyBuild({ base, source: stage.folder, patch: reading.patch })));
  const browser = await launch();
  const page = await browser.newPage({ viewport: { width: 1200, height: 1180 }, reducedMotion: "reduce", colorScheme: "light" });
  await page.goto(`${pathToFileURL(stage.path("page.html")).href}#src%2Ftrade.ts`);
  await page.locator(".code").waitFor();
  await page.locator("details summary").first().click();
  await page.screenshot({ path: fileURLToPath(new URL("../docs/inspect.png", import.meta.url)), animations: "disabled" });
  await browser.close();
} finally {
  stage.remove();
}
