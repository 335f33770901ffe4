/**
 * Who called, as CloudTrail writes it:
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
 */
import { createHash } from "node:crypto";

/** The daemon's own keys, behind the port and over the wire: STS says of them what is said here. */
const OWN_KEYS = ["AKIASIMULATED", "simulated"];
/** https://docs.aws.amazon.com/autoscaling/ec2/userguide/autoscaling-service-linked-role.html */
const AUTO_SCALING_ROLE = "AWSServiceRoleForAutoScaling";

interface UserIdentity {
  readonly type: "IAMUser" | "AssumedRole" | "Root";
  readonly principalId: string;
  readonly arn: string;
  readonly accountId: string;
  readonly accessKeyId?: string;
  readonly userName?: string;
  readonly sessionContext?: object;
  readonly invokedBy?: string;
}

export interface Identity {
  readonly userIdentity: UserIdentity;
  /** The user's name, or that of the session. */
  readonly userName: string;
}

/** ARN of the principal whose key it is; nobody checks keys here, so each unknown one is a user of its name. */
export function principalOf(
  accessKeyId: string | undefined,
  named: ReadonlyMap<string, string>,
  accountId: string,
): string {
  const given = accessKeyId === undefined ? undefined : named.get(accessKeyId);
  if (given !== undefined) return given;
  const isOwn = accessKeyId !== undefined && OWN_KEYS.includes(accessKeyId);
  return `arn:aws:iam::${accountId}:user/${isOwn ? "simulated" : (accessKeyId ?? "somebody")}`;
}

/** Whether an ARN names somebody who can call: a user, a session of a role, or the account itself. */
export function isPrincipal(arn: string): boolean {
  return /^arn:aws[\w-]*:(iam::\d{12}:(root|user\/.+)|sts::\d{12}:assumed-role\/[^/]+\/[^/]+)$/.test(arn);
}

/** @param atMs of the call: a session is taken to have begun with the hour */
export function identityOf(arn: string, accessKeyId: string | undefined, atMs: number): Identity {
  const [, , , , accountId = "", name = ""] = arn.split(":");
  const key = accessKeyId === undefined ? {} : { accessKeyId };
  const [kind, ...path] = name.split("/");
  if (kind === "assumed-role") {
    const [role = "", session = ""] = path;
    const issuer = `arn:aws:iam::${accountId}:role/${role}`;
    return {
      userName: session,
      userIdentity: sessionOf({ arn, issuer, role, session, accountId, key, atMs }),
    };
  }
  if (kind === "root") {
    return {
      userName: "root",
      userIdentity: { type: "Root", principalId: accountId, arn, accountId, ...key },
    };
  }
  const userName = path.at(-1) ?? "";
  const userIdentity: UserIdentity = {
    type: "IAMUser",
    principalId: idOf("AIDA", arn),
    arn,
    accountId,
    ...key,
    userName,
  };
  return { userName, userIdentity };
}

/** Auto Scaling by its own role. cloudtrail/service-linked-role */
export function autoScalingIdentity(accountId: string, atMs: number): Identity {
  const session = "AutoScaling";
  const userIdentity = sessionOf({
    arn: `arn:aws:sts::${accountId}:assumed-role/${AUTO_SCALING_ROLE}/${session}`,
    issuer: `arn:aws:iam::${accountId}:role/aws-service-role/autoscaling.amazonaws.com/${AUTO_SCALING_ROLE}`,
    role: AUTO_SCALING_ROLE,
    session,
    accountId,
    key: {},
    atMs,
  });
  return { userName: session, userIdentity: { ...userIdentity, invokedBy: "autoscaling.amazonaws.com" } };
}

function sessionOf(of: {
  arn: string;
  issuer: string;
  role: string;
  session: string;
  accountId: string;
  key: object;
  atMs: number;
}): UserIdentity {
  const principalId = idOf("AROA", of.issuer);
  const hourMs = Math.floor(of.atMs / 3_600_000) * 3_600_000;
  return {
    type: "AssumedRole",
    principalId: `${principalId}:${of.session}`,
    arn: of.arn,
    accountId: of.accountId,
    ...of.key,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId,
        arn: of.issuer,
        accountId: of.accountId,
        userName: of.role,
      },
      attributes: {
        creationDate: `${new Date(hourMs).toISOString().slice(0, 19)}Z`,
        mfaAuthenticated: "false",
      },
    },
  };
}

function idOf(prefix: string, arn: string): string {
  return prefix + createHash("sha256").update(arn).digest("hex").slice(0, 17).toUpperCase();
}
