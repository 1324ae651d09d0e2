import { Composer, type Document, Lexer, type ParsedNode, Parser } from "yaml";
import type { MappingDocument } from "./document.ts";
import type { PlacedProblem } from "./finding.ts";
import { invalidMapping, type MappingError } from "./mapping-error.ts";
import type { Path } from "./path.ts";
import { indexLines, type TextLines } from "./text-lines.ts";
import { explainYamlErrors, placeProblem, type TextProblem } from "./yaml-problems.ts";
import { readTree, type SourceNode } from "./yaml-tree.ts";

export interface YamlReading {
  readonly document: MappingDocument;
  /** What does not keep the document from being checked. */
  readonly problems: readonly PlacedProblem[];
}

// 10,000 images take about a million characters.
const MOST_CHARACTERS = 2_000_000;
// The format needs a tenth of it. The parser recurses, and would run out of stack a good deal later.
const MOST_LEVELS = 64;

/** Reads one document of YAML 1.2 or JSON. Throws a `MappingError` where there is nothing that can be checked. */
export function readYaml(text: string, file: string): YamlReading {
  const source = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const lines = indexLines(source);
  const contents = readContents(source, lines);
  if (contents.kind === "unreadable") throw unreadable(contents.problems, lines, file);
  const { root, problems, aliasProblems } = readTree(contents.node);
  if (aliasProblems.length > 0) throw unreadable(aliasProblems, lines, file);
  return {
    document: locatedDocument(root, lines),
    problems: problems.map((problem) => placeProblem(problem, lines, file)),
  };
}

type Contents =
  | { readonly kind: "contents"; readonly node: ParsedNode }
  | { readonly kind: "unreadable"; readonly problems: readonly TextProblem[] };

function readContents(source: string, lines: TextLines): Contents {
  if (source.length > MOST_CHARACTERS) return reject(fileTooLarge(source));
  const parsed = parseDocuments(source);
  if (parsed.kind === "too-deep") return reject(tooDeep(parsed.offset));
  const errors = parsed.documents.flatMap((document) => [...document.errors, ...document.warnings]);
  const [first, second] = parsed.documents;
  const problems = [...explainYamlErrors(errors, lines), ...(second === undefined ? [] : [secondDocument(second)])];
  if (problems.length > 0) return reject(...problems);
  if (first === undefined || isEmpty(first)) return reject(emptyFile());
  return { kind: "contents", node: first.contents };
}

type Parsed =
  | { readonly kind: "documents"; readonly documents: readonly Document.Parsed<ParsedNode, false>[] }
  | { readonly kind: "too-deep"; readonly offset: number };

function parseDocuments(source: string): Parsed {
  const parser = new Parser();
  const tokens = [];
  for (const lexeme of new Lexer().lex(source)) {
    tokens.push(...parser.next(lexeme));
    if (parser.stack.length > MOST_LEVELS) return { kind: "too-deep", offset: parser.offset };
  }
  tokens.push(...parser.end());
  // Keys that are given twice are found later, together with everything else.
  const composer = new Composer<ParsedNode, false>({
    version: "1.2",
    schema: "core",
    merge: false,
    resolveKnownTags: false,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "silent",
  });
  return { kind: "documents", documents: [...composer.compose(tokens, false, source.length)] };
}

function locatedDocument(root: SourceNode, lines: TextLines): MappingDocument {
  return {
    value: root.value,
    placeOf: (path, part) => {
      const { node, keyOffset } = findNode(root, path);
      return lines.placeAt(part === "key" || node === null ? keyOffset : node.offset);
    },
    textAt: (path) => findNode(root, path).node?.text ?? null,
  };
}

interface FoundNode {
  /** Null where the path leads nowhere. */
  readonly node: SourceNode | null;
  /** Of the last key that is there. */
  readonly keyOffset: number;
}

function findNode(root: SourceNode, path: Path): FoundNode {
  let node = root;
  let keyOffset = root.offset;
  for (const step of path) {
    const child = node.children.get(String(step));
    if (child === undefined) return { node: null, keyOffset };
    ({ node, keyOffset } = child);
  }
  return { node, keyOffset };
}

function isEmpty({ contents, errors }: Document.Parsed<ParsedNode, false>): boolean {
  return errors.length === 0 && contents.range[0] === contents.range[1];
}

function reject(...problems: readonly TextProblem[]): Contents {
  return { kind: "unreadable", problems };
}

function unreadable(problems: readonly TextProblem[], lines: TextLines, file: string): MappingError {
  const inOrder = [...problems].sort((a, b) => a.offset - b.offset);
  return invalidMapping(
    file,
    inOrder.map((problem) => placeProblem(problem, lines, file).problem),
  );
}

function fileTooLarge(source: string): TextProblem {
  return {
    code: "file-too-large",
    offset: 0,
    expected: `${MOST_CHARACTERS} characters at most`,
    found: `${source.length} characters`,
    hint: "split the workload into several mappings",
  };
}

function tooDeep(offset: number): TextProblem {
  return {
    code: "too-deep",
    offset,
    expected: `${MOST_LEVELS} levels of nesting at most`,
    found: "more",
    hint: "an account mapping needs six: look for brackets that are not closed",
  };
}

function emptyFile(): TextProblem {
  return {
    code: "empty-file",
    offset: 0,
    expected: "an account mapping",
    found: "nothing but space and comments",
    hint: "start with version: 1",
  };
}

function secondDocument({ range }: Document.Parsed<ParsedNode, false>): TextProblem {
  return {
    code: "multiple-documents",
    offset: range[0],
    expected: "one document",
    found: "a second one",
    hint: "remove the line with --- and what follows it, or put it into a file of its own",
  };
}
