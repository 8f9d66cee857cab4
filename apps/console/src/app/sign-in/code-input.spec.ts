import { render, screen } from '@testing-library/angular';
import userEvent from '@testing-library/user-event';
import { CodeInput, codeOf, withDigits, withoutDigit } from './code-input';

describe('digits of a code', () => {
  it('finds them in whatever was pasted', () => {
    expect(codeOf('Your code: 123 456.')).toBe('123456');
    expect(codeOf('12345678')).toBe('123456');
  });
  it('overwrites in place and moves on', () => {
    expect(withDigits('12', 2, '3')).toEqual({ code: '123', next: 3 });
    expect(withDigits('123456', 0, '9')).toEqual({ code: '923456', next: 1 });
    expect(withDigits('12345', 5, '6')).toEqual({ code: '123456', next: 5 });
  });
  it('takes the digit before when the place is empty', () => {
    expect(withoutDigit('123', 3)).toEqual({ code: '12', next: 2 });
    expect(withoutDigit('123', 1)).toEqual({ code: '1 3', next: 1 });
  });
});

describe('CodeInput', () => {
  async function setup() {
    const complete = vi.fn<(code: string) => void>();
    await render(CodeInput, { on: { complete } });
    return { complete, user: userEvent.setup(), boxes: () => screen.getAllByRole<HTMLInputElement>('textbox') };
  }
  const values = (boxes: HTMLInputElement[]) => boxes.map((box) => box.value).join('');

  it('advances while typing and reports the whole code once', async () => {
    const { complete, user, boxes } = await setup();
    await user.click(screen.getByLabelText('Digit 1 of 6'));
    await user.keyboard('123456');
    expect(values(boxes())).toBe('123456');
    expect(complete.mock.calls).toEqual([['123456']]);
  });
  it('takes a paste anywhere', async () => {
    const { complete, user, boxes } = await setup();
    await user.click(screen.getByLabelText('Digit 4 of 6'));
    await user.paste('code 654321');
    expect(values(boxes())).toBe('654321');
    expect(complete).toHaveBeenCalledWith('654321');
  });
  it('ignores letters and goes back on Backspace', async () => {
    const { complete, user, boxes } = await setup();
    await user.click(screen.getByLabelText('Digit 1 of 6'));
    await user.keyboard('1a2{Backspace}{Backspace}');
    expect(values(boxes())).toBe('');
    expect(screen.getByLabelText('Digit 1 of 6')).toBe(document.activeElement);
    expect(complete).not.toHaveBeenCalled();
  });
});
