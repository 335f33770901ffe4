import { createHash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import type { TokenEntry } from "../model/actor.ts";
import { LIMITS } from "../model/limits.ts";

/** A token that can be guessed is no token. */
export const SHORTEST_TOKEN = 16;
/** Whoever has a token without a name. */
const NAMELESS = "admin";
const NAME = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,62}$/;

/** The file cannot be used. The message says why, and never holds a token. */
export class TokenFileFault extends Error {}

/**
 * The file of tokens, one for a line: `<name> <token> [read]`, or a token alone, which is called `admin`. Blank lines
 * and lines that begin with `#` are passed over. A name may have several tokens, so that one can be exchanged.
 */
export class TokenFile {
  readonly #path: string;
  #seen: string;
  #entries: readonly TokenEntry[];
  /** Why the file as it is now is not used, and what it held before is. */
  fault: string | undefined;

  /** @throws TokenFileFault */
  constructor(path: string) {
    this.#path = path;
    const { seen, entries } = read(path);
    this.#seen = seen;
    this.#entries = entries;
  }

  /** The tokens of today: read again when the file has changed. A file that cannot be used changes nothing. */
  entries(): readonly TokenEntry[] {
    if (identityOf(this.#path) !== this.#seen) this.reread();
    return this.#entries;
  }

  reread(): void {
    this.#seen = identityOf(this.#path);
    try {
      this.#entries = read(this.#path).entries;
      this.fault = undefined;
    } catch (error) {
      if (!(error instanceof TokenFileFault)) throw error;
      this.fault = error.message;
    }
  }
}

/** What moves when the file is written, or another one takes its place. */
function identityOf(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false, bigint: true });
  return stats === undefined ? "" : [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.mode].join();
}

function read(path: string): { seen: string; entries: readonly TokenEntry[] } {
  const seen = identityOf(path);
  let text: string;
  let mode: number;
  try {
    text = readFileSync(path, "utf8");
    mode = statSync(path).mode;
  } catch (error) {
    throw new TokenFileFault(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  // Whoever may read it is for the operator to decide: mounted secrets are often readable by all of a container.
  if ((mode & 0o002) !== 0)
    throw new TokenFileFault("can be written by everybody; take that right away with chmod o-w");
  return { seen, entries: tokensIn(text) };
}

/** @throws TokenFileFault about the first line that cannot be used */
export function tokensIn(text: string): readonly TokenEntry[] {
  const lines = text
    .split("\n")
    .map((line, index) => ({ words: line.split(/\s+/).filter((word) => word !== ""), number: index + 1 }))
    .filter(({ words }) => words.length > 0 && !words[0]?.startsWith("#"));
  if (lines.length === 0) throw new TokenFileFault("is empty");
  if (lines.length > LIMITS.tokens) throw new TokenFileFault(`holds more than ${LIMITS.tokens} tokens`);
  const entries = lines.map(({ words, number }) => entryOf(words, number));
  const repeated = entries.findIndex(
    ({ digest }, index) => entries.findIndex((other) => other.digest === digest) < index,
  );
  if (repeated >= 0)
    throw new TokenFileFault(`line ${lines[repeated]?.number}: the token stands there twice`);
  return entries;
}

function entryOf(words: readonly string[], line: number): TokenEntry {
  const [name, token = "", right, ...rest] = words.length === 1 ? [NAMELESS, words[0]] : words;
  if (rest.length > 0 || (right !== undefined && right !== "read")) {
    throw new TokenFileFault(
      `line ${line}: a line is "<name> <token>", "<name> <token> read", or a token alone`,
    );
  }
  if (name === undefined || !NAME.test(name)) {
    throw new TokenFileFault(
      `line ${line}: a name is up to 63 letters, digits and . _ @ -, and begins with a letter or digit`,
    );
  }
  if (token.length < SHORTEST_TOKEN) {
    throw new TokenFileFault(`line ${line}: the token has fewer than ${SHORTEST_TOKEN} characters`);
  }
  const digest = createHash("sha256").update(token).digest("hex");
  return { digest, actor: { name, mayWrite: right !== "read" } };
}
