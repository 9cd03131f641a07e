import { expect, test } from "vitest";
import { codes, guarded, hotfix, patchOf, World } from "./world.ts";

const { apply, status } = hotfix;
const KEY = "app:src/shop.ts";
const shop = { names: "award", body: `export ${guarded("award", "", "return 'old';")}` };

function withCode(code: string) {
  const payload = patchOf({ [KEY]: { functions: "award", variables: "v", code: "" } });
  return { ...payload, modules: payload.modules.map((module) => ({ ...module, code })) };
}

test.each([
  ["does not parse", "(($t, $s) => {", ["HF2009"]],
  ["throws at once", "throw new Error('x')", ["HF2009"]],
  ["is no function", "42", ["HF2009"]],
  ["returns nothing", "() => {}", ["HF2009"]],
  ["lacks what it lists", "() => ({ functions: {}, variables: {} })", ["HF2010", "HF2010"]],
])("patch code that %s is refused before anything changes", async (_, code, expected) => {
  const world = new World();
  const { award } = await world.host("shop.mjs", shop);
  const result = await apply(withCode(code));
  expect([result.outcome, ...codes(result)]).toEqual(["refused", ...expected]);
  expect([award(), status().state]).toEqual(["old", "base"]);
});
