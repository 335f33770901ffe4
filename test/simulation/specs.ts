/** What users ask for: a first spec that touches every kind, and edits of every class. */
import { BAD_IMAGE } from "./judges/retries.ts";
import { RARE_EDITS, type RareEditName } from "./rare-edits.ts";

/**
 * Planted in the user data, in the value of a header that a rule compares with, and by a saboteur in a client secret: if it
 * is ever seen outside of a call to AWS, a secret has leaked.
 */
export const CANARY = "canary-7f3a9c";

type Json = Record<string, unknown>;
/** A spec as a user's editor holds it. */
export type Spec = Json & {
  loadBalancer: Json & { listeners: (Json & { rules?: Json[] })[] };
  targetGroups: Record<string, Json>;
  autoScalingGroups: Record<string, Json & { launchTemplate: Json; scalingPolicies: Json }>;
  alarms: Record<string, Json>;
};

const CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/";

export function firstSpec(): Spec {
  return {
    region: "us-east-1",
    // Whoever asks to be asked takes it away: see the step `create`.
    approval: "Never",
    vpcId: "vpc-12345678",
    subnetIds: ["subnet-1a", "subnet-1b", "subnet-1c"],
    tags: { Environment: "production" },
    loadBalancer: {
      securityGroups: ["sg-alb-12345678"],
      attributes: { "idle_timeout.timeout_seconds": 75 },
      listeners: [
        {
          port: 80,
          protocol: "HTTP",
          defaultAction: { redirect: { protocol: "HTTPS", port: "443", statusCode: "HTTP_301" } },
        },
        {
          port: 443,
          protocol: "HTTPS",
          certificates: [`${CERTIFICATE}abc-123`],
          defaultAction: { forward: { targetGroup: "web" } },
          rules: [
            rule("block-admin", 10, "/admin/*"),
            {
              name: "api",
              priority: 20,
              conditions: [
                { pathPattern: ["/api/*"] },
                { httpRequestMethod: ["GET", "POST"] },
                { httpHeader: { name: "X-Origin-Verify", values: [`header-${CANARY}`] } },
              ],
              action: { forward: { targetGroup: "web" } },
            },
          ],
        },
      ],
    },
    targetGroups: {
      web: {
        port: 8080,
        healthCheck: { intervalSeconds: 30, timeoutSeconds: 5 },
        attributes: { "deregistration_delay.timeout_seconds": 30 },
      },
    },
    autoScalingGroups: {
      web: {
        targetGroups: ["web"],
        minSize: 2,
        maxSize: 4,
        healthCheckGracePeriod: 120,
        instanceRefresh: { minHealthyPercentage: 50, instanceWarmup: 30 },
        launchTemplate: {
          imageId: "ami-12345678",
          instanceType: "t3.medium",
          securityGroupIds: ["sg-12345678"],
          userData: `#!/bin/sh\n# ${CANARY}\nexec /opt/app/start\n`,
        },
        scalingPolicies: {
          cpu: { targetTracking: { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 70 } },
          out: {
            stepScaling: {
              adjustmentType: "ChangeInCapacity",
              stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 1 }],
            },
          },
        },
      },
    },
    alarms: {
      "high-5xx": {
        namespace: "AWS/ApplicationELB",
        metricName: "HTTPCode_Target_5XX_Count",
        dimensions: { LoadBalancer: { ref: "loadBalancer" } },
        statistic: "Sum",
        threshold: 10,
        comparisonOperator: "GreaterThanThreshold",
        treatMissingData: "notBreaching",
        alarmActions: [{ ref: "autoScalingGroups.web.scalingPolicies.out" }],
      },
    },
  };
}

function rule(name: string, priority: number, path: string): Json {
  return {
    name,
    priority,
    conditions: [{ pathPattern: [path] }],
    action: { fixedResponse: { statusCode: "403" } },
  };
}

const https = (spec: Spec) => spec.loadBalancer.listeners.find((listener) => listener.port === 443);
const rules = (spec: Spec): Json[] => https(spec)?.rules ?? [];
const group = (spec: Spec) => Object.values(spec.autoScalingGroups)[0] as Spec["autoScalingGroups"][string];
const targetGroup = (spec: Spec) => Object.values(spec.targetGroups)[0] as Json;
/** The same text with another name in it, wherever it stands: as somebody renames a child in an editor. */
const replaced = (spec: Spec, pairs: Record<string, string>): void => {
  const texts = Object.entries(pairs).reduce(
    (text, [from, to]) => text.replaceAll(from, to),
    JSON.stringify(spec),
  );
  Object.assign(spec, JSON.parse(texts));
};
const renamedGroup = (spec: Spec): void =>
  replaced(spec, {
    '"autoScalingGroups":{"web":': '"autoScalingGroups":{"app":',
    "autoScalingGroups.web": "autoScalingGroups.app",
  });
const renamedTargetGroup = (spec: Spec): void =>
  replaced(spec, {
    '"targetGroups":{"web":': '"targetGroups":{"app":',
    '"targetGroups":["web"]': '"targetGroups":["app"]',
    '"targetGroup":"web"': '"targetGroup":"app"',
    "targetGroups.web": "targetGroups.app",
  });

/** Each takes a spec in whatever state earlier edits have left it, and changes it in place. */
const EDITS = {
  "idle timeout": (spec: Spec) => {
    spec.loadBalancer.attributes = { "idle_timeout.timeout_seconds": 120 };
  },
  "attribute no longer declared": (spec: Spec) => {
    spec.loadBalancer.attributes = {};
  },
  "two attributes": (spec: Spec) => {
    spec.loadBalancer.attributes = {
      "idle_timeout.timeout_seconds": 90,
      "routing.http.drop_invalid_header_fields.enabled": true,
    };
  },
  "tag changed": (spec: Spec) => {
    spec.tags = { Environment: "staging" };
  },
  "tag added": (spec: Spec) => {
    spec.tags = { ...(spec.tags as Json), Team: "storefront" };
  },
  "tags removed": (spec: Spec) => {
    spec.tags = {};
  },
  "fewer subnets": (spec: Spec) => {
    spec.subnetIds = ["subnet-1a", "subnet-1b"];
  },
  "security groups": (spec: Spec) => {
    spec.loadBalancer.securityGroups = ["sg-12345678", "sg-alb-12345678"];
  },
  "health check": (spec: Spec) => {
    targetGroup(spec).healthCheck = { path: "/healthz", intervalSeconds: 15, timeoutSeconds: 4 };
  },
  draining: (spec: Spec) => {
    targetGroup(spec).attributes = { "deregistration_delay.timeout_seconds": 10 };
  },
  "target group port": (spec: Spec) => {
    targetGroup(spec).port = targetGroup(spec).port === 8080 ? 9090 : 8080;
  },
  "load balancer scheme": (spec: Spec) => {
    spec.loadBalancer.scheme = spec.loadBalancer.scheme === "internal" ? "internet-facing" : "internal";
  },
  image: (spec: Spec) => {
    const template = group(spec).launchTemplate;
    template.imageId = template.imageId === "ami-12345678" ? "ami-87654321" : "ami-12345678";
  },
  "user data": (spec: Spec) => {
    group(spec).launchTemplate.userData = `#!/bin/sh\n# second ${CANARY}\nexec /opt/app/start2\n`;
  },
  "instance type": (spec: Spec) => {
    group(spec).launchTemplate.instanceType = "t3.large";
  },
  "bounds wider": (spec: Spec) => {
    Object.assign(group(spec), { minSize: 3, maxSize: 6 });
  },
  "bounds narrower": (spec: Spec) => {
    Object.assign(group(spec), { minSize: 1, maxSize: 3 });
  },
  "grace period": (spec: Spec) => {
    group(spec).healthCheckGracePeriod = 200;
  },
  "rule added": (spec: Spec) => {
    if (!rules(spec).some((entry) => entry.name === "legacy")) rules(spec).push(rule("legacy", 15, "/old/*"));
  },
  "rule removed": (spec: Spec) => {
    rules(spec).shift();
  },
  "rules permuted": (spec: Spec) => {
    const priorities = rules(spec).map((entry) => entry.priority);
    rules(spec).forEach((entry, index) => {
      entry.priority = priorities[(index + 1) % priorities.length];
    });
  },
  "rule replaced at its priority": (spec: Spec) => {
    const [first] = rules(spec);
    if (first !== undefined) Object.assign(first, rule("fresh", Number(first.priority), "/fresh/*"));
  },
  "rule conditions": (spec: Spec) => {
    for (const entry of rules(spec)) entry.conditions = [{ pathPattern: [`/${entry.name}/v2/*`] }];
  },
  "listener added": (spec: Spec) => {
    const { listeners } = spec.loadBalancer;
    if (listeners.some((listener) => listener.port === 8443)) return;
    listeners.push({
      port: 8443,
      protocol: "HTTPS",
      certificates: [`${CERTIFICATE}abc-123`],
      defaultAction: { forward: { targetGroup: "web" } },
    });
  },
  "listener removed": (spec: Spec) => {
    spec.loadBalancer.listeners = spec.loadBalancer.listeners.filter((listener) => listener.port === 443);
  },
  certificates: (spec: Spec) => {
    const listener = https(spec);
    if (listener !== undefined) listener.certificates = [`${CERTIFICATE}def-456`, `${CERTIFICATE}abc-123`];
  },
  "default action": (spec: Spec) => {
    const http = spec.loadBalancer.listeners.find((listener) => listener.port === 80);
    if (http !== undefined) http.defaultAction = { fixedResponse: { statusCode: "404" } };
  },
  "policy target": (spec: Spec) => {
    group(spec).scalingPolicies.cpu = {
      targetTracking: { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 55 },
    };
  },
  "policy removed": (spec: Spec) => {
    delete group(spec).scalingPolicies.cpu;
  },
  "policy type": (spec: Spec) => {
    group(spec).scalingPolicies.cpu = {
      stepScaling: {
        adjustmentType: "ChangeInCapacity",
        stepAdjustments: [{ metricIntervalLowerBound: 0, scalingAdjustment: 2 }],
      },
    };
  },
  "alarm threshold": (spec: Spec) => {
    for (const alarm of Object.values(spec.alarms)) alarm.threshold = 25;
  },
  "alarm added": (spec: Spec) => {
    spec.alarms.slow = {
      namespace: "AWS/ApplicationELB",
      metricName: "TargetResponseTime",
      dimensions: { LoadBalancer: { ref: "loadBalancer" }, TargetGroup: { ref: "targetGroups.web" } },
      extendedStatistic: "p99",
      threshold: 2,
      comparisonOperator: "GreaterThanThreshold",
    };
  },
  "alarm removed": (spec: Spec) => {
    delete spec.alarms["high-5xx"];
  },
  "second target group": (spec: Spec) => {
    spec.targetGroups.api = { port: 8081, healthCheck: { path: "/health" } };
    group(spec).targetGroups = ["web", "api"];
    for (const entry of rules(spec))
      if (entry.name === "api") entry.action = { forward: { targetGroup: "api" } };
  },
  "weighted targets": (spec: Spec) => {
    spec.targetGroups.api = { port: 8081, healthCheck: { path: "/health" } };
    group(spec).targetGroups = ["web", "api"];
    const listener = https(spec);
    if (listener !== undefined)
      listener.defaultAction = {
        forward: {
          targetGroups: [
            { targetGroup: "web", weight: 3 },
            { targetGroup: "api", weight: 1 },
          ],
        },
      };
  },
  "group renamed": renamedGroup,
  "target group renamed": renamedTargetGroup,
  "group and target group renamed": (spec: Spec) => {
    renamedTargetGroup(spec);
    renamedGroup(spec);
  },
  "rule renamed": (spec: Spec) => {
    for (const entry of rules(spec)) entry.name = `${entry.name}-again`;
  },
  "rule gets the priority of one that goes": (spec: Spec) => {
    const gone = rules(spec).shift();
    for (const entry of rules(spec).slice(0, 1)) entry.priority = gone?.priority;
  },
} satisfies Record<string, (spec: Spec) => void>;

/** Those that the histories draw from: what a seed means must not change with every edit that a scenario needs. */
export const EDIT_NAMES = (Object.keys(EDITS) as (keyof typeof EDITS)[]).filter(
  (name) => !/renamed|one that goes/.test(name),
);

/** Of scenarios alone. */
const SCENARIO_EDITS = {
  "access logs": (spec: Spec) => {
    spec.loadBalancer.attributes = {
      "access_logs.s3.enabled": true,
      "access_logs.s3.bucket": "logs-of-ours",
      "access_logs.s3.prefix": "web",
      "idle_timeout.timeout_seconds": 75,
    };
  },
  "another secret header": (spec: Spec) => {
    for (const entry of rules(spec))
      entry.conditions = [
        { httpHeader: { name: "X-Origin-Verify", values: [`${entry.name}-${CANARY}`] } },
        { queryString: [{ key: "token", value: `query-${CANARY}` }] },
      ];
    for (const entry of rules(spec)) entry.secret = true;
  },
  "bad image": (spec: Spec) => {
    group(spec).launchTemplate.imageId = BAD_IMAGE;
  },
  "good image": (spec: Spec) => {
    group(spec).launchTemplate.imageId = "ami-87654321";
  },
  "image looked up at each launch": (spec: Spec) => {
    group(spec).launchTemplate.imageId = "resolve:ssm:/golden/web";
  },
  "a refresh replaces what is protected": (spec: Spec) => {
    Object.assign(group(spec).instanceRefresh as Json, { scaleInProtectedInstances: "Refresh" });
  },
} satisfies Record<string, (spec: Spec) => void>;

export type EditName = keyof typeof EDITS | keyof typeof SCENARIO_EDITS;

export function edited(spec: Spec, name: EditName | RareEditName): void {
  ({ ...EDITS, ...SCENARIO_EDITS, ...RARE_EDITS })[name](spec);
}

/** The addresses of everything that a spec asks for. */
export function addressesIn(spec: Spec): Set<string> {
  const listeners = spec.loadBalancer.listeners.flatMap((listener) => {
    const address = `loadBalancer.listeners.${listener.port}`;
    return [address, ...(listener.rules ?? []).map((rule) => `${address}.rules.${rule.name}`)];
  });
  const groups = Object.keys(spec.autoScalingGroups).map((name) => `autoScalingGroups.${name}`);
  return new Set([
    "loadBalancer",
    ...listeners,
    ...Object.keys(spec.targetGroups).map((name) => `targetGroups.${name}`),
    ...groups,
    ...groups.map((address) => `${address}.launchTemplate`),
  ]);
}
