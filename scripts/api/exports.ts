import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript5";

export const ROOT = resolve(import.meta.dirname, "../..");

/** One public name of one entry of the package. */
export interface PublicName {
  readonly name: string;
  readonly kind: "function" | "class" | "type" | "value";
  /** As a user would read it in an editor. */
  readonly signature: string;
  /** The docstring, without its tags. */
  readonly text: string;
  readonly tags: readonly { readonly name: string; readonly text: string }[];
}

/** The package's entries (`.`, `./faces`, ...) and the source file behind each. */
export function entries(): ReadonlyMap<string, string> {
  const { exports } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as {
    exports: Readonly<Record<string, string | { readonly default: string }>>;
  };
  const sources = new Map<string, string>();
  for (const [entry, target] of Object.entries(exports)) {
    if (typeof target === "string") continue;
    const source = target.default.replace(/^\.\/dist\/(.*)\.js$/, "src/$1.ts");
    sources.set(entry, join(ROOT, source));
  }
  return sources;
}

/** What users can import from each entry, in the order of the alphabet. */
export function publicNames(): ReadonlyMap<string, readonly PublicName[]> {
  const sources = entries();
  const config = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, ROOT);
  const program = ts.createProgram(
    [...sources.values()],
    { ...options, noEmit: true, noLib: true, types: [] },
    ownFiles(options),
  );
  const checker = program.getTypeChecker();
  return new Map(
    [...sources].map(([entry, path]) => {
      const file = program.getSourceFile(path);
      const module = file && checker.getSymbolAtLocation(file);
      if (module === undefined) throw new Error(`${path} exports nothing`);
      const names = checker.getExportsOfModule(module).map((symbol) => describe(symbol, checker));
      return [entry, names.toSorted((a, b) => (a.name < b.name ? -1 : 1))];
    }),
  );
}

/** Names, docstrings and declarations are where exports lead: reading all other modules would take most of the time. */
function ownFiles(options: ts.CompilerOptions): ts.CompilerHost {
  const host = ts.createCompilerHost(options);
  return {
    ...host,
    resolveModuleNameLiterals: (literals, from) =>
      literals.map(({ text, parent }) =>
        ts.isExportDeclaration(parent)
          ? ts.resolveModuleName(text, from, options, host)
          : { resolvedModule: undefined },
      ),
  };
}

function describe(exported: ts.Symbol, checker: ts.TypeChecker): PublicName {
  const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
  const [declaration] = symbol.declarations ?? [];
  return {
    name: exported.name,
    kind: kindOf(symbol),
    signature: declaration === undefined ? exported.name : signatureOf(declaration),
    text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
    tags: symbol
      .getJsDocTags(checker)
      .map(({ name, text }) => ({ name, text: ts.displayPartsToString(text) })),
  };
}

function kindOf({ flags }: ts.Symbol): PublicName["kind"] {
  if (flags & ts.SymbolFlags.Function) return "function";
  if (flags & ts.SymbolFlags.Class) return "class";
  return flags & ts.SymbolFlags.Type ? "type" : "value";
}

/** The declaration without bodies of functions. */
function signatureOf(declaration: ts.Declaration): string {
  if (ts.isClassDeclaration(declaration)) {
    const members = declaration.members.map((member) => `  ${withoutBody(member)}`);
    return `class ${declaration.name?.text ?? ""} {\n${members.join("\n")}\n}`;
  }
  return withoutBody(declaration).replace(/^export /, "");
}

function withoutBody(node: ts.Node): string {
  const { body } = node as { readonly body?: ts.Node };
  const text = node.getText();
  return body === undefined ? text : `${text.slice(0, body.getStart() - node.getStart()).trim()};`;
}
