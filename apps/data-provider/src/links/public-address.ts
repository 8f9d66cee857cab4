import ipaddr from 'ipaddr.js';
import { isIP } from 'node:net';

/** Of IPv6, only this much is given out (RFC 4291, 2.4); the rest has no business in the address of a page. */
const GLOBAL_UNICAST: [ipaddr.IPv6, number] = ipaddr.IPv6.parseCIDR('2000::/3') as [ipaddr.IPv6, number];

/**
 * Whether an IP address (not a name) may be connected to on behalf of somebody else: unicast of the open internet. Ranges that
 * hold an IPv4 address inside (mapped, NAT64, 6to4, Teredo) are refused whole, since where they lead depends on the network.
 */
export function isPublicAddress(text: string): boolean {
  // With a zone (fe80::1%eth0) it means one network card.
  if (isIP(text) === 0 || text.includes('%')) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address.kind() === 'ipv4' || (address as ipaddr.IPv6).match(GLOBAL_UNICAST);
}
