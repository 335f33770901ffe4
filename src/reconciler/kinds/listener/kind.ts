import { listenerAddress } from "../../../model/address.ts";
import type { Value } from "../../../model/value.ts";
import type { Output } from "../../../ports.ts";
import { type Call, callOf } from "../../core/actions.ts";
import type { Change } from "../../core/kind-rules.ts";
import { ownerTags } from "../../core/names.ts";
import { refTo, setOf, sortedSet } from "../../core/references.ts";
import type { Fields, Seen } from "../../core/resource.ts";
import { awsActions, desiredAction, observedAction, targetGroupArnsIn } from "../action/shape.ts";
import { toldMembersOf } from "../coverage/answer-members.ts";
import { choice, number, optionalText, text } from "../field-values.ts";
import { elbLook } from "../fresh-look.ts";
import type { Item, Kind } from "../kind.ts";
import { present, required } from "../required.ts";
import { addressIn, elbTagCalls, tagFields, tagList, tagsIn } from "../tags.ts";
import { besideTheDefault, certificateCalls, certificatesIn, settling } from "./certificates.ts";
import { consequencesOfListener } from "./consequences.ts";
import { DEFAULT_SSL_POLICY, type ListenerSpec, listenerSchema } from "./schema.ts";

type Listener = Item<"elasticloadbalancing:DescribeListeners", "Listeners">;
type Made = Output<"elasticloadbalancing:CreateListener">;

const MODIFY = "elasticloadbalancing:ModifyListener";
/** The fields that one ModifyListener writes. */
const SETTINGS = ["port", "protocol", "sslPolicy", "defaultCertificate", "defaultAction"] as const;

/** AWS gives listeners no names; ours is made of the load balancer's, so that its successor has listeners of its own. */
function listenerName(loadBalancerName: string, port: number): string {
  return `${loadBalancerName}:${port}`;
}

function sslPolicyOf(listener: ListenerSpec): string | undefined {
  return listener.protocol === "HTTPS" ? (listener.sslPolicy ?? DEFAULT_SSL_POLICY) : undefined;
}

export const listener: Kind<Listener, Made> = {
  name: "listener",
  title: "listener",
  family: "traffic",
  traits: { forwardField: "defaultAction" },
  schema: listenerSchema,
  tagSource: "elasticloadbalancing",
  sitsOn: "loadBalancer",
  quota: "listeners",
  inSpec: (field) =>
    field === "defaultCertificate" || field === "additionalCertificates" ? ["certificates"] : [],

  desired({ owner, spec }, before) {
    const [loadBalancer] = before("loadBalancer");
    if (loadBalancer === undefined) return [];
    return spec.loadBalancer.listeners.map((wanted) => {
      const address = listenerAddress(wanted.port);
      const sslPolicy = sslPolicyOf(wanted);
      const [first, ...others] = wanted.certificates ?? [];
      const fields: Fields = {
        port: wanted.port,
        protocol: wanted.protocol,
        ...(sslPolicy === undefined ? {} : { sslPolicy }),
        ...(first === undefined ? {} : { defaultCertificate: first }),
        ...(others.length === 0 ? {} : { additionalCertificates: setOf(others) }),
        defaultAction: desiredAction(wanted.defaultAction),
        ...tagFields({ ...spec.tags, ...ownerTags(owner, address) }),
      };
      const initial = { loadBalancer: refTo(loadBalancer.address, "arn") };
      const name = listenerName(loadBalancer.name, wanted.port);
      return { address, kind: "listener", name, fields, initial };
    });
  },

  async list(reader, _service, listed) {
    const lists = (listed.get("loadBalancer") ?? []).map(async (parent) => {
      const items = await reader.list(
        "elasticloadbalancing:DescribeListeners",
        { LoadBalancerArn: parent.id, PageSize: 400 },
        (page) => page.Listeners,
      );
      const parentName = present(parent.name, "its name");
      return items.map((item) => ({
        kind: "listener" as const,
        id: required(item.ListenerArn, "ListenerArn"),
        name: listenerName(parentName, required(item.Port, "Port")),
        raw: item,
        parent,
      }));
    });
    return (await Promise.all(lists)).flat();
  },

  isNamedByUs: ({ raw }, tags) => raw.Port !== undefined && addressIn(tags) === listenerAddress(raw.Port),

  async observe({ reader, found, tags }) {
    const fields = tagFields(tags);
    if (found.raw.Protocol === "HTTPS") {
      const certificates = await reader.list(
        "elasticloadbalancing:DescribeListenerCertificates",
        { ListenerArn: found.id, PageSize: 400 },
        (page) => page.Certificates,
      );
      fields.additionalCertificates = sortedSet(besideTheDefault(certificates));
    }
    const name = present(found.name, "its name");
    const { id: loadBalancerArn } = present(found.parent, "its load balancer");
    const members = toldMembersOf("listener", { "elasticloadbalancing:DescribeListeners": found.raw });
    return { ...observed(found.raw, name, loadBalancerArn, fields, reader.nowMs()), members };
  },

  glimpse({ raw, name, parent }, nowMs) {
    if (name === undefined || parent === undefined) return undefined;
    return observed(raw, name, parent.id, {}, nowMs);
  },

  create(_desired, fields) {
    return callOf("elasticloadbalancing:CreateListener", {
      LoadBalancerArn: text(fields, "loadBalancer"),
      Port: number(fields, "port"),
      ...settings(fields),
      Tags: tagList(tagsIn(fields)),
    });
  },

  created(desired, fields, { Listeners: [made] = [] }, nowMs) {
    if (made?.ListenerArn === undefined) return null;
    return observed(made, desired.name, text(fields, "loadBalancer"), tagFields(tagsIn(fields)), nowMs);
  },

  update: changes,

  /**
   * ModifyListener changes the port and all else at once, and the rules stay
   * (docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_ModifyListener.html).
   */
  become: changes,

  remove({ id }) {
    return { calls: [callOf("elasticloadbalancing:DeleteListener", { ListenerArn: id })], isLast: true };
  },

  lookAfresh: elbLook,

  tag: elbTagCalls,
  consequences: consequencesOfListener,
  refersTo: ({ parent, fields }) => [
    present(parent, "what it sits on"),
    ...targetGroupArnsIn(fields.defaultAction ?? null),
  ],
  defaultOf: (field): Value | undefined => (field === "additionalCertificates" ? [] : undefined),
};

function changes({ fields, observed: { id, fields: live }, differences }: Change): Call[] {
  const changed = SETTINGS.filter((name) => differences.some(({ field }) => field === name));
  const port = changed.includes("port") ? { Port: number(fields, "port") } : {};
  const modify =
    changed.length === 0 ? [] : [callOf(MODIFY, { ListenerArn: id, ...port, ...settings(fields) }, changed)];
  // AWS takes the certificates of a listener that becomes an HTTP one, and gives none to one that is still one.
  if (fields.protocol !== "HTTPS") return modify.map((call) => settling(call, "additionalCertificates"));
  const differs = differences.some(({ field }) => field === "additionalCertificates");
  const { first, additions, removals } = certificateCalls(
    id,
    certificatesIn(live),
    certificatesIn(fields),
    differs,
  );
  const calls =
    live.protocol === "HTTPS"
      ? [...first, ...additions, ...modify, ...removals]
      : [...modify, ...additions, ...removals];
  return calls.map((call, index) =>
    index === calls.length - 1 ? settling(call, "additionalCertificates") : call,
  );
}

function settings(fields: Fields) {
  const sslPolicy = optionalText(fields, "sslPolicy");
  const certificate = optionalText(fields, "defaultCertificate");
  return {
    Protocol: choice(fields, "protocol", listenerSchema.properties.protocol.enum),
    ...(sslPolicy === undefined ? {} : { SslPolicy: sslPolicy }),
    ...(certificate === undefined ? {} : { Certificates: [{ CertificateArn: certificate }] }),
    DefaultActions: awsActions(fields.defaultAction),
  };
}

function observed(item: Listener, name: string, loadBalancerArn: string, more: Fields, nowMs: number): Seen {
  const arn = required(item.ListenerArn, "ListenerArn");
  const port = required(item.Port, "Port");
  const defaultAction = observedAction(required(item.DefaultActions, "DefaultActions"));
  const certificate = item.Certificates?.[0]?.CertificateArn;
  return {
    kind: "listener",
    id: arn,
    name,
    address: listenerAddress(port),
    fields: {
      port,
      protocol: required(item.Protocol, "Protocol"),
      ...(item.SslPolicy === undefined ? {} : { sslPolicy: item.SslPolicy }),
      ...(certificate === undefined ? {} : { defaultCertificate: certificate }),
      defaultAction,
      ...more,
    },
    attributes: { arn, name },
    refersTo: [loadBalancerArn, ...targetGroupArnsIn(defaultAction)],
    parent: loadBalancerArn,
    lifecycle: "ready",
    observedAtMs: nowMs,
  };
}
