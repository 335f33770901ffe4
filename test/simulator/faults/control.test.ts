import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Account, buildAccount } from "../../../src/simulator/account.ts";
import { type AccountServer, serveAccount } from "../../../src/simulator/wire/server.ts";
import { HurryingClock } from "../hurrying-clock.ts";
import { seeded, WEB } from "../support.ts";

let account: Account;
let server: AccountServer;
const clock = new HurryingClock();

beforeAll(async () => {
  account = buildAccount({ clock, rng: seeded(1), throttle: false });
  server = await serveAccount(account, {
    host: "127.0.0.1",
    port: 0,
    advance: (ms) => clock.virtual.advance(ms),
  });
});

afterAll(() => server.close());

async function post(
  name: string,
  input: unknown,
  type = "application/json",
): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${server.url}/_simulator/${name}`, {
    method: "POST",
    body: typeof input === "string" ? input : JSON.stringify(input),
    headers: { "content-type": type },
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(server.url + path)).json()) as T;
}

async function launch(more: object = {}): Promise<string> {
  const output = (await account.call("ec2", "RunInstances", {
    ImageId: "ami-12345678",
    InstanceType: "t3.micro",
    SubnetId: "subnet-1b",
    MinCount: 1,
    MaxCount: 1,
    ...more,
  })) as { Instances: { InstanceId: string }[] };
  await post("advance", { seconds: 300 });
  return output.Instances[0]!.InstanceId;
}

describe("the control route", () => {
  it("lists what can be done, with examples", async () => {
    const { actions } = await get<{ actions: { do: string }[] }>("/_simulator/");
    expect(actions.map((one) => one.do)).toEqual([
      "GET /_simulator/state",
      "GET /_simulator/publications",
      ...["break", "mend", "stop", "impair", "zone", "interrupt", "capacity"].map(
        (name) => `POST /_simulator/${name}`,
      ),
      ...["load", "fault", "clear-faults", "troubles", "principal", "others", "advance"].map(
        (name) => `POST /_simulator/${name}`,
      ),
    ]);
    expect(await get<object>("/")).toHaveProperty("message");
  });

  it("breaks and mends the application on an instance", async () => {
    const instanceId = await launch();
    const respond = (): object => account.parts.ec2.respond(instanceId, 80, "/");
    expect((await post("break", { instanceId, statusCode: 503 })).status).toBe(200);
    expect(respond()).toEqual({ reachable: true, statusCode: 503 });
    await post("break", { instanceId, how: "refuse" });
    expect(respond()).toEqual({ reachable: false, timedOut: false });
    await post("mend", { instanceId });
    expect(respond()).toEqual({ reachable: true, statusCode: 200 });
  });

  it("stops an instance, impairs another, and takes a zone away", async () => {
    const [one, two] = [await launch(), await launch()];
    await post("stop", { instanceId: one });
    await post("impair", { instanceId: two, instance: true });
    await post("advance", { seconds: 180 });
    expect(account.parts.ec2.instance(one)?.state).toBe("stopped");
    expect(account.parts.ec2.instance(two)).toMatchObject({ systemStatus: "ok", instanceStatus: "impaired" });
    await post("zone", { zone: "us-east-1b", available: false });
    expect(account.parts.ec2.isZoneAvailable("us-east-1b")).toBe(false);
    await post("zone", { zone: "us-east-1b", available: true });
    expect(account.parts.ec2.isZoneAvailable("us-east-1b")).toBe(true);
  });

  it("takes a Spot Instance back after a notice, and leaves nothing to launch from a pool", async () => {
    const Spot = { InstanceMarketOptions: { MarketType: "spot" } };
    const instanceId = await launch(Spot);
    const state = (): string | undefined => account.parts.ec2.instance(instanceId)?.state;
    expect((await post("interrupt", { instanceId, recommendOnly: true })).status).toBe(200);
    await post("advance", { seconds: 600 });
    expect(state()).toBe("running");
    await post("interrupt", { instanceId, noticeAfterSeconds: 60 });
    await post("advance", { seconds: 179 });
    expect(state()).toBe("running");
    await post("advance", { seconds: 1 });
    expect(state()).toBe("shutting-down");
    const pool = { market: "spot", instanceType: "t3.micro" };
    await post("capacity", { ...pool, available: false });
    await expect(launch(Spot)).rejects.toThrow("There is no Spot capacity available");
    await post("capacity", { ...pool, available: true });
    await launch(Spot);
  });

  it("sets the traffic of a load balancer, and shows it", async () => {
    await account.call("elasticloadbalancing", "CreateLoadBalancer", { Name: "web", Subnets: WEB.subnets });
    expect((await post("load", { loadBalancer: "web", requestsPerSecond: 50, errorRate: 0.1 })).status).toBe(
      200,
    );
    const { loadBalancers } = await get<{ loadBalancers: { load: object }[] }>("/_simulator/state");
    expect(loadBalancers[0]!.load).toEqual({ requestsPerSecond: 50, errorRate: 0.1 });
  });

  it("makes an operation fail a number of times", async () => {
    await post("fault", { service: "elbv2", operation: "DescribeLoadBalancers", kind: "throttle", times: 1 });
    const read = (): Promise<string> =>
      account.call("elasticloadbalancing", "DescribeLoadBalancers", {}).then(
        () => "ok",
        (error: { code: string }) => error.code,
      );
    expect([await read(), await read()]).toEqual(["Throttling", "ok"]);
    await post("fault", { service: "elbv2", operation: "*", kind: "error", code: "AccessDenied" });
    expect(await read()).toBe("AccessDenied");
    await post("clear-faults", {});
    expect(await read()).toBe("ok");
  });

  it("moves time, and says what time it is", async () => {
    const before = clock.nowMs();
    const { body } = await post("advance", { seconds: 60 });
    expect(body.now).toBe(new Date(before + 60_000).toISOString());
  });

  it.each<[string, string, unknown, number]>([
    ["an unknown action", "explode", {}, 404],
    ["a prototype's name", "constructor", {}, 404],
    ["no JSON", "break", "{", 400],
    ["a list", "break", [], 400],
    ["a missing field", "break", {}, 400],
    ["an unknown field", "mend", { instanceId: "i-1", really: true }, 400],
    ["an unknown instance", "mend", { instanceId: "i-1" }, 404],
    ["an unknown zone", "zone", { zone: "eu-1a" }, 400],
    ["an interruption of an On-Demand Instance", "interrupt", { instanceId: "i-1" }, 404],
    ["an unknown market", "capacity", { market: "reserved", available: false }, 400],
    ["capacity of an unknown zone", "capacity", { market: "spot", zone: "eu-1a" }, 400],
    ["a status code that is none", "break", { instanceId: "i-1", statusCode: 42 }, 400],
    ["an unknown load balancer", "load", { loadBalancer: "none", requestsPerSecond: 1 }, 404],
    ["a negative load", "load", { loadBalancer: "web", requestsPerSecond: -1 }, 400],
    ["an unknown operation", "fault", { service: "ec2", operation: "Nope", kind: "throttle" }, 404],
    ["an unknown service", "fault", { service: "constructor", operation: "*", kind: "throttle" }, 400],
    ["an error without a code", "fault", { service: "ec2", operation: "*", kind: "error" }, 400],
    ["time that goes back", "advance", { seconds: -1 }, 400],
  ])("refuses %s with a message", async (_, name, input, status) => {
    const answer = await post(name, input);
    expect(answer.status).toBe(status);
    expect(answer.body.error).toEqual(expect.any(String));
  });

  it("takes JSON only, so that no website can reach it from a browser", async () => {
    expect((await post("clear-faults", {}, "text/plain")).status).toBe(415);
    expect((await fetch(`${server.url}/_simulator/break`)).status).toBe(405);
  });

  it("cannot move time where the clock is the world's", async () => {
    const fixed = await serveAccount(account, { host: "127.0.0.1", port: 0 });
    const response = await fetch(`${fixed.url}/_simulator/advance`, {
      method: "POST",
      body: '{"seconds":1}',
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(409);
    await fixed.close();
  });

  it("sets how events come, and says how it is", async () => {
    const answer = await post("troubles", {
      cloudtrail: { delaySeconds: [5, 300], lossRate: 0.01 },
      queue: { disorderRate: 0.1 },
      lookupDelaySeconds: [0, 0],
    });
    expect(answer.body).toMatchObject({
      cloudtrail: { delaySeconds: [5, 300], lossRate: 0.01, duplicateRate: 0 },
      service: { delaySeconds: [0.2, 2] },
      queue: { duplicateRate: 0, disorderRate: 0.1 },
      lookupDelaySeconds: [0, 0],
    });
    expect(account.troubles.cloudtrail.delay).toEqual([5_000, 300_000]);
    const refused = await post("troubles", { cloudtrail: { delaySeconds: [2, 1] } });
    expect(refused).toMatchObject({ status: 400, body: { error: expect.stringContaining("delaySeconds") } });
    expect((await post("troubles", { cloudtrail: { loss: 1 } })).body.error).toContain(
      "'loss' is not a field",
    );
  });

  it("says whose an access key is, as CloudTrail has it then", async () => {
    const arn = "arn:aws:sts::123456789012:assumed-role/Admin/ada";
    expect((await post("principal", { accessKeyId: "ASIAADA", arn })).status).toBe(200);
    expect((await post("principal", { accessKeyId: "ASIAADA", arn: "ada" })).status).toBe(400);
    await account.call("cloudwatch", "DeleteAlarms", { AlarmNames: ["x"] }, { accessKeyId: "ASIAADA" });
    const asked = { LookupAttributes: [{ AttributeKey: "Username", AttributeValue: "ada" }] };
    const found = (await account.call("cloudtrail", "LookupEvents", asked)) as { Events: object[] };
    expect(found.Events).toMatchObject([{ EventName: "DeleteAlarms", AccessKeyId: "ASIAADA" }]);
  });

  it("lets others use the account, and counts their calls", async () => {
    const operations = ["elasticloadbalancing:DescribeLoadBalancers"];
    expect((await post("others", { callsPerSecond: 0.2, operations })).status).toBe(200);
    await post("advance", { seconds: 600 });
    const { body } = await post("others", { callsPerSecond: 0 });
    expect(body.made).toBeGreaterThan(100);
    expect(body.throttled).toBe(0);
    expect(await get<object>("/_simulator/state")).toMatchObject({
      calls: { ofOthers: { made: body.made } },
    });
    expect((await post("others", { callsPerSecond: 1 })).status).toBe(400);
  });
});
