/** A JSON value in the layout of YAML, for reading: maps and lists by indentation, texts quoted where YAML would. */
export function yamlLines(value: unknown): string[] {
  if (Array.isArray(value)) return value.length === 0 ? ["[]"] : value.flatMap(itemLines);
  if (value !== null && typeof value === "object") {
    const entries = Object.entries(value);
    return entries.length === 0 ? ["{}"] : entries.flatMap(([name, member]) => memberLines(name, member));
  }
  return [scalarText(value)];
}

function memberLines(name: string, member: unknown): string[] {
  const key = `${scalarText(name)}:`;
  const lines = yamlLines(member);
  if (isNested(member)) return [key, ...lines.map((line) => `  ${line}`)];
  return [`${key} ${lines[0]}`];
}

function itemLines(item: unknown): string[] {
  const [first, ...rest] = yamlLines(item);
  return [`- ${first}`, ...rest.map((line) => `  ${line}`)];
}

function isNested(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).length > 0;
}

/** Plain where YAML reads it back as the same text; JSON otherwise. */
function scalarText(value: unknown): string {
  if (typeof value !== "string") return JSON.stringify(value) ?? "null";
  const isPlain = /^[A-Za-z_/][\w./@+-]*(:[\w./@+-]+)*$/.test(value);
  const isWord = /^(true|false|yes|no|on|off|null|y|n)$/i.test(value);
  return isPlain && !isWord ? value : JSON.stringify(value);
}
