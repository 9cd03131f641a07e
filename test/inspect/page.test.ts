/** The inspect page in a browser, as somebody with a mouse, a keyboard or a screen reader meets it. */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildPatch } from "../../src/builder/build.ts";
import type { PageHost } from "../../src/inspect/page-data.ts";
import { writePage } from "../../src/inspect/page.ts";
import { surveyBuild, type Survey } from "../../src/inspect/survey.ts";
import { decodePatch } from "../../src/patch/file.ts";
import { openProject } from "../../src/transform/project.ts";
import { CHROMIUM, launch, NO_CHROMIUM } from "../harness/browser.ts";
import { makeStage, type Stage } from "../harness/stage.ts";
import { writeFiles } from "../harness/write-files.ts";

const MARKUP = `</script><img src=x onerror="document.title='owned'">'&amp;`;
const EVIL = `${MARKUP}\u2028`;
/** A name of a file may be as bad, but for slashes. */
const EVIL_FILE = `src/<img src=x onerror="document.title='owned'">.ts`;
const SHOP = `// ${MARKUP}
import { log } from "./log/log.ts";
export function award(gold: number, bonus: number): number {
  log(\`</script><img src=x onerror="document.title='owned'">\`);
  return gold + bonus * 2;
}
export const price = (n: number): number => n * 3;
export class Shop {
  sell(n: number): number {
    return price(n);
  }
}
`;
const FILES = { "src/shop.ts": SHOP, "src/log/log.ts": "export function log(text: string): void {\n  console.log(text);\n}\n", [EVIL_FILE]: `export function odd(): string {\n  return \`${EVIL}\`;\n}\n` };
const HOST: PageHost = {
  socket: EVIL, pid: 4711, node: "v24.0.0", nodeEnv: EVIL, state: "?", since: "2026-01-01T00:00:00.000Z", threads: 2, pending: [EVIL], caveats: [EVIL],
  live: [{ target: EVIL, line: 3, reason: EVIL }],
  history: [{ at: "2026-01-01T00:00:00.000Z", operation: "apply", outcome: "applied", patch: EVIL, by: EVIL, codes: [EVIL], reason: EVIL }],
};

let stage: Stage;
let survey: Survey;
beforeAll(() => {
  stage = makeStage("inspect", { name: "game", type: "module" });
  writeFiles(stage.folder, FILES);
  const base = openProject("test", {}, stage.folder).manifest(Object.keys(FILES).map((file) => stage.path(file)));
  writeFiles(stage.folder, { "src/shop.ts": SHOP.replace("bonus * 2", "bonus") });
  const built = buildPatch({ base, source: stage.folder });
  if (built.outcome !== "built") throw new Error(JSON.stringify(built));
  const reading = decodePatch(built.bytes);
  if (!reading.ok) throw new Error("not a patch");
  writeFiles(stage.folder, FILES);
  survey = surveyBuild({ base, source: stage.folder, patch: reading.patch, host: { ...HOST, state: reading.patch.id }, patched: new Set(built.replaced), notices: [EVIL] });
});
afterAll(() => stage.remove());

function save(name: string, what: Survey): string {
  const page = writePage(what);
  writeFileSync(stage.path(name), page);
  return pathToFileURL(stage.path(name)).href;
}

test("the page's text holds nothing that could be markup, and a policy that lets nothing in", () => {
  const page = writePage(survey);
  expect(page).not.toContain("<img");
  expect(page.replaceAll(/<script type="text\/plain" id="[\w-]+">[\w+/=]*<\/script>/g, "").match(/<\/script>/g)).toHaveLength(1);
  expect(page).toMatch(/content="default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[^']+'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'"/);
  expect(page).not.toMatch(/(?:src|href)="|url\(|@import/);
});

if (CHROMIUM === undefined) console.warn(`The tests of the inspect page in a browser are left out: ${NO_CHROMIUM}`);

describe.skipIf(CHROMIUM === undefined)(CHROMIUM === undefined ? `left out: ${NO_CHROMIUM}` : "in Chromium", () => {
  let browser: Browser;
  let address: string;
  beforeAll(async () => {
    browser = await launch();
    address = save("page.html", survey);
  }, 180_000);
  afterAll(() => browser.close());

  /** The page, what went wrong on it and what it asked for. */
  async function open(url: string, options: { readonly colorScheme?: "light" | "dark"; readonly width?: number } = {}): Promise<{ readonly page: Page; readonly troubles: string[] }> {
    const page = await browser.newPage({ colorScheme: options.colorScheme ?? "light", viewport: { width: options.width ?? 1200, height: 900 }, reducedMotion: "reduce" });
    const troubles: string[] = [];
    page.on("pageerror", (error) => troubles.push(String(error)));
    page.on("console", (message) => void (message.type() === "error" && troubles.push(message.text())));
    page.on("request", (request) => void (request.url().split("#")[0] !== url.split("#")[0] && troubles.push(`asked for ${request.url()}`)));
    await page.goto(url);
    await page.waitForSelector("html[data-drawn]");
    return { page, troubles };
  }

  const focused = (page: Page): Promise<string | null> => page.evaluate("document.activeElement.getAttribute('aria-label')");

  test("the map tells in words what its colours say; a click opens a module, source beside what is emitted", async () => {
    const { page, troubles } = await open(address);
    expect(await page.locator(".map .cell").evaluateAll((cells) => cells.map((cell) => cell.getAttribute("aria-label")))).toEqual([
      "src/: 4 functions, 1 patched; 1 of 6 statements need a restart",
      "src/shop.ts: 2 functions, 1 patched; 1 of 4 statements need a restart",
      `${EVIL_FILE}: 1 function; nothing needs a restart`,
      "src/log/: 1 function; nothing needs a restart",
      "src/log/log.ts: 1 function; nothing needs a restart",
    ]);
    await page.getByRole("button", { name: /^src\/shop\.ts:/ }).click();
    await page.getByRole("heading", { name: "src/shop.ts" }).waitFor();
    const inserted = await page.locator('[data-line="3"] ins').allTextContents();
    expect(inserted.join("")).toContain("if ($t.$award !== undefined) return $t.$award.apply(this, arguments);");
    expect(await page.locator('[data-line="3"] .source').textContent()).toBe("export function award(gold: number, bonus: number): number {");
    expect(await page.locator('[data-line="1"] .source').textContent()).toBe(`// ${MARKUP}`);
    expect(await page.locator(".note.bad").first().textContent()).toMatch(/^HF1001 Updating the method `Shop\.sell`.*Move the body/);
    expect(await page.locator(".row.patched").count()).toBe(2);
    expect(await page.locator("#patch ins").allTextContents()).toContain("+\treturn gold + bonus;\n");
    expect(await page.locator("#patch del").allTextContents()).toContain("-\treturn gold + bonus * 2;\n");
    expect(await page.locator("#history td").allTextContents()).toContain("applied");
    expect(await page.title()).toBe("ts-hotfix: game");
    expect(await page.locator("img").count()).toBe(0);
    expect(troubles).toEqual([]);
    await page.close();
  });

  test("with the keyboard alone: in, along, into a module, to a function, and out again", async () => {
    const { page } = await open(address);
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter"); // Skip to the map
    expect(await focused(page)).toMatch(/^src\/:/);
    await page.keyboard.press("ArrowDown");
    const second = await focused(page);
    expect(second).not.toMatch(/^src\/:/);
    await page.keyboard.press("End");
    await page.keyboard.press("Home");
    expect(await focused(page)).toMatch(/^src\/:/);
    while (!((await focused(page)) ?? "").startsWith("src/shop.ts")) await page.keyboard.press(((await focused(page)) ?? "").startsWith("src/:") ? "ArrowDown" : "ArrowLeft");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "src/shop.ts" }).waitFor();
    await expect.poll(() => focused(page)).toMatch(/^(award|price|Shop\.sell), line/);
    expect(await page.locator('.cell[tabindex="0"]').count()).toBe(1);
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await expect.poll(() => page.evaluate("document.activeElement.dataset.line")).toMatch(/^\d+$/);
    await page.goBack();
    await page.locator('.cell[tabindex="0"]').focus();
    await page.keyboard.press("Escape");
    await expect.poll(() => focused(page)).toMatch(/^src\/shop\.ts/);
    await page.close();
  });

  test("search, list, address", async () => {
    const { page } = await open(address);
    await page.getByRole("searchbox").fill("AWA");
    await page.getByRole("link", { name: "src/shop.ts#award" }).click();
    await expect.poll(() => page.evaluate("document.activeElement.dataset.line")).toBe("3");
    await page.getByRole("button", { name: "List" }).click();
    expect(await page.locator("#map").isVisible()).toBe(false);
    const names = (): Promise<string[]> => page.locator("tbody th a").allTextContents();
    const before = await names();
    await page.getByRole("button", { name: /^Module/ }).click();
    expect(await names()).toEqual(before.toReversed());
    await page.close();
    const { page: direct } = await open(`${address}#${encodeURIComponent(EVIL_FILE)}`);
    await direct.getByRole("heading", { name: EVIL_FILE }).waitFor();
    await direct.close();
  });

  test.each(["light", "dark"] as const)("passes axe in %s, on the map, the list and a module, wide and narrow", async (colorScheme) => {
    const { page } = await open(address, { colorScheme });
    const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core"), "utf8");
    const check = async (): Promise<unknown> => {
      // as the debugger does: the policy of the page lets no script in but its own
      await page.evaluate(`${axe}; 0`);
      return await page.evaluate("axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes[0].html + ' ' + nodes[0].failureSummary))");
    };
    expect(await check()).toEqual([]);
    await page.getByRole("button", { name: "List" }).click();
    await page.getByRole("link", { name: "src/shop.ts" }).click();
    await page.getByRole("heading", { name: "src/shop.ts" }).waitFor();
    expect(await check()).toEqual([]);
    await page.setViewportSize({ width: 360, height: 800 });
    expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
    expect(await check()).toEqual([]);
    await page.close();
  });

  test("dark where the system is, and the switch overrules it", async () => {
    const { page } = await open(address, { colorScheme: "dark" });
    const back = (): Promise<string> => page.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(await back()).toBe("rgb(21, 24, 29)");
    await page.getByLabel("Colours").selectOption("light");
    expect(await back()).toBe("rgb(255, 255, 255)");
    await page.reload();
    await page.waitForSelector("html[data-drawn]");
    expect(await back()).toBe("rgb(255, 255, 255)");
    await page.getByLabel("Colours").selectOption("As the system");
    expect(await back()).toBe("rgb(21, 24, 29)");
    await page.close();
  });

  test("a build of 1,000 modules is drawn", async () => {
    const [one] = survey.modules;
    if (one === undefined) throw new Error("no module");
    const many = Array.from({ length: 1000 }, (_, index) => ({ ...one, path: `src/${index % 20}/module-${index}.ts` }));
    const { page, troubles } = await open(save("large.html", { ...survey, modules: many }));
    expect(await page.locator(".cell.module").count()).toBe(1000);
    await page.getByRole("searchbox").fill("module-999");
    await page.getByRole("link", { name: "src/19/module-999.ts" }).first().click();
    await page.getByRole("heading", { name: "src/19/module-999.ts" }).waitFor();
    expect(troubles).toEqual([]);
    await page.close();
  });
});
