import { stringify } from "yaml";

/** A value as a YAML document that {@link parseYaml} reads back as the same value; long texts in blocks, no line folded. */
export function yamlOf(value: unknown): string {
  return stringify(value, { schema: "core", aliasDuplicateObjects: false, lineWidth: 0 });
}
