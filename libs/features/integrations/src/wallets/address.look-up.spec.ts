import { expect, test } from 'vitest';
import { pastedAddress } from './address.look-up.js';

test.each([
  [' bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq\n', 'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq'],
  [
    'bitcoin:bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq?amount=0.1&label=x',
    'bc1qar0srrr7xfkvy5l643lydnw9re59gtzzwf5mdq',
  ],
  ['BITCOIN:BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ', 'BC1QAR0SRRR7XFKVY5L643LYDNW9RE59GTZZWF5MDQ'],
  ['ethereum:0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045@1?value=1', '0xd8dA6BF26964aF9D7eEd9e03E53415D37aA96045'],
  [
    'ton://transfer/EQD__________________________________________0vo',
    'EQD__________________________________________0vo',
  ],
  [
    '0:e4d954ef9f4e1250a26b5bbad76a1cdd17cfd08babad6f4c23e372270aef6f76',
    '0:e4d954ef9f4e1250a26b5bbad76a1cdd17cfd08babad6f4c23e372270aef6f76',
  ],
  ['vitalik.eth', 'vitalik.eth'],
])('%s means %s', (text, address) => expect(pastedAddress(text)).toBe(address));
