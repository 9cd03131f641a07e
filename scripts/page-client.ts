/** The inspect page's own code and style, bundled, as a source file: what the page is written with needs no bundler. */
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

export async function renderPageClient(folder: URL): Promise<string> {
  const bundle = async (file: string): Promise<string> => {
    const { outputFiles } = await build({ entryPoints: [fileURLToPath(new URL(file, folder))], bundle: true, write: false, minify: true, format: "iife", target: ["chrome125", "firefox128", "safari17.5"], legalComments: "none" });
    return outputFiles[0]?.text.trim() ?? "";
  };
  const [script, style] = [await bundle("main.ts"), await bundle("page.css")];
  return `/** Generated from client/ by \`npm run generate\`. */\n\nexport const SCRIPT: string = ${JSON.stringify(script)};\n\nexport const STYLE: string = ${JSON.stringify(style)};\n`;
}
