declare module 'html-encoding-sniffer' {
  /** The name of the encoding of a page, by the sniffing algorithm of the HTML standard. */
  export default function htmlEncodingSniffer(
    bytes: Uint8Array,
    options?: { transportLayerEncodingLabel?: string; defaultEncoding?: string },
  ): string;
}
