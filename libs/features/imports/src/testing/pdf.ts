/** A small PDF of text (ISO 32000-1, chapter 7 and 9.4), one list of lines for each page; `x, y, text` in points from below. */
export type PdfText = readonly [x: number, y: number, text: string];

/** Each page's texts in Helvetica. `encrypt` is locked with a password that nobody knows. */
export function pdfOf(pages: readonly (readonly PdfText[])[], options: { encrypt?: boolean } = {}): Buffer {
  const objects: string[] = [];
  const add = (body: string): number => objects.push(body);
  const font = 3;
  add('<< /Type /Catalog /Pages 2 0 R >>');
  const first = 4;
  const kids = pages.map((_, index) => `${first + index * 2} 0 R`).join(' ');
  add(`<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`);
  add('<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>');
  for (const [index, texts] of pages.entries()) {
    const content = texts
      .map(([x, y, text]) => `BT /F1 10 Tf 1 0 0 1 ${x} ${y} Tm (${text.replaceAll(/[\\()]/g, String.raw`\$&`)}) Tj ET`)
      .join('\n');
    const resources = `<< /Font << /F1 ${font} 0 R >> >>`;
    add(
      `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources ${resources} /Contents ${first + index * 2 + 1} 0 R >>`,
    );
    add(`<< /Length ${Buffer.byteLength(content, 'latin1')} >>\nstream\n${content}\nendstream`);
  }
  const lock = `<${'5a'.repeat(32)}>`;
  const encrypt = options.encrypt
    ? ` /Encrypt << /Filter /Standard /V 1 /R 2 /O ${lock} /U ${lock} /P -4 >> /ID [<00> <00>]`
    : '';
  let text = '%PDF-1.4\n';
  const offsets = objects.map((body, index) => {
    const at = text.length;
    text += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return at;
  });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  const size = objects.length + 1;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R${encrypt} >>\nstartxref\n${text.length}\n%%EOF\n`;
  return Buffer.from(`${text}xref\n0 ${size}\n0000000000 65535 f \n${table}${trailer}`, 'latin1');
}
