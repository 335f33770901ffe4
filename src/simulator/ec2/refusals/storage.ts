/** What EC2 refuses of the volumes of a launch. */
import type { RequestLaunchTemplateData } from "@aws-sdk/client-ec2";
import {
  firstOf,
  hasTwice,
  isNoneOf,
  isOutside,
  type RefusalRule,
  refusals,
} from "../../account/refusals.ts";

const API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const EBS = "https://docs.aws.amazon.com/ebs/latest/userguide";

type Launch = Pick<RequestLaunchTemplateData, "BlockDeviceMappings">;
type Mapping = NonNullable<Launch["BlockDeviceMappings"]>[number];
type Volume = NonNullable<Mapping["Ebs"]>;

interface VolumeType {
  /** GiB. */
  readonly size: readonly [least: number, most: number];
  readonly iops?: readonly [least: number, most: number];
  readonly needsIops?: true;
  /** Of each GiB at most so many. */
  readonly iopsPerGib?: number;
  /** MiB/s. */
  readonly throughput?: readonly [least: number, most: number];
}

/** EbsBlockDevice in the API reference, and ebs-volume-types in the guide. */
const TYPES: Readonly<Record<string, VolumeType>> = {
  gp2: { size: [1, 16_384] },
  gp3: { size: [1, 65_536], iops: [3_000, 80_000], iopsPerGib: 500, throughput: [125, 2_000] },
  io1: { size: [4, 16_384], iops: [100, 64_000], needsIops: true, iopsPerGib: 50 },
  io2: { size: [4, 65_536], iops: [100, 256_000], needsIops: true, iopsPerGib: 1_000 },
  st1: { size: [125, 16_384] },
  sc1: { size: [125, 16_384] },
  standard: { size: [1, 1_024] },
};

/** What EC2 makes where no type is given; a root volume is of the type that the image says. */
const USUAL_TYPE = "gp2";
const ROOT = { device: "/dev/xvda", type: "gp3" };
/** Throughput of gp3: at most so many MiB/s for each I/O operation per second. */
const MIB_PER_IOPS = 0.25;

function ofVolumes(
  said: (volume: Volume, type: VolumeType, name: string) => string | boolean | undefined,
): (input: Launch) => string | boolean | undefined {
  return (input) =>
    firstOf(input.BlockDeviceMappings, ({ DeviceName: device, Ebs: volume }) => {
      const name = volume?.VolumeType ?? (device === ROOT.device ? ROOT.type : USUAL_TYPE);
      const type = TYPES[name];
      return volume === undefined || type === undefined ? undefined : said(volume, type, name);
    });
}

export const STORAGE_RULES: readonly RefusalRule<unknown>[] = [
  ...refusals<Launch>(
    {
      prefix: "ec2",
      operations: ["RunInstances"],
      code: "InvalidParameterValue",
      page: `${API}/API_EbsBlockDevice.html`,
    },
    [
      [
        "volume-type",
        "The type of a volume is one of the reference's.",
        (input) =>
          firstOf(
            input.BlockDeviceMappings,
            ({ Ebs: volume }) =>
              isNoneOf(volume?.VolumeType, Object.keys(TYPES)) &&
              `Invalid volume type: ${volume?.VolumeType}`,
          ),
      ],
      [
        "volume-size",
        "The size of a volume is within the range of its type.",
        ofVolumes(
          ({ VolumeSize: size }, { size: [least, most] }, name) =>
            isOutside(size, least, most) &&
            `Volume of ${size}GiB is ${(size ?? 0) < least ? "smaller than the minimum" : "larger than the maximum"} size of ${(size ?? 0) < least ? least : most}GiB for ${name} volumes`,
        ),
        "InvalidBlockDeviceMapping",
      ],
      [
        "volume-iops-type",
        "I/O operations are provisioned for gp3, io1 and io2 only.",
        ofVolumes(
          ({ Iops }, { iops }, name) =>
            Iops !== undefined &&
            iops === undefined &&
            `The parameter iops is not supported for ${name} volumes.`,
        ),
        "InvalidParameterCombination",
      ],
      [
        "volume-iops-missing",
        "Volumes of io1 and io2 have their I/O operations given.",
        ofVolumes(
          ({ Iops }, { needsIops }, name) =>
            needsIops === true &&
            Iops === undefined &&
            `The parameter iops must be specified for ${name} volumes.`,
        ),
        "MissingParameter",
      ],
      [
        "volume-iops",
        "Provisioned I/O operations are within the range of the volume's type.",
        ofVolumes(
          ({ Iops }, { iops }, name) =>
            iops !== undefined &&
            isOutside(Iops, ...iops) &&
            `Volume iops of ${Iops} is ${(Iops ?? 0) < iops[0] ? `too low; minimum is ${iops[0]}` : `too high; maximum is ${iops[1]}`} for ${name} volumes.`,
        ),
      ],
      [
        "volume-throughput-type",
        "Throughput is provisioned for gp3 only.",
        ofVolumes(
          ({ Throughput }, { throughput }, name) =>
            Throughput !== undefined &&
            throughput === undefined &&
            `The parameter throughput is not supported for ${name} volumes.`,
        ),
        "InvalidParameterCombination",
      ],
      [
        "volume-throughput",
        "Provisioned throughput is 125 to 2000 MiB/s.",
        ofVolumes(
          ({ Throughput }, { throughput }) =>
            throughput !== undefined &&
            isOutside(Throughput, ...throughput) &&
            `Throughput of ${Throughput} MiB/s is ${(Throughput ?? 0) < throughput[0] ? `too low; minimum is ${throughput[0]}` : `too high; maximum is ${throughput[1]}`} MiB/s.`,
        ),
      ],
      [
        "volume-initialization-rate",
        "The initialization rate of a volume is 100 to 300 MiB/s.",
        ofVolumes(({ VolumeInitializationRate: rate }) => isOutside(rate, 100, 300)),
      ],
      [
        "volume-initialization-snapshot",
        "An initialization rate is for volumes from snapshots.",
        ofVolumes(
          ({ VolumeInitializationRate: rate, SnapshotId: snapshot }) =>
            rate !== undefined && snapshot === undefined,
        ),
        "InvalidParameterCombination",
      ],
      [
        "volume-key-encryption",
        "A key is given for encrypted volumes only.",
        ofVolumes(
          ({ KmsKeyId: key, Encrypted }) =>
            (key ?? "") !== "" &&
            Encrypted !== true &&
            "The parameter KmsKeyId requires the parameter Encrypted to be set.",
        ),
        "InvalidParameterDependency",
      ],
    ],
  ),
  ...refusals<Launch>(
    {
      prefix: "ec2",
      operations: ["RunInstances"],
      code: "InvalidParameterValue",
      page: `${EBS}/general-purpose.html`,
    },
    [
      [
        "volume-iops-size",
        "I/O operations do not exceed what the type of the volume gives each GiB.",
        ofVolumes(({ Iops = 0, VolumeSize: size }, { iops, iopsPerGib }, name) => {
          // What a gp3 volume has without being asked for.
          const isExtra = iops !== undefined && Iops > iops[0];
          return (
            iopsPerGib !== undefined &&
            size !== undefined &&
            (isExtra || name !== "gp3") &&
            Iops / size > iopsPerGib &&
            `Iops to volume size ratio of ${(Iops / size).toFixed(6)} is too high; maximum is ${iopsPerGib}.`
          );
        }),
      ],
      [
        "volume-throughput-iops",
        "A gp3 volume has at most 0.25 MiB/s for each I/O operation per second.",
        ofVolumes(
          ({ Throughput = 0, Iops = 3_000 }, { throughput }) =>
            throughput !== undefined &&
            Throughput / Iops > MIB_PER_IOPS &&
            `Throughput (MiBps) to iops ratio of ${(Throughput / Iops).toFixed(6)} is too high; maximum is ${MIB_PER_IOPS} MiBps per iops.`,
        ),
      ],
    ],
  ),
  ...refusals<Launch>(
    {
      prefix: "ec2",
      operations: ["RunInstances"],
      code: "InvalidBlockDeviceMapping",
      page: `${API}/API_BlockDeviceMapping.html`,
    },
    [
      [
        "device-twice",
        "A device is mapped once.",
        ({ BlockDeviceMappings: all = [] }) =>
          hasTwice(all.flatMap(({ DeviceName: name }) => name ?? [])) &&
          "The device name is used more than once in the block device mapping",
      ],
      [
        "device-name-missing",
        "A device has a name.",
        ({ BlockDeviceMappings: all }) =>
          firstOf(
            all,
            ({ DeviceName: name = "" }) => name === "" && "The request must contain the parameter deviceName",
          ),
        "MissingParameter",
      ],
      [
        "device-virtual-name",
        "An instance store volume is called ephemeral0, ephemeral1 and so on.",
        ({ BlockDeviceMappings: all }) =>
          firstOf(
            all,
            ({ VirtualName: name }) =>
              name !== undefined && !/^ephemeral\d+$/.test(name) && `Virtual name '${name}' is not valid`,
          ),
      ],
      [
        "device-twofold",
        "A device is either a volume, an instance store, or left out.",
        ({ BlockDeviceMappings: all }) =>
          firstOf(
            all,
            ({ Ebs, VirtualName, NoDevice }) =>
              [Ebs, VirtualName, NoDevice].filter((one) => one !== undefined).length > 1,
          ),
        "InvalidParameterCombination",
      ],
    ],
  ),
];
