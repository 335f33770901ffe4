/** A tag by which somebody says that a resource is managed: with this value, or with any. */
export interface ManagerTag {
  readonly manager: string;
  readonly tag: string;
  readonly value?: string;
}

const ONE = /^(?<manager>[a-z0-9][a-z0-9-]*)=(?<tag>[^=]+?)(?:=(?<value>.*))?$/;

/** `terraform=ManagedBy=terraform,pulumi=pulumi:project`; `undefined` of what is not written so. */
export function managerTagsIn(text: string): readonly ManagerTag[] | undefined {
  const tags: ManagerTag[] = [];
  for (const part of text.split(",").map((one) => one.trim())) {
    const { manager, tag, value } = ONE.exec(part)?.groups ?? {};
    if (manager === undefined || tag === undefined) return undefined;
    tags.push({ manager, tag, ...(value === undefined ? {} : { value }) });
  }
  return tags;
}
