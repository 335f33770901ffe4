import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type Aws, buildAws } from "../../src/aws/build.ts";
import type { CloudError } from "../../src/model/errors.ts";
import { LIMITS } from "../../src/model/limits.ts";
import type { Clock, Cloud, Log } from "../../src/ports.ts";
import { systemClock } from "../../src/runtime/system-clock.ts";
import { VirtualClock } from "../support/virtual-clock.ts";
import { errorOf } from "./scripted-cloud.ts";
import { answer, type Behaviour, ec2Error, NO_LOAD_BALANCERS, queryError, WireEndpoint } from "./wire.ts";

const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {} };

let endpoint: WireEndpoint;
let aws: Aws;
let cloud: Cloud;

function connect(clock: Clock): Aws {
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return buildAws({ clock, rng: { next: () => 0 }, log: SILENT, endpoint: endpoint.url, credentials });
}

beforeAll(async () => {
  endpoint = await WireEndpoint.start();
});
beforeEach(() => {
  aws?.close();
  aws = connect(systemClock({ speed: 1 }));
  cloud = aws.cloudFor("us-east-1");
  endpoint.arrived.length = 0;
});
afterAll(async () => {
  aws.close();
  await endpoint.stop();
});

function describeLoadBalancers(behaviour: Behaviour) {
  endpoint.behaviour = behaviour;
  return cloud.call("elasticloadbalancing:DescribeLoadBalancers", {});
}

function deleteGroup(behaviour: Behaviour, on: Cloud = cloud): Promise<CloudError> {
  endpoint.behaviour = behaviour;
  return errorOf(on.call("autoscaling:DeleteAutoScalingGroup", { AutoScalingGroupName: "web" }));
}

function describeAlarms(behaviour: Behaviour): Promise<CloudError> {
  endpoint.behaviour = behaviour;
  return errorOf(cloud.call("cloudwatch:DescribeAlarms", {}));
}

describe("what the wire says, as a CloudError", () => {
  it("an empty list is an answer", async () => {
    const output = await describeLoadBalancers(answer(200, NO_LOAD_BALANCERS));
    expect(output.LoadBalancers).toEqual([]);
    expect(output.$metadata.requestId).toBe("request-1");
  });

  it.each([
    ["an empty body", answer(200, "")],
    ["XML that is cut off", answer(200, NO_LOAD_BALANCERS.slice(0, 60))],
    ["XML without the list", answer(200, "<DescribeLoadBalancersResponse/>")],
    ["a page of HTML", answer(200, "<html><body>Sign in</body></html>")],
    ["an empty refusal", answer(400, "")],
    ["a redirection", answer(301, "", { location: "http://127.0.0.1/" })],
  ])("%s is malformed, and no empty list", async (_, behaviour) => {
    expect(await errorOf(describeLoadBalancers(behaviour))).toMatchObject({ category: "malformed" });
    expect(endpoint.arrived).toHaveLength(1);
  });

  it.each([
    ["an empty body", ""],
    ["JSON that is cut off", '{"MetricAlarms": ['],
    ["JSON of another shape", "[]"],
    ["JSON without the list", "{}"],
  ])("CloudWatch: %s is malformed", async (_, body) => {
    expect(await describeAlarms(answer(200, body))).toMatchObject({
      category: "malformed",
      code: "MalformedResponse",
      requestId: "request-1",
    });
  });

  it("a write that is acknowledged by something that is not AWS is malformed", async () => {
    const error = await deleteGroup((reply) => reply.writeHead(200).end("<html><body>Sign in</body></html>"));
    expect(error).toMatchObject({ category: "malformed" });
  });

  it.each([
    ["Auto Scaling", queryError(400, "Throttling", "Rate exceeded")],
    ["a Query API that answers 429", queryError(429, "PriorRequestNotComplete")],
    ["a proxy that answers 429", answer(429, "")],
  ])("%s: throttled", async (_, behaviour) => {
    expect(await deleteGroup(behaviour)).toMatchObject({ category: "throttled" });
  });

  it("EC2 throttles with 503, which is no failure", async () => {
    endpoint.behaviour = ec2Error(503, "RequestLimitExceeded");
    const write = cloud.call("ec2:DeleteLaunchTemplate", { LaunchTemplateId: "lt-1" });
    expect(await errorOf(write)).toMatchObject({ category: "throttled", code: "RequestLimitExceeded" });
  });

  it("CloudWatch throttles in JSON", async () => {
    const body = '{"__type":"ThrottlingException","message":"Rate exceeded"}';
    const error = await describeAlarms(answer(400, body, { "x-amzn-query-error": "Throttling;Sender" }));
    expect(error).toMatchObject({ category: "throttled", code: "Throttling" });
  });

  it("the code on the wire decides, not the name that the SDK gives the error", async () => {
    const error = await errorOf(describeLoadBalancers(queryError(400, "LoadBalancerNotFound", "not there")));
    expect(error).toMatchObject({
      operation: "elasticloadbalancing:DescribeLoadBalancers",
      code: "LoadBalancerNotFound",
      category: "notFound",
      message: "not there",
      requestId: "request-1",
    });
  });

  it("Auto Scaling's ValidationError is told apart by its text", async () => {
    const gone = await deleteGroup(queryError(400, "ValidationError", "AutoScalingGroup name not found"));
    expect(gone.category).toBe("notFound");
    const wrong = await deleteGroup(
      queryError(400, "ValidationError", "Max bound is smaller than min bound"),
    );
    expect(wrong.category).toBe("invalid");
  });

  it.each([
    ["503 without a word", answer(503, ""), "503"],
    ["502 with a page of HTML", answer(502, "<html>bad gateway"), "502"],
    ["500 with a code that nobody listed", queryError(500, "SomethingNew"), "SomethingNew"],
    ["a reset connection", ((_, { message }) => message.socket.destroy()) satisfies Behaviour, "ECONNRESET"],
    ["a connection that breaks in the answer", breakInTheAnswer, "ECONNRESET"],
  ])("%s is transient: the write may have been done", async (_, behaviour, code) => {
    expect(await deleteGroup(behaviour)).toMatchObject({ category: "transient", code });
    expect(endpoint.arrived).toEqual(["DeleteAutoScalingGroup"]);
  });

  it("a read is asked three times before a transient failure is believed", async () => {
    await errorOf(describeLoadBalancers(answer(503, "")));
    expect(endpoint.arrived).toHaveLength(3);
  });

  it("an endpoint that is not there is transient", async () => {
    const gone = await WireEndpoint.start();
    const url = gone.url;
    await gone.stop();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const clock = systemClock({ speed: 1 });
    const lost = buildAws({ clock, rng: { next: () => 0 }, log: SILENT, endpoint: url, credentials });
    expect(await deleteGroup(answer(200, ""), lost.cloudFor("us-east-1"))).toMatchObject({
      category: "transient",
      code: "ECONNREFUSED",
    });
    lost.close();
  });

  it("a call that hangs ends when its time is over", async () => {
    const clock = new VirtualClock();
    const slow = connect(clock);
    const ended = deleteGroup(() => undefined, slow.cloudFor("us-east-1"));
    while (endpoint.arrived.length === 0) await clock.advance(1);
    await clock.advance(30_000);
    expect(await ended).toMatchObject({ code: "TimeoutError", category: "transient" });
    slow.close();
  });

  it.each([
    ["refused credentials", queryError(403, "InvalidClientTokenId")],
    ["a refused action", queryError(403, "AccessDenied")],
    ["a refusal without a code", answer(403, "<html>denied</html>")],
  ])("%s: unauthorized", async (_, behaviour) => {
    expect(await deleteGroup(behaviour)).toMatchObject({ category: "unauthorized" });
  });

  it("an endpoint without the operation: unsupported", async () => {
    expect(await deleteGroup(queryError(400, "InvalidAction"))).toMatchObject({ category: "unsupported" });
  });

  it("an error carries nothing of AWS's answer but its code and its first line", async () => {
    const error = await describeAlarms(answer(200, '{"secret-user-data":'));
    expect(`${error.message} ${error.code}`).not.toContain("secret-user-data");
  });
});

function breakInTheAnswer(...[reply, { message }]: Parameters<Behaviour>): void {
  reply.writeHead(200, { "content-type": "text/xml", "content-length": "500" });
  reply.write("<DeleteAuto", () => message.socket.destroy());
}

describe("an answer without end", () => {
  const HEAD = "<DescribeLoadBalancersResponse><DescribeLoadBalancersResult><LoadBalancers>";
  const piece = "<member><LoadBalancerName>aaaaaaaa</LoadBalancerName></member>".repeat(2_000);
  let sent = 0;
  /** As much as is taken, for as long as it is. */
  const endless: Behaviour = (reply) => {
    reply.writeHead(200, { "x-amzn-requestid": "request-1", "content-type": "text/xml" });
    reply.write(HEAD);
    const more = () => {
      while (!reply.destroyed && reply.write(piece)) sent += piece.length;
    };
    reply.on("drain", more);
    more();
  };

  it("is given up at its bound, concludes nothing, and is not asked for again at once", async () => {
    const error = await errorOf(describeLoadBalancers(endless));
    expect([error.code, error.category]).toEqual(["AnswerTooLarge", "malformed"]);
    expect(endpoint.arrived).toEqual(["DescribeLoadBalancers"]);
    expect(sent).toBeLessThan(4 * LIMITS.awsAnswerBytes);
  });

  it("that says how long it is is not even read; as the answer to a write it says nothing of the write", async () => {
    const long = answer(200, `${HEAD}${"x".repeat(LIMITS.awsAnswerBytes)}`);
    const error = await deleteGroup(long);
    expect([error.code, error.category]).toEqual(["AnswerTooLarge", "malformed"]);
  });

  it("that is an error keeps no more of AWS's words than is shown", async () => {
    const error = await deleteGroup(queryError(400, `Code${"X".repeat(20_000)}`, "m".repeat(1_000_000)));
    expect(error.message).toHaveLength(LIMITS.awsMessageCharacters);
    expect(error.code.length).toBeLessThanOrEqual(100);
  });
});
