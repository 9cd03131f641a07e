/** The survey as one HTML page. The code of modules is compressed in blocks, which the page opens when they are looked at. */
import { deflateRawSync } from "node:zlib";
import { writeDocument } from "../html/document.ts";
import { PALETTE } from "../html/palette.ts";
import type { ModuleCode, PageData, PageModule } from "./page-data.ts";
import { SCRIPT, STYLE } from "./page-client.ts";
import type { Survey } from "./survey.ts";

/** Characters of code in a block: small modules share one, and compress the better for it. */
const BLOCK = 200_000;

export function writePage({ errors, modules: surveyed, ...rest }: Survey): string {
  const blocks: ModuleCode[][] = [];
  let room = 0;
  const modules = surveyed.map(({ code, ...module }): PageModule => {
    if (code === undefined) return module;
    if (room <= 0) {
      blocks.push([]);
      room = BLOCK;
    }
    room -= code.text.length;
    const at = (blocks.at(-1)?.push(code) ?? 0) - 1;
    return { ...module, block: blocks.length - 1, at };
  });
  const data: PageData = { ...rest, notices: [...rest.notices, ...errors.map(({ message }) => message)], modules };
  const body = `<noscript><p>This page is drawn by its own script, and loads nothing. Allow scripts to see it.</p></noscript>
<div id="page"></div>
<script type="text/plain" id="data">${pack(data)}</script>
${blocks.map((block, index) => `<script type="text/plain" id="block-${index}">${pack(block)}</script>`).join("\n")}`;
  return writeDocument({ title: `ts-hotfix: ${rest.package}`, style: `${PALETTE}${STYLE}`, body, script: SCRIPT });
}

/** Base64, in which nothing of HTML can be. */
function pack(value: unknown): string {
  return deflateRawSync(Buffer.from(JSON.stringify(value), "utf8"), { level: 9 }).toString("base64");
}
