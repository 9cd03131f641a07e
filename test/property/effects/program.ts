/**
 * Generated programs whose functions do all that functions can do to each other; see print.ts for what the steps become.
 * Only what is not promised is not among them: two asynchronous calls under way at once (their order shows microtasks), texts of functions.
 */
import fc from "fast-check";
import type { Form, Kind, ParameterSpec } from "../programs.ts";

export type Format = "esm" | "cjs" | "sloppy";

const STEPS = [
  "note", "call", "call", "call", "assign", "assign own parameter", "local", "shadow", "closure", "kept closure", "try", "return in try", "throw", "loop", "labelled", "switch", "yield", "delegate", "by hand",
  "kept generator", "new", "subclass", "reflect", "object", "class", "this", "bound", "callback", "tag", "spread", "destructure", "hoisted", "chain", "await", "await in pattern", "identity", "loop over state", "return",
] as const;

export type StepName = (typeof STEPS)[number];

/** What one statement of a body is about; the numbers choose among what there is where it stands. */
export interface Step {
  readonly name: StepName;
  readonly a: number;
  readonly b: number;
  readonly inner: readonly Step[];
}

export type EffectParameter = ParameterSpec | "call" | "closure" | "later" | "nested" | "computed";

export interface EffectFunction {
  readonly form: Form | "named expression" | "exported" | "default";
  readonly kind: Kind;
  readonly parameters: readonly EffectParameter[];
  /** Its first parameter is called as another function or variable of the module. */
  readonly shadows: boolean;
  readonly inLibrary: boolean;
  readonly steps: readonly Step[];
  readonly result: number;
}

export interface EffectProgram {
  readonly format: Format;
  /** The library imports the main module. */
  readonly isCycle: boolean;
  readonly functions: readonly EffectFunction[];
  /** By function: called while its module is evaluated, before its declaration where it is hoisted. */
  readonly early: readonly boolean[];
}

const number = fc.nat({ max: 20 });
const step: fc.Memo<Step> = fc.memo((depth) =>
  fc.record({ name: fc.constantFrom(...STEPS), a: number, b: number, inner: depth <= 1 ? fc.constant([]) : fc.array(step(depth - 1), { maxLength: 3 }) }),
);

const effectFunction: fc.Arbitrary<EffectFunction> = fc
  .record({
    form: fc.constantFrom<EffectFunction["form"]>("declaration", "declaration", "exported", "default", "expression", "named expression", "arrow block", "arrow expression"),
    kind: fc.constantFrom<Kind>("sync", "sync", "async", "generator", "asyncGenerator"),
    parameters: fc.array(fc.constantFrom<EffectParameter>("name", "name", "literal", "effect", "reference", "pattern", "pattern default", "rest", "call", "closure", "later", "nested", "computed"), { maxLength: 4 }),
    shadows: fc.integer({ min: 0, max: 5 }).map((each) => each === 5),
    inLibrary: fc.boolean(),
    steps: fc.array(step(3), { minLength: 1, maxLength: 6 }),
    result: number,
  })
  .map((spec) => ({
    ...spec,
    kind: !spec.form.startsWith("arrow") ? spec.kind : spec.kind === "generator" ? "sync" : spec.kind === "asyncGenerator" ? "async" : spec.kind,
    parameters: spec.parameters.filter((each, index) => each !== "rest" || index === spec.parameters.length - 1),
  }));

export const effectProgram: fc.Arbitrary<EffectProgram> = fc
  .record({
    format: fc.constantFrom<Format>("esm", "esm", "cjs", "sloppy"),
    isCycle: fc.boolean(),
    functions: fc.array(effectFunction, { minLength: 2, maxLength: 6 }),
    early: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  })
  .map((spec) => {
    // a module has one default export
    const taken = new Set<boolean>();
    const functions = spec.functions.map((each) => {
      if (each.form !== "default") return each;
      const isSecond = taken.has(each.inLibrary);
      taken.add(each.inLibrary);
      return isSecond ? { ...each, form: "exported" as const } : each;
    });
    return { ...spec, functions };
  });
