/** What EC2 of the simulated account promises to do as AWS does, and where AWS says so. */
import { type Behaviour, documented } from "../account/documented.ts";

const API = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference";
const GUIDE = "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide";
const VPC = "https://docs.aws.amazon.com/vpc/latest/userguide";

export const EC2_BEHAVIOURS: readonly Behaviour[] = documented("ec2", "ec2", [
  [
    "filters",
    "A filter passes when any of its values matches, * and ? are wildcards, and all filters of a request must pass.",
    `${GUIDE}/Using_Filtering.html`,
  ],
  [
    "filter-limits",
    "The filters of a call hold at most 200 values, of at most 255 characters each; more is FilterLimitExceeded.",
    `${GUIDE}/Using_Filtering.html`,
  ],
  [
    "filters-refused",
    "A filter that AWS does not document is refused in AWS's words; one that it documents and the account has no data for is refused by name.",
    `${API}/API_Filter.html`,
  ],
  [
    "image-parameters",
    "An image may be given as resolve:ssm: and the name of a parameter, which each launch looks up; a parameter that does not exist is refused.",
    `${API}/API_RequestLaunchTemplateData.html`,
  ],
  [
    "deregistered-image",
    "An image that is deregistered cannot be launched any more; what runs from it goes on.",
    `${API}/API_DeregisterImage.html`,
  ],
  [
    "dry-run",
    "A request with DryRun is answered with DryRunOperation and changes nothing.",
    `${API}/CommonParameters.html`,
  ],
  [
    "client-token",
    "The same client token with the same parameters repeats the first answer; with other parameters it is IdempotentParameterMismatch.",
    "https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html",
  ],
  [
    "template-source-version",
    "A new template version with a source version takes over every parameter that the request does not give.",
    `${API}/API_CreateLaunchTemplateVersion.html`,
  ],
  [
    "template-default-version-stays",
    "The default version of a launch template cannot be deleted.",
    `${API}/API_DeleteLaunchTemplateVersions.html`,
  ],
  [
    "template-versions-of-all",
    "Without a template, DescribeLaunchTemplateVersions answers the latest or default versions of all templates.",
    `${API}/API_DescribeLaunchTemplateVersions.html`,
  ],
  [
    "template-warnings",
    "A template whose parameters no launch would take is made, and the answer warns of each.",
    `${API}/API_CreateLaunchTemplate.html`,
  ],
  [
    "template-overrides",
    "A parameter of RunInstances wins over the same parameter in the launch template.",
    `${API}/API_RunInstances.html`,
  ],
  [
    "template-tags",
    "An instance launched from a template carries the template's id and version in tags of AWS's own.",
    `${GUIDE}/launch-instances-from-launch-template.html`,
  ],
  [
    "launch-checks-references",
    "A launch template may name an image, subnet or group that does not exist; the launch fails, not the creation of the template.",
    `${GUIDE}/launch-template-restrictions.html`,
  ],
  [
    "zone-without-capacity",
    "A launch in a zone that has no capacity fails with InsufficientInstanceCapacity.",
    `${GUIDE}/troubleshooting-launch.html`,
  ],
  [
    "types-by-requirements",
    "Instance types are found by what they have, with the reference's defaults for what is not asked for; no price protection is applied to the answer.",
    `${API}/API_GetInstanceTypesFromInstanceRequirements.html`,
  ],
  [
    "spot-instances",
    "An instance whose launch asked for Spot is shown with that lifecycle and the id of its request.",
    `${GUIDE}/using-spot-instances.html`,
  ],
  [
    "spot-capacity",
    "A Spot Instance is launched while its pool, a type in a zone, has room; each pool has room for a fixed number.",
    `${GUIDE}/using-spot-instances.html`,
  ],
  [
    "spot-pool-price",
    "A Spot Instance is launched only where its maximum price, by default the On-Demand price, is not below the price of its pool.",
    `${GUIDE}/how-spot-instances-work.html`,
  ],
  [
    "spot-interruption",
    "EC2 takes a Spot Instance back two minutes after a notice, and recommends to replace it before or with the notice; it is terminated, stopped or hibernated as its launch asked.",
    `${GUIDE}/spot-instance-termination-notices.html`,
  ],
  [
    "status-of-running-only",
    "DescribeInstanceStatus shows running instances only, unless all are asked for.",
    `${API}/API_DescribeInstanceStatus.html`,
  ],
  [
    "hibernation",
    "An instance that was hibernated has its application again as soon as it runs; only one that was launched for it hibernates.",
    "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Hibernate.html",
  ],
  [
    "lifecycle",
    "An instance is pending, running, stopping, stopped, shutting-down and terminated in the documented order, and stays visible for about an hour once terminated.",
    `${GUIDE}/ec2-instance-lifecycle.html`,
  ],
  [
    "status-checks",
    "The system and instance status checks of a running instance are initializing, then ok, and impaired while the host or the operating system does not answer.",
    `${GUIDE}/monitoring-system-instance-status-check.html`,
  ],
  [
    "termination-protection",
    "An instance with termination protection is not terminated by TerminateInstances.",
    `${GUIDE}/Using_ChangingDisableAPITermination.html`,
  ],
  [
    "stop-protection",
    "An instance with stop protection is not stopped by StopInstances.",
    `${GUIDE}/ec2-stop-protection.html`,
  ],
  [
    "shutdown-behavior",
    "An instance that is shut down from within is stopped, or terminated when its shutdown behavior says so.",
    `${GUIDE}/Using_ChangingInstanceInitiatedShutdownBehavior.html`,
  ],
  [
    "cpu-credits",
    "A T2 instance has standard CPU credits and a later burstable one unlimited, unless the launch says otherwise.",
    `${GUIDE}/burstable-performance-instances-unlimited-mode-concepts.html`,
  ],
  [
    "architectures",
    "An image is launched on instance types of its own architecture only.",
    `${API}/errors-overview.html`,
  ],
  [
    "image-owners",
    "DescribeImages scopes by owner with account ids, self and the alias amazon, and by launch permission with all.",
    `${API}/API_DescribeImages.html`,
  ],
  [
    "key-fingerprints",
    "The fingerprint of an imported RSA key is the MD5 of its public half, that of an ED25519 key its SHA-256.",
    `${GUIDE}/verify-keys.html`,
  ],
  ["delete-key-pair", "Deleting a key pair that is not there succeeds.", `${API}/API_DeleteKeyPair.html`],
  [
    "in-use-stays",
    "What something else depends on is not deleted: DependencyViolation.",
    `${API}/errors-overview.html`,
  ],
  [
    "default-vpc",
    "The default VPC has a default subnet in each zone, an internet gateway, a route to it, and DNS hostnames.",
    `${VPC}/default-vpc-components.html`,
  ],
  [
    "vpc-sizes",
    "A VPC's block is a /16 to a /28; what is left of its address beyond the prefix is cleared.",
    `${VPC}/vpc-cidr-blocks.html`,
  ],
  [
    "vpc-comes-with",
    "A new VPC has a default security group, a main route table and a default network ACL, which go with it.",
    `${API}/API_DeleteVpc.html`,
  ],
  [
    "one-attribute",
    "A request to change a VPC's or subnet's attributes names one of them.",
    `${API}/API_ModifySubnetAttribute.html`,
  ],
  [
    "subnet-within-vpc",
    "A subnet's block is a /16 to a /28 within its VPC's: InvalidSubnet.Range.",
    `${API}/API_CreateSubnet.html`,
  ],
  [
    "subnets-apart",
    "The blocks of a VPC's subnets do not overlap: InvalidSubnet.Conflict.",
    `${VPC}/subnet-sizing.html`,
  ],
  [
    "free-addresses",
    "Of a subnet's addresses five are AWS's own; when no other is left, a launch is InsufficientFreeAddressesInSubnet.",
    `${VPC}/subnet-sizing.html`,
  ],
  [
    "gateway-attachment",
    "An internet gateway is attached to one VPC, a VPC has one, and it is not detached while there are public addresses.",
    `${VPC}/VPC_Internet_Gateway.html`,
  ],
  [
    "default-network-acl",
    "Every subnet is associated with the default network ACL of its VPC, which allows everything.",
    `${VPC}/default-network-acl.html`,
  ],
  [
    "local-route",
    "Each route table has a route within its VPC that cannot be removed.",
    `${VPC}/RouteTables.html`,
  ],
  ["blackhole", "A route whose target is gone is a blackhole.", `${VPC}/route-table-options.html`],
  [
    "more-specific-route",
    "A route within the VPC's own block leads to an interface or an instance only.",
    `${VPC}/route-table-options.html`,
  ],
  [
    "one-table-per-subnet",
    "A subnet is associated with one route table, or implicitly with the main one.",
    `${VPC}/subnet-route-tables.html`,
  ],
  [
    "main-table-replaced",
    "Replacing the association of the main route table makes another the main one; it cannot be disassociated.",
    `${API}/API_ReplaceRouteTableAssociation.html`,
  ],
  [
    "table-in-use",
    "A route table that is associated, or is the main one, is not deleted.",
    `${API}/API_DeleteRouteTable.html`,
  ],
  [
    "group-names",
    "A security group's name is unique in its VPC, up to 255 characters of a given set, not default and not sg-….",
    `${API}/API_CreateSecurityGroup.html`,
  ],
  [
    "default-egress",
    "A new security group allows all outbound traffic and no inbound; the default one also all from itself.",
    `${VPC}/default-security-group.html`,
  ],
  [
    "group-in-use",
    "A security group is not deleted while an instance, a load balancer or another group's rule uses it, and a default one never: CannotDelete.",
    `${API}/API_DeleteSecurityGroup.html`,
  ],
  [
    "no-rule-twice",
    "A rule that is there already fails the whole request: InvalidPermission.Duplicate.",
    `${API}/API_AuthorizeSecurityGroupIngress.html`,
  ],
  [
    "all-protocols",
    "A rule for all protocols, or for another than TCP, UDP and ICMP, is for all ports, whatever ports are given.",
    `${API}/API_AuthorizeSecurityGroupIngress.html`,
  ],
  [
    "canonical-blocks",
    "Blocks of addresses in rules are kept in their canonical form.",
    `${API}/API_AuthorizeSecurityGroupIngress.html`,
  ],
  [
    "rules-per-group",
    "A security group has at most 60 rules for each direction and family.",
    `${VPC}/amazon-vpc-limits.html`,
  ],
  [
    "revoke-unknown",
    "Revoking a rule that is not there is InvalidPermission.NotFound, and in the default VPC no error but part of the answer.",
    `${API}/API_RevokeSecurityGroupIngress.html`,
  ],
  [
    "rule-descriptions",
    "A rule's description is changed, or taken away, without touching the rule.",
    `${API}/API_UpdateSecurityGroupRuleDescriptionsIngress.html`,
  ],
  [
    "public-addresses",
    "An instance has a public address while it runs if its launch or else its subnet says so, with a public name if its VPC has DNS hostnames.",
    `${GUIDE}/using-instance-addressing.html`,
  ],
  [
    "managed-interfaces",
    "A load balancer has an interface in each of its subnets, which Elastic Load Balancing requested and manages.",
    `${GUIDE}/requester-managed-eni.html`,
  ],
  ["interface-lives", "An instance has its interface until it is terminated.", `${GUIDE}/using-eni.html`],
  [
    "tags",
    "A resource has at most 50 tags, and keys that begin with aws: are AWS's own.",
    `${GUIDE}/Using_Tags.html`,
  ],
  [
    "pages",
    "MaxResults outside the documented range is refused, and a token that is not valid is InvalidNextToken.",
    `${API}/API_DescribeInstances.html`,
  ],
]);
