/**
 * The certificates of an HTTPS listener: the default one, and the list of those that are chosen by host name. A
 * certificate that is wanted before and after is there all the time: what is added comes first, what goes comes last.
 */
import { type Call, callOf } from "../../core/actions.ts";
import type { Fields } from "../../core/resource.ts";
import { optionalText, textsIfAny } from "../field-values.ts";
import type { Item } from "../kind.ts";
import { required } from "../required.ts";

type Certificate = Item<"elasticloadbalancing:DescribeListenerCertificates", "Certificates">;

interface Certificates {
  readonly byDefault: string | undefined;
  /** Those of the list; the default one, which may stand in the list as well, is not among them. */
  readonly others: readonly string[];
}

/** AWS's default quota, which it counts for the whole load balancer, without default certificates. */
const CERTIFICATES_PER_LISTENER = 25;

/** ARNs of those in AWS's list, without the default one: that it stands in the list as well changes nothing. */
export function besideTheDefault(list: readonly Certificate[]): string[] {
  const arnOf = (entry: Certificate) => required(entry.CertificateArn, "CertificateArn");
  const byDefault = list.find((entry) => entry.IsDefault === true)?.CertificateArn;
  const others = list.filter((entry) => entry.IsDefault !== true).map(arnOf);
  return others.filter((arn) => arn !== byDefault);
}

export function certificatesIn(fields: Fields): Certificates {
  return {
    byDefault: optionalText(fields, "defaultCertificate"),
    others: textsIfAny(fields, "additionalCertificates"),
  };
}

/**
 * The calls that bring the list from `there` to `wanted`. To be made around the ModifyListener that changes the default:
 * additions before, removals after it. AWS takes one certificate a call, takes the present default one into the list,
 * and refuses to take out what is the default
 * (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_AddListenerCertificates.html and
 * API_RemoveListenerCertificates.html; github.com/hashicorp/terraform-provider-aws, listener_certificate.go).
 * Whether a ModifyListener leaves the former default in the list is not documented, and reported by some
 * (github.com/hashicorp/terraform-provider-aws/issues/8620): it is taken out where it is not wanted.
 * @param listDiffers whether the list is to be changed, too; without it, only what the change of the default asks for
 */
export function certificateCalls(
  listenerArn: string,
  there: Certificates,
  wanted: Certificates,
  listDiffers: boolean,
): {
  readonly first: readonly Call[];
  readonly additions: readonly Call[];
  readonly removals: readonly Call[];
} {
  const former =
    there.byDefault !== wanted.byDefault && there.byDefault !== undefined ? [there.byDefault] : [];
  const missing = listDiffers ? wanted.others : former.filter((arn) => wanted.others.includes(arn));
  const listed = listDiffers ? [...there.others, ...former] : former;
  const surplus = listed.filter((arn) => !wanted.others.includes(arn) && arn !== wanted.byDefault);
  const added = missing.filter((arn) => !there.others.includes(arn));
  // First what nobody wants, and at last what is about to be the default one: it is without a place for two calls.
  const mayGo = [
    ...surplus.filter((arn) => there.others.includes(arn)),
    ...there.others.filter((arn) => arn === wanted.byDefault),
  ];
  // Where there are more already, AWS has raised the quota, and nobody knows how far.
  const tooMany =
    there.others.length > CERTIFICATES_PER_LISTENER
      ? 0
      : Math.max(0, there.others.length + added.length - CERTIFICATES_PER_LISTENER);
  const making = mayGo.slice(0, tooMany);
  const input = (arn: string) => ({ ListenerArn: listenerArn, Certificates: [{ CertificateArn: arn }] });
  const remove = (arn: string): Call => ({
    ...callOf("elasticloadbalancing:RemoveListenerCertificates", input(arn), []),
    takesAway: true,
  });
  return {
    first: making.map(remove),
    additions: added.map((arn) => callOf("elasticloadbalancing:AddListenerCertificates", input(arn), [])),
    removals: surplus.filter((arn) => !making.includes(arn)).map(remove),
  };
}

/** The call, which has settled one field more when it has succeeded. */
export function settling(call: Call, field: string): Call {
  return { ...call, settles: [...(call.settles ?? []), field] };
}
