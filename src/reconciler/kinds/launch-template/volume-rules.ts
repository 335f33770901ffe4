/**
 * What EC2 takes of a volume, by its type. Of a volume without a type nothing is asked that depends on it: EC2 takes the
 * image's type for the root device.
 */
import { EC2_API, memberOf, type SpecRule } from "../spec-rule.ts";
import type { LaunchTemplateSpec } from "./schema.ts";

type Device = NonNullable<LaunchTemplateSpec["blockDeviceMappings"]>[number];
type Volume = NonNullable<Device["ebs"]>;
type Range = readonly [least: number, most: number];

interface VolumeType {
  /** GiB. */
  readonly size: Range;
  /** Provisioned operations per second; without it none can be provisioned. */
  readonly iops?: Range;
  readonly needsIops?: true;
  readonly iopsPerGib?: number;
}

/** API_EbsBlockDevice, and the guide to volume types. */
const TYPES: Readonly<Record<NonNullable<Volume["volumeType"]>, VolumeType>> = {
  gp2: { size: [1, 16_384] },
  gp3: { size: [1, 65_536], iops: [3_000, 80_000], iopsPerGib: 500 },
  io1: { size: [4, 16_384], iops: [100, 64_000], needsIops: true, iopsPerGib: 50 },
  io2: { size: [4, 65_536], iops: [100, 256_000], needsIops: true, iopsPerGib: 1_000 },
  st1: { size: [125, 16_384] },
  sc1: { size: [125, 16_384] },
  standard: { size: [1, 1_024] },
};
/** MiB per second that a gp3 volume may have for each of its operations per second. */
const THROUGHPUT_PER_IOPS = 0.25;
/** What a gp3 volume has without being asked. */
const USUAL_IOPS = 3_000;

const VOLUME = `${EC2_API}/API_EbsBlockDevice.html` as const;
const TYPE_GUIDE = "docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html" as const;
const DEVICE = `${EC2_API}/API_BlockDeviceMapping.html` as const;

export const volumeRules: readonly SpecRule<LaunchTemplateSpec>[] = [
  ofVolumes({
    field: "volumeSize",
    must: "be within the range of `volumeType`",
    source: VOLUME,
    wrong: ({ volumeSize: size, volumeType }, { size: range }) =>
      size === undefined || isIn(size, range)
        ? undefined
        : `must be ${range[0]} to ${range[1]} GiB for ${volumeType}; was ${size}`,
  }),
  ofVolumes({
    field: "iops",
    must: "be given with `volumeType` gp3, io1 and io2 only",
    source: VOLUME,
    wrong: ({ iops, volumeType }, type) =>
      iops !== undefined && type.iops === undefined
        ? `has no place on ${volumeType}; take it out, or use gp3, io1 or io2`
        : undefined,
  }),
  ofVolumes({
    field: "iops",
    must: "be given with `volumeType` io1 and io2",
    source: VOLUME,
    wrong: ({ iops, volumeType }, { needsIops }) =>
      needsIops && iops === undefined ? `is required for ${volumeType}` : undefined,
  }),
  ofVolumes({
    field: "iops",
    must: "be within the range of `volumeType`",
    source: VOLUME,
    wrong: ({ iops, volumeType }, { iops: range }) =>
      iops === undefined || range === undefined || isIn(iops, range)
        ? undefined
        : `must be ${range[0]} to ${range[1]} for ${volumeType}; was ${iops}`,
  }),
  ofVolumes({
    field: "iops",
    must: "not be above 500 (gp3), 50 (io1) or 1000 (io2) for each GiB of `volumeSize`",
    source: TYPE_GUIDE,
    wrong: ({ iops = 0, volumeSize: size, volumeType }, { iopsPerGib }) => {
      const isUsual = volumeType === "gp3" && iops <= USUAL_IOPS;
      if (size === undefined || iopsPerGib === undefined || isUsual || iops <= iopsPerGib * size)
        return undefined;
      return `must not be above ${iopsPerGib * size}, which is ${iopsPerGib} for each of ${size} GiB; was ${iops}`;
    },
  }),
  ofVolumes({
    field: "throughput",
    must: "be given with `volumeType` gp3 only",
    source: VOLUME,
    wrong: ({ throughput, volumeType }) =>
      throughput !== undefined && volumeType !== "gp3" ? `has no place on ${volumeType}; use gp3` : undefined,
  }),
  ofVolumes({
    field: "throughput",
    must: "not be above a quarter of `iops`, which are 3000 unless given",
    source: TYPE_GUIDE,
    wrong: ({ throughput = 0, iops = USUAL_IOPS, volumeType }) =>
      volumeType === "gp3" && throughput > THROUGHPUT_PER_IOPS * iops
        ? `must not be above ${THROUGHPUT_PER_IOPS * iops} with ${iops} iops; was ${throughput}`
        : undefined,
  }),
  ofDevices({
    field: "ebs.kmsKeyId",
    must: "be given with `encrypted` true only",
    source: VOLUME,
    wrong: ({ ebs }) =>
      ebs?.kmsKeyId !== undefined && ebs.encrypted !== true ? "needs encrypted: true beside it" : undefined,
  }),
  ofDevices({
    field: "ebs.volumeInitializationRate",
    must: "be given with `snapshotId` only",
    source: VOLUME,
    wrong: ({ ebs }) =>
      ebs?.volumeInitializationRate !== undefined && ebs.snapshotId === undefined
        ? "needs snapshotId beside it: it is the rate at which a snapshot is read"
        : undefined,
  }),
  ofDevices({
    field: "virtualName",
    must: "be `ephemeral0`, `ephemeral1` and so on",
    source: DEVICE,
    wrong: ({ virtualName: name }) =>
      name === undefined || /^ephemeral[0-9]+$/.test(name)
        ? undefined
        : `must be ephemeral0, ephemeral1 and so on; was ${name}`,
  }),
  ofDevices({
    field: "",
    must: "have one of `ebs`, `virtualName` and `noDevice`",
    source: DEVICE,
    wrong: ({ ebs, virtualName, noDevice }) =>
      [ebs, virtualName, noDevice].filter((one) => one !== undefined).length > 1
        ? "takes one of ebs, virtualName and noDevice"
        : undefined,
  }),
];

function isIn(value: number, [least, most]: Range): boolean {
  return value >= least && value <= most;
}

interface Check<Subject extends readonly unknown[]> {
  readonly field: string;
  readonly must: string;
  readonly source: SpecRule<LaunchTemplateSpec>["source"];
  readonly wrong: (...subject: Subject) => string | undefined;
}

function ofDevices({ field, must, source, wrong }: Check<[Device]>): SpecRule<LaunchTemplateSpec> {
  const within = (place: string) => (field === "" ? place : `${place}.${field}`);
  return {
    at: within("blockDeviceMappings[]"),
    must,
    source,
    each: ({ blockDeviceMappings = [] }) =>
      blockDeviceMappings.flatMap((device, index) => {
        const says = wrong(device);
        return says === undefined ? [] : [{ at: within(`blockDeviceMappings[${index}]`), says }];
      }),
  };
}

/** Of the volumes whose type is given, and one that there is. */
function ofVolumes({ field, wrong, ...rest }: Check<[Volume, VolumeType]>): SpecRule<LaunchTemplateSpec> {
  return ofDevices({
    ...rest,
    field: `ebs.${field}`,
    wrong: ({ ebs }) => {
      const type = memberOf(TYPES, ebs?.volumeType ?? "");
      return ebs === undefined || type === undefined ? undefined : wrong(ebs, type);
    },
  });
}
