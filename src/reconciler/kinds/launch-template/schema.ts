import Type, { type Static } from "typebox";
import { aws } from "../field.ts";
import { templateRequirementsSchema } from "../instance-requirements/schema.ts";
import { lookedUp } from "../lookups/places.ts";
import { pinnedNameSchema } from "../names/pinned.ts";
import { alsoWritten } from "../written-forms.ts";
import { instanceMarketOptionsSchema } from "./market-schema.ts";
import { networkInterfacesSchema } from "./network-interfaces-schema.ts";
import { templateOptionsSchema } from "./options-schema.ts";

const VERSION = "ec2:CreateLaunchTemplateVersion";

const blockDeviceSchema = Type.Object(
  {
    deviceName: Type.String({ minLength: 1, description: "Name of the device, for example /dev/xvda." }),
    virtualName: Type.Optional(
      Type.String({ description: "Instance store volume, for example ephemeral0." }),
    ),
    noDevice: Type.Optional(
      Type.String({
        ...alsoWritten("omission"),
        description: "Empty text, `true` or `{}` leaves the image's device out.",
      }),
    ),
    ebs: Type.Optional(
      Type.Object(
        {
          volumeSize: Type.Optional(
            Type.Integer({ minimum: 1, maximum: 65_536, description: "Size in GiB." }),
          ),
          volumeType: Type.Optional(
            Type.Enum(["gp2", "gp3", "io1", "io2", "st1", "sc1", "standard"], {
              description: "Type of the volume.",
            }),
          ),
          iops: Type.Optional(
            Type.Integer({
              ...alsoWritten("zeroForNone"),
              minimum: 100,
              maximum: 256_000,
              description: "Provisioned operations per second; 0 is none.",
            }),
          ),
          throughput: Type.Optional(
            Type.Integer({
              ...alsoWritten("zeroForNone"),
              minimum: 125,
              maximum: 2000,
              description: "MiB per second, gp3; 0 is none.",
            }),
          ),
          encrypted: Type.Optional(Type.Boolean({ description: "Whether it is encrypted." })),
          kmsKeyId: Type.Optional(Type.String({ description: "Key for the encryption." })),
          snapshotId: Type.Optional(
            Type.String({ pattern: "^snap-", description: "Snapshot that it starts from." }),
          ),
          deleteOnTermination: Type.Optional(
            Type.Boolean({ description: "Whether it goes with the instance." }),
          ),
          volumeInitializationRate: Type.Optional(
            Type.Integer({
              minimum: 100,
              maximum: 300,
              description: "MiB per second at which the snapshot is read to its end; with `snapshotId` only.",
            }),
          ),
          ebsCardIndex: Type.Optional(
            Type.Integer({ minimum: 0, maximum: 255, description: "EBS card. Default: 0." }),
          ),
        },
        { additionalProperties: false, description: "An EBS volume." },
      ),
    ),
  },
  { additionalProperties: false },
);

/** Types of resource whose tags may differ from those of the instances. */
function tagsOf(what: string) {
  return Type.Optional(
    Type.Record(Type.String(), Type.String(), {
      additionalProperties: false,
      description: `Tags of ${what}.`,
    }),
  );
}

export const launchTemplateSchema = Type.Object(
  {
    name: pinnedNameSchema("LaunchTemplateName", 128),
    shared: Type.Optional(
      Type.Object(
        {
          name: Type.String({ minLength: 3, maxLength: 128, description: "Name of the template." }),
          version: Type.String({
            ...alsoWritten("numberAsText"),
            pattern: "^(\\$Latest|\\$Default|[1-9][0-9]*)$",
            description: "The version that holds what stands here: its number, `$Latest` or `$Default`.",
          }),
        },
        {
          ...aws("", "never", { owner: "structure" }),
          additionalProperties: false,
          description:
            "A template of somebody else's that other groups use as well. As long as one of its versions holds what stands here, the group stays on that; it gets no version and no tag. The first change makes a template of the service's own. Not with `name`.",
        },
      ),
    ),
    imageId: Type.String({
      ...aws("ImageId", VERSION),
      ...lookedUp("image"),
      description:
        "Image that the instances start from: its id, or `resolve:ssm:` and a parameter of Systems Manager, which EC2 looks up at each launch.",
    }),
    instanceType: Type.Optional(
      Type.String({
        ...aws("InstanceType", VERSION),
        pattern: "^[a-z0-9-]+\\.[a-z0-9-]+$",
        description:
          "Type of the instances. Required, unless `instanceRequirements` or the overrides of `mixedInstancesPolicy` say what is launched.",
      }),
    ),
    instanceRequirements: Type.Optional(templateRequirementsSchema),
    securityGroupIds: Type.Optional(
      Type.Array(Type.String({ pattern: "^sg-[0-9a-z-]+$" }), {
        ...aws("SecurityGroupIds", VERSION, { set: true }),
        ...lookedUp("securityGroups"),
        minItems: 1,
        maxItems: 16,
        uniqueItems: true,
        description: "Security groups of the instances. Default: the VPC's own.",
      }),
    ),
    keyName: Type.Optional(
      Type.String({
        ...aws("KeyName", VERSION),
        minLength: 1,
        maxLength: 255,
        description: "Key pair for SSH.",
      }),
    ),
    iamInstanceProfile: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(
            Type.String({ ...aws("IamInstanceProfile.Name", VERSION), description: "Name of the profile." }),
          ),
          arn: Type.Optional(
            Type.String({
              ...aws("IamInstanceProfile.Arn", VERSION),
              ...lookedUp("instanceProfile"),
              pattern: "^arn:",
              description: "ARN of the profile.",
            }),
          ),
        },
        { additionalProperties: false, description: "Instance profile: its name or its ARN." },
      ),
    ),
    userData: Type.Optional(
      Type.String({
        ...aws("UserData", VERSION, { secret: true }),
        description: "What the instance runs when it starts, as plain text. Compared and shown as a digest.",
      }),
    ),
    userDataBase64: Type.Optional(
      Type.String({
        ...aws("UserData", VERSION, { owner: "structure", secret: true }),
        pattern: "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
        description:
          "The same in base64, for what is no text, such as an archive for cloud-init. Either this or `userData`.",
      }),
    ),
    metadataOptions: Type.Object(
      {
        httpTokens: Type.Optional(
          Type.Enum(["required", "optional"], {
            ...aws("MetadataOptions.HttpTokens", VERSION),
            default: "required",
            description: "`required` allows IMDSv2 only.",
          }),
        ),
        httpEndpoint: Type.Optional(
          Type.Enum(["enabled", "disabled"], {
            ...aws("MetadataOptions.HttpEndpoint", VERSION, { absent: "enabled" }),
            description: "Whether the metadata service answers.",
          }),
        ),
        httpPutResponseHopLimit: Type.Optional(
          Type.Integer({
            ...aws("MetadataOptions.HttpPutResponseHopLimit", VERSION, { absent: 1 }),
            minimum: 1,
            maximum: 64,
            description: "Network hops that a token may take.",
          }),
        ),
        instanceMetadataTags: Type.Optional(
          Type.Enum(["enabled", "disabled"], {
            ...aws("MetadataOptions.InstanceMetadataTags", VERSION, { absent: "disabled" }),
            description: "Whether tags can be read there.",
          }),
        ),
        httpProtocolIpv6: Type.Optional(
          Type.Enum(["enabled", "disabled"], {
            ...aws("MetadataOptions.HttpProtocolIpv6", VERSION, { absent: "disabled" }),
            description: "Whether it answers over IPv6, too.",
          }),
        ),
      },
      { additionalProperties: false, default: {}, description: "The instance metadata service." },
    ),
    monitoring: Type.Optional(
      Type.Object(
        {
          enabled: Type.Boolean({
            ...aws("Monitoring.Enabled", VERSION, { absent: false }),
            description: "Whether metrics come every minute.",
          }),
          metricCategoryIds: Type.Optional(
            Type.Array(Type.String({ minLength: 1 }), {
              ...aws("Monitoring.MetricCategoryIds", VERSION, { set: true }),
              minItems: 1,
              uniqueItems: true,
              description: "Categories of metrics, with `enabled` true.",
            }),
          ),
        },
        { additionalProperties: false, description: "Detailed monitoring." },
      ),
    ),
    ebsOptimized: Type.Optional(
      Type.Boolean({
        ...aws("EbsOptimized", VERSION, { absent: false }),
        description: "Dedicated throughput to EBS.",
      }),
    ),
    blockDeviceMappings: Type.Optional(
      Type.Array(blockDeviceSchema, {
        ...aws("BlockDeviceMappings", VERSION, { owner: "structure" }),
        minItems: 1,
        maxItems: 50,
        description: "Volumes of the instances.",
      }),
    ),
    ...networkInterfacesSchema,
    instanceMarketOptions: Type.Optional(instanceMarketOptionsSchema),
    ...templateOptionsSchema,
    tags: Type.Optional(
      Type.Record(Type.String(), Type.String(), {
        ...aws("TagSpecifications", VERSION, { owner: "structure" }),
        additionalProperties: false,
        description:
          "Tags of the instances and their volumes. `Name` is the service and the group unless given; with `spec.defaults` AWS it is not made up.",
      }),
    ),
    tagSpecifications: Type.Optional(
      Type.Object(
        {
          volume: tagsOf("the volumes, in place of those of the instances"),
          "network-interface": tagsOf("the network interfaces"),
          "spot-instances-request": tagsOf("the requests for Spot instances"),
        },
        {
          ...aws("TagSpecifications", VERSION, { owner: "structure" }),
          additionalProperties: false,
          description:
            "Tags apart for what else a launch makes: exactly these, without `spec.tags` and `Name`. `{}` is none.",
        },
      ),
    ),
  },
  {
    additionalProperties: false,
    description: "What an instance is made from. A change becomes a new version and an instance refresh.",
  },
);

export type LaunchTemplateSpec = Static<typeof launchTemplateSchema>;
