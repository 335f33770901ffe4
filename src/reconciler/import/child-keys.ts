/** What children of a spec are called after what AWS calls them: readable, valid, each once, and the same each time. */
import { createHash } from "node:crypto";

/** As the schema allows a child. */
const MOST = 63;
const DIGITS = 6;

/**
 * A key for each name. It depends on the name alone, unless two names come out as the same: then each carries a digest of
 * its own.
 */
export function childKeys(names: readonly string[]): ReadonlyMap<string, string> {
  const all = [...new Set(names)];
  const plain = new Map(all.map((name) => [name, readable(name)]));
  const uses = new Map<string, number>();
  for (const key of plain.values()) uses.set(key, (uses.get(key) ?? 0) + 1);
  return new Map(
    all.map((name) => {
      const key = plain.get(name) ?? "";
      const isWhole = key !== "" && key.length <= MOST && uses.get(key) === 1;
      return [name, isWhole ? key : withDigest(key, name)];
    }),
  );
}

function readable(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

function withDigest(key: string, name: string): string {
  const digest = createHash("sha256").update(name).digest("hex").slice(0, DIGITS);
  const stem = key.slice(0, MOST - DIGITS - 1).replace(/-+$/, "");
  return stem === "" ? `x-${digest}` : `${stem}-${digest}`;
}
