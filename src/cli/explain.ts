/** `ts-hotfix explain CODE`, also as `ts-hotfix --explain CODE` */
import type { Command } from "commander";
import { catalogue, type CatalogueEntry } from "../messages/catalogue.ts";
import { diagnostic, HotfixError } from "../messages/diagnostic.ts";
import { jsonOption } from "./host-options.ts";
import { concluding, printJson, type Terminal } from "./terminal.ts";

export function addExplain(program: Command, terminal: Terminal): void {
  program
    .command("explain")
    .description("Tell what a code means and what to do about it.")
    .argument("<code>", "as in a message: HF1007")
    .addOption(jsonOption())
    .addHelpText("after", "\nExamples:\n  $ ts-hotfix explain HF1007\n  $ ts-hotfix --explain HF1007")
    .action((asked: string, { json }: { readonly json?: boolean }) =>
      concluding(terminal, "explain", json === true, async () => {
        const code = asked.toUpperCase().replace(/^(?=\d{4}$)/, "HF");
        const entry = Object.hasOwn(catalogue, code) ? catalogue[code as keyof typeof catalogue] : undefined;
        if (entry === undefined) throw new HotfixError(diagnostic("HF0006", "error", { detail: `there is no code \`${asked.slice(0, 40)}\`` }));
        if (json === true) printJson(terminal, "explain", { result: { code, ...entry } });
        else terminal.print(explanation(code, entry, terminal));
        return 0;
      }),
    );
}

function explanation(code: string, { slug, message, cause, remedy }: CatalogueEntry, { paint }: Terminal): string {
  return `${paint.bold(`${code} ${slug}`)}\n\n  ${message}\n\n${cause}\n\n${paint.bold("What to do.")} ${remedy}`;
}
