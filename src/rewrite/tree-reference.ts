/** The identifiers of the source that injected references are tied to. */
import type { BindingName, Identifier, Node, SourceFile, Statement } from "typescript";
import type { Rewriting, TypeScript } from "./tree-rewriting.ts";

export class Occurrences {
  readonly #ts: TypeScript;
  readonly #source: SourceFile;
  #declared: ReadonlyMap<string, Identifier> | undefined;

  constructor({ ts, sourceFile }: Rewriting) {
    this.#ts = ts;
    // Another transformer may have run before; only nodes of the parser mean something to the checker.
    this.#source = ts.getParseTreeNode(sourceFile, ts.isSourceFile) ?? sourceFile;
  }

  /** The identifier of this name at the offset, or else the one that the module declares it with. */
  find(name: string, offset: number): Identifier | undefined {
    const there = this.#at(offset);
    if (there?.text === name) return there;
    this.#declared ??= readDeclaredNames(this.#ts, this.#source);
    return this.#declared.get(name);
  }

  #at(offset: number): Identifier | undefined {
    const source = this.#source;
    const search = (node: Node): Identifier | undefined => {
      if (offset < node.pos || offset >= node.end) return undefined;
      if (this.#ts.isIdentifier(node)) return node.getStart(source) === offset ? node : undefined;
      return this.#ts.forEachChild(node, search);
    };
    const statement = this.#statementAt(offset);
    return statement && search(statement);
  }

  #statementAt(offset: number): Statement | undefined {
    const { statements } = this.#source;
    let low = 0;
    let high = statements.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((statements[middle]?.pos ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return statements[low];
  }
}

/** The names of a module's own bindings: its declarations, and `var`s in its statements. */
function readDeclaredNames(ts: TypeScript, source: SourceFile): ReadonlyMap<string, Identifier> {
  const declared = new Map<string, Identifier>();
  const add = (name: BindingName | undefined): void => {
    if (!name) return;
    if (!ts.isIdentifier(name)) for (const element of name.elements) add(ts.isBindingElement(element) ? element.name : undefined);
    else if (!declared.has(name.text)) declared.set(name.text, name);
  };
  const addVars = (node: Node): void => {
    if (ts.isFunctionLike(node) || ts.isClassLike(node) || ts.isModuleDeclaration(node)) return;
    if (ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0) {
      for (const declaration of node.declarations) add(declaration.name);
    }
    ts.forEachChild(node, addVars);
  };
  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) for (const declaration of statement.declarationList.declarations) add(declaration.name);
    else if (ts.isFunctionDeclaration(statement) || ts.isClassDeclaration(statement) || ts.isEnumDeclaration(statement) || ts.isImportEqualsDeclaration(statement)) add(statement.name);
    else if (ts.isModuleDeclaration(statement) && ts.isIdentifier(statement.name)) add(statement.name);
    else addVars(statement);
  }
  return declared;
}
