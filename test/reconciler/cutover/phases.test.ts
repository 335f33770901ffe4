import { describe, expect, it } from "vitest";
import type { Installation } from "../../support/installation.ts";
import { converged, port, somebody, specWith } from "../world.ts";

const GROUP = "autoScalingGroups.web";
const TARGET_GROUP = "targetGroups.web";

/** The phases that the status has told of an address, in order, each once in a row. */
async function phasesOf(installation: Installation, addresses: string[]): Promise<Record<string, string[]>> {
  const told = new Map(addresses.map((address) => [address, [] as string[]]));
  for (let second = 0; second < 600; second += 1) {
    for (const row of installation.get().status?.resources ?? []) {
      const list = told.get(row.key);
      const phase = row.state === "Surplus" ? undefined : row.cutover;
      if (list !== undefined && phase !== undefined && list.at(-1) !== phase) list.push(phase);
    }
    await installation.clock.advance(1_000);
  }
  return Object.fromEntries(told);
}

describe("the phase of a cutover", () => {
  it("of a target group and of its group stands in the status, with numbers, and ends with it", async () => {
    const installation = await converged();
    installation.post(specWith(port));
    const phases = await phasesOf(installation, [TARGET_GROUP, GROUP]);
    expect(phases[TARGET_GROUP]?.[0]).toBe("warming up: 0 of 2 healthy");
    expect(phases[TARGET_GROUP]?.at(-1)).toMatch(/^(warming up: [12] of 2 healthy|taking over: )/);
    expect(phases[GROUP]?.[0]).toMatch(/^warming up: attached to old and new, EC2's health check/);
    await installation.untilReady();
    await installation.clock.advance(120_000);
    const rows = installation.get().status?.resources ?? [];
    expect(rows.filter(({ cutover }) => cutover !== undefined)).toEqual([]);
  });

  it("is not there where an instance of the one that serves fails", async () => {
    const installation = await converged();
    const [group] = installation.account.parts.autoScaling.groups();
    await somebody(installation, "autoscaling:SuspendProcesses", {
      AutoScalingGroupName: group?.name,
      ScalingProcesses: ["Launch"],
    });
    await somebody(installation, "ec2:TerminateInstances", {
      InstanceIds: [group?.instances[0]?.instanceId],
    });
    await installation.until(() => installation.condition("Healthy")?.reason === "LaunchSuspended");
    const rows = installation.get().status?.resources ?? [];
    expect(rows.filter(({ cutover }) => cutover !== undefined)).toEqual([]);
  });

  it("is not there where nothing moves", async () => {
    const installation = await converged();
    const rows = installation.get().status?.resources ?? [];
    expect(rows.length).toBeGreaterThan(8);
    expect(rows.filter(({ cutover }) => cutover !== undefined)).toEqual([]);
  });
});
