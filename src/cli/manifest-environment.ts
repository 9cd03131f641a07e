/** The build environment of a manifest, as rows. */
import type { BuildEnvironment, Coverage, LiftSettings } from "../manifest/manifest.ts";
import { PROVIDED } from "../manifest/manifest.ts";

export function environmentRows(environment: BuildEnvironment): readonly (readonly string[])[] {
  const { targets, init, lift, alwaysStrict, erasure, coverage, lockfile, compiler, defines, aliases, resolution } = environment;
  return [
    ["targets", targets],
    ["init", init],
    ["lift", lift === undefined ? "nothing" : describeLift(lift)],
    ["types", erasure === "node" ? "erased by Node.js" : "erased by the compiler"],
    ["scripts", alwaysStrict ? "made strict" : "as they are"],
    ["coverage", describeCoverage(coverage)],
    ["resolved by", resolution.by],
    ["conditions", resolution.conditions.length === 0 ? "none beside the usual" : resolution.conditions.join(", ")],
    ...(resolution.ambiguous ? [["paths", "a specifier may lead to any of several places"]] : []),
    ["lock file", lockfile ?? "none"],
    ...Object.entries(compiler).map(([name, value]) => [`compiler ${name}`, JSON.stringify(value)]),
    ...Object.entries(defines).map(([name, value]) => [`define ${name}`, value === PROVIDED ? "provided by the bundler" : value]),
    ...Object.entries(aliases).map(([name, value]) => [`alias ${name}`, value]),
  ];
}

function describeLift({ classes, objects, include }: LiftSettings): string {
  const what = [...(classes ? ["classes"] : []), ...(objects ? ["objects"] : [])].join(" and ");
  return include === null ? what : `${what} in ${include.join(", ")}`;
}

function describeCoverage({ root, include, exclude }: Coverage): string {
  const [taken, left] = [include === null ? "all" : include.join(", "), exclude === null ? "nothing" : exclude.join(", ")];
  return `${root === "" ? "." : root}; include ${taken}; exclude ${left}`;
}
