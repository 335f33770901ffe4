import { describe, expect, it } from "vitest";
import { queueOnly } from "../../src/events/queue.ts";
import { StoreError } from "../../src/model/errors.ts";
import { KEY } from "../store/support.ts";
import { SettableClock } from "../support/settable-clock.ts";
import { callMessage, envelope, pathChanged, TARGET_GROUP } from "./records.ts";
import { failure, listening, OWN_CALL, QUEUE, ScriptedAccount, withService } from "./support.ts";

const MIN = 60_000;

describe("an event that comes through the queue", () => {
  it("brings a look at its service forward, and is taken off the queue", async () => {
    const { clock, account, events, suspected } = listening();
    events.start();
    account.waiting.push(pathChanged());
    await clock.advance(1_000);
    expect(suspected).toEqual(["default/web-api"]);
    expect(account.waiting.length + account.inFlight.size).toBe(0);
  });

  it("is taken up once, however often it comes", async () => {
    const { clock, account, events, suspected, flow } = listening();
    events.start();
    const body = pathChanged();
    account.waiting.push(body, body, body);
    await clock.advance(MIN);
    account.waiting.push(body);
    await clock.advance(MIN);
    expect(suspected).toEqual(["default/web-api"]);
    expect(flow().messages).toMatchObject({ matched: 1, repeated: 3 });
  });

  it("of what nobody has made is nothing to anybody; nor is what AWS refused, or what cannot be understood", async () => {
    const { clock, account, events, suspected, flow } = listening();
    events.start();
    account.waiting.push(
      pathChanged({}, `${TARGET_GROUP}0`),
      pathChanged({ errorCode: "AccessDenied" }),
      "{",
      "",
    );
    await clock.advance(1_000);
    expect(suspected).toEqual([]);
    expect(flow().messages).toMatchObject({ matched: 0, unmatched: 1, ignored: 3 });
    expect(account.inFlight.size).toBe(0);
  });

  it("of what stands below what a service has made means that service", async () => {
    const { store, clock, account, events, suspected } = listening();
    const arn = "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/other/50dc6c495c0c9188";
    withService(store, { namespace: "default", name: "other" }, arn);
    events.start();
    const listenerArn = `${arn.replace("loadbalancer", "listener")}/f2f7dc8efc522ab2`;
    account.waiting.push(callMessage("elasticloadbalancing", "CreateRule", { listenerArn }));
    await clock.advance(1_000);
    expect(suspected).toEqual(["default/other"]);
  });

  it("of an instance means the service whose status has it", async () => {
    const { store, clock, account, events, suspected } = listening();
    events.start();
    const { metadata } = store.get(KEY)!;
    const instance = { instanceId: "i-0123456789abcdef0", verdict: "ok", serving: "yes" as const };
    store.updateStatus(KEY, metadata.uid, {
      ...{
        observedGeneration: 1,
        conditions: [],
        resources: [],
        alarms: [],
        unowned: [],
        activities: [],
        scorecard: [],
      },
      instances: [
        {
          ...instance,
          availabilityZone: "a",
          autoScalingGroup: "web",
          autoScaling: { lifecycleState: "InService", healthStatus: "Healthy", protectedFromScaleIn: false },
        },
      ],
    } as never);
    const detail = { "instance-id": instance.instanceId, state: "shutting-down" };
    account.waiting.push(
      JSON.stringify(envelope("aws.ec2", "EC2 Instance State-change Notification", detail)),
    );
    await clock.advance(1_000);
    expect(suspected).toEqual(["default/web-api"]);
  });

  it("of a call of ours brings no look forward", async () => {
    const { store, clock, account, events, suspected, flow } = listening();
    const id = store.openCall({ ...OWN_CALL, operation: "elasticloadbalancing:ModifyTargetGroup" });
    store.closeCall(id, { outcome: "succeeded", requestId: "request-of-ours" });
    events.start();
    account.waiting.push(pathChanged({ requestID: "request-of-ours" }));
    await clock.advance(1_000);
    expect(suspected).toEqual([]);
    expect(flow()).toMatchObject({ state: "flowing", messages: { own: 1 } });
  });

  it("comes again where the database could not be asked, and is taken up then", async () => {
    const { store, clock, account, events, suspected, flow } = listening();
    const madeAs = store.madeAs;
    store.madeAs = () => {
      throw new StoreError("the disk is full");
    };
    events.start();
    const body = pathChanged();
    account.waiting.push(body);
    await clock.advance(1_000);
    expect(flow().fault).toBe("the disk is full");
    expect(account.inFlight.size).toBe(1);
    store.madeAs = madeAs;
    account.waiting.push(body);
    await clock.advance(MIN);
    expect(suspected).toEqual(["default/web-api"]);
  });

  it("floods nobody: a thousand of one service bring a few looks forward", async () => {
    const { clock, account, events, suspected } = listening();
    events.start();
    for (let event = 0; event < 1_000; event += 1) account.waiting.push(pathChanged());
    await clock.advance(2 * MIN);
    expect(account.waiting).toEqual([]);
    expect(suspected.length).toBeGreaterThan(0);
    expect(suspected.length).toBeLessThanOrEqual(8);
  });
});

describe("the flow of events", () => {
  it("is silent at first, and flows once the heartbeat has come back", async () => {
    const { clock, account, events, flow } = listening();
    expect(flow()).toMatchObject({ state: "silent", region: "us-east-1", queue: "holdfast-events" });
    account.heartbeatDelayMs = 5_000;
    events.start();
    await clock.advance(MIN);
    expect(flow()).toMatchObject({ state: "flowing", usualDelaySeconds: 5 });
    expect(events.isFlowing("us-east-1")).toBe(true);
    expect(events.isFlowing("eu-west-1")).toBe(false);
  });

  it.each([5_000, 5 * MIN])("flows for hours in a quiet fleet, with events %i ms late", async (delay) => {
    const { clock, account, events, flow } = listening();
    account.heartbeatDelayMs = delay;
    events.start();
    await clock.advance(delay + MIN);
    const since = flow().since;
    await clock.advance(3 * 60 * MIN);
    expect(flow()).toMatchObject({ state: "flowing", since });
    expect(account.heartbeats()).toBeLessThanOrEqual(40);
    expect(new Set(account.asked.map(({ operation }) => operation))).toEqual(
      new Set(["sqs:ReceiveMessage", "sqs:DeleteMessageBatch", "sqs:TagQueue"]),
    );
  });

  it("falls silent when nothing comes back any more, and says since when", async () => {
    const { clock, account, events, flow } = listening();
    account.heartbeatDelayMs = 5_000;
    events.start();
    await clock.advance(2 * MIN);
    account.heartbeatDelayMs = undefined;
    await clock.advance(10 * MIN);
    expect(flow().state).toBe("silent");
    account.heartbeatDelayMs = 5_000;
    await clock.advance(10 * MIN);
    expect(flow().state).toBe("flowing");
  });

  it("is proved again at once after the clock was set back", async () => {
    const machine = { is: undefined as SettableClock | undefined };
    const { clock, account, events, flow } = listening({}, (real) => {
      machine.is = new SettableClock(real);
      return machine.is;
    });
    account.heartbeatDelayMs = 5_000;
    events.start();
    await clock.advance(2 * MIN);
    machine.is?.set(-60 * MIN);
    await clock.advance(2 * MIN);
    expect(flow().state).toBe("flowing");
  });

  it("is not believed on the word of a forged event", async () => {
    const { clock, account, events, flow } = listening();
    events.start();
    account.waiting.push(
      pathChanged({ requestID: "guessed" }),
      callMessage("sqs", "TagQueue", { queueUrl: QUEUE.url }),
    );
    await clock.advance(MIN);
    expect(flow().state).toBe("silent");
  });
});

describe("a queue that cannot be read", () => {
  it("is asked ever more rarely, told once, and harms nobody", async () => {
    const { clock, account, events, flow, warned } = listening();
    account.refuses = () => failure("AccessDenied", "unauthorized");
    events.start();
    await clock.advance(10 * MIN);
    expect(account.asked.length).toBeLessThan(20);
    expect(warned).toHaveLength(1);
    expect(flow()).toMatchObject({
      state: "silent",
      fault: "sqs:ReceiveMessage answered AccessDenied (unauthorized)",
    });
    account.refuses = () => undefined;
    account.heartbeatDelayMs = 1_000;
    await clock.advance(3 * MIN);
    expect(flow().fault).toBeUndefined();
    expect(flow().state).toBe("flowing");
  });

  it("that lets nobody tag it is read all the same", async () => {
    const { clock, account, events, suspected, warned, flow } = listening();
    account.refuses = (operation) =>
      operation === "sqs:TagQueue" ? failure("AccessDenied", "unauthorized") : undefined;
    events.start();
    await clock.advance(2 * MIN);
    account.waiting.push(pathChanged());
    await clock.advance(2 * MIN);
    expect(suspected).toEqual(["default/web-api"]);
    expect(warned).toHaveLength(1);
    expect(flow().fault).toBe("sqs:ReceiveMessage answered AccessDenied (unauthorized)");
  });

  it("keeps nobody from stopping, however long it would wait", async () => {
    const { clock, account, events } = listening();
    events.start();
    await clock.advance(1_000);
    await clock.resolve(events.stop(), 100);
    const asked = account.asked.length;
    await clock.advance(MIN);
    expect(account.asked).toHaveLength(asked);
  });
});

describe("the cloud of the queue", () => {
  it("reaches nothing but that queue", async () => {
    const { clock } = listening();
    const cloud = queueOnly(new ScriptedAccount(clock), QUEUE);
    const other = { QueueUrl: "https://sqs.us-east-1.amazonaws.com/123456789012/other" };
    await expect(cloud.call("sqs:TagQueue", { ...other, Tags: {} })).rejects.toThrow(/must not be called/);
    await expect(
      cloud.call("elasticloadbalancing:DeleteLoadBalancer" as never, QUEUE as never),
    ).rejects.toThrow(/must not be called/);
  });
});
