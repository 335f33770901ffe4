/** Of which make an instance is, where it stands and what may be done to it: options that go into a version as they are. */
import Type from "typebox";
import { aws } from "../field.ts";

const VERSION = "ec2:CreateLaunchTemplateVersion";

/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateCpuOptionsRequest.html */
const cpuOptions = Type.Object(
  {
    coreCount: Type.Optional(
      Type.Integer({
        ...aws("CpuOptions.CoreCount", VERSION),
        minimum: 1,
        maximum: 448,
        description: "Cores of the instance; together with `threadsPerCore`.",
      }),
    ),
    threadsPerCore: Type.Optional(
      Type.Integer({
        ...aws("CpuOptions.ThreadsPerCore", VERSION),
        minimum: 1,
        maximum: 2,
        description: "Threads of each core; 1 turns multithreading off. Together with `coreCount`.",
      }),
    ),
    amdSevSnp: Type.Optional(
      Type.Enum(["enabled", "disabled"], {
        ...aws("CpuOptions.AmdSevSnp", VERSION, { absent: "disabled" }),
        description: "Whether memory is encrypted by AMD SEV-SNP.",
      }),
    ),
    nestedVirtualization: Type.Optional(
      Type.Enum(["enabled", "disabled"], {
        ...aws("CpuOptions.NestedVirtualization", VERSION, { absent: "disabled" }),
        description: "Whether the instance may run virtual machines of its own.",
      }),
    ),
  },
  { additionalProperties: false, description: "Cores and threads of the instances." },
);

/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplatePlacementRequest.html */
const placement = Type.Object(
  {
    availabilityZone: Type.Optional(
      Type.String({
        ...aws("Placement.AvailabilityZone", VERSION),
        minLength: 1,
        description: "Zone by name. The subnets of the group decide where it launches.",
      }),
    ),
    availabilityZoneId: Type.Optional(
      Type.String({
        ...aws("Placement.AvailabilityZoneId", VERSION),
        minLength: 1,
        description: "The same by its id. Either of the two.",
      }),
    ),
    tenancy: Type.Optional(
      Type.Enum(["default", "dedicated", "host"], {
        ...aws("Placement.Tenancy", VERSION, { absent: "default" }),
        description: "Hardware: shared, of this account alone, or a Dedicated Host.",
      }),
    ),
    affinity: Type.Optional(
      Type.Enum(["default", "host"], {
        ...aws("Placement.Affinity", VERSION),
        description: "`host`: a stopped instance starts on the same Dedicated Host again.",
      }),
    ),
    hostId: Type.Optional(
      Type.String({
        ...aws("Placement.HostId", VERSION),
        pattern: "^h-[0-9a-z]+$",
        description: "Dedicated Host, with `tenancy` host.",
      }),
    ),
    hostResourceGroupArn: Type.Optional(
      Type.String({
        ...aws("Placement.HostResourceGroupArn", VERSION),
        pattern: "^arn:",
        description: "Group of Dedicated Hosts.",
      }),
    ),
    groupName: Type.Optional(
      Type.String({
        ...aws("Placement.GroupName", VERSION),
        minLength: 1,
        maxLength: 255,
        description: "Placement group by name. The group's own `placementGroup` is the usual place for it.",
      }),
    ),
    groupId: Type.Optional(
      Type.String({
        ...aws("Placement.GroupId", VERSION),
        pattern: "^pg-[0-9a-z]+$",
        description: "Placement group by id, as a shared one needs it.",
      }),
    ),
    partitionNumber: Type.Optional(
      Type.Integer({
        ...aws("Placement.PartitionNumber", VERSION),
        minimum: 1,
        description: "Partition, in a placement group of that strategy.",
      }),
    ),
  },
  { additionalProperties: false, description: "Where the instances stand." },
);

/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplateCapacityReservationSpecificationRequest.html */
const capacityReservationSpecification = Type.Object(
  {
    capacityReservationPreference: Type.Optional(
      Type.Enum(["open", "none", "capacity-reservations-only"], {
        ...aws("CapacityReservationSpecification.CapacityReservationPreference", VERSION, {
          absent: "open",
        }),
        description:
          "`open`: into any open reservation that fits. `none`: into none. `capacity-reservations-only`: into one or not at all.",
      }),
    ),
    capacityReservationTarget: Type.Optional(
      Type.Object(
        {
          capacityReservationId: Type.Optional(
            Type.String({
              ...aws(
                "CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationId",
                VERSION,
              ),
              pattern: "^cr-[0-9a-z]+$",
              description: "Id of the reservation.",
            }),
          ),
          capacityReservationResourceGroupArn: Type.Optional(
            Type.String({
              ...aws(
                "CapacityReservationSpecification.CapacityReservationTarget.CapacityReservationResourceGroupArn",
                VERSION,
              ),
              pattern: "^arn:",
              description: "ARN of a group of reservations.",
            }),
          ),
        },
        { additionalProperties: false, description: "The reservation itself, or a group of them." },
      ),
    ),
  },
  {
    additionalProperties: false,
    description: "Whether instances run in reserved capacity, where the group leaves it to its template.",
  },
);

/** docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LaunchTemplatePrivateDnsNameOptionsRequest.html */
const privateDnsNameOptions = Type.Object(
  {
    hostnameType: Type.Optional(
      Type.Enum(["ip-name", "resource-name"], {
        ...aws("PrivateDnsNameOptions.HostnameType", VERSION),
        description: "Whether host names are made of the address or of the id. Default: the subnet's.",
      }),
    ),
    enableResourceNameDnsARecord: Type.Optional(
      Type.Boolean({
        ...aws("PrivateDnsNameOptions.EnableResourceNameDnsARecord", VERSION, { absent: false }),
        description: "Whether A records are answered for them.",
      }),
    ),
    enableResourceNameDnsAAAARecord: Type.Optional(
      Type.Boolean({
        ...aws("PrivateDnsNameOptions.EnableResourceNameDnsAAAARecord", VERSION, { absent: false }),
        description: "Whether AAAA records are answered for them.",
      }),
    ),
  },
  { additionalProperties: false, description: "Private host names of the instances." },
);

const licenseSchema = Type.Object(
  {
    licenseConfigurationArn: Type.String({
      pattern: "^arn:",
      description: "ARN of the licence configuration.",
    }),
  },
  { additionalProperties: false },
);

export const templateOptionsSchema = {
  cpuOptions: Type.Optional(cpuOptions),
  creditSpecification: Type.Optional(
    Type.Object(
      {
        cpuCredits: Type.Enum(["standard", "unlimited"], {
          ...aws("CreditSpecification.CpuCredits", VERSION),
          description: "What a T instance does with its CPU credits. Default: as the account says.",
        }),
      },
      { additionalProperties: false, description: "CPU credits, of T instances only." },
    ),
  ),
  placement: Type.Optional(placement),
  capacityReservationSpecification: Type.Optional(capacityReservationSpecification),
  hibernationOptions: Type.Optional(
    Type.Object(
      {
        configured: Type.Boolean({
          ...aws("HibernationOptions.Configured", VERSION, { absent: false }),
          description: "Whether the instances can hibernate, in a warm pool for example.",
        }),
      },
      { additionalProperties: false, description: "Hibernation." },
    ),
  ),
  enclaveOptions: Type.Optional(
    Type.Object(
      {
        enabled: Type.Boolean({
          ...aws("EnclaveOptions.Enabled", VERSION, { absent: false }),
          description: "Whether the instances may have enclaves.",
        }),
      },
      { additionalProperties: false, description: "AWS Nitro Enclaves." },
    ),
  ),
  maintenanceOptions: Type.Optional(
    Type.Object(
      {
        autoRecovery: Type.Enum(["default", "disabled"], {
          ...aws("MaintenanceOptions.AutoRecovery", VERSION, { absent: "default" }),
          description: "Whether EC2 recovers an instance whose host fails.",
        }),
      },
      { additionalProperties: false, description: "Maintenance by EC2." },
    ),
  ),
  privateDnsNameOptions: Type.Optional(privateDnsNameOptions),
  networkPerformanceOptions: Type.Optional(
    Type.Object(
      {
        bandwidthWeighting: Type.Enum(["default", "vpc-1", "ebs-1"], {
          ...aws("NetworkPerformanceOptions.BandwidthWeighting", VERSION, { absent: "default" }),
          description: "Whether bandwidth goes to the network (`vpc-1`) or to EBS (`ebs-1`).",
        }),
      },
      { additionalProperties: false, description: "How bandwidth is shared out." },
    ),
  ),
  licenseSpecifications: Type.Optional(
    Type.Array(licenseSchema, {
      ...aws("LicenseSpecifications", VERSION, { owner: "structure" }),
      minItems: 1,
      maxItems: 50,
      description: "Licences that the instances count against.",
    }),
  ),
  kernelId: Type.Optional(
    Type.String({
      ...aws("KernelId", VERSION),
      pattern: "^aki-[0-9a-z]+$",
      description: "Kernel of a paravirtual image. Default: the image's own.",
    }),
  ),
  ramDiskId: Type.Optional(
    Type.String({
      ...aws("RamDiskId", VERSION),
      pattern: "^ari-[0-9a-z]+$",
      description: "RAM disk of a paravirtual image. Default: the image's own.",
    }),
  ),
  disableApiTermination: Type.Optional(
    Type.Boolean({
      ...aws("DisableApiTermination", VERSION, { absent: false }),
      description:
        "Whether the API refuses to terminate the instances. Auto Scaling terminates them all the same.",
    }),
  ),
  disableApiStop: Type.Optional(
    Type.Boolean({
      ...aws("DisableApiStop", VERSION, { absent: false }),
      description: "Whether the API refuses to stop the instances.",
    }),
  ),
  instanceInitiatedShutdownBehavior: Type.Optional(
    Type.Enum(["stop", "terminate"], {
      ...aws("InstanceInitiatedShutdownBehavior", VERSION, { absent: "stop" }),
      description: "What becomes of an instance that shuts itself down.",
    }),
  ),
};
