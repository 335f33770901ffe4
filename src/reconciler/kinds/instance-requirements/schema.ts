/**
 * Attributes by which AWS chooses instance types: of an override of a mixed instances policy, and of a launch template
 * (docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstanceRequirements.html and
 * docs.aws.amazon.com/AWSEC2/latest/APIReference/API_InstanceRequirementsRequest.html).
 */
import Type, { type Static, type TNumber, type TOptional, type TSchema } from "typebox";
import { decapitalised } from "../../../model/text/first-letter.ts";
import type { Value } from "../../../model/value.ts";
import { aws } from "../field.ts";

const VERSION = "ec2:CreateLaunchTemplateVersion";
/** AWS documents no maximum for numbers; more does not fit into its integers. */
const MOST = 2_147_483_647;
/** …/API_InstanceRequirements.html, AllowedInstanceTypes and ExcludedInstanceTypes. */
const MOST_TYPES = 400;

/** What is meant without a word of it, so that saying it and leaving it out are the same. */
export const REQUIREMENT_DEFAULTS: Readonly<Record<string, Value>> = {
  bareMetal: "excluded",
  burstablePerformance: "excluded",
  localStorage: "included",
  requireHibernateSupport: false,
  requireEncryptionInTransit: false,
  onDemandMaxPricePercentageOverLowestPrice: 20,
};

type Of = "override" | "template";

/** The annotation of a member of a template; those of an override are compared with it, as one. */
function of(which: Of, path: string, more: { set?: true; records?: true } = {}) {
  if (which === "override") return {};
  const name = decapitalised(path);
  const absent: Value | undefined = REQUIREMENT_DEFAULTS[name];
  return aws(`InstanceRequirements.${path}`, VERSION, {
    ...more,
    ...(absent === undefined ? {} : { absent }),
  });
}

function rangeOf(which: Of, path: string, what: string, kind: "whole" | "broken", isRequired = false) {
  const bound = (name: "Min" | "Max", says: string) => {
    const options = {
      ...of(which, `${path}.${name}`),
      minimum: 0,
      maximum: MOST,
      description: `${says} ${what}.`,
    };
    return kind === "whole" ? Type.Integer(options) : Type.Number(options);
  };
  const least = bound("Min", "At least so much of");
  return Type.Object(
    {
      min: isRequired ? least : Type.Optional(least),
      max: Type.Optional(bound("Max", "At most so much of")),
    } as { min: TOptional<TNumber>; max: TOptional<TNumber> },
    { additionalProperties: false, description: `Bounds of ${what}.` },
  );
}

function setOf<T extends TSchema>(which: Of, path: string, items: T, description: string, maxItems?: number) {
  return Type.Optional(
    Type.Array(items, {
      ...of(which, path, { set: true }),
      minItems: 1,
      ...(maxItems === undefined ? {} : { maxItems }),
      uniqueItems: true,
      description,
    }),
  );
}

const instanceTypePattern = Type.String({
  pattern: "^[a-zA-Z0-9.*-]+$",
  minLength: 1,
  maxLength: 30,
});

function oneOf(texts: readonly string[]) {
  return Type.Enum([...texts] as [string, ...string[]]);
}

const PRESENCE = ["included", "excluded", "required"] as const;

const MANUFACTURERS = {
  override: ["nvidia", "amd", "amazon-web-services", "xilinx"],
  template: ["nvidia", "amd", "amazon-web-services", "xilinx", "habana"],
} as const;
const ACCELERATORS = {
  override: ["a100", "v100", "k80", "t4", "m60", "radeon-pro-v520", "vu9p"],
  template: [
    ...["a100", "a10g", "gaudi-hl-205", "h100", "inferentia", "inferentia2", "k520", "k80", "l4", "l40s"],
    ...["m60", "radeon-pro-v520", "t4", "t4g", "trainium", "trainium2", "u30", "v100", "vu9p"],
  ],
} as const;
const ACCELERATOR_TYPES = {
  override: ["gpu", "fpga", "inference"],
  template: ["gpu", "fpga", "inference", "media"],
} as const;

function membersOf(which: Of) {
  return {
    vCpuCount: rangeOf(which, "VCpuCount", "vCPUs", "whole", true),
    memoryMiB: rangeOf(which, "MemoryMiB", "memory, in MiB", "whole", true),
    cpuManufacturers: setOf(
      which,
      "CpuManufacturers",
      Type.Enum(["intel", "amd", "amazon-web-services", "apple"]),
      "Makers of the CPU. Default: any.",
    ),
    memoryGiBPerVCpu: Type.Optional(
      rangeOf(which, "MemoryGiBPerVCpu", "memory for each vCPU, in GiB", "broken"),
    ),
    excludedInstanceTypes: setOf(
      which,
      "ExcludedInstanceTypes",
      instanceTypePattern,
      "Instance types that are not taken, with `*` for anything: `m5.8xlarge`, `c5*.*`. Not with `allowedInstanceTypes`.",
      MOST_TYPES,
    ),
    allowedInstanceTypes: setOf(
      which,
      "AllowedInstanceTypes",
      instanceTypePattern,
      "The only instance types that are looked at, with `*` for anything. Not with `excludedInstanceTypes`.",
      MOST_TYPES,
    ),
    instanceGenerations: setOf(
      which,
      "InstanceGenerations",
      Type.Enum(["current", "previous"]),
      "Generations. Default: any.",
    ),
    spotMaxPricePercentageOverLowestPrice: Type.Optional(
      Type.Integer({
        ...of(which, "SpotMaxPricePercentageOverLowestPrice"),
        minimum: 0,
        maximum: MOST,
        description:
          "How much more than the cheapest current type a Spot type may cost, in percent; 999999 is any. Not with `maxSpotPriceAsPercentageOfOptimalOnDemandPrice`.",
      }),
    ),
    maxSpotPriceAsPercentageOfOptimalOnDemandPrice: Type.Optional(
      Type.Integer({
        ...of(which, "MaxSpotPriceAsPercentageOfOptimalOnDemandPrice"),
        minimum: 0,
        maximum: MOST,
        description:
          "What a Spot type may cost, in percent of the cheapest current type's price on demand; 999999 is any. Without either, AWS chooses.",
      }),
    ),
    onDemandMaxPricePercentageOverLowestPrice: Type.Optional(
      Type.Integer({
        ...of(which, "OnDemandMaxPricePercentageOverLowestPrice"),
        minimum: 0,
        maximum: MOST,
        description:
          "How much more than the cheapest current type a type may cost on demand, in percent; 999999 is any. Default: 20.",
      }),
    ),
    bareMetal: Type.Optional(
      Type.Enum([...PRESENCE], {
        ...of(which, "BareMetal"),
        description: "Whether bare metal is taken. Default: `excluded`.",
      }),
    ),
    burstablePerformance: Type.Optional(
      Type.Enum([...PRESENCE], {
        ...of(which, "BurstablePerformance"),
        description: "Whether T instances are taken. Default: `excluded`.",
      }),
    ),
    requireHibernateSupport: Type.Optional(
      Type.Boolean({
        ...of(which, "RequireHibernateSupport"),
        description: "Whether it must be able to hibernate. Default: false.",
      }),
    ),
    networkInterfaceCount: Type.Optional(
      rangeOf(which, "NetworkInterfaceCount", "network interfaces", "whole"),
    ),
    localStorage: Type.Optional(
      Type.Enum([...PRESENCE], {
        ...of(which, "LocalStorage"),
        description: "Whether instance store volumes are taken. Default: `included`.",
      }),
    ),
    localStorageTypes: setOf(
      which,
      "LocalStorageTypes",
      Type.Enum(["hdd", "ssd"]),
      "Types of local storage. Default: any.",
    ),
    totalLocalStorageGB: Type.Optional(
      rangeOf(which, "TotalLocalStorageGB", "local storage, in GB", "broken"),
    ),
    baselineEbsBandwidthMbps: Type.Optional(
      rangeOf(which, "BaselineEbsBandwidthMbps", "bandwidth to EBS, in Mbps", "whole"),
    ),
    networkBandwidthGbps: Type.Optional(
      rangeOf(which, "NetworkBandwidthGbps", "network bandwidth, in Gbps", "broken"),
    ),
    acceleratorTypes: setOf(
      which,
      "AcceleratorTypes",
      oneOf(ACCELERATOR_TYPES[which]),
      "Types of accelerator. Default: any.",
    ),
    acceleratorCount: Type.Optional(
      rangeOf(which, "AcceleratorCount", "accelerators; a `max` of 0 is none", "whole"),
    ),
    acceleratorManufacturers: setOf(
      which,
      "AcceleratorManufacturers",
      oneOf(MANUFACTURERS[which]),
      "Makers of the accelerators. Default: any.",
    ),
    acceleratorNames: setOf(
      which,
      "AcceleratorNames",
      oneOf(ACCELERATORS[which]),
      "Accelerators by name. Default: any.",
    ),
    acceleratorTotalMemoryMiB: Type.Optional(
      rangeOf(which, "AcceleratorTotalMemoryMiB", "memory of all accelerators, in MiB", "whole"),
    ),
    baselinePerformanceFactors: Type.Optional(
      Type.Object(
        {
          cpu: Type.Object(
            {
              references: Type.Array(
                Type.Object(
                  {
                    instanceFamily: Type.String({
                      pattern: "^[a-z0-9-]+$",
                      description: "Family that the CPU must not fall behind: `c6i`.",
                    }),
                  },
                  { additionalProperties: false },
                ),
                {
                  ...of(which, "BaselinePerformanceFactors.Cpu.References", { records: true }),
                  minItems: 1,
                  maxItems: 1,
                  description: "One family.",
                },
              ),
            },
            { additionalProperties: false, description: "Of the CPU." },
          ),
        },
        { additionalProperties: false, description: "Performance that is the least that is taken." },
      ),
    ),
  };
}

const DESCRIPTION =
  "Attributes by which AWS chooses instance types, new ones too, in place of `instanceType`. Several values of one attribute: any of them; several attributes: all of them.";

export const overrideRequirementsSchema = Type.Object(membersOf("override"), {
  additionalProperties: false,
  description: DESCRIPTION,
});

export const templateRequirementsSchema = Type.Object(
  {
    ...membersOf("template"),
    requireEncryptionInTransit: Type.Optional(
      Type.Boolean({
        ...of("template", "RequireEncryptionInTransit"),
        description: "Whether what it sends to others of its kind must be encrypted. Default: false.",
      }),
    ),
  },
  {
    additionalProperties: false,
    description: `${DESCRIPTION} Needs the group's \`mixedInstancesPolicy\`.`,
  },
);

export type InstanceRequirementsSpec = Static<typeof overrideRequirementsSchema>;
