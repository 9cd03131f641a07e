/** The tree back end means the same as the program without us and, patched, the same as the text back end. */
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { cases } from "./tree-cases.ts";
import { emit, runAll, type Format } from "./tree-harness.ts";

const TARGETS = { es2017: ts.ScriptTarget.ES2017, esnext: ts.ScriptTarget.ESNext };

for (const format of ["esm", "cjs"] satisfies Format[]) {
  for (const [name, target] of Object.entries(TARGETS)) {
    describe(`${format}, ${name}`, () => {
      const plain = runAll(cases, "none", format, { target });
      const tree = runAll(cases, "tree", format, { target });
      const text = runAll(cases, "text", format, { target });
      for (const each of Object.keys(cases)) {
        test(each, () => {
          const logged = tree[each] ?? [];
          const cut = logged.indexOf("'--' 'patched'");
          expect(logged.slice(0, cut === -1 ? undefined : cut)).toEqual(plain[each]);
          expect(logged.join("\n")).not.toMatch(/failed|new' '\w+' true/);
          expect(logged).toEqual(text[each]);
        });
      }
    });
  }
}

const COMMENTED = `#!/usr/bin/env node
/* licence */

// about the import
import x from "y"; // side
/** doc 1 */
foo(); // t 1
// between

/** doc 2 */
var q = 1, r: any; // t 2
/* three */ if (q) /* inner */ var s = /* value */ 2 /* behind */, t; // t 3
/** f */
export function f(
  // before a
  { a }: any, // behind a
  /* before b */ b = /* in b */ a /* behind b */,
) {
  // first
  return a; // returned
  // end of f
}
/** g */
const g = async (/* lead */ { a }: any /* trail */, b = foo(/* argument */) /* k */) => /* line */ a; // behind g
const h = (a: any) => // line h
  a /* behind */ + 1;
function only() {
  // nothing else
}
export default /* anonymous */ function /* name */ () /* before body */ { /* in */ foo(); }
// last
`;

describe("comments", () => {
  for (const format of ["esm", "cjs"] satisfies Format[]) {
    test(`${format}: none is lost, none is doubled`, () => {
      const comments = (code: string) => (code.match(/\/\*.*?\*\/|\/\/.*/g) ?? []).map((each) => each.trim()).toSorted();
      expect(comments(emit(COMMENTED, "tree", format))).toEqual(comments(emit(COMMENTED, "none", format)));
      expect(emit(COMMENTED, "tree", format).startsWith("#!/usr/bin/env node\n")).toBe(true);
    });
  }
});

describe("what is emitted", () => {
  test("ES module", () => {
    expect(emit(`"use strict"; export let n = 1; const f = ({ a }: any = {}) => a + n; f();`, "tree", "esm")).toMatchInlineSnapshot(`
      ""use strict";
      import { register as $register } from "ts-hotfix/module";
      class $T {
      }
      const $t = new $T();
      const $module = $register("app:case.ts", "f", $t, $scope, 1);
      export let n = 1;
      const f = ($1 = void 0) => {
          if ($t.$f !== undefined)
              return (0, $t.$f)($1);
          let { a } = $1 === undefined ? {} : $1;
          return a + n;
      };
      $module.init(() => {
          f();
      });
      function $scope() { return { get "import.meta.url"() { return import.meta.url; }, get n() { return n; }, set n($v) { n = $v; }, get f() { return f; } }; }
      "
    `);
  });
  test("CommonJS", () => {
    expect(emit(`import { db } from "./db"; export let n = 1; export function* f(a = db()) { yield n; } for (var i = n; i < 2; i++) f();`, "tree", "cjs")).toMatchInlineSnapshot(`
      ""use strict";
      Object.defineProperty(exports, "__esModule", { value: true });
      exports.n = void 0;
      exports.f = f;
      class $T {
      }
      const $t = new $T();
      const $module = require("ts-hotfix/module").register("app:case.ts", "f", $t, $scope, 1);
      const db_1 = require("./db");
      exports.n = 1;
      function* f(a = (0, db_1.db)()) { if ($t.$f !== undefined)
          return yield* $t.$f.apply(this, arguments); yield exports.n; }
      var i;
      $module.init(() => {
          for (i = exports.n; i < 2; i++)
              f();
      });
      function $scope() { return { get require() { return require; }, get module() { return module; }, get exports() { return exports; }, get __filename() { return __filename; }, get __dirname() { return __dirname; }, get n() { return exports.n; }, set n($v) { exports.n = $v; }, get f() { return f; }, get db() { return db_1.db; }, get i() { return i; }, set i($v) { i = $v; } }; }
      "
    `);
  });
  test("explicit init", () => {
    expect(emit(`await null; var a = 1; { var { b } = a as any; }`, "tree", "esm", {}, "case.mts", "explicit")).toMatchInlineSnapshot(`
      ""use strict";
      import { register as $register } from "ts-hotfix/module";
      class $T {
      }
      const $t = new $T();
      const $module = $register("app:case.ts", "f", $t, $scope, 0);
      $module.defer(async () => {
          await null;
      });
      var a = 1;
      var b;
      $module.defer(() => {
          {
              ({ b } = a);
          }
      });
      function $scope() { return { get "import.meta.url"() { return import.meta.url; }, get a() { return a; }, set a($v) { a = $v; }, get b() { return b; }, set b($v) { b = $v; } }; }
      "
    `);
  });
  test("names that mean something else at the head of a loop", () => {
    expect(emit("for (var async of [1]) ;", "tree", "esm")).toContain("for ((async) of [1])");
  });
  test("a file of types alone is left as it is", () => {
    expect(emit(cases["only types"] ?? "", "tree", "esm")).toBe(emit(cases["only types"] ?? "", "none", "esm"));
  });
});
