import { describe, expect, it } from "vitest";
import { OPERATIONS } from "../../../src/aws/operations.ts";
import { ownerOf } from "../../../src/reconciler/core/names.ts";
import { referencesIn } from "../../../src/reconciler/core/references.ts";
import { admit } from "../../../src/reconciler/kinds/admission.ts";
import { type FieldMeta, fieldsOf, META } from "../../../src/reconciler/kinds/field.ts";
import type { ServiceContext } from "../../../src/reconciler/kinds/kind.ts";
import { desiredOf, KINDS } from "../../../src/reconciler/kinds/registry.ts";
import { FULL_SPECS } from "../../support/full-specs.ts";

const serviceOf = (one = FULL_SPECS[0]): ServiceContext => {
  const key = { namespace: "default", name: "web-api" };
  return { key, owner: ownerOf("holdfast", key), spec: admit(one.spec()) };
};

describe("the schema is the registry", () => {
  const desired = FULL_SPECS.flatMap((one) => desiredOf(serviceOf(one)));

  it.each(KINDS)("every field of a $name is compared, or says that it is used once", ({ name, schema }) => {
    const compared = new Set(
      desired.filter(({ kind }) => kind === name).flatMap(({ fields }) => Object.keys(fields)),
    );
    const initial = new Set(
      desired.filter(({ kind }) => kind === name).flatMap((resource) => Object.keys(resource.initial ?? {})),
    );
    for (const info of fieldsOf(schema)) {
      if (name === "autoScalingGroup" && info.path.startsWith("launchTemplate.")) continue;
      const where = info.owner === "initial" ? initial : compared;
      expect([...where], `${name} ${info.path}`).toContain(info.path);
    }
  });

  it("names for every field a call that exists, or says that it is replaced or never changes", () => {
    const metas = KINDS.flatMap(({ schema }) => metasIn(schema));
    expect(metas.length).toBeGreaterThan(60);
    for (const { aws, change } of metas) {
      if (change === "replace" || change === "never") continue;
      expect(Object.keys(OPERATIONS), aws).toContain(change);
    }
  });

  it("describes every field for people", () => {
    const undescribed = KINDS.flatMap(({ name, schema }) => withoutDescription(schema, name));
    expect(undescribed).toEqual([]);
  });

  it("lists each kind after those that it refers to", () => {
    const seen = new Set<string>();
    for (const resource of desiredOf(serviceOf())) {
      seen.add(resource.address);
      for (const { address } of referencesIn({ ...resource.fields, ...resource.initial }))
        expect(seen).toContain(address);
    }
  });

  it("gives every resource an address and a name of its own", () => {
    const resources = desiredOf(serviceOf());
    expect(new Set(resources.map(({ address }) => address)).size).toBe(resources.length);
    expect(new Set(resources.map(({ kind, name }) => `${kind} ${name}`)).size).toBe(resources.length);
  });

  it("keeps secrets out of what is compared", () => {
    const text = JSON.stringify(desiredOf(serviceOf()).map(({ fields }) => fields));
    expect(text).not.toContain("/opt/app/start");
  });
});

interface Node {
  readonly [META]?: FieldMeta;
  readonly description?: string;
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly patternProperties?: Record<string, Node>;
}

function childrenOf({ properties = {}, items, patternProperties = {} }: Node): [string, Node][] {
  return [
    ...Object.entries(properties),
    ...Object.entries(patternProperties),
    ...(items === undefined ? [] : [["[]", items] as [string, Node]]),
  ];
}

function metasIn(node: Node): FieldMeta[] {
  const own = node[META];
  return [...(own === undefined ? [] : [own]), ...childrenOf(node).flatMap(([, child]) => metasIn(child))];
}

function withoutDescription(node: Node, path: string): string[] {
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => [
    ...(child.description === undefined ? [`${path}.${name}`] : []),
    ...withoutDescription(child, `${path}.${name}`),
  ]);
}
