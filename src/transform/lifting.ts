/** The option `lift`: what it says of a file. */
import picomatch from "picomatch";
import type { LiftRules } from "../analyze/members.ts";
import type { LiftSettings } from "../manifest/manifest.ts";
import type { TransformOptions } from "./options.ts";

/** With its defaults; undefined where nothing is lifted. */
export function liftSettings(lift: TransformOptions["lift"]): LiftSettings | undefined {
  if (lift === undefined || lift === false) return undefined;
  const { classes = true, objects = true, include } = lift === true ? {} : lift;
  return { classes, objects, include: include === undefined ? null : typeof include === "string" ? [include] : [...include] };
}

/** By a file's path below the folder that globs are relative to. Where `include` leaves a file out, tags still ask for single functions. */
export function liftRules(settings: LiftSettings | undefined): (path: string) => LiftRules | undefined {
  if (settings === undefined) return () => undefined;
  const { classes, objects, include } = settings;
  const isIncluded = include === null ? () => true : picomatch([...include]);
  return (path) => (isIncluded(path) ? { classes, objects } : { classes: false, objects: false });
}
