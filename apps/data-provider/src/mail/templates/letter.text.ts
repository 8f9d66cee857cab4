import type { Block, Letter, Row } from './letter.js';

/** The mail for programs that show plain text; lines are not cut, since programs do that better. */
export function textOf(letter: Letter): string {
  return `${[letter.title, ...letter.blocks.map(blockText)].join('\n\n')}\n`;
}

function blockText(block: Block): string {
  switch (block.kind) {
    case 'paragraph':
    case 'note':
      return block.text;
    case 'button':
      return `${block.lead}\n${block.link}`;
    case 'code':
      return `${block.lead}\n${block.code}`;
    case 'rows':
      return block.rows.map(rowText).join('\n');
  }
}

const rowText = ({ name, value, about }: Row): string => `${name}: ${value}${about === undefined ? '' : ` (${about})`}`;
