/** Options of a launch template that the worked example leaves out. */
export const TEMPLATE_OPTIONS = {
  keyName: "holdfast",
  iamInstanceProfile: { name: "holdfast" },
  metadataOptions: {
    httpEndpoint: "enabled",
    httpPutResponseHopLimit: 2,
    instanceMetadataTags: "enabled",
  },
  monitoring: { enabled: true },
  ebsOptimized: true,
} as const;
