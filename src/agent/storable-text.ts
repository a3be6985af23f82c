/** The text without what no database or JSON reader takes: NUL is dropped, a lone surrogate becomes U+FFFD. */
export function storableText(text: string): string {
  return text.replaceAll('\u0000', '').toWellFormed()
}
