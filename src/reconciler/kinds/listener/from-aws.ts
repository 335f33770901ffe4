/** A listener as AWS describes it, as its part of a spec. */
import { actionFromAws } from "../action/from-aws.ts";
import { held, inOrderOf, lostTags, notHeld, type Places, stated, type Written } from "../from-aws.ts";
import type { Item } from "../kind.ts";
import type { Tags } from "../tags.ts";
import { besideTheDefault } from "./certificates.ts";
import { listenerSchema } from "./schema.ts";

type Listener = Item<"elasticloadbalancing:DescribeListeners", "Listeners">;
type Certificate = Item<"elasticloadbalancing:DescribeListenerCertificates", "Certificates">;

export interface ListenerAnswers {
  readonly item: Listener;
  /** Of an HTTPS listener: its list, in which the default one stands as well. */
  readonly certificates: readonly Certificate[];
  readonly tags: Tags;
}

/** Without its rules. */
export function listenerFromAws(
  { item, certificates, tags }: ListenerAnswers,
  places: Places,
  shared: Tags,
): Written {
  const action = actionFromAws(item.DefaultActions ?? [], places);
  if (action.is === "not held") return notHeld(action.why);
  if (item.Port === undefined || item.Protocol === undefined)
    return notHeld("AWS's answer lacks its port or protocol");
  const isSecure = item.Protocol === "HTTPS";
  const byDefault = item.Certificates?.[0]?.CertificateArn;
  const others = besideTheDefault(certificates).filter((arn) => arn !== byDefault);
  const all = [...(byDefault === undefined ? [] : [byDefault]), ...[...new Set(others)].sort()];
  const part = stated({
    port: item.Port,
    protocol: item.Protocol,
    sslPolicy: isSecure ? item.SslPolicy : undefined,
    certificates: isSecure && all.length > 0 ? all : undefined,
    defaultAction: action.part,
  });
  return held(inOrderOf(listenerSchema, part), lostTags(tags, shared));
}
