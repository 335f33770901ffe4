/** Generated from the AWS SDK by `npm run docs`. The names of Regions in each of AWS's partitions. */
export const REGION_PATTERN =
  "^((us|eu|ap|sa|ca|me|af|il|mx)-[a-z]+-[0-9]+|cn-[a-z]+-[0-9]+|eusc-(de)-[a-z]+-[0-9]+|us-iso-[a-z]+-[0-9]+|us-isob-[a-z]+-[0-9]+|eu-isoe-[a-z]+-[0-9]+|us-isof-[a-z]+-[0-9]+|us-gov-[a-z]+-[0-9]+)$";
