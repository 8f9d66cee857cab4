/** How numbers and dates can be written. The words of the console stay English. */
export const LOCALES: readonly { value: string; label: string }[] = [
  { value: 'en', label: 'English (US) · 1,234.56' },
  { value: 'en-GB', label: 'English (UK) · 1,234.56' },
  { value: 'de', label: 'German · 1.234,56' },
  { value: 'de-AT', label: 'German (Austria) · 1 234,56' },
  { value: 'de-CH', label: 'German (Switzerland) · 1’234.56' },
  { value: 'fr', label: 'French · 1 234,56' },
  { value: 'es', label: 'Spanish · 1234,56' },
  { value: 'it', label: 'Italian · 1234,56' },
  { value: 'nl', label: 'Dutch · 1.234,56' },
  { value: 'pl', label: 'Polish · 1234,56' },
  { value: 'pt', label: 'Portuguese · 1.234,56' },
  { value: 'sv', label: 'Swedish · 1 234,56' },
];
