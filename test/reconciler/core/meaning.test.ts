import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { mandateOf } from "../../../src/reconciler/core/belonging/mandate.ts";
import { meantIn } from "../../../src/reconciler/core/meaning.ts";
import type { DesiredResource, ObservedResource } from "../../../src/reconciler/core/resource.ts";
import { kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { desired, observation, observed } from "./fixtures.ts";

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
    const found = meantIn({ kindNamed, desired: [wanted], observation: observation(two), made: [] });
    expect(found.get(wanted.address)?.id).toBe("arn:1");
  });

  it("of a rule is the one with its priority, on the listener that is meant", () => {
    expect(meant([rule("a", 10)], [there("r1", 20), there("r2", 10)])).toEqual({ a: "r2" });
    expect(meant([rule("a", 10)], [there("r2", 10, { parent: "arn:443" })])).toEqual({ a: undefined });
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
