/** Whose AWS it is: account and partition of the credentials in use. */
export interface CallerAccount {
  /** Twelve digits. */
  id: string;
  /** `aws`, `aws-cn`, `aws-us-gov`, … */
  partition: string;
}

export function isSameAccount(one: CallerAccount, other: CallerAccount): boolean {
  return one.id === other.id && one.partition === other.partition;
}

/** For people: `123456789012 (aws)`. */
export function accountText({ id, partition }: CallerAccount): string {
  return `${id} (${partition})`;
}

/** The account in an ARN (docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html); undefined where it has none. */
export function accountInArn(arn: string): CallerAccount | undefined {
  const [, partition, id] = /^arn:([^:]+):[^:]+:[^:]*:(\d{12}):/.exec(arn) ?? [];
  return partition === undefined || id === undefined ? undefined : { id, partition };
}
