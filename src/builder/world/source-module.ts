/** A module of a project as one of a world, where there is no base to compare it with. */
import type { Project, SourceModule } from "../../transform/project.ts";
import { originOfAnswer } from "./base-world.ts";
import { WorldModule } from "./module.ts";
import { Analyses } from "./analyses.ts";

export function worldModule(project: Project, { key, file, content, fingerprint, analysis }: SourceModule): WorldModule {
  const source = { key, file, content, fingerprint, text: () => analysis.parsed.text, options: project.analyzeOptions(file) };
  return new WorldModule(source, new Analyses(), (specifier) => originOfAnswer(specifier, project.answerOf(file, specifier)));
}
