import { type Case, type Cases, long, times } from "./ground.ts";

const DATA = { ImageId: "ami-12345678", InstanceType: "t3.micro" };
const create = (data: object, more: object = {}): Case => [
  "ec2:CreateLaunchTemplate",
  () => ({ LaunchTemplateName: "new", LaunchTemplateData: { ...DATA, ...data }, ...more }),
];
const launch = (more: object): Case => [
  "ec2:RunInstances",
  () => ({ ...DATA, MinCount: 1, MaxCount: 1, ...more }),
];
const base64 = (length: number): string => Buffer.from("x".repeat(length)).toString("base64");
const tags = (...Tags: object[]): Case =>
  create({}, { TagSpecifications: [{ ResourceType: "launch-template", Tags }] });
const volume = (Ebs: object, ...more: object[]): Case =>
  launch({ BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 100, ...Ebs } }, ...more] });
const spot = (SpotOptions: object): Case =>
  launch({ InstanceMarketOptions: { MarketType: "spot", SpotOptions } });
const interfaces = (...NetworkInterfaces: object[]): Case => launch({ NetworkInterfaces });

const LEAST = { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 } };
const asking = (more: object): Case =>
  create({ InstanceType: undefined, InstanceRequirements: { ...LEAST, ...more } });

export const EC2_CASES: Cases = {
  "ec2/template-name-length": create({}, { LaunchTemplateName: "ab" }),
  "ec2/template-name-characters": create({}, { LaunchTemplateName: "a b" }),
  "ec2/template-data-missing": [
    "ec2:CreateLaunchTemplate",
    () => ({ LaunchTemplateName: "new", LaunchTemplateData: {} }),
  ],
  "ec2/version-description-length": create({}, { VersionDescription: long(256) }),
  "ec2/client-token": create({}, { ClientToken: long(129) }),
  "ec2/template-user-data-encoding": create({ UserData: "#!" }),
  "ec2/template-user-data-length": create({ UserData: base64(16_385) }),
  "ec2/template-tag-types": create({ TagSpecifications: [{ ResourceType: "image", Tags: [] }] }),
  "ec2/template-tag-type-twice": create({
    TagSpecifications: times(2, () => ({ ResourceType: "instance" })),
  }),
  "ec2/tag-key-empty": tags({ Key: "", Value: "1" }),
  "ec2/tag-key-length": tags({ Key: long(128), Value: "1" }),
  "ec2/tag-value-length": tags({ Key: "a", Value: long(257) }),
  "ec2/tag-reserved": tags({ Key: "AWS:a", Value: "1" }),
  "ec2/tag-twice": tags({ Key: "a", Value: "1" }, { Key: "a", Value: "2" }),
  "ec2/tag-count": tags(...times(51, (index) => ({ Key: `k${index}`, Value: "1" }))),
  "ec2/launch-user-data-encoding": launch({ UserData: "#!" }),
  "ec2/launch-user-data-length": launch({ UserData: base64(16_385) }),
  "ec2/image-id": launch({ ImageId: "web-1" }),
  "ec2/image-parameter": launch({ ImageId: "resolve:ssm:a b" }),
  "ec2/type-or-requirements": launch({
    InstanceRequirements: { VCpuCount: { Min: 1 }, MemoryMiB: { Min: 1 } },
  }),
  "ec2/requirements-minimum": asking({ VCpuCount: { Max: 4 } }),
  "ec2/requirements-exclusive": asking({
    SpotMaxPricePercentageOverLowestPrice: 50,
    MaxSpotPriceAsPercentageOfOptimalOnDemandPrice: 60,
  }),
  "ec2/requirements-values": asking({ CpuManufacturers: ["arm"] }),
  "ec2/template-type-or-requirements": create({ InstanceRequirements: LEAST }),
  "ec2/launch-by-requirements": launch({ InstanceType: undefined, InstanceRequirements: LEAST }),
  "ec2/profile-twofold": launch({
    IamInstanceProfile: { Arn: "arn:aws:iam::1:instance-profile/a", Name: "a" },
  }),
  "ec2/shutdown-behavior": launch({ InstanceInitiatedShutdownBehavior: "hibernate" }),
  "ec2/credit-specification": launch({ CreditSpecification: { CpuCredits: "free" } }),
  "ec2/credits-burstable-only": launch({
    InstanceType: "m5.large",
    CreditSpecification: { CpuCredits: "standard" },
  }),
  "ec2/cpu-threads": launch({ CpuOptions: { CoreCount: 1, ThreadsPerCore: 4 } }),
  "ec2/cpu-cores": launch({ CpuOptions: { CoreCount: 0, ThreadsPerCore: 1 } }),
  "ec2/enclave-hibernation": launch({
    EnclaveOptions: { Enabled: true },
    HibernationOptions: { Configured: true },
  }),
  "ec2/auto-recovery": launch({ MaintenanceOptions: { AutoRecovery: "on" } }),
  "ec2/hostname-type": launch({ PrivateDnsNameOptions: { HostnameType: "dns" } }),
  "ec2/capacity-preference": launch({
    CapacityReservationSpecification: { CapacityReservationPreference: "any" },
  }),
  "ec2/market-type": launch({ InstanceMarketOptions: { MarketType: "on-demand" } }),
  "ec2/spot-interruption": spot({ InstanceInterruptionBehavior: "reboot" }),
  "ec2/spot-price": spot({ MaxPrice: "0.0005" }),
  "ec2/metadata-tokens": launch({ MetadataOptions: { HttpTokens: "always" } }),
  "ec2/metadata-hop-limit": launch({ MetadataOptions: { HttpPutResponseHopLimit: 65 } }),
  "ec2/metadata-endpoints": launch({ MetadataOptions: { HttpEndpoint: "on" } }),
  "ec2/tenancy": launch({ Placement: { Tenancy: "shared" } }),
  "ec2/placement-zone-twofold": launch({
    Placement: { AvailabilityZone: "us-east-1a", AvailabilityZoneId: "use1-az1" },
  }),
  "ec2/host-group-tenancy": launch({ Placement: { HostResourceGroupArn: "arn:aws:x", Tenancy: "default" } }),
  "ec2/groups-beside-interfaces": launch({
    NetworkInterfaces: [{ DeviceIndex: 0 }],
    SecurityGroupIds: ["sg-12345678"],
  }),
  "ec2/groups-twofold": launch({ SecurityGroupIds: ["sg-12345678"], SecurityGroups: ["web"] }),
  "ec2/interface-index-missing": interfaces({ SubnetId: "subnet-1a" }),
  "ec2/interface-index-twice": interfaces({ DeviceIndex: 0 }, { DeviceIndex: 0 }),
  "ec2/public-address-of-several": interfaces(
    { DeviceIndex: 0, AssociatePublicIpAddress: true },
    { DeviceIndex: 1 },
  ),
  "ec2/interface-type": interfaces({ DeviceIndex: 0, InterfaceType: "ena" }),
  "ec2/interface-ipv6-twofold": interfaces({
    DeviceIndex: 0,
    Ipv6AddressCount: 1,
    Ipv6Addresses: [{ Ipv6Address: "2001:db8::1" }],
  }),
  "ec2/interface-prefixes-twofold": interfaces({
    DeviceIndex: 0,
    Ipv4PrefixCount: 1,
    Ipv4Prefixes: [{ Ipv4Prefix: "10.0.0.0/28" }],
  }),
  "ec2/existing-interface": interfaces({
    DeviceIndex: 0,
    NetworkInterfaceId: "eni-1",
    SubnetId: "subnet-1a",
  }),
  "ec2/cpu-options-both": launch({ CpuOptions: { CoreCount: 1 } }),
  "ec2/cpu-switches": launch({ CpuOptions: { AmdSevSnp: "on" as never } }),
  "ec2/spot-type": spot({ SpotInstanceType: "endless" }),
  "ec2/spot-hibernation": launch({
    InstanceMarketOptions: { MarketType: "spot", SpotOptions: { InstanceInterruptionBehavior: "stop" } },
    HibernationOptions: { Configured: true },
  }),
  "ec2/spot-persistent": spot({ SpotInstanceType: "persistent" }),
  "ec2/spot-valid-until": spot({ ValidUntil: new Date(0) }),
  "ec2/capacity-target-preference": launch({
    CapacityReservationSpecification: {
      CapacityReservationPreference: "open",
      CapacityReservationTarget: { CapacityReservationId: "cr-12345678" },
    },
  }),
  "ec2/metric-categories-monitoring": launch({ Monitoring: { Enabled: false, MetricCategoryIds: ["a"] } }),
  "ec2/bandwidth-weighting": launch({ NetworkPerformanceOptions: { BandwidthWeighting: "vpc-2" } }),
  "ec2/affinity": launch({ Placement: { Affinity: "none" } }),
  "ec2/interface-primary-missing": interfaces({ DeviceIndex: 1 }),
  "ec2/efa-only-addresses": interfaces({
    DeviceIndex: 0,
    InterfaceType: "efa-only",
    SecondaryPrivateIpAddressCount: 1,
  }),
  "ec2/interface-description-length": interfaces({ DeviceIndex: 0, Description: "x".repeat(256) }),
  "ec2/interface-secondary-twofold": interfaces({
    DeviceIndex: 0,
    SecondaryPrivateIpAddressCount: 1,
    PrivateIpAddresses: [{ PrivateIpAddress: "10.0.0.5" }, { PrivateIpAddress: "10.0.0.6" }],
  }),
  "ec2/ena-express-udp": interfaces({
    DeviceIndex: 0,
    EnaSrdSpecification: { EnaSrdUdpSpecification: { EnaSrdUdpEnabled: true } },
  }),
  "ec2/connection-tracking": interfaces({
    DeviceIndex: 0,
    ConnectionTrackingSpecification: { UdpTimeout: 29 },
  }),
  "ec2/volume-type": volume({ VolumeType: "gp4" }),
  "ec2/volume-size": volume({ VolumeType: "st1", VolumeSize: 124 }),
  "ec2/volume-iops-type": volume({ VolumeType: "gp2", Iops: 3_000 }),
  "ec2/volume-iops-missing": volume({ VolumeType: "io1" }),
  "ec2/volume-iops": volume({ VolumeType: "gp3", Iops: 2_999 }),
  "ec2/volume-throughput-type": volume({ VolumeType: "io2", Iops: 3_000, Throughput: 125 }),
  "ec2/volume-throughput": volume({ VolumeType: "gp3", Throughput: 124 }),
  "ec2/volume-initialization-rate": volume({
    VolumeType: "gp3",
    SnapshotId: "snap-1",
    VolumeInitializationRate: 99,
  }),
  "ec2/volume-initialization-snapshot": volume({ VolumeType: "gp3", VolumeInitializationRate: 100 }),
  "ec2/volume-key-encryption": volume({ VolumeType: "gp3", KmsKeyId: "alias/a" }),
  "ec2/volume-iops-size": volume({ VolumeType: "io1", VolumeSize: 10, Iops: 501 }),
  "ec2/volume-throughput-iops": volume({ VolumeType: "gp3", Iops: 3_000, Throughput: 751 }),
  "ec2/device-twice": volume({ VolumeType: "gp3" }, { DeviceName: "/dev/sdf", Ebs: { VolumeSize: 1 } }),
  "ec2/device-name-missing": launch({ BlockDeviceMappings: [{ Ebs: { VolumeSize: 1 } }] }),
  "ec2/device-virtual-name": launch({
    BlockDeviceMappings: [{ DeviceName: "/dev/sdb", VirtualName: "root" }],
  }),
  "ec2/device-twofold": launch({
    BlockDeviceMappings: [{ DeviceName: "/dev/sdb", VirtualName: "ephemeral0", Ebs: { VolumeSize: 1 } }],
  }),
};

/** Calls that AWS takes: what the cases change. */
export const EC2_TAKEN: readonly Case[] = [
  launch({
    ImageId: "resolve:ssm:/golden/web",
    BlockDeviceMappings: [{ DeviceName: "/dev/sdb", NoDevice: "" }],
  }),
  launch({ ImageId: "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64:1" }),
  create({ UserData: base64(16_384) }),
  asking({ ExcludedInstanceTypes: ["c5*", "*3*", "m5a.*"], BareMetal: "included" }),
  [
    "ec2:GetInstanceTypesFromInstanceRequirements",
    () => ({ ArchitectureTypes: ["x86_64"], VirtualizationTypes: ["hvm"], InstanceRequirements: LEAST }),
  ],
  volume({ VolumeType: "gp3", Iops: 4_000, Throughput: 1_000 }),
  volume({ VolumeType: "io2", Iops: 64_000 }),
  launch({
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { Iops: 3_000 } }],
    MetadataOptions: { HttpTokens: "required", HttpPutResponseHopLimit: 64 },
  }),
  interfaces({ DeviceIndex: 0, Groups: ["sg-12345678"], SubnetId: "subnet-1a" }),
];
