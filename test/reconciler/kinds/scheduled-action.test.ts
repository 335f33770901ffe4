/** Scheduled actions of a spec: made, left alone while AWS moves them on, put right, dropped once they are over, removed. */
import { describe, expect, it } from "vitest";
import { isNextTime, isOver } from "../../../src/reconciler/kinds/scheduled-action/due.ts";
import { example } from "../../support/example.ts";
import { type Installation, WEB_API } from "../../support/installation.ts";
import { converged } from "../world.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PUT = "autoscaling:PutScheduledUpdateGroupAction";
const DELETE = "autoscaling:DeleteScheduledAction";
const ADDRESS = "autoScalingGroups.web.scheduledActions";

const moment = (ms: number) => `${new Date(ms).toISOString().slice(0, 19)}Z`;
const HOURLY = { recurrence: "0 * * * *", minSize: 2, maxSize: 8 };

const withActions = (scheduledActions: object) => example().withGroup("web", { scheduledActions });

async function shown(installation: Installation) {
  const { AutoScalingGroups: [group] = [] } = await installation.aws(
    "autoscaling:DescribeAutoScalingGroups",
    {},
  );
  const AutoScalingGroupName = group!.AutoScalingGroupName!;
  const { ScheduledUpdateGroupActions: actions = [] } = await installation.aws(
    "autoscaling:DescribeScheduledActions",
    { AutoScalingGroupName },
  );
  return { group: group!, AutoScalingGroupName, actions };
}

const rowOf = (installation: Installation, name: string) =>
  installation.store.get(WEB_API)?.status?.resources.find(({ key }) => key === `${ADDRESS}.${name}`);

const eventsOf = ({ store }: Installation) => store.driftEvents({ limit: 1_000 }).items;

describe("a scheduled action", () => {
  it("is made with the group, and is no drift while it recurs and sets the sizes of its group", async () => {
    const installation = await converged(withActions({ hourly: HOURLY }).spec());
    const before = await shown(installation);
    expect(before.actions).toMatchObject([
      {
        ScheduledActionName: "holdfast/default/web-api/hourly",
        Recurrence: "0 * * * *",
        MinSize: 2,
        MaxSize: 8,
      },
    ]);
    const calls = installation.mutations().length;
    await installation.clock.advance(3 * HOUR_MS);
    const after = await shown(installation);
    expect(after.group.MaxSize).toBe(8);
    expect(after.actions[0]!.StartTime).not.toEqual(before.actions[0]!.StartTime);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(eventsOf(installation)).toEqual([]);
    expect(installation.condition("Synced")?.status).toBe("True");
  });

  it("that somebody changes, or puts off, is put right", async () => {
    const installation = await converged(withActions({ hourly: HOURLY }).spec());
    const { AutoScalingGroupName, actions } = await shown(installation);
    const { ScheduledActionName } = actions[0]!;
    const calls = installation.mutations().length;
    await installation.aws(PUT, {
      ...{ AutoScalingGroupName, ScheduledActionName, Recurrence: "0 * * * *", MinSize: 2, MaxSize: 8 },
      StartTime: new Date(installation.clock.nowMs() + 48 * HOUR_MS),
    });
    await installation.clock.advance(10 * MINUTE_MS);
    expect(eventsOf(installation)).toMatchObject([
      { resource: `${ADDRESS}.hourly`, field: "startTime", state: "Corrected" },
    ]);
    // What a put leaves out may stay: it is taken away first.
    expect(installation.mutations().slice(calls)).toEqual([DELETE, PUT]);
    const { actions: now } = await shown(installation);
    expect(now[0]!.StartTime!.getTime() - installation.clock.nowMs()).toBeLessThanOrEqual(HOUR_MS);
  });

  it("that is to be made anew is told by nobody to be gone, when it is paused right after its removal", async () => {
    const startTime = moment(Date.parse("2040-01-01T00:00:00Z"));
    const installation = await converged(withActions({ hourly: { ...HOURLY, startTime } }).spec());
    installation.post(withActions({ hourly: HOURLY }).spec());
    await installation.until(() => installation.mutations().at(-1) === DELETE);
    installation.annotate({ "holdfast.dev/paused": "true" });
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await shown(installation)).actions).toEqual([]);
    installation.annotate({ "holdfast.dev/paused": "false" });
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await shown(installation)).actions).toHaveLength(1);
    expect(eventsOf(installation)).toEqual([]);
  });

  it("that was due once is Fired when AWS has dropped it, and is not put again", async () => {
    const installation = await converged(example().spec());
    const startTime = moment(installation.clock.nowMs() + HOUR_MS);
    installation.post(withActions({ launch: { startTime, minSize: 3 } }).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    expect(rowOf(installation, "launch")?.state).toBe("InSync");
    const calls = installation.mutations().length;
    await installation.clock.advance(2 * HOUR_MS);
    const { group, actions } = await shown(installation);
    expect(actions).toEqual([]);
    expect(rowOf(installation, "launch")?.state).toBe("Fired");
    // What it has set stays, and is no drift.
    expect(group.MinSize).toBe(3);
    expect(installation.mutations().slice(calls)).toEqual([]);
    expect(eventsOf(installation)).toEqual([]);
    expect(installation.condition("Ready")?.status).toBe("True");
    const again = moment(installation.clock.nowMs() + HOUR_MS);
    installation.post(withActions({ launch: { startTime: again, minSize: 4 } }).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    expect(rowOf(installation, "launch")?.state).toBe("InSync");
    // Of what has set the minimum the spec says nothing any more.
    expect(installation.mutations().slice(calls)).toEqual([PUT, "autoscaling:UpdateAutoScalingGroup"]);
  });

  it("goes on without its start once that has passed", async () => {
    const installation = await converged(example().spec());
    const startTime = moment(installation.clock.nowMs() + 2 * HOUR_MS);
    installation.post(withActions({ hourly: { ...HOURLY, startTime } }).spec());
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await shown(installation)).actions[0]!.StartTime!.getTime()).toBeGreaterThanOrEqual(
      Date.parse(startTime),
    );
    const calls = installation.mutations().length;
    await installation.clock.advance(5 * HOUR_MS);
    expect(installation.mutations().slice(calls)).toEqual([]);
    const { AutoScalingGroupName, actions } = await shown(installation);
    const { ScheduledActionName } = actions[0]!;
    await installation.aws(DELETE, { AutoScalingGroupName, ScheduledActionName });
    await installation.clock.advance(10 * MINUTE_MS);
    expect((await shown(installation)).actions).toMatchObject([{ Recurrence: "0 * * * *" }]);
    expect(eventsOf(installation)).toMatchObject([{ change: "Missing", state: "Corrected" }]);
  });

  it("that is taken out of the spec is removed; one of somebody else's is left alone", async () => {
    const installation = await converged(withActions({ hourly: HOURLY }).spec());
    const { AutoScalingGroupName } = await shown(installation);
    await installation.aws(PUT, {
      ...{ AutoScalingGroupName, ScheduledActionName: "others", Recurrence: "30 4 * * *", MaxSize: 9 },
    });
    installation.post(example().spec());
    await installation.clock.advance(10 * MINUTE_MS);
    const { actions } = await shown(installation);
    expect(actions.map(({ ScheduledActionName }) => ScheduledActionName)).toEqual(["others"]);
    expect(installation.condition("Synced")?.status).toBe("True");
  });

  it("is read by nobody whose spec has none", async () => {
    const installation = await converged(example().spec());
    const { account, clock } = installation;
    const asked: string[] = [];
    const { call } = account;
    account.call = (...args) => {
      asked.push(`${args[0]}:${args[1]}`);
      return call(...args);
    };
    await clock.advance(HOUR_MS);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked).not.toContain("autoscaling:DescribeScheduledActions");
  });
});

describe("the times of a scheduled action", () => {
  const at = (text: string) => Date.parse(`2026-03-0${text}Z`);

  it("are over with the last one before its end", () => {
    const daily = { recurrence: "0 8 * * *", endTime: "2026-03-05T07:00:00Z" };
    expect(isOver(daily, at("4T07:59:59"))).toBe(false);
    expect(isOver(daily, at("4T08:00:00"))).toBe(true);
    expect(isOver({ recurrence: "0 8 * * *" }, at("9T00:00:00"))).toBe(false);
    expect(isOver({ startTime: "2026-03-04T08:00:00Z" }, at("4T08:00:00"))).toBe(true);
    expect(isOver({ startTime: "2026-03-04T08:00:00Z" }, at("4T07:59:59"))).toBe(false);
  });

  it("begin when they are due next, unless somebody has put them off", () => {
    const daily = { recurrence: "0 8 * * *" };
    expect(isNextTime(at("5T08:00:00"), daily, at("4T12:00:00"))).toBe(true);
    expect(isNextTime(at("6T08:00:00"), daily, at("4T12:00:00"))).toBe(false);
  });
});
