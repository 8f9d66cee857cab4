import { checkAddress } from '@scani/domain';
import { malformed } from '../call.js';
import { instantOf, unitsOf } from '../chain-amounts.js';
import { listOf, recordOf, textOf } from '../exact-json.js';
import { NAME } from './etherscan.client.js';

/** What lists of all three kinds have in common. Addresses are written by EIP-55. */
export interface Row {
  readonly block: number;
  readonly at: string;
  readonly hash: string;
  readonly from: string | undefined;
  /** Undefined where a contract is made. */
  readonly to: string | undefined;
  /** Undefined where it is absurd. */
  readonly value: bigint | undefined;
  /** The contract that is made, or of the token. */
  readonly contract: string | undefined;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** `action=balance`: base units as text. */
export function balanceOf(result: unknown): bigint {
  const units = unitsOf(result);
  if (units === undefined) throw malformed(NAME, 'balance');
  return units;
}

/** `txlist`, `txlistinternal` and `tokentx`: lists whose values are all text. */
export function rowsOf(result: unknown): readonly Row[] {
  const list = listOf(result);
  if (!list) throw malformed(NAME, 'list');
  return list.map((each) => {
    const fields = recordOf(each) ?? {};
    const [block, at, hash] = [
      Number(textOf(fields['blockNumber'])),
      instantOf(fields['timeStamp']),
      textOf(fields['hash']),
    ];
    if (!Number.isSafeInteger(block) || !at || !hash || !/^0x[0-9a-f]{64}$/i.test(hash))
      throw malformed(NAME, 'record');
    return {
      block,
      at,
      hash,
      from: addressOf(fields['from']),
      to: addressOf(fields['to']),
      value: unitsOf(fields['value']),
      contract: addressOf(fields['contractAddress']),
      fields,
    };
  });
}

/** Whether it was undone: then nothing moved but the fee. */
export const hasFailed = ({ fields }: Row): boolean => fields['isError'] === '1' || fields['txreceipt_status'] === '0';

/** Gas, and what a rollup charged for the chain below it (`L1FeesPaid`, in whatever case the explorer writes it). */
export function feeOf({ fields }: Row): bigint {
  const [used, price] = [unitsOf(fields['gasUsed']), unitsOf(fields['gasPrice'])];
  if (used === undefined || price === undefined) throw malformed(NAME, 'gasUsed');
  return used * price + (unitsOf(fields['L1FeesPaid']) ?? unitsOf(fields['l1FeesPaid']) ?? 0n);
}

function addressOf(value: unknown): string | undefined {
  const text = textOf(value);
  const checked = text === undefined ? undefined : checkAddress('evm', text.toLowerCase());
  return checked && 'address' in checked ? checked.address : undefined;
}
