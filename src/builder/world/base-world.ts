/** The base world: the running program, as its manifest has it. */
import { join, relative, sep } from "node:path";
import type { LiftRules } from "../../analyze/members.ts";
import { readBlobs } from "../../manifest/git.ts";
import type { Answer, Manifest, ManifestModule } from "../../manifest/manifest.ts";
import { splitKey } from "../../manifest/module-key.ts";
import { diagnostic, HotfixError } from "../../messages/diagnostic.ts";
import { languageOf } from "../../syntax/parse.ts";
import { liftRules } from "../../transform/lifting.ts";
import { WorldModule } from "./module.ts";
import type { ImportOrigin } from "./outline.ts";
import type { Analyses } from "./analyses.ts";
import { World } from "./world.ts";

/** @param root folder of the host's package in the fixed tree: there the base's files would stand */
export function baseWorld(manifest: Manifest, root: string, analyses: Analyses): World {
  const rulesOf = hostLiftRules(manifest, root);
  const texts = new Texts(manifest, root);
  return new World(new Map([...manifest.modules].map(([key, module]) => {
    const file = fileOfKey(manifest, root, key);
    const { content, fingerprint } = module;
    const source = {
      key, file, content, fingerprint, text: () => texts.of(key, module),
      get facts() {
        return module.facts;
      },
      get named() {
        return module.named;
      },
      get options() {
        return { targets: manifest.environment.targets, lift: rulesOf(file), sourceType: /\.jsx?$/.test(file) ? module.facts.readAs : "module" } as const;
      },
    };
    return [key, new WorldModule(source, analyses, answersOf(module))];
  })));
}

/** Where a module's file stands below the root of the host's package. */
export function fileOfKey({ packages }: Pick<Manifest, "packages">, root: string, key: string): string {
  const { package: name, path } = splitKey(key);
  return join(root, packages[name] ?? ".", path);
}

/** What the host's build lifted in a file. */
export function hostLiftRules({ environment }: Manifest, root: string): (file: string) => LiftRules | undefined {
  const rulesOf = liftRules(environment.lift);
  return (file) => rulesOf(relative(join(root, environment.coverage.root), file).split(sep).join("/"));
}

function answersOf(module: ManifestModule): (specifier: string) => ImportOrigin {
  let known: ReadonlyMap<string, Answer> | undefined;
  return (specifier) => {
    known ??= new Map(module.facts.specifiers.map((each) => [each.specifier, each.answer]));
    const answer = known.get(specifier);
    return answer === undefined ? { specifier } : originOfAnswer(specifier, answer);
  };
}

/** Files of data are reached as packages are: by their specifier. */
export function originOfAnswer(specifier: string, answer: Answer): ImportOrigin {
  if (answer.is === "module") return { module: answer.key };
  return answer.is === "file" && languageOf(answer.key) !== undefined ? { module: answer.key } : { specifier };
}

/** Texts of modules; those that git has are read all at once. */
class Texts {
  readonly #manifest: Manifest;
  readonly #root: string;
  #blobs: ReadonlyMap<string, string> | undefined;

  constructor(manifest: Manifest, root: string) {
    this.#manifest = manifest;
    this.#root = root;
  }

  of(key: string, { text, blob = "" }: ManifestModule): string {
    if (text !== undefined) return text;
    this.#blobs ??= readBlobs(this.#root, [...this.#manifest.modules.values()].flatMap((each) => each.blob ?? []));
    const found = this.#blobs.get(blob);
    if (found === undefined) throw new HotfixError(diagnostic("HF2106", "error", { module: key, blob, root: this.#root }));
    return found;
  }
}
