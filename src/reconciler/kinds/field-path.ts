/** Paths of fields as faults tell them. */

/** A member below a path; a name with a dot or a bracket in it is quoted: `attributes["stickiness.type"]`. */
export function memberPath(path: string, name: string): string {
  return /[.[\]]/.test(name) ? `${path}[${JSON.stringify(name)}]` : `${path}.${name}`;
}
