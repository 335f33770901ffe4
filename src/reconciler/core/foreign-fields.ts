/** A member of AWS's answer that no field of the spec stands for is a field under this prefix; only here it is spelt. */
import type { Fields } from "./resource.ts";

const PREFIX = "unknown.";

export function foreignField(awsPath: string): string {
  return `${PREFIX}${awsPath}`;
}

export function isForeign(field: string): boolean {
  return field.startsWith(PREFIX);
}

/** AWS's path of the member that a field stands for: `CreditSpecification.CpuCredits`. */
export function foreignPath(field: string): string {
  return field.slice(PREFIX.length);
}

/** The members of somebody else's among some fields. */
export function foreignAmong(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => isForeign(field)));
}
