import { symbolOf } from './asset-picker';

describe('symbolOf', () => {
  it.each([
    ['Pocket watch', 'PW'],
    ['House in Graz', 'HIG'],
    ['Painting', 'PAINTING'],
    ['Grandmotherspiano', 'GRANDMOT'],
    ['', 'OWN'],
    ['💎', 'OWN'],
  ])('makes a symbol of “%s”: %s', (name, symbol) => {
    expect(symbolOf(name)).toBe(symbol);
  });
});
