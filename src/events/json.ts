/** Looks at JSON that anybody may have written: nothing here throws, and nothing is longer or deeper than its bound. */
import { LIMITS } from "../model/limits.ts";

export type Members = Readonly<Record<string, unknown>>;

export function membersOf(value: unknown): Members {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Members) : {};
}

/** Own members alone: `__proto__` and the like are names as any other. */
export function memberOf(value: unknown, name: string): unknown {
  const members = membersOf(value);
  return Object.hasOwn(members, name) ? members[name] : undefined;
}

/** A text that is neither empty nor too long, in one line. */
export function textOf(value: unknown): string | undefined {
  if (typeof value !== "string" || value === "" || value.length > LIMITS.eventCharacters) return undefined;
  return isPlain(value) ? value : undefined;
}

/** The same of what people have written, such as a user agent: cut where it is too long. */
export function wordsOf(value: unknown): string | undefined {
  if (typeof value !== "string") return undefined;
  const plain = [...value.slice(0, LIMITS.eventCharacters)].filter(isPlain).join("").trim();
  return plain === "" ? undefined : plain;
}

function isPlain(text: string): boolean {
  return !/\p{C}/u.test(text);
}

/** What stands at a path: `rulePriorities[].ruleArn`. Texts alone, and no more than are looked at. */
export function textsAt(value: unknown, path: string): string[] {
  let found: unknown[] = [value];
  for (const step of path.split(".")) {
    const name = step.replace("[]", "");
    found = found.map((each) => memberOf(each, name));
    if (step.endsWith("[]"))
      found = found.flatMap((each) => (Array.isArray(each) ? each.slice(0, LIMITS.eventNames) : []));
  }
  return found
    .map(textOf)
    .filter((text) => text !== undefined)
    .slice(0, LIMITS.eventNames);
}

/** All texts under a name that `isWanted`, wherever they stand. */
export function textsUnder(value: unknown, isWanted: (name: string) => boolean): string[] {
  const found = new Set<string>();
  const walk = (each: unknown, name: string, depth: number): void => {
    if (depth > LIMITS.eventDepth || found.size >= LIMITS.eventNames) return;
    if (Array.isArray(each)) {
      for (const item of each) walk(item, name, depth + 1);
    } else if (typeof each === "string") {
      const text = isWanted(name) ? textOf(each) : undefined;
      if (text !== undefined) found.add(text);
    } else {
      for (const [member, inner] of Object.entries(membersOf(each))) walk(inner, member, depth + 1);
    }
  };
  walk(value, "", 0);
  return [...found];
}
