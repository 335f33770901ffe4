/** What can go wrong, as data: code branches on a category, people read the message. */

/**
 * - `throttled`: AWS asks us to slow down; not a failure of the object.
 * - `transient`: AWS or the network failed; the effect of a write is unknown until it is read.
 * - `wait`: something else in AWS must finish first.
 * - `notFound`: the thing asked for is not there; for a delete that is success.
 * - `alreadyExists`: the name is taken, perhaps by our own earlier attempt; read, compare, adopt if ours.
 * - `conflict`: somebody else holds what we want.
 * - `invalid`: AWS refuses what the spec asks for; only a changed spec helps.
 * - `quota`: a limit of the account.
 * - `unauthorized`: credentials or permissions.
 * - `unsupported`: this endpoint does not have the operation.
 * - `malformed`: an answer that is empty, truncated or lacks what AWS promises; nothing may be concluded.
 */
export type CloudErrorCategory =
  | "throttled"
  | "transient"
  | "wait"
  | "notFound"
  | "alreadyExists"
  | "conflict"
  | "invalid"
  | "quota"
  | "unauthorized"
  | "unsupported"
  | "malformed";

/** AWS said no, or did not say anything that can be used. The one error that a `Cloud` throws. */
export class CloudError extends Error {
  readonly operation: string;
  /** AWS's code on the wire, for example `TargetGroupNotFound`. */
  readonly code: string;
  readonly category: CloudErrorCategory;
  readonly requestId: string | undefined;

  constructor(fields: {
    operation: string;
    code: string;
    message: string;
    category?: CloudErrorCategory;
    requestId?: string | undefined;
    cause?: unknown;
  }) {
    super(fields.message, { cause: fields.cause });
    this.name = "CloudError";
    this.operation = fields.operation;
    this.code = fields.code;
    this.category = fields.category ?? categoryOf(fields.operation, fields.code, fields.message);
    this.requestId = fields.requestId;
  }
}

/** What AWS said, in words that stay the same while the problem does: so conditions do not flap. */
export function answerText({ operation, code, category }: CloudError): string {
  return `${operation} answered ${code} (${category})`;
}

/** Code of a call that was not sent, because everything is paused. */
export const STOPPED = "Paused";

const CATEGORY_OF_CODE: Record<Exclude<CloudErrorCategory, "malformed">, readonly string[]> = {
  throttled: [
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RateExceeded",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "PriorRequestNotComplete",
    "EC2ThrottledException",
    "SlowDown",
  ],
  transient: [
    "InternalFailure",
    "InternalError",
    "InternalServiceError",
    "ServiceUnavailable",
    "Unavailable",
    "HealthUnavailable",
    "InsufficientCapacity",
    "ResourceContention",
    "IdempotentCallInProgress",
    "ServiceLinkedRoleFailure",
    "ConcurrentModificationException",
    "TimeoutError",
    "RequestTimeout",
    "RequestTimeoutException",
    "AbortError",
    "NetworkError",
    "CircuitOpen",
  ],
  wait: [
    "ResourceInUse",
    "ScalingActivityInProgress",
    "InstanceRefreshInProgress",
    "PriorityInUse",
    "InvalidTarget",
    "TargetGroupAssociationLimit",
    "CapacityReservationPending",
    "TrustStoreNotReady",
    "DependencyViolation",
    "IncorrectState",
    "IncorrectInstanceState",
    "ResourceNotReady",
    "ConcurrentMutationLimitExceeded",
    "InvalidAMIID.Unavailable",
    "ConflictException",
    "ResourceConflict",
    "InvalidNextToken",
    STOPPED,
  ],
  notFound: [
    "LoadBalancerNotFound",
    "ListenerNotFound",
    "RuleNotFound",
    "TargetGroupNotFound",
    "ActiveInstanceRefreshNotFound",
    "InvalidLaunchTemplateId.NotFound",
    "InvalidLaunchTemplateId.VersionNotFound",
    "InvalidLaunchTemplateName.NotFoundException",
    "InvalidInstanceID.NotFound",
    "ResourceNotFound",
    "ResourceNotFoundException",
    "ParameterNotFound",
    "ParameterVersionNotFound",
    "NoSuchEntity",
    "NotFound",
  ],
  alreadyExists: [
    "AlreadyExists",
    "InvalidLaunchTemplateName.AlreadyExistsException",
    "DuplicateLoadBalancerName",
    "DuplicateTargetGroupName",
    "DuplicateListener",
  ],
  conflict: ["IdempotentParameterMismatch"],
  invalid: [
    "ValidationError",
    "InvalidConfigurationRequest",
    "InvalidLoadBalancerAction",
    "InvalidScheme",
    "InvalidSubnet",
    "SubnetNotFound",
    "InvalidSubnetID.NotFound",
    "InvalidSecurityGroup",
    "InvalidGroup.NotFound",
    "IncompatibleProtocols",
    "UnsupportedProtocol",
    "SSLPolicyNotFound",
    "CertificateNotFound",
    "ALPNPolicyNotFound",
    "AvailabilityZoneNotSupported",
    "DuplicateTagKeys",
    "OperationNotPermitted",
    "IrreversibleInstanceRefresh",
    "InvalidParameterValue",
    "InvalidParameterCombination",
    "InvalidParameter",
    "MissingParameter",
    "InvalidFormat",
    "InvalidLaunchTemplateId.Malformed",
    "InvalidAMIID.NotFound",
    "InvalidAMIID.Malformed",
    "UnsupportedOperation",
  ],
  quota: [
    "LimitExceeded",
    "LimitExceededException",
    "TooManyLoadBalancers",
    "TooManyTargetGroups",
    "TooManyListeners",
    "TooManyRules",
    "TooManyCertificates",
    "TooManyTargets",
    "TooManyActions",
    "TooManyTags",
    "TooManyUniqueTargetGroupsPerLoadBalancer",
    "TooManyRegistrationsForTargetId",
    "InstanceLimitExceeded",
    "VcpuLimitExceeded",
  ],
  unauthorized: [
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "UnrecognizedClient",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "AuthFailure",
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "MissingAuthenticationToken",
    "CredentialsProviderError",
    "Blocked",
    "OptInRequired",
  ],
  unsupported: ["InvalidAction", "UnknownOperation", "UnknownOperationException", "NotImplemented"],
};

const CATEGORY: ReadonlyMap<string, CloudErrorCategory> = new Map(
  Object.entries(CATEGORY_OF_CODE).flatMap(([category, codes]) =>
    codes.map((code) => [code, category as CloudErrorCategory] as const),
  ),
);

/**
 * Auto Scaling reports nearly everything as `ValidationError` with free text; these are its other meanings.
 * Observed texts: AWS provider of Terraform, `internal/service/autoscaling`.
 */
const CATEGORY_OF_TEXT: readonly { operation: RegExp; text: RegExp; category: CloudErrorCategory }[] = [
  {
    operation: /^autoscaling:/,
    text: /not found|no warm pool found|not part of auto scaling group/i,
    category: "notFound",
  },
  {
    operation: /^autoscaling:/,
    text: /invalid iam instance profile|unable to publish test message/i,
    category: "wait",
  },
  // EC2 has made it, and Auto Scaling does not see it yet
  // (docs.aws.amazon.com/ec2/latest/devguide/eventual-consistency.html). Images, key pairs and groups that do not exist
  // are told with the same beginning, and are the spec's.
  {
    operation: /^autoscaling:/,
    text: /the specified launch template(, with template (id|name) \S+,)? does not exist/i,
    category: "wait",
  },
  { operation: /^autoscaling:/, text: /scaling activity .*in progress|pending delete/i, category: "wait" },
];

/** One code that means something else to one operation. */
const CATEGORY_OF_OPERATION: readonly { operation: RegExp; code: string; category: CloudErrorCategory }[] = [
  // Elsewhere it is the spec that names a certificate which does not exist; here it is one that is not on the listener.
  { operation: /:RemoveListenerCertificates$/, code: "CertificateNotFound", category: "notFound" },
];

/**
 * The category of an AWS error code. A code that nobody has listed is `invalid` (AWS's own convention: 4xx is
 * the caller's fault), unless it looks like a server's failure.
 */
export function categoryOf(operation: string, code: string, message: string): CloudErrorCategory {
  if (code === "ValidationError") {
    const special = CATEGORY_OF_TEXT.find((row) => row.operation.test(operation) && row.text.test(message));
    if (special !== undefined) return special.category;
  }
  const own = CATEGORY_OF_OPERATION.find((row) => row.code === code && row.operation.test(operation));
  const listed = own?.category ?? CATEGORY.get(code);
  if (listed !== undefined) return listed;
  return /^(5\d\d|E[A-Z]+$)/.test(code) ? "transient" : "invalid";
}

/** One thing that is wrong with what a user sent. */
export interface Fault {
  /** Where: a field path such as `spec.targetGroups.web.port`. */
  path: string;
  /** What is wrong and what is allowed, as one sentence. */
  message: string;
  /** A Kubernetes cause type: FieldValueInvalid, FieldValueRequired, FieldValueDuplicate, FieldValueNotSupported, FieldUnknown. */
  reason: FaultReason;
}

export type FaultReason =
  | "FieldValueInvalid"
  | "FieldValueRequired"
  | "FieldValueDuplicate"
  | "FieldValueNotSupported"
  | "FieldValueNotFound"
  | "FieldUnknown";

/** A lookup could not be asked of AWS, so nothing is known of what it stands for. */
export class UnreadLookupError extends Error {
  /** Field path of the lookup. */
  readonly path: string;
  readonly isWorthRepeating: boolean;

  constructor(path: string, reason: string, isWorthRepeating: boolean, cause?: unknown) {
    super(`${path} cannot be looked up: ${reason}`, { cause });
    this.name = "UnreadLookupError";
    this.path = path;
    this.isWorthRepeating = isWorthRepeating;
  }
}

/** The spec that a user sent is wrong: every fault at once. */
export class InvalidSpecError extends Error {
  readonly faults: readonly Fault[];

  constructor(faults: readonly Fault[]) {
    super(faults.map((fault) => `${fault.path}: ${fault.message}`).join("; "));
    this.name = "InvalidSpecError";
    this.faults = faults;
  }
}

/** What was to be imported is not there. */
export class NothingToImportError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NothingToImportError";
  }
}

/** Another write came first, or the object to be created is there already. */
export class ConflictError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "ConflictError";
  }
}

/** The database cannot be used; the message is one line for the operator. */
export class StoreError extends Error {
  /** What is in the way of every write, until somebody removes it: without the file's place, for whoever asks. */
  readonly fault: string | undefined;

  constructor(message: string, cause?: unknown, fault?: string) {
    super(message, { cause });
    this.name = "StoreError";
    this.fault = fault;
  }
}

/** A setting or the environment is wrong: one line, exit code 2. */
export class SetupError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SetupError";
  }
}
