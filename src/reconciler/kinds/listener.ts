import type { Value } from "../../model/value.ts";
import type { Output } from "../../ports.ts";
import { ownerTags } from "../core/names.ts";
import { setOf, sortedSet } from "../core/references.ts";
import { type Call, type Fields, refTo, type Seen } from "../core/resource.ts";
import { awsActions, desiredAction, observedAction, targetGroupArnsIn } from "./action.ts";
import { elbTagCalls, required } from "./elb.ts";
import { callOf, type Item, type Kind, tagFields, tagList, tagsIn } from "./kind.ts";
import { DEFAULT_SSL_POLICY, type ListenerSpec, listenerSchema } from "./listener/schema.ts";

type Listener = Item<"elasticloadbalancing:DescribeListeners", "Listeners">;

const MODIFY = "elasticloadbalancing:ModifyListener";

function listenerKey(port: number): string {
  return `loadBalancer.listeners.${port}`;
}

/** AWS gives listeners no names; ours is made of the load balancer's, so that its successor has listeners of its own. */
function listenerName(loadBalancerName: string, port: number): string {
  return `${loadBalancerName}:${port}`;
}

function sslPolicyOf(listener: ListenerSpec): string | undefined {
  return listener.protocol === "HTTPS" ? (listener.sslPolicy ?? DEFAULT_SSL_POLICY) : undefined;
}

export const listener: Kind = {
  name: "listener",
  title: "listener",
  family: "traffic",
  schema: listenerSchema,
  tagSource: "elasticloadbalancing",
  sitsOn: "loadBalancer",

  desired({ owner, spec }, desired) {
    const [loadBalancer] = desired("loadBalancer");
    if (loadBalancer === undefined) return [];
    return spec.loadBalancer.listeners.map((wanted) => {
      const key = listenerKey(wanted.port);
      const sslPolicy = sslPolicyOf(wanted);
      const [first, ...others] = wanted.certificates ?? [];
      const fields: Fields = {
        port: wanted.port,
        protocol: wanted.protocol,
        ...(sslPolicy === undefined ? {} : { sslPolicy }),
        ...(first === undefined ? {} : { defaultCertificate: first }),
        ...(others.length === 0 ? {} : { additionalCertificates: setOf(others) }),
        defaultAction: desiredAction(wanted.defaultAction),
        ...tagFields({ ...spec.tags, ...ownerTags(owner, key) }),
      };
      const initial = { loadBalancer: refTo(loadBalancer.key, "arn") };
      return { key, kind: "listener", name: listenerName(loadBalancer.name, wanted.port), fields, initial };
    });
  },

  async list(reader, _tier, found) {
    const lists = (found.get("loadBalancer") ?? []).map(async (parent) => {
      const items = await reader.list<"elasticloadbalancing:DescribeListeners", Listener>(
        "elasticloadbalancing:DescribeListeners",
        { LoadBalancerArn: parent.id, PageSize: 400 },
        (page) => page.Listeners,
      );
      return items.map((item) => ({
        kind: "listener",
        id: required(item.ListenerArn, "ListenerArn"),
        name: listenerName(parent.name, required(item.Port, "Port")),
        raw: item,
        parent,
      }));
    });
    return (await Promise.all(lists)).flat();
  },

  async observe(reader, found, tags) {
    const item = found.raw as Listener;
    const fields = tagFields(tags);
    if (item.Protocol === "HTTPS") {
      const certificates = await reader.list(
        "elasticloadbalancing:DescribeListenerCertificates",
        { ListenerArn: found.id, PageSize: 400 },
        (page) => page.Certificates,
      );
      const others = certificates
        .filter((entry) => entry.IsDefault !== true)
        .map((entry) => entry.CertificateArn ?? "");
      fields.additionalCertificates = sortedSet(others);
    }
    return observed(
      item,
      found.name,
      required(found.parent, "the listener's load balancer").id,
      fields,
      reader.nowMs(),
    );
  },

  create(_desired, fields) {
    return callOf("elasticloadbalancing:CreateListener", {
      LoadBalancerArn: String(fields.loadBalancer),
      Port: fields.port as number,
      ...settings(fields),
      Tags: tagList(tagsIn(fields)),
    });
  },

  created(desired, fields, output, nowMs) {
    const [made] = (output as Output<"elasticloadbalancing:CreateListener">).Listeners ?? [];
    if (made?.ListenerArn === undefined) return null;
    return observed(made, desired.name, String(fields.loadBalancer), tagFields(tagsIn(fields)), nowMs);
  },

  update({ fields, observed: { id, fields: live }, differences }) {
    const differs = (names: string[]) => differences.some((difference) => names.includes(difference.field));
    const calls: Call[] = [];
    if (differs(["protocol", "sslPolicy", "defaultCertificate", "defaultAction"])) {
      calls.push(callOf(MODIFY, { ListenerArn: id, ...settings(fields) }));
    }
    if (differs(["additionalCertificates"])) {
      const wanted = (fields.additionalCertificates ?? []) as string[];
      const present = (live.additionalCertificates ?? []) as string[];
      const missing = wanted.filter((arn) => !present.includes(arn));
      const surplus = present.filter((arn) => !wanted.includes(arn));
      const certificates = (arns: string[]) => arns.map((CertificateArn) => ({ CertificateArn }));
      if (missing.length > 0) {
        const input = { ListenerArn: id, Certificates: certificates(missing) };
        calls.push(callOf("elasticloadbalancing:AddListenerCertificates", input));
      }
      if (surplus.length > 0) {
        const input = { ListenerArn: id, Certificates: certificates(surplus) };
        calls.push(callOf("elasticloadbalancing:RemoveListenerCertificates", input));
      }
    }
    return calls;
  },

  remove({ id }) {
    return [callOf("elasticloadbalancing:DeleteListener", { ListenerArn: id })];
  },

  tag: elbTagCalls,
  defaultOf: (field): Value | undefined => (field === "additionalCertificates" ? [] : undefined),
};

function settings(fields: Fields) {
  return {
    Protocol: fields.protocol as "HTTP",
    ...(fields.sslPolicy === undefined ? {} : { SslPolicy: String(fields.sslPolicy) }),
    ...(fields.defaultCertificate === undefined
      ? {}
      : { Certificates: [{ CertificateArn: String(fields.defaultCertificate) }] }),
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
    key: listenerKey(port),
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
