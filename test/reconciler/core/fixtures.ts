/** Small resources of a made-up account, for the tests of the pure core. */

import { decide, type PlanInput } from "../../../src/reconciler/core/plan.ts";
import type {
  DesiredResource,
  KindRules,
  Observation,
  ObservedResource,
} from "../../../src/reconciler/core/resource.ts";

export function desired(key: string, more: Partial<DesiredResource> = {}): DesiredResource {
  return { key, kind: "thing", name: `name-of-${key}`, fields: {}, ...more };
}

export function observed(key: string, more: Partial<ObservedResource> = {}): ObservedResource {
  return {
    kind: "thing",
    id: `id-of-${key}`,
    name: `name-of-${key}`,
    key,
    owned: true,
    fields: {},
    attributes: { id: `id-of-${key}` },
    refersTo: [],
    lifecycle: "ready",
    observedAtMs: 0,
    ...more,
  };
}

/** A kind without surprises: one call each for making, changing, tagging and removing. */
export function thing(more: Partial<KindRules> = {}): KindRules {
  return {
    name: "thing",
    family: "traffic",
    create: ({ name }) => ({ operation: "x:Create", input: { name } }),
    update: ({ fields }) => [{ operation: "x:Modify", input: { ...fields } }],
    remove: ({ id }) => [{ operation: "x:Delete", input: { id } }],
    tag: (_observed, write, remove) => [{ operation: "x:Tag", input: { write, remove } }],
    ...more,
  };
}

export function observation(
  resources: readonly ObservedResource[],
  more: Partial<Observation> = {},
): Observation {
  return { resources, unknownKinds: new Map(), unreadable: new Map(), ...more };
}

export function planInput(more: Partial<PlanInput> = {}): PlanInput {
  return {
    kindNamed: (name) => thing({ name, family: name === "alarm" ? "alarms" : "traffic" }),
    desired: [],
    observation: observation([]),
    applied: new Map(),
    withheld: new Map(),
    failed: new Set(),
    goal: "Converge",
    ...more,
  };
}

/** Verb and address of what would be done now, and of what has to wait. */
export function decided(more: Partial<PlanInput>): { now: string[]; waiting: string[]; obstacles: string[] } {
  const { actions, obstacles } = decide(planInput(more));
  const text = ({ verb, key }: { verb: string; key: string }) => `${verb} ${key}`;
  return {
    now: actions.filter((action) => action.calls.length > 0).map(text),
    waiting: actions.filter((action) => action.calls.length === 0).map(text),
    obstacles: obstacles.map((obstacle) => obstacle.reason),
  };
}
