/** One plugin with a face for each bundler. */
import { createUnplugin, type UnpluginInstance, type UnpluginOptions } from "unplugin";
import type { Compiler } from "webpack";
import { diagnostic } from "../messages/diagnostic.ts";
import type { TransformOptions } from "../transform/options.ts";
import { Bundle, type ModuleForm } from "./bundle.ts";
import { viteDefines } from "./defines.ts";
import { setUpEsbuild } from "./esbuild.ts";
import { rollupHooks } from "./rollup.ts";
import { messageOf } from "./tell.ts";
import { attach, transformWith } from "./webpack.ts";

const CHUNKS: ModuleForm = { typed: false, importMeta: true, tables: "chunk" };

/** Loaders that check types may come after us; `import.meta` becomes what the file's place was when it was built; SWC may minify. */
const WEBPACK: ModuleForm = { typed: true, importMeta: "url", tables: "chunk", opaque: true };

export const plugin: UnpluginInstance<TransformOptions | undefined> = createUnplugin((given: TransformOptions | undefined, { framework }) => {
  const options = given ?? {};
  const open = (tool: string, form: ModuleForm): Bundle => new Bundle(`ts-hotfix/${tool}`, options, process.cwd(), form);
  const base = { name: "ts-hotfix", enforce: "pre" } as const;
  switch (framework) {
    case "vite":
      return { ...base, vite: viteFace(open("vite", CHUNKS)) };
    case "webpack":
    case "rspack": {
      const bundle = open(framework, WEBPACK);
      // Rspack's compiler is webpack's, as far as it is used
      const connect = (compiler: unknown): void => attach(compiler as Compiler, bundle);
      return { ...base, transformInclude: (id: string) => bundle.covers(id), transform: transformWith(bundle), webpack: connect, rspack: connect };
    }
    case "esbuild":
      return { ...base, esbuild: { setup: (build) => setUpEsbuild(build, open("esbuild", CHUNKS)) } };
    case "rolldown":
      return { ...base, rolldown: rollupHooks(open("rolldown", CHUNKS), "Rolldown") as unknown as NonNullable<UnpluginOptions["rolldown"]> };
    default:
      return { ...base, rollup: rollupHooks(open("rollup-plugin", CHUNKS)) };
  }
});

/** Servers that are built: no browsers' code, and no development server, which has its own way to new code. */
function viteFace(bundle: Bundle): NonNullable<UnpluginOptions["vite"]> {
  return {
    ...(rollupHooks(bundle, "Vite") as unknown as NonNullable<UnpluginOptions["vite"]>),
    apply: "build",
    applyToEnvironment: ({ config }) => config.consumer === "server",
    configResolved(config) {
      bundle.configure({ root: config.root, defines: viteDefines(config) });
      if (config.build.ssr === false && config.builder === undefined) config.logger.info(messageOf(diagnostic("HF0035", "notice", {})));
    },
  };
}
