/** What a mail says, before it is written down twice. */
export interface Letter {
  readonly subject: string;
  /** What programs show beside the subject. */
  readonly preview: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'button'; readonly label: string; readonly link: string; readonly lead: string }
  /** Something to type elsewhere. */
  | { readonly kind: 'code'; readonly lead: string; readonly code: string }
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  /** Small print. */
  | { readonly kind: 'note'; readonly text: string };

export interface Row {
  readonly name: string;
  readonly value: string;
  /** Small, below the value. */
  readonly about?: string | undefined;
}

export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}
