import { describe, expect, it } from "vitest";
import { columnsOf } from "../../src/dashboard/columns.ts";
import { fleetText, serviceText } from "../../src/dashboard/text.ts";
import { degraded, drifting, fleetModel, unseen } from "./fixtures.ts";

describe("pages for terminals", () => {
  it("align their columns and cut what is too wide out of the alignment", () => {
    expect(
      columnsOf([
        ["a", "bb", "c"],
        ["aaa", "b", ""],
      ]),
    ).toEqual(["a    bb  c", "aaa  b"]);
    expect(
      columnsOf(
        [
          ["x".repeat(9), "y"],
          ["x", "y"],
        ],
        4,
      ),
    ).toEqual(["xxxxxxxxx  y", "x     y"]);
    expect(columnsOf([])).toEqual([]);
  });

  it("give the fleet on one line for each service, what needs attention first", () => {
    const lines = fleetText(fleetModel()).split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "HOLDFAST 0.1.0 - simulated account, 60x real time - 2026-03-01 12:04:30 UTC",
      "x 2 of 7 services not ready. 1 service could not be judged. 1 service is being deleted. 1 service has open drift. 1 service is paused. Calls to cloudwatch in eu-west-1 are held back.",
      "",
      "   SERVICE            STATE                   SERVING  DRIFT  IN SYNC  READ       WHY",
      "x  default/legacy     Stalled                 0/0      ?      0/3      12 s ago   Set deletion_protection.enabled to false in the spec.",
      "x  default/checkout   Not ready               2/3      0      10/10    12 s ago   1 of 3 instances of autoScalingGroups.web fails: i-0c9d1e77ab3320f41 (Target.ResponseCodeMismatch).",
    ]);
  });

  it("give a service with its verdicts", () => {
    const text = serviceText(degraded());
    expect(text).toContain("x Not ready since 12:03:15. 1 of 3 instances");
    expect(text).toMatch(
      /^x {2}i-0c9d1e77ab3320f41 {2}us-east-1c {2}unhealthy .* will not be replaced before 12:07:10Z/m,
    );
    expect(text).toContain("ALARM  alarms.unhealthy-hosts");
    expect(serviceText(drifting())).toMatch(
      /^! {2}12:03:50 .*healthCheck\.path {2}\/healthz instead of \/health {2}Open$/m,
    );
    expect(serviceText(unseen())).toContain("? Not looked at yet. The first pass has not ended.");
  });

  it("are text without colour codes", () => {
    expect(fleetText(fleetModel())).not.toContain("\u001b");
  });
});
