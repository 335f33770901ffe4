import { BODY_DEPTH, BODY_NODES, FORBIDDEN_NAMES, unreadable } from "./unreadable.ts";

const BLANK = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids exactly these within a string
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORDS: ReadonlyMap<string, boolean | null> = new Map([
  ["true", true],
  ["false", false],
  ["null", null],
]);

/**
 * Strict JSON (RFC 8259), and stricter: a name that stands twice in one object, a number that cannot be held
 * exactly and names that reach JavaScript's prototypes are errors, as are depth and size beyond the bounds.
 *
 * @throws ApiError 400 that shows the place
 */
export function parseJson(text: string): unknown {
  const reader = new JsonReader(text);
  return reader.read();
}

class JsonReader {
  readonly #text: string;
  #at = 0;
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  read(): unknown {
    this.#blank();
    if (this.#at === this.#text.length) throw this.#fail("there is no value");
    const value = this.#value(1);
    this.#blank();
    if (this.#at < this.#text.length) throw this.#fail("there is something after the end of the value");
    return value;
  }

  #value(depth: number): unknown {
    this.#nodes += 1;
    if (depth > BODY_DEPTH) throw this.#fail(`it is nested more than ${BODY_DEPTH} levels deep`);
    if (this.#nodes > BODY_NODES) throw this.#fail(`it holds more than ${BODY_NODES} values`);
    switch (this.#text[this.#at]) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return this.#string();
      default:
        return this.#scalar();
    }
  }

  #object(depth: number): Record<string, unknown> {
    const object: Record<string, unknown> = {};
    this.#at += 1;
    this.#blank();
    if (this.#skip("}")) return object;
    for (;;) {
      const start = this.#at;
      if (this.#text[start] !== '"') throw this.#fail('a name in double quotes, or "}", was expected');
      const name = this.#string();
      if (FORBIDDEN_NAMES.has(name)) throw this.#fail(`the name "${name}" is not allowed`, start);
      if (Object.hasOwn(object, name)) throw this.#fail(`the name "${name}" stands here twice`, start);
      this.#blank();
      if (!this.#skip(":")) throw this.#fail('":" was expected');
      this.#blank();
      object[name] = this.#value(depth + 1);
      this.#blank();
      if (this.#skip("}")) return object;
      if (!this.#skip(",")) throw this.#fail('"," or "}" was expected');
      this.#blank();
    }
  }

  #array(depth: number): unknown[] {
    const array: unknown[] = [];
    this.#at += 1;
    this.#blank();
    if (this.#skip("]")) return array;
    for (;;) {
      array.push(this.#value(depth + 1));
      this.#blank();
      if (this.#skip("]")) return array;
      if (!this.#skip(",")) throw this.#fail('"," or "]" was expected');
      this.#blank();
    }
  }

  #string(): string {
    const raw = this.#match(STRING);
    if (raw === "")
      throw this.#fail("a string that does not end, or holds a control character or a bad escape");
    return JSON.parse(raw) as string;
  }

  #scalar(): unknown {
    const start = this.#at;
    const word = /[a-z]*/y;
    word.lastIndex = start;
    const letters = word.exec(this.#text)?.[0] ?? "";
    const known = WORDS.get(letters);
    if (known !== undefined) {
      this.#at += letters.length;
      return known;
    }
    const digits = this.#match(NUMBER);
    if (digits === "") {
      throw this.#fail(start === this.#text.length ? "it ends too early" : "a value was expected");
    }
    const value = Number(digits);
    if (!isExact(digits, value)) throw this.#fail(`the number ${digits} cannot be held exactly`, start);
    return value;
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? "";
    this.#at += found.length;
    return found;
  }

  #blank(): void {
    this.#match(BLANK);
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #fail(problem: string, at = this.#at): Error {
    return unreadable("JSON", this.#text, at, problem);
  }
}

const DECIMAL = /^[-+]?(\d*)(?:\.(\d*))?(?:[eE]([-+]?\d+))?$/;

/**
 * Whether the number is the one that was written: a whole number within the range that JavaScript holds exactly, or a
 * fraction of which no digit is lost.
 */
export function isExact(source: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  const written = decimalOf(source);
  if (written === undefined || !/[.eE]/.test(source)) return Number.isSafeInteger(value);
  return written === decimalOf(String(value));
}

/** Its digits without zeros at either end, and where the point stands; `undefined` of what is not decimal. */
function decimalOf(text: string): string | undefined {
  const [, whole, fraction = "", exponent = "0"] = DECIMAL.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const digits = `${whole}${fraction}`;
  const first = digits.search(/[1-9]/);
  if (first < 0) return "0";
  const significant = digits.slice(first).replace(/0+$/, "");
  return `${significant}e${whole.length - first + Number(exponent)}`;
}
