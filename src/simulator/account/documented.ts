/** One documented behaviour of AWS that the account models. */
export interface Behaviour {
  /** `<service>/<short-name>`. */
  readonly id: string;
  readonly service:
    | "ec2"
    | "elasticloadbalancing"
    | "autoscaling"
    | "cloudwatch"
    | "account"
    | "ssm"
    | "acm"
    | "sns"
    | "iam"
    | "sqs"
    | "events"
    | "cloudtrail";
  /** One sentence that can be tested. */
  readonly statement: string;
  /** The page of AWS's documentation. */
  readonly source: string;
}

type Row = readonly [name: string, statement: string, source: string];

/** The rows of one service's table; `prefix` stands before the names in the ids. */
export function documented(
  prefix: string,
  service: Behaviour["service"],
  rows: readonly Row[],
): readonly Behaviour[] {
  return rows.map(([name, statement, source]) => ({ id: `${prefix}/${name}`, service, statement, source }));
}
