/** Attributes that are declared, and no longer declared: what AWS takes, and what it keeps. */
import { describe, expect, it } from "vitest";
import { LOAD_BALANCER_ATTRIBUTES } from "../../src/reconciler/kinds/load-balancer/schema.ts";
import { TARGET_GROUP_ATTRIBUTES } from "../../src/reconciler/kinds/target-group/schema.ts";
import type { Interceptor } from "../../src/simulator/faults/interceptors.ts";
import type { Installation } from "../support/installation.ts";
import { arnOf, converged, type Draft, somebody, specWith } from "./world.ts";

const LOGS = {
  "access_logs.s3.enabled": true,
  "access_logs.s3.bucket": "logs",
  "access_logs.s3.prefix": "web",
};

/** A value of every kind of attribute that is not its default. */
const OTHERS: Readonly<Record<string, unknown>> = {
  ...LOGS,
  "connection_logs.s3.enabled": true,
  "connection_logs.s3.bucket": "logs",
  "connection_logs.s3.prefix": "connections",
  "idle_timeout.timeout_seconds": 61,
  "client_keep_alive.seconds": 61,
  "routing.http.desync_mitigation_mode": "monitor",
  "routing.http.xff_header_processing.mode": "remove",
  "stickiness.enabled": true,
  "stickiness.type": "app_cookie",
  "stickiness.app_cookie.cookie_name": "session",
  "stickiness.app_cookie.duration_seconds": 61,
  "stickiness.lb_cookie.duration_seconds": 61,
  "deregistration_delay.timeout_seconds": 61,
  "load_balancing.cross_zone.enabled": "true",
};

const attributes = (of: Record<string, unknown>, keys: object) =>
  Object.fromEntries(Object.entries(of).filter(([key]) => Object.hasOwn(keys, key)));

const withLogs = (change: object) =>
  specWith((spec) => {
    Object.assign(spec.loadBalancer.attributes, change);
  });

async function live(installation: Installation): Promise<Record<string, unknown>> {
  const { Attributes } = await somebody(installation, "elasticloadbalancing:DescribeLoadBalancerAttributes", {
    LoadBalancerArn: arnOf(installation, "loadBalancer"),
  });
  return Object.fromEntries(Attributes.map(({ Key, Value }) => [Key, Value]));
}

async function posted(installation: Installation, spec: Draft): Promise<void> {
  installation.post(spec);
  await installation.untilReady();
}

describe("attributes that are no longer declared", () => {
  it("go back to what AWS gives, all of them, without a call that AWS refuses", async () => {
    const installation = await converged(
      specWith((spec) => {
        spec.loadBalancer.attributes = attributes(OTHERS, LOAD_BALANCER_ATTRIBUTES);
        spec.targetGroups.web.attributes = attributes(OTHERS, TARGET_GROUP_ATTRIBUTES);
      }),
    );
    await posted(
      installation,
      specWith((spec) => {
        spec.loadBalancer.attributes = {};
        spec.targetGroups.web.attributes = {};
      }),
    );
    const refused = installation.store.calls({ limit: 500 }).filter(({ outcome }) => outcome !== "succeeded");
    expect(refused).toEqual([]);
    const now = await live(installation);
    for (const [key, { default: initially, emptyWhile }] of Object.entries(LOAD_BALANCER_ATTRIBUTES)) {
      if (initially !== undefined && emptyWhile === undefined)
        expect([key, now[key]]).toEqual([key, initially]);
    }
  });

  it("leave the bucket and the prefix of logs that are switched off alone", async () => {
    const installation = await converged(withLogs(LOGS));
    await posted(installation, withLogs({}));
    expect(await live(installation)).toMatchObject({
      "access_logs.s3.enabled": "false",
      "access_logs.s3.bucket": "logs",
      "access_logs.s3.prefix": "web",
    });
    const calls = installation.mutations().length;
    await installation.clock.advance(600_000);
    expect(installation.mutations()).toHaveLength(calls);
    expect(installation.condition("Synced")?.reason).toBe("InSync");
  });

  it("leave them alone, too, where the spec gives an empty prefix", async () => {
    const installation = await converged(withLogs(LOGS));
    await posted(installation, withLogs({ "access_logs.s3.enabled": false, "access_logs.s3.prefix": "" }));
    expect(await live(installation)).toMatchObject({
      "access_logs.s3.enabled": "false",
      "access_logs.s3.bucket": "logs",
      "access_logs.s3.prefix": "web",
    });
  });

  it("write logs that stay on to the root of the bucket again", async () => {
    const installation = await converged(withLogs(LOGS));
    const { "access_logs.s3.prefix": _, ...rest } = LOGS;
    await posted(installation, withLogs(rest));
    expect(await live(installation)).toMatchObject({
      "access_logs.s3.enabled": "true",
      "access_logs.s3.prefix": "",
    });
  });

  it("never send an empty text that AWS refuses, whatever else is in the call", async () => {
    const empty: string[] = [];
    const interceptor: Interceptor = {
      before({ operation, input }) {
        const { Attributes = [] } = input as { Attributes?: { Key: string; Value: string }[] };
        for (const { Key, Value } of Attributes) if (Value === "") empty.push(`${operation} ${Key}`);
        return undefined;
      },
    };
    const cookie = specWith((spec) => {
      Object.assign(spec.targetGroups.web.attributes, attributes(OTHERS, TARGET_GROUP_ATTRIBUTES));
    });
    const installation = await converged(cookie, { interceptor });
    await posted(installation, withLogs({}));
    expect(empty).toEqual([]);
  });
});
