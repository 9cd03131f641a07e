/** Generated programs: targets of all forms and kinds that call each other, and fixes of some of them. */
import fc from "fast-check";

export type Kind = "sync" | "async" | "generator" | "asyncGenerator";
export type Form = "declaration" | "expression" | "arrow block" | "arrow expression";

export interface FunctionSpec {
  readonly form: Form;
  readonly kind: Kind;
  readonly parameters: readonly ParameterSpec[];
  /** What it returns, beside its parameters. */
  readonly constant: number;
  /** Throws for odd calls. */
  readonly throws: boolean;
  /** Calls the one before. */
  readonly calls: boolean;
  readonly usesThis: boolean;
  readonly usesArguments: boolean;
}

export type ParameterSpec = "name" | "literal" | "effect" | "reference" | "pattern" | "pattern default" | "rest";

export interface ProgramSpec {
  readonly strict: boolean;
  readonly functions: readonly FunctionSpec[];
  /** By function: another constant in the fixed program. */
  readonly fixes: readonly boolean[];
}

const parameter = fc.constantFrom<ParameterSpec>("name", "literal", "effect", "reference", "pattern", "pattern default", "rest");

const functionSpec: fc.Arbitrary<FunctionSpec> = fc
  .record({
    form: fc.constantFrom<Form>("declaration", "expression", "arrow block", "arrow expression"),
    kind: fc.constantFrom<Kind>("sync", "async", "generator", "asyncGenerator"),
    parameters: fc.array(parameter, { maxLength: 4 }),
    constant: fc.integer({ min: 0, max: 99 }),
    throws: fc.boolean(),
    calls: fc.boolean(),
    usesThis: fc.boolean(),
    usesArguments: fc.boolean(),
  })
  .map((spec) => ({
    ...spec,
    kind: spec.form.startsWith("arrow") && spec.kind === "generator" ? "sync" : spec.form.startsWith("arrow") && spec.kind === "asyncGenerator" ? "async" : spec.kind,
    // A rest parameter is the last one.
    parameters: spec.parameters.filter((each, index) => each !== "rest" || index === spec.parameters.length - 1),
  }));

export const programSpec: fc.Arbitrary<ProgramSpec> = fc.array(functionSpec, { minLength: 1, maxLength: 6 }).chain((functions) =>
  fc.record({
    strict: fc.boolean(),
    functions: fc.constant(functions),
    fixes: fc.array(fc.boolean(), { minLength: functions.length, maxLength: functions.length }),
  }),
);

/** The program's text, a CommonJS file whose `main()` resolves to a trace of all that happened. */
export function printProgram({ strict, functions, fixes }: ProgramSpec, fixed: boolean): string {
  const bodies = functions.map((spec, index) => printFunction(spec, index, fixed && fixes[index] === true, functions[index - 1]));
  const calls = functions.flatMap((spec, index) => [`f${index}`, `f${index}, 5`, `f${index}, 6, { p: 7 }, 8, 9`].map((call) => `    await attempt(${JSON.stringify(spec.kind)}, ${call});`));
  return `${strict ? '"use strict";\n' : ""}let trace = [];
let state = 0;
const note = (what) => {
  trace.push(what);
  return ++state;
};

${bodies.join("\n\n")}

async function attempt(kind, fn, ...args) {
  try {
    const result = fn.apply({ own: 1 }, args);
    if (kind === "generator") trace.push([...result]);
    else if (kind === "asyncGenerator") for await (const each of result) trace.push(each);
    else trace.push(await result);
    trace.push([fn.name, fn.length, fn.constructor.name]);
  } catch (error) {
    // The engine words its own messages after the source text; see "Not promised" in docs/guard-matrix.md.
    trace.push(error instanceof TypeError ? "TypeError" : String(error));
  }
}

exports.main = async () => {
  trace = [];
  state = 0;
${calls.join("\n")}
  return JSON.stringify(trace);
};
`;
}

function printFunction(spec: FunctionSpec, index: number, fixed: boolean, before: FunctionSpec | undefined): string {
  const parameters = spec.parameters.map((each, position) => printParameter(each, position, spec.parameters)).join(", ");
  const names = spec.parameters.map((_, position) => `p${position}`);
  const arrow = spec.form.startsWith("arrow");
  const extra = arrow ? [] : [...(spec.usesThis ? ["typeof this, this && this.own"] : []), ...(spec.usesArguments ? ["arguments.length"] : [])];
  const value = `[${[JSON.stringify(fixed ? `fixed ${spec.constant}` : `f${index} ${spec.constant}`), ...names, ...extra].join(", ")}]`;
  const isAsync = spec.kind === "async" || spec.kind === "asyncGenerator";
  const star = spec.kind === "generator" || spec.kind === "asyncGenerator" ? "*" : "";
  if (spec.form === "arrow expression") return `const f${index} = ${isAsync ? "async " : ""}(${parameters}) => ${value};`;
  const lines = [
    `note(${JSON.stringify(`in f${index}`)});`,
    ...(spec.throws ? [`if (state % 3 === 0) throw new Error(${JSON.stringify(`${fixed ? "fixed" : "thrown"} ${spec.constant}`)});`] : []),
    ...(spec.calls && before ? [printCall(before, index - 1, isAsync)] : []),
    star === "*" ? `yield ${value};` : `return ${value};`,
    ...(star === "*" ? [`yield ${spec.constant};`] : []),
  ];
  const body = `{\n  ${lines.join("\n  ")}\n}`;
  if (spec.form === "arrow block") return `const f${index} = ${isAsync ? "async " : ""}(${parameters}) => ${body};`;
  const head = `${isAsync ? "async " : ""}function${star}`;
  return spec.form === "declaration" ? `${head} f${index}(${parameters}) ${body}` : `const f${index} = ${head} (${parameters}) ${body};`;
}

function printParameter(each: ParameterSpec, position: number, all: readonly ParameterSpec[]): string {
  const name = `p${position}`;
  switch (each) {
    case "name":
      return name;
    case "literal":
      return `${name} = ${position}`;
    case "effect":
      return `${name} = note("default of ${name}")`;
    case "reference":
      return position > 0 && all[position - 1] !== "rest" ? `${name} = [p${position - 1}]` : `${name} = state`;
    case "pattern":
      return `{ p: ${name} }`;
    case "pattern default":
      return `{ p: ${name} = note("in pattern") } = { p: state }`;
    case "rest":
      return `...${name}`;
  }
}

function printCall(before: FunctionSpec, index: number, inAsync: boolean): string {
  const call = `f${index}(1, { p: 2 })`;
  if (before.kind === "sync") return `trace.push(${call});`;
  if (before.kind === "generator") return `trace.push([...${call}]);`;
  if (!inAsync) return `void f${index};`;
  return before.kind === "async" ? `trace.push(await ${call});` : `for await (const each of ${call}) trace.push(each);`;
}
