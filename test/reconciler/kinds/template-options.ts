import type { Example } from "../../support/example.ts";

type Options = Parameters<Example["withLaunchTemplate"]>[0];

/** Options of a launch template that the worked example leaves out. */
export const TEMPLATE_OPTIONS: Options = {
  keyName: "holdfast",
  iamInstanceProfile: { name: "holdfast" },
  metadataOptions: {
    httpEndpoint: "enabled",
    httpPutResponseHopLimit: 2,
    instanceMetadataTags: "enabled",
    httpProtocolIpv6: "enabled",
  },
  monitoring: { enabled: true, metricCategoryIds: ["mc-1"] },
  ebsOptimized: true,
  cpuOptions: { coreCount: 1, threadsPerCore: 1, amdSevSnp: "disabled", nestedVirtualization: "disabled" },
  creditSpecification: { cpuCredits: "standard" },
  placement: {
    availabilityZone: "us-east-1a",
    tenancy: "default",
    affinity: "default",
    groupName: "spread",
    partitionNumber: 1,
  },
  capacityReservationSpecification: { capacityReservationPreference: "none" },
  hibernationOptions: { configured: false },
  enclaveOptions: { enabled: false },
  maintenanceOptions: { autoRecovery: "disabled" },
  privateDnsNameOptions: {
    hostnameType: "resource-name",
    enableResourceNameDnsARecord: true,
    enableResourceNameDnsAAAARecord: false,
  },
  networkPerformanceOptions: { bandwidthWeighting: "vpc-1" },
  licenseSpecifications: [
    { licenseConfigurationArn: "arn:aws:license-manager:us-east-1:123456789012:license-configuration:lic-1" },
  ],
  kernelId: "aki-12345678",
  ramDiskId: "ari-12345678",
  disableApiTermination: false,
  disableApiStop: false,
  instanceInitiatedShutdownBehavior: "terminate",
};

/** Those that cannot stand beside them. */
export const OTHER_TEMPLATE_OPTIONS: Options = {
  securityGroupIds: undefined,
  networkInterfaces: [
    {
      deviceIndex: 0,
      networkCardIndex: 0,
      associatePublicIpAddress: true,
      deleteOnTermination: true,
      description: "web",
      interfaceType: "interface",
      groups: ["sg-12345678"],
      connectionTrackingSpecification: { tcpEstablishedTimeout: 350 },
      enaSrdSpecification: { enaSrdEnabled: true, enaSrdUdpSpecification: { enaSrdUdpEnabled: false } },
    },
  ],
  instanceMarketOptions: {
    marketType: "spot",
    spotOptions: {
      maxPrice: "0.05",
      spotInstanceType: "one-time",
      instanceInterruptionBehavior: "terminate",
    },
  },
  placement: {
    availabilityZoneId: "use1-az1",
    hostId: "h-12345678",
    hostResourceGroupArn: "arn:aws:resource-groups:us-east-1:123456789012:group/hosts",
    groupId: "pg-12345678",
  },
  capacityReservationSpecification: {
    capacityReservationTarget: {
      capacityReservationId: "cr-12345678",
      capacityReservationResourceGroupArn: "arn:aws:resource-groups:us-east-1:123456789012:group/reserved",
    },
  },
  tagSpecifications: {
    volume: { backup: "daily" },
    "network-interface": { net: "public" },
    "spot-instances-request": { market: "spot" },
  },
};
