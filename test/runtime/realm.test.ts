import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import type * as Emitted from "../../src/runtime/module.ts";
import { hotfix, load, MODULE_URL, patchOf, World } from "./world.ts";

const KEY = "app:src/shop.ts";
const MODULE = `
  const $t = new (class $T {})();
  function $scope() { return { get award() { return award; } }; }
  register("${KEY}", "f1", $t, $scope);
  function award() { if ($t.$award !== undefined) return $t.$award.apply(this, arguments); return ["old"]; }
  ({ award, isOwn: (list) => list instanceof Array, clock: () => clock });
`;

test.each(["before", "behind"])("patch code of a module in another context has that context's globals; the patch comes %s it", async (order) => {
  new World();
  const { register } = await load<typeof Emitted>(MODULE_URL);
  const payload = patchOf({ [KEY]: { fingerprint: "f1", functions: "award", code: "function award() { return [clock]; }" } });
  const make = () => runInNewContext(MODULE, { register, clock: "theirs" }) as { award: () => unknown[]; isOwn: (list: unknown) => boolean };
  const early = order === "behind" ? make() : undefined;
  expect((await hotfix.apply(payload)).outcome).toBe("applied");
  const { award, isOwn } = early ?? make();
  const list = award();
  expect([...list, isOwn(list), Object.getPrototypeOf(list) === Array.prototype]).toEqual(["theirs", true, false]);
  await hotfix.rollback();
  expect([...award()]).toEqual(["old"]);
});
