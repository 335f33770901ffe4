/** Replacing the instances of a group as an AWS client does it: every preference, and each way in which it ends. */
import type {
  AutoScalingGroupsType,
  AutoScalingInstanceDetails,
  DescribeInstanceRefreshesAnswer,
  InstanceRefresh,
  InstanceRefreshStatus,
  RefreshPreferences,
  StartInstanceRefreshAnswer,
} from "@aws-sdk/client-auto-scaling";
import { expect, it } from "vitest";
import { waitUntil } from "../support/wait-until.ts";
import type { WireClient } from "./client-facts.ts";

const GROUP = "wire-refresh";
const ALARM = "wire-refresh-errors";
const named = { AutoScalingGroupName: GROUP };
/** All that AWS's API reference has of them. */
const PREFERENCES: Required<RefreshPreferences> = {
  MinHealthyPercentage: 50,
  MaxHealthyPercentage: 120,
  InstanceWarmup: 30,
  CheckpointPercentages: [50, 100],
  CheckpointDelay: 600,
  BakeTime: 1_200,
  SkipMatching: true,
  AutoRollback: true,
  ScaleInProtectedInstances: "Refresh",
  StandbyInstances: "Terminate",
  AlarmSpecification: { Alarms: [ALARM] },
};

/** In the account's time: longer than a client that starts anew for each call needs for all that it does meanwhile. */
const LONG = { ...PREFERENCES, CheckpointDelay: 28_800, BakeTime: 28_800 };

interface Tools {
  readonly client: () => WireClient;
  readonly makeGroup: (name: string, more: Record<string, unknown>) => Promise<void>;
  readonly limitMs: number;
}

/** Inside of `describe`, where a daemon's simulated account is there. */
export function itRefreshesInstances({ client, makeGroup, limitMs }: Tools): void {
  const call = async <Output = unknown>(
    operation: string,
    input: Record<string, unknown> = {},
    service: Parameters<WireClient["call"]>[0] = "autoscaling",
  ) => (await client().call(service, operation, { ...named, ...input })) as Output;

  const instances = async (): Promise<AutoScalingInstanceDetails[]> => {
    const { AutoScalingGroups: [group] = [] } = (await client().call(
      "autoscaling",
      "DescribeAutoScalingGroups",
      { AutoScalingGroupNames: [GROUP] },
    )) as AutoScalingGroupsType;
    return (group?.Instances ?? []) as AutoScalingInstanceDetails[];
  };
  const inService = (count: number) =>
    waitUntil(async () => {
      const ready = (await instances()).filter(({ LifecycleState }) => LifecycleState === "InService");
      return ready.length === count ? ready : undefined;
    }, limitMs);

  const newVersion = (ImageId: string) =>
    client().call("ec2", "CreateLaunchTemplateVersion", {
      LaunchTemplateName: GROUP,
      SourceVersion: "1",
      LaunchTemplateData: { ImageId },
    });
  const desired = (Version: string) => ({ LaunchTemplate: { LaunchTemplateName: GROUP, Version } });
  const start = async (Version: string, Preferences: RefreshPreferences): Promise<string> => {
    const { InstanceRefreshId = "" } = await call<StartInstanceRefreshAnswer>("StartInstanceRefresh", {
      Strategy: "Rolling",
      DesiredConfiguration: desired(Version),
      Preferences,
    });
    return InstanceRefreshId;
  };
  const described = async (id: string): Promise<InstanceRefresh> => {
    const { InstanceRefreshes: [one] = [] } = await call<DescribeInstanceRefreshesAnswer>(
      "DescribeInstanceRefreshes",
      { InstanceRefreshIds: [id] },
    );
    return one ?? {};
  };
  const until = (id: string, ...statuses: InstanceRefreshStatus[]) =>
    waitUntil(async () => {
      const one = await described(id);
      return one.Status !== undefined && statuses.includes(one.Status) ? one : undefined;
    }, limitMs);
  const ring = (StateValue: string) =>
    client().call("cloudwatch", "SetAlarmState", { AlarmName: ALARM, StateValue, StateReason: "by hand" });

  it("refreshes instances with every preference, and is shown what it sent", {
    timeout: 4 * limitMs,
  }, async () => {
    await client().call("cloudwatch", "PutMetricAlarm", {
      AlarmName: ALARM,
      Namespace: "wire",
      MetricName: "errors",
      Statistic: "Sum",
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 1,
      ComparisonOperator: "GreaterThanThreshold",
      TreatMissingData: "ignore",
    });
    await makeGroup(GROUP, {
      LaunchTemplate: { LaunchTemplateName: GROUP, Version: "1" },
      ...{ MinSize: 1, MaxSize: 4, DesiredCapacity: 2 },
    });
    await newVersion("ami-87654321");
    const [{ InstanceId: kept = "" } = {}, { InstanceId: apart = "" } = {}] = await inService(2);
    await call("SetInstanceProtection", { InstanceIds: [kept], ProtectedFromScaleIn: true });
    await call("EnterStandby", { InstanceIds: [apart], ShouldDecrementDesiredCapacity: true });
    const id = await start("2", PREFERENCES);
    expect(await described(id)).toMatchObject({
      InstanceRefreshId: id,
      ...named,
      Strategy: "Rolling",
      Preferences: PREFERENCES,
      DesiredConfiguration: desired("2"),
    });
    await until(id, "Baking");
    expect(await until(id, "Successful")).toMatchObject({ PercentageComplete: 100, InstancesToUpdate: 0 });
    const now = await inService(1);
    expect(now.map(({ LaunchTemplate }) => LaunchTemplate?.Version)).toEqual(["2"]);
    expect((await instances()).map(({ InstanceId }) => InstanceId)).not.toContain(kept);
  });

  it("calls a refresh off, and rolls one back", { timeout: 4 * limitMs }, async () => {
    await newVersion("ami-0bad0bad");
    await call("UpdateAutoScalingGroup", { MinSize: 2, DesiredCapacity: 2 });
    await inService(2);
    await expect(call("CancelInstanceRefresh")).rejects.toThrow(/ActiveInstanceRefreshNotFound/);
    const calledOff = await start("3", LONG);
    await expect(start("3", LONG)).rejects.toThrow(/InstanceRefreshInProgress/);
    await call("CancelInstanceRefresh");
    expect((await until(calledOff, "Cancelled")).Preferences).toEqual(LONG);
    const rolledBack = await start("3", LONG);
    await until(rolledBack, "InProgress", "Baking");
    await call("RollbackInstanceRefresh");
    const { RollbackDetails, Preferences } = await until(rolledBack, "RollbackSuccessful");
    expect(RollbackDetails?.RollbackReason).toMatch(/requested by the user/i);
    expect(Preferences).toEqual(LONG);
    await expect(call("RollbackInstanceRefresh")).rejects.toThrow(/ActiveInstanceRefreshNotFound/);
  });

  it("has a refresh rolled back by an alarm that it named", { timeout: 4 * limitMs }, async () => {
    const id = await start("3", LONG);
    await until(id, "InProgress", "Baking");
    await ring("ALARM");
    const { RollbackDetails } = await until(id, "RollbackSuccessful");
    expect(RollbackDetails?.RollbackReason).toContain(ALARM);
    const now = await inService(2);
    expect(now.map(({ LaunchTemplate }) => LaunchTemplate?.Version)).toEqual(["2", "2"]);
    const { InstanceRefreshes = [] } =
      await call<DescribeInstanceRefreshesAnswer>("DescribeInstanceRefreshes");
    expect(InstanceRefreshes.map(({ Status }) => Status)).toEqual([
      "RollbackSuccessful",
      "RollbackSuccessful",
      "Cancelled",
      "Successful",
    ]);
    await call("DeleteAutoScalingGroup", { ForceDelete: true });
    await client().call("cloudwatch", "DeleteAlarms", { AlarmNames: [ALARM] });
  });
}
