import { BlockList, isIP } from 'node:net';
import type { KubeObject } from './chart.js';

interface Selector {
  matchLabels?: Record<string, string>;
}

interface Peer {
  podSelector?: Selector;
  namespaceSelector?: Selector;
  ipBlock?: { cidr: string; except?: string[] };
}

interface Rule {
  from?: Peer[];
  to?: Peer[];
  ports?: { port: number; protocol: string }[];
}

interface Policy {
  podSelector: Selector;
  policyTypes: string[];
  ingress?: Rule[];
  egress?: Rule[];
}

/** A pod, or a machine outside of the cluster where it has no namespace. */
export interface Place {
  namespace?: string;
  labels?: Record<string, string>;
  ip: string;
}

const policiesIn = (objects: readonly KubeObject[]) =>
  objects
    .filter((object) => object.kind === 'NetworkPolicy')
    .map((object) => ({ namespace: object.metadata.namespace, spec: object.spec as unknown as Policy }));

const selects = (selector: Selector | undefined, labels: Record<string, string>): boolean =>
  Object.entries(selector?.matchLabels ?? {}).every(([key, value]) => labels[key] === value);

/** The policies that a pod is subject to. */
export const policiesOf = (objects: readonly KubeObject[], { namespace, labels }: Place): Policy[] =>
  policiesIn(objects).flatMap((policy) =>
    namespace === policy.namespace && labels && selects(policy.spec.podSelector, labels) ? [policy.spec] : [],
  );

function inBlock(ip: string, cidr: string): boolean {
  const [network = '', prefix] = cidr.split('/');
  const family = isIP(network) === 6 ? 'ipv6' : 'ipv4';
  if ((isIP(ip) === 6 ? 'ipv6' : 'ipv4') !== family) return false;
  const list = new BlockList();
  list.addSubnet(network, Number(prefix), family);
  return list.check(ip, family);
}

function isPeer(peer: Peer, place: Place, home: string | undefined): boolean {
  if (peer.ipBlock) {
    const { cidr, except = [] } = peer.ipBlock;
    return inBlock(place.ip, cidr) && !except.some((one) => inBlock(place.ip, one));
  }
  if (place.namespace === undefined) return false;
  const namespaceFits = peer.namespaceSelector
    ? selects(peer.namespaceSelector, { 'kubernetes.io/metadata.name': place.namespace })
    : place.namespace === home;
  return namespaceFits && selects(peer.podSelector, place.labels ?? {});
}

function permits(
  rules: readonly Rule[] | undefined,
  side: 'from' | 'to',
  other: Place,
  home: string | undefined,
  port: number,
  protocol: string,
): boolean {
  return (rules ?? []).some((rule) => {
    const peers = rule[side];
    const peerFits = peers === undefined || peers.some((peer) => isPeer(peer, other, home));
    const portFits = !rule.ports || rule.ports.some((one) => one.port === port && one.protocol === protocol);
    return peerFits && portFits;
  });
}

/** Whether the policies of who is asked let a connection in, whatever those of who asks say. */
export function admits(
  objects: readonly KubeObject[],
  from: Place,
  to: Place,
  port: number,
  protocol = 'TCP',
): boolean {
  const policies = policiesOf(objects, to).filter((policy) => policy.policyTypes.includes('Ingress'));
  return (
    policies.length === 0 ||
    policies.some((policy) => permits(policy.ingress, 'from', from, to.namespace, port, protocol))
  );
}

/** Whether a connection is let through: by the policies of who asks, and by those of who is asked. */
export function reaches(
  objects: readonly KubeObject[],
  from: Place,
  to: Place,
  port: number,
  protocol: 'TCP' | 'UDP' = 'TCP',
): boolean {
  const policies = policiesOf(objects, from).filter((policy) => policy.policyTypes.includes('Egress'));
  const leaves =
    policies.length === 0 ||
    policies.some((policy) => permits(policy.egress, 'to', to, from.namespace, port, protocol));
  return leaves && admits(objects, from, to, port, protocol);
}
