/** Listeners of Application Load Balancers. https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-listeners.html */
import type {
  CreateListenerCommandInput,
  DeleteListenerCommandInput,
  DescribeListenerAttributesCommandInput,
  DescribeListenersCommandInput,
  Listener as ListenerView,
  ModifyListenerAttributesCommandInput,
  ModifyListenerCommandInput,
  MutualAuthenticationAttributes,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { AwsError } from "../account/aws-error.ts";
import type { OperationTable } from "../services.ts";
import { checkedActions } from "./actions.ts";
import { attributeDefaults, attributeList, listenerAttributes, setAttributes } from "./attributes.ts";
import { knownCertificate } from "./certificates.ts";
import {
  arnOf,
  atMost,
  type ElbState,
  elbPage,
  type HealthSignals,
  invalid,
  type Listener,
  type LoadBalancer,
  listenerOf,
  loadBalancerOf,
  tagMap,
} from "./state.ts";
import { checkGroupsPerLoadBalancer, loadBalancerUsing } from "./usage.ts";

type Settings = Pick<
  Listener,
  "port" | "protocol" | "defaultCertificate" | "sslPolicy" | "mutualAuthentication" | "defaultActions"
>;

type Wish = Pick<
  CreateListenerCommandInput,
  "Port" | "Protocol" | "Certificates" | "SslPolicy" | "MutualAuthentication" | "DefaultActions"
>;

export function buildListenerOperations(state: ElbState, signals: HealthSignals): OperationTable {
  return {
    CreateListener: (input: CreateListenerCommandInput) => {
      const loadBalancer = loadBalancerOf(state, input.LoadBalancerArn);
      const settings = settingsOf(state, loadBalancer, input);
      const siblings = listenersOf(state, loadBalancer);
      const existing = siblings.find((one) => one.port === settings.port);
      if (existing !== undefined) {
        // elb/idempotent-creates
        if (isSame(existing, settings)) return { Listeners: [listenerView(existing)] };
        throw duplicate(loadBalancer);
      }
      if (siblings.length >= state.quotas.listenersPerLoadBalancer) {
        throw new AwsError(
          "TooManyListeners",
          "The maximum number of listeners of this load balancer has been reached",
        );
      }
      checkGroupsPerLoadBalancer(state, loadBalancer, settings.defaultActions);
      const created = create(state, loadBalancer, settings);
      state.tags.set(created.arn, tagMap(input.Tags));
      signals.referencesChanged();
      return { Listeners: [listenerView(created)] };
    },
    ModifyListener: (input: ModifyListenerCommandInput) => {
      const listener = listenerOf(state, input.ListenerArn);
      const settings = settingsOf(state, listener.loadBalancer, wishOf(listener, input));
      const siblings = listenersOf(state, listener.loadBalancer).filter((one) => one !== listener);
      if (siblings.some((one) => one.port === settings.port)) throw duplicate(listener.loadBalancer);
      checkGroupsPerLoadBalancer(state, listener.loadBalancer, settings.defaultActions);
      // elb/listener-to-http
      if (settings.protocol === "HTTP") listener.certificates.clear();
      if (settings.protocol !== listener.protocol) {
        const known = listenerAttributes(settings.protocol);
        for (const [key, value] of attributeDefaults(known)) {
          if (!listener.attributes.has(key)) listener.attributes.set(key, value);
        }
        for (const key of [...listener.attributes.keys()]) {
          if (!Object.hasOwn(known, key)) listener.attributes.delete(key);
        }
      }
      Object.assign(listener, settings);
      signals.referencesChanged();
      return { Listeners: [listenerView(listener)] };
    },
    DeleteListener: (input: DeleteListenerCommandInput) => {
      const listener = listenerOf(state, input.ListenerArn);
      for (const rule of state.rules.values()) {
        if (rule.listener !== listener) continue;
        state.rules.delete(rule.arn);
        state.tags.delete(rule.arn);
      }
      state.listeners.delete(listener.arn);
      state.tags.delete(listener.arn);
      signals.referencesChanged();
      return {};
    },
    DescribeListeners: (input: DescribeListenersCommandInput) => {
      const arns = input.ListenerArns ?? [];
      if (arns.length === 0 && input.LoadBalancerArn === undefined) {
        throw invalid("You must specify either listener ARNs or a load balancer ARN");
      }
      atMost(arns, 20, "listeners");
      const found =
        arns.length > 0
          ? arns.map((arn) => listenerOf(state, arn))
          : listenersOf(state, loadBalancerOf(state, input.LoadBalancerArn));
      const page = elbPage(found, (one) => one.arn, input);
      return { Listeners: page.items.map(listenerView), NextMarker: page.next };
    },
    DescribeListenerAttributes: (input: DescribeListenerAttributesCommandInput) => ({
      Attributes: attributeList(listenerOf(state, input.ListenerArn).attributes),
    }),
    ModifyListenerAttributes: (input: ModifyListenerAttributesCommandInput) => {
      const listener = listenerOf(state, input.ListenerArn);
      setAttributes(listener.attributes, input.Attributes);
      return { Attributes: attributeList(listener.attributes) };
    },
  };
}

function listenersOf(state: ElbState, loadBalancer: LoadBalancer): Listener[] {
  return [...state.listeners.values()].filter((one) => one.loadBalancer === loadBalancer);
}

function create(state: ElbState, loadBalancer: LoadBalancer, settings: Settings): Listener {
  const { context } = state;
  const path = `${loadBalancer.dimension}/${context.id(16)}`;
  const created: Listener = {
    arn: arnOf(context, `listener/${path}`),
    defaultRuleArn: arnOf(context, `listener-rule/${path}/${context.id(16)}`),
    loadBalancer,
    attributes: attributeDefaults(listenerAttributes(settings.protocol)),
    certificates: new Set(),
    ...settings,
  };
  state.listeners.set(created.arn, created);
  return created;
}

/** What a modification leaves out stays as it is. */
function wishOf(listener: Listener, input: ModifyListenerCommandInput): Wish {
  const protocol = input.Protocol ?? listener.protocol;
  const isSecure = protocol === "HTTPS";
  const certificate = listener.defaultCertificate;
  const actions = input.DefaultActions ?? [];
  return {
    Port: input.Port ?? listener.port,
    Protocol: protocol,
    Certificates:
      input.Certificates ??
      (isSecure && certificate !== undefined ? [{ CertificateArn: certificate }] : undefined),
    SslPolicy: input.SslPolicy ?? (isSecure ? listener.sslPolicy : undefined),
    MutualAuthentication:
      input.MutualAuthentication ?? (isSecure ? listener.mutualAuthentication : undefined),
    DefaultActions: actions.length > 0 ? actions : keptActions(listener),
  };
}

/** Actions as shown lack the client secret: the listener goes on using the one that it has. */
function keptActions(listener: Listener): Listener["defaultActions"] {
  return listener.defaultActions.map((action) =>
    action.AuthenticateOidcConfig === undefined
      ? action
      : {
          ...action,
          AuthenticateOidcConfig: { ...action.AuthenticateOidcConfig, UseExistingClientSecret: true },
        },
  );
}

function settingsOf(state: ElbState, loadBalancer: LoadBalancer, wish: Wish): Settings {
  const protocol = wish.Protocol === "HTTPS" ? "HTTPS" : "HTTP";
  return {
    port: wish.Port ?? 0,
    protocol,
    ...securityOf(state, protocol, wish),
    defaultActions: checkedActions(state, wish.DefaultActions, loadBalancer, (arn) =>
      loadBalancerUsing(state, arn),
    ),
  };
}

/** elb/https-certificate, elb/ssl-policy */
function securityOf(
  state: ElbState,
  protocol: "HTTP" | "HTTPS",
  wish: Wish,
): Pick<Settings, "defaultCertificate" | "sslPolicy" | "mutualAuthentication"> {
  if (protocol === "HTTP") {
    return { defaultCertificate: undefined, sslPolicy: undefined, mutualAuthentication: undefined };
  }
  // A listener that becomes HTTPS needs one as well.
  const [certificate] = wish.Certificates ?? [];
  if (certificate === undefined) throw invalid("A certificate must be specified for HTTPS listeners");
  return {
    defaultCertificate: knownCertificate(state, certificate.CertificateArn),
    sslPolicy: wish.SslPolicy || "ELBSecurityPolicy-2016-08",
    mutualAuthentication: shownMutualAuthentication(wish.MutualAuthentication),
  };
}

function shownMutualAuthentication(
  given: MutualAuthenticationAttributes | undefined,
): MutualAuthenticationAttributes {
  const mode = given?.Mode ?? "off";
  // The account has no trust stores.
  if (mode === "verify")
    throw new AwsError("TrustStoreNotFound", `Trust store '${given?.TrustStoreArn}' not found`);
  return { Mode: mode };
}

function isSame(one: Listener, settings: Settings): boolean {
  const facts = (from: Settings): string =>
    JSON.stringify([
      from.protocol,
      from.defaultCertificate,
      from.sslPolicy,
      from.mutualAuthentication,
      from.defaultActions,
    ]);
  return facts(one) === facts(settings);
}

function duplicate(loadBalancer: LoadBalancer): AwsError {
  return new AwsError(
    "DuplicateListener",
    `A listener already exists on this port for this load balancer '${loadBalancer.arn}'`,
  );
}

function listenerView(one: Listener): ListenerView {
  return {
    ListenerArn: one.arn,
    LoadBalancerArn: one.loadBalancer.arn,
    Port: one.port,
    Protocol: one.protocol,
    ...(one.defaultCertificate !== undefined && {
      Certificates: [{ CertificateArn: one.defaultCertificate }],
    }),
    ...(one.sslPolicy !== undefined && { SslPolicy: one.sslPolicy }),
    ...(one.mutualAuthentication !== undefined && { MutualAuthentication: one.mutualAuthentication }),
    DefaultActions: one.defaultActions,
  };
}
