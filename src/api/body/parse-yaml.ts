import {
  Composer,
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  Lexer,
  type Node,
  Parser,
  type Scalar,
  type YAMLMap,
} from "yaml";
import { LIMITS } from "../../model/limits.ts";
import { ApiError } from "../error.ts";
import { isExact } from "./parse-json.ts";
import { BODY_DEPTH, BODY_NODES, FORBIDDEN_NAMES, unreadable } from "./unreadable.ts";

/** The YAML parser keeps about this many entries of its stack for each level of nesting. */
const STACK_PER_LEVEL = 3;
/** Lexical tokens of one body: far more than manifests of the largest size have, and few enough to be read at once. */
const LEXEMES = LIMITS.manifestNodes * 8;

/**
 * The documents of a YAML 1.2 stream (core schema). Stricter than YAML: a name that stands twice in one map,
 * tags, numbers that cannot be held exactly, and names that reach JavaScript's prototypes are errors, as are
 * depth and size beyond the bounds, counted after aliases are followed. Empty documents are left out.
 *
 * @throws ApiError 400 that shows the place
 */
export function parseYaml(text: string): unknown[] {
  const composer = new Composer({
    schema: "core",
    resolveKnownTags: false,
    stringKeys: true,
    // Checked below, in linear time.
    uniqueKeys: false,
    logLevel: "silent",
    prettyErrors: false,
  });
  const documents: unknown[] = [];
  const keep = (found: Iterable<Document.Parsed>) => {
    for (const document of found) {
      const value = contentOf(text, document);
      if (value !== null) documents.push(value);
      if (documents.length > LIMITS.manifestsPerRequest) throw tooMany();
    }
  };
  for (const token of tokensOf(text)) keep(composer.next(token));
  keep(composer.end());
  return documents;
}

function tooMany(): ApiError {
  return new ApiError(
    413,
    `the body holds more than ${LIMITS.manifestsPerRequest} documents: send them in several requests`,
  );
}

/** The tokens, watched for depth and number while they are made: what comes after would recurse over them. */
function* tokensOf(text: string): ReturnType<Parser["next"]> {
  const parser = new Parser();
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    lexemes += 1;
    if (parser.stack.length > BODY_DEPTH * STACK_PER_LEVEL) {
      throw unreadable("YAML", text, parser.offset, `it is nested more than ${BODY_DEPTH} levels deep`);
    }
    if (lexemes > LEXEMES) {
      throw unreadable("YAML", text, parser.offset, "it holds too many values for one request");
    }
  }
  yield* parser.end();
}

function contentOf(text: string, document: Document.Parsed): unknown {
  const problem = document.errors[0] ?? document.warnings[0];
  if (problem !== undefined) throw unreadable("YAML", text, problem.pos[0], lowerFirst(problem.message));
  return document.contents === null ? null : new Reader(text).value(document.contents, 1);
}

function lowerFirst(message: string): string {
  const [line = ""] = message.split("\n");
  return line.charAt(0).toLowerCase() + line.slice(1);
}

class Reader {
  readonly #text: string;
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(node: Node | null, depth: number): unknown {
    this.#nodes += 1;
    if (depth > BODY_DEPTH) throw this.#fail(node, `it is nested more than ${BODY_DEPTH} levels deep`);
    if (this.#nodes > BODY_NODES) throw this.#fail(node, `it holds more than ${BODY_NODES} values`);
    if (node === null) return null;
    if (isAlias(node)) {
      const target = this.#anchors.get(node.source);
      if (target === undefined) throw this.#fail(node, `the alias *${node.source} has no anchor before it`);
      if (this.#open.has(target))
        throw this.#fail(node, `the alias *${node.source} stands within its own anchor`);
      return this.value(target, depth);
    }
    if (!isScalar(node) && !isCollection(node)) throw this.#fail(node, "this is not understood");
    if (node.anchor !== undefined) this.#anchors.set(node.anchor, node);
    if (isScalar(node)) return this.#scalar(node);
    this.#open.add(node);
    const value = isMap(node)
      ? this.#map(node, depth)
      : node.items.map((item) => this.value(item as Node | null, depth + 1));
    this.#open.delete(node);
    return value;
  }

  #map(map: YAMLMap, depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    for (const pair of map.items) {
      if (!isPair(pair) || !isScalar(pair.key)) throw this.#fail(map, "a name must be a plain text");
      const name = String(pair.key.value);
      if (FORBIDDEN_NAMES.has(name)) throw this.#fail(pair.key, `the name "${name}" is not allowed`);
      if (Object.hasOwn(object, name)) throw this.#fail(pair.key, `the name "${name}" stands here twice`);
      object[name] = this.value(pair.value as Node | null, depth + 1);
    }
    return object;
  }

  #scalar(node: Scalar): unknown {
    const { value, source = "" } = node;
    if (typeof value === "number" && !isExact(source, value)) {
      throw this.#fail(node, `the number ${source} cannot be held exactly; put it in quotes if it is a text`);
    }
    return value;
  }

  #fail(node: Node | null, problem: string): Error {
    return unreadable("YAML", this.#text, node?.range?.[0] ?? 0, problem);
  }
}
