/** `ts-hotfix/transformer`: the adapter for TypeScript 6 and 5.9 through ts-patch. */
import "../src/node/exit-on-old-node.ts";
import type { Program, SourceFile, TransformerFactory } from "typescript";
import { applyPlanToTree } from "../src/rewrite/tree.ts";
import type { TransformOptions } from "../src/transform/options.ts";
import { isPlanned } from "../src/transform/project.ts";
import { report, type TransformerExtras } from "./report.ts";
import { openSession, type Session } from "./session.ts";

export type { TransformOptions as HotfixOptions } from "../src/transform/options.ts";
export type { TransformerExtras } from "./report.ts";

/** A program is emitted in one go or file by file (`incremental`); what is done once per program lives as long as it does. */
const sessions = new WeakMap<Program, { readonly session: Session | undefined }>();

/**
 * Makes the top-level functions of a program patchable and writes the manifest of the build beside it.
 * ts-patch calls it; nobody else needs to.
 *
 * @param config the entry of `compilerOptions.plugins`, all optional; see {@link TransformOptions}. Globs and the
 *   manifest's path are relative to the folder of `tsconfig.json`. Wrong options, like every other "no", become
 *   diagnostics of the compiler: HF0001, HF0003, HF0010 and so on in the message.
 * @example
 * { "compilerOptions": { "plugins": [{ "transform": "ts-hotfix/transformer", "include": ["src/**"] }] } }
 */
export default function hotfix(program: Program, config: TransformOptions, extras: TransformerExtras): { readonly before: TransformerFactory<SourceFile> } {
  const known = sessions.get(program) ?? { session: openSession(program, { ...config }, extras) };
  sessions.set(program, known);
  const { session } = known;
  return {
    before: (context) => (sourceFile) => {
      if (!session?.covers(sourceFile)) return sourceFile;
      session.begin();
      const emit = session.emitOptions(sourceFile);
      if (!emit) return sourceFile;
      const planned = session.project.plan(sourceFile.fileName, sourceFile.text, emit);
      for (const each of isPlanned(planned) ? planned.plan.diagnostics : planned) report(each, program, extras);
      return isPlanned(planned) ? applyPlanToTree(extras.ts, context, sourceFile, planned.plan) : sourceFile;
    },
  };
}
