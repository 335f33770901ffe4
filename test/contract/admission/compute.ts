import { GROUP_SETTING_ROWS } from "./group-settings.ts";
import { bounds, formless, long, many, type Row, row, times } from "./row.ts";
import { TEMPLATE_OPTION_ROWS } from "./template-options.ts";

const ASG = "autoScalingGroups.web";
const REFRESH = `${ASG}.instanceRefresh`;
const TEMPLATE = `${ASG}.launchTemplate`;
const FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:choose:live";

/** Seconds and sizes that AWS bounds from below only: the other bound is that of its integers. */
const MOST = 2_147_483_647;
const fromZero = (at: string, refusal: string): Row[] => bounds(at, refusal, 0, MOST);
const tagged = (value: string) => ({ value });

const TAG_ROWS: readonly Row[] = [
  row("tags.AWS:a", "elb/tag-reserved", "1", undefined),
  formless(row("tags.aws:a", "elb/tag-reserved", "1", undefined)),
  row(`tags.${long(128)}`, "ec2/tag-key-length", "1", undefined),
  row("tags.a#b", "elb/tag-characters", "1", undefined),
  row("tags.a", "elb/tag-characters", "a#b", "a_b c@d"),
  row("tags.a", "elb/tag-value-length", long(257), long(256)),
  row('tags["holdfast.dev/owner"]', "ours", "me", undefined),
  row("tags", "elb/tag-count", many(49, "1"), many(48, "1"), { beside: { [`${TEMPLATE}.tags`]: undefined } }),
  row(`${ASG}.tags.AWS:a`, "autoscaling/tag-reserved", tagged("1"), undefined),
  row(`${ASG}.tags.${long(129)}`, "autoscaling/tag-key-length", tagged("1"), undefined),
  row(`${ASG}.tags.a`, "autoscaling/tag-value-length", tagged(long(257)), tagged(long(256))),
  row(`${ASG}.tags.a`, "autoscaling/tag-characters", tagged("a\u0001"), tagged("a\tb#")),
  row(`${ASG}.tags["holdfast.dev/owner"]`, "ours", tagged("me"), undefined),
  row(`${ASG}.tags`, "autoscaling/tag-count", many(49, tagged("1")), many(48, tagged("1")), {
    beside: { tags: {} },
  }),
  row(`${TEMPLATE}.tags.AWS:a`, "ec2/tag-reserved", "1", undefined),
  row(`${TEMPLATE}.tags.${long(128)}`, "ec2/tag-key-length", "1", undefined),
  row(`${TEMPLATE}.tags.${long(127)}x`, "ec2/tag-key-length", "1", undefined),
  row(`${TEMPLATE}.tags.a`, "ec2/tag-value-length", long(257), long(256)),
  row(`${TEMPLATE}.tags`, "ec2/tag-count", many(50, "1"), many(49, "1"), { beside: { tags: {} } }),
];

/** Of the preferences of a refresh only a rollout tells AWS: for them stands the contract's case. */
/** So many bytes that are no text, in base64. */
const bytes = (count: number): string => Buffer.alloc(count, 255).toString("base64");

export const GROUP_ROWS: readonly Row[] = [
  row(`${ASG}.name`, "autoscaling/group-name-length", long(256), long(255)),
  row(`${ASG}.name`, "autoscaling/group-name-characters", "a:b", "prod/web.asg@1(x)"),
  row(`${ASG}.name`, "autoscaling/group-name-characters", "a b", "a_b"),
  ...TAG_ROWS,
  row(`${ASG}.minSize`, "autoscaling/min-above-max", 11, 10, { beside: { [`${ASG}.maxSize`]: 10 } }),
  row(`${ASG}.minSize`, "autoscaling/size-numbers", -1, 0, { beside: { [`${ASG}.desiredCapacity`]: 2 } }),
  row(`${ASG}.desiredCapacity`, "autoscaling/desired-outside", 11, 10),
  row(`${ASG}.desiredCapacity`, "autoscaling/desired-outside", 1, 2),
  row(`${ASG}.targetGroups`, "ours", ["constructor"], ["web"]),
  row(`${ASG}.subnetIds`, "autoscaling/place-missing", [], ["subnet-1a"]),
  row(`${ASG}.healthCheckType`, "autoscaling/health-check-type", "PING", "EC2"),
  ...fromZero(`${ASG}.healthCheckGracePeriod`, "autoscaling/grace-period"),
  ...fromZero(`${ASG}.defaultCooldown`, "autoscaling/cooldown"),
  row(`${ASG}.defaultInstanceWarmup`, "autoscaling/instance-warmup", -2, -1),
  row(`${ASG}.defaultInstanceWarmup`, "autoscaling/instance-warmup", MOST + 1, MOST),
  row(`${ASG}.maxInstanceLifetime`, "autoscaling/instance-lifetime", 86_399, 86_400),
  row(`${ASG}.maxInstanceLifetime`, "autoscaling/instance-lifetime", 31_536_001, 31_536_000),
  row(`${ASG}.maxInstanceLifetime`, "autoscaling/instance-lifetime", -1, 0),
  row(`${ASG}.terminationPolicies`, "autoscaling/termination-policy", ["Newest"], ["NewestInstance"]),
  row(
    `${ASG}.terminationPolicies`,
    "autoscaling/termination-default-last",
    ["Default", "OldestInstance"],
    ["OldestInstance", "Default"],
  ),
  row(
    `${ASG}.terminationPolicies`,
    "autoscaling/termination-function-first",
    ["OldestInstance", FUNCTION],
    [FUNCTION, "OldestInstance"],
  ),
  ...GROUP_SETTING_ROWS,
  ...bounds(`${REFRESH}.minHealthyPercentage`, "autoscaling/refresh-min-healthy", 0, 100).map(formless),
  ...bounds(`${REFRESH}.maxHealthyPercentage`, "autoscaling/refresh-max-healthy", 100, 200, {
    beside: { [`${REFRESH}.minHealthyPercentage`]: 100 },
  }).map(formless),
  formless(
    row(`${REFRESH}.maxHealthyPercentage`, "autoscaling/refresh-healthy-apart", 151, 150, {
      beside: { [`${REFRESH}.minHealthyPercentage`]: 50 },
    }),
  ),
  formless(
    row(`${REFRESH}.minHealthyPercentage`, "autoscaling/refresh-max-without-min", undefined, 100, {
      beside: { defaults: "AWS", [`${REFRESH}.maxHealthyPercentage`]: 150 },
    }),
  ),
  formless(row(`${REFRESH}.instanceWarmup`, "autoscaling/refresh-warmup", -1, 0)),
  formless(row(`${REFRESH}.instanceWarmup`, "autoscaling/refresh-warmup", MOST + 1, MOST)),
  formless(row(`${REFRESH}.scaleInProtectedInstances`, "autoscaling/refresh-protected", "Skip", "Ignore")),
  formless(row(`${REFRESH}.standbyInstances`, "autoscaling/refresh-standby", "Refresh", "Terminate")),
  formless(row(`${REFRESH}.strategy`, "autoscaling/refresh-strategy", "Blue", "Rolling")),
  formless(row(`${REFRESH}.strategy`, "ours", "ReplaceRootVolume", "Rolling")),
  ...[
    [0, 100],
    [50, 20, 100],
    [50, 50, 100],
    [50, 101],
  ].map((points) =>
    formless(
      row(
        points[0] === 0
          ? `${REFRESH}.checkpointPercentages[0]`
          : points.at(-1) === 101
            ? `${REFRESH}.checkpointPercentages[1]`
            : `${REFRESH}.checkpointPercentages`,
        "autoscaling/refresh-checkpoints",
        points,
        [1, 100],
        { set: `${REFRESH}.checkpointPercentages` },
      ),
    ),
  ),
  formless(row(`${REFRESH}.checkpointPercentages`, "ours", [20, 50], [20, 50, 100])),
  ...bounds(`${REFRESH}.checkpointDelay`, "autoscaling/refresh-checkpoint-delay", 0, 172_800, {
    beside: { [`${REFRESH}.checkpointPercentages`]: [50, 100] },
  }).map(formless),
  formless(row(`${REFRESH}.checkpointDelay`, "autoscaling/refresh-delay-without-checkpoints", 60, undefined)),
  ...bounds(`${REFRESH}.bakeTime`, "autoscaling/refresh-bake-time", 0, 172_800).map(formless),
  formless(
    row(
      `${REFRESH}.alarmSpecification.alarms`,
      "autoscaling/refresh-alarms",
      times(11, (index) => `alarm-${index}`),
      times(10, (index) => `alarm-${index}`),
    ),
  ),
  formless(row(`${REFRESH}.alarmSpecification.alarms`, "ours", ["a", "a"], ["a", "b"])),
  formless(
    row(
      `${REFRESH}.alarmSpecification.alarms[0].ref`,
      "ours",
      [{ ref: "alarms.absent" }],
      [{ ref: "alarms.high-5xx" }],
      { set: `${REFRESH}.alarmSpecification.alarms` },
    ),
  ),
];

const DEVICE = `${TEMPLATE}.blockDeviceMappings[0]`;
const EBS = `${DEVICE}.ebs`;
const volumeRow = (field: string, refusal: string, bad: object, good: object): Row =>
  row(
    `${EBS}.${field}`,
    refusal,
    [{ deviceName: "/dev/sdf", ebs: bad }],
    [{ deviceName: "/dev/sdf", ebs: good }],
    {
      set: `${TEMPLATE}.blockDeviceMappings`,
    },
  );
const deviceRow = (field: string, refusal: string, bad: object[], good: object[]): Row =>
  row(`${field}`, refusal, bad, good, { set: `${TEMPLATE}.blockDeviceMappings` });
const SDF = { deviceName: "/dev/sdf" };
const GP3 = { volumeType: "gp3" };

export const TEMPLATE_ROWS: readonly Row[] = [
  ...TEMPLATE_OPTION_ROWS,
  row(`${TEMPLATE}.name`, "ec2/template-name-length", "ab", "abc"),
  row(`${TEMPLATE}.name`, "ec2/template-name-length", long(129), long(128)),
  row(`${TEMPLATE}.name`, "ec2/template-name-characters", "a b c", "a(b)/c.d-e_f"),
  row(`${TEMPLATE}.imageId`, "ec2/image-id", "web-1", "ami-12345678"),
  row(`${TEMPLATE}.imageId`, "ec2/image-parameter", "resolve:ssm:", "resolve:ssm:/golden/web"),
  row(`${TEMPLATE}.userData`, "ec2/template-user-data-length", "x".repeat(16_385), "x".repeat(16_384)),
  row(`${TEMPLATE}.userData`, "ec2/template-user-data-length", "ä".repeat(8_193), "ä".repeat(8_192)),
  row(`${TEMPLATE}.userDataBase64`, "ec2/template-user-data-length", bytes(16_385), bytes(16_384), {
    beside: { [`${TEMPLATE}.userData`]: undefined },
  }),
  row(`${TEMPLATE}.userDataBase64`, "ours", bytes(3), undefined, {
    beside: { [`${TEMPLATE}.userData`]: "x" },
  }),
  row(`${TEMPLATE}.shared`, "ours", { name: "of-others", version: "1" }, undefined, {
    beside: { [`${TEMPLATE}.name`]: "of-our-own" },
  }),
  row(
    `${TEMPLATE}.iamInstanceProfile`,
    "ec2/profile-twofold",
    { name: "holdfast", arn: "arn:aws:iam::123456789012:instance-profile/holdfast" },
    { name: "holdfast" },
  ),
  row(`${TEMPLATE}.metadataOptions.httpTokens`, "ec2/metadata-tokens", "always", "optional"),
  row(`${TEMPLATE}.metadataOptions.httpEndpoint`, "ec2/metadata-endpoints", "on", "enabled"),
  row(`${TEMPLATE}.metadataOptions.instanceMetadataTags`, "ec2/metadata-endpoints", "on", "disabled"),
  ...bounds(`${TEMPLATE}.metadataOptions.httpPutResponseHopLimit`, "ec2/metadata-hop-limit", 1, 64),
  deviceRow(
    `${TEMPLATE}.blockDeviceMappings`,
    "ec2/device-twice",
    [sized(SDF), SDF],
    [SDF, { deviceName: "/dev/sdg" }].map(sized),
  ),
  deviceRow(`${DEVICE}.deviceName`, "ec2/device-name-missing", [sized({ deviceName: "" })], [sized(SDF)]),
  deviceRow(
    `${DEVICE}.virtualName`,
    "ec2/device-virtual-name",
    [{ ...SDF, virtualName: "root" }],
    [{ ...SDF, virtualName: "ephemeral0" }],
  ),
  deviceRow(DEVICE, "ec2/device-twofold", [{ ...sized(SDF), virtualName: "ephemeral0" }], [sized(SDF)]),
  deviceRow(DEVICE, "ec2/device-twofold", [{ ...sized(SDF), noDevice: true }], [{ ...SDF, noDevice: {} }]),
  volumeRow(
    "volumeType",
    "ec2/volume-type",
    { volumeType: "gp4", volumeSize: 8 },
    { volumeType: "gp2", volumeSize: 8 },
  ),
  ...(
    [
      ["gp2", 1, 16_384],
      ["gp3", 1, 65_536],
      ["io1", 4, 16_384],
      ["io2", 4, 65_536],
      ["st1", 125, 16_384],
      ["sc1", 125, 16_384],
      ["standard", 1, 1_024],
    ] as const
  ).flatMap(([volumeType, least, most]) => {
    const iops = volumeType.startsWith("io") ? { iops: 100 } : {};
    const sizes = [
      [least - 1, least],
      [most + 1, most],
    ] as const;
    return sizes.map(([bad, good]) =>
      volumeRow(
        "volumeSize",
        "ec2/volume-size",
        { volumeType, volumeSize: bad, ...iops },
        { volumeType, volumeSize: good, ...iops },
      ),
    );
  }),
  volumeRow(
    "iops",
    "ec2/volume-iops-type",
    { volumeType: "gp2", volumeSize: 8, iops: 3_000 },
    { volumeType: "gp2", volumeSize: 8, iops: 0 },
  ),
  volumeRow(
    "iops",
    "ec2/volume-iops",
    { volumeType: "io1", volumeSize: 8, iops: 99 },
    { volumeType: "io1", volumeSize: 8, iops: 100 },
  ),
  volumeRow(
    "iops",
    "ec2/volume-iops-missing",
    { volumeType: "io1", volumeSize: 8 },
    { volumeType: "io1", volumeSize: 8, iops: 100 },
  ),
  volumeRow(
    "iops",
    "ec2/volume-iops",
    { ...GP3, volumeSize: 8, iops: 2_999 },
    { ...GP3, volumeSize: 8, iops: 3_000 },
  ),
  volumeRow(
    "iops",
    "ec2/volume-iops",
    { ...GP3, volumeSize: 1_000, iops: 80_001 },
    { ...GP3, volumeSize: 1_000, iops: 80_000 },
  ),
  volumeRow(
    "iops",
    "ec2/volume-iops",
    { volumeType: "io1", volumeSize: 2_000, iops: 64_001 },
    { volumeType: "io1", volumeSize: 2_000, iops: 64_000 },
  ),
  volumeRow(
    "iops",
    "ec2/volume-iops",
    { volumeType: "io2", volumeSize: 2_000, iops: 256_001 },
    { volumeType: "io2", volumeSize: 2_000, iops: 256_000 },
  ),
  volumeRow(
    "iops",
    "ec2/volume-iops-size",
    { volumeType: "io1", volumeSize: 10, iops: 501 },
    { volumeType: "io1", volumeSize: 10, iops: 500 },
  ),
  volumeRow(
    "iops",
    "ec2/volume-iops-size",
    { ...GP3, volumeSize: 10, iops: 5_001 },
    { ...GP3, volumeSize: 10, iops: 5_000 },
  ),
  ...[
    [99, 100],
    [301, 300],
  ].map(([bad, good]) => {
    const withRate = (volumeInitializationRate: number | undefined) => ({
      ...{ ...GP3, snapshotId: "snap-12345678", volumeInitializationRate },
    });
    return volumeRow(
      "volumeInitializationRate",
      "ec2/volume-initialization-rate",
      withRate(bad),
      withRate(good),
    );
  }),
  volumeRow(
    "volumeInitializationRate",
    "ec2/volume-initialization-snapshot",
    { ...GP3, volumeSize: 8, volumeInitializationRate: 100 },
    { ...GP3, snapshotId: "snap-12345678", volumeInitializationRate: 100 },
  ),
  ...[-1, 256].map((ebsCardIndex) =>
    volumeRow("ebsCardIndex", "ours", { ...GP3, volumeSize: 8, ebsCardIndex }, { ...GP3, volumeSize: 8 }),
  ),
  volumeRow(
    "throughput",
    "ec2/volume-throughput-type",
    { volumeType: "gp2", volumeSize: 8, throughput: 125 },
    { volumeType: "gp2", volumeSize: 8, throughput: 0 },
  ),
  volumeRow(
    "throughput",
    "ec2/volume-throughput",
    { ...GP3, volumeSize: 8, throughput: 124 },
    { ...GP3, volumeSize: 8, throughput: 125 },
  ),
  volumeRow(
    "throughput",
    "ec2/volume-throughput",
    { ...GP3, volumeSize: 100, iops: 16_000, throughput: 2_001 },
    { ...GP3, volumeSize: 100, iops: 16_000, throughput: 2_000 },
  ),
  volumeRow(
    "throughput",
    "ec2/volume-throughput-iops",
    { ...GP3, volumeSize: 100, throughput: 751 },
    { ...GP3, volumeSize: 100, throughput: 750 },
  ),
  volumeRow(
    "kmsKeyId",
    "ec2/volume-key-encryption",
    { ...GP3, volumeSize: 8, kmsKeyId: "alias/a" },
    { ...GP3, volumeSize: 8, kmsKeyId: "alias/a", encrypted: true },
  ),
];

function sized(device: object): object {
  return { ...device, ebs: { volumeSize: 8 } };
}

const POLICIES = `${ASG}.scalingPolicies`;
const POLICY = `${POLICIES}.p`;
const TRACKING = `${POLICY}.targetTracking`;
const STEPS = `${POLICY}.stepScaling`;
const CPU = { predefinedMetricType: "ASGAverageCPUUtilization", targetValue: 50 };
const NETWORK = { predefinedMetricType: "ASGAverageNetworkIn", targetValue: 50 };
const REQUESTS = { predefinedMetricType: "ALBRequestCountPerTarget", targetValue: 50 };
const CUSTOM = { namespace: "App", metricName: "queue", statistic: "Average" };
const OPEN = { metricIntervalLowerBound: 0, scalingAdjustment: 1 };

type Bounds = readonly [lower: number | undefined, upper: number | undefined];
const steps = (...ranges: Bounds[]) =>
  ranges.map(([metricIntervalLowerBound, metricIntervalUpperBound]) => ({
    ...(metricIntervalLowerBound === undefined ? {} : { metricIntervalLowerBound }),
    ...(metricIntervalUpperBound === undefined ? {} : { metricIntervalUpperBound }),
    scalingAdjustment: 1,
  }));
const stepsRow = (refusal: string, bad: object[], good: object[]): Row =>
  row(`${STEPS}.stepAdjustments`, refusal, bad, good, {
    beside: { [STEPS]: { adjustmentType: "ChangeInCapacity" } },
  });
const trackingRow = (field: string, refusal: Row["refusal"], bad: object, good: object, beside = {}): Row =>
  row(`${TRACKING}${field}`, refusal, bad, good, { set: TRACKING, beside });
const customRow = (field: string, refusal: string, bad: object, good: object): Row =>
  trackingRow(
    `.customizedMetric${field}`,
    refusal,
    { targetValue: 1, customizedMetric: { ...CUSTOM, ...bad } },
    { targetValue: 1, customizedMetric: { ...CUSTOM, ...good } },
  );

export const POLICY_ROWS: readonly Row[] = [
  row(`${ASG}.scalingPolicies.cpu.name`, "autoscaling/policy-name", long(256), long(255)),
  row(`${ASG}.scalingPolicies.cpu.name`, "autoscaling/policy-name-characters", "a\u0001", "at 60 %: cpu\t"),
  row(
    POLICY,
    "autoscaling/tracking-of-others",
    { targetTracking: NETWORK, stepScaling: { adjustmentType: "ChangeInCapacity", stepAdjustments: [OPEN] } },
    { targetTracking: NETWORK },
    { isFormless: true },
  ),
  row(POLICY, "autoscaling/tracking-one-metric", {}, { targetTracking: NETWORK }, { isFormless: true }),
  {
    ...trackingRow("", "autoscaling/tracking-one-metric", { ...NETWORK, customizedMetric: CUSTOM }, NETWORK),
    isFormless: true,
  },
  trackingRow(
    ".targetValue",
    "autoscaling/target-value",
    { ...NETWORK, targetValue: 0 },
    { ...NETWORK, targetValue: 0.001 },
  ),
  formless(
    trackingRow(
      ".predefinedMetricType",
      "autoscaling/predefined-metric",
      { ...NETWORK, predefinedMetricType: "CPU" },
      { ...NETWORK, predefinedMetricType: "ASGAverageNetworkOut" },
    ),
  ),
  trackingRow(".resourceLabel", "autoscaling/resource-label-missing", REQUESTS, {
    ...REQUESTS,
    resourceLabel: { ref: "targetGroups.web" },
  }),
  trackingRow(
    ".resourceLabel",
    "autoscaling/resource-label-of-others",
    { ...NETWORK, resourceLabel: { ref: "targetGroups.web" } },
    NETWORK,
  ),
  trackingRow(
    ".resourceLabel.ref",
    "ours",
    { ...REQUESTS, resourceLabel: { ref: "loadBalancer" } },
    { ...REQUESTS, resourceLabel: { ref: "targetGroups.web" } },
  ),
  trackingRow(
    ".resourceLabel.ref",
    "ours",
    { ...REQUESTS, resourceLabel: { ref: "targetGroups.constructor" } },
    { ...REQUESTS, resourceLabel: { ref: "targetGroups.web" } },
  ),
  trackingRow(
    ".resourceLabel.ref",
    "autoscaling/resource-label-routed",
    { ...REQUESTS, resourceLabel: { ref: "targetGroups.b" } },
    { ...REQUESTS, resourceLabel: { ref: "targetGroups.web" } },
    {
      "targetGroups.b": { port: 81 },
      [`${ASG}.targetGroups`]: ["web"],
    },
  ),
  trackingRow(
    ".resourceLabel.ref",
    "autoscaling/resource-label-routed",
    { ...REQUESTS, resourceLabel: { ref: "targetGroups.b" } },
    { ...REQUESTS, resourceLabel: { ref: "targetGroups.web" } },
    {
      "targetGroups.b": { port: 81 },
      [`${ASG}.targetGroups`]: ["web", "b"],
    },
  ),
  row(
    POLICIES,
    "autoscaling/one-policy-per-metric",
    { a: { targetTracking: CPU }, b: { targetTracking: CPU } },
    { a: { targetTracking: CPU }, b: { targetTracking: NETWORK } },
  ),
  customRow(".unit", "autoscaling/customized-unit", { unit: "Requests" }, { unit: "Count" }),
  formless(
    customRow(".statistic", "autoscaling/customized-statistic", { statistic: "p99" }, { statistic: "Sum" }),
  ),
  customRow(
    ".dimensions",
    "autoscaling/customized-dimensions",
    { dimensions: many(31, "1") },
    { dimensions: many(30, "1") },
  ),
  customRow(".namespace", "autoscaling/customized-metric", { namespace: "" }, { namespace: "A" }),
  customRow(".metricName", "autoscaling/customized-metric", { metricName: "" }, { metricName: "m" }),
  row(`${STEPS}.adjustmentType`, "autoscaling/adjustment-type", "Change", "ExactCapacity", {
    beside: { [STEPS]: { stepAdjustments: [OPEN] } },
  }),
  row(`${STEPS}.metricAggregationType`, "autoscaling/aggregation-type", "Sum", "Maximum", {
    beside: { [STEPS]: { adjustmentType: "ChangeInCapacity", stepAdjustments: [OPEN] } },
  }),
  row(`${STEPS}.minAdjustmentMagnitude`, "autoscaling/adjustment-magnitude", 1, undefined, {
    beside: { [STEPS]: { adjustmentType: "ChangeInCapacity", stepAdjustments: [OPEN] } },
  }),
  ...bounds(`${POLICY}.estimatedInstanceWarmup`, "autoscaling/warmup-negative", 0, MOST, {
    beside: { [POLICY]: { targetTracking: NETWORK } },
  }),
  stepsRow("autoscaling/steps-missing", [], steps([0, undefined])),
  stepsRow(
    "autoscaling/steps-count",
    steps(...times(21, (index): Bounds => [index, index === 20 ? undefined : index + 1])),
    steps(...times(20, (index): Bounds => [index, index === 19 ? undefined : index + 1])),
  ),
  stepsRow("autoscaling/step-unbounded", steps([undefined, undefined]), steps([undefined, 0])),
  stepsRow(
    "autoscaling/step-bounds-order",
    steps([10, 10], [10, undefined]),
    steps([9, 10], [10, undefined]),
  ),
  stepsRow("autoscaling/steps-overlap", steps([0, 11], [10, undefined]), steps([0, 10], [10, undefined])),
  stepsRow(
    "autoscaling/step-unbounded-above-twice",
    steps([0, undefined], [10, undefined]),
    steps([0, 10], [10, undefined]),
  ),
  stepsRow(
    "autoscaling/step-unbounded-below-twice",
    steps([undefined, 0], [undefined, -10]),
    steps([undefined, -10], [-10, 0]),
  ),
  stepsRow("autoscaling/steps-gap", steps([0, 10], [11, undefined]), steps([0, 11], [11, undefined])),
  stepsRow("autoscaling/steps-open-below", steps([-10, 0]), steps([undefined, 0])),
  stepsRow("autoscaling/steps-open-above", steps([0, 10]), steps([0, undefined])),
  row(
    `${STEPS}.stepAdjustments`,
    "autoscaling/adjustment-exact-negative",
    [{ ...OPEN, scalingAdjustment: -1 }],
    [{ ...OPEN, scalingAdjustment: 0 }],
    {
      beside: { [STEPS]: { adjustmentType: "ExactCapacity" } },
    },
  ),
];
