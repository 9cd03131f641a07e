/** Edits of generated trees: what people do to declarations, imports and files. */
import fc from "fast-check";
import { declare, genes, resolve, settle, tidy, type Declaration, type Export, type Gene, type Tree, type Type, type Use } from "./model.ts";
import type { Kind } from "../programs.ts";

export interface Edit {
  readonly op: (typeof OPERATIONS)[number];
  /** Which declaration, and what of it: taken modulo what there is. */
  readonly at: number;
  readonly by: number;
  readonly gene: Gene;
}

const OPERATIONS = [
  "tag", "tag", "tag", "closure tag", "closure tag", "value", "value", "value", "enum or class", "parameters", "default", "kind", "form", "rename", "add used", "add used", "add", "remove", "remove unused", "swap", "reassignable",
  "move", "move to new module", "style", "export", "add use", "add use", "remove use", "change use", "change use", "closure", "closure use", "flags", "remark", "type", "replace", "body of many",
] as const;

export const anyEdit: fc.Arbitrary<Edit> = fc.record({ op: fc.constantFrom(...OPERATIONS), at: fc.nat(60), by: fc.nat(60), gene: genes });

const KINDS: readonly Kind[] = ["sync", "async", "generator", "asyncGenerator"];
const FORMS: readonly Declaration["form"][] = ["declaration", "expression", "arrow", "concise arrow"];
const EXPORTS: readonly Export[] = ["inline", "list", "alias", "default", "private"];
const CONSTANTS: readonly Type[] = ["primitive", "array", "object", "map", "set", "regex", "functions", "table", "computed"];

export function applyEdits(base: Tree, edits: readonly Edit[]): Tree {
  const tree = settle(edits.reduce(applyEdit, base));
  const known = new Set(base.declarations.map(({ module }) => module));
  // What a new module's statements do to the host is not undone: they only look.
  return { ...tree, declarations: tree.declarations.map((each) => (each.type === "statement" && !known.has(each.module) ? { ...each, variant: 2 } : each)) };
}

function applyEdit(tree: Tree, edit: Edit): Tree {
  const { declarations } = tree;
  const { op, at, by, gene } = edit;
  const pick = (types: readonly Type[] = declarations.map(({ type }) => type)): Declaration | undefined => {
    const found = declarations.filter(({ type }) => types.includes(type));
    return found[at % Math.max(1, found.length)];
  };
  const change = (each: Declaration | undefined, changes: Partial<Declaration>): Tree => (each ? { ...tree, declarations: declarations.map((one) => (one === each ? tidy({ ...one, ...changes }) : one)) } : tree);
  const fn = pick(["function"]);
  const any = pick();
  switch (op) {
    case "tag": return change(fn, { tag: (fn?.tag ?? 0) + 100 + by });
    case "closure tag": return change(pick(["function"]) , { closureTag: (fn?.closureTag ?? 0) + 100 + by });
    case "value": { const each = pick(CONSTANTS); return change(each, by % 2 === 0 ? { variant: by % 12 } : { tag: by + 100, variant: by % 12 }); }
    case "enum or class": { const each = pick(["enum", "class", "namespace", "statement", "counter", "computed"]); return change(each, by % 2 === 0 ? { variant: by % 12 } : { tag: by + 100 }); }
    case "parameters": return change(fn, { parameters: gene.parameters });
    case "default": return change(fn, { variant: by % 12 });
    case "kind": return change(fn, { kind: KINDS[by % 4] ?? "sync" });
    case "form": return change(fn, { form: FORMS[by % 4] ?? "declaration" });
    case "rename": return change(any, { name: `${any?.name ?? ""}_` });
    case "add used": {
      const [grown, added] = add(tree, edit);
      return { ...grown, declarations: grown.declarations.map((each) => (each.id === fn?.id ? { ...each, uses: [...each.uses, { to: added.id, how: by }] } : each)) };
    }
    case "add": return add(tree, edit)[0];
    case "remove": return { ...tree, declarations: declarations.filter((each) => each !== any) };
    case "remove unused": {
      const unused = declarations.filter(({ id }) => !declarations.some((each) => [...each.uses, ...each.closureUses].some(({ to }) => to === id)));
      return { ...tree, declarations: declarations.filter((each) => each !== unused[at % Math.max(1, unused.length)]) };
    }
    case "swap": {
      const [first, second] = [at % declarations.length, by % declarations.length];
      return { ...tree, declarations: declarations.map((each, index) => declarations[index === first ? second : index === second ? first : index] ?? each) };
    }
    case "reassignable": return change(any, { reassignable: !any?.reassignable });
    case "move": return change(any, { module: by % (1 + Math.max(...declarations.map(({ module }) => module))) });
    case "move to new module": return change(any, { module: 1 + Math.max(...declarations.map(({ module }) => module)) });
    case "style": return { ...tree, styles: tree.styles.map((style, index) => (index === at % tree.styles.length ? by % 6 : style)) };
    case "export": return change(any, { exported: EXPORTS[by % 5] ?? "inline" });
    case "add use": return change(any, { uses: [...(any?.uses ?? []), ...resolve([{ to: by, how: gene.tag }], tree)] });
    case "remove use": return change(any, { uses: any?.uses.filter((_, index, all) => index !== by % all.length) ?? [] });
    case "change use": return change(fn, { uses: changeUse(fn?.uses ?? [], by) });
    case "closure": return change(fn, { closure: gene.closure });
    case "closure use": return change(fn, { closureUses: fn && fn.closureUses.length > 0 ? changeUse(fn.closureUses, by) : resolve([{ to: by, how: gene.tag }], tree) });
    case "flags": return change(fn, { throws: by % 3 === 0 ? !fn?.throws : fn?.throws === true, usesThis: by % 2 === 0 ? !fn?.usesThis : fn?.usesThis === true, usesArguments: by % 5 === 1 ? !fn?.usesArguments : fn?.usesArguments === true });
    case "remark": return change(any, { remark: by });
    case "type": return change(any, { type: gene.type });
    case "replace": return any ? change(any, { ...declare(gene, any.id, tree, any.module), name: any.name, uses: resolve(gene.uses, tree), closureUses: resolve(gene.closureUses, tree) }) : tree;
    case "body of many": return { ...tree, declarations: declarations.map((each, index) => (each.type === "function" && (index + at) % 2 === 0 ? { ...each, tag: each.tag + 100 + by } : each)) };
  }
}

function changeUse(uses: readonly Use[], by: number): readonly Use[] {
  return uses.map((use, index) => (index === by % uses.length ? { ...use, how: use.how + 1 + by } : use));
}

/** Few ids: two fixes add declarations of one name. */
function add(tree: Tree, { at, by, gene }: Edit): readonly [Tree, Declaration] {
  const modules = [...new Set(tree.declarations.map(({ module }) => module))];
  const wanted = 100 + (by % 4);
  const id = tree.declarations.some((each) => each.id === wanted) ? 200 + tree.declarations.length : wanted;
  const module = gene.module === 4 ? Math.max(0, ...modules) + 1 : (modules[at % Math.max(1, modules.length)] ?? 0);
  const raw = declare(gene, id, tree, module);
  const added = tidy({ ...raw, uses: resolve(raw.uses, tree), closureUses: resolve(raw.closureUses, tree) });
  const where = by % (tree.declarations.length + 1);
  return [{ ...tree, declarations: [...tree.declarations.slice(0, where), added, ...tree.declarations.slice(where)] }, added];
}
