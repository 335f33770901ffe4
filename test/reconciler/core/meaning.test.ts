import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { mandateOf } from "../../../src/reconciler/core/belonging/mandate.ts";
import { asMeant, meantIn } from "../../../src/reconciler/core/meaning.ts";
import type { DesiredResource, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { desired, observation, observed, THING } from "./fixtures.ts";

const LISTENER = addressFrom("loadBalancer.listeners.80");
const listener = desired(LISTENER, { kind: "listener", name: "alb:80" });
const rule = (name: string, priority: number): DesiredResource =>
  desired(`${LISTENER}.rules.${name}`, { kind: "rule", name: `alb:80/${name}`, fields: { priority } });
const there = (id: string, priority: number, more: Partial<ObservedResource> = {}): ObservedResource =>
  observed(id, { kind: "rule", id, name: `alb:80/${id}`, parent: "arn:80", fields: { priority }, ...more });
const parent = observed(LISTENER, { kind: "listener", id: "arn:80", name: "alb:80" });

function meant(
  wanted: readonly DesiredResource[],
  resources: readonly ObservedResource[],
  rows: Readonly<Record<string, string>> = {},
) {
  const made = Object.entries(rows).map(([id, name]) => ({
    kind: "rule" as const,
    id,
    address: addressFrom(`${LISTENER}.rules.${name}`),
  }));
  const found = meantIn({
    kindNamed,
    desired: [listener, ...wanted],
    observation: observation([parent, ...resources]),
    made,
  });
  return Object.fromEntries(wanted.map(({ address, name }) => [name.slice(7), found.get(address)?.id]));
}

describe("what a spec means, without a tag", () => {
  it("is what has the name; of two, the one with the lower id", () => {
    const wanted = desired("a", { kind: "targetGroup", name: "tg" });
    const two = ["arn:2", "arn:1"].map((id) => observed(id, { kind: "targetGroup", id, name: "tg" }));
    for (const listed of [two, two.toReversed()]) {
      const found = meantIn({ kindNamed, desired: [wanted], observation: observation(listed), made: [] });
      expect(found.get(wanted.address)?.id).toBe("arn:1");
    }
  });

  it("of a rule is the one with its priority, on the listener that is meant", () => {
    expect(meant([rule("a", 10)], [there("r1", 20), there("r2", 10)])).toEqual({ a: "r2" });
    expect(meant([rule("a", 10)], [there("r2", 10, { parent: "arn:443" })])).toEqual({ a: undefined });
  });

  it("is under its name only what is of its kind, and only once", () => {
    const wanted = [
      desired("a", { kind: "targetGroup", name: "x" }),
      desired("b", { kind: "targetGroup", name: "x" }),
    ];
    const there = [
      observed("alarm", { kind: "alarm", name: "x" }),
      observed("tg1", { kind: "targetGroup", name: "x" }),
      observed("tg2", { kind: "targetGroup", name: "y" }),
    ];
    const found = meantIn({ kindNamed, desired: wanted, observation: observation(there), made: [] });
    expect([...found].map(([address, { id }]) => [address, id])).toEqual([["a", "id-of-tg1"]]);
  });

  it("of two in one place is the one with the lower id, and the other one is not taken for the next", () => {
    const two = [there("r2", 10), there("r1", 10)];
    expect(meant([rule("a", 10)], two)).toEqual({ a: "r1" });
    expect(meant([rule("a", 10), rule("b", 20)], two)).toEqual({ a: "r1", b: undefined });
  });

  it("of a rule is no other kind of thing on that listener, and no tag of another rule's", () => {
    const policy = there("p", 10, { kind: "scalingPolicy" });
    expect(meant([rule("a", 10)], [policy])).toEqual({ a: undefined });
    const tagged = there("r1", 30, { claim: { isNamedByUs: true } });
    expect(meant([rule("a", 10)], [tagged])).toEqual({ a: undefined });
    expect(meant([rule("a", 10)], [there("r1", 30, { name: "alb:80/a" })])).toEqual({ a: undefined });
  });

  it("is its ARN only by a row of its own kind and address", () => {
    const found = (row: { kind: "rule" | "listener"; id: string; address: string }) =>
      meantIn({
        ...{
          kindNamed,
          desired: [listener, rule("a", 10)],
          observation: observation([parent, there("r1", 20)]),
        },
        made: [{ ...row, address: addressFrom(row.address) }],
      }).get(rule("a", 10).address)?.id;
    const row = { kind: "rule", id: "r1", address: `${LISTENER}.rules.a` } as const;
    expect(found(row)).toBe("r1");
    expect(found({ ...row, kind: "listener" })).toBeUndefined();
    expect(found({ ...row, id: "r2" })).toBeUndefined();
    expect(found({ ...row, address: `${LISTENER}.rules.b` })).toBeUndefined();
  });

  it("of what has no place among its siblings is known by a row or a tag alone", () => {
    const part = desired("a.parts.b", { name: "b" });
    const whole = { ...kindNamed("alarm"), traits: {} };
    const found = (orderField: string | undefined, more: Partial<ObservedResource>) =>
      meantIn({
        kindNamed: (kind) =>
          kind === THING
            ? {
                ...whole,
                traits: { recognisedBy: ["x"], ...(orderField === undefined ? {} : { orderField }) },
              }
            : whole,
        desired: [desired("a", { kind: "alarm" }), part],
        observation: observation([
          observed("a", { kind: "alarm" }),
          observed("p", { name: "theirs", parent: "id-of-a", ...more }),
        ]),
        made: [],
      }).get(part.address)?.id;
    expect(found(undefined, {})).toBeUndefined();
    expect(found("place", {})).toBeUndefined();
    expect(found(undefined, { name: "b", claim: { isNamedByUs: true } })).toBe("id-of-p");
  });

  it("is shown under the name and at the address that the spec gives it", () => {
    const found = there("r1", 10);
    const { address, name } = rule("a", 10);
    expect(asMeant(found, { address, name })).toEqual({ ...found, address, name });
  });

  it("is, on a listener that could not be read, what is known there by its ARN", () => {
    const wanted = rule("a", 10);
    const unread = { id: "arn:80", kind: "listener", name: "alb:80", reason: "no answer" } as const;
    const found = (rows: Readonly<Record<string, string>>) =>
      meantIn({
        kindNamed,
        desired: [listener, wanted],
        observation: { ...observation([there("r1", 20)]), unreadable: [unread] },
        made: [
          { kind: "listener", id: "arn:80", address: LISTENER },
          ...Object.keys(rows).map((id) => ({ kind: "rule" as const, id, address: wanted.address })),
        ],
      }).get(wanted.address)?.id;
    expect([found({ r1: "a" }), found({})]).toEqual(["r1", undefined]);
  });

  it("sits on what could not be read only by a row that says so of that very listener", () => {
    const wanted = rule("a", 10);
    const found = (row: { kind?: "rule"; id?: string; address?: string }) => {
      const { address = LISTENER, ...more } = row;
      return meantIn({
        ...{ kindNamed, desired: [listener, wanted] },
        observation: observation([there("r1", 10)], {
          unreadable: [{ id: "arn:80", kind: "listener", name: undefined, reason: "no answer" }],
        }),
        made: [{ kind: "listener", id: "arn:80", ...more, address: addressFrom(address) }],
      }).get(wanted.address)?.id;
    };
    expect(found({})).toBe("r1");
    expect(found({ kind: "rule" })).toBeUndefined();
    expect(found({ id: "arn:443" })).toBeUndefined();
    expect(found({ address: "loadBalancer.listeners.443" })).toBeUndefined();
  });

  it("is nothing where nothing is known of what it would sit on, though something sits nowhere", () => {
    const { parent: _, ...nowhere } = there("r1", 10);
    const wanted = rule("a", 10);
    const made = [{ kind: "rule", id: "r1", address: wanted.address }] as const;
    const found = meantIn({ kindNamed, desired: [wanted], observation: observation([nowhere]), made });
    expect([...found]).toEqual([]);
  });

  it("of what has a name is what has it, whatever a row says", () => {
    const gate = observed("loadBalancer", { kind: "loadBalancer" });
    const other = observed("other", { kind: "listener", id: "arn:80", name: "alb:81", parent: gate.id });
    const found = meantIn({
      ...{ kindNamed, desired: [desired("loadBalancer", { kind: "loadBalancer" }), listener] },
      observation: observation([gate, other]),
      made: [{ kind: "listener", id: "arn:80", address: LISTENER }],
    });
    expect([...found.keys()]).toEqual(["loadBalancer"]);
  });

  it("is its ARN once that is known, before its tag, and that before its priority", () => {
    const rules = [
      there("r1", 10),
      there("r2", 20),
      there("r3", 30, { name: "alb:80/a", claim: { isNamedByUs: true } }),
    ];
    expect(meant([rule("a", 10)], rules, { r2: "a" })).toEqual({ a: "r2" });
    expect(meant([rule("a", 10)], rules)).toEqual({ a: "r3" });
    expect(meant([rule("a", 10)], rules.slice(0, 2))).toEqual({ a: "r1" });
  });

  it("is never one that another rule is known by, though that has moved to its priority", () => {
    const rules = [there("r1", 20), there("r2", 10)];
    expect(meant([rule("a", 10), rule("b", 20)], rules, { r1: "a", r2: "b" })).toEqual({ a: "r1", b: "r2" });
    expect(meant([rule("a", 10), rule("b", 20)], [there("r2", 10)], { r2: "b" })).toEqual({
      a: undefined,
      b: "r2",
    });
  });
});

describe("what a pass may write", () => {
  const may = (more: Partial<Parameters<typeof mandateOf>[0]> = {}) =>
    mandateOf({ isObserved: false, isDeleting: false, made: [], isAdopting: false, ...more });

  it("is everything, our tags alone while something is to be adopted, and nothing of what is only observed", () => {
    expect(may()).toBe("manage");
    expect(may({ isAdopting: true })).toBe("adopt");
    expect(may({ isObserved: true, isAdopting: true, made: [{ origin: "observed" }] })).toBe("observe");
  });

  it("is to take our tags off as long as a row says that something is ours", () => {
    for (const origin of ["made", "adopted"] as const)
      expect(may({ isObserved: true, made: [{ origin: "observed" }, { origin }] })).toBe("release");
  });

  it("is not to adopt what is being deleted", () => {
    expect(may({ isAdopting: true, isDeleting: true })).toBe("manage");
  });
});
