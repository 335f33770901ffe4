import { describe, expect, it } from "vitest";
import { type Address, addressFrom } from "../../src/model/address.ts";
import { withRenames } from "../../src/reconciler/core/renames.ts";
import type { Installation } from "../support/installation.ts";
import { desired, kindNamed, observed } from "./core/fixtures.ts";
import {
  addFault,
  arnOf,
  census,
  converged,
  type Draft,
  driftEvents,
  nameOf,
  serving,
  somebody,
  specWith,
  untilRepaired,
  watching,
} from "./world.ts";

const ELB = "elasticloadbalancing";
const GROUP = "autoScalingGroups.web";

type Change = (spec: Draft) => void;

/** The same child under another key, and whoever points at it. */
const renamed = (map: Record<string, object>, from: string, to: string) => {
  map[to] = map[from] as object;
  delete map[from];
};
const group: Change = (spec) => renamed(spec.autoScalingGroups, "web", "app");
/** Everywhere but in the place where it is made. */
const targetGroup: Change = (spec) => {
  const moved = JSON.parse(
    JSON.stringify(spec)
      .replaceAll('"targetGroup":"web"', '"targetGroup":"app"')
      .replaceAll('["web"]', '["app"]'),
  );
  Object.assign(spec, moved);
  renamed(spec.targetGroups, "web", "app");
  for (const alarm of Object.values(spec.alarms)) {
    const dimensions = (alarm.dimensions ?? {}) as Record<string, { ref?: string }>;
    for (const value of Object.values(dimensions))
      if (value.ref === "targetGroups.web") value.ref = "targetGroups.app";
  }
};
/** What an example says elsewhere of its only group. */
const withoutRefsToGroup: Change = (spec) => {
  for (const [name, alarm] of Object.entries(spec.alarms))
    if (JSON.stringify(alarm).includes(GROUP)) delete spec.alarms[name];
};

async function scaledTo(installation: Installation, size: number): Promise<void> {
  await somebody(installation, "autoscaling:SetDesiredCapacity", {
    AutoScalingGroupName: nameOf(installation, GROUP),
    DesiredCapacity: size,
  });
  await installation.until(() => serving(installation) === size);
}

/** How many healthy instances the requests reach: of each port the worst of its target groups, on the best load balancer. */
async function reached(installation: Installation): Promise<number> {
  const { elb } = installation.account.parts;
  const byBalancer = [];
  for (const { arn: LoadBalancerArn } of elb.loadBalancers()) {
    const { Listeners } = await somebody(installation, `${ELB}:DescribeListeners`, { LoadBalancerArn });
    const inUse = Listeners.flatMap(({ DefaultActions }) =>
      DefaultActions.flatMap(({ ForwardConfig }) => ForwardConfig?.TargetGroups ?? []),
    ).filter(({ Weight }) => Weight > 0);
    const healthy = inUse.map(
      ({ TargetGroupArn }) =>
        elb.targets(TargetGroupArn).filter((target) => target.health.state === "healthy").length,
    );
    byBalancer.push(healthy.length === 0 ? 0 : Math.min(...healthy));
  }
  return Math.max(...byBalancer);
}

async function least(installation: Installation): Promise<number> {
  let fewest = Number.POSITIVE_INFINITY;
  await watching(installation, async () => {
    fewest = Math.min(fewest, await reached(installation));
  });
  return fewest;
}

async function standing(change: Change = () => {}): Promise<{ installation: Installation; base: Change }> {
  const base: Change = (spec) => {
    withoutRefsToGroup(spec);
    change(spec);
  };
  return { installation: await converged(specWith(base)), base };
}

describe("what gets another key in the spec is replaced without a gap", () => {
  it.each<[string, Change]>([
    ["a group", group],
    ["a target group", targetGroup],
    [
      "a group and the target group that it fills",
      (spec) => {
        targetGroup(spec);
        group(spec);
      },
    ],
    [
      "a group whose target group gets another port",
      (spec) => {
        group(spec);
        spec.targetGroups.web.port = 9090;
      },
    ],
    [
      "a group, while the load balancer is replaced",
      (spec) => {
        group(spec);
        spec.loadBalancer.scheme = "internal";
      },
    ],
  ])("%s: as many serve all the time as before", async (_what, change) => {
    const { installation, base } = await standing();
    await scaledTo(installation, 4);
    installation.post(
      specWith((spec) => {
        base(spec);
        change(spec);
      }),
    );
    expect(await least(installation)).toBeGreaterThanOrEqual(4);
    expect(serving(installation)).toBe(4);
    await installation.clock.advance(120_000);
    const names = Object.keys(await census(installation));
    const rows = installation.get().status!.resources;
    expect(rows.filter(({ state }) => state === "Surplus")).toEqual([]);
    expect(names.filter((name) => /^web-api-web-/.test(name)).sort()).toEqual(
      rows
        .filter(({ name }) => /^web-api-web-[0-9a-f]{8}$/.test(name))
        .map(({ name }) => name)
        .sort(),
    );
  });

  it("and says so: who takes over, and how far it is", async () => {
    const { installation, base } = await standing();
    await scaledTo(installation, 4);
    const old = nameOf(installation, GROUP);
    installation.post(
      specWith((spec) => {
        base(spec);
        group(spec);
      }),
    );
    const texts = new Set<string>();
    const waits = new Set<string>();
    await watching(installation, () => {
      const { resources, waitingFor = [] } = installation.get().status!;
      texts.add(resources.find(({ key }) => key === "autoScalingGroups.app")?.cutover ?? "");
      for (const text of waitingFor) waits.add(text);
    });
    expect([...texts]).toContain(`warming up: 0 of 4 healthy, takes over from ${old}`);
    expect([...waits].join("\n")).toContain(
      "autoScalingGroups.app takes over, and 0 of 4 of its instances are healthy",
    );
  });

  it("within the bounds of the new one, which need not bring what it may not have", async () => {
    const { installation, base } = await standing();
    await scaledTo(installation, 4);
    installation.post(
      specWith((spec) => {
        base(spec);
        spec.autoScalingGroups.web.maxSize = 3;
        group(spec);
      }),
    );
    expect(await least(installation)).toBe(3);
    expect(serving(installation)).toBe(3);
  });

  it("also when the daemon dies on the way, and when the database is lost", async () => {
    const { installation, base } = await standing();
    await scaledTo(installation, 4);
    const next = specWith((spec) => {
      base(spec);
      group(spec);
    });
    installation.post(next);
    await installation.until(() => installation.mutations().includes("autoscaling:CreateAutoScalingGroup"));
    installation.crash();
    await installation.clock.advance(20_000);
    await installation.restart({ lost: true });
    installation.post(next);
    await installation.confirmEpoch();
    expect(await least(installation)).toBeGreaterThanOrEqual(4);
    await installation.clock.advance(120_000);
    expect(installation.get().status!.resources.filter(({ state }) => state === "Surplus")).toEqual([]);
  });

  it("and the old one stays for as long as the new one does not serve", async () => {
    const { installation, base } = await standing();
    const old = nameOf(installation, GROUP);
    installation.post(
      specWith((spec) => {
        base(spec);
        spec.autoScalingGroups.web.launchTemplate.imageId = "ami-0bad0bad";
        group(spec);
      }),
    );
    await installation.clock.advance(3_600_000);
    expect(Object.keys(await census(installation))).toContain(old);
    expect(serving(installation)).toBe(2);
  });
});

describe("what nobody takes over goes as before", () => {
  const second: Change = (spec) => {
    Object.assign(spec.autoScalingGroups, {
      other: { ...structuredClone(spec.autoScalingGroups.web), scalingPolicies: {} },
    });
  };

  it("a group beside which another one has filled the same target group all the time", async () => {
    const { installation, base } = await standing(second);
    const name = nameOf(installation, GROUP);
    installation.post(
      specWith((spec) => {
        base(spec);
        delete (spec.autoScalingGroups as Record<string, unknown>).web;
      }),
    );
    await installation.until(() =>
      installation.account.parts.autoScaling.groups().every((one) => one.name !== name),
    );
    await installation.untilReady();
    expect(serving(installation)).toBe(2);
  });

  it("but it waits for one that comes in its place, and does not count the other one's instances", async () => {
    const { installation, base } = await standing(second);
    const before = serving(installation);
    expect(before).toBe(4);
    installation.post(
      specWith((spec) => {
        base(spec);
        group(spec);
      }),
    );
    expect(await least(installation)).toBeGreaterThanOrEqual(before);
  });
});

describe("a rule under another name", () => {
  const rules = (spec: Draft) => spec.loadBalancer.listeners.find(({ port }) => port === 443)?.rules ?? [];
  const at = (name: string) => `loadBalancer.listeners.443.rules.${name}`;

  it.each<[string, Change]>([
    ["with its priority", () => {}],
    [
      "with its conditions and another priority",
      (spec) => {
        rules(spec)[0]!.priority = 77;
      },
    ],
  ])("is the same rule of AWS's %s: only its tag is corrected", async (_what, change) => {
    const installation = await converged();
    const [first] = rules(specWith(() => {}));
    const arn = arnOf(installation, at(first!.name));
    const calls = installation.mutations().length;
    installation.post(
      specWith((spec) => {
        rules(spec)[0]!.name = "fresh";
        change(spec);
      }),
    );
    await installation.untilReady();
    await installation.clock.advance(900_000);
    expect(arnOf(installation, at("fresh"))).toBe(arn);
    const done = installation.mutations().slice(calls);
    expect(done).toContain(`${ELB}:AddTags`);
    for (const operation of ["CreateRule", "DeleteRule", "ModifyRule"])
      expect(done).not.toContain(`${ELB}:${operation}`);
    const { TagDescriptions } = await somebody(installation, `${ELB}:DescribeTags`, { ResourceArns: [arn] });
    expect(JSON.stringify(TagDescriptions)).toContain(at("fresh"));
  });

  const fresh: Change = (spec) => {
    Object.assign(rules(spec)[0]!, { name: "fresh", conditions: [{ pathPattern: ["/fresh/*"] }] });
  };
  const paused = (installation: Installation, text: "true" | "false") =>
    installation.annotate({ "holdfast.dev/paused": text });

  it.each<[string, Change]>([
    [
      "another one still",
      (spec) => {
        fresh(spec);
        rules(spec)[0]!.priority = 78;
        rules(spec)[0]!.conditions = [{ pathPattern: ["/fresher/*"] }];
      },
    ],
    [
      "the former one again, with another one of that name beside it",
      (spec) => {
        const [first] = structuredClone(rules(spec));
        fresh(spec);
        rules(spec)[0]!.priority = 78;
        rules(spec).push(first!);
      },
    ],
    [
      "the former one again, that is wanted otherwise",
      (spec) => {
        rules(spec)[0]!.conditions = [{ pathPattern: ["/former/*"] }];
      },
    ],
  ])("that is seen and not yet done, and then wanted as %s, is no drift", async (_what, change) => {
    const installation = await converged();
    const arn = arnOf(installation, at(rules(specWith(() => {}))[0]!.name));
    paused(installation, "true");
    installation.post(specWith(fresh));
    await installation.clock.advance(120_000);
    installation.post(specWith(change));
    await installation.clock.advance(120_000);
    paused(installation, "false");
    await installation.untilReady();
    await installation.clock.advance(900_000);
    expect(driftEvents(installation)).toEqual([]);
    expect(installation.get().status!.resources.map((row) => row.arn)).toContain(arn);
    // From then on it is known as any other.
    await somebody(installation, `${ELB}:ModifyRule`, {
      RuleArn: arn,
      Conditions: [{ Field: "path-pattern", Values: ["/theirs"] }],
    });
    await untilRepaired(installation);
    expect(driftEvents(installation)).toMatchObject([{ arn, field: "conditions", state: "Corrected" }]);
  });

  it("whose call was not answered is no drift under its former name", async () => {
    const installation = await converged();
    const reset = { kind: "error", code: "ECONNRESET", message: "no", status: 500 } as const;
    addFault(installation, `${ELB}:AddTags`, reset, { times: 1 }, "after");
    installation.post(specWith(fresh));
    await installation.until(() => installation.mutations().includes(`${ELB}:AddTags`));
    installation.post(specWith(() => {}));
    await installation.untilReady();
    await installation.clock.advance(900_000);
    expect(driftEvents(installation)).toEqual([]);
  });

  it("and with another priority is moved once", async () => {
    const installation = await converged();
    const before = installation.mutations().length;
    installation.post(
      specWith((spec) => {
        for (const rule of rules(spec))
          Object.assign(rule, { priority: rule.priority + 100, name: `${rule.name}-2` });
      }),
    );
    await installation.untilReady();
    const moves = installation
      .mutations()
      .slice(before)
      .filter((name) => name.endsWith("SetRulePriorities"));
    expect(moves).toHaveLength(1);
  });

  it("is not taken for another one that has been made there, and that a list only lacks", () => {
    const address = addressFrom("loadBalancer.listeners.443.rules.api");
    const listener = observed("loadBalancer.listeners.443", { kind: "listener", id: "listener" });
    const leaving = observed("loadBalancer.listeners.443.rules.old", {
      kind: "rule",
      id: "old",
      parent: "listener",
      fields: { priority: 10 },
    });
    const matching = {
      current: new Map([[addressFrom("loadBalancer.listeners.443"), listener]]),
      surplus: [leaving],
      nameConflicts: new Map(),
    };
    const wanted = [
      desired("loadBalancer.listeners.443.rules.api", { kind: "rule", fields: { priority: 10 } }),
    ];
    const idAt = (made: { kind: "rule"; id: string; address: Address }[]) =>
      withRenames(matching, wanted, kindNamed, made).current.get(address)?.id;
    expect(idAt([])).toBe("old");
    expect(idAt([{ kind: "rule", id: "old", address }])).toBe("old");
    expect(idAt([{ kind: "rule", id: "api", address }])).toBeUndefined();
  });
});
