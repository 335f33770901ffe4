import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import { listLacksIn } from "../../../src/reconciler/consistency/stale-lists.ts";
import { blockersOf } from "../../../src/reconciler/core/actions.ts";
import { withOwnership } from "../../../src/reconciler/core/belonging/ownership.ts";
import { sentenceOf } from "../../../src/reconciler/core/holds.ts";
import { refTo } from "../../../src/reconciler/core/references.ts";
import type { DesiredResource } from "../../../src/reconciler/core/resource.ts";
import { decide } from "../../../src/reconciler/decide.ts";
import { decided, decisionInput, desired, kindNamed, observation, observed, thing } from "./fixtures.ts";

const A = addressFrom("a");
const pinnedA = (more: Partial<DesiredResource> = {}) =>
  desired("a", { isPinned: true, immutable: { port: 2 }, ...more });
const onA = desired("b", { fields: { on: refTo(A, "id") } });

describe("under a pinned name", () => {
  it("what differs in what AWS cannot change is left alone, with everything that refers to it", () => {
    const there = observation([observed("a", { immutable: { port: 1 }, fields: { size: 1 } })]);
    const wanted = [pinnedA({ fields: { size: 2 } }), onA];
    expect(decided({ desired: wanted, observation: there })).toEqual({
      now: [],
      waiting: ["create b"],
      obstacles: ["ImmutableDiffers"],
    });
    const { obstacles } = decide(decisionInput({ desired: wanted, observation: there }));
    expect(obstacles[0]?.message).toContain("port is 1, and the spec asks for 2");
    expect(obstacles[0]?.message).toContain("change or remove `name`");
  });

  it("it differs as well where it stands among the fields, and what AWS does not say does not differ", () => {
    const wanted = [pinnedA()];
    const among = observation([observed("a", { fields: { port: 1 } })]);
    expect(decided({ desired: wanted, observation: among }).obstacles).toEqual(["ImmutableDiffers"]);
    expect(decided({ desired: wanted, observation: observation([observed("a")]) }).obstacles).toEqual([]);
  });

  it("nothing goes because of it, and what it serves is not moved away", () => {
    const there = observation([observed("a", { immutable: { port: 1 } }), observed("old")]);
    expect(decided({ desired: [pinnedA()], observation: there }).now).toEqual([]);
  });

  it.each([
    ["differs", observed("a", { immutable: { port: 1 } })],
    ["is somebody else's", observed("a", { owned: false })],
  ])(
    "while what has it %s, nothing is made that was not there before, and what was is made again",
    (_, other) => {
      const wanted = [pinnedA(), desired("new"), desired("lost")];
      const input = {
        desired: wanted,
        observation: observation([other]),
        applied: new Map([[addressFrom("lost"), {}]]),
      };
      expect(decided(input)).toMatchObject({ now: ["create lost"], waiting: ["create new"] });
      const wait = decide(decisionInput(input)).actions.find(({ verb }) => verb === "wait");
      expect(blockersOf(wait).map(sentenceOf)).toEqual([
        "what has the name of a (name-of-a) is not what the spec asks for",
      ]);
    },
  );

  it("of an alarm, somebody else's holds up nothing but that alarm", () => {
    const wanted = [pinnedA({ kind: "alarm" }), desired("new")];
    const theirs = observation([observed("a", { kind: "alarm", owned: false })]);
    expect(decided({ desired: wanted, observation: theirs }).now).toEqual(["create new"]);
  });

  it("what carries our tag is ours without a row, and what carries none is not, whatever its row says", () => {
    const owned = (claim: boolean, made: boolean) =>
      withOwnership({
        kindNamed,
        isObserved: false,
        observation: observation([
          observed("a", { owned: false, ...(claim ? { claim: { isNamedByUs: false } } : {}) }),
        ]),
        desired: [pinnedA()],
        made: made
          ? [{ kind: pinnedA().kind, id: "id-of-a", address: pinnedA().address, origin: "made", sinceMs: 0 }]
          : [],
        isSettling: () => true,
      }).resources[0]?.owned;
    expect([owned(true, false), owned(false, true)]).toEqual([true, false]);
  });
});

describe("two that AWS does not take at a time", () => {
  it("change places: the old one goes first, and nothing else goes before its time", () => {
    const rules = thing({
      excludedBy: ({ metric }, other) => (metric === other.fields.metric ? "one of a metric" : undefined),
    });
    const group = observed("groups.web");
    const policy = (name: string, metric: string) =>
      observed(`groups.web.policies.${name}`, { parent: group.id, fields: { metric } });
    const input = {
      kindNamed: () => rules,
      desired: [desired("groups.web"), desired("groups.web.policies.new", { fields: { metric: "cpu" } })],
      observation: observation([group, policy("old", "cpu"), policy("other", "memory")]),
    };
    const plan = decided(input);
    expect(plan.now).toEqual(["delete surplus id-of-groups.web.policies.old"]);
    expect(plan.waiting).toContain("create groups.web.policies.new");
    expect(plan.waiting).toContain("delete surplus id-of-groups.web.policies.other");
  });
});

describe("a list that lacks a load balancer under a pinned name", () => {
  it("is not believed: its row says that it is ours, for its name does not", () => {
    const arn = (name: string) => `arn:aws:elasticloadbalancing:us-east-1:1:loadbalancer/app/${name}/1`;
    const wanted = desired("loadBalancer", { kind: "loadBalancer", name: "new-name", isPinned: true });
    const targets = observed("targetGroups.web", {
      kind: "targetGroup",
      targetSet: { targets: [], loadBalancers: [arn("old-name")] },
    });
    const current = observed("loadBalancer", { kind: "loadBalancer", name: "new-name" });
    const row = {
      kind: "loadBalancer",
      id: arn("old-name"),
      name: "old-name",
      address: wanted.address,
    } as const;
    const lacks = (made: readonly (typeof row)[]) =>
      listLacksIn({
        kindNamed,
        desired: [wanted],
        observation: observation([targets, current]),
        applied: new Map([[wanted.address, { name: "new-name", fields: {} } as never]]),
        drift: { findings: [], holds: [] },
        made,
        calls: () => [],
        nowMs: 0,
      }).map(({ name }) => name);
    expect(lacks([row])).toEqual(["old-name"]);
    expect(lacks([])).toEqual([]);
  });
});
