/** A tag is a field like any other, under this prefix; here is the only place that spells it. */
import type { Value } from "../../model/value.ts";
import type { Difference, Fields } from "./resource.ts";

const PREFIX = "tags.";

export function tagField(name: string): string {
  return `${PREFIX}${name}`;
}

export function isTag(field: string): boolean {
  return field.startsWith(PREFIX);
}

/** Name of the tag that a field stands for. */
export function tagName(field: string): string {
  return field.slice(PREFIX.length);
}

/** The tags among some fields: name → value. */
export function tagsAmong(fields: Fields): Record<string, Value> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([field, value]) => (isTag(field) ? [[tagName(field), value]] : [])),
  );
}

/** Without the tags. */
export function withoutTags(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !isTag(field)));
}

/** What has to be written and removed to bring the tags to what is wanted. */
export function tagChanges(differences: readonly Difference[]): {
  write: Record<string, Value>;
  remove: string[];
} {
  const tags = differences.filter(({ field }) => isTag(field));
  return {
    write: Object.fromEntries(
      tags.flatMap(({ field, desired }) => (desired === null ? [] : [[tagName(field), desired]])),
    ),
    remove: tags.filter(({ desired }) => desired === null).map(({ field }) => tagName(field)),
  };
}
