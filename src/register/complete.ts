/** The manifest of a whole program, before it runs. */
import { writeManifest } from "../manifest/file.ts";
import type { Manifest } from "../manifest/manifest.ts";
import { HotfixError } from "../messages/diagnostic.ts";
import { languageOf } from "../syntax/parse.ts";
import { manifestOf } from "../transform/build-facts.ts";
import { openProject, type Project } from "../transform/project.ts";
import type { Erasure } from "./manifest-keeper.ts";
import type { RegisterSettings } from "./settings.ts";

/** Throws a HotfixError with the errors of all files. */
export function writeCompleteManifest(settings: RegisterSettings, entries: readonly string[], path: string, erasure: Erasure): Manifest {
  const project = openProject("ts-hotfix/register", { ...settings.options }, settings.root);
  const files = reached(project, entries).filter((file) => settings.covers(file));
  const [first, ...more] = project.errors(files);
  if (first) throw new HotfixError(first, ...more);
  const manifest = manifestOf(project, project.modules(files), { erasure: erasure === "node" ? erasure : undefined, resolution: { by: "node", conditions: [] } });
  writeManifest(path, manifest);
  return manifest;
}

/** All that is loaded, at once or later. */
function reached(project: Project, entries: readonly string[]): readonly string[] {
  const found = new Set(entries);
  for (const file of found) if (languageOf(file)) for (const next of project.links.namedBy(file)) found.add(next);
  return [...found];
}
