import { describe, expect, it } from "vitest";
import { attentionOf, byAttention, fleetHeadline } from "../../src/dashboard/fleet-headline.ts";
import { serviceHeadline } from "../../src/dashboard/service-headline.ts";
import type { WebServiceStatus } from "../../src/model/status.ts";
import {
  ago,
  condition,
  degraded,
  deleting,
  drifting,
  fleetModel,
  GOOD_CONDITIONS,
  NOW,
  open,
  service,
  serviceModel,
  summary,
  unknown,
  unseen,
} from "./fixtures.ts";

const said = (model: Parameters<typeof serviceHeadline>[0]) => {
  const { tone, title, details } = serviceHeadline(model);
  return `${tone}: ${[title, ...details].join(" ")}`;
};

describe("the verdict on a service", () => {
  it("ready", () => {
    expect(said(serviceModel())).toBe(
      "ok: Ready since 2026-02-28 12:04:30. 3 of 3 instances serving. Nothing has drifted since 11:55:10.",
    );
    expect(said(serviceModel({ drift: [] }))).toContain("Nothing has drifted since 2026-02-24");
  });

  it("not ready, with the reason", () => {
    expect(said(degraded())).toBe(
      "bad: Not ready since 12:03:15. 1 of 3 instances of autoScalingGroups.web fails: i-0c9d1e77ab3320f41 (Target.ResponseCodeMismatch). 1 alarm in ALARM: alarms.unhealthy-hosts since 12:03:30. Nothing has drifted since 11:55:10.",
    );
  });

  it("drifted and paused", () => {
    expect(said(drifting())).toBe(
      "warn: Ready since 2026-02-28 12:04:30. 3 of 3 instances serving. 2 fields or resources drifted and held back. Paused: drift is reported and nothing is written.",
    );
  });

  it("drifted and being put right", () => {
    expect(said(serviceModel({ drift: [open("d")] }))).toContain(
      "warn: Ready since 2026-02-28 12:04:30. 3 of 3 instances serving. 1 field or resource drifted and not put right yet.",
    );
  });

  it("a rollout under way", () => {
    const conditions = [
      condition("Ready", "False", "Provisioning", "The load balancer is being made", 20),
      condition("Reconciling", "True", "Applying", "6 resources are being made.", 20),
    ];
    expect(said(serviceModel({ service: service({ generation: 5 }, { conditions }), drift: [] }))).toMatch(
      /^info: Not ready yet since 12:04:10\. The load balancer is being made\. .* Generation 5 of the spec has not been looked at yet\.$/,
    );
  });

  it("stalled", () => {
    const conditions = [
      condition("Ready", "False", "RefusedByAws", "…"),
      condition("Stalled", "True", "RefusedByAws", "Raise the quota of load balancers."),
    ];
    expect(said(serviceModel({ service: service({}, { conditions }), drift: [] }))).toMatch(
      /^bad: Stalled since 2026-02-28 12:04:30\. Raise the quota of load balancers\. /,
    );
  });

  it("being deleted, and stuck", () => {
    expect(said(deleting())).toBe(
      "bad: Being deleted since 12:03:00. AWS still holds 3 resources of it. Stalled since 12:03:30: Set deletion_protection.enabled to false in the spec.",
    );
    const { status: _status, ...bare } = service({ deletionTimestamp: ago(5) });
    expect(said(serviceModel({ service: bare }))).toBe(
      "info: Being deleted since 12:04:25. What AWS still holds is not known yet.",
    );
  });

  it("unknown is never ready", () => {
    expect(said(unknown())).toMatch(
      /^unknown: Not known to be ready since 12:04:00\. AWS could not be asked/,
    );
    expect(said(unseen())).toBe("unknown: Not looked at yet. The first pass has not ended.");
    expect(said(serviceModel({ service: service({}, { conditions: GOOD_CONDITIONS.slice(1) }) }))).toMatch(
      /^unknown: Not known to be ready\. Nothing was observed\./,
    );
  });
});

describe("what was not seen", () => {
  const ready = (over: Partial<WebServiceStatus>) => said(serviceModel({ service: service({}, over) }));

  it("an alarm in ALARM is no green, unless all that it does is to scale", () => {
    const [alarm] = serviceModel().service.status!.alarms;
    const ringing = { ...alarm!, state: "ALARM", since: ago(60) };
    expect(ready({ alarms: [ringing] })).toMatch(
      /^bad: Ready since .*, and in alarm\. 1 alarm in ALARM: alarms\.high-5xx since 12:03:30\. 3 of 3/,
    );
    expect(ready({ alarms: [{ ...ringing, onlyScales: true }] })).toMatch(/^ok: Ready since [^,]*\. 3 of 3/);
  });

  it("data older than two resyncs, or a pass that is overdue, is stale and not ready", () => {
    expect(ready({ observedAt: ago(119), nextPassAt: ago(0) })).toMatch(/^ok: Ready/);
    expect(ready({ observedAt: ago(121), nextPassAt: ago(0) })).toMatch(
      /^unknown: Stale: ready when last seen at 12:02:29\. All of AWS was last read 2 min ago, and is to be read every 60 s\./,
    );
    expect(ready({ observedAt: ago(90), nextPassAt: ago(61) })).toMatch(
      /^unknown: Stale: ready when last seen at 12:03:00\. The queue is behind: a pass was due 61 s ago/,
    );
  });

  it("of instances that were not read it is not known whether they serve", () => {
    const [first, second] = serviceModel().service.status!.instances;
    const dark = { ...second!, serving: "unknown" } as const;
    expect(ready({ instances: [{ ...first!, serving: "unknown" }, dark] })).toContain(
      "? of 2 instances serving.",
    );
    expect(ready({ instances: [first!, dark] })).toContain("at least 1 of 2 instances serving.");
    const unread = [{ kind: "autoScalingGroup", reason: "denied" }];
    expect(ready({ instances: [], unread })).toContain("How many instances serve is not known.");
  });

  it("that nothing has drifted is said only where everything was read", () => {
    const conditions = GOOD_CONDITIONS.map((one) =>
      one.type === "Drifted" ? condition("Drifted", "Unknown", "CannotRead", "…") : one,
    );
    expect(ready({ conditions })).toContain("Whether anything has drifted is not known.");
    expect(
      fleetHeadline(fleetModel({ services: [summary("a", { conditions })], clouds: [] })).details,
    ).toEqual(["No drift is open, and of 1 service it is not known."]);
  });

  it("drift is being put right only where a call was made for it, and not where somebody else writes it", () => {
    const correction = { operation: "elasticloadbalancing:ModifyTargetGroup", time: ago(5) };
    expect(said(serviceModel({ drift: [open("d", { correction })] }))).toContain(
      "drifted and being put right.",
    );
    const conditions = [
      condition("Ready", "False", "Contested", "…"),
      condition("Stalled", "True", "Contested", "Somebody else writes it as well."),
    ];
    const contested = serviceModel({
      service: service({}, { conditions }),
      drift: [open("d", { correction })],
    });
    expect(said(contested)).toContain("drifted and not put right while it is stalled.");
  });

  it("a rollout that fails is red while it goes on", () => {
    const conditions = [
      condition("Ready", "False", "RolloutFailing", "The rollout of generation 5 fails", 300),
      condition("Reconciling", "True", "Provisioning", "instance refresh InProgress", 300),
    ];
    expect(ready({ conditions })).toMatch(
      /^bad: Not ready since 11:59:30\. The rollout of generation 5 fails\./,
    );
  });

  it("a deletion says who serves still", () => {
    expect(said(serviceModel({ service: service({ deletionTimestamp: ago(60) }) }))).toMatch(
      /^info: Being deleted since 12:03:30\. .* 3 of 3 instances serving\./,
    );
  });
});

describe("the verdict on the fleet", () => {
  const title = (...services: ReturnType<typeof summary>[]) => {
    const headline = fleetHeadline(fleetModel({ services, clouds: [] }));
    return `${headline.tone}: ${headline.title}`;
  };
  const [unready] = degraded().service.status!.conditions;
  const starting = [
    condition("Ready", "False", "Provisioning", "…"),
    condition("Reconciling", "True", "Provisioning", "…"),
  ];
  const broken = [unready!, condition("Reconciling", "True", "Provisioning", "…")];

  it("is the worst of what it has", () => {
    expect(title()).toBe("idle: No services yet.");
    expect(title(summary("a"))).toBe("ok: The one service is ready.");
    expect(title(summary("a"), summary("b"))).toBe("ok: All 2 services are ready.");
    expect(title(summary("a"), summary("b", { openDrift: 1 }))).toBe("warn: All 2 services are ready.");
    expect(title(summary("a"), summary("b", { conditions: starting }))).toBe(
      "info: 1 of 2 services not ready yet.",
    );
    // Work that is under way does not make a fault less of one.
    expect(title(summary("a"), summary("b", { conditions: broken }))).toBe("bad: 1 of 2 services not ready.");
    expect(title(summary("a"), summary("b", { ringingAlarms: ["alarms.high-5xx"] }))).toBe(
      "bad: 1 of 2 services in alarm.",
    );
    expect(title(summary("a"), summary("b", { observedAt: ago(121) }))).toBe(
      "unknown: 1 of 2 services known to be ready.",
    );
    expect(title(summary("a"), summary("b", { conditions: [] }))).toBe(
      "unknown: 1 of 2 services known to be ready.",
    );
    expect(title(summary("a"), summary("b", { conditions: [unready!] }))).toBe(
      "bad: 1 of 2 services not ready.",
    );
    expect(title(summary("b", { deleting: true }))).toBe("info: Nothing is left but deletions.");
  });

  it("names what else a person should know", () => {
    expect(fleetHeadline(fleetModel()).details).toEqual([
      "1 service could not be judged.",
      "1 service is being deleted.",
      "1 service has open drift.",
      "1 service is paused.",
      "Calls to cloudwatch in eu-west-1 are held back.",
    ]);
  });

  it("speaks for all services, also for those that nobody looks for", () => {
    const filter = { text: "a", needsAttention: false };
    const model = fleetModel({
      services: [summary("a"), summary("b", { openDrift: 1 })],
      clouds: [],
      filter,
    });
    expect(fleetHeadline(model)).toMatchObject({ title: "All 2 services are ready.", tone: "warn" });
    expect(fleetHeadline(fleetModel({ services: [], namespace: "team-a" })).title).toBe(
      "No services in team-a.",
    );
  });

  it("puts first what needs attention", () => {
    expect(byAttention(fleetModel().services, fleetModel()).map((each) => each.name)).toEqual([
      "legacy",
      "checkout",
      "reports",
      "brand-new",
      "search",
      "catalogue",
      "web-api",
    ]);
  });

  it("does not call a service ready that nobody has looked at", () => {
    expect(attentionOf(summary("a", { conditions: [] }), fleetModel()).word).toBe("Unknown");
    expect(NOW).toBe(fleetModel().now);
  });
});
