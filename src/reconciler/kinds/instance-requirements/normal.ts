/** Attributes of instance types in the one form in which they are compared. */
import { isRecord, type Value, valuesEqual } from "../../../model/value.ts";
import { sortedSet } from "../../core/references.ts";
import type { Fields } from "../../core/resource.ts";
import { REQUIREMENT_DEFAULTS } from "./schema.ts";

/** AWS demands these two, also where they say nothing. */
const DEMANDED: readonly string[] = ["vCpuCount", "memoryMiB"];

/** Without what says nothing: an attribute at its default, a list of none, a least of 0. Order means nothing in its lists. */
export function normalRequirements(requirements: Fields): Fields {
  return Object.fromEntries(
    Object.entries(requirements).flatMap(([name, value]): [string, Value][] => {
      if (REQUIREMENT_DEFAULTS[name] !== undefined && valuesEqual(value, REQUIREMENT_DEFAULTS[name]))
        return [];
      if (DEMANDED.includes(name)) return [[name, value]];
      const said = saying(value);
      return said === undefined ? [] : [[name, said]];
    }),
  );
}

function saying(value: Value): Value | undefined {
  if (Array.isArray(value)) return value.length === 0 ? undefined : sortedSet(value);
  if (!isRecord(value)) return value;
  const members = Object.entries(value as Fields).filter(
    ([name, member]) => !(name === "min" && member === 0),
  );
  return members.length === 0 ? undefined : Object.fromEntries(members);
}
