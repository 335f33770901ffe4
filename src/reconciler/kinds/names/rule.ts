import type { Source, SpecRule } from "../spec-rule.ts";

/** What AWS allows of a name. */
export interface NameForm {
  /** To be read after "must". */
  readonly must: string;
  readonly isAllowed: (name: string) => boolean;
  readonly source: Source;
}

/** The form of the `name` of a part, as a rule of its kind. */
export function nameRule<Part extends { readonly name?: string }>({
  must,
  isAllowed,
  source,
}: NameForm): SpecRule<Part> {
  return { at: "name", must, when: ({ name }) => name !== undefined && !isAllowed(name), source };
}
