import { describe, expect, it } from "vitest";
import { columnsOf } from "../../src/dashboard/columns.ts";
import { fleetText, serviceText } from "../../src/dashboard/text.ts";
import { patchCommand } from "../../src/dashboard/words.ts";
import {
  condition,
  degraded,
  drifting,
  event,
  fleetModel,
  service,
  serviceModel,
  unseen,
} from "./fixtures.ts";

const ESCAPE = "\u001b";
const SERVICES = [degraded(), drifting(), unseen(), serviceModel()];

describe("pages for terminals", () => {
  it("align their columns, and put below a row what has no room in it", () => {
    const rows = [
      ["a", "bb", "c"],
      ["aaa", "b", ""],
    ];
    expect(columnsOf(rows, 20)).toEqual(["a    bb  c", "aaa  b"]);
    const wide = [
      ["x".repeat(11), "yy", "z z z"],
      ["x", "y", "z"],
    ];
    expect(columnsOf(wide, 20)).toEqual([`${"x".repeat(11)}  yy`, "     z z z", "x            y   z"]);
    expect(columnsOf(wide, 14)).toEqual(["x".repeat(11), "     yy  z z z", "x", "     y  z"]);
    expect(columnsOf([], 14)).toEqual([]);
  });

  it("have no line that is wider than the terminal, and lose no word of what is said", () => {
    for (const width of [60, 80, 100, 250]) {
      for (const text of [
        fleetText(fleetModel(), { width }),
        ...SERVICES.map((model) => serviceText(model, { width })),
      ]) {
        const isCommand = (line: string) => line.startsWith("     kubectl ");
        const tooLong = text.split("\n").filter((line) => line.length > width && !isCommand(line));
        expect(tooLong).toEqual([]);
      }
      const words = serviceText(degraded(), { width }).replaceAll(/\s+/g, " ");
      expect(words).toContain("will not be replaced before 12:07:10Z");
    }
    expect(
      Math.max(
        ...fleetText(fleetModel())
          .split("\n")
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(100);
  });

  it("put what is said of a resource in one cell, with one mark between two sentences", () => {
    const [first, ...rest] = service().status?.resources ?? [];
    if (first === undefined) throw new Error("no resource");
    const told = { ...first, message: "Its rollout has failed.", derived: ["alarm-high"] };
    const text = serviceText(serviceModel({ service: service({}, { resources: [told, ...rest] }) }));
    expect(text).toContain("Its rollout has failed; derived, AWS's to keep: alarm-high");
  });

  it("give the fleet on one line for each service where there is room, what needs attention first", () => {
    const lines = fleetText(fleetModel(), { width: 250 }).split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "HOLDFAST 0.1.0 - simulated account, 60x real time - 2026-03-01 12:04:30 UTC",
      "x 2 of 7 services not ready. 1 service could not be judged. 1 service is being deleted. 1 service has open drift. 1 service is paused. Calls to cloudwatch in eu-west-1 are held back.",
      "",
      "   SERVICE            STATE                   SERVING  DRIFT  IN SYNC  COMPARED   WHY",
      "x  default/legacy     Stalled                 0/0      ?      0/3      12 s ago   Set deletion_protection.enabled to false in the spec.",
      "x  default/checkout   Not ready               2/3      0      10/10    12 s ago   1 of 3 instances of autoScalingGroups.web fails: i-0c9d1e77ab3320f41 (Target.ResponseCodeMismatch).",
    ]);
  });

  it("give a service with its verdicts", () => {
    const text = serviceText(degraded(), { width: 250 });
    expect(text).toContain("x Not ready since 12:03:15. 1 of 3 instances");
    expect(text).toMatch(
      /^x {2}i-0c9d1e77ab3320f41 {2}us-east-1c {2}unhealthy .* will not be replaced before 12:07:10Z/m,
    );
    expect(text).toContain("ALARM  alarms.unhealthy-hosts");
    expect(serviceText(drifting(), { width: 250 })).toMatch(
      /^! {2}12:03:50 .*healthCheck\.path {2}\/healthz instead of \/health {2}Open$/m,
    );
    expect(serviceText(unseen())).toContain("? Not looked at yet. The first pass has not ended.");
  });

  it("leave a command whole, whatever the width, so that it can be copied", () => {
    const patch = JSON.stringify({
      spec: { alarms: { "high-5xx": { alarmActions: ["it's an arn ".repeat(9)] } } },
    });
    const check = {
      id: "c1",
      title: "Told",
      result: "fail",
      evidence: "no",
      remedy: "Do so.",
      patch,
    } as const;
    const model = serviceModel({ service: service({}, { scorecard: [check, { ...check, id: "c2" }] }) });
    for (const width of [60, 100, 250]) {
      const lines = serviceText(model, { width }).split("\n");
      const command = patchCommand(model.service, patch);
      expect(lines.filter((line) => line === `     ${command}`)).toHaveLength(2);
    }
    expect(columnsOf([["a", "b"], { command: "x".repeat(30) }, ["aa", "bb"]], 10)).toEqual([
      "a   b",
      `     ${"x".repeat(30)}`,
      "aa  bb",
    ]);
  });

  it("say once what several conditions say", () => {
    const message = "Waits for a person.";
    const conditions = [
      condition("Ready", "False", "Contested", message),
      condition("Synced", "False", "Contested", message),
    ];
    const text = serviceText(serviceModel({ service: service({}, { conditions }) }), { width: 250 });
    expect(text).toMatch(
      /Not ready .*Contested +Waits for a person\.\n.*Not synced .*The same as Not ready\.$/m,
    );
  });

  it("say how much of what AWS holds is compared, and why the rest is not", () => {
    const text = serviceText(serviceModel(), { width: 250 });
    expect(text).toMatch(/^COVERAGE: 61 OF 65 MEMBERS COMPARED\n/m);
    expect(text).toMatch(
      /^\? {2}Not compared +autoScalingGroups\.web +PlacementGroup +rack-7: the spec has no field for it yet\.$/m,
    );
    expect(text).toMatch(
      /^\? {2}Not compared +autoScalingGroups\.web +lifecycle hooks +not read: autoscaling:DescribeLifecycleHooks is not called\.$/m,
    );
    expect(text).toMatch(/^- {2}Left to others +autoScalingGroups\.web +desiredCapacity +3: used when/m);
    expect(text).toMatch(/^ +and 1 more$/m);
  });

  it("give the plan, the steps of a replacement, the activities of the groups and the calls", () => {
    const held = serviceText(drifting(), { width: 250 });
    expect(held).toMatch(/^PLAN, HELD BACK: /m);
    expect(held).toMatch(/healthCheck\.path: \S+ -> \S+\. Calls elasticloadbalancing:ModifyTargetGroup\./);
    const text = serviceText(degraded(), { width: 250 });
    expect(text).toMatch(/^STEPS OF i-0c9d1e77ab3320f41\n● {2}1 {2}done .*\n/m);
    expect(text).toMatch(/^~ {2}4 {2}now +Grace period ends +~ 5 min\. /m);
    expect(text).toMatch(
      /^ACTIVITIES\n● {2}\S+ min ago +Successful +autoScalingGroups\.web +Launching a new EC2 instance/m,
    );
    expect(text).toMatch(
      /^CALLS\n● .*elasticloadbalancing:ModifyTargetGroup +targetGroups\.web +succeeded\nx .*Throttling: Rate exceeded$/m,
    );
    const plan = { ...drifting().service.status!.plan!, rows: [] };
    expect(serviceText(serviceModel({ service: service({}, { plan }) }))).toContain(
      "Nothing to do: AWS equals the spec.",
    );
  });

  it("name what others have put beside the service; tags of theirs stand in the coverage", () => {
    const unowned = [
      { kind: "tag", on: "loadBalancer", id: "Team", description: "a tag that the spec does not declare" },
      {
        kind: "rule",
        on: "loadBalancer.listeners.443",
        id: "arn:rule",
        description: "a rule of somebody else's with priority 50",
      },
    ];
    const text = serviceText(serviceModel({ service: service({}, { unowned }) }), { width: 250 });
    expect(text).toMatch(
      /^NOT OURS\n- {2}rule +loadBalancer\.listeners\.443 +a rule of somebody else's with priority 50: arn:rule\n\n/m,
    );
  });

  it("have colours only where they are asked for, and the same words with them", () => {
    const escapes = new RegExp(`${ESCAPE}\\[\\d+m`, "g");
    for (const draw of [
      (hasColour: boolean) => fleetText(fleetModel(), { hasColour }),
      (hasColour: boolean) => serviceText(degraded(), { hasColour }),
    ]) {
      expect(draw(false)).not.toContain("\u001b");
      expect(draw(true)).toContain("\u001b[31mx\u001b[0m ");
      expect(draw(true).replaceAll(escapes, "")).toBe(draw(false));
    }
    const hostile = serviceModel({ events: [event("e", { message: "\u001b[2J" })] });
    expect(serviceText(hostile, { hasColour: true })).not.toContain("\u001b[2J");
  });
});
