import picocolors from "picocolors";
import { expect, test } from "vitest";
import { diagnostic } from "../../src/messages/diagnostic.ts";
import { codeFrame, renderDiagnostic, renderDiagnostics } from "../../src/messages/render.ts";

const source = "one\n\tconst two = 2;\nthree\nfour\nfive\n";
const place = { file: "src/a.ts", line: 2, column: 8, endLine: 2, endColumn: 11 };
const refusal = diagnostic("HF2001", "refusal", { detail: "it is empty" }, place);

test("shows place, code, message, frame and remedy", () => {
  expect(renderDiagnostic(refusal, { readSource: () => source })).toMatchInlineSnapshot(`
    "src/a.ts:2:8 refusal HF2001: The patch file cannot be read: it is empty.
        1 | one
      > 2 |  const two = 2;
          |        ^^^
        3 | three
        4 | four
      Copy the file again, or build the patch again with \`ts-hotfix build\`."
  `);
});

test("goes without place and without source", () => {
  const { place: _, ...placeless } = refusal;
  expect(renderDiagnostics([placeless, refusal], { readSource: () => undefined })).toMatchInlineSnapshot(`
    "refusal HF2001: The patch file cannot be read: it is empty.
      Copy the file again, or build the patch again with \`ts-hotfix build\`.
    src/a.ts:2:8 refusal HF2001: The patch file cannot be read: it is empty.
      Copy the file again, or build the patch again with \`ts-hotfix build\`."
  `);
});

test("underlines to the end of a line when the place goes on", () => {
  expect(codeFrame(source, { ...place, line: 5, column: 2, endLine: 7, endColumn: 1 })).toMatchInlineSnapshot(`
    "    3 | three
        4 | four
      > 5 | five
          |  ^^^
        6 |"
  `);
  expect(codeFrame("", { ...place, line: 1, column: 1, endLine: 1, endColumn: 1 })).toMatchInlineSnapshot(`
    "  > 1 |
          | ^"
  `);
});

test("takes colours", () => {
  expect(renderDiagnostic(refusal, { paint: picocolors.createColors(true) })).toContain("\u001b[31mrefusal\u001b[39m \u001b[1mHF2001");
});

test("shows what steers terminals as escapes, whoever wrote it", () => {
  const { place: _, ...steering } = diagnostic("HF2002", "refusal", { path: "patch.\u001b[2J\u202e", expected: "no such field", found: "\"\u009b\"" });
  expect(renderDiagnostic(steering)).toContain("`patch.\\u{1b}[2J\\u{202e}`");
  expect(renderDiagnostic(steering)).not.toMatch(/[\u001b\u009b\u202e]/); // oxlint-disable-line no-control-regex
});
