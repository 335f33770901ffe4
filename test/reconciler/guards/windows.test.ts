import { describe, expect, it } from "vitest";
import { addressFrom } from "../../../src/model/address.ts";
import type { Action, Call, Create, Doable, Update, Wait } from "../../../src/reconciler/core/actions.ts";
import { refTo } from "../../../src/reconciler/core/references.ts";
import type { Fields } from "../../../src/reconciler/core/resource.ts";
import { heldByGuards } from "../../../src/reconciler/guards/guard.ts";
import { untilOpening, type WindowsInput, windowsGuard } from "../../../src/reconciler/guards/windows.ts";
import { kindNamed } from "../../../src/reconciler/kinds/registry.ts";
import { desired, observed } from "../core/fixtures.ts";

const NOON = Date.parse("2026-01-01T12:00:00Z");
const NIGHTLY = { allow: [{ cron: "0 22 * * *", durationMinutes: 120, timeZone: "UTC" }] };
const WEB = addressFrom("targetGroups.web");
const GROUP = addressFrom("autoScalingGroups.web");
const NOTHING_OLD = { matching: { surplus: [], current: new Map() }, replacements: [], handovers: [] };

const call = (operation: string, settles?: string[]): Call =>
  ({ operation, input: {}, ...(settles === undefined ? {} : { settles }) }) as unknown as Call;
const update = (fields: Record<string, number>, calls = [call("x:Modify")], address = WEB): Update => ({
  ...{ verb: "update", address, kind: address === GROUP ? "autoScalingGroup" : "targetGroup" },
  ...{ name: "web", id: "arn:web", reason: "differs" },
  differences: Object.entries(fields).map(([field, desired]) => ({ field, desired, observed: 0 })),
  calls,
});
const create = (kind: Create["kind"], address = WEB): Create => ({
  ...{ verb: "create", address, kind, name: "web", reason: "missing" },
  calls: [call("x:Create")] as never,
});

function inputOf(more: Partial<WindowsInput>): WindowsInput {
  return {
    ...{ kindNamed, windows: NIGHTLY, nowMs: NOON, goal: "Converge" },
    ...{ applied: new Map(), desired: [], decided: NOTHING_OLD },
    ...more,
  };
}

/** What becomes of one action: its verbs, with the fields that differ. */
function after(action: Doable, more: Partial<WindowsInput> = {}): string[] {
  const input = inputOf(more);
  const callsFor = (_: Update, differences: readonly { field: string }[]) =>
    differences.map(({ field }) => call(`x:${field}`));
  const { actions } = heldByGuards({ actions: [action], obstacles: [] }, windowsGuard(input), callsFor);
  return actions.map((one) =>
    [one.verb, ...("differences" in one ? one.differences.map(({ field }) => field) : [])].join(" "),
  );
}

const applied = (fields: Record<string, number>, address = WEB) => new Map([[address, fields]]);

describe("outside of its windows", () => {
  it("a correction waits, and says until when", () => {
    const input = {
      ...{ kindNamed, windows: NIGHTLY, nowMs: NOON, goal: "Converge" as const, decided: NOTHING_OLD },
      applied: applied({ port: 80 }),
      desired: [],
    };
    const { actions } = heldByGuards({ actions: [update({ port: 80 })], obstacles: [] }, windowsGuard(input));
    expect(actions).toMatchObject([
      { verb: "wait", to: "update", until: [{ because: "window", opensAt: "2026-01-01T22:00:00.000Z" }] },
    ]);
    expect(untilOpening(actions, NOON)).toEqual({ opensInMs: 10 * 3_600_000 });
    expect(untilOpening([], NOON)).toEqual({});
  });

  it("an edit goes on, and of a change that is both, the part that is an edit", () => {
    expect(after(update({ port: 81 }), { applied: applied({ port: 80 }) })).toEqual(["update port"]);
    expect(after(update({ port: 81, path: 1 }), { applied: applied({ port: 80, path: 1 }) })).toEqual([
      "update port",
      "wait path",
    ]);
  });

  it("what was there and is gone is made again within them; what is new at once", () => {
    expect(after(create("targetGroup"), { applied: applied({ port: 80 }) })).toEqual(["wait"]);
    expect(after(create("targetGroup"))).toEqual(["create"]);
  });

  it("an instance refresh waits, and the settings of its group do not", () => {
    const calls = [
      call("autoscaling:UpdateAutoScalingGroup", ["maxSize"]),
      call("autoscaling:StartInstanceRefresh", ["launchTemplate"]),
    ];
    expect(after(update({ maxSize: 4, launchTemplate: 2 }, calls, GROUP))).toEqual([
      "update maxSize",
      "wait launchTemplate",
    ]);
  });

  it("what is behind a load balancer that has taken the place of another one is finished", () => {
    const old = observed("targetGroups.web", { kind: "targetGroup" });
    const entrance = observed("loadBalancer", { kind: "loadBalancer" });
    const current = new Map([[addressFrom("loadBalancer"), entrance]]);
    const begun = { ...NOTHING_OLD, matching: { current, surplus: [old, entrance] } };
    expect(after(create("targetGroup"), { decided: begun })).toEqual(["create"]);
    const unbegun = { ...NOTHING_OLD, matching: { current: new Map(), surplus: [old, entrance] } };
    expect(after(create("targetGroup"), { decided: unbegun })).toEqual(["wait"]);
  });

  it("an older refresh is stopped at any time", () => {
    const calls = [call("autoscaling:CancelInstanceRefresh", [])];
    expect(after(update({ launchTemplate: 1 }, calls, GROUP))).toEqual(["update launchTemplate"]);
  });

  it("what takes over from another one is not begun, whichever way it is known", () => {
    const old = observed("targetGroups.web", { kind: "targetGroup" });
    const decided = { ...NOTHING_OLD, matching: { current: new Map(), surplus: [old] } };
    expect(after(create("targetGroup"), { decided })).toEqual(["wait"]);
    expect(
      after(create("alarm"), {
        decided: { ...decided, matching: { ...NOTHING_OLD.matching, surplus: [{ ...old, kind: "alarm" }] } },
      }),
    ).toEqual(["create"]);
    expect(
      after(create("targetGroup"), {
        decided: { ...NOTHING_OLD, replacements: [{ address: WEB, successor: undefined }] },
      }),
    ).toEqual(["wait"]);
    expect(
      after(create("autoScalingGroup", GROUP), { decided: { ...NOTHING_OLD, handovers: [{ to: [GROUP] }] } }),
    ).toEqual(["wait"]);
  });

  it("nothing prepares what is not begun; what was begun goes on", () => {
    const goal = [desired("autoScalingGroups.web", { fields: { check: 2 } })];
    const prepare = update({ check: 1 }, [call("x:Modify")], GROUP);
    const during = (successor: object | undefined) => ({
      ...{ desired: goal, applied: applied({ check: 2 }, GROUP) },
      decided: { ...NOTHING_OLD, replacements: [{ address: WEB, successor }] },
    });
    expect(after(prepare, during(undefined))).toEqual(["wait check"]);
    expect(after(prepare, during({}))).toEqual(["update check"]);
  });

  it("rules that somebody has moved wait for them, and those of an edit do not", () => {
    const rule = addressFrom("loadBalancer.listeners.443.rules.api");
    const reorder: Action = {
      ...{
        verb: "reorder",
        address: addressFrom("loadBalancer.listeners.443"),
        kind: "listener",
        name: "443",
      },
      ...{ reason: "order", id: "arn", field: "priority", calls: [call("x:SetRulePriorities")] as never },
      moves: [{ rule, arn: "arn:rule", from: 1, to: 2 }],
    };
    expect(after(reorder, { applied: applied({ priority: 2 }, rule) })).toEqual([
      "wait priority of loadBalancer.listeners.443.rules.api",
    ]);
    expect(after(reorder, { applied: applied({ priority: 1 }, rule) })).toEqual(["reorder"]);
  });

  it("says so without a time where no window is known to open", () => {
    const never = { deny: [{ cron: "* * * * *", durationMinutes: 1, timeZone: "UTC" }] };
    const [guard] = windowsGuard(inputOf({ windows: never, applied: applied({ port: 80 }) }));
    expect(guard?.stops(update({ port: 80 }))).toEqual({ because: "window" });
  });

  it("what begins to serve in place of another one is whatever clients, requests or instances come to", () => {
    const serving = (kind: Create["kind"]) => {
      const handovers = [{ to: [WEB] }];
      return after(create(kind), { decided: { ...NOTHING_OLD, handovers } }).join();
    };
    expect(
      (["loadBalancer", "targetGroup", "autoScalingGroup", "rule", "launchTemplate"] as const).map(serving),
    ).toEqual(["wait", "wait", "wait", "create", "create"]);
  });

  it("what takes over is known by its own address and kind, and by nobody else's", () => {
    const elsewhere = addressFrom("targetGroups.api");
    const old = observed("targetGroups.api", { kind: "targetGroup" });
    const sameAddress = observed("targetGroups.web", { kind: "rule" });
    const decided = {
      matching: { surplus: [old, sameAddress], current: new Map() },
      replacements: [{ address: elsewhere, successor: undefined }],
      handovers: [{ to: [elsewhere] }],
    };
    expect(after(create("targetGroup"), { decided })).toEqual(["create"]);
  });

  it("a rollout waits whether or not its call says what it is for, and not for what that call is not for", () => {
    const refresh = (settles?: string[]) =>
      after(update({ launchTemplate: 2 }, [call("autoscaling:StartInstanceRefresh", settles)], GROUP));
    expect(refresh()).toEqual(["wait launchTemplate"]);
    expect(refresh(["launchTemplate"])).toEqual(["wait launchTemplate"]);
    expect(refresh(["other"])).toEqual(["update launchTemplate"]);
  });

  it("a correction is what puts back exactly what was applied; also that there was nothing", () => {
    const gone: Update = { ...update({}), differences: [{ field: "x", desired: null, observed: 5 }] };
    expect(after(gone, { applied: applied({ port: 80 }) })).toEqual(["wait x"]);
    expect(after(gone, { applied: applied({ x: 5 }) })).toEqual(["update x"]);
    expect(after(gone)).toEqual(["update x"]);
  });

  it("what names a sibling that is to be made prepares nothing; nor does what stays as the spec asks for", () => {
    const during = (fields: Fields, address = "autoScalingGroups.web") => ({
      desired: [desired(address, { fields })],
      decided: { ...NOTHING_OLD, replacements: [{ address: WEB, successor: undefined }] },
    });
    const change = update({ check: 1 }, [call("x:Modify")], GROUP);
    expect(after(change, during({ check: refTo(WEB, "arn") }))).toEqual(["update check"]);
    expect(after(change, during({ check: 1 }))).toEqual(["update check"]);
    expect(after(change, during({}))).toEqual(["update check"]);
    expect(after(change, during({ check: 2 }, "autoScalingGroups.api"))).toEqual(["update check"]);
    expect(after(change, during({ check: 2 }))).toEqual(["wait check"]);
    const one = { address: WEB, successor: {} };
    const half = {
      ...during({ check: 2 }),
      decided: { ...NOTHING_OLD, replacements: [one, { ...one, successor: undefined }] },
    };
    expect(after(change, half)).toEqual(["wait check"]);
  });

  it.each(["adopt", "release", "delete"] as const)(
    "what serves to %s goes on, for it follows from an edit",
    (verb) => {
      const { differences, ...subject } = update({ port: 80 });
      const action = {
        ...subject,
        verb,
        ...(verb === "adopt" ? { differences } : {}),
        isLast: true,
      } as Doable;
      const [guard] = windowsGuard(inputOf({ applied: applied({ port: 80 }) }));
      expect(guard?.stops(action)).toBeUndefined();
    },
  );

  it("what ends a replacement goes on", () => {
    const { differences: _, ...subject } = update({});
    expect(after({ ...subject, verb: "delete", isLast: true })).toEqual(["delete"]);
  });
});

describe("what waits for a window", () => {
  const waitsFor = (...until: Wait["until"]): Wait => {
    const { calls: _, id: __, ...subject } = update({ port: 80 });
    return { ...subject, verb: "wait", to: "update", until };
  };
  const at = (opensAt: string) => ({ because: "window", opensAt }) as const;

  it("is looked at when the first one opens, and at once where that is over", () => {
    const actions = [
      waitsFor(at("2026-01-01T22:00:00.000Z")),
      waitsFor({ because: "adoption" }, at("2026-01-01T13:00:00.000Z")),
      waitsFor({ because: "window" }),
    ];
    expect(untilOpening(actions, NOON)).toEqual({ opensInMs: 3_600_000 });
    expect(untilOpening(actions, NOON + 7_200_000)).toEqual({ opensInMs: 0 });
  });

  it("is looked at by no time where nobody knows one", () => {
    expect(untilOpening([waitsFor({ because: "window" }), waitsFor({ because: "adoption" })], NOON)).toEqual(
      {},
    );
  });
});

it("within them, without any, and for a service that goes, nothing waits", () => {
  const moved = { applied: applied({ port: 80 }) };
  expect(after(update({ port: 80 }), { ...moved, nowMs: NOON + 11 * 3_600_000 })).toEqual(["update port"]);
  expect(after(update({ port: 80 }), { ...moved, windows: undefined })).toEqual(["update port"]);
  expect(after(update({ port: 80 }), { ...moved, goal: "Delete" })).toEqual(["update port"]);
  expect(after(update({ port: 80 }), { ...moved, mandate: "adopt" })).toEqual(["update port"]);
});
